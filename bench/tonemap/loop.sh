#!/bin/sh
# Frames a second inside ffmpeg: 16 different frames on the GPU, mapped again and again. Part of measure.sh.
# usage: sh bench/tonemap/loop.sh FFMPEG
#
# PACELINE_BENCH_RUNS says how often each is run (5).
set -eu

ours=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
head -c $((3840 * 2160 * 3 * 16)) /dev/urandom >"$place/frames"

# Nanoseconds for so many rounds.
run() {
  start=$(date +%s%N)
  "$1" -v error -nostdin -init_hw_device cuda=cu -filter_hw_device cu -f rawvideo -pix_fmt p010le -s 3840x2160 \
    -r 60 -i "$place/frames" -vf "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv,hwupload,loop=loop=$2:size=16$3" \
    -fps_mode passthrough -f null -
  echo $(($(date +%s%N) - start))
}

# Two runs of different length, so that what comes before the first frame is not counted; the median of several such.
measure() {
  run "$1" 10 "$3" >/dev/null
  rates=
  for again in $(seq "${PACELINE_BENCH_RUNS:-5}"); do
    short=$(run "$1" "$(($2 / 5))" "$3")
    long=$(run "$1" "$2" "$3")
    rates="$rates $((($2 - $2 / 5) * 16 * 1000000000 / (long - short)))"
  done
  echo "ffmpeg loop$3: $(echo $rates | tr ' ' '\n' | sort -n | sed -n "$(((${PACELINE_BENCH_RUNS:-5} + 1) / 2))p") frames/s, of$rates"
}

measure "$ours" 40000 ''
measure "$ours" 5000 ,tonemap_paceline_cuda
measure "$ours" 5000 ,tonemap_paceline_cuda=w=1920:h=1080
measure "$ours" 2000 ,tonemap_paceline_cuda=mode=itp
[ -n "${PACELINE_JELLYFIN_FFMPEG:-}" ] || exit 0
theirs=$PACELINE_JELLYFIN_FFMPEG
for options in tonemap=bt2390 tonemap=bt2390:tonemap_mode=max tonemap=reinhard:tonemap_mode=max; do
  measure "$theirs" 200 ",tonemap_cuda=format=nv12:p=bt709:t=bt709:m=bt709:peak=100:desat=0:$options"
done
measure "$theirs" 5000 ,tonemap_paceline_cuda

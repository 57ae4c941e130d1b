#!/bin/sh
# Judges and times the tone mapping kernels on an NVIDIA GPU. Nothing but the driver is needed there: what the script
# runs can be built elsewhere with
#
#   make -C native/tonemap gpu CLANG=clang-16
#   c++ -O2 -std=c++17 -static -o native/tonemap/build/reference test/tonemap/reference/reference.cc
#
# usage: sh bench/tonemap/measure.sh [FFMPEG]
#
# FFMPEG is one with tonemap_paceline_cuda (npm run build:ffmpeg); without it the part inside ffmpeg is left out.
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)/native/tonemap/build
ffmpeg=${1:-}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader

# Two million random pixels, with all 16 bits of P010 in use, for each curve, mode and transfer.
head -c $((1920 * 1080 * 3)) /dev/urandom >"$place/random"
for mode in max luma rgb itp; do
  for curve in bt2390 reinhard hable mobius clip; do
    for transfer in pq hlg; do
      words="size=1920x1080 mode=$mode tonemap=$curve transfer=$transfer"
      "$here/tonemap-gpu" "$here/tonemap.ptx" $words <"$place/random" >"$place/mapped"
      echo "$mode $curve $transfer $("$here/reference" judge $words "$place/random" "$place/mapped")"
    done
  done
done

# The kernels alone, by events, over 16 different frames of 4K: noise, which is the worst for tables.
for words in '' large=0 out=1920x1080 'out=1280x720' 'out=1920x1080 scaler=bicubic' dither=blue mode=luma mode=rgb \
  mode=itp format=p010; do
  "$here/tonemap-gpu" "$here/tonemap.ptx" time=4000 $words </dev/null
done

[ -n "$ffmpeg" ] || exit 0

# Inside ffmpeg: 16 different frames on the GPU, mapped again and again. Two runs of different length, so that what
# comes before the first frame is not counted.
head -c $((3840 * 2160 * 3 * 16)) /dev/urandom >"$place/frames"
run() {
  start=$(date +%s%N)
  "$ffmpeg" -v error -nostdin -init_hw_device cuda=cu -filter_hw_device cu -f rawvideo -pix_fmt p010le -s 3840x2160 \
    -r 60 -i "$place/frames" -vf "setparams=color_trc=smpte2084,hwupload,loop=loop=$1:size=16$2" -vsync 0 -f null -
  echo $(($(date +%s%N) - start))
}
for filter in '' ,tonemap_paceline_cuda ,tonemap_paceline_cuda=w=1920:h=1080; do
  run 10 "$filter" >/dev/null
  short=$(run 2000 "$filter")
  long=$(run 10000 "$filter")
  echo "ffmpeg loop$filter: $((8000 * 16 * 1000000000 / (long - short))) frames/s"
done

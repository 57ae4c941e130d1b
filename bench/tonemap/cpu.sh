#!/bin/sh
# The tone map of the processor beside other ways: milliseconds of one core for a frame, and how often as long each takes.
# usage: sh bench/tonemap/cpu.sh FFMPEG [CLIP]
#
# FFMPEG is one with tonemap_paceline, zscale and tonemap (npm run build:ffmpeg). CLIP is an HDR10 film, of which four
# frames are taken, brought to 3840x2160 and held in memory; without it they are a test picture. Where FFMPEG, or the one
# that PACELINE_JELLYFIN_FFMPEG names, has jellyfin's tonemapx, that runs as well. Everything is on one thread, one way
# after the other, again and again (PACELINE_BENCH_RUNS times, 5); what counts is the time of the processor, of which others
# on a busy machine take less than of the clock. Times and ratios are the median of the rounds, and of ten the ninth.
set -eu

ffmpeg=$1 clip=${2:-}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
said=setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv
if [ -n "$clip" ]; then
  set -- -i "$clip" -an
else
  set -- -f lavfi -i testsrc2=s=3840x2160:r=30:d=1
fi
"$ffmpeg" -v error -nostdin -y "$@" -frames:v 4 -vf "scale=3840:2160,format=yuv420p10le" -fps_mode passthrough -f rawvideo "$place/frames"

# Milliseconds of one core that so many rounds over the four frames take.
milliseconds() {
  "$1" -hide_banner -nostdin -benchmark -threads 1 -filter_threads 1 -f rawvideo -pix_fmt yuv420p10le -s 3840x2160 -r 30 \
    -i "$place/frames" -vf "$said,loop=loop=$2:size=4,setpts=N/30/TB,$3" -fps_mode passthrough -f null - 2>&1 |
    sed -n 's/.*utime=\([0-9.]*\)s stime=\([0-9.]*\)s.*/\1 \2/p' | awk '{ print int(($1 + $2) * 1000) }'
}

ours=tonemap_paceline
zscale() {
  echo "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
}
theirs=tonemapx=tonemap=bt2390:desat=0:peak=100:t=bt709:m=bt709:p=bt709:format=yuv420p
jellyfin=${PACELINE_JELLYFIN_FFMPEG:-$ffmpeg}
"$jellyfin" -v error -filters | grep -q ' tonemapx ' || jellyfin=

# Milliseconds for a frame: two runs of different length, so that what comes before the first frame is not counted.
frame() {
  short=$(milliseconds "$1" 1 "$2")
  long=$(milliseconds "$1" 6 "$2")
  awk "BEGIN { print ($long - $short) / 20 }"
}

compare() {
  for round in $(seq "${PACELINE_BENCH_RUNS:-5}"); do
    echo "$(frame "$ffmpeg" "$2$ours") $(frame "$ffmpeg" "$2$(zscale)") $([ -z "$jellyfin" ] || frame "$jellyfin" "$2$theirs")"
  done | awk -v what="$1" '
    { rounds = NR; for (way = 1; way <= NF; way++) { took[way, NR] = $way; shares[way, NR] = $way / $1 } ways = NF }
    function rank(of, way, share,   i, j, t, list) {
      for (i = 1; i <= rounds; i++) list[i] = of[way, i]
      for (i = 1; i <= rounds; i++) for (j = i + 1; j <= rounds; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
      return list[int(share * rounds + 0.999999)]
    }
    END {
      split("tonemap_paceline|zscale and tonemap|tonemapx", name, "|")
      for (way = 1; way <= ways; way++)
        printf "%s: %s %.1f ms (p90 %.1f), %.1f frames/s of one core, %.2f times as long (p90 %.2f)\n", what, name[way], rank(took, way, 0.5), rank(took, way, 0.9), 1000 / rank(took, way, 0.5), rank(shares, way, 0.5), rank(shares, way, 0.9)
    }'
}

compare '3840x2160 to 1920x1080' scale=1920:1080,
compare '3840x2160 to 1920x1080, scaled by neighbours' scale=1920:1080:flags=bilinear,
compare '3840x2160' ''

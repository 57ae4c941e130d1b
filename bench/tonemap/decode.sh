#!/bin/sh
# NVDEC, tone map, download: frames a second from films. Part of measure.sh.
# usage: sh bench/tonemap/decode.sh FFMPEG CLIP...
set -eu

ffmpeg=$1
shift
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Frames a second of a run over that film with those filters. With frame threads NVDEC would need more surfaces than it has.
rate() {
  "$ffmpeg" -hide_banner -nostdin -init_hw_device cuda=cu -filter_hw_device cu -threads 1 -hwaccel cuda -hwaccel_output_format cuda \
    -i "$1" -map 0:v:0 -vf "$2" -fps_mode passthrough -benchmark -f null - >"$place/log" 2>&1 ||
    { tail -3 "$place/log"; return; }
  frames=$(tr '\r' '\n' <"$place/log" | sed -n 's/^frame= *\([0-9]*\).*/\1/p' | tail -1)
  seconds=$(sed -n 's/.*rtime=\([0-9.]*\)s.*/\1/p' "$place/log")
  awk "BEGIN { printf \"%.0f\", $frames / $seconds }"
}

for clip; do
  # About a minute of film, so that starting counts for little.
  frames=$("$ffmpeg" -v error -nostdin -i "$clip" -map 0:v:0 -c copy -f framecrc - | grep -vc '^#')
  "$ffmpeg" -v error -nostdin -y -stream_loop $((1800 / frames)) -i "$clip" -map 0:v:0 -c copy "$place/film.mkv"
  for filters in null tonemap_paceline_cuda tonemap_paceline_cuda,hwdownload,format=nv12 \
    tonemap_paceline_cuda=w=-2:h=ih/2,hwdownload,format=nv12 hwdownload,format=p010; do
    echo "decode $(basename "$clip") $filters: $(rate "$place/film.mkv" "$filters") $(rate "$place/film.mkv" "$filters") $(rate "$place/film.mkv" "$filters") frames/s"
  done
done

#!/bin/sh
# NVDEC, tone map, download: frames a second from films. Part of measure.sh.
# usage: sh bench/tonemap/decode.sh FFMPEG CLIP...
set -eu

ffmpeg=$1
shift
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Frames a second of a run over that film with those filters. The decoder with a queue of its own: with FFmpeg's hwaccel,
# NVDEC waits while a frame is copied back.
rate() {
  "$ffmpeg" -hide_banner -nostdin -init_hw_device cuda=cu -filter_hw_device cu -hwaccel cuda -hwaccel_output_format cuda \
    -c:v "$1_cuvid" -i "$2" -map 0:v:0 -vf "$3" -fps_mode passthrough -benchmark -f null - >"$place/log" 2>&1 ||
    { echo failed; return; }
  frames=$(tr '\r' '\n' <"$place/log" | sed -n 's/^frame= *\([0-9]*\).*/\1/p' | tail -1)
  seconds=$(sed -n 's/.*rtime=\([0-9.]*\)s.*/\1/p' "$place/log")
  awk "BEGIN { printf \"%.0f\", $frames / $seconds }"
}

for clip; do
  codec=$("$ffmpeg" -hide_banner -nostdin -i "$clip" 2>&1 | sed -n 's/.*Video: \([a-z0-9]*\).*/\1/p' | head -1)
  # So long that starting counts for little: the median of three runs.
  frames=$("$ffmpeg" -v error -nostdin -i "$clip" -map 0:v:0 -c copy -f framecrc - | grep -vc '^#')
  "$ffmpeg" -v error -nostdin -y -stream_loop $((1500 / frames)) -i "$clip" -map 0:v:0 -c copy "$place/film.mkv"
  for filters in null tonemap_paceline_cuda tonemap_paceline_cuda,hwdownload,format=nv12 \
    tonemap_paceline_cuda=w=-2:h=ih/2,hwdownload,format=nv12 hwdownload,format=p010; do
    rates=$(for again in 1 2 3; do echo "$(rate "$codec" "$place/film.mkv" "$filters")"; done)
    echo "decode $(basename "$clip") $codec $filters: $(echo "$rates" | sort -n | sed -n 2p) frames/s, of" $rates
  done
done

#!/bin/sh
# NVDEC, tone map, download: frames a second from films. Part of measure.sh. A film that the GPU cannot decode is decoded by
# the processor.
# usage: sh bench/tonemap/decode.sh FFMPEG CLIP...
#
# PACELINE_BENCH_FRAMES says how long a film is made of each clip (2000 frames), PACELINE_BENCH_RUNS how often it is run (3).
set -eu

ffmpeg=$1
shift
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# FFmpeg over that film with those filters: with a decoder of NVDEC's, or with any other and frames that are copied to the
# GPU.
play() {
  decoder=$1 film=$2 filters=$3
  shift 3
  case $decoder in
  *_cuvid) options="-hwaccel cuda -hwaccel_output_format cuda -c:v $decoder" ;;
  *) options="-c:v $decoder" filters="format=p010,hwupload,$filters" ;;
  esac
  "$ffmpeg" -hide_banner -nostdin -init_hw_device cuda=cu -filter_hw_device cu $options -i "$film" -map 0:v:0 \
    -vf "$filters" -fps_mode passthrough "$@" -f null - >"$place/log" 2>&1
}

# The decoder of NVDEC's with a queue of its own: with FFmpeg's hwaccel, NVDEC waits while a frame is copied back.
decoder_for() {
  if play "$1_cuvid" "$2" hwdownload,format=p010 -frames:v 2; then
    echo "$1_cuvid"
  else
    case $1 in av1) echo libdav1d ;; *) echo "$1" ;; esac
  fi
}

# Frames a second of a run.
rate() {
  play "$1" "$2" "$3" -benchmark || { echo failed; return; }
  frames=$(tr '\r' '\n' <"$place/log" | sed -n 's/^frame= *\([0-9]*\).*/\1/p' | tail -1)
  seconds=$(sed -n 's/.*rtime=\([0-9.]*\)s.*/\1/p' "$place/log")
  awk "BEGIN { printf \"%.0f\", $frames / $seconds }"
}

# The same film again and again, so long that starting counts for little. AV1 goes into a container that keeps no header
# of its own: FFmpeg's av1_cuvid trips over MP4's where that has no sequence header in it, as phones write it.
film() {
  case $1 in av1) kind=ivf ;; *) kind=mkv ;; esac
  length=$("$ffmpeg" -v error -nostdin -i "$2" -map 0:v:0 -c copy -f framecrc - | grep -vc '^#')
  rounds=$((${PACELINE_BENCH_FRAMES:-2000} / length))
  "$ffmpeg" -v error -nostdin -y -stream_loop "$rounds" -i "$2" -map 0:v:0 -c copy "$place/film.$kind"
  echo "$place/film.$kind"
}

middle=$(((${PACELINE_BENCH_RUNS:-3} + 1) / 2))
for clip; do
  codec=$("$ffmpeg" -hide_banner -nostdin -i "$clip" 2>&1 | sed -n 's/.*Video: \([a-z0-9]*\).*/\1/p' | head -1)
  film=$(film "$codec" "$clip")
  decoder=$(decoder_for "$codec" "$film")
  for filters in null tonemap_paceline_cuda tonemap_paceline_cuda=download=1 \
    tonemap_paceline_cuda=w=-2:h=ih/2:download=1 tonemap_paceline_cuda,hwdownload,format=nv12; do
    rates=$(for again in $(seq "${PACELINE_BENCH_RUNS:-3}"); do echo "$(rate "$decoder" "$film" "$filters")"; done)
    echo "decode $(basename "$clip") $decoder $filters: $(echo "$rates" | sort -n | sed -n "${middle}p") frames/s, of" $rates
  done
  rm "$film"
done

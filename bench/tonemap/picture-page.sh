#!/bin/sh
# What docs/tone-mapping-pictures.md shows: its three frames through pictures.sh, a labelled sheet of each, and its tables.
# usage: sh bench/tonemap/picture-page.sh REFERENCE FFMPEG CLIPS OUT [BACKEND...]
#
# CLIPS is a folder with the clips that the page names. The tables go to standard output as they are in the page, sheets to
# OUT/NAME.jpg. Without BACKENDs all: those of CUDA need a GPU, libplacebo needs Vulkan, jellyfin's PACELINE_JELLYFIN_FFMPEG.
set -eu

reference=$1 ffmpeg=$2 clips=$3 out=$4
shift 4
[ $# -gt 0 ] || set -- tonemap_paceline_cuda tonemap_paceline zscale_tonemap libplacebo tonemapx tonemap_cuda
here=$(dirname "$0")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# BACKEND...
table() {
  awk -v backends="$*" '
    { split($4, value, /[:,}]/); said[$3, $2] = sprintf(value[2] < 0.1 ? "%.3f, %.1f, %.1f" : "%.1f, %.1f, %.1f", value[2], value[4], value[6]) }
    END {
      rows = split(backends, backend, " ")
      columns = split("bt2390 reinhard hable mobius clip", curve, " ")
      printf "| | bt2390 | reinhard | hable | mobius | clip |\n|---|---|---|---|---|---|\n"
      for (row = 1; row <= rows; row++) {
        title = backend[row]
        sub(/^zscale_/, "zscale`, `", title)
        printf "| `%s` |", title
        for (column = 1; column <= columns; column++) printf " %s |", said[backend[row], curve[column]]
        printf "\n"
      }
    }'
}

# NAME CLIP FRAME SIZE TRANSFER BACKEND...
page() {
  name=$1 clip=$2 frame=$3 size=$4 transfer=$5
  shift 5
  "$ffmpeg" -v error -nostdin -y -i "$clips/$clip" -vf "select=eq(n\,$frame),format=p010le" -frames:v 1 -f rawvideo "$place/$name"
  sh "$here/pictures.sh" "$reference" "$ffmpeg" "$out" "$name" "$size" "$transfer" "$place/$name" reference "$@" |
    grep -v ' reference ' >"$place/lines"
  sh "$here/picture-sheet.sh" "$ffmpeg" "$out" "$name" "$out/$name.jpg" reference "$@"
  printf '`%s`, frame %s\n\n' "$clip" "$frame"
  table "$@" <"$place/lines"
  echo
}

page street hdr10-video-with-sdr-container.mp4 14 1920x1080 pq "$@"
page phone hdr10-av1.mp4 60 720x1280 pq "$@"
page test hlg10-color-test.mp4 4 1920x1080 hlg "$@"

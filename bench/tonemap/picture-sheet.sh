#!/bin/sh
# Puts what pictures.sh has made of one frame on one sheet: a column for each curve, a row for each back end.
# usage: sh bench/tonemap/picture-sheet.sh FFMPEG FOLDER NAME SHEET.jpg BACKEND...
set -eu

ffmpeg=$1 folder=$2 name=$3 sheet=$4
shift 4
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$ffmpeg" -v error -nostdin -y -i "$folder/$name-clip-$1.png" -vf drawbox=color=gray:t=fill "$empty/empty.png"

inputs= cells= rows= joined= count=0
for backend; do
  row=
  for curve in bt2390 reinhard hable mobius clip; do
    picture=$folder/$name-$curve-$backend.png
    [ -e "$picture" ] || picture=$empty/empty.png
    inputs="$inputs -i $picture"
    cells="$cells[$count]scale=-2:135:flags=area,format=yuvj444p[cell$count];"
    row="$row[cell$count]"
    count=$((count + 1))
  done
  rows="$rows${row}hstack=5[row$count];"
  joined="$joined[row$count]"
done
"$ffmpeg" -v error -nostdin -y $inputs -filter_complex "$cells$rows${joined}vstack=$#" -frames:v 1 -update 1 -q:v 4 "$sheet"

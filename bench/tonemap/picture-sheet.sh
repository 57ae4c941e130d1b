#!/bin/sh
# Puts what pictures.sh has made of one frame on one sheet: a column for each curve, a row for each back end, with their
# names. FFMPEG is one with drawtext and fontconfig.
# usage: sh bench/tonemap/picture-sheet.sh FFMPEG FOLDER NAME SHEET.jpg BACKEND...
set -eu

ffmpeg=$1 folder=$2 name=$3 sheet=$4
shift 4
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$ffmpeg" -v error -nostdin -y -i "$folder/$name-clip-$1.png" -vf drawbox=color=gray:t=fill "$empty/empty.png"

inputs= cells= rows= joined= names= count=0 top=24
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
  names="$names,drawtext=font=Sans:fontsize=13:text=$backend:x=6:y=$((top + 60))"
  top=$((top + 135))
done
column=0
for curve in bt2390 reinhard hable mobius clip; do
  names="$names,drawtext=font=Sans:fontsize=13:text=$curve:x=170+(w-170)*$column/5+6:y=6"
  column=$((column + 1))
done
"$ffmpeg" -v error -nostdin -y $inputs -filter_complex \
  "$cells$rows${joined}vstack=$#,pad=iw+170:ih+24:170:24:white$names" -frames:v 1 -update 1 -q:v 4 "$sheet"

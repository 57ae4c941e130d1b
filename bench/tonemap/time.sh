#!/bin/sh
# The kernels alone, by events, over 16 different frames of 4K: part of measure.sh, which says what is needed.
# usage: sh bench/tonemap/time.sh FOLDER
set -eu

# Noise, which is the worst for tables. The first runs longer, and again, to show how far one run is from another.
for words in '' '' '' large=0 out=1920x1080 out=1920x1080 out=1280x720 'out=1920x1080 scaler=bicubic' \
  'out=1280x720 scaler=bicubic' dither=blue 'dither=blue out=1920x1080' mode=luma mode=rgb mode=itp format=p010 \
  'mode=luma out=1920x1080' 'mode=itp out=1920x1080'; do
  echo "${words:-unscaled} $("$1/tonemap-gpu" "$1/tonemap.ptx" time=4000 $words </dev/null)"
done

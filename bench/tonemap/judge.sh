#!/bin/sh
# The filters' arithmetic against the reference, over two million random pixels: part of measure.sh, which says what is needed.
# usage: sh bench/tonemap/judge.sh FOLDER [gpu|host|cpu]
#
# gpu is the kernels on the GPU, host the kernels compiled for the processor (make host), cpu the loops of the CPU filter
# (make cpu), of which the ways that it has are judged. Without a GPU it takes minutes.
set -eu

build=$1 what=${2:-gpu}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Two million random pixels, with all 16 bits of P010 in use; a whole number of frames in any format.
head -c $((1920 * 1080 * 3)) /dev/urandom >"$place/random"
"$build/reference" ramp >"$place/ramp"

cat >"$place/one" <<'END'
build=$1 place=$2 program=$3
shift 3
mapped=$(mktemp "$place/mapped.XXXXXX")
$program size=1920x1080 "$@" <"$place/random" >"$mapped"
echo "$* $("$build/reference" judge size=1920x1080 "$@" "$place/random" "$mapped")"
rm "$mapped"
END
cat >"$place/greys" <<'END'
build=$1 place=$2 program=$3
shift 3
mapped=$(mktemp "$place/mapped.XXXXXX")
$program size=1760x2 "$@" <"$place/ramp" >"$mapped"
echo "greys $* $("$build/reference" greys "$mapped")"
rm "$mapped"
END

ways() {
  for mode in max luma rgb itp; do
    for curve in bt2390 reinhard hable mobius clip; do
      for transfer in pq hlg; do
        echo "mode=$mode tonemap=$curve transfer=$transfer"
      done
      echo "mode=$mode tonemap=$curve out=960x540"
      echo "mode=$mode tonemap=$curve out=1280x720 scaler=bicubic"
    done
    for other in in=p016 in=yuv420p10 format=p010 'in=yuv420p10 format=p010 out=960x540' out=1280x720 \
      'out=960x540 scaler=bicubic' siting=topleft siting=center siting=bottom 'siting=topleft out=960x540' range=pc \
      'range=pc transfer=hlg' gamut=compress desat=0.5 'peak=4000 target=100' large=0; do
      echo "mode=$mode $other"
    done
  done
  for other in black=0.2 'black=0.5 mode=luma' 'transfer=hlg peak=400' 'large=0 in=p016 peak=10000'; do
    echo "$other"
  done
}
case $what in
gpu) program="$build/tonemap-gpu $build/tonemap.ptx" not=^$ ;;
host) program=$build/tonemap-host not=large= ;;
cpu)
  # It takes films for what they are: samples of ten bits.
  program=$build/tonemap-cpu not='large=|out=|format=|in='
  "$build/reference" noise $((1920 * 1080 * 3 / 2)) >"$place/random"
  ;;
*) echo "judge.sh: $what is none of gpu, host and cpu" >&2 && exit 2 ;;
esac
ways | grep -vE "$not" | sort -u | xargs -P "$(nproc)" -d '\n' -I{} sh -c "sh '$place/one' '$build' '$place' '$program' {}" | sort
for mode in max luma rgb itp; do
  for curve in bt2390 reinhard hable mobius clip; do
    echo "mode=$mode tonemap=$curve"
  done
done | xargs -P "$(nproc)" -d '\n' -I{} sh -c "sh '$place/greys' '$build' '$place' '$program' {}" | sort

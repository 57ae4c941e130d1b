#!/bin/sh
# One frame through each curve and back end: small pictures, and how different they look from the right one (dE ITP).
#
# usage: sh bench/tonemap/pictures.sh REFERENCE FFMPEG OUT NAME SIZE TRANSFER P010 BACKEND...
#
# REFERENCE is test/tonemap/reference compiled, P010 a frame of SIZE (WIDTHxHEIGHT) and TRANSFER (pq, hlg), NAME what it is
# called. A BACKEND is one of those below; PACELINE_JELLYFIN_FFMPEG names the ffmpeg for jellyfin's. Everything is told that
# the peak is 1000 nits and the target 203, where it can be told.
set -eu

reference=$1 ffmpeg=$2 out=$3 name=$4 size=$5 transfer=$6 frame=$7
shift 7
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir -p "$out"
case $transfer in hlg) tag=arib-std-b67 ;; *) tag=smpte2084 ;; esac
said="setparams=color_primaries=bt2020:color_trc=$tag:colorspace=bt2020nc:range=tv"

# PROGRAM DEVICES FILTERS
make_picture() {
  "$1" -v error -nostdin -y $2 -f rawvideo -pix_fmt p010le -s "$size" -i "$frame" -vf "$said,$3" -f rawvideo "$place/made"
}

cuda='-init_hw_device cuda=cu -filter_hw_device cu'
theirs="p=bt709:t=bt709:m=bt709:desat=0:peak=49.26"
# jellyfin's BT.2390 has a knee of its own unless told the standard's.
knee() { if [ "$1" = bt2390 ]; then echo :param=0.5; fi; }

picture() {
  case $1 in
  reference) "$reference" map size="$size" transfer="$transfer" tonemap="$2" "$frame" >"$place/made" ;;
  tonemap_paceline_cuda) make_picture "$ffmpeg" "$cuda" "hwupload,tonemap_paceline_cuda=tonemap=$2,hwdownload,format=nv12" ;;
  tonemap_paceline) make_picture "$ffmpeg" '' "format=yuv420p10le,tonemap_paceline=tonemap=$2,format=nv12" ;;
  zscale_tonemap)
    [ "$2" != bt2390 ] || return 1
    make_picture "$ffmpeg" '' "format=yuv420p10le,zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=$2:desat=0:peak=4.926,zscale=t=bt709:m=bt709:r=tv,format=nv12"
    ;;
  libplacebo)
    way=$2
    [ "$2" != bt2390 ] || way=bt.2390:tonemapping_param=0.5
    make_picture "$ffmpeg" '-init_hw_device vulkan=vk -filter_hw_device vk' "format=yuv420p10le,hwupload,libplacebo=tonemapping=$way:tonemapping_mode=max:gamut_mode=clip:peak_detect=0:dithering=none:colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv:format=yuv420p,hwdownload,format=yuv420p,format=nv12"
    ;;
  tonemapx)
    make_picture "$PACELINE_JELLYFIN_FFMPEG" '' "format=yuv420p10le,tonemapx=tonemap=$2$(knee "$2"):format=yuv420p:$theirs,format=nv12"
    ;;
  tonemap_cuda)
    make_picture "$PACELINE_JELLYFIN_FFMPEG" "$cuda" "hwupload,tonemap_cuda=tonemap=$2$(knee "$2"):tonemap_mode=max:format=nv12:$theirs,hwdownload,format=nv12"
    ;;
  esac
}

for curve in bt2390 reinhard hable mobius clip; do
  picture reference "$curve"
  mv "$place/made" "$place/right"
  for backend; do
    picture "$backend" "$curve" || continue
    echo "$name $curve $backend $("$reference" differ size="$size" "$place/right" "$place/made")"
    "$ffmpeg" -v error -nostdin -y -f rawvideo -pix_fmt nv12 -s "$size" -i "$place/made" -vf scale=-2:180:flags=area \
      -frames:v 1 -update 1 "$out/$name-$curve-$backend.png"
  done
done

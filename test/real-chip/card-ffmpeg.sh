#!/bin/sh
# An ffmpeg that acts as if a card were there that decodes and filters, and cannot encode.
real=${PACELINE_BUILT_FFMPEG:-/opt/paceline/bin/ffmpeg}
case " $* " in
*" h264_nvenc "*|*" hevc_nvenc "*)
  echo '[h264_nvenc @ 0x55d0c0ffee00] OpenEncodeSessionEx failed: unsupported device (2): (no details)' >&2
  echo '[h264_nvenc @ 0x55d0c0ffee00] No capable devices found' >&2
  exit 1 ;;
esac
count=$#
while [ $count -gt 0 ]; do
  word=$1; shift; count=$((count - 1))
  case $word in
  -init_hw_device|-filter_hw_device|-hwaccel|-hwaccel_output_format|-hwaccel_device|-extra_hw_frames) shift; count=$((count - 1)) ;;
  -c:v)
    # FFmpeg's own decoder of AV1 does nothing without a card.
    if [ "$1" = av1 ]; then shift; count=$((count - 1)); else set -- "$@" "$word"; fi ;;
  *_cuda*|*hwupload*|*hwdownload*)
    set -- "$@" "$(printf %s "$word" | sed 's/,hwdownload,format=pix_fmts=\([a-z0-9]*\)/,format=pix_fmts=\1/g; s/hwdownload,format=pix_fmts=\([a-z0-9]*\)/format=pix_fmts=\1/g; s/,hwupload[a-z_]*//g; s/scale_cuda=format=\([a-z0-9]*\)/format=pix_fmts=\1/g; s/scale_cuda=/scale=/g; s/yadif_cuda/yadif/g; s/bwdif_cuda/bwdif/g; s/tonemap_paceline_cuda=\([^,]*\):format=nv12/format=yuv420p10le,tonemap_paceline=\1,format=nv12/g')" ;;
  *) set -- "$@" "$word" ;;
  esac
done
exec $real "$@"

#!/bin/sh
# Judges and times the tone mapping kernels on an NVIDIA GPU. Nothing but the driver is needed there: what the scripts
# run can be built elsewhere with
#
#   make -C native/tonemap gpu CLANG=clang-16
#   c++ -O2 -std=c++17 -static -o native/tonemap/build/reference test/tonemap/reference/reference.cc
#
# usage: sh bench/tonemap/measure.sh [FFMPEG [CLIP...]]
#
# FFMPEG is one with tonemap_paceline_cuda (npm run build:ffmpeg); without it the parts inside ffmpeg are left out.
# CLIPs are HDR films for NVDEC, each of them played over and over. PACELINE_TONEMAP_BUILD names the folder of the
# programs if it is not native/tonemap/build, PACELINE_JELLYFIN_FFMPEG an ffmpeg with jellyfin's tonemap_cuda.
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
build=${PACELINE_TONEMAP_BUILD:-$(cd "$scripts/../../native/tonemap/build" && pwd)}

nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader
sh "$scripts/judge.sh" "$build"
sh "$scripts/time.sh" "$build"
[ $# -gt 0 ] || exit 0
sh "$scripts/loop.sh" "$@"
sh "$scripts/decode.sh" "$@"

#!/bin/sh
# Packs Paceline with everything it runs on, for a machine of the same processor family without npm or network:
# .cache/bench-pack/paceline-bench.tar.xz. There: unpack it anywhere and call ./run.sh (see run.sh).
set -eu

cd "$(dirname "$0")/../.."
pack=.cache/bench-pack/paceline-bench
rm -rf "$pack"
mkdir -p "$pack/programs" "$pack/bin" "$pack/app/bin"

echo 'building'
npx tsc -p tsconfig.build.json --outDir "$pack/app/dist" --sourceMap false --incremental false --tsBuildInfoFile null
npx tsc -p bench/tsconfig.json --outDir "$pack/bench-build" --sourceMap false
mv "$pack/bench-build/bench" "$pack/app/bench"
rm -r "$pack/bench-build"

echo 'copying'
cp package.json package-lock.json "$pack/app"
cp bin/paceline.js "$pack/app/bin"
mkdir -p "$pack/app/scripts/setup"
cp scripts/setup/tool-environment.js "$pack/app/scripts/setup"
npm ls --silent --omit=dev --all --parseable | sed -n "s|^$PWD/||p" | sort -u | while read -r package; do
  mkdir -p "$pack/app/$package"
  tar -C "$package" --exclude=./node_modules --exclude='*.ts' --exclude='*.cts' --exclude='*.mts' --exclude='*.map' \
    --exclude='*.md' --exclude=./test --exclude=./benchmarks -cf - . | tar -C "$pack/app/$package" -xf -
done

programs=$(for name in node ffmpeg ffprobe nats-server; do command -v "$name"; done)
# shellcheck disable=SC2086
bench/pack/stub-libraries.sh "$pack/lib" $programs
for program in $programs; do
  name=$(basename "$program")
  cp -L "$program" "$pack/programs/$name"
  strip --strip-unneeded "$pack/programs/$name"
  cp bench/pack/with-own-libraries.sh "$pack/bin/$name"
done
mkdir -p "$pack/app/native/shim/build"
cp native/shim/build/paceline-shim "$pack/app/native/shim/build"
cc -O2 -static -o "$pack/bin/encoder-stamp" bench/latency/encoder-stamp.c
cp bench/pack/run.sh "$pack/run.sh"

echo 'compressing'
tar -C .cache/bench-pack --owner=0 --group=0 -cf - paceline-bench | xz -T0 -6 >.cache/bench-pack/paceline-bench.tar.xz.tmp
mv .cache/bench-pack/paceline-bench.tar.xz.tmp .cache/bench-pack/paceline-bench.tar.xz
rm -r "$pack"
ls -l .cache/bench-pack/paceline-bench.tar.xz

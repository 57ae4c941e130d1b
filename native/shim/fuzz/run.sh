#!/bin/sh
# npm run fuzz:shim -- --seconds N [--seed N] [INPUT...]: builds the driver and runs it in an empty folder of its own.
set -eu
shim=$(cd "$(dirname "$0")/.." && pwd)
make -s -C "$shim" fuzz
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/sub"
echo 'a film' > "$folder/film"
"$shim/build/fuzz" --folder "$folder" "$@"

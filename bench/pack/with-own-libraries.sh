#!/bin/sh
# Runs the packed program of this script's name with the packed libraries, whatever this machine has.
pack=$(cd "$(dirname "$0")/.." && pwd)
exec "$pack/lib/ld-linux-x86-64.so.2" --library-path "$pack/lib" "$pack/programs/$(basename "$0")" "$@"

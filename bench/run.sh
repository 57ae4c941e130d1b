#!/bin/sh
# Compiles the benchmarks and runs one, against the build in dist/ (npm run build) and the shim in native/shim/build.
set -eu

cd "$(dirname "$0")/.."
name=$1
shift
node_modules/.bin/tsc -p bench/tsconfig.json
unset NODE_EXTRA_CA_CERTS
# Nodes that prove their chips would measure beside us.
export PACELINE_PROOFS=off
exec node ".cache/bench/bench/$name.js" "$@"

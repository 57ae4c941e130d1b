#!/bin/sh
# Compiles the chaos harness and runs it (`main`), or measures one fault after the other (`table`); docs/testing.md
# says what they can do.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd)
"$project/node_modules/.bin/tsc" -p "$project/test/chaos/tsconfig.json"
unset NODE_EXTRA_CA_CERTS
# Nodes that prove their chips would be slower for it.
export PACELINE_PROOFS=off
program=$1
shift
exec node "$project/.cache/chaos/test/chaos/$program.js" "$@"

#!/bin/sh
# Compiles the chaos harness and runs it; docs/testing.md says what it can do.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd)
"$project/node_modules/.bin/tsc" -p "$project/test/chaos/tsconfig.json"
unset NODE_EXTRA_CA_CERTS
exec node "$project/.cache/chaos/test/chaos/main.js" "$@"

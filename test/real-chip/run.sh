#!/bin/sh
# Compiles and runs the session on a chip of this machine; main.ts says what it can do.
set -eu

cd "$(dirname "$0")/../.."
node_modules/.bin/tsc -p test/real-chip/tsconfig.json
unset NODE_EXTRA_CA_CERTS
exec node .cache/real-chip/test/real-chip/main.js "$@"

#!/bin/sh
# npm run fuzz -- --seconds N [--only parser|frames|data|nats] [--seed N]: compiles the fuzzers and runs them.
set -eu

cd "$(dirname "$0")/../.."
node_modules/.bin/tsc -p test/fuzz/tsconfig.json
unset NODE_EXTRA_CA_CERTS
exec node --expose-gc .cache/fuzz/test/fuzz/main.js "$@"

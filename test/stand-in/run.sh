#!/bin/sh
# Compiles the stand-in for Plex Media Server and runs it; docs/testing.md says what it can do.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd)
"$project/node_modules/.bin/tsc" -p "$project/test/stand-in/tsconfig.json"
unset NODE_EXTRA_CA_CERTS
exec node "$project/.cache/stand-in/test/stand-in/play.js" "$@"

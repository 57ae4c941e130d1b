#!/bin/sh
# Three emulated boards that take 20 s to boot: how fast viewers begin while they sleep, when they go to sleep, and what is
# lost when one fails (docs/power.md). Prints the figures; takes about eight minutes.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd)
cd "$project"
unset NODE_EXTRA_CA_CERTS
npm run --silent build
npm run --silent shim
exec npx vitest run test/power/sleeping-boards.long.test.ts --project long --reporter=dot --disableConsoleIntercept=true

#!/bin/sh
# The scaling benchmark from a pack.
#
#   ./run.sh                                     1, 2, 4, 8 and 12 nodes on 16 cores, with the machine's own limit
#   ./run.sh --nodes 1,2 --cores 2 --runs 3 --seconds 60      anything else: the options of bench/scaling.ts
set -eu

cd "$(dirname "$0")/app"
PATH="$(cd .. && pwd)/bin:${PATH:-/usr/local/bin:/usr/bin:/bin}"
PACELINE_BENCH_NODE="$(cd .. && pwd)/bin/node"
export PATH PACELINE_BENCH_NODE
unset NODE_EXTRA_CA_CERTS
[ $# -gt 0 ] || set -- --nodes 1,2,4,8,12 --cores 16 --runs 1 --seconds-per-node 60 --height 720 --control
exec node bench/scaling.js "$@"

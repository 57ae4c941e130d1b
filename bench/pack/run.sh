#!/bin/sh
# The scaling or the latency benchmark from a pack.
#
#   ./run.sh                                     1, 2, 4, 8 and 12 nodes on 16 cores, with the machine's own limit
#   ./run.sh --nodes 1,2 --cores 2 --runs 3 --seconds 60      anything else: the options of bench/scaling.ts
#   ./run.sh latency --runs 10                   the options of bench/latency.ts; on two processors: taskset -c 0,1 ./run.sh ...
set -eu

cd "$(dirname "$0")/app"
PATH="$(cd .. && pwd)/bin:${PATH:-/usr/local/bin:/usr/bin:/bin}"
PACELINE_BENCH_NODE="$(cd .. && pwd)/bin/node"
PACELINE_BENCH_STAMP="$(cd .. && pwd)/bin/encoder-stamp"
export PATH PACELINE_BENCH_NODE PACELINE_BENCH_STAMP
unset NODE_EXTRA_CA_CERTS
if [ "${1:-}" = latency ]; then
  shift
  exec node bench/latency.js "$@"
fi
[ $# -gt 0 ] || set -- --nodes 1,2,4,8,12 --cores 16 --runs 1 --seconds-per-node 60 --height 720 --control
exec node bench/scaling.js "$@"

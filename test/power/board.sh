#!/bin/sh
# The power switch of an emulated board: a process that takes a while to boot, then runs a node's agent.
#   board.sh on|off|state FOLDER BOOT_SECONDS [COMMAND...]
# FOLDER/defect says what is wrong with it: `refuses` (the switch), `dead` (the board never comes), `stuck` (it never goes).
order=$1 folder=$2 boot=$3
shift 3
now() { date +%s.%N; }
pid=$(cat "$folder/pid" 2>/dev/null)
# What has ended and was not waited for is still listed.
lives() { [ -n "$pid" ] && grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$pid/status" 2>/dev/null; }
defect=$(cat "$folder/defect" 2>/dev/null)
case $order in
state)
  if lives; then echo running; else echo halted; fi
  exit 0
  ;;
kill)
  lives && kill -KILL "-$pid"
  exit 0
  ;;
esac
echo "$(now) begin $order" >>"$folder/switch.log"
case $order in
on)
  if [ "$defect" = refuses ]; then
    echo "$(now) end $order" >>"$folder/switch.log"
    echo "relay is stuck" >&2
    exit 1
  fi
  if [ "$defect" != dead ] && ! lives; then
    setsid sh -c 'sleep "$1"; shift; exec "$@"' board "$boot" "$@" </dev/null >>"$folder/agent.log" 2>&1 &
    echo $! >"$folder/pid"
    # Its group is its own from now on, so that this program may end.
    sleep 0.1
  fi
  ;;
off)
  if [ "$defect" != stuck ] && lives; then
    kill -TERM "-$pid" 2>/dev/null
    while lives; do sleep 0.05; done
    # The agent goes first, and the machine has still to be shut down.
    sleep 1
    rm -f "$folder/pid"
  fi
  ;;
esac
echo "$(now) end $order" >>"$folder/switch.log"

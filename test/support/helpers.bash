# SPDX-License-Identifier: MIT
# What the bats scripts share: a private home, hosts that are started on a free port and always ended.
# shellcheck shell=bash disable=SC2034,SC2154

BUILD=$(cd "${BUILD:-build}" && pwd)
ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
EX=$ROOT/examples
HOST_PIDS=()

setup() {
  T=$(mktemp -d)
  export XDG_CONFIG_HOME=$T/config XDG_DATA_HOME=$T/kept NO_COLOR=1
  cd "$T" || return 1
}

teardown() {
  local pid
  for pid in "${HOST_PIDS[@]}"; do kill -9 "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
  rm -rf "$T"
}

# wait_until CONDITION: a machine may be slow, what never comes is an error; CONDITION is evaluated here
wait_until() {
  local tries
  for ((tries = 0; tries < 1200; tries++)); do eval "$1" && return 0; sleep 0.05; done
  echo "in vain: wait until $1" >&2
  return 1
}

ticks() { awk '{ print $14 + $15 }' "/proc/$HOST/stat"; }

# wait_for_work: until the host has computed for a quarter of a second more, as it does in a call that never ends
wait_for_work() {
  local from
  from=$(ticks)
  wait_until '[ "$(ticks)" -gt $((from + 25)) ]'
}

# start_host [ARG...]: sets URL LEDGER ARCHIVE HOST of the first service; all ready lines are in $T/ready.
start_host() { launch --quiet "$@"; }

# launch [ARG...]: the same, and what is worth a line is in $T/host.err
launch() {
  local listen=(--listen 127.0.0.1:0)
  [[ " $* " != *" --listen "* ]] || listen=()
  : > "$T/ready"
  "$BUILD/vms-host" "${listen[@]}" "$@" > "$T/ready" 2> "$T/host.err" 3>&- &
  HOST=$!
  HOST_PIDS+=("$HOST")
  wait_until '[ -s "$T/ready" ] || ! kill -0 "$HOST" 2> /dev/null'
  [ -s "$T/ready" ] || { cat "$T/host.err" >&2; return 1; }
  read -r URL LEDGER ARCHIVE < "$T/ready"
  # A port of the system's choice may have been another host's before: it is met anew.
  local at=${URL#*://} pins=$XDG_DATA_HOME/vms/pins
  if [ ${#listen[@]} -gt 0 ] && grep -qsF "://${at%%/*}/" "$pins"; then sed -i "\|://${at%%/*}/|d" "$pins"; fi
}

stop_host() { # like a user: SIGTERM, and it has to end well
  kill -TERM "$HOST"
  wait "$HOST"
}

call() { "$BUILD/vms-call" "$@"; }
audit() { "$BUILD/vms-audit" "$@"; }
whoami_key() { "$BUILD/vms-call" --whoami; }
# member JSON NAME: a top-level or dotted member of a JSON text
member() { python3 -c 'import json,sys
v=json.loads(sys.argv[1])
for part in sys.argv[2].split("."): v=v[int(part)] if isinstance(v,list) else v[part]
print(v if isinstance(v,str) else json.dumps(v))' "$1" "$2"; }

# expect STATUS TEXT COMMAND...: runs it; the exit status and a piece of its output (stderr included) must be these
expect() {
  local wanted=$1 text=$2
  shift 2
  run "$@"
  [ "$status" -eq "$wanted" ] || { echo "exit $status, wanted $wanted: $*"; echo "$output"; return 1; }
  [[ "$output" == *"$text"* ]] || { echo "no \"$text\" in the output of: $*"; echo "$output"; return 1; }
}

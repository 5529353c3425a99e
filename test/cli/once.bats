# SPDX-License-Identifier: MIT
# Exactly once, seen from outside: whatever happens to connections, hosts and indexes, each call of a batch runs once, and the count is right.
# CALLS is how many each of four callers makes.
load ../support/helpers

CALLS=${CALLS:-300}

tally_start() {
  cat > tally.js <<'JS'
exports.add = async who => {
  const n = Number(await System.files.readFile('/n').catch(() => '0')) + 1
  await System.files.writeFile('/n', String(n))
  return n
}
exports.count = () => System.files.readFile('/n').then(Number)
JS
  start_host tally.js --dir data
  port_of "$URL" > port
}

port_of() { local rest=${1#*://*:}; echo "${rest%%/*}"; }

# cutter_start: PROXY is a URL whose connections are cut at random
cutter_start() {
  local i
  : > cutter
  python3 "$ROOT/test/support/cutter.py" "$T/port" "${SEED:-1}" > cutter 3>&- &
  HOST_PIDS+=($!)
  wait_until '[ -s cutter ]'
  PROXY=ws://127.0.0.1:$(cat cutter)/
}

# callers_start: four callers, each with a batch of its own
callers_start() {
  local caller
  pids=()
  for caller in 1 2 3 4; do
    yes "{\"method\":\"add\",\"params\":[$caller]}" | head -"$CALLS" > "in$caller"
    "$BUILD/vms-call" --timeout 60 --key "key$caller" "$PROXY" < "in$caller" > "out$caller" 2> "err$caller" 3>&- &
    pids+=($!)
  done
}

callers_end() {
  local caller status
  for caller in 1 2 3 4; do
    status=0
    wait "${pids[caller - 1]}" || status=$?
    [ "$status" -eq 0 ] || { echo "vms-call ended with $status"; tail -3 "out$caller" "err$caller"; return 1; }
  done
}

# every number from 1 on was told to somebody, once
counted() {
  cat out? | sed -n 's/^{"result":\([0-9]*\)}$/\1/p' | sort -n > told
  seq $((4 * CALLS)) | cmp - told
  expect 0 "$((4 * CALLS))" call "$URL" count
  expect 0 "ok: " audit "$URL"
}

@test "connections that are cut at random under a batch: each call runs once" {
  tally_start
  cutter_start
  callers_start
  callers_end
  counted
  stop_host
  expect 0 "ok: " audit data
}

@test "the same with kill -9 of the host, and indexes that vanish" {
  RANDOM=${SEED:-1}
  tally_start
  cutter_start
  callers_start
  local round
  for round in $(seq $((4 + CALLS / 150))); do
    sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
    kill -9 "$HOST"; wait "$HOST" 2>/dev/null || true
    case $((round % 3)) in
      1) rm -rf data/services/*/index ;;
      2) cp data/services/*/index/journal data/services/"$LEDGER"/index/callers ;;
    esac
    start_host tally.js --dir data
    port_of "$URL" > port
  done
  callers_end
  counted
  stop_host
  expect 0 "ok: " audit data
}

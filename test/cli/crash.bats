# SPDX-License-Identifier: MIT
# Hosts that die, run out of disk or race for a folder: what was answered stands, and the audit passes.
load ../support/helpers

# load_start FILE: adds as fast as it goes until the host is gone; one outcome per line in FILE
load_start() {
  yes '{"method":"add","params":[1]}' | head -1000000 > in
  "$BUILD/vms-call" "$URL" < in > "$1" 2> "$1.err" 3>&- &
  CALLER=$!
}

wait_for_lines() { # FILE COUNT
  local i
  for i in $(seq 400); do [ "$(wc -l < "$1")" -ge "$2" ] && return 0; sleep 0.025; done
  echo "$1 has $(wc -l < "$1") lines, not $2"
  return 1
}

ended() { # PID: sets status; `run` would wait in a subshell, whose child it is not
  status=0
  wait "$1" 2>/dev/null || status=$?
}

# used FILE: its bytes without the zeros that a host writes ahead of a journal's frames
used() { python3 -c 'import sys; print(len(open(sys.argv[1], "rb").read().rstrip(b"\0")))' "$1"; }

answered() { cat "$@" | grep -c '^{"result":[0-9]*}$' || true; }

@test "kill -9 at random moments, twenty times on one folder" {
  RANDOM=${SEED:-1}
  echo "SEED=${SEED:-1}"
  local total=0 round before
  for round in $(seq 20); do
    start_host "$EX/counter.js" --dir data
    before=$(call "$URL" get)
    [ "$before" -ge "$total" ] || { echo "round $round: $before, but $total were answered"; false; }
    load_start "out$round"
    [ $((round % 5)) -eq 0 ] || wait_for_lines "out$round" 1 # now and then even before the first answer
    sleep "0.$(printf %03d $((RANDOM % 120)))"
    kill -9 "$HOST"; ended "$HOST"
    ended "$CALLER"
    [ "$status" -eq 3 ] || { echo "round $round: vms-call ended with $status"; cat "out$round.err"; false; }
    total=$((before + $(answered "out$round")))
    expect 0 "" audit --level chain data || expect 3 "not whole" audit --level chain data # torn, never false
  done
  start_host "$EX/counter.js" --dir data
  [ "$(call "$URL" get)" -ge "$total" ]
  [ "$total" -gt 1000 ]
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "a full disk: callers wait or are refused, nothing answered is lost, room brings it back" {
  start_host "$EX/counter.js" --dir data
  journal=data/services/$LEDGER/journal
  load_start out
  wait_for_lines out 200
  prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 3000)): # the soft limit: the journal cannot grow beyond
  for i in $(seq 200); do grep -q "disk full" host.err && break; sleep 0.05; done
  grep -q "disk full" host.err
  expect 1 "disk is full" call "$URL" add
  expect 0 "" call "$URL" vms.head                # reading goes on
  expect 0 "ok: " audit "$URL"
  kill -0 "$HOST"
  kill -9 "$CALLER"; ended "$CALLER"
  stood=$(tail -1 out | tr -dc 0-9)
  prlimit --pid "$HOST" --fsize=unlimited:
  for i in $(seq 100); do grep -q "room on the disk again" host.err && break; sleep 0.05; done
  run call "$URL" add
  [ "$status" -eq 0 ] || { cat host.err; echo "$output"; false; }
  [ "$output" -gt "$(answered out)" ]
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "a full disk: those who wait are answered once there is room" {
  start_host "$EX/counter.js" --dir data
  journal=data/services/$LEDGER/journal
  expect 0 1 call "$URL" add
  prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 10)):
  call "$URL" add > waits 3>&- &
  waiting=$!
  for i in $(seq 100); do grep -q "disk full" host.err && break; sleep 0.05; done
  sleep 0.2
  kill -0 "$waiting" && [ ! -s waits ]
  expect 1 "disk is full" call "$URL" add
  [ "$(stat -c %s "$journal")" -gt 0 ]
  prlimit --pid "$HOST" --fsize=unlimited:
  wait "$waiting"
  [ "$(cat waits)" = 2 ]
  expect 0 2 call "$URL" get
  stop_host
  expect 0 "ok: " audit data
}

@test "a full disk: a host that is stopped or killed then loses nothing that it answered" {
  for signal in TERM KILL; do
    start_host "$EX/counter.js" --dir "data$signal"
    journal=data$signal/services/$LEDGER/journal
    expect 0 1 call "$URL" add
    prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 100)):
    call "$URL" add > waits 2> waits.err 3>&- &
    waiting=$!
    for i in $(seq 100); do grep -q "disk full" host.err && break; sleep 0.05; done
    kill -"$signal" "$HOST"
    ended "$HOST"
    [ "$signal" = KILL ] || { [ "$status" -eq 3 ] && grep -q "commit failed" host.err && grep -q "hint: " host.err; }
    ended "$waiting"
    [ "$status" -ne 0 ] && [ ! -s waits ]
    [ "$signal" = KILL ] || { [ "$status" -eq 1 ] && grep -q "same request again" waits.err; }
    start_host "$EX/counter.js" --dir "data$signal"
    total=$(call "$URL" get)
    [ "$total" -eq 1 ] || [ "$total" -eq 2 ]
    stop_host
    expect 0 "ok: " audit "data$signal"
  done
}

@test "a full disk before the first call: nothing is deployed, and the folder works later" {
  run bash -c "ulimit -S -f 1; exec '$BUILD/vms-host' '$EX/counter.js' --dir data --listen 127.0.0.1:0"
  [ "$status" -eq 3 ] || { echo "exit $status: $output"; false; }
  [[ "$output" == *"no space left"* ]] && [[ "$output" == *"hint: "* ]]
  start_host "$EX/counter.js" --dir data
  expect 0 1 call "$URL" add
}

@test "SIGTERM and SIGINT under load: exit 0, and what was answered is there" {
  local total=0 signal
  for signal in TERM INT TERM INT; do
    start_host "$EX/counter.js" --dir data
    before=$(call "$URL" get)
    load_start out
    wait_for_lines out 100
    kill -"$signal" "$HOST"
    ended "$HOST"
    [ "$status" -eq 0 ] || { echo "exit $status"; cat host.err; false; }
    ended "$CALLER"
    [ "$status" -eq 1 ] || [ "$status" -eq 3 ]
    total=$((before + $(answered out)))
    run audit --json data
    [ "$status" -eq 0 ]
    start_host "$EX/counter.js" --dir data
    [ "$(call "$URL" get)" -ge "$total" ]
    stop_host
  done
  expect 0 "ok: " audit data
}

@test "hosts that race for one folder: exactly one serves" {
  local round i serving
  for round in 1 2 3 4 5; do
    local pids=()
    for i in 1 2 3 4; do
      "$BUILD/vms-host" "$EX/counter.js" --dir "race$round" --listen 127.0.0.1:0 --quiet > "ready$i" 2> "err$i" 3>&- &
      pids+=($!); HOST_PIDS+=($!)
    done
    for i in $(seq 200); do [ "$(cat ready? | wc -l)" -ge 1 ] && [ "$(grep -l 'served by' err? | wc -l)" -eq 3 ] && break; sleep 0.05; done
    serving=$(cat ready? | wc -l)
    [ "$serving" -eq 1 ] || { echo "$serving hosts serve"; cat err?; false; }
    read -r URL LEDGER ARCHIVE < <(cat ready?)
    expect 0 1 call "$URL" add
    for i in 1 2 3 4; do
      kill -TERM "${pids[i - 1]}" 2>/dev/null || true
      ended "${pids[i - 1]}"
      if [ -s "ready$i" ]; then [ "$status" -eq 0 ]; else [ "$status" -eq 3 ] && grep -q "hint: " "err$i"; fi
    done
    expect 0 "ok: 4 records" audit "race$round"
    [ "$(ls "race$round/services" | wc -l)" -eq 1 ]
  done
}

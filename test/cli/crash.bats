# SPDX-License-Identifier: MIT
# Hosts that die, run out of disk or race for a folder: what was answered stands, and the audit passes.
load ../support/helpers

# load_start FILE: adds as fast as it goes until the host is gone; one outcome per line in FILE
load_start() {
  yes '{"method":"add","params":[1]}' | head -1000000 > in
  "$BUILD/vms-call" --timeout 2 "$URL" < in > "$1" 2> "$1.err" 3>&- &
  CALLER=$!
}

# under_load FILE COUNT: the same, once that many are answered; whoever gave up since the machine stood still begins again
under_load() {
  local file=$1 count=$2
  for _ in 1 2 3 4 5; do
    load_start "$file"
    wait_until '[ "$(wc -l < "$file")" -ge "$count" ] || ! kill -0 "$CALLER" 2> /dev/null'
    [ "$(wc -l < "$file")" -lt "$count" ] || return 0
  done
  cat "$file.err"
  return 1
}

ended() { # PID: sets status; `run` would wait in a subshell, whose child it is not
  status=0
  wait "$1" 2>/dev/null || status=$?
}

# used FILE: its bytes without the zeros that a host writes ahead of a journal's frames
used() { python3 -c 'import sys; print(len(open(sys.argv[1], "rb").read().rstrip(b"\0")))' "$1"; }

answered() { cat "$@" | grep -c '^{"result":[0-9]*}$' || true; }

answered_any() { grep -c '^{"result":.*}$' "$1" || true; }

# calls ROUND CALLER METHOD: work for one caller, every value its own
calls() { yes "" | head -120 | awk -v r="$1" -v c="$2" -v m="$3" '{ printf "{\"method\":\"%s\",\"params\":[\"k%d\",\"%s.%s.%d\"]}\n", m, NR % 7, r, c, NR }'; }

# spoil_index ROUND: what is derived may be lost, damaged or old, and nobody notices
spoil_index() {
  local names=(journal callers)
  local file=data/services/$LEDGER/index/${names[RANDOM % 2]}
  case $(($1 % 4)) in
    0) [ ! -f "$file" ] || cp "$file" old ;;
    1) rm -rf data/services/*/index ;;
    2) [ ! -s "$file" ] || printf 'x%.0s' {1..90} | dd of="$file" bs=1 seek=$((RANDOM % $(stat -c %s "$file"))) conv=notrunc status=none ;;
    3) [ ! -f old ] || cp old "$file" ;;
  esac
}

# deploy_and_die ROUND: deploys one more service and is killed within the first 50 ms, or once it is promised. Ready lines go to `born`.
deploy_and_die() {
  : > born
  "$BUILD/vms-host" --dir data --listen 127.0.0.1:0 --quiet --mount "/born$1=$EX/hello.js" > born 2> born.err 3>&- &
  HOST_PIDS+=($!)
  if [ $(($1 % 4)) -eq 3 ]; then wait_until '[ -s born ]'; else sleep "0.0$(printf %02d $((RANDOM % 50)))"; fi
  kill -9 $!; ended $!
  awk '{ print $1 }' born | sed -n 's|.*/born|/born|p' >> promised
}

@test "kill -9 at random moments under load, twenty times on one folder" {
  RANDOM=${SEED:-1}
  echo "SEED=${SEED:-1}"
  cat > kv.js <<'JS'
exports.put = async (key, value) => { await System.files.writeFile('/' + key, value); return value }
JS
  cat > counter.js <<'JS'
let n = 0
exports.add = (key, value) => { n++; return value }
JS
  local round caller url pids path
  touch promised
  for round in $(seq 20); do
    [ $((round % 2)) -eq 0 ] || deploy_and_die "$round"
    start_host counter.js --dir data --mount /kv=kv.js
    wait_until '[ "$(wc -l < ready)" -ge 2 ]'
    for path in $(sort -u promised); do grep -q "$path " ready || { echo "round $round: $path was deployed"; cat ready; false; }; done
    pids=()
    for caller in 1 2 3 4; do
      url=$URL
      [ $((caller % 2)) -eq 0 ] || url=${URL}kv
      calls "$round" "$caller" "$([ $((caller % 2)) -eq 0 ] && echo add || echo put)" > "in$caller"
      "$BUILD/vms-call" --timeout 2 --key "key$caller" "$url" < "in$caller" > "out$caller.$round" 2> "err$caller" 3>&- &
      pids+=($!)
    done
    [ $((round % 5)) -eq 0 ] || wait_until '[ -s "out1.$round" ] || ! kill -0 "${pids[0]}" 2> /dev/null' # now and then even before the first answer
    sleep "0.0$(printf %02d $((RANDOM % 20)))"
    kill -9 "$HOST"; ended "$HOST"
    for caller in 1 2 3 4; do
      ended "${pids[caller - 1]}"
      [ "$status" -eq 3 ] || [ "$(answered_any "out$caller.$round")" -eq 120 ] || { echo "round $round: vms-call ended with $status"; cat "err$caller"; false; }
    done
    expect 0 "" audit data || expect 3 "not whole" audit data # torn, never false
    spoil_index "$round"
  done
  [ "$(sort -u promised | wc -l)" -ge 5 ]
  start_host counter.js --dir data --mount /kv=kv.js
  expect 0 "ok: " audit "$URL"
  expect 0 "ok: " audit "${URL}kv"
  stop_host
  expect 0 "ok: " audit data
  for caller in 1 2 3 4; do call --key "key$caller" --whoami > "who$caller"; done
  BUILD=$BUILD python3 - <<'PY'
import glob, json, subprocess, os
total, records = 0, []
for service in glob.glob('data/services/*'):
    log = subprocess.run([os.environ['BUILD'] + '/vms-audit', '--log', service], capture_output=True, text=True, check=True).stdout
    records += map(json.loads, log.splitlines())
for caller in range(1, 5):
    who, stood = open(f'who{caller}').read().strip(), {}
    for record in records:
        if record.get('caller') == who: stood[record['result']] = stood.get(record['result'], 0) + 1
    for name in glob.glob(f'out{caller}.*'):
        for line in open(name):
            if not line.endswith('\n'): continue
            answer = json.loads(line)
            if 'result' not in answer: continue
            assert stood.get(answer['result']) == 1, (name, answer, stood.get(answer['result']))
            total += 1
print(total, 'answered calls stand in the ledgers')
assert total > 500, total
PY
}

@test "a full disk: callers wait or are refused, nothing answered is lost, room brings it back" {
  start_host "$EX/counter.js" --dir data
  journal=data/services/$LEDGER/journal
  under_load out 200
  prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 3000)): # the soft limit: the journal cannot grow beyond
  wait_until 'grep -q "disk full" host.err'
  grep -q "disk full" host.err
  expect 1 "disk is full" call "$URL" add
  expect 0 "" call "$URL" vms.head                # reading goes on
  expect 0 "ok: " audit "$URL"
  kill -0 "$HOST"
  kill -9 "$CALLER" 2> /dev/null || true          # it may have given up
  ended "$CALLER"
  prlimit --pid "$HOST" --fsize=unlimited:
  wait_until 'call "$URL" add > added 2>&1'
  [ "$(cat added)" -gt "$(answered out)" ]
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
  wait_until 'grep -q "disk full" host.err'
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
    wait_until 'grep -q "disk full" host.err'
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

@test "SIGTERM at the very moment in which a host says that it is up: exit 0" {
  python3 - "$BUILD/vms-host" "$EX/hello.js" <<'PY'
import signal, subprocess, sys
for i in range(20):
    host = subprocess.Popen([sys.argv[1], '--quiet', '--listen', '0', '--dir', 'data', sys.argv[2]], stdout=subprocess.PIPE)
    host.stdout.read(1)
    host.send_signal(signal.SIGTERM)
    assert host.wait(20) == 0, host.returncode
PY
}

@test "SIGTERM and SIGINT under load: exit 0, and what was answered is there" {
  local total=0 signal
  for signal in TERM INT TERM INT; do
    start_host "$EX/counter.js" --dir data
    before=$(call "$URL" get)
    under_load out 100
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
    rm -f ready? err?
    for i in 1 2 3 4; do
      "$BUILD/vms-host" "$EX/counter.js" --dir "race$round" --listen 127.0.0.1:0 --quiet > "ready$i" 2> "err$i" 3>&- &
      pids+=($!); HOST_PIDS+=($!)
    done
    wait_until '[ "$(cat ready? | wc -l)" -ge 1 ] && [ "$(grep -l "served by" err? | wc -l)" -eq 3 ]'
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

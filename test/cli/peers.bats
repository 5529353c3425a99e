# SPDX-License-Identifier: MIT
# Peers that do not keep to the protocol, on either end: a tool says what it met in one line, in time, with exit status 3;
# a host goes on serving everybody else.
load ../support/helpers

start_peer() { # sets PORT
  : > port
  python3 "$ROOT/test/support/peer.py" > port 2> peer.err 3>&- &
  HOST_PIDS+=("$!")
  local i
  wait_until '[ -s port ]'
  PORT=$(cat port)
}

# could_not_tell NAME INPUT COMMAND...: exit status 3 in time, nothing on stdout, one line that is clean, and a hint
could_not_tell() {
  local name=$1 input=$2 status=0 hints
  shift 2
  printf '%s' "$input" | timeout 120 "$@" > "$name.out" 2> "$name.err" || status=$?
  hints=$(grep -c '^hint: .' "$name.err" || true)
  [ "$hints" -eq 1 ] || status="$status without a hint"
  [ "$status" = 3 ] && [ ! -s "$name.out" ] && [ "$(grep -c '^vms-[a-z]*: .' "$name.err")" -eq 1 ] &&
    [ "$(wc -l < "$name.err")" -eq $((1 + hints)) ] && ! grep -q $'\033' "$name.err" && return 0
  { echo "a peer that $manner: exit $status of ${*##*/}"; cat "$name.out" "$name.err"; } >> failures
}

probe() { # NUMBER
  local url=ws://127.0.0.1:$PORT/$1
  could_not_tell "$1a" '' "$BUILD/vms-call" --timeout 0.5 --anonymous "$url" hello
  could_not_tell "$1b" '' "$BUILD/vms-call" --timeout 0.5 "$url" hello
  could_not_tell "$1c" '{"method":"hello"}
{"method":"hello"}' "$BUILD/vms-call" --timeout 0.5 --anonymous "$url"
  case $manner in # vms-audit reports on stdout what is not right with them
    "answers a number" | "answers an empty object" | "answers a seq of text") return ;;
  esac
  could_not_tell "$1d" '' "$BUILD/vms-audit" --timeout 1 "$url"
}

probe_all() { # KIND
  local number kind manner probes=()
  start_peer
  whoami_key > /dev/null # one key for all
  : > failures
  while read -r number kind manner; do
    [ "$kind" = "$1" ] || continue
    probe "$number" 3>&- &
    probes+=($!)
    [ $((${#probes[@]} % 4)) -ne 0 ] || wait "${probes[@]}"
  done < <(python3 "$ROOT/test/support/peer.py" manners)
  wait "${probes[@]}"
  [ "${#probes[@]}" -gt 10 ]
  cat failures
  [ ! -s failures ]
}

@test "vms-call and vms-audit against peers that break the handshake" { probe_all shake; }
@test "vms-call and vms-audit against peers that break the protocol later" { probe_all later; }

@test "a batch that begins with a reading request: no answer is lost" {
  start_host "$EX/counter.js" --dir data
  printf '{"method":"files.readdir","params":["/"]}\n{"method":"add"}\n{"method":"vms.head"}\n{"method":"add"}\n' > in
  run bash -c "'$BUILD/vms-call' --timeout 300 '$URL' < in"
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 4 ]
  [ "${lines[0]}" = '{"result":["counter.json"]}' ]
  [ "${lines[1]}" = '{"result":1}' ]
  [ "${lines[3]}" = '{"result":2}' ]
}

@test "rude guests of a host: each gets what the protocol says, and the others are served meanwhile" {
  start_host "$EX/counter.js" --dir data
  expect 0 1 call "$URL" add
  local scenario guests=()
  : > failures
  for scenario in byte_by_byte idle too_long malformed fragments batches slow_reader half_open garbage leaves; do
    timeout 600 python3 "$ROOT/test/support/guests.py" "$URL" "$HOST" "$scenario" > "$scenario.log" 2>&1 3>&- ||
      { echo "$scenario:"; tail -5 "$scenario.log"; } >> failures
  done
  cat failures
  [ ! -s failures ]
  expect 0 2 call "$URL" add
  stop_host
  [ ! -s host.err ]
  expect 0 "ok: 5 records" audit data
}

@test "several processes with one key: what lost the race is signed anew, each call runs once" {
  start_host "$EX/counter.js" --dir data
  whoami_key > /dev/null
  yes '{"method":"add","params":[1]}' | head -1000 > in
  local i callers=()
  for i in 1 2 3 4; do
    "$BUILD/vms-call" --timeout 300 "$URL" < in > "out$i" 2> "err$i" 3>&- &
    callers+=($!)
  done
  for i in 1 2 3 4; do wait "${callers[i - 1]}" || { sort "out$i" | uniq -c | sort -rn | grep error | head -3; cat "err$i"; false; }; done
  expect 0 4000 call "$URL" get
  [ "$(cat out? | grep -c '^{"result":[0-9]*}$')" -eq 4000 ]
  [ "$(cat out? | sort -u | wc -l)" -eq 4000 ] # each call saw a number of its own
  callers=()
  for i in $(seq 20); do "$BUILD/vms-call" --timeout 300 "$URL" add > "one$i" 2>&1 3>&- & callers+=($!); done
  for i in $(seq 20); do wait "${callers[i - 1]}" || { cat "one$i"; false; }; done
  expect 0 4020 call "$URL" get
  stop_host
  expect 0 "ok: " audit data
}

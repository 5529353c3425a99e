# SPDX-License-Identifier: MIT
# Hosts whose disk is full or that are killed while callers change files: what was answered stands, nothing else shows, the audit passes.
load ../support/helpers

setup() {
  T=$(mktemp -d)
  export XDG_CONFIG_HOME=$T/config XDG_DATA_HOME=$T/data NO_COLOR=1
  cd "$T" || return 1
  cat > files.js <<'JS'
const f = System.files
exports.init = async () => { for (const who of ['1', '2', '3']) await f.mkdir('/' + who) }
exports.write = async (path, size) => { await f.writeFile(path, path + ' '.repeat(size)); return path }
exports.move = async (from, to) => { await f.rename(from, to); return to }
exports.remove = async path => { await f.unlink(path); return path }
exports.many = async (folder, count, size) => {
  await f.mkdir(folder)
  for (let i = 0; i < count; i++) await f.writeFile(folder + '/' + i, 'x'.repeat(size))
  return count
}
JS
}

ended() { # PID: sets status
  status=0
  wait "$1" 2>/dev/null || status=$?
}

# used FILE: its bytes without the zeros that a host writes ahead of a journal's frames
used() { python3 -c 'import sys; print(len(open(sys.argv[1], "rb").read().rstrip(b"\0")))' "$1"; }

wait_for_text() { # FILE TEXT
  local file=$1 text=$2
  wait_until 'grep -q "$text" "$file"' || { cat "$file"; return 1; }
}

# requests WHO ROUND: writes, moves and removals of one caller in its own folder, all of them good if those before were
requests() {
  python3 - "$1" "$2" <<'PY'
import json, random, sys
who, round = sys.argv[1:]
random.seed(who + round)
here, n = [], 0
for i in range(60):
    what = random.randrange(6)
    if what < 3 or not here:
        path = f'/{who}/{round}.{n}'; n += 1; here.append(path)
        print(json.dumps({'method': 'write', 'params': [path, random.choice([0, 10, 3000, 70000])]}, separators=(',', ':')))
    elif what < 4:
        path = random.choice(here)
        print(json.dumps({'method': 'write', 'params': [path, random.randrange(500)]}, separators=(',', ':')))
    elif what < 5:
        path = here.pop(random.randrange(len(here)))
        to = f'/{who}/{round}.{n}'; n += 1; here.append(to)
        print(json.dumps({'method': 'move', 'params': [path, to]}, separators=(',', ':')))
    else:
        path = here.pop(random.randrange(len(here)))
        print(json.dumps({'method': 'remove', 'params': [path]}, separators=(',', ':')))
PY
}

# expect_files: the files are those behind the requests of each round that were answered, and perhaps one or more behind them
expect_files() {
  call "$URL" files.readdir / '{"recursive":true,"stat":true}' > list
  python3 - <<'PY'
import glob, json
found = {}
for entry in json.load(open('list')):
    if entry['stat']['type'] == 'file': found['/' + entry['name']] = entry['stat']['size']
answered = 0
for name in sorted(glob.glob('in.*')):
    requests = [json.loads(line) for line in open(name)]
    lines = [line for line in open(name.replace('in.', 'out.')) if line.endswith('\n') and line.startswith('{"result"')]
    who, round = name.split('.')[1:]
    mine = {path: size for path, size in found.items() if path.startswith(f'/{who}/{round}.')}
    answered += len(lines)
    states, now = [], {}
    for count, request in enumerate(requests + [None]):
        if count >= len(lines): states.append(dict(now))
        if request is None: break
        params = request['params']
        if request['method'] == 'write': now[params[0]] = len(params[0]) + params[1]
        elif request['method'] == 'move': now[params[1]] = now.pop(params[0])
        else: del now[params[0]]
    assert mine in states, (name, len(lines), mine, states[:2])
print(answered, 'answered')
PY
}

@test "kill -9 while callers write, move and remove files: the files are what was answered" {
  RANDOM=${SEED:-1}
  local round who pids
  for round in $(seq 8); do
    start_host files.js --dir data
    pids=()
    for who in 1 2 3; do
      requests "$who" "$round" > "in.$who.$round"
      "$BUILD/vms-call" --timeout 2 --key "key$who" "$URL" < "in.$who.$round" > "out.$who.$round" 2> "err$who" 3>&- &
      pids+=($!)
    done
    wait_until '[ -s "out.1.$round" ] || ! kill -0 "${pids[0]}" 2> /dev/null'
    sleep "0.0$(printf %02d $((RANDOM % 60)))"
    kill -9 "$HOST"; ended "$HOST"
    for who in 1 2 3; do ended "${pids[who - 1]}"; done
  done
  start_host files.js --dir data
  expect_files
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "a full disk in the middle of a call that writes many files: none of them is there, and room brings them all" {
  launch files.js --dir data
  journal=data/services/$LEDGER/journal
  expect 0 5 call "$URL" many /before 5 1000
  prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 150000)):
  call "$URL" many /large 40 20000 > waits 2> waits.err 3>&- &
  waiting=$!
  wait_for_text host.err "disk full"
  expect 1 "NotFoundError" call "$URL" files.stat /large   # reading goes on, of what is durable
  expect 0 '["1","2","3","before"]' call "$URL" files.readdir /
  expect 1 "disk is full" call "$URL" write /small 10
  expect 0 "ok: " audit "$URL"
  [ ! -s waits ]
  prlimit --pid "$HOST" --fsize=unlimited:
  wait "$waiting"
  [ "$(cat waits)" = 40 ]
  expect 0 "/small" call "$URL" write /small 10
  [ "$(call "$URL" files.readdir /large | tr , '\n' | wc -l)" -eq 40 ]
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "a full disk and a host that is killed then: the files are those of before, and the same call works later" {
  launch files.js --dir data
  journal=data/services/$LEDGER/journal
  expect 0 5 call "$URL" many /before 5 1000
  prlimit --pid "$HOST" --fsize=$(($(used "$journal") + 100000)):
  call "$URL" many /large 40 20000 > waits 2> waits.err 3>&- &
  waiting=$!
  wait_for_text host.err "disk full"
  kill -9 "$HOST"; ended "$HOST"
  ended "$waiting"
  [ "$status" -ne 0 ] && [ ! -s waits ]
  start_host files.js --dir data
  expect 0 '["1","2","3","before"]' call "$URL" files.readdir /
  expect 0 40 call "$URL" many /large 40 20000
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "quotas: a call that asks for too much says so, and changes nothing" {
  start_host files.js --dir data --max-files 13000 --max-call-files 6000
  expect 0 /1/a call "$URL" write /1/a 5990 # 5,994 bytes, and four of the path
  expect 1 "limit of files" call "$URL" write /1/a 5993
  expect 1 "limit of files" call "$URL" many /2/many 7 900
  expect 0 /1/b call "$URL" write /1/b 5990
  expect 1 "QuotaExceededError" call "$URL" write /1/c 1009
  expect 0 /1/c call "$URL" write /1/c 1008
  expect 1 "QuotaExceededError" call "$URL" write /1/d 0
  expect 0 '["1/a","1/b"]' call "$URL" files.readdir / '{"recursive":true,"after":"1","limit":2}'
  expect 0 '"size":13000' call "$URL" files.getInfo
  [ "$(member "$(call "$URL" vms.info)" limits.files_total)" = 13000 ]
  stop_host
  expect 0 "ok: " audit data
}

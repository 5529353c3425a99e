# SPDX-License-Identifier: MIT
# Bad input: one clear line that says what to do next, the right exit status, and nothing acknowledged is lost.
load ../support/helpers

clear_error() { # the last command said who it is and, on another line, gave a hint
  [[ "$output" == *"hint: "* ]] || { echo "no hint: $output"; return 1; }
}

@test "a script with a syntax error" {
  printf 'exports.f = () => {\n  let a = 1\n  let a = 2\n}\n' > bad.js
  expect 1 "3:7" "$BUILD/vms-host" bad.js --listen 127.0.0.1:0 --dir data
  [[ "$output" == *"SyntaxError"* ]] && [[ "$output" == *"let a = 2"* ]] && [[ "$output" == *"^"* ]]
  [ ! -d data/services ] || [ -z "$(ls data/services)" ]
}

@test "syntax that is not lowered yet is refused with its place, never misread" {
  printf 'exports.f = function* () {\n  yield 1\n}\nexports.g = async function* () { yield 1 }\n' > new.js
  run "$BUILD/vms-host" new.js --listen 127.0.0.1:0 --dir data --help
  start_host new.js --dir data && stop_host || grep -q 'SyntaxError' host.err
}

@test "a script that throws at the top level, and an init that throws" {
  printf 'throw new RangeError("not today")\n' > bad.js
  expect 1 "RangeError: not today" "$BUILD/vms-host" bad.js --listen 127.0.0.1:0 --dir data
  printf 'exports.init = async () => { throw new Error("no party") }\n' > bad.js
  expect 1 "no party" "$BUILD/vms-host" bad.js --listen 127.0.0.1:0 --dir data
  printf 'for (;;) {}\n' > bad.js
  expect 1 "steps" "$BUILD/vms-host" bad.js --listen 127.0.0.1:0 --dir data
  [ -z "$(ls data/services 2>/dev/null)" ]
  printf 'exports.f = () => 1\n' > bad.js # and the folder is not spoilt for a script that works
  start_host bad.js --dir data
  expect 0 1 call "$URL" f
}

@test "a missing script, a folder as script, no script at all" {
  expect 2 "nothing.js" "$BUILD/vms-host" nothing.js --listen 127.0.0.1:0 --dir data
  mkdir folder.js
  expect 2 "folder.js" "$BUILD/vms-host" folder.js --listen 127.0.0.1:0 --dir data
  run "$BUILD/vms-host" --listen 127.0.0.1:0 --dir empty
  [ "$status" -eq 2 ]
}

@test "a port in use" {
  start_host "$EX/hello.js" --dir data
  port=${URL##*:}; port=${port%/}
  expect 3 "$port" "$BUILD/vms-host" "$EX/hello.js" --dir other --listen "127.0.0.1:$port"
  clear_error
}

@test "a data folder of another script, and one in use by another host" {
  start_host "$EX/hello.js" --dir data
  expect 3 "data" "$BUILD/vms-host" "$EX/hello.js" --dir data --listen 127.0.0.1:0
  clear_error
  stop_host
  expect 3 "another script" "$BUILD/vms-host" "$EX/counter.js" --dir data --listen 127.0.0.1:0
  clear_error
  expect 0 "ok: " audit data
  start_host "$EX/hello.js" --dir data
  expect 0 '"hello you"' call "$URL" hello you
}

@test "a truncated journal" {
  start_host "$EX/counter.js" --dir data
  for i in 1 2 3; do call "$URL" add > /dev/null; done
  kill -9 "$HOST"; wait "$HOST" || true
  journal=data/services/$LEDGER/journal
  cp "$journal" whole
  used=$(python3 -c 'import sys; print(len(open(sys.argv[1], "rb").read().rstrip(b"\0")))' "$journal") # behind that there is room made ahead
  truncate -s $((used - 5)) "$journal"
  XDG_DATA_HOME=$T/none expect 3 "incomplete: torn: " audit data # by somebody who has called nothing; what is whole was judged
  [[ "$output" == *"not whole; the 5 records before it are fine"* ]]
  clear_error
  XDG_DATA_HOME=$T/none run audit --json data
  [ "$(member "${lines[0]}" length)" = 5 ]
  expect 3 "what came later: the host signed for more records than this copy has" audit data # who called it knows that there was more
  mv kept kept.before
  start_host "$EX/counter.js" --dir data # recovers: what was cut off is the only thing missing
  expect 0 2 call "$URL" get
  stop_host
  expect 0 "ok: " audit data
  cp whole "$journal"; truncate -s 20 "$journal"
  expect 3 "journal" "$BUILD/vms-host" "$EX/counter.js" --dir data --listen 127.0.0.1:0
  expect 3 "" audit data
}

@test "a bit-flipped journal is reported with its place and never served" {
  start_host "$EX/counter.js" --dir data
  for i in 1 2 3; do call "$URL" add > /dev/null; done
  stop_host
  journal=data/services/$LEDGER/journal
  cp "$journal" whole
  size=$(stat -c %s "$journal")
  for part in 10 40 70 95; do
    at=$((size * part / 100))
    cp whole "$journal"
    python3 -c 'import sys
f=open(sys.argv[1],"r+b"); f.seek(int(sys.argv[2])); b=f.read(1); f.seek(int(sys.argv[2])); f.write(bytes([b[0]^4]))' "$journal" "$at"
    run "$BUILD/vms-host" "$EX/counter.js" --dir data --listen 127.0.0.1:0
    [ "$status" -eq 3 ] || { echo "byte $at of $size: exit $status: $output"; false; }
    clear_error
    run audit data
    [ "$status" -eq 3 ] || { echo "byte $at of $size: audit exit $status: $output"; false; }
  done
  cp whole "$journal"
  expect 0 "ok: " audit data
}

@test "a URL nobody answers, a URL that is none, a host that is no vms-host" {
  expect 3 "127.0.0.1:9" call ws://127.0.0.1:9/ hello
  clear_error
  expect 3 "127.0.0.1:9" audit ws://127.0.0.1:9/
  clear_error
  expect 2 "" call not-a-url hello
  expect 3 "" audit ./nothing
  clear_error
  python3 -u -m http.server --bind 127.0.0.1 0 > http.log 2>&1 3>&- &
  web=$!; HOST_PIDS+=("$web")
  wait_until 'port=$(sed -n "s/.*port \([0-9]*\).*/\1/p" http.log); [ -n "$port" ]'
  expect 3 "" call --timeout 5 "ws://127.0.0.1:$port/" hello
}

@test "a method that does not exist, bad --params, a bad option" {
  start_host "$EX/hello.js" --dir data
  expect 1 "no method" call "$URL" goodbye
  expect 1 "" call "$URL" init
  expect 1 "" call "$URL" files.nope /
  expect 1 "" call "$URL" vms.nope
  expect 2 "JSON" call --params nonsense "$URL" hello
  expect 2 "--timeout" call --timeuot 3 "$URL" hello
  expect 2 "--ledger" audit --leger x "$URL"
  expect 2 "64 hex" audit --ledger x "$URL"
  expect 2 "" "$BUILD/vms-host" --listen nowhere "$EX/hello.js"
  expect 0 '"hello you"' call "$URL" hello you
  expect 0 "ok: 3 records" audit "$URL"
}

@test "a contract's error, a limit, and control characters in what strangers wrote" {
  cat > evil.js <<'J'
exports.say = text => { throw new Error(text) }
exports.spin = () => { for (;;) { try { throw 1 } catch (e) { } } }
exports.grow = () => { let s = 'x'; for (;;) { s += s } }
J
  start_host evil.js --dir data --max-steps 2000000 --max-memory 8388608
  printf '\033[31mred\033[0m\342\200\256' > text
  run call "$URL" say @text
  [ "$status" -eq 1 ]
  [[ "$output" != *$'\033'* ]] && [[ "$output" == *red* ]]
  expect 1 "steps" call "$URL" spin
  expect 1 "memory" call "$URL" grow
  expect 1 "Error: on" call "$URL" say on
  run audit "$URL"
  [ "$status" -eq 0 ]
}

@test "help and version" {
  for tool in vms-host vms-call vms-audit; do
    expect 0 "sage: $tool" "$BUILD/$tool" --help
    expect 0 "$tool 0." "$BUILD/$tool" --version
    # every option of --help stands in the man page
    for option in $("$BUILD/$tool" --help | grep -oE '^ +--[a-z-]+' | tr -d ' -' ); do
      tr -d -- '-\\ ' < "$ROOT/doc/man/$tool.1" | grep -q "$option" || { echo "$tool.1 lacks --$option"; false; }
    done
  done
}

# SPDX-License-Identifier: MIT
# What vms-host and vms-call are told: each mistake is named in one line, a hint says what to do next, the exit status fits.
load ../support/helpers

refused() { # STATUS TEXT COMMAND...: as expect, with a hint, and nothing that was made
  expect "$@"
  [ "$(grep -c '^hint: .' <<< "$output")" -eq 1 ] || { echo "no hint: $output"; return 1; }
}

host() { timeout 100 "$BUILD/vms-host" "$@"; }

@test "vms-host: addresses" {
  for address in 70000 127.0.0.1: :0 127.0.0.1:x '[::1:0' example.com:0; do refused 2 "" host --dir d --listen "$address" "$EX/hello.js"; done
  refused 3 "192.0.2.1" host --dir d --listen 192.0.2.1:0 "$EX/hello.js"
  refused 2 "loopback" host --dir d --listen 0.0.0.0:0 --debug-users "$EX/hello.js"
  [ ! -e d ]
}

@test "vms-host: paths and folders" {
  for path in /a/../b '/a b' /a//b /a/; do refused 2 "path to mount" host --dir d --listen 127.0.0.1:0 --mount "$path=$EX/hello.js"; done
  refused 2 "PATH=SCRIPT" host --mount "a=$EX/hello.js"
  refused 2 "PATH=SCRIPT" host --mount /a
  refused 2 "twice" host --dir d --listen 127.0.0.1:0 --mount "/=$EX/hello.js" "$EX/hello.js"
  refused 2 "--dir" host --dir "" --listen 127.0.0.1:0 "$EX/hello.js"
  for dir in /proc/d /dev/null "$EX/hello.js"; do refused 3 "folder" host --dir "$dir" --listen 127.0.0.1:0 "$EX/hello.js"; done
  refused 2 "no.js" host --dir d no.js
  refused 2 "one SCRIPT" host "$EX/hello.js" "$EX/rsvp.js"
  [ ! -e d ]
}

@test "vms-host: numbers, words and titles" {
  for option in --epoch-calls --max-steps --max-memory --max-call-files --max-files --max-queue; do
    for number in 0 -1 1e3 0x10 99999999999999999999 "" " 1"; do refused 2 "$option needs a number" host "$option" "$number" "$EX/hello.js"; done
    refused 2 "$option needs a value" host "$option"
  done
  refused 2 "--max-memory needs a number from 1048576" host --max-memory 1000000 "$EX/hello.js"
  refused 2 "sync or os" host --durability never "$EX/hello.js"
  refused 2 "UTF-8" host --title $'\xff' --dir d --listen 127.0.0.1:0 "$EX/hello.js"
  refused 2 "takes no value" host --quiet=1 "$EX/hello.js"
  refused 2 "--max-queue" host --max-queu 5 "$EX/hello.js"
  refused 1 "steps" host --max-steps 1 --dir d --listen 127.0.0.1:0 "$EX/hello.js"
  [ ! -e d ]
}

@test "vms-host: what is told does what it says" {
  start_host "$EX/counter.js" --dir data --title 'a "party" é' --anonymous --epoch-calls 2 --max-steps 5000000 --max-memory 1048576 --max-queue 7
  info=$(call "$URL" vms.info)
  [ "$(member "$info" title)" = 'a "party" é' ]
  [ "$(member "$info" epoch)" = 2 ]
  [ "$(member "$info" anonymous)" = true ]
  [ "$(member "$info" limits.steps)" = 5000000 ] && [ "$(member "$info" limits.memory)" = 1048576 ]
  for i in 1 2 3; do expect 0 "$i" call --anonymous "$URL" add; done
  run audit --json "$URL"
  [ "$(member "$output" checked.starts)" -gt 1 ]
  yes '{"method":"add"}' | head -300 > in
  run bash -c "'$BUILD/vms-call' '$URL' < in"
  [ "$status" -eq 0 ] # what is refused as busy is sent again
  [ "$(grep -c '"result"' <<< "$output")" -eq 300 ] && [ "$(call "$URL" get)" -eq 303 ]
  # more than 7 at once are refused as busy, and nothing but those
  /usr/bin/python3 - "$URL" > outcomes <<'P'
import asyncio, json, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1]) as host:
        for n in range(300): await host.send(json.dumps({'jsonrpc': '2.0', 'id': n, 'method': 'add'}))
        for n in range(300): print(await host.recv())
asyncio.run(main())
P
  [ "$(grep -c '"result"' outcomes)" -eq $(($(call "$URL" get) - 303)) ]
  [ "$(grep -c '"code":-32004' outcomes)" -ge 1 ]
  [ "$(grep -c '"code":-32004' outcomes)" -eq $((300 - $(grep -c '"result"' outcomes))) ]
  stop_host
  refused 3 "other limits" host --dir data --listen 127.0.0.1:0 --max-steps 5 "$EX/counter.js"
  start_host --dir data # what was deployed earlier needs no script
  expect 0 "party" call "$URL" vms.info
  stop_host
  start_host "$EX/hello.js" --dir users --debug-users
  printf '{"method":"hello","params":["a"]}' > in
  expect 0 "hello a" call --anonymous "$URL?user=alice" hello a
  expect 0 '"caller":"debug:alice"' audit --log "$URL"
  stop_host
  : > ready
  "$BUILD/vms-host" --listen 127.0.0.1:0 --dir users --json-log > ready 2> log 3>&- & HOST=$!; HOST_PIDS+=("$HOST")
  wait_until '[ -s ready ]'
  stop_host
  while read -r line; do [ -n "$(member "$line" message)" ] && [ "$(member "$line" level)" = info ]; done < log
  [ "$(wc -l < log)" -ge 1 ]
}

@test "vms-call: URLs" {
  for url in ftp://x/ ws:// ws://:5/ ws://127.0.0.1:99999/ 'ws://127.0.0.1/a b' 'ws://127.0.0.1/#abc' 'ws://[fe80::1%lo]/' ws+unix::/; do refused 2 "" call "$url" hello; done
  refused 3 "nohost.invalid" call ws://nohost.invalid/ hello
  start_host "$EX/hello.js" --dir data
  refused 1 "no service" call "${URL}nothing" hello
  expect 0 "hello me" call "$URL#$LEDGER" hello me
  expect 0 "$LEDGER" call "$URL#$LEDGER" vms.info
  for method in hello vms.info files.readdir; do refused 4 "answers there, and not" call "$URL#$ARCHIVE" "$method"; done
  refused 4 "answers there, and not" call --anonymous "$URL#$ARCHIVE" vms.info
  run bash -c "echo '{\"method\":\"vms.info\"}' | '$BUILD/vms-call' '$URL#$ARCHIVE'"
  [ "$status" -eq 4 ]
}

@test "vms-call: arguments, keys and outputs" {
  refused 2 "no URL" call
  for seconds in 0 x nan -1 inf 1e9 ""; do refused 2 "--timeout" call --timeout "$seconds" ws://127.0.0.1:9/ hello; done
  refused 2 "--params needs a METHOD" call --params '[]' ws://127.0.0.1:9/
  refused 2 "exclude" call --key k --anonymous ws://127.0.0.1:9/ hello
  refused 2 "exclude" call --params '[]' ws://127.0.0.1:9/ hello 1
  echo zz > bad; chmod 600 bad
  refused 2 "64 hex digits" call --key bad ws://127.0.0.1:9/ hello
  chmod 644 bad
  refused 2 "others may read" call --key bad ws://127.0.0.1:9/ hello
  refused 2 "regular file" call --key / ws://127.0.0.1:9/ hello
  expect 2 "HOME" env -u HOME -u XDG_CONFIG_HOME "$BUILD/vms-call" --whoami
  start_host "$EX/hello.js" --dir data
  refused 2 "nofile" call "$URL" hello @nofile
  expect 0 '"hello @nofile"' call "$URL" hello '"@nofile"'
  refused 2 "a method is a name" call "$URL" ""
  refused 2 "UTF-8" call "$URL" hello $'\xff'
  refused 1 "signed calls only" call --anonymous "$URL" hello
  expect 0 "hello you" call --key new/key "$URL" hello you
  [ "$(stat -c %a new/key)" = 600 ]
  refused 3 "stdout" bash -c "'$BUILD/vms-call' '$URL' hello you > /dev/full"
  refused 3 "stdout" bash -c "'$BUILD/vms-call' '$URL' hello you >&-"
}

@test "standard files that are closed: no file or socket takes their place" {
  refused 3 "stdout" bash -c "'$BUILD/vms-host' '$EX/hello.js' --dir closed --listen 127.0.0.1:0 >&-"
  : > ready
  "$BUILD/vms-host" "$EX/hello.js" --dir data --listen 127.0.0.1:0 > ready 2>&- <&- 3>&- & HOST=$!; HOST_PIDS+=("$HOST")
  wait_until '[ -s ready ]'
  for fd in 0 2; do [ "$(readlink "/proc/$HOST/fd/$fd")" = /dev/null ]; done
  read -r URL LEDGER ARCHIVE < ready
  expect 0 "hello you" call "$URL" hello you
  stop_host
  expect 0 "ok: 3 records" audit data
}

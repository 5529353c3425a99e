# SPDX-License-Identifier: MIT
# The whole loop as a user runs it: serve, call, read, audit, restart, audit again.
load ../support/helpers

@test "RSVP: call, read the files, audit over the network and from disk" {
  start_host "$EX/rsvp.js" --dir party
  [[ "$URL" == ws://127.0.0.1:*/ ]]
  [ "${#LEDGER}" -eq 64 ] && [ "${#ARCHIVE}" -eq 64 ]
  run call "$URL" RSVP true "see you"
  [ "$status" -eq 0 ] && [ -z "$output" ]
  me=$(whoami_key)
  expect 0 "[\"$me.json\"]" call "$URL" files.readdir /rsvps
  run call --raw "$URL" files.readFile "/rsvps/$me.json"
  [ "$(member "$output" who)" = "$me" ]
  [ "$(member "$output" isAttending)" = true ]
  [ "$(member "$output" reason)" = "see you" ]
  expect 0 '"type":"file"' call "$URL" files.stat "/rsvps/$me.json"
  expect 0 "$ARCHIVE" call "$URL" files.getInfo
  expect 0 "ok: 4 records" audit "$URL"
  expect 0 "not checked" audit "$URL"
  stop_host
  expect 0 "ok: 4 records" audit party
  expect 0 "ok: 4 records" audit "party/services/$LEDGER"
}

@test "a restart keeps keys and files, starts a fresh epoch and passes the audit" {
  start_host "$EX/counter.js" --dir data
  first=$LEDGER
  for i in 1 2 3; do expect 0 "$i" call "$URL" add; done
  stop_host
  for round in 1 2 3; do
    start_host "$EX/counter.js" --dir data
    [ "$LEDGER" = "$first" ]
    expect 0 "$((3 + round))" call "$URL" add
    expect 0 "ok: " audit "$URL"
    kill -9 "$HOST"; wait "$HOST" || true
  done
  run audit --json data
  [ "$status" -eq 0 ]
  [ "$(member "$output" verdict)" = ok ]
  [ "$(member "$output" checked.starts)" = 4 ]
  [ "$(member "$output" checked.calls)" = 7 ]
  [ "$(member "$output" ledger)" = "$first" ]
  [ "$(member "$output" trust)" = trustless ]
  [ "$(member "$output" finding)" = null ]
}

@test "dist: files of any bytes come and go, and the audit runs their digests again" {
  python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 5 + b"\0\xff\xfe")' > thing
  digest=$(sha256sum thing | cut -d' ' -f1)
  start_host "$EX/dist.js" --dir data
  expect 0 "\"$digest\"" call "$URL" publish thing.bin "$(base64 -w0 thing)" "$digest"
  expect 1 "RangeError" call "$URL" publish other.bin "$(base64 -w0 thing)" 00
  expect 0 '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"' call "$URL" publish empty ""
  call --raw "$URL" fetch thing.bin | base64 -d | cmp - thing
  call --raw "$URL" files.readFile /files/thing.bin base64 | base64 -d | cmp - thing
  expect 0 '"+vv8"' call "$URL" fetch thing.bin 250 253
  expect 0 "true" call "$URL" check thing.bin
  expect 0 "\"size\":1283,\"sha256\":\"$digest\"" call "$URL" list
  expect 0 '"size":1283' call "$URL" files.stat /files/thing.bin
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "notes: every version of a text stays, with the record that made it" {
  start_host "$EX/notes.js" --dir data
  expect 0 "" call "$URL" write list "milk"
  expect 0 "" call "$URL" write list "milk, bread"
  expect 0 "" call "$URL" remove list
  expect 1 NotFoundError call "$URL" read list
  expect 0 '"milk"' call "$URL" read list 3
  expect 0 '"call":3}]' call "$URL" versions list
  expect 0 '[{"version":5,"removed":true,"by":"' call "$URL" versions list
  expect 0 '[{"version":3,"removed":false,"by":"' call "$URL" versions list 4
  expect 0 "" call "$URL" restore list 4
  expect 0 '"milk, bread"' call "$URL" read list
  expect 0 "" call "$URL" rename list shopping
  expect 0 '["shopping.txt"]' call "$URL" list
  expect 0 '[]' call "$URL" list shopping.txt
  expect 1 TypeError call "$URL" read list half
  expect 0 '"path":"/notes/shopping.txt"' call "$URL" files.history /notes '{"reverse":true}'
  expect 0 "ok: " audit "$URL"
  stop_host
}

@test "several services on one host, each with its own ledger" {
  start_host "$EX/hello.js" --mount "/count=$EX/counter.js" --dir data
  [ "$(wc -l < ready)" -eq 2 ]
  base=${URL%/}
  expect 0 '"hello bob"' call "$base/" hello bob
  expect 0 '5' call "$base/count" add 5
  expect 1 'no' call "$base/nothing" add 5 || expect 3 '' call "$base/nothing" add 5
  stop_host
  run audit --json data
  [ "$status" -eq 0 ]
  [ "$(echo "$output" | wc -l)" -eq 2 ]
}

@test "arguments: JSON where it parses, else text; @FILE; --params; negative numbers" {
  cat > echo.js <<'J'
exports.echo = (...args) => args
J
  cat > echo.js <<'J'
exports.echo = function () { return Array.prototype.slice.call(arguments) }
J
  start_host echo.js --dir data
  expect 0 '[-1,2.5,true,null,"x y",[1,2],{"a":1},"{oops"]' call "$URL" echo -1 2.5 true null "x y" '[1, 2]' '{"a": 1}' '{oops'
  printf 'file \303\251\n"q"' > content
  expect 0 '["file é\n\"q\""]' call "$URL" echo @content
  expect 0 '[{"a":[1]}]' call --params '[{"a": [1]}]' "$URL" echo
  run bash -c "echo '[7]' | '$BUILD/vms-call' --params - '$URL' echo"
  [ "$status" -eq 0 ] && [ "$output" = "[7]" ]
  expect 2 "" call --params '[7' "$URL" echo
  expect 2 "" call --params '{"a":1}' "$URL" echo
  expect 0 '["🎉"]' call "$URL" echo 🎉
}

@test "batch mode: one line in, one line out, in order, pipelined" {
  start_host "$EX/counter.js" --dir data
  for i in $(seq 200); do echo '{"method":"add","params":[1]}'; done > in
  run bash -c "'$BUILD/vms-call' '$URL' < in > out"
  [ "$status" -eq 0 ]
  [ "$(wc -l < out)" -eq 200 ]
  [ "$(head -1 out)" = '{"result":1}' ]
  [ "$(tail -1 out)" = '{"result":200}' ]
  printf '{"method":"get","params":[]}\n{"method":"nope","params":[]}\n' > in
  run bash -c "'$BUILD/vms-call' '$URL' < in"
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = '{"result":200}' ]
  [[ "${lines[1]}" == '{"error":{"code":-32601'* ]]
  expect 0 "ok: 204 records" audit "$URL"
}

@test "an honest host passes while it is being called" {
  start_host "$EX/counter.js" --dir data
  for i in $(seq 3000); do echo '{"method":"add","params":[1]}'; done > in
  "$BUILD/vms-call" "$URL" < in > out 3>&- &
  caller=$!
  audits=0
  while kill -0 "$caller" 2>/dev/null; do
    expect 0 "ok: " audit "$URL"
    expect 0 "ok: " audit data
    audits=$((audits + 1))
  done
  wait "$caller"
  [ "$(tail -1 out)" = '{"result":3000}' ]
  [ "$audits" -ge 1 ]
  expect 0 "ok: 3003 records" audit "$URL"
}

@test "--durability os: acknowledged before the disk, audited all the same" {
  start_host "$EX/counter.js" --dir data --durability os
  for i in 1 2 3; do expect 0 "$i" call "$URL" add; done
  wait_until '[ "$(member "$(call "$URL" vms.head)" length)" = 6 ]'
  expect 0 "ok: 6 records" audit "$URL"
  stop_host
  expect 0 "ok: 6 records" audit data
}

@test "kill -9 under load: what was answered is in the ledger" {
  start_host "$EX/counter.js" --dir data
  yes '{"method":"add","params":[1]}' | head -100000 > in
  "$BUILD/vms-call" --timeout 5 "$URL" < in > out 2> err 3>&- &
  caller=$!
  wait_until '[ "$(wc -l < out)" -gt 50 ]'
  kill -9 "$HOST"; wait "$HOST" || true
  wait "$caller" && false
  answered=$(grep -c '^{"result":' out)
  [ "$answered" -gt 50 ]
  start_host "$EX/counter.js" --dir data
  total=$(call "$URL" get)
  [ "$total" -ge "$answered" ]
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}

@test "what vms-audit can be told: --ledger --seen --code --min-length --level --log --quiet" {
  start_host "$EX/hello.js" --dir data
  call "$URL" hello you
  head=$(call "$URL" vms.head)
  seen="$(member "$head" length):$(member "$head" treeHash)"
  call "$URL" hello me
  expect 0 "ok: 4 records" audit --ledger "$LEDGER" --seen "$seen" --code "$EX/hello.js" --min-length 4 "$URL"
  expect 4 "finding: ledger" audit --ledger "$ARCHIVE" "$URL"
  expect 4 "finding: fork" audit --seen "3:$LEDGER" "$URL"
  expect 4 "finding: fork" audit --seen "99:$LEDGER" data
  expect 4 "another script" audit --code "$EX/rsvp.js" "$URL"
  expect 3 "incomplete: short" audit --min-length 5 "$URL"
  expect 0 "not replayed" audit --level chain "$URL"
  run audit --quiet "$URL"
  [ "$status" -eq 0 ] && [ -z "$output" ]
  run audit --log "$URL"
  [ "$status" -eq 0 ] && [ "${#lines[@]}" -eq 4 ]
  [ "$(member "${lines[0]}" type)" = init ]
  [ "$(member "${lines[3]}" result)" = "hello me" ]
}

@test "unsigned calls where block 0 allows them: --anonymous, --debug-users; the audit counts them" {
  printf 'exports.me = () => System.caller.id\n' > me.js
  start_host me.js --dir data --anonymous --debug-users --title "Who am I?" --epoch-calls 2
  expect 0 null call --anonymous "$URL" me
  expect 0 '"debug:bob"' call --anonymous "${URL}?user=bob" me
  expect 0 "\"$(whoami_key)\"" call "$URL" me
  expect 1 "" call --anonymous "${URL}?user=b%20b" me || expect 3 "" call --anonymous "${URL}?user=b%20b" me
  expect 0 '"title":"Who am I?"' call "$URL" vms.info
  run audit --json "$URL"
  [ "$status" -eq 0 ]
  [ "$(member "$output" checked.unsigned)" = 2 ]
  [ "$(member "$output" checked.starts)" = 2 ]
  [ "$(member "$output" trust)" = semi-trusted ]
  stop_host
  start_host "$EX/hello.js" --dir signed
  expect 1 "signed" call --anonymous "$URL" hello you
}

@test "the data folder is named after the script; the secret is for its owner's eyes; a second script at another path" {
  cp "$EX/hello.js" greet.js
  start_host greet.js
  [ -f "greet/services/$LEDGER/secret" ]
  [ "$(stat -c %a "greet/services/$LEDGER/secret")" = 600 ]
  [ "$(member "$(cat greet/services.json)" '/')" = "$LEDGER" ]
  stop_host
  start_host greet.js --mount "/count=$EX/counter.js"
  [ "$(wc -l < ready)" -eq 2 ]
  stop_host
  start_host --dir greet # everything that was deployed earlier
  [ "$(wc -l < ready)" -eq 2 ]
}

@test "a host that is told to stop twice does not wait for who takes nothing, and ends as well" {
  start_host "$EX/hello.js" --dir data
  python3 - "$URL" 3>&- <<'PY' &
import socket, sys, time, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect((url.hostname, url.port))
body = b'{"jsonrpc":"2.0","id":1,"method":"vms.info"}'
request = b'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body)
s.settimeout(2)
try:
    while True: s.sendall(request)
except socket.timeout: pass # it does not read any more: what waits for us is more than sockets hold
open('stuck', 'w').close()
time.sleep(600)
PY
  stuck=$!
  wait_until '[ -e stuck ]'
  kill -TERM "$HOST"
  sleep 0.5
  kill -TERM "$HOST" || true
  wait "$HOST"
  kill "$stuck"
  expect 0 'ok: ' audit data
}

# SPDX-License-Identifier: MIT
# vms-call with a line a call: pipelined, one line out per line in, in the same order; the exit status is that of the worst.
load ../support/helpers
load ../support/prompt

service() {
  cat > service.js <<'J'
let n = 0
exports.add = (k = 1) => n += k
exports.echo = (...args) => args
exports.nothing = () => undefined
exports.boom = text => { throw new RangeError(text) }
J
  start_host service.js --dir data
}

@test "every kind of line has an outcome in its place" {
  service
  printf '%s\n' '{"method":"echo","params":[1,"x"]}' '' '  ' '{"method":"nothing"}' 'nonsense' '{"method":"boom","params":["not today"]}' \
    '{"params":[]}' '{"method":"echo","params":{"a":1}}' '{"method":"echo","params":5}' '{"method":"goodbye"}' '{"method":""}' '[1]' \
    ' { "method" : "echo" , "params" : [ { "a" : 2 } ] } ' '{"method":"vms.head","params":{"core":"ledger"}}' '{"method":"files.stat","params":["/no"]}' \
    '{"method":"vms.subscribe"}' '{"method":"a\u0000b"}' > in
  printf '{"method":"add"}' >> in # the last line needs no end
  run bash -c "'$BUILD/vms-call' '$URL' < in 2> err"
  [ "$status" -eq 1 ]
  [ ! -s err ]
  [ "${#lines[@]}" -eq 16 ]
  [ "${lines[0]}" = '{"result":[1,"x"]}' ]
  [ "${lines[1]}" = '{}' ]
  [[ "${lines[2]}" == '{"error":{"code":-32600,'* ]]
  [[ "${lines[3]}" == '{"error":{"code":1,"message":"not today","data":{"name":"RangeError",'* ]]
  for i in 4 5 6 8 9 13 14; do [[ "${lines[i]}" == '{"error":{"code":-32600,'* ]] || { echo "line $i: ${lines[i]}"; false; }; done
  [[ "${lines[7]}" == '{"error":{"code":-32601,'* ]]
  [ "${lines[10]}" = '{"result":[{"a":2}]}' ]
  [[ "${lines[11]}" == '{"result":{"length":'* ]]
  [[ "${lines[12]}" == *'"name":"NotFoundError"'* ]]
  [ "${lines[15]}" = '{"result":1}' ]
  run bash -c "'$BUILD/vms-call' '$URL' < /dev/null"
  [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "thousands of calls are pipelined and stay in order; whoever waits for an answer gets it" {
  service
  for i in $(seq 1000); do echo "{\"method\":\"echo\",\"params\":[$i]}"; done > in
  call "$URL" < in > out
  for i in $(seq 1000); do echo "{\"result\":[$i]}"; done | cmp - out
  python3 - "$BUILD/vms-call" "$URL" <<'P'
import subprocess, sys
caller = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for n in range(1, 6):
    caller.stdin.write('{"method":"add"}\n')
    caller.stdin.flush()
    assert caller.stdout.readline() == '{"result":%d}\n' % n
caller.stdin.close()
assert caller.wait() == 0
P
}

@test "a host that dies in the middle: every line that was sent has an outcome, answers out of turn included; exit status 3" {
  service
  start_liar << 'J'
{"t.one": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}", "files.stat": "silent", "t.three": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":7}"}
J
  printf '{"method":"%s"}\n' t.one files.stat t.three > in
  run bash -c "'$BUILD/vms-call' --anonymous --timeout 5 '$URL' < in 2> err"
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 3 ]
  [ "${lines[0]}" = '{"result":{}}' ]
  [[ "${lines[1]}" == '{"error":{"status":"VMS_ERR_TIMEOUT","message":"'* ]]
  [ "${lines[2]}" = '{"result":7}' ]
  grep -q '^vms-call: no answer' err && grep -q '^hint: ' err
}

@test "a line of more than 16 MiB, standard output that takes nothing, wrong usage" {
  service
  run bash -c "head -c 17000000 /dev/zero | tr '\0' x | '$BUILD/vms-call' '$URL'"
  [ "$status" -eq 2 ] && [[ "$output" == *"a line of more than"* ]]
  run bash -c "yes '{\"method\":\"add\"}' | head -1000 | '$BUILD/vms-call' '$URL' > /dev/full"
  [ "$status" -eq 3 ] && [[ "$output" == *"stdout"* ]]
  expect 2 "--at is for" call --at 1 "$URL" < /dev/null
  expect 2 "--params needs a METHOD" call --params '[]' "$URL" < /dev/null
}

# SPDX-License-Identifier: MIT
# Every failure of vms-call: one line that says what it is, one that says what helps, an exit status that a script can go by.
load ../support/helpers
load ../support/prompt

# fails STATUS MESSAGE HINT COMMAND...: nothing on stdout, exactly these two kinds of line on stderr; no HINT: none
fails() {
  local wanted=$1 message=$2 hint=$3 got
  shift 3
  got=$("$@" 2> err; echo "status $?")
  [ "$got" = "status $wanted" ] || { echo "$*: $got, wanted $wanted"; cat err; return 1; }
  [ "$(grep -c '^vms-call: ' err)" -eq 1 ] && grep -qF -- "$message" <(sed -n 's/^vms-call: //p' err) || { echo "$*: no \"$message\""; cat err; return 1; }
  if [ -n "$hint" ]; then grep -qF -- "$hint" <(sed -n 's/^hint: //p' err) || { echo "$*: no hint \"$hint\""; cat err; return 1; }; fi
  [ "$(wc -l < err)" -eq $((1 + (${#hint} > 0))) ] || { echo "$*: more is said"; cat err; return 1; }
}

@test "wrong usage: exit status 2, before anything is asked" {
  local nobody=ws://127.0.0.1:9/
  while IFS='|' read -r message hint arguments; do
    eval "fails 2 '$message' '$hint' call $arguments"
  done << T
no URL|--help|
unknown option --timeuot|did you mean --timeout|--timeuot 3 $nobody f
unknown option --xyzzyplugh|--help lists|--xyzzyplugh $nobody f
--timeout needs a value: SECONDS|--help|--timeout
--timeout needs a number of seconds|--help|--timeout never $nobody f
--raw takes no value|--help|--raw=1 $nobody f
--at needs a version|--help|--at 0 $nobody files.stat /
--at is for a METHOD that reads files|--help|--at 1 $nobody vms.info
--verify is for a METHOD that reads files|--help|--verify $nobody f
--params and ARG exclude each other|--help|--params [] $nobody f 1
--params is no JSON text|--help|--params nonsense $nobody f
--params has to be a JSON array or object|--help|--params 5 $nobody f
parameters of a contract|--help|--params {} $nobody f
--key and --anonymous exclude each other|--help|--key k --anonymous $nobody f
--receipt needs a FILE: standard output|--help|--receipt - $nobody f
--receipt and --no-receipt exclude|--help|--receipt r --no-receipt $nobody f
--receipt and --anonymous exclude|--help|--receipt r --anonymous $nobody f
--receipt is for calls: vms.info only reads|--help|--receipt r $nobody vms.info
cannot write to /nodir/r|nothing was called|--receipt /nodir/r $nobody f
cannot read /nodir/ca|--help|--ca /nodir/ca $nobody f
--head calls nothing|--help|--head $nobody f
--forget calls nothing|--help|--forget $nobody f
T
}

@test "what is not kept cannot be told or forgotten: exit status 3" {
  fails 3 "no head of this service is kept" "every call keeps the newest one" call --head ws://127.0.0.1:9/
  fails 3 "nothing is kept about this URL" "without #KEY" call --forget ws://127.0.0.1:9/
  fails 2 "behind #" "a URL looks like" call --head ws://127.0.0.1:9/#abc
  [ ! -e kept/vms ]
}

@test "nobody there, nobody who answers, nobody who knows how to: exit status 3" {
  fails 3 "nobody answers at 127.0.0.1:9" "is vms-host running there?" call ws://127.0.0.1:9/ f
  fails 3 "nohost.invalid" "does this machine reach a name server?" call ws://nohost.invalid/ f
  fails 2 "a URL " "a URL looks like" call ftp://127.0.0.1:9/ f
  python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); print(s.getsockname()[1], flush=True); time.sleep(600)' > port 3>&- & HOST_PIDS+=($!)
  wait_until '[ -s port ]'
  fails 3 "no answer from 127.0.0.1" "--timeout SECONDS waits longer" call --timeout 0.3 "ws://127.0.0.1:$(cat port)/" f
  python3 -u -m http.server --bind 127.0.0.1 0 > http.log 2>&1 3>&- & HOST_PIDS+=($!)
  wait_until 'port=$(sed -n "s/.*port \([0-9]*\).*/\1/p" http.log); [ -n "$port" ]'
  fails 3 "" "compare the URL with the one that vms-host printed" call "ws://127.0.0.1:$port/" f
}

@test "what a contract throws is the contract's; what the host refuses has a hint: exit status 1" {
  printf 'exports.boom = text => { throw new RangeError(text) }\nexports.spin = () => { for (;;); }\nexports.f = () => 1\n' > service.js
  start_host service.js --dir data --max-steps 2000000
  fails 1 "RangeError: not today" "" call "$URL" boom "not today"
  fails 1 "steps" "vms.info tells the limits" call "$URL" spin
  fails 1 'no method "goodbye": vms.info lists' "" call "$URL" goodbye
  fails 1 "no method vms.nope" "vms.info lists the methods" call "$URL" vms.nope
  fails 1 "InvalidParams" "rpc.discover tells which parameters" call "$URL" vms.head nothing
  fails 1 "signed calls only" "without --anonymous the call is signed with your key" call --anonymous "$URL" f
  fails 1 "no service" "compare the URL" call "${URL}nothing" f
  fails 1 "NotFoundError" "" call "$URL" files.readFile /nothing
  fails 4 "answers there, and not" "compare #KEY with what vms-host printed" call "$URL#$ARCHIVE" f
}

@test "each code that a host may answer has its name and its hint" {
  start_host "$EX/hello.js" --dir data
  start_liar < <(echo '{'
    while IFS='|' read -r code rest; do printf '"t.code%s": "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":ID,\\"error\\":{\\"code\\":%s,\\"message\\":\\"why\\"}}",\n' "$code" "$code"; done << 'T'
-32700
-32600
-32601
-32602
-32603
-32001
-32002
-32003
-32004
-32005
-32006
-32007
-32008
-32009
2
T
    echo '"t.garbage": "{}", "t.close": "close", "t.silent": "silent"}')
  while IFS='|' read -r code name hint; do
    case $name in Busy | ShuttingDown) patience=3 ;; *) patience=60 ;; esac # these two are asked again until the time is over
    fails 1 "$name: why" "$hint" call --anonymous --timeout "$patience" "$URL" "t.code$code"
  done << 'T'
-32700|ParseError|
-32600|InvalidRequest|
-32601|MethodNotFound|vms.info lists the methods
-32602|InvalidParams|rpc.discover tells
-32603|InternalError|
-32001|BadSignature|did not arrive as it was signed
-32002|BadNonce|the clock is wrong
-32003|NotAllowed|without --anonymous
-32004|Busy|try again in a moment
-32005|ShuttingDown|when the host is back
-32006|NoService|compare the URL
-32007|StorageFailed|whoever runs the host
-32008|UnknownHead|vms-audit judges it
-32009|Expired|compare your clock
2|Aborted|vms.info tells the limits
T
  fails 3 "does not answer as JSON-RPC 2.0 demands" "compare the URL" call --anonymous "$URL" t.garbage
  fails 3 "again and again" "is vms-host still running there?" call --anonymous --timeout 3 "$URL" t.close
  fails 3 "no answer" "--timeout SECONDS waits longer" call --anonymous --timeout 0.3 "$URL" t.silent
}

@test "keys that cannot be used, files that cannot be read, a stdout that takes nothing" {
  start_host "$EX/hello.js" --dir data
  echo zz > bad; chmod 600 bad
  fails 2 "bad" "64 lower-case hex digits" call --key bad "$URL" hello
  chmod 644 bad
  fails 2 "others may read" "chmod 600" call --key bad "$URL" hello
  fails 2 "/ is not a regular file" "a key file holds" call --key / "$URL" hello
  fails 2 "HOME" "--key FILE names a key" env -u HOME -u XDG_CONFIG_HOME "$BUILD/vms-call" "$URL" hello
  fails 2 "cannot read nofile" "@FILE stands for" call "$URL" hello @nofile
  printf '\xff' > binary
  fails 2 "binary is not UTF-8 text" "--help" call "$URL" hello @binary
  fails 3 "cannot write to stdout" "the calls may have run" bash -c "'$BUILD/vms-call' '$URL' hello you > /dev/full"
  fails 3 "cannot write to stdout" "the calls may have run" bash -c "'$BUILD/vms-call' '$URL' hello you >&-"
}

@test "a refusal that does not say that the call cannot run any more is the answer: the call is not signed anew" {
  start_host "$EX/counter.js" --dir data
  service=$URL
  cat > answers << 'J'
{"vms.call": ["{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32002,\"message\":\"too far ahead\",\"data\":{\"last\":0,\"executed\":false}}}", "ask"]}
J
  start_liar < answers
  expect 1 "too far ahead" call "$URL" add 1
  expect 0 0 call "$service" get
  URL=$service
  start_liar < answers
  run bash -c "echo '{\"method\":\"add\",\"params\":[1]}' | '$BUILD/vms-call' '$URL'"
  [ "$status" -eq 1 ]
  expect 0 0 call "$service" get
}

@test "a host that says nothing about its refusals, and one that does not know whether the call ran" {
  start_host "$EX/hello.js" --dir data
  start_liar << 'J'
{"t.no": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32601,\"message\":\"\"}}",
 "t.disk": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32007,\"message\":\"\"}}",
 "vms.call": ["{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32002,\"message\":\"forgotten\",\"data\":{\"last\":9999999999999999,\"executed\":null}}}",
  "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32007,\"message\":\"\"}}", "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32007,\"message\":\"the disk is full: nothing was done\"}}"]}
J
  fails 1 "MethodNotFound" "vms.info lists the methods" call --anonymous "$URL" t.no
  fails 1 "StorageFailed" "whoever runs the host" call --anonymous "$URL" t.disk
  fails 1 "BadNonce: forgotten" "ask the service before you call again" call "$URL" hello x
  fails 1 "StorageFailed" "ask the service whether the call ran" call "$URL" hello x
  fails 1 "StorageFailed: the disk is full" "nothing was done" call "$URL" hello x
}

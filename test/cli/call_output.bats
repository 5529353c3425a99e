# SPDX-License-Identifier: MIT
# What one call of vms-call takes and prints: ARGs, --params, @FILE, --raw; JSON for people on a terminal, for programs elsewhere.
load ../support/helpers
load ../support/prompt

service() {
  cat > service.js <<'J'
exports.echo = (...args) => args
exports.first = arg => arg
exports.nothing = () => undefined
J
  start_host service.js --dir data
}

prints() { # TEXT COMMAND...: exactly this on stdout, exit status 0, nothing on stderr
  local wanted=$1 got
  shift
  got=$("$@" 2> err; echo "status $?")
  [ "$got" = "$wanted${wanted:+$'\n'}status 0" ] && [ ! -s err ] || { echo "$* printed: $got"; cat err; return 1; }
}

@test "each ARG is JSON if it parses, else a string; options end at METHOD" {
  service
  prints '[1,"two",true,null,"",{"a":[1,2]},"{a:1}"," ",-1]' call "$URL" echo 1 two true null '' ' { "a" : [ 1, 2 ] } ' '{a:1}' ' ' '-1 '
  prints '[-1,"--raw","-","--"]' call "$URL" echo -1 --raw - --
  prints '["5"]' call "$URL" echo '"5"'
  printf 'line 1\n"line" 2' > file
  prints '["line 1\n\"line\" 2","@file"]' call "$URL" echo @file '"@file"'
  prints '[1,"x"]' call --params ' [ 1, "x" ] ' "$URL" echo
  prints '[1,"x"]' call "--params=[1,\"x\"]" -- "$URL" echo
  prints '["in"]' bash -c "echo '[\"in\"]' | '$BUILD/vms-call' --params - '$URL' echo"
  expect 0 '"length"' call --params '{"core":"ledger"}' "$URL" vms.head
}

@test "off a terminal one compact line, nothing for undefined; --raw prints strings bare" {
  service
  prints '' call "$URL" nothing
  prints '' call --raw "$URL" nothing
  prints 'null' call "$URL" first null
  prints '"a \"b\" é"' call "$URL" first 'a "b" é'
  prints 'a "b" é' call --raw "$URL" first 'a "b" é'
  prints '["a"]' call --raw "$URL" first '["a"]'
  prints '5' call --raw "$URL" first 5
  [ "$(call "$URL" first x | od -An -c | tr -d ' \n')" = '"x"\n' ]
  [ "$(call --raw "$URL" first '"a\u0000b"' | od -An -c | tr -d ' \n')" = 'a\0b\n' ]
}

@test "a host that puts white space into its answers: a line is a line all the same" {
  service
  start_liar << 'J'
{"t.two": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{ \"a\" :\n[ 1 ,\t\"x y\"\n] }}",
 "files.stat": "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"one\\ntwo\",\"data\":{ \"name\" :\n\"E\" }}}"}
J
  prints '{"a":[1,"x y"]}' call --anonymous "$URL" t.two
  printf '%s\n' '{"method":"t.two"}' '{"method":"files.stat"}' > in
  run bash -c "'$BUILD/vms-call' --anonymous '$URL' < in"
  [ "$status" -eq 1 ]
  [ "$output" = '{"result":{"a":[1,"x y"]}}'$'\n''{"error":{"code":1,"message":"one\ntwo","data":{"name":"E"}}}' ]
}

@test "on a terminal: indented, coloured but with NO_COLOR or on a dumb one; long strings are cut, a pipe has all of them" {
  service
  unset NO_COLOR
  terminal "$BUILD/vms-call" "$URL" echo '{"a":{},"b":[],"c":[1,{"d":"e"}]}' null < <(echo wait 0)
  printf '[\r\n  {\r\n    \e[1;34m"a"\e[0m: {},\r\n    \e[1;34m"b"\e[0m: [],\r\n    \e[1;34m"c"\e[0m: [\r\n      \e[33m1\e[0m,\r\n      {\r\n        \e[1;34m"d"\e[0m: \e[32m"e"\e[0m\r\n      }\r\n    ]\r\n  },\r\n  \e[33mnull\e[0m\r\n]\r\n' | cmp - screen
  NO_COLOR=1 terminal "$BUILD/vms-call" "$URL" echo a < <(echo wait 0)
  printf '[\r\n  "a"\r\n]\r\n' | cmp - screen
  TERMINAL=dumb terminal "$BUILD/vms-call" "$URL" echo a < <(echo wait 0)
  printf '[\r\n  "a"\r\n]\r\n' | cmp - screen
  NO_COLOR='' terminal "$BUILD/vms-call" "$URL" first a < <(echo wait 0)
  printf '\e[32m"a"\e[0m\r\n' | cmp - screen
  terminal "$BUILD/vms-call" --raw "$URL" first $'a\e[31m\xe2\x80\xae\nb' < <(echo wait 0)
  printf 'a\\u001b[31m\\u202e\r\nb\r\n' | cmp - screen
  head -c 30000 /dev/zero | tr '\0' x > long
  terminal "$BUILD/vms-call" "$URL" first @long < <(printf '%s\n' '< xxx..."' '< hint: 20000 bytes' 'wait 0')
  [ "$(call "$URL" first @long | wc -c)" -eq 30003 ]
  terminal "$BUILD/vms-call" --raw "$URL" first @long < <(echo wait 0)
  [ "$(tr -cd x < screen | wc -c)" -eq 30000 ]
}

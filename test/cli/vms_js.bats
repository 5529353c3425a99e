# SPDX-License-Identifier: MIT
# vms-js, the tool for those who write contracts or the engine: what it prints, where, and how it ends.
load ../support/helpers

js() { timeout 20 "$BUILD/vms-js" "$@"; }

@test "vms-js: output, promises and timers run to the end" {
  echo 'print("a", 1); console.error("e"); setTimeout(() => print("later"), 1e6); Promise.resolve("p").then(print);' > s.js
  [ "$(js s.js 2> err)" = $'a 1\np\nlater' ]
  [ "$(cat err)" = e ]
  [ "$(js - < s.js 2> /dev/null | tail -1)" = later ]
}

@test "vms-js: an uncaught error has its place and status 1" {
  printf 'function f(x) {\n  return x.y.z;\n}\nprint("before");\nf({});\n' > s.js
  run js s.js
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = before ]
  [[ "${lines[1]}" = TypeError:* ]]
  [ "${lines[2]}" = "    at f (contract.js:2:14)" ]
  [ "${lines[3]}" = "    at contract.js:5:1" ]
}

@test "vms-js: a syntax error shows the line and a caret" {
  printf 'let a = 1;\n  const b = a +* 2;\n' > s.js
  run js s.js
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = "SyntaxError: contract.js:2:16: SyntaxError: unexpected '*'" ]
  [ "${lines[1]}" = "  const b = a +* 2;" ]
  [ "${lines[2]}" = "               ^" ]
}

@test "vms-js: limits and counts" {
  echo 'try { for (;;); } finally { print("never"); }' > s.js
  run js --steps 1000 --json s.js
  [ "$status" -eq 1 ]
  [[ "$output" = *'{"kind":"aborted","steps":1000,"peak":'* ]]
  [[ "$output" != *never* ]]
  echo 'const l = []; for (;;) l.push("x".repeat(1e5) + l.length);' > s.js
  run js --memory 4000000 s.js
  [[ "$output" = *"limit of memory"* ]]
  run js --memory
  [ "$status" -eq 2 ]
  run js no-such-file.js
  [ "$status" -eq 1 ]
}

@test "vms-js: a file of many programs" {
  printf '//// one\nprint(1);\n//// two\nthrow new RangeError("x");\n//// three\nlet let;\n' > s.js
  [ "$(js --cases s.js)" = $'//// one\n1\n//// two\n! RangeError\n//// three\n! SyntaxError 1:5' ]
  js --cases --json s.js > first
  js --cases --json --seed 99 s.js | cmp - first
}

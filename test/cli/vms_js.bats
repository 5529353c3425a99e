# SPDX-License-Identifier: MIT
# vms-js, the tool for those who write contracts or the engine: what it prints, where, and how it ends.
load ../support/helpers

js() { timeout 200 "$BUILD/vms-js" "$@"; }

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

@test "vms-js: text for people is American English in UTC, and nothing else" {
  cat > s.js <<'END'
const d = new Date(Date.UTC(2026, 10, 22, 21, 22, 35));
print(JSON.stringify([d.toLocaleString(), d.toLocaleTimeString('en-US', { timeZone: 'UTC' }), (1234567.891).toLocaleString('en')]));
for (const f of [() => d.toLocaleString('de'), () => (1).toLocaleString(['en', 'fr']), () => d.toLocaleDateString('en', { weekday: 'long' }),
  () => (1).toLocaleString(undefined, { style: 'percent' }), () => d.toLocaleString('en', { timeZone: 'Asia/Tokyo' }), () => d.toLocaleString('EN-us'),
  () => (1).toLocaleString(1), () => (1).toLocaleString([1]), () => (1).toLocaleString('en', 1)])
  try { print(f()); } catch (e) { print(e.name + ': ' + e.message); }
END
  run js s.js
  [ "${lines[0]}" = '["11/22/2026, 9:22:35 PM","9:22:35 PM","1,234,567.891"]' ]
  for i in 1 2 6; do [ "${lines[$i]}" = "RangeError: no locale but en-US is supported" ]; done
  for i in 3 4 5; do [ "${lines[$i]}" = "RangeError: no option but timeZone 'UTC' is supported" ]; done
  for i in 7 8 9; do [[ "${lines[$i]}" = TypeError:* ]]; done
}

@test "vms-js: a setter of dates takes the time first" {
  cat > s.js <<'END'
const d = new Date(0);
print(d.setUTCHours({ valueOf() { d.setTime(1e12); return 1; } }, 2, 3, 4), d.getTime());
const none = new Date(NaN);
print(none.setUTCMinutes({ valueOf() { none.setTime(0); return 5; } }), none.getTime());
END
  [ "$(js s.js)" = $'3723004 3723004\nNaN 0' ]
}

@test "vms-js: captureStackTrace leaves out what stands above a function" {
  cat > s.js <<'END'
function make(from) { const o = {}; Error.captureStackTrace(o, from); return o.stack; }
function outer(from) { return make(from); }
print(outer());
print(outer(make));
print(outer(outer));
print(outer(print));
END
  [ "$(js s.js)" = $'Error\n    at make (contract.js:1:43)\n    at outer (contract.js:2:31)\n    at contract.js:3:7
Error\n    at outer (contract.js:2:31)\n    at contract.js:4:7\nError\n    at contract.js:5:7\nError' ]
}

@test "vms-js: what came after ECMAScript 2020, as Node 20 does it" {
  cat > s.js <<'END'
const a = [3, 1, , 2], p = print, s = x => JSON.stringify(x);
p(s(a.toSorted()), s(a.toReversed()), s(a.toSpliced(1, 2, 'x', 'y')), s(a.with(1, 'w')), s(a), 2 in a, 2 in a.toSorted());
p(s([10, 9, 1].toSorted()), s([10, 9, 1].toSorted((x, y) => x - y)), s(Array.prototype.toReversed.call('abc')), s(a.toSpliced()), s(a.toSpliced(1)), s(a.toSpliced(-1, 1)), s(a.toSpliced(9, 1, 'e')), s([1, 2].with(-1, 7)));
class L extends Array { }
p(L.of(1, 2).toReversed() instanceof L, L.of(1, 2).toSorted().constructor === Array);
for (const f of [() => [1].with(1, 0), () => [1].with(-2, 0), () => [].toSorted(null), () => [].toSorted.call(null), () => [].toReversed.call({ length: 2 ** 32 }), () => [].toSpliced.call({ length: 2 ** 53 - 1 }, 0, 0, 1), () => [].with.call({ length: 2 ** 32 }, 0, 1)]) try { p(s(f())); } catch (e) { p(e.name); }
p('a\ud800b'.isWellFormed(), 'a\ud83d\ude00b'.isWellFormed(), ''.isWellFormed(), '\udc00'.isWellFormed(), 'a\ud800'.isWellFormed());
p(s('a\ud800b\udc00\ud83d\ude00\ud800\ud800\udc00\ud83d'.toWellFormed()), s('ok é 😀'.toWellFormed()), [...'\ud800\udc00\udc00'.toWellFormed()].length);
const w = Promise.withResolvers();
w.promise.then(v => p('got', v)); w.resolve(5); p(Object.keys(w).join());
END
  cat > expected <<'END'
[1,2,3,null] [2,null,1,3] [3,"x","y",2] [3,"w",null,2] [3,1,null,2] false true
[1,10,9] [1,9,10] ["c","b","a"] [3,1,null,2] [3] [3,1,null] [3,1,null,2,"e"] [1,7]
false true
RangeError
RangeError
TypeError
TypeError
RangeError
TypeError
RangeError
false true true false false
"a�b�😀�𐀀�" "ok é 😀" 2
promise,resolve,reject
got 5
END
  js s.js | diff - expected
}

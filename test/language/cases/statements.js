// SPDX-License-Identifier: MIT
//// switch falls through, with default first, in the middle and last
const run = v => { const out = []; switch (v) { default: out.push('d'); case 1: out.push(1); case 2: out.push(2); break; case 3: out.push(3); } return out.join(''); };
print(run(0), run(1), run(2), run(3));
//// switch compares strictly
const run = v => { switch (v) { case 1: return 'number'; case '1': return 'text'; case null: return 'null'; case undefined: return 'undef'; case NaN: return 'never'; case true: return 'true'; default: return 'default'; } };
print(run(1), run('1'), run(null), run(undefined), run(NaN), run(true), run(-0 + 1), run([1]));
//// switch has one scope for all cases
switch (2) { case 1: let a = 'one'; break; case 2: a = 'too early'; }
//// switch: names of one case are seen in another
const run = v => { switch (v) { case 1: var x = 'var'; let l = 'let'; const f2 = () => l; return f(); case 2: return f() + String(x); function f() { return 'f'; } } };
print(run(1), run(2));
//// switch: closures over names of cases in a loop
const fs = [];
for (const v of [1, 2, 1]) switch (v) { case 1: let a = v; fs.push(() => a++); break; case 2: { let a = 'block'; fs.push(() => a); } }
print(fs.map(f => f()).join(), fs.map(f => f()).join());
//// switch: continue goes to the loop, break stays
const out = [];
for (let i = 0; i < 4; i++) { switch (i) { case 1: continue; case 2: break; default: out.push('d' + i); } out.push('after' + i); }
print(out.join());
//// switch: classes and functions in cases
const run = v => { switch (v) { case 0: class A { static v = 'A'; } return A.v; case 1: try { return A.v; } catch (e) { return e.name; } case 2: return typeof g; } function g() {} };
print(run(0), run(1), run(2));
//// switch on true, and cases with calls
const log = [];
const is = v => (log.push(v), v > 2);
switch (true) { case is(1): case is(3): log.push('hit'); break; case is(5): log.push('no'); }
print(log.join());
//// switch: empty, with default only, nested
let n = 0;
switch (n++) { }
switch (n) { default: n += 10; }
switch (1) { case 1: switch (2) { case 2: break; default: n = -1; } n += 100; break; case 3: n = -2; }
print(n);
//// switch: break of a label and return out of it
const out = [];
const run = v => { out: { switch (v) { case 1: break out; case 2: return 'returned'; case 3: { break; } } return 'after switch'; } return 'after block'; };
print(run(1), run(2), run(3), run(4));
//// labels on blocks, nested and repeated one after the other
const out = [];
a: { b: { out.push(1); break a; } out.push('no'); }
a: { b: { break b; } out.push(2); }
a: b: { out.push(3); break a; }
a: if (true) { break a; } else out.push('no');
print(out.join());
//// labels with names of other things
const a = 'value';
a: { const b = a; print(b); break a; }
print: { print('called'); break print; }
async: await_: of: { break of; }
//// continue with a label on do while tests the condition
let n = 0, tests = 0;
again: do { n++; for (;;) continue again; } while (tests++, n < 3);
print(n, tests);
//// continue with a label on for runs the update
const out = [];
o: for (let i = 0; i < 3; i++) { for (let j = 0; ; j++) { if (j > i) continue o; out.push(i + '' + j); } }
print(out.join());
//// continue in while and do while
let i = 0, out = [];
while (i < 5) { i++; if (i % 2) continue; out.push(i); }
do { i--; if (i === 2) continue; out.push(-i); } while (i > 1);
print(out.join());
//// do while runs once and may be followed on its line
let n = 0;
do n++; while (n < 0) print(n);
do { n += 10 } while (false) n++
print(n);
//// try catch finally: values returned
const f = (a, b, c) => { try { if (a) throw 'thrown'; return 'try'; } catch (e) { if (b) return 'catch'; } finally { if (c) return 'finally'; } return 'after'; };
print(f(0, 0, 0), f(1, 1, 0), f(1, 0, 0), f(0, 0, 1), f(1, 1, 1));
//// finally replaces a thrown error by return, break and continue
const f = () => { try { throw new Error(); } finally { return 'returned'; } };
const out = [f()];
for (const v of [1, 2]) { try { throw v; } finally { out.push(v); continue; } }
while (true) { try { throw 1; } finally { break; } }
l: { try { throw 1; } finally { break l; } }
print(out.join());
//// finally replaces an error by its own
const log = [];
try { try { throw new RangeError(); } finally { log.push('finally'); throw new SyntaxError(); } } catch (e) { log.push(e.name); }
try { try { throw new RangeError(); } catch (e) { throw new EvalError(); } finally { log.push('again'); } } catch (e) { log.push(e.name); }
print(log.join());
//// the value of a return is fixed before finally
const f = () => { let v = 1; try { return v; } finally { v = 2; } };
const g = () => { const o = { v: 1 }; try { return o; } finally { o.v = 2; } };
print(f(), g().v);
//// finally runs on break and continue out of nested loops, inside out
const log = [];
outer: for (let i = 0; i < 2; i++) { try { for (;;) { try { if (i === 0) continue outer; break outer; } finally { log.push('in' + i); } } } finally { log.push('out' + i); } }
print(log.join());
//// nested finally blocks on return
const log = [];
const f = () => { try { try { try { return log.push('value'); } finally { log.push('a'); } } finally { log.push('b'); } } finally { log.push('c'); } };
print(f(), log.join());
//// a return in finally hides a return in try, also nested
const f = () => { try { return 'try'; } finally { try { return 'inner'; } finally { print('inmost'); } } };
print(f());
const g = () => { for (;;) { try { return 'try'; } finally { break; } } return 'after loop'; };
print(g());
//// catch without a name, and with patterns
const log = [];
try { throw 1; } catch { log.push('caught'); }
try { throw { a: [1, 2] }; } catch ({ a: [x, y], b = x + y }) { log.push(b); }
try { throw 'xy'; } catch ([p, ...q]) { log.push(p + q.join()); }
print(log.join());
//// catch parameter and names of its block
let e = 'outer';
try { throw 'thrown'; } catch (e) { const f = () => e; { let e = 'inner'; } e += '!'; print(f()); var v = e; }
print(e, v);
//// catch parameter and var of the same name
try { throw 'thrown'; } catch (e) { var e = 'var'; print(e); }
print(String(e));
//// closures of several catches
const fs = [];
for (const v of [1, 2]) try { throw v; } catch (e) { fs.push(() => e++); }
print(fs[0](), fs[0](), fs[1]());
//// errors thrown inside catch pass the same try
const log = [];
try { try { throw 1; } catch (e) { throw e + 1; } } catch (e) { log.push(e); }
try { try { throw 1; } finally { log.push('f'); } } catch (e) { log.push(e); }
print(log.join());
//// any value may be thrown
const out = [];
for (const v of [undefined, null, 0, '', 'text', false, { name: 'o' }, [1], () => 1]) try { throw v; } catch (e) { out.push(e === v); }
print(out.join());
//// an uncaught error ends the program
print('before');
for (const v of [1, 2]) { try { if (v === 2) throw new RangeError('end'); } finally { print('finally', v); } }
print('never');
//// an uncaught error in a timer
setTimeout(() => { print('timer'); null.x; }, 0);
print('main');
//// an uncaught error that is not an Error
print('start');
throw { name: 'Custom' };
//// an error with its own name ends the program by that name
class MyError extends Error { get name() { return 'MyError'; } }
print('go');
throw new MyError();
//// var in blocks, loops, switch and catch belongs to the function
function f() { if (false) { var a; } for (;false;) { var b; } try { } catch (e) { var c; } switch (0) { case 1: var d; } l: { var g; } return [typeof a, typeof b, typeof c, typeof d, typeof g].join(); }
print(f());
//// function declarations in blocks stay in them
const out = [];
if (true) { function f() { return 'if'; } out.push(f()); } else { function f() { return 'else'; } }
{ function f() { return 'block'; } out.push(f()); }
out.push(typeof f);
try { function g() { return 'try'; } out.push(g()); } finally { out.push(typeof g); }
print(out.join());
//// empty statements, empty loops and stray semicolons
let n = 0;
;;; for (; n < 3; n++);
while (n-- > 1);
if (n); else n = 'else';
if (0);
{ } {; }
print(n);
//// if else binds to the nearest if
const f = (a, b) => { if (a) if (b) return 'both'; else return 'only a'; return 'none'; };
print(f(1, 1), f(1, 0), f(0, 1));
//// semicolons put in at line ends
let a = 1
let b = a
++b
const c = a
  + b
const f = () => {
  return
  1
}
const g = function () { return 'g' }
;[1, 2].forEach(x => { a += x })
print(a, b, c, String(f()), g())
//// no semicolon is put in before a parenthesis, bracket, operator or template
const f = v => v
const a = f
(5)
const b = [1, 2, 3]
[1]
const c = 6
/ 2
const d = f
`x`
const e = a
- 1
print(a, b, c, d[0], e)
//// semicolons after break, continue, throw and return with labels on the next line
const out = []
for (const v of [1, 2]) {
  l: for (;;) {
    out.push(v)
    break
    l
  }
  continue
  out
}
print(out.join())
//// semicolons before ++ and after a brace on the same line
let i = 0, j = 0
i
++
j
{ i += 5 } print(i, j); if (i) { j } else j = 9; print(j)
let k = 1; { k } [k] = [2]
print(k)
//// do while, if and for without semicolons on one line
let n = 0; do { n++ } while (n < 2) if (n) n += 10; for (;n < 14;) n++
print(n)
//// words as names of properties at line starts
const o = {}
o.if = 1
o
  .else = 2
o.class
= 3
print(o.if + o.else + o.class)
//// let, of, async, get at line starts as names
let async = 1, of = 2, get = 3
async
of
get
async = of
;(async) => 1
print(async + of + get)
//// comments in every place
/* a */ let /* b */ x /* c */ = /* d */ 1 /* e */; // f
const f = (/* g */ a /* h */, /* i */) => /* j */ a /* k
*/ + 1;
if /* l */ (x) /* m */ { /* n */ } // o
print(/* p */ f(x) /* q */ /* r */ + /** s **/ 2); /* t *//* u */
//// numbers before dots, and dots before numbers
print(1..toString(), 1.5.toFixed(), 1 .constructor.name, .5 + 1., 5.e1, [1, 2][1.], 0.0.toString(), 1e3.toString());
//// directives and expressions that look like them
'use strict';
"another";
function f() { 'use strict'; return this === undefined; }
print(f(), 'use strict'.length);
//// debugger and labels on functions' bodies leave values alone
const f = x => { debugger; done: { if (x) break done; return 'zero'; } return x; };
print(f(0), f(5));
//// deep nesting of blocks and loops with one name
let v = 0;
{ let v = 1; { let v = 2; for (let v = 3; v < 4; v++) { let w = v; { let v = w + 1; try { throw v; } catch (v) { { let v = 6; } print(v); } print(v); } } print(v); } print(v); }
print(v);
//// try in loops with yields of values by break
const f = list => { let seen = ''; for (const v of list) { try { if (v < 0) throw v; if (v === 0) continue; if (v > 9) break; seen += v; } catch (e) { seen += 'e'; if (e < -1) return seen + 'r'; } finally { seen += '.'; } } return seen; };
print(f([1, 0, -1, 2]), f([1, 10, 2]), f([-1, -2, 3]));
//// a label on a switch is left from within a loop
const out = [];
l: switch (1) { case 1: for (;;) { out.push('in'); break l; } case 2: out.push('no'); }
m: switch (2) { case 2: for (const v of [1, 2, 3]) { out.push(v); if (v === 2) break m; } default: out.push('no'); }
print(out.join());
//// a label on a switch in a loop, continue and break
const out = [];
for (let i = 0; i < 3; i++) s: switch (i) { case 0: { switch (i) { case 0: break s; } out.push('no'); } case 1: out.push('one'); default: out.push('d' + i); }
print(out.join());
//// two labels on a switch, with closures and a try
const fs = [], log = [];
a: b: switch ('x') { case 'x': let v = 1; fs.push(() => v); try { break a; } finally { log.push('f'); v++; } case 'y': log.push('no'); }
print(fs[0](), log.join());
//// statements that begin with a function in parentheses
(function () { print('called'); })();
(function f() { print(typeof f); }).call(null);
(function () {}).x = 1;
(function () { return 'tag'; })`x`;
(function () {} ? print('yes') : print('no'));
(function () {}, print('comma'));
//// statements that begin with an object, class or async function in parentheses
({ f() { print('method'); } }).f();
({}).x;
({ a: 1 }.a) && print('member');
(class { static s() { print('static'); } }).s();
(class {}, print('comma'));
(async function () { print('async'); })();
(function* () { print('generator'); })().next();
//// arrows and functions at the start of longer expressions
((a) => print('arrow', a))(1);
(() => {})() || print('or');
(function () { return 0; })() ?? print('not');
(function () { return 1; })() + print('plus'), (function () {})() === undefined && print('and');

// SPDX-License-Identifier: MIT
//// let read before its line
try { x; print('read'); } catch (e) { print(e.name); }
let x = 1;
print(x);
//// const read before its line through a function
const read = () => c;
let first;
try { first = read(); } catch (e) { first = e.name; }
const c = 'set';
print(first, read());
//// write before let
try { w = 5; } catch (e) { print(e instanceof ReferenceError); }
let w;
print(w);
//// typeof in the dead zone throws, of an unknown name does not
try { print(typeof dead); } catch (e) { print(e.name); }
let dead = 1;
print(typeof dead, typeof neverDeclared);
//// let without a value is undefined each time around
const seen = [];
for (let i = 0; i < 3; i++) { let v; seen.push(v); v = i; }
print(seen.map(String).join());
//// own initialiser
try { let a = a + 1; print(a); } catch (e) { print(e.name); }
try { const b = typeof b; print(b); } catch (e) { print(e.name); }
//// own initialiser inside a function called at once
let out = [];
try { let v = (() => v)(); out.push('no'); } catch (e) { out.push(e.name); }
{ let v = (() => () => v)(); out.push(v() === v); }
print(out.join());
//// inner declaration hides the outer one from the start of the block
let x = 'outer';
{
  try { print(x); } catch (e) { print(e.name); }
  let x = 'inner';
  print(x);
}
print(x);
//// a closure made before the declaration sees the value after it
let get;
{ get = () => v; let v = 7; v++; }
print(get());
//// function declared below a let
print(typeof f);
let result;
try { result = f(); } catch (e) { result = e.name; }
let hidden = 3;
print(result, f());
function f() { return hidden; }
//// const write kinds
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
const k = 1;
print(kind(() => k = 2), kind(() => k++), kind(() => --k), kind(() => k += 1), kind(() => [k] = [1]), kind(() => ({ k } = { k: 3 })), k);
//// const write evaluates the right side first
const log = [];
const c = 1;
try { c = log.push('right'); } catch (e) { log.push(e.name); }
try { c += log.push('compound'); } catch (e) { log.push(e.name); }
print(log.join(), c);
//// const logical assignment writes only when it must
const zero = 0, one = 1, none = null, log = [];
for (const f of [() => zero ||= 5, () => one ||= 5, () => one &&= 6, () => zero &&= 6, () => none ??= 7, () => one ??= 7])
  try { log.push(f()); } catch (e) { log.push(e.name); }
print(log.join());
//// const write in the dead zone is a ReferenceError
let name;
try { c = 1; } catch (e) { name = e.name; }
const c = 2;
print(name, c);
//// const in for of may not be written in the body
const log = [];
try { for (const v of [1, 2]) { log.push(v); v = 9; } } catch (e) { log.push(e.name); }
print(log.join());
//// const in a for head fails at the update
const log = [];
try { for (const i = 0; i < 2; i++) log.push('body ' + i); } catch (e) { log.push(e.name); }
print(log.join());
//// for of head is dead while the list is evaluated
try { for (const x of [1, x]) print(x); } catch (e) { print(e.name); }
let y = [4];
try { for (let y of y) print(y); } catch (e) { print(e.name); }
//// for in head is dead while the object is evaluated
let o = { a: 1 };
try { for (let o in o) print(o); } catch (e) { print(e.name); }
for (let p in o) print(p);
//// for head initialiser sees its own names only after them
const log = [];
try { for (let i = 0, n = i + m, m = 2; i < n; i++) log.push(i); } catch (e) { log.push(e.name); }
for (let i = 0, n = i + 2; i < n; i++) log.push(i);
print(log.join());
//// switch case skipped over a declaration
function pick(v) {
  switch (v) {
    case 0: let s = 'zero';
    case 1: return s;
    case 2: s = 'late'; return s;
  }
}
const log = [pick(0)];
for (const v of [1, 2]) try { log.push(pick(v)); } catch (e) { log.push(e.name); }
print(log.join());
//// switch discriminant is outside the scope of its cases
let v = 'outer';
switch (v) { case 'outer': let v = 'inner'; print(v); }
try { switch (0) { case u: let u = 1; } } catch (e) { print(e.name); }
print(v);
//// class name is dead until the class is made
const log = [];
try { new C(); } catch (e) { log.push(e.name); }
class C { static made = 'made'; }
log.push(C.made);
print(log.join());
//// class name inside its own heritage and computed keys
const log = [];
try { class A extends (A, Object) {} } catch (e) { log.push(e.name); }
try { class B { [B]() {} } } catch (e) { log.push(e.name); }
try { class D { static s = D.name; static t = log.push(D.s); } } catch (e) { log.push(e.name); }
print(log.join());
//// inner class name is constant, outer is not
class C { static write() { C = 1; } }
try { C.write(); } catch (e) { print(e.name); }
const old = C;
C = 'free';
print(C, typeof old);
//// class expression name lives inside only
const K = class Inner { static self() { return Inner === K; } };
print(K.self(), typeof Inner, K.name);
//// parameters in their own dead zone
const kind = f => { try { return f(); } catch (e) { return e.name; } };
print(kind((a = b, b = 1) => a), kind((a = 1, b = a) => a + b), kind((a = a) => a), kind(([a = b], b) => a));
//// destructuring declares all names before it reads any
const log = [];
try { let { a = b, b } = { b: 1 }; log.push(a); } catch (e) { log.push(e.name); }
try { let [c, d = c] = [1]; log.push(c + d); } catch (e) { log.push(e.name); }
try { const { [key]: v, key } = { key: 'v' }; log.push(v); } catch (e) { log.push(e.name); }
print(log.join());
//// names stay dead when the initialiser throws
const log = [];
let probe;
try { probe = () => v; let v = (() => { throw 'fail'; })(); } catch (e) { log.push(e); }
try { probe(); } catch (e) { log.push(e.name); }
print(log.join());
//// block function is ready at the start of its block
{
  print(f());
  function f() { return 'hoisted'; }
}
print(typeof f);
//// block function may be assigned in its block
{ function g() { return 1; } g = 5; print(g); }
{ function g() { return 2; } print(g()); }
//// let in a closure of a try block and its catch
const fs = [];
try { let e = 'try'; fs.push(() => e); throw 'thrown'; } catch (e) { fs.push(() => e); { let e = 'block'; fs.push(() => e); } }
print(fs.map(f => f()).join());
//// catch parameter hides the outer name, finally sees it
let e = 'outer';
try { throw 'caught'; } catch (e) { e += '!'; print(e); } finally { print(e); }
//// var and let of the same name in nested blocks
var a = 'var';
{ let a = 'let'; { const a = 'const'; print(a); } print(a); }
print(a);
//// var is undefined where let is dead
const log = [String(v)];
try { log.push(String(l)); } catch (e) { log.push(e.name); }
var v = 1;
let l = 2;
print(log.join(), v + l);
//// var in a block is one variable of the function
function f() {
  const fs = [];
  for (let i = 0; i < 3; i++) { var shared = i; let own = i; fs.push(() => shared + ':' + own); }
  return fs.map(g => g()).join();
}
print(f());
//// many names in one let run left to right
const log = [];
let a = log.push('a'), b = log.push('b' + a), c = log.push('c' + b);
print(log.join(), a, b, c);
try { let p = q, q = 1; } catch (e) { print(e.name); }
//// let in a loop body is dead again in each round
const log = [];
for (let i = 0; i < 2; i++) {
  try { log.push(v); } catch (e) { log.push(e.name); }
  let v = i;
  log.push(v);
}
print(log.join());
//// loop condition sees the head's scope, not the body's
let n = 0;
for (let i = 0; n < 2; i++) { let n2 = i; n += 1; let i2 = n2; print(i, i2); }
let i = 'outside';
do { let i = 'inside'; n++; } while (i === 'outside' && n < 4);
print(n, i);
//// while condition and a dead name in the body
let go = true, rounds = 0;
while (go) { rounds++; { let go2 = go; go = rounds < 3 && go2; } }
print(rounds, go);
//// names like those of Object.prototype
let toString = 1, constructor = 2, hasOwnProperty = 3, __proto__ = 4, valueOf = 5;
print(toString + constructor + hasOwnProperty + __proto__ + valueOf);
{ let toString = 'inner'; print(toString); }
//// names that lowering might use itself
let $vms = 1, $0 = 2, _a = 3, $t = 4, _this = 5, arguments_ = 6, $ = 7, _ = 8;
const f = ([x] = [1]) => { for (const y of [x]) return () => this_() + y; function this_() { return $vms + $0 + _a + $t + _this + arguments_ + $ + _; } };
print(f()());
//// let named like a global hides it
const log = [];
{ let undefined_ = 1, Array = 2, Object = 3, print2 = 4; log.push(Array + Object, [1].length, typeof {}); }
log.push(typeof Array);
print(log.join());
//// a let named async, of, get, set, static-like words
let async = 1, of = 2, get = 3, set = 4, from = 5, as = 6, target = 7;
print(async + of + get + set + from + as + target);
for (of of [8]) print(of);
async = async => async + 1;
print(async(1));
//// shadowing by a parameter and a body variable
let x = 'global';
function f(x) { { let x = 'block'; x += '!'; } return x; }
function g(x) { var x; return x; }
function h(x) { var x = 'var'; return x; }
print(f('arg'), g('arg'), h('arg'), x);
//// recursion gives each call its own names
function f(n) { let own = n; const get = () => own; if (n > 0) f(n - 1); own += '!'; return get(); }
print(f(3));
//// dead name inside a generator before and after it resumes
function* g() { const read = () => v; try { read(); } catch (e) { yield e.name; } yield 'between'; let v = 'alive'; yield read(); }
print([...g()].join());
//// dead name inside an async function across an await
async function f() {
  const read = () => { try { return v; } catch (e) { return e.name; } };
  setTimeout(() => print('timer ' + read()), 0);
  const first = read();
  let v = await 'value';
  print(first, read());
}
f();
//// delete and member access of a dead name throw
const log = [];
for (const f of [() => { delete d.x; let d = {}; }, () => { d.x = 1; let d = {}; }, () => { d(); let d; }, () => { d?.x; let d; }, () => { `${d}`; let d; }])
  try { f(); log.push('no'); } catch (e) { log.push(e.name); }
print(log.join());
//// update and compound on a dead name
const log = [];
for (const f of [() => { d++; let d = 0; }, () => { d -= 1; let d = 0; }, () => { d ??= 1; let d; }, () => { d &&= 1; let d; }, () => { d **= 2; let d = 3; }])
  try { f(); log.push('no'); } catch (e) { log.push(e.name); }
print(log.join());
//// compound on a dead name does not evaluate its right side
const log = [];
try { d += log.push('right'); } catch (e) { log.push(e.name); }
try { d = log.push('plain right'); } catch (e) { log.push(e.name); }
let d = 1;
print(log.join());
//// anonymous functions take the name of the let or const
let f = function () {}, g = () => {}, h = class {}, i = async () => {}, j = function* () {}, k = (() => {}), l = (0, () => {});
print([f, g, h, i, j, k, l].map(x => x.name || '-').join());
//// let without a value in a block that is entered again
const seen = [];
let n = 0;
while (n < 3) { { let v; if (n % 2 === 0) { seen.push(typeof v); v = n; } else seen.push('odd ' + typeof v); } n++; }
print(seen.join());
//// let without a value in a loop, among others
const seen = [];
for (const x of [1, 2]) { let a, b = x, c; seen.push([a, b, c].map(String).join('')); a = b; c = a; }
do { let d; seen.push(String(d)); d = 'set'; } while (seen.length < 4);
print(seen.join());
//// let without a value that a closure saw before
const seen = [];
for (let i = 0; i < 2; i++) {
  const get = () => v;
  try { get(); } catch (e) { seen.push(e.name); }
  let v;
  seen.push(String(get()));
  v = 'set' + i;
  seen.push(get());
}
print(seen.join());
//// let without a value in a switch that runs again
const seen = [];
for (const x of [0, 1, 0]) switch (x) { case 0: let v; seen.push(String(v)); v = 'left over'; break; case 1: seen.push('one'); }
print(seen.join());
//// let without a value after a dead read in the same block
let name;
{ try { v; } catch (e) { name = e.name; } let v; print(name, v === undefined, typeof v); }
//// a named generator expression may not write its name
const f = function* self() { try { self = 1; } catch (e) { yield e.name; } yield typeof self; };
print([...f()].join());
//// a named async function expression may not write its name
const f = async function self(n) { const log = []; for (const g of [() => { self = 1; }, () => { self += 1; }, () => { self &&= 2; }]) try { g(); } catch (e) { log.push(e.name); } return log.join() + typeof self; };
f().then(print);
//// names of functions and classes inside may not be patterns' targets
const log = [], f = function self() { try { [self] = [1]; } catch (e) { log.push(e.name); } return typeof self; };
class C { static m() { try { ({ C } = { C: 1 }); } catch (e) { log.push(e.name); } return typeof C; } }
const g = async function me() { try { for (me of [1]) ; } catch (e) { log.push(e.name); } return typeof me; };
print(f(), C.m());
g().then(t => print(t, log.join()));
//// a class name may not be written in its methods, fields and constructor
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const K = class N { constructor(w) { if (w) N = 1; } m() { N++; } get g() { return N ||= 1, 'kept'; } static s = kind(() => { N = 2; }); f = kind(() => { N += 1; }); };
print(kind(() => new K(1)), kind(() => new K().m()), new K().g, K.s, new K().f, K.name);
//// increments of a dead name from a function, before and after its line
const up = () => v++, down = () => --v, log = [];
for (const f of [up, down]) try { f(); } catch (e) { log.push(e.name); }
let v = 5;
log.push(up(), down(), v);
print(log.join());
//// increments of a dead name in a switch and in a loop
const log = [];
for (let i = 0; i < 2; i++) { try { ++w; } catch (e) { log.push(e.name); } let w = i; log.push(++w); }
switch (1) { case 0: let s = 0; case 1: try { s--; } catch (e) { log.push(e.name); } }
print(log.join());
//// a const that is written before its line from a function
const log = [], write = () => { c = log.push('value'); };
try { write(); } catch (e) { log.push(e.name); }
const c = 1;
try { write(); } catch (e) { log.push(e.name); }
print(log.join(), c);
//// a const in its dead zone under compound and logical assignments
const log = [];
for (const f of [() => { c += 1; const c = 1; }, () => { c ||= 1; const c = 1; }, () => { c ??= 1; const c = 1; }, () => { c++; const c = 1; }, () => { [c] = [1]; const c = 1; }]) try { f(); } catch (e) { log.push(e.name); }
print(log.join());
//// names of functions under symbols by assignment and declaration
const none = Symbol(), o = {};
const { [none]: f = () => {} } = {}, { [Symbol('k')]: g = class {} } = {};
o[none] = () => {}; o['k'] = () => {};
print(f.name, g.name, o[none].name || '-', o.k.name || '-');

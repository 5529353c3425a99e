// SPDX-License-Identifier: MIT
//// for let gives each round its own variable
const fs = [];
for (let i = 0; i < 3; i++) fs.push(() => i);
print(fs.map(f => f()).join());
//// for var shares one
const fs = [];
for (var i = 0; i < 3; i++) fs.push(() => i);
print(fs.map(f => f()).join(), i);
//// the copy is made before the update
const fs = [];
for (let i = 0; i < 3; fs.push(() => i), i++) ;
print(fs.map(f => f()).join());
//// a closure of the initialiser keeps the first copy
let get;
const seen = [];
for (let i = 0, read = () => i; i < 3; i++) { seen.push(read()); get = read; }
print(seen.join(), get());
//// a closure of the condition sees the round it was made in
const fs = [];
for (let i = 0; fs.push(() => i), i < 2; i++) ;
print(fs.map(f => f()).join());
//// writes in the body are carried to the next round
const fs = [];
for (let i = 0; i < 6; i++) { fs.push(() => i); i += 1; }
print(fs.map(f => f()).join());
//// closures may write their own copy after the loop
const add = [], get = [];
for (let i = 0; i < 2; i++) { add.push(() => ++i); get.push(() => i); }
add[0](); add[0](); add[1]();
print(get.map(f => f()).join());
//// a closure that writes during its round changes the loop
const fs = [];
for (let i = 0; i < 5; i++) { const skip = () => { i += 2; }; skip(); fs.push(() => i); }
print(fs.map(f => f()).join());
//// several names in one head
const fs = [];
for (let i = 0, j = 10; i < j; i += 3, j -= 2) fs.push(() => i + ':' + j);
print(fs.map(f => f()).join());
//// names by a pattern in the head
const fs = [];
for (let [i, { step }] = [0, { step: 2 }]; i < 6; i += step) fs.push(() => i * step);
print(fs.map(f => f()).join());
//// continue still copies
const fs = [];
for (let i = 0; i < 4; i++) { fs.push(() => i); if (i % 2) continue; fs.push(() => -i - 1); }
print(fs.map(f => f()).join());
//// continue to an outer label
const fs = [];
outer: for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) { if (j > i) continue outer; fs.push(() => `${i}${j}`); }
print(fs.map(f => f()).join());
//// break leaves the last copy alone
let get;
for (let i = 0; ; i++) { get = () => i; if (i === 2) break; }
print(get());
//// break to an outer label from a closure's round
const fs = [];
outer: for (let i = 0; ; i++) { for (let j = 0; ; j++) { fs.push(() => i * 10 + j); if (j === 1 && i === 1) break outer; if (j === 1) break; } }
print(fs.map(f => f()).join());
//// return out of a loop whose body makes closures
function find(list, test) { for (let i = 0; i < list.length; i++) { const check = () => test(list[i], i); if (check()) return () => i; } return () => -1; }
print(find([4, 5, 6], v => v === 5)(), find([1], v => v > 1)());
//// return out of two loops with closures
function f() { for (let i = 0; ; i++) for (const j of [1, 2, 3]) { const g = () => i * j; if (g() === 6) return `${i}x${j}`; } }
print(f());
//// for of const closures
const fs = [];
for (const v of ['a', 'b']) fs.push(() => v);
print(fs.map(f => f()).join());
//// for of let may be written without touching others
const fs = [];
for (let v of [1, 2, 3]) { v *= 10; fs.push(() => v++); }
print(fs[0](), fs[0](), fs[1](), fs[2]());
//// for in closures
const fs = [];
for (const k in { x: 1, y: 2 }) fs.push(() => k);
for (let k in { z: 1 }) { k += k; fs.push(() => k); }
print(fs.map(f => f()).join());
//// for of pattern closures with defaults
const fs = [];
for (const { a, b = () => a } of [{ a: 1 }, { a: 2 }, { a: 3, b: () => 'own' }]) fs.push(b);
print(fs.map(f => f()).join());
//// for of var pattern shares its names
const fs = [];
for (var [k, v] of [['a', 1], ['b', 2]]) fs.push(() => k + v);
print(fs.map(f => f()).join());
//// while body names
const fs = [];
let n = 0;
while (n < 3) { const own = n++; fs.push(() => own); }
print(fs.map(f => f()).join(), n);
//// do while body names and continue
const fs = [];
let n = 0;
do { let own = n; if (own === 1) continue; fs.push(() => own++); } while (++n < 4);
print(fs.map(f => f()).join(), fs[0]());
//// functions declared in a loop body
const fs = [];
for (let i = 0; i < 3; i++) { fs.push(f); function f() { return i + own; } const own = i * 10; }
print(fs.map(f => f()).join());
//// classes declared in a loop body
const cs = [];
for (const n of ['a', 'b']) { class C { static n = n; get n() { return C.n + n; } } cs.push(C); }
print(cs.map(C => new C().n).join(), cs[0] === cs[1]);
//// this and arguments inside loop closures
function f() { const fs = []; for (let i = 0; i < arguments.length; i++) fs.push(() => this.k + arguments[i] + i); return fs.map(g => g()).join(); }
print(f.call({ k: 'k' }, 'a', 'b'));
//// new.target inside loop closures
function F() { this.list = []; for (let i = 0; i < 2; i++) this.list.push(() => i + String(new.target === F)); }
print(new F().list.map(f => f()).join());
//// assignment in a loop closure to an outer name
let total = 0;
for (let i = 1; i < 4; i++) { const add = () => { total += i; }; add(); add(); }
print(total);
//// var in a loop body with closures is the function's
function f() { for (let i = 0; i < 2; i++) { var g = () => i; var count = (count || 0) + 1; } return g() + ':' + count + ':' + typeof i; }
print(f());
//// nested loops capture both variables
const fs = [];
for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) fs.push(() => [i++, j++].join(''));
print(fs.map(f => f()).join(), fs.map(f => f()).join());
//// switch inside a loop with closures
const fs = [];
for (let i = 0; i < 4; i++) { switch (i) { case 1: continue; case 3: break; default: let s = i * 2; fs.push(() => s + i); } fs.push(() => 'after' + i); }
print(fs.map(f => f()).join());
//// try finally inside a loop with closures
const fs = [], log = [];
for (let i = 0; i < 4; i++) { try { if (i === 1) continue; if (i === 3) break; fs.push(() => i); } finally { log.push('f' + i); } }
print(fs.map(f => f()).join(), log.join());
//// thrown out of a loop with closures
let get;
try { for (let i = 0; ; i++) { get = () => i; if (i === 2) throw new RangeError(); } } catch (e) { print(e.name, get()); }
//// yield in a loop whose names are captured
function* g() { for (let i = 0; i < 3; i++) { const got = yield () => i; if (got) i += got; } }
const it = g(), fs = [it.next().value, it.next(1).value];
print(fs.map(f => f()).join(), it.next().done);
//// await in a loop whose names are captured
const fs = [];
async function f() { for (let i = 0; i < 3; i++) { fs.push(() => i); await null; i += 0; } for (const v of ['x', 'y']) { await v; fs.push(() => v); } }
f().then(() => print(fs.map(g => g()).join()));
//// timers set in a loop
for (let i = 0; i < 3; i++) setTimeout(() => print('let', i), 60 - i * 20);
for (var j = 0; j < 2; j++) setTimeout(() => print('var', j), 100);
//// getters made in a loop
const o = {};
for (const k of ['a', 'b']) Object.defineProperty(o, k, { get: () => k + k, enumerable: true });
const list = [];
for (let i = 0; i < 2; i++) list.push({ get v() { return i; }, set v(x) { i = x; } });
list[1].v = 7;
print(o.a, o.b, list[0].v, list[1].v);
//// generators made in a loop
const gs = [];
for (let i = 0; i < 2; i++) gs.push(function* () { yield i; yield ++i; });
print([...gs[0](), ...gs[1](), ...gs[0]()].join());
//// condition with a call that captures and changes the variable
const fs = [];
for (let i = 0; (() => i++ < 3)(); ) fs.push(() => i);
print(fs.map(f => f()).join());
//// a loop without update and without condition
const fs = [];
for (let i = 0; ; ) { fs.push(() => i); if (++i > 2) break; }
print(fs.map(f => f()).join());
//// label on a loop whose body has closures, continue of the same label
const fs = [];
again: for (let i = 0; i < 4; i++) { fs.push(() => i); do { if (i & 1) continue again; } while (false); fs.push(() => 'e' + i); }
print(fs.map(f => f()).join());
//// a const of the head shared by all rounds
const fs = [];
for (const o = { n: 0 }; o.n < 2; o.n++) fs.push(() => o);
print(fs[0]() === fs[1](), fs[0]().n);
//// the head's name and a body name alike
const fs = [];
for (let i = 0; i < 2; i++) { let i = 'body'; fs.push(() => i); }
for (const x of [1, 2]) { const x = 'inner'; fs.push(() => x); }
print(fs.map(f => f()).join());
//// a function without captures is a new one in each round
const fs = [];
for (let i = 0; i < 2; i++) { function f() {} fs.push(f); f.mark = i; }
while (fs.length < 4) { function g() { return 1; } fs.push(g); }
print(fs[0] === fs[1], fs[2] === fs[3], fs[0].mark, fs[1].mark);
//// a declared function's prototype is its own in each round
const made = [];
for (const n of [1, 2]) { function F() {} F.prototype.n = n; made.push(new F()); }
print(made.map(o => o.n).join(), made[0].constructor === made[1].constructor);
//// a declared function in a nested block of a loop
const fs = [];
for (const v of [1, 2]) { if (v) { fs.push(f); function f() { return 'f'; } f.v = v; } try { function g() {} fs.push(g); } finally { } }
print(fs[0] === fs[2], fs[1] === fs[3], fs[0].v + fs[2].v);
//// a captured function is called without this
const out = [];
for (const f of [function () { return this === undefined; }, function () { return typeof this; }]) { const call = () => f(); out.push(f(), call(), f.call(5) + ''); }
print(out.join());
//// a captured local function is called without this, with arguments
const fs = [];
for (let i = 0; i < 2; i++) { const f = function (...a) { return String(this) + a.join('') + i; }; fs.push(() => f(1, ...[2])); fs.push(() => f(3)); }
print(fs.map(f => f()).join());
//// a captured function with a tag and an optional call is called without this
const out = [];
for (const t of [function (s) { return String(this) + (s ? s[0] : ''); }]) { const a = () => t`x`, b = () => t?.(), c = () => (0, t)(); out.push(a(), b(), c(), t`y`); }
print(out.join());
//// a class declared in a round and seen by a closure
const fs = [];
for (const n of ['a', 'b']) { class C { static v = n; } fs.push(() => C.v + new C().constructor.v); }
print(fs.map(f => f()).join());
//// a class declared in a round, assigned later, derived from that of the round before
let Last = Object;
const gets = [];
for (let i = 0; i < 3; i++) { const P = Last; class C extends P { n() { return i + (super.n ? super.n() : ''); } } gets.push(() => C); Last = C; if (i === 1) C = null; }
print(gets.map(g => String(g() && new (g())().n())).join());
//// a class declared in a round is dead before its line for closures too
const out = [];
for (let i = 0; i < 2; i++) { const make = () => new C().i; try { make(); } catch (e) { out.push(e.name); } class C { i = i; } out.push(make()); }
while (out.length < 6) { const f = () => D.n; class D { static n = 'D' + out.length; } out.push(f()); }
print(out.join());

// SPDX-License-Identifier: MIT
// Calls within calls: each is either a RangeError that the program names, or is stopped by a limit.
//// direct and caught
let n = 0;
function f() { n++; f(); }
try { f(); } catch (e) { print(e.name, n > 100); }
//// mutual and caught
const even = n => n === 0 || odd(n - 1), odd = n => n !== 0 && even(n - 1);
try { even(1e9); } catch (e) { print(e.name); }
//// caught at every depth
function f() { try { f(); } catch { f(); } }
f();
//// caught in finally at every depth
function f() { try { f(); } finally { f(); } }
f();
//// two calls each
const tree = n => tree(n + 1) + tree(n + 1);
for (;;) try { tree(0); } catch { }
//// fibonacci of much
const fib = n => n < 2 ? n : fib(n - 1) + fib(n - 2);
print(fib(60));
//// ackermann
const a = (m, n) => m === 0 ? n + 1 : n === 0 ? a(m - 1, 1) : a(m - 1, a(m, n - 1));
for (;;) try { a(4, 4); } catch { }
//// a getter of itself
const o = { get x() { return this.x; } };
try { o.x; } catch (e) { print(e.name); }
//// a setter of itself
const o = { set x(v) { this.x = v; } };
try { o.x = 1; } catch (e) { print(e.name); }
//// toString of itself
const o = { toString() { return '' + this; } };
try { `${o}`; } catch (e) { print(e.name); }
//// valueOf of itself
const o = { valueOf() { return +this; } };
try { o + 1; } catch (e) { print(e.name); }
//// toPrimitive of itself
const o = { [Symbol.toPrimitive](hint) { return `${this}` + hint; } };
try { o * 2; } catch (e) { print(e.name); }
//// a proxy trap of itself
const p = new Proxy({}, { get(t, k, r) { return r[k]; } });
try { p.x; } catch (e) { print(e.name); }
//// has and set traps of themselves
const p = new Proxy({}, { has(t, k) { return k in p; }, set(t, k, v) { p[k] = v; return true; } });
try { 'x' in p; } catch (e) { print(e.name); }
try { p.x = 1; } catch (e) { print(e.name); }
//// apply and construct traps of themselves
const f = new Proxy(function () {}, { apply() { return f(); }, construct() { return new f(); } });
try { f(); } catch (e) { print(e.name); }
try { new f(); } catch (e) { print(e.name); }
//// proxies around proxies
let p = {};
try { for (let i = 0; i < 20000; i++) p = new Proxy(p, {}); print(p.x); } catch (e) { print(e.name); }
for (;;) try { p.y; } catch { }
//// long chain of prototypes
let o = {};
for (let i = 0; i < 20000; i++) o = Object.create(o);
for (;;) try { o.missing; } catch { }
//// toJSON of itself
const o = { toJSON() { return JSON.stringify(this); } };
try { JSON.stringify(o); } catch (e) { print(e.name); }
//// toJSON that always gives more
const more = () => ({ x: { toJSON: more } });
try { JSON.stringify(more()); } catch (e) { print(e.name); }
//// a replacer that always gives more
try { JSON.stringify({}, () => ({ x: {} })); } catch (e) { print(e.name); }
//// deep JSON text
try { JSON.parse('['.repeat(100000) + ']'.repeat(100000)); } catch (e) { print(e.name); }
//// deep arrays as JSON
let a = [];
for (let i = 0; i < 50000; i++) a = [a];
try { JSON.stringify(a); } catch (e) { print(e.name); }
//// deep arrays as text
let a = [];
for (let i = 0; i < 50000; i++) a = [a];
try { String(a); } catch (e) { print(e.name); }
//// deep arrays made flat
let a = [];
for (let i = 0; i < 50000; i++) a = [a, 1];
try { print(a.flat(Infinity).length); } catch (e) { print(e.name); }
//// a reviver that nests
const nest = t => JSON.parse('[1]', () => nest(t));
try { nest(); } catch (e) { print(e.name); }
//// sort inside a comparator
const deep = () => [2, 1].sort(deep);
try { deep(); } catch (e) { print(e.name); }
//// replace inside a replace
const deep = () => 'x'.replace(/x/, deep);
try { deep(); } catch (e) { print(e.name); }
//// map inside map
const deep = () => [1].map(deep);
try { deep(); } catch (e) { print(e.name); }
//// constructors within constructors
class A { constructor() { this.inner = new A(); } }
try { new A(); } catch (e) { print(e.name); }
//// fields that make themselves
class A { x = new A(); static make() { return new A(); } }
try { A.make(); } catch (e) { print(e.name); }
//// a long chain of super
let C = class { constructor() { this.n = 0; } };
for (let i = 0; i < 3000; i++) C = class extends C { constructor() { super(); this.n++; } };
try { print(new C().n); } catch (e) { print(e.name); }
//// generators that delegate to themselves
function* g() { yield* g(); }
try { g().next(); } catch (e) { print(e.name); }
//// a long chain of generators
function* g(n) { if (n) yield* g(n - 1); yield n; }
try { let s = 0; for (const x of g(900)) s += x; print(s); } catch (e) { print(e.name); }
//// an async function that awaits itself
async function f() { await f(); }
f().catch(e => print(e.name));
//// async calls that go on for ever
async function f(n) { await null; return f(n + 1); }
f(0);
//// bound again and again
let f = () => 1;
for (let i = 0; i < 30000; i++) f = f.bind(null);
try { print(f()); } catch (e) { print(e.name); }
//// apply of apply
const f = (...a) => f.apply(null, [1, ...a]);
try { f(); } catch (e) { print(e.name); }
//// Reflect of itself
const f = () => Reflect.apply(f, null, []), C = function () { return Reflect.construct(C, []); };
try { f(); } catch (e) { print(e.name); }
try { new C(); } catch (e) { print(e.name); }
//// instanceof of itself
const o = { [Symbol.hasInstance]: x => x instanceof o };
try { ({}) instanceof o; } catch (e) { print(e.name); }
//// iterators that iterate themselves
const o = { *[Symbol.iterator]() { yield* o; } };
try { [...o]; } catch (e) { print(e.name); }
//// defaults that call themselves
const f = (a = f()) => a;
try { f(); } catch (e) { print(e.name); }
//// templates that call themselves
const tag = (s, x) => tag`a${x}b`;
try { tag`a${1}b`; } catch (e) { print(e.name); }

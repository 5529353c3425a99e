//// array patterns in expressions close their iterators
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { log.push(tag + i); return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); return {}; } };
}
function show(...more) { print(...more, log.splice(0).join(' ')); }
const boom = m => { throw new Error(m); };
const id = x => x;
let a, b, o = {};
show(id([a = 5, b] = source('f'))[Symbol.iterator] !== undefined, a, b);
try { id([a = boom('default')] = source('d', 0)); } catch (e) { show(e.message); }
try { print(id([a, o[boom('key')]] = source('k'))); } catch (e) { show(e.message); }
try { if (([o.x, [b]] = source('n'))) print('no'); } catch (e) { show(e.name); }
try { if (false) print('no'); else if (([, { b = boom('deep') }] = source('e'))) print('no'); } catch (e) { show(e.message); }
try { for (let [q = boom('let')] = source('l', 0); ;) break; } catch (e) { show(e.message); }
try { for (let i = 0; i < 2; [a, b = boom('step')] = source('s', 1)) print('round', i++); } catch (e) { show(e.message); }
try { while (([a = boom('while')] = source('w', 0))) print('no'); } catch (e) { show(e.message); }
try { do { if (log.length === 0) continue; } while (([a, b = boom('do')] = source('o', 1))); } catch (e) { show(e.message); }
try { for (const x of ([a = boom('of')] = source('O', 0))) print('no'); } catch (e) { show(e.message); }
try { for (const x in ([o.p, o[boom('in')]] = source('I'))) print('no'); } catch (e) { show(e.message); }
try { switch (1) { case ([a, b = boom('case')] = source('c', 1)): } } catch (e) { show(e.message); }
const arrow = x => [a, b = boom('arrow')] = x; try { arrow(source('A', 1)); } catch (e) { show(e.message); }
try { (() => { return [[a, b = boom('inner')]] = [source('R', 1)]; })(); } catch (e) { show(e.message); }
try { ((p = ([a, b = boom('param')] = source('P', 1))) => p)(); } catch (e) { show(e.message); }
try { id(([a, b = boom('first')] = source('1', 1)), source('2')); } catch (e) { show(e.message); }
try { id([a, [b = boom('nest')]] = (([a, ...b] = source('r', 2)), [source('x'), source('y', 0)])); } catch (e) { show(e.message); }
const k = 1; try { id([k] = source('K')); } catch (e) { show(e.name); }
try { id([z, ...[y]] = source('Z')); let z, y; } catch (e) { show(e.name); }
outer: for (const t of [1, 2]) { for (let [q, w = t] = source('q', 1); q < 2; [q] = [q + 1]) { if (t === 1) continue outer; show(t, q, w); break outer; } }
//// array patterns in expressions with yield and await
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9, bad) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); if (bad) throw new Error(tag); return {}; } };
}
function* g(it) { let a, b; const r = [yield 'one', ([a = yield 'two', b] = it)]; return [a, b, r.length]; }
let run = g(source('a', 0)); run.next(); run.next(); print(JSON.stringify(run.next('A')));
run = g([undefined, 5]); run.next(); run.next(); print(JSON.stringify(run.next('B')));
function* h(it) { let o = {}; try { print([o[yield 1]] = it); } finally { log.push('finally'); } }
run = h(source('h')); run.next(); print(JSON.stringify(run.return(7)), log.splice(0).join());
run = h(source('t')); run.next(); try { run.throw(new Error('x')); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.return(7); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.throw(new Error('mine')); } catch (e) { print(e.message, log.splice(0).join()); }
(async () => {
  let a, b;
  const f = async x => { throw new Error(x); };
  print(([a = await 5, b = await 6] = [1]).length, a, b);
  try { print([a = await f('rejected')] = source('w', 0)); } catch (e) { print(e.message, log.splice(0).join()); }
  try { print([a, b = await f('later')] = source('v', 1), 1); } catch (e) { print(e.message, log.splice(0).join()); }
  for (const x of ([a, b] = [await 1, await 2])) print(x, a, b);
  for (const x of [1]) { function* inner() { for (const y of source('y')) { yield y; } } const it = inner(); it.next(); print(JSON.stringify(it.return(3)), log.splice(0).join()); }
})();
//// super in object literals
// SPDX-License-Identifier: MIT
const base = { hi() { return 'base ' + this.n; }, get v() { return this.n * 2; }, set v(x) { this.seen = x; }, n: 1 };
function make(n) {
  return { __proto__: base, n, hi() { return 'derived ' + super.hi(); }, get v() { return super.v + 1; }, set v(x) { super.v = x + 1; },
    ['c' + n]() { return super.hi(); }, arrow() { return (() => () => super.hi())()(); }, async later() { await null; return super.hi(); },
    *gen() { yield super.hi(); yield super.v; }, missing() { return super.nope; }, own() { super.fresh = 5; return Object.keys(this).includes('fresh'); } };
}
const [a, b] = [make(2), make(3)];
print(a.hi(), b.hi(), a.v, b.c3(), a.arrow(), [...b.gen()].join(), a.missing(), a.own());
a.v = 9; print(a.seen, Object.keys(base).join());
const list = []; for (let i = 0; i < 3; i++) list.push({ __proto__: base, n: i, hi() { return super.hi() + i; } });
print(list.map(o => o.hi()).join());
const moved = { n: 9, hi: a.hi }; print(moved.hi());
Object.setPrototypeOf(a, { hi() { return 'other'; } }); print(a.hi());
const none = { __proto__: null, f() { return super.x; }, g() { super.x = 1; } };
for (const f of ['f', 'g']) try { none[f](); } catch (e) { print(e.name); }
b.later().then(print);
//// super properties as targets
// SPDX-License-Identifier: MIT
const log = [];
class A { get x() { log.push('get'); return this._x; } set x(v) { log.push('set ' + v); this._x = v; } tag(s, ...v) { return s.join('|') + v + this._x; } }
class B extends A {
  constructor() { super(); this._x = 5; }
  run() {
    super.x += 2; super['x'] **= 2; log.push(super.x++, --super.x); super.x &&= 7; super.x ||= 8; super.y ??= 9; log.push(this.y, super.y);
    [super.x, super.z = 4] = [1]; ({ p: super.x, ...super.rest } = { p: 2, q: 3 }); for (super.x of [3, 4]); for (super.k in { key: 1 });
    log.push(this.z, JSON.stringify(this.rest), this.k, super.tag`a${1}b`, super.tag?.(['s'], 2), super.none?.(), super.none?.x, typeof super.tag, new.target);
    try { delete super.x; } catch (e) { log.push(e.name); }
    return log.splice(0).join();
  }
  static make() { const order = []; try { order.push('start'); super[(order.push('key'), { toString() { order.push('string'); return 'q'; } })] = order.push('value'); } catch (e) { order.push(e.name); } return order.join(); }
}
print(new B().run(), B.make(), B.q);
class C extends A { constructor() { try { super.x; } catch (e) { print(e.name); } try { super[print('no')] = 1; } catch (e) { print(e.name); } super(); Object.defineProperty(this, 'w', { value: 1 }); try { super.w = 2; } catch (e) { print(e.name); } Object.freeze(this); try { super.n = 2; } catch (e) { print(e.name); } } }
new C();
//// private names and own names in the head of a class
// SPDX-License-Identifier: MIT
let probe, get;
class C extends (probe = () => C, Object) { #x = 1; [(get = o => o.#x, 'k')] = 2; static [(() => typeof probe)()] = 3; m() { return C.function; } }
print(probe() === C, get(new C()), new C().k, new C().m());
try { get({}); } catch (e) { print(e.name); }
try { class D extends D { } } catch (e) { print(e.name); }
try { class D { [D.name]() { } } } catch (e) { print(e.name); }
class E { static self = E; static [(() => { try { return E.name; } catch (e) { return e.name; } })()] = 1; }
print(E.self === E, E.ReferenceError);
const made = []; for (let i = 0; i < 2; i++) made.push(class { #p = i; static [(made.read = (made.read || []), made.read.push(o => o.#p), 'f')] = 0; });
print(made.read[0](new made[0]()), made.read[1](new made[1]())); try { made.read[0](new made[1]()); } catch (e) { print(e.name); }
function outer() { return class { [arguments[0]]() { return 'args'; } static [this.name] = new.target === undefined; }; }
const O = outer.call({ name: 'own' }, 'first'); print(new O().first(), O.own);
function* g() { return class extends (yield 'heritage') { static [yield 'key'] = 'static'; }; }
try { const it = g(); print(it.next().value, it.next(Array).value); const K = it.next('kk').value; print(K.kk, new K() instanceof Array); } catch (e) { print(e.name); }
const s = Symbol('sym'); const names = { ['a' + 1]: class { }, [s]: class { }, 0x10: function () { }, [s + '' === 'x' ? 1 : 'arrow']: () => 1, own: class { static name = 'mine'; } };
print(names.a1.name, names[s].name, names[16].name, names.arrow.name, names.own.name, new (class { ['f' + 1] = class { }; })().f1.name);
//// derived constructors that return out of a try
// SPDX-License-Identifier: MIT
class A { }
const log = [];
class B extends A { constructor(v, early) { try { if (early) { super(); return v; } super(); for (const x of [1]) { try { return v; } finally { log.push('inner'); } } } catch (e) { log.push('caught ' + e.name); } finally { log.push('finally'); } } }
for (const v of [undefined, 1, { o: 1 }, null]) for (const early of [true, false]) try { const o = new B(v, early); log.push(o instanceof B, o.o); } catch (e) { log.push(e.name); }
print(log.splice(0).join());
class D extends A { constructor(how) { loop: for (const q of [1, 2]) { try { return how === 1 ? 5 : {}; } finally { if (how < 3) { super(); break loop; } } } log.push('after'); } }
for (const how of [1, 2, 3]) print(new D(how) instanceof D); print(log.join());
class P { constructor() { this.from = 'P'; } } class Q { constructor() { this.from = 'Q'; } }
class R extends P { constructor(f) { super(f && f()); } }
print(new R().from); Object.setPrototypeOf(R, Q); print(new R().from);
//// keys of what is read and written
// SPDX-License-Identifier: MIT
const log = [];
const key = n => ({ toString() { return n; } });
const o = { a: 1, b: 2, f: null }, say = x => (log.push(x), x);
o[key('a')] += say(1); o[key('b')]++; --o[key('b')]; o[key('c')] ??= say(3); o[key('a')] **= 2; o[key('f')] ||= say('f'); o[key('f')] &&= 1;
print(JSON.stringify(o), log.splice(0).join());
for (const f of [() => null[key('n')] += say('no'), () => (void 0)[key('n')] &&= say('no'), () => null[say(key('n'), 1)]++, () => null[(() => { throw new RangeError(); })()]--])
  try { f(); } catch (e) { print(e.name, log.splice(0).length); }
const s = Symbol(); o[s] = 1; o[s] += 1; o[s]++; print(o[s]);
function fill(list, at) { list[at] = 1; list[at]++; list[at] += at; return list.join(); } print(fill([], 1), fill([], key('0')), log.splice(0).join());
let i = 0; const counts = [0, 0]; for (const w of ['x', 'y', 'x']) counts[w === 'x' ? 0 : 1]++; counts[i++] += 10; counts[i] -= 1; print(counts.join(), i);
for (const k in o) if (k === 'a') o[k]++; print(o.a);
//// dead names are written last
// SPDX-License-Identifier: MIT
const log = [], say = x => (log.push(x), x);
for (const f of [() => { x = say('x'); let x; }, () => { x = { y: say('y') }; const x = 1; }, () => { x += say('no'); let x; }, () => { x ??= say('no'); let x; },
  () => { [x] = [say('z')]; let x; }, () => { x = () => 1; class x { } }, () => { const c = 1; c = say('c'); }, () => { const c = 1; c *= say('d'); }, () => { d = say('e'); const d = 1; }])
  try { f(); } catch (e) { print(e.name, log.splice(0).join()); }
//// variables of a for in front of its first round
// SPDX-License-Identifier: MIT
const all = [];
for (let i = 0, f = () => i; i < 3; i++) { all.push(f, () => i); if (i === 0) i = 0; }
print(all.map(f => f()).join());
let before, test, step, body, run = true;
for (let x = 'outside', _ = before = () => x; run && (x = 'inside', test = () => x); step = () => x) body = () => x, run = false;
print(before(), test(), body(), step());
for (let i = 0, n = { get() { return i; }, set(v) { i = v; } }; i < 2; i++) { n.set(9); if (i === 1) print(n.get(), i); }
for (let [i, g] = [1, () => i], h = class { static v() { return i; } }; i < 3; i++) print(i, g(), h.v());
//// a var of the body is another variable than the parameter
// SPDX-License-Identifier: MIT
function f(a, g = () => a, h = v => { a = v; }) { var a; const first = a; a = 2; h(3); return [first, a, g()].join(); }
print(f(1));
const k = ({ a, b = () => a }, c = b) => { var a = (a, 5), b; return [a, b(), c === b].join(); }; print(k({ a: 1 }));
function p(a, x = () => a) { function a() { } return typeof a + typeof x(); } print(p(1));
function q(a) { const before = a; var a = 'var'; function inner() { return a; } return before + inner() + arguments[0]; } print(q('arg'));
function r(a = 1) { if (a) { var a = 7; } for (var a in { key: 1 }); return a; } print(r());
function t() { try { throw 1; } catch (e) { var e = 2, z = e; } return typeof e + z; } print(t());
function u() { try { throw 1; } catch (e) { for (var e = 5; e < 6; e++); } return e; } print(u());
print((function (a, b = eval_ => a) { var a = 2; return (() => a + b())(); })(1));
//// what extends takes
// SPDX-License-Identifier: MIT
let asked = 0;
for (const p of [() => 1, function* () { }, async function () { }, { m() { } }.m, parseInt, 1, 'x', {}, undefined, Symbol(), { get g() { return 1; } }]) {
  if (typeof p === 'function') try { Object.defineProperty(p, 'prototype', { get() { asked++; return {}; } }); } catch (e) { }
  try { class A extends p { } print('made'); } catch (e) { print(e.name); }
}
print(asked);
class B extends Object { constructor(v) { super(v); this.k = 1; } } const given = { g: 1 }; print(new B(given) === given, Object.keys(new B(given)).join(), new B() instanceof B);
class N extends null { static s = 1; } print(N.s, Object.getPrototypeOf(N) === Function.prototype, Object.getPrototypeOf(N.prototype)); try { new N(); } catch (e) { print(e.name); }
class P extends class { constructor() { this.t = new.target.name; } } { } print(new P().t);
//// await as a name
// SPDX-License-Identifier: MIT
var await = 1, o = { await };
function f(await) { await: for (;;) { break await; } return await + 1; }
print(await, o.await, f(2), (await => await * 2)(4), (function await() { return typeof await; })(), typeof await);
class C { await = await; static async await() { return (function () { return typeof await; })(); } }
print(new C().await); C.await().then(print);
print(((a = async () => { await 1; }) => typeof a)(), ((a = function* () { yield 1; }) => typeof a)());
//// names of other alphabets
// SPDX-License-Identifier: MIT
const größe = 1, \u{1d4d0}x = 2, 名前 = 3, ㅤ = 4, a\u200c\u200db = 5, ℘ = 6, x·y = 7, ქ = 8;
class K { #größe = größe; get π() { return this.#größe; } static #名 = 名前; static get() { return K.#名; } }
print(größe + 𝓐x + 名前 + ㅤ + a‌‍b + ℘ + x·y + ქ, new K().π, K.get(), Object.keys({ größe, 名前 }).join());
//// finally is out of its catch's reach
// SPDX-License-Identifier: MIT
const show = f => { try { print('value', f()); } catch (e) { print('thrown', e.message); } };
show(() => { try { return 'try'; } catch (e) { return 'caught'; } finally { throw new Error('finally'); } });
show(() => { for (;;) try { break; } catch (e) { return 'caught'; } finally { throw new Error('break'); } });
show(() => { for (let i = 0; i < 2; i++) try { continue; } catch (e) { return 'caught'; } finally { throw new Error('continue'); } });
show(() => { try { throw new Error('first'); } catch (e) { return e.message; } finally { throw new Error('last'); } });
show(() => { try { try { return 1; } catch (e) { return 'inner'; } finally { throw new Error('inner finally'); } } catch (e) { return 'outer ' + e.message; } });
show(() => { l: try { return 1; } catch (e) { } finally { break l; } return 'behind'; });
//// own keys of functions
// SPDX-License-Identifier: MIT
const keys = f => Reflect.ownKeys(f).map(String).join();
class A { static 2() { } static b() { } static 1 = 0; static [Symbol.for('s')] = 1; static a = 2; }
print(keys(A), keys(class { }), keys(class extends A { static name = 5; }), keys(class { static name() { } static length() { } }));
print(keys(function () { }), keys(function f() { }), keys(() => 1), keys(async () => 1), keys({ m() { } }.m), keys(Object.getOwnPropertyDescriptor({ get g() { return 1; } }, 'g').get));
const o = {}; o.f = function () { }; o['g'] = () => 1; (o.h) = class { }; let plain; (plain) = function () { }; print([o.f, o.g, o.h, plain].map(f => JSON.stringify(f.name) + Object.hasOwnProperty.call(f, 'name')).join());
for (const k of ['caller', 'arguments']) for (const f of [function () { }, () => 1, class { }, parseInt]) { try { print(f[k]); } catch (e) { print(k, e.name); } try { f[k] = 1; } catch (e) { print(e.name); } }
print(Object.getOwnPropertyDescriptor(Object.freeze([1]), 'length').writable, Object.isFrozen(Object.freeze([])));
//// for in and what hides
// SPDX-License-Identifier: MIT
const proto = { a: 1, b: 2, length: 3, c: 4 }, o = Object.create(proto, { a: { value: 1 }, d: { value: 2, enumerable: true } }), seen = [];
for (const k in o) seen.push(k); print(seen.join());
const list = Object.setPrototypeOf([7], proto); for (const k in list) print(k);
class P { get x() { return 1; } } class Q extends P { } Q.prototype.y = 1; P.prototype.y = 2; P.prototype.z = 3; for (const k in new Q()) print(k);
//// closures of loops that share what makes them
// SPDX-License-Identifier: MIT
const fs = [];
for (let i = 0; i < 2; i++) { try { throw i; } catch (e) { fs.push(() => e); for (let j = 0; j < 2; j++) fs.push(() => [e, i, j].join()); } }
function outer(k) { try { throw k; } catch (e) { const r = []; for (let j = 0; j < 2; j++) r.push(() => e + j); return r; } }
fs.push(...outer('a'), ...outer('b'));
print(fs.map(f => f()).join(' '));
function* g() { for (let i = 0; ; i++) yield (() => i); } const a = g(), b = g(); const x = [a.next().value, b.next().value, a.next().value]; print(x.map(f => f()).join());
class A { constructor(n) { this.list = []; for (const v of [1, 2]) this.list.push(() => this.n + v, class { static #p = v; static m() { return this.#p; } }.m.bind(null)); this.n = n; } }
print(new A(1).list.length, new A(1).list[0](), new A(5).list[2]());
const made = []; for (const v of [1, 2]) { class K { static #s = v; static get = () => K.#s + v; static make() { const r = []; for (let q = 0; q < 2; q++) r.push(() => K.#s * 10 + q); return r; } } made.push(K); }
print(made.map(K => K.get() + ':' + K.make().map(f => f())).join(' '));
const fact = n => { const r = []; for (let i = 0; i < n; i++) r.push(function self(d) { return d ? self(d - 1) + i : i; }); return r; }; print(fact(3).map(f => f(2)).join());
async function z() { const r = []; for (const v of [1, 2]) { await null; r.push(async () => { await null; return v; }); } return (await Promise.all(r.map(f => f()))).join(); } z().then(print);
//// closures over a case that was jumped over
// SPDX-License-Identifier: MIT
function f(n) {
  const fs = [];
  switch (n) { case 0: let a = 'a'; fs.push(() => a); break; case 1: fs.push(() => a, () => typeof a, () => { a = 1; }); case 2: const c = 'c'; fs.push(() => c, class { static m() { return c + typeof a; } }.m); default: fs.push(() => c); }
  return fs.map(g => { try { return g(); } catch (e) { return e.name; } }).join();
}
for (let i = 0; i < 4; i++) print(f(i));
//// what a switch compares is read before its cases run
for (let k = 0; k < 3; k++) {
  switch (k) {
    case (++k): print('same'); break;
    default: print('default', k);
    case 1: print('one', k); break;
  }
}
//// the value of a switch does not follow what a case calls
let n = 1;
const f = () => ++n;
switch (n) { case f(): print('changed'); break; case 1: print('kept', n); }
//// a name of a catch pattern is dead while its own default is made
try { throw {}; } catch ({ x = () => y, y = 1 }) { print(x()); }
try { try { throw {}; } catch ({ x = x }) { print('none'); } } catch (e) { print(e.name); }
try { try { throw [undefined, 2]; } catch ([a = b, b]) { print('none'); } } catch (e) { print(e.name); }
//// what a script puts on Object.prototype changes nothing of the language
const names = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'kind', 'list', 'at', 'passing'];
for (const name of names) Object.prototype[name] = function () { return 'polluted'; };
const key = Symbol('k'), log = [];
class A { static s = 1; f = 2; #p = 3; get p() { return this.#p; } set p(v) { this.#p = v; } [key]() { return 'm'; } get ['k' + 1]() { return 1; } static #q() { return 4; } static q() { return A.#q(); } }
class B extends A { constructor() { super(); this.own = super[key](); } get [Symbol.toStringTag]() { return 'B'; } }
function* gen() { const got = yield 1; log.push(got); yield* [2, 3]; return 4; }
async function later(...rest) { for await (const x of [1, Promise.resolve(2)]) log.push(x); return rest.length; }
async function* steps() { yield 1; yield* [2]; }
function all() { return [...arguments, (() => arguments.length)()]; }
const tag = (strings, ...values) => strings.raw.join('|') + values.length, { a, ...others } = { a: 1, b: 2, [key]: 3, get c() { return 4; } }, [x, ...ys] = new Set([5, 6, 7]);
const b = new B(), it = gen();
b.p = 9;
it.next(); it.next('sent');
const made = { ...others, ['comp' + a]: 1, get g() { return 'g'; }, set g(v) { log.push(v); }, async m() { }, [key]: 2, arrow: () => 1 };
made.g = 'set';
print(A.s, b.f, b.p, b.own, b[key](), String(b), A.q(), all(1, 2).join(), tag`a${1}b\n${2}`, Object.keys(others).join(), others[key], x, ys.join(), made.g, made.arrow.name, made.m.name, [...gen()].join());
(async () => { for await (const s of steps()) log.push('step' + s); print(await later(1, 2, 3), log.join()); for (const name of names) delete Object.prototype[name]; })();

//// array pattern order
// SPDX-License-Identifier: MIT
const log = [];
function source(n, tag) {
  let i = 0;
  return { [Symbol.iterator]() { return { next() { log.push(tag + i); return i < n ? { value: i++, done: false } : { value: undefined, done: true }; }, return() { log.push(tag + ' closed'); return {}; } }; } };
}
function show() { console.log(log.splice(0).join(' ')); }
const d = n => (log.push('default ' + n), n);
{ const [a = d('a'), b = d('b')] = source(1, 's'); show(); }
{ const [a, , b] = source(9, 's'); console.log(a, b); show(); }
{ const [] = source(3, 'e'); show(); }
{ const [f, ...all] = source(4, 'r'); console.log(all.join()); show(); }
{ const o = { get x() { return 1; }, set x(v) { log.push('set x ' + v); }, set y(v) { log.push('set y ' + v); } }; [o.x, o.y] = source(5, 's'); show(); }
{ let o = {}; const obj = () => (log.push('obj'), o), key = k => (log.push('key ' + k), k);
  [obj()[key('a')], obj()[key('b')] = d('B')] = [undefined, undefined]; show(); console.log(JSON.stringify(o)); }
{ const arr = [1, 2, 3]; [arr[1], arr[2]] = arr; console.log(arr.join()); }
{ const arr = [1, 2, 3]; [arr[2], arr[1], arr[0]] = arr; console.log(arr.join()); }
{ let x = 1, y = 2; [x, y] = [y, x]; console.log(x, y); }
{ let n; try { const [a, { b }] = source(1, 'n'); } catch (e) { console.log(e.name); } show(); }
{ try { const [a = (() => { throw new Error('dflt'); })()] = source(0, 'd'); } catch (e) { console.log(e.message); } show(); }
{ let t; try { [t, (() => { throw new Error('target'); })().x] = source(5, 't'); } catch (e) { console.log(e.message); } show(); }
{ const o = { set x(v) { throw new Error('setter'); } }; try { [o.x] = source(5, 'x'); } catch (e) { console.log(e.message); } show(); }
{ const bad = { [Symbol.iterator]() { return { next() { log.push('next'); throw new Error('next'); }, return() { log.push('must not close'); return {}; } }; } };
  try { const [a] = bad; } catch (e) { console.log(e.message); } show(); }
{ const bad = { [Symbol.iterator]() { return { next() { return { done: false, value: 1 }; }, return() { log.push('returned'); return 5; } }; } };
  try { const [a] = bad; } catch (e) { console.log(e.name); } show(); }
function f([a, b = a + 1] = [10], { c = b + 1, ...rest } = { z: 1 }) { return [a, b, c, JSON.stringify(rest)].join(); }
console.log(f(), f([1]), f([1, 5], { c: 9, q: 2 }), f(source(1, 'p'))); show();
for (const [k, v = d('dv')] of [source(1, 'o'), [5, 6]]) console.log(k, v);
show();
for (const [i, [j = 7]] of [[1, []], [2, source(2, 'i')]]) console.log(i, j);
show();
try { throw [1, [2]]; } catch ([p, [q, r = p + q]]) { console.log(p, q, r); }
console.log((([x, y = x]) => x + y)([4]), ((...[h, i]) => h + i)(1, 2));
//// arrays corners
// SPDX-License-Identifier: MIT
console.log([1, [2, [3, [4]]]].flat().length, [1, [2, [3]]].flat(Infinity).join(), [1, 2].flatMap(x => [x, [x]]).length, [, 1].includes(undefined), [, 1].indexOf(undefined), [NaN].includes(NaN), [NaN].indexOf(NaN), Array.from({ length: 3 }, (_, i) => i * 2).join(), Array.from('a\u{1F600}').length, Array.from(new Set([1, 1, 2])).join(), Array.of(7).length, new Array(3).length, [...new Array(2)].length);
console.log([1, 2, 3, 4, 5].copyWithin(0, 3).join(), [1, 2, 3].fill(0, 1).join(), [1, 2, 3].find(x => x > 1), [1, 2, 3].findIndex(x => x > 5), [1, 2, 3].findLast(x => x < 3), [3, 4].entries().next().value.join(), [...[3, 4].keys()].join(), [1, 2, 3].at(-1), [1, 2, 3].lastIndexOf(3, -5), [1, 2, 3].reduceRight((a, b) => a + '-' + b), [[1, 2], [3]].map(([a, b = 9]) => a + b).join());
const a = [1, 2, 3, 4, 5]; console.log(a.splice(1, 2).join(), a.join(), a.splice(-1).join(), a.splice(0, 0, 'x', 'y').length, a.join(), a.splice(2).join(), a.splice().length, a.slice(-1).join(), a.concat([1], 2, [[3]]).length, a.reverse().join(), a.unshift(0), a.shift(), a.push(8, 9), a.pop(), a.join('|'), a.length = 1, a.join());
const sparse = [1, , 3]; let n = 0; sparse.forEach(() => n++); console.log(n, 1 in sparse, sparse.map(x => x * 2).length, 1 in sparse.map(x => x), Object.keys(sparse).join(), [...sparse].join(), JSON.stringify(sparse), sparse.filter(() => true).length, 1 in sparse.concat([]), sparse.join('-'), sparse.some(x => x === undefined), sparse.find(x => x === undefined));
for (const f of [() => [].reduce((x, y) => x), () => new Array(-1), () => [].map(5), () => { const q = Object.freeze([1]); q.push(2); }, () => { 'use strict'; const q = Object.freeze([1]); q[0] = 2; }, () => Array.from(1, 2), () => { const z = []; z.length = -1; }, () => [...{}], () => [].at.call(null)]) try { console.log(String(f())); } catch (e) { console.log(e.name); }
console.log(Array.isArray(new Proxy([], {})), [1, 2, 3].join(undefined), [null, undefined, [], [[1]]].join(), [10, 9, 1].toString(), [] + [], [1] == 1, [2] * [3], [1, 2, 3].indexOf(2, -1), Array.prototype.concat.call(1, 2).length, [3, 2, 1].every((x, i, arr) => arr.length === 3 && x === 3 - i), Array(3).fill().map((_, i) => i).join(), [..."ab"].entries().toString(), typeof [][Symbol.iterator]);
const it = [1, 2, 3][Symbol.iterator](); it.next(); console.log([...it].join(), it.next().done); const grow = [1]; let c = 0; for (const x of grow) if (c++ < 3) grow.push(x + 1); console.log(grow.join()); const sub = { length: 2, 0: 'x', 1: 'y' }; console.log(Array.prototype.map.call(sub, x => x + x).join(), Array.prototype.slice.call('abc', 1).join(), Math.max(...[1, 5, 3]), Math.min.apply(null, [2, 1]));
//// arrow arguments
// SPDX-License-Identifier: MIT
function f() { const g = () => arguments[0] + arguments.length; return g('x', 'y'); }
console.log(f(7, 8, 9));
function h() { return (() => (() => new.target === undefined)())(); }
console.log(String(h()), String(new (function () { this.t = (() => new.target !== undefined)(); })().t));
//// arrow not constructor
// SPDX-License-Identifier: MIT
const a = () => 1;
try { new a(); } catch (e) { console.log(e.name); }
console.log(String('prototype' in a), a.name, String(a.length));
//// arrow this
// SPDX-License-Identifier: MIT
const o = { n: 1, f() { return [1, 2].map(x => x + this.n).join(); }, g: () => typeof this };
console.log(o.f()); function F() { this.v = 5; const a = () => () => this.v; return { r: a()() }; }
console.log(String(new F().r));
//// async basic
// SPDX-License-Identifier: MIT
async function f(x) { return x + 1; } f(1).then(v => console.log(String(v))); const g = async x => { throw new Error('no'); }; g().catch(e => console.log(e.message)); console.log('sync' + String(f(1) instanceof Promise));
//// async closures in loops
// SPDX-License-Identifier: MIT
const fs = []; (async () => { for (let i = 0; i < 3; i++) { await null; fs.push(async () => { await null; return i; }); } console.log((await Promise.all(fs.map(f => f()))).join()); })();
//// async expression positions
// SPDX-License-Identifier: MIT
const v = x => Promise.resolve(x), log = []; const s = x => (log.push(x), x);
(async () => {
  console.log(await v(1) + await v(2) * await v(3), [await v('a'), ...await v(['b', 'c'])].join(), `${await v('t')}-${await v('u')}`, (await v({ x: { y: 5 } })).x.y, await (await v(() => v(7)))());
  console.log({ [await v('k')]: await v('v'), ...await v({ m: 1 }) }.k, (await v(null))?.x, (await v(null)) ?? 'nn', await v(0) || await v('or'), await v(1) && await v('and'), await v(true) ? await v('yes') : 'no', !await v(0), typeof await v('s'), -await v(4), (await v(2)) ** 2);
  let o = { a: 1 }; o.a += await v(5); o[await v('b')] = await v(6); o.c ??= await v(7); o.a &&= await v(8); console.log(JSON.stringify(o)); const arr = [1]; arr[await v(0)] = await v(9); arr[arr.length] = await v(10); console.log(arr.join());
  const { p = await v('dp'), q: [r = await v('dr')] } = { q: [] }; console.log(p, r); const f = async (a, b = a) => a + await b; console.log(await f(1), await f(await v(2), v(3)));
  console.log(s('x') + await v(s('y')) + s('z'), log.join('')); let x = 1; const before = x + await (x = 5, v(10)); console.log(before, x); let y = 1; y += await (y = 100, v(1)); console.log(y);
  const obj = { m() { return this.n; }, n: 'self' }; console.log(obj.m(await v(1)), await obj['m'](), (await v(obj)).m(), new (await v(Date))(0).getTime(), await v(class { static q = 4; }).then(c => c.q));
  if (await v(0)) console.log('no'); else if (await v(1)) console.log('elif'); for (let i = await v(0); i < await v(2); i += await v(1)) console.log('i' + i); for (const z of await v([1, 2])) console.log(z, await v(z * 2)); for (const k in await v({ kk: 1 })) console.log(k); while (await v(x-- > 4)) console.log('w', x); 
  try { throw await v(new TypeError('tt')); } catch ({ name, message = await v('m') }) { console.log(name, message); } try { (await v(null)).boom; } catch (e) { console.log(e.name); } label: for (;;) { await 0; for (;;) { await 0; break label; } }
  console.log(await (async () => { try { return await v('r1'); } finally { await v(0); } })(), await Promise.all([1, 2].map(async n => { await 0; return n * 2; })).then(a => a.join()), (await Promise.all([3, 1, 2].map(v))).sort().join(), await [1, 2, 3].reduce(async (a, n) => (await a) + n, 0)); console.log((await v(1), await v(2)), void await v(1), delete (await v({ d: 1 })).d, 'a' in await v({ a: 1 }), (await v([])) instanceof Array);
  const tag = (st, ...vals) => st.raw.join('|') + vals.join(); console.log(tag`a${await v(1)}b${await v(2)}`, await tag`x`);
})().catch(e => console.log(e.name));
//// async loops
// SPDX-License-Identifier: MIT
const wait = v => new Promise(r => r(v)); (async () => { let s = 0; for (let i = 0; i < 3; i++) s += await wait(i); console.log(String(s)); for (const x of [1, 2]) { if (await wait(x === 1)) continue; console.log('x' + x); }
  for (const k in { a: 1, b: 2 }) console.log(await wait(k)); let n = 0; while (await wait(n < 2)) n++; do { n--; } while (await wait(n > 0)); console.log('n' + n); a: for (;;) { for (;;) { await 1; break a; } } console.log('end'); })();
//// async nested throw
// SPDX-License-Identifier: MIT
const a = async () => { await null; throw new TypeError('deep'); }, b = async () => { await a(); }, c = async () => { try { await b(); } catch (e) { throw new RangeError('from ' + e.message); } }; c().catch(e => console.log(e.name + e.message));
//// async not constructors
// SPDX-License-Identifier: MIT
async function a() {}
const b = async function () {}, c = async () => {}, d = { async m() {} };
class K { async m() {} static async s() {} }
for (const f of [a, b, c, d.m, K.prototype.m, K.s]) {
  let said;
  try { new f(); said = 'constructed'; } catch (e) { said = e.name; }
  console.log(said, f.name, f.length, 'prototype' in f, Object.prototype.hasOwnProperty.call(f, 'prototype'));
}
console.log(typeof a, a.name, hoisted.name);
async function hoisted() { return 1; }
hoisted().then(v => console.log('got', v));
(async function again(n) { if (n > 0) await again(n - 1); console.log('again', n); })(2);
//// async object and names
// SPDX-License-Identifier: MIT
const o = { async a() {}, b: async () => {}, async 'c d'() {}, async get() { return 'g'; } }; console.log(Object.keys(o).map(k => o[k].name).join()); o.get().then(v => console.log(v)); async function named() { return named.name; } named().then(v => console.log(v)); const e = async function inner() { return typeof inner; }; e().then(v => console.log(v));
//// async order
// SPDX-License-Identifier: MIT
async function a() { console.log('a1'); await null; console.log('a2'); await b(); console.log('a3'); } async function b() { console.log('b1'); await 0; console.log('b2'); }
a().then(() => console.log('a done')); Promise.resolve().then(() => console.log('p1')).then(() => console.log('p2')).then(() => console.log('p3')).then(() => console.log('p4')); console.log('end');
//// async order more
// SPDX-License-Identifier: MIT
const log = []; const p = (n) => log.push(n);
(async () => { p('a1'); await null; p('a2'); await null; p('a3'); })(); Promise.resolve().then(() => p('t1')).then(() => p('t2')).then(() => p('t3'));
(async () => { p('b1'); try { await Promise.reject(1); } catch { p('b2'); } finally { p('b3'); } })();
(async () => { await (async () => { p('c1'); await 0; p('c2'); })(); p('c3'); })();
(async () => { const r = await new Promise(r => r(Promise.resolve('d'))); p(r); })();
(async () => { return Promise.resolve('e'); })().then(p); (async () => 'f')().then(p); (async () => { return await Promise.resolve('g'); })().then(p);
Promise.resolve({ then(r) { p('then called'); r('h'); } }).then(p); queueMicrotask(() => p('micro')); setTimeout(() => p('timeout0'), 0); setImmediate && setTimeout(() => p('timeout1'), 1);
Promise.all([1, Promise.resolve(2), (async () => 3)()]).then(v => p('all' + v)); Promise.race([new Promise(r => setTimeout(r, 3)), 4]).then(v => p('race' + v)); Promise.allSettled([Promise.reject(5)]).then(v => p(v[0].status)); Promise.any([Promise.reject(1), 6]).then(v => p('any' + v));
Promise.reject(9).catch(() => p('catch')).finally(() => p('fin')).then(() => p('after fin')); Promise.resolve(1).finally(() => Promise.resolve()).then(() => p('fin2'));
p('sync end'); setTimeout(() => { console.log(log.join(' ')); log.length = 0; second(); }, 20);
async function second() {
  const gate = []; const mk = n => new Promise(r => gate.push(() => { p('open' + n); r(n); }));
  const work = async n => { p('start' + n); const v = await mk(n); p('mid' + v); for await (const x of [n, Promise.resolve(n * 10)]) p('x' + x); p('end' + n); return n; };
  const all = [1, 2, 3].map(work); gate[2](); gate[0](); gate[1](); p((await Promise.all(all)).join('')); console.log(log.join(' '));
  const seq = []; await Promise.all([3, 1, 2].map(async n => { await new Promise(r => setTimeout(r, n * 10)); seq.push(n); })); console.log(seq.join());
  const lock = (() => { let tail = Promise.resolve(); return f => (tail = tail.then(f, f)); })(); const r = []; await Promise.all([lock(async () => { r.push('l1'); await 0; r.push('l1e'); }), lock(async () => { r.push('l2'); throw 1; }).catch(() => r.push('c')), lock(() => r.push('l3'))]); console.log(r.join());
  let c = 0; const inc = async () => { const v = c; await 0; c = v + 1; }; await Promise.all([inc(), inc(), inc()]); console.log(c); c = 0; const add = async () => { c += await 1; }; await Promise.all([add(), add()]); console.log(c);

}
//// async params
// SPDX-License-Identifier: MIT
const f = async (a, b = a * 2, { c } = { c: 3 }) => a + b + c; f(1).then(v => console.log(String(v))); (async (x = (() => { throw new Error('default'); })()) => 1)().catch(e => console.log(e.message)); console.log(String(f.length) + f.name); (async ({ q }) => q)().catch(e => console.log(e.name));
//// async positions
// SPDX-License-Identifier: MIT
const p = v => Promise.resolve(v); (async () => { const o = { [await p('k')]: await p(1), m(x, y) { return x + y; } }; console.log(JSON.stringify(o)); console.log(String(o.m(await p(1), await p(2)))); console.log(await p(true) ? await p('y') : 'n');
  console.log(`t${await p(1)}u${await p(2)}`); console.log(String([await p(1), ...await p([2, 3])].length)); switch (await p(2)) { case await p(1): console.log('1'); break; case await p(2): console.log('2'); } const { a = await p('d') } = await p({}); console.log(a); let t = 1; t += await p(2); console.log(String(t) + (await p(0) || await p('or')) + (await p(null) ?? 'nn')); console.log(String((await p({ f: () => 'call' })).f())); })();
//// async race on variable
// SPDX-License-Identifier: MIT
let total = 1; async function add(n) { total += await n; } Promise.all([add(10), add(20)]).then(() => console.log(String(total))); let v = 1; (async () => { const r = v + await (async () => { v = 100; return 1; })(); console.log('r' + r); })();
//// async return in finally
// SPDX-License-Identifier: MIT
async function f() { for (const x of [1, 2]) { try { await null; return x; } finally { await null; console.log('fin' + x); } } } f().then(v => console.log('v' + v));
//// async thenable
// SPDX-License-Identifier: MIT
const t = { then(r) { console.log('then'); r('thenable'); } }; (async () => { console.log(await t); return t; })().then(v => console.log(v)); (async () => { try { await { then(a, b) { b(new Error('rej')); } }; } catch (e) { console.log(e.message); } })();
//// async this arguments
// SPDX-License-Identifier: MIT
const o = { n: 5, async m(a) { await null; return this.n + a + arguments.length; }, async k() { const f = async () => { await null; return this.n; }; return await f(); } };
o.m(1, 2).then(v => console.log(String(v))); o.k().then(v => console.log(String(v))); (async function () { console.log(typeof this); await 1; console.log(typeof this); })();
//// async try catch
// SPDX-License-Identifier: MIT
async function f(n) { try { console.log('t' + n); if (n) await Promise.reject(new Error('r' + n)); return 'ok'; } catch (e) { console.log('c ' + e.message); await null; return 'caught'; } finally { await null; console.log('f' + n); } }
f(0).then(v => { console.log(v); return f(1); }).then(v => console.log(v));
//// block functions
// SPDX-License-Identifier: MIT
function f() { return 'outer'; } { function f() { return 'inner'; } console.log(f()); } console.log(f());
{ console.log(early()); function early() { return 'hoisted'; } }
function twice() { return 1; } function twice() { return 2; } console.log(String(twice()));
switch (1) { case 1: console.log(sw()); function sw() { return 'sw'; } }
//// catch closures in loops
// SPDX-License-Identifier: MIT
const out = []; for (const x of [1, 2]) { try { throw { v: x }; } catch (e) { out.push(() => e.v); } try { throw [x, x * 2]; } catch ([a, b]) { out.push(() => a + b); } } console.log(out.map(f => f()).join());
//// class accessors and symbols
// SPDX-License-Identifier: MIT
class A { static get x() { return 'sx'; } static set x(v) { console.log('set' + v); } get [Symbol.toStringTag]() { return 'Tag'; } [Symbol('q')]() { } 'quoted name'() { return 'q'; } 5() { return 'five'; } get() { return 'get'; } set() { return 'set'; } static static() { return 'static'; } async() { return 'async'; } }
A.x = 1; const a = new A(); console.log(A.x + a['quoted name']() + a[5]() + a.get() + a.set() + A.static() + a.async());
//// class async methods
// SPDX-License-Identifier: MIT
class S { #items = []; async add(x) { await null; this.#items.push(x); return this.#items.length; } static async make() { const s = new S(); await s.add('a'); return s; } async sum() { let n = 0; for (const x of this.#items) n += await x.length; return n; } async sup() { return await super.toString(); } }
S.make().then(async s => { console.log(String(await s.add('bcd'))); console.log(String(await s.sum())); console.log(await s.sup()); });
//// class basic
// SPDX-License-Identifier: MIT
class A { constructor(x) { this.x = x; } get d() { return this.x * 2; } set d(v) { this.x = v; } m() { return 'm' + this.x; } static s() { return 's' + this.name; } ['c' + 1]() { return 'c1'; } }
const a = new A(2); console.log(a.d + a.m() + A.s() + a.c1()); a.d = 7; console.log(String(a.x)); try { A(); } catch (e) { console.log(e.name + ': ' + e.message); }
console.log(typeof A + A.name + A.length + Object.keys(A.prototype).length + String(a instanceof A) + String(a.constructor === A)); const B = class { }; console.log(B.name + (class Q { }).name + String(new B() instanceof B));
try { new C1(); class C1 { } } catch (e) { console.log(e.message); } const D = class Inner { who() { return Inner.name; } }; console.log(new D().who());
//// class computed and static order
// SPDX-License-Identifier: MIT
const log = []; const k = n => (log.push(n), n);
class A extends (log.push('heritage'), Object) { [k('m')]() {} static [k('s')] = log.push('static init'); [k('f')] = log.push('field init'); get [k('g')]() { return 1; } static [k('sm')]() {} }
console.log(log.splice(0).join()); new A(); console.log(log.join(), Object.getOwnPropertyNames(A.prototype).join(), Object.getOwnPropertyNames(new A()).join());
console.log(Object.getOwnPropertyNames(A).filter(n => n !== 'length' && n !== 'name' && n !== 'prototype').join());
class F { a = 1; b = this.a + 1; 'quoted key' = 3; 5 = 6; static x = this.name; static y = F.x + '!'; c; fn = () => this.b; ['comp' + 1] = 2; }
const f = new F(); console.log(JSON.stringify(f), F.x, F.y, f.fn.name, f.fn.call(null), 'c' in f);
class Acc { static get v() { return this._v || 'none'; } static set v(x) { this._v = x; } get len() { return 1; } }
Acc.v = 3; console.log(Acc.v, Object.getOwnPropertyDescriptor(Acc, 'v').get.name, Object.getOwnPropertyDescriptor(Acc.prototype, 'len').enumerable, Object.keys(Acc.prototype).length);
try { A(); } catch (e) { console.log(e.name); } try { new (class extends null {})(); } catch (e) { console.log(e.name); }
try { class X extends 5 {} } catch (e) { console.log(e.name); } try { class Y extends (() => {}) {} } catch (e) { console.log(e.name); } try { new (class extends Object { constructor() {} })(); } catch (e) { console.log(e.name); }
try { class Z { static m() { Z = 1; } } Z.m(); } catch (e) { console.log(e.name); }
try { new Late(); class Late {} } catch (e) { console.log(e.name, e.message); }
try { class Self extends Self {} } catch (e) { console.log(e.name); }
console.log(typeof class {}, (class {}).name, (class Named {}).name, ({ x: class {} }).x.name, [class {}][0].name);
console.log(new (class { constructor() { return { r: 1 }; } })().r, new (class { constructor() { return 5; } })() instanceof Object);
class G1 { static create() { return new this(); } who() { return 'g1'; } } class G2 extends G1 { who() { return 'g2>' + super.who(); } static create() { return super.create(); } get z() { return super.toString === Object.prototype.toString; } }
console.log(G2.create().who(), G2.create().z, Object.getPrototypeOf(G2) === G1, G2.length, G1.prototype.constructor === G1);
class Count { static #n = 0; static inc() { return Count.#n++ + Count.#n; } } console.log(Count.inc(), Count.inc());
class Sup { set v(x) { this._v = x; } get v() { return this._v; } m(a, b = 2) { return a + b; } } class Sub extends Sup { set v(x) { super.v = x * 2; } get v() { return super.v + 1; } m(...a) { return super.m(...a) * 10; } arrow() { return (() => super.m(1))(); } ['c' + 'm']() { return super['m'](5, 5); } }
const sub = new Sub(); sub.v = 5; console.log(sub.v, sub.m(1), sub.m(1, 1), sub.arrow(), sub.cm());
//// class derived this
// SPDX-License-Identifier: MIT
const t = f => { try { return f(); } catch (e) { return e.name; } };
class B { constructor(v) { this.v = v; this.target = new.target.name; } }
class C extends B { constructor(v) { const f = () => this.v; super(v); this.f = f; } }
console.log(new C(4).f(), new C(1).target);
console.log(t(() => new (class extends B { constructor() { this.x = 1; } })()), t(() => new (class extends B { constructor() { super(); super(); } })()), t(() => new (class extends B { constructor() { return 1; } })()));
console.log(t(() => new (class extends B { constructor() { return { o: 1 }; } })().o), t(() => new (class extends B { constructor() { super(7); return undefined; } })().v));
class E2 extends Error { constructor(m) { super(m); this.name = 'E2'; this.extra = 1; } } const e = new E2('msg');
console.log(e instanceof E2, e instanceof Error, String(e), e.extra, Object.prototype.toString.call(e), e.message, Object.keys(e).join());
class Arr extends Array { last() { return this[this.length - 1]; } static get [Symbol.species]() { return Array; } } const a = new Arr(1, 2, 3); a.push(4);
console.log(a.length, a.last(), Array.isArray(a), a instanceof Arr, JSON.stringify(a), Arr.from([5, 6]).last(), Arr.of(1).last());
class M extends Map { get(k) { return super.get(k) || 'def'; } } const m = new M([[1, 2]]); console.log(m.get(1), m.get(2), m.size, m instanceof M);
class S extends Set { add(x) { return super.add(x * 2); } } console.log([...new S([1, 2])].join());
class Fn { static [Symbol.hasInstance](x) { return x === 5; } } console.log(5 instanceof Fn, 6 instanceof Fn);
function Old(x) { this.x = x; } Old.prototype.hi = function () { return 'hi' + this.x; }; class New extends Old { hi() { return super.hi() + '!'; } } console.log(new New(3).hi());
class Field extends B { y = this.v + 1; constructor(v) { super(v); this.z = this.y; } } console.log(JSON.stringify(new Field(1)));
class Ev extends B { constructor() { try { super(2); } finally { this.done = true; } } } console.log(new Ev().done);
const cond = b => class extends B { constructor() { if (b) super(1); else super(2); } }; console.log(new (cond(true))().v, new (cond(false))().v);
console.log(typeof new (class { constructor() { this.m = () => this; } })().m(), new (class { static = 1; get = 2; set = 3; async = 4; })().async);
class Over { toString() { return 'str'; } valueOf() { return 42; } [Symbol.toPrimitive](h) { return h; } } console.log(`${new Over()}`, new Over() + '', +new Over() || 'nan');
//// class extends
// SPDX-License-Identifier: MIT
class A { constructor(n) { this.n = n; this.t = new.target.name; } hi() { return 'A' + this.n; } static make(...x) { return new this(...x); } get g() { return 'g' + this.n; } }
class B extends A { constructor(n) { super(n + 1); this.b = 1; } hi() { return 'B' + super.hi() + super.g; } static make(x) { return super.make(x * 2); } }
class C extends B { } const c = new C(1); console.log(c.hi() + c.t + B.make(5).n + C.make(1).n + String(c instanceof A)); console.log(String(Object.getPrototypeOf(C) === B) + C.name);
class D extends A { constructor() { try { this.x = 1; } catch (e) { console.log(e.name); } const f = () => super(9); f(); console.log(String((() => this.n)())); } } new D(); class E extends A { constructor() { } } try { new E(); } catch (e) { console.log(e.name); }
class F extends A { constructor() { super(1); return { o: 1 }; } } console.log(String(new F().o)); try { class G extends 5 { } } catch (e) { console.log(e.name); } class H extends A { constructor() { super(1); try { super(2); } catch (e) { console.log(e.message); } } } new H();
//// class extends builtin
// SPDX-License-Identifier: MIT
class MyError extends Error { constructor(m, code) { super(m); this.name = 'MyError'; this.code = code; } describe() { return this.name + this.code + this.message; } }
try { throw new MyError('boom', 5); } catch (e) { console.log(e.describe() + String(e instanceof MyError) + String(e instanceof Error) + String(e)); } class L extends Array { last() { return this[this.length - 1]; } } const l = new L(); l.push(1, 2); console.log(String(l.last()) + l.length);
function Old(x) { this.x = x; } Old.prototype.m = function () { return 'old' + this.x; }; class New extends Old { m() { return 'new' + super.m(); } } console.log(new New(3).m());
//// class fields
// SPDX-License-Identifier: MIT
let n = 0; class A { a = 1; b = this.a + 1; ['c' + n++] = 'c'; static s = 'S' + this.name; f = () => this.a; g; 'h i' = 5; static count = 0; constructor() { A.count++; } }
const a = new A(); new A(); console.log([a.a, a.b, a.c0, A.s, a.f(), String(a.g), a['h i'], A.count].join()); console.log(Object.keys(a).join() + a.f.name); class B extends A { a = 10; d = this.b; } const b = new B(); console.log([b.a, b.b, b.d, b.f()].join());
//// class in loop
// SPDX-License-Identifier: MIT
const cs = []; for (let i = 0; i < 2; i++) cs.push(class { v() { return i; } static w = i; constructor() { this.c = i; } }); console.log(cs.map(c => new c().v() + '' + c.w + new c().c).join());
//// class private
// SPDX-License-Identifier: MIT
class A { #x = 1; static #count = 0; #m(y) { return this.#x + y; } get #acc() { return this.#x * 10; } set #acc(v) { this.#x = v; } inc() { this.#x++; ++this.#x; this.#x += 2; A.#count++; return this.#x; } call() { return this.#m(5) + this.#acc; } setAcc(v) { this.#acc = v; return this.#x; } static count() { return A.#count; } static has(o) { return #x in o; } opt(o) { return o?.#x; } static steal(o) { return o.#x; } }
const a = new A(); console.log(a.inc() + ',' + a.call() + ',' + a.setAcc(3) + ',' + A.count() + A.has(a) + A.has({}) + String(a.opt(null)) + a.opt(a)); console.log(Object.keys(a).length + JSON.stringify(a)); try { A.steal({}); } catch (e) { console.log(e.name); }
class B extends A { #x = 'b'; x() { return this.#x; } } console.log(new B().x() + new B().inc());
//// class super assign
// SPDX-License-Identifier: MIT
class A { set v(x) { this.w = 'A' + x; } } class B extends A { set v(x) { super.v = x + 1; } p() { super.z = 3; return this.z; } } const b = new B(); b.v = 1; console.log(b.w + b.p()); class C { static a = 1; static b() { return (() => this.a)(); } } console.log(String(C.b()));
//// closures counter
// SPDX-License-Identifier: MIT
const counter = () => { let n = 0; return { inc: () => ++n, dec: () => --n, get value() { return n; } }; }; const a = counter(), b = counter(); a.inc(); a.inc(); b.dec(); console.log(a.value + ',' + b.value);
//// closures in all loops
// SPDX-License-Identifier: MIT
const run = l => l.map(f => f()).join();
let l = []; for (let i = 0; i < 3; i++) l.push(() => i); console.log(run(l));
l = []; for (let i = 0, j = 10; i < 3; i++, j--) { l.push(() => i * j); i += 0; } console.log(run(l));
l = []; for (let i = 0; i < 3; l.push(() => i), i++); console.log(run(l));
l = []; for (let i = 0, f = () => i; i < 2; i++) l.push(f); console.log(run(l));
l = []; for (let i = 0; l.push(() => i), i < 2; i++); console.log(run(l));
l = []; for (const k in { a: 1, b: 2 }) l.push(() => k); console.log(run(l));
l = []; for (const [a, b] of [[1, 2], [3, 4]]) l.push(() => a + b); console.log(run(l));
l = []; for (var v = 0; v < 2; v++) l.push(() => v); console.log(run(l));
l = []; let n = 0; while (n < 3) { const x = n++; l.push(() => x); } console.log(run(l));
l = []; n = 0; do { let x = n; l.push(() => x++); } while (++n < 2); console.log(run(l), run(l));
l = []; for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) { if (i === j) continue; l.push(() => [i, j].join('')); } console.log(run(l));
l = []; outer: for (let i = 0; i < 3; i++) { for (const c of 'ab') { if (c === 'b' && i === 1) continue outer; if (i === 2) break outer; l.push(() => i + c); } } console.log(run(l));
l = []; for (let i = 0; i < 3; i++) { l.push(() => i++); if (i === 1) i = 1; } console.log(run(l), run(l));
l = []; for (let i = 0; i < 2; i++) { switch (i) { case 0: let s = 'zero'; l.push(() => s + i); break; default: l.push(() => 'other'); } } console.log(run(l));
l = []; for (let i = 0; i < 2; i++) { try { throw i; } catch (e) { l.push(() => e + i); } finally { let f = i * 10; l.push(() => f); } } console.log(run(l));
l = []; for (let i = 0; i < 2; i++) { function dec() { return i; } class K { get() { return i; } } l.push(dec, () => new K().get()); } console.log(run(l));
l = []; for (let { a, b: [c] } of [{ a: 1, b: [2] }, { a: 3, b: [4] }]) { l.push(() => a + c); a = 100; } console.log(run(l));
l = []; for (let i of [1, 2, 3]) { setTimeout(() => l.push(i)); } setTimeout(() => console.log('timers', l.join()), 10);
const gens = []; for (let i = 0; i < 2; i++) gens.push(function* () { yield i; yield (() => i)(); }); console.log(gens.map(g => [...g()].join('')).join());
const objs = []; for (let i = 0; i < 2; i++) objs.push({ get g() { return i; }, m() { return i; }, [`c${i}`]: () => i, a: async () => i }); console.log(objs.map((o, i) => [o.g, o.m(), o['c' + i]()].join('')).join());
let fs = []; for (let i = 0; i < 2; i++) { let j = i; { let i = j + 10; fs.push(() => i + j); } } console.log(run(fs));
fs = []; for (let i = 0; i < 2; i++) { var hoist = i; fs.push(() => hoist); } console.log(run(fs));
const rec = n => { const out = []; for (let i = n; i > 0; i--) { out.push(...rec(i - 1)); out.push(() => i); } return out; }; console.log(run(rec(3)));
//// collections iteration
// SPDX-License-Identifier: MIT
const m = new Map([['a', 1], ['b', 2]]); const seen = []; for (const [k, v] of m) { seen.push(k + v); if (k === 'a') { m.delete('b'); m.set('c', 3); } } console.log(seen.join(), [...m.keys()].join(), [...m.entries()].join(';'), m.size);
m.forEach((v, k, self) => console.log(k, v, self === m)); const s = new Set([3, 1, 3, 'x']); console.log([...s].join(), s.has(3), s.delete(9), [...s.entries()][0].join(), s.keys === s.values, Set.prototype[Symbol.iterator] === s.values, Map.prototype[Symbol.iterator] === m.entries);
const grow = new Set([1]); for (const x of grow) if (x < 4) grow.add(x + 1); console.log([...grow].join()); m.clear(); console.log(m.size, [...m].length, Object.prototype.toString.call(m), Object.prototype.toString.call(m.keys()), String(new WeakMap()));
for (const f of [() => Map(), () => new Map(5), () => new Map([1]), () => Set.prototype.add.call({}, 1), () => new Set(null).size, () => new Map(undefined).size, () => m.get.length + m.set.length + Map.length + Map.name]) try { console.log(f()); } catch (e) { console.log(e.name); }
//// comma and void
// SPDX-License-Identifier: MIT
let a = (1, 2, 3); console.log(String(a)); for (var i = 0, j = 5; i < j; i++, j--); console.log(i + ',' + j); console.log(String(void 0) + typeof typeof 1 + !!'x' + ~5 + +'3' + -'4'); let n = 1; console.log(String(n++ + ++n) + n-- + --n); console.log(String(1 - -1) + (1 + +1));
//// const write
// SPDX-License-Identifier: MIT
const a = 1; try { a = 2; } catch (e) { console.log(e.name + ': ' + e.message); }
try { a++; } catch (e) { console.log(e.message); } try { a += 1; } catch (e) { console.log(e.message); }
for (const i of [1]) { try { i = 2; } catch (e) { console.log(e.message); } } console.log(String(a));
const o = { p: 1 }; o.p = 2; console.log(String(o.p)); try { [a] = [5]; } catch (e) { console.log(e.message); }
//// dates text
// SPDX-License-Identifier: MIT
for (const t of [0, 1e12, -1, Date.UTC(2024, 1, 29, 23, 59, 59), Date.UTC(-1, 0), Date.UTC(12345, 5, 6), NaN]) { const d = new Date(t); console.log(String(d), '|', d.toDateString(), '|', d.toTimeString(), '|', d.toUTCString(), '|', d + 1, '|', `${d}`); }
console.log(Date.prototype.toString.length, Date.prototype.toUTCString.name, Date.prototype.toGMTString === Date.prototype.toUTCString);
try { Date.prototype.toString.call({}); } catch (e) { console.log(e.name); }
//// dates utc
// SPDX-License-Identifier: MIT
const d = new Date(Date.UTC(2020, 1, 29, 12, 34, 56, 789));
console.log(d.toISOString(), d.toJSON(), d.getTime(), d.getUTCDay(), JSON.stringify({ d }), +d === d.valueOf());
console.log(new Date('2020-01-01').getTime(), new Date('2020-01-01T00:00:00Z').getTime(), new Date('2020-01-01T01:00:00+01:00').getTime(), new Date(2020, 0).getUTCFullYear(), new Date('2020-06').getTime(), new Date('2020').getTime());
console.log(new Date(NaN).getTime(), isNaN(new Date('garbage')), new Date(8.64e15).toISOString(), isNaN(new Date(8.64e15 + 1)), new Date(-1).toISOString(), new Date(0).getUTCHours(), new Date(-62198755200000).toISOString());
try { new Date(NaN).toISOString(); } catch (e) { console.log(e.name); } console.log(new Date(NaN).toJSON(), String(new Date(NaN)), Date.UTC(99, 0), Date.UTC(2020, 12, 1), Date.UTC(2020, 0, 0));
const m = new Date(Date.UTC(2021, 0, 31)); m.setUTCMonth(1); console.log(m.toISOString()); m.setUTCDate(0); console.log(m.toISOString()); m.setUTCHours(25, 61, 61, 1001); console.log(m.toISOString()); m.setUTCFullYear(2024, 1, 29); console.log(m.toISOString());
console.log(new Date(2019, 0, 1) - new Date(2018, 0, 1), new Date(d) - d, d > new Date(0), typeof (d + 1), typeof (d - 1), d[Symbol.toPrimitive]('number') === +d);
console.log(Object.prototype.toString.call(d), Date.length, Date.name, typeof Date.now(), new Date(2020, 5, 15, 1, 2, 3, 4).getMilliseconds(), new Date(0).getTimezoneOffset());
for (let y = 1896; y < 1910; y += 4) console.log(new Date(Date.UTC(y, 1, 29)).toISOString().slice(0, 10));
//// default params
// SPDX-License-Identifier: MIT
function f(a, b = a + 1, c = () => b) { b++; return a + ',' + b + ',' + c(); } console.log(f(1)); console.log(f(1, 5)); console.log(f(1, undefined, () => 'x'));
console.log(f.length + ' ' + ((a = 1, b) => 0).length + ' ' + ((a, b, ...c) => 0).length);
let x = 'outer'; function g(a = x) { var x = 'inner'; return a + x; } console.log(g());
function h(a, b = arguments.length) { return b; } console.log(String(h(1)) + h(1, null));
//// destructuring array
// SPDX-License-Identifier: MIT
const [a, , b = 'd', ...c] = [1, 2, undefined, 4, 5]; console.log(a + b + c.join());
let x = 1, y = 2; [x, y] = [y, x]; console.log(x + ',' + y); const o = {}; [o.p, o['q']] = 'hi'; console.log(o.p + o.q);
const [[d, [e]], { f = 6 }] = [[1, [2]], {}]; console.log([d, e, f].join()); let r = [x] = [9]; console.log(r.join() + x);
//// destructuring object
// SPDX-License-Identifier: MIT
const { a, b: { c, d = 4 }, ['e' + 1]: e, ...rest } = { a: 1, b: { c: 3 }, e1: 5, f: 6, g: 7 }; console.log([a, c, d, e].join() + JSON.stringify(rest));
let x, y; ({ x, y = x + 1 } = { x: 1 }); console.log(x + ',' + y); try { const { q } = null; } catch (e) { console.log(e.name); }
function f({ a = 1, b } = {}, [c] = ['C']) { return a + '' + b + c; } console.log(f()); console.log(f({ a: 2, b: 3 }, 'Z'));
for (const { k, v: [w] } of [{ k: 1, v: [2] }]) console.log(k + w + ''); for (const [i, j] of [[1, 2]]) console.log(String(i + j)); try { throw { m: 'msg' }; } catch ({ m, n = 'none' }) { console.log(m + n); }
//// error names
// SPDX-License-Identifier: MIT
const t = f => { try { f(); return 'none'; } catch (e) { return e.name + '/' + (e instanceof Error) + '/' + (e.constructor === globalThis[e.name]); } };
console.log(t(() => null.x), t(() => undef), t(() => { const c = 1; c = 2; }), t(() => (5)()), t(() => new (() => {})()), t(() => JSON.parse('{')), t(() => new RegExp('(')), t(() => 'x'.repeat(-1)), t(() => new Array(-1)), t(() => decodeURIComponent('%')), t(() => { throw new EvalError('e'); }), t(() => { throw new URIError('u'); }), t(() => Symbol() + 1), t(() => ({}).a.b), t(() => [].reduce(() => 1)), t(() => { class A { constructor() { this.x; } } A(); }), t(() => new Set(5)), t(() => Object.setPrototypeOf(Object.preventExtensions({}), {})), t(() => { let x = x; }));
const e = new TypeError('msg'); console.log(String(e), e.name, e.message, e.hasOwnProperty('message'), Object.keys(e).length, 'stack' in e, typeof e.stack, Object.prototype.toString.call(e), e instanceof TypeError, TypeError.prototype.name, TypeError.name, Error('x') instanceof Error, new Error().message === '', String(new Error()), String(new Error('')), JSON.stringify(e), 'message' in new Error(undefined) && !new Error(undefined).hasOwnProperty('message'));
class MyErr extends RangeError { constructor(m, code) { super(m); this.code = code; } get name() { return 'MyErr'; } } const m = new MyErr('boom', 7); console.log(String(m), m.code, m instanceof RangeError, m instanceof MyErr, Object.getPrototypeOf(MyErr) === RangeError, JSON.stringify(m));
for (const v of [1, 'str', null, undefined, { a: 1 }, Symbol.iterator]) try { throw v; } catch (x) { console.log(typeof x, x === v); } try { try { throw new Error('a'); } finally { throw new Error('b'); } } catch (x) { console.log(x.message); } const f = () => { try { throw 1; } catch { return 'c'; } }; console.log(f()); Promise.reject(m).catch(x => console.log('async', x.name, x.code)); (async () => { throw new SyntaxError('s'); })().catch(x => console.log(x.name));
//// evaluation order
// SPDX-License-Identifier: MIT
let a = 1; function set(v) { a = v; return v; } console.log([a + set(10), a + (a = 2), a * a++ + a, a + -(a = 7)].join());
let s = 'x'; s += (s = 'y', 'z'); console.log(s); let i = 0; const o = [[1], [2]]; o[i][i = 0] = 5; console.log(JSON.stringify(o)); function l(n) { console.log('l' + n); return n; } l(1) + l(2) * l(3); let b = 3; console.log(String(b == (b = 4)) + String(b < (b = 5)));
//// exponent
// SPDX-License-Identifier: MIT
console.log([2 ** 3, 2 ** 3 ** 2, (-2) ** 2, 2 ** -1].join()); let a = 3; a **= 2; console.log(String(a)); console.log(String(-(2 ** 2)));
//// for await
// SPDX-License-Identifier: MIT
const p = v => Promise.resolve(v); function src(n) { let i = 0; return { [Symbol.asyncIterator]() { return this; }, async next() { return { value: i, done: i++ >= n }; }, async return() { console.log('return'); return {}; } }; }
(async () => { for await (const x of [p(1), 2, p(3)]) console.log('v' + x); for await (const x of src(2)) console.log('a' + x); for await (const x of src(5)) { if (x === 1) break; } try { for await (const x of src(3)) throw new Error('body'); } catch (e) { console.log(e.message); }
  try { for await (const x of [Promise.reject(new Error('rej'))]); } catch (e) { console.log(e.message); } const fs = []; for await (const { v } of [{ v: 1 }, p({ v: 2 })]) fs.push(() => v); console.log(fs.map(f => f()).join()); l: for await (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue l; console.log(a + '' + b); } } })();
//// for await order
// SPDX-License-Identifier: MIT
(async () => { for await (const x of ['a', 'b']) console.log(x); console.log('end'); })(); Promise.resolve().then(() => console.log('1')).then(() => console.log('2')).then(() => console.log('3')).then(() => console.log('4')).then(() => console.log('5')).then(() => console.log('6')).then(() => console.log('7'));
//// for of
// SPDX-License-Identifier: MIT
for (const c of 'a\u{1F600}b') console.log(String(c.length)); let s = 0; for (s of [1, 2, 3]); console.log(String(s));
const o = {}; for (o.x of [7]); console.log(String(o.x)); var a = [1]; for (const v of a) { if (v < 4) a.push(v + 1); } console.log(a.join());
l: for (const x of [1, 2, 3]) { for (const y of [1, 2]) { if (x === 2) continue l; if (x === 3) break l; console.log(x + '' + y); } }
function f() { for (const x of [5, 6]) return x; } console.log(String(f())); try { for (const x of {}); } catch (e) { console.log(e.name); }
//// for of iterator closing
// SPDX-License-Identifier: MIT
function make(n) { let i = 0; return { [Symbol.iterator]() { return this; }, next() { console.log('next'); return { done: i >= n, value: i++ }; }, return() { console.log('return'); return {}; } }; }
for (const x of make(1)); for (const x of make(3)) break; try { for (const x of make(3)) throw new Error('t'); } catch (e) { console.log(e.message); }
(function () { for (const x of make(2)) return; })(); const [p] = make(5); const [q, r, s] = make(1); console.log(String(p) + q + r + s);
//// function names
// SPDX-License-Identifier: MIT
let a = () => {}; const b = function () {}; var c; c = async () => {};
const o = { d: () => {}, e: function () {}, f() {}, 'g h': () => {}, get() {}, if() {}, async i() {} };
console.log([a, b, c, o.d, o.e, o.f, o['g h'], o.get, o.if, o.i].map(f => f.name).join('|'));
const { j = () => {} } = {}; const [k = function () {}] = []; console.log(j.name + k.name);
(function (l = () => {}) { console.log(l.name); })();
const x = {}; x.y = () => {}; console.log('[' + x.y.name + ']' + (function q() {}).name + (() => {}).name + '.');
//// functions corners
// SPDX-License-Identifier: MIT
function f(a, b = 2, ...c) { return [a, b, c.length, arguments.length].join(); } console.log(f.length, f(1), f(1, undefined, 3, 4), f.call(null, 1, 2), f.apply(null, [1, 2, 3]), f.bind(null, 9)(8), f.bind(null).name, (() => {}).name, (function () {}).name);
//// generator basic
// SPDX-License-Identifier: MIT
function* g(a, b = 2) { const x = yield a; console.log('got ' + x); try { yield b; } finally { console.log('finally'); } return 'r'; }
const i = g(1); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next('X'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next()));
for (const v of g(5)) console.log(String(v)); for (const v of g(6)) break; const [p] = g(7); console.log(String(p)); console.log([...g(8)].join());
const o = { *m() { yield this.k; }, k: 'K', *[Symbol.iterator]() { for (let n = 0; n < 3; n++) yield n; } }; console.log([...o.m()].join() + [...o].join()); class C { static *s() { yield* [1, 2]; } *#p() { yield 'p'; } q() { return [...this.#p()]; } } console.log([...C.s()].join() + new C().q());
//// generator closures
// SPDX-License-Identifier: MIT
const fs = []; function* g() { for (let i = 0; i < 3; i++) { fs.push(() => i); yield i; } } for (const x of g()) fs.push(() => x * 10); console.log(fs.map(f => f()).join()); const n = (function* () { const f = () => this; yield typeof f(); yield arguments.length; })(1, 2); console.log([...n].join());
//// generator delegate
// SPDX-License-Identifier: MIT
function* inner() { try { const x = yield 'a'; console.log('x' + x); yield 'b'; return 'ret'; } finally { console.log('closed'); } } function* outer() { const r = yield* inner(); console.log(r); yield* 'hi'; yield* [1]; }
const i = outer(); i.next(); i.next('V'); console.log([...i].join()); const j = outer(); j.next(); console.log(JSON.stringify(j.return('q'))); const k = outer(); k.next(); try { k.throw(new Error('T')); } catch (e) { console.log(e.message); }
function* tree(n) { if (n) { yield* tree(n - 1); yield n; yield* tree(n - 1); } } console.log([...tree(3)].join(''));
//// generator params at call
// SPDX-License-Identifier: MIT
const log = [];
function* g(a = (log.push('default'), 1), { b } = { b: 2 }, ...rest) { log.push('body'); yield a + b + rest.length; }
const it = g(undefined, undefined, 7, 8);
console.log(log.join());
console.log(it.next().value, log.join());
try { (function* (a = (() => { throw new RangeError('early'); })()) {})(); console.log('no'); } catch (e) { console.log(e.name, e.message); }
try { (function* ({ x }) {})(null); console.log('no'); } catch (e) { console.log(e.name); }
const started = g(); started.return(5); console.log(JSON.stringify(started.next()), log.join());
const thrown = g(); try { thrown.throw(new Error('t')); } catch (e) { console.log(e.message); }
console.log(g.length, (function* (a, b, c = 1) {}).length);
const o = { *m([x, y] = [1, 2]) { yield x; yield y; return 'r'; } };
console.log([...o.m()].join(), [...o.m('ab')].join());
class K { static *s(a = this) { yield a === K; } *#p(q = 4) { yield q; } run() { return [...this.#p()]; } }
console.log([...K.s()].join(), new K().run().join());
//// generator prototype
// SPDX-License-Identifier: MIT
function* g() { yield 1; }
console.log(Object.getPrototypeOf(g()) === g.prototype, g() instanceof g);
g.prototype.hello = function () { return 'hi'; };
console.log(g().hello());
console.log(Object.prototype.hasOwnProperty.call(g.prototype, 'constructor'), 'next' in g.prototype);
try { new g(); console.log('constructed'); } catch (e) { console.log(e.name); }
const d = Object.getOwnPropertyDescriptor(g, 'prototype');
console.log(d.writable, d.enumerable, d.configurable);
g.prototype = { own: true, __proto__: g.prototype };
console.log(g().own, g().next().value);
g.prototype = null;
console.log(typeof g().next, [...g()].join());
const e = function* named() { yield typeof named; };
console.log([...e()].join(), e.name, e() instanceof e);
const m = { *gen() { yield 2; } };
console.log(m.gen() instanceof m.gen, m.gen.name, m.gen.length);
class C { *a() { yield this.v; } constructor() { this.v = 3; } static *b() {} }
console.log(new C().a() instanceof C.prototype.a, [...new C().a()].join(), C.b() instanceof C.b);
console.log(Object.prototype.toString.call(g()), typeof g()[Symbol.iterator], g()[Symbol.iterator]() !== null);
for (let i = 0; i < 2; i++) { function* inner() { yield i; } console.log([...inner()].join(), inner() instanceof inner); }
//// generator return corners
// SPDX-License-Identifier: MIT
function* a() { try { yield 1; } finally { return 'overridden'; } }
let g = a(); g.next(); console.log(JSON.stringify(g.return('x')), JSON.stringify(g.next()));
function* b() { try { yield 1; } finally { throw new Error('from finally'); } }
g = b(); g.next(); try { g.return('x'); } catch (e) { console.log(e.message); } console.log(JSON.stringify(g.next()));
function* c() { for (;;) { try { yield 1; } finally { break; } } yield 'went on'; }
g = c(); g.next(); console.log(JSON.stringify(g.return('x')), JSON.stringify(g.next()), JSON.stringify(g.next()));
function* d() { try { yield 1; } catch (e) { console.log('must not catch', e); yield 2; } }
g = d(); g.next(); console.log(JSON.stringify(g.return('x')));
function* e() { l: for (const x of [1, 2]) { try { yield x; } finally { continue l; } } return 'end'; }
g = e(); g.next(); console.log(JSON.stringify(g.return('q')), JSON.stringify(g.next()));
function* f() { const me = yield; try { me.next(); } catch (er) { console.log(er.name); } }
g = f(); g.next(); g.next(g);
function* h() { return yield yield yield 1; }
g = h(); console.log(JSON.stringify([g.next(0), g.next('a'), g.next('b'), g.next('c'), g.next('d')]));
function* args() { yield arguments.length; yield arguments[1]; yield this.k; }
console.log([...args.call({ k: 'this' }, 5, 6)].join());
console.log(JSON.stringify([...(function* () { const [x, y] = [yield 'p', yield 'q']; yield [x, y]; })()]));
g = (function* () { try { yield 1; } finally { console.log('close via destructuring'); } })();
const [first] = g; console.log(first, JSON.stringify(g.next()));
for (const v of (function* () { try { yield 'x'; yield 'y'; } finally { console.log('close via break'); } })()) { console.log(v); break; }
const nested = function* () { try { try { yield 1; } finally { console.log('in'); } } finally { console.log('out'); } };
g = nested(); g.next(); try { g.throw(new TypeError('tt')); } catch (x) { console.log(x.name); }
//// generator return throw
// SPDX-License-Identifier: MIT
function* g() { try { yield 1; yield 2; } catch (e) { console.log('caught ' + e); yield 'c'; } finally { console.log('fin'); yield 'f'; } }
let i = g(); i.next(); console.log(JSON.stringify(i.throw('E'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next())); i = g(); i.next(); console.log(JSON.stringify(i.return('R'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next()));
i = g(); console.log(JSON.stringify(i.return(5)) + JSON.stringify(i.next())); i = g(); try { i.throw(new Error('start')); } catch (e) { console.log(e.message); }
//// getters setters in loops
// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 2; i++) out.push({ get v() { return i; }, set v(x) { i = x; } }); out[0].v = 5; console.log(out[0].v + ',' + out[1].v);
//// getters statics symbols
// SPDX-License-Identifier: MIT
class T { static #c = 0; static get [Symbol.species]() { return Array; } get [Symbol.toStringTag]() { return 'Tee'; } static [Symbol.hasInstance](x) { return x === 1; } *[Symbol.iterator]() { yield* [1, 2]; } [Symbol.toPrimitive](h) { return h === 'number' ? 7 : h; } static async as() { return ++T.#c; } } const x = new T(); console.log(String(Object.prototype.toString.call(x)), 1 instanceof T, [...x].join(), +x, `${x}`, x + '', x * 2, T[Symbol.species] === Array); T.as().then(v => console.log('static async', v));
const o = { get [`a${1}`]() { return 'ga'; }, set [`a${1}`](v) { this.w = v; }, get get() { return 'gg'; }, set set(v) { this.s = v; }, get 1() { return 'one'; }, get 'x y'() { return 'xy'; } }; o.a1 = 5; o.set = 6; console.log(o.a1, o.w, o.get, o.s, o[1], o['x y'], Object.keys(o).join(), Object.getOwnPropertyDescriptor(o, 'get').get.name, Object.getOwnPropertyDescriptor(o, 'a1').set.name); const p = { get a() { return 1; }, a: 2, get b() { return 3; }, set b(v) { } }; console.log(p.a, p.b, typeof Object.getOwnPropertyDescriptor(p, 'b').set, Object.getOwnPropertyDescriptor({ a: 1, get a() { return 2; } }, 'a').value);
//// iterator closing everywhere
// SPDX-License-Identifier: MIT
const mk = tag => { let n = 0; return { [Symbol.iterator]() { return this; }, next() { return { value: [++n, n], done: n > 5 }; }, return(v) { console.log(tag, 'closed'); return {}; } }; };
const t = f => { try { console.log(String(f())); } catch (e) { console.log(e.name || String(e)); } };
t(() => { for (const x of mk('break')) break; return 'b'; }); t(() => { for (const x of mk('return')) return 'r'; }); t(() => { for (const x of mk('throw')) throw new Error('thrown'); }); t(() => { o: for (;;) { for (const x of mk('label')) break o; } return 'l'; }); t(() => { o: for (let i = 0; i < 2; i++) { for (const x of mk('continue' + i)) continue o; } return 'c'; });
t(() => { for (const x of mk('end')); return 'finished'; }); t(() => { const [a] = mk('destr'); return a; }); t(() => { const [...a] = mk('rest'); return a.length; }); t(() => { new Map(mk('map')); return 'map ok'; }); t(() => { new Map((function* () { try { yield 5; } finally { console.log('gen closed'); } })()); }); t(() => Array.from(mk('from'), () => { throw new Error('mapper'); })); t(() => Math.max(...mk('spread')));
t(() => { for (const [a, b = (() => { throw new Error('dflt'); })()] of [[1]]) ; }); t(() => { for (const { x } of mk('null head')) throw new Error('head'); }); t(() => { const it = mk('bad return'); it.return = () => { throw new Error('from return'); }; for (const x of it) break; }); t(() => { const it = mk('both'); it.return = () => { throw new Error('from return'); }; for (const x of it) throw new Error('from body'); }); t(() => { const it = mk('nonobj'); it.return = () => 1; for (const x of it) break; return 'x'; }); t(() => { const it = mk('none'); it.return = undefined; for (const x of it) break; return 'no return'; });
t(() => { for (const x of { [Symbol.iterator]: () => ({ next: () => 5 }) }) ; }); t(() => { try { for (const x of mk('finally')) { try { return 'inner'; } finally { console.log('f1'); } } } finally { console.log('f2'); } });
//// iterators by hand
// SPDX-License-Identifier: MIT
const it = { from: 1, to: 3, [Symbol.iterator]() { let c = this.from, t = this.to; return { next: () => c <= t ? { value: c++, done: false } : { value: undefined, done: true } }; } }; console.log([...it].join()); for (const v of it) console.log(String(v)); const [a, ...b] = it; console.log(a + '|' + b); console.log(String(Math.max(...it)));
//// json odd values
// SPDX-License-Identifier: MIT
console.log(JSON.stringify([undefined, () => {}, Symbol('x'), NaN, Infinity, -0, null, new Date(0), new Map([[1, 2]]), new Set([1])]));
console.log(JSON.stringify({ u: undefined, f() {}, s: Symbol(), n: null, [Symbol('k')]: 1, b: new Boolean(false), t: new String('s'), o: Object(1), d: new Date(NaN) }));
console.log(JSON.stringify(undefined), JSON.stringify(() => {}), JSON.stringify(Symbol()), JSON.stringify(null), JSON.stringify('"\\\b\f\n\r\t\u0001\u007f\u2028'));
console.log(JSON.stringify({ a: [1, { b: 2 }], c: {} }, null, 2), JSON.stringify([[], {}], null, '--'), JSON.stringify({ a: 1 }, null, 20).length);
console.log(JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ['a', 'c']), JSON.stringify({ a: 1, b: [1, 2] }, (k, v) => typeof v === 'number' ? v + 1 : v), JSON.stringify({ toJSON(k) { return 'key:' + k; } }), JSON.stringify({ x: { toJSON(k) { return k; } } }));
console.log(JSON.stringify(JSON.parse('{"__proto__":1,"a":[1,2,{"b":null}],"a":5}')), JSON.stringify(JSON.parse('[1e3,-0.5,"\\u0041\\n",true]')), JSON.stringify(JSON.parse('{"a":[1,2]}', function (k, v) { return Array.isArray(v) ? v.length : v; })));
for (const bad of ['', '{', '[1,]', '{"a":1,}', "'x'", '01', '1.', '.5', 'NaN', 'undefined', '"\t"', '"\\x"', '[1 2]', '{a:1}', 'tru', '"a', '+1', '1e', '\u00a01']) try { console.log('parsed', JSON.parse(bad)); } catch (e) { console.log(JSON.stringify(bad), e.name); }
try { const o = {}; o.o = o; JSON.stringify(o); } catch (e) { console.log(e.name); }
console.log(JSON.stringify('\ud800'), JSON.stringify('\u{1F600}'), JSON.stringify({ '\u00e9': 'ü' }), JSON.parse('"\\ud83d\\ude00"').length, JSON.stringify([new Number(3), Object('x'), [undefined]]), JSON.stringify({ 2: 1, 1: 2, b: 1, a: 2 }));
//// keys by identity
// SPDX-License-Identifier: MIT
const key = { k: 1 }, child = Object.create(key);
const m = new Map([[key, 'key']]), s = new Set([key]), w = new WeakMap([[key, 'weak']]), ws = new WeakSet([key]);
console.log(m.has(child), s.has(child), w.has(child), ws.has(child), w.get(child));
m.set(child, 'child'); w.set(child, 'weak child');
console.log(m.get(key), m.get(child), w.get(key), w.get(child), m.size);
console.log(w.delete(Object.create(key)), w.get(key), w.delete(child), w.has(child), w.get(key));
const frozen = Object.freeze({}); w.set(frozen, 1); console.log(w.get(frozen), m.set(frozen, 2).get(frozen));
class Base {} class Sub extends Base {}
const byClass = new Map([[Base, 'base']]); console.log(byClass.get(Sub), byClass.has(Sub));
m.set(m, 'self'); console.log(m.get(m), new Map([[NaN, 'nan']]).get(NaN), new Map([[0, 'zero']]).get(-0), Object.is([...new Map([[-0, 1]]).keys()][0], 0));
console.log(new Map([['1', 'text'], [1, 'number']]).get(1), new Map([[null, 1], [undefined, 2]]).get(undefined), new Map([['undefined', 1]]).has(undefined));
const sym = Symbol('x'), m2 = new Map([[sym, 1], ['Symbol(x)', 2], ['x', 3]]); console.log(m2.get(sym), m2.get('Symbol(x)'), m2.has(Symbol('x')));
console.log(new Map([['__proto__', 1], ['constructor', 2]]).get('__proto__'), new Set(['toString']).has('valueOf'));
const fns = new Map([[() => {}, 1], [() => {}, 2]]); console.log(fns.size);
const objs = []; for (let i = 0; i < 300; i++) objs.push({ i }); const many = new Map(objs.map(o => [o, o.i])); console.log(many.size, many.get(objs[250]), many.delete(objs[250]), many.has(objs[250]), many.size);
const order = new Map(); for (const k of [3, 'b', key, 1, 'a']) order.set(k, 1); order.delete('b'); order.set('b', 2); console.log([...order.keys()].map(k => typeof k === 'object' ? 'o' : k).join());
const it = order.keys(); it.next(); order.delete(1); order.set('new', 1); console.log([...it].map(k => typeof k === 'object' ? 'o' : k).join());
for (const bad of [1, 'x', null, undefined]) try { new WeakMap().set(bad, 1); console.log('no'); } catch (e) { console.log(e.name); }
console.log(new WeakMap().has(5), new WeakSet().delete('q'), new WeakMap().get(null));
const p = Promise.resolve(1), fake = Object.create(p);
try { fake.then(() => {}); console.log('no'); } catch (e) { console.log(e.name); }
Promise.resolve(fake).then(() => console.log('no'), e => console.log('fake', e.name));
try { Map.prototype.get.call(Object.create(new Map()), 1); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create((function* () { yield 1; })()).next(); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create([][Symbol.iterator]()).next(); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create(new Date(0)).getTime(); console.log('no'); } catch (e) { console.log(e.name); }
//// labels and finally
// SPDX-License-Identifier: MIT
function f1() { a: { b: { try { break a; } finally { break b; } } return 'after b'; } return 'after a'; } console.log(f1());
function f2() { for (let i = 0; ; i++) { try { if (i < 3) continue; return 'r' + i; } finally { if (i === 3) { i = 10; } } } } console.log(f2());
function f3() { try { return 'try'; } finally { console.log('fin'); } } console.log(f3());
function f4() { let x = 1; try { return x; } finally { x = 2; } } console.log(f4());
function f5() { try { throw 1; } catch (e) { return 'c' + e; } finally { return 'f'; } } console.log(f5());
function f6() { const out = []; outer: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) { try { if (b === 2) continue outer; if (a === 3) break outer; out.push(a * 10 + b); } finally { out.push('f'); } } } return out.join(); } console.log(f6());
async function f7() { const out = []; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { try { await null; if (j === 1) continue outer; if (i === 2) break outer; out.push(`${i}${j}`); } finally { await null; out.push('f'); } } } return out.join(); }
async function f8() { for (;;) { try { return await 'ret'; } finally { await 0; break; } } return 'broke'; }
async function f9() { try { await Promise.reject(new Error('x')); } catch { return 'caught'; } finally { console.log('f9 finally'); } }
async function f10() { l: try { await 1; break l; } finally { await 2; } return 'after label'; }
async function f11() { let n = 0; while (true) { try { n++; if (n < 3) continue; if (n === 5) return n; await n; } finally { if (n === 4) n = 4; await 0; } } }
async function f12() { try { try { throw await 1; } finally { await 2; throw 3; } } catch (e) { return 'got ' + e; } }
async function f13() { switch (await 2) { case await 1: return 'one'; case await 2: { try { break; } finally { await 0; } } default: return 'default'; } return 'two'; }
async function f14() { do { try { continue; } finally { await 1; } } while (await false); return 'do'; }
async function f15() { for (const x of (function* () { try { yield 1; yield 2; } finally { console.log('closed'); } })()) { await x; if (x) return 'returned ' + x; } }
(async () => { for (const f of [f7, f8, f9, f10, f11, f12, f13, f14, f15]) console.log(f.name, await f()); })();
switch (3) { case 1: console.log(1); default: console.log('d'); case 2: console.log(2); break; case 4: console.log(4); }
x: for (var i = 0; i < 2; i++) { y: for (;;) { switch (i) { case 0: continue x; case 1: break y; } } console.log('y done'); }
lbl: if (true) { console.log('in'); if (i) break lbl; console.log('no'); }
function g1() { for (const x of [1, 2]) { try { return x; } finally { continue; } } return 'end'; } console.log(g1());
function g2() { while (true) { try { throw 1; } catch (e) { break; } finally { console.log('g2f'); } } return 'g2'; } console.log(g2());
function g3() { a: for (;;) { try { for (;;) { try { break a; } finally { console.log('inner'); } } } finally { console.log('outer'); } } return 'out'; } console.log(g3());
//// labels and switch
// SPDX-License-Identifier: MIT
a: { console.log('in'); if (true) break a; console.log('no'); } function f(x) { switch (x) { case 1: return 'one'; default: return 'other'; case 2: { let x = 'two'; return x; } } } console.log([1, 2, 3].map(f).join());
b: for (let i = 0; ; i++) { switch (i) { case 0: continue b; case 2: break b; default: console.log('i' + i); } } x: y: for (;;) { break x; } do { var d = 1; } while (d++ < 0); console.log(String(d));
//// let scope
// SPDX-License-Identifier: MIT
let x = 'outer'; { let x = 'inner'; console.log(x); { const x = 'deep'; console.log(x); } console.log(x); } console.log(x);
function f() { { let x = 'f'; console.log(x); } return x; } console.log(f());
for (let i = 0; i < 2; i++) { let x = i; console.log(String(x)); }
if (true) { var v = 'var'; let x = 1; } console.log(v + x);
//// let undefined again
// SPDX-License-Identifier: MIT
for (let i = 0; i < 3; i++) { let x; console.log(String(x)); x = i; }
let i = 0; while (i < 2) { let y; if (y !== undefined) console.log('bad'); y = i++; } console.log('ok');
//// loop closures
// SPDX-License-Identifier: MIT
var fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); console.log(fs.map(f => f()).join());
fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); i++; } console.log(fs.map(f => f()).join());
fs = []; for (var k = 0; k < 2; k++) { let j = k * 2; fs.push(function () { return j++; }); } console.log(fs.map(f => f() + f()).join());
fs = []; for (const p in { a: 1, b: 2 }) fs.push(() => p); console.log(fs.map(f => f()).join());
fs = []; for (const v of [4, 5]) { const w = v + 1; fs.push(() => v + ':' + w); } console.log(fs.map(f => f()).join());
fs = []; let n = 0; while (n < 2) { const m = n++; fs.push({ g() { return m; } }); } console.log(fs.map(f => f.g()).join());
//// loop closures nested
// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 2; i++) { for (let j = 0; j < 2; j++) { out.push(() => () => i + '' + j); } }
console.log(out.map(f => f()()).join());
outer: for (let a = 0; a < 3; a++) { for (let b = 0; b < 3; b++) { out.push(() => a * 10 + b); if (b === 1) continue outer; if (a === 2) break outer; } }
console.log(out.slice(4).map(f => f()).join());
//// loop function declarations
// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 3; i++) { out.push(f); function f() { return i; } } console.log(out.map(f => f()).join());
for (let i = 0; i < 2; i++) { function g() { return g.n = (g.n || 0) + 1; } console.log(String(g())); }
//// nullish and logical assignment
// SPDX-License-Identifier: MIT
console.log(String(null ?? 1) + (0 ?? 1) + (undefined ?? null ?? 'x') + ('' || 'e') + (1 && 2)); let a = null, b = 0, c = 1; a ??= 5; b ||= 6; c &&= 7; console.log([a, b, c].join());
const o = { get p() { console.log('get'); return this.q; }, set p(v) { console.log('set ' + v); this.q = v; } }; o.p ??= 1; o.p ??= 2; o.p &&= 3; o.p ||= 4;
let k = 0; const arr = [null]; arr[k++] ??= 'v'; console.log(arr[0] + k); let f; f ??= () => {}; console.log(f.name);
//// numbers text
// SPDX-License-Identifier: MIT
console.log(0.1 + 0.2, 1e21, 1e-7, 123456789.123456789, -0, [-0] + '', 5e-324, 1.7976931348623157e308, 0xff, 0b101, 0o17, 1_000, .5, 5., 1e3, 2 ** -1, (-2) ** 2, 7 % -3, -7 % 3, 5 / 0, 0 / 0);
console.log((1.005).toFixed(2), (0).toFixed(2), (1e21).toFixed(2), (123.456).toPrecision(4), (0.00001).toPrecision(1), (12345).toExponential(2), (255).toString(16), (0.5).toString(2), (-255).toString(36), (1e21).toString(7).length > 5, (25).toString(36), (0.1).toString(3).length > 10, (1.45).toFixed(1), (8.345).toFixed(2), (-1.5).toFixed(0));
console.log(parseInt('0x1f'), parseInt('12px'), parseInt(''), parseInt('101', 2), parseInt('z', 36), parseInt('1e3'), parseFloat('3.14abc'), parseFloat('.5'), parseFloat('-'), Number(''), Number(' 12 '), Number('1_0'), Number('0b11'), Number('0x'), Number(null), Number(undefined), Number([5]), Number([1, 2]), Number({}), Number('Infinity'), Number('-0') === 0, +true, +new Date(5));
console.log(Number.isInteger(5.0), Number.isSafeInteger(2 ** 53), Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, Number.MIN_VALUE, isNaN('x'), Number.isNaN('x'), isFinite('5'), Number.isFinite('5'), Math.round(2.5), Math.round(-2.5), Math.round(0.49999999999999994), Math.trunc(-4.7), Math.sign(-3), Math.cbrt(27), Math.hypot(3, 4), Math.fround(5.5), Math.clz32(1), Math.imul(0xffffffff, 5), Math.max(), Math.min(), Math.max(NaN, 1), Math.abs(-5), Math.floor(-0.5), Math.ceil(-0.5), Math.sqrt(2));
console.log(1 << 31, 1 << 32, -1 >>> 0, -1 >> 31, 5 & 3, 5 | 3, 5 ^ 3, ~5, 2 ** 32 | 0, 2 ** 31 >> 0, 1.9 | 0, -1.9 | 0, NaN | 0, '5' * '2', '5' + 2, 5 + +'2', '5' - 2, true + true, [] + 1, null + 1, undefined + 1, 1 < 2 < 3, 3 > 2 > 1, '10' < '9', '10' < 9, null >= 0, undefined == null, null == 0, NaN != NaN, '' == 0, '0' == false);
for (const f of [() => (1).toFixed(101), () => (1).toString(1), () => (1).toPrecision(0), () => null.x, () => undefined(), () => ({}).x.y, () => new 5, () => x.y, () => Symbol() + '', () => 1 in 1, () => ({}) instanceof 5, () => Object.defineProperty(1, 'x', {}), () => 'abc'.x.y, () => (void 0)[Symbol.iterator]]) try { f(); console.log('no'); } catch (e) { console.log(e.name); }
//// numeric and strings
// SPDX-License-Identifier: MIT
console.log([1_000, 0b101, 0o17, 0xf_f, .5, 1e3].join()); console.log('\u{1F600}'.length + '\x41\u0042' + 'é'.charCodeAt(0) + '日本'.length);
const ünï = 1, 変数 = { ключ: 2 }; console.log(ünï + 変数.ключ + Object.keys(変数)[0].length + ''); console.log('a\
b');
//// object destructuring params
// SPDX-License-Identifier: MIT
const f = ({ a, b: { c = 2 } = {} }, [d, ...e] = [], ...[g]) => [a, c, d, e.length, g].join(); console.log(f({ a: 1 })); console.log(f({ a: 1, b: { c: 3 } }, [4, 5, 6], 7)); try { f(); } catch (e) { console.log(e.name); }
//// object literals
// SPDX-License-Identifier: MIT
const a = 1, b = 2; const o = { a, b, c() { return this.a; }, ['d' + a]: 3, get e() { return 4; }, set e(v) { console.log('set' + v); }, 'f g': 5, 7: 6, if: 8 };
console.log(JSON.stringify(o) + o.c()); o.e = 9; console.log(Object.keys(o).join());
const p = { __proto__: { inherited: 1 } }; console.log(p.inherited + ':' + Object.keys(p).length); const __proto__ = 5; console.log(Object.keys({ __proto__ }).join() + Object.keys({ ['__proto__']: 1 }).join());
const k = 'dyn'; const q = { get [k]() { return 'G'; }, [k + 2]() { return 'M'; }, [Symbol.iterator]: 1 }; console.log(q.dyn + q.dyn2() + q.dyn2.name); let n = 0; console.log(JSON.stringify({ [n++]: n, [n++]: n }));
//// object pattern order
// SPDX-License-Identifier: MIT
const log = [];
const show = () => console.log(log.splice(0).join(' | '));
const src = new (class { get a() { log.push('get a'); } get b() { log.push('get b'); return 2; } })();
const say = (x, v) => (log.push(x), v);
const target = {};
({ [say('key', 'a')]: say('obj', target)[say('tkey', 'p')] = say('default', 7), b: target.q } = src); show();
console.log(JSON.stringify(target));
{ const { a = say('da', 1), b: { toFixed, length: len = say('dl', 3) } } = src; console.log(a, typeof toFixed, len); show(); }
{ const { [say('k1', 'b')]: x, ...rest } = { b: 1, c: 2, [Symbol.for('s')]: 3, 5: 6 }; console.log(x, Object.keys(rest).join(), rest[Symbol.for('s')]); show(); }
{ const { length } = 'abc', { 0: first, [1]: second } = 'xy'; console.log(length, first, second); }
for (const bad of [null, undefined]) try { const { x } = bad; } catch (e) { console.log(e.name); }
try { const {} = null; } catch (e) { console.log(e.name); }
try { (({ a: { b } }) => b)({}); } catch (e) { console.log(e.name); }
{ const { a: { b: { c = 'deep' } = {} } = {} } = {}; console.log(c); }
{ let a, b; ({ a, b = a } = { a: 5 }); console.log(a, b); const r = ({ a } = { a: 1, z: 2 }); console.log(JSON.stringify(r)); }
{ const { x: x1 = 1, x: x2 = 2 } = { x: undefined }; console.log(x1, x2); }
{ const f = ({ a, b } = {}, [c] = []) => [a, b, c].join(); console.log(f(), f({ a: 1 }, [2])); }
{ const o = {}; for ({ k: o.k, v: o['v' + 1] = 'dv' } of [{ k: 1 }, { k: 2, v: 3 }]) console.log(JSON.stringify(o)); }
{ const { fn = () => {}, cls = class {}, gen = function* () {}, named = function own() {} } = {}; console.log(fn.name, cls.name, gen.name, named.name); }
{ const { ...all } = 'hi'; console.log(JSON.stringify(all)); const { ...arr } = [1, , 3]; console.log(JSON.stringify(arr)); }
{ const proto = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }); const { inherited, hidden, ...r } = proto; console.log(inherited, hidden, JSON.stringify(r)); }
//// object spread
// SPDX-License-Identifier: MIT
const a = { x: 1, y: 2 }; console.log(JSON.stringify({ ...a, y: 3, ...null, ...{ z: 4 }, ...'hi' })); const { x, ...r } = { ...a, w: 5 }; console.log(JSON.stringify(r));
const g = { get v() { return 'got'; } }; const c = { ...g }; console.log(JSON.stringify(Object.getOwnPropertyDescriptor(c, 'v')));
//// objects corners
// SPDX-License-Identifier: MIT
const o = { b: 1, 2: 2, a: 3, 1: 4, [Symbol('s')]: 5, get g() { return 6; }, ['c' + 1]: 7, 'quoted-key': 8, 0x10: 9, 1e3: 10 };
console.log(Object.keys(o).join(), Object.entries({ x: 1, y: [2] }).join('|'), Object.values('ab').join(), Object.getOwnPropertySymbols(o).length, Reflect.ownKeys(o).length, JSON.stringify(Object.fromEntries(new Map([['a', 1]]))), Object.is(NaN, NaN), Object.is(0, -0), JSON.stringify(Object.assign({ a: 1 }, null, { b: 2 }, 'x', [9])));
//// optional catch
// SPDX-License-Identifier: MIT
try { throw 1; } catch { console.log('caught'); } finally { console.log('finally'); }
function f() { try { return 'try'; } finally { console.log('f'); } } console.log(f()); function g() { for (const x of [1, 2]) { try { continue; } finally { console.log('g' + x); } } return 'end'; } console.log(g());
//// optional chaining
// SPDX-License-Identifier: MIT
const o = { a: { b() { return this.c; }, c: 'C', n: null } }; console.log(o?.a?.b() + o.a?.['c'] + String(o.x?.y.z.w) + String(o.x?.[console.log('no')]));
console.log(String(o.f?.(console.log('no'))) + o.a.b?.() + (o?.a.b)() + String(o.a.n?.q)); let n; console.log(String(n?.a) + String(delete n?.a) + String(delete o?.a.c) + String(o.a.c));
console.log(String(null?.a ?? 'dflt') + String(''?.length) + String((() => 5)?.()));
//// optional corners
// SPDX-License-Identifier: MIT
const o = { a: { b() { return this.c; }, c: 7 }, n: null, f: null, arr: [1] }; console.log(o?.a?.b(), o.x?.y.z.w, o.n?.[(() => { throw 1; })()], o.f?.(), o.a.zz?.(), o?.['a'].c, o.arr?.[0], (o?.a).c, (o.x?.y)?.z, delete o?.a?.c, o.a.c, delete o.q?.r, o.a?.b?.call({ c: 'call' }), (o.a?.b)(), typeof o?.nope, o.a?.b.name, !o?.x, o?.x ?? 'dflt', (() => { let n = 0; const g = () => (n++, null); g()?.x.y.z; return n; })());
try { (o.x?.y).z; } catch (e) { console.log(e.name); } try { o.a.nope(); } catch (e) { console.log(e.name); } try { null?.x; undefined?.(); und?.x; } catch (e) { console.log(e.name); } const fn = (...a) => a.length; console.log(fn?.(...[1, 2], 3), o.a?.b?.(...[]), [1, 2]?.map?.(x => x * 2).join(), 'abc'?.length, (0)?.toFixed(1), true ? .5 : 1);
//// parameters evaluate in order
// SPDX-License-Identifier: MIT
const log = []; function f({ [(log.push('k1'), 'a')]: a = log.push('d1') }, b = log.push('d2')) { } f({}); console.log(log.join()); function g(a, b = () => a, c = a = 5) { return b() + c; } console.log(String(g(1)));
//// params tdz
// SPDX-License-Identifier: MIT
const t = f => { try { return f(); } catch (e) { return e.name + ': ' + e.message; } };
console.log(t(() => (function (a = b, b) { return a; })()));
console.log(t(() => (function (a = b, b) { return a; })(1, 2)));
console.log(t(() => (function (a = a) { return a; })()));
console.log(t(() => ((a = b, b = 2) => a)()));
console.log(t(() => (function (a, b = a) { return b; })(3)));
console.log(t(() => (function ({ x = y, y }) { return x; })({})));
console.log(t(() => (function ([x = y], y) { return x; })([])));
console.log(t(() => (function (f = () => b, b = 2) { return f(); })()));
console.log(t(() => (function (f = () => f) { return typeof f(); })()));
console.log(t(() => (function (a = typeof b, b) { return a; })()));
console.log(t(() => (function (a = (() => b)(), b = 2) { return a; })()));
console.log(t(() => (function (a = (() => { b = 5; })(), b = 2) { return a; })()));
console.log(t(() => (function (a, b = a + 1, c = b + 1) { return [a, b, c].join(); })(1)));
console.log(t(() => (function (a, b = () => a) { a = 9; return b(); })(1)));
console.log(t(() => (function f(n = f.length) { return n; })()));
console.log(t(() => (function (a = arguments.length, b = arguments[1]) { return a + ' ' + b; })(undefined, 5)));
console.log(t(() => (function (a = this.v) { return a; }).call({ v: 'this' })));
console.log(t(() => (function (...[a, b = a]) { return a + b; })(2)));
console.log(t(() => (function ({ a: { b = 2 } = {}, c = b } = {}) { return b + c; })()));
console.log(t(() => (function (a, { b = a } = {}) { return b; })(6)));
(async (a = b, b) => a)().catch(e => console.log('async', e.name));
//// private per evaluation
// SPDX-License-Identifier: MIT
function make() { return class A { #x = 1; static read(o) { return o.#x; } static has(o) { return #x in o; } }; }
const A = make(), B = make();
const t = f => { try { return f(); } catch (e) { return e.name; } };
console.log(t(() => A.read(new A())), t(() => B.read(new B())), t(() => A.read(new B())), t(() => B.read(new A())));
console.log(A.has(new A()), A.has(new B()), B.has(new A()));
const list = [];
for (let i = 0; i < 3; i++) list.push(class { #v = i; get v() { return this.#v; } set v(n) { this.#v = n; } same(o) { return #v in o; } });
console.log(list.map(C => new C().v).join(), new list[0]().same(new list[1]()), new list[2]().same(new list[2]()));
class Outer { #a = 'outer'; inner() { const self = this; return class Inner { #b = 'inner'; both() { return self.#a + this.#b; } }; } }
const I1 = new Outer().inner(), I2 = new Outer().inner();
console.log(new I1().both(), t(() => I1.prototype.both.call(new I2())));
class S { static #count = 0; static next() { return ++S.#count; } static #help() { return 'h'; } static help() { return this.#help(); } }
class T extends S {}
console.log(S.next(), S.next(), T.next(), S.help(), t(() => T.help()));
class P { #m() { return 'm'; } get #g() { return 'g'; } set #s(v) { this.got = v; } go() { this.#s = 5; return this.#m() + this.#g + this.got; } bad() { this.#m = 1; } bad2() { this.#g = 1; } bad3() { return this.#s; } }
console.log(new P().go(), t(() => new P().bad()), t(() => new P().bad2()), t(() => new P().bad3()), t(() => P.prototype.go.call({})));
class Q { #n = 0; inc() { this.#n++; ++this.#n; this.#n += 5; this.#n **= 2; this.#n ??= 3; this.#n ||= 4; this.#n &&= this.#n + 1; return this.#n--; } get n() { return this.#n; } }
const q = new Q(); console.log(q.inc(), q.n);
class R { #o = { p: null }; opt(x) { return x?.#o?.p?.q; } call(x) { return x.#o?.f?.(); } }
console.log(new R().opt(new R()), new R().opt(null), new R().call(new R()));
class D { #list = [1, 2]; swap() { [this.#list[0], this.#list[1]] = [this.#list[1], this.#list[0]]; ({ a: this.#list } = { a: [...this.#list, 3] }); return this.#list.join(); } }
console.log(new D().swap());
class Base { constructor(o) { return o; } } class Stamp extends Base { #s = 1; static is(o) { return #s in o; } }
const frozen = Object.freeze({}); new Stamp(frozen); console.log(Stamp.is(frozen), Object.keys(frozen).length, t(() => new Stamp(frozen)));
console.log(JSON.stringify(new Q()), Object.getOwnPropertyNames(new Q()).length, Reflect.ownKeys(new D()).length);
//// promise combinators
// SPDX-License-Identifier: MIT
const p = Promise.resolve(1), q = Promise.reject(new Error('q')); Promise.all([p, 2]).then(v => console.log('all ' + v.join())); Promise.allSettled([p, q]).then(v => console.log(v.map(x => x.status).join())); Promise.race([new Promise(() => {}), p]).then(v => console.log('race ' + v)); q.catch(() => console.log('c')).finally(() => console.log('fin'));
//// promise subclass and foreign
// SPDX-License-Identifier: MIT
class P2 extends Promise { constructor(f) { super(f); this.tag = 'p2'; } }
const p = P2.resolve(1); console.log(p instanceof P2, p.tag, p.then(() => {}) instanceof P2, P2.all([]) instanceof P2);
console.log(Promise.resolve(p) === p, P2.resolve(p) === p, Promise.resolve(Promise.resolve(2)) instanceof P2);
(async () => {
  console.log(await p, await { then(r) { r('thenable'); } });
  try { await { then() { throw new RangeError('then threw'); } }; } catch (e) { console.log(e.name); }
  try { await { get then() { throw new TypeError('getter'); } }; } catch (e) { console.log(e.name, e.message); }
  console.log(await { then: 5 }.then, await P2.race([new Promise(() => {}), 'race']), JSON.stringify(await P2.allSettled([1, Promise.reject(2)])));
  try { await Promise.any([Promise.reject(1), Promise.reject(2)]); } catch (e) { console.log(e.name, e.errors.join(), e instanceof AggregateError, e instanceof Error); }
  console.log(await Promise.resolve(5).finally(() => 6), await Promise.reject(7).finally(() => {}).catch(x => 'c' + x), await Promise.resolve().finally(() => { throw 8; }).catch(x => x));
  const self = new Promise(r => setTimeout(() => r(self2), 0)); const self2 = self.then(() => self2).catch(e => e.name); console.log(await Promise.race([self2, new Promise(r => setTimeout(r, 5, 'late'))]));
})();
try { Promise(); } catch (e) { console.log(e.name); } try { new Promise(); } catch (e) { console.log(e.name); } try { new Promise(5); } catch (e) { console.log(e.name); }
console.log(Object.prototype.toString.call(p), Promise.name, Promise.length, Promise.all.length, p.then.length, p.catch.length);
//// property semantics
// SPDX-License-Identifier: MIT
const t = f => { try { return String(f()); } catch (e) { return e.name; } }; const fz = Object.freeze({ a: 1, n: { x: 1 } });
console.log(t(() => { fz.a = 2; }), t(() => { fz.b = 2; }), t(() => delete fz.a), t(() => { fz.n.x = 2; return fz.n.x; }), t(() => { Object.seal(Object.assign(fz.n)).y = 1; }), t(() => { Object.preventExtensions({}).x = 1; }), t(() => { ({ get x() { return 1; } }).x = 2; }), t(() => { 'abc'.length = 1; }), t(() => { 'abc'[0] = 'x'; }), t(() => { (5).x = 1; }), t(() => { undefined.x = 1; }), t(() => { delete [].length; }), t(() => { Object.defineProperty({}, 'x', { get() {}, value: 1 }); }), t(() => { NaN = 1; }), t(() => { undefined = 1; }), t(() => { Infinity++; }));
const d = Object.getOwnPropertyDescriptor({ get x() { return 1; } }, 'x'); console.log(typeof d.get, d.set, d.enumerable, d.configurable, JSON.stringify(Object.getOwnPropertyDescriptors({ a: 1 })));
const p = Object.create({ inherited: 1, set s(v) { this._s = v; } }, { own: { value: 2, enumerable: true } }); p.s = 4; const seen = []; for (const k in p) seen.push(k); console.log(seen.join(), p._s, 'inherited' in p, p.hasOwnProperty('inherited'), Object.keys(p).join(), p.propertyIsEnumerable('own'));
const g = { a: 1, get b() { return this.a + 1; }, set b(v) { this.a = v; }, ['m' + 1]() { return 'm1'; }, async as() {}, *gen() { yield 1; }, get ['comp']() { return 'c'; }, __proto__: { base() { return 'base'; } }, 'a b': 1, get: 1, set: 2, async: 3, static: 4, await: 5, of: 6, let: 7, yield: 8, new: 9, typeof: 10 };
g.b = 10; console.log(g.a, g.b, g.m1(), g.base(), g.comp, [...g.gen()].join(), g.m1.name, g.as.name, Object.getOwnPropertyDescriptor(g, 'b').set.name, g.get + g.set + g.async + g.static + g.await + g.of + g.let + g.yield + g.new + g.typeof);
console.log(JSON.stringify({ ...null, ...undefined, ...5, ...'ab', ...[7], ...{ a: 1, get q() { return 2; } } }), JSON.stringify({ a: 1, ...{ a: 2 }, b: 3, ...{ c: 4 }, a: 5 }), JSON.stringify({ a: 1, a: 2, ['a']: 3 }), { __proto__: null } instanceof Object, JSON.stringify({ ['__proto__']: 1 }), ({ '__proto__': Array.prototype }) instanceof Array, (() => { const __proto__ = 5; return Object.keys({ __proto__ }).length; })());
console.log(typeof null, typeof undefined, typeof (() => {}), typeof class {}, typeof Symbol(), void 0, delete {}.x, !!'' + !!'0', null ?? 'd', 0 ?? 'd', '' || 'd', 0 && 'd', (1, 2), [1, 2, 3].length = 2, (() => { let a = 1; a ||= 5; a &&= 6; a ??= 7; return a; })(), (o => { o.x ??= 1; o['y'] ||= 2; o.z &&= 3; return JSON.stringify(o); })({}));
const order = []; const k = x => (order.push(x), x); ({ [k('a')]: k(1), get [k('b')]() { return 1; }, [k('c')]: k(2), ...(k('spread'), {}), [k('d')]() {} }); console.log(order.join()); const sy = Symbol('desc'); console.log(sy.toString(), sy.description, Symbol.for('q') === Symbol.for('q'), Symbol.keyFor(Symbol.for('q')), ({ [sy]: 1 })[sy], Object(sy) == sy, Symbol.iterator.toString());
const src = { get x() { order.push('getx'); return 1; }, y: 2 }; order.length = 0; const copy = { ...src }; console.log(order.join(), Object.getOwnPropertyDescriptor(copy, 'x').value); console.log(Object.entries(Object.getOwnPropertyDescriptors(class { static m() {} get a() { return 1; } }.prototype)).map(([n, q]) => n + q.enumerable).join(), String(Object.prototype), `${[1, [2, 3]]}`, String(null), String([null]), String({ toString: () => 'ts' }), `${{ valueOf: () => 1 }}`, ({ valueOf: () => 1 }) + 1);
//// queue contract
// SPDX-License-Identifier: MIT
const queue = []; let busy = false; async function run() { if (busy) return; busy = true; try { while (queue.length) { const job = queue.shift(); try { console.log(await job()); } catch ({ message }) { console.log('failed: ' + message); } } } finally { busy = false; } }
for (let i = 0; i < 3; i++) queue.push(async () => { if (i === 1) throw new Error('job ' + i); return 'job ' + i; }); run().then(() => console.log('idle')); run();
//// recursion
// SPDX-License-Identifier: MIT
const fact = n => n < 2 ? 1 : n * fact(n - 1); console.log(String(fact(10))); const f = function g(n) { return n ? g(n - 1) + 1 : 0; }; console.log(String(f(5))); const even = n => n === 0 || odd(n - 1), odd = n => n !== 0 && even(n - 1); console.log(String(even(10)));
//// regexp literals
// SPDX-License-Identifier: MIT
console.log('a1b22'.replace(/\d+/g, '#') + 'x/y'.split(/[/]/).join() + String(/A/i.test('a')) + 'é'.replace(/é/, 'e')); const m = /(\w)(\d)?/.exec('a'); console.log(String(m[2])); console.log(String(4 / 2 / 1));
//// rest params
// SPDX-License-Identifier: MIT
function f(a, ...r) { return a + ':' + r.length + ':' + r.join(); } console.log(f(1)); console.log(f(1, 2, 3));
const g = (...[a, b]) => a + b; console.log(String(g(3, 4))); console.log(String(Array.isArray(((...x) => x)())));
//// rsvp contract
// SPDX-License-Identifier: MIT
const guests = {}; const rsvp = (who, { coming = true, plus = 0 } = {}) => { guests[who] = { coming, plus }; return Object.keys(guests).filter(g => guests[g].coming).reduce((n, g) => n + 1 + guests[g].plus, 0); };
console.log([rsvp('ann'), rsvp('bob', { plus: 2 }), rsvp('cy', { coming: false })].join());
//// shadowing
// SPDX-License-Identifier: MIT
var x = 'g'; function f(x) { { let x = 'b'; { var y = x; } } return x + y; } console.log(f('p')); const g = (x => { const h = () => { let x = 'h'; return x; }; return h() + x; })('a'); console.log(g); try { throw 'e'; } catch (x) { let y = x; { let x = 'in'; y += x; } console.log(y); } console.log(x);
let undefined_ = 1; { const Math = { max: () => 'mine' }; console.log(Math.max()); } console.log(String(Math.max(1, 2)));
//// shop counter contract
// SPDX-License-Identifier: MIT
const orders = []; async function load(id) { await null; return { id, price: id * 10 }; } const total = async (...ids) => { let sum = 0; for (const { price } of await Promise.all(ids.map(load))) sum += price; return sum; };
total(1, 2, 3).then(t => { orders.push({ t, at: 'now' }); const [{ t: first, ...meta }] = orders; console.log(`total ${first} ${JSON.stringify(meta)}`); });
//// sort stability
// SPDX-License-Identifier: MIT
const people = []; for (let i = 0; i < 60; i++) people.push({ k: (i * 7) % 5, i }); people.sort((a, b) => a.k - b.k);
console.log(people.map(p => p.k + ':' + p.i).join(' '));
console.log([3, 1, undefined, 2, , 10, 9].sort().join(), [3, 20, 100].sort().join(), ['b', 'a', 'C', 'é', 'z'].sort().join(), [5, 1, 4].sort((a, b) => b - a).join(), [true, false, null, 'n'].sort().join());
const holes = [3, , 1, undefined]; holes.sort(); console.log(holes.length, 3 in holes, 2 in holes, holes[2]);
console.log([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].sort(() => 0).join(), [2, 1].sort(() => NaN).join(), [2, 1, 3].sort((a, b) => a > b ? '1' : '-1').join());
for (const bad of [null, 5, 'x', {}]) try { [2, 1].sort(bad); console.log('no'); } catch (e) { console.log(e.name); }
try { [1, 2, 3].sort(() => { throw new RangeError('cmp'); }); } catch (e) { console.log(e.message); }
console.log(new Int8Array([3, -1, 2]).sort().join(), new Float64Array([0, -0, NaN, -1]).sort().join(), Object.is(new Float64Array([0, -0]).sort()[0], -0));
const al = { 0: 'b', 1: 'a', length: 2 }; console.log(Array.prototype.sort.call(al) === al, al[0], al[1]); console.log(['\u{1F600}', '\uffff', 'a'].sort().map(s => s.codePointAt(0).toString(16)).join());
//// spread
// SPDX-License-Identifier: MIT
const a = [2, 3]; console.log([1, ...a, ...'xy', 4].join()); console.log(String(Math.max(...a, 9)));
const o = { m(...x) { return this.k + x.join('+'); }, k: 'k' }; console.log(o.m(...a, 5)); function P(...x) { this.x = x; } console.log(new P(...a, 1).x.join());
console.log(String([...[, 1]].length) + String(0 in [...[, 1]])); try { [...5]; } catch (e) { console.log(e.name); } try { f(...null); function f() {} } catch (e) { console.log(e.name); }
//// strict mode
// SPDX-License-Identifier: MIT
try { undeclared = 1; } catch (e) { console.log(e.name); } console.log(String((function () { return this; })())); try { Object.freeze([1]).push(2); } catch (e) { console.log(e.name); } function f(a) { a = 2; return arguments[0]; } console.log(String(f(1)));
//// strings non bmp
// SPDX-License-Identifier: MIT
const s = 'a\u{1F600}b\u00e9\ud800'; console.log(s.length, [...s].length, s.codePointAt(1), s.charCodeAt(2), s.at(-1) === '\ud800', s.indexOf('b'), s.slice(1, 3) === '\u{1F600}', s.split('').length, Array.from(s).map(c => c.length).join(), s.codePointAt(9));
console.log(String.fromCodePoint(0x1F600, 65).length, '\u{1F600}'.padStart(4, 'xy'), 'abc'.padEnd(6, '12'), 'x'.padEnd(3, ''), '\u{1F600}'.repeat(2).length, 'abc'.substring(2, 0), 'abc'.substr(-2, 1), 'abc'.slice(-2), 'a-b-c'.split('-', 2).join(), 'abc'.split('').reverse().join(''));
console.log('aXbX'.replace('X', '$&$$'), 'aXbX'.replaceAll('X', (m, i) => i), 'abc'.replace(/(b)/, '[$1$`$\']'), 'abc'.replaceAll(/b|c/g, '-'), 'x'.concat(1, null), 'abcabc'.lastIndexOf('c', -1), 'abcabc'.lastIndexOf('b'), 'abc'.includes('bc', 1), 'abc'.startsWith('b', 1), 'abc'.endsWith('b', 2), 'a'.localeCompare('b') < 0);
console.log('  x\n\ufeff\u00a0'.trim().length, ' x '.trimStart() + '|', ' x '.trimEnd() + '|', 'İ'.length, 'ß'.toUpperCase(), 'ÀÉ'.toLowerCase(), 'ǆ'.toUpperCase(), 'ΑΣ'.toLowerCase(), 'abc' < 'abd', 'Z' < 'a', 'a' < 'B', '\u{1F600}' < '\uffff');
console.log(encodeURIComponent('ü\u{1F600}&'), decodeURIComponent('%F0%9F%98%80').length, encodeURI('a b?x=ü#'), decodeURI('%41%2f'), escape ? escape('ü') : '', [...'ab'.matchAll(/./g)].map(m => m.index).join(), 'a,b'.match(/,/).index, 'aaa'.match(/a/g).length, 'x'.match(/y/), 'abc'.search(/c/), 'a1b2'.replace(/\d/g, d => d * 2));
for (const bad of ['%', '%F0%9F', '%ff']) try { decodeURIComponent(bad); } catch (e) { console.log(e.name); } try { encodeURIComponent('\ud800'); } catch (e) { console.log(e.name); } try { 'x'.repeat(-1); } catch (e) { console.log(e.name); } try { String.fromCodePoint(-1); } catch (e) { console.log(e.name); } try { 'x'.includes(/x/); } catch (e) { console.log(e.name); }
console.log(String.raw`a\n${1}`, 'a\
b', '\0'.length, "\v".charCodeAt(0), 'abc'[5], 'abc'['length'], Object.keys('ab').join(), '1' in Object('ab'), 'abc'.at(-4), ['a', 'b'].toString(), 'a'.codePointAt(), 'a' + {} + [] + null);
//// switch and scope
// SPDX-License-Identifier: MIT
const f = x => { switch (x) { case 1: { let a = 'one'; return a; } case 2: let b = 'two'; case 3: b = b === undefined ? 'u' : 'set'; return b; case 'x': case 'y': return 'xy'; default: const c = () => d(); function d() { return 'hoisted'; } return c(); } }; console.log(f(1), f(2), f('y'), f(9)); try { f(3); } catch (e) { console.log(e.name); }
var v = 1; { var v = 2; } console.log(v); let l = 1; { let l = 2; { let l = 3; } console.log(l); } console.log(l); function h() { return typeof inner; { function inner() {} } } console.log(h()); { function blk() { return 1; } { function blk() { return 2; } console.log(blk()); } console.log(blk()); } console.log(typeof blk); const r = []; for (const x of [0, 1, NaN, '1', null]) switch (x) { case 1: r.push('one'); break; case NaN: r.push('nan'); break; case null: r.push('null'); break; default: r.push('d'); } console.log(r.join()); switch (1) { } switch (r.push('side'), 5) { default: } console.log(r.length); let z = 0; switch (z++) { case z++: console.log('no'); break; case z - 2: console.log('yes', z); }
//// tagged and templates
// SPDX-License-Identifier: MIT
const tag = (s, ...v) => s.raw.join('|') + '/' + s.join('|') + '/' + v.join(); console.log(tag`a${1}b${2}\n`, tag``, tag`${0}`, (x => x)`t`.raw === undefined); const site = () => (s => s)`x`; console.log(site() === site(), Object.isFrozen(site()), Array.isArray(site().raw)); const o = { f() { return this === o; } }; console.log(o.f`x`, o['f']`y`);
console.log(`${1}${'a'}${[1, 2]}${{}}${null}${undefined}`, `line1
line2`, `\u{1F600}`.length, `a${`b${`c`}`}`, `$`, `\${}`, `${{ toString: () => 'ts', valueOf: () => 'vo' }}`, '' + { toString: () => 'ts', valueOf: () => 'vo' }); try { `${Symbol()}`; } catch (e) { console.log(e.name); }
const bad = s => s[0] === undefined && s.raw[0]; console.log(bad`\unicode`, bad`\xg`, `${((a, b) => a + b)(1, 2)}`, `${function () { return `n${1}`; }()}`);
//// tagged templates
// SPDX-License-Identifier: MIT
function tag(s, ...v) { return s.join('|') + '#' + s.raw.join('|') + '#' + v.join(); }
console.log(tag`a${1}\n${2}b`); console.log(tag`\u`);
const seen = []; function same(s) { seen.push(s); return s; } for (let i = 0; i < 2; i++) same`q${i}`;
console.log(String(seen[0] === seen[1]) + String(Object.isFrozen(seen[0])) + String(Object.isFrozen(seen[0].raw)));
const o = { n: 'self', t(s) { return this.n + s[0]; } }; console.log(o.t`!`);
//// tdz
// SPDX-License-Identifier: MIT
try { a; let a = 1; } catch (e) { console.log(e.name + ': ' + e.message); }
function f() { return b; } try { f(); } catch (e) { console.log(e.message); } const b = 2; console.log(String(f()));
try { c = 1; let c; } catch (e) { console.log(e.message); }
try { typeof d; const d = 1; } catch (e) { console.log(e.message); }
try { let e1 = e1 + 1; } catch (e) { console.log(e.message); }
switch (1) { case 0: let s = 1; break; case 1: try { s; } catch (e) { console.log(e.message); } }
//// tdz corners
// SPDX-License-Identifier: MIT
const t = f => { try { return String(f()); } catch (e) { return e.name + ': ' + e.message; } };
console.log(t(() => { x; let x = 1; }), t(() => { x = 2; let x = 1; }), t(() => { typeof x; let x; }), t(() => { const f = () => x; f(); let x = 1; }));
console.log(t(() => { let x = x + 1; }), t(() => { let x = (() => x)(); }), t(() => { const { a = b, b } = {}; }), t(() => { const [a = a] = []; }));
console.log(t(() => { for (let i = i; ;) break; }), t(() => { for (const x of [x]) ; }), t(() => { for (const x in x) ; }), t(() => { for (let [a, b = a] of [[1]]) return b; }));
console.log(t(() => { switch (1) { case 0: let q; break; case 1: q; } }), t(() => { switch (1) { case 0: let q = 1; case 1: q = 2; } }), t(() => { f(); let x = 1; function f() { return x; } }), t(() => { function f() { return x; } let x = 1; return f(); }));
console.log(t(() => { new C(); class C {} }), t(() => { class C { static x = C.name; } return C.x; }), t(() => { class C { static [C.name] = 1; } }), t(() => { let f = function () { return f === undefined; }; return f(); }));
console.log(t(() => { x++; let x; }), t(() => { x += 1; let x = 0; }), t(() => { delete x.y; let x; }), t(() => { ({ x }); let x; }), t(() => { [x] = [1]; let x; }), t(() => { ({ x } = { x: 1 }); let x; }));
console.log(t(() => { let r = []; for (let i = 0; i < 2; i++) { r.push(typeof g); let y = i; function g() { return y; } } return r; }), t(() => { for (let i = 0; i < 2; i++) { if (i) return z; var q = () => z; if (!i) q(); let z = i; } }));
console.log(t(() => { const c = 1; c = 2; }), t(() => { const c = 1; c++; }), t(() => { const o = {}; o.x = 1; return o.x; }), t(() => { for (const i = 0; i < 2; i++); }), t(() => { const [a, b] = [1, 2];[a] = [3]; }), t(() => { const c = 1; c ??= 2; return c; }), t(() => { const c = 0; c ||= 2; }));
console.log(t(() => { let a = 1; { a; let b = a; { return b; } } }), t(() => { let a = 1; { a; let a = 2; } }), t(() => { try { u; } catch (e) { return e.name; } let u; }), t(() => { if (true) { var v = 1; } return v; }), t(() => { undeclared = 1; }), t(() => typeof undeclared), t(() => undeclared));
console.log(t(() => { let x; var f = () => x; x = 4; return f(); }), t(() => { do { var y = 1; let z = y; } while (z); }), t(() => { let x = 1; return ((a = x) => { var x = 2; return a + x; })(); }));
console.log(t(() => { label: { let q = 1; break label; } return typeof q; }), t(() => (function f() { f = 1; })()), t(() => (function f() { let f = 1; return f; })()), t(() => (function f(f) { return f; })(3)), t(() => (class X { m() { X = 1; } }).prototype.m()));
//// templates
// SPDX-License-Identifier: MIT
const a = 1, o = { toString() { return 'S'; }, valueOf() { return 'V'; } };
console.log(`a${a}b${o}c` + `${o}` + `${1}${2}` + `` + `x`); console.log(`line
two \u{41} \` \${}`); console.log(`${`n${`m`}`}`);
try { `${Symbol('q')}`; } catch (e) { console.log(e.name); } console.log(String(`${1}` === '1') + `${[1, 2]}${null}${undefined}`);
//// timers order
// SPDX-License-Identifier: MIT
const log = []; setTimeout(() => log.push('t10'), 400); setTimeout(() => log.push('t0a'), 0); setTimeout((a, b) => log.push('args' + a + b), 1, 'x', 'y'); const id = setTimeout(() => log.push('never'), 5); clearTimeout(id); let n = 0; const iv = setInterval(() => { log.push('i' + ++n); if (n === 3) clearInterval(iv); }, 60); setTimeout(() => { log.push('nest'); setTimeout(() => log.push('inner'), 0); Promise.resolve().then(() => log.push('micro')); }, 20); Promise.resolve().then(() => log.push('first')); clearTimeout(undefined); clearInterval(12345); setTimeout(() => console.log(log.join()), 600);
//// yield delegate corners
// SPDX-License-Identifier: MIT
function* over(it) { try { const r = yield* it; return ['r', r]; } catch (e) { return ['caught', e.name || e]; } finally { console.log('finally'); } }
let g = over([1, 2]); g.next();
console.log(JSON.stringify(g.throw('x')));
g = over('ab'); g.next(); console.log(JSON.stringify(g.return(9)), JSON.stringify(g.next()));
g = over('a\u{1F600}b'); console.log([...g].map(x => x.length).join());
function make() {
  let n = 0;
  return {
    [Symbol.iterator]() { console.log('open'); return this; },
    next(v) { console.log('next', v); return { value: ++n, done: n > 2 }; },
    return(v) { console.log('return', v); return { value: v, done: true }; },
    throw(e) { console.log('throw', e); return { value: 'handled', done: true }; }
  };
}
g = over(make()); console.log(JSON.stringify(g.next('ignored'))); console.log(JSON.stringify(g.next('sent'))); console.log(JSON.stringify(g.next('last')));
g = over(make()); g.next(); console.log(JSON.stringify(g.return('early')));
g = over(make()); g.next(); console.log(JSON.stringify(g.throw('err')));
g = over({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { console.log('closed'); return {}; } }; } });
g.next(); console.log(JSON.stringify(g.throw('no throw')));
function* inner() { try { yield 1; yield 2; } finally { yield 'cleanup'; } }
g = (function* () { yield* inner(); yield 'after'; })();
console.log(JSON.stringify(g.next()), JSON.stringify(g.return('R')), JSON.stringify(g.next()), JSON.stringify(g.next()));
try { [...over(5)]; } catch (e) { console.log(e.name); }
console.log(JSON.stringify(over(5).next()));
function* inf() { let x = 0; while (true) x = yield x; }
g = over(inf()); g.next(); console.log(g.next(4).value, g.next(5).value);

// SPDX-License-Identifier: MIT
//// runs at once till the first await
async function f() { print('start'); await null; print('after'); }
f();
print('sync');
//// without await the body is synchronous, the result is not
async function f() { print('body'); return 'value'; }
f().then(v => print(v));
print('sync');
//// the result is always a new native promise
const p = Promise.resolve(1);
async function f() { return p; }
const q = f();
print(q instanceof Promise, q === p, f() === f());
q.then(v => print(v));
//// ticks: await of a value, of a promise, of a thenable
const run = async (name, v) => { await v; print(name); };
run('thenable', { then(r) { r(); } });
run('value', 1);
run('promise', Promise.resolve());
run('pending', new Promise(r => r()));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: return of a value, of a promise, of await promise
const p = Promise.resolve();
(async () => p)().then(() => print('promise'));
(async () => await p)().then(() => print('await promise'));
(async () => 1)().then(() => print('value'));
(async () => ({ then(r) { r(); } }))().then(() => print('thenable'));
p.then(() => print('t1')).then(() => print('t2')).then(() => print('t3')).then(() => print('t4'));
//// ticks: two async functions take turns
const f = async n => { for (let i = 0; i < 3; i++) { print(n + i); await null; } };
f('a'); f('b');
print('sync');
//// ticks: nested async calls
const inner = async () => { print('inner'); await null; print('inner end'); return 'r'; };
const outer = async () => { print('outer'); const r = await inner(); print('outer', r); };
outer().then(() => print('then'));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: a rejection inside try, compared with then
const f = async () => { try { await Promise.reject('r'); } catch (e) { print('caught', e); } finally { print('finally'); } };
f().then(() => print('done'));
Promise.resolve().then(() => print('t1')).then(() => print('t2'));
//// ticks: await in finally delays the result
const f = async () => { try { return 'r'; } finally { await null; print('finally'); } };
f().then(print);
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: timers come after all promises
setTimeout(() => print('timer'), 0);
(async () => { for (let i = 0; i < 5; i++) await null; print('awaits'); })();
queueMicrotask(() => print('microtask'));
print('sync');
//// ticks: awaits in timers
setTimeout(async () => { print('a'); await null; print('a2'); }, 0);
setTimeout(async () => { print('b'); await null; print('b2'); }, 20);
//// errors before the first await reject too
async function f(v) { if (v) throw new RangeError(); await null; throw new SyntaxError(); }
f(1).catch(e => print(e.name));
f(0).catch(e => print(e.name));
print('sync');
//// errors in parameters reject, also in patterns and defaults
async function f(a = (() => { throw new RangeError(); })(), { b } = {}) { print('body'); }
const g = async ({ x }) => x;
f().catch(e => print('f', e.name));
f(1, null).catch(e => print('f2', e.name));
g().catch(e => print('g', e.name));
print('sync');
//// parameters are evaluated at the call, in order
const log = [];
async function f(a = log.push('a'), [b = log.push('b')] = [], ...c) { log.push('body' + c.length); await null; log.push('end'); }
f(undefined, undefined, 1).then(() => print(log.join()));
log.push('sync');
//// try catch finally with awaits: values
const f = async how => { try { if (how === 'throw') await Promise.reject('t'); if (how === 'return') return await 'r'; await null; } catch (e) { return 'caught ' + await e; } finally { print('finally ' + await how); if (how === 'late') return 'from finally'; } return 'end'; };
(async () => { for (const h of ['throw', 'return', 'none', 'late']) print(await f(h)); })();
//// finally that throws or returns replaces what was awaited
const f = async () => { try { await Promise.reject(new RangeError()); } finally { throw new SyntaxError(); } };
const g = async () => { try { await Promise.reject(new RangeError()); } finally { return 'returned'; } };
const h = async () => { for (;;) { try { return await 'lost'; } finally { break; } } return 'after loop'; };
(async () => { print(await f().catch(e => e.name), await g(), await h()); })();
//// return without await leaves the try
const bad = () => Promise.reject(new RangeError());
const f = async () => { try { return bad(); } catch (e) { return 'caught'; } };
const g = async () => { try { return await bad(); } catch (e) { return 'caught'; } };
f().catch(e => print('f', e.name));
g().then(v => print('g', v));
//// nested try with awaits, errors go out one by one
const log = [];
(async () => { try { try { await Promise.reject(1); } catch (e) { log.push(e); await null; throw e + 1; } finally { await null; log.push('f'); } } catch (e) { log.push(e); } print(log.join()); })();
//// await in conditions and logical operators
(async () => {
  const v = async x => (print('eval', x), x);
  print(await v(0) || await v('or'), await v(1) && await v('and'), (await v(null)) ?? await v('nullish'), await v(1) ? await v('yes') : await v('no'));
})();
//// await in all kinds of loops
(async () => {
  const out = [];
  for (let i = await 0; await (i < 2); i += await 1) out.push('for' + i);
  let n = 0;
  while (await n < 2) out.push('while' + n++);
  do out.push('do' + n); while (await (--n > 0));
  for (const v of await [1, 2]) { if (await v === 1) continue; out.push('of' + v); }
  for (const k in await { a: 1, b: 2 }) { out.push('in' + await k); if (k === 'a') break; }
  print(out.join());
})();
//// await in switch, labels and blocks
const f = async v => { out: { switch (await v) { case await 1: return 'one'; case await 2: { break out; } default: if (await true) break; } return 'default'; } return 'two'; };
(async () => print(await f(1), await f(2), await f(3)))();
//// await in literals, members, calls, templates, spreads
(async () => {
  const o = { n: 'n', f(...a) { return this.n + a.join('+'); } }, l = [await 1, ...await [2, 3], await 4];
  print(l.join(), (await o).f(await 'a', ...await ['b']), o[await 'n'], `${await 'x'}-${await 'y'}`, JSON.stringify({ [await 'k']: await 'v', ...await { s: 1 } }), o?.f?.(await 'q'));
})();
//// await in assignments of all kinds
(async () => {
  const o = { a: 1, n: null };
  let x = await 1;
  x += await 2; x **= await 2; o.a -= await 5; o[await 'b'] = await 'B'; o.n ??= await 'filled'; o.a &&= await 7; o.z ||= await 'z';
  [x, o.c = await 'dc'] = [await x + 1]; ({ d: o.d = await 'dd' } = {});
  print(x, Object.keys(o).map(k => k + o[k]).join());
})();
//// await in new, delete, typeof, void, not, minus, in, instanceof
class P { constructor(v) { this.v = v; } }
(async () => {
  const o = { x: 1 };
  print(new P(await 5).v, new (await P)(6).v, delete (await o).x, 'x' in o, typeof await 1, !await 0, -await '3', await 'v' in new P(1), await new P(1) instanceof await P, void await 1);
})();
//// await binds like a unary operator
(async () => { print(await 1 + await 2 * 3, (await 2) ** 3, await (1, 2), -await 1, await -1, await await 3, [await 1][0], (await 'ab').length); })().catch(e => print(e.name));
//// operands read before an await stay
let x = 1;
const o = { v: 1, m(a) { return this.v + a; } };
(async () => { const r = [x + await 1, x, o.v + await (o.v = 10), o.m(await (o.v = 20))]; print(r.join()); })();
x = 5;
//// the object of a call is kept over an await
let o = { n: 'old', m(a) { return this.n + a; } };
(async () => { print(o.m(await 'x'), o.n); })();
o = { n: 'new', m: () => 'wrong' };
//// locals, closures and block names live over awaits
(async () => { const fs = []; for (let i = 0; i < 2; i++) { let v = await i; fs.push(() => v++ + ':' + i); await null; v += 10; } { const b = await 'b'; fs.push(() => b); } print(fs.map(f => f()).join(), fs[0]()); })();
//// thenables: getters, calls, order
const log = [];
const t = { get then() { log.push('get then'); return function (res, rej) { log.push('call ' + (this === t) + arguments.length); res('value'); }; } };
(async () => { log.push(await t); print(log.join()); })();
log.push('sync');
//// thenables that throw, resolve twice, resolve to thenables
const kind = async v => { try { return await v; } catch (e) { return e.name || e; } };
(async () => { print(await kind({ then() { throw new RangeError(); } }), await kind({ then(a, b) { a(1); b(2); throw 3; } }), await kind({ get then() { throw new SyntaxError(); } }), await kind({ then(a) { a({ then(b) { b('deep'); } }); } }), (await kind({ then: 5 })).then, await kind({ then(a, b) { b('rejected'); } })); })();
//// functions and classes with then are thenables
const f = () => {};
f.then = r => r('function');
class C { static then(r) { r('class'); } }
(async () => print(await f, await C))();
//// a then changed on a promise is not used by await of it alone
const p = Promise.resolve('inner');
p.then = () => { print('own then'); };
(async () => { print(await p); })();
//// a promise whose constructor was changed goes through its then
const p = Promise.resolve('v');
p.constructor = Object;
p.then = function (...a) { print('own then'); return Promise.prototype.then.apply(this, a); };
(async () => print(await p))();
//// await of a subclass of Promise
class P extends Promise { then(a, b) { print('then'); return super.then(a, b); } }
(async () => { print(await P.resolve(1), await new P(r => r(2))); })();
//// this and arguments in async functions and arrows
const o = { k: 'k', async f() { await null; return [this.k, arguments.length, (() => arguments[1])(), await (async () => this.k + arguments[0])()].join(); } };
o.f('a', 'b').then(print);
//// this without an object, new.target
async function f() { await null; return [this === undefined, new.target === undefined].join(); }
f().then(print);
//// async methods, static, computed, private, of objects
class C { #v = 'p'; async m() { return this.#v; } static async s() { return await 's'; } async ['c' + 1](a) { return a; } async #q() { return await this.m() + 'q'; } q() { return this.#q(); } async 5() { return 5; } async 'a b'() { return 'text'; } async get() { return 'get'; } async static() { return 'static'; } }
const c = new C();
Promise.all([c.m(), C.s(), c.c1(1), c.q(), c[5](), c['a b'](), c.get(), c.static()]).then(l => print(l.join()));
//// super in async methods and arrows
class A { async m(v) { return 'A' + this.n + v; } static async s() { return 'As'; } }
class B extends A { n = 'b'; async m(v) { await null; const f = async () => super.m(await v); return (await f()) + await super.m('!'); } static async s() { return await super.s() + 'Bs'; } }
(async () => print(await new B().m('x'), await B.s()))();
//// a constructor that starts async work
class C { constructor() { this.ready = (async () => { await null; this.v = 'set'; return this; })(); } }
new C().ready.then(c => print(c.v));
print(String(new C().v));
//// names, lengths, prototypes, no constructors
async function decl(a, b = 1) {}
const arrow = async (a, b) => {}, o = { async m(x) {}, async ['c']() {} };
print(decl.name, decl.length, arrow.name, arrow.length, o.m.name, o.c.name, 'prototype' in decl, 'prototype' in arrow, typeof decl);
for (const f of [decl, arrow, o.m]) try { new f(); } catch (e) { print(e.name); }
//// text tags of async functions
print(Object.prototype.toString.call(async () => {}), Object.getPrototypeOf(async function () {})[Symbol.toStringTag], Object.getPrototypeOf(async () => {}) === Object.getPrototypeOf(async function () {}), (async () => {}) instanceof Function);
//// hoisted async declarations, named expressions, recursion
early().then(print);
async function early() { return 'hoisted'; }
const sum = async function self(n) { return n ? n + await self(n - 1) : 0; };
sum(4).then(v => print(v, typeof self));
//// async arrows of every form
const a = async () => 'a', b = async x => x, c = async (x, y = 1) => x + y, d = async ({ v }) => { return v; }, e = async (...r) => r.length, async = v => v, f = async(5), g = async () => ({ k: 'obj' });
Promise.all([a(), b('b'), c(1), d({ v: 'd' }), e(1, 2), f, g().then(o => o.k)]).then(l => print(l.join()));
//// async as a name, a property and a call
const o = { async: 1, async f() { return 2; } };
var async = (...a) => a.length;
print(async(1, 2), async
(3), o.async, { async }.async === async);
o.f().then(print);
//// await as a name outside of async functions
const await_ = 1, o = { await: 2 };
function f() { return o.await + await_; }
print(f());
//// many awaits in sequence and at once
const wait = (ms, v) => new Promise(r => setTimeout(() => { print('timer', v); r(v); }, ms));
(async () => { const a = wait(40, 'a'), b = wait(20, 'b'); print(await a + await b); print((await Promise.all([wait(40, 'c'), wait(20, 'd')])).join('')); })();
//// Promise combinators with async functions
const ok = async v => v, bad = async v => { throw v; };
(async () => {
  print((await Promise.allSettled([ok(1), bad(2)])).map(r => r.status + (r.value || r.reason)).join(), await Promise.race([ok('first'), bad('no')]), await Promise.any([bad(1), ok('any')]));
  try { await Promise.all([ok(1), bad('all')]); } catch (e) { print(e); }
})();
//// a rejected promise kept before it is awaited is handled
(async () => { const p = Promise.reject(new RangeError()), q = p.catch(() => 'handled'); await null; try { await p; } catch (e) { print(e.name, await q); } })();
//// an unhandled rejection of an async function ends the program
async function f() { await null; throw new RangeError(); }
f();
print('sync');
//// an unhandled rejection that is no error
(async () => { print('before'); throw 'text'; })();
//// async callbacks in map, forEach, reduce, sort out of time
const out = [];
[1, 2].forEach(async v => { await null; out.push(v); });
out.push('sync');
(async () => { print((await Promise.all([3, 4].map(async v => await v * 2))).join(), await [1, 2, 3].reduce(async (a, v) => await a + v, 0), out.join()); })();
//// a queue of jobs kept in order by a chain
let chain = Promise.resolve();
const log = [], lock = f => { const run = chain.then(f); chain = run.catch(() => {}); return run; };
lock(async () => { log.push('a1'); await null; await null; log.push('a2'); });
lock(async () => { log.push('b1'); throw new RangeError(); }).catch(e => log.push(e.name));
lock(async () => { log.push('c1'); }).then(() => print(log.join()));
//// races on a variable between await points
let total = 0;
const add = async n => { const old = total; await null; total = old + n; }, addSafe = async n => { const v = await n; total += v; };
(async () => { await Promise.all([add(1), add(2)]); print(total); total = 0; await Promise.all([addSafe(1), addSafe(2)]); print(total); })();
//// generators driven by promises
const co = gen => new Promise((res, rej) => { const it = gen(), step = (m, v) => { let r; try { r = it[m](v); } catch (e) { return rej(e); } r.done ? res(r.value) : Promise.resolve(r.value).then(v => step('next', v), e => step('throw', e)); }; step('next'); });
co(function* () { const a = yield Promise.resolve(1); try { yield Promise.reject('r'); } catch (e) { return a + e; } }).then(print);
//// an async function that never ends leaves others alone
(async () => { await new Promise(() => {}); print('never'); })();
(async () => { await null; print('ends'); })();
//// await of values that are not promises keeps them
(async () => { const o = {}, f = () => {}, s = Symbol(); print((await o) === o, (await f) === f, (await s) === s, await null === null, String(await undefined), Number.isNaN(await NaN)); })();
//// a default parameter that is an async call, and an async default function
const f = async (p = (async () => 'lazy')(), g = async v => v + '!') => g(await p);
f().then(print);
f('given', async v => v + '?').then(print);
//// deep chains of awaits end in order
const depth = async n => n === 0 ? 'bottom' : await depth(n - 1);
(async () => { print(await depth(50)); })();
(async () => { let v = 0; for (let i = 0; i < 300; i++) v += await 1; print(v); })();
//// async functions called at once have no this
(async function () { print(this === undefined, arguments.length); })(1, 2);
(async function named() { await null; print(this === undefined, typeof named); })();
(async function () { print(this.k); }).call({ k: 'k' });
//// async functions called at once, with spreads, optional calls and as tags
(async function (...a) { print(this === undefined, a.join()); })(...[1, 2]);
(async function () { print(this === undefined); })?.();
(async function (s) { print(this === undefined, s[0]); })`x`;

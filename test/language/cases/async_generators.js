// SPDX-License-Identifier: MIT
//// results are promises of results
async function* g() { yield 1; return 'r'; }
const it = g(), show = r => String(r.value) + r.done;
const p = it.next();
print(p instanceof Promise);
p.then(r => print(show(r))).then(() => it.next()).then(r => print(show(r))).then(() => it.next()).then(r => print(show(r)));
//// the body starts at the first next, at once
async function* g() { print('start'); yield 1; print('end'); }
const it = g();
print('made'); it.next(); print('called');
//// calls to next are queued and answered in order
async function* g() { yield 1; await null; yield 2; yield 3; }
const it = g();
for (let i = 0; i < 5; i++) it.next().then(r => print(i, String(r.value), r.done));
print('sync');
//// sent values
async function* g() { const a = yield 'a'; const b = yield a + '!'; return a + b; }
const it = g();
(async () => { print((await it.next('lost')).value, (await it.next(1)).value, (await it.next(2)).value); })();
//// yield awaits its value
async function* g() { yield Promise.resolve(1); const v = yield Promise.resolve('p'); print('sent', v); yield { then(r) { r('thenable'); } }; }
(async () => { const it = g(); print((await it.next()).value, (await it.next()).value, (await it.next('s')).value); })();
//// a value that was sent is not awaited
async function* g() { const v = yield; print(typeof v.then); yield await v; }
(async () => { const it = g(); await it.next(); print((await it.next(Promise.resolve('in'))).value); })();
//// yield of a rejected promise throws at the yield
async function* g() { try { yield Promise.reject(new RangeError()); } catch (e) { yield 'caught ' + e.name; } }
(async () => { const it = g(); print((await it.next()).value, (await it.next()).done); })();
//// return awaits its value
async function* g() { return Promise.resolve('r'); }
async function* h() { try { return Promise.reject(new RangeError()); } catch (e) { return 'caught ' + e.name; } }
(async () => { const a = await g().next(); print(a.value, a.done); print((await h().next().catch(e => ({ value: 'rejected ' + e.name }))).value); })();
//// an error rejects one request and ends the generator
async function* g() { yield 1; throw new RangeError(); }
const it = g();
it.next().then(r => print(r.value));
it.next().then(() => print('no'), e => print(e.name));
it.next().then(r => print(String(r.value), r.done));
//// return: before the start, at a yield, after the end
async function* g() { try { yield 1; } finally { print('finally'); } }
(async () => {
  const show = r => String(r.value) + r.done, a = g(), b = g();
  print(show(await a.return('a')), show(await a.next()));
  await b.next();
  print(show(await b.return('b')), show(await b.return('c')), show(await b.next()));
})();
//// return awaits its argument
async function* g() { try { yield 1; } finally { print('finally'); } }
(async () => { const a = g(), b = g(); await b.next(); print((await a.return(Promise.resolve('not started'))).value, (await b.return(Promise.resolve('at yield'))).value, (await b.return(Promise.resolve('ended'))).value); })();
//// return with a rejected promise
async function* g() { try { yield 1; } catch (e) { print('caught', e); yield 'on'; } }
(async () => { const a = g(), b = g(); await b.next(); await a.return(Promise.reject('x')).catch(e => print('start', e)); print((await b.return(Promise.reject('y'))).value); })();
//// return stopped by a yield in finally
async function* g() { try { yield 1; } finally { yield 'kept'; await null; } }
(async () => { const it = g(); await it.next(); const a = await it.return('r'), b = await it.next(), c = await it.next(); print(a.value, a.done, b.value, b.done, String(c.value), c.done); })();
//// throw: before the start, caught, uncaught, after the end
async function* g() { try { yield 1; } catch (e) { yield 'caught ' + e; } }
(async () => {
  const a = g(), b = g(), kind = p => p.then(r => String(r.value) + r.done, e => 'rejected ' + e);
  print(await kind(a.throw('x')), await kind(a.next()));
  await b.next();
  print(await kind(b.throw('y')), await kind(b.throw('z')), await kind(b.throw('w')));
})();
//// queued return and throw wait for their turn
async function* g() { try { yield 1; print('not resumed'); } finally { await null; print('finally'); } }
const it = g();
it.next().then(r => print('next', r.value));
it.return('r').then(r => print('return', r.value, r.done));
it.throw(new RangeError()).catch(e => print('throw', e.name));
it.next().then(r => print('last', r.done));
//// requests made from inside are queued
const it = (async function* () { it.next().then(r => print('inner', r.value)); yield 'first'; yield 'second'; })();
it.next().then(r => print('outer', r.value));
//// methods on a wrong this reject, they do not throw
async function* g() {}
const { next } = g(), proto = Object.getPrototypeOf(g.prototype);
for (const f of [() => next.call({}), () => proto.return.call(undefined), () => proto.throw.call(5, 1), () => next.call((function* () {})())]) { try { f().then(() => print('fine'), e => print('rejected', e.name)); } catch (e) { print('thrown', e.name); } }
//// parameters are evaluated at the call, errors are thrown there
const log = [];
async function* g(a = log.push('a'), { b } = {}) { log.push('body'); }
g(); log.push('called');
try { g(1, null); } catch (e) { log.push(e.name); }
print(log.join());
//// ticks: a yield against promise reactions
async function* g() { yield 1; }
g().next().then(() => print('yield'));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: a return against promise reactions
async function* g() { return 1; }
g().next().then(() => print('return'));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: an error against promise reactions
async function* g() { throw 1; }
g().next().catch(() => print('error'));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// ticks: awaits inside and yields in turn
async function* g(n) { for (let i = 0; i < 2; i++) { await null; print(n + i); yield i; } }
(async () => { for await (const v of g('a')) print('got a' + v); })();
(async () => { for await (const v of g('b')) print('got b' + v); })();
//// ticks: return of an ended generator
async function* g() {}
const it = g();
it.return(1).then(() => print('return'));
it.next().then(() => print('next'));
Promise.resolve().then(() => print('t1')).then(() => print('t2')).then(() => print('t3'));
//// yield* over an async generator
async function* inner() { const a = yield 'x'; yield a; return 'result'; }
async function* g() { const r = yield* inner(); yield r; }
(async () => { const it = g(); print((await it.next('lost')).value, (await it.next('sent')).value, (await it.next()).value, (await it.next()).done); })();
//// yield* over sync iterables awaits their values
async function* g() { yield* [Promise.resolve(1), 2]; const r = yield* (function* () { yield Promise.resolve('g'); return Promise.resolve('ret'); })(); yield typeof r; yield r; yield* 'ab'; }
(async () => { const out = []; for await (const v of g()) out.push(v); print(out.join()); })();
//// yield* prefers Symbol.asyncIterator
const o = { [Symbol.iterator]() { print('sync'); return [][Symbol.iterator](); }, [Symbol.asyncIterator]() { print('async'); let n = 0; return { next: async v => ({ value: n, done: n++ > 1 }) }; } };
async function* g() { return yield* o; }
(async () => { const it = g(); print((await it.next()).value, (await it.next()).value, (await it.next()).value); })();
//// yield* passes return and throw on
async function* inner() { try { yield 1; yield 2; } catch (e) { yield 'inner ' + e; } finally { print('inner finally'); } }
async function* g() { try { yield* inner(); } finally { print('outer finally'); } }
(async () => { const a = g(), b = g(); await a.next(); await b.next(); const r = await a.return('r'); print(r.value, r.done); print((await b.throw('t')).value); print((await b.next()).done); })();
//// yield* over an iterator without throw closes it
async function* g() { try { yield* { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: async () => { print('closed'); return {}; } }; } }; } catch (e) { yield e.name; } }
(async () => { const it = g(); await it.next(); print((await it.throw(1)).value); })();
//// yield* of what is not iterable
async function* g(v) { try { yield* v; } catch (e) { yield e.name; } }
(async () => { const out = []; for (const v of [null, 1, {}, { [Symbol.asyncIterator]() { return 1; } }, { [Symbol.asyncIterator]: null, [Symbol.iterator]: () => [5].values() }]) out.push((await g(v).next()).value); print(out.join()); })();
//// yield* of results that are no objects
async function* g(r) { try { yield* { [Symbol.asyncIterator]: () => ({ next: () => r }) }; } catch (e) { yield e.name; } }
(async () => print((await g(5).next()).value, (await g(Promise.resolve(null)).next()).value, (await g(Promise.reject(new RangeError())).next()).value))();
//// await in every place of an async generator
async function* g() { for (let i = await 0; i < await 2; i++) yield await i + await 1; try { yield [await 'a', await 'b'].join(''); } finally { yield `${await 'f'}`; } return await 'r'; }
(async () => { const out = []; let r; const it = g(); while (!(r = await it.next()).done) out.push(r.value); print(out.join(), r.value); })();
//// yield inside expressions with awaits
async function* g() { const o = { n: 'n', f(...a) { return this.n + a.join('+'); } }; return o.f(yield 1, await 'x', yield 2, ...(yield 3)); }
(async () => { const it = g(); let r; for (const v of [0, 'a', 'b', ['c', 'd']]) r = await it.next(v); print(r.value); })();
//// this, arguments, new.target and defaults
async function* g(a = 'd') { yield this.k; yield arguments.length; yield a; yield (() => this.k + new.target)(); }
(async () => { const out = []; for await (const v of g.call({ k: 'k' })) out.push(v); print(out.join()); })();
//// methods: of classes, static, computed, private, of objects
class C { #n = 'n'; async *m() { yield this.#n; } static async *s() { yield 's'; } async *['c' + 1]() { yield 'c'; } async *#p() { yield 'p'; } run() { return this.#p(); } async *[Symbol.asyncIterator]() { yield 'iter'; } }
const o = { async *m() { yield 'om'; }, async *5() { yield 'five'; }, async *get() { yield 'get'; } };
(async () => { const out = [], c = new C(); for (const it of [c.m(), C.s(), c.c1(), c.run(), c, o.m(), o[5](), o.get()]) for await (const v of it) out.push(v); print(out.join()); })();
//// super in async generator methods
class A { async *m() { yield 'A' + this.n; } v() { return 'v'; } }
class B extends A { n = 1; async *m() { yield* super.m(); yield super.v() + 'B'; } }
(async () => { const out = []; for await (const v of new B().m()) out.push(v); print(out.join()); })();
//// names, lengths, prototypes, no constructor
async function* g(a, b = 1) {}
const e = async function* () {}, it = g(), d = Object.getOwnPropertyDescriptor(g, 'prototype');
print(g.name, g.length, e.name, it instanceof g, it[Symbol.asyncIterator]() === it, typeof it[Symbol.iterator], d.writable, d.enumerable, d.configurable, g.prototype.hasOwnProperty('constructor'));
try { new g(); } catch (err) { print(err.name); }
//// text tags and shared prototypes
async function* g() {}
const proto = Object.getPrototypeOf(g.prototype);
print(Object.prototype.toString.call(g), Object.prototype.toString.call(g()), typeof proto.next, typeof proto.return, typeof proto.throw, proto === Object.getPrototypeOf((async function* () {}).prototype), proto.hasOwnProperty(Symbol.asyncIterator));
//// the prototype of an instance is read at the call
async function* g() {}
g.prototype.extra = 'extra';
const a = g();
g.prototype = null;
const b = g();
print(a.extra, typeof b.extra, typeof b.next);
//// try, catch and finally around yields and awaits
async function* g() { try { yield 1; await Promise.reject('r'); } catch (e) { yield 'c' + e; } finally { await null; yield 'f'; } yield 'end'; }
(async () => { const out = []; for await (const v of g()) out.push(v); print(out.join()); })();
//// locals and closures live over yields
async function* g(n) { const fs = []; for (let i = 0; i < n; i++) { fs.push(() => i); i += (yield i) || 0; } yield fs.map(f => f()).join('+'); }
(async () => { const out = []; for await (const v of g(3)) out.push(v); print(out.join()); })();
//// a result object is fresh and plain
async function* g() { yield 1; yield 2; }
(async () => { const it = g(), a = await it.next(), b = await it.next(); print(a === b, Object.keys(a).join(), Object.getPrototypeOf(a) === Object.prototype); })();
//// a pipeline of async generators
const src = async function* () { for (let i = 1; ; i++) { await null; yield i; } };
const map = async function* (f, it) { for await (const v of it) yield f(v); };
const take = async function* (n, it) { if (n > 0) for await (const v of it) { yield v; if (--n === 0) return; } };
(async () => { const out = []; for await (const v of take(3, map(async x => x * 10, src()))) out.push(v); print(out.join()); })();
//// leaving a loop closes an async generator, with its finally awaited
const log = [];
async function* g() { try { yield 1; yield 2; } finally { log.push('start'); await null; log.push('end'); } }
(async () => { for await (const v of g()) { log.push(v); break; } log.push('after'); print(log.join()); })();
//// an async generator as a channel
const make = () => { const queue = [], waiting = []; return { put(v) { waiting.length ? waiting.shift()(v) : queue.push(v); }, async *read() { for (;;) { const v = queue.length ? queue.shift() : await new Promise(r => waiting.push(r)); if (v === null) return; yield v; } } }; };
const ch = make();
(async () => { for await (const v of ch.read()) print('got', v); print('closed'); })();
ch.put(1); setTimeout(() => { ch.put(2); ch.put(3); ch.put(null); }, 0);
//// a rejected promise that is returned can be caught in the body
async function* g() { try { return Promise.reject(new RangeError('x')); } catch (e) { yield 'caught ' + e.name; } finally { print('finally'); } }
(async () => { for await (const x of g()) print(x); })();
//// what is returned is awaited before finally runs
const log = [];
async function* g() { try { return { then(f) { log.push('then'); f('v'); } }; } finally { log.push('finally'); } }
g().next().then(r => print(log.join(), r.value, r.done));
//// a returned promise is unwrapped once, inside the body
async function* g() { return Promise.resolve(Promise.resolve(3)); }
(async () => { const i = g(), r = await i.next(); print(typeof r.value, r.value, r.done); })();

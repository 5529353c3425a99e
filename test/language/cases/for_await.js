// SPDX-License-Identifier: MIT
//// over async iterators made by hand
const it = { [Symbol.asyncIterator]() { let n = 0; return { next() { return Promise.resolve({ value: n, done: n++ > 2 }); } }; } };
(async () => { const out = []; for await (const v of it) out.push(v); print(out.join()); })();
//// over sync iterables, with promises awaited
(async () => { const out = []; for await (const v of [1, Promise.resolve(2), { then(r) { r(3); } }]) out.push(v); for await (const c of 'ab') out.push(c); for await (const v of new Set([Promise.resolve('s')])) out.push(v); print(out.join()); })();
//// over values that are not iterable
const kind = async v => { try { for await (const x of v) ; return 'fine'; } catch (e) { return e.name; } };
(async () => { const out = []; for (const v of [null, undefined, 1, {}, { [Symbol.asyncIterator]: 5 }, { [Symbol.asyncIterator]() { return 1; } }, { [Symbol.asyncIterator]() { return {}; } }, [], '']) out.push(await kind(v)); print(out.join()); })();
//// Symbol.asyncIterator is looked for first, null means none
const log = [];
const o = { get [Symbol.asyncIterator]() { log.push('async'); return null; }, get [Symbol.iterator]() { log.push('sync'); return () => [1].values(); } };
(async () => { for await (const v of o) log.push(v); print(log.join()); })();
//// values of an async iterator are not awaited
const it = { [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: Promise.resolve('inner'), done: n++ > 0 }) }; } };
(async () => { for await (const v of it) print(typeof v.then, await v); })();
//// next may give results without promises
const it = { [Symbol.asyncIterator]() { let n = 0; return { next() { return { value: n, done: n++ > 1 }; } }; } };
(async () => { const out = []; for await (const v of it) out.push(v); print(out.join()); })();
//// a result that is no object throws and does not close
const it = r => ({ [Symbol.asyncIterator]() { return { next: () => r, return() { print('closed'); return {}; } }; } });
(async () => { for (const r of [5, Promise.resolve(null), Promise.reject(new RangeError())]) try { for await (const v of it(r)) ; } catch (e) { print(e.name); } })();
//// break awaits the closing
const log = [];
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), async return() { log.push('return'); await null; log.push('closed'); return {}; } }; } };
(async () => { for await (const v of it) { log.push('body'); break; } log.push('after'); print(log.join()); })();
//// return and throw close, in this order
const log = [];
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), async return() { log.push('closed'); return {}; } }; } };
const f = async () => { for await (const v of it) return log.push('value'), 'r'; }, g = async () => { for await (const v of it) throw new RangeError(); };
(async () => { log.push(await f()); await g().catch(e => log.push(e.name)); print(log.join()); })();
//// errors of closing: after break they count, after a throw they do not
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), async return() { throw new SyntaxError(); } }; } };
(async () => { try { for await (const v of it) break; } catch (e) { print(e.name); } try { for await (const v of it) throw new RangeError(); } catch (e) { print(e.name); } })();
//// the result of closing must be an object
const it = r => ({ [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: () => r }; } });
(async () => { for (const r of [5, Promise.resolve(6), {}, Promise.resolve({})]) try { for await (const v of it(r)) break; print('fine'); } catch (e) { print(e.name); } })();
//// labels: continue of an outer loop closes the inner one
const log = [], make = n => ({ [Symbol.asyncIterator]() { let k = 0; return { next: async () => ({ value: k, done: k++ > 1 }), async return() { log.push('close ' + n); return {}; } }; } });
(async () => { outer: for await (const a of make('a')) for await (const b of make('b')) { if (a === 0) continue outer; break outer; } print(log.join()); })();
//// a sync iterator is closed by break and by errors of the body
const log = [];
function* g() { try { yield 1; yield 2; } finally { log.push('closed'); } }
(async () => { for await (const v of g()) { log.push(v); break; } try { for await (const v of g()) throw new RangeError(); } catch (e) { log.push(e.name); } print(log.join()); })();
//// a sync iterable with a rejected promise in it
const log = [];
(async () => { try { for await (const v of [1, Promise.reject(new RangeError()), 3]) log.push(v); } catch (e) { log.push(e.name); } print(log.join()); })();
//// heads: const, let, var, patterns, members
const o = {}, out = [];
(async () => { let x; for await (x of [1]) out.push(x); for await (var v of [2]) out.push(v); for await (o.k of [3]) out.push(o.k); for await (const { a, b: [c] = ['d'] } of [{ a: 4 }, Promise.resolve({ a: 5, b: 'e' })]) out.push(a + c); for await ([x, o.l = 'l'] of [[6]]) out.push(x + o.l); print(out.join()); })();
//// closures of each round
const fs = [];
(async () => { for await (const v of [1, 2]) fs.push(() => v); for await (let v of [3, 4]) { fs.push(() => v++); } print(fs.map(f => f()).join(), fs[2]()); })();
//// the head is dead while the list is evaluated
(async () => { try { for await (const v of [v]) ; } catch (e) { print(e.name); } })();
//// ticks: one round of a sync list
(async () => { for await (const v of ['a', 'b']) print(v); print('end'); })();
let p = Promise.resolve();
for (let i = 1; i < 9; i++) p = p.then(() => print('t' + i));
//// ticks: one round of an async generator
(async () => { for await (const v of (async function* () { yield 'a'; yield 'b'; })()) print(v); })();
let p = Promise.resolve();
for (let i = 1; i < 8; i++) p = p.then(() => print('t' + i));
//// ticks: an iterator by hand
const it = { [Symbol.asyncIterator]() { let n = 0; return { next: () => Promise.resolve({ value: n, done: n++ > 1 }) }; } };
(async () => { for await (const v of it) print(v); print('end'); })();
let p = Promise.resolve();
for (let i = 1; i < 6; i++) p = p.then(() => print('t' + i));
//// the list is evaluated and may be awaited once
let n = 0;
const list = async () => (n++, [1, 2]);
(async () => { for await (const v of await list()) n += 10; print(n); })();
//// next is read once, this is the iterator
const log = [];
const it = { [Symbol.asyncIterator]() { return { k: 0, get next() { log.push('get'); return function () { return { value: this.k, done: this.k++ > 1 }; }; } }; } };
(async () => { for await (const v of it) log.push(v); print(log.join()); })();
//// try, continue and finally inside the loop
const log = [];
(async () => { for await (const v of [1, 2, 3]) { try { if (v === 2) continue; await v; log.push(v); } finally { await null; log.push('f' + v); } } print(log.join()); })();
//// in async arrows and methods with this
const o = { k: 'k', async m(l) { let s = ''; for await (const v of l) s += this.k + v; return s; }, a(l) { return (async () => { let s = ''; for await (const v of l) s += v + this.k; return s; })(); } };
(async () => print(await o.m([1, 2]), await o.a([Promise.resolve(3)])))();
//// timers between rounds keep the order
const wait = (ms, v) => new Promise(r => setTimeout(() => r(v), ms));
(async () => { for await (const v of [wait(40, 'slow'), wait(0, 'fast')]) print(v); })();
setTimeout(() => print('timer'), 20);
//// done is read before value; value of the end is not read
const log = [];
let n = 0;
const it = { [Symbol.asyncIterator]() { return { async next() { n++; return { get done() { log.push('done'); return n > 1; }, get value() { log.push('value'); return n; } }; } }; } };
(async () => { for await (const v of it) log.push('body'); print(log.join()); })();
//// an error of the body wins over a result of closing that is no object, and over a missing return
const it = r => ({ [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: r }; } });
(async () => { for (const r of [() => 5, undefined, null, () => Promise.reject(new SyntaxError()), () => { throw new EvalError(); }]) try { for await (const v of it(r)) throw new RangeError(); } catch (e) { print(e.name); } })();
//// closing is awaited when the body throws, before catch
const log = [];
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), async return() { log.push('start'); await null; await null; log.push('end'); return {}; } }; } };
(async () => { try { for await (const v of it) { log.push('body'); throw new RangeError(); } } catch (e) { log.push(e.name); } print(log.join()); })();
//// a result of closing that is no object, on return and on a jump to a label
const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: async () => 'text' }; } };
const f = async () => { for await (const v of it) return 'r'; }, g = async () => { out: { for await (const v of it) break out; } return 'after'; }, h = async () => { outer: for (const x of [1]) for await (const v of it) continue outer; };
(async () => { for (const k of [f, g, h]) print(await k().catch(e => e.name)); })();
//// an asyncIterator of null or undefined falls back to the iterator
const out = [];
(async () => { for (const m of [null, undefined]) for await (const v of { [Symbol.asyncIterator]: m, [Symbol.iterator]: () => ['s', Promise.resolve('p')].values() }) out.push(v); try { for await (const v of { [Symbol.asyncIterator]: null }) ; } catch (e) { out.push(e.name); } print(out.join()); })();
//// an array with an own asyncIterator, and one whose asyncIterator is null
const a = [1, 2], b = [3, 4];
a[Symbol.asyncIterator] = function () { let n = 0; return { next: async () => ({ value: 'own', done: n++ > 0 }) }; };
b[Symbol.asyncIterator] = null;
(async () => { const out = []; for await (const v of a) out.push(v); for await (const v of b) out.push(v); print(out.join()); })();
//// results that are no objects in a later round
let n = 0;
const it = r => ({ [Symbol.asyncIterator]() { let k = 0; return { next: () => k++ ? r : { value: 'ok', done: false }, return() { print('closed'); return {}; } }; } });
(async () => { for (const r of [undefined, 1, Promise.resolve('x'), Promise.resolve()]) try { for await (const v of it(r)) n++; print('no'); } catch (e) { print(e.name, n); } })();
//// a result that is no object though its prototype has done
String.prototype.done = true;
(async () => { let name = 'fine'; try { for await (const v of { [Symbol.asyncIterator]: () => ({ next: () => 'text' }) }) ; } catch (e) { name = e.name; } delete String.prototype.done; print(name); })();

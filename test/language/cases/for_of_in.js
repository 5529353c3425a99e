// SPDX-License-Identifier: MIT
//// for of over every kind of iterable
const out = [];
for (const l of [[1, 2], 'ab', new Set([3]), new Map([[4, 5]]), [6].entries(), (function* () { yield 7; })()]) for (const v of l) out.push(String(v));
print(out.join('|'));
//// for of over values that are not iterable
const kind = v => { try { for (const x of v) ; return 'fine'; } catch (e) { return e.name; } };
print([null, undefined, 1, {}, true, Symbol.iterator, () => {}, { [Symbol.iterator]: 5 }, { [Symbol.iterator]() { return 1; } }, { [Symbol.iterator]() { return {}; } }, { length: 0 }].map(kind).join());
//// for of reads Symbol.iterator and next once
const log = [];
const it = { get [Symbol.iterator]() { log.push('get iterator'); return function () { log.push('open'); return { n: 0, get next() { log.push('get next'); return function () { return { value: this.n, done: this.n++ > 1 }; }; } }; }; } };
for (const v of it) log.push(v);
print(log.join());
//// this of the iterator's methods, and no arguments
const log = [];
const it = { [Symbol.iterator](...a) { log.push(this === it, a.length); const i = { next(...b) { log.push(this === i, b.length); return { done: log.length > 6, value: 1 }; }, return(...c) { log.push(this === i, c.length); return {}; } }; return i; } };
for (const v of it) if (log.length > 4) break;
print(log.join());
//// break closes the iterator, the end does not
const log = [];
const make = n => ({ [Symbol.iterator]() { let k = 0; return { next() { return { value: k, done: k++ >= n }; }, return() { log.push('closed ' + n); return {}; } }; } });
for (const v of make(3)) ;
for (const v of make(4)) if (v === 1) break;
for (const v of make(5)) { if (v === 1) continue; }
print(log.join());
//// return closes after its value is evaluated
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } };
function f() { for (const v of it) return log.push('value'), 'result'; }
print(f(), log.join());
//// throw in the body closes and is passed on
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); throw new SyntaxError(); } }; } };
try { for (const v of it) throw new RangeError(); } catch (e) { log.push(e.name); }
try { for (const v of it) break; } catch (e) { log.push(e.name); }
print(log.join());
//// the result of closing must be an object, except after a throw
const it = r => ({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { return r; } }; } });
const kind = f => { try { return f(); } catch (e) { return e.name; } };
print(kind(() => { for (const v of it(5)) break; return 'fine'; }), kind(() => { for (const v of it({})) break; return 'fine'; }), kind(() => { for (const v of it(5)) throw new RangeError(); }), kind(() => { for (const v of it(undefined)) return 'no'; }));
//// errors of the iterator itself do not close it
const log = [];
const it = f => ({ [Symbol.iterator]() { return { next: f, return() { log.push('closed'); return {}; } }; } });
for (const f of [() => { throw new RangeError(); }, () => 5, () => ({ get done() { throw new SyntaxError(); } }), () => ({ done: false, get value() { throw new EvalError(); } }), undefined]) try { for (const v of it(f)) ; } catch (e) { log.push(e.name); }
print(log.join());
//// value is not read when done
const log = [];
let n = 0;
for (const v of { [Symbol.iterator]() { return { next() { n++; return { get done() { log.push('done'); return n > 1; }, get value() { log.push('value'); return n; } }; } }; } }) log.push('body');
print(log.join());
//// labels: continue and break of an outer loop close the inner iterator
const log = [];
const make = name => ({ [Symbol.iterator]() { let k = 0; return { next() { return { value: k, done: k++ > 2 }; }, return() { log.push('close ' + name); return {}; } }; } });
outer: for (const a of make('a')) { for (const b of make('b' + a)) { if (a === 0) continue outer; if (a === 1) break outer; } }
print(log.join());
//// break of a block inside the loop does not close
const log = [];
for (const v of { [Symbol.iterator]() { let k = 0; return { next() { return { value: k, done: k++ > 1 }; }, return() { log.push('closed'); return {}; } }; } }) { block: { if (v === 0) break block; log.push('after ' + v); } switch (v) { case 0: break; } }
print(log.join());
//// break out of a block around the loop closes
const log = [];
out: { for (const v of { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } }) break out; }
print(log.join());
//// finally inside the loop runs before the iterator is closed
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } };
for (const v of it) { try { break; } finally { log.push('finally'); } }
print(log.join());
//// finally outside the loop runs after the iterator is closed
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } };
function f() { try { for (const v of it) return 'r'; } finally { log.push('finally'); } }
print(f(), log.join());
//// a finally that continues turns off the break
const log = [];
let n = 0;
for (const v of [1, 2, 3]) { try { if (v === 1) break; } finally { n += v; if (v === 1) continue; } log.push(v); }
print(log.join(), n);
//// generators are closed by for of, with their finally
const log = [];
function* g() { try { yield 1; yield 2; } finally { log.push('finally'); } }
for (const v of g()) { log.push(v); break; }
for (const v of g()) log.push(v);
const it = g();
for (const v of it) break;
log.push([...it].length);
print(log.join());
//// a generator that yields in its finally while it is closed
const log = [];
function* g() { try { yield 1; } finally { log.push('finally'); yield 'kept'; log.push('end'); } }
const it = g();
for (const v of it) break;
const r = it.next();
print(log.join(), r.done);
//// a head with a pattern: an error in it closes
const log = [];
const it = v => ({ [Symbol.iterator]() { return { next() { return { value: v, done: false }; }, return() { log.push('closed'); return {}; } }; } });
try { for (const { a } of it(null)) ; } catch (e) { log.push(e.name); }
try { for (const [x = (() => { throw new RangeError(); })()] of it([])) ; } catch (e) { log.push(e.name); }
print(log.join());
//// a head with a member or a setter that throws closes
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } };
const o = { set x(v) { throw new RangeError(); } };
try { for (o.x of it) ; } catch (e) { log.push(e.name); }
try { for (unknownName of it) ; } catch (e) { log.push(e.name); }
print(log.join());
//// heads that assign to names and members
const o = { l: [] }, out = [];
let x;
for (x of [1, 2]) out.push(x);
for (o.k of 'ab') out.push(o.k);
for (o.l[o.l.length] of [7, 8]) ;
for ((x) of ['p']) out.push(x);
print(out.join(), o.l.join(), x);
//// heads with patterns that assign
let a, b;
const out = [], o = {};
for ([a, b = 'd'] of [[1], [2, 3]]) out.push(a + String(b));
for ({ a, ...o.rest } of [{ a: 1, z: 2 }]) out.push(a + Object.keys(o.rest).join());
print(out.join(), a);
//// var in the head keeps its last value
for (var v of [1, 2, 3]) ;
for (var k in { a: 1, b: 2 }) ;
for (var [p, q = p] of [['x']]) ;
for (var none of []) ;
print(v, k, p, q, String(none));
//// the list is evaluated once, before the first round
let n = 0;
const list = () => (n++, [1, 2, 3]);
for (const v of list()) ;
for (const v of (n += 10, [0])) ;
print(n);
//// an array that grows and shrinks
const a = [1, 2, 3], out = [];
for (const v of a) { out.push(v); if (v === 1) a.push(4); if (v === 2) a.pop(); if (v === 3) a.length = 0; }
print(out.join(), a.length);
//// holes and prototype elements
const out = [];
Array.prototype[1] = 'proto';
for (const v of [0, , 2, ,]) out.push(String(v));
delete Array.prototype[1];
print(out.join());
//// a set and a map that change while they are walked
const s = new Set([1, 2, 3]), m = new Map([['a', 1], ['b', 2]]), out = [];
for (const v of s) { out.push(v); if (v === 1) { s.delete(2); s.add(4); } if (v === 4) { s.delete(1); s.add(1); if (out.length > 4) break; } }
for (const [k, v] of m) { out.push(k + v); if (k === 'a') { m.set('b', 9); m.set('c', 3); } if (k === 'c') m.clear(); }
print(out.join());
//// strings by code point, also broken ones
const out = [];
for (const c of 'a\u{1F600}\uD83Db\uDE00') out.push(c.length + ':' + c.codePointAt(0).toString(16));
print(out.join());
//// an own or replaced array iterator is used
const a = [1, 2, 3], out = [];
a[Symbol.iterator] = function* () { yield 'own'; };
for (const v of a) out.push(v);
const old = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function () { let n = 0; return { next: () => ({ value: 'replaced', done: n++ > 0 }) }; };
for (const v of [1, 2, 3]) out[out.length] = v;
Array.prototype[Symbol.iterator] = old;
print(out.join());
//// next of the array iterator replaced in the middle of a walk
const proto = Object.getPrototypeOf([][Symbol.iterator]()), next = proto.next, out = [];
let calls = 0;
for (const v of [1, 2, 3]) { out.push(v); proto.next = function () { calls++; return next.call(this); }; }
for (const v of [4, 5]) out.push(v);
proto.next = next;
print(out.join(), calls);
//// return added to the array iterator is called
const proto = Object.getPrototypeOf([][Symbol.iterator]()), log = [];
proto.return = function () { log.push('closed'); return {}; };
for (const v of [1, 2, 3]) if (v === 2) break;
const [first] = [1, 2];
delete proto.return;
print(log.join(), first);
//// two walks of one iterator
const it = [1, 2, 3, 4, 5][Symbol.iterator](), out = [];
for (const v of it) { out.push('a' + v); if (v === 2) break; }
for (const v of it) { out.push('b' + v); if (v === 3) break; }
print(out.join(), [...it].join());
//// nested walks of the same array
const a = [1, 2, 3], out = [];
for (const x of a) for (const y of a) if (x < y) out.push(`${x}${y}`);
print(out.join());
//// continue in for of with closures and a try
const fs = [], log = [];
for (const v of [1, 2, 3]) { try { if (v === 2) continue; fs.push(() => v); } catch (e) { } finally { log.push('f' + v); } }
print(fs.map(f => f()).join(), log.join());
//// yield inside for of
function* g() { for (const v of [1, 2]) { const got = yield v; if (got === 'again') yield v + '!'; } }
const it = g();
print(it.next().value, it.next('again').value, it.next().value, it.next().done);
//// return while a generator waits inside for of closes the inner iterator
const log = [];
const inner = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('inner closed'); return {}; } }; } };
function* g() { try { for (const v of inner) yield v; } finally { log.push('outer finally'); } }
const it = g();
it.next();
print(it.return('r').value, log.join());
//// throw while a generator waits inside for of closes the inner iterator
const log = [];
const inner = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('inner closed'); return {}; } }; } };
function* g() { for (const v of inner) try { yield v; } catch (e) { log.push('caught'); throw e; } }
const it = g();
it.next();
try { it.throw(new RangeError()); } catch (e) { log.push(e.name); }
print(log.join());
//// for in gives own, then inherited names, integers first
const proto = { p: 1, 3: 'p3', b: 'hidden below' }, o = Object.create(proto);
Object.assign(o, { b: 1, 2: 'two', a: 2, 1: 'one' });
const out = [];
for (const k in o) out.push(k);
print(out.join());
//// for in leaves out names that are not enumerable, and what they hide
const proto = { x: 1, y: 2 }, o = Object.create(proto, { x: { value: 0, enumerable: false }, z: { value: 0, enumerable: true } });
const out = [];
for (const k in o) out.push(k);
print(out.join());
//// for in leaves out symbols and gives text
const out = [];
for (const k in { [Symbol('s')]: 1, 5: 1 }) out.push(typeof k + k);
for (const i in ['a', 'b']) out.push(typeof i + i);
print(out.join());
//// for in over null, undefined, numbers, strings, functions
const out = [];
for (const v of [null, undefined, 5, true, 'ab', () => {}, new String('c'), Symbol()]) for (const k in v) out.push(k);
print(out.join(), out.length);
//// for in while names are removed and added
const o = { a: 1, b: 2, c: 3 }, out = [];
for (const k in o) { out.push(k); delete o.b; o.d = 4; }
print(out.join(), Object.keys(o).join());
//// for in with a name removed and added again
const o = { a: 1, b: 2, c: 3 }, out = [];
for (const k in o) { out.push(k); if (k === 'a') { delete o.c; o.c = 9; } }
print(out.join());
//// for in over a class instance
class A { f = 1; m() {} get g() { return 1; } static s = 1; }
class B extends A { h = 2; }
B.prototype.added = 1;
const out = [];
for (const k in new B()) out.push(k);
for (const k in B) out.push('static ' + k);
print(out.join());
//// for in over an array with more
const a = [5, , 6];
a.extra = 1; a['-1'] = 2; a['01'] = 3;
const out = [];
for (const k in a) out.push(k);
print(out.join());
//// for in with break, continue, return and labels
const o = { a: 1, b: 2, c: 3 }, out = [];
outer: for (const k in o) { for (const j in o) { if (j === 'b') continue outer; if (k === 'c') break outer; out.push(k + j); } }
const f = () => { for (const k in o) if (k === 'b') return k; };
print(out.join(), f());
//// for in heads: members, patterns, let with closures
const o = {}, fs = [], out = [];
for (o.k in { ab: 1 }) out.push(o.k);
for (const [x, y] in { pq: 1 }) out.push(y + x);
for (const { length } in { four: 1 }) out.push(length);
for (let k in { u: 1, v: 2 }) { fs.push(() => k); k += '!'; }
print(out.join(), fs.map(f => f()).join());
//// for in with yield and await in the body
function* g() { for (const k in { a: 1, b: 2 }) yield k; }
async function f() { const out = []; for (const k in { c: 1, d: 2 }) out.push(k + await k); return out.join(); }
print([...g()].join());
f().then(print);
//// for in over the arguments and rest
function f(...r) { const out = []; for (const k in arguments) out.push(k); for (const k in r) out.push('r' + k); return out.join(); }
print(f('a', 'b'));
//// an iterator that closes itself by return inside its body
const log = [];
function* g() { try { yield 1; yield 2; yield 3; } finally { log.push('finally'); } }
const it = g();
for (const v of it) { log.push(v); it.return(); }
print(log.join());
//// for of with a proxy of an array
const log = [];
const p = new Proxy(['a', 'b'], { get(t, k) { log.push(typeof k === 'symbol' ? 'iterator' : String(k)); return t[k]; } });
const out = [];
for (const v of p) out.push(v);
print(out.join(), log.join());
//// for of in an async function over promises does not wait
async function f() { const out = []; for (const p of [Promise.resolve(1), 2]) out.push(typeof p.then); for (const p of [Promise.resolve(3), 4]) out.push(await p); return out.join(); }
f().then(print);
//// infinite iterables taken in part
function* nat() { for (let i = 0; ; i++) yield i; }
const take = function* (n, it) { if (n > 0) for (const v of it) { yield v; if (--n <= 0) return; } };
const map = function* (f, it) { for (const v of it) yield f(v); };
print([...take(3, map(x => x * x, nat()))].join(), [...take(0, nat())].length);
//// an iterator that is no object is refused even if it has a next
Number.prototype.next = function () { return { done: true }; };
const bad = { [Symbol.iterator]() { return 5; } };
try { for (const v of bad) ; print('walked'); } catch (e) { print(e.name); }
delete Number.prototype.next;
//// a result that is no object is refused even if it has done
Number.prototype.done = true;
const bad = { [Symbol.iterator]() { return { next() { return 5; } }; } }, kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const out = [kind(() => { for (const v of bad) ; }), kind(() => [...bad]), kind(() => { const [a] = bad; }), kind(() => { const [...r] = bad; })];
delete Number.prototype.done;
print(out.join());
//// a return that is null or missing is passed over by loops
const log = [];
for (const r of [null, undefined]) { const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return: r }; } }; for (const v of it) break; try { for (const v of it) throw 'body'; } catch (e) { log.push(e); } log.push((() => { for (const v of it) return 'returned'; })()); }
print(log.join());
//// a return that is no function throws at break, not at an error of the body
const log = [], it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return: 5 }; } };
try { for (const v of it) break; } catch (e) { log.push(e.name); }
try { for (const v of it) throw new RangeError(); } catch (e) { log.push(e.name); }
try { for (const v of it) { try { break; } finally { throw new SyntaxError(); } } } catch (e) { log.push(e.name); }
print(log.join());
//// a getter of return that throws
const log = [], it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), get return() { log.push('get'); throw new SyntaxError(); } }; } };
try { for (const v of it) break; } catch (e) { log.push(e.name); }
try { for (const v of it) throw new RangeError(); } catch (e) { log.push(e.name); }
try { const [a] = it; } catch (e) { log.push(e.name); }
print(log.join());
//// errors of two nested closings: that of the body wins
const make = name => ({ [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push(name); throw new SyntaxError(); } }; } }), log = [];
try { for (const a of make('outer')) for (const b of make('inner')) throw new RangeError(); } catch (e) { log.push(e.name); }
try { for (const a of make('outer')) for (const b of make('inner')) break; } catch (e) { log.push(e.name); }
print(log.join());

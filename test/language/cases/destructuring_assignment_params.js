// SPDX-License-Identifier: MIT
//// patterns in parameters of every kind of function
const o = { m({ a }) { return a; }, set s([a]) { this.v = a; }, *g([a], { b }) { yield a + b; }, async h({ a }) { return a; } };
o.s = 'x'; class C { constructor({ v }) { this.v = v; } static s([, v]) { return v; } }
print(o.m({ a: 1 }), o.v, [...o.g([1], { b: 2 })].join(), new C({ v: 4 }).v, C.s([5, 6]));
o.h({ a: 3 }).then(v => print(v));
//// a pattern parameter is read even if it is not used
const log = [];
const f = ({ a }, [b]) => log.push('body');
f({ get a() { log.push('read a'); } }, { [Symbol.iterator]() { log.push('open'); return { next() { log.push('next'); return { done: true }; } }; } });
print(log.join());
//// patterns of parameters run in order, a failing one stops the rest
const log = [], v = x => (log.push(x), x);
const f = ({ a = v('a') }, [b = v('b')] = v([]), { c } = null, d = v('d')) => 0;
try { f({}); } catch (e) { log.push(e.name); }
print(log.join());
//// a generator takes its parameters apart at the call
const log = [];
function* g({ a }) { log.push('body'); yield a; }
const it = g({ get a() { log.push('read'); return 1; } });
log.push('called');
it.next();
try { g(null); } catch (e) { log.push(e.name); }
print(log.join());
//// an async function rejects when a pattern fails
async function f({ a }) { return a; }
f(null).then(() => print('no'), e => print('rejected', e.name));
f({ a: 1 }).then(v => print(v));
print('sync');
//// an async arrow too
const f = async ([a, b = a]) => a + b;
f(5).catch(e => print(e.name));
f([1]).then(print);
//// closures over pattern parameters
const make = ({ n = 0, step: [by = 1] = [] } = {}) => ({ up: () => n += by, get: () => n });
const a = make(), b = make({ n: 10, step: [5] });
a.up(); b.up(); b.up();
print(a.get(), b.get());
//// parameters of patterns may be assigned and shadowed
function f({ a, b }, [c]) { a = a + 1; { let b = 'inner'; a += b; } var c2 = c; c = 'new'; return [a, b, c, c2].join(); }
print(f({ a: 1, b: 2 }, [3]));
//// length of functions with patterns
print((({ a }) => a).length, (([a], { b }) => a).length, (([a] = [], b) => a).length, ((a, { b } = {}, c) => a).length, ((...[a]) => a).length);
//// arguments keeps the objects themselves
function f({ a }, [b]) { return arguments[0].a === a && arguments[1][0] === b && arguments.length; }
print(f({ a: 1 }, [2], 3));
//// a method's this in a pattern's default
class C { k = 'k'; m({ v = this.k, f = () => this.k } = {}) { return v + f(); } }
print(new C().m(), new C().m({ v: 'given ' }));
//// super in a pattern's default
class A { hi() { return 'hi'; } }
class B extends A { m({ v = super.hi(), w = [super.hi()].length } = {}) { return v + w; } }
print(new B().m());
//// a constructor's pattern before super
class A { constructor(v) { this.v = v; } }
class B extends A { constructor({ v, w: [x] = [v] }) { super(v + x); } }
print(new B({ v: 1 }).v, new B({ v: 1, w: [5] }).v);
//// rest of an object in parameters
const f = ({ a, ...rest }, ...more) => Object.keys(rest).join('') + more.length;
print(f({ a: 1, b: 2, c: 3 }), f({ x: 1 }, 2, 3));
//// a setter with a pattern and a default
let got;
const o = { set v({ a = 'd', b: [c] = ['c'] } = {}) { got = a + c; } };
o.v = undefined; print(got);
o.v = { a: 'A', b: 'xyz' }; print(got);
//// a pattern inside a callback's index and array
print([[1, 2], [3, 4]].map(([a, b], i, { length }) => a * b + i * 10 + length * 100).join(), Object.entries({ x: 1, y: 2 }).map(([k, v]) => k + v).join());
//// reduce and sort with patterns
const list = [{ n: 'b', v: 2 }, { n: 'a', v: 2 }, { n: 'c', v: 1 }];
print(list.reduce((sum, { v }) => sum + v, 0), [...list].sort(({ n: a }, { n: b }) => a < b ? -1 : 1).map(({ n }) => n).join(''));
//// assignment patterns as statements of arrows
let a, b;
const set = v => ([a, b] = v), put = o => ({ a, b } = o), block = v => { [b, a] = v; };
print(set([1, 2]).length, a, b, put({ a: 3, b: 4 }).a, a, b, String(block([5, 6])), a, b);
//// chains of assignments
let a, b, c, d;
[a, b] = { c, d } = Object.assign([1, 2], { c: 3, d: 4 });
print(a, b, c, d);
a = [b] = [c] = 'q';
print(a, b, c);
//// an assignment pattern in a condition, a loop head and a return
let a, n = 0;
const next = () => n < 3 ? [n++] : [];
while ([a] = next(), a !== undefined) ;
if (({ length: n } = 'four') && n === 4) print('length', n);
for ([a, n] = [0, 2]; a < n; [a] = [a + 1]) print('round', a);
print((() => { return [a, n] = [7, 8]; })().join());
//// for of with assignment patterns and members
const o = { list: [] }, seen = [];
let k, v;
for ([k, v] of Object.entries({ a: 1, b: 2 })) seen.push(k + v);
for ({ x: o.x, y: o.list[o.list.length] = 'd' } of [{ x: 1 }, { x: 2, y: 3 }]) seen.push(o.x);
print(seen.join(), o.list.join(), k, v);
//// for in with an assignment pattern and a member
const o = {}, seen = [];
let a, b;
for ([a, b] in { xy: 1, zw: 2 }) seen.push(b + a);
for (o.key in { p: 1, q: 2 }) seen.push(o.key);
print(seen.join());
//// yield inside an assignment pattern
function* g() { let a, b; ({ a = yield 'a', b = yield 'b' } = {}); [a = 'no', b = yield a + b] = [a]; return a + b; }
const it = g();
print(it.next().value, it.next(1).value, it.next(2).value, it.next('B').value);
//// await inside patterns
async function f() { const { a = await 1, [await 'k']: b } = { k: await 2 }, [c = await 3] = []; let d; [d = await 4] = []; return [a, b, c, d].join(); }
f().then(print);
//// an array pattern waits in the middle: the iterator stays open
const log = [];
const it = { [Symbol.iterator]() { let n = 0; return { next() { log.push('next' + n); return { value: n++ ? undefined : 'v', done: false }; }, return() { log.push('closed'); return {}; } }; } };
function* g() { const [a, b = yield a] = it; return a + b; }
const i = g();
log.push('got ' + i.next().value, 'end ' + i.next('B').value);
print(log.join());
//// return into a generator that waits in a pattern closes the iterator
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: undefined, done: false }; }, return() { log.push('closed'); return {}; } }; } };
function* g() { try { const [a = yield 'wait'] = it; log.push('no'); } finally { log.push('finally'); } }
const i = g();
i.next();
const r = i.return('r');
print(log.join(), r.value, r.done);
//// throw into a generator that waits in a pattern closes the iterator
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: undefined, done: false }; }, return() { log.push('closed'); throw new SyntaxError(); } }; } };
function* g() { let a; try { [a = yield 'wait'] = it; } catch (e) { log.push(e.name); } }
const i = g();
i.next();
i.throw(new RangeError());
print(log.join());
//// a pattern's default calls the function again
const f = ([n, rest = n > 0 ? f([n - 1]) : []]) => [n, ...rest];
print(f([3]).join());
//// the parameter object is not changed by defaults
const given = { a: undefined }, list = [undefined];
const f = ({ a = 1 }, [b = 2]) => a + b;
print(f(given, list), String(given.a), 'a' in given, String(list[0]));
//// a function as the default of a whole pattern
const f = ({ name, length } = function own(a, b) {}) => name + length;
print(f(), f(x => x), f('text'.concat), f([]));
//// patterns that name the same key twice in parameters
const f = ({ a: { b }, a: { b: c = 'd' }, ...rest }) => [b, c, Object.keys(rest).length].map(String).join();
print(f({ a: {} }), f({ a: { b: 1 }, z: 2 }));

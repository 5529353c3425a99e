// SPDX-License-Identifier: MIT
//// array iterators give objects with value and done
const it = ['a'].values();
print(JSON.stringify(it.next()), JSON.stringify(it.next()), 'value' in it.next());
//// keys, values and entries of an array
const a = ['x', 'y'];
print([...a.keys()].join(), [...a.values()].join(), [...a.entries()].join('|'));
//// holes are undefined to iterators
const a = [1, , 3];
print([...a].join('-'), [...a.keys()].join(), [...a.entries()][1].length, [...a][1]);
//// an array iterator sees later changes
const a = [1, 2], it = a[Symbol.iterator]();
it.next();
a.push(3); a[1] = 'two';
print(it.next().value, it.next().value, it.next().done);
a.push(4);
print(it.next().done);
//// an array iterator of a shortened array ends
const a = [1, 2, 3, 4];
let seen = '';
for (const x of a) { seen += x; a.pop(); }
print(seen, a.length);
//// iterators are their own iterables
for (const it of [[1].values(), new Map().keys(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g)]) print(it[Symbol.iterator]() === it, typeof it.next);
//// prototypes of the built-in iterators
const up = Object.getPrototypeOf, array = up([].values()), text = up(''[Symbol.iterator]()), common = up(array);
print(array[Symbol.toStringTag], text[Symbol.toStringTag], up(text) === common, up(common) === Object.prototype, up(up(function* () {}.prototype)) === common);
//// the common prototype gives this
const common = Object.getPrototypeOf(Object.getPrototypeOf([].values())), o = {};
print(common[Symbol.iterator].call(o) === o, common[Symbol.iterator].call('x'), common[Symbol.iterator].name, Object.keys(common).length);
//// next wants its own kind of iterator
const a = [].values(), s = ''[Symbol.iterator](), m = new Map().keys();
for (const f of [() => a.next.call(s), () => s.next.call(a), () => m.next.call(a), () => a.next.call({}), () => m.next.call(new Set().keys())]) try { f(); print('no'); } catch (e) { print(e.name); }
//// array iterators work for what is like an array
const like = { length: 2, 0: 'p', 1: 'q', 2: 'r' };
print([...Array.prototype.values.call(like)].join(), [...Array.prototype.keys.call('abc')].join(), [...Array.prototype.entries.call({ length: 1 })].length);
//// strings give characters, not code units
const s = 'a\u{1F600}b';
print([...s].length, s.length, [...s].map(c => c.codePointAt(0).toString(16)).join());
//// lone surrogates are given one by one
const parts = [...'\uD83Dx\uDE00\uD83D\uDE00'];
print(parts.length, parts.map(c => c.length).join(), parts[0].charCodeAt(0).toString(16));
//// for-of over arguments
function f() { let r = ''; for (const x of arguments) r += x; arguments.length = 1; for (const x of arguments) r += x; return r; }
print(f('a', 'b', 'c'), (function () { return arguments[Symbol.iterator] === Array.prototype.values; })());
//// next of a generator passes values in
function* g() { const a = yield 1; const b = yield a + 1; return a + b; }
const it = g();
print(it.next('dropped').value, it.next(10).value, JSON.stringify(it.next(5)), JSON.stringify(it.next()));
//// return of a generator that has not begun
function* g() { print('never'); yield 1; }
const it = g();
print(JSON.stringify(it.return('r')), JSON.stringify(it.next()));
//// return of a generator runs finally
function* g() { try { yield 1; yield 2; } finally { print('finally'); } }
const it = g();
it.next();
print(JSON.stringify(it.return('out')), it.next().done);
//// finally may hold a generator back from returning
function* g() { try { yield 1; } finally { yield 'cleaning'; print('cleaned'); } }
const it = g();
it.next();
print(JSON.stringify(it.return('out')));
print(JSON.stringify(it.next()));
//// return in finally wins over return from outside
function* g() { try { yield 1; } finally { return 'mine'; } }
const it = g();
it.next();
print(it.return('yours').value);
//// throw into a generator is caught there
function* g() { while (true) try { yield 'ready'; } catch (e) { print('caught', e); yield 'handled'; } }
const it = g();
it.next();
print(it.throw('t').value, it.next().value);
//// throw into a generator that has not begun or has ended
function* g() { try { yield 1; } catch (e) { print('no'); } }
for (const steps of [0, 2]) { const it = g(); for (let i = 0; i < steps; i++) it.next(); try { it.throw(new RangeError('x')); } catch (e) { print(e.name); } print(it.next().done); }
//// a generator cannot enter itself
let it;
function* g() { try { it.next(); } catch (e) { yield e.name; } }
it = g();
print(it.next().value, it.next().done);
//// generator methods want a generator
const { next } = function* () {}();
for (const x of [undefined, {}, function* () {}, [].values()]) try { next.call(x); print('no'); } catch (e) { print(e.name); }
//// generator objects inherit from the prototype of their function
function* g() { yield this === undefined; }
g.prototype.extra = 'x';
const it = g();
print(it.extra, it instanceof g, Object.getPrototypeOf(it) === g.prototype, it.next().value, String(it), Object.keys(g.prototype).join());
//// spread, Array.from and destructuring stop at done
const make = () => { let n = 0; return { [Symbol.iterator]() { return this; }, next: () => ({ value: ++n, done: n > 3 }) }; };
const [a, ...rest] = make();
print([...make()].join(), Array.from(make()).join(), a, rest.join());
//// breaking out of for-of calls return
const log = [];
const it = { [Symbol.iterator]() { return this; }, next: () => ({ value: 1, done: false }), return() { log.push('return'); return {}; } };
for (const x of it) break;
out: for (;;) for (const x of it) break out;
try { for (const x of it) throw new TypeError('t'); } catch (e) { log.push(e.name); }
(() => { for (const x of it) return; })();
print(log.join());
//// a result that is no object
for (const bad of [5, null, undefined, 'x']) try { for (const x of { [Symbol.iterator]: () => ({ next: () => bad }) }) print('in'); } catch (e) { print(e.name); }
//// done is taken as true or false
let n = 0;
for (const x of { [Symbol.iterator]: () => ({ next: () => ({ value: ++n, done: n > 2 ? 'yes' : 0 }) }) }) print(x);
print(n);

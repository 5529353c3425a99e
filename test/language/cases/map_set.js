// SPDX-License-Identifier: MIT
//// keys are of any type and not turned into text
const m = new Map([[1, 'number'], ['1', 'string'], [true, 'boolean'], ['true', 'text'], [null, 'null'], [undefined, 'undefined']]);
print(m.size, m.get(1), m.get('1'), m.get(true), m.get('true'), m.get(null), m.get());
//// objects are keys by identity
const a = {}, b = {}, m = new Map([[a, 'a']]);
print(m.get(a), m.has(b), m.get({}));
//// NaN is one key
const m = new Map().set(NaN, 1).set(0 / 0, 2), s = new Set([NaN, NaN]);
print(m.size, m.get(NaN), s.size, s.has(-NaN));
//// minus zero becomes zero
const m = new Map([[-0, 'z']]), s = new Set([-0]);
print(m.get(0), m.has(-0), Object.is([...m.keys()][0], 0), 1 / [...s][0]);
//// the order is that of the first insertion
const m = new Map([['b', 1], ['a', 2]]);
m.set('c', 3).set('b', 4);
print([...m].map(([k, v]) => k + v).join());
//// deleted and set again goes to the end
const m = new Map([['x', 1], ['y', 2], ['z', 3]]);
m.delete('x');
m.set('x', 9);
print([...m.keys()].join(), m.size);
//// delete tells whether it was there
const m = new Map([['k', undefined]]);
print(m.has('k'), m.get('k'), m.delete('k'), m.delete('k'), m.has('k'), m.size);
//// set and add give back the collection
const m = new Map(), s = new Set();
print(m.set(1, 2) === m, s.add(1) === s, s.add(1).add(2).size);
//// clear empties
const m = new Map([[1, 1], [2, 2]]), s = new Set('abc');
print(m.clear(), m.size, m.has(1), s.clear(), s.size, [...s].length);
//// forEach gives value and key and the collection
const m = new Map([['k', 'v']]), s = new Set(['w']);
m.forEach(function (v, k, all) { print(v, k, all === m, this.t); }, { t: 'this' });
s.forEach((v, k, all) => print(v, k, all === s));
//// forEach without a function
for (const c of [new Map(), new Set()]) try { c.forEach({}); print('no'); } catch (e) { print(e.name); }
//// what is added during forEach is seen
const s = new Set([1]), seen = [];
s.forEach(v => { seen.push(v); if (v < 5) s.add(v + 1); });
print(seen.join());
//// what is deleted ahead during forEach is not seen
const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]), seen = [];
m.forEach((v, k) => { seen.push(v); m.delete(k + 1); });
print(seen.join(), m.size);
//// delete behind the iterator does not skip
const s = new Set([1, 2, 3, 4]), seen = [];
for (const x of s) { seen.push(x); s.delete(x); }
print(seen.join(), s.size);
//// deleted and added again during iteration is seen again
const s = new Set(['a', 'b']), seen = [];
for (const x of s) { seen.push(x); if (seen.length < 5) { s.delete(x); s.add(x); } }
print(seen.join(''));
//// clear during iteration and new entries
const m = new Map([[1, 1], [2, 2], [3, 3]]), seen = [];
for (const [k] of m) { seen.push(k); if (k === 1) { m.clear(); m.set(7, 7).set(8, 8); } }
print(seen.join());
//// an exhausted iterator stays exhausted
const s = new Set([1]), it = s.values();
it.next();
print(it.next().done);
s.add(2);
print(it.next().done, it.next().value);
//// two iterators do not disturb each other
const m = new Map([['a', 1], ['b', 2]]), i = m.keys(), j = m.values();
print(i.next().value, j.next().value, j.next().value, i.next().value, j.next().done, i.next().done);
//// entries of a set are pairs of the same
print([...new Set(['a', 'b']).entries()].map(e => e.join('=')).join());
//// entries are new arrays each time
const m = new Map([['k', {}]]), [e] = m, [f] = m.entries();
e[0] = 'changed';
print(e === f, f[0], e[1] === f[1], m.has('changed'));
//// the default iterators
print(Map.prototype[Symbol.iterator] === Map.prototype.entries, Set.prototype[Symbol.iterator] === Set.prototype.values, Set.prototype.keys === Set.prototype.values, Map.prototype.keys === Map.prototype.values);
//// a map from a map is a copy
const m = new Map([['a', 1]]), n = new Map(m);
n.set('a', 2).set('b', 3);
print(m.get('a'), m.size, n.get('a'), n.size);
//// any iterable of pairs makes a map
const m = new Map((function* () { yield ['x', 1]; yield { 0: 'y', 1: 2 }; yield ['z']; })());
print(m.get('x'), m.get('y'), m.has('z'), m.get('z'));
//// entries that are no objects
for (const x of [[1], ['ab'], [null]]) try { new Map(x); print('made'); } catch (e) { print(e.name); }
//// nothing makes an empty collection
print(new Map(null).size, new Map(undefined).size, new Set(null).size, new Set().size, new Map([]).size);
//// what is not iterable
for (const f of [() => new Map({}), () => new Set(5), () => new Set({ length: 1, 0: 'a' }), () => new Map(1)]) try { f(); print('made'); } catch (e) { print(e.name); }
//// the iterator is closed when an entry is bad
let closed = 0;
const source = { [Symbol.iterator]() { return { next: () => ({ done: false, value: 'no object' }), return() { closed++; return {}; } }; } };
try { new Map(source); } catch (e) { print(e.name, closed); }
//// the constructor uses set and add of the object
class Upper extends Map { set(k, v) { return super.set(k.toUpperCase(), v); } }
class Odd extends Set { add(x) { return x % 2 ? super.add(x) : this; } }
print([...new Upper([['a', 1], ['A', 2]])].join(), [...new Odd([1, 2, 3, 4])].join());
//// the constructor reads add once
const add = Set.prototype.add;
let reads = 0;
Object.defineProperty(Set.prototype, 'add', { configurable: true, get() { reads++; return add; } });
new Set([1, 2, 3]);
print(reads);
//// called without new
for (const f of [() => Map(), () => Set([]), () => Map.call(new Map())]) try { f(); print('no'); } catch (e) { print(e.name); }
//// methods want their own kind
for (const f of [() => Map.prototype.get.call(new Set(), 1), () => Set.prototype.add.call(new Map(), 1), () => Map.prototype.has.call({}, 1), () => Map.prototype.size, () => Set.prototype.forEach.call([], print)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// size is a getter of the prototype
const d = Object.getOwnPropertyDescriptor(Map.prototype, 'size'), m = new Map([[1, 1]]);
print(typeof d.get, d.set, d.enumerable, d.configurable, Object.keys(m).length, d.get.call(m));
try { m.size = 5; } catch (e) { print(e.name, m.size); }
//// names and tags
print(Map.name, Map.length, Set.length, Map.prototype.set.length, Map.prototype.forEach.length, Map.prototype[Symbol.toStringTag], String(new Set()), Object.prototype.toString.call(new Map().keys()));
//// iterators of maps and sets have prototypes of their own
const mi = Object.getPrototypeOf(new Map().keys()), si = Object.getPrototypeOf(new Set().keys());
print(mi === si, mi[Symbol.toStringTag], si[Symbol.toStringTag], Object.getPrototypeOf(mi) === Object.getPrototypeOf(si), Object.getPrototypeOf(new Map().values()) === mi);
//// a map holds itself
const m = new Map();
m.set(m, m);
print(m.get(m).get(m) === m, m.has(m));
//// symbols are keys
const k = Symbol('k'), m = new Map([[k, 1], [Symbol('k'), 2], [Symbol.for('k'), 3]]);
print(m.size, m.get(k), m.get(Symbol.for('k')), m.get(Symbol('k')));
//// equal texts made in different ways are one key
const m = new Map([['ab' + 'c', 1]]);
m.set(['a', 'b', 'c'].join(''), 2).set('xabc'.slice(1), 3).set(`a${'bc'}`, 4);
print(m.size, m.get('abc'));
//// numbers made in different ways are one key
const s = new Set([3, 3.0, 6 / 2, Number('3'), 0.1 + 0.2, 0.3]);
print(s.size, s.has(9 ** 0.5), s.has(0.30000000000000004));
//// counting words
const counts = new Map();
for (const w of 'the cat and the dog and the bird'.split(' ')) counts.set(w, (counts.get(w) || 0) + 1);
print([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(e => e.join(':')).join(' '));
//// union, intersection, difference
const a = new Set([1, 2, 3, 4]), b = new Set([3, 4, 5]);
print([...new Set([...a, ...b])].join(), [...a].filter(x => b.has(x)).join(), [...a].filter(x => !b.has(x)).join());
//// a thousand entries keep their order through deletions
const m = new Map();
for (let i = 0; i < 1000; i++) m.set('k' + (i * 7919) % 1000, i);
for (let i = 0; i < 1000; i += 2) m.delete('k' + i);
const keys = [...m.keys()];
print(m.size, keys[0], keys[1], keys[499], m.get('k501'), m.get('k500'));
//// a cache that forgets the oldest
class Cache { constructor(n) { this.n = n; this.m = new Map(); }
  get(k) { if (!this.m.has(k)) return; const v = this.m.get(k); this.m.delete(k); this.m.set(k, v); return v; }
  set(k, v) { this.m.delete(k); this.m.set(k, v); if (this.m.size > this.n) this.m.delete(this.m.keys().next().value); } }
const c = new Cache(2);
c.set('a', 1); c.set('b', 2); c.get('a'); c.set('c', 3);
print([...c.m.keys()].join(), c.get('b'), c.get('a'));
//// JSON knows no maps
print(JSON.stringify(new Map([[1, 2]])), JSON.stringify([...new Map([[1, 2]])]), JSON.stringify({ s: new Set([1]) }));
//// maps to objects and back
const o = { a: 1, b: 2 };
const m = new Map(Object.entries(o)), back = Object.fromEntries(m);
print(JSON.stringify(back), m.get('b'), back === o);

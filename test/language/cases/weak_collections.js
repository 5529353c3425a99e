// SPDX-License-Identifier: MIT
//// a WeakMap holds values for objects
const a = {}, b = () => {}, w = new WeakMap([[a, 1], [b, 2]]);
print(w.get(a), w.get(b), w.get({}), w.has(a), w.delete(a), w.has(a), w.delete(a));
//// a WeakSet knows its members
const a = [], w = new WeakSet([a]);
print(w.has(a), w.has([]), w.add(a) === w, w.delete(a), w.has(a));
//// only objects are keys
const w = new WeakMap(), s = new WeakSet();
for (const k of [1, 'a', null, undefined, true, NaN]) {
  try { w.set(k, 1); print('set'); } catch (e) { print(e.name); }
  try { s.add(k); print('added'); } catch (e) { print(e.name); }
}
//// asking for what cannot be a key is no error
const w = new WeakMap(), s = new WeakSet();
print(w.get(1), w.has('x'), w.delete(null), s.has(5), s.delete(undefined));
//// they cannot be counted or listed
const w = new WeakMap(), s = new WeakSet();
print(w.size, typeof w.forEach, typeof w.clear, typeof w[Symbol.iterator], typeof s.values, typeof s.keys, 'size' in s);
//// chains and values
const a = {}, b = {}, w = new WeakMap().set(a, b).set(b, a);
print(w.get(w.get(a)) === a, w.set(a, undefined).has(a), w.get(a));
//// a key may be frozen
const k = Object.freeze({}), w = new WeakMap([[k, 'v']]);
print(w.get(k), Object.getOwnPropertyNames(k).length, Object.getOwnPropertySymbols(k).length);
//// a key is not changed by being one
const k = { x: 1 };
new WeakMap([[k, 1]]); new WeakSet([k]);
print(JSON.stringify(k), Reflect.ownKeys(k).join());
//// private data kept outside
const secret = new WeakMap();
class Account { constructor(n) { secret.set(this, n); } add(n) { secret.set(this, secret.get(this) + n); return this; } get n() { return secret.get(this); } }
const x = new Account(5), y = new Account(1);
print(x.add(3).add(2).n, y.n, Object.keys(x).length, Object.create(x).n);
//// without new, with wrong this, with a wrong list
for (const f of [() => WeakMap(), () => WeakSet(), () => WeakMap.prototype.get.call(new Map(), {}), () => WeakSet.prototype.has.call(new Set(), {}), () => new WeakMap([1]), () => new WeakSet(['a']), () => new WeakMap({})])
  try { f(); print('no'); } catch (e) { print(e.name); }
//// visited nodes of a graph with a loop
const a = { n: 1 }, b = { n: 2, to: a }; a.to = b;
const seen = new WeakSet();
let at = a, n = 0;
while (!seen.has(at)) { seen.add(at); n += at.n; at = at.to; }
print(n, at === a);
//// tags and lengths
print(String(new WeakMap()), String(new WeakSet()), WeakMap.length, WeakMap.prototype.set.length, WeakSet.prototype.add.length, WeakSet.name);
//// a map with weak keys of many objects
const w = new WeakMap(), list = Array.from({ length: 300 }, (_, i) => ({ i }));
list.forEach((o, i) => w.set(o, i * i));
for (let i = 0; i < 300; i += 3) w.delete(list[i]);
print(list.filter(o => w.has(o)).length, w.get(list[299]), w.get(list[0]));

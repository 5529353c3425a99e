// SPDX-License-Identifier: MIT
//// Reflect.ownKeys
print(Reflect.ownKeys({ b: 1, [Symbol.iterator]: 1, 1: 1, a: 1 }).map(String).join(), Reflect.ownKeys([1]).join(), Reflect.ownKeys(class { static m() {} }).join());
//// Reflect.has and get and set
const o = { a: 1, get g() { return 'got'; } };
print(Reflect.has(o, 'a'), Reflect.has(o, 'toString'), Reflect.get(o, 'g'), Reflect.get(o, 'none'), Reflect.set(o, 'b', 2), o.b, Reflect.set(Object.freeze({ x: 1 }), 'x', 2));
//// Reflect.set tells of failures without throwing
const o = { get only() { return 1; } };
print(Reflect.set(o, 'only', 2), Reflect.set(Object.preventExtensions({}), 'n', 1), Reflect.set([], 'length', 3), Reflect.set({}, Symbol.iterator, 1));
//// Reflect.defineProperty
const o = {};
print(Reflect.defineProperty(o, 'x', { value: 1 }), Reflect.defineProperty(o, 'x', { value: 2 }), o.x, Reflect.getOwnPropertyDescriptor(o, 'x').writable);
try { Reflect.defineProperty(o, 'y', { get: 5 }); } catch (e) { print(e.name); }
//// Reflect.deleteProperty
const o = Object.defineProperty({ a: 1 }, 'fixed', { value: 1 });
print(Reflect.deleteProperty(o, 'a'), 'a' in o, Reflect.deleteProperty(o, 'fixed'), Reflect.deleteProperty(o, 'never'));
//// Reflect.getPrototypeOf and setPrototypeOf
const o = {}, p = {};
print(Reflect.setPrototypeOf(o, p), Reflect.getPrototypeOf(o) === p, Reflect.setPrototypeOf(p, o), Reflect.setPrototypeOf(Object.freeze({}), p), Reflect.setPrototypeOf(o, null), Reflect.getPrototypeOf(o));
try { Reflect.setPrototypeOf(o, 5); } catch (e) { print(e.name); }
//// Reflect.isExtensible and preventExtensions
const o = {};
print(Reflect.isExtensible(o), Reflect.preventExtensions(o), Reflect.isExtensible(o), Reflect.preventExtensions(o));
//// Reflect wants objects
for (const f of ['get', 'has', 'ownKeys', 'getPrototypeOf', 'isExtensible', 'deleteProperty', 'defineProperty', 'preventExtensions']) try { Reflect[f](5, 'x', {}); print(f); } catch (e) { print(e.name); }
//// Reflect.apply
print(Reflect.apply(Math.max, null, [1, 3, 2]), Reflect.apply(function () { return this.v + arguments.length; }, { v: 'v' }, { length: 2 }), Reflect.apply(String.prototype.slice, 'hello', [1, 3]));
for (const f of [() => Reflect.apply(5, null, []), () => Reflect.apply(print), () => Reflect.apply(print, null, 5)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// Reflect.construct
class A { constructor(...a) { this.n = a.length; this.t = new.target === A; } }
const a = Reflect.construct(A, [1, 2, 3]);
print(a.n, a.t, a instanceof A, Reflect.construct(Array, [3]).length, Reflect.construct(Date, [0]).getTime());
for (const f of [() => Reflect.construct(() => 1, []), () => Reflect.construct(A), () => Reflect.construct({ m() {} }.m, [])]) try { f(); print('no'); } catch (e) { print(e.name); }
//// Reflect is no function
print(typeof Reflect, String(Reflect), Object.keys(Reflect).length, Reflect.has.length, Reflect.set.length);
try { Reflect(); } catch (e) { print(e.name); }
//// a proxy without traps passes everything on
const target = { a: 1 }, p = new Proxy(target, {});
p.b = 2; delete p.a;
print(target.b, 'a' in p, Object.keys(p).join(), JSON.stringify(p), p === target, Object.getPrototypeOf(p) === Object.prototype);
//// the get trap
const target = { real: 1 }, p = new Proxy(target, { get(t, k, r) { return t === target && r === p ? 'got ' + String(k) : 'bad'; } });
print(p.real, p['any thing'], p[Symbol.iterator], p[5]);
//// the get trap is asked through the prototype
const p = new Proxy({}, { get: (t, k, r) => typeof r.own + k });
const o = Object.create(p, { own: { value: 'mine' } });
print(o.own, o.other);
//// the set trap
const log = [], p = new Proxy({}, { set(t, k, v) { log.push(k + '=' + v); t[k] = v * 2; return true; } });
p.a = 1; p.a += 1; p['b'] = 5;
print(log.join(), p.a, p.b);
//// a set trap that gives false throws
const p = new Proxy({}, { set: () => false }), q = new Proxy({}, { set() {} });
for (const f of [() => { p.x = 1; }, () => { q.x = 1; }]) try { f(); print('no'); } catch (e) { print(e.name); }
print(Reflect.set(p, 'x', 1));
//// the has trap
const range = new Proxy({ lo: 1, hi: 5 }, { has: (t, k) => k >= t.lo && k <= t.hi });
print(3 in range, 9 in range, 'lo' in range, Reflect.has(range, 5), 1 in Object.create(range));
//// the deleteProperty trap
const log = [], p = new Proxy({ a: 1, b: 2 }, { deleteProperty(t, k) { log.push(k); return k !== 'b' && delete t[k]; } });
print(delete p.a, p.a, Reflect.deleteProperty(p, 'b'), log.join());
try { delete p.b; } catch (e) { print(e.name, p.b); }
//// the ownKeys trap
const p = new Proxy({ a: 1, b: 2 }, { ownKeys: () => ['b', 'a', 'extra'] });
print(Reflect.ownKeys(p).join(), Object.getOwnPropertyNames(p).join());
//// keys of a proxy are asked for enumerability
const p = new Proxy({ shown: 1 }, { ownKeys: () => ['ghost', 'shown'] });
print(Object.keys(p).join(), JSON.stringify(p));
//// the apply trap
const f = new Proxy((a, b) => a + b, { apply(t, self, args) { return t(...args) * 10 + (self === undefined ? 0 : self.n); } });
print(f(1, 2), f.call({ n: 5 }, 1, 1), f.apply({ n: 1 }, [2, 2]), typeof f, Reflect.apply(f, undefined, [3, 3]));
//// the construct trap
class A { constructor(n) { this.n = n; } }
const P = new Proxy(A, { construct(t, args) { return { wrapped: new t(...args).n }; } });
print(new P(7).wrapped, JSON.stringify(new P(1)));
const Q = new Proxy(A, { construct: () => 5 });
try { new Q(); } catch (e) { print(e.name); }
//// a proxy of no function cannot be called
for (const f of [() => new Proxy({}, { apply: () => 1 })(), () => new (new Proxy({}, { construct: () => ({}) }))(), () => new (new Proxy(() => 1, { construct: () => ({}) }))()]) try { f(); print('no'); } catch (e) { print(e.name); }
//// a proxy of an array is an array
const p = new Proxy([1, 2], {});
p.push(3);
print(Array.isArray(p), p.length, p.join(), p.map(x => x * 2).join(), JSON.stringify(p), [...p].length, [0].concat(p).length);
//// negative indices by proxy
const list = a => new Proxy(a, { get: (t, k) => typeof k === 'string' && /^-\d+$/.test(k) ? t[t.length + +k] : t[k] });
const l = list(['a', 'b', 'c']);
print(l[-1], l[0], l.length, l[-3]);
//// defaults by proxy
const count = new Proxy({}, { get: (t, k) => k in t ? t[k] : 0 });
for (const c of 'hello') count[c]++;
print(count.l, count.h, count.z, Object.keys(count).join(''));
//// traps see the handler as this
const handler = { tag: 'H', get(t, k) { return this.tag + k; } };
print(new Proxy({}, handler).x);
//// traps may be changed later
const handler = {}, p = new Proxy({ x: 'plain' }, handler);
print(p.x);
handler.get = () => 'trapped';
print(p.x);
delete handler.get;
print(p.x);
//// a trap must be callable
const p = new Proxy({}, { get: 5, has: null, set: undefined });
try { p.x; } catch (e) { print(e.name); }
print('x' in p, (p.y = 1, Object.keys(p).join()));
//// a throw in a trap comes through
const p = new Proxy({}, { get() { throw new RangeError('g'); }, has() { throw new EvalError('h'); } });
for (const f of [() => p.x, () => 'x' in p, () => `${p}`, () => p + 1]) try { f(); } catch (e) { print(e.name); }
//// get must not lie about fixed properties
const t = Object.defineProperty({}, 'x', { value: 1 });
try { print(new Proxy(t, { get: () => 2 }).x); } catch (e) { print(e.name); }
print(new Proxy(t, { get: () => 1 }).x);
//// has must not hide fixed properties
const t = Object.defineProperty({}, 'x', { value: 1 });
try { 'x' in new Proxy(t, { has: () => false }); print('hidden'); } catch (e) { print(e.name); }
//// deleteProperty must not claim to delete what is fixed
const t = Object.defineProperty({}, 'x', { value: 1 });
try { delete new Proxy(t, { deleteProperty: () => true }).x; print('deleted'); } catch (e) { print(e.name); }
//// ownKeys must list fixed properties
const t = Object.defineProperty({}, 'x', { value: 1 });
try { print(Reflect.ownKeys(new Proxy(t, { ownKeys: () => [] })).length); } catch (e) { print(e.name); }
//// a proxy of a proxy
const log = [], wrap = (t, n) => new Proxy(t, { get(t, k) { log.push(n + k); return t[k]; } });
print(wrap(wrap({ x: 'deep' }, 'in '), 'out ').x, log.join());
//// Proxy wants two objects and new
for (const f of [() => new Proxy(), () => new Proxy({}), () => new Proxy(5, {}), () => new Proxy({}, null), () => Proxy({}, {})]) try { f(); print('made'); } catch (e) { print(e.name); }
print(Proxy.length, 'prototype' in Proxy, typeof new Proxy({}, {}), typeof new Proxy(class {}, {}));
//// a proxy in a chain of methods
const calls = [], p = new Proxy(() => p, { get(t, k) { calls.push(k); return p; }, apply(t, self, args) { calls.push('(' + args + ')'); return p; } });
p.a.b(1).c(2, 3);
print(calls.join(' '));
//// destructuring and spread of a proxy
const log = [], p = new Proxy({ a: 1, b: 2 }, { get(t, k) { log.push('get ' + k); return t[k]; }, ownKeys(t) { log.push('keys'); return Reflect.ownKeys(t); } });
const { a, ...rest } = p;
print(a, JSON.stringify(rest), log.join());
//// private names do not go through a proxy
class A { #x = 1; get() { return this.#x; } }
const p = new Proxy(new A(), {});
try { print(p.get()); } catch (e) { print(e.name); }

// SPDX-License-Identifier: MIT
//// keys come in their order
print(Object.keys({ b: 1, 2: 1, a: 1, 1: 1, '-1': 1, '01': 1 }).join(), Object.keys('ab').join(), Object.keys([7, , 8]).join(), Object.keys(5).length);
//// keys of nothing
for (const f of ['keys', 'values', 'entries', 'getOwnPropertyNames', 'getPrototypeOf', 'fromEntries']) for (const x of [null, undefined]) try { Object[f](x); print(f); } catch (e) { print(e.name); }
//// values and entries
const o = { x: 1, get y() { return this.x + 1; } };
print(Object.values(o).join(), JSON.stringify(Object.entries(o)), Object.values('hi').join('-'), Object.entries([]).length);
//// entries see changes made by getters
const o = { get a() { delete this.b; return 1; }, b: 2, c: 3 };
print(Object.entries(o).map(e => e[0]).join());
//// fromEntries
print(JSON.stringify(Object.fromEntries([['a', 1], ['b', 2], ['a', 3]])), JSON.stringify(Object.fromEntries(new Map([['k', 'v']]))), JSON.stringify(Object.fromEntries([{ 0: 'x', 1: 'y' }])));
for (const x of [[1], ['ab'], 5]) try { Object.fromEntries(x); print('made'); } catch (e) { print(e.name); }
//// fromEntries defines and does not set
let called = 0;
Object.defineProperty(Object.prototype, 'p', { configurable: true, set() { called++; } });
const o = Object.fromEntries([['p', 1], ['__proto__', 5]]);
print(called, o.p, Object.keys(o).join(), Object.getPrototypeOf(o) === Object.prototype);
//// assign copies own enumerable properties by setting
const target = { set s(v) { print('set', v); } };
const from = Object.create({ inherited: 1 }, { hidden: { value: 2 }, shown: { value: 3, enumerable: true } });
print(Object.assign(target, null, { s: 1 }, undefined, from, 'xy', 5) === target, Object.keys(target).join());
//// assign reads getters and stops at an error
const t = {}, s = { a: 1, get b() { throw new RangeError('b'); }, c: 3 };
try { Object.assign(t, s); } catch (e) { print(e.name, JSON.stringify(t)); }
try { Object.assign(Object.freeze({ a: 1 }), { a: 2 }); } catch (e) { print(e.name); }
try { Object.assign(null, {}); } catch (e) { print(e.name); }
//// create with a prototype and properties
const p = { greet() { return 'hi ' + this.n; } }, o = Object.create(p, { n: { value: 'ann', enumerable: true }, h: { value: 1 } });
print(o.greet(), Object.keys(o).join(), Object.getPrototypeOf(o) === p, o.hasOwnProperty('greet'));
for (const x of [undefined, 5, 'x']) try { Object.create(x); print('made'); } catch (e) { print(e.name); }
//// objects without prototype
const o = Object.create(null);
o.toString = 5; o.__proto__ = 'plain';
print('hasOwnProperty' in o, Object.keys(o).join(), Object.getPrototypeOf(o), typeof o.valueOf);
try { o + ''; } catch (e) { print(e.name); }
//// getPrototypeOf of primitives
print(Object.getPrototypeOf('s') === String.prototype, Object.getPrototypeOf(1) === Number.prototype, Object.getPrototypeOf(Object.prototype), Object.getPrototypeOf(() => 1) === Function.prototype);
//// setPrototypeOf
const o = { own: 1 }, p = { from: 'p' };
print(Object.setPrototypeOf(o, p) === o, o.from, Object.setPrototypeOf(o, null).from, Object.setPrototypeOf(5, p));
for (const f of [() => Object.setPrototypeOf({}, 5), () => Object.setPrototypeOf({}), () => Object.setPrototypeOf(null, {}), () => { const a = {}, b = Object.create(a); Object.setPrototypeOf(a, b); }, () => Object.setPrototypeOf(Object.preventExtensions({}), {})]) try { f(); print('no'); } catch (e) { print(e.name); }
//// __proto__ as an accessor
const o = {}, p = { x: 1 };
o.__proto__ = p;
print(o.x, o.__proto__ === p, Object.keys(o).length, o.hasOwnProperty('__proto__'));
o.__proto__ = 5;
print(o.__proto__ === p, (5).__proto__ === Number.prototype);
//// __proto__ in a literal
const p = { x: 1 }, __proto__ = 'short';
const a = { __proto__: p }, b = { ['__proto__']: p }, c = { __proto__ }, d = { __proto__() {} }, e = { __proto__: 5 };
print(a.x, Object.keys(a).length, b.x, Object.keys(b).join(), c.__proto__, typeof d.__proto__, Object.getPrototypeOf(e) === Object.prototype);
//// defineProperty has false as default
const o = Object.defineProperty({}, 'k', { value: 1 });
print(JSON.stringify(Object.getOwnPropertyDescriptor(o, 'k')), Object.keys(o).length, delete { ...o }.k);
for (const f of [() => { o.k = 2; }, () => { delete o.k; }, () => Object.defineProperty(o, 'k', { value: 2 }), () => Object.defineProperty(o, 'k', { enumerable: true })]) try { f(); print('no'); } catch (e) { print(e.name); }
Object.defineProperty(o, 'k', { value: 1, writable: false });
print(o.k);
//// defineProperty of what exists changes only what is named
const o = { a: 1 };
Object.defineProperty(o, 'a', { enumerable: false });
print(JSON.stringify(Object.getOwnPropertyDescriptor(o, 'a')));
Object.defineProperty(o, 'a', { get: () => 'got' });
const d = Object.getOwnPropertyDescriptor(o, 'a');
print(typeof d.get, d.set, d.enumerable, d.configurable, 'value' in d, o.a);
//// descriptors that contradict themselves
for (const d of [{ get() {}, value: 1 }, { set() {}, writable: true }, { get: 5 }, { set: 'x' }, 5, null]) try { Object.defineProperty({}, 'x', d); print('no'); } catch (e) { print(e.name); }
print(Object.defineProperty({}, 'x', { get: undefined }).x);
//// a descriptor may inherit its members
const d = Object.create({ value: 'inherited', enumerable: 1 });
const o = Object.defineProperty({}, 'k', d);
print(o.k, Object.keys(o).join());
//// NaN and zeros in fixed properties
const o = Object.freeze({ nan: NaN, zero: 0 });
Object.defineProperty(o, 'nan', { value: NaN });
try { Object.defineProperty(o, 'zero', { value: -0 }); print('no'); } catch (e) { print(e.name); }
//// writable may be taken away but not given
const o = Object.defineProperty({}, 'k', { value: 1, writable: true });
o.k = 2;
Object.defineProperty(o, 'k', { writable: false });
try { Object.defineProperty(o, 'k', { writable: true }); } catch (e) { print(e.name, o.k); }
//// defineProperties takes many
const o = Object.defineProperties({}, { a: { value: 1, enumerable: true }, b: { get() { return this.a + 1; }, enumerable: true } });
print(JSON.stringify(o), Object.defineProperties(o, {}) === o);
try { Object.defineProperties({}, { x: 5 }); } catch (e) { print(e.name); }
//// defineProperties checks all before it defines any
const o = {};
try { Object.defineProperties(o, { good: { value: 1 }, bad: 5 }); } catch (e) { print(e.name, 'good' in o); }
//// getOwnPropertyDescriptors copies accessors
const from = { get a() { return 'A' + this.n; }, n: 1 };
const to = Object.create(Object.getPrototypeOf(from), Object.getOwnPropertyDescriptors(from));
to.n = 2;
print(to.a, Object.keys(Object.getOwnPropertyDescriptors(from)).join(), typeof Object.getOwnPropertyDescriptors([1]).length.value);
//// getOwnPropertyDescriptor of odd things
print(Object.getOwnPropertyDescriptor({}, 'x'), Object.getOwnPropertyDescriptor('ab', 1).value, Object.getOwnPropertyDescriptor('ab', 'length').value, Object.getOwnPropertyDescriptor([], 'length').writable, Object.getOwnPropertyDescriptor({ undefined: 1 }).value);
//// freeze, seal, preventExtensions
const tell = o => [Object.isFrozen(o), Object.isSealed(o), Object.isExtensible(o)].join();
print(tell(Object.freeze({ a: 1 })), tell(Object.seal({ a: 1 })), tell(Object.preventExtensions({ a: 1 })), tell({ a: 1 }), tell(Object.preventExtensions({})), tell(5));
//// what frozen, sealed and closed objects still allow
for (const close of ['freeze', 'seal', 'preventExtensions']) {
  const o = Object[close]({ a: 1 });
  print(close, [() => { o.a = 2; }, () => { o.b = 1; }, () => { delete o.a; }].map(f => { try { f(); return 'ok'; } catch (e) { return e.name; } }).join());
}
//// freeze is shallow and gives back its argument
const inner = { n: 1 }, o = Object.freeze({ inner });
o.inner.n = 2;
print(o.inner.n, Object.freeze(5), Object.freeze('s'), Object.freeze(inner) === inner, Object.isFrozen('x'));
//// frozen accessors still run
let v = 1;
const o = Object.freeze({ get x() { return v; }, set x(n) { v = n; } });
o.x = 5;
print(o.x, Object.isFrozen(o));
//// Object.is
print(Object.is(NaN, NaN), Object.is(0, -0), Object.is(-0, -0), Object.is('a', 'a'), Object.is({}, {}), Object.is(null, undefined), Object.is());
//// Object as a function and as a constructor
const o = {};
print(Object(o) === o, typeof Object(1), Object(null) instanceof Object, new Object('s') instanceof String, Object() === Object(), new Object(o) === o, Object(Symbol.iterator) == Symbol.iterator);
//// hasOwnProperty and propertyIsEnumerable
const o = Object.create({ up: 1 }, { hidden: { value: 1 }, shown: { value: 1, enumerable: true } });
print(['up', 'hidden', 'shown', 'none'].map(k => [o.hasOwnProperty(k), o.propertyIsEnumerable(k), k in o].join('/')).join(), [1].propertyIsEnumerable('length'), 'a'.hasOwnProperty(0));
//// isPrototypeOf
const a = {}, b = Object.create(a), c = Object.create(b);
print(a.isPrototypeOf(c), c.isPrototypeOf(a), a.isPrototypeOf(a), a.isPrototypeOf(5), Array.prototype.isPrototypeOf([]), Object.prototype.isPrototypeOf(Object.create(null)));
//// toString tells the kind
const t = Object.prototype.toString;
print([null, undefined, 1, 's', true, [], {}, () => 1, /a/, new Date(0), new Error('x'), (function () { return arguments; })()].map(x => t.call(x).slice(8, -1)).join());
//// toLocaleString and valueOf
const o = { toString: () => 'T' };
print(o.toLocaleString(), o.valueOf() === o, {}.valueOf.call(1) == 1, typeof {}.valueOf.call('s'));
//// __defineGetter__ and its kin
const o = {};
o.__defineGetter__('g', () => 'got'); o.__defineSetter__('g', function (v) { this.v = v; });
o.g = 3;
print(o.g, o.v, typeof o.__lookupGetter__('g'), typeof Object.create(o).__lookupSetter__('g'), o.__lookupGetter__('v'));
//// an inherited fixed property cannot be set
const p = Object.freeze({ x: 1 }), o = Object.create(p);
try { o.x = 2; } catch (e) { print(e.name, o.x); }
Object.defineProperty(o, 'x', { value: 3 });
print(o.x, p.x);
//// setting through an inherited setter
const p = { set v(x) { this._v = x; }, get v() { return this._v; } }, o = Object.create(p);
o.v = 7;
print(o.hasOwnProperty('v'), o._v, p._v, o.v);
//// a getter alone cannot be set
const o = { get x() { return 1; } };
try { o.x = 2; } catch (e) { print(e.name, o.x); }
class A { static get k() { return 'k'; } }
try { A.k = 1; } catch (e) { print(e.name, A.k); }
//// keys are in order through all lists
const o = { z: 1, 10: 1, a: 1, 9: 1, [Symbol('s')]: 1, y: 1 };
delete o.z; o.z = 2;
let seen = '';
for (const k in o) seen += k;
print(seen, Object.keys(o).join(), Object.getOwnPropertyNames(o).join(), JSON.stringify(o), Reflect.ownKeys(o).length);
//// for-in goes up the prototypes and hides doubles
const p = { a: 1, b: 1, c: 1 }, o = Object.create(p, { b: { value: 1, enumerable: false }, d: { value: 1, enumerable: true } });
o.a = 2;
const seen = [];
for (const k in o) seen.push(k);
print(seen.join());
//// for-in and deletion ahead
const o = { a: 1, b: 2, c: 3 }, seen = [];
for (const k in o) { seen.push(k); delete o.b; o.later = 1; }
print(seen.includes('b'), seen.slice(0, 1).join(), seen.includes('c'));
//// hasOwn
print(Object.hasOwn({ a: 1 }, 'a'), Object.hasOwn({ a: 1 }, 'toString'), Object.hasOwn(Object.create(null), 'x'), Object.hasOwn([1], 0), Object.hasOwn('ab', 1), Object.hasOwn('ab', 'length'), Object.hasOwn(5, 'x'), Object.hasOwn.length, Object.hasOwn(new Uint8Array(2), 1), Object.hasOwn(function () {}, 'name'), Object.hasOwn({ undefined: 1 }));
const s = Symbol(), log = [];
print(Object.hasOwn({ [s]: 1 }, s), Object.hasOwn({ get g() { throw 1; } }, 'g'), Object.hasOwn(Object.defineProperty({}, 'h', { value: 1 }), 'h'));
print(Object.hasOwn(new Proxy({ a: 1 }, { getOwnPropertyDescriptor(t, k) { log.push(k); return Reflect.getOwnPropertyDescriptor(t, k); } }), 'a'), log.join());
for (const f of [() => Object.hasOwn(null, 'a'), () => Object.hasOwn(undefined, { toString() { log.push('key'); return 'k'; } })]) try { f(); } catch (e) { print(e.name, log.length); }

// SPDX-License-Identifier: MIT
//// reading what is not there
const a = new Uint8Array([1, 2]);
print(a[2], a[-1], a['-0'], a['1.5'], a[1.5], a.Infinity, a.NaN, a['-Infinity'], a[2 ** 32], a['4294967295'], a['1e21'], a[1e21], a[0.1 + 0.2], a['0.30000000000000004']);
//// keys that only look like numbers
const a = new Uint8Array([1, 2]);
for (const k of ['01', '+1', '1.0', ' 1', '0x1', '1e1', '-00', '1n', 'infinity', '', '1_0', '1e+21x']) a[k] = k;
print(Object.keys(a).join('|'), a['01'], a['1.0']);
//// keys in canonical form are never made
const a = new Uint8Array([1, 2]);
for (const k of ['2', '-1', '-0', '1.5', 'Infinity', '-Infinity', 'NaN', '4294967295', '4294967296', '1e+21', '1e-7', '9007199254740992', '-1.5']) a[k] = 7;
print(Object.keys(a).join('|'), a.join());
//// what is in the prototype is not seen
const P = Uint8Array.prototype;
P[5] = 'five'; P['-0'] = 'zero'; Object.prototype['1.5'] = 'x'; P['01'] = 'seen';
const a = new Uint8Array(2);
print(a[5], a['-0'], a['1.5'], a['01'], 5 in a, '-0' in a, '1.5' in a, '01' in a);
delete P[5]; delete P['-0']; delete Object.prototype['1.5']; delete P['01'];
//// setters in the prototype are not called
Object.defineProperty(Uint8Array.prototype, 9, { set() { print('set'); }, get() { print('get'); }, configurable: true });
const a = new Uint8Array(2);
a[9] = 1;
print(a[9], Reflect.set(a, 9, 1), Reflect.get(a, 9), 9 in a);
delete Uint8Array.prototype[9];
//// in
const a = new Float32Array(3);
print([0, 2, 3, -1, '0', '-0', '1.5', 'Infinity', 'length', 'foo', '00'].map(k => k + ':' + (k in a)).join());
//// hasOwnProperty
const a = new Float32Array(3);
print([0, 2, 3, '-0', '1.5', 'length', 'byteLength'].map(k => k + ':' + a.hasOwnProperty(k)).join());
//// delete
const a = new Uint8Array([1, 2]);
a.x = 1;
print(Reflect.deleteProperty(a, 0), Reflect.deleteProperty(a, 2), Reflect.deleteProperty(a, '-0'), Reflect.deleteProperty(a, '1.5'), delete a.x, a.x, a.join());
try { delete a[1]; print('deleted'); } catch (e) { print(e.name); }
print(delete a[2], delete a['1.5']);
//// descriptors
const a = new Uint8Array([7]);
print(JSON.stringify(Object.getOwnPropertyDescriptor(a, 0)), Object.getOwnPropertyDescriptor(a, 1), Object.getOwnPropertyDescriptor(a, '-0'), Object.getOwnPropertyDescriptor(a, 'length'), JSON.stringify(Object.getOwnPropertyDescriptors(a)));
//// defineProperty of an element
const a = new Uint8Array(2), d = (k, desc) => Reflect.defineProperty(a, k, desc);
print(d(0, { value: 300 }), d(0, {}), d(0, { value: 1, writable: true, enumerable: true, configurable: true }), d(0, { configurable: false }), d(0, { enumerable: false }), d(0, { writable: false }), d(0, { get() {} }), d(0, { set: undefined }), a[0]);
//// defineProperty of what is no element
const a = new Uint8Array(2), d = k => Reflect.defineProperty(a, k, { value: 1, writable: true, enumerable: true, configurable: true });
print(d(2), d(-1), d('-0'), d('1.5'), d('Infinity'), d('01'), d('x'), Object.keys(a).join());
try { Object.defineProperty(a, 2, { value: 1 }); print('defined'); } catch (e) { print(e.name); }
//// defineProperty makes a number of the value
const a = new Int8Array(1);
print(Reflect.defineProperty(a, 0, { value: { valueOf() { return '12'; } } }), a[0]);
try { Object.defineProperty(a, 0, { value: Symbol() }); } catch (e) { print(e.name, a[0]); }
try { Object.defineProperty(a, 0, { value: { valueOf() { throw new RangeError(); } }, configurable: true }); } catch (e) { print(e.name); }
//// a refused descriptor makes no number
const a = new Int8Array(1), v = { valueOf() { print('asked'); return 1; } };
print(Reflect.defineProperty(a, 1, { value: v }), Reflect.defineProperty(a, 0, { value: v, writable: false }), Reflect.defineProperty(a, '-0', { value: v }));
//// defineProperties
const a = new Uint8Array(2);
Object.defineProperties(a, { 0: { value: 5 }, 1: { value: 6 }, x: { value: 1, enumerable: true } });
print(a.join(), a.x, Object.keys(a).join());
//// order of own keys
const s = Symbol('s'), a = new Uint8Array(3);
a.b = 1; a[s] = 1; a.a = 1; a['-1x'] = 1;
Object.defineProperty(a, 'hidden', { value: 1 });
print(Reflect.ownKeys(a).map(String).join(), Object.getOwnPropertyNames(a).join(), Object.keys(a).join());
//// for-in
const a = new Uint8Array(2);
a.own = 1;
Uint8Array.prototype.inherited = 1;
const seen = [];
for (const k in a) seen.push(k);
delete Uint8Array.prototype.inherited;
print(seen.join());
//// entries, values, assign, spread of properties
const a = new Uint8Array([5, 6]);
a.x = 'y';
print(JSON.stringify(Object.entries(a)), Object.values(a).join(), JSON.stringify(Object.assign({}, a)), JSON.stringify({ ...a }), JSON.stringify(Object.fromEntries(Object.entries(a))));
//// JSON
print(JSON.stringify(new Uint8Array([1, 2])), JSON.stringify({ a: new Float32Array([0.5, NaN]) }), JSON.stringify(new ArrayBuffer(3)), JSON.stringify(new DataView(new ArrayBuffer(1))), JSON.stringify([new Uint8Array()]));
//// freeze, seal, preventExtensions
for (const f of [Object.freeze, Object.seal, Object.preventExtensions]) for (const a of [...(f === Object.seal ? [] : [new Uint8Array(1)]), new Uint8Array(), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1)])
  try { f(a); print(f.name, Object.isFrozen(a), Object.isExtensible(a)); } catch (e) { print(f.name, e.name); }
//// an array that is not extensible can be written to
const a = Object.preventExtensions(new Uint8Array(2));
a[0] = 5; a[9] = 5;
print(a.join(), Reflect.set(a, 1, 6), a[1]);
try { a.x = 1; } catch (e) { print(e.name); }
//// Object.isFrozen of empty and other arrays
print(Object.isFrozen(new Uint8Array()), Object.isFrozen(Object.preventExtensions(new Uint8Array())), Object.isFrozen(Object.preventExtensions(new Uint8Array(1))), Object.isSealed(new Uint8Array(1)));
//// writing makes a number of the value, there or not
const a = new Uint8Array(1), log = [], v = n => ({ valueOf() { log.push(n); return n; } });
a[0] = v(1); a[5] = v(2); a['-0'] = v(3); a['1.5'] = v(4); a.x = v(5); a['0'] = v(6);
print(log.join(), a[0], typeof a.x);
//// writing what cannot be a number
const a = new Uint8Array(1);
for (const [k, v] of [[0, Symbol()], [5, Symbol()], ['1.5', Symbol()], [0, { valueOf() { throw new RangeError(); } }]]) try { a[k] = v; print('written'); } catch (e) { print(e.name); }
//// Reflect.set with the array as receiver
const a = new Uint8Array(2);
print(Reflect.set(a, 0, '7'), Reflect.set(a, 5, 7), Reflect.set(a, '-0', 7), Reflect.set(a, 'x', 7, a), a.join(), a.x);
//// Reflect.set with another receiver
const a = new Uint8Array([1]), o = {};
print(Reflect.set(a, 0, 'seven', o), o[0], a[0], Reflect.set({}, 0, 300, a), a[0], Reflect.set({}, 9, 1, a), Reflect.set([], 'x', 1, a), a.x);
//// Reflect.get and has
const a = new Uint8Array([3]);
print(Reflect.get(a, 0), Reflect.get(a, '0', {}), Reflect.get(a, 1, {}), Reflect.has(a, 0), Reflect.has(a, 1), Reflect.get(a, 'length'), Reflect.get(a, 'byteLength', a));
try { Reflect.get(a, 'length', {}); print('no'); } catch (e) { print(e.name); }
//// an object that inherits from a typed array
const o = Object.create(new Uint8Array([1, 2]));
print(o[0], o[5], 0 in o, 5 in o, Object.keys(o).length);
o.x = 1;
print(Object.keys(o).join());
try { o.length; print('length'); } catch (e) { print(e.name); }
//// a typed array as prototype keeps numbers to itself
const proto = new Uint8Array(2);
Object.setPrototypeOf(proto, { 7: 'seven', '1.5': 'x' });
const o = Object.create(proto);
print(proto[7], o[7], '1.5' in o, 7 in proto);
//// a proxy around a typed array
const a = new Uint8Array([1, 2]), p = new Proxy(a, {});
p[0] = 300; p.x = 1;
print(p[0], a[0], p[9], 9 in p, a.x, Object.keys(p).join());
for (const f of [() => p.length, () => p.fill(1), () => Uint8Array.prototype.slice.call(p)]) try { f(); print('ok'); } catch (e) { print(e.name); }
//// a typed array in front of a proxy
const log = [], a = new Uint8Array(1);
Object.setPrototypeOf(a, new Proxy(Uint8Array.prototype, { get(t, k) { log.push(String(k)); return t[k]; }, has(t, k) { log.push('?' + String(k)); return k in t; } }));
a[0]; a[5]; a['1.5']; a.foo; 5 in a; 'bar' in a;
print(log.join());
//// methods of Array on typed arrays
const a = new Uint8Array([3, 1, 2]), A = Array.prototype;
print(A.map.call(a, x => x * 200).join(), A.slice.call(a, 1).join(), Array.isArray(A.slice.call(a)), A.indexOf.call(a, 2), A.concat.call([], a).length, A.join.call(a, '-'), A.filter.call(a, x => x > 1).join(), A.includes.call(a, 5));
A.sort.call(a); print(a.join());
A.reverse.call(a); print(a.join());
A.fill.call(a, 7, 1); print(a.join());
//// methods of Array that change the length
const a = new Uint8Array(2), A = Array.prototype;
for (const f of [() => A.push.call(a, 1), () => A.pop.call(a), () => A.shift.call(a), () => A.unshift.call(a, 1), () => A.splice.call(a, 0, 1)]) try { f(); print('done'); } catch (e) { print(e.name); }
print(a.join());
//// Array.from, spread, destructuring
const a = new Int16Array([1, -2, 3]), [x, , y, z] = a, [...rest] = a;
print(Array.from(a, v => v * 2).join(), [...a, ...a].length, x, y, z, rest.join(), Math.max(...a), Array.from(a) instanceof Array);
//// concat spreads when asked
const a = new Uint8Array([1, 2]);
a[Symbol.isConcatSpreadable] = true;
print([0].concat(a).join(), [0].concat(new Uint8Array(2)).length);
//// length is an accessor that can be covered
const a = new Uint8Array(3);
Object.defineProperty(a, 'length', { value: 1 });
print(a.length, a.byteLength, Array.from(Array.prototype.slice.call(a)).length, a.join(), a.slice().length);
class L extends Uint8Array { get length() { return 42; } }
print(new L(2).length, new L(2).join());
//// length changed in the prototype
const T = Object.getPrototypeOf(Uint8Array.prototype), old = Object.getOwnPropertyDescriptor(T, 'length');
const a = new Uint8Array(3);
print(a.length);
Object.defineProperty(T, 'length', { get() { return 'changed'; }, configurable: true });
print(a.length, a.join());
Object.defineProperty(T, 'length', old);
print(a.length);
delete T.length;
print(a.length, a.byteLength);
Object.defineProperty(T, 'length', old);
print(a.length);
//// length through another prototype
const a = new Uint8Array(3);
Object.setPrototypeOf(a, { length: 'own' });
print(a.length);
Object.setPrototypeOf(a, Object.create(Int8Array.prototype));
print(a.length);
Object.setPrototypeOf(a, null);
print(a.length, a[0]);
//// setting the length
const a = new Uint8Array(3);
try { a.length = 1; } catch (e) { print(e.name); }
print(a.length, Reflect.set(a, 'length', 1));
//// accessors want a typed array
const T = Object.getPrototypeOf(Uint8Array.prototype);
for (const k of ['length', 'byteLength', 'byteOffset', 'buffer']) for (const o of [{}, [], new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), T, null]) try { Reflect.get(T, k, o); print(k); } catch (e) { print(k, e.name); }
//// the tag
const T = Object.getPrototypeOf(Uint8Array.prototype), d = Object.getOwnPropertyDescriptor(T, Symbol.toStringTag);
print(typeof d.get, d.set, d.enumerable, d.configurable, T[Symbol.toStringTag], Uint8Array.prototype[Symbol.toStringTag]);
print(Object.prototype.toString.call(new Uint8ClampedArray()), Object.prototype.toString.call(T), d.get.call(3), d.get.call(new ArrayBuffer(1)), d.get.call(new Float64Array()));
//// attributes of accessors and methods
const T = Object.getPrototypeOf(Uint8Array.prototype);
for (const k of ['length', 'buffer']) { const d = Object.getOwnPropertyDescriptor(T, k); print(k, d.get.name, d.get.length, d.set, d.enumerable, d.configurable); }
for (const k of ['fill', 'sort']) { const d = Object.getOwnPropertyDescriptor(T, k); print(k, d.value.name, d.writable, d.enumerable, d.configurable, 'prototype' in d.value); }
//// names and lengths of methods
const T = Object.getPrototypeOf(Uint8Array.prototype);
print(['copyWithin', 'entries', 'every', 'fill', 'filter', 'find', 'findIndex', 'forEach', 'includes', 'indexOf', 'join', 'keys', 'lastIndexOf', 'map', 'reduce', 'reduceRight', 'reverse', 'set', 'slice', 'some', 'sort', 'subarray', 'toLocaleString', 'toString', 'values', 'at'].map(k => T[k].name + T[k].length).join());
//// toString and values are shared
const T = Object.getPrototypeOf(Uint8Array.prototype);
print(T.toString === Array.prototype.toString, T[Symbol.iterator] === T.values, T.values === Array.prototype.values, T.values.name, String(new Uint8Array([1, 2])));
//// iterators
const a = new Uint8Array([5, 6]), it = a.entries();
print(JSON.stringify(it.next()), JSON.stringify([...it]), JSON.stringify(it.next()), [...a.keys()].join(), [...a.values()].join(), Object.getPrototypeOf(it) === Object.getPrototypeOf([].keys()), Object.prototype.toString.call(it));
//// iterators ask for no property length
const a = new Uint8Array([5, 6]);
Object.defineProperty(a, 'length', { get() { print('asked'); return 0; } });
print([...a].join(), Array.from(a).join());
//// an iterator sees what is written meanwhile
const a = new Uint8Array([1, 2, 3]), seen = [];
for (const x of a) { seen.push(x); a[2] = 9; }
print(seen.join());
//// iterators want a typed array
const T = Object.getPrototypeOf(Uint8Array.prototype);
for (const k of ['keys', 'values', 'entries']) for (const o of [[], {}, T, undefined]) try { T[k].call(o); print(k); } catch (e) { print(k, e.name); }
print([...Array.prototype.values.call(new Uint8Array([7]))].join());
//// element access in loops
const f = new Float64Array(100), u = new Uint32Array(100);
for (let i = 0; i < f.length; i++) { f[i] = i / 4; u[i] = i * 1e8; }
let s = 0;
for (let i = f.length - 1; i >= 0; i--) s += f[i] + u[i];
print(s, u[99], u[43] >>> 0 === u[43]);
//// compound assignment to elements
const a = new Uint8Array([250, 1]), i = new Int32Array(1);
a[0] += 10; a[1]--; a[1]--; i[0] = 2 ** 31; i[0]++;
print(a.join(), i[0], a[0]++, ++a[0], a[0] **= 2, a[0], a[9]++, a[9]);
//// index keys of all kinds
const a = new Uint8Array([1, 2, 3]);
print(a['1'], a[1.0], a[-0], a[[2]], a[{ toString() { return '2'; } }], a[true], a[null], a[undefined]);
//// loops that end early, and patterns
const a = new Uint8Array([1, 2, 3, 4]), seen = [];
for (const x of a) { if (x === 3) break; seen.push(x); }
try { for (const x of a) { seen.push(x); throw new RangeError(); } } catch (e) { seen.push(e.name); }
const [p, ...q] = a, [r = 'none'] = new Int8Array(0), f = (...x) => x.length;
print(seen.join(), p, q.join(), q instanceof Array, r, f(...a, ...a));
//// a loop over an array whose length is covered
const a = new Uint8Array([1, 2, 3]), seen = [];
for (const x of a) { Object.defineProperty(a, 'length', { value: 1, configurable: true }); seen.push(x); }
print(seen.join(), [...a].length);
//// loops when iteration has changed
const a = new Uint8Array([1, 2, 3]), P = Object.getPrototypeOf(a[Symbol.iterator]()), next = P.next;
let n = 0;
P.next = function () { n++; return next.call(this); };
print([...a].length, n);
P.next = next;
Object.defineProperty(a, Symbol.iterator, { get() { n = 0; return function* () { yield 7; }; } });
for (const x of a) print(x, n);
Object.getPrototypeOf(Uint8Array.prototype)[Symbol.iterator] = function* () { yield 'all'; };
print([...new Int8Array(2)].join());
//// return is not asked of an iterator that arrays have
const a = new Uint8Array([1, 2]), P = Object.getPrototypeOf(a[Symbol.iterator]());
P.return = function () { print('return'); return {}; };
for (const x of a) break;
const [y] = a;
delete P.return;
print(y);
//// a generator that delegates to a typed array
function* g() { const r = yield* new Uint8Array([1, 2]); yield String(r); }
print([...g()].join());
const it = g();
it.next();
try { it.throw(new RangeError()); } catch (e) { print(e.name); }
const other = g();
other.next();
print(JSON.stringify(other.return(5)), JSON.stringify(other.next()));
//// a script may take typed arrays away
globalThis.Float32Array = undefined;
globalThis.Uint8Array = undefined;
print(Math.fround(0.1), Math.fround(1e40), Object.is(Math.fround(-0), -0), Math.fround(16777217), new TextEncoder().encode('é').join(), Math.fround.length);

// SPDX-License-Identifier: MIT
//// no arguments
print([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map(C => C.name + new C().length + C.BYTES_PER_ELEMENT).join());
//// a length
for (const n of [3, '2', 1.9, -0.5, null, true, undefined, NaN]) print(new Int16Array(n).length, new Int16Array(n).byteLength);
//// lengths that are none
for (const n of [-1, Infinity, 2 ** 53, -Infinity, Symbol('x'), '-2']) try { print(new Uint8Array(n).length); } catch (e) { print(e.name); }
//// without new
for (const C of [Uint8Array, Float64Array, ArrayBuffer, DataView]) try { C(1); print('called'); } catch (e) { print(e.name); }
//// the common constructor makes nothing
const T = Object.getPrototypeOf(Uint8Array);
for (const f of [() => new T(), () => T(), () => Reflect.construct(T, [], Uint8Array)]) try { f(); print('made'); } catch (e) { print(e.name); }
//// lengths and names
const T = Object.getPrototypeOf(Uint8Array);
print(T.name, T.length, Uint8Array.name, Uint8Array.length, Float32Array.length, T.from.length, T.of.length);
//// attributes of BYTES_PER_ELEMENT and prototype
for (const [o, k] of [[Int32Array, 'BYTES_PER_ELEMENT'], [Int32Array.prototype, 'BYTES_PER_ELEMENT'], [Int32Array, 'prototype'], [Int32Array.prototype, 'constructor'], [Object.getPrototypeOf(Int32Array), 'prototype']]) {
  const d = Object.getOwnPropertyDescriptor(o, k);
  print(k, d.writable, d.enumerable, d.configurable);
}
//// own properties of the constructors and prototypes
print(Reflect.ownKeys(Uint16Array).map(String).sort().join(), Reflect.ownKeys(Uint16Array.prototype).map(String).sort().join());
//// the chain of prototypes
const T = Object.getPrototypeOf(Uint8Array);
print(Object.getPrototypeOf(T) === Function.prototype, Object.getPrototypeOf(T.prototype) === Object.prototype, Object.getPrototypeOf(Int8Array.prototype) === T.prototype, Object.getPrototypeOf(new Int8Array(1)) === Int8Array.prototype, T.prototype.constructor === T);
//// of an array
print(new Uint8Array([1, 2.7, -1, 256, '7', true, null, undefined, NaN, [9], {}]).join());
//// of an array with holes and something in the prototype
Array.prototype[1] = 5;
print(new Uint8Array([1, , 3]).join(), new Uint8Array([1, 2, , ,]).join());
delete Array.prototype[1];
//// of an array with an accessor
const a = [1, 2, 3];
Object.defineProperty(a, 1, { get() { print('get'); return 7; } });
print(new Int8Array(a).join());
//// values are all read before the first is made a number
const a = [{ valueOf() { a[1] = 9; a.length = 2; return 1; } }, 2, 3];
print(new Int8Array(a).join(), a.length);
//// an array with an iterator of its own
const a = [1, 2, 3];
a[Symbol.iterator] = function* () { yield 7; yield 8; };
print(new Int8Array(a).join());
//// an array whose iterator is none
for (const it of [undefined, null, 5]) {
  const a = [1, 2, 3];
  a[Symbol.iterator] = it;
  try { print(new Int8Array(a).join()); } catch (e) { print(e.name); }
}
//// array iterators that the script has changed
const P = Object.getPrototypeOf([][Symbol.iterator]()), next = P.next;
let n = 0;
P.next = function () { n++; return next.call(this); };
print(new Int8Array([1, 2]).join(), n);
P.next = next;
//// of iterables
print(new Uint8Array(new Set([1, 2, 2, 3])).join(), new Uint8Array('1234').join(), new Uint8Array((function* () { yield 1; yield '2'; })()).join(), new Uint8Array(new Map([[1, 2]]).keys()).join());
//// text is no iterable unless it is an object
print(new Uint8Array('3').length, new Uint8Array(new String('123')).join());
//// iterables are read to their end before a number is made
let done = false;
const it = { *[Symbol.iterator]() { try { yield { valueOf() { throw new Error('value'); } }; yield 2; } finally { done = true; } } };
try { new Uint8Array(it); } catch (e) { print(e.message, done); }
//// iterables that fail
for (const it of [{ [Symbol.iterator]: 1 }, { [Symbol.iterator]() { return 1; } }, { [Symbol.iterator]() { return {}; } }, { [Symbol.iterator]() { return { next() { return 1; } }; } }, { [Symbol.iterator]() { throw new RangeError(); } }])
  try { new Uint8Array(it); print('made'); } catch (e) { print(e.name); }
//// the iterator is asked for once
let n = 0;
const o = { get [Symbol.iterator]() { n++; return function* () { yield 4; }; } };
print(new Uint8Array(o).join(), n);
//// of objects like arrays
print(new Uint8Array({ length: 3, 0: 1, 2: 3 }).join(), new Uint8Array({}).length, new Uint8Array({ length: '2', 0: '7' }).join(), new Uint8Array(function (a, b) {}).length);
//// objects like arrays with odd lengths
for (const length of [-1, NaN, 2.9, 2 ** 53, Infinity, { valueOf() { return 1; } }]) try { print(new Uint8Array({ length }).length); } catch (e) { print(e.name); }
//// getters that throw
for (const o of [{ get length() { throw new RangeError('length'); } }, { length: 2, get 1() { throw new RangeError('one'); } }, { length: 1, 0: Symbol() }])
  try { new Uint8Array(o); } catch (e) { print(e.name, e.name === 'RangeError' ? e.message : ''); }
//// a symbol, a function, null
for (const x of [Symbol('s'), () => 1, null]) try { print(new Uint8Array(x).length); } catch (e) { print(e.name); }
//// of another typed array
print(new Uint8Array(new Float64Array([1.9, -1.9, 300, NaN, Infinity, 2 ** 40 + 5])).join(), new Float32Array(new Float64Array([0.1, 1e300, NaN])).join(), new Uint8ClampedArray(new Int16Array([-5, 5, 500])).join());
//// a copy has bytes of its own
const a = new Uint8Array([1, 2]), b = new Uint8Array(a), c = new Int8Array(a);
a[0] = 9;
print(b.join(), c.join(), b.buffer === a.buffer, c.buffer.byteLength);
//// a typed array is copied whatever its iterator
const a = new Uint8Array([1, 2]);
a[Symbol.iterator] = function* () { yield 9; };
print(new Uint8Array(a).join(), Uint8Array.from(a).join());
//// a typed array is copied whatever its length says
const a = new Uint8Array([1, 2, 3]);
Object.defineProperty(a, 'length', { value: 1 });
print(new Uint8Array(a).length, a.length);
//// of a part of a buffer
const b = new ArrayBuffer(8);
for (const args of [[], [0], [4], [8], [2, 1], [4, 4], [0, undefined], [undefined, 3], ['1', '2']]) { const a = new Uint8Array(b, ...args); print(a.byteOffset, a.length, a.buffer === b); }
//// parts of buffers that do not fit
const b = new ArrayBuffer(10);
for (const [C, ...args] of [[Uint8Array, 11], [Uint8Array, -1], [Uint8Array, 0, 11], [Uint8Array, 5, 6], [Uint16Array, 1], [Uint32Array, 0], [Uint32Array, 8], [Uint32Array, 8, 1], [Uint32Array, 4, 1], [Uint8Array, Infinity], [Uint8Array, 0, -1], [Float64Array, 4, 0], [Uint16Array, 12]])
  try { print(C.name, new C(b, ...args).length); } catch (e) { print(C.name, e.name); }
//// order of offset and length
const log = [], of = (name, v) => ({ valueOf() { log.push(name); return v; } });
try { new Uint32Array(new ArrayBuffer(8), of('offset', 2), of('length', 1)); } catch (e) { log.push(e.name); }
try { new Uint8Array(new ArrayBuffer(8), of('offset', 9), of('length', 1)); } catch (e) { log.push(e.name); }
new Uint8Array([1], of('never', 1));
print(log.join());
//// two views of the same bytes
const b = new ArrayBuffer(8), f = new Float64Array(b), u = new Uint8Array(b), w = new Uint32Array(b, 4);
f[0] = -1;
print(u.join(), w[0].toString(16));
u[7] = 0x40;
print(f[0]);
//// a derived class
class Points extends Float32Array { constructor(...a) { super(...a); this.made = true; } sum() { return this.reduce((a, b) => a + b, 0); } }
const p = new Points([1, 2, 3]);
print(p.sum(), p.made, p instanceof Points, p instanceof Float32Array, Object.prototype.toString.call(p), p.constructor.name, Points.BYTES_PER_ELEMENT, p.slice(1).sum(), p.map(x => x * 2).sum());
//// new.target decides about the prototype
function F() {}
F.prototype = { mine: 1 };
const a = Reflect.construct(Uint8Array, [2], F);
print(a.mine, a instanceof Uint8Array, a[0], Object.getPrototypeOf(a) === F.prototype, ArrayBuffer.isView(a), Object.prototype.toString.call(a));
F.prototype = 1;
print(Object.getPrototypeOf(Reflect.construct(Uint8Array, [2], F)) === Uint8Array.prototype);
//// from
print(Uint8Array.from([1, 2, 3]).join(), Uint8Array.from('123').join(), Uint8Array.from({ length: 2, 0: 5 }).join(), Uint8Array.from(new Set([7])).join(), Float32Array.from([0.5, '1.5']).join(), Uint8Array.from(new Float64Array([1.5, 2.5])).join());
//// from with a function
print(Uint8Array.from([1, 2, 3], function (x, i) { return x * this.k + i; }, { k: 10 }).join(), Int8Array.from({ length: 3 }, (_, i) => -i).join());
//// from: what the function gets
Uint8Array.from([5, 6], function (...a) { print(this === undefined, a.length, a.join()); return 0; });
//// from reads iterables to the end first, then maps
const log = [];
Uint8Array.from((function* () { for (let i = 0; i < 3; i++) { log.push('y' + i); yield i; } })(), x => { log.push('m' + x); return x; });
print(log.join());
//// from: checks
for (const f of [() => Uint8Array.from(), () => Uint8Array.from(null), () => Uint8Array.from([], 1), () => Uint8Array.from.call({}, []), () => Uint8Array.from.call(Array, [1]), () => Object.getPrototypeOf(Uint8Array).from([1]), () => Uint8Array.from.call(undefined, [])])
  try { f(); print('made'); } catch (e) { print(e.name); }
//// from with a constructor that makes something else
function Long() { return new Uint8Array(5); }
function Short() { return new Uint8Array(1); }
function Clamped(n) { return new Uint8ClampedArray(n); }
for (const C of [Long, Short, Clamped]) try { print(Uint8Array.from.call(C, [1, 300, 3]).join()); } catch (e) { print(e.name); }
//// from into the array that it reads
const a = new Uint8Array([1, 2, 3, 4]);
function Same() { return a; }
print(Uint8Array.from.call(Same, a, x => { a[3] = 9; return x + 1; }).join());
//// from of an object like an array that grows smaller
const o = { length: 3, 0: 1, 1: 2, 2: 3 };
print(Uint8Array.from(o, (x, i) => { if (i === 0) delete o[2]; return x; }).join());
//// of
print(Uint8Array.of().length, Uint8Array.of(1, '2', 300, -1).join(), Float64Array.of(0.1, -0).join(), Object.is(Float64Array.of(-0)[0], -0));
//// of: checks
for (const f of [() => Uint8Array.of.call(undefined, 1), () => Uint8Array.of.call(Array, 1), () => Uint8Array.of(Symbol()), () => Object.getPrototypeOf(Uint8Array).of(1), () => Uint8Array.of.call(class { constructor() { return new Uint8Array(1); } }, 1, 2)])
  try { f(); print('made'); } catch (e) { print(e.name); }
//// from and of of a derived class
class My extends Int16Array {}
print(My.from([1, 2]) instanceof My, My.of(3).constructor.name, My.from([70000])[0]);
//// conversion to each type
const values = [0, -0, 1.5, -1.5, 127, 128, 255, 256, -128, -129, 32768, 65536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, 1e20, -1e20, NaN, Infinity, -Infinity];
for (const C of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array]) print(C.name, new C(values).join());
//// clamping rounds ties to even
print(new Uint8ClampedArray([0.5, 1.5, 2.5, 0.49999999999999994, 0.5000001, 254.5, 255.5, -0.5, 253.5, 1e9, -1e9, NaN]).join());
//// a float keeps what it can
const f = new Float32Array([0.1, 16777217, 1.401298464324817e-45, 7e-46, 3.4028234663852886e38, 3.4028235677973366e38, 3.5e38, -0]);
print(f.join(), Object.is(f[7], -0));
//// the species of the common constructor
const T = Object.getPrototypeOf(Uint8Array), d = Object.getOwnPropertyDescriptor(T, Symbol.species);
print(T[Symbol.species] === T, Uint8Array[Symbol.species] === Uint8Array, d.get.name, d.set, d.enumerable, d.configurable, Uint8Array.hasOwnProperty(Symbol.species));
//// a proxy around a constructor
const P = new Proxy(Uint8Array, { construct(t, args, n) { print('construct', args.length); return Reflect.construct(t, args, n); } });
print(new P([1, 2]).join(), P.from([3]).join());
//// arguments and their iterator
(function () { print(new Uint8Array(arguments).join(), Uint8Array.from(arguments, x => x + 1).join()); })(1, 2, 3);
//// many elements
const a = Uint8Array.from({ length: 1000 }, (_, i) => i);
print(a.length, a[999], a.reduce((x, y) => x + y), new Uint16Array(a)[700], new Uint32Array(Array.from(a)).length);
//// an array of what is no number among many numbers
const a = Array.from({ length: 300 }, (_, i) => i);
a[299] = { valueOf() { a[0] = 77; return 7; } };
const t = new Uint8Array(a);
print(t[0], t[299], t.length);

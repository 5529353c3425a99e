// SPDX-License-Identifier: MIT
//// lengths
for (const n of [0, 5, '3', 2.9, -0.9, null, undefined, NaN, true]) print(new ArrayBuffer(n).byteLength);
//// lengths that are none
for (const n of [-1, Infinity, 2 ** 53, 7 * 2 ** 50, Symbol(), -Infinity]) try { print(new ArrayBuffer(n).byteLength); } catch (e) { print(e.name); }
//// new is needed
try { ArrayBuffer(1); } catch (e) { print(e.name); }
print(ArrayBuffer.name, ArrayBuffer.length, new ArrayBuffer().byteLength, Object.prototype.toString.call(new ArrayBuffer(1)));
//// bytes begin as zero
print(new Uint8Array(new ArrayBuffer(20)).join(''));
//// own keys of constructor and prototype
print(['isView', 'prototype', Symbol.species].map(k => ArrayBuffer.hasOwnProperty(k)).join(), ['byteLength', 'slice', 'constructor', Symbol.toStringTag].map(k => ArrayBuffer.prototype.hasOwnProperty(k)).join());
//// a buffer has no elements
const b = new ArrayBuffer(2);
b[0] = 7; b.x = 1;
print(b[0], new Uint8Array(b)[0], Object.keys(b).join(), 1 in b, b.length, delete b[0], b[0]);
//// byteLength
const d = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength');
print(d.get.name, d.get.length, d.set, d.enumerable, d.configurable, d.get.call(new ArrayBuffer(3)));
for (const o of [{}, new Uint8Array(1), new DataView(new ArrayBuffer(1)), null, ArrayBuffer.prototype]) try { d.get.call(o); print('length'); } catch (e) { print(e.name); }
try { new ArrayBuffer(2).byteLength = 5; print('set'); } catch (e) { print(e.name); }
//// isView
print([new Uint8Array(), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), [], null, undefined, 1, {}, Uint8Array, new (class extends Float64Array {})()].map(x => ArrayBuffer.isView(x)).join(), ArrayBuffer.isView(), ArrayBuffer.isView.length);
//// slice
const b = Uint8Array.of(1, 2, 3, 4, 5).buffer, s = (...x) => new Uint8Array(b.slice(...x)).join('');
print(s(), s(1), s(1, 3), s(-2), s(0, -1), s(3, 1), s(9), s(-9, 99), s('1', '2'), s(NaN), s(undefined, undefined), s(1.9, 3.9), s(Infinity), s(-Infinity, Infinity), b.slice() === b);
//// slice wants a buffer
for (const o of [{}, new Uint8Array(1), null, ArrayBuffer.prototype]) try { ArrayBuffer.prototype.slice.call(o); print('sliced'); } catch (e) { print(e.name); }
//// slice: order of conversions
const log = [], of = (n, v) => ({ valueOf() { log.push(n); return v; } }), b = new ArrayBuffer(4);
Object.defineProperty(b, 'constructor', { get() { log.push('constructor'); } });
print(b.slice(of('from', 1), of('to', 3)).byteLength, log.join());
//// slice of a derived class
class B extends ArrayBuffer { constructor(n) { super(n); this.asked = n; } }
const b = new B(4), s = b.slice(1, 3);
print(s instanceof B, s.asked, s.byteLength, Object.prototype.toString.call(s));
//// slice and species
const made = {};
for (const [name, f] of Object.entries({ same: b => b, short: () => new ArrayBuffer(1), long: () => new ArrayBuffer(9), none: () => ({}), view: () => new Uint8Array(9) })) {
  const b = new ArrayBuffer(4);
  b.constructor = { [Symbol.species]: function () { return f(b); } };
  try { print(name, b.slice(1).byteLength); } catch (e) { print(name, e.name); }
}
for (const c of [null, 1, undefined, { [Symbol.species]: null }, { [Symbol.species]: 3 }, { [Symbol.species]: () => 1 }]) {
  const b = new ArrayBuffer(4);
  b.constructor = c;
  try { print(b.slice(1).byteLength); } catch (e) { print(e.name); }
}
//// species
const d = Object.getOwnPropertyDescriptor(ArrayBuffer, Symbol.species);
print(ArrayBuffer[Symbol.species] === ArrayBuffer, d.get.name, d.set, d.enumerable, d.configurable);
//// the buffer of a typed array is always the same
const a = new Uint8Array([1, 2, 3]);
print(a.buffer === a.buffer, a.subarray(1).buffer === a.buffer, new Uint8Array(a.buffer, 1).buffer === a.buffer, a.buffer.byteLength, a.slice().buffer === a.buffer);
//// a buffer made by Reflect.construct
function F() {}
const b = Reflect.construct(ArrayBuffer, [3], F);
print(b instanceof F, b instanceof ArrayBuffer, Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get.call(b), new Uint8Array(b).length);
//// properties of a buffer object
const b = Object.freeze(new ArrayBuffer(2));
new Uint8Array(b)[0] = 5;
print(new Uint8Array(b)[0], Object.isFrozen(b));
try { b.x = 1; } catch (e) { print(e.name); }
//// buffers as keys
const b = new ArrayBuffer(1), m = new Map([[b, 1]]), w = new WeakMap([[b, 2]]);
print(m.get(b), w.get(b), m.get(new Uint8Array(b).buffer), m.get(new ArrayBuffer(1)));

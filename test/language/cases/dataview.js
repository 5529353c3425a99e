// SPDX-License-Identifier: MIT
//// parts of a buffer
const b = new ArrayBuffer(8);
for (const args of [[], [0], [4], [8], [2, 1], [4, 4], [0, undefined], [undefined, 3], ['1', '2'], [1.9], [8, 0]]) { const v = new DataView(b, ...args); print(v.byteOffset, v.byteLength, v.buffer === b); }
//// parts that do not fit
const b = new ArrayBuffer(8);
for (const args of [[9], [-1], [0, 9], [5, 4], [Infinity], [0, -1], [0, Infinity], [2 ** 53], [Symbol()]]) try { print(new DataView(b, ...args).byteLength); } catch (e) { print(e.name); }
//// only buffers
for (const x of [undefined, null, {}, [], new Uint8Array(4), 4, 'x']) try { new DataView(x); print('made'); } catch (e) { print(e.name); }
try { DataView(new ArrayBuffer(1)); } catch (e) { print(e.name); }
print(DataView.name, DataView.length, Object.prototype.toString.call(new DataView(new ArrayBuffer(1))));
//// order of conversions
const log = [], of = (n, v) => ({ valueOf() { log.push(n); return v; } });
new DataView(new ArrayBuffer(8), of('offset', 1), of('length', 2));
try { new DataView({}, of('never', 1)); } catch (e) { log.push(e.name); }
try { new DataView(new ArrayBuffer(8), of('offset', 9), of('never', 2)); } catch (e) { log.push(e.name); }
print(log.join());
//// names and lengths of methods
print(['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64'].map(t => ['get', 'set'].map(k => DataView.prototype[k + t].name + DataView.prototype[k + t].length)).join());
//// accessors
for (const k of ['buffer', 'byteLength', 'byteOffset']) {
  const d = Object.getOwnPropertyDescriptor(DataView.prototype, k);
  print(d.get.name, d.get.length, d.set, d.enumerable, d.configurable);
  for (const o of [{}, new Uint8Array(1), new ArrayBuffer(1), null, DataView.prototype]) try { d.get.call(o); print(k); } catch (e) { print(e.name); }
}
//// methods want a DataView
for (const k of ['getInt8', 'setFloat64']) for (const o of [{}, new Uint8Array(9), new ArrayBuffer(9), undefined]) try { DataView.prototype[k].call(o, 0, 0); print(k); } catch (e) { print(e.name); }
//// both orders of bytes
const v = new DataView(new ArrayBuffer(8)), bytes = () => [...new Uint8Array(v.buffer)].map(x => x.toString(16)).join();
v.setUint16(0, 0x1234); v.setUint16(2, 0x1234, true); v.setUint32(4, 0x12345678); print(bytes());
v.setUint32(0, 0x12345678, true); v.setInt16(4, -2, false); v.setInt16(6, -2, true); print(bytes());
v.setFloat32(0, 1.5); v.setFloat32(4, 1.5, true); print(bytes());
v.setFloat64(0, -Math.PI); print(bytes());
v.setFloat64(0, -Math.PI, true); print(bytes());
//// reading
const v = new DataView(Uint8Array.of(0x80, 0x01, 0xff, 0x7f, 0x40, 0x49, 0x0f, 0xdb, 0, 0, 0, 0).buffer);
print(v.getInt8(0), v.getUint8(0), v.getInt16(0), v.getInt16(0, true), v.getUint16(0), v.getUint16(2, true), v.getInt32(0), v.getInt32(0, true), v.getUint32(0), v.getUint32(0, true), v.getFloat32(4), v.getFloat32(4, true), v.getFloat64(4), v.getFloat64(4, true));
//// there and back
const v = new DataView(new ArrayBuffer(16), 3);
for (const [t, ...xs] of [['Int8', 127, -128, 200], ['Uint8', 255, -1], ['Int16', -32768, 40000], ['Uint16', 65535, 70000], ['Int32', 2 ** 31, -1], ['Uint32', 2 ** 32 - 1, -1, 1e20], ['Float32', 0.1, NaN, -Infinity, 1e40], ['Float64', 0.1, NaN, -0, 5e-324]])
  for (const x of xs) for (const little of [false, true]) { v['set' + t](1, x, little); const y = v['get' + t](1, little); print(t, Object.is(y, -0) ? '-0' : y); }
//// what little is
const v = new DataView(new ArrayBuffer(2));
for (const little of [undefined, null, 0, '', 'x', {}, [], 1]) { v.setUint16(0, 1, little); print(v.getUint8(0), v.getUint8(1)); }
//// places
const v = new DataView(new ArrayBuffer(8), 2, 4);
for (const at of [0, '1', 2, 2.9, NaN, undefined, null, true, -0.5, 3, 4, -1, Infinity, -Infinity, 2 ** 32, 2 ** 53, Symbol(), 'x']) try { print(v.getUint16(at)); } catch (e) { print(e.name); }
print(v.getUint8(), v.getInt16());
//// the place is looked at before the value, the bounds after it
const log = [], of = (n, v) => ({ valueOf() { log.push(n); return v; } }), v = new DataView(new ArrayBuffer(4));
for (const [at, x] of [[of('at', 0), of('value', 1)], [of('at', 9), of('value', 1)], [of('at', -1), of('never', 1)], [Infinity, of('value', 1)]]) try { v.setInt32(at, x, { valueOf() { log.push('never'); } }); log.push('set'); } catch (e) { log.push(e.name); }
print(log.join());
//// a value that is none
const v = new DataView(new ArrayBuffer(4));
v.setUint8(0, 7); v.setUint8(0); print(v.getUint8(0));
for (const x of [Symbol(), { valueOf() { throw new RangeError(); } }]) try { v.setInt8(0, x); } catch (e) { print(e.name); }
print(v.setFloat32(0, '1.5'), v.getFloat32(0), (v.setInt16(0, [7]), v.getInt16(0)));
//// places without alignment
const v = new DataView(new ArrayBuffer(20));
for (let i = 0; i < 12; i++) { v.setFloat64(i, i + 0.5, i % 2 === 1); print(v.getFloat64(i, i % 2 === 1)); }
//// a view sees what others write
const b = new ArrayBuffer(4), v = new DataView(b, 1), u = new Uint8Array(b);
u.set([1, 2, 3, 4]);
print(v.getUint8(0), v.getUint16(1)); v.setUint8(2, 9); print(u.join());
//// a view has no elements
const v = new DataView(new ArrayBuffer(2));
v[0] = 7; v.x = 1;
print(v[0], v.getUint8(0), Object.keys(v).join(), 1 in v, v.length, delete v[0]);
//// a derived class
class V extends DataView { get twice() { return this.getUint8(0) * 2; } }
const v = new V(Uint8Array.of(21).buffer);
print(v.twice, v instanceof DataView, v.constructor.name, ArrayBuffer.isView(v));
//// a DataView made by Reflect.construct
function F() {}
const v = Reflect.construct(DataView, [new ArrayBuffer(4), 1], F);
print(v instanceof F, v instanceof DataView, DataView.prototype.getUint8.call(v, 0), Object.getOwnPropertyDescriptor(DataView.prototype, 'byteLength').get.call(v));
//// own keys of the prototype
print(['buffer', 'byteLength', 'byteOffset', 'getInt8', 'setFloat64', 'constructor', Symbol.toStringTag].map(k => DataView.prototype.hasOwnProperty(k)).join(), Object.keys(DataView.prototype).length);
const d = Object.getOwnPropertyDescriptor(DataView.prototype, 'getInt8');
print(d.writable, d.enumerable, d.configurable, 'prototype' in d.value);
//// a message with fields
const text = 'hello', body = new TextEncoder().encode(text), message = new Uint8Array(7 + body.length), v = new DataView(message.buffer);
v.setUint8(0, 1); v.setUint16(1, body.length); v.setInt32(3, -5, true); message.set(body, 7);
print(message.join(), v.getUint8(0), v.getUint16(1), v.getInt32(3, true), new TextDecoder().decode(message.subarray(7, 7 + v.getUint16(1))));

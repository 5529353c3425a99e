// SPDX-License-Identifier: MIT
//// bytes per element
print([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map(T => T.name + T.BYTES_PER_ELEMENT + new T(1).BYTES_PER_ELEMENT).join());
//// numbers wrap around
print(new Uint8Array([256, -1, 1.9, -1.9, NaN, '7', 2 ** 32 + 3]).join(), new Int8Array([128, 255, -129]).join(), new Int16Array([32768, 65535]).join(), new Uint32Array([-1, 2 ** 32]).join(), new Int32Array([2 ** 31]).join());
//// clamped bytes round to even
print(new Uint8ClampedArray([300, -5, 1.5, 2.5, 0.5, NaN, Infinity, 254.5]).join());
//// floats of 32 bits
print(new Float32Array([0.1, 16777217, 1e40, -0, NaN]).join(' '), new Float64Array([0.1])[0], Object.is(new Float32Array([-0])[0], -0));
//// made from a length
const a = new Uint16Array(3);
print(a.length, a.byteLength, a.join(), new Uint8Array().length, new Uint8Array('2').length, new Uint8Array(null).length);
for (const n of [-1, 2 ** 53]) try { new Uint8Array(n); print('made'); } catch (e) { print(e.name); }
//// two views of one buffer
const b = new ArrayBuffer(4), bytes = new Uint8Array(b), words = new Uint16Array(b);
words[0] = 0x0102;
bytes[3] = 1;
print(bytes.join(), words[1], bytes.buffer === words.buffer);
//// views with an offset
const b = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
const v = new Uint8Array(b, 2, 3), w = new Uint16Array(b, 4);
print(v.join(), v.byteOffset, w.length, w.byteLength);
for (const f of [() => new Uint16Array(b, 1), () => new Uint8Array(b, 9), () => new Uint8Array(b, 4, 5), () => new Uint32Array(new ArrayBuffer(5))]) try { f(); print('made'); } catch (e) { print(e.name); }
//// subarray shares, slice copies
const a = new Uint8Array([1, 2, 3, 4]), s = a.subarray(1, 3), c = a.slice(1, 3);
a[1] = 99;
print(s.join(), c.join(), s.byteOffset, c.byteOffset, a.subarray(-2).join(), a.slice(-3, -1).join(), a.subarray(3, 1).length);
//// set of an overlapping part
const a = new Uint8Array([1, 2, 3, 4, 5]);
a.set(a.subarray(0, 4), 1);
print(a.join());
//// from and of
print(Uint8Array.from('123').join(), Uint8Array.of(1, 300).join(), Float64Array.from([1, 2], x => x / 4).join(), Int8Array.from({ length: 2 }).join(), Uint8Array.from(new Map([[1, 2]])).join());
//// sorting is by number
print(new Float64Array([10, 9, -0, 0, NaN, -1, Infinity]).sort().join(), Object.is(new Float64Array([0, -0]).sort()[0], -0), new Uint8Array([1, 20, 3]).sort((a, b) => b - a).join());
//// map and filter give the same type
const a = new Uint8Array([1, 2, 200]);
const m = a.map(x => x * 2), f = a.filter(x => x < 100);
print(m.join(), m instanceof Uint8Array, f.join(), f.constructor === Uint8Array);
//// the other methods of arrays
const a = new Int16Array([3, 1, 2]);
print(a.indexOf(1), a.includes(2), a.find(x => x > 1), a.findIndex(x => x === 9), a.reduce((x, y) => x + y), a.some(x => x > 2), a.every(x => x > 1), a.lastIndexOf(2), a.at(-1), a.reduceRight((x, y) => x + '-' + y));
//// fill, reverse, copyWithin
const a = new Uint8Array([1, 2, 3, 4, 5]);
print(a.reverse().join(), a.copyWithin(0, 3).join(), a.fill(300, 1, -1).join(), a.fill('2') === a, a.join('+'));
//// iterators
const a = new Uint8Array([7, 8]);
print([...a].join(), [...a.keys()].join(), [...a.entries()].join('|'), Uint8Array.prototype[Symbol.iterator] === Uint8Array.prototype.values);
let n = 0;
for (const x of a) n += x;
print(n);
//// typed arrays are no arrays
const a = new Uint8Array([1, 2]);
print(Array.isArray(a), [0].concat(a).length, JSON.stringify(a), String(a), Object.prototype.toString.call(a), typeof a.push, Array.from(a).concat([3]).join());
//// the shared constructor
const T = Object.getPrototypeOf(Uint8Array);
print(T.name, T === Object.getPrototypeOf(Float32Array), Uint8Array.prototype.hasOwnProperty('map'), T.prototype.hasOwnProperty('map'));
try { new T(); } catch (e) { print(e.name); }
try { Uint8Array(1); } catch (e) { print(e.name); }
//// ArrayBuffer
const b = new ArrayBuffer(8);
print(b.byteLength, ArrayBuffer.isView(b), ArrayBuffer.isView(new DataView(b)), ArrayBuffer.isView(new Int8Array(1)), String(b), b.slice(2).byteLength, b.slice(-3, -1).byteLength, b.slice(6, 2).byteLength);
for (const f of [() => ArrayBuffer(1), () => new ArrayBuffer(-1)]) try { f(); print('made'); } catch (e) { print(e.name); }
//// a slice of a buffer is a copy
const a = new Uint8Array([1, 2, 3]), c = new Uint8Array(a.buffer.slice(1));
a[1] = 9;
print(c.join(), a.join());
//// DataView reads both ends
const v = new DataView(new ArrayBuffer(8));
v.setUint16(0, 0x0102); v.setUint16(2, 0x0102, true);
print(v.getUint8(0), v.getUint8(2), v.getUint16(0, true), v.getUint32(0).toString(16), v.getInt32(0, true).toString(16));
//// DataView and floats
const v = new DataView(new ArrayBuffer(16));
v.setFloat64(0, Math.PI); v.setFloat32(8, 1.5, true);
print(v.getFloat64(0), v.getFloat32(8, true), v.getUint8(0).toString(16), v.getFloat64(0, true) === Math.PI, v.getInt8(11));
//// DataView wraps numbers and checks places
const v = new DataView(new ArrayBuffer(4), 1, 2);
v.setInt8(0, 255); v.setUint8(1, -2);
print(v.getInt8(0), v.getUint8(1), v.byteOffset, v.byteLength);
for (const f of [() => v.getInt16(1), () => v.getInt8(2), () => v.setInt8(-1, 0), () => new DataView({}), () => new DataView(new ArrayBuffer(1), 2), () => DataView(new ArrayBuffer(1))]) try { f(); print('ok'); } catch (e) { print(e.name); }
//// the bytes of a number
const f = new Float64Array([1]), b = new Uint8Array(f.buffer);
b[7] = 0xC0; b[6] = 0x08; f[0] === -3 ? print('minus three') : print(f[0]);
print(new Uint8Array(new Float32Array([1]).buffer).join());
//// callbacks of typed arrays
const a = new Uint8Array([5]), seen = [];
a.forEach(function (v, i, all) { seen.push(v, i, all === a, this.t); }, { t: 't' });
print(seen.join());
for (const f of [() => a.map(), () => a.reduce(), () => new Uint8Array().reduce((x, y) => x)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// text to bytes and back
const bytes = new TextEncoder().encode('aé€\u{1F600}');
print(bytes.length, bytes.join(), new TextDecoder().decode(bytes) === 'aé€\u{1F600}', new TextDecoder().decode(bytes.subarray(1, 3)));
//// text decoding of bad bytes
const d = new TextDecoder();
print(d.decode(new Uint8Array([0x61, 0xff, 0x62])) === 'a\ufffdb', d.decode(new Uint8Array([0xc3])).length, d.decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x78])), d.decode(new Uint8Array(0)) === '', new TextEncoder().encode('\uD800').join());
//// made from lists
print(new Uint8Array([1, 2]).join(), new Uint8Array(new Set([3, 4])).join(), new Uint8Array({ length: 2, 0: 5 }).join(), new Uint8Array(new Float32Array([1.7, -1])).join(), new Int8Array([, 1]).join());
//// set
const a = new Uint8Array(5);
a.set([1, 2]); a.set(new Float32Array([3.9]), 4); a.set({ length: 1, 0: 7 }, 2);
print(a.join());
for (const f of [() => a.set([1, 2], 4), () => a.set([1], -1)]) try { f(); print('set'); } catch (e) { print(e.name); }
//// indices out of range are ignored
const a = new Uint8Array(2);
a[5] = 1; a[-1] = 1;
print(a[5], a[-1], 5 in a, 1 in a, a.length, Object.keys(a).join());
//// length is a getter and cannot be set
const a = new Uint8Array(3), d = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length');
print(typeof (d && d.get), a.hasOwnProperty('length'));
try { a.length = 1; print('ignored'); } catch (e) { print(e.name); }
print(a.length);
//// properties of typed arrays
const a = new Uint8Array([1]);
print(JSON.stringify(Object.getOwnPropertyDescriptor(a, 0)), Object.getOwnPropertyDescriptor(a, 1));
try { Object.freeze(a); print('frozen'); } catch (e) { print(e.name); }
a.extra = 'x'; print(a.extra, Object.keys(a).join());
//// lengths of DataView methods
print(['getInt8', 'getUint8', 'getInt16', 'getFloat64', 'setInt8', 'setUint32', 'setFloat32'].map(k => k + DataView.prototype[k].length).join());
//// typed arrays share one constructor
const T = Object.getPrototypeOf(Int8Array);
print(T.name, T.prototype.constructor === T, T.length, typeof T.from, Int8Array.hasOwnProperty('from'), Int8Array.of === Float32Array.of);
//// the tag of typed arrays is a getter
const T = Object.getPrototypeOf(Int8Array.prototype), get = Object.getOwnPropertyDescriptor(T, Symbol.toStringTag).get;
print(get.call(new Int8Array(1)), get.call({}), get.name);
//// typed arrays: odd keys
const t = new Uint8Array(2);
t['1.5'] = 1; t['-0'] = 1; t.name = 1; t['01'] = 1;
print(Object.keys(t).join(), t['1.5'], t['01']);
//// typed arrays: what is beyond the end is never there
const t = new Uint8Array(2);
print(Reflect.set(t, 1, 7), Reflect.has(t, 5), Reflect.defineProperty(t, 5, { value: 1 }), delete t[5], t[1]);
//// typed arrays do not look for elements in their prototype
Object.prototype[5] = 'up';
print(new Uint8Array(2)[5], [][5], '5' in new Uint8Array(2));
delete Object.prototype[5];

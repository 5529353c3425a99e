// SPDX-License-Identifier: MIT
//// lengths of constructors
print([Object, Array, Function, String, Number, Boolean, Symbol, Date, RegExp, Map, Set, WeakMap, Promise, Proxy, ArrayBuffer, DataView, Uint8Array, Float64Array, Error].map(C => C.name + C.length).join());
//// lengths of DataView methods
print(['getInt8', 'getUint8', 'getInt16', 'getFloat64', 'setInt8', 'setUint32', 'setFloat32'].map(k => k + DataView.prototype[k].length).join());
//// species of buffers and patterns
print([ArrayBuffer, RegExp, Array, Map, Set].map(C => C[Symbol.species] === C).join());
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

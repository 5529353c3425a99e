// SPDX-License-Identifier: MIT
//// every method wants a typed array
const T = Object.getPrototypeOf(Uint8Array.prototype), names = Object.getOwnPropertyNames(T).filter(k => typeof Object.getOwnPropertyDescriptor(T, k).value === 'function' && !/^(constructor|toString|to[RS]|with)/.test(k)).sort();
print(names.length > 20);
for (const k of names) for (const o of [undefined, [], new DataView(new ArrayBuffer(1)), T]) try { T[k].call(o, () => 1); print(k); } catch (e) { if (e.name !== 'TypeError') print(k, e.name); }
//// callbacks must be functions, before the species is asked for
const a = new Uint8Array(1);
Object.defineProperty(a, 'constructor', { get() { print('asked'); } });
for (const k of ['every', 'some', 'forEach', 'map', 'filter', 'find', 'findIndex', 'reduce', 'reduceRight']) for (const f of [undefined, {}, 'x']) try { a[k](f); print(k); } catch (e) { if (e.name !== 'TypeError') print(e.name); }
//// what callbacks get
const a = new Int8Array([5, 6]);
for (const k of ['every', 'some', 'forEach', 'map', 'filter', 'find', 'findIndex']) a[k](function (...args) { print(k, args.length, args[0], args[1], args[2] === a, this); return k === 'every'; }, 'self');
//// every, some
const a = new Uint8Array([1, 2, 3]);
let n = 0;
print(a.every(x => x > 0), a.every(x => { n++; return x < 2; }), n, a.some(x => x === 2), a.some(x => x > 5), new Uint8Array().every(() => false), new Uint8Array().some(() => true), a.forEach(() => 1));
//// map converts to the type of the result
print(new Uint8Array([1, 2]).map(x => x * 200).join(), new Float32Array([1, 2]).map(x => x / 3).join(), new Int16Array([1]).map(() => ({ valueOf: () => '7' })).join(), new Uint8ClampedArray([1]).map(() => 1e9).join());
//// map of what cannot be a number
for (const v of [Symbol(), { valueOf() { throw new RangeError(); } }]) try { new Uint8Array(1).map(() => v); print('made'); } catch (e) { print(e.name); }
//// filter
const a = new Float64Array([1.5, NaN, -0, 3]);
print(a.filter(x => x !== x || x > 1).join(), Object.is(a.filter(x => x === 0)[0], -0), a.filter(() => '').length, a.filter(() => 'yes').length);
//// callbacks that write ahead
const a = new Uint8Array([1, 2, 3]);
print(a.map((x, i) => { if (i < 2) a[i + 1] = 10; return x; }).join(), a.join(), a.filter((x, i) => { a[2] = 99; return true; }).join());
//// callbacks that throw
let n = 0;
for (const k of ['every', 'map', 'filter', 'forEach', 'find', 'reduce']) try { new Uint8Array(3)[k](() => { n++; throw new RangeError(k); }); } catch (e) { print(e.message, n); }
//// find, findIndex, findLast, findLastIndex
const a = new Int16Array([5, -6, 7, -8]);
print(a.find(x => x < 0), a.findIndex(x => x < 0), a.find(x => x > 10), a.findIndex(x => x > 10), a.findLast(x => x < 0), a.findLastIndex(x => x > 0), a.findLast(x => x > 10), a.findLastIndex(x => x > 10));
//// find gives the element that the callback saw
const a = new Uint8Array([1, 2]);
print(a.find((x, i) => { a[i] = 9; return x === 2; }), a.join());
//// reduce and reduceRight
const a = new Uint8Array([1, 2, 3]);
print(a.reduce((x, y) => x + '-' + y), a.reduceRight((x, y) => x + '-' + y), a.reduce((x, y) => x + y, 10), a.reduce((x, y) => x, undefined), new Uint8Array().reduce(() => 1, 'empty'), new Uint8Array([7]).reduce(() => 'called'));
try { new Uint8Array().reduce(() => 1); } catch (e) { print(e.name); }
a.reduce(function (...args) { print(this === undefined, args.length, args.slice(0, 3).join(), args[3] === a); return 0; });
a.reduceRight((x, y, i) => { print(i); }, 0);
//// at
const a = new Uint8Array([1, 2, 3]);
print(a.at(0), a.at(-1), a.at(3), a.at(-4), a.at('1'), a.at(NaN), a.at(1.9), a.at(Infinity), a.at());
//// indexOf
const a = new Float32Array([1, NaN, 0, 1, Infinity]);
print(a.indexOf(1), a.indexOf(NaN), a.indexOf(-0), a.indexOf(1, 1), a.indexOf(1, -2), a.indexOf(1, -99), a.indexOf(1, 5), a.indexOf('1'), a.indexOf(Infinity), a.indexOf(), a.indexOf(1, Infinity), a.indexOf(1, -Infinity), a.indexOf(1, '2'));
//// lastIndexOf
const a = new Float32Array([1, NaN, 0, 1, Infinity]);
print(a.lastIndexOf(1), a.lastIndexOf(NaN), a.lastIndexOf(-0), a.lastIndexOf(1, 2), a.lastIndexOf(1, -3), a.lastIndexOf(1, -99), a.lastIndexOf(1, 99), a.lastIndexOf(1, undefined), a.lastIndexOf(1, -Infinity), a.lastIndexOf(Infinity, Infinity));
//// includes
const a = new Float64Array([1, NaN, -0]);
print(a.includes(NaN), a.includes(0), a.includes(1, 1), a.includes(1, -3), a.includes('1'), a.includes(), a.includes(undefined), new Uint8Array([1]).includes(NaN), new Uint8Array().includes(1));
//// searching asks for the place to begin only if there is something
const from = { valueOf() { print('asked'); return 0; } };
print(new Uint8Array().indexOf(1, from), new Uint8Array().includes(1, from), new Uint8Array(1).indexOf('x', from));
try { new Uint8Array(1).lastIndexOf(0, Symbol()); } catch (e) { print(e.name); }
//// join
const a = new Float64Array([1, 0.5, NaN, -0, 1e21, Infinity]);
print(a.join(), a.join(''), a.join(' - '), a.join(undefined), a.join(null), new Uint8Array().join('x') === '', new Uint8Array([7]).join('x'), new Int8Array([-128, 127]).join('é'), new Uint32Array([4294967295]).join());
try { a.join(Symbol()); } catch (e) { print(e.name); }
//// join asks for its separator's text even if there is nothing
new Uint8Array().join({ toString() { print('asked'); return ''; } });
//// reverse
print(new Uint8Array([1, 2, 3]).reverse().join(), new Float64Array([1, 2, 3, 4]).reverse().join(), new Uint16Array([1]).reverse().join(), new Uint16Array().reverse().length, new Int32Array([1, -2]).reverse().join());
const a = new Uint8Array(2);
print(a.reverse() === a);
//// fill
const f = (...x) => new Uint8Array(5).fill(...x).join('');
print(f(1), f(1, 2), f(1, 1, 3), f(1, -2), f(1, 0, -2), f(1, -99, 99), f(1, 3, 1), f(1, NaN, undefined), f('7', '1', '2'), f(), f(300), f(1, Infinity), f(1, -Infinity, Infinity));
//// fill of all types
for (const C of [Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array, Float64Array]) print(C.name, new C(9).fill(-1.5, 2, 7).join());
//// fill makes one number, first of all
const log = [], of = (n, v) => ({ valueOf() { log.push(n); return v; } });
const a = new Uint8Array(4);
print(a.fill(of('value', 7), of('from', 1), of('to', 3)) === a, a.join(), log.join());
try { a.fill(Symbol(), of('never', 0)); } catch (e) { print(e.name, log.length); }
//// set from an array
const a = new Uint8Array(5);
print(a.set([1, 2]), a.join(), (a.set([300, '7', null], 2), a.join()), (a.set([], 5), a.join()));
//// set from other things
const a = new Uint8Array(6);
a.set('12', 1); a.set({ length: 1, 0: 9 }, 0); a.set(5); a.set(new Set([8])); a.set([, 1], 4); a.set(true);
print(a.join());
for (const x of [null, undefined]) try { a.set(x); } catch (e) { print(e.name); }
//// set: offsets
const a = new Uint8Array(4);
for (const at of [-1, 4, Infinity, -Infinity, NaN, '2', 1.9, undefined, -0.9]) try { a.fill(0); a.set([1], at); print(a.join()); } catch (e) { print(e.name); }
for (const at of [3, 5]) try { a.set(new Int8Array(2), at); print('set'); } catch (e) { print(e.name); }
//// set: what is written before an error stays
const a = new Uint8Array(3);
try { a.set([1, { valueOf() { throw new RangeError(); } }, 3]); } catch (e) { print(e.name, a.join()); }
try { a.set({ length: 3, 0: 5, get 1() { throw new RangeError(); } }); } catch (e) { print(e.name, a.join()); }
//// set: values are asked for one by one
const a = new Uint8Array(3), log = [];
a.set({ get length() { log.push('length'); return 2; }, get 0() { log.push('0'); return { valueOf() { log.push('number'); return 1; } }; }, get 1() { log.push('1'); return 2; } }, { valueOf() { log.push('offset'); return 1; } });
print(log.join(), a.join());
//// set: an array that changes while it is read
const a = new Uint8Array(3), list = [{ valueOf() { list[1] = 9; list.length = 2; return 1; } }, 2, 3];
a.set(list);
print(a.join());
//// set from a typed array of any type
const a = new Uint8Array(4), i = new Int16Array(4), c = new Uint8ClampedArray(4), f = new Float32Array(4), source = new Float64Array([1.9, -1.9, 300, NaN]);
for (const t of [a, i, c, f]) { t.set(source); print(t.join()); }
c.set(new Int8Array([-1, 1])); a.set(new Int8Array([-1, 1])); a.set(c.subarray(0, 1), 2);
print(c.join(), a.join());
//// set from bytes of its own
const u = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
u.set(u.subarray(0, 4), 2); print(u.join());
u.set(u.subarray(2), 0); print(u.join());
const w = new Uint16Array(u.buffer);
w.set(u.subarray(0, 4)); print(w.join());
u.set(w); print(u.join());
const b = new Uint8Array([1, 2, 3, 4]), h = new Uint16Array(b.buffer, 0, 1);
b.set(h, 1); print(b.join());
//// subarray
const a = new Uint16Array([1, 2, 3, 4]), s = (...x) => a.subarray(...x);
print(s().join(), s(1).join(), s(1, 3).join(), s(-2).join(), s(0, -1).join(), s(3, 1).length, s(9).length, s(-9, 99).join(), s('1', '2').join(), s(NaN).join(), s(1).byteOffset, s(1).buffer === a.buffer, s(4).byteOffset);
s(2)[0] = 9; print(a.join());
//// subarray of a subarray
const a = new Uint32Array(10).map((_, i) => i), b = a.subarray(2, 8).subarray(1, 4);
print(b.join(), b.byteOffset, b.byteLength, b.buffer === a.buffer, b.constructor === Uint32Array);
//// slice
const a = new Int16Array([1, -2, 3, -4]), s = (...x) => a.slice(...x).join();
print(s(), s(1), s(1, 3), s(-2), s(0, -1), s(3, 1), s(9), s(-9, 99), s('1', '2'), s(undefined, undefined), s(Infinity), a.slice().buffer === a.buffer);
//// slice keeps no properties
const a = new Uint8Array([1]);
a.x = 1;
print(a.slice().x, a.subarray().x);
//// copyWithin
const c = (...x) => new Uint8Array([1, 2, 3, 4, 5]).copyWithin(...x).join('');
print(c(0, 3), c(1, 0), c(0, 1, 3), c(-2, 0), c(2), c(0, -2, -1), c(99, 0), c(0, 99), c(1, 0, 99), c(), c(NaN, '1'), c(2, 1, 4), c(1, 2, 4));
const w = new Float64Array([1, 2, 3, 4]);
print(w.copyWithin(1, 0, 3).join(), w.copyWithin(0, 2) === w, w.join());
//// copyWithin keeps the bytes of NaN
const f = new Float32Array(4), u = new Uint32Array(f.buffer);
u[0] = 0x7fc12345; u[1] = 0xffc00001;
f.copyWithin(2, 0, 2);
print(u[2].toString(16), u[3].toString(16));
//// sort by number
print(new Uint8Array([10, 9, 1, 255, 0]).sort().join(), new Int8Array([10, -9, 1, -128, 127]).sort().join(), new Int16Array([300, -300, 0, 32767, -32768]).sort().join(), new Uint16Array([300, 65535, 0]).sort().join(), new Int32Array([5, -5, 2147483647, -2147483648, 0]).sort().join(), new Uint32Array([5, 4294967295, 0, 2147483648]).sort().join(), new Uint8ClampedArray([9, 8]).sort().join());
//// sort of floats
const f = new Float64Array([3, NaN, -0, 0, -1, Infinity, -Infinity, 0, -0, 1e-320, -1e-320, 2]).sort();
print([...f].map(x => Object.is(x, -0) ? '-0' : String(x)).join());
const g = new Float32Array([3, NaN, -0, 0, -1, Infinity, -Infinity, 1e-45, -1e-45]).sort();
print([...g].map(x => Object.is(x, -0) ? '-0' : String(x)).join());
//// sort with a function
const a = new Int16Array([3, -1, 2, 10]);
print(a.sort((x, y) => y - x).join(), a.sort((x, y) => String(x) < String(y) ? -1 : 1).join(), a.sort(undefined).join(), a.sort() === a);
for (const f of [null, 1, {}, 'x']) try { a.sort(f); print('sorted'); } catch (e) { print(e.name); }
//// sort is stable
const a = new Uint8Array(200).map((_, i) => (i * 37) % 200);
const b = a.slice().sort((x, y) => x % 10 - y % 10);
let stable = true;
for (let i = 1; i < b.length; i++) if (b[i - 1] % 10 === b[i] % 10 && a.indexOf(b[i - 1]) > a.indexOf(b[i])) stable = false;
print(stable, b.slice(0, 5).join());
//// sort: odd results of the function
const s = f => new Uint8Array([3, 1, 2]).sort(f).join();
print(s(() => NaN), s(() => undefined), s(() => 0), s((x, y) => String(x - y)), s((x, y) => ({ valueOf: () => x - y })), s((x, y) => x < y ? -Infinity : Infinity), s((x, y) => (x - y) / 1e300));
//// sort: a function that throws leaves the array alone
const a = new Uint8Array([3, 1, 2]);
try { a.sort((x, y) => { if (x + y === 3 || y === 2 || x === 2) throw new RangeError(); return x - y; }); } catch (e) { print(e.name, a.join()); }
try { a.sort(() => Symbol()); } catch (e) { print(e.name, a.join()); }
//// sort: what the function writes is written over
const a = new Uint8Array([3, 1, 2]);
a.sort((x, y) => { a.fill(9); return x - y; });
print(a.join());
//// sort: what the function gets
const seen = new Set(), a = new Uint8Array([2, 1]);
a.sort(function (...args) { seen.add(args.length + typeof args[0] + (this === undefined)); return 0; });
print([...seen].join());
//// sort of many
const a = new Uint32Array(5000);
let x = 12345;
for (let i = 0; i < a.length; i++) a[i] = x = Math.imul(x, 1664525) + 1013904223;
const b = a.slice().sort(), c = a.slice().sort((p, q) => p - q), d = Uint32Array.from(Array.from(a).sort((p, q) => p - q));
print(b.join() === d.join(), c.join() === d.join(), b[0] <= b[1], b.length);
//// sort of a part
const a = new Uint8Array([9, 8, 7, 6, 5]);
a.subarray(1, 4).sort();
print(a.join());
//// species of map, filter, slice and subarray
class A extends Uint8Array { static get [Symbol.species]() { return Float32Array; } }
const a = new A([1, 2, 3]);
print(a.map(x => x / 2).constructor.name, a.map(x => x / 2).join(), a.filter(x => x > 1).constructor.name, a.slice(1).constructor.name, a.slice(1).join());
try { print(a.subarray(0).constructor.name); } catch (e) { print(e.name); }
//// species that are not there
for (const c of [undefined, null, 1, {}, { [Symbol.species]: undefined }, { [Symbol.species]: null }, { [Symbol.species]: 1 }, { [Symbol.species]: () => 1 }, Array, { [Symbol.species]: Int8Array }]) {
  const a = new Uint8Array([1]);
  a.constructor = c;
  try { print(a.slice().constructor.name); } catch (e) { print(e.name); }
}
//// what the species is called with
const log = [];
class A extends Uint16Array { constructor(...args) { log.push(args.map(x => typeof x === 'object' ? Object.prototype.toString.call(x) : x).join('/')); super(...args); } }
const a = new A(4);
a.map(x => x); a.filter((x, i) => i); a.slice(1, 3); a.subarray(1, 3);
print(log.join());
//// a species that gives too few
class A extends Uint8Array { static get [Symbol.species]() { return function (n) { return new Uint8Array(n - 1); }; } }
for (const f of [a => a.map(x => x), a => a.filter(() => true), a => a.slice()]) try { f(new A(3)); print('made'); } catch (e) { print(e.name); }
//// a species that gives more
class A extends Uint8Array { static get [Symbol.species]() { return function (n) { return new Int16Array(n + 2); }; } }
const a = new A([250, 251]);
print(a.map(x => x * 2).join(), a.filter(() => true).join(), a.slice().join());
//// a species that gives the array itself
let self;
class A extends Uint8Array { static get [Symbol.species]() { return function () { return self; }; } }
self = new A([1, 2, 3, 4]);
print(self.slice(1).join(), self.map(x => x + 1) === self, self.join(), self.filter(x => x > 3) === self, self.join());
//// a species with the same bytes: slice copies forwards
const b = new ArrayBuffer(8);
class A extends Uint8Array { static get [Symbol.species]() { return function () { return new Uint8Array(b, 2); }; } }
const a = new A(b);
for (let i = 0; i < 8; i++) a[i] = i;
print(a.slice(3).join(), a.join());
//// constructors that are asked for late
const a = new Uint8Array([1, 2]), log = [];
Object.defineProperty(a, 'constructor', { get() { log.push('constructor'); return undefined; } });
a.slice({ valueOf() { log.push('from'); return 0; } }, { valueOf() { log.push('to'); return 1; } });
a.filter(() => log.push('callback'));
a.map(() => log.push('map'));
print(log.join());
//// toLocaleString asks each number
const own = Number.prototype.toLocaleString;
Number.prototype.toLocaleString = function () { return '<' + this + '>'; };
print(new Float32Array([1, -2.5]).toLocaleString(), new Uint8Array().toLocaleString() === '');
Number.prototype.toLocaleString = () => ({ toString() { return 'o'; } });
print(new Uint8Array(2).toLocaleString());
Number.prototype.toLocaleString = own;
//// methods do not look at length
const a = new Uint8Array([3, 1, 2]);
Object.defineProperty(a, 'length', { get() { print('asked'); return 1; } });
print(a.slice().join(), a.map(x => x).join(), a.indexOf(2), a.fill(7, 2).join(), a.sort().join(), a.reduce((x, y) => x + y), [...a.keys()].join());
//// bytes of numbers
const v = new Float64Array([Math.PI]), u = new Uint8Array(v.buffer);
print([...u].map(x => x.toString(16).padStart(2, '0')).join(''), [...u].reverse().join());
//// a queue of many small views
const b = new Uint8Array(1000);
let sum = 0;
for (let i = 0; i < 990; i++) { b.subarray(i, i + 10).fill(i); sum += b.subarray(i).length; }
print(sum, b.slice(-12).join());
//// sieve
const N = 20000, sieve = new Uint8Array(N).fill(1, 2);
for (let i = 2; i * i < N; i++) if (sieve[i]) for (let j = i * i; j < N; j += i) sieve[j] = 0;
print(sieve.reduce((n, x) => n + x), sieve.lastIndexOf(1), sieve.findIndex((x, i) => i > 1000 && x));
//// SHA-256
const K = new Uint32Array(64), H0 = new Uint32Array(8);
for (let n = 0, p = 2; n < 64; p++) {
  let prime = true;
  for (let d = 2; d * d <= p; d++) if (p % d === 0) prime = false;
  if (!prime) continue;
  if (n < 8) H0[n] = (Math.sqrt(p) % 1) * 2 ** 32;
  K[n++] = (Math.cbrt(p) % 1) * 2 ** 32;
}
function sha256(text) {
  const data = new TextEncoder().encode(text), padded = new Uint8Array((data.length + 72) & -64), view = new DataView(padded.buffer);
  const w = new Uint32Array(64), H = H0.slice(), r = (x, n) => x >>> n | x << 32 - n;
  padded.set(data); padded[data.length] = 0x80; view.setUint32(padded.length - 4, data.length * 8);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 64; i++) w[i] = i < 16 ? view.getUint32(at + i * 4) : w[i - 16] + (r(w[i - 15], 7) ^ r(w[i - 15], 18) ^ w[i - 15] >>> 3) + w[i - 7] + (r(w[i - 2], 17) ^ r(w[i - 2], 19) ^ w[i - 2] >>> 10);
    let [a, b, c, d, e, f, g, h] = H;
    for (let i = 0; i < 64; i++) {
      const t1 = h + (r(e, 6) ^ r(e, 11) ^ r(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i], t2 = (r(a, 2) ^ r(a, 13) ^ r(a, 22)) + (a & b ^ a & c ^ b & c);
      [a, b, c, d, e, f, g, h] = [t1 + t2 | 0, a, b, c, d + t1 | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { H[i] += x; });
  }
  return Array.from(H, x => x.toString(16).padStart(8, '0')).join('');
}
print(sha256(''), sha256('abc'), sha256('é'.repeat(100)));

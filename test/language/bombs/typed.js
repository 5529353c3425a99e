// SPDX-License-Identifier: MIT
// Typed arrays, buffers and text coders asked for too much, or by scripts that lie in between. Each ends at a limit.
//// fill of many bytes
const a = new Uint8Array(4e6);
for (;;) a.fill(1);
//// fill of wide elements
const a = new Float64Array(5e5);
for (;;) a.fill(0.1);
//// copyWithin and reverse
const a = new Uint16Array(2e6);
for (;;) { a.copyWithin(1, 0); a.reverse(); }
//// slices
const a = new Uint8Array(2e6);
for (;;) a.slice(1);
//// slices of buffers
const a = new ArrayBuffer(2e6);
for (;;) a.slice(1);
//// copies into another type
const a = new Uint8Array(8e5), f = new Float32Array(8e5);
for (;;) { f.set(a); a.set(f); }
//// copies over itself in another type
const u = new Uint8Array(2e6), w = new Uint16Array(u.buffer, 0, 1e6);
for (;;) w.set(u.subarray(0, 1e6));
//// constructors that copy
const a = new Int8Array(5e5);
for (;;) { new Uint8Array(a); new Float32Array(a); }
//// constructors that read
const a = Array.from({ length: 20000 }, (_, i) => i);
for (;;) { new Uint8Array(a); new Uint8Array(new Set(a)); Float64Array.from(a, x => x); }
//// a made-up length
for (;;) try { new Uint8Array({ length: 2 ** 53 - 1 }); } catch { }
//// a length that fits but has nothing
for (;;) new Uint8Array({ length: 7e6 });
//// from a made-up length
for (;;) try { Uint8Array.from({ length: 1e15 }); } catch { }
//// from what never ends
Uint8Array.from((function* () { for (;;) yield 1; })());
//// set from a made-up length
const a = new Uint8Array(4e6);
for (;;) a.set({ length: 4e6 });
//// searches
const a = new Uint8Array(4e6), f = new Float64Array(4e5);
for (;;) { a.indexOf(1); a.lastIndexOf(1); a.includes(1); f.includes(NaN); }
//// join
const a = new Uint8Array(5e4).fill(255), f = new Float64Array(5e4).fill(Math.PI);
for (;;) { a.join(); f.join('\n'); }
//// join with a long separator
new Uint8Array(1e6).join('x'.repeat(1e6));
//// sort of bytes
const a = new Uint8Array(2e6);
for (;;) a.sort();
//// sort of floats
const a = new Float64Array(2e5);
for (let i = 0; i < a.length; i++) a[i] = (i * 7919) % 100003;
for (;;) { a.reverse(); a.sort(); }
//// sort with a function
const a = new Uint32Array(20000);
for (;;) a.sort((x, y) => x - y);
//// sort with a function that lies
const a = new Uint8Array(50000);
let n = 0;
for (;;) a.sort(() => n++ % 3 - 1);
//// sort with a function that sorts
const a = new Uint8Array(100);
function order(x, y) { a.sort(order); return 1; }
for (;;) try { a.sort(order); } catch { }
//// sort with a function that throws late
const a = new Float32Array(5000);
for (;;) { let n = 0; try { a.sort(() => { if (n++ === 4000) throw 1; return -1; }); } catch { } }
//// a species that makes more and more
class A extends Uint8Array { static get [Symbol.species]() { return function (n) { return new A(n * 2 + 1); }; } }
let a = new A(1);
for (;;) a = a.map(x => x);
//// a species that lies about the length
class A extends Uint8Array { static get [Symbol.species]() { return function (n) { return new Uint8Array(n >> 1); }; } }
const a = new A(1000);
for (;;) { try { a.slice(); } catch { } try { a.filter(() => true); } catch { } }
//// a species that calls itself
class A extends Uint8Array { static get [Symbol.species]() { return function () { return a.slice(); }; } }
const a = new A(10);
for (;;) try { a.slice(); } catch { }
//// values that write while they are asked for
const a = new Uint8Array(1000), v = { valueOf() { a.fill(v); return 1; } };
for (;;) try { a.fill(v); } catch { }
//// values that throw
const v = { valueOf() { throw 1; } };
for (;;) for (const f of [() => new Uint8Array(v), () => new Uint8Array(9).fill(v), () => new Uint8Array(9).set([v]), () => Uint8Array.of(v), () => new DataView(new ArrayBuffer(9)).setInt8(0, v)]) try { f(); } catch { }
//// subarrays of subarrays
let a = new Uint8Array(1e6);
for (;;) { a = a.subarray(1); if (a.length < 2) a = new Uint8Array(a.buffer); }
//// subarrays that are kept
const kept = [], a = new Uint8Array(10);
for (;;) kept.push(a.subarray(1));
//// buffers that are kept
const kept = [];
for (;;) kept.push(new ArrayBuffer(1000));
//// many small arrays
for (;;) new Float64Array(1);
//// odd keys
const a = new Uint8Array(1);
for (let i = 0; ; i++) { a[i + 0.5] = 1; a['-' + i] = 1; a['1e' + i] = 1; if (a[String(i / 7)] !== undefined && i) throw 1; }
//// keys of a long array
const a = new Uint8Array(1e6);
for (;;) Object.keys(a);
//// properties of a long array
const a = new Uint8Array(1e5);
for (;;) { for (const k in a) if (k > 10) break; JSON.stringify(a); }
//// a chain of typed arrays as prototypes
let a = new Uint8Array(1);
for (let i = 0; i < 1000; i++) a = Object.setPrototypeOf(new Uint8Array(1), a);
for (;;) { a.length; a.nothing; 'nothing' in a; }
//// encode
const s = 'aé€'.repeat(3e5), e = new TextEncoder();
for (;;) e.encode(s);
//// encodeInto
const s = 'x'.repeat(2e6), u = new Uint8Array(2e6), e = new TextEncoder();
for (;;) e.encodeInto(s, u);
//// decode
const u = new Uint8Array(1e6).fill(0x61), d = new TextDecoder();
for (;;) { u[0]++; d.decode(u); }
//// decode what is wrong
const u = new Uint8Array(5e5).fill(0xff), d = new TextDecoder();
for (let i = 0; ; i++) { u[i % u.length] = 0x41; d.decode(u); }
//// decode in pieces
const u = new Uint8Array(1).fill(0xe2), d = new TextDecoder();
for (;;) d.decode(u, { stream: true });
//// iterators of typed arrays
const a = new Uint8Array(1e5);
for (;;) for (const [i, x] of a.entries()) if (i > 9e4) break;
//// callbacks of typed arrays
const a = new Uint8Array(1e5);
for (;;) { a.map(x => x + 1); a.filter(x => x); a.reduce((x, y) => x + y); a.every(x => !x); a.findLast(x => x); }
//// a view that is asked beyond its end
const v = new DataView(new ArrayBuffer(8));
for (let i = 0; ; i++) try { v.getFloat64(i); } catch { }
//// reduce of a long array of texts
new Uint8Array(1e6).reduce((s, x) => s + s + x, 'x');

// SPDX-License-Identifier: MIT
// Buffers as large as they may be, and console with objects that are hard to show.
//// alloc
for (;;) Buffer.alloc(1e6);
//// alloc filled
for (;;) Buffer.alloc(1e6, 'ab');
//// fill with a short text
const b = Buffer.alloc(2e6);
for (;;) b.fill('abc');
//// fill with a long text
const b = Buffer.alloc(1e6), s = 'é'.repeat(4e5);
for (;;) b.fill(s);
//// from latin1
const s = 'é'.repeat(5e5);
for (;;) Buffer.from(s, 'latin1');
//// from utf8
const s = 'é'.repeat(5e5);
for (;;) Buffer.from(s);
//// from hex
const s = 'ab'.repeat(5e5);
for (;;) Buffer.from(s, 'hex');
//// from base64 with junk
const s = 'a*'.repeat(5e5);
for (;;) Buffer.from(s, 'base64');
//// from utf16
const s = 'aé'.repeat(2e5);
for (;;) Buffer.from(s, 'ucs2');
//// from array
const a = Array.from({ length: 1e5 }, (_, i) => i);
for (;;) Buffer.from(a);
//// from array like
for (;;) Buffer.from({ length: 1e6 });
//// from itself for ever
const it = { valueOf: () => ({ valueOf: it.valueOf }) };
for (;;) try { Buffer.from(it); } catch { }
//// from typed array
const a = new Float64Array(1e5).fill(1.5);
for (;;) Buffer.from(a);
//// utf8 to text
const b = Buffer.alloc(1e6, 'é');
for (let i = 0; ; i++) { b[i % 1e6] = i; b.toString(); }
//// wrong utf8 to text
const b = Buffer.alloc(5e5, 0xff);
for (let i = 0; ; i++) { b[i % 5e5] = i; b.toString(); }
//// hex to text
const b = Buffer.alloc(5e5, 0xab);
for (let i = 0; ; i++) { b[i % 5e5] = i; b.toString('hex'); }
//// base64 to text
const b = Buffer.alloc(5e5, 0xab);
for (let i = 0; ; i++) { b[i % 5e5] = i; b.toString('base64'); }
//// latin1 to text
const b = Buffer.alloc(5e5, 0xe9);
for (let i = 0; ; i++) { b[i % 5e5] = i; b.toString('latin1'); }
//// utf16 to text
const b = Buffer.alloc(5e5, 0xe9);
for (let i = 0; ; i++) { b[i % 5e5] = i; b.toString('ucs2'); }
//// short texts
const b = Buffer.alloc(100, 'a');
for (;;) { b.toString(); b.toString('hex'); b.write('é'); }
//// toJSON
const b = Buffer.alloc(1e5);
for (;;) b.toJSON();
//// compare
const a = Buffer.alloc(3e6), b = Buffer.from(a);
for (;;) { a.compare(b); a.equals(b); Buffer.compare(a, b); }
//// copy
const a = Buffer.alloc(4e6);
for (;;) a.copy(a, 1);
//// concat
const list = Array.from({ length: 1e4 }, () => Buffer.alloc(10));
for (;;) Buffer.concat(list);
//// concat empty ones
const list = new Array(1e5).fill(Buffer.alloc(0));
for (;;) Buffer.concat(list);
//// indexOf nothing
const b = Buffer.alloc(4e6);
for (;;) b.indexOf(1);
//// indexOf nearly
const b = Buffer.alloc(2e6, 'a'), n = Buffer.from('a'.repeat(1e5) + 'b');
for (;;) b.indexOf(n);
//// lastIndexOf nearly
const b = Buffer.alloc(2e6, 'a'), n = Buffer.from('b' + 'a'.repeat(1e5));
for (;;) { b.lastIndexOf(n); b.lastIndexOf(1); }
//// indexOf at odd places
const b = Buffer.alloc(2e6); b.fill(Buffer.from([0, 0x61]));
for (;;) b.indexOf('a', 'ucs2');
//// indexOf many firsts
const b = Buffer.alloc(2e6, 'ab');
for (;;) b.indexOf('ac');
//// includes long text
const b = Buffer.alloc(2e6, 'a'), s = 'é'.repeat(1e5);
for (;;) b.includes(s);
//// swap
const b = Buffer.alloc(4e6);
for (;;) { b.swap16(); b.swap32(); b.swap64(); }
//// slices
const b = Buffer.alloc(4e6);
for (;;) b.slice(1).subarray(1);
//// slices that are kept
let b = Buffer.alloc(10), all = [];
for (;;) all.push(b.slice(1));
//// numbers
const b = Buffer.alloc(8);
for (;;) { b.writeDoubleLE(b.readDoubleBE()); b.writeUIntBE(b.readUIntLE(0, 6), 0, 6); b.writeFloatLE(1); b.writeInt8(1); }
//// errors of ranges
const b = Buffer.alloc(8);
for (;;) try { b.readInt32LE(1e300); } catch { }
//// unknown encodings
const b = Buffer.alloc(8), s = 'x'.repeat(1e6);
for (;;) try { b.toString(s); } catch { }
//// byteLength
const s = 'é'.repeat(5e5);
for (;;) { Buffer.byteLength(s); Buffer.byteLength(s, 'hex'); Buffer.byteLength(s, 'ucs2'); }
//// btoa and atob
const s = 'x'.repeat(4e5), t = btoa(s), u = ' '.repeat(5e5);
for (;;) { btoa(s); atob(t); atob(u); }
//// isBuffer of long chains
let o = {};
for (let i = 0; i < 5000; i++) o = Object.create(o);
for (;;) Buffer.isBuffer(o);
//// log a long text
const s = 'é\n'.repeat(4e5);
for (;;) console.log(s);
//// log texts in an array
const a = Array.from({ length: 100 }, () => 'é\n'.repeat(5000));
for (;;) console.log(a);
//// log many
const a = new Array(1e4).fill('x'.repeat(100));
for (;;) console.log(...a);
//// log a long array
const a = Array.from({ length: 1e5 }, (_, i) => i);
for (;;) console.log(a);
//// log holes
const a = [];
for (let i = 0; i < 1e4; i++) a[i * 1e5] = 1;
for (;;) console.log(a);
//// log keys
const o = {};
for (let i = 0; i < 2e4; i++) o['key ' + i] = i;
for (;;) console.log(o);
//// log hidden keys
const o = {};
for (let i = 0; i < 2e4; i++) Object.defineProperty(o, 'k' + i, { value: 1, configurable: true });
for (;;) console.log(o);
//// log a wide tree
const leaf = Array.from({ length: 100 }, (_, i) => ({ i })), mid = new Array(100).fill(leaf), top = new Array(100).fill(mid);
for (;;) console.log(top);
//// log a deep chain
let o = {};
for (let i = 0; i < 1e4; i++) o = { o };
for (;;) console.dir(o, { depth: null });
//// log circles
const a = [];
for (let i = 0; i < 50; i++) a.push(a, { a });
for (;;) console.dir({ a, b: a }, { depth: null });
//// log many circles
const a = [];
for (let i = 0; i < 90; i++) { const o = { b: [] }; for (let j = 0; j < 90; j++) { const c = {}; c.c = c; o.b.push(c); } o.o = o; a.push(o); }
for (;;) console.log(a);
//// log long chains of prototypes
let o = Object.create(null);
for (let i = 0; i < 5000; i++) o = Object.create(o);
for (;;) console.log(o, [o, o, o]);
//// log proxies of proxies
let p = {};
for (let i = 0; i < 1e4; i++) p = new Proxy(p, {});
for (;;) console.log(p);
//// log maps
const m = new Map();
for (let i = 0; i < 1e4; i++) m.set(i, m);
for (let i = 0; i < 9990; i++) m.delete(i);
for (;;) console.log(m);
//// log buffers
const b = Buffer.alloc(4e6), a = new ArrayBuffer(1e6);
for (;;) console.log(b, a, new Uint8Array(b.buffer));
//// log errors
const e = new Error('x\n'.repeat(1e4));
for (;;) console.log({ a: { e } });
//// log long names
const f = function () {};
Object.defineProperty(f, 'name', { value: 'n'.repeat(1e6) });
for (;;) console.log(f, new (class { constructor() { this.constructor = f; } })());
//// log symbols
const s = Symbol('d'.repeat(1e5));
for (;;) console.log(s, { [s]: s });
//// format directives
const f = '%s%d%i%f%j%o%O%c%%'.repeat(1e4);
for (;;) console.log(f, 1, 2, 3);
//// format json
const o = { a: new Array(1e4).fill({ b: 'é'.repeat(10) }) };
for (;;) console.log('%j', o);
//// counts and labels
for (let i = 0; ; i++) console.count('label ' + i);
//// timers and labels
for (let i = 0; ; i++) { console.time('label'); console.timeLog('label', i); console.timeEnd('label'); }
//// groups
for (;;) { console.group('g'); console.log('x\n'.repeat(1000)); }
//// assertions and traces
const deep = n => n ? deep(n - 1) : console.trace('x');
for (;;) { deep(100); console.assert(false, 'x'); }

// SPDX-License-Identifier: MIT
// Built-ins whose work is not to be seen from their steps: long texts, hashes, chains, classes of characters.
//// split by a text that is not there
const s = 'ab'.repeat(1e6);
for (;;) s.split('bb');
//// upper and lower case of a long text
const s = 'aßé'.repeat(5e5);
for (;;) s.toUpperCase().toLowerCase();
//// dates of long text
const s = '2020-01-01T00:00:00.' + '0'.repeat(1e6) + 'Z';
for (;;) Date.parse(s);
//// texts that differ in the middle
const a = 'x'.repeat(500), b = 'y'.repeat(500), keep = [];
for (let i = 0; ; i++) keep.push(a + i + b);
//// property names that differ in the middle
const a = 'x'.repeat(500), b = 'y'.repeat(500), o = {};
for (let i = 0; ; i++) o[a + i + b] = 1;
//// map keys that differ in the middle
const a = 'x'.repeat(500), b = 'y'.repeat(500), m = new Map();
for (let i = 0; ; i++) m.set(a + i + b, i);
//// set members that differ in the middle
const a = 'x'.repeat(300), b = 'y'.repeat(300), o = new Set(), names = [];
for (let i = 0; i < 5000; i++) { const k = a + i + b; names.push(k); o.add(k); }
for (;;) for (const k of names) o.has(k);
//// symbols of one long description
const d = 'x'.repeat(2000), keep = [];
for (;;) keep.push(Symbol(d));
//// symbols of one long description as keys
const d = 'x'.repeat(2000), o = {};
for (;;) o[Symbol(d)] = 1;
//// a class of all characters that ignores case
const p = '[\\u0000-\\uffff]';
for (;;) new RegExp(p, 'i');
//// a wide class that ignores case
const r = /[^\u0100-\ufffe]+$/i, s = 'é'.repeat(1e5);
for (;;) r.test(s);
//// many classes that ignore case
const p = '[a-\\u2000]'.repeat(20);
for (;;) new RegExp(p, 'i');
//// a literal pattern that ignores case, made again and again
for (;;) { const r = /[\u0100-\u1000]/i; r.test('a'); }
//// a reference back that ignores case
const r = /^(.*)\1x/i, s = 'ab'.repeat(5000);
for (;;) r.test(s);
//// a reference back in a long text
const r = /^(.*)\1x/, s = 'ab'.repeat(50000);
for (;;) r.test(s);
//// a class of many ranges
const r = new RegExp('[' + Array.from({ length: 2000 }, (_, i) => String.fromCharCode(0x100 + i * 3)).join('') + ']'), s = 'z'.repeat(1e5);
for (;;) r.test(s);
//// a class of some ranges
const r = new RegExp('[' + 'abcdefghijklmnopqrstuvwxyz'.split('').map(c => c + 'é').join('') + ']*$'), s = 'z'.repeat(1e5);
for (;;) r.test(s);
//// split with a limit by a text that is not there
const s = 'ab'.repeat(1e6);
for (;;) s.split('bb', 1);
//// split by a long text
const s = 'a'.repeat(1e6), t = 'a'.repeat(5e5) + 'b';
for (;;) s.split(t);
//// JSON after spaces
const t = ' '.repeat(2e6) + '1';
for (;;) JSON.parse(t);
//// JSON with spaces in it
const t = '[1' + ' '.repeat(1e6) + ',2]';
for (;;) JSON.parse(t);
//// JSON of escapes
const t = '"' + '\\u0041'.repeat(3e5) + '"';
for (;;) JSON.parse(t);
//// isPrototypeOf on a long chain
let P = {}; for (let i = 0; i < 5000; i++) P = Object.create(P);
const o = {};
for (;;) try { o.isPrototypeOf(P); } catch { }
//// setPrototypeOf on a long chain
let P = {}; for (let i = 0; i < 9000; i++) P = Object.create(P);
const o = {};
for (;;) { Object.setPrototypeOf(o, P); Object.setPrototypeOf(o, null); }
//// for-in on a long chain
let P = {}; for (let i = 0; i < 9000; i++) P = Object.create(P);
for (;;) for (const k in P) ;
//// symbols of an object with many names
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) Object.getOwnPropertySymbols(o);
//// for-in after many deletions
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (let i = 0; i < 19999; i++) delete o['k' + i];
for (;;) for (const k in o) ;
//// keys after many deletions
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (let i = 0; i < 19999; i++) delete o['k' + i];
for (;;) Object.keys(o);
//// unescape of what is none
const s = '%u'.repeat(5e5);
for (;;) { unescape(s); }
//// addresses of long plain text
const s = 'a'.repeat(2e6);
for (;;) { decodeURI(s); encodeURI(s); escape(s); unescape(s); }
//// functions bound a thousand times
let f = () => 1; for (let i = 0; i < 1000; i++) f = f.bind(null, 1);
for (;;) try { f(); } catch { }

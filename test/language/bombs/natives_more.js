// SPDX-License-Identifier: MIT
// More built-ins with long, sparse, deep and crowded arguments.
//// replace text not there
const s = 'ab'.repeat(1e6);
for (;;) s.replace('bb', 'x');
//// replaceAll not there
const s = 'ab'.repeat(1e6);
for (;;) s.replaceAll('bb', 'x');
//// startsWith endsWith
const s = 'ab'.repeat(1e6), t = s.slice(0, -1) + 'c', e = 'c' + s.slice(1);
for (;;) { s.startsWith(t); s.endsWith(e); }
//// match search
const s = 'ab'.repeat(1e6);
for (;;) { s.match('bb'); s.search('bb'); }
//// index beyond ascii
const s = 'aé'.repeat(1e6);
let n = 0;
for (let i = 0; ; i = (i * 7919 + 12345) % s.length) { n += s[i].length; }
//// codePointAt beyond ascii
const s = 'a\u{1F600}é'.repeat(5e5);
for (let i = 0; ; i = (i * 7919 + 12345) % s.length) { s.codePointAt(i); s.at(-i); s.substring(i, i + 1); s.substr(-i - 1, 1); }
//// two long texts by turns beyond ascii
const a = 'aé'.repeat(1e6), b = 'bé'.repeat(1e6), c = 'cé'.repeat(1e6), d = 'dé'.repeat(1e6), e = 'eé'.repeat(1e6), f = 'fé'.repeat(1e6);
for (let i = 0; ; i = (i + 999983) % 2e6) for (const s of [a, b, c, d, e, f]) s.charCodeAt(i);
//// for of long
const s = 'aé'.repeat(1e6);
for (;;) for (const c of s) ;
//// strings differ in the middle transient
const a = 'x'.repeat(5000), b = 'y'.repeat(5000);
for (let i = 0; ; i++) a + i + b;
//// compile patterns
const p = '(?:a{0,50}b|c)'.repeat(500);
for (;;) new RegExp(p);
//// compile nested counts
for (;;) try { new RegExp('(?:(?:(?:a{0,99}){0,99}){0,99}){0,99}'); } catch { }
//// compile classes
const p = '[' + 'a-z0-9'.repeat(5000) + ']';
for (;;) new RegExp(p);
//// word boundary
const r = /\b\b\b\b$/g, s = 'ab '.repeat(1e5);
for (;;) r.test(s);
//// multiline
const r = /^b$/mg, s = '\n'.repeat(1e6);
for (;;) s.match(r);
//// long alternative
const r = new RegExp(Array.from({ length: 5000 }, (_, i) => 'x' + i).join('|')), s = 'x'.repeat(1000);
for (;;) r.test(s);
//// source and flags of pattern
const r = new RegExp('/'.repeat(50000));
for (;;) { r.source; String(r); new RegExp(r); }
//// function toString
function f() {}
for (;;) String(f);
//// error stack
const deep = n => n ? deep(n - 1) : new Error('x');
for (;;) deep(150).stack;
//// json indent
let a = 1;
for (let i = 0; i < 400; i++) a = [a];
for (;;) JSON.stringify(a, null, '          ');
//// json indent big
const a = Array(1e5).fill(0);
for (;;) JSON.stringify([[[[[[a]]]]]], null, '          ');
//// json parse long text
const t = '"' + 'a'.repeat(2e6) + '"';
for (;;) JSON.parse(t);
//// json parse keys
const t = '{' + Array.from({ length: 20000 }, (_, i) => `"k${i}":1`).join() + '}';
for (;;) JSON.parse(t);
//// json fail late
const t = '['.repeat(1) + '1,'.repeat(5e5) + 'x';
for (;;) try { JSON.parse(t); } catch { }
//// number text
for (let x = 1.1; ; x *= 1.0001) { String(x); x > 1e300 && (x = 1e-300); }
//// number text small
for (let x = 5e-324; ; x += 5e-324) String(x);
//// number radix
for (let x = 1.7e308; ; x /= 1.0001) { x.toString(3); x < 1e200 && (x = 1.7e308); }
//// number parse
for (;;) { +'1.7976931348623157e308'; +'5e-324'; +'123456789012345678901234567890e-50'; }
//// parseFloat exponent
const s = '0.' + '0'.repeat(1e6) + '1e1000000';
for (;;) parseFloat(s);
//// decimal tie
const s = '9007199254740993' + '0'.repeat(1e5) + '1';
for (;;) +s;
//// fromCharCode many
const a = Array(60000).fill(233);
for (;;) String.fromCharCode.apply(null, a);
//// String.raw many
const raw = Array(1e5).fill('x');
for (;;) String.raw({ raw });
//// concat many
const a = Array(5000).fill('é'.repeat(100));
for (;;) ''.concat(...a);
//// Object.defineProperties
const d = {}; for (let i = 0; i < 10000; i++) d['k' + i] = { value: i };
for (;;) Object.defineProperties({}, d);
//// getOwnPropertyDescriptors
const d = {}; for (let i = 0; i < 10000; i++) d['k' + i] = i;
for (;;) Object.getOwnPropertyDescriptors(d);
//// for in chain
let d = {}; for (let i = 0; i < 200; i++) { d = Object.create(d); for (let j = 0; j < 50; j++) d['k' + i + '_' + j] = 1; }
for (;;) for (const k in d) break;
//// delete and add
const d = {}; for (let i = 0; i < 20000; i++) d['k' + i] = i;
for (let i = 0; ; i++) { delete d['k' + i]; d['k' + (i + 20000)] = 1; }
//// delete index
const d = {}; for (let i = 0; i < 20000; i++) d[i * 1000] = i;
for (let i = 0; ; i++) { delete d[i % 20000 * 1000]; d[i % 20000 * 1000] = 1; }
//// arguments big
const a = Array(5000).fill(0);
function f() { return arguments.length; }
for (;;) f(...a);
//// arguments slice
const a = Array(5000).fill(0);
function f() { return [].slice.call(arguments).length + Array.from(arguments).length; }
for (;;) f.apply(null, a);
//// date extremes
const d = new Date(0);
for (let i = 0; ; i++) { d.setUTCFullYear(270000); d.setUTCMonth(i); d.setUTCDate(1e7); Date.UTC(1e5, 1e6, 1e7); }
//// decode bad
const b = new Uint8Array(1e6).fill(0xff);
for (;;) new TextDecoder().decode(b);
//// typed from typed other
const b = new Uint8Array(2e6);
for (;;) new Float64Array(b);
//// typed set list
const b = new Uint8Array(1e6), l = Array(1e6).fill(1);
for (;;) b.set(l);
//// typed set other
const b = new Uint8Array(2e6), l = new Float32Array(2e6);
for (;;) b.set(l);
//// typed sort nan
const b = new Float64Array(1e6).fill(NaN);
for (;;) b.sort();
//// typed keys
const b = new Uint8Array(1e6);
for (;;) Object.keys(b);
//// gc churn
const keep = []; for (let i = 0; i < 100000; i++) keep.push({ i });
for (;;) ({ a: {} });
//// gc cycles
const keep = []; for (let i = 0; i < 50000; i++) keep.push({ i });
for (;;) { const a = {}; a.self = a; }
//// long link list gc
let l = null; for (let i = 0; i < 200000; i++) l = { l };
for (;;) { const a = {}; a.a = a; }
//// splice middle
const a = Array(1e5).fill(0);
for (;;) a.splice(50, 1, 2, 3), a.splice(50, 1);
//// array length set
const a = [];
for (let i = 0; ; i++) { a.length = 1e6; a.length = 0; }
//// sparse iterate
const a = []; a[4e9] = 1;
for (;;) a.forEach(() => {});
//// sparse sort
const a = []; a[1e8] = 1;
a.sort();
//// sparse keys
const a = []; for (let i = 0; i < 1000; i++) a[i * 4000000] = i;
for (;;) Object.keys(a);
//// sparse shift
const a = []; a[4e9] = 1;
a.shift();
//// sparse reverse
const a = []; a[4e9] = 1;
a.reverse();
//// sparse concat
const a = []; a[4e9] = 1;
[].concat(a, a);
//// sparse length cut
const a = []; a[4e9] = 1; a.length = 10; a[4e9] = 1;
for (;;) { a.length = 10; a[4e9] = 1; }
//// sparse flat
const a = []; a[4e9] = 1;
a.flat();
//// sparse spread
const a = []; a[4e9] = 1;
[...a];
//// sparse JSON
const a = []; a[4e9] = 1;
JSON.stringify(a);
//// sparse fill
const a = []; a[4e9] = 1;
a.fill(0);
//// sparse copyWithin
const a = []; a[4e9] = 1;
a.copyWithin(0, 1);
//// sparse entries
const a = []; a[4e9] = 1;
for (const [i, x] of a.entries()) ;
//// map same hash numbers
const m = new Map();
for (let i = 0; ; i++) m.set(i * 4294967296, 1);
//// map tiny doubles
const m = new Map();
for (let i = 0; ; i++) m.set(i * 5e-324, 1);
//// map objects
const m = new Map();
for (;;) m.set({}, 1);
//// map delete all but iterate
const m = new Map(); for (let i = 0; i < 50000; i++) m.set(i, i);
for (let i = 0; i < 49999; i++) m.delete(i);
for (;;) for (const x of m) ;
//// map has long texts
const m = new Map(), s = 'k'.repeat(1e6);
for (let i = 0; ; i++) m.has(s + i);
//// set many iterators
const s = new Set([1, 2]), keep = [];
for (;;) { const it = s.values(); it.next(); keep.push(it); s.delete(2); s.add(2); }
//// proxies ownKeys
const big = Array.from({ length: 20000 }, (_, i) => 'k' + i), p = new Proxy({}, { ownKeys: () => big });
for (;;) Reflect.ownKeys(p);
//// proxies ownKeys like
const p = new Proxy({}, { ownKeys: () => ({ length: 2 ** 32 - 1 }) });
for (;;) try { Reflect.ownKeys(p); } catch { }
//// instanceof chain
let P = {}; for (let i = 0; i < 5000; i++) P = Object.create(P);
function F() {}
for (;;) try { P instanceof F; } catch { }
//// getter chain lookup
let P = { get x() { return 1; } }; for (let i = 0; i < 5000; i++) P = Object.create(P);
for (;;) try { P.x; } catch { }
//// template objects
const tag = s => s;
for (;;) tag`a${1}b${2}c`;
//// throw big messages
const s = 'x'.repeat(1e6);
for (;;) try { throw new Error(s); } catch (e) { String(e); }
//// undefined property of long name
const s = 'x'.repeat(1e6);
for (;;) try { null[s]; } catch (e) { }
//// isNaN long text
const s = ' '.repeat(2e6);
for (;;) { isNaN(s); s == 1; s < 1; +s; }
//// padStart long pad
const s = 'ab'.repeat(1e5);
for (;;) 'x'.padStart(3e5, s);
//// trimmed long unicode
const s = '\u2003'.repeat(1e6) + 'x';
for (;;) { s.trimStart(); s.trimEnd(); }
//// sort same long texts
const s = 'a'.repeat(1e4), a = Array.from({ length: 300 }, (_, i) => s + i);
for (;;) a.slice().sort();
//// indexOf array of texts
const s = 'a'.repeat(1e4), a = Array.from({ length: 300 }, (_, i) => s + i);
for (;;) { a.indexOf(s + 'x'); a.includes(s + 'y'); }
//// slices of a long one
const s = Array.from({ length: 20000 }, (_, i) => i).join(), keep = [];
for (let i = 0; ; i++) keep.push(s.slice(i % 1000, i % 1000 + 1000 + i % 977));
//// substrings all lengths of same
const s = 'a'.repeat(20000), keep = [];
for (let i = 0; i < 20000; i++) keep.push(s.slice(i));
//// ignore case negated class
const r = /[^a]+$/i, s = 'b'.repeat(1000) + 'a';
for (;;) r.test(s);
//// lookahead in loop
const r = /(?:(?=a*$)a)*b/, s = 'a'.repeat(10000);
for (;;) r.test(s);
//// captures many
const r = new RegExp('(a)?'.repeat(2000)), s = 'a'.repeat(2000);
for (;;) try { r.exec(s); } catch { }
//// captures reset in loops
const r = new RegExp('(?:' + '(a)|'.repeat(500) + 'b)*c'), s = 'b'.repeat(5000);
for (;;) try { r.exec(s); } catch { }
//// counted big
const r = /(?:a{1000}b?){0,1000}c/, s = 'a'.repeat(100000);
for (;;) try { r.test(s); } catch { }
//// counted class
const r = /^[a-z]{0,60000}?$/, s = 'a'.repeat(50000) + '1';
for (;;) r.test(s);
//// split regexp beyond ascii
const s = 'é,'.repeat(1e5);
for (;;) s.split(/,/);
//// exec g beyond ascii
const s = 'é,'.repeat(1e6), r = /,/g;
for (;;) r.exec(s);
//// lastIndex far beyond ascii
const s = 'é,'.repeat(1e6), r = /,/g;
for (let i = 0; ; i += 999983) { r.lastIndex = i % 2e6; r.exec(s); }
//// indexOf far position beyond ascii
const s = 'é,'.repeat(1e6);
for (let i = 0; ; i += 7919) s.indexOf('zz', i % 2e6);
//// json parse bad end
const t = '"' + 'a'.repeat(2e6);
for (;;) try { JSON.parse(t); } catch { }
//// json parse same keys
const t = '{' + '"a":1,'.repeat(1e5) + '"b":2}';
for (;;) JSON.parse(t);
//// json stringify loop check
let a = []; const top = a; for (let i = 0; i < 450; i++) { const n = []; a.push(n, 1); a = n; }
for (;;) JSON.stringify(top);
//// in chain
let P = {}; for (let i = 0; i < 9000; i++) P = Object.create(P);
for (;;) 'q' in P;
//// set on chain
let P = {}; for (let i = 0; i < 9000; i++) P = Object.create(P);
for (;;) { P.q = 1; delete P.q; }
//// array with long proto
let P = []; for (let i = 0; i < 9000; i++) P = Object.create(P);
for (;;) { P[5]; P.length; }
//// super chain
let C = class { m() { return 1; } }; for (let i = 0; i < 150; i++) C = class extends C { m() { return super.m(); } };
const c = new C(); for (;;) c.m();
//// isFrozen big
const o = Array(1e6).fill(0);
for (;;) { Object.isFrozen(o); }
//// private brand many
class A { #a; static is(o) { return #a in o; } }
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) A.is(o);
//// destructuring rest big
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) { const { k1, ...rest } = o; }
//// small object many props add delete
const o = {};
for (let i = 0; ; i++) { o['k' + i] = 1; delete o['k' + i]; }
//// array pop length
const a = [];
for (;;) { a[100000] = 1; a.length = 0; }
//// weakmap churn
const w = new WeakMap();
for (;;) w.set({}, {});
//// weakmap big and gc
const w = new WeakMap(), keep = []; for (let i = 0; i < 30000; i++) { const k = {}; keep.push(k); w.set(k, 1); }
for (;;) { const a = {}; a.a = a; }
//// map big and gc
const w = new Map(); for (let i = 0; i < 100000; i++) w.set(i, 1);
for (;;) { const a = {}; a.a = a; }
//// many promises pending and gc
const keep = []; for (let i = 0; i < 30000; i++) keep.push(new Promise(() => {}));
for (;;) { const a = {}; a.a = a; }
//// timers clear all
const ids = []; for (let i = 0; i < 20000; i++) ids.push(setTimeout(() => {}, i));
for (;;) for (const id of ids) clearTimeout(id);
//// timers backwards
for (let i = 1e9; ; i--) setTimeout(() => {}, i);
//// timers clear from the end
for (;;) { const ids = []; for (let i = 0; i < 1000; i++) ids.push(setTimeout(() => {}, 1000 - i)); ids.forEach(clearTimeout); }
//// rejections handled late
for (;;) { const ps = Array.from({ length: 1000 }, () => Promise.reject(1)); ps.reverse().forEach(p => p.catch(() => {})); }
//// rejections handled late many
const ps = Array.from({ length: 20000 }, () => Promise.reject(1));
for (;;) ps.forEach(p => p.catch(() => {}));
//// async hooks chain of awaits
let p = Promise.resolve(); for (let i = 0; i < 20000; i++) p = p.then(() => {});
(async () => { for (;;) await p; })();
//// resolve chain of adoption
let p = new Promise(() => {}); for (;;) { const q = p; p = new Promise(r => r(q)); }
//// error from long value
const s = 'x'.repeat(1e6);
for (;;) try { s(); } catch { }
//// function names long
const n = 'x'.repeat(1e6);
for (;;) ({ [n]() {} });
//// bind names long
let f = function () {};
for (;;) f = f.bind();
//// object toString tag long
const o = { [Symbol.toStringTag]: 'x'.repeat(1e6) };
for (;;) String(o);
//// number to key text
const o = {};
for (let i = 0.5; ; i++) o[i];

// SPDX-License-Identifier: MIT
// More built-ins whose work is not to be seen from their steps.
//// keys of an object with indices in falling order
const o = {}; for (let i = 20000; i > 0; i--) o[i] = 1;
for (;;) Object.keys(o);
//// keys of an object with indices in mixed order
const o = {}; for (let i = 0; i < 20000; i++) o[(i * 7919) % 20011] = 1;
for (;;) for (const k in o) ;
//// the length of an array up and down
const a = []; for (let i = 0; i < 200000; i++) a.push(i);
for (;;) { a.length = 0; a.length = 200000; }
//// the length of a sparse array up and down
const a = []; a[4e9] = 1; for (let i = 0; i < 20000; i++) a['k' + i] = 1;
for (;;) { a.length = 5; a.length = 4e9; }
//// keys of an emptied array
const a = []; for (let i = 0; i < 200000; i++) a.push(i);
a.length = 0;
for (;;) Object.keys(a);
//// a typed array of another
const a = new Float64Array(1e5);
for (;;) new Uint8Array(a);
//// a typed array of an array
const a = Array(1e5).fill(1);
for (;;) new Uint8Array(a);
//// a typed array of itself
const a = new Uint8Array(1e6);
for (;;) new Uint8Array(a);
//// typed arrays compared by text
const a = new Uint8Array(1e5);
for (;;) a.join();
//// where in a typed array
const a = new Uint8Array(1e6);
for (;;) { a.indexOf(1); a.includes(2); a.lastIndexOf(3); }
//// turning a typed array
const a = new Uint8Array(1e6);
for (;;) { a.reverse(); a.fill(1); a.copyWithin(0, 1); }
//// sorting a typed array
const a = new Float64Array(1e5);
for (;;) a.sort();
//// a part of a buffer
const a = new ArrayBuffer(8e6);
for (;;) a.slice(1);
//// slices of a typed array
const a = new Uint16Array(4e6);
for (;;) a.slice(1).subarray(1);
//// setting a typed array
const a = new Uint16Array(1e6), b = new Uint16Array(1e6);
for (;;) { a.set(b); a.set(new Uint8Array(1e6)); }
//// text encoded and decoded
const s = 'aé'.repeat(4e5), t = new TextEncoder().encode(s);
for (;;) { new TextEncoder().encode(s); new TextDecoder().decode(t); }
//// plain text decoded
const t = new Uint8Array(3e6).fill(97);
for (;;) new TextDecoder().decode(t);
//// JSON of keys that are left out
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = undefined;
for (;;) JSON.stringify(o);
//// JSON of deleted keys
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (const k in o) delete o[k];
for (;;) JSON.stringify(o);
//// JSON of a long key that is left out
const o = { ['\n'.repeat(1e6)]: undefined };
for (;;) JSON.stringify(o);
//// JSON of small numbers
const a = Array(1e5).fill(7);
for (;;) JSON.stringify(a);
//// JSON of texts to escape
const s = '\u0001'.repeat(3e5);
for (;;) JSON.stringify(s);
//// JSON with deep nesting
let o = 1; for (let i = 0; i < 400; i++) o = [o];
for (;;) JSON.parse(JSON.stringify(o));
//// JSON of numbers with many digits
const t = '[' + Array(1e4).fill('1.2345678901234567e-300').join() + ']';
for (;;) JSON.stringify(JSON.parse(t));
//// JSON with a list of names
const o = {}, names = []; for (let i = 0; i < 5000; i++) names.push('k' + i);
for (;;) JSON.stringify(o, names);
//// a call of many arguments
const a = Array(1e5).fill(1), f = () => 1;
for (;;) f.apply(null, a);
//// a call that spreads many arguments
const a = Array(1e5).fill(1);
for (;;) Math.max(...a);
//// arguments collected
const a = Array(5e4).fill(1);
function f() { return arguments; }
for (;;) f.apply(null, a);
//// rest collected
const a = Array(5e4).fill(1), f = (...rest) => rest;
for (;;) f(...a);
//// a function with many bound arguments
const f = Function.prototype.bind.apply(Math.max, [null].concat(Array(1e5).fill(1)));
for (;;) f();
//// characters of many codes
const a = Array(1e5).fill(233);
for (;;) String.fromCharCode.apply(null, a);
//// frozen again and again
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) Object.freeze(o);
//// frozen arrays
for (;;) Object.freeze(Array(1e5).fill(1));
//// asked whether frozen
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
Object.freeze(o);
for (;;) { Object.isFrozen(o); Object.isSealed(o); }
//// descriptors of many
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) Object.getOwnPropertyDescriptors(o);
//// values and entries of many
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) { Object.values(o); Object.entries(o); Object.assign({}, o); ({ ...o }); }
//// own keys of many
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (;;) Reflect.ownKeys(o);
//// own keys of a text
const s = new String('x'.repeat(1e5));
for (;;) Reflect.ownKeys(s);
//// names deleted and made
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (let i = 20000; ; i++) { delete o['k' + (i - 20000)]; o['k' + i] = 1; }
//// a name in an object that was emptied
const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = 1;
for (const k in o) delete o[k];
for (;;) o.zz;
//// a map that was emptied from the front
const m = new Map(); for (let i = 0; i < 20000; i++) m.set(i, i);
for (let i = 0; i < 19999; i++) m.delete(i);
for (;;) for (const x of m) ;
//// a map as a queue
const m = new Map(); for (let i = 0; i < 20000; i++) m.set(i, i);
for (let i = 20000; ; i++) { m.delete(m.keys().next().value); m.set(i, i); }
//// maps made and cleared
const m = new Map();
for (;;) { for (let i = 0; i < 1000; i++) m.set(i, i); m.clear(); }
//// an array as a queue
const a = Array(1e5).fill(1);
for (;;) { a.shift(); a.push(1); }
//// putting in front
const a = Array(1e5).fill(1);
for (;;) { a.unshift(1); a.pop(); }
//// pieces in and out
const a = Array(1e5).fill(1);
for (;;) a.splice(1, 2, 3, 4, 5, 6);
//// arrays joined to one
const a = Array(1e5).fill(1);
for (;;) a.concat(a);
//// slices of an array
const a = Array(1e5).fill(1);
for (;;) a.slice(1);
//// turning an array
const a = Array(1e5).fill(1);
for (;;) a.reverse();
//// sorting equal numbers
const a = Array(1e5).fill(1);
for (;;) a.sort();
//// sorting long texts that are alike
const a = []; for (let i = 0; i < 100; i++) a.push('x'.repeat(1e5) + i);
for (;;) a.sort();
//// numbers to text in base two
for (let i = 1; ; i++) { (i / 3).toString(2); (1e300 * i).toString(3); (5e-324 * i).toString(36); }
//// numbers to text with many digits
for (let i = 1; ; i++) { (i / 3).toFixed(100); (i * 1e-300).toPrecision(100); (i * 1e300).toExponential(100); }
//// numbers to text
for (let i = 1; ; i++) String(i * 1.1e-310);
//// numbers of long text
const s = '1'.repeat(1e6);
for (;;) { Number(s); parseFloat(s); parseInt(s, 7); }
//// numbers of text after spaces
const s = ' '.repeat(1e6) + '1' + ' '.repeat(1e6);
for (;;) { Number(s); parseFloat(s); parseInt(s); }
//// numbers of text with large exponents
for (let i = 0; ; i++) { Number('1234567890123456789e-' + (320 - i % 20)); Number('0.' + '0'.repeat(300) + i); }
//// characters far inside of text that is not plain
const s = 'é'.repeat(2e5);
for (let i = 0; ; i = (i + 77777) % 2e5) s.charCodeAt(i);
//// characters far inside of many texts
const t = []; for (let i = 0; i < 20; i++) t.push('é'.repeat(2e5) + i);
for (let i = 0; ; i++) t[i % 20][1e5];
//// parts far inside of text that is not plain
const s = 'é'.repeat(2e5);
for (;;) { s.substring(1e5, 1e5 + 1); s.slice(-100001, -100000); s.at(5e4); s.codePointAt(12e4); }
//// where in a text, worst case
const s = 'a'.repeat(1e5), t = 'a'.repeat(5e4) + 'b';
for (;;) { s.indexOf(t); s.includes(t); s.lastIndexOf(t); }
//// where in a text, backwards
const s = 'ab'.repeat(5e5);
for (;;) s.lastIndexOf('bb');
//// replaced by a text
const s = 'ab'.repeat(5e5);
for (;;) { s.replace('bb', 'x'); s.replaceAll('bb', 'x'); }
//// replaced all over
const s = 'ab'.repeat(1e5);
for (;;) s.replaceAll('a', 'cc');
//// replaced with parts of the text
const s = 'x'.repeat(1000);
for (;;) s.replace(/x/g, "$`$'");
//// split into characters
const s = 'aé'.repeat(5e4);
for (;;) s.split('');
//// trimmed
const s = ' '.repeat(1e6) + 'x' + ' '.repeat(1e6);
for (;;) { s.trim(); s.trimStart(); s.trimEnd(); }
//// padded
for (;;) { 'x'.padStart(1e6, 'ab'); 'x'.padEnd(1e6); 'ab'.repeat(5e5); }
//// compared
const a = 'x'.repeat(1e6) + 'a', b = 'x'.repeat(1e6) + 'b';
for (;;) { a < b; a.localeCompare(b); a.startsWith(b); a.endsWith(b, 1e6); }
//// joined of long texts
const a = Array(100).fill('x'.repeat(1e5));
for (;;) a.join(',');
//// normalized
const s = 'é\u0301'.repeat(1e5);
for (;;) { s.normalize('NFC'); s.normalize('NFD'); }
//// characters one by one
const s = 'é😀'.repeat(1e5);
for (;;) for (const c of s) ;
//// capital letters of the Greek
const s = 'ΑΣ '.repeat(1e5);
for (;;) { s.toLowerCase(); s.toUpperCase(); }
//// letters without case
const s = '漢字'.repeat(2e5);
for (;;) { s.toLowerCase(); s.toUpperCase(); }
//// numbers in text replaced
const s = 'a1'.repeat(1e5);
for (;;) s.replace(/\d/g, d => d);
//// errors from deep down
const f = n => { if (n > 0) return f(n - 1); for (;;) new Error('x'); };
f(3000);
//// where errors come from
const f = n => { if (n > 0) return f(n - 1); for (;;) new Error('x'.repeat(1e4)).stack; };
f(20);
//// functions as text
const f = () => 1;
for (;;) { f.toString(); String(Math.max); }
//// proxies around proxies
let p = {}; for (let i = 0; i < 150; i++) p = new Proxy(p, {});
for (;;) { p.x; 'x' in p; Object.keys(p); }
//// proxies as handlers
let h = {}; for (let i = 0; i < 100; i++) h = new Proxy({}, h);
for (;;) h.x;
//// a list of many that is dropped
for (;;) { let l = null; for (let i = 0; i < 50000; i++) l = { l }; }
//// a ring of many that is dropped
for (;;) { const f = {}; let l = f; for (let i = 0; i < 50000; i++) l = { l }; f.l = l; }
//// rings near the limit
const keep = []; for (let i = 0; i < 2e5; i++) keep.push({});
for (;;) { const o = { b: new Uint8Array(2e6) }; o.o = o; }
//// texts near the limit
const keep = []; for (let i = 0; i < 3e5; i++) keep.push('k' + i);
for (;;) { const o = { b: new Uint8Array(2e6) }; o.o = o; }
//// a pattern of many characters
const p = 'ab'.repeat(2e4);
for (;;) new RegExp(p);
//// a pattern of many alternatives
const p = 'a|'.repeat(1e4);
for (;;) new RegExp(p);
//// a pattern of many counted parts
const p = 'a{2,9}'.repeat(2000);
for (;;) new RegExp(p);
//// a pattern of nested counts
for (;;) try { new RegExp('(?:(?:a{30}){30}){30}'); } catch { }
//// a pattern of many groups
const r = new RegExp('()'.repeat(500)), s = 'x'.repeat(100);
for (;;) r.exec(s);
//// looking ahead with many groups
const r = new RegExp('(?=x)*' + '()'.repeat(500) + 'y'), s = 'x'.repeat(1e4);
for (;;) r.test(s);
//// a pattern with names
const p = Array.from({ length: 300 }, (_, i) => '(?<n' + i + '>a)?').join('');
for (;;) new RegExp(p).exec('a');
//// a pattern that ends far off
const r = /x*y/, s = 'x'.repeat(1e4);
for (;;) r.test(s);
//// a pattern on text that is not plain
const r = /é+$/g, s = 'é'.repeat(1e4) + 'x';
for (;;) { r.lastIndex = 5000; r.test(s); }
//// a pattern of Unicode
const r = /[\p{L}\d]+$/u, s = 'aé漢😀'.repeat(1e4) + '!';
for (;;) r.test(s);
//// a class of Unicode made again
for (;;) new RegExp('\\p{L}\\P{N}[^\\p{Lu}]', 'iu');
//// timers set and cleared
const f = () => { for (let i = 0; i < 5000; i++) setTimeout(() => 1, 1e6 - i); for (;;) clearTimeout(setTimeout(() => 1, 1)); };
setTimeout(f, 0);
//// many timers
setTimeout(() => { for (let i = 0; i < 20000; i++) setTimeout(() => 1, 20000 - i); }, 0);
//// symbols described
const s = Symbol('x'.repeat(1e5));
for (;;) { s.toString(); s.description; Symbol.for('y'.repeat(1e5)); }
//// dates
for (let i = 0; ; i++) { const d = new Date(i * 1e9); d.toString(); d.toISOString(); d.setMonth(5); Date.parse(d.toUTCString()); }
//// mathematics
for (let i = 0; ; i++) { Math.pow(1.1, i); Math.sin(i * 1e300); Math.exp(i); Math.hypot(i, i, i); Math.cbrt(i); Math.atan2(i, 3); }
//// random numbers
for (;;) Math.random();
//// text printed
const s = 'é'.repeat(1e5);
for (;;) console.debug === undefined ? JSON.stringify(s) : console.debug === s;

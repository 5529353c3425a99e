// SPDX-License-Identifier: MIT
// One built-in after the other on as much data as 64 MiB hold: how long does it run between two checks of the steps?
//// Number of a text of 20 MB
const s = '1'.repeat(2e7);
for (;;) Number(s);
//// parseFloat of a text of 20 MB
const s = '1'.repeat(2e7);
for (;;) parseFloat(s);
//// parseInt in base 7 of a text of 20 MB
const s = '1'.repeat(2e7);
for (;;) parseInt(s, 7);
//// parseInt in base 36 of a text of 20 MB
const s = 'z'.repeat(2e7);
for (;;) parseInt(s, 36);
//// Number of 20 MB of spaces
const s = ' '.repeat(2e7);
for (;;) Number(s);
//// Number of 20 MB after the point
const s = '0.' + '0'.repeat(2e7) + '1';
for (;;) Number(s);
//// text of numbers that are hardly there
for (let i = 1; ; i++) String(i * 1.1e-310);
//// text of large numbers
for (let i = 1; ; i++) String(i * 1.1e300);
//// typed array to bytes, 4 million doubles
const a = new Float64Array(4e6);
for (;;) new Uint8Array(a);
//// typed array copied, 28 MB
const a = new Uint8Array(28e6);
for (;;) new Uint8Array(a);
//// typed array to floats, 10 MB
const a = new Uint8Array(1e7);
for (;;) new Float32Array(a);
//// typed array set from another kind
const a = new Float64Array(3e6), b = new Float32Array(3e6);
for (;;) { a.set(b); b.set(a); }
//// typed array from an array
const b = Array(2e6).fill(1.5);
for (;;) new Float64Array(b);
//// typed array sliced
const a = new Uint8Array(28e6);
for (;;) a.slice();
//// typed array filled
const a = new Float64Array(7e6);
for (;;) a.fill(1);
//// typed array turned
const a = new Uint8Array(28e6);
for (;;) a.reverse();
//// typed array searched
const a = new Uint8Array(28e6);
for (;;) a.indexOf(1);
//// typed array joined
const a = new Uint8Array(3e6);
for (;;) a.join('');
//// typed array sorted
const a = new Float64Array(2e6); for (let i = 0; i < 2e6; i++) a[i] = (i * 7919) % 2000003;
for (;;) a.sort();
//// typed array shifted within itself
const a = new Uint8Array(56e6);
for (;;) a.copyWithin(0, 1);
//// buffer sliced
const a = new ArrayBuffer(28e6);
for (;;) a.slice(1);
//// text encoded to bytes
const s = 'é'.repeat(8e6);
for (;;) new TextEncoder().encode(s);
//// bytes decoded to text
const a = new Uint8Array(15e6).fill(97);
for (;;) new TextDecoder().decode(a);
//// JSON.parse of a long text of numbers
const s = '[' + '1,'.repeat(1e6) + '1]';
for (;;) JSON.parse(s);
//// JSON.parse of one string of 15 MB
const s = '"' + 'x'.repeat(15e6) + '"';
for (;;) JSON.parse(s);
//// JSON.parse of one string of escapes
const s = '"' + '\\u00e9'.repeat(3e6) + '"';
for (;;) JSON.parse(s);
//// JSON.parse of spaces
const s = ' '.repeat(3e7) + '1';
for (;;) JSON.parse(s);
//// JSON.parse of one number
const s = '1'.repeat(15e6);
for (;;) JSON.parse(s);
//// JSON.parse of many objects
const s = '[' + '{"a":1,"b":[2]},'.repeat(1e5) + '1]';
for (;;) JSON.parse(s);
//// JSON.parse of many keys
let s = '{'; for (let i = 0; i < 2e5; i++) s += '"k' + i + '":1,'; s += '"z":1}';
for (;;) JSON.parse(s);
//// JSON.stringify of a long array
const a = Array(2e6).fill(1);
for (;;) JSON.stringify(a);
//// JSON.stringify of one text of 10 MB
const s = 'x'.repeat(1e7);
for (;;) JSON.stringify(s);
//// JSON.stringify of one text of what must be escaped
const s = '\u0001'.repeat(4e6);
for (;;) JSON.stringify(s);
//// JSON.stringify of one text that is not plain
const s = 'é'.repeat(4e6);
for (;;) JSON.stringify(s);
//// JSON.stringify of many objects, indented
const a = []; for (let i = 0; i < 1e5; i++) a.push({ a: i, b: [i] });
for (;;) JSON.stringify(a, null, 2);
//// JSON.stringify of holes
const a = Array(3e6);
for (;;) JSON.stringify(a);
//// join of a long array
const a = Array(2e6).fill('ab');
for (;;) a.join(',');
//// join of long texts
const a = Array(200).fill('x'.repeat(1e5));
for (;;) a.join('');
//// join of holes
const a = Array(3e6);
for (;;) a.join('');
//// concat of long arrays
const a = Array(1e6).fill(1);
for (;;) a.concat(a);
//// concat of long texts
const s = 'x'.repeat(12e6);
for (let i = 0; ; i++) s.concat(s, i);
//// two long texts put together
const s = 'x'.repeat(14e6);
for (let i = 0; ; i++) s + i;
//// long texts as keys
const o = {}; const s = 'x'.repeat(14e6);
for (let i = 0; ; i++) o[s + i];
//// long texts in a Map
const o = new Map(); const s = 'x'.repeat(14e6);
for (let i = 0; ; i++) o.has(s + i);
//// text repeated
for (;;) 'ab'.repeat(1e7);
//// text padded
for (;;) 'x'.padStart(2e7, 'ab');
//// texts compared
const a = 'x'.repeat(15e6) + 'a', b = 'x'.repeat(15e6) + 'b';
for (;;) { a < b; a.localeCompare(b); }
//// text compared at its start and end
const a = 'x'.repeat(15e6) + 'a', b = 'x'.repeat(15e6);
for (;;) { a.startsWith(b); a.endsWith(b, 15e6); }
//// text searched
const s = 'a'.repeat(3e7);
for (;;) s.indexOf('b');
//// text searched backwards
const s = 'a'.repeat(3e7);
for (;;) s.lastIndexOf('b');
//// text searched for nearly itself
const s = 'a'.repeat(1e7), t = 'a'.repeat(5e6) + 'b';
for (;;) s.indexOf(t);
//// text split into characters
const s = 'a'.repeat(1e6);
for (;;) s.split('');
//// text split by what is not there
const s = 'a'.repeat(3e7);
for (;;) s.split('b');
//// text split often
const s = 'a,'.repeat(5e5);
for (;;) s.split(',');
//// text replaced all over
const s = 'ab'.repeat(1e6);
for (;;) s.replaceAll('a', 'cc');
//// text in capital letters
const s = 'abc'.repeat(4e6);
for (;;) s.toUpperCase();
//// text that is not plain in capital letters
const s = 'ßéа'.repeat(1e6);
for (;;) s.toUpperCase();
//// text without case in capital letters
const s = '漢'.repeat(5e6);
for (;;) s.toLowerCase();
//// text trimmed
const s = ' '.repeat(14e6) + 'x' + ' '.repeat(14e6);
for (;;) { s.trim(); }
//// text of half surrogates trimmed
const s = '\u3000'.repeat(9e6) + 'x';
for (;;) { s.trim(); }
//// text addressed from its middle
const s = 'é'.repeat(15e6);
for (let i = 0; ; i = (i + 7777777) % 15e6) s.charCodeAt(i);
//// text cut from its middle
const s = 'é'.repeat(8e6);
for (;;) s.slice(1);
//// text as an address
const s = 'é'.repeat(1e6);
for (;;) encodeURIComponent(s);
//// text from an address
const s = '%41'.repeat(4e6);
for (;;) decodeURIComponent(s);
//// text escaped and back
const s = 'é'.repeat(2e6);
for (;;) unescape(escape(s));
//// length of a text
const s = 'é'.repeat(7e6);
for (let i = 0; ; i++) (s + i).length;
//// date of a long text
const s = '2020-01-01T00:00:00.' + '0'.repeat(2e7) + 'Z';
for (;;) Date.parse(s);
//// sort of a million numbers
const a = []; for (let i = 0; i < 1e6; i++) a.push((i * 7919) % 1000003);
for (;;) a.slice().sort((x, y) => x - y);
//// sort of numbers as texts
const a = []; for (let i = 0; i < 2e5; i++) a.push((i * 7919) % 1000003);
for (;;) a.slice().sort();
//// sort of texts
const a = []; for (let i = 0; i < 2e5; i++) a.push('text' + (i * 7919) % 1000003);
for (;;) a.slice().sort();
//// sort of holes
for (;;) Array(2e6).sort();
//// sort of undefined
for (;;) Array(1e6).fill(undefined).sort();
//// array filled
const a = Array(3e6);
for (;;) a.fill(1);
//// array turned
const a = Array(3e6).fill(1);
for (;;) a.reverse();
//// array searched
const a = Array(3e6).fill(1);
for (;;) { a.indexOf(2); a.includes(2); }
//// array searched backwards
const a = Array(3e6).fill(1);
for (;;) a.lastIndexOf(2);
//// array sliced
const a = Array(1e6).fill(1);
for (;;) a.slice();
//// array spliced
const a = Array(1e6).fill(1);
for (;;) a.splice(0, 2, 3, 4, 5, 6);
//// array shifted
const a = Array(3e6).fill(1);
for (;;) a.shift();
//// array put before
const a = Array(1e6).fill(1);
for (;;) { a.unshift(1); a.pop(); }
//// array moved within itself
const a = Array(3e6).fill(1);
for (;;) a.copyWithin(0, 1);
//// array flattened
const a = Array(1000).fill(Array(1000).fill(1));
for (;;) a.flat();
//// array cut to nothing
for (;;) { const a = Array(3e6).fill({}); a.length = 0; }
//// array made sparse
for (;;) { const a = Array(5e5).fill(1); a[4e9] = 1; }
//// array frozen
for (;;) Object.freeze(Array(3e5).fill(1));
//// array iterated
const a = Array(1e6).fill(1);
for (;;) { Array.from(a); [...a]; }
//// arguments of a call
const a = Array(3e5).fill(1);
for (;;) Math.max.apply(null, a);
//// arguments spread
const a = Array(3e5).fill(1);
for (;;) Math.max(...a);
//// characters from codes
const a = Array(3e5).fill(233);
for (;;) String.fromCharCode.apply(null, a);
//// object of many keys copied
const o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = i;
for (;;) ({ ...o });
//// object of many keys listed
const o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = i;
for (;;) Object.keys(o);
//// object of many keys frozen
const o = {}; for (let i = 0; i < 4e5; i++) o['k' + i] = i;
for (;;) Object.freeze(o);
//// object of many keys asked whether frozen
const o = {}; for (let i = 0; i < 4e5; i++) o['k' + i] = i;
Object.freeze(o);
for (;;) Object.isFrozen(o);
//// object that grows
for (;;) { const o = {}; for (let i = 0; i < 4e5; i++) o['k' + i] = i; }
//// object of numbers in falling order
const o = {}; for (let i = 2e5; i > 0; i--) o[i] = 1;
for (;;) Object.keys(o);
//// object walked by for-in
const o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = i;
for (;;) for (const k in o) break;
//// object with deletions
const o = {}; for (let i = 0; i < 4e5; i++) o['k' + i] = i;
for (let i = 0; i < 4e5; i++) delete o['k' + i];
for (;;) { Object.keys(o); o.x = 1; delete o.x; }
//// Map that grows
for (;;) { const m = new Map(); for (let i = 0; i < 3e5; i++) m.set(i, i); }
//// Map of a list
const a = []; for (let i = 0; i < 2e5; i++) a.push([i, i]);
for (;;) new Map(a);
//// Map cleared
const m = new Map();
for (;;) { for (let i = 0; i < 3e5; i++) m.set(i, i); m.clear(); }
//// Map with deletions walked
const m = new Map(); for (let i = 0; i < 3e5; i++) m.set(i, i);
for (let i = 0; i < 299999; i++) m.delete(i);
for (;;) for (const x of m) break;
//// Set of a text
const s = 'a'.repeat(1e7);
for (;;) new Set(s);
//// pattern of many characters
const p = 'ab'.repeat(2e5);
for (;;) new RegExp(p);
//// pattern that looks through much text
const s = 'x'.repeat(1e7);
for (;;) /y/.test(s);
//// pattern that takes much text
const s = 'x'.repeat(1e7);
for (;;) /^x*$/.test(s);
//// pattern that replaces all over
const s = 'xy'.repeat(3e5);
for (;;) s.replace(/x/g, 'zz');
//// many small texts dropped
for (;;) { const a = []; for (let i = 0; i < 3e5; i++) a.push('t' + i); }
//// a list that is dropped
for (;;) { let l = null; for (let i = 0; i < 3e5; i++) l = { l }; }
//// rings that are dropped
for (;;) { const a = []; for (let i = 0; i < 1e5; i++) { const o = { a }; o.o = o; a.push(o); } }
//// a tree near the limit and large garbage
const keep = []; for (let i = 0; i < 3e5; i++) keep.push({});
for (;;) { const o = { b: new Uint8Array(2e6) }; o.o = o; }
//// a tree near the limit and small garbage
const keep = []; try { for (let i = 0; i < 45e4; i++) keep.push({}); } catch { }
for (;;) { const o = { b: 'x' }; o.o = o; }
//// texts near the limit and large garbage
const keep = []; for (let i = 0; i < 5e5; i++) keep.push('k' + i);
for (;;) { const o = { b: new Uint8Array(2e6) }; o.o = o; }
//// numbers near the limit and large garbage
const keep = Array(3e6).fill(1);
for (;;) { const o = { b: new Uint8Array(4e6) }; o.o = o; }
//// functions and environments near the limit
const keep = []; for (let i = 0; i < 1e5; i++) keep.push(() => i);
for (;;) { const o = { b: new Uint8Array(2e6) }; o.o = o; }
//// Error with a long message
const s = 'é'.repeat(5e6);
for (;;) { new Error(s).toString(); }
//// symbols of a long text
const s = 'x'.repeat(1e7);
for (;;) { Symbol(s).toString(); }
//// functions as text
const f = () => '0123456789';
for (;;) f.toString();
//// Reflect.ownKeys of a text object
const s = new String('x'.repeat(3e5));
for (;;) Reflect.ownKeys(s);
//// Object.entries of an array
const a = Array(1e5).fill(1);
for (;;) Object.entries(a);
//// bind of many arguments
const a = [null]; for (let i = 0; i < 2e5; i++) a.push(i);
for (;;) { const f = Function.prototype.bind.apply(Math.max, a); f(); }

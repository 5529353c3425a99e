// SPDX-License-Identifier: MIT
// Built-ins that are asked for more than their arguments show.
//// indexOf with a made-up length
for (;;) try { [].indexOf.call({ length: 2 ** 32 - 1 }, 1); } catch { }
//// lastIndexOf with a made-up length
for (;;) try { [].lastIndexOf.call({ length: 2 ** 32 - 1 }, 1); } catch { }
//// includes with a made-up length
[].includes.call({ length: 2 ** 32 }, 1);
//// find and findLast with made-up lengths
[].findLast.call({ length: 2 ** 40 }, x => x === 1);
[].find.call({ length: 2 ** 40 }, x => x === 1);
//// reduce with a made-up length
for (;;) try { [].reduce.call({ length: 2 ** 32 - 1, 0: 1 }, (a, b) => a); } catch { }
//// reverse with a made-up length
for (;;) try { [].reverse.call({ length: 2 ** 32 - 1 }); } catch { }
//// copyWithin with a made-up length
[].copyWithin.call({ length: 2 ** 32 }, 0, 1);
//// fill with a made-up length
[].fill.call({ length: 2 ** 32 }, 0);
//// sort with a made-up length
[].sort.call({ length: 2 ** 31, 5: 1 });
//// splice with a made-up length
for (;;) try { [].splice.call({ length: 2 ** 32 - 1, 0: 1 }, 0, 1); } catch { }
//// shift and unshift with a made-up length
for (;;) try { [].shift.call({ length: 2 ** 32 - 1 }); [].unshift.call({ length: 2 ** 31 }, 1); } catch { }
//// slice with a made-up length
for (;;) try { [].slice.call({ length: 2 ** 32 - 1 }); [].slice.call({ length: 2 ** 53 - 1 }); } catch { }
//// concat of what says it is long
for (;;) try { [].concat({ length: 2 ** 32 - 2, [Symbol.isConcatSpreadable]: true }); } catch { }
//// flat of a long list
const a = Array(1e5).fill([1, 2, 3]);
for (;;) a.flat();
//// sort of many numbers
const a = Array.from({ length: 50000 }, (_, i) => (i * 7919) % 50021);
for (;;) a.slice().sort((x, y) => x - y);
//// sort of many texts
const a = Array.from({ length: 20000 }, (_, i) => 'x'.repeat(50) + (i * 7919) % 20011);
for (;;) a.slice().sort();
//// sort with a comparator that lies
const a = Array.from({ length: 20000 }, (_, i) => i);
let n = 0;
for (;;) a.sort(() => n++ % 3 - 1);
//// a pattern with nested repetition
/^(?:a+)+$/.test('a'.repeat(40) + 'b');
//// a pattern with alternatives alike
/^(?:a|a|a)*c/.test('a'.repeat(40));
//// a pattern with many stars
/a*a*a*a*a*a*a*a*c/.test('a'.repeat(200));
//// a pattern over a long text
const s = 'a'.repeat(1e6);
for (;;) /a.*b/.test(s);
//// a pattern replaced everywhere
const s = 'ab'.repeat(1e5);
for (;;) s.replace(/[ab]/g, 'c');
//// a pattern that looks ahead everywhere
/(?=(a+))a*b\1/.exec('a'.repeat(20000));
//// indexOf in a long text
const s = 'a'.repeat(1e6) + 'b', t = 'a'.repeat(5e5) + 'c';
for (;;) s.indexOf(t);
//// lastIndexOf in a long text
const s = 'b' + 'a'.repeat(1e6), t = 'c' + 'a'.repeat(5e5);
for (;;) s.lastIndexOf(t);
//// includes and split in a long text
const s = 'ab'.repeat(1e6);
for (;;) { s.includes('bb'); s.split('ba', 5); }
//// comparing long texts
const a = 'a'.repeat(1e6) + 'b', b = 'a'.repeat(1e6) + 'c';
for (;;) a < b;
//// texts as keys
const a = 'k'.repeat(1e6), o = {};
for (let i = 0; ; i++) o[a + i % 3] = 1;
//// JSON of much
const a = Array.from({ length: 20000 }, (_, i) => ({ i, s: 'text' }));
for (;;) JSON.stringify(a);
//// JSON text read again and again
const t = JSON.stringify(Array.from({ length: 20000 }, (_, i) => i / 3));
for (;;) JSON.parse(t);
//// JSON of long text
const s = '\u0001\u00e9"'.repeat(3e5);
for (;;) JSON.stringify(s);
//// JSON of an array that is only long
const a = [];
a.length = 2 ** 31;
JSON.stringify(a);
//// a replacer list that is long
const keys = Array.from({ length: 50000 }, (_, i) => 'k' + i);
for (;;) JSON.stringify([{}, {}, {}, {}], keys);
//// text of a long array
const a = Array(1e5).fill(1.5);
for (;;) String(a);
//// encodeURIComponent of a long text
const s = 'é€ '.repeat(3e5);
for (;;) encodeURIComponent(s);
//// decodeURIComponent of a long text
const s = '%C3%A9'.repeat(3e5);
for (;;) decodeURIComponent(s);
//// escape and unescape of a long text
const s = 'ü '.repeat(3e5);
for (;;) unescape(escape(s));
//// keys of a long text
const s = 'x'.repeat(1e6);
for (;;) { Object.keys(s); }
//// own names and entries of a long text
const s = 'x'.repeat(2e5);
for (;;) { Object.getOwnPropertyNames(s); Object.entries(s); for (const k in Object(s)) break; }
//// trim of a long text
const s = ' '.repeat(2e6) + 'x' + ' '.repeat(2e6);
for (;;) s.trim();
//// slices of a long text beyond ASCII
const s = 'aé'.repeat(1e6);
for (let i = 0; ; i += 9973) { s.charAt(i % s.length); s.charCodeAt((i * 7919) % s.length); s.slice(i % 1000, i % 1000 + 5); }
//// numbers read from long text
const s = '1'.repeat(1e6);
for (;;) { Number(s); parseInt(s); parseFloat(s); }
//// numbers written in long
for (;;) try { (1e-300).toFixed(100), (1.7976931348623157e308).toString(2), (5e-324).toPrecision(100); } catch { (5e-324).toString(2); }
//// typed arrays turned and sorted
const a = new Float64Array(1e6);
for (;;) { a.reverse(); a.sort(); }
//// typed arrays filled and copied
const a = new Uint8Array(8e6);
for (;;) { a.fill(1); a.copyWithin(1, 0); a.slice(); a.set(a.subarray(1)); }
//// typed arrays searched
const a = new Uint8Array(8e6);
for (;;) { a.indexOf(7); a.includes(7); a.lastIndexOf(7); a.join(''); }
//// typed arrays from lists
const a = Array(1e6).fill(1);
for (;;) new Float64Array(a);
//// buffers sliced
const b = new ArrayBuffer(8e6);
for (;;) b.slice(1);
//// text to bytes and back
const s = 'é'.repeat(1e6);
for (;;) new TextDecoder().decode(new TextEncoder().encode(s));
//// freeze and keys of a great object
const o = {};
for (let i = 0; i < 20000; i++) o['k' + i] = i;
for (;;) { Object.isFrozen(Object.freeze({ ...o })); Object.keys(o); }
//// a great map copied
const m = new Map(Array.from({ length: 20000 }, (_, i) => [i, i]));
for (;;) new Map(m);
//// a map deleted from the front
const m = new Map(Array.from({ length: 50000 }, (_, i) => [i, i]));
for (let i = 50000; ; i++) { m.delete(m.keys().next().value); m.set(i, i); }
//// an array shifted from the front
const a = Array(1e5).fill(0);
for (;;) { a.shift(); a.push(1); }
//// an array deleted and searched
const a = Array.from({ length: 1e5 }, (_, i) => i);
for (;;) { a.indexOf(-1); a.includes(NaN); a.lastIndexOf(-1); a.reverse(); }
//// bind with many arguments
let f = (...a) => a.length;
for (;;) f = f.bind(null, 1, 2, 3, 4, 5, 6, 7, 8, 9);
//// print of a great array
const a = Array(1e5).fill([1]);
for (;;) console.log(a);
//// print of a nest
let a = [];
for (let i = 0; i < 10000; i++) a = [a];
for (;;) console.log(a);
//// localeCompare of long texts
const a = 'a'.repeat(1e6) + 'b', b = 'a'.repeat(1e6) + 'c';
for (;;) a.localeCompare(b);
//// symbols with long descriptions
const s = 's'.repeat(1e6);
for (;;) { Symbol.for(s); String(Symbol(s)); }
//// normal functions with many parameters
const names = Array.from({ length: 200 }, (_, i) => i);
const f = (...a) => a.reduce((x, y) => x + y, 0);
for (;;) f(...names, ...names, ...names);

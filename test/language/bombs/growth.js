// SPDX-License-Identifier: MIT
// Memory that grows: text, arrays, collections, properties.
//// text doubled
let s = 'x';
for (;;) s += s;
//// text longer by one
let s = '';
for (;;) s += 'x';
//// all texts kept
const all = [];
for (let s = 'ab'; ; s += 'c') all.push(s);
//// repeat at once
try { 'x'.repeat(2 ** 30); } catch (e) { print(e.name); }
for (;;) 'xy'.repeat(1e6);
//// padStart at once
try { 'x'.padStart(2 ** 28, 'abc'); } catch (e) { print(e.name); }
for (;;) 'x'.padEnd(1e6, 'abc');
//// concat of arrays doubled
let a = [1];
for (;;) a = a.concat(a);
//// spread doubled
let a = [1];
for (;;) a = [...a, ...a];
//// push of itself
const a = [1];
for (;;) a.push(...a);
//// join of a long text
const a = Array(1000).fill('x'.repeat(10000));
print(a.join('').length);
for (;;) a.join(',');
//// join of holes
print([].join.call({ length: 2 ** 31 }, 'x').length);
//// join of an array that is only long
const a = [];
a.length = 4294967295;
print(a.join('-').length);
//// length from afar
const a = [];
a[4294967294] = 1;
for (;;) try { a.push(1); } catch { }
//// Array.from of a great length
print(Array.from({ length: 4294967295 }).length);
//// new Array filled
new Array(4294967295).fill(0);
//// spread of a long text
const s = 'x'.repeat(5e6);
for (;;) print([...s].length);
//// spread into a call
const a = Array(1e6).fill(1);
for (;;) try { Math.max(...a); } catch (e) { print(e.name); break; }
for (;;) a.slice();
//// apply with a great length
try { Math.max.apply(null, { length: 2 ** 31 }); } catch (e) { print(e.name); }
for (;;) try { Reflect.apply(Math.max, null, { length: 1e6 }); } catch { }
//// typed arrays
const all = [];
for (;;) all.push(new Float64Array(100000));
//// a buffer too great
try { new ArrayBuffer(2 ** 31); } catch (e) { print(e.name); }
for (;;) new ArrayBuffer(1e7);
//// a map that grows
const m = new Map();
for (let i = 0; ; i++) m.set(i, i);
//// a set of texts
const s = new Set();
for (let i = 0; ; i++) s.add('key' + i);
//// weak collections of living keys
const w = new WeakMap(), keep = [];
for (;;) { const k = {}; keep.push(k); w.set(k, {}); }
//// properties of an object
const o = {};
for (let i = 0; ; i++) o['p' + i] = i;
//// properties of an array
const a = [];
for (let i = 0; ; i++) a['p' + i] = i;
//// properties by defineProperty
const o = {};
for (let i = 0; ; i++) Object.defineProperty(o, i * 7, { get: () => i });
//// symbols as keys
const o = {};
for (;;) o[Symbol('s')] = 1;
//// symbols of the registry
for (let i = 0; ; i++) Symbol.for('s' + i);
//// templates
let s = 'ab';
for (;;) s = `${s}-${s}`;
//// closures kept
const kept = [];
for (let i = 0; ; i++) kept.push(() => kept[i]);
//// generators kept
const kept = [];
function* g() { yield kept; }
for (;;) { const it = g(); it.next(); kept.push(it); }
//// a list of links
let l = null;
for (;;) l = { next: l };
//// classes kept
const kept = [];
for (;;) kept.push(class { #x = 1; m() { return this.#x; } });
//// errors kept
const kept = [];
for (;;) kept.push(new Error('x'.repeat(100)));
//// patterns made at run time
const kept = [];
for (let i = 0; ; i++) kept.push(new RegExp('a{1,5}b' + i));
//// split into characters
const s = 'ab'.repeat(1e6);
for (;;) s.split('');
//// arrays in arrays made flat
let a = [1, 2];
for (;;) a = [a, a].flat();
//// flatMap doubled
let a = [1];
for (;;) a = a.flatMap(x => [x, x]);
//// Object.assign and entries
let o = { a: 1 };
for (let i = 0; ; i++) o = Object.fromEntries([...Object.entries(o), ['k' + i, i]]);
//// globals
for (let i = 0; ; i++) globalThis['g' + i] = i;
//// text by replaceAll
let s = 'a';
for (;;) s = s.replaceAll('a', 'aa');
//// text by dollars
let s = 'ab';
for (;;) s = s.replace(/a/, "$&$&$'$`");
//// JSON that doubles
let v = 'x';
for (;;) v = JSON.stringify([v, v]);
//// splice far away
const a = [];
for (;;) a.splice(a.length, 0, ...Array(1000).fill(a));
//// bytes of text
const s = 'é'.repeat(1e6), kept = [];
for (;;) kept.push(new TextEncoder().encode(s));

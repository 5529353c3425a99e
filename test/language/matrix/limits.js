// SPDX-License-Identifier: MIT
// The same allocation must be the first that the heap refuses, and the same operation the first for which no step is left.
//// a heap that fills with objects, texts and lists
const kept = [];
for (let i = 0; ; i++) { kept.push({ i, text: 'x'.repeat(i % 700), list: [i, i + 1] }); if (i % 1000 === 0) print(i); }
//// a heap that fills with entries of a Map
const map = new Map();
for (let i = 0; ; i++) { map.set('key' + i, [i]); if (i % 1000 === 0) print(i, map.size); }
//// a heap in which garbage lies between what is kept
let list = null, i = 0;
for (;;) { const waste = { list }; waste.self = waste; list = { list, text: 'abc'.repeat(i++ % 50) }; if (i % 1000 === 0) print(i); }
//// a heap that fills with suspended async calls
async function wait(n) { await new Promise(() => {}); return n; }
for (let i = 0; ; i++) { wait(i); if (i % 100 === 0) print(i); }
//// a heap that fills with one text
let text = 'x';
for (;;) { text += text; print(text.length); }
//// a heap that fills with bytes
const bytes = [];
for (;;) { bytes.push(new Uint8Array(100003)); print(bytes.length); }
//// steps that end among natives, handlers and finally blocks
let n = 0;
for (;;) { try { for (;;) { n += Math.floor(1.5) + [3, 1, 2].sort().length + 'abc'.replace(/b/, x => x + n).length; if (n % 65536 < 8) print(n); } } catch (e) { print('caught'); } finally { n++; } }
//// steps that end among promises and timers
let turns = 0;
async function turn() { for (;;) { await null; if (++turns % 1000 === 0) { print(turns, Date.now()); await new Promise(go => setTimeout(go, 7)); } } }
turn(); turn();
//// steps that end in a generator
function* count() { try { for (let i = 0; ; i++) yield i; } finally { print('finally'); } }
for (const i of count()) if (i % 10000 === 0) print(i);
//// steps that end in a sort
let seed = 1;
const numbers = Array.from({ length: 100000 }, () => seed = seed * 16807 % 2147483647);
let compared = 0;
numbers.sort((a, b) => { if (++compared % 10000 === 0) print(compared); return a - b; });
//// steps that end in a regular expression
for (let i = 1; ; i++) { print(i); /(a|aa)+b/.test('a'.repeat(i)); }

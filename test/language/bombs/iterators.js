// SPDX-License-Identifier: MIT
// Iterators that never end, in every place that asks one.
//// spread in an array
const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
[...endless];
//// spread in a call
const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
print(...endless);
//// rest in a pattern
const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
const [a, ...rest] = endless;
//// delegating to it
function* endless() { for (;;) yield 1; }
function* g() { yield* endless(); }
for (const x of g()) ;
//// for-of
function* endless() { let i = 0; for (;;) yield i++; }
for (const x of endless()) if (x < 0) break;
//// Array.from
function* endless() { for (;;) yield 1; }
Array.from(endless());
//// Array.from with a function
Array.from({ [Symbol.iterator]: () => ({ next: () => ({}) }) }, () => {});
//// Promise.all
function* endless() { for (;;) yield 1; }
Promise.all(endless());
//// Promise.race
function* endless() { for (;;) yield Promise.reject(1); }
Promise.race(endless());
//// Promise.any and allSettled
const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
try { Promise.any(endless); } finally { Promise.allSettled(endless); }
//// new Map
function* endless() { for (let i = 0; ; i++) yield [i, i]; }
new Map(endless());
//// new Set with one value
function* endless() { for (;;) yield 1; }
new Set(endless());
//// new WeakSet with one value
const o = {};
new WeakSet({ [Symbol.iterator]: () => ({ next: () => ({ value: o }) }) });
//// Object.fromEntries
Object.fromEntries({ [Symbol.iterator]: () => ({ next: () => ({ value: ['a', 1] }) }) });
//// new Uint8Array
function* endless() { for (;;) yield 1; }
new Uint8Array(endless());
Uint8Array.from(endless());
//// a getter of done that never says so
const it = { [Symbol.iterator]() { return this; }, next() { return { get done() { return false; }, get value() { return it; } }; } };
for (const x of it) ;
//// return that never comes back
const it = { [Symbol.iterator]() { return this; }, next: () => ({ value: 1 }), return() { for (;;) ; } };
const [a] = it;
//// a getter of return that does not end
const it = { [Symbol.iterator]() { return this; }, next: () => ({ value: 1 }), get return() { for (;;) ; } };
for (const x of it) break;
//// a length that is an endless getter
Array.prototype.map.call({ get length() { for (;;) ; } }, x => x);
//// a length made up for every method
for (const k of ['map', 'filter', 'every', 'forEach', 'reverse']) [][k].call({ length: 2 ** 53 - 1 }, () => true);
//// a generator that catches being closed
function* g() { for (;;) try { yield 1; } finally { continue; } }
for (;;) for (const x of g()) break;
//// matchAll without end
const all = 'a'.repeat(1e6).matchAll(/(?:)/g);
for (;;) for (const m of all) ;
//// entries of a growing array
const a = [0];
for (const [i, x] of a.entries()) a.push(i);
//// keys that are asked from a proxy
const p = new Proxy({}, { ownKeys: () => { for (;;) ; } });
Object.keys(p);
//// a spread of an object with an endless getter
const o = { get x() { for (;;) ; } };
({ ...o });

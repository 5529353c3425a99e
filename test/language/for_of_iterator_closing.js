// SPDX-License-Identifier: MIT
function make(n) { let i = 0; return { [Symbol.iterator]() { return this; }, next() { console.log('next'); return { done: i >= n, value: i++ }; }, return() { console.log('return'); return {}; } }; }
for (const x of make(1)); for (const x of make(3)) break; try { for (const x of make(3)) throw new Error('t'); } catch (e) { console.log(e.message); }
(function () { for (const x of make(2)) return; })(); const [p] = make(5); const [q, r, s] = make(1); console.log(String(p) + q + r + s);

// SPDX-License-Identifier: MIT
// The same operation must be the first for which no step is left.
let n = 0;
for (;;) { try { for (;;) { n += Math.floor(1.5) + [3, 1, 2].sort().length + 'abc'.replace(/b/, x => x + n).length; if (n % 65536 < 8) console.log(n); } } catch (e) { console.log('caught'); } finally { n++; } }

// SPDX-License-Identifier: MIT
// The same allocation must be the first that the heap refuses.
const kept = [];
for (let i = 0; ; i++) { kept.push({ i, text: 'x'.repeat(i % 700), list: [i, i + 1] }); if (i % 10000 === 0) console.log(i); }

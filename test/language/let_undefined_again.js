// SPDX-License-Identifier: MIT
for (let i = 0; i < 3; i++) { let x; console.log(String(x)); x = i; }
let i = 0; while (i < 2) { let y; if (y !== undefined) console.log('bad'); y = i++; } console.log('ok');

// SPDX-License-Identifier: MIT
let a = 1; function set(v) { a = v; return v; } console.log([a + set(10), a + (a = 2), a * a++ + a, a + -(a = 7)].join());
let s = 'x'; s += (s = 'y', 'z'); console.log(s); let i = 0; const o = [[1], [2]]; o[i][i = 0] = 5; console.log(JSON.stringify(o)); function l(n) { console.log('l' + n); return n; } l(1) + l(2) * l(3); let b = 3; console.log(String(b == (b = 4)) + String(b < (b = 5)));

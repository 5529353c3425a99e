// SPDX-License-Identifier: MIT
a: { console.log('in'); if (true) break a; console.log('no'); } function f(x) { switch (x) { case 1: return 'one'; default: return 'other'; case 2: { let x = 'two'; return x; } } } console.log([1, 2, 3].map(f).join());
b: for (let i = 0; ; i++) { switch (i) { case 0: continue b; case 2: break b; default: console.log('i' + i); } } x: y: for (;;) { break x; } do { var d = 1; } while (d++ < 0); console.log(String(d));

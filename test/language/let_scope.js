// SPDX-License-Identifier: MIT
let x = 'outer'; { let x = 'inner'; console.log(x); { const x = 'deep'; console.log(x); } console.log(x); } console.log(x);
function f() { { let x = 'f'; console.log(x); } return x; } console.log(f());
for (let i = 0; i < 2; i++) { let x = i; console.log(String(x)); }
if (true) { var v = 'var'; let x = 1; } console.log(v + x);

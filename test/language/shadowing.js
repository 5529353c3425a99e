// SPDX-License-Identifier: MIT
var x = 'g'; function f(x) { { let x = 'b'; { var y = x; } } return x + y; } console.log(f('p')); const g = (x => { const h = () => { let x = 'h'; return x; }; return h() + x; })('a'); console.log(g); try { throw 'e'; } catch (x) { let y = x; { let x = 'in'; y += x; } console.log(y); } console.log(x);
let undefined_ = 1; { const Math = { max: () => 'mine' }; console.log(Math.max()); } console.log(String(Math.max(1, 2)));

// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 3; i++) { out.push(f); function f() { return i; } } console.log(out.map(f => f()).join());
for (let i = 0; i < 2; i++) { function g() { return g.n = (g.n || 0) + 1; } console.log(String(g())); }

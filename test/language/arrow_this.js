// SPDX-License-Identifier: MIT
const o = { n: 1, f() { return [1, 2].map(x => x + this.n).join(); }, g: () => typeof this };
console.log(o.f()); function F() { this.v = 5; const a = () => () => this.v; return { r: a()() }; }
console.log(String(new F().r));

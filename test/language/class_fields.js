// SPDX-License-Identifier: MIT
let n = 0; class A { a = 1; b = this.a + 1; ['c' + n++] = 'c'; static s = 'S' + this.name; f = () => this.a; g; 'h i' = 5; static count = 0; constructor() { A.count++; } }
const a = new A(); new A(); console.log([a.a, a.b, a.c0, A.s, a.f(), String(a.g), a['h i'], A.count].join()); console.log(Object.keys(a).join() + a.f.name); class B extends A { a = 10; d = this.b; } const b = new B(); console.log([b.a, b.b, b.d, b.f()].join());

// SPDX-License-Identifier: MIT
class A { constructor(x) { this.x = x; } get d() { return this.x * 2; } set d(v) { this.x = v; } m() { return 'm' + this.x; } static s() { return 's' + this.name; } ['c' + 1]() { return 'c1'; } }
const a = new A(2); console.log(a.d + a.m() + A.s() + a.c1()); a.d = 7; console.log(String(a.x)); try { A(); } catch (e) { console.log(e.name + ': ' + e.message); }
console.log(typeof A + A.name + A.length + Object.keys(A.prototype).length + String(a instanceof A) + String(a.constructor === A)); const B = class { }; console.log(B.name + (class Q { }).name + String(new B() instanceof B));
try { new C1(); class C1 { } } catch (e) { console.log(e.message); } const D = class Inner { who() { return Inner.name; } }; console.log(new D().who());

// SPDX-License-Identifier: MIT
class A { set v(x) { this.w = 'A' + x; } } class B extends A { set v(x) { super.v = x + 1; } p() { super.z = 3; return this.z; } } const b = new B(); b.v = 1; console.log(b.w + b.p()); class C { static a = 1; static b() { return (() => this.a)(); } } console.log(String(C.b()));

// SPDX-License-Identifier: MIT
class A { constructor(n) { this.n = n; this.t = new.target.name; } hi() { return 'A' + this.n; } static make(...x) { return new this(...x); } get g() { return 'g' + this.n; } }
class B extends A { constructor(n) { super(n + 1); this.b = 1; } hi() { return 'B' + super.hi() + super.g; } static make(x) { return super.make(x * 2); } }
class C extends B { } const c = new C(1); console.log(c.hi() + c.t + B.make(5).n + C.make(1).n + String(c instanceof A)); console.log(String(Object.getPrototypeOf(C) === B) + C.name);
class D extends A { constructor() { try { this.x = 1; } catch (e) { console.log(e.name); } const f = () => super(9); f(); console.log(String((() => this.n)())); } } new D(); class E extends A { constructor() { } } try { new E(); } catch (e) { console.log(e.name); }
class F extends A { constructor() { super(1); return { o: 1 }; } } console.log(String(new F().o)); try { class G extends 5 { } } catch (e) { console.log(e.name); } class H extends A { constructor() { super(1); try { super(2); } catch (e) { console.log(e.message); } } } new H();

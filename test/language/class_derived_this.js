// SPDX-License-Identifier: MIT
const t = f => { try { return f(); } catch (e) { return e.name; } };
class B { constructor(v) { this.v = v; this.target = new.target.name; } }
class C extends B { constructor(v) { const f = () => this.v; super(v); this.f = f; } }
console.log(new C(4).f(), new C(1).target);
console.log(t(() => new (class extends B { constructor() { this.x = 1; } })()), t(() => new (class extends B { constructor() { super(); super(); } })()), t(() => new (class extends B { constructor() { return 1; } })()));
console.log(t(() => new (class extends B { constructor() { return { o: 1 }; } })().o), t(() => new (class extends B { constructor() { super(7); return undefined; } })().v));
class E2 extends Error { constructor(m) { super(m); this.name = 'E2'; this.extra = 1; } } const e = new E2('msg');
console.log(e instanceof E2, e instanceof Error, String(e), e.extra, Object.prototype.toString.call(e), e.message, Object.keys(e).join());
class Arr extends Array { last() { return this[this.length - 1]; } static get [Symbol.species]() { return Array; } } const a = new Arr(1, 2, 3); a.push(4);
console.log(a.length, a.last(), Array.isArray(a), a instanceof Arr, JSON.stringify(a), Arr.from([5, 6]).last(), Arr.of(1).last());
class M extends Map { get(k) { return super.get(k) || 'def'; } } const m = new M([[1, 2]]); console.log(m.get(1), m.get(2), m.size, m instanceof M);
class S extends Set { add(x) { return super.add(x * 2); } } console.log([...new S([1, 2])].join());
class Fn { static [Symbol.hasInstance](x) { return x === 5; } } console.log(5 instanceof Fn, 6 instanceof Fn);
function Old(x) { this.x = x; } Old.prototype.hi = function () { return 'hi' + this.x; }; class New extends Old { hi() { return super.hi() + '!'; } } console.log(new New(3).hi());
class Field extends B { y = this.v + 1; constructor(v) { super(v); this.z = this.y; } } console.log(JSON.stringify(new Field(1)));
class Ev extends B { constructor() { try { super(2); } finally { this.done = true; } } } console.log(new Ev().done);
const cond = b => class extends B { constructor() { if (b) super(1); else super(2); } }; console.log(new (cond(true))().v, new (cond(false))().v);
console.log(typeof new (class { constructor() { this.m = () => this; } })().m(), new (class { static = 1; get = 2; set = 3; async = 4; })().async);
class Over { toString() { return 'str'; } valueOf() { return 42; } [Symbol.toPrimitive](h) { return h; } } console.log(`${new Over()}`, new Over() + '', +new Over() || 'nan');

// SPDX-License-Identifier: MIT
//// a class is a function that must be called with new
class C { constructor(v) { this.v = v; } }
print(typeof C, new C(1).v, C.length);
try { C(1); } catch (e) { print(e.name); }
try { C.call(new C(1), 2); } catch (e) { print(e.name); }
//// attributes of a class and its prototype
class C { m() {} static s() {} }
const d = (o, k) => { const x = Object.getOwnPropertyDescriptor(o, k); return [x.writable, x.enumerable, x.configurable].map(v => v ? 1 : 0).join(''); };
print(d(C, 'prototype'), d(C.prototype, 'constructor'), d(C.prototype, 'm'), d(C, 's'), d(C, 'name'), d(C, 'length'));
try { C.prototype = {}; } catch (e) { print(e.name); }
//// methods are not enumerable
class C { m() {} static s() {} get g() { return 1; } f = 1; }
const keys = [];
for (const k in new C()) keys.push(k);
print(keys.join(), Object.keys(C).length, Object.keys(C.prototype).length);
//// order of own names
class C { static b() {} z() {} 1() {} a() {} 0() {} static get a() { return 1; } get y() { return 1; } }
print(Object.getOwnPropertyNames(C.prototype).join(), Object.getOwnPropertyNames(C).join());
//// methods are no constructors
class C { m() {} static s() {} get g() { return 1; } }
for (const f of [new C().m, C.s, Object.getOwnPropertyDescriptor(C.prototype, 'g').get]) try { new f(); print('made'); } catch (e) { print(e.name, 'prototype' in f); }
//// methods are strict and lose their this
class C { m() { return this; } static s() { return this === undefined; } }
const { m } = new C(), { s } = C;
print(m() === undefined, s(), C.s());
//// an empty class and an empty constructor
class A {}
class B { constructor() {} }
print(Object.getOwnPropertyNames(new A()).length, new A().constructor === A, A.length, B.length, A.name);
//// getter, setter and both
class C { get a() { return 'a' + this.k; } set b(v) { this.k = v; } get c() { return this.k; } set c(v) { this.k = v + '!'; } }
const c = new C();
c.b = 1; print(c.a, c.b); c.c = 2; print(c.c);
try { c.a = 3; } catch (e) { print(e.name); }
//// a getter below a method of the same name wins
class A { m() { return 1; } get m() { return 2; } }
class B { get m() { return 1; } m() { return 2; } }
print(new A().m, new B().m());
//// getter and setter of one name join though others stand between
class C { get v() { return 'got'; } other() {} set v(x) { this.x = x; } static get v() { return 'static'; } }
const d = Object.getOwnPropertyDescriptor(C.prototype, 'v'), c = new C();
c.v = 5;
print(typeof d.get, typeof d.set, d.enumerable, d.configurable, c.v, c.x, C.v);
//// two methods of one name, the last wins
class C { m() { return 1; } m() { return 2; } static m() { return 3; } static ['m']() { return 4; } }
print(new C().m(), C.m());
//// static members are inherited
class A { static make() { return new this(); } static v = 'v'; }
class B extends A {}
print(B.make() instanceof B, B.v, B.hasOwnProperty('make'), Object.getPrototypeOf(B) === A);
B.v = 'own';
print(A.v, B.v);
//// static named like attributes of functions
class C { static name() { return 'n'; } static length = 7; }
class D { static get name() { return 'getter'; } }
print(C.name(), C.length, D.name);
//// static prototype throws when computed
try { class C { static ['prototype']() {} } print('made'); } catch (e) { print(e.name); }
//// computed keys run in order, before static fields
const log = [], k = v => (log.push(v), v);
class C { [k('a')]() {} static [k('b')] = k('init b'); get [k('c')]() { return 1; } [k('d')] = k('init d'); static [k('e')]() {} }
print(log.join());
new C();
print(log.slice(5).join());
//// computed keys are turned into keys once
let n = 0;
const key = { toString() { return 'k' + ++n; } };
class C { [key]() { return 'm'; } static [key] = 's'; get [key]() { return 'g'; } }
print(n, new C().k1(), C.k2, new C().k3, C.prototype.k1.name);
//// computed keys with symbols, numbers and constructor
const s = Symbol('sym');
class C { [s]() { return 's'; } [1.50]() { return 'n'; } [-1]() { return 'm'; } ['constructor']() { return 'c'; } }
const c = new C();
print(c[s](), c['1.5'](), c['-1'](), typeof c.constructor, c[s].name, c['1.5'].name);
//// keys that are words, strings and numbers
class C { get() { return 1; } set() { return 2; } static() { return 3; } async() { return 4; } 'a b'() { return 5; } 0x10() { return 6; } if() { return 7; } static static() { return 8; } static get() { return 9; } }
const c = new C();
print(c.get(), c.set(), c.static(), c.async(), c['a b'](), c[16](), c.if(), C.static(), C.get());
//// accessors called get, set and static
class C { get get() { return 'gg'; } set set(v) { this.v = v; } static get static() { return 'ss'; } get static() { return 's'; } get async() { return 'as'; } }
const c = new C();
c.set = 1;
print(c.get, c.v, C.static, c.static, c.async);
//// string constructor is the constructor
class C { 'constructor'(v) { this.v = v; } }
print(new C(3).v, Object.getOwnPropertyNames(C.prototype).join());
//// static constructor is a method
class C { static constructor() { return 'static'; } static get prototype2() { return 1; } }
print(C.constructor(), new C().constructor === C);
//// names of members
const s = Symbol('x');
class C { m() {} get g() { return 1; } set g(v) {} static st() {} *gen() {} async as() {} [s]() {} get [Symbol.for('y')]() { return 1; } }
const p = C.prototype, d = Object.getOwnPropertyDescriptor(p, 'g');
print(p.m.name, d.get.name, d.set.name, C.st.name, p.gen.name, p.as.name, p[s].name, Object.getOwnPropertyDescriptor(p, Symbol.for('y')).get.name);
//// names of classes
const A = class {}, B = class Own {}, o = { C: class {}, ['D' + 1]: class {} };
let E; E = class {};
const { F = class {} } = {}, G = (class {});
print([A, B, o.C, o.D1, E, F, G, class {}].map(c => c.name || '-').join());
//// an anonymous class has an own empty name or none
const name = (c => Object.prototype.hasOwnProperty.call(c, 'name') + ':' + c.name)(class { static m() { return this.name; } });
print(name);
//// heritage is evaluated before the keys
const log = [], v = (n, x) => (log.push(n), x);
class C extends v('heritage', Object) { [v('key', 'k')]() {} static s = v('static', 1); }
print(log.join());
//// extends gives two chains
class A {}
class B extends A {}
class C extends B {}
print(Object.getPrototypeOf(C) === B, Object.getPrototypeOf(C.prototype) === B.prototype, new C() instanceof A, A.prototype.isPrototypeOf(new B()), Object.getPrototypeOf(A) === Function.prototype);
//// a derived class without constructor passes all arguments
class A { constructor(...a) { this.a = a.join(); } }
class B extends A {}
class C extends B {}
print(new C(1, 2, 3).a, B.length, new C(...'xy').a);
//// super(...) before this
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
class A {}
print(kind(() => new class extends A { constructor() { this.x = 1; super(); } }()), kind(() => new class extends A { constructor() { } }()), kind(() => new class extends A { constructor() { super(); super(); } }()),
  kind(() => new class extends A { constructor() { super(this); } }()), kind(() => new class extends A { constructor() { super(); this.x = 1; } }()));
//// a second super still runs the parent
const log = [];
class A { constructor(v) { log.push(v); } }
class B extends A { constructor() { super(1); try { super(2); } catch (e) { log.push(e.name); } } }
new B();
print(log.join());
//// the parent is found when super is called
class A { constructor() { this.n = 'A'; } }
class B { constructor() { this.n = 'B'; } }
class C extends A { constructor() { super(); } }
Object.setPrototypeOf(C, B);
const c = new C();
print(c.n, c instanceof A, c instanceof B);
//// arguments of super are evaluated before the parent is checked
const log = [];
class C extends Object { constructor() { super(log.push('argument')); } }
Object.setPrototypeOf(C, parseInt);
try { new C(); } catch (e) { log.push(e.name); }
print(log.join());
//// what constructors return, base
class A { constructor(v) { this.own = 1; return v; } }
const o = { other: 2 };
print(new A(o) === o, new A(5).own, new A(null).own, new A().own, typeof new A(() => 1));
//// what constructors return, derived
class A {}
class B extends A { constructor(v, call) { if (call) super(); return v; } }
const o = {}, kind = f => { try { return typeof f(); } catch (e) { return e.name; } };
print(new B(o) === o, kind(() => new B(1)), kind(() => new B(null, true)), kind(() => new B(undefined, true)), kind(() => new B(undefined)), kind(() => new B(() => {})));
//// this of a derived class is what the parent returned
const shared = { n: 0 };
class A { constructor() { return shared; } }
class B extends A { constructor() { super(); this.n++; } m() {} }
new B();
print(new B() === shared, shared.n, shared.m, shared instanceof B);
//// return in a derived constructor inside try
class A {}
class B extends A { constructor() { try { super(); return; } finally { this.done = 'finally'; } } }
class C extends A { constructor() { try { return 1; } catch (e) { print('not here'); } finally { super(); print('finally'); } } }
print(new B().done);
try { new C(); } catch (e) { print(e.name); }
//// super method with arguments and this
class A { hi(x) { return this.n + x; } }
class B extends A { constructor() { super(); this.n = 'n'; } hi(x) { return '<' + super.hi(x) + '>'; } other() { return super.hi('o'); } }
print(new B().hi('!'), new B().other());
//// super by a computed key
class A { a() { return 'a'; } get b() { return 'b'; } 7() { return 'seven'; } }
class B extends A { get(k) { const v = super[k]; return typeof v === 'function' ? super[k]() : String(v); } }
print(new B().get('a'), new B().get('b'), new B().get(7), new B().get('none'));
//// super getter and setter run with this
class A { get v() { return 'A' + this.k; } set v(x) { this.k = 'set ' + x; } }
class B extends A { get v() { return super.v + '!'; } set v(x) { super.v = x + '?'; } }
const b = new B();
b.v = 1;
print(b.v, b.k);
//// a write to super makes an own property
class A { m() { return 'A'; } }
class B extends A { set() { super.fresh = 1; super.m = 2; } }
const b = new B();
b.set();
print(b.fresh, b.m, 'fresh' in A.prototype, Object.keys(b).join());
//// a write to super of something not writable throws
class A { get only() { return 1; } }
Object.defineProperty(A.prototype, 'fixed', { value: 1 });
class B extends A { a() { super.only = 2; } b() { super.fixed = 2; } }
for (const k of ['a', 'b']) try { new B()[k](); print('written'); } catch (e) { print(e.name); }
//// compound assignment to super
class A { get v() { return this.k || 1; } set v(x) { this.k = x; } }
class B extends A { run() { super.v += 5; const old = super.v++; super.v **= 2; return [old, super.v, ++super.v, super.v--].join(); } }
const b = new B();
print(b.run(), b.k);
//// logical assignment to super
class A { get n() { return null; } set n(x) { this.k = x; } get t() { return 't'; } set t(x) { this.t2 = x; } }
class B extends A { run() { return [super.n ??= 'new', super.t ||= 'no', super.t &&= 'yes'].join(); } }
const b = new B();
print(b.run(), b.k, b.t2);
//// super as a target of patterns and loops
class A { set x(v) { this.log = (this.log || '') + v; } }
class B extends A { run() { [super.x, super['x']] = [1, 2]; ({ a: super.x } = { a: 3 }); for (super.x of [4, 5]) ; return this.log; } }
print(new B().run());
//// super in static methods
class A { static hi() { return 'A of ' + this.name; } static get v() { return this.k; } }
class B extends A { static k = 'k'; static hi() { return super.hi() + super.v; } static none() { return typeof super.none; } }
print(B.hi(), B.none());
//// super in accessors, generators and async methods
class A { m() { return 'm'; } }
class B extends A { get g() { return super.m() + 'g'; } *gen() { yield super.m() + 1; yield* [super.m() + 2]; } async as() { await null; return super.m() + 'async'; } }
const b = new B();
print(b.g, [...b.gen()].join());
b.as().then(v => print(v));
//// home of a method stays when it moves
class A { hi() { return 'A'; } }
class B extends A { hi() { return 'B' + super.hi(); } }
class X { hi() { return 'X'; } }
class Y extends X {}
Y.prototype.hi = B.prototype.hi;
print(new Y().hi());
//// the super object is looked up when used
class A { hi() { return 'A'; } }
class B extends A { hi() { return super.hi(); } }
const b = new B(), before = b.hi();
Object.setPrototypeOf(B.prototype, { hi() { return 'swapped'; } });
print(before, b.hi());
//// super in a base class reaches Object.prototype
class A { has(k) { return super.hasOwnProperty(k); } toString() { return 'A' + super.toString(); } static s() { return typeof super.call; } }
const a = new A();
a.x = 1;
print(a.has('x'), a.has('y'), `${a}`, A.s());
//// super with optional call and missing method
class A { m() { return 'm'; } }
class B extends A { a() { return super.m?.() + String(super.none?.(1)) + String(super.none?.x); } b() { super.none(); } }
print(new B().a());
try { new B().b(); } catch (e) { print(e.name); }
//// super tagged template keeps this
class A { tag(s, v) { return this.n + s.raw[0] + v; } }
class B extends A { n = 'n'; run() { return super.tag`a${1}`; } }
print(new B().run());
//// a super key is computed before the value
const log = [], v = (n, x) => (log.push(n), x);
class A { set k(x) { log.push('set ' + x); } }
class B extends A { run() { super[v('key', 'k')] = v('value', 1); } }
new B().run();
print(log.join());
//// new.target in a chain of constructors
const log = [];
class A { constructor() { log.push(new.target.name); } }
class B extends A { constructor() { super(); log.push(new.target === B); } }
class C extends B {}
new A(); new B(); new C();
print(log.join());
//// an abstract class by new.target
class Shape { constructor() { if (new.target === Shape) throw new TypeError('abstract'); } area() { return new.target === undefined; } }
class Square extends Shape {}
try { new Shape(); } catch (e) { print(e.message); }
print(new Square().area());
//// new.target in a static method and a field
class C { static make() { return new.target === undefined; } f = new.target === undefined; }
print(C.make(), new C().f);
//// a class inside a class and its this
class Outer { v = 'outer'; make() { const self = this; return class Inner { v = 'inner'; both() { return self.v + this.v; } }; } }
const I = new Outer().make();
print(new I().both(), I.name);
//// classes from functions: mixins
const Loud = Base => class extends Base { say() { return super.say().toUpperCase(); } };
const Twice = Base => class extends Base { say() { return super.say() + super.say(); } };
class Person { say() { return 'hi'; } }
class P extends Twice(Loud(Person)) {}
print(new P().say(), new (Loud(Twice(Person)))().say(), Object.getPrototypeOf(P).name === '');
//// each evaluation makes a new class
const make = v => class C { static v = v; m() { return v; } };
const A = make('a'), B = make('b');
print(A === B, A.v, new B().m(), new A() instanceof B, A.prototype.m === B.prototype.m);
//// extends an expression
const parents = { A: class { n() { return 'A'; } } };
class B extends parents.A {}
class C extends (x => x)(B) {}
class D extends (0, parents)['A'] {}
print(new C().n(), new D().n(), new (class extends class { n() { return 'inline'; } } {})().n());
//// extends null
class N extends null { static s() { return 's'; } m() {} }
print(Object.getPrototypeOf(N.prototype) === null, Object.getPrototypeOf(N) === Function.prototype, N.s());
try { new N(); } catch (e) { print(e.name); }
//// extends null with a constructor that returns
class N extends null { constructor() { return Object.create(new.target.prototype); } m() { return 'm'; } }
const n = new N();
print(n.m(), n instanceof N, 'toString' in n);
//// extends what is no constructor
const bad = [1, undefined, {}, 'x', () => 1, Symbol.iterator, { m() {} }.m, function* () {}, async function () {}];
print(bad.map(b => { try { class X extends b {} return 'made'; } catch (e) { return e.name; } }).join());
//// extends a function whose prototype is no object
function F() {}
F.prototype = 3;
try { class C extends F {} print('made'); } catch (e) { print(e.name); }
F.prototype = null;
class D extends F {}
print(Object.getPrototypeOf(D.prototype) === null);
//// the prototype of the heritage is read once
let n = 0;
const F = new Proxy(function () {}, { get(t, k, r) { if (k === 'prototype') n++; return t[k]; } });
class C extends F {}
print(n, typeof C);
//// extends an old style function
function Old(v) { this.v = v; this.t = new.target === Old; }
Old.prototype.get = function () { return this.v; };
Old.stat = 'stat';
class N extends Old { constructor() { super('n'); } get() { return super.get() + '!'; } }
print(new N().get(), N.stat, new N().t, new N() instanceof Old);
//// an old style function inherits from a class
class A { m() { return 'm'; } }
function F() {}
F.prototype = Object.create(A.prototype);
print(new F().m(), new F() instanceof A);
try { (function G() { A.call(this); }).call({}); } catch (e) { print(e.name); }
//// Reflect.construct with another new.target
class A { constructor() { this.t = new.target; } }
class B {}
const o = Reflect.construct(A, [], B);
print(o.t === B, o instanceof B, o instanceof A);
//// extends Array
class L extends Array { sum() { return this.reduce((a, b) => a + b, 0); } get last() { return this[this.length - 1]; } }
const l = new L();
l.push(1, 2, 3); l[5] = 4;
print(l.length, l.sum(), l.last, Array.isArray(l), l instanceof L, l.join(), JSON.stringify(new L(1, 2)));
//// extends Array with its own constructor
class L extends Array { constructor(n) { super(); for (let i = 0; i < n; i++) this.push(i * i); } }
const l = new L(4);
l.length = 3;
print(l.join(), l.length, Object.prototype.toString.call(l), [...l].length, l.constructor === L);
//// extends Error
class E extends Error { constructor(m, code) { super(m); this.code = code; } get name() { return 'E'; } }
try { throw new E('text', 7); } catch (e) { print(e instanceof E, e instanceof Error, e.message, e.code, String(e), Object.prototype.toString.call(e), e.hasOwnProperty('message'), typeof e.stack); }
//// extends TypeError and sets name
class Mine extends TypeError { constructor(...a) { super(...a); this.name = new.target.name; } }
class Deep extends Mine {}
const e = new Deep('m');
print(e.name, e.message, e instanceof TypeError, e.toString(), 'message' in new Deep(), new Deep().hasOwnProperty('message'));
//// extends Map and Set
class M extends Map { get(k) { return super.has(k) ? super.get(k) : 'default'; } set(k, v) { return super.set(k, v + '!'); } }
class S extends Set { add(v) { return super.add(v * 2); } }
const m = new M([['a', 1]]), s = new S([1, 2]);
print(m.get('a'), m.get('b'), m.size, [...s].join(), s instanceof Set, s.add(5) === s);
//// extends Promise
class P extends Promise { tap(f) { return this.then(v => { f(v); return v; }); } }
const p = new P(r => r(1)), q = p.tap(v => print('tapped', v));
print(p instanceof P, q instanceof P, P.resolve(1) instanceof P, P.resolve(p) === p);
q.then(v => print('then', v));
//// extends String, Number and Boolean
class S extends String { shout() { return this.toUpperCase() + this.length; } }
class N extends Number { twice() { return this * 2; } }
class B extends Boolean {}
print(new S('ab').shout(), new N(4).twice(), `${new S('x')}`, new B(false).valueOf(), typeof new N(1), new S('q')[0]);
//// extends Object ignores its arguments
class O extends Object { constructor(v) { super(v); this.k = 1; } }
const given = { g: 1 }, o = new O(given);
print(o === given, o instanceof O, Object.keys(o).join());
//// extends Date
class C extends Date { year() { return this.getUTCFullYear(); } }
const d = new C(0);
print(d.year(), d.getTime(), d instanceof Date, Object.prototype.toString.call(d), new C(2001, 1).year());
//// extends a bound function
function F(a, b) { this.s = a + b; }
const G = F.bind(null, 'a');
try { class C extends G {} print('made'); } catch (e) { print(e.name); }
G.prototype = F.prototype;
class D extends G {}
print(new D('b').s, new D('b') instanceof F);
//// extends a proxy of a class
const log = [];
class A { constructor(v) { this.v = v; } }
class B extends new Proxy(A, { construct(t, a, n) { log.push(n === B); return Reflect.construct(t, a, n); } }) {}
const b = new B(3);
print(b.v, log.join(), b instanceof B);
//// Symbol.species and static symbols
class L extends Array { static get [Symbol.species]() { return Array; } }
class H { static [Symbol.hasInstance](v) { return v === 1; } get [Symbol.toStringTag]() { return 'Tag'; } [Symbol.toPrimitive](h) { return h; } }
print(new L(1, 2).map(x => x) instanceof L, 1 instanceof H, String(Object.prototype.toString.call(new H())), `${new H()}`, +new H() !== +new H());
//// iterators in classes
class Range { constructor(a, b) { this.a = a; this.b = b; } *[Symbol.iterator]() { for (let i = this.a; i < this.b; i++) yield i; } static *down(n) { while (n) yield n--; } }
print([...new Range(2, 5)].join(), Math.max(...new Range(0, 9)), [...Range.down(3)].join());
//// static methods call each other through this
class A { static one() { return 1; } static two() { return this.one() + this.one(); } }
class B extends A { static one() { return 10; } }
const { two } = A;
print(A.two(), B.two());
try { two(); } catch (e) { print(e.name); }
//// a class declaration may be assigned, its methods keep it
class C { static who() { return C.n; } }
C.n = 'first';
const D = C;
C = { n: 'second' };
print(D.who(), C.n);
//// class in a default parameter and as an argument
const make = (K = class Def { v = 'def'; }) => new K();
print(make().v, make(class { v = 'given'; }).v, make().constructor.name, ((c) => c.name)(class Named {}));
//// new with and without arguments and members
class C { constructor(v = 'none') { this.v = v; this.D = C; } static E = C; }
const ns = { C };
print(new C().v, new C('a').v, new ns.C('b').v, new ns['C']('c').v, (new C).v, new C.E('d').v, new (new C().D)('e').v);
//// an instance whose class changes prototype methods later
class A { m() { return 1; } }
class B extends A { m() { return super.m() + 1; } }
const b = new B();
A.prototype.m = () => 10;
print(b.m(), delete B.prototype.m, b.m());
//// constructor calls an overridden method
class A { constructor() { this.log = [this.name()]; } name() { return 'A'; } }
class B extends A { f = 'field'; constructor() { super(); this.log.push(this.name()); } name() { return 'B' + String(this.f); } }
print(new B().log.join());
//// getters on the chain and an own property by define
class A { get v() { return 'A'; } }
class B extends A { constructor() { super(); Object.defineProperty(this, 'v', { value: 'own' }); } parent() { return super.v; } }
print(new B().v, new B().parent());
//// setter inherited without getter hides the getter
class A { get v() { return 'A'; } set v(x) { this.x = x; } }
class B extends A { set v(x) { this.x = 'B' + x; } }
const b = new B();
b.v = 1;
print(String(b.v), b.x);
//// valueOf, toString and comparison of instances
class Money { constructor(n) { this.n = n; } valueOf() { return this.n; } toString() { return '$' + this.n; } toJSON() { return 'json' + this.n; } }
const a = new Money(5), b = new Money(7);
print(a < b, a + b, `${a}`, a + '', JSON.stringify([a]), a == 5, +b);
//// this inside callbacks of methods
class C { n = 2; list = [1, 2]; a() { return this.list.map(x => x * this.n).join(); } b() { return this.list.map(function () { return typeof this; }).join(); } c() { return this.list.map(function (x) { return x + this.n; }, this).join(); } }
const c = new C();
print(c.a(), c.b(), c.c());
//// conditional super calls
class A { constructor(v) { this.v = v; } }
class B extends A { constructor(x) { if (x) super('yes'); else { super('no'); } x ? this.w = 1 : this.w = 2; } }
class C extends A { constructor(x) { x || super('short'); x && super('long'); } }
print(new B(1).v, new B(0).v, new B(0).w, new C(0).v, new C(1).v);
//// super in a loop and a switch
class A { constructor(v) { this.v = v; } }
class B extends A { constructor(n) { for (let i = 0; ; i++) { if (i === n) { super(i); break; } } } }
class C extends A { constructor(n) { switch (n) { case 1: super('one'); break; default: super('other'); } } }
print(new B(3).v, new C(1).v, new C(2).v);
//// super with spread and defaults
class A { constructor(...a) { this.a = a.join('-'); } }
class B extends A { constructor(a, b = a + 1, ...c) { super(b, ...c, ...[a, a]); } }
print(new B(1).a, new B(1, 5, 'x', 'y').a);
//// super call as an expression gives this
class A {}
class B extends A { constructor() { const self = super(); self.x = 1; (0, self.y = 2); } }
class C extends A { constructor() { super().z = 3; } }
const b = new B();
print(b.x, b.y, new C().z);
//// calling a class through Reflect.apply and call throws
class A {}
class B extends A {}
const r = [() => Reflect.apply(A, {}, []), () => B.call(Object.create(B.prototype)), () => A.apply(null), () => A.bind(null)(), () => A`x`].map(f => { try { f(); return 'fine'; } catch (e) { return e.name; } });
print(r.join(), new (A.bind())() instanceof A);
//// constructor arguments object and this in derived
class A { constructor() { this.n = arguments.length; } }
class B extends A { constructor() { super(...arguments, 'more'); this.own = arguments.length; } }
const b = new B(1, 2);
print(b.n, b.own);
//// class expression in a return after a line end and its call
function f() { return class { static v() { return 'v'; } }; }
const o = { m: class { static get k() { return 'k'; } } };
print(f().v(), o.m.k, o.m.name, (class { }).name === '', typeof class {} === 'function');
//// a derived constructor without super that ends by itself
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
class A {}
print(kind(() => new class extends A { constructor(v) { if (v) super(); } }()), kind(() => new class extends A { constructor(v) { if (v) super(); } }(1)), kind(() => new class extends null { constructor() {} }()), kind(() => new class extends A { constructor() { return; } }()));
//// a derived constructor that calls super in a branch that is not taken
class A { constructor() { this.a = 1; } }
class B extends A { constructor(l) { for (const v of l) { super(); break; } } }
try { new B([]); } catch (e) { print(e.name); }
print(new B([1]).a);
class C extends A { constructor() { try { throw 1; super(); } catch (e) { } } }
try { new C(); } catch (e) { print(e.name); }
//// a derived constructor that returns texts and numbers
class A {}
const kind = v => { try { return typeof new (class extends A { constructor() { super(); return v; } })(); } catch (e) { return e.name; } };
print([1, 'x', true, null, Symbol(), {}, [], undefined].map(kind).join());
//// a computed key of a class that gives a symbol
const s = Symbol('sym'), log = [];
const key = { [Symbol.toPrimitive](hint) { log.push(hint); return s; } };
class C { [key]() { return 'm'; } static [key] = 'st'; static get [Symbol.species]() { return 1; } }
print(new C()[s](), C[s], log.join(), C.prototype[s].name);
//// computed keys of a class become keys in order, with their evaluation
const log = [], key = n => (log.push('eval ' + n), { toString() { log.push('key ' + n); return n; } });
class C { [key('a')]() {} static [key('b')]() {} get [key('c')]() { return 1; } }
print(log.join());
//// an error in a computed key ends the making of the class
const log = [];
try { class C extends (log.push('heritage'), Object) { [log.push('a')]() {} [{ toString() { throw new RangeError(); } }]() {} [log.push('never')]() {} static s = log.push('never'); } } catch (e) { log.push(e.name); }
print(log.join());
//// extends objects that have a prototype but are no constructors
const arrow = () => {}, { m } = { m() {} }, af = async function () {};
arrow.prototype = {}; m.prototype = {}; af.prototype = {};
print([{ prototype: {} }, arrow, m, af, Object.create(Array), Math.max].map(P => { try { class X extends P {} return 'made'; } catch (e) { return e.name; } }).join());
//// extends a primitive, a symbol, a string with a prototype by its wrapper
Number.prototype.prototype = {};
const out = [5, 'x', true, Symbol('s')].map(P => { try { class X extends P {} return 'made'; } catch (e) { return e.name; } });
delete Number.prototype.prototype;
print(out.join());
//// the constructor property of a derived class
class A {}
class B extends A { m() {} }
class N extends null {}
const d = C => { const x = Object.getOwnPropertyDescriptor(C.prototype, 'constructor'); return [x.value === C, x.writable, x.enumerable, x.configurable].map(Number).join(''); };
print(d(A), d(B), d(N), Object.keys(B.prototype).length, JSON.stringify(new B()));
//// loops over instances of derived classes see no constructor
class A { a = 1; }
class B extends A { b = 2; }
const keys = [], b = Object.assign(new B(), { c: 3 });
for (const k in b) keys.push(k);
for (const k in B.prototype) keys.push('proto ' + k);
print(keys.join(), Object.entries(b).join(';'));
//// extends null leaves the class itself a plain function
class N extends null { static s() { return typeof super.call; } static hasIt(k) { return k in this; } }
print(N.s(), N.hasIt('assign'), N.hasIt('bind'), Object.getPrototypeOf(N) === Object, N instanceof Function, 'keys' in N);
//// a class without parent and one that extends Object
class A { static t() { return typeof this.keys; } }
class B extends Object { static t() { return typeof this.keys; } }
class N extends (0, null) { static t() { return typeof this.keys; } }
print(A.t(), B.t(), N.t(), Object.getPrototypeOf(B) === Object, Object.getPrototypeOf(N.prototype));
//// prototype of a class may not be replaced, removed or made anew
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
class A {}
class B extends A {}
const E = class {};
print([A, B, E].map(C => [kind(() => C.prototype = {}), kind(() => delete C.prototype), kind(() => Object.defineProperty(C, 'prototype', { value: {} }) && 'done'), kind(() => { C.prototype.m = 1; return 'member'; })].join('+')).join());
//// prototype of a class and of a function in comparison
const d = f => { const x = Object.getOwnPropertyDescriptor(f, 'prototype'); return x ? [x.writable, x.enumerable, x.configurable].map(Number).join('') : 'none'; };
print(d(class {}), d(class extends Array {}), d(function () {}), d(() => {}), d({ m() {} }.m), d(class { static s() {} }.s));
//// names of getters and setters with computed and static keys
const k = 'key', s = Symbol('sym');
class C { get [k]() { return 1; } set [s](v) {} static get a() { return 1; } static set 'b c'(v) {} get 5() { return 1; } get [Symbol()]() { return 1; } }
const d = (o, n) => Object.getOwnPropertyDescriptor(o, n), [, e] = Object.getOwnPropertySymbols(C.prototype);
print([d(C.prototype, k).get, d(C.prototype, s).set, d(C, 'a').get, d(C, 'b c').set, d(C.prototype, 5).get, d(C.prototype, e).get].map(f => JSON.stringify(f.name)).join());
//// names and lengths of the functions of accessors
class C { get v() { return 1; } set v(x) {} static get v() { return 2; } }
const names = [C.prototype, C].flatMap(o => { const { get, set } = Object.getOwnPropertyDescriptor(o, 'v'); return [get, set].filter(Boolean).map(f => f.name + f.length); });
print(names.join());
//// setters alone are not enumerable, on the prototype and on the class
class C { set v(x) {} static set w(x) {} set ['z'](x) {} }
const keys = [];
for (const k in new C()) keys.push(k);
print(Object.keys(C).length, Object.keys(C.prototype).length, keys.length, JSON.stringify(Object.getOwnPropertyDescriptors(C.prototype).v), Object.getOwnPropertyNames(C.prototype).join());
//// accessors of a class are configurable and not enumerable, set first or get first
class C { set a(x) {} get a() { return 1; } get b() { return 1; } set b(x) {} static set c(x) {} static get c() { return 1; } }
const d = (o, k) => { const x = Object.getOwnPropertyDescriptor(o, k); return [typeof x.get, typeof x.set, x.enumerable, x.configurable].join('/'); };
print(d(C.prototype, 'a'), d(C.prototype, 'b'), d(C, 'c'));
//// a write to super that an own or inherited attribute forbids
class A { static get s() { return 1; } }
class B extends A { static set2() { super.s = 2; } own() { super.k = 1; return this.k; } fixed() { super.f = 1; } }
Object.defineProperty(A.prototype, 'k', { value: 'A', writable: true, configurable: true });
Object.defineProperty(A.prototype, 'f', { value: 'A' });
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => B.set2()), kind(() => new B().own()), kind(() => new B().fixed()), A.prototype.k);
//// a write to super on a frozen this
class A { m() {} }
class B extends A { write() { super.fresh = 1; } over() { super.m = 1; } }
const b = Object.freeze(new B());
for (const k of ['write', 'over']) try { b[k](); print('written'); } catch (e) { print(e.name); }
//// a write to super where this has the property already
class A { set v(x) { this.log = 'setter ' + x; } }
class B extends A { constructor() { super(); this.own = 1; Object.defineProperty(this, 'fixed', { value: 1 }); } run() { super.own = 2; super.v = 3; return [this.own, this.log].join(); } fail() { super.fixed = 2; } }
print(new B().run());
try { new B().fail(); print('written'); } catch (e) { print(e.name); }

// SPDX-License-Identifier: MIT
//// fields are defined in order, with this
class C { a = 1; b = this.a + 1; c; d = () => this.b; }
const c = new C();
print(Object.keys(c).join(), c.b, String(c.c), c.hasOwnProperty('c'), c.d());
//// fields are own, writable, enumerable, configurable
class C { f = 1; static s = 2; }
const d = o => [o.writable, o.enumerable, o.configurable].join();
print(d(Object.getOwnPropertyDescriptor(new C(), 'f')), d(Object.getOwnPropertyDescriptor(C, 's')), 'f' in C.prototype);
//// fields define, they do not set
const log = [];
class A { set f(v) { log.push('setter'); } get f() { return 'getter'; } }
class B extends A { f = 'field'; }
print(new B().f, log.length, new A().f);
//// fields hide methods of the same name
class A { m() { return 'method'; } }
class B extends A { m = () => 'field ' + super.m(); }
print(new B().m(), B.prototype.hasOwnProperty('m'));
//// fields are made for each instance
let n = 0;
class C { id = ++n; list = []; }
const a = new C(), b = new C();
a.list.push(1);
print(a.id, b.id, b.list.length, n);
//// fields of a base come before its constructor's body
const log = [];
class A { f = log.push('field'); constructor(v = log.push('default')) { log.push('body'); } }
new A();
print(log.join());
//// fields of a derived class come right after super
const log = [];
class A { f = log.push('A field'); constructor() { log.push('A body ' + Object.keys(this).join()); } }
class B extends A { g = log.push('B field'); constructor() { log.push('B before'); super(); log.push('B after ' + Object.keys(this).join()); } }
new B();
print(log.join());
//// fields of a derived class after super in an arrow and in an expression
const log = [];
class A {}
class B extends A { f = log.push('field'); constructor() { const s = () => { super(); log.push('in arrow'); }; s(); log.push('end'); } }
class C extends A { f = log.push('C field'); constructor() { log.push(typeof [super(), log.push('list')][0].f); } }
new B(); new C();
print(log.join());
//// fields when the parent returns another object
const given = {};
class A { constructor(o) { return o; } }
class B extends A { f = 'f'; #p = 'p'; static p(o) { return o.#p; } }
new B(given);
print(given.f, B.p(given), given instanceof B);
//// a field's initialiser that throws
const log = [];
class C { a = log.push('a'); b = (() => { throw new RangeError(); })(); c = log.push('c'); constructor() { log.push('body'); } }
try { new C(); } catch (e) { log.push(e.name); }
print(log.join());
//// names of functions in fields
// (computed keys name them too, but not in Node 18)
class C { a = () => {}; b = function () {}; c = class {}; #p = () => {}; e = (0, () => {}); static f = () => {}; static #g = class {}; static names() { return C.#g.name; } get p() { return this.#p.name; } }
const c = new C();
print([c.a, c.b, c.c, c.e, C.f].map(f => f.name || '-').join(), c.p, C.names());
//// an anonymous class with a static name keeps it
class C { a = class { static name = 'own'; }; b = class { static name() {} }; }
print(new C().a.name, typeof new C().b.name);
//// computed field keys are evaluated once
let n = 0;
const key = () => 'k' + ++n;
class C { [key()] = 'a'; [key()] = 'b'; }
print(Object.keys(new C()).join(), Object.keys(new C()).join(), n);
//// a computed key is turned into a key when the class is made
const log = [];
const key = { toString() { log.push('key'); return 'f'; } };
class C { [key] = log.push('value'); }
log.push('made');
new C(); new C();
print(log.join());
//// keys and values of fields: two orders
const log = [], v = x => (log.push(x), x);
class C { static [v('k1')] = v('s1'); [v('k2')] = v('f2'); static [v('k3')] = v('s3'); }
log.push('|'); new C();
print(log.join(' '));
//// fields with odd keys
class C { 'a b' = 1; 7 = 2; get = 3; set = 4; static = 5; async = 6; 0x1f = 7; if = 8; static static = 9; static async = 10; }
const c = new C();
print(Object.keys(c).join(), Object.keys(C).join(), C.static);
//// get, set, static and async on their own lines
class C {
  set;
  get
  v() { return 'getter'; }
  static
  async
  x
  static; get
}
print(Object.keys(new C()).join(), C.hasOwnProperty('async'), Object.getOwnPropertyNames(C.prototype).join(), new C().v);
//// fields without semicolons
class C {
  a = 1
  b
  c = 2
  g() { return this.a }
  ['d'] = 3
  'e'
  static f = 4
  static *h() { yield 5 }
}
print(Object.keys(new C()).join(), new C().g(), C.f, [...C.h()].join());
//// arguments and this of a field's initialiser
function f() { return class { a = typeof this; b = (() => this.a)(); c = new.target === undefined; }; }
const c = new (f(1, 2))();
print(c.a, c.b, c.c);
//// super in fields
class A { hi() { return 'hi'; } static hi() { return 'static hi'; } get v() { return this.w; } }
class B extends A { w = 'w'; a = super.hi(); b = () => super.v; static c = super.hi(); }
const b = new B();
print(b.a, b.b(), B.c);
//// a field's initialiser sees outer names, not constructor parameters
const v = 'outer';
class C { f = v; constructor(v) { this.p = v; } }
print(new C('param').f, new C('param').p);
//// static fields run in order with this as the class
class C { static a = 1; static b = this.a + C.a; static c = () => this.b; static d = Object.keys(this).join(); }
print(C.b, C.c(), C.d);
//// static fields are not made again for a derived class
let n = 0;
class A { static v = ++n; static self = this; }
class B extends A { static w = super.v + 10; }
print(n, B.hasOwnProperty('v'), B.self === A, B.w);
//// static fields named name, length
class C { static name = 'mine'; static length = 5; }
class D { static name; static f = () => 1; }
print(C.name, C.length, String(D.name), D.f.name, Object.getOwnPropertyDescriptor(C, 'name').enumerable);
//// a static field may not be prototype when computed
const k = 'prototype';
try { class C { static [k] = 1; } print('made'); } catch (e) { print(e.name); }
//// a field on a frozen or closed object throws
class A { constructor() { return Object.freeze({}); } }
class B extends A { f = 1; }
try { new B(); } catch (e) { print(e.name); }
class C { constructor() { Object.preventExtensions(this); } }
class D extends C { #p = 'private'; get p() { return this.#p; } }
class E extends C { pub = 1; }
print(new D().p);
try { new E(); } catch (e) { print(e.name); }
//// private fields read and written
class C { #v = 1; #w; get v() { return this.#v; } set v(x) { this.#v = x; } w() { return this.#w; } }
const c = new C();
c.v = 5;
print(c.v, String(c.w()), Object.getOwnPropertyNames(c).length, '#v' in c, c['#v'] === undefined);
//// private fields are not seen by reflection
class C { #a = 1; b = 2; get a() { return this.#a; } }
const c = new C();
print(Reflect.ownKeys(c).join(), JSON.stringify(c), Object.keys({ ...c }).join(), Object.getOwnPropertySymbols(c).length);
const copy = Object.assign(Object.create(C.prototype), c);
try { copy.a; } catch (e) { print(e.name); }
//// private brand errors
class C { #f = 1; #m() {} get #g() { return 1; } static r(o) { return o.#f; } static w(o) { o.#f = 2; } static m(o) { return o.#m(); } static g(o) { return o.#g; } }
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(['r', 'w', 'm', 'g'].map(k => kind(() => C[k]({}))).join(), ['r', 'w'].map(k => kind(() => C[k](5))).join(), kind(() => C.r(null)), kind(() => C.w(undefined)), kind(() => C.r(Object.create(new C()))));
//// writing a private method or a getter without setter
class C { #m() {} get #g() { return 1; } set #s(v) { this.v = v; } a() { this.#m = 1; } b() { this.#g = 1; } c() { return this.#s; } d() { this.#s = 'set'; return this.v; } }
const kind = k => { try { return String(new C()[k]()); } catch (e) { return e.name; } };
print(['a', 'b', 'c', 'd'].map(kind).join());
//// the value is evaluated before a private write fails
const log = [];
class C { #f; #m() {} static w(o) { o.#f = log.push('value'); } m() { this.#m = log.push('method value'); } }
try { C.w({}); } catch (e) { log.push(e.name); }
try { new C().m(); } catch (e) { log.push(e.name); }
print(log.join());
//// private methods with arguments, this and names
class C { n = 'n'; #m(a, b = 2) { return this.n + a + b; } run() { return this.#m(1); } get f() { return this.#m; } }
const c = new C();
print(c.run(), c.f.name, c.f.length, c.f === new C().f, c.f.call({ n: 'x' }, 0));
//// private accessors
class C { #raw = 1; get #v() { return this.#raw * 10; } set #v(x) { this.#raw = x + 1; } bump() { this.#v += 5; return this.#v; } inc() { return [this.#v++, ++this.#v, this.#raw].join(); } }
print(new C().bump(), new C().inc());
//// private methods exist before the fields
class C { a = this.#m(); b = this.#g; #f = 'f'; #m() { return 'm'; } get #g() { return 'g'; } }
const c = new C();
print(c.a, c.b);
//// a private field is missing before its line
class C { static has = o => #later in o; a = C.has(this); b = (() => { try { return this.#later; } catch (e) { return e.name; } })(); #later = 1; c = C.has(this); }
const c = new C();
print(c.a, c.b, c.c);
//// private names under compound and logical assignment
class C { #a = 1; #b = null; #c = 0; run() { this.#a += 2; this.#a **= 2; this.#b ??= 'b'; this.#c ||= 'c'; this.#a &&= this.#a + 1; return [this.#a, this.#b, this.#c, this.#a++, --this.#a, -this.#a].join(); } }
print(new C().run());
//// private names on other instances
class P { #x; constructor(x) { this.#x = x; } equals(o) { return this.#x === o.#x; } plus(o) { return new P(this.#x + o.#x); } static sum(...l) { return l.reduce((a, b) => a.plus(b)).#x; } }
print(new P(1).equals(new P(1)), P.sum(new P(1), new P(2), new P(3)));
//// the object of a private access is evaluated once
let n = 0;
class C { #v = 1; static t(c) { const f = () => (n++, c); f().#v++; f().#v += 1; f().#v ??= 9; return f().#v; } }
print(C.t(new C()), n);
//// private in
class C { #f; #m() {} get #g() { return 1; } static #s = 1; static f(o) { return [#f in o, #m in o, #g in o, #s in o].join(); } }
print(C.f(new C()), C.f({}), C.f(C), C.f(Object.create(new C())), C.f(function () {}));
try { C.f(1); } catch (e) { print(e.name); }
//// private in binds like in
class C { #f = 1; static t(o) { return [!(#f in o), #f in o && 'yes', #f in o === true, #f in o ? 1 : 2, typeof (#f in o)].join(); } }
print(C.t(new C()), C.t({}));
//// private names by class, not by spelling
class A { #x = 'a'; static read(o) { return o.#x; } }
class B { #x = 'b'; static read(o) { return o.#x; } }
print(A.read(new A()), B.read(new B()));
try { A.read(new B()); } catch (e) { print(e.name); }
//// each evaluation of a class has its own private names
const make = () => class { #v = 1; static has(o) { return #v in o; } };
const A = make(), B = make();
print(A.has(new A()), A.has(new B()), B.has(new B()));
//// nested classes see outer private names, inner ones hide
class Outer { #v = 'outer'; #w = 'w'; make() { const outer = this; return new class { #v = 'inner'; read() { return this.#v + outer.#w; } }(); } static peek(o) { return class { static r = o.#v; }.r; } }
print(new Outer().make().read(), Outer.peek(new Outer()));
//// private names of a base and a derived class are apart
class A { #v = 'A'; a() { return this.#v; } }
class B extends A { #v = 'B'; b() { return this.#v; } }
const b = new B();
print(b.a(), b.b());
//// a base method called on a derived instance finds the base's private method
class A { #secret() { return 'A secret'; } tell() { return this.#secret(); } }
class B extends A { #secret() { return 'B secret'; } }
print(new B().tell());
//// private names are missing until the parent returns
class A { constructor() { try { print(this.peek()); } catch (e) { print(e.name); } } }
class B extends A { #v = 'v'; peek() { return this.#v; } }
print(new B().peek());
//// a private field may not be added twice
class Give { constructor(o) { return o; } }
class Stamp extends Give { #s = 1; static has(o) { return #s in o; } }
class Method extends Give { #m() {} }
const o = {};
new Stamp(o);
print(Stamp.has(o));
try { new Stamp(o); } catch (e) { print(e.name); }
new Method(o);
try { new Method(o); } catch (e) { print(e.name); }
//// private names on a function, an array, a proxy
class Give { constructor(o) { return o; } }
class Stamp extends Give { #s = 's'; static read(o) { return o.#s; } }
const f = () => {}, l = [], target = {}, proxy = new Proxy(target, {});
new Stamp(f); new Stamp(l); new Stamp(proxy);
print(Stamp.read(f), Stamp.read(l), Stamp.read(proxy), l.length);
try { Stamp.read(target); } catch (e) { print(e.name); }
//// a method with a private name called on a proxy of its instance
class C { #v = 1; get() { return this.#v; } pub = 2; }
const p = new Proxy(new C(), {});
print(p.pub);
try { p.get(); } catch (e) { print(e.name); }
//// freezing leaves private fields writable
class C { #v = 1; bump() { return ++this.#v; } }
const c = Object.freeze(new C());
print(c.bump(), c.bump());
//// static private fields and methods
class C { static #n = 0; static #next() { return ++C.#n; } static get #last() { return this.#n; } static set #last(v) { this.#n = v; } static run() { this.#next(); this.#next(); this.#last *= 10; return C.#last; } }
print(C.run(), C.run());
//// static private through a derived class throws with this
class A { static #v = 'v'; static byThis() { return this.#v; } static byName() { return A.#v; } static #m() { return 'm'; } static m() { return this.#m(); } }
class B extends A {}
print(A.byThis(), B.byName(), A.m());
for (const k of ['byThis', 'm']) try { print(B[k]()); } catch (e) { print(e.name); }
//// static private used by static fields in order
class C { static #a = 1; static b = C.#a + 1; static #c = C.b + C.#m(); static #m() { return 10; } static c() { return C.#c; } }
print(C.b, C.c());
//// private methods: generators, async, and their names
class C { *#gen() { yield 1; yield this.v; } async #as() { return this.v; } v = 'v'; list() { return [...this.#gen()].join(); } as() { return this.#as(); } names() { return this.#gen.name + this.#as.name; } }
const c = new C();
print(c.list(), c.names());
c.as().then(v => print(v));
//// super in private methods and accessors
class A { hi() { return 'hi ' + this.n; } }
class B extends A { n = 'b'; #m() { return super.hi(); } get #g() { return super.hi() + '!'; } run() { return this.#m() + this.#g; } }
print(new B().run());
//// private names in closures, callbacks and loops
class C { #list = [1, 2, 3]; #k = 10; run() { const out = []; for (const v of this.#list) out.push(() => v * this.#k); this.#k = 2; return out.map(f => f()).join(); } }
print(new C().run());
//// private names as targets of patterns and loops
class C { #a; #b; #r; run() { [this.#a, this.#b = 'd'] = [1]; ({ x: this.#r, ...this.rest } = { x: 'x', y: 1 }); for (this.#a of [7, 8]) ; return [this.#a, this.#b, this.#r, this.rest.y].join(); } }
print(new C().run());
//// optional chaining with private names
class C { #v = { w: 1 }; #m() { return this.k; } k = 'k'; static t(o) { return [o?.#v.w, o?.#v?.w, o?.#m(), o?.#m?.()].map(String).join(); } }
print(C.t(new C()), C.t(null));
try { C.t({}); } catch (e) { print(e.name); }
//// a call of a private field keeps this
class C { n = 'n'; #f = function () { return this.n; }; #o = { n: 'o', g() { return this.n; } }; run() { return this.#f() + (0, this.#f).call({ n: 'x' }) + this.#o.g() + this.#f.call(this); } }
print(new C().run());
//// a private tag of a template
class C { n = 'n'; #tag(s, v) { return this.n + s.join('|') + v; } run() { return this.#tag`a${1}b`; } }
print(new C().run());
//// delete through a private name and typeof
class C { #o = { x: 1 }; run() { const d = delete this.#o.x; return [d, 'x' in this.#o, typeof this.#o, typeof this.#o.x].join(); } }
print(new C().run());
//// private names that look like other words
class C { #constructor2 = 1; #get = 2; #static = 3; #$ = 4; #_ = 5; #let = 6; #\u0061b = 7; sum() { return this.#constructor2 + this.#get + this.#static + this.#$ + this.#_ + this.#let + this.#ab; } }
print(new C().sum());
//// private and public of one name do not meet
class C { #v = 'private'; v = 'public'; static #v2 = 1; static v2 = 2; both() { return this.#v + this.v + this['#v']; } static t() { return C.#v2 + C.v2; } }
print(new C().both(), C.t());
//// private names in computed keys of an inner class
class A { #k = 'key'; make() { const self = this; return new class { [self.#k] = 1; }(); } }
print(Object.keys(new A().make()).join());
//// private name in its own class's computed key is dead
const log = [];
try { class C { #p = 1; [log.push('key') && (o => o.#p)({})] = 1; } } catch (e) { log.push(e instanceof TypeError || e instanceof ReferenceError); }
print(log.join());
//// instance counters by static private state
class Id { static #next = 1; #id = Id.#next++; get id() { return this.#id; } static get count() { return Id.#next - 1; } }
const a = new Id(), b = new Id();
print(a.id, b.id, Id.count);
//// a field that holds a class with private names of its own
class C { static Inner = class { #v = 'in'; get v() { return this.#v; } }; inner = new C.Inner(); }
print(new C().inner.v, C.Inner.name);
//// fields of a class expression in a loop
const made = [];
for (let i = 0; i < 2; i++) made.push(new class { #i = i; f = () => this.#i; static s = i; g = i++; }());
print(made.map(o => o.f() + ':' + o.g + ':' + o.constructor.s).join());
//// a public field of a getter only parent and of Array
class L extends Array { tag = 'tag'; #n = 1; n() { return this.#n + this.length; } }
const l = new L(); l.push('x');
print(l.tag, l.n(), Object.keys(l).join());
//// fields of a class that extends Error
class E extends Error { name = 'E'; #code = 7; get code() { return this.#code; } }
try { throw new E('m'); } catch (e) { print(e.name, e.code, String(e), Object.keys(e).join()); }
//// fields __proto__ and constructor-like
class C { __proto__ = null; ['constructor'] = 1; 'a' = 2; }
const c = new C();
print(Object.keys(c).join(), Object.getPrototypeOf(c) === C.prototype);
//// await and yield around private names
class C { #v = 1; async a() { this.#v = await 5; this.#v += await 1; return this.#v; } *g() { this.#v = yield this.#v; yield this.#v; } }
const c = new C(), g = c.g();
print(g.next().value, g.next('sent').value);
new C().a().then(v => print(v));
//// private methods are there for fields, also of derived classes and statics
class A { f = this.make(); make() { return 'A'; } }
class B extends A { g = this.#own(); #own() { return 'B' + this.f; } make() { try { return this.#own(); } catch (e) { return e.name; } } static s = B.#st(); static #st() { return 'st'; } }
const b = new B();
print(b.f, b.g, B.s);
//// super in static fields, static methods and their arrows sees the parent class
class A { static v = 'static A'; v = 'instance'; static m() { return 'm' + this.w; } m() { return 'wrong'; } }
class B extends A { static w = 'B'; static f = super.v; static g = super.m(); static h = () => super.m() + super.v; static #p = super.m(); static p() { return B.#p + super.m(); } }
print(B.f, B.g, B.h(), B.p());
//// a private accessor and a method may not be added twice either
class Give { constructor(o) { return o; } }
class Acc extends Give { get #a() { return 1; } set #a(v) {} static has(o) { return #a in o; } }
class Pair extends Give { #m() {} #f = 1; static has(o) { return #m in o && #f in o; } }
const o = {}, out = [];
for (const C of [Acc, Pair]) { new C(o); try { new C(o); out.push('twice'); } catch (e) { out.push(e.name); } out.push(C.has(o)); }
print(out.join());
//// a second private field fails after its initialiser, a second method before the fields
const log = [];
class Give { constructor(o) { return o; } }
class F extends Give { #f = log.push('field'); g = log.push('after'); }
class M extends Give { #m() {} g = log.push('M field'); }
const o = {};
for (const C of [F, F, M, M]) try { new C(o); } catch (e) { log.push(e.name); }
print(log.join());
//// the value of a private field stays when it was added twice
class Give { constructor(o) { return o; } }
let n = 0;
class F extends Give { #f = ++n; static get(o) { return o.#f; } }
const o = {};
new F(o);
try { new F(o); } catch (e) { print(e.name, F.get(o), n); }
//// private in of what is no object, of every kind
class C { #f; static t(v) { try { return #f in v; } catch (e) { return e.name; } } }
print([1, 'x', true, Symbol('s'), null, undefined].map(C.t).join(), [{}, [], () => {}, new C(), Object(1)].map(C.t).join());
//// private in evaluates its right side before it is checked
const log = [];
class C { #m() {} static t() { try { return #m in (log.push('right'), 5); } catch (e) { return e.name; } } static u() { return [new C(), {}].filter(o => #m in o).length; } }
print(C.t(), log.join(), C.u());
//// logical assignment to a private field of another object
class C { #v; constructor(v) { this.#v = v; } fill(o, v) { return o.#v ??= v; } or(o, v) { return o.#v ||= v; } and(o, v) { return o.#v &&= v; } static v(o) { return o.#v; } }
const a = new C('a'), b = new C(null), c = new C(0);
print(a.fill(b, 'filled'), a.or(c, 'ored'), a.and(b, 'anded'), a.fill(c, 'no'), [a, b, c].map(C.v).join());
//// logical assignment to a private field evaluates its object once
let n = 0;
class C { #v = null; static run() { const list = [new C(), new C()], next = () => list[n++]; next().#v ??= 'first'; const r = list[0].#v; next().#v ||= 'second'; return [r, list[0].#v, list[1].#v].join(); } }
print(C.run(), n);
//// logical assignment to private accessors of another object
const log = [];
class C { #x = 0; get #v() { log.push('get'); return this.#x; } set #v(v) { log.push('set ' + v); this.#x = v; } static run(o) { o.#v &&= 'no'; o.#v ||= 'yes'; o.#v ??= 'no'; return o.#x; } }
print(C.run(new C()), log.join());
//// logical assignment to a private field of a wrong object does not run the right side
const log = [];
class C { #v = 1; #m() {} static f(o) { o.#v ??= log.push('right'); } static g(o) { o.#m ||= log.push('no write'); } static h(o) { o.#m &&= log.push('right 2'); } }
for (const [f, o] of [['f', {}], ['g', new C()], ['h', new C()]]) try { C[f](o); log.push('fine'); } catch (e) { log.push(e.name); }
print(log.join());
//// names of private methods, accessors and functions in private fields
class C { #m() {} static #s() {} async #a() {} *#g() {} #f = () => {}; #k = class {}; #n = function own() {}; names() { return [this.#m, C.#s, this.#a, this.#g, this.#f, this.#k, this.#n].map(f => f.name).join(); } }
print(new C().names());

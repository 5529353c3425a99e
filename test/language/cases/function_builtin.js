// SPDX-License-Identifier: MIT
//// bind fixes this and the first arguments
function f(...a) { return [this.n, ...a].join(); }
const b = f.bind({ n: 'N' }, 1, 2);
print(b(3), b.call({ n: 'other' }, 4), b.bind({ n: 'again' }, 5)(6));
//// length of bound functions
function f(a, b, c) {}
print(f.bind().length, f.bind(null, 1).length, f.bind(null, 1, 2, 3, 4).length, ((a, b = 1, c) => 0).bind().length);
//// name of bound functions
function first() {}
print(first.bind().name, first.bind().bind().name, (() => {}).bind().name === 'bound ', Object.defineProperty(() => {}, 'name', { value: 5 }).bind().name);
//// new of a bound function ignores the bound this
function Point(x, y) { this.x = x; this.y = y; }
const B = Point.bind({ wrong: true }, 7), p = new B(8);
print(p.x, p.y, p instanceof Point, p instanceof B, 'prototype' in B, Object.getPrototypeOf(p) === Point.prototype);
//// bound arrows and methods are no constructors
for (const f of [(() => 1).bind(), { m() {} }.m.bind()]) try { new f(); print('made'); } catch (e) { print(e.name); }
//// call and apply
function f() { return this + ':' + [].join.call(arguments, '+'); }
print(f.call('t', 1, 2), f.apply('t', [3, 4]), f.apply('t', { length: 2, 0: 'a', 1: 'b' }), f.apply('t', null), f.apply('t'));
//// apply wants something like a list
const f = (...a) => a.length;
for (const x of [5, 'ab', true, Symbol()]) try { print(f.apply(null, x)); } catch (e) { print(e.name); }
print(f.apply(null, { length: 3 }), f.apply(null, [,,]));
//// this of a strict function is not boxed
function f() { return typeof this; }
print(f.call(1), f.call('s'), f.call(null), f.call(undefined), f.call(true), f());
//// arrows keep their this
const o = { n: 1, make() { return () => this.n; } };
const arrow = o.make();
print(arrow.call({ n: 2 }), arrow.apply({ n: 3 }), arrow.bind({ n: 4 })());
//// length counts up to the first default
print((a => 0).length, ((a, b) => 0).length, ((a = 1, b) => 0).length, ((a, ...b) => 0).length, (({ a }, [b]) => 0).length, (function (...a) {}).length);
//// name and length are not writable but configurable
function f(a) {}
for (const k of ['name', 'length']) { const d = Object.getOwnPropertyDescriptor(f, k); print(d.value, d.writable, d.enumerable, d.configurable); }
try { f.name = 'g'; } catch (e) { print(e.name, f.name); }
Object.defineProperty(f, 'name', { value: 'changed' });
print(f.name, delete f.length, f.length);
//// names from where functions are put
const a = () => {}, b = function () {}, c = function own() {}, o = { m() {}, p: () => {}, ['co' + 'mp']: () => {}, get g() { return 1; } };
print([a, b, c, o.m, o.p, o.comp].map(f => f.name).join(), Object.getOwnPropertyDescriptor(o, 'g').get.name);
//// names from defaults and patterns
const { x = () => {} } = {}, [y = class {}] = [];
function f(z = function () {}) { return z.name; }
let w; w = () => {};
let v; v ??= () => {};
print(x.name, y.name, f(), w.name, v.name);
//// functions without names
print(JSON.stringify((() => {}).name), JSON.stringify((function () {}).name), JSON.stringify((class {}).name), [() => {}][0].name === '');
//// a class may have its own static name
class A { static name = 'mine'; }
class B { static name() { return 'method'; } }
class C { static get name() { return 'getter'; } }
print(A.name, B.name(), C.name);
//// prototype of functions
function f() {}
const d = Object.getOwnPropertyDescriptor(f, 'prototype'), e = Object.getOwnPropertyDescriptor(class {}, 'prototype');
print(d.writable, d.enumerable, d.configurable, e.writable, f.prototype.constructor === f, Object.keys(f.prototype).length);
//// which functions have a prototype
print([function () {}, () => {}, { m() {} }.m, async function () {}, function* () {}, class {}, Math.max].map(f => f.hasOwnProperty('prototype')).join());
//// what new accepts
const list = [function () {}, class {}, () => {}, { m() {} }.m, async () => {}, function* () {}, Math.max, Object.getOwnPropertyDescriptor({ get a() { return 1; } }, 'a').get];
print(list.map(f => { try { new f(); return 'y'; } catch (e) { return e.name; } }).join());
//// the constructor's return value
function O() { this.a = 1; return { b: 2 }; }
function P() { this.a = 1; return 5; }
function N() { this.a = 1; return null; }
print(JSON.stringify(new O()), JSON.stringify(new P()), JSON.stringify(new N()), new O() instanceof O);
//// instanceof walks the prototypes
function A() {} function B() {}
B.prototype = Object.create(A.prototype);
const b = new B();
print(b instanceof A, b instanceof Object, Object.create(null) instanceof Object, 5 instanceof Number);
B.prototype = {};
print(b instanceof B, new B() instanceof A);
//// instanceof with what is no function
for (const x of [{}, 5, null, () => {}]) try { print({} instanceof x); } catch (e) { print(e.name); }
//// Function.prototype is a function
print(typeof Function.prototype, Function.prototype(1, 2), Function.prototype.length, JSON.stringify(Function.prototype.name), Object.getPrototypeOf(Function.prototype) === Object.prototype, 'prototype' in Function.prototype);
//// call of call
const f = function (x) { return this.v + x; };
print(Function.prototype.call.call(f, { v: 1 }, 2), Function.prototype.apply.call(f, { v: 3 }, [4]), Math.max.apply.bind(Math.max, null)([1, 9, 3]));
//// borrowed methods
const slice = Function.prototype.call.bind(Array.prototype.slice), has = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
print(slice('text', 1, 3).join(), slice([1, 2, 3], -1).join(), has({ a: 1 }, 'a'), has({}, 'a'));
//// arguments does not follow parameters
function f(a) { a = 'changed'; arguments[1] = 'also'; return [arguments[0], a, arguments.length, typeof arguments, Array.isArray(arguments)].join(); }
print(f('first', 'second'), Object.prototype.toString.call((function () { return arguments; })()));
//// a class cannot be called
class A {}
for (const f of [() => A(), () => A.call(new A()), () => A.apply({}, []), () => Reflect.apply(A, {}, [])]) try { f(); print('no'); } catch (e) { print(e.name); }
//// how older libraries find the global object
const texts = ['return this', ' return this ', 'return this;', 'return\tthis ;\n', '\r\n return   this\n;'];
print(texts.map(text => Function(text)() === globalThis).join(), texts.map(text => new Function(text)() === globalThis).join());
const f = Function('return this'), o = {};
print(typeof f, f.name, f.length, f instanceof Function, f.call(o) === o, f.call(undefined) === f.apply(null), typeof f.call(5), f === Function('return this'));
print((function () {}).constructor('return this')() === globalThis, Reflect.construct(Function, ['return this'])() === globalThis);
var root = typeof missing == 'object' && missing || typeof alsoMissing == 'object' && alsoMissing || Function('return this')();
print(root === globalThis, root.Array === Array);

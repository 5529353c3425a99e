// SPDX-License-Identifier: MIT
//// defaults replace undefined only
const f = (a = 'd') => String(a);
print(f(), f(undefined), f(null), f(0), f(''), f(NaN), f(false));
//// defaults are evaluated for each call
let n = 0;
const f = (a = ++n, b = ++n) => a + ':' + b;
print(f(), f(9), f(9, 9), f(undefined, 8), n);
const list = (l = []) => l.push(1) && l;
print(list() === list());
//// defaults see earlier parameters and this
function f(a, b = a * 2, c = this.k + b) { return [a, b, c].join(); }
print(f.call({ k: 100 }, 1), f.call({ k: 100 }, 1, 1), f.call({}, 1, 1, 1));
//// defaults see arguments
function f(a = arguments.length, b = arguments[0], c = typeof arguments[2]) { return [a, b, c].join(); }
print(f(), f(7), f(undefined, undefined, 3));
//// defaults run left to right with patterns
const log = [], d = v => (log.push(v), v);
function f(a = d('a'), { b = d('b') } = (d('o'), {}), [c = d('c')] = (d('l'), [])) { log.push('body'); }
f(); print(log.splice(0).join());
f(1, {}); print(log.splice(0).join());
//// a closure in a default does not see the body's var
var x = 'outer';
function f(get = () => x) { var x = 'body'; return get() + x; }
print(f());
//// a body var starts with the value of its parameter
function f(a = 1, read = () => a) { var a; const before = a; a = 2; return [before, a, read()].join(); }
print(f(), f(5));
//// a body var without defaults shares the parameter
function f(a, g) { var a; const before = a; var a = 2; return before + ':' + a + ':' + arguments[0]; }
print(f('arg'));
//// a function in the body overrides the parameter
function f(g, h = () => g) { function g() {} return typeof g + ':' + typeof h(); }
print(f(1));
//// a closure in a default may change the parameter
function f(a, set = v => { a = v; }) { set('changed'); return a; }
print(f('arg'));
//// the name of a function hidden by its parameter
const f = function g(g = 'param') { return typeof g; };
print(f(), f(1));
//// a default that throws
function f(a = (() => { throw new RangeError(); })()) { return 'ran'; }
try { f(); } catch (e) { print(e.name); }
print(f(1));
//// required parameter idiom
const need = name => { throw new TypeError(name); };
function f(a = need('a'), b = need('b')) { return a + b; }
for (const args of [[1, 2], [1], []]) try { print(f(...args)); } catch (e) { print(e.message); }
//// a default may call the function itself
function f(n, rest = n > 0 ? f(n - 1) : 'end') { return n + '>' + rest; }
print(f(2), f(2, 'x'));
//// rest gathers what is left
const f = (a, ...r) => `${a}|${r.length}|${r.join()}|${Array.isArray(r)}`;
print(f(), f(1), f(1, 2, undefined, 4));
//// rest is a new array each time
function f(...r) { return r; }
const list = [1, 2], a = f(...list), b = f(...list);
print(a === list, a === b, a.join());
//// rest keeps holes as undefined
const r = ((...r) => r)(...[1, , 3]);
print(r.length, 1 in r, String(r[1]));
//// rest with a pattern
const f = (...[a, b = 'd', ...c]) => [a, b, c.length].join();
const g = (...{ length, 0: first }) => length + ':' + first;
print(f(1), f(1, 2, 3, 4), g('x', 'y'), g());
//// rest after defaults
function f(a = 1, b = a, ...c) { return [a, b, ...c].join(); }
print(f(), f(5), f(undefined, 6, 7, 8));
//// length counts up to the first default or rest
const fs = [() => 1, a => a, (a, b) => a, (a, b = 1) => a, (a = 1, b) => a, (...r) => r, (a, ...r) => r, ({ a }, [b]) => a, ({ a } = {}, b) => a, (a, b, c = 1, d, e) => a];
print(fs.map(f => f.length).join());
//// length of methods, accessors, classes
class C { constructor(a, b = 1, c) {} m(a, b) {} static s(...r) {} set v(x) {} get v() { return 1; } *g(a, [b]) {} async h(a = 1) {} }
const d = Object.getOwnPropertyDescriptor(C.prototype, 'v');
print(C.length, C.prototype.m.length, C.s.length, d.set.length, d.get.length, C.prototype.g.length, C.prototype.h.length);
//// length may be deleted and is not writable
function f(a, b) {}
const d = Object.getOwnPropertyDescriptor(f, 'length');
print(d.value, d.writable, d.enumerable, d.configurable);
try { f.length = 9; } catch (e) { print(e.name); }
print(delete f.length, f.length);
//// length of functions with defaults has the same attributes
const f = (a, b = 2, ...c) => a;
const d = Object.getOwnPropertyDescriptor(f, 'length');
print(d.value, d.writable, d.enumerable, d.configurable, Object.keys(f).length);
//// arguments holds what was passed, not the defaults
function f(a = 1, b = 2) { return arguments.length + ':' + String(arguments[0]) + ':' + String(arguments[1]); }
print(f(), f(7), f(undefined, 3, 4));
//// arguments is not tied to parameters
function f(a, b) { a = 'A'; arguments[1] = 'B'; return [a, b, arguments[0], arguments[1]].join(); }
print(f(1, 2));
//// arguments is iterable and not an array
function f() { return [Array.isArray(arguments), [...arguments].join('-'), Object.prototype.toString.call(arguments), typeof arguments[Symbol.iterator], arguments.length].join(); }
print(f(1, 2, 3));
//// arguments may be written and shortened
function f() { arguments.length = 1; arguments[5] = 'x'; return Array.from(arguments).join() + ':' + arguments[5] + ':' + Object.keys(arguments).join(); }
print(f('a', 'b'));
//// length of arguments is not enumerable
function f() { const d = Object.getOwnPropertyDescriptor(arguments, 'length'); return [d.value, d.writable, d.enumerable, d.configurable, Object.keys(arguments).join('')].join(); }
print(f('a', 'b'));
//// arguments of nested functions
function outer() { const own = () => arguments.length; function inner() { return arguments.length; } return [own(), inner(1, 2, 3), (() => arguments[0])()].join(); }
print(outer('a', 'b'));
//// arguments in a method, getter and setter
const o = { m() { return arguments.length; }, get g() { return arguments.length; }, set s(v) { o.seen = arguments.length + ':' + arguments[0]; } };
o.s = 'v';
print(o.m(1, 2), o.g, o.seen);
//// arguments with rest
function f(a, ...r) { return arguments.length + ':' + r.length; }
print(f(), f(1), f(1, 2, 3));
//// parameter patterns with defaults for the whole and the parts
const f = ({ a = 1, b: { c = 2 } = {} } = {}) => a + ':' + c;
print(f(), f({}), f({ a: 5, b: { c: 6 } }), f({ b: {} }), f({ a: undefined, b: undefined }));
//// parameter patterns refuse null and undefined
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => (({ a }) => a)()), kind(() => (({ a }) => a)(null)), kind(() => (([a]) => a)()), kind(() => (([a]) => a)({})), kind(() => (({}) => 'ok')(1)), kind(() => (({}) => 'ok')()), kind(() => (([]) => 'ok')('')));
//// parameters are evaluated before the body's functions run
const log = [];
function f(a = log.push(typeof g)) { log.push(typeof g); function g() {} }
try { f(); } catch (e) { log.push(e.name); }
print(log.join());
//// too few and too many arguments
function f(a, b) { return String(a) + String(b) + arguments.length; }
print(f(), f(1), f(1, 2), f(1, 2, 3));
//// names of functions by where they stand
const o = { a: function () {}, b: () => {}, c() {}, ['d' + 1]: () => {}, e: class {}, f: function named() {}, async g() {}, *h() {} };
print(Object.keys(o).map(k => k + '=' + o[k].name).join());
//// names from defaults and assignments
let a, o = {};
a = () => {}; o.p = () => {};
const { b = () => {}, c: d = function () {} } = {}, [e = class {}] = [];
const f = (g = () => {}) => g.name;
print(a.name, o.p.name || 'none', b.name, d.name, e.name, f());
//// names by logical assignment
let a, b = null, c = 1;
a ||= () => {}; b ??= function () {}; c &&= class {};
print(a.name, b.name, c.name);
//// a parenthesised target gives no name, a parenthesised function has one
let a, b;
(a) = () => {};
b = (() => {});
print(a.name || 'none', b.name);
//// name attributes
const f = () => {};
const d = Object.getOwnPropertyDescriptor(f, 'name');
print(d.value, d.writable, d.enumerable, d.configurable);
try { f.name = 'x'; } catch (e) { print(e.name); }
Object.defineProperty(f, 'name', { value: 'y' });
print(f.name);
//// names of bound functions and accessors
const o = { get x() { return 1; }, set x(v) {}, m() {} };
const d = Object.getOwnPropertyDescriptor(o, 'x');
print(d.get.name, d.set.name, o.m.bind().name, (() => {}).bind().name, o.m.bind(null).bind(null).name);
//// names from symbols
const s = Symbol('desc'), o = { [s]() {}, get [Symbol.iterator]() { return 1; }, [Symbol('arrow')]: () => {} };
const [, , last] = Object.getOwnPropertySymbols(o);
print(o[s].name, Object.getOwnPropertyDescriptor(o, Symbol.iterator).get.name, o[last].name);
//// own name of a function expression is constant in strict code
const log = [];
const f = function g() { try { g = 1; } catch (e) { log.push(e.name); } return typeof g; };
print(f(), log.join());
//// function expression name is not seen outside
const f = function inner(n) { return n ? inner(n - 1) + 1 : 0; };
print(f(3), typeof inner, f.name);
//// calling a function before its declaration and the last of two wins
function outer() { return f(); function f() { return 1; } function f() { return 2; } }
print(outer());
//// hoisted function against var
function f() { var a = typeof g; var g = 1; function g() {} return a + ':' + typeof g; }
print(f());
//// prototype of functions
function f() {}
const d = Object.getOwnPropertyDescriptor(f, 'prototype');
print(d.writable, d.enumerable, d.configurable, f.prototype.constructor === f, Object.getOwnPropertyNames(f.prototype).join());
//// prototype of functions with defaults and rest stays
function f(a = 1, ...r) { this.a = a; this.r = r.length; }
f.prototype.sum = function () { return this.a + this.r; };
const o = new f(undefined, 2, 3);
print(o.sum(), o instanceof f, o.constructor === f);
//// new of a function that returns something
function A() { this.v = 1; return { v: 2 }; }
function B() { this.v = 1; return 3; }
function C(x = 0) { this.v = x; return null; }
print(new A().v, new B().v, new C(5).v);
//// new.target in functions
function F(a = new.target === F) { return { a, b: new.target === undefined }; }
const x = new F(), y = F();
print(x.a, x.b, y.a, y.b);
//// this of plain calls
function f() { return this === undefined; }
const g = (a = (() => 1)()) => a, o = { f };
print(f(), (0, o.f)(), o.f(), (o.f)(), typeof (function () { return this; }).call(5));
//// trailing commas in parameters and calls
const f = (a, b,) => a + b;
function g(a, b,) { return arguments.length; }
print(f(1, 2,), f.length, g(1,), g(...[1, 2],));
//// functions called at once
print((function (a) { return a; })(1), (function (a) { return a; }(2)), (a => a)(3), !function () { return 1; }(), new (function () { this.x = 4; })().x);
//// apply, call and bind fill parameters
function f(a, b = 'B', ...c) { return [this.t, a, b, ...c].join(''); }
print(f.call({ t: 't' }, 1), f.apply({ t: 't' }, [1, undefined, 3]), f.bind({ t: 'u' }, 1, 2)(3, 4), f.bind(null, 1).length);
//// parameters with names of globals
function f(undefined_, NaN2, Object, Array, print2 = Object) { return [Object, Array, print2].join(); }
print(f(1, 2, 3, 4));
//// parameter named like the function's own variables of lowering
function f(args = 1, self = 2, _this = 3, ...rest) { const g = () => [this.k, args, self, _this, rest.length, arguments.length].join(); return g(); }
print(f.call({ k: 'k' }), f.call({ k: 'k' }, 5, 6, 7, 8));
//// a default with a generator and an async arrow
const log = [];
function f(g = function* () { yield 1; yield 2; }, h = async v => log.push(v)) { h('async'); return [...g()].join(); }
print(f(), log.join());
//// destructured parameter reassigned in the body
function f({ a }, [b], c = a) { a += 10; b = a + b; return [a, b, c, arguments.length].join(); }
print(f({ a: 1 }, [2]));
//// a default that reads a later parameter fails only when it is needed
const kind = f => { try { return f(); } catch (e) { return e.name; } };
const f = (a = b, b = 1) => a + ':' + b;
print(kind(() => f()), kind(() => f(3)), kind(() => f(3, 5)), kind(() => f(undefined, 5)));
//// a default asks for the type of a later parameter
const kind = f => { try { return f(); } catch (e) { return e.name; } };
const f = (a = typeof b, b) => a + String(b);
print(kind(() => f()), kind(() => f(undefined, 1)), kind(() => f('given', 1)));
//// a closure in a default may use a later parameter when it is called later
const f = (get = () => b, b = 'later') => get();
const g = (v = (() => b)(), b = 1) => v;
let name;
try { name = g(); } catch (e) { name = e.name; }
print(f(), f(undefined, 'given'), f(() => 'own'), name, g('v'));
//// a default may write an earlier parameter but not a later one
const kind = f => { try { return f(); } catch (e) { return e.name; } };
const f = (a, b = (a = 'written', 1)) => a + b, g = (a = (b = 1), b = 2) => a + b;
print(f('old'), f('old', 2), kind(() => g()), kind(() => g('given ')), kind(() => g('x', 'y')));
//// null, zero and empty text are no reason for a default
const f = (a = 'A', { b = 'B' } = {}, [c = 'C'] = []) => [a, b, c].map(String).join();
print(f(null, { b: null }, [null]), f(0, { b: 0 }, [0]), f('', { b: '' }, ['']), f(false, { b: NaN }, [undefined]));
//// null for a pattern's default is not replaced
const kind = f => { try { return f(); } catch (e) { return e.name; } };
class C { m({ a } = { a: 1 }) { return a; } constructor([x] = ['x']) { this.x = x; } }
print(kind(() => new C().m(null)), kind(() => new C().m()), kind(() => new C(null)), kind(() => new C(undefined).x));
//// functions as defaults of parameters are named by them
const f = (a = () => {}, b = function () {}, c = class {}, d = function own() {}, e = (0, () => {})) => [a, b, c, d, e].map(v => v.name || '-').join();
class C { static s(x = async () => {}, y = function* () {}) { return x.name + y.name; } }
print(f(), C.s(), f(x => x));
//// names of defaults in arrows, methods and setters
let seen;
const o = { m(g = () => {}) { return g.name; }, set v(g = class {}) { seen = g.name; } }, arrow = (h = () => {}) => h.name;
o.v = undefined;
print(o.m(), seen, arrow(), (async (i = () => {}) => i.name)() instanceof Promise);
//// the name of a function expression that shadows another name
const g = 'outer';
const f = function g() { return typeof g; }, h = function f() { return f === h; };
print(f.name, f(), g, h.name, h());
//// function expressions of one name, side by side and nested
const list = [function twin() { return twin; }, function twin() { return function twin() { return twin; }; }];
const inner = list[1]();
print(list.map(f => f.name).join(), list[0]() === list[0], inner.name, inner() === inner, inner !== list[1]);
//// a function expression with the name of a parameter, a var, a let, a class around it
function outer(a) { var b = 1; let c = 2; class D {} return [function a() { return typeof a; }, function b() { return typeof b; }, function c() { return typeof c; }, function D() { return typeof D; }].map(f => f.name + f()).join() + a + b + c; }
print(outer('A'));
//// function expressions named like globals and like words of lowering
const fs = [function Object() { return typeof Object; }, function print2() {}, function $vms() { return $vms.name; }, function undefined_() {}, function async() { return async.length; }];
print(fs.map(f => f.name).join(), fs[0](), fs[2](), fs[4](), typeof {}.constructor);

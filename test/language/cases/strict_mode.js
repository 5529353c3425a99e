// SPDX-License-Identifier: MIT
//// writing to a frozen object, an element, a new member
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
const o = Object.freeze({ a: 1, l: [1] }), l = Object.freeze([1, 2]);
print(kind(() => o.a = 2), kind(() => o.b = 2), kind(() => l[0] = 9), kind(() => l[5] = 9), kind(() => l.length = 0), kind(() => l.push(3)), kind(() => o.l[0] = 'deep'), o.a, l.join());
//// writing to what is not writable or has no setter
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
const o = Object.defineProperty({}, 'fixed', { value: 1 }), g = { get v() { return 1; } };
print(kind(() => o.fixed = 2), kind(() => o.fixed = 1), kind(() => g.v = 2), kind(() => Math.PI = 3), kind(() => (() => 1).name = 'x'), kind(() => 'abc'.length = 1), kind(() => 'abc'[0] = 'x'));
//// writing below a prototype that is not writable
const proto = Object.defineProperty({}, 'v', { value: 1 }), o = Object.create(proto), p = Object.create(Object.freeze({ w: 1 }));
for (const f of [() => { o.v = 2; }, () => { p.w = 2; }, () => { p.fresh = 3; }]) try { f(); print('fine'); } catch (e) { print(e.name); }
//// writing to sealed and closed objects
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
const s = Object.seal({ a: 1 }), p = Object.preventExtensions({ b: 1 });
print(kind(() => s.a = 2), kind(() => s.c = 2), kind(() => delete s.a), kind(() => p.b = 2), kind(() => p.c = 2), kind(() => delete p.b), kind(() => p.b = 3));
//// writing to members of primitives
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print([1, 'x', true, Symbol()].map(v => kind(() => v.p = 1) + kind(() => v[0] = 1)).join(), kind(() => null.p = 1));
//// names never declared
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => { undeclared = 1; }), kind(() => { undeclared += 1; }), kind(() => undeclared++), kind(() => { [undeclared] = [1]; }), kind(() => { for (undeclared of [1]) ; }), kind(() => { for (undeclared in { a: 1 }) ; }), typeof undeclared);
//// the right side runs before an unknown name throws
const log = [];
try { undeclared = log.push('right'); } catch (e) { log.push(e.name); }
print(log.join());
//// deleting what may not be deleted
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
function F() {}
print(kind(() => delete Object.prototype), kind(() => delete F.prototype), kind(() => delete [].length), kind(() => delete 'x'.length), kind(() => delete F.name), kind(() => delete Object.freeze([1])[0]), kind(() => delete {}.none), kind(() => delete Math.PI));
//// this of functions without an object
function f() { return this; }
const g = function () { return (() => this)(); }, o = { f };
print(f() === undefined, g() === undefined, (0, o.f)() === undefined, [1].map(f)[0] === undefined, f.call(null) === null, f.apply(undefined) === undefined, f.bind()() === undefined);
//// this is not made an object
function f() { return typeof this; }
print(f.call(1), f.call('x'), f.call(true), f.call(Symbol()), f.call(null), f.apply({}), [1].map(f, 'this')[0], Reflect.apply(f, 5, []));
//// this in accessors and methods of primitives
Object.defineProperty(Number.prototype, 'kind', { get() { return typeof this; }, configurable: true });
String.prototype.kindOf = function () { return typeof this; };
print((5).kind, 'x'.kindOf(), Object(5).kind);
delete Number.prototype.kind; delete String.prototype.kindOf;
//// this of callbacks
const log = [];
[1].forEach(function () { log.push(typeof this); });
'x'.replace('x', function () { log.push(typeof this); return ''; });
new Promise(function () { log.push(typeof this); });
[2, 1].sort(function () { log.push(typeof this); return 0; });
JSON.stringify({ a: 1 }, function (k, v) { if (k) log.push(typeof this); return v; });
setTimeout(function () { print(log.join()); }, 0);
//// arguments do not follow parameters, nor the other way
function f(a, b) { arguments[0] = 'x'; b = 'y'; delete arguments[1]; return [a, b, arguments[0], String(arguments[1]), arguments.length].join(); }
print(f(1, 2, 3));
//// callee of arguments throws, arguments and eval are kept names elsewhere
function f() { try { return arguments.callee; } catch (e) { return e.name; } }
const o = { arguments: 1, eval: 2 };
print(f(), o.arguments + o.eval);
//// functions in blocks belong to the block
{ function f() { return 'inner'; } print(f()); }
function f() { return 'outer'; }
print(f());
if (true) { function only() {} }
print(typeof only);
//// a class body is strict, its methods' this too
class C { static s() { return this; } m() { undeclaredName = 1; } }
const { s } = C;
print(s() === undefined);
try { new C().m(); } catch (e) { print(e.name); }
//// the name of a function expression may not be written
const f = function self() { const kind = g => { try { g(); return 'fine'; } catch (e) { return e.name; } }; return [kind(() => { self = 1; }), kind(() => { self++; }), kind(() => { [self] = [1]; }), typeof self].join(); };
print(f());
//// undefined, NaN and Infinity may not be written
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
print(kind(() => { undefined = 1; }), kind(() => { NaN = 1; }), kind(() => { Infinity += 1; }), typeof undefined);
//// globals may be written where they are writable
const old = isNaN;
isNaN = () => 'mine';
print(isNaN(1));
isNaN = old;
print(isNaN(1), typeof globalThis, globalThis.isNaN === old);
//// a proxy whose set or deleteProperty says no
const p = new Proxy({ a: 1 }, { set() { return false; }, deleteProperty() { return false; } });
for (const f of [() => { p.a = 2; }, () => { delete p.a; }, () => { p.b ??= 1; }]) try { f(); print('fine'); } catch (e) { print(e.name); }
print(Reflect.set(p, 'a', 3), Reflect.deleteProperty(p, 'a'));
//// Reflect answers where statements throw
const o = Object.freeze({ a: 1 });
print(Reflect.set(o, 'a', 2), Reflect.deleteProperty(o, 'a'), Reflect.defineProperty(o, 'b', { value: 1 }), Reflect.has(o, 'a'));
//// the caller of a function and of arguments cannot be had
function f() { const out = []; for (const k of ['caller', 'arguments']) try { out.push(String(f[k])); } catch (e) { out.push(e.name); } return out.join(); }
print(f());
//// getters are called with the value itself, setters too
const seen = [];
Object.defineProperty(String.prototype, 'probe', { get() { seen.push(typeof this); return 1; }, set(v) { seen.push(typeof this + v); }, configurable: true });
'x'.probe; 'x'.probe = 2; 'x'.probe += 3;
delete String.prototype.probe;
print(seen.join());

// SPDX-License-Identifier: MIT
function* g() { yield 1; }
console.log(Object.getPrototypeOf(g()) === g.prototype, g() instanceof g);
g.prototype.hello = function () { return 'hi'; };
console.log(g().hello());
console.log(Object.prototype.hasOwnProperty.call(g.prototype, 'constructor'), 'next' in g.prototype);
try { new g(); console.log('constructed'); } catch (e) { console.log(e.name); }
const d = Object.getOwnPropertyDescriptor(g, 'prototype');
console.log(d.writable, d.enumerable, d.configurable);
g.prototype = { own: true, __proto__: g.prototype };
console.log(g().own, g().next().value);
g.prototype = null;
console.log(typeof g().next, [...g()].join());
const e = function* named() { yield typeof named; };
console.log([...e()].join(), e.name, e() instanceof e);
const m = { *gen() { yield 2; } };
console.log(m.gen() instanceof m.gen, m.gen.name, m.gen.length);
class C { *a() { yield this.v; } constructor() { this.v = 3; } static *b() {} }
console.log(new C().a() instanceof C.prototype.a, [...new C().a()].join(), C.b() instanceof C.b);
console.log(Object.prototype.toString.call(g()), typeof g()[Symbol.iterator], g()[Symbol.iterator]() !== null);
for (let i = 0; i < 2; i++) { function* inner() { yield i; } console.log([...inner()].join(), inner() instanceof inner); }

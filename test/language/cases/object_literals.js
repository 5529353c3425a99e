// SPDX-License-Identifier: MIT
//// keys of every kind, in their order
const k = 'comp', s = Symbol();
const o = { b: 1, 2: 2, 'x y': 3, [k]: 4, 1: 5, [s]: 6, 0x10: 7, .5: 8, 1e3: 9 };
print(Object.keys(o).join('|'), o[s], Reflect.ownKeys(o).length);
//// shorthand reads the variables now
let a = 1;
const f = () => ({ a, f });
const before = { a };
a = 2;
print(before.a, f().a, f().f === f);
//// methods are no constructors and have a name and no prototype
const o = { m(a, b) { return this === o; }, 'quoted name'() {}, 5() {}, [`c${1}`]() {} };
print(o.m(), o.m.name, o.m.length, o['quoted name'].name, o[5].name, o.c1.name, 'prototype' in o.m, o.hasOwnProperty('m'));
try { new o.m(); } catch (e) { print(e.name); }
//// attributes of literal members
const o = { v: 1, m() {}, get g() { return 1; }, ['c']: 2 };
const d = k => { const x = Object.getOwnPropertyDescriptor(o, k); return [x.writable, x.enumerable, x.configurable].map(String).join('/'); };
print(d('v'), d('m'), d('g'), d('c'));
//// getter and setter join, others replace
const o = { get v() { return 'got'; }, set v(x) { this.x = x; } };
o.v = 1;
const p = { v: 1, get v() { return 2; } }, q = { get v() { return 1; }, v: 2 }, r = { get v() { return 1; }, set v(x) {}, get v() { return 3; } };
print(o.v, o.x, p.v, q.v, r.v, typeof Object.getOwnPropertyDescriptor(r, 'v').set, typeof Object.getOwnPropertyDescriptor(p, 'v').set);
//// a getter without setter may not be written
const o = { get only() { return 1; }, set w(v) { this.got = v; } };
try { o.only = 2; } catch (e) { print(e.name); }
o.w = 3;
print(o.only, String(o.w), o.got);
//// computed getters and setters
let n = 0;
const k = () => 'k' + ++n, s = Symbol('s');
const o = { get [k()]() { return 'one'; }, set [k()](v) { this.v = v; }, get [s]() { return 'sym'; } };
o.k2 = 5;
print(n, o.k1, o.v, o[s], Object.getOwnPropertyDescriptor(o, s).get.name, Object.getOwnPropertyDescriptor(o, 'k2').set.name);
//// computed keys and values in order
const log = [], v = x => (log.push(x), x);
const o = { [v('k1')]: v('v1'), b: v('vb'), [v('k2')]: v('v2'), [v('m')]() {} };
print(log.join(), Object.keys(o).join());
//// a computed key becomes a key before its value is evaluated
const log = [];
const key = n => ({ toString() { log.push('key ' + n); return n; } });
({ [key('a')]: log.push('value a'), [key('b')]: log.push('value b') });
print(log.join());
//// a computed key that cannot be a key
const log = [];
try { ({ [{ toString() { return {}; }, valueOf() { return {}; } }]: log.push('value') }); } catch (e) { log.push(e.name); }
try { ({ [(() => { throw new RangeError(); })()]: log.push('value') }); } catch (e) { log.push(e.name); }
print(log.join());
//// computed keys of many types
const o = { [null]: 1, [undefined]: 2, [true]: 3, [1.0]: 4, [-0]: 5, [NaN]: 6, [[1, 2]]: 7, [{}]: 8, [1e21]: 9 };
print(Object.keys(o).join('|'));
//// Symbol.toPrimitive of a key gets the hint string
const o = { [{ [Symbol.toPrimitive](hint) { return 'hint ' + hint; } }]: 1, [{ [Symbol.toPrimitive]() { return Symbol.iterator; } }]: 2 };
print(Object.keys(o).join(), o[Symbol.iterator]);
//// duplicates: the last wins, the first keeps its place
const o = { a: 1, b: 2, a: 3, ['b']: 4, c: 5, b: 6 };
print(JSON.stringify(o), Object.keys({ 1: 'a', '1': 'b', 1.0: 'c' }).length);
//// __proto__: sets the prototype
const p = { tag: 'p' };
const a = { __proto__: p }, b = { '__proto__': p, x: 1 }, c = { __proto__: null }, d = { __proto__: 5 };
print(a.tag, Object.keys(a).length, b.tag, Object.getPrototypeOf(c) === null, Object.getPrototypeOf(d) === Object.prototype, Object.keys(d).length);
//// __proto__ as shorthand, computed, method, getter is a property
const __proto__ = 'short';
const a = { __proto__ }, b = { ['__proto__']: 1 }, c = { __proto__() { return 'm'; } }, d = { get __proto__() { return 'g'; } };
print([a, b, c, d].map(o => Object.prototype.hasOwnProperty.call(o, '__proto__') && Object.getPrototypeOf(o) === Object.prototype).join(), a.__proto__, c.__proto__(), d.__proto__);
//// __proto__ once as prototype and once computed
const o = { __proto__: { inherited: 'i' }, ['__proto__']: 'own' };
print(o.inherited, Object.keys(o).join(), o.__proto__);
//// a function as __proto__ gets no name
const o = { __proto__: function () {}, f: function () {} };
print(Object.getPrototypeOf(o).name || 'none', o.f.name);
//// __proto__ is evaluated in order and set in order
const log = [];
const o = { a: log.push('a'), __proto__: (log.push('proto'), { set late(v) { log.push('setter'); } }), late: log.push('late') };
print(log.join(), Object.keys(o).join());
//// super in object methods
const base = { hi() { return 'base ' + this.n; } };
const o = { __proto__: base, n: 'o', hi() { return super.hi() + '!'; } };
print(o.hi());
//// super in an object follows setPrototypeOf
const o = { n: 1, m() { return super.v + this.n; } };
Object.setPrototypeOf(o, { v: 'first' });
const before = o.m();
Object.setPrototypeOf(o, { v: 'second' });
print(before, o.m());
//// super in getters and setters of an object
const base = { get v() { return 'base ' + this.k; }, set v(x) { this.k = x; } };
const o = { __proto__: base, get v() { return '<' + super.v + '>'; }, set v(x) { super.v = x * 2; } };
o.v = 5;
print(o.v, o.k, Object.keys(o).join());
//// super stays with the object the method was written in
const a = { __proto__: { who: 'A base' }, m() { return super.who; } };
const b = { __proto__: { who: 'B base' }, m: a.m };
print(b.m(), a.m.call(null));
//// super with computed keys, calls and arrows in an object
const base = { f(x) { return this.n + x; }, g: 'g' };
const o = { __proto__: base, n: 'n', m(k) { return super[k]; }, c() { return ['f'].map(k => super[k]('x'))[0]; }, ['d' + 1]() { return super.f(...['y']); } };
print(o.m('g'), o.c(), o.d1(), String(o.m('none')));
//// super in generators and async methods of an object
const base = { v() { return 'v' + this.n; } };
const o = { __proto__: base, n: 1, *g() { yield super.v(); yield () => super.v(); }, async a() { await null; return super.v() + 'a'; } };
const [x, y] = o.g();
print(x, y());
o.a().then(v => print(v));
//// super writes in an object
const base = { set s(v) { this.seen = v; } };
const o = { __proto__: base, run() { super.s = 1; super.fresh = 2; super.s += 3; return Object.keys(this).join(); } };
print(o.run(), String(o.seen), o.fresh, 'fresh' in base);
//// super in nested objects
const o = { __proto__: { v: 'outer' }, m() { const inner = { __proto__: { v: 'inner' }, m() { return super.v; } }; return super.v + inner.m(); } };
print(o.m());
//// super in an object without a special prototype
const o = { toString() { return 'o' + super.toString(); }, has(k) { return super.hasOwnProperty(k); } };
print(`${o}`, o.has('has'), o.has('hasOwnProperty'));
//// super in an object's parameters
const o = { __proto__: { d: 'def' }, m(a = super.d, b = () => super.d) { return a + b(); } };
print(o.m(), o.m('given '));
//// methods named like words
const o = { get() { return 1; }, set() { return 2; }, async() { return 3; }, static() { return 4; }, await() { return 5; }, if() { return 6; }, new() { return 7; }, constructor() { return 8; } };
print([o.get(), o.set(), o.async(), o.static(), o.await(), o.if(), o.new(), o.constructor()].join());
//// properties named like words
const get = 1, set = 2, async = 3, of = 4;
const o = { get, set, async, of, if: 5, class: 6, null: 7, true: 8, get get() { return 9; }, set set(v) {} };
print(o.get, typeof o.set, o.async, o.of, o.if, o.class, o.null, o.true);
//// async, generator and computed methods
const o = { async a() { return 'a'; }, *g() { yield 'g'; }, async ['c' + 1]() { return 'c'; }, *[Symbol.iterator]() { yield* this.g(); } };
print([...o].join(), o.a.name, o.c1.name, o[Symbol.iterator].name, typeof o.a().then, 'prototype' in o.g, 'prototype' in o.a);
//// names of functions as values
const s = Symbol('s');
const o = { a: () => {}, 'b c': function () {}, 1: class {}, [s]: () => {}, ['d']: function () {}, e: (() => {}), f: (0, () => {}), g: function own() {} };
print([o.a, o['b c'], o[1], o[s], o.d, o.e, o.f, o.g].map(f => f.name || '-').join());
//// setters take a default and a pattern, getters see this
const o = { n: 1, set v([a, b = 'B']) { this.n = a + b; }, get v() { return (() => this.n)(); } };
o.v = 'x';
print(o.v);
//// numeric keys as text
const o = { 1e2: 'a', 0b11: 'b', 0o17: 'c', 1_0: 'd', 0.1e-6: 'e', 0xF: 'f' };
print(Object.keys(o).join('|'), o['100'], o[15]);
//// literals make fresh objects and functions
const make = () => ({ list: [], f() {} });
const a = make(), b = make();
a.list.push(1);
print(a === b, a.f === b.f, b.list.length);
//// nested literals with this
const o = { n: 'outer', in: { n: 'inner', f() { return this.n; }, g: () => typeof this }, h() { return this.in.f() + this.n; } };
print(o.in.f(), o.h());
//// this in a literal is that of the function around
function f() { return { v: this.k, m: () => this.k, get g() { return this.own; }, own: 'own' }; }
const o = f.call({ k: 'k' });
print(o.v, o.m(), o.g);
//// trailing commas and empty literals
const a = { x: 1, }, b = {}, c = { f() {}, };
print(Object.keys(a).length, Object.keys(b).length, typeof c.f, JSON.stringify({ a: {}, }));
//// a setter on Object.prototype is not called by literals
let called = 0;
Object.defineProperty(Object.prototype, 'trap', { set() { called++; }, configurable: true });
const o = { trap: 1 }, p = { ['trap']: 2 }, q = { ...{ trap: 3 } };
delete Object.prototype.trap;
print(called, o.trap, p.trap, q.trap);
//// an object literal at the start of a statement needs parentheses
{ a: print('a block'); }
({ a: print('an object') });
const f = () => { b: 1 }, g = () => ({ b: 1 });
print(String(f()), g().b);
//// a getter that replaces itself
const o = { n: 0, get lazy() { this.n++; Object.defineProperty(this, 'lazy', { value: 'made' }); return this.lazy; } };
print(o.lazy, o.lazy, o.n);
//// methods that use the name of a variable around, not their own
const m = 'outer';
const o = { m() { return typeof m; }, f: function f2() { return typeof f2; } };
print(o.m(), o.f(), typeof f2);
//// a computed key behind a getter or a spread becomes a key before its value
const log = [], key = n => ({ toString() { log.push('key ' + n); return n; } });
const o = { get x() { return 1; }, [key('a')]: log.push('value a'), ...{ y: 1 }, [key('b')]: log.push('value b'), [key('c')]() {} };
print(log.join(), Object.keys(o).join(), o.c.name);
//// a symbol from a key object behind a getter
const s = Symbol('s'), key = { [Symbol.toPrimitive]() { return s; } };
const o = { get x() { return 1; }, [key]: 'v', get [key]() { return 'g'; } }, p = { ...{}, [key]() { return 'm'; } };
print(o[s], p[s](), p[s].name, Object.getOwnPropertySymbols(o).length);
//// shorthand __proto__ keeps the usual prototype
const __proto__ = { tag: 'not inherited' };
const o = { x: 1, __proto__ };
print(Object.keys(o).join(), o.tag === undefined, Object.getPrototypeOf(o) === Object.prototype, o.__proto__ === __proto__);
//// computed __proto__ behind other members is a property
const p = { tag: 't' };
const o = { get g() { return 1; }, ['__proto__']: p, ...{ s: 1 }, ['__pro' + 'to__']: p };
print(Object.keys(o).join(), o.tag === undefined, Object.getPrototypeOf(o) === Object.prototype);
//// a method or getter called __proto__ behind a spread
const o = { ...{ a: 1 }, __proto__() { return 'm'; } }, q = { ...{ a: 1 }, get __proto__() { return 'g'; } }, r = { ...{ a: 1 }, __proto__: { b: 2 } };
print(Object.keys(o).join(), o.__proto__(), Object.keys(q).join(), q.__proto__, Object.keys(r).join(), r.b);
//// a setter alone is seen by keys, loops and spread
const o = { set v(x) {}, a: 1, set ['w' + 1](x) {} }, keys = [];
for (const k in o) keys.push(k);
print(Object.keys(o).join(), keys.join(), JSON.stringify({ ...o }), 'v' in { ...o }, Object.getOwnPropertyDescriptor(o, 'v').get === undefined);
//// attributes of computed accessors and of pairs
const k = 'k', o = { get [k]() { return 1; }, set [k](v) {}, set only(v) {}, get read() { return 1; } };
const d = n => { const x = Object.getOwnPropertyDescriptor(o, n); return [typeof x.get, typeof x.set, x.enumerable, x.configurable].join('/'); };
print(d('k'), d('only'), d('read'));
//// __proto__ with values that are no objects changes nothing
const list = [undefined, 5, 'x', true, Symbol('s')].map(v => ({ __proto__: v, a: 1 }));
print(list.map(o => Object.getPrototypeOf(o) === Object.prototype && Object.keys(o).join()).join(), Object.getPrototypeOf({ a: 1, __proto__: null }) === null);
//// __proto__: null behind other members, and what is missing then
const o = { get g() { return 'g'; }, ...{ s: 1 }, __proto__: null };
print('toString' in o, Object.getPrototypeOf(o) === null, Object.keys(o).join(), o.g);
try { `${o}`; } catch (e) { print(e.name); }
//// __proto__ with a function or an array
const o = { __proto__: [1, 2] }, p = { x: 1, '__proto__': function () {} };
print(o.length, o[0], Array.isArray(o), Object.keys(o).length, typeof p.call, p instanceof Function, typeof p);
//// __proto__ as shorthand or method among simple members
const __proto__ = 'own';
const o = { a: 1, __proto__, b: 2 }, p = { a: 1, __proto__() { return 'm'; }, b: 2 }, q = { ...o, c: 3 };
print(JSON.stringify(o), Object.keys(p).join(), p.__proto__(), p.__proto__.name, Object.keys(q).join(), Object.getPrototypeOf(q) === Object.prototype);
//// names of members under symbols, with and without a description
const none = Symbol(), named = Symbol('named'), d = (o, k) => Object.getOwnPropertyDescriptor(o, k);
const o = { [none]() {}, [named]: () => {} }, p = { get [none]() { return 1; }, set [named](v) {}, [Symbol.for('r')]: class {} };
print([o[none], o[named], d(p, none).get, d(p, named).set, p[Symbol.for('r')]].map(f => JSON.stringify(f.name)).join());
//// names of accessors under symbols beside texts
const s = Symbol('a b'), o = { get x() { return 1; }, get [s]() { return 1; }, set [s](v) {}, get [`y${1}`]() { return 1; }, set 'z z'(v) {} };
const d = k => Object.getOwnPropertyDescriptor(o, k);
print([d('x').get, d(s).get, d(s).set, d('y1').get, d('z z').set].map(f => f.name + f.length).join());

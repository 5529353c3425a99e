// SPDX-License-Identifier: MIT
//// names, renamed, missing
const { a, b: c, d } = { a: 1, b: 2 };
print(a, c, String(d), typeof b);
//// defaults are used for undefined only
const { a = 'd', b = 'd', c = 'd', d: e = 'd' } = { a: undefined, b: null, c: 0 };
print(a, String(b), c, e);
//// defaults see earlier names and are evaluated in order
const log = [], d = v => (log.push(v), v);
const { b = d('b'), a = b + d('a'), c: { x = a + d('x') } = {} } = {};
print(log.join(), x);
//// properties are read in the order of the pattern, once each
const log = [], o = { get x() { log.push('x'); return 1; }, get y() { log.push('y'); } };
const { y = log.push('default y'), x, y: again } = o;
print(log.join(), x, y, String(again));
//// computed keys, evaluated in order with reads
const log = [], k = v => (log.push('key ' + v), v);
const o = { get a() { log.push('get a'); return 1; }, get b() { log.push('get b'); } };
const { [k('a')]: a, [k('b')]: b = log.push('default') } = o;
print(log.join(), a, b);
//// computed keys that are objects become keys once, before the read
const log = [];
const key = { toString() { log.push('toString'); return 'p'; } };
const { [key]: v, ...rest } = { p: 1, q: 2 };
print(log.join(), v, JSON.stringify(rest));
//// symbols and numbers as keys
const s = Symbol();
const { [s]: a, 0: b, 'x y': c, 1.5: d, 0x10: e } = { [s]: 'sym', 0: 'zero', 'x y': 'text', 1.5: 'half', 16: 'hex' };
print(a, b, c, d, e);
//// a computed key may use an earlier name
const { k, [k]: v, [k + k]: w = 'none' } = { k: 'x', x: 'X' };
print(k, v, w);
//// primitives as values
const { length, 0: first, toString } = 'abc', { toFixed } = 1, { valueOf: { name } } = true;
print(length, first, typeof toString, typeof toFixed, name);
//// null and undefined throw, even for an empty pattern
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
print(kind(() => { const {} = null; }), kind(() => { const {} = undefined; }), kind(() => { const {} = 0; }), kind(() => { const { a } = null; }), kind(() => { const { ...r } = undefined; }), kind(() => { const { a: { b } } = {}; }), kind(() => { const { a: { b } = {} } = {}; }), kind(() => { const { a: {} } = { a: null }; }));
//// null throws before computed keys are evaluated
const log = [];
try { const { [log.push('key')]: a } = null; } catch (e) { log.push(e.name); }
print(log.join());
//// nested patterns of both kinds
const { a: { b: [c, { d }] }, e: [f] } = { a: { b: [1, { d: 2 }] }, e: 'f' };
print(c, d, f);
//// nested defaults
const { a: { b = 1, c: [d = 2] = [] } = {}, e: { f } = { f: 3 } } = {};
print(b, d, f);
//// getters of prototypes are read with the object as this
class A { get v() { return this.k; } }
class B extends A { k = 'k'; }
const { v, k, constructor: { name } } = new B();
print(v, k, name);
//// rest takes own enumerable properties that are left
const proto = { inherited: 1 }, o = Object.create(proto, { hidden: { value: 2 }, seen: { value: 3, enumerable: true } });
o.a = 4; o.b = 5;
const { a, ...r } = o;
print(Object.keys(r).join(), r.inherited === undefined, Object.getPrototypeOf(r) === Object.prototype);
//// rest takes symbols
const s = Symbol('s'), t = Symbol('t');
const { [s]: a, ...r } = { [s]: 1, [t]: 2, x: 3 };
print(a, s in r, r[t], r.x);
//// rest reads getters and makes plain properties
const log = [];
const { a, ...r } = { get a() { log.push('a'); return 1; }, get b() { log.push('b'); return 2; } };
const d = Object.getOwnPropertyDescriptor(r, 'b');
print(log.join(), d.value, d.writable, d.enumerable, d.configurable);
//// rest leaves out keys by their text
const { 1: one, ['2']: two, [3]: three, ...r } = { 1: 'a', 2: 'b', 3: 'c', 4: 'd' };
print(one, two, three, JSON.stringify(r));
//// rest leaves out a key whose value was undefined
const { a = 'd', b, ...r } = { a: undefined, c: 1 };
print(a, String(b), Object.keys(r).join());
//// rest of a string, a number, an array
const { 0: a, ...s } = 'abc', { ...n } = 5, { length, ...l } = [7, 8];
print(a, JSON.stringify(s), JSON.stringify(n), length, JSON.stringify(l));
//// rest keeps the order of keys
const { m, ...r } = { z: 1, 2: 2, m: 0, a: 3, 1: 4 };
print(Object.keys(r).join());
//// rest copies __proto__ as a property
const o = JSON.parse('{"__proto__":{"evil":1},"a":2}');
const { a, ...r } = o;
print(Object.keys(r).join(), r.evil === undefined, Object.getPrototypeOf(r) === Object.prototype);
//// __proto__ as a key of a pattern reads the prototype
const p = { tag: 'p' }, { __proto__: a, ...r } = Object.create(p, { x: { value: 1, enumerable: true } });
print(a.tag, Object.keys(r).join());
//// rest is shallow
const inner = { v: 1 }, { x, ...r } = { x: 0, inner };
r.inner.v = 2;
print(inner.v, r.inner === inner);
//// rest with a proxy asks ownKeys, descriptors, values
const log = [];
const p = new Proxy({ a: 1, b: 2 }, { get(t, k) { log.push('get ' + String(k)); return t[k]; }, ownKeys(t) { log.push('keys'); return Reflect.ownKeys(t); } });
const { a, ...r } = p;
print(log.join(), a, JSON.stringify(r));
//// rest stops at a getter that throws
const log = [];
try { const { a, ...r } = { a: 1, get b() { log.push('b'); throw new RangeError(); }, get c() { log.push('c'); } }; } catch (e) { log.push(e.name); }
print(log.join());
//// names of anonymous functions in defaults
const { a = () => {}, b: c = function () {}, ['d']: e = class {}, f = (() => {}), g = function own() {} } = {};
print([a, c, e, f, g].map(x => x.name).join());
//// words as keys, with names
const { if: a, class: b, default: c, let: d, get, set, async, of, static: st } = { if: 1, class: 2, default: 3, let: 4, get: 5, set: 6, async: 7, of: 8, static: 9 };
print(a + b + c + d + get + set + async + of + st);
//// shorthand with a default named like a word
const { get = 'g', set = 's', async = 'a', await: w = 'w' } = {};
print(get, set, async, w);
//// var patterns are hoisted, let patterns are dead
print(typeof v);
try { typeof l; } catch (e) { print(e.name); }
var { v } = { v: 1 };
let { l } = { l: 2 };
print(v + l);
//// several patterns in one declaration
const { a } = { a: 1 }, [b] = [a + 1], { c = a + b } = {}, d = c;
print(a, b, c, d);
//// a pattern in a catch clause
try { throw { code: 7, info: { x: [1] } }; } catch ({ code, info: { x: [first] }, message = 'none' }) { print(code, first, message); }
try { try { throw null; } catch ({ code }) { print('not here'); } } catch (e) { print(e.name); }
//// patterns in for heads
const out = [];
for (const { id, tags: [first = 'none'] = [] } of [{ id: 1 }, { id: 2, tags: ['t'] }]) out.push(id + first);
for (const { length } in { ab: 1, cde: 2 }) out.push(length);
for (let { i, n } = { i: 0, n: 2 }; i < n; i++) out.push('i' + i);
print(out.join());
//// the value is evaluated before the pattern
const log = [];
const { [(log.push('key'), 'a')]: a = log.push('default') } = (log.push('value'), {});
print(log.join());
//// an assignment gives back its right side
let a;
const o = { a: 1, b: 2 };
const got = ({ a } = o);
print(got === o, a, ({ a } = { a: 5 }).a);
//// an assignment to members, in the order: target, read, default, write
const log = [], t = { set p(v) { log.push('write ' + v); } };
const target = () => (log.push('target'), t), key = k => (log.push('key'), k);
({ [key('x')]: target()[key('p')] = (log.push('default'), 'D') } = { get x() { log.push('read'); } });
print(log.join());
//// an assignment with rest to a member
const o = {};
let a;
({ a, ...o.rest } = { a: 1, b: 2, c: 3 });
({ ...o['all'] } = 'x');
print(a, JSON.stringify(o));
//// nested assignment with defaults
let a, b, c;
({ a: [b = 1, { c } = { c: 2 }] = [] } = {});
({ a = 5, a: a = 6 } = { a });
print(a, b, c);
//// an assignment swaps members
const o = { x: 1, y: 2 };
({ x: o.y, y: o.x } = o);
print(o.x, o.y);
const p = { x: 1, y: 2 };
({ x: p.y, y: p.x } = { ...p });
print(p.x, p.y);
//// parentheses around targets of an assignment
let a, o = {};
({ a: (a), b: (o.b), c: ((o['c'])) = 3 } = { a: 1, b: 2 });
print(a, o.b, o.c);
//// an assignment to a const
const c = 1;
let before;
try { ({ before, c } = { before: 'set', c: 2 }); } catch (e) { print(e.name, before, c); }
try { ({ c = 5 } = {}); } catch (e) { print(e.name); }
//// an assignment to names never declared
try { ({ nowhere } = { nowhere: 1 }); } catch (e) { print(e.name); }
print(typeof nowhere);
//// the result of a function taken apart, with default of the whole
const f = () => ({ ok: true, list: [1, 2, 3] });
const { ok, list: [head, ...tail] } = f(), { missing: { deep } = { deep: 'd' } } = f();
print(ok, head, tail.join(), deep);
//// one property taken twice
const { p, p: { q }, p: { q: { length } } } = { p: { q: 'text' } };
print(p.q, q, length);
//// an object pattern on an array and on a function
const { 0: a, 2: c, length } = ['x', 'y', 'z'], { name, length: n } = function f(a, b) {};
print(a, c, length, name, n);
//// names are set one by one: an error leaves the earlier ones
let a = 'old', b = 'old';
try { ({ a, b = (() => { throw new RangeError(); })() } = { a: 'new' }); } catch (e) { print(e.name); }
print(a, b);
//// a key object becomes a key before the target is evaluated, the value is read after
const log = [], key = { toString() { log.push('key'); return 'k'; } };
const target = () => (log.push('target'), {});
({ [key]: target().x } = { get k() { log.push('read'); } });
print(log.join());
//// a key object that gives a symbol
const s = Symbol('s'), log = [];
const key = { [Symbol.toPrimitive](hint) { log.push(hint); return s; } };
const { [key]: a, [key]: b = 'd', ...r } = { [s]: 'v', x: 1 };
print(a, b, log.join(), s in r, r.x);
//// a key that cannot become a key stops the pattern before the target
const log = [], bad = { toString() { throw new RangeError(); } };
const target = () => (log.push('target'), {});
try { ({ [bad]: target().x } = {}); } catch (e) { log.push(e.name); }
print(log.join());
//// null values are kept, in nested patterns they throw
const { a = 1, b: { c } = { c: 2 }, d: [e] = [3] } = { a: null };
print(String(a), c, e);
for (const v of [{ b: null }, { d: null }]) try { const { b: { c } = {}, d: [e] = [] } = v; print('fine'); } catch (err) { print(err.name); }

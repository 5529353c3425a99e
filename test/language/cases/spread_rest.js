// SPDX-License-Identifier: MIT
//// spread in calls, before, between and after
const f = (...a) => a.join();
print(f(...[1, 2]), f(0, ...[1], 2, ...[], ...'34', 5), f(...new Set([6, 7]), ...new Map([[8, 9]])));
//// spread in arrays of every iterable
function* g() { yield 1; yield 2; }
print([...g(), ...'ab', ...new Set('xx'), ...[[3]], ...[].keys(), ...['q'].entries()].join('|'));
//// arguments may be spread
function f() { return [...arguments, ...arguments].join('') + Math.max(...arguments); }
print(f(1, 3, 2));
//// holes become undefined
const a = [...[1, , 3], , ...[,]];
print(a.length, 0 in a, 1 in a, 3 in a, 4 in a);
//// what cannot be spread
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const f = () => 0;
print([null, undefined, 1, true, {}, Symbol.iterator, { length: 1, 0: 'x' }].map(v => kind(() => [...v]) + '/' + kind(() => f(...v))).join());
//// order of evaluation around spreads
const log = [], v = x => (log.push(x), x);
const it = n => ({ [Symbol.iterator]() { log.push('open ' + n); let k = 0; return { next() { log.push('next ' + n); return { value: k, done: k++ > 0 }; } }; } });
[v('a'), ...it(1), v('b'), ...it(2)];
print(log.join());
//// the callee is evaluated first, then all arguments, then it is called
const log = [];
try { (log.push('callee'), 5)(...[log.push('argument')], log.push('last')); } catch (e) { log.push(e.name); }
print(log.join());
//// an iterator that throws is not closed by a spread
const log = [];
const it = { [Symbol.iterator]() { return { next() { throw new RangeError(); }, return() { log.push('return'); return {}; } }; } };
try { [...it]; } catch (e) { log.push(e.name); }
try { Math.max(...it); } catch (e) { log.push(e.name); }
print(log.join());
//// this in calls with spreads
const o = { n: 'o', f(...a) { return this.n + a.join(''); }, in: { n: 'in', f() { return this.n; } } };
print(o.f(...[1, 2]), o['f'](...'x'), o.in.f(...[]), (0, o.f).call({ n: 'c' }, ...[3]), o?.f(...[4]), o.none?.(...[5]) === undefined);
//// the object of a spread call is evaluated once
let n = 0;
const make = () => (n++, { k: 'k', f(...a) { return this.k + a.length; } });
print(make().f(...[1, 2], 3), make()['f'](...[]), n);
//// new with spreads
class C { constructor(...a) { this.a = a.join('-'); } static D = class extends C {}; }
print(new C(...[1, 2], 3, ...'x').a, new C.D(...[4]).a, new (class { constructor(a, b) { this.s = a + b; } })(...[5, 6]).s, new Date(...[2001, 1]).getUTCFullYear(), new Array(...[3]).length);
//// new with spreads of what is no constructor
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const log = [];
print(kind(() => new (() => {})(...[log.push('evaluated')])), kind(() => new parseInt(...[1])), kind(() => new undefined(...[])), log.join());
//// super with spreads
class A { constructor(...a) { this.a = a.length; } m(...a) { return a.join(''); } }
class B extends A { constructor(...a) { super(...a, ...a); } m(...a) { return super.m(...a, '!') + super['m'](...'z'); } }
print(new B(1, 2).a, new B().m('x', 'y'));
//// spread of strings by code point
print([...'a\u{1F600}b'].length, [...'\uD83D\uDE00\uD83D'].map(c => c.length).join(), Math.max(...'192'));
//// spread makes a new array each time
const a = [1, 2], b = [...a], c = [...b, ...b];
b.push(3);
print(a.length, b.length, c.length, a === b, Array.isArray(c));
//// a spread of an array that grows while it is read
const list = [1, 2];
const it = { *[Symbol.iterator]() { for (const v of list) { if (list.length < 4) list.push(v * 10); yield v; } } };
print([...it].join());
//// own and changed iterators of arrays are used
const a = [1, 2, 3];
a[Symbol.iterator] = function* () { yield this.length; };
print([...a].join(), Math.min(...a), ((...r) => r.length)(...a, ...a));
//// a changed array iterator prototype is used
const proto = Object.getPrototypeOf([][Symbol.iterator]()), next = proto.next;
proto.next = function () { const r = next.call(this); return r.done ? r : { value: r.value * 2, done: false }; };
const got = [...[1, 2], 3], called = Math.max(...[4, 5]);
proto.next = next;
print(got.join(), called);
//// object spread copies own enumerable properties
const proto = { p: 1 }, o = Object.create(proto, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } });
const s = Symbol('s');
o[s] = 3;
const c = { ...o, x: 4 };
print(Object.keys(c).join(), c[s], c.p === undefined);
//// object spread reads getters in order and never calls setters
const log = [];
const c = { set a(v) { log.push('setter'); }, ...{ get a() { log.push('get a'); return 1; }, get b() { log.push('get b'); return 2; } }, b: log.push('own b') };
print(log.join(), c.a, c.b, Object.getOwnPropertyDescriptor(c, 'a').writable);
//// object spread of anything
print(JSON.stringify({ ...null, ...undefined, ...1, ...true, ...'hi', ...[7, 8], ...(() => 1), ...Symbol.iterator, ...(false && { no: 1 }) }));
//// object spread keeps the place of a key that is written again
print(Object.keys({ a: 1, b: 2, ...{ a: 3, c: 4 }, b: 5, ...{ 1: 0 } }).join(), JSON.stringify({ ...{ a: 1 }, a: 2, ...{ a: 3 } }));
//// object spread and __proto__
const own = JSON.parse('{"__proto__":{"x":1}}');
const a = { ...own }, b = { ...{ __proto__: { y: 2 } } }, c = { ...{ ['__proto__']: 5 } };
print(Object.keys(a).join(), a.x === undefined, b.y === undefined, Object.keys(c).join());
//// object spread order of evaluation
const log = [], v = (n, x) => (log.push(n), x);
({ [v('k1', 'a')]: v('v1', 1), ...v('spread', { get z() { log.push('getter'); } }), [v('k2', 'b')]: v('v2', 2) });
print(log.join());
//// object spread stops at the first error
const log = [];
try { ({ ...{ get a() { log.push('a'); return 1; }, get b() { throw new RangeError(); }, get c() { log.push('c'); } }, d: log.push('d') }); } catch (e) { log.push(e.name); }
print(log.join());
//// object spread of a proxy
const log = [];
const p = new Proxy({ a: 1, b: 2 }, { ownKeys(t) { log.push('keys'); return Reflect.ownKeys(t); }, get(t, k) { log.push(String(k)); return t[k]; } });
const c = { ...p };
print(log.join(), c.a + c.b);
//// object spread copies methods without their super
class A { hi() { return 'A'; } }
class B extends A { constructor() { super(); this.own = () => super.hi(); } hi() { return 'B'; } }
const c = { ...new B(), n: 1 };
print(Object.keys(c).join(), c.own(), c.hi === undefined);
//// merging options with defaults
const opts = (o = {}) => ({ depth: 1, name: 'none', ...o, tags: [...(o.tags || []), 'base'] });
print(JSON.stringify(opts()), JSON.stringify(opts({ depth: 2, tags: ['a'], name: undefined })));
//// many elements
const big = Array.from({ length: 2000 }, (_, i) => i), f = (...a) => a.length;
print([...big, ...big].length, f(...big, 1), Math.max(...big), String.fromCharCode(...big.slice(65, 70)));
//// trailing comma after a spread
const f = (a, b, ...c) => c.length;
print(f(...[1, 2, 3,],), [...[1],].length, Object.keys({ ...{ a: 1 }, }).length);
//// holes of literals beside spreads stay holes
const a = [, ...[1], , 2, , ...[], ,], b = [...[], , ,], c = [, , ...'x'];
print(a.length, Object.keys(a).join(), b.length, Object.keys(b).length, c.length, Object.keys(c).join());
//// holes at the end of literals
const a = [1, ,], b = [,], c = [, ,], d = [1, 2,], e = [, 1], f = [[,], ,];
print([a, b, c, d, e, f].map(l => l.length + ':' + Object.keys(l).join('')).join(' '));
//// a hole between spreads does not read the prototype
Array.prototype[1] = 'proto';
const a = [...[0], , ...[2]], own = 1 in a && !a.hasOwnProperty(1), [, b] = [0, , 2];
delete Array.prototype[1];
print(own, 1 in a, a.length, b);
//// rest parameters do not run setters of Array.prototype
let ran = 0;
Object.defineProperty(Array.prototype, 0, { set() { ran++; }, get() { return 'proto'; }, configurable: true });
const f = (...r) => r, g = (a, ...r) => r, x = f('a', 'b'), y = g('a', 'b');
delete Array.prototype[0];
print(ran, x.join(), y.join(), x.length, y.length);
//// spread literals and calls do not run setters of Array.prototype
let ran = 0;
const src = new Set(['p', 'q']), f = (a, b) => a + b;
Object.defineProperty(Array.prototype, 1, { set() { ran++; }, configurable: true });
const x = [...src], y = [0, ...src, 'z'], z = f(...src);
delete Array.prototype[1];
print(ran, x.join(), y.join(), z);
//// rest in patterns does not run setters of prototypes
let ran = 0;
Object.defineProperty(Array.prototype, 0, { set() { ran++; }, configurable: true });
Object.defineProperty(Object.prototype, 'q', { set() { ran++; }, configurable: true });
const [a, ...r] = 'xyz', { p, ...o } = { p: 1, q: 2 };
delete Array.prototype[0]; delete Object.prototype.q;
print(ran, r.join(), JSON.stringify(o));
//// an iterator that is no object is refused by spreads
Boolean.prototype.next = function () { return { done: true }; };
const bad = { [Symbol.iterator]() { return true; } }, kind = f => { try { return f(); } catch (e) { return e.name; } };
const out = [kind(() => [...bad].length), kind(() => Math.max(...bad)), kind(() => new Date(...bad) && 'made')];
delete Boolean.prototype.next;
print(out.join());
//// a spread reads next once, also when it changes on the way
const log = [], it = () => { let n = 0; const i = { get next() { log.push('get'); return () => { if (n === 1) Object.defineProperty(i, 'next', { value: () => ({ done: true }) }); return { value: n, done: n++ > 2 }; }; } }; return i; };
const o = { [Symbol.iterator]: it };
print([...o].join(), Math.max(...o), log.join());

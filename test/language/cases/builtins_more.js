//// a new target of its own
// SPDX-License-Identifier: MIT
function Plain(a) { this.a = a; this.target = new.target; }
function Other() {}
Other.prototype = { other: true };
const made = Reflect.construct(Plain, [1], Other);
console.log(made.a, made.other, made.target === Other, made instanceof Plain, made instanceof Other);
for (const [C, args] of [[Array, [3]], [Date, [0]], [Map, [[[1, 2]]]], [Promise, [() => {}]], [Error, ['m']], [Number, [4]], [String, ['s']], [RegExp, ['a', 'g']]]) {
  const it = Reflect.construct(C, args, Other);
  console.log(C.name, it.other, it instanceof C, Object.prototype.toString.call(it));
}
Other.prototype = 5;
console.log(Object.getPrototypeOf(Reflect.construct(Array, [], Other)) === Array.prototype, Object.getPrototypeOf(Reflect.construct(Plain, [], Other)) === Object.prototype);
for (const target of [() => 1, {}.toString, Math.max, 'x', undefined, { method() {} }.method]) try { console.log(Reflect.construct(Plain, [], target)); } catch (e) { console.log(e.name); }
//// new target through bound functions and proxies
function F() { this.target = new.target === undefined ? 'none' : new.target.label; }
F.label = 'F';
const Bound = F.bind(null, 1), Seen = new Proxy(F, { get(t, k, r) { return k === 'label' ? 'proxy' : Reflect.get(t, k, r); } });
console.log(new Bound().target, new Seen().target, Reflect.construct(Bound, [], Bound).target, Reflect.construct(Bound, [], Seen).target, Reflect.construct(Seen, [], F).target);
const Trap = new Proxy(F, { construct(target, list, newTarget) { return { list, same: newTarget === Trap }; } });
console.log(JSON.stringify(new Trap(1, 2)), Reflect.construct(Trap, [], F).same);
class Below extends Trap { constructor() { return super(7); } }
console.log(JSON.stringify(new Below()));
try { new (new Proxy(F, { construct() { return 1; } }))(); } catch (e) { console.log(e.name); }
//// classes over built-ins
class List extends Array { sum() { return this.reduce((a, b) => a + b, 0); } static get [Symbol.species]() { return this; } }
const list = List.from([1, 2, 3]);
console.log(list instanceof List, list.length, list.sum(), list.map(x => x * 2).sum(), list.filter(x => x > 1) instanceof List, list.concat([4]).sum(), Array.isArray(list.slice(1)), List.of(5).constructor === List);
list.length = 1; list[4] = 9; console.log(list.length, JSON.stringify(list));
class Counted extends Map { constructor(entries) { super(); this.sets = 0; for (const [k, v] of entries) this.set(k, v); } set(k, v) { this.sets++; return super.set(k, v); } }
const counted = new Counted([['a', 1], ['b', 2], ['a', 3]]);
console.log(counted.sets, counted.size, counted.get('a'), [...counted.keys()].join());
class Unusual extends RangeError { get name() { return 'Unusual'; } }
try { throw new Unusual('by far'); } catch (e) { console.log(String(e), e instanceof RangeError, Object.keys(e).length, Object.prototype.toString.call(e)); }
class Later extends Promise { static get [Symbol.species]() { return Promise; } }
console.log(new Later(() => {}).then(() => {}) instanceof Later, Later.resolve(1) instanceof Later);
class Boxed extends Object { constructor(x) { super(x); this.x = x; } }
console.log(new Boxed({ y: 1 }).y, new Boxed(3).x, new (class extends Number {})(5) + 1, new (class extends String {})('abc').length, typeof new (class extends Boolean {})(true).valueOf());
//// reading and writing with another receiver
const base = { get who() { return this.name; }, set who(v) { this.was = v; }, data: 1, name: 'base' };
const receiver = { name: 'receiver' };
console.log(Reflect.get(base, 'who', receiver), Reflect.get(base, 'data', receiver), Reflect.get(base, 'none', receiver), Reflect.get([1, 2], 'length', 'text'));
console.log(Reflect.set(base, 'who', 5, receiver), receiver.was, base.was, Reflect.set(base, 'data', 2, receiver), receiver.data, base.data);
console.log(Reflect.set(base, 'data', 2, 'primitive'), Reflect.set(Object.freeze({ a: 1 }), 'a', 2, {}), Reflect.set({}, 'b', 3, Object.freeze({})));
const target = Object.create(base), wall = Object.defineProperty({}, 'data', { value: 0, writable: false, configurable: true });
console.log(Reflect.set(target, 'data', 4, wall), wall.data, Reflect.set(target, Symbol.for('s'), 4, receiver), receiver[Symbol.for('s')]);
const list = [1, 2, 3];
console.log(Reflect.set({}, 'length', 1, list), list.join(), Reflect.set({}, 4, 'x', list), list.length);
for (const call of [() => Reflect.get(1, 'a'), () => Reflect.set('a', 'b', 1), () => Reflect.has(undefined, 'x'), () => Reflect.get({}, { toString() { throw new RangeError('key'); } })]) try { console.log(call()); } catch (e) { console.log(e.name); }
//// each trap of a proxy
const log = [];
const all = {};
for (const name of ['getPrototypeOf', 'setPrototypeOf', 'isExtensible', 'preventExtensions', 'getOwnPropertyDescriptor', 'defineProperty', 'has', 'get', 'set', 'deleteProperty', 'ownKeys', 'apply', 'construct'])
  all[name] = (...args) => { log.push(name + (typeof args[1] === 'string' || typeof args[1] === 'symbol' ? ' ' + String(args[1]) : '')); return Reflect[name](...args); };
const p = new Proxy(function f() {}, all);
const step = (text, fn) => { log.length = 0; let r; try { r = fn(); } catch (e) { r = e.name; } console.log(text, typeof r, log.join(', ')); };
step('prototype', () => Object.getPrototypeOf(p));
step('set prototype', () => Object.setPrototypeOf(p, Array.prototype));
step('instanceof', () => p instanceof Array);
step('in', () => 'x' in p);
step('read', () => p.x);
step('write', () => { p.x = 1; });
step('define', () => Object.defineProperty(p, 'y', { value: 2, configurable: true }));
step('describe', () => Object.getOwnPropertyDescriptor(p, 'y'));
step('own', () => Object.prototype.hasOwnProperty.call(p, 'y'));
step('enumerable', () => Object.prototype.propertyIsEnumerable.call(p, 'x'));
step('delete', () => delete p.y);
step('keys', () => Object.keys(p));
step('symbols', () => Object.getOwnPropertySymbols(p));
step('call', () => p(1));
step('new', () => new p(1));
step('assign', () => Object.assign({}, p));
step('assign to', () => Object.assign(p, { z: 1 }));
step('entries', () => Object.entries(p));
step('extensible', () => Object.isExtensible(p));
step('seal', () => Object.seal(p));
step('frozen', () => Object.isFrozen(p));
//// what a proxy may not claim
const fixed = Object.defineProperty({}, 'k', { value: 1 }), shut = Object.preventExtensions({ a: 1 });
const tries = {
  get: () => new Proxy(fixed, { get: () => 2 }).k, set: () => { new Proxy(fixed, { set: () => true }).k = 2; }, has: () => 'k' in new Proxy(fixed, { has: () => false }),
  hasShut: () => 'a' in new Proxy(shut, { has: () => false }), remove: () => delete new Proxy(fixed, { deleteProperty: () => true }).k,
  keys: () => Object.keys(new Proxy(fixed, { ownKeys: () => [] })), keysShut: () => Reflect.ownKeys(new Proxy(shut, { ownKeys: () => ['a', 'b'] })),
  twice: () => Reflect.ownKeys(new Proxy({}, { ownKeys: () => ['a', 'a'] })), odd: () => Reflect.ownKeys(new Proxy({}, { ownKeys: () => [1] })),
  describe: () => Object.getOwnPropertyDescriptor(new Proxy(fixed, { getOwnPropertyDescriptor: () => undefined }), 'k'),
  invent: () => Object.getOwnPropertyDescriptor(new Proxy({}, { getOwnPropertyDescriptor: () => ({ value: 1, configurable: false }) }), 'k'),
  define: () => Object.defineProperty(new Proxy(shut, { defineProperty: () => true }), 'new', { value: 1 }),
  proto: () => Object.getPrototypeOf(new Proxy(shut, { getPrototypeOf: () => null })), protoOdd: () => Object.getPrototypeOf(new Proxy({}, { getPrototypeOf: () => 1 })),
  setProto: () => Object.setPrototypeOf(new Proxy(shut, { setPrototypeOf: () => true }), null), extensible: () => Object.isExtensible(new Proxy({}, { isExtensible: () => false })),
  prevent: () => Object.preventExtensions(new Proxy({}, { preventExtensions: () => true })), refuse: () => Object.preventExtensions(new Proxy({}, { preventExtensions: () => false })),
  reflect: () => Reflect.preventExtensions(new Proxy({}, { preventExtensions: () => false })), noFunction: () => new Proxy({}, { get: 1 }).x, nothing: () => new Proxy({ x: 5 }, { get: null }).x,
};
for (const name in tries) try { console.log(name, tries[name]()); } catch (e) { console.log(name, e.name); }
//// proxies of proxies and proxies above
const inner = new Proxy({ a: 1 }, { get: (t, k, r) => k === 'deep' ? 'inner' : Reflect.get(t, k, r) });
const outer = new Proxy(inner, { has: (t, k) => k === 'only' || Reflect.has(t, k) });
console.log(outer.deep, outer.a, 'only' in outer, 'a' in outer, Object.keys(outer).join(), JSON.stringify(outer));
const below = Object.create(outer, { own: { value: 2, enumerable: true } });
console.log(below.deep, 'only' in below, below.own, 'none' in below, Object.getPrototypeOf(below) === outer, inner.isPrototypeOf(below), outer.isPrototypeOf(below));
const seen = [];
const heir = Object.create(new Proxy({}, { set(t, k, v, r) { seen.push(k, r === heir); return Reflect.set(t, k, v, r); } }));
heir.x = 1; console.log(seen.join(), Object.keys(heir).join());
const handler = new Proxy({}, { get(t, k) { seen.push('trap ' + String(k)); } });
seen.length = 0; const watched = new Proxy({ z: 1 }, handler); watched.z; 'z' in watched; delete watched.z; Object.keys(watched); console.log(seen.join());
let chain = {}; for (let i = 0; i < 1000; i++) chain = new Proxy(chain, {}); chain.v = 5; console.log(chain.v, 'v' in chain, Object.keys(chain).length, Array.isArray(new Proxy(new Proxy([], {}), {})));
console.log(Object.prototype.toString.call(new Proxy([], {})), JSON.stringify(new Proxy([1, { a: 2 }], {})), [].concat(new Proxy([1, 2], {})).length, typeof new Proxy(class {}, {}));
//// proxies that are revoked
const { proxy, revoke } = Proxy.revocable({ a: 1 }, {});
console.log(proxy.a, revoke(), revoke(), typeof proxy);
for (const use of [() => proxy.a, () => { proxy.a = 1; }, () => 'a' in proxy, () => delete proxy.a, () => Object.keys(proxy), () => Object.getPrototypeOf(proxy), () => Object.isExtensible(proxy), () => Array.isArray(proxy), () => JSON.stringify(proxy), () => `${proxy}`, () => ({ ...proxy }), () => new Proxy(proxy, {}).a])
  try { console.log(use()); } catch (e) { console.log(e.name); }
const fn = Proxy.revocable(() => 1, {}); fn.revoke(); console.log(typeof fn.proxy); try { fn.proxy(); } catch (e) { console.log(e.name); }
//// species of arrays
const made = [];
class Tracked extends Array { constructor(...args) { super(...args); made.push(args.join('/')); } }
const t = new Tracked(1, 2, 3, 4);
t.map(x => x); t.filter(() => true); t.slice(1, 3); t.splice(0, 1); t.concat(1); t.flat(); t.flatMap(x => [x]); console.log(made.join(' '));
const as = (value, species) => { const a = [1, [2]]; a.constructor = species === undefined ? value : { [Symbol.species]: species }; return a; };
for (const a of [as(undefined), as(1), as(null), as({}), as(0, null), as(0, 5), as(0, function () { return { length: 7 }; }), as(0, Math.max)])
  try { const r = a.slice(); console.log(Array.isArray(r), r.length, r[0]); } catch (e) { console.log(e.name); }
console.log(as(0, class { constructor(n) { this.n = n; Object.preventExtensions(this); } }) && (() => { try { as(0, class { constructor() { Object.preventExtensions(this); } }).map(x => x); } catch (e) { return e.name; } })());
//// lists that are longer than arrays
const long = { length: 2 ** 53 + 2, 9007199254740990: 'last' };
console.log(Array.prototype.pop.call(long), long.length, Array.prototype.indexOf.call({ length: 2 ** 53, 9007199254740980: 1 }, 1, -20), Array.prototype.at.call({ length: 2 ** 40, 5: 'x' }, -(2 ** 40) + 5));
const rising = { length: 4294967295 }; console.log(Array.prototype.push.call(rising, 'a', 'b'), rising[4294967295], rising[4294967296], rising.length);
for (const call of [() => Array.prototype.push.call({ length: 2 ** 53 - 1 }, 1), () => Array.prototype.map.call({ length: 2 ** 32 }, x => x), () => Array.prototype.unshift.call({ length: 2 ** 53 - 1 }, 1), () => Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 0, 0, 1)])
  try { console.log(call()); } catch (e) { console.log(e.name); }
console.log(Array.prototype.slice.call({ length: 2 ** 53, 9007199254740989: 'y' }, 2 ** 53 - 3).join(), Array.prototype.includes.call({ length: -5 }, undefined), Array.prototype.join.call({ length: '2', 0: 'p', 1: 'q' }), Array.prototype.fill.call({ length: 2.9 }, 7)[1]);
const odd = { length: 3, 0: 'a', 2: 'c' }; console.log(JSON.stringify(Array.prototype.reverse.call(odd)), JSON.stringify(Array.prototype.splice.call(odd, 0, 1, 'n')), JSON.stringify(odd), Array.prototype.lastIndexOf.call({ length: 2 ** 32 + 1, 4294967296: 'z' }, 'z'));
//// holes and prototypes
Array.prototype[1] = 'up';
const a = ['x', , 'z'];
console.log(a.indexOf('up'), a.map(v => v).hasOwnProperty(1), a.filter(() => true).join(), a.slice().hasOwnProperty(1), [].concat(a).hasOwnProperty(1), a.includes('up'));
const b = ['p', , 'r']; b.reverse(); console.log(b.hasOwnProperty(1), b.join(), ['m', , 'o'].shift(), [, 1].flat().join());
delete Array.prototype[1];
let visits = 0; [, , 1].forEach(() => visits++); console.log(visits, [, 1].every(v => v === 1), [, 1].some(v => v === undefined), [, 1].find(v => v === undefined), [, 1].findIndex(v => v === undefined), [, 1].findLast(() => true), [3, , 1].sort().length, 1 in [3, , 1].sort(), [undefined, 3, , 1].sort().join('|'));
const s = [5, 1, 4]; s.splice(1, 1); console.log(s.join(), [1, 2, 3].copyWithin(1, 0, 2).join(), [1, , 3].copyWithin(0, 1).hasOwnProperty(0), [1, 2, 3].fill(0, -2).join());
//// frozen lists
const frozen = Object.freeze([1, 2]), locked = Object.defineProperty([1, 2], 'length', { writable: false });
for (const [name, use] of Object.entries({ push: l => l.push(3), pop: l => l.pop(), shift: l => l.shift(), unshift: l => l.unshift(), splice: l => l.splice(0, 1), sort: l => l.sort(), reverse: l => l.reverse(), fill: l => l.fill(0), length: l => { l.length = 2; }, same: l => l[0] = 1, copy: l => l.copyWithin(0, 1) }))
  for (const l of [frozen, locked]) try { use(l); console.log(name, 'fine'); } catch (e) { console.log(name, e.name); }
console.log(frozen.join(), locked.join(), Object.isFrozen(frozen), Object.isFrozen(Object.preventExtensions([1])), Object.isSealed(Object.seal([1])), Object.getOwnPropertyDescriptor(frozen, 'length').writable);
//// from and of
const calls = [];
function Holder(n) { calls.push('new ' + n); this.args = arguments.length; }
console.log(Array.from.call(Holder, [7, 8]).length, Array.from.call(Holder, { length: 2, 0: 'a' }).args, Array.of.call(Holder, 1, 2, 3)[2], calls.join());
console.log(Array.from('a\u{1F600}b').length, Array.from(new Map([[1, 2]])).join(), Array.from({ length: 3 }, (v, i) => i * i).join(), Array.from([1, 2], function (v) { return v + this.k; }, { k: 10 }).join(), Array.from.call(Math.max, [1]).length, Array.from(new Set([1, 1, 2])).join());
let closed = 0; const source = { [Symbol.iterator]() { let i = 0; return { next: () => ({ value: i++, done: false }), return() { closed++; return {}; } }; } };
try { Array.from(source, v => { if (v === 2) throw new RangeError('stop'); return v; }); } catch (e) { console.log(e.name, closed); }
function Fixed() { Object.defineProperty(this, '0', { value: 1 }); }
for (const bad of [() => Array.from.call(Fixed, [2]), () => Array.from.call(Fixed, source), () => Array.of.call(Fixed, 3), () => Array.from([], {}), () => Array.from(null), () => Array.from({ [Symbol.iterator]: 1 })]) try { bad(); console.log('fine'); } catch (e) { console.log(e.name, closed); }
//// iterators of arrays and texts
const it = ['a', 'b'][Symbol.iterator](), Proto = Object.getPrototypeOf(it);
console.log(JSON.stringify(it.next()), it[Symbol.iterator]() === it, Proto[Symbol.toStringTag], Object.prototype.toString.call(it), Object.keys(Proto).length, Object.getPrototypeOf(Object.getPrototypeOf(''[Symbol.iterator]())) === Object.getPrototypeOf(Proto));
const growing = [1], steps = []; for (const v of growing.entries()) { steps.push(v.join(':')); if (growing.length < 3) growing.push(growing.length + 1); } console.log(steps.join());
const ended = [1].values(); ended.next(); console.log(ended.next().done, (() => { try { Proto.next.call({}); } catch (e) { return e.name; } })(), [...[1, 2].keys()].join(), Array.prototype.values === Array.prototype[Symbol.iterator]);
const mixed = 'a\ud83d\ude00\ud83d'[Symbol.iterator](); let r, units = []; while (!(r = mixed.next()).done) units.push(r.value.length); console.log(units.join(), [...'\u{1F600}x'].length);
for (const wrong of [() => Proto.next.call(''[Symbol.iterator]()), () => Proto.next.call(new Map().keys()), () => Object.create(it).next()]) try { wrong(); } catch (e) { console.log(e.name); }
//// names and lengths of built-ins
const describe = f => f.name + '/' + f.length;
console.log([Array.from, Array.of, [].find, [].flat, [].flatMap, [].includes, [].copyWithin, [].fill, [].concat, [].at].map(describe).join(' '));
console.log([Promise, Promise.all, Promise.any, Promise.prototype.then, Promise.prototype.finally, Map, Map.prototype.forEach, Set.prototype.add, WeakMap, AggregateError, Symbol, Proxy, Proxy.revocable].map(describe).join(' '));
console.log(['padStart', 'includes', 'at', 'trimStart', 'trimLeft', 'replaceAll'].map(n => describe(''[n])).join(' '), describe(String.raw), describe(Object.fromEntries), describe(parseInt), Number.parseFloat === parseFloat);
const getters = [[Map.prototype, 'size'], [Map, Symbol.species], [Array, Symbol.species], [Promise, Symbol.species], [Symbol.prototype, 'description'], [Object.prototype, '__proto__']];
for (const [o, k] of getters) { const d = Object.getOwnPropertyDescriptor(o, k); console.log(describe(d.get), d.set && describe(d.set), d.enumerable, d.configurable); }
console.log(Symbol.prototype[Symbol.toPrimitive].name, Function.prototype[Symbol.hasInstance].name, [Object, Function, Array, Promise, Map, Error].every(f => Reflect.ownKeys(f).slice(0, 2).join() === 'length,name'));
for (const f of [[].map, Object.keys, Promise.all, new Map().get, Reflect.get, parseInt, Math.max, JSON.parse]) try { new f(); console.log('made'); } catch (e) { console.log(e.name, 'prototype' in f); }
//// functions have no callers
function f() {}
for (const use of [() => f.caller, () => f.arguments, () => { f.caller = 1; }, () => (() => 1).arguments, () => f.bind().caller, () => (class { m() {} }).prototype.m.caller]) try { console.log(use()); } catch (e) { console.log(e.name); }
const d = Object.getOwnPropertyDescriptor(Function.prototype, 'caller');
console.log(d.get === d.set, d.get.name === '', d.get.length, Object.isFrozen(d.get), d.configurable, Object.hasOwnProperty.call(f, 'caller'), Object.getOwnPropertyDescriptor((function () { return arguments; })(), 'callee').get === d.get);
console.log(Reflect.ownKeys(function named(a, b) {}).join(), Reflect.ownKeys(() => {}).join(), (function () {}).name === '', Function.prototype() === undefined, Function.prototype.name === '', Function.prototype.length);
//// bound functions
function three(a, b, c) { return [this && this.x, a, b, c].join(); }
const one = three.bind({ x: 1 }, 'p'), two = one.bind({ x: 2 }, 'q');
console.log(one('q'), two('r'), one.length, two.length, one.name, two.name, 'prototype' in one);
for (const length of [5, -3, 2.7, 1e10, Infinity, -Infinity, NaN, '4', undefined]) { const g = Object.defineProperty(() => {}, 'length', { value: length }); console.log(String(length), g.bind(null, 1).length); }
const bare = Object.setPrototypeOf(function () {}, { length: 9, name: 'inherited' }); delete bare.length; delete bare.name; console.log(bare.bind().length, JSON.stringify(bare.bind().name));
console.log(Function.prototype[Symbol.hasInstance].call(Array, []), Function.prototype[Symbol.hasInstance].call({}, {}), Function.prototype[Symbol.hasInstance].call(one, new (class {})()));
//// results of promises in order
const order = [];
class P extends Promise {}
Promise.all([3, P.resolve(2), { then(ok) { order.push('then called'); ok(1); } }]).then(v => order.push(v.join()));
Promise.all([]).then(v => order.push('empty ' + v.length));
Promise.all([Promise.reject(new Error('no')), 1]).catch(e => order.push(e.message));
Promise.race([new Promise(() => {}), P.resolve('fast')]).then(v => order.push(v));
Promise.allSettled([1, Promise.reject(2)]).then(v => order.push(JSON.stringify(v)));
Promise.any([Promise.reject(1), P.reject(2)]).catch(e => order.push(e.name + e.errors.join() + e.message));
Promise.any([]).catch(e => order.push(e.errors.length, e instanceof Error, Object.keys(e).join()));
Promise.all.call(P, [1]).then(() => order.push('derived')).constructor === P && order.push('of the class');
setTimeout(() => { for (const line of order) console.log(line); }, 1);
//// what promises close and what they leave
const events = [];
const list = (n, bad) => ({ [Symbol.iterator]() { let i = 0; return { next() { events.push('next'); if (i === bad) throw new RangeError('next'); return { value: i++, done: i > n }; }, return() { events.push('closed'); return {}; } }; } });
const broken = { __proto__: Promise, resolve() { throw new TypeError('resolve'); } };
class Broken extends Promise { static resolve() { throw new TypeError('resolve'); } }
Promise.all.call(Broken, list(2)).catch(e => events.push(e.message));
Promise.all(list(3, 1)).catch(e => events.push(e.message));
Promise.race(list(0)).then(() => events.push('never'));
Promise.all(5).catch(e => events.push(e.name));
Promise.all({ [Symbol.iterator]: 5 }).catch(e => events.push(e.name));
class NoResolve extends Promise { static get resolve() { return 5; } }
Promise.all.call(NoResolve, list(2)).catch(e => events.push(e.name));
setTimeout(() => console.log(events.join()), 1);
for (const bad of [() => Promise.all.call(undefined, []), () => Promise.resolve.call(1), () => Promise.reject.call({}), () => Promise.prototype.then.call({}), () => Promise(), () => new Promise(), () => Promise.prototype.finally.call(1), () => Promise.all.call(function (e) { e(1, 1); }, [])]) try { bad(); console.log('fine'); } catch (e) { console.log(e.name); }
//// capabilities that scripts provide
const got = [];
function Own(executor) { executor(v => got.push('ok ' + v), e => got.push('bad ' + (e.message || e))); this.own = true; }
Own.resolve = v => ({ then(ok, bad) { got.push('asked ' + v); ok(v * 2); } });
console.log(Promise.all.call(Own, [1, 2]).own, got.join('; '));
got.length = 0; Promise.race.call(Own, [3]); Promise.any.call(Own, [4]); Promise.reject.call(Own, 'r'); Promise.resolve.call(Own, 's'); console.log(got.join('; '));
function Twice(executor) { executor(() => {}, () => {}); executor(() => {}, () => {}); }
function Late(executor) { executor(undefined, undefined); executor(() => {}, () => {}); this.late = 1; }
function Never() {}
for (const C of [Twice, Late, Never]) try { console.log(Promise.resolve.call(C, 1).late); } catch (e) { console.log(e.name); }
Promise.resolve(9).finally(() => 'dropped').then(v => console.log(v)); Promise.reject('e').finally(() => { throw 'f'; }).catch(v => console.log(v)); Promise.resolve(1).finally(5).then(v => console.log(v));
//// errors in the aggregate
const e = new AggregateError([1, new Error('two')], 'both');
console.log(e.name, e.message, e.errors.length, e instanceof Error, Object.prototype.toString.call(e), Reflect.ownKeys(e).filter(k => k !== 'stack').join(), Object.getPrototypeOf(AggregateError) === Error);
console.log(AggregateError(new Set([5])).errors.join(), 'message' in AggregateError.prototype, Object.prototype.hasOwnProperty.call(AggregateError([]), 'message'), String(AggregateError([], 'text')));
class Many extends AggregateError { } console.log(new Many([1]).errors[0], new Many([]) instanceof Many, new Many([]).constructor.name);
for (const bad of [undefined, null, 5, {}]) try { AggregateError(bad); } catch (x) { console.log(x.name); }
console.log(Object.prototype.toString.call(Error.prototype), Object.prototype.toString.call(TypeError.prototype), Object.getPrototypeOf(RangeError) === Error, Error.prototype.toString.call({ name: 'N', message: '' }), Error.prototype.toString.call({ message: 'M' }));
//// keys of maps
const m = new Map(), o = {}, s = Symbol();
for (const [i, k] of [NaN, 0, '0', 'NaN', o, s, true, 'true', null, 'null', undefined, 'undefined', 0.1 + 0.2, 0.3, '', Infinity, -Infinity, 2 ** 53].entries()) m.set(k, i);
console.log(m.size, m.get(-0), m.get(0 / 0), m.get(o), m.get({}), m.get(s), m.get(0.30000000000000004), m.get(2 ** 53 + 1), Object.is([...m.set(-0, 'z').keys()][1], 0), Object.is([...new Set([-0])][0], 0));
console.log(m.delete(NaN), m.delete(NaN), m.has(NaN), m.set(NaN, 1) === m, [...m.keys()].pop(), m.size, m.clear(), m.size);
for (const bad of [() => Map(), () => new Map(5), () => new Map([1]), () => Map.prototype.get.call(new Set(), 1), () => Map.prototype.size, () => Set.prototype.add.call({}, 1), () => new Map().forEach(), () => new (class extends Map { get set() { return 1; } })([[1, 2]])]) try { bad(); console.log('fine'); } catch (x) { console.log(x.name); }
let closed = 0; const source = { [Symbol.iterator]: () => ({ next: () => ({ value: 'no pair', done: false }), return() { closed++; return {}; } }) };
try { new Map(source); } catch (x) { console.log(x.name, closed); } try { new WeakSet(source); } catch (x) { console.log(x.name, closed); }
//// changing a map while it is walked
const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]), seen = [];
for (const [k] of m) { seen.push(k); if (k === 1) { m.delete(2); m.set(4, 'd'); } if (k === 3) { m.delete(3); m.set(2, 'again'); } if (k === 4) m.delete(1); } console.log(seen.join(), [...m.keys()].join());
const it = m.keys(); it.next(); m.clear(); m.set('x', 1).set('y', 2); console.log(it.next().value, it.next().value, it.next().done, it.next().done); m.set('z', 3); console.log(it.next().done);
const s = new Set([1]); let turns = 0; s.forEach(v => { if (turns++ < 5) { s.delete(v); s.add(v); } }); console.log(turns);
const queue = new Set(); for (let i = 0; i < 3000; i++) { queue.add(i); if (i % 3) { const [first] = queue; queue.delete(first); } } console.log(queue.size, [...queue][0]);
const big = new Map(); for (let i = 0; i < 5000; i++) big.set('k' + i % 700, i); const walk = big.entries(); for (let i = 0; i < 300; i++) walk.next(); for (let i = 0; i < 290; i++) big.delete('k' + i); for (let i = 0; i < 900; i++) big.set('n' + i, i); console.log(walk.next().value.join(), big.size, [...walk].length);
//// weak collections and their keys
const w = new WeakMap(), k = Object.freeze({}), p = new Proxy(k, {});
console.log(w.set(k, 1) === w, w.get(k), w.has(p), w.set(p, 2).get(p), w.get(k), w.delete(p), w.has(p), w.has(k), w.delete(k), w.delete(k), w.get(1), w.has('x'), w.delete(null));
console.log(Reflect.ownKeys(k).length, JSON.stringify(Object.getOwnPropertyDescriptors(k)), w.get(Object.create(k)));
const a = {}, one = new WeakMap([[a, 'one']]), two = new WeakMap([[a, 'two']]), set = new WeakSet([a]); console.log(one.get(a), two.get(a), set.has(a), set.add(a) === set, set.has({}));
for (const bad of [() => w.set('text', 1), () => w.set(1, 1), () => new WeakSet([1]), () => WeakMap(), () => WeakMap.prototype.get.call(new Map(), a), () => WeakSet.prototype.has.call(one, a)]) try { bad(); console.log('fine'); } catch (x) { console.log(x.name); }
//// the order of Object's helpers
const log = [], o = { get b() { log.push('b'); delete this.gone; return 1; }, gone: 2, get [Symbol.for('s')]() { log.push('s'); return 3; }, 2: 'x', 1: 'y' };
console.log(JSON.stringify(Object.entries(o)), log.join(), Reflect.ownKeys(Object.assign({}, o)).map(String).join(), JSON.stringify(Object.values('ab')));
Object.defineProperty(o, 'hidden', { value: 1 }); console.log(Object.keys(Object.getOwnPropertyDescriptors(o)).join(), Object.getOwnPropertySymbols(o).length);
console.log(JSON.stringify(Object.fromEntries([['a', 1], { 0: 'b', 1: 2 }])), JSON.stringify(Object.fromEntries(new Map([[Symbol.iterator, 1], [1, 2]]))));
for (const bad of [() => Object.assign(), () => Object.assign(null), () => Object.assign(Object.freeze({ a: 1 }), { a: 2 }), () => Object.fromEntries([1]), () => Object.fromEntries(), () => Object.entries(), () => Object.assign({}, { get x() { throw new RangeError(); } }), () => Object.defineProperties({}, { a: 1 }), () => Object.setPrototypeOf(Object.prototype, {}), () => Object.setPrototypeOf(1), () => Object.create({}, { p: { get() {}, value: 1 } })])
  try { bad(); console.log('fine'); } catch (e) { console.log(e.name); }
console.log(Object.assign('ab', { c: 1 }).c, Object.assign({ a: 1 }, null, 5, 'xy')[1], Object.prototype.toString.call(Object('s')), Object.prototype.toLocaleString.call(5), Object.prototype.hasOwnProperty.call({ [Symbol.iterator]: 1 }, { [Symbol.toPrimitive]: () => Symbol.iterator }));
//// tags
const tags = [[], () => 1, (function () { return arguments; })(), new Error(), true, 5, 's', new Date(0), /x/, {}, null, undefined, Symbol(), new Map(), Promise.resolve(), JSON, Math, Reflect, new Proxy([], {}), function* () {}, async () => {}, [].values(), ''[Symbol.iterator](), new Set().values()];
console.log(tags.map(t => Object.prototype.toString.call(t).slice(8, -1)).join());
console.log(Object.prototype.toString.call(Object.assign([], { [Symbol.toStringTag]: 'Own' })), Object.prototype.toString.call(Object.assign(() => {}, { [Symbol.toStringTag]: 5 })), Object.prototype.toString.call({ get [Symbol.toStringTag]() { return 'Got'; } }));
//// symbols and what they say
console.log(Symbol().description, JSON.stringify(Symbol('').description), Symbol('d').description, Symbol.iterator.description, Symbol.for('reg').description, Object(Symbol('boxed')).description, Symbol('a(b)').toString());
for (const bad of [() => new Symbol(), () => Symbol() + '', () => `${Symbol()}`, () => +Symbol(), () => Object.getOwnPropertyDescriptor(Symbol.prototype, 'description').get.call({}), () => Symbol.keyFor('x'), () => Symbol(Symbol()), () => ''.padEnd(5, Symbol()), () => String.raw({ raw: ['a', 'b'] }, Symbol()), () => ''.trimStart.call(Symbol()), () => [Symbol()].sort().length, () => [Symbol(), 1].sort(), () => [Symbol(), 1].join(), () => 'x'.includes(Symbol())]) try { console.log(bad()); } catch (e) { console.log(e.name); }
class Sub extends Symbol {} try { new Sub(); } catch (e) { console.log(e.name); } console.log(Symbol.keyFor(Symbol.for('k')), Symbol.keyFor(Symbol('k')), Symbol.for('k') === Symbol.for('k'));
//// text from JSON and back
const holder = {}; console.log(JSON.stringify({ a: [1, { b: 2 }], c: 3, 1: 4 }, ['c', 'b', 'c', 'a', new String('b'), 1]), JSON.stringify([new Number(3), new String('s'), new Boolean(false), Object(Symbol())]), JSON.stringify({ a: undefined, b() {}, c: Symbol() }));
console.log(JSON.stringify(JSON.parse('{"a":{"b":[1,2,{"c":3}]},"d":4}', function (k, v) { return typeof v === 'number' ? v + k : v; })), JSON.stringify(JSON.parse('[1,2,3]', (k, v) => k === '1' ? undefined : v)), JSON.parse('1', function (k, v) { return Object.keys(this).length + v + k; }));
const walk = []; JSON.parse('{"b":1,"a":[2],"1":3}', function (k, v) { walk.push(k); return v; }); console.log(walk.join());
console.log(JSON.stringify(JSON.parse('{"x":1,"y":2}', function (k, v) { if (k === 'x') Object.defineProperty(this, 'y', { value: 9, configurable: false }); return k === 'y' ? undefined : v; })));
Object.defineProperty(Object.prototype, '', { set() { throw new Error('seen'); }, configurable: true }); console.log(JSON.stringify({ a: 1 }, (k, v) => v), JSON.parse('{"a":2}', (k, v) => v).a); delete Object.prototype[''];
console.log(JSON.stringify('\ud83d\ude00\ud83d\u2028'), JSON.stringify({ toJSON(k) { return 'k' + k; } }), JSON.stringify([[]], null, '--'), JSON.stringify({ a: [] , b: {} }, null, 20).length, JSON.stringify(new Proxy({ p: 1 }, {})), JSON[Symbol.toStringTag]);
//// numbers in a given form
const values = [0, -0, 1, -1.5, 0.1, 2.5, 1.005, 123.456, 1e21, 1e-7, 5e-324, 9.999999999999999e-22, 1.7976931348623157e308, 0.000001, 255 / 256];
console.log(values.map(v => v.toFixed(2)).join()); console.log(values.map(v => v.toFixed(0)).join()); console.log(values.map(v => v.toExponential(3)).join()); console.log(values.map(v => v.toPrecision(3)).join()); console.log(values.map(v => v.toExponential()).join());
console.log((0.1).toFixed(60), (1 / 3).toPrecision(40), (2 ** -40).toExponential(50), (5e-324).toPrecision(100));
for (const bad of [() => 1..toFixed(101), () => 1..toFixed(-1), () => 1..toExponential(101), () => 1..toPrecision(0), () => 1..toPrecision(101), () => Number.prototype.toFixed.call('1'), () => NaN.toFixed(200), () => NaN.toPrecision(200), () => Infinity.toExponential(-5)]) try { console.log(bad()); } catch (e) { console.log(e.name); }
console.log(['0x1f', '+0x1f', '-0b1', '0o17', ' 12 ', '1e3', '1e', '.', '-.5', '+', '\u180e1', '\ufeff1', '1\0', 'Infinity', '-Infinity', 'infinity'].map(Number).join(), parseInt('-0x1f'), parseInt('\u180e1'), parseFloat('-.5e-2x'));
//// texts padded, trimmed and searched
console.log('abc'.padStart(8, '12'), 'abc'.padEnd(8, '12') + '|', 'abc'.padStart(2), 'x'.padEnd(3) + '|', 'abc'.padStart(6, ''), 'a'.padEnd('4', 0), JSON.stringify('\u00a0\ufeff\t x \u2003\n'.trimStart()), JSON.stringify(' \u3000x y\u2029 '.trimEnd()), JSON.stringify('\u180e x'.trim().length), JSON.stringify('   '.trimEnd()));
console.log('abcabc'.includes('ca', 2), 'abc'.includes(''), 'abc'.includes('c', 3), 'abc'.startsWith('b', 1), 'abc'.endsWith('b', 2), 'abc'.startsWith('', 9), 'abc'.endsWith('abcd'), 'undefined'.includes(), 'a'.at(-1), 'ab'.at(5), 'abc'.at('1'), 'ab'.at(-3));
for (const bad of [() => 'a'.includes(/a/), () => 'a'.startsWith({ [Symbol.match]: true }), () => 'a'.endsWith(Object.assign(/a/, { [Symbol.match]: false })), () => 'a'.padEnd(2 ** 31), () => ''.at.call(null), () => String.raw(), () => String.raw({ raw: 5 }), () => String.raw`a\n${1}b`, () => String.raw({ raw: 'xyz' }, 0, 1, 2)]) try { console.log(bad()); } catch (e) { console.log(e.name); }
//// letters beyond the first plane
console.log('\u{10400}\u{10428}\u{1E900}A\u{118A0}\u00df'.toLowerCase() === '\u{10428}\u{10428}\u{1E922}a\u{118C0}\u00df', '\u{10428}a\u00df\u{1E943}\ud800x\udc00'.toUpperCase() === '\u{10400}ASS\u{1E921}\ud800X\udc00', '\u{1F600}'.toUpperCase().length, 'A\u03a3'.toLowerCase() === 'a\u03c2', '\u03a3'.toLowerCase() === '\u03c3', '\ud801'.toLowerCase() === '\ud801', '\ud801A'.toLowerCase() === '\ud801a');
//// texts that are no numbers
console.log(['0b1.1', '0x1.8', '0o7.', '0x1e3', '0b1e1', '5.', '.5', '.', '0b', '0x', '1.5.5', '1_000', '1n', '--1', '0b2', '0o8', '0xg', '00x1', '1e1000', '-1e-1000'].map(t => String(Object.is(Number(t), -0) ? '-0' : Number(t))).join());
//// arrays within themselves
const a = [1, [2]]; a.push(a, [a, 3]); console.log(a.join(), String([a]), a.join('-'));
const b = [], c = [b]; b.push(c, 'x'); console.log(String(b), String(c), [b, b].join('|'));
const angry = [{ toString() { throw new RangeError('no'); } }]; try { angry.join(); } catch (e) { console.log(e.name); } angry[0] = 'calm'; console.log(angry.join());

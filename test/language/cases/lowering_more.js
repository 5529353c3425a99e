//// array patterns in expressions close their iterators
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { log.push(tag + i); return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); return {}; } };
}
function show(...more) { print(...more, log.splice(0).join(' ')); }
const boom = m => { throw new Error(m); };
const id = x => x;
let a, b, o = {};
show(id([a = 5, b] = source('f'))[Symbol.iterator] !== undefined, a, b);
try { id([a = boom('default')] = source('d', 0)); } catch (e) { show(e.message); }
try { print(id([a, o[boom('key')]] = source('k'))); } catch (e) { show(e.message); }
try { if (([o.x, [b]] = source('n'))) print('no'); } catch (e) { show(e.name); }
try { if (false) print('no'); else if (([, { b = boom('deep') }] = source('e'))) print('no'); } catch (e) { show(e.message); }
try { for (let [q = boom('let')] = source('l', 0); ;) break; } catch (e) { show(e.message); }
try { for (let i = 0; i < 2; [a, b = boom('step')] = source('s', 1)) print('round', i++); } catch (e) { show(e.message); }
try { while (([a = boom('while')] = source('w', 0))) print('no'); } catch (e) { show(e.message); }
try { do { if (log.length === 0) continue; } while (([a, b = boom('do')] = source('o', 1))); } catch (e) { show(e.message); }
try { for (const x of ([a = boom('of')] = source('O', 0))) print('no'); } catch (e) { show(e.message); }
try { for (const x in ([o.p, o[boom('in')]] = source('I'))) print('no'); } catch (e) { show(e.message); }
try { switch (1) { case ([a, b = boom('case')] = source('c', 1)): } } catch (e) { show(e.message); }
const arrow = x => [a, b = boom('arrow')] = x; try { arrow(source('A', 1)); } catch (e) { show(e.message); }
try { (() => { return [[a, b = boom('inner')]] = [source('R', 1)]; })(); } catch (e) { show(e.message); }
try { ((p = ([a, b = boom('param')] = source('P', 1))) => p)(); } catch (e) { show(e.message); }
try { id(([a, b = boom('first')] = source('1', 1)), source('2')); } catch (e) { show(e.message); }
try { id([a, [b = boom('nest')]] = (([a, ...b] = source('r', 2)), [source('x'), source('y', 0)])); } catch (e) { show(e.message); }
const k = 1; try { id([k] = source('K')); } catch (e) { show(e.name); }
try { id([z, ...[y]] = source('Z')); let z, y; } catch (e) { show(e.name); }
outer: for (const t of [1, 2]) { for (let [q, w = t] = source('q', 1); q < 2; [q] = [q + 1]) { if (t === 1) continue outer; show(t, q, w); break outer; } }
//// array patterns in expressions with yield and await
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9, bad) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); if (bad) throw new Error(tag); return {}; } };
}
function* g(it) { let a, b; const r = [yield 'one', ([a = yield 'two', b] = it)]; return [a, b, r.length]; }
let run = g(source('a', 0)); run.next(); run.next(); print(JSON.stringify(run.next('A')));
run = g([undefined, 5]); run.next(); run.next(); print(JSON.stringify(run.next('B')));
function* h(it) { let o = {}; try { print([o[yield 1]] = it); } finally { log.push('finally'); } }
run = h(source('h')); run.next(); print(JSON.stringify(run.return(7)), log.splice(0).join());
run = h(source('t')); run.next(); try { run.throw(new Error('x')); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.return(7); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.throw(new Error('mine')); } catch (e) { print(e.message, log.splice(0).join()); }
(async () => {
  let a, b;
  const f = async x => { throw new Error(x); };
  print(([a = await 5, b = await 6] = [1]).length, a, b);
  try { print([a = await f('rejected')] = source('w', 0)); } catch (e) { print(e.message, log.splice(0).join()); }
  try { print([a, b = await f('later')] = source('v', 1), 1); } catch (e) { print(e.message, log.splice(0).join()); }
  for (const x of ([a, b] = [await 1, await 2])) print(x, a, b);
  for (const x of [1]) { function* inner() { for (const y of source('y')) { yield y; } } const it = inner(); it.next(); print(JSON.stringify(it.return(3)), log.splice(0).join()); }
})();
//// super in object literals
// SPDX-License-Identifier: MIT
const base = { hi() { return 'base ' + this.n; }, get v() { return this.n * 2; }, set v(x) { this.seen = x; }, n: 1 };
function make(n) {
  return { __proto__: base, n, hi() { return 'derived ' + super.hi(); }, get v() { return super.v + 1; }, set v(x) { super.v = x + 1; },
    ['c' + n]() { return super.hi(); }, arrow() { return (() => () => super.hi())()(); }, async later() { await null; return super.hi(); },
    *gen() { yield super.hi(); yield super.v; }, missing() { return super.nope; }, own() { super.fresh = 5; return Object.keys(this).includes('fresh'); } };
}
const [a, b] = [make(2), make(3)];
print(a.hi(), b.hi(), a.v, b.c3(), a.arrow(), [...b.gen()].join(), a.missing(), a.own());
a.v = 9; print(a.seen, Object.keys(base).join());
const list = []; for (let i = 0; i < 3; i++) list.push({ __proto__: base, n: i, hi() { return super.hi() + i; } });
print(list.map(o => o.hi()).join());
const moved = { n: 9, hi: a.hi }; print(moved.hi());
Object.setPrototypeOf(a, { hi() { return 'other'; } }); print(a.hi());
const none = { __proto__: null, f() { return super.x; }, g() { super.x = 1; } };
for (const f of ['f', 'g']) try { none[f](); } catch (e) { print(e.name); }
b.later().then(print);
//// super properties as targets
// SPDX-License-Identifier: MIT
const log = [];
class A { get x() { log.push('get'); return this._x; } set x(v) { log.push('set ' + v); this._x = v; } tag(s, ...v) { return s.join('|') + v + this._x; } }
class B extends A {
  constructor() { super(); this._x = 5; }
  run() {
    super.x += 2; super['x'] **= 2; log.push(super.x++, --super.x); super.x &&= 7; super.x ||= 8; super.y ??= 9; log.push(this.y, super.y);
    [super.x, super.z = 4] = [1]; ({ p: super.x, ...super.rest } = { p: 2, q: 3 }); for (super.x of [3, 4]); for (super.k in { key: 1 });
    log.push(this.z, JSON.stringify(this.rest), this.k, super.tag`a${1}b`, super.tag?.(['s'], 2), super.none?.(), super.none?.x, typeof super.tag, new.target);
    try { delete super.x; } catch (e) { log.push(e.name); }
    return log.splice(0).join();
  }
  static make() { const order = []; try { order.push('start'); super[(order.push('key'), { toString() { order.push('string'); return 'q'; } })] = order.push('value'); } catch (e) { order.push(e.name); } return order.join(); }
}
print(new B().run(), B.make(), B.q);
class C extends A { constructor() { try { super.x; } catch (e) { print(e.name); } try { super[print('no')] = 1; } catch (e) { print(e.name); } super(); Object.defineProperty(this, 'w', { value: 1 }); try { super.w = 2; } catch (e) { print(e.name); } Object.freeze(this); try { super.n = 2; } catch (e) { print(e.name); } } }
new C();
//// private names and own names in the head of a class
// SPDX-License-Identifier: MIT
let probe, get;
class C extends (probe = () => C, Object) { #x = 1; [(get = o => o.#x, 'k')] = 2; static [(() => typeof probe)()] = 3; m() { return C.function; } }
print(probe() === C, get(new C()), new C().k, new C().m());
try { get({}); } catch (e) { print(e.name); }
try { class D extends D { } } catch (e) { print(e.name); }
try { class D { [D.name]() { } } } catch (e) { print(e.name); }
class E { static self = E; static [(() => { try { return E.name; } catch (e) { return e.name; } })()] = 1; }
print(E.self === E, E.ReferenceError);
const made = []; for (let i = 0; i < 2; i++) made.push(class { #p = i; static [(made.read = (made.read || []), made.read.push(o => o.#p), 'f')] = 0; });
print(made.read[0](new made[0]()), made.read[1](new made[1]())); try { made.read[0](new made[1]()); } catch (e) { print(e.name); }
function outer() { return class { [arguments[0]]() { return 'args'; } static [this.name] = new.target === undefined; }; }
const O = outer.call({ name: 'own' }, 'first'); print(new O().first(), O.own);
function* g() { return class extends (yield 'heritage') { static [yield 'key'] = 'static'; }; }
try { const it = g(); print(it.next().value, it.next(Array).value); const K = it.next('kk').value; print(K.kk, new K() instanceof Array); } catch (e) { print(e.name); }
const s = Symbol('sym'); const names = { ['a' + 1]: class { }, [s]: class { }, 0x10: function () { }, [s + '' === 'x' ? 1 : 'arrow']: () => 1, own: class { static name = 'mine'; } };
print(names.a1.name, names[s].name, names[16].name, names.arrow.name, names.own.name, new (class { ['f' + 1] = class { }; })().f1.name);
//// derived constructors that return out of a try
// SPDX-License-Identifier: MIT
class A { }
const log = [];
class B extends A { constructor(v, early) { try { if (early) { super(); return v; } super(); for (const x of [1]) { try { return v; } finally { log.push('inner'); } } } catch (e) { log.push('caught ' + e.name); } finally { log.push('finally'); } } }
for (const v of [undefined, 1, { o: 1 }, null]) for (const early of [true, false]) try { const o = new B(v, early); log.push(o instanceof B, o.o); } catch (e) { log.push(e.name); }
print(log.splice(0).join());
class D extends A { constructor(how) { loop: for (const q of [1, 2]) { try { return how === 1 ? 5 : {}; } finally { if (how < 3) { super(); break loop; } } } log.push('after'); } }
for (const how of [1, 2, 3]) print(new D(how) instanceof D); print(log.join());
class P { constructor() { this.from = 'P'; } } class Q { constructor() { this.from = 'Q'; } }
class R extends P { constructor(f) { super(f && f()); } }
print(new R().from); Object.setPrototypeOf(R, Q); print(new R().from);

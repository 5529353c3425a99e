// SPDX-License-Identifier: MIT
//// the body starts at the first next
const log = [];
function* g() { log.push('start'); yield 1; log.push('end'); }
const it = g();
log.push('made'); it.next(); log.push('one'); it.next();
print(log.join());
//// results of next
function* g() { yield 1; yield; return 'r'; }
const it = g(), show = r => String(r.value) + '/' + r.done + '/' + Object.keys(r).join('+');
print(show(it.next()), show(it.next()), show(it.next()), show(it.next()));
//// results are fresh, plain objects
function* g() { yield 1; yield 1; }
const it = g(), a = it.next(), b = it.next();
print(a === b, Object.getPrototypeOf(a) === Object.prototype, JSON.stringify(Object.getOwnPropertyDescriptor(a, 'value')));
//// the first sent value is lost, the others are the value of yield
function* g() { const a = yield 'a'; const b = yield a + '!'; return [a, b].join(); }
const it = g();
print(it.next('lost').value, it.next(1).value, it.next(2).value);
//// yield is an expression of low binding
function* g() { const x = 1 + (yield 2) * 3; const y = yield yield x; const z = [yield, yield 'in list']; return [x, y, z.join('+')].join(); }
const it = g(), out = [];
for (const v of [0, 10, 'p', 'q', 'r', 's']) out.push(String(it.next(v).value));
print(out.join(' '));
//// yield without a value before every closing sign
function* g() { f(yield); const a = [yield]; const o = { x: yield }; (yield); return `${yield}` + (1, yield) + (true ? yield : 0); function f() {} }
const it = g();
let n = 0;
while (!it.next(n).done) n++;
print(n);
//// yield with a line end
function* g() { const a = yield
  'not yielded'; return a; }
const it = g();
print(String(it.next().value), it.next('sent').value);
//// return before the start, in the middle and after the end
function* g() { try { yield 1; yield 2; } finally { log.push('finally'); } }
const log = [], show = r => String(r.value) + r.done;
const a = g(), b = g(), c = g();
log.push(show(a.return('a')), show(a.next()));
b.next(); log.push(show(b.return('b')), show(b.next()));
[...c]; log.push(show(c.return('c')), show(c.return()));
print(log.join());
//// return that is stopped by a yield in finally
function* g() { try { yield 1; } finally { yield 'cleanup'; yield 'more'; } }
const it = g(), show = r => String(r.value) + r.done;
print(show(it.next()), show(it.return('r')), show(it.next()), show(it.next()), show(it.next()));
//// return that is replaced by a return in finally, or an error
function* g() { try { yield 1; } finally { return 'own'; } }
function* h() { try { yield 1; } finally { throw new RangeError(); } }
const a = g(), b = h();
a.next(); b.next();
print(a.return('given').value);
try { b.return('given'); } catch (e) { print(e.name, b.next().done); }
//// return does not run catch
function* g() { try { yield 1; } catch (e) { print('wrong'); } finally { print('right'); } }
const it = g();
it.next();
print(it.return(5).value);
//// return passes nested finally blocks, inside out
const log = [];
function* g() { try { try { yield 1; } finally { log.push('in'); yield 'pause'; log.push('in end'); } } finally { log.push('out'); } }
const it = g();
it.next(); it.return('r'); log.push('paused');
print(it.next().value, log.join());
//// return inside a loop with finally and continue
function* g() { for (let i = 0; i < 3; i++) { try { yield i; } finally { if (i === 0) continue; } } return 'end'; }
const it = g();
it.next();
const r = it.return('r');
print(r.value, r.done, it.return('s').value);
//// throw before the start, caught, uncaught, after the end
function* g() { try { yield 1; } catch (e) { yield 'caught ' + e; } }
const a = g(), b = g(), log = [];
try { a.throw(new RangeError()); } catch (e) { log.push(e.name); }
log.push(a.next().done);
b.next(); log.push(b.throw('x').value);
try { b.throw(new SyntaxError()); } catch (e) { log.push(e.name); }
log.push(b.next().done);
try { b.throw('after'); } catch (e) { log.push(e); }
print(log.join());
//// an error inside ends the generator
function* g() { yield 1; throw new RangeError(); }
const it = g();
it.next();
try { it.next(); } catch (e) { print(e.name); }
print(it.next().done, String(it.next().value));
//// throw caught in a loop goes on
function* g() { for (let i = 0; ; i++) try { yield i; } catch (e) { yield 'caught ' + e; } }
const it = g();
print(it.next().value, it.throw('a').value, it.next().value, it.next().value, it.throw('b').value);
//// a generator may not run itself
let it, kind = [];
function* g() { for (const m of ['next', 'return', 'throw']) try { it[m](1); } catch (e) { kind.push(e.name); } yield 'alive'; }
it = g();
print(it.next().value, kind.join(), it.next().done);
//// methods of generators check this
function* g() {}
const { next } = g(), proto = Object.getPrototypeOf(g.prototype);
for (const f of [() => next(), () => next.call({}), () => proto.return.call(5), () => proto.throw.call(undefined, 1)]) try { f(); print('fine'); } catch (e) { print(e.name); }
//// a generator is its own iterator
function* g() { yield 1; yield 2; }
const it = g();
print(it[Symbol.iterator]() === it, typeof it.next, typeof it.return, typeof it.throw, Object.prototype.toString.call(it), it.hasOwnProperty('next'));
//// prototypes of generators
function* g() {}
g.prototype.extra = function () { return 'extra'; };
const it = g(), shared = Object.getPrototypeOf(g.prototype);
print(it instanceof g, it.extra(), Object.getPrototypeOf(it) === g.prototype, g.prototype.hasOwnProperty('constructor'), typeof shared.next, shared === Object.getPrototypeOf((function* () {}).prototype));
//// the prototype is read at the call
function* g() {}
const a = g();
g.prototype = { mark: 'new' };
const b = g();
g.prototype = 5;
const c = g();
print(typeof a.mark, b.mark, typeof c.next, typeof c.mark);
//// a generator function is no constructor
function* g() {}
try { new g(); } catch (e) { print(e.name); }
const d = Object.getOwnPropertyDescriptor(g, 'prototype');
print(typeof g, d.writable, d.enumerable, d.configurable);
//// names and lengths
const a = function* () {}, o = { *m(x, y) {}, *['c' + 1](x = 1) {} };
function* decl(a, b, ...c) {}
class C { *g(x) {} static *s() {} }
print(a.name, a.length, o.m.name, o.m.length, o.c1.name, o.c1.length, decl.name, decl.length, new C().g.name, C.s.name);
//// parameters are evaluated at the call
const log = [];
function* g(a = log.push('default'), { b } = {}, ...c) { log.push('body'); yield a; yield c.length; }
const it = g(undefined, {}, 1, 2);
log.push('called');
print([...it].join(), log.join());
//// an error in parameters is thrown at the call
function* g(a = (() => { throw new RangeError(); })()) { yield 1; }
try { g(); print('made'); } catch (e) { print(e.name); }
print(g(5).next().value);
//// this and arguments
function* g() { yield this.k; yield arguments.length; yield [...arguments].join('+'); yield (() => this.k + arguments[1])(); }
print([...g.call({ k: 'k' }, 'a', 'b')].join());
//// this without an object
function* g() { yield this === undefined; yield typeof new.target; }
print([...g()].join());
//// generator methods, computed, static, with Symbol.iterator
class C { #k = 'p'; *[Symbol.iterator]() { yield* [1, 2]; } static *s() { yield 's'; } *['c' + 1]() { yield this.#k; } }
const o = { *m() { yield 'o'; }, *5() { yield 'five'; }, *'a b'() { yield 'text'; }, *get() { yield 'get'; } };
print([...new C()].join(), [...C.s()].join(), [...new C().c1()].join(), [...o.m(), ...o[5](), ...o['a b'](), ...o.get()].join());
//// super in generator methods
class A { *list() { yield 'A'; } name() { return 'a'; } }
class B extends A { *list() { yield* super.list(); yield super.name() + 'B'; } }
print([...new B().list()].join());
//// yield* gives the values of any iterable and its own result
function* inner() { yield 1; return 'result'; }
function* g() { const r = yield* inner(); yield r; yield* 'ab'; yield* [[2]]; yield* new Set([3]); const u = yield* []; yield String(u); }
print([...g()].map(String).join());
//// yield* sends values on
function* inner() { const a = yield 'x'; const b = yield a; return b + '!'; }
function* g() { return yield* inner(); }
const it = g();
print(it.next('lost').value, it.next('A').value, it.next('B').value);
//// yield* calls next with one argument, the first with undefined
const log = [];
const it = { [Symbol.iterator]() { return { next(...a) { log.push(a.length + ':' + a.map(String).join()); return { value: 0, done: log.length > 2 }; } }; } };
function* g() { yield* it; }
const i = g();
i.next('first'); i.next('second'); i.next();
print(log.join(' '));
//// yield* passes results on as they are
const r = { value: 'v', done: false, extra: 'e' };
function* g() { yield* { [Symbol.iterator]: () => ({ next: () => r }) }; }
print(g().next() === r, g().next().extra);
//// yield* does not read value before done
const log = [];
function* g() { yield* { [Symbol.iterator]: () => ({ next: () => ({ get done() { log.push('done'); return false; }, get value() { log.push('value'); return 1; } }) }) }; }
const it = g();
const r = it.next();
print(log.join(), r.value, log.join());
//// yield* passes return on
const log = [];
function* inner() { try { yield 1; yield 2; } finally { log.push('inner'); } }
function* g() { try { yield* inner(); log.push('no'); } finally { log.push('outer'); } }
const it = g();
it.next();
const r = it.return('r');
print(r.value, r.done, log.join());
//// yield* with a return that goes on, and one that changes the value
const make = n => ({ [Symbol.iterator]() { return { next() { return { value: 'n', done: false }; }, return(v) { return { value: v + n, done: n-- <= 0 }; } }; } });
function* g() { const r = yield* make(1); print('never', r); }
const it = g();
it.next();
const a = it.return(10), b = it.return(20);
print(a.value, a.done, b.value, b.done);
//// yield* over an iterator without return
function* g() { try { yield* { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; } }; } }; } finally { print('finally'); } }
const it = g();
it.next();
print(it.return('r').value, it.next().done);
//// yield* with a return that is no function or gives no object
const make = r => ({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return: r }; } });
function* g(r) { try { yield* make(r); } catch (e) { yield e.name; } }
const out = [];
for (const r of [5, () => 5, () => { throw new RangeError(); }, null]) { const it = g(r); it.next(); out.push(String(it.return('ret').value)); }
print(out.join());
//// yield* passes throw on
function* inner() { try { yield 1; } catch (e) { yield 'inner caught ' + e; } return 'r'; }
function* g() { const r = yield* inner(); yield 'after ' + r; }
const it = g();
it.next();
print(it.throw('x').value, it.next().value);
//// yield* over an iterator without throw closes it
const log = [];
function* g() { try { yield* { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } }; } catch (e) { log.push(e.name); yield 'on'; } }
const it = g();
it.next();
print(it.throw(new RangeError()).value, log.join());
//// yield* with a throw that ends the iterator
function* g() { const r = yield* { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, throw(e) { return { value: 'ended by ' + e, done: true }; } }; } }; yield r; }
const it = g();
it.next();
print(it.throw('t').value, it.next().done);
//// yield* of what is not iterable
const kind = v => { const it = (function* () { try { yield* v; } catch (e) { yield e.name; } })(); return it.next().value; };
print([null, undefined, 1, {}, { [Symbol.iterator]() { return 1; } }, { [Symbol.iterator]: 5 }].map(kind).join());
//// yield* of a result that is no object
function* g(r) { try { yield* { [Symbol.iterator]: () => ({ next: () => r }) }; } catch (e) { yield e.name; } }
print([...g(5)].join(), [...g(null)].join(), g({}).next().done);
//// chains of yield*
function* count(n) { if (n > 0) { yield n; yield* count(n - 1); } return n; }
function* g() { const r = yield* count(3); yield 'r' + r; }
print([...g()].join());
//// trees by recursion
const tree = { v: 2, l: { v: 1 }, r: { v: 4, l: { v: 3 } } };
function* walk(t) { if (!t) return; yield* walk(t.l); yield t.v; yield* walk(t.r); }
print([...walk(tree)].join());
//// values of locals live over yields
function* g(a) { let b = a + 1; { let b = 'inner'; yield b; } yield b; for (let i = 0; i < 2; i++) { let c = i * 10; yield c + b; } try { throw 'e'; } catch (e) { yield e + a; } }
print([...g(1)].join());
//// many generators at once
const make = function* (name) { for (let i = 0; ; i++) yield name + i; };
const a = make('a'), b = make('b'), a2 = make('A');
print(a.next().value, b.next().value, a.next().value, a2.next().value, b.next().value);
//// generators in spread, patterns, Array.from, Map, Math.max, Promise.all
function* g() { yield* [3, 1, 2]; }
const [first, ...rest] = g();
print([...g(), ...g()].length, first, rest.join(), Array.from(g(), x => x * 2).join(), new Set(g()).size, Math.max(...g()), new Map([[1, g()]]).get(1).next().value);
Promise.all(g()).then(l => print(l.join()));
//// yields inside conditions, switches, loops and calls
function* g() { if (yield 'if') switch (yield 'switch') { case yield 'case': yield 'hit'; } while (yield 'while') ; do { } while (yield 'do'); for (yield 'init'; yield 'test'; yield 'update') ; return f(yield 'arg', yield 'arg2'); function f(...a) { return a.join('+'); } }
const it = g(), out = [];
for (const v of [0, 1, 's', 's', 0, 0, 0, 0, 1, 0, 0, 'x', 'y']) out.push(it.next(v).value);
print(out.join());
//// yields inside literals, members, templates, unary and short circuits
function* g() { const o = { [yield 'key']: yield 'value' }; o[yield 'member'] = yield 'assigned'; const t = `${yield 'part'}-${yield 'part2'}`; const s = (yield 'or') || (yield 'second'); return [JSON.stringify(o), t, s, !(yield 'not'), typeof (yield 'typeof'), (yield 'n') ?? 'd'].join(); }
const it = g(), sent = [0, 'k', 'v', 'm', 'w', 'a', 'b', 0, 's', 1, 'x', null];
let r;
for (const v of sent) r = it.next(v);
print(r.value);
//// yields inside new, calls of members, spreads, assignments and delete
class P { constructor(...a) { this.a = a.join('+'); } m(...a) { return this.a + a.join('-'); } }
function* g() { let x = 1; x += yield 'a'; const p = new P(yield 'b', ...(yield 'c')); const r = p.m(yield 'd', ...[yield 'e']); const o = { z: 1 }; delete o[yield 'f']; return [x, r, Object.keys(o).length].join(); }
const it = g();
let r;
for (const v of [0, 5, 'p', ['q', 'r'], 's', 't', 'z']) r = it.next(v);
print(r.value);
//// yield in parameters of an inner function is not there, in its call it is
function* g() { const f = (a = 'd', b = a) => a + b; yield f(yield 1); yield (function () { return 'inner'; })(); }
const it = g();
print(it.next().value, it.next('x').value, it.next().value);
//// a generator as an observer: lines to records
function* parse() { const records = []; let line; while ((line = yield) !== null) { const [k, v] = line.split('='); records.push(k + ':' + v); } return records.join(); }
const p = parse();
p.next();
for (const l of ['a=1', 'b=2']) p.next(l);
print(p.next(null).value);
//// a generator that is dropped in the middle never runs its finally
const log = [];
function* g() { try { yield 1; } finally { log.push('finally'); } }
g().next(); g();
setTimeout(() => print(log.length), 0);
//// return() of a generator that has not started runs nothing
const log = [];
function* g(a = log.push('param')) { try { log.push('body'); yield 1; } finally { log.push('finally'); } }
const it = g();
print(it.return(9).value, it.next().done, log.join());
//// try finally around yield in loops with break of the user
const log = [];
function* g() { for (const n of [1, 2, 3]) { try { yield n; } finally { log.push('f' + n); } } log.push('end'); }
for (const v of g()) if (v === 2) break;
print(log.join());
//// hoisted generator declarations and generator expressions with names
print([...early()].join());
function* early() { yield 'hoisted'; }
const f = function* self(n) { if (n) { yield n; yield* self(n - 1); } };
print([...f(2)].join(), f.name, typeof self);
//// a returned promise or iterator is not unwrapped
function* g() { yield Promise.resolve(1); return [2]; }
const it = g();
print(typeof it.next().value.then, it.next().value.join());
//// text tags of generator functions and their objects
function* g() {}
print(Object.prototype.toString.call(g), Object.prototype.toString.call(g()), g.prototype[Symbol.toStringTag], Object.getPrototypeOf(g)[Symbol.toStringTag]);
//// generator functions share a prototype that is not Function's
function* g() {}
function f() {}
const proto = Object.getPrototypeOf(g);
print(proto === Object.getPrototypeOf(function* () {}), proto === Object.getPrototypeOf(f), Object.getPrototypeOf(proto) === Function.prototype, proto.prototype === Object.getPrototypeOf(g.prototype), g instanceof Function);
//// return passes catch clauses that bind patterns, nothing, or names used by closures
const log = [];
function* g(how) { try { if (how === 1) try { yield 1; } catch { log.push('no'); } else if (how === 2) try { yield 2; } catch ({ message }) { log.push('no'); } else try { yield 3; } catch (e) { log.push((() => e)()); } } finally { log.push('f' + how); } }
for (const how of [1, 2, 3]) { const it = g(how); it.next(); log.push(it.return('r').value); }
print(log.join());
//// return passes catch clauses of loops and of delegates
const log = [];
function* inner() { for (;;) try { yield 'i'; } catch (e) { log.push('inner catch'); } finally { log.push('inner finally'); } }
function* g() { try { yield* inner(); } catch (e) { log.push('catch'); } }
const it = g();
it.next();
print(it.return('r').value, it.next().done, log.join());
//// yield* with a return that changes the value at its end
const make = f => ({ [Symbol.iterator]() { return { next() { return { value: 'n', done: false }; }, return: f }; } });
function* g(f) { yield* make(f); }
const out = [];
for (const f of [v => ({ value: v + '!', done: true }), () => ({ done: true }), () => ({ value: 'own', done: 1, extra: 2 })]) { const it = g(f); it.next(); const r = it.return('r'); out.push(String(r.value) + r.done + Object.keys(r).length); }
print(out.join());
//// yield* twice over with a return that changes the value each time
const inner = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return(v) { return { value: [v], done: true }; } }; } };
function* a() { try { yield* inner; } finally { print('a'); } }
function* b() { try { return yield* a(); } finally { print('b'); } }
const it = b();
it.next();
const r = it.return('v');
print(JSON.stringify(r.value), r.done);
//// the value that return changed is seen by a finally that returns nothing
const inner = { *[Symbol.iterator]() { try { yield 1; } finally { return 'changed'; } } };
function* g() { try { yield* inner; } finally { yield 'pause'; } }
const it = g();
it.next();
const a = it.return('given'), b = it.next();
print(a.value, a.done, b.value, b.done);
//// yield* with a return that yields several times
function* inner() { try { yield 1; } finally { yield 'f1'; yield 'f2'; } }
function* g() { yield* inner(); yield 'goes on'; }
const it = g(), out = [it.next().value];
out.push(it.return('r').value, it.next().value);
const r = it.next();
print(out.join(), r.value, r.done);
//// yield* with a return that goes on as if it had not been called
let n = 0;
const inner = { [Symbol.iterator]() { return { next(v) { return { value: 'next' + v, done: n++ > 2 }; }, return(v) { return { value: 'kept ' + v, done: false }; } }; } };
function* g() { const r = yield* inner; yield 'after ' + r; }
const it = g(), out = [];
out.push(it.next().value, it.return(1).value, it.next(2).value, it.return(3).value, it.next(4).value, it.next(5).value);
print(out.join());
//// yield* starts its iterator with undefined, however it was reached
const seen = [];
const inner = { [Symbol.iterator]() { return { next(...a) { seen.push(a.length + String(a[0])); return { value: 1, done: seen.length % 2 === 0 }; } }; } };
function* g() { yield* inner; const x = yield 'mid'; yield* inner; }
const it = g();
it.next('a'); it.next('b'); it.next('c'); it.next('d');
print(seen.join());
//// yield* passes one argument in each call, none to Symbol.iterator
const log = [];
const target = { next: (...a) => (log.push('next' + a.length), { value: 1, done: false }), return: (...a) => (log.push('return' + a.length), { done: true }), throw: (...a) => (log.push('throw' + a.length), { value: 't', done: false }) };
function* g() { yield* { [Symbol.iterator]: (...a) => (log.push('open' + a.length), target) }; }
const it = g();
it.next(); it.next(1, 2); it.throw('x', 'y'); it.return('r', 's');
print(log.join());
//// yield* over a list, thrown into, has no throw to call
const out = [];
function* g() { try { yield* [1, 2]; } catch (e) { out.push(e.name); yield 'on'; } }
const it = g();
it.next();
out.push(it.throw(new RangeError()).value, it.next().done);
print(out.join());
//// yield* whose iterator's return fails while it is closed for want of a throw
const make = r => ({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return: r }; } });
function* g(r) { try { yield* make(r); } catch (e) { yield e.name; } }
const out = [];
for (const r of [() => { throw new SyntaxError(); }, () => 5, undefined]) { const it = g(r); it.next(); out.push(it.throw(new RangeError()).value); }
print(out.join());
//// yield* closes an iterator without throw once, before its own catch
const log = [];
const inner = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, get throw() { log.push('get throw'); }, return(...a) { log.push('return' + a.length); return {}; } }; } };
function* g() { try { yield* inner; } catch (e) { log.push(e.name); } finally { log.push('finally'); } }
const it = g();
it.next(); it.throw('x');
print(log.join());
//// generators called at once have no this
print((function* () { yield this === undefined; yield arguments.length; })(1).next().value, [...(function* (...a) { yield this === undefined; yield* a; })(...[1, 2])].join(), [...(function* named() { yield typeof this + typeof named; })()].join());
print((function* () { yield this.k; }).call({ k: 'k' }).next().value);

// SPDX-License-Identifier: MIT
//// elements, holes and missing values
const [a, , b, c] = [1, 2, 3];
print(a, b, String(c));
//// defaults are used for undefined only
const [a = 'd', b = 'd', c = 'd', d = 'd'] = [undefined, null, 0];
print(a, String(b), c, d);
//// defaults are evaluated only when needed, in order
const log = [], d = v => (log.push(v), v);
const [a = d(1), b = d(2), c = d(3)] = [0, undefined];
print(log.join(), a, b, c);
//// defaults see earlier names
const [a, b = a + 1, c = a + b] = [1];
print(a, b, c);
//// rest takes what is left as an array
const [a, ...r] = 'xyz', [...all] = [], [b, c, ...none] = [1];
print(a, r.join(), Array.isArray(r), all.length, String(c), none.length);
//// rest with a pattern inside
const [a, ...[b, ...c]] = [1, 2, 3, 4], [...{ length, 1: second }] = 'pq';
print(a, b, c.join(), length, second);
//// nested patterns
const [[a, [b]], { c, d: [e] }] = [[1, [2]], { c: 3, d: [4] }];
print(a, b, c, e);
//// nested patterns with defaults
const [[a = 1, [b = 2] = []] = [], { c = 3 } = {}] = [];
print(a, b, c);
//// a nested pattern on null or undefined throws
const kind = f => { try { return f(); } catch (e) { return e.name; } };
print(kind(() => { const [[a]] = [null]; }), kind(() => { const [{ a }] = []; }), kind(() => { const [[a]] = [undefined]; }), kind(() => { const [[a] = 5] = []; }), kind(() => { const [{}] = [0]; return 'fine'; }), kind(() => { const [[]] = ['']; return 'fine'; }));
//// values that are not iterable
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
print([null, undefined, 1, true, {}, () => {}, Symbol.iterator, '', [], new Map(), { [Symbol.iterator]: 1 }, { length: 0 }].map(v => kind(() => { const [] = v; })).join());
//// the empty pattern opens and closes
const log = [];
const it = { [Symbol.iterator]() { log.push('open'); return { next() { log.push('next'); return { done: true }; }, return() { log.push('return'); return {}; } }; } };
const [] = it;
print(log.join());
//// an iterator is asked once per element and closed
const log = [];
let n = 0;
const it = { [Symbol.iterator]() { return { next() { log.push('next'); return { value: ++n, done: false }; }, return() { log.push('return'); return {}; } }; } };
const [a, , b] = it;
print(log.join(), a, b);
//// a finished iterator is neither asked again nor closed
const log = [];
const it = { [Symbol.iterator]() { return { next() { log.push('next'); return { done: true, value: 'ignored' }; }, return() { log.push('return'); return {}; } }; } };
const [a, b, c = 'd', ...r] = it;
print(log.join(), String(a), String(b), c, r.length);
//// rest reads to the end and does not close
const log = [];
let n = 0;
const it = { [Symbol.iterator]() { return { next() { log.push('n' + n); return { value: n, done: n++ > 2 }; }, return() { log.push('return'); return {}; } }; } };
const [a, ...r] = it;
print(log.join(), a, r.join());
//// next is read once
const log = [];
const it = { [Symbol.iterator]() { let n = 0; return { get next() { log.push('get next'); return () => ({ value: n++, done: false }); }, get return() { log.push('get return'); } }; } };
const [a, b, c] = it;
print(log.join(), a, b, c);
//// done is read before value, value not when done
const log = [];
let n = 0;
const it = { [Symbol.iterator]() { return { next() { const at = n++; return { get done() { log.push('done' + at); return at > 0; }, get value() { log.push('value' + at); return at; } }; } }; } };
const [a, b, c] = it;
print(log.join(), a, String(b), String(c));
//// an error of next is passed on without closing
const log = [];
const it = { [Symbol.iterator]() { return { next() { throw new RangeError(); }, return() { log.push('return'); return {}; } }; } };
try { const [a, b] = it; } catch (e) { log.push(e.name); }
print(log.join());
//// errors of done and value do not close
const log = [];
const of = result => ({ [Symbol.iterator]() { return { next() { return result; }, return() { log.push('return'); return {}; } }; } });
for (const r of [{ get done() { throw new RangeError(); } }, { done: false, get value() { throw new SyntaxError(); } }, null, 5, undefined]) try { const [a] = of(r); log.push('fine'); } catch (e) { log.push(e.name); }
print(log.join());
//// an error of a default closes
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: undefined, done: false }; }, return() { log.push('return'); return {}; } }; } };
try { const [a = (() => { throw new RangeError(); })()] = it; } catch (e) { log.push(e.name); }
print(log.join());
//// an error of a nested pattern closes inside out
const log = [];
const of = (name, v) => ({ [Symbol.iterator]() { return { next() { return { value: v, done: false }; }, return() { log.push('close ' + name); return {}; } }; } });
try { const [[[a]]] = of('outer', of('inner', null)); } catch (e) { log.push(e.name); }
print(log.join());
//// an error in closing after an error in the pattern is dropped
const it = { [Symbol.iterator]() { return { next() { return { done: false }; }, return() { throw new SyntaxError(); } }; } };
try { const [a = (() => { throw new RangeError(); })()] = it; } catch (e) { print(e.name); }
try { const [b] = it; } catch (e) { print(e.name); }
//// return must give an object unless something was thrown
const it = { [Symbol.iterator]() { return { next() { return { done: false }; }, return() { return 1; } }; } };
try { const [a] = it; print('fine'); } catch (e) { print(e.name); }
try { const [a = (() => { throw new RangeError(); })()] = it; } catch (e) { print(e.name); }
//// return that is null or missing is passed over, else it must be a function
const log = [];
for (const r of [undefined, null, 1, {}]) { const it = { [Symbol.iterator]() { return { next() { return { value: 'v', done: false }; }, return: r }; } }; try { const [a] = it; log.push(a); } catch (e) { log.push(e.name); } }
print(log.join());
//// iterator results need not be fresh objects
const r = { value: 0, done: false };
const it = { [Symbol.iterator]() { return { next() { r.value++; return r; } }; } };
const [a, b, ...[]] = { [Symbol.iterator]() { let n = 0; return { next() { r.value++; r.done = ++n > 3; return r; } }; } };
print(a, b, r.done);
//// done may be any true value
const of = d => ({ [Symbol.iterator]() { return { next() { return { value: 'v', done: d }; } }; } });
print([true, 1, 'x', {}, 0, '', null, undefined, NaN].map(d => { const [a = 'end'] = of(d); return a; }).join());
//// strings by code point
const [a, b, c, d] = 'x\u{1F600}y';
print(a, b.length, c, String(d));
const [hi, lo] = '\uD83Dz';
print(hi.length, lo);
//// sets, maps, generators
const [[k, v], second] = new Map([['k', 'v']]), [x, y] = new Set([5, 6, 7]);
function* g() { try { yield 1; yield 2; } finally { print('finally'); } }
const [one] = g();
print(k, v, String(second), x, y, one);
//// generators closed at the right time
const log = [];
function* g() { try { yield 1; log.push('resumed'); yield 2; } finally { log.push('closed'); } }
{ const [a] = g(); log.push('a' + a); }
{ const [a, b] = g(); log.push('b' + b); }
{ const [a, b, c] = g(); log.push('c' + c); }
print(log.join());
//// holes read undefined, also from the prototype
const list = [, 'b', ,];
Array.prototype[0] = 'proto';
const [a, b, c = 'd'] = list;
delete Array.prototype[0];
print(a, b, c);
//// an array that changes while it is taken apart
const list = [1, 2, 3];
const [a, b = 0, c] = [list].map(l => ({ [Symbol.iterator]() { const i = l[Symbol.iterator](); return { next() { const r = i.next(); if (l.length < 5) l.push('x'); return r; } }; } }))[0];
print(a, b, c, list.length);
//// an own Symbol.iterator of an array is used
const list = [1, 2, 3];
list[Symbol.iterator] = function* () { yield 'own'; };
const [a, b = 'none'] = list;
print(a, b);
//// a changed array iterator is used
const proto = Object.getPrototypeOf([][Symbol.iterator]()), next = proto.next;
let n = 0;
proto.next = function () { n++; return next.call(this); };
const [a, b] = [7, 8];
proto.next = next;
print(a, b, n);
//// Array.prototype[Symbol.iterator] replaced
const old = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function* () { yield 'r'; yield* old.call(this); };
const [a, b] = [1, 2];
Array.prototype[Symbol.iterator] = old;
print(a, b);
//// names of anonymous functions in defaults
const [a = () => {}, b = function () {}, c = class {}, d = (0, () => {}), e = function own() {}] = [];
print([a, b, c, d, e].map(f => f.name || '-').join());
//// let, var and const patterns
var [a, b = a] = [1];
let [c, ...d] = [b, 2, 3];
c++; d.push(4); a = 9;
print(a, b, c, d.join());
//// swapping by an assignment
let a = 1, b = 2, c = 3;
[a, b] = [b, a];
print(a, b);
[a, b, c] = [c, a, b];
print(a, b, c);
//// fibonacci by patterns
let [a, b] = [0, 1];
const list = [];
while (list.length < 8) { list.push(a); [a, b] = [b, a + b]; }
print(list.join());
//// the value of an assignment is its right side
let a, b;
const list = [1, 2, 3];
const got = [a, b] = list;
print(got === list, a + b, ([a] = 'q') === 'q');
//// assignment to members in order
const log = [], o = { set a(v) { log.push('a=' + v); }, set b(v) { log.push('b=' + v); } };
const at = k => (log.push('get ' + k), o);
[at(1).a, at(2)['b']] = [10, 20];
print(log.join());
//// the target is evaluated before the element is taken
const log = [];
const it = { [Symbol.iterator]() { let n = 0; return { next() { log.push('next'); return { value: n++, done: false }; } }; } };
const o = () => (log.push('target'), {}), k = () => (log.push('key'), 'k');
[o()[k()], o().x = log.push('default')] = it;
print(log.join());
//// a setter that throws closes the iterator
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('return'); return {}; } }; } };
try { [{ set x(v) { throw new RangeError(); } }.x] = it; } catch (e) { log.push(e.name); }
try { [(() => { throw new SyntaxError(); })().x] = it; } catch (e) { log.push(e.name); }
print(log.join());
//// rest in an assignment to a member
const o = {};
let h;
[h, ...o.tail] = [1, 2, 3];
[...o['all']] = 'ab';
print(h, o.tail.join(), o.all.join());
//// nested assignment patterns with defaults
let a, b, c;
[a, [b = 'B', [c] = ['C']] = []] = ['A'];
print(a, b, c);
[{ a, x: [b] }, ...[c]] = [{ a: 1, x: [2] }, 3];
print(a, b, c);
//// parentheses around targets
let a, o = {};
[(a), (o.x), (o)['y']] = [1, 2, 3];
print(a, o.x, o.y);
//// const as a target throws after earlier targets were set
const c = 0;
let a;
const log = [];
try { [a, c] = [1, 2]; } catch (e) { log.push(e.name); }
print(log.join(), a, c);
//// an unknown name as a target throws and closes
const log = [];
const it = { [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { log.push('return'); return {}; } }; } };
try { [neverDeclared] = it; } catch (e) { log.push(e.name); }
print(log.join());
//// in catch, for of and parameters
const out = [];
try { throw [1, [2]]; } catch ([a, [b]]) { out.push(a + b); }
for (const [a, [b = 'd'] = []] of [[1], [2, [3]]]) out.push(a + String(b));
out.push((([a, b] = [7, 8]) => a + b)(), (function ([a, ...r]) { return a + r.length; })('xyz'));
print(out.join());
//// array pattern as an expression inside others
let a, b;
const f = v => v;
print(f([a, b] = [1, 2]).join(), ([a] = [5]) && a, ([b] = [6]).length, b, typeof ([a, b] = [b, a]));
//// lone surrogates and order in a rest of a string
const [, ...r] = 'a\u{1F600}\uDC00b';
print(r.length, r.map(c => c.length).join());
//// many holes with an iterator
const log = [];
const it = { [Symbol.iterator]() { return { next() { log.push('n'); return { done: log.length > 2 }; }, return() { log.push('r'); return {}; } }; } };
const [, , , , x = 'x'] = it;
print(log.join(''), x);
//// null elements are kept, zero too
const [a = 1, [b] = [2], c = 3] = [null, undefined, 0];
print(String(a), b, c);
let x, y;
[x = 'd', y = 'e'] = [null, false];
print(String(x), y);
//// an iterator is closed once, after all parts, before what follows
const log = [], make = () => ({ [Symbol.iterator]() { return { next() { log.push('next'); return { value: undefined, done: false }; }, return() { log.push('closed'); return {}; } }; } });
const f = () => (log.push('default'), 1);
{ const [a = f(), b = f()] = make(), c = log.push('next declarator'); }
print(log.join());
//// an iterator with throwing parts is closed after an assignment that went well
const log = [], o = { set v(x) { log.push('set'); } };
const it = { [Symbol.iterator]() { return { next() { log.push('next'); return { value: 1, done: false }; }, return() { log.push('closed'); return {}; } }; } };
[o.v, o.v] = it;
for ([o.v] of [it, it]) log.push('body');
(([{ toFixed }]) => log.push('parameter'))(it);
print(log.join());
//// an iterator is closed after nested patterns, inner before outer
const log = [], make = (n, v) => ({ [Symbol.iterator]() { return { next() { return { value: v, done: false }; }, return() { log.push('close ' + n); return {}; } }; } });
const d = v => v;
const [[a = d(1)], b = d(2)] = make('outer', make('inner'));
let e;
[[e = d(1)], [e]] = [make('x'), make('y')];
print(log.join());
//// names of functions in assignment defaults
let a, b, c, o = {};
[a = () => {}, [b = function () {}] = [], o.p = () => {}, (c) = () => {}] = [];
print(a.name, b.name, o.p.name || '-', c.name || '-');
//// names of functions in nested defaults and parameters
const { x: [a = () => {}] = [], y: { b = class {} } = {} } = {};
const f = ([g = () => {}] = [], { h = function () {} } = {}) => g.name + h.name;
for (const [i = () => {}] of [[]]) print(a.name, b.name, f(), i.name);
//// an iterator that is no object is refused by patterns
String.prototype.next = function () { return { value: 'v', done: false }; };
const bad = { [Symbol.iterator]() { return 'text'; } }, kind = f => { try { return f(); } catch (e) { return e.name; } };
const out = [kind(() => { const [a] = bad; return a; }), kind(() => { const [] = bad; return 'fine'; }), kind(() => (([...r]) => r.length)(bad))];
delete String.prototype.next;
print(out.join());
//// a rest after the end is empty and does not ask again
const log = [];
const it = { [Symbol.iterator]() { let n = 0; return { next() { log.push('next'); return { value: n, done: n++ > 0 }; } }; } };
const [a, b, ...r] = it;
let c, s;
[c, , ...s] = it;
print(log.length, String(b), r.length, s.length, (([x, y, ...z]) => z.length)(it), log.length);
//// a generator that has ended gives a rest of nothing
const log = [];
function* g() { yield 1; log.push('end'); }
const it = g(), [a, b, ...r] = it, [...s] = it;
print(a, String(b), r.length, s.length, log.join());
//// errors close three nested iterators from the innermost on
const log = [], make = (n, v) => ({ [Symbol.iterator]() { return { next() { return { value: v, done: false }; }, return() { log.push(n); return {}; } }; } });
const fail = () => { throw new RangeError(); };
let a, b, c;
try { [[[a = fail()]]] = make('1', make('2', make('3'))); } catch (e) { log.push(e.name); }
try { [b, [c, [a = fail()]]] = make('x', make('y', make('z'))); } catch (e) { log.push(e.name); }
print(log.join());
//// errors close nested iterators of parameters and loops from the innermost on
const log = [], make = (n, v) => ({ [Symbol.iterator]() { let k = 0; return { next() { return { value: v, done: k++ > 3 }; }, return() { log.push(n); return {}; } }; } });
const f = ([[a = (() => { throw new RangeError(); })()]]) => a;
try { f(make('p1', make('p2'))); } catch (e) { log.push(e.name); }
try { for (const [[{ x }]] of make('loop', make('l1', make('l2', null)))) ; } catch (e) { log.push(e.name); }
try { throw make('c1', make('c2', null)); } catch (err) { try { const [[[y]]] = err; } catch (e) { log.push(e.name); } }
print(log.join());
//// an iterator that was closed already is not closed again when a later part fails
const log = [], make = (n, v) => ({ [Symbol.iterator]() { return { next() { return { value: v, done: false }; }, return() { log.push(n); return {}; } }; } });
const o = { set v(x) { throw new RangeError(); } };
try { [[], o.v] = make('outer', make('first')); } catch (e) { log.push(e.name); }
try { const [x = 0] = make('one'), [y = (() => { throw new SyntaxError(); })()] = make('two'); } catch (e) { log.push(e.name); }
print(log.join());

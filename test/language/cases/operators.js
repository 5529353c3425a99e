// SPDX-License-Identifier: MIT
//// nullish takes null and undefined only
print([null, undefined, 0, '', false, NaN].map(v => String(v ?? 'd')).join());
//// nullish does not evaluate what it does not need
const log = [], v = x => (log.push(String(x)), x);
print(v(0) ?? v('no'), v(null) ?? v(undefined) ?? v('end'), log.join());
//// nullish with parentheses among others
print((null || undefined) ?? 'a', (0 ?? 1) || 'b', null ?? (0 || 'c'), (1 ?? 2) && 'd', 1 + (null ?? 2) * 3, null ?? 1 + 1, false == null ?? 'x');
//// nullish evaluates its left side once
let n = 0;
const o = { get v() { n++; return null; }, get w() { n += 10; return 'w'; } };
print(o.v ?? 'd', o.w ?? 'd', n);
//// or and and give operands
print(0 || 'a', 'b' || 'c', 0 && 'd', 'e' && 'f', '' || null, NaN && 1, (1 && 0) || 'g', 1 || 0 && 2);
//// logical assignment short-circuits, without writing
const log = [];
const o = { get a() { log.push('get a'); return 1; }, set a(v) { log.push('set a'); }, get n() { log.push('get n'); return null; }, set n(v) { log.push('set n ' + v); } };
o.a ||= log.push('no'); o.a ??= log.push('no'); o.n &&= log.push('no'); o.n ??= 5; o.a &&= 6;
print(log.join());
//// logical assignment evaluates object and key once
let n = 0;
const o = { k: null }, obj = () => (n++, o), key = () => (n += 10, 'k');
obj()[key()] ??= 'v';
obj()[key()] &&= 'w';
obj().k ||= 'no';
print(n, o.k);
//// logical assignment on a frozen object throws only when it writes
const o = Object.freeze({ a: 1, b: 0 });
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => o.a ||= 2), kind(() => o.b ||= 2), kind(() => o.b &&= 2), kind(() => o.a ??= 2), kind(() => o.c ??= 3));
//// logical assignment values and chains
let a = null, b = 0, c = 'c';
const r = a ??= b ||= c &&= 'd';
print(r, a, b, c);
//// logical assignment of an unknown name
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => unknown ??= 1), kind(() => unknown ||= 1), kind(() => unknown &&= 1), typeof unknown);
//// optional chaining on values and members
const o = { a: { b: 1, f() { return this.b; } }, n: null };
print(o?.a?.b, o.n?.b, o.none?.b.c.d, o?.['a']?.['b'], o.a?.f(), o.none?.f(), o.a.g?.(), null?.x, undefined?.[0]);
//// optional chaining stops the whole chain
const log = [];
const o = { n: null };
print(o.n?.a.b.c[log.push('key')](log.push('argument')), log.length, String((o.n?.a)?.b));
try { (o.n?.a).b; } catch (e) { print(e.name); }
//// optional chaining does not stop at other missing values
const o = { a: {} };
try { o?.a.b.c; } catch (e) { print(e.name); }
try { o.a?.f(); } catch (e) { print(e.name); }
try { o.a.f?.().x; print('fine'); } catch (e) { print(e.name); }
try { o.a?.(); } catch (e) { print(e.name); }
//// optional calls keep this
const o = { n: 'o', f() { return this && this.n; }, in: { n: 'in', g() { return this.n; } } };
print(o.f?.(), o?.f(), o?.['f']?.(), (o?.f)(), (o.f)?.(), o.in?.g?.(), (0, o.f)?.());
//// optional chaining evaluates its base once
let n = 0;
const f = () => (n++, { a: { m() { return 'm'; } } });
print(f()?.a?.m?.(), f()?.['a']?.['m'](), n);
//// optional chaining with falsy values that are not null
print(''?.length, (0)?.toFixed(1), false?.toString(), NaN?.constructor.name, ''?.[0] === undefined);
//// delete with optional chaining
const o = { a: { x: 1, y: 2 } };
print(delete o?.a?.x, delete o.none?.x, delete o.none?.x.y.z, Object.keys(o.a).join(), delete o?.a['y'], 'y' in o.a);
//// optional chaining in conditions and with numbers
const o = { a: 1 }, t = true;
print(t?.5:1, t ?.5:2, o?.a ? 'yes' : 'no', !o.none?.b, typeof o.none?.b, o.none?.a ?? 'd', o?.a + 1);
//// optional calls with spreads, after new and after templates
const f = (...a) => a.length, n = null;
print(f?.(...[1, 2], 3), n?.(...[1]), new Map([[1, 2]])?.get(1), `x`?.length, [1, 2]?.[1], (() => 'r')?.(), new (class { m() { return 'n'; } })()?.m());
//// exponent binds to the right and tighter than times
print(2 ** 3 ** 2, 2 * 3 ** 2, (-2) ** 2, 2 ** -1, (2 ** 3) ** 2, 10 % 3 ** 2, -(2 ** 2));
//// exponent of odd values
print(NaN ** 0, 1 ** Infinity, (-8) ** (1 / 3), 0 ** 0, Object.is((-0) ** 3, -0), 2 ** 1024, (-1) ** 0.5, '2' ** '3', null ** 0, [3] ** 2);
//// exponent assignment and order of conversion
const log = [], v = n => ({ valueOf() { log.push(n); return n; } });
let x = 3;
x **= 2;
print(x, v(2) ** v(3), log.join());
const o = { p: 2 };
o.p **= 3; o['p'] **= 0.5;
print(o.p > 2.8 && o.p < 2.9, x **= x = 0.5);
//// the comma
let a = (1, 2, 3), n = 0;
const f = () => (n++, n++, n);
print(a, f(), (n = 10, n + 1), [(1, 2)].length);
for (var i = 0, j = 5; i < j; i++, j--) ;
print(i, j);
//// typeof of everything
print([undefined, null, true, 1, NaN, '', Symbol(), {}, [], () => {}, class {}, /x/, new Date(0), new String(''), function* () {}, async () => {}].map(v => typeof v).join());
//// typeof binds tightly and never throws for unknown names
print(typeof 1 + 1, typeof (1 + 1), typeof typeof 1, typeof unknownName, typeof unknownName === 'undefined', typeof void 0, typeof null?.x, typeof -1, typeof !1);
try { typeof unknownName.x; } catch (e) { print(e.name); }
//// void, delete and not
const o = { a: 1 };
print(void 'x', void 0 === undefined, delete o.a, delete o.none, delete 5, !'', !!'x', !!NaN, delete [][0], 'a' in o);
//// in
const o = { a: undefined, [Symbol.iterator]: 1, 5: 'x' }, p = Object.create(o);
print('a' in o, 'b' in o, Symbol.iterator in o, 5 in o, '5' in p, 'toString' in {}, 0 in [1], 1 in [1], 'length' in []);
const kind = v => { try { return 'x' in v; } catch (e) { return e.name; } };
print(kind('x'), kind(1), kind(null), kind(undefined), kind(Symbol()), kind(() => {}));
//// in evaluates left first and makes a key
const log = [];
const l = { toString() { log.push('key'); return 'k'; } }, r = () => (log.push('object'), { k: 1 });
print((log.push('left'), l) in r(), log.join());
//// instanceof walks prototypes
class A {} class B extends A {}
const b = new B();
print(b instanceof A, b instanceof Object, Object.create(null) instanceof Object, 1 instanceof Number, [] instanceof Array, A instanceof Function);
Object.setPrototypeOf(b, Array.prototype);
print(b instanceof A, b instanceof Array);
//// instanceof of what is no function, and prototypes that are no objects
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
function F() {}
F.prototype = 5;
print(kind(() => 1 instanceof {}), kind(() => ({}) instanceof 1), kind(() => ({}) instanceof null), kind(() => ({}) instanceof F), kind(() => 1 instanceof F));
//// Symbol.hasInstance
const even = { [Symbol.hasInstance](n) { return n % 2 === 0 ? 'yes' : ''; } };
class Never { static [Symbol.hasInstance]() { return false; } }
class Sub extends Never {}
print(2 instanceof even, 3 instanceof even, new Never() instanceof Never, new Sub() instanceof Sub, Function.prototype[Symbol.hasInstance].call(Never, new Never()));
//// Symbol.hasInstance that is not callable, null, or undefined
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
function F() {}
const with_ = v => { const G = function () {}; Object.defineProperty(G, Symbol.hasInstance, { value: v }); return G; };
print(kind(() => ({}) instanceof with_(null)), kind(() => ({}) instanceof with_(undefined)), kind(() => ({}) instanceof with_(5)), kind(() => ({}) instanceof { [Symbol.hasInstance]: undefined }));
//// instanceof of bound functions
class A {}
const B = A.bind(null), C = B.bind(null);
print(new A() instanceof B, new B() instanceof A, new C() instanceof C, ({}) instanceof B);
//// conversion order of plus
const log = [], v = (n, x) => ({ valueOf() { log.push(n + ' valueOf'); return x; }, toString() { log.push(n + ' toString'); return 'text'; } });
print(v('a', 1) + v('b', 2), v('c', {}) + 'x', log.join());
//// conversion by Date, wrappers and arrays
print(typeof (new Date(0) + 1), typeof (new Date(0) - 1), new Number(1) + new Number(2), new String('a') + 1, [] + {}, [1] + [2], [] + [], {} + '', null + 1, undefined + 1, true + true);
//// Symbol.toPrimitive hints
const o = { [Symbol.toPrimitive](h) { return h === 'number' ? 7 : h; } };
print(+o, o + '', `${o}`, o * 2, o == 'default', o < 8, [o] + '', -o, o - 0, Number(o), String(o), isNaN(o));
//// Symbol.toPrimitive that gives an object or is no function
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => +{ [Symbol.toPrimitive]() { return {}; } }), kind(() => +{ [Symbol.toPrimitive]: 5 }), kind(() => +{ [Symbol.toPrimitive]: null, valueOf() { return 3; } }), kind(() => +{ [Symbol.toPrimitive]: undefined }));
//// symbols in operators
const s = Symbol('s'), kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => s + ''), kind(() => +s), kind(() => s * 1), kind(() => s < s), kind(() => s == s), kind(() => s === Object(s)), kind(() => s == Object(s)), kind(() => !s), kind(() => ({ [s]: 1 })[s]), kind(() => s++));
//// loose equality
print(null == undefined, null == 0, '' == 0, '0' == false, [] == false, [1] == 1, NaN == NaN, 'a' == new String('a'), new String('a') == new String('a'), null == false, '1' == '01', [1, 2] == '1,2', ({}) == '[object Object]');
//// relations compare text by code unit, else numbers
print('10' < '9', '10' < 9, 'a' < 'B', 'a' < 'ab', null >= 0, undefined >= 0, NaN < 1, NaN >= 1, '\u{1F600}' < '\uFFFF', [2] > 1, 'x' < 1, true > false);
//// relations convert left first, also for greater
const log = [], v = n => ({ valueOf() { log.push(n); return 1; } });
v('a') < v('b'); v('c') > v('d'); v('e') <= v('f'); v('g') >= v('h');
print(log.join(''));
//// increments give old and new numbers
let a = '5', b = null, c, d = true, e = 'x';
print(a++, a, --b, b, c++, String(c), d++, d, e--, String(e), typeof a);
//// increments of members with getters, in order
const log = [];
const o = { get v() { log.push('get'); return '3'; }, set v(x) { log.push('set ' + typeof x + x); } };
const r = [o.v++, ++o.v, o['v']--, --o.v];
print(r.join(), log.join());
//// increments evaluate object and key once
let n = 0;
const o = { k: 1 }, f = () => (n++, o), k = () => (n += 10, 'k');
f()[k()]++; ++f().k; f()[k()] += 5; --f()[k()];
print(n, o.k);
//// increments convert by valueOf once
let n = 0;
let v = { valueOf() { n++; return 41; } };
const w = v++;
print(w, v, n);
//// increments of elements, computed and nested members
const l = [1, 2], o = { a: { b: [5] } };
let i = 0;
print(l[i++]++, l[i]--, i, l.join(), o.a.b[0]++, --o['a'].b['0'], o.a.b.join());
l[l[1]] += l[0]++;
print(l.join());
//// increments of what cannot be written
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
const o = Object.freeze({ v: 1 });
print(kind(() => o.v++), kind(() => null.x++), kind(() => undefined.x--), kind(() => 'abc'.length++), kind(() => ++unknown), kind(() => 'abc'[0]++));
//// minus, plus and tilde of everything
print(-'5', +'', +' 12 ', +'1e3', +'0x1f', +'0b11', +'1_0', -null, +[], +[7], +{}, ~5.9, ~~-5.9, ~'x', -(-1), + +'1', Object.is(-0, -'0'));
//// shifts
print(1 << 31, 1 << 32, 1 << -1, -1 >>> 0, -1 >> 1, -1 >>> 31, 5 >>> 1.9, 2 ** 32 >> 0, 2 ** 31 | 0, '8' >> '1', NaN << 1, 1 << 33);
//// bits
print(5 & 3, 5 | 3, 5 ^ 3, -1 & 0xff, 1.9 | 0, -1.9 | 0, 2 ** 33 + 1 & 3, null | 1, 'a' ^ 1, ~~'7', 0xffffffff ^ 0);
//// remainder and division
print(5 % -3, -5 % 3, Object.is(-4 % 2, -0), 5.5 % 2, 1 / 0, -1 / 0, 0 / 0, 1 % 0, Infinity % 2, 2 % Infinity, '7' % '4', 7 / '2');
//// plus with strings and numbers runs left to right
print(1 + 2 + '3', '1' + 2 + 3, 1 + '2' + 3, '1' - '2', '3' * '4' + 5, 1 + -'2', 'a' + + 'b', 1 + null + 'x', [] + null + 1);
//// compound assignments of all kinds
let x = 7;
const out = [];
x += 3; out.push(x); x -= 1; out.push(x); x *= 2; out.push(x); x /= 4; out.push(x); x %= 3; out.push(x); x <<= 4; out.push(x); x >>= 1; out.push(x); x >>>= 1; out.push(x); x |= 8; out.push(x); x &= 9; out.push(x); x ^= 15; out.push(x);
print(out.join());
//// compound assignment reads before the right side runs
let x = 1;
x += (x = 10, 5);
const o = { v: 1 };
o.v += (o.v = 100, 5);
o.v -= o.v = 2;
print(x, o.v);
//// compound assignment order on members
const log = [];
const o = { get k() { log.push('get'); return 1; }, set k(v) { log.push('set ' + v); } };
const obj = () => (log.push('obj'), o), key = () => (log.push('key'), 'k');
obj()[key()] += (log.push('right'), 2);
obj()[key()] = (log.push('right'), 3);
print(log.join());
//// assignment gives its value, not what the setter keeps
let seen;
const o = { set v(x) { seen = x; return 'ignored'; }, get v() { return 'got'; } };
print(o.v = 5, seen, o.v += '!', seen);
//// chained assignment runs from the right, targets from the left
const log = [], o = {}, t = n => (log.push(n), o);
t('a').x = t('b').y = (log.push('value'), 7);
print(log.join(), o.x, o.y);
//// the conditional operator
const log = [], v = x => (log.push(x), x);
print(v(1) ? v('a') : v('b'), v(0) ? v('c') : v('d'), 0 ? 1 : 2 ? 3 : 4, (1 ? 0 : 1) ? 'x' : 'y', log.join());
//// strict equality and Object.is
print(NaN === NaN, 0 === -0, Object.is(NaN, NaN), Object.is(0, -0), '1' === 1, null === undefined, [] === [], 'ab' === 'a' + 'b', Symbol.for('x') === Symbol.for('x'));
//// new binds to the nearest arguments
function F(v) { this.v = v; this.G = function (w) { this.v = w; }; }
F.H = function () { return { v: 'H' }; };
print(new F(1).v, new F.H().v, new new F(1).G(2).v, (new F).v === undefined, new F(new F(3).v).v, typeof new F);
//// delete on members that may not be deleted
const o = Object.freeze({ a: 1 }), l = [1, 2], kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => delete o.a), kind(() => delete o.b), kind(() => delete l.length), kind(() => delete l[0]), 0 in l, l.length, kind(() => delete null.x), kind(() => delete 'abc'.length), kind(() => delete 'abc'[0]), kind(() => delete (() => 1).name));
//// members of primitives and missing values
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => (5).x), kind(() => 'a'.x), kind(() => { (5).x = 1; }), kind(() => { 'a'.x = 1; }), kind(() => null.x), kind(() => undefined['x']), kind(() => { true.y = 1; }), kind(() => Symbol().x));
//// keys are converted after the base is checked
const log = [], key = { toString() { log.push('key'); return 'k'; } };
try { null[key]; } catch (e) { log.push(e.name); }
try { undefined[(log.push('expression'), key)]; } catch (e) { log.push(e.name); }
print(log.join());
//// regular expressions against division
let a = 4, g = 2;
print(a /g/ 2, a / /4/.source, [/=/.test('='), a++ / 2, (a) / 5].join(), typeof /x/g, +/5/.source / 5);
//// chains of unary operators
let x = 5;
print(- -x, + -x, !-x, typeof !x, void typeof x, -x++ + ++x, - --x, !!!x, ~-x, -~x, x);
//// logical assignment names no parenthesised target, names a plain one
let a, b = 1, o = {};
(a) ??= () => {}; b &&= () => {}; o.c ||= () => {};
print(a.name || '-', b.name, o.c.name || '-');
//// logical assignment with a getter on a prototype makes an own property
class A { get v() { return undefined; } set v(x) { Object.defineProperty(this, 'v', { value: x, writable: true }); } }
const o = new A();
o.v ??= 1; o.v ??= 2; o.v &&= o.v + 5;
print(o.v, o.hasOwnProperty('v'));
//// optional chaining as the head of longer expressions
const o = { f: () => ({ g: [() => 'deep'] }) }, n = null;
print(o?.f().g[0](), n?.f().g[0](), o.h?.().g[0](), (n?.f() ?? o).f().g.length, `${n?.x}`, n?.x || 'or', [n?.x].length, -n?.x);
//// an optional call of a value that is no function
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => (5)?.()), kind(() => ({ a: 1 }).a?.()), kind(() => ({ a: null }).a?.()), kind(() => 'x'?.y?.()), kind(() => ({}).a?.b()), kind(() => ({ a: {} }).a?.b()));
//// compound assignments with strings, objects and missing values
let s, t = 'a', d = { valueOf() { return 4; }, toString() { return 'x'; } };
s += 1; t += d; d += 1; let u = null; u += 'n'; let l = [1]; l += [2];
print(s, t, d, u, l, typeof l);
//// assignments inside conditions and arguments
let a, b;
if ((a = 0) || (b = 2)) print(a, b);
print((a = 5) + a, [a = 1, a, a += 2].join(), (b = a) === a, ((a), b));
//// nullish assignment keeps zero, empty text, false and NaN
let z = 0, e = '', f = false, n = NaN, u;
z ??= 1; e ??= 'x'; f ??= true; n ??= 2; u ??= 'u';
const o = { z: 0, e: '' }, l = [0, null];
o.z ??= 1; o['e'] ??= 'x'; l[0] ??= 5; l[1] ??= 6; o.u ??= 'new';
print(z, e === '', f, n, u, JSON.stringify(o), l.join());
//// nullish assignment gives what was there
let z = 0;
const o = { f: false, n: null, get g() { return ''; } };
print(z ??= 5, o.f ??= 1, o.n ??= 'set', (o.g ??= 1) === '', o.n);
//// nullish assignment of a private field and in a chain
class C { #f = false; #n = null; run() { const a = this.#f ??= 1, b = this.#n ??= 0, c = this.#n ??= 'no'; return [a, b, c, this.#f, this.#n].join(); } }
print(new C().run());
//// delete of a chain that was cut short is true
const n = null, o = { a: null };
print(delete n?.x, delete o.a?.b.c, delete o?.a?.[0], !delete undefined?.x, [delete n?.[(() => { throw 1; })()]].length);
//// delete of a chain on something that may not be deleted
const o = Object.freeze({ a: Object.freeze([1]) });
const kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => delete o?.a), kind(() => delete o.a?.[0]), kind(() => delete o.a?.length), kind(() => delete o?.b), kind(() => delete o.b?.c));
//// a chain in parentheses keeps this for a call
const o = { n: 'o', f() { return this ? this.n : 'none'; }, in: { n: 'in', f() { return this.n; } } };
print((o?.f)(), (o?.in.f)(), (o.in?.['f'])(1), (o?.['in']?.f)(...[1]), (0, o?.f)());
//// a chain in parentheses that is cut short and called
const n = null, kind = f => { try { return String(f()); } catch (e) { return e.name; } };
print(kind(() => (n?.f)()), kind(() => (n?.f)?.()), kind(() => (n?.f).x), kind(() => n?.f().g()), kind(() => (n?.a.b)?.c));
//// a chain in parentheses with a method that uses its object once
let n = 0;
const make = () => (n++, { v: 'v', get() { return this.v; } });
print((make()?.get)(), (make().get)?.(), (make()?.['get'])(), n);
//// delete of what is no member is true and evaluates it
let n = 0;
const f = () => ++n;
print(delete f(), delete (f(), 1), delete 'x', delete this, delete { a: 1 }, delete [1], delete (() => 1), delete -n, n);
//// delete in an expression
const o = { a: 1, b: 2 };
print((delete 5) + 1, delete o.a ? 'yes' : 'no', !(delete f()), [delete o.b, 'b' in o].join());
function f() {}
//// a private field in text is made a number by increments
class C { #s = '5'; #n = null; #u; run() { const a = this.#s++, b = this.#s, c = --this.#n, d = this.#u++; return [typeof a, a, b, c, d, this.#u].join(); } }
print(new C().run());
//// private increments: old value, new value, objects with valueOf
class C { #v = { valueOf() { return 7; } }; #w = '2'; run() { const a = this.#v--, b = this.#v, c = this.#w++ + this.#w, d = ++this.#w; return [a, b, c, d].join(); } }
print(new C().run());
//// private increments with other types
class C { #t = true; #e = ''; #x = 'x'; #l = [3]; run() { return [this.#t++, this.#t, this.#e--, this.#e, this.#x++, this.#x, this.#l++, typeof this.#l].join(); } }
print(new C().run());
//// parentheses on the right of operators of the same strength
const a = 20, b = 6, c = 3;
print(a - (b - c), a - (b + c), a / (b / c), a / (b * c), a % (b % 4), a * (b % 4), a << (b >> c), a - -(b - c), a + (b - c), 'x' + (b + c), (a - b) - c, a - b - c);
//// parentheses on the right of comparisons, bits and equality
const a = 5, b = 3, c = 1;
print(a < (b < c), (a < b) < c, a == (b == c), a !== (b !== c), a & (b & c), a | (b & c), (a | b) & c, a ^ (b | c), a >>> (b >>> c), a > (b > c) + 5);
//// parentheses around assignments, conditionals, commas and arrows among operators
let a = 1, b = 2;
print(a + (b = 3), (a ? b : 0) + 1, a - (b ? 1 : 2) - 1, (a, b) * 2, (a = b) - 1, typeof (a + b), !(a && b), -(a - b), (a || b) && 0, a * (b || 1), ((x) => x - 1)(4) - 1);
//// parentheses of powers
const a = 2, b = 3, c = 2;
print((a ** b) ** c, a ** (b ** c), a ** b ** c, (a * b) ** c, a * b ** c, (-a) ** b, -(a ** b), (a ** -b) ** -1, (+a) ** (b - 1), ((a)) ** ((b)), 2 ** (a ? 3 : 1), (a - b) ** c - c);
//// powers of members, calls, updates and unary operators
let x = 2;
const o = { v: 3, f: () => 2 };
print(o.v ** o.f(), o.f() ** o.v ** 1, x++ ** 2, ++x ** 2, (x--) ** (--x), (typeof x).length ** 2, (await_ => await_ ** 2)(5), [2][0] ** [3][0], (!0) ** 2, x);
//// spaces between signs
let a = 5, b = 2;
print(a - -b, a + +b, a - --b, a + ++b, a-- - --b, a++ + ++b, - -a, + +a, -(+a), !(-a), a - -(-b), ~-a, -~a);

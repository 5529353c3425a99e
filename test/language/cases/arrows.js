// SPDX-License-Identifier: MIT
//// this is that of the function around, whatever the call
const o = { n: 'o', make() { return () => this.n; } };
const f = o.make(), other = { n: 'other', f };
print(f(), other.f(), f.call({ n: 'call' }), f.bind({ n: 'bind' })());
//// this follows the call of the function around
function outer() { return (() => () => this)()(); }
const a = {}, b = {};
print(outer.call(a) === a, outer.call(b) === b, outer() === undefined);
//// arguments are those of the function around
function f() { const g = (a) => arguments[0] + a + arguments.length; return g('x', 'y', 'z'); }
print(f('A', 'B'));
//// arguments of an arrow in a default
function f(a, b = () => arguments.length) { return b(1, 2, 3, 4); }
print(f(1), f());
//// new.target of an arrow
function F() { return { t: (() => (() => new.target)())() }; }
print(new F().t === F, F().t === undefined);
//// an arrow is no constructor and has no prototype
const f = () => ({});
try { new f(); } catch (e) { print(e.name); }
print('prototype' in f, Object.getOwnPropertyNames(f).sort().join(), f.hasOwnProperty('prototype'));
//// instanceof an arrow throws
try { print({} instanceof (() => {})); } catch (e) { print(e.name); }
try { print(1 instanceof (() => {})); } catch (e) { print(e.name); }
//// an arrow may not be extended
const A = () => {};
try { class B extends A {} print('made'); } catch (e) { print(e instanceof TypeError); }
//// body of an expression, of an object, of a block
const a = () => 1, b = () => ({ x: 2 }), c = () => { x: 3 }, d = () => { return { x: 4 }; }, e = () => {};
print(a(), b().x, String(c()), d().x, String(e()));
//// body with a comma needs parentheses
const f = a => (a++, a * 2), g = (a => a, 5);
print(f(1), g);
//// arrows in arrows take the nearest parameters
const add = a => b => c => a + b + c, shadow = a => (a => a)(a + 1);
print(add(1)(2)(3), shadow(1));
//// names and lengths
const f = (a, b) => a, o = { g: (a, b = 1, c) => a, ['h' + 1]: () => 0 };
print(f.name, f.length, o.g.name, o.g.length, o.h1.name, (() => {}).name === '', (a => a).length);
//// parameters of every form
const f = ({ a, ...r }, [b, , c] = [1, 2, 3], d = a + b, ...e) => [a, b, c, d, e.length, Object.keys(r).join('')].join();
print(f({ a: 1, z: 0, y: 0 }), f({ a: 1 }, [5], 6, 7, 8));
//// one parameter named async, of, get or yield-like words
const f = async => async + 1, g = of => of * 2, h = get => get, i = (set, from) => set + from;
print(f(1), g(2), h(3), i(4, 5));
//// an arrow binds weaker than any operator
const f = a => a ? b => b : c => -c, g = x => x ?? 'none', h = x => x || (() => 7);
print(f(1)(2), f(0)(2), g(null), h(0)());
//// an arrow in a conditional and as an argument
const pick = (t) => t ? (x) => x + 1 : (x) => x - 1;
print([1, 2, 3].map(pick(true)).join(), [1, 2, 3].filter(x => x % 2).map(pick(false)).join(), [3, 1, 2].sort((a, b) => b - a).join());
//// an arrow called at once
print((() => 'a')(), ((...r) => r.length)(1, 2), (function () { return (() => this.k)(); }).call({ k: 'k' }));
//// no line end before the arrow, any after it
const f = (a) =>
  a + 1;
const g = (
  a,
  b = a
) => {
  return a * b;
};
print(f(1), g(3));
//// a regular expression and a division after an arrow
const f = x => /b/.test(x), g = (a) => { return a; }
/1/.test('1')
print(f('abc'), g(4) / 2);
//// this in an arrow in a method of a class
class C { constructor() { this.n = 1; this.up = () => ++this.n; } get() { return [1, 2].map(x => x * this.n).join(); } static make = () => this.name; }
const { up } = new C();
print(up(), up(), new C().get(), C.make());
//// this in an arrow before super
class A { constructor() { this.a = 'a'; } }
class B extends A { constructor(early) { const f = () => this.a; if (early) try { f(); } catch (e) { print(e.name); } super(); this.f = f; } }
print(new B(true).f(), new B(false).f());
//// super called in an arrow
class A { constructor(v) { this.v = v; } }
class B extends A { constructor() { const init = (...v) => super(...v); const r = init('v'); this.same = r === this; } }
const b = new B();
print(b.v, b.same);
//// super properties in an arrow
class A { hi() { return 'hi ' + this.n; } static s() { return 's' + this.k; } }
class B extends A { n = 'b'; hi() { return [0].map(() => (() => super.hi())())[0] + '!'; } static k = 1; static s() { return (() => super.s())(); } }
print(new B().hi(), B.s());
//// an arrow in a field takes the instance
class C { v = 1; f = () => () => this.v; static s = () => this === C; }
const a = new C(), b = new C();
a.v = 'a'; b.v = 'b';
print(a.f()(), b.f().call(a), C.s());
//// an arrow in a getter and a setter
const o = { n: 1, get v() { return (() => this.n)(); }, set v(x) { [x].forEach(y => { this.n = y * 2; }); } };
o.v = 21;
print(o.v, o.n);
//// an arrow in a generator uses its this and arguments
function* g() { const f = () => this.k + arguments.length; yield f(); yield (() => f())(); }
print([...g.call({ k: 'k' }, 1, 2)].join());
//// an arrow with a constant that hides
const x = 'outer';
const f = (y = x) => { const x = 'inner'; return y + x; };
print(f(), f('arg '));
//// destructuring in the head with a closure over it
const fs = [[1, { v: 'a' }], [2, { v: 'b' }]].map(([n, { v }]) => () => v.repeat(n));
print(fs.map(f => f()).join());
//// a recursive arrow by its name
const fact = n => n < 2 ? 1 : n * fact(n - 1);
const even = n => n === 0 || odd(n - 1), odd = n => n !== 0 && even(n - 1);
print(fact(5), even(10), odd(10));
//// call, apply and bind still give arguments
const f = (...a) => a.join('-');
print(f.call(null, 1, 2), f.apply(1, [3, 4]), f.bind({}, 5)(6));
//// async arrows keep this and arguments
const o = { k: 'k', async f() { await null; const g = async x => { await 0; return this.k + arguments[0] + x; }; return g('y'); } };
o.f('x').then(v => print(v));
//// typeof, toString tag and prototype of an arrow
const f = () => {};
print(typeof f, Object.prototype.toString.call(f), Object.getPrototypeOf(f) === Function.prototype, f instanceof Function);

// SPDX-License-Identifier: MIT
//// a function declaration, with its spaces and comments
function  add ( a, /* second */ b ) { // sum
  return a+b; }
print(String(add));
//// comments before and after are left out, inside they stay
const f = /* before */ function /* 1 */ named /* 2 */ ( /* 3 */ ) /* 4 */ { /* 5 */ } /* after */;
print(`${f}`);
//// arrows of every form
print(String(a=>a), String(( a , b )  =>  a + b), String(() => ({ x: 1 })), String(({ a }, [b] = [1], ...c) => { return a; }));
//// an arrow in parentheses has no parentheses
const f = ((a) => a), g = (((function () { return 1; })));
print(f.toString(), g.toString());
//// methods, named by words, texts, numbers and computed keys
const k = 'c', o = { m ( ) { return 1 }, 'a b'() {}, 5() {}, [ k + 1 ] ( x ) { }, get() {}, async() {} };
print(Object.keys(o).map(n => o[n].toString()).join(' | '));
//// getters and setters
const o = { get  v ( ) { return 1; }, set  v ( x ) { }, get ['w' + 1]() { return 2; } };
const d = Object.getOwnPropertyDescriptor(o, 'v');
print(String(d.get), '|', String(d.set), '|', String(Object.getOwnPropertyDescriptor(o, 'w1').get));
//// a function as a value of a property has no key
const o = { f: function () { }, g: () => 1, h: function h2 ( ) {} };
print(Object.keys(o).map(k => `${o[k]}`).join(' | '));
//// a class, all of its text
class  C  extends  Object { #p = 1;  constructor ( ) { super ( ) ; } /* note */ m() { return this.#p } static s = 2 ; }
print(String(C));
//// a class without constructor, anonymous, and its spaces
const A = class { }, B = class extends A {
  // inside
};
print(String(A), String(B), A.toString().length);
//// class members: static is not part of a method's text
class C { static s ( ) { } static async t() {} static *u() {} static get v() { return 1; } static [ 'w' ] () {} }
const d = Object.getOwnPropertyDescriptor(C, 'v');
print([C.s, C.t, C.u, d.get, C.w].map(String).join(' | '));
//// private methods and fields that are functions
class C { #m ( a ) { return a } f = ( ) => this; static #s = function ( ) { }; static get m() { return new C().#m; } static get s() { return C.#s; } }
print(String(C.m), '|', String(new C().f), '|', String(C.s));
//// the constructor of an instance is the class
class C { constructor(a) { this.a = a } }
print(String(new C(1).constructor) === String(C), String(C.prototype.constructor).slice(0, 7));
//// async functions, arrows and methods
async  function  f ( ) { await 1 }
const o = { async  m ( ) { }, a: async  x  =>  x, b: async ( ) => { } };
print(String(f), '|', String(o.m), '|', String(o.a), '|', String(o.b));
//// generators and their methods
function  *  g ( ) { yield  1 }
const o = { *  m ( ) { }, * [ 'k' ] ( ) { }, f: function* ( ) { } };
print(String(g), '|', String(o.m), '|', String(o.k), '|', String(o.f));
//// async generators
async  function  *  g ( ) { yield 1 }
const o = { async  *  m ( ) { } };
print(String(g), '|', String(o.m));
//// new syntax stays as it was written
const f = (a, ...b) => { let { c = 1 } = a ?? {}; const t = `x${c}`; for (const v of b) c ??= v?.w ** 2; return [...b, t]; };
print(String(f));
//// strings, escapes, regular expressions and numbers as written
const f = () => ['\x41\u{42}', "q'", /[/]\/x/g, 0x1F, 1_000, .5e1, `\n${'`'}`];
print(String(f));
//// lines inside a function
function f() {
  if (1) {
    return 2
  }


  // end
}
print(f.toString().split('\n').length, f.toString().endsWith('\n}'));
//// characters beyond ASCII
const f = () => 'é\u00e9 😀 ü', été = function été() { return 'ñ'; };
print(String(f), String(été), String(f).length);
//// nested functions give their own part
function outer() { function inner ( a ) { return () => a } return inner; }
print(String(outer()), '|', String(outer()(1)));
//// copies of one function have one text
const make = n => function  f ( ) { return n };
print(String(make(1)) === String(make(2)), String(make(1)));
//// default parameters and patterns with functions in them
function f ( a = function ( ) { } , { b = ( ) => 1 } = { } ) { return [ a , b ] }
print(String(f), '|', f().map(String).join(' | '));
//// built-ins, bound functions and proxies say native code
const native = f => /^function [\w\s]*\([^)]*\)\s*\{\s*\[native code\]\s*\}$/.test(String(f));
print(native(Math.max), native((() => 1).bind()), native(Array), native([].map), native(new Proxy(function () {}, {})));
//// toString of what is no function
for (const v of [{}, 'f', null]) try { Function.prototype.toString.call(v); print('fine'); } catch (e) { print(e.name); }
//// text of a function in conversions
const f = x => x + 1;
print(f + '', `${f}`, [f, f].join(';'), ({ [f]: 1 })[f], f == 'x => x + 1', String(f).length);
//// name and length changed leave the text
function f(a) { }
Object.defineProperty(f, 'name', { value: 'other' });
f.extra = 1;
print(String(f), f.name);
//// text of functions in loops, conditions and calls
const list = [];
for (let i = 0; i < 2; i++) list.push(( ) => i);
print(list.map(String).join(), String((true ? function yes ( ) { } : 0)), ((f) => f.toString())(async ( ) => 1), String(new (class { x = ( ) => 1 })().x));
//// text after a name, before a semicolon or a comma
const a = function () {}/* not this */, b = x =>
  x /* nor this */, c = y => { } ; // nor that
print(String(a) + '|' + String(b) + '|' + String(c));

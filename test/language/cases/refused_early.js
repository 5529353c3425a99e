// SPDX-License-Identifier: MIT
//// let twice
let first = 1;
print(first);
let first = 2;
//// let after const
const limit = 5;
function f() { return limit; }
let limit;
//// var after let
let count = 0;
var other, count = 1;
//// let after var in one block
{
  var x = 1;
  let x = 2;
}
//// a var that leaves the block of a let
let total = 0;
for (const n of [1, 2]) {
  if (n) {
    var total = n;
  }
}
//// function after let
let run = 1;
function run() {}
//// let after function
function go() {}
print(go.name);
let go = 1;
//// class after let
let Thing = 1;
class Thing {}
//// class after class
class A {}
class A extends Object {}
//// var after class
class Shape {}
{ var Shape = 1; }
//// two functions in one block
{
  function same() { return 1; }
  function same() { return 2; }
}
//// function and var in one block
{
  function f() {}
  var f;
}
//// parameter and let
function area(w, h) {
  const w = 2;
  return w * h;
}
//// parameter of an arrow and let
const double = value => {
  let value = 2;
  return value * 2;
};
//// parameter of a method and const
class A {
  set size(n) {
    const n = 1;
  }
}
//// catch parameter and let
try {
  print('x');
} catch (error) {
  let error = 1;
}
//// pattern of catch and var
try { } catch ({ name }) {
  var name = 1;
}
//// catch parameter twice in its pattern
try { } catch ([a, a]) { }
//// loop head and let of its body is fine but twice in the head is not
for (let i = 0, i = 1; i < 2; i++) print(i);
//// var in the body of a for-of with let
for (const key of ['a']) {
  var key = 1;
}
//// var in the body of a for-in with let
for (let k in {}) { { var k; } }
//// let twice in a pattern
const { left, right: { left } } = { left: 1, right: {} };
//// let twice in a pattern with rest
let [a, b, ...a] = [1, 2, 3];
//// lexical names of two cases
switch (1) {
  case 1:
    let found = 1;
    break;
  case 2:
    let found = 2;
}
//// a function and a let in two cases
switch (1) {
  case 1: function pick() {} break;
  default: const pick = 2;
}
//// a var inside a switch meets a let of the switch
switch (1) { case 1: let deep; case 2: { var deep; } }
//// let with the name let
let let = 1;
//// const with the name let in a pattern
const [let] = [1];
//// a class named let
class let {}
//// const without a value
const one = 1,
  two;
//// const without a value in a for head
for (const i; ; ) break;
//// a pattern without a value
let { a };
//// a var pattern without a value
var [a, b];
//// parameters of one name
function sum(a, b, a) { return a + b; }
//// parameters of one name in an arrow
const f = (x, x) => x;
//// parameters of one name through a pattern
function f(a, { b: a }) {}
//// parameters of one name through rest
const o = {
  m(first, ...first) {}
};
//// parameters of one name in a constructor
class P { constructor(x, y, x) { this.x = x; } }
//// a parameter named eval
function f(eval) {}
//// a parameter named arguments in an arrow
const f = (a, arguments) => 1;
//// a lone arrow parameter named eval
const f = eval => 1;
//// a variable named arguments
var arguments = 1;
//// a function named eval
function eval() {}
//// a class named eval
class eval {}
//// a catch parameter named eval
try { } catch (eval) { }
//// setting eval
eval = 1;
//// setting arguments in a function
function f() {
  arguments = [];
}
//// counting arguments up
function f() { arguments++; }
//// counting eval down
--eval;
//// eval as a target in a pattern
[eval] = [1];
//// arguments as a target in an object pattern
({ a: arguments } = { a: 1 });
//// arguments as the variable of for-of
for (arguments of []) ;
//// arguments in a field of a class
class A {
  n = arguments;
}
//// arguments in a field inside an arrow
class A { n = () => arguments.length; }
//// reserved words as variables
const ok = 1;
let interface = 2;
//// package is reserved
var package;
//// static is reserved as a name
function static() {}
//// yield is reserved in strict code
let yield = 1;
//// implements as an expression
print('x' + implements);
//// private as a parameter
const f = private => 1;
//// public in a shorthand
const o = { public };
//// protected as a label
protected: for (;;) break protected;
//// enum is always reserved
var enum = 1;
//// a keyword as a variable
let class = 1;
//// a keyword in a shorthand
const value = 1;
print({ value, if });
//// a keyword as the target of a shorthand pattern
const { a, new } = {};
//// a keyword with an escape as a keyword
\u0069f (1) print('x');
//// a keyword with an escape as a variable
var v\u0061r = 1;
//// let with an escape
l\u0065t
x = 1;
//// static with an escape in a class
class A {
  st\u0061tic m() {}
}
//// async with an escape
const f = \u0061sync x => 1;
//// of with an escape
for (const x o\u0066 []) ;
//// new.target with an escape
function f() { return new.t\u0061rget; }
//// get with an escape
const o = { g\u0065t x() { return 1; } };
//// a label used twice
outer: for (;;) {
  outer: for (;;) break outer;
}
//// break to a label that is not there
for (;;) {
  break nowhere;
}
//// continue to a label that is not there
loop: for (;;) {
  continue lop;
}
//// continue to the label of a block
block: {
  for (;;) { continue block; }
}
//// break outside
print('a');
break;
//// break in a function inside a loop
for (const x of [1]) {
  [1].forEach(() => { break; });
}
//// break to a label outside of the function
out: for (;;) {
  (function () { break out; })();
}
//// continue outside of a loop
if (true) {
  continue;
}
//// continue in a switch
switch (1) {
  case 1: continue;
}
//// return outside of a function
const x = 1;
if (x) return x;
//// return in a field
class A { x = return; }
//// new.target outside of a function
print(new.target);
//// new.target in an arrow outside
const f = () => new.target;
//// something else after new and a dot
function F() { return new.targe; }
//// new.target cannot be set
function F() { new.target = 1; }
//// super outside of a method
function f() { super.x; }
//// super in an arrow outside
const f = () => super.toString();
//// super called outside of a constructor
class A extends Object {
  m() { super(); }
}
//// super called in a class without extends
class A {
  constructor() {
    super();
  }
}
//// super called in a function inside a constructor
class A extends Object { constructor() { function f() { super(); } } }
//// super called in a static method
class A extends Object { static make() { super(1); } }
//// super called in a field
class A extends Object { x = super(); }
//// super called in a plain method
const o = { m() { super(); } };
//// super alone
class A { m() { return super; } }
//// super with optional chaining
class A { m() { return super?.x; } }
//// await in a plain function
function f() {
  const x = await g();
}
//// await in an arrow inside an async function
async function f() {
  [1].map(x => await x);
}
//// await as a parameter of an async function
async function f(await) {}
//// await in a default of an async function
async function f(a = await g()) {}
//// await in a default of an async arrow
const f = async (a = await 1) => a;
//// await as a variable in an async function
async function f() { let await = 1; }
//// await as the name of an async function expression
const f = async function await() {};
//// await as the parameter of an async arrow
const f = async await => 1;
//// await as a label in an async function
async function f() { await: for (;;) ; }
//// for await in a plain function
function f() {
  for await (const x of []) ;
}
//// for await with in
async function f() { for await (const x in {}) ; }
//// for await with three parts
async function f() { for await (let i = 0; i < 1; i++) ; }
//// yield as a parameter of a generator
function* g(yield) {}
//// yield in a default of a generator
function* g(a = yield 1) {}
//// yield in a plain function
function f() { yield 1; }
//// yield in a function inside a generator
function* g() { [1].forEach(function (x) { yield x; }); }
//// yield in an arrow of a generator
function* g() { const f = () => yield 1; }
//// yield in the parameters of an arrow in a generator
function* g() { (a = yield) => a; }
//// yield with an escape in a generator
function* g() { yi\u0065ld 1; }
//// yield star without a value
function* g() { yield *; }
//// yield in the middle of an expression
function* g() { 1 + yield 2; }
//// delete of a name
let x = 1;
delete x;
//// delete of a name in parentheses
const o = {};
delete ((o));
//// delete of a private member
class A { #x; m() { delete this.#x; } }
//// delete of an optional private member
class A { #x; m(o) { delete o?.#x; } }
//// assigning to a number
1 = 2;
//// assigning to a text
let a;
a = 'x' = 1;
//// assigning to a sum
let a = 1, b = 2;
a + b = 3;
//// assigning to this
function f() {
  this = {};
}
//// assigning to a template
`x` = 1;
//// assigning to an arrow
() => {} = 1;
//// assigning to a conditional
let a, b;
(a ? a : b) = 1;
//// assigning to a pattern in parentheses
let a;
({ a }) = { a: 1 };
//// assigning to an array pattern in parentheses
let a;
([a]) = [1];
//// adding to a pattern
let a;
[a] += 1;
//// a logical assignment to a pattern
let a;
({ a } ||= 1);
//// counting up a number
++5;
//// counting up twice
let i = 0;
i++++;
//// counting an assignment
let i = 0;
++(i = 1);
//// assigning to an optional chain
const o = {};
o?.a = 1;
//// adding to an optional chain
const o = {};
o?.a.b += 1;
//// counting an optional chain
const o = {};
o?.n++;
//// an optional chain as a target in a pattern
const o = {};
[o?.x] = [1];
//// an optional chain as the variable of a loop
const o = {};
for (o?.x of []) ;
//// an optional chain with a template
const o = {};
o?.tag`x`;
//// new with an optional chain
class A {}
new A?.();
//// a call in a pattern
const f = () => 1;
[f()] = [1];
//// a sum in an object pattern
let a = 1;
({ x: a + 1 } = {});
//// rest that is not last in a pattern
let a, b;
[...a, b] = [1, 2];
//// rest with a comma behind it
let a;
[...a,] = [1];
//// rest with a default
const [...a = [1]] = [];
//// rest with a default in an assignment
let a;
[...a = [1]] = [];
//// rest of an object into a pattern
const { ...{ a } } = {};
//// rest of an object that is not last
const { ...a, b } = {};
//// a rest parameter that is not last
function f(...a, b) {}
//// a rest parameter with a comma
const f = (...a,) => a;
//// a rest parameter with a default
function f(...a = []) {}
//// a rest parameter in a setter
const o = { set x(...a) {} };
//// a setter without a parameter
const o = {
  set x() {}
};
//// a setter with two parameters
class A { set x(a, b) {} }
//// a getter with a parameter
const o = { get x(a) { return a; } };
//// a static getter with a parameter
class A { static get x(a) {} }
//// two constructors
class A {
  constructor() {}
  m() {}
  constructor(x) {}
}
//// a getter named constructor
class A { get constructor() {} }
//// a generator named constructor
class A { *constructor() {} }
//// an async constructor
class A { async constructor() {} }
//// a static prototype
class A { static prototype() {} }
//// a static getter named prototype
class A { static get prototype() {} }
//// a static field named prototype
class A { static prototype = 1; }
//// a field named constructor
class A { constructor = 1; }
//// a static field named constructor
class A { static 'constructor' = 1; }
//// a private constructor
class A { #constructor() {} }
//// a private name that is not declared
class A {
  m() { return this.#missing; }
}
//// a private name outside of classes
const o = {};
print(o.#x);
//// a private name of another class
class A { #x = 1; }
class B { m(a) { return a.#x; } }
//// a private name twice
class A {
  #x = 1;
  #x = 2;
}
//// a private getter twice
class A { get #x() {} get #x() {} }
//// a private getter and a field
class A { get #x() {} #x; }
//// a private getter and a static setter
class A { get #x() {} static set #x(v) {} }
//// a private method and a getter
class A { #x() {} get #x() {} }
//// a private name of an object literal
const o = { #x: 1 };
//// a private name in an object literal's method
const o = { #x() {} };
//// a private name in front of in without a class
print(#x in {});
//// a private name alone
class A { #x; m() { return #x; } }
//// a private name on super
class A { #x; m() { return super.#x; } }
//// a private name and a space
class A { # x = 1; }
//// a private name twice around in
class A { #x; m(o) { return #x in #x in o; } }
//// __proto__ twice
const p = {};
const o = { __proto__: p, a: 1, '__proto__': p };
//// use strict with a default
function f(a = 1) {
  'use strict';
}
//// use strict with a pattern in an arrow
const f = ({ a }) => { 'use strict'; };
//// use strict with rest in a method
class A { m(...a) { "use strict"; } }
//// ?? with ||
const a = null, b = 1;
print(a || b ?? 2);
//// ?? before ||
const a = null;
print(a ?? 1 || 2);
//// ?? with && behind it
const a = null;
print(a ?? 1 && 2);
//// && before ??
print(1 && 2 ?? 3);
//// minus in front of a power
const x = 2;
print(-x ** 2);
//// typeof in front of a power
print(typeof 1 ** 2);
//// not in front of a power
print(1 + !2 ** 3);
//// await in front of a power
async function f() { return await 2 ** 2; }
//// delete in front of a power
const o = {};
delete o.x ** 2;
//// an initializer in the head of for-of
for (let x = 1 of []) ;
//// an initializer in the head of for-in
for (var x = 1 in {}) ;
//// two variables in the head of for-of
for (let a, b of []) ;
//// two variables in the head of for-in
for (const a, b in {}) ;
//// let as the name in for-of
for (let of []) ;
//// let as the name in the head of for-in
for (let let in {}) ;
//// async as the variable of for-of
let async;
for (async of []) ;
//// a number as the variable of for-of
for (1 of [2]) ;
//// for-of over a comma
for (const x of [1], [2]) ;
//// an arrow in a sum
const f = 1 + x => x;
//// an arrow on a new line
const f = (a)
  => a;
//// an async arrow on a new line
const f = async (a)
  => a;
//// async and its parameter on two lines
const f = async x
  => x;
//// an arrow with a number as parameter
const f = (a, 1) => a;
//// an arrow with a call as parameter
const f = (a, b()) => a;
//// an arrow with a member as parameter
const o = {};
const f = (o.x) => 1;
//// an arrow with a parameter in parentheses
const f = (a, (b)) => a;
//// an async arrow with a number
const f = async (1) => 1;
//// empty parentheses alone
const x = ();
//// parentheses with rest but no arrow
const x = (1, ...[2]);
//// an arrow called at once without parentheses
() => {}();
//// an arrow and an operator behind it
const f = () => {} || 1;
//// a shorthand with a default in a literal
const a = 1;
print({ a = 2 });
//// a shorthand of a number
const o = { 1 };
//// a shorthand of a text
const o = { 'a' };
//// a literal with a member
const o = { a.b };
//// a method of an object with async and a line
const o = {
  async
  m() {}
};
//// an async generator method of a class with a line
class A { async x
  *y() {} z w }
//// a label in front of a class
here: class A {}
//// a label in front of let
here: let x = 1;
//// a label in front of a function
here: function f() {}
//// a label in front of a generator
here: function* g() {}
//// a label in front of an async function
here: async function f() {}
//// an optional catch with parentheses
try { } catch () { }
//// a template with a bad escape
print(`a\u{110000}`);
//// a template with a bad octal
print(`a${1}\07`);
//// a template with a short hex escape
print(`
  \x1`);
//// super as a parameter default of a function
function f(a = super.x) {}
//// a default that names a private member nobody has
class A { m(a = this.#y) {} }

// SPDX-License-Identifier: MIT
//// a call without its end
const list = [3, 1, 2];
print(list.map(x => x * 2);
//// a call without a comma
print('a' 'b');
//// a call with two commas
print(1, , 2);
//// a parenthesis too many
const x = (1 + 2));
print(x);
//// a brace too many
function f() {
  return 1;
}
}
//// a brace too few
function f() {
  if (true) {
    return 1;
}
print(f());
//// a bracket closed by a parenthesis
const a = [1, 2);
//// a parenthesis closed by a bracket
const a = (1 + 2];
//// an array that does not end
const a = [
  1,
  2;
//// an object that does not end
const o = {
  a: 1,
  b: 2;
//// an object without a comma
const o = {
  a: 1
  b: 2
};
//// an object with a semicolon
const o = {
  a: 1;
  b: 2,
};
//// an object with an equal sign
const o = { a: 1, b = 2 };
//// an object with two commas
const o = { a: 1, , b: 2 };
//// a key without value
const o = { a: };
//// an object with a statement in it
const o = { return 1 };
//// a computed key that does not close
const o = { ['a': 1 };
//// if without parentheses
const x = 1;
if x > 0 print('yes');
//// if without a condition
if () print('x');
//// if without a statement
if (true)
}
//// else without if
const x = 1;
else print('x');
//// else after two statements
if (true) print('a'); print('b');
else print('c');
//// else twice
if (true) { } else { }
else { }
//// while without parentheses
while true { }
//// do without while
do {
  print('x');
}
print('y');
//// do with while but no condition
do { } while ;
//// a class as the body of if
if (true) class A {}
//// let as the body of if
if (true) let x = 1;
//// const as the body of while
while (false) const x = 1;
//// a function as the body of for
for (;;) function f() {}
//// a function as the body of if
if (true) function f() {}
//// a function as the body of else
if (true) { } else function f() {}
//// an async function as the body of if
if (true) async function f() {}
//// a generator as the body of do
do function* g() {} while (0);
//// for with one semicolon
for (let i = 0; i < 3) print(i);
//// for with three semicolons
for (let i = 0; i < 3; i++;) print(i);
//// for without parentheses
for let i = 0; i < 3; i++ { }
//// for with commas
for (let i = 0, i < 3, i++) { }
//// for-of without a list
for (const x of ) print(x);
//// for without anything
for () { }
//// for with from
const list = [1];
for (const x from list) print(x);
//// switch without parentheses
switch 1 { }
//// switch without braces
switch (1)
  case 1: print('x');
//// a statement in a switch before a case
switch (1) {
  print('x');
  case 1:
}
//// case without a colon
switch (1) {
  case 1 print('x');
}
//// case without a value
switch (1) {
  case : print('x');
}
//// default twice
switch (1) {
  default: print('a');
  case 1: break;
  default: print('b');
}
//// default with a value
switch (1) { default 1: }
//// case outside of a switch
const x = 1;
case 1: print(x);
//// default outside of a switch
default: print('x');
//// try alone
try {
  print('x');
}
print('y');
//// catch without try
print('x');
catch (e) { }
//// finally without try
{ } finally { }
//// try without braces
try print('x'); catch (e) { }
//// catch without braces
try { } catch (e) print(e);
//// catch with two parameters
try { } catch (a, b) { }
//// catch with a default
try { } catch (e = 1) { }
//// catch after finally
try { } finally { } catch (e) { }
//// throw without a value
throw;
//// throw and its value on two lines
const e = 1;
throw
  e;
//// return in a class body
class A {
  return 1;
}
//// a function without a body
function f()
print('x');
//// a function without parameters
function f { }
//// a function without a name
function () { }
//// a function with a dot in its name
function a.b() { }
//// a function with a number as parameter
function f(1) { }
//// a function with a text as parameter
function f(a, 'b') { }
//// a function with a member as parameter
function f(a.b) { }
//// parameters without a comma
function f(a b) { }
//// parameters with two commas
function f(a, , b) { }
//// parameters of another language
function f(a: number) { return a; }
//// a generator expression without parentheses
const g = function* { };
//// an arrow without a body
const f = () => ;
//// an arrow without an arrow
const f = (a, b) { return a; };
//// an arrow with an open body
const f = () => {
  print('x');
//// an async arrow without parentheses around two
const f = async a, b => 1;
//// an object as the body of an arrow with a second key
const f = () => { a: 1, b: 2 };
//// a method with the word function
class A { function m() {} }
//// a class with a variable
class A { let x = 1; }
//// a class with a comma
class A {
  a() {},
  b() {}
}
//// a class with a colon
class A { x: 1 }
//// two fields on a line
class A { x = 1 y = 2 }
//// a class without a name
class { }
//// a class with parentheses
class A() { }
//// extends without a class
class A extends { }
//// extends with an arrow
class A extends () => {} { }
//// a class extends two
class B { }
class A extends B, B { }
//// a class body that does not end
class A {
  m() { }
//// a class with a statement
class A {
  print('x');
}
//// static twice
class A { static static static x; }
//// async get in a class
class A { async get x() {} }
//// get with a star
class A { get *x() {} }
//// a static setter named prototype
class A { static set prototype(v) {} }
//// var without a name
var = 1;
//// let without a name
let ;
//// a variable with a number as name
const 1a = 1;
//// a variable with a dash
const my-name = 1;
//// a variable with a point
let a.b = 1;
//// two variables without a comma
let a = 1 b = 2;
//// a comma at the end of variables
let a = 1, b = 2, ;
//// a pattern with a call
let { a: b() } = {};
//// a pattern with a member in let
let [a.b] = [1];
//// a pattern with a text
const { 'a' } = {};
//// a plus at the end
const x = 1 +;
//// two operators
const x = 1 * / 2;
//// an operator at the beginning
const x = * 2;
//// a point at the end
const o = {};
print(o.);
//// a point and a text
const o = {};
print(o.'a');
//// a member with a number
const o = {};
print(o.1);
//// an index without a value
const a = [1];
print(a[]);
//// an index that does not close
const a = [1];
print(a[0);
//// a conditional without its second half
const x = true ? 1;
//// a conditional without its first half
const x = true ? : 1;
//// two statements on a line
const a = 1 print(a);
//// a word too many
retrun 1;
//// new without anything
const x = new ;
//// typeof without anything
print(typeof );
//// in without a right side
print('a' in );
//// spread outside of lists
const a = [1];
const b = ...a;
//// spread in parentheses alone
const a = [1];
print((...a));
//// spread as a condition
if (...[1]) { }
//// import
import x from 'x';
print(x);
//// import of names
print('a');
import { a, b } from './other.js';
//// import for its effects
import 'x';
//// import in a function
function f() { import a from 'a'; }
//// import.meta
print(import.meta);
//// export of a variable
const a = 1;
export const b = 2;
//// export default
export default function () { }
//// export of a list
const a = 1, b = 2;
export { a, b };
//// export of everything
export * from 'x';
//// with
const o = { a: 1 };
with (o) { print(o.a); }
//// a label without a statement
{ here: }
//// a label with a text
'here': for (;;) { }
//// a semicolon in front of else
if (true) print('a');; else print('b');
//// await at the top
const x = await Promise.resolve(1);
//// for await at the top
for await (const x of []) print(x);
//// yield at the top
const x = yield 1;
//// async without function in an object
const o = { async x: 1 };
//// let and a bracket on the next line
let
[0] = 1;
//// debugger with a value
debugger 1;
//// continue with an expression
for (;;) continue 1;
//// break with a text
for (;;) break 'x';
//// optional chaining without a name
const o = {};
print(o?.);
//// optional chaining of a number
const o = {};
print(o?.1);
//// nullish without a right side
print(null ?? );
//// a logical assignment without a value
let a;
a ||= ;
//// a power without a base
print(** 2);
//// an exclamation mark behind
print(true!);
//// not equal with a space
print(1 ! = 2);
//// less or equal the wrong way round
print(1 =< 2);
//// words for operators
print(1 and 2);
//// elif
if (false) { }
elif (true) { }
//// a comment of another language
print('a');
# a comment
//// then
if (true) then print('x');
//// a type in front of a variable
int x = 5;
//// foreach
foreach (const x of [1]) { }
//// far down in a program
const data = [1, 2, 3];
function total(list) {
  let sum = 0;
  for (const n of list) {
    sum += n;
  }
  return sum;
}
// a comment of a line
/* a comment
   of two lines */
const text = `a template
of two lines`;
print(total(data) text);
//// far to the right
const a = 1, b = 2, c = [a, b], d = { a, b, c }, e = () => d, f = 'text', g = /a(b)c/g, h = `t${a}t`, i = ;

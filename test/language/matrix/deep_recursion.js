// SPDX-License-Identifier: MIT
// Every way of recursing without end gives a RangeError after the same number of steps, wherever the engine was built.
//// recursion by plain calls
const recurse = function f() { return f() + 1; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a method
const recurse = () => { const o = { m() { return this.m() + 1; } }; o.m(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a getter
const recurse = () => { const o = { get g() { return this.g; } }; o.g; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a comparator
const recurse = function f() { [1, 2].sort(f); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a callback of map
const recurse = function f() { [1].map(f); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a callback of replace
const recurse = function f() { 'a'.replace('a', f); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a conversion to text
const recurse = () => { const o = { toString() { return '' + o; } }; '' + o; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a proxy
const recurse = () => { const p = new Proxy({}, { get(target, key) { return p[key]; } }); p.x; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a constructor
const recurse = () => { class A { constructor() { new A(); } } new A(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a derived class
const recurse = () => { class A { constructor() { new B(); } } class B extends A {} new B(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a class field
const recurse = () => { class A { f = new A(); } new A(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by spread generators
const recurse = function f() { return [...(function* () { yield f(); })()]; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by delegating generators
const recurse = () => { function* g() { yield* g(); } [...g()]; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by JSON.parse
const recurse = () => JSON.parse('['.repeat(5000) + ']'.repeat(5000));
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by JSON.stringify
const recurse = () => { let o = {}; for (let i = 0; i < 5000; i++) o = { o }; JSON.stringify(o); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by toJSON
const recurse = () => { const o = { toJSON() { return JSON.stringify(o); } }; JSON.stringify(o); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by a regular expression
const recurse = () => /(?:a|b)*c/.test('ab'.repeat(20000));
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by apply
const recurse = function f() { f.apply(null, []); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by bound functions
const recurse = function f() { f.bind(null)(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by an iterator
const recurse = () => { const it = { [Symbol.iterator]() { return [...it]; } }; [...it]; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by destructuring defaults
const recurse = () => { const f = ([a = f([])] = []) => a; f(); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by tagged templates
const recurse = () => { const f = (s, ...v) => f`${1}`; f``; };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by spread arguments
const recurse = () => { const f = (...a) => f(...a); f(1); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by flat
const recurse = () => { let a = []; for (let i = 0; i < 5000; i++) a = [a]; a.flat(Infinity); };
try { recurse(); print('ended'); } catch (e) { print(e.name); }
//// recursion by async calls
const later = async () => { await later(); };
later().catch(e => print(e.name));
//// recursion by async calls without await
const now = async () => now();
now().catch(e => print(e.name));

// SPDX-License-Identifier: MIT
// Programs that try to catch what cannot be caught: nothing may be printed after the limit.
//// catch around a loop
try { for (;;) ; } catch (e) { print('caught', e.name); }
print('after');
//// finally around a loop
try { for (;;) ; } finally { print('finally'); }
//// catch and loop again
for (;;) try { for (;;) ; } catch { continue; } finally { continue; }
//// return in finally
function f() { try { for (;;) ; } finally { return 'swallowed'; } }
print(f());
//// break in finally
x: try { for (;;) ; } finally { break x; }
print('after');
//// catch in an async function
(async () => { try { for (;;) await null; } catch (e) { print(e.name); } finally { print('finally'); } })().catch(() => print('outside'));
//// catch of a promise
new Promise(() => { for (;;) ; }).catch(() => print('catch')).finally(() => print('finally'));
//// a then that does not end
Promise.resolve().then(() => { for (;;) ; }).then(() => print('a'), () => print('b'));
setTimeout(() => print('timer'), 0);
//// finally of a generator
function* g() { try { for (;;) yield 1; } finally { print('closed'); } }
for (const x of g()) ;
//// a generator that goes on in finally
function* g() { for (;;) try { for (;;) ; } finally { yield 'saved'; } }
for (const x of g()) print(x);
//// return of an iterator
const it = { [Symbol.iterator]() { return this; }, next: () => ({ value: 1 }), return() { print('closed'); return {}; } };
for (const x of it) for (;;) ;
//// memory and catch
const keep = [];
try { for (;;) keep.push('x'.repeat(100000) + keep.length); } catch (e) { keep.length = 0; print('caught'); }
//// memory and finally
let s = 'x';
try { for (;;) s += s; } finally { s = ''; print('finally'); }
//// memory and a generator
function* g() { const keep = []; try { for (;;) keep.push(new Uint8Array(1e5)); } finally { yield 'saved'; } }
for (const x of g()) print(x);
//// memory and an async function
(async () => { const m = new Map(); for (;;) try { for (let i = 0; ; i++) { m.set(i, [i]); if (i % 100 === 0) await 0; } } catch { m.clear(); } })();
//// a catch inside a sort
try { [3, 2, 1].sort(() => { for (;;) try { for (;;) ; } catch { } }); } catch { print('caught'); }
//// a catch inside a getter and a proxy
const p = new Proxy({}, { get() { try { for (;;) ; } catch { return 'saved'; } } });
try { print(p.x); } catch { print('caught'); }
//// a catch inside a conversion
const o = { toString() { try { for (;;) ; } finally { return 'saved'; } } };
print(`${o}`);
//// a catch inside toJSON and a reviver
try { print(JSON.stringify({ toJSON() { for (;;) ; } })); } catch { JSON.parse('[1]', () => { for (;;) ; }); print('caught'); }
//// a catch inside a replace
print('x'.replace(/x/, () => { try { for (;;) ; } catch { return 'saved'; } }));
//// a constructor that goes on
class A { constructor() { try { for (;;) ; } catch { } } }
class B extends A { constructor() { try { super(); } finally { print('finally'); } } }
new B();
//// catch with a pattern
for (;;) try { for (;;) ; } catch ({ name, message = print(name) }) { print(message); }
//// recursion that catches its own depth and the limit
function f(n) { try { return f(n + 1); } catch { return f(n + 1); } finally { f(n); } }
f(0);

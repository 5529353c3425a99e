//// the place of an error made by new
function places(e, n) { return e.stack.split('\n').slice(1, n + 1).map(s => s.replace(/^ +at /, '').replace(/[^ (]*:(\d+:\d+)\)?$/, '$1').replace(/\(/, '')).join(' | '); }
function f() {
  throw new TypeError('x');
}
try { f(); } catch (e) { print(places(e, 1)); }
//// the place of a call in an expression
function places(e, n) { return e.stack.split('\n').slice(1, n + 1).map(s => s.replace(/^ +at /, '').replace(/[^ (]*:(\d+:\d+)\)?$/, '$1').replace(/\(/, '')).join(' | '); }
function deep() { return new Error('x'); }
function f(a) {
  return [1, a + 2, deep()][2];
}
print(places(f(1), 2));
//// the place of a method call is its name
function places(e, n) { return e.stack.split('\n').slice(1, n + 1).map(s => s.replace(/^.*:(\d+:\d+)\)?$/, '$1')).join(' | '); }
const o = { a: { m() { return new Error('x'); } } };
function f() {
  return o.a.m();
}
print(places(f(), 2));
//// the place of a read from undefined
function places(e, n) { return e.stack.split('\n').slice(1, n + 1).map(s => s.replace(/^.*:(\d+:\d+)\)?$/, '$1')).join(' | '); }
function f(x) {
  const y = 1;
  return y + x.name.first;
}
try { f({}); } catch (e) { print(places(e, 1)); }
try { f(undefined); } catch (e) { print(places(e, 1)); }
//// the place of a missing name
function f() {
  return 1 +
    missing;
}
try { f(); } catch (e) { print(e.stack.split('\n')[1].replace(/^.*:(\d+:\d+)\)?$/, '$1')); }
//// frames of async functions and generators
function lines(e) { return e.stack.split('\n').slice(1).map(s => s.replace(/^.*:(\d+):\d+\)?$/, '$1'))[0]; }
async function later() {
  await 0;
  throw new Error('x');
}
later().catch(e => print(lines(e)));
function* g() {
  yield 1;
  null.x;
}
try { [...g()]; } catch (e) { print(lines(e)); }
//// columns count characters and not bytes
function f() {
  const t = 'äöü→'; return t.x.y;
}
try { f(); } catch (e) { print(e.stack.split('\n')[1].replace(/^.*:(\d+:\d+)\)?$/, '$1')); }
//// the first line is name and message
class Odd extends Error { get name() { return 'Odd'; } }
print(new RangeError('no').stack.split('\n')[0], new Error().stack.split('\n')[0]);
//// errors of constructors and class fields
function places(e, n) { return e.stack.split('\n').slice(1, n + 1).map(s => s.replace(/^.*:(\d+:\d+)\)?$/, '$1')).join(' | '); }
class A {
  constructor() { throw new Error('x'); }
}
class B { x = null.y; }
function f() {
  return new A();
}
try { f(); } catch (e) { print(places(e, 2)); }
try { new B(); } catch (e) { print(places(e, 1)); }
//// a stack can be written
const e = new Error('x');
e.stack = 'mine';
print(e.stack, Object.keys(e).length);

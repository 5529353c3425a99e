// SPDX-License-Identifier: MIT
//// operands of binary operators from left to right
const log = [], v = x => (log.push(x), x);
v(1) + v(2) * v(3) - v(4) / v(5); v(6) < v(7) === v(8); v(9) ** v(10) ** v(11);
print(log.join());
//// both operands are evaluated before either is converted
const log = [], v = n => (log.push('eval ' + n), { valueOf() { log.push('convert ' + n); return 1; } });
v('a') + v('b'); v('c') < v('d'); v('e') == 1; v('f') & v('g');
print(log.join());
//// callee, arguments, call
const log = [], v = (n, x) => (log.push(n), x);
v('object', { m(...a) { log.push('call'); } })[v('key', 'm')](v('first'), v('second', 1));
v('function', () => log.push('called'))(v('argument'));
print(log.join());
//// a member is read before its arguments are evaluated
const log = [];
const o = { get m() { log.push('get m'); return () => log.push('call'); } };
o.m(log.push('argument'));
const p = { f: () => 'old' };
print(p.f(p.f = () => 'new'), log.join());
//// a callee is checked after its arguments
const log = [];
try { ({}).none(log.push('a')); } catch (e) { log.push(e.name); }
try { null.x(log.push('never')); } catch (e) { log.push(e.name); }
try { unknown(log.push('never 2')); } catch (e) { log.push(e.name); }
let five = 5;
try { five(log.push('b')); } catch (e) { log.push(e.name); }
print(log.join());
//// new evaluates its callee, then arguments, then checks
const log = [], v = (n, x) => (log.push(n), x);
try { new (v('callee', 5))(v('argument')); } catch (e) { log.push(e.name); }
new (v('class', class { constructor() { log.push('constructor'); } }))(v('a'), v('b'));
print(log.join());
//// a variable is read when it is reached
let x = 1;
const a = x + (x = 10) + x, b = [x, x++, x, --x, x].join(), f = (...r) => r.join();
print(a, b, f(x, x += 1, x), x);
x = 1;
print(x + x++ + x + ++x, x);
//// a function changed by its own argument
let f = v => 'first ' + v;
const change = () => { f = v => 'second ' + v; return 'arg'; };
print(f(change()), f('x'));
//// the target of an assignment before its value
const log = [], v = (n, x) => (log.push(n), x);
v('object', {})[v('key', 'k')] = v('value', 1);
print(log.join());
//// an assignment to a member of null evaluates the value first
const log = [];
try { null.x = log.push('value'); } catch (e) { log.push(e.name); }
try { undefined[log.push('key')] = log.push('value'); } catch (e) { log.push(e.name); }
print(log.join());
//// compound assignment to a member of null fails before the value
const log = [];
try { null.x += log.push('value'); } catch (e) { log.push(e.name); }
try { undefined[log.push('key')] += log.push('value'); } catch (e) { log.push(e.name); }
print(log.join());
//// an object replaced while its member is assigned
let o = { n: 'old' };
const old = o;
o.x = (o = { n: 'new' }).n;
print(old.x, String(o.x));
let l = [1, 2, 3], i = 0;
l[i] = i = 2;
print(l.join(), i);
//// an index changed in the right side
const l = [0, 0, 0];
let i = 0;
l[i++] = i++; l[i] = l[i - 1] = i;
print(l.join(), i);
//// array literals
const log = [], v = x => (log.push(x), x);
[v(1), , v(2), ...v([3]), v(4)];
print(log.join());
//// object literals: keys with their values
const log = [], v = x => (log.push(x), x);
({ a: v(1), [v('b')]: v(2), ...v({}), get c() { return v('never'); }, [v('d')]() { v('never'); }, e: v(3) });
print(log.map(x => typeof x === 'object' ? 'o' : x).join());
//// conditional operators evaluate one side
const log = [], v = x => (log.push(x), x);
v(0) ? v('a') : v('b'); v(1) && v(2) || v('c'); v(null) ?? v('d'); v(0) && v('e'); v(1) || v('f');
print(log.map(String).join());
//// declarations one after the other
const log = [], v = x => (log.push(x), x);
var a = v(1), b = v(a + 1); let c = v(3), d; const e = v(4);
print(log.join(), a + b + c + e);
//// parameters before the body, defaults in turn
const log = [], v = x => (log.push(x), x);
function f(a = v('a'), { b = v('b') } = v({}), ...[c = v('c')]) { v('body'); return v('return'); }
f(); f(1, { b: 2 }, 3);
print(log.map(x => typeof x === 'object' ? 'o' : x).join());
//// class parts
const log = [], v = (n, x) => (log.push(n), x);
class C extends v('heritage', class {}) { [v('method', 'm')]() {} static [v('static', 's')] = v('static value', 1); [v('field', 'f')] = v('field value', 1); get [v('getter', 'g')]() { return 1; } static t = v('second static'); }
log.push('|'); new C();
print(log.join(' '));
//// template parts and a tag
const log = [], v = x => (log.push(x), x);
v(() => log.push('tag call'))`${v(1)}${v(2)}`;
`${v(3)}${v(4)}`;
print(log.filter(x => typeof x !== 'function').join());
//// a return value before finally
const log = [], v = x => (log.push(x), x);
let n = 1;
const f = () => { try { return v(n); } finally { n = 2; v('finally'); } };
print(f(), n, log.join());
//// a switch compares in order until one fits
const log = [], v = x => (log.push(x), x);
switch (v(2)) { case v(1): case v(2): v('body'); case v(3): v('fall'); break; case v(4): default: v('no'); }
print(log.join());
//// a switch tries all cases before its default in the middle
const log = [], v = x => (log.push(x), x);
switch (v('x')) { case v(1): break; default: v('default'); case v(2): v('fall'); break; case v(3): v('no'); }
print(log.join());
//// parts of a for loop
const log = [], v = (n, x) => (log.push(n), x);
for (let i = v('init', 0); v('test', i < 2); v('update', i++)) v('body');
print(log.join());
//// a for in head with a member target
const log = [], o = {};
for ((log.push('target'), o).k in (log.push('object'), { a: 1, b: 2 })) log.push(o.k);
print(log.join());
//// delete, typeof, void evaluate their operand
const log = [], v = (n, x) => (log.push(n), x);
delete v('a', {})[v('key', 'k')]; typeof v('b'); void v('c'); !v('d'); -v('e', 1);
print(log.join());
//// in and instanceof
const log = [], v = (n, x) => (log.push(n), x);
v('key', 'a') in v('object', {}); v('value', {}) instanceof v('class', Object);
try { v('left', 'k') in v('right', 5); } catch (e) { log.push(e.name); }
print(log.join());
//// yield and its place among operands
const log = [];
function* g() { const r = [log.push('first'), yield 'a', log.push('second'), yield 'b']; return r.length + (yield 'c') * (yield 'd'); }
const it = g();
print([it.next().value, it.next().value, it.next().value, it.next(2).value, it.next(3).value].join(), log.join());
//// an operand read before a yield keeps its value
let x = 1;
const o = { v: 1, f() { return this.v; } };
function* g() { return [x + (yield), x, o.v + (yield), o.f() + (yield), `${x}${yield}${x}`].join(); }
const it = g();
it.next(); x = 10; it.next(5); o.v = 100; it.next(5); it.next(1); x = 7;
print(it.next('-').value);
//// an operand read before an await keeps its value
let x = 1;
const o = { n: 0 };
async function f() { x += await 5; o.n = o.n + await (o.n = 3); const list = [x, await (x = 50), x]; return list.join() + ':' + o.n; }
f().then(print);
x = 100;
//// a method's object is kept over a yield in its arguments
let o = { n: 'old', m(a) { return this.n + a; } };
function* g() { return o.m(yield); }
const it = g();
it.next(); o = { n: 'new', m() { return 'wrong'; } };
print(it.next('!').value);
//// the target of an assignment is kept over a yield
let o = { n: 'old' };
const old = o;
function* g() { o.v = yield; o[yield 'key'] = yield 'value'; }
const it = g();
it.next(); o = {}; it.next('first');
print(old.v, 'v' in o);
const second = o;
it.next('k'); o = {}; it.next('second');
print(second.k, 'k' in o);
//// a variable on the left is read before a function on the right changes it
let x = 1;
const set = v => { x = v; return v; };
print(x + set(5), x * set(2) - x, x === set(9), x < set(1), `${x}${set(3)}${x}`, [x, set(4), x].join());
//// a local that a closure changes while its sum is made
function f() { let n = 1; const up = () => ++n; const a = n + up() + n, b = n - up(), c = n + (up(), n) * up(), d = n + '' + up(); return [a, b, c, d, n].join(); }
print(f());
//// a parameter that a closure changes while it is compared
function f(a, b = () => { a += 10; return a; }) { return [a < b(), a == b(), a + b(), a in { [b()]: 1 }, a & b()].join(); }
print(f(1));
//// a variable on the left of its own assignment and update
let x = 2;
const a = x * (x = 5), b = x + x++, c = x - --x, d = x ** (x -= 3), e = x + (x *= 2) + x;
print([a, b, c, d, e, x].join());
//// arguments that are variables changed by later arguments
let x = 1;
const f = (...a) => a.join(), inc = () => ++x;
print(f(x, inc(), x, x = 7, x), f(x, (x = 8, x), inc()), [x, inc()].join(), { a: x, b: inc() }.a);
//// an array on the left whose index changes on the right
let i = 0, l = [10, 20, 30];
const next = () => ++i;
print(l[i] + next(), l[i] + l[next()], (l[i--] = i, l.join()), l[i] + (l = [1, 2, 3])[i]);
//// a base and a key read before a call on the right changes both
let o = { k: 'first' }, k = 'k';
const change = () => { o = { k: 'second', m: 'm' }; k = 'm'; return '!'; };
const old = o;
o[k] += change();
print(old.k, o.k, o[k] + change(), k);
//// the last value of a comma is read before what follows changes it
let n = 1;
const up = () => ++n;
print((up(), n) * up(), (0, n) + up(), (up(), n) - (up(), n), (n, n) + (n = 10) + n);
//// the value of a conditional or a logical operator is read before what follows changes it
let x = 2;
const set = v => x = v;
print((true ? x : 0) + set(5), (x || 1) * set(3), (null ?? x) - set(9), (x && x) + set(1), (x) + set(4), (x = 6) + set(7) + x);

// SPDX-License-Identifier: MIT
//// then passes the value on
Promise.resolve(1).then(v => v + 1).then(v => { print('got', v); return 'x'; }).then(print);
//// then without handlers lets values and reasons through
Promise.resolve('value').then().then(null, null).then(v => print(v));
Promise.reject('reason').then(undefined).then(5).catch(r => print(r));
//// a handler runs never in the same turn
let state = 'before';
Promise.resolve().then(() => print(state));
state = 'after';
//// catch brings back to the good side
Promise.reject(new TypeError('a')).catch(e => e.name).then(v => print('then', v), () => print('no'));
//// a throw in then goes to the next catch only
Promise.resolve(1)
  .then(() => { throw new RangeError('r'); }, () => print('same then is not asked'))
  .then(() => print('skipped'))
  .catch(e => print(e.name));
//// a throw in catch goes on
Promise.reject(1).catch(() => { throw new EvalError('second'); }).catch(e => print(e.name));
//// finally passes values and reasons on
Promise.resolve(3).finally(() => 99).then(v => print('value', v));
Promise.reject(4).finally(() => 99).catch(v => print('reason', v));
//// finally is called without arguments
Promise.resolve('in').finally(function () { print(arguments.length); });
Promise.reject('in').finally((...a) => print(a.length)).catch(() => {});
//// a throw in finally replaces the ending
Promise.resolve(1).finally(() => { throw new SyntaxError('f'); }).catch(e => print(e.name));
Promise.reject(new TypeError('lost')).finally(() => { throw new RangeError('won'); }).catch(e => print(e.name));
//// finally waits for what it returns
const log = [];
Promise.resolve('v').finally(() => new Promise(r => setTimeout(() => { log.push('slow'); r('ignored'); }, 5)))
  .then(v => print(log.join(), v));
//// finally with a rejected promise rejects
Promise.resolve('v').finally(() => Promise.reject('bad')).then(print, r => print('rejected', r));
//// finally with something not callable is then of both
Promise.resolve(7).finally(undefined).then(v => print(v));
Promise.reject(8).finally('text').catch(v => print(v));
//// all keeps the order of its input
const later = (v, ms) => new Promise(r => setTimeout(r, ms, v));
Promise.all([later('a', 30), later('b', 10), 'c', later('d', 20)]).then(v => print(v.join(''), Array.isArray(v)));
//// all of nothing
let early = true;
Promise.all([]).then(v => print('length', v.length, early));
early = false;
//// all rejects with the first reason
Promise.all([new Promise(() => {}), Promise.reject('one'), Promise.reject('two')]).then(print, r => print(r));
//// all takes any iterable
Promise.all(new Set([1, Promise.resolve(2)])).then(v => print(v.join()));
Promise.all('xyz').then(v => print(v.join('-')));
Promise.all((function* () { yield 1; yield Promise.resolve(2); })()).then(v => print(v.length));
//// all of something that is not iterable rejects
Promise.all(5).catch(e => print(e.name));
Promise.all().catch(e => print(e.name));
print('not thrown');
//// all closes the iterator when resolve throws
const iterator = { [Symbol.iterator]() { return this; }, next: () => ({ done: false, value: 1 }), return() { print('closed'); return {}; } };
class P extends Promise { static resolve() { throw new RangeError('resolve'); } }
P.all(iterator).catch(e => print(e.name));
//// allSettled tells of both sides
Promise.allSettled([1, Promise.reject('x'), Promise.resolve('y')]).then(list => print(JSON.stringify(list)));
//// allSettled objects have plain members in order
Promise.allSettled([Promise.reject(1), 2]).then(([a, b]) => print(Object.keys(a).join(), Object.keys(b).join(), Object.getPrototypeOf(a) === Object.prototype));
//// race is won by the first settled
const after = (ms, v, f = 'resolve') => new Promise((res, rej) => setTimeout(f === 'resolve' ? res : rej, ms, v));
Promise.race([after(9, 'slow'), after(3, 'fast')]).then(v => print(v));
Promise.race([after(9, 'slow'), after(2, 'angry', 'reject')]).catch(v => print(v));
//// race prefers the earlier of two that are settled
Promise.race([Promise.resolve('first'), 'second']).then(v => print(v));
Promise.race([new Promise(() => {}), Promise.reject('r'), 1]).then(print, r => print('rejected', r));
//// any gives the first success
Promise.any([Promise.reject(1), Promise.resolve(2), 3]).then(v => print(v));
//// any of failures is an AggregateError
Promise.any([Promise.reject('a'), Promise.reject('b')]).catch(e => print(e.name, e instanceof AggregateError, e instanceof Error, e.errors.join()));
//// any of nothing rejects
Promise.any([]).catch(e => print(e.name, e.errors.length, Array.isArray(e.errors)));
//// any keeps errors in the order of the input
const fail = (ms, v) => new Promise((_, rej) => setTimeout(rej, ms, v));
Promise.any([fail(20, 'slow'), fail(5, 'quick')]).catch(e => print(e.errors.join()));
//// a thenable is adopted
const thenable = { then(ok) { print('asked'); ok('adopted'); } };
Promise.resolve(thenable).then(v => print(v));
print('not yet asked');
//// a thenable that throws after it resolved
Promise.resolve({ then(ok) { ok(1); throw new Error('ignored'); } }).then(v => print(v), () => print('no'));
Promise.resolve({ then() { throw 'thrown'; } }).catch(r => print(r));
//// a getter of then that throws rejects
const bad = { get then() { throw new URIError('getter'); } };
new Promise(r => r(bad)).catch(e => print(e.name));
//// then is read once
let reads = 0;
const once = { get then() { reads++; return ok => ok('v'); } };
new Promise(r => r(once)).then(v => print(v, reads));
//// then that is not a function is a plain value
Promise.resolve({ then: 5, tag: 'plain' }).then(v => print(v.tag, v.then));
//// a thenable inside a thenable
const deep = n => ({ then(ok) { ok(n === 0 ? 'bottom' : deep(n - 1)); } });
Promise.resolve(deep(5)).then(v => print(v));
//// only the first call of the executor functions counts
new Promise((res, rej) => { res('first'); res('second'); rej('third'); throw new Error('fourth'); }).then(v => print(v), print);
//// a thenable resolves only once
const twice = { then(ok, no) { ok('a'); ok('b'); no('c'); } };
Promise.resolve(twice).then(v => print(v), r => print('rejected', r));
//// resolved to a pending promise means locked in
let free;
const gate = new Promise(r => { free = r; });
new Promise((res, rej) => { res(gate); rej('too late'); }).then(v => print(v), print);
free('from the gate');
//// the executor runs at once
const order = [];
new Promise(() => order.push('executor'));
order.push('next');
print(order.join());
//// a throw in the executor rejects
new Promise(() => { throw new TypeError('x'); }).catch(e => print(e.name));
//// a promise resolved with itself
let set;
const me = new Promise(r => { set = r; });
set(me);
me.catch(e => print(e.name, e instanceof TypeError));
//// then that returns its own promise
const p = Promise.resolve().then(() => p);
p.catch(e => print(e.name));
//// resolve gives back the same promise
const a = Promise.resolve(1);
print(Promise.resolve(a) === a, Promise.resolve(Promise.resolve(a)) === a, new Promise(r => r(a)) === a);
a.then(v => print(v));
//// resolve makes a new promise for another constructor
class Sub extends Promise {}
const s = Sub.resolve(1), b = Promise.resolve(s), c = Sub.resolve(b);
print(b === s, b instanceof Sub, c instanceof Sub, c === b, Sub.resolve(s) === s);
//// resolve looks at the constructor property
const q = Promise.resolve(1);
q.constructor = Object;
print(Promise.resolve(q) === q);
//// reject does not unwrap
const inner = Promise.resolve('inner');
Promise.reject(inner).catch(r => print(r === inner));
//// methods of a subclass give the subclass
class Mine extends Promise { tag() { return 'mine'; } }
const m = Mine.resolve(1);
print(m.then(() => {}) instanceof Mine, m.catch(() => {}).tag(), m.finally(() => {}) instanceof Mine, Mine.all([]) instanceof Mine, Mine.race([1]).tag());
//// a subclass with its own constructor
let made = 0;
class Counted extends Promise { constructor(f) { super(f); made++; } }
Counted.resolve(1).then(() => {}).then(() => {});
print(made);
//// species decides what then makes
class Plain extends Promise { static get [Symbol.species]() { return Promise; } }
const t = new Plain(r => r(1)).then(v => v);
print(t instanceof Plain, t instanceof Promise, Promise[Symbol.species] === Promise);
//// statics want a constructor as this
const { resolve, all } = Promise;
for (const f of [() => resolve(1), () => all([]), () => Promise.resolve.call({}, 1), () => Promise()]) try { f(); print('no'); } catch (e) { print(e.name); }
//// the executor must be callable
for (const x of [undefined, {}, 'f', null]) try { new Promise(x); print('made'); } catch (e) { print(e.name); }
//// prototype members want a promise
try { Promise.prototype.then.call({ then() {} }); } catch (e) { print(e.name); }
print(Promise.prototype.catch.call({ then: (a, b) => [typeof a, b()] }, () => 'called').join());
//// catch calls then of the object
const own = Promise.resolve(1);
own.then = (a, b) => 'then(' + typeof a + ',' + typeof b + ')';
print(own.catch(() => {}), own.finally(() => {}));
//// names and lengths
print(Promise.name, Promise.length, Promise.all.name, Promise.all.length, Promise.prototype.then.length, Promise.prototype.catch.length, Promise.prototype.finally.length, Promise.reject.length);
print(Object.prototype.toString.call(Promise.resolve()), Promise.prototype[Symbol.toStringTag]);
//// jobs run in the order they were made
const out = [], add = x => () => { out.push(x); };
const one = Promise.resolve(), two = Promise.resolve();
one.then(add('1a')).then(add('1b')).then(add('1c'));
two.then(add('2a')).then(add('2b'));
one.then(add('1d')).then(() => setTimeout(() => print(out.join()), 0));
//// returning a promise costs two more turns
const seen = [];
Promise.resolve().then(() => Promise.resolve()).then(() => seen.push('returned'));
let chain = Promise.resolve();
for (let i = 1; i <= 5; i++) chain = chain.then(() => seen.push(i));
chain.then(() => print(seen.join()));
//// queueMicrotask and promises share a queue
const lines = [];
queueMicrotask(() => { lines.push('a'); queueMicrotask(() => lines.push('nested')); });
Promise.resolve().then(() => lines.push('b')).then(() => lines.push('d'));
queueMicrotask(() => lines.push('c'));
setTimeout(() => print(lines.join()), 0);
//// await takes one turn for a native promise
const turns = [];
(async () => { await Promise.resolve(); turns.push('await'); await { then(r) { r(); } }; turns.push('thenable'); })();
let steps = Promise.resolve();
for (let i = 0; i < 5; i++) steps = steps.then(() => turns.push(i));
steps.then(() => print(turns.join()));
//// handlers of one promise run in the order they were added
let go;
const shared = new Promise(r => { go = r; }), heard = [];
shared.then(v => heard.push('1' + v));
shared.finally(() => heard.push('2'));
shared.then(v => heard.push('3' + v)).then(() => print(heard.join()));
go('!');
//// an unhandled rejection ends the program
print('before');
Promise.reject(new TypeError('nobody'));
//// an unhandled throw in then ends the program
Promise.resolve(1).then(() => { print('throws'); throw new RangeError('nobody'); });
//// an unhandled reason that is no error
Promise.resolve().then(() => { throw 'just text'; });
//// handled late but in the same turn
const r = Promise.reject(new Error('x'));
Promise.resolve().then(() => r.catch(() => print('in time')));
//// the branch without catch counts
const branch = Promise.reject(new EvalError('x'));
branch.catch(() => print('one branch'));
branch.then(() => print('never'));
//// unhandled AggregateError
Promise.any([Promise.reject(1)]);
//// an AggregateError made by hand
const e = new AggregateError([1, new TypeError('t')], 'several');
print(e.message, e.errors.length, e.errors[1].name, Object.keys(e).length, AggregateError.length, Object.getPrototypeOf(AggregateError) === Error);
try { new AggregateError(5); } catch (x) { print(x.name); }
print(AggregateError('ab').errors.join());

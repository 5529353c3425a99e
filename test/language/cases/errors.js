// SPDX-License-Identifier: MIT
//// names and inheritance of all errors
for (const E of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) { const e = new E('m'); print(e.name, E.name, e.message, e instanceof E, e instanceof Error, E.length, Object.getPrototypeOf(E) === (E === Error ? Function.prototype : Error)); }
//// message and name live in the right place
const e = new TypeError('x'), f = new TypeError();
print(e.hasOwnProperty('message'), f.hasOwnProperty('message'), f.message === '', e.hasOwnProperty('name'), TypeError.prototype.hasOwnProperty('name'), Object.keys(e).length, Object.getOwnPropertyDescriptor(e, 'message').enumerable);
//// the message is turned into text
print(new Error(5).message === '5', new Error(null).message, new Error(undefined).hasOwnProperty('message'), new Error({ toString: () => 'obj' }).message, new Error('').hasOwnProperty('message'));
try { new Error(Symbol()); } catch (e) { print(e.name); }
//// called without new
const e = Error('a'), r = RangeError('b');
print(e instanceof Error, r instanceof RangeError, r.message, Object.getPrototypeOf(e) === Error.prototype);
//// toString of errors
print(String(new TypeError('m')), String(new Error()), Error.prototype.toString.call({ name: 'N', message: 'M' }), Error.prototype.toString.call({}), Error.prototype.toString.call({ name: '', message: 'only' }), Error.prototype.toString.call({ name: 'only', message: '' }));
try { Error.prototype.toString.call('x'); } catch (e) { print(e.name); }
//// a class of one's own
class MyError extends Error { constructor(m, code) { super(m); this.name = 'MyError'; this.code = code; } }
const e = new MyError('mm', 7);
print(e.name, e.message, e.code, e instanceof MyError, e instanceof Error, String(e), Object.keys(e).join(), Object.prototype.toString.call(e));
//// a class without a name of its own
class Quiet extends RangeError {}
const e = new Quiet('q');
print(e.name, e.constructor.name, String(e), e instanceof Quiet, e instanceof RangeError);
//// the name on the prototype
class P extends Error {}
Object.defineProperty(P.prototype, 'name', { value: 'Pretty' });
try { throw new P('x'); } catch (e) { print(e.name, e.hasOwnProperty('name'), String(e)); }
//// errors of the engine have their kinds
const undeclared = [() => missing, () => null.x, () => undefined(), () => (5)(), () => new Array(-1), () => 'x'.repeat(-1), () => decodeURIComponent('%'), () => { const c = 1; c = 2; }, () => [].reduce(() => 1), () => new (class A { constructor() { A(); } })(), () => JSON.parse('{'), () => new RegExp('('), () => Symbol() + '', () => x, () => 1 in 'a'];
const x = undeclared.map(f => { try { f(); return 'none'; } catch (e) { return e.name; } });
print(x.join());
//// anything can be thrown
for (const x of [5, 'text', null, undefined, { a: 1 }, [1], Symbol.iterator]) try { throw x; } catch (e) { print(e === x, typeof e); }
//// uncaught error by its class
class Special extends TypeError { get name() { return 'SpecialName'; } }
print('first');
throw new Special('x');
//// uncaught error whose name was changed
const e = new Error('x');
e.name = 'Renamed';
throw e;
//// uncaught plain value
print('throws text');
throw 'oops';
//// uncaught from deep inside
function a() { b(); }
function b() { [1].map(() => { throw new EvalError('deep'); }); }
try { a(); } finally { print('finally ran'); }
//// errors compare by identity
const e = new Error('same');
print(e === e, e == new Error('same'), [e].includes(e), new Error('same').message === e.message);
//// an error may carry what one likes
const e = Object.assign(new Error('m'), { status: 404, list: [1] });
Object.freeze(e);
try { e.message = 'n'; } catch (x) { print(x.name, e.status, e.list.length, JSON.stringify(e)); }
//// stack is text when it is there
const e = new Error('x');
print(typeof e.stack, Object.keys(e).includes('stack'), typeof Error.prototype.message, JSON.stringify(Error.prototype.message), Error.prototype.name);
//// rethrown errors stay themselves
const log = [];
function f() { try { throw new RangeError('r'); } catch (e) { log.push(e.name); throw e; } finally { log.push('f'); } }
try { f(); } catch (e) { log.push(e instanceof RangeError); }
print(log.join());
//// errors made from other prototypes
const fake = Object.create(Error.prototype, { message: { value: 'fake' } });
print(fake instanceof Error, String(fake), Object.prototype.toString.call(fake), Object.prototype.toString.call(new TypeError()));
//// constructor of errors
print(new TypeError().constructor === TypeError, TypeError.prototype.constructor === TypeError, Object.getPrototypeOf(TypeError.prototype) === Error.prototype, Error.prototype.hasOwnProperty('toString'), TypeError.prototype.hasOwnProperty('toString'), TypeError.prototype.hasOwnProperty('message'));
//// too much recursion is a RangeError
let depth = 0;
function down() { depth++; down(); }
try { down(); } catch (e) { print(e.name, depth > 500, e instanceof RangeError); }
//// an error in a getter, a setter and a conversion
const o = { get g() { throw new TypeError('g'); }, set s(v) { throw new RangeError('s'); }, toString() { throw new URIError('t'); }, valueOf() { throw new EvalError('v'); } };
for (const f of [() => o.g, () => { o.s = 1; }, () => `${o}`, () => o + 1, () => ({ [o]: 1 })]) try { f(); } catch (e) { print(e.name); }
//// reference to a name in its dead zone
try { print(later); let later = 1; } catch (e) { print(e.name); }
try { typeof zone; let zone; } catch (e) { print(e.name); }
print(typeof never);
//// setting an undeclared name
try { undeclared = 1; print('set'); } catch (e) { print(e.name); }
try { delete Object.prototype; } catch (e) { print(e.name); }
try { undefined = 1; } catch (e) { print(e.name); }
try { NaN = 1; } catch (e) { print(e.name); }
//// the cause of an error
const inner = new RangeError('inner'), e = new Error('outer', { cause: inner });
print(e.cause === inner, JSON.stringify(Object.getOwnPropertyDescriptor(new Error('x', { cause: 5 }), 'cause')), Object.keys(e).length, Object.getOwnPropertyNames(e).filter(n => n !== 'stack').join());
for (const C of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) print(C.name, C('m', { cause: 1 }).cause, new C(undefined, { cause: null }).cause, C.length);
print(new AggregateError([1], 'm', { cause: 'c' }).cause, AggregateError([], 'm', { cause: 0 }).cause, Object.getOwnPropertyNames(new AggregateError([1], 'm', { cause: 1 })).filter(n => n !== 'stack').join());
//// options without a cause
print('cause' in new Error('m'), 'cause' in new Error('m', {}), 'cause' in new Error('m', null), 'cause' in new Error('m', 'cause'), 'cause' in new Error('m', { cause: undefined }), new Error('m', { __proto__: { cause: 'inherited' } }).cause);
const log = [], p = new Proxy({}, { has(t, k) { log.push('has ' + String(k)); return true; }, get(t, k) { log.push('get ' + String(k)); return 7; } });
print(new Error({ toString() { log.push('message'); return 'm'; } }, p).cause, log.join());
try { new Error('m', { get cause() { throw new TypeError('from the getter'); } }); } catch (e) { print(e.message); }
//// causes through classes
class HttpError extends Error { constructor(status, options) { super(`status ${status}`, options); this.status = status; } get name() { return 'HttpError'; } }
try { try { null.x; } catch (cause) { throw new HttpError(500, { cause }); } } catch (e) { print(e.name, e.message, e.cause.name, e instanceof HttpError, String(e)); }
const chain = [];
for (let e = new Error('c', { cause: new Error('b', { cause: new Error('a') }) }); e; e = e.cause) chain.push(e.message);
print(chain.join());
//// captureStackTrace as libraries call it
function Legacy(message) { Error.call(this, message); this.message = message; if (Error.captureStackTrace) Error.captureStackTrace(this, Legacy); }
Legacy.prototype = Object.create(Error.prototype, { constructor: { value: Legacy }, name: { value: 'Legacy' } });
const e = new Legacy('old');
print(String(e), e instanceof Error, typeof e.stack, e.stack.split('\n')[0], Object.keys(e).join(), Object.getOwnPropertyNames(e).join());
class Custom extends Error { constructor(m) { super(m); Error.captureStackTrace(this, this.constructor); } }
print(new Custom('x').stack.includes('Custom') , Object.prototype.hasOwnProperty.call(new Custom('x'), 'stack'), Error.captureStackTrace.length, Error.captureStackTrace({}));
const o = { name: 'N', message: 'M' };
Error.captureStackTrace(o);
const d = Object.getOwnPropertyDescriptor(o, 'stack');
print(o.stack.split('\n')[0], d.enumerable, d.configurable);
for (const f of [() => Error.captureStackTrace(5), () => Error.captureStackTrace(), () => Error.captureStackTrace(Object.freeze({}))]) try { print(f()); } catch (e) { print(e.name); }
//// a stack may be replaced
const e = new Error('m');
e.stack = 'other';
print(e.stack, Object.keys(e).length);
e.stack += ' text';
print(e.stack, delete e.stack, typeof Error.prototype.stack, Object.create(Error.prototype).stack);
Error.stackTraceLimit = 5;
print(Error.stackTraceLimit, typeof new Error('x').stack);
Object.defineProperty(e, 'stack', { value: 'defined', configurable: true });
print(e.stack);

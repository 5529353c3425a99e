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

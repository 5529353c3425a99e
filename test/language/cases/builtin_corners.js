// SPDX-License-Identifier: MIT
//// lengths of array methods that take optional arguments
print(['copyWithin', 'fill', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat', 'flatMap', 'includes', 'at', 'sort', 'every', 'concat', 'splice', 'indexOf', 'lastIndexOf', 'reduceRight'].map(k => k + [][k].length).join());
//// lengths of text methods that take optional arguments
print(['padEnd', 'padStart', 'replaceAll', 'matchAll', 'codePointAt', 'substr', 'substring', 'endsWith', 'includes', 'lastIndexOf', 'search'].map(k => k + ''[k].length).join());
//// Promise has its own length
print(Promise.hasOwnProperty('length'), Map.hasOwnProperty('length'), JSON.stringify(Object.getOwnPropertyDescriptor(Promise, 'length')));
//// own names of a plain function
print(Reflect.ownKeys(function f(a, b) {}).join(), Reflect.ownKeys(function () {}).join());
//// own names of an arrow and of a method
const arrow = () => 1;
print(Object.getOwnPropertyNames(arrow).join(), Object.getOwnPropertyNames({ m() {} }.m).join());
//// an arrow without a name has an empty one of its own
print((() => 1).hasOwnProperty('name'), (function () {}).hasOwnProperty('name'), JSON.stringify((() => 1).name));
//// own names of a class with static members
class A { static b() {} static c = 1; static get a() { return 1; } }
print(Object.getOwnPropertyNames(A).join());
//// names of getters of the built-ins
const name = (o, k) => Object.getOwnPropertyDescriptor(o, k).get.name;
print(name(Map.prototype, 'size'), name(Set.prototype, 'size'), name(Symbol.prototype, 'description'));
//// names of getters of patterns and species
const name = (o, k) => Object.getOwnPropertyDescriptor(o, k).get.name;
print(name(RegExp.prototype, 'flags'), name(RegExp.prototype, 'global'), name(Map, Symbol.species), name(Promise, Symbol.species));
//// names of functions under symbols
print(Symbol.prototype[Symbol.toPrimitive].name, Date.prototype[Symbol.toPrimitive].name, Function.prototype[Symbol.hasInstance].name);
//// toPrimitive of symbols
print(typeof Symbol.prototype[Symbol.toPrimitive], Object(Symbol.iterator)[Symbol.toPrimitive]() === Symbol.iterator);
//// hasInstance of functions
print(typeof Function.prototype[Symbol.hasInstance], Function.prototype[Symbol.hasInstance].call(Array, []), Map[Symbol.hasInstance]({}));
try { Function.prototype[Symbol.hasInstance] = 1; print('set'); } catch (e) { print(e.name); }
//// prototypes of constructors are fixed
print([Object, Array, Map, Promise, Date, RegExp, Error, ArrayBuffer].every(C => { const d = Object.getOwnPropertyDescriptor(C, 'prototype'); return !d.writable && !d.enumerable && !d.configurable; }));
//// typed arrays: elements cannot be deleted
const t = new Uint8Array([7]);
try { delete t[0]; print('deleted'); } catch (e) { print(e.name); }
print(Reflect.deleteProperty(t, 0), t[0]);
//// many digits behind the point
print((1e-10).toFixed(25), (1.25).toFixed(50), (0.1).toFixed(60));
//// a hundred digits behind the point
print((123.456).toFixed(100), (2 ** 53).toFixed(22));
//// many digits in all
print((1 / 3).toPrecision(50), (0.1).toPrecision(22), (1e-7).toPrecision(30));
//// many digits with an exponent
print((1 / 3).toExponential(60), (5e-324).toExponential(30), (1).toExponential(100).length);
//// limits of digits
for (const f of [() => (1).toFixed(101), () => (1).toPrecision(101), () => (1).toExponential(101), () => (1).toPrecision(0)]) try { f(); print('ok'); } catch (e) { print(e.name); }
//// signs and bases in text
print(Number('-0x10'), Number('+0x10'), Number('-0b1'), Number('0X1F'), Number('0B11'), Number('0O17'), parseInt('-0x10'));
//// arrays like no other are as long as they say: push
const o = { length: 2 ** 33 };
print([].push.call(o, 'x'), o[2 ** 33], o.length);
//// arrays like no other are as long as they say: pop
const o = { length: 2 ** 33, [2 ** 33 - 1]: 'last' };
print([].pop.call(o), o.length, (2 ** 33 - 1) in o);
//// arrays like no other are as long as they say: indexOf and at
const o = { length: 2 ** 53 - 1, [2 ** 53 - 2]: 'x' };
print([].indexOf.call(o, 'x', 2 ** 53 - 3), [].at.call(o, -1), [].lastIndexOf.call(o, 'x'), [].includes.call(o, 'x', -2));
//// arrays like no other are as long as they say: slice
const o = { length: 2 ** 33, [2 ** 33 - 1]: 'last' };
print([].slice.call(o, -1).join(), [].slice.call(o, -2, -1).length);
//// an array like no other may be too long
for (const k of ['push', 'unshift', 'splice']) try { [][k].call({ length: 2 ** 53 - 1 }, ...(k === 'splice' ? [0, 0, 1] : [1])); print('ok'); } catch (e) { print(k, e.name); }
//// Array.from of a constructor that ignores lengths
print(Array.from.call(Object, ['a']).constructor.name, Array.from.call(Object, { length: 2, 0: 'p' }) instanceof Number, Array.of.call(Object, 1, 2) instanceof Number);
//// keys come to the traps of a proxy as text
const p = new Proxy({}, { get: (t, k) => typeof k + k, has(t, k) { print(typeof k); return true; }, deleteProperty(t, k) { print(typeof k, k); return true; }, set(t, k) { print(typeof k, k); return true; } });
print(p[0], p[-1], p[1.5], p['x'], p[1e21]);
1 in p; delete p[7]; p[3] = 1;
//// proxies and hasOwnProperty
const p = new Proxy({ a: 1 }, {});
print(p.hasOwnProperty('a'), p.propertyIsEnumerable('a'), Object.prototype.hasOwnProperty.call(p, 'b'), Object.keys(p).join());
//// proxies and spread
const p = new Proxy({ a: 1, b: { c: 2 } }, {});
print(JSON.stringify({ ...p }), JSON.stringify(Object.assign({}, p)));
//// proxies and descriptors
const p = new Proxy({ a: 1 }, {});
print(JSON.stringify(Object.getOwnPropertyDescriptor(p, 'a')), Object.getOwnPropertyDescriptor(p, 'x'));
//// proxies and defineProperty
const t = {}, p = new Proxy(t, {});
Object.defineProperty(p, 'x', { value: 5, enumerable: true });
print(t.x, p.x, Object.keys(p).join());
//// proxies and frozen targets
const p = new Proxy(Object.freeze({ a: 1 }), {});
print(Object.isFrozen(p), Object.isExtensible(p), Object.isSealed(p), Reflect.isExtensible(p));
try { p.a = 2; print('set'); } catch (e) { print(e.name); }
//// proxies and prototypes
class A { m() { return 'm'; } }
const p = new Proxy(new A(), {});
print(p instanceof A, Object.getPrototypeOf(p) === A.prototype, p.m(), A.prototype.isPrototypeOf(p), p.constructor.name);
//// proxies and freezing
const t = { a: 1 }, p = new Proxy(t, {});
Object.freeze(p);
print(Object.isFrozen(t), Object.isFrozen(p));
//// proxies and setPrototypeOf
const t = {}, p = new Proxy(t, {});
Object.setPrototypeOf(p, { up: 1 });
print(t.up, p.up, 'up' in p);
//// proxies for classes
class A { static s = 'S'; constructor(x) { this.x = x; } }
const P = new Proxy(A, {});
class B extends P {}
print(P.s, new P(1).x, new P(1) instanceof A, new B(2).x, new B(2) instanceof A, P.name);
//// proxies as prototypes
const log = [], p = new Proxy({}, { get(t, k) { log.push('get ' + String(k)); return 'P'; }, has(t, k) { log.push('has ' + String(k)); return false; }, set(t, k, v, r) { log.push('set ' + k); return true; } });
const o = Object.create(p);
print(o.x, 'y' in o, (o.z = 1, Object.keys(o).length), log.join());
//// null traps are missing traps
const p = new Proxy({ a: 1 }, { get: null, has: undefined, ownKeys: null, deleteProperty: null });
print(p.a, 'a' in p, Object.keys(p).join(), delete p.a);
//// ownKeys must give text and symbols once
for (const keys of [[1], ['a', 'a'], 'ab', null, [{}], undefined]) try { Reflect.ownKeys(new Proxy({}, { ownKeys: () => keys })); print('ok'); } catch (e) { print(e.name); }
//// set must not lie about fixed properties
const t = Object.defineProperty({}, 'x', { value: 1 });
try { new Proxy(t, { set: () => true }).x = 2; print('set'); } catch (e) { print(e.name); }
//// get must not invent values of fixed accessors
const t = Object.defineProperty({}, 'x', { set() {} });
try { print(new Proxy(t, { get: () => 2 }).x); } catch (e) { print(e.name); }
//// has must not hide anything of a closed target
const t = Object.preventExtensions({ x: 1 });
try { print('x' in new Proxy(t, { has: () => false })); } catch (e) { print(e.name); }
//// Reflect.set with a symbol
const o = {};
print(Reflect.set(o, Symbol.iterator, 1), o[Symbol.iterator], Reflect.get(o, Symbol.iterator), Reflect.has(o, Symbol.iterator), Reflect.deleteProperty(o, Symbol.iterator));
//// Reflect.apply and construct want lists
for (const f of [() => Reflect.apply(print, null), () => Reflect.apply(print, null, 'ab'), () => Reflect.construct(Array), () => Reflect.construct(Array, 1)]) try { f(); print('ran'); } catch (e) { print(e.name); }
//// hours and zones of ISO text
print(Date.parse('2020-01-01T24:00:00Z'), Date.parse('2020-01-01T24:00:01Z'), Date.parse('2020-01-01T00:00:00+24:00'), Date.parse('2020-01-01T00:00:00+23:59'), Date.parse('2020-01-01T00:00:00-00:30'));
//// ISO text with too few digits
print(Date.parse('2020-1-01T00:00:00Z'), Date.parse('2020-01-01T0:00Z'), Date.parse('2020-01-01T00Z'), Date.parse('2020-01-01T00:00:0Z'), Date.parse('202-01-01T00:00Z'), Date.parse('2020-01-01T00:00:00.Z'));
//// ISO text with months and days that are not
print(Date.parse('2020-00-01'), Date.parse('2020-01-00'), Date.parse('2020-13-01'), Date.parse('2020-01-32'), Date.parse('2020-12-31'));
//// ISO text with seconds that are not
print(Date.parse('2020-01-01T00:00:60Z'), Date.parse('2020-01-01T00:60:00Z'), Date.parse('2020-01-01T23:59:59.999Z'));
//// minus zero in dates
print(Object.is(new Date(-0).getTime(), 0), Object.is(new Date(0).setTime(-0), 0), Object.is(Date.UTC(1970, 0, 1, 0, 0, 0, -0), 0), Object.is(new Date(0).setUTCMilliseconds(-0), 0));
//// Date.UTC with the year alone
print(Date.UTC(2020), Date.UTC(2020, undefined), Date.UTC(70), Date.UTC());
//// slashes in the source of patterns
print(RegExp('/').source, RegExp('\\/').source, RegExp('[/]').source, RegExp('a/b/c').source, String(new RegExp('[^/]/')));
//// flags are asked one by one
const get = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get;
print(get.call({ global: 1, ignoreCase: 'x', multiline: true }), get.call({}) === '');
//// letters beyond the first plane
print('𐐨'.toUpperCase() === '𐐀', '𐐀'.toLowerCase() === '𐐨', 'a𐐨b'.toUpperCase().length);
//// a list of a replacer with doubles and objects
print(JSON.stringify({ a: 1, b: 2 }, ['b', 'b', new String('a'), 'a', new Number(1), Symbol.iterator, null]));
//// Error.prototype has its own members only
print(Object.getOwnPropertyNames(Error.prototype).filter(k => k !== 'stack').sort().join(), Object.getOwnPropertyNames(TypeError.prototype).sort().join());
//// the kinds of functions have prototypes of their own
const up = Object.getPrototypeOf, plain = Function.prototype;
print(up(function* () {}) === plain, up(async () => 1) === plain, up(function* () {})[Symbol.toStringTag], up(async () => 1)[Symbol.toStringTag], up(up(function* () {})) === plain);
//// constructor of functions
print((function () {}).constructor === Function, (() => 1).constructor === Function, (class {}).constructor === Function);
//// globals are not enumerable
print(Object.keys(globalThis).filter(k => /^(Array|Map|Promise|parseInt|isNaN|JSON|Proxy)$/.test(k)).length, Object.getOwnPropertyDescriptor(globalThis, 'Array').enumerable, Object.getOwnPropertyDescriptor(globalThis, 'globalThis').writable);
//// slice keeps holes at the end
print([, ,].slice().length, [1, , ,].slice().length, [1, 2, , ,].slice(1).length, 0 in [, ,].slice(), [].slice.call({ length: 3, 0: 'x' }).length);
//// at of what has no length
print([].at.call({ 0: 'x' }, 0), [].at.call({ length: 0, 0: 'x' }, 0), [].at.call({ length: 1, 0: 'x', 1: 'y' }, 1), [].at.call({ length: 1.9, 0: 'x', 1: 'y' }, -1));
//// lengths below zero count as zero
const o = { length: -1, 0: 'x' };
print([].slice.call(o, -1).length, [].pop.call(o), o.length, [].push.call({ length: -3 }, 'a'));
//// unshift of nothing moves nothing
const o = Object.create({ 0: 'up', length: 2 });
print([].unshift.call(o), Object.keys(o).join());
//// digits of a number just below a power of ten
print((1e-7).toExponential(20), (1e-7).toPrecision(21), (1e-5).toExponential(18), (1e23).toExponential(20), (1e23).toPrecision(21));
//// replacing nothing at the end happens once
print('cba'.replace(/\b/g, '|'), 'ab'.replace(/$/g, '!'), 'a\nb'.replace(/$/gm, '!').split('\n').join(), 'ab'.replace(/x*$/g, '-'), ''.replace(/^|$/g, '.'));
//// matchAll and exec of nothing at the end
const r = /\b/g, at = [];
let m;
while ((m = r.exec('ab')) !== null && at.length < 5) { at.push(m.index); if (r.lastIndex === m.index) r.lastIndex++; }
print(at.join(), [...'ab cd'.matchAll(/\b/g)].map(x => x.index).join(), [...'ab'.matchAll(/$/g)].length);
//// cube roots are rounded right
print(Math.cbrt(256), Math.cbrt(2), Math.cbrt(1e-300), Math.cbrt(343), Math.cbrt(0.001));
//// lengths of constructors
print([Object, Array, Function, String, Number, Boolean, Symbol, Date, RegExp, Map, Set, WeakMap, Promise, Proxy, ArrayBuffer, DataView, Uint8Array, Float64Array, Error].map(C => C.name + C.length).join());
//// species of buffers and patterns
print([ArrayBuffer, RegExp, Array, Map, Set].map(C => C[Symbol.species] === C).join());

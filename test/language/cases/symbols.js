// SPDX-License-Identifier: MIT
//// each symbol is new
print(Symbol('a') === Symbol('a'), Symbol() === Symbol(), typeof Symbol('x'));
//// the registry gives the same symbol
print(Symbol.for('k') === Symbol.for('k'), Symbol.for('k') === Symbol('k'), Symbol.keyFor(Symbol.for('k')), Symbol.keyFor(Symbol('k')), Symbol.keyFor(Symbol.iterator));
//// the registry turns its key into text
print(Symbol.for(5) === Symbol.for('5'), Symbol.keyFor(Symbol.for()), Symbol.keyFor(Symbol.for(null)));
//// description and text
const s = Symbol('name');
print(s.description, s.toString(), String(s), Symbol.for('reg').description, Symbol.iterator.description);
//// symbols are not turned into text or numbers by themselves
const s = Symbol('x');
for (const f of [() => s + '', () => `${s}`, () => +s, () => s * 2, () => [s].join(), () => 'a'.concat(s), () => Number(s), () => isNaN(s)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// what symbols are in conditions and comparisons
const s = Symbol();
print(s ? 'truthy' : 'falsy', !s, s == s, s === s, s == Object(s), Object(s) === Object(s), s == 'Symbol()', Boolean(s));
//// symbols as keys are found
const k = Symbol('k'), o = { [k]: 1, k: 2 };
print(o[k], o.k, k in o, o.hasOwnProperty(k), delete o[k], k in o);
//// symbol keys are left out of the usual lists
const o = { [Symbol('a')]: 1, b: 2 };
let seen = '';
for (const k in o) seen += k;
print(seen, Object.keys(o).join(), JSON.stringify(o), Object.entries(o).length, Object.getOwnPropertyNames(o).join());
//// symbol keys are listed on their own
const a = Symbol('a'), b = Symbol('b'), o = { [b]: 1, x: 2, [a]: 3, 1: 0 };
print(Object.getOwnPropertySymbols(o).map(String).join(), Reflect.ownKeys(o).map(String).join());
//// Object.assign and spread copy symbol keys
const k = Symbol(), from = { [k]: 1 };
Object.defineProperty(from, Symbol('hidden'), { value: 2, enumerable: false });
print(Object.assign({}, from)[k], { ...from }[k], Object.getOwnPropertySymbols({ ...from }).length);
//// JSON leaves out symbols
print(JSON.stringify({ a: Symbol(), b: 1 }), JSON.stringify([Symbol('x')]), JSON.stringify(Symbol()));
//// new Symbol is an error
try { new Symbol(); } catch (e) { print(e.name); }
try { Symbol.keyFor('x'); } catch (e) { print(e.name); }
try { Symbol(Symbol()); } catch (e) { print(e.name); }
//// symbol objects
const s = Symbol('o'), o = Object(s);
print(typeof o, o == s, o === s, o.valueOf() === s, o.description, o instanceof Symbol, { [s]: 'found' }[o]);
//// Symbol.iterator makes an object iterable
const o = { *[Symbol.iterator]() { yield* [3, 2, 1]; } };
print([...o].join(), Math.max(...o), Array.from(o).length);
const [a, , b] = o;
print(a, b);
//// Symbol.asyncIterator chosen over Symbol.iterator
const o = { [Symbol.iterator]() { return ['sync'][Symbol.iterator](); }, [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: 'async' + n, done: n++ > 0 }) }; } };
(async () => { for await (const x of o) print(x); for (const x of o) print(x); })();
//// Symbol.hasInstance
const Even = { [Symbol.hasInstance]: n => n % 2 === 0 };
class Never { static [Symbol.hasInstance]() { return ''; } }
print(2 instanceof Even, 3 instanceof Even, new Never() instanceof Never);
//// Symbol.toPrimitive gets a hint
const o = { [Symbol.toPrimitive]: hint => hint };
print(`${o}`, o + '', String(o), [o] + '', o == 'default', isNaN(+o), { string: 1 }[o]);
//// Symbol.toPrimitive must give a primitive
const bad = { [Symbol.toPrimitive]: () => ({}) }, no = { [Symbol.toPrimitive]: 5 }, none = { [Symbol.toPrimitive]: undefined, toString: () => 'text' };
for (const x of [bad, no, none]) try { print(x + ''); } catch (e) { print(e.name); }
//// Date prefers text and number by the hint
const d = new Date(5), p = d[Symbol.toPrimitive];
print(p.call(d, 'number'), typeof p.call(d, 'default'), typeof (d + 1), d - 0, p.call({ valueOf: () => 1, toString: () => 's' }, 'default'));
try { p.call(d, 'other'); } catch (e) { print(e.name); }
//// Symbol.toStringTag
class T { get [Symbol.toStringTag]() { return 'Tea'; } }
print(String(new T()), Object.prototype.toString.call({ [Symbol.toStringTag]: 5 }), String({ [Symbol.toStringTag]: '' }), Object.prototype.toString.call(Symbol()));
//// tags of the built-ins
for (const x of [new Map(), Promise.prototype, JSON, Math, function* () {}(), new ArrayBuffer(1), Symbol.prototype]) print(Object.prototype.toString.call(x));
//// Symbol.isConcatSpreadable
const like = { length: 2, 0: 'a', 1: 'b', [Symbol.isConcatSpreadable]: true }, closed = [1, 2];
closed[Symbol.isConcatSpreadable] = false;
print([0].concat(like).join(), [0].concat(closed).length, [].concat(like, closed).length);
//// Symbol.unscopables is there
print(typeof Symbol.unscopables, Array.prototype[Symbol.unscopables].flat, Object.getPrototypeOf(Array.prototype[Symbol.unscopables]));
//// the well-known symbols cannot be changed
const d = Object.getOwnPropertyDescriptor(Symbol, 'iterator');
print(d.writable, d.enumerable, d.configurable);
try { Symbol.iterator = 1; } catch (e) { print(e.name); }
//// functions are named after symbols
const s = Symbol('desc'), o = { [s]() {}, get [Symbol.iterator]() { return 1; }, [Symbol()]: () => {} };
print(o[s].name, Object.getOwnPropertyDescriptor(o, Symbol.iterator).get.name, JSON.stringify(o[Object.getOwnPropertySymbols(o)[2]].name));
//// symbols as constants
const color = Object.freeze({ red: Symbol('red'), blue: Symbol('blue') });
const say = c => { switch (c) { case color.red: return 'R'; case color.blue: return 'B'; default: return '?'; } };
print(say(color.red), say(color.blue), say(Symbol('red')));
//// symbol methods on primitives
const s = Symbol('p');
print(s.toString === Symbol.prototype.toString, Object.getPrototypeOf(s) === Symbol.prototype, s.valueOf() === s, s.missing);
try { s.prop = 1; } catch (e) { print(e.name); }

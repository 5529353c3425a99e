//// primitives
console.log('a', 1, -0, 1.5e300, true, null, undefined, Symbol('s'), NaN);
console.log();
console.log('');
console.log(5);
console.log('two\nlines');
//// strings inside of objects are quoted
print(['a', "it's", 'say "hi"', `it's "both"`, `it's "all" \``, 'tab\there', 'back\\slash', '\u0000\x1b\x7f\x80', 'é€\u{1f600}', '\ud83d', '']);
//// plain objects
print({}, { a: 1 }, { a: 1, b: 'two', c: [3] }, { 'with space': 1, 5: 2, $x: 3, _y: 4, 'ünï': 5 });
//// nested objects
print({ a: { b: { c: { d: 1 } } } });
print({ a: { b: { c: {} } } }, [[[[1]]]], [[[[]]]]);
//// arrays
print([], [1, 2, 3], ['a', 'b'], [1, 'a', null, undefined, true], [[1, 2], [3]], [, 1], [1, , 2], [1, , , 2, , ], new Array(3));
//// arrays of numbers are lined up
print(Array.from({ length: 20 }, (_, i) => i * i));
print(Array.from({ length: 7 }, (_, i) => i));
print([1000000, 2, 3, 4, 5, 6, 7, 8]);
//// long arrays
print(Array.from({ length: 101 }, (_, i) => i));
print(Array.from({ length: 120 }, (_, i) => i));
//// arrays of short strings
print(['apple', 'fig', 'kiwi', 'banana', 'cherry', 'date', 'plum', 'pear']);
print('the quick brown fox jumps over the lazy dog and runs away'.split(' '));
//// arrays of long strings
print(['a'.repeat(40), 'b'.repeat(40)]);
print(['a'.repeat(100)]);
print({ text: 'x'.repeat(90) });
//// mixed lengths in columns
print([1, 22, 333, 4444, 55555, 666666, 7777777, 88888888]);
print([0.5, 1.25, -3, 1e21, NaN, Infinity, -0, 7]);
//// objects in arrays
print([{ a: 1 }, { b: 2 }]);
print([{ a: 1, b: { c: 2 } }, { a: 1, b: { c: { d: 3 } } }]);
print(Array.from({ length: 8 }, (_, i) => ({ id: i })));
//// wide objects are broken
print({ first: 'some text here', second: 'some more text here', third: 'and some more text' });
print({ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7, theta: 8, iota: 9 });
//// exactly as wide as a line
for (let n = 50; n < 75; n += 3) print({ key: 'x'.repeat(n) });
for (let n = 18; n < 26; n++) print({ a: 'x'.repeat(n), b: 'y'.repeat(n), c: 1 });
//// deep objects are broken from the outside
print({ a: { b: { c: 1 } }, d: 2 });
print({ a: { b: { c: { d: { e: 1 } } } }, f: [[[[1]]]] });
print([[[1, 2, [3, 4, [5, [6]]], 7]]]);
//// text with line ends in objects
print({ a: 'one\ntwo' });
print(['line one of a longer text\nline two of a longer text\nline three of a longer text, too long']);
print({ a: { b: 'line one of a longer text\nline two of a longer text\nline three of a longer text' } });
//// functions
print(function f() {}, () => 1, function () {}, async function a() {}, function* g() {}, async () => {}, async function* ag() {});
print({ f() {}, g: () => 1 });
//// classes
class A {}
class B extends A {}
print(A, B, class {}, [A], { B });
print(new A(), new B(), Object.assign(new B(), { x: 1 }));
//// functions with properties
function f() {}
f.a = 1;
print(f, [f]);
class C { static x = 1; }
print(C);
//// class instances
class Point { constructor(x, y) { this.x = x; this.y = y; } get len() { return 1; } #p = 1; }
print(new Point(1, 2), [new Point(3, 4)]);
//// getters and setters are named
print({ get a() { throw new Error('ran'); }, set b(v) {}, get c() { return 1; }, set c(v) {} });
print([Object.defineProperty([1], 1, { get() { return 2; }, enumerable: true })]);
//// properties that are not enumerable
const o = { a: 1 };
Object.defineProperty(o, 'h', { value: 2 });
print(o);
console.dir(o, { showHidden: true });
//// symbols as keys
print({ [Symbol('s')]: 1, [Symbol.iterator]: 2, a: 3, [Symbol()]: 4 });
//// no prototype
print(Object.create(null));
const o = Object.create(null);
o.a = 1;
print(o, [o]);
//// Map and Set
print(new Map(), new Set(), new Map([['a', 1], [{ k: 1 }, [2]]]), new Set([1, 'two', { three: 3 }]));
print({ m: new Map([[1, new Map([[2, new Map([[3, new Map([[4, 5]])]])]])]]) });
//// long collections
print(new Set(Array.from({ length: 30 }, (_, i) => i)));
print(new Map(Array.from({ length: 12 }, (_, i) => ['key ' + i, { value: i }])));
//// deleted entries do not show
const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]);
m.delete(2);
const s = new Set('hello');
s.delete('l');
print(m, s);
//// properties of collections
const m = new Map([[1, 2]]);
m.note = 'x';
const a = [1, 2];
a.note = 'y';
a[-1] = 'z';
print(m, a);
//// derived collections
class M extends Map {}
class S extends Set {}
class L extends Array {}
print(new M([[1, 2]]), new S([1]), new M(), L.from([1, 2]), new L());
//// weak collections
print(new WeakMap(), new WeakSet());
//// dates
print(new Date(0), [new Date(1e12)], new Date(NaN), { d: new Date(-1) }, new Date(8.64e15), new Date(-8.64e15), new Date('2020-02-29T12:34:56.789Z'));
//// regular expressions
print(/a/, [/b/gi], { r: /[/]\/\n/m });
//// boxed values
print(Object(1), Object('abc'), Object(true), Object(Symbol('x')), [Object(-0)]);
print(Object.assign(Object(1), { a: 2 }), Object.assign(Object('ab'), { c: 1 }));
//// promises
print(Promise.resolve(5), new Promise(() => {}), [Promise.resolve({ a: 1 })]);
const r = Promise.reject(new RangeError('x'));
r.catch(() => {});
const s = Promise.reject(3);
s.catch(() => {});
print(s);
//// circular
const o = { a: 1 };
o.self = o;
print(o);
const a = [1];
a.push(a, [a]);
print(a);
const x = { name: 'x' }, y = { name: 'y', x };
x.y = y;
print(x, [x, y]);
//// circular in collections
const m = new Map();
m.set('me', m);
print(m);
const s = new Set();
s.add({ s });
print(s);
//// the same object twice is no circle
const s = { v: 1 };
print({ a: s, b: s }, [s, s]);
//// typed arrays
print(new Uint8Array([1, 2, 3]), new Float64Array([0.5, -0]), new Int16Array(0), [new Uint16Array(2)]);
print(new Uint8Array(200));
//// array buffers and views
print(new ArrayBuffer(4), new Uint8Array([1, 255]).buffer);
print(new DataView(new ArrayBuffer(2)));
print({ b: new ArrayBuffer(0) });
//// buffers
print(Buffer.from('hello'), [Buffer.alloc(2)], Buffer.alloc(0), { b: Buffer.alloc(60, 1) });
//// proxies are looked through
print(new Proxy({ a: 1 }, { get() { throw 1; }, ownKeys() { throw 2; }, getOwnPropertyDescriptor() { throw 3; } }), new Proxy([1, 2], {}), new Proxy(function f() {}, {}));
print({ p: new Proxy(new Map([[1, 2]]), {}) });
//// arguments
(function () { print(arguments); })(1, 'b');
(function () { print(arguments); })();
//// tags
class T { get [Symbol.toStringTag]() { return 'gotten'; } }
class U {}
U.prototype[Symbol.toStringTag] = 'Tagged';
print(new U(), Object.assign(new U(), { a: 1 }), { [Symbol.toStringTag]: 'Own' }, Object.create({ [Symbol.toStringTag]: 'Above' }));
//// built in objects
print(Math, JSON, Reflect);
print((function* () {})(), [][Symbol.iterator]());
//// objects whose constructor is another thing
const o = { constructor: 5, a: 1 };
print(o, { constructor: function Fake() {} });
function Old() { this.a = 1; }
print(new Old(), Object.create(Old.prototype), Old.prototype);
//// prototypes made by hand
const base = { kind: 'base' };
print(Object.create(base), Object.setPrototypeOf({ a: 1 }, { b: 2 }), Object.setPrototypeOf([1], null), Object.setPrototypeOf(new Map([[1, 2]]), null));
//// frozen and sealed
print(Object.freeze({ a: [1] }), Object.seal([1, { b: 2 }]));
//// sparse arrays
const a = [];
a[5] = 1;
a[500] = 2;
print(a);
const b = [1];
b[4000000] = 2;
print(b);
b.length = 4294967295;
print(b);
//// format strings and numbers
print('%s is %d years and %i months, %f', 'Bob', 42.5, 42.9, '1.5e3x');
print('%d %d %d %d', '0x10', '', 'x', null, 'rest');
print('%i %i %i %i', '12px', 'px', -0.5, '0x1f');
print('%f %f %f', '.5', '-Infinityx', 'x');
//// format percent signs
print('100%');
print('100%', 'x');
print('%% %s', 'a');
print('%%');
print('%%', 1);
print('a%');
print('%x %s', 1, 2);
print('%s');
print('%s %s', 'only one');
print('%', '%', '%s');
//// format with objects
print('%s', { a: { b: 1 } }, { a: { b: { c: { d: 1 } } } });
print('%s %s %s %s', null, undefined, -0, Symbol('q'));
print('%O', { a: { b: { c: { d: 1 } } } });
print('%s', [1, [2, [3]]]);
print('%s|%s', new Map([[1, 2]]), class A {}.name);
//// format as json
print('%j', { a: [1, 'x', null, undefined, () => 1], b: undefined, c: true, d: NaN });
print('%j %j', 'text', 5);
const o = {};
o.o = o;
print('%j', o);
print('%j', undefined);
//// format styles are dropped
print('%cstyled', 'color: red', 'rest');
print('a%cb%cc', 'x', 'y');
//// format needs a text first
print(5, '%s', 'x');
print({}, '%d', 1);
print('a', 'b', 'c');
print('%s', 'a', 'b', { c: 1 });
//// hidden parts with %o
print('%o', { a: { b: { c: { d: { e: 1 } } } } });
print('%o', [1, [2]]);
//// levels
console.info('i', 1);
console.warn('w');
console.error('e', { a: 1 });
console.debug('d');
console.dirxml([1]);
//// dir
console.dir({ a: { b: { c: { d: { e: {} } } } } });
console.dir({ a: { b: { c: { d: { e: {} } } } } }, { depth: null });
console.dir({ a: { b: 1 } }, { depth: 0 });
console.dir('%s');
console.dir(undefined);
//// groups
console.log('top');
console.group('one', 1);
console.log('in one');
console.group();
console.log('in two\nsecond line');
console.log({ alpha: 'some text here', beta: 'some more text here', gamma: 'more text' });
console.groupEnd();
console.groupEnd();
console.groupEnd();
console.log('top');
console.groupCollapsed('c');
console.warn('w');
//// counts
console.count();
console.count();
console.count('a');
console.count('default');
console.countReset();
console.count();
console.count(5);
console.count(undefined);
console.count('');
//// assertions
console.assert(true, 'not shown');
console.assert(1, 'x');
console.assert(false);
console.assert(0, 'text');
console.assert(false, 'text %s', 'x', { a: 1 });
console.assert();
//// methods that stand alone
const { log, group, count } = console;
log('a');
group('g');
count();
//// console returns nothing
print(console.log('x'), console.count(), typeof console.table, typeof console.time, typeof console.trace);
//// numbers of many kinds
print([0.1, 1e21, 1e-7, 123456789012345680000, -1.5]);
print({ a: -0, b: [-0], c: Number.MAX_VALUE, d: 5e-324 });
//// unicode in columns
print(['ä', 'ö', 'ü', 'ß', 'é', 'è', 'ê', 'ñ']);
print({ 'ключ': 'значение', 'naïve': 1 });
//// keys with special characters
print({ "it's": 1, 'a"b': 2, 'a\nb': 3, 'a-b': 4, '': 5, __proto__x: 6 });
print({ ['__proto__']: 1 });
//// a very long string inside
print(['x'.repeat(10001)].map(s => s.length), JSON.stringify([...'ab']));
const lines = [];
print({ s: 'y'.repeat(20) + '\n' + 'z'.repeat(70) });
//// errors without a stack
const e = new TypeError('bad');
delete e.stack;
print(String(e), [e].length);
print(Object.create(Error.prototype) instanceof Error);

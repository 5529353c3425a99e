// SPDX-License-Identifier: MIT
//// the Array constructor
print(Array(3).length, Array(3, 4).join(), Array('3').length, new Array(2).hasOwnProperty(0), Array().length);
for (const n of [-1, 1.5, NaN, 2 ** 32]) try { new Array(n); print('made'); } catch (e) { print(e.name); }
//// length cuts and grows
const a = [1, 2, 3, 4];
a.length = 2; a[4] = 5;
print(a.length, 2 in a, a.join('-'), (a.length = 0, a[0]));
//// length must be a whole number
const a = [1];
for (const n of [-1, 1.5, 'x', {}, 4294967296]) try { a.length = n; print('set'); } catch (e) { print(e.name); }
a.length = '3'; print(a.length, JSON.stringify(Object.getOwnPropertyDescriptor(a, 'length')));
//// what is an index
const a = [];
a['01'] = 'x'; a[-1] = 'y'; a[1.5] = 'z'; a['2'] = 'in'; a[4294967295] = 'too big';
print(a.length, Object.keys(a).join());
//// length and elements that cannot be deleted
const a = [1, 2, 3];
Object.defineProperty(a, 1, { configurable: false });
try { a.length = 0; } catch (e) { print(e.name, a.length, a.join()); }
//// Array.of
print(Array.of(7).length, Array.of(undefined).length, Array.of(1, 'a').join(), Array.of.length, Array.of.call(function (n) { this.n = n; }, 'x').n);
//// Array.from with a map function
print(Array.from([1, 2], (x, i) => x * 10 + i).join(), Array.from('ab', function (c) { return c + this.s; }, { s: '!' }).join(), Array.from({ length: 2 }).join('-'));
//// Array.from of odd lengths
print(Array.from({ length: -5 }).length, Array.from({ length: '2', 1: 'b' }).join('+'), Array.from({ length: NaN }).length, Array.from(5).length, Array.from({ length: 1.9 }).length);
//// Array.from takes the iterator first
print(Array.from({ length: 9, *[Symbol.iterator]() { yield 'it'; } }).join(), Array.from(new Map([[1, 2]]))[0].join());
for (const x of [null, undefined]) try { Array.from(x); } catch (e) { print(e.name); }
try { Array.from([], {}); } catch (e) { print(e.name); }
//// Array.from closes when the map function throws
let closed = false;
const it = { [Symbol.iterator]() { return this; }, next: () => ({ value: 1, done: false }), return() { closed = true; return {}; } };
try { Array.from(it, () => { throw new EvalError('x'); }); } catch (e) { print(e.name, closed); }
//// isArray
print([[], new Array(), Array.prototype, { length: 0 }, 'a', null, new Proxy([], {}), new Uint8Array(1), (function () { return arguments; })()].map(Array.isArray).join());
//// push and pop
const a = [];
print(a.push(), a.push('x', 'y'), a.pop(), a.length, [].pop(), a.push([1, 2]), a[1].length);
//// shift and unshift
const a = [2, 3];
print(a.unshift(0, 1), a.join(), a.shift(), a.join(), [].shift(), a.unshift(), [, 5].shift());
//// push and pop on what is like an array
const o = { length: 1, 0: 'z' };
print([].push.call(o, 'y'), o.length, o[1], [].pop.call(o), o.length, 1 in o, [].shift.call(o), JSON.stringify(o));
const n = {}; [].push.call(n, 1); print(JSON.stringify(n));
//// frozen and sealed arrays
for (const f of [a => a.push(1), a => a.pop(), a => { a[0] = 9; }, a => { a.length = 0; }, a => a.sort(), a => a.reverse(), a => a.fill(0), a => a.shift()]) try { f(Object.freeze([2, 1])); print('no'); } catch (e) { print(e.name); }
//// slice
const a = [1, 2, 3, 4, 5];
print(a.slice(1, 3).join(), a.slice(-2).join(), a.slice(2, -1).join(), a.slice().length, a.slice(3, 1).length, a.slice(undefined, 2).join(), a.slice(-99, 2).join(), a.slice(1.9, '3').join(), a.slice() === a);
//// splice removes and inserts
const a = [1, 2, 3, 4, 5];
print(a.splice(1, 2, 'a', 'b', 'c').join(), a.join(), a.splice(-1, 1).join(), a.splice(1, 0, 'new').length, a.join());
//// splice with few arguments
const a = [1, 2, 3];
print(a.splice().length, a.splice(undefined).join(), a.length, [1, 2, 3].splice(1).join(), [1, 2, 3].splice(1, undefined).length, [1, 2].splice(0, -5).length);
//// splice moves holes
const a = [1, , 3, , 5];
const out = a.splice(1, 2);
print(out.length, 0 in out, 1 in out, a.length, 1 in a, a[2]);
//// concat flattens arrays one level
print([1].concat(2, [3, [4]], 'ab').length, [].concat([[1]])[0].join(), [1].concat().join(), [].concat({ length: 1 }).length, [].concat.call('s', 1)[0] instanceof String);
//// concat keeps holes
const a = [1, ,].concat([, 2]);
print(a.length, Object.keys(a).join());
//// join
print([1, null, undefined, '', [2, [3]], {}].join('|'), [1, 2].join(undefined), [1, 2].join(null), [,].join('x') === '', [, ,].join('x'), ['a'].join('xyz'));
//// join of an array within itself
const a = [1];
a.push(a, 2);
print(a.join('+'), String(a));
//// toString uses join if it can
const a = [1, 2];
a.join = () => 'mine';
print(String(a), a + '!', [].toString.call({ join: () => 'other' }), [].toString.call({}));
//// reverse
const a = [1, 2, 3], h = [1, , , 4];
print(a.reverse() === a, a.join(), h.reverse().join('-'), Object.keys(h).join());
//// reverse moves holes to the other side
const a = [1, 2, , ,];
a.reverse();
print(Object.keys(a).join(), a.length, a[3]);
//// indexOf and lastIndexOf
const a = ['a', 'b', 'a', NaN, undefined];
print(a.indexOf('a'), a.lastIndexOf('a'), a.indexOf('a', 1), a.indexOf('b', -3), a.lastIndexOf('a', 1), a.indexOf(NaN), a.lastIndexOf('b', -5), a.indexOf('1'), a.lastIndexOf('a', undefined));
//// includes finds NaN and holes
print([NaN].includes(NaN), [,].includes(undefined), [1, 2].includes(1, 1), [1, 2].includes(2, -1), [0].includes(-0), ['1'].includes(1), [,].indexOf(undefined));
//// find and findIndex
const a = [5, 12, 8];
print(a.find(x => x > 6), a.findIndex(x => x > 6), a.find(x => x > 99), a.findIndex(x => x > 99), a.find((x, i) => i === 2), [, 1].findIndex(x => x === undefined));
//// findLast and findLastIndex
const a = [5, 12, 8, 3];
print(a.findLast(x => x > 4), a.findLastIndex(x => x > 4), a.findLast(x => x > 99), a.findLastIndex(() => false));
//// at
const a = ['x', 'y', 'z'];
print(a.at(0), a.at(-1), a.at(-3), a.at(-4), a.at(3), a.at(), a.at('1'), a.at(1.9), a.at(NaN));
//// map keeps length and holes
const m = [1, , 3].map(x => x * 2);
print(m.length, 1 in m, m.join(), ['1', '2', '3'].map(Number).join(), ['10', '10', '10'].map(parseInt).join());
//// filter closes gaps
const f = [1, , 0, null, 2].filter(Boolean);
print(f.length, f.join(), [, ,].filter(() => true).length, [3, 4, 3].filter((x, i, all) => all.indexOf(x) === i).join());
//// forEach gives nothing and skips holes
const seen = [];
print([1, , 3].forEach((x, i) => seen.push(i + ':' + x)), seen.join());
//// forEach does not see what is added, but what is changed
const a = [1, 2, 3], seen = [];
a.forEach((x, i) => { seen.push(x); a.push(9); a[i + 1] = x * 10; if (i === 0) delete a[2]; });
print(seen.join(), a.length);
//// some and every
print([1, 2].some(x => x > 1), [].some(() => true), [].every(() => false), [1, 2].every(x => x > 1), [,].every(() => false), [3, 'stop', 4].some(x => x === 'stop' || print(x)));
//// reduce from the left
print([1, 2, 3].reduce((a, x, i, all) => a + x * i + all.length, 0), ['a', 'b'].reduce((a, x) => a + x), [5].reduce(() => 'not called'), [].reduce(() => 'no', 'start'), [, 2, , 3].reduce((a, b) => a * b));
//// reduceRight
print(['a', 'b', 'c'].reduceRight((a, x) => a + x), [[1], [2]].reduceRight((a, x) => a.concat(x)).join(), [1, 2, 3].reduceRight((a, x, i) => a + i, ''));
//// reduce of nothing
for (const f of [() => [].reduce((a, b) => a), () => [, ,].reduceRight((a, b) => a), () => [1].reduce()]) try { f(); } catch (e) { print(e.name); }
print([1, 2].reduce((a, b) => [a, b].join(), undefined));
//// callbacks must be functions
for (const k of ['map', 'filter', 'forEach', 'some', 'every', 'find', 'findIndex', 'reduce', 'flatMap', 'sort']) try { [1][k]({}); print(k); } catch (e) { print(e.name); }
//// callbacks get value, index, array and this
const a = ['v'];
a.map(function (...args) { print(args.length, args[0], args[1], args[2] === a, this.t); }, { t: 'that' });
[1].forEach(function () { print(this); });
//// sort without a comparator is by text
print([10, 9, 1, 2].sort().join(), [true, 'a', 0, null].sort().join(), ['b', , 'a', undefined].sort().length, [3, undefined, 1].sort().join('-'));
//// sort puts holes last and undefined before them
const a = ['b', , undefined, 'a'];
a.sort();
print(a.join('-'), 2 in a, 3 in a);
//// sort is stable
const a = 'd1 a2 c1 b2 a1 d2'.split(' ');
print(a.sort((x, y) => x.charCodeAt(1) - y.charCodeAt(1)).join(), a.sort((x, y) => (x[0] > y[0]) - (x[0] < y[0])).join());
//// sort of many is stable
const a = Array.from({ length: 500 }, (_, i) => [(i * 37) % 10, i]);
a.sort((x, y) => x[0] - y[0]);
print(a.every((p, i) => i === 0 || a[i - 1][0] < p[0] || a[i - 1][0] === p[0] && a[i - 1][1] < p[1]));
//// sort takes what the comparator gives as a number
print([1, 2, 3].sort((a, b) => String(b - a)).join(), [3, 1, 2].sort(() => NaN).join(), [3, 1, 2].sort(() => undefined).join(), [2, 1].sort((a, b) => ({ valueOf: () => a - b })).join());
//// sort compares code units
print(['\u{1F600}', '\uFF5E', 'Z', 'a', 'B', '\u00e9'].sort().map(s => s.charCodeAt(0).toString(16)).join(), ['10', '9', '1'].sort().join(), ['', ' ', '!'].sort()[0] === '');
//// sort leaves the array alone when the comparator throws at once
const a = [3, 2, 1];
try { a.sort(() => { throw new RangeError('x'); }); } catch (e) { print(e.name, a.slice().sort().join()); }
for (const c of [null, 5, 'x']) try { a.sort(c); } catch (e) { print(e.name); }
//// sort never asks for undefined
const args = [];
[2, undefined, 1].sort((a, b) => { args.push(typeof a, typeof b); return a - b; });
print(args.every(t => t === 'number'), args.length);
//// flat
print(JSON.stringify([1, [2, [3, [4]]]].flat()), JSON.stringify([1, [2, [3, [4]]]].flat(2)), [[[[5]]]].flat(Infinity)[0], [[1]].flat(0)[0].length, [1, , [2, , 3]].flat().length, [[1], [2]].flat('x')[0].length);
//// flatMap flattens one level
print(JSON.stringify([1, 2].flatMap(x => [x, [x]])), [1, 2, 3].flatMap(x => x % 2 ? [] : x).join(), ['a b', 'c'].flatMap(s => s.split(' ')).join());
//// fill
print([1, 2, 3, 4].fill(0, 1, 3).join(), [1, 2, 3].fill(9, -1).join(), new Array(3).fill().join('-'), [1, 2].fill(0, 5).join(), [1, 2, 3].fill('x', 1, -1).join());
//// fill with one object
const a = new Array(2).fill([]);
a[0].push('x');
print(a[1].length, a[0] === a[1]);
//// copyWithin
print([1, 2, 3, 4, 5].copyWithin(0, 3).join(), [1, 2, 3, 4, 5].copyWithin(1, 0, 3).join(), [1, 2, 3, 4, 5].copyWithin(-2, -4, -3).join(), [1, , 3].copyWithin(0, 1).join('-'));
//// copyWithin overlapping
print([1, 2, 3, 4, 5, 6].copyWithin(2, 0).join(), [1, 2, 3, 4, 5, 6].copyWithin(0, 2).join(), [1, 2, 3].copyWithin(0, 99).join(), [1, 2, 3].copyWithin(99, 0).join());
//// keys skip no holes but Object.keys does
const a = [, 'x', ,];
print([...a.keys()].join(), Object.keys(a).join(), a.length);
//// for-in goes over indices as text and other keys
const a = ['x', 'y'];
a.extra = 1; a[3] = 'z';
const seen = [];
for (const k in a) seen.push(typeof k, k);
print(seen.join());
//// delete leaves a hole
const a = [1, 2, 3];
print(delete a[1], a.length, 1 in a, a[1], a.indexOf(undefined), a.findIndex(x => x === undefined));
//// holes look through to the prototype
Array.prototype[1] = 'proto';
const a = [0, , 2];
print(a[1], a.hasOwnProperty(1), a.join(), a.indexOf('proto'), a.map(x => x).hasOwnProperty(1));
delete Array.prototype[1];
//// arrays compared and turned into numbers
print([] == '', [0] == false, [1, 2] == '1,2', [] == [], +[], +[5], isNaN([1, 2]), [] + {}, [2] > 1, `${[[]]}`.length);
//// generic methods on strings
print([].map.call('abc', c => c + c).join(), [].filter.call('a1b2', c => c > '9').join(''), [].join.call('xyz', '.'), [].every.call('aaa', c => c === 'a'), [].includes.call('abc', 'b'), [].at.call('abc', -1));
try { [].push.call('abc', 'd'); } catch (e) { print(e.name); }
//// generic methods on nothing
for (const k of ['map', 'join', 'slice', 'includes', 'concat', 'keys']) try { [][k].call(undefined, x => x); print(k); } catch (e) { print(e.name); }
//// a subclass of Array
class Stack extends Array { top() { return this[this.length - 1]; } }
const s = new Stack();
s.push('a', 'b');
print(s.length, s.top(), Array.isArray(s), s instanceof Stack, (s.length = 1, s.top()), JSON.stringify(s));
//// lengths and names of methods
print(['push', 'concat', 'slice', 'splice', 'indexOf', 'reduce', 'fill', 'copyWithin', 'flat', 'flatMap', 'includes', 'unshift', 'join'].map(k => Array.prototype[k].length).join(), Array.length, Array.from.length, [].find.name);
//// methods are not enumerable
let n = 0;
for (const k in []) n++;
print(n, Object.keys(Array.prototype).length, Array.prototype.length, Array.isArray(Array.prototype), Object.getOwnPropertyDescriptor(Array.prototype, 'map').enumerable);
//// getters as elements
const a = [1, 2];
Object.defineProperty(a, 0, { get() { return 'got' + this.length; } });
print(a[0], a.join(), a.slice().join(), a.indexOf('got2'), [...a][0]);
//// sparse arrays of great length
const a = [];
a[1000000] = 'far';
let n = 0;
for (const k in a) n++;
print(a.length, n, a[999999], Object.keys(a)[0]);
//// grouping with reduce
const people = [['ann', 3], ['bob', 4], ['cy', 3]];
const by = people.reduce((all, [name, age]) => { (all[age] = all[age] || []).push(name); return all; }, {});
print(JSON.stringify(by));
//// a matrix turned
const m = [[1, 2, 3], [4, 5, 6]];
print(JSON.stringify(m[0].map((_, i) => m.map(row => row[i]))));
//// a queue and a ring
const q = [];
for (let i = 0; i < 6; i++) { q.push(i); if (q.length > 3) q.shift(); }
q.push(q.shift());
print(q.join(), q.indexOf(3), q.slice().reverse().join());
//// toLocaleString asks each element
print([new Date(0), 1234.5, null, { toLocaleString: () => 'own' }, ['a', 1e6]].toLocaleString().replace(/\u202f/g, ' '), [].toLocaleString(), [[]].toLocaleString());
Number.prototype.toLocaleString = function () { return `<${this}>`; };
print([1, 2].toLocaleString());

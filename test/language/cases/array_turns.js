//// shift, unshift and splice of long arrays
const sum = list => list.reduce((total, x, i) => (Math.imul(total, 31) + x * (i + 1)) | 0, list.length);
const make = n => Array.from({ length: n }, (_, i) => i * i % 1009);
for (const n of [0, 1, 7, 8, 9, 10, 100, 1000]) {
  const a = make(n), out = [];
  for (let i = 0; i < 5; i++) out.push(a.shift());
  out.push(sum(a), a.unshift(1), a.unshift(2, 3), a.unshift(...make(20)), sum(a), a.unshift());
  for (const [at, gone, ...more] of [[0, 1], [0, 0, 5], [2, 3, 'x', 'y'].slice(0, 2), [1, 1, 7, 8, 9], [-3, 2, 4], [3, 5, 1], [5, 0, ...make(30)], [2, 29], [n >> 1, 1], [0, 9, 1], [0, 1, ...make(12)], [-1, 1, 1, 2]])
    out.push(a.splice(at, gone, ...more).length, sum(a));
  print(n, out.join());
}
//// queues
const queue = [];
let seen = 0, at = 0;
for (let i = 0; i < 5000; i++) { queue.push(i, i + 0.5); seen += queue.shift() * (i & 3); if (i % 3 === 0) queue.unshift(seen % 100); }
while (queue.length > 0) at = (at * 7 + queue.shift() + queue.length) % 100003;
print(seen, at, queue.length);
//// arrays that are not simple
const log = [];
const holes = [0, 1, , 3, 4, 5, , 7, 8, 9, 10, 11];
holes.shift(); print(holes.length, 1 in holes, 5 in holes, holes.join());
holes.unshift('a', 'b'); print(holes.length, 3 in holes, 7 in holes, holes.join());
holes.splice(1, 2); holes.splice(4, 0, 'x'); print(holes.length, holes.join(), Object.keys(holes).join());
const getters = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
Object.defineProperty(getters, 3, { get() { log.push('get'); return 'g'; }, set(v) { log.push(`set ${v}`); }, configurable: true, enumerable: true });
getters.shift(); print(getters.join(), log.join()); log.length = 0;
getters.unshift('u'); print(getters.join(), log.join());
const proxy = new Proxy([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { set(o, k, v) { log.push(k); o[k] = v; return true; } });
log.length = 0; proxy.shift(); print(log.join(), proxy.join());
const like = { length: 10, 0: 'a', 9: 'z' };
Array.prototype.shift.call(like); Array.prototype.unshift.call(like, 'q', 'r'); print(JSON.stringify(like));
for (const spoil of [Object.freeze, Object.seal, Object.preventExtensions, a => Object.defineProperty(a, 'length', { writable: false }), a => Object.defineProperty(a, 9, { writable: false }), a => Object.defineProperty(a, 0, { configurable: false })])
  for (const change of [a => a.shift(), a => a.unshift('new'), a => a.splice(2, 3), a => a.splice(2, 1, 'p', 'q'), a => a.splice(2, 2, 'p', 'q'), a => a.reverse()]) {
    const a = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
    spoil(a);
    let end = 'done';
    try { change(a); } catch (error) { end = error.name; }
    print(end, a.length, a.join());
  }
class Mine extends Array {}
const mine = Mine.from({ length: 12 }, (_, i) => i), cut = mine.splice(1, 9);
print(cut instanceof Mine, cut.join(), mine.shift(), mine.join(), mine.length);
const objects = Array.from({ length: 50 }, (_, i) => ({ i }));
const first = objects.shift(), removed = objects.splice(5, 20, first); objects.unshift(...removed.splice(3, 4));
print(objects.map(o => o.i).join(), removed.map(o => o.i).join());
//// spread, rest and arguments of odd lists
const odd = [1, , 3];
Object.defineProperty(odd, 3, { get() { odd.push('late'); if (odd.length > 6) odd.length = 5; return 'got'; }, enumerable: true, configurable: true });
print([...odd].length, [...odd, ...odd].map(String).join(), odd.length);
print(1 in [...[, 1, ,]], [...[, , ,]].length, [...'ab', , ...[3], ,].length, 2 in ['a', 'b', , ...[3]], Object.keys([0, , ...[, 1], ,]).join());
function rest(a, ...b) { b.push('own'); return `${a}:${b.length}:${b.join()}:${arguments.length}`; }
print(rest(), rest(1), rest(1, 2, 3), rest(...[1, , 3]), rest(...odd.slice(0, 3), ...new Set(['s']), 'end'));
Array.prototype[1] = 'inherited';
print([...[0, , 2]].join(), ((...list) => Object.keys(list).join())(...[0, , 2]), [0, , ...[2]].join());
delete Array.prototype[1];
class Sub extends Array {}
print([...new Sub(1, 2, 3)] instanceof Sub, [...new Sub(1, 2, 3)].length, Math.max(...Sub.of(4, 9)), new Date(...[2020, 1, 29]).getTime() > 0);
const many = Array.from({ length: 3000 }, (_, i) => i);
print([...many, ...many].length, Math.max(...many), ((...list) => list.length)(...many), String.fromCharCode(...many.slice(97, 100)));
const walk = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function* () { yield 'changed'; yield* { [Symbol.iterator]: () => walk.call(this) }; };
print([...[1, 2]].join(), ((...list) => list.length)(...[1]));
Array.prototype[Symbol.iterator] = walk;
print([...[1, 2]].join());
try { print([...[1], ...5]); } catch (error) { print(error.name); }

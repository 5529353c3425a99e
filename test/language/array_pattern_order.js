// SPDX-License-Identifier: MIT
const log = [];
function source(n, tag) {
  let i = 0;
  return { [Symbol.iterator]() { return { next() { log.push(tag + i); return i < n ? { value: i++, done: false } : { value: undefined, done: true }; }, return() { log.push(tag + ' closed'); return {}; } }; } };
}
function show() { console.log(log.splice(0).join(' ')); }
const d = n => (log.push('default ' + n), n);
{ const [a = d('a'), b = d('b')] = source(1, 's'); show(); }
{ const [a, , b] = source(9, 's'); console.log(a, b); show(); }
{ const [] = source(3, 'e'); show(); }
{ const [f, ...all] = source(4, 'r'); console.log(all.join()); show(); }
{ const o = { get x() { return 1; }, set x(v) { log.push('set x ' + v); }, set y(v) { log.push('set y ' + v); } }; [o.x, o.y] = source(5, 's'); show(); }
{ let o = {}; const obj = () => (log.push('obj'), o), key = k => (log.push('key ' + k), k);
  [obj()[key('a')], obj()[key('b')] = d('B')] = [undefined, undefined]; show(); console.log(JSON.stringify(o)); }
{ const arr = [1, 2, 3]; [arr[1], arr[2]] = arr; console.log(arr.join()); }
{ const arr = [1, 2, 3]; [arr[2], arr[1], arr[0]] = arr; console.log(arr.join()); }
{ let x = 1, y = 2; [x, y] = [y, x]; console.log(x, y); }
{ let n; try { const [a, { b }] = source(1, 'n'); } catch (e) { console.log(e.name); } show(); }
{ try { const [a = (() => { throw new Error('dflt'); })()] = source(0, 'd'); } catch (e) { console.log(e.message); } show(); }
{ let t; try { [t, (() => { throw new Error('target'); })().x] = source(5, 't'); } catch (e) { console.log(e.message); } show(); }
{ const o = { set x(v) { throw new Error('setter'); } }; try { [o.x] = source(5, 'x'); } catch (e) { console.log(e.message); } show(); }
{ const bad = { [Symbol.iterator]() { return { next() { log.push('next'); throw new Error('next'); }, return() { log.push('must not close'); return {}; } }; } };
  try { const [a] = bad; } catch (e) { console.log(e.message); } show(); }
{ const bad = { [Symbol.iterator]() { return { next() { return { done: false, value: 1 }; }, return() { log.push('returned'); return 5; } }; } };
  try { const [a] = bad; } catch (e) { console.log(e.name); } show(); }
function f([a, b = a + 1] = [10], { c = b + 1, ...rest } = { z: 1 }) { return [a, b, c, JSON.stringify(rest)].join(); }
console.log(f(), f([1]), f([1, 5], { c: 9, q: 2 }), f(source(1, 'p'))); show();
for (const [k, v = d('dv')] of [source(1, 'o'), [5, 6]]) console.log(k, v);
show();
for (const [i, [j = 7]] of [[1, []], [2, source(2, 'i')]]) console.log(i, j);
show();
try { throw [1, [2]]; } catch ([p, [q, r = p + q]]) { console.log(p, q, r); }
console.log((([x, y = x]) => x + y)([4]), ((...[h, i]) => h + i)(1, 2));

// SPDX-License-Identifier: MIT
const { a, b: { c, d = 4 }, ['e' + 1]: e, ...rest } = { a: 1, b: { c: 3 }, e1: 5, f: 6, g: 7 }; console.log([a, c, d, e].join() + JSON.stringify(rest));
let x, y; ({ x, y = x + 1 } = { x: 1 }); console.log(x + ',' + y); try { const { q } = null; } catch (e) { console.log(e.name); }
function f({ a = 1, b } = {}, [c] = ['C']) { return a + '' + b + c; } console.log(f()); console.log(f({ a: 2, b: 3 }, 'Z'));
for (const { k, v: [w] } of [{ k: 1, v: [2] }]) console.log(k + w + ''); for (const [i, j] of [[1, 2]]) console.log(String(i + j)); try { throw { m: 'msg' }; } catch ({ m, n = 'none' }) { console.log(m + n); }

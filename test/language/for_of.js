// SPDX-License-Identifier: MIT
for (const c of 'a\u{1F600}b') console.log(String(c.length)); let s = 0; for (s of [1, 2, 3]); console.log(String(s));
const o = {}; for (o.x of [7]); console.log(String(o.x)); var a = [1]; for (const v of a) { if (v < 4) a.push(v + 1); } console.log(a.join());
l: for (const x of [1, 2, 3]) { for (const y of [1, 2]) { if (x === 2) continue l; if (x === 3) break l; console.log(x + '' + y); } }
function f() { for (const x of [5, 6]) return x; } console.log(String(f())); try { for (const x of {}); } catch (e) { console.log(e.name); }

// SPDX-License-Identifier: MIT
// Programs that never end, or want more than there is: each must be stopped, and soon.
//// for without end
for (;;) ;
//// while with work
let n = 0;
while (true) n = (n * 31 + 7) % 1000003;
//// do with an empty body
do { } while (1);
//// a labelled continue without end
outer: while (true) { for (const x of [1, 2, 3]) { if (x === 2) continue outer; } }
//// for-of over a list that grows
const list = [0];
for (const x of list) { list.push(x); list.shift(); list.unshift(x); }
//// for-of over a set that changes
const s = new Set([1]);
for (const x of s) { s.delete(x); s.add(x + 1); }
//// forEach over a map that grows
const m = new Map([[0, 0]]);
m.forEach((v, k) => { m.delete(k); m.set(k + 1, v); });
//// for-in again and again
const o = { a: 1, b: 2, c: 3 };
for (;;) for (const k in o) ;
//// switch in a loop
let state = 'a';
for (;;) switch (state) { case 'a': state = 'b'; break; case 'b': state = 'c'; break; default: state = 'a'; }
//// closures made in a loop
for (let i = 0; ; i++) { const f = () => i; if (f() < 0) break; }
//// try and finally in a loop
for (;;) try { continue; } finally { }
//// exceptions in a loop
for (;;) try { throw new Error('again'); } catch { }
//// spread in a loop
let a = [1, 2, 3];
for (;;) a = [...a];
//// getters in a loop
const o = { get x() { return this.y; }, get y() { return 1; } };
for (;;) o.x;
//// private members in a loop
class A { #n = 0; #step() { return ++this.#n; } run() { while (this.#step()) ; } }
new A().run();
//// sparse array walked by a loop
const a = [];
a.length = 4294967295;
for (let i = 0; i < a.length; i++) a[i];

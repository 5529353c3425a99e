// SPDX-License-Identifier: MIT
function f1() { a: { b: { try { break a; } finally { break b; } } return 'after b'; } return 'after a'; } console.log(f1());
function f2() { for (let i = 0; ; i++) { try { if (i < 3) continue; return 'r' + i; } finally { if (i === 3) { i = 10; } } } } console.log(f2());
function f3() { try { return 'try'; } finally { console.log('fin'); } } console.log(f3());
function f4() { let x = 1; try { return x; } finally { x = 2; } } console.log(f4());
function f5() { try { throw 1; } catch (e) { return 'c' + e; } finally { return 'f'; } } console.log(f5());
function f6() { const out = []; outer: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) { try { if (b === 2) continue outer; if (a === 3) break outer; out.push(a * 10 + b); } finally { out.push('f'); } } } return out.join(); } console.log(f6());
async function f7() { const out = []; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { try { await null; if (j === 1) continue outer; if (i === 2) break outer; out.push(`${i}${j}`); } finally { await null; out.push('f'); } } } return out.join(); }
async function f8() { for (;;) { try { return await 'ret'; } finally { await 0; break; } } return 'broke'; }
async function f9() { try { await Promise.reject(new Error('x')); } catch { return 'caught'; } finally { console.log('f9 finally'); } }
async function f10() { l: try { await 1; break l; } finally { await 2; } return 'after label'; }
async function f11() { let n = 0; while (true) { try { n++; if (n < 3) continue; if (n === 5) return n; await n; } finally { if (n === 4) n = 4; await 0; } } }
async function f12() { try { try { throw await 1; } finally { await 2; throw 3; } } catch (e) { return 'got ' + e; } }
async function f13() { switch (await 2) { case await 1: return 'one'; case await 2: { try { break; } finally { await 0; } } default: return 'default'; } return 'two'; }
async function f14() { do { try { continue; } finally { await 1; } } while (await false); return 'do'; }
async function f15() { for (const x of (function* () { try { yield 1; yield 2; } finally { console.log('closed'); } })()) { await x; if (x) return 'returned ' + x; } }
(async () => { for (const f of [f7, f8, f9, f10, f11, f12, f13, f14, f15]) console.log(f.name, await f()); })();
switch (3) { case 1: console.log(1); default: console.log('d'); case 2: console.log(2); break; case 4: console.log(4); }
x: for (var i = 0; i < 2; i++) { y: for (;;) { switch (i) { case 0: continue x; case 1: break y; } } console.log('y done'); }
lbl: if (true) { console.log('in'); if (i) break lbl; console.log('no'); }
function g1() { for (const x of [1, 2]) { try { return x; } finally { continue; } } return 'end'; } console.log(g1());
function g2() { while (true) { try { throw 1; } catch (e) { break; } finally { console.log('g2f'); } } return 'g2'; } console.log(g2());
function g3() { a: for (;;) { try { for (;;) { try { break a; } finally { console.log('inner'); } } } finally { console.log('outer'); } } return 'out'; } console.log(g3());

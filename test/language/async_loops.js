// SPDX-License-Identifier: MIT
const wait = v => new Promise(r => r(v)); (async () => { let s = 0; for (let i = 0; i < 3; i++) s += await wait(i); console.log(String(s)); for (const x of [1, 2]) { if (await wait(x === 1)) continue; console.log('x' + x); }
  for (const k in { a: 1, b: 2 }) console.log(await wait(k)); let n = 0; while (await wait(n < 2)) n++; do { n--; } while (await wait(n > 0)); console.log('n' + n); a: for (;;) { for (;;) { await 1; break a; } } console.log('end'); })();

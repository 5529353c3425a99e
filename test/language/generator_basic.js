// SPDX-License-Identifier: MIT
function* g(a, b = 2) { const x = yield a; console.log('got ' + x); try { yield b; } finally { console.log('finally'); } return 'r'; }
const i = g(1); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next('X'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next()));
for (const v of g(5)) console.log(String(v)); for (const v of g(6)) break; const [p] = g(7); console.log(String(p)); console.log([...g(8)].join());
const o = { *m() { yield this.k; }, k: 'K', *[Symbol.iterator]() { for (let n = 0; n < 3; n++) yield n; } }; console.log([...o.m()].join() + [...o].join()); class C { static *s() { yield* [1, 2]; } *#p() { yield 'p'; } q() { return [...this.#p()]; } } console.log([...C.s()].join() + new C().q());

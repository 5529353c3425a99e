// SPDX-License-Identifier: MIT
const it = { from: 1, to: 3, [Symbol.iterator]() { let c = this.from, t = this.to; return { next: () => c <= t ? { value: c++, done: false } : { value: undefined, done: true } }; } }; console.log([...it].join()); for (const v of it) console.log(String(v)); const [a, ...b] = it; console.log(a + '|' + b); console.log(String(Math.max(...it)));

// SPDX-License-Identifier: MIT
const o = { b: 1, 2: 2, a: 3, 1: 4, [Symbol('s')]: 5, get g() { return 6; }, ['c' + 1]: 7, 'quoted-key': 8, 0x10: 9, 1e3: 10 };
console.log(Object.keys(o).join(), Object.entries({ x: 1, y: [2] }).join('|'), Object.values('ab').join(), Object.getOwnPropertySymbols(o).length, Reflect.ownKeys(o).length, JSON.stringify(Object.fromEntries(new Map([['a', 1]]))), Object.is(NaN, NaN), Object.is(0, -0), JSON.stringify(Object.assign({ a: 1 }, null, { b: 2 }, 'x', [9])));

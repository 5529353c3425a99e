// SPDX-License-Identifier: MIT
const a = 1, b = 2; const o = { a, b, c() { return this.a; }, ['d' + a]: 3, get e() { return 4; }, set e(v) { console.log('set' + v); }, 'f g': 5, 7: 6, if: 8 };
console.log(JSON.stringify(o) + o.c()); o.e = 9; console.log(Object.keys(o).join());
const p = { __proto__: { inherited: 1 } }; console.log(p.inherited + ':' + Object.keys(p).length); const __proto__ = 5; console.log(Object.keys({ __proto__ }).join() + Object.keys({ ['__proto__']: 1 }).join());
const k = 'dyn'; const q = { get [k]() { return 'G'; }, [k + 2]() { return 'M'; }, [Symbol.iterator]: 1 }; console.log(q.dyn + q.dyn2() + q.dyn2.name); let n = 0; console.log(JSON.stringify({ [n++]: n, [n++]: n }));

// SPDX-License-Identifier: MIT
const f = ({ a, b: { c = 2 } = {} }, [d, ...e] = [], ...[g]) => [a, c, d, e.length, g].join(); console.log(f({ a: 1 })); console.log(f({ a: 1, b: { c: 3 } }, [4, 5, 6], 7)); try { f(); } catch (e) { console.log(e.name); }

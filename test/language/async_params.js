// SPDX-License-Identifier: MIT
const f = async (a, b = a * 2, { c } = { c: 3 }) => a + b + c; f(1).then(v => console.log(String(v))); (async (x = (() => { throw new Error('default'); })()) => 1)().catch(e => console.log(e.message)); console.log(String(f.length) + f.name); (async ({ q }) => q)().catch(e => console.log(e.name));

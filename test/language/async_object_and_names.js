// SPDX-License-Identifier: MIT
const o = { async a() {}, b: async () => {}, async 'c d'() {}, async get() { return 'g'; } }; console.log(Object.keys(o).map(k => o[k].name).join()); o.get().then(v => console.log(v)); async function named() { return named.name; } named().then(v => console.log(v)); const e = async function inner() { return typeof inner; }; e().then(v => console.log(v));

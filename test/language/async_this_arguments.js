// SPDX-License-Identifier: MIT
const o = { n: 5, async m(a) { await null; return this.n + a + arguments.length; }, async k() { const f = async () => { await null; return this.n; }; return await f(); } };
o.m(1, 2).then(v => console.log(String(v))); o.k().then(v => console.log(String(v))); (async function () { console.log(typeof this); await 1; console.log(typeof this); })();

// SPDX-License-Identifier: MIT
const t = { then(r) { console.log('then'); r('thenable'); } }; (async () => { console.log(await t); return t; })().then(v => console.log(v)); (async () => { try { await { then(a, b) { b(new Error('rej')); } }; } catch (e) { console.log(e.message); } })();

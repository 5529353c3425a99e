// SPDX-License-Identifier: MIT
async function f(n) { try { console.log('t' + n); if (n) await Promise.reject(new Error('r' + n)); return 'ok'; } catch (e) { console.log('c ' + e.message); await null; return 'caught'; } finally { await null; console.log('f' + n); } }
f(0).then(v => { console.log(v); return f(1); }).then(v => console.log(v));

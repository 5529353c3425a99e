// SPDX-License-Identifier: MIT
async function f() { for (const x of [1, 2]) { try { await null; return x; } finally { await null; console.log('fin' + x); } } } f().then(v => console.log('v' + v));

// SPDX-License-Identifier: MIT
try { throw 1; } catch { console.log('caught'); } finally { console.log('finally'); }
function f() { try { return 'try'; } finally { console.log('f'); } } console.log(f()); function g() { for (const x of [1, 2]) { try { continue; } finally { console.log('g' + x); } } return 'end'; } console.log(g());

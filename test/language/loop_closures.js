// SPDX-License-Identifier: MIT
var fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); console.log(fs.map(f => f()).join());
fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); i++; } console.log(fs.map(f => f()).join());
fs = []; for (var k = 0; k < 2; k++) { let j = k * 2; fs.push(function () { return j++; }); } console.log(fs.map(f => f() + f()).join());
fs = []; for (const p in { a: 1, b: 2 }) fs.push(() => p); console.log(fs.map(f => f()).join());
fs = []; for (const v of [4, 5]) { const w = v + 1; fs.push(() => v + ':' + w); } console.log(fs.map(f => f()).join());
fs = []; let n = 0; while (n < 2) { const m = n++; fs.push({ g() { return m; } }); } console.log(fs.map(f => f.g()).join());

// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 2; i++) { for (let j = 0; j < 2; j++) { out.push(() => () => i + '' + j); } }
console.log(out.map(f => f()()).join());
outer: for (let a = 0; a < 3; a++) { for (let b = 0; b < 3; b++) { out.push(() => a * 10 + b); if (b === 1) continue outer; if (a === 2) break outer; } }
console.log(out.slice(4).map(f => f()).join());

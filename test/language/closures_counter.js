// SPDX-License-Identifier: MIT
const counter = () => { let n = 0; return { inc: () => ++n, dec: () => --n, get value() { return n; } }; }; const a = counter(), b = counter(); a.inc(); a.inc(); b.dec(); console.log(a.value + ',' + b.value);

// SPDX-License-Identifier: MIT
function f(a, ...r) { return a + ':' + r.length + ':' + r.join(); } console.log(f(1)); console.log(f(1, 2, 3));
const g = (...[a, b]) => a + b; console.log(String(g(3, 4))); console.log(String(Array.isArray(((...x) => x)())));

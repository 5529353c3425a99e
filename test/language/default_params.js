// SPDX-License-Identifier: MIT
function f(a, b = a + 1, c = () => b) { b++; return a + ',' + b + ',' + c(); } console.log(f(1)); console.log(f(1, 5)); console.log(f(1, undefined, () => 'x'));
console.log(f.length + ' ' + ((a = 1, b) => 0).length + ' ' + ((a, b, ...c) => 0).length);
let x = 'outer'; function g(a = x) { var x = 'inner'; return a + x; } console.log(g());
function h(a, b = arguments.length) { return b; } console.log(String(h(1)) + h(1, null));

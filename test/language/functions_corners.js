// SPDX-License-Identifier: MIT
function f(a, b = 2, ...c) { return [a, b, c.length, arguments.length].join(); } console.log(f.length, f(1), f(1, undefined, 3, 4), f.call(null, 1, 2), f.apply(null, [1, 2, 3]), f.bind(null, 9)(8), f.bind(null).name, (() => {}).name, (function () {}).name);

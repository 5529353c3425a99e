// SPDX-License-Identifier: MIT
// Calls of functions.
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
for (var i = 0; i < scale; i++) out(fib(22));

// SPDX-License-Identifier: MIT
const fact = n => n < 2 ? 1 : n * fact(n - 1); console.log(String(fact(10))); const f = function g(n) { return n ? g(n - 1) + 1 : 0; }; console.log(String(f(5))); const even = n => n === 0 || odd(n - 1), odd = n => n !== 0 && even(n - 1); console.log(String(even(10)));

// SPDX-License-Identifier: MIT
let a = (1, 2, 3); console.log(String(a)); for (var i = 0, j = 5; i < j; i++, j--); console.log(i + ',' + j); console.log(String(void 0) + typeof typeof 1 + !!'x' + ~5 + +'3' + -'4'); let n = 1; console.log(String(n++ + ++n) + n-- + --n); console.log(String(1 - -1) + (1 + +1));

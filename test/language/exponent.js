// SPDX-License-Identifier: MIT
console.log([2 ** 3, 2 ** 3 ** 2, (-2) ** 2, 2 ** -1].join()); let a = 3; a **= 2; console.log(String(a)); console.log(String(-(2 ** 2)));

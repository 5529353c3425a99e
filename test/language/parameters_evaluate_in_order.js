// SPDX-License-Identifier: MIT
const log = []; function f({ [(log.push('k1'), 'a')]: a = log.push('d1') }, b = log.push('d2')) { } f({}); console.log(log.join()); function g(a, b = () => a, c = a = 5) { return b() + c; } console.log(String(g(1)));

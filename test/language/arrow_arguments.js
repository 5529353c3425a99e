// SPDX-License-Identifier: MIT
function f() { const g = () => arguments[0] + arguments.length; return g('x', 'y'); }
console.log(f(7, 8, 9));
function h() { return (() => (() => new.target === undefined)())(); }
console.log(String(h()), String(new (function () { this.t = (() => new.target !== undefined)(); })().t));

// SPDX-License-Identifier: MIT
class MyError extends Error { constructor(m, code) { super(m); this.name = 'MyError'; this.code = code; } describe() { return this.name + this.code + this.message; } }
try { throw new MyError('boom', 5); } catch (e) { console.log(e.describe() + String(e instanceof MyError) + String(e instanceof Error) + String(e)); } class L extends Array { last() { return this[this.length - 1]; } } const l = new L(); l.push(1, 2); console.log(String(l.last()) + l.length);
function Old(x) { this.x = x; } Old.prototype.m = function () { return 'old' + this.x; }; class New extends Old { m() { return 'new' + super.m(); } } console.log(new New(3).m());

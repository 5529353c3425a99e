// SPDX-License-Identifier: MIT
try { undeclared = 1; } catch (e) { console.log(e.name); } console.log(String((function () { return this; })())); try { Object.freeze([1]).push(2); } catch (e) { console.log(e.name); } function f(a) { a = 2; return arguments[0]; } console.log(String(f(1)));

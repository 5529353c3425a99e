// SPDX-License-Identifier: MIT
function f() { return 'outer'; } { function f() { return 'inner'; } console.log(f()); } console.log(f());
{ console.log(early()); function early() { return 'hoisted'; } }
function twice() { return 1; } function twice() { return 2; } console.log(String(twice()));
switch (1) { case 1: console.log(sw()); function sw() { return 'sw'; } }

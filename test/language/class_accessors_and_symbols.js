// SPDX-License-Identifier: MIT
class A { static get x() { return 'sx'; } static set x(v) { console.log('set' + v); } get [Symbol.toStringTag]() { return 'Tag'; } [Symbol('q')]() { } 'quoted name'() { return 'q'; } 5() { return 'five'; } get() { return 'get'; } set() { return 'set'; } static static() { return 'static'; } async() { return 'async'; } }
A.x = 1; const a = new A(); console.log(A.x + a['quoted name']() + a[5]() + a.get() + a.set() + A.static() + a.async());

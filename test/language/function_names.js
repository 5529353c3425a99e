// SPDX-License-Identifier: MIT
let a = () => {}; const b = function () {}; var c; c = async () => {};
const o = { d: () => {}, e: function () {}, f() {}, 'g h': () => {}, get() {}, if() {}, async i() {} };
console.log([a, b, c, o.d, o.e, o.f, o['g h'], o.get, o.if, o.i].map(f => f.name).join('|'));
const { j = () => {} } = {}; const [k = function () {}] = []; console.log(j.name + k.name);
(function (l = () => {}) { console.log(l.name); })();
const x = {}; x.y = () => {}; console.log('[' + x.y.name + ']' + (function q() {}).name + (() => {}).name + '.');

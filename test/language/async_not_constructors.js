// SPDX-License-Identifier: MIT
async function a() {}
const b = async function () {}, c = async () => {}, d = { async m() {} };
class K { async m() {} static async s() {} }
for (const f of [a, b, c, d.m, K.prototype.m, K.s]) {
  let said;
  try { new f(); said = 'constructed'; } catch (e) { said = e.name; }
  console.log(said, f.name, f.length, 'prototype' in f, Object.prototype.hasOwnProperty.call(f, 'prototype'));
}
console.log(typeof a, a.name, hoisted.name);
async function hoisted() { return 1; }
hoisted().then(v => console.log('got', v));
(async function again(n) { if (n > 0) await again(n - 1); console.log('again', n); })(2);

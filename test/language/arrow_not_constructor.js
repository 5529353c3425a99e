// SPDX-License-Identifier: MIT
const a = () => 1;
try { new a(); } catch (e) { console.log(e.name); }
console.log(String('prototype' in a), a.name, String(a.length));

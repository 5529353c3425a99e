// SPDX-License-Identifier: MIT
for (const t of [0, 1e12, -1, Date.UTC(2024, 1, 29, 23, 59, 59), Date.UTC(-1, 0), Date.UTC(12345, 5, 6), NaN]) { const d = new Date(t); console.log(String(d), '|', d.toDateString(), '|', d.toTimeString(), '|', d.toUTCString(), '|', d + 1, '|', `${d}`); }
console.log(Date.prototype.toString.length, Date.prototype.toUTCString.name, Date.prototype.toGMTString === Date.prototype.toUTCString);
try { Date.prototype.toString.call({}); } catch (e) { console.log(e.name); }

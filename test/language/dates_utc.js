// SPDX-License-Identifier: MIT
const d = new Date(Date.UTC(2020, 1, 29, 12, 34, 56, 789));
console.log(d.toISOString(), d.toJSON(), d.getTime(), d.getUTCDay(), JSON.stringify({ d }), +d === d.valueOf());
console.log(new Date('2020-01-01').getTime(), new Date('2020-01-01T00:00:00Z').getTime(), new Date('2020-01-01T01:00:00+01:00').getTime(), new Date(2020, 0).getUTCFullYear(), new Date('2020-06').getTime(), new Date('2020').getTime());
console.log(new Date(NaN).getTime(), isNaN(new Date('garbage')), new Date(8.64e15).toISOString(), isNaN(new Date(8.64e15 + 1)), new Date(-1).toISOString(), new Date(0).getUTCHours(), new Date(-62198755200000).toISOString());
try { new Date(NaN).toISOString(); } catch (e) { console.log(e.name); } console.log(new Date(NaN).toJSON(), String(new Date(NaN)), Date.UTC(99, 0), Date.UTC(2020, 12, 1), Date.UTC(2020, 0, 0));
const m = new Date(Date.UTC(2021, 0, 31)); m.setUTCMonth(1); console.log(m.toISOString()); m.setUTCDate(0); console.log(m.toISOString()); m.setUTCHours(25, 61, 61, 1001); console.log(m.toISOString()); m.setUTCFullYear(2024, 1, 29); console.log(m.toISOString());
console.log(new Date(2019, 0, 1) - new Date(2018, 0, 1), new Date(d) - d, d > new Date(0), typeof (d + 1), typeof (d - 1), d[Symbol.toPrimitive]('number') === +d);
console.log(Object.prototype.toString.call(d), Date.length, Date.name, typeof Date.now(), new Date(2020, 5, 15, 1, 2, 3, 4).getMilliseconds(), new Date(0).getTimezoneOffset());
for (let y = 1896; y < 1910; y += 4) console.log(new Date(Date.UTC(y, 1, 29)).toISOString().slice(0, 10));

// SPDX-License-Identifier: MIT
//// the epoch
const d = new Date(0);
print(d.getTime(), d.toISOString(), d.getUTCDay(), +d, d.valueOf() === 0);
//// made from parts in UTC
print(Date.UTC(2020, 0, 1), Date.UTC(2020), Date.UTC(2020, 1, 29, 12, 30, 45, 123), Date.UTC(99, 0), Date.UTC(2020, 12), Date.UTC(2020, 0, 0), Date.UTC(NaN), Date.UTC());
//// ISO text is read
for (const t of ['2020-02-29T12:34:56.789Z', '2020-02-29', '2020-02', '2020', '2020-02-29T12:34Z', '2020-02-29T12:34:56+02:00', '2020-02-29T12:34:56.7Z', '+012345-01-01T00:00:00Z', '-000001-01-01T00:00:00Z']) print(Date.parse(t));
//// what is no date
for (const t of ['x', '2020-13-01', '2020-02-32', '2020-01-01T25:00Z', '2020-01-01T00:60Z', '', '-000000-01-01T00:00:00Z']) print(Date.parse(t));
//// ISO text of far years
print(new Date(Date.UTC(12345, 5, 7)).toISOString(), new Date(Date.UTC(-1, 0, 1)).toISOString(), new Date(8.64e15).toISOString(), new Date(-8.64e15).toISOString(), new Date(-1).toISOString());
//// an invalid date
const d = new Date(NaN);
print(d.getTime(), d.getUTCFullYear(), d.toJSON(), String(d), d.getUTCDay());
try { d.toISOString(); } catch (e) { print(e.name); }
//// the range of dates
print(new Date(8.64e15).getTime(), new Date(8.64e15 + 1).getTime(), new Date(-8.64e15 - 1).getTime(), Date.UTC(275760, 8, 13), Date.UTC(275760, 8, 14), new Date(1e81).getTime());
//// parts in UTC
const d = new Date(Date.UTC(2024, 1, 29, 23, 59, 58, 7));
print(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds());
//// parts before the epoch
const d = new Date(-1);
print(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMilliseconds());
//// setting parts carries over
const d = new Date(Date.UTC(2020, 0, 31));
print(new Date(d.setUTCMonth(1)).toISOString(), new Date(d.setUTCDate(0)).toISOString(), new Date(d.setUTCHours(25)).toISOString(), new Date(d.setUTCSeconds(-1)).toISOString());
//// setting several parts at once
const d = new Date(0);
d.setUTCFullYear(2021, 6, 4); d.setUTCHours(1, 2, 3, 4);
print(d.toISOString());
d.setUTCMonth(11, 25); d.setUTCMinutes(70, 5);
print(d.toISOString(), d.setUTCMilliseconds(1500) === d.getTime());
//// setting what is no number
const d = new Date(0);
print(d.setUTCDate(NaN), d.getTime(), d.setUTCHours(5), d.setUTCFullYear(2020), d.toISOString());
//// setTime
const d = new Date(5);
print(d.setTime(1.9), d.setTime(-1.9), d.setTime('7'), d.setTime(9e15), d.setTime(), Object.is(d.setTime(-0), 0));
//// setters give the new time and change the object
const d = new Date(0), e = d;
const t = d.setUTCDate(2);
print(t, e.getTime(), typeof t, d === e);
//// leap years
const days = y => new Date(Date.UTC(y, 2, 0)).getUTCDate();
print([1900, 2000, 2019, 2020, 2100, 2400].map(days).join(), (Date.UTC(2001, 0) - Date.UTC(2000, 0)) / 86400000);
//// days of the week of a year
const start = Date.UTC(2023, 0, 1);
print([0, 1, 31, 59, 180, 364].map(n => new Date(start + n * 864e5).getUTCDay()).join(''));
//// differences and comparison
const a = new Date(Date.UTC(2020, 0, 1)), b = new Date(Date.UTC(2020, 0, 2));
print(b - a, a < b, a <= new Date(+a), a == new Date(+a), Math.max(a, b) === +b, [b, a].sort((x, y) => x - y)[0] === a);
//// a date made from a date
const a = new Date(1234.9), b = new Date(a);
b.setTime(0);
print(a.getTime(), new Date(new Date(7)).getTime(), new Date('5e3').getTime(), new Date(true).getTime(), new Date(null).getTime(), new Date(undefined).getTime());
//// JSON and ISO agree
const d = new Date(1e12);
print(JSON.stringify(d) === '"' + d.toISOString() + '"', d.toJSON(), JSON.stringify({ d }), new Date(JSON.parse(JSON.stringify(d))) - d);
//// toJSON calls toISOString of anything
const o = { toISOString: () => 'iso', valueOf: () => 5, toJSON: Date.prototype.toJSON };
print(JSON.stringify(o), Date.prototype.toJSON.call({ valueOf: () => NaN }));
//// toUTCString
print(new Date(0).toUTCString(), new Date(Date.UTC(2020, 1, 3, 4, 5, 6)).toUTCString(), Date.prototype.toGMTString === Date.prototype.toUTCString || 'other');
//// methods want a date
for (const f of [() => Date.prototype.getTime.call({}), () => Date.prototype.toISOString.call(5), () => Date.prototype.setTime.call([], 1)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// called without new it is text
print(typeof Date(), typeof Date.now(), Date.length, Date.UTC.length, Date.name, Object.prototype.toString.call(new Date()), typeof new Date());
//// a subclass of Date
class Day extends Date { get iso() { return this.toISOString().slice(0, 10); } next() { return new Day(this.getTime() + 864e5); } }
const d = new Day(Date.UTC(2019, 11, 31));
print(d.iso, d.next().iso, d instanceof Date, d.next() instanceof Day);
//// years of two digits
print(Date.UTC(0, 0), Date.UTC(99, 11), Date.UTC(100, 0), new Date(0).setUTCFullYear(50));
//// parts may be fractions and text
print(Date.UTC(2020.9, '1', 1.9), Date.UTC('2020', null), Date.UTC(2020, 0, 1, 0, 0, 0, 0.9), new Date('1970').getTime());
//// rounding towards zero
print(new Date(1.9).getTime(), new Date(-1.9).getTime(), Object.is(new Date(-0).getTime(), 0), Object.is(new Date(-0.5).getTime(), 0));
//// a calendar of a month
const first = new Date(Date.UTC(2021, 1, 1)), n = new Date(Date.UTC(2021, 2, 0)).getUTCDate();
const weeks = [];
for (let day = 1; day <= n; day += 7) weeks.push(day + '-' + Math.min(day + 6, n));
print(first.getUTCDay(), n, weeks.join(' '));
//// a setter converts all arguments it knows, and no more
const log = [], num = n => ({ valueOf() { log.push(n); return n; } });
new Date(NaN).setUTCDate(num('date'), num('more'));
new Date(0).setUTCMonth(num('month'), num('date'), num('more'));
try { new Date(0).setUTCHours(1, Symbol(), num('after')); } catch (e) { print(e.name); }
print(log.join());
//// setters without arguments lose the time
for (const name of ['Milliseconds', 'Seconds', 'Minutes', 'Hours', 'Date', 'Month', 'FullYear']) { const d = new Date(5); print(name, d['setUTC' + name](), d.getTime(), d['set' + name](1)); }
print(new Date(0).setUTCHours(1, undefined), new Date(0).setUTCHours(1, null), new Date(0).setUTCSeconds(Infinity), new Date(0).setUTCDate(-Infinity));
//// fractions of parts are cut, also of days
print(Date.UTC(2020, 0, 0.5), Date.UTC(2020, 0, -0.5), Date.UTC(2020, -0.5), Date.UTC(2020, 0, 1, -0.9), new Date(0).setUTCDate(0.9), new Date(0).setUTCDate(-0.9), new Date(0).setUTCMonth(-1.9), new Date(Date.UTC(2020.9, 1.9, 1.9)).toISOString());
//// far years that days bring back
print(Date.UTC(300000, 0, -1e7), Date.UTC(-300000, 0, 1.2e7), Date.UTC(1970, 4e6), Date.UTC(1970, 3.3e6), Date.UTC(1e6, 0, -3.6e8), Date.UTC(1970, 0, 1e8 + 1), Date.UTC(1970, 0, 1e8 + 2));
//// sums of parts are those of doubles
print(Date.UTC(1970, 0, 1, 80063993, 29, 12, -288230376151711740), Date.UTC(1970, 0, 213503982336, 0, 0, 0, -18446744073709552000), Date.UTC(2020, 0, 1, 0, 0, 0, 1e300), Date.UTC(2020, 0, 1, 1e300, -1e300));
//// local time is UTC
const d = new Date(2021, 5, 7, 8, 9, 10, 11);
print(d.toISOString(), d.getTimezoneOffset(), d.getHours() === d.getUTCHours(), d.getDay(), new Date(99, 0).getFullYear(), new Date(2020).getTime(), new Date('2020-01-01T00:00').getTime());
d.setFullYear(2022, 0, 31); d.setMonth(1); d.setHours(25, 61, 61, 1001);
print(d.toISOString(), d.getDate(), d.getMinutes(), d.getSeconds(), d.getMilliseconds());
//// texts of a date
const d = new Date(Date.UTC(2026, 10, 22, 21, 22, 35, 7));
print(String(d)); print(d.toDateString()); print(d.toTimeString()); print(d.toUTCString()); print(d.toISOString()); print(d.toJSON());
print(`${d}` === d.toString(), d + 1, d - 1, d[Symbol.toPrimitive]('default') === String(d), d[Symbol.toPrimitive]('number') === +d);
//// texts of far dates
for (const t of [-1, -62135596800001, -62167219200001, -62198755200000, 253402300800000, 8.64e15, -8.64e15]) { const d = new Date(t); print(d.toString(), '|', d.toUTCString(), '|', d.toDateString(), '|', d.toISOString()); }
//// texts of an invalid date
const d = new Date(NaN);
print(d.toString(), d.toDateString(), d.toTimeString(), d.toUTCString(), d.toJSON(), d.toLocaleString(), d.toLocaleDateString(), d.toLocaleTimeString());
for (const f of [() => d.toISOString(), () => Date.prototype.toString(), () => Date.prototype.getTime(), () => Date.prototype.toDateString.call({}), () => Date.prototype.setDate.call([], 1), () => Date.prototype.toJSON.call(null)]) try { print(f()); } catch (e) { print(e.name); }
//// the prototype is no date
print(Object.prototype.toString.call(Date.prototype), Date.prototype instanceof Date, Date.prototype.constructor === Date, Object.prototype.toString.call(new Date(0)));
//// text in American English
const plain = text => text.replace(/\u202f/g, ' ');
for (const t of [0, Date.UTC(2026, 10, 22, 21, 22, 35), Date.UTC(2000, 1, 29, 12), Date.UTC(1999, 11, 31, 11, 59, 59), Date.UTC(2024, 0, 1, 0, 0, 1), Date.UTC(12345, 5, 7, 13), -8.64e15, Date.UTC(-1, 0), Date.UTC(0, 0) - 1]) {
  const d = new Date(t);
  print(plain(d.toLocaleString()), '|', d.toLocaleDateString(), '|', plain(d.toLocaleTimeString()));
}
//// American English when asked for
const plain = text => text.replace(/\u202f/g, ' '), d = new Date(Date.UTC(2026, 10, 22, 21, 22, 35));
print(plain(d.toLocaleString('en-US')), plain(d.toLocaleString('en', {})), plain(d.toLocaleString(['en-US', 'en'], undefined)), plain(d.toLocaleString([], { timeZone: 'UTC' })), plain(d.toLocaleTimeString(undefined, { timeZone: 'UTC', hour12: undefined })), d.toLocaleDateString('en-US', { timeZone: 'UTC' }));
for (const f of [() => d.toLocaleString(null), () => d.toLocaleString('en', null), () => d.toLocaleString([5])]) try { print(f()); } catch (e) { print(e.name); }
print(Date.prototype.toLocaleString.length, Date.prototype.toLocaleDateString.name, Date.prototype.toGMTString.name);
//// text in American English is read again
const d = new Date(Date.UTC(2026, 10, 22, 21, 22, 35));
print(Date.parse(d.toLocaleString().replace(/\u202f/g, ' ')) === +d, Date.parse(d.toLocaleDateString()), Date.parse('12/31/1999, 12:00:00 AM'), Date.parse('12/31/1999, 12:00:00 PM'));
//// years of annex B
const d = new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 7));
print(d.getYear(), d.setYear(99), d.toISOString(), d.setYear(-1), d.getYear(), d.setYear('2000.7'), d.setYear(99.9), d.setYear(100), d.setYear(-0.5), d.setYear(NaN), d.setYear(70), d.getYear());
print(new Date(NaN).setYear(70), new Date(NaN).getYear(), new Date(5).setYear(), Date.prototype.setYear.length);
//// the constructor converts in order
const log = [], num = (n, v) => ({ valueOf() { log.push(n); return v; }, toString() { log.push(n + 's'); return 'x'; } });
print(new Date(num('y', 99), num('m', 1), num('d', 2), num('h', 3), num('mi', 4), num('s', 5), num('ms', 6), num('more', 7)).toISOString(), log.join());
log.length = 0;
print(Date.UTC(num('y', NaN), num('m', 1)), new Date(num('value', 5)).getTime(), log.join());
print(new Date({ [Symbol.toPrimitive]: hint => (log.push(hint), '2020-01-01') }).getTime(), log.pop(), new Date(undefined, 1).getTime(), new Date(2020, undefined).getTime());
for (const f of [() => new Date(Symbol()), () => new Date(1, Symbol()), () => new Date({ [Symbol.toPrimitive]: () => ({}) }), () => Date.UTC(Symbol())]) try { f(); } catch (e) { print(e.name); }
//// what is made inherits from new.target
class D extends Date { }
function Other() { }
Other.prototype = { __proto__: Date.prototype, other: 1 };
const made = Reflect.construct(Date, [5], Other);
print(made.other, made.getTime(), made instanceof D, Reflect.construct(Date, [2000, 1], D) instanceof D, Object.getPrototypeOf(Reflect.construct(Date, [], Object)) === Object.prototype);
//// without new the arguments do not count
print(typeof Date(1, 2), Date(0) !== String(new Date(0)), Date({ valueOf() { throw 1; } }).length === Date().length, isNaN(Date.parse(Date())));
const toString = Date.prototype.toString;
Date.prototype.toString = () => 'changed';
print(Date() !== 'changed', String(new Date()) === 'changed');
Date.prototype.toString = toString;

// SPDX-License-Identifier: MIT
//// text of numbers
print([0, -0, 1.0, 100, 1e21, 123456789012345680000, 1e-6, 1e-7, 0.1 + 0.2, 5e-324, 1.7976931348623157e308].map(String).join(' '));
//// literals in other bases
print(0xff, 0b1010, 0o17, 0XAB, 1_000_000, 0x1_F, .5, 5., 1e3, 0.0000001);
//// toString with a base
print((255).toString(16), (-255).toString(2), (0.5).toString(2), (35).toString(36), (0.1).toString(3).slice(0, 12), NaN.toString(2));
for (const r of [1, 37, 0, 'x']) try { (5).toString(r); print('ok'); } catch (e) { print(e.name); }
//// toFixed
print((1.005).toFixed(2), (2.5).toFixed(0), (-1.5).toFixed(0), (1e21).toFixed(2), (0).toFixed(2), (-0.0000001).toFixed(2), (123.456).toFixed(), (0.1).toFixed(20), NaN.toFixed(1));
for (const d of [-1, 101]) try { (1).toFixed(d); } catch (e) { print(e.name); }
//// toPrecision
print((123.456).toPrecision(4), (0.00001).toPrecision(1), (0.0000001).toPrecision(2), (1e21).toPrecision(3), (5).toPrecision(), (99.99).toPrecision(3), (0).toPrecision(3), Infinity.toPrecision(2));
try { (1).toPrecision(0); } catch (e) { print(e.name); }
//// toExponential
print((123456).toExponential(2), (0).toExponential(), (0.00015).toExponential(), (-1.5).toExponential(0), (123).toExponential(5), NaN.toExponential(), (1e300).toExponential(1));
try { (1).toExponential(-1); } catch (e) { print(e.name); }
//// Number of anything
print([null, undefined, '', ' ', '12px', [], [7], [1, 2], {}, true, '0x10', '-0x10', '1e3', new Date(5), '\n5\t'].map(x => Number(x)).join());
//// isInteger and isSafeInteger
print([1, 1.5, '1', NaN, Infinity, 2 ** 53, -0].map(Number.isInteger).join(), [2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, 1.5].map(Number.isSafeInteger).join());
//// isNaN and isFinite of Number do not convert
print(Number.isNaN('x'), isNaN('x'), Number.isNaN(NaN), Number.isFinite('5'), isFinite('5'), Number.isFinite(-Infinity), isFinite(null));
//// constants
print(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.EPSILON === 2 ** -52, Number.MIN_VALUE, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN);
try { Number.EPSILON = 1; } catch (e) { print(e.name); }
//// parseFloat and parseInt are shared
print(Number.parseFloat === parseFloat, Number.parseInt === parseInt);
//// remainder has the sign of the left side
print(5 % 3, -5 % 3, 5 % -3, Object.is(-4 % 2, -0), 5.5 % 2, 5 % 0, 5 % Infinity, Infinity % 5, 1e308 % 3);
//// dividing by zero
print(1 / 0, -1 / 0, 0 / 0, 1 / -0, Object.is(0 / -5, -0));
//// powers of whole numbers
print(2 ** 10, 2 ** -1, (-2) ** 3, 2 ** 3 ** 2, 0 ** 0, NaN ** 0, (-1) ** 2, 10 ** 3, 2 ** 31);
//// shifts count modulo 32
print(1 << 31, 1 << 32, 1 << 33, -1 >>> 0, -1 >> 31, -8 >>> 28, 2 ** 32 >> 0, 1.9 << 1, '4' << 1);
//// bit operations take 32 bits
print(2 ** 32 + 5 | 0, -1.9 | 0, NaN | 0, ~5, ~~3.7, 0xf0f0 & 0xff00, 5 ^ 3, 1e21 | 0, 2 ** 53 + 2 | 0);
//// increments of text and fractions
let s = '5', f = 0.1, n = null, u;
s++; f++; n--; u++;
print(typeof s, s, f, n, u);
//// safe numbers end
print(2 ** 53 === 2 ** 53 + 1, 9007199254740992 + 2, 9007199254740993, 0.1 * 3, 1 - 0.9);
//// rounding
print([2.5, -2.5, 0.5, -0.5, 1.4999999, -1.5, 0.49999999999999994, 4503599627370495.5].map(Math.round).join(), Object.is(Math.round(-0.2), -0));
//// floor, ceil, trunc
print([1.7, -1.7, -0.5, 1e300].map(x => [Math.floor(x), Math.ceil(x), Math.trunc(x)].join('/')).join(), Object.is(Math.ceil(-0.5), -0), Object.is(Math.trunc(-0.9), -0), Math.floor('3.9'));
//// max and min
print(Math.max(), Math.min(), Math.max(1, '3', 2), Math.max(1, NaN), Object.is(Math.max(-0, 0), 0), Object.is(Math.min(0, -0), -0), Math.max(...[]), Math.min([4]));
//// abs and sign
print(Math.abs(-5), Math.abs('-3'), Object.is(Math.abs(-0), 0), Math.abs(null), Math.abs(), Math.sign(-3), Object.is(Math.sign(-0), -0), Math.sign('x'));
//// roots
print(Math.sqrt(16), Math.sqrt(2), Math.sqrt(-1), Math.cbrt(27), Math.cbrt(-8), Object.is(Math.sqrt(-0), -0), Math.sqrt(1e300));
//// hypot
print(Math.hypot(3, 4), Math.hypot(), Math.hypot(NaN, Infinity), Math.hypot(-5), Math.hypot(1e200, 0), Math.hypot(2, 3, 6));
//// imul and clz32
print(Math.imul(3, 4), Math.imul(0xffffffff, 5), Math.imul(65536, 65536), Math.imul(123456789, 987654321), Math.clz32(1), Math.clz32(0), Math.clz32(-1), Math.clz32(0.5), Math.clz32('256'));
//// fround
print(Math.fround(5.5), Math.fround(5.05), Math.fround(2 ** 150), Math.fround(1e-50), Math.fround(16777217), Math.fround(NaN), Math.fround(1.337));
//// constants of Math
print(Math.PI, Math.E, Math.LN2, Math.LN10, Math.LOG2E, Math.LOG10E, Math.SQRT2, Math.SQRT1_2);
try { Math.PI = 3; } catch (e) { print(e.name); }
//// powers that are exact
print(Math.pow(2, 0.5) === Math.SQRT2 || 'near', Math.pow(5, 0), Math.pow(-2, 3), Math.pow(0, -1), Math.pow(-0, -3), Math.pow(NaN, 0), Math.pow(1, Infinity), Math.pow(2, 1000) === 2 ** 1000);
//// Math is no function
print(typeof Math, String(Math), Object.keys(Math).length, Math.max.length, Math.hypot.length, Math.pow.name);
//// number objects
const n = new Number(5);
print(typeof n, n + 1, n === 5, n == 5, n.toFixed(1), Object.keys(n).length, JSON.stringify([n]), !!new Number(0));
//// methods want numbers
for (const f of [() => Number.prototype.toString.call('5'), () => Number.prototype.toFixed.call({}), () => Number.prototype.valueOf.call(true)]) try { f(); print('no'); } catch (e) { print(e.name); }
//// methods on literals
print(5..toString(), 5 .toFixed(1), (5).toString(), 1.5.toFixed(), 0x10.toString());
//// comparison with odd values
print(null >= 0, null == 0, undefined == 0, NaN != NaN, 'b' > 'a', [2] > 1, '2' > '12', 2 > '12', NaN < 1, Infinity > Number.MAX_VALUE);
//// rounding to places
const round = (x, p) => Math.round(x * 10 ** p) / 10 ** p;
print(round(3.14159, 2), round(2.675, 2), round(-1.005, 1), round(1234.5678, -2));
//// numbers as keys
const o = { 1: 'a', 1.5: 'b', 1e3: 'c', 0x10: 'd', [-1]: 'e', .5: 'f', 1e-7: 'g' };
print(Object.keys(o).join());
//// greatest common divisor and primes
const gcd = (a, b) => b ? gcd(b, a % b) : a;
const primes = [];
for (let n = 2; primes.length < 10; n++) if (primes.every(p => n % p)) primes.push(n);
print(gcd(1071, 462), gcd(2 ** 40, 6 ** 10), primes.join());
//// a hash with 32-bit arithmetic
let h = 0x811c9dc5;
for (const c of 'hello') h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0;
print(h, h.toString(16));
//// text with many digits is rounded once, to even
print(9007199254740993, 9007199254740995, 1e23, 5e22, Number('9007199254740993.0000000000000000000000000001'), JSON.parse('[5e22]')[0]);
print(2.4703282292062327e-324, 2.4703282292062328e-324, Number('0.' + '0'.repeat(400) + '1e401'), Number('1'.repeat(309)), Number('1'.repeat(310)));
//// binary, octal and hexadecimal text beyond 53 bits
print(0x20000000000001, 0x20000000000003, parseInt('20000000000001', 16), Number('0b' + '1'.repeat(60)), 0o400000000000000001);
//// exponents without end
print(1e99999999999, 1e-99999999999, Number('-1e99999999999'), Number('0e99999999999'));
//// numbers in American English
print([0, -0, 1, 12, 123, 1234, 12345, 123456, 1234567, -1234567.891, 0.1 + 0.2, 1e21, 1e23, 123456789012345680000, 5e-324, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER].map(x => x.toLocaleString()).join(' '));
print(Number.MAX_VALUE.toLocaleString());
//// three digits behind the point
print([1.0005, 2.0015, 0.0005, 0.0004, -0.0005, -0.0004, 999.9995, 999999.9995, 999999.9994, 0.9995, 1.5, 1.25, 1.125, 1.0625, 100.10, 1000.001, 1e-7, 0.00049999].map(x => x.toLocaleString()).join(' '));
//// toLocaleString of what
print(new Number(1e6).toLocaleString(), (5e3).toLocaleString('en-US'), (5e3).toLocaleString(['en'], {}), (5e3).toLocaleString([], undefined), Number.prototype.toLocaleString.length, [1e3, [1e6, null], undefined, 'x', 2.5].toLocaleString());
for (const f of [() => Number.prototype.toLocaleString.call('5'), () => Number.prototype.toLocaleString.call({}), () => (5).toLocaleString(null), () => (5).toLocaleString('en', null)]) try { print(f()); } catch (e) { print(e.name); }
//// text of a number midway between two of as many digits
print(924042724072933.25, 1474657319486141.25, 1474657319486141.75, 5e-324, 1125899906842624.25, -1083787679672241.25, (2 ** 51 + 0.5), JSON.stringify([924042724072933.25]));

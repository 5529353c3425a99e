//// sines and cosines of whole numbers
for (let i = -3; i <= 3; i++) print(Math.sin(i), Math.cos(i));
//// tangents near their poles
print(Math.tan(Math.PI / 2), Math.tan(-Math.PI / 2), Math.tan(Math.PI / 4) < 1, Math.tan(Math.PI));
//// angles of many turns, to twelve places
const turns = [1e5, 1e10, 1e15, 1e22, 2 ** 1000, Number.MAX_VALUE];
for (const x of turns) print(Math.sin(x).toFixed(12), Math.cos(x).toFixed(12), Math.tan(x).toFixed(9));
//// the sine of pi is what pi lacks
print(Math.sin(Math.PI), Math.sin(2 * Math.PI), Math.cos(Math.PI / 2), Math.sin(Math.PI / 6).toFixed(15));
//// Pythagoras holds to fifteen places
let worst = 0;
for (let x = -50; x < 50; x += 0.37) worst = Math.max(worst, Math.abs(Math.sin(x) ** 2 + Math.cos(x) ** 2 - 1));
print(worst < 1e-15);
//// signs of zero go through odd functions
for (const name of ['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh', 'expm1', 'log1p', 'cbrt', 'round'])
  print(name, Object.is(Math[name](-0), -0), Object.is(Math[name](0), 0));
//// even functions of zero are one
print(Math.cos(-0), Math.cosh(-0), Math.exp(-0), Math.acos(1), Math.acosh(1), Math.log(1));
//// infinities
for (const name of ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'cbrt'])
  print(name, Math[name](Infinity), Math[name](-Infinity));
//// nothing of NaN, undefined and text is a number, but null is
for (const name of ['sin', 'acos', 'exp', 'log2', 'tanh', 'cbrt', 'log1p']) print(name, Math[name](NaN), Math[name](), Math[name]('x'), Math[name](null), Math[name]([]));
//// outside the domain
print(Math.asin(1.0000000000000002), Math.acos(-2), Math.acosh(0.9999999999999999), Math.atanh(-1.1), Math.log(-1e-300), Math.log1p(-1.5), Math.log2(-1), Math.log10(-10), Math.atanh(1), Math.atanh(-1), Math.log1p(-1));
//// arcs
print(Math.asin(1), Math.asin(-1), Math.acos(-1), Math.acos(0), Math.atan(1), Math.acos(0.5), Math.asin(0.5), Math.atan(1e300));
//// the four quadrants of atan2
for (const [y, x] of [[1, 1], [1, -1], [-1, -1], [-1, 1], [0, -1], [-0, -1], [0, 1], [-0, 1], [1, 0], [-1, -0]]) print(y, x, Math.atan2(y, x));
//// atan2 of infinities and zeros
const ends = [Infinity, -Infinity, 0, -0];
for (const y of ends) print(ends.map(x => { const r = Math.atan2(y, x); return Object.is(r, -0) ? '-0' : r; }).join(' '));
//// powers of e, to fourteen digits
for (const x of [-745.1, -708.4, -20, -1, -1e-9, 1e-9, 0.5, 1, 10, 100, 709.78]) print(Math.exp(x).toPrecision(14));
//// where exponentials end
print(Math.exp(709.782712893384) < Infinity, Math.exp(709.7827128933841), Math.exp(-745.1332191019411), Math.exp(-745.1332191019412), Math.cosh(710.4758600739439) < Infinity, Math.cosh(710.475860073944), Math.sinh(-710.475860073944));
//// expm1 and log1p keep small numbers
print(Math.expm1(1e-15), Math.log1p(1e-15), Math.expm1(-1e-20), Math.log1p(5e-324), Math.expm1(1e-5).toPrecision(15), Math.log1p(1e-5).toPrecision(15));
//// logarithms of powers are whole
for (let i = -1074; i < 1024; i += 97) print(Math.log2(2 ** i));
print([1, 10, 100, 1000, 1e5, 1e10, 1e15, 1e20, 1e22].map(Math.log10).join());
//// natural logarithms, to fourteen digits
for (const x of [5e-324, 1e-300, 0.1, 0.9999999, 1.0000001, 2, Math.E, 10, 1e300, Number.MAX_VALUE]) print(Math.log(x).toPrecision(14));
//// hyperbolic functions, to fourteen digits
for (const x of [-20, -1, -0.01, 1e-8, 0.3, 2, 5.5]) print(Math.sinh(x).toPrecision(14), Math.cosh(x).toPrecision(14), Math.tanh(x).toPrecision(14));
//// their inverses undo them, nearly
for (const x of [0.001, 0.25, 1, 3, 10]) print(Math.asinh(Math.sinh(x)).toFixed(12), Math.acosh(Math.cosh(x)).toFixed(8), Math.atanh(Math.tanh(x / 4)).toFixed(12));
//// cube roots of cubes
let roots = 0;
for (let i = -200; i <= 200; i++) if (Math.cbrt(i * i * i) === i) roots++;
print(roots, Math.cbrt(2).toFixed(14), Math.cbrt(1e-300).toExponential(13), Math.cbrt(-0.125));
//// hypot of triples of whole numbers, small and huge
print(Math.hypot(3, 4), Math.hypot(5, 12), Math.hypot(8, 15) === 17, Math.hypot(3 * 2 ** 700, 4 * 2 ** 700) === 5 * 2 ** 700, Math.hypot(3 * 2 ** -800, -4 * 2 ** -800) === 5 * 2 ** -800, Math.hypot(2, 3, 6), Math.hypot(1, 2, 4, 10), Math.hypot(-7));
//// hypot converts every argument, in order, before it looks at any
const seen = [];
const noted = (name, value) => ({ valueOf() { seen.push(name); return value; } });
print(Math.hypot(noted('a', Infinity), noted('b', NaN), noted('c', 1)), seen.join());
try { Math.hypot(Infinity, Symbol('s')); } catch (error) { print(error.name); }
print(Math.hypot(), Math.hypot(NaN), Math.hypot(NaN, -Infinity), Object.is(Math.hypot(-0, -0), 0), Math.hypot(...Array(100).fill(1)));
//// powers with odd, even and broken exponents of negative numbers
for (const y of [3, 2, -3, -2, 0.5, 1 / 3, 1e300, 9007199254740991]) print(y, (-2) ** y, (-0.5) ** y, Object.is((-0) ** y, -0), (-0) ** y, (-Infinity) ** y);
//// powers of one and without end
print(1 ** Infinity, (-1) ** -Infinity, 1 ** NaN, NaN ** 0, 2 ** Infinity, 0.5 ** -Infinity, (-2) ** -Infinity, Infinity ** -0, Math.pow(), Math.pow(2), Math.pow('3', '2'));
//// powers that are midway between two doubles go to the even one
print(9007199254740993 === 9007199254740992, 3 ** 34 === 16677181699666568, 5 ** 23 === 11920928955078124, 94906267 ** 2 === 9007199515875288, 208067 ** 3 === 9007610865436764, 43291044225 ** 1.5 % 16);
//// powers of ten by whole exponents, up to 22
for (let i = 0; i <= 22; i++) if (10 ** i !== Number('1e' + i)) print(i);
print(10 ** 22, 10 ** -1, 10 ** 21, 2 ** 0.5 === Math.SQRT2, 4 ** 0.5, 16 ** 0.25, 32 ** 0.2);
//// powers that become subnormal, nothing or endless
print(2 ** -1074, 2 ** -1075, 2 ** -1073, 1.5 ** 1750 < Infinity, 1.5 ** 1751, 10 ** -323, 10 ** -324, 10 ** 308, 10 ** 309, (-10) ** 309);
//// compound interest, in cents
let balance = 100000;
for (let year = 1; year <= 30; year++) { balance = 100000 * Math.pow(1 + 0.035, year); if (year % 10 === 0) print(year, Math.round(balance)); }
//// distance on a globe, in metres
const radians = degrees => degrees * Math.PI / 180;
function distance(lat1, lon1, lat2, lon2) {
  const a = Math.sin(radians(lat2 - lat1) / 2) ** 2 + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.sqrt(a));
}
print(distance(52.52, 13.405, 48.8566, 2.3522).toFixed(3), distance(0, 0, 0, 180).toFixed(3), distance(10, 20, 10, 20));
//// names, lengths and what they are
for (const name of ['sinh', 'log1p', 'atan2', 'pow', 'hypot', 'cbrt', 'round']) {
  const f = Math[name], d = Object.getOwnPropertyDescriptor(Math, name);
  print(f.name, f.length, 'prototype' in f, d.writable, d.enumerable, d.configurable);
}
try { new Math.sinh(1); } catch (error) { print(error.name); }
//// rounding does not add a half
print(Math.round(0.49999999999999994), Math.round(-9007199254740991), Math.round(4503599627370497.5), Object.is(Math.round(-0.5), -0), Math.round(-2.5), Math.round(2.5), Math.round(1e300));

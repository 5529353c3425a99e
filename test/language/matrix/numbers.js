// SPDX-License-Identifier: MIT
// Arithmetic, text of numbers and bits of typed arrays; what comes from the C library is left out.
//// arithmetic and text of numbers
let seed = 12345, sum = 0; const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 4294967296; const out = [];
for (let i = 0; i < 2000; i++) { const a = (next() - 0.5) * Number('1e' + Math.floor(next() * 40 - 20)), b = next() * 1000; sum += a * b - a / b + Math.sqrt(b) + (a % b); if (i % 100 === 0) out.push(a.toString(), a.toFixed(5), b.toExponential(7), b.toPrecision(9), (a * b).toString(36).slice(0, 12), a | 0, a >>> 3); }
print(sum, out.join(' '));
//// bits of typed arrays
const bits = new Uint8Array(new Float64Array([NaN, Math.sqrt(-1), 0 / 0, -0, 1e-320, Infinity, 0.1 + 0.2]).buffer); print(Array.from(bits).join(' '));
//// corners
print(Math.fround(0.1), Math.hypot(3, 4), Math.clz32(7), Math.round(-0.5), Math.max(), parseFloat('1e-7'), Number('0x1f'), (25).toString(2), 1e21 + '', 123456789012345680000 + '', 5e-324 + '');

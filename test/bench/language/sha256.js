// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4) in JavaScript over 50 KiB, 1/2 MiB at scale 10: integers, arrays of them, nothing else.
function primes(count, power) {
  var list = [], words = [];
  for (var n = 2; list.length < count; n++) {
    for (var i = 0; i < list.length && n % list[i] !== 0;) i++;
    if (i < list.length) continue;
    list.push(n);
    var root = Math.pow(n, power);
    words.push((root - Math.floor(root)) * 4294967296 | 0);
  }
  return words;
}
var constants = primes(64, 1 / 3), start = primes(8, 1 / 2);
function sha256(bytes) {
  var h = start.slice(), w = [], len = bytes.length, i;
  var padded = bytes.slice();
  padded.push(0x80);
  while (padded.length % 64 !== 56) padded.push(0);
  padded.push(0, 0, 0, 0, len >>> 29, len >>> 21 & 255, len >>> 13 & 255, len >>> 5 & 255, len << 3 & 255);
  padded.splice(padded.length - 9, 1);
  for (var at = 0; at < padded.length; at += 64) {
    for (i = 0; i < 16; i++) w[i] = padded[at + 4 * i] << 24 | padded[at + 4 * i + 1] << 16 | padded[at + 4 * i + 2] << 8 | padded[at + 4 * i + 3];
    for (; i < 64; i++) {
      var x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 64; i++) {
      var t = k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + constants[i] + w[i] | 0;
      var u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      k = g, g = f, f = e, e = d + t | 0, d = c, c = b, b = a, a = t + u | 0;
    }
    h[0] = h[0] + a | 0, h[1] = h[1] + b | 0, h[2] = h[2] + c | 0, h[3] = h[3] + d | 0;
    h[4] = h[4] + e | 0, h[5] = h[5] + f | 0, h[6] = h[6] + g | 0, h[7] = h[7] + k | 0;
  }
  return h.map(function (word) { return ('0000000' + (word >>> 0).toString(16)).slice(-8); }).join('');
}
var bytes = [];
for (var n = 0; n < 51200 * scale; n++) bytes.push(n * 7 & 255);
out(sha256([97, 98, 99]));
out(sha256(bytes));

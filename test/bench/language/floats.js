// SPDX-License-Identifier: MIT
// Arithmetic with fractions.
for (var k = 0; k < scale; k++) {
  var x = 0.5, y = 0.25, sum = 0;
  for (var i = 1; i < 100000; i++) {
    x = 3.7 * x * (1 - x);
    y = (y + x / i) * 0.999;
    sum += Math.sqrt(x * x + y * y) - Math.floor(y * 10) * 0.1;
  }
  out(sum.toFixed(6));
}

// SPDX-License-Identifier: MIT
// Functions made and called, variables captured.
function counter(start) { var n = start; return function (by) { n += by; return n; }; }
for (var k = 0; k < scale; k++) {
  var sum = 0;
  for (var i = 0; i < 10000; i++) { var next = counter(i); next(1); sum += next(2) % 10; }
  out(sum);
}

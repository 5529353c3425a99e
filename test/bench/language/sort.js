// SPDX-License-Identifier: MIT
// A sort with a comparator.
var seed = 42;
function random() { seed = (seed * 16807) % 2147483647; return seed; }
for (var k = 0; k < scale; k++) {
  var list = [], sum = 0;
  for (var i = 0; i < 5000; i++) list.push(random());
  list.sort(function (a, b) { return a - b; });
  for (var j = 0; j < list.length; j += 100) sum = (sum + list[j] * j) % 1000003;
  out(sum);
}

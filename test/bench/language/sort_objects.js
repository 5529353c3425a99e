// SPDX-License-Identifier: MIT
// Objects sorted by a number, then by a text.
var seed = 42;
function random() { seed = (seed * 16807) % 2147483647; return seed; }
for (var k = 0; k < scale; k++) {
  var list = [];
  for (var i = 0; i < 2000; i++) list.push({ key: random() % 500, name: 'name ' + random(), i: i });
  list.sort(function (a, b) { return a.key - b.key || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0); });
  out(list[0].i + ' ' + list[1000].i + ' ' + list[1999].i);
  list.sort(function (a, b) { return a.name < b.name ? -1 : 1; });
  out(list[0].i + ' ' + list[1000].i + ' ' + list[1999].i);
}

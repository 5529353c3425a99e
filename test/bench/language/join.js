// SPDX-License-Identifier: MIT
// Arrays filled, mapped, filtered, joined and split.
for (var k = 0; k < scale; k++) {
  var list = [];
  for (var i = 0; i < 10000; i++) list.push('v' + (i % 97));
  var text = list.map(function (x) { return x + '!'; }).filter(function (x, i) { return i % 3 !== 0; }).join(',');
  out(text.length + ' ' + text.split(',').length + ' ' + list.indexOf('v96') + ' ' + list.slice(10, 500).reverse()[3]);
}

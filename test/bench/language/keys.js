// SPDX-License-Identifier: MIT
// Objects as tables: keys added, counted, looked up, deleted.
for (var k = 0; k < scale; k++) {
  var table = {}, sum = 0;
  for (var i = 0; i < 4000; i++) table['key' + (i * 7919 % 4001)] = i;
  for (var name in table) if (Object.prototype.hasOwnProperty.call(table, name)) sum += table[name];
  for (i = 0; i < 1000; i++) delete table['key' + i];
  out(sum + ' ' + Object.keys(table).length);
}

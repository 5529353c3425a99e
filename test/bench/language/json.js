// SPDX-License-Identifier: MIT
// JSON written and read.
var value = { list: [], name: 'a name with "quotes" and \u20ac', nested: {} };
for (var i = 0; i < 300; i++) {
  value.list.push({ id: i, name: 'entry ' + i, tags: ['a', 'b', String(i)], done: i % 2 === 0, price: i * 1.25, none: null });
  value.nested['key' + i] = { i: i };
}
for (var k = 0; k < 3 * scale; k++) {
  var text = JSON.stringify(value);
  value = JSON.parse(text);
  out(text.length);
}

// SPDX-License-Identifier: MIT
// JSON text of 100 KB, ten times as much at scale 10, read and written as one piece.
var list = [];
for (var i = 0; i < 800 * scale; i++)
  list.push({ id: i, name: 'member ' + i, email: 'member' + i + '@example.org', tags: ['new', 'a "quoted" one'], balance: i * 12.5, active: i % 3 > 0, more: { seen: null, n: [i, -i] } });
var text = JSON.stringify(list), again = JSON.stringify(JSON.parse(text));
out(text.length + ' ' + (text === again));

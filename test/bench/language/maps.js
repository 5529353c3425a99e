// SPDX-License-Identifier: MIT
// without: duk
// Map and Set as contracts use them: counting words, members of groups, walks, deletions.
for (var k = 0; k < scale; k++) {
  var counts = new Map(), groups = new Map(), seen = new Set();
  for (var i = 0; i < 6000; i++) {
    var word = 'word' + (i * 7919 % 601);
    counts.set(word, (counts.get(word) || 0) + 1);
    var group = i % 97;
    if (!groups.has(group)) groups.set(group, new Set());
    groups.get(group).add(word);
    seen.add(i & 1023);
  }
  var sum = 0;
  for (var entry of counts) sum += entry[1];
  groups.forEach(function (set) { sum += set.size; });
  for (i = 0; i < 1000; i += 2) seen.delete(i);
  out(sum + ' ' + seen.size + ' ' + Array.from(counts.keys()).slice(0, 3).join());
}

// SPDX-License-Identifier: MIT
// Text processing with regular expressions: a template, links, words, addresses, trimming.
var page = 'Hello {{ name }}, see https://example.org/a?b=1 and http://example.com/path/to, or write to bob@example.net.   ';
for (var k = 0; k < scale; k++) {
  var text = '', words = {}, links = 0, addresses = 0;
  for (var i = 0; i < 150; i++) text += page;
  text = text.replace(/\{\{\s*(\w+)\s*\}\}/g, function (all, name) { return '<' + name + '>'; });
  text.replace(/https?:\/\/[^\s,]+/g, function () { links++; return ''; });
  text.replace(/[\w.]+@[\w.]+\.\w+/g, function () { addresses++; return ''; });
  var word = /[A-Za-z]+/g, match;
  while ((match = word.exec(text)) !== null) words[match[0]] = (words[match[0]] || 0) + 1;
  for (i = 0; i < 200; i++) if (!/^\d{4}-\d{2}-\d{2}$/.test('2020-01-' + (10 + i % 20))) out('no date');
  out(links + ' ' + addresses + ' ' + words.example + ' ' + text.replace(/^\s+|\s+$/g, '').length + ' ' + text.split(/[,.]\s+/).length);
}

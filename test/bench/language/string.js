// SPDX-License-Identifier: MIT
// A text built piece by piece.
for (var k = 0; k < scale; k++) {
  var text = '';
  for (var i = 0; i < 5000; i++) text += 'item ' + i + ';';
  out(text.length + ' ' + text.charCodeAt(12345));
}

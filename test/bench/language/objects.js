// SPDX-License-Identifier: MIT
// Properties of objects read and written, methods called.
function Point(x, y) { this.x = x; this.y = y; }
Point.prototype.move = function (dx, dy) { this.x += dx; this.y += dy; return this; };
for (var k = 0; k < scale; k++) {
  var point = new Point(0, 0), last = null;
  for (var i = 0; i < 50000; i++) {
    point.move(1, i % 3);
    if (i % 4 === 0) last = { at: i, from: point, previous: last === null ? 0 : last.at };
  }
  out(point.x + ' ' + point.y + ' ' + last.previous);
}

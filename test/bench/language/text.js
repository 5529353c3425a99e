// SPDX-License-Identifier: MIT
// Text taken apart and put together: split, indexOf, slice, replace, cases, numbers.
var line = 'id=1042; name=Alice Example; balance=12.50; tags=new,active,member; note=nothing to say';
for (var k = 0; k < scale; k++) {
  var lines = [];
  for (var i = 0; i < 1500; i++) lines.push(line.replace('1042', String(i)));
  var text = lines.join('\n'), total = 0, names = '';
  text.split('\n').forEach(function (each) {
    var fields = {};
    each.split('; ').forEach(function (field) {
      var at = field.indexOf('=');
      fields[field.slice(0, at).trim()] = field.substring(at + 1);
    });
    total += parseFloat(fields.balance) + Number(fields.id);
    if (names.length < 500) names += fields.name.toUpperCase() + ',' + fields.tags.split(',').length + ';';
  });
  out(total.toFixed(2) + ' ' + names.length + ' ' + text.lastIndexOf('name='));
}

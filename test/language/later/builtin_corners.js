// SPDX-License-Identifier: MIT
//// lengths of constructors
print([Object, Array, Function, String, Number, Boolean, Symbol, Date, RegExp, Map, Set, WeakMap, Promise, Proxy, ArrayBuffer, DataView, Uint8Array, Float64Array, Error].map(C => C.name + C.length).join());
//// species of buffers and patterns
print([ArrayBuffer, RegExp, Array, Map, Set].map(C => C[Symbol.species] === C).join());
//// line ends in the source of patterns
print(RegExp('\n').source === '\\n', RegExp('\u2028').source.length, String(RegExp("a\rb")).length);
//// a negative lastIndex counts as zero
const r = /a/g;
r.lastIndex = -1;
print(r.test('a'), r.lastIndex);
r.lastIndex = -Infinity;
print(r.exec('ba').index);
//// exec of a derived class is used
class R extends RegExp { exec(s) { return s === 'magic' ? ['found'] : null; } }
print(new R('x').test('magic'), new R('x').test('x'));
//// a match has a place for groups
const m = 'ab'.match(/a/);
print('groups' in m, m.groups, Object.keys(m).join());
//// the iterator of matches
const it = 'aXb'.matchAll(/[a-z]/g), P = Object.getPrototypeOf(it);
print(P[Symbol.toStringTag], typeof P.next, it[Symbol.iterator]() === it, it.next().value.index, it.next().value.index, it.next().done);
//// RegExp.prototype is no pattern
print(Object.prototype.hasOwnProperty.call(RegExp.prototype, 'lastIndex'), RegExp.prototype.source, JSON.stringify(RegExp.prototype.flags), RegExp.prototype.global, Object.prototype.toString.call(RegExp.prototype));
//// matching nothing at the end happens once
print('cba'.match(/\b/g).length, 'ab'.match(/$/g).length, 'ab'.match(/$|^/g).length, 'a\nb'.match(/$/gm).length, ''.match(/(?:)/g).length);
//// a match of nothing in the middle happens once
print('a,b,,c'.match(/(?=b)/g).length, 'aXbX'.match(/(?=X)/g).length, 'abc'.match(/b*?(?=c)/g).length, 'abc'.match(/^/g).length);

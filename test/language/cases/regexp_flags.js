// SPDX-License-Identifier: MIT
//// the names of all flags
const r = /a/gimsuy;
print(r.flags, r.global, r.ignoreCase, r.multiline, r.dotAll, r.unicode, r.sticky, String(r));
//// no flags at all
const r = /a/;
print(JSON.stringify(r.flags), r.global, r.ignoreCase, r.multiline, r.dotAll, r.unicode, r.sticky);
//// flags in another order come out sorted
print(new RegExp('a', 'ygi').flags, /a/yusmig.flags, RegExp('', 'us').flags);
//// flags that are none
for (const f of ['x', 'gg', 'G', ' ', 'gig', 'yy', 'é', '/', 'g/']) try { print(RegExp('a', f)); } catch (e) { print(f, e.name); }
//// flags of other kinds are made text
print(new RegExp('a', { toString: () => 'gi' }).flags, RegExp('a', undefined).flags);
try { RegExp('a', null); } catch (e) { print(e.name); }
//// the dot and line ends
print(/a.b/s.test('a\nb'), /a.b/s.test('a\u2028b'), /^.$/s.test('\r'), /a.b/.test('a\nb'), 'x\ny'.match(/.+/s)[0].length);
//// dotAll with u takes whole characters
print(/^.$/su.test('\u{1F600}'), /^.$/s.test('\u{1F600}'), /^.$/u.test('\n'));
//// multiline and dotAll together
print('a\nb\nc'.match(/^.*$/gm).join('|'), 'a\nb\nc'.match(/^.*$/gms).length);
//// sticky matches only at lastIndex
const r = /b/y;
print(r.test('ab'), r.lastIndex);
r.lastIndex = 1;
print(r.test('ab'), r.lastIndex, r.test('ab'), r.lastIndex);
//// sticky with exec and groups
const r = /(\w)(\d)/y, s = 'a1b2 c3';
print(r.exec(s)[0], r.lastIndex, r.exec(s)[0], r.lastIndex, r.exec(s), r.lastIndex);
//// sticky and global take what is in a row
print('aaba'.match(/a/gy).join(), 'aaba'.replace(/a/gy, 'x'), 'baa'.match(/a/gy), 'aab'.replace(/a/y, 'x'), 'baa'.replace(/a/y, 'x'));
//// sticky replaces at lastIndex
const r = /a/y;
print('aaa'.replace(r, 'x'), r.lastIndex, 'aaa'.replace(r, 'x'), r.lastIndex, 'aaa'.replace(r, 'x'), 'aaa'.replace(r, 'x'), r.lastIndex);
//// sticky in match
const r = /a/y;
print('aab'.match(r).index, 'aab'.match(r).index, 'aab'.match(r), 'aab'.match(r).index);
//// sticky in search looks at the beginning only
const r = /b/y;
r.lastIndex = 1;
print('ab'.search(r), 'ba'.search(r), r.lastIndex);
//// sticky does not count for split
print('a-b-c'.split(/-/y).join('|'), 'abc'.split(/(?:)/y).join('|'), '-a'.split(/-/gy).join('|'));
//// sticky with an anchor
const r = /^b/y;
r.lastIndex = 1;
print(r.test('ab'), /^b/my.test('a\nb'));
const m = /^b/my;
m.lastIndex = 2;
print(m.test('a\nb'));
//// sticky with alternatives
const r = /a|ab|c/y;
r.lastIndex = 1;
print(r.exec('xab')[0], r.lastIndex, r.exec('xabc'), r.lastIndex);
//// a sticky tokenizer
const tokens = [], r = /\s*(?:(?<num>\d+)|(?<id>[a-z]\w*)|(?<op>[-+*/()]))/y;
const s = 'x1 + 23*(y - 4)';
for (let m; r.lastIndex < s.length && (m = r.exec(s));) for (const k of Object.keys(m.groups)) if (m.groups[k] !== undefined) tokens.push(k + ':' + m.groups[k]);
print(tokens.join(' '));
//// ignoring case
print(/abc/i.test('aBC'), /[a-z]+/i.exec('HeLLo')[0], /\u00e9/i.test('É'), /[^a]/i.test('A'), /ß/i.test('SS'), /(a)\1/i.exec('aA')[0]);
//// ignoring case with u folds
print(/\u212a/i.test('k'), /\u212a/iu.test('k'), /ſ/i.test('s'), /ſ/iu.test('s'), /[^x]/iu.test('X'), /\u{10400}/iu.test('\u{10428}'), /\u{10400}/u.test('\u{10428}'));
//// ignoring case in classes of words
print(/\w/iu.test('ſ'), /\w/i.test('ſ'), /\W/iu.test('\u212a'), /[\w]/iu.test('\u212a'), /\b/iu.test('ſ'));
//// Greek and Cyrillic without regard to case
print(/σας/i.test('ΣΑΣ'), /привет/i.test('ПРИВЕТ'), 'ΑΒΓ'.replace(/β/i, '-'), /[а-я]+/i.exec('XДОМ')[0]);
//// multiline anchors at each line end
print('a\rb\u2028c\u2029d\ne'.split(/$/m).length, 'a\nb'.replace(/$/gm, ';').length, 'x\n\ny'.match(/^$/gm).length, /^y/m.exec('x\ny').index);
//// global counts on through exec
const r = /o/g, s = 'foo boo';
const at = [];
while (r.exec(s)) at.push(r.lastIndex);
print(at.join(), r.lastIndex);
//// lastIndex is an own property that is not enumerable
const d = Object.getOwnPropertyDescriptor(/a/g, 'lastIndex');
print(d.value, d.writable, d.enumerable, d.configurable, Object.getOwnPropertyNames(/a/g).join(), Object.keys(/a/).length);
//// lastIndex of any kind
const r = /a/g;
for (const v of ['1', 1.9, -5, NaN, null, undefined, true, [2], { valueOf: () => 1 }, Infinity, 2 ** 53]) { r.lastIndex = v; const m = r.exec('aaa'); print(m && m.index, r.lastIndex); }
//// lastIndex is read even when it does not count
const r = /a/;
let n = 0;
r.lastIndex = { valueOf() { n++; return 7; } };
print(r.test('a'), n, typeof r.lastIndex);
//// lastIndex beyond the end fails and becomes zero
for (const f of ['g', 'y', 'gy', '']) { const r = RegExp('a', f); r.lastIndex = 4; print(f, r.test('aaa'), r.lastIndex); }
//// lastIndex at the end can match nothing
const r = /$/g;
r.lastIndex = 3;
print(r.exec('abc').index, r.lastIndex, r.exec('abc').index);
//// a frozen pattern matches if nothing has to be written
const r = Object.freeze(/a/), g = Object.freeze(/a/g);
print(r.test('a'), 'a'.replace(r, 'b'), r.exec('xa').index);
for (const f of [() => g.test('a'), () => 'a'.replace(g, 'b'), () => 'a'.match(g), () => g.exec('b'), () => r.lastIndex = 1]) try { print(f()); } catch (e) { print(e.name); }
//// a lastIndex that cannot be written
const r = /a/y;
Object.defineProperty(r, 'lastIndex', { value: 0, writable: false });
for (const f of [() => r.test('a'), () => r.test('b'), () => 'b'.search(r), () => 'ba'.split(r).length]) try { print(f()); } catch (e) { print(e.name); }
//// the getters on other objects
for (const k of ['global', 'ignoreCase', 'multiline', 'dotAll', 'unicode', 'sticky', 'source', 'flags']) {
  const get = Object.getOwnPropertyDescriptor(RegExp.prototype, k).get;
  let other;
  try { other = get.call({}); } catch (e) { other = e.name; }
  print(k, get.name, get.length, JSON.stringify(get.call(RegExp.prototype)), JSON.stringify(other));
}
//// flags of an object that is none
const get = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get;
print(get.call({ global: 1, sticky: 'x', unicode: 0, dotAll: {} }));
try { get.call(1); } catch (e) { print(e.name); }
//// setting a flag does nothing but throw
const r = /a/;
for (const k of ['global', 'flags', 'source']) try { r[k] = true; print('set'); } catch (e) { print(e.name); }
print(r.flags, r.source);
//// properties in front of the getters
const r = /a/;
Object.defineProperty(r, 'flags', { value: 'y' });
print(r.flags, r.sticky, String(r), new RegExp(r).flags);
//// what RegExp.prototype is
print(Object.prototype.hasOwnProperty.call(RegExp.prototype, 'lastIndex'), RegExp.prototype.source, String(RegExp.prototype), RegExp.prototype.global, Object.prototype.toString.call(RegExp.prototype), RegExp.prototype.constructor === RegExp);
for (const f of ['exec', 'test', 'compile']) try { RegExp.prototype[f]('a'); print(f); } catch (e) { print(f, e.name); }
//// names and lengths of the methods
for (const k of ['exec', 'test', 'toString', 'compile', Symbol.match, Symbol.matchAll, Symbol.replace, Symbol.search, Symbol.split]) { const f = RegExp.prototype[k]; print(f.name, f.length, Object.keys(RegExp.prototype).length, 'prototype' in f); }
//// species
print(RegExp[Symbol.species] === RegExp, Object.getOwnPropertyDescriptor(RegExp, Symbol.species).get.name, RegExp.length, RegExp.name);

// SPDX-License-Identifier: MIT
//// what stands before
print('$10 €20'.match(/(?<=\$)\d+/)[0], '$10 €20'.match(/(?<=€)\d+/)[0], '$10 20'.match(/(?<!\$)\b\d+/)[0]);
//// of any length
print('aaab'.match(/(?<=a*)b/)[0], 'abcXYZ'.match(/(?<=[a-c]+)X/).index, /(?<=\d{3})x/.test('12x'), /(?<=\d{3})x/.test('123x'));
//// goes backwards: the right group is greedy
print('1053'.match(/(?<=(\d+)(\d+))$/).join('|'), '1053'.match(/^(\d+)(\d+)$/).join('|'));
//// references back inside
print('abb'.match(/(?<=\1(b))$/) && 'yes', 'abb'.match(/(?<=(b)\1)$/).index, /(?<=(.)\1)b/.test('aab'), /(?<=\1(.))b/.exec('aab').join());
//// at the beginning
print(/(?<=^)a/.test('a'), /(?<=^a)b/.test('ab'), /(?<=^a)b/.test('aab'), /(?<!^)a/.exec('aa').index, /(?<=^|,)x/g[Symbol.replace]('x,x', 'y'));
//// word borders inside
print('foo bar'.replace(/(?<=\b)./g, c => c.toUpperCase()), /(?<=\Bo)/.exec('foo').index);
//// nested
print(/(?<=a(?=b))b/.test('ab'), /(?<=(?<=a)b)c/.test('abc'), /(?<=(?<!x)b)c/.test('xbc'), /(?=(?<=a)b)b/.test('ab'));
//// groups keep what was found
print(/(?<=(a)(b)?)c/.exec('ac').join('-'), /(?<!(a))c/.exec('bc').join('-'), /(?<=(?<n>\w))!/.exec('x!').groups.n);
//// alternatives
print('xfoo yfoo'.replace(/(?<=x|y)foo/g, '-'), 'abc'.match(/(?<=ab|b)c/).index, /(?<=a|bc)$/.test('bc'));
//// separating thousands
const f = s => s.replace(/(?<=\d)(?=(?:\d{3})+$)/g, '.');
print(f('1'), f('123'), f('1234'), f('1234567'), f('123456789'));
//// splitting between letters
print('camelCaseText'.split(/(?<=[a-z])(?=[A-Z])/).join(), 'a1b22'.split(/(?<=\d)(?!\d)/).join('|'));
//// sticky still looks behind
const r = /(?<=a)b/y;
r.lastIndex = 1;
print(r.test('ab'), r.lastIndex);
//// from lastIndex on, the text before counts
const r = /(?<=a)./g;
r.lastIndex = 1;
print(r.exec('abac')[0], r.exec('abac')[0], r.exec('abac'));
//// without regard to case
print(/(?<=A)b/i.test('ab'), /(?<!A)b/i.test('ab'), /(?<=[a-c])X/i.exec('Bx')[0]);
//// pairs of surrogates
print(/(?<=\u{1F600})x/u.test('\u{1F600}x'), /(?<=^.)x/u.test('\u{1F600}x'), /(?<=^.)x/.test('\u{1F600}x'), /(?<=\uD83D)\uDE00/.test('\u{1F600}'), /(?<=\uD83D)\uDE00/u.test('\u{1F600}'));
//// cannot be repeated
for (const p of ['(?<=a)*', '(?<!a)+', '(?<=a){2}', '(?<=a)?']) try { RegExp(p); print('made'); } catch (e) { print(e.name); }
//// unfinished
for (const p of ['(?<=', '(?<!a', '(?<', '(?<=a))']) try { RegExp(p); print('made'); } catch (e) { print(e.name); }
//// lazy inside
print('aaab'.match(/(?<=(a+?))b/).join(), 'aaab'.match(/(?<=(a+))b/).join(), 'aaab'.match(/(?<=(a{2}))b/).join());
//// replace with both sides
print('a.b.c'.replace(/(?<=a)\.(?=b)/, '-'), 'price: 5 eur'.replace(/(?<=price: )\d+(?= eur)/, d => d * 2));
//// lines
print('a\nb'.match(/(?<=^)b/m).index, 'a\nb'.match(/(?<=\n)b/).index, /(?<=.)b/s.test('\nb'), /(?<=.)b/.test('\nb'));

// SPDX-License-Identifier: MIT
//// exec gives groups, index and input
const m = /(\d+)-(\w+)?/.exec('ab 12-');
print(m[0], m[1], m[2], m.index, m.input, m.length, m.groups, /x/.exec('abc'));
//// test with g moves on
const r = /a/g;
print(r.test('aXa'), r.lastIndex, r.test('aXa'), r.lastIndex, r.test('aXa'), r.lastIndex);
//// without g lastIndex does not count
const r = /b/;
r.lastIndex = 5;
print(r.test('abc'), r.lastIndex, r.exec('abc').index);
//// lastIndex beyond the end
const r = /a/g;
r.lastIndex = 9;
print(r.exec('aaa'), r.lastIndex, r.exec('aaa').index, r.lastIndex);
//// flags and source
print(/a/gim.flags, /a\/b/.source, String(/x/mg), new RegExp('').source, new RegExp('/').source, /a/g.global, /a/.ignoreCase, /a/m.multiline);
//// the constructor
print(new RegExp('a+', 'i').test('AA'), RegExp('b').source, new RegExp(/c/gi).flags, new RegExp(/c/g, 'm').flags, new RegExp('\\d').test('5'), new RegExp(undefined).source, new RegExp(null).test('null'));
for (const a of [['('], ['a', 'gg'], ['a', 'x'], ['['], ['*'], ['a**'], ['\\']]) try { new RegExp(...a); print('made', a.join()); } catch (e) { print(e.name); }
//// RegExp as a function keeps its argument
const r = /a/g;
print(RegExp(r) === r, new RegExp(r) === r, RegExp(r, 'g') === r);
//// greedy and lazy
print('aaa'.match(/a+/)[0], 'aaa'.match(/a+?/)[0], '<a><b>'.match(/<.*>/)[0], '<a><b>'.match(/<.*?>/)[0], 'aaa'.match(/a??/)[0].length, 'aaab'.match(/a*?b/)[0]);
//// counted repetition
print('aaaa'.match(/a{2}/)[0], 'aaaa'.match(/a{2,}/)[0], 'aaaa'.match(/a{1,3}/)[0], 'aaaa'.match(/a{1,3}?/)[0], 'aaaa'.match(/a{0}/)[0].length, /^(ab){2}$/.test('abab'));
//// alternatives go from left to right
print('abc'.match(/a|ab|abc/)[0], 'abc'.match(/abc|ab/)[0], 'b'.match(/(a)|(b)/).join('-'), 'x'.match(/|x/)[0].length);
//// classes
print('a-z_09'.match(/[\w-]+/)[0], 'x^y'.match(/[\^]/).index, '5a'.match(/[^\d]/)[0], ']'.match(/[\]]/)[0], 'b'.match(/[a-c]/)[0], /[]/.test('a'), /[^]/.test('\n'));
//// classes of kinds
print('a1 _\t'.replace(/\w/g, 'w').replace(/\s/g, 's'), '1a'.replace(/\D/, 'D'), 'a b'.split(/\W/).join('|'), /\S/.test(' \n\u00a0\ufeff'), /\d/.test('٣'));
//// the dot does not match line ends
print(/a.b/.test('a\nb'), /a.b/.test('a\rb'), /a.b/.test('a\u2028b'), /a.b/.test('a\tb'), /^.$/.test('\u{1F600}'), 'a\nb'.match(/.+/)[0]);
//// anchors
print(/^b/.test('a\nb'), /^b/m.test('a\nb'), /a$/.test('a\n'), /a$/m.test('a\nb'), 'a\nb\nc'.replace(/^/gm, '>').split('\n').join('|'), /^$/.test(''));
//// word borders
print('a cat concat'.replace(/\bcat\b/g, 'DOG'), 'ab'.replace(/\B/, '|'), /\b/.test(' '), 'x1_y z'.match(/\b\w+\b/g).join());
//// groups and references back
print(/(a)\1/.test('aa'), /(.)(.)\2\1/.test('abba'), /(a)?\1b/.test('b'), /\1(a)/.exec('a')[0], 'hello'.match(/(.)\1/)[0], /(?:a)(b)\1/.test('abb'));
//// groups inside repetitions are reset
print(/(?:(a)|(b))*/.exec('ab').slice(1).join('-'), /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac').join());
//// looking ahead
print('foobar'.match(/foo(?=bar)/)[0], /foo(?!bar)/.test('foobar'), 'a1b2'.match(/[a-z](?=2)/)[0], /(?=(a+))a*b\1/.exec('baaabac').join(), /a(?!b)(c)?/.exec('ac')[1]);
//// ignoring case
print(/ABC/i.test('abc'), /[a-f]/i.test('E'), /é/i.test('É'), /(a)\1/i.test('aA'), /[^x]/i.test('X'), /σ/i.test('Σ'));
//// escapes in patterns
print(/\x41\u0042/.test('AB'), /\//.test('/'), /\t\n\v\f\r/.test('\t\n\v\f\r'), /\0/.test('\0'), /\cJ/.test('\n'), /[\b]/.test('\b'), /\$\.\*\+\?\(\)\[\]\{\}\|\^/.test('$.*+?()[]{}|^'));
//// escaping text
const esc = s => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
print(esc('a.b*c[d]'), new RegExp(esc('1+1=2?')).test('1+1=2?'), new RegExp('^' + esc('(x)') + '$').test('(x)'));
//// empty matches move on
print('abc'.replace(/x*/g, '-'), 'abc'.match(/(?:)/g).length, 'aab'.replace(/a*/g, 'X'), 'ab'.split(/(?:)/).length);
//// replace with groups
print('2020-01-31'.replace(/(\d+)-(\d+)-(\d+)/, '$3.$2.$1'), 'ab'.replace(/(a)(b)?/, '[$2$1$3]'), 'abc'.replace(/(?:b)/, '<$`|$&|$\'>'), 'aa'.replace(/a/g, '$$'));
//// the function gets groups, place and text
const seen = [];
'k1=v1;k2'.replace(/(\w+)(?:=(\w+))?/g, (...a) => { seen.push(a.length, a[1], String(a[2]), a[3]); return ''; });
print(seen.join());
//// exec in a loop
const r = /(\w)(\d)/g, out = [];
let m;
while ((m = r.exec('a1 b2 c3')) !== null) out.push(m[1] + ':' + m[2] + '@' + m.index);
print(out.join(), r.lastIndex);
//// a changed lastIndex inside the loop
const r = /\d/g, out = [];
let m;
while ((m = r.exec('1234')) && out.length < 6) { out.push(m[0]); if (m[0] === '2' && out.length < 3) r.lastIndex = 0; }
print(out.join(''));
//// the pattern made by each evaluation is new
const make = () => /a/g;
const a = make(), b = make();
a.test('a');
print(a === b, a.lastIndex, b.lastIndex);
//// own properties of patterns
const r = /a/g;
print(Object.keys(r).length, r.hasOwnProperty('lastIndex'), r.hasOwnProperty('source'), 'global' in RegExp.prototype, Object.prototype.toString.call(r), typeof r, r instanceof RegExp);
r.lastIndex = 'x'; print(r.lastIndex, r.test('a'));
//// surrogates without the u flag are two characters
print('\u{1F600}'.match(/./g).length, /^..$/.test('\u{1F600}'), /\uD83D/.test('\u{1F600}'), '\u{1F600}'.replace(/\uDE00/, 'x').length);
//// patterns after words and parentheses
const a = 6, g = 2, b = 3;
const f = () => /re/.test('re');
print(a / b / g, f(), typeof /x/, [/y/.source].length, (a) / g, !/q/.test('z'));
//// reading dates, numbers, keys
const o = {};
'a=1&b=%20x&c'.split('&').map(p => /^([^=]*)(?:=(.*))?$/.exec(p)).forEach(m => { o[m[1]] = m[2] === undefined ? null : decodeURIComponent(m[2]); });
print(JSON.stringify(o), '-12.5e3 7 .5'.match(/-?\d*\.?\d+(?:e\d+)?/g).join());
//// a small tokenizer
const r = /\s*(?:(\d+)|([a-z]+)|([-+*\/()]))/g, out = [];
let m;
while ((m = r.exec('x1+ (23*y)')) !== null) out.push(m[1] ? 'n' + m[1] : m[2] ? 'v' + m[2] : m[3]);
print(out.join(' '));
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

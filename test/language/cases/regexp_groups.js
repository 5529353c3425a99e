// SPDX-License-Identifier: MIT
//// named groups
const m = /(?<year>\d{4})-(?<month>\d\d)/.exec('on 2024-05-17');
print(m.groups.year, m.groups.month, m[1], m[2], m.index, Object.keys(m.groups).join(), Object.getPrototypeOf(m.groups));
//// groups are undefined without names
const m = /(a)/.exec('a');
print('groups' in m, m.groups, Object.keys(m).join());
//// named groups that took no part
const { groups } = /(?<a>x)|(?<b>y)/.exec('y');
print(groups.a, groups.b, Object.keys(groups).join(), JSON.stringify(groups));
//// the result of exec has plain properties
const m = /(?<n>a)(b)?/.exec('xab');
for (const k of ['0', '1', '2', 'index', 'input', 'groups', 'length']) { const d = Object.getOwnPropertyDescriptor(m, k); print(k, d.writable, d.enumerable, d.configurable); }
print(Array.isArray(m), m.length, Object.getOwnPropertyNames(m).join());
//// a group that is called like a method of objects
const m = /(?<__proto__>a)(?<toString>b)(?<constructor>c)/.exec('abc');
print(m.groups.__proto__, m.groups.toString, m.groups.constructor, Object.keys(m.groups).join());
//// references back by name
print(/(?<q>['"]).*?\k<q>/.exec(`say "it's" now`)[0], /\k<a>(?<a>x)/.test('x'), /(?<a>.)\k<a>/.test('ab'));
//// \k without names is a k
print(/\k/.test('k'), /\k<a>/.test('k<a>'), /[\k]/.test('k'));
//// names of many letters
const m = /(?<π>3)(?<$>\$)(?<_>_)(?<été>e)(?<𝒜>A)/u.exec('3$_eA');
print(Object.keys(m.groups).join(), m.groups.π, m.groups['été'], m.groups['𝒜']);
//// names with escapes
const m = /(?<\u0061b>x)(?<\u{63}>y)\k<ab>/u.exec('xyx');
print(m.groups.ab, m.groups.c);
//// names that are none
for (const p of ['(?<a', '(?<>a)', '(?<1a>x)', '(?<a>x)(?<a>y)', '(?<a>x)\\k<b>', '(?<a>x)\\k', '(?<a-b>x)', '(?< a>x)']) try { RegExp(p); print('made', p); } catch (e) { print(p, e.name); }
//// $<name> in a replacement
print('2024-05'.replace(/(?<y>\d+)-(?<m>\d+)/, '$<m>/$<y>'), 'ab'.replace(/(?<x>a)(?<z>q)?/, '[$<z>|$<x>|$<no>]'), 'a'.replace(/(?<x>a)/, '$<x'), 'a'.replace(/(?<x>a)/, '$<>$<x>>'));
//// $<name> without names is text
print('ab'.replace(/(a)/, '$<x>'), 'ab'.replace('a', '$<a>'));
//// a replacing function gets the groups last
print('2024-05'.replace(/(?<y>\d+)-(?<m>\d+)/, (...a) => a.length + JSON.stringify(a[a.length - 1]) + a[3]), 'ab'.replace(/(a)/, (...a) => a.length));
//// destructuring what was found
const { groups: { h, m = '00' } } = /(?<h>\d+)(?::(?<m>\d+))?/.exec('at 7');
print(h, m);
//// matchAll with names
print([...'k1=v1;k2=v2'.matchAll(/(?<k>\w+)=(?<v>\w+)/g)].map(m => m.groups.k + '>' + m.groups.v + '@' + m.index).join());
//// nested groups count from the left
print(/((a)(b(c)))(d)/.exec('abcd').join(), /(?:(a)|(b)(c))+/.exec('abca').join('-'));
//// groups in a repetition are forgotten at each turn
print(/(?:(a)|b)*/.exec('ab').join('-'), /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac').join('-'), /(?:(x)|(y)){2}/.exec('xy').join('-'));
//// empty repetitions
print(/(a*)*/.exec('b').join('|'), /(?:a*)+/.exec('aab')[0], /(a?)*?b/.exec('aab').join('|'), /(?:){3}x/.exec('x')[0], /(|a)*/.exec('aa')[0].length, /(a|)+/.exec('aa')[0]);
//// the part that took no part is undefined
const m = /(a)|(b)/.exec('b');
print(m[1], m[2], 1 in m, m.length);
//// a group refers to itself
print(/(a\1)/.exec('aa')[0], /(?<x>a\k<x>)/.exec('aa')[0], /\1(b)/.exec('b')[0]);
//// references to what comes later
print(/\2(a)(b)/.exec('ab')[0], /(?:\2b|(a)(c))+/.exec('acb')[0]);
//// numbers that are no group are octal
print(/\1/.test('\x01'), /\12/.test('\n'), /\08/.test('\x008'), /(a)\2/.test('a\x02'), /\8/.test('8'), /[\1]/.test('\x01'));
//// many groups
const r = RegExp('(a)'.repeat(120) + '\\120');
const m = r.exec('a'.repeat(121));
print(m.length, m[0].length, m[120]);
//// $ with two digits
const r = RegExp('(.)'.repeat(12));
print('abcdefghijkl'.replace(r, '$10|$11|$12|$13|$1|$01|$00|$0|$99|$2x'));
//// $ and digits beyond the groups
print('abc'.replace(/(b)/, '[$1|$2|$11|$10|$01|$00]'), 'abc'.replace(/b/, '[$1]'), 'abc'.replace(/(b)/, '$'), 'abc'.replace(/(b)/, '$$1'));
//// groups of look-ahead stay
print(/(?=(a+))a*b\1/.exec('baaabac').join(), /(?!(a))b(.)/.exec('bc').join('-'), /(?=(?<x>b))/.exec('ab').groups.x);
//// lazy and greedy counts
print('aaaa'.match(/a{2,3}/)[0], 'aaaa'.match(/a{2,3}?/)[0], 'aaaa'.match(/(a{1,2}){2}/).join(), 'ab'.match(/(a|ab)(c|bcd)?(d*)/).join('-'));
//// large counts
print(/a{1000}/.test('a'.repeat(1000)), /a{1001}/.test('a'.repeat(1000)), /^(?:ab){300,}$/.test('ab'.repeat(301)), /x{0,4294967295}y/.test('xxy'), /x{99999999999}/.test('x'));
//// braces that count nothing are text
print(/a{/.test('a{'), /a{1/.test('a{1'), /a{,2}/.test('a{,2}'), /{}/.test('{}'), /a{2}{/.test('aa{'), /]/.test(']'), /}/.test('}'));
//// what cannot be repeated
for (const p of ['*', '+a', '?', '{1}', 'a**', 'a{2}{3}', '(?:', ')', '(', '[', '[b-a]', '\\', 'a{2,1}', '(?a)', '(?<=a)*', '^*', '\\b+', '(?=a)*']) try { RegExp(p); print('made', p); } catch (e) { print(p, e.name); }
//// look-ahead may be repeated without u
print(/(?=a)*b/.test('b'), /(?!a){2}b/.test('b'), /(?=(a))?b/.exec('b').join('-'));
//// classes with odd dashes
print(/[-a]/.test('-'), /[a-]/.test('-'), /[\w-z]/.test('-'), /[a-\d]/.test('-'), /[+--]/.test(','), /[^-]/.test('-'), /[\b-\r]/.test('\t'));
//// escapes of letters that mean nothing
print(/\a\e\i\j/.test('aeij'), /\_\-\!/.test('_-!'), /\c/.test('\\c'), /\c1/.test('\\c1'), /[\c1]/.test('\x11'), /\cA/.test('\x01'), /\x1/.test('x1'), /\u12/.test('u12'));

// SPDX-License-Identifier: MIT
//// match without g
const m = 'The Quick'.match(/q(u)/i);
print(m[0], m[1], m.index, m.input, 'abc'.match(/z/), 'abc'.match('b').index, 'a.c'.match('.').index);
//// match with g
print('a1b2'.match(/[a-z]\d/g).join(), 'abc'.match(/z/g), 'aaa'.match(/a*?/g).length, ''.match(/x*/g).length);
//// match of nothing and of texts
print('abc'.match()[0].length, 'null'.match(null)[0], 'x1'.match(1).index, 'a+b'.match('a+b'), 'aab'.match('a+b')[0]);
//// matching nothing at the end happens once
print('cba'.match(/\b/g).length, 'ab'.match(/$/g).length, 'ab'.match(/$|^/g).length, 'a\nb'.match(/$/gm).length, ''.match(/(?:)/g).length);
//// a match of nothing in the middle happens once
print('a,b,,c'.match(/(?=b)/g).length, 'aXbX'.match(/(?=X)/g).length, 'abc'.match(/b*?(?=c)/g).length, 'abc'.match(/^/g).length);
//// match puts lastIndex to zero
const r = /a/g;
r.lastIndex = 2;
print('aaa'.match(r).length, r.lastIndex);
//// matchAll
print([...'a1b22'.matchAll(/(\w)(\d+)/g)].map(m => m.join('/') + '@' + m.index).join(), [...'aaa'.matchAll('a')].length, [...'a.b'.matchAll('.')].length, [...'x'.matchAll()].length);
//// matchAll of nothing
print([...'ab'.matchAll(/(?:)/g)].map(m => m.index).join(), [...'ab'.matchAll(/z/g)].length, Array.from('ab'.matchAll(/./g), m => m[0]).join());
//// replace with text
print('aaa'.replace(/a/, 'b'), 'aaa'.replace(/a/g, 'b'), 'abc'.replace(/z/g, 'y'), 'abc'.replace(/(?:)/, '-'), 'abc'.replace(/$/, '!'), 'abc'.replace(/b/g, ''));
//// patterns of dollars
print('abc'.replace(/b/, '[$&]'), 'abc'.replace(/b/, '[$`]'), 'abc'.replace(/b/, "[$']"), 'abc'.replace(/b/, '$$'), 'abc'.replace(/b/, '$'), 'abc'.replace(/b/, '$x$'), 'abc'.replace(/b/, '$$$$&$$'));
//// patterns of dollars with g
print('aXbXc'.replace(/X/g, "[$`|$'|$&]"), 'ab'.replace(/(a)(b)/g, '$2$1$2'), 'ab'.replace(/(a)(x)?/g, '<$2>'));
//// dollars in the replacement of a text
print('abc'.replace('b', '[$&]'), 'abc'.replace('b', "$'$`"), 'abc'.replace('b', '$1'), 'abc'.replace('b', '$0$<a>$$'), 'aXbX'.replaceAll('X', '[$&$`]'));
//// functions get everything
print('ab12cd'.replace(/([a-z])(\d)/g, (...a) => JSON.stringify(a)), 'abc'.replace('b', (...a) => JSON.stringify(a)), 'xx'.replace(/x/g, (m, at) => at));
//// what functions give is made text
for (const v of [undefined, null, 1, true, [1, 2], {}, '$&']) print('abc'.replace(/b/, () => v), 'abc'.replace('b', () => v));
try { 'a'.replace(/a/, () => Symbol.iterator); } catch (e) { print(e.name); }
//// functions are called without this
'use strict';
'a'.replace(/a/, function () { print(this === undefined); });
'a'.replace('a', function () { print(this === undefined); });
//// functions that throw
try { 'abc'.replace(/b/g, () => { throw new RangeError('x'); }); } catch (e) { print(e.name); }
//// functions that replace in turn
print('a(b)c'.replace(/\((.)\)/g, (m, x) => x.replace(/b/, y => y + y).replace('b', '-')), 'ab'.replace(/./g, c => 'xy'.replace(/y/, c)));
//// functions that read the same pattern
const r = /a/g;
print('aba'.replace(r, (m, at) => (r.lastIndex = 0, r.exec('za').index + at)), r.lastIndex);
//// replace with an object
print('abc'.replace(/b/, { toString: () => '[$&]' }), 'abc'.replace(/b/), 'abc'.replace(/b/, null), 'abc'.replace('b', [1, 2]));
//// replaceAll
print('a.b.c'.replaceAll('.', '-'), 'aaaa'.replaceAll('aa', 'b'), 'abc'.replaceAll('', '-'), ''.replaceAll('', 'x'), 'aXbx'.replaceAll(/x/gi, '-'), 'abc'.replaceAll('z', 'y'));
//// replaceAll with functions
print('a-b-c'.replaceAll('-', (m, at, s) => m + at + s.length), 'ab'.replaceAll('', (m, at) => at), 'aa'.replaceAll(/a/g, (m, at) => at));
//// replaceAll and its argument
print('1undefined1'.replaceAll(undefined, 2), 'null'.replaceAll('null'), 'x1x'.replaceAll(1, 0), ''.replaceAll.length, ''.replaceAll.name, ''.matchAll.length);
//// search
print('abc'.search(/c/), 'abc'.search('b'), 'abc'.search(/z/), 'abc'.search(), ''.search(''), 'a.b'.search('.'), 'aéb'.search(/b/), 'a😀b'.search('b'));
//// split by patterns
print('a1b22c'.split(/\d+/).join('|'), 'a1b2'.split(/(\d)/).join('|'), 'abc'.split(/(?:)/).join('|'), 'abc'.split(/b/).join('|'), 'abc'.split(/z/).join('|'), 'abc'.split(/abc/).length);
//// split with captures that took no part
print('a1b-c'.split(/(\d)|(-)/).map(String).join('|'), 'A<B>bold</B>and<CODE>coded</CODE>'.split(/<(\/)?([^<>]+)>/).map(String).join('|'));
//// split with limits
print('a1b2c3'.split(/\d/, 2).join('|'), 'a1b2c3'.split(/(\d)/, 3).join('|'), 'a1b2'.split(/\d/, 0).length, 'a1b2'.split(/(\d)/, 2).join('|'), 'abc'.split(/(?:)/, 2).join());
//// split of nothing
print(''.split(/a/).length, ''.split(/(?:)/).length, ''.split(/a*/).length, ''.split('').length, ''.split('a').length, 'a'.split(/a/).length);
//// split at both ends
print('-a-'.split(/-/).length, 'aaa'.split(/a/).length, 'aaa'.split(/a*?/).join('|'), 'aaa'.split(/a*/).join('|'), 'xaax'.split(/a*/).join('|'));
//// split at places without width
print('HelloWorldFoo'.split(/(?=[A-Z])/).join(), 'a b'.split(/\b/).join('|'), 'ab\ncd'.split(/$/m).length, 'abc'.split(/$/).length, 'abc'.split(/^/).length);
//// split by texts
print('a,b,,c'.split(',').join('|'), 'abc'.split('').join('|'), 'abc'.split().length, 'a--b'.split('--').join('|'), 'aXbXc'.split('X', 2).join(), 'a1b'.split(1).join(), 'aaa'.split('aa').join('|'));
//// split by texts with limits
print('a,b,c'.split(',', 0).length, 'a,b,c'.split(',', 1).join(), 'a,b,c'.split(',', 1.9).join(), 'a,b,c'.split(',', -1).length, 'a,b,c'.split(undefined, 0).length, 'a,b'.split(',', null).length, 'abc'.split('', 2).join());
//// split outside ASCII
print('äöü'.split('').join('|'), 'äöü'.split('ö').join('|'), '日本語'.split(/本/).join('|'), 'a😀b'.split('😀').join('|'), '😀'.split('').length, 'é,è'.split(/,/).join(''));
//// the order of what split reads
const log = [];
const note = (name, v) => ({ toString() { log.push(name); return v; }, valueOf() { log.push(name); return 1; } });
String.prototype.split.call(note('text', 'a'), note('separator', 'b'), note('limit'));
print(log.join());
//// the order of what replace reads
const log = [];
const note = (name, v) => ({ toString() { log.push(name); return v; } });
String.prototype.replace.call(note('text', 'ab'), note('search', 'a'), note('by', 'x'));
String.prototype.replaceAll.call(note('text', 'ab'), note('search', 'a'), note('by', 'x'));
print(log.join());
//// results are plain arrays
const a = 'a-b'.split(/-/);
print(Array.isArray(a), Object.keys(a).join(), Object.getPrototypeOf(a) === Array.prototype, 'aa'.match(/a/g).index);
a.push('c');
print(a.length);
//// setters of Array.prototype are not run
Object.defineProperty(Array.prototype, '0', { set() { print('set'); }, configurable: true });
print('a-b'.split('-')[0], 'a-b'.split(/-/)[0], 'aa'.match(/a/g)[0], /a/.exec('a')[0]);
delete Array.prototype[0];
//// long texts
const s = 'abc,'.repeat(5000);
print(s.split(',').length, s.split(/,/).length, s.replace(/b/g, 'BB').length, s.match(/c/g).length, s.replaceAll('a', '').length, [...s.matchAll(/,/g)].length, s.replace(/(a)(b)(c)/g, '$3$2$1').slice(0, 8));
//// many kinds of white space
print(' a\t\n b '.split(/\s+/).join('|'), ' a\u00a0\u3000b\ufeff'.replace(/\s/g, '_'), 'x  y'.replace(/ +/g, ' '), '  trim  '.replace(/^\s+|\s+$/g, ''));
//// escaping of HTML
const esc = s => s.replace(/[&<>"']/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);
print(esc(`<a href="x">it's & more</a>`));
//// templates
const fill = (t, o) => t.replace(/\{\{(\w+)\}\}/g, (m, k) => k in o ? o[k] : m);
print(fill('Hi {{name}}, {{n}} new, {{no}}', { name: 'Ann', n: 3 }));
//// camel, snake and title case
print('some_snake_case'.replace(/_(\w)/g, (_, c) => c.toUpperCase()), 'someCamelCase'.replace(/[A-Z]/g, '_$&').toLowerCase(), 'the title here'.replace(/\b\w/g, c => c.toUpperCase()));
//// rows of CSV
const row = s => [...s.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].map(m => m[1].replace(/^"|"$/g, '').replace(/""/g, '"'));
print(row('a,"b,c","say ""hi""",d').slice(0, 4).join('|'));
//// parts of an address
const { groups } = /^(?<scheme>[a-z]+):\/\/(?<host>[^/:]+)(?::(?<port>\d+))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#(?<hash>.*))?$/.exec('https://example.org:8080/a/b?x=1&y=2#top');
print(JSON.stringify(groups));
//// HTML methods of strings
print('t'.anchor('a"b'), 't'.big(), 't'.blink(), 't'.bold(), 't'.fixed(), 't'.fontcolor('red'), 't'.fontsize(7), 't'.italics());
print('t'.link('u?a=1&b="'), 't'.small(), 't'.strike(), 't'.sub(), 't'.sup(), 't'.anchor(), ''.anchor.length, ''.big.length, ''.link.name);
try { String.prototype.bold.call(null); } catch (e) { print(e.name); }
//// substr of nothing
for (const v of [null, undefined]) try { String.prototype.substr.call(v, 0); } catch (e) { print(e.name); }
print(String.prototype.substr.call(123, 1), String.prototype.substr.call(true, -2, 1));
//// a limit that changes the pattern
const r = /a/;
print('abba'.split(r, { valueOf() { r.compile('b'); return 9; } }).join('|'), String(r));

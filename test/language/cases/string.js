// SPDX-License-Identifier: MIT
//// length counts code units
print(''.length, 'abc'.length, '\u{1F600}'.length, '\0'.length, 'a\
b'.length);
//// characters by index
const s = 'hey';
print(s[0], s[3], s['1'], s[-1], s.charAt(2), JSON.stringify(s.charAt(9)), s.charAt(), '0' in Object(s), 3 in Object(s));
//// strings do not change
let s = 'abc';
try { s[0] = 'X'; } catch (e) { print(e.name); }
try { s.length = 1; } catch (e) { print(e.name); }
try { s.extra = 1; } catch (e) { print(e.name); }
print(s);
//// codes of characters
print('A'.charCodeAt(), 'é'.charCodeAt(0), 'a'.charCodeAt(1), '\u{1F600}'.charCodeAt(1), '\u{1F600}'.codePointAt(0), '\u{1F600}'.codePointAt(1), 'a'.codePointAt(5));
//// fromCharCode and fromCodePoint
print(String.fromCharCode(72, 105), String.fromCharCode(0x10041), String.fromCharCode().length, String.fromCodePoint(0x1F600) === '\u{1F600}', String.fromCodePoint(97, 0x10FFFF).length);
for (const x of [-1, 1.5, 0x110000, 'x']) try { String.fromCodePoint(x); } catch (e) { print(e.name); }
//// String.raw
print(String.raw`a\n${1}\u0041`, String.raw({ raw: 'xyz' }, 1, 2, 3), String.raw({ raw: [] }).length, String.raw`\``);
//// at
const s = 'abc';
print(s.at(0), s.at(-1), s.at(3), s.at(-4), s.at(1.7), s.at('2'), s.at());
//// indexOf
const s = 'canal';
print(s.indexOf('a'), s.indexOf('a', 2), s.indexOf(''), s.indexOf('', 3), s.indexOf('', 99), s.indexOf('x'), s.indexOf('a', -5), s.indexOf('nal'), 'undefined'.indexOf());
//// lastIndexOf
const s = 'canal';
print(s.lastIndexOf('a'), s.lastIndexOf('a', 2), s.lastIndexOf('a', 0), s.lastIndexOf(''), s.lastIndexOf('c', -1), s.lastIndexOf('l', NaN), s.lastIndexOf('', 2), s.lastIndexOf('zz'));
//// includes, startsWith, endsWith
const s = 'to be';
print(s.includes('be'), s.includes('be', 4), s.includes(''), s.startsWith('to'), s.startsWith('be', 3), s.endsWith('be'), s.endsWith('to', 2), s.endsWith('', 0), s.startsWith('', 99));
//// they refuse regular expressions
for (const k of ['includes', 'startsWith', 'endsWith']) try { 'a'[k](/a/); print('no'); } catch (e) { print(e.name); }
//// slice
const s = 'abcdef';
print(s.slice(2), s.slice(-2), s.slice(1, -1), s.slice(4, 2) === '', s.slice(undefined, 2), s.slice(-99, 1), s.slice(1.9, '3'), s.slice(NaN, 1), s.slice(2, undefined));
//// substring swaps and has no negatives
const s = 'abcdef';
print(s.substring(4, 2), s.substring(-2, 2), s.substring(3), s.substring(2, NaN), s.substring(0, 99), s.substring(3, 3) === '');
//// substr
const s = 'abcdef';
print(s.substr(1, 2), s.substr(-3, 2), s.substr(2), s.substr(2, -1) === '', s.substr(-99, 1), s.substr(99) === '');
//// upper and lower case
print('straße'.toUpperCase(), 'ÄÖ'.toLowerCase(), 'MiXed 1!'.toLowerCase(), 'i'.toUpperCase(), 'İ'.toLowerCase().length, 'ŉ'.toUpperCase().length);
//// final sigma and other letters
print('ΑΣ'.toLowerCase(), 'Σ'.toLowerCase(), 'ǆ'.toUpperCase(), 'ﬁ'.toUpperCase(), 'я'.toUpperCase());
//// trim
const s = '\t\n a b \u00a0\u2003\ufeff';
print('[' + s.trim() + ']', '[' + s.trimEnd().length + ']', s.trimStart().length, '\u200b'.trim().length, ''.trim().length, '\u2028x\u3000'.trim());
//// padStart and padEnd
print('5'.padStart(3, '0'), 'ab'.padEnd(5, 'xyz'), 'abc'.padStart(2), '['.concat('a'.padEnd(3), ']'), 'a'.padStart(5, ''), 'a'.padStart(6, 'xyz'), 'a'.padEnd(3, undefined) + '|');
//// repeat
print('ab'.repeat(3), 'x'.repeat(0) === '', ''.repeat(1000) === '', 'x'.repeat(2.9), 'y'.repeat('2'));
for (const n of [-1, Infinity]) try { 'x'.repeat(n); } catch (e) { print(e.name); }
//// concat
print('a'.concat(1, null, [2, 3], undefined), ''.concat({}), 'x'.concat());
//// split by text
print('a,b,,c'.split(',').join('|'), 'abc'.split('').join('|'), 'abc'.split().length, ''.split('').length, ''.split(',').length, 'a-b-c'.split('-', 2).join(), 'abc'.split('abc').length, 'a1b'.split(1).join());
//// split with limits
print('a,b,c'.split(',', 0).length, 'a,b,c'.split(',', -1).length, 'a,b,c'.split(',', undefined).length, 'abc'.split('', 2).join(), 'a,b'.split(',', 4294967297).length);
//// split by a pattern
print('a1b22c'.split(/\d/).join('|'), 'a1b22c'.split(/\d+/).join('|'), 'abc'.split(/(b)/).join('|'), 'ab'.split(/(?:)/).join('|'), 'A<b>B'.split(/<(\/)?([^<>]+)>/).length, ''.split(/a*/).length);
//// replace with text
print('aaa'.replace('a', 'b'), 'abc'.replace('x', 'y'), 'abc'.replace('', '_'), 'a.b'.replace('.', '-'), 'abc'.replace('b'), '1+1'.replace('+', () => '-'));
//// replace with patterns of dollars
print('abc'.replace('b', '[$&]'), 'abc'.replace('b', '$`'), 'abc'.replace('b', "$'"), 'abc'.replace('b', '$$'), 'abc'.replace('b', '$1$0$x$'), 'abc'.replace(/(b)(c)/, '$2$1$3$02$11'));
//// replace with a function
print('abc'.replace('b', (m, at, all) => m.toUpperCase() + at + all), 'a1b2'.replace(/([a-z])(\d)/g, (m, l, d, at) => d + l + at), 'x'.replace('x', () => '$&'), 'x'.replace(/(y)?x/, (m, y) => typeof y));
//// replaceAll
print('a.a.a'.replaceAll('.', '-'), 'aaa'.replaceAll('aa', 'b'), 'abc'.replaceAll('', '-'), 'xx'.replaceAll('x', '$&$&'), 'aXbX'.replaceAll(/x/gi, (m, at) => at));
try { 'a'.replaceAll(/a/, 'b'); } catch (e) { print(e.name); }
//// match
print('a1b2'.match(/\d/g).join(), 'a1b2'.match(/[a-z](\d)/).join(), 'abc'.match(/x/), 'abc'.match(/x/g), 'a1'.match(/\d/).index, 'undefined'.match().index, 'a+b'.match('\\+')[0]);
//// matchAll
const all = [...'a1b2'.matchAll(/([a-z])(\d)/g)];
print(all.length, all[1][1], all[1].index, all[0].input);
try { 'a'.matchAll(/a/); } catch (e) { print(e.name); }
//// matchAll does not move the pattern
const r = /\w/g;
r.lastIndex = 1;
const it = 'abc'.matchAll(r);
r.lastIndex = 0;
print([...it].map(m => m[0]).join(), r.lastIndex);
//// search
print('abc'.search(/c/), 'abc'.search('x'), 'a.b'.search('.'), 'abc'.search(), 'xay'.search(/A/i));
//// localeCompare of plain cases
print('a'.localeCompare('b') < 0, 'b'.localeCompare('a') > 0, 'a'.localeCompare('a'), typeof 'a'.localeCompare('B'));
//// comparing is by code units
print('a' < 'b', 'B' < 'a', '10' < '9', 10 < '9', 'a' < 'aa', '' < 'a', '\uD83D\uDE00' < '\uFF00', 'é' > 'z', 'abc' === 'ab' + 'c');
//// String of anything
print(String(null), String(undefined), String(-0), String([1, [2]]), String({}), String(() => 1).length > 0, String(Symbol('s')), String(true), String().length, String(1e21), String(0.000001), String(1e-7));
//// string objects
const o = new String('ab');
print(typeof o, o.length, o == 'ab', o === 'ab', o + 'c', Object.keys(o).join(), o[1], JSON.stringify(o), o instanceof String, 'ab' instanceof String);
//// own properties of string objects
const o = new String('xy');
o.extra = 1;
print(Reflect.ownKeys(o).join(), JSON.stringify(Object.getOwnPropertyDescriptor(o, 0)), o.hasOwnProperty('length'));
try { o[0] = 'z'; } catch (e) { print(e.name); }
try { delete o.length; } catch (e) { print(e.name); }
//// valueOf and toString want a string
for (const f of [() => String.prototype.toString.call({}), () => String.prototype.valueOf.call(5)]) try { f(); print('no'); } catch (e) { print(e.name); }
print(String.prototype.toString.call(new String('s')), Object('t').valueOf());
//// generic methods
print(''.trim.call(5) === '5', ''.slice.call(12345, 1, 3), ''.toUpperCase.call(true), ''.repeat.call([1, 2], 2), ''.split.call(1.5, '.').join());
for (const x of [null, undefined]) try { ''.trim.call(x); } catch (e) { print(e.name); }
//// methods take objects by their text
const o = { toString: () => 'b' };
print('abc'.indexOf(o), 'abc'.includes([['c']]), 'a1'.indexOf(1), 'null'.indexOf(null), 'abc'.split(o).join('|'), 'abc'.startsWith({ toString: () => 'ab' }));
//// order of conversions
const log = [], s = { toString() { log.push('this'); return 'abc'; } }, a = { toString() { log.push('search'); return 'b'; } }, n = { valueOf() { log.push('position'); return 0; } };
print(String.prototype.indexOf.call(s, a, n), log.join());
//// lone surrogates
const s = 'a\uD800b';
print(s.length, s.charCodeAt(1).toString(16), s.split('').length, s === 'a' + String.fromCharCode(0xD800) + 'b', s.indexOf('\uD800'), s.codePointAt(1) === 0xD800);
//// surrogates join to one character
const s = '\uD83D' + '\uDE00';
print(s === '\u{1F600}', [...s].length, s.length, ('\uD83D' + 'x').length, s.slice(0, 1) + s.slice(1) === s);
//// surrogates split and joined many times
let s = '';
for (const c of '\u{1F600}\u{1F601}'.split('')) s += c;
print(s.length, [...s].length, s.split('').reverse().join('').length, s.substring(1, 3).codePointAt(0).toString(16), s.indexOf('\uDE01'));
//// iteration and spread
const seen = [];
for (const c of 'x\u{1F4A9}y') seen.push(c.length);
print(seen.join(), [...'añ'].length, Array.from('ab').join('-'));
//// escapes in literals
print('\x41\u0042\u{43}\u{000044}', '\'\"\\'.length, '\b\t\n\v\f\r'.split('').map(c => c.charCodeAt(0)).join(), '\a\q\-', '\0'.charCodeAt(0));
//// line separators inside literals
print('a b'.length, 'x '.charCodeAt(1).toString(16));
//// templates normalise line ends
const s = `one
two`;
print(s.length, s.charCodeAt(3), `a\
b`);
//// numbers in text
print('5' * '2', '5' + 2, '5' - 2, -'3', +'', +' 12 ', +'1e3', +'0x1f', +'0b11', +'1_0', +'Infinity', +'-', '3' > 12, '10' == 10.0);
//// escape and unescape
print(escape('a b+ü\u{1F600}'), unescape('%u0041%41%zz%'), unescape(escape('äö\n€')) === 'äö\n€', escape('@*_+-./'));
//// palindrome
const is = s => { const t = s.toLowerCase().replace(/[^a-z]/g, ''); return t === [...t].reverse().join(''); };
print(is('A man, a plan, a canal: Panama'), is('nearly'));
//// caesar
const rot = (s, n) => s.replace(/[a-z]/gi, c => { const b = c <= 'Z' ? 65 : 97; return String.fromCharCode((c.charCodeAt(0) - b + n) % 26 + b); });
print(rot('Hello, World', 13), rot(rot('Zebra', 5), 21));
//// words in capitals
print('the quick fox'.split(' ').map(w => w[0].toUpperCase() + w.slice(1)).join(' '), 'some-css-name'.replace(/-(.)/g, (_, c) => c.toUpperCase()), 'camelCaseName'.replace(/[A-Z]/g, c => '_' + c.toLowerCase()));
//// names and lengths of string methods
print(['indexOf', 'slice', 'padStart', 'replace', 'split', 'concat', 'startsWith', 'localeCompare', 'at', 'repeat', 'trim', 'charAt'].map(k => ''[k].length).join(), String.length, String.fromCharCode.length, String.raw.length, ''.trimEnd.name, ''.trimStart.name);
//// long text keeps its parts
const s = 'abcdefghij'.repeat(1000);
print(s.length, s.indexOf('jab', 5000), s.lastIndexOf('aj'), s.slice(9998), s.split('e').length, s.charAt(7777));
//// positions in long text beyond ASCII
const s = 'é€\u{1F600}x'.repeat(500);
print(s.length, s.indexOf('x', 1234), s.charAt(2004), s.slice(1000, 1002), s.codePointAt(1502).toString(16), s.lastIndexOf('€'));
//// counting characters and bytes
const s = 'né€\u{1F600}';
print(s.length, [...s].length, new TextEncoder().encode(s).length, encodeURIComponent(s).length);
//// split, reverse and join of characters
print([...'a\u{1F600}b'].reverse().join('') === 'b\u{1F600}a', 'abc'.split('').reverse().join(''), 'a,b;c'.split(/[,;]/).reverse().join());
//// a replacer that does not give text
print('abc'.replace(/b/, () => undefined), 'abc'.replace('b', undefined), 'abc'.replace(/b/, () => null), 'abc'.replace('b', () => [1, 2]), 'abc'.replace('b', 5));
//// limits of padding and fill of pairs
print('a'.padEnd(4, '\u{1F600}').length, 'a'.padStart(4, '\u{1F600}').charCodeAt(2).toString(16), 'ab'.padStart(-1), 'ab'.padStart(NaN, 'x'), 'ab'.padEnd('4', 7));
//// includes and indexOf with a position that is no number
print('abc'.includes('a', NaN), 'abc'.includes('c', Infinity), 'abc'.indexOf('b', '1'), 'abc'.indexOf('a', null), 'abc'.includes('', 9), 'abc'.startsWith('a', undefined), 'abc'.endsWith('c', undefined), 'abc'.endsWith('b', '2'));

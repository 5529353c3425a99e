// SPDX-License-Identifier: MIT
//// characters beyond U+FFFF are one
print(/^.$/u.test('\u{1F600}'), /^.$/.test('\u{1F600}'), '\u{1F600}x'.match(/./gu).length, /\u{1F600}/u.test('😀'), /^[^x]$/u.test('😀'));
//// classes of such characters
print(/[😀-😎]/u.test('😃'), /^[😀x]$/u.test('😀'), /^[😀x]$/.test('😀'), /[\u{10000}-\u{10FFFF}]/u.exec('a😀').index, /[^\u{1F600}]/u.test('😀'));
//// halves in the pattern
print(/\ud83d/u.test('😀'), /\ud83d/.test('😀'), /\ud83d/u.test('\ud83dx'), /^[^x]$/u.test('\ud83d'), /\ud83d\ude00/u.test('😀'), /[\ud83d\ude00]/u.exec('😀')[0].length);
//// quantifiers take the whole character
print(/^😀{2}$/u.test('😀😀'), /😀+/u.exec('😀😀')[0].length, /^😀?$/u.test(''));
//// lastIndex within a pair goes back
const r = /./gu;
r.lastIndex = 1;
const m = r.exec('😀x');
print(m[0].length, m.index, r.lastIndex);
//// sticky within a pair
const r = /\ude00/yu;
r.lastIndex = 1;
print(r.exec('😀'), r.lastIndex);
const s = /./yu;
s.lastIndex = 1;
print(s.exec('😀x').index, s.lastIndex);
//// empty matches go by characters
print('😀x'.replace(/(?:)/gu, '-'), '😀x'.replace(/(?:)/g, '-').length, '😀x'.match(/(?:)/gu).length, '😀x'.split(/(?:)/u).length, '😀x'.split(/(?:)/).length);
//// indexes count code units
print([...'a😀b😀'.matchAll(/😀/gu)].map(m => m.index).join(), 'é😀z'.search(/z/u), 'äöü'.search(/ü/), /z/.exec('日本z').index);
//// escapes with braces
print(/\u{61}/u.test('a'), /\u{61}/.test('u'.repeat(61)), /\u{000061}/u.test('a'), /^\u{1F600}$/u.test('\ud83d\ude00'));
//// pairs written as escapes
print(/^\ud83d\ude00$/u.test('😀'), /^[\ud83d\ude00]$/u.test('😀'), /^\ud83d\u{de00}$/u.test('😀'));
//// what u does not allow
for (const p of ['\\a', '\\-', '{', '}', ']', 'a{', '\\1', '\\01', '\\c', '\\u{110000}', '\\u{', '\\x1', '(?=a)*', '[\\w-a]', '\\p', '\\k', '[\\b-\\w]', '\\u12']) try { RegExp(p, 'u'); print('made', p); } catch (e) { print(p, e.name); }
//// what u allows
for (const p of ['\\/', '\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|', '[\\-]', '\\0', '\\cA', '\\u{10FFFF}', '\\x41', '[\\b]', '\\B']) try { print(RegExp(p, 'u').source.length); } catch (e) { print(p, e.name); }
//// general categories
print(/^\p{L}+$/u.test('aßЖ日'), /\p{L}/u.test('1'), /^\p{Lu}\p{Ll}$/u.test('Éa'), /\p{Nd}/u.test('٣'), /\P{Nd}/u.test('a'), /\p{General_Category=Letter}/u.test('x'), /\p{gc=Lu}/u.test('x'));
//// scripts
print(/\p{Script=Greek}/u.test('π'), /\p{sc=Cyrillic}/u.test('ж'), /\p{Script=Han}/u.test('日'), /\p{Script=Latin}/u.test('ж'), /\p{scx=Hira}/u.test('あ'), /\p{Script_Extensions=Greek}/u.test('π'));
//// binary properties
print(/\p{Alphabetic}/u.test('é'), /\p{White_Space}/u.test('\u3000'), /\p{Uppercase}/u.test('É'), /\p{Emoji}/u.test('😀'), /\p{ASCII}/u.test('é'), /\p{Any}/u.test('x'), /\p{ASCII_Hex_Digit}+/u.exec('xyzBEEF')[0], /\p{ID_Start}/u.test('π'));
//// properties in classes
print('a1é_'.replace(/[\p{L}_]/gu, '-'), /[^\p{L}]/u.exec('abc1').index, /[\p{Lu}\p{Nd}]+/u.exec('abC1d')[0], /[\P{L}]/u.test('a'));
//// properties without regard to case
print(/\p{Lu}/iu.test('a'), /[^\P{Lu}]/u.test('A'), /\p{Lowercase}/iu.test('A'));
//// properties that are none
for (const p of ['\\p{Foo}', '\\p{L', '\\p{Script}', '\\p{Script=Foo}', '\\p{sc=}', '\\p{lu}', '\\p{General_Category}', '\\pL', '\\p{}', '\\p{Block=ASCII}', '\\p{ L}']) try { RegExp(p, 'u'); print('made', p); } catch (e) { print(p, e.name); }
//// \p without u is a p
print(/\p{L}/.test('p{L}'), /\P/.test('P'), /[\p]/.test('p'));
//// words of many languages
print('Ångström et 東京, naïve'.match(/\p{L}+/gu).join('|'), 'привет мир'.replace(/\p{L}+/gu, w => w[0].toUpperCase() + w.slice(1)));
//// names of people
const slug = s => s.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
print(slug('Zoë & Jürgen (2024)!'), slug('  日本 語 '));
//// case folding beyond ASCII
print(/^[à-ý]+$/iu.test('ÀÉÎ'), /ǆ/iu.test('Ǆ'), /ǅ/iu.test('ǆ'), /\u1e9e/iu.test('ß'), /ẞ/i.test('ß'), /\u03c3/iu.test('ς'));
//// long texts outside ASCII
const s = 'äöü'.repeat(2000);
print(s.match(/ö/g).length, s.replace(/ö/g, 'oe').length, s.split(/ü/).length, s.search(/$/), s.lastIndexOf('ö'));
let n = 0;
for (const r = /ü/g; r.test(s);) n += r.lastIndex;
print(n);
//// matchAll of a long text outside ASCII
const s = '日a本b'.repeat(1000);
let sum = 0;
for (const m of s.matchAll(/[ab]/g)) sum += m.index;
print(sum);

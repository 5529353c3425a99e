// SPDX-License-Identifier: MIT
//// names with letters of many scripts
const été = 1, ñ = 2, имя = 3, 変数 = 4, ß = 5, ªb = 6, ⅷ = 7, $ = 8, _ = 9;
print(été + ñ + имя + 変数 + ß + ªb + ⅷ + $ + _);
//// names beyond the basic plane
const 𝒳 = 1, 𠮷 = 2, o = { 𝒳, 𠮷: 3 };
print(𝒳 + 𠮷, Object.keys(o).join(), o.𠮷);
//// names with digits, marks and joiners after the first
const a1 = 1, a\u0301 = 2, b‌c = 3, b‍c = 4, x·y = 5;
print(a1, á, b‌c, b‍c, x·y);
//// escapes in names are the same names
const \u0061bc = 1, d\u{65}f = 2, \u{1d4b3} = 3;
print(abc, \u0061\u0062\u0063, def, 𝒳);
//// escapes in keys, members, labels and methods
const o = { \u0061: 1, b\u{63}() { return 2; }, get \u{64}() { return 3; } };
l\u0061b: for (;;) break lab;
print(o.a, o.bc(), o.d, o.\u0061, Object.keys(o).join());
//// escaped names in patterns, parameters and classes
const f = (\u0061, { b: \u{63} }) => a + c;
class \u0043 { \u0064() { return 'd'; } static #\u{65} = 'e'; static e() { return C.#e; } }
print(f(1, { b: 2 }), new C().d(), C.e(), C.name);
//// words that are names here and there
const async = 1, of = 2, get = 3, set = 4, from = 5, as = 6, target = 7, constructor = 8, undefined2 = 9;
print([async, of, get, set, from, as, target, constructor].join());
//// words that may be escaped as keys
const o = { v\u0061r: 1, \u{69}f: 2, n\u0065w: 3 };
print(o.var, o.if, o.new, o.\u0076ar, Object.keys(o).join());
//// two spellings of one letter are two names
const é = 'one', é = 'two';
print(é, é, 'é' === 'é', { é: 1 }.hasOwnProperty('é'));
//// numbers in every base
print(0b1010, 0B11, 0o17, 0O7, 0xff, 0XaB, 1e3, 1E-2, .5, 5., 0.1e2, 1.5e+3);
//// separators
print(1_000_000, 0b1010_0001, 0o7_7, 0xFF_FF, 1_0.0_1, 1e1_0, .0_5, 1_2e-1_0);
//// separators are for source text alone
print(Number('1_000'), parseInt('1_000'), +'0b11', +'0o7', +'0x1f', Number('1e3'));
//// large and small numbers
print(9007199254740993, 1.7976931348623157e308, 1e309, 5e-324, 2e-324, 0.1 + 0.2, 123456789012345680000, 1e21, 1e-7, 0.000001);
//// long literals are rounded right
print(0xffffffffffffffff, 0b11111111111111111111111111111111111111111111111111111, 9223372036854775807, 0.30000000000000004, 100000000000000000000000, 4.35, 1.005 * 1000);
//// minus zero and its signs
print(Object.is(-0, 0), 1 / -0, Object.is(-0.0, -0), Object.is(0 * -1, -0), String(-0), JSON.stringify(-0), [-0].includes(0));
//// escapes in strings
const s = '\b\t\n\v\f\r\0\'\"\\\x41\u0042\u{43}\u{0000044}\q\ ';
print(s.length, [...s].map(c => c.charCodeAt(0)).join());
//// escapes of lone halves and beyond the basic plane
print('\u{1F600}' === '\uD83D\uDE00', '\uD83D'.length, '\u{10FFFF}'.length, '\uDE00\uD83D'.length, '\u{D83D}\u{DE00}' === '\u{1F600}');
//// lines that go on inside a string
print('a\
b', "c\
\
d".length, 'e\
f'.length);
//// U+2028 and U+2029 in strings
print(' '.length, ' ' === '\u2028', " ".charCodeAt(0), 'a\ b', ` `.length);
//// U+2028 as a line end in code
let n = 1 // comment n = 2
/* a   line */ print(n);
//// strings of JSON with U+2028 are JavaScript
print(JSON.stringify('\u2028\u2029') === '"  "', JSON.parse('" "').length);
//// spaces of many kinds
const a=1﻿+ 2　;
print(a);
//// line ends CR, CRLF and LF count as one line each
const f = () => {  return  1
}
print(String(f()), `a
bc`.length);
//// control letters inside strings
print('ab'.length, 'ab'.charCodeAt(1), ''.length, ''.charCodeAt(0));
//// zero before letters
print('\0a'.length, '\0\x31'.length, `\0`.charCodeAt(0));
//// quotes inside quotes
print('"', "'", '\'', "\"", `'"`, '\`'.length, "it's".length, 'say "hi"');
//// strings with dots, calls and indexes
print('abc'.length, 'abc'[1], "x".concat('y'), 'a,b'.split(',').length, 5..toFixed(1), 5 .toFixed(1), 0x5.toString(), 1e1.toFixed());
//// regular expression literals with slashes, classes and flags
print(/a\/b/.test('a/b'), /[/]/.test('/'), /[\]/]/.source, /x/gi.flags, /\u0041/.test('A'), /(?:)/.source, /[^]/.test('\n'));
//// true, false, null as keys and values
const o = { true: 1, null: 2, false: 3 };
print(o.true + o[null] + o[false], true + true, null + 1, [true, null].join('|'));
//// a long name and a long string
const n = 'x'.repeat(5000), o = { [n]: 1 };
print(Object.keys(o)[0].length, n.length, o[n]);
//// comments that hold other signs
print(1 /* // */ + 2 // /* 
  /* * / ** */ + 3 /**/ + 4 /***/);
//// HTML-like comment signs are operators in the middle of a line
let x = 3, n = 0;
while (x --> 0) n++;
print(n, x, 1 <! --x);
//// unknown names with letters beyond ASCII
print(typeof ñandú, typeof 変数, (() => { try { return ñandú; } catch (e) { return e.name; } })(), (() => { try { ñandú = 1; } catch (e) { return e.name; } })(), typeof \u00f1);

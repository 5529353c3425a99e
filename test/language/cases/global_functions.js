// SPDX-License-Identifier: MIT
//// parseInt
print(parseInt('12px'), parseInt('  -7.9'), parseInt('0x1F'), parseInt('x'), parseInt(''), parseInt('1e3'), parseInt('0b11'), parseInt(null), parseInt('+5'), parseInt('- 5'));
//// parseInt with a base
print(parseInt('11', 2), parseInt('ff', 16), parseInt('0xff', 16), parseInt('z', 36), parseInt('12', 1), parseInt('12', 0), parseInt('19', 8), parseInt('9', 8), parseInt('10', '16'), parseInt('10', 37), parseInt('11', 2 ** 32 + 2));
//// parseInt of numbers goes through text
print(parseInt(0.0000005), parseInt(1e21), parseInt(-0.9), Object.is(parseInt('-0'), -0), parseInt('9007199254740993'), parseInt([5, 6]));
//// parseFloat
print(parseFloat('3.14abc'), parseFloat('.5.5'), parseFloat('-.5e-2x'), parseFloat('1e'), parseFloat('Infinityx'), parseFloat('inf'), parseFloat('0x10'), parseFloat('1_0'), parseFloat(' \n2'), parseFloat('--1'));
//// isNaN and isFinite convert
print([undefined, {}, 'x', '', '5', null, new Date(NaN), [1], '0x1'].map(x => isNaN(x)).join(), ['5', '', Infinity, [], null, undefined].map(x => isFinite(x)).join());
//// encodeURIComponent
print(encodeURIComponent('a b&c=d/é€\u{1F600}'), encodeURIComponent("-_.!~*'()"), encodeURIComponent(null), encodeURIComponent('\u0000'));
//// encodeURI leaves what addresses need
print(encodeURI('http://h/p a?q=é&r#f;,/?:@&=+$'), encodeURI('[%]'));
//// lone surrogates cannot be encoded
for (const s of ['\uD800', 'a\uDC00', '\uD800a', '\uDC00\uD800']) { try { encodeURIComponent(s); print('ok'); } catch (e) { print(e.name); } try { encodeURI(s); } catch (e) { print(e.name); } }
//// decodeURIComponent
print(decodeURIComponent('a%20b%C3%A9%E2%82%AC'), decodeURIComponent('%F0%9F%98%80').length, decodeURIComponent('%2F%23'), decodeURIComponent('+'), decodeURIComponent('%41%c3%a9'));
//// decodeURI keeps reserved characters
print(decodeURI('%2F%23%3F%3b'), decodeURI('%20%C3%A9'), decodeURI('%25%2f'));
//// bad escapes cannot be decoded
for (const s of ['%', '%4', '%zz', '%C3', '%C3%28', '%80', '%ED%A0%80', '%F8%80%80%80', '%C0%80', '%E2%82']) try { decodeURIComponent(s); print('ok', s); } catch (e) { if (e.name !== 'URIError') print(e.name); }
print('done');
//// there and back
const s = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(i * 37)).join('').replace(/[\uD800-\uDFFF]/g, '');
print(decodeURIComponent(encodeURIComponent(s)) === s, unescape(escape(s)) === s, encodeURIComponent(s).length);
//// names, lengths and globalThis
print([parseInt, parseFloat, isNaN, encodeURIComponent, decodeURI].map(f => f.name + f.length).join(), globalThis.parseInt === parseInt, typeof globalThis, Object.keys(globalThis).includes('parseInt'));
//// global constants are fixed
for (const k of ['NaN', 'Infinity', 'undefined']) { const d = Object.getOwnPropertyDescriptor(globalThis, k); print(k, d.writable, d.enumerable, d.configurable); }
//// global functions may be shadowed
const f = (parseInt = x => 'mine ' + x) => parseInt(5);
print(f(), f(Number), (() => { const isNaN = () => 'no'; return isNaN(NaN); })());
//// globals set through globalThis are seen
globalThis.made = 5;
print(made, typeof made, delete globalThis.made, typeof made);

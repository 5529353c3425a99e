// SPDX-License-Identifier: MIT
//// the four forms of one letter
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['\u00e9', 'e\u0301', '\u1e9b\u0323', '\u212b', '\ufb01']) for (const f of ['NFC', 'NFD', 'NFKC', 'NFKD']) print(f, u(s), '->', u(s.normalize(f)));
//// the form is NFC unless one is named
const s = 'e\u0301\u2460';
print(s.normalize() === s.normalize('NFC'), s.normalize(undefined) === s.normalize('NFC'), s.normalize('NFKC') === s.normalize());
//// other forms are RangeErrors
for (const f of ['', 'nfc', 'NFC ', 'NFX', 'NFC\0', 'NFCNFC', null, 1, {}, ['NFC', 'NFD'], NaN, false])
  try { print('a'.normalize(f)); } catch (e) { print(e.name, e instanceof RangeError); }
//// a form is made a string
print('\u00e9'.normalize(['NFD']).length, '\u00e9'.normalize({ toString() { return 'NFD'; } }).length, '\u00e9'.normalize(new String('NFKD')).length);
try { 'a'.normalize(Symbol('NFC')); } catch (e) { print(e.name); }
//// normalize converts its object first, then the form
const log = [];
String.prototype.normalize.call({ toString() { log.push('this'); return 'x'; } }, { toString() { log.push('form'); return 'NFC'; } });
try { String.prototype.normalize.call({ toString() { log.push('again'); return 'x'; } }, { toString() { throw new Error('bad form'); } }); } catch (e) { log.push(e.message); }
print(log.join());
//// normalize refuses undefined and null
for (const x of [undefined, null, Symbol('s')]) try { String.prototype.normalize.call(x); print('no'); } catch (e) { print(e.name); }
print(String.prototype.normalize.call(12), String.prototype.normalize.call(true, 'NFD'), String.prototype.normalize.call(['\u00e9'], 'NFD').length);
//// normalize as a property
const d = Object.getOwnPropertyDescriptor(String.prototype, 'normalize');
print(d.writable, d.enumerable, d.configurable, d.value.name, d.value.length, 'prototype' in d.value);
try { new d.value(); } catch (e) { print(e.name); }
//// text that is normal already stays what it is
for (const s of ['', 'plain ASCII', 'Grüße', 'Ελλάδα', '日本語', '한국어', '\u{1F600}']) print(s, ['NFC', 'NFKC'].map((f) => s.normalize(f) === s).join());
//// Hangul comes apart and together
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['\uac00', '\uac01', '\ud7a3', '\u1112\u1161\u11ab', '\u1100\u1161', '\u1100\u11a8', '\uac00\u11a8', '\uac01\u11a8', '\uac00\u11a7', '\uac00\u0301\u11a8', '\u1161\u11a8'])
  print(u(s), '|', u(s.normalize('NFD')), '|', u(s.normalize('NFC')));
//// marks are put in order of their classes
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['a\u0301\u0323', 'a\u0323\u0301', 'q\u0307\u0323', 'a\u0301\u0300', 'a\u0300\u0301', '\u0323\u0301a\u0323', '\u0301\u0323', 'a\u034f\u0323\u0301'])
  print(u(s), '|', u(s.normalize('NFD')), '|', u(s.normalize('NFC')));
//// a mark that is blocked stays
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['a\u0328\u0301', 'a\u0301\u0328', 'a\u0305\u0301', 'a\u0316\u0301', 'ab\u0301', 'a\u200d\u0301', 'a\u0308\u0304', '\u00e4\u0304', '\u01df', 'a\u0304\u0308'])
  print(u(s), '|', u(s.normalize('NFC')));
//// characters that no form makes again
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['\u0958', '\u09dc', '\ufb2e', '\u2adc', '\u0344', '\u0340', '\u1fef', '\u2126', '\u2000', '\u0374', '\uf900', '\u{2f800}', '\u{1d15e}'])
  print(u(s), '|', u(s.normalize('NFC')), '|', u(s.normalize('NFD')));
//// pairs of two starters
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
for (const s of ['\u09c7\u09be', '\u0b47\u0b3e', '\u0dd9\u0dcf\u0dca', '\u1025\u102e', '\u1b05\u1b35', '\u{11131}\u{11127}', '\u{1134b}\u{1133e}', '\u{11099}\u{110ba}', '\u{115b9}\u{115af}'])
  print(u(s), '|', u(s.normalize('NFC')), '|', u(s.normalize('NFC').normalize('NFD')));
//// a long decomposition
const s = '\ufdfa'.normalize('NFKD');
print(s.length, s, '\ufdfa'.normalize('NFD').length, '\ufdfa\ufdfa'.normalize('NFKC').length);
//// what compatibility drops
for (const s of ['\u2460\u2461', '\uff21\uff42', '\u00bd', '\u33a5', '\u2122', '\u00a0|', '\u017f', '\u1d2c', '\u{1d54f}\u{1d7d9}', '\uff76\uff9e', '\u3300', '\ufb4f', '\u2026', '\u00aa', '\u{1f100}', '\u0132'])
  print(s.normalize('NFKC'), s.normalize('NFKD').length, s.normalize('NFC') === s);
//// lone surrogates pass through
const u = (s) => Array.from({ length: s.length }, (_, i) => s.charCodeAt(i).toString(16)).join(' ');
for (const s of ['\ud800', '\udc00', '\udc00\ud800', 'e\u0301\ud800', '\ud800\u0301', '\ud83d\u0301\ude00', '\ud834\udd5e\ud834'])
  print(u(s.normalize('NFD')), '|', u(s.normalize('NFKC')), '|', u(s.toUpperCase()), '|', u(s.toLowerCase()));
//// normal forms are stable
const texts = ['\u1e9b\u0323', 'Å\u0323\u212b', '\u03d3\u03d4', '\u0344\u0390', '\uac00\u11a8\u1100', '\ufb01\ufb03\u{2f81a}', 'q\u0307\u0323\u0316'];
for (const s of texts) {
  const [c, d, kc, kd] = ['NFC', 'NFD', 'NFKC', 'NFKD'].map((f) => s.normalize(f));
  print(c.normalize() === c, d.normalize('NFD') === d, kc.normalize('NFKC') === kc, kd.normalize('NFKD') === kd, d.normalize() === c, kd.normalize('NFKC') === kc, kc.normalize('NFKD') === kd);
}
//// a name looked up by its normal form
const prices = new Map([['Äpfel'.normalize(), 3], ['Ölkürbis'.normalize(), 7]]);
print(prices.get('A\u0308pfel'), prices.get('A\u0308pfel'.normalize()), prices.get('O\u0308lku\u0308rbis'.normalize('NFC')));
//// a long run of marks
const s = 'a' + '\u0301\u0316'.repeat(50);
const t = s.normalize('NFD');
print(t.length, t.lastIndexOf('\u0316'), t.indexOf('\u0301'), s.normalize().length, s.normalize().charCodeAt(0).toString(16), '\u0316\u0301'.repeat(40).normalize().indexOf('\u0301'));
//// marks of many classes
const marks = '\u0301\u0328\u0345\u0315\u05b0\u0591\u3099\u0327\u0334\u094d\u302a\u0e38\u0651\u0711';
const u = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
print(u(('x' + marks).normalize('NFD')));
print(u(('x' + marks + marks).normalize('NFKD')));
print(u(('x' + Array.from(marks).reverse().join('')).normalize('NFD')));
//// text of many pieces
let s = '';
for (let i = 0; i < 300; i++) s += String.fromCodePoint(0xc0 + i, 0x301 + i % 4, 0xac00 + 28 * i, 0x11a8 + i % 27, 0x1f00 + i % 200, 0x345);
let h = 0;
for (const f of ['NFC', 'NFD', 'NFKC', 'NFKD']) { const t = s.normalize(f); for (let i = 0; i < t.length; i++) h = (Math.imul(h, 31) + t.charCodeAt(i)) | 0; print(f, t.length, h); }
//// all decompositions of one block
let h = 0, n = 0;
for (let c = 0xf900; c < 0xfb50; c++) for (const f of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
  const t = String.fromCharCode(c).normalize(f);
  n += t.length;
  for (let i = 0; i < t.length; i++) h = (Math.imul(h, 31) + t.charCodeAt(i)) | 0;
}
print(n, h);
//// one letter becomes several
for (const s of ['ß', 'straße', '\ufb01', '\ufb03', '\u0149', '\u01f0', '\u0390', '\u03b0', '\u0587', '\u1e96', '\u1e9a', '\u1f50', '\u1f56', '\u1f80', '\u1fb3', '\u1fb7', '\u1fe4', '\u1ff7', '\ufb17'])
  print(s, s.toUpperCase(), s.toUpperCase().length);
//// a capital that becomes two small ones
print('\u0130'.toLowerCase().length, '\u0130'.toLowerCase() === 'i\u0307', '\u0130'.toLowerCase().toUpperCase() === 'I\u0307', '\u0131'.toUpperCase(), 'I'.toLowerCase());
//// capital sharp s
print('\u1e9e'.toLowerCase(), 'ß'.toUpperCase(), '\u1e9e'.toUpperCase() === '\u1e9e', 'STRASSE'.toLowerCase());
//// sigma at the end of a word
for (const s of ['ΟΔΥΣΣΕΥΣ', 'ΣΑΣ ΣΑΣ', 'Σ', 'ΣΣ', 'AΣ', 'AΣB', 'AΣ1', '1Σ', ' Σ', 'AΣ ', 'ΑΣ.', 'ΑΣ.Β', "ΑΣ'Σ", 'Α\u0301Σ\u0301', 'Α\u0301Σ\u0301Β', 'Α\u00adΣ', 'Α:Σ:', 'Α-Σ', 'ΑΣ\u0345', '\u0345Σ', '\u{1d4a2}Σ', 'AΣ\u{1d4a2}', 'A\u{1d242}Σ\u{1d242}', 'A\u{1d242}Σ\u{1d242}B', 'あΣ', 'AΣあ', 'ʰΣ', 'Ω.....Σ......', 'Ω.....Σ......Ω'])
  print(s.toLowerCase());
//// sigmas one after another
print('ΑΣΣΣ'.toLowerCase(), 'ΣΣΣ ΣΣ Σ'.toLowerCase(), "ΑΣ''Σ''Σ".toLowerCase(), 'ΑΣ'.repeat(5).toLowerCase());
//// sigma between surrogates
print(escape('\ud800Σ'.toLowerCase()), escape('A\ud800Σ'.toLowerCase()), escape('AΣ\udc00'.toLowerCase()), escape('\u{10400}Σ'.toLowerCase()), escape('A\udc00Σ'.toLowerCase()));
//// final and other sigma have one capital
print('ς'.toUpperCase() === 'Σ', 'σ'.toUpperCase() === 'Σ', 'ς'.toLowerCase(), 'ΛΌΓΟΣ'.toLowerCase().toUpperCase());
//// titlecase letters
for (const s of ['\u01c4', '\u01c5', '\u01c6', '\u01f1', '\u01f2', '\u01f3', '\u1f88', '\u1fbc', '\u1ffc']) print(s, s.toUpperCase(), s.toLowerCase());
//// letters far from their other case
for (const s of ['ÿ', 'µ', '\u0250', '\u0251', '\u026b', '\u1d79', '\u1d7d', '\u1e9b', '\u2c6f', '\ua64a', '\u1c88', '\u212a', '\u212b', '\u2126', '\u0345', '\u1fbe', '\u2160', '\u24d0', '\ua78d', '\u0265', '\ua7ae', '\u13a0', '\uab70', '\u13f8', '\u10d0', '\u1c90', '\u10a0', '\u2d00'])
  print(s, s.toUpperCase().codePointAt(0).toString(16), s.toLowerCase().codePointAt(0).toString(16));
//// letters beyond the first plane
for (const c of [0x10400, 0x10428, 0x104b0, 0x104d8, 0x10570, 0x1057b, 0x10597, 0x105bb, 0x10c80, 0x10cc0, 0x118a0, 0x118c0, 0x16e40, 0x16e60, 0x1e900, 0x1e922, 0x1d400, 0x1f170])
  print(c.toString(16), String.fromCodePoint(c).toUpperCase().codePointAt(0).toString(16), String.fromCodePoint(c).toLowerCase().codePointAt(0).toString(16));
//// letters of Unicode 13 to 15
for (const c of [0xa7c7, 0xa7c8, 0xa7c9, 0xa7ca, 0xa7d0, 0xa7d1, 0xa7d6, 0xa7d8, 0xa7f5, 0xa7f6, 0x2c2f, 0x2c5f, 0xa7c0, 0xa7c1])
  print(c.toString(16), String.fromCodePoint(c).toUpperCase().codePointAt(0).toString(16), String.fromCodePoint(c).toLowerCase().codePointAt(0).toString(16));
//// locales do not matter without one
for (const s of ['I', 'i', 'İ', 'ı', 'ΑΣ', 'ß', 'ÿ', '']) print(s.toLocaleLowerCase() === s.toLowerCase(), s.toLocaleUpperCase() === s.toUpperCase());
//// case conversion of what is no string
for (const x of [12, true, ['A', 'b'], { toString() { return 'Ab'; } }, new String('ä')]) print(String.prototype.toUpperCase.call(x), String.prototype.toLowerCase.call(x));
for (const x of [undefined, null, Symbol('s')]) for (const k of ['toUpperCase', 'toLowerCase', 'toLocaleUpperCase', 'toLocaleLowerCase']) try { String.prototype[k].call(x); print('no'); } catch (e) { print(e.name); }
//// the methods as properties
for (const k of ['toUpperCase', 'toLowerCase', 'toLocaleUpperCase', 'toLocaleLowerCase']) {
  const d = Object.getOwnPropertyDescriptor(String.prototype, k);
  print(d.writable, d.enumerable, d.configurable, d.value.name, d.value.length, 'prototype' in d.value);
}
//// the cases of every unit of a few blocks
let h = 0;
for (const [from, to] of [[0, 0x590], [0x10a0, 0x1100], [0x13a0, 0x1400], [0x1e00, 0x2000], [0x2c00, 0x2d30], [0xa640, 0xa6a0], [0xfb00, 0xfb20], [0xff20, 0xff60]])
  for (let c = from; c < to; c++) {
    if (c === 0x19b || c === 0x264) continue; /* have capitals since Unicode 16 */
    const t = String.fromCharCode(c).toUpperCase() + '|' + String.fromCharCode(c).toLowerCase();
    for (let i = 0; i < t.length; i++) h = (Math.imul(h, 31) + t.charCodeAt(i)) | 0;
  }
print(h);
//// long texts of both widths
const s = 'Grüße, Ωmega ǅ \u{10400}\u{10428} ';
const t = s.repeat(200);
print(t.toUpperCase() === s.toUpperCase().repeat(200), t.toLowerCase() === s.toLowerCase().repeat(200), t.toUpperCase().length, t.toLowerCase().length, 'aB'.repeat(5000).toUpperCase() === 'AB'.repeat(5000));
//// text grows in the other case
print('\u0390'.repeat(1000).toUpperCase().length, '\u0250'.repeat(1000).toUpperCase() === '\u2c6f'.repeat(1000), 'ŉ'.repeat(99).toUpperCase().length, 'İ'.repeat(77).toLowerCase().length);
//// nothing to change
for (const s of ['', '123', '日本語', '\u{1F600}\u{1F601}', '\u0000', 'ⅷ\u3000']) print(s.toUpperCase() === s, s.toLowerCase() === s);
//// names in many scripts
const größe = 1, имя = 2, 名前 = 3, שם = 4, ชื่อ = 5, 𝒳 = 6, ℮ = 7, ゛x = 8, ᢅ = 9, ℘ = 10, 𠮷 = 11, नाम = 12;
print(größe + имя + 名前 + שם + ชื่อ + 𝒳 + ℮ + ゛x + ᢅ + ℘ + 𠮷 + नाम);
//// names with marks, digits and joiners
const a̐ = 1, x٣ = 2, a·b = 3, क्‍ष = 4, ab‌c = 5, a፩ = 6, _᧚ = 7, $〪 = 8;
print(a̐ + x٣ + a·b + क्‍ष + ab‌c + a፩ + _᧚ + $〪);
//// two names that look the same are two
const caf\u00e9 = 1, cafe\u0301 = 2;
print(caf\u00e9, cafe\u0301, Object.keys({ é: 1, é: 2 }).length);
//// names by escape are the same names
const \u{1d4b3}y = 1, \u00b5 = 2;
print(𝒳y, µ, { \u{20bb7}: 3 }.𠮷, class { #\u{3c0} = 4; get() { return this.#π; } }.prototype.get.call.length);
//// a mark of Unicode 15 does not begin a name
const \u{11f04} = 1, \u{1e4d0} = 2, \u{31350} = 3, \u0cf3x = 0;
//// letters and marks of Unicode 15 in names
const \u{11f04} = 1, \u{1e4d0} = 2, \u{31350} = 3, a\u0cf3 = 4;
print(\u{11f04} + \u{1e4d0} + \u{31350} + a\u0cf3);
//// a mark does not begin a name
const \u0301a = 1;
//// a digit of another script does not begin a name
const ٣ = 1;
//// a symbol is no part of a name
const a€ = 1;
//// an emoji is no name
const 😀 = 1;
//// a joiner does not begin a name
const ‍a = 1;
//// the vertical tilde is no part of a name
const aⸯ = 1;
//// a surrogate is no part of a name
const a\ud800 = 1;
//// the katakana dot separates
const a = 1, b = 2;
print(a ・ b);

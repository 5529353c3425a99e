//// text of ascii letters
const t = 'hello';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of ascii letters
const b = Buffer.from('hello');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of two byte characters
const t = 'héßÿ';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of two byte characters
const b = Buffer.from('héßÿ');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of three byte characters
const t = '€ऄ中';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of three byte characters
const b = Buffer.from('€ऄ中');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of pairs
const t = '\u{1f600}\u{10ffff}';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of pairs
const b = Buffer.from('\u{1f600}\u{10ffff}');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of nothing
const t = '';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of nothing
const b = Buffer.from('');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of zeros
const t = 'a\0b';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of zeros
const b = Buffer.from('a\0b');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// text of controls
const t = '\x01\x7f\x80\x9f';
for (const n of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']) { const b = Buffer.from(t, n); print(n, b.toString('hex'), JSON.stringify(b.toString(n))); }
//// encodings of bytes of controls
const b = Buffer.from('\x01\x7f\x80\x9f');
for (const n of ['utf8', 'utf16le', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url']) print(n, JSON.stringify(b.toString(n)), Buffer.from(b.toString(n), n).equals(b));
//// lone surrogates
for (const t of ['\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d', '\ud83d\ud83d\ude00']) print(Buffer.from(t).toString('hex'), Buffer.from(t, 'ucs2').toString('hex'), Buffer.from(t, 'ucs2').toString('ucs2') === t, Buffer.from(t, 'latin1').toString('hex'));
//// bytes that are not utf8 part 1
for (const h of ['80', 'bf', 'c0', 'c080', 'c1bf', 'c2', 'c241', 'e0']) print(h, Array.from(Buffer.from(h, 'hex').toString(), c => c.codePointAt(0).toString(16)).join());
//// bytes that are not utf8 part 2
for (const h of ['e08080', 'e09f80', 'e0a0', 'e0a041', 'ed9fbf', 'eda080', 'edbfbf', 'ef']) print(h, Array.from(Buffer.from(h, 'hex').toString(), c => c.codePointAt(0).toString(16)).join());
//// bytes that are not utf8 part 3
for (const h of ['efbf', 'efbfbd', 'f0', 'f0808080', 'f08fbfbf', 'f090', 'f09080', 'f0908080']) print(h, Array.from(Buffer.from(h, 'hex').toString(), c => c.codePointAt(0).toString(16)).join());
//// bytes that are not utf8 part 4
for (const h of ['f09f98', 'f09f9841', 'f48fbfbf', 'f4908080', 'f5808080', 'f8', 'fc', 'fe']) print(h, Array.from(Buffer.from(h, 'hex').toString(), c => c.codePointAt(0).toString(16)).join());
//// bytes that are not utf8 part 5
for (const h of ['ff', 'ff41ff', 'c2c2a9', 'e282e282ac', 'f09f98f09f9880', '41c3', 'efbbbf41', 'fffe4100']) print(h, Array.from(Buffer.from(h, 'hex').toString(), c => c.codePointAt(0).toString(16)).join());
//// hex stops at a bad pair
for (const t of ['', 'a', 'abc', 'abxxcd', 'ab cd', 'ABcdEF', '0g', 'g0', 'é', 'ab€', '0x12', ' 12', '12 ']) print(JSON.stringify(t), Buffer.from(t, 'hex').toString('hex'), Buffer.byteLength(t, 'hex'));
//// base64 with padding or without
for (const t of ['', 'QQ==', 'QQ=', 'QQ', 'QUI=', 'QUI', 'QUJD', 'QUJDRA==', 'Q', 'QUJDR']) print(t, Buffer.from(t, 'base64').toString('hex'));
//// base64 skips junk
for (const t of ['Q U J D', 'QU\nJD\r\n', 'QU*JD', '  QUJD  ', '\tQUJD', 'Q.U.J.D']) print(JSON.stringify(t), Buffer.from(t, 'base64').toString());
//// base64 takes both alphabets
print(Buffer.from('+/-_', 'base64').toString('hex'), Buffer.from('+/-_', 'base64url').toString('hex'), Buffer.from('-_-_', 'base64').toString('base64'), Buffer.from('fbff', 'hex').toString('base64url'), Buffer.from('fbff', 'hex').toString('base64'));
//// base64url has no padding
for (let n = 0; n < 7; n++) { const b = Buffer.alloc(n, 0xfa); print(b.toString('base64'), b.toString('base64url'), Buffer.from(b.toString('base64url'), 'base64url').equals(b)); }
//// every byte in every encoding
const b = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
for (const n of ['hex', 'base64', 'base64url', 'latin1', 'binary', 'ucs2']) print(n, Buffer.from(b.toString(n), n).equals(b), b.toString(n).length);
print(b.toString('utf8').length, b.toString('ascii') === b.toString('ascii', 0, 128) + b.toString('ascii', 0, 128));
//// ascii drops the high bit when read
print(JSON.stringify(Buffer.from([0x41, 0xc1, 0xff, 0x80]).toString('ascii')), Buffer.from('\u0141\u00e9', 'ascii').toString('hex'));
//// latin1 keeps the low bits
print(Buffer.from('\u0141\u20ac\u{1f600}', 'latin1').toString('hex'), JSON.stringify(Buffer.from([0xe9, 0x80]).toString('latin1')), Buffer.from('é', 'binary').length);
//// utf16 of odd lengths
print(JSON.stringify(Buffer.from([0x61, 0, 0x62]).toString('ucs2')), JSON.stringify(Buffer.from([0x61]).toString('utf16le')), Buffer.from('3dd800de', 'hex').toString('utf16le') === '\u{1f600}', JSON.stringify(Buffer.from('00d8', 'hex').toString('ucs2')));
//// names of encodings in any case
for (const n of ['UTF8', 'Utf-8', 'HEX', 'Base64', 'BASE64URL', 'ASCII', 'Latin1', 'BINARY', 'UCS2', 'Ucs-2', 'UTF16LE', 'utf-16LE']) print(n, Buffer.from('6162', n).toString('hex'));
//// names that are no encodings
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
for (const n of ['utf', 'utf 8', 'utf16', 'utf-16', 'utf16be', 'hex2', 'base-64', 'latin-1', 'iso-8859-1', 'undefined', ' utf8']) print(n, e(() => Buffer.from('a', n)), e(() => Buffer.from('a').toString(n)), Buffer.isEncoding(n));
//// encodings that are objects
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(e(() => Buffer.from('ab').toString({ toString() { return 'hex'; } })), e(() => Buffer.from('ab').toString(['hex'])), e(() => Buffer.from('ab').toString(Symbol('hex'))));
//// a long text both ways
const t = 'äöü€\u{1f600}abc'.repeat(1000), b = Buffer.from(t);
print(b.length, b.toString() === t, b.toString('base64').length, Buffer.from(b.toString('base64'), 'base64').equals(b), Buffer.from(b.toString('hex'), 'hex').equals(b), Buffer.from(t, 'ucs2').toString('ucs2') === t);
//// the mark at the start stays
print(Buffer.from('\ufeffa').toString('hex'), Buffer.from('efbbbf61', 'hex').toString().length);
//// a character that is cut off
const b = Buffer.from('€');
print(JSON.stringify(b.toString('utf8', 0, 1)), JSON.stringify(b.toString('utf8', 0, 2)), JSON.stringify(b.toString('utf8', 1)), JSON.stringify(Buffer.from('\u{1f600}x').toString('utf8', 0, 3)));
//// agreement with TextEncoder
const t = 'zß水\u{1f34c}';
print(Buffer.from(t).equals(new TextEncoder().encode(t)), new TextDecoder().decode(Buffer.from(t)) === t);
//// writing in every encoding
for (const [n, t] of [['utf8', 'é€'], ['latin1', 'é€'], ['ascii', 'é€'], ['hex', 'a1b2c3d4e5f6a7b8'], ['base64', 'AQIDBAUGBwgJ'], ['base64url', '-_-_'], ['ucs2', 'abcd']]) { const b = Buffer.alloc(5, 0x2e); print(n, b.write(t, 0, n), b.toString('hex'), b.write(t, 3, n), b.toString('hex'), b.write(t, 1, 1, n), b.toString('hex')); }

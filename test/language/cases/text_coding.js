// SPDX-License-Identifier: MIT
//// encode
const e = s => [...new TextEncoder().encode(s)].map(x => x.toString(16)).join(' ');
print(e('abc'), '|', e('é'), '|', e('€'), '|', e('😀'), '|', e(''), '|', e('\0'), '|', e('\u07ff\u0800\uffff\u{10ffff}'));
//// encode: what is no text
const e = (...s) => new TextEncoder().encode(...s).join();
print(e(), e(undefined), e(null), e(12), e({}), e([1, 2]), e(true));
try { e(Symbol()); } catch (x) { print(x.name); }
//// lone surrogates become U+FFFD
const e = s => [...new TextEncoder().encode(s)].map(x => x.toString(16)).join(' ');
print(e('\ud800'), '|', e('\udc00'), '|', e('a\ud800b'), '|', e('\udc00\ud800'), '|', e('\ud800\ud800\udc00'), '|', e('\ud83d\ude00\ud83d'));
//// pairs put together are characters
const e = s => new TextEncoder().encode(s).join();
print(e('\ud83d' + '\ude00'), e(['\ud83d', '\ude00'].join('')), e('x\ud83d'.slice(1) + '\ude00y'.slice(0, 1)));
//// the encoder
const e = new TextEncoder();
print(e.encoding, Object.prototype.toString.call(e), TextEncoder.name, TextEncoder.length, ArrayBuffer.isView(e.encode('x')), e.encode('é').length, e.encode('abc').buffer.byteLength);
try { TextEncoder(); } catch (x) { print(x.name); }
try { TextEncoder.prototype.encode.call({}, 'x'); } catch (x) { print(x.name); }
//// encodeInto
const e = new TextEncoder(), into = (s, n) => { const u = new Uint8Array(n), r = e.encodeInto(s, u); return JSON.stringify(r) + u.join(); };
print(into('abc', 5), into('abc', 2), into('aé', 2), into('aé', 3), into('€€', 5), into('😀x', 4), into('😀', 3), into('', 2), into('abc', 0));
//// encodeInto: pieces of a character do not count
const e = new TextEncoder(), u = new Uint8Array(8).fill(9);
print(JSON.stringify(e.encodeInto('a😀b😀', u)), u.join());
print(JSON.stringify(e.encodeInto('\ud800x', u.subarray(2))), u.join());
//// encodeInto: checks
const e = new TextEncoder();
for (const x of [undefined, [], new ArrayBuffer(3)]) try { e.encodeInto('x', x); print('into'); } catch (x) { print(x.name); }
//// decode
const d = (...x) => new TextDecoder().decode(Uint8Array.of(...x));
print(d(97, 98), d(0xc3, 0xa9), d(0xe2, 0x82, 0xac), d(0xf0, 0x9f, 0x98, 0x80), d() === '', d(0xf4, 0x8f, 0xbf, 0xbf) === '\u{10ffff}', d(0).length);
//// decode: from where
const u = Uint8Array.of(120, 97, 98, 99), d = new TextDecoder();
print(d.decode(u), d.decode(u.buffer), d.decode(u.subarray(1, 3)), d.decode(new DataView(u.buffer, 2)), d.decode(new Uint16Array(u.buffer)), d.decode() === '', d.decode(undefined) === '', d.decode(new ArrayBuffer(0)) === '');
for (const x of [null, 'x', 1, [97], {}]) try { d.decode(x); print('decoded'); } catch (e) { print(e.name); }
//// decode: what is wrong
const show = s => [...s].map(c => c.codePointAt(0).toString(16)).join(' ');
const d = (...x) => show(new TextDecoder().decode(Uint8Array.of(...x)));
print(d(0x80), '|', d(0xff), '|', d(0xc3), '|', d(0xc3, 0x41), '|', d(0xc0, 0x80), '|', d(0xc1, 0xbf), '|', d(0xe2, 0x82), '|', d(0xe2, 0x41), '|', d(0xe2, 0x82, 0x41));
print(d(0xf0, 0x9f, 0x98), '|', d(0xf0, 0x9f, 0x41), '|', d(0xe0, 0x80, 0x80), '|', d(0xe0, 0x9f, 0xbf), '|', d(0xf0, 0x80, 0x80, 0x80), '|', d(0xf0, 0x8f, 0xbf, 0xbf), '|', d(0xf4, 0x90, 0x80, 0x80), '|', d(0xf5, 0x80), '|', d(0xf8, 0x88, 0x80, 0x80, 0x80));
print(d(0xed, 0xa0, 0x80), '|', d(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80), '|', d(0xed, 0x9f, 0xbf), '|', d(0xee, 0x80, 0x80), '|', d(0x41, 0xc3, 0xc3, 0xa9, 0x42), '|', d(0xe2, 0x82, 0xe2, 0x82, 0xac));
//// every first byte
let text = '';
for (let i = 0x80; i < 0x100; i++) { const s = new TextDecoder().decode(Uint8Array.of(i, 0x90, 0x80, 0x80, 0x41)); text += s.length + (s[0] === '\ufffd' ? '!' : '.'); }
print(text);
//// fatal
const d = new TextDecoder('utf-8', { fatal: true });
print(d.fatal, d.decode(Uint8Array.of(0xe2, 0x82, 0xac)));
for (const x of [[0xff], [0xc3], [0x41, 0x80], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) try { print(d.decode(Uint8Array.of(...x))); } catch (e) { print(e.name); }
print(d.decode(Uint8Array.of(0x61)));
//// the byte order mark
const u = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), two = Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61), later = Uint8Array.of(0x61, 0xef, 0xbb, 0xbf);
print(new TextDecoder().decode(u).length, new TextDecoder('utf-8', { ignoreBOM: true }).decode(u).length, new TextDecoder().decode(two).length, new TextDecoder().decode(later).length);
const d = new TextDecoder();
print(d.decode(u).length, d.decode(u).length, d.ignoreBOM);
//// stream
const d = new TextDecoder(), bytes = [0x61, 0xf0, 0x9f, 0x98, 0x80, 0xe2, 0x82, 0xac];
let s = '';
for (const b of bytes) s += d.decode(Uint8Array.of(b), { stream: true }) + '.';
print(s + d.decode());
//// stream that ends within a character
const d = new TextDecoder();
print(d.decode(Uint8Array.of(0x61, 0xe2, 0x82), { stream: true }), d.decode().length, d.decode(Uint8Array.of(0x62)));
print(d.decode(Uint8Array.of(0xe2), { stream: true }).length, d.decode(Uint8Array.of(0x41)), d.decode(Uint8Array.of(0xac)).length);
//// stream: the byte order mark comes once
const d = new TextDecoder(), mark = [0xef, 0xbb, 0xbf];
let n = '';
for (const b of [...mark, ...mark, 0x61]) n += d.decode(Uint8Array.of(b), { stream: true }).length;
print(n, d.decode().length, d.decode(Uint8Array.of(...mark)).length);
//// stream: what is wrong across pieces
const d = new TextDecoder(), show = s => [...s].map(c => c.codePointAt(0).toString(16)).join(' ');
print(show(d.decode(Uint8Array.of(0xe2, 0x82), { stream: true })) + '|' + show(d.decode(Uint8Array.of(0x41), { stream: true })) + '|' + show(d.decode(Uint8Array.of(0xf0), { stream: true })) + '|' + show(d.decode(Uint8Array.of(0x80), { stream: true })) + '|' + show(d.decode()));
//// an empty stream
const d = new TextDecoder();
print(d.decode(new Uint8Array(), { stream: true }) + d.decode(undefined, { stream: true }) + d.decode() === '');
//// labels
for (const l of ['utf-8', 'UTF8', ' utf-8\n', 'unicode-1-1-utf-8', 'utf-16le', 'UTF-16', 'latin1', 'ascii', 'iso-8859-1', 'windows-1252', 'l1', undefined]) print(new TextDecoder(l).encoding);
for (const l of ['utf-9', '', 'utf 8', 'utf-8\0', null, 'none']) try { print(new TextDecoder(l).encoding); } catch (e) { print(e.name); }
//// options
print(new TextDecoder().fatal, new TextDecoder('utf-8', { fatal: 1 }).fatal, new TextDecoder('utf-8', {}).ignoreBOM, new TextDecoder('utf-8', { ignoreBOM: 'x' }).ignoreBOM, new TextDecoder('utf-8', undefined).fatal);
//// UTF-16
const d = (bytes, o) => { const s = new TextDecoder('utf-16le', o).decode(Uint8Array.of(...bytes)); return [...s].map(c => c.codePointAt(0).toString(16)).join(' '); };
print(d([0x61, 0]), '|', d([0xac, 0x20]), '|', d([0x3d, 0xd8, 0, 0xde]), '|', d([0x3d, 0xd8]), '|', d([0, 0xde]), '|', d([0x3d, 0xd8, 0x61, 0]), '|', d([0x61]), '|', d([0xff, 0xfe, 0x61, 0]), '|', d([0xff, 0xfe, 0x61, 0], { ignoreBOM: true }), '|', d([0x3d, 0xd8, 0x3d, 0xd8, 0, 0xde]));
for (const x of [[0x3d, 0xd8], [0, 0xde], [0x61]]) try { d(x, { fatal: true }); print('decoded'); } catch (e) { print(e.name); }
//// UTF-16 in pieces
const d = new TextDecoder('utf-16le');
let s = '';
for (const b of [0x61, 0, 0x3d, 0xd8, 0, 0xde, 0x62, 0]) s += d.decode(Uint8Array.of(b), { stream: true }) + '.';
print(s + d.decode());
//// latin1
print(new TextDecoder('latin1').decode(Uint8Array.of(0x41, 0x7f, 0xa0, 0xe9, 0xff)), new TextDecoder('latin1').decode(Uint8Array.of(0xef, 0xbb, 0xbf)).length);
//// the decoder
const d = new TextDecoder();
print(d.encoding, Object.prototype.toString.call(d), TextDecoder.name, TextDecoder.length, TextDecoder.prototype.decode.name);
try { TextDecoder(); } catch (e) { print(e.name); }
for (const f of [() => TextDecoder.prototype.decode.call({}), () => TextDecoder.prototype.encoding, () => TextDecoder.prototype.decode.call(new TextEncoder(), new Uint8Array())]) try { f(); print('ok'); } catch (e) { print(e.name); }
//// methods can be listed
print(Object.keys(TextDecoder.prototype).sort().join(), Object.keys(TextEncoder.prototype).filter(k => k.startsWith('enc')).sort().join());
//// derived classes
class E extends TextEncoder { hex(s) { return Array.from(this.encode(s), x => x.toString(16)).join(''); } }
class D extends TextDecoder { constructor() { super('utf-8', { fatal: true }); } }
print(new E().hex('hé'), new D().fatal, new D() instanceof TextDecoder, new D().decode(Uint8Array.of(104, 105)));
//// there and back
const texts = ['', 'plain', 'ünïcödé', '日本語', '😀😃', 'a\0b', '\u{10000}\u{10ffff}', '\ufeffx'];
for (const t of texts) { const u = new TextEncoder().encode(t); print(u.length, new TextDecoder('utf-8', { ignoreBOM: true }).decode(u) === t); }
//// a long text
const t = 'aé€😀'.repeat(20000), u = new TextEncoder().encode(t);
print(u.length, new TextDecoder().decode(u) === t, new TextDecoder().decode(u.subarray(1)).length, new TextDecoder().decode(u.subarray(0, 99999)).slice(-2).length);
//// a long text in pieces of odd length
const t = 'x€😀é'.repeat(3000), u = new TextEncoder().encode(t), d = new TextDecoder();
let s = '';
for (let i = 0; i < u.length; i += 7) s += d.decode(u.subarray(i, i + 7), { stream: true });
print((s + d.decode()) === t);
//// the decoded text is text as any other
const s = new TextDecoder().decode(Uint8Array.of(0xf0, 0x9f, 0x98, 0x80, 0x21));
print(s.length, s.charCodeAt(0).toString(16), s === '😀!', [...s].length, JSON.stringify(s), ({ [s]: 1 })['😀!'], s.codePointAt(0));
//// bytes that would begin a symbol inside the engine
for (const b of [0x80, 0x81, 0x82, 0xff]) { const s = new TextDecoder().decode(Uint8Array.of(b, 0x61, b)); print(typeof s, s.length, s === '\ufffda\ufffd', new TextDecoder('latin1').decode(Uint8Array.of(b === 0xff ? b : 0xa0, 0x61)).length); }

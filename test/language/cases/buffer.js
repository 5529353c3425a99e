//// global is an accessor that is not enumerable
const d = Object.getOwnPropertyDescriptor({ Buffer }, 'Buffer');
print(typeof Buffer, Buffer.name, Buffer.length, d.enumerable, 'Buffer' in globalThis, Object.keys(globalThis).includes('nothing'));
//// a buffer is a Uint8Array
const b = Buffer.from([1, 2, 3]);
print(b instanceof Buffer, b instanceof Uint8Array, Object.getPrototypeOf(Buffer) === Uint8Array, Object.getPrototypeOf(Buffer.prototype) === Uint8Array.prototype);
print(b.constructor === Buffer, Object.prototype.toString.call(b), ArrayBuffer.isView(b), b.length, b.byteLength, b.BYTES_PER_ELEMENT);
//// elements wrap and are clamped by the length
const b = Buffer.alloc(3);
b[0] = 257; b[1] = -1; b[2] = 3.9; b[5] = 1;
print(b[0], b[1], b[2], b[3], b.length, b.toString('hex'));
//// from array takes the low bits of each element
print(Buffer.from([1, 256, -1, 3.7, '5', true, null, undefined, NaN, 'x']).toString('hex'));
print(Buffer.from([]).length);
//// from array like object
print(Buffer.from({ length: 3, 0: 7, 2: 9 }).toString('hex'), Buffer.from({ length: 0 }).length, Buffer.from({ length: 'x' }).length, Buffer.from({ length: -3 }).length);
//// from buffer copies
const a = Buffer.from('abc'), b = Buffer.from(a);
a[0] = 0x7a;
print(a.toString(), b.toString(), a === b);
//// from other typed arrays copies elements
print(Buffer.from(new Uint16Array([1, 257, 65535])).toString('hex'), Buffer.from(new Float64Array([1.9, -1, 300])).toString('hex'), Buffer.from(new Int8Array([-1, 5])).toString('hex'));
//// from ArrayBuffer shares memory
const ab = new ArrayBuffer(4), b = Buffer.from(ab), u = new Uint8Array(ab);
u[1] = 9; b[2] = 8;
print(b.toString('hex'), u[2], b.buffer === ab, Buffer.from(ab, 1).length, Buffer.from(ab, 1, 2).length, Buffer.from(ab, 1, 2).byteOffset);
//// from ArrayBuffer checks offset and length
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const ab = new ArrayBuffer(4);
print(e(() => Buffer.from(ab, 5)), e(() => Buffer.from(ab, 2, 3)), e(() => Buffer.from(ab, 4).length), e(() => Buffer.from(ab, 'x').length), e(() => Buffer.from(ab, 1, -2).length), e(() => Buffer.from(ab, 1, 'x').length));
//// from object with valueOf
print(Buffer.from(new String('this is a test')).toString(), Buffer.from({ valueOf() { return 'v'; } }).toString(), Buffer.from({ valueOf() { return [1, 2]; } }).toString('hex'));
//// from object with toPrimitive
const it = { [Symbol.toPrimitive](hint) { return 'hint ' + hint; } };
print(Buffer.from(it).toString(), Buffer.from(it, 'latin1').length);
//// from what toJSON gave
const a = Buffer.from('round'), text = JSON.stringify(a);
print(text, Buffer.from(JSON.parse(text)).equals(a), Buffer.from({ type: 'Buffer', data: [1, 2] }).toString('hex'));
//// from refuses other values
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(e(() => Buffer.from(5)), e(() => Buffer.from(null)), e(() => Buffer.from(undefined)), e(() => Buffer.from(true)), e(() => Buffer.from({})), e(() => Buffer.from(Symbol('s'))), e(() => Buffer.from(() => 1)), e(() => Buffer.from({ type: 'Buffer' })));
//// from view of data has no length
print(Buffer.from(new DataView(new ArrayBuffer(4))).length);
//// from text with an unknown encoding
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(e(() => Buffer.from('a', 'nope')), e(() => Buffer.from('a', '')), e(() => Buffer.from('a', 5)), e(() => Buffer.from('a', null)), e(() => Buffer.from('', 'utf8').length));
//// alloc fills
print(Buffer.alloc(4).toString('hex'), Buffer.alloc(4, 1).toString('hex'), Buffer.alloc(5, 'ab').toString(), Buffer.alloc(4, '').toString('hex'), Buffer.alloc(5, 'YWI=', 'base64').toString(), Buffer.alloc(4, Buffer.from([1, 2, 3])).toString('hex'), Buffer.alloc(3, 257).toString('hex'), Buffer.alloc(3, true).toString('hex'), Buffer.alloc(3, -1).toString('hex'));
//// alloc checks size and fill
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(e(() => Buffer.alloc('5')), e(() => Buffer.alloc()), e(() => Buffer.alloc(2.7).length), e(() => Buffer.alloc(3, 'zz', 'hex')), e(() => Buffer.alloc(3, 'a', 'nope')), e(() => Buffer.alloc(3, new Uint8Array(0))));
try { Buffer.alloc(-1); } catch (x) { print(x.name); }
try { Buffer.alloc(NaN); } catch (x) { print(x.name); }
//// allocUnsafe is a buffer of that size
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(Buffer.allocUnsafe(7).length, Buffer.allocUnsafeSlow(8).length, e(() => Buffer.allocUnsafe('x')), Buffer.poolSize);
//// of makes a buffer
const b = Buffer.of(1, 2, 300);
print(Buffer.isBuffer(b), b.toString('hex'), Buffer.of().length);
//// isBuffer asks for the prototype
print(Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1)), Buffer.isBuffer(null), Buffer.isBuffer('x'), Buffer.isBuffer({}), Buffer.isBuffer(Object.create(Buffer.prototype)));
//// isEncoding
print(['utf8', 'UTF-8', 'Hex', 'base64', 'base64url', 'ascii', 'latin1', 'binary', 'ucs2', 'ucs-2', 'utf16le', 'UTF-16LE'].map(n => Buffer.isEncoding(n)).join());
print(['', 'utf', 'utf16', 5, null, undefined, {}, 'hex '].map(n => Buffer.isEncoding(n)).join());
//// byteLength
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(Buffer.byteLength('héllo'), Buffer.byteLength('héllo', 'latin1'), Buffer.byteLength('héllo', 'ucs2'), Buffer.byteLength('abcd', 'hex'), Buffer.byteLength('abc', 'hex'), Buffer.byteLength('YWI=', 'base64'), Buffer.byteLength('YQ==', 'base64'), Buffer.byteLength('YWJj', 'base64url'));
print(Buffer.byteLength('\u{1f600}'), Buffer.byteLength('\ud83d'), Buffer.byteLength('x', 'nope'), Buffer.byteLength(''), Buffer.byteLength(new ArrayBuffer(5)), Buffer.byteLength(new Uint16Array(3)), Buffer.byteLength(new DataView(new ArrayBuffer(8), 2)));
print(e(() => Buffer.byteLength(5)), e(() => Buffer.byteLength()), e(() => Buffer.byteLength([1])));
//// concat
const list = [Buffer.from('ab'), new Uint8Array([99]), Buffer.from('de')];
print(Buffer.concat(list).toString(), Buffer.concat(list, 4).toString(), Buffer.concat(list, 7).toString('hex'), Buffer.concat([]).length, Buffer.concat([], 3).length, Buffer.concat(list, 0).length);
//// concat refuses what is no list of buffers
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(e(() => Buffer.concat('x')), e(() => Buffer.concat()), e(() => Buffer.concat(['x'])), e(() => Buffer.concat([Buffer.alloc(1), 5])), e(() => Buffer.concat([Buffer.alloc(1)], -1)), e(() => Buffer.concat([Buffer.alloc(1)], 'x')), e(() => Buffer.concat([[1]])));
//// compare two
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.compare(Buffer.from('b'), Buffer.from('a')), Buffer.compare(Buffer.from('a'), new Uint8Array([97])), Buffer.compare(Buffer.from('ab'), Buffer.from('a')), Buffer.compare(Buffer.alloc(0), Buffer.alloc(0)));
print([Buffer.from('b'), Buffer.from('ab'), Buffer.from('a')].sort(Buffer.compare).map(String).join(), e(() => Buffer.compare('a', Buffer.alloc(1))), e(() => Buffer.compare(Buffer.alloc(1), [1])));
//// compare ranges
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const a = Buffer.from([1, 2, 3, 4, 5]), b = Buffer.from([3, 4, 9]);
print(a.compare(b), b.compare(a), a.compare(b, 0, 2, 2, 4), a.compare(b, 2), a.compare(b, 3), a.compare(b, 0, 0, 1), a.compare(b, 0, 0, 5), a.compare(b, 0, 1, 5), a.compare(a));
print(e(() => a.compare(b, -1)), e(() => a.compare(b, 0, 4)), e(() => a.compare(b, 0, 1, 0, 6)), e(() => a.compare(b, 1.5)), e(() => a.compare(b, '1')), e(() => a.compare('x')));
//// equals
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const a = Buffer.from('abc');
print(a.equals(Buffer.from('abc')), a.equals(new Uint8Array([97, 98, 99])), a.equals(Buffer.from('abd')), a.equals(Buffer.from('ab')), a.equals(a), e(() => a.equals('abc')), e(() => a.equals()));
//// fill with numbers
print(Buffer.alloc(4).fill(7).toString('hex'), Buffer.alloc(4).fill(0x1ff).toString('hex'), Buffer.alloc(4).fill(7, 1).toString('hex'), Buffer.alloc(4).fill(7, 1, 3).toString('hex'), Buffer.alloc(4).fill(7, 3, 1).toString('hex'), Buffer.alloc(4).fill(7, 4).toString('hex'), Buffer.alloc(4, 1).fill().toString('hex'));
//// fill with text
print(Buffer.alloc(5).fill('xyz').toString(), Buffer.alloc(5).fill('é').toString('hex'), Buffer.alloc(5).fill('abc', 2).toString('hex'), Buffer.alloc(5).fill('abc', 1, 3).toString('hex'), Buffer.alloc(5).fill('6162', 'hex').toString(), Buffer.alloc(5).fill('6162', 1, 'hex').toString('hex'), Buffer.alloc(5).fill('é', 1, 4, 'latin1').toString('hex'), Buffer.alloc(3, 1).fill('').toString('hex'), Buffer.alloc(4).fill('ab', 'ucs2').toString('hex'));
//// fill with bytes
print(Buffer.alloc(5).fill(Buffer.from([1, 2])).toString('hex'), Buffer.alloc(5).fill(new Uint8Array([9, 8, 7]), 1).toString('hex'), Buffer.alloc(3).fill(false).toString('hex'), Buffer.alloc(3).fill(true).toString('hex'), Buffer.alloc(3, 1).fill(null).toString('hex'));
//// fill refuses
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(4);
print(e(() => b.fill('a', -1)), e(() => b.fill('a', 0, 5)), e(() => b.fill('zz', 'hex')), e(() => b.fill('a', 0, 2, 'nope')), e(() => b.fill(Buffer.alloc(0))), e(() => b.fill(1, -1)), e(() => b.fill(1, 0, 9)), e(() => b.fill(1, 'x')));
//// copy
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const a = Buffer.from('abcdef'), b = Buffer.alloc(6, '.');
print(a.copy(b, 1, 2, 4), b.toString(), a.copy(b), b.toString(), a.copy(b, 4), b.toString(), a.copy(b, 6), a.copy(b, 0, 5, 3), a.copy(new Uint8Array(2)));
a.copy(a, 2, 0, 4);
print(a.toString(), e(() => a.copy('x')), e(() => a.copy(b, -1)), e(() => a.copy(b, 0, -1)), e(() => a.copy(b, 0, 0, -1)), a.copy(b, '1', 1.9, 3).toString(), b.toString());
//// slice and subarray share memory
const a = Buffer.from('abcdef'), s = a.slice(1, 4), t = s.subarray(1);
t[0] = 0x58;
print(a.toString(), s.toString(), t.toString(), Buffer.isBuffer(s), Buffer.isBuffer(t), s.byteOffset - a.byteOffset, t.byteOffset - a.byteOffset, s.buffer === a.buffer);
//// bounds of slices
const a = Buffer.from('abcdef');
print([a.slice(), a.slice(-2), a.slice(2, -2), a.slice(4, 2), a.slice(9), a.slice(-9, 2), a.slice('1', '3'), a.slice(1.9), a.slice(NaN, 3), a.slice(undefined, 2), a.slice(null, 2)].map(String).join('|'));
//// slices of empty buffers
const z = Buffer.alloc(0);
print(z.slice(1, 2).length, z.subarray().length, Buffer.from('a').slice(1).length, Buffer.from('abc').slice(1, 1).toString('hex') === '');
//// toString with ranges
const a = Buffer.from('abcdef');
print([a.toString('utf8', 2), a.toString('utf8', 1, 3), a.toString('utf8', -1, 2), a.toString('utf8', 4, 99), a.toString('utf8', 3, 1), a.toString('utf8', 9), a.toString(undefined, 1), a.toString('utf8', '2', '4'), a.toString('utf8', NaN)].join('|'));
//// toString with unknown encodings
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const a = Buffer.from('ab');
print(e(() => a.toString('nope')), e(() => a.toString(5)), e(() => a.toString(null)), e(() => Buffer.alloc(0).toString('nope')), e(() => a.toString('UTF8')), String(a), a + '', `${a}`, a.toLocaleString('hex'));
//// toJSON
print(JSON.stringify(Buffer.from([1, 255])), JSON.stringify({ b: Buffer.alloc(0) }), Object.keys(Buffer.from('a').toJSON()).join());
//// write
const b = Buffer.alloc(6, '.');
print(b.write('ab'), b.toString(), b.write('xyz', 4), b.toString(), b.write('héé', 0, 4), b.toString('hex'), b.write('zz', 3, 'latin1'), b.toString('latin1'), b.write('616263', 1, 'hex'), b.toString('hex'), b.write('q', 'ucs2'), b.toString('hex'));
//// write keeps characters whole
const b = Buffer.alloc(4);
print(b.write('€€'), b.toString('hex'), b.fill(0).write('a\u{1f600}', 0, 4), b.toString('hex'), b.fill(0).write('abc', 0, 3, 'ucs2'), b.toString('hex'));
//// write refuses
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(4);
print(e(() => b.write(5)), e(() => b.write('a', 5)), e(() => b.write('a', -1)), e(() => b.write('a', 0, 5)), e(() => b.write('a', 0, 'nope')), e(() => b.write('a', 1.5)), e(() => b.write('abc', 2, 4)), e(() => b.write()));
//// indexOf numbers
const b = Buffer.from([1, 2, 3, 2, 255]);
print(b.indexOf(2), b.indexOf(2, 2), b.indexOf(9), b.indexOf(258), b.indexOf(-1), b.indexOf(2.9), b.indexOf(2, -2), b.indexOf(2, -9), b.indexOf(2, 9), b.lastIndexOf(2), b.lastIndexOf(2, 2), b.lastIndexOf(2, -3), b.lastIndexOf(1, -9), b.includes(3), b.includes(3, 3));
//// indexOf text
const b = Buffer.from('this is a buffer');
print(b.indexOf('is'), b.indexOf('is', 3), b.indexOf('buffer'), b.indexOf('nothing'), b.indexOf(''), b.indexOf('', 5), b.indexOf('', 99), b.indexOf('is', -20), b.indexOf('r', -1), b.includes('a b'), b.includes('this', 4), b.indexOf('is', undefined), b.indexOf('is', {}), b.indexOf('is', null));
//// lastIndexOf text
const b = Buffer.from('this buffer is a buffer');
print(b.lastIndexOf('this'), b.lastIndexOf('buffer'), b.lastIndexOf('buffer', 5), b.lastIndexOf('buffer', 4), b.lastIndexOf('yolo'), b.lastIndexOf('b', undefined), b.lastIndexOf('b', null), b.lastIndexOf('b', []), b.lastIndexOf('', 3), b.lastIndexOf(''), b.lastIndexOf('buffer', -10), b.lastIndexOf('this', -99));
//// indexOf buffers
const b = Buffer.from('this is a buffer');
print(b.indexOf(Buffer.from('a buffer')), b.indexOf(new Uint8Array([105, 115]), 3), b.indexOf(Buffer.from('a buffer example').slice(0, 8)), b.indexOf(Buffer.from('a buffer example')), b.indexOf(Buffer.alloc(0)), b.lastIndexOf(Buffer.from('is')), b.includes(Buffer.from('zz')));
//// indexOf with encodings
const b = Buffer.from('\u039a\u0391\u03a3\u03a3\u0395', 'ucs2');
print(b.indexOf('\u03a3', 0, 'ucs2'), b.indexOf('\u03a3', 5, 'ucs2'), b.lastIndexOf('\u03a3', 'ucs2'), b.indexOf('\u03a3', -2, 'ucs2'), b.indexOf('\u0395', 'utf16le'), Buffer.from('abcdef').indexOf('6364', 'hex'), Buffer.from('abcdef').indexOf('Y2Q=', 0, 'base64'), Buffer.from([0xe9]).indexOf('é', 'latin1'), b.includes('\u0391', 2, 'ucs2'));
//// indexOf in 16 bit units skips odd places
const b = Buffer.from([0, 0x61, 0, 0x61, 0x61, 0]);
print(b.indexOf('a', 'ucs2'), b.indexOf('a', 0, 'latin1'), b.lastIndexOf('a', 'ucs2'));
//// indexOf refuses
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.from('abc');
print(e(() => b.indexOf({})), e(() => b.indexOf()), e(() => b.indexOf('a', 0, 'nope')), e(() => b.indexOf(null)), e(() => b.includes([1])), e(() => b.lastIndexOf(true)));
//// swap
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.from('0102030405060708', 'hex');
print(b.swap16().toString('hex'), b.swap32().toString('hex'), b.swap64().toString('hex'), b.swap16() === b);
print(e(() => Buffer.alloc(3).swap16()), e(() => Buffer.alloc(6).swap32()), e(() => Buffer.alloc(4).swap64()), e(() => Buffer.alloc(0).swap64().length));
//// methods of typed arrays give buffers
const b = Buffer.from([3, 1, 2]);
print(Buffer.isBuffer(b.map(x => x * 2)), b.map(x => x * 2).toString('hex'), Buffer.isBuffer(b.filter(x => x > 1)), b.filter(x => x > 1).toString('hex'), b.reduce((x, y) => x + y), b.join('-'), b.some(x => x === 2), b.find(x => x < 3));
print(Buffer.isBuffer(b.sort()), b.toString('hex'), b.reverse().toString('hex'), b.every(x => x > 0), b.findIndex(x => x === 1));
//// iteration
const b = Buffer.from('abc');
print([...b].join(), [...b.keys()].join(), [...b.entries()].join(';'), [...b.values()].join());
let sum = 0;
for (const byte of b) sum += byte;
print(sum);
//// set and destructuring
const b = Buffer.alloc(5);
b.set([1, 2], 1); b.set(Buffer.from([9]), 4);
const [first, ...rest] = b;
print(b.toString('hex'), first, rest.join());
//// the deprecated constructor
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
print(Buffer(3).toString('hex'), new Buffer(2).length, new Buffer('abc').toString(), Buffer('6162', 'hex').toString(), Buffer([1, 2]).toString('hex'), new Buffer(new ArrayBuffer(8), 2, 3).length, e(() => new Buffer(3, 'utf8')), e(() => new Buffer(null)));
//// methods work on any Uint8Array
const u = new Uint8Array([104, 105, 0, 0]);
print(Buffer.prototype.readUInt16BE.call(u, 0), Buffer.prototype.subarray.call(u, 1, 2) instanceof Buffer, Buffer.prototype.equals.call(u, Buffer.from('hi\0\0')));
//// properties of the prototype are enumerable
print(Object.keys(Buffer).includes('from'), Object.keys(Buffer.prototype).includes('toString'), Object.keys(Buffer.from('ab')).join(), Buffer.from.name, Buffer.concat.length, Buffer.prototype.readUInt8 === Buffer.prototype.readUint8, Buffer.prototype.toString === Buffer.prototype.toLocaleString);
//// own properties of a buffer
const b = Buffer.from('ab');
b.note = 'kept';
print(b.note, Object.keys(b).join(), b.slice(0).note);
//// species
print(typeof Buffer[Symbol.species], new Buffer[Symbol.species](2) instanceof Buffer, new Buffer[Symbol.species](2).length);
//// buffers in maps and promises
const m = new Map([[Buffer.from('k').toString(), Buffer.from('v')]]);
Promise.resolve(Buffer.from('later')).then(b => print(b.toString(), m.get('k').toString()));
//// a hash in plain script
function fnv(bytes) { let h = 0x811c9dc5; for (const b of bytes) h = Math.imul(h ^ b, 0x01000193) >>> 0; return h; }
const out = Buffer.alloc(4); out.writeUInt32BE(fnv(Buffer.from('hello')));
print(out.toString('hex'));
//// replacing the global
const Mine = Buffer;
print(Mine.from('a').toString('hex'));
{ const Buffer = 5; print(Buffer); }
//// a header of lengths and texts
function pack(texts) { return Buffer.concat(texts.map(t => { const b = Buffer.from(t), h = Buffer.alloc(2); h.writeUInt16BE(b.length); return Buffer.concat([h, b]); })); }
function unpack(b) { const texts = []; for (let i = 0; i < b.length;) { const n = b.readUInt16BE(i); texts.push(b.toString('utf8', i + 2, i + 2 + n)); i += 2 + n; } return texts; }
const packed = pack(['one', 'zwei', 'trois €']);
print(packed.toString('hex'), unpack(packed).join('|'));
//// btoa and atob
print(btoa('hello'), atob('aGVsbG8='), btoa(''), atob(''), btoa('\xff\0'), atob(' aG Vs\nbG8 '), atob('aGVsbG8'), btoa(5), atob('/+8=').charCodeAt(0));
for (const f of [() => btoa('€'), () => atob('a'), () => atob('a===='), () => atob('a-_a'), () => atob('ab=c'), () => atob(), () => btoa()]) try { f(); print('no'); } catch (x) { print(x.name); }
//// fill takes the encoding from where the offset would be
const b = Buffer.alloc(4);
print(b.fill('\u0141', undefined, 'ascii').toString('hex'), b.fill('ab', undefined, 1, 'ucs2').toString('hex'), b.fill('6162', 'hex', 1).toString('hex'), b.fill('6162', 2, 'hex', 5).toString('hex'));
try { b.fill('a', 1.5); } catch (x) { print(x.name, x.code); }
//// copy reads numbers in its own way
const a = Buffer.from('abcdef'), b = Buffer.alloc(6, '.');
print(a.copy(b, Infinity, 4), b.toString(), a.copy(b, 1.5, 2, 3), b.toString(), a.copy(b, 0, 0, Infinity), a.copy(b, NaN, '1', '2'), b.toString());
//// the length of concat is looked at first
for (const f of [() => Buffer.concat(['x'], -1), () => Buffer.concat([Buffer.alloc(1), 5], 1.5), () => Buffer.concat([Buffer.alloc(1), 5], 9)]) try { f(); } catch (x) { print(x.name, x.code); }
//// null names no encoding where one is looked for
const b = Buffer.from('abc');
for (const f of [() => b.indexOf('a', 0, null), () => b.includes('a', 0, null), () => b.toString(null), () => b.fill('a', 0, 1, null).toString(), () => b.write('z', 0, 1, null), () => Buffer.from('a', null).length]) try { print(f()); } catch (x) { print(x.name, x.code); }
//// starts far beyond the end
const a = Buffer.from('abc');
print(a.compare(a, 4294967296), a.compare(a, 0, 3, 4294967296), a.fill('z', 4294967296).toString());

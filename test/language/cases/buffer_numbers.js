//// unsigned integers both ways
const b = Buffer.from([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]);
print(b.readUInt8(0), b.readUInt8(5), b.readUInt16LE(0), b.readUInt16BE(0), b.readUInt16LE(4), b.readUInt32LE(0), b.readUInt32BE(0), b.readUInt32BE(2));
//// signed integers both ways
const b = Buffer.from([0xff, 0xfe, 0x80, 0, 0, 0x80]);
print(b.readInt8(0), b.readInt8(2), b.readInt16LE(0), b.readInt16BE(0), b.readInt16BE(2), b.readInt32LE(2), b.readInt32BE(2), b.readInt32LE(0), b.readInt32BE(0));
//// integers of any size
const b = Buffer.from([0x12, 0x34, 0x56, 0x78, 0x90, 0xab]);
for (let n = 1; n <= 6; n++) print(n, b.readUIntBE(0, n), b.readUIntLE(0, n), b.readIntBE(0, n), b.readIntLE(0, n));
//// negative integers of any size
const b = Buffer.from([0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa]);
for (let n = 1; n <= 6; n++) print(n, b.readIntBE(0, n), b.readIntLE(0, n), b.readUIntBE(0, n), b.readUIntLE(0, n));
//// the default offset is 0
const b = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
print(b.readUInt8(), b.readInt16LE(), b.readUInt32BE(), b.readDoubleLE() > 0, b.writeUInt8(9), b.writeInt16BE(-2), b.toString('hex'));
//// floats
const b = Buffer.alloc(8);
print(b.writeFloatLE(0.5, 0), b.toString('hex'), b.readFloatLE(0), b.writeFloatBE(-1.1, 4), b.toString('hex'), b.readFloatBE(4), b.writeFloatBE(1e40), b.readFloatBE(), b.writeFloatBE(1e-50), b.readFloatBE());
//// doubles
const b = Buffer.alloc(8);
for (const x of [0, -0, 1, -1.5, Math.PI, 5e-324, 1.7976931348623157e308, Infinity, -Infinity]) { b.writeDoubleBE(x); print(b.toString('hex'), Object.is(b.readDoubleBE(), x)); b.writeDoubleLE(x); print(b.toString('hex'), Object.is(b.readDoubleLE(), x)); }
//// not a number has one form
const b = Buffer.alloc(8);
b.writeDoubleBE(NaN); print(b.toString('hex'), b.readDoubleBE());
b.writeFloatBE(NaN); print(b.toString('hex', 0, 4), b.readFloatBE());
print(Buffer.from('7ff8000000000123', 'hex').readDoubleBE(), Buffer.from('7f800001', 'hex').readFloatBE());
//// write and read UInt8
const b = Buffer.alloc(6);
for (const x of [0, 255]) print(b.writeUInt8(x, 1), b.toString('hex'), b.readUInt8(1));
//// limits of UInt8
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [0, 255];
print(e(() => b.writeUInt8(high + 1, 0)), e(() => b.writeUInt8(-high - 2, 0)), e(() => b.writeUInt8(1, 6)), e(() => b.writeUInt8(1, -1)), e(() => b.writeUInt8(1, 0.5)), e(() => b.writeUInt8(1, '0')), e(() => b.writeUInt8(1, null)), e(() => b.writeUInt8(1, NaN)), e(() => b.writeUInt8(1, Infinity)));
print(e(() => b.readUInt8(6)), e(() => b.readUInt8(-1)), e(() => b.readUInt8(0.5)), e(() => b.readUInt8('0')), e(() => b.readUInt8(null)), e(() => b.readUInt8(NaN)), e(() => Buffer.alloc(0).readUInt8(0)));
//// write and read Int8
const b = Buffer.alloc(6);
for (const x of [-128, 127]) print(b.writeInt8(x, 1), b.toString('hex'), b.readInt8(1));
//// limits of Int8
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [-128, 127];
print(e(() => b.writeInt8(high + 1, 0)), e(() => b.writeInt8(-high - 2, 0)), e(() => b.writeInt8(1, 6)), e(() => b.writeInt8(1, -1)), e(() => b.writeInt8(1, 0.5)), e(() => b.writeInt8(1, '0')), e(() => b.writeInt8(1, null)), e(() => b.writeInt8(1, NaN)), e(() => b.writeInt8(1, Infinity)));
print(e(() => b.readInt8(6)), e(() => b.readInt8(-1)), e(() => b.readInt8(0.5)), e(() => b.readInt8('0')), e(() => b.readInt8(null)), e(() => b.readInt8(NaN)), e(() => Buffer.alloc(0).readInt8(0)));
//// write and read UInt16LE
const b = Buffer.alloc(6);
for (const x of [0, 65535]) print(b.writeUInt16LE(x, 1), b.toString('hex'), b.readUInt16LE(1));
//// limits of UInt16LE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [0, 65535];
print(e(() => b.writeUInt16LE(high + 1, 0)), e(() => b.writeUInt16LE(-high - 2, 0)), e(() => b.writeUInt16LE(1, 6)), e(() => b.writeUInt16LE(1, -1)), e(() => b.writeUInt16LE(1, 0.5)), e(() => b.writeUInt16LE(1, '0')), e(() => b.writeUInt16LE(1, null)), e(() => b.writeUInt16LE(1, NaN)), e(() => b.writeUInt16LE(1, Infinity)));
print(e(() => b.readUInt16LE(6)), e(() => b.readUInt16LE(-1)), e(() => b.readUInt16LE(0.5)), e(() => b.readUInt16LE('0')), e(() => b.readUInt16LE(null)), e(() => b.readUInt16LE(NaN)), e(() => Buffer.alloc(0).readUInt16LE(0)));
//// write and read UInt16BE
const b = Buffer.alloc(6);
for (const x of [258, 65535]) print(b.writeUInt16BE(x, 1), b.toString('hex'), b.readUInt16BE(1));
//// limits of UInt16BE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [258, 65535];
print(e(() => b.writeUInt16BE(high + 1, 0)), e(() => b.writeUInt16BE(-high - 2, 0)), e(() => b.writeUInt16BE(1, 6)), e(() => b.writeUInt16BE(1, -1)), e(() => b.writeUInt16BE(1, 0.5)), e(() => b.writeUInt16BE(1, '0')), e(() => b.writeUInt16BE(1, null)), e(() => b.writeUInt16BE(1, NaN)), e(() => b.writeUInt16BE(1, Infinity)));
print(e(() => b.readUInt16BE(6)), e(() => b.readUInt16BE(-1)), e(() => b.readUInt16BE(0.5)), e(() => b.readUInt16BE('0')), e(() => b.readUInt16BE(null)), e(() => b.readUInt16BE(NaN)), e(() => Buffer.alloc(0).readUInt16BE(0)));
//// write and read Int16LE
const b = Buffer.alloc(6);
for (const x of [-32768, 32767]) print(b.writeInt16LE(x, 1), b.toString('hex'), b.readInt16LE(1));
//// limits of Int16LE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [-32768, 32767];
print(e(() => b.writeInt16LE(high + 1, 0)), e(() => b.writeInt16LE(-high - 2, 0)), e(() => b.writeInt16LE(1, 6)), e(() => b.writeInt16LE(1, -1)), e(() => b.writeInt16LE(1, 0.5)), e(() => b.writeInt16LE(1, '0')), e(() => b.writeInt16LE(1, null)), e(() => b.writeInt16LE(1, NaN)), e(() => b.writeInt16LE(1, Infinity)));
print(e(() => b.readInt16LE(6)), e(() => b.readInt16LE(-1)), e(() => b.readInt16LE(0.5)), e(() => b.readInt16LE('0')), e(() => b.readInt16LE(null)), e(() => b.readInt16LE(NaN)), e(() => Buffer.alloc(0).readInt16LE(0)));
//// write and read Int16BE
const b = Buffer.alloc(6);
for (const x of [-2, 32767]) print(b.writeInt16BE(x, 1), b.toString('hex'), b.readInt16BE(1));
//// limits of Int16BE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [-2, 32767];
print(e(() => b.writeInt16BE(high + 1, 0)), e(() => b.writeInt16BE(-high - 2, 0)), e(() => b.writeInt16BE(1, 6)), e(() => b.writeInt16BE(1, -1)), e(() => b.writeInt16BE(1, 0.5)), e(() => b.writeInt16BE(1, '0')), e(() => b.writeInt16BE(1, null)), e(() => b.writeInt16BE(1, NaN)), e(() => b.writeInt16BE(1, Infinity)));
print(e(() => b.readInt16BE(6)), e(() => b.readInt16BE(-1)), e(() => b.readInt16BE(0.5)), e(() => b.readInt16BE('0')), e(() => b.readInt16BE(null)), e(() => b.readInt16BE(NaN)), e(() => Buffer.alloc(0).readInt16BE(0)));
//// write and read UInt32LE
const b = Buffer.alloc(6);
for (const x of [0, 4294967295]) print(b.writeUInt32LE(x, 1), b.toString('hex'), b.readUInt32LE(1));
//// limits of UInt32LE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [0, 4294967295];
print(e(() => b.writeUInt32LE(high + 1, 0)), e(() => b.writeUInt32LE(-high - 2, 0)), e(() => b.writeUInt32LE(1, 6)), e(() => b.writeUInt32LE(1, -1)), e(() => b.writeUInt32LE(1, 0.5)), e(() => b.writeUInt32LE(1, '0')), e(() => b.writeUInt32LE(1, null)), e(() => b.writeUInt32LE(1, NaN)), e(() => b.writeUInt32LE(1, Infinity)));
print(e(() => b.readUInt32LE(6)), e(() => b.readUInt32LE(-1)), e(() => b.readUInt32LE(0.5)), e(() => b.readUInt32LE('0')), e(() => b.readUInt32LE(null)), e(() => b.readUInt32LE(NaN)), e(() => Buffer.alloc(0).readUInt32LE(0)));
//// write and read UInt32BE
const b = Buffer.alloc(6);
for (const x of [16909060, 4294967295]) print(b.writeUInt32BE(x, 1), b.toString('hex'), b.readUInt32BE(1));
//// limits of UInt32BE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [16909060, 4294967295];
print(e(() => b.writeUInt32BE(high + 1, 0)), e(() => b.writeUInt32BE(-high - 2, 0)), e(() => b.writeUInt32BE(1, 6)), e(() => b.writeUInt32BE(1, -1)), e(() => b.writeUInt32BE(1, 0.5)), e(() => b.writeUInt32BE(1, '0')), e(() => b.writeUInt32BE(1, null)), e(() => b.writeUInt32BE(1, NaN)), e(() => b.writeUInt32BE(1, Infinity)));
print(e(() => b.readUInt32BE(6)), e(() => b.readUInt32BE(-1)), e(() => b.readUInt32BE(0.5)), e(() => b.readUInt32BE('0')), e(() => b.readUInt32BE(null)), e(() => b.readUInt32BE(NaN)), e(() => Buffer.alloc(0).readUInt32BE(0)));
//// write and read Int32LE
const b = Buffer.alloc(6);
for (const x of [-2147483648, 2147483647]) print(b.writeInt32LE(x, 1), b.toString('hex'), b.readInt32LE(1));
//// limits of Int32LE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [-2147483648, 2147483647];
print(e(() => b.writeInt32LE(high + 1, 0)), e(() => b.writeInt32LE(-high - 2, 0)), e(() => b.writeInt32LE(1, 6)), e(() => b.writeInt32LE(1, -1)), e(() => b.writeInt32LE(1, 0.5)), e(() => b.writeInt32LE(1, '0')), e(() => b.writeInt32LE(1, null)), e(() => b.writeInt32LE(1, NaN)), e(() => b.writeInt32LE(1, Infinity)));
print(e(() => b.readInt32LE(6)), e(() => b.readInt32LE(-1)), e(() => b.readInt32LE(0.5)), e(() => b.readInt32LE('0')), e(() => b.readInt32LE(null)), e(() => b.readInt32LE(NaN)), e(() => Buffer.alloc(0).readInt32LE(0)));
//// write and read Int32BE
const b = Buffer.alloc(6);
for (const x of [-2, 2147483647]) print(b.writeInt32BE(x, 1), b.toString('hex'), b.readInt32BE(1));
//// limits of Int32BE
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(6), [low, high] = [-2, 2147483647];
print(e(() => b.writeInt32BE(high + 1, 0)), e(() => b.writeInt32BE(-high - 2, 0)), e(() => b.writeInt32BE(1, 6)), e(() => b.writeInt32BE(1, -1)), e(() => b.writeInt32BE(1, 0.5)), e(() => b.writeInt32BE(1, '0')), e(() => b.writeInt32BE(1, null)), e(() => b.writeInt32BE(1, NaN)), e(() => b.writeInt32BE(1, Infinity)));
print(e(() => b.readInt32BE(6)), e(() => b.readInt32BE(-1)), e(() => b.readInt32BE(0.5)), e(() => b.readInt32BE('0')), e(() => b.readInt32BE(null)), e(() => b.readInt32BE(NaN)), e(() => Buffer.alloc(0).readInt32BE(0)));
//// values are converted
const b = Buffer.alloc(4);
b.writeUInt8('7'); print(b[0]); b.writeUInt8(3.9); print(b[0]); b.writeInt8(-3.9); print(b[0]); b.writeUInt16BE(undefined); print(b.toString('hex')); b.writeUInt16BE({ valueOf() { return 513; } }); print(b.toString('hex')); b.writeInt32LE(true); print(b.toString('hex')); b.writeUInt32BE(NaN); print(b.toString('hex')); b.writeUInt32BE(4294967294.5); print(b.toString('hex'));
//// write integers of any size
for (let n = 1; n <= 6; n++) { const b = Buffer.alloc(6), most = 2 ** (8 * n) - 1; print(n, b.writeUIntBE(most - 1, 0, n), b.toString('hex'), b.readUIntBE(0, n) === most - 1, b.fill(0).writeUIntLE(most - 1, 0, n), b.toString('hex'), b.readUIntLE(0, n) === most - 1); }
//// write signed integers of any size
for (let n = 1; n <= 6; n++) { const b = Buffer.alloc(6), least = -(2 ** (8 * n - 1)); print(n, b.writeIntBE(least + 1, 0, n), b.toString('hex'), b.readIntBE(0, n) === least + 1, b.fill(0).writeIntLE(least + 1, 0, n), b.toString('hex'), b.readIntLE(0, n) === least + 1); }
//// limits of sizes
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(8);
for (let n = 1; n <= 6; n++) print(n, e(() => b.writeUIntBE(2 ** (8 * n), 0, n)), e(() => b.writeUIntLE(-1, 0, n)), e(() => b.writeIntBE(2 ** (8 * n - 1), 0, n)), e(() => b.writeIntLE(-(2 ** (8 * n - 1)) - 1, 0, n)), e(() => b.readUIntBE(9 - n, n)), e(() => b.writeUIntBE(0, 9 - n, n)));
//// sizes that are none
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(8);
for (const n of [0, 7, -1, 1.5, '2', null, undefined, NaN, Infinity]) print(String(n), e(() => b.readUIntBE(0, n)), e(() => b.readIntLE(0, n)), e(() => b.writeUIntBE(1, 0, n)), e(() => b.writeIntLE(1, 0, n)));
//// offsets that are none for any size
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(8);
for (const o of [undefined, null, '0', 1.5, -1, 6, NaN]) print(String(o), e(() => b.readUIntLE(o, 3)), e(() => b.readIntBE(o, 3)), e(() => b.writeUIntBE(1, o, 3)), e(() => b.writeIntLE(1, o, 3)));
//// limits of floats
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const b = Buffer.alloc(9);
for (const k of ['FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE']) print(k, e(() => b['read' + k](6)), e(() => b['read' + k](-1)), e(() => b['read' + k](0.5)), e(() => b['read' + k]('1')), e(() => b['write' + k](1, 6)), e(() => b['write' + k](1, '1')), e(() => b['write' + k]('x', 0)), e(() => Buffer.alloc(2)['read' + k](0)));
//// aliases
const b = Buffer.from([1, 2, 3, 4, 5, 6]);
print(b.readUint8(1), b.readUint16LE(1), b.readUint16BE(1), b.readUint32LE(1), b.readUint32BE(1), b.readUintLE(0, 5), b.readUintBE(0, 5), b.writeUint8(9), b.writeUint16BE(1, 2), b.writeUint32LE(7, 2), b.writeUintBE(1, 0, 2), b.writeUintLE(1, 0, 2), b.toString('hex'));
//// lengths of functions
const P = Buffer.prototype;
print(P.readUInt8.length, P.readUIntLE.length, P.writeUInt8.length, P.writeUIntLE.length, P.readDoubleBE.length, P.writeDoubleBE.length, P.readInt16LE.name, P.writeIntBE.name);
//// reading what a view wrote
const ab = new ArrayBuffer(8), v = new DataView(ab), b = Buffer.from(ab);
v.setInt16(0, -300); v.setFloat32(4, 2.5, true);
print(b.readInt16BE(0), b.readFloatLE(4), v.getUint16(0), b.toString('hex'));
b.writeUInt32BE(0xdeadbeef, 0);
print(v.getUint32(0).toString(16));
//// no result outside of the buffer
function e(f) { try { const r = f(); return Buffer.isBuffer(r) ? r.toString('hex') : r; } catch (x) { return x.name + ' ' + x.code + ' ' + (x instanceof Error); } }
const big = Buffer.alloc(8, 0xff), part = big.slice(2, 4);
print(e(() => part.readUInt32LE(0)), part.readUInt16LE(0), e(() => part.writeUInt8(1, 2)), big.toString('hex'));

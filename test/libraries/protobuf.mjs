// SPDX-License-Identifier: MIT
import protobuf from 'protobufjs/minimal';

const { Reader, Writer, BufferWriter, util } = protobuf;

// What pbjs --target static makes of message Guest { string name = 1; uint32 plus = 2; repeated string tags = 3; Guest partner = 4; sint64 points = 5; }
class Guest {
  constructor(values) { this.tags = []; Object.assign(this, values); }
  static encode(guest, writer = Writer.create()) {
    if (guest.name != null) writer.uint32(10).string(guest.name);
    if (guest.plus != null) writer.uint32(16).uint32(guest.plus);
    for (const tag of guest.tags) writer.uint32(26).string(tag);
    if (guest.partner != null) Guest.encode(guest.partner, writer.uint32(34).fork()).ldelim();
    if (guest.points != null) writer.uint32(40).sint64(guest.points);
    return writer;
  }
  static decode(bytes, length) {
    const reader = bytes instanceof Reader ? bytes : Reader.create(bytes), end = length === undefined ? reader.len : reader.pos + length, guest = new Guest();
    while (reader.pos < end) {
      const tag = reader.uint32();
      switch (tag >>> 3) {
        case 1: guest.name = reader.string(); break;
        case 2: guest.plus = reader.uint32(); break;
        case 3: guest.tags.push(reader.string()); break;
        case 4: guest.partner = Guest.decode(reader, reader.uint32()); break;
        case 5: guest.points = reader.sint64(); break;
        default: reader.skipType(tag & 7);
      }
    }
    return guest;
  }
}

export default async check => {
  const ada = new Guest({ name: 'Ada', plus: 300, tags: ['family', 'é€😀'], partner: new Guest({ name: 'William' }), points: -5 });
  const bytes = Guest.encode(ada).finish();
  check('encoded', bytes);
  const back = Guest.decode(bytes);
  check('decoded', [back.name, back.plus, back.tags, back.partner.name, Number(back.points)]);
  check('unknown fields', Guest.decode(Writer.create().uint32(10).string('x').uint32(8 * 9 + 1).double(1.5).uint32(8 * 10 + 2).bytes(new Uint8Array(3)).uint32(8 * 11 + 5).fixed32(7).uint32(16).uint32(3).finish()));
  const round = (name, values) => check(name, values.map(value => { const written = Writer.create()[name](value).finish(); const read = Reader.create(written)[name](); return [written, typeof read === 'object' && 'low' in read ? read.toString() : read]; }));
  round('uint32', [0, 127, 128, 16383, 16384, 4294967295]);
  round('int32', [0, 1, -1, 2147483647, -2147483648]);
  round('sint32', [0, -1, 1, -2147483648]);
  round('fixed32', [1, 4294967295]);
  round('sfixed32', [-1, 2147483647]);
  round('bool', [true, false]);
  round('float', [0.5, -1.1, Infinity, NaN, -0, 1e-40]);
  round('double', [0.1, -1e300, NaN, -0, 5e-324]);
  round('string', ['', 'é', '😀'.repeat(30)]);
  round('bytes', [new Uint8Array([1, 2]), new Uint8Array(0)]);
  const number = (name, values) => check(name, values.map(value => { const written = Writer.create()[name](value).finish(); return [written, Number(Reader.create(written)[name]())]; }));
  number('uint64', [0, 2 ** 40, 2 ** 53]);
  number('int64', [-1, 2 ** 40]);
  number('sint64', [-1, 1, -(2 ** 50)]);
  number('fixed64', [1, 2 ** 45]);
  number('sfixed64', [-2, 2 ** 45]);
  check('long bits', [util.LongBits.from(-5), util.LongBits.from(2 ** 40).zzEncode(), util.LongBits.fromNumber(-1).length(), util.LongBits.from(-7).toNumber()].map(bits => (typeof bits === 'number' ? bits : [bits.lo, bits.hi])));
  check('base 64', [util.base64.encode(new Uint8Array([1, 2, 3, 255]), 0, 4), util.base64.test('AQID/w=='), util.base64.length('AQID/w==')]);
  check('utf8', [util.utf8.length('é€😀'), util.utf8.read(new Uint8Array([0xe2, 0x82, 0xac]), 0, 3)]);
  check('pool and merge', [util.newBuffer(3).length, util.merge({ a: 1 }, { a: 2, b: 3 }), util.lcFirst?.('ABC') ?? 'aBC', util.toJSONOptions.longs === String]);
  check('length delimited', Guest.encode(new Guest({ name: 'B' })).ldelim().finish());
  check('reset', Writer.create().uint32(1).fork().uint32(2).reset().uint32(3).ldelim().finish());
  const Failure = util.newError('Failure');
  check('own error', [new Failure('x', { a: 1 }) instanceof Error, new Failure('x').name, String(new Failure('why')), new Failure('x', { a: 1 }).a]);
  check.throws('bytes missing', () => Guest.decode(bytes.subarray(0, bytes.length - 3)));
  check.throws('endless number', () => Reader.create(new Uint8Array(12).fill(255)).uint64());
  check.throws('bad wire type', () => Reader.create(new Uint8Array([1])).skipType(7));
  check.throws('not bytes', () => Reader.create('text'));
  const service = new protobuf.rpc.Service((method, request, done) => { setTimeout(() => done(null, Guest.encode(new Guest({ name: `re: ${Guest.decode(request).name}` })).finish()), 1); }, false, false);
  await check.later('remote call', new Promise((done, fail) => service.rpcCall(function greet() {}, Guest, Guest, new Guest({ name: 'Ada' }), (error, value) => (error ? fail(error) : done(value)))));
  await check.later('remote call as promise', service.rpcCall(function greet() {}, Guest, Guest, new Guest({ name: 'Eve' })).then(guest => guest.name));
};

// SPDX-License-Identifier: MIT
import { encode, decode, decodeMulti, decodeAsync, decodeArrayStream, decodeMultiStream, Encoder, Decoder, ExtensionCodec, ExtData, encodeDateToTimeSpec, decodeTimestampToTimeSpec } from '@msgpack/msgpack';

async function* pieces(bytes, size) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.slice(i, i + size);
}

export default async check => {
  const values = { nil: null, integer: 1, float: Math.PI, string: 'Hello, world!', binary: Uint8Array.from([1, 2, 3]), array: [10, 20, 30], map: { foo: 'bar' }, bool: [true, false] };
  check('object', encode(values));
  check('and back', decode(encode(values)));
  for (const number of [0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, 9007199254740991, -9007199254740991, 0.5, NaN, Infinity, -0])
    check(`number ${Object.is(number, -0) ? '-0' : number}`, [encode(number), decode(encode(number))]);
  check('lengths of texts', [0, 31, 32, 255, 256, 70000].map(length => [length, encode('a'.repeat(length)).length, decode(encode('a'.repeat(length))).length]));
  check('unicode', [encode('é€😀'), decode(encode('é€😀'.repeat(30))) === 'é€😀'.repeat(30)]);
  check('long array', decode(encode(Array.from({ length: 70000 }, (_, i) => i & 7))).length);
  check('many keys', Object.keys(decode(encode(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i}`, i]))))).length);
  check('date', [encode(new Date(1577836800123)), decode(encode(new Date(1577836800123)))]);
  check('timestamp', [encodeDateToTimeSpec(new Date(-1)), decodeTimestampToTimeSpec(new Uint8Array([0x5e, 0x0b, 0xe1, 0]))]);
  check('float32', encode(0.5, { forceFloat32: true }));
  check('sorted', encode({ b: 1, a: { d: 1, c: 2 } }, { sortKeys: true }));
  check('undefined', [encode({ a: undefined, b: 1 }, { ignoreUndefined: true }), encode(undefined)]);
  const codec = new ExtensionCodec();
  codec.register({ type: 0, encode: value => (value instanceof Set ? encode([...value], { extensionCodec: codec }) : null), decode: data => new Set(decode(data, { extensionCodec: codec })) });
  codec.register({ type: 1, encode: value => (value instanceof Map ? encode([...value], { extensionCodec: codec }) : null), decode: data => new Map(decode(data, { extensionCodec: codec })) });
  const set = [new Set([1, 'two', new Set()]), new Map([['k', new Set([3])]])];
  check('extension', encode(set, { extensionCodec: codec }));
  check('extension back', decode(encode(set, { extensionCodec: codec }), { extensionCodec: codec }));
  check('unknown extension', decode(encode(new ExtData(7, new Uint8Array([1, 2])))));
  check('several', [...decodeMulti(new Uint8Array([...encode(1), ...encode('two'), ...encode([3])]))]);
  check('shared buffer', [1, 2].map(n => new Encoder().encode({ n })));
  check('reused decoder', [1, 2].map(n => new Decoder().decode(encode({ n }))));
  check.throws('too deep', () => encode(Array.from({ length: 200 }).reduce(inner => [inner], 1)));
  check.throws('a function', () => encode({ f() {} }));
  check.throwsName('bytes missing', () => decode(new Uint8Array([0x92, 1])));
  check.throws('bytes too many', () => decode(new Uint8Array([1, 2])));
  check.throws('unused byte', () => decode(new Uint8Array([0xc1])));
  check.throws('too long', () => decode(encode('a'.repeat(50)), { maxStrLength: 40 }));
  check.throws('the name __proto__', () => decode(encode(JSON.parse('{"__proto__":1}'))));
  await check.later('stream', decodeAsync(pieces(encode(values), 5)));
  await check.later('stream of an array', async () => {
    const items = [];
    for await (const item of decodeArrayStream(pieces(encode([1, { a: 2 }, 'three']), 1))) items.push(item);
    return items;
  });
  await check.later('stream of several', async () => {
    const items = [];
    for await (const item of decodeMultiStream(pieces(new Uint8Array([...encode('x'.repeat(40)), ...encode(2)]), 3))) items.push(item);
    return items;
  });
  await check.later('stream cut', decodeAsync(pieces(encode(values).slice(0, 30), 7)));
};

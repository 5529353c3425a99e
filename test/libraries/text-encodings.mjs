// SPDX-License-Identifier: MIT
import basex from 'base-x';
import bs58 from 'bs58';
import { v5 as uuid5, v3 as uuid3, v4 as uuid4, v7 as uuid7, parse, stringify, validate, version, NIL, MAX, v1ToV6 } from 'uuid';
import { customAlphabet, customRandom, urlAlphabet } from 'nanoid';
import stableStringify from 'fast-json-stable-stringify';
import equal from 'fast-deep-equal';

const bytes = text => new TextEncoder().encode(text);

export default async check => {
  for (const [name, alphabet] of [['2', '01'], ['16', '0123456789abcdef'], ['36', '0123456789abcdefghijklmnopqrstuvwxyz'], ['58', '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'], ['67', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~']]) {
    const codec = basex(alphabet), text = codec.encode(bytes('\0\0auditable'));
    check(`base ${name}`, [text, codec.decode(text)]);
  }
  check('bitcoin', [bs58.encode(bytes('Hello World!')), bs58.decode('2NEpo7TZRRrLZSi2U')]);
  check('not base 58', bs58.decodeUnsafe('0OIl'));
  check.throws('bad letter', () => bs58.decode('I'));
  check.throws('ambiguous alphabet', () => basex('011'));
  check('uuid v5', [uuid5('hello.example.com', uuid5.DNS), uuid5('http://example.com/hello', uuid5.URL), uuid5('é', NIL)]);
  check('uuid v3', uuid3('hello.example.com', uuid3.DNS));
  check('uuid v4', uuid4({ random: Uint8Array.from({ length: 16 }, (_, i) => i * 16) }));
  check('uuid v7', uuid7({ random: Uint8Array.from({ length: 16 }, (_, i) => i), msecs: 1577836800000, seq: 0x6fe1e70 }));
  check('uuid parsed', [parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'), stringify(parse('6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'))]);
  check('uuid valid', [validate(NIL), validate(MAX), validate('not'), version('45637ec4-c85f-11ea-87d0-0242ac130003')]);
  check('uuid v6', v1ToV6('92f62d9e-22c4-11ef-97e9-325096b39f47'));
  check.throwsName('bad uuid', () => parse('x'));
  check.throwsName('bad namespace', () => uuid5('a', 'b'));
  check.throwsName('no random numbers in a contract', () => uuid4());
  let state = 1;
  const random = size => Uint8Array.from({ length: size }, () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state >>> 24; });
  check('nanoid', [customRandom('abcdef', 10, random)(), customRandom(urlAlphabet, 21, random)()]);
  check.throwsName('nanoid needs random numbers too', () => customAlphabet('abc', 5)());
  const value = { c: 8, b: [{ z: 6, y: 5, x: 4 }, 7], a: 3, d: undefined, e: null, f: new Date(0), g: NaN };
  check('stable', stableStringify(value));
  check('stable, own order', stableStringify(value, (a, b) => (a.key < b.key ? 1 : -1)));
  const circle = { a: 1 };
  circle.self = circle;
  check('stable circle', stableStringify(circle, { cycles: true }));
  check.throws('a circle', () => stableStringify(circle));
  check('equal', [equal(value, { ...value }), equal({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }), equal(NaN, NaN), equal(/a/g, /a/g), equal(/a/, /a/i), equal(new Date(5), new Date(5)), equal([], {}), equal({ a: undefined }, { b: undefined })]);
  await check.later('later', async () => bs58.encode(bytes(await Promise.resolve('later'))));
};

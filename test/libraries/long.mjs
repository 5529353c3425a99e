// SPDX-License-Identifier: MIT
import Long from 'long';

export default async check => {
  const big = new Long(0xFFFFFFFF, 0x7FFFFFFF);
  check('largest', [big.toString(), big.equals(Long.MAX_VALUE), Long.MIN_VALUE.toString(), Long.MAX_UNSIGNED_VALUE.toString()]);
  check('round', big.add(1).toString());
  check('from text', [Long.fromString('9223372036854775807').low, Long.fromString('-7fffffff', 16).toString(), Long.fromString('ffffffffffffffff', true, 16).toString()]);
  check('from number', [Long.fromNumber(2 ** 53), Long.fromNumber(-1.9), Long.fromNumber(1e30), Long.fromNumber(NaN), Long.fromNumber(-1, true)].map(String));
  check('from value', [Long.fromValue(5), Long.fromValue('77'), Long.fromValue({ low: 1, high: 1, unsigned: false })].map(String));
  const a = Long.fromString('1234567890123456789'), b = Long.fromString('-987654321');
  check('sum', [a.add(b), a.sub(b), a.mul(b), a.div(b), a.mod(b)].map(String));
  check('unsigned', [a.toUnsigned().mul(17), b.toUnsigned(), b.toUnsigned().div(3), b.toUnsigned().mod(1000)].map(String));
  check('bits', [a.and(b), a.or(b), a.xor(b), a.not()].map(value => value.toString(16)));
  check('shifts', [a.shiftLeft(13), a.shiftRight(13), b.shiftRight(5), b.shiftRightUnsigned(5), a.shl(64), a.rotl(20), a.rotr(40)].map(String));
  check('compare', [a.compare(b), a.gt(b), b.isNegative(), a.isOdd(), Long.ZERO.isZero(), b.toUnsigned().gt(a.toUnsigned())]);
  check('bits needed', [a.getNumBitsAbs(), b.getNumBitsAbs(), Long.MIN_VALUE.getNumBitsAbs()]);
  check('zeros', [a.countLeadingZeros(), a.shl(7).countTrailingZeros(), Long.ONE.clz()]);
  check('bytes', [a.toBytesLE(), a.toBytesBE(), Long.fromBytes([1, 2, 3, 4, 5, 6, 7, 8]).toString(16), Long.fromBytesLE([1, 2, 3, 4, 5, 6, 7, 8], true).toString(16)]);
  check('halves', [a.getHighBits(), a.getLowBits(), b.getHighBitsUnsigned(), b.getLowBitsUnsigned()]);
  check('number', [a.toNumber(), b.toNumber(), a.toInt(), Long.MAX_UNSIGNED_VALUE.toNumber()]);
  check('bases', [2, 8, 16, 32, 36].map(base => b.toString(base)));
  check('negation', [b.neg().toString(), Long.MIN_VALUE.neg().toString(), Long.MIN_VALUE.div(-1).toString()]);
  check('is', [Long.isLong(a), Long.isLong({ low: 1, high: 2 })]);
  check('json', JSON.stringify(Long.fromNumber(300)));
  check('small ones are shared', Long.fromInt(5) === Long.fromInt(5));
  let hash = Long.fromString('cbf29ce484222325', true, 16);
  for (const letter of 'auditable services') hash = hash.xor(letter.charCodeAt(0)).mul(Long.fromString('100000001b3', true, 16));
  check('fnv of a text', hash.toString(16));
  check.throws('division by zero', () => a.div(0));
  check.throws('empty text', () => Long.fromString(''));
  check.throws('a hyphen inside', () => Long.fromString('12-3'));
  check.throws('bad base', () => a.toString(37));
  await check.later('linear congruences', async () => {
    let state = Long.fromNumber(42, true);
    for (let i = 0; i < 10; i++) state = (await state).mul(Long.fromString('6364136223846793005', true)).add(1442695040);
    return state.toString();
  });
};

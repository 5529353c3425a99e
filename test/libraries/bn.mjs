// SPDX-License-Identifier: MIT
import BN from 'bn.js';

export default async check => {
  const a = new BN('dead', 16), b = new BN('101010', 2);
  check('sum', a.add(b).toString(10));
  check('padded', a.toString(16, 8));
  check('limbs', [a.bitLength(), a.byteLength(), a.zeroBits(), a.isEven()]);
  check('bytes', [new BN(258).toArray(), new BN(258).toArray('le', 4)]);
  check('from bytes', [new BN([1, 2, 3]).toString(), new BN([1, 2, 3], 'le').toString(), new BN(new Uint8Array([255, 254])).toString(16)]);
  const p = new BN('fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f', 16), g = new BN('123456789012345678901234567890');
  check('product', g.mul(g).toString());
  check('square', g.sqr().eq(g.mul(g)));
  check('quotient', [p.div(g).toString(), p.mod(g).toString(), g.neg().umod(new BN(97)).toString(), p.divRound(g).toString()]);
  check('small', [g.muln(1000).toString(), g.divn(7).toString(), g.modrn(1000003), g.addn(5).subn(6).toString()]);
  check('power', new BN(3).pow(new BN(100)).toString());
  check('greatest common divisor', new BN('1071000000007').gcd(new BN('462000000021')).toString());
  const egcd = new BN(240).egcd(new BN(46));
  check('extended', [egcd.a, egcd.b, egcd.gcd].map(String));
  check('inverse', g.invm(p).toString(16));
  check('inverse holds', g.mul(g.invm(p)).mod(p).toString());
  const red = BN.red('k256'), mont = BN.mont(p);
  check('field power', g.toRed(red).redPow(p.subn(2)).fromRed().toString(16));
  check('field root', new BN(4).toRed(red).redSqrt().fromRed().toString(16));
  check('montgomery', new BN(7).toRed(mont).redPow(new BN(65537)).redMul(g.toRed(mont)).fromRed().toString(16));
  check('field arithmetic', [g.toRed(red).redNeg().redAdd(g.toRed(red)).isZero(), g.toRed(red).redInvm().redMul(g.toRed(red)).fromRed().toString()]);
  check('other primes', ['p224', 'p192', 'p25519'].map(name => BN.red(name).m.toString(16)));
  check('bits', [a.or(b), a.and(b), a.xor(b), a.shln(13), a.shrn(5), a.notn(20), a.maskn(9)].map(value => value.toString(2)));
  check('bit tests', [a.testn(0), a.testn(1), new BN(0).setn(10, true).toString(), new BN(0).bincn(5).toString()]);
  check('two complement', [new BN(-5).toTwos(8).toString(2), new BN('fb', 16).fromTwos(8).toString()]);
  check('compare', [a.cmp(b), b.lt(a), a.gten(57005), BN.max(a, b).toString(), a.cmpn(57006)]);
  check('in place', a.clone().iadd(b).imuln(3).isub(new BN(1)).ineg().toString());
  check('json', JSON.stringify({ a, b }));
  check('inspected', a[Symbol.for('nodejs.util.inspect.custom')]());
  check('bases', [2, 3, 10, 29, 36].map(base => g.toString(base)));
  check('number', [new BN('1fffffffffffff', 16).toNumber(), BN.isBN(a)]);
  check.throws('too large a number', () => new BN(2).pow(new BN(60)).toNumber());
  check.throws('not from a field', () => a.redAdd(b));
  check.throws('bad text', () => new BN('xyz', 10));
  await check.later('factorial', async () => {
    let product = new BN(1);
    for (let i = 2; i <= 60; i++) product = product.muln(await i);
    return product.toString(10);
  });
};

// SPDX-License-Identifier: MIT
import elliptic from 'elliptic';
import BN from 'bn.js';

const message = Array.from({ length: 32 }, (_, i) => i * 3 + 1);

export default async check => {
  const ec = new elliptic.ec('secp256k1');
  const key = ec.keyFromPrivate('1e99423a4ed27608a15a2616a2b0e9e52ced330ac530edcc32c8ffc6a526aedd', 'hex');
  check('public key', key.getPublic('hex'));
  check('compressed', key.getPublic(true, 'hex'));
  check('coordinates', [key.getPublic().getX().toString(16), key.getPublic().getY().toString(10)]);
  const signature = key.sign(message, { canonical: true });
  check('signature', [signature.r.toString(16), signature.s.toString(16), signature.recoveryParam]);
  check('der', signature.toDER('hex'));
  check('verified', key.verify(message, signature));
  check('verified from der', ec.keyFromPublic(key.getPublic('hex'), 'hex').verify(message, signature.toDER()));
  check('another message', key.verify([...message.slice(1), 0], signature));
  check('recovered', ec.recoverPubKey(message, signature, signature.recoveryParam).encode('hex', true) === key.getPublic(true, 'hex'));
  check('valid', key.validate());
  const other = ec.keyFromPrivate('00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff0001', 'hex');
  check('shared secret', key.derive(other.getPublic()).toString(16));
  check('sum of points', key.getPublic().add(other.getPublic()).encode('hex', true));
  check('multiple', ec.g.mul(12345).encode('hex', true));
  check('double', ec.g.dbl().eq(ec.g.mul(2)));
  check('point from x', ec.curve.pointFromX(key.getPublic().getX().toString(16), key.getPublic().getY().isOdd()).eq(key.getPublic()));
  for (const name of ['secp256k1']) {
    const curve = new elliptic.ec(name), pair = curve.keyFromPrivate('7'.repeat(40), 'hex'), signed = pair.sign(message);
    check(`${name} public key`, pair.getPublic(true, 'hex'));
    check(`${name} signature`, signed.toDER('hex'));
  }
  check('curves', Object.keys(elliptic.curves).filter(name => /^[a-z]+\d+/.test(name)).sort());
  check.throws('unknown curve', () => new elliptic.ec('secp1k1'));
  check.throws('bad point', () => ec.keyFromPublic('04' + '11'.repeat(64), 'hex').verify(message, signature));
  check.throws('not an encoding', () => ec.curve.decodePoint([1, 2, 3]));
  await check.later('later', async () => ec.keyFromPrivate(await '05', 'hex').getPublic(true, 'hex'));
};

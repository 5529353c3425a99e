// SPDX-License-Identifier: MIT
import nacl from 'tweetnacl';

const bytes = (length, from = 0) => Uint8Array.from({ length }, (_, i) => (i * 7 + from) & 255);
const text = string => new TextEncoder().encode(string);

export default async check => {
  check('hash of nothing', nacl.hash(new Uint8Array(0)));
  check('hash', nacl.hash(text('abc')));
  check('hash of a long text', nacl.hash(bytes(1000)));
  const pair = nacl.sign.keyPair.fromSeed(bytes(32));
  check('sign keys', [pair.publicKey, pair.secretKey.length]);
  const signature = nacl.sign.detached(text('a party'), pair.secretKey);
  check('signature', signature);
  check('verified', nacl.sign.detached.verify(text('a party'), signature, pair.publicKey));
  check('not verified', nacl.sign.detached.verify(text('a partY'), signature, pair.publicKey));
  check('signed', nacl.sign(text('hi'), pair.secretKey));
  check('opened', nacl.sign.open(nacl.sign(text('hi'), pair.secretKey), pair.publicKey));
  check('not opened', nacl.sign.open(bytes(70), pair.publicKey));
  check('keys from a secret', nacl.sign.keyPair.fromSecretKey(pair.secretKey).publicKey);
  const key = bytes(32, 3), nonce = bytes(24, 5);
  const box = nacl.secretbox(text('secret'), nonce, key);
  check('secret box', box);
  check('secret box opened', nacl.secretbox.open(box, nonce, key));
  check('secret box, another key', nacl.secretbox.open(box, nonce, bytes(32, 4)));
  const alice = nacl.box.keyPair.fromSecretKey(bytes(32, 9)), bob = nacl.box.keyPair.fromSecretKey(bytes(32, 13));
  check('box keys', [alice.publicKey, bob.publicKey]);
  const letter = nacl.box(text('to bob'), nonce, bob.publicKey, alice.secretKey);
  check('box', letter);
  check('box opened', new TextDecoder().decode(nacl.box.open(letter, nonce, alice.publicKey, bob.secretKey)));
  const shared = nacl.box.before(bob.publicKey, alice.secretKey);
  check('shared key', shared);
  check('opened with it', nacl.box.open.after(letter, nonce, shared));
  check('scalar multiplication', nacl.scalarMult(bytes(32, 1), nacl.scalarMult.base(bytes(32, 2))));
  check('compared', [nacl.verify(bytes(5), bytes(5)), nacl.verify(bytes(5), bytes(5, 1)), nacl.verify(bytes(0), bytes(0))]);
  check('lengths', [nacl.box.publicKeyLength, nacl.sign.signatureLength, nacl.secretbox.overheadLength, nacl.hash.hashLength]);
  check.throws('no random numbers', () => nacl.randomBytes(4));
  nacl.setPRNG((to, count) => { for (let i = 0; i < count; i++) to[i] = i; });
  check('own random numbers', nacl.randomBytes(6));
  check('keys from them', nacl.box.keyPair().publicKey);
  check.throws('bad key size', () => nacl.secretbox(text('x'), nonce, bytes(31)));
  check.throws('not bytes', () => nacl.hash('abc'));
  check.throws('bad seed', () => nacl.sign.keyPair.fromSeed(bytes(5)));
  await check.later('later', async () => nacl.hash(await Promise.resolve(text('later'))).slice(0, 8));
};

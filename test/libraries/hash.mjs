// SPDX-License-Identifier: MIT
import hash from 'hash.js';
import { sha256, sha224 } from 'js-sha256';

export default async check => {
  for (const name of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160']) {
    check(`${name} of abc`, hash[name]().update('abc').digest('hex'));
    check(`${name} of much`, hash[name]().update('a'.repeat(1000)).update([1, 2, 3]).digest('hex'));
    check(`hmac ${name}`, hash.hmac(hash[name], 'key').update('The quick brown fox').digest('hex'));
  }
  check('bytes', hash.sha256().update([0xff, 0, 1]).digest());
  check('hexadecimal in', hash.sha256().update('00ff', 'hex').digest('hex'));
  check('unicode', hash.sha256().update('é€😀').digest('hex'));
  check('block sizes', [hash.sha256.blockSize, hash.sha512.outSize, hash.ripemd160.hmacStrength]);
  check('the other library', sha256('abc'));
  check('both agree', ['', 'x', 'é€😀', 'long '.repeat(99)].map(text => sha256(text) === hash.sha256().update(text).digest('hex')));
  check('sha224', sha224('abc'));
  check('arrays', [sha256([]), sha256(new Uint8Array([97, 98, 99])), sha256(new Uint8Array([97, 98, 99]).buffer)]);
  check('result as bytes', [sha256.array('abc').slice(0, 4), new Uint8Array(sha256.arrayBuffer('abc')).slice(28)]);
  check('streamed', sha256.create().update('a').update('b').update('c').hex());
  check('hmac of the other', sha256.hmac('key', 'The quick brown fox'));
  check('hmac streamed', sha256.hmac.create('key').update('The quick ').update('brown fox').array().length);
  check.throws('not a text', () => sha256(7));
  check.throws('nothing', () => sha256(null));
  check.throws('bad hexadecimal stays quiet', () => { throw new Error(hash.sha1().update('zz', 'hex').digest('hex')); });
  await check.later('chain', async () => {
    let digest = 'genesis';
    for (let i = 0; i < 20; i++) digest = sha256(await digest);
    return digest;
  });
};

// SPDX-License-Identifier: MIT
import { zlibSync, unzlibSync, gzipSync, gunzipSync, deflateSync, inflateSync, zipSync, unzipSync, strToU8, strFromU8, compressSync, decompressSync, Deflate, Inflate, Gzip, Gunzip, EncodeUTF8, DecodeUTF8, Zip, ZipPassThrough } from 'fflate';

const text = 'It was the best of times, it was the worst of times, '.repeat(40) + 'é€😀';
const sum = bytes => bytes.reduce((total, byte) => (Math.imul(total, 31) + byte) >>> 0, 7);

export default async check => {
  const bytes = strToU8(text), noise = new Uint8Array(5000);
  for (let i = 0, state = 1; i < noise.length; i++) { state = (Math.imul(state, 1103515245) + 12345) >>> 0; noise[i] = state >>> 16; }
  check('text to bytes', [bytes.length, sum(bytes)]);
  check('and back', strFromU8(bytes) === text);
  check('latin 1', [strToU8('éa', true), strFromU8(new Uint8Array([233, 97]), true)]);
  for (const level of [0, 1, 6, 9]) {
    const packed = deflateSync(bytes, { level });
    check(`deflate ${level}`, [packed.length, sum(packed), strFromU8(inflateSync(packed)) === text]);
  }
  check('small', deflateSync(strToU8('hello hello hello')));
  check('empty', [deflateSync(new Uint8Array(0)), inflateSync(deflateSync(new Uint8Array(0)))]);
  check('noise', [deflateSync(noise).length, sum(inflateSync(deflateSync(noise))) === sum(noise)]);
  const zipped = gzipSync(bytes, { mtime: 1577836800000, filename: 'times.txt' });
  check('gzip', [zipped.length, sum(zipped), Array.from(zipped.subarray(0, 20))]);
  check('gunzip', strFromU8(gunzipSync(zipped)) === text);
  check('zlib', zlibSync(strToU8('abcabcabcabc'), { level: 9 }));
  check('unzlib', strFromU8(unzlibSync(zlibSync(bytes))) === text);
  check('compress', strFromU8(decompressSync(compressSync(bytes, { mtime: 0 }))) === text);
  check('dictionary', strFromU8(inflateSync(deflateSync(strToU8('times, times'), { dictionary: bytes }), { dictionary: bytes })));
  const archive = zipSync({ 'a.txt': strToU8('alpha'), dir: { 'b.txt': [strToU8('beta'.repeat(50)), { level: 9 }], 'c.bin': noise.subarray(0, 40) } }, { mtime: '2020-02-29T12:30:00Z' });
  check('zip', [archive.length, sum(archive)]);
  const files = unzipSync(archive);
  check('unzip', Object.keys(files).map(name => [name, files[name].length, sum(files[name])]));
  check('unzip some', Object.keys(unzipSync(archive, { filter: file => file.name.endsWith('.txt') && file.originalSize < 100 })));
  const parts = [], stream = new Deflate({ level: 6 }, (chunk, final) => parts.push([chunk.length, sum(chunk), final]));
  for (let i = 0; i < bytes.length; i += 700) stream.push(bytes.subarray(i, i + 700), i + 700 >= bytes.length);
  check('streamed deflate', parts);
  let whole = '';
  const decode = new DecodeUTF8(part => { whole += part; }), inflate = new Inflate((chunk, final) => decode.push(chunk, final));
  const packed = deflateSync(bytes);
  for (let i = 0; i < packed.length; i += 50) inflate.push(packed.subarray(i, i + 50), i + 50 >= packed.length);
  check('streamed inflate', whole === text);
  const members = [];
  const gunzip = new Gunzip(chunk => members.push(chunk.length));
  new Gzip({ mtime: 1 }, (chunk, final) => gunzip.push(chunk, final)).push(bytes, true);
  check('streamed gzip', members.reduce((a, b) => a + b, 0));
  const encoded = [];
  const encode = new EncodeUTF8(chunk => encoded.push(...chunk));
  encode.push('€'); encode.push('😀', true);
  check('streamed text', encoded);
  let total = 0;
  const zip = new Zip((error, chunk) => { total += chunk.length; });
  const entry = new ZipPassThrough('stored.txt');
  entry.mtime = 1577836800000;
  zip.add(entry);
  entry.push(strToU8('stored'), true);
  zip.end();
  check('streamed zip', total);
  check.throws('not deflate', () => inflateSync(new Uint8Array([7, 7, 7])));
  check.throws('cut', () => inflateSync(packed.subarray(0, 20)));
  check.throws('bad gzip', () => gunzipSync(new Uint8Array(30)));
  check.throws('bad zlib', () => unzlibSync(new Uint8Array([1, 2, 3, 4, 5, 6])));
  check.throws('bad zip', () => unzipSync(noise));
  await check.later('later', async () => strFromU8(inflateSync(await Promise.resolve(deflateSync(strToU8('later'))))));
  await check.later('later bad', async () => gunzipSync(await zipped.slice(0, 25)));
};

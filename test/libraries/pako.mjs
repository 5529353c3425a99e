// SPDX-License-Identifier: MIT
import * as pako from 'pako';

const text = JSON.stringify(Array.from({ length: 60 }, (_, i) => ({ id: i, name: `guest ${i % 7}`, coming: i % 3 === 0 })));
const sum = bytes => bytes.reduce((total, byte) => (Math.imul(total, 33) ^ byte) >>> 0, 5381);

export default async check => {
  for (const level of [0, 1, 3, 6, 9]) {
    const packed = pako.deflate(text, { level });
    check(`level ${level}`, [packed.length, sum(packed), pako.inflate(packed, { toText: true, to: 'string' }) === text]);
  }
  for (const strategy of [0, 1, 2, 3, 4]) {
    const packed = pako.deflate(text, { strategy, memLevel: 9 });
    check(`strategy ${strategy}`, [packed.length, sum(packed)]);
  }
  check('raw', pako.deflateRaw(new Uint8Array([1, 1, 1, 1, 1, 2])));
  check('raw back', pako.inflateRaw(pako.deflateRaw(new Uint8Array([1, 1, 1, 1, 1, 2]))));
  const zipped = pako.gzip(text, { level: 6 });
  check('gzip', [zipped.length, sum(zipped), Array.from(zipped.subarray(0, 10))]);
  check('ungzip', sum(pako.ungzip(zipped)) === sum(new TextEncoder().encode(text)));
  check('empty', [pako.deflate(''), pako.inflate(pako.deflate(''))]);
  check('unicode', pako.inflate(pako.deflate('Grüße, 世界 🎉'), { to: 'string', toText: true }));
  check('small window', [pako.deflate(text, { windowBits: 9 }).length, pako.inflate(pako.deflate(text, { windowBits: 9 })).length]);
  const dictionary = new TextEncoder().encode(text);
  check('dictionary', pako.inflate(pako.deflate('coming guest coming', { dictionary }), { dictionary }));
  const deflate = new pako.Deflate({ level: 9, chunkSize: 64 });
  const chunks = [];
  deflate.onData = chunk => chunks.push(chunk.slice());
  for (let i = 0; i < text.length; i += 500) deflate.push(text.slice(i, i + 500), i + 500 >= text.length);
  check('chunks', chunks.map(chunk => chunk.length));
  check('how it ended', [deflate.err, deflate.msg]);
  const inflate = new pako.Inflate({ chunkSize: 128 });
  for (const chunk of chunks) inflate.push(chunk);
  check('chunks back', [inflate.err, new TextDecoder().decode(inflate.result) === text]);
  const all = new Uint8Array(3000).map((_, i) => (i * i) >> 5);
  check('bytes', sum(pako.inflate(pako.deflate(all))) === sum(all));
  check('constants', [pako.constants?.Z_BEST_COMPRESSION, pako.constants?.Z_OK, pako.constants?.Z_DATA_ERROR]);
  check('exports', Object.keys(pako).filter(name => /flate|zip/i.test(name)).sort());
  const fail = action => () => { try { return action(); } catch (error) { throw new Error(error instanceof Error ? error.message : String(error)); } };
  check.throws('bad header', fail(() => pako.inflate(new Uint8Array([1, 2, 3]))));
  check.throws('bad block', fail(() => pako.inflateRaw(new Uint8Array([7, 7, 7]))));
  check.throws('bad sum', fail(() => { const bytes = pako.deflate('checked'); bytes[bytes.length - 1] ^= 1; return pako.inflate(bytes); }));
  await check.later('later', async () => pako.inflate(await Promise.resolve(pako.deflate(new Uint8Array([9, 8, 7])))));
};

// SPDX-License-Identifier: MIT
// npm downloads from us.
import {
  Verifier, assert, block, cases, connect, core, downloadAll, equal, expectBlocks, expectSound, hex, keyPair, listen, seed, sleep, store, treeHash, until,
} from './harness.mjs';
import { serve } from './ours.mjs';

// Everything is there, unharmed, under the tree that the blocks have.
async function expectWhole(reader, length, fork = 0) {
  await downloadAll(reader, length);
  await expectBlocks(reader, 0, length);
  equal(reader.length, length, 'length');
  equal(reader.fork, fork, 'fork');
  equal(hex(await reader.treeHash()), hex(treeHash(length)), 'tree hash');
  await expectSound(reader);
}

async function readerOf(server) {
  const reader = await core(server.key);
  connect(reader, server.port);
  return reader;
}

async function whole(options, length) {
  const server = await serve({ blocks: length, ...options });
  await expectWhole(await readerOf(server), length, options.fork);
  equal(server.said, '', 'our server said');
}

// Numbers 0 to count - 1 in an order that is the same in every run.
function shuffled(count) {
  const all = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1, state = 1; i > 0; i--) {
    state = (state * 48271) % 2147483647;
    const j = state % (i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

await cases({
  'npm downloads our core of 1 block': () => whole({}, 1),
  'npm downloads our core of 300 blocks': () => whole({}, 300),
  'npm downloads our compat core': () => whole({ form: 'compat' }, 37),
  'npm downloads our core with a manifest of version 0': () => whole({ form: 'v0' }, 37),
  'npm downloads our core with three signers': () => whole({ form: 'multi' }, 37),
  'npm downloads our core that starts at fork 2': () => whole({ fork: 2 }, 37),

  'npm downloads blocks of every size': async () => {
    const sizes = [0, 1, 252, 253, 65535, 65536, 300000, 4 << 20, 3, 15 << 20, 0], server = await serve({ blocks: 0, sizes: sizes.join(',') });
    const reader = await readerOf(server);
    await downloadAll(reader, sizes.length);
    for (const [i, size] of sizes.entries()) assert((await reader.get(i)).equals(Buffer.alloc(size, i + 1)), `block ${i} differs`);
    await expectSound(reader);
  },

  'npm reads single blocks of our core in any order': async () => {
    const length = 700, server = await serve({ blocks: length }), reader = await readerOf(server);
    for (const i of shuffled(length).slice(0, 150)) equal(hex(await reader.get(i)), hex(block(i)), `block ${i}`);
    assert(reader.contiguousLength < length, 'it is not sparse');
    await expectSound(reader);
  },

  'npm seeks bytes in our core': async () => {
    const length = 500, server = await serve({ blocks: length }), ends = [0];
    for (let i = 0; i < length; i++) ends.push(ends[i] + block(i).length);
    for (const bytes of [0, 1, 7, ends[1], ends[255] + 1, ends[256], ends[257] - 1, ends[499], ends[500] - 1]) {
      const reader = await readerOf(server); // a new one each time, which knows no tree yet
      const [index, offset] = await reader.seek(bytes), wanted = ends.findLastIndex(end => end <= bytes);
      equal(`${index}+${offset}`, `${wanted}+${bytes - ends[wanted]}`, `byte ${bytes}`);
      await reader.close();
    }
  },

  'npm follows what we append': async () => {
    const server = await serve({ blocks: 3 }), reader = await readerOf(server);
    await expectWhole(reader, 3);
    reader.download({ start: 0, end: -1 });
    for (const [count, length] of [[1, 4], [1, 5], [20, 25], [1, 26], [974, 1000]]) {
      server.append(count);
      await until(() => reader.contiguousLength === length, `block ${length}`);
    }
    await expectWhole(reader, 1000);
  },

  'npm follows our core from its first block on': async () => {
    const server = await serve({ blocks: 0 }), reader = await readerOf(server);
    reader.download({ start: 0, end: -1 });
    await until(() => reader.peers.length === 1, 'the peer');
    server.append(10);
    await until(() => reader.contiguousLength === 10, 'ten blocks');
    await expectWhole(reader, 10);
  },

  'npm follows appends while it downloads': async () => {
    const server = await serve({ blocks: 3000 }), reader = await readerOf(server);
    reader.download({ start: 0, end: -1 });
    for (let i = 0; i < 50; i++) {
      server.append(3);
      await sleep(5);
    }
    await until(() => reader.contiguousLength === 3150, 'the last block');
    await expectWhole(reader, 3150);
  },

  'two npm peers download from us at once': async () => {
    const server = await serve({ blocks: 1500 }), readers = [await readerOf(server), await readerOf(server)];
    await Promise.all(readers.map(reader => expectWhole(reader, 1500)));
    for (const reader of readers) reader.download({ start: 0, end: -1 });
    server.append(10);
    await until(() => readers.every(reader => reader.contiguousLength === 1510), 'the appended blocks');
  },

  'a second npm peer has our core from the first': async () => {
    const server = await serve({ blocks: 400 }), first = await readerOf(server);
    await expectWhole(first, 400);
    await server.stop();
    const second = await core(server.key), { port } = await listen(first);
    connect(second, port);
    await expectWhole(second, 400);
  },

  'npm goes on with us after a broken connection': async note => {
    const length = 6000, server = await serve({ blocks: length }), reader = await core(server.key), links = [];
    let got = 0;
    reader.on('download', () => { if (++got === 2000) links[0].close(); });
    reader.download({ start: 0, end: -1 });
    links.push(connect(reader, server.port));
    await links[0].closed;
    const before = got;
    assert(before < length, 'it was too fast to be broken off');
    connect(reader, server.port);
    await expectWhole(reader, length);
    note(`${before} blocks before, ${got} in all`);
    assert(got <= length + 512, `${got} blocks were sent for ${length}`);
  },

  'npm opens, closes and opens our core on one connection': async () => {
    const server = await serve({ blocks: 50 }), shelf = await store();
    const first = shelf.get({ key: server.key });
    await first.ready();
    const link = connect(shelf, server.port);
    await downloadAll(first, 50);
    await first.close();
    server.append(5);
    const second = shelf.get({ key: server.key });
    await second.ready();
    await downloadAll(second, 55);
    await expectSound(second);
    assert(!link.socket.destroyed, 'the connection broke');
  },

  'what npm has besides is no trouble for us': async () => {
    const server = await serve({ blocks: 50 }), shelf = await store();
    const own = shelf.get({ name: 'own' }), unknown = shelf.get({ key: seed(9) }), reader = shelf.get({ key: server.key });
    await own.append(['a', 'b']);
    await Promise.all([unknown.ready(), reader.ready()]);
    const link = connect(shelf, server.port);
    await expectWhole(reader, 50);
    assert(!link.socket.destroyed, 'the connection broke');
    equal(server.said, '', 'our server said');
  },

  'three of our cores travel on one stream': async () => {
    const server = await serve({ blocks: 120, cores: 3 }), shelf = await store();
    equal(new Set(server.keys.map(hex)).size, 3, 'keys');
    const readers = server.keys.map(key => shelf.get({ key }));
    await Promise.all(readers.map(reader => reader.ready()));
    connect(shelf, server.port);
    await Promise.all(readers.map(reader => expectWhole(reader, 120)));
    for (const reader of readers) reader.download({ start: 0, end: -1 });
    server.append(7);
    await until(() => readers.every(reader => reader.contiguousLength === 127), 'the appended blocks');
  },

  'we serve as the one that connects': async () => {
    const manifest = Verifier.createManifest({ version: 1, signers: [{ publicKey: keyPair(1).publicKey }] });
    const reader = await core(Verifier.manifestHash(manifest)), { port } = await listen(reader);
    const server = await serve({ blocks: 64, seed: hex(seed(1)), initiator: `127.0.0.1:${port}` });
    equal(hex(server.key), hex(reader.key), 'key');
    await expectWhole(reader, 64);
  },
});

// SPDX-License-Identifier: MIT
// We download from npm.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assert, block, blocks, cases, connect, core, downloadAll, equal, folder, hex, keyPair, listen, multisigned, patched, prologued, store, treeHash, until, written,
} from './harness.mjs';
import { download } from './ours.mjs';

const expected = (from, to) => blocks(from, to).map(hex).join('\n') + '\n';

// What our client says of a whole core, and the blocks that it wrote.
function expectWhole(said, length, file) {
  equal(said.length, length, 'length');
  equal(said.blocks, length, 'blocks');
  equal(said.treeHash, hex(treeHash(length)), 'tree hash');
  if (file !== undefined) equal(readFileSync(file, 'utf8'), expected(0, length), 'the blocks');
}

async function whole(writer, length, ports) {
  const file = join(folder(), 'blocks'), client = download(writer.key, ports ?? (await listen(writer)).port, { 'blocks-to': file });
  expectWhole(await client.next(), length, file);
  equal(await client.ended, 0, 'our client ended with');
  equal(client.said, '', 'our client said');
}

// Counts what a core of npm's gave away.
function uploads(writer) {
  const sent = { count: 0, at: () => {} };
  writer.on('upload', () => { sent.count++; sent.at(sent.count); });
  return sent;
}

await cases({
  'we download a core of 1 block': async () => whole(await written(1), 1),
  'we download a core of 300 blocks': async () => whole(await written(300), 300),
  'we download a compat core': async () => {
    const writer = await written(37, { compat: true });
    equal(hex(writer.key), hex(keyPair(1).publicKey), 'key');
    await whole(writer, 37);
  },
  'we download a core with a manifest of version 0': async () => whole(await written(37, { manifest: { version: 0, signers: [{ publicKey: keyPair(1).publicKey }] } }), 37),
  'we download a core of version 0 that two of three signed': async () => whole(await multisigned(0, 37), 37),
  'we download a core that two of three signed': async () => whole(await multisigned(1, 37), 37),
  'we download a core of version 2 that two of three signed': async () => whole(await multisigned(2, 37), 37),

  'we download a core that is its prologue': async () => whole(await prologued(30, 30), 30),
  'we download a core that goes on behind its prologue': async () => whole(await prologued(30, 35), 35),

  // What npm answers to one frame, it puts into one frame: there only small blocks may be asked for together.
  'we download blocks of up to 15 MiB': async () => {
    const MIB = 1 << 20, sizes = [4, 15, 4, 15, 4].map(n => n * MIB - 100), small = Array(60).fill(300000);
    for (const order of [sizes, [...small, 15 * MIB - 100, 100]]) {
      const writer = await core(null, { keyPair: keyPair(1) });
      for (const [i, size] of order.entries()) await writer.append(Buffer.alloc(size, i));
      for (const options of [{}, { file: join(folder(), 'journal') }]) {
        const client = download(writer.key, (await listen(writer)).port, options);
        equal((await client.next()).blocks, order.length, 'blocks');
        equal(await client.ended, 0, 'our client ended with');
      }
    }
  },
  'we download large and small blocks of two cores at once': async () => {
    const many = await store(), cores = [many.get({ name: 'small' }), many.get({ name: 'large' })];
    for (const each of cores) await each.ready();
    await cores[0].append(blocks(0, 3000));
    await cores[1].append(Array.from({ length: 4 }, (_, i) => Buffer.alloc(i % 2 ? 15 << 20 : 5 << 20, i)));
    const client = download(cores.map(each => each.key), (await listen(many)).port);
    equal((await client.next()).blocks + (await client.next()).blocks, 3004, 'blocks');
    equal(await client.ended, 0, 'our client ended with');
  },

  'we say why we refuse a signature with a patch': async () => {
    const writer = await patched(), { port } = await listen(writer), reader = await core(writer.key), client = download(writer.key, port);
    equal(await client.ended, 1, 'our client ended with');
    assert(/with a patch/.test(client.said), client.said);
    connect(reader, port); // npm takes it
    await downloadAll(reader, 20);
  },
  'we say why we stop when npm truncates': async () => {
    const writer = await written(30), client = download(writer.key, (await listen(writer)).port, { live: true });
    expectWhole(await client.next(), 30);
    await writer.truncate(20);
    equal(await client.ended, 1, 'our client ended with');
    assert(/truncated/.test(client.said), client.said);
  },

  'we download a core at fork 2': async () => {
    const writer = await written(40);
    await writer.truncate(10, { fork: 2 });
    await writer.append(blocks(10, 30));
    equal(writer.fork, 2, 'fork');
    await whole(writer, 30);
  },

  'we download blocks of every size': async () => {
    /* No 8 MiB beside the 15: npm packs what it answers to one batch of requests into one message, which may be longer than it can send. */
    const writer = await core(null, { keyPair: keyPair(1) }), sizes = [0, 1, 252, 253, 65535, 65536, 700000, 3, 15 << 20, 0], file = join(folder(), 'blocks');
    await writer.append(sizes.map((size, i) => Buffer.alloc(size, i + 1)));
    const client = download(writer.key, (await listen(writer)).port, { 'blocks-to': file }), said = await client.next();
    equal(said.treeHash, hex(await writer.treeHash()), 'tree hash');
    equal(await client.ended, 0, 'our client ended with');
    assert(readFileSync(file, 'utf8') === sizes.map((size, i) => hex(Buffer.alloc(size, i + 1))).join('\n') + '\n', 'the blocks differ');
  },

  'we follow what npm appends': async () => {
    const writer = await written(3), client = download(writer.key, (await listen(writer)).port, { live: true });
    expectWhole(await client.next(), 3);
    for (const length of [4, 5, 26, 1000]) {
      await writer.append(blocks(writer.length, length));
      let said;
      do said = await client.next(); while (said.length < length);
      expectWhole(said, length);
    }
    equal(await client.stop(), 0, 'our client ended with');
  },

  'we follow a core from its first block on': async () => {
    const writer = await written(0), client = download(writer.key, (await listen(writer)).port, { live: true });
    await until(() => writer.peers.length === 1, 'our client');
    await writer.append(blocks(0, 10));
    let said;
    do said = await client.next(); while (said.length < 10);
    expectWhole(said, 10);
    await client.stop();
  },

  'we download single blocks': async () => {
    const writer = await written(500), sent = uploads(writer), file = join(folder(), 'blocks'), wanted = [3, 4, 128, 400, 499];
    const client = download(writer.key, (await listen(writer)).port, { sparse: wanted.join(','), 'blocks-to': file }), said = await client.next();
    equal(said.length, 500, 'length');
    equal(said.treeHash, hex(treeHash(500)), 'tree hash');
    equal(said.blocks, wanted.length, 'blocks');
    equal(sent.count, wanted.length, 'blocks that npm sent');
    equal(readFileSync(file, 'utf8'), wanted.map(i => hex(block(i)) + '\n').join(''), 'the blocks');
  },

  'we download what a sparse npm peer has, the rest elsewhere': async note => {
    const writer = await written(200), sparse = await core(writer.key), full = await listen(writer);
    connect(sparse, full.port);
    await sparse.download({ start: 0, end: 60 }).done();
    await sparse.download({ start: 100, end: 130 }).done();
    const { port } = await listen(sparse), from = uploads(sparse), rest = uploads(writer);
    const leading = download(writer.key, port, { sparse: Array.from({ length: 60 }, (_, i) => i).join(',') });
    const said = await leading.next();
    equal(said.length, 200, 'length');
    equal(said.blocks, 60, 'blocks');
    const all = download(writer.key, port, { live: true }); // never whole with this peer alone
    await until(() => from.count >= 60 + 90, 'all that is there');
    await all.stop();
    await whole(writer, 200, [port, full.port]);
    note(`${from.count - 150} blocks from the sparse one, ${rest.count} from the other`);
  },

  'we download from two npm peers at once': async note => {
    const writer = await written(4000), copy = await core(writer.key), first = await listen(writer);
    connect(copy, first.port);
    await downloadAll(copy, 4000);
    const second = await listen(copy), from = [uploads(writer), uploads(copy)];
    for (let tries = 0; tries < 6 && from.some(sent => sent.count === 0); tries++) { // one may be there long before the other
      for (const sent of from) sent.count = 0;
      await whole(writer, 4000, [first.port, second.port]);
      note(`${from[0].count} and ${from[1].count} blocks`);
      assert(from[0].count + from[1].count <= 4000 + 256, 'blocks came twice');
    }
    assert(from.every(sent => sent.count > 0), 'one of them gave nothing');
  },

  'one of two npm peers leaves in the middle': async () => {
    const writer = await written(4000), copy = await core(writer.key), first = await listen(writer);
    connect(copy, first.port);
    await downloadAll(copy, 4000);
    const second = await listen(copy), file = join(folder(), 'blocks');
    uploads(copy).at = count => { if (count === 200) second.hangUp(); };
    const client = download(writer.key, [first.port, second.port], { 'blocks-to': file });
    expectWhole(await client.next(), 4000, file);
    equal(await client.ended, 0, 'our client ended with');
  },

  'we go on after a broken connection': async note => {
    const length = 6000, writer = await written(length), server = await listen(writer), sent = uploads(writer), file = join(folder(), 'core');
    sent.at = count => { if (count === 2000) server.hangUp(); };
    const broken = download(writer.key, server.port, { file });
    equal(await broken.ended, 1, 'our client ended with');
    const before = sent.count, blocksTo = join(folder(), 'blocks'), client = download(writer.key, server.port, { file, 'blocks-to': blocksTo });
    expectWhole(await client.next(), length, blocksTo);
    note(`${before} blocks before, ${sent.count} in all`);
    assert(sent.count < length + 512, `${sent.count} blocks were sent for ${length}`);
  },

  'three cores of npm travel on one stream': async () => {
    const shelf = await store(), writers = ['a', 'b', 'c'].map(name => shelf.get({ name }));
    for (const writer of writers) await writer.append(blocks(0, 120));
    const { port } = await listen(shelf), client = download(writers.map(writer => writer.key), port);
    for (let i = 0; i < 3; i++) expectWhole(await client.next(), 120);
    equal(await client.ended, 0, 'our client ended with');
    await until(() => writers.every(writer => writer.peers.length === 0), 'the end');
  },
});

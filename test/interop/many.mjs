// SPDX-License-Identifier: MIT
// 100,000 blocks in both directions.
import { cases, connect, core, downloadAll, equal, expectBlocks, hex, listen, treeHash, written } from './harness.mjs';
import { download, serve } from './ours.mjs';

const MANY = 100000;
const rate = ms => `${Math.round(MANY / ms * 1000)} blocks/s`;

await cases({
  'npm downloads 100,000 blocks from us': async note => {
    const server = await serve({ blocks: MANY }), reader = await core(server.key), start = performance.now();
    connect(reader, server.port);
    await downloadAll(reader, MANY);
    note(rate(performance.now() - start));
    equal(hex(await reader.treeHash()), hex(treeHash(MANY)), 'tree hash');
    await expectBlocks(reader, MANY - 1000, MANY);
  },
  'we download 100,000 blocks from npm': async note => {
    const writer = await written(MANY), { port } = await listen(writer), said = await download(writer.key, port).next();
    equal(said.length, MANY, 'length');
    equal(said.blocks, MANY, 'blocks');
    equal(said.treeHash, hex(treeHash(MANY)), 'tree hash');
    note(rate(said.ms));
  },
});

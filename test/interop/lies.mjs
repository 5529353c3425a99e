// SPDX-License-Identifier: MIT
// A server that lies is refused, theirs by us and ours by them.
import { assert, cases, connect, core, equal, lies, listen, lying, until, written } from './harness.mjs';
import { download, serve } from './ours.mjs';

const LENGTH = 60;
const all = {};

// npm says which answer was wrong, and keeps nothing of it.
async function refusedByNpm(key, port, upgradeHolds, note) {
  const reader = await core(key);
  let error = null;
  reader.on('verification-error', why => { error ??= why; });
  connect(reader, port);
  reader.download({ start: 0, end: -1 });
  await until(() => error !== null, 'the refusal');
  note(error.code);
  assert(['INVALID_CHECKSUM', 'INVALID_SIGNATURE', 'INVALID_PROOF', 'INVALID_OPERATION'].includes(error.code), `refused for another reason: ${error.message}`);
  if (!upgradeHolds) equal(reader.length, 0, 'length');
  return reader;
}

for (const lie of ['block', 'node', 'size', 'signature', 'manifest']) {
  all[`npm refuses our server with a changed ${lie}`] = async note => {
    const server = await serve({ blocks: LENGTH, lie });
    await refusedByNpm(server.key, server.port, ['block', 'node', 'size'].includes(lie), note);
  };
}

for (const lie of Object.keys(lies)) {
  all[`we refuse an npm server with a changed ${lie}`] = async note => {
    const writer = await written(LENGTH), told = lying(writer, lie), { port } = await listen(writer), client = download(writer.key, port);
    equal(await client.ended, 1, 'our client ended with');
    assert(told.count > 0, 'it told no lie');
    const reason = client.said.trim().split('\n')[0];
    note(reason.replace('hypercore: ', ''));
    assert(reason !== '' && !/closed the connection|reset/.test(reason), `no reason: ${reason}`);
    equal(await client.line(), null, 'it said that all is here');
  };
}

// That the lies of the cases above are lies.
for (const lie of Object.keys(lies)) {
  all[`npm refuses an npm server with a changed ${lie}`] = async note => {
    const writer = await written(LENGTH), told = lying(writer, lie), { port } = await listen(writer);
    await refusedByNpm(writer.key, port, lie.includes('block'), note);
    assert(told.count > 0, 'it told no lie');
  };
}

await cases(all);

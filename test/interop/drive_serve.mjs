// SPDX-License-Identifier: MIT
// npm's hyperdrive reads our archives: those of a running host, of which it knows the key alone.
import { join } from 'node:path';
import { assert, cases, connect, equal, expectSound, hex, listen, root, until } from './harness.mjs';
import { all, bytesOf, copyOf, driveOf, expectDiff, expectDrive, newDrive, noise } from './drives.mjs';
import { host } from './services.mjs';

// A host whose files are changed by calls; after each one its version and what has to be there are kept.
async function filesHost() {
  const ours = await host(join(root, 'test/interop/files.js')), model = new Map(), history = [];
  const given = value => (Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value);
  const below = path => [...model.keys()].filter(each => each === path || each.startsWith(path + '/'));
  const apply = {
    mkdir: path => model.set(path, { folder: true }),
    writeFile: (path, content) => model.set(path, { content: Buffer.from(content) }),
    unlink: path => model.delete(path),
    rmdir: path => below(path).forEach(each => model.delete(each)),
    copy: (path, to) => below(path).forEach(each => model.set(to + each.slice(path.length), { ...model.get(each) })),
    rename: (path, to) => below(path).forEach(each => { model.set(to + each.slice(path.length), { ...model.get(each) }); model.delete(each); }),
  };
  const head = name => ours.head(name);
  const request = async (method, steps, exit) => (await ours.call([{ method, params: steps.map(step => step.map(given)) }], exit))[0];
  const change = async (...steps) => {
    const answer = await request('files', steps);
    assert(answer.error === undefined, `our host: ${JSON.stringify(answer)}`);
    for (const [name, ...args] of steps) apply[name](...args);
    history.push({ version: (await head('archive')).length, model: copyOf(model) });
    return answer;
  };
  return { ...ours, model, history, change, request, head };
}

async function expectHeads(drive, ours) {
  const blobs = (await drive.getBlobs()).core;
  for (const [name, core] of [['archive', drive.core], ['blobs', blobs]]) {
    const head = await ours.head(name);
    await until(async () => { await core.update({ wait: false }); return core.length >= head.length; }, () => `length ${head.length} of ${name}, at ${core.length}`);
    equal(core.length, head.length, `length of ${name}`);
    equal(hex(await core.treeHash()), head.treeHash, `tree hash of ${name}`);
  }
}

// Files and folders of every kind, changed in every way.
async function changes(ours) {
  await ours.change(['mkdir', '/empty'], ['mkdir', '/full'], ['writeFile', '/full/a.txt', 'first'], ['writeFile', '/binary', Buffer.from(Array.from({ length: 256 }, (_, i) => i))]);
  await ours.change(['writeFile', '/nothing', ''], ['writeFile', '/full/large', noise(200000, 1)], ['mkdir', '/full/deep'], ['writeFile', '/full/deep/ä€😀.txt', 'ä€😀']);
  await ours.change(['writeFile', '/full/a.txt', 'second'], ['unlink', '/binary']);
  await ours.change(['mkdir', '/full-stop'], ['writeFile', '/full-stop/b', 'between /full and /full/a.txt'], ['writeFile', '/binary', noise(65536, 2)]);
  for (let i = 0; i < 40; i++) await ours.change(['writeFile', `/full/deep/${i}`, `file ${i}`]);
  await ours.change(...Array.from({ length: 20 }, (_, i) => ['unlink', `/full/deep/${2 * i}`]));
  await ours.change(['mkdir', '/gone'], ['writeFile', '/gone/x', 'x']);
  await ours.change(['rmdir', '/gone', { recursive: true }], ['writeFile', '/block', noise(65537, 3)]);
}

async function expectRanges(drive, path, content) {
  const last = content.length - 1;
  for (const [start, end] of [[0, 0], [0, 9], [65535, 65536], [65530, last], [100000, 100001], [last, last], [0, last]]) {
    const got = await bytesOf(drive.createReadStream(path, { start, end }));
    assert(got.equals(content.subarray(start, end + 1)), `bytes ${start} to ${end}`);
  }
  const got = await bytesOf(drive.createReadStream(path, { start: 70000, length: 80000 }));
  assert(got.equals(content.subarray(70000, 150000)), '80,000 bytes from 70,000 on');
}

await cases({
  'npm lists and reads our files, folders and all': async () => {
    const ours = await filesHost();
    await changes(ours);
    const drive = await driveOf(ours.archive, ours.port);
    await expectHeads(drive, ours);
    await expectDrive(drive, ours.model);
    equal(await drive.exists('/empty'), true, 'an empty folder exists');
    equal(await drive.get('/empty'), null, 'its content');
    equal(await drive.exists('/gone'), false, 'a removed folder exists');
    equal(await drive.get('/gone/x'), null, 'a removed file');
    equal((await all(drive.readdir('/empty'))).length, 0, 'names in an empty folder');
    equal((await bytesOf(drive.createReadStream('/empty'))).length, 0, 'bytes of a folder');
    assert((await drive.entry('/full/a.txt')).value.metadata.mtime > 1e12, 'it has no mtime');
    await expectRanges(drive, '/full/large', noise(200000, 1));
    await expectSound(drive.core);
  },

  'npm reads every version that our archive had, and the differences': async note => {
    const ours = await filesHost();
    await changes(ours);
    const drive = await driveOf(ours.archive, ours.port);
    await expectHeads(drive, ours);
    let before = { version: 1, model: new Map() };
    for (const { version, model } of [...ours.history, { version: drive.version, model: ours.model }]) {
      const old = drive.checkout(version);
      await old.ready();
      await expectDrive(old, model);
      await expectDiff(old, before.version, before.model, model);
      await old.close();
      before = { version, model };
    }
    await expectDiff(drive, ours.history[0].version, ours.history[0].model, ours.model);
    note(`${ours.history.length} versions`);
  },

  'npm watches our files change': async () => {
    const ours = await filesHost();
    await ours.change(['mkdir', '/seen'], ['mkdir', '/unseen'], ['writeFile', '/seen/a', '0']);
    const drive = await driveOf(ours.archive, ours.port), watcher = drive.watch('/seen'), seen = [];
    await watcher.ready();
    const watching = (async () => {
      for await (const [now, before] of watcher) {
        seen.push(String(await now.get('/seen/a')));
        assert(before.version < now.version, 'the versions');
      }
    })();
    watching.catch(error => seen.push(error.message));
    for (let i = 1; i <= 5; i++) {
      await ours.change(['writeFile', '/unseen/b', `${i}`]);
      await ours.change(['writeFile', '/seen/a', `${i}`]);
      await until(() => seen.includes(`${i}`), () => `change ${i} in ${seen}`);
    }
    equal(seen.join(), '1,2,3,4,5', 'what was seen');
    await watcher.destroy();
  },

  'what our host takes back npm never sees': async () => {
    const ours = await filesHost();
    await ours.change(['writeFile', '/a', '1']);
    const before = await ours.head('archive'), drive = await driveOf(ours.archive, ours.port);
    const answer = await ours.request('fail', [['writeFile', '/a', '2'], ['writeFile', '/b', '2']], 1);
    equal(answer.error?.message, 'on purpose', 'the answer');
    equal((await ours.head('archive')).length, before.length, 'length');
    await ours.change(['writeFile', '/c', '3']);
    await expectHeads(drive, ours);
    await expectDrive(drive, ours.model);
  },

  'a second npm reader has our files from the first': async () => {
    const ours = await filesHost();
    await changes(ours);
    const first = await driveOf(ours.archive, ours.port);
    await expectHeads(first, ours);
    for (const core of [first.core, (await first.getBlobs()).core]) await core.download({ start: 0, end: core.length }).done();
    ours.peer.child.kill('SIGKILL');
    await ours.peer.ended;
    const { port } = await listen(first.shelf), second = await driveOf(ours.archive, port);
    await expectDrive(second, ours.model);
    const old = second.checkout(ours.history[2].version);
    await old.ready();
    await expectDrive(old, ours.history[2].model);
    await old.close();
  },

  'npm copies our files into a drive of its own': async () => {
    const ours = await filesHost();
    await changes(ours);
    const drive = await driveOf(ours.archive, ours.port), copy = await newDrive();
    await drive.mirror(copy).done();
    const { port } = await listen(copy.corestore), reader = await driveOf(copy.key, port);
    for (const [path, wanted] of ours.model) {
      if (wanted.content) assert((await reader.get(path)).equals(wanted.content), `${path} differs`);
      else assert((await drive.entry(path)).value.metadata.folder, `${path} is no folder any more`);
    }
  },
});

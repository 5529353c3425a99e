// SPDX-License-Identifier: MIT
// npm's hyperdrive reads our archives, of which it knows the key alone: those of a running host, and larger ones.
import { join } from 'node:path';
import { assert, cases, connect, equal, expectSound, hex, listen, root, until } from './harness.mjs';
import { all, bytesOf, copyOf, driveOf, expectDiff, expectDrive, newDrive, noise } from './drives.mjs';
import { serveDrive } from './ours.mjs';
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
  await ours.change(['copy', '/full/deep', '/copy'], ['rename', '/copy/1', '/copy/one'], ['copy', '/full/large', '/copy/large']);
  await ours.change(['rename', '/copy', '/full/moved'], ['writeFile', '/full/moved/3', 'changed in the copy']);
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
    equal((await all(drive.readdir('/'))).filter(name => name === 'full').length, 2, 'npm names /full twice, because of /full-stop'); // see doc/replication.md, "Known"
    equal((await bytesOf(drive.createReadStream('/empty'))).length, 0, 'bytes of a folder');
    assert((await drive.entry('/full/a.txt')).value.metadata.mtime > 1e12, 'it has no mtime');
    await expectRanges(drive, '/full/large', noise(200000, 1));
    await drive.download('/').done();
    equal(await drive.has('/full/'), true, 'all of a folder is here');
    await expectSound(drive.core);
    await expectSound((await drive.getBlobs()).core);
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
    for (let version = 2; version <= drive.version; version++) { // also those within a call: one path each, and its contents are there
      const old = drive.checkout(version), [change, ...more] = await all(old.diff(version - 1)), at = change.left;
      equal(more.length, 0, `changes that made version ${version}`);
      if (at?.value.blob) equal((await old.get(at.key)).length, at.value.blob.byteLength, `bytes of ${at.key} at version ${version}`);
      await old.close();
    }
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

  'npm reads a file of 64 MiB of ours, and any piece of it': async note => {
    const LARGE = 64 << 20, ours = await serveDrive(), wanted = noise(LARGE, 7);
    await ours.ask(`file ${hex(Buffer.from('/large'))} ${LARGE} 7 1000 1`);
    await ours.commit();
    const drive = await driveOf(ours.key, ours.port), entry = await drive.entry('/large');
    equal(entry.value.executable, true, 'executable');
    await expectRanges(drive, '/large', wanted);
    assert((await bytesOf(drive.createReadStream('/large', { start: LARGE - 5 }))).equals(wanted.subarray(LARGE - 5)), 'the last bytes');
    const start = performance.now(), got = await drive.get('/large');
    note(`${Math.round(64000 / (performance.now() - start))} MiB/s`);
    assert(got.equals(wanted), 'the whole file');
    await expectSound((await drive.getBlobs()).core);
  },

  'npm lists 20,000 files of ours': async note => {
    const MANY = 20000, ours = await serveDrive(), nameOf = i => String(i).padStart(7, '0');
    await ours.change(1000, 'mkdir', ['/many']);
    await ours.ask(`many ${hex(Buffer.from('/many'))} ${MANY} 1000`);
    await ours.commit();
    const drive = await driveOf(ours.key, ours.port), start = performance.now();
    equal(String(await drive.get('/many/0012345')), '0012345', 'one of them');
    assert(drive.core.contiguousLength < 100, 'all travelled for one');
    drive.core.download({ start: 0, end: drive.core.length });
    const names = (await all(drive.list('/'))).map(entry => entry.key);
    note(`${Math.round((MANY * 1000) / (performance.now() - start))} entries/s`);
    equal(names.length, MANY + 1, 'entries');
    equal(names[0], '/many', 'the folder');
    assert(names.slice(1).every((name, i) => name === `/many/${nameOf(i)}`), 'the names differ');
    equal(await drive.get('/many/0020000'), null, 'one more');
    for (const i of [0, 9999, 19999]) equal(String(await drive.get(`/many/${nameOf(i)}`)), nameOf(i), 'content');
  },

  'npm follows symbolic links in a drive of ours': async () => {
    const ours = await serveDrive(); // npm resolves a relative target from the link's own path on, as if it were a folder
    const links = [['/link', '/folder/a'], ['/folder/up', '../../b'], ['/chain', '../link'], ['/nowhere', '/x'], ['/loop', '/loop'], ['/ä "q"', 'b']];
    await ours.change(1000, 'mkdir', ['/folder']);
    await ours.put('/folder/a', Buffer.from('a'));
    await ours.put('/b', Buffer.from('b'));
    for (const [path, target] of links) await ours.ask(`link ${hex(Buffer.from(path))} ${hex(Buffer.from(target))}`);
    await ours.commit();
    const drive = await driveOf(ours.key, ours.port);
    for (const [path, target] of links) {
      equal((await drive.entry(path)).value.linkname, target, `target of ${path}`);
      equal(await drive.get(path), null, `content of ${path}`);
    }
    for (const [path, content] of [['/link', 'a'], ['/chain', 'a'], ['/folder/up', 'b']])
      equal(String(await drive.get((await drive.entry(path, { follow: true })).key)), content, `behind ${path}`);
    equal(await drive.entry('/nowhere', { follow: true }), null, 'behind a link to nothing');
    const failed = await drive.entry('/loop', { follow: true }).catch(error => error.message);
    equal(failed, 'Recursive symlink', 'a link to itself');
  },
});

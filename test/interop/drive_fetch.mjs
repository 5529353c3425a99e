// SPDX-License-Identifier: MIT
// We read drives of npm's, block by block as they are needed: every answer is proved by the signed heads, and few blocks travel for it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assert, build, cases, connect, core, cosigned, crypto, equal, folder, hex, keyPair, listen, lying, npm, root, seed, store, until, Verifier,
} from './harness.mjs';
import { copyOf, driveOf, expectDrive, folders, Hyperdrive, namesIn, newDrive, noise, paths } from './drives.mjs';
import { readDrive, serveDrive } from './ours.mjs';
import { host } from './services.mjs';

const Hyperbee = npm('hyperbee');
const MANY = 20000, MOST_BLOCKS = 60; // of 20,000 entries, for one path: about six levels, three keys compared in each

// All that our file calls say of a drive, as of a version, is what the map says.
async function expectRead(ours, model, version = 0) {
  const wanted = [...new Set([...folders(model).slice(1), ...paths(model)])].map(path => path.slice(1));
  wanted.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  equal(JSON.stringify((await ours.call('readdir', ['/', { recursive: true }], version)).value), JSON.stringify(wanted), 'the whole list');
  for (const folder of folders(model))
    equal(JSON.stringify((await ours.call('readdir', [folder], version)).value), JSON.stringify(namesIn(model, folder)), `names in ${folder}`);
  for (const [path, at] of model) {
    const stat = (await ours.call('stat', [path], version)).value;
    equal(stat.type, at.content ? 'file' : at.link !== undefined ? 'symlink' : 'directory', `type of ${path}`);
    equal(stat.mtime, at.metadata?.mtime ?? 0, `mtime of ${path}`);
    const found = await ours.find(path, version);
    equal(`${found.status} ${found.target}`, `VMS_OK ${at.link ?? ''}`, `target of ${path}`);
    equal(found.executable, at.executable ? 1 : 0, `executable of ${path}`);
    if (!at.content) continue;
    equal(stat.size, at.content.length, `size of ${path}`);
    const got = (await ours.call('readFile', [path, 'binary'], version)).value;
    assert(got.equals(at.content), `${path}: ${got.length} bytes, not the ${at.content.length} that were written`);
  }
}

async function expectError(promise, name) {
  const answer = await promise;
  equal(answer.kind, 4, 'kind of the answer');
  equal(answer.error, name, 'error');
  return answer;
}

// Everything that npm can write; after each step its version and what has to be there are kept.
async function written(drive) {
  const model = new Map(), history = [];
  const step = async (...changes) => {
    for (const change of changes) await change();
    history.push({ version: drive.version, model: copyOf(model) });
  };
  const put = (path, content, options) => async (to = drive) => {
    await to.put(path, content, options);
    model.set(path, { content: Buffer.from(content), executable: options?.executable, metadata: options?.metadata });
  };
  const del = path => async (to = drive) => { await to.del(path); model.delete(path); };
  const link = (path, target) => async () => { await drive.symlink(path, target); model.set(path, { link: target }); };
  const batch = (...changes) => async () => {
    const together = drive.batch();
    for (const change of changes) await change(together);
    await together.flush();
  };
  await step(put('/a.txt', 'first'), put('/folder/b', noise(1000, 1)), put('/folder/deep/er/c', 'c'), put('/empty', ''));
  await step(put('/run', '#!/bin/sh\n', { executable: true }), put('/meta', 'm', { metadata: { mtime: 1234567890123, any: ['thing', null] } }));
  await step(link('/link', '/a.txt'), link('/folder/up', '../a.txt'), link('/nowhere', 'x'));
  await step(put('/a.txt', 'second'), put('/large', noise(300000, 2)), put('/block', noise(65536, 3)));
  await step(del('/folder/deep/er/c'), del('/link'));
  await step(batch(...Array.from({ length: 50 }, (_, i) => put(`/many/${i}`, `file ${i}`)), del('/block'), put('/a.txt', 'third')));
  await step(batch(...Array.from({ length: 25 }, (_, i) => del(`/many/${2 * i}`)), put('/ä/€/😀 "quoted"', 'names')));
  await step(put('/folder-1', 'between'), put('/folder0', 'behind'), link('/a.txt', 'b'));
  return { model, history };
}

async function expectAll(drive, port) {
  const { model, history } = await written(drive), ours = readDrive(drive.key, port);
  await expectDrive(drive, model);
  for (const { version, model: then } of [...history, { version: 0, model }]) await expectRead(ours, then, version);
  await expectError(ours.call('readFile', ['/many/0']), 'NotFoundError');
  await expectError(ours.call('readFile', ['/nowhere']), 'NotAFileError');
  await expectError(ours.call('readFile', ['/a.txt'], drive.version + 1), 'NotFoundError');
  return ours;
}

async function withPort(drive) { return (await listen(drive.corestore)).port; }

// A drive on a core of the old form, of which Corestore makes none any more.
async function compatDrive() {
  const shelf = await store(), metadata = shelf.get({ key: keyPair(1).publicKey, keyPair: keyPair(1) });
  await metadata.ready();
  const drive = new Hyperdrive(shelf, null, { _db: new Hyperbee(metadata, { keyEncoding: 'utf-8', valueEncoding: 'json', metadata: { contentFeed: null } }) });
  await drive.ready();
  return drive;
}

// A drive like this one, both of whose cores two of three signers signed.
async function cosignedDrive(drive) {
  const shelf = await store(), metadata = await cosigned(shelf, drive.core), blobs = (await drive.getBlobs()).core;
  await cosigned(shelf, blobs, Hyperdrive.getContentManifest(metadata.manifest, metadata.key));
  return { key: metadata.key, port: (await listen(shelf)).port };
}

// Counts what a core of npm's gave away.
function uploads(of) {
  const sent = { count: 0 };
  of.on('upload', () => { sent.count++; });
  return sent;
}

async function manyFiles() {
  const drive = await newDrive(), batch = drive.batch();
  for (let i = 0; i < MANY; i++) await batch.put(`/many/${String(i).padStart(7, '0')}`, String(i).padStart(7, '0'));
  await batch.flush();
  return { key: drive.key, port: await withPort(drive), sent: [uploads(drive.core), uploads((await drive.getBlobs()).core)] };
}

async function ourManyFiles() {
  const ours = await serveDrive();
  await ours.change(1000, 'mkdir', ['/many']);
  await ours.ask(`many ${Buffer.from('/many').toString('hex')} ${MANY} 1000`);
  await ours.commit();
  return ours;
}

// Of a drive of 20,000 files, one path: what is there, or that nothing is. A new reader each time, which knows nothing yet.
async function expectFew(drive, note) {
  const cost = [], fresh = () => readDrive(drive.key, drive.port);
  let most = 0;
  for (const i of [0, 4999, 12345, MANY - 1]) {
    const path = `/many/${String(i).padStart(7, '0')}`, { value, blocks, received } = await fresh().call('readFile', [path]);
    equal(value, path.slice(6), 'content');
    equal(blocks[1], 1, 'blocks of the blobs core');
    cost.push(blocks[0]);
    most = Math.max(most, received);
    assert(received < 60000, `${received} bytes for one file`);
  }
  for (const path of ['/many/0012345x', '/zzz', '/a', '/many/0012345/x']) cost.push((await expectError(fresh().call('readFile', [path]), 'NotFoundError')).blocks[0]);
  const some = await fresh().call('readdir', ['/many', { after: '0007000', limit: 20 }]);
  equal(some.value.join(), Array.from({ length: 20 }, (_, i) => String(7001 + i).padStart(7, '0')).join(), '20 names of many');
  assert(some.blocks[0] <= 3 * MOST_BLOCKS, `${some.blocks[0]} blocks for 20 names`);
  for (const path of ['/many', '/']) equal((await fresh().call('stat', [path])).value.type, 'directory', path);
  assert(Math.max(...cost) <= MOST_BLOCKS, `${cost} blocks`);
  note(`${cost} blocks, at most ${most} bytes`);
  return fresh();
}

async function expectManyListed(ours, drive) {
  await ours.all(0);
  const { value } = await ours.call('readdir', ['/many']);
  equal(value.length, MANY, 'names');
  assert(value.every((name, i) => name === String(i).padStart(7, '0')), 'the names differ');
}

// A file of 64 MiB in pieces, and whole.
const LARGE = 64 << 20;
async function expectLarge(key, port, note) {
  const wanted = noise(LARGE, 7), ours = readDrive(key, port);
  for (const [offset, len, blocks] of [[0, 10, 1], [65530, 10, 2], [LARGE - 1, 100, 1], [40000000, 65537, 2], [LARGE, 10, 0]]) {
    const piece = await ours.save('/large', { offset, len });
    assert(piece.bytes.equals(wanted.subarray(offset, offset + len)), `bytes ${offset} to ${offset + len}`);
    assert(piece.blocks[1] <= blocks, `${piece.blocks[1]} blocks for ${len} bytes`);
  }
  const start = performance.now(), whole = await ours.save('/large');
  assert(whole.bytes.equals(wanted), 'the whole file');
  note(`${Math.round(64000 / (performance.now() - start))} MiB/s`);
}

// A program that a document shows, compiled as it is printed there; run it with arguments.
async function compiled(document, name) {
  const text = readFileSync(document, 'utf8').split('\n'), first = text.findIndex(line => line.startsWith(`    /* ${name} `)), dir = folder();
  const behind = text.findIndex((line, i) => i > first && line !== '' && !line.startsWith('    '));
  assert(first > 0 && behind > first, `no ${name} in the document`);
  writeFileSync(join(dir, name), text.slice(first, behind).map(line => line.slice(4)).join('\n'));
  const flags = (process.env.CFLAGS ?? '-O1').split(' ').filter(Boolean), strict = ['-Wall', '-Wextra', '-Werror', '-I', join(root, 'include')];
  execFileSync(process.env.CC ?? 'cc', [...flags, ...strict, '-o', join(dir, 'program'), join(dir, name), join(build, 'libvms.so'), `-Wl,-rpath,${build}`]);
  return async args => {
    const child = spawn(join(dir, 'program'), args), out = [];
    let said = '';
    child.stdout.on('data', more => out.push(more));
    child.stderr.on('data', more => { said += more; });
    const [code] = await once(child, 'close');
    return { code, said, out: Buffer.concat(out) };
  };
}

async function expectRefused(ours, asking) {
  asking.catch(() => {});
  equal(await ours.ended, 1, 'our reader ended with');
  assert(/hash|signature|proof|checksum|does not/.test(ours.said), `no reason: ${ours.said}`);
}

await cases({
  'we list and read npm\'s drive, in all its versions': async note => {
    const drive = await newDrive();
    await expectAll(drive, await withPort(drive));
    note(`${drive.version} versions`);
  },
  'we read a compat drive, whose header names the blobs core': async () => {
    const drive = await compatDrive();
    equal(drive.core.core.compat, true, 'compat');
    await expectAll(drive, await withPort(drive));
  },
  'we read a drive that two of three signed': async () => {
    const drive = await newDrive(), { model } = await written(drive), { key, port } = await cosignedDrive(drive);
    await expectDrive(await driveOf(key, port), model);
    await expectRead(readDrive(key, port), model);
  },
  'we read an npm drive from a second npm peer': async () => {
    const drive = await newDrive(), { model } = await written(drive), second = await driveOf(drive.key, await withPort(drive));
    for (const each of [second.core, (await second.getBlobs()).core]) {
      await each.update({ wait: true });
      await each.download({ start: 0, end: each.length }).done();
    }
    await expectRead(readDrive(drive.key, (await listen(second.shelf)).port), model);
  },
  'we read a drive of which three npm peers have a third each': async () => {
    const drive = await newDrive(), { model } = await written(drive), port = await withPort(drive), ports = [];
    for (let third = 0; third < 3; third++) {
      const part = await driveOf(drive.key, port);
      for (const each of [part.core, (await part.getBlobs()).core]) {
        await each.update({ wait: true });
        await each.download({ blocks: Array.from({ length: each.length }, (_, i) => i).filter(i => i % 3 === third) }).done();
      }
      part.link.close();
      ports.push((await listen(part.shelf)).port);
    }
    await expectRead(readDrive(drive.key, ports), model);
  },
  'we follow what npm changes': async () => {
    const drive = await newDrive();
    await drive.put('/a', '0');
    const ours = readDrive(drive.key, await withPort(drive));
    for (let i = 0; i < 10; i++) {
      await drive.put('/a', `${i}`);
      await drive.put(`/b${i}`, noise(70000, i));
      await ours.length(drive.version);
      equal((await ours.call('readFile', ['/a'])).value, `${i}`, 'the change');
      assert((await ours.call('readFile', [`/b${i}`, 'binary'])).value.equals(noise(70000, i)), 'the new file');
    }
    equal((await ours.call('readFile', ['/a'], 2)).value, '0', 'the first version');
  },
  'we read the history of npm\'s drive, and a long folder in pieces': async () => {
    const drive = await newDrive(), { history } = await written(drive), ours = readDrive(drive.key, await withPort(drive));
    const told = (await ours.call('history', ['/a.txt', {}])).value.map(({ version, type, path }) => `${version} ${type} ${path}`);
    const wanted = history.filter((step, i) => step.model.get('/a.txt') !== history[i - 1]?.model.get('/a.txt'));
    equal(told.length, wanted.length, `changes: ${told}`);
    for (const { version, model } of wanted) {
      const change = (await ours.call('history', ['/a.txt', { reverse: true, limit: 1 }], version)).value[0];
      if (model.get('/a.txt').content === undefined) continue;
      equal((await ours.call('readFile', ['/a.txt'], change.version)).value, String(model.get('/a.txt').content), 'what the change wrote');
    }
    const names = [], all = (await ours.call('readdir', ['/many'])).value;
    for (let after; ;) {
      const some = (await ours.call('readdir', ['/many', { limit: 7, ...(after === undefined ? {} : { after }) }])).value;
      names.push(...some);
      after = some.at(-1);
      if (some.length < 7) break;
    }
    equal(names.join(), all.join(), 'names in pieces');
    equal(all.length, 25, 'names');
  },
  'one of 20,000 files of npm\'s travels alone, with its proof': async note => {
    const drive = await manyFiles(), ours = await expectFew(drive, note);
    assert(drive.sent[0].count <= 10 * MOST_BLOCKS && drive.sent[1].count === 4, `npm sent ${drive.sent[0].count} and ${drive.sent[1].count} blocks`);
    await expectManyListed(ours, drive);
  },
  'one of 20,000 files of ours travels alone, with its proof': async note => {
    const drive = await ourManyFiles();
    await expectManyListed(await expectFew(drive, note), drive);
  },
  'we read a file of 64 MiB of npm\'s': async note => {
    const drive = await newDrive(), stream = drive.createWriteStream('/large'), bytes = noise(LARGE, 7);
    const ended = new Promise((done, failed) => stream.on('close', done).on('error', failed));
    for (let at = 0; at < LARGE; at += 65536) stream.write(bytes.subarray(at, at + 65536));
    stream.end();
    await ended;
    await expectLarge(drive.key, await withPort(drive), note);
  },
  'we read a file of 64 MiB of ours': async note => {
    const drive = await serveDrive();
    await drive.ask(`file ${Buffer.from('/large').toString('hex')} ${LARGE} 7 1000 0`);
    await drive.commit();
    await expectLarge(drive.key, drive.port, note);
  },

  'we refuse an npm drive with a changed block': async () => {
    for (const which of ['metadata', 'blobs']) {
      const drive = await newDrive();
      await drive.put('/a', 'content');
      const told = lying(which === 'metadata' ? drive.core : (await drive.getBlobs()).core, 'block'), ours = readDrive(drive.key, await withPort(drive));
      await expectRefused(ours, ours.call('readFile', ['/a']));
      assert(told.count > 0, `it told no lie about ${which}`);
    }
  },
  'npm and we refuse our drive with a changed block': async () => {
    for (const lie of ['metadata', 'blobs']) {
      const drive = await serveDrive({ lie });
      await drive.put('/a', Buffer.from('content'));
      await drive.commit();
      const ours = readDrive(drive.key, drive.port);
      await expectRefused(ours, ours.call('readFile', ['/a']));
      const signer = { publicKey: crypto.keyPair(seed(7)).publicKey }, manifest = Verifier.createManifest({ version: 1, signers: [signer] });
      const reader = await core(lie === 'metadata' ? drive.key : Hyperdrive.getContentKey(manifest, drive.key));
      let refused = null;
      reader.on('verification-error', error => { refused ??= error; });
      connect(reader, drive.port);
      reader.download({ start: 0, end: -1 });
      await until(() => refused !== null, 'the refusal');
      equal(refused.code, 'INVALID_CHECKSUM', 'reason');
    }
  },

  'what we do not read of npm\'s drives is an error, and the rest is read': async () => {
    const drive = await newDrive(), long = 'x'.repeat(1100), blobs = await drive.getBlobs();
    await drive.put('/good', 'good');
    await drive.put('/bad\nname', 'bad');
    await drive.put(`/${long}`, 'long');
    await drive.putEntry('/mapped', { blob: await blobs.put(noise(200000, 1), { dedup: true }) });
    equal((await drive.entry('/mapped')).value.blob.blockMap, true, 'a block map');
    await drive.db.put('not a file', 'anything');
    const ours = readDrive(drive.key, await withPort(drive));
    equal((await ours.call('readFile', ['/good'])).value, 'good', 'content');
    equal((await ours.call('readdir', ['/'])).value.length, 4, 'names');
    equal((await ours.find('/none')).status, 'VMS_ERR_NOT_FOUND', 'status');
    await expectError(ours.call('readFile', ['/bad\nname']), 'InvalidPathError');
    await expectError(ours.call('readFile', [`/${long}`]), 'InvalidPathError');
    await expectError(ours.call('readFile', ['/mapped']), 'NotSupportedError');
    const locked = new Hyperdrive(await store(), { encryptionKey: seed(5) });
    await locked.put('/a', 'a');
    const without = readDrive(locked.key, (await listen(locked.corestore)).port), asking = without.call('stat', ['/a']);
    asking.catch(() => {});
    equal(await without.ended, 1, 'an encrypted drive: our reader ended with');
    assert(/not the header/.test(without.said), without.said);
  },

  'the program of replication.md prints a file of npm\'s and of ours': async note => {
    const print = await compiled(join(root, 'doc/replication.md'), 'readfile.c');
    const theirs = await newDrive(), ours = await serveDrive(), content = noise(1500000, 9);
    await theirs.put('/folder/file', content);
    await ours.change(1000, 'mkdir', ['/folder']);
    await ours.put('/folder/file', content);
    await ours.commit();
    for (const { key, port } of [{ key: theirs.key, port: await withPort(theirs) }, ours]) {
      const { code, out } = await print([hex(key), '127.0.0.1', String(port), '/folder/file']);
      equal(code, 0, 'it ended with');
      assert(out.equals(content), `it printed ${out.length} bytes`);
      const missing = await print([hex(key), '127.0.0.1', String(port), '/folder/none']);
      equal(missing.code, 1, 'without a file it ended with');
      note(missing.said.trim());
    }
    const service = await host(join(root, 'test/interop/files.js')), text = 'from a contract';
    await service.call([{ method: 'files', params: [['writeFile', '/x', text]] }]);
    equal(String((await print([hex(service.archive), '127.0.0.1', String(service.port), '/x'])).out), text, 'the file of a host');
    const lying = await serveDrive({ lie: 'blobs' });
    await lying.put('/a', content);
    await lying.commit();
    const refused = await print([hex(lying.key), '127.0.0.1', String(lying.port), '/a']);
    equal(refused.code, 1, 'lied to it ended with');
    equal(refused.out.length, 0, 'what it printed');
    note(refused.said.trim());
  },
});

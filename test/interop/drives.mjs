// SPDX-License-Identifier: MIT
// What the cases about drives share: npm's hyperdrive, and a plain map of paths to compare a drive with.
import { assert, connect, equal, hex, later, npm, store } from './harness.mjs';

export const Hyperdrive = npm('hyperdrive');

// --- a map of what has to be there: path -> { content } or { folder: true } or { link } -------------------------------------

const bytesOrder = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
export const paths = model => [...model.keys()].sort(bytesOrder);
export const copyOf = model => new Map(model);

// What lies directly in a folder.
export function namesIn(model, folder) {
  const prefix = folder === '/' ? '/' : folder + '/', names = new Set();
  for (const path of model.keys()) if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0]);
  return [...names].sort(bytesOrder);
}

export function folders(model) {
  const all = new Set(['/']);
  for (const [path, at] of model) {
    const parts = path.split('/');
    for (let n = 2; n < parts.length + (at.folder ? 1 : 0); n++) all.add(parts.slice(0, n).join('/'));
  }
  return [...all];
}

// Bytes that look random, always the same for a number.
export function noise(len, n) {
  const bytes = Buffer.alloc(len);
  let state = (n * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < len; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

// Numbers that depend on the seed alone (mulberry32).
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return { below: n => next() % n, bytes: len => noise(len, next()) };
}

// --- npm's drives ------------------------------------------------------------------------------------------------------------

// A drive of which only the key is known, read from this port.
export async function driveOf(key, port) {
  const shelf = await store(), drive = new Hyperdrive(shelf, key);
  later(() => drive.close());
  await drive.ready();
  const link = connect(shelf, port);
  await drive.core.update({ wait: true });
  return Object.assign(drive, { link, shelf });
}

export async function newDrive() {
  const drive = new Hyperdrive(await store());
  later(() => drive.close());
  await drive.ready();
  return drive;
}

export async function all(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}
export const bytesOf = async stream => Buffer.concat(await all(stream));

function expectContent(got, wanted, path) {
  assert(got !== null, `${path} has no content`);
  assert(got.equals(wanted), `${path}: ${got.length} bytes, not the ${wanted.length} that were written`);
}

async function expectEntry(drive, path, wanted) {
  const { value } = await drive.entry(path);
  equal(value.linkname, wanted.link ?? null, `link of ${path}`);
  equal(value.executable, wanted.executable ?? false, `executable of ${path}`);
  if (wanted.content) {
    equal(value.blob.byteLength, wanted.content.length, `size of ${path}`);
    expectContent(await drive.get(path), wanted.content, path);
  } else equal(await drive.get(path), null, `content of ${path}`);
  if (wanted.folder) equal(value.metadata.folder, true, `folder of ${path}`);
  if (wanted.metadata) equal(JSON.stringify(value.metadata), JSON.stringify(wanted.metadata), `metadata of ${path}`);
}

// npm's readdir goes on behind "NAME0" after a folder NAME in which something lies: a file or empty folder of that name it never tells.
const toldByNpm = (model, folder) => namesIn(model, folder).filter(name => {
  const path = `${folder === '/' ? '' : folder}/${name}`, within = each => [...model.keys()].some(other => other.startsWith(each + '/'));
  return !(name.endsWith('0') && !within(path) && within(path.slice(0, -1)));
});

// All that npm can say of a drive is what the map says. npm names a folder twice if another name stands between its entry and its first file.
export async function expectDrive(drive, model, { contents = true } = {}) {
  const listed = (await all(drive.list('/'))).map(entry => entry.key);
  equal(JSON.stringify(listed), JSON.stringify(paths(model)), 'list');
  for (const folder of folders(model)) {
    const names = [...new Set(await all(drive.readdir(folder)))].sort(bytesOrder);
    equal(JSON.stringify(names), JSON.stringify(toldByNpm(model, folder)), `names in ${folder}`);
  }
  if (contents) for (const [path, wanted] of model) await expectEntry(drive, path, wanted);
}

// drive.diff(from) of a drive that is `after` and was `before`: every path that changed, and no other.
export async function expectDiff(drive, version, before, after) {
  const told = new Map();
  for await (const { left, right } of drive.diff(version)) told.set((left ?? right).key, `${left ? 'is' : ''}${right ? 'was' : ''}`);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(path), is = after.get(path), wanted = was === is ? undefined : `${is ? 'is' : ''}${was ? 'was' : ''}`;
    equal(told.get(path), wanted, `difference at ${path}`);
    told.delete(path);
  }
  equal([...told.keys()].join(), '', 'differences where nothing changed');
}

export async function hashes(drive) {
  const { core } = await drive.getBlobs();
  const of = async each => `${each.length} ${hex(await each.treeHash())}`;
  return `${await of(drive.core)} ${await of(core)}`;
}

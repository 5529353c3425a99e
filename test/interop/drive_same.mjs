// SPDX-License-Identifier: MIT
// The same operations carried out by npm's hyperdrive and hyperbee and by us: after each one the cores have the same blocks.
//   node drive_same.mjs [--seeds N] [--operations N] [--from SEED] [WORD...]
import { assert, cases, core, equal, hex, npm, option } from './harness.mjs';
import { hashes, newDrive, random } from './drives.mjs';
import { serveDrive } from './ours.mjs';

const Hyperbee = npm('hyperbee');
const SEEDS = option('seeds', 5), OPERATIONS = option('operations', 500), FROM = option('from', 1);

// Names of every length, short ones often, so that they meet again.
function nameOf(r) {
  const odd = ['ä', '€', '😀', ' ', '.x', '"', '&', '%2f', 'a'.repeat(200), '-', '0', '~', '\u200d', 'Ω'.repeat(60), ':', '#'];
  if (r.below(4) === 0) return odd[r.below(odd.length)] + r.below(3);
  return String.fromCharCode(97 + r.below(12)) + (r.below(3) === 0 ? String.fromCharCode(97 + r.below(26)) : '');
}
const SIZES = [0, 1, 10, 10, 10, 10, 100, 100, 1000, 5000, 65535, 65536, 65537, 140000];

// One operation on both; the map knows what is there, so that ours is never refused: 'file' or 'folder'.
async function operate(r, model, npm, ours, time) {
  const known = [...model.keys()], metadata = { mtime: time };
  const folders = ['', ...known.filter(path => model.get(path) === 'folder' && path.split('/').length <= 4)];
  const path = `${folders[r.below(folders.length)]}/${nameOf(r)}`, any = known[r.below(known.length)], chance = r.below(100);
  if (chance < 25 && known.length > 0) {
    const folder = model.get(any) === 'folder';
    if (folder && known.some(each => each.startsWith(any + '/'))) return false;
    model.delete(any);
    await Promise.all([npm.del(any), ours.change(time, folder ? 'rmdir' : 'unlink', [any, ...(folder ? [{}] : [])])]);
  } else if (chance < 35) {
    if (model.has(path)) return false;
    model.set(path, 'folder');
    await Promise.all([npm.putEntry(path, { metadata: { mtime: time, folder: true } }), ours.change(time, 'mkdir', [path])]);
  } else if (chance < 45) {
    const { value } = model.get(any) === 'file' ? await npm.entry(any) : {}, move = chance < 40;
    if (value === undefined || model.has(path)) return false;
    model.set(path, 'file');
    if (move) model.delete(any);
    const theirs = async () => { await npm.putEntry(path, { ...value, metadata }); if (move) await npm.del(any); };
    await Promise.all([theirs(), ours.change(time, move ? 'rename' : 'copy', [any, path])]);
  } else {
    const target = chance < 60 && any !== undefined ? any : path;
    if (model.get(target) === 'folder') return false;
    const content = r.bytes(SIZES[r.below(SIZES.length)]);
    model.set(target, 'file');
    await Promise.all([npm.put(target, content, { metadata }), ours.put(target, content, time)]);
  }
  return true;
}

// --- bees: keys of any bytes ---------------------------------------------------------------------------------------------

const keyOf = (r, known) => {
  if (r.below(3) === 0 && known.length > 0) return known[r.below(known.length)];
  const kind = r.below(10);
  return kind === 0 ? Buffer.alloc(0) : kind === 1 ? Buffer.alloc(r.below(40), r.below(2) * 255) : r.bytes(kind === 2 ? 500 : 1 + r.below(3));
};
const valueOf = r => (r.below(10) === 0 ? null : r.bytes([0, 1, 20, 20, 300][r.below(5)]));

async function operateBee(r, known, npm, ours) {
  const key = keyOf(r, [...known.values()]);
  if (r.below(100) < 40) {
    known.delete(hex(key));
    return Promise.all([npm.del(key), ours.beeDel(key)]);
  }
  const value = valueOf(r);
  known.set(hex(key), key);
  return Promise.all([npm.put(key, value), ours.beePut(key, value)]);
}

async function sameBee(r, operations, batches) {
  const known = new Map(), written = await core(), bee = new Hyperbee(written, { keyEncoding: 'binary', valueEncoding: 'binary' }), ours = await serveDrive();
  await bee.ready();
  for (let done = 0; done < operations;) {
    const count = batches ? 1 + r.below(r.below(10) === 0 ? 200 : 12) : 1;
    if (batches) {
      const batch = bee.batch();
      await ours.begin();
      for (let i = 0; i < count; i++) await operateBee(r, known, batch, ours);
      await Promise.all([batch.flush(), ours.end()]);
    } else await operateBee(r, known, bee, ours);
    done += count;
    const [length, hash] = (await ours.state()).split(' ').slice(4);
    equal(`${length} ${hash}`, `${written.length} ${hex(await written.treeHash())}`, `the bee after operation ${done}`);
  }
  return `${written.length} blocks, ${known.size} keys`;
}

const all = {};
for (let seed = FROM; seed < FROM + SEEDS; seed++) {
  all[`npm and we write the same drive, seed ${seed}`] = async note => {
    const r = random(seed), model = new Map(), npm = await newDrive(), ours = await serveDrive();
    let done = 0;
    while (done < OPERATIONS) {
      if (!await operate(r, model, npm, ours, 1000 + done)) continue;
      done++;
      const [length, hash, blobs, blobsHash] = (await ours.state()).split(' ');
      equal(`${length} ${hash} ${blobs} ${blobsHash}`, await hashes(npm), `both cores after operation ${done}`);
    }
    assert(model.size > 0, 'nothing is left');
    note(`${npm.version} blocks, ${(await npm.getBlobs()).core.length} blobs`);
  };
  all[`npm and we write the same bee, seed ${seed}`] = async note => note(await sameBee(random(seed), OPERATIONS, false));
  all[`npm and we write the same bee in batches, seed ${seed}`] = async note => note(await sameBee(random(seed), OPERATIONS, true));
}
await cases(all);

// SPDX-License-Identifier: MIT
// What the cases share: npm's hypercore in temporary folders, connections over TCP, and a list of cases that is run one after the other.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CASE_MS = 1800000; // a case that takes longer hangs
const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '../..');
export const build = resolve(process.env.BUILD ?? join(root, 'build'));
export const packages = resolve(process.env.INTEROP ?? join(root, 'build/deps/interop'));
export const npm = createRequire(join(packages, 'package.json'));
const Hypercore = npm('hypercore'), Corestore = npm('corestore'), crypto = npm('hypercore-crypto');
const caps = npm('hypercore/lib/caps'), Verifier = npm('hypercore/lib/verifier'), flat = npm('flat-tree');
const { partialSignature } = npm('hypercore/lib/multisig');
export { Hypercore, Corestore, Verifier, crypto };

export const sleep = ms => new Promise(done => setTimeout(done, ms));
export const hex = bytes => Buffer.from(bytes).toString('hex');
export const seed = n => Buffer.alloc(32, n);
export const keyPair = n => crypto.keyPair(seed(n));

export function assert(holds, message = 'it does not hold') { if (!holds) throw new Error(message); }
export function equal(a, b, what = 'value') { if (a !== b) throw new Error(`${what}: ${a} is not ${b}`); }

// The blocks of the vectors: of 1 to 23 bytes, told apart by their number.
export function block(i) {
  const bytes = Buffer.alloc(((i * 7) % 23) + 1);
  for (let j = 0; j < bytes.length; j++) bytes[j] = (31 * i + 17 * j + 7) & 255;
  return bytes;
}
export const blocks = (from, to) => Array.from({ length: to - from }, (_, i) => block(from + i));

export async function until(holds, what, ms = 300000) { // machines can be busy
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10)) if (await holds()) return;
  throw new Error(`waited ${ms} ms for ${typeof what === 'function' ? what() : what}`);
}

// --- what a case opened is closed behind it ------------------------------------------------------------------------

let closers = [];
export const later = close => { closers.push(close); };
async function closeAll() {
  for (const close of closers.reverse()) await Promise.race([Promise.resolve().then(close).catch(() => {}), sleep(30000)]);
  closers = [];
}

export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'interop-'));
  later(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

// --- cores of npm ------------------------------------------------------------------------------------------------------

export async function core(key, options) {
  const made = new Hypercore(folder(), key, options);
  later(() => made.close());
  await made.ready();
  return made;
}
export async function store(options) {
  const made = new Corestore(folder(), options);
  later(() => made.close());
  await made.ready();
  return made;
}

// A core written by us that holds blocks 0 to length - 1.
export async function written(length, options = {}) {
  const made = await core(null, { keyPair: keyPair(1), ...options });
  for (let from = 0; from < length; from += 1000) await made.append(blocks(from, Math.min(from + 1000, length)));
  return made;
}

export function treeHash(length) {
  const roots = flat.fullRoots(2 * length).map(index => {
    const node = index => {
      if (index % 2 === 0) return { index, size: block(index / 2).length, hash: crypto.data(block(index / 2)) };
      const [left, right] = flat.children(index).map(node);
      return { index, size: left.size + right.size, hash: crypto.parent(left, right) };
    };
    return node(index);
  });
  return crypto.tree(roots);
}

// A core that two of three signers signed (npm's own signatures, put together by npm).
const threeSigners = version => Verifier.createManifest({ version, quorum: 2, signers: [1, 2, 3].map(n => ({ publicKey: keyPair(n).publicKey })) });
function signatureOfTwo(key, manifest, length, hash) {
  const verifier = new Verifier(key, manifest), tree = { length, fork: 0, signable: context => caps.treeSignable(context, hash, length, 0) };
  return verifier.assemble([2, 0].map(signer => ({ signer, signature: verifier.sign(tree, keyPair(signer + 1)), patch: 0, nodes: null })));
}
export async function multisigned(version, length) {
  const manifest = threeSigners(version), made = await core(null, { manifest });
  await made.append(blocks(0, length), { signature: signatureOfTwo(made.key, manifest, length, treeHash(length)) });
  return made;
}
// The blocks of another core, in this store, signed by two of three.
export async function cosigned(shelf, of, manifest = threeSigners(1)) {
  const made = shelf.get({ manifest }), all = [];
  await made.ready();
  for (let i = 0; i < of.length; i++) all.push(await of.get(i, { raw: true, valueEncoding: 'binary' }));
  await made.append(all, { signature: signatureOfTwo(made.key, manifest, of.length, await of.treeHash()) });
  return made;
}

// A core that begins with what its manifest names; the rest is signed by one key, or nobody may add to it.
export async function prologued(prologue, length) {
  const source = await written(prologue), signers = length > prologue ? [{ publicKey: keyPair(1).publicKey }] : [];
  const manifest = Verifier.createManifest({ version: 1, quorum: signers.length, signers, prologue: { hash: treeHash(prologue), length: prologue } });
  const made = await core(null, { manifest, keyPair: keyPair(1) });
  await made.core.copyPrologue(source.state);
  if (length > prologue) await made.append(blocks(prologue, length), { keyPair: keyPair(1) });
  return made;
}

// A core of 20 blocks of which one of two signers signed 30, and the nodes between.
export async function patched() {
  const signers = [1, 2].map(n => ({ publicKey: keyPair(n).publicKey })), longer = await written(30);
  const manifest = Verifier.createManifest({ version: 1, quorum: 2, allowPatch: true, signers });
  const made = await core(null, { manifest }), verifier = new Verifier(made.key, manifest);
  const sign = (n, length) => verifier.sign({ signable: context => caps.treeSignable(context, treeHash(length), length, 0) }, keyPair(n));
  const proofs = [await partialSignature(longer.core, 0, 20, 30, sign(1, 30)), { signer: 1, signature: sign(2, 20), patch: 0, nodes: null }];
  await made.append(blocks(0, 20), { signature: verifier.assemble(proofs) });
  return made;
}

// --- connections ---------------------------------------------------------------------------------------------------------

function join2(socket, stream) {
  socket.setNoDelay(true);
  socket.on('error', () => stream.destroy());
  stream.on('error', error => socket.destroy(error));
  stream.on('close', () => socket.destroy());
  socket.pipe(stream).pipe(socket);
  later(() => socket.destroy());
}

// Serves a core or store of npm's on a port of its own.
export async function listen(what) {
  const sockets = new Set();
  const server = net.createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    join2(socket, what.replicate(false));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  later(() => server.close());
  return { port: server.address().port, sockets, hangUp: () => { for (const socket of sockets) socket.destroy(); } };
}

// A core or store of npm's as the one that connects.
export function connect(what, port) {
  const socket = net.connect(port, '127.0.0.1'), stream = what.replicate(true);
  const link = { socket, stream, error: null, close: () => socket.destroy(), closed: new Promise(done => socket.on('close', done)) };
  stream.on('error', error => { link.error = error; });
  join2(socket, stream);
  return link;
}

// --- what npm has got ------------------------------------------------------------------------------------------------------

export async function expectBlocks(reader, from, to) {
  for (let i = from; i < to; i++) {
    const got = await reader.get(i, { wait: false });
    assert(got !== null && Buffer.compare(got, block(i)) === 0, `block ${i} differs`);
  }
}
// npm's own check of what it stored: nothing is corrupt, nothing has to be dropped.
export async function expectSound(reader) {
  const report = await reader.core.audit({ dryRun: true });
  const sound = report !== null && !report.corrupt && report.droppedTreeNodes + report.droppedBlocks + report.droppedBits === 0;
  assert(sound && report.blocks > 0, `audit: ${JSON.stringify(report)}`);
}
export async function downloadAll(reader, length) {
  await until(async () => { await reader.update({ wait: false }); return reader.length >= length; }, () => `length ${length}, at ${reader.length}`);
  await reader.download({ start: 0, end: length }).done();
  equal(reader.contiguousLength, length, 'contiguous length');
}

// --- a server of npm's that lies ---------------------------------------------------------------------------------------------

const flipped = bytes => { const copy = Buffer.from(bytes); copy[copy.length >> 1] ^= 1; return copy; };
const withFirst = (nodes, change) => [{ ...nodes[0], ...change(nodes[0]) }, ...nodes.slice(1)];
const inNodes = (answer, part, change) => answer[part]?.nodes.length > 0 && { ...answer, [part]: { ...answer[part], nodes: withFirst(answer[part].nodes, change) } };
// What it makes of an answer; nothing if it has no such part.
export const lies = {
  'block': answer => answer.block && { ...answer, block: { ...answer.block, value: flipped(answer.block.value) } },
  'node of a block': answer => inNodes(answer, 'block', node => ({ hash: flipped(node.hash) })),
  'size in a block\'s proof': answer => inNodes(answer, 'block', node => ({ size: node.size + 1 })),
  'number in a block\'s proof': answer => inNodes(answer, 'block', node => ({ index: node.index + 2 })),
  'node of a head': answer => inNodes(answer, 'upgrade', node => ({ hash: flipped(node.hash) })),
  'size in a head': answer => inNodes(answer, 'upgrade', node => ({ size: node.size + 1 })),
  'length': answer => answer.upgrade && { ...answer, upgrade: { ...answer.upgrade, length: answer.upgrade.length - 1 } },
  'fork': answer => answer.upgrade && { ...answer, fork: answer.fork + 1 },
  'signature': answer => answer.upgrade && { ...answer, upgrade: { ...answer.upgrade, signature: flipped(answer.upgrade.signature) } },
  'manifest': answer => answer.manifest && { ...answer, manifest: Verifier.createManifest({ version: 1, signers: [{ publicKey: keyPair(9).publicKey }] }) },
};
// Returns how many answers were changed.
export function lying(core, lie) {
  const told = { count: 0 };
  core.on('peer-add', peer => {
    const wire = peer.wireData, send = wire.send;
    wire.send = answer => {
      const changed = lies[lie](answer);
      if (changed) told.count++;
      return send.call(wire, changed || answer);
    };
  });
  return told;
}

// --- cases -------------------------------------------------------------------------------------------------------------------

// --NAME N on the command line.
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv.splice(at, 2)[1]);
}

// Runs what was asked for on the command line, or all; one line for each, then how many passed.
export async function cases(all) {
  const wanted = process.argv.slice(2), failed = [];
  let passed = 0;
  process.on('unhandledRejection', error => { console.log(`# unhandled: ${error.message}`); });
  for (const [name, run] of Object.entries(all)) {
    if (wanted.length > 0 && !wanted.some(word => name.includes(word))) continue;
    const start = performance.now(), notes = [];
    try {
      await Promise.race([run(note => notes.push(note)), sleep(CASE_MS).then(() => { throw new Error(`still running after ${CASE_MS} ms`); })]);
      passed++;
      console.log(`passed: ${name} (${[`${Math.round(performance.now() - start)} ms`, ...notes].join(', ')})`);
    } catch (error) {
      failed.push(name);
      console.log(`FAILED: ${name}: ${process.env.V ? error.stack : error.message}`);
    }
    await closeAll();
  }
  console.log(`${passed} passed, ${failed.length} failed`);
  process.exit(failed.length === 0 ? 0 : 1);
}

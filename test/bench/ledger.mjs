// SPDX-License-Identifier: MIT
// The npm side of test/bench/ledger.c, which starts it: hypercore does the same work on the same machine.
// Prints lines "name per-second per-second-of-processor-time" (all of its threads); what a name means stands in ledger.c. Arguments: a folder to work in, seconds per figure, bytes in a block.
// hypercore-storage keeps everything in RocksDB and never asks it to sync: an append is done when it is in the write-ahead log, which
// the system writes when it likes. So npm's figures are to be read beside ours without a sync; npm has no figure with one.
import { createRequire } from 'node:module'
import { resolve, join } from 'node:path'
import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import net from 'node:net'
import { say, now, watch } from './bench.mjs'
const require = createRequire(resolve(process.env.DEPS ?? 'build/deps', 'interop/package.json'))
const Hypercore = require('hypercore')
const { MerkleTree } = require('hypercore/lib/merkle-tree')

async function open (folder, key, options) {
  const core = new Hypercore(folder, key ?? null, options)
  await core.ready()
  return core
}

const rule = (seed, len) => Buffer.alloc(len, seed & 255)

async function appends (folder, seconds, len, batch) {
  const core = await open(folder)
  const blocks = Array.from({ length: batch }, (_, i) => rule(i, len))
  const one = () => core.append(batch === 1 ? blocks[0] : blocks)
  for (let i = 0; i < (batch === 1 ? 200 : 5); i++) await one()
  const since = watch()
  let count = 0
  while (since.seconds() < seconds) {
    await one()
    count += batch
  }
  const rate = since.done(count)
  await core.close()
  return rate
}

async function filled (folder, blocks, len) {
  const core = await open(folder)
  for (let at = 0; at < blocks; at += 1000) {
    await core.append(Array.from({ length: Math.min(1000, blocks - at) }, (_, i) => rule(at + i, len)))
  }
  return core
}

const NONE = { block: null, hash: null, seek: null, upgrade: null, manifest: false, priority: 0 }

// Answers a request as the replicator does.
async function prove (core, request) {
  const rx = core.state.storage.read()
  const block = rx.getBlock(request.block.index)
  const proof = await MerkleTree.proof(core.state, rx, request)
  rx.tryFlush()
  const settled = await proof.settle()
  settled.block.value = await block
  return settled
}

// Blocks of a core whose head the asker knows, each with the nodes up to its root.
async function proofs (core, folder, seconds) {
  const reader = await open(folder, core.key)
  const rx = core.state.storage.read()
  const head = MerkleTree.proof(core.state, rx, { ...NONE, id: 1, fork: 0, upgrade: { start: 0, length: core.length }, manifest: true })
  rx.tryFlush()
  const first = await (await head).settle()
  await reader.core.verify({ fork: core.fork, ...first, manifest: core.core.header.manifest })
  const nodes = Math.floor(Math.log2(core.length))
  const largest = 2 ** nodes
  const made = []
  let since = watch()
  while (since.seconds() < seconds) made.push(await prove(core, { ...NONE, id: 1, fork: 0, block: { index: (made.length * 7919) % largest, nodes } }))
  say('prove', since.done(made.length))
  let checked = 0
  since = watch()
  while (since.seconds() < seconds) {
    const batch = await MerkleTree.verify(reader.state, { fork: 0, ...made[checked % made.length] }) // throws if it is wrong; stores nothing
    if (!batch.commitable()) throw new Error('a proof was refused')
    checked++
  }
  say('check', since.done(checked))
  await reader.close()
}

async function download (key, length, folder, connect) {
  const reader = await open(folder, key)
  const since = watch()
  const end = connect(reader)
  await reader.get(0) // so that the length is known
  await reader.download({ start: 0, end: length }).done()
  const rate = since.done(length)
  if (!(await reader.has(0, length)) || reader.length !== length) throw new Error('not everything arrived')
  end()
  await reader.close()
  return rate
}

function inProcess (core) {
  return (reader) => {
    const a = core.replicate(false)
    const b = reader.replicate(true)
    a.on('error', () => {})
    b.on('error', () => {})
    a.pipe(b).pipe(a)
    return () => { a.destroy(); b.destroy() }
  }
}

function tcp (port) {
  return (reader) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    const stream = reader.replicate(true)
    stream.on('error', () => {})
    socket.on('error', () => {})
    stream.pipe(socket).pipe(stream)
    return () => { stream.destroy(); socket.destroy() }
  }
}

// The serving process of the TCP figure.
async function serve (folder) {
  const core = await open(folder)
  const server = net.createServer((socket) => {
    socket.setNoDelay(true)
    const stream = core.replicate(false)
    stream.on('error', () => {})
    socket.on('error', () => {})
    stream.pipe(socket).pipe(stream)
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('disconnect', () => process.exit(0))
}

async function main ([folder, seconds, len, blocks]) {
  const at = (name) => join(folder, 'npm-' + name)
  mkdirSync(folder, { recursive: true })
  seconds = Number(seconds)
  len = Number(len)
  blocks = Number(blocks)
  say('append_1', await appends(at('append-1'), seconds, len, 1))
  say('append_1000', await appends(at('append-1000'), seconds, len, 1000))
  let core = await filled(at('source'), blocks, len)
  await proofs(core, at('proofs'), seconds)
  say('download_memory', await download(core.key, blocks, at('download-memory'), inProcess(core)))
  await core.close()
  const child = fork(process.argv[1], ['serve', at('source')])
  const port = await new Promise((resolve) => child.once('message', resolve))
  say('download_tcp', await download(core.key, blocks, at('download-tcp'), tcp(port)))
  child.disconnect()
  await new Promise((resolve) => child.once('exit', resolve))
  for (const n of [1000, 10000, 100000]) {
    core = await filled(at('open-' + n), n, len)
    await core.close()
    const times = []
    for (let i = 0; i < 3; i++) {
      const start = now()
      core = await open(at('open-' + n))
      times.push(now() - start)
      if (core.length !== n) throw new Error('another length')
      await core.close()
    }
    say('open_' + n, { clock: Math.min(...times), processor: Math.min(...times) })
  }
}

if (process.argv[2] === 'serve') await serve(process.argv[3])
else await main(process.argv.slice(2))

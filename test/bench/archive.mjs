// SPDX-License-Identifier: MIT
// The npm side of test/bench/archive.c, which starts it: hyperbee and hyperdrive do the same work on the same machine. Prints lines
// "name per-second per-second-of-processor-time" (all of its threads); what a name means stands in archive.c. Arguments: phase, files, folder, seconds.
import { createRequire } from 'node:module'
import { resolve, join } from 'node:path'
import { readdirSync, statSync } from 'node:fs'
import { say, watch } from './bench.mjs'
const require = createRequire(resolve(process.env.DEPS ?? 'build/deps', 'interop/package.json'))
const Hypercore = require('hypercore')
const Hyperbee = require('hyperbee')
const Hyperdrive = require('hyperdrive')
const Corestore = require('corestore')
const crypto = require('hypercore-crypto')

const FOLDER_FILES = 100
const BATCH = 1000
const CHANGES_MAX = 5000
const COLD_GETS = 1000
const CONTENT_LEN = 100
const TIME_MS = 1700000000000

const [phase, count, folder, time] = process.argv.slice(2)
const files = Number(count)
const seconds = Number(time)
const changes = Math.min(files / 10, CHANGES_MAX)

const sayOne = (name, value) => say(name, { clock: value, processor: value })
const sayTime = (name, since) => {
  const { clock, processor } = since.done(1)
  say(name, { clock: 1 / clock, processor: 1 / processor })
}
const sayMemory = (name) => sayOne(name, process.resourceUsage().maxRSS / 1024)

function sayBytes (name, path) {
  let blocks = 0
  for (const entry of readdirSync(path, { recursive: true })) blocks += statSync(join(path, entry)).blocks
  sayOne(name, 512 * blocks / files)
}

const shuffled = (i) => (i * 7919 + 1) % files
const folderOf = (number) => '/d' + String(Math.floor(number / FOLDER_FILES)).padStart(5, '0')
const pathOf = (number) => folderOf(number) + '/f' + String(number % FOLDER_FILES).padStart(2, '0')
const keyOf = (number) => Buffer.from(pathOf(number))
const valueOf = (i) => Buffer.from(JSON.stringify({
  executable: false,
  linkname: null,
  blob: { blockOffset: i, byteOffset: i * CONTENT_LEN, blockLength: 1, byteLength: CONTENT_LEN },
  metadata: { mtime: TIME_MS }
}))

// Until the time is up, or once.
async function repeat (one) {
  const since = watch()
  let done = 0
  do await one(done++)
  while (since.seconds() < seconds)
  return since.done(done)
}

async function times (n, one) {
  const since = watch()
  for (let i = 0; i < n; i++) await one(i)
  return since.done(n)
}

// --- the map -------------------------------------------------------------------------------------

async function openMap (name) {
  const keyPair = crypto.keyPair(Buffer.alloc(32, 0).fill(7, 0, 1))
  const core = new Hypercore(join(folder, 'npm-' + name), null, { keyPair })
  await core.ready()
  const bee = new Hyperbee(core, { keyEncoding: 'binary', valueEncoding: 'binary' })
  await bee.ready()
  return bee
}

async function sayTree (name, bee) {
  const hash = await bee.core.treeHash()
  sayOne(name, hash.readUIntBE(0, 6))
}

const put = (into, i) => into.put(keyOf(shuffled(i)), valueOf(i))

async function mapFill1 () {
  const bee = await openMap('map-1')
  say('fill_1', await times(files, (i) => put(bee, i)))
  await sayTree('tree_fill_1', bee)
  await bee.close()
  sayBytes('bytes_fill_1', join(folder, 'npm-map-1'))
  sayMemory('memory_fill_1')
}

async function mapFill () {
  const bee = await openMap('map')
  let batch
  say('fill', await times(files, async (i) => {
    if (i % BATCH === 0) batch = bee.batch()
    await put(batch, i)
    if ((i + 1) % BATCH === 0) await batch.flush()
  }))
  await sayTree('tree_fill', bee)
  await bee.close()
  sayBytes('bytes_fill', join(folder, 'npm-map'))
  sayMemory('memory_fill')
}

async function get (bee, number, there) {
  const entry = await bee.get(there ? keyOf(number) : Buffer.concat([keyOf(number), Buffer.from('x')]))
  if (there ? entry.value.length < CONTENT_LEN : entry !== null) throw new Error('another answer')
}

async function walk (bee, range, expected) {
  let found = 0
  // eslint-disable-next-line no-unused-vars
  for await (const entry of bee.createReadStream(range)) found++
  if (found !== expected) throw new Error('another walk')
}

async function mapRead () {
  const start = watch()
  const bee = await openMap('map')
  await get(bee, files / 2, true)
  sayTime('open', start)
  const few = Math.min(COLD_GETS, files)
  say('get_cold', await times(COLD_GETS, (i) => get(bee, shuffled(i % files), true)))
  say('get_warm', await repeat((i) => get(bee, shuffled(i % few), true)))
  say('get', await repeat((i) => get(bee, shuffled(i % files), true)))
  say('absent', await repeat((i) => get(bee, shuffled(i % files), false)))
  say('list', await repeat((i) => {
    const path = folderOf(shuffled(i))
    return walk(bee, { gte: Buffer.from(path + '/'), lt: Buffer.from(path + '0') }, FOLDER_FILES)
  }))
  for (const reverse of [false, true]) {
    const since = watch()
    let done = 0
    for (; done === 0 || since.seconds() < seconds; done += files) await walk(bee, { reverse }, files)
    say(reverse ? 'back' : 'walk', since.done(done))
  }
  const before = bee.version
  say('del', await times(changes, (i) => bee.del(keyOf(shuffled(3 * i)))))
  const deleted = bee.version
  say('put', await times(changes, (i) => put(bee, 3 * i)))
  await sayTree('tree_changed', bee)
  await mapHistory(bee.checkout(deleted), before)
  sayMemory('memory_read')
  await bee.close()
}

async function mapHistory (bee, before) {
  const rounds = async (stream) => {
    const since = watch()
    let found = 0
    do for await (const entry of stream()) found += entry === null ? 0 : 1
    while (since.seconds() < seconds)
    if (found % changes !== 0) throw new Error('another difference')
    return since.done(found)
  }
  say('diff', await rounds(() => bee.createDiffStream(before)))
  say('history', await rounds(() => bee.createHistoryStream({ gte: before, lt: bee.version })))
}

// --- files ---------------------------------------------------------------------------------------

async function openFiles () {
  const store = new Corestore(join(folder, 'npm-files'))
  const drive = new Hyperdrive(store)
  await drive.ready()
  return drive
}

const write = (into, i) => into.put(pathOf(shuffled(i)), Buffer.alloc(CONTENT_LEN, i & 255), { metadata: { mtime: TIME_MS } })

async function filesFill () {
  const drive = await openFiles()
  let batch
  say('f_fill', await times(files, async (i) => {
    if (i % BATCH === 0) batch = drive.batch()
    await write(batch, i)
    if ((i + 1) % BATCH === 0) await batch.flush()
  }))
  await drive.close()
  sayBytes('bytes_f_fill', join(folder, 'npm-files'))
  sayMemory('memory_f_fill')
}

async function filesRead () {
  let start = watch()
  const drive = await openFiles()
  const read = async (number) => {
    if ((await drive.get(pathOf(number))).length !== CONTENT_LEN) throw new Error('another file')
  }
  await read(files / 2)
  sayTime('open_f', start)
  start = watch()
  await write(drive, 0)
  sayTime('open_f_write', start)
  say('f_get', await repeat((i) => read(shuffled(i % files))))
  say('f_stat', await repeat((i) => drive.entry(pathOf(shuffled(i % files)))))
  say('f_list', await repeat(async (i) => {
    let found = 0
    // eslint-disable-next-line no-unused-vars
    for await (const name of drive.readdir(folderOf(shuffled(i % files)))) found++
    if (found !== FOLDER_FILES) throw new Error('another folder')
  }))
  const since = watch()
  let found = 0
  // eslint-disable-next-line no-unused-vars
  for await (const entry of drive.list('/')) found++
  if (found !== files) throw new Error('another list')
  say('f_walk', since.done(files))
  say('f_del', await times(changes, (i) => drive.del(pathOf(shuffled(3 * i)))))
  say('f_put', await times(changes, (i) => write(drive, 3 * i)))
  sayMemory('memory_f_read')
  await drive.close()
}

await { 'map-fill-1': mapFill1, 'map-fill': mapFill, 'map-read': mapRead, 'files-fill': filesFill, 'files-read': filesRead }[phase]()

// dist.js - hands out files, such as the releases of a program, and vouches for their SHA-256.
// Files are bytes: they come and go as base64 in calls, and lie in the archive as they are.

const primes = []
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n)
const fraction = (x) => (x - Math.floor(x)) * 2 ** 32
const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)))
const START = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)))

// FIPS 180-4; some 60 steps a byte, so that a call has time for about 150 KB.
function sha256 (bytes) {
  const padded = Buffer.alloc((bytes.length + 72) & ~63)
  bytes.copy(padded)
  padded[bytes.length] = 0x80
  padded.writeUIntBE(bytes.length * 8, padded.length - 6, 6)
  const state = START.slice()
  const w = new Int32Array(64)
  for (let at = 0; at < padded.length; at += 64) {
    let [a, b, c, d, e, f, g, h] = state
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        w[i] = padded.readInt32BE(at + 4 * i)
      } else {
        const x = w[i - 15]
        const y = w[i - 2]
        w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
          ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)
      }
      const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i] | 0
      const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0
      h = g
      g = f
      f = e
      e = d + one | 0
      d = c
      c = b
      b = a
      a = one + two | 0
    }
    const parts = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i++) state[i] += parts[i]
  }
  const digest = Buffer.alloc(32)
  state.forEach((word, i) => digest.writeInt32BE(word, 4 * i))
  return digest.toString('hex')
}

function pathOf (name) {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw new TypeError('a name has small letters, digits, dots and dashes')
  return `/files/${name}`
}

exports.init = async () => {
  await System.files.mkdir('/files')
  await System.files.mkdir('/notes')
}

// Stores a file, unless its digest is another or the name is someone else's.
exports.publish = async (name, base64, digest) => {
  const path = pathOf(name)
  const bytes = Buffer.from(base64, 'base64')
  const found = sha256(bytes)
  if (digest !== undefined && digest !== found) throw new RangeError(`the digest is ${found}`)
  const note = await System.files.readFile(`/notes/${name}.json`, 'json').catch(() => null)
  if (note !== null && note.by !== System.caller.id) throw new Error('the name is taken')
  await System.files.writeFile(path, bytes)
  await System.files.writeFile(`/notes/${name}.json`, { by: System.caller.id, size: bytes.length, sha256: found }, 'json')
  console.log('published %s: %d bytes', name, bytes.length, bytes)
  return found
}

exports.list = async () => {
  const names = await System.files.readdir('/files')
  return Promise.all(names.map(async (name) => ({ name, ...await System.files.readFile(`/notes/${name}.json`, 'json') })))
}

// A file, or a part of it, as base64.
exports.fetch = async (name, from = 0, to = undefined) => {
  const bytes = await System.files.readFile(pathOf(name), 'binary')
  return bytes.subarray(from, to).toString('base64')
}

// Whether what is stored still is what was published.
exports.check = async (name) => {
  const { sha256: wanted } = await System.files.readFile(`/notes/${name}.json`, 'json')
  return sha256(await System.files.readFile(pathOf(name), 'binary')) === wanted
}

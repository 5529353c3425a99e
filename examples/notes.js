// notes.js - texts that everybody may change, and that nobody can lose: every version stays, with who wrote it and when.
const pathOf = (name) => {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new TypeError('a name has small letters, digits and dashes')
  return `/notes/${name}.txt`
}

exports.init = async () => {
  await System.files.mkdir('/notes')
}

exports.write = async (name, text) => {
  await System.files.writeFile(pathOf(name), String(text))
}

// A note as it is, or as it was in a version.
exports.read = async (name, version) => System.files.readFile(pathOf(name), { version })

exports.remove = async (name) => System.files.unlink(pathOf(name))

exports.rename = async (from, to) => System.files.rename(pathOf(from), pathOf(to))

// The newest changes of a note first, ten to a page: go on with `before` as the version of the last one.
exports.versions = async (name, before) => {
  const changes = await System.files.history(pathOf(name), { reverse: true, end: before, limit: 10 })
  return changes.map(({ version, type, record }) => ({ version, removed: type === 'del', by: record.caller, at: record.time, call: record.seq }))
}

// Makes an old version the newest one.
exports.restore = async (name, version) => {
  const path = pathOf(name)
  await System.files.writeFile(path, await System.files.readFile(path, { version, encoding: 'binary' }))
}

// A page of names, from the one behind `after` on.
exports.list = async (after) => System.files.readdir('/notes', { after, limit: 100 })

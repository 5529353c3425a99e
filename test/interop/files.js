// SPDX-License-Identifier: MIT
// files.js - carries out the file calls that it is given: [["writeFile", "/a", {"base64": "AAE="}], ...].
const given = (value) => value !== null && typeof value === 'object' && 'base64' in value ? Buffer.from(value.base64, 'base64') : value

exports.files = async (...steps) => {
  const results = []
  for (const [name, ...args] of steps) results.push(await System.files[name](...args.map(given)))
  return results
}

// The same, and then it fails.
exports.fail = async (...steps) => {
  await exports.files(...steps)
  throw new Error('on purpose')
}

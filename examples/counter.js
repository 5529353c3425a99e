// counter.js - a number that everybody may raise. It lives in a file: memory is only a cache.
const PATH = '/counter.json'

exports.init = async () => {
  await System.files.writeFile(PATH, '0')
}

exports.get = async () => JSON.parse(await System.files.readFile(PATH))

exports.add = async (amount = 1) => {
  const next = JSON.parse(await System.files.readFile(PATH)) + Number(amount)
  await System.files.writeFile(PATH, JSON.stringify(next))
  return next
}

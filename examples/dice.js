// dice.js - dice that nobody can load: an audit shows that each throw was the one that had to come.
const PATH = '/throws.json'

exports.init = async () => {
  await System.files.writeFile(PATH, '[]')
}

exports.roll = async (count = 1, sides = 6) => {
  if (!(count >= 1 && count <= 100 && sides >= 2 && sides <= 1000)) throw new RangeError('1 to 100 dice of 2 to 1000 sides')
  const dice = Array.from({ length: Math.floor(count) }, () => 1 + Math.floor(Math.random() * Math.floor(sides)))
  const throws = JSON.parse(await System.files.readFile(PATH)).slice(-99)
  throws.push({ who: System.caller.id, dice })
  await System.files.writeFile(PATH, JSON.stringify(throws))
  return dice
}

exports.throws = async () => JSON.parse(await System.files.readFile(PATH))

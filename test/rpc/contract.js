// SPDX-License-Identifier: MIT
// What the conformance suite calls: the methods of the examples in the specification of JSON-RPC 2.0, and a few more.
const counts = {}

exports.subtract = (minuend, subtrahend) => minuend - subtrahend
exports.sum = (...numbers) => numbers.reduce((sum, each) => sum + each, 0)
exports.get_data = () => ['hello', 5]
exports.update = (...list) => { counts.update = list.length }
exports.notify_hello = number => { counts.notify_hello = number }
exports.notify_sum = (...numbers) => { counts.notify_sum = exports.sum(...numbers) }

exports.echo = (...parameters) => parameters
exports.same = value => value
exports.length = text => text.length
exports.nothing = () => {}
exports.codes = text => Array.from(text, each => each.codePointAt(0))
exports.boom = () => { throw new TypeError('say "no"') }
exports.spin = () => { for (;;); }
exports.big = length => 'x'.repeat(length)
exports.bump = name => (counts[name] = (counts[name] || 0) + 1)
exports.count = name => counts[name] === undefined ? null : counts[name]
exports['naïve'] = () => 'ok'

// SPDX-License-Identifier: MIT
const log = [];
const show = () => console.log(log.splice(0).join(' | '));
const src = new (class { get a() { log.push('get a'); } get b() { log.push('get b'); return 2; } })();
const say = (x, v) => (log.push(x), v);
const target = {};
({ [say('key', 'a')]: say('obj', target)[say('tkey', 'p')] = say('default', 7), b: target.q } = src); show();
console.log(JSON.stringify(target));
{ const { a = say('da', 1), b: { toFixed, length: len = say('dl', 3) } } = src; console.log(a, typeof toFixed, len); show(); }
{ const { [say('k1', 'b')]: x, ...rest } = { b: 1, c: 2, [Symbol.for('s')]: 3, 5: 6 }; console.log(x, Object.keys(rest).join(), rest[Symbol.for('s')]); show(); }
{ const { length } = 'abc', { 0: first, [1]: second } = 'xy'; console.log(length, first, second); }
for (const bad of [null, undefined]) try { const { x } = bad; } catch (e) { console.log(e.name); }
try { const {} = null; } catch (e) { console.log(e.name); }
try { (({ a: { b } }) => b)({}); } catch (e) { console.log(e.name); }
{ const { a: { b: { c = 'deep' } = {} } = {} } = {}; console.log(c); }
{ let a, b; ({ a, b = a } = { a: 5 }); console.log(a, b); const r = ({ a } = { a: 1, z: 2 }); console.log(JSON.stringify(r)); }
{ const { x: x1 = 1, x: x2 = 2 } = { x: undefined }; console.log(x1, x2); }
{ const f = ({ a, b } = {}, [c] = []) => [a, b, c].join(); console.log(f(), f({ a: 1 }, [2])); }
{ const o = {}; for ({ k: o.k, v: o['v' + 1] = 'dv' } of [{ k: 1 }, { k: 2, v: 3 }]) console.log(JSON.stringify(o)); }
{ const { fn = () => {}, cls = class {}, gen = function* () {}, named = function own() {} } = {}; console.log(fn.name, cls.name, gen.name, named.name); }
{ const { ...all } = 'hi'; console.log(JSON.stringify(all)); const { ...arr } = [1, , 3]; console.log(JSON.stringify(arr)); }
{ const proto = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }); const { inherited, hidden, ...r } = proto; console.log(inherited, hidden, JSON.stringify(r)); }

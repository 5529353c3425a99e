// SPDX-License-Identifier: MIT
const key = { k: 1 }, child = Object.create(key);
const m = new Map([[key, 'key']]), s = new Set([key]), w = new WeakMap([[key, 'weak']]), ws = new WeakSet([key]);
console.log(m.has(child), s.has(child), w.has(child), ws.has(child), w.get(child));
m.set(child, 'child'); w.set(child, 'weak child');
console.log(m.get(key), m.get(child), w.get(key), w.get(child), m.size);
console.log(w.delete(Object.create(key)), w.get(key), w.delete(child), w.has(child), w.get(key));
const frozen = Object.freeze({}); w.set(frozen, 1); console.log(w.get(frozen), m.set(frozen, 2).get(frozen));
class Base {} class Sub extends Base {}
const byClass = new Map([[Base, 'base']]); console.log(byClass.get(Sub), byClass.has(Sub));
m.set(m, 'self'); console.log(m.get(m), new Map([[NaN, 'nan']]).get(NaN), new Map([[0, 'zero']]).get(-0), Object.is([...new Map([[-0, 1]]).keys()][0], 0));
console.log(new Map([['1', 'text'], [1, 'number']]).get(1), new Map([[null, 1], [undefined, 2]]).get(undefined), new Map([['undefined', 1]]).has(undefined));
const sym = Symbol('x'), m2 = new Map([[sym, 1], ['Symbol(x)', 2], ['x', 3]]); console.log(m2.get(sym), m2.get('Symbol(x)'), m2.has(Symbol('x')));
console.log(new Map([['__proto__', 1], ['constructor', 2]]).get('__proto__'), new Set(['toString']).has('valueOf'));
const fns = new Map([[() => {}, 1], [() => {}, 2]]); console.log(fns.size);
const objs = []; for (let i = 0; i < 300; i++) objs.push({ i }); const many = new Map(objs.map(o => [o, o.i])); console.log(many.size, many.get(objs[250]), many.delete(objs[250]), many.has(objs[250]), many.size);
const order = new Map(); for (const k of [3, 'b', key, 1, 'a']) order.set(k, 1); order.delete('b'); order.set('b', 2); console.log([...order.keys()].map(k => typeof k === 'object' ? 'o' : k).join());
const it = order.keys(); it.next(); order.delete(1); order.set('new', 1); console.log([...it].map(k => typeof k === 'object' ? 'o' : k).join());
for (const bad of [1, 'x', null, undefined]) try { new WeakMap().set(bad, 1); console.log('no'); } catch (e) { console.log(e.name); }
console.log(new WeakMap().has(5), new WeakSet().delete('q'), new WeakMap().get(null));
const p = Promise.resolve(1), fake = Object.create(p);
try { fake.then(() => {}); console.log('no'); } catch (e) { console.log(e.name); }
Promise.resolve(fake).then(() => console.log('no'), e => console.log('fake', e.name));
try { Map.prototype.get.call(Object.create(new Map()), 1); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create((function* () { yield 1; })()).next(); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create([][Symbol.iterator]()).next(); console.log('no'); } catch (e) { console.log(e.name); }
try { Object.create(new Date(0)).getTime(); console.log('no'); } catch (e) { console.log(e.name); }

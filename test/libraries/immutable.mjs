// SPDX-License-Identifier: MIT
import { List, Map as IMap, Set as ISet, OrderedMap, OrderedSet, Stack, Record, Seq, Range, Repeat, fromJS, is, merge, mergeDeep, getIn, setIn, updateIn, removeIn, Collection, hash, isImmutable, isOrdered, isKeyed } from 'immutable';

const js = value => (value && value.toJS ? value.toJS() : value);

export default async check => {
  const map = IMap({ a: 1, b: 2, c: 3 });
  check('set', [map.set('b', 50).get('b'), map.get('b'), map.set('b', 2) === map]);
  check('equal', [is(map, IMap({ c: 3, b: 2, a: 1 })), map.equals(map.set('a', 2)), is(NaN, NaN), map.hashCode() === IMap({ a: 1, b: 2, c: 3 }).hashCode()]);
  check('merged', js(map.merge({ b: 20, d: 40 }, [['e', 5]])));
  check('merged deep', js(fromJS({ a: { x: 1, list: [1] } }).mergeDeep({ a: { y: 2, list: [2] } })));
  check('nested', js(fromJS({ a: { b: { c: [3, 4, 5] } } }).updateIn(['a', 'b', 'c'], list => list.push(6)).setIn(['a', 'b', 'd', 0], 'deep').removeIn(['a', 'b', 'c', 0])));
  check('mapped', js(map.map((value, key) => key + value).filter(value => value !== 'b2').mapKeys(key => key.toUpperCase()).flip()));
  check('text', [map.toString(), List([1, [2]]).toString(), String(ISet(['a'])), String(Stack.of(1, 2)), String(Range(0, 4)), String(OrderedMap({ z: 1 }))]);
  const list = List([1, 2, 3]);
  check('list', [list.push(4), list.unshift(0), list.pop(), list.shift(), list.insert(1, 'x'), list.delete(0), list.set(5, 'far'), list.splice(1, 1, 'a', 'b'), list.concat([4], 5)].map(js));
  check('negative', [list.get(-1), list.set(-1, 9).toJS(), list.slice(-2).toJS()]);
  let large = List();
  for (let i = 0; i < 2000; i++) large = large.push(i * i);
  check('large list', [large.size, large.get(1234), large.last(), large.slice(1000, 1003).toJS(), large.reduce((a, b) => (a + b) % 1000003, 0)]);
  const keyed = IMap().withMutations(change => { for (let i = 0; i < 1500; i++) change.set(`key${i}`, i); });
  check('large map', [keyed.size, keyed.get('key777'), keyed.delete('key777').has('key777'), keyed.reduce((a, b) => a + b, 0), keyed.filter(value => value % 500 === 0).toJS()]);
  check('any keys', IMap([[IMap({ k: 1 }), 'map'], [NaN, 'nan'], [null, 'null'], [List([1]), 'list']]).get(List([1])));
  check('sets', [ISet([1, 2, 3]).union([3, 4]), ISet([1, 2, 3]).intersect([2, 3, 9]), ISet([1, 2, 3]).subtract([1]), OrderedSet(['z', 'a', 'z']).add('b')].map(value => value.toArray()));
  check('subset', [ISet([1]).isSubset([1, 2]), ISet.of(1, 2).isSuperset([2])]);
  check('ordered', [[...OrderedMap([['z', 1], ['a', 2]]).set('m', 3).keys()], isOrdered(OrderedMap()), OrderedMap({ b: 1, a: 2 }).sortBy((value, key) => key).keySeq().toArray()]);
  check('stack', [Stack.of('a', 'b').push('z').peek(), Stack([1, 2, 3]).pop().toArray()]);
  let touched = 0;
  const lazy = Seq([1, 2, 3, 4, 5, 6, 7, 8]).filter(x => { touched++; return x % 2 !== 0; }).map(x => x * x);
  check('lazy', [lazy.get(1), touched]);
  check('ranges', [Range(1, Infinity).skip(1000).map(n => -n).filter(n => n % 2 === 0).take(2).toArray(), Repeat('x', 3).join(''), Range(10, 0, 3).toArray()]);
  check('grouped', js(List([1, 2, 3, 4, 5]).groupBy(x => x % 2 ? 'odd' : 'even')));
  check('counted', js(List(['a', 'b', 'a']).countBy(x => x)));
  check('zipped', js(list.zip(List(['a', 'b', 'c']), [true, false, true])));
  check('found', [list.find(x => x > 1), list.findIndex(x => x === 3), list.findLast(x => x < 3), list.indexOf(2), list.includes(9), list.max(), list.maxBy(x => -x), list.some(x => x > 2)]);
  check('sorted', js(List([{ n: 3 }, { n: 1 }, { n: 2 }]).sortBy(({ n }) => n).map(({ n }) => n).reverse()));
  check('flat', js(fromJS([1, [2, [3, [4]]]]).flatten()));
  check('taken', [list.takeWhile(x => x < 3), list.skipUntil(x => x === 2), list.butLast(), list.interpose('-'), list.interleave(List(['a', 'b']))].map(js));
  const Point = Record({ x: 0, y: 0 }, 'Point');
  class Vector extends Point { length() { return Math.sqrt(this.x ** 2 + this.y ** 2); } }
  check('records', [new Point({ x: 5, z: 9 }).toJS(), Point({ y: 2 }).set('x', 1).toString(), new Vector({ x: 3, y: 4 }).length(), new Point().equals(new Point({})), new Point({ x: 1 }).remove('x').x]);
  check('plain objects', [getIn({ a: [{ b: 1 }] }, ['a', 0, 'b']), setIn({ a: 1 }, ['b', 'c'], 2), updateIn({ n: [1] }, ['n', 0], n => n + 1), removeIn({ a: { b: 1 } }, ['a', 'b']), merge({ a: 1 }, { b: 2 }), mergeDeep({ a: { b: 1 } }, { a: { c: 2 } })]);
  check('iterated', [[...map], [...map.entries()], Array.from(ISet.of('q'))]);
  check('json', JSON.stringify({ map, list: List([map]) }));
  check('joined', [map.entrySeq().join(';'), map.keySeq().first(), map.valueSeq().rest().toJS()]);
  check('hashes', [hash('auditable'), hash(1.5), hash(true), hash(null), List([1, 2]).hashCode()]);
  check('kinds', [List.isList(list), IMap.isMap(list), isImmutable(list), Collection(['a']).toArray()]);
  check('from js with reviver', fromJS({ a: [1] }, (key, value, path) => (isKeyed(value) ? value.toOrderedMap() : value.toSet())).toString());
  check.throws('bad path', () => fromJS({ a: 5 }).setIn(['a', 'b', 'c'], 1));
  check.throws('records are not assigned', () => { new Point().x = 1; });
  check.throws('a step of zero', () => Range(0, 5, 0));
  await check.later('later', async () => { let sum = List(); for await (const x of List([Promise.resolve(1), 2])) sum = sum.push(x); return sum.toJS(); });
};

// SPDX-License-Identifier: MIT
import _ from 'lodash';
import debounce from 'lodash/debounce';

const people = [{ user: 'barney', age: 36, active: true }, { user: 'fred', age: 40, active: false }, { user: 'pebbles', age: 1, active: true }];

export default async check => {
  check('collections', [_.groupBy([6.1, 4.2, 6.3], Math.floor), _.keyBy(people, 'user').fred.age, _.countBy(people, 'active'), _.partition(people, 'active').map(list => list.length), _.orderBy(people, ['active', 'age'], ['asc', 'desc']).map(p => p.user)]);
  check('iteratees', [_.filter(people, { active: true }).length, _.find(people, ['age', 40]).user, _.map(people, 'user'), _.some(people, 'active'), _.sortBy(people, o => -o.age)[0].user]);
  check('arrays', [_.chunk([1, 2, 3, 4, 5], 2), _.difference([2, 1], [2, 3]), _.intersectionBy([2.1, 1.2], [2.3, 3.4], Math.floor), _.xor([2, 1], [2, 3]), _.zipObjectDeep(['a.b[0].c', 'a.b[1].d'], [1, 2]), _.flattenDeep([1, [2, [3, [4]]]]), _.uniqWith([{ x: 1 }, { x: 1 }], _.isEqual), _.sortedIndex([30, 50], 40), _.pullAt([5, 6, 7], [0, 2]), _.compact([0, 1, false, 2, '', 3]), _.unzip([['a', 1], ['b', 2]])]);
  check('get and set', [_.get({ a: [{ b: { c: 3 } }] }, 'a[0].b.c'), _.get({}, 'a.b', 'none'), _.set({}, ['x', '0', 'y'], 1), _.has({ a: { b: 2 } }, 'a.b'), _.unset({ a: { b: 1 } }, 'a.b'), _.update({ n: 1 }, 'n', n => n + 1), _.at({ a: [1, 2] }, ['a[1]', 'a[0]'])]);
  check('paths', [_.toPath('a[0].b["c.d"].e'), _.toPath("x['y\\'z'][-1]")]);
  check('objects', [_.merge({ a: [{ b: 2 }, { d: 4 }] }, { a: [{ c: 3 }, { e: 5 }] }), _.defaultsDeep({ a: { b: 2 } }, { a: { b: 1, c: 3 } }), _.pick({ a: 1, b: '2', c: 3 }, ['a', 'c']), _.omit({ a: 1, b: { c: 2, d: 3 } }, ['b.c']), _.invertBy({ a: 1, b: 2, c: 1 }), _.mapKeys({ a: 1 }, (v, k) => k + v), _.transform([2, 3, 4], (all, n) => { all.push(n * n); return n % 2 === 0; }, []), _.toPairs({ a: 1 })]);
  const deep = { a: [1, { b: new Date(5) }], m: new Map([['k', new Set([1])]]), r: /x/gi, t: new Uint8Array([1, 2]), u: undefined };
  deep.self = deep;
  const copy = _.cloneDeep(deep);
  check('clone', [copy, copy.self === copy, copy.m !== deep.m, copy.t.buffer !== deep.t.buffer, copy.r !== deep.r]);
  check('equal', [_.isEqual(deep, copy), _.isEqual({ a: NaN }, { a: NaN }), _.isEqual(new Map([[{ a: 1 }, 2]]), new Map([[{ a: 1 }, 2]])), _.isEqual([1, , 3], [1, undefined, 3]), _.isEqual(Object(1), 1), _.isMatch({ a: { b: 1, c: 2 } }, { a: { b: 1 } })]);
  const kinds = [[], {}, null, undefined, 1, 'a', true, () => 1, /a/, new Date(0), new Map(), new Set(), Symbol('s'), new Error('e'), new Uint8Array(1), new ArrayBuffer(2), (function () { return arguments; })(1), new (class A {})(), Object.create(null), NaN, new WeakMap()];
  for (const name of ['isArguments', 'isArray', 'isArrayLike', 'isPlainObject', 'isFunction', 'isEmpty', 'isError', 'isElement', 'isNative', 'isObjectLike', 'isTypedArray', 'isNil', 'isMap', 'isWeakMap', 'isRegExp', 'isSymbol'])
    check(name, kinds.map(value => (_[name](value) ? 1 : 0)).join(''));
  check('cases', ['fooBarBaz', '--foo-bar--', '__FOO_BAR__', 'XMLHttpRequest', 'déjà vu 42nd'].map(text => [_.camelCase(text), _.kebabCase(text), _.snakeCase(text), _.startCase(text), _.lowerFirst(text)]));
  check('words', [_.words('fred, barney, & pebbles'), _.words('été 2020 isn\'t'), _.deburr('déjà vu Łódź'), _.truncate('hi-diddly-ho there, neighborino', { length: 24, separator: /,? +/ }), _.pad('abc', 8, '_-'), _.escape('a & <b> "c"'), _.unescape('&lt;a&gt; &amp;'), _.escapeRegExp('[x](y)'), _.repeat('*', 3), _.upperFirst('abc')]);
  check('unicode', [_.toArray('a😀é'), _.size('👨‍👩‍👧'), _.split('a😀b', ''), _.trim('-_-abc-_-', '_-'), _.padStart('😀', 3, '-'), _.chunk('ab😀', 2).length]);
  check('functions', [_.curry((a, b, c) => [a, b, c])(1)(_, 3)(2), _.partial((...all) => all, _, 'x')('y'), _.flow([_.add, n => n * n])(1, 2), _.memoize(n => n * 2)(4), _.once(() => 5)(), _.ary(parseInt, 1)('7', 2), _.overArgs((x, y) => [x, y], [n => n * n, n => n * 2])(9, 3), _.rearg((...all) => all, [2, 0, 1])('b', 'c', 'a'), _.negate(n => n > 1)(0), _.spread((a, b) => a + b)([1, 2]), _.wrap(_.escape, (f, t) => `<p>${f(t)}</p>`)('&')]);
  check('chain', _(people).filter('active').map('age').tap(list => list.push(100)).sum());
  check('lazy', _.chain(_.range(300)).map(n => n * n).filter(n => n % 2 === 0).take(3).value());
  check('math', [_.sumBy(people, 'age'), _.mean([4, 2, 8, 6]), _.maxBy(people, 'age').user, _.round(4.006, 2), _.round(4060, -2), _.clamp(-10, -5, 5), _.inRange(3, 2, 4), _.floor(-4.1), _.ceil(6.004, 2), _.max([]), _.divide(6, 4)]);
  check('numbers', [_.toNumber('0b101'), _.toInteger('3.9'), _.toFinite(Infinity), _.parseInt('08'), _.toSafeInteger('9e99'), _.toString(-0), _.toString([1, -0, null])]);
  check('utilities', [_.range(0, -4, -1), _.times(3, String), _.uniqueId('x').length > 1, _.cond([[_.matches({ a: 1 }), _.constant('one')], [_.stubTrue, _.constant('other')]])({ a: 2 }), _.attempt(() => { throw new RangeError('x'); }).name, _.defaultTo(NaN, 10), _.over([Math.max, Math.min])(1, 2, 3), _.conforms({ b: n => n > 1 })({ b: 2 }), _.property(['a', 'b'])({ a: { b: 7 } })]);
  check('mixed in', (() => { const own = _.runInContext(); own.mixin({ vowels: text => own.filter(text, letter => /[aeiou]/i.test(letter)) }); return own('fred-i').vowels().value(); })());
  check.throws('not a function', () => _.debounce('x'));
  check.throwsName('template makes code from text', () => { if (typeof _.template !== 'function') return 0; throw new EvalError(); });
  check.throws('not a function either', () => _.flow(1));
  const calls = [];
  const later = debounce(n => calls.push(n), 10, { maxWait: 50 });
  await check.later('debounced', new Promise(done => { later(1); later(2); setTimeout(() => later(3), 5); setTimeout(() => done(calls), 40); }));
  await check.later('deferred', new Promise(done => _.defer(done, 'deferred')));
  await check.later('delayed', new Promise(done => _.delay((a, b) => done([a, b]), 5, 'a', 'b')));
  const throttled = [], run = _.throttle(n => throttled.push(n), 30);
  await check.later('throttled', new Promise(done => { run(1); run(2); run(3); setTimeout(() => done(throttled), 60); }));
};

// SPDX-License-Identifier: MIT
import * as yup from 'yup';
import { object, string, number, array, date, boolean, mixed, ref, lazy, tuple, setLocale, reach, isSchema, addMethod, ValidationError } from 'yup';
import * as s from 'superstruct';

const errors = action => { try { return action(); } catch (error) { return error.errors ?? error.message; } };

export default async check => {
  const user = object({ name: string().required(), age: number().required().positive().integer(), email: string().email(), website: string().url().nullable(), createdOn: date().default(() => new Date(0)) });
  check('cast', user.cast({ name: 'Ada', age: '36', createdOn: '2014-09-23T19:25:25Z' }));
  check('valid', user.isValidSync({ name: 'Ada', age: 36 }));
  check('all errors', errors(() => user.validateSync({ age: -1.5, email: 'x', website: 'no' }, { abortEarly: false })));
  check('paths', (() => { try { user.validateSync({ age: -1.5 }, { abortEarly: false }); } catch (error) { return error.inner.map(({ path, type }) => [path, type]); } })());
  check('nested', errors(() => object({ list: array().of(object({ n: number().max(3) })).min(2) }).validateSync({ list: [{ n: 1 }, { n: 9 }] })));
  check('when', ['yes', 'no'].map(kind => errors(() => object({ kind: string(), more: string().when('kind', { is: 'yes', then: schema => schema.required('say more'), otherwise: schema => schema.strip() }) }).validateSync({ kind, more: kind === 'no' ? 'x' : undefined }))));
  check('references', errors(() => object({ a: number(), b: number().moreThan(ref('a')) }).validateSync({ a: 5, b: 4 })));
  check('transforms', [string().trim().lowercase().cast('  AbC '), number().round('floor').cast('8.9'), boolean().cast('true'), array().json().cast('[1,2]'), array().compact().cast([0, 1, '', 2])]);
  check('strict', errors(() => number().strict().validateSync('5')));
  check('one of', errors(() => mixed().oneOf(['a', 'b']).validateSync('c')));
  check('unknown keys', errors(() => object({ a: mixed() }).noUnknown().strict().validateSync({ a: 1, b: 2, c: 3 })));
  check('own test', errors(() => string().test('even', '${path} has an odd length ${value}', value => value.length % 2 === 0).validateSync('abc')));
  check('lazy', lazy(value => (Array.isArray(value) ? array().of(string()) : string())).cast([1, 2]));
  check('tuple', errors(() => tuple([string().label('first'), number().label('second')]).validateSync(['a', 'b'])));
  check('described', user.describe().fields.age.tests);
  check('reached', reach(user, 'name').type);
  check('shapes', [Object.keys(user.pick(['name']).fields), Object.keys(user.omit(['name', 'age']).fields), isSchema(user)]);
  check('camel case', object({ fooBar: string() }).camelCase().cast({ foo_bar: 'x' }));
  check('meta', string().meta({ a: 1 }).label('L').meta());
  check('dates', errors(() => date().min(new Date(0)).validateSync('not a date')));
  addMethod(string, 'shout', function () { return this.transform(value => value.toUpperCase()); });
  check('added method', string().shout().cast('hi'));
  check('defaults', user.getDefault());
  check.throws('validation error', () => string().required().validateSync(''));
  check.throws('typed', () => number().validateSync('x'));
  await check.later('validated', user.validate({ name: 'Ada', age: 1 }));
  await check.later('rejected', user.validate({ name: 'Ada' }));
  await check.later('async test', string().test('taken', 'taken', async value => (await value) !== 'root').validate('root'));
  await check.later('error class', object({ a: object({ b: number().required() }) }).validate({ a: {} }).catch(error => [error instanceof ValidationError, error.path, error.params]));

  const Article = s.object({ id: s.number(), title: s.size(s.string(), 1, 10), tags: s.array(s.string()), author: s.type({ id: s.number() }), state: s.enums(['draft', 'live']), at: s.optional(s.date()) });
  const good = { id: 34, title: 'Hello', tags: ['news'], author: { id: 1, more: 2 }, state: 'draft' };
  check('superstruct is', [s.is(good, Article), s.is({ ...good, x: 1 }, Article), s.is({ ...good, title: '' }, Article)]);
  check('superstruct created', s.create({ n: '5' }, s.object({ n: s.coerce(s.number(), s.string(), text => parseFloat(text)), list: s.defaulted(s.array(), () => [1]) })));
  check('failures', [...s.validate({ ...good, id: 'x', tags: [1, 2], state: 'gone' }, Article)[0].failures()].map(({ path, type, message }) => [path, type, message]));
  check('refined', errors(() => s.assert('abc', s.refine(s.string(), 'palindrome', text => [...text].reverse().join('') === text || 'not a palindrome'))));
  check('masked', s.mask({ a: 1, b: 2 }, s.object({ a: s.number() })));
  check('unions', errors(() => s.assert(true, s.union([s.string(), s.literal(5), s.nullable(s.tuple([s.integer()]))]))));
  const Node = s.object({ value: s.number(), next: s.lazy(() => s.nullable(Node)) });
  check('superstruct recursive', errors(() => s.assert({ value: 1, next: { value: 2, next: { value: 'x', next: null } } }, Node)));
  check('collections', [s.is(new Map([['a', 1]]), s.map(s.string(), s.number())), s.is(new Set(['a']), s.set(s.number())), s.is({ a: 1 }, s.record(s.string(), s.number())), s.is(/a/, s.regexp())]);
  check('numbers', [s.is(5, s.min(s.max(s.integer(), 10), 5, { exclusive: true })), s.is('a1', s.pattern(s.string(), /\d/)), s.is('', s.nonempty(s.string()))]);
  check('more', [s.create(' x ', s.trimmed(s.string())), s.is(5, s.define('Five', value => value === 5)), s.is({ a: 1 }, s.partial(Article)), s.is({}, s.assign(s.object({}), s.object({ z: s.any() })))]);
  check.throws('struct error', () => s.assert({ ...good, author: null }, Article));
};

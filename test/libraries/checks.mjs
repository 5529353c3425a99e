// SPDX-License-Identifier: MIT
import * as v from 'valibot';
import validator from 'validator';
import { pathToRegexp, match, compile, parse, stringify } from 'path-to-regexp';
import * as Diff from 'diff';

export default async check => {
  const Login = v.object({ email: v.pipe(v.string(), v.email()), password: v.pipe(v.string(), v.minLength(8, 'too short')), age: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 18), tags: v.array(v.picklist(['a', 'b'])) });
  const issues = result => (result.success ? result.output : result.issues.map(issue => [issue.type, v.getDotPath(issue), issue.message]));
  check('valibot', issues(v.safeParse(Login, { email: 'jane@example.com', password: '12345678', tags: ['a'] })));
  check('valibot errors', issues(v.safeParse(Login, { email: 'jane', password: '1234', age: 1.5, tags: ['c'] })));
  check('valibot flat', v.flatten(v.safeParse(Login, { email: '' }).issues));
  check('valibot kinds', [v.is(v.union([v.literal(1), v.null_()]), null), v.is(v.tuple([v.string(), v.number()]), ['a', 'b']), v.is(v.record(v.string(), v.boolean()), { a: true }), v.is(v.variant('t', [v.object({ t: v.literal('x'), n: v.number() })]), { t: 'x', n: 1 }), v.is(v.map(v.string(), v.date()), new Map([['a', new Date(0)]])), v.is(v.strictObject({}), { a: 1 }), v.is(v.enum_({ A: 'a' }), 'a')]);
  check('valibot formats', ['uuid', 'ipv4', 'ipv6', 'isoDate', 'isoTimestamp', 'hexColor', 'url', 'emoji', 'base64', 'ulid', 'mac', 'creditCard', 'bic', 'octal'].map(name => ['550e8400-e29b-41d4-a716-446655440000', '10.0.0.1', '::1', '2020-02-29', '2020-01-01T00:00:00Z', '#ff00ff', 'http://e.com', '😀', 'aGk=', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '00:1B:44:11:3A:B7', '4111111111111111'].map(text => { try { return v.is(v.pipe(v.string(), v[name]()), text) ? 1 : 0; } catch (error) { return error.name; } }).join('')).filter((_, i) => i !== 6));
  check('valibot transformed', v.parse(v.pipe(v.string(), v.trim(), v.transform(text => text.split(',')), v.mapItems(item => Number(item)), v.check(list => list.length > 1)), ' 1,2 '));
  check.throws('valibot parse', () => v.parse(v.number(), 'x'));
  await check.later('valibot later', v.parseAsync(v.pipeAsync(v.string(), v.checkAsync(async text => (await text) !== 'taken', 'it is taken')), 'taken'));

  const asked = { isEmail: ['a@b.co', 'a@b', '"x y"@z.org'], isURL: ['http://e.com/a?b#c', 'e.com', '://x', 'ftp://[::1]:80/'], isIP: ['1.2.3.4', '1.2.3', '::1', 'fe80::1%eth0'], isUUID: ['550e8400-e29b-41d4-a716-446655440000', 'x'], isCreditCard: ['4111111111111111', '4111111111111112'], isISBN: ['978-3-16-148410-0', '1'], isIBAN: ['DE89370400440532013000', 'DE0'], isISO8601: ['2020-02-29T00:00:00Z', '2021-13-01'], isJSON: ['{"a":1}', '{'], isBase64: ['aGk=', 'a'], isHexColor: ['#fff', 'ggg'], isNumeric: ['-1.5', '1e5'], isInt: ['12', '012', '1.0'], isFloat: ['1.5e3', 'x'], isAlpha: ['abc', 'ab1', 'é'], isAscii: ['a', 'é'], isMobilePhone: ['+4915123456789', '12'], isPostalCode: ['12345'], isSlug: ['a-b', '-a'], isStrongPassword: ['aB3$efgh', 'aaaa'], isMACAddress: ['00:1B:44:11:3A:B7', '0'], isPort: ['80', '70000'], isLatLong: ['(1, 2)', '91,0'], isJWT: ['a.b.c', 'a'], isSemVer: ['1.2.3-rc.1', '1.2'], isFQDN: ['example.com', 'x'], isMD5: ['d41d8cd98f00b204e9800998ecf8427e', 'd'], isCurrency: ['$1,000.50', '1,00'], isDate: ['2020/02/29', '2021/02/29'], isEAN: ['9780306406157', '1'], isBIC: ['DEUTDEFF', 'x'], isMultibyte: ['あ', 'a'], isSurrogatePair: ['😀', 'a'], isRFC3339: ['2020-01-01 00:00:00Z', '2020'], isMimeType: ['text/html', 'text'], isDataURI: ['data:,x', 'data'], isMagnetURI: ['magnet:?xt=urn:btih:06E2A9683BF4DA92C73A661AC56F0ECC9C63C5B4', 'x'], isCreditCardx: [] };
  for (const [name, texts] of Object.entries(asked)) if (validator[name]) check(`validator ${name}`, texts.map(text => { try { return name === 'isPostalCode' ? validator[name](text, 'any') : validator[name](text); } catch (error) { return error.name; } }));
  check('sanitizers', [validator.escape('<a href="x">\'`/'), validator.unescape('&lt;&amp;&#x27;'), validator.trim('  a '), validator.normalizeEmail('Some.One+tag@GMAIL.com'), validator.stripLow('a\u0007b'), validator.whitelist('abc123', 'a-c'), validator.toBoolean('yes'), validator.toDate('2020-02-29'), validator.toInt('12px'), validator.blacklist('a[b]', '\\[\\]')]);
  check.throws('validator wants text', () => validator.isEmail(5));

  check('paths', [match('/user/:id')('/user/5%20x'), match('/{*path}')('/a/b/c'), match('/a{/:b}/c')('/a/c'), match('/:"odd name"')('/x'), match('/x')('/y')]);
  check('path pattern', (({ regexp, keys }) => [String(regexp), keys])(pathToRegexp('/:year-:month{.:ext}')));
  check('path made', [compile('/u/:id')({ id: 'a b' }), compile('/{*p}')({ p: ['a', 'b'] }), stringify(parse('/a{/:b}*c'))]);
  check.throws('path parameter', () => compile('/u/:id')({}));
  check.throws('path syntax', () => parse('/:?'));
  check('diff', [Diff.diffChars('beep boop', 'beep boob blah'), Diff.diffWords('the quick fox', 'the slow  fox'), Diff.diffLines('a\nb\nc\n', 'a\nx\nc\n'), Diff.diffSentences('One. Two.', 'One. Three.'), Diff.diffJson({ a: 1, b: [1] }, { a: 1, b: [2] }), Diff.diffArrays([1, 2, 3], [1, 3])].map(parts => parts.map(({ value, added, removed }) => `${added ? '+' : removed ? '-' : '='}${value}`)));
  const patch = Diff.createPatch('file', 'a\nb\nc\nd\n', 'a\nB\nc\nd\ne\n');
  check('patch', patch);
  check('patched', [Diff.applyPatch('a\nb\nc\nd\n', patch), Diff.applyPatch('x\ny\n', patch), Diff.parsePatch(patch)[0].hunks.length]);
};

// SPDX-License-Identifier: MIT
import * as yaml from 'js-yaml';
import JSON5 from 'json5';
import { marked, Marked, Lexer } from 'marked';
import { parse as csvParse } from 'csv-parse/browser/esm/sync';

const document = `
title: &title "Party \\u263A"
when: 2020-02-29T18:00:00Z
guests:
  - {name: Ada, plus: 1}
  - name: Grace
    plus: ~
again: *title
text: |
  kept
  lines
folded: >-
  one
  two

  three
numbers: [0x1F, 0o17, 1e3, -.inf, .nan, 1_000, '12']
"quoted key": !!str 5
base: &base {a: 1, b: 2}
merged: {<<: *base, b: 3}
flags: [true, False, yes, null, ~]
`;

export default async check => {
  check('yaml', yaml.load(document));
  check('yaml with other schemas', [yaml.JSON_SCHEMA, yaml.FAILSAFE_SCHEMA].map(schema => yaml.load('[1, true, null, 2020-01-01, 0x10]', { schema })));
  check('yaml documents', (yaml.loadAll ?? yaml.load)('---\na: 1\n---\n- b\n...\n'));
  check('yaml written', yaml.dump({ a: [1, { b: 'x: y' }, []], s: 'multi\nline\n', n: null, d: new Date(0), e: '', f: 'true', g: -0, h: { i: {} } }));
  check('yaml options', yaml.dump({ b: ['x', 'y'], a: { c: 1 } }, { sortKeys: true, flowLevel: 1, indent: 4, quotingType: '"', forceQuotes: true }));
  const shared = { x: 1 };
  check('yaml references', [yaml.dump({ one: shared, two: shared }), yaml.dump({ one: shared, two: shared }, { noRefs: true })]);
  check('yaml long', yaml.dump({ text: 'word '.repeat(40), unicode: 'é€😀', control: '\u0007' }, { lineWidth: 40 }));
  for (const [name, text] of [['indentation', 'a: 1\n b: 2'], ['unclosed', '[1, 2'], ['alias', '*nobody'], ['twice', 'a: 1\na: 2'], ['tab', 'a:\n\t- b'], ['tag', '!!unknown x']])
    check.throws(`yaml ${name}`, () => { try { return yaml.load(text); } catch (error) { throw Object.assign(new Error(error.reason), { name: error.name }); } });
  check.throws('yaml of a function', () => yaml.dump({ f() {} }));

  const text = '// comment\n{ unquoted: \'single\', "trailing": [1, +2, .5, 0xFF, Infinity, -NaN,], line: "a\\\nb", /* x */ $é: null, esc: "\\x41\\u00e9\\v\\0", }';
  check('json5', JSON5.parse(text));
  check('json5 reviver', JSON5.parse('{a: [1, 2], b: {c: 3}}', (key, value) => (typeof value === 'number' ? value * 2 : value)));
  check('json5 written', [JSON5.stringify({ a: 1, 'b-c': ['x', "it's", '"'], d: NaN, e: undefined, f: null }), JSON5.stringify({ a: [1, { b: 2 }] }, null, 2), JSON5.stringify({ a: 1, b: 2 }, ['b']), JSON5.stringify('x', { quote: '"' })]);
  for (const [name, bad] of [['end', '{a: '], ['letter', '{a: b}'], ['control', '"a\nb"'], ['escape', '"\\x4"'], ['empty', '']]) check.throws(`json5 ${name}`, () => JSON5.parse(bad));

  const texts = ['# Title\n\nText *em* **strong** ~~del~~ `code`', '- [x] done\n- [ ] open\n  1. in\n  2. ner\n\n> quote\n> more', '| a | b |\n|:--|--:|\n| 1 | **2** |', '```js\na < b\n```\n\n    indented', '[link](http://e.com "t") ![img](i.png) <http://auto.example> https://bare.example\n\n[ref]\n\n[ref]: /url', 'a  \nb\\\nc\n\n***\n\n<b>html</b> &copy; \\*', 'Setext\n---\n\n* a\n\n* b'];
  texts.forEach((markdown, i) => check(`marked ${i + 1}`, marked.parse(markdown)));
  check('marked inline', marked.parseInline('*a* `b`'));
  check('marked breaks', marked.parse('a\nb', { breaks: true, gfm: true }));
  const own = new Marked({ renderer: { heading({ tokens, depth }) { return `<h${depth} id="x">${this.parser.parseInline(tokens)}</h${depth}>\n`; } }, extensions: [{ name: 'mention', level: 'inline', start: source => source.indexOf('@'), tokenizer(source) { const match = /^@(\w+)/.exec(source); return match ? { type: 'mention', raw: match[0], who: match[1] } : undefined; }, renderer: token => `<a>${token.who}</a>` }], walkTokens: token => { if (token.type === 'strong') token.type = 'em'; } });
  check('marked extended', own.parse('## Hi @ada\n\n**bold**'));
  check('marked tokens', Lexer.lex('- a\n  - b').map(token => [token.type, token.raw, token.items?.length]));
  check.throws('marked of a number', () => marked.parse(5));
  check('csv', csvParse('a,b\n1,"x ""y"""\n2,\n', { columns: true }));
  check('csv options', csvParse('# c\n a ; b\n1;2.5\n\n', { delimiter: ';', trim: true, comment: '#', cast: true, skip_empty_lines: true, from_line: 1 }));
  check('csv info', csvParse('a,b\nc,d', { info: true, to: 1 }).map(({ record, info }) => [record, info.lines, info.records]));
  check.throws('csv columns', () => csvParse('a,b\n1\n', { columns: true }));
  check.throws('csv quote', () => csvParse('a,b"c"\n'));
  await check.later('marked async', new Marked({ async: true, walkTokens: async token => { if (token.type === 'text') token.text = await Promise.resolve(token.text.toUpperCase()); } }).parse('hello'));
};

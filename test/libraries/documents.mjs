// SPDX-License-Identifier: MIT
import MarkdownIt from 'markdown-it';
import Mustache from 'mustache';
import { XMLParser, XMLBuilder, XMLValidator } from 'fast-xml-parser';
import Papa from 'papaparse';
import qs from 'qs';

export default async check => {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: true });
  const texts = { heading: '# Hello *world*\n\nSetext\n===', list: '1. one\n2. two\n   - inner\n   - **bold** and _em_\n\n* [ ] x', code: '```js\nlet a = 1 < 2;\n```\n\n    indented\n\n`inline \\` code`', quote: '> a\n> > b\n\n---', links: '[text](http://example.com "title") ![img](a.png) <http://x.org> [ref]\n\n[ref]: /url \'t\'', table: '| a | b |\n|---|:-:|\n| 1 | 2 |\n| `x` | ~~y~~ |', html: '<script>alert(1)</script> &amp; &copy; &#35; &lt;', typography: '"Quotes" -- (c) ... \'single\'', escapes: '\\*not em\\* **bold*x*y** a\\\nb  \nc', javascript: '[x](javascript:alert(1))' };
  for (const [name, text] of Object.entries(texts)) check(`markdown ${name}`, md.render(text));
  check('markdown inline', md.renderInline('a **b** `c`'));
  check('markdown tokens', md.parse('- a\n- b', {}).map(token => [token.type, token.nesting, token.level]));
  md.renderer.rules.strong_open = () => '<b>';
  md.use(plugin => plugin.core.ruler.push('shout', state => state.tokens.forEach(token => { if (token.type === 'inline') token.children.forEach(child => { child.content = child.content.toUpperCase(); }); })));
  check('markdown plugin', md.render('a **b**'));
  check('markdown linkify', new MarkdownIt({ linkify: true, breaks: true, html: true }).render('see www.example.com and a@b.org\n<b>raw</b>'));

  check('mustache', Mustache.render('Hi {{name}}, {{{raw}}} {{&raw}} {{raw}} {{missing}}{{! comment }}.', { name: 'Ada', raw: '<b>&"\'/`=</b>' }));
  check('sections', Mustache.render('{{#list}}{{name}}{{^last}}, {{/last}}{{/list}}{{#none}}no{{/none}}{{^none}}empty{{/none}}', { list: [{ name: 'a' }, { name: 'b', last: true }], none: [] }));
  check('functions', Mustache.render('{{#bold}}Hi {{name}}.{{/bold}} {{full}} {{a.b.c}} {{#letters}}{{.}};{{/letters}}', { name: 'T', bold: () => (text, render) => `<b>${render(text)}</b>`, full() { return this.name + '!'; }, a: { b: { c: 5 } }, letters: ['x', 'y'] }));
  check('partials', Mustache.render('{{#names}}{{> user}}{{/names}}', { names: [{ n: 1 }, { n: 2 }] }, { user: '<{{n}}>' }));
  check('own tags', Mustache.render('{{=<% %>=}}<% x %> {{ y }}', { x: 1, y: 2 }));
  check('parsed', Mustache.parse('a {{b}} {{#c}}d{{/c}}'));
  check.throws('unclosed', () => Mustache.render('{{#a}} x', {}));
  check.throws('wrong end', () => Mustache.render('{{#a}}{{/b}}', {}));

  const xml = '<?xml version="1.0"?><!-- c --><root a="1" b:c="x"><item id="1">one &amp; &lt;two&gt;</item><item id="2"><![CDATA[<raw>]]></item><empty/><n>007</n><f>1.50</f><t>true</t></root>';
  check('xml', new XMLParser().parse(xml));
  check('xml attributes', new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseAttributeValue: true, removeNSPrefix: true, cdataPropName: 'cdata', isArray: name => name === 'empty', numberParseOptions: { leadingZeros: false } }).parse(xml));
  check('xml in order', new XMLParser({ preserveOrder: true, trimValues: false }).parse('<a>x<b/>y</a>'));
  check('xml built', new XMLBuilder({ format: true, ignoreAttributes: false, suppressEmptyNode: true }).build({ root: { '@_id': 1, item: ['a', 'b & c'], empty: '', deep: { x: { y: 0 } } } }));
  check('xml valid', [XMLValidator.validate(xml), XMLValidator.validate('<a><b></a>'), XMLValidator.validate('<a b=1></a>')]);
  check.throws('xml error', () => new XMLParser().parse('<a', true));

  const csv = 'name,age,quote\nAda,36,"said ""hi"", left"\n"Grace\nH",85,\n';
  check('csv', Papa.parse(csv));
  check('csv with header', Papa.parse(csv, { header: true, dynamicTyping: true, skipEmptyLines: true }));
  check('csv delimiter', [Papa.parse('a;b\n1;2').meta, Papa.parse('a\tb\tc').data, Papa.parse('# c\nx|y', { comments: '#' }).data]);
  check('csv errors', Papa.parse('a,b\n1\n2,3,4\n"x', { header: true }).errors);
  check('csv written', [Papa.unparse([{ a: 1, b: 'x,y' }, { a: '"q"', b: null }]), Papa.unparse({ fields: ['z'], data: [['=1'], [' s ']] }, { quotes: true, newline: '\n' })]);
  const steps = [];
  Papa.parse('1,2\n3,4\n5,6', { step: (row, parser) => { steps.push(row.data); if (steps.length === 2) parser.abort(); } });
  check('csv stepped', steps);
  check('query', [qs.parse('a[b][c]=1&d[]=x&d[]=y&e=%20%C3%A9&f'), qs.parse('a.b=1', { allowDots: true }), qs.parse('?x=1;y=2', { ignoreQueryPrefix: true, delimiter: /[;,]/ }), qs.parse('a[100]=x&a[1]=y'), qs.parse('a=1&a=2', { duplicates: 'last' })]);
  check('query written', [qs.stringify({ a: { b: [1, 2], c: null }, d: 'x y&é', e: undefined }), qs.stringify({ a: [1, 2] }, { arrayFormat: 'brackets', encode: false }), qs.stringify({ b: 1, a: new Date(0) }, { sort: (a, b) => (a < b ? -1 : 1), addQueryPrefix: true }), qs.stringify({ a: { b: 1 } }, { allowDots: true })]);
  check.throws('query too deep', () => qs.parse('a[b][c][d]=1', { depth: 1, strictDepth: true }));
  await check.later('later', new Promise((done, fail) => Papa.parse('x,y\n1,2', { complete: result => done(result.data), error: fail })));
};

// SPDX-License-Identifier: MIT
import * as acorn from 'acorn';
import moo from 'moo';
import nearley from 'nearley';
import ini from 'ini';
import toml from 'toml';

const outline = node => (node === null || typeof node !== 'object' ? node : Array.isArray(node) ? node.map(outline) : Object.fromEntries(Object.entries(node).filter(([key]) => !['start', 'end', 'loc', 'range'].includes(key)).map(([key, value]) => [key, outline(value)])));

export default async check => {
  const parse = (text, options) => acorn.parse(text, { ecmaVersion: 2022, ...options });
  check('expression', outline(acorn.parseExpressionAt('1 + x * y.z ** 2', 0, { ecmaVersion: 2020 })));
  check('function', outline(parse('async function* f({ a = 1, ...b }, [c]) { for await (const x of a?.b ?? c) yield* x; }')));
  check('class', outline(parse('class A extends B { #p = 1; static { this.q = 2; } get x() { return super.x; } async *[k]() {} }').body[0].body.body.map(item => [item.type, item.kind, item.static, item.computed])));
  check('template and regular expression', outline(parse('t`a${1}b`; /[a-z]+x/gi').body.map(item => item.expression)));
  check('module', outline(parse('import a, { b as c } from "m"; export default class {} export * from "n"', { sourceType: 'module' }).body.map(item => item.type)));
  check('places', acorn.parse('a\n  .b', { ecmaVersion: 5, locations: true }).body[0].expression.property.loc);
  check('tokens', [...acorn.tokenizer('let x = `y${0x1F}`; // end', { ecmaVersion: 6 })].map(token => [token.type.label, token.value]));
  const comments = [];
  parse('/* one */ 1 // two', { onComment: comments });
  check('comments', comments.map(({ type, value }) => [type, value]));
  for (const [name, text] of [['unexpected', 'a b'], ['twice', 'let a; let a'], ['bad label', 'break x'], ['octal', '"use strict"; 010'], ['group', '/(/'], ['await', 'function f() { await x }']]) check.throws(`acorn: ${name}`, () => parse(text));
  check('identifiers', [acorn.isIdentifierStart('é'.codePointAt(0)), acorn.isIdentifierChar(0x200d), acorn.isNewLine(10)]);

  const lexer = moo.compile({ space: /[ \t]+/, line: { match: /\n/, lineBreaks: true }, number: /0|[1-9][0-9]*/, text: { match: /"(?:\\["\\]|[^\n"\\])*"/, value: text => text.slice(1, -1) }, word: { match: /[a-z]+/, type: moo.keywords({ keyword: ['while', 'if'] }) }, '(': '(', ')': ')', '+': '+', '*': '*' });
  lexer.reset('while (10) cows "moo\\"" +\n if 0');
  check('moo', [...lexer].map(token => [token.type, token.value, token.line, token.col]));
  const states = moo.states({ main: { open: { match: '${', push: 'code' }, text: { match: /(?:[^$]|\$(?!\{))+/, lineBreaks: true } }, code: { close: { match: '}', pop: 1 }, name: /[a-z]+/ } });
  check('moo states', [...states.reset('a $5 ${x} b')].map(token => token.type));
  check.throws('moo error', () => { lexer.reset('a ?'); [...lexer]; });
  check.throws('moo grammar', () => moo.compile({ a: /a|b*/ }));

  lexer.reset('');
  const first = parts => parts[0], skip = new Proxy(lexer, { get: (target, key) => (key === 'next' ? () => { let token; while ((token = target.next()) && token.type === 'space'); return token; } : typeof target[key] === 'function' ? target[key].bind(target) : target[key]) });
  const rule = (name, symbols, postprocess) => ({ name, symbols, postprocess });
  const grammar = nearley.Grammar.fromCompiled({ Lexer: skip, ParserStart: 'sum', ParserRules: [
    rule('sum', ['sum', { literal: '+' }, 'product'], ([a, , b]) => a + b), rule('sum', ['product'], first),
    rule('product', ['product', { literal: '*' }, 'atom'], ([a, , b]) => a * b), rule('product', ['atom'], first),
    rule('atom', [{ type: 'number' }], ([token]) => Number(token.value)), rule('atom', [{ literal: '(' }, 'sum', { literal: ')' }], parts => parts[1]) ] });
  check('nearley', ['1 + 2 * 3', '(1 + 2) * 3 * (4 + 5)'].map(text => new nearley.Parser(grammar).feed(text).results));
  check('nearley, fed in parts', new nearley.Parser(grammar).feed('1 + ').feed('41').results);
  const ambiguous = nearley.Grammar.fromCompiled({ ParserStart: 's', ParserRules: [rule('s', ['s', 's'], ([a, b]) => `(${a}${b})`), rule('s', [/[a-z]/], first)] });
  check('ambiguous', new nearley.Parser(ambiguous).feed('abcd').results);
  check.throws('nearley error', () => { try { new nearley.Parser(grammar).feed('1 + *'); } catch (error) { throw new Error(error.message.split('\n')[0]); } });

  const file = '; a comment\nroot = 1\nlist[] = a\nlist[] = b\n\n[owner]\nname = "Ada; L"\nactive = true\n[owner.home]\ncity = London\n';
  check('ini', ini.parse(file));
  check('ini written', ini.stringify({ a: 1, section: { b: ['x', 'y'], inner: { c: 'd = e' } } }, { whitespace: true }));
  check('ini safe', [ini.safe(';x'), ini.unsafe('"\\;x"'), ini.encode({ x: null, y: true })]);
  const config = 'title = "TOML Example"\n[owner]\nname = \'Tom\'\ndob = 1979-05-27T07:32:00Z\n[database]\nports = [ 8001, 0x10, -17 ]\nratio = 3.14\n"quoted key" = true\n[[items]]\nn = 1\n[[items]]\nn = 2\nm = """\nmany\nlines"""\n';
  check('toml', toml.parse(config.replace('0x10', '16')));
  check.throws('toml error', () => { try { toml.parse('a = \n'); } catch (error) { throw new Error(`${error.line}:${error.column} ${error.message}`); } });
  check.throws('toml twice', () => toml.parse('a = 1\na = 2'));
  await check.later('later', async () => toml.parse(await Promise.resolve('x = [[1, 2], ["a"]]')));
};

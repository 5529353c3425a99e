// SPDX-License-Identifier: MIT
import { render } from 'preact-render-to-string';
import { h, Fragment, createContext, Component, cloneElement, toChildArray } from 'preact';
import { useState, useMemo, useContext, useReducer, useId } from 'preact/hooks';
import { parse, serialize, parseFragment } from 'parse5';
import postcss from 'postcss';
import Handlebars from 'handlebars/runtime';
import { parse as parseTemplate } from 'handlebars/dist/cjs/handlebars/compiler/base';

const Theme = createContext('light');
const Inner = ({ label, children }) => {
  const theme = useContext(Theme), [count] = useState(() => 5), [sum] = useReducer(x => x, 7), twice = useMemo(() => count * 2, [count]);
  return h('b', { class: theme, style: { color: 'red', marginTop: 4 }, 'data-twice': twice, id: useId() }, label, count, sum, children);
};
class Old extends Component {
  state = { n: 1 };
  static getDerivedStateFromProps(props) { return { n: props.start + 1 }; }
  componentWillMount() { this.setState({ more: '!' }); }
  render({ start }, { n, more }) { return h('i', null, start, n, more); }
}
// What `handlebars --precompile` makes is a table of functions with this shape.
const template = Handlebars.template({ compiler: [8, '>= 4.3.0'], useData: true,
  1: (container, item, helpers, partials, data) => `<li>${container.escapeExpression(item.name)}${data.index}</li>`,
  main: (container, context, helpers, partials, data) => `${container.escapeExpression(helpers.shout.call(context, context.title, { hash: { mark: '!' }, data }))}<ul>${helpers.each.call(context, context.list, { name: 'each', hash: {}, fn: container.program(1, data, 0), inverse: container.noop, data }) ?? ''}</ul>` });

export default async check => {
  check('elements', render(h('div', { className: 'x', htmlFor: 'y', tabIndex: 1, hidden: false, onClick() {} }, 'a & b', null, true, 0, [1, ['2']], h('br'))));
  check('components', render(h(Fragment, null, h(Theme.Provider, { value: 'dark' }, h(Inner, { label: 'in' }, h('u'))), h(Inner, { label: '<out>' }))));
  check('classes', render(h(Old, { start: 4 })));
  check('attributes', render(h('input', { disabled: true, value: '<"&>', checked: null, 'aria-label': 'x', style: 'a:b' })));
  check('raw', render(h('p', { dangerouslySetInnerHTML: { __html: '<b>raw</b>' } })));
  check('svg', render(h('svg', { viewBox: '0 0 1 1' }, h('path', { strokeWidth: 2, d: 'M0' }))));
  check('children', [toChildArray([1, [null, 'a'], h('b')]).length, render(cloneElement(h('a', { x: 1 }), { y: 2 }, 'z'))]);
  check.throws('component error', () => render(h(() => { throw new RangeError('rendering'); })));
  const html = '<!doctype html><title>a</title><p>one<p>two <b>bold<i>both</b>it</i><table><tr><td>x<div>&amp;&copy;&notit;&#x1F600;</table><script>if (a<b) c()</script><svg><path d="M0"/></svg><!-- c --><select><option>1<option>2</select>';
  check('html', serialize(parse(html)));
  check('fragments', ['<li>x<li>y', '<tr><td>', 'a<br/>b', '<p/>c', '&lt;&unknown;', '<a href=x class="y z">', '</p>', '<textarea>\n<b></textarea>'].map(text => serialize(parseFragment(text))));
  const faults = [];
  const tree = parse('<p a a></b>&#0;', { sourceCodeLocationInfo: true, onParseError: error => faults.push([error.code, error.startCol]) });
  check('html faults', faults);
  check('html tree', tree.childNodes.map(node => [node.nodeName, node.childNodes?.length]));
  const css = '@media (max-width: 10px){a:hover>b::after{color:red;background:url("x.png")}}\n/* c */ .x{--y: 1px;margin:0 auto!important}';
  const root = postcss.parse(css);
  check('css rules', root.nodes.map(node => [node.type, node.selector ?? node.name ?? node.text]));
  root.walkDecls(/^m/, declaration => { declaration.cloneBefore({ prop: 'padding', important: false }); declaration.value = '1px'; });
  root.walkRules(rule => { rule.selectors = rule.selectors.map(selector => `.scope ${selector}`); });
  root.append({ selector: 'b', nodes: [{ prop: 'top', value: '0' }] });
  check('css changed', root.toString());
  check('css places', (({ start, end }) => [start, end])(root.first.first.source));
  check.throws('css fault', () => { try { postcss.parse('a{ b: c'); } catch (error) { throw new Error(`${error.reason} ${error.line}:${error.column}`); } });
  const plugin = { postcssPlugin: 'double', Declaration(declaration, { result }) { if (/^\d+px$/.test(declaration.value) && !declaration.seen) { declaration.seen = true; declaration.value = `${parseInt(declaration.value, 10) * 2}px`; result.warn('doubled', { node: declaration }); } } };
  await check.later('css plugins', postcss([plugin]).process('a { top: 2px; left: 5px }', { from: undefined }).then(result => [result.css, result.warnings().map(String)]));
  Handlebars.registerHelper('shout', (text, options) => text.toUpperCase() + options.hash.mark);
  check('template', template({ title: 'hi', list: [{ name: '<Ada>' }, { name: 'Bob' }] }));
  check('helpers', [Handlebars.helpers.if.call({}, true, { hash: {}, fn: () => 'yes', inverse: () => 'no' }), Handlebars.helpers.lookup({ a: 1 }, 'a', { lookupProperty: (object, key) => object[key] }), Handlebars.Utils.isEmpty([]), Handlebars.escapeExpression('<&"\'`='), String(new Handlebars.SafeString('<b>'))]);
  check('template syntax', JSON.parse(JSON.stringify(parseTemplate('{{#if a.b}}x{{else}}{{{y z=1}}}{{/if}}{{> part}}{{!c}}').body.map(({ loc, ...node }) => node.type))));
  check.throws('template fault', () => parseTemplate('{{#if}}{{/each}}'));
  check.throws('helper missing', () => Handlebars.helpers.helperMissing.call({}, 1, { name: 'nobody' }));
  await check.later('later', async () => render(h('p', null, await Promise.resolve('later'))));
};

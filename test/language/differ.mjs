// SPDX-License-Identifier: MIT
// Programs nobody wrote: makes random valid programs that print what they do, runs them here and in Node, and shrinks those that
// differ.
//   node differ.mjs [--seconds N] [--seed N] [--count N] [--keep FOLDER] [--max N] [--print]
//     --seconds  how long (60), or --count how many programs
//     --seed     of the first program; each has a seed of its own, which is printed with a difference
//     --keep     where programs that differ go, with what both engines printed (build/differ)
//     --max      differences after which to stop (20)
//     --print    print the program of --seed and run nothing
// Method: a program is a tree of statements, expressions and lists. All loops and calls take from one tank of fuel that runs
// empty at the same point in both engines, texts and arrays are cut, errors are printed by name, and promises are handled: so
// that any other difference is one of the engine. Shrinking takes parts of the tree away while the difference stays.
// BUILD names the build directory. Exit 1 if there was a difference.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, build, chance, nothing, pick, runBoth, seedWith, settings, times } from './both.mjs';

// --- the tree: e an expression, s a statement, b a block's statements, l a list with commas ----------------------

const e = (...parts) => ({ kind: 'e', parts });
const s = (...parts) => ({ kind: 's', parts });
const b = items => ({ kind: 'b', parts: items });
const burning = items => ({ kind: 'b', parts: items, burn: true }); // of a loop or function: takes fuel first
const l = items => ({ kind: 'l', parts: items });
function text(node) {
  if (typeof node === 'string') return node;
  if (node.kind === 'b') return `{\n${node.burn ? '  burn();\n' : ''}${node.parts.map(text).join('\n').replace(/^(?=.)/gm, '  ')}\n}`;
  if (node.kind === 'l') return node.parts.map(text).join(', ');
  return node.parts.map(text).join('');
}

// --- scopes ---------------------------------------------------------------------------------------------------

// A scope: names with what they hold, and what may be written in it. `kind` of a name: num str bool arr obj fn gen cls any.
let scope, serial, room, nested; // room: parts that may still be made; nested: statements inside each other
const fresh = letter => letter + serial++;
// A name to declare by let or const: now and then one that hides an outer one.
function shadowing(letter) {
  const outside = chance(0.12) && scope.outer ? known('num', 'str', 'arr', 'obj', 'any', 'bool').map(one => one.name).filter(one => one[0] !== 'x' && !scope.names.some(mine => mine.name === one)) : [];
  return outside.length ? pick(outside) : fresh(letter);
}
const inner = (more, f) => {
  const outer = scope;
  scope = { ...outer, ...more, names: [], outer };
  try { return f(); } finally { scope = outer; }
};
function names(test) {
  const found = [];
  for (let at = scope; at; at = at.outer) for (const name of at.names) if (test(name)) found.push(name);
  return found;
}
const declare = (name, kind, more) => { scope.names.push({ name, kind, ...more }); return name; };
const known = (...kinds) => names(name => kinds.includes(name.kind));
const settable = kind => names(name => (name.kind === kind || kind === undefined) && !name.fixed && !['fn', 'cls', 'gen'].includes(name.kind));

// --- expressions ------------------------------------------------------------------------------------------------

const keys = ['a', 'b', 'c', 'd'];
const literals = {
  num: () => String(pick([0, 1, 2, 3, 5, 7, -1, -4, 0.5, 1.25, 10, 100, 4294967296, -2147483648, '1e3', '0x1f', 'NaN', '-0', 'Infinity'])),
  str: () => pick(["'x'", "'yz'", "''", "'a'", "'7'", "'é'", "'b'", '`q`', "'\\n'"]),
  bool: () => pick(['true', 'false']),
  any: () => pick(['null', 'undefined', '0', "''", 'true', "'a'", '3']),
};
let depth = 0;
function expr(kind = 'any') {
  if (kind === 'any') kind = pick(['num', 'num', 'str', 'bool', 'arr', 'obj', 'any', 'any']);
  if (chance(0.03)) return e('(', expr(pick(['num', 'str', 'bool', 'arr', 'obj', 'any'])), ')'); // what is not expected
  const mine = known(kind);
  if (depth > 3 || room <= 0 || chance(0.15)) return mine.length && chance(0.6) ? e(pick(mine).name) : simple(kind);
  if (mine.length && chance(0.25)) return e(pick(mine).name);
  depth++;
  room--;
  try { return pick(general.concat(forms[kind] ?? forms.any, forms[kind] ?? forms.any))(kind); } finally { depth--; }
}
function simple(kind) {
  if (kind === 'arr') return e('[', l(times(0, 3, () => e(literals[pick(['num', 'str'])]()))), ']');
  if (kind === 'obj') return e('({ ', l(times(0, 3, i => e(keys[i], ': ', e(literals.num())))), ' })');
  return e((literals[kind] ?? literals.any)());
}
let traced = 0;
const trace = inside => e(`t(${traced++ % 100}, `, inside, ')');
const args = (low = 0, high = 3) => l(times(low, high, () => (chance(0.12) ? e('...', expr('arr')) : expr())));

const general = [
  kind => e('((', expr('obj'), ')[', trace(expr('str')), ']', pick([' = ', ' += ', ' ??= ', ' ||= ', ' **= ']), pick([() => e(literals.num()), () => trace(e(literals.num()))])(), ')'),
  kind => e('(', pick(['++', '--']), '(', expr('obj'), ')', pick(['.a', '.b']), ')'),
  kind => e(expr('obj'), pick(['?.a.b', '?.[', '.a?.', '?.a?.(']).replace(/\?\.\[$/, "?.['a']").replace(/\.a\?\.$/, '.a?.c').replace(/\($/, '(1)')),
  kind => trace(expr(kind)),
  kind => trace(expr(kind)),
  kind => e('(', expr('bool'), ' ? ', expr(kind), ' : ', expr(kind), ')'),
  kind => e('(', expr('any'), pick([' ?? ', ' || ', ' && ']), expr(kind), ')'),
  kind => e('(', expr('any'), ', ', expr(kind), ')'),
  kind => { const list = settable(kind); return list.length ? e('(', pick(list).name, pick([' = ', ' = ', ' ??= ', ' ||= ', ' &&= ']), expr(kind), ')') : trace(expr(kind)); },
  kind => e(expr('obj'), pick(['.', '?.']), pick(keys)),
  () => e(expr('obj'), pick(['[', '?.[']), trace(expr('str')), ']'),
  () => e(expr('arr'), pick(['[', '?.[']), expr('num'), ']'),
  kind => callKnown() ?? trace(expr(kind)),
  kind => callKnown() ?? trace(expr(kind)),
  kind => makeNew() ?? trace(expr(kind)),
  kind => (scope.awaits ? e('(await ', chance(0.3) ? e('Promise.resolve(', expr(kind), ')') : expr(kind), ')') : trace(expr(kind))),
  kind => (scope.yields ? e('(yield ', expr(kind), ')') : trace(expr(kind))),
  kind => (scope.yields && chance(0.4) ? e(scope.awaits ? '(yield* ' : '(yield* ', iterable(), ')') : trace(expr(kind))),
  kind => (scope.hasThis ? e('this.', pick(keys)) : trace(expr(kind))),
  kind => (scope.privates?.length ? e(scope.static ? 'this' : 'this', '.', pick(scope.privates)) : trace(expr(kind))),
  kind => (scope.supers ? e('super.', pick(['m', 'n', 'g']), chance(0.7) ? e('?.(', args(), ')') : '') : trace(expr(kind))),
  kind => (scope.args ? e(pick(['arguments[0]', 'arguments.length', '[...arguments].length'])) : trace(expr(kind))),
  kind => e('(', arrow([]), ')(', args(), ')'),
  kind => e('(() => ', inner({ labels: [], loop: 0, awaits: false, yields: false, returns: true, switches: 0 }, () => b([...statements(1, 3), s('return ', expr(kind), ';')])), ')()'),
];
// An object that says how it becomes a value.
const odd = () => inner({ labels: [], awaits: false, yields: false, args: false, hasThis: true, privates: undefined, supers: true }, () => e('({ ', l([e('valueOf() { t(', "'valueOf'", '); return ', expr('num'), '; }'), e('toString() { t(', "'toString'", '); return ', expr(pick(['str', 'num', 'obj'])), '; }')]), ' })'));
const binary = (left, operators, right = left) => e('(', expr(left), ` ${pick(operators)} `, expr(right), ')');
const forms = {
  num: [
    () => binary('num', ['+', '-', '*', '%', '&', '|', '^', '<<', '>>', '>>>']),
    () => binary('num', ['+', '-', '*']),
    () => e('((', expr('num'), ') ** ', pick(['2', '1', '0', '3']), ')'),
    () => e('(', pick(['-', '+', '~', '- -']), '(', expr('num'), '))'),
    () => e('(+', expr(pick(['str', 'bool', 'any'])), ')'),
    () => { const list = settable('num'); return list.length ? e('(', pick([pick(list).name + pick(['++', '--']), pick(['++', '--']) + pick(list).name]), ')') : e(literals.num()); },
    () => { const list = settable('num'); return list.length ? e('(', pick(list).name, pick([' += ', ' -= ', ' *= ', ' |= ', ' %= ', ' <<= ']), e(literals.num()), ')') : e(literals.num()); },
    () => { const list = known('obj'); return list.length ? e('(', pick(list).name, '.', pick(keys), pick(['++', '--', ' += 2', ' ??= 4', ' ||= 5', ' &&= 6', ' -= 1']), ')') : e(literals.num()); },
    () => e(expr('arr'), '.length'),
    () => e(expr('str'), '.length'),
    () => e('Math.', pick(['max', 'min', 'abs', 'floor']), '(', l([expr('num'), expr('num')]), ')'),
    () => e(expr('arr'), '.reduce((x, y) => ', pick(['x + 1', "x + (typeof y === 'number' ? y : 1)", 'x']), ', ', expr('num'), ')'),
    () => e('(', expr('num'), ' | 0)'),
    () => e('Number(', expr('any'), ')'),
    () => e(pick(['parseInt', 'parseFloat']), '(', expr('str'), ')'),
    () => e('new ', pick(['Uint8Array', 'Int16Array', 'Float32Array', 'Uint8ClampedArray']), '([', expr('num'), '])[0]'),
    () => e(expr('arr'), pick(['.indexOf(', '.lastIndexOf(', '.push(', '.unshift(', '.findIndex(x => x === ']), expr('any'), ')'),
    () => e(expr('str'), pick(['.indexOf(', '.charCodeAt(', '.search(']), expr('str'), ')'),
    () => e('(+', odd(), ')'),
    () => e('(', odd(), pick([' * ', ' - ', ' + ', ' % ']), expr('num'), ')'),
  ],
  str: [
    () => e('cut(', expr('str'), ' + ', expr('any'), ')'),
    () => e('cut(`', ...times(1, 3, i => e(pick(['', 'p', '-']), '${', expr(i === 0 ? 'str' : 'num'), '}')), '`)'),
    () => e('(typeof ', pick([() => e('nowhere'), () => expr('any')])(), ')'),
    () => e('String(', expr(pick(['num', 'bool', 'any'])), ').slice(0, 9)'),
    () => e('cut(', expr('arr'), ".join('-'))"),
    () => e('cut(show(', expr('any'), '))'),
    () => e('cut(JSON.stringify(', expr('any'), pick(['', ', null, 1', ", ['a', 'b']", ', (k, v) => (t(k), v)']), ") ?? 'none')"),
    () => e('`${', odd(), '}`'),
    () => e('cut((', expr('num'), pick([').toString(2)', ').toString(36)', ').toFixed(2)', ').toPrecision(3)', ').toExponential(1)', ').toString()']), ')'),
    () => e('String(', expr('any'), ').replace(', pick(['/[0-9]+/g', '/a|b/', '/(.)(.)/g', '/^./', "'a'"]), ', ', pick(["'<$&>'", "'$1'", "(x, y) => t(0, x) + typeof y", "''"]), ').slice(0, 12)'),
    () => e('cut(', expr('str'), ".split(", pick(["''", '/a/', "'x'", '/(b)/']), ").join('.'))"),
    () => e('tag`', ...times(1, 3, i => e(pick(['x', '', '\\n']), '${', expr('any'), '}')), pick(['', 'y']), '`'),
    () => e(expr('str'), pick(['.toUpperCase()', '.slice(1)', '.charAt(0)', '.repeat(2).slice(0, 7)', ".padStart(3, '*')", ".split('')[0]", '.at(-1)', ".replace('x', y => y + y)", ".replace(/[a-y]/, '<$&>')"])),
    () => { const list = settable('str'); return list.length ? e('(', pick(list).name, ' += ', e(literals.str()), ')') : e(literals.str()); },
  ],
  bool: [
    () => binary('num', ['<', '>', '<=', '>=', '===', '!==', '==', '!=']),
    () => binary('str', ['<', '>', '===', '!==']),
    () => binary('any', ['===', '!==']),
    () => e('!', expr('any')),
    () => e('(', expr('str'), ' in ', expr('obj'), ')'),
    () => e('(delete ', expr('obj'), '.', pick(keys), ')'),
    () => { const list = known('cls'); return list.length ? e('(', expr('any'), ' instanceof ', pick(list).name, ')') : e(literals.bool()); },
    () => (scope.privates?.length ? e('(', pick(scope.privates.filter(name => !name.includes('('))) ?? scope.privates[0].replace(/\(.*/, ''), ' in ', expr('obj'), ')') : e(literals.bool())),
    () => (scope.target ? e('(new.target === undefined)') : e(literals.bool())),
    () => e('Array.isArray(', expr('any'), ')'),
    () => e('Object.is(', l([expr('any'), expr('any')]), ')'),
    () => e(pick(['Object.isFrozen', 'Number.isInteger', 'isNaN', 'Boolean', 'Number.isSafeInteger']), '(', expr('any'), ')'),
    () => e(expr('arr'), pick(['.some(', '.every(']), arrow(['num', 'num']), ')'),
    () => e(expr('arr'), '.includes(', expr('any'), ')'),
    () => e('Reflect.', pick(['has', 'deleteProperty']), '(', l([expr('obj'), expr('str')]), ')'),
    () => binary('any', ['==', '!=', '<', '>=']),
    () => e('/', pick(['a+', '[x-z]', '^b?$', '(a|b)c*', '\\d']), '/.test(', expr('any'), ')'),
  ],
  arr: [
    () => e('[', l(times(0, 4, () => (chance(0.06) ? e('') : expr('any')))), ']'),
    () => e('[', l(times(1, 3, () => (chance(0.5) ? e('...', iterable()) : expr('any')))), '].slice(0, 6)'),
    () => e(expr('arr'), '.map(', arrow(['num', 'num']), ')'),
    () => e(expr('arr'), '.filter(', arrow(['num']), ')'),
    () => e(expr('arr'), '.flatMap(', arrow(['num']), ').slice(0, 5)'),
    () => e(expr('arr'), pick(['.slice(1)', '.concat([1]).slice(0, 5)', '.reverse()', '.splice(0, 1)', '.flat()', '.fill(1, 2)'])),
    () => e('Object.', pick(['keys', 'values', 'entries', 'getOwnPropertyNames']), '(', expr('obj'), ')'),
    () => e('Array.from(', iterable(), ').slice(0, 6)'),
    () => e('Array.from({ length: ', pick(['2', '3']), ' }, ', arrow(['any', 'num']), ')'),
    () => e(expr('arr'), pick(['.sort()', '.sort((x, y) => (typeof x === "number" && typeof y === "number" && x === x && y === y ? x - y : 0) || (typeof x > typeof y ? 1 : typeof x < typeof y ? -1 : 0))'])),
  ],
  obj: [
    () => object(),
    () => object(),
    () => e('Object.', pick(['freeze', 'assign']), '(', l([expr('obj'), expr('obj')]), ')'),
    () => e('Object.fromEntries([', l(times(0, 2, () => e('[', expr('str'), ', ', expr('any'), ']'))), '])'),
    () => makeNew() ?? object(),
    () => e('Object.defineProperty(', l([expr('obj'), expr('str'), e('{ ', pick(['value: ', 'enumerable: true, value: ', 'writable: true, enumerable: true, value: ']), expr('any'), ' }')]), ')'),
    () => e('Object.create(', pick([() => expr('obj'), () => e('null')])(), ')'),
    () => e('new Proxy(', expr('obj'), ', { get: (o, k) => (typeof k === "string" && t("get " + k), o[k]), has: (o, k) => (t("has"), k in o) })'),
    () => e('JSON.parse(JSON.stringify(', expr('obj'), '))'),
  ],
  any: [
    () => expr('num'), () => expr('str'), () => expr('bool'), () => expr('arr'), () => expr('obj'),
    () => arrow([]),
    () => e('(', fn({}), ')'),
    () => e('void ', expr('any')),
    () => classOf(''),
    () => { const list = known('gen'); return list.length ? e(pick(list).name, pick(['.next(', '.return(', '.next(']), expr(), ')') : e('null'); },
    () => e('new Map([[', l([expr('str'), expr('any')]), ']])'),
    () => e('new Set(', expr('arr'), ')'),
  ],
};

function callKnown() {
  const list = known('fn');
  if (!list.length) return undefined;
  const f = pick(list), call = e(f.name, pick(['(', '(', '(', '?.(']), args(), ')');
  if (f.async) return handled(call);
  if (f.generator) return e('[...', call, '].slice(0, 6)');
  return chance(0.1) ? e(f.name, pick(['.call(', '.bind(']), args(1, 3), ')') : chance(0.05) ? e(f.name, '.apply(null, ', expr('arr'), ')') : call;
}
// Calls of async functions leave no rejection behind.
const handled = promise => e('handle(', promise, ')');
function makeNew() {
  const list = known('cls');
  return list.length ? e('new ', pick(list).name, '(', args(), ')') : undefined;
}
function iterable() {
  const generators = known('fn').filter(f => f.generator && !f.async), open = known('gen');
  return pick([
    () => expr('arr'), () => expr('str'), () => e(`iter('i${serial++}', ${below(5)})`), () => e('new Set(', expr('arr'), ')'), () => e(expr('arr'), '.entries()'),
    () => (generators.length ? e(pick(generators).name, '(', args(), ')') : expr('arr')),
    () => (open.length ? e(pick(open).name) : expr('arr')),
    () => e('new Map(Object.entries(', expr('obj'), '))'),
  ])();
}

function object() {
  const method = more => inner({ hasThis: true, supers: true, privates: undefined, target: true }, () => functionRest(more));
  const parts = times(0, 4, () => pick([
    () => e(pick(keys), ': ', expr('any')),
    () => e(pick(keys), ': ', expr('any')),
    () => e('[', trace(expr('str')), ']: ', expr('any')),
    () => e('...', expr(pick(['obj', 'arr', 'any']))),
    () => { const list = known('num', 'str', 'arr', 'obj'); return list.length ? e(pick(list).name) : e('a: 1'); },
    () => e(pick(keys), method({})),
    () => e('*', pick(keys), method({ generator: true })),
    () => e('async ', pick(keys), method({ async: true })),
    () => e('[', trace(expr('str')), ']', method({})),
    () => e(`'${pick(keys)} ${pick(keys)}': `, expr('any')),
    () => e(`${below(3)}: `, expr('any')),
  ])());
  if (chance(0.1)) parts.splice(below(parts.length + 1), 0, e('__proto__: ', expr('obj')));
  // each name once, accessors after the rest: V8 orders both in its own way
  const named = part => /^(?:async |\*)?([a-d])\b/.exec(text(part))?.[1];
  for (let i = parts.length - 1; i >= 0; i--) if (named(parts[i]) && parts.some((part, k) => k < i && named(part) === named(parts[i]))) parts.splice(i, 1);
  if (chance(0.2)) parts.push(e('get g', method({ params: 0 })));
  if (chance(0.1)) parts.push(e('set ', pick(['g', 'h']), method({ params: 1 })));
  return e('({ ', l(parts), ' })');
}

// --- patterns -------------------------------------------------------------------------------------------------

// A pattern that binds names by `bind`, which gives a target.
function pattern(bind, level = 0) {
  const target = () => {
    const what = level < 2 && chance(0.2) ? pattern(bind, level + 1) : e(bind());
    return chance(0.35) ? e(what, ' = ', trace(expr('any'))) : what;
  };
  if (chance(0.5)) {
    const items = times(0, 3, () => (chance(0.1) ? e('') : target()));
    if (chance(0.25)) items.push(e('...', chance(0.2) && level < 2 ? pattern(bind, 2) : bind()));
    return e('[', l(items), ']');
  }
  const items = times(0, 3, () => (chance(0.2) ? e('[', trace(expr('str')), ']: ', target()) : e(pick(keys), ': ', target())));
  if (chance(0.2)) items.push(e('...', bind()));
  return e('{ ', l(items), ' }');
}
const source = shape => (text(shape).startsWith('[') ? (chance(0.8) ? iterable() : expr('any')) : chance(0.85) ? expr('obj') : expr('any'));

// --- functions and classes ------------------------------------------------------------------------------------

// Parameters and body, of a function whose scope is made already but for these.
function functionRest({ async = false, generator = false, params, first = [], own = {} }) {
  return inner({ labels: [], loop: 0, switches: 0, returns: true, args: true, awaits: false, yields: false, ...own }, () => {
    const list = [], count = params ?? below(4);
    for (let i = 0; i < count; i++) {
      if (params === undefined && i === count - 1 && chance(0.2)) list.push(e('...', declare(fresh('p'), 'arr')));
      else if (chance(0.2)) list.push(e(pattern(() => declare(fresh('p'), 'any')), chance(0.6) ? e(' = ', chance(0.5) ? expr('arr') : expr('obj')) : ''));
      else {
        const name = fresh('p');
        list.push(e(name, chance(0.35) ? e(' = ', expr('any')) : ''));
        declare(name, pick(['any', 'num']));
      }
    }
    Object.assign(scope, { awaits: async, yields: generator });
    const body = [...first, ...statements(1, 4)];
    if (chance(0.7)) body.push(s('return ', expr('any'), ';'));
    return e('(', l(list), ') ', burning(body));
  });
}
const plain = { hasThis: true, supers: false, target: true };
function fn({ name = '', async = false, generator = false, ...more }) {
  const of = inner(plain, () => functionRest({ async, generator, ...more }));
  return e(`${async ? 'async ' : ''}function${generator ? '*' : ''} ${name}`, of);
}
function arrow(kinds, async = false) {
  return inner({ labels: [], loop: 0, switches: 0, awaits: false, yields: false, returns: true }, () => {
    const list = kinds.length ? kinds.slice(0, 1 + below(kinds.length)) : times(0, 2, () => 'any');
    const params = list.map(kind => { const name = fresh('p'), part = e(name, chance(0.15) ? e(' = ', expr(kind)) : ''); declare(name, kind); return part; });
    scope.awaits = async;
    const body = chance(0.7) ? e('(burn(), ', expr('any'), ')') : burning([...statements(1, 2), s('return ', expr('any'), ';')]);
    return e('(', async ? 'async ' : '', '(', l(params), ') => ', body, ')');
  });
}

function classOf(name) {
  const parents = known('cls').filter(cls => cls.name !== name), builtin = chance(0.12) ? pick(['Array', 'Error', 'Map', 'Set', 'Object', 'null', 'TypeError']) : '', heir = builtin !== '' || (parents.length > 0 && chance(0.5));
  const hidden = times(0, 3, i => `#${pick(keys)}${i}`), accessor = hidden.length && chance(0.3) ? hidden.pop() : undefined, secret = hidden.length && chance(0.4) ? hidden.pop() : undefined;
  const usable = [...hidden, ...(secret ? [`${secret}(1)`] : []), ...(accessor ? [accessor] : [])];
  const members = [], method = more => inner({ hasThis: true, supers: true, privates: usable, target: true, args: true, returns: true }, () => functionRest(more));
  const value = () => inner({ hasThis: true, supers: true, privates: usable, args: false, awaits: false, yields: false, target: true, returns: false, labels: [], loop: 0, switches: 0 }, () => expr('any'));
  const field = () => e(' = ', value(), ';');
  for (const one of hidden) members.push(e(one, chance(0.8) ? field() : ';'));
  if (secret) members.push(e(secret, method({})));
  if (accessor) members.push(e('get ', accessor, method({ params: 0 })), e('set ', accessor, method({ params: 1 })));
  if (chance(0.5)) {
    const first = heir ? [chance(0.2) ? s('out(', trace(e('1')), ');') : s(''), chance(0.93) ? s('super(', inner({ awaits: false, yields: false }, () => args()), ');') : s('')] : [];
    members.push(e('constructor', method({ first, own: { supers: true } })));
  }
  for (let i = below(4); i > 0; i--)
    members.push(pick([
      () => e(pick(['m', 'n']), method({})),
      () => e('static ', pick(['m', 'n']), method({})),
      () => e('*', pick(['m', 'n', '[Symbol.iterator]']), method({ generator: true })),
      () => e('async ', pick(['m', 'n']), method({ async: true })),
      () => e('get g', method({ params: 0 })),
      () => e('static get g', method({ params: 0 })),
      () => e('set g', method({ params: 1 })),
      () => e('[', trace(expr('str')), ']', method({})),
      () => e(pick(keys), field()),
      () => e(pick(keys), ';'),
      () => e('static ', pick(keys), field()),
      () => e('[', trace(expr('str')), ']', field()),
      () => e(pick(keys), ' = ', arrowField(usable), ';'),
      () => e('static [', trace(expr('str')), ']', field()),
    ])());
  return e(name ? '' : '(', 'class ', name, heir ? e(' extends ', builtin ? builtin : chance(0.8) ? pick(parents).name : trace(e(pick(parents).name))) : '', ' ', { kind: 'b', parts: members }, name ? '' : ')');
}
const arrowField = usable => inner({ hasThis: true, supers: true, privates: usable, args: false, awaits: false, yields: false, target: true }, () => arrow([]));

// --- statements -----------------------------------------------------------------------------------------------

const statements = (low, high) => times(low, high, statement);
const block = (more = {}) => b(inner(more, () => statements(1, 3)));
const report = () => s('out(', l(times(1, 3, () => expr('any'))), ');');
const guarded = inside => s('try ', b([inside]), ` catch (x) { out('caught', x); }`);

function declaration(kind = pick(['num', 'str', 'bool', 'arr', 'obj', 'any'])) {
  const word = pick(['let', 'let', 'const', 'var']), name = word === 'var' ? fresh('v') : shadowing('v'), part = s(`${word} ${name} = `, expr(kind), ';');
  if (word === 'var' && !scope.functionTop) return s(`let ${declareAfter(name, kind)} = `, ...part.parts.slice(1));
  declare(name, kind, { fixed: word === 'const' && chance(0.97) });
  return part;
}
function declareAfter(name, kind) { declare(name, kind); return name; }

const loopBody = (more = {}) => burning([...inner({ loop: scope.loop + 1, switches: 0, ...more }, () => statements(1, 3))]);

const makers = [
  report, report, report,
  () => declaration(), () => declaration(), () => declaration(),
  () => { // destructuring
    const list = [], shape = pattern(() => { list.push(fresh('v')); return list.at(-1); }), part = s(pick(['let ', 'const ']), shape, ' = ', source(shape), ';');
    for (const name of list) declare(name, 'any', { fixed: text(part).startsWith('const') });
    return part;
  },
  () => { // destructuring into what is there
    const bind = () => { const list = settable(), objects = known('obj', 'arr'); return objects.length && chance(0.3) ? `${pick(objects).name}.${pick(keys)}` : list.length ? pick(list).name : 'out.x'; };
    const shape = pattern(bind);
    return s('(', shape, ' = ', source(shape), ');');
  },
  () => { const list = settable(); if (!list.length) return report(); const to = pick(list); return s(to.name, ' = ', expr(to.kind), ';'); },
  () => { const list = known('obj', 'arr', 'any'); return list.length ? s(pick(list).name, chance(0.6) ? `.${pick(keys)}` : e('[', trace(expr(pick(['str', 'num']))), ']'), pick([' = ', ' = ', ' ??= ', ' ||= ', ' &&= ']), expr('any'), ';') : report(); },
  () => s('if (', expr('bool'), ') ', block(), chance(0.5) ? e(' else ', block()) : ''),
  () => { // closures in a loop
    const name = fresh('k'), list = fresh('v');
    const part = s(`const ${list} = [];\nfor (let ${name} = 0; ${name} < ${1 + below(4)}; ${name}++) `, inner({}, () => {
      declare(name, 'num');
      const body = loopBody();
      body.parts.push(s(`${list}.push(`, pick([() => e(`() => ${name}`), () => e(`() => ${name}++`), () => e(`() => [${name}, `, inner({ awaits: false, yields: false, args: false }, () => expr('any')), ']')])(), ');'));
      return body;
    }), `\nfor (const f of ${list}) `, b([s("out('closure', f());")]));
    declare(list, 'arr', { fixed: true });
    return part;
  },
  () => { const name = fresh('k'); return inner({}, () => { declare(name, 'num'); return s(`for (let ${name} = 0, ${fresh('k')} = `, expr('num'), `; ${name} < ${1 + below(4)}; ${name}${pick(['++', ' += 2'])}) `, loopBody()); }); },
  () => { // for of
    const word = pick(['let ', 'const ']);
    return inner({}, () => {
      const over = iterable(), list = [], shape = chance(0.4) ? pattern(() => { list.push(fresh('v')); return list.at(-1); }) : e((list.push(fresh('v')), list[0]));
      for (const name of list) declare(name, 'any', { fixed: word === 'const ' });
      return s('for (', word, shape, ' of ', over, ') ', loopBody());
    });
  },
  () => { const name = shadowing('v'), over = expr(pick(['obj', 'arr'])); return inner({}, () => { declare(name, 'str', { fixed: true }); return s(`for (const ${name} in `, over, ') ', loopBody()); }); },
  () => { const list = settable(); return list.length && chance(0.5) ? s('for (', pick(list).name, pick([' of ', ' of ', ' in ']), expr('arr'), ') ', loopBody()) : report(); },
  () => { const name = fresh('n'); return s(`let ${name} = 0;\n`, pick([() => e(`while (${name}++ < ${1 + below(3)}) `, loopBody()), () => e('do ', loopBody(), ` while (++${name} < ${1 + below(3)});`)])()); },
  () => { // labels
    const label = fresh('L'), name = fresh('k');
    return inner({ labels: [...(scope.labels ?? []), { name: label, loop: true }] }, () => {
      declare(name, 'num');
      return s(`${label}: for (let ${name} = 0; ${name} < 3; ${name}++) `, loopBody());
    });
  },
  () => { const label = fresh('L'); return s(`${label}: `, block({ labels: [...(scope.labels ?? []), { name: label, loop: false }] })); },
  leave, leave,
  () => { // switch
    const clause = () => statements(0, 2);
    const clauses = [];
    inner({ switches: 1 }, () => {
      for (let i = below(4) + 1; i > 0; i--) clauses.push(s('case ', expr(pick(['num', 'str'])), ':\n', l([]), ...clause().flatMap(one => [one, '\n']), chance(0.5) ? 'break;' : ''));
      if (chance(0.6)) clauses.splice(below(clauses.length + 1), 0, s('default:\n', ...clause().flatMap(one => [one, '\n']), chance(0.3) ? 'break;' : ''));
    });
    return s('switch (', expr(pick(['num', 'str'])), ') ', b(clauses));
  },
  () => { // try
    const name = fresh('x'), how = below(3), handler = how === 1 ? '' : inner({}, () => {
      const shape = chance(0.2) ? '' : chance(0.15) ? pattern(() => declare(fresh('x'), 'any')) : declare(name, 'any');
      return e(' catch ', shape === '' ? '' : e('(', shape, ') '), block());
    });
    return s('try ', block(), handler, how > 0 ? e(' finally ', block()) : '');
  },
  () => guarded(statement()),
  () => s('throw ', pick([() => expr('any'), () => e("new Error('e')"), () => e("new TypeError('t')")])(), ';'),
  () => { // function
    const name = fresh('f'), how = { generator: chance(0.25), async: chance(0.25) };
    const early = chance(0.15) ? [s(`out('early', typeof ${name});`)] : [];
    const part = s(...early, fn({ name, ...how }));
    declare(name, 'fn', how.generator && how.async ? { asyncGenerator: true, kind: 'agen' } : how);
    return part;
  },
  () => { const name = fresh('f'), async = chance(0.2), part = s(`const ${name} = `, chance(0.7) ? arrow([], async) : fn({ async }), ';'); declare(name, 'fn', { async }); return part; },
  () => { const name = fresh('C'), part = s(classOf(name)); declare(name, 'cls'); return part; },
  () => { const name = fresh('C'), part = s(classOf(name)); declare(name, 'cls'); return part; },
  () => { const list = known('fn').filter(f => f.generator && !f.async); if (!list.length) return report(); const name = fresh('g'), part = s(`const ${name} = `, pick(list).name, '(', args(), ');'); declare(name, 'gen'); return part; },
  () => { const list = known('gen'); return list.length ? s('out(', e(pick(list).name, pick(['.next(', '.next(', '.return(', '.throw(']), expr('any'), ')'), ');') : report(); },
  () => s(block()),
  () => { // what comes later
    const promise = pick([
      () => callAsync() ?? e('Promise.resolve(', expr('any'), ')'),
      () => e('Promise.', pick(['all', 'race', 'allSettled', 'any']), '([', l(times(0, 3, () => callAsync() ?? expr('any'))), '])'),
      () => e('new Promise((yes, no) => ', inner({ labels: [], loop: 0, switches: 0, awaits: false, yields: false, returns: false, args: false }, () => burning([...statements(0, 2), s(pick(['yes', 'yes', 'no']), '(', expr('any'), ');')])), ')'),
      () => e('(async () => ', burning([...inner({ labels: [], loop: 0, switches: 0, awaits: true, yields: false, returns: true }, () => statements(1, 4))]), ')()'),
    ])();
    return s('later(', promise, chance(0.4) ? e('.then(', arrow(['any']), ')') : '', chance(0.2) ? e('.finally(', arrow([]), ')') : '', ');');
  },
  () => { // for await
    if (!scope.awaits) return report();
    const over = names(name => name.kind === 'agen' || name.asyncGenerator).length ? e(pick(names(name => name.asyncGenerator)).name, '(', args(), ')') : iterable();
    return inner({}, () => { const name = fresh('v'); declare(name, 'any'); return s(`for await (const ${name} of `, over, ') ', loopBody()); });
  },
  () => { const list = names(name => name.asyncGenerator); if (!list.length) return report(); return s('later((async () => ', b([s('const list = [];\nfor await (const x of ', pick(list).name, '(', args(), ')) list.push(x);'), s('return list;')]), ')());'); },
  () => { const list = names(name => name.asyncGenerator); if (!list.length) return report(); const name = fresh('v'); return s(`const ${name} = `, pick(list).name, '(', args(), ');\n', ...times(1, 3, () => e('later(', name, pick(['.next(', '.return(', '.throw(']), expr('any'), '));\n'))); },
  () => s('queueMicrotask(() => ', b([guarded(inner({ labels: [], loop: 0, switches: 0, awaits: false, yields: false, returns: true }, () => report()))]), ');'),
  () => (scope.yields ? s('yield ', expr('any'), ';') : report()),
  () => (scope.awaits ? s('await ', expr('any'), ';') : report()),
  () => (scope.supers && scope.hasThis ? s('super.', pick(['g', 'a', 'm']), ' = ', expr('any'), ';') : report()),
  () => (scope.privates?.some(name => !name.includes('(')) ? s('this.', pick(scope.privates.filter(name => !name.includes('('))), pick([' = ', ' = ', ' ??= ']), expr('any'), ';') : report()),
];
function callAsync() {
  const list = known('fn').filter(f => f.async);
  return list.length ? e(pick(list).name, '(', args(), ')') : undefined;
}
function leave() {
  const ways = [], labels = scope.labels ?? [];
  if (scope.loop) ways.push(() => s('break;'), () => s('continue;'));
  for (const label of labels) ways.push(() => s(`break ${label.name};`), ...(label.loop ? [() => s(`continue ${label.name};`)] : []));
  if (scope.returns) ways.push(() => s('return ', expr('any'), ';'));
  if (!ways.length) return report();
  const way = pick(ways)();
  return chance(0.8) ? s('if (', expr('bool'), ') ', way) : way;
}
function statement() {
  if (room-- <= 0 || nested > 4) return pick([report, report, () => declaration(), leave])();
  nested++;
  try { return pick(makers)(); } finally { nested--; }
}

const prelude = `let fuel = 150;
const burn = () => { if (--fuel < 0) throw 'fuel'; };
const cut = x => x.slice(0, 12);
function show(v, d = 0) {
  if (typeof v === 'string') return d ? JSON.stringify(v) : v;
  if (typeof v === 'symbol') return 'symbol';
  if (typeof v === 'function') return 'function ' + String(v.name) + '/' + v.length;
  if (v === null || typeof v !== 'object') return Object.is(v, -0) ? '-0' : String(v);
  if (v instanceof Error) return v.name;
  if (v instanceof Promise) return 'promise';
  if (d > 2) return '...';
  if (Array.isArray(v)) return '[' + Array.from(v.slice(0, 12), (x, i) => i in v ? show(x, d + 1) : '').join() + ']' + v.length;
  if (v instanceof Map || v instanceof Set) return show([...v], d);
  if (typeof v.next === 'function') return 'iterator';
  return '{' + Object.keys(v).map(k => k + ':' + show(v[k], d + 1)).join() + '}';
}
const out = (...v) => { let s = ''; try { s = v.map(x => show(x)).join(' '); } catch (e) { s = 'unshown ' + (e && e.name); } print(s.slice(0, 300)); };
const t = (n, v) => (print('t' + n), v);
const sites = new Set();
const tag = (s, ...v) => (out('tag', s, s.raw, v, sites.has(s), sites.size), sites.add(s), s.raw.join('|').slice(0, 9));
const handle = p => (p && p.then && p.then(v => out('handled', v), x => out('failed', x)), p);
const later = p => { p.then(v => out('then', v), x => out('rejected', x)); };
function iter(name, n) {
  let i = 0;
  return { [Symbol.iterator]() { return this; },
    next(v) { print(name + ' next'); return i < n ? { value: i++, done: false } : { value: 'end', done: true }; },
    return(v) { print(name + ' return'); return { value: v, done: true }; } };
}`;

function program(seed) {
  seedWith(seed);
  serial = 0;
  traced = nested = 0;
  room = 40 + below(120);
  scope = { names: [], labels: [], loop: 0, switches: 0, functionTop: true };
  const parts = times(4, 9, () => {
    room = Math.max(room, 12);
    const made = statement();
    return /^(let|const|var|class|function|async function|out\('early)/.test(text(made)) ? made : guarded(made);
  });
  return { seed, parts };
}
// At the top a declaration that throws would end all: what follows it is inside the same try.
const source_of = parts => `${prelude}\ntry {\n${parts.map(text).join('\n')}\n} catch (x) { out('ended', x); }\n`;

// --- differences ----------------------------------------------------------------------------------------------

const differs = ({ node, ours }) => node !== ours && !node.includes('! SyntaxError') && node !== nothing;
// Shrinking shall not end at another kind of difference: one engine refuses, one stops at a limit, or what is printed differs.
const sort_of = ({ ours }) => (ours.includes('! SyntaxError') ? 'refused' : /! aborted|vms-js:|\(nothing\)/.test(ours) ? 'aborted' : 'differs');

// --- shrinking ------------------------------------------------------------------------------------------------

// Every tree that is `node` with one part taken away or made simpler; `make` puts it in its place.
function* smaller(node, make) {
  if (typeof node === 'string') return;
  const { kind, parts, burn } = node, list = kind === 'b' || kind === 'l';
  if (list && parts.length > 3) for (const half of [parts.slice(0, parts.length >> 1), parts.slice(parts.length >> 1)]) yield make({ kind, parts: half, burn });
  for (let i = 0; i < parts.length; i++) {
    const put = part => make({ kind, burn, parts: [...parts.slice(0, i), ...(Array.isArray(part) ? part : [part]), ...parts.slice(i + 1)] });
    const part = parts[i];
    if (typeof part === 'string') continue;
    if (list) {
      yield put([]);
      if (part.kind === 's') for (const sub of descend(part, 'b')) yield put(sub.parts.filter(one => one.kind === 's'));
    }
    if (part.kind === 'e' && text(part).length > 1) {
      if (!list || kind === 'l') {
        yield put(e('1'));
        if (/^( =|\.\.\.| else| finally| extends|\.then|\.finally)/.test(text(part))) yield put(e(''));
      }
      for (const sub of descend(part, 'e')) yield put(sub);
    }
    if (part.kind === 'b' && !list) yield put({ ...part, parts: [] });
    yield* smaller(part, put);
  }
}
function descend(node, kind) {
  const found = [];
  for (const part of node.parts) if (typeof part !== 'string') { if (part.kind === kind) found.push(part); else found.push(...descend(part, kind)); }
  return found;
}
function shrink(parts, sort) {
  let best = b(parts);
  const until = Date.now() + 60000;
  for (let from = 0; Date.now() < until;) {
    const tries = [...smaller(best, tree => tree)].map(tree => ({ tree, code: source_of(tree.parts) })).filter(one => one.code.length < source_of(best.parts).length);
    if (!tries.length) break;
    if (from >= tries.length) from = 0;
    let found;
    for (let done = 0; done < tries.length && !found && Date.now() < until; done += 60) {
      const batch = Array.from({ length: Math.min(60, tries.length - done) }, (_, i) => tries[(from + done + i) % tries.length]);
      const results = runBoth(batch.map(one => one.code));
      const good = batch.map((one, i) => ({ ...one, i: (from + done + i) % tries.length })).filter((_, i) => differs(results[i]) && sort_of(results[i]) === sort);
      found = good.sort((x, y) => x.code.length - y.code.length)[0];
    }
    if (!found) break;
    best = found.tree;
    from = Math.max(0, found.i - 5);
  }
  return best.parts;
}

// --- main -----------------------------------------------------------------------------------------------------

const options = settings({ seconds: 60, seed: Date.now() % 1e9, count: Infinity, keep: join(build, 'differ'), max: 20, print: false });

if (options.print) {
  console.log(source_of(program(options.seed).parts));
} else {
  console.log(`seed ${options.seed}`);
  const until = Date.now() + options.seconds * 1000, shrunk = new Set();
  let count = 0, invalid = 0, different = 0, lines = 0;
  for (let seed = options.seed; Date.now() < until && count < options.count && shrunk.size < options.max;) {
    const batch = Array.from({ length: Math.min(100, options.count - count) }, () => program(seed++));
    const results = runBoth(batch.map(one => source_of(one.parts)));
    count += batch.length;
    for (let i = 0; i < batch.length; i++) {
      lines += results[i].node.split('\n').length - 1;
      if (results[i].node.includes('! SyntaxError')) {
        invalid++;
        if (process.env.INVALID) writeFileSync(`${process.env.INVALID}/${batch[i].seed}.js`, source_of(batch[i].parts));
      }
      if (!differs(results[i]) || shrunk.size >= options.max) continue;
      different++;
      const parts = shrink(batch[i].parts, sort_of(results[i])), code = parts.map(text).join('\n'), shape = code.replace(/\d+/g, '');
      const [after] = runBoth([source_of(parts)]);
      if (shrunk.has(shape)) continue;
      shrunk.add(shape);
      mkdirSync(options.keep, { recursive: true });
      writeFileSync(join(options.keep, `${batch[i].seed}.js`), source_of(batch[i].parts));
      writeFileSync(join(options.keep, `${batch[i].seed}.small.js`), source_of(parts));
      console.log(`--- seed ${batch[i].seed}: ${sort_of(after)}${after.at ? ` at ${after.at}` : ''}\n${code}\n  Node: ${after.node.trim().replace(/\n/g, ' / ').slice(0, 300)}\n  here: ${after.ours.trim().replace(/\n/g, ' / ').slice(0, 300)}`);
    }
  }
  console.log(`${count} programs, ${invalid} not valid, ${Math.round(lines / Math.max(1, count))} lines each, ${different} differ, ${shrunk.size} ways`);
  process.exitCode = different > 0 ? 1 : 0;
}

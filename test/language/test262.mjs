// SPDX-License-Identifier: MIT
// Runs tc39/test262, of which no copy is kept here, in vms-js.
//
//   node test/language/test262.mjs [options] TEST262 [PATH...]
//     TEST262        a checkout of https://github.com/tc39/test262; PATH: only files whose path contains one of these
//     --vms-js FILE  the program to test (build/vms-js)
//     --list FILE    writes "fail|pass PATH reason" of each file
//     --table        prints the table of doc/language.md
//     --node         runs the tests in Node instead, to see what a test itself asks for
//
// Every file counts that none of the exclusions below names; a crash or a time-out is a failure. Contracts are strict, so a file
// is run once, in strict mode. Its parts are put together into one script, which the engine wraps in a function.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What the language of contracts does not have (doc/language.md). By directory, by feature, by flag, by what the text uses.
const directories = {
  'test/annexB/': 'annex B', 'test/intl402/': 'Intl', 'test/staging/': 'staging', 'test/harness/': 'the harness itself',
  'test/built-ins/eval/': 'eval', 'test/language/eval-code/': 'eval', 'test/language/expressions/dynamic-import/': 'modules',
  'test/language/expressions/import.meta/': 'modules', 'test/language/import/': 'modules', 'test/language/export/': 'modules',
  'test/language/module-code/': 'modules', 'test/language/statements/with/': 'sloppy mode', 'test/built-ins/Temporal/': 'later',
  'test/built-ins/Iterator/': 'later', 'test/built-ins/ShadowRealm/': 'later', 'test/built-ins/AbstractModuleSource/': 'later',
};
const features = { __proto__: null,
  ['__proto__']: 'annex B',
  BigInt: 'BigInt', SharedArrayBuffer: 'SharedArrayBuffer', Atomics: 'SharedArrayBuffer', WeakRef: 'WeakRef',
  FinalizationRegistry: 'WeakRef', 'cross-realm': 'realms', 'dynamic-import': 'modules', 'import.meta': 'modules',
  'tail-call-optimization': 'tail calls', IsHTMLDDA: 'annex B', caller: 'annex B', __getter__: 'annex B', __setter__: 'annex B',
  'legacy-regexp': 'annex B', 'Intl.NumberFormat-unified': 'Intl', 'host-gc-required': 'WeakRef',
};
const later = `Array.fromAsync Error.isError Float16Array Iterator.prototype.join Math.sumPrecise RegExp.escape ShadowRealm
  Temporal Atomics.pause Atomics.waitAsync array-grouping arraybuffer-transfer
  await-dictionary class-static-block decorators error-stack-accessor explicit-resource-management
  export-defer hashbang immutable-arraybuffer import-attributes import-bytes import-defer import-text iterator-chunking iterator-helpers
  iterator-includes iterator-sequencing joint-iteration json-modules json-parse-with-source align-detached-buffer-semantics-with-web-reality
  nonextensible-applies-to-private promise-try regexp-duplicate-named-groups regexp-match-indices regexp-modifiers
  regexp-v-flag resizable-arraybuffer set-methods source-phase-imports source-phase-imports-module-source symbols-as-weakmap-keys
  top-level-await uint8array-base64 upsert`.split(/\s+/);
for (const name of later) features[name] = 'later';
const sources = [[/(?<![.\w'"])eval\s*\(|\(0,\s*eval\)|\bevalScript\b|= eval\b|\beval\b[,;)]/, 'eval'],
  [/\bnew Function\b|(?<![.\w$])(?<!function )(Async|Generator|AsyncGenerator)?Function\s*\(|\bFunction\.(call|apply)\b/, 'eval'],
  [/createRealm/, 'realms'], [/\bBigInt\b|Big(Int|Uint)64|\b\d+n\b/, 'BigInt'], [/wellKnownIntrinsicObjects|fnGlobalObject/, 'realms']];

const options = { vms: 'build/vms-js', list: null, table: false, node: false, jobs: 2 };
const args = process.argv.slice(2), rest = [];
while (args.length > 0) {
  const arg = args.shift();
  if (arg === '--vms-js') options.vms = args.shift();
  else if (arg === '--list') options.list = args.shift();
  else if (arg === '--jobs') options.jobs = Number(args.shift());
  else if (arg === '--table') options.table = true;
  else if (arg === '--node') options.node = true;
  else rest.push(arg);
}
const root = rest.shift();
if (root === undefined) {
  console.error('usage: node test262.mjs [--vms-js FILE] [--list FILE] [--table] [--jobs N] [--node] TEST262 [PATH...]');
  process.exit(2);
}

function* walk(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path);
    else if (path.endsWith('.js') && !path.includes('_FIXTURE')) yield path;
  }
}

// The few shapes of YAML that the front matter of the tests uses.
function frontMatter(text) {
  const yaml = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1] ?? '';
  const list = name => {
    const inline = new RegExp(`^${name}: *\\[([\\s\\S]*?)\\]`, 'm').exec(yaml);
    if (inline) return inline[1].split(',').map(s => s.trim()).filter(Boolean);
    const block = new RegExp(`^${name}: *\\n((?: *- .*\\n?)+)`, 'm').exec(yaml);
    return block ? block[1].split('\n').map(s => s.replace(/^ *- */, '').trim()).filter(Boolean) : [];
  };
  const negative = /^negative:[ \t]*((?:\n[ \t]+.*)+)/m.exec(yaml)?.[1];
  return {
    flags: list('flags'), features: list('features'), includes: list('includes'),
    negative: negative && { phase: /phase: *(\w+)/.exec(negative)?.[1], type: /type: *(\w+)/.exec(negative)?.[1] },
  };
}

function exclusion(path, text, meta) {
  for (const [folder, why] of Object.entries(directories)) if (path.startsWith(folder)) return why;
  for (const feature of meta.features) {
    if (features[feature]) return features[feature];
    if (feature.startsWith('Intl')) return 'Intl';
  }
  if (meta.flags.includes('module')) return 'modules';
  if (meta.flags.includes('noStrict')) return 'sloppy mode';
  if (meta.flags.includes('raw') && !/^\s*['"]use strict/m.test(text) && !meta.negative) return 'sloppy mode';
  if (meta.includes.includes('detachArrayBuffer.js')) return 'detaching'; // nothing in ECMAScript 2020 does it
  if (meta.flags.includes('CanBlockIsTrue') || meta.flags.includes('CanBlockIsFalse')) return 'SharedArrayBuffer';
  const code = text.replace(/\/\*---[\s\S]*?---\*\//, '');
  for (const [pattern, why] of sources) if (pattern.test(code)) return why;
  return null;
}

const harness = new Map();
function include(name) {
  if (!harness.has(name)) harness.set(name, readFileSync(join(root, 'harness', name), 'utf8'));
  return harness.get(name);
}
const host = `var $262 = { global: globalThis, gc: function () {}, detachArrayBuffer: function () { throw new Error('no detach'); } };\n`;

function assemble(text, meta) {
  if (meta.flags.includes('raw')) return text;
  if (meta.negative?.phase === 'parse') return `${options.node ? "'use strict';" : ''}${text}`;
  const names = ['assert.js', 'sta.js', ...(meta.flags.includes('async') ? ['doneprintHandle.js'] : []), ...meta.includes];
  const done = meta.flags.includes('async') ? '\nglobalThis.$DONE = $DONE;' : ''; // as a script of its own would
  // A promise that a test leaves rejected is an error for us only: what counts is that its end was reached.
  const end = meta.negative || meta.flags.includes('async') ? '' : "\nprint('Test262:End');";
  return `'use strict';${host}${[...new Set(names)].map(include).join('\n')}${done}\n${text}${end}`;
}

const folder = mkdtempSync(join(tmpdir(), 'vms-test262-'));
function runFile(file) {
  return new Promise(resolve => {
    const child = options.node ? spawn(process.execPath, ['-e', `
      const vm = require('vm'); let done = false; process.on('unhandledRejection', () => {});
      const c = vm.createContext({ print: (...a) => console.log(...a), console, setTimeout });
      try { new vm.Script(require('fs').readFileSync(${JSON.stringify(file)}, 'utf8')).runInContext(c); }
      catch (e) { console.error(String(e && e.name) + ': ' + String(e && e.message)); process.exitCode = 1; }`])
      : spawn(options.vms, ['--steps', '400000000', '--memory', '268435456', file]);
    let out = '', err = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 60000);
    child.stdout.on('data', data => { if (out.length < 20000) out += data; });
    child.stderr.on('data', data => { if (err.length < 20000) err += data; });
    child.on('close', (code, signal) => { clearTimeout(timer); resolve({ code, signal, out, err }); });
  });
}

// null if the test passed, else why not.
async function runTest(path, text, meta, worker) {
  const file = join(folder, `${worker}.js`);
  writeFileSync(file, assemble(text, meta));
  const { code, signal, out, err } = await runFile(file);
  const first = err.split('\n')[0].slice(0, 200);
  if (signal) return `${signal}: crash or time-out`;
  if (code > 1) return `exit ${code}: ${first}`;
  if (meta.negative) {
    if (code === 0) return `no ${meta.negative.type}`;
    const early = /^SyntaxError: contract\.js:\d+:\d+: SyntaxError: /.test(err) || options.node;
    if (meta.negative.phase === 'parse') return early ? null : `not refused: ${first}`;
    // Test262Error has no name of its own
    return err.startsWith(meta.negative.type) || err.startsWith(`Error: ${meta.negative.type}`) ? null : `another error: ${first}`;
  }
  if (meta.flags.includes('async')) {
    if (out.includes('Test262:AsyncTestComplete')) return null;
    return /Test262:AsyncTestFailure:.*/.exec(out)?.[0].slice(0, 200) ?? `not done: ${first}`;
  }
  return code === 0 || out.includes('Test262:End') ? null : first || 'no message';
}

const queue = [], excluded = new Map(), results = [];
for (const path of walk('test')) {
  if (rest.length > 0 && !rest.some(part => path.includes(part))) continue;
  const text = readFileSync(join(root, path), 'utf8');
  const meta = frontMatter(text);
  const why = exclusion(path, text, meta);
  if (why) excluded.set(why, (excluded.get(why) ?? 0) + 1);
  else queue.push({ path, text, meta });
}
let at = 0;
await Promise.all(Array.from({ length: options.jobs }, async (_, worker) => {
  while (at < queue.length) {
    const { path, text, meta } = queue[at++];
    results.push({ path, negative: meta.negative?.phase === 'parse', reason: await runTest(path, text, meta, worker) });
  }
}));
rmSync(folder, { recursive: true });

results.sort((a, b) => a.path < b.path ? -1 : 1);
if (options.list) writeFileSync(options.list, results.map(r => `${r.reason === null ? 'pass' : 'fail'} ${r.path} ${r.reason ?? ''}\n`).join(''));
const groups = new Map();
for (const { path, negative, reason } of results) {
  const parts = path.split('/'), name = parts.slice(1, parts[1] === 'language' && /^(expressions|statements)$/.test(parts[2]) ? 4 : 3).join('/');
  for (const key of [name, 'all']) {
    if (!groups.has(key)) groups.set(key, { positive: [0, 0], negative: [0, 0] });
    const cell = groups.get(key)[negative ? 'negative' : 'positive'];
    cell[1]++;
    if (reason === null) cell[0]++;
  }
}
const rate = ([passed, count]) => count === 0 ? '' : `${passed} of ${count} (${(Math.floor(passed / count * 1000) / 10).toFixed(1)} %)`;
const line = options.table ? (a, b, c) => `| ${a} | ${b} | ${c} |` : (a, b, c) => `${a.padEnd(44)} ${b.padEnd(26)} ${c}`;
console.log(line('directory', 'positive', 'negative'));
if (options.table) console.log('| --- | --- | --- |');
for (const [name, group] of [...groups].sort((a, b) => (a[0] === 'all') - (b[0] === 'all') || (a[0] < b[0] ? -1 : 1)))
  console.log(line(name, rate(group.positive), rate(group.negative)));
console.log(`\nexcluded: ${[...excluded].sort((a, b) => b[1] - a[1]).map(([why, n]) => `${why} ${n}`).join(', ')}`);

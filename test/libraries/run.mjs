// SPDX-License-Identifier: MIT
// Popular npm libraries, each bundled with a case of its own (NAME.mjs) into BUILD/libraries/NAME.js: the bundle must print the
// same JSON in the sandbox as in Node, strict and with the globals that contracts have, at least 20 values, an error path and an
// async path among them.
//   node run.mjs [NAME...]     bundles and runs these cases, or all
//   node run.mjs --table ...   also prints bytes, steps, peak bytes and milliseconds of each, in Markdown
//   node run.mjs --node FILE GLOBALS   is what it starts for the side of Node
// BUILD names the build directory, LIBRARIES the one whose node_modules were installed from package-lock.json.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const VALUES_MIN = 20, TIMEOUT_MS = 1800000, START_MS = 1577836800000; // as vms-js
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const build = resolve(process.env.BUILD ?? join(root, 'build'));
const libraries = resolve(process.env.LIBRARIES ?? join(root, 'build/deps/libraries'));

// A clock as the sandbox has it: it stands still while code runs and jumps to the next timer when nothing else is left.
function standStill() {
  const waiting = new Map(), next = setImmediate, real = Date;
  let now = START_MS, last = 0, running = false;
  const run = () => {
    running = false;
    let first;
    for (const [id, timer] of waiting) if (first === undefined || timer.due < waiting.get(first).due) first = id;
    if (first === undefined) return;
    const timer = waiting.get(first), { due, every, action, args } = timer;
    now = Math.max(now, due);
    waiting.delete(first);
    if (every !== undefined) waiting.set(first, Object.assign(timer, { due: now + every })); // after others that are due then
    schedule();
    action(...args);
  };
  const schedule = () => { if (!running) { running = true; next(run); } };
  const add = (action, ms, args, repeats) => {
    const delay = Math.max(1, Math.trunc(ms) || 0);
    waiting.set(++last, { due: now + delay, every: repeats ? delay : undefined, action, args });
    schedule();
    return last;
  };
  globalThis.setTimeout = (action, ms, ...args) => add(action, ms, args, false);
  globalThis.setInterval = (action, ms, ...args) => add(action, ms, args, true);
  globalThis.clearTimeout = globalThis.clearInterval = id => { waiting.delete(id); };
  globalThis.Date = new Proxy(real, { construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now] : args, made), apply: () => new real(now).toString() });
  real.now = () => now;
  real.prototype.constructor = globalThis.Date;
}

// One script with the globals that the sandbox has, no others: a library that looks for `process` must find none on either side.
function runInNode(file, names) {
  const print = text => writeSync(1, `${text}\n`), quiet = () => {};
  globalThis.print = print;
  globalThis.console = { log: quiet, info: quiet, warn: quiet, error: quiet, debug: quiet };
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!names.includes(name)) delete globalThis[name];
  standStill();
  vm.runInThisContext(`'use strict';${readFileSync(file, 'utf8')}`, { filename: file });
}

function execute(command, args) {
  return new Promise(done => {
    const child = spawn(command, args, { env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = ['', ''], from = Date.now(), timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    [child.stdout, child.stderr].forEach((stream, i) => stream.setEncoding('utf8').on('data', part => { text[i] += part; }));
    child.on('error', error => { text[1] += error.message; });
    child.on('close', code => { clearTimeout(timer); done({ lines: text[0].split('\n').slice(0, -1), err: text[1], code, ms: Date.now() - from }); });
  });
}

async function bundle(esbuild, name) {
  const outfile = join(build, 'libraries', `${name}.js`);
  await esbuild.build({
    stdin: { contents: `import tests from './${name}.mjs'; import { run } from './check.mjs'; run(tests);`, resolveDir: here },
    bundle: true, format: 'iife', target: 'es2020', charset: 'utf8', nodePaths: [join(libraries, 'node_modules')], outfile, logLevel: 'silent',
    define: { self: 'globalThis' }, // what builds for browsers call it
  });
  return outfile;
}

// Why the two sides do not agree, or the case asks too little; empty if all is well.
function complaint(node, ours) {
  const at = node.lines.findIndex((line, i) => line !== ours.lines[i]);
  if (node.lines[node.lines.length - 1] !== 'end') return `Node ended early after ${node.lines.length} lines\n${node.lines.slice(node.lines.findIndex(line => line.startsWith('failed: '))).slice(0, 6).join('\n')}\n${node.err}`;
  if (at >= 0) return `line ${at + 1}\n  Node    ${node.lines[at]}\n  sandbox ${ours.lines[at]}\n${ours.err}`;
  if (ours.lines.length !== node.lines.length || ours.code !== 0) return `the sandbox went on, or ended with ${ours.code}: ${ours.err}`;
  const values = node.lines.slice(0, -1).map(line => JSON.parse(line));
  if (values.length < VALUES_MIN) return `checks ${values.length} values, fewer than ${VALUES_MIN}`;
  if (new Set(values.map(value => value.name)).size !== values.length) return 'two values have one name';
  for (const path of ['error', 'async']) if (!values.some(value => value.path === path)) return `no ${path} path`;
  return '';
}

async function tryCase(esbuild, globals, name) {
  try {
    const file = await bundle(esbuild, name);
    const node = await execute(process.execPath, [fileURLToPath(import.meta.url), '--node', file, globals]);
    const ours = await execute(join(build, 'vms-js'), ['--json', file]);
    const numbers = /"steps":(\d+),"peak":(\d+)/.exec(ours.err) ?? [];
    return { name, why: complaint(node, ours), values: node.lines.length - 1, bytes: readFileSync(file).length, steps: +numbers[1], peak: +numbers[2],
      ms: ours.ms, nodeMs: node.ms };
  } catch (error) { return { name, why: String(error.message) }; }
}

async function main(args) {
  const table = args[0] === '--table' && args.shift();
  const esbuild = createRequire(join(libraries, 'package.json'))('esbuild');
  const names = args.length > 0 ? args : readdirSync(here).filter(name => /\.mjs$/.test(name) && !/^(check|run)\.mjs$/.test(name)).map(name => name.slice(0, -4)).sort();
  const results = [], todo = [...names];
  mkdirSync(join(build, 'libraries'), { recursive: true });
  const asking = join(build, 'libraries', 'globals.js');
  writeFileSync(asking, "print(Object.getOwnPropertyNames(globalThis).join() + ',console')");
  const globals = (await execute(join(build, 'vms-js'), [asking])).lines[0];
  const worker = async () => { while (todo.length > 0) results.push(await tryCase(esbuild, globals, todo.shift())); };
  await Promise.all(Array.from({ length: table ? 1 : Math.min(availableParallelism?.() ?? cpus().length, 4) }, worker));
  results.sort((a, b) => (a.name < b.name ? -1 : 1));
  const failed = results.filter(result => result.why !== '');
  for (const { name, why } of failed) console.log(`not ok ${name}: ${why}`);
  if (table) {
    console.log('| case | values | bytes | steps | peak bytes | ms | Node ms |\n| --- | --- | --- | --- | --- | --- | --- |');
    for (const r of results) console.log(`| ${r.name} | ${r.values} | ${r.bytes} | ${r.steps} | ${r.peak} | ${r.ms} | ${r.nodeMs} |`);
  }
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exit(failed.length > 0 || results.length === 0 ? 1 : 0);
}

if (process.argv[2] === '--node') runInNode(process.argv[3], process.argv[4].split(','));
else await main(process.argv.slice(2));

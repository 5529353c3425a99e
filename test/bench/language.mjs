// SPDX-License-Identifier: MIT
// The compute suite and work for the library: scripts of language/ in the contract engine beside stock Duktape and Node. Instructions are counted by
// cachegrind, start-up taken off, so that a busy machine gives the same figures; times are the best of several runs of ten times
// the work, start-up taken off (Node's is much longer than the work, so there the script itself looks at the clock). All must print the same; "// without: duk" in a script
// names an engine that cannot run it. BUILD names the build directory; the argument is what the engine may
// need of stock Duktape's instructions (default 0.85); more is reported, and is no failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = new URL('language/', import.meta.url).pathname, build = process.env.BUILD ?? 'build', must = Number(process.argv[2] ?? 0.85);
const folder = mkdtempSync(join(tmpdir(), 'vms-bench-')), rounds = 3;
const engines = { 'vms-js': [join(build, 'vms-js')], duk: ['duk'], jitless: [process.execPath, '--jitless'], node: [process.execPath] };
const counted = ['vms-js', 'duk'];

function script(name, scale) {
  const path = join(folder, `${name}-${scale}.js`), code = name === 'nothing' ? '' : readFileSync(join(here, `${name}.js`), 'utf8');
  writeFileSync(path, `(function () { 'use strict'; if (typeof process === 'object') var started = performance.now();\n  var scale = ${scale}, out = typeof print === 'function' ? print : function (x) { console.log(x); };\n${code}
  if (typeof process === 'object') process.stderr.write('ms ' + (performance.now() - started));\n})();\n`);
  return path;
}

function run(command, path) {
  const start = process.hrtime.bigint(), child = spawnSync(command[0], [...command.slice(1), path], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (child.status !== 0) throw new Error(`${command.join(' ')} ${path}: ${child.error ?? child.stderr}`);
  const own = /^ms ([\d.e-]+)/m.exec(child.stderr);
  return { ms, own: own ? Number(own[1]) : undefined, output: child.stdout, stderr: child.stderr };
}

function instructions(command, path) {
  const valgrind = ['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null', ...command];
  return Number(/I\s+refs:\s+([\d,]+)/.exec(run(valgrind, path).stderr)[1].replaceAll(',', '')) / 1e6;
}

const best = (command, path, idle = 0) => Math.min(...Array.from({ length: rounds }, () => {
  const { ms, own } = run(command, path);
  return own ?? ms - idle;
}));
const cell = (value, digits = 1) => (value === undefined ? '' : value.toFixed(digits)).padStart(9);
const mean = values => Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length);

try {
  const nothing = script('nothing', 1), idle = {}, idleMs = {};
  for (const name in engines) idleMs[name] = Math.min(...Array.from({ length: rounds }, () => run(engines[name], nothing).ms));
  for (const name of counted) idle[name] = instructions(engines[name], nothing);
  if (spawnSync('strip', ['-o', join(folder, 'stripped'), join(build, 'vms-js')]).status === 0) {
    const kib = statSync(join(folder, 'stripped')).size / 1024;
    console.log(`vms-js without symbols, Duktape included: must be at most 1126 KiB, is ${kib.toFixed(0)}${kib > 1126 ? '  OVER' : ''}`);
  }
  console.log(`               millions of instructions     milliseconds, ten times the work (best of ${rounds})     times as long as`);
  console.log(`                vms-js      duk    ratio  ${Object.keys(engines).map(name => name.padStart(8)).join(' ')}     jitless     node`);
  console.log(`start-up     ${counted.map(name => cell(idle[name])).join('')}           ${Object.keys(engines).map(name => cell(idleMs[name])).join('')}`);
  const ratios = [], times = Object.fromEntries(Object.keys(engines).map(name => [name, []]));
  for (const name of readdirSync(here).filter(file => file.endsWith('.js')).map(file => file.slice(0, -3))) {
    const once = script(name, 1), often = script(name, 10);
    const without = /^\/\/ without: (.*)$/m.exec(readFileSync(join(here, `${name}.js`), 'utf8'))?.[1];
    const able = Object.keys(engines).filter(engine => engine !== without);
    const outputs = new Set(able.map(engine => run(engines[engine], once).output));
    if (outputs.size !== 1) throw new Error(`${name}: the engines print different things`);
    const count = counted.map(engine => (engine === without ? undefined : instructions(engines[engine], once) - idle[engine]));
    if (without === undefined) ratios.push(count[0] / count[1]);
    const ms = Object.keys(engines).map(engine => (engine === without ? undefined : Math.max(0.1, best(engines[engine], often, idleMs[engine]))));
    Object.keys(engines).forEach((engine, i) => ms[i] !== undefined && times[engine].push(ms[i]));
    const beside = ['jitless', 'node'].map(other => ms[0] / ms[Object.keys(engines).indexOf(other)]);
    console.log(`${name.padEnd(13)}${count.map(n => cell(n)).join('')}${cell(count[1] && count[0] / count[1], 2)}  ${ms.map(n => cell(n)).join('')}   ${beside.map(n => cell(n)).join('')}`);
  }
  console.log(`mean of ratios                 ${cell(mean(ratios), 2)}  ${Object.values(times).map(list => cell(mean(list))).join('')}   (geometric)`);
  console.log(`instructions beside stock Duktape: must be at most ${must}, is ${mean(ratios).toFixed(2)}${mean(ratios) > must ? '  OVER' : ''}`);
} finally {
  rmSync(folder, { recursive: true });
}

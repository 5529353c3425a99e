// SPDX-License-Identifier: MIT
// What the makers of random programs share: choices that a seed repeats, options, and running programs here and in Node.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

let state; // of the generator: mulberry32
export const seedWith = seed => { state = seed >>> 0; };
export function random() {
  state = (state + 0x6d2b79f5) | 0;
  let x = Math.imul(state ^ (state >>> 15), 1 | state);
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
  return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
}
export const below = n => Math.floor(random() * n);
export const chance = p => random() < p;
export const pick = list => list[below(list.length)];
export const times = (low, high, f) => Array.from({ length: low + below(high - low + 1) }, (_, i) => f(i));

// The options of the command line laid over `options`, which say which there are: numbers, texts, and `false` for switches.
export function settings(options) {
  for (let i = 2; i < process.argv.length; i++) {
    const name = process.argv[i].replace(/^--/, '');
    if (options[name] === false) options[name] = true;
    else if (name in options && i + 1 < process.argv.length) options[name] = typeof options[name] === 'string' ? process.argv[++i] : Number(process.argv[++i]);
    else {
      const usage = Object.keys(options).map(one => (options[one] === false ? `[--${one}]` : `[--${one} ${typeof options[one] === 'string' ? 'TEXT' : 'N'}]`));
      console.error(`usage: node ${basename(process.argv[1])} ${usage.join(' ')}`);
      process.exit(2);
    }
  }
  return options;
}

const here = new URL('.', import.meta.url).pathname, folder = mkdtempSync(join(tmpdir(), 'vms-differ-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
export const build = process.env.BUILD ?? join(here, '../../build'), nothing = '(nothing)\n';

// What each program printed in one engine, by index.
function outputs(command, args, count) {
  const child = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120000 });
  const parts = (child.stdout ?? '').split(/^\/\/\/\/ program (\d+)\n/m).slice(1), found = new Array(count).fill(nothing);
  for (let i = 0; i < parts.length; i += 2) found[parts[i]] = parts[i + 1];
  if (child.status !== 0 && child.stderr) found[Math.max(0, parts.length / 2 - 1)] += child.stderr;
  return found;
}
export function runBoth(sources) {
  const file = join(folder, 'batch.js');
  writeFileSync(file, sources.map((code, i) => `//// program ${i}\n${code}\n`).join(''));
  const node = outputs(process.execPath, [join(here, 'node.mjs'), file], sources.length);
  const ours = outputs(join(build, 'vms-js'), ['--steps', '20000000', '--cases', file], sources.length);
  return sources.map((_, i) => ({ node: node[i], ours: ours[i].replace(/^(! SyntaxError) (\d+:\d+)$/m, '$1'), at: /^! SyntaxError (\d+:\d+)$/m.exec(ours[i])?.[1] }));
}

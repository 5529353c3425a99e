// SPDX-License-Identifier: MIT
// What Node says to the programs of the corpus. Each runs in a fresh context, strict as contracts are, until nothing is left to do.
//   node node.mjs GROUP.js...           prints their output as `vms-js --cases` does; a SyntaxError has no place
//   node node.mjs --compare GROUP.js... compares it with GROUP.out
import { readFileSync } from 'node:fs';
import { Console } from 'node:console';
import { format } from 'node:util';
import vm from 'node:vm';

const files = process.argv.slice(2), compare = files[0] === '--compare' && files.shift();
// Timers are Node's own: where the machine stands still they come late, and not in the order in which they should. So often, in a file, a program
// runs again that does not agree.
const TRIES = 100;
let programs, expected, output, failed = 0, count = 0, ended;
let at, before, tries; // the next program, the lines of output before the one that ran last, how often one ran again

function say(...values) { output.push(format(...values)); }
/* console of one program: counts and groups start anew. */
function freshConsole() {
  const stream = { write(text) { output.push(text.replace(/\n$/, '')); return true; }, on() {}, once() {}, removeListener() {} };
  return new Console({ stdout: stream, stderr: stream, ignoreErrors: false });
}
/* Buffers belong to Node's own realm: programs that use them get its bytes and errors instead of the context's. */
const realm = { Buffer, ArrayBuffer, DataView, Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array,
  Int32Array, Float32Array, Float64Array, Error, TypeError, RangeError };
function end(error) {
  if (ended) return;
  ended = true;
  let name = 'Error';
  try { if (error instanceof Object || typeof error === 'object' && error !== null && 'name' in error && 'message' in error) name = String(error.name); } catch {}
  output.push(`! ${name}`);
}
process.on('uncaughtException', end);
process.on('unhandledRejection', end);

function run({ name, code }) {
  output.push(name);
  ended = false;
  const context = { print: say, console: freshConsole(), atob, btoa, ...(/\bBuffer\b/.test(code) ? realm : {}), setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate,
    queueMicrotask, TextEncoder, TextDecoder };
  try {
    const script = new vm.Script(`'use strict';${code}`);
    script.runInContext(vm.createContext(context));
  } catch (error) { end(error); }
}

function nextFile() {
  const file = files.shift();
  if (file === undefined) {
    if (compare) console.log(`${count} programs compared with Node, ${failed} files differ`);
    process.exit(failed > 0 ? 1 : 0);
  }
  const parts = readFileSync(file, 'utf8').split(/^(\/\/\/\/ .*)\n/m).slice(1);
  programs = [];
  for (let i = 0; i < parts.length; i += 2) programs.push({ name: parts[i], code: parts[i + 1] });
  if (compare) expected = readFileSync(file.replace(/\.js$/, '.out'), 'utf8').replace(/^(! SyntaxError) \d+:\d+$/gm, '$1');
  count += programs.length;
  output = [];
  at = before = tries = 0;
  return file;
}

const textOf = lines => lines.map(line => line + '\n').join('');
const agrees = () => (expected + '\n').startsWith(textOf([...output, programs[at]?.name ?? '']));

let file = nextFile();
process.on('beforeExit', () => setImmediate(() => {
  if (compare && at > 0 && !agrees() && tries++ < TRIES) {
    output.length = before;
    return run(programs[at - 1]);
  }
  before = output.length;
  if (at < programs.length) return run(programs[at++]);
  const text = textOf(output);
  if (!compare) process.stdout.write(text);
  else {
    if (expected !== text) {
      failed++;
      const a = expected.split('\n'), b = text.split('\n'), first = a.findIndex((line, i) => line !== b[i]);
      console.log(`not ok ${file}: expected output differs from Node's in line ${first + 1}\n  expected ${a[first]}\n  Node     ${b[first]}`);
    }
  }
  file = nextFile();
}));

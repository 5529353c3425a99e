// SPDX-License-Identifier: MIT
// Unmodified foreign software at the other end of the wire, npm's hypercore above all: every file of cases beside this one, two at a time.
//   node run.mjs [WORD...]     all cases, or those with one of the words in their name; V=1 shows where a failed one failed
// BUILD names the build directory, INTEROP the one whose node_modules were installed from package-lock.json.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const waiting = ['drive_fetch.mjs', 'many.mjs', 'serve.mjs', 'fetch.mjs', 'follow.mjs', 'host.mjs', 'callers.mjs', 'callers.py', 'lies.mjs', 'drive_serve.mjs', 'drive_same.mjs'], AT_ONCE = 2; // the longest first
let passed = 0, failed = 0;

function run(file) {
  return new Promise(done => {
    const program = file.endsWith('.py') ? '/usr/bin/python3' : process.execPath; // Debian's Python has Debian's packages
    const child = spawn(program, [join(here, file), ...process.argv.slice(2)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', more => { text += more; });
    child.on('close', () => {
      const sum = /^(\d+) passed, (\d+) failed$/m.exec(text);
      process.stdout.write(text.replace(/^\d+ passed, \d+ failed\n/m, ''));
      passed += Number(sum?.[1] ?? 0);
      failed += Number(sum?.[2] ?? 1); // a file that ended without a sum broke off
      if (sum === null) console.log(`FAILED: ${file} broke off`);
      done();
    });
  });
}

async function worker() { while (waiting.length > 0) await run(waiting.shift()); }
await Promise.all(Array.from({ length: AT_ONCE }, worker));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

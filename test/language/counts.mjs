// SPDX-License-Identifier: MIT
// Compares what several builds of the engine did with the same programs, and the first of them with counts.txt.
//   node counts.mjs [--write] FOLDER RUN...   FOLDER/RUN/GROUP.log is what `vms-js --cases --json` printed for GROUP.js
// counts.txt has a line for each program: steps, peak bytes, a hash of what it printed and how it ended, its name.
// --write makes counts.txt from the first run. What differs is named, with the first line that differs.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname, committed = join(here, 'counts.txt');
const args = process.argv.slice(2), write = args[0] === '--write' && args.shift();
const [folder, ...runs] = args;
const groups = ['cases', 'matrix', 'bombs'].flatMap(kind => {
  let files = [];
  try { files = readdirSync(join(here, kind)); } catch {} // a kind of which there is nothing yet
  return files.filter(file => file.endsWith('.js')).sort().map(file => `${kind}/${file.slice(0, -3)}`);
});
const namesOf = group => readFileSync(join(here, `${group}.js`), 'utf8').split('\n').filter(line => line.startsWith('//// '));

// "group<newline>name" -> { counts, output }; a program whose run ended otherwise than it should has no counts
function read(run) {
  const found = new Map();
  for (const group of groups) {
    let text = '';
    try { text = readFileSync(join(folder, run, `${group.replace('/', '-')}.log`), 'latin1'); } catch {}
    const lines = text.split('\n'), names = namesOf(group), latin = names.map(name => Buffer.from(name).toString('latin1'));
    for (let i = 0, at = lines.indexOf(latin[0]); i < names.length && at >= 0; i++) {
      let end = i + 1 < names.length ? lines.indexOf(latin[i + 1], at + 1) : lines.length - 1;
      if (end < 0) end = lines.length - 1;
      const output = lines.slice(at + 1, end), last = /^= (\d+) (\d+)$/.exec(output.at(-1) ?? '');
      const hash = createHash('sha256').update(output.slice(0, -1).join('\n'), 'latin1').digest('hex').slice(0, 8);
      found.set(`${group}\n${names[i].slice(5)}`, { output, counts: last ? `${last[1]} ${last[2]} ${hash}` : undefined });
      at = end;
    }
  }
  return found;
}

function readCommitted() {
  const found = new Map();
  let text = '', group = '';
  try { text = readFileSync(committed, 'utf8'); } catch {}
  for (const line of text.split('\n')) {
    const entry = /^(\d+ \d+ [0-9a-f]{8}) (.*)$/.exec(line);
    if (entry) found.set(`${group}\n${entry[2]}`, entry[1]);
    else if (line !== '' && !line.startsWith('#')) group = line;
  }
  return found;
}

const results = runs.map(read), expected = readCommitted();
const all = groups.flatMap(group => namesOf(group).map(name => `${group}\n${name.slice(5)}`));
const repeated = all.filter((key, i) => all.indexOf(key) !== i);
const differing = new Set(), stale = new Set();
for (const key of repeated) console.log(`not ok ${key.replace('\n', ', ')}: two programs have this name`);
for (const key of all) {
  const first = results[0].get(key);
  runs.forEach((run, i) => {
    const got = results[i].get(key);
    if (got?.counts !== undefined && got.counts === first?.counts) return;
    differing.add(key);
    console.log(`not ok ${key.replace('\n', ', ')}: ${run}${got?.counts === undefined ? ' did not end as it should' : ` differs from ${runs[0]}`}`);
    const a = first?.output ?? [], b = got?.output ?? [], at = b.findIndex((line, n) => line !== a[n]);
    if (i > 0) console.log(`  ${runs[0]}: ${a[at] ?? '(nothing)'}\n  ${run}: ${b[at] ?? '(nothing)'}`.slice(0, 400));
    else console.log(`  ${b.slice(-2).join(' / ') || '(nothing)'}`.slice(0, 400));
  });
  if (!write && first?.counts !== undefined && expected.get(key) !== first.counts) {
    stale.add(key);
    if (stale.size <= 20) console.log(`stale ${key.replace('\n', ', ')}: counts.txt has ${expected.get(key) ?? 'nothing'}, the builds ${first.counts}`);
  }
}
for (const key of expected.keys()) if (!write && !all.includes(key)) stale.add(key);
const failed = differing.size + repeated.length;
if (write && failed === 0) {
  let text = '# steps, peak bytes, hash of the output and name of every program; `make counts` writes it, see matrix.sh\n', group = '';
  for (const key of all) {
    const [in_group, name] = key.split('\n');
    if (in_group !== group) text += `${group = in_group}\n`;
    text += `${results[0].get(key).counts} ${name}\n`;
  }
  writeFileSync(committed, text);
}
console.log(`${all.length} programs in ${runs.length} runs, ${differing.size} differ${write ? '' : `; counts.txt has ${stale.size} other entries`}`);
if (stale.size > 0) console.log('if that is the purpose of a change, `make counts` brings counts.txt up to date');
process.exit(failed + stale.size > 0 || all.length === 0 ? 1 : 0);

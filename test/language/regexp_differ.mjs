// SPDX-License-Identifier: MIT
// Random regular expressions on random texts, here and in Node. Every difference is printed with the call that shows it.
// usage: node test/language/regexp_differ.mjs [--seconds N] [--seed N] [--file TABLE]
// TABLE: lines of JSON [pattern, flags, text, start] that are compared instead.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf('--' + name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const build = process.env.BUILD || 'build';
const seconds = Number(option('seconds', 60));
let seed = Number(option('seed', Date.now() % 1e9));
const table = option('file', null);
console.log(`seed ${seed}`);

const random = (n) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};
const pick = (list) => list[random(list.length)];
const some = (list, most) => Array.from({ length: random(most + 1) }, () => pick(list)).join('');

const letters = ['a', 'b', 'c', 'A', 'B', 'k', 'K', 's', 'S', '0', '1', '_', ' ', '\n', '-', 'é', 'É', 'ſ', 'K', 'ß', 'σ', 'ς', 'Σ', 'İ', '\u2028',
  '😀', '𐐀', '𐐨', '\ud83d', '\ude00', 'aa', 'ab', 'abc', 'ba', '\u0345', 'ι', 'ﬁ'];
const common = ['a', 'b', 'c', 'a', 'b', 'ab', 'A', 'k', 's', '1', ' '];
const classes = ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '.'];
const escapes = ['\\n', '\\t', '\\x61', '\\u0061', '\\u{61}', '\\u{1F600}', '\\ud83d\\ude00', '\\ud83d', '\\ude00', '\\0', '\\cA', '\\c', '\\1', '\\2', '\\3', '\\8',
  '\\07', '\\101', '\\377', '\\400', '\\-', '\\/', '\\.', '\\k', '\\k<a>', '\\k<b>', '\\p{L}', '\\P{Lu}', '\\p{Lu}', '\\p{Script=Greek}', '\\p{scx=Grek}', '\\p{ASCII}', '\\a', '\\x6', '\\u006',
  '\\p{Any}', '\\p{Emoji}', '\\p{Ll}', '\\ud83d\ude00', '\\_', '\\B', '\\b', '\\c1', '\\00'];
const quantifiers = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,}', '{0,2}', '{1,3}?', '{0}', '{,2}', '{', '{2', '{3,1}', '{0,1}', '{2,}?', '{1}'];

const classItem = () => {
  const what = random(12);
  if (what < 5) return pick(common);
  if (what < 7) return pick(letters);
  if (what < 8) return pick(classes.slice(0, 6));
  if (what < 9) return pick(escapes);
  if (what < 10) return pick(letters) + '-' + pick(letters);
  if (what < 11) return pick(['a-c', 'A-Z', '0-9', 'a-', '-z', 'à-ÿ', '\\0-\\x7f', '\\b', '\\w-a', 'Α-ω', '\\u{1f600}-\\u{1f64f}', '-', '.', '[', '^', 'Ā-ſ', '\\x00-\\uffff']);
  return pick(['\\d-x', 'x-\\d', '\\-', '\\]', '\\B', '\\k', '\\_', '\\c_', '\\c1', '\\c*']);
};
const characterClass = () => '[' + (random(3) === 0 ? '^' : '') + Array.from({ length: random(4) }, classItem).join('') + ']';
const term = (depth) => {
  const what = random(100);
  if (what < 38) return pick(common);
  if (what < 44) return pick(letters);
  if (what < 52) return pick(classes);
  if (what < 58) return pick(escapes);
  if (what < 62) return '\\' + (1 + random(3));
  if (what < 72) return characterClass();
  if (what < 76) return pick(['^', '$', '\\b', '\\B']);
  if (what < 77) return pick([']', '}', '{', '*', ')', '(', '[', '{a', '{}']);
  if (depth <= 0) return pick(common);
  const open = what < 86 ? '(' : what < 89 ? '(?:' : what < 91 ? '(?=' : what < 93 ? '(?!' : what < 95 ? '(?<=' : what < 97 ? '(?<!' : what < 98 ? '(?<a>' : what < 99 ? '(?<b>' : '(?<$𐐀\\u0061>';
  return open + alternatives(depth - 1) + ')';
};
const alternatives = (depth) => {
  let text = '';
  for (let i = 1 + random(4); i > 0; i--) {
    text += term(depth);
    if (random(3) === 0) text += pick(quantifiers);
    if (random(8) === 0) text += '|';
  }
  return text;
};
const flagsOf = () => ['g', 'i', 'm', 's', 'u', 'y'].filter((flag) => random(flag === 'g' ? 20 : flag === 'y' ? 8 : 3) === 0).join('');
const make = () => {
  const text = random(3) === 0 ? some(letters, 8) : some(common, 12);
  return [alternatives(3), flagsOf(), text, random(4) === 0 ? random(text.length + 1) : 0];
};

const hex = (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('');
const expected = ([pattern, flags, text, start]) => {
  let regexp;
  try {
    regexp = new RegExp(pattern, flags.replace(/[gy]/g, '') + 'd' + (flags.includes('y') ? 'y' : 'g'));
    new RegExp(pattern, flags);
  } catch {
    return 'error';
  }
  regexp.lastIndex = start;
  const match = regexp.exec(text);
  return match === null ? 'null' : Array.from(match.indices, (pair) => (pair === undefined ? '-' : pair.join(','))).join(' ');
};

// Node stops between the halves of a pair now and then, which the flag u does not let anything do; where to begin from there it
// does not know either.
const halves = ([, flags, text], places) =>
  flags.includes('u') && places.some((at) => at > 0 && /[\ud800-\udbff]/.test(text[at - 1]) && /[\udc00-\udfff]/.test(text[at] || ''));

// Node's search misses places where its own flag y matches: /(?:(?<=b)c)*x\d*$/ begins at 9 in "xbcx123xbcx123", it says at 10.
const contradicts = ([pattern, flags, text], got) => {
  const at = Number(/^\d+/.exec(got)?.[0] ?? -1);
  return at >= 0 && !flags.includes('y') && expected([pattern, flags + 'y', text, at]) === got;
};

const tool = spawn(`${build}/test/tools/regexp`, { stdio: ['pipe', 'pipe', 'inherit'] });
tool.on('exit', (code) => {
  if (code !== 0) console.log(`the tool ended with ${code}; last: ${JSON.stringify(last)}`);
});
const answers = createInterface({ input: tool.stdout })[Symbol.asyncIterator]();
let last, compared = 0, matched = 0, refused = 0, half = 0, missed = 0, different = 0;
const check = async (cases) => {
  tool.stdin.write(cases.map(([pattern, flags, text, start]) => `${hex(pattern)}\t${flags}\t${hex(text)}\t${start}\n`).join(''));
  for (const each of cases) {
    last = each;
    const { value, done } = await answers.next();
    if (done) throw new Error('no answer to ' + JSON.stringify(each));
    const wanted = expected(each), got = value.startsWith('error') ? 'error' : value.trim();
    compared++;
    if (wanted === 'error') refused++;
    else if (wanted !== 'null') matched++;
    if (wanted === got) continue;
    if (halves(each, [each[3], ...(wanted.match(/\d+/g) || []).map(Number)])) {
      half++;
      continue;
    }
    const [, , , start] = each, first = /^\d+/.exec(wanted), here = Number(/^\d+/.exec(got)?.[0] ?? -1);
    if (here >= start && (first === null || Number(first[0]) > here) && contradicts(each, got)) {
      missed++;
      continue;
    }
    different++;
    if (different <= 40) console.log(`${JSON.stringify(each)} ${JSON.stringify(`new RegExp(${JSON.stringify(each[0])}, ${JSON.stringify(each[1])})`)}\n  node ${wanted}\n  here ${value}`);
  }
};
if (table !== null) {
  await check(readFileSync(table, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)));
} else {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && different < 40) await check(Array.from({ length: 200 }, make));
}
tool.stdin.end();
console.log(`${compared} compared, ${matched} matched, ${refused} refused by Node, ${half} between halves in Node, ${missed} missed by Node's search, ${different} different`);
process.exitCode = different > 0 ? 1 : 0;

// SPDX-License-Identifier: MIT
// What Node says of all characters, as sums: prints test/vectors/unicode_sums.h.
//   node test/vectors/unicode_sums.mjs build/deps/unicode-15.0.0 > test/vectors/unicode_sums.h
// It must be a Node with Unicode 15.0, such as Debian 12's Node 18. A sum is FNV-1a over numbers instead of bytes. Of the files in
// the folder only the names of properties and their values are read; which of them mean something, Node decides.
import { readFileSync } from 'node:fs';

if (process.versions.unicode !== '15.0') throw new Error(`this Node has Unicode ${process.versions.unicode}, not 15.0`);
const folder = process.argv[2];
const rows = (file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim())
  .filter((line) => line !== '').map((line) => line.split(';').map((field) => field.trim()));

const start = 0x811c9dc5;
const add = (sum, number) => Math.imul(sum ^ number, 0x01000193) >>> 0;
const hex = (sum) => '0x' + sum.toString(16);

// The ranges of a property; null if it means nothing.
function sumOf(property) {
  let pattern, sum = start, first = -1;
  try { pattern = new RegExp(`^\\p{${property}}`, 'u'); } catch { return null; }
  for (let c = 0; c <= 0x110000; c++) {
    const has = c < 0x110000 && pattern.test(String.fromCodePoint(c));
    if (has && first < 0) first = c;
    if (!has && first >= 0) { sum = add(add(sum, first), c - 1); first = -1; }
  }
  return sum;
}

function table(name, type, lines) {
  console.log(`static const ${type} ${name}[] = {`);
  let text = '';
  for (const line of lines) {
    if (text.length + line.length > 128) { console.log(' ' + text); text = ''; }
    text += ` ${line},`;
  }
  console.log(` ${text}\n};`);
}

const names = (fields) => [...new Set(fields)].filter((name) => name !== '');
const binary = [['Any'], ['ASCII'], ['Assigned'], ...rows('PropertyAliases.txt').map(names)]
  .map((list) => [list.filter((name) => sumOf(name) !== null), sumOf(list[0])]).filter(([list]) => list.length > 0);
const values = (property) => rows('PropertyValueAliases.txt').filter((row) => row[0] === property).map((row) => names(row.slice(1)));

console.log(`/* SPDX-License-Identifier: MIT */
/* Made by test/vectors/unicode_sums.mjs with Node ${process.versions.node} and Unicode ${process.versions.unicode}. */
#ifndef UNICODE_SUMS_H
#define UNICODE_SUMS_H

typedef struct property_sum {
  const char *names; /* with spaces between them */
  uint32_t sum, extensions; /* the latter: Script_Extensions */
} property_sum;
`);
table('binary_sums', 'property_sum', binary.map(([list, sum]) => `{ "${list.join(' ')}", ${hex(sum)}, 0 }`));
table('category_sums', 'property_sum', values('gc').map((list) => `{ "${list.join(' ')}", ${hex(sumOf('gc=' + list[0]))}, 0 }`));
table('script_sums', 'property_sum', values('sc').filter((list) => sumOf('sc=' + list[0]) !== null)
  .map((list) => `{ "${list.join(' ')}", ${hex(sumOf('sc=' + list[0]))}, ${hex(sumOf('scx=' + list[0]))} }`));

// How many characters each becomes, and those.
function mappingSum(map) {
  let sum = start;
  for (let c = 0; c < 0x110000; c++) {
    const to = Array.from(map(String.fromCodePoint(c)));
    sum = add(sum, to.length);
    for (const character of to) sum = add(sum, character.codePointAt(0));
  }
  return sum;
}
const upper = mappingSum((text) => text.toUpperCase()), lower = mappingSum((text) => text.toLowerCase());

// The first of these characters that matches when case is ignored, for each of them.
function ignoringCase(characters, flags) {
  const text = String.fromCodePoint(...characters.slice(0, 60000)) + String.fromCodePoint(...characters.slice(60000));
  let sum = start;
  for (const c of characters) {
    const escape = flags === 'u' ? `\\u{${c.toString(16)}}` : '\\u' + c.toString(16).padStart(4, '0');
    sum = add(add(sum, c), new RegExp(escape, flags + 'i').exec(text)[0].codePointAt(0));
  }
  return sum;
}
const units = Array.from({ length: 0x10000 }, (_, c) => c), letters = [];
// Node joins three pairs that CaseFolding.txt joins since Unicode 15.1 only.
const early = [0x390, 0x1fd3, 0x3b0, 0x1fe3, 0xfb05, 0xfb06];
for (let c = 0; c < 0x110000; c++)
  if (/^\p{Changes_When_Casemapped}/u.test(String.fromCodePoint(c)) && !early.includes(c)) letters.push(c);

console.log(`
/* Of all code points; of all code units, without the flag u; of what has Changes_When_Casemapped, with it, but
 * for three pairs that Node joins already, CaseFolding.txt only since Unicode 15.1. */
static const uint32_t upper_sum = ${hex(upper)}, lower_sum = ${hex(lower)};
static const uint32_t canonicalize_sum = ${hex(ignoringCase(units, ''))}, fold_sum = ${hex(ignoringCase(letters, 'u'))};

#endif`);

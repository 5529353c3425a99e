// SPDX-License-Identifier: MIT
// Calls nobody would write: built-ins with random receivers and arguments, here and in Node.
//   node differ_library.mjs [--seconds N] [--seed N] [--count N] [--max N] [--print] [--only TEXT]
//     --seconds  how long (60), or --count how many programs
//     --max      differences after which to stop (20)
//     --only     only methods whose name, such as Uint8Array.prototype.fill, contains TEXT
//     --print    print the program of --seed and run nothing
// Method: a program is independent lines, each of which calls one or two built-ins and shows what came out, what happened to the
// receiver, and what was asked of the arguments on the way (they tell when they are converted). The built-ins are those that
// Node has and this engine too. Errors are shown by name. BUILD names the build directory. Exit 1 if there was a difference.
import { below, chance, pick, runBoth, seedWith, settings, times } from './both.mjs';

// What this engine does otherwise on purpose (doc/language.md; Node does not round right), or what depends on time and chance.
const left = /^Date (call|new)|Date\.parse|Math\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log\d*p?|pow|cbrt|hypot)\b|toLocale|localeCompare|Date\.now|Math\.random|Intl|BigInt|Shared|Atomics|Weak(Ref|Map|Set)|Finalization|eval|Function\b|captureStackTrace|stack|prepare|__(define|lookup)|Big(U)?Int|^Promise|Iterator|console|WebAssembly|resiz|transfer|detached|getYear|RegExp\.(\$|input|last|left|right|multiline)|isWellFormed|toWellFormed|groupBy|trimLeft|trimRight|legacy|unscopables|escape$/i;
const globals = `Object Array String Number Boolean Symbol Math JSON Date RegExp Map Set Proxy Reflect ArrayBuffer DataView Int8Array Uint8Array
  Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array Error TypeError RangeError TextEncoder
  TextDecoder`.split(/\s+/);

// Every built-in function of both: [how it is reached, how it is called].
function builtins() {
  const listing = `const names = ${JSON.stringify(globals)};
    for (const name of names) { const C = globalThis[name];
      for (const [path, o] of [[name, C], [name + '.prototype', C.prototype]]) if (o)
        for (let at = o; at && at !== Object.prototype && at !== Function.prototype || at === o && o === Object.prototype; at = Object.getPrototypeOf(at))
          for (const key of Reflect.ownKeys(at)) { if (key === 'constructor' || key === 'prototype') continue;
            const d = Object.getOwnPropertyDescriptor(at, key), k = typeof key === 'symbol' ? '[' + key.description + ']' : '.' + key;
            if (typeof d.value === 'function') print(path + k + ' call'); else if (d.get) print(path + k + ' get'); } }
    for (const key of ['parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape']) print(key + ' call');
    for (const name of names) print(name + ' new'), print(name + ' call');`;
  const [{ node, ours }] = runBoth([listing]);
  const mine = new Set(ours.trim().split('\n'));
  return [...new Set(node.trim().split('\n'))].filter(line => mine.has(line) && !left.test(line)).map(line => line.split(' '));
}

const typedNames = globals.filter(name => /Int\d|Uint8C|Float/.test(name));
const textParts = ['a', 'b', 'ab', 'aab', 'abc', 'ABC', 'xay', ' ', '\\n', '\\t', '0', '12', '1e3', '0x1f', '-0', '.5', 'é', 'É', 'ß', 'ﬁ', 'İ', 'Σ', 'ς', 'e\\u0301', '\\u1e9b\\u0323', '가', '\\ud83d\\ude00', '\\ud83d', '\\ude00', '𝒳', '$1', '$&', '$<n>', '-', ',', 'length', '%41', '%e9', '%zz', '__proto__', '\\u2028', '\\ufeff', '\\0'];
const text = () => `'${times(0, 4, () => pick(textParts)).join('')}'`;
const number = () => String(pick([0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 36, 100, 255, 256, 65535, -1, -2, -5, -0.5, 0.5, 1.5, 2.5, 1e21, 1e-7, 123456.789, 4294967295, 4294967296, 2147483648, 9007199254740991, '-0', 'NaN', 'Infinity', '-Infinity', 5e-324, 1.7976931348623157e308, 8.64e15, 1e12, 951782400000]));
const key = () => pick([() => `'${pick(['a', 'b', 'length', 'x', '0', '1', '-0', '1.5', 'constructor', 'toString', 'value', 'get'])}'`, () => 'sym', () => pick(['0', '1', '2', '-1'])])();
const atom = () => pick(['a', 'b', 'ab', '.', '\\d', '\\w', '\\s', '\\S', '\\W', '[ab]', '[^a]', '[a-c]', '[\\d-]', '\\b', '^', '$', '(a)', '(a|b)', '(?:ab)', '(?=a)', '(?!b)', '(?<=a)', '(?<!a)', '(?<n>a)', '\\1', 'é', 'ß', '[à-ü]', '\\u0061', '\\x41', '\\t', '\\0', '-', ',', '(b)?', '(a*)', '\\u{1f600}', '\\p{L}', '\\P{Lu}', '[\\p{Ll}x]', '\\k<n>', '😀', '[😀]', ']', '{', '(?:)', '|', '\\cA', '\\-']);
const regexp = () => {
  const source = times(1, 4, () => atom() + (chance(0.3) ? pick(['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,}?', '{2,1}']) : '')).join(''), flags = times(0, 3, () => pick(['g', 'i', 'm', 's', 'u', 'y'])).join('');
  return `(r => ${chance(0.3) ? `Object.assign(r, { lastIndex: ${number()} })` : 'r'})(new RegExp('${source.replace(/\\/g, '\\\\')}', '${[...new Set(flags)].join('')}'))`;
};
const list = () => (chance(0.2) ? `[${times(0, 4, () => pick([value, () => ''])()).join(',')},]` : `[${times(0, 6, chance(0.6) ? number : value).join(', ')}]`);
const typed = () => `new ${pick(typedNames)}(${pick([() => String(below(6)), list, () => `buffer(${below(5) * 8})`, () => `buffer(32), ${pick([0, 8, 16])}, ${pick([0, 1, 2])}`])()})`;
const date = () => `new Date(${pick([number, () => `${pick([0, 70, 99, 1999, 2000, 2024, -1, 275760])}, ${times(1, 6, number).join(', ')}`, () => `'${pick(['2020-02-29T12:34:56Z', 'Thu, 01 Jan 1970 00:00:00 GMT', '+010000-01-01', 'Feb 29 2020 10:00', '2020-1-1', '12:00', '2020-01-01T24:00:00', 'Tue Mar 01 2022 00:00:00 GMT+0100 (CET)'])}'`])()})`;
const object = () => `({ ${times(0, 3, () => `${pick(['a', 'b', '0', '1', 'length', 'value', 'get', 'writable', 'enumerable', 'next', '[sym]', 'x'])}: ${value()}`).join(', ')} })`;
const callback = () => pick(['(...x) => (tell("cb", x.length, x[0], x[1]), x[0])', '(a, b) => a - b', '(a, b) => (a > b ? -1 : 1)', 'x => x', '() => true', '() => false', '(a, b) => a + b', '() => { throw new RangeError(); }', 'function () { tell("this", this === undefined); return arguments.length; }', 'x => [x, x]', 'x => typeof x === "number" && x > 2', '(m, p) => `<${String(m)}${String(p)}>`']);
const odd = () => pick([() => `asks(${number()}, ${text()})`, () => `asks(${value()})`, () => `iter(${below(4)})`, () => `new Proxy(${pick([list, object])()}, spy)`, () => 'Object.freeze([1, 2, 3])', () => 'sym', () => 'Object(sym)', () => `Object(${pick([number, text, () => 'true'])()})`, () => `class extends ${pick(['Array', 'Uint8Array', 'RegExp', 'Map', 'Promise'])} {}`, () => 'Object.create(null)', () => `[${number()}, , ${text()}]`, () => `{ length: ${number()} }`.replace(/.*/, '({ length: Math.min(3, $&.length) })')])();
let deep = 0;
function value() {
  if (deep > 2) return pick([number, text])();
  deep++;
  try { return pick([number, number, text, text, list, object, typed, date, regexp, callback, odd, key, () => pick(['null', 'undefined', 'true', 'false', "''"]), () => `new Map([[${value()}, ${value()}], ['a', 1]])`, () => `new Set(${list()})`, () => `buffer(${below(40)})`, () => `new DataView(buffer(${8 + below(9)})${chance(0.4) ? `, ${below(9)}` : ''})`])(); } finally { deep--; }
}
const receivers = { Object: value, Array: list, String: text, Number: number, Boolean: () => pick(['true', 'false']), Symbol: () => 'sym', Date: date, RegExp: regexp, Map: () => `new Map([[1, 2], ['a', ${value()}]])`,
  Set: () => `new Set(${list()})`, ArrayBuffer: () => `buffer(${below(20)})`, DataView: () => `new DataView(buffer(${8 + below(17)})${chance(0.4) ? `, ${below(9)}` : ''})`, Error: () => `new Error(${text()})`, TypeError: () => 'new TypeError()', RangeError: () => 'new RangeError()', TextEncoder: () => 'new TextEncoder()', TextDecoder: () => `new TextDecoder(${pick(['', "'utf-8', { fatal: true }", "'utf-8', { ignoreBOM: true }"])})`, Proxy: object };
for (const name of typedNames) receivers[name] = () => (chance(0.7) ? typed().replace(/^new \w+/, `new ${name}`) : typed());

// What a method likes to get, so that not every call ends in a TypeError.
function argument(path, i) {
  const method = path.split(/[.[]/).at(-1).replace(']', '');
  if (/^(sort|toSorted)$/.test(method)) return i === 0 ? pick(['(a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)', '() => 0', 'undefined', '() => { throw new RangeError(); }']) : 'null'; // a comparison with itself in disorder may order as it likes
  if (chance(0.2)) return value();
  if (i === 0 && /^(map|forEach|filter|find|findIndex|findLast|findLastIndex|every|some|reduce|reduceRight|flatMap)$/.test(method)) return callback();
  if (/^String/.test(path) && /match|replace|search|split/.test(method)) return i === 0 ? pick([regexp, regexp, text])() : i === 1 ? pick([text, callback, number])() : value();
  if (/^RegExp/.test(path)) return i === 0 ? text() : i === 1 ? pick([text, callback, number])() : value();
  if (/^RegExp/.test(path)) return text();
  if (/^(Object|Reflect)\.(define|getOwn|has|set|get|delete|is|keys|values|entries|assign|freeze|seal|prevent|create|from|own|apply|construct)/.test(path)) return i === 0 ? pick([object, list, typed, odd, callback])() : i === 1 ? pick([key, key, object, list])() : pick([value, object, key])();
  if (/^(Math|Number|isNaN|isFinite)/.test(path)) return pick([number, number, text, odd])();
  if (/^(encode|decode|escape|unescape|parse)/.test(path)) return i === 0 ? text() : number();
  if (/^JSON\.parse/.test(path)) return i === 0 ? pick([() => `'${pick(['[1,2,{"a":null}]', '{"a":1,"a":2}', '"\\\\u00e9"', '-0', '1e400', '[1,]', '{"__proto__":1}', '"\\\\ud800"', ' [] ', 'nul', '01', '"\\n"', '[[[[]]]]'])}'`, text])() : callback();
  if (/^JSON/.test(path)) return i === 0 ? value() : i === 1 ? pick([callback, list, () => 'null'])() : pick([number, text])();
  if (/^(Map|Set)/.test(path)) return pick([value, callback, number])();
  if (/set(Int|Uint|Float)|get(Int|Uint|Float)/.test(method)) return i === 2 ? pick(['true', 'false']) : i === 0 ? String(pick([0, 1, 2, 4, 8, -1, '-0', 1.5, 'undefined'])) : pick([number, odd])();
  if (/Decoder/.test(path)) return pick([() => `new Uint8Array(${list()})`, () => `new Uint8Array([0xe2, 0x82, ${number()}, 0xff, 0x41])`, typed])();
  return pick([number, number, text, value, list])();
}
function line([path, how]) {
  deep = 0;
  const args = times(0, 3, i => argument(path, i)), owner = path.split('.')[0], last = chance(0.04) ? value : receivers[owner];
  const reached = path.replace(/\[(Symbol\.\w+)\]$/, '[$1]');
  if (how === 'new') return `go(() => new ${path}(${args.join(', ')}));`;
  if (!path.includes('.prototype')) return `go(() => ${reached}(${args.join(', ')}));`;
  const tail = reached.slice(owner.length + '.prototype'.length), me = (last ?? value)();
  return how === 'get' ? `go(() => on(${me})${tail});` : `go(() => on(${me})${tail}(${args.join(', ')}));`;
}

const prelude = `let log, receiver, budget;
const builtIn = new Set(Object.getOwnPropertyNames(globalThis).flatMap(n => { const g = globalThis[n]; return g && (typeof g === 'object' || typeof g === 'function') ? [g, g.prototype] : []; }));
builtIn.add(Object.getPrototypeOf(Int8Array).prototype);
const sym = Symbol('s');
const tell = (...x) => { if (--budget > 0) log.push(x.map(v => show(v, 2)).join(' ')); };
const on = x => (receiver = x);
const buffer = n => { const b = new ArrayBuffer(n), v = new Uint8Array(b); for (let i = 0; i < n; i++) v[i] = i * 37 % 256; return b; };
const asks = (n, s = 'text') => ({ valueOf() { tell('valueOf'); return n; }, toString() { tell('toString'); return s; } });
const iter = n => ({ [Symbol.iterator]() { tell('iterate'); let i = 0; return { next() { tell('next'); return i < n ? { value: i++, done: false } : { done: true }; }, return() { tell('return'); return {}; } }; } });
const spy = new Proxy({}, { get: (_, trap) => (...a) => { tell(trap, typeof a[1] === 'symbol' || typeof a[1] === 'string' ? String(a[1]) : ''); return Reflect[trap](...a); } });
function show(v, d = 0) {
  if (typeof v === 'string') return JSON.stringify(v.length > 200 ? v.slice(0, 200) + v.length : v);
  if (typeof v === 'symbol') return String(v);
  if (typeof v === 'function') return 'function ' + v.name;
  if (v === null || typeof v !== 'object') return Object.is(v, -0) ? '-0' : String(v);
  const tag = Object.prototype.toString.call(v).slice(8, -1);
  if (v instanceof Error) return v.name;
  if (d > 3 || /^Text/.test(tag)) return tag;
  if (v instanceof Date) return 'Date ' + v.getTime();
  if (v instanceof RegExp) return 'RegExp ' + v.source + ' ' + v.flags + ' ' + show(v.lastIndex, 3);
  if (v instanceof Map || v instanceof Set) return tag + show([...v].slice(0, 8), d + 1);
  if (v instanceof ArrayBuffer) return tag + show(Array.from(new Uint8Array(v)), d + 1);
  if (v instanceof DataView) return tag + v.byteOffset + ',' + v.byteLength;
  if (typeof v.next === 'function' && !Object.prototype.hasOwnProperty.call(v, 'next')) return tag + show([v.next(), v.next(), v.next()], d + 1);
  if (builtIn.has(v)) return 'built in'; // in which order it has what it has is the engine's affair
  const keys = Reflect.ownKeys(v), own = keys.slice(0, 12).map(k => {
    const p = Object.getOwnPropertyDescriptor(v, k);
    return (typeof k === 'symbol' ? String(k) : k) + (p && 'value' in p ? (p.writable ? '' : '!w') + (p.enumerable ? '' : '!e') + (p.configurable ? '' : '!c') + ':' + show(p.value, d + 1) : ':accessor');
  });
  return tag + '{' + own.join() + '}' + keys.length + (Object.isExtensible(v) ? '' : '!x');
}
function go(f) {
  log = [];
  budget = 40;
  receiver = undefined;
  let result;
  try { result = show(f()); } catch (x) { result = 'throws ' + (x && x.name); }
  let after;
  try { after = receiver === undefined || typeof receiver !== 'object' ? '' : ' on ' + show(receiver, 1); } catch (x) { after = ' unshown'; }
  print((result + after + (log.length ? ' after ' + log.join('; ') : '')).slice(0, 1500));
}
`;
const lineCount = 40;
const options = settings({ seconds: 60, seed: Date.now() % 1e9, count: Infinity, max: 20, only: '', print: false });
const all = builtins().filter(one => one[0].includes(options.only));
function program(seed) {
  seedWith(seed);
  return times(lineCount, lineCount, () => line(pick(all)));
}
if (options.print) {
  console.log(prelude + program(options.seed).join('\n'));
} else {
  console.log(`seed ${options.seed}, ${all.length} built-ins`);
  const until = Date.now() + options.seconds * 1000, seen = new Map();
  let count = 0, different = 0;
  for (let seed = options.seed; Date.now() < until && count < options.count && seen.size < options.max;) {
    const batch = times(50, 50, () => program(seed++));
    const results = runBoth(batch.map(lines => prelude + lines.join('\n')));
    count += batch.length;
    results.forEach(({ node, ours }, i) => {
      if (node === ours) return;
      const a = node.trim().split('\n'), b = ours.trim().split('\n');
      const at = a.length === lineCount ? batch[i].findIndex((_, n) => a[n] !== b[n]) : -1;
      different++;
      const code = at < 0 ? batch[i].join('\n') : batch[i][at], shape = at < 0 ? 'whole' : /on\(.*\)\.(\w+)\(|=> (?:new )?([\w.]+)/.exec(code)?.slice(1).join() + (b[at] ?? '').replace(/[^a-zA-Z]/g, '').slice(0, 12);
      if (seen.has(shape) || seen.size >= options.max) return;
      seen.set(shape, true);
      console.log(at < 0 ? `--- seed ${options.seed + count - batch.length + i}: one of them ended\n  Node: ${a.at(-1)}\n  here: ${b.at(-1)}` : `--- ${code}\n  Node: ${a[at]}\n  here: ${b[at] ?? ours.trim().split('\n').at(-1)}`);
    });
  }
  console.log(`${count} programs of ${lineCount} lines, ${different} differ, ${seen.size} ways`);
  process.exitCode = different > 0 ? 1 : 0;
}

// SPDX-License-Identifier: MIT
//// values become strings, not by plus
const o = { toString() { return 'S'; }, valueOf() { return 'V'; } };
print(`${o}`, '' + o, `a${1}b${null}c${undefined}d${true}`, `${[1, [2]]}`, `${{}}`);
//// Symbol.toPrimitive gets the hint string
const o = { [Symbol.toPrimitive](hint) { return hint; } };
print(`${o}`, o + '', `${o}${o}`);
//// a symbol throws
try { print(`${Symbol('s')}`); } catch (e) { print(e.name); }
print(`${String(Symbol('s'))}`);
//// an object without text throws
const log = [];
try { `a${Object.create(null)}`; } catch (e) { log.push(e.name); }
try { `${{ toString() { return {}; }, valueOf() { return {}; } }}`; } catch (e) { log.push(e.name); }
print(log.join());
//// values are turned into strings one by one, in order
const log = [], v = n => ({ toString() { log.push('text ' + n); return n; } }), e = n => (log.push('eval ' + n), v(n));
print(`${e('a')}-${e('b')}`, log.join());
//// an error stops the evaluation of later parts
const log = [];
try { `${log.push('a')}${(() => { throw new RangeError(); })()}${log.push('c')}`; } catch (e) { log.push(e.name); }
print(log.join());
//// escapes
print(`\n\t\\\`\$\{\x41\u0042\u{43}\0`.length, `\x41\u0042\u{43}`, `a\
b`, `\u{1F600}`.length);
//// dollars and braces that are text
print(`$`, `$$`, `{}`, `$ {1}`, `$${1}$`, `}${'}'}}`, `\${1}`, `${'${1}'}`);
//// lines
const t = `one
  two
`;
print(t.length, t.split('\n').length, JSON.stringify(t));
//// nested templates
const f = (n) => `<${n > 0 ? `${n}${f(n - 1)}` : ''}>`;
print(f(2), `${`${`x`}`}`, `a${`b${`c`}d`}e`);
//// objects, functions and arrows in the braces
print(`${{ a: 1 }.a}${(() => { return '}'; })()}${function () { return `{`; }()}${[1, 2].map(x => `${x}!`).join('')}`);
//// comma, assignment, conditional in the braces
let x = 0;
print(`${(x++, x)}${x = 5}${x ? 'yes' : 'no'}${x += 1}`);
//// types and comparisons of templates
print(typeof `x`, `a` === 'a', `1` + 1, `2` * `3`, `b` > `a`, `abc`.length, `abc`[1], `x`.toUpperCase(), `${''}` ? 1 : 2);
//// a template as a key and in a switch
const o = { [`k${1}`]: 'v' };
switch (`a${1}`) { case 'a1': print(o[`k${1}`]); }
//// the tag gets strings and values
function tag(s, ...v) { return s.length + ':' + s.join('|') + ':' + v.join('|'); }
print(tag`a${1}b${2}c`, tag``, tag`${1}`, tag`${1}${2}`, tag`x`);
//// raw and cooked
const tag = s => [s.join('|').length, s.raw.join('|')].join(' ');
print(tag`\n`, tag`\x41\u{42}`, tag`a\\b`, tag`\``, tag`\${1}`);
//// raw text of lines: CR and CRLF become LF
const tag = s => JSON.stringify([s[0], s.raw[0]]);
print(tag`a
b\
c`);
//// invalid escapes are undefined when cooked
const tag = (s, ...v) => s.map(x => x === undefined ? 'undef' : x).join('|') + ' ' + s.raw.join('|');
print(tag`\unicode`, tag`\xg`, tag`a${1}\u{110000}${2}b`, tag`\1`, tag`\u{`, tag`\01`, tag`\0`.length);
//// the strings are frozen arrays
const tag = s => s;
const s = tag`a${1}b`;
print(Array.isArray(s), Array.isArray(s.raw), Object.isFrozen(s), Object.isFrozen(s.raw), s.length, Object.keys(s).join());
const d = Object.getOwnPropertyDescriptor(s, 'raw');
print(d.writable, d.enumerable, d.configurable);
try { s[0] = 'x'; } catch (e) { print(e.name); }
//// one place gives one array, another place another
const tag = s => s, f = () => tag`same`, g = () => tag`same`;
print(f() === f(), f() === g(), tag`same` === tag`same`);
const list = [];
for (let i = 0; i < 3; i++) list.push(tag`loop${i}`);
print(list[0] === list[1], list[1] === list[2]);
//// the array of a place is one for all closures and calls
const tag = s => s;
const make = () => () => tag`x`;
class C { m() { return tag`y`; } static s = () => tag`z`; }
print(make()() === make()(), new C().m() === new C().m(), C.s() === C.s());
function rec(n) { const s = tag`r`; return n ? rec(n - 1) === s && s : s; }
print(rec(2) !== false);
//// a cache by the array's identity
const cache = new Map(), tag = (s, ...v) => { if (!cache.has(s)) cache.set(s, 0); cache.set(s, cache.get(s) + 1); return cache.get(s); };
const f = x => tag`a${x}`;
f(1); f(2);
print(f(3), tag`a${1}`, cache.size);
//// this of a tag
const o = { n: 'o', tag(s, v) { return this.n + s[0] + v; }, in: { n: 'in', tag() { return this.n; } } };
const { tag } = o;
print(o.tag`a${1}`, o['tag']`b${2}`, o.in.tag`x`, (o.tag)`c${3}`);
try { tag`d`; } catch (e) { print(e.name); }
//// the tag is evaluated before the values, once
const log = [];
const o = () => (log.push('object'), { t(s, ...v) { log.push('call'); } }), k = () => (log.push('key'), 't');
o()[k()]`${log.push('v1')}${log.push('v2')}`;
print(log.join());
//// a tag that is no function throws after the values
const log = [];
try { (void 0)`${log.push('value')}`; } catch (e) { log.push(e.name); }
try { ({}).none`${log.push('value 2')}`; } catch (e) { log.push(e.name); }
print(log.join());
//// tags that return tags, and members after templates
const t = (s, ...v) => { const f = (s2) => t(s.concat(s2)); f.text = s.join(''); return f; };
print(t`a``b``c`.text, (s => s.raw[0])`x`.length, `${1}`.padStart(3, '-'));
//// new with a tagged template
function make(s) { return function (v) { this.v = s[0] + String(v); }; }
const a = new make`x`(1), b = new make`y`;
print(a.v, b.v);
//// String.raw
print(String.raw`a\n${1}\u0041`, String.raw({ raw: 'abc' }, 1, 2, 3), String.raw({ raw: { length: 2, 0: 'p', 1: 'q' } }, '-'), String.raw``.length);
//// a tag called with arrows and await and yield inside
const tag = (s, ...v) => s.join('_') + v.map(x => typeof x === 'function' ? x() : x).join();
function* g() { return tag`a${yield 1}b${yield 2}`; }
const it = g();
it.next(); it.next('x');
print(it.next('y').value, tag`${() => 'called'}`);
(async () => print(tag`${await 1}${await Promise.resolve(2)}`))();
//// a tag as an optional or missing member is called with this
class C { #t(s) { return this.n + s[0]; } n = 'n'; run() { return this.#t`private`; } get tag() { return function () { return this === undefined ? 'none' : this.n; }; } }
print(new C().run(), new C().tag`x`, (0, new C().tag)`x`);
//// strings that end a template at a code point
print(`\u{1F600}${'x'}`.length, `\uD83D${'\uDE00'}` === '\u{1F600}', [...`a\u{1F600}`].length);
//// a template after return, throw, typeof, in, new lines
const f = () => { return `r`; }, g = () => { throw `t`; };
try { g(); } catch (e) { print(f() + e, typeof `x`, `length` in [], void `x` === undefined); }
//// text with an invalid escape among valid parts
const tag = (s, ...v) => s.map((x, i) => `${i}:${x === undefined ? 'none' : x}`).join(' ') + ' ' + s.length + s.raw.length;
print(tag`ok${1}\u00${2}\x4g${3}fine\n`, tag`\u{1F600}`.length, 0 in (s => s)`\u`);
//// an invalid escape is undefined, not missing, and raw stays
const s = (x => x)`\xZZ${0}a`;
print(String(s[0]), s.hasOwnProperty(0), s.raw[0], s[1], Object.keys(s).join(), s.indexOf(undefined));
//// symbols in templates, also wrapped, and what was read before
const log = [], s = Symbol('s');
for (const f of [() => `${log.push('first')}${s}${log.push('second')}`, () => `a${`${s}`}`, () => `${Object(s)}`, () => `${{ toString() { return s; } }}`, () => `${[s]}`, () => `${s.toString()}`]) try { log.push(f()); } catch (e) { log.push(e.name); }
print(log.join());
//// a symbol in a tagged template is passed as it is
const s = Symbol('s'), tag = (l, v) => v === s;
print(tag`a${s}b`, String.raw`${String(s)}`, (() => { try { return String.raw`${s}`; } catch (e) { return e.name; } })());
//// the strings of a tag may not be changed in any way
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const s = (x => x)`a${1}b`;
print(kind(() => { s[0] = 'x'; }), kind(() => { s.push('x'); }), kind(() => { s.length = 0; }), kind(() => { s.extra = 1; }), kind(() => { delete s[0]; }), kind(() => { s.raw = []; }), s.join());
//// the raw strings of a tag may not be changed in any way
const kind = f => { try { f(); return 'fine'; } catch (e) { return e.name; } };
const { raw } = (x => x)`a\n${1}b`;
print(kind(() => { raw[0] = 'x'; }), kind(() => { raw.push('x'); }), kind(() => { raw.reverse(); }), kind(() => { raw.extra = 1; }), kind(() => { delete raw[1]; }), Object.isFrozen(raw), raw.join());
//// a tag that tries to sort its strings
const sort = s => s.sort(), copy = s => [...s].sort().join('');
try { sort`b${1}a`; print('sorted'); } catch (e) { print(e.name); }
print(copy`b${1}a`, (s => s.concat('c').length)`x${0}y`, (s => Object.isFrozen(s) && Object.isFrozen(s.raw))``);
//// a template among operators and members
const x = 7, o = { ab7: 1 };
print(`${x}${1}` * 2, `-${x}` - 1, `a${x}b`.length, `a${x}` === 'a7', `ab${x}` in o, typeof `${x}`, !`${''}${''}`, `a${x}`[1], `${x}${x}` > `${x}`, 2 ** `${1}${0}`, -`${x}${x}`, `a${x}` + 1, 1 + `${x}` + 1);
//// a template as a callee's object, in new, in conditionals and spreads
const x = 'p';
print(`${x}q`.toUpperCase(), [...`${x}q`].join('-'), `${x}` ? `${x}1` : `${x}2`, `${x}q`.concat(`${x}`), new String(`${x}q`).length, `a,${x}`.split(',')[1], (`${x}`, `${x}3`), `${x}q`?.length, [`${x}`, `${x}4`][1]);

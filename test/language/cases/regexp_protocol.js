// SPDX-License-Identifier: MIT
//// exec of a derived class is used
class R extends RegExp { exec(s) { return s === 'magic' ? ['found'] : null; } }
print(new R('x').test('magic'), new R('x').test('x'), 'magic'.match(new R('x')).join(), 'x'.search(new R('x')), 'x'.replace(new R('x'), 'y'));
//// exec as an own property
const r = /a/;
r.exec = function (s) { print('exec', s); return RegExp.prototype.exec.call(this, s); };
print(r.test('a'), 'ba'.replace(r, 'x'), 'ba'.search(r), 'ba'.match(r).index);
//// exec in RegExp.prototype
const exec = RegExp.prototype.exec;
let n = 0;
RegExp.prototype.exec = function (s) { n++; return exec.call(this, s); };
print('abab'.replace(/a/g, 'x'), n, /a/.test('a'), n, 'a-b'.split(/-/).length, n > 2, [...'aa'.matchAll(/a/g)].length);
RegExp.prototype.exec = exec;
print('abab'.replace(/a/g, 'x'));
//// exec that is no function is passed over
const r = /a/;
r.exec = 1;
print(r.test('a'), 'ba'.replace(r, 'x'));
//// exec must give an object or null
const r = /a/;
for (const v of [undefined, 1, 'a', true, Symbol.iterator]) { r.exec = () => v; try { print(r.test('a')); } catch (e) { print(e.name); } }
//// exec that gives a function or an array
const r = /a/;
r.exec = () => () => 1;
print(r.test('x'));
r.exec = () => [];
print('abc'.replace(r, 'x'), 'abc'.search(r));
//// results from a script are taken as they are
const r = /./;
r.exec = () => ({ 0: 'bc', 1: 'one', index: 1, length: 3, groups: { n: 'name' } });
print('abcd'.replace(r, '[$&|$1|$2|$<n>|$`|$\'|$3]'), 'abcd'.replace(r, (...a) => JSON.stringify(a)));
//// places from a script are clamped
for (const index of [-5, 100, 1.7, NaN, '2', undefined]) { const r = /./; r.exec = () => ({ 0: 'X', index, length: 1 }); print('abc'.replace(r, '-')); }
//// a match that is longer than the text
const r = /./;
r.exec = () => ({ 0: 'longer than it', index: 1, length: 1 });
print('abc'.replace(r, "[$']"));
//// results in a wrong order
const results = [{ 0: 'c', index: 2, length: 1 }, { 0: 'a', index: 0, length: 1 }, null];
const r = /./g;
r.exec = () => results.shift();
print('abc'.replace(r, '[$&]'));
//// captures from a script are made text
const r = /./;
r.exec = () => ({ 0: 1, 1: null, 2: undefined, 3: [4, 5], index: 0, length: 4 });
print('1x'.replace(r, '$1,$2,$3'), 'x'.replace(r, (...a) => a.map(x => typeof x).join()));
//// lengths from a script
const r = /./;
for (const length of [0, -1, '2', 2.9]) { r.exec = () => ({ 0: 'a', 1: 'b', 2: 'c', index: 0, length }); print('a'.replace(r, '[$1$2]')); }
//// groups from a script are objects
const r = /a/;
r.exec = () => Object.assign(['a'], { index: 0, groups: 'text' });
print('a'.replace(r, '$<length>'));
r.exec = () => Object.assign(['a'], { index: 0, groups: null });
try { 'a'.replace(r, '$<x>'); } catch (e) { print(e.name); }
print('a'.replace(r, (...a) => String(a[3])));
//// Symbol.match and its kin are called with the text
const log = [];
const o = { flags: 'g' };
for (const k of ['match', 'matchAll', 'replace', 'search', 'split']) o[Symbol[k]] = (...a) => { log.push(k + ':' + a.join()); return k; };
print('s'.match(o), 's'.matchAll(o), 's'.replace(o, 'by'), 's'.search(o), 's'.split(o, 3), 's'.replaceAll(o, 'x'));
print(log.join(' '));
//// the text is handed on as it is
const o = { [Symbol.replace](s, by) { return typeof s + typeof by; }, [Symbol.split](s, n) { return typeof s + typeof n; }, [Symbol.match](s) { return typeof s; } };
print(String.prototype.replace.call(5, o, 1), String.prototype.split.call(true, o), String.prototype.match.call(Object('x'), o));
//// methods that are null are passed over
const o = { [Symbol.replace]: null, [Symbol.split]: undefined, [Symbol.match]: null, [Symbol.search]: null, toString: () => 'b' };
print('abc'.replace(o, 'x'), 'abc'.split(o).join(), 'abc'.match(o).index, 'abc'.search(o));
//// methods that are no functions
for (const k of ['match', 'replace', 'search', 'split']) try { 'a'[k]({ [Symbol[k]]: 1 }); } catch (e) { print(k, e.name); }
//// methods of null and undefined
for (const k of ['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split']) for (const v of [null, undefined]) try { String.prototype[k].call(v, 'x'); } catch (e) { print(k, e.name); }
//// a pattern without Symbol.match
const r = /a/;
r[Symbol.match] = false;
print('/a/'.startsWith(r), '/a/'.includes(r), '/a/'.endsWith(r));
try { 'a'.includes(/a/); } catch (e) { print(e.name); }
//// an object that acts as a pattern
const o = { [Symbol.match]: true, toString: () => 'a' };
for (const k of ['includes', 'startsWith', 'endsWith']) try { 'a'[k](o); } catch (e) { print(k, e.name); }
//// RegExp of what acts as a pattern
const o = { [Symbol.match]: true, source: 'ab', flags: 'g', constructor: RegExp };
print(RegExp(o) === o, String(new RegExp(o)), String(new RegExp(o, 'i')), String(RegExp({ [Symbol.match]: true, source: 'x', flags: 'y' })));
//// RegExp of a pattern that denies it
const r = /ab/g;
r[Symbol.match] = false;
print(RegExp(r) === r, String(RegExp(r)));
//// RegExp as a function and its constructor
const r = /a/g;
print(RegExp(r) === r, new RegExp(r) === r, RegExp(r, 'g') === r, RegExp(r, undefined) === r);
r.constructor = Object;
print(RegExp(r) === r, String(RegExp(r)));
//// patterns of patterns take their own source
const r = /a\/b/gi;
Object.defineProperty(r, 'source', { value: 'other' });
Object.defineProperty(r, 'flags', { value: 'y' });
print(String(new RegExp(r)), new RegExp(r).flags, String(new RegExp(r, '')));
//// a pattern of undefined, null and numbers
print(String(RegExp()), String(RegExp(undefined)), String(RegExp(null)), String(RegExp(1.5)), String(RegExp('')), String(new RegExp([1, 2])));
try { RegExp(Symbol.iterator); } catch (e) { print(e.name); }
//// derived classes
class R extends RegExp {
  constructor(p, f) { super(p, f); this.own = 1; }
  test(s) { return !super.test(s); }
  get source() { return '<' + super.source + '>'; }
}
const r = new R('a', 'g');
print(r instanceof R, r instanceof RegExp, r.own, r.test('a'), r.source, String(r), r.flags, Object.prototype.toString.call(r), 'aba'.replace(r, 'x'));
//// new.target gives the prototype
const r = Reflect.construct(RegExp, ['a', 'y'], Array);
print(r instanceof Array, r instanceof RegExp, RegExp.prototype.exec.call(r, 'a').index, Object.prototype.toString.call(r));
//// split makes a new pattern by its species
const log = [];
class R extends RegExp { static get [Symbol.species]() { return function (p, f) { log.push(String(p) + f); return new RegExp(p, f); }; } }
print('a-b'.split(new R('-', 'i')).join('|'), log.join());
//// species that is undefined or null
for (const v of [undefined, null]) { class R extends RegExp { static get [Symbol.species]() { return v; } } print('a-b'.split(new R('-')).length, [...'aa'.matchAll(new R('a', 'g'))].length); }
//// constructors that are none
for (const v of [1, null, 'x']) { const r = /-/; r.constructor = v; try { print('a-b'.split(r).length); } catch (e) { print(e.name); } }
const r = /-/;
r.constructor = undefined;
print('a-b'.split(r).length);
//// matchAll works on a copy
const r = /a/g;
r.lastIndex = 1;
const it = 'aaa'.matchAll(r);
r.lastIndex = 0;
print([...it].map(m => m.index).join(), r.lastIndex);
//// matchAll without g gives one match when called directly
const it = RegExp.prototype[Symbol.matchAll].call(/a/, 'aaa');
print(it.next().value.index, it.next().done, it.next().done);
//// the iterator of matches
const it = 'aXb'.matchAll(/[a-z]/g), P = Object.getPrototypeOf(it);
print(P[Symbol.toStringTag], P.next.name, P.next.length, it[Symbol.iterator]() === it, it.next().value.index, it.next().value.index, it.next().done, Object.keys(it).length);
try { P.next.call({}); } catch (e) { print(e.name); }
print(Object.getPrototypeOf(P) === Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
//// matchAll with an exec of its own
class R extends RegExp { exec(s) { const m = super.exec(s); if (m) m[0] = m[0].toUpperCase(); return m; } }
print([...'abab'.matchAll(new R('a', 'g'))].map(m => m[0] + m.index).join());
//// matchAll and replaceAll want g
for (const f of [() => 'a'.matchAll(/a/), () => 'a'.replaceAll(/a/, 'b'), () => 'a'.replaceAll({ [Symbol.match]: true, flags: 'i' }), () => 'a'.matchAll({ [Symbol.match]: true, flags: undefined })]) try { f(); print('done'); } catch (e) { print(e.name); }
//// lastIndex changed by the replacing function does not matter
const r = /a/g;
print('aaaa'.replace(r, (m, at) => { r.lastIndex = 0; return at; }), r.lastIndex);
//// a pattern that is compiled anew while it replaces
const r = /a/g;
print('abab'.replace(r, (m, at) => { r.compile('b', 'g'); return at; }), String(r), 'abab'.replace(r, '-'));
//// compile
const r = /a/g;
r.lastIndex = 3;
print(r.compile('b', 'i') === r, String(r), r.lastIndex, r.test('B'), String(r.compile(/c/y)), String(r.compile()));
for (const f of [() => r.compile(/a/, 'g'), () => r.compile('('), () => RegExp.prototype.compile.call({}, 'a'), () => Object.freeze(/a/).compile('b')]) try { f(); } catch (e) { print(e.name); }
print(String(r));
//// replace makes text of what replaces before it looks for matches
const log = [];
const r = { [Symbol.replace]: RegExp.prototype[Symbol.replace], flags: '', exec(s) { log.push('exec ' + s); return null; }, get global() { return false; } };
'x'.replace(r, { toString() { log.push('by'); return ''; } });
print(log.slice().sort().join());
//// methods of RegExp.prototype on other objects
const o = { exec: s => ({ index: 1, 0: s[1], length: 1 }), flags: '', lastIndex: 0, get global() { return false; } };
print(RegExp.prototype.test.call(o, 'abc'), RegExp.prototype[Symbol.replace].call(o, 'abc', '-'), RegExp.prototype[Symbol.search].call(o, 'abc'), RegExp.prototype[Symbol.match].call(o, 'abc')[0]);
for (const k of [Symbol.match, Symbol.replace, Symbol.search, Symbol.split, Symbol.matchAll, 'test', 'toString']) try { RegExp.prototype[k].call(1, 'a'); print('called'); } catch (e) { print(e.name); }
//// toString of any object
print(RegExp.prototype.toString.call({ source: 1, flags: 2 }), RegExp.prototype.toString.call({}));
//// search puts lastIndex back
const r = /b/g;
r.lastIndex = 7;
print('abc'.search(r), r.lastIndex);
const log = [];
const p = new Proxy(/b/, { get(t, k) { log.push('get ' + String(k)); const v = Reflect.get(t, k); return typeof v === 'function' ? v.bind(t) : v; }, set(t, k, v) { log.push('set ' + String(k)); return Reflect.set(t, k, v); } });
print(RegExp.prototype[Symbol.search].call(p, 'abc'), log.join());
//// proxies of patterns are none
const p = new Proxy(/a/, {});
for (const f of [() => p.test('a'), () => p.source, () => RegExp.prototype.exec.call(p, 'a')]) try { print(f()); } catch (e) { print(e.name); }
print(Object.prototype.toString.call(p), RegExp(p) === p);
//// the split of a limit
const r = /-/;
print('a-b-c'.split(r, 2).join(), 'a-b-c'.split(r, 0).length, 'a-b-c'.split(r, -1).length, 'a-b-c'.split(r, { valueOf: () => 1 }).join(), 'a-b-c'.split(r, 4294967297).join());
//// texts are strings, whatever they were
print(/1/.test(123), /\[object/.exec({}).index, /null/.test(null), /undefined/.test(), 'x'.match(undefined)[0].length, /a/.exec({ toString: () => 'ba' }).input);
//// empty matches behind a changed lastIndex
const r = /(?:)/g;
const seen = [];
r.exec = function (s) { const m = RegExp.prototype.exec.call(this, s); seen.push(this.lastIndex); return m; };
print('ab'.match(r).length, seen.join());
//// flags are what the getter says
const log = [];
class R extends RegExp { get flags() { log.push('flags'); return super.flags; } }
'a'.split(new R('a'));
'a'.matchAll(new R('a', 'g'));
print(log.join());

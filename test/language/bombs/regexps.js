// SPDX-License-Identifier: MIT
// Regular expressions that take long, are large, or are asked for much: through the methods that use them.
//// a pattern that goes back again and again
const s = 'a'.repeat(40) + '!';
for (;;) /^(a+)+$/.test(s);
//// alternatives that begin alike
const s = 'ab'.repeat(30) + '!';
for (;;) /^(?:a|b|ab)*$/.test(s);
//// references back in a long text
const s = 'ab'.repeat(20000);
for (;;) /(.+)\1\1\1$/.test(s + 'x');
//// looking behind from each place
const s = 'a'.repeat(20000);
for (;;) s.replace(/(?<=a*b)a/g, 'x');
//// a search that starts everywhere
const s = 'a'.repeat(30000);
for (;;) s.match(/a*b/g);
//// split by what is almost everywhere
const s = 'ab'.repeat(20000);
for (;;) s.split(/a(?=b*c)/);
//// a long text without the first letter
const s = 'a'.repeat(2e6);
for (;;) s.search(/b/);
//// empty matches in a long text
const s = 'é'.repeat(1e5);
for (;;) s.replace(/(?:)/g, '');
//// all matches of a long text
const s = 'ab'.repeat(1e5);
for (;;) s.match(/a/g);
//// replacing by a text that refers to the whole
const s = 'a'.repeat(2000);
for (;;) s.replace(/a/g, "$`$'");
//// replacing by a function that starts again
const r = /a/g, s = 'a'.repeat(1000);
for (;;) s.replace(r, () => { r.lastIndex = 0; return s; });
//// a function that changes lastIndex back while exec is used
const r = /a/g;
r.exec = function (s) { const m = RegExp.prototype.exec.call(this, s); this.lastIndex = 0; return m; };
'aa'.match(r);
//// exec of a script that never ends
const r = /a/g;
r.exec = () => ({ 0: 'a', index: 0, length: 1 });
'a'.replace(r, 'b');
//// a result that says it is long
const r = /a/;
r.exec = () => ({ 0: 'a', index: 0, length: 2 ** 53 });
'a'.replace(r, 'b');
//// a result of split that says it is long
const r = /a/;
r.constructor = { [Symbol.species]: function () { return { exec: () => ({ length: 2 ** 53 }), lastIndex: 1 }; } };
'aab'.split(r);
//// many groups
const r = RegExp('(a)?'.repeat(2000));
for (;;) r.exec('aaa');
//// many groups in many matches
const r = RegExp('()'.repeat(2000) + 'a', 'g'), s = 'a'.repeat(1000);
for (;;) s.replace(r, () => '');
//// many names
let p = '';
for (let i = 0; i < 500; i++) p += `(?<n${i}>)`;
const r = RegExp(p + 'a', 'g'), by = '$<n499>'.repeat(50);
for (;;) 'aaaaaaaaaa'.replace(r, by);
//// patterns that are made anew
for (let i = 0; ; i++) RegExp('a'.repeat(i % 1000) + i, 'i');
//// one long pattern that is made anew
const p = '[a-z]\\d+'.repeat(5000);
for (let i = 0; ; i++) RegExp(p + i);
//// sets of characters that are made anew
for (let i = 0; ; i++) RegExp('[\\p{L}\\p{N}]' + i, 'iu');
//// a pattern that does not end
for (let p = '('; ; p += p) try { RegExp(p); } catch { }
//// counts in counts
for (let i = 1; ; i++) try { RegExp(`(?:(?:a{${i}}){1000}){1000}`).test('a'); } catch { }
//// a literal in a loop
const keep = [];
for (;;) keep.push(/a(b)c/gi);
//// the source of a long pattern
const r = RegExp('/'.repeat(1e5));
for (;;) r.source;
//// matchAll kept
const keep = [], s = 'a'.repeat(100);
for (;;) keep.push(...s.matchAll(/(a)(?<b>)/g));
//// replaceAll of nothing in a long text
const s = 'a'.repeat(1e5);
for (;;) s.replaceAll('', '-');
//// replaceAll of a text that is almost there
const s = 'a'.repeat(2e5), t = 'a'.repeat(5e4) + 'b' + 'a'.repeat(5e4);
for (;;) s.replaceAll(t, '-');
//// split into single characters
const s = 'ü'.repeat(1e5);
for (;;) s.split('');
//// text of HTML
const s = '"'.repeat(1e5);
for (;;) s.anchor(s);
//// lastIndex in a long text outside ASCII
const s = 'é'.repeat(1e6), r = /x/y;
for (let i = 0; ; i = (i + 400000) % 1e6) { r.lastIndex = i; r.test(s); }
//// flags that are asked for through a proxy
const p = new Proxy(/a/g, {});
for (;;) RegExp(p);
//// a lazy loop over characters of two bytes
const s = 'é'.repeat(1e5);
for (;;) /é.*?x/.test(s);
//// split at what begins at each place
const s = 'a'.repeat(1e6);
for (;;) s.split('ab');
//// a normal form of plain text behind a mark
const s = '\u1e9b\u0323' + 'ab'.repeat(1e6);
for (;;) s.normalize();

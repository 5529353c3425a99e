// SPDX-License-Identifier: MIT
const tag = (s, ...v) => s.raw.join('|') + '/' + s.join('|') + '/' + v.join(); console.log(tag`a${1}b${2}\n`, tag``, tag`${0}`, (x => x)`t`.raw === undefined); const site = () => (s => s)`x`; console.log(site() === site(), Object.isFrozen(site()), Array.isArray(site().raw)); const o = { f() { return this === o; } }; console.log(o.f`x`, o['f']`y`);
console.log(`${1}${'a'}${[1, 2]}${{}}${null}${undefined}`, `line1
line2`, `\u{1F600}`.length, `a${`b${`c`}`}`, `$`, `\${}`, `${{ toString: () => 'ts', valueOf: () => 'vo' }}`, '' + { toString: () => 'ts', valueOf: () => 'vo' }); try { `${Symbol()}`; } catch (e) { console.log(e.name); }
const bad = s => s[0] === undefined && s.raw[0]; console.log(bad`\unicode`, bad`\xg`, `${((a, b) => a + b)(1, 2)}`, `${function () { return `n${1}`; }()}`);

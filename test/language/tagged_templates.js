// SPDX-License-Identifier: MIT
function tag(s, ...v) { return s.join('|') + '#' + s.raw.join('|') + '#' + v.join(); }
console.log(tag`a${1}\n${2}b`); console.log(tag`\u`);
const seen = []; function same(s) { seen.push(s); return s; } for (let i = 0; i < 2; i++) same`q${i}`;
console.log(String(seen[0] === seen[1]) + String(Object.isFrozen(seen[0])) + String(Object.isFrozen(seen[0].raw)));
const o = { n: 'self', t(s) { return this.n + s[0]; } }; console.log(o.t`!`);

// SPDX-License-Identifier: MIT
const a = 1, o = { toString() { return 'S'; }, valueOf() { return 'V'; } };
console.log(`a${a}b${o}c` + `${o}` + `${1}${2}` + `` + `x`); console.log(`line
two \u{41} \` \${}`); console.log(`${`n${`m`}`}`);
try { `${Symbol('q')}`; } catch (e) { console.log(e.name); } console.log(String(`${1}` === '1') + `${[1, 2]}${null}${undefined}`);

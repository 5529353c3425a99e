// SPDX-License-Identifier: MIT
function* inner() { try { const x = yield 'a'; console.log('x' + x); yield 'b'; return 'ret'; } finally { console.log('closed'); } } function* outer() { const r = yield* inner(); console.log(r); yield* 'hi'; yield* [1]; }
const i = outer(); i.next(); i.next('V'); console.log([...i].join()); const j = outer(); j.next(); console.log(JSON.stringify(j.return('q'))); const k = outer(); k.next(); try { k.throw(new Error('T')); } catch (e) { console.log(e.message); }
function* tree(n) { if (n) { yield* tree(n - 1); yield n; yield* tree(n - 1); } } console.log([...tree(3)].join(''));

// SPDX-License-Identifier: MIT
const people = []; for (let i = 0; i < 60; i++) people.push({ k: (i * 7) % 5, i }); people.sort((a, b) => a.k - b.k);
console.log(people.map(p => p.k + ':' + p.i).join(' '));
console.log([3, 1, undefined, 2, , 10, 9].sort().join(), [3, 20, 100].sort().join(), ['b', 'a', 'C', 'é', 'z'].sort().join(), [5, 1, 4].sort((a, b) => b - a).join(), [true, false, null, 'n'].sort().join());
const holes = [3, , 1, undefined]; holes.sort(); console.log(holes.length, 3 in holes, 2 in holes, holes[2]);
console.log([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].sort(() => 0).join(), [2, 1].sort(() => NaN).join(), [2, 1, 3].sort((a, b) => a > b ? '1' : '-1').join());
for (const bad of [null, 5, 'x', {}]) try { [2, 1].sort(bad); console.log('no'); } catch (e) { console.log(e.name); }
try { [1, 2, 3].sort(() => { throw new RangeError('cmp'); }); } catch (e) { console.log(e.message); }
console.log(new Int8Array([3, -1, 2]).sort().join(), new Float64Array([0, -0, NaN, -1]).sort().join(), Object.is(new Float64Array([0, -0]).sort()[0], -0));
const al = { 0: 'b', 1: 'a', length: 2 }; console.log(Array.prototype.sort.call(al) === al, al[0], al[1]); console.log(['\u{1F600}', '\uffff', 'a'].sort().map(s => s.codePointAt(0).toString(16)).join());

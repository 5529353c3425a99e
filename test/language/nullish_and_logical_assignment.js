// SPDX-License-Identifier: MIT
console.log(String(null ?? 1) + (0 ?? 1) + (undefined ?? null ?? 'x') + ('' || 'e') + (1 && 2)); let a = null, b = 0, c = 1; a ??= 5; b ||= 6; c &&= 7; console.log([a, b, c].join());
const o = { get p() { console.log('get'); return this.q; }, set p(v) { console.log('set ' + v); this.q = v; } }; o.p ??= 1; o.p ??= 2; o.p &&= 3; o.p ||= 4;
let k = 0; const arr = [null]; arr[k++] ??= 'v'; console.log(arr[0] + k); let f; f ??= () => {}; console.log(f.name);

// SPDX-License-Identifier: MIT
const [a, , b = 'd', ...c] = [1, 2, undefined, 4, 5]; console.log(a + b + c.join());
let x = 1, y = 2; [x, y] = [y, x]; console.log(x + ',' + y); const o = {}; [o.p, o['q']] = 'hi'; console.log(o.p + o.q);
const [[d, [e]], { f = 6 }] = [[1, [2]], {}]; console.log([d, e, f].join()); let r = [x] = [9]; console.log(r.join() + x);

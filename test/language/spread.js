// SPDX-License-Identifier: MIT
const a = [2, 3]; console.log([1, ...a, ...'xy', 4].join()); console.log(String(Math.max(...a, 9)));
const o = { m(...x) { return this.k + x.join('+'); }, k: 'k' }; console.log(o.m(...a, 5)); function P(...x) { this.x = x; } console.log(new P(...a, 1).x.join());
console.log(String([...[, 1]].length) + String(0 in [...[, 1]])); try { [...5]; } catch (e) { console.log(e.name); } try { f(...null); function f() {} } catch (e) { console.log(e.name); }

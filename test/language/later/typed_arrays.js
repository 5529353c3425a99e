// SPDX-License-Identifier: MIT
//// made from lists
print(new Uint8Array([1, 2]).join(), new Uint8Array(new Set([3, 4])).join(), new Uint8Array({ length: 2, 0: 5 }).join(), new Uint8Array(new Float32Array([1.7, -1])).join(), new Int8Array([, 1]).join());
//// set
const a = new Uint8Array(5);
a.set([1, 2]); a.set(new Float32Array([3.9]), 4); a.set({ length: 1, 0: 7 }, 2);
print(a.join());
for (const f of [() => a.set([1, 2], 4), () => a.set([1], -1)]) try { f(); print('set'); } catch (e) { print(e.name); }
//// indices out of range are ignored
const a = new Uint8Array(2);
a[5] = 1; a[-1] = 1;
print(a[5], a[-1], 5 in a, 1 in a, a.length, Object.keys(a).join());
//// length is a getter and cannot be set
const a = new Uint8Array(3), d = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length');
print(typeof (d && d.get), a.hasOwnProperty('length'));
try { a.length = 1; print('ignored'); } catch (e) { print(e.name); }
print(a.length);
//// properties of typed arrays
const a = new Uint8Array([1]);
print(JSON.stringify(Object.getOwnPropertyDescriptor(a, 0)), Object.getOwnPropertyDescriptor(a, 1));
try { Object.freeze(a); print('frozen'); } catch (e) { print(e.name); }
a.extra = 'x'; print(a.extra, Object.keys(a).join());

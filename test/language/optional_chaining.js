// SPDX-License-Identifier: MIT
const o = { a: { b() { return this.c; }, c: 'C', n: null } }; console.log(o?.a?.b() + o.a?.['c'] + String(o.x?.y.z.w) + String(o.x?.[console.log('no')]));
console.log(String(o.f?.(console.log('no'))) + o.a.b?.() + (o?.a.b)() + String(o.a.n?.q)); let n; console.log(String(n?.a) + String(delete n?.a) + String(delete o?.a.c) + String(o.a.c));
console.log(String(null?.a ?? 'dflt') + String(''?.length) + String((() => 5)?.()));

// SPDX-License-Identifier: MIT
class S { #items = []; async add(x) { await null; this.#items.push(x); return this.#items.length; } static async make() { const s = new S(); await s.add('a'); return s; } async sum() { let n = 0; for (const x of this.#items) n += await x.length; return n; } async sup() { return await super.toString(); } }
S.make().then(async s => { console.log(String(await s.add('bcd'))); console.log(String(await s.sum())); console.log(await s.sup()); });

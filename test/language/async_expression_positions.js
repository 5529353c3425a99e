// SPDX-License-Identifier: MIT
const v = x => Promise.resolve(x), log = []; const s = x => (log.push(x), x);
(async () => {
  console.log(await v(1) + await v(2) * await v(3), [await v('a'), ...await v(['b', 'c'])].join(), `${await v('t')}-${await v('u')}`, (await v({ x: { y: 5 } })).x.y, await (await v(() => v(7)))());
  console.log({ [await v('k')]: await v('v'), ...await v({ m: 1 }) }.k, (await v(null))?.x, (await v(null)) ?? 'nn', await v(0) || await v('or'), await v(1) && await v('and'), await v(true) ? await v('yes') : 'no', !await v(0), typeof await v('s'), -await v(4), (await v(2)) ** 2);
  let o = { a: 1 }; o.a += await v(5); o[await v('b')] = await v(6); o.c ??= await v(7); o.a &&= await v(8); console.log(JSON.stringify(o)); const arr = [1]; arr[await v(0)] = await v(9); arr[arr.length] = await v(10); console.log(arr.join());
  const { p = await v('dp'), q: [r = await v('dr')] } = { q: [] }; console.log(p, r); const f = async (a, b = a) => a + await b; console.log(await f(1), await f(await v(2), v(3)));
  console.log(s('x') + await v(s('y')) + s('z'), log.join('')); let x = 1; const before = x + await (x = 5, v(10)); console.log(before, x); let y = 1; y += await (y = 100, v(1)); console.log(y);
  const obj = { m() { return this.n; }, n: 'self' }; console.log(obj.m(await v(1)), await obj['m'](), (await v(obj)).m(), new (await v(Date))(0).getTime(), await v(class { static q = 4; }).then(c => c.q));
  if (await v(0)) console.log('no'); else if (await v(1)) console.log('elif'); for (let i = await v(0); i < await v(2); i += await v(1)) console.log('i' + i); for (const z of await v([1, 2])) console.log(z, await v(z * 2)); for (const k in await v({ kk: 1 })) console.log(k); while (await v(x-- > 4)) console.log('w', x); 
  try { throw await v(new TypeError('tt')); } catch ({ name, message = await v('m') }) { console.log(name, message); } try { (await v(null)).boom; } catch (e) { console.log(e.name); } label: for (;;) { await 0; for (;;) { await 0; break label; } }
  console.log(await (async () => { try { return await v('r1'); } finally { await v(0); } })(), await Promise.all([1, 2].map(async n => { await 0; return n * 2; })).then(a => a.join()), (await Promise.all([3, 1, 2].map(v))).sort().join(), await [1, 2, 3].reduce(async (a, n) => (await a) + n, 0)); console.log((await v(1), await v(2)), void await v(1), delete (await v({ d: 1 })).d, 'a' in await v({ a: 1 }), (await v([])) instanceof Array);
  const tag = (st, ...vals) => st.raw.join('|') + vals.join(); console.log(tag`a${await v(1)}b${await v(2)}`, await tag`x`);
})().catch(e => console.log(e.name));

// SPDX-License-Identifier: MIT
const log = []; const p = (n) => log.push(n);
(async () => { p('a1'); await null; p('a2'); await null; p('a3'); })(); Promise.resolve().then(() => p('t1')).then(() => p('t2')).then(() => p('t3'));
(async () => { p('b1'); try { await Promise.reject(1); } catch { p('b2'); } finally { p('b3'); } })();
(async () => { await (async () => { p('c1'); await 0; p('c2'); })(); p('c3'); })();
(async () => { const r = await new Promise(r => r(Promise.resolve('d'))); p(r); })();
(async () => { return Promise.resolve('e'); })().then(p); (async () => 'f')().then(p); (async () => { return await Promise.resolve('g'); })().then(p);
Promise.resolve({ then(r) { p('then called'); r('h'); } }).then(p); queueMicrotask(() => p('micro')); setTimeout(() => p('timeout0'), 0); setImmediate && setTimeout(() => p('timeout1'), 1);
Promise.all([1, Promise.resolve(2), (async () => 3)()]).then(v => p('all' + v)); Promise.race([new Promise(r => setTimeout(r, 3)), 4]).then(v => p('race' + v)); Promise.allSettled([Promise.reject(5)]).then(v => p(v[0].status)); Promise.any([Promise.reject(1), 6]).then(v => p('any' + v));
Promise.reject(9).catch(() => p('catch')).finally(() => p('fin')).then(() => p('after fin')); Promise.resolve(1).finally(() => Promise.resolve()).then(() => p('fin2'));
p('sync end'); setTimeout(() => { console.log(log.join(' ')); log.length = 0; second(); }, 20);
async function second() {
  const gate = []; const mk = n => new Promise(r => gate.push(() => { p('open' + n); r(n); }));
  const work = async n => { p('start' + n); const v = await mk(n); p('mid' + v); for await (const x of [n, Promise.resolve(n * 10)]) p('x' + x); p('end' + n); return n; };
  const all = [1, 2, 3].map(work); gate[2](); gate[0](); gate[1](); p((await Promise.all(all)).join('')); console.log(log.join(' '));
  const seq = []; await Promise.all([3, 1, 2].map(async n => { await new Promise(r => setTimeout(r, n * 10)); seq.push(n); })); console.log(seq.join());
  const lock = (() => { let tail = Promise.resolve(); return f => (tail = tail.then(f, f)); })(); const r = []; await Promise.all([lock(async () => { r.push('l1'); await 0; r.push('l1e'); }), lock(async () => { r.push('l2'); throw 1; }).catch(() => r.push('c')), lock(() => r.push('l3'))]); console.log(r.join());
  let c = 0; const inc = async () => { const v = c; await 0; c = v + 1; }; await Promise.all([inc(), inc(), inc()]); console.log(c); c = 0; const add = async () => { c += await 1; }; await Promise.all([add(), add()]); console.log(c);

}

//// array patterns in expressions close their iterators
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { log.push(tag + i); return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); return {}; } };
}
function show(...more) { print(...more, log.splice(0).join(' ')); }
const boom = m => { throw new Error(m); };
const id = x => x;
let a, b, o = {};
show(id([a = 5, b] = source('f'))[Symbol.iterator] !== undefined, a, b);
try { id([a = boom('default')] = source('d', 0)); } catch (e) { show(e.message); }
try { print(id([a, o[boom('key')]] = source('k'))); } catch (e) { show(e.message); }
try { if (([o.x, [b]] = source('n'))) print('no'); } catch (e) { show(e.name); }
try { if (false) print('no'); else if (([, { b = boom('deep') }] = source('e'))) print('no'); } catch (e) { show(e.message); }
try { for (let [q = boom('let')] = source('l', 0); ;) break; } catch (e) { show(e.message); }
try { for (let i = 0; i < 2; [a, b = boom('step')] = source('s', 1)) print('round', i++); } catch (e) { show(e.message); }
try { while (([a = boom('while')] = source('w', 0))) print('no'); } catch (e) { show(e.message); }
try { do { if (log.length === 0) continue; } while (([a, b = boom('do')] = source('o', 1))); } catch (e) { show(e.message); }
try { for (const x of ([a = boom('of')] = source('O', 0))) print('no'); } catch (e) { show(e.message); }
try { for (const x in ([o.p, o[boom('in')]] = source('I'))) print('no'); } catch (e) { show(e.message); }
try { switch (1) { case ([a, b = boom('case')] = source('c', 1)): } } catch (e) { show(e.message); }
const arrow = x => [a, b = boom('arrow')] = x; try { arrow(source('A', 1)); } catch (e) { show(e.message); }
try { (() => { return [[a, b = boom('inner')]] = [source('R', 1)]; })(); } catch (e) { show(e.message); }
try { ((p = ([a, b = boom('param')] = source('P', 1))) => p)(); } catch (e) { show(e.message); }
try { id(([a, b = boom('first')] = source('1', 1)), source('2')); } catch (e) { show(e.message); }
try { id([a, [b = boom('nest')]] = (([a, ...b] = source('r', 2)), [source('x'), source('y', 0)])); } catch (e) { show(e.message); }
const k = 1; try { id([k] = source('K')); } catch (e) { show(e.name); }
try { id([z, ...[y]] = source('Z')); let z, y; } catch (e) { show(e.name); }
outer: for (const t of [1, 2]) { for (let [q, w = t] = source('q', 1); q < 2; [q] = [q + 1]) { if (t === 1) continue outer; show(t, q, w); break outer; } }
//// array patterns in expressions with yield and await
// SPDX-License-Identifier: MIT
const log = [];
function source(tag, n = 9, bad) {
  let i = 0;
  return { [Symbol.iterator]() { return this; }, next() { return { value: i < n ? i : undefined, done: i++ >= n }; },
    return() { log.push(tag + '!'); if (bad) throw new Error(tag); return {}; } };
}
function* g(it) { let a, b; const r = [yield 'one', ([a = yield 'two', b] = it)]; return [a, b, r.length]; }
let run = g(source('a', 0)); run.next(); run.next(); print(JSON.stringify(run.next('A')));
run = g([undefined, 5]); run.next(); run.next(); print(JSON.stringify(run.next('B')));
function* h(it) { let o = {}; try { print([o[yield 1]] = it); } finally { log.push('finally'); } }
run = h(source('h')); run.next(); print(JSON.stringify(run.return(7)), log.splice(0).join());
run = h(source('t')); run.next(); try { run.throw(new Error('x')); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.return(7); } catch (e) { print(e.message, log.splice(0).join()); }
run = h(source('bad', 9, true)); run.next(); try { run.throw(new Error('mine')); } catch (e) { print(e.message, log.splice(0).join()); }
(async () => {
  let a, b;
  const f = async x => { throw new Error(x); };
  print(([a = await 5, b = await 6] = [1]).length, a, b);
  try { print([a = await f('rejected')] = source('w', 0)); } catch (e) { print(e.message, log.splice(0).join()); }
  try { print([a, b = await f('later')] = source('v', 1), 1); } catch (e) { print(e.message, log.splice(0).join()); }
  for (const x of ([a, b] = [await 1, await 2])) print(x, a, b);
  for (const x of [1]) { function* inner() { for (const y of source('y')) { yield y; } } const it = inner(); it.next(); print(JSON.stringify(it.return(3)), log.splice(0).join()); }
})();

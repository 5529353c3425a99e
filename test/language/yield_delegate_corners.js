// SPDX-License-Identifier: MIT
function* over(it) { try { const r = yield* it; return ['r', r]; } catch (e) { return ['caught', e.name || e]; } finally { console.log('finally'); } }
let g = over([1, 2]); g.next();
console.log(JSON.stringify(g.throw('x')));
g = over('ab'); g.next(); console.log(JSON.stringify(g.return(9)), JSON.stringify(g.next()));
g = over('a\u{1F600}b'); console.log([...g].map(x => x.length).join());
function make() {
  let n = 0;
  return {
    [Symbol.iterator]() { console.log('open'); return this; },
    next(v) { console.log('next', v); return { value: ++n, done: n > 2 }; },
    return(v) { console.log('return', v); return { value: v, done: true }; },
    throw(e) { console.log('throw', e); return { value: 'handled', done: true }; }
  };
}
g = over(make()); console.log(JSON.stringify(g.next('ignored'))); console.log(JSON.stringify(g.next('sent'))); console.log(JSON.stringify(g.next('last')));
g = over(make()); g.next(); console.log(JSON.stringify(g.return('early')));
g = over(make()); g.next(); console.log(JSON.stringify(g.throw('err')));
g = over({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { console.log('closed'); return {}; } }; } });
g.next(); console.log(JSON.stringify(g.throw('no throw')));
function* inner() { try { yield 1; yield 2; } finally { yield 'cleanup'; } }
g = (function* () { yield* inner(); yield 'after'; })();
console.log(JSON.stringify(g.next()), JSON.stringify(g.return('R')), JSON.stringify(g.next()), JSON.stringify(g.next()));
try { [...over(5)]; } catch (e) { console.log(e.name); }
console.log(JSON.stringify(over(5).next()));
function* inf() { let x = 0; while (true) x = yield x; }
g = over(inf()); g.next(); console.log(g.next(4).value, g.next(5).value);

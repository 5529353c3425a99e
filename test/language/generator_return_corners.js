// SPDX-License-Identifier: MIT
function* a() { try { yield 1; } finally { return 'overridden'; } }
let g = a(); g.next(); console.log(JSON.stringify(g.return('x')), JSON.stringify(g.next()));
function* b() { try { yield 1; } finally { throw new Error('from finally'); } }
g = b(); g.next(); try { g.return('x'); } catch (e) { console.log(e.message); } console.log(JSON.stringify(g.next()));
function* c() { for (;;) { try { yield 1; } finally { break; } } yield 'went on'; }
g = c(); g.next(); console.log(JSON.stringify(g.return('x')), JSON.stringify(g.next()), JSON.stringify(g.next()));
function* d() { try { yield 1; } catch (e) { console.log('must not catch', e); yield 2; } }
g = d(); g.next(); console.log(JSON.stringify(g.return('x')));
function* e() { l: for (const x of [1, 2]) { try { yield x; } finally { continue l; } } return 'end'; }
g = e(); g.next(); console.log(JSON.stringify(g.return('q')), JSON.stringify(g.next()));
function* f() { const me = yield; try { me.next(); } catch (er) { console.log(er.name); } }
g = f(); g.next(); g.next(g);
function* h() { return yield yield yield 1; }
g = h(); console.log(JSON.stringify([g.next(0), g.next('a'), g.next('b'), g.next('c'), g.next('d')]));
function* args() { yield arguments.length; yield arguments[1]; yield this.k; }
console.log([...args.call({ k: 'this' }, 5, 6)].join());
console.log(JSON.stringify([...(function* () { const [x, y] = [yield 'p', yield 'q']; yield [x, y]; })()]));
g = (function* () { try { yield 1; } finally { console.log('close via destructuring'); } })();
const [first] = g; console.log(first, JSON.stringify(g.next()));
for (const v of (function* () { try { yield 'x'; yield 'y'; } finally { console.log('close via break'); } })()) { console.log(v); break; }
const nested = function* () { try { try { yield 1; } finally { console.log('in'); } } finally { console.log('out'); } };
g = nested(); g.next(); try { g.throw(new TypeError('tt')); } catch (x) { console.log(x.name); }

// SPDX-License-Identifier: MIT
const log = [];
function* g(a = (log.push('default'), 1), { b } = { b: 2 }, ...rest) { log.push('body'); yield a + b + rest.length; }
const it = g(undefined, undefined, 7, 8);
console.log(log.join());
console.log(it.next().value, log.join());
try { (function* (a = (() => { throw new RangeError('early'); })()) {})(); console.log('no'); } catch (e) { console.log(e.name, e.message); }
try { (function* ({ x }) {})(null); console.log('no'); } catch (e) { console.log(e.name); }
const started = g(); started.return(5); console.log(JSON.stringify(started.next()), log.join());
const thrown = g(); try { thrown.throw(new Error('t')); } catch (e) { console.log(e.message); }
console.log(g.length, (function* (a, b, c = 1) {}).length);
const o = { *m([x, y] = [1, 2]) { yield x; yield y; return 'r'; } };
console.log([...o.m()].join(), [...o.m('ab')].join());
class K { static *s(a = this) { yield a === K; } *#p(q = 4) { yield q; } run() { return [...this.#p()]; } }
console.log([...K.s()].join(), new K().run().join());

// SPDX-License-Identifier: MIT
class P2 extends Promise { constructor(f) { super(f); this.tag = 'p2'; } }
const p = P2.resolve(1); console.log(p instanceof P2, p.tag, p.then(() => {}) instanceof P2, P2.all([]) instanceof P2);
console.log(Promise.resolve(p) === p, P2.resolve(p) === p, Promise.resolve(Promise.resolve(2)) instanceof P2);
(async () => {
  console.log(await p, await { then(r) { r('thenable'); } });
  try { await { then() { throw new RangeError('then threw'); } }; } catch (e) { console.log(e.name); }
  try { await { get then() { throw new TypeError('getter'); } }; } catch (e) { console.log(e.name, e.message); }
  console.log(await { then: 5 }.then, await P2.race([new Promise(() => {}), 'race']), JSON.stringify(await P2.allSettled([1, Promise.reject(2)])));
  try { await Promise.any([Promise.reject(1), Promise.reject(2)]); } catch (e) { console.log(e.name, e.errors.join(), e instanceof AggregateError, e instanceof Error); }
  console.log(await Promise.resolve(5).finally(() => 6), await Promise.reject(7).finally(() => {}).catch(x => 'c' + x), await Promise.resolve().finally(() => { throw 8; }).catch(x => x));
  const self = new Promise(r => setTimeout(() => r(self2), 0)); const self2 = self.then(() => self2).catch(e => e.name); console.log(await Promise.race([self2, new Promise(r => setTimeout(r, 5, 'late'))]));
})();
try { Promise(); } catch (e) { console.log(e.name); } try { new Promise(); } catch (e) { console.log(e.name); } try { new Promise(5); } catch (e) { console.log(e.name); }
console.log(Object.prototype.toString.call(p), Promise.name, Promise.length, Promise.all.length, p.then.length, p.catch.length);

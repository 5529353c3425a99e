// SPDX-License-Identifier: MIT
// Jobs and timers that breed.
//// a chain that resolves itself
const again = () => Promise.resolve().then(again);
again();
//// a chain of then that grows
let p = Promise.resolve();
const grow = () => { p = p.then(grow); };
grow();
//// a thenable that gives a thenable
const t = { then(ok) { ok({ then: t.then }); } };
Promise.resolve(t).then(print);
//// a thenable that resolves with itself
const t = { then(ok) { ok(t); } };
(async () => { await t; })();
//// queueMicrotask without end
(function again() { queueMicrotask(again); })();
//// microtasks that double
(function again() { queueMicrotask(again); queueMicrotask(again); })();
//// a timer that sets itself
(function tick() { setTimeout(tick, 0); })();
//// timers that double
(function tick() { setTimeout(tick, 1); setTimeout(tick, 2); })();
//// an interval and a chain of timeouts
setInterval(() => {}, 1);
(function tick() { setTimeout(tick, 1000000); })();
//// a hundred thousand timers
for (;;) setTimeout(() => {}, 1);
//// immediates without end
(function again() { setImmediate(again); })();
//// a flood of rejections
for (;;) Promise.reject(1);
//// rejections that reject again
const again = () => Promise.reject(1).catch(() => again());
again();
//// finally without end
const again = () => Promise.resolve().finally(again);
again();
//// race in a loop with one that never ends
const never = new Promise(() => {});
(async () => { for (;;) await Promise.race([never, 1]); })();
//// all of all
(async () => { let p = 1; for (;;) p = Promise.all([p, p]); })();
//// handlers added for ever
const never = new Promise(() => {});
for (;;) never.then(() => {});
//// async functions that start two more
async function f() { await null; f(); f(); }
f();
//// await in a loop
(async () => { for (;;) await 0; })();
//// an async generator by hand
const it = { [Symbol.asyncIterator]() { return this; }, next: async () => ({ value: 1, done: false }) };
(async () => { for await (const x of it) ; })();
//// a subclass that makes more
class P extends Promise { then(a, b) { return super.then(() => this.then(a, b)); } }
(async () => { await new P(r => r(1)); })();
//// species that loop
class P extends Promise { static get [Symbol.species]() { return function (f) { return new P(f).then(() => {}); }; } }
try { new P(r => r()).then(() => {}); } catch (e) { print(e.name); }

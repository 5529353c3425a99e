// SPDX-License-Identifier: MIT
//// the shorter wait comes first
const log = [];
setTimeout(() => log.push('c'), 60);
setTimeout(() => log.push('a'), 20);
setTimeout(() => log.push('b'), 40);
setTimeout(() => print(log.join('')), 80);
//// equal times keep the order
const log = [];
for (const x of ['p', 'q', 'r', 's']) setTimeout(() => log.push(x), 10);
setTimeout(() => print(log.join('')), 10);
//// code runs before any timer
setTimeout(() => print('timer'), 0);
let n = 0;
for (let i = 0; i < 100000; i++) n += i;
print('code', n);
//// arguments are handed over
setTimeout((...a) => print(a.length, a.join()), 5, 1, 'two', null, undefined);
setTimeout((a, b = 'default') => print(a, b), 30, 'only');
//// this in a plain callback of the caller's kind is not the caller
const owner = { name: 'owner', go() { setTimeout(() => print(this.name), 1); } };
owner.go();
//// nested timers count from where they are set
const log = [];
setTimeout(() => { log.push('a'); setTimeout(() => log.push('a+20'), 20); }, 20);
setTimeout(() => log.push('b'), 30);
setTimeout(() => log.push('c'), 60);
setTimeout(() => print(log.join()), 90);
//// a timer may set itself again
let count = 0;
(function tick() { if (++count < 5) setTimeout(tick, 2); else print('ticks', count); })();
//// clearTimeout stops a timer
const id = setTimeout(() => print('never'), 10);
clearTimeout(id);
setTimeout(() => print('end'), 30);
//// a timer may clear a later one
let second;
setTimeout(() => { clearTimeout(second); print('cleared'); }, 10);
second = setTimeout(() => print('never'), 30);
//// a timer may clear another of the same time
let b;
setTimeout(() => { clearTimeout(b); print('a'); }, 10);
b = setTimeout(() => print('b'), 10);
setTimeout(() => print('c'), 10);
//// clearing twice or what has run is harmless
const id = setTimeout(() => { print('ran'); clearTimeout(id); }, 1);
setTimeout(() => { clearTimeout(id); clearTimeout(id); print('fine'); }, 20);
//// clearing what is no timer is harmless
clearTimeout();
clearTimeout(null);
clearInterval(undefined);
clearTimeout(-1);
clearTimeout({});
print('fine');
//// an interval repeats till it is cleared
let n = 0;
const id = setInterval(() => { print('tick', ++n); if (n === 3) clearInterval(id); }, 5);
setTimeout(() => print('end'), 100);
//// an interval gets its arguments each time
let left = 2;
const id = setInterval((a, b) => { print(a, b); if (--left === 0) clearInterval(id); }, 3, 'x', 'y');
setTimeout(() => print('end'), 100);
//// an interval cleared by a timeout
const ticks = [];
const id = setInterval(() => ticks.push('i'), 20);
setTimeout(() => { clearInterval(id); print(ticks.length > 0, ticks.every(x => x === 'i')); }, 110);
//// clearTimeout clears intervals as well
let n = 0;
const id = setInterval(() => { n++; clearTimeout(id); }, 3);
setTimeout(() => print(n), 30);
//// microtasks run between two timers of one time
const log = [];
setTimeout(() => { log.push('t1'); Promise.resolve().then(() => log.push('m1')); queueMicrotask(() => log.push('m2')); }, 5);
setTimeout(() => { log.push('t2'); Promise.resolve().then(() => log.push('m3')); }, 5);
setTimeout(() => print(log.join()), 5);
//// microtasks that make microtasks run before the next timer
const log = [];
setTimeout(() => { (function deep(n) { if (n) queueMicrotask(() => { log.push(n); deep(n - 1); }); })(4); }, 5);
setTimeout(() => print(log.join()), 5);
//// the clock stands still while code runs
const before = Date.now();
let x = 0;
for (let i = 0; i < 1000; i++) x += i;
print(x, Date.now() - before < 500);
//// a timer is not early
const before = Date.now();
setTimeout(() => print(Date.now() - before >= 49), 50);
//// the clock passes the waits one after the other
const times = [], start = Date.now(), sleep = ms => new Promise(r => setTimeout(r, ms));
(async () => {
  for (const ms of [30, 10, 20]) { await sleep(ms); times.push(Date.now() - start); }
  print(times[0] < times[1], times[1] < times[2], times[2] >= 57);
})();
//// waits side by side take as long as the longest
const start = Date.now(), sleep = ms => new Promise(r => setTimeout(r, ms));
Promise.all([sleep(60), sleep(60), sleep(50)]).then(() => { const t = Date.now() - start; print(t >= 59, t < 110); });
//// new Date and Date.now agree
const a = Date.now(), b = new Date().getTime(), c = +new Date();
print(b - a >= 0, b - a < 100, c - b < 100, typeof Date(), Number.isInteger(a));
//// strange waits count as the shortest
const log = [];
setTimeout(() => log.push('NaN'), NaN);
setTimeout(() => log.push('negative'), -50);
setTimeout(() => log.push('missing'));
setTimeout(() => log.push('text'), 'x');
setTimeout(() => log.push('null'), null);
setTimeout(() => print(log.join()), 25);
//// a wait may be text
const log = [];
setTimeout(() => log.push('late'), '50');
setTimeout(() => log.push('soon'), '5');
setTimeout(() => print(log.join()), 90);
//// the callback must be a function
for (const x of [undefined, 5, {}]) try { setTimeout(x, 1); print('set'); } catch (e) { print(e.name); }
//// an error in a timer ends the program
setTimeout(() => { print('thrown'); throw new RangeError('x'); }, 5);
//// a rejection in a timer that nobody handles
setTimeout(async () => { print('async'); throw new EvalError('x'); }, 5);
//// a loop that sleeps
const sleep = (ms, v) => new Promise(r => setTimeout(r, ms, v));
(async () => { const got = []; for (let i = 0; i < 4; i++) got.push(await sleep(3, i * i)); print(got.join()); })();
//// a race against time
const sleep = (ms, v) => new Promise(r => setTimeout(r, ms, v));
const limit = (p, ms) => Promise.race([p, sleep(ms).then(() => { throw new RangeError('late'); })]);
limit(sleep(5, 'quick'), 40).then(v => print(v));
limit(sleep(80, 'slow'), 40).catch(e => print(e.name));
//// calling off what another function waits for
let off;
const done = new Promise((res, rej) => { const id = setTimeout(res, 80, 'waited'); off = () => { clearTimeout(id); rej(new TypeError('off')); }; });
done.catch(e => print(e.name));
setTimeout(() => off(), 10);
//// setImmediate runs after microtasks and can be cleared
const log = [];
setImmediate(x => { log.push(x); print(log.join()); }, 'immediate');
clearImmediate(setImmediate(() => log.push('never')));
queueMicrotask(() => log.push('micro'));
log.push('code');

// SPDX-License-Identifier: MIT
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import co from 'co';
import regenerator from 'regenerator-runtime';

const wait = (ms, value) => new Promise(done => setTimeout(done, ms, value));

export default async check => {
  const log = [], limit = pLimit(2);
  const job = (name, ms) => limit(async () => { log.push(`+${name}`); await wait(ms); log.push(`-${name}`); return name; });
  const jobs = [job('a', 20), job('b', 10), job('c', 5), job('d', 30)];
  check('limit counts', [limit.activeCount, limit.pendingCount, limit.concurrency]);
  await check.later('limit', Promise.all(jobs));
  check('limit order', log);
  await check.later('limit map', limit.map?.([1, 2, 3], async n => n * n) ?? [1, 4, 9]);
  await check.later('limit error', limit(async () => { throw new RangeError('no'); }));
  limit.concurrency = 1;
  const late = [limit(() => wait(5, 1)), limit(() => wait(1, 2))];
  await check.later('limit changed', Promise.race(late));
  check.throws('limit of nothing', () => pLimit(0));

  const queue = new PQueue({ concurrency: 1 }), events = [];
  for (const name of ['add', 'active', 'next', 'idle', 'completed', 'empty']) queue.on(name, () => events.push(name));
  const order = [];
  queue.pause();
  queue.add(async () => order.push('low'), { priority: 0 });
  queue.add(async () => order.push('high'), { priority: 5 });
  queue.add(async () => { await wait(3); order.push('middle'); }, { priority: 2 });
  check('queue', [queue.size, queue.pending, queue.isPaused]);
  queue.start();
  await check.later('queue idle', queue.onIdle().then(() => order));
  check('queue events', events);
  await check.later('queue results', queue.addAll([() => 1, async () => wait(2, 2), () => { throw new Error('third'); }]));
  const timed = new PQueue({ concurrency: 2, interval: 50, intervalCap: 2 });
  await check.later('queue in intervals', timed.addAll([1, 2, 3, 4, 5].map(n => async () => n)));
  await check.later('queue timeout', new PQueue({ timeout: 5 }).add(() => wait(50)).catch(error => error.name));
  queue.add(() => order.push('never'));
  queue.clear();
  check('queue cleared', queue.size);
  check.throws('queue options', () => new PQueue({ concurrency: 0 }));

  await check.later('co', co(function* () { const a = yield Promise.resolve(1), b = yield [wait(2, 2), wait(1, 3)], c = yield { x: wait(1, 'x'), y: 5 }; return [a, b, c]; }));
  await check.later('co caught', co(function* () { try { yield Promise.reject(new Error('inside')); } catch (error) { return error.message; } }));
  await check.later('co rejected', co(function* () { yield Promise.resolve(); throw new TypeError('out'); }));
  await check.later('co wrapped', co.wrap(function* (n) { return (yield wait(1, n)) * 2; })(21));
  await check.later('co of generators', co(function* () { return yield (function* () { return (yield wait(1, 1)) + 1; })(); }));
  await check.later('co thunk', co(function* () { return yield done => setTimeout(() => done(null, 'thunk'), 1); }));
  await check.later('co of something else', co(function* () { yield 'text'; }));

  // What a compiler for old engines makes of function* (n) { try { while (n > 0) yield n--; } finally { log } return 'end' }
  const seen = [], countdown = regenerator.mark(function down(n) {
    return regenerator.wrap(function (context) {
      for (;;) switch (context.prev = context.next) {
        case 0: context.prev = 0;
        case 1: if (!(n > 0)) { context.next = 6; break; } context.next = 4; return n--;
        case 4: context.next = 1; break;
        case 6: context.prev = 6; seen.push('finally'); return context.finish(6);
        case 9: return context.abrupt('return', 'end');
        case 10: case 'end': return context.stop();
      }
    }, down, null, [[0, , 6, 9]]);
  });
  check('regenerator', [...countdown(3)]);
  const made = countdown(2);
  check('regenerator by hand', [made.next(), made.return('r'), made.next(), String(made), regenerator.isGeneratorFunction(countdown)]);
  check('regenerator finally', seen);
  check.throws('regenerator thrown', () => { const other = countdown(1); other.next(); other.throw(new Error('in')); });
  await check.later('regenerator async', regenerator.async(function (context) { for (;;) switch (context.prev = context.next) { case 0: context.next = 2; return regenerator.awrap(wait(1, 20)); case 2: return context.abrupt('return', context.sent + 1); case 'end': return context.stop(); } }));
};

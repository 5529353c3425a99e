// SPDX-License-Identifier: MIT
import async from 'async';

const wait = (ms, value) => new Promise(done => setTimeout(done, ms, value));

export default async check => {
  const log = [];
  await check.later('each', async.each([3, 1, 2], async n => { await wait(n); log.push(n); }).then(() => log));
  await check.later('map', async.map([1, 2, 3], (n, done) => setTimeout(done, 5 - n, null, n * n)));
  await check.later('map limited', async.mapLimit([1, 2, 3, 4], 2, async n => wait(1, n + 1)));
  await check.later('map values', async.mapValues({ a: 1, b: 2 }, async (value, key) => `${key}${value}`));
  await check.later('filter', async.filterSeries([1, 2, 3], async n => n !== 2));
  await check.later('reduce', async.reduce([1, 2, 3], 10, async (sum, n) => sum + n));
  await check.later('detect', async.detect([1, 2, 3], async n => n > 1));
  await check.later('sort', async.sortBy(['ccc', 'a', 'bb'], async text => text.length));
  await check.later('group', async.groupBy([1, 2, 3], async n => (n % 2 ? 'odd' : 'even')));
  await check.later('some and every', Promise.all([async.some([1, 2], async n => n > 1), async.every([1, 2], async n => n > 1)]));
  await check.later('concat', async.concat([1, 2], async n => [n, n]));
  await check.later('series', async.series({ one: done => setTimeout(done, 2, null, 1), two: async () => 2 }));
  await check.later('parallel', async.parallel([async () => wait(3, 'slow'), done => done(null, 'a', 'b')]));
  await check.later('waterfall', async.waterfall([done => done(null, 1, 2), (a, b, done) => done(null, a + b), async sum => sum * 10]));
  await check.later('auto', async.auto({ a: async () => 'a', b: ['a', (results, done) => done(null, `${results.a}b`)], c: ['a', 'b', async ({ a, b }) => a + b] }));
  await check.later('injected', async.autoInject({ x: async () => 1, y: (x, done) => done(null, x + 1) }));
  let tries = 0;
  await check.later('retried', async.retry({ times: 5, interval: 1 }, async () => { if (++tries < 3) throw new Error('again'); return tries; }));
  await check.later('retried in vain', async.retry(2, async () => { throw new RangeError('never'); }));
  let count = 0;
  await check.later('whilst', async.whilst(async () => count < 3, async () => ++count));
  await check.later('times', async.times(3, async n => n * 2));
  await check.later('raced', async.race([async () => wait(9, 'slow'), async () => wait(1, 'fast')]));
  await check.later('reflected', async.parallel(async.reflectAll([async () => 1, done => done(new Error('no'))])));
  await check.later('timed out', new Promise(done => async.timeout(finished => setTimeout(finished, 50), 5)(error => done(error.code))));
  await check.later('composed', async.compose(async n => n * 3, async n => n + 1)(4));
  const memo = async.memoize(async n => { log.push(`memo ${n}`); return n; });
  await check.later('memoized', Promise.all([1, 1].map(n => new Promise((done, fail) => memo(n, (error, value) => (error ? fail(error) : done(value)))))));
  check('log', log);
  await check.later('queue', new Promise(done => { const order = [], queue = async.queue(async job => { await wait(job.ms); order.push(job.name); }, 2); queue.push([{ name: 'a', ms: 8 }, { name: 'b', ms: 2 }, { name: 'c', ms: 1 }]); queue.unshift({ name: 'first', ms: 1 }); queue.drain(() => done([order, queue.length(), queue.idle()])); }));
  await check.later('priority queue', new Promise(done => { const order = [], queue = async.priorityQueue(async name => { order.push(name); }, 1); queue.push('low', 9); queue.push('high', 1); queue.push('middle', 5); queue.drain(() => done(order)); }));
  await check.later('cargo', new Promise(done => { const loads = [], cargo = async.cargo(async jobs => { loads.push(jobs.slice()); }, 2); cargo.push([1, 2, 3]); cargo.drain(() => done(loads)); }));
  await check.later('error', async.eachSeries([1, 2], async n => { if (n === 2) throw new TypeError('two'); }));
  check.throws('no function', () => async.queue());
  check.throws('called twice', () => { let kept; async.map([1], (n, done) => { kept = done; done(null, 1); }, () => {}); kept(null, 2); });
};

// SPDX-License-Identifier: MIT
const queue = []; let busy = false; async function run() { if (busy) return; busy = true; try { while (queue.length) { const job = queue.shift(); try { console.log(await job()); } catch ({ message }) { console.log('failed: ' + message); } } } finally { busy = false; } }
for (let i = 0; i < 3; i++) queue.push(async () => { if (i === 1) throw new Error('job ' + i); return 'job ' + i; }); run().then(() => console.log('idle')); run();

// SPDX-License-Identifier: MIT
const p = Promise.resolve(1), q = Promise.reject(new Error('q')); Promise.all([p, 2]).then(v => console.log('all ' + v.join())); Promise.allSettled([p, q]).then(v => console.log(v.map(x => x.status).join())); Promise.race([new Promise(() => {}), p]).then(v => console.log('race ' + v)); q.catch(() => console.log('c')).finally(() => console.log('fin'));

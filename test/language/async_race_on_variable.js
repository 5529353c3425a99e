// SPDX-License-Identifier: MIT
let total = 1; async function add(n) { total += await n; } Promise.all([add(10), add(20)]).then(() => console.log(String(total))); let v = 1; (async () => { const r = v + await (async () => { v = 100; return 1; })(); console.log('r' + r); })();

// SPDX-License-Identifier: MIT
const fs = []; (async () => { for (let i = 0; i < 3; i++) { await null; fs.push(async () => { await null; return i; }); } console.log((await Promise.all(fs.map(f => f()))).join()); })();

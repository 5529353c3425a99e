// SPDX-License-Identifier: MIT
const orders = []; async function load(id) { await null; return { id, price: id * 10 }; } const total = async (...ids) => { let sum = 0; for (const { price } of await Promise.all(ids.map(load))) sum += price; return sum; };
total(1, 2, 3).then(t => { orders.push({ t, at: 'now' }); const [{ t: first, ...meta }] = orders; console.log(`total ${first} ${JSON.stringify(meta)}`); });

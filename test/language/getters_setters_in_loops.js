// SPDX-License-Identifier: MIT
const out = []; for (let i = 0; i < 2; i++) out.push({ get v() { return i; }, set v(x) { i = x; } }); out[0].v = 5; console.log(out[0].v + ',' + out[1].v);

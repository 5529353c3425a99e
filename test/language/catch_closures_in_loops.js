// SPDX-License-Identifier: MIT
const out = []; for (const x of [1, 2]) { try { throw { v: x }; } catch (e) { out.push(() => e.v); } try { throw [x, x * 2]; } catch ([a, b]) { out.push(() => a + b); } } console.log(out.map(f => f()).join());

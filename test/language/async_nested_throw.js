// SPDX-License-Identifier: MIT
const a = async () => { await null; throw new TypeError('deep'); }, b = async () => { await a(); }, c = async () => { try { await b(); } catch (e) { throw new RangeError('from ' + e.message); } }; c().catch(e => console.log(e.name + e.message));

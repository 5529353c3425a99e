// SPDX-License-Identifier: MIT
async function a() { console.log('a1'); await null; console.log('a2'); await b(); console.log('a3'); } async function b() { console.log('b1'); await 0; console.log('b2'); }
a().then(() => console.log('a done')); Promise.resolve().then(() => console.log('p1')).then(() => console.log('p2')).then(() => console.log('p3')).then(() => console.log('p4')); console.log('end');

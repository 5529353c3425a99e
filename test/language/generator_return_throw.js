// SPDX-License-Identifier: MIT
function* g() { try { yield 1; yield 2; } catch (e) { console.log('caught ' + e); yield 'c'; } finally { console.log('fin'); yield 'f'; } }
let i = g(); i.next(); console.log(JSON.stringify(i.throw('E'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next())); i = g(); i.next(); console.log(JSON.stringify(i.return('R'))); console.log(JSON.stringify(i.next())); console.log(JSON.stringify(i.next()));
i = g(); console.log(JSON.stringify(i.return(5)) + JSON.stringify(i.next())); i = g(); try { i.throw(new Error('start')); } catch (e) { console.log(e.message); }

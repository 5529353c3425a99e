// SPDX-License-Identifier: MIT
async function f(x) { return x + 1; } f(1).then(v => console.log(String(v))); const g = async x => { throw new Error('no'); }; g().catch(e => console.log(e.message)); console.log('sync' + String(f(1) instanceof Promise));

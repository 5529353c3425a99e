// SPDX-License-Identifier: MIT
const fs = []; function* g() { for (let i = 0; i < 3; i++) { fs.push(() => i); yield i; } } for (const x of g()) fs.push(() => x * 10); console.log(fs.map(f => f()).join()); const n = (function* () { const f = () => this; yield typeof f(); yield arguments.length; })(1, 2); console.log([...n].join());

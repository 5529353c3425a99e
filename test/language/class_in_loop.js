// SPDX-License-Identifier: MIT
const cs = []; for (let i = 0; i < 2; i++) cs.push(class { v() { return i; } static w = i; constructor() { this.c = i; } }); console.log(cs.map(c => new c().v() + '' + c.w + new c().c).join());

// SPDX-License-Identifier: MIT
const a = { x: 1, y: 2 }; console.log(JSON.stringify({ ...a, y: 3, ...null, ...{ z: 4 }, ...'hi' })); const { x, ...r } = { ...a, w: 5 }; console.log(JSON.stringify(r));
const g = { get v() { return 'got'; } }; const c = { ...g }; console.log(JSON.stringify(Object.getOwnPropertyDescriptor(c, 'v')));

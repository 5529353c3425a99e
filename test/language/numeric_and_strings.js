// SPDX-License-Identifier: MIT
console.log([1_000, 0b101, 0o17, 0xf_f, .5, 1e3].join()); console.log('\u{1F600}'.length + '\x41\u0042' + 'é'.charCodeAt(0) + '日本'.length);
const ünï = 1, 変数 = { ключ: 2 }; console.log(ünï + 変数.ключ + Object.keys(変数)[0].length + ''); console.log('a\
b');

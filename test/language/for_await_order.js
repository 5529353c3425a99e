// SPDX-License-Identifier: MIT
(async () => { for await (const x of ['a', 'b']) console.log(x); console.log('end'); })(); Promise.resolve().then(() => console.log('1')).then(() => console.log('2')).then(() => console.log('3')).then(() => console.log('4')).then(() => console.log('5')).then(() => console.log('6')).then(() => console.log('7'));

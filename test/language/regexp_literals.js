// SPDX-License-Identifier: MIT
console.log('a1b22'.replace(/\d+/g, '#') + 'x/y'.split(/[/]/).join() + String(/A/i.test('a')) + 'é'.replace(/é/, 'e')); const m = /(\w)(\d)?/.exec('a'); console.log(String(m[2])); console.log(String(4 / 2 / 1));

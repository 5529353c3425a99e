// SPDX-License-Identifier: MIT
console.log(JSON.stringify([undefined, () => {}, Symbol('x'), NaN, Infinity, -0, null, new Date(0), new Map([[1, 2]]), new Set([1])]));
console.log(JSON.stringify({ u: undefined, f() {}, s: Symbol(), n: null, [Symbol('k')]: 1, b: new Boolean(false), t: new String('s'), o: Object(1), d: new Date(NaN) }));
console.log(JSON.stringify(undefined), JSON.stringify(() => {}), JSON.stringify(Symbol()), JSON.stringify(null), JSON.stringify('"\\\b\f\n\r\t\u0001\u007f\u2028'));
console.log(JSON.stringify({ a: [1, { b: 2 }], c: {} }, null, 2), JSON.stringify([[], {}], null, '--'), JSON.stringify({ a: 1 }, null, 20).length);
console.log(JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ['a', 'c']), JSON.stringify({ a: 1, b: [1, 2] }, (k, v) => typeof v === 'number' ? v + 1 : v), JSON.stringify({ toJSON(k) { return 'key:' + k; } }), JSON.stringify({ x: { toJSON(k) { return k; } } }));
console.log(JSON.stringify(JSON.parse('{"__proto__":1,"a":[1,2,{"b":null}],"a":5}')), JSON.stringify(JSON.parse('[1e3,-0.5,"\\u0041\\n",true]')), JSON.stringify(JSON.parse('{"a":[1,2]}', function (k, v) { return Array.isArray(v) ? v.length : v; })));
for (const bad of ['', '{', '[1,]', '{"a":1,}', "'x'", '01', '1.', '.5', 'NaN', 'undefined', '"\t"', '"\\x"', '[1 2]', '{a:1}', 'tru', '"a', '+1', '1e', '\u00a01']) try { console.log('parsed', JSON.parse(bad)); } catch (e) { console.log(JSON.stringify(bad), e.name); }
try { const o = {}; o.o = o; JSON.stringify(o); } catch (e) { console.log(e.name); }
console.log(JSON.stringify('\ud800'), JSON.stringify('\u{1F600}'), JSON.stringify({ '\u00e9': 'ü' }), JSON.parse('"\\ud83d\\ude00"').length, JSON.stringify([new Number(3), Object('x'), [undefined]]), JSON.stringify({ 2: 1, 1: 2, b: 1, a: 2 }));

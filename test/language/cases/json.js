// SPDX-License-Identifier: MIT
//// what stringify leaves out
print(JSON.stringify({ a: undefined, b: () => 1, c: Symbol(), d: null }), JSON.stringify([undefined, () => 1, Symbol(), null]), JSON.stringify(undefined), JSON.stringify(() => 1));
//// numbers that JSON lacks
print(JSON.stringify([NaN, Infinity, -Infinity, -0, 1e21, 1e-7, 0.1]), JSON.stringify({ n: NaN }));
//// wrapped primitives are unwrapped
print(JSON.stringify([new Number(3), new String('s'), new Boolean(false), Object(Symbol())]));
//// escapes in text
print(JSON.stringify('"\\/\b\f\n\r\t\u0001\u001f\u007f\u2028é'), JSON.stringify({ 'a"b': 1 }));
//// lone surrogates are escaped, pairs are not
print(JSON.stringify('\uD800'), JSON.stringify('\uDC00x'), JSON.stringify('\u{1F600}').length, JSON.stringify('\uD83D\uD83D\uDE00').length);
//// toJSON is asked first
const o = { toJSON(k) { return 'key:' + k; } };
print(JSON.stringify(o), JSON.stringify({ x: o }), JSON.stringify([o]), JSON.stringify({ toJSON: 5 }), JSON.stringify({ toJSON() {} }));
//// dates become text
print(JSON.stringify(new Date(0)), JSON.stringify({ d: new Date(NaN) }), JSON.stringify([new Date(86400000)]));
//// a replacer function sees keys and holders
const keys = [];
const text = JSON.stringify({ a: 1, b: [2, { c: 3 }] }, function (k, v) { keys.push(k + (Array.isArray(this) ? '@' : '.')); return typeof v === 'number' ? v * 10 : v; });
print(text, keys.join());
//// a replacer may drop and replace
print(JSON.stringify({ a: 1, secret: 2 }, (k, v) => k === 'secret' ? undefined : v), JSON.stringify([1, 2], (k, v) => k === '0' ? undefined : v));
//// a replacer list chooses and orders
print(JSON.stringify({ a: 1, b: { c: 2, a: 3 }, 1: 4 }, ['b', 'a', 1, 'a', {}]), JSON.stringify({ x: 1 }, []), JSON.stringify([{ a: 1, b: 2 }], ['b']));
//// indentation
print(JSON.stringify({ a: [1, { b: 2 }], c: {}, d: [] }, null, 2));
//// indentation by text and beyond ten
print(JSON.stringify([1], null, '--'), JSON.stringify([1], null, 20).indexOf('1'), JSON.stringify([1], null, 'x'.repeat(20)).indexOf('1'), JSON.stringify([1], null, 0), JSON.stringify([1], null, ''), JSON.stringify([1], null, new Number(1)));
//// a loop cannot be written
const o = { a: {} };
o.a.up = o;
try { JSON.stringify(o); } catch (e) { print(e.name); }
const shared = { n: 1 };
print(JSON.stringify([shared, shared]));
//// only own enumerable text keys
const o = Object.create({ up: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } });
o[Symbol('s')] = 3;
print(JSON.stringify(o), JSON.stringify(Object.assign([1], { extra: 2 })), JSON.stringify('ab'), JSON.stringify(new Error('x')));
//// getters are read in order
const log = [];
JSON.stringify({ get b() { log.push('b'); return 1; }, get a() { log.push('a'); return 2; }, get 1() { log.push('1'); return 3; } });
print(log.join());
//// parse of plain values
print(JSON.parse('1.5e2'), JSON.parse(' [1 , 2]\n').length, JSON.parse('"\\u0041\\n"').length, JSON.parse('null'), JSON.parse('true'), JSON.parse('-0') === 0, Object.is(JSON.parse('-0'), -0));
//// parse refuses what is not JSON
for (const t of ['', '{a:1}', "'x'", '[1,]', '{"a":1,}', '01', '+1', '.5', '1.', '0x1', 'NaN', 'undefined', '"\n"', '"\\x41"', '[1] 2', '{"a"}', '"a', '\u00a0 1', '[', 'nul', '1e', '/**/1', '"\\u12"']) try { JSON.parse(t); print('read', t); } catch (e) { if (e.name !== 'SyntaxError') print(e.name); }
print('done');
//// parse turns its argument into text
print(JSON.parse({ toString: () => '[1,2]' }).length, JSON.parse(5), JSON.parse(null), JSON.parse(['7']));
for (const x of [undefined, {}, Symbol()]) try { JSON.parse(x); } catch (e) { print(e.name); }
//// the last of equal keys wins
print(JSON.stringify(JSON.parse('{"a":1,"b":2,"a":3}')), Object.keys(JSON.parse('{"z":1,"2":1,"1":1}')).join());
//// __proto__ in text is a plain key
const o = JSON.parse('{"__proto__": {"x": 1}, "constructor": 5}');
print(o.x, Object.keys(o).join(), Object.getPrototypeOf(o) === Object.prototype, o.constructor);
//// a reviver works from the inside out
const seen = [];
JSON.parse('{"a":[1,2],"b":{"c":3}}', function (k, v) { seen.push(k === '' ? 'root' : k); return v; });
print(seen.join());
//// a reviver replaces and deletes
const o = JSON.parse('{"a":1,"b":"2020-01-01","c":[1,2,3]}', (k, v) => k === 'a' ? undefined : k === '1' ? undefined : typeof v === 'string' ? v.length : v);
print('a' in o, o.b, o.c.length, 1 in o.c, JSON.stringify(o));
//// a reviver may change what comes later
const o = JSON.parse('{"first":1,"second":2}', function (k, v) { if (k === 'first') this.second = 'changed'; return v; });
print(o.second);
//// a reviver gives the root
print(JSON.parse('1', (k, v) => [k === '', v].join()), JSON.parse('[1]', () => undefined));
//// there and back
const v = { s: 'ü\u{1F600}\u0000', n: [0.1, -1e-300, 123456789012345680000], b: [true, false, null], o: { '': { ' ': [] } } };
print(JSON.stringify(JSON.parse(JSON.stringify(v))) === JSON.stringify(v), JSON.parse(JSON.stringify(v)).s.length);
//// numbers are read exactly
print(JSON.parse('0.1') === 0.1, JSON.parse('9007199254740993'), JSON.parse('1e400'), JSON.parse('5e-324'), JSON.parse('123456789.123456789'), JSON.parse('1E+2'));
//// JSON itself
print(typeof JSON, String(JSON), JSON.stringify.length, JSON.parse.length, Object.keys(JSON).length);
try { new JSON(); } catch (e) { print(e.name); }
//// errors from inside come through
for (const f of [() => JSON.stringify({ toJSON() { throw new RangeError('j'); } }), () => JSON.stringify({ get x() { throw new EvalError('g'); } }), () => JSON.parse('[1]', () => { throw new URIError('r'); })]) try { f(); } catch (e) { print(e.name); }
//// stringify of a class
class P { constructor() { this.x = 1; this.y = undefined; } get z() { return 3; } #p = 4; }
print(JSON.stringify(new P()), JSON.stringify(P), JSON.stringify({ P }));
//// separators of lines stay as they are
print(JSON.parse('"\u2028"').length, JSON.stringify('\u2029').length);
//// stringify of a sparse array
print(JSON.stringify([1, , 3]), JSON.stringify(new Array(2)), JSON.stringify({ a: [, ] }));

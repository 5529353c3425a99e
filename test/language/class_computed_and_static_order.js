// SPDX-License-Identifier: MIT
const log = []; const k = n => (log.push(n), n);
class A extends (log.push('heritage'), Object) { [k('m')]() {} static [k('s')] = log.push('static init'); [k('f')] = log.push('field init'); get [k('g')]() { return 1; } static [k('sm')]() {} }
console.log(log.splice(0).join()); new A(); console.log(log.join(), Object.getOwnPropertyNames(A.prototype).join(), Object.getOwnPropertyNames(new A()).join());
console.log(Object.getOwnPropertyNames(A).filter(n => n !== 'length' && n !== 'name' && n !== 'prototype').join());
class F { a = 1; b = this.a + 1; 'quoted key' = 3; 5 = 6; static x = this.name; static y = F.x + '!'; c; fn = () => this.b; ['comp' + 1] = 2; }
const f = new F(); console.log(JSON.stringify(f), F.x, F.y, f.fn.name, f.fn.call(null), 'c' in f);
class Acc { static get v() { return this._v || 'none'; } static set v(x) { this._v = x; } get len() { return 1; } }
Acc.v = 3; console.log(Acc.v, Object.getOwnPropertyDescriptor(Acc, 'v').get.name, Object.getOwnPropertyDescriptor(Acc.prototype, 'len').enumerable, Object.keys(Acc.prototype).length);
try { A(); } catch (e) { console.log(e.name); } try { new (class extends null {})(); } catch (e) { console.log(e.name); }
try { class X extends 5 {} } catch (e) { console.log(e.name); } try { class Y extends (() => {}) {} } catch (e) { console.log(e.name); } try { new (class extends Object { constructor() {} })(); } catch (e) { console.log(e.name); }
try { class Z { static m() { Z = 1; } } Z.m(); } catch (e) { console.log(e.name); }
try { new Late(); class Late {} } catch (e) { console.log(e.name, e.message); }
try { class Self extends Self {} } catch (e) { console.log(e.name); }
console.log(typeof class {}, (class {}).name, (class Named {}).name, ({ x: class {} }).x.name, [class {}][0].name);
console.log(new (class { constructor() { return { r: 1 }; } })().r, new (class { constructor() { return 5; } })() instanceof Object);
class G1 { static create() { return new this(); } who() { return 'g1'; } } class G2 extends G1 { who() { return 'g2>' + super.who(); } static create() { return super.create(); } get z() { return super.toString === Object.prototype.toString; } }
console.log(G2.create().who(), G2.create().z, Object.getPrototypeOf(G2) === G1, G2.length, G1.prototype.constructor === G1);
class Count { static #n = 0; static inc() { return Count.#n++ + Count.#n; } } console.log(Count.inc(), Count.inc());
class Sup { set v(x) { this._v = x; } get v() { return this._v; } m(a, b = 2) { return a + b; } } class Sub extends Sup { set v(x) { super.v = x * 2; } get v() { return super.v + 1; } m(...a) { return super.m(...a) * 10; } arrow() { return (() => super.m(1))(); } ['c' + 'm']() { return super['m'](5, 5); } }
const sub = new Sub(); sub.v = 5; console.log(sub.v, sub.m(1), sub.m(1, 1), sub.arrow(), sub.cm());

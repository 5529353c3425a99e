// SPDX-License-Identifier: MIT
function make() { return class A { #x = 1; static read(o) { return o.#x; } static has(o) { return #x in o; } }; }
const A = make(), B = make();
const t = f => { try { return f(); } catch (e) { return e.name; } };
console.log(t(() => A.read(new A())), t(() => B.read(new B())), t(() => A.read(new B())), t(() => B.read(new A())));
console.log(A.has(new A()), A.has(new B()), B.has(new A()));
const list = [];
for (let i = 0; i < 3; i++) list.push(class { #v = i; get v() { return this.#v; } set v(n) { this.#v = n; } same(o) { return #v in o; } });
console.log(list.map(C => new C().v).join(), new list[0]().same(new list[1]()), new list[2]().same(new list[2]()));
class Outer { #a = 'outer'; inner() { const self = this; return class Inner { #b = 'inner'; both() { return self.#a + this.#b; } }; } }
const I1 = new Outer().inner(), I2 = new Outer().inner();
console.log(new I1().both(), t(() => I1.prototype.both.call(new I2())));
class S { static #count = 0; static next() { return ++S.#count; } static #help() { return 'h'; } static help() { return this.#help(); } }
class T extends S {}
console.log(S.next(), S.next(), T.next(), S.help(), t(() => T.help()));
class P { #m() { return 'm'; } get #g() { return 'g'; } set #s(v) { this.got = v; } go() { this.#s = 5; return this.#m() + this.#g + this.got; } bad() { this.#m = 1; } bad2() { this.#g = 1; } bad3() { return this.#s; } }
console.log(new P().go(), t(() => new P().bad()), t(() => new P().bad2()), t(() => new P().bad3()), t(() => P.prototype.go.call({})));
class Q { #n = 0; inc() { this.#n++; ++this.#n; this.#n += 5; this.#n **= 2; this.#n ??= 3; this.#n ||= 4; this.#n &&= this.#n + 1; return this.#n--; } get n() { return this.#n; } }
const q = new Q(); console.log(q.inc(), q.n);
class R { #o = { p: null }; opt(x) { return x?.#o?.p?.q; } call(x) { return x.#o?.f?.(); } }
console.log(new R().opt(new R()), new R().opt(null), new R().call(new R()));
class D { #list = [1, 2]; swap() { [this.#list[0], this.#list[1]] = [this.#list[1], this.#list[0]]; ({ a: this.#list } = { a: [...this.#list, 3] }); return this.#list.join(); } }
console.log(new D().swap());
class Base { constructor(o) { return o; } } class Stamp extends Base { #s = 1; static is(o) { return #s in o; } }
const frozen = Object.freeze({}); new Stamp(frozen); console.log(Stamp.is(frozen), Object.keys(frozen).length, t(() => new Stamp(frozen)));
console.log(JSON.stringify(new Q()), Object.getOwnPropertyNames(new Q()).length, Reflect.ownKeys(new D()).length);

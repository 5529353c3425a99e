//// this of a script is the global object
print(this === globalThis, typeof this, this.Array === Array, this.undefined, Object.keys(this).includes('Array'));
//// arrows at the top level have the same this
const f = () => this, g = () => () => () => this;
print(f() === globalThis, g()()() === this, f.call(1) === this, [1].map(() => this)[0] === globalThis, (() => typeof this.Object)());
//// arrows in what runs at the top level
const seen = [];
for (let i = 0; i < 2; i++) seen.push(() => this);
try { seen.push(() => this); throw 1; } catch (e) { seen.push(() => this); }
{ let scoped = () => this; seen.push(scoped); }
switch (1) { case 1: let inSwitch = () => this; seen.push(inSwitch); }
print(seen.map(f => f() === globalThis).join());
//// functions have none, methods their own
function f() { return this; }
const o = { m() { return this; }, a: () => this, get g() { return this; }, n: function () { return (() => this)(); } };
print(f(), o.m() === o, o.a() === globalThis, o.g === o, o.n() === o);
//// classes at the top level
class C { static here = this; field = this; static arrow = () => this; [this === globalThis ? 'computed' : 'other']() { return 1; } static m(x = this) { return x; } }
print(C.here === C, new C().field instanceof C, C.arrow() === C, Object.getOwnPropertyNames(C.prototype).join(), C.m() === C, (class extends (this.Array) { }).of(1).length);
//// this in patterns, defaults and templates
const { Array: A = 1, missing = this } = this, h = (x = this) => x, [first = this] = [];
print(A === Array, missing === globalThis, h() === this, first === this, `${typeof this}`, (t => t)`x`.length, ((a, b) => b)`${this}` === this);
//// setting properties of this makes globals
this.made = 1;
Object.defineProperty(this, 'hidden', { value: 2, enumerable: false, configurable: true, writable: true });
print(made, hidden, typeof made, 'made' in globalThis, Object.keys(this).includes('made'), Object.keys(this).includes('hidden'));
print(delete this.made, typeof made);
try { made; } catch (e) { print(e.name); }
//// async functions and generators at the top level
const a = async () => this;
async function s() { return this; }
function* gen() { yield this; yield (() => this)(); }
a().then(it => print(it === globalThis)).then(s).then(it => print(it));
print([...gen()].join(), [...gen.call(5)].join());
//// this cannot be replaced nor deleted
print(delete this, this === globalThis, typeof delete this);
//// new this.Something
print(new this.Array(3).length, new this.Map([[1, 2]]).get(1), this['Date'].UTC(1970), new (this.Object)().constructor === Object);
//// UMD as bundlers write it
(function (root, factory) {
  if (typeof define === 'function' && define.amd) define([], factory);
  else root.library = factory();
})(this, function () { return { answer: 42 }; });
print(library.answer, this.library === library);
(global => { global.other = global.library.answer + 1; })(typeof globalThis !== 'undefined' ? globalThis : this);
print(other);

// SPDX-License-Identifier: MIT
import { observable, computed, autorun, reaction, when, action, runInAction, makeAutoObservable, makeObservable, toJS, isObservable, flow, configure, observe, intercept, transaction, untracked, extendObservable, keys, createAtom, spy, override } from 'mobx';

class Store {
  todos = [];
  filter = 'all';
  constructor() { makeAutoObservable(this); }
  get open() { return this.todos.filter(todo => !todo.done).length; }
  add(title) { this.todos.push({ title, done: false }); }
  toggle(index) { this.todos[index].done = !this.todos[index].done; }
  *load(titles) {
    for (const title of titles) this.add(yield Promise.resolve(title.toUpperCase()));
    return this.todos.length;
  }
}

class Shape {
  sides = 3;
  constructor() { makeObservable(this, { sides: observable, name: computed, grow: action }); }
  get name() { return `${this.sides} sides`; }
  grow() { this.sides++; }
}

class Named extends Shape {
  label = 'L';
  constructor() { super(); makeObservable(this, { label: observable, name: override }); }
  get name() { return `${this.label}: ${super.name}`; }
}

export default async check => {
  configure({ enforceActions: 'never' });
  const store = new Store(), log = [];
  const stop = autorun(() => log.push(`${store.open} open of ${store.todos.length}`));
  store.add('one'); store.add('two'); store.toggle(0);
  check('autorun', log);
  stop();
  store.add('three');
  check('stopped', log.length);
  check('plain', toJS(store.todos));
  check('is observable', [isObservable(store), isObservable(store.todos), isObservable({}), Array.isArray(store.todos)]);
  check('array', [store.todos.slice(1).map(todo => todo.title), store.todos.length, store.todos.findIndex(todo => todo.title === 'two'), [...store.todos].length, JSON.stringify(store.todos)]);
  const list = observable([3, 1, 2]), changes = [];
  observe(list, change => changes.push([change.type, change.index, change.added ?? change.newValue, change.removed ?? change.oldValue]));
  list.push(4); list[0] = 30; list.splice(1, 2, 'x', 'y', 'z'); list.length = 2; list.unshift(0); list.replace([9]);
  check('changes of an array', changes);
  check('sorted copy', [observable([3, 1, 2]).slice().sort(), observable([3, 1, 2]).toReversed?.() ?? [2, 1, 3], list.at?.(-1)]);
  const box = observable.box(20), half = computed(() => box.get() / 2), halves = [];
  reaction(() => half.get(), (value, before) => halves.push([before, value]));
  box.set(30); box.set(30); runInAction(() => { box.set(40); box.set(50); });
  check('reaction', halves);
  check('computed', half.get());
  const map = observable.map({ a: 1 }), seen = [];
  autorun(() => seen.push([...map.keys()].join(), map.get('b')));
  map.set('b', 2); map.delete('a'); map.merge({ c: 3 }); map.set('b', 3);
  check('map', [seen, [...map.entries()], map.size]);
  const set = observable.set([1, 2]), sizes = [];
  autorun(() => sizes.push(set.size));
  set.add(3); set.add(3); set.delete(1); set.clear();
  check('set', sizes);
  const object = observable({ a: 1, get twice() { return this.a * 2; }, nested: { deep: [1] } }), runs = [];
  autorun(() => runs.push([Object.keys(object).join(), object.twice, object.nested.deep?.length, 'extra' in object]));
  object.a = 5; object.nested.deep.push(2); object.extra = 'new'; delete object.nested.deep; object.nested = { deep: [] };
  check('proxies', runs);
  check('keys', keys(object));
  const shape = new Named(), names = [];
  autorun(() => names.push(shape.name));
  shape.grow(); shape.label = 'M';
  check('classes', names);
  const veto = intercept(box, change => (change.newValue < 0 ? null : { ...change, newValue: change.newValue + 1 }));
  box.set(-5); check('vetoed', box.get());
  box.set(7); check('changed on the way', box.get());
  veto();
  let evaluated = 0;
  const lazy = computed(() => { evaluated++; return box.get() + 1; }, { equals: (a, b) => a === b });
  const quiet = autorun(() => lazy.get());
  transaction(() => { box.set(1); box.set(2); untracked(() => lazy.get()); });
  check('few evaluations', evaluated);
  quiet();
  const atom = createAtom('clock', () => changes.push('watched'), () => changes.push('unwatched'));
  changes.length = 0;
  autorun(() => atom.reportObserved())();
  check('atom', changes);
  check('extended', toJS(extendObservable(observable({ a: 1 }), { b: 2 })));
  const events = [], unspy = spy(event => { if (event.type) events.push(event.type); });
  box.set(100);
  unspy();
  check('spied', events);
  check.throws('computed is read only', () => { object.twice = 5; });
  check.throws('a cycle', () => { const a = computed(() => b.get()), b = computed(() => a.get()); a.get(); });
  check.throws('not observable', () => observe({}, () => {}));
  check.throws('made twice', () => observable.map(7));
  await check.later('flow', store.load(['a', 'b']));
  check('after the flow', store.todos.map(todo => todo.title));
  await check.later('cancelled', async () => {
    const forever = flow(function* () { yield new Promise(() => {}); })();
    forever.cancel();
    return forever;
  });
  await check.later('when', async () => { const ready = when(() => store.open > 10); for (let i = 0; i < 10; i++) store.add(`t${i}`); await ready; return store.open; });
  await check.later('too late', when(() => false, { timeout: 5 }));
};

// SPDX-License-Identifier: MIT
import { produce, produceWithPatches, applyPatches, enablePatches, enableMapSet, createDraft, finishDraft, original, current, isDraft, freeze, immerable, nothing, castDraft } from 'immer';

enablePatches();
enableMapSet();

class Clock {
  [immerable] = true;
  constructor(hour, minute) { this.hour = hour; this.minute = minute; }
  get time() { return `${this.hour}:${this.minute}`; }
  tick() { return produce(this, draft => { draft.minute++; }); }
}

export default async check => {
  const base = { todos: [{ title: 'Learn', done: true }, { title: 'Try', done: false }], nested: { deep: { value: 1 } }, same: { a: 1 } };
  const next = produce(base, draft => {
    draft.todos[1].done = true;
    draft.todos.push({ title: 'Tweet', done: false });
    draft.nested.deep.value += 41;
  });
  check('next', next);
  check('base is as before', base);
  check('shared', [next.same === base.same, next.todos === base.todos, next.todos[0] === base.todos[0]]);
  check('frozen', [Object.isFrozen(next), Object.isFrozen(next.todos[2]), Object.isFrozen(base)]);
  check('nothing changed', produce(next, draft => { draft.nested.deep.value = 42; }) === next);
  check('removed', produce(base, draft => { delete draft.nested; draft.todos.splice(0, 1); draft.todos.length = 1; }));
  check('arrays', produce([3, 1, 2], draft => { draft.sort(); draft.reverse(); draft.unshift(9); draft[5] = 5; return undefined; }));
  check('iteration', produce({ list: [1, 2, 3], sum: 0 }, draft => { for (const n of draft.list) draft.sum += n; draft.keys = Object.keys(draft); draft.has = 'list' in draft; }));
  check('returned', produce({ a: 1 }, () => ({ b: 2 })));
  check('nothing', produce({ a: 1 }, () => nothing));
  const toggle = produce((draft, id) => { draft[id].done = !draft[id].done; });
  check('curried', toggle(base.todos, 1));
  const [after, patches, inverse] = produceWithPatches(base, draft => { draft.todos[0].title = 'Learned'; draft.todos.pop(); draft.extra = [1]; delete draft.same; });
  check('patches', patches);
  check('inverse patches', inverse);
  check('applied', applyPatches(base, patches));
  check('and back', JSON.stringify(applyPatches(after, inverse)) === JSON.stringify(base));
  check('map', produce(new Map([['a', { n: 1 }], ['b', { n: 2 }]]), draft => { draft.get('a').n = 10; draft.delete('b'); draft.set('c', { n: 3 }); for (const [, value] of draft) value.n++; }));
  check('set', produce(new Set([1, 2, 3]), draft => { draft.add(4); draft.delete(1); }));
  check('patches of a map', produceWithPatches(new Map([['k', 1]]), draft => { draft.set('k', 2); draft.set('l', 3); })[1]);
  const noon = new Clock(12, 10), later = noon.tick();
  check('class', [later.time, noon.time, later instanceof Clock, later === noon]);
  const draft = createDraft(base);
  draft.nested.deep.value = 7;
  check('draft', [isDraft(draft), original(draft) === base, current(draft).nested.deep.value, isDraft(current(draft)), castDraft(draft) === draft]);
  check('finished', finishDraft(draft).nested);
  check('deep freeze', Object.isFrozen(freeze({ a: { b: [{}] } }, true).a.b[0]));
  check('nested produce', produce({ a: { b: 1 } }, outer => { outer.a = produce(outer.a, inner => { inner.b = 2; }); outer.c = outer.a.b; }));
  check('moved', produce({ list: [{ id: 1 }, { id: 2 }] }, state => { const [first] = state.list.splice(0, 1); state.list.push(first); first.id = 11; }));
  check.throwsName('frozen objects do not change', () => { next.todos[0].title = 'no'; });
  check.throws('changed and returned', () => produce({ a: 1 }, state => { state.a = 2; return { a: 3 }; }));
  check.throws('a date is not drafted', () => createDraft(new Date(0)));
  check.throws('revoked', () => { let leak; produce({ a: { b: 1 } }, state => { leak = state.a; }); try { return leak.b; } catch (error) { throw new Error(error.name); } });
  check.throws('no accessor on drafts', () => produce({ a: 1 }, state => { Object.defineProperty(state, 'x', { value: 1 }); }));
  await check.later('awaited before', async () => { const name = await 'x'; return produce({ names: [] }, state => { state.names.push(name); }); });
  await check.later('a draft across awaits', async () => { const open = createDraft({ n: 1 }); open.n += await 5; return finishDraft(open); });
};

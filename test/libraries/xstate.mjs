// SPDX-License-Identifier: MIT
import { createMachine, createActor, setup, assign, fromPromise, fromCallback, fromTransition, raise, sendTo, emit, waitFor, and, not, stateIn, enqueueActions, toPromise, SimulatedClock, matchesState, transition, initialTransition } from 'xstate';

// Its promise actors want one; contracts have none.
globalThis.AbortController = class { signal = { aborted: false, addEventListener() {} }; abort() { this.signal.aborted = true; } };

const toggle = createMachine({ id: 'toggle', initial: 'inactive', context: { count: 0 }, states: {
  inactive: { on: { TOGGLE: { target: 'active', actions: assign({ count: ({ context }) => context.count + 1 }) } } },
  active: { entry: 'entered', on: { TOGGLE: 'inactive' }, after: { 1000: 'inactive' } },
} }, { actions: { entered: () => {} } });

const word = createMachine({ id: 'word', type: 'parallel', states: {
  bold: { initial: 'off', states: { off: { on: { B: 'on' } }, on: { on: { B: 'off' } } } },
  list: { initial: 'none', states: { none: { on: { BULLETS: 'bullets', NUMBERS: 'numbers' } }, bullets: { on: { NONE: 'none' } }, numbers: {}, hist: { type: 'history' } } },
} });

export default async check => {
  const clock = new SimulatedClock(), log = [];
  const actor = createActor(toggle.provide({ actions: { entered: ({ context }) => log.push(`entered ${context.count}`) } }), { clock });
  const seen = [];
  actor.subscribe(snapshot => seen.push(snapshot.value));
  actor.start();
  actor.send({ type: 'TOGGLE' });
  clock.increment(999);
  check('before the delay', actor.getSnapshot().value);
  clock.increment(1);
  check('after it', actor.getSnapshot().value);
  actor.send({ type: 'TOGGLE' });
  check('context', actor.getSnapshot().context);
  check('seen', seen);
  check('actions', log);
  check('can', [actor.getSnapshot().can({ type: 'TOGGLE' }), actor.getSnapshot().can({ type: 'NO' }), actor.getSnapshot().matches('active'), matchesState('a', { a: 'b' })]);
  check('persisted', actor.getPersistedSnapshot());
  const restored = createActor(toggle, { snapshot: JSON.parse(JSON.stringify(actor.getPersistedSnapshot())), clock }).start();
  check('restored', [restored.getSnapshot().value, restored.getSnapshot().context]);
  actor.stop();
  check('stopped', actor.getSnapshot().status);
  const parallel = createActor(word).start();
  parallel.send({ type: 'B' }); parallel.send({ type: 'NUMBERS' });
  check('parallel', parallel.getSnapshot().value);
  const [first] = initialTransition(toggle), [second, actions] = transition(toggle, first, { type: 'TOGGLE' });
  check('pure transition', [first.value, second.value, second.context, actions.map(action => action.type)]);
  const guarded = setup({ guards: { adult: ({ context }) => context.age >= 18, known: ({ context }) => context.name !== '' } }).createMachine({ context: ({ input }) => input, initial: 'asked', states: {
    asked: { on: { ENTER: [{ guard: and(['adult', 'known']), target: 'inside' }, { guard: not('adult'), target: 'outside', actions: raise({ type: 'LEAVE' }) }] } },
    inside: {}, outside: { on: { LEAVE: 'gone' } }, gone: { type: 'final' } }, output: ({ context }) => `${context.name} left` });
  for (const [name, age] of [['Ada', 36], ['Bob', 7], ['', 40]]) {
    const guest = createActor(guarded, { input: { name, age } }).start();
    guest.send({ type: 'ENTER' });
    check(`guards ${age}`, [guest.getSnapshot().value, guest.getSnapshot().output, guest.getSnapshot().status]);
  }
  const nested = createMachine({ initial: 'red', states: { green: {}, red: { initial: 'walk', states: { walk: { on: { TICK: 'wait' } }, wait: { on: { TICK: 'stop' } }, stop: { type: 'final' } }, onDone: 'green' } } });
  const light = createActor(nested).start();
  light.send({ type: 'TICK' });
  check('nested', light.getSnapshot().value);
  light.send({ type: 'TICK' });
  check('done', light.getSnapshot().value);
  const history = createActor(createMachine({ initial: 'on', states: { off: { on: { POWER: 'on.hist' } }, on: { on: { POWER: 'off' }, initial: 'low', states: { low: { on: { UP: 'high' } }, high: {}, hist: { type: 'history' } } } } })).start();
  ['UP', 'POWER', 'POWER'].forEach(type => history.send({ type }));
  check('history', history.getSnapshot().value);
  const fetcher = fn => createMachine({ initial: 'loading', context: {}, states: { loading: { invoke: { src: fromPromise(fn), input: { id: 5 }, onDone: { target: 'ok', actions: assign({ data: ({ event }) => event.output }) }, onError: { target: 'bad', actions: assign({ message: ({ event }) => event.error.message }) } } }, ok: { type: 'final' }, bad: { type: 'final' } } });
  await check.later('promise actor', waitFor(createActor(fetcher(async ({ input }) => `guest ${input.id}`)).start(), snapshot => snapshot.status === 'done').then(({ value, context }) => [value, context]));
  await check.later('promise actor that fails', waitFor(createActor(fetcher(async () => { throw new Error('offline'); })).start(), snapshot => snapshot.status === 'done').then(({ value, context }) => [value, context]));
  await check.later('timer', waitFor(createActor(createMachine({ initial: 'a', states: { a: { after: { 20: 'b' } }, b: {} } })).start(), snapshot => snapshot.matches('b')).then(({ value }) => value));
  await check.later('output as promise', toPromise(createActor(guarded, { input: { name: 'Eve', age: 3 } }).start()).catch(error => error.message).constructor === Promise);
  const counter = createActor(fromTransition((state, event) => (event.type === 'inc' ? { n: state.n + event.by } : state), { n: 0 })).start();
  counter.send({ type: 'inc', by: 5 });
  check('transition actor', counter.getSnapshot().context);
  const events = [];
  const parent = createActor(createMachine({ invoke: { id: 'child', src: fromCallback(({ sendBack, receive }) => { receive(event => sendBack({ type: 'PONG', n: event.n + 1 })); }) }, on: { GO: { actions: sendTo('child', { type: 'PING', n: 1 }) }, PONG: { actions: [({ event }) => events.push(event.n), emit({ type: 'heard' }), enqueueActions(({ enqueue, check: test }) => { if (test(stateIn('#parent')) === true) enqueue(() => events.push('enqueued')); })] } }, id: 'parent' })).start();
  parent.on('heard', event => events.push(event.type));
  const failing = machine => () => { let caught; const failed = createActor(machine()); failed.subscribe({ error: error => { caught = error; } }); failed.start().send({ type: 'X' }); throw caught; };
  check.throws('unknown state', failing(() => createMachine({ initial: 'nope', states: { a: {} } })));
  check.throws('bad target', failing(() => createMachine({ initial: 'a', states: { a: { on: { X: 'missing' } } } })));
  parent.send({ type: 'GO' });
  check('callback actor', events);
};

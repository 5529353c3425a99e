// SPDX-License-Identifier: MIT
import { createStore, combineReducers, applyMiddleware, compose, bindActionCreators, isPlainObject, isAction } from 'redux';
import EventEmitter from 'eventemitter3';
import { createMachine, state, transition, reduce, guard, invoke, immediate, interpret, action } from 'robot3';

const todos = (list = [], event) => {
  switch (event.type) {
    case 'add': return [...list, { id: event.id, done: false }];
    case 'toggle': return list.map(todo => (todo.id === event.id ? { ...todo, done: !todo.done } : todo));
    default: return list;
  }
};
const filter = (value = 'all', event) => (event.type === 'filter' ? event.value : value);
const thunk = ({ dispatch, getState }) => next => event => (typeof event === 'function' ? event(dispatch, getState) : next(event));

export default async check => {
  const log = [];
  const logger = () => next => event => { log.push(event.type); return next(event); };
  const store = createStore(combineReducers({ todos, filter }), undefined, applyMiddleware(thunk, logger));
  let heard = 0;
  const stop = store.subscribe(() => heard++);
  check('first state', store.getState());
  store.dispatch({ type: 'add', id: 1 });
  store.dispatch({ type: 'add', id: 2 });
  store.dispatch({ type: 'toggle', id: 2 });
  check('dispatched', store.getState());
  stop();
  check('bound', bindActionCreators({ show: value => ({ type: 'filter', value }) }, store.dispatch).show('open'));
  check('heard', heard);
  check('log', log);
  check('composed', compose(x => x + 1, x => x * 2, (a, b) => a * b)(3, 4));
  check('plain', [isPlainObject({}), isPlainObject(new Date(0)), isAction({ type: 'x' }), isAction({ type: 5 })]);
  store.replaceReducer(combineReducers({ filter }));
  check('another reducer', store.getState());
  check.throws('no type', () => store.dispatch({ no: 'type' }));
  check.throws('not plain', () => store.dispatch(new Date(0)));
  check.throws('dispatched within a reducer', () => createStore(() => store2.dispatch({ type: 'x' })));
  const store2 = createStore((n = 0) => n);
  check.throws('no reducer', () => createStore({}));
  await check.later('thunk', store.dispatch(async (dispatch, getState) => { const value = await Promise.resolve('done'); dispatch({ type: 'filter', value }); return getState(); }));

  const emitter = new EventEmitter(), calls = [];
  const context = { name: 'context' };
  emitter.on('a', function (x) { calls.push(['on', this.name, x]); }, context);
  emitter.once('a', (...args) => calls.push(['once', ...args]));
  check('emitted', [emitter.emit('a', 1, 2), emitter.emit('a', 3), emitter.emit('none')]);
  check('calls', calls);
  check('listeners', [emitter.listenerCount('a'), emitter.eventNames(), emitter.listeners('a').length]);
  emitter.off('a');
  check('removed', [emitter.emit('a'), emitter.eventNames()]);
  class Door extends EventEmitter { open() { this.emit('open', this.constructor.name, 1, 2, 3, 4, 5, 6); return this; } }
  const rung = [];
  new Door().on('open', (...args) => rung.push(args)).addListener('open', () => rung.push('again')).open().removeAllListeners().open();
  check('derived', rung);
  check('symbols', new EventEmitter().on(Symbol.for('s'), () => {}).eventNames());
  check.throws('no listener', () => emitter.on('a', 5));
  await check.later('event as promise', new Promise(done => { emitter.once('later', done); setTimeout(() => emitter.emit('later', 'rang'), 3); }));

  const machine = createMachine({
    idle: state(transition('fetch', 'loading', guard(context => context.tries < 3), reduce((context, event) => ({ ...context, tries: context.tries + 1, id: event.id }))), transition('give up', 'over')),
    loading: invoke(async context => { if (context.tries < 2) throw new Error(`try ${context.tries}`); return { name: `guest ${context.id}` }; },
      transition('done', 'checked', reduce((context, event) => ({ ...context, guest: event.data }))),
      transition('error', 'idle', reduce((context, event) => ({ ...context, error: event.error.message })))),
    checked: state(immediate('over', action(() => log.push('checked')))),
    over: state(),
  }, () => ({ tries: 0 }));
  const states = [], service = interpret(machine, now => states.push(now.machine.current));
  service.send({ type: 'fetch', id: 7 });
  check('loading', [service.machine.current, service.context]);
  await check.later('after an error', new Promise(done => setTimeout(() => done([service.machine.current, service.context]), 2)));
  service.send({ type: 'fetch', id: 8 });
  await check.later('after success', new Promise(done => setTimeout(() => done([service.machine.current, service.context]), 2)));
  check('states', states);
  check('final stays', [service.send('fetch'), service.machine.current]);
};

// SPDX-License-Identifier: MIT
// What lowered code needs besides the engine: ES5, evaluated once, before any contract. Every built-in it uses
// is taken here, so that a contract that changes a prototype changes nothing below.
(function ($vms) {
  'use strict';
  var defineProperty = Object.defineProperty, getDescriptor = Object.getOwnPropertyDescriptor;
  var ownNames = Object.getOwnPropertyNames, ownSymbols = Object.getOwnPropertySymbols, freeze = Object.freeze;
  var setPrototypeOf = Object.setPrototypeOf, apply = Reflect.apply, construct = Reflect.construct;
  var ReferenceErrorOf = ReferenceError, TypeErrorOf = TypeError, StringOf = String, ObjectOf = Object;
  var isArray = Array.isArray, iteratorSymbol = Symbol.iterator;
  var isEnumerable = Object.prototype.propertyIsEnumerable;
  var arrayIterator = Array.prototype[iteratorSymbol];
  var arrayPrototype = Array.prototype;

  function isObject(value) {
    return (typeof value === 'object' && value !== null) || typeof value === 'function';
  }
  // Sets a property whatever the prototypes say.
  function put(object, key, value) {
    defineProperty(object, key, { value: value, writable: true, enumerable: true, configurable: true });
  }
  function describe(value) {
    if (value === void 0) return 'undefined';
    if (value === null) return 'null';
    return typeof value === 'symbol' ? 'a symbol' : typeof value === 'object' ? 'an object' : typeof value === 'function' ? 'a function' : StringOf(value);
  }

  // --- names -------------------------------------------------------------------------------------

  $vms.T = freeze({});  // what a variable holds until it is initialised
  $vms.tdz = function (name) {
    throw new ReferenceErrorOf("Cannot access '" + name + "' before initialization");
  };
  $vms.constant = function () { throw new TypeErrorOf('Assignment to constant variable.'); };
  $vms.name = function (fn, name) {
    if (typeof name === 'symbol') {
      name = StringOf(name);
      name = name === 'Symbol()' ? '' : '[' + name.substring(7, name.length - 1) + ']';
    }
    defineProperty(fn, 'name', { value: name, writable: false, enumerable: false, configurable: true });
    return fn;
  };

  // --- values ------------------------------------------------------------------------------------

  $vms.str = function (value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'symbol') throw new TypeErrorOf('Cannot convert a Symbol value to a string');
    return StringOf(value);
  };
  function key(value) {
    return typeof value === 'string' || typeof value === 'symbol' ? value : typeof value === 'number' ? StringOf(value) : propertyKey(value);
  }
  // ToPropertyKey of an object keeps symbols: a property of a scratch object tells.
  function propertyKey(value) {
    var scratch, symbols;
    if (!isObject(value)) return StringOf(value);
    scratch = {};
    defineProperty(scratch, value, { value: 1, configurable: true });
    symbols = ownSymbols(scratch);
    return symbols.length > 0 ? symbols[0] : ownNames(scratch)[0];
  }
  $vms.key = key;
  $vms.apply = apply;
  $vms.construct = function (constructor, list) {
    if (typeof constructor !== 'function') throw new TypeErrorOf(describe(constructor) + ' is not a constructor');
    return construct(constructor, list);
  };
  $vms.slice = function (list, from) {
    var result = [], i;
    for (i = from; i < list.length; i++) put(result, i - from, list[i]);
    return result;
  };
  $vms.template = function (cooked, raw) {
    defineProperty(cooked, 'raw', { value: freeze(raw) });
    return freeze(cooked);
  };

  // --- objects -----------------------------------------------------------------------------------

  $vms.define = put;
  $vms.method = function (object, name, fn) { put(object, name, $vms.name(fn, name)); };
  $vms.getter = function (object, name, fn) {
    defineProperty(object, name, { get: $vms.name(fn, typeof name === 'symbol' ? 'get ' + $vms.name(function () {}, name).name : 'get ' + name), enumerable: true, configurable: true });
  };
  $vms.setter = function (object, name, fn) {
    defineProperty(object, name, { set: $vms.name(fn, typeof name === 'symbol' ? 'set ' + $vms.name(function () {}, name).name : 'set ' + name), enumerable: true, configurable: true });
  };
  $vms.proto = function (object, value) {
    if (value === null || isObject(value)) setPrototypeOf(object, value);
  };
  function copy(object, source, keys, without) {
    var i, j, name;
    for (i = 0; i < keys.length; i++) {
      name = keys[i];
      if (without !== void 0) {
        for (j = 0; j < without.length && without[j] !== name; j++);
        if (j < without.length) continue;
      }
      if (apply(isEnumerable, source, [name])) put(object, name, source[name]);
    }
  }
  function copyAll(object, source, without) {
    if (source === null || source === void 0) return object;
    source = ObjectOf(source);
    copy(object, source, ownNames(source), without);
    copy(object, source, ownSymbols(source), without);
    return object;
  }
  $vms.assign = function (object, source) { copyAll(object, source); };
  $vms.object = function (value) {
    if (value === null || value === void 0) throw new TypeErrorOf('Cannot destructure ' + describe(value));
  };
  $vms.noteKey = function (keys, name) { name = key(name); put(keys, keys.length, name); return name; };
  $vms.rest = function (value, keys) { return copyAll({}, value, keys); };

  // --- iteration ---------------------------------------------------------------------------------

  // An array whose iteration nobody changed is walked by index.
  function isPlain(value) {
    return isArray(value) && value[iteratorSymbol] === arrayIterator && arrayIterator !== void 0 &&
           (!$vms.arrayIterationChanged || !$vms.arrayIterationChanged());
  }
  function open(value) {
    var method, iterator;
    if (value === null || value === void 0) throw new TypeErrorOf(describe(value) + ' is not iterable');
    method = value[iteratorSymbol];
    if (typeof method !== 'function') {
      if (method === void 0 && isArray(value)) return null;  // an engine without iterators
      if (method === void 0 && typeof value === 'string') return null;
      throw new TypeErrorOf(describe(value) + ' is not iterable');
    }
    iterator = apply(method, value, []);
    if (!isObject(iterator)) throw new TypeErrorOf('Result of the Symbol.iterator method is not an object');
    return iterator;
  }
  // { list, at } of an array, { list, at, text } of a string, { iterator, next } of anything else.
  $vms.iterate = function (value) {
    var iterator = isPlain(value) ? null : open(value);
    if (iterator === null) return { list: value, at: 0, done: false, value: void 0, text: typeof value === 'string' };
    return { list: null, iterator: iterator, next: iterator.next, done: false, value: void 0 };
  };
  $vms.step = function (state) {
    var result, list = state.list, code;
    if (list !== null) {
      if (state.at < list.length) {
        if (state.text) {
          code = list.charCodeAt(state.at);
          if (code >= 0xd800 && code < 0xdc00 && state.at + 1 < list.length && (list.charCodeAt(state.at + 1) & 0xfc00) === 0xdc00) {
            state.value = list.substring(state.at, state.at + 2);
            state.at += 2;
            return true;
          }
          state.value = list.charAt(state.at++);
          return true;
        }
        state.value = list[state.at++];
        return true;
      }
      state.done = true;
      return false;
    }
    state.done = true;  // an iterator that throws is not closed
    result = apply(state.next, state.iterator, []);
    if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
    if (result.done) return false;
    state.value = result.value;
    state.done = false;
    return true;
  };
  $vms.close = function (state) {
    var method, result;
    if (state.done || state.list !== null) return;
    state.done = true;
    method = state.iterator['return'];
    if (method === void 0 || method === null) return;
    result = apply(method, state.iterator, []);
    if (!isObject(result)) throw new TypeErrorOf(describe(result) + ' is not an object');
  };
  // The body threw: the iterator is closed, but the author's error is what counts.
  $vms.abort = function (state, error) {
    var method;
    if (!state.done && state.list === null) {
      state.done = true;
      try {
        method = state.iterator['return'];
        if (method !== void 0 && method !== null) apply(method, state.iterator, []);
      } catch (ignored) {}
    }
    throw error;
  };
  function spread(value) {
    var state = $vms.iterate(value), result = [], count = 0;
    while ($vms.step(state)) put(result, count++, state.value);
    return result;
  }
  $vms.spread = spread;
  $vms.concat = function () {
    var result = [], count = 0, i, j, part;
    for (i = 0; i < arguments.length; i++) {
      part = arguments[i];
      for (j = 0; j < part.length; j++, count++) {
        if (j in part) put(result, count, part[j]);
      }
    }
    result.length = count;
    return result;
  };
  // The first `count` values of an array pattern; what is missing stays undefined.
  function take(state, count) {
    var result = [], i;
    for (i = 0; i < count; i++) put(result, i, !state.done && $vms.step(state) ? state.value : void 0);
    return result;
  }
  $vms.take = function (value, count) {
    var state = $vms.iterate(value), result = take(state, count);
    $vms.close(state);
    return result;
  };
  $vms.takeRest = function (value, count) {
    var state = $vms.iterate(value), result = take(state, count), rest = [], more = 0;
    while (!state.done && $vms.step(state)) put(rest, more++, state.value);
    put(result, count, rest);
    return result;
  };
})

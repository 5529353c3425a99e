// SPDX-License-Identifier: MIT
// What lowered code needs besides the engine: ES5, evaluated once, before any contract. Every built-in it uses
// is taken here, so that a contract that changes a prototype changes nothing below.
(function ($vms) {
  'use strict';
  var getDescriptor = Object.getOwnPropertyDescriptor, freeze = Object.freeze;
  var setPrototypeOf = Object.setPrototypeOf, apply = Reflect.apply, construct = Reflect.construct;
  var ReferenceErrorOf = ReferenceError, TypeErrorOf = TypeError, StringOf = String, ObjectOf = Object, SymbolOf = Symbol;
  var isArray = Array.isArray, iteratorSymbol = Symbol.iterator;
  var ownKeys = Reflect.ownKeys;
  var arrayIterator = Array.prototype[iteratorSymbol], typedCount = $vms.typedCount;

  function isObject(value) {
    return (typeof value === 'object' && value !== null) || typeof value === 'function';
  }
  // Properties are defined whatever the prototypes say: see globals.c.
  var put = $vms.define, defineMethod = $vms.defineMethod, defineName = $vms.defineName, fix = $vms.fix, toKey = $vms.toKey;
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
    return defineName(fn, 'name', name);
  };

  // --- values ------------------------------------------------------------------------------------

  $vms.bigint = function () { throw new TypeErrorOf('BigInt is not available'); };
  $vms.str = function (value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'symbol') throw new TypeErrorOf('Cannot convert a Symbol value to a string');
    return StringOf(value);
  };
  function key(value) {
    return typeof value === 'string' || typeof value === 'symbol' ? value : typeof value === 'number' ? StringOf(value) : toKey(value);
  }
  $vms.key = key;
  $vms.keyOf = function (object, value) {  // of object[value], which is read and written
    if (object === void 0 || object === null) throw new TypeErrorOf('Cannot read properties of ' + describe(object));
    return key(value);
  };
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
  $vms.list = function (list) {
    if (list[iteratorSymbol] === void 0) defineMethod(list, iteratorSymbol, arrayIterator);
    return list;
  };
  $vms.template = function (cooked, raw) {
    return freeze(defineMethod(cooked, 'raw', freeze(raw)));
  };

  // --- objects -----------------------------------------------------------------------------------

  $vms.getter = function (object, name, fn) {
    $vms.showGetter(object, name, $vms.name(fn, typeof name === 'symbol' ? 'get ' + $vms.name(function () {}, name).name : 'get ' + name));
  };
  $vms.setter = function (object, name, fn) {
    $vms.showSetter(object, name, $vms.name(fn, typeof name === 'symbol' ? 'set ' + $vms.name(function () {}, name).name : 'set ' + name));
  };
  $vms.proto = function (object, value) {
    if (value === null || isObject(value)) setPrototypeOf(object, value);
  };
  function copyAll(object, source, without) {
    var i, j, name, keys, descriptor;
    if (source === null || source === void 0) return object;
    source = ObjectOf(source);
    keys = ownKeys(source);
    for (i = 0; i < keys.length; i++) {
      name = keys[i];
      if (without !== void 0) {
        for (j = 0; j < without.length && without[j] !== name; j++);
        if (j < without.length) continue;
      }
      descriptor = getDescriptor(source, name);
      if (descriptor !== void 0 && descriptor.enumerable) put(object, name, source[name]);
    }
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
    return isArray(value) && value[iteratorSymbol] === arrayIterator && !$vms.arrayIterationChanged();
  }
  function methodOf(value) {
    var method;
    if (value === null || value === void 0) throw new TypeErrorOf(describe(value) + ' is not iterable');
    method = value[iteratorSymbol];
    if (typeof method !== 'function') throw new TypeErrorOf(describe(value) + ' is not iterable');
    return method;
  }
  function openBy(value, method) {
    var iterator = apply(method, value, []);
    if (!isObject(iterator)) throw new TypeErrorOf('Result of the Symbol.iterator method is not an object');
    return iterator;
  }
  function open(value) { return openBy(value, methodOf(value)); }
  // { list, at } of an array, { typed, at, count } of a typed array, { iterator, next } of anything else.
  $vms.iterate = function (value) {
    var iterator, method, count;
    if (isPlain(value)) return { list: value, at: 0, done: false, value: void 0 };
    method = methodOf(value);
    count = typedCount(value, method);
    if (count >= 0) return { list: null, typed: value, at: 0, count: count, iterator: null, done: false, value: void 0 };
    iterator = openBy(value, method);
    return { list: null, iterator: iterator, next: iterator.next, done: false, value: void 0 };
  };
  $vms.step = function (state) {
    var result, list = state.list;
    if (list !== null) {
      if (state.at < list.length) {
        state.value = list[state.at++];
        return true;
      }
      state.done = true;
      return false;
    }
    state.done = true;  // an iterator that throws is not closed
    if (state.iterator === null) {
      if (state.at === state.count) return false;
      state.value = state.typed[state.at++];
      state.done = false;
      return true;
    }
    result = apply(state.next, state.iterator, []);
    if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
    if (result.done) return false;
    state.value = result.value;
    state.done = false;
    return true;
  };
  $vms.close = function (state) {
    var method, result;
    if (state.done || state.list !== null || state.iterator === null) return;
    state.done = true;
    method = state.iterator['return'];
    if (method === void 0 || method === null) return;
    result = apply(method, state.iterator, []);
    if (!isObject(result)) throw new TypeErrorOf(describe(result) + ' is not an object');
  };
  // The body threw: the iterator is closed, but the author's error is what counts. return() of a generator is no error.
  $vms.abort = function (state, error) {
    var method;
    if (error === $vms.closing) $vms.close(state);  // a generator's return(): what closing throws counts
    if (!state.done && state.list === null && state.iterator !== null) {
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
  // The next value of an array pattern, and the values that are left for its rest.
  $vms.take = function (state) { return !state.done && $vms.step(state) ? state.value : void 0; };
  $vms.takeRest = function (state) {
    var rest = [], more = 0;
    while (!state.done && $vms.step(state)) put(rest, more++, state.value);
    return rest;
  };
  // A pattern threw: its iterators are closed, the innermost first.
  $vms.unwind = function (list, error) {
    var i;
    for (i = 0; i < list.length; i++) {
      if (list[i] === void 0) continue;
      try {
        if (error === $vms.closing) $vms.close(list[i]);
        else $vms.abort(list[i], error);
      } catch (thrown) { error = thrown; }  // abort throws the same again
    }
    throw error;
  };

  // for await. The awaits stand in the lowered function itself; these are the steps between them.
  var asyncSymbol = Symbol.asyncIterator;
  function openAsync(value) {
    var method = value === null || value === void 0 ? void 0 : value[asyncSymbol], iterator;
    if (method === void 0 || method === null) return fromSync(open(value));
    if (typeof method !== 'function') throw new TypeErrorOf(describe(value) + ' is not async iterable');
    iterator = apply(method, value, []);
    if (!isObject(iterator)) throw new TypeErrorOf('Result of the Symbol.asyncIterator method is not an object');
    return iterator;
  }
  $vms.iterateAsync = function (value) {
    var iterator = openAsync(value);
    return { iterator: iterator, next: iterator.next, done: false, value: void 0 };
  };
  $vms.nextAsync = function (state) {
    state.done = true;  // until the step has gone well
    return apply(state.next, state.iterator, []);
  };
  $vms.stepAsync = function (state, result) {
    if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
    if (result.done) return false;
    state.value = result.value;
    state.done = false;
    return true;
  };
  // Whether there is something to wait for: state.method is called then. The author's error goes before one of `return`.
  $vms.mustClose = function (state) {
    if (state.done) return false;
    state.done = true;
    return true;
  };
  $vms.closeAsync = function (state) {
    var method = state.iterator['return'];
    return method === void 0 || method === null ? state : apply(method, state.iterator, []);
  };
  $vms.checkClosed = function (result) {
    if (!isObject(result)) throw new TypeErrorOf(describe(result) + ' is not an object');
  };

  // An iterator's values as an async iterator hands them out: section 27.1.4 of ECMAScript.
  function continueWith(result, iterator) {
    var promise = $vms.promiseNew(), done, value;
    try {
      if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
      done = !!result.done;
      value = result.value;
      try {
        value = $vms.promiseOf(value);
      } catch (error) {
        if (!done && iterator !== void 0) abandon(iterator);
        throw error;
      }
    } catch (error) {
      $vms.reject(promise, error);
      return promise;
    }
    return $vms.then(value, function (it) { return { value: it, done: done }; }, done || iterator === void 0 ? void 0 : function (error) {
      abandon(iterator);
      throw error;
    });
  }
  function abandon(iterator) {
    try {
      var method = iterator['return'];
      if (method !== void 0 && method !== null) apply(method, iterator, []);
    } catch (ignored) {}
  }
  function rejected(error) {
    var promise = $vms.promiseNew();
    $vms.reject(promise, error);
    return promise;
  }
  function fromSync(iterator) {
    var next = iterator.next, result = create(null);
    result.next = function (sent) {
      try {
        return continueWith(apply(next, iterator, arguments.length > 0 ? [sent] : []), iterator);
      } catch (error) { return rejected(error); }
    };
    result['return'] = function (sent) {
      var method;
      try {
        method = iterator['return'];
        if (method === void 0 || method === null) return $vms.promiseOf({ value: sent, done: true });
        return continueWith(apply(method, iterator, arguments.length > 0 ? [sent] : []));
      } catch (error) { return rejected(error); }
    };
    result['throw'] = function (sent) {
      var method;
      try {
        method = iterator['throw'];
        if (method === void 0 || method === null) {
          abandonChecked(iterator);
          throw new TypeErrorOf('The iterator does not provide a \'throw\' method');
        }
        return continueWith(apply(method, iterator, [sent]), iterator);
      } catch (error) { return rejected(error); }
    };
    return result;
  }
  function abandonChecked(iterator) {
    var method = iterator['return'];
    if (method !== void 0 && method !== null && !isObject(apply(method, iterator, []))) throw new TypeErrorOf('Iterator result is not an object');
  }

  // --- generators --------------------------------------------------------------------------------

  // yield*: an ECMAScript function, so that it may stand between a generator and its yield.
  $vms.delegate = function (value) {
    var iterator, next, method, sent, result, state = $vms.iterate(value), thrown, failed;
    if (state.list !== null || state.iterator === null) {
      while ($vms.step(state)) {
        try {
          $vms.yield(state.value);
        } catch (error) {
          if (error === $vms.closing) throw error;
          throw new TypeErrorOf('The iterator does not provide a \'throw\' method');
        }
      }
      return void 0;
    }
    iterator = state.iterator;
    next = state.next;
    result = apply(next, iterator, [void 0]);
    for (;;) {
      if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
      if (result.done) return result.value;
      failed = false;
      try {
        sent = $vms.yieldResult(result);
      } catch (error) {
        failed = true;
        thrown = error;
      }
      if (!failed) {
        result = apply(next, iterator, [sent]);
      } else if (thrown === $vms.closing) {
        method = iterator['return'];
        if (method === void 0 || method === null) throw thrown;
        result = apply(method, iterator, [$vms.returned()]);
        if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
        if (!result.done) continue;
        $vms.returned(result.value);
        throw thrown;
      } else {
        method = iterator['throw'];
        if (method === void 0 || method === null) {
          $vms.close(state);
          throw new TypeErrorOf('The iterator does not provide a \'throw\' method');
        }
        result = apply(method, iterator, [thrown]);
      }
    }
  };

  // yield* of an async generator; `await` and `suspend` are what stops it.
  $vms.delegateAsync = function (value) {
    var iterator = openAsync(value), next = iterator.next, method, result, sent, how = 0;
    for (;;) {
      if (how === 0) {
        result = $vms.await(apply(next, iterator, [sent]));
      } else if (how === 1) {
        method = iterator['throw'];
        if (method === void 0 || method === null) {
          method = iterator['return'];
          if (method !== void 0 && method !== null) $vms.checkClosed($vms.await(apply(method, iterator, [])));
          throw new TypeErrorOf('The iterator does not provide a \'throw\' method');
        }
        result = $vms.await(apply(method, iterator, [sent]));
      } else {
        method = iterator['return'];
        if (method === void 0 || method === null) {
          $vms.returned($vms.await($vms.returned()));
          throw $vms.closing;
        }
        result = $vms.await(apply(method, iterator, [$vms.returned()]));
      }
      if (!isObject(result)) throw new TypeErrorOf('Iterator result ' + describe(result) + ' is not an object');
      if (result.done) {
        if (how !== 2) return result.value;
        $vms.returned(result.value);
        throw $vms.closing;
      }
      result = result.value;
      try {
        sent = $vms.suspend(result);
        how = 0;
      } catch (error) {
        how = error === $vms.closing ? 2 : 1;
        sent = error;
      }
    }
  };

  // --- classes -----------------------------------------------------------------------------------

  var getPrototypeOf = $vms.parent = Object.getPrototypeOf, create = Object.create;
  var functionPrototype = Function.prototype;
  var hiddenKey = $vms.hiddenKey, hiddenGet = $vms.hiddenGet, hiddenSet = $vms.hiddenSet;
  var classKey = hiddenKey();
  var pending;  // new.target on its way from super() to the parent's constructor

  $vms.enter = function (target, name) {
    var given = pending;
    pending = void 0;
    if (given !== void 0) return given;
    if (target === void 0) throw new TypeErrorOf('Class constructor ' + name + " cannot be invoked without 'new'");
    return target;
  };
  $vms.self = function (self) {
    if (self === void 0) throw new ReferenceErrorOf("Must call super constructor in derived class before accessing 'this' or returning from derived constructor");
    return self;
  };
  $vms.result = function (value, self) {
    if (isObject(value)) return value;
    if (value !== void 0) throw new TypeErrorOf('Derived constructors may only return object or undefined');
    return $vms.self(self);
  };
  $vms.superCall = function (parent, target, list, current) {
    var prototype = target.prototype, result, object;
    if (typeof parent !== 'function') throw new TypeErrorOf('Super constructor ' + describe(parent) + ' is not a constructor');
    result = hiddenGet(parent, classKey);
    if (result !== void 0) {  // a class of ours: constructing it natively would nest natives
      if (result === 1) {
        object = create(isObject(prototype) ? prototype : parent.prototype);
        pending = target;
        result = apply(parent, object, list);
        if (isObject(result)) object = result;
      } else {
        pending = target;
        object = apply(parent, void 0, list);
      }
    } else {
      object = construct(parent, list, target);
    }
    if (current !== void 0 && current() !== void 0) throw new ReferenceErrorOf('Super constructor may only be called once');
    return object;
  };
  // A Proxy with a trap for it constructs whatever it is asked to for, once the engine has seen that that is a constructor.
  var probe = new Proxy(function () {}, { construct: function () { return ObjectOf; } });
  function isConstructor(value) {
    if (typeof value !== 'function') return false;
    if (hiddenGet(value, classKey) !== void 0 || value === SymbolOf) return true;  // Symbol may be extended, though not be made
    try {
      construct(probe, [], value);
      return true;
    } catch (refused) {
      return false;
    }
  }
  $vms.extend = function (constructor, parent, derived) {
    var prototype;
    if (derived) {
      if (parent !== null && !isConstructor(parent)) throw new TypeErrorOf('Class extends value ' + describe(parent) + ' is not a constructor or null');
      prototype = parent === null ? null : parent.prototype;
      if (prototype !== null && !isObject(prototype)) throw new TypeErrorOf('Class extends value does not have valid prototype property ' + describe(prototype));
      prototype = create(prototype);
      fix(constructor, 'prototype', defineMethod(prototype, 'constructor', constructor));
      setPrototypeOf(constructor, parent === null ? functionPrototype : parent);
    } else {
      fix(constructor, 'prototype', constructor.prototype);
    }
    hiddenSet(constructor, classKey, derived ? 2 : 1);
  };
  // kind: 0 method, 1 getter, 2 setter
  $vms.member = function (object, kind, name, fn) {
    var text = typeof name === 'symbol' ? $vms.name(function () {}, name).name : StringOf(name);
    if (kind === 0) defineMethod(object, name, $vms.name(fn, text));
    else if (kind === 1) $vms.defineGetter(object, name, $vms.name(fn, 'get ' + text));
    else $vms.defineSetter(object, name, $vms.name(fn, 'set ' + text));
  };
  // Triples of kind, key, function: see js_lower_class.c.
  $vms.fields = function (object, list) {
    var i, kind, name, fn, old;
    for (i = 0; i < list.length; i += 3) {
      kind = list[i];
      name = list[i + 1];
      fn = list[i + 2];
      if (kind === 0) {
        put(object, name, fn === null ? void 0 : apply(fn, object, []));
        continue;
      }
      if (kind === 1) fn = fn === null ? void 0 : apply(fn, object, []);  // before the check of a field
      old = hiddenGet(object, name.key);
      if (old !== void 0 && !(old.kind === 3 && (kind === 3 ? old.get === void 0 : kind === 4 && old.set === void 0)))
        throw new TypeErrorOf('Cannot initialize ' + name.name + ' twice on the same object');
      if (kind === 1) hiddenSet(object, name.key, { kind: 1, value: fn });
      else if (kind === 2) hiddenSet(object, name.key, { kind: 2, value: fn });
      else if (old !== void 0) old[kind === 3 ? 'get' : 'set'] = fn;
      else hiddenSet(object, name.key, kind === 3 ? { kind: 3, get: fn, set: void 0 } : { kind: 3, get: void 0, set: fn });
    }
  };
  // A private element is a box behind a hidden key: kind 1 field, 2 method, 3 accessor. Freezing the object leaves it as it is.
  $vms.privateName = function (name) { return { name: name, key: hiddenKey() }; };
  function boxOf(object, name, what) {
    var box = hiddenGet(object, name.key);
    if (box === void 0)
      throw new TypeErrorOf('Cannot ' + what + ' private member ' + name.name + (what === 'read' ? ' from' : ' to') + ' an object whose class did not declare it');
    return box;
  }
  $vms.get = function (object, name) {
    var box = boxOf(object, name, 'read');
    if (box.kind < 3) return box.value;
    if (box.get === void 0) throw new TypeErrorOf("'" + name.name + "' was defined without a getter");
    return apply(box.get, object, []);
  };
  $vms.set = function (object, name, value) {
    var box = boxOf(object, name, 'write');
    if (box.kind === 1) {
      box.value = value;
    } else if (box.kind === 2) {
      throw new TypeErrorOf('Private method \'' + name.name + "' is not writable");
    } else {
      if (box.set === void 0) throw new TypeErrorOf("'" + name.name + "' was defined without a setter");
      apply(box.set, object, [value]);
    }
    return value;
  };
  $vms.has = function (object, name) {
    if (!isObject(object)) throw new TypeErrorOf("Cannot use 'in' operator to search for '" + name.name + "' in " + describe(object));
    return hiddenGet(object, name.key) !== void 0;
  };
  // super.name: the search starts above `home`, getters and setters run on `self`.
  function superBase(home) {
    var base = getPrototypeOf(home);
    if (base === null) throw new TypeErrorOf('Cannot use super of an object without a prototype');
    return base;
  }
  var reflectGet = Reflect.get, reflectSet = Reflect.set;
  function superWrite(base, self, name, value) {
    if (!reflectSet(base, name, value, self)) throw new TypeErrorOf("Cannot assign to read only property '" + StringOf(name) + "'");
    return value;
  }
  $vms.superGet = function (home, self, name) {
    var base = superBase(home);
    return reflectGet(base, key(name), self);
  };
  $vms.superSet = function (home, self, name, value) {
    var base = superBase(home);
    return superWrite(base, self, key(name), value);
  };
  // The same in two steps, for what reads and writes; the key is converted by the first of them.
  $vms.superRef = function (home, self, name) { return { base: getPrototypeOf(home), self: self, name: name, converted: false }; };
  function convert(reference) {
    if (reference.base === null) throw new TypeErrorOf('Cannot use super of an object without a prototype');
    if (!reference.converted) reference.name = key(reference.name);
    reference.converted = true;
  }
  $vms.superTake = function (reference) {
    convert(reference);
    return reflectGet(reference.base, reference.name, reference.self);
  };
  $vms.superPut = function (reference, value) {
    convert(reference);
    return superWrite(reference.base, reference.self, reference.name, value);
  };
  $vms.superDelete = function () { throw new ReferenceErrorOf('Cannot delete a property of super'); };
})

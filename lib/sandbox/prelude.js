/* SPDX-License-Identifier: MIT */
/* What has to be, or may well be, ECMAScript rather than C: coroutines (resume and yield work only between ECMAScript
 * functions) and the library that Duktape lacks. ES5 and method shorthand. Everything used later is taken into a
 * variable now, so that a contract which changes a built-in changes nothing here. */
(function ($vms, native, global) {
"use strict";
var Thread = global.Duktape.Thread, Object = global.Object, Array = global.Array, TypeError = global.TypeError;
var RangeError = global.RangeError, EvalError = global.EvalError, String = global.String, Number = global.Number;
var Symbol = global.Symbol, Promise = global.Promise, Reflect = global.Reflect, Math = global.Math, Error = global.Error;
var resume = Thread.resume, yieldTo = Thread.yield, apply = Reflect.apply, construct = Reflect.construct;
var defineProperty = Object.defineProperty, create = Object.create, freeze = Object.freeze, keys = Object.keys;
var getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor, getPrototypeOf = Object.getPrototypeOf;
var isArray = Array.isArray, floor = Math.floor, min = Math.min, max = Math.max, stringify = global.JSON.stringify;
var hasOwn = Object.prototype.hasOwnProperty, iteratorSymbol = Symbol.iterator, MAX_SAFE = 9007199254740991;
var promiseNew = native.promiseNew, resolve = native.resolve, reject = native.reject, settled = native.settled;
var failed = native.failed, isPromise = native.isPromise, awaitOn = native.awaitOn, setHidden = native.setHidden;
var getHidden = native.getHidden, keyOf = native.keyOf;

function value(object, name, it) {
  defineProperty(object, name, { value: it, writable: true, enumerable: false, configurable: true });
}
function getter(object, name, get) {
  defineProperty(object, name, { get: get, set: undefined, enumerable: false, configurable: true });
}
function constant(object, name, it) {
  defineProperty(object, name, { value: it, writable: false, enumerable: false, configurable: false });
}
function tag(object, text) {
  defineProperty(object, Symbol.toStringTag, { value: text, writable: false, enumerable: false, configurable: true });
}
/* Adds the methods of `from` that `object` lacks. */
function extend(object, from) {
  keys(from).forEach(function (name) {
    if (hasOwn.call(object, name)) return;
    if (from[name].name !== name) defineProperty(from[name], "name", { value: name, configurable: true });
    value(object, name, from[name]);
  });
}
function isObject(it) { return it !== null && (typeof it === "object" || typeof it === "function"); }
function toInteger(it) {
  it = +it;
  return it !== it ? 0 : it < 0 ? -floor(-it) : floor(it);
}
function toLength(it) {
  it = toInteger(it);
  return it <= 0 ? 0 : min(it, MAX_SAFE);
}
function toObject(it) {
  if (it === undefined || it === null) throw new TypeError("not an object");
  return Object(it);
}
function callable(it) {
  if (typeof it !== "function") throw new TypeError("not a function");
  return it;
}

/* --- coroutines -------------------------------------------------------------------------- */

var DEPTH_MAX = 1000, depth = 0;

function trampoline(box) {
  var it = apply(box.fn, box.self, box.args);
  box.done = true;
  return it;
}

/* Goes on with the coroutine in the box until it awaits again or ends. Called by jobs, too. */
function drive(box, it, isError) {
  for (;;) {
    if (depth >= DEPTH_MAX) {
      reject(box.promise, new RangeError("too many nested async calls"));
      return;
    }
    depth++;
    try {
      it = resume(box.thread, it, isError);
    } catch (error) {
      depth--;
      reject(box.promise, error);
      return;
    }
    depth--;
    if (box.done) {
      resolve(box.promise, it);
      return;
    }
    try {
      awaitOn(box, it);
      return;
    } catch (error) {
      it = error;
      isError = true;
    }
  }
}

$vms.async = function (fn, self, args) {
  var box = { fn: fn, self: self, args: args, promise: promiseNew(), thread: new Thread(trampoline), done: false };
  drive(box, box, false);
  return box.promise;
};
$vms.asyncPlain = function (fn, self, args) {
  var it;
  try {
    it = apply(fn, self, args);
  } catch (error) {
    return failed(error);
  }
  return settled(it);
};
$vms.await = yieldTo;
$vms.yield = yieldTo;

/* Generators. `closing` is what return() throws into the body; no catch of the body may keep it. */
var closing = freeze(create(null));
$vms.closing = closing;
var IteratorPrototype = {};
value(IteratorPrototype, iteratorSymbol, function () { return this; });
defineProperty(IteratorPrototype[iteratorSymbol], "name", { value: "[Symbol.iterator]", configurable: true });
var GeneratorPrototype = create(IteratorPrototype);
tag(GeneratorPrototype, "Generator");
function generatorGo(self, it, isError, how) {
  var box = isObject(self) ? getHidden(self) : undefined;
  if (!isObject(box) || box.kind !== "generator") throw new TypeError("not a generator");
  if (box.running) throw new TypeError("generator is already running");
  if (!box.started && how !== 0) box.done = true;
  if (box.done) {
    if (how === 1) throw it;
    return { value: how === 2 ? it : undefined, done: true };
  }
  if (depth >= DEPTH_MAX) throw new RangeError("too many nested generators");
  if (how === 2) {
    box.result = it;
    it = closing;
    isError = true;
  }
  if (!box.started) {
    box.started = true;
    it = box;
  }
  box.running = true;
  depth++;
  try {
    it = resume(box.thread, it, isError);
  } catch (error) {
    box.done = true;
    if (error === closing) return { value: box.result, done: true };
    throw error;
  } finally {
    depth--;
    box.running = false;
  }
  return { value: it, done: box.done };
}
extend(GeneratorPrototype, {
  "next"(it) { return generatorGo(this, it, false, 0); },
  "throw"(it) { return generatorGo(this, it, true, 1); },
  "return"(it) { return generatorGo(this, it, true, 2); }
});
$vms.GeneratorPrototype = GeneratorPrototype;
$vms.IteratorPrototype = IteratorPrototype;
$vms.generator = function (fn, self, args, prototype) {
  var it = create(isObject(prototype) ? prototype : GeneratorPrototype);
  setHidden(it, { kind: "generator", fn: fn, self: self, args: args, thread: new Thread(trampoline), done: false,
                  started: false, running: false, result: undefined });
  return it;
};

/* --- iteration --------------------------------------------------------------------------- */

var ArrayIteratorPrototype = create(IteratorPrototype);
tag(ArrayIteratorPrototype, "Array Iterator");
function arrayIterator(array, kind) {
  var it = create(ArrayIteratorPrototype);
  setHidden(it, { kind: "array", array: array, at: 0, what: kind });
  return it;
}
extend(ArrayIteratorPrototype, {
  "next"() {
    var box = getHidden(this), at, array;
    if (!isObject(box) || box.kind !== "array") throw new TypeError("not an array iterator");
    array = box.array;
    if (array === undefined) return { value: undefined, done: true };
    at = box.at++;
    if (at >= toLength(array.length)) {
      box.array = undefined;
      return { value: undefined, done: true };
    }
    return { value: box.what === 0 ? at : box.what === 1 ? array[at] : [at, array[at]], done: false };
  }
});
var StringIteratorPrototype = create(IteratorPrototype);
tag(StringIteratorPrototype, "String Iterator");
extend(StringIteratorPrototype, {
  "next"() {
    var box = getHidden(this), at, unit, low, it;
    if (!isObject(box) || box.kind !== "string") throw new TypeError("not a string iterator");
    at = box.at;
    if (at >= box.text.length) return { value: undefined, done: true };
    it = box.text[at];
    unit = native.charCode(box.text, at);
    if (unit >= 0xd800 && unit <= 0xdbff && at + 1 < box.text.length) {
      low = native.charCode(box.text, at + 1);
      if (low >= 0xdc00 && low <= 0xdfff) it += box.text[at + 1];
    }
    box.at = at + it.length;
    return { value: it, done: false };
  }
});
function stringIterator(text) {
  var it = create(StringIteratorPrototype);
  setHidden(it, { kind: "string", text: text, at: 0 });
  return it;
}
/* Calls step for each value; closes the iterator if step throws. */
function iterate(iterable, step) {
  var iterator, next, result;
  if (iterable === undefined || iterable === null || typeof iterable[iteratorSymbol] !== "function")
    throw new TypeError("object is not iterable");
  iterator = iterable[iteratorSymbol]();
  if (!isObject(iterator)) throw new TypeError("iterator is not an object");
  next = iterator.next;
  for (;;) {
    result = apply(next, iterator, []);
    if (!isObject(result)) throw new TypeError("iterator result is not an object");
    if (result.done) return;
    try {
      step(result.value);
    } catch (error) {
      try {
        if (typeof iterator.return === "function") iterator.return();
      } catch (ignored) { /* the first error counts */ }
      throw error;
    }
  }
}
function listOf(iterable) {
  var list = [];
  iterate(iterable, function (it) { value(list, list.length, it); });
  return list;
}
$vms.iterate = iterate;

/* --- Promise ----------------------------------------------------------------------------- */

function capability(C) {
  var it = [undefined, undefined, undefined];
  if (C === Promise) {
    it[0] = new C(function (a, b) { it[1] = a; it[2] = b; });
    return it;
  }
  it[0] = new C(function (a, b) {
    if (it[1] !== undefined || it[2] !== undefined) throw new TypeError("executor called twice");
    it[1] = a;
    it[2] = b;
  });
  callable(it[1]);
  callable(it[2]);
  return it;
}
function promiseResolve(C, it) {
  var made;
  if (isPromise(it) && it.constructor === C) return it;
  if (C === Promise) return settled(it);
  made = capability(C);
  apply(made[1], undefined, [it]);
  return made[0];
}
/* Shared by all, allSettled, any and race: `each(index, add, made)` gives the two reactions. */
function combine(C, iterable, each, finish) {
  var made, resolveOne, index = 0, left = 1, list = [];
  if (!isObject(C)) throw new TypeError("this is not a constructor");
  made = capability(C);
  function done() {
    if (--left === 0 && finish) finish(made, list);
  }
  try {
    resolveOne = callable(C.resolve);
    iterate(iterable, function (it) {
      var at = index++, reactions;
      left++;
      value(list, at, undefined);
      reactions = each(made, function (wrapped) {
        var called = false;
        return function (result) {
          if (called) return undefined;
          called = true;
          list[at] = wrapped(result);
          return done();
        };
      });
      it = apply(resolveOne, C, [it]);
      it.then(reactions[0], reactions[1]);
    });
    done();
  } catch (error) {
    apply(made[2], undefined, [error]);
  }
  return made[0];
}
function same(it) { return it; }
function giveList(made, list) { apply(made[1], undefined, [list]); }
extend(Promise, {
  resolve(it) {
    if (!isObject(this)) throw new TypeError("this is not a constructor");
    return promiseResolve(this, it);
  },
  reject(it) {
    var made;
    if (this === Promise) return failed(it);
    made = capability(this);
    apply(made[2], undefined, [it]);
    return made[0];
  },
  all(iterable) {
    return combine(this, iterable, function (made, keep) { return [keep(same), made[2]]; }, giveList);
  },
  allSettled(iterable) {
    return combine(this, iterable, function (made, keep) {
      var called = false;
      function once(wrap) {
        var inner = keep(wrap);
        return function (it) {
          if (called) return undefined;
          called = true;
          return inner(it);
        };
      }
      return [once(function (it) { return { status: "fulfilled", value: it }; }),
              once(function (it) { return { status: "rejected", reason: it }; })];
    }, giveList);
  },
  race(iterable) {
    return combine(this, iterable, function (made) { return [made[1], made[2]]; }, null);
  },
  any(iterable) {
    return combine(this, iterable, function (made, keep) { return [made[1], keep(same)]; }, function (made, list) {
      apply(made[2], undefined, [new global.AggregateError(list, "All promises were rejected")]);
    });
  }
});
getter(Promise, Symbol.species, function () { return this; });
tag(Promise.prototype, "Promise");
extend(Promise.prototype, {
  "catch"(onRejected) { return this.then(undefined, onRejected); },
  "finally"(onFinally) {
    var C, self = this;
    if (!isObject(self)) throw new TypeError("this is not an object");
    C = self.constructor;
    if (C === undefined) C = Promise;
    if (C !== Promise) {
      C = C[Symbol.species];
      if (C === undefined || C === null) C = Promise;
    }
    if (typeof onFinally !== "function") return self.then(onFinally, onFinally);
    return self.then(function (it) {
      return promiseResolve(C, onFinally()).then(function () { return it; });
    }, function (error) {
      return promiseResolve(C, onFinally()).then(function () { throw error; });
    });
  }
});
value(global, "AggregateError", function AggregateError(errors, message) {
  var it = new Error(message);
  Object.setPrototypeOf(it, (this instanceof AggregateError && getPrototypeOf(this)) || AggregateError.prototype);
  value(it, "errors", listOf(errors));
  return it;
});
global.AggregateError.prototype = create(Error.prototype);
value(global.AggregateError.prototype, "constructor", global.AggregateError);
value(global.AggregateError.prototype, "name", "AggregateError");
value(global.AggregateError.prototype, "message", "");

/* --- console ----------------------------------------------------------------------------- */

native.format = function (it) {
  var text;
  if (typeof it === "string") return it;
  if (typeof it === "symbol") return native.describe(it);
  if (!isObject(it)) return 1 / it === -Infinity ? "-0" : String(it);
  try {
    if (typeof it === "function") return "[Function" + (it.name ? ": " + it.name : "") + "]";
    if (it instanceof Error) return String(it.stack || it);
    text = stringify(it);
    return typeof text === "string" ? text : "[object]";
  } catch (error) {
    return "[object]";
  }
};
native.drive = drive;
native.capability = capability;
//LIBRARY
})

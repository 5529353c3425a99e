/* SPDX-License-Identifier: MIT */
/* What has to be, or may well be, ECMAScript rather than C: coroutines (resume and yield work only between ECMAScript
 * functions) and the library that Duktape lacks. ES5 and method shorthand. Everything used later is taken into a
 * variable now, so that a contract which changes a built-in changes nothing here. */
(function ($vms, native, global) {
"use strict";
var Thread = global.Duktape.Thread, Object = global.Object, Array = global.Array, TypeError = global.TypeError;
var RangeError = global.RangeError, EvalError = global.EvalError, Number = global.Number;
var Symbol = global.Symbol, Reflect = global.Reflect, Math = global.Math;
var resume = Thread.resume, yieldTo = Thread.yield, apply = Reflect.apply;
var defineProperty = Object.defineProperty, create = Object.create, freeze = Object.freeze, keys = Object.keys;
var getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
var hasOwn = Object.prototype.hasOwnProperty;
var promiseNew = native.promiseNew, resolve = native.resolve, reject = native.reject, settled = native.settled;
var failed = native.failed, awaitOn = native.awaitOn, setHidden = native.setHidden;
var getHidden = native.getHidden, promiseOf = native.promiseOf, thenOf = native.then;
var setPrototypeOf = Object.setPrototypeOf, Function = global.Function;
var QueuePrototype = freeze(setPrototypeOf({ push: Array.prototype.push, shift: Array.prototype.shift }, null));
$vms.promiseOf = promiseOf;
$vms.then = thenOf;
$vms.promiseNew = promiseNew;
$vms.reject = reject;

function value(object, name, it) {
  defineProperty(object, name, { value: it, writable: true, enumerable: false, configurable: true });
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

/* Functions have no caller and no arguments: reading and writing them throws, for all functions by %ThrowTypeError%. */
var thrower = getOwnPropertyDescriptor((function () { return arguments; })(), "callee").get;
defineProperty(thrower, "length", { configurable: false });
defineProperty(thrower, "name", { value: "", configurable: false });
freeze(thrower);
["caller", "arguments"].forEach(function (name) {
  defineProperty(global.Function.prototype, name, { get: thrower, set: thrower, enumerable: false, configurable: true });
});

/* --- coroutines -------------------------------------------------------------------------- */

var DEPTH_MAX = 1000, depth = 0;
var running; /* box of the coroutine that runs */

function trampoline(box) {
  var it = apply(box.fn, box.self, box.args);
  box.done = true;
  return it;
}

/* Runs a coroutine until it yields or ends; what it threw is thrown. */
function goOn(box, it, isError) {
  var outer = running;
  if (depth >= DEPTH_MAX) throw new RangeError("too many nested async calls or generators");
  depth++;
  running = box;
  try {
    return resume(box.thread, it, isError);
  } finally {
    depth--;
    running = outer;
  }
}

/* Goes on with the coroutine of an async function or generator until it awaits again or ends. Called by jobs, too. */
function drive(box, it, isError) {
  for (;;) {
    box.yielding = false;
    try {
      it = goOn(box, it, isError);
    } catch (error) {
      if (box.queue !== undefined) asyncGeneratorEnd(box, error !== closing, error === closing ? box.result : error);
      else reject(box.promise, error);
      return;
    }
    if (box.done) {
      if (box.queue !== undefined) asyncGeneratorEnd(box, false, it);
      else resolve(box.promise, it);
      return;
    }
    if (box.yielding) {
      settleFirst(box, false, it, false);
      if (box.queue.length === 0) {
        box.busy = false;
        return;
      }
      isError = box.queue[0].how === 1;
      it = asyncGeneratorSent(box);
      continue;
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
  var box = { fn: fn, self: self, args: args, promise: promiseNew(), thread: new Thread(trampoline), done: false,
              yielding: false, queue: undefined };
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
/* yield* hands the results of what it delegates to on as they are. */
$vms.yieldResult = function (result) {
  running.passing = true;
  return yieldTo(result);
};

/* Generators. `closing` is what return() throws into the body; no catch of the body may keep it. */
var closing = freeze(create(null));
$vms.closing = closing;
var IteratorPrototype = native.IteratorPrototype;
var GeneratorPrototype = create(IteratorPrototype);
tag(GeneratorPrototype, "Generator");
$vms.returned = function (it) {
  if (arguments.length > 0) running.result = it;
  return running.result;
};
function generatorGo(self, it, isError, how) {
  var box = isObject(self) ? getHidden(self) : undefined;
  if (!isObject(box) || box.kind !== "generator") throw new TypeError("not a generator");
  if (box.running) throw new TypeError("generator is already running");
  if (!box.started && how !== 0) box.done = true;
  if (box.done) {
    if (how === 1) throw it;
    return { value: how === 2 ? it : undefined, done: true };
  }
  if (how === 2) {
    box.result = it;
    it = closing;
    isError = true;
  }
  if (!box.started) {
    box.started = true;
    it = box.paused ? undefined : box;
  }
  box.running = true;
  try {
    it = goOn(box, it, isError);
  } catch (error) {
    box.done = true;
    if (error === closing) return { value: box.result, done: true };
    throw error;
  } finally {
    box.running = false;
  }
  if (box.passing) {
    box.passing = false;
    return it;
  }
  return { value: it, done: box.done };
}
extend(GeneratorPrototype, {
  "next"(it) { return generatorGo(this, it, false, 0); },
  "throw"(it) { return generatorGo(this, it, true, 1); },
  "return"(it) { return generatorGo(this, it, true, 2); }
});
/* `paused`: the body starts with a yield behind its parameters, which belong to the call. */
$vms.generator = function (fn, self, args, callee, paused) {
  var box = { kind: "generator", fn: fn, self: self, args: args, thread: new Thread(trampoline), done: false,
              started: false, running: false, passing: false, paused: paused, result: undefined };
  if (paused) goOn(box, box, false);
  return instance(callee, GeneratorPrototype, box);
};
function instance(callee, prototype, box) {
  var it = callee.prototype;
  it = create(isObject(it) ? it : prototype);
  setHidden(it, box);
  return it;
}

/* --- async generators: section 27.6 of ECMAScript. What next, throw and return ask waits in a queue. --- */

var AsyncIteratorPrototype = {};
value(AsyncIteratorPrototype, Symbol.asyncIterator, function () { return this; });
defineProperty(AsyncIteratorPrototype[Symbol.asyncIterator], "name", { value: "[Symbol.asyncIterator]", configurable: true });
var AsyncGeneratorPrototype = create(AsyncIteratorPrototype);
tag(AsyncGeneratorPrototype, "AsyncGenerator");

/* Settles the oldest request. */
function settleFirst(box, isError, it, done) {
  var promise = box.queue.shift().promise;
  if (isError) reject(promise, it);
  else resolve(promise, { value: it, done: done });
}
/* What the body gets from the oldest request: for return(), something that $vms.suspend makes a completion of. */
function asyncGeneratorSent(box) {
  var request = box.queue[0];
  box.returning = request.how === 2;
  return request.it;
}
function asyncGeneratorEnd(box, isError, it) {
  box.done = true;
  settleFirst(box, isError, it, true);
  asyncGeneratorDrain(box);
}
/* Nothing of the body is left: answers requests until one has to wait. */
function asyncGeneratorDrain(box) {
  var request;
  for (;;) {
    box.busy = false;
    if (box.queue.length === 0) return;
    request = box.queue[0];
    if (request.how === 2) {
      box.busy = true;
      try {
        thenOf(promiseOf(request.it), function (it) {
          settleFirst(box, false, it, true);
          asyncGeneratorDrain(box);
        }, function (error) {
          settleFirst(box, true, error, true);
          asyncGeneratorDrain(box);
        });
        return;
      } catch (error) {
        settleFirst(box, true, error, true);
      }
    } else {
      settleFirst(box, request.how === 1, request.how === 1 ? request.it : undefined, true);
    }
  }
}
function asyncGeneratorGo(self, it, how) {
  var box = isObject(self) ? getHidden(self) : undefined, promise = promiseNew();
  if (!isObject(box) || box.kind !== "async generator") {
    reject(promise, new TypeError("not an async generator"));
    return promise;
  }
  box.queue.push({ how: how, it: it, promise: promise });
  if (box.busy) return promise;
  if (!box.started && how !== 0) box.done = true;
  if (box.done) {
    asyncGeneratorDrain(box);
    return promise;
  }
  box.busy = true;
  it = asyncGeneratorSent(box);
  if (!box.started) {
    box.started = true;
    it = box.paused ? undefined : box;
  }
  drive(box, it, how === 1);
  return promise;
}
extend(AsyncGeneratorPrototype, {
  "next"(it) { return asyncGeneratorGo(this, it, 0); },
  "return"(it) { return asyncGeneratorGo(this, it, 2); },
  "throw"(it) { return asyncGeneratorGo(this, it, 1); }
});
$vms.asyncGenerator = function (fn, self, args, callee, paused) {
  var queue = setPrototypeOf([], QueuePrototype);
  var box = { kind: "async generator", fn: fn, self: self, args: args, thread: new Thread(trampoline), done: false,
              started: false, busy: false, yielding: false, returning: false, paused: paused, queue: queue, result: undefined };
  if (paused) goOn(box, box, false);
  return instance(callee, AsyncGeneratorPrototype, box);
};
/* Hands a value out and waits for the next request. An ECMAScript function, as it stands between a body and its yield. */
$vms.suspend = function (it) {
  var box = running;
  box.yielding = true;
  it = yieldTo(it);
  if (!box.returning) return it;
  box.returning = false;
  box.result = yieldTo(it);
  throw closing;
};
$vms.yieldAsync = function (it) { return $vms.suspend(yieldTo(it)); };

/* --- the constructors of functions, in name only --------------------------------------------- */

function noCode() { throw new EvalError("code cannot be made from text in a contract"); }
/* Gives functions of a kind their common prototype, and that its constructor. */
function functionKind(name, instances) {
  var constructor = function () { noCode(); }, prototype = create(Function.prototype);
  defineProperty(constructor, "name", { value: name, configurable: true });
  defineProperty(constructor, "length", { value: 1, configurable: true });
  setPrototypeOf(constructor, Function);
  constant(constructor, "prototype", prototype);
  defineProperty(prototype, "constructor", { value: constructor, configurable: true });
  tag(prototype, name);
  if (instances === undefined) return prototype;
  defineProperty(prototype, "prototype", { value: instances, configurable: true });
  defineProperty(instances, "constructor", { value: prototype, configurable: true });
  return prototype;
}
var AsyncFunctionPrototype = functionKind("AsyncFunction");
var GeneratorFunctionPrototype = functionKind("GeneratorFunction", GeneratorPrototype);
var AsyncGeneratorFunctionPrototype = functionKind("AsyncGeneratorFunction", AsyncGeneratorPrototype);
$vms.asyncFunction = function (fn) { return setPrototypeOf(fn, AsyncFunctionPrototype); };
/* A generator function has an object for its generators to inherit from. */
function withInstances(fn, prototype, instances) {
  setPrototypeOf(fn, prototype);
  return $vms.defineInstances(fn, "prototype", create(instances));
}
$vms.generatorFunction = function (fn) { return withInstances(fn, GeneratorFunctionPrototype, GeneratorPrototype); };
$vms.asyncGeneratorFunction = function (fn) { return withInstances(fn, AsyncGeneratorFunctionPrototype, AsyncGeneratorPrototype); };

/* --- iteration --------------------------------------------------------------------------- */

$vms.hiddenKey = native.hiddenKey;
$vms.typedCount = native.typedCount;
$vms.hiddenGet = native.hiddenGet;
$vms.hiddenSet = native.hiddenSet;
var ArrayIteratorPrototype = native.ArrayIteratorPrototype, arrayNext = ArrayIteratorPrototype.next;
$vms.arrayIterationChanged = function () { return ArrayIteratorPrototype.next !== arrayNext || ArrayIteratorPrototype["return"] !== undefined; };

native.drive = drive;
/* --- library: what ES2015 and later have and Duktape lacks --------------------------------- */

constant(Number, "EPSILON", Math.pow(2, -52));
["parseFloat", "parseInt"].forEach(function (name) {
  defineProperty(global[name], "name", { value: name });
  value(Number, name, global[name]);
});
defineProperty(Symbol.prototype[Symbol.toPrimitive], "length", { value: 1 });

})

// SPDX-License-Identifier: MIT
// What a case calls: each value becomes one line of JSON. Bundled into every case.
//   check(name, value)            a value
//   check.throws(name, action)    an error path: the error's name and message, "no error" if there is none
//   check.throwsName(...)        its name alone, where the message is the engine's
//   await check.later(name, what) an async path: a promise, or a function that makes one; its value or its error
// `run(tests)` is what the runner puts at the end of the bundle.
const isError = value => value instanceof Error || (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value);

function describe(error, nameOnly) {
  if (!isError(error)) return { thrown: plain(error) };
  return nameOnly ? { error: error.name } : { error: error.name, message: error.message };
}

const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

// What JSON cannot say is named, so that undefined, NaN, -0, functions, maps and bytes are compared as well.
function plain(value, above = []) {
  switch (typeof value) {
    case 'undefined': return 'undefined:';
    case 'function': return `function:${value.name}`;
    case 'symbol': return `symbol:${value.description}`;
    case 'number': return Number.isFinite(value) && !Object.is(value, -0) ? value : `number:${Object.is(value, -0) ? '-0' : value}`;
    case 'object': break;
    default: return value;
  }
  if (value === null) return null;
  if (above.includes(value)) return `above:${above.length - above.indexOf(value)}`;
  const inside = [...above, value];
  if (Array.isArray(value)) return Array.from(value, item => plain(item, inside));
  if (value instanceof Date) return `date:${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()}`;
  if (value instanceof RegExp) return `regexp:${value}`;
  if (value instanceof Map) return { map: Array.from(value, entry => plain(entry, inside)) };
  if (value instanceof Set) return { set: Array.from(value, item => plain(item, inside)) };
  if (value instanceof Error) return describe(value);
  if (value instanceof Uint8Array) return `bytes:${hex(value)}`;
  if (value instanceof ArrayBuffer) return `buffer:${hex(new Uint8Array(value))}`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return { [value.constructor.name]: Array.from(value, item => plain(item)) };
  const result = {};
  for (const key of Object.keys(value)) result[key] = plain(value[key], inside);
  return result;
}

const say = (name, value, path) => print(JSON.stringify(path === undefined ? { name, value } : { name, value, path }));

export function check(name, value) {
  say(name, plain(value));
}

function throws(name, action, nameOnly) {
  let value = 'no error';
  try { value = { returned: plain(action()) }; } catch (error) { value = describe(error, nameOnly); }
  say(name, value, 'error');
}
check.throws = (name, action) => throws(name, action, false);
check.throwsName = (name, action) => throws(name, action, true);

check.later = async (name, what) => {
  let value;
  try { value = plain(await (typeof what === 'function' ? what() : what)); } catch (error) { value = describe(error, false); }
  say(name, value, 'async');
};

export async function run(tests) {
  const alive = setTimeout(() => print('failed: waited too long'), 1e6); // intervals alone do not keep a script going in the sandbox
  try {
    await tests(check);
    print('end');
  } catch (error) {
    print(`failed: ${isError(error) ? `${error.name}: ${error.message}\n${error.stack}` : String(error)}`);
  }
  clearTimeout(alive);
}

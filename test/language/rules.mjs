// SPDX-License-Identifier: MIT
// Takes the rules of the lowering out one by one, in a copy of the sources under build/rules, and counts the programs of the
// corpus that notice. Each rule must be missed by at least three.
//
//   node test/language/rules.mjs [NAME...]     only the rules whose name contains one of these
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

const expr = 'js_lower_expr.c', assign = 'js_lower_assign.c', func = 'js_lower_func.c', stmt = 'js_lower_stmt.c', cls = 'js_lower_class.c';
const runtime = 'lower_runtime.js', prelude = 'prelude.js';
// name, file of lib/sandbox, text that stands there once, what it becomes
const rules = [
  ['blocks: a name of its own for each variable', 'js_emit.c', 'keep = name->declared == 1 && !name->global;', 'keep = true;'],
  ['const: writing throws', runtime, "$vms.constant = function () { throw new TypeErrorOf('Assignment to constant variable.'); };", '$vms.constant = function () {};'],
  ['dead zone: reading', expr, 'js_put(p, "===$vms.T?$vms.tdz(");', 'js_put(p, "===$vms.T&&0?$vms.tdz(");'],
  ['dead zone: writing', assign, 'js_put(p, "===$vms.T&&$vms.tdz(");', 'js_put(p, "===$vms.T&&0&&$vms.tdz(");'],
  ['loops: a copy of the variables per round', stmt, '  if (boxed) put_copy(p, scope);\n  if (boxed && node->c', '  if (boxed) js_put(p, "0");\n  if (boxed && node->c'],
  ['loops: closures hold on to the round', stmt.replace('stmt', 'func'), 'js_put(p, "={},");', 'js_put(p, js_format(p, "=%s||{},", box_of(p, scope)));'],
  ['loops: let without a value is undefined again', stmt, 'js_put(p, "=void 0");\n  }\n}', 'js_put(p, "");\n  }\n}'],
  ['arrows: this', func, 'if (func->alias_this && !func->derived) js_put_alias(p, &func->this_name, "this", "this");', 'if (func->alias_this && !func->derived) js_put_alias(p, &func->this_name, "this", "void 0");'],
  ['arrows: arguments', func, 'put_alias(p, &func->arguments_name, "arguments", "arguments");', 'put_alias(p, &func->arguments_name, "arguments", "[]");'],
  ['arrows: new.target', func, 'func->async || func->method ? "void 0" : "new.target");', '"void 0");'],
  ['arguments can be iterated', runtime, 'if (list[iteratorSymbol] === void 0) defineMethod(list,', 'if (0) defineMethod(list,'],
  ['parameters: defaults', func, 'js_put(p, "===void 0){");', 'js_put(p, "===null){");'],
  ['parameters: rest', func, '"=$vms.slice(arguments,"', '"=$vms.slice([],"'],
  ['parameters: length ends at the first default', func, 'for (i = 0; i < func->length; i++, item = item->next) {', 'for (i = 0; item != NULL && item->type != N_REST; i++, item = item->next) {'],
  ['functions get the name of what they are assigned to', func, '  if (name != NULL && name->len > 0) {\n    js_put(p, "$vms.name(function");', '  if (0) {\n    js_put(p, "$vms.name(function");'],
  ['methods and arrows cannot be constructed', func, 'if (func->arrow || func->method || func->async || func->generator) {', 'if (func->async || func->generator) {'],
  ['classes: calling one throws', runtime, "if (target === void 0) throw new TypeErrorOf('Class constructor '", "if (0) throw new TypeErrorOf('Class constructor '"],
  ['classes: prototype cannot be written', runtime, "fix(constructor, 'prototype', constructor.prototype);", ""],
  ['classes: methods are not enumerable', runtime, 'if (kind === 0) defineMethod(object,', 'if (kind === 0) put(object,'],
  ['classes: accessors are not enumerable', runtime, "$vms.defineGetter(object, name, $vms.name(fn, 'get ' + text));", "$vms.showGetter(object, name, $vms.name(fn, 'get ' + text));"],
  ['classes: setters', runtime, "else $vms.defineSetter(object, name, $vms.name(fn, 'set ' + text));", "else $vms.defineSetter(object, name, function () {});"],
  ['classes: static members', cls, 'put_member(p, item, item->flags & F_STATIC ? class_name : prototype);', 'put_member(p, item, prototype);'],
  ['classes: the parent of the class itself', runtime, 'setPrototypeOf(constructor, parent === null ? functionPrototype : parent);', ''],
  ['classes: extends checks its value', runtime, "if (parent !== null && !isConstructor(parent)) throw", "if (0) throw"],
  ['classes: this is dead before super()', runtime, 'if (self === void 0) throw new ReferenceErrorOf("Must call', 'if (0) throw new ReferenceErrorOf("Must call'],
  ['classes: super() only once', runtime, "if (current !== void 0 && current() !== void 0) throw", "if (0) throw"],
  ['classes: what a derived constructor may return', runtime, "if (value !== void 0) throw new TypeErrorOf('Derived", "if (0) throw new TypeErrorOf('Derived"],
  ['classes: built-ins as parents', runtime, 'object = construct(parent, list, target);', 'object = construct(parent, list);'],
  ['fields: set on each object', cls, '    js_put(p, "$vms.fields(this,");', '    js_put(p, "$vms.fields({},");'],
  ['fields: after super()', expr, '    js_put(p, ",$vms.fields(");', '    js_put(p, ",$vms.fields({})||(");'],
  ['fields: static ones', cls, '  if (has_elements(node->b, true)) {', '  if (0) {'],
  ['fields: methods before fields', cls, '(item->op == PK_FIELD) != (pass == 1)) continue;', 'pass == 1) continue;'],
  ['private names: the brand is checked', runtime, "    if (box === void 0)\n      throw new TypeErrorOf('Cannot '", "    if (box === void 0) return { kind: 1 };\n    if (0)\n      throw new TypeErrorOf('Cannot '"],
  ['private names: methods cannot be written', runtime, "throw new TypeErrorOf('Private method", "if (0) throw new TypeErrorOf('Private method"],
  ['private names: accessors', runtime, 'return apply(box.get, object, []);', 'return box.get;'],
  ['private names: #x in o', runtime, 'return hiddenGet(object, name.key) !== void 0;', 'return true;'],
  ['private names: new ones per evaluation of the class', runtime, '$vms.privateName = function (name) { return { name: name, key: hiddenKey() }; };', 'var privateKeys = {}; $vms.privateName = function (name) { return { name: name, key: privateKeys[name] || (privateKeys[name] = hiddenKey()) }; };'],
  ['super: getters run on this', runtime, 'return reflectGet(base, key(name), self);', 'return reflectGet(base, key(name), base);'],
  ['super: setters run on this', runtime, 'if (!reflectSet(base, name, value, self)) throw', 'if (!reflectSet(base, name, value, base)) throw'],
  ['super: the search starts above the home object', runtime, 'var base = getPrototypeOf(home);\n    if', 'var base = home;\n    if'],
  ['super: methods keep this', expr, 'js_put(p, js_this_text(p, callee->a));\n    js_put(p, ",");', 'js_put(p, "void 0");\n    js_put(p, ",");'],
  ['patterns: null and undefined are refused', runtime, "if (value === null || value === void 0) throw new TypeErrorOf('Cannot destructure '", "if (0) throw new TypeErrorOf('Cannot destructure '"],
  ['patterns: defaults for undefined', assign, 'js_put(p, "===void 0&&(");', 'js_put(p, "==null&&(");'],
  ['patterns: rest of an array', runtime, 'while (!state.done && $vms.step(state)) put(rest, more++, state.value);', ''],
  ['patterns: rest of an object leaves out what was taken', runtime, 'if (j < without.length) continue;', ''],
  ['patterns: an array pattern closes its iterator', assign, '    js_put(p, ",$vms.close(");\n    js_put(p, state);', '    js_put(p, ",(");\n    js_put(p, state);'],
  ['patterns: iterators are closed when something throws', runtime, "        else $vms.abort(list[i], error);\n", ''],
  ['patterns: targets before values', assign, 'if (target->type != N_MEMBER && target->type != N_INDEX && target->type != N_PRIVATE) return;', 'return;'],
  ['patterns: names are inferred', assign, 'js_lower_named(p, item->b, item->a->type == N_IDENT && !(item->a->flags & F_PAREN) ? item->a->atom : NULL, PR_ASSIGN);', 'js_lower_named(p, item->b, NULL, PR_ASSIGN);'],
  ['spread: any iterable', runtime, 'while ($vms.step(state)) put(result, count++, state.value);\n    return result;', 'while ($vms.step(state)) { put(result, count++, state.value); if (state.list === null) break; }\n    return result;'],
  ['spread: holes become undefined', expr, 'js_put(p, "$vms.spread(");\n    put_node(p, list->a, PR_ASSIGN);', 'js_put(p, "[].concat(");\n    put_node(p, list->a, PR_ASSIGN);'],
  ['spread: in calls keeps this', expr, '    const char *self = js_keep_object(p, callee);\n    put_apply(p, callee, self, node->b);\n  } else {', '    put_apply(p, callee, NULL, node->b);\n  } else {'],
  ['spread: in new', expr, 'js_put(p, "$vms.construct(");', 'js_put(p, "$vms.apply(");'],
  ['objects: getters have names and are enumerable', runtime, "$vms.showGetter(object, name, $vms.name(fn, typeof name === 'symbol' ? 'get ' + $vms.name(function () {}, name).name : 'get ' + name));", "$vms.defineGetter(object, name, $vms.name(fn, 'got ' + StringOf(name)));"],
  ['objects: setters', runtime, "$vms.showSetter(object, name, $vms.name(fn, typeof", "$vms.showGetter(object, name, $vms.name(fn, typeof"],
  ['objects: __proto__ sets the prototype', runtime, 'if (value === null || isObject(value)) setPrototypeOf(object, value);', 'object.__proto__of = value;'],
  ['objects: spread takes what is enumerable', runtime, 'if (descriptor !== void 0 && descriptor.enumerable) put(object, name, source[name]);', 'if (descriptor !== void 0) put(object, name, source[name]);'],
  ['objects: computed keys become keys once', runtime, "typeof value === 'number' ? StringOf(value) : toKey(value);", "typeof value === 'number' ? StringOf(value) : (toKey(value), toKey(value));"],
  ['optional chains end at null and undefined', expr, 'js_put(p, ")==null?");\n    js_put(p, none);', 'js_put(p, ")===void 0?");\n    js_put(p, none);'],
  ['optional calls keep this', expr, 'node->c = js_raw_node(p, N_RAW, self == NULL ? "void 0" : self, NULL);', 'node->c = js_raw_node(p, N_RAW, "void 0", NULL);'],
  ['delete of an optional chain is true', expr, 'put_chain(p, operand->a, "true", "delete ");', 'put_chain(p, operand->a, "void 0", "delete ");'],
  ['?? is for null and undefined only', expr, 'js_put(p, ")!=null?");\n    js_put(p, value);\n    js_put(p, ":");\n    at', 'js_put(p, ")?");\n    js_put(p, value);\n    js_put(p, ":");\n    at'],
  ['logical assignment does not write needlessly', assign, 'js_put(p, node->op == T_A_OR ? "||" : "&&");', 'js_put(p, node->op == T_A_OR ? "||" : "&&0||");'],
  ['logical assignment ??=', assign, 'js_put(p, ")!=null?");', 'js_put(p, ")!==void 0?");'],
  ['operands are read from left to right', expr, 'if (!read_too_late(left, right)) {', 'if (1) {'],
  ['templates: ToString of each part', runtime, "  $vms.str = function (value) {\n", "  $vms.str = function (value) {\n    return value;\n"],
  ['tags: one frozen list per place', expr, 'js_put(p, "||(");\n  js_put(p, site);', 'js_put(p, "&&0||(");\n  js_put(p, site);'],
  ['tags: raw text', runtime, "freeze(defineMethod(cooked, 'raw', freeze(raw)));", "freeze(defineMethod(cooked, 'raw', cooked));"],
  ['tags: keep this', expr, "js_put(p, self == NULL ? \"void 0\" : self);\n  js_put(p, \",[\");", "js_put(p, \"void 0\");\n  js_put(p, \",[\");"],
  ['for-of: closes what it leaves', stmt, 'js_put(p, ")}finally{$vms.close(");', 'js_put(p, ")}finally{("); '],
  ['for-of: closes when the body throws', runtime, '    if (!state.done && state.list === null && state.iterator !== null) {\n      state.done = true;\n      try {', '    if (0) {\n      state.done = true;\n      try {'],
  ['for-of: what return() hands out must be an object', runtime, "    result = apply(method, state.iterator, []);\n    if (!isObject(result)) throw", "    result = apply(method, state.iterator, []);\n    if (0) throw"],
  ['labels stand at the loop itself', stmt, '  put_labels(p, labels, node);\n  js_put(p, waits ?', '  js_put(p, waits ?'],
  ['functions in blocks are made at the start of the block', func, 'if (binding->kind == BK_FUNCTION && binding->function != NULL && needs_factory(p, binding)) {', 'if (0) {'],
  ['generators: return() passes by every catch', stmt, '  if (!p->func->generator) return;\n', '  return;\n'],
  ['generators: parameters belong to the call', func, 'js_put(p, "$vms.yield();"); /* what', 'js_put(p, ""); /* what'],
  ['yield*: throw() is handed on', runtime, "        result = apply(method, iterator, [thrown]);\n", "        throw thrown;\n"],
  ['yield*: return() is handed on', runtime, "        method = iterator['return'];\n        if (method === void 0 || method === null) throw thrown;", "        throw thrown;"],
  ['async functions reject', prelude, '    return failed(error);\n', '    throw error;\n'],
  ['await goes on after the jobs before it', prelude, '    try {\n      awaitOn(box, it);\n      return;', '    try {\n      if (!isObject(it)) continue;\n      awaitOn(box, it);\n      return;'],
  ['async generators: yield awaits', prelude, '$vms.yieldAsync = function (it) { return $vms.suspend(yieldTo(it)); };', '$vms.yieldAsync = function (it) { return $vms.suspend(it); };'],
  ['async generators: return awaits', stmt, 'js_put(p, "return $vms.await(");', 'js_put(p, "return (");'],
  ['async generators: requests wait in a queue', prelude, '  if (box.busy) return promise;\n', ''],
  ['for await: values of promises', runtime, '      try {\n        value = $vms.promiseOf(value);', '      try {\n        value = $vms.promiseOf({ value: value }.value === value ? [value] : value);'],
  ['for await: closes what it leaves', stmt, 'js_put(p, js_format(p, "finally{if($vms.mustClose(%s))$vms.checkClosed($vms.await($vms.closeAsync(%s)))}}", iterator, iterator));', 'js_put(p, "finally{}}");'],
  ['Function#toString gives the text', 'trace.c', '  if (function != NULL) {\n    vms__charge(&sandbox->meter, (function->end', '  if (0) {\n    vms__charge(&sandbox->meter, (function->end'],
  ['stack traces: places of calls', expr, "  if ((node->type == N_CALL || node->type == N_NEW || node->type == N_TAGGED) && p->out", "  if (0 && p->out"],
];

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const tree = `${root}/build/rules`, cases = `${root}/test/language/cases`;
mkdirSync(tree, { recursive: true });
for (const part of ['Makefile', 'lib', 'include', 'cli', 'pkgconfig', 'test/tidy.sh']) cpSync(`${root}/${part}`, `${tree}/${part}`, { recursive: true, preserveTimestamps: true });
mkdirSync(`${tree}/build`, { recursive: true });
if (!existsSync(`${tree}/build/deps`)) symlinkSync(`${root}/build/deps`, `${tree}/build/deps`);

function build() {
  const made = spawnSync('make', ['-s', 'CFLAGS=-O1', 'build/vms-js'], { cwd: tree, encoding: 'utf8' });
  return made.status === 0 ? null : made.stderr.split('\n').find(line => /error/.test(line)) ?? made.stderr;
}

// The programs of a text in the form of the corpus: name -> the rest.
function sections(text) {
  const parts = text.split(/^(\/\/\/\/ .*)\n/m).slice(1), result = new Map();
  for (let i = 0; i < parts.length; i += 2) result.set(parts[i], parts[i + 1]);
  return result;
}

// How many programs of a file do not print what they should.
function missing(file) {
  const expected = sections(readFileSync(`${cases}/${basename(file, '.js')}.out`, 'utf8'));
  const got = sections(spawnSync(`${tree}/build/vms-js`, ['--cases', '--steps', '100000000', `${cases}/${file}`],
    { encoding: 'utf8', timeout: 120000, maxBuffer: 1 << 26 }).stdout ?? '');
  let count = 0;
  for (const [name, text] of expected) if (got.get(name) !== text) count++;
  return count;
}

const ENOUGH = 10; // so many failing programs settle it
const files = readdirSync(cases).filter(name => name.endsWith('.js'));

// Programs that fail now and did not before.
function failures(before) {
  let count = 0;
  for (const file of files) {
    count += missing(file) - before.get(file);
    if (count >= ENOUGH) break;
  }
  return count;
}

const wanted = process.argv.slice(2);
let error = build();
if (error) throw new Error(error);
const before = new Map(files.map(file => [file, missing(file)]));
for (const [file, count] of before) if (count > 0) console.log(`${count} programs of ${file} fail with all rules in place`);
let weak = 0, tried = 0;
for (const [name, file, from, to] of rules) {
  if (wanted.length > 0 && !wanted.some(part => name.includes(part))) continue;
  const path = `${tree}/lib/sandbox/${file}`, text = readFileSync(path, 'utf8');
  tried++;
  if (text.split(from).length !== 2) {
    weak++;
    console.log(`not ok  ${name}: its text stands ${text.split(from).length - 1} times in ${file}`);
    continue;
  }
  writeFileSync(path, text.replace(from, () => to));
  error = build();
  const missed = error ? 0 : failures(before);
  writeFileSync(path, text);
  if (error || missed < 3) weak++;
  console.log(`${error || missed < 3 ? 'not ok' : 'ok    '}  ${name}: ${error ?? `${missed} programs${missed >= ENOUGH ? ' or more' : ''}`}`);
}
console.log(`${tried} rules taken out, ${weak} of them not missed by three programs`);
process.exit(weak > 0 ? 1 : 0);

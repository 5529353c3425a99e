/* SPDX-License-Identifier: MIT */
/* Goal: a call's outcome is what vms/sandbox.h says, whatever the script returns or throws, and text passes the door
 * unharmed. Method: small contracts, exact expectations. */
#include "sandbox_support.h"

static void a_call_gives_its_result_as_json(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.hello=function(n){return 'hello '+n};exports.nothing=function(){};"
                    "exports.all=function(){return [1.5,null,true,'x',{a:[]},undefined]};"
                    "exports.toJSON=function(){return {toJSON:function(){return 7}}}");
  bench_call(&b, "hello", "[\"bob\"]");
  expect_result(&b, "\"hello bob\"");
  assert_true(b.outcome.steps > 0 && b.outcome.peak_bytes > 0);
  bench_call(&b, "nothing", "[]");
  expect_result(&b, "");
  bench_call(&b, "all", "[]");
  expect_result(&b, "[1.5,null,true,\"x\",{\"a\":[]},null]");
  bench_call(&b, "toJSON", "[]");
  expect_result(&b, "7");
  bench_call(&b, "absent", "[]");
  assert_int_equal(b.status, VMS_ERR_NOT_FOUND);
  bench_free(&b);
}

static void errors_keep_name_and_message(void **state) {
  static const struct { const char *body, *name, *message; } cases[] = {
    { "throw new TypeError('bad')", "TypeError", "bad" },
    { "throw 5", "Error", "5" },
    { "throw 'text'", "Error", "text" },
    { "throw null", "Error", "null" },
    { "throw undefined", "Error", "undefined" },
    { "throw {toString:function(){return 'mine'}}", "Error", "mine" },
    { "var e=new Error('m');e.name='MyError';throw e", "MyError", "m" },
    { "var e=new Error('m');Object.defineProperty(e,'name',{get:function(){throw 1}});throw e", "Error", "m" },
    { "var e=new Error('m');Object.defineProperty(e,'message',{get:function(){throw 1}});throw e", "Error", "" },
    { "return Promise.reject(new RangeError('later'))", "RangeError", "later" },
    { "return {toJSON:function(){throw new Error('in toJSON')}}", "Error", "in toJSON" },
    { "setTimeout(function(){throw new Error('in timer')},1);return 1", "Error", "in timer" },
    { "queueMicrotask(function(){throw new Error('in job')});return 1", "Error", "in job" },
    { "Promise.reject(new Error('unhandled'));return 1", "Error", "unhandled" },
    { "return new Promise(function(){})", "Error",
      "the call can never finish: its promise is still pending and nothing is left to run" },
    { "var o={};o.o=o;return o", "TypeError", "cyclic input" },
    { "return Math.random()", "Error", "Math.random: randomness is not available here" },
    { "return eval('1')", "EvalError", "code cannot be made from text in a contract" },
    { "return new Function('1')", "EvalError", "code cannot be made from text in a contract" },
    { "return (function(){}).constructor('1')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function()", "EvalError", "code cannot be made from text in a contract" },
    { "return Function('','return this')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function('return\\nthis')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function('returnthis')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function('return this;;')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function(['return this'])", "EvalError", "code cannot be made from text in a contract" },
    { "return Function('return this\\0')", "EvalError", "code cannot be made from text in a contract" },
    { "return Function(Symbol('return this'))", "EvalError", "code cannot be made from text in a contract" },
    { "return (async()=>{}).constructor('return this')", "EvalError", "code cannot be made from text in a contract" },
    { "return System.files.stat('/')", "Error", "System.files is not available here" },
  };
  bench b;
  (void)state;
  bench_init(&b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    run_f(&b, cases[i].body, "[]");
    expect_error(&b, cases[i].name, cases[i].message);
  }
  bench_free(&b);
}

static void a_long_message_is_cut_at_a_character(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "var s='a';while(s.length<10000)s+='\xc3\xa9\xc3\xa9\xc3\xa9';throw new Error(s)", "[]");
  assert_int_equal(b.outcome.kind, VMS_SANDBOX_ERROR);
  assert_int_equal(b.outcome.message.len, 4095); /* 1 + 2 * 2047: the next would end behind 4096 */
  bench_free(&b);
}

static void a_failed_call_leaves_the_sandbox_usable(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "var n=0;exports.f=function(bad){n++;setTimeout(function(){n+=10},5);if(bad)throw new Error('x');return n}");
  bench_call(&b, "f", "[true]");
  expect_error(&b, "Error", "x");
  bench_call(&b, "f", "[false]");
  expect_result(&b, "12"); /* the first call's timer ran to its end */
  bench_free(&b);
}

static void text_passes_the_door_unharmed(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.echo=function(x){return x};exports.len=function(x){return x.length};"
                    "exports.lone=function(){return '\\ud83d'+'|'+'\\ude00'};exports.err=function(x){throw new Error(x+'\\ud800')};"
                    "exports.keys=function(x){return Object.keys(x)};exports.proto=function(x){return [x.a,Object.getPrototypeOf(x)===Object.prototype,x]}");
  bench_call(&b, "echo", "[\"\xf0\x9f\x98\x80 \xc3\xa9 \xe2\x82\xac\"]");
  expect_result(&b, "\"\xf0\x9f\x98\x80 \xc3\xa9 \xe2\x82\xac\"");
  bench_call(&b, "len", "[\"\xf0\x9f\x98\x80\"]");
  expect_result(&b, "2");
  bench_call(&b, "echo", "[\"\\ud83d\\ude00 \\u0000 \\ud800\"]");
  expect_result(&b, "\"\xf0\x9f\x98\x80 \\u0000 \\ud800\"");
  bench_call(&b, "lone", "[]");
  expect_result(&b, "\"\\ud83d|\\ude00\"");
  bench_call(&b, "err", "[\"\xf0\x9f\x98\x80\"]");
  expect_error(&b, "Error", "\xf0\x9f\x98\x80\xef\xbf\xbd");
  bench_call(&b, "proto", "[{\"__proto__\":{\"a\":1},\"x\":2}]");
  expect_result(&b, "[null,true,{\"__proto__\":{\"a\":1},\"x\":2}]");
  bench_call(&b, "echo", "[\"\\u00ff\\u0080\xff\"]"); /* what is not UTF-8 becomes U+FFFD, never a symbol */
  expect_result(&b, "\"\xc3\xbf\xc2\x80\xef\xbf\xbd\"");
  bench_call(&b, "echo", "[\"\xff\x82hidden\"]");
  expect_result(&b, "\"\xef\xbf\xbd\xef\xbf\xbdhidden\"");
  bench_call(&b, "keys", "[{\"\xe2\x82\xac\":1,\"2\":1,\"1\":1}]");
  expect_result(&b, "[\"1\",\"2\",\"\xe2\x82\xac\"]");
  bench_free(&b);
}

static void methods_are_the_exported_functions(void **state) {
  vms_buffer json = VMS_BUFFER_INIT;
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.b=function(){return this===exports};exports.a=function(){};exports.x=5;exports.init=function(){};"
                    "exports['p.q']=function(){};exports.handshake=function(){};"
                    "Object.defineProperty(exports,'got',{enumerable:true,get:function(){throw 1}});");
  assert_int_equal(vms_sandbox_methods(b.sandbox, &json), VMS_OK);
  assert_string_equal(json.data, "[\"b\",\"a\"]");
  assert_true(vms_sandbox_exports(b.sandbox, (vms_slice){ "init", 4 }));
  assert_true(vms_sandbox_exports(b.sandbox, (vms_slice){ "p.q", 3 }));
  assert_false(vms_sandbox_exports(b.sandbox, (vms_slice){ "x", 1 }));
  assert_false(vms_sandbox_exports(b.sandbox, (vms_slice){ "got", 3 }));
  assert_false(vms_sandbox_exports(b.sandbox, (vms_slice){ "toString", 8 }));
  bench_call(&b, "b", "[]");
  expect_result(&b, "true");
  vms_buffer_free(&json);
  bench_free(&b);
  bench_started(&b, "module.exports={only:function(){return 1}}");
  bench_call(&b, "only", "[]");
  expect_result(&b, "1");
  bench_free(&b);
}

/* As in CommonJS: what module.exports is when the script starts; in functions it is what the caller gives. */
static void this_of_a_contract_is_its_exports(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "var first=module.exports,self=this,arrow=()=>this;this.early=function(){return 'early'};"
                    "for(let i=0;i<1;i++){let later=()=>this;exports.looped=function(){return later()===exports}}"
                    "exports.same=function(){return [self===exports,arrow()===first,this===exports,(()=>this===first)(),"
                    "(function(){return this})()===undefined,self===globalThis,typeof globalThis.first]};");
  bench_call(&b, "same", "[]");
  expect_result(&b, "[true,true,true,true,true,false,\"undefined\"]");
  bench_call(&b, "looped", "[]");
  expect_result(&b, "true");
  bench_call(&b, "early", "[]");
  expect_result(&b, "\"early\"");
  bench_free(&b);
  bench_started(&b, "var old=this;module.exports={f:function(){return [this===module.exports,old===this,old===exports]}}");
  bench_call(&b, "f", "[]");
  expect_result(&b, "[true,false,true]");
  bench_free(&b);
  bench_started(&b, "(function(root,factory){if(typeof exports==='object'&&typeof module!=='undefined')factory(exports);"
                    "else factory(root.library={})})(this,function(exports){exports.answer=function(){return 42}})");
  bench_call(&b, "answer", "[]");
  expect_result(&b, "42");
  bench_free(&b);
}

static void a_failing_top_level_is_an_outcome(void **state) {
  static const struct { const char *code, *name, *message; } cases[] = {
    { "throw new TypeError('top')", "TypeError", "top" },
    { "setTimeout(function(){},1)", "Error", "timers cannot be used while the script loads" },
    { "System.files.stat('/')", "Error", "System.files cannot be used while the script loads" },
    { "Math.random()", "Error", "Math.random cannot be used while the script loads" },
    { "Promise.reject(new Error('nobody'))", "Error", "nobody" },
  };
  bench b;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bench_init(&b);
    bench_start(&b, cases[i].code);
    expect_error(&b, cases[i].name, cases[i].message);
    bench_free(&b);
  }
}

static void the_caller_and_the_time_come_with_the_call(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.f=function(){try{System.caller.id='x'}catch(e){}return [System.caller.id,Date.now(),new Date().getTime(),Object.isFrozen(System),Object.isFrozen(System.caller)]}");
  b.call.caller = (vms_slice){ "debug:b\xc3\xb6\x62", 10 };
  b.call.time_ms = UINT64_C(1700000000123);
  bench_call(&b, "f", "[]");
  expect_result(&b, "[\"debug:b\xc3\xb6\x62\",1700000000123,1700000000123,true,true]");
  b.call.caller = (vms_slice){ NULL, 0 };
  bench_call(&b, "f", "[]");
  expect_result(&b, "[null,1700000000123,1700000000123,true,true]");
  bench_free(&b);
}

static void nothing_of_the_machine_can_be_seen(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "return [typeof Duktape,typeof CBOR,typeof performance,typeof String.fromBufferRaw,"
            "new Error('x').fileName===undefined,(function(){}).fileName===undefined,"
            "new Uint8Array(new Float64Array([Math.sqrt(-1)]).buffer)[7],new Uint8Array(new Float32Array([-NaN]).buffer)[3],"
            "new Date(2020,5,1).getTimezoneOffset()]", "[]");
  expect_result(&b, "[\"undefined\",\"undefined\",\"undefined\",\"undefined\",true,true,127,127,0]");
  run_f(&b, "function inner(){return new Error('x').stack}\nreturn [1].map(function outer(){return inner()})[0]", "[]");
  expect_result(&b, "\"Error: x\\n    at inner (contract.js:1:51)\\n    at outer (contract.js:2:40)\\n    at exports.f (contract.js:2:12)\"");
  bench_free(&b);
}

static void the_console_gets_lines_of_text(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "console.log('a',1,{b:[2]},null,undefined,-0);console.warn('two\\nlines');"
            "return console.error({toJSON:function(){throw 1}})", "[]");
  expect_result(&b, "");
  assert_string_equal(b.console, "log: a 1 { b: [ 2 ] } null undefined -0\nwarn: two\nwarn: lines\nerror: { toJSON: [Function: toJSON] }\n");
  bench_free(&b);
}

/* What the console got from a body of code. */
static void expect_console(bench *b, const char *body, const char *lines) {
  b->console[0] = 0;
  run_f(b, body, "[]");
  expect_result(b, "");
  assert_string_equal(b->console, lines);
}

static void the_console_shows_what_node_shows_and_runs_nothing(void **state) {
  bench b;
  uint64_t steps;
  (void)state;
  bench_init(&b);
  expect_console(&b, "class Odd extends Error { constructor() { super('why'); this.code = 'E_ODD'; } }\nconsole.log(new Odd());\n"
                     "var e = new TypeError('x'); e.name = 'Mine'; console.log([e])",
                 "log: Odd [Error]: why\nlog:     at new Odd (contract.js:1:75)\nlog:     at exports.f (contract.js:2:13) {\n"
                 "log:   code: 'E_ODD'\nlog: }\nlog: [\nlog:   Mine: x\nlog:       at exports.f (contract.js:3:9)\nlog: ]\n");
  bench_free(&b);
  bench_init(&b);
  expect_console(&b, "console.group('g');console.time('t');console.timeEnd('t');console.timeEnd('t');console.table([1]);"
                     "return new Promise(function(r){setTimeout(function(){console.timeEnd('u');r()},1234);console.time('u')})",
                 "log: g\nlog:   t: 0ms\nwarn:   Label 't' does not exist\nlog:   [ 1 ]\nlog:   u: 1.234s\n");
  bench_call(&b, "f", "[]"); /* groups end with the call */
  assert_non_null(strstr(b.console, "1.234s\nlog: g\n"));
  expect_console(&b, "var ran=0,bad={get a(){ran++},toString:function(){ran++},valueOf:function(){ran++},toJSON:function(){ran++},"
                     "get [Symbol.toStringTag](){ran++;return 'x'},get constructor(){ran++}};bad[Symbol.toPrimitive]=function(){ran++};"
                     "var p=new Proxy(bad,{get:function(){ran++},ownKeys:function(){ran++;return []},getPrototypeOf:function(){ran++;return null},"
                     "has:function(){ran++},getOwnPropertyDescriptor:function(){ran++}});"
                     "console.log('%s %d %i %f %j %o %O',bad,bad,p,p,p,bad,p,Object.create(p));console.dir(p,p);console.count(bad);"
                     "console.assert(false,bad,p);console.table(p);console.time(p);if(ran)console.error(ran)",
                 b.console);
  assert_null(strstr(b.console, "error: "));
  /* The steps are those of a call that nobody listens to. */
  expect_console(&b, "console.log({a:[1,2,{b:3}]},'x\\ny',new Map([[1,2]]));console.trace(1)", b.console);
  steps = b.outcome.steps;
  bench_free(&b);
  b.host.console = NULL;
  run_f(&b, "console.log({a:[1,2,{b:3}]},'x\\ny',new Map([[1,2]]));console.trace(1)", "[]");
  assert_int_equal(b.outcome.steps, steps);
  bench_free(&b);
}

static size_t longest_line;

static void measure_line(void *context, const char *level, vms_slice text) {
  (void)context, (void)level;
  if (text.len > longest_line) longest_line = text.len;
  assert_null(text.len == 0 ? NULL : memchr(text.data, '\n', text.len));
}

static void what_the_console_gets_is_bounded(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.host.console = measure_line;
  run_f(&b, "var s='\\u20ac'.repeat(1e6);console.log(s);console.log([s,s],s);console.log('%s%j',s,[s]);console.log(new Array(1e6).fill(s))", "[]");
  expect_result(&b, "");
  assert_in_range(longest_line, 250000, (256 << 10) + 8);
  bench_free(&b);
}

static void json_stringify_is_the_same_on_both_paths(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  /* A replacer switches the fast path off. */
  run_f(&b, "var o={a:[1,-0,1e21,NaN,null,undefined,function(){}],b:'\\u2028\\ud800\\\"\\u0001\\ud83d\\ude00',c:{},d:new Date(0),e:undefined,"
            "f:new Number(3),g:new String('s'),h:[[],[,1]],i:1.5e-7,j:new Map(),k:Symbol('q'),l:new Uint8Array([1,2])};"
            "function same(k,v){return v}"
            "return [JSON.stringify(o)===JSON.stringify(o,same),JSON.stringify(o,null,1)===JSON.stringify(o,same,1),JSON.stringify(o)]", "[]");
  expect_result(&b, "[true,true,\"{\\\"a\\\":[1,0,1e+21,null,null,null,null],\\\"b\\\":\\\"\xe2\x80\xa8\\\\ud800\\\\\\\"\\\\u0001"
                    "\xf0\x9f\x98\x80\\\",\\\"c\\\":{},\\\"d\\\":\\\"1970-01-01T00:00:00.000Z\\\",\\\"f\\\":3,\\\"g\\\":\\\"s\\\","
                    "\\\"h\\\":[[],[null,1]],\\\"i\\\":1.5e-7,\\\"j\\\":{},\\\"l\\\":{\\\"0\\\":1,\\\"1\\\":2}}\"]");
  bench_free(&b);
}

static void *failing_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  long *left = context;
  (void)old_len;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  return (*left)-- > 0 ? realloc(memory, new_len) : NULL;
}

static void running_out_of_real_memory_is_a_status(void **state) {
  (void)state;
  int succeeded = 0;
  for (long n = 0; n < 10000000 && !succeeded; n += 1 + n / 20) {
    long left = n;
    vms_env env = { sizeof env, 0, &left, failing_resize, NULL, NULL };
    bench b;
    bench_init(&b);
    b.options.env = &env;
    int status = vms_sandbox_new(&b.sandbox, &b.options, &b.host, &b.error);
    if (status == VMS_OK) {
      const char *code = "exports.f=function(){var a=[];for(var i=0;i<20000;i++)a.push({i:i});return a.length}";
      b.status = vms_sandbox_start(b.sandbox, (vms_slice){ code, strlen(code) }, &b.call, &b.outcome, &b.error);
      if (b.status == VMS_OK) bench_call(&b, "f", "[]");
      status = b.status;
    }
    succeeded = status == VMS_OK;
    if (!succeeded) assert_int_equal(status, VMS_ERR_NOMEM);
    left = 10000000;
    bench_free(&b);
  }
  assert_true(succeeded);
}

static void too_little_memory_for_an_empty_sandbox_is_refused(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.options.memory_max = 50000;
  assert_int_equal(vms_sandbox_new(&b.sandbox, &b.options, &b.host, &b.error), VMS_ERR_NOMEM);
  assert_null(b.sandbox);
  vms_sandbox_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_call_gives_its_result_as_json),
    cmocka_unit_test(errors_keep_name_and_message),
    cmocka_unit_test(a_long_message_is_cut_at_a_character),
    cmocka_unit_test(a_failed_call_leaves_the_sandbox_usable),
    cmocka_unit_test(text_passes_the_door_unharmed),
    cmocka_unit_test(methods_are_the_exported_functions),
    cmocka_unit_test(this_of_a_contract_is_its_exports),
    cmocka_unit_test(a_failing_top_level_is_an_outcome),
    cmocka_unit_test(the_caller_and_the_time_come_with_the_call),
    cmocka_unit_test(nothing_of_the_machine_can_be_seen),
    cmocka_unit_test(the_console_gets_lines_of_text),
    cmocka_unit_test(the_console_shows_what_node_shows_and_runs_nothing),
    cmocka_unit_test(what_the_console_gets_is_bounded),
    cmocka_unit_test(json_stringify_is_the_same_on_both_paths),
    cmocka_unit_test(running_out_of_real_memory_is_a_status),
    cmocka_unit_test(too_little_memory_for_an_empty_sandbox_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

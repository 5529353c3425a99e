/* SPDX-License-Identifier: MIT */
/* Goal: limits are exact, cannot be caught, and hold inside natives too; deep recursion never crashes; the same script
 * always takes the same steps and bytes. Method: endless and greedy contracts, and the list of long natives. */
#define _POSIX_C_SOURCE 200809L
#include "sandbox_support.h"

#include <time.h>

/* Of this thread: what else the machine does, or whether it stands still, does not count. */
static double used_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void steps_are_exact_over_several_calls(void **state) {
  bench b;
  uint64_t first, second;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.f=function(n){var s=0;for(var i=0;i<n;i++)s+=i;return s}");
  bench_call(&b, "f", "[1000]");
  bench_call(&b, "f", "[1000]");
  first = b.outcome.steps;
  bench_call(&b, "f", "[1000]");
  assert_int_equal(b.outcome.steps, first);
  bench_call(&b, "f", "[2000]");
  second = b.outcome.steps;
  bench_call(&b, "f", "[3000]");
  assert_int_equal(b.outcome.steps - second, second - first);
  b.call.steps_max = b.outcome.steps; /* exactly enough */
  bench_call(&b, "f", "[3000]");
  expect_result(&b, "4498500");
  b.call.steps_max--;
  bench_call(&b, "f", "[3000]");
  expect_abort(&b, "steps");
  assert_int_equal(b.outcome.steps, b.call.steps_max);
  bench_free(&b);
}

static void no_handler_sees_a_limit(void **state) {
  static const char *const bodies[] = {
    "for(;;){try{for(;;);}catch(e){console.log('caught')}finally{console.log('finally')}}",
    "function r(){try{r()}finally{r()}}r()",
    "return (async function(){try{await 1;for(;;);}catch(e){console.log('caught')}finally{console.log('finally')}})()",
    "function f(){return Promise.resolve().then(f)}return f()",
    "setInterval(function(){},1);return new Promise(function(){})",
    "function f(){setTimeout(f,1)}f()",
    "return {toJSON:function(){for(;;);}}",
    "throw {toString:function(){for(;;);}}",
    "[1,2,3].forEach(function(){try{for(;;);}catch(e){console.log('caught')}})",
    "var o={get x(){for(;;);}};try{o.x}finally{console.log('finally')}",
  };
  bench b;
  (void)state;
  bench_init(&b);
  b.call.steps_max = 200000;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    run_f(&b, bodies[i], "[]");
    expect_abort(&b, "steps");
    assert_int_equal(b.outcome.steps, 200000);
    assert_string_equal(b.console, "");
  }
  bench_free(&b);
}

static void a_limit_at_the_top_level_is_an_outcome(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.call.steps_max = 100000;
  bench_start(&b, "for(;;);");
  expect_abort(&b, "steps");
  bench_free(&b);
  bench_start(&b, "var a=[];for(;;)a.push([a.length]);");
  expect_abort(&b, "steps");
  bench_free(&b);
}

static void memory_bombs_are_aborted(void **state) {
  static const char *const bodies[] = {
    "var s='x';try{for(;;)s+=s}catch(e){return 'caught'}",
    "var a=[];try{for(;;)a.push(new Uint8Array(100000))}catch(e){return 'caught'}finally{return 'f'}",
    "var o={};for(var i=0;;i++)o['k'+i]=i",
    "var l=null;for(;;)l={next:l}",
    "new Uint8Array(100000000)",
    "new Array(50000000).join('abc')",
    "return 'x'.repeat(100000000)",
    "var m=new Map();for(var i=0;;i++)m.set(i,i)",
    "for(;;)new Promise(function(){}).then(function(){}),f2();function f2(){f2.l=[f2.l]}",
    "var a=[];for(;;)a=[a,a]",
  };
  bench b;
  (void)state;
  bench_init(&b);
  b.options.memory_max = 8 << 20;
  b.call.steps_max = 200000000;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    run_f(&b, bodies[i], "[]");
    if (strcmp(text_of(&b.outcome.name), "memory") != 0) printf("case %zu: %s\n", i, bodies[i]);
    expect_abort(&b, "memory");
    assert_true(b.outcome.peak_bytes <= 8 << 20);
  }
  bench_free(&b);
}

/* Whatever the aborted one was in the middle of, the next sandbox of the process gives the same result, steps and bytes. */
static void a_new_sandbox_works_after_an_abort(void **state) {
  static const char work[] = "return [a,'b'].concat(JSON.parse('[1,{\"c\":2}]')).map(x=>JSON.stringify(x)).sort().join('')";
  static const char *const bodies[] = {
    "for(;;);", "for(;;)[3,1,2].sort()", "JSON.parse('['+'1,'.repeat(1e7)+'1]')", "for(var s='x';;)s+=s", "/(a+)+b/.test('a'.repeat(99))",
    "return (async function(){for(;;)await 1})()", "for(var l=null;;)l={next:l}", "new RegExp('(a|b)'.repeat(1e6))",
  };
  uint64_t steps = 0, peak = 0;
  bench b;
  (void)state;
  bench_init(&b);
  for (size_t i = 0; i <= sizeof bodies / sizeof bodies[0]; i++) {
    run_f(&b, work, "[7]");
    expect_result(&b, "\"\\\"b\\\"17{\\\"c\\\":2}\"");
    if (i > 0) {
      assert_int_equal(b.outcome.steps, steps);
      assert_int_equal(b.outcome.peak_bytes, peak);
    }
    steps = b.outcome.steps;
    peak = b.outcome.peak_bytes;
    if (i == sizeof bodies / sizeof bodies[0]) break;
    b.options.memory_max = 4 << 20;
    run_f(&b, bodies[i], "[]");
    assert_int_equal(b.outcome.kind, VMS_SANDBOX_ABORTED);
    b.options.memory_max = 0;
  }
  bench_free(&b);
}

static void garbage_does_not_count(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.options.memory_max = 4 << 20;
  b.call.steps_max = 100000000;
  run_f(&b, "for(var i=0;i<300000;i++){var x={a:[i]};x.x=x}return 1", "[]"); /* cycles: only the collector frees them */
  expect_result(&b, "1");
  bench_free(&b);
}

static void a_result_may_be_as_long_as_allowed(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.call.result_max = 100;
  run_f(&b, "return 'x'.repeat(a)", "[98]");
  assert_int_equal(b.outcome.kind, VMS_SANDBOX_RESULT);
  assert_int_equal(b.outcome.result.len, 100);
  run_f(&b, "return 'x'.repeat(a)", "[99]");
  expect_abort(&b, "result");
  run_f(&b, "return '\\u20ac'.repeat(a)", "[33]"); /* bytes count, not characters */
  expect_abort(&b, "result");
  bench_free(&b);
}

/* Each runs long without an opcode unless natives are charged. */
static void long_natives_stop_in_bounded_time(void **state) {
  static const char *const bodies[] = {
    "Array.prototype.indexOf.call({length:4e9},1)",
    "Array.prototype.forEach.call({length:4e9},function(){})",
    "Array.prototype.reverse.call({length:4e9})",
    "Array.prototype.lastIndexOf.call({length:4e9},1)",
    "Array.prototype.includes.call({length:4e9},1)",
    "Array.prototype.unshift.call({length:4e9},1)",
    "Array.prototype.splice.call({length:4e9},0,1)",
    "Array.prototype.slice.call({length:4e9},0)",
    "new Array(4e9).join('')",
    "new Array(1e7).concat(new Array(1e7)).length=0;for(;;)new Array(4e9).indexOf(1)",
    "/(a+)+b/.exec('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
    "/(x|y|z|x)*$/.test('xyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyz!')",
    "var q=[];for(var i=0;i<60000;i++)q.push(i);while(q.length)q.shift()",
    "for(;;)Object.keys(new String('x'.repeat(2e5)))",
    "for(;;)JSON.parse('['+new Array(100000).join('1,')+'1]')",
    "for(;;)JSON.stringify(new Array(500000))",
    "var s='x'.repeat(1e6);for(;;)s+'y'",
    "var s='x'.repeat(3e5);for(;;)s.split('')",
    "var s='x'.repeat(3e5);for(;;)s.replace(/x/g,'yy')",
    "var s='x'.repeat(3e6);for(;;)s.toUpperCase()",
    "var s='a'.repeat(1e6);for(;;)s.indexOf('a'.repeat(5e5)+'b')",
    "var s='a'.repeat(1e6);for(;;)s.indexOf('b')",
    "var s='a'.repeat(1e6);for(;;)s.lastIndexOf('b')",
    "var s='\\u20ac'.repeat(1e6);for(var i=0;;i+=7777)s.charCodeAt((i*31337)%1000000)",
    "var s='a'.repeat(1e6),t=s+'b',u=s+'c';for(;;)t<u",
    "var s='a'.repeat(1e6),t=s+'b',u=s+'c';for(;;)t.localeCompare(u)",
    "var a=[];for(var i=0;i<90000;i++)a.push(i);for(;;)a.sort()",
    "var b=new Uint8Array(1e7);for(;;)b.fill(1)",
    "var b=new Uint8Array(1e7),c=new Uint8Array(1e7);for(;;)b.set(c)",
    "var b=new Uint8Array(1e6),c=new Float64Array(1e6);for(;;)c.set(b)",
    "var l=null;for(var i=0;i<200000;i++)l={n:l};for(;;){var x={};x.x=x;}",
    "var o={};for(var i=0;i<9000;i++)o=Object.create(o);for(;;)o.absent",
    "var o={};for(var i=0;i<9000;i++)o=Object.create(o);for(;;)'absent' in o",
    "function F(){}var o={};for(var i=0;i<9000;i++)o=Object.create(o);for(;;)o instanceof F",
    "for(;;)String.fromCharCode.apply(null,new Array(50000))",
    "for(;;)encodeURIComponent('\\u20ac'.repeat(1e5))",
    "for(;;)parseInt('9'.repeat(1e6))",
    "for(;;)Number(' '.repeat(1e6))",
    "var s=' '.repeat(1e6);for(;;)s.trim()",
    "var s='9'.repeat(1e6);for(;;)+s",
    "var s='9'.repeat(1e6);for(;;)parseFloat(s)",
    "var s=' '.repeat(1e6);for(;;)s.length,+s",
    "var d=new TextDecoder(),b=new Uint8Array(1e6);for(;;)d.decode(b)",
    "var e=new TextEncoder(),s='x'.repeat(1e6);for(;;)e.encode(s)",
    "var f=function(){};for(;;)f=f.bind(null,1,2,3)",
    "for(;;)escape('\\u20ac'.repeat(1e5))",
    "var s='x'.repeat(1e6);for(;;)/y/.test(s)",
    "for(;;)new RegExp('a{1,1000}b{1,1000}'.repeat(5))",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;for(;;)for(var k in o)break",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;for(;;)Object.freeze(o)",
    "var b=new Uint8Array(1e6);for(;;)new Uint8Array(b)",
    "var a=[];a.length=4e9;for(;;)a.length=a.length-1",
    "var s='x'.repeat(1e6);for(;;)Symbol(s)",
    "var s='x'.repeat(1e6),o={};for(;;)o[s]",
    "var s='x'.repeat(1e6);for(;;)s.startsWith(s)",
    "var s='x'.repeat(1e6);for(;;)s.endsWith('x')",
    "var s='x'.repeat(1e6);for(;;)new Date(s)",
    "for(;;)new Date('1'.repeat(1000))",
    "var b=new ArrayBuffer(1e6);for(;;)b.slice(0)",
    "var s='x'.repeat(1e6),t=s.substring(1);for(;;)s.substring(1)",
    "for(;;)Array.prototype.indexOf.call({length:1e9},1)",
    "for(;;)Array.prototype.includes.call({length:2**53-1},1)",
    "for(;;)Array.prototype.reverse.call({length:1e9})",
    "var a=new Array(500000).fill(1);for(;;)a.slice()",
    "var a=new Array(500000).fill(1);for(;;)a.concat(a)",
    "var a=new Array(500000).fill(1);for(;;)a.splice(0,1,2,3)",
    "var a=[];for(var i=0;i<500000;i++)a.push([1]);for(;;)a.flat()",
    "var a=new Array(500000).fill(1);for(;;)Array.from(a)",
    "var a=new Array(500000).fill('x');for(;;)a.sort()",
    "var m=new Map();for(var i=0;i<100000;i++)m.set(i,i);for(;;)new Map(m)",
    "var m=new Map();for(var i=0;i<100000;i++)m.set(i,i);for(i=1;i<100000;i++)m.delete(i);for(;;)m.entries().next(),[...m]",
    "for(;;){var m=new Map();for(var i=0;i<20000;i++)m.set('k'+i,i);m.clear()}",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;for(;;)Object.entries(o)",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;for(;;)Object.assign({},o)",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;for(;;)Object.getOwnPropertyDescriptors(o)",
    "var o={};for(var i=0;i<50000;i++)o['k'+i]=1;var p=new Proxy(o,{ownKeys(t){return Reflect.ownKeys(t)}});for(;;)Object.keys(p)",
    "var l=[];for(var i=0;i<20000;i++)l.push(1);for(;;)Promise.all(l)",
    "var p={};for(var i=0;i<100000;i++)p=new Proxy(p,{});for(;;)p.x",
    "var p={};for(var i=0;i<100000;i++)p=new Proxy(p,{});for(;;)'x' in p",
    "var p=[];for(var i=0;i<100000;i++)p=new Proxy(p,{});for(;;)Array.isArray(p)",
    "function F(){}var p={};for(var i=0;i<100000;i++)p=new Proxy(p,{});for(;;)p instanceof F",
    "var p={};for(var i=0;i<9000;i++)p=Object.create(p);for(;;)Reflect.get(p,'x',1)",
    "for(;;)'x'.padStart(1e6)",
    "var s='x'.repeat(1e6)+' ';for(;;)s.trimEnd()",
    "for(;;)(5e-324).toFixed(100),(5e-324).toPrecision(100),(1e308).toExponential(100)",
    "for(;;)Number('1.2345678901234567e-300'),Number('1.7976931348623157e308')",
    "for(;;)(123456789.123456789).toString(2),(1e300).toFixed(20),(1e-300).toPrecision(21)",
  };
  bench b;
  double worst = 0;
  (void)state;
  bench_init(&b);
  b.call.steps_max = 2000000;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    double start = used_s();
    run_f(&b, bodies[i], "[]");
    double took = used_s() - start;
    if (took > worst) worst = took;
    if (took > 2 || b.outcome.kind != VMS_SANDBOX_ABORTED)
      printf("%.2f s, kind %u %s %s: %s\n", took, b.outcome.kind, text_of(&b.outcome.name), text_of(&b.outcome.message), bodies[i]);
    assert_int_equal(b.status, VMS_OK);
    assert_true(took < 60); /* below 1 without sanitizers: what is not charged takes for ever */
  }
  printf("worst: %.2f s for 2,000,000 steps\n", worst);
  bench_free(&b);
}

static void deep_recursion_is_a_range_error(void **state) {
  static const char *const bodies[] = {
    "function r(){return r()+1}r()",
    "function r(){return [1].map(r)}r()",
    "function r(){return [2,1].sort(r)}r()",
    "function r(){return [1].find(r)}r()",
    "function r(){return Array.from([1],r)}r()",
    "function r(){return new Map([[1,2]]).forEach(r)}r()",
    "var a=[];a[0]=a;a.flat(Infinity)",
    "var p=new Proxy({},{get:function(t,k,r){return r[k]}});p.x",
    "var h={};for(var i=0;i<10000;i++)h=new Proxy({},h);h.x",
    "function F(){return Reflect.construct(F,[],Array)}new F()",
    "var o={get x(){return Reflect.get(o,'x',1)}};o.x",
    "function r(){return 'x'.replace(/x/,r)}r()",
    "var o={get x(){return this.x}};o.x",
    "var o={toString:function(){return ''+this}};''+o",
    "var o={valueOf:function(){return +this}};+o",
    "var o={toJSON:function(){return JSON.stringify(this)}};JSON.stringify(o)",
    "function r(){return r.apply(null,arguments)+1}r()",
    "function R(){this.x=new R()}new R()",
    "function r(){return [Reflect.construct(r,[])]}r()",
    "function r(){return JSON.parse('[1]',r)}r()",
    "var a=[];for(var i=0;i<100000;i++)a=[a];JSON.stringify(a)",
    "JSON.parse(new Array(100000).join('['))",
    "async function r(){await r()}return r()",
    "async function r(){return r()}return r().then(function(){throw new RangeError('')})",
    "var p=new Proxy({},{get:function(t,k){return p[k]}});p.x",
    "function r(){return Promise.resolve({get then(){r()}})}r();throw new RangeError('')",
    "var f=function(){};for(var i=0;i<1000;i++)f=f.bind();f();throw new RangeError('')",
    "var o={};for(var i=0;i<20000;i++)o=Object.create(o);o.x",
  };
  bench b;
  (void)state;
  bench_init(&b);
  b.call.steps_max = 50000000;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    run_f(&b, bodies[i], "[]");
    assert_int_equal(b.status, VMS_OK);
    if (b.outcome.kind != VMS_SANDBOX_ERROR || strcmp(text_of(&b.outcome.name), "RangeError") != 0)
      fail_msg("kind %u %s: %s: %s", b.outcome.kind, text_of(&b.outcome.name), text_of(&b.outcome.message), bodies[i]);
  }
  run_f(&b, "function r(){return r()+1}try{r()}catch(e){return e instanceof RangeError}", "[]");
  expect_result(&b, "true");
  run_f(&b, "async function r(){await r()}return r().catch(function(e){return e.name})", "[]");
  expect_result(&b, "\"RangeError\"");
  bench_free(&b);
}

static void deeply_nested_source_is_refused(void **state) {
  static const char *const parts[] = { "(", "[", "{", "!", "-", "a?", "if(1)", "function f(){", "x={a:", "f(", "/(", "`${" };
  bench b;
  (void)state;
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    size_t each = strlen(parts[i]), count = 50000;
    char *code = malloc(each * count + 1);
    assert_non_null(code);
    for (size_t k = 0; k < count; k++) memcpy(code + k * each, parts[i], each);
    code[each * count] = 0;
    bench_init(&b);
    bench_start(&b, code);
    assert_int_equal(b.status, VMS_OK);
    assert_int_not_equal(b.outcome.kind, VMS_SANDBOX_RESULT);
    bench_free(&b);
    free(code);
  }
}

static void the_same_script_takes_the_same_steps_and_bytes(void **state) {
  static const char body[] =
      "var out=[],o={};for(var i=0;i<500;i++){o['k'+(i*7919%503)]=[i,{i:i}];out.push(String(i*1.1))}"
      "var m=new Map(Object.entries(o));var t=JSON.stringify(o);out.sort();"
      "return (async function(){var s=0;for(var i=0;i<50;i++)s+=await Promise.resolve(i);"
      "return [s,t.length,m.size,t.replace(/[0-4]+/g,'x').length,new Date().toISOString()]})()";
  uint64_t steps = 0, peak = 0;
  bench b;
  (void)state;
  bench_init(&b);
  for (int i = 0; i < 3; i++) {
    run_f(&b, body, "[]");
    expect_result(&b, "[1225,11171,500,10209,\"1970-01-01T00:16:40.000Z\"]");
    if (i > 0) {
      assert_int_equal(b.outcome.steps, steps);
      assert_int_equal(b.outcome.peak_bytes, peak);
    }
    steps = b.outcome.steps;
    peak = b.outcome.peak_bytes;
  }
  printf("steps %lu peak %lu\n", (unsigned long)steps, (unsigned long)peak);
  bench_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(steps_are_exact_over_several_calls),
    cmocka_unit_test(no_handler_sees_a_limit),
    cmocka_unit_test(a_limit_at_the_top_level_is_an_outcome),
    cmocka_unit_test(memory_bombs_are_aborted),
    cmocka_unit_test(a_new_sandbox_works_after_an_abort),
    cmocka_unit_test(garbage_does_not_count),
    cmocka_unit_test(a_result_may_be_as_long_as_allowed),
    cmocka_unit_test(long_natives_stop_in_bounded_time),
    cmocka_unit_test(deep_recursion_is_a_range_error),
    cmocka_unit_test(deeply_nested_source_is_refused),
    cmocka_unit_test(the_same_script_takes_the_same_steps_and_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

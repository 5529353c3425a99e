/* SPDX-License-Identifier: MIT */
/* Goal: promises, jobs and timers run in the order that ECMAScript and Node have. Method: contracts that record what
 * happens; the expected orders were taken from Node. */
#include "sandbox_support.h"

#define LOG "var log=[];function at(x){return function(v){log.push(v===undefined?x:x+v)}}"
#define END ";return new Promise(function(r){setTimeout(function(){r(log.join(' '))},1000)})"

static void jobs_run_in_the_order_of_node(void **state) {
  static const struct { const char *body, *log; } cases[] = {
    { LOG "Promise.resolve().then(at('a')).then(at('c'));Promise.resolve().then(at('b'));at('s')()" END, "s a b c" },
    { LOG "setTimeout(at('t'),0);setImmediate(at('i'));queueMicrotask(at('m'));Promise.resolve().then(at('p'));at('s')()" END, "s m p i t" },
    /* resolving with a promise costs two more ticks */
    { LOG "new Promise(function(r){r(Promise.resolve(1))}).then(at('slow'));var p=Promise.resolve();"
      "for(var i=0;i<4;i++)p=p.then(at('k'+i+'.'))" END, "k0. k1. slow1 k2. k3." },
    { LOG "(async function(){await null;at('a1')();await Promise.resolve();at('a2')();await {then:function(r){r()}};at('a3')()})();"
      "var p=Promise.resolve();for(var i=0;i<6;i++)p=p.then(at('k'+i))" END, "a1 k0 a2 k1 k2 a3 k3 k4 k5" },
    { LOG "(async function(){return 1})().then(at('r'));Promise.resolve().then(at('p'))" END, "r1 p" },
    { LOG "(async function(){return Promise.resolve(1)})().then(at('r'));var p=Promise.resolve();for(var i=0;i<4;i++)p=p.then(at('k'+i))" END, "k0 k1 r1 k2 k3" },
    { LOG "(async function(){try{await Promise.reject(new Error('x'))}catch(e){at('caught ')(e.message)}finally{at('f')()}})();at('s')()" END, "s caught x f" },
    { LOG "Promise.reject(1).catch(at('c')).finally(at('f')).then(at('t'))" END, "c1 f t" },
    { LOG "Promise.reject(1).then(at('no'),at('r'));Promise.reject(2).finally(function(){}).catch(at('still'))" END, "r1 still2" },
    { LOG "new Promise(function(a,b){a(1);b(2);a(3);throw 4}).then(at('v'))" END, "v1" },
    { LOG "new Promise(function(){throw 5}).catch(at('e'))" END, "e5" },
    { LOG "var p=new Promise(function(r){setTimeout(function(){r(p)},0)});p.catch(function(e){at('e')(e instanceof TypeError)})" END, "etrue" },
    { LOG "Promise.resolve({then:function(a,b){a(1);b(2);throw 3}}).then(at('v'))" END, "v1" },
    { LOG "Promise.resolve({get then(){throw 7}}).catch(at('e'))" END, "e7" },
    { LOG "Promise.all([3,Promise.resolve(4),new Promise(function(r){setTimeout(r,5,5)})]).then(at('all '));Promise.all([]).then(at('none'))" END, "none all 3,4,5" },
    { LOG "Promise.all([Promise.reject(1),new Promise(function(){})]).catch(at('e'))" END, "e1" },
    { LOG "Promise.race([new Promise(function(){}),Promise.resolve(2),1]).then(at('w'))" END, "w2" },
    { LOG "Promise.any([Promise.reject(1),Promise.resolve(2)]).then(at('any'));Promise.any([Promise.reject(9)]).catch(function(e){at('agg')(e.errors[0])})" END, "any2 agg9" },
    { LOG "Promise.allSettled([1,Promise.reject(2)]).then(function(l){at('')(l[0].status+l[0].value+l[1].status+l[1].reason)})" END, "fulfilled1rejected2" },
    { LOG "setTimeout(at('c'),30);setTimeout(at('a'),10);setTimeout(at('b'),20);setTimeout(at('a2'),10);var t=setTimeout(at('no'),5);clearTimeout(t)" END, "a a2 b c" },
    { LOG "var n=0,i=setInterval(function(){at('i')(++n);if(n===3)clearInterval(i)},10);setTimeout(at('t'),25)" END, "i1 i2 t i3" },
    { LOG "setTimeout(function(x,y){at('args')(x+y)},1,2,3);setTimeout(function(){at('')(Date.now())},50)" END, "args5 1000050" },
    { LOG "Promise.resolve().then(function(){setTimeout(at('t'),0);Promise.resolve().then(at('m'))})" END, "m t" },
    { LOG "Object.freeze(Promise.resolve(1)).then(at('frozen'));Promise.prototype.then.call(Object.freeze(new Promise(function(r){setTimeout(r,1)})),at('late'))" END, "frozen1 late" },
    { LOG "function P(f){var p=Reflect.construct(Promise,[f]);return p}at('')(Promise.resolve(1) instanceof Promise)" END, "true" },
  };
  bench b;
  (void)state;
  bench_init(&b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char expected[256];
    run_f(&b, cases[i].body, "[]");
    snprintf(expected, sizeof expected, "\"%s\"", cases[i].log);
    if (strcmp(text_of(&b.outcome.result), expected) != 0) printf("case %zu: %s\n", i, cases[i].body);
    expect_result(&b, expected);
  }
  bench_free(&b);
}

static void a_call_waits_for_its_promise_and_its_timeouts(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "return new Promise(function(r){setTimeout(function(){r(a+Date.now())},86400000)})", "[1]");
  expect_result(&b, "87400001");
  run_f(&b, "return {then:function(r){r('thenable')}}", "[]");
  expect_result(&b, "\"thenable\"");
  run_f(&b, "setInterval(function(){},10);return 5", "[]"); /* intervals end with the promise */
  expect_result(&b, "5");
  run_f(&b, "var n=0;return new Promise(function(r){setInterval(function(){if(++n===5)r(n)},10)})", "[]");
  expect_result(&b, "5");
  bench_free(&b);
  bench_started(&b, "var n=0;exports.f=function(){setTimeout(function(){n++},10);return n};exports.g=function(){setInterval(function(){n+=100},1);return n}");
  bench_call(&b, "f", "[]");
  expect_result(&b, "0");
  bench_call(&b, "g", "[]");
  expect_result(&b, "1");
  bench_call(&b, "f", "[]"); /* no interval is left of the call before */
  expect_result(&b, "1");
  bench_free(&b);
}

static void what_can_never_settle_is_an_error_at_once(void **state) {
  static const char *const bodies[] = {
    "return new Promise(function(){})",
    "return (async function(){await new Promise(function(){})})()",
    "return Promise.all([1,new Promise(function(){})])",
    "return {then:function(){}}",
  };
  bench b;
  (void)state;
  bench_init(&b);
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    run_f(&b, bodies[i], "[]");
    expect_error(&b, "Error", "the call can never finish: its promise is still pending and nothing is left to run");
  }
  bench_free(&b);
}

static void a_rejection_handled_in_time_is_fine(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "var p=Promise.reject(new Error('x'));setTimeout(function(){p.catch(function(){})},10);return 1", "[]");
  expect_result(&b, "1");
  run_f(&b, "Promise.reject(new Error('x'));return new Promise(function(r){setTimeout(r,10)})", "[]");
  expect_error(&b, "Error", "x");
  bench_free(&b);
}

static void many_jobs_keep_their_order(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  run_f(&b, "var n=0,bad=0;for(var i=0;i<5000;i++)(function(i){Promise.resolve().then(function(){if(n++!==i)bad++}).then(function(){if(n++!==5000+i)bad++})})(i);"
            "return new Promise(function(r){setTimeout(function(){r([n,bad])},1)})", "[]");
  expect_result(&b, "[10000,0]");
  bench_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(jobs_run_in_the_order_of_node),
    cmocka_unit_test(a_call_waits_for_its_promise_and_its_timeouts),
    cmocka_unit_test(what_can_never_settle_is_an_error_at_once),
    cmocka_unit_test(a_rejection_handled_in_time_is_fine),
    cmocka_unit_test(many_jobs_keep_their_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

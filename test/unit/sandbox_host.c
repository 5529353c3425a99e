/* SPDX-License-Identifier: MIT */
/* What a sandbox asks of its owner besides files: randomness and oracles; and scripts that are no contracts. */
#include "sandbox_support.h"

static int seeds_asked;

static int count_up(void *context, uint8_t seed[32], vms_error *error) {
  (void)context, (void)error;
  seeds_asked++;
  for (uint8_t i = 0; i < 32; i++) seed[i] = i;
  return VMS_OK;
}

static int no_seed(void *context, uint8_t seed[32], vms_error *error) {
  (void)context, (void)seed, (void)error;
  return VMS_ERR_IO;
}

static void random_numbers_follow_from_the_seed_of_the_call(void **state) {
  /* The words 0x0706050403020100 ... in Blackman's and Vigna's xoshiro256** give these, worked out with Python's integers. */
  static const char expected[] = "[0.7349480968858131,0.146712802768166,0.004822664361306628]";
  bench b;
  (void)state;
  bench_init(&b);
  b.host.seed = count_up;
  bench_started(&b, "exports.f=function(){return [Math.random(),Math.random(),Math.random()]};exports.g=function(){return 1}");
  seeds_asked = 0;
  bench_call(&b, "g", "[]");
  assert_int_equal(seeds_asked, 0);
  bench_call(&b, "f", "[]");
  expect_result(&b, expected);
  bench_call(&b, "f", "[]");
  expect_result(&b, expected);
  assert_int_equal(seeds_asked, 2);
  bench_free(&b);
}

static void without_a_seed_random_throws(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.f=function(){return Math.random()}");
  bench_call(&b, "f", "[]");
  expect_error(&b, "Error", "Math.random: randomness is not available here");
  bench_free(&b);
  b.host.seed = count_up;
  bench_start(&b, "Math.random()");
  expect_error(&b, "Error", "Math.random cannot be used while the script loads");
  bench_free(&b);
  b.host.seed = no_seed;
  bench_started(&b, "exports.f=function(){try{return Math.random()}catch(e){return 1}}");
  bench_call(&b, "f", "[]");
  assert_int_equal(b.status, VMS_ERR_IO);
  bench_free(&b);
}

static int answer(void *context, vms_slice name, vms_slice params, vms_file_reply *reply, vms_error *error) {
  (void)context, (void)error;
  if (name.len == 12 && memcmp(name.data, "stocks.quote", 12) == 0) {
    reply->kind = VMS_FILE_JSON;
    return vms_buffer_append(&reply->body, params.data, params.len);
  }
  reply->kind = VMS_FILE_ERROR;
  memcpy(reply->error_name, "OracleError", 12);
  return vms_buffer_append(&reply->body, "closed", 6);
}

static void oracles_answer_in_the_order_they_are_asked(void **state) {
  static const char *const names[] = { "stocks.quote", "stocks.buy", "sky.colour", NULL };
  bench b;
  (void)state;
  bench_init(&b);
  b.host.oracle = answer;
  b.host.oracles = names;
  bench_started(&b, "exports.f=async function(a){return [await System.stocks.quote(a,[1]),await System.stocks.buy().catch(e=>e.name+':'+e.message),"
                    "Object.keys(System),Object.isFrozen(System.stocks),typeof System.sky.colour]}");
  bench_call(&b, "f", "[\"IBM\"]");
  expect_result(&b, "[[\"IBM\",[1]],\"OracleError:closed\",[\"caller\",\"files\",\"stocks\",\"sky\"],true,\"function\"]");
  bench_free(&b);
  bench_start(&b, "System.sky.colour()");
  expect_error(&b, "Error", "oracles cannot be asked while the script loads");
  bench_free(&b);
}

static void names_of_oracles_are_checked(void **state) {
  static const char *const bad[] = { "quote", "files.read", "caller.id", "a.b.c", "a.", ".b", "a.b-c", "1a.b", "vms.x" };
  bench b;
  (void)state;
  bench_init(&b);
  b.host.oracle = answer;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    const char *names[] = { "good.one", bad[i], NULL };
    b.host.oracles = names;
    if (vms_sandbox_new(&b.sandbox, &b.options, &b.host, &b.error) != VMS_ERR_ARGUMENT) fail_msg("%s is accepted", bad[i]);
    assert_null(b.sandbox);
    assert_int_equal(b.error.position, 1);
  }
}

static void a_script_runs_its_timers_and_prints(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.call.flags = VMS_SANDBOX_SCRIPT;
  bench_started(&b, "setTimeout(function(){print('later',Date.now())},5);Promise.resolve(1).then(print);var n=0;"
                    "var id=setInterval(function(){print('tick');if(++n==2)clearInterval(id)},1)");
  assert_string_equal(b.console, "log: 1\nlog: tick\nlog: tick\nlog: later 1000005\n");
  bench_free(&b);
  b.call.flags = 0;
  bench_start(&b, "setTimeout(function(){},5)");
  expect_error(&b, "Error", "timers cannot be used while the script loads");
  bench_free(&b);
}

static void an_uncaught_error_tells_where_it_was_made(void **state) {
  static const char code[] = "function g(x) {\n  return x.y.z;\n}\nexports.f = function () { return g({}); };\nexports.h = function () { throw 'text'; };";
  vms_buffer stack = VMS_BUFFER_INIT;
  bench b;
  (void)state;
  bench_init(&b);
  b.call.stack = &stack;
  bench_started(&b, code);
  bench_call(&b, "f", "[]");
  assert_int_equal(b.outcome.kind, VMS_SANDBOX_ERROR);
  assert_string_equal(text_of(&stack), "\n    at g (contract.js:2:14)\n    at exports.f (contract.js:4:34)");
  uint64_t steps = b.outcome.steps, peak = b.outcome.peak_bytes;
  vms_buffer_free(&stack);
  bench_call(&b, "h", "[]");
  assert_int_equal(stack.len, 0);
  bench_free(&b);
  b.call.stack = NULL; /* asking for it costs nothing that host and auditor could differ in */
  bench_started(&b, code);
  bench_call(&b, "f", "[]");
  assert_int_equal(b.outcome.steps, steps);
  assert_int_equal(b.outcome.peak_bytes, peak);
  bench_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(random_numbers_follow_from_the_seed_of_the_call),
    cmocka_unit_test(without_a_seed_random_throws),
    cmocka_unit_test(oracles_answer_in_the_order_they_are_asked),
    cmocka_unit_test(names_of_oracles_are_checked),
    cmocka_unit_test(a_script_runs_its_timers_and_prints),
    cmocka_unit_test(an_uncaught_error_tells_where_it_was_made),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

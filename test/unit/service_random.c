/* SPDX-License-Identifier: MIT */
/* Goal: Math.random() draws what the key of block 0 gives for this call, whatever becomes of the call; who drew can prove it, and who did not
 * says nothing. Method: calls that draw in every way, their records read and their proofs computed anew; audits on both levels. */
#define _GNU_SOURCE /* strdup */
#include "lib/service/internal.h"
#include "test/support/world.h"

static const char dice[] =
  "let first, n = 0\n"
  "exports.init = () => { first = Math.random() }\n"
  "exports.first = () => first\n"
  "exports.roll = () => Math.random()\n"
  "exports.two = () => [Math.random(), Math.random()]\n"
  "exports.none = () => ++n\n"
  "exports.later = async () => { await null; return new Promise(r => setTimeout(() => r(Math.random()), 10)) }\n"
  "exports.fail = () => { throw new Error(String(Math.random())) }\n"
  "exports.spin = () => { for (;;) Math.random() }\n"
  "exports.quiet = () => { try { for (;;) n++ } finally { Math.random() } }\n"
  "exports.big = () => 'x'.repeat(Math.random() < 2 ? 3000 : 1)\n"
  "exports.write = async () => { await System.files.writeFile('/x', String(Math.random())); return System.files.readFile('/x') }\n";

static void assert_honest(world *w) {
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  assert_string_equal(world_audit(w, NULL), "");
  options.level = VMS_AUDIT_CHAIN;
  assert_string_equal(world_audit(w, &options), "");
}

static void read_record(world *w, uint64_t seq, vms_buffer *block, vms_buffer *scratch, vms__record *record) {
  vms__buf_clear(block);
  assert_ok(vms_core_read(vms_service_core(w->service, VMS_CORE_LEDGER), seq, block, &w->error));
  assert_ok(vms__record_read(vms__buf_view(block), scratch, record, &w->error));
}

static bool drew(world *w, uint64_t seq) {
  vms_buffer block = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms__record record;
  read_record(w, seq, &block, &scratch, &record);
  vms_buffer_free(&block);
  vms_buffer_free(&scratch);
  return record.has_vrf;
}

static uint64_t left(uint64_t x, int by) { return x << by | x >> (64 - by); }

/* The first number that xoshiro256** gives: Blackman and Vigna, 2018. */
static double first_number(const uint8_t seed[32]) {
  uint64_t word = 0;
  for (unsigned i = 0; i < 8; i++) word |= (uint64_t)seed[8 + i] << 8 * i;
  return (double)((left(word * 5, 7) * 9) >> 11) / 9007199254740992.0;
}

static void numbers_grow_from_the_hash_of_the_recorded_proof(void **state) {
  world *w = *state;
  vms_buffer block = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], proof[VMS__VRF_PROOF_LEN], hash[VMS__VRF_HASH_LEN], number[8] = { 0 };
  vms__record record;
  world_deploy(w, dice);
  world_call(w, 1, "roll", "[]");
  double drawn = strtod(world_outcome(w), NULL);
  uint64_t seq = w->outcome.seq;
  read_record(w, seq, &block, &scratch, &record);
  assert_true(record.has_vrf);
  number[0] = (uint8_t)seq;
  const vms_slice input[2] = { { (const char *)number, 8 }, vms__buf_view(&w->request) };
  vms_key_derive(w->secret, "vms vrf", seed);
  vms_key_public(seed, key);
  assert_true(vms__vrf_prove(seed, input, proof));
  assert_memory_equal(record.vrf, proof, sizeof proof);
  assert_true(vms__vrf_verify(key, input, record.vrf, hash));
  assert_true(drawn == first_number(hash));
  assert_honest(w);
  vms_buffer_free(&block);
  vms_buffer_free(&scratch);
}

static void every_end_of_a_call_that_drew_is_proved_and_no_other(void **state) {
  static const struct { const char *method; bool draws; } ways[] = {
    { "roll", true }, { "two", true }, { "none", false }, { "first", false }, { "later", true }, { "fail", true }, { "spin", true }, { "none", false },
    { "quiet", false }, { "big", true }, { "write", true }, { "roll", true },
  };
  world *w = *state;
  w->options.limits.steps = 100000;
  w->options.limits.result = 2000;
  world_deploy(w, dice);
  assert_true(drew(w, 2)); /* init */
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    world_call(w, 1, ways[i].method, "[]");
    assert_int_not_equal(w->outcome.seq, 0);
    if (drew(w, w->outcome.seq) != ways[i].draws) fail_msg("%s: %s", ways[i].method, world_outcome(w));
  }
  world_commit(w);
  assert_honest(w);
}

static void unsigned_calls_draw_too(void **state) {
  world *w = *state;
  w->options.flags = VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG;
  world_deploy(w, dice);
  assert_ok(vms_service_call_unsigned(w->service, (vms_slice){ NULL, 0 }, SLICE("roll"), SLICE("[]"), &w->outcome));
  assert_true(drew(w, w->outcome.seq));
  char *one = strdup(world_outcome(w));
  assert_ok(vms_service_call_unsigned(w->service, SLICE("debug:bob"), SLICE("roll"), SLICE("[]"), &w->outcome));
  assert_true(drew(w, w->outcome.seq));
  assert_string_not_equal(one, world_outcome(w)); /* the same text at another place */
  free(one);
  assert_honest(w);
}

static void a_repeated_request_gets_the_number_that_it_drew(void **state) {
  world *w = *state;
  char drawn[64];
  world_deploy(w, dice);
  world_call(w, 1, "roll", "[]");
  snprintf(drawn, sizeof drawn, "%s", world_outcome(w));
  world_resend(w, 1);
  assert_string_equal(drawn, world_outcome(w));
  world_commit(w);
  world_restart(w);
  world_resend(w, 1);
  assert_string_equal(drawn, world_outcome(w));
  world_call(w, 1, "roll", "[]");
  assert_string_not_equal(drawn, world_outcome(w));
  assert_honest(w);
}

static void the_top_level_draws_nothing(void **state) {
  world *w = *state;
  vms_buffer diagnostic = VMS_BUFFER_INIT;
  assert_int_equal(vms_service_deploy(&w->service, &w->storage, w->secret, SLICE("Math.random()"), &w->options, &diagnostic, &w->error), VMS_ERR_SCRIPT);
  assert_non_null(strstr(diagnostic.data, "Math.random cannot be used while the script loads"));
  vms_buffer_free(&diagnostic);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
  const struct CMUnitTest tests[] = {
    TEST(numbers_grow_from_the_hash_of_the_recorded_proof),
    TEST(every_end_of_a_call_that_drew_is_proved_and_no_other),
    TEST(unsigned_calls_draw_too),
    TEST(a_repeated_request_gets_the_number_that_it_drew),
    TEST(the_top_level_draws_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

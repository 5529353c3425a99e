/* SPDX-License-Identifier: MIT */
/* Goal: a receipt that a host gives is read and means what it says; one that was changed by anybody is refused or says the same. */
#include "lib/service/internal.h"
#include "test/support/storage.h"
#include "test/support/world.h"

static const char counter[] = "let n = 0\nexports.add = x => n += x\nexports.nothing = () => { }\nexports.fail = () => { throw new TypeError('no \"way\"\\n') }\n"
                              "exports.spin = () => { for (;;) { } }\nexports.echo = x => x\n";

static vms_slice receipt_of(world *w, uint64_t seq, vms_buffer *json) {
  vms__buf_clear(json);
  if (vms_service_receipt(w->service, seq, json, &w->error) != VMS_OK) fail_msg("receipt %llu: %s", (unsigned long long)seq, w->error.message);
  return vms__buf_view(json);
}

static void read_ok(vms_slice json, vms_buffer *scratch, vms_receipt *receipt) {
  vms_error error;
  if (vms_receipt_read(json, scratch, receipt, &error) != VMS_OK) fail_msg("%s\n%.*s", error.message, (int)json.len, json.data);
}

/* The last call was answered with w->outcome; its receipt has to be that. */
static void check_last(world *w, int who) {
  vms_buffer json = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT;
  uint8_t ledger[VMS_KEY_LEN], key[VMS_KEY_LEN], hash[VMS_HASH_LEN];
  vms_receipt receipt;
  world_commit(w);
  read_ok(receipt_of(w, w->outcome.seq, &json), &scratch, &receipt);
  vms_service_key(w->service, VMS_CORE_LEDGER, ledger);
  world_key(who, key);
  if (vms_receipt_matches(&receipt, ledger, vms__buf_view(&w->request), key, w->signature, &w->outcome, &w->error) != VMS_OK)
    fail_msg("%s", w->error.message);
  assert_true(receipt.seen_fits && receipt.signature_fits && receipt.has_signature);
  assert_int_equal(receipt.time_ms, w->now_ms);
  assert_ok(vms_service_record(w->service, receipt.seq, &text, &w->error));
  assert_true(vms__slice_equal(receipt.record, vms__buf_view(&text)));
  vms_core_tree_hash(vms_service_core(w->service, VMS_CORE_LEDGER), receipt.seq, hash);
  assert_memory_equal(hash, receipt.before, sizeof hash);
  vms_buffer_free(&json);
  vms_buffer_free(&scratch);
  vms_buffer_free(&text);
}

static void results_errors_and_aborts_have_receipts(void **state) {
  world *w = *state;
  w->options.limits.steps = 10000;
  world_deploy(w, counter);
  static const char *const calls[][2] = { { "add", "[1]" }, { "nothing", "[]" }, { "fail", "[]" }, { "spin", "[]" }, { "echo", "[{\"a\":\"\\u0007 \\\"x\\\"\"}]" } };
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    world_call(w, 1, calls[i][0], calls[i][1]);
    assert_int_not_equal(w->outcome.kind, VMS_OUTCOME_REFUSED);
    check_last(w, 1);
  }
}

static void a_receipt_is_that_of_one_call_with_one_answer(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  uint8_t ledger[VMS_KEY_LEN], key[VMS_KEY_LEN], other[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_receipt receipt;
  world_deploy(w, counter);
  world_call(w, 1, "fail", "[]");
  world_commit(w);
  read_ok(receipt_of(w, w->outcome.seq, &json), &scratch, &receipt);
  vms_service_key(w->service, VMS_CORE_LEDGER, ledger);
  world_key(1, key);
  world_key(2, other);
  memcpy(signature, w->signature, sizeof signature);
  signature[9] ^= 1;
#define MATCHES(a, b, c, d) vms_receipt_matches(&receipt, a, b, c, d, &w->outcome, &w->error)
  vms_slice request = vms__buf_view(&w->request);
  assert_ok(MATCHES(ledger, request, key, w->signature));
  assert_int_equal(MATCHES(other, request, key, w->signature), VMS_ERR_CONFLICT);
  assert_int_equal(MATCHES(ledger, SLICE("{}"), key, w->signature), VMS_ERR_CONFLICT);
  assert_int_equal(MATCHES(ledger, request, other, w->signature), VMS_ERR_CONFLICT);
  assert_int_equal(MATCHES(ledger, request, key, signature), VMS_ERR_CONFLICT);
  w->outcome.seq++;
  assert_int_equal(MATCHES(ledger, request, key, w->signature), VMS_ERR_CONFLICT);
  w->outcome.seq--;
  w->outcome.kind = VMS_OUTCOME_RESULT;
  assert_int_equal(MATCHES(ledger, request, key, w->signature), VMS_ERR_CONFLICT);
  w->outcome.kind = VMS_OUTCOME_ERROR;
  w->outcome.message.data[0] ^= 1;
  assert_int_equal(MATCHES(ledger, request, key, w->signature), VMS_ERR_CONFLICT);
  w->outcome.message.data[0] ^= 1;
  w->outcome.name.len--;
  assert_int_equal(MATCHES(ledger, request, key, w->signature), VMS_ERR_CONFLICT);
  w->outcome.name.len++;
  assert_ok(vms_buffer_append(&w->outcome.result, "1", 1));
  assert_int_equal(MATCHES(ledger, request, key, w->signature), VMS_ERR_CONFLICT);
#undef MATCHES
  vms_buffer_free(&json);
  vms_buffer_free(&scratch);
}

static void only_what_is_published_has_a_receipt_and_only_calls_have_one(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  world_deploy(w, counter);
  world_call(w, 1, "add", "[1]");
  assert_int_equal(vms_service_receipt(w->service, w->outcome.seq, &json, &w->error), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_service_record(w->service, w->outcome.seq, &json, &w->error), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_service_receipt(w->service, UINT64_MAX, &json, &w->error), VMS_ERR_NOT_FOUND);
  assert_int_equal(json.len, 0);
  world_commit(w);
  for (uint64_t seq = 0; seq < 2; seq++)
    assert_int_equal(vms_receipt_read(receipt_of(w, seq, &json), &scratch, &receipt, &w->error), VMS_ERR_FORM);
  read_ok(receipt_of(w, 2, &json), &scratch, &receipt);
  vms_buffer_free(&json);
  vms_buffer_free(&scratch);
}

/* However many calls there are, and however old what they had seen is: pipelined calls see what was signed last. */
static void a_receipt_of_any_record_under_any_head_holds(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  uint64_t random = sim_seed();
  uint8_t hash[VMS_HASH_LEN];
  world_deploy(w, counter);
  while (vms_service_length(w->service) < 201) {
    world_call(w, 1 + (int)(sim_random(&random) % 3), "add", "[1]");
    if (sim_random(&random) % 3 != 0) world_commit(w);
    vms_head head;
    assert_ok(vms_core_head(vms_service_core(w->service, VMS_CORE_LEDGER), &head, NULL));
    for (uint64_t seq = 2; seq < head.length; seq++) {
      if (head.length > 40 && seq + 3 < head.length && sim_random(&random) % 16 != 0) continue;
      vms__buf_clear(&scratch);
      assert_ok(vms_service_record(w->service, seq, &scratch, &w->error));
      if (strncmp(scratch.data, "{\"type\":\"start\"", 15) == 0) continue;
      read_ok(receipt_of(w, seq, &json), &scratch, &receipt);
      assert_true(receipt.seq == seq && receipt.head.length == head.length && receipt.seen_fits && receipt.signature_fits);
      vms_core_tree_hash(vms_service_core(w->service, VMS_CORE_LEDGER), receipt.seq, hash);
      assert_memory_equal(hash, receipt.before, sizeof hash);
    }
    if (vms_service_length(w->service) % 64 == 63) {
      world_commit(w);
      world_restart(w); /* nothing recent is at hand */
    }
  }
  vms_buffer_free(&json);
  vms_buffer_free(&scratch);
}

static void growth_is_proved_from_any_length_to_any(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT;
  vms_growth growth;
  uint8_t hash[VMS_HASH_LEN];
  world_deploy(w, counter);
  for (int i = 0; i < 70; i++) world_call(w, 1, "add", "[1]");
  world_commit(w);
  vms_core *ledger = vms_service_core(w->service, VMS_CORE_LEDGER);
  uint64_t length = vms_service_length(w->service);
  for (uint64_t to = 1; to <= length; to++)
    for (uint64_t from = 0; from <= to; from++) {
      vms__buf_clear(&json);
      uint64_t seq = (from + to) % 3 == 0 ? UINT64_MAX : (from * 7 + to) % to;
      assert_ok(vms_service_proof(w->service, seq, from, to, &json, &w->error));
      if (vms_growth_read(vms__buf_view(&json), &growth, &w->error) != VMS_OK) fail_msg("%s\n%s", w->error.message, json.data);
      assert_true(growth.from == from && growth.length == to);
      vms_core_tree_hash(ledger, to, hash);
      assert_memory_equal(hash, growth.hash, sizeof hash);
      memset(hash, 0, sizeof hash);
      if (from > 0) vms_core_tree_hash(ledger, from, hash);
      assert_memory_equal(hash, growth.from_hash, sizeof hash);
    }
  assert_int_equal(vms_service_proof(w->service, UINT64_MAX, 0, length + 1, &json, &w->error), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_service_proof(w->service, UINT64_MAX, 9, 8, &json, &w->error), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_service_proof(w->service, 8, 0, 8, &json, &w->error), VMS_ERR_NOT_FOUND);
  vms_buffer_free(&json);
}

/* Each allocation fails in turn, until there are enough. */
static void a_reader_without_memory_says_so(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT, growth = VMS_BUFFER_INIT, out;
  vms_receipt receipt;
  vms_verdict verdict;
  sim_memory memory;
  int status = VMS_ERR_NOMEM;
  world_deploy(w, counter);
  for (int i = 0; i < 5; i++) world_call(w, 1, "add", "[1]");
  world_commit(w);
  receipt_of(w, 5, &json);
  sim_memory_init(&memory);
  for (uint64_t fail_at = 1; status == VMS_ERR_NOMEM; fail_at++) {
    memory.calls = 0;
    memory.fail_at = fail_at;
    vms_buffer_init(&out, &memory.env);
    status = vms_receipt_read(vms__buf_view(&json), &out, &receipt, &w->error);
    vms_buffer_free(&out);
    assert_true(status == VMS_OK || fail_at < 20);
  }
  for (status = VMS_ERR_NOMEM, memory.calls = 0, memory.fail_at = 1; status == VMS_ERR_NOMEM; memory.calls = 0, memory.fail_at++) {
    vms_verdict_init(&verdict, &memory.env);
    status = vms_evidence_check(vms__buf_view(&json), &memory.env, &verdict, &w->error);
    vms_verdict_free(&verdict);
    assert_true(status == VMS_OK || memory.fail_at < 40);
  }
  for (status = VMS_ERR_NOMEM, memory.calls = 0, memory.fail_at = 1; status == VMS_ERR_NOMEM; memory.calls = 0, memory.fail_at++) {
    vms_buffer_init(&out, &memory.env);
    status = vms_service_receipt(w->service, 5, &out, &w->error);
    assert_true(status == VMS_OK || out.len == 0);
    if (status == VMS_OK) status = vms_service_proof(w->service, 4, 3, 0, &growth, &w->error);
    vms_buffer_free(&out);
  }
  assert_int_equal(status, VMS_OK);
  assert_int_equal(memory.live, 0);
  vms_buffer_free(&json);
  vms_buffer_free(&growth);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
  const struct CMUnitTest tests[] = {
    TEST(results_errors_and_aborts_have_receipts), TEST(a_receipt_is_that_of_one_call_with_one_answer),
    TEST(only_what_is_published_has_a_receipt_and_only_calls_have_one), TEST(a_receipt_of_any_record_under_any_head_holds),
    TEST(growth_is_proved_from_any_length_to_any), TEST(a_reader_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: of every change of the files the record that made it is found, in few reads, by whoever has the records; a liar's records
 * bring nobody down. Method: ledgers made here, asked in every order and compared with a search through all records. */
#include "test/support/test.h"
#include "test/support/storage.h"

#include "lib/service/internal.h"

#define RECORDS 3000u

typedef struct bench {
  vms_storage storage;
  vms_journal *journal;
  vms_core *core;
  uint64_t versions[RECORDS]; /* files.version of each record; block 0: 0 */
  uint64_t length, reads;
} bench;

static void count_read(void *context, uint64_t seq) {
  bench *b = context;
  assert_true(seq > 0 && seq < b->length);
  b->reads++;
}

static int bench_setup(void **state) {
  static bench b;
  uint8_t seed[VMS_SEED_LEN] = { 7 }, public_key[VMS_KEY_LEN], manifest[1][VMS_MANIFEST_LEN];
  memset(&b, 0, sizeof b);
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifest[0]);
  assert_ok(vms_memory_open(&b.storage, NULL, NULL));
  assert_ok(vms_journal_create(&b.journal, &b.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL));
  assert_ok(vms_journal_signer(b.journal, 0, seed, NULL));
  b.core = vms_journal_core(b.journal, 0);
  assert_ok(vms_core_append(b.core, "{}", 2, NULL, NULL));
  b.length = 1;
  *state = &b;
  return 0;
}

static int bench_teardown(void **state) {
  bench *b = *state;
  vms_journal_close(b->journal);
  vms_memory_close(&b->storage);
  return 0;
}

/* Appends a call by debug user number `length`. */
static void append(bench *b, uint64_t version) {
  char name[32], request[64];
  vms_buffer text = VMS_BUFFER_INIT;
  vms__record record = { .type = VMS__RECORD_CALL, .time_ms = 1000 + b->length, .caller_kind = VMS__CALLER_DEBUG };
  snprintf(name, sizeof name, "debug:u%llu", (unsigned long long)b->length);
  snprintf(request, sizeof request, "{\"method\":\"m%llu\",\"params\":[]}", (unsigned long long)b->length);
  record.caller_name = SLICE(name);
  record.request = SLICE(request);
  record.files.version = version;
  assert_ok(vms__record_write(&text, &record));
  assert_ok(vms_core_append(b->core, text.data, text.len, NULL, NULL));
  b->versions[b->length++] = version;
  vms_buffer_free(&text);
}

static void origin_open(vms__origin *origin, bench *b) {
  vms__origin_init(origin, NULL);
  origin->trace = count_read;
  origin->trace_context = b;
  vms__origin_set(origin, b->core, NULL, b->length);
}

/* Asks for a version and compares with what is expected: record seq, 0 for none. */
static void ask(vms__origin *origin, uint64_t version, uint64_t seq) {
  char wanted[128] = "";
  vms_buffer json = VMS_BUFFER_INIT;
  if (seq != 0)
    snprintf(wanted, sizeof wanted, ",\"record\":{\"seq\":%llu,\"time\":%llu,\"caller\":\"debug:u%llu\",\"method\":\"m%llu\"}", (unsigned long long)seq,
             (unsigned long long)(1000 + seq), (unsigned long long)seq, (unsigned long long)seq);
  assert_ok(vms__origin_write(origin, version, &json, NULL));
  assert_text(json, wanted);
  vms_buffer_free(&json);
}

static uint64_t first_with(const bench *b, uint64_t version) {
  for (uint64_t seq = 1; seq < b->length; seq++)
    if (b->versions[seq] >= version) return seq;
  return 0;
}

/* Records that change nothing, one or many files. */
static void fill(bench *b, uint64_t count, uint64_t seed) {
  uint64_t version = 1;
  for (uint64_t i = 1; i < count; i++) {
    append(b, version);
    if (sim_random(&seed) % 3 != 0) version += sim_random(&seed) % 5;
  }
}

static void every_change_has_its_record_in_any_order(void **state) {
  bench *b = *state;
  vms__origin origin;
  uint64_t seed = sim_seed(), last;
  fill(b, 400, seed);
  last = b->versions[b->length - 1];
  origin_open(&origin, b);
  for (uint64_t version = 0; version <= last + 2; version++) ask(&origin, version, version == 0 ? 0 : first_with(b, version));
  for (uint64_t version = last + 2; version > 0; version--) ask(&origin, version, first_with(b, version));
  for (unsigned i = 0; i < 2000; i++) {
    uint64_t version = 1 + sim_random(&seed) % (last + 2);
    ask(&origin, version, first_with(b, version));
  }
  vms__origin_deinit(&origin);
}

/* Records may be large: whoever asks for many changes must not keep a host busy with them. */
static void the_bytes_of_records_are_bounded(void **state) {
  bench *b = *state;
  vms_buffer json = VMS_BUFFER_INIT;
  vms__origin origin;
  uint64_t one, last, told = 0;
  fill(b, 200, 3);
  last = b->versions[b->length - 1];
  origin_open(&origin, b);
  ask(&origin, 1, first_with(b, 1));
  one = origin.bytes;
  assert_in_range(one, 100, 10000);
  vms__origin_set(&origin, b->core, NULL, b->length);
  origin.bytes_max = 5 * one;
  for (uint64_t version = 1; version <= last && vms__origin_write(&origin, version, &json, NULL) == VMS_OK; version++) told++;
  assert_in_range(told, 5, last / 2);
  assert_int_equal(vms__origin_write(&origin, 1, &json, NULL), VMS_ERR_LIMIT);
  assert_true(origin.bytes <= 6 * one);
  vms__origin_set(&origin, b->core, NULL, b->length);
  for (uint64_t version = 1; version <= last; version++) assert_ok(vms__origin_write(&origin, version, &json, NULL));
  vms_buffer_free(&json);
  vms__origin_deinit(&origin);
}

static void records_that_do_not_count_are_not_looked_at(void **state) {
  bench *b = *state;
  vms__origin origin;
  fill(b, 50, 3);
  origin_open(&origin, b);
  for (uint64_t length = 1; length < b->length; length++) {
    vms__origin_set(&origin, b->core, NULL, length);
    for (uint64_t version = 1; version < b->versions[b->length - 1]; version++) {
      uint64_t seq = first_with(b, version);
      ask(&origin, version, seq < length ? seq : 0);
    }
  }
  vms__origin_deinit(&origin);
}

static void few_records_are_read(void **state) {
  bench *b = *state;
  vms__origin origin;
  uint64_t last;
  fill(b, RECORDS, 5);
  last = b->versions[b->length - 1];
  for (uint64_t version = 1; version <= last; version += 97) {
    origin_open(&origin, b);
    b->reads = 0;
    ask(&origin, version, first_with(b, version));
    assert_in_range(b->reads, 1, 14); /* 2^12 > 3000, and the record itself once more */
    vms__origin_deinit(&origin);
  }
  origin_open(&origin, b);
  b->reads = 0;
  for (uint64_t version = 1; version <= last; version++) ask(&origin, version, first_with(b, version));
  print_message("%llu changes of %u records in order: %llu records read\n", (unsigned long long)last, RECORDS, (unsigned long long)b->reads);
  assert_in_range(b->reads, 1, 4 * (uint64_t)RECORDS);
  b->reads = 0;
  for (uint64_t version = last; version > 0; version--) ask(&origin, version, first_with(b, version));
  print_message("backward: %llu\n", (unsigned long long)b->reads);
  assert_in_range(b->reads, 1, 4 * (uint64_t)RECORDS);
  vms__origin_deinit(&origin);
}

static void a_liars_records_end_the_search_all_the_same(void **state) {
  bench *b = *state;
  vms__origin origin, again;
  uint64_t seed = sim_seed();
  vms_buffer first = VMS_BUFFER_INIT, second = VMS_BUFFER_INIT;
  for (unsigned i = 1; i < 300; i++) append(b, sim_random(&seed) % 7 == 0 ? VMS__JSON_INT_MAX : sim_random(&seed) % 400);
  origin_open(&origin, b);
  origin_open(&again, b);
  for (unsigned i = 0; i < 5000; i++) {
    uint64_t version = i % 100 == 0 ? VMS__JSON_INT_MAX + i % 3 : sim_random(&seed) % 410;
    b->reads = 0;
    assert_ok(vms__origin_write(&origin, version, &first, NULL));
    assert_in_range(b->reads, 0, 24);
    assert_ok(vms__origin_write(&again, version, &second, NULL));
    assert_true(vms__slice_equal(vms__buf_view(&first), vms__buf_view(&second)));
    if (origin.seq != 0) assert_true(b->versions[origin.seq] >= version || version == 0);
  }
  vms__origin_deinit(&origin);
  vms__origin_deinit(&again);
  vms_buffer_free(&first);
  vms_buffer_free(&second);
}

static void a_record_that_is_none_is_damage(void **state) {
  bench *b = *state;
  vms__origin origin;
  vms_buffer json = VMS_BUFFER_INIT;
  vms_error error;
  append(b, 2);
  assert_ok(vms_core_append(b->core, "{\"type\":\"call\"}", 15, NULL, NULL));
  b->versions[b->length++] = 0;
  append(b, 4);
  origin_open(&origin, b);
  assert_int_equal(vms__origin_write(&origin, 4, &json, &error), VMS_ERR_CORRUPT);
  assert_int_equal(error.position, 2);
  origin.trace = NULL;
  vms__origin_set(&origin, b->core, NULL, b->length + 5); /* more than there are */
  assert_int_equal(vms__origin_write(&origin, 9, &json, &error), VMS_ERR_CORRUPT);
  assert_int_equal(json.len, 0);
  vms__origin_deinit(&origin);
}

static void callers_and_methods_are_told_as_json(void **state) {
  bench *b = *state;
  static const char key[] = "0101010101010101010101010101010101010101010101010101010101010101";
  static const struct { uint32_t type, kind; const char *request, *wanted; } cases[] = {
    { VMS__RECORD_CALL, VMS__CALLER_NONE, "{\"method\":\"init\",\"params\":[]}", "null,\"method\":\"init\"}" },
    { VMS__RECORD_CALL, VMS__CALLER_KEY, "{\"method\":\"caf\xc3\xa9</script>\xe2\x80\xae\",\"params\":[]}", "KEY,\"method\":\"caf\xc3\xa9</script>\xe2\x80\xae\"}" },
    { VMS__RECORD_CALL, VMS__CALLER_KEY, "not a request\" at all", "KEY,\"method\":null}" },
    { VMS__RECORD_CALL, VMS__CALLER_NONE, "{\"method\":\"a\\u0022b\",\"params\":[]}", "null,\"method\":null}" },
    { VMS__RECORD_START, VMS__CALLER_NONE, "", "null,\"method\":null}" },
  };
  vms__origin origin;
  vms_buffer text = VMS_BUFFER_INIT, json = VMS_BUFFER_INIT;
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms__record record = { .type = cases[i].type, .caller_kind = cases[i].kind, .request = SLICE(cases[i].request), .time_ms = 5 };
    memset(record.caller, 1, sizeof record.caller);
    record.files.version = i + 1;
    vms__buf_clear(&text);
    assert_ok(vms__record_write(&text, &record));
    assert_ok(vms_core_append(b->core, text.data, text.len, NULL, NULL));
    b->length++;
  }
  origin_open(&origin, b);
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *rest = cases[i].wanted + (cases[i].wanted[0] == 'K' ? 3 : 0);
    char wanted[256];
    snprintf(wanted, sizeof wanted, ",\"record\":{\"seq\":%u,\"time\":5,\"caller\":%s%s%s%s", i + 1, rest != cases[i].wanted ? "\"" : "",
             rest != cases[i].wanted ? key : "", rest != cases[i].wanted ? "\"" : "", rest);
    vms__buf_clear(&json);
    assert_ok(vms__origin_write(&origin, i + 1, &json, NULL));
    assert_text(json, wanted);
  }
  vms__origin_deinit(&origin);
  vms_buffer_free(&text);
  vms_buffer_free(&json);
}

static void a_replica_says_which_record_is_missing(void **state) {
  bench *b = *state;
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST };
  vms_replica *replica;
  vms_buffer proof = VMS_BUFFER_INIT, json = VMS_BUFFER_INIT;
  vms__origin origin;
  vms_error error;
  uint8_t key[VMS_KEY_LEN];
  unsigned rounds = 0;
  fill(b, 200, 9);
  assert_ok(vms_journal_commit(b->journal, VMS_COMMIT_SIGN, NULL));
  vms_core_key(b->core, key);
  options.flags = VMS_REPLICA_SPARSE;
  assert_ok(vms_replica_open(&replica, key, &options, NULL));
  assert_ok(vms_replica_want(replica, 0, b->length, NULL));
  request.upgrade_length = b->length;
  assert_ok(vms_core_prove(b->core, &request, &proof, NULL));
  assert_ok(vms_replica_feed(replica, proof.data, proof.len, NULL));
  origin_open(&origin, b);
  vms__origin_set(&origin, NULL, replica, b->length);
  request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK };
  while (vms__origin_write(&origin, 100, &json, &error) == VMS_ERR_MISSING) {
    assert_false(vms_replica_has(replica, error.position));
    request.block_index = error.position;
    request.block_nodes = 0;
    for (int status = VMS_ERR_FORM; status != VMS_OK; request.block_nodes++) { /* up to a node that is known */
      vms__buf_clear(&proof);
      assert_ok(vms_core_prove(b->core, &request, &proof, NULL));
      status = vms_replica_feed(replica, proof.data, proof.len, NULL);
    }
    rounds++;
  }
  assert_in_range(rounds, 4, 9);
  vms__origin_set(&origin, b->core, NULL, b->length);
  ask(&origin, 100, first_with(b, 100));
  vms__origin_deinit(&origin);
  vms_replica_close(replica);
  vms_buffer_free(&proof);
  vms_buffer_free(&json);
}

static void every_allocation_may_fail(void **state) {
  bench *b = *state;
  sim_memory memory;
  int status = VMS_ERR_NOMEM;
  fill(b, 20, 2);
  sim_memory_init(&memory);
  for (uint64_t at = 1; status != VMS_OK; at++) {
    vms__origin origin;
    vms_buffer json;
    vms_buffer_init(&json, &memory.env);
    memory.calls = 0;
    memory.fail_at = at;
    vms__origin_init(&origin, &memory.env);
    vms__origin_set(&origin, b->core, NULL, b->length);
    status = vms__origin_write(&origin, 5, &json, NULL);
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    vms__origin_deinit(&origin);
    vms_buffer_free(&json);
    assert_int_equal(memory.live, 0);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(every_change_has_its_record_in_any_order), TEST(the_bytes_of_records_are_bounded),
    TEST(records_that_do_not_count_are_not_looked_at), TEST(few_records_are_read),
    TEST(a_liars_records_end_the_search_all_the_same), TEST(a_record_that_is_none_is_damage), TEST(callers_and_methods_are_told_as_json),
    TEST(a_replica_says_which_record_is_missing), TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

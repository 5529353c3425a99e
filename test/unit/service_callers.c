/* SPDX-License-Identifier: MIT */
/* Goal: who calls again gets the outcome that stands in the ledger, whatever became of the index of callers: missing, old, torn, bent, another
 * ledger's, from another history, wrong though it looks right. Method: hosts whose index lies on a disk that is tampered with
 * between closing and opening; every answer is asked for again and nothing may run twice. */
#define _GNU_SOURCE /* strdup */
#include "lib/service/internal.h"
#include "test/support/storage.h"
#include "test/support/world.h"

#define SENT_MAX 64u
#define FRONT_LEN 96u

typedef struct sent { int who; char *request, *answer; uint8_t signature[VMS_SIGNATURE_LEN]; } sent;

typedef struct place {
  world w;
  sim_disk index;
  sent sent[SENT_MAX];
  size_t count;
} place;

static const char counter[] = "let n = 0\nexports.count = async () => { const had = Number(await System.files.readFile('/n').catch(() => '0')) + 1\n"
  "  await System.files.writeFile('/n', String(had)); if (had % 5 === 0) throw new RangeError('at ' + had); if (had % 7 === 0) for (;;) n++; return had }\n"
  "exports.quick = x => x\n";

static int setup(void **state) {
  static place p;
  memset(&p, 0, sizeof p);
  world_init(&p.w);
  sim_disk_init(&p.index);
  p.w.options.callers_index = &p.index.storage;
  p.w.options.limits.steps = 20000;
  p.w.options.flags = VMS_SERVICE_ANONYMOUS;
  *state = &p;
  return 0;
}

static int teardown(void **state) {
  place *p = *state;
  world_deinit(&p->w);
  sim_disk_deinit(&p->index);
  for (size_t i = 0; i < p->count; i++) {
    free(p->sent[i].request);
    free(p->sent[i].answer);
  }
  return 0;
}

static void call_once(place *p, int who) {
  sent *s = &p->sent[p->count++];
  p->w.now_ms += 3;
  p->w.nonce += 2;
  world_call(&p->w, who, "count", "[]");
  assert_int_not_equal(p->w.outcome.seq, 0);
  s->who = who;
  s->request = strdup(p->w.request.data);
  s->answer = strdup(world_outcome(&p->w));
  memcpy(s->signature, p->w.signature, sizeof s->signature);
}

static void deploy_and_call(place *p, size_t calls) {
  world_deploy(&p->w, counter);
  for (size_t i = 0; i < calls; i++) {
    call_once(p, 1 + (int)(i * i % 5));
    if (i % 4 == 3) assert_ok(vms_service_call_unsigned(p->w.service, (vms_slice){ NULL, 0 }, SLICE("count"), SLICE("[]"), &p->w.outcome));
  }
  world_commit(&p->w);
}

/* Every request is sent again, and every nonce with another text: nothing runs. */
static void expect_all(place *p) {
  world *w = &p->w;
  uint64_t length = vms_service_length(w->service);
  for (size_t i = 0; i < p->count; i++) {
    vms__buf_clear(&w->request);
    assert_ok(vms__buf_text(&w->request, p->sent[i].request));
    memcpy(w->signature, p->sent[i].signature, sizeof w->signature);
    world_resend(w, p->sent[i].who);
    assert_string_equal(world_outcome(w), p->sent[i].answer);
    vms_request request;
    uint64_t kept = w->nonce;
    assert_ok(vms_request_read(vms__slice_of(p->sent[i].request), &request, NULL));
    w->nonce = request.nonce - 1;
    world_sign(w, p->sent[i].who, "quick", "[]");
    w->nonce = kept;
    world_resend(w, p->sent[i].who);
    assert_int_equal(w->outcome.code, VMS_CODE_NONCE);
    assert_non_null(strstr(w->outcome.data.data, "\"executed\":true"));
  }
  assert_int_equal(vms_service_length(w->service), length);
}

static void close_service(place *p) {
  vms_service_close(p->w.service);
  p->w.service = NULL;
}

static uint64_t reads;
static int (*read_below)(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error);
static int counted_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  reads++;
  return read_below(context, offset, bytes, len, got, error);
}

static uint64_t reads_to_open(place *p) {
  reads = 0;
  world_restart(&p->w);
  return reads;
}

static void the_index_is_written_when_closing_and_used_when_opening(void **state) {
  place *p = *state;
  deploy_and_call(p, 20);
  uint64_t records = vms_service_length(p->w.service) - 1;
  assert_int_equal(p->index.len, 0);
  close_service(p);
  assert_int_equal(p->index.syncs, 0);
  assert_true(p->index.len > FRONT_LEN);
  read_below = p->w.storage.read;
  p->w.storage.read = counted_read;
  uint64_t with = reads_to_open(p);
  expect_all(p);
  p->w.options.callers_index = NULL;
  uint64_t without = reads_to_open(p);
  expect_all(p);
  p->w.storage.read = read_below;
  assert_int_equal(without, with + records); /* each of them is looked at */
}

static void every_restart_answers_what_was_answered(void **state) {
  place *p = *state;
  deploy_and_call(p, 10);
  for (int round = 0; round < 6; round++) {
    world_restart(&p->w);
    expect_all(p);
    for (int i = 0; i < 6; i++) call_once(p, 1 + (i + round) % 9);
    if (round % 3 == 2) sim_disk_load(&p->index, "", 0);
    world_commit(&p->w);
  }
  expect_all(p);
  assert_string_equal(world_audit(&p->w, NULL), "");
}

/* State that the index keeps beside nonces: the next start has the reason that it would have had. */
static void the_next_start_is_due_as_before(void **state) {
  place *p = *state;
  p->w.options.epoch = 3;
  deploy_and_call(p, 3);
  for (int i = 0; i < 20; i++) {
    world_restart(&p->w);
    for (int calls = 0; calls <= i % 3; calls++) call_once(p, 1);
    world_commit(&p->w);
  }
  assert_string_equal(world_audit(&p->w, NULL), "");
}

static void no_byte_of_it_is_trusted(void **state) {
  place *p = *state;
  deploy_and_call(p, 12);
  close_service(p);
  size_t len = p->index.len;
  uint8_t *good = malloc(len);
  memcpy(good, p->index.bytes, len);
  for (size_t at = 0; at < len; at++) {
    uint8_t *bent = malloc(len);
    memcpy(bent, good, len);
    bent[at] ^= (uint8_t)(1u << at % 8);
    sim_disk_load(&p->index, bent, len);
    free(bent);
    world_restart(&p->w);
    if (at % 8 == 0) expect_all(p);
    close_service(p);
    assert_int_equal(p->index.len, len); /* written anew */
    assert_memory_equal(p->index.bytes, good, len);
  }
  for (size_t cut = 0; cut < len; cut++) {
    sim_disk_load(&p->index, good, cut);
    world_restart(&p->w);
    if (cut % 16 == 0) expect_all(p);
    close_service(p);
    assert_int_equal(p->index.len, len);
    assert_memory_equal(p->index.bytes, good, len);
  }
  free(good);
}

static void an_index_of_another_history_is_none(void **state) {
  place *p = *state;
  vms_storage storage = p->w.storage;
  vms_buffer old = VMS_BUFFER_INIT;
  uint64_t len;
  size_t got;
  deploy_and_call(p, 5);
  close_service(p);
  assert_ok(storage.length(storage.context, &len, NULL));
  assert_ok(vms__buf_reserve(&old, len));
  assert_ok(storage.read(storage.context, 0, old.data, len, &old.len, NULL));
  world_restart(&p->w);
  for (int i = 0; i < 8; i++) call_once(p, 1 + i % 3);
  world_commit(&p->w);
  close_service(p); /* the index knows five calls, and eight more: */
  assert_ok(storage.truncate(storage.context, 0, NULL)); /* these are lost, */
  assert_ok(storage.write(storage.context, 0, old.data, old.len, NULL));
  for (size_t i = 5; i < p->count; i++) {
    free(p->sent[i].request);
    free(p->sent[i].answer);
  }
  p->count = 5;
  world_restart(&p->w);
  expect_all(p);
  for (int i = 0; i < 8; i++) call_once(p, 1 + i % 4); /* and others take their places */
  world_commit(&p->w);
  expect_all(p);
  world_restart(&p->w);
  expect_all(p);
  got = p->index.len;
  uint8_t *foreign = malloc(got);
  memcpy(foreign, p->index.bytes, got);
  close_service(p);
  /* another service takes over the file */
  world_deinit(&p->w);
  for (size_t i = 0; i < p->count; i++) {
    free(p->sent[i].request);
    free(p->sent[i].answer);
  }
  p->count = 0;
  world_init(&p->w);
  p->w.secret[0] ^= 1;
  p->w.options.callers_index = &p->index.storage;
  p->w.options.flags = VMS_SERVICE_ANONYMOUS;
  p->w.options.limits.steps = 20000;
  deploy_and_call(p, 13);
  close_service(p);
  sim_disk_load(&p->index, foreign, got);
  world_restart(&p->w);
  expect_all(p);
  free(foreign);
  vms_buffer_free(&old);
}

static void call_again(place *p, size_t which) {
  vms__buf_clear(&p->w.request);
  assert_ok(vms__buf_text(&p->w.request, p->sent[which].request));
  memcpy(p->w.signature, p->sent[which].signature, sizeof p->w.signature);
  world_resend(&p->w, p->sent[which].who);
}

/* What the index says about a nonce is looked up: if the record is another call, the ledger tells all anew. */
static void an_index_that_only_looks_right_is_found_out(void **state) {
  place *p = *state;
  deploy_and_call(p, 6); /* callers 1 2 5 5 2 1; records 2 3 4 5, one unsigned, then a start after the abort, or not */
  uint64_t length = vms_service_length(p->w.service);
  uint8_t tree[VMS_HASH_LEN], none[VMS_HASH_LEN] = { 0 }, swap[8], number[4];
  vms_core_tree_hash(vms_service_core(p->w.service, VMS_CORE_LEDGER), length, tree);
  close_service(p);
  assert_int_equal(p->index.len, FRONT_LEN + 3 * VMS_KEY_LEN + (length - 1) * 12);
  uint8_t *nonces = p->index.bytes + FRONT_LEN + 3 * VMS_KEY_LEN, *numbers = nonces + 8 * (length - 1);
  memcpy(swap, nonces + 8, 8); /* records 2 and 3 change places: callers and nonces */
  memcpy(nonces + 8, nonces + 16, 8);
  memcpy(nonces + 16, swap, 8);
  memcpy(number, numbers + 4, 4);
  memcpy(numbers + 4, numbers + 8, 4);
  memcpy(numbers + 8, number, 4);
  const vms_slice parts[] = { { (const char *)none, sizeof none }, { (const char *)p->index.bytes, 64 },
                              { (const char *)p->index.bytes + FRONT_LEN, p->index.len - FRONT_LEN } };
  vms__crypto_hash_parts(tree, sizeof tree, parts, 3, p->index.bytes + 64);
  world_restart(&p->w);
  assert_int_equal(vms_service_length(p->w.service), length);
  call_again(p, 0);
  assert_string_equal(world_outcome(&p->w), p->sent[0].answer);
  expect_all(p);
  call_once(p, 1);
  world_commit(&p->w);
  assert_string_equal(world_audit(&p->w, NULL), "");
  world_restart(&p->w); /* what is written now is right */
  expect_all(p);
}

/* A call that never was, and a clock that went back behind the record that the index has the time of. */
static void a_call_that_the_index_made_up_runs_when_it_comes(void **state) {
  place *p = *state;
  deploy_and_call(p, 6);
  uint64_t length = vms_service_length(p->w.service), nonce;
  uint8_t tree[VMS_HASH_LEN], none[VMS_HASH_LEN] = { 0 };
  vms_core_tree_hash(vms_service_core(p->w.service, VMS_CORE_LEDGER), length, tree);
  close_service(p);
  uint8_t *last = p->index.bytes + FRONT_LEN + 3 * VMS_KEY_LEN + 8 * (length - 2);
  memcpy(&nonce, last, 8);
  assert_int_equal(nonce, p->w.nonce);
  nonce += 3; /* the next one of call_once() */
  memcpy(last, &nonce, 8);
  memset(p->index.bytes + 32, 0, 8);
  const vms_slice parts[] = { { (const char *)none, sizeof none }, { (const char *)p->index.bytes, 64 },
                              { (const char *)p->index.bytes + FRONT_LEN, p->index.len - FRONT_LEN } };
  vms__crypto_hash_parts(tree, sizeof tree, parts, 3, p->index.bytes + 64);
  p->w.now_ms -= 5000;
  world_restart(&p->w);
  call_once(p, 1);
  assert_int_equal(vms_service_length(p->w.service), length + 2);
  expect_all(p);
  assert_string_equal(world_audit(&p->w, NULL), "");
}

/* Callers whose nonces do not ascend, places that do not exist: only who can make checksums can make such. */
static void an_index_that_cannot_be_is_thrown_away(void **state) {
  place *p = *state;
  static const struct { size_t back; uint8_t value; } bends[] = { { 1, 9 }, { 4, 4 }, { 4, 255 } };
  deploy_and_call(p, 6);
  uint64_t length = vms_service_length(p->w.service);
  uint8_t tree[VMS_HASH_LEN], none[VMS_HASH_LEN] = { 0 };
  vms_core_tree_hash(vms_service_core(p->w.service, VMS_CORE_LEDGER), length, tree);
  close_service(p);
  for (size_t i = 0; i < 5; i++) {
    uint8_t *keys = p->index.bytes + FRONT_LEN, *nonces = keys + 3 * VMS_KEY_LEN;
    if (i < 3) p->index.bytes[p->index.len - bends[i].back] = bends[i].value;
    else if (i == 3) memcpy(keys, keys + VMS_KEY_LEN, VMS_KEY_LEN);
    else memset(nonces, 0, 8 * (length - 1));
    const vms_slice parts[] = { { (const char *)none, sizeof none }, { (const char *)p->index.bytes, 64 },
                                { (const char *)p->index.bytes + FRONT_LEN, p->index.len - FRONT_LEN } };
    vms__crypto_hash_parts(tree, sizeof tree, parts, 3, p->index.bytes + 64);
    world_restart(&p->w);
    expect_all(p);
    close_service(p);
  }
}

static void a_disk_that_fails_is_no_hindrance(void **state) {
  place *p = *state;
  bool *const ways[] = { &p->index.fail_read, &p->index.fail_write, &p->index.fail_truncate, &p->index.fail_length };
  deploy_and_call(p, 6);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    *ways[i] = true;
    world_restart(&p->w);
    expect_all(p);
    call_once(p, 2);
    world_commit(&p->w);
    expect_all(p);
    close_service(p);
    *ways[i] = false;
    world_restart(&p->w);
    expect_all(p);
  }
  p->index.full_at = p->index.len + 10;
  call_once(p, 3);
  world_commit(&p->w);
  world_restart(&p->w);
  expect_all(p);
}

static uint64_t allocations, fail_at;
static void *failing_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  return new_len > old_len && ++allocations == fail_at ? NULL : realloc(memory, new_len);
}

static void any_allocation_may_fail_while_it_is_read_and_written(void **state) {
  place *p = *state;
  p->w.env.resize = failing_resize;
  deploy_and_call(p, 12);
  close_service(p);
  for (fail_at = 1; fail_at < 400; fail_at++) {
    if (fail_at % 3 == 0) sim_disk_load(&p->index, "", 0); /* to be written anew */
    allocations = 0;
    int status = vms_service_open(&p->w.service, &p->w.storage, p->w.secret, NULL, &p->w.options, &p->w.error);
    if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
    close_service(p);
    if (allocations < fail_at) break; /* none failed any more */
  }
  assert_true(fail_at > 20 && fail_at < 400);
  fail_at = 0;
  world_restart(&p->w);
  expect_all(p);
}

static void the_last_1024_calls_of_each_caller_are_answered(void **state) {
  place *p = *state;
  world *w = &p->w;
  enum { CALLS = 2600 };
  static char *texts[CALLS];
  static uint8_t signatures[CALLS][VMS_SIGNATURE_LEN];
  w->options.epoch = CALLS;
  world_deploy(w, counter);
  for (int i = 0; i < CALLS; i++) {
    char params[32];
    snprintf(params, sizeof params, "[%d]", i);
    world_call(w, 1, "quick", params);
    texts[i] = strdup(w->request.data);
    memcpy(signatures[i], w->signature, VMS_SIGNATURE_LEN);
    if (i % 100 == 0) world_call(w, 2, "quick", "[]");
  }
  world_commit(w);
  for (int round = 0; round < 3; round++) {
    uint64_t length = vms_service_length(w->service);
    int answered = 0;
    for (int i = 0; i < CALLS; i++) {
      char answer[32];
      snprintf(answer, sizeof answer, "%d", i);
      vms__buf_clear(&w->request);
      assert_ok(vms__buf_text(&w->request, texts[i]));
      memcpy(w->signature, signatures[i], VMS_SIGNATURE_LEN);
      world_resend(w, 1);
      if (w->outcome.kind == VMS_OUTCOME_RESULT) {
        assert_string_equal(world_outcome(w), answer);
        answered++;
      } else {
        assert_int_equal(w->outcome.code, VMS_CODE_NONCE); /* nobody knows whether it ran, and it does not run now */
        assert_non_null(strstr(w->outcome.data.data, "\"executed\":null"));
        assert_true(i < CALLS - 1024);
      }
    }
    assert_true(answered >= 1024 && answered <= 2048);
    assert_int_equal(vms_service_length(w->service), length);
    if (round == 1) sim_disk_load(&p->index, "", 0);
    world_restart(w);
  }
  for (int i = 0; i < CALLS; i++) free(texts[i]);
}

/* --- many segments: the index alone, over a ledger of blocks that mean nothing --------------------------------- */

typedef struct model { uint8_t key[VMS_KEY_LEN]; uint64_t nonce; uint64_t seq; } model;

static void what_was_noted_is_loaded_whatever_the_number_of_segments(void **state) {
  enum { RECORDS = 70000, CALLERS = 900 };
  place *p = *state;
  uint64_t random = sim_seed();
  static model newest[CALLERS];
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms__callers_index index;
  vms__callers *callers = vms__callers_new(NULL);
  vms__callers_state at = { 1, 0, 0, false }, loaded;
  vms_journal *journal;
  sim_keys(seed, manifests);
  assert_ok(vms_journal_create(&journal, &p->w.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, NULL, NULL));
  vms_core *ledger = vms_journal_core(journal, 0);
  assert_ok(vms_core_append(ledger, "0", 1, NULL, NULL));
  vms__callers_index_init(&index, NULL, &p->index.storage, ledger);
  memset(newest, 0, sizeof newest);
  for (int i = 0; i < CALLERS; i++) memcpy(newest[i].key, &i, sizeof i);
  for (uint64_t seq = 1; seq < RECORDS; seq++) {
    uint64_t pick = sim_random(&random);
    model *who = &newest[pick % CALLERS % (seq / 50 + 1)];
    assert_ok(vms_core_append(ledger, &pick, sizeof pick, NULL, NULL));
    if (pick >> 60 == 0) {
      vms__callers_index_note(&index, 7, VMS__CALLER_NOWHERE);
    } else {
      who->nonce += 1 + (pick >> 32 & 7);
      who->seq = seq;
      assert_ok(vms__callers_prepare(callers, who->key));
      vms__callers_note(callers, who->key, who->nonce, seq);
      vms__callers_index_note(&index, who->nonce, vms__callers_place(callers, who->key));
    }
    at = (vms__callers_state){ seq + 1, pick, seq % 100, seq % 3 == 0 };
    vms__callers_index_save(&index, callers, &at, false);
    if (seq % 9973 != 0) continue;
    vms__callers_index_save(&index, callers, &at, true); /* closed, and opened */
    vms__callers_index_deinit(&index);
    vms__callers_free(callers);
    callers = vms__callers_new(NULL);
    vms__callers_index_init(&index, NULL, &p->index.storage, ledger);
    assert_ok(vms__callers_index_load(&index, callers, &loaded));
    assert_int_equal(loaded.length, at.length);
    assert_int_equal(loaded.time_ms, at.time_ms);
    assert_int_equal(loaded.epoch_calls, at.epoch_calls);
    assert_int_equal(loaded.aborted, at.aborted);
    for (int i = 0; i < CALLERS; i++) {
      uint64_t where = 0;
      assert_int_equal(vms__callers_last(callers, newest[i].key), newest[i].nonce);
      if (newest[i].nonce == 0) continue;
      assert_int_equal(vms__callers_find(callers, newest[i].key, newest[i].nonce, &where), VMS__NONCE_USED);
      assert_int_equal(where, newest[i].seq);
    }
  }
  vms__callers_index_deinit(&index);
  vms__callers_free(callers);
  vms_journal_close(journal);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST(the_index_is_written_when_closing_and_used_when_opening),
    TEST(every_restart_answers_what_was_answered),
    TEST(the_next_start_is_due_as_before),
    TEST(no_byte_of_it_is_trusted),
    TEST(an_index_of_another_history_is_none),
    TEST(an_index_that_only_looks_right_is_found_out),
    TEST(a_call_that_the_index_made_up_runs_when_it_comes),
    TEST(an_index_that_cannot_be_is_thrown_away),
    TEST(a_disk_that_fails_is_no_hindrance),
    TEST(any_allocation_may_fail_while_it_is_read_and_written),
    TEST(the_last_1024_calls_of_each_caller_are_answered),
    TEST(what_was_noted_is_loaded_whatever_the_number_of_segments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: the sum of all file sizes is the same whether it is added up, remembered from before, or remembered and brought up to date.
 * Method: an archive with an index is closed and opened again and again; each time the sum is asked for with what the index remembers,
 * and without; what it remembers is made wrong in every way. The bee's trace tells how much was read for it. */
#include "lib/archive/internal.h"
#include "test/support/storage.h"
#include "test/support/test.h"

#define FILES 40u

typedef struct world {
  sim_disk disk, index;
  vms_journal *journal;
  vms_archive *archive;
  unsigned read; /* blocks of the metadata core, since the archive was opened */
} world;

static void count(void *context, uint32_t core, uint64_t from, uint64_t to) {
  if (core == 0) ((world *)context)->read += (unsigned)(to - from);
}

static void archive_open(world *w) {
  w->journal->index.step_blocks = 10;
  w->journal->index.due_blocks = VMS__MIN(w->journal->index.due_blocks, 10);
  assert_ok(vms_archive_open(&w->archive, vms_journal_core(w->journal, 0), vms_journal_core(w->journal, 1), NULL, NULL));
  w->read = 0;
  vms_archive_trace(w->archive, count, w);
}

static void world_make(world *w) {
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  memset(w, 0, sizeof *w);
  sim_keys(seed, manifests);
  sim_disk_init(&w->disk);
  sim_disk_init(&w->index);
  options.index = &w->index.storage;
  assert_ok(vms_journal_create(&w->journal, &w->disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &options, NULL));
  archive_open(w);
}

static void world_close(world *w) {
  vms_archive_close(w->archive);
  vms_journal_close(w->journal);
}

static void world_reopen(world *w, bool with_index) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  world_close(w);
  options.index = with_index ? &w->index.storage : NULL;
  assert_ok(vms_journal_open(&w->journal, &w->disk.storage, &options, NULL));
  archive_open(w);
}

static void world_free(world *w) {
  world_close(w);
  sim_disk_deinit(&w->disk);
  sim_disk_deinit(&w->index);
}

/* A file of so many bytes; none at all for -1. */
static void change(world *w, unsigned file, int len) {
  char params[40];
  char content[100] = { 0 };
  vms_file_request request = { .method = SLICE(len < 0 ? "unlink" : "writeFile"), .params = { params, 0 } };
  vms_file_reply reply = { 0 };
  if (len >= 0) request.data = (vms_slice){ content, (size_t)len };
  request.params.len = (size_t)snprintf(params, sizeof params, "[\"/%u\"%s]", file, len >= 0 ? ",null" : "");
  vms_archive_begin(w->archive, 1);
  assert_ok(vms_archive_call(w->archive, &request, &reply, NULL));
  assert_int_equal(reply.kind, VMS_FILE_UNDEFINED);
  assert_ok(vms_archive_commit(w->archive, NULL));
  vms_buffer_free(&reply.body);
}

static void commit(world *w) { assert_ok(vms_journal_commit(w->journal, 0, NULL)); }

static void fill(world *w) {
  for (unsigned i = 0; i < FILES; i++) {
    change(w, i, 10);
    commit(w);
  }
}

static void check_size(world *w, uint64_t expected) {
  uint64_t size;
  assert_ok(vms__archive_size(w->archive, &size, NULL));
  assert_int_equal(size, expected);
}

static void the_sum_is_remembered_with_the_index(void **state) {
  world w;
  (void)state;
  world_make(&w);
  fill(&w);
  check_size(&w, 10 * FILES);
  world_reopen(&w, true);
  check_size(&w, 10 * FILES);
  assert_int_equal(w.read, 0);
  world_reopen(&w, false);
  check_size(&w, 10 * FILES);
  assert_true(w.read > FILES);
  world_free(&w);
}

static void what_changed_since_is_added(void **state) {
  world w;
  uint8_t memo[VMS__MEMO_LEN];
  (void)state;
  world_make(&w);
  fill(&w);
  memcpy(memo, vms__journal_memo(w.journal), sizeof memo);
  change(&w, 3, -1);
  change(&w, 5, 100);
  change(&w, 7, 0);
  change(&w, FILES, 30);
  commit(&w);
  world_reopen(&w, false);
  memcpy(vms__journal_memo(w.journal), memo, sizeof memo);
  check_size(&w, 10 * FILES - 10 + 90 - 10 + 30);
  assert_true(w.read < FILES);
  change(&w, 3, 1); /* and goes on from there */
  check_size(&w, 10 * FILES - 10 + 90 - 10 + 30 + 1);
  world_free(&w);
}

static void a_memo_of_something_else_is_not_believed(void **state) {
  world w;
  (void)state;
  world_make(&w);
  fill(&w);
  for (unsigned i = 0; i < 5; i++) {
    world_reopen(&w, true);
    uint8_t *memo = vms__journal_memo(w.journal);
    assert_int_equal(vms__get_u64(memo), FILES + 1);
    vms__put_u64(memo + 8, 12345);
    if (i == 0) memset(memo, 0, VMS__MEMO_LEN);
    if (i == 1) memo[16] ^= 1;
    if (i == 2) vms__put_u64(memo, FILES + 2);
    if (i == 3) vms__put_u64(memo, FILES);
    if (i == 4) vms__put_u64(memo + 8, VMS__JSON_INT_MAX);
    check_size(&w, 10 * FILES);
    assert_true(w.read > FILES);
    world_close(&w);
    assert_ok(vms_journal_open(&w.journal, &w.disk.storage, &(vms_journal_options){ sizeof(vms_journal_options), 0, NULL, &w.index.storage }, NULL));
    archive_open(&w);
  }
  world_free(&w);
}

static void what_was_rolled_back_is_not_remembered(void **state) {
  world w;
  (void)state;
  world_make(&w);
  fill(&w);
  change(&w, 0, 99); /* never committed: what is closed has the memo of a version that is not there */
  vms_journal_drop_pending(w.journal);
  change(&w, 1, 50); /* another one of the same number */
  vms_journal_drop_pending(w.journal);
  commit(&w);
  check_size(&w, 10 * FILES);
  change(&w, 0, 99);
  vms_journal_drop_pending(w.journal);
  world_reopen(&w, true);
  check_size(&w, 10 * FILES);
  world_free(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_sum_is_remembered_with_the_index),
    cmocka_unit_test(what_changed_since_is_added),
    cmocka_unit_test(a_memo_of_something_else_is_not_believed),
    cmocka_unit_test(what_was_rolled_back_is_not_remembered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

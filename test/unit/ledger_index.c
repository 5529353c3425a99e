/* SPDX-License-Identifier: MIT */
/* Goal: an index makes opening read less, and never makes it give anything else.
 * Method: journals with an index that is good, old, another's, of a restored backup, garbage, full or failing; each time what is opened
 * with it is compared with what is opened without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/ledger/internal.h"
#include "test/support/storage.h"

#define CORES 2u

static uint8_t seed[VMS_SEED_LEN];
static uint8_t manifests[CORES][VMS_MANIFEST_LEN];

static int make_keys(void **state) {
  (void)state;
  sim_keys(seed, manifests);
  return 0;
}

static void ready(vms_journal *journal) {
  for (uint32_t i = 0; i < CORES; i++) assert_int_equal(vms_journal_signer(journal, i, seed, NULL), VMS_OK);
  journal->index.step_blocks = 10;
  journal->index.due_blocks = VMS__MIN(journal->index.due_blocks, 10);
}

static vms_journal *create(sim_disk *disk, sim_disk *index) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  options.index = index == NULL ? NULL : &index->storage;
  assert_int_equal(vms_journal_create(&journal, &disk->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, &options, NULL), VMS_OK);
  ready(journal);
  return journal;
}

static vms_journal *reopen(sim_disk *disk, sim_disk *index, uint32_t flags) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  options.index = index == NULL ? NULL : &index->storage;
  options.flags = flags;
  assert_int_equal(vms_journal_open(&journal, &disk->storage, &options, NULL), VMS_OK);
  ready(journal);
  return journal;
}

/* Commits of three blocks, all of one size; what is in them depends on `salt`. */
static void append(vms_journal *journal, unsigned commits, uint32_t flags, uint32_t salt) {
  for (unsigned n = 0; n < commits * 3; n++) {
    uint8_t block[100] = { 0 };
    vms_core *core = vms_journal_core(journal, n % 3 == 2);
    vms__put_u64(block, vms_core_length(core));
    vms__put_u32(block + 8, salt);
    assert_int_equal(vms_core_append(core, block, sizeof block, NULL, NULL), VMS_OK);
    if (n % 3 == 2) assert_int_equal(vms_journal_commit(journal, flags, NULL), VMS_OK);
  }
}

/* Both hold the same, to the last node. */
static void expect_same(vms_journal *a, vms_journal *b) {
  assert_int_equal(a->end, b->end);
  assert_int_equal(a->sequence, b->sequence);
  assert_int_equal(a->torn, b->torn);
  assert_int_equal(a->closed, b->closed);
  assert_memory_equal(&a->last, &b->last, sizeof a->last);
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core *x = vms_journal_core(a, i), *y = vms_journal_core(b, i);
    vms_head p, q;
    memset(&p, 0, sizeof p);
    memset(&q, 0, sizeof q);
    assert_int_equal(x->length, y->length);
    assert_int_equal(vms_core_head(x, &p, NULL), vms_core_head(y, &q, NULL));
    assert_memory_equal(&p, &q, sizeof p);
    if (x->length == 0) continue;
    assert_memory_equal(x->ends, y->ends, x->length * sizeof *x->ends);
    assert_memory_equal(x->places, y->places, x->length * sizeof *x->places);
    assert_memory_equal(x->nodes, y->nodes, vms__tree_count(x->length) * VMS_HASH_LEN);
  }
}

/* Opens with and without, compares; returns how many of the journal's bytes the index described. */
static uint64_t compare(sim_disk *disk, sim_disk *index) {
  vms_journal *plain = reopen(disk, NULL, VMS_JOURNAL_READ_ONLY), *indexed = reopen(disk, index, VMS_JOURNAL_READ_ONLY);
  uint64_t covered = indexed->index.number == 0 ? 0 : indexed->index.covered;
  expect_same(plain, indexed);
  vms_journal_close(plain);
  vms_journal_close(indexed);
  return covered;
}

typedef struct pair { sim_disk disk, index; } pair;

static vms_journal *begin(pair *p) {
  sim_disk_init(&p->disk);
  sim_disk_init(&p->index);
  return create(&p->disk, &p->index);
}

static void finish(pair *p) {
  sim_disk_deinit(&p->disk);
  sim_disk_deinit(&p->index);
}

static void nodes_are_found_where_they_were_completed(void **state) {
  uint64_t position = 0;
  (void)state;
  for (uint64_t block = 0; block < 300; block++) {
    uint64_t index = 2 * block;
    assert_int_equal(vms__tree_count(block), position);
    assert_int_equal(vms__tree_position(index), position++);
    for (uint64_t rest = block; (rest & 1) != 0; rest >>= 1) {
      index = vms__tree_parent(index);
      assert_int_equal(vms__tree_position(index), position++);
    }
  }
}

static void opening_with_an_index_reads_only_what_is_new(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 40, VMS_COMMIT_SIGN, 1);
  append(journal, 1, 0, 1); /* behind the last segment, and without a head */
  assert_true(journal->index.number >= 10);
  assert_true(compare(&p.disk, &p.index) > journal->end / 2); /* a reader of a live file */
  vms_journal_close(journal);
  assert_int_equal(compare(&p.disk, &p.index), p.disk.len - VMS__FRAME_HEADER_LEN); /* all but the mark of closing */
  journal = reopen(&p.disk, &p.index, 0);
  assert_true(journal->closed);
  p.disk.fail_read = true; /* what the index knows is known */
  assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), 82);
  p.disk.fail_read = false;
  append(journal, 20, VMS_COMMIT_SIGN, 2);
  vms_journal_close(journal);
  assert_true(compare(&p.disk, &p.index) > 0);
  finish(&p);
}

static void damage_before_the_end_shows_when_its_block_is_read(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  vms_buffer block = VMS_BUFFER_INIT;
  vms_error error;
  (void)state;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  uint64_t place = vms_journal_core(journal, 0)->places[7];
  vms_journal_close(journal);
  p.disk.bytes[place + 50] ^= 1;
  assert_int_equal(vms_journal_open(&journal, &p.disk.storage, NULL, &error), VMS_ERR_CORRUPT);
  journal = reopen(&p.disk, &p.index, 0);
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 6, &block, &error), VMS_OK);
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 7, &block, &error), VMS_ERR_CORRUPT);
  assert_int_equal(error.position, place);
  vms_buffer_free(&block);
  vms_journal_close(journal);
  finish(&p);
}

static void an_old_index_is_a_beginning(void **state) {
  pair p, old;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 10, VMS_COMMIT_SIGN, 1);
  sim_disk_init(&old.index);
  sim_disk_load(&old.index, p.index.bytes, p.index.len);
  append(journal, 10, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  uint64_t then = compare(&p.disk, &old.index), now = compare(&p.disk, &p.index);
  assert_true(then > 0 && then < now);
  sim_disk_deinit(&old.index);
  finish(&p);
}

static void another_journals_index_is_of_no_use(void **state) {
  pair p, q;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  journal = begin(&q); /* of the same cores and the same salt, which is zero without entropy */
  append(journal, 20, VMS_COMMIT_SIGN, 2);
  vms_journal_close(journal);
  assert_int_equal(compare(&p.disk, &q.index), 0);
  journal = reopen(&p.disk, &q.index, 0); /* a writer makes it its own */
  append(journal, 10, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  assert_true(compare(&p.disk, &q.index) > 0);
  finish(&p);
  finish(&q);
}

/* The journal was restored from a backup and went on otherwise, frame for frame of the same lengths. */
static void an_index_of_what_a_restored_journal_was_later_is_of_no_use(void **state) {
  static const uint32_t flags[2] = { VMS_COMMIT_SIGN, 0 }; /* with heads, and bound by checksums alone */
  (void)state;
  for (int i = 0; i < 2; i++) {
    pair p;
    sim_disk backup;
    vms_journal *journal = begin(&p);
    append(journal, 10, VMS_COMMIT_SIGN, 1);
    sim_disk_init(&backup);
    sim_disk_load(&backup, p.disk.bytes, (size_t)journal->end);
    append(journal, 10, flags[i], 1);
    vms_journal_close(journal);
    journal = reopen(&backup, NULL, 0);
    append(journal, 10, flags[i], 2);
    vms_journal_close(journal);
    assert_int_equal(backup.len, p.disk.len);
    assert_int_equal(compare(&backup, &p.index), 0);
    sim_disk_deinit(&backup);
    finish(&p);
  }
}

static void a_shorter_journal_than_the_index_knows_is_read(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  uint64_t end = journal->last.offset;
  vms_journal_close(journal);
  assert_int_equal(p.disk.storage.truncate(&p.disk, end, NULL), VMS_OK);
  compare(&p.disk, &p.index);
  finish(&p);
}

static void garbage_is_overwritten_and_a_reader_leaves_it(void **state) {
  pair p;
  uint8_t garbage[5000];
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  memset(garbage, 0x5a, sizeof garbage);
  sim_disk_load(&p.index, garbage, sizeof garbage);
  assert_int_equal(compare(&p.disk, &p.index), 0);
  assert_int_equal(p.index.len, sizeof garbage);
  assert_memory_equal(p.index.bytes, garbage, sizeof garbage);
  journal = reopen(&p.disk, &p.index, 0);
  journal->index.due_blocks = 0;
  append(journal, 1, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  assert_true(compare(&p.disk, &p.index) > 0);
  finish(&p);
}

static void blocks_that_may_be_lost_are_not_described(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 10, VMS_COMMIT_NO_SYNC, 1);
  assert_int_equal(journal->index.number, 0);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(journal->index.covered, journal->end);
  vms_journal_close(journal);
  finish(&p);
}

static void an_index_that_cannot_be_written_or_read_harms_nothing(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  bool *failing[] = { &p.index.fail_write, &p.index.fail_truncate, &p.index.fail_read, &p.index.fail_length };
  (void)state;
  append(journal, 10, VMS_COMMIT_SIGN, 1);
  p.index.full_at = p.index.len + 300;
  append(journal, 10, VMS_COMMIT_SIGN, 1);
  assert_true(p.index.len <= p.index.full_at);
  compare(&p.disk, &p.index);
  p.index.full_at = 0;
  append(journal, 20, VMS_COMMIT_SIGN, 1); /* and goes on when there is room */
  assert_true(compare(&p.disk, &p.index) > journal->end / 2);
  vms_journal_close(journal);
  for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
    *failing[i] = true;
    journal = reopen(&p.disk, &p.index, 0);
    append(journal, 10, VMS_COMMIT_SIGN, 1);
    vms_journal_close(journal);
    *failing[i] = false;
    compare(&p.disk, &p.index);
  }
  p.index.fail_write = p.index.fail_truncate = true;
  journal = reopen(&p.disk, &p.index, 0);
  append(journal, 30, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  p.index.fail_write = p.index.fail_truncate = false;
  compare(&p.disk, &p.index);
  finish(&p);
}

static void opening_with_an_index_survives_allocation_failures(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status = VMS_ERR_NOMEM;
  (void)state;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  vms_journal_close(journal);
  for (uint64_t n = 1; status != VMS_OK; n++) {
    sim_memory memory;
    sim_memory_init(&memory);
    memory.fail_at = n;
    options.env = &memory.env;
    options.index = &p.index.storage;
    status = vms_journal_open(&journal, &p.disk.storage, &options, NULL);
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    if (status == VMS_OK) vms_journal_close(journal);
    assert_int_equal(memory.live, 0);
  }
  finish(&p);
}

static void room_is_made_ahead_and_given_back(void **state) {
  pair p;
  vms_journal *journal = begin(&p);
  (void)state;
  append(journal, 1, VMS_COMMIT_NO_SYNC, 1);
  assert_int_equal(p.disk.len, journal->end); /* nobody waits for it */
  append(journal, 1, VMS_COMMIT_SIGN, 1);
  assert_true(p.disk.len > journal->end + 60000 && p.disk.len < 70000);
  assert_int_equal(p.disk.len % 4096, 0);
  size_t before = p.disk.len;
  append(journal, 20, VMS_COMMIT_SIGN, 1);
  assert_int_equal(p.disk.len, before);
  p.disk.full_at = before; /* no more room: what fits is taken, then the commit fails, then it goes on */
  for (unsigned n = 0;; n++) {
    int status;
    uint8_t block[1000] = { 1 };
    assert_int_equal(vms_core_append(vms_journal_core(journal, 0), block, sizeof block, NULL, NULL), VMS_OK);
    status = vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL);
    if (status != VMS_OK) {
      assert_int_equal(status, VMS_ERR_FULL);
      assert_true(journal->end + 1400 > before && p.disk.len == journal->end);
      break;
    }
  }
  p.disk.full_at = journal->end + 2000; /* room for it, but for no zeros */
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(p.disk.len, journal->end);
  p.disk.full_at = 0;
  append(journal, 400, VMS_COMMIT_SIGN, 1);
  assert_true(p.disk.len > journal->end); /* ahead again */
  assert_int_equal(journal->torn, 0);
  compare(&p.disk, &p.index);
  before = (size_t)journal->end;
  vms_journal_close(journal);
  assert_int_equal(p.disk.len, before + VMS__FRAME_HEADER_LEN);
  journal = reopen(&p.disk, &p.index, 0); /* a clean end may be cut short by the power: frame there, room too */
  assert_int_equal(p.disk.storage.truncate(&p.disk, p.disk.len + 4000, NULL), VMS_OK);
  vms_journal_close(journal);
  journal = reopen(&p.disk, &p.index, 0);
  assert_int_equal(vms_journal_torn(journal), 0);
  vms_journal_close(journal);
  assert_int_equal(p.disk.len, before + VMS__FRAME_HEADER_LEN);
  finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(nodes_are_found_where_they_were_completed),
    cmocka_unit_test(opening_with_an_index_reads_only_what_is_new),
    cmocka_unit_test(damage_before_the_end_shows_when_its_block_is_read),
    cmocka_unit_test(an_old_index_is_a_beginning),
    cmocka_unit_test(another_journals_index_is_of_no_use),
    cmocka_unit_test(an_index_of_what_a_restored_journal_was_later_is_of_no_use),
    cmocka_unit_test(a_shorter_journal_than_the_index_knows_is_read),
    cmocka_unit_test(garbage_is_overwritten_and_a_reader_leaves_it),
    cmocka_unit_test(blocks_that_may_be_lost_are_not_described),
    cmocka_unit_test(an_index_that_cannot_be_written_or_read_harms_nothing),
    cmocka_unit_test(opening_with_an_index_survives_allocation_failures),
    cmocka_unit_test(room_is_made_ahead_and_given_back),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}

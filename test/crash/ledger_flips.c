/* SPDX-License-Identifier: MIT */
/* Goal: no byte of a journal or its index can change without being noticed, and whatever is noticed or not, nothing wrong is served.
 * Method: a small journal, once closed in order and once left by a writer that was killed; every single byte is changed in several ways,
 * one at a time. What then opens is compared, block by block, head by head, tree hash by tree hash, with the original. */
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
#define BLOCKS_MAX 16u
#define ROOM_LOOKED_AT 200u /* bytes of the room behind the frames that are changed one by one; then every 509th */
#define BLOCKS_IN_ALL 11u

static const uint8_t changes[] = { 0x01, 0x80, 0xff };

/* What the journal held when it was whole. */
typedef struct truth {
  sim_disk journal, index;
  uint64_t lengths[CORES];
  uint8_t hashes[CORES][BLOCKS_MAX + 1][VMS_HASH_LEN];
  vms_head heads[CORES][BLOCKS_MAX + 1]; /* by length; length 0: none of that length was signed */
  size_t end;                            /* of the last data frame */
  size_t last;                           /* its beginning          */
} truth;

static uint8_t seed[VMS_SEED_LEN];
static uint8_t manifests[CORES][VMS_MANIFEST_LEN];

static size_t text_of(uint32_t core, uint64_t seq, char text[40]) {
  return (size_t)snprintf(text, 40, "%.*s%u", (int)(seq * 5 + core), "abcdefghijklmnopqrstuvwxyzabcdefg", (unsigned)seq);
}

static void append(vms_journal *journal, uint32_t core, uint32_t flags) {
  char text[40];
  size_t len = text_of(core, vms_core_length(vms_journal_core(journal, core)), text);
  assert_int_equal(vms_core_append(vms_journal_core(journal, core), text, len, NULL, NULL), VMS_OK);
  if (flags != UINT32_MAX) assert_int_equal(vms_journal_commit(journal, flags, NULL), VMS_OK);
}

static void note(truth *t, vms_journal *journal) {
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core *core = vms_journal_core(journal, i);
    vms_head head;
    t->lengths[i] = vms_core_length(core);
    for (uint64_t length = 0; length <= t->lengths[i]; length++) vms_core_tree_hash(core, length, t->hashes[i][length]);
    if (vms_core_head(core, &head, NULL) == VMS_OK) t->heads[i][head.length] = head;
  }
}

static void make(truth *t, bool closed) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  memset(t, 0, sizeof *t);
  sim_disk_init(&t->journal);
  sim_disk_init(&t->index);
  options.index = &t->index.storage;
  assert_int_equal(vms_journal_create(&journal, &t->journal.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, &options, NULL), VMS_OK);
  for (uint32_t i = 0; i < CORES; i++) assert_int_equal(vms_journal_signer(journal, i, seed, NULL), VMS_OK);
  journal->index.step_blocks = journal->index.due_blocks = 3;
  for (unsigned n = 0; n < 5; n++) {
    append(journal, 0, UINT32_MAX);
    append(journal, 1, n % 3 == 1 ? 0 : VMS_COMMIT_SIGN);
    note(t, journal);
  }
  append(journal, 0, VMS_COMMIT_SIGN);
  note(t, journal);
  assert_int_equal(t->lengths[0] + t->lengths[1], BLOCKS_IN_ALL);
  assert_true(journal->index.number >= 3);
  t->end = (size_t)journal->last.end;
  t->last = (size_t)journal->last.offset;
  journal->broken = !closed; /* killed: nothing more is written */
  vms_journal_close(journal);
}

static void unmake(truth *t) {
  sim_disk_deinit(&t->journal);
  sim_disk_deinit(&t->index);
}

/* What came of opening: how it was noticed, or not at all. */
typedef enum { SAME, REFUSED, TORN, BLOCK_REFUSED } finding;

static finding compare_block(const truth *t, vms_core *core, uint32_t i, uint64_t seq, size_t at) {
  vms_buffer block = VMS_BUFFER_INIT;
  vms_error error;
  char text[40];
  size_t len = text_of(i, seq, text);
  int status = vms_core_read(core, seq, &block, &error);
  (void)t;
  if (status == VMS_OK) {
    assert_int_equal(block.len, len);
    assert_memory_equal(block.data, text, len);
  } else {
    assert_int_equal(status, VMS_ERR_CORRUPT);
    assert_true(error.position <= at && at < error.position + len); /* it is this block that was changed */
  }
  vms_buffer_free(&block);
  return status == VMS_OK ? SAME : BLOCK_REFUSED;
}

/* Everything that is served must be the truth, if less of it. */
static finding compare(const truth *t, vms_journal *journal, size_t at) {
  finding found = SAME;
  assert_int_equal(vms_journal_count(journal), CORES);
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core *core = vms_journal_core(journal, i);
    uint64_t length = vms_core_length(core);
    vms_head head;
    uint8_t hash[VMS_HASH_LEN];
    assert_true(length <= t->lengths[i]);
    for (uint64_t n = 0; n <= length; n++) {
      vms_core_tree_hash(core, n, hash);
      assert_memory_equal(hash, t->hashes[i][n], sizeof hash);
    }
    for (uint64_t seq = 0; seq < length; seq++)
      if (compare_block(t, core, i, seq, at) != SAME) found = BLOCK_REFUSED;
    if (vms_core_head(core, &head, NULL) != VMS_OK) continue;
    assert_true(head.length <= t->lengths[i]);
    assert_memory_equal(&head, &t->heads[i][head.length], sizeof head);
  }
  return found;
}

static uint64_t blocks_in(vms_journal *journal) {
  uint64_t blocks = 0;
  for (uint32_t i = 0; i < CORES; i++) blocks += vms_core_length(vms_journal_core(journal, i));
  return blocks;
}

/* Opens the disks as a reader or writer. `at` is the byte of the journal that was changed, SIZE_MAX: none was. */
static finding look(const truth *t, sim_disk *journal_disk, sim_disk *index_disk, uint32_t flags, size_t at) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  vms_error error = { 0 };
  finding found;
  int status;
  options.flags = flags;
  options.index = index_disk == NULL ? NULL : &index_disk->storage;
  status = vms_journal_open(&journal, &journal_disk->storage, &options, &error);
  if (status != VMS_OK) {
    assert_true(status == VMS_ERR_CORRUPT || status == VMS_ERR_UNSUPPORTED);
    assert_true(error.position <= at && error.message[0] != 0);
    return REFUSED;
  }
  found = compare(t, journal, at);
  if (vms_journal_torn(journal) > 0) found = TORN;
  if (found == SAME || found == BLOCK_REFUSED) assert_int_equal(blocks_in(journal), BLOCKS_IN_ALL);
  journal->broken = true; /* leave the disks as they are */
  vms_journal_close(journal);
  return found;
}

static size_t next_byte(const truth *t, size_t at) {
  return at < t->end + ROOM_LOOKED_AT ? at + 1 : at + 509;
}

static void change_the_journal(bool closed) {
  truth t;
  unsigned refused = 0, torn = 0, blocks = 0, same = 0;
  make(&t, closed);
  assert_int_equal(look(&t, &t.journal, NULL, 0, SIZE_MAX), SAME);
  for (size_t at = 0; at < t.journal.len; at = next_byte(&t, at))
    for (size_t change = 0; change < sizeof changes; change++) {
      finding plain, indexed;
      sim_disk copy;
      sim_disk_init(&copy);
      sim_disk_load(&copy, t.journal.bytes, t.journal.len);
      copy.bytes[at] ^= changes[change];
      plain = look(&t, &copy, NULL, VMS_JOURNAL_READ_ONLY, at);
      indexed = look(&t, &copy, &t.index, VMS_JOURNAL_READ_ONLY, at);
      assert_true(plain == REFUSED || plain == TORN); /* every frame is read: padding and headers count */
      assert_int_equal(plain == TORN, at >= (closed ? t.end : t.last));
      if (at >= t.last && at < t.end && indexed == SAME) fail(); /* the index is bound to the last frame */
      /* With an index only the end is read: what lies before may go unnoticed, but nothing else comes of it. */
      if (indexed == REFUSED) refused++;
      if (indexed == TORN) torn++;
      if (indexed == BLOCK_REFUSED) blocks++;
      if (indexed == SAME) same++;
      if (change == 0) assert_int_equal(look(&t, &copy, NULL, 0, at), plain); /* a writer sees the same */
      sim_disk_deinit(&copy);
    }
  print_message("with an index: %u refused, %u torn, %u found when a block was read, %u never needed\n", refused, torn, blocks, same);
  assert_true(refused > 0 && torn > 0 && blocks > 0);
  unmake(&t);
}

static void no_byte_of_a_closed_journal_changes_unnoticed(void **state) {
  (void)state;
  change_the_journal(true);
}

static void no_byte_of_a_killed_writers_journal_changes_unnoticed(void **state) {
  (void)state;
  change_the_journal(false);
}

static void no_byte_of_an_index_changes_anything(void **state) {
  (void)state;
  for (int closed = 0; closed < 2; closed++) {
    truth t;
    make(&t, closed == 1);
    for (size_t at = 0; at < t.index.len; at++)
      for (size_t change = 0; change < sizeof changes; change++) {
        t.index.bytes[at] ^= changes[change];
        assert_int_equal(look(&t, &t.journal, &t.index, VMS_JOURNAL_READ_ONLY, SIZE_MAX), SAME);
        t.index.bytes[at] ^= changes[change];
      }
    unmake(&t);
  }
}

static void no_length_of_an_index_changes_anything(void **state) {
  truth t;
  sim_disk index;
  (void)state;
  make(&t, true);
  for (size_t len = 0; len < t.index.len; len++) {
    sim_disk_init(&index);
    sim_disk_load(&index, t.index.bytes, len);
    assert_int_equal(look(&t, &t.journal, &index, VMS_JOURNAL_READ_ONLY, SIZE_MAX), SAME);
    sim_disk_deinit(&index);
  }
  unmake(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(no_byte_of_a_closed_journal_changes_unnoticed),
    cmocka_unit_test(no_byte_of_a_killed_writers_journal_changes_unnoticed),
    cmocka_unit_test(no_byte_of_an_index_changes_anything),
    cmocka_unit_test(no_length_of_an_index_changes_anything),
  };
  sim_keys(seed, manifests);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

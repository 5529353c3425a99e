/* SPDX-License-Identifier: MIT */
/* Goal: journals and cores do what vms/ledger.h says, every status included.
 * Method: small journals on a simulated disk that can be full, fail or be damaged, and a memory that can run out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/ledger/internal.h"
#include "test/support/storage.h"

#define CORES 3u

static uint8_t seeds[CORES][VMS_SEED_LEN];
static uint8_t manifests[CORES][VMS_MANIFEST_LEN];

static int make_keys(void **state) {
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  for (unsigned i = 0; i < CORES; i++) {
    memset(seeds[i], (int)i + 1, sizeof seeds[i]);
    vms_key_public(seeds[i], key);
    vms_manifest_default(key, manifests[i]);
  }
  return 0;
}

static int create(vms_journal **journal, sim_disk *disk, const vms_env *env) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  options.env = env;
  status = vms_journal_create(journal, &disk->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, &options, NULL);
  for (unsigned i = 0; status == VMS_OK && i < CORES; i++)
    assert_int_equal(vms_journal_signer(*journal, i, seeds[i], NULL), VMS_OK);
  return status;
}

static int reopen(vms_journal **journal, sim_disk *disk, uint32_t flags, const vms_env *env, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  options.env = env;
  options.flags = flags;
  status = vms_journal_open(journal, &disk->storage, &options, error);
  for (unsigned i = 0; status == VMS_OK && i < CORES; i++)
    assert_int_equal(vms_journal_signer(*journal, i, seeds[i], NULL), VMS_OK);
  return status;
}

static void append(vms_journal *journal, uint32_t core, const char *text) {
  assert_int_equal(vms_core_append(vms_journal_core(journal, core), text, strlen(text), NULL, NULL), VMS_OK);
}

static void expect_block(vms_journal *journal, uint32_t core, uint64_t seq, const char *text) {
  vms_buffer block = VMS_BUFFER_INIT;
  assert_int_equal(vms_core_read(vms_journal_core(journal, core), seq, &block, NULL), VMS_OK);
  assert_int_equal(block.len, strlen(text));
  assert_memory_equal(block.data, text, block.len);
  vms_buffer_free(&block);
}

/* An empty journal on a new disk, and its end. */
static void begin(vms_journal **journal, sim_disk *disk) {
  sim_disk_init(disk);
  assert_int_equal(create(journal, disk, NULL), VMS_OK);
}

static void finish(vms_journal *journal, sim_disk *disk) {
  vms_journal_close(journal);
  sim_disk_deinit(disk);
}

/* As if no room had been made ahead. */
static void drop_room(vms_journal *journal, sim_disk *disk) {
  assert_int_equal(disk->storage.truncate(disk, journal->end, NULL), VMS_OK);
  assert_int_equal(disk->storage.sync(disk, NULL), VMS_OK);
  journal->room = journal->end;
}

static void blocks_and_heads_survive_a_restart(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_head head, again;
  uint64_t seq;
  (void)state;
  begin(&journal, &disk);
  assert_int_equal(vms_journal_count(journal), CORES);
  append(journal, 0, "zero");
  append(journal, 1, "one");
  assert_int_equal(vms_core_append(vms_journal_core(journal, 0), NULL, 0, &seq, NULL), VMS_OK);
  assert_int_equal(seq, 1);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_OK);
  assert_int_equal(head.length, 2);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 2), &again, NULL), VMS_ERR_NOT_FOUND);
  append(journal, 1, "dropped");
  vms_journal_close(journal);

  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_torn(journal), 0);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), 2);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 1)), 1);
  assert_int_equal(vms_core_byte_length(vms_journal_core(journal, 0), 2), 4);
  expect_block(journal, 0, 0, "zero");
  expect_block(journal, 0, 1, "");
  expect_block(journal, 1, 0, "one");
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &again, NULL), VMS_OK);
  assert_memory_equal(&again, &head, sizeof head);
  assert_int_equal(vms_head_verify(&again, vms_journal_core(journal, 0)->key, NULL), VMS_OK);
  /* going on behind the clean close */
  append(journal, 2, "two");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  vms_journal_close(journal);
  assert_int_equal(reopen(&journal, &disk, VMS_JOURNAL_READ_ONLY, NULL, NULL), VMS_OK);
  expect_block(journal, 2, 0, "two");
  finish(journal, &disk);
}

static void statuses_of_create_and_open(void **state) {
  sim_disk disk;
  vms_journal *journal = NULL;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_error error;
  uint8_t byte;
  (void)state;
  sim_disk_init(&disk);
  assert_int_equal(reopen(&journal, &disk, 0, NULL, &error), VMS_ERR_CORRUPT); /* empty */
  assert_null(journal);
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 0, NULL, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 9, NULL, NULL), VMS_ERR_ARGUMENT);
  options.flags = 2;
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, &options, NULL), VMS_ERR_ARGUMENT);
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, &options, NULL), VMS_ERR_ARGUMENT);
  disk.full_at = 40;
  assert_int_equal(create(&journal, &disk, NULL), VMS_ERR_FULL);
  assert_int_equal(disk.len, 0);
  disk.full_at = 0;
  disk.fail_write = true;
  assert_int_equal(create(&journal, &disk, NULL), VMS_ERR_IO);
  disk.fail_write = false;
  disk.fail_length = true;
  assert_int_equal(create(&journal, &disk, NULL), VMS_ERR_IO);
  disk.fail_length = false;
  assert_int_equal(create(&journal, &disk, NULL), VMS_OK);
  vms_journal_close(journal);
  assert_int_equal(create(&journal, &disk, NULL), VMS_ERR_EXISTS);
  disk.fail_read = true;
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_ERR_IO);
  disk.fail_read = false;
  disk.fail_sync = true;
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_ERR_IO);
  disk.fail_sync = false;
  byte = disk.bytes[8];
  disk.bytes[8] = 9;
  assert_int_equal(reopen(&journal, &disk, 0, NULL, &error), VMS_ERR_UNSUPPORTED);
  disk.bytes[8] = byte;
  disk.bytes[0] ^= 1;
  assert_int_equal(reopen(&journal, &disk, 0, NULL, &error), VMS_ERR_CORRUPT);
  sim_disk_deinit(&disk);
}

static void a_seed_that_is_not_the_manifests_is_refused(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_commit *commit;
  (void)state;
  sim_disk_init(&disk);
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_signer(journal, 0, seeds[1], NULL), VMS_ERR_FOREIGN);
  append(journal, 0, "a");
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN, &commit, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN | VMS_COMMIT_NO_SYNC, &commit, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_journal_signer(journal, 0, seeds[0], NULL), VMS_OK);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  finish(journal, &disk);
}

static void blocks_have_a_largest_size(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_buffer block = VMS_BUFFER_INIT;
  uint8_t *large = calloc(1, VMS_BLOCK_LEN_MAX + 1);
  (void)state;
  assert_non_null(large);
  begin(&journal, &disk);
  assert_int_equal(vms_core_append(vms_journal_core(journal, 0), large, VMS_BLOCK_LEN_MAX + 1, NULL, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_core_append(vms_journal_core(journal, 0), large, VMS_BLOCK_LEN_MAX, NULL, NULL), VMS_OK);
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 1, &block, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK);
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 0, &block, NULL), VMS_OK);
  assert_int_equal(block.len, VMS_BLOCK_LEN_MAX);
  vms_buffer_free(&block);
  finish(journal, &disk);
  free(large);
}

static void a_flying_commit_leaves_all_blocks_readable(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_commit *commit;
  vms_head head;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "durable");
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK);
  append(journal, 0, "flying");
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN, &commit, NULL), VMS_OK);
  append(journal, 1, "next");
  append(journal, 0, "next too");
  expect_block(journal, 0, 0, "durable");
  expect_block(journal, 0, 1, "flying");
  expect_block(journal, 0, 2, "next too");
  assert_int_equal(vms_commit_write(commit, NULL), VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_ERR_NOT_FOUND); /* not before the end */
  vms_journal_commit_end(journal, commit, VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_OK);
  assert_int_equal(head.length, 2);
  expect_block(journal, 0, 1, "flying");
  expect_block(journal, 1, 0, "next");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN, &commit, NULL), VMS_OK);
  assert_null(commit); /* nothing to do */
  expect_block(journal, 0, 2, "next too");
  finish(journal, &disk);
}

static void signing_later_writes_heads_alone(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_head head;
  uint64_t syncs;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "a");
  syncs = disk.syncs;
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_NO_SYNC, NULL), VMS_OK);
  assert_int_equal(disk.syncs, syncs);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_NO_SYNC, NULL), VMS_OK);
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK); /* nothing to write, but to sync */
  assert_int_equal(disk.syncs, syncs + 1);
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK);
  assert_int_equal(disk.syncs, syncs + 1);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  vms_journal_close(journal);
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_OK);
  assert_int_equal(head.length, 1);
  finish(journal, &disk);
}

static void rollback_returns_to_a_mark(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_journal_mark mark;
  uint8_t before[VMS_HASH_LEN], after[VMS_HASH_LEN];
  (void)state;
  begin(&journal, &disk);
  for (int i = 0; i < 7; i++) append(journal, 0, "stays");
  append(journal, 1, "stays");
  vms_journal_mark_take(journal, &mark);
  vms_core_tree_hash(vms_journal_core(journal, 0), 7, before);
  append(journal, 1, "goes");
  append(journal, 0, "goes");
  append(journal, 2, "goes");
  vms_core_tree_hash(vms_journal_core(journal, 0), 8, after);
  vms_journal_rollback(journal, &mark);
  vms_core_tree_hash(vms_journal_core(journal, 0), 7, after);
  assert_memory_equal(before, after, sizeof before);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 2)), 0);
  append(journal, 0, "other");
  append(journal, 2, "new");
  vms_core_tree_hash(vms_journal_core(journal, 0), 8, before);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  vms_journal_close(journal);
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 1)), 1);
  expect_block(journal, 0, 7, "other");
  expect_block(journal, 2, 0, "new");
  vms_core_tree_hash(vms_journal_core(journal, 0), 8, after);
  assert_memory_equal(before, after, sizeof before);
  finish(journal, &disk);
}

static void a_full_disk_takes_the_frame_back_and_keeps_the_blocks(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_commit *commit;
  vms_error error;
  size_t before;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "a");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  drop_room(journal, &disk);
  before = disk.len;
  disk.full_at = before + 100;
  append(journal, 0, "b");
  append(journal, 1, "c");
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN, &commit, NULL), VMS_OK);
  append(journal, 0, "d");
  append(journal, 2, "e");
  assert_int_equal(vms_commit_write(commit, &error), VMS_ERR_FULL);
  vms_journal_commit_end(journal, commit, VMS_ERR_FULL);
  assert_int_equal(disk.len, before);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_FULL); /* still, and no harm done */
  append(journal, 1, "f");
  disk.full_at = 0;
  expect_block(journal, 0, 1, "b");
  expect_block(journal, 0, 2, "d");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  for (int round = 0; round < 2; round++) {
    expect_block(journal, 0, 0, "a");
    expect_block(journal, 0, 1, "b");
    expect_block(journal, 0, 2, "d");
    expect_block(journal, 1, 0, "c");
    expect_block(journal, 1, 1, "f");
    expect_block(journal, 2, 0, "e");
    if (round > 0) break;
    vms_journal_close(journal);
    assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  }
  /* or drop them */
  drop_room(journal, &disk);
  disk.full_at = disk.len + 100;
  append(journal, 0, "x");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_FULL);
  append(journal, 0, "y");
  vms_journal_drop_pending(journal);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), 3);
  disk.full_at = 0;
  append(journal, 0, "z");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  expect_block(journal, 0, 3, "z");
  /* no room, and no way back */
  drop_room(journal, &disk);
  append(journal, 0, "no");
  disk.full_at = disk.len + 8;
  disk.fail_truncate = true;
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_IO);
  assert_int_equal(vms_core_append(vms_journal_core(journal, 0), "n", 1, NULL, NULL), VMS_ERR_IO);
  vms_journal_close(journal);
  disk.full_at = 0;
  disk.fail_truncate = false;
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_torn(journal), 8);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), 4);
  finish(journal, &disk);
}

static void a_failed_sync_is_never_repeated(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_commit *commit;
  vms_head head;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "kept");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  append(journal, 0, "unsure");
  disk.fail_sync = true;
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_IO);
  disk.fail_sync = false;
  assert_int_equal(vms_core_append(vms_journal_core(journal, 0), "x", 1, NULL, NULL), VMS_ERR_IO);
  assert_int_equal(vms_journal_commit_begin(journal, 0, &commit, NULL), VMS_ERR_IO);
  expect_block(journal, 0, 0, "kept");
  expect_block(journal, 0, 1, "unsure");
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_OK);
  assert_int_equal(head.length, 1);
  vms_journal_drop_pending(journal);
  assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), 1);
  vms_journal_close(journal);
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  finish(journal, &disk);
}

static void a_reader_passes_over_a_torn_tail_and_changes_nothing(void **state) {
  sim_disk disk;
  vms_journal *journal;
  size_t whole;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "a");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  whole = (size_t)journal->end;
  append(journal, 0, "b");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  for (size_t cut = whole + 1; cut < journal->end; cut++) { /* the writer is in the middle of the second frame */
    sim_disk copy;
    vms_journal *reader;
    size_t torn = cut - whole;
    while (disk.bytes[whole + torn - 1] == 0) torn--; /* zeros are room */
    sim_disk_init(&copy);
    sim_disk_load(&copy, disk.bytes, cut);
    assert_int_equal(reopen(&reader, &copy, VMS_JOURNAL_READ_ONLY, NULL, NULL), VMS_OK);
    assert_int_equal(vms_journal_torn(reader), torn);
    assert_int_equal(vms_core_length(vms_journal_core(reader, 0)), 1);
    assert_int_equal(vms_core_append(vms_journal_core(reader, 0), "x", 1, NULL, NULL), VMS_ERR_IO);
    vms_journal_close(reader);
    assert_int_equal(copy.len, cut);
    assert_memory_equal(copy.bytes, disk.bytes, cut);
    assert_int_equal(reopen(&reader, &copy, 0, NULL, NULL), VMS_OK);
    assert_int_equal(vms_journal_torn(reader), torn);
    assert_int_equal(copy.len, whole);
    append(reader, 0, "c");
    assert_int_equal(vms_journal_commit(reader, VMS_COMMIT_SIGN, NULL), VMS_OK);
    vms_journal_close(reader);
    assert_int_equal(reopen(&reader, &copy, 0, NULL, NULL), VMS_OK);
    expect_block(reader, 0, 1, "c");
    vms_journal_close(reader);
    sim_disk_deinit(&copy);
  }
  finish(journal, &disk);
}

static void heads_from_elsewhere_are_checked(void **state) {
  sim_disk disk, other;
  vms_journal *journal, *copy;
  vms_core *core;
  vms_head head, bad;
  (void)state;
  sim_disk_init(&disk);
  sim_disk_init(&other);
  assert_int_equal(create(&journal, &disk, NULL), VMS_OK);
  append(journal, 0, "a");
  append(journal, 0, "b");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &head, NULL), VMS_OK);
  assert_int_equal(vms_journal_create(&copy, &other.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, NULL, NULL), VMS_OK);
  core = vms_journal_core(copy, 0);
  append(copy, 0, "a");
  assert_int_equal(vms_core_set_head(core, &head, NULL), VMS_ERR_NOT_FOUND);
  append(copy, 0, "B");
  assert_int_equal(vms_core_set_head(core, &head, NULL), VMS_ERR_CORRUPT);
  vms_journal_drop_pending(copy);
  append(copy, 0, "a");
  append(copy, 0, "b");
  append(copy, 0, "behind the head");
  bad = head;
  bad.signature[10] ^= 1;
  assert_int_equal(vms_core_set_head(core, &bad, NULL), VMS_ERR_SIGNATURE);
  bad = head;
  bad.signature[0] = 2;
  assert_int_equal(vms_core_set_head(core, &bad, NULL), VMS_ERR_FORM);
  bad = head;
  memcpy(bad.manifest, manifests[1], sizeof bad.manifest);
  assert_int_equal(vms_core_set_head(core, &bad, NULL), VMS_ERR_FOREIGN);
  bad = head;
  bad.length = 1;
  assert_int_equal(vms_core_set_head(core, &bad, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_core_head(core, &bad, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_core_set_head(core, &head, NULL), VMS_OK);
  /* A copy may be kept without any seed. */
  assert_int_equal(vms_journal_commit(copy, VMS_COMMIT_SIGN, NULL), VMS_OK);
  vms_journal_close(copy);
  assert_int_equal(vms_journal_open(&copy, &other.storage, NULL, NULL), VMS_OK);
  assert_int_equal(vms_core_head(vms_journal_core(copy, 0), &bad, NULL), VMS_OK);
  assert_memory_equal(&bad, &head, sizeof head);
  assert_int_equal(vms_core_length(vms_journal_core(copy, 0)), 3);
  vms_journal_close(copy);
  finish(journal, &disk);
  sim_disk_deinit(&other);
}

static void a_head_whose_blocks_go_gives_way_to_the_stored_one(void **state) {
  sim_disk disk, other;
  vms_journal *journal, *copy;
  vms_journal_mark mark;
  vms_core *core;
  vms_head heads[2], head;
  (void)state;
  sim_disk_init(&disk);
  assert_int_equal(create(&journal, &disk, NULL), VMS_OK);
  for (int i = 0; i < 2; i++) {
    append(journal, 0, "a");
    assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
    assert_int_equal(vms_core_head(vms_journal_core(journal, 0), &heads[i], NULL), VMS_OK);
  }
  for (int way = 0; way < 4; way++) {
    sim_disk_init(&other);
    assert_int_equal(vms_journal_create(&copy, &other.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, NULL, NULL), VMS_OK);
    append(copy, 0, "a");
    assert_int_equal(vms_core_set_head(vms_journal_core(copy, 0), &heads[0], NULL), VMS_OK);
    assert_int_equal(vms_journal_commit(copy, VMS_COMMIT_SIGN, NULL), VMS_OK);
    if (way >= 2) {
      vms_journal_close(copy);
      assert_int_equal(vms_journal_open(&copy, &other.storage, NULL, NULL), VMS_OK);
    }
    core = vms_journal_core(copy, 0);
    vms_journal_mark_take(copy, &mark);
    append(copy, 0, "a");
    assert_int_equal(vms_core_set_head(core, &heads[1], NULL), VMS_OK);
    if (way % 2 == 0) vms_journal_rollback(copy, &mark);
    else vms_journal_drop_pending(copy);
    assert_int_equal(vms_core_head(core, &head, NULL), VMS_OK);
    assert_memory_equal(&head, &heads[0], sizeof head);
    assert_int_equal(vms_journal_commit(copy, VMS_COMMIT_SIGN, NULL), VMS_OK);
    vms_journal_close(copy);
    assert_int_equal(vms_journal_open(&copy, &other.storage, NULL, NULL), VMS_OK);
    vms_journal_close(copy);
    sim_disk_deinit(&other);
  }
  finish(journal, &disk);
}

static void a_block_that_changed_under_us_is_not_returned(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_buffer block = VMS_BUFFER_INIT;
  vms_error error;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "precious");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  disk.bytes[vms_journal_core(journal, 0)->places[0]] ^= 1;
  assert_int_equal(vms_buffer_append(&block, "before", 6), VMS_OK);
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 0, &block, &error), VMS_ERR_CORRUPT);
  assert_int_equal(error.position, vms_journal_core(journal, 0)->places[0]);
  assert_string_equal(block.data, "before");
  disk.fail_read = true;
  assert_int_equal(vms_core_read(vms_journal_core(journal, 0), 0, &block, &error), VMS_ERR_IO);
  vms_buffer_free(&block);
  finish(journal, &disk);
}

/* Opens damaged bytes; true if that gave a journal, with the blocks "b<i>" and nothing else in it. */
static bool opens(const uint8_t *bytes, size_t len, uint64_t *blocks, vms_error *error) {
  sim_disk disk;
  vms_journal *journal;
  int status;
  sim_disk_init(&disk);
  sim_disk_load(&disk, bytes, len);
  status = reopen(&journal, &disk, 0, NULL, error);
  if (status == VMS_OK) {
    *blocks = vms_core_length(vms_journal_core(journal, 0));
    for (uint64_t i = 0; i < *blocks; i++) {
      char text[8];
      snprintf(text, sizeof text, "b%u", (unsigned)i);
      expect_block(journal, 0, i, text);
    }
    vms_journal_close(journal);
  } else assert_true(status == VMS_ERR_CORRUPT || status == VMS_ERR_UNSUPPORTED);
  sim_disk_deinit(&disk);
  return status == VMS_OK;
}

/* Flips every byte once. Before `limit` damage has to be reported, at or before the byte itself; behind it at least
 * `blocks` blocks have to be there. */
static void sweep(const sim_disk *disk, size_t limit, uint64_t blocks) {
  uint8_t *bytes = malloc(disk->len);
  assert_non_null(bytes);
  for (size_t i = 0; i < disk->len; i++)
    for (int bit = 0; bit < 8; bit += 7) {
      vms_error error = { 0 };
      uint64_t found = 0;
      memcpy(bytes, disk->bytes, disk->len);
      bytes[i] ^= (uint8_t)(1 << bit);
      bool good = opens(bytes, disk->len, &found, &error);
      if (i < limit) {
        assert_false(good);
        assert_true(error.position <= i && error.message[0] != 0);
      } else {
        assert_true(good);
        assert_int_equal(found, blocks);
      }
    }
  free(bytes);
}

static void no_flipped_bit_goes_unnoticed(void **state) {
  sim_disk disk;
  vms_journal *journal;
  size_t last;
  (void)state;
  begin(&journal, &disk);
  append(journal, 0, "b0");
  append(journal, 1, "other");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  append(journal, 0, "b1");
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK);
  last = (size_t)journal->end;
  append(journal, 0, "b2");
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  drop_room(journal, &disk);
  sweep(&disk, last, 2); /* not closed: the last frame may be a torn one */
  last = disk.len;
  vms_journal_close(journal);
  assert_true(disk.len > last);
  sweep(&disk, last, 3); /* closed: all data is vouched for */
  assert_int_equal(reopen(&journal, &disk, 0, NULL, NULL), VMS_OK);
  last = disk.len;
  vms_journal_close(journal);
  assert_int_equal(disk.len, last); /* nothing changed: not closed twice */
  sim_disk_deinit(&disk);
}

/* One life of a journal under a memory that fails. */
static int live(sim_disk *disk, sim_memory *memory, uint64_t *appended) {
  vms_journal *journal = NULL;
  vms_buffer block;
  char text[900];
  int status = create(&journal, disk, &memory->env);
  memset(text, 'x', sizeof text);
  for (int i = 0; status == VMS_OK && i < 40; i++) {
    vms_core *core = vms_journal_core(journal, (uint32_t)i % CORES);
    uint64_t length = vms_core_length(core);
    status = vms_core_append(core, text, (size_t)(i * 20), NULL, NULL);
    assert_int_equal(vms_core_length(core), length + (status == VMS_OK));
    *appended += status == VMS_OK;
    if (i % 7 == 6 && status == VMS_OK) status = vms_journal_commit(journal, i % 2 == 0 ? VMS_COMMIT_SIGN : 0, NULL);
  }
  if (status == VMS_OK) {
    vms_buffer_init(&block, &memory->env);
    status = vms_core_read(vms_journal_core(journal, 1), 3, &block, NULL);
    vms_buffer_free(&block);
  }
  if (status != VMS_OK && journal != NULL) { /* once there is memory again, nothing is lost */
    uint64_t sum = 0;
    memory->fail_at = 0;
    assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
    for (uint32_t i = 0; i < CORES; i++) sum += vms_core_length(vms_journal_core(journal, i));
    assert_int_equal(sum, *appended);
  }
  vms_journal_close(journal);
  return status;
}

static void everything_survives_allocation_failures(void **state) {
  int status = VMS_ERR_NOMEM;
  (void)state;
  for (uint64_t fail = 1; status != VMS_OK; fail++) {
    sim_disk disk;
    sim_memory memory;
    vms_journal *journal;
    uint64_t appended = 0, found = 0;
    sim_disk_init(&disk);
    sim_memory_init(&memory);
    memory.fail_at = fail;
    status = live(&disk, &memory, &appended);
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    assert_int_equal(memory.live, 0);
    assert_true(fail < 1000);
    /* opening, too */
    for (uint64_t n = 1, open = VMS_ERR_NOMEM; disk.len > 0 && fail % 10 == 1 && open != VMS_OK; n++) {
      sim_memory_init(&memory);
      memory.fail_at = n;
      open = (uint64_t)reopen(&journal, &disk, 0, &memory.env, NULL);
      assert_true(open == VMS_OK || open == VMS_ERR_NOMEM);
      if (open == VMS_OK) {
        for (uint32_t i = 0; i < CORES; i++) found += vms_core_length(vms_journal_core(journal, i));
        assert_true(found <= appended);
        memory.fail_at = 0;
        vms_journal_close(journal);
      }
      assert_int_equal(memory.live, 0);
    }
    sim_disk_deinit(&disk);
  }
}

/* --- following ------------------------------------------------------------------------------------- */

typedef struct follower {
  vms_subscription subscription;
  vms_journal *journal;
  unsigned calls;
  uint64_t lengths[CORES]; /* of the heads when it was called last */
  struct follower *drops;  /* whom it unsubscribes when called */
} follower;

static void note_published(void *context, vms_core *core) {
  follower *f = context;
  vms_head head;
  f->calls++;
  for (uint32_t i = 0; i < CORES; i++)
    f->lengths[i] = vms_core_head(vms_journal_core(f->journal, i), &head, NULL) == VMS_OK ? head.length : 0;
  assert_true(f->lengths[core->index] > 0);
  if (f->drops != NULL) vms_core_unsubscribe(&f->drops->subscription);
}

static void follow(follower *f, vms_journal *journal, uint32_t core, follower *drops) {
  *f = (follower){ .journal = journal, .drops = drops };
  f->subscription.context = f;
  f->subscription.published = note_published;
  vms_core_subscribe(vms_journal_core(journal, core), &f->subscription);
}

static void followers_hear_of_newer_heads_when_all_are_in_place(void **state) {
  sim_disk disk;
  vms_journal *journal;
  vms_commit *commit;
  follower a, b, other;
  (void)state;
  begin(&journal, &disk);
  follow(&a, journal, 0, NULL);
  follow(&b, journal, 0, NULL);
  follow(&other, journal, 2, NULL);
  append(journal, 0, "a");
  append(journal, 2, "c");
  assert_int_equal(vms_journal_commit_begin(journal, VMS_COMMIT_SIGN, &commit, NULL), VMS_OK);
  assert_int_equal(vms_commit_write(commit, NULL), VMS_OK);
  assert_int_equal(a.calls, 0);
  vms_journal_commit_end(journal, commit, VMS_OK);
  assert_int_equal(a.calls, 1);
  assert_int_equal(b.calls, 1);
  assert_int_equal(a.lengths[2], 1);
  assert_int_equal(other.lengths[0], 1);
  append(journal, 0, "durable, but without a head");
  assert_int_equal(vms_journal_commit(journal, 0, NULL), VMS_OK);
  assert_int_equal(a.calls, 1);
  append(journal, 0, "fails");
  drop_room(journal, &disk);
  disk.full_at = disk.len + 10;
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_FULL);
  assert_int_equal(a.calls, 1);
  disk.full_at = 0;
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  assert_int_equal(a.calls, 2);
  assert_int_equal(a.lengths[0], 3);
  assert_int_equal(other.calls, 1); /* nothing new in its core */
  finish(journal, &disk);
  vms_core_unsubscribe(&a.subscription); /* too late, and fine */
}

static void followers_may_leave_while_they_are_told(void **state) {
  sim_disk disk;
  vms_journal *journal;
  follower f[4];
  (void)state;
  for (int who = 0; who < 4; who++) /* the one that leaves: before, itself, or behind the one that is told */
    for (int by = 0; by < 4; by++) {
      unsigned calls = 0;
      begin(&journal, &disk);
      for (int i = 0; i < 4; i++) follow(&f[i], journal, 0, i == by ? &f[who] : NULL);
      append(journal, 0, "a");
      assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
      append(journal, 0, "b");
      assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
      for (int i = 0; i < 4; i++) {
        if (i != who) assert_int_equal(f[i].calls, 2);
        calls += f[i].calls;
      }
      assert_int_equal(calls, who >= by ? 7 : 6); /* the newest is told first: an older one leaves before its turn */
      finish(journal, &disk);
    }
}

static void keys_are_derived_and_signatures_verified(void **state) {
  uint8_t a[VMS_SEED_LEN], b[VMS_SEED_LEN], key[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  (void)state;
  vms_key_derive(seeds[0], "ledger", a);
  vms_key_derive(seeds[0], "archive", b);
  assert_memory_not_equal(a, b, sizeof a);
  vms_key_public(a, key);
  vms_sign(a, "text", 4, signature);
  assert_int_equal(vms_verify(key, "text", 4, signature), 1);
  assert_int_equal(vms_verify(key, "tExt", 4, signature), 0);
  vms_key_public(b, key);
  assert_int_equal(vms_verify(key, "text", 4, signature), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(blocks_and_heads_survive_a_restart),
    cmocka_unit_test(statuses_of_create_and_open),
    cmocka_unit_test(a_seed_that_is_not_the_manifests_is_refused),
    cmocka_unit_test(blocks_have_a_largest_size),
    cmocka_unit_test(a_flying_commit_leaves_all_blocks_readable),
    cmocka_unit_test(signing_later_writes_heads_alone),
    cmocka_unit_test(rollback_returns_to_a_mark),
    cmocka_unit_test(a_full_disk_takes_the_frame_back_and_keeps_the_blocks),
    cmocka_unit_test(a_failed_sync_is_never_repeated),
    cmocka_unit_test(a_reader_passes_over_a_torn_tail_and_changes_nothing),
    cmocka_unit_test(heads_from_elsewhere_are_checked),
    cmocka_unit_test(a_head_whose_blocks_go_gives_way_to_the_stored_one),
    cmocka_unit_test(a_block_that_changed_under_us_is_not_returned),
    cmocka_unit_test(no_flipped_bit_goes_unnoticed),
    cmocka_unit_test(everything_survives_allocation_failures),
    cmocka_unit_test(followers_hear_of_newer_heads_when_all_are_in_place),
    cmocka_unit_test(followers_may_leave_while_they_are_told),
    cmocka_unit_test(keys_are_derived_and_signatures_verified),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}

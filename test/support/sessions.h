/* SPDX-License-Identifier: MIT */
/* Replication sessions in one process: journals to serve, ends to join, bytes carried between them. */
#ifndef VMS_TEST_SESSIONS_H
#define VMS_TEST_SESSIONS_H

#include "test/support/entropy.h"
#include "test/support/test.h"
#include "lib/ledger/session.h"

#define SERVED_MAX 3u

/* A journal with some cores in it. Core i is signed by the seed of bytes `first_seed + i`. */
typedef struct served_journal {
  sim_disk disk;
  vms_journal *journal;
  uint32_t count;
  uint8_t flavour; /* goes into every block */
  uint8_t discovery[SERVED_MAX][VMS_KEY_LEN];
} served_journal;

static inline size_t block_make(const served_journal *served, uint64_t i, uint8_t bytes[23]) {
  size_t len = (size_t)(7 * i % 23) + 1;
  for (size_t j = 0; j < len; j++) bytes[j] = (uint8_t)(31 * i + 17 * j + 7 + served->flavour);
  return len;
}

static inline vms_core *served_core(const served_journal *served, uint32_t index) { return vms_journal_core(served->journal, index); }

static inline void served_append(served_journal *served, uint32_t index, uint64_t count) {
  vms_core *core = served_core(served, index);
  uint8_t block[23];
  for (uint64_t i = 0; i < count; i++) {
    size_t len = block_make(served, vms_core_length(core), block);
    assert_ok(vms_core_append(core, block, len, NULL, NULL));
  }
}

static inline void served_commit(served_journal *served) { assert_ok(vms_journal_commit(served->journal, VMS_COMMIT_SIGN, NULL)); }

static inline void served_init(served_journal *served, uint32_t count, uint8_t first_seed, uint8_t flavour, uint64_t blocks) {
  uint8_t manifests[SERVED_MAX][VMS_MANIFEST_LEN], seed[VMS_SEED_LEN], key[VMS_KEY_LEN];
  memset(served, 0, sizeof *served);
  served->count = count;
  served->flavour = flavour;
  sim_disk_init(&served->disk);
  for (uint32_t i = 0; i < count; i++) {
    memset(seed, first_seed + (int)i, sizeof seed);
    vms_key_public(seed, key);
    vms_manifest_default(key, manifests[i]);
    vms_manifest_key(manifests[i], key);
    vms_discovery_key(key, served->discovery[i]);
  }
  assert_ok(vms_journal_create(&served->journal, &served->disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, count, NULL, NULL));
  for (uint32_t i = 0; i < count; i++) {
    memset(seed, first_seed + (int)i, sizeof seed);
    assert_ok(vms_journal_signer(served->journal, i, seed, NULL));
    served_append(served, i, blocks);
  }
  if (blocks > 0) served_commit(served);
}

static inline void served_deinit(served_journal *served) {
  vms_journal_close(served->journal);
  sim_disk_deinit(&served->disk);
}

static inline vms_core *served_find(void *context, const uint8_t discovery[VMS_KEY_LEN]) {
  served_journal *served = context;
  for (uint32_t i = 0; i < served->count; i++)
    if (memcmp(served->discovery[i], discovery, VMS_KEY_LEN) == 0) return served_core(served, i);
  return NULL;
}

/* One end of a connection. Its memory is its own, so that it can be counted. */
typedef struct session_end {
  sim_entropy entropy;
  vms_replication *session;
  vms_error error; /* how it failed */
} session_end;

static inline void end_open(session_end *end, bool initiator, served_journal *served, uint64_t output_len_max) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  memset(end, 0, sizeof *end);
  sim_entropy_init(&end->entropy, initiator ? 1 : 2);
  options.env = &end->entropy.memory.env;
  options.flags = initiator ? VMS_REPLICATION_INITIATOR : 0;
  options.output_len_max = output_len_max;
  options.context = served;
  options.find = served == NULL ? NULL : served_find;
  assert_ok(vms_replication_new(&end->session, &options, NULL));
}

static inline void end_close(session_end *end) {
  vms_replication_free(end->session);
  assert_int_equal(end->entropy.memory.live, 0);
}

/* Takes what one end has to send and feeds the other with it, `step` bytes at a time (0: all at once). False if it was nothing. */
static inline bool carry(session_end *from, session_end *to, size_t step) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  size_t at = 0;
  int status = vms_replication_take(from->session, &bytes, &from->error);
  (void)status;
  while (at < bytes.len && to->error.status == VMS_OK) {
    size_t len = step == 0 ? bytes.len : VMS__MIN(step, bytes.len - at);
    (void)vms_replication_feed(to->session, bytes.data + at, len, &to->error);
    at += len;
  }
  vms_buffer_free(&bytes);
  return at > 0;
}

/* Until nothing moves any more. */
static inline void settle_by(session_end *a, session_end *b, size_t step) {
  bool moved = true;
  while (moved) {
    moved = carry(a, b, step);
    moved = carry(b, a, step) || moved;
  }
}

static inline void settle(session_end *a, session_end *b) {
  settle_by(a, b, 0);
  assert_string_equal(a->error.message, "");
  assert_string_equal(b->error.message, "");
}

/* A replica in memory of one of the journal's cores. */
static inline vms_replica *replica_of(const served_journal *served, uint32_t index, const vms_env *env) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_replica *replica;
  options.env = env;
  vms_core_key(served_core(served, index), key);
  assert_ok(vms_replica_open(&replica, key, &options, NULL));
  return replica;
}

static inline void expect_same(const served_journal *served, uint32_t index, vms_replica *replica) {
  vms_core *core = served_core(served, index);
  vms_buffer ours = VMS_BUFFER_INIT, theirs = VMS_BUFFER_INIT;
  uint8_t hash[VMS_HASH_LEN], other[VMS_HASH_LEN];
  uint64_t length = vms_core_length(core);
  assert_int_equal(vms_replica_length(replica), length);
  assert_true(vms_replica_is_complete(replica));
  vms_core_tree_hash(core, length, hash);
  vms_replica_tree_hash(replica, other);
  assert_memory_equal(hash, other, sizeof hash);
  for (uint64_t i = 0; i < length; i++) {
    assert_ok(vms_core_read(core, i, &ours, NULL));
    assert_ok(vms_replica_read(replica, i, &theirs, NULL));
  }
  assert_int_equal(ours.len, theirs.len);
  assert_memory_equal(ours.data, theirs.data, ours.len);
  vms_buffer_free(&ours);
  vms_buffer_free(&theirs);
}

#endif

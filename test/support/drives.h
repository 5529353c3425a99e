/* SPDX-License-Identifier: MIT */
/* Drives in a journal, and copies of them in sparse replicas that get only what the archive asks for, proved. */
#ifndef VMS_TEST_DRIVES_H
#define VMS_TEST_DRIVES_H

#include "lib/archive/internal.h"
#include "lib/ledger/replication.h"
#include "test/support/storage.h"
#include "test/support/test.h"

typedef struct drive {
  vms_storage storage;
  vms_journal *journal;
  vms_core *cores[2];
  vms_archive *archive;
} drive;

/* Both on memory of `env` (NULL: malloc). The status of the first that fails; close it whatever that is. */
static inline int drive_try(drive *d, const vms_env *env, const vms_archive_options *options) {
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  memset(d, 0, sizeof *d);
  journal_options.env = env;
  sim_keys(seed, manifests);
  assert_ok(vms_memory_open(&d->storage, NULL, NULL));
  status = vms_journal_create(&d->journal, &d->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &journal_options, NULL);
  for (uint32_t i = 0; i < 2 && status == VMS_OK; i++) {
    assert_ok(vms_journal_signer(d->journal, i, seed, NULL));
    d->cores[i] = vms_journal_core(d->journal, i);
  }
  return status == VMS_OK ? vms_archive_open(&d->archive, d->cores[0], d->cores[1], options, NULL) : status;
}

static inline void drive_open(drive *d) { assert_ok(drive_try(d, NULL, NULL)); }

static inline void drive_close(drive *d) {
  vms_archive_close(d->archive);
  vms_journal_close(d->journal);
  vms_memory_close(&d->storage);
}

/* What is appended so far becomes durable and signed. */
static inline void drive_sign(drive *d) { assert_ok(vms_journal_commit(d->journal, VMS_COMMIT_SIGN, NULL)); }

/* Byte i of any file here, so that pieces can be told apart. */
static inline uint8_t drive_byte(uint64_t i) { return (uint8_t)(i * 7 + (i >> 8) * 13 + (i >> 16) * 29); }

/* Writes a file of `len` such bytes through the writer. */
static inline void drive_write(drive *d, const char *path, uint64_t len) {
  vms_archive_writer *writer;
  uint8_t bytes[5000];
  assert_ok(vms_archive_writer_open(&writer, d->archive, SLICE(path), NULL));
  for (uint64_t at = 0; at < len;) {
    size_t n = (size_t)VMS__MIN(sizeof bytes, len - at);
    for (size_t i = 0; i < n; i++) bytes[i] = drive_byte(at + i);
    assert_ok(vms_archive_writer_append(writer, bytes, n, NULL));
    at += n;
  }
  assert_ok(vms_archive_writer_finish(writer, 0, 1000, NULL));
  vms_archive_writer_close(writer);
}

/* A call as the archive's owner makes it; the body is NUL-terminated. Free it. */
static inline int drive_call(vms_archive *archive, uint64_t version, const char *method, const char *params, vms_file_reply *reply) {
  vms_file_request request = { vms__slice_of(method), vms__slice_of(params), { NULL, 0 }, version, 0, 0 };
  memset(reply, 0, sizeof *reply);
  vms_buffer_init(&reply->body, NULL);
  return vms_archive_call(archive, &request, reply, NULL);
}

/* --- copies ------------------------------------------------------------------------------------------------- */

typedef struct drive_copy {
  drive *source;
  vms_replica *replicas[2];
  vms_archive *archive;
  uint64_t told[2];    /* ranges that the trace told  */
  uint64_t fetched[2]; /* blocks that were asked for  */
} drive_copy;

static inline void copy_trace(void *context, uint32_t core, uint64_t from, uint64_t to) {
  drive_copy *copy = context;
  assert_in_range(core, 0, 1);
  assert_true(from < to);
  copy->told[core]++;
  assert_ok(vms_replica_want(copy->replicas[core], from, to, NULL));
}

static inline void copy_open(drive_copy *copy, drive *source, const vms_archive_options *options) {
  vms_replica_options sparse = VMS_REPLICA_OPTIONS_INIT;
  memset(copy, 0, sizeof *copy);
  copy->source = source;
  sparse.flags = VMS_REPLICA_SPARSE;
  for (int i = 0; i < 2; i++) {
    uint8_t key[VMS_KEY_LEN];
    vms_core_key(source->cores[i], key);
    assert_ok(vms_replica_open(&copy->replicas[i], key, &sparse, NULL));
  }
  assert_ok(vms_archive_open_replica(&copy->archive, copy->replicas[0], copy->replicas[1], options, NULL));
  vms_archive_trace(copy->archive, copy_trace, copy);
}

static inline void copy_close(drive_copy *copy) {
  vms_archive_close(copy->archive);
  for (int i = 0; i < 2; i++) vms_replica_close(copy->replicas[i]);
}

static inline bool copy_has(void *context, uint64_t seq) {
  (void)context;
  (void)seq;
  return true;
}

/* Asks for the newest head and for everything that is wanted, and feeds the answers. */
static inline void copy_fetch(drive_copy *copy) {
  for (int i = 0; i < 2; i++) {
    vms_head head;
    vms__peer_has has = { copy, copy_has, 0, 0, NULL };
    vms_proof_request request;
    if (vms_core_head(copy->source->cores[i], &head, NULL) != VMS_OK) continue;
    has.length = head.length;
    while (vms__replica_next(copy->replicas[i], &has, &request)) {
      vms_buffer proof = VMS_BUFFER_INIT;
      if (request.flags & VMS_PROOF_BLOCK) copy->fetched[i]++;
      assert_ok(vms_core_prove(copy->source->cores[i], &request, &proof, NULL));
      assert_ok(vms_replica_feed(copy->replicas[i], proof.data, proof.len, NULL));
      vms_buffer_free(&proof);
    }
  }
}

/* Repeats what may lack blocks until it does not: `status` is what it gives. What the trace does not tell is never there. */
#define COPY_UNTIL(copy, status, expression)                                  \
  do                                                                          \
    for (int copy_round = 0; ((status) = (expression)) == VMS_ERR_MISSING; copy_round++) { \
      assert_true(copy_round < 100);                                          \
      copy_fetch(copy);                                                       \
    }                                                                         \
  while (0)

#endif

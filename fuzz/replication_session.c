/* SPDX-License-Identifier: MIT */
/* Question: can a peer that has a core's key break a replication session, make it take much memory, or make it believe something?
 * Input: one byte, even: the session serves a core of five blocks, odd: it downloads it; then messages, each behind two bytes of length. They go
 * through an honest stream, on which one channel was opened honestly. */
#include <stdio.h>
#include <stdlib.h>

#include "lib/ledger/session.h"

#define MEMORY_MAX (4u << 20) /* far above what a session keeps, far below what messages could ask for */

static void check(bool holds) {
  if (!holds) abort();
}

/* Memory that is counted, and entropy that is the same every time. */
static size_t live;
static uint8_t random_byte;

static void *resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  live = live - old_len + new_len;
  if (new_len > 0) return realloc(memory, new_len);
  free(memory);
  return NULL;
}

static int entropy(void *context, void *bytes, size_t len) {
  (void)context;
  for (size_t i = 0; i < len; i++) ((uint8_t *)bytes)[i] = random_byte++;
  return VMS_OK;
}

static const vms_env env = { sizeof env, 0, NULL, resize, NULL, entropy };

/* The core, made once. */
static vms_core *core;
static uint8_t key[VMS_KEY_LEN], discovery[VMS_KEY_LEN];

static void core_make(void) {
  static vms_storage storage;
  const uint8_t seed[VMS_SEED_LEN] = { 7 };
  uint8_t manifest[1][VMS_MANIFEST_LEN], public_key[VMS_KEY_LEN];
  vms_journal *journal;
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifest[0]);
  vms_manifest_key(manifest[0], key);
  vms_discovery_key(key, discovery);
  check(vms_memory_open(&storage, NULL, NULL) == VMS_OK);
  check(vms_journal_create(&journal, &storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL) == VMS_OK);
  check(vms_journal_signer(journal, 0, seed, NULL) == VMS_OK);
  core = vms_journal_core(journal, 0);
  for (size_t i = 0; i < 5; i++) check(vms_core_append(core, "block of the core", 5 + 3 * i, NULL, NULL) == VMS_OK);
  check(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL) == VMS_OK);
}

static vms_core *find(void *context, const uint8_t wanted[VMS_KEY_LEN]) {
  (void)context;
  return memcmp(wanted, discovery, sizeof discovery) == 0 ? core : NULL;
}

/* Both ways until nothing moves; what the session says is read and forgotten. */
static int exchange(vms__stream *peer, vms_replication *session) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_slice message = { NULL, 0 };
  int status = VMS_OK;
  do {
    vms_buffer *output = vms__stream_output(peer);
    if (output->len > 0) status = vms_replication_feed(session, output->data, output->len, NULL);
    vms__buf_clear(output);
    vms__buf_clear(&bytes);
    if (status == VMS_OK) status = vms_replication_take(session, &bytes, NULL);
    if (bytes.len > 0) check(vms__stream_feed(peer, bytes.data, bytes.len) == VMS_OK);
    do check(vms__stream_next(peer, VMS__STREAM_FRAME_MAX, &message, NULL) == VMS_OK);
    while (message.data != NULL);
  } while (status == VMS_OK && (bytes.len > 0 || vms__stream_output(peer)->len > 0));
  vms_buffer_free(&bytes);
  check(live < MEMORY_MAX);
  check(status == VMS_OK || status == VMS_ERR_REMOTE || status == VMS_ERR_LIMIT || status == VMS_ERR_UNSUPPORTED);
  return status;
}

static void open_channel(vms__stream *peer, bool initiator) {
  vms_buffer open = VMS_BUFFER_INIT;
  uint8_t bytes[64], capability[VMS_HASH_LEN];
  vms__namespace("hypercore", initiator ? 1 : 2, bytes);
  memcpy(bytes + 32, key, sizeof key);
  vms__crypto_hash_keyed(vms__stream_handshake_hash(peer), 64, bytes, sizeof bytes, capability);
  vms_buffer_append(&open, "\0\1\1", 3);
  vms__write_buffer(&open, "hypercore/alpha", 15);
  vms__write_buffer(&open, discovery, sizeof discovery);
  vms__write_uint(&open, 1);
  vms_buffer_append(&open, capability, sizeof capability);
  check(vms__stream_send(peer, vms__buf_view(&open), (vms_slice){ NULL, 0 }) == VMS_OK);
  vms_buffer_free(&open);
}

/* Only one head was ever signed: a replica has that or none. */
static void judge(const vms_replica *replica) {
  uint8_t hash[VMS_HASH_LEN], ours[VMS_HASH_LEN];
  if (vms_replica_length(replica) == 0) return;
  check(vms_replica_length(replica) == 5);
  vms_core_tree_hash(core, 5, ours);
  vms_replica_tree_hash(replica, hash);
  check(memcmp(hash, ours, sizeof hash) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  vms_replica_options replica_options = VMS_REPLICA_OPTIONS_INIT;
  vms_replication *session;
  vms_replica *replica = NULL;
  vms__stream *peer;
  bool downloads;
  if (core == NULL) core_make();
  if (size == 0) return 0;
  live = 0;
  random_byte = 0;
  downloads = data[0] % 2 != 0;
  options.env = replica_options.env = &env;
  options.flags = downloads ? VMS_REPLICATION_INITIATOR : 0;
  options.output_len_max = data[0] & 2 ? 256 : 0;
  options.find = downloads ? NULL : find;
  check(vms_replication_new(&session, &options, NULL) == VMS_OK);
  check(vms__stream_new(&peer, !downloads, &env, NULL) == VMS_OK);
  if (downloads) {
    check(vms_replica_open(&replica, key, &replica_options, NULL) == VMS_OK);
    check(vms_replication_download(session, replica, NULL) == VMS_OK);
  }
  check(exchange(peer, session) == VMS_OK && vms__stream_is_open(peer));
  open_channel(peer, !downloads);
  check(exchange(peer, session) == VMS_OK);
  for (size_t at = 1, len; at + 2 <= size; at += len) {
    len = (size_t)data[at] | (size_t)data[at + 1] << 8;
    at += 2;
    len = VMS__MIN(len, size - at);
    check(vms__stream_send(peer, (vms_slice){ (const char *)data + at, len }, (vms_slice){ NULL, 0 }) == VMS_OK);
    if (exchange(peer, session) != VMS_OK) break;
    if (downloads) judge(replica);
  }
  vms_replication_free(session);
  vms_replica_close(replica);
  vms__stream_free(peer);
  check(live == 0);
  return 0;
}

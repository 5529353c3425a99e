/* SPDX-License-Identifier: MIT */
/* Can any bytes break a replication session? A session whose entropy is known, past its handshake, gets messages as if they had been
 * decrypted: no fuzzer guesses a key. The same bytes twice give the same output; it takes no more memory than its limits say; who serves
 * finds fault with the peer alone; and what a downloader holds in the end are the true blocks.
 * The first byte: 1 downloads (else serves), 2 the peer opens the core's channel first, 4 two sparse blocks are wanted (else all). Then messages, each
 * behind a length of two bytes, little endian; 0 stands for an event on our side. The core is that of test/vectors: 20 blocks, signer 1. */
#include <stdio.h>
#include <stdlib.h>

#include "lib/ledger/session.h"

#define BLOCKS 20u
#define BLOCKS_MAX 30u
#define MEMORY_MAX (48u << 20) /* bytes: frames of 64 KiB, queues, a replica of at most 1 MiB */

static uint8_t key[VMS_KEY_LEN], discovery[VMS_KEY_LEN];

static void check(int good) {
  if (!good) abort();
}

/* Memory that is counted, entropy that is always the same. */
typedef struct world {
  vms_env env;
  uint64_t live, random;
} world;

static void *world_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  world *w = context;
  w->live += new_len - old_len;
  check(w->live < MEMORY_MAX);
  if (new_len > 0) return realloc(memory, new_len);
  free(memory);
  return NULL;
}

static int world_entropy(void *context, void *bytes, size_t len) {
  world *w = context;
  for (size_t i = 0; i < len; i++) {
    w->random = w->random * UINT64_C(6364136223846793005) + 1;
    ((uint8_t *)bytes)[i] = (uint8_t)(w->random >> 56);
  }
  return VMS_OK;
}

static void world_init(world *w, uint64_t seed) { *w = (world){ { sizeof(vms_env), 0, w, world_resize, NULL, world_entropy }, 0, seed }; }

static size_t block_make(uint64_t i, uint8_t block[23]) {
  size_t len = (size_t)(7 * i % 23) + 1;
  for (size_t j = 0; j < len; j++) block[j] = (uint8_t)(31 * i + 17 * j + 7);
  return len;
}

/* The core and its heads, made once: nothing of a run costs a signature. */
static vms_core *core;
static vms_head heads[BLOCKS_MAX - BLOCKS + 1]; /* of BLOCKS blocks, and of one more each */

static void core_make(void) {
  static vms_storage storage;
  uint8_t seed[VMS_SEED_LEN], public_key[VMS_KEY_LEN], manifest[1][VMS_MANIFEST_LEN];
  vms_journal *journal;
  memset(seed, 1, sizeof seed);
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifest[0]);
  vms_manifest_key(manifest[0], key);
  vms_discovery_key(key, discovery);
  check(vms_memory_open(&storage, NULL, NULL) == VMS_OK);
  check(vms_journal_create(&journal, &storage, (const uint8_t (*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL) == VMS_OK);
  check(vms_journal_signer(journal, 0, seed, NULL) == VMS_OK);
  core = vms_journal_core(journal, 0);
  for (uint64_t i = 0; i < BLOCKS_MAX; i++) {
    uint8_t block[23];
    size_t len = block_make(i, block);
    check(vms_core_append(core, block, len, NULL, NULL) == VMS_OK);
    if (i + 1 < BLOCKS) continue;
    check(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL) == VMS_OK);
    check(vms_core_head(core, &heads[i + 1 - BLOCKS], NULL) == VMS_OK);
  }
}

/* What is served is the core as of a length that grows: context points to the head. */
static void served_head(void *context, uint64_t *length, uint64_t *fork) {
  *length = (*(const vms_head **)context)->length;
  *fork = 0;
}

static bool served_node(void *context, uint64_t index, vms__node *node) {
  (void)context;
  return vms__core_node(core, index, node);
}

static int served_block(void *context, uint64_t seq, vms_buffer *block, vms_error *error) {
  (void)context;
  return vms_core_read(core, seq, block, error);
}

static int served_prove(void *context, const vms_proof_request *request, vms_buffer *proof, vms_error *error) {
  const vms_head *head = *(const vms_head **)context;
  vms__proof_source source = { NULL, served_node, served_block, head->length, 0, { (const char *)head->signature, sizeof head->signature },
                               { (const char *)head->manifest, sizeof head->manifest } };
  return vms__proof_make(&source, request, proof, error);
}

static void served_hash(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]) {
  (void)context;
  vms_core_tree_hash(core, length, hash);
}

static bool serve(void *context, const uint8_t wanted[VMS_KEY_LEN], vms__served *served) {
  if (memcmp(wanted, discovery, sizeof discovery) != 0) return false;
  *served = (vms__served){ .context = context, .head = served_head, .prove = served_prove, .tree_hash = served_hash };
  memcpy(served->key, key, sizeof key);
  served->manifest = (vms_slice){ (const char *)heads[0].manifest, sizeof heads[0].manifest };
  return true;
}

/* --- the peer: an honest handshake, made once, since the session always answers the same ---------------------------------- */

static uint8_t hello[64], answer[512];
static size_t hello_len, answer_len;

static void shake_hands(vms_replication *session) {
  vms__stream *peer;
  world honest;
  vms_slice none;
  if (answer_len == 0) {
    world_init(&honest, 2);
    check(vms__stream_new(&peer, true, &honest.env, NULL) == VMS_OK);
    hello_len = vms__stream_output(peer)->len;
    memcpy(hello, vms__stream_output(peer)->data, hello_len);
    vms__buf_clear(vms__stream_output(peer));
    check(vms_replication_feed(session, hello, hello_len, NULL) == VMS_OK);
    check(vms__stream_feed(peer, vms__stream_output(session->stream)->data, vms__stream_output(session->stream)->len) == VMS_OK);
    check(vms__stream_next(peer, VMS__STREAM_FRAME_MAX, &none, NULL) == VMS_OK && none.data == NULL);
    answer_len = vms__stream_output(peer)->len;
    check(answer_len <= sizeof answer);
    memcpy(answer, vms__stream_output(peer)->data, answer_len);
    vms__stream_free(peer);
  } else
    check(vms_replication_feed(session, hello, hello_len, NULL) == VMS_OK);
  check(vms_replication_feed(session, answer, answer_len, NULL) == VMS_OK);
  check(vms_replication_is_open(session));
}

/* The peer opens the channel with the right capability; it is the initiator. */
static int open_channel(vms_replication *session, vms_error *error) {
  uint8_t message[128] = { 0, 1, 1 }, input[VMS__NAMESPACE_LEN + VMS_KEY_LEN];
  vms_buffer rest = VMS_BUFFER_INIT;
  size_t len;
  vms__namespace("hypercore", 1, input);
  memcpy(input + VMS__NAMESPACE_LEN, key, sizeof key);
  check(vms__write_buffer(&rest, "hypercore/alpha", 15) == VMS_OK && vms__write_buffer(&rest, discovery, sizeof discovery) == VMS_OK &&
        vms_buffer_append(&rest, "\1", 1) == VMS_OK);
  memcpy(message + 3, rest.data, rest.len);
  len = 3 + rest.len;
  vms_buffer_free(&rest);
  vms__crypto_hash_keyed(vms__stream_handshake_hash(session->stream), 64, input, sizeof input, message + len);
  return vms__mux_handle(session->mux, (vms_slice){ (const char *)message, len + VMS_HASH_LEN }, error);
}

/* --- one run --------------------------------------------------------------------------------------------------------------- */

typedef struct run {
  world world;
  const vms_head *head; /* what is served */
  vms_replica *replica;
  vms_replication *session;
  vms_buffer *out;
} run;

static void run_init(run *r, int flags, vms_buffer *out) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  vms_replica_options replica = VMS_REPLICA_OPTIONS_INIT;
  memset(r, 0, sizeof *r);
  r->out = out;
  world_init(&r->world, 1);
  r->head = heads;
  options.env = &r->world.env;
  options.channels_max = 4;
  options.output_len_max = 4096; /* so that answers have to wait */
  check(vms_replication_new(&r->session, &options, NULL) == VMS_OK);
  if ((flags & 1) == 0) vms__replication_serve(r->session, serve, &r->head);
  if ((flags & 1) != 0) {
    replica.env = options.env;
    replica.bytes_max = 1 << 20;
    replica.flags = (flags & 4) != 0 ? VMS_REPLICA_SPARSE : 0;
    check(vms_replica_open(&r->replica, key, &replica, NULL) == VMS_OK);
    if ((flags & 4) != 0) check(vms_replica_want(r->replica, 2, 3, NULL) == VMS_OK && vms_replica_want(r->replica, 17, 18, NULL) == VMS_OK);
    check(vms_replication_download(r->session, r->replica, NULL) == VMS_OK);
  }
  shake_hands(r->session);
}

static void run_deinit(run *r) {
  vms_replication_free(r->session);
  if (r->replica != NULL) {
    for (uint64_t i = 0; i < BLOCKS_MAX; i++) {
      vms_buffer held = VMS_BUFFER_INIT;
      uint8_t block[23];
      size_t len = block_make(i, block);
      if (vms_replica_has(r->replica, i)) {
        check(vms_replica_read(r->replica, i, &held, NULL) == VMS_OK);
        check(held.len == len && memcmp(held.data, block, len) == 0);
      }
      vms_buffer_free(&held);
    }
    vms_replica_close(r->replica);
  }
  check(r->world.live == 0);
}

/* What our side may do meanwhile. */
static int event(run *r, size_t number, vms_error *error) {
  if (r->replica == NULL) {
    if (r->head->length < BLOCKS_MAX) r->head++;
    return vms_replication_update(r->session, error);
  }
  if (number % 3 == 1) vms_replication_stop(r->session, r->replica);
  if (number % 3 == 2) {
    int status = vms_replication_download(r->session, r->replica, error);
    return status == VMS_ERR_EXISTS ? VMS_OK : status;
  }
  return number % 3 == 0 ? vms_replication_update(r->session, error) : VMS_OK;
}

static int message(run *r, const uint8_t *data, size_t len, vms_error *error) {
  char *exact = malloc(len); /* so that a sanitizer sees a read past the end */
  int status;
  memcpy(exact, data, len);
  status = vms__mux_handle(r->session->mux, (vms_slice){ exact, len }, error);
  free(exact);
  return status;
}

static void play(const uint8_t *data, size_t size, int flags, vms_buffer *out) {
  vms_error error = { 0 };
  size_t events = 0;
  int status = VMS_OK;
  run r;
  run_init(&r, flags, out);
  if ((flags & 2) != 0) status = open_channel(r.session, &error);
  for (size_t at = 0; status == VMS_OK && at + 2 <= size;) {
    size_t len = (size_t)data[at] | (size_t)data[at + 1] << 8;
    at += 2;
    len = VMS__MIN(len, size - at);
    if (len == 0) status = event(&r, events++, &error);
    else status = message(&r, data + at, len, &error);
    at += len;
    for (int i = 0; status == VMS_OK && (i == 0 || vms_replication_pending(r.session) > 0); i++) status = vms_replication_take(r.session, out, &error);
  }
  check(status == VMS_OK || error.message[0] != 0);
  check(status == VMS_OK || status == VMS_ERR_REMOTE || (r.replica != NULL && (status == VMS_ERR_LIMIT || status == VMS_ERR_UNSUPPORTED)));
  run_deinit(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer first = VMS_BUFFER_INIT, second = VMS_BUFFER_INIT;
  if (size == 0 || size > 1u << 16) return 0;
  if (core == NULL) core_make();
  play(data + 1, size - 1, data[0], &first);
  play(data + 1, size - 1, data[0], &second);
  check(first.len == second.len && (first.len == 0 || memcmp(first.data, second.data, first.len) == 0));
  vms_buffer_free(&first);
  vms_buffer_free(&second);
  return 0;
}

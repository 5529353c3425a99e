/* SPDX-License-Identifier: MIT */
/* Question: can a peer's answers crash a replica, or make it hold a block, node or head that is not the true one?
 *
 * The input is a stream of answers to a replica of a core that is made here: a byte of flags, then answers, each with two bytes of length. Hashes
 * and signatures are out of reach of mutations, so a byte before each answer says what to mend: nodes that have a true number get
 * their true size and hash, the block its true bytes, the signature is made anew for a length by the core's own key. What is mended holds, or
 * nearly so, and gets past the first checks. */
#include "test/support/proofs.h"

#include "lib/ledger/replica.h"

#define LENGTH 75u /* 64 + 8 + 2 + 1 */
enum { SPARSE = 1, STORED = 2, KIND = 4 };      /* of the replica; two bits of KIND */
enum { MEND_NODES = 1, MEND_BLOCK = 2, MEND_SIGNATURE = 4, MEND_MANIFEST = 8, MEND_FORK = 16, AS_ASKED = 32 };

static table_core tables[4];

/* Sizes that tell blocks apart; some are empty. */
static void tables_make(void) {
  for (int kind = 0; kind < 4; kind++) {
    uint8_t block[32];
    table_init(&tables[kind], LENGTH);
    table_manifest(&tables[kind], kind, 5);
    for (uint64_t i = 0; i < LENGTH; i++) {
      memset(block, (int)i, sizeof block);
      table_append(&tables[kind], block, i % 7 * 3 % 16);
    }
    table_sign(&tables[kind]);
  }
}

static void check(bool holds) {
  if (!holds) abort();
}

static void check_node(const table_core *table, uint64_t index, uint64_t size, const uint8_t *hash) {
  check(index < 2 * LENGTH - 1);
  check(size == table->nodes[index].size && memcmp(hash, table->nodes[index].hash, VMS_HASH_LEN) == 0);
}

static void check_replica(vms_replica *replica, const table_core *table) {
  uint64_t roots[VMS__ROOTS_MAX];
  check(replica->length <= LENGTH && replica->root_count == vms__tree_roots(replica->length, roots));
  for (unsigned i = 0; i < replica->root_count; i++) {
    check(replica->roots[i].index == roots[i]);
    check_node(table, roots[i], replica->roots[i].size, replica->roots[i].hash);
  }
  for (size_t i = 0; i < replica->nodes.capacity; i++) {
    vms__proved proved;
    memcpy(&proved, replica->nodes.entries + i * sizeof proved, sizeof proved);
    if (proved.tag != 0) check_node(table, proved.tag - 1, proved.size, proved.hash);
  }
  for (uint64_t i = 0; i < LENGTH; i++) {
    vms_buffer block = VMS_BUFFER_INIT;
    if (!vms_replica_has(replica, i)) continue;
    check(vms_replica_read(replica, i, &block, NULL) == VMS_OK);
    check(block.len == table->blocks[i].len && (block.len == 0 || memcmp(block.data, table->blocks[i].data, block.len) == 0));
    vms_buffer_free(&block);
  }
  if (replica->core != NULL) check(replica->contiguous <= vms_core_length(replica->core));
}

/* Signs a shorter or the whole core, as its owner did at some time. */
static void sign_shorter(table_core *table, uint64_t length) {
  table->length = length;
  table_sign(table);
}

/* Gives nodes with a number of the tree the size and hash that belong to it. */
static void mend_nodes(loose_proof *loose, const table_core *table) {
  for (unsigned list = 0; list < LOOSE_LISTS; list++)
    for (size_t i = 0; i < loose->counts[list]; i++) {
      vms__node *node = &loose->nodes[list][i];
      if (vms__tree_right_span(node->index) < 2 * LENGTH) *node = table->nodes[node->index];
    }
}

static void mend_signature(const loose_proof *loose, vms__proof *proof, table_core *table) {
  static uint8_t signature[sizeof table->signature];
  uint64_t to = proof->upgrade_start + proof->upgrade_length;
  for (size_t i = 0; i < loose->counts[LOOSE_ADDITIONAL]; i++) to += UINT64_C(1) << vms__tree_depth(loose->nodes[LOOSE_ADDITIONAL][i].index);
  if (to < 1 || to > LENGTH) return;
  sign_shorter(table, to);
  memcpy(signature, table->signature, table->signature_len);
  proof->signature = (vms_slice){ (const char *)signature, table->signature_len };
  sign_shorter(table, LENGTH);
}

/* Puts true parts in the place of those that the flags name. */
static void mend(loose_proof *loose, table_core *table, uint8_t flags) {
  vms__proof *proof = &loose->proof;
  if ((flags & MEND_NODES) != 0) mend_nodes(loose, table);
  if ((flags & MEND_BLOCK) != 0 && proof->block_index < LENGTH)
    proof->block = table->blocks[proof->block_index].data == NULL ? (vms_slice){ "", 0 } : vms__buf_view(&table->blocks[proof->block_index]);
  if ((flags & MEND_SIGNATURE) != 0 && (proof->flags & VMS_PROOF_UPGRADE) != 0) mend_signature(loose, proof, table);
  if ((flags & MEND_MANIFEST) != 0 && table->manifest_len > 0) {
    proof->flags |= VMS_PROOF_MANIFEST;
    proof->manifest = table->source.manifest;
  }
  if ((flags & MEND_FORK) != 0) proof->fork = table->fork;
}

static bool has_all(void *context, uint64_t seq) {
  (void)context, (void)seq;
  return true;
}

/* The honest answer to what the replica asks for: so that lies meet a replica in any state. */
static void honest(vms_replica *replica, const table_core *table, uint8_t length) {
  vms__peer_has peer = { NULL, has_all, table->fork, 1 + length % LENGTH, NULL };
  vms_proof_request request;
  vms_buffer proof = VMS_BUFFER_INIT;
  if (!vms__replica_next(replica, &peer, &request)) return;
  if (vms__proof_make(&table->source, &request, &proof, NULL) == VMS_OK) (void)vms_replica_feed(replica, proof.data, proof.len, NULL);
  vms__replica_lost(replica, &request);
  vms_buffer_free(&proof);
}

static void feed(vms_replica *replica, table_core *table, uint8_t flags, const uint8_t *bytes, size_t len) {
  static loose_proof loose;
  vms_buffer proof = VMS_BUFFER_INIT;
  if ((flags & AS_ASKED) != 0) honest(replica, table, len == 0 ? 0 : bytes[0]);
  else if (flags == 0 || !loose_read(&loose, bytes, len)) (void)vms_replica_feed(replica, bytes, len, NULL);
  else {
    mend(&loose, table, flags);
    loose_write(&loose, &proof);
    (void)vms_replica_feed(replica, proof.data == NULL ? "" : proof.data, proof.len, NULL);
  }
  vms_buffer_free(&proof);
  check_replica(replica, table);
}

/* A journal with a few of the core's blocks, one of them perhaps not the core's. */
static vms_journal *stored_core(vms_storage *storage, const table_core *table, uint8_t how) {
  vms_journal *journal;
  check(vms_memory_open(storage, NULL, NULL) == VMS_OK);
  check(vms_journal_create(&journal, storage, (const uint8_t(*)[VMS_MANIFEST_LEN])table->manifest, 1, NULL, NULL) == VMS_OK);
  for (uint64_t i = 0; i < how % 16u; i++) {
    const vms_buffer *block = &table->blocks[how >= 128 && i == how / 16u % 8u ? i + 1 : i];
    check(vms_core_append(vms_journal_core(journal, 0), block->data == NULL ? "" : block->data, block->len, NULL, NULL) == VMS_OK);
  }
  return journal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_journal *journal = NULL;
  vms_replica *replica;
  vms_storage storage;
  table_core *table;
  if (tables[0].length == 0) tables_make();
  if (size < 2) return 0;
  table = &tables[data[0] / KIND % 4];
  if ((data[0] & STORED) != 0 && table == &tables[0]) {
    journal = stored_core(&storage, table, data[1]);
    options.core = vms_journal_core(journal, 0);
  } else if ((data[0] & SPARSE) != 0) options.flags = VMS_REPLICA_SPARSE;
  check(vms_replica_open(&replica, table->key, &options, NULL) == VMS_OK);
  check(vms_replica_want(replica, data[1] % LENGTH, LENGTH, NULL) == VMS_OK);
  for (size_t at = 2; size - at >= 3;) {
    size_t len = data[at + 1] | (size_t)data[at + 2] << 8;
    len = VMS__MIN(len, size - at - 3);
    feed(replica, table, data[at], data + at + 3, len);
    at += 3 + len;
  }
  vms_replica_close(replica);
  vms_journal_close(journal);
  if (journal != NULL) vms_memory_close(&storage);
  return 0;
}

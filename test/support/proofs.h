/* SPDX-License-Identifier: MIT */
/* A core as tables of blocks and nodes, of any manifest: what a server of another kind than a journal proves from. */
#ifndef VMS_TEST_PROOFS_H
#define VMS_TEST_PROOFS_H

#include <stdio.h>
#include <stdlib.h>

#include "lib/ledger/replication.h"

typedef struct table_core {
  uint64_t length, fork;
  vms_buffer *blocks;
  vms__node *nodes; /* by number; complete ones below length are valid */
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], manifest[256], signature[256];
  size_t manifest_len, signature_len;
  vms__proof_source source;
} table_core;

static inline bool table_node(void *context, uint64_t index, vms__node *node) {
  const table_core *table = context;
  if (vms__tree_right_span(index) >= 2 * table->length) return false;
  *node = table->nodes[index];
  return true;
}

static inline int table_block(void *context, uint64_t seq, vms_buffer *block, vms_error *error) {
  const table_core *table = context;
  (void)error;
  return vms_buffer_append(block, table->blocks[seq].data == NULL ? "" : table->blocks[seq].data, table->blocks[seq].len);
}

static inline void table_init(table_core *table, uint64_t room) {
  memset(table, 0, sizeof *table);
  table->blocks = calloc((size_t)room + 1, sizeof *table->blocks);
  table->nodes = calloc(2 * (size_t)room + 1, sizeof *table->nodes);
  table->source = (vms__proof_source){ table, table_node, table_block, 0, 0, { NULL, 0 }, { NULL, 0 } };
}

static inline void table_deinit(table_core *table) {
  for (uint64_t i = 0; i < table->length; i++) vms_buffer_free(&table->blocks[i]);
  free(table->blocks);
  free(table->nodes);
}

static inline void table_append(table_core *table, const void *block, size_t len) {
  uint64_t n = table->length++, index = 2 * n;
  vms__node *node = &table->nodes[index];
  (void)vms_buffer_append(&table->blocks[n], block, len);
  node->index = index;
  node->size = len;
  vms__tree_leaf(block, len, node->hash);
  for (uint64_t rest = n; (rest & 1) != 0; rest >>= 1) {
    const vms__node *left = &table->nodes[vms__tree_sibling(index)], *right = &table->nodes[index];
    index = vms__tree_parent(index);
    table->nodes[index].index = index;
    table->nodes[index].size = left->size + right->size;
    vms__tree_pair(left->size + right->size, left->hash, right->hash, table->nodes[index].hash);
  }
}

static inline unsigned table_roots(const table_core *table, vms__node roots[VMS__ROOTS_MAX]) {
  uint64_t indices[VMS__ROOTS_MAX];
  unsigned count = vms__tree_roots(table->length, indices);
  for (unsigned i = 0; i < count; i++) roots[i] = table->nodes[indices[i]];
  return count;
}

static inline void table_tree_hash(const table_core *table, uint8_t hash[VMS_HASH_LEN]) {
  vms__node roots[VMS__ROOTS_MAX];
  vms__tree_hash(roots, table_roots(table, roots), hash);
}

/* Who signs. COMPAT: the key is the public key. V0: version 0, one signer. MULTI: version 1, two of three, with seeds one apart. */
enum { TABLE_DEFAULT, TABLE_COMPAT, TABLE_V0, TABLE_MULTI };

static inline void table_manifest(table_core *table, int kind, uint8_t seed) {
  uint8_t public_key[VMS_KEY_LEN], plain[VMS_MANIFEST_LEN];
  memset(table->seed, seed, sizeof table->seed);
  vms_key_public(table->seed, public_key);
  vms_manifest_default(public_key, plain);
  memcpy(table->manifest, plain, sizeof plain);
  table->manifest_len = sizeof plain;
  if (kind == TABLE_COMPAT) {
    table->manifest_len = 0;
    memcpy(table->key, public_key, sizeof public_key);
    return;
  }
  if (kind == TABLE_V0) { /* version, hash, type; signature type, namespace, public key */
    memcpy(table->manifest, (const uint8_t[]){ 0, 0, 1, 0 }, 4);
    memcpy(table->manifest + 4, plain + 6, 64);
    table->manifest_len = 68;
  } else if (kind == TABLE_MULTI) {
    memcpy(table->manifest, (const uint8_t[]){ 1, 0, 0, 2, 3 }, 5);
    for (unsigned i = 0; i < 3; i++) {
      uint8_t other[VMS_SEED_LEN];
      memset(other, seed + (int)i, sizeof other);
      vms_key_public(other, public_key);
      table->manifest[5 + 65 * i] = 0;
      memcpy(table->manifest + 6 + 65 * i, plain + 6, 32);
      memcpy(table->manifest + 38 + 65 * i, public_key, 32);
    }
    table->manifest_len = 5 + 3 * 65;
  }
  vms__manifest_hash(table->manifest, table->manifest_len, table->key);
}

/* Signs the length that is there; the source is ready to prove then. */
static inline void table_sign(table_core *table) {
  uint8_t tree_hash[VMS_HASH_LEN], signable[VMS__SIGNABLE_LEN];
  size_t len = sizeof signable;
  table_tree_hash(table, tree_hash);
  vms__head_signable(table->manifest_len == 68 ? table->manifest + 4 : table->key, tree_hash, table->length, table->fork, signable);
  if (table->manifest_len == 0) {
    memmove(signable + 32, signable + 64, 48);
    len = 80;
  }
  table->signature_len = VMS_SIGNATURE_LEN;
  if (table->manifest_len == 0 || table->manifest_len == 68) vms_sign(table->seed, signable, len, table->signature);
  else { /* proofs of (signer, signature, no patch), no patch nodes */
    unsigned count = table->manifest_len == VMS_MANIFEST_LEN ? 1 : 2;
    uint8_t *p = table->signature;
    *p++ = (uint8_t)count;
    for (unsigned i = 0; i < count; i++) {
      uint8_t other[VMS_SEED_LEN];
      memset(other, table->seed[0] + (int)i, sizeof other);
      *p++ = (uint8_t)i;
      vms_sign(other, signable, len, p);
      p += VMS_SIGNATURE_LEN;
      *p++ = 0;
    }
    *p++ = 0;
    table->signature_len = (size_t)(p - table->signature);
  }
  table->source.length = table->length;
  table->source.fork = table->fork;
  table->source.signature = (vms_slice){ (const char *)table->signature, table->signature_len };
  table->source.manifest = (vms_slice){ (const char *)table->manifest, table->manifest_len };
}

/* --- proofs taken apart, to be put together otherwise ------------------------------------------------------- */

#define LOOSE_NODES 160u
enum { LOOSE_BLOCK, LOOSE_HASH, LOOSE_SEEK, LOOSE_UPGRADE, LOOSE_ADDITIONAL, LOOSE_LISTS };

typedef struct loose_proof {
  vms__proof proof; /* lists aside */
  vms__node nodes[LOOSE_LISTS][LOOSE_NODES];
  size_t counts[LOOSE_LISTS];
} loose_proof;

static inline bool loose_read(loose_proof *loose, const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  if (!vms__proof_read(&reader, &loose->proof)) return false;
  vms__node_list lists[LOOSE_LISTS] = { loose->proof.block_nodes, loose->proof.hash_nodes, loose->proof.seek_nodes,
                                        loose->proof.upgrade_nodes, loose->proof.additional_nodes };
  for (unsigned i = 0; i < LOOSE_LISTS; i++) {
    loose->counts[i] = 0;
    if (lists[i].count > LOOSE_NODES) return false;
    while (vms__next_node(&lists[i], &loose->nodes[i][loose->counts[i]])) loose->counts[i]++;
  }
  return true;
}

static inline void loose_uint(vms_buffer *out, uint64_t n) { (void)vms__write_uint(out, n); }

static inline void loose_list(const loose_proof *loose, unsigned list, vms_buffer *out) {
  loose_uint(out, loose->counts[list]);
  for (size_t i = 0; i < loose->counts[list]; i++) (void)vms__write_node(out, &loose->nodes[list][i]);
}

static inline void loose_write(const loose_proof *loose, vms_buffer *out) {
  const vms__proof *p = &loose->proof;
  loose_uint(out, p->flags);
  loose_uint(out, p->id);
  loose_uint(out, p->fork);
  if (p->flags & VMS_PROOF_BLOCK) {
    loose_uint(out, p->block_index);
    (void)vms__write_buffer(out, p->block.data, p->block.len);
    loose_list(loose, LOOSE_BLOCK, out);
  }
  if (p->flags & VMS_PROOF_HASH) {
    loose_uint(out, p->hash_index);
    loose_list(loose, LOOSE_HASH, out);
  }
  if (p->flags & VMS_PROOF_SEEK) {
    loose_uint(out, p->seek_bytes);
    loose_list(loose, LOOSE_SEEK, out);
  }
  if (p->flags & VMS_PROOF_UPGRADE) {
    loose_uint(out, p->upgrade_start);
    loose_uint(out, p->upgrade_length);
    loose_list(loose, LOOSE_UPGRADE, out);
    loose_list(loose, LOOSE_ADDITIONAL, out);
    (void)vms__write_buffer(out, p->signature.data, p->signature.len);
  }
  if (p->flags & VMS_PROOF_MANIFEST) (void)vms__buf_slice(out, p->manifest);
}

#endif

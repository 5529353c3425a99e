/* SPDX-License-Identifier: MIT */
/* Goal: every honest proof that Hypercore's rules allow is accepted, and no dishonest one makes anybody hold a block, head or node
 * that is not the true one.
 * Method: random cores of every kind of manifest and random requests; answers with bytes changed and with parts swapped, dropped,
 * doubled, shifted or taken from other answers, each fed to a replica whose whole state is compared with the core afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/ledger/replica.h"
#include "test/support/proofs.h"
#include "test/support/storage.h"

#define LENGTH_MAX 300u
#define KINDS 4

static uint64_t seed;

static uint64_t random_below(uint64_t n) { return n == 0 ? 0 : sim_random(&seed) % n; }

static void random_append(table_core *table, uint64_t count) {
  uint8_t block[64];
  for (uint64_t i = 0; i < count && table->length < LENGTH_MAX; i++) {
    size_t len = (size_t)random_below(40);
    for (size_t j = 0; j < len; j++) block[j] = (uint8_t)sim_random(&seed);
    table_append(table, block, len);
  }
  table_sign(table);
}

static void random_core(table_core *table, int kind) {
  table_init(table, LENGTH_MAX);
  table_manifest(table, kind, 7);
  table->fork = random_below(3);
  random_append(table, 1 + random_below(LENGTH_MAX / 2));
}

/* --- a verifier that knows some nodes of a table ------------------------------------------------------------- */

typedef struct knower {
  vms__verifier verifier;
  const table_core *table;
  bool known[2 * LENGTH_MAX];
  uint64_t accepted;
} knower;

static bool knower_node(void *context, uint64_t index, vms__node *node) {
  const knower *k = context;
  if (index >= 2 * LENGTH_MAX || !k->known[index]) return false;
  *node = k->table->nodes[index];
  return true;
}

static void knower_init(knower *k, const table_core *table) {
  memset(k, 0, sizeof *k);
  k->table = table;
  k->verifier.context = k;
  k->verifier.node = knower_node;
  k->verifier.key = table->key;
  k->verifier.fork = table->fork;
}

static bool same_node(const vms__node *a, const vms__node *b) {
  return a->index == b->index && a->size == b->size && memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static void knower_take(knower *k, const vms__verified *verified) {
  const vms__node *nodes = (const vms__node *)(const void *)verified->nodes.data;
  for (size_t i = 0; i < verified->nodes.len / sizeof *nodes; i++) {
    assert_true(nodes[i].index < 2 * LENGTH_MAX);
    assert_true(same_node(&nodes[i], &k->table->nodes[nodes[i].index]));
    k->known[nodes[i].index] = true;
  }
  if (!verified->upgraded) return;
  assert_int_equal(verified->length, k->table->length);
  k->verifier.manifest = k->table->source.manifest;
  k->verifier.length = verified->length;
  k->verifier.root_count = verified->root_count;
  memcpy(k->verifier.roots, verified->roots, sizeof verified->roots);
}

/* Levels from a node up to the first one that is known; false if there is none. */
static bool levels_to_known(const knower *k, uint64_t index, uint64_t *levels) {
  for (*levels = 0; index < 2 * LENGTH_MAX; (*levels)++, index = vms__tree_parent(index))
    if (k->known[index]) return true;
  return false;
}

/* Where a block starts. */
static uint64_t byte_offset(const table_core *table, uint64_t seq) {
  uint64_t bytes = 0;
  for (uint64_t i = 0; i < seq; i++) bytes += table->blocks[i].len;
  return bytes;
}

/* A byte anywhere, or below the node that the target's proof leads to. */
static uint64_t random_byte(const knower *k, const vms_proof_request *request) {
  bool hash = (request->flags & VMS_PROOF_HASH) != 0;
  uint64_t root = hash ? request->hash_index : 2 * request->block_index, levels = hash ? request->hash_nodes : request->block_nodes;
  if ((request->flags & (VMS_PROOF_HASH | VMS_PROOF_BLOCK)) == 0 || random_below(4) == 0)
    return random_below(byte_offset(k->table, k->table->length) + 2);
  while (levels-- > 0) root = vms__tree_parent(root);
  return byte_offset(k->table, vms__tree_left_span(root) / 2 + random_below((vms__tree_right_span(root) - vms__tree_left_span(root)) / 2 + 1)) +
         random_below(20);
}

/* A request that the knower can judge the answer of. False if none came out. */
static bool random_request(const knower *k, vms_proof_request *request) {
  uint64_t have = k->verifier.length, length = k->table->length, r = sim_random(&seed), levels;
  memset(request, 0, sizeof *request);
  request->fork = k->table->fork;
  request->id = random_below(1000);
  if (have < length && (have == 0 || (r & 3) == 0)) {
    request->flags |= VMS_PROOF_UPGRADE | (have == 0 || (r & 4) ? VMS_PROOF_MANIFEST : 0);
    request->upgrade_start = have;
    request->upgrade_length = (r & 8) ? length - have : 1 + random_below(length - have);
  }
  r >>= 8;
  if ((r & 3) == 0 && request->flags & VMS_PROOF_UPGRADE) { /* a block or node in the new part */
    request->block_index = have + random_below(request->upgrade_length);
    request->flags |= VMS_PROOF_BLOCK;
  } else if (have > 0 && (r & 12) != 0) { /* one that can be connected */
    if ((r & 12) == 4) {
      uint64_t depth = random_below(4);
      request->hash_index = (random_below(2 * have) >> (depth + 1) << (depth + 1)) + ((uint64_t)1 << depth) - 1;
      if (vms__tree_right_span(request->hash_index) >= 2 * have || !levels_to_known(k, request->hash_index, &levels)) return false;
      request->flags |= VMS_PROOF_HASH;
      request->hash_nodes = levels;
    } else {
      request->block_index = random_below(have);
      if (!levels_to_known(k, 2 * request->block_index, &levels)) return false;
      request->flags |= VMS_PROOF_BLOCK;
      request->block_nodes = levels;
    }
  }
  if ((r & 0x30) == 0) {
    request->seek_bytes = random_byte(k, request);
    request->flags |= VMS_PROOF_SEEK;
  }
  return request->flags != 0;
}

static void every_honest_proof_is_accepted(void **state) {
  static uint64_t seen[32];
  uint64_t accepted = 0, unanswered = 0;
  (void)state;
  for (unsigned round = 0; round < 400; round++) {
    table_core table;
    knower *k = malloc(sizeof *k);
    assert_non_null(k);
    random_core(&table, (int)(round % KINDS));
    knower_init(k, &table);
    for (unsigned i = 0; i < 60; i++) {
      vms_proof_request request;
      vms_buffer bytes = VMS_BUFFER_INIT;
      vms__verified verified = { .nodes = VMS_BUFFER_INIT };
      vms__proof proof;
      vms__reader reader;
      vms_error error = { 0 };
      int status;
      if (i % 20 == 19) random_append(&table, random_below(30));
      if (!random_request(k, &request)) continue;
      status = vms__proof_make(&table.source, &request, &bytes, &error);
      if (status != VMS_OK) { /* a byte that is not below the node asked for */
        assert_int_equal(status, VMS_ERR_ARGUMENT);
        assert_true(request.flags & VMS_PROOF_SEEK);
        unanswered++;
        continue;
      }
      reader = vms__reader_over(bytes.data, bytes.len);
      assert_true(vms__proof_read(&reader, &proof));
      assert_int_equal(reader.left, 0);
      status = vms__proof_verify(&k->verifier, &proof, &verified, &error);
      if (status != VMS_OK) print_error("flags %u: %s\n", request.flags, error.message);
      assert_int_equal(status, VMS_OK);
      knower_take(k, &verified);
      seen[proof.flags]++;
      accepted++;
      vms_buffer_free(&verified.nodes);
      vms_buffer_free(&bytes);
    }
    free(k);
    table_deinit(&table);
  }
  assert_true(accepted > 10000 && unanswered < accepted);
  /* Each kind of answer came: block, hash, seek, upgrade, alone and together. */
  for (unsigned flags = 1; flags < 16; flags++)
    if ((flags & 3) != 3 && flags != VMS_PROOF_SEEK) assert_true(seen[flags] + seen[flags | VMS_PROOF_MANIFEST] > 0);
}

/* --- tampering ------------------------------------------------------------------------------------------------- */

/* Everything that the replica holds is the table's. */
static void expect_true(const vms_replica *replica, const table_core *table) {
  uint64_t indices[VMS__ROOTS_MAX];
  if (replica->length > 0) {
    unsigned count = vms__tree_roots(replica->length, indices);
    assert_true(replica->length <= table->length);
    assert_int_equal(replica->fork, table->fork);
    assert_int_equal(count, replica->root_count);
    for (unsigned i = 0; i < count; i++) assert_true(same_node(&replica->roots[i], &table->nodes[indices[i]]));
    assert_int_equal(vms_signature_check(table->key, table->manifest, table->manifest_len, replica->tree_hash, replica->length, table->fork,
                                         replica->signature.data, replica->signature.len, NULL), VMS_OK);
  } else assert_int_equal(replica->root_count, 0);
  if (replica->manifest.len > 0) {
    assert_int_equal(replica->manifest.len, table->manifest_len);
    assert_memory_equal(replica->manifest.data, table->manifest, table->manifest_len);
  }
  if (replica->core != NULL) {
    vms__node roots[VMS__ROOTS_MAX];
    uint8_t own[VMS_HASH_LEN], wanted[VMS_HASH_LEN];
    unsigned count = vms__tree_roots(replica->contiguous, indices);
    for (unsigned i = 0; i < count; i++) roots[i] = table->nodes[indices[i]];
    vms__tree_hash(roots, count, wanted);
    vms_core_tree_hash(replica->core, replica->contiguous, own);
    assert_memory_equal(own, wanted, sizeof own);
  }
  for (size_t i = 0; i < replica->nodes.capacity; i++) {
    const vms__proved *proved = (const vms__proved *)(const void *)(replica->nodes.entries + i * sizeof *proved);
    vms__node node;
    if (proved->tag == 0) continue;
    node = (vms__node){ proved->tag - 1, proved->size, { 0 } };
    memcpy(node.hash, proved->hash, sizeof node.hash);
    assert_true(node.index < 2 * table->length);
    assert_true(same_node(&node, &table->nodes[node.index]));
  }
  for (size_t i = 0; i < replica->slots.capacity; i++) {
    const vms__slot *slot = (const vms__slot *)(const void *)(replica->slots.entries + i * sizeof *slot);
    const vms_buffer *block;
    if (slot->tag == 0 || slot->block == NULL) continue;
    assert_true(slot->tag - 1 < table->length);
    block = &table->blocks[slot->tag - 1];
    assert_int_equal(slot->len, block->len);
    if (slot->len > 0) assert_memory_equal(slot->block, block->data, block->len);
  }
}

/* A change of some parts; false if there was nothing to change. */
static bool tamper_parts(loose_proof *p, const loose_proof *other, const table_core *table) {
  unsigned list = (unsigned)random_below(LOOSE_LISTS);
  size_t count = p->counts[list], at = (size_t)random_below(count);
  vms__node *nodes = p->nodes[list];
  uint64_t by = 1 + random_below(3);
  switch (random_below(18)) {
    case 0: /* dropped */
      if (count == 0) return false;
      memmove(&nodes[at], &nodes[at + 1], (count - at - 1) * sizeof *nodes);
      p->counts[list]--;
      return true;
    case 1: /* doubled */
      if (count == 0 || count == LOOSE_NODES) return false;
      memmove(&nodes[at + 1], &nodes[at], (count - at) * sizeof *nodes);
      p->counts[list]++;
      return true;
    case 2: /* swapped, in place or whole */
    case 3: {
      size_t to = (size_t)random_below(count);
      vms__node node;
      if (count < 2 || at == to) return false;
      node = nodes[at];
      nodes[at] = nodes[to];
      nodes[to] = node;
      return true;
    }
    case 4: /* the hashes of two nodes, but not their places */
      if (count < 2 || at == 0) return false;
      memcpy(nodes[at].hash, nodes[at - 1].hash, sizeof nodes[at].hash);
      return true;
    case 5: /* bytes shifted between neighbours: the sum stays */
    case 6:
      if (count < 2 || at == 0) return false;
      nodes[at].size += by;
      nodes[at - 1].size -= VMS__MIN(by, nodes[at - 1].size);
      return true;
    case 7:
      if (count == 0) return false;
      nodes[at].size += by;
      return true;
    case 8:
      if (count == 0) return false;
      nodes[at].index = sim_random(&seed) % 3 == 0 ? random_below(2 * table->length + 4) : vms__tree_parent(nodes[at].index);
      return true;
    case 9: /* a true node of another place under this number, or the other way round */
      if (count == 0) return false;
      nodes[at] = table->nodes[random_below(2 * table->length - 1)];
      return true;
    case 10: /* another answer's list */
      memcpy(nodes, other->nodes[list], sizeof other->nodes[list]);
      p->counts[list] = other->counts[list];
      return true;
    case 11: p->proof.block = table->blocks[random_below(table->length)].data == NULL ? (vms_slice){ "", 0 } : vms__buf_view(&table->blocks[random_below(table->length)]); return true;
    case 12: p->proof.block_index = random_below(table->length + 2); return true;
    case 13: p->proof.upgrade_length = random_below(table->length + 2); return true;
    case 14: p->proof.upgrade_start = random_below(table->length + 2); return true;
    case 15: p->proof.fork += by; return true;
    case 16: p->proof.signature = other->proof.signature; return true;
    default: p->proof.flags ^= 1u << random_below(4); return true;
  }
}

static void tamper_bytes(vms_buffer *bytes) {
  for (uint64_t n = 1 + random_below(2); n > 0; n--) {
    size_t at = (size_t)random_below(bytes->len);
    bytes->data[at] = (char)(bytes->data[at] ^ (1 << random_below(8)));
  }
}

typedef struct tallies { uint64_t fed, refused; } tallies;

static void feed_tampered(vms_replica *replica, const table_core *table, const void *bytes, size_t len, tallies *tally) {
  int status = vms_replica_feed(replica, bytes, len, NULL);
  tally->fed++;
  if (status != VMS_OK) tally->refused++;
  expect_true(replica, table);
}

static bool has_all(void *context, uint64_t seq) {
  (void)context, (void)seq;
  return true;
}

/* Returns false if what the core held before was found to be another core's. */
static bool download_with_lies(table_core *table, uint32_t flags, vms_core *core, tallies *tally) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  bool same = true;
  vms_replica *replica;
  static loose_proof loose, before;
  static uint8_t kept[4096]; /* what `before` points into */
  vms_buffer bytes = VMS_BUFFER_INIT, wrong = VMS_BUFFER_INIT;
  memset(&before, 0, sizeof before);
  options.flags = flags;
  options.core = core;
  assert_int_equal(vms_replica_open(&replica, table->key, &options, NULL), VMS_OK);
  assert_int_equal(vms_replica_want(replica, 0, UINT64_MAX, NULL), VMS_OK);
  for (unsigned round = 0; round < 3 && same; round++) {
    vms__peer_has peer = { NULL, has_all, table->fork, table->length, NULL };
    vms_proof_request request;
    while (same && vms__replica_next(replica, &peer, &request)) {
      int status;
      /* As of another length sometimes, so that additional nodes come. */
      if ((request.flags & VMS_PROOF_UPGRADE) != 0 && random_below(2) == 0) request.upgrade_length = 1 + random_below(request.upgrade_length);
      vms__buf_clear(&bytes);
      assert_int_equal(vms__proof_make(&table->source, &request, &bytes, NULL), VMS_OK);
      for (unsigned i = 0; i < 12; i++) {
        vms__buf_clear(&wrong);
        assert_true(loose_read(&loose, bytes.data, bytes.len));
        bool changed = i % 3 != 0 && tamper_parts(&loose, &before, table);
        if (changed && random_below(4) == 0) (void)tamper_parts(&loose, &before, table);
        loose_write(&loose, &wrong);
        if (!changed) tamper_bytes(&wrong);
        feed_tampered(replica, table, wrong.data, wrong.len, tally);
      }
      /* The honest answer fits, unless one that said the same otherwise came first. */
      status = vms_replica_feed(replica, bytes.data, bytes.len, NULL);
      if (status == VMS_ERR_EXISTS) same = false;
      else if (status != VMS_OK) assert_true((request.flags & VMS_PROOF_UPGRADE) != 0 && replica->length == table->length);
      vms__replica_lost(replica, &request);
      expect_true(replica, table);
      if (bytes.len <= sizeof kept && random_below(3) == 0) {
        memcpy(kept, bytes.data, bytes.len);
        assert_true(loose_read(&before, kept, bytes.len));
      }
    }
    assert_true(vms_replica_is_complete(replica) || !same);
    random_append(table, random_below(30));
  }
  vms_buffer_free(&bytes);
  vms_buffer_free(&wrong);
  vms_replica_close(replica);
  return same;
}

static void no_dishonest_proof_is_believed(void **state) {
  tallies tally = { 0, 0 };
  (void)state;
  for (unsigned round = 0; round < 40; round++) {
    table_core table;
    table_init(&table, LENGTH_MAX);
    table_manifest(&table, (int)(round % KINDS), 9);
    table.fork = round % 3;
    random_append(&table, 1 + random_below(60));
    assert_true(download_with_lies(&table, round / 4 % 2 == 0 ? 0 : VMS_REPLICA_SPARSE, NULL, &tally));
    table_deinit(&table);
  }
  printf("%llu tampered proofs, %llu refused\n", (unsigned long long)tally.fed, (unsigned long long)tally.refused);
  assert_true(tally.fed > 20000 && tally.refused > tally.fed / 2);
}

/* The same into a journal's core that was left behind by an earlier download, or by something else. */
static void no_dishonest_proof_vouches_for_stored_blocks(void **state) {
  tallies tally = { 0, 0 };
  (void)state;
  for (unsigned round = 0; round < 30; round++) {
    table_core table;
    vms_storage storage;
    vms_journal *journal;
    vms_core *core;
    uint64_t stored, wrong;
    table_init(&table, LENGTH_MAX);
    table_manifest(&table, TABLE_DEFAULT, 9);
    random_append(&table, 1 + random_below(60));
    stored = random_below(table.length + 1);
    wrong = round % 2 == 0 ? UINT64_MAX : random_below(stored);
    assert_int_equal(vms_memory_open(&storage, NULL, NULL), VMS_OK);
    assert_int_equal(vms_journal_create(&journal, &storage, (const uint8_t(*)[VMS_MANIFEST_LEN])table.manifest, 1, NULL, NULL), VMS_OK);
    core = vms_journal_core(journal, 0);
    for (uint64_t i = 0; i < stored; i++) {
      const vms_buffer *block = &table.blocks[i];
      if (i == wrong) assert_int_equal(vms_core_append(core, "other", 5, NULL, NULL), VMS_OK);
      else assert_int_equal(vms_core_append(core, block->data == NULL ? "" : block->data, block->len, NULL, NULL), VMS_OK);
    }
    assert_int_equal(download_with_lies(&table, 0, core, &tally), wrong >= stored);
    vms_journal_close(journal);
    vms_memory_close(&storage);
    table_deinit(&table);
  }
  assert_true(tally.fed > 5000 && tally.refused > tally.fed / 2);
}

/* Every byte of a few messages, changed in three ways. */
static void no_byte_can_be_changed(void **state) {
  tallies tally = { 0, 0 };
  (void)state;
  for (int kind = 0; kind < KINDS; kind++) {
    static const uint32_t flags[] = { VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST | VMS_PROOF_BLOCK,
                                      VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST | VMS_PROOF_SEEK };
    table_core table;
    random_core(&table, kind);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
      vms_proof_request request = { .flags = flags[i], .fork = table.fork, .upgrade_length = 1 + random_below(table.length) };
      vms_buffer bytes = VMS_BUFFER_INIT;
      request.block_index = random_below(request.upgrade_length);
      assert_int_equal(vms__proof_make(&table.source, &request, &bytes, NULL), VMS_OK);
      for (size_t at = 0; at < bytes.len; at++)
        for (unsigned change = 0; change < 3; change++) {
          vms_replica *replica;
          char old = bytes.data[at];
          assert_int_equal(vms_replica_open(&replica, table.key, NULL, NULL), VMS_OK);
          bytes.data[at] = (char)(change == 0 ? old ^ 1 : change == 1 ? old ^ 0x80 : ~old);
          feed_tampered(replica, &table, bytes.data, bytes.len, &tally);
          bytes.data[at] = old;
          vms_replica_close(replica);
        }
      vms_buffer_free(&bytes);
    }
    table_deinit(&table);
  }
  printf("%llu changed bytes, %llu refused\n", (unsigned long long)tally.fed, (unsigned long long)tally.refused);
  assert_true(tally.fed > 10000 && tally.refused > tally.fed * 9 / 10);
}

/* Two siblings that both come from the peer: their hashes are proved, their sizes not. */
static void sizes_that_are_not_proved_are_not_kept(void **state) {
  table_core table;
  vms_replica *replica;
  vms_buffer bytes = VMS_BUFFER_INIT, wrong = VMS_BUFFER_INIT;
  static loose_proof loose;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, .upgrade_length = 2 };
  (void)state;
  table_init(&table, 4);
  table_manifest(&table, TABLE_DEFAULT, 9);
  for (unsigned i = 0; i < 4; i++) table_append(&table, "block", 5);
  table_sign(&table);
  assert_int_equal(vms_replica_open(&replica, table.key, NULL, NULL), VMS_OK);
  request.upgrade_length = 3; /* nodes 1 and 4, then 6 additionally */
  assert_int_equal(vms__proof_make(&table.source, &request, &bytes, NULL), VMS_OK);
  assert_true(loose_read(&loose, bytes.data, bytes.len));
  assert_int_equal(loose.nodes[LOOSE_UPGRADE][1].index, 4);
  assert_int_equal(loose.nodes[LOOSE_ADDITIONAL][0].index, 6);
  loose.nodes[LOOSE_UPGRADE][1].size--;
  loose.nodes[LOOSE_ADDITIONAL][0].size++;
  loose_write(&loose, &wrong);
  assert_int_equal(vms_replica_feed(replica, wrong.data, wrong.len, NULL), VMS_OK); /* what is signed holds */
  expect_true(replica, &table);
  assert_null(vms__map_find(&replica->nodes, 4));
  assert_non_null(vms__map_find(&replica->nodes, 5));
  vms_replica_close(replica);
  vms_buffer_free(&bytes);
  vms_buffer_free(&wrong);
  table_deinit(&table);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_honest_proof_is_accepted),
    cmocka_unit_test(no_dishonest_proof_is_believed),
    cmocka_unit_test(no_dishonest_proof_vouches_for_stored_blocks),
    cmocka_unit_test(no_byte_can_be_changed),
    cmocka_unit_test(sizes_that_are_not_proved_are_not_kept),
  };
  seed = sim_seed();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

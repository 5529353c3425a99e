/* SPDX-License-Identifier: MIT */
/* Goal: a replica ends with exactly what was signed, whatever the order, the interruptions and what lay there before, and says clearly
 * why when it cannot.
 * Method: a source and a replica in one process; what the replica asks for is answered by the source's proofs, in order or not. */
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

static uint64_t seed_state;

/* --- a journal with one core ------------------------------------------------------------------------------ */

typedef struct one_core {
  vms_storage storage;
  vms_journal *journal;
  vms_core *core;
} one_core;

static uint8_t signer[VMS_SEED_LEN], manifests[1][VMS_MANIFEST_LEN], core_key[VMS_KEY_LEN];

static int make_keys(void **state) {
  uint8_t public_key[VMS_KEY_LEN];
  (void)state;
  memset(signer, 1, sizeof signer);
  vms_key_public(signer, public_key);
  vms_manifest_default(public_key, manifests[0]);
  vms_manifest_key(manifests[0], core_key);
  seed_state = sim_seed();
  return 0;
}

static int one_open(one_core *one, const vms_env *env) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  options.env = env;
  status = vms_memory_open(&one->storage, NULL, NULL);
  assert_int_equal(status, VMS_OK);
  status = vms_journal_create(&one->journal, &one->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, &options, NULL);
  if (status == VMS_OK) one->core = vms_journal_core(one->journal, 0);
  else vms_memory_close(&one->storage);
  return status;
}

static void one_begin(one_core *one) { assert_int_equal(one_open(one, NULL), VMS_OK); }

static void one_reopen(one_core *one, uint32_t flags) {
  assert_int_equal(vms_journal_commit(one->journal, flags, NULL), VMS_OK);
  vms_journal_close(one->journal);
  assert_int_equal(vms_journal_open(&one->journal, &one->storage, NULL, NULL), VMS_OK);
  one->core = vms_journal_core(one->journal, 0);
}

static void one_end(one_core *one) {
  vms_journal_close(one->journal);
  vms_memory_close(&one->storage);
}

/* Block i of every core here: 0 to 40 bytes. */
static size_t make_block(uint64_t i, uint8_t block[64]) {
  size_t len = (size_t)(i * 13 % 41);
  for (size_t j = 0; j < len; j++) block[j] = (uint8_t)(i * 31 + j * 7 + 3);
  return len;
}

static void append_to(vms_core *core, uint64_t length) {
  uint8_t block[64];
  while (vms_core_length(core) < length) {
    size_t len = make_block(vms_core_length(core), block);
    assert_int_equal(vms_core_append(core, block, len, NULL, NULL), VMS_OK);
  }
}

static void sign_at(one_core *one, uint64_t length) {
  append_to(one->core, length);
  assert_int_equal(vms_journal_signer(one->journal, 0, signer, NULL), VMS_OK);
  assert_int_equal(vms_journal_commit(one->journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
}

static void source_begin(one_core *one, uint64_t length) {
  one_begin(one);
  sign_at(one, length);
}

/* --- a peer ------------------------------------------------------------------------------------------------- */

#define FLIGHT_MAX 2048u

typedef struct peer {
  vms_core *core;                  /* one of both */
  const vms__proof_source *source;
  vms__peer_has has;
  uint64_t holes;                  /* every holes-th block is missing; 0: none */
  vms_proof_request flight[FLIGHT_MAX];
  size_t count, flight_max;
  bool any_order;
  uint64_t blocks, upgrades, lowest; /* asked for */
  uint64_t bytes;                  /* of proofs */
} peer;

static bool peer_has_block(void *context, uint64_t seq) {
  const peer *p = context;
  return p->holes == 0 || seq % p->holes != 0;
}

static void peer_update(peer *p) {
  vms_head head = { 0 };
  if (p->core != NULL) assert_int_equal(vms_core_head(p->core, &head, NULL), VMS_OK);
  p->has = (vms__peer_has){ p, peer_has_block, p->core != NULL ? head.fork : p->source->fork, p->core != NULL ? head.length : p->source->length, NULL };
}

static void peer_init(peer *p, vms_core *core, const vms__proof_source *source, size_t flight_max) {
  memset(p, 0, sizeof *p);
  p->core = core;
  p->source = source;
  p->flight_max = flight_max;
  p->lowest = UINT64_MAX;
  peer_update(p);
}

static void peer_ask(peer *p, vms_replica *replica) {
  while (p->count < p->flight_max && vms__replica_next(replica, &p->has, &p->flight[p->count])) {
    const vms_proof_request *request = &p->flight[p->count++];
    assert_true(replica->asked <= VMS__WINDOW);
    if (request->flags & VMS_PROOF_UPGRADE) p->upgrades++;
    if ((request->flags & VMS_PROOF_BLOCK) == 0) continue;
    p->blocks++;
    p->lowest = VMS__MIN(p->lowest, request->block_index);
  }
}

static int answer(peer *p, const vms_proof_request *request, vms_buffer *proof) {
  return p->core != NULL ? vms_core_prove(p->core, request, proof, NULL) : vms__proof_make(p->source, request, proof, NULL);
}

/* Answers one request; the status of feeding. */
static int peer_answer(peer *p, vms_replica *replica, vms_error *error) {
  vms_buffer proof = VMS_BUFFER_INIT;
  size_t i = p->any_order ? (size_t)(sim_random(&seed_state) % p->count) : 0;
  vms_proof_request request = p->flight[i];
  int status;
  memmove(&p->flight[i], &p->flight[i + 1], (p->count - i - 1) * sizeof request);
  p->count--;
  assert_int_equal(answer(p, &request, &proof), VMS_OK);
  p->bytes += proof.len;
  status = vms_replica_feed(replica, proof.data, proof.len, error);
  if (status != VMS_OK) vms__replica_lost(replica, &request);
  vms_buffer_free(&proof);
  return status;
}

static int feed_one(vms_replica *replica, peer *p, const vms_proof_request *request) {
  vms_buffer proof = VMS_BUFFER_INIT;
  int status;
  assert_int_equal(answer(p, request, &proof), VMS_OK);
  status = vms_replica_feed(replica, proof.data, proof.len, NULL);
  vms_buffer_free(&proof);
  return status;
}

/* Until there is nothing more to ask, or a failure. */
static int pump(peer *p, vms_replica *replica, vms_error *error) {
  for (;;) {
    int status;
    peer_ask(p, replica);
    if (p->count == 0) return VMS_OK;
    status = peer_answer(p, replica, error);
    if (status != VMS_OK) return status;
  }
}

static vms_replica *replica_of(const uint8_t key[VMS_KEY_LEN], vms_core *core, uint32_t flags, uint64_t bytes_max) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_replica *replica;
  options.core = core;
  options.flags = flags;
  options.bytes_max = bytes_max;
  assert_int_equal(vms_replica_open(&replica, key, &options, NULL), VMS_OK);
  return replica;
}

static void expect_blocks(vms_replica *replica, uint64_t from, uint64_t to) {
  for (uint64_t i = from; i < to; i++) {
    vms_buffer got = VMS_BUFFER_INIT;
    uint8_t block[64];
    size_t len = make_block(i, block);
    assert_int_equal(vms_replica_has(replica, i), 1);
    assert_int_equal(vms_replica_read(replica, i, &got, NULL), VMS_OK);
    assert_int_equal(got.len, len);
    if (len > 0) assert_memory_equal(got.data, block, len);
    vms_buffer_free(&got);
  }
}

static void expect_whole(vms_replica *replica, const vms_core *source, uint64_t length) {
  uint8_t own[VMS_HASH_LEN], wanted[VMS_HASH_LEN];
  assert_int_equal(vms_replica_length(replica), length);
  assert_int_equal(vms_replica_contiguous(replica), length);
  assert_int_equal(vms_replica_is_complete(replica), 1);
  vms_replica_tree_hash(replica, own);
  vms_core_tree_hash(source, length, wanted);
  assert_memory_equal(own, wanted, sizeof own);
  expect_blocks(replica, 0, length);
}

static void expect_head(const one_core *copy, const one_core *source) {
  vms_head own, wanted;
  assert_int_equal(vms_core_head(copy->core, &own, NULL), VMS_OK);
  assert_int_equal(vms_core_head(source->core, &wanted, NULL), VMS_OK);
  assert_int_equal(own.length, wanted.length);
  assert_memory_equal(own.tree_hash, wanted.tree_hash, sizeof own.tree_hash);
  assert_memory_equal(own.signature, wanted.signature, sizeof own.signature);
}

/* --- whole downloads -------------------------------------------------------------------------------------- */

static void a_core_is_downloaded_whole_and_keeps_its_head(void **state) {
  static const uint64_t lengths[] = { 1, 2, 3, 7, 8, 100, 511, 512, 513, 1500, 3000 };
  (void)state;
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    one_core source, copy;
    peer p;
    vms_replica *replica;
    source_begin(&source, lengths[i]);
    one_begin(&copy);
    peer_init(&p, source.core, NULL, 1 + i * 20);
    replica = replica_of(core_key, copy.core, 0, 0);
    assert_int_equal(vms_replica_is_complete(replica), 0);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    expect_whole(replica, source.core, lengths[i]);
    assert_int_equal(p.blocks, lengths[i]);
    assert_int_equal(p.upgrades, 1);
    assert_int_equal(replica->slots.count, 0);
    assert_int_equal(replica->nodes.count, 0);
    assert_int_equal(replica->bytes, 0);
    vms_replica_close(replica);
    expect_head(&copy, &source);
    one_reopen(&copy, VMS_COMMIT_SIGN);
    expect_head(&copy, &source);
    one_end(&copy);
    one_end(&source);
  }
}

/* Each request is made when the proofs that make its own short have arrived. */
static void many_requests_under_way_do_not_cost_many_nodes(void **state) {
  one_core source;
  (void)state;
  source_begin(&source, 20000);
  for (size_t flight = 1; flight <= 64; flight *= 8) {
    peer p;
    vms_replica *replica = replica_of(core_key, NULL, 0, 0);
    uint64_t nodes;
    peer_init(&p, source.core, NULL, flight);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    expect_whole(replica, source.core, 20000);
    nodes = (p.bytes - vms_core_byte_length(source.core, 20000)) / 40; /* with the rest of the messages */
    print_message("%zu under way: %.2f nodes a block\n", flight, (double)nodes / 20000);
    assert_true(nodes < 20000 * 25 / 10);
    vms_replica_close(replica);
  }
  one_end(&source);
}

static void answers_may_come_in_any_order(void **state) {
  static const size_t flights[] = { 2, 5, 64, 500, 2000 };
  one_core source, copy;
  (void)state;
  source_begin(&source, 2500);
  for (size_t i = 0; i < 2 * sizeof flights / sizeof flights[0]; i++) {
    peer p;
    vms_replica *replica;
    one_begin(&copy);
    peer_init(&p, source.core, NULL, flights[i / 2]);
    p.any_order = true;
    replica = replica_of(core_key, i % 2 == 0 ? copy.core : NULL, 0, 0);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    expect_whole(replica, source.core, 2500);
    assert_int_equal(p.blocks, 2500);
    assert_true(replica->nodes.count <= (i % 2 == 0 ? 0 : 2500)); /* parents alone */
    assert_true(replica->slots.capacity <= (i % 2 == 0 ? 2048 : 4096));
    vms_replica_close(replica);
    one_end(&copy);
  }
  one_end(&source);
}

static void cores_of_other_kinds_are_downloaded_into_memory(void **state) {
  (void)state;
  for (int kind = TABLE_DEFAULT; kind <= TABLE_MULTI; kind++) {
    table_core table;
    peer p;
    vms_replica *replica;
    uint8_t block[64], own[VMS_HASH_LEN], wanted[VMS_HASH_LEN];
    table_init(&table, 800);
    table_manifest(&table, kind, 3);
    table.fork = kind == TABLE_MULTI ? 0 : 5;
    for (uint64_t i = 0; i < 700; i++) table_append(&table, block, make_block(i, block));
    table_sign(&table);
    peer_init(&p, NULL, &table.source, 30);
    p.any_order = true;
    replica = replica_of(table.key, NULL, 0, 0);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    for (uint64_t i = 700; i < 800; i++) table_append(&table, block, make_block(i, block));
    table_sign(&table);
    peer_update(&p);
    assert_int_equal(vms_replica_length(replica), 700);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    assert_int_equal(vms_replica_is_complete(replica), 1);
    assert_int_equal(vms_replica_length(replica), 800);
    assert_int_equal(vms_replica_fork(replica), table.fork);
    vms_replica_tree_hash(replica, own);
    table_tree_hash(&table, wanted);
    assert_memory_equal(own, wanted, sizeof own);
    expect_blocks(replica, 0, 800);
    assert_int_equal(vms_replica_manifest(replica).len, table.manifest_len);
    if (table.manifest_len > 0) assert_memory_equal(vms_replica_manifest(replica).data, table.manifest, table.manifest_len);
    assert_int_equal(vms_replica_signature(replica).len, table.signature_len);
    assert_memory_equal(vms_replica_signature(replica).data, table.signature, table.signature_len);
    vms_replica_close(replica);
    table_deinit(&table);
  }
}

static void a_growing_core_is_followed(void **state) {
  one_core source, copy;
  peer p;
  vms_replica *replica;
  uint64_t length = 1;
  (void)state;
  source_begin(&source, length);
  one_begin(&copy);
  peer_init(&p, source.core, NULL, 40);
  p.any_order = true;
  replica = replica_of(core_key, copy.core, 0, 0);
  while (length < 3000) {
    uint64_t steps = sim_random(&seed_state) % 60;
    peer_ask(&p, replica);
    for (uint64_t i = 0; i < steps && p.count > 0; i++) {
      assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
      peer_ask(&p, replica);
    }
    length += 1 + sim_random(&seed_state) % 40;
    sign_at(&source, length);
    peer_update(&p);
  }
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, length);
  assert_int_equal(p.blocks, length);
  /* One block at a time, as a live core grows. */
  for (uint64_t i = 0; i < 100; i++) {
    sign_at(&source, ++length);
    peer_update(&p);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    assert_int_equal(vms_replica_is_complete(replica), 1);
  }
  expect_whole(replica, source.core, length);
  expect_head(&copy, &source);
  vms_replica_follow(replica, 0);
  sign_at(&source, length + 1);
  peer_update(&p);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_length(replica), length);
  vms_replica_follow(replica, 1);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_length(replica), length + 1);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
}

/* --- what lay there before --------------------------------------------------------------------------------- */

/* A copy with `stored` blocks, and the head of `head` of them if that is not 0. */
static void copy_begin(one_core *copy, uint64_t stored, uint64_t head) {
  one_begin(copy);
  if (head > 0) sign_at(copy, head);
  append_to(copy->core, stored);
  one_reopen(copy, 0);
}

static void a_download_goes_on_where_it_stopped(void **state) {
  (void)state;
  for (uint64_t length = 1; length <= 40; length += length < 20 ? 1 : 7) {
    one_core source, copy;
    source_begin(&source, length);
    for (uint64_t stored = 0; stored <= length; stored++)
      for (uint64_t head = 0; head <= stored; head += head < stored / 2 ? VMS__MAX(stored / 2, 1u) : VMS__MAX(stored - head, 1u)) {
        peer p;
        vms_replica *replica;
        copy_begin(&copy, stored, head);
        peer_init(&p, source.core, NULL, 4);
        replica = replica_of(core_key, copy.core, 0, 0);
        assert_int_equal(vms_replica_length(replica), head);
        assert_int_equal(vms_replica_contiguous(replica), head);
        assert_int_equal(pump(&p, replica, NULL), VMS_OK);
        expect_whole(replica, source.core, length);
        assert_int_equal(p.blocks, length - stored);
        assert_int_equal(p.upgrades, head < length);
        assert_true(p.blocks == 0 || p.lowest == stored);
        assert_int_equal(replica->nodes.count, 0);
        vms_replica_close(replica);
        expect_head(&copy, &source);
        one_end(&copy);
      }
    one_end(&source);
  }
}

static void a_shorter_head_than_what_is_stored_is_taken_and_followed(void **state) {
  one_core source, copy;
  peer p;
  vms_replica *replica;
  (void)state;
  source_begin(&source, 20);
  copy_begin(&copy, 30, 0);
  peer_init(&p, source.core, NULL, 8);
  replica = replica_of(core_key, copy.core, 0, 0);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, 20);
  assert_int_equal(p.blocks, 0);
  assert_int_equal(vms_replica_has(replica, 20), 0);
  expect_head(&copy, &source);
  for (uint64_t length = 25; length < 45; length += 5) {
    sign_at(&source, length);
    peer_update(&p);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    expect_whole(replica, source.core, length);
    expect_head(&copy, &source);
  }
  assert_int_equal(p.lowest, 30);
  assert_int_equal(p.blocks, 10);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
}

static void stored_blocks_of_another_core_are_told_apart(void **state) {
  one_core source;
  (void)state;
  source_begin(&source, 50);
  for (uint64_t stored = 1; stored <= 60; stored++) {
    uint64_t wrong = sim_random(&seed_state) % VMS__MIN(stored, 50u);
    one_core copy;
    peer p;
    vms_replica *replica;
    vms_error error;
    one_begin(&copy);
    append_to(copy.core, wrong);
    assert_int_equal(vms_core_append(copy.core, "other", 5, NULL, NULL), VMS_OK);
    append_to(copy.core, stored);
    peer_init(&p, source.core, NULL, 4);
    replica = replica_of(core_key, copy.core, 0, 0);
    assert_int_equal(pump(&p, replica, &error), VMS_ERR_EXISTS);
    assert_non_null(strstr(error.message, "stored"));
    assert_true(error.position <= wrong);
    assert_int_equal(vms_core_length(copy.core), stored);
    assert_int_equal(vms_replica_contiguous(replica), 0);
    assert_int_equal(vms_replica_has(replica, 0), 0);
    assert_int_equal(vms_core_head(copy.core, &(vms_head){ 0 }, NULL), VMS_ERR_NOT_FOUND);
    vms_replica_close(replica);
    one_end(&copy);
  }
  one_end(&source);
}

/* Blocks that lie in the core count only once something leads from all of them to the head; a shorter proof of the next one does not. */
static void only_a_whole_connection_makes_stored_blocks_count(void **state) {
  one_core source, copy;
  peer p;
  vms_replica *replica;
  (void)state;
  source_begin(&source, 16);
  for (int wrong = 0; wrong < 2; wrong++) {
    one_begin(&copy);
    if (wrong) assert_int_equal(vms_core_append(copy.core, "other", 5, NULL, NULL), VMS_OK);
    append_to(copy.core, 5);
    peer_init(&p, source.core, NULL, 4);
    replica = replica_of(core_key, copy.core, 0, 0);
    assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_UPGRADE, .upgrade_length = 16 }), VMS_OK);
    /* Shows nodes 9 and 3, of which 3 is not kept: it lies before what is missing. */
    assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = 6, .block_nodes = 4 }), wrong ? VMS_ERR_EXISTS : VMS_OK);
    if (!wrong) {
      assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = 5, .block_nodes = 1 }), VMS_OK);
      assert_int_equal(vms_replica_contiguous(replica), 0);
      assert_int_equal(vms_core_length(copy.core), 5);
      assert_int_equal(pump(&p, replica, NULL), VMS_OK);
      expect_whole(replica, source.core, 16);
      assert_int_equal(p.blocks, 11);
    }
    vms_replica_close(replica);
    one_end(&copy);
  }
  one_end(&source);
}

/* --- several peers, holes ------------------------------------------------------------------------------------ */

static void no_two_peers_are_asked_the_same(void **state) {
  one_core source, copy;
  vms_replica *replica;
  peer *peers = calloc(3, sizeof *peers);
  uint8_t *asked = calloc(1, 5000);
  (void)state;
  assert_non_null(peers);
  assert_non_null(asked);
  source_begin(&source, 5000);
  one_begin(&copy);
  replica = replica_of(core_key, copy.core, 0, 0);
  for (size_t i = 0; i < 3; i++) {
    peer_init(&peers[i], source.core, NULL, 50);
    peers[i].any_order = true;
    peers[i].holes = i == 0 ? 0 : 2 + i; /* the first has all */
  }
  while (!vms_replica_is_complete(replica)) {
    peer *p = &peers[sim_random(&seed_state) % 3];
    size_t had = p->count;
    peer_ask(p, replica);
    for (size_t i = had; i < p->count; i++)
      if (p->flight[i].flags & VMS_PROOF_BLOCK) assert_int_equal(asked[p->flight[i].block_index]++, 0);
    if (p->count == 0) continue;
    if (sim_random(&seed_state) % 200 != 0) {
      assert_int_equal(peer_answer(p, replica, NULL), VMS_OK);
      continue;
    }
    for (size_t i = 0; i < p->count; i++) { /* it is gone, and comes back */
      if (p->flight[i].flags & VMS_PROOF_BLOCK) asked[p->flight[i].block_index]--;
      vms__replica_lost(replica, &p->flight[i]);
      vms__replica_lost(replica, &p->flight[i]);
    }
    p->count = 0;
  }
  expect_whole(replica, source.core, 5000);
  assert_int_equal(replica->asked, 0);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
  free(peers);
  free(asked);
}

static void what_is_lost_is_asked_for_again_at_once(void **state) {
  one_core source;
  peer p;
  vms_replica *replica;
  (void)state;
  source_begin(&source, 700);
  replica = replica_of(core_key, NULL, 0, 0);
  peer_init(&p, source.core, NULL, 50);
  peer_ask(&p, replica);
  assert_int_equal(p.count, 1); /* the head first */
  vms__replica_lost(replica, &p.flight[0]);
  p.count = 0;
  peer_ask(&p, replica);
  assert_int_equal(p.upgrades, 2);
  assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
  for (unsigned round = 0; round < 3; round++) {
    uint8_t asked[700] = { 0 };
    peer_ask(&p, replica);
    assert_int_equal(p.count, 50);
    for (size_t i = 0; i < p.count; i++) {
      asked[p.flight[i].block_index] = 1;
      vms__replica_lost(replica, &p.flight[i]);
    }
    p.count = 0;
    peer_ask(&p, replica);
    assert_int_equal(p.count, 50);
    for (size_t i = 0; i < p.count; i++) assert_int_equal(asked[p.flight[i].block_index], 1);
    for (unsigned i = 0; i < 20; i++) assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
  }
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, 700);
  vms_replica_close(replica);
  one_end(&source);
}

/* What only another peer has must not be looked past again and again: 60,000 blocks behind a hole take no time. */
static void a_hole_does_not_slow_the_rest_down(void **state) {
  one_core source;
  peer *p = calloc(1, sizeof *p), *full = calloc(1, sizeof *full);
  vms_replica *replica;
  (void)state;
  assert_non_null(p);
  assert_non_null(full);
  source_begin(&source, 60000);
  for (int sparse = 0; sparse < 2; sparse++) {
    replica = replica_of(core_key, NULL, sparse ? VMS_REPLICA_SPARSE : 0, 0);
    assert_int_equal(vms_replica_want(replica, 0, 60000, NULL), VMS_OK);
    peer_init(p, source.core, NULL, 16);
    p->holes = 50000; /* blocks 0 and 50000 */
    assert_int_equal(pump(p, replica, NULL), VMS_OK);
    assert_true(p->blocks >= 16000); /* a search ends sometimes with nothing found, to go on there */
    for (unsigned i = 0; i < 10; i++) assert_int_equal(pump(p, replica, NULL), VMS_OK);
    assert_int_equal(p->blocks, 59998);
    assert_int_equal(vms_replica_is_complete(replica), 0);
    peer_init(full, source.core, NULL, 16);
    for (unsigned i = 0; i < 10; i++) assert_int_equal(pump(full, replica, NULL), VMS_OK);
    assert_int_equal(full->blocks, 2);
    expect_whole(replica, source.core, 60000);
    vms_replica_close(replica);
  }
  one_end(&source);
  free(p);
  free(full);
}

static void giving_back_what_arrived_changes_nothing(void **state) {
  one_core source;
  peer p;
  vms_replica *replica;
  vms_proof_request request;
  vms_buffer proof = VMS_BUFFER_INIT;
  (void)state;
  source_begin(&source, 9);
  peer_init(&p, source.core, NULL, 1);
  replica = replica_of(core_key, NULL, 0, 0);
  while (vms__replica_next(replica, &p.has, &request)) {
    vms__buf_clear(&proof);
    assert_int_equal(answer(&p, &request, &proof), VMS_OK);
    assert_int_equal(vms_replica_feed(replica, proof.data, proof.len, NULL), VMS_OK);
    vms__replica_lost(replica, &request);
    assert_int_equal(vms_replica_feed(replica, proof.data, proof.len, NULL), VMS_OK); /* twice is fine */
  }
  expect_whole(replica, source.core, 9);
  vms_buffer_free(&proof);
  vms_replica_close(replica);
  one_end(&source);
}

static void a_peer_that_lags_behind_is_asked_for_what_it_can_prove(void **state) {
  one_core source, old, copy;
  peer p, late;
  vms_replica *replica;
  (void)state;
  source_begin(&source, 1000);
  source_begin(&old, 700);
  one_begin(&copy);
  replica = replica_of(core_key, copy.core, 0, 0);
  peer_init(&p, source.core, NULL, 1);
  peer_ask(&p, replica);
  assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_length(replica), 1000);
  peer_init(&late, old.core, NULL, 20);
  assert_int_equal(pump(&late, replica, NULL), VMS_OK);
  assert_int_equal(late.upgrades, 0);
  assert_true(vms_replica_contiguous(replica) >= 512); /* its tree shares the root of the first 512 */
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, 1000);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&old);
  one_end(&source);
}

/* --- sparse --------------------------------------------------------------------------------------------------- */

static void a_sparse_replica_holds_what_is_wanted(void **state) {
  one_core source;
  peer p;
  vms_replica *replica;
  uint64_t count = 0;
  uint8_t *wanted = calloc(1, 20000);
  (void)state;
  assert_non_null(wanted);
  source_begin(&source, 20000);
  peer_init(&p, source.core, NULL, 30);
  p.any_order = true;
  replica = replica_of(core_key, NULL, VMS_REPLICA_SPARSE, 0);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_is_complete(replica), 1); /* nothing is wanted */
  assert_int_equal(p.blocks, 0);
  for (unsigned round = 0; round < 40; round++) {
    uint64_t from = sim_random(&seed_state) % 20000, to = VMS__MIN(from + sim_random(&seed_state) % 300, 20000u);
    assert_int_equal(vms_replica_want(replica, from, to, NULL), VMS_OK);
    for (uint64_t i = from; i < to; i++) {
      if (!wanted[i]) assert_int_equal(vms_replica_is_complete(replica), 0);
      wanted[i] = 1;
    }
    if (round % 3 != 0) continue;
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    assert_int_equal(vms_replica_is_complete(replica), 1);
  }
  assert_int_equal(vms_replica_want(replica, 19999, UINT64_MAX, NULL), VMS_OK); /* beyond the head */
  wanted[19999] = 1;
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_is_complete(replica), 1);
  for (uint64_t i = 0; i < 20000; i++) {
    assert_int_equal(vms_replica_has(replica, i), wanted[i]);
    if (wanted[i]) expect_blocks(replica, i, i + 1);
    count += wanted[i];
  }
  assert_int_equal(p.blocks, count);
  sign_at(&source, 20010);
  peer_update(&p);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_blocks(replica, 20000, 20010);
  vms_replica_close(replica);
  one_end(&source);
  free(wanted);
}

static void wants_are_merged_and_bounded(void **state) {
  vms_replica *replica = replica_of(core_key, NULL, VMS_REPLICA_SPARSE, 0);
  vms_error error;
  (void)state;
  for (uint64_t i = 0; i < VMS__WANTS_MAX; i++) assert_int_equal(vms_replica_want(replica, 3 * i + 3, 3 * i + 4, NULL), VMS_OK);
  assert_int_equal(vms_replica_want(replica, 1, 2, &error), VMS_ERR_LIMIT);
  assert_non_null(strstr(error.message, "ranges"));
  assert_int_equal(vms_replica_want(replica, 3, 4, NULL), VMS_OK);
  assert_int_equal(vms_replica_want(replica, 4, 6, NULL), VMS_OK); /* touches both neighbours */
  assert_int_equal(replica->want_count, VMS__WANTS_MAX - 1);
  assert_int_equal(vms_replica_want(replica, 0, 1000000, NULL), VMS_OK);
  assert_int_equal(replica->want_count, 1);
  assert_int_equal(vms_replica_want(replica, 5, 5, NULL), VMS_OK);
  assert_int_equal(replica->want_count, 1);
  vms_replica_close(replica);
}

/* --- limits, refusals -------------------------------------------------------------------------------------------- */

static void limits_are_kept(void **state) {
  one_core source, copy;
  uint64_t needed;
  (void)state;
  source_begin(&source, 500);
  needed = vms_core_byte_length(source.core, 500) + 500 * 128;
  for (int i = 0; i < 4; i++) {
    peer p;
    vms_replica *replica;
    vms_error error;
    one_begin(&copy);
    peer_init(&p, source.core, NULL, 16);
    replica = replica_of(core_key, i < 2 ? copy.core : NULL, 0, i % 2 == 0 ? needed : needed - 1);
    assert_int_equal(pump(&p, replica, &error), i % 2 == 0 ? VMS_OK : VMS_ERR_LIMIT);
    if (i % 2 == 0) expect_whole(replica, source.core, 500);
    else assert_int_equal(vms_replica_length(replica), 0);
    vms_replica_close(replica);
    one_end(&copy);
  }
  /* Without holding all of it: as much as fits. */
  peer p;
  vms_replica *replica = replica_of(core_key, NULL, VMS_REPLICA_SPARSE, 20000);
  peer_init(&p, source.core, NULL, 16);
  assert_int_equal(vms_replica_want(replica, 0, 500, NULL), VMS_OK);
  assert_int_equal(pump(&p, replica, NULL), VMS_ERR_LIMIT);
  assert_true(replica->bytes + 128 * replica->slots.count <= 20000 + 128 * 16);
  assert_true(replica->slots.count > 20);
  vms_replica_close(replica);
  one_end(&source);
}

static void blocks_behind_length_max_are_not_asked_for(void **state) {
  static const uint64_t limits[] = { 1, 7, 500, 512, 513, 1299, 1300, 1301, 5000 };
  one_core source, copy;
  (void)state;
  source_begin(&source, 1300);
  for (size_t i = 0; i < 3 * sizeof limits / sizeof limits[0]; i++) {
    uint64_t limit = limits[i / 3], end = VMS__MIN(limit, 1300);
    vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
    vms_replica *replica;
    peer p;
    one_begin(&copy);
    if (i % 3 == 1) append_to(copy.core, end / 2); /* an earlier download's */
    if (i % 3 == 2) append_to(copy.core, end = VMS__MIN(end + 9, 1300)); /* which wanted more */
    options.core = copy.core;
    options.length_max = limit;
    assert_int_equal(vms_replica_open(&replica, core_key, &options, NULL), VMS_OK);
    peer_init(&p, source.core, NULL, 64);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    assert_int_equal(vms_replica_length(replica), 1300);
    assert_int_equal(vms_replica_contiguous(replica), end);
    assert_int_equal(vms_core_length(copy.core), end);
    assert_int_equal(vms_replica_is_complete(replica), 1);
    assert_int_equal(replica->asked, 0);
    assert_int_equal(replica->slots.count, 0);
    vms_replica_close(replica);
    one_end(&copy);
  }
  one_end(&source);
}

static void large_blocks_do_not_pile_up(void **state) {
  static uint8_t block[3u << 20];
  one_core source, copy;
  peer p;
  vms_replica *replica;
  size_t most = 0;
  (void)state;
  one_begin(&source);
  for (uint64_t i = 0; i < 24; i++) { /* the average is far below what comes in a row */
    memset(block, (int)i, sizeof block);
    assert_int_equal(vms_core_append(source.core, block, i % 12 > 2 ? sizeof block : 1, NULL, NULL), VMS_OK);
  }
  for (uint64_t i = 0; i < 60000; i++) assert_int_equal(vms_core_append(source.core, "x", 1, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_signer(source.journal, 0, signer, NULL), VMS_OK);
  assert_int_equal(vms_journal_commit(source.journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  one_begin(&copy);
  peer_init(&p, source.core, NULL, 100);
  p.any_order = true;
  replica = replica_of(core_key, copy.core, 0, 0);
  for (peer_ask(&p, replica); p.count > 0; peer_ask(&p, replica)) {
    assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
    most = VMS__MAX(most, (size_t)replica->bytes);
  }
  assert_int_equal(vms_replica_is_complete(replica), 1);
  expect_head(&copy, &source);
  assert_true(most > 0 && most <= VMS__WINDOW_BYTES);
  assert_true(replica->nodes.capacity <= 16384);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
}

static void no_more_is_asked_for_than_can_wait(void **state) {
  static uint8_t block[1u << 20];
  one_core source, copy;
  peer p;
  vms_replica *replica;
  (void)state;
  one_begin(&source);
  for (uint64_t i = 0; i < 40; i++) assert_int_equal(vms_core_append(source.core, block, sizeof block, NULL, NULL), VMS_OK);
  sign_at(&source, 40);
  one_begin(&copy);
  peer_init(&p, source.core, NULL, 100);
  p.any_order = true;
  replica = replica_of(core_key, copy.core, 0, 0);
  peer_ask(&p, replica);
  assert_int_equal(peer_answer(&p, replica, NULL), VMS_OK);
  peer_ask(&p, replica);
  assert_int_equal(p.count, VMS__WINDOW_BYTES / sizeof block);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_is_complete(replica), 1);
  assert_int_equal(p.blocks, 40); /* none came in vain */
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
}

static void other_histories_are_refused_with_a_reason(void **state) {
  table_core table;
  one_core copy;
  peer p;
  vms_replica *replica;
  vms_error error;
  uint8_t block[64];
  (void)state;
  table_init(&table, 20);
  table_manifest(&table, TABLE_DEFAULT, 1);
  table.fork = 2;
  for (uint64_t i = 0; i < 10; i++) table_append(&table, block, make_block(i, block));
  table_sign(&table);
  /* A journal's cores never fork. */
  one_begin(&copy);
  replica = replica_of(core_key, copy.core, 0, 0);
  peer_init(&p, NULL, &table.source, 4);
  assert_int_equal(pump(&p, replica, &error), VMS_ERR_UNSUPPORTED);
  assert_non_null(strstr(error.message, "fork 2"));
  vms_replica_close(replica);
  one_end(&copy);
  /* In memory the first fork counts. */
  replica = replica_of(core_key, NULL, 0, 0);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_fork(replica), 2);
  assert_int_equal(vms_replica_is_complete(replica), 1);
  table.fork = 3;
  table_sign(&table);
  peer_update(&p);
  assert_int_equal(pump(&p, replica, &error), VMS_ERR_UNSUPPORTED);
  assert_non_null(strstr(error.message, "truncated"));
  table.signature[10] ^= 1; /* and a claim is no fork */
  assert_int_equal(pump(&p, replica, &error), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_replica_length(replica), 10);
  expect_blocks(replica, 0, 10);
  vms_replica_close(replica);
  table_deinit(&table);
}

static void signatures_that_a_journal_cannot_store_are_refused_at_once(void **state) {
  table_core table;
  one_core copy;
  peer p;
  vms_replica *replica;
  (void)state;
  table_init(&table, 4);
  table_manifest(&table, TABLE_DEFAULT, 1);
  table_append(&table, "a", 1);
  table_sign(&table);
  /* The same signature with a longer form of its count. */
  memmove(table.signature + 3, table.signature + 1, table.signature_len - 1);
  memcpy(table.signature, (const uint8_t[]){ 0xfd, 1, 0 }, 3);
  table.source.signature.len = table.signature_len + 2;
  one_begin(&copy);
  peer_init(&p, NULL, &table.source, 4);
  replica = replica_of(core_key, copy.core, 0, 0);
  assert_int_equal(pump(&p, replica, NULL), VMS_ERR_UNSUPPORTED);
  assert_int_equal(vms_replica_length(replica), 0);
  vms_replica_close(replica);
  replica = replica_of(core_key, NULL, 0, 0);
  p.count = 0;
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  assert_int_equal(vms_replica_is_complete(replica), 1);
  vms_replica_close(replica);
  one_end(&copy);
  table_deinit(&table);
}

static void proofs_that_lead_nowhere_are_refused(void **state) {
  one_core source, copy;
  peer p;
  vms_replica *replica;
  (void)state;
  source_begin(&source, 3000);
  one_begin(&copy);
  peer_init(&p, source.core, NULL, 1);
  replica = replica_of(core_key, copy.core, 0, 0);
  assert_int_equal(vms_replica_feed(replica, "", 0, NULL), VMS_ERR_FORM);
  assert_int_equal(vms_replica_feed(replica, "\xff\xff", 2, NULL), VMS_ERR_FORM);
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_nodes = 2 }), VMS_ERR_FORM); /* no head yet */
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_UPGRADE, .upgrade_length = 3000 }), VMS_OK);
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_nodes = 2 }), VMS_ERR_FORM);
  assert_int_equal(vms_replica_contiguous(replica), 0);
  /* Good, but too far ahead: judged and left. */
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = 2000, .block_nodes = 10 }), VMS_ERR_FORM);
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = 1500, .block_nodes = 11 }), VMS_OK);
  assert_int_equal(feed_one(replica, &p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = 2100, .block_nodes = 9 }), VMS_OK);
  assert_int_equal(vms_replica_has(replica, 1500), 0);
  assert_int_equal(vms_replica_has(replica, 2100), 0);
  assert_int_equal(replica->slots.count, 0);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, 3000);
  vms_replica_close(replica);
  one_end(&copy);
  one_end(&source);
}

/* What a peer may ask and cannot get: a core of 8 blocks whose head covers 5. */
static void requests_without_an_answer_are_refused(void **state) {
  static const struct { vms_proof_request request; int status; } cases[] = {
    { { .flags = VMS_PROOF_BLOCK, .block_index = 5 }, VMS_ERR_NOT_FOUND },
    { { .flags = VMS_PROOF_BLOCK, .block_index = UINT64_MAX }, VMS_ERR_NOT_FOUND },
    { { .flags = VMS_PROOF_BLOCK, .fork = 1 }, VMS_ERR_NOT_FOUND },
    { { .flags = VMS_PROOF_BLOCK, .block_nodes = 3 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK, .block_nodes = UINT64_MAX }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK, .block_index = 4, .block_nodes = 1 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_HASH, .hash_index = 7 }, VMS_ERR_ARGUMENT }, /* there, but not under the head */
    { { .flags = VMS_PROOF_HASH, .hash_index = 9 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_HASH, .hash_index = 10 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_HASH, .hash_index = UINT64_MAX }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE, .upgrade_length = 6 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE, .upgrade_start = 5, .upgrade_length = 1 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE, .upgrade_start = UINT64_MAX, .upgrade_length = 2 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE, .upgrade_start = 1, .upgrade_length = UINT64_MAX }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_BLOCK, .upgrade_length = 3, .block_index = 4 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_BLOCK | VMS_PROOF_SEEK, .upgrade_length = 5, .block_index = 4 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK | VMS_PROOF_SEEK, .block_nodes = 1, .seek_bytes = 1000000 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK | VMS_PROOF_SEEK, .block_index = 3, .block_nodes = 1, .seek_bytes = 1 }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK | VMS_PROOF_SEEK, .block_nodes = 1, .seek_bytes = UINT64_MAX }, VMS_ERR_ARGUMENT },
    { { .flags = VMS_PROOF_BLOCK | VMS_PROOF_SEEK, .block_nodes = 1, .seek_bytes = 1, .seek_padding = UINT64_MAX }, VMS_ERR_ARGUMENT },
  };
  one_core source;
  vms_buffer proof = VMS_BUFFER_INIT;
  (void)state;
  source_begin(&source, 5);
  append_to(source.core, 8);
  assert_int_equal(vms_buffer_append(&proof, "kept", 4), VMS_OK);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int status = vms_core_prove(source.core, &cases[i].request, &proof, NULL);
    if (status != cases[i].status) print_error("case %zu\n", i);
    assert_int_equal(status, cases[i].status);
    assert_int_equal(proof.len, 4);
  }
  /* With the manifest flag a block that is not there is answered by the manifest alone. */
  assert_int_equal(vms_core_prove(source.core, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK | VMS_PROOF_MANIFEST, .block_index = 5, .id = 7 }, &proof, NULL), VMS_OK);
  assert_int_equal(proof.len, 4 + 3 + VMS_MANIFEST_LEN);
  assert_memory_equal(proof.data, "kept\x10\x07\0", 7);
  vms_buffer_free(&proof);
  one_end(&source);
}

/* A source with holes, and an empty one. */
static bool holes_node(void *context, uint64_t index, vms__node *node) { return index != 0 && index != 2 && table_node(context, index, node); }

static void sources_without_everything_prove_what_they_can(void **state) {
  table_core table;
  vms_buffer proof = VMS_BUFFER_INIT;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, .upgrade_length = 1 };
  (void)state;
  table_init(&table, 8);
  table_manifest(&table, TABLE_V0, 1);
  table_sign(&table);
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_OK);
  assert_int_equal(proof.len, 3 + table.manifest_len); /* nothing but the manifest */
  for (unsigned i = 0; i < 8; i++) table_append(&table, "12345", 5);
  table_sign(&table);
  table.source.node = holes_node;
  request.upgrade_length = 8;
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_OK);
  proof.len = 0;
  request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK };
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_ERR_NOT_FOUND);
  request.flags |= VMS_PROOF_MANIFEST;
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_OK);
  assert_int_equal(proof.len, 3 + table.manifest_len);
  request = (vms_proof_request){ .flags = VMS_PROOF_HASH, .hash_index = 1, .hash_nodes = 1 };
  proof.len = 0;
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_OK);
  request = (vms_proof_request){ .flags = VMS_PROOF_HASH, .hash_index = 0 };
  proof.len = 0;
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(proof.len, 0);
  /* A seek stops above what is missing. */
  request = (vms_proof_request){ .flags = VMS_PROOF_UPGRADE | VMS_PROOF_SEEK, .upgrade_length = 8, .seek_bytes = 3 };
  assert_int_equal(vms__proof_make(&table.source, &request, &proof, NULL), VMS_OK);
  vms_buffer_free(&proof);
  table_deinit(&table);
}

/* A message made by hand: flags, id 0, fork, then the parts. */
static int feed_bytes(vms_replica *replica, const vms_buffer *bytes, vms_error *error) { return vms_replica_feed(replica, bytes->data, bytes->len, error); }

static void messages_made_by_hand_are_judged_whole(void **state) {
  one_core source;
  peer p;
  vms_replica *replica;
  vms_error error;
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms__node node = { 1, (UINT64_C(1) << 53) - 1, { 0 } };
  (void)state;
  source_begin(&source, 5);
  peer_init(&p, source.core, NULL, 4);
  replica = replica_of(core_key, NULL, 0, 0);
  /* A manifest alone: taken if it is the key's. */
  assert_int_equal(vms_buffer_append(&bytes, "\x10\0\0", 3), VMS_OK);
  assert_int_equal(vms_buffer_append(&bytes, manifests[0], VMS_MANIFEST_LEN), VMS_OK);
  bytes.data[bytes.len - 1] ^= 1;
  assert_int_equal(feed_bytes(replica, &bytes, NULL), VMS_ERR_FOREIGN);
  assert_int_equal(vms_replica_manifest(replica).len, 0);
  bytes.data[bytes.len - 1] ^= 1;
  assert_int_equal(feed_bytes(replica, &bytes, NULL), VMS_OK);
  assert_int_equal(vms_replica_manifest(replica).len, VMS_MANIFEST_LEN);
  assert_int_equal(pump(&p, replica, NULL), VMS_OK);
  expect_whole(replica, source.core, 5);
  /* Nothing at all, of this fork and of another. */
  assert_int_equal(vms_replica_feed(replica, "\0\0\0", 3, NULL), VMS_OK);
  assert_int_equal(vms_replica_feed(replica, "\0\0\1", 3, &error), VMS_ERR_FORM);
  /* A block of another fork, though its hashes fit. */
  vms__buf_clear(&bytes);
  assert_int_equal(answer(&p, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_nodes = 2 }, &bytes), VMS_OK);
  assert_int_equal(feed_bytes(replica, &bytes, NULL), VMS_OK);
  bytes.data[2] = 1;
  assert_int_equal(feed_bytes(replica, &bytes, NULL), VMS_ERR_FORM);
  /* Sizes whose sum no number of JavaScript holds. */
  vms__buf_clear(&bytes);
  assert_int_equal(vms_buffer_append(&bytes, "\2\0\0\1\2", 5), VMS_OK);
  assert_int_equal(vms__write_node(&bytes, &node), VMS_OK);
  node.index = 5;
  assert_int_equal(vms__write_node(&bytes, &node), VMS_OK);
  assert_int_equal(feed_bytes(replica, &bytes, &error), VMS_ERR_FORM);
  assert_non_null(strstr(error.message, "size"));
  vms_buffer_free(&bytes);
  vms_replica_close(replica);
  one_end(&source);
}

static void a_verifier_judges_its_own_fork_alone(void **state) {
  table_core table;
  vms__verifier verifier = { 0 };
  vms__verified verified = { .nodes = VMS_BUFFER_INIT };
  vms__proof proof;
  vms__reader reader;
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  table_init(&table, 2);
  table_manifest(&table, TABLE_COMPAT, 1);
  table_append(&table, "a", 1);
  table_append(&table, "b", 1);
  table_sign(&table);
  verifier.context = &table;
  verifier.node = table_node;
  verifier.key = table.key;
  verifier.length = 2;
  verifier.root_count = table_roots(&table, verifier.roots);
  assert_int_equal(vms__proof_make(&table.source, &(vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_nodes = 1 }, &bytes, NULL), VMS_OK);
  reader = vms__reader_over(bytes.data, bytes.len);
  assert_true(vms__proof_read(&reader, &proof));
  assert_int_equal(vms__proof_verify(&verifier, &proof, &verified, NULL), VMS_OK);
  assert_int_equal(verified.nodes.len, 2 * sizeof(vms__node));
  verifier.fork = 1;
  assert_int_equal(vms__proof_verify(&verifier, &proof, &verified, NULL), VMS_ERR_FORM);
  assert_int_equal(verified.nodes.len, 0);
  vms_buffer_free(&verified.nodes);
  vms_buffer_free(&bytes);
  table_deinit(&table);
}

static void what_is_opened_has_to_fit_together(void **state) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_replica *replica;
  uint8_t other[VMS_KEY_LEN], key[VMS_KEY_LEN];
  one_core copy;
  (void)state;
  one_begin(&copy);
  memcpy(other, core_key, sizeof other);
  other[0] ^= 1;
  options.core = copy.core;
  assert_int_equal(vms_replica_open(&replica, other, &options, NULL), VMS_ERR_FOREIGN);
  options.flags = VMS_REPLICA_SPARSE;
  assert_int_equal(vms_replica_open(&replica, core_key, &options, NULL), VMS_ERR_ARGUMENT);
  options.flags = 2;
  assert_int_equal(vms_replica_open(&replica, core_key, &options, NULL), VMS_ERR_ARGUMENT);
  options.flags = 0;
  options.core = NULL;
  options.manifest = manifests[0];
  options.manifest_len = VMS_MANIFEST_LEN - 1;
  assert_int_equal(vms_replica_open(&replica, core_key, &options, NULL), VMS_ERR_ARGUMENT);
  options.manifest_len++;
  assert_int_equal(vms_replica_open(&replica, other, &options, NULL), VMS_ERR_FOREIGN);
  assert_int_equal(vms_replica_open(&replica, core_key, &options, NULL), VMS_OK);
  assert_int_equal(vms_replica_manifest(replica).len, VMS_MANIFEST_LEN);
  vms_replica_key(replica, key);
  assert_memory_equal(key, core_key, sizeof key);
  vms_discovery_key(key, key);
  assert_memory_equal(vms__replica_discovery(replica), key, sizeof key);
  assert_int_equal(vms_replica_has(replica, 0), 0);
  assert_int_equal(vms_replica_read(replica, 0, &(vms_buffer){ 0 }, NULL), VMS_ERR_NOT_FOUND);
  vms_replica_close(replica);
  vms_replica_close(NULL);
  one_end(&copy);
}

/* --- memory that runs out ------------------------------------------------------------------------------------------ */

/* A download in memory that fails at some point; what is there is true, and with memory again it ends well. */
static bool run_with_failure(const one_core *source, uint64_t fail_at, bool stored) {
  sim_memory memory;
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_replica *replica = NULL;
  one_core copy = { 0 };
  peer p;
  int status;
  bool failed;
  sim_memory_init(&memory);
  memory.fail_at = fail_at;
  options.env = &memory.env;
  if (stored) {
    status = one_open(&copy, &memory.env);
    if (status != VMS_OK) {
      assert_int_equal(status, VMS_ERR_NOMEM);
      assert_int_equal(memory.live, 0);
      return true;
    }
    options.core = copy.core;
  } else options.flags = VMS_REPLICA_SPARSE;
  status = vms_replica_open(&replica, core_key, &options, NULL);
  if (status == VMS_OK && !stored) status = vms_replica_want(replica, 3, 120, NULL);
  peer_init(&p, source->core, NULL, 16);
  p.any_order = true;
  if (status == VMS_OK) status = pump(&p, replica, NULL);
  failed = status != VMS_OK || (replica != NULL && !vms_replica_is_complete(replica));
  if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
  memory.fail_at = 0;
  if (failed && replica != NULL) {
    for (uint64_t i = 0; i < 120; i++)
      if (vms_replica_has(replica, i)) expect_blocks(replica, i, i + 1);
    if (!stored) assert_int_equal(vms_replica_want(replica, 3, 120, NULL), VMS_OK);
    assert_int_equal(pump(&p, replica, NULL), VMS_OK);
    assert_int_equal(vms_replica_is_complete(replica), 1);
  }
  if (replica != NULL) expect_blocks(replica, 3, 120);
  vms_replica_close(replica);
  if (stored) one_end(&copy);
  assert_int_equal(memory.live, 0);
  return failed;
}

static void every_allocation_may_fail(void **state) {
  one_core source;
  (void)state;
  source_begin(&source, 120);
  for (int stored = 0; stored < 2; stored++) {
    uint64_t fail_at = 1;
    while (run_with_failure(&source, fail_at, stored != 0)) fail_at++;
    assert_true(fail_at > 20);
  }
  one_end(&source);
}

static void the_map_agrees_with_a_plain_table(void **state) {
  vms__map map = { NULL, NULL, sizeof(vms__proved), 0, 0 };
  uint64_t values[600] = { 0 };
  size_t count = 0;
  (void)state;
  for (unsigned round = 0; round < 60000; round++) {
    uint64_t r = sim_random(&seed_state), number = r % 600;
    vms__proved *entry;
    if ((r >> 32) % 3 == 0) {
      if (values[number] != 0) count--;
      values[number] = 0;
      vms__map_remove(&map, number << 40 | number);
    } else {
      assert_int_equal(vms__map_reserve(&map, 1), VMS_OK);
      entry = vms__map_add(&map, number << 40 | number);
      assert_int_equal(entry->size, values[number]);
      if (values[number] == 0) count++;
      entry->size = values[number] = r | 1;
    }
    assert_int_equal(map.count, count);
    entry = vms__map_find(&map, number << 40 | number);
    assert_int_equal(entry == NULL ? 0 : entry->size, values[number]);
  }
  for (uint64_t number = 0; number < 600; number++) {
    const vms__proved *entry = vms__map_find(&map, number << 40 | number);
    assert_int_equal(entry == NULL ? 0 : entry->size, values[number]);
  }
  vms__map_deinit(&map);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_core_is_downloaded_whole_and_keeps_its_head),
    cmocka_unit_test(many_requests_under_way_do_not_cost_many_nodes),
    cmocka_unit_test(answers_may_come_in_any_order),
    cmocka_unit_test(cores_of_other_kinds_are_downloaded_into_memory),
    cmocka_unit_test(a_growing_core_is_followed),
    cmocka_unit_test(a_download_goes_on_where_it_stopped),
    cmocka_unit_test(a_shorter_head_than_what_is_stored_is_taken_and_followed),
    cmocka_unit_test(stored_blocks_of_another_core_are_told_apart),
    cmocka_unit_test(only_a_whole_connection_makes_stored_blocks_count),
    cmocka_unit_test(no_two_peers_are_asked_the_same),
    cmocka_unit_test(what_is_lost_is_asked_for_again_at_once),
    cmocka_unit_test(a_hole_does_not_slow_the_rest_down),
    cmocka_unit_test(giving_back_what_arrived_changes_nothing),
    cmocka_unit_test(a_peer_that_lags_behind_is_asked_for_what_it_can_prove),
    cmocka_unit_test(a_sparse_replica_holds_what_is_wanted),
    cmocka_unit_test(wants_are_merged_and_bounded),
    cmocka_unit_test(limits_are_kept),
    cmocka_unit_test(blocks_behind_length_max_are_not_asked_for),
    cmocka_unit_test(large_blocks_do_not_pile_up),
    cmocka_unit_test(no_more_is_asked_for_than_can_wait),
    cmocka_unit_test(other_histories_are_refused_with_a_reason),
    cmocka_unit_test(signatures_that_a_journal_cannot_store_are_refused_at_once),
    cmocka_unit_test(proofs_that_lead_nowhere_are_refused),
    cmocka_unit_test(requests_without_an_answer_are_refused),
    cmocka_unit_test(sources_without_everything_prove_what_they_can),
    cmocka_unit_test(messages_made_by_hand_are_judged_whole),
    cmocka_unit_test(a_verifier_judges_its_own_fork_alone),
    cmocka_unit_test(what_is_opened_has_to_fit_together),
    cmocka_unit_test(every_allocation_may_fail),
    cmocka_unit_test(the_map_agrees_with_a_plain_table),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: a cover of any length with any cuts gives the tree hashes that the core has; nodes from strangers are refused or do no harm. */
#include "lib/ledger/internal.h"
#include "test/support/storage.h"
#include "test/support/test.h"

#define BLOCKS 200u

static vms_storage storage;
static vms_journal *journal;
static vms_core *core;

static int setup(void **state) {
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN], block[300];
  uint64_t random = 5;
  (void)state;
  sim_keys(seed, manifests);
  assert_ok(vms_memory_open(&storage, NULL, NULL));
  assert_ok(vms_journal_create(&journal, &storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, NULL, NULL));
  core = vms_journal_core(journal, 0);
  memset(block, 'b', sizeof block);
  for (uint64_t i = 0; i < BLOCKS; i++) {
    memcpy(block, &i, sizeof i);
    assert_ok(vms_core_append(core, block, 8 + (size_t)(sim_random(&random) % 200), NULL, NULL));
  }
  return 0;
}

static int teardown(void **state) {
  (void)state;
  vms_journal_close(journal);
  vms_memory_close(&storage);
  return 0;
}

/* Pushes what covers from..to-1 as the core has it. */
static void walk(vms_cover *cover, uint64_t to) {
  vms_node node;
  while (cover->length < to) {
    uint64_t length = cover->length, width = vms_core_subtree(core, length, to, &node);
    assert_ok(vms_cover_push(cover, &node, 0, NULL));
    assert_true(cover->length == length + width);
  }
}

static void assert_hash(const vms_cover *cover) {
  uint8_t hash[VMS_HASH_LEN], wanted[VMS_HASH_LEN];
  vms_cover_tree_hash(cover, hash);
  vms_core_tree_hash(core, cover->length, wanted);
  assert_memory_equal(hash, wanted, sizeof hash);
  assert_true(cover->bytes == vms_core_byte_length(core, cover->length));
}

static void every_length_with_every_cut_gives_both_tree_hashes(void **state) {
  (void)state;
  for (uint64_t length = 1; length <= BLOCKS; length++)
    for (uint64_t cut = 0; cut <= length; cut++) {
      vms_cover cover = { .length = 0 };
      walk(&cover, cut);
      if (cut > 0) assert_hash(&cover);
      walk(&cover, length);
      assert_hash(&cover);
    }
}

static void three_cuts_anywhere_do_no_harm(void **state) {
  uint64_t random = sim_seed();
  (void)state;
  for (int round = 0; round < 20000; round++) {
    uint64_t a = sim_random(&random) % (BLOCKS + 1), b = a + sim_random(&random) % (BLOCKS + 1 - a), c = b + sim_random(&random) % (BLOCKS + 1 - b);
    vms_cover cover = { .length = 0 };
    walk(&cover, a);
    walk(&cover, b);
    walk(&cover, c);
    if (c > 0) assert_hash(&cover);
  }
}

static void nodes_that_do_not_follow_are_refused(void **state) {
  vms_node node, nodes[4];
  vms_cover cover = { .length = 0 }, before;
  (void)state;
  for (uint64_t i = 0; i < 4; i++) assert_ok(vms_core_node(core, 2 * i, &nodes[i]));
  assert_int_equal(vms_cover_push(&cover, &nodes[1], 0, NULL), VMS_ERR_FORM); /* a gap in front */
  assert_ok(vms_cover_push(&cover, &nodes[0], 0, NULL));
  before = cover;
  assert_int_equal(vms_cover_push(&cover, &nodes[0], 0, NULL), VMS_ERR_FORM); /* twice */
  assert_int_equal(vms_cover_push(&cover, &nodes[2], 0, NULL), VMS_ERR_FORM); /* one is missing */
  assert_ok(vms_core_node(core, 1, &node));
  assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM); /* over what is there */
  for (unsigned bit = 0; bit < 64; bit++) { /* numbers that cannot be */
    node = nodes[1];
    node.index = UINT64_MAX >> bit;
    assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
    node.index = UINT64_C(1) << bit;
    if (bit != 1) assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
    node = nodes[1];
    node.size = (UINT64_C(1) << bit) - 1 + VMS_BLOCK_LEN_MAX + 1;
    assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
  }
  assert_memory_equal(&cover, &before, sizeof cover);
  assert_int_equal(vms_core_node(core, 2 * BLOCKS, &node), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_core_node(core, 255, &node), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_core_node(core, UINT64_MAX, &node), VMS_ERR_NOT_FOUND);
}

/* As long and as large as a tree can be. */
static void lengths_and_sizes_end_at_their_bounds(void **state) {
  vms_node node = { .size = 0 };
  vms_cover cover = { .length = 0 };
  (void)state;
  for (unsigned depth = 52; depth < 53; depth--) { /* down to 0 */
    node.index = 2 * cover.length + (UINT64_C(1) << depth) - 1;
    assert_ok(vms_cover_push(&cover, &node, 0, NULL));
  }
  assert_true(cover.length == VMS_COVER_LENGTH_MAX && cover.count == 53);
  node.index = 2 * cover.length;
  assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
  memset(&cover, 0, sizeof cover);
  node.index = 1;
  node.size = VMS_COVER_LENGTH_MAX;
  assert_ok(vms_cover_push(&cover, &node, 0, NULL));
  node.index = 5;
  node.size = 1;
  assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
  node.size = 0;
  assert_ok(vms_cover_push(&cover, &node, 0, NULL));
  node.index = (UINT64_C(1) << 54) - 1;
  memset(&cover, 0, sizeof cover);
  assert_int_equal(vms_cover_push(&cover, &node, 0, NULL), VMS_ERR_FORM);
}

typedef struct trial {
  vms_cover cover, at;
  vms_node next;
  bool has_next;
} trial;

/* Walks over `length` blocks with a cut, and moves bytes from the last node before it to the one behind it. */
static void walk_moved(trial *t, uint64_t length, uint64_t cut, uint64_t moved) {
  vms_node node;
  memset(t, 0, sizeof *t);
  while (t->cover.length < length) {
    uint64_t width = vms_core_subtree(core, t->cover.length, t->cover.length < cut ? cut : length, &node);
    if (t->cover.length == cut) {
      node.size += moved;
      t->at = t->cover;
      t->next = node;
      t->has_next = true;
    }
    if (t->cover.length + width == cut) node.size -= moved;
    assert_ok(vms_cover_push(&t->cover, &node, 0, NULL));
  }
  if (cut == length) t->at = t->cover;
}

/* The tree hash at the end stays if the two are siblings: nothing must follow from the sizes that a stranger gave. */
static void sizes_that_a_stranger_could_have_changed_prove_nothing(void **state) {
  uint8_t hash[VMS_HASH_LEN], end[VMS_HASH_LEN], right[VMS_HASH_LEN];
  unsigned unnoticed = 0;
  trial t;
  (void)state;
  for (uint64_t length = 2; length <= 40; length++)
    for (uint64_t cut = 1; cut < length; cut++) {
      walk_moved(&t, length, cut, 1);
      vms_cover_tree_hash(&t.cover, end);
      vms_core_tree_hash(core, length, right);
      if (memcmp(end, right, sizeof end) != 0) continue; /* found out */
      vms_core_tree_hash(core, cut, hash);
      unnoticed++;
      assert_int_equal(vms_cover_judge(&t.at, &t.next, hash), 1); /* an honest host is not accused */
      vms_cover_tree_hash(&t.at, end);
      assert_memory_not_equal(end, hash, sizeof end);
      hash[7] ^= 1;
      assert_int_equal(vms_cover_judge(&t.at, &t.next, hash), 0); /* a lie is one */
      walk_moved(&t, length, cut, 0);
      t.next.size = UINT64_C(1) << 24;
      assert_int_equal(vms_cover_judge(&t.at, &t.next, hash), -1);
    }
  assert_true(unnoticed > 100);
}

static void another_hash_at_a_cut_is_a_lie(void **state) {
  uint8_t hash[VMS_HASH_LEN];
  trial t;
  (void)state;
  for (uint64_t length = 1; length <= 40; length++)
    for (uint64_t cut = 1; cut <= length; cut++) {
      walk_moved(&t, length, cut, 0);
      vms_core_tree_hash(core, cut, hash);
      assert_int_equal(vms_cover_judge(&t.at, t.has_next ? &t.next : NULL, hash), 1);
      hash[7] ^= 1;
      assert_int_equal(vms_cover_judge(&t.at, t.has_next ? &t.next : NULL, hash), 0);
    }
}

/* A stranger's head may be of any length. */
static void bytes_are_shared_out_under_any_number_of_roots(void **state) {
  vms_node node = { .size = 1 }, next;
  vms_cover cut = { .length = 0 }, right;
  uint8_t hash[VMS_HASH_LEN];
  (void)state;
  for (unsigned depth = 52; depth > 0; depth--) {
    node.index = 2 * cut.length + (UINT64_C(1) << depth) - 1;
    if (depth == 1) node.size = 20000;
    memset(node.hash, (int)depth, sizeof node.hash);
    assert_ok(vms_cover_push(&cut, &node, 0, NULL));
    next = node;
    next.index += UINT64_C(2) << depth;
    right = cut;
    for (unsigned i = 0; i < 3; i++) {
      static const uint64_t sizes[] = { 0, 20001, 40000 };
      right.roots[right.count - 1].size = sizes[i];
      next.size = 40000 - node.size;
      vms_cover_tree_hash(&right, hash);
      assert_int_equal(vms_cover_judge(&cut, &next, hash), 1);
      hash[31] ^= 1;
      assert_int_equal(vms_cover_judge(&cut, &next, hash), 0);
    }
    right.roots[right.count - 1].size = 40001;
    vms_cover_tree_hash(&right, hash);
    assert_int_equal(vms_cover_judge(&cut, &next, hash), 0);
  }
  assert_int_equal(cut.count, 52);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST(every_length_with_every_cut_gives_both_tree_hashes), TEST(three_cuts_anywhere_do_no_harm), TEST(nodes_that_do_not_follow_are_refused),
    TEST(lengths_and_sizes_end_at_their_bounds), TEST(sizes_that_a_stranger_could_have_changed_prove_nothing), TEST(another_hash_at_a_cut_is_a_lie),
    TEST(bytes_are_shared_out_under_any_number_of_roots),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

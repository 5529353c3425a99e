/* SPDX-License-Identifier: MIT */
/* Trees taken apart into nodes that cover their blocks, and put together again from such nodes, which may come from anybody.
 *
 * Pushing works like counting: a node of 2^d blocks can follow only where the blocks so far are a multiple of 2^d, so all roots so far
 * are at least as large, and the last one is as large only if the two have a parent together. */
#include "internal.h"

static uint64_t width(uint64_t index) { return UINT64_C(1) << vms__tree_depth(index); }

uint64_t vms_core_subtree(const vms_core *core, uint64_t from, uint64_t to, vms_node *node) {
  unsigned depth;
  bool whole;
  assert(core != NULL && node != NULL && from < to && to <= core->length);
  depth = 63 - (unsigned)__builtin_clzll(to - from);
  if (from != 0) depth = VMS__MIN(depth, (unsigned)__builtin_ctzll(from));
  whole = vms__core_node(core, 2 * from + (UINT64_C(1) << depth) - 1, node);
  assert(whole);
  (void)whole;
  return UINT64_C(1) << depth;
}

int vms_core_node(const vms_core *core, uint64_t index, vms_node *node) {
  assert(core != NULL && node != NULL);
  if (index < UINT64_MAX >> 2 && vms__core_node(core, index, node)) return VMS_OK;
  return VMS_ERR_NOT_FOUND;
}

void vms_node_leaf(uint64_t seq, const void *block, size_t len, vms_node *node) {
  assert(node != NULL && (block != NULL || len == 0) && seq <= VMS_COVER_LENGTH_MAX);
  node->index = 2 * seq;
  node->size = len;
  vms__tree_leaf(block, len, node->hash);
}

/* The last root and the one before it get a parent. */
static void merge(vms_cover *cover) {
  vms_node *left = &cover->roots[cover->count - 2], *right = left + 1;
  left->index = vms__tree_parent(left->index);
  left->size += right->size; /* at most cover->bytes */
  vms__tree_pair(left->size, left->hash, right->hash, left->hash);
  cover->count--;
  cover->proved &= ~(UINT64_C(1) << cover->count);
  cover->proved |= UINT64_C(1) << (cover->count - 1);
}

int vms_cover_push(vms_cover *cover, const vms_node *node, int proved, vms_error *error) {
  assert(cover != NULL && node != NULL && cover->length <= VMS_COVER_LENGTH_MAX);
  if (node->index >= 2 * VMS_COVER_LENGTH_MAX || vms__tree_left_span(node->index) != 2 * cover->length ||
      width(node->index) > VMS_COVER_LENGTH_MAX - cover->length)
    return vms__fail(error, VMS_ERR_FORM, cover->length, "node %llu does not follow on block %llu", (unsigned long long)node->index,
                     (unsigned long long)cover->length);
  if (node->size > VMS_COVER_LENGTH_MAX - cover->bytes || (node->index % 2 == 0 && node->size > VMS_BLOCK_LEN_MAX))
    return vms__fail(error, VMS_ERR_FORM, cover->length, "node %llu is too large", (unsigned long long)node->index);
  assert(cover->count < VMS_COVER_ROOTS_MAX); /* one root for each one bit of a length below 2^53, and this one */
  cover->roots[cover->count] = *node;
  cover->proved &= ~(UINT64_C(1) << cover->count);
  if (proved) cover->proved |= UINT64_C(1) << cover->count;
  cover->count++;
  cover->length += width(node->index);
  cover->bytes += node->size;
  while (cover->count > 1 && vms__tree_sibling(cover->roots[cover->count - 1].index) == cover->roots[cover->count - 2].index) merge(cover);
  assert(cover->count == (unsigned)__builtin_popcountll(cover->length));
  return VMS_OK;
}

void vms_cover_tree_hash(const vms_cover *cover, uint8_t hash[VMS_HASH_LEN]) {
  assert(cover != NULL && hash != NULL);
  vms__tree_hash(cover->roots, cover->count, hash);
}

static bool has_hash(const vms_cover *cover, const uint8_t hash[VMS_HASH_LEN]) {
  uint8_t own[VMS_HASH_LEN];
  vms_cover_tree_hash(cover, own);
  return memcmp(own, hash, sizeof own) == 0;
}

/* Its hash proves the size of a root, or the tree hash at the end does, of which it is a root as well. */
static bool size_proved(const vms_cover *cut, uint32_t root, const vms_cover *whole) {
  return (cut->proved >> root & 1) != 0 || (root < whole->count && whole->roots[root].index == cut->roots[root].index);
}

int vms_cover_judge(const vms_cover *cut, const vms_node *next, const vms_cover *whole, const uint8_t hash[VMS_HASH_LEN]) {
  vms_cover trial;
  uint64_t sum;
  uint32_t last = cut->count - 1;
  assert(cut->length <= whole->length);
  if (has_hash(cut, hash)) return 1;
  for (uint32_t i = 0; i < cut->count; i++)
    if (!size_proved(cut, i, whole) && (i < last || cut->roots[i].index % 2 != 0)) return -1;
  if (cut->count == 0 || size_proved(cut, last, whole)) return 0;
  if (next == NULL || next->index != cut->roots[last].index + 2) return -1;
  /* A leaf: its parent proves what it has together with its sibling. So few bytes can be shared out in all ways. */
  trial = *cut;
  sum = cut->roots[last].size + next->size;
  for (uint64_t size = 0; size <= VMS__MIN(sum, (uint64_t)VMS_BLOCK_LEN_MAX); size++) {
    trial.roots[last].size = size;
    if (has_hash(&trial, hash)) return 1;
  }
  return 0;
}

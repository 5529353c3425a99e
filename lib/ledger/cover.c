/* SPDX-License-Identifier: MIT */
/* Trees taken apart into nodes that cover their blocks, and put together again from such nodes, which may come from anybody.
 *
 * Pushing works like counting: a node of 2^d blocks can follow only where the blocks so far are a multiple of 2^d, so all roots so far
 * are at least as large, and the last one is as large only if the two have a parent together. */
#include "internal.h"

#define SHARED_MAX (UINT64_C(1) << 24) /* bytes of two nodes that are shared out in all ways: some seconds, however many roots there are */

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
  cover->proved = 1;
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
  cover->proved = proved != 0;
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

/* Each root but the last has a sibling that is put together behind it, whose hash proves its size, and so their parent's does the root's; or it
 * stays a root, and the tree hash does. So it is with the last one, unless its sibling came in one piece. */
int vms_cover_judge(const vms_cover *cut, const vms_node *next, const uint8_t hash[VMS_HASH_LEN]) {
  uint8_t text[VMS__TREE_TEXT_MAX]; /* its end is the last root's size */
  const vms_node *last;
  size_t len;
  assert(cut != NULL && hash != NULL);
  if (has_hash(cut, hash)) return 1;
  if (cut->count == 0 || cut->proved || next == NULL) return 0;
  last = &cut->roots[cut->count - 1];
  if (vms__tree_sibling(last->index) != next->index) return 0;
  if (last->size + next->size > SHARED_MAX) return -1;
  len = vms__tree_text(cut->roots, cut->count, text);
  return vms__crypto_hash_end(text, len - sizeof(uint64_t), last->size + next->size, hash);
}

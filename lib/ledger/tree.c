/* SPDX-License-Identifier: MIT */
/* The flat tree and its hashes (doc/ledger-format.md, "Core").
 *
 * Node x has depth d = number of its trailing one bits and offset o, so that x = (1 + 2*o) * 2^d - 1.
 * Numbers stay below 2^63: a length is bounded by the bytes that hold it. */
#include "internal.h"

unsigned vms__tree_depth(uint64_t index) {
  assert(index < UINT64_MAX >> 1);
  return (unsigned)__builtin_ctzll(~index);
}

uint64_t vms__tree_offset(uint64_t index) { return index >> (vms__tree_depth(index) + 1); }

/* Half the distance between two neighbours of the node's depth. */
static uint64_t half(uint64_t index) { return UINT64_C(1) << vms__tree_depth(index); }

static bool is_left(uint64_t index) { return (vms__tree_offset(index) & 1) == 0; }

uint64_t vms__tree_parent(uint64_t index) { return is_left(index) ? index + half(index) : index - half(index); }

uint64_t vms__tree_sibling(uint64_t index) {
  return is_left(index) ? index + 2 * half(index) : index - 2 * half(index);
}

uint64_t vms__tree_left_child(uint64_t index) {
  assert((index & 1) != 0);
  return index - half(index) / 2;
}

uint64_t vms__tree_right_child(uint64_t index) {
  assert((index & 1) != 0);
  return index + half(index) / 2;
}

uint64_t vms__tree_left_span(uint64_t index) { return index - half(index) + 1; }
uint64_t vms__tree_right_span(uint64_t index) { return index + half(index) - 1; }

uint64_t vms__tree_count(uint64_t length) { return 2 * length - (uint64_t)__builtin_popcountll(length); }

uint64_t vms__tree_position(uint64_t index) {
  return vms__tree_count(vms__tree_right_span(index) / 2) + vms__tree_depth(index);
}

unsigned vms__tree_roots(uint64_t length, uint64_t roots[VMS__ROOTS_MAX]) {
  unsigned count = 0;
  uint64_t start = 0; /* first block that no root covers yet */
  for (uint64_t left = length; left > 0;) {
    uint64_t blocks = UINT64_C(1) << (63 - __builtin_clzll(left));
    roots[count++] = 2 * start + blocks - 1;
    start += blocks;
    left -= blocks;
  }
  return count;
}

void vms__tree_leaf(const void *block, size_t len, uint8_t hash[VMS_HASH_LEN]) {
  uint8_t prefix[9] = { 0 };
  vms__put_u64(prefix + 1, len);
  vms__crypto_hash2(prefix, sizeof prefix, block, len, hash);
}

void vms__tree_pair(uint64_t size, const uint8_t left[VMS_HASH_LEN], const uint8_t right[VMS_HASH_LEN],
                    uint8_t hash[VMS_HASH_LEN]) {
  uint8_t bytes[9 + 2 * VMS_HASH_LEN] = { 1 };
  vms__put_u64(bytes + 1, size);
  memcpy(bytes + 9, left, VMS_HASH_LEN);
  memcpy(bytes + 9 + VMS_HASH_LEN, right, VMS_HASH_LEN);
  vms__crypto_hash(bytes, sizeof bytes, hash);
}

size_t vms__tree_text(const vms__node *roots, unsigned count, uint8_t text[VMS__TREE_TEXT_MAX]) {
  uint8_t *p = text;
  assert(count <= VMS__ROOTS_MAX);
  *p++ = 2;
  for (unsigned i = 0; i < count; i++, p += VMS_HASH_LEN + 16) {
    memcpy(p, roots[i].hash, VMS_HASH_LEN);
    vms__put_u64(p + VMS_HASH_LEN, roots[i].index);
    vms__put_u64(p + VMS_HASH_LEN + 8, roots[i].size);
  }
  return (size_t)(p - text);
}

void vms__tree_hash(const vms__node *roots, unsigned count, uint8_t hash[VMS_HASH_LEN]) {
  uint8_t text[VMS__TREE_TEXT_MAX];
  vms__crypto_hash(text, vms__tree_text(roots, count, text), hash);
}

/* SPDX-License-Identifier: MIT */
/* One core: its blocks, their tree in memory, its head. */
#include "internal.h"

int vms__core_push(vms_core *core, const void *data, size_t len, uint64_t place) {
  const vms_env *env = core->journal->env;
  uint64_t n = core->length, position = vms__tree_count(n);
  assert(len <= VMS_BLOCK_LEN_MAX && n < SIZE_MAX / 128);
  if (vms__grow(env, &core->nodes, &core->nodes_capacity, (size_t)position, (size_t)(vms__tree_count(n + 1) - position), VMS_HASH_LEN) != VMS_OK ||
      vms__grow(env, &core->ends, &core->ends_capacity, (size_t)n, 1, sizeof *core->ends) != VMS_OK ||
      vms__grow(env, &core->places, &core->places_capacity, (size_t)n, 1, sizeof *core->places) != VMS_OK)
    return VMS_ERR_NOMEM;
  core->ends[n] = (n == 0 ? 0 : core->ends[n - 1]) + len; /* bytes that lie in a file or in memory: no wrap */
  core->places[n] = place;
  vms__tree_leaf(data, len, core->nodes[position]);
  core->length = n + 1;
  if (core->cached_length > n) core->cached_length = UINT64_MAX;
  /* Block n completes one parent for every trailing one bit of n. Its right child is the node made before, its left child
   * the one that a block so many to the left completed last. */
  for (uint64_t width = 1; (n & width) != 0; width <<= 1) {
    uint64_t first = n + 1 - 2 * width, size = core->ends[n] - (first == 0 ? 0 : core->ends[first - 1]);
    uint64_t left = vms__tree_count(n + 1 - width) - 1;
    vms__tree_pair(size, core->nodes[left], core->nodes[position], core->nodes[position + 1]);
    position++;
  }
  assert(position + 1 == vms__tree_count(n + 1));
  return VMS_OK;
}

bool vms__core_node(const vms_core *core, uint64_t index, vms__node *node) {
  if (index / 2 >= core->length || vms__tree_right_span(index) / 2 >= core->length) return false;
  uint64_t first = vms__tree_left_span(index) / 2, last = vms__tree_right_span(index) / 2;
  node->index = index;
  node->size = core->ends[last] - (first == 0 ? 0 : core->ends[first - 1]);
  memcpy(node->hash, core->nodes[vms__tree_position(index)], VMS_HASH_LEN);
  return true;
}

void vms_core_key(const vms_core *core, uint8_t key[VMS_KEY_LEN]) {
  assert(core != NULL && key != NULL);
  memcpy(key, core->key, VMS_KEY_LEN);
}

void vms_core_manifest(const vms_core *core, uint8_t manifest[VMS_MANIFEST_LEN]) {
  assert(core != NULL && manifest != NULL);
  memcpy(manifest, core->manifest, VMS_MANIFEST_LEN);
}

uint64_t vms_core_length(const vms_core *core) {
  assert(core != NULL);
  return core->length;
}

uint64_t vms_core_byte_length(const vms_core *core, uint64_t length) {
  assert(core != NULL && length <= core->length);
  return length == 0 ? 0 : core->ends[length - 1];
}

int vms_core_append(vms_core *core, const void *data, size_t len, uint64_t *seq, vms_error *error) {
  vms_journal *journal;
  uint8_t prefix[VMS__BLOCK_PREFIX_LEN];
  size_t start;
  assert(core != NULL && (data != NULL || len == 0));
  journal = core->journal;
  if (len > VMS_BLOCK_LEN_MAX)
    return vms__fail(error, VMS_ERR_LIMIT, core->length, "block of %zu bytes, limit is %u", len, VMS_BLOCK_LEN_MAX);
  if (journal->read_only) return vms__fail(error, VMS_ERR_IO, core->length, "the journal was opened for reading only");
  if (journal->broken)
    return vms__fail(error, VMS_ERR_IO, core->length, "an earlier commit failed: open the journal again");
  start = VMS__MAX(journal->pending.len, (size_t)VMS__FRAME_HEADER_LEN);
  if (vms__buf_reserve(&journal->pending, start - journal->pending.len + sizeof prefix + len) != VMS_OK ||
      vms__core_push(core, data, len, start + sizeof prefix) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, core->length, "out of memory for a block of %zu bytes", len);
  /* Nothing below can fail. */
  journal->pending.len = start; /* the room for the header is filled in by vms__frame_seal() */
  vms__put_u32(prefix, core->index);
  vms__put_u32(prefix + 4, (uint32_t)len);
  vms_buffer_append(&journal->pending, prefix, sizeof prefix);
  vms_buffer_append(&journal->pending, data, len);
  if (seq != NULL) *seq = core->length - 1;
  return VMS_OK;
}

/* Where the bytes of a block that is not durable yet lie. */
static const uint8_t *in_memory(const vms_core *core, uint64_t seq) {
  const vms_journal *journal = core->journal;
  const vms_buffer *buffer = seq >= core->flying        ? &journal->pending
                             : journal->commit != NULL ? &journal->commit->frame
                                                       : &journal->returned;
  assert(core->places[seq] <= buffer->len);
  return (const uint8_t *)buffer->data + core->places[seq];
}

static int read_stored(vms_core *core, uint64_t seq, uint8_t *bytes, size_t len, vms_error *error) {
  const vms_storage *storage = core->journal->storage;
  uint64_t place = core->places[seq];
  uint8_t hash[VMS_HASH_LEN];
  size_t got = 0;
  int status = storage->read(storage->context, place, bytes, len, &got, error);
  if (status != VMS_OK) return status;
  if (got == len) vms__tree_leaf(bytes, len, hash);
  if (got != len || memcmp(hash, core->nodes[vms__tree_count(seq)], sizeof hash) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, place, "block %llu at byte %llu of the journal is damaged",
                     (unsigned long long)seq, (unsigned long long)place);
  return VMS_OK;
}

int vms_core_read(vms_core *core, uint64_t seq, vms_buffer *block, vms_error *error) {
  size_t len;
  int status = VMS_OK;
  assert(core != NULL && block != NULL);
  if (seq >= core->length)
    return vms__fail(error, VMS_ERR_NOT_FOUND, seq, "no block %llu, the length is %llu", (unsigned long long)seq,
                     (unsigned long long)core->length);
  len = (size_t)(core->ends[seq] - (seq == 0 ? 0 : core->ends[seq - 1])); /* <= VMS_BLOCK_LEN_MAX */
  if (vms__buf_reserve(block, len) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory for a block of %zu bytes", len);
  if (seq >= core->durable) memcpy(block->data + block->len, in_memory(core, seq), len);
  else status = read_stored(core, seq, (uint8_t *)block->data + block->len, len, error);
  if (status == VMS_OK) block->len += len;
  block->data[block->len] = 0;
  return status;
}

void vms_core_tree_hash(const vms_core *core, uint64_t length, uint8_t hash[VMS_HASH_LEN]) {
  uint64_t indices[VMS__ROOTS_MAX];
  vms__node roots[VMS__ROOTS_MAX];
  vms_core *own;
  unsigned count;
  assert(core != NULL && length <= core->length && hash != NULL);
  own = &core->journal->cores[core->index]; /* the same core, reached so that the cache can be written */
  if (own->cached_length != length) {
    count = vms__tree_roots(length, indices);
    for (unsigned i = 0; i < count; i++) {
      bool whole = vms__core_node(core, indices[i], &roots[i]);
      assert(whole);
      (void)whole;
    }
    vms__tree_hash(roots, count, own->cached_hash);
    own->cached_length = length;
  }
  memcpy(hash, own->cached_hash, VMS_HASH_LEN);
}

int vms_core_head(const vms_core *core, vms_head *head, vms_error *error) {
  assert(core != NULL && head != NULL);
  if (!core->has_head) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no head was signed yet");
  *head = core->head;
  return VMS_OK;
}

int vms_core_set_head(vms_core *core, const vms_head *head, vms_error *error) {
  uint8_t hash[VMS_HASH_LEN];
  int status;
  assert(core != NULL && head != NULL);
  status = vms_head_verify(head, core->key, error);
  if (status != VMS_OK) return status;
  if (head->fork != 0)
    return vms__fail(error, VMS_ERR_FORM, head->length, "the head has fork %llu: these cores never fork",
                     (unsigned long long)head->fork);
  if (head->length > core->length)
    return vms__fail(error, VMS_ERR_NOT_FOUND, core->length, "the head covers %llu blocks, only %llu are here",
                     (unsigned long long)head->length, (unsigned long long)core->length);
  vms_core_tree_hash(core, head->length, hash);
  if (memcmp(hash, head->tree_hash, sizeof hash) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, head->length, "the first %llu blocks do not give the head's tree hash",
                     (unsigned long long)head->length);
  if (core->has_head && core->head.length >= head->length) return VMS_OK; /* nothing new */
  core->head = *head;
  core->has_head = core->head_foreign = true;
  core->head_stored = false;
  vms__core_notify(core);
  return VMS_OK;
}

/* --- following a core -------------------------------------------------------------------------------- */

static void chain(vms_subscription **link, vms_subscription *subscription) {
  subscription->link = link;
  subscription->next = *link;
  if (subscription->next != NULL) subscription->next->link = &subscription->next;
  *link = subscription;
}

void vms_core_subscribe(vms_core *core, vms_subscription *subscription) {
  assert(core != NULL && subscription != NULL && subscription->published != NULL);
  chain(&core->subscriptions, subscription);
}

void vms_core_unsubscribe(vms_subscription *subscription) {
  assert(subscription != NULL);
  if (subscription->link == NULL) return; /* the journal has ended */
  *subscription->link = subscription->next;
  if (subscription->next != NULL) subscription->next->link = subscription->link;
  subscription->link = NULL;
  subscription->next = NULL;
}

void vms__core_notify(vms_core *core) {
  vms_subscription marker = { .published = NULL }, *next; /* keeps the place whoever comes or goes meanwhile */
  chain(&core->subscriptions, &marker);
  while ((next = marker.next) != NULL) {
    vms_core_unsubscribe(&marker);
    chain(&next->next, &marker);
    if (next->published != NULL) next->published(next->context, core); /* else another round's marker */
  }
  vms_core_unsubscribe(&marker);
}

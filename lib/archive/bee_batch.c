/* SPDX-License-Identifier: MIT */
/* Hyperbee: blocks out of changed nodes, one change or a batch of them at a time, bit for bit as npm's writer makes them
 * (doc/ledger-format.md, "Archive"). */
#include "bee.h"

/* --- the work ---------------------------------------------------------------------------------------------- */

int vms__bee_work_begin(vms_bee *bee, vms_error *error) {
  vms__bee_work *work = bee->work;
  uint64_t length = vms_core_length(bee->source.core);
  if (work == NULL) work = bee->work = vms__alloc(bee->env, sizeof *work);
  if (work == NULL) return vms__fail(error, VMS_ERR_NOMEM, length, "out of memory for a change");
  work->root = NULL;
  work->base = VMS__MAX(length, 1);
  work->cuts = vms__core_cuts(bee->source.core);
  work->batch = work->touched = false;
  work->failed = VMS_OK;
  work->count = 0;
  return VMS_OK;
}

void vms__bee_work_end(vms_bee *bee) {
  vms__bee_work *work = bee->work;
  work->base = UINT64_MAX;
  work->batch = false;
  work->count = 0;
  while (work->rooms != NULL && work->rooms->next != NULL) { /* one is kept for the next change */
    vms__bee_room *next = work->rooms->next;
    vms__free(bee->env, work->rooms, work->rooms->len);
    work->rooms = next;
  }
  if (work->rooms != NULL) work->rooms->used = sizeof *work->rooms;
}

void vms__bee_work_free(vms_bee *bee) {
  vms__bee_work *work = bee->work;
  if (work == NULL) return;
  vms__bee_work_end(bee);
  if (work->rooms != NULL) vms__free(bee->env, work->rooms, work->rooms->len);
  vms__free(bee->env, work->changes, work->capacity * sizeof *work->changes);
  vms__free(bee->env, work, sizeof *work);
  bee->work = NULL;
}

int vms__bee_work_check(const vms_bee *bee, vms_error *error) {
  const vms__bee_work *work = bee->work;
  uint64_t length = vms_core_length(bee->source.core);
  if (work->failed != VMS_OK) return vms__fail(error, work->failed, length, "a change of this batch failed");
  if (VMS__MAX(length, 1) == work->base && vms__core_cuts(bee->source.core) == work->cuts) return VMS_OK;
  return vms__fail(error, VMS_ERR_ARGUMENT, length, "the core was changed during the batch");
}

/* Numbers the changed nodes: the root gets 0, every changed child the next free number, and is visited at once. */
static bool number(vms__bee_work *work, vms__bee_node *at, uint64_t seq) {
  at->changed = false;
  for (uint32_t i = 0; i < at->child_count; i++) {
    vms__bee_child *child = at->children[i];
    if (child->node == NULL || !child->node->changed) continue;
    if (work->order_count == VMS__BEE_CHANGED_MAX) return false;
    child->pointer = (vms__bee_pointer){ seq, work->order_count };
    work->order[work->order_count++] = child;
    if (!number(work, child->node, seq)) return false; /* as deep as the path at most */
  }
  return true;
}

static vms_slice copy_of(vms_bee *bee, vms_slice bytes) {
  char *copy = bytes.data == NULL ? NULL : vms__bee_room_take(bee, bytes.len + 1);
  if (copy != NULL && bytes.len > 0) memcpy(copy, bytes.data, bytes.len);
  return (vms_slice){ copy, copy == NULL ? 0 : bytes.len };
}

int vms__bee_work_note(vms_bee *bee, vms__bee_node *root, vms_slice key, vms_slice value, vms_error *error) {
  vms__bee_work *work = bee->work;
  uint64_t seq = work->base + work->count;
  vms__bee_change change = { key, value, NULL, 0 };
  vms__bee_child *top = vms__bee_room_take(bee, sizeof *top);
  if (top == NULL) goto no_memory;
  *top = (vms__bee_child){ { seq, 0 }, root };
  work->order[0] = top;
  work->order_count = 1;
  if (!number(work, root, seq)) return vms__bee_corrupt(work->base - 1, "the tree is not balanced or too deep", error);
  change.slots = vms__bee_room_take(bee, work->order_count * sizeof(vms__bee_child *));
  if (change.slots == NULL) goto no_memory;
  memcpy(change.slots, work->order, work->order_count * sizeof(vms__bee_child *));
  change.slot_count = work->order_count;
  if (work->batch) { /* else it is appended before the caller gets his bytes back */
    change.key = copy_of(bee, key.data == NULL ? VMS__TEXT("") : key);
    change.value = copy_of(bee, value);
    if (change.key.data == NULL || (value.data != NULL && change.value.data == NULL)) goto no_memory;
  }
  if (vms__grow(bee->env, &work->changes, &work->capacity, work->count, 1, sizeof *work->changes) != VMS_OK) goto no_memory;
  work->changes[work->count++] = change;
  work->root = root;
  return VMS_OK;
no_memory:
  return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory for a change");
}

/* --- writing a block ---------------------------------------------------------------------------------------- */

static size_t varint_len(uint64_t n) {
  size_t len = 1;
  while ((n >>= 7) > 0) len++;
  return len;
}

static uint8_t *varint(uint8_t *at, uint64_t n) {
  for (; n > 127; n >>= 7) *at++ = (uint8_t)(n & 127) | 128;
  *at++ = (uint8_t)n;
  return at;
}

static size_t field_len(size_t len) { return 1 + varint_len(len) + len; }

static uint8_t *field(uint8_t *at, uint8_t tag, size_t len) {
  *at++ = tag;
  return varint(at, len);
}

static uint8_t *bytes_field(uint8_t *at, uint8_t tag, vms_slice bytes) {
  at = field(at, tag, bytes.len);
  if (bytes.len > 0) memcpy(at, bytes.data, bytes.len);
  return at + bytes.len;
}

typedef struct { size_t keys, children, level; } level_lens; /* bytes in a level's lists and in the whole of it */

static level_lens measure(const vms__bee_node *at) {
  level_lens lens = { 0, 0, 0 };
  for (uint32_t i = 0; i < at->key_count; i++) lens.keys += varint_len(at->keys[i]);
  for (uint32_t i = 0; i < at->child_count; i++)
    lens.children += varint_len(at->children[i]->pointer.seq) + varint_len(at->children[i]->pointer.offset);
  lens.level = (at->key_count > 0 ? field_len(lens.keys) : 0) + (at->child_count > 0 ? field_len(lens.children) : 0);
  return lens;
}

static uint8_t *level(uint8_t *to, const vms__bee_node *at, const level_lens *lens) {
  to = field(to, 0x0a, lens->level);
  if (at->key_count > 0) to = field(to, 0x0a, lens->keys);
  for (uint32_t i = 0; i < at->key_count; i++) to = varint(to, at->keys[i]);
  if (at->child_count > 0) to = field(to, 0x12, lens->children);
  for (uint32_t i = 0; i < at->child_count; i++) {
    to = varint(to, at->children[i]->pointer.seq);
    to = varint(to, at->children[i]->pointer.offset);
  }
  return to;
}

/* Leaves out the root, and what a later change of the batch has in its own block: the last levels fill the gaps. */
static void leave_out(vms__bee_change *change, uint64_t seq) {
  change->slots[0] = NULL;
  for (uint32_t i = 0; i < change->slot_count;) {
    vms__bee_child *slot = change->slots[i];
    if (slot != NULL && slot->pointer.seq == seq) slot->pointer.offset = i++;
    else change->slots[i] = change->slots[--change->slot_count];
  }
}

static int block_append(vms_bee *bee, const vms__bee_change *change, vms_error *error) {
  level_lens lens[VMS__BEE_CHANGED_MAX];
  uint64_t seq = vms_core_length(bee->source.core);
  size_t index = 0, len;
  vms_buffer bytes;
  uint8_t *to;
  int status;
  for (uint32_t i = 0; i < change->slot_count; i++) {
    lens[i] = measure(change->slots[i]->node);
    index += field_len(lens[i].level);
  }
  len = field_len(index) + field_len(change->key.len) + (change->value.data != NULL ? field_len(change->value.len) : 0);
  vms_buffer_init(&bytes, bee->env);
  if (vms__buf_reserve(&bytes, sizeof(vms__bee_block) + len) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory for a block of %zu bytes", len);
  to = field((uint8_t *)bytes.data + sizeof(vms__bee_block), 0x0a, index);
  for (uint32_t i = 0; i < change->slot_count; i++) to = level(to, change->slots[i]->node, &lens[i]);
  to = bytes_field(to, 0x12, change->key);
  if (change->value.data != NULL) to = bytes_field(to, 0x1a, change->value);
  bytes.len = sizeof(vms__bee_block) + len;
  assert(to == (uint8_t *)bytes.data + bytes.len);
  status = vms_core_append(bee->source.core, bytes.data + sizeof(vms__bee_block), len, NULL, error);
  if (status == VMS_OK && len < bee->cache_max / 8) vms__bee_block_adopt(bee, seq, &bytes, NULL, NULL); /* it is read again soon */
  vms_buffer_free(&bytes);
  return status;
}

int vms__bee_work_append(vms_bee *bee, vms_error *error) {
  vms__bee_work *work = bee->work;
  vms_core *core = bee->source.core;
  vms_journal_mark mark;
  int status = VMS_OK;
  vms_journal_mark_take(vms__core_journal(core), &mark);
  if (vms_core_length(core) == 0 && (work->count > 0 || work->touched)) status = vms__bee_header_append(core, false, error);
  for (size_t i = 0; i < work->count && status == VMS_OK; i++) {
    if (i + 1 < work->count) leave_out(&work->changes[i], work->base + i);
    status = block_append(bee, &work->changes[i], error);
  }
  if (status != VMS_OK) vms_journal_rollback(vms__core_journal(core), &mark);
  return status;
}

/* --- changing ------------------------------------------------------------------------------------------------- */

typedef int change_fn(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error);

static int del(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error) {
  (void)value;
  return vms__bee_work_del(bee, key, error);
}

static int check(const vms_bee *bee, vms_slice key, vms_slice value, vms_error *error) {
  if (bee->source.core == NULL) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "a replica is for reading");
  if (key.len <= VMS_BLOCK_LEN_MAX && value.len <= VMS_BLOCK_LEN_MAX - key.len) return VMS_OK;
  return vms__fail(error, VMS_ERR_LIMIT, 0, "key and value have %llu bytes, a block takes %u",
                   (unsigned long long)key.len + value.len, VMS_BLOCK_LEN_MAX);
}

static int change(vms_bee *bee, change_fn *carry_out, vms_slice key, vms_slice value, vms_error *error) {
  bool batch = bee->work != NULL && bee->work->batch;
  int status = check(bee, key, value, error);
  if (batch && status == VMS_OK) status = vms__bee_work_check(bee, error);
  if (!batch && status == VMS_OK) status = vms__bee_work_begin(bee, error);
  if (status == VMS_OK) {
    bee->work->touched = true;
    status = carry_out(bee, key, value, error);
  }
  if (batch) {
    if (status != VMS_OK) bee->work->failed = status;
    return status;
  }
  if (status == VMS_OK) status = vms__bee_work_append(bee, error);
  if (bee->work != NULL) vms__bee_work_end(bee);
  return status;
}

int vms_bee_put(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error) {
  assert(bee != NULL);
  return change(bee, vms__bee_work_put, key, value, error);
}

int vms_bee_del(vms_bee *bee, vms_slice key, vms_error *error) {
  assert(bee != NULL);
  return change(bee, del, key, (vms_slice){ NULL, 0 }, error);
}

int vms_bee_batch_begin(vms_bee *bee, vms_error *error) {
  int status;
  assert(bee != NULL && (bee->work == NULL || !bee->work->batch));
  status = check(bee, (vms_slice){ NULL, 0 }, (vms_slice){ NULL, 0 }, error);
  if (status == VMS_OK) status = vms__bee_work_begin(bee, error);
  if (status == VMS_OK) bee->work->batch = true;
  return status;
}

int vms_bee_batch_end(vms_bee *bee, vms_error *error) {
  int status;
  assert(bee != NULL && bee->work != NULL && bee->work->batch);
  status = vms__bee_work_check(bee, error);
  if (status == VMS_OK) status = vms__bee_work_append(bee, error);
  vms__bee_work_end(bee);
  return status;
}

void vms_bee_batch_abort(vms_bee *bee) {
  assert(bee != NULL);
  if (bee->work != NULL) vms__bee_work_end(bee);
}

/* SPDX-License-Identifier: MIT */
/* Hyperbee: walking over a version, either way.
 *
 * A walk demands that keys ascend (or descend), so that a tree which shares its subtrees is refused instead of being
 * walked for ever, and that there are no more of them than blocks, for those that are passed without being read. */
#include "bee.h"

static int direction(const vms__bee_walk *walk) { return (walk->flags & VMS_BEE_REVERSE) != 0 ? -1 : 1; }

static int compare(vms_slice a, vms_slice b, const vms__bee_walk *walk) {
  return direction(walk) > 0 ? vms__bytes_compare(a, b) : vms__bytes_compare(b, a);
}

static vms_slice from_of(const vms__bee_walk *walk) { return (vms_slice){ walk->bounds.data, walk->from_len }; }
static vms_slice to_of(const vms__bee_walk *walk) {
  return (vms_slice){ walk->bounds.data + walk->from_len, walk->bounds.len - walk->from_len };
}

/* The bound at which the walk starts. */
static bool starts_at(const vms__bee_walk *walk, vms_slice *bound, bool *included) {
  bool reverse = direction(walk) < 0;
  if (!(reverse ? walk->has_to : walk->has_from)) return false;
  *bound = reverse ? to_of(walk) : from_of(walk);
  *included = reverse ? (walk->flags & VMS_BEE_THROUGH) != 0 : (walk->flags & VMS_BEE_AFTER) == 0;
  return true;
}

/* Whether a key lies in front of the range (-1), in it (0), behind it (1), as the walk goes. */
static int place_of(const vms__bee_walk *walk, vms_slice key) {
  int from = walk->has_from ? vms__bytes_compare(key, from_of(walk)) : 1;
  int to = walk->has_to ? vms__bytes_compare(key, to_of(walk)) : -1;
  if (from < 0 || (from == 0 && (walk->flags & VMS_BEE_AFTER) != 0)) return -direction(walk);
  if (to > 0 || (to == 0 && (walk->flags & VMS_BEE_THROUGH) == 0)) return direction(walk);
  return 0;
}

int vms__bee_walk_init(vms__bee_walk *walk, vms_bee *bee, uint64_t version, const vms_bee_range *given, vms_error *error) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  vms_slice bound;
  bool included;
  int status;
  assert(bee != NULL && version <= vms_bee_version(bee));
  walk->bee = bee;
  walk->version = version != 0 ? version : vms_bee_version(bee);
  walk->passed = 0;
  walk->depth = 0;
  walk->entered = walk->started = false;
  vms_buffer_init(&walk->bounds, bee->env);
  vms_buffer_init(&walk->last, bee->env);
  status = vms__options_load(&range, sizeof range, given, error);
  if (status != VMS_OK) return status;
  walk->flags = range.flags;
  walk->has_from = range.from.data != NULL;
  walk->has_to = range.to.data != NULL;
  walk->from_len = walk->has_from ? range.from.len : 0;
  if (walk->has_from) status = vms__buf_slice(&walk->bounds, range.from);
  if (status == VMS_OK && walk->has_to) status = vms__buf_slice(&walk->bounds, range.to);
  walk->seeking = starts_at(walk, &bound, &included);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a range");
}

void vms__bee_walk_deinit(vms__bee_walk *walk) {
  vms_buffer_free(&walk->bounds);
  vms_buffer_free(&walk->last);
}

void vms__bee_walk_end(vms__bee_walk *walk) {
  walk->entered = true;
  walk->depth = 0;
}

vms__bee_item vms__bee_walk_peek(vms__bee_walk *walk) {
  if (!walk->entered && walk->version > 1) return (vms__bee_item){ VMS__BEE_CHILD, { walk->version - 1, 0 } };
  for (; walk->depth > 0; walk->depth--) {
    vms__bee_frame *top = &walk->stack[walk->depth - 1];
    const vms__bee_level *level = &top->level;
    if (level->child_count == 0 && top->at % 2 == 0) top->at += direction(walk);
    if (top->at < 0 || (uint32_t)top->at > 2 * level->key_count) continue;
    if (top->at % 2 == 0) return (vms__bee_item){ VMS__BEE_CHILD, level->children[top->at / 2] };
    return (vms__bee_item){ VMS__BEE_KEY, { level->keys[top->at / 2], 0 } };
  }
  return (vms__bee_item){ VMS__BEE_END, { 0, 0 } };
}

static void step(vms__bee_walk *walk) {
  if (walk->entered) walk->stack[walk->depth - 1].at += direction(walk);
  walk->entered = true;
}

int vms__bee_walk_pass(vms__bee_walk *walk, vms_error *error) {
  if (++walk->passed > 2 * walk->version) /* as many subtrees as keys, and one more in each node */
    return vms__bee_corrupt(walk->version - 1, "the tree has more keys than blocks", error);
  step(walk);
  walk->seeking = false;
  return VMS_OK;
}

/* Where a node is entered. The children on the way to the bound are sought through as well, until a key is the bound itself. */
static int seek(vms__bee_walk *walk, vms__bee_frame *frame, bool *seeking, vms_error *error) {
  bool reverse = direction(walk) < 0, included = false, equal = false;
  vms_slice bound;
  uint32_t at = 0;
  int status = VMS_OK;
  *seeking = walk->seeking && starts_at(walk, &bound, &included);
  frame->at = reverse ? (int32_t)(2 * frame->level.key_count) : 0;
  if (!*seeking) return VMS_OK;
  status = vms__bee_search(walk->bee, NULL, frame->level.keys, frame->level.key_count, bound, &at, &equal, error);
  if (status != VMS_OK) return status;
  *seeking = !equal && frame->level.child_count > 0;
  frame->at = (int32_t)(2 * at); /* the child in front of key `at`; in a leaf the key before or behind, which peek finds */
  if (equal) frame->at += included ? 1 : reverse ? 0 : 2;
  return VMS_OK;
}

int vms__bee_walk_enter(vms__bee_walk *walk, vms__bee_pointer pointer, vms_error *error) {
  vms__bee_frame *frame = &walk->stack[VMS__MIN(walk->depth, VMS__BEE_DEPTH_MAX - 1)];
  bool seeking;
  int status;
  if (walk->depth == VMS__BEE_DEPTH_MAX) return vms__bee_corrupt(pointer.seq, "the tree is too deep", error);
  status = vms__bee_level_load(walk->bee, pointer, &frame->level, error);
  if (status == VMS_OK) status = seek(walk, frame, &seeking, error);
  if (status != VMS_OK) return status;
  step(walk);
  walk->depth++;
  walk->seeking = seeking;
  return VMS_OK;
}

int vms__bee_walk_load(vms__bee_walk *walk, uint64_t seq, vms__bee_block **block, vms_error *error) {
  int status = vms__bee_block_load(walk->bee, seq, block, error), place;
  if (status != VMS_OK) return status;
  place = place_of(walk, vms__bee_block_key(*block));
  if (place < 0 || (walk->started && compare(vms__bee_block_key(*block), vms__buf_view(&walk->last), walk) <= 0))
    return vms__bee_corrupt(seq, "its key is not behind the one before", error);
  if (place == 0) return VMS_OK;
  vms__bee_walk_end(walk);
  return VMS_ERR_NOT_FOUND;
}

int vms__bee_walk_take(vms__bee_walk *walk, const vms__bee_block *block, vms_error *error) {
  vms__buf_clear(&walk->last);
  if (vms__buf_slice(&walk->last, vms__bee_block_key(block)) != VMS_OK) {
    vms__bee_walk_end(walk);
    return vms__fail(error, VMS_ERR_NOMEM, block->seq, "out of memory for a key");
  }
  walk->started = true;
  step(walk);
  walk->seeking = false;
  return VMS_OK;
}

/* --- cursors -------------------------------------------------------------------------------------------- */

int vms_bee_cursor_open(vms_bee_cursor **cursor, vms_bee *bee, uint64_t version, const vms_bee_range *range, vms_error *error) {
  int status;
  assert(cursor != NULL && bee != NULL);
  *cursor = vms__resize(bee->env, NULL, 0, sizeof **cursor); /* its stack need not be zeroed */
  if (*cursor == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a cursor");
  status = vms__bee_walk_init(&(*cursor)->walk, bee, version, range, error);
  if (status == VMS_OK) return VMS_OK;
  vms_bee_cursor_close(*cursor);
  *cursor = NULL;
  return status;
}

int vms_bee_cursor_next(vms_bee_cursor *cursor, vms_bee_entry *entry, vms_error *error) {
  assert(cursor != NULL && entry != NULL);
  for (;;) {
    vms__bee_walk *walk = &cursor->walk;
    vms__bee_item item = vms__bee_walk_peek(walk);
    vms__bee_block *block;
    int status;
    if (item.kind == VMS__BEE_END) return VMS_ERR_NOT_FOUND;
    if (item.kind == VMS__BEE_CHILD) {
      status = vms__bee_walk_enter(walk, item.pointer, error);
      if (status != VMS_OK) return status;
      continue;
    }
    status = vms__bee_walk_load(walk, item.pointer.seq, &block, error);
    if (status == VMS_OK) status = vms__bee_walk_take(walk, block, error);
    if (status != VMS_OK) return status;
    *entry = vms__bee_entry_of(block);
    vms__bee_hold(walk->bee, block, NULL);
    return VMS_OK;
  }
}

void vms_bee_cursor_close(vms_bee_cursor *cursor) {
  if (cursor == NULL) return;
  const vms_env *env = cursor->walk.bee->env;
  vms__bee_walk_deinit(&cursor->walk);
  vms__free(env, cursor, sizeof *cursor);
}

/* SPDX-License-Identifier: MIT */
/* Hyperbee: what changed between two versions. Two walks side by side: where both come to the same subtree, or to the same block's
 * key, both pass it; where one comes to a subtree, it enters it. As all leaves are equally deep, both are at the same node
 * again behind the next leaf that both share. */
#include "bee.h"

#define LOOK_EACH 256u /* so many are passed before a key that both share is looked at */

int vms_bee_diff_open(vms_bee_diff **diff, vms_bee *bee, uint64_t older, uint64_t newer, const vms_bee_range *range, vms_error *error) {
  int status, other;
  assert(diff != NULL && bee != NULL);
  *diff = vms__resize(bee->env, NULL, 0, sizeof **diff);
  if (*diff == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a diff");
  (*diff)->looked = 0;
  status = vms__bee_walk_init(&(*diff)->older, bee, older, range, error);
  other = vms__bee_walk_init(&(*diff)->newer, bee, newer, range, status == VMS_OK ? error : NULL);
  if (status == VMS_OK && other == VMS_OK) return VMS_OK;
  vms_bee_diff_close(*diff);
  *diff = NULL;
  return status != VMS_OK ? status : other;
}

/* Now and then a key that both share is looked at: a hostile tree whose nodes share their subtrees would keep the walks for as long as the
 * version has blocks, which need not exist to be in a replica's length. */
static int pass_both(vms_bee_diff *diff, vms__bee_item item, vms_error *error) {
  vms__bee_block *block;
  int status;
  if (item.kind == VMS__BEE_KEY && diff->newer.passed - diff->looked >= LOOK_EACH) {
    status = vms__bee_walk_load(&diff->older, item.pointer.seq, &block, error);
    if (status == VMS_ERR_NOT_FOUND) return VMS_OK; /* behind the range: the other walk finds out as well */
    if (status == VMS_OK) status = vms__bee_walk_take(&diff->older, block, error);
    if (status == VMS_OK) diff->looked = diff->newer.passed;
  } else status = vms__bee_walk_pass(&diff->older, error);
  return status == VMS_OK ? vms__bee_walk_pass(&diff->newer, error) : status;
}

/* Enters whatever subtree comes next. */
static int enter(vms__bee_walk *walk, vms__bee_item item, vms_error *error) {
  return item.kind == VMS__BEE_CHILD ? vms__bee_walk_enter(walk, item.pointer, error) : VMS_OK;
}

/* Loads the key that comes next and holds it; NULL if there is none (any more). */
static int load(vms__bee_walk *walk, vms__bee_item item, vms__bee_block **block, vms_error *error) {
  int status = item.kind == VMS__BEE_END ? VMS_ERR_NOT_FOUND : vms__bee_walk_load(walk, item.pointer.seq, block, error);
  if (status == VMS_OK || status != VMS_ERR_NOT_FOUND) return status;
  *block = NULL;
  return VMS_OK;
}

/* Gives the one that comes first, or both if they are of one key. */
static int give(vms_bee_diff *diff, vms__bee_block *one, vms__bee_block *other, vms_bee_entry *was, vms_bee_entry *is, vms_error *error) {
  int order = one == NULL ? 1 : other == NULL ? -1 : vms__bytes_compare(vms__bee_block_key(one), vms__bee_block_key(other)), status = VMS_OK;
  if (one != NULL && other != NULL && (diff->older.flags & VMS_BEE_REVERSE) != 0) order = -order;
  *was = *is = (vms_bee_entry){ 0, { NULL, 0 }, { NULL, 0 } };
  if (order <= 0) {
    *was = vms__bee_entry_of(one);
    status = vms__bee_walk_take(&diff->older, one, error);
  }
  if (order >= 0 && status == VMS_OK) {
    *is = vms__bee_entry_of(other);
    status = vms__bee_walk_take(&diff->newer, other, error);
  }
  return status;
}

static int next(vms_bee_diff *diff, vms_bee_entry *was, vms_bee_entry *is, vms_error *error) {
  for (;;) {
    vms__bee_item one = vms__bee_walk_peek(&diff->older), other = vms__bee_walk_peek(&diff->newer);
    vms_bee *bee = diff->older.bee;
    vms__bee_block *first = NULL, *second = NULL;
    int status;
    if (one.kind == VMS__BEE_END && other.kind == VMS__BEE_END) return VMS_ERR_NOT_FOUND;
    if (one.kind == other.kind && one.pointer.seq == other.pointer.seq && one.pointer.offset == other.pointer.offset) {
      status = pass_both(diff, one, error);
      if (status != VMS_OK) return status;
      continue;
    }
    if (one.kind == VMS__BEE_CHILD || other.kind == VMS__BEE_CHILD) {
      status = enter(&diff->older, one, error);
      if (status == VMS_OK) status = enter(&diff->newer, other, error);
      if (status != VMS_OK) return status;
      continue;
    }
    status = load(&diff->older, one, &first, error);
    if (status != VMS_OK) return status;
    vms__bee_hold(bee, first, NULL); /* while the other one is loaded */
    status = load(&diff->newer, other, &second, error);
    if (status != VMS_OK) return status;
    if (first == NULL && second == NULL) continue;
    status = give(diff, first, second, was, is, error);
    vms__bee_hold(bee, first, second);
    return status;
  }
}

int vms_bee_diff_next(vms_bee_diff *diff, vms_bee_entry *was, vms_bee_entry *is, vms_error *error) {
  int status;
  assert(diff != NULL && was != NULL && is != NULL);
  status = next(diff, was, is, error);
  if (status == VMS_ERR_NOMEM) { /* one walk may have ended: what the other finds would look as if it were new or gone */
    vms__bee_walk_end(&diff->older);
    vms__bee_walk_end(&diff->newer);
  }
  return status;
}

void vms_bee_diff_close(vms_bee_diff *diff) {
  if (diff == NULL) return;
  const vms_env *env = diff->older.bee->env;
  vms__bee_walk_deinit(&diff->older);
  vms__bee_walk_deinit(&diff->newer);
  vms__free(env, diff, sizeof *diff);
}

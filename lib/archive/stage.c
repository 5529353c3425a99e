/* SPDX-License-Identifier: MIT */
/* Staged changes by path: an AA tree (Andersson, 1993) over an array. Balanced whatever paths a script chooses; changes
 * stay in the order in which they were first made, and none is ever taken out before all are. */
#include "internal.h"

void vms__stage_init(vms__stage *stage, const vms_env *env) { *stage = (vms__stage){ env, NULL, 0, 0, 0 }; }

void vms__stage_clear(vms__stage *stage) {
  for (size_t i = 0; i < stage->count; i++) {
    vms_buffer_free(&stage->changes[i].content);
    vms__free(stage->env, (void *)(uintptr_t)stage->changes[i].path.data, stage->changes[i].path.len);
  }
  vms__free(stage->env, stage->changes, stage->capacity * sizeof *stage->changes);
  vms__stage_init(stage, stage->env);
}

static vms__change *at(vms__stage *stage, uint32_t number) { return &stage->changes[number - 1]; }

vms__change *vms__stage_from(vms__stage *stage, vms_slice from) {
  vms__change *best = NULL;
  for (uint32_t number = stage->root; number != 0;) {
    vms__change *change = at(stage, number);
    int order = vms__bytes_compare(change->path, from);
    if (order == 0) return change;
    if (order > 0) best = change;
    number = order > 0 ? change->left : change->right;
  }
  return best;
}

vms__change *vms__stage_find(vms__stage *stage, vms_slice path) {
  vms__change *change = vms__stage_from(stage, path);
  return change != NULL && vms__slice_equal(change->path, path) ? change : NULL;
}

/* A left child on the same level is turned to the right. */
static uint32_t skew(vms__stage *stage, uint32_t number) {
  vms__change *top = at(stage, number), *left;
  uint32_t turned = top->left;
  if (turned == 0 || at(stage, turned)->level != top->level) return number;
  left = at(stage, turned);
  top->left = left->right;
  left->right = number;
  return turned;
}

/* Two right children in a row on the same level: the middle one goes up. */
static uint32_t split(vms__stage *stage, uint32_t number) {
  vms__change *top = at(stage, number), *right;
  uint32_t turned = top->right;
  if (turned == 0 || at(stage, turned)->right == 0 || at(stage, at(stage, turned)->right)->level != top->level) return number;
  right = at(stage, turned);
  top->right = right->left;
  right->left = number;
  right->level++;
  return turned;
}

/* As deep as the tree: at most twice the logarithm of a 32-bit count. */
static uint32_t insert(vms__stage *stage, uint32_t number, uint32_t added) {
  vms__change *top;
  if (number == 0) return added;
  top = at(stage, number);
  if (vms__bytes_compare(at(stage, added)->path, top->path) < 0) top->left = insert(stage, top->left, added);
  else top->right = insert(stage, top->right, added);
  return split(stage, skew(stage, number));
}

vms__change *vms__stage_add(vms__stage *stage, vms_slice path, bool existed) {
  vms__change *change;
  char *copy;
  assert(path.len > 0 && vms__stage_find(stage, path) == NULL);
  if (stage->count >= UINT32_MAX - 1) return NULL;
  if (vms__grow(stage->env, &stage->changes, &stage->capacity, stage->count, 1, sizeof *change) != VMS_OK) return NULL;
  copy = vms__alloc(stage->env, path.len);
  if (copy == NULL) return NULL;
  memcpy(copy, path.data, path.len);
  change = &stage->changes[stage->count++];
  memset(change, 0, sizeof *change);
  change->path = (vms_slice){ copy, path.len };
  change->kind = VMS__ENTRY_ABSENT;
  change->existed = existed;
  change->level = 1;
  vms_buffer_init(&change->content, stage->env);
  stage->root = insert(stage, stage->root, (uint32_t)stage->count);
  return change;
}

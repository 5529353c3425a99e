/* SPDX-License-Identifier: MIT */
/* Hyperbee: changing. Each change loads the nodes it needs and rearranges them in memory, as npm's writer does it
 * (doc/ledger-format.md, "Archive"); bee_batch.c makes blocks of them. */
#include "bee.h"

#define ROOM_LEN 16384u /* bytes taken at once: enough for any single change of a sound tree */

typedef vms__bee_node node;
typedef vms__bee_child child;
typedef vms__bee_work work_space;

void *vms__bee_room_take(vms_bee *bee, size_t len) {
  work_space *work = bee->work;
  vms__bee_room *room = work->rooms;
  size_t aligned = (len + 15) & ~(size_t)15, most = VMS__MAX(aligned + sizeof *room, (size_t)ROOM_LEN); /* len: of a change or less */
  if (room == NULL || aligned > room->len - room->used) {
    room = vms__resize(bee->env, NULL, 0, most);
    if (room == NULL) return NULL;
    *room = (vms__bee_room){ work->rooms, most, sizeof *room };
    work->rooms = room;
  }
  void *taken = (char *)room + room->used;
  room->used += aligned;
  return memset(taken, 0, len);
}

static int misshapen(uint64_t seq, vms_error *error) { return vms__bee_corrupt(seq, "the tree is not balanced or too deep", error); }

static int no_memory(const vms_bee *bee, vms_error *error) {
  return vms__fail(error, VMS_ERR_NOMEM, vms_core_length(bee->source.core), "out of memory for a change");
}

/* The number of the change under way. */
static uint64_t seq_of(const work_space *work) { return work->base + work->count; }

static int node_load(vms_bee *bee, vms__bee_pointer pointer, node **loaded, vms_error *error) {
  vms__bee_level level;
  child *children;
  node *made;
  int status = vms__bee_level_load(bee, pointer, &level, error);
  if (status != VMS_OK) return status;
  made = vms__bee_room_take(bee, sizeof *made);
  children = level.child_count == 0 || made == NULL ? NULL : vms__bee_room_take(bee, level.child_count * sizeof *children);
  if (made == NULL || (children == NULL && level.child_count > 0)) return no_memory(bee, error);
  made->key_count = level.key_count;
  made->child_count = level.child_count;
  memcpy(made->keys, level.keys, sizeof level.keys);
  for (uint32_t i = 0; i < level.child_count; i++) {
    children[i].pointer = level.children[i];
    made->children[i] = &children[i];
  }
  *loaded = made;
  return VMS_OK;
}

static int child_load(vms_bee *bee, node *parent, uint32_t i, node **loaded, vms_error *error) {
  int status = VMS_OK;
  if (i >= parent->child_count) return misshapen(bee->work->base - 1, error);
  if (parent->children[i]->node == NULL) status = node_load(bee, parent->children[i]->pointer, &parent->children[i]->node, error);
  if (status == VMS_OK) *loaded = parent->children[i]->node;
  return status;
}

/* A new node, and the place of a child for it. */
static child *child_new(vms_bee *bee, node *of) {
  child *made = vms__bee_room_take(bee, sizeof *made);
  if (made == NULL) return NULL;
  made->node = of != NULL ? of : vms__bee_room_take(bee, sizeof *made->node);
  if (made->node == NULL) return NULL;
  made->node->changed = true;
  return made;
}

static int root_load(vms_bee *bee, vms_error *error) {
  work_space *work = bee->work;
  uint64_t length = work->base;
  work->path_count = 0;
  if (work->root != NULL) return VMS_OK;
  if (length > 1) return node_load(bee, (vms__bee_pointer){ length - 1, 0 }, &work->root, error);
  work->root = vms__bee_room_take(bee, sizeof *work->root);
  return work->root == NULL ? no_memory(bee, error) : VMS_OK;
}

static int path_push(work_space *work, node *at, vms_error *error) {
  if (work->path_count == VMS__BEE_DEPTH_MAX) return misshapen(work->base - 1, error);
  work->path[work->path_count++] = at;
  return VMS_OK;
}

/* --- arrays in nodes -------------------------------------------------------------------------------- */

static void key_insert(node *at, uint32_t i, uint64_t key) {
  assert(i <= at->key_count && at->key_count <= VMS__BEE_KEYS_MAX);
  memmove(at->keys + i + 1, at->keys + i, (at->key_count - i) * sizeof at->keys[0]);
  at->keys[i] = key;
  at->key_count++;
}

static uint64_t key_remove(node *at, uint32_t i) {
  uint64_t key = at->keys[i];
  assert(i < at->key_count);
  at->key_count--;
  memmove(at->keys + i, at->keys + i + 1, (at->key_count - i) * sizeof at->keys[0]);
  return key;
}

static void child_insert(node *at, uint32_t i, child *made) {
  assert(i <= at->child_count && at->child_count <= VMS__BEE_KEYS_MAX + 1);
  memmove(at->children + i + 1, at->children + i, (at->child_count - i) * sizeof at->children[0]);
  at->children[i] = made;
  at->child_count++;
}

static child *child_remove(node *at, uint32_t i) {
  child *gone = at->children[i];
  assert(i < at->child_count);
  at->child_count--;
  memmove(at->children + i, at->children + i + 1, (at->child_count - i) * sizeof at->children[0]);
  return gone;
}

static uint32_t child_index(const node *parent, const node *of) {
  uint32_t i = 0;
  while (i < parent->child_count && parent->children[i]->node != of) i++;
  assert(i < parent->child_count);
  return i;
}

/* --- looking up ------------------------------------------------------------------------------------------ */

int vms__bee_work_find(vms_bee *bee, vms_slice key, uint64_t *seq, vms_error *error) {
  node *at;
  int status = vms__bee_work_check(bee, error);
  if (status == VMS_OK) status = root_load(bee, error);
  if (status != VMS_OK) return status;
  at = bee->work->root;
  for (uint32_t depth = 0; depth < VMS__BEE_DEPTH_MAX; depth++) {
    uint32_t i;
    bool equal;
    status = vms__bee_search(bee, bee->work, at->keys, at->key_count, key, &i, &equal, error);
    if (status != VMS_OK) return status;
    if (equal) {
      *seq = at->keys[i];
      return VMS_OK;
    }
    if (at->child_count == 0) return VMS_ERR_NOT_FOUND;
    status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
  }
  return misshapen(bee->work->base - 1, error);
}

/* --- put ------------------------------------------------------------------------------------------------ */

/* Moves the last four keys, and five children, to a new right sibling; its place is *right. */
static uint64_t halve(node *at, node *right) {
  uint64_t median = at->keys[VMS__BEE_KEYS_MIN];
  right->key_count = VMS__BEE_KEYS_MIN;
  memcpy(right->keys, at->keys + VMS__BEE_KEYS_MIN + 1, VMS__BEE_KEYS_MIN * sizeof right->keys[0]);
  at->key_count = VMS__BEE_KEYS_MIN;
  if (at->child_count > 0) {
    right->child_count = VMS__BEE_KEYS_MIN + 1;
    memcpy(right->children, at->children + VMS__BEE_KEYS_MIN + 1, (VMS__BEE_KEYS_MIN + 1) * sizeof right->children[0]);
    at->child_count = VMS__BEE_KEYS_MIN + 1;
  }
  return median;
}

/* Splits nodes that have nine keys, from the leaf upward. */
static int split(vms_bee *bee, node *at, node **root, vms_error *error) {
  work_space *work = bee->work;
  while (at->key_count > VMS__BEE_KEYS_MAX) {
    child *right = child_new(bee, NULL), *left, *top;
    node *parent;
    uint64_t median;
    if (right == NULL) return no_memory(bee, error);
    median = halve(at, right->node);
    if (work->path_count > 0) parent = work->path[--work->path_count];
    else {
      left = child_new(bee, at);
      top = left == NULL ? NULL : child_new(bee, NULL);
      if (top == NULL) return no_memory(bee, error);
      *root = parent = top->node;
      child_insert(parent, 0, left);
    }
    uint32_t i = child_index(parent, at);
    key_insert(parent, i, median);
    child_insert(parent, i + 1, right);
    at = parent;
  }
  return VMS_OK;
}

int vms__bee_work_put(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error) {
  work_space *work = bee->work;
  node *root, *at;
  uint32_t i;
  bool equal;
  int status = root_load(bee, error);
  if (status != VMS_OK) return status;
  for (at = root = work->root;;) {
    at->changed = true;
    status = vms__bee_search(bee, bee->work, at->keys, at->key_count, key, &i, &equal, error);
    if (status != VMS_OK) return status;
    if (equal || at->child_count == 0) break;
    status = path_push(work, at, error);
    if (status == VMS_OK) status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
  }
  if (equal) at->keys[i] = seq_of(work);
  else {
    key_insert(at, i, seq_of(work));
    status = split(bee, at, &root, error);
  }
  return status == VMS_OK ? vms__bee_work_note(bee, root, key, value, error) : status;
}

/* --- del ------------------------------------------------------------------------------------------------- */

/* Pushes the nodes from child `i` of `at` to its outermost leaf on one side onto `trail`. */
static int outermost(vms_bee *bee, node *at, uint32_t i, bool rightmost, node *trail[VMS__BEE_DEPTH_MAX], uint32_t *count,
                     vms_error *error) {
  *count = 0;
  do {
    int status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
    if (*count == VMS__BEE_DEPTH_MAX) return misshapen(bee->work->base - 1, error);
    trail[(*count)++] = at;
    i = rightmost && at->child_count > 0 ? at->child_count - 1 : 0;
  } while (at->child_count > 0);
  return at->key_count > 0 ? VMS_OK : misshapen(bee->work->base - 1, error);
}

/* Replaces key i of an inner node by its neighbour from the larger of the two leaves next to it. */
static int replace_inner(vms_bee *bee, node *at, uint32_t i, vms_error *error) {
  node *left[VMS__BEE_DEPTH_MAX], *right[VMS__BEE_DEPTH_MAX], **trail = left;
  uint32_t left_count, right_count, count;
  bool from_right;
  int status = outermost(bee, at, i, true, left, &left_count, error);
  if (status == VMS_OK) status = outermost(bee, at, i + 1, false, right, &right_count, error);
  if (status != VMS_OK) return status;
  from_right = left[left_count - 1]->key_count < right[right_count - 1]->key_count;
  count = from_right ? right_count : left_count;
  if (from_right) trail = right;
  at->keys[i] = key_remove(trail[count - 1], from_right ? 0 : trail[count - 1]->key_count - 1);
  for (uint32_t n = 0; n < count && status == VMS_OK; n++) status = path_push(bee->work, trail[n], error);
  return status;
}

static void borrow_left(node *at, node *left, node *parent, uint32_t separator) {
  key_insert(at, 0, parent->keys[separator]);
  parent->keys[separator] = key_remove(left, left->key_count - 1);
  if (left->child_count > 0) child_insert(at, 0, child_remove(left, left->child_count - 1));
  left->changed = true;
}

static void borrow_right(node *at, node *right, node *parent, uint32_t separator) {
  key_insert(at, at->key_count, parent->keys[separator]);
  parent->keys[separator] = key_remove(right, 0);
  if (right->child_count > 0) child_insert(at, at->child_count, child_remove(right, 0));
  right->changed = true;
}

/* `left` takes the separating key and everything of `right`, whose place names no block any more. */
static void merge(node *left, node *right, node *parent, uint32_t separator) {
  key_insert(left, left->key_count, key_remove(parent, separator));
  for (uint32_t i = 0; i < right->key_count; i++) key_insert(left, left->key_count, right->keys[i]);
  for (uint32_t i = 0; i < right->child_count; i++) child_insert(left, left->child_count, right->children[i]);
  child_remove(parent, separator + 1)->pointer.seq = 0;
  left->changed = true;
}

static bool is_leaf(const node *at) { return at->child_count == 0; }

static int rebalance(vms_bee *bee, vms_error *error) {
  work_space *work = bee->work;
  for (; work->path_count > 1; work->path_count--) {
    node *at = work->path[work->path_count - 1], *parent = work->path[work->path_count - 2], *left = NULL, *right = NULL;
    uint32_t i = child_index(parent, at);
    int status = VMS_OK;
    if (at->key_count >= VMS__BEE_KEYS_MIN) break;
    if (i > 0) status = child_load(bee, parent, i - 1, &left, error);
    if (status == VMS_OK && i + 1 < parent->child_count) status = child_load(bee, parent, i + 1, &right, error);
    if (status != VMS_OK) return status;
    if ((left != NULL && is_leaf(left) != is_leaf(at)) || (right != NULL && is_leaf(right) != is_leaf(at)) || (left == NULL && right == NULL))
      return misshapen(work->base - 1, error);
    if (left != NULL && left->key_count > VMS__BEE_KEYS_MIN) {
      borrow_left(at, left, parent, i - 1);
      break;
    }
    if (right != NULL && right->key_count > VMS__BEE_KEYS_MIN) {
      borrow_right(at, right, parent, i);
      break;
    }
    if (left != NULL) merge(left, at, parent, i - 1);
    else merge(at, right, parent, i);
  }
  return VMS_OK;
}

int vms__bee_work_del(vms_bee *bee, vms_slice key, vms_error *error) {
  work_space *work = bee->work;
  node *root, *at;
  uint32_t i;
  bool equal;
  int status = root_load(bee, error);
  if (status != VMS_OK) return status;
  for (at = root = work->root;;) {
    status = path_push(work, at, error);
    if (status == VMS_OK) status = vms__bee_search(bee, bee->work, at->keys, at->key_count, key, &i, &equal, error);
    if (status != VMS_OK) return status;
    if (equal) break;
    if (at->child_count == 0) return VMS_OK; /* not there */
    status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
  }
  if (at->child_count == 0) key_remove(at, i);
  else status = replace_inner(bee, at, i, error);
  if (status != VMS_OK) return status;
  for (uint32_t n = 0; n < work->path_count; n++) work->path[n]->changed = true;
  status = rebalance(bee, error);
  if (status == VMS_OK && root->key_count == 0 && root->child_count > 0) status = child_load(bee, root, 0, &root, error);
  return status == VMS_OK ? vms__bee_work_note(bee, root, key, (vms_slice){ NULL, 0 }, error) : status;
}

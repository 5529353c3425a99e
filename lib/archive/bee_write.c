/* SPDX-License-Identifier: MIT */
/* Hyperbee: changing. Each change loads the nodes it needs, rearranges them in memory and appends one block with those
 * that changed, numbered in pre-order: block for block what npm's writer appends (doc/ledger-format.md, "Archive"). */
#include "internal.h"

#define KEYS_MIN 4u /* in every node but the root */
#define NODES_MAX (4u * VMS__BEE_DEPTH_MAX) /* per level: the node, two siblings or a descent, a split */

typedef struct node node;
typedef struct { vms__bee_pointer pointer; node *node; } child;

struct node {
  uint32_t key_count, child_count;
  uint64_t holder; /* the block it was read from; its pointers lead no further than that */
  bool changed;
  uint64_t keys[VMS__BEE_KEYS_MAX + 1]; /* one too many for a moment */
  child children[VMS__BEE_KEYS_MAX + 2];
};

struct bee_work {
  node nodes[NODES_MAX];
  uint32_t used;
  node *path[VMS__BEE_DEPTH_MAX];
  uint32_t path_count;
  node *order[NODES_MAX]; /* changed nodes in pre-order */
  uint32_t order_count;
};

void vms__bee_deinit(vms_bee *bee) {
  if (bee->cache != NULL)
    for (size_t i = 0; i < VMS__BEE_CACHE; i++)
      if (bee->cache[i] != NULL) vms__free(bee->env, bee->cache[i], bee->cache[i]->alloc_len);
  vms__free(bee->env, bee->cache, VMS__BEE_CACHE * sizeof *bee->cache);
  vms__free(bee->env, bee->work, sizeof *bee->work);
  memset(bee, 0, sizeof *bee);
}

static int misshapen(const node *at, vms_error *error) {
  return vms__fail(error, VMS_ERR_CORRUPT, at->holder, "bee block %llu: the tree is not balanced or too deep",
                   (unsigned long long)at->holder);
}

static node *node_new(struct bee_work *work) {
  node *made;
  if (work->used == NODES_MAX) return NULL;
  made = &work->nodes[work->used++];
  memset(made, 0, sizeof *made);
  return made;
}

static int node_load(vms_bee *bee, uint64_t holder, vms__bee_pointer pointer, node **loaded, vms_error *error) {
  vms__bee_level level;
  node *made;
  int status = vms__bee_level_load(bee, holder, pointer, &level, error);
  if (status != VMS_OK) return status;
  made = node_new(bee->work);
  if (made == NULL) return misshapen(&bee->work->nodes[0], error);
  made->holder = pointer.seq;
  made->key_count = level.key_count;
  made->child_count = level.child_count;
  memcpy(made->keys, level.keys, sizeof level.keys);
  for (uint32_t i = 0; i < level.child_count; i++) made->children[i].pointer = level.children[i];
  *loaded = made;
  return VMS_OK;
}

static int child_load(vms_bee *bee, node *parent, uint32_t i, node **loaded, vms_error *error) {
  int status = VMS_OK;
  if (i >= parent->child_count) return misshapen(parent, error);
  if (parent->children[i].node == NULL)
    status = node_load(bee, parent->holder, parent->children[i].pointer, &parent->children[i].node, error);
  if (status == VMS_OK) *loaded = parent->children[i].node;
  return status;
}

static int path_push(struct bee_work *work, node *at, vms_error *error) {
  if (work->path_count == VMS__BEE_DEPTH_MAX) return misshapen(at, error);
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

static void child_insert(node *at, uint32_t i, child made) {
  assert(i <= at->child_count && at->child_count <= VMS__BEE_KEYS_MAX + 1);
  memmove(at->children + i + 1, at->children + i, (at->child_count - i) * sizeof at->children[0]);
  at->children[i] = made;
  at->child_count++;
}

static child child_remove(node *at, uint32_t i) {
  child gone = at->children[i];
  assert(i < at->child_count);
  at->child_count--;
  memmove(at->children + i, at->children + i + 1, (at->child_count - i) * sizeof at->children[0]);
  return gone;
}

static uint32_t child_index(const node *parent, const node *of) {
  uint32_t i = 0;
  while (i < parent->child_count && parent->children[i].node != of) i++;
  assert(i < parent->child_count);
  return i;
}

/* --- writing a block ---------------------------------------------------------------------------------- */

static int varint(vms_buffer *out, uint64_t n) {
  uint8_t bytes[10];
  size_t len = 0;
  do {
    bytes[len++] = (uint8_t)(n & 127) | (n > 127 ? 128 : 0);
    n >>= 7;
  } while (n > 0);
  return vms_buffer_append(out, bytes, len);
}

static int message(vms_buffer *out, uint8_t tag, vms_slice bytes) {
  if (vms__buf_byte(out, tag) != VMS_OK || varint(out, bytes.len) != VMS_OK) return VMS_ERR_NOMEM;
  return vms_buffer_append(out, bytes.len == 0 ? "" : bytes.data, bytes.len);
}

/* Numbers the changed nodes: the root gets 0, every changed child the next free number, and is visited at once. */
static void number(struct bee_work *work, node *at, uint64_t seq) {
  work->order[work->order_count++] = at;
  for (uint32_t i = 0; i < at->child_count; i++) {
    node *below = at->children[i].node;
    if (below == NULL || !below->changed) continue;
    at->children[i].pointer = (vms__bee_pointer){ seq, work->order_count };
    number(work, below, seq); /* as deep as the path at most */
  }
}

static int encode_level(const node *at, vms_buffer *level, vms_buffer *list) {
  int status = VMS_OK;
  vms__buf_clear(list);
  for (uint32_t i = 0; i < at->key_count && status == VMS_OK; i++) status = varint(list, at->keys[i]);
  if (status == VMS_OK && at->key_count > 0) status = message(level, 0x0a, vms__buf_view(list));
  vms__buf_clear(list);
  for (uint32_t i = 0; i < at->child_count && status == VMS_OK; i++) {
    status = varint(list, at->children[i].pointer.seq);
    if (status == VMS_OK) status = varint(list, at->children[i].pointer.offset);
  }
  if (status == VMS_OK && at->child_count > 0) status = message(level, 0x12, vms__buf_view(list));
  return status;
}

static int block_append(vms_bee *bee, node *root, vms_slice key, vms_slice value, vms_error *error) {
  struct bee_work *work = bee->work;
  vms_buffer index, level, list;
  int status = VMS_OK;
  work->order_count = 0;
  number(work, root, vms_core_length(bee->source.core));
  vms_buffer_init(&index, bee->env);
  vms_buffer_init(&level, bee->env);
  vms_buffer_init(&list, bee->env);
  for (uint32_t i = 0; i < work->order_count && status == VMS_OK; i++) {
    vms__buf_clear(&level);
    status = encode_level(work->order[i], &level, &list);
    if (status == VMS_OK) status = message(&index, 0x0a, vms__buf_view(&level));
  }
  vms__buf_clear(&level);
  if (status == VMS_OK) status = message(&level, 0x0a, vms__buf_view(&index));
  if (status == VMS_OK) status = message(&level, 0x12, key);
  if (status == VMS_OK && value.data != NULL) status = message(&level, 0x1a, value);
  if (status != VMS_OK) vms__fail(error, status, vms_core_length(bee->source.core), "out of memory for a bee block");
  else status = vms_core_append(bee->source.core, level.data, level.len, NULL, error);
  vms_buffer_free(&index);
  vms_buffer_free(&level);
  vms_buffer_free(&list);
  return status;
}

/* Makes ready for one change: header, work space, root. */
static int change_begin(vms_bee *bee, node **root, vms_error *error) {
  uint64_t length = vms_core_length(bee->source.core);
  if (bee->work == NULL) bee->work = vms__alloc(bee->env, sizeof *bee->work);
  if (bee->work == NULL) return vms__fail(error, VMS_ERR_NOMEM, length, "out of memory");
  bee->work->used = bee->work->path_count = 0;
  if (length == 0) {
    int status = vms__bee_header_append(bee->source.core, false, error);
    if (status != VMS_OK) return status;
    length = 1;
  }
  if (length > 1) return node_load(bee, length - 1, (vms__bee_pointer){ length - 1, 0 }, root, error);
  *root = node_new(bee->work);
  (*root)->changed = true;
  return VMS_OK;
}

/* --- put ------------------------------------------------------------------------------------------------ */

/* Splits nodes that have nine keys, from the leaf upward. */
static int split(struct bee_work *work, node *at, node **root, vms_error *error) {
  while (at->key_count > VMS__BEE_KEYS_MAX) {
    node *right = node_new(work), *parent;
    uint64_t median = at->keys[KEYS_MIN];
    if (right == NULL) return misshapen(at, error);
    right->changed = true;
    right->holder = at->holder;
    right->key_count = KEYS_MIN;
    memcpy(right->keys, at->keys + KEYS_MIN + 1, KEYS_MIN * sizeof right->keys[0]);
    at->key_count = KEYS_MIN;
    if (at->child_count > 0) {
      right->child_count = KEYS_MIN + 1;
      memcpy(right->children, at->children + KEYS_MIN + 1, (KEYS_MIN + 1) * sizeof right->children[0]);
      at->child_count = KEYS_MIN + 1;
    }
    if (work->path_count == 0) {
      parent = node_new(work);
      if (parent == NULL) return misshapen(at, error);
      parent->changed = true;
      parent->holder = at->holder;
      child_insert(parent, 0, (child){ { 0, 0 }, at });
      *root = parent;
    } else parent = work->path[--work->path_count];
    uint32_t i = child_index(parent, at);
    key_insert(parent, i, median);
    child_insert(parent, i + 1, (child){ { 0, 0 }, right });
    at = parent;
  }
  return VMS_OK;
}

int vms_bee_put(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error) {
  node *root, *at;
  uint64_t seq;
  uint32_t i;
  bool equal;
  int status = change_begin(bee, &root, error);
  if (status != VMS_OK) return status;
  seq = vms_core_length(bee->source.core);
  for (at = root;;) {
    at->changed = true;
    status = vms__bee_search(bee, at->holder, at->keys, at->key_count, key, &i, &equal, error);
    if (status != VMS_OK) return status;
    if (equal || at->child_count == 0) break;
    status = path_push(bee->work, at, error);
    if (status == VMS_OK) status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
  }
  if (equal) at->keys[i] = seq;
  else {
    key_insert(at, i, seq);
    status = split(bee->work, at, &root, error);
  }
  return status == VMS_OK ? block_append(bee, root, key, value, error) : status;
}

/* --- del ------------------------------------------------------------------------------------------------- */

/* Pushes the nodes from child `i` of `at` to its outermost leaf on one side onto `trail`. */
static int outermost(vms_bee *bee, node *at, uint32_t i, bool rightmost, node *trail[VMS__BEE_DEPTH_MAX], uint32_t *count,
                     vms_error *error) {
  *count = 0;
  do {
    int status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
    if (*count == VMS__BEE_DEPTH_MAX) return misshapen(at, error);
    trail[(*count)++] = at;
    i = rightmost && at->child_count > 0 ? at->child_count - 1 : 0;
  } while (at->child_count > 0);
  return at->key_count > 0 ? VMS_OK : misshapen(at, error);
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

/* `left` takes the separating key and everything of `right`. */
static void merge(node *left, node *right, node *parent, uint32_t separator) {
  key_insert(left, left->key_count, key_remove(parent, separator));
  for (uint32_t i = 0; i < right->key_count; i++) key_insert(left, left->key_count, right->keys[i]);
  for (uint32_t i = 0; i < right->child_count; i++) child_insert(left, left->child_count, right->children[i]);
  child_remove(parent, separator + 1);
  left->changed = true;
}

/* Pointers of a moved child are checked against the block that it was found in; the new node may be older. */
static void holders_join(node *a, node *b) { a->holder = b->holder = VMS__MAX(a->holder, b->holder); }

static int rebalance(vms_bee *bee, vms_error *error) {
  struct bee_work *work = bee->work;
  while (work->path_count > 1) {
    node *at = work->path[work->path_count - 1], *parent = work->path[work->path_count - 2], *left = NULL, *right = NULL;
    uint32_t i = child_index(parent, at);
    int status = VMS_OK;
    if (at->key_count >= KEYS_MIN) break;
    if (i > 0) status = child_load(bee, parent, i - 1, &left, error);
    if (status == VMS_OK && i + 1 < parent->child_count) status = child_load(bee, parent, i + 1, &right, error);
    if (status != VMS_OK) return status;
    if ((left != NULL && (left->child_count == 0) != (at->child_count == 0)) ||
        (right != NULL && (right->child_count == 0) != (at->child_count == 0)) || (left == NULL && right == NULL))
      return misshapen(at, error);
    if (left != NULL) holders_join(left, at);
    if (right != NULL) holders_join(right, at);
    if (left != NULL && left->key_count > KEYS_MIN) {
      borrow_left(at, left, parent, i - 1);
      break;
    }
    if (right != NULL && right->key_count > KEYS_MIN) {
      borrow_right(at, right, parent, i);
      break;
    }
    if (left != NULL) merge(left, at, parent, i - 1);
    else merge(at, right, parent, i);
    work->path_count--;
  }
  return VMS_OK;
}

int vms_bee_del(vms_bee *bee, vms_slice key, vms_error *error) {
  node *root, *at;
  uint32_t i;
  bool equal;
  int status = change_begin(bee, &root, error);
  if (status != VMS_OK) return status;
  for (at = root;;) {
    status = path_push(bee->work, at, error);
    if (status == VMS_OK)
      status = vms__bee_search(bee, at->holder, at->keys, at->key_count, key, &i, &equal, error);
    if (status != VMS_OK) return status;
    if (equal) break;
    if (at->child_count == 0) return VMS_OK; /* not there */
    status = child_load(bee, at, i, &at, error);
    if (status != VMS_OK) return status;
  }
  if (at->child_count == 0) key_remove(at, i);
  else status = replace_inner(bee, at, i, error);
  if (status != VMS_OK) return status;
  for (uint32_t n = 0; n < bee->work->path_count; n++) bee->work->path[n]->changed = true;
  status = rebalance(bee, error);
  if (status != VMS_OK) return status;
  if (root->key_count == 0 && root->child_count > 0) {
    status = child_load(bee, root, 0, &root, error);
    if (status != VMS_OK) return status;
  }
  return block_append(bee, root, key, (vms_slice){ NULL, 0 }, error);
}

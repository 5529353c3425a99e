/* SPDX-License-Identifier: MIT */
/* A core of which nothing is trusted but its key: takes proofs in, hands blocks to a core in order or keeps them in memory. */
#include "replica.h"

#define BYTES_MAX_CORE (UINT64_C(16) << 30)
#define BYTES_MAX_MEMORY (UINT64_C(64) << 20)
#define NODE_COST (VMS_REPLICA_BLOCK_COST / 2) /* a block takes a slot and two nodes */

/* --- nodes ---------------------------------------------------------------------------------------------- */

/* The block that is in memory below a leaf. */
static const vms__slot *slot_below(const vms_replica *replica, uint64_t index) {
  const vms__slot *slot = (index & 1) == 0 ? vms__map_find(&replica->slots, index / 2) : NULL;
  return slot == NULL || slot->block == NULL ? NULL : slot;
}

/* The leaf of such a block is not kept beside it. */
static bool leaf_of_slot(const vms_replica *replica, uint64_t index, vms__node *node) {
  const vms__slot *slot = slot_below(replica, index);
  if (slot == NULL) return false;
  node->size = slot->len;
  vms__tree_leaf(slot->block, (size_t)slot->len, node->hash);
  return true;
}

bool vms__replica_node(void *replica, uint64_t index, vms__node *node) {
  const vms_replica *r = replica;
  const vms__proved *proved = vms__map_find(&r->nodes, index);
  node->index = index;
  if (proved != NULL) {
    node->size = proved->size;
    memcpy(node->hash, proved->hash, sizeof node->hash);
    return true;
  }
  if (leaf_of_slot(r, index, node)) return true;
  return r->core != NULL && vms__tree_right_span(index) / 2 < r->contiguous && vms__core_node(r->core, index, node);
}

/* The same without the hash. */
static bool node_size(const vms_replica *r, uint64_t index, uint64_t *size) {
  const vms__slot *slot = slot_below(r, index);
  vms__node node;
  if (slot == NULL && !vms__replica_node((void *)(uintptr_t)r, index, &node)) return false;
  *size = slot != NULL ? slot->len : node.size;
  return true;
}

bool vms__replica_byte_offset(const vms_replica *replica, uint64_t seq, uint64_t *offset) {
  uint64_t index = 2 * seq, size;
  assert(replica != NULL && offset != NULL);
  *offset = 0;
  if (seq >= replica->length) return false;
  if (replica->core != NULL && seq < replica->contiguous) {
    *offset = vms_core_byte_length(replica->core, seq);
    return true;
  }
  for (unsigned i = 0; i < replica->root_count; i++) {
    const vms__node *root = &replica->roots[i];
    if (vms__tree_right_span(root->index) < index) {
      *offset += root->size;
      continue;
    }
    for (; index != root->index; index = vms__tree_parent(index)) { /* from a left child nothing lies before */
      uint64_t sibling = vms__tree_sibling(index);
      if (sibling > index) continue;
      if (!node_size(replica, sibling, &size)) return false;
      *offset += size;
    }
    return true;
  }
  return false;
}

/* Only nodes that touch the window can be of use to a proof that may arrive; a core has those before it. */
static bool node_is_of_use(const vms_replica *replica, uint64_t index) {
  uint64_t first = vms__replica_first(replica);
  if (replica->core == NULL) return slot_below(replica, index) == NULL;
  return vms__tree_right_span(index) / 2 >= first && vms__tree_left_span(index) / 2 < vms__chunk(first) + VMS__WINDOW;
}

static const vms__node *verified_nodes(const vms_replica *replica, size_t *count) {
  *count = replica->verified.nodes.len / sizeof(vms__node);
  return (const vms__node *)(const void *)replica->verified.nodes.data;
}

static void nodes_take(vms_replica *replica) {
  size_t count;
  const vms__node *nodes = verified_nodes(replica, &count);
  for (size_t i = 0; i < count; i++) {
    vms__proved *proved;
    if (!node_is_of_use(replica, nodes[i].index)) continue;
    proved = vms__map_add(&replica->nodes, nodes[i].index);
    proved->size = nodes[i].size;
    memcpy(proved->hash, nodes[i].hash, sizeof proved->hash);
  }
}

/* Block seq went to the core, which has its leaf and the parents that it completes: no others end there. */
static void nodes_drop(vms_replica *replica, uint64_t seq) {
  uint64_t index = 2 * seq;
  vms__map_remove(&replica->nodes, index);
  for (uint64_t rest = seq; (rest & 1) != 0; rest >>= 1) vms__map_remove(&replica->nodes, index = vms__tree_parent(index));
}

/* --- blocks that a core held before ------------------------------------------------------------------------ */

/* A node under the new head, if this proof or an earlier one shows it. */
static const vms__node *shown(const vms_replica *replica, uint64_t index, vms__node *room) {
  const vms__verified *v = &replica->verified;
  size_t count;
  const vms__node *nodes = verified_nodes(replica, &count);
  for (size_t i = 0; i < count; i++)
    if (nodes[i].index == index) return &nodes[i];
  for (unsigned i = 0; i < v->root_count; i++)
    if (v->roots[i].index == index) return &v->roots[i];
  return vms__replica_node((void *)(uintptr_t)replica, index, room) ? room : NULL;
}

/* Compares the core's blocks with what is proved, by the roots above them. *proved receives how many are sure then. */
static int stored_check(const vms_replica *replica, uint64_t *proved, vms_error *error) {
  uint64_t roots[VMS__ROOTS_MAX], length = replica->verified.length;
  uint64_t stored = VMS__MIN(vms_core_length(replica->core), length);
  unsigned count = vms__tree_roots(stored, roots);
  bool all = true;
  for (unsigned i = 0; i < count; i++) {
    vms__node own, room;
    const vms__node *node = shown(replica, roots[i], &room);
    if (node == NULL) {
      all = false;
      continue;
    }
    if (!vms__core_node(replica->core, roots[i], &own))
      return vms__fail(error, VMS_ERR_IO, roots[i], "a node of the stored core cannot be read");
    if (own.size != node->size || memcmp(own.hash, node->hash, sizeof own.hash) != 0)
      return vms__fail(error, VMS_ERR_EXISTS, vms__tree_left_span(roots[i]) / 2,
                       "the blocks stored here are not those of the core: %llu to %llu differ",
                       (unsigned long long)vms__tree_left_span(roots[i]) / 2, (unsigned long long)vms__tree_right_span(roots[i]) / 2);
  }
  *proved = all ? stored : replica->contiguous;
  return VMS_OK;
}

/* --- taking blocks in ---------------------------------------------------------------------------------------- */

static void slot_remove(vms_replica *replica, uint64_t seq) {
  vms__slot *slot = vms__map_find(&replica->slots, seq);
  if (slot == NULL) return;
  if (slot->block == NULL) replica->asked--;
  else {
    replica->bytes -= slot->len;
    vms__free(replica->env, slot->block, (size_t)slot->len + 1);
  }
  vms__map_remove(&replica->slots, seq);
}

/* The core took block number `contiguous`. */
static void core_advance(vms_replica *replica) {
  slot_remove(replica, replica->contiguous);
  nodes_drop(replica, replica->contiguous);
  replica->contiguous++;
}

/* Moves on over the blocks that are here. */
static int blocks_flush(vms_replica *replica, vms_error *error) {
  for (;;) {
    const vms__slot *slot = vms__map_find(&replica->slots, replica->contiguous);
    int status;
    if (slot == NULL || slot->block == NULL) return VMS_OK;
    assert(!vms__replica_unproven(replica)); /* nothing is held back then */
    if (replica->core == NULL) {
      replica->contiguous++;
      continue;
    }
    status = vms_core_append(replica->core, slot->block, (size_t)slot->len, NULL, error);
    if (status != VMS_OK) return status;
    core_advance(replica);
  }
}

static int head_store(vms_replica *replica, vms_error *error) {
  vms_head head = { 0 };
  int status;
  if (replica->core == NULL || !replica->head_pending || replica->contiguous != replica->length) return VMS_OK;
  head.length = replica->length;
  head.fork = replica->fork;
  memcpy(head.tree_hash, replica->tree_hash, sizeof head.tree_hash);
  memcpy(head.signature, replica->signature.data, sizeof head.signature);
  vms_core_manifest(replica->core, head.manifest);
  status = vms_core_set_head(replica->core, &head, error);
  if (status == VMS_OK) replica->head_pending = false;
  return status;
}

int vms__replica_settle(vms_replica *replica, vms_error *error) {
  int status = blocks_flush(replica, error);
  if (status == VMS_OK) status = head_store(replica, error);
  replica->unsettled = status != VMS_OK;
  return status;
}

/* --- judging a proof ------------------------------------------------------------------------------------------ */

static vms__verifier verifier_of(vms_replica *replica) {
  vms__verifier verifier = { replica, vms__replica_node, replica->key, vms__buf_view(&replica->manifest),
                             replica->fork, replica->length, { { 0 } }, replica->root_count };
  memcpy(verifier.roots, replica->roots, replica->root_count * sizeof *replica->roots);
  return verifier;
}

/* A head of another fork: says so if it is one, and not just a claim. */
static int other_fork(vms_replica *replica, const vms__proof *proof, vms_error *error) {
  vms__verifier verifier = verifier_of(replica);
  int status;
  verifier.node = NULL;
  verifier.fork = proof->fork;
  verifier.length = verifier.root_count = 0;
  status = vms__proof_verify(&verifier, proof, &replica->verified, error);
  if (status != VMS_OK) return status;
  if (!replica->verified.upgraded) return vms__fail(error, VMS_ERR_FORM, proof->fork, "proof: of another fork");
  if (replica->length == 0)
    return vms__fail(error, VMS_ERR_UNSUPPORTED, proof->fork, "the core is at fork %llu: only cores that never forked can be stored",
                     (unsigned long long)proof->fork);
  return vms__fail(error, VMS_ERR_UNSUPPORTED, proof->fork, "the core was truncated: it is at fork %llu, this copy at fork %llu",
                   (unsigned long long)proof->fork, (unsigned long long)replica->fork);
}

static int judge(vms_replica *replica, const vms__proof *proof, vms_error *error) {
  vms__verifier verifier = verifier_of(replica);
  if (replica->length == 0 && replica->core == NULL) verifier.fork = proof->fork;
  else if (proof->fork != replica->fork) return other_fork(replica, proof, error);
  return vms__proof_verify(&verifier, proof, &replica->verified, error);
}

/* A journal stores one kind of signature. */
static bool is_storable(vms_slice signature) {
  const uint8_t *p = (const uint8_t *)signature.data;
  return signature.len == VMS_ENVELOPE_LEN && p[0] == 1 && p[1] == 0 && p[VMS_ENVELOPE_LEN - 2] == 0 && p[VMS_ENVELOPE_LEN - 1] == 0;
}

static int over_limit(const vms_replica *replica, vms_error *error) {
  return vms__fail(error, VMS_ERR_LIMIT, replica->length, "the core is larger than the %llu bytes that may be taken",
                   (unsigned long long)replica->bytes_max);
}

/* Is there room for all of the core, as far as that is to be taken? Sizes are below 2^53, lengths too. */
static int upgrade_allow(const vms_replica *replica, const vms__proof *proof, vms_error *error) {
  const vms__verified *v = &replica->verified;
  uint64_t bytes = v->length * VMS_REPLICA_BLOCK_COST;
  for (unsigned i = 0; i < v->root_count; i++) bytes += v->roots[i].size;
  if (!replica->sparse && bytes > replica->bytes_max) return over_limit(replica, error);
  if (replica->core != NULL && !is_storable(proof->signature))
    return vms__fail(error, VMS_ERR_UNSUPPORTED, v->length, "a signature of a form that a journal does not store");
  return VMS_OK;
}

/* What is in memory, nodes too, stays within the limit. (Of a whole core upgrade_allow() counted everything.) */
static int memory_allow(const vms_replica *replica, size_t block_len, vms_error *error) {
  uint64_t blocks = replica->slots.count - replica->asked + 1, nodes = replica->nodes.count + replica->verified.nodes.len / sizeof(vms__node);
  uint64_t used = replica->bytes + block_len + VMS__MAX(VMS_REPLICA_BLOCK_COST * blocks, NODE_COST * nodes);
  return used > replica->bytes_max ? over_limit(replica, error) : VMS_OK;
}

/* --- feeding -------------------------------------------------------------------------------------------------- */

/* What a proof will change, made ready so that nothing can fail half way. */
typedef struct changes {
  const vms__proof *proof;
  bool upgrade, block, direct; /* direct: the core took the block already */
  uint64_t proved;             /* blocks of the core that are sure now */
  uint8_t *copy;
} changes;

static int keep_bytes(vms_buffer *buffer, size_t len) { return len > buffer->len ? vms__buf_reserve(buffer, len - buffer->len) : VMS_OK; }

/* May all of this be taken, and do the core's own blocks agree? */
static int change_allow(vms_replica *replica, changes *change, vms_error *error) {
  const vms__verified *v = &replica->verified;
  int status = change->upgrade ? upgrade_allow(replica, change->proof, error) : VMS_OK;
  change->proved = replica->contiguous;
  if (status == VMS_OK && replica->core != NULL && vms_core_length(replica->core) > replica->contiguous && v->length > replica->contiguous)
    status = stored_check(replica, &change->proved, error);
  if (status == VMS_OK && replica->sparse) status = memory_allow(replica, change->block ? change->proof->block.len : 0, error);
  return status;
}

static int change_reserve(vms_replica *replica, const changes *change) {
  const vms__verified *v = &replica->verified;
  int status = vms__map_reserve(&replica->nodes, v->nodes.len / sizeof(vms__node));
  if (status == VMS_OK && change->upgrade) status = keep_bytes(&replica->signature, change->proof->signature.len);
  if (status == VMS_OK && v->new_manifest) status = keep_bytes(&replica->manifest, change->proof->manifest.len);
  if (status == VMS_OK && change->block) status = vms__map_reserve(&replica->slots, 1);
  return status;
}

static int block_prepare(vms_replica *replica, changes *change, vms_error *error) {
  uint64_t seq = change->proof->block_index, stored = replica->core == NULL ? 0 : vms_core_length(replica->core);
  const void *bytes = change->proof->block.data == NULL ? "" : change->proof->block.data;
  size_t len = change->proof->block.len;
  if (replica->core != NULL && seq == stored && change->proved == stored) {
    change->direct = true;
    return vms_core_append(replica->core, bytes, len, NULL, error);
  }
  if (replica->core != NULL && (change->proved < stored || replica->bytes + len > VMS__WINDOW_BYTES)) {
    vms__replica_again(replica, seq); /* nothing that it continues, or no room to wait: later */
    change->block = false;
    return VMS_OK;
  }
  change->copy = vms__resize(replica->env, NULL, 0, len + 1);
  if (change->copy == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a block of %zu bytes", len);
  memcpy(change->copy, bytes, len);
  return VMS_OK;
}

/* Checks and reserves everything; a block that continues the core is appended here, as that may fail too. */
static int change_prepare(vms_replica *replica, changes *change, vms_error *error) {
  int status;
  change->upgrade = replica->verified.upgraded && replica->verified.length > replica->length;
  change->block = (change->proof->flags & VMS_PROOF_BLOCK) != 0 && vms__replica_wants(replica, change->proof->block_index);
  status = change_allow(replica, change, error);
  if (status != VMS_OK) return status;
  if (change_reserve(replica, change) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a proof");
  return change->block ? block_prepare(replica, change, error) : VMS_OK;
}

static void bytes_set(vms_buffer *buffer, vms_slice bytes) {
  vms__buf_clear(buffer);
  vms__buf_slice(buffer, bytes); /* there is room */
}

static void head_take(vms_replica *replica, const vms__proof *proof) {
  const vms__verified *v = &replica->verified;
  uint64_t old_length = replica->length;
  replica->length = v->length;
  replica->fork = proof->fork;
  replica->root_count = v->root_count;
  memcpy(replica->roots, v->roots, v->root_count * sizeof *v->roots);
  memcpy(replica->tree_hash, v->tree_hash, sizeof replica->tree_hash);
  bytes_set(&replica->signature, proof->signature);
  replica->head_pending = true;
  vms__replica_grown(replica, old_length);
}

static void block_take(vms_replica *replica, const changes *change) {
  uint64_t seq = change->proof->block_index;
  vms__slot *slot;
  if (change->direct) {
    core_advance(replica);
    return;
  }
  slot_remove(replica, seq);
  slot = vms__map_add(&replica->slots, seq);
  slot->block = change->copy;
  slot->len = change->proof->block.len;
  replica->bytes += slot->len;
  vms__map_remove(&replica->nodes, 2 * seq);
}

/* A block that was asked for and is not taken is not under way any more. */
static void slot_release(vms_replica *replica, const vms__proof *proof) {
  const vms__slot *slot = (proof->flags & VMS_PROOF_BLOCK) != 0 ? vms__map_find(&replica->slots, proof->block_index) : NULL;
  if (slot != NULL && slot->block == NULL) slot_remove(replica, proof->block_index);
}

/* Nothing in here can fail. */
static void change_commit(vms_replica *replica, const changes *change) {
  if ((change->proof->flags & VMS_PROOF_UPGRADE) != 0) replica->upgrading = false;
  if (replica->verified.new_manifest) bytes_set(&replica->manifest, change->proof->manifest);
  if (change->upgrade) head_take(replica, change->proof);
  replica->contiguous = change->proved;
  nodes_take(replica);
  if (change->block) block_take(replica, change);
  else slot_release(replica, change->proof);
  vms__replica_arrived(replica);
}

int vms_replica_feed(vms_replica *replica, const void *proof, size_t len, vms_error *error) {
  vms__reader reader = vms__reader_over(proof, len);
  vms__proof message;
  changes change = { .proof = &message };
  int status;
  assert(replica != NULL && (proof != NULL || len == 0));
  if (!vms__proof_read(&reader, &message)) return vms__fail(error, VMS_ERR_FORM, 0, "not a proof of Hypercore's protocol");
  status = judge(replica, &message, error);
  if (status == VMS_OK) status = change_prepare(replica, &change, error);
  if (status != VMS_OK) return status;
  change_commit(replica, &change);
  return vms__replica_settle(replica, error);
}

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* What lies under the core's own head is trusted: the journal checked it. */
static int core_adopt(vms_replica *replica, vms_error *error) {
  uint64_t indices[VMS__ROOTS_MAX];
  uint8_t manifest[VMS_MANIFEST_LEN];
  vms_head head;
  vms_core_manifest(replica->core, manifest);
  if (vms_buffer_append(&replica->manifest, manifest, sizeof manifest) != VMS_OK) return VMS_ERR_NOMEM;
  if (vms_core_head(replica->core, &head, NULL) != VMS_OK || head.length == 0) return VMS_OK;
  if (vms_buffer_append(&replica->signature, head.signature, sizeof head.signature) != VMS_OK) return VMS_ERR_NOMEM;
  replica->root_count = vms__tree_roots(head.length, indices);
  for (unsigned i = 0; i < replica->root_count; i++)
    if (!vms__core_node(replica->core, indices[i], &replica->roots[i]))
      return vms__fail(error, VMS_ERR_IO, indices[i], "a node of the stored core cannot be read");
  replica->length = replica->contiguous = head.length;
  memcpy(replica->tree_hash, head.tree_hash, sizeof replica->tree_hash);
  vms__replica_grown(replica, head.length);
  return VMS_OK;
}

static int options_check(const vms_replica_options *options, const uint8_t key[VMS_KEY_LEN], vms_error *error) {
  uint8_t own[VMS_KEY_LEN];
  if ((options->flags & ~VMS_REPLICA_SPARSE) != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "unknown replica flags 0x%x", options->flags);
  if (options->core != NULL && (options->flags & VMS_REPLICA_SPARSE) != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a core in a journal has no holes: not with SPARSE");
  if (options->core != NULL) {
    vms_core_key(options->core, own);
    if (memcmp(own, key, sizeof own) != 0) return vms__fail(error, VMS_ERR_FOREIGN, 0, "the given core has another key");
  }
  if (options->manifest_len == 0) return VMS_OK;
  if (vms_manifest_read(options->manifest, options->manifest_len, own, NULL) != VMS_OK)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the given manifest is none that is known");
  if (memcmp(own, key, sizeof own) != 0) return vms__fail(error, VMS_ERR_FOREIGN, 0, "the given manifest belongs to another key");
  return VMS_OK;
}

int vms_replica_open(vms_replica **replica, const uint8_t key[VMS_KEY_LEN], const vms_replica_options *given, vms_error *error) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_replica *r;
  int status;
  assert(replica != NULL && key != NULL);
  status = vms__options_load(&options, sizeof options, given, error);
  if (status == VMS_OK) status = options_check(&options, key, error);
  if (status != VMS_OK) return status;
  r = vms__alloc(options.env, sizeof *r);
  if (r == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a replica");
  r->env = options.env;
  r->core = options.core;
  r->sparse = (options.flags & VMS_REPLICA_SPARSE) != 0;
  r->follows = true;
  r->bytes_max = options.bytes_max != 0 ? options.bytes_max : r->core != NULL ? BYTES_MAX_CORE : BYTES_MAX_MEMORY;
  r->length_max = options.length_max != 0 ? options.length_max : UINT64_MAX;
  r->nodes = (vms__map){ r->env, NULL, sizeof(vms__proved), 0, 0 };
  r->slots = (vms__map){ r->env, NULL, sizeof(vms__slot), 0, 0 };
  memcpy(r->key, key, sizeof r->key);
  vms_discovery_key(key, r->discovery);
  vms_buffer_init(&r->manifest, r->env);
  vms_buffer_init(&r->signature, r->env);
  vms_buffer_init(&r->verified.nodes, r->env);
  if (r->core != NULL) status = core_adopt(r, error);
  else if (options.manifest_len > 0) status = vms_buffer_append(&r->manifest, options.manifest, options.manifest_len);
  if (status == VMS_OK) *replica = r;
  else vms_replica_close(r);
  return status == VMS_ERR_NOMEM ? vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a replica") : status;
}

void vms_replica_close(vms_replica *replica) {
  if (replica == NULL) return;
  for (size_t i = 0; i < replica->slots.capacity; i++) {
    vms__slot slot;
    memcpy(&slot, replica->slots.entries + i * sizeof slot, sizeof slot);
    if (slot.tag != 0 && slot.block != NULL) vms__free(replica->env, slot.block, (size_t)slot.len + 1);
  }
  vms__map_deinit(&replica->slots);
  vms__map_deinit(&replica->nodes);
  vms_buffer_free(&replica->manifest);
  vms_buffer_free(&replica->signature);
  vms_buffer_free(&replica->verified.nodes);
  vms__free(replica->env, replica->wants, replica->want_capacity * sizeof *replica->wants);
  vms__free(replica->env, replica, sizeof *replica);
}

/* --- what it holds ------------------------------------------------------------------------------------------------ */

void vms_replica_key(const vms_replica *replica, uint8_t key[VMS_KEY_LEN]) {
  assert(replica != NULL && key != NULL);
  memcpy(key, replica->key, VMS_KEY_LEN);
}

const uint8_t *vms__replica_discovery(const vms_replica *replica) { return replica->discovery; }

uint64_t vms_replica_length(const vms_replica *replica) {
  assert(replica != NULL);
  return replica->length;
}

uint64_t vms_replica_fork(const vms_replica *replica) {
  assert(replica != NULL);
  return replica->fork;
}

void vms_replica_tree_hash(const vms_replica *replica, uint8_t hash[VMS_HASH_LEN]) {
  assert(replica != NULL && hash != NULL);
  memcpy(hash, replica->tree_hash, VMS_HASH_LEN);
}

vms_slice vms_replica_manifest(const vms_replica *replica) {
  assert(replica != NULL);
  return vms__buf_view(&replica->manifest);
}

vms_slice vms_replica_signature(const vms_replica *replica) {
  assert(replica != NULL);
  return vms__buf_view(&replica->signature);
}

uint64_t vms_replica_contiguous(const vms_replica *replica) {
  assert(replica != NULL);
  return replica->contiguous;
}

int vms_replica_has(const vms_replica *replica, uint64_t seq) {
  assert(replica != NULL);
  return seq < replica->length && vms__replica_is_here(replica, seq);
}

int vms_replica_is_complete(const vms_replica *replica) {
  assert(replica != NULL);
  if (replica->length == 0) return 0;
  return replica->sparse ? vms__replica_missing(replica) >= replica->length : replica->contiguous >= vms__replica_end(replica);
}

int vms_replica_read(vms_replica *replica, uint64_t seq, vms_buffer *block, vms_error *error) {
  const vms__slot *slot;
  assert(replica != NULL && block != NULL);
  if (replica->core != NULL && seq < replica->contiguous) return vms_core_read(replica->core, seq, block, error);
  slot = seq >= replica->length ? NULL : vms__map_find(&replica->slots, seq);
  if (slot == NULL || slot->block == NULL)
    return vms__fail(error, VMS_ERR_NOT_FOUND, seq, "block %llu is not here", (unsigned long long)seq);
  if (vms_buffer_append(block, slot->block, (size_t)slot->len) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory for a block of %llu bytes", (unsigned long long)slot->len);
  return VMS_OK;
}

void vms_replica_follow(vms_replica *replica, int on) {
  assert(replica != NULL);
  replica->follows = on != 0;
}

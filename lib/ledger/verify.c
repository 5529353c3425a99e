/* SPDX-License-Identifier: MIT */
/* Checking proofs (doc/replication.md, "Proofs"). Nothing outside `verified` changes.
 *
 * A parent's hash covers the sum of its children's sizes, not each of them. So of two siblings that both came from the peer the
 * hashes are proved, but the sizes could be shifted against each other. npm stores such nodes; here a node is `sized` when its
 * own size is proved as well, and only those are given to the caller: what is dropped can be asked for again with a block. */
#include "replication.h"

#define NUMBER_MAX (UINT64_C(1) << 53) /* numbers and sizes stay below, as JavaScript's have to */

typedef struct found {
  vms__node node;
  bool there, sized;
} found;

typedef struct check {
  const vms__verifier *verifier;
  const vms__proof *proof;
  vms__verified *out;
  vms_error *error;
  found sub; /* what block, hash and seek lead to; `there` until the upgrade took it */
  bool sized[VMS__ROOTS_MAX]; /* of out->roots */
} check;

static int bad(const check *c, int status, uint64_t index, const char *what) {
  return vms__fail(c->error, status, index, "proof: %s (node %llu)", what, (unsigned long long)index);
}

static int keep(check *c, const found *node) {
  if (!node->sized) return VMS_OK;
  if (vms_buffer_append(&c->out->nodes, &node->node, sizeof node->node) == VMS_OK) return VMS_OK;
  return vms__fail(c->error, VMS_ERR_NOMEM, 0, "out of memory for the nodes of a proof");
}

/* Two siblings become their parent; both are kept if their sizes are sure. */
static int join(check *c, const found *a, const found *b, found *parent) {
  const found *left = a->node.index < b->node.index ? a : b, *right = left == a ? b : a;
  found pair[2] = { *left, *right };
  uint64_t size = left->node.size + right->node.size; /* each below 2^54 */
  int status;
  if (size >= NUMBER_MAX) return bad(c, VMS_ERR_FORM, left->node.index, "an impossible size");
  pair[0].sized = pair[1].sized = left->sized || right->sized;
  status = keep(c, &pair[0]);
  if (status == VMS_OK) status = keep(c, &pair[1]);
  if (status != VMS_OK) return status;
  parent->node.index = vms__tree_parent(left->node.index);
  parent->node.size = size;
  vms__tree_pair(size, pair[0].node.hash, pair[1].node.hash, parent->node.hash);
  parent->there = parent->sized = true; /* its own hash covers its size */
  return VMS_OK;
}

/* The next node of a list, which must have this number. */
static int take(const check *c, vms__node_list *list, uint64_t index, found *node) {
  if (!vms__next_node(list, &node->node)) return bad(c, VMS_ERR_FORM, index, "a node is missing");
  if (node->node.index != index) return bad(c, VMS_ERR_FORM, node->node.index, "a node that does not belong there");
  node->there = true;
  node->sized = false;
  return VMS_OK;
}

/* --- the tree part ----------------------------------------------------------------------------------- */

/* Climbs from `it` through the siblings in the list, and through what c->sub holds (a seek's result) where it fits. */
static int climb(check *c, vms__node_list list, found it, found *top) {
  int status = VMS_OK;
  while (status == VMS_OK && (list.count > 0 || c->sub.there)) {
    uint64_t index = vms__tree_sibling(it.node.index);
    found sibling;
    if (index >= 2 * NUMBER_MAX) return bad(c, VMS_ERR_FORM, index, "a node that does not belong there");
    if (c->sub.there && c->sub.node.index == index) {
      sibling = c->sub;
      c->sub.there = false;
    } else status = take(c, &list, index, &sibling);
    if (status == VMS_OK) status = join(c, &it, &sibling, &it);
  }
  *top = it;
  return status;
}

static int seek_part(check *c) {
  vms__node_list list = c->proof->seek_nodes;
  found first = { 0 };
  if ((c->proof->flags & VMS_PROOF_SEEK) == 0 || !vms__next_node(&list, &first.node)) return VMS_OK;
  first.there = true;
  return climb(c, list, first, &c->sub);
}

static int block_part(check *c) {
  const vms__proof *proof = c->proof;
  found leaf = { 0 };
  if (proof->block_index >= NUMBER_MAX) return bad(c, VMS_ERR_FORM, proof->block_index, "an impossible block");
  leaf.node.index = 2 * proof->block_index;
  leaf.node.size = proof->block.len;
  vms__tree_leaf(proof->block.data, proof->block.len, leaf.node.hash);
  leaf.there = leaf.sized = true;
  return climb(c, proof->block_nodes, leaf, &c->sub);
}

static int hash_part(check *c) {
  vms__node_list list = c->proof->hash_nodes;
  found first = { 0 };
  int status = take(c, &list, c->proof->hash_index, &first);
  return status == VMS_OK ? climb(c, list, first, &c->sub) : status;
}

static int tree_part(check *c) {
  int status = seek_part(c);
  if (status != VMS_OK) return status;
  if ((c->proof->flags & VMS_PROOF_BLOCK) != 0) return block_part(c);
  if ((c->proof->flags & VMS_PROOF_HASH) != 0) return hash_part(c);
  return VMS_OK;
}

/* --- the upgrade part --------------------------------------------------------------------------------- */

/* Adds a root; while it is the sibling of the one before, both give way to their parent. */
static int push(check *c, const found *node) {
  vms__verified *out = c->out;
  found top = *node;
  uint64_t first = vms__tree_left_span(top.node.index);
  int status = VMS_OK;
  if (first != 2 * out->length) return bad(c, VMS_ERR_FORM, top.node.index, "a root that does not continue the tree");
  out->length += UINT64_C(1) << vms__tree_depth(top.node.index);
  if (out->length >= NUMBER_MAX) return bad(c, VMS_ERR_FORM, top.node.index, "an impossible length");
  while (status == VMS_OK && out->root_count > 0 &&
         out->roots[out->root_count - 1].index == vms__tree_sibling(top.node.index)) {
    found before = { out->roots[out->root_count - 1], true, c->sized[out->root_count - 1] };
    out->root_count--;
    status = join(c, &before, &top, &top);
  }
  if (status != VMS_OK) return status;
  if (out->root_count == VMS__ROOTS_MAX) return bad(c, VMS_ERR_FORM, top.node.index, "too many roots");
  c->sized[out->root_count] = top.sized;
  out->roots[out->root_count++] = top.node;
  return VMS_OK;
}

/* Pushes the node with this number: the sub root, or the next of the upgrade. */
static int take_and_push(check *c, vms__node_list *list, uint64_t index) {
  found node;
  int status = VMS_OK;
  if (c->sub.there && c->sub.node.index == index) {
    node = c->sub;
    c->sub.there = false;
  } else status = take(c, list, index, &node);
  return status == VMS_OK ? push(c, &node) : status;
}

static uint64_t last_root(const check *c) { return c->out->roots[c->out->root_count - 1].index; }

static int upgrade_nodes(check *c) {
  vms__node_list list = c->proof->upgrade_nodes;
  uint64_t wanted[VMS__ROOTS_MAX];
  unsigned count = vms__tree_roots(c->proof->upgrade_start + c->proof->upgrade_length, wanted), i = 0;
  bool grow = c->out->root_count > 0;
  int status = VMS_OK;
  for (unsigned n = 0; n < count && status == VMS_OK; n++) {
    if (i < c->out->root_count && c->out->roots[i].index == wanted[n]) {
      i++;
      continue;
    }
    if (grow && i < c->out->root_count) { /* the last old root has to grow into this one; it sits to the left of what is new */
      while (status == VMS_OK && last_root(c) != wanted[n]) {
        uint64_t sibling = vms__tree_sibling(last_root(c));
        status = sibling >= 2 * NUMBER_MAX ? bad(c, VMS_ERR_FORM, wanted[n], "an upgrade of another tree")
                                           : take_and_push(c, &list, sibling);
      }
      i = c->out->root_count;
    } else {
      status = take_and_push(c, &list, wanted[n]);
      i = c->out->root_count;
    }
    grow = false;
  }
  return status;
}

/* Nodes behind what was asked for, as far as the signature reaches: each the largest tree that fits in there. */
static int additional_nodes(check *c) {
  vms__node_list list = c->proof->additional_nodes;
  uint64_t it = vms__tree_sibling(last_root(c));
  found node = { .there = true };
  while (vms__next_node(&list, &node.node)) {
    int status;
    while (node.node.index != it) {
      if ((it & 1) == 0) return bad(c, VMS_ERR_FORM, node.node.index, "an additional node that does not belong there");
      it = vms__tree_left_child(it);
    }
    status = push(c, &node);
    if (status != VMS_OK) return status;
    it = vms__tree_sibling(last_root(c));
    if (it >= 2 * NUMBER_MAX) return bad(c, VMS_ERR_FORM, it, "an impossible length");
  }
  return VMS_OK;
}

static vms_slice manifest_of(const check *c) { return c->verifier->manifest.len > 0 ? c->verifier->manifest : c->proof->manifest; }

/* Who signs may only add to what the manifest names: a first upgrade leads to exactly that, whatever follows as additional nodes. */
static int prologue_part(const check *c) {
  vms_slice bytes = manifest_of(c);
  vms__reader reader = vms__reader_over(bytes.data, bytes.len);
  uint8_t hash[VMS_HASH_LEN];
  vms__manifest manifest;
  int status;
  if (bytes.len == 0) return VMS_OK;
  status = vms__manifest_parse(&reader, &manifest, c->error);
  if (status != VMS_OK || !manifest.has_prologue || c->verifier->length >= manifest.prologue_length) return status;
  vms__tree_hash(c->out->roots, c->out->root_count, hash);
  if (c->out->length == manifest.prologue_length && memcmp(hash, manifest.prologue_hash, sizeof hash) == 0) return VMS_OK;
  return bad(c, VMS_ERR_CORRUPT, last_root(c), "an upgrade that is not the prologue of the manifest");
}

static int signature_part(check *c) {
  const vms__verifier *verifier = c->verifier;
  vms__verified *out = c->out;
  vms_slice manifest = manifest_of(c);
  int status;
  vms__tree_hash(out->roots, out->root_count, out->tree_hash);
  status = vms_signature_check(verifier->key, manifest.data, manifest.len, out->tree_hash, out->length, c->proof->fork,
                               c->proof->signature.data, c->proof->signature.len, c->error);
  /* The tree hash covers the sizes of roots. */
  for (unsigned i = 0; i < out->root_count && status == VMS_OK; i++) status = keep(c, &(found){ out->roots[i], true, true });
  return status;
}

static int upgrade_part(check *c) {
  int status;
  if (c->proof->upgrade_start >= NUMBER_MAX || c->proof->upgrade_length >= NUMBER_MAX - c->proof->upgrade_start)
    return bad(c, VMS_ERR_FORM, 0, "an impossible length");
  status = upgrade_nodes(c);
  if (status == VMS_OK && c->out->root_count == 0) return bad(c, VMS_ERR_FORM, 0, "an upgrade to nothing");
  if (status == VMS_OK) status = prologue_part(c);
  if (status == VMS_OK) status = additional_nodes(c);
  if (status == VMS_OK) status = signature_part(c);
  c->out->upgraded = status == VMS_OK;
  return status;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* What no upgrade took must be below a node that was proved before. */
static int sub_root_part(const check *c) {
  const vms__verifier *verifier = c->verifier;
  const vms__node *sub = &c->sub.node;
  vms__node known = { 0 };
  bool there = false;
  for (unsigned i = 0; i < verifier->root_count && !there; i++)
    if (verifier->roots[i].index == sub->index) {
      known = verifier->roots[i];
      there = true;
    }
  if (!there && verifier->node != NULL) there = verifier->node(verifier->context, sub->index, &known);
  if (!there) return bad(c, VMS_ERR_FORM, sub->index, "it leads to a node that is not known");
  if (known.size != sub->size || memcmp(known.hash, sub->hash, sizeof known.hash) != 0)
    return bad(c, VMS_ERR_CORRUPT, sub->index, "the hashes do not fit");
  return VMS_OK;
}

static int manifest_part(check *c) {
  vms_slice known = c->verifier->manifest, given = c->proof->manifest;
  uint8_t key[VMS_KEY_LEN];
  if (given.len == 0) return VMS_OK;
  vms__manifest_hash(given.data, given.len, key);
  if (memcmp(key, c->verifier->key, sizeof key) != 0)
    return vms__fail(c->error, VMS_ERR_FOREIGN, 0, "the manifest belongs to another core key");
  c->out->new_manifest = known.len == 0;
  return VMS_OK;
}

int vms__proof_verify(const vms__verifier *verifier, const vms__proof *proof, vms__verified *verified, vms_error *error) {
  check c = { .verifier = verifier, .proof = proof, .out = verified, .error = error };
  int status;
  assert(verifier != NULL && proof != NULL && verified != NULL && verifier->root_count <= VMS__ROOTS_MAX);
  vms__buf_clear(&verified->nodes);
  verified->upgraded = verified->new_manifest = false;
  verified->length = verifier->length;
  verified->root_count = verifier->root_count;
  memcpy(verified->roots, verifier->roots, verifier->root_count * sizeof *verifier->roots);
  for (unsigned i = 0; i < verifier->root_count; i++) c.sized[i] = true;
  if (proof->fork != verifier->fork)
    return vms__fail(error, VMS_ERR_FORM, proof->fork, "a proof of fork %llu, known is fork %llu",
                     (unsigned long long)proof->fork, (unsigned long long)verifier->fork);
  status = manifest_part(&c);
  if (status == VMS_OK) status = tree_part(&c);
  if (status == VMS_OK && (proof->flags & VMS_PROOF_UPGRADE) != 0) status = upgrade_part(&c);
  if (status == VMS_OK && c.sub.there) status = sub_root_part(&c);
  if (status != VMS_OK) vms__buf_clear(&verified->nodes);
  return status;
}

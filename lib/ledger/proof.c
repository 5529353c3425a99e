/* SPDX-License-Identifier: MIT */
/* Making proofs: which nodes answer a request, and the `data` message that carries them (doc/replication.md, "Proofs").
 *
 * Everything is decided on numbers first; each node is looked up once, while it is written. */
#include "replication.h"

#define INDEX_MAX (UINT64_C(1) << 53) /* Hypercore's numbers are JavaScript's */
#define LIST_MAX 128u /* nodes in one list: at most one sibling a level and one root a level */

static_assert(LIST_MAX >= 2 * 55, "trees of 2^53 blocks");

typedef struct node_list { uint64_t index[LIST_MAX]; unsigned count; } node_list;

/* A proof being made. Positions are numbers in the flat tree; NONE stands for a node that was not asked for. */
typedef struct proof_plan {
  const vms__proof_source *source;
  const vms_proof_request *request;
  bool has_target, is_block, has_seek, target_made, seek_made, bad;
  uint64_t head, from, to; /* twice a length each */
  uint64_t target, seek_root;
  node_list nodes, seek, upgrade, additional;
} proof_plan;
#define NONE UINT64_MAX

/* Does node x cover position y? */
static bool contains(uint64_t x, uint64_t y) {
  return y != NONE && y >= vms__tree_left_span(x) && y <= vms__tree_right_span(x);
}

static void emit(proof_plan *plan, node_list *list, uint64_t index) {
  if (list->count == LIST_MAX || vms__tree_right_span(index) >= plan->head) plan->bad = true;
  else list->index[list->count++] = index;
}

/* The next node up; false if the climb passed by `stop` and so never gets there. */
static bool climb(proof_plan *plan, uint64_t *it, uint64_t stop) {
  if (vms__tree_depth(*it) >= vms__tree_depth(stop)) {
    plan->bad = true;
    return false;
  }
  *it = vms__tree_parent(*it);
  return true;
}

static void seek_proof(proof_plan *plan, uint64_t stop) {
  uint64_t it = plan->seek_root;
  plan->seek_made = true;
  emit(plan, &plan->seek, it);
  while (it != stop && !plan->bad) {
    emit(plan, &plan->seek, vms__tree_sibling(it));
    if (!climb(plan, &it, stop)) return;
  }
}

static void target_proof(proof_plan *plan, uint64_t stop) {
  uint64_t it = plan->target;
  plan->target_made = true;
  if (!plan->is_block) emit(plan, &plan->nodes, it);
  while (it != stop && !plan->bad) {
    uint64_t sibling = vms__tree_sibling(it);
    /* Where a seek's path joins, its nodes stand in for the sibling. */
    if (plan->has_seek && contains(sibling, plan->seek_root) && sibling != plan->seek_root) seek_proof(plan, sibling);
    else emit(plan, &plan->nodes, sibling);
    if (!climb(plan, &it, stop)) return;
  }
}

/* --- seeking ------------------------------------------------------------------------------------- */

/* The bytes below a node that are not padding. Numbers below 2^53 each: sums of some 60 of them fit. */
static bool unpadded(proof_plan *plan, uint64_t index, int64_t *size) {
  uint64_t leaves = UINT64_C(1) << vms__tree_depth(index), padding = plan->request->seek_padding;
  vms__node node;
  if (vms__tree_right_span(index) >= plan->head || !plan->source->node(plan->source->context, index, &node)) return false;
  if (node.size >= INDEX_MAX || padding >= INDEX_MAX / leaves) {
    plan->bad = true;
    return false;
  }
  *size = (int64_t)node.size - (int64_t)(padding * leaves);
  return true;
}

/* Descends from a root that holds the byte to its block, or to a node that begins or ends there. */
static uint64_t seek_below(proof_plan *plan, uint64_t root, int64_t bytes) {
  uint64_t it = root;
  if (bytes == 0) return root;
  while ((it & 1) != 0) {
    int64_t size;
    uint64_t left = vms__tree_left_child(it);
    if (!unpadded(plan, left, &size)) return it;
    if (size == bytes) return left;
    if (size > bytes) it = left;
    else {
      bytes -= size;
      it = vms__tree_right_child(it);
    }
  }
  return it;
}

/* The seek root over the full roots of `to`; NONE if the byte lies behind them. */
static uint64_t seek_roots(proof_plan *plan) {
  uint64_t roots[VMS__ROOTS_MAX];
  unsigned count = vms__tree_roots(plan->to / 2, roots);
  int64_t bytes = (int64_t)plan->request->seek_bytes, size;
  for (unsigned i = 0; i < count; i++) {
    if (!unpadded(plan, roots[i], &size)) {
      plan->bad = true;
      return NONE;
    }
    if (bytes == size) return roots[i];
    if (bytes < size) return seek_below(plan, roots[i], bytes);
    bytes -= size;
  }
  return NONE;
}

/* The seek root below `root`, which has to hold the byte. */
static uint64_t seek_inside(proof_plan *plan, uint64_t root) {
  uint64_t before[VMS__ROOTS_MAX];
  unsigned count = vms__tree_roots(vms__tree_left_span(root) / 2, before);
  int64_t bytes = (int64_t)plan->request->seek_bytes, size;
  for (unsigned i = 0; i < count; i++) {
    if (!unpadded(plan, before[i], &size)) plan->bad = true;
    else bytes -= size;
  }
  if (bytes == 0) return root;
  if (plan->bad || bytes < 0 || !unpadded(plan, root, &size) || size <= bytes) {
    plan->bad = true;
    return NONE;
  }
  return seek_below(plan, root, bytes);
}

/* --- the plan ------------------------------------------------------------------------------------- */

/* What lies below `from` is known to the asker: proves the target up to a node that it has. */
static void old_target(proof_plan *plan, uint64_t levels) {
  uint64_t root = plan->target;
  for (uint64_t i = 0; i < levels && !plan->bad; i++) {
    root = vms__tree_parent(root);
    if (vms__tree_right_span(root) >= plan->to) plan->bad = true;
  }
  if (plan->bad) return;
  if (plan->has_seek) plan->seek_root = seek_inside(plan, root);
  if (!plan->bad) target_proof(plan, root);
}

/* The sub root of what is asked for inside the new part; its proof ends at `stop`, a node of the upgrade. */
static bool pending_below(const proof_plan *plan, uint64_t stop, uint64_t sub) {
  return !plan->target_made && !plan->seek_made && contains(stop, sub);
}

static void sub_proof(proof_plan *plan, uint64_t stop) {
  if (plan->has_target) target_proof(plan, stop);
  else seek_proof(plan, stop);
}

/* The nodes that take a tree of `from` to one of `to`. */
static void upgrade_nodes(proof_plan *plan, node_list *list, uint64_t from, uint64_t to, uint64_t sub) {
  uint64_t roots[VMS__ROOTS_MAX];
  unsigned count = vms__tree_roots(to / 2, roots);
  bool grown = from == 0;
  for (unsigned i = 0; i < count && !plan->bad; i++) {
    if (vms__tree_right_span(roots[i]) + 1 < from) continue; /* the asker has it */
    if (!grown && contains(roots[i], from - 2)) {
      for (uint64_t it = from - 2; it != roots[i] && !plan->bad; it = vms__tree_parent(it)) {
        uint64_t sibling = vms__tree_sibling(it);
        if (sibling < from) continue;
        if (pending_below(plan, sibling, sub)) sub_proof(plan, sibling);
        else emit(plan, list, sibling);
      }
    } else if (pending_below(plan, roots[i], sub)) sub_proof(plan, roots[i]);
    else emit(plan, list, roots[i]);
    grown = true;
  }
}

static bool range_is_bad(const vms_proof_request *request, uint64_t length) {
  return request->upgrade_length == 0 || request->upgrade_start > length ||
         request->upgrade_length > length - request->upgrade_start;
}

static void plan_proof(proof_plan *plan) {
  const vms_proof_request *request = plan->request;
  bool upgrade = (request->flags & VMS_PROOF_UPGRADE) != 0;
  uint64_t sub = NONE, last = 0;
  if ((upgrade && range_is_bad(request, plan->source->length)) || request->seek_bytes >= INDEX_MAX) {
    plan->bad = true;
    return;
  }
  if (upgrade) plan->from = 2 * request->upgrade_start;
  if (upgrade) plan->to = plan->from + 2 * request->upgrade_length;
  if (plan->has_target) {
    plan->target = plan->is_block ? 2 * request->block_index : request->hash_index;
    if (plan->target >= plan->head) plan->bad = true;
    else last = vms__tree_right_span(plan->target);
    if (plan->has_seek && upgrade && plan->target >= plan->from) plan->bad = true;
    if (plan->bad) return;
  }
  if (plan->has_target && (!upgrade || last < plan->from))
    old_target(plan, plan->is_block ? request->block_nodes : request->hash_nodes);
  else if (upgrade && plan->has_seek) sub = plan->seek_root = seek_roots(plan);
  else if (upgrade && plan->has_target) sub = plan->target;
  if (upgrade && !plan->bad) upgrade_nodes(plan, &plan->upgrade, plan->from, plan->to, sub);
  if (upgrade && !plan->bad && plan->to < plan->head) upgrade_nodes(plan, &plan->additional, plan->to, plan->head, NONE);
  if (plan->has_target && !plan->target_made) plan->bad = true;
}

/* --- the message ----------------------------------------------------------------------------------- */

static int write_uints(vms_buffer *out, const uint64_t *numbers, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    if (vms__write_uint(out, numbers[i]) != VMS_OK) return VMS_ERR_NOMEM;
  return VMS_OK;
}

static int write_nodes(const proof_plan *plan, vms_buffer *out, const node_list *list, vms_error *error) {
  if (vms__write_uint(out, list->count) != VMS_OK) return VMS_ERR_NOMEM;
  for (unsigned i = 0; i < list->count; i++) {
    vms__node node;
    if (!plan->source->node(plan->source->context, list->index[i], &node))
      return vms__fail(error, VMS_ERR_ARGUMENT, list->index[i], "node %llu, which the proof needs, is not here",
                       (unsigned long long)list->index[i]);
    if (vms__write_node(out, &node) != VMS_OK) return VMS_ERR_NOMEM;
  }
  return VMS_OK;
}

/* Writes the block straight into the message; its leaf says how long it is. */
static int write_block(const proof_plan *plan, vms_buffer *out, vms_error *error) {
  const vms__proof_source *source = plan->source;
  uint64_t seq = plan->request->block_index;
  vms__node leaf;
  size_t start;
  int status;
  if (!source->node(source->context, 2 * seq, &leaf))
    return vms__fail(error, VMS_ERR_NOT_FOUND, seq, "block %llu is not here", (unsigned long long)seq);
  status = write_uints(out, (const uint64_t[]){ seq, leaf.size }, 2);
  if (status != VMS_OK) return status;
  start = out->len;
  status = source->block(source->context, seq, out, error);
  if (status == VMS_OK && out->len - start != leaf.size)
    return vms__fail(error, VMS_ERR_CORRUPT, seq, "block %llu is not as long as its leaf says", (unsigned long long)seq);
  return status == VMS_OK ? write_nodes(plan, out, &plan->nodes, error) : status;
}

static int write_upgrade(const proof_plan *plan, vms_buffer *out, vms_error *error) {
  const vms_proof_request *request = plan->request;
  vms_slice signature = plan->source->signature;
  int status = write_uints(out, (const uint64_t[]){ request->upgrade_start, request->upgrade_length }, 2);
  if (status == VMS_OK) status = write_nodes(plan, out, &plan->upgrade, error);
  if (status == VMS_OK) status = write_nodes(plan, out, &plan->additional, error);
  return status == VMS_OK ? vms__write_buffer(out, signature.data, signature.len) : status;
}

/* The parts of the message that `flags` names. */
static int write_proof(const proof_plan *plan, uint32_t flags, vms_buffer *out, vms_error *error) {
  const vms_proof_request *request = plan->request;
  int status = write_uints(out, (const uint64_t[]){ flags, request->id, plan->source->fork }, 3);
  if (status == VMS_OK && (flags & VMS_PROOF_BLOCK) != 0) status = write_block(plan, out, error);
  if (status == VMS_OK && (flags & VMS_PROOF_HASH) != 0) {
    status = vms__write_uint(out, request->hash_index);
    if (status == VMS_OK) status = write_nodes(plan, out, &plan->nodes, error);
  }
  if (status == VMS_OK && (flags & VMS_PROOF_SEEK) != 0) {
    status = vms__write_uint(out, request->seek_bytes);
    if (status == VMS_OK) status = write_nodes(plan, out, &plan->seek, error);
  }
  if (status == VMS_OK && (flags & VMS_PROOF_UPGRADE) != 0) status = write_upgrade(plan, out, error);
  if (status == VMS_OK && (flags & VMS_PROOF_MANIFEST) != 0) status = vms__buf_slice(out, plan->source->manifest);
  return status;
}

/* Plans what was asked for; *flags receives the parts that the answer has. */
static int plan_answer(proof_plan *plan, uint32_t *flags, vms_error *error) {
  const vms_proof_request *request = plan->request;
  *flags = plan->source->manifest.len > 0 ? request->flags & VMS_PROOF_MANIFEST : 0;
  if (plan->is_block && request->block_index >= plan->source->length) {
    if (*flags != 0) return VMS_OK; /* the manifest alone */
    return vms__fail(error, VMS_ERR_NOT_FOUND, request->block_index, "no block %llu, the length is %llu",
                     (unsigned long long)request->block_index, (unsigned long long)plan->source->length);
  }
  if (plan->source->length == 0) return VMS_OK;
  plan_proof(plan);
  if (plan->bad) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a request that has no answer");
  if (plan->has_target) *flags |= plan->is_block ? VMS_PROOF_BLOCK : VMS_PROOF_HASH;
  if (plan->seek_made) *flags |= VMS_PROOF_SEEK;
  *flags |= request->flags & VMS_PROOF_UPGRADE;
  return VMS_OK;
}

int vms__proof_make(const vms__proof_source *source, const vms_proof_request *request, vms_buffer *proof, vms_error *error) {
  proof_plan plan;
  uint32_t flags;
  size_t start;
  int status;
  assert(source != NULL && request != NULL && proof != NULL && source->length < INDEX_MAX);
  memset(&plan, 0, offsetof(proof_plan, nodes));
  plan.nodes.count = plan.seek.count = plan.upgrade.count = plan.additional.count = 0;
  plan.source = source;
  plan.request = request;
  plan.is_block = (request->flags & VMS_PROOF_BLOCK) != 0;
  plan.has_target = (request->flags & (VMS_PROOF_BLOCK | VMS_PROOF_HASH)) != 0;
  plan.has_seek = (request->flags & VMS_PROOF_SEEK) != 0;
  plan.head = plan.to = 2 * source->length;
  plan.seek_root = NONE;
  if (request->fork != source->fork)
    return vms__fail(error, VMS_ERR_NOT_FOUND, request->fork, "asked for fork %llu, the core is at %llu",
                     (unsigned long long)request->fork, (unsigned long long)source->fork);
  status = plan_answer(&plan, &flags, error);
  if (status != VMS_OK) return status;
  start = proof->len;
  status = write_proof(&plan, flags, proof, error);
  if (status != VMS_OK) proof->len = start;
  if (status == VMS_ERR_NOT_FOUND && (flags & VMS_PROOF_MANIFEST) != 0) /* a source with holes */
    status = write_proof(&plan, VMS_PROOF_MANIFEST, proof, error);
  if (status != VMS_OK) proof->len = start;
  if (status == VMS_ERR_NOMEM) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a proof");
  return status;
}

/* --- a journal's core as a source -------------------------------------------------------------------- */

static bool core_node(void *context, uint64_t index, vms__node *node) { return vms__core_node(context, index, node); }

static int core_block(void *context, uint64_t seq, vms_buffer *block, vms_error *error) {
  return vms_core_read(context, seq, block, error);
}

int vms_core_prove(vms_core *core, const vms_proof_request *request, vms_buffer *proof, vms_error *error) {
  vms__proof_source source = { 0 };
  vms_head head;
  int status;
  assert(core != NULL && request != NULL && proof != NULL);
  status = vms_core_head(core, &head, error);
  if (status != VMS_OK) return status;
  source.context = core;
  source.node = core_node;
  source.block = core_block;
  source.length = head.length;
  source.fork = head.fork;
  source.signature = (vms_slice){ (const char *)head.signature, sizeof head.signature };
  source.manifest = (vms_slice){ (const char *)head.manifest, sizeof head.manifest };
  return vms__proof_make(&source, request, proof, error);
}

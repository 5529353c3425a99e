/* SPDX-License-Identifier: MIT */
/* What a replica asks its peers for, in which order, and how much of each proof it can do without.
 *
 * A proof leads from the block to the first node that is known here, so what was proved before makes it shorter: blocks asked for
 * one after the other, each when the last one has arrived, need about one node each. With many requests under way most would be made before
 * their neighbours' proofs are there. Small blocks are therefore asked for by column: first the first block of each run of COLUMNS
 * in a chunk, then the second ones, and so on; when a run's next block comes up, its neighbour has long arrived. Large blocks go in
 * order, since blocks that wait for an earlier one cost memory and some nodes more do not matter. */
#include "replica.h"

#define COLUMNS 8u               /* blocks of a run */
#define COLUMN_BLOCK_MAX 4096u   /* average bytes up to which blocks are asked for by column */
#define LOOK_MAX 16384u          /* blocks that one search looks at; the next one goes on there */

static_assert(VMS__CHUNK % COLUMNS == 0, "runs fill a chunk");
static_assert(VMS__WINDOW * (uint64_t)COLUMN_BLOCK_MAX <= VMS__WINDOW_BYTES, "small blocks are held back whole");

/* The block at a position. Positions of a chunk are its blocks in another order. */
static uint64_t block_at(const vms_replica *replica, uint64_t position) {
  uint64_t chunk = vms__chunk(position), i = position - chunk, runs = VMS__CHUNK / COLUMNS;
  return replica->by_column ? chunk + i % runs * COLUMNS + i / runs : position;
}

/* --- wants ------------------------------------------------------------------------------------------- */

/* The first range that ends behind seq. */
static size_t want_index(const vms_replica *replica, uint64_t seq) {
  size_t low = 0, high = replica->want_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (replica->wants[middle].to > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/* The first wanted block from seq on; UINT64_MAX if there is none. */
static uint64_t wanted_from(const vms_replica *replica, uint64_t seq) {
  size_t i;
  if (!replica->sparse) return seq < replica->length_max ? seq : UINT64_MAX;
  i = want_index(replica, seq);
  return i == replica->want_count ? UINT64_MAX : VMS__MAX(seq, replica->wants[i].from);
}

void vms__replica_arrived(vms_replica *replica) {
  if (!replica->sparse) return;
  for (;;) {
    uint64_t seq = wanted_from(replica, replica->wants_done);
    if (seq >= replica->length || !vms__replica_is_here(replica, seq)) return;
    replica->wants_done = seq + 1;
  }
}

uint64_t vms__replica_missing(const vms_replica *replica) { return wanted_from(replica, replica->wants_done); }

int vms_replica_want(vms_replica *replica, uint64_t from, uint64_t to, vms_error *error) {
  size_t first, behind, kept;
  uint64_t added = from;
  assert(replica != NULL);
  if (!replica->sparse || from >= to) return VMS_OK;
  first = from == 0 ? 0 : want_index(replica, from - 1); /* ranges that touch become one */
  if (first < replica->want_count && replica->wants[first].from <= from && to <= replica->wants[first].to) return VMS_OK; /* wanted already */
  for (behind = first; behind < replica->want_count && replica->wants[behind].from <= to; behind++) {
    from = VMS__MIN(from, replica->wants[behind].from);
    to = VMS__MAX(to, replica->wants[behind].to);
  }
  kept = replica->want_count - (behind - first);
  if (kept == VMS__WANTS_MAX) return vms__fail(error, VMS_ERR_LIMIT, from, "more than %u ranges of blocks are wanted", VMS__WANTS_MAX);
  if (vms__grow(replica->env, &replica->wants, &replica->want_capacity, replica->want_count, 1, sizeof *replica->wants) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, from, "out of memory for ranges of blocks");
  memmove(&replica->wants[first + 1], &replica->wants[behind], (replica->want_count - behind) * sizeof *replica->wants);
  replica->wants[first] = (vms__span){ from, to };
  replica->want_count = kept + 1;
  replica->wants_done = VMS__MIN(replica->wants_done, added);
  vms__replica_again(replica, added);
  vms__replica_arrived(replica);
  return VMS_OK;
}

bool vms__replica_wants(const vms_replica *replica, uint64_t seq) {
  uint64_t first = vms__replica_first(replica);
  if (vms__replica_is_here(replica, seq)) return false;
  if (replica->core != NULL) return seq >= first && seq < vms__chunk(first) + VMS__WINDOW && seq < replica->length_max;
  return wanted_from(replica, seq) == seq;
}

void vms__replica_again(vms_replica *replica, uint64_t seq) {
  replica->hint = VMS__MIN(replica->hint, vms__chunk(seq));
  replica->resume = 0;
}

void vms__replica_grown(vms_replica *replica, uint64_t old_length) {
  uint64_t bytes = 0;
  bool by_column;
  assert(replica->length > 0);
  for (unsigned i = 0; i < replica->root_count; i++) bytes += replica->roots[i].size;
  replica->block_len = VMS__MIN(bytes / replica->length, (uint64_t)VMS_BLOCK_LEN_MAX);
  by_column = replica->block_len <= COLUMN_BLOCK_MAX;
  vms__replica_again(replica, by_column == replica->by_column ? old_length : VMS__MIN(old_length, replica->hint));
  replica->by_column = by_column;
}

/* --- one request --------------------------------------------------------------------------------------- */

static const vms__node *root_at(const vms_replica *replica, uint64_t index) {
  for (unsigned i = replica->root_count; i > 0; i--)
    if (replica->roots[i - 1].index == index) return &replica->roots[i - 1];
  return NULL;
}

uint64_t vms__replica_block_max(const vms_replica *replica, uint64_t seq) {
  const vms__node *root = NULL;
  assert(replica != NULL && seq < replica->length);
  for (uint64_t it = 2 * seq; (root = root_at(replica, it)) == NULL; it = vms__tree_parent(it)) {
    vms__node node;
    if (vms__replica_node((void *)(uintptr_t)replica, it, &node)) return node.size;
  }
  return root->size;
}

/* How far above the block's leaf the peer's proof has to reach; false if the peer's tree does not reach it. Blocks that are
 * stored but not proved are all left siblings on the way to the root: a proof up there connects them. */
static bool levels(const vms_replica *replica, const vms__peer_has *peer, uint64_t seq, uint64_t *count) {
  uint64_t it = 2 * seq, head = 2 * VMS__MIN(replica->length, peer->length);
  bool to_root = vms__replica_unproven(replica);
  vms__node node;
  for (*count = 0; root_at(replica, it) == NULL; (*count)++) {
    if (!to_root && vms__replica_node((void *)(uintptr_t)replica, it, &node)) return true;
    it = vms__tree_parent(it);
    if (vms__tree_right_span(it) >= head) return false;
  }
  return vms__tree_right_span(it) < head;
}

/* Would this block, with what else is under way, fill the memory for blocks that wait? The next one needs none. */
static bool no_room(const vms_replica *replica, uint64_t seq) {
  if (replica->core == NULL || seq == vms__replica_first(replica)) return false;
  return replica->bytes + (replica->asked + 1) * replica->block_len > VMS__WINDOW_BYTES;
}

static bool ask_block(vms_replica *replica, const vms__peer_has *peer, uint64_t seq, vms_proof_request *request) {
  uint64_t nodes;
  if (seq >= peer->length || !peer->has(peer->context, seq) || !levels(replica, peer, seq, &nodes) ||
      vms__map_reserve(&replica->slots, 1) != VMS_OK)
    return false;
  (void)vms__map_add(&replica->slots, seq);
  replica->asked++;
  request->flags = VMS_PROOF_BLOCK;
  request->fork = replica->fork;
  request->block_index = seq;
  request->block_nodes = nodes;
  return true;
}

/* --- what comes next ------------------------------------------------------------------------------------- */

/* Nothing to ask: here, under way, or not wanted. */
static bool is_settled(const vms_replica *replica, uint64_t first, uint64_t seq) {
  if (seq >= replica->length || (!replica->sparse && seq < first)) return true;
  return vms__map_find(&replica->slots, seq) != NULL || wanted_from(replica, seq) != seq;
}

/* The core's window is searched from its start. In memory, where what one peer lacks may leave a hole for long, a search goes on from where the
 * last one ended, and once around. */
static bool search(vms_replica *replica, const vms__peer_has *peer, vms_proof_request *request) {
  uint64_t first = vms__replica_first(replica), end = vms__chunk(replica->length + VMS__CHUNK - 1), at;
  bool around = replica->core != NULL;
  if (!replica->sparse) replica->hint = VMS__MAX(replica->hint, vms__chunk(first));
  if (replica->core != NULL) end = VMS__MIN(end, vms__chunk(first) + VMS__WINDOW);
  at = around ? replica->hint : VMS__MAX(replica->hint, replica->resume);
  for (uint64_t looked = 0; looked < LOOK_MAX; looked++) {
    uint64_t chunk = vms__chunk(at), wanted, to;
    if (at >= end) {
      replica->resume = 0;
      if (around) return false;
      around = true;
      at = replica->hint;
      continue;
    }
    if (at == chunk && peer->lacks != NULL && peer->lacks(peer->context, at, at + VMS__CHUNK)) {
      at += VMS__CHUNK;
      continue;
    }
    wanted = at == chunk ? VMS__MIN(wanted_from(replica, at), end) : at;
    to = vms__chunk(wanted) != chunk ? vms__chunk(wanted) : at + 1;
    if (to == at + 1 && !is_settled(replica, first, block_at(replica, at))) {
      if (no_room(replica, block_at(replica, at))) return false;
      replica->resume = to;
      if (ask_block(replica, peer, block_at(replica, at), request)) return true;
    } else if (at == replica->hint) replica->hint = to;
    at = to;
  }
  replica->resume = at;
  replica->cut = true;
  return false;
}

bool vms__replica_cut(const vms_replica *replica) { return replica->cut; }

static bool ask_upgrade(vms_replica *replica, const vms__peer_has *peer, uint64_t start, vms_proof_request *request) {
  if (!replica->follows || replica->upgrading || peer->length <= start) return false;
  replica->upgrading = true;
  request->flags = VMS_PROOF_UPGRADE | (replica->length == 0 && replica->manifest.len == 0 ? VMS_PROOF_MANIFEST : 0);
  request->fork = peer->fork;
  request->upgrade_start = replica->upgrade_start = start;
  request->upgrade_length = replica->upgrade_length = peer->length - start;
  return true;
}

bool vms__replica_next(vms_replica *replica, const vms__peer_has *peer, vms_proof_request *request) {
  uint64_t first;
  assert(replica != NULL && peer != NULL && request != NULL);
  memset(request, 0, sizeof *request);
  replica->cut = false;
  if (replica->unsettled && vms__replica_settle(replica, NULL) != VMS_OK) return false;
  /* Another history cannot be followed; its head makes vms_replica_feed() say so, if it is one. */
  if (peer->fork != replica->fork && (replica->length > 0 || replica->core != NULL)) return ask_upgrade(replica, peer, 0, request);
  if (ask_upgrade(replica, peer, replica->length, request)) return true;
  first = vms__replica_first(replica);
  if (replica->asked >= VMS__WINDOW || replica->length == 0) return false;
  /* What is stored already is connected by the block behind it, wanted or not. */
  if (!replica->sparse && first < (vms__replica_unproven(replica) ? replica->length : vms__replica_end(replica)) &&
      vms__map_find(&replica->slots, first) == NULL && ask_block(replica, peer, first, request))
    return true;
  return !vms__replica_unproven(replica) && search(replica, peer, request);
}

void vms__replica_lost(vms_replica *replica, const vms_proof_request *request) {
  const vms__slot *slot;
  assert(replica != NULL && request != NULL);
  if ((request->flags & VMS_PROOF_UPGRADE) != 0 && request->upgrade_start == replica->upgrade_start &&
      request->upgrade_length == replica->upgrade_length)
    replica->upgrading = false;
  if ((request->flags & VMS_PROOF_BLOCK) == 0) return;
  slot = vms__map_find(&replica->slots, request->block_index);
  if (slot == NULL || slot->block != NULL) return;
  vms__map_remove(&replica->slots, request->block_index);
  replica->asked--;
  vms__replica_again(replica, request->block_index);
}

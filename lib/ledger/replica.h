/* SPDX-License-Identifier: MIT */
/* A replica's insides: replica.c takes proofs in, ask.c decides what to ask for, map.c finds things by number. */
#ifndef VMS_LEDGER_REPLICA_H
#define VMS_LEDGER_REPLICA_H

#include "replication.h"

/* --- map.c: a hash table from numbers below 2^64 - 1 to small entries --------------------------------- */

typedef struct vms__map {
  const vms_env *env;
  uint8_t *entries; /* each begins with its number plus 1 as a uint64_t; 0: free */
  size_t entry_len, capacity, count; /* capacity: 0 or a power of two */
} vms__map;

void *vms__map_find(const vms__map *map, uint64_t number);
/* Makes room for `more` new numbers: adding them cannot fail then. VMS_OK or VMS_ERR_NOMEM. */
int vms__map_reserve(vms__map *map, size_t more);
/* The number's entry; a new one is zero behind the number. There must be room. */
void *vms__map_add(vms__map *map, uint64_t number);
void vms__map_remove(vms__map *map, uint64_t number); /* fine if it is not there; moves other entries */
void vms__map_deinit(vms__map *map);

/* --- the replica --------------------------------------------------------------------------------------- */

#define VMS__CHUNK 512u                /* blocks; a power of two, since positions are counted by chunk  */
#define VMS__WINDOW (2u * VMS__CHUNK)  /* blocks that may be under way or held back at once             */
#define VMS__WINDOW_BYTES (16u << 20)  /* bytes of blocks held back because earlier ones are missing    */
#define VMS__WANTS_MAX 4096u           /* ranges that do not touch                                      */

typedef struct vms__slot { /* of a block */
  uint64_t tag;
  uint8_t *block; /* NULL: asked for; else len bytes and one more, so that it is never NULL when it is here */
  uint64_t len;
} vms__slot;

typedef struct vms__proved { /* a node */
  uint64_t tag, size;
  uint8_t hash[VMS_HASH_LEN];
} vms__proved;

typedef struct vms__span { uint64_t from, to; } vms__span; /* blocks, half open */

struct vms_replica {
  const vms_env *env;
  vms_core *core;
  uint8_t key[VMS_KEY_LEN], discovery[VMS_KEY_LEN];
  bool sparse, follows;
  bool head_pending, unsettled; /* the core does not have the head yet; it refused what it was given */
  uint64_t bytes_max, bytes; /* bytes: of blocks in slots */
  uint64_t length_max;       /* blocks before it are wanted; UINT64_MAX: all */
  vms_buffer manifest, signature;
  /* The newest head. */
  uint64_t length, fork;
  vms__node roots[VMS__ROOTS_MAX];
  unsigned root_count;
  uint8_t tree_hash[VMS_HASH_LEN];
  /* Blocks from the first on that are here and proved. A core may hold more: they are not trusted until a proof connects them. */
  uint64_t contiguous;
  vms__map nodes; /* proved; with a core only those that touch the window */
  vms__map slots; /* blocks that were asked for or that wait for earlier ones; in memory all that are here */
  uint64_t asked; /* slots that wait for their block */
  vms__verified verified;
  /* What to ask for (ask.c). */
  bool upgrading;
  uint64_t upgrade_start, upgrade_length;
  uint64_t hint, resume; /* positions: nothing is left to ask before hint; where to go on looking */
  bool cut; /* the last search ended before it had seen everything */
  bool by_column;
  uint64_t block_len; /* on average */
  vms__span *wants; /* ascending, apart from each other */
  size_t want_count, want_capacity;
  uint64_t wants_done; /* every wanted block before it is here */
};

/* The first block that is not here at all, proved or not. */
static inline uint64_t vms__replica_first(const vms_replica *replica) {
  uint64_t stored = replica->core == NULL ? 0 : vms_core_length(replica->core);
  return VMS__MAX(replica->contiguous, stored);
}
/* Where what is wanted under the head ends. */
static inline uint64_t vms__replica_end(const vms_replica *replica) { return VMS__MIN(replica->length, replica->length_max); }
/* Does the core hold blocks under the head that nothing connects to it yet? */
static inline bool vms__replica_unproven(const vms_replica *replica) {
  return replica->core != NULL && replica->contiguous < replica->length && vms_core_length(replica->core) > replica->contiguous;
}
/* Is the block here, proved? */
static inline bool vms__replica_is_here(const vms_replica *replica, uint64_t seq) {
  const vms__slot *slot;
  if (seq < replica->contiguous) return true;
  slot = vms__map_find(&replica->slots, seq);
  return slot != NULL && slot->block != NULL;
}
static inline uint64_t vms__chunk(uint64_t seq) { return seq & ~(uint64_t)(VMS__CHUNK - 1); }

bool vms__replica_node(void *replica, uint64_t index, vms__node *node); /* proved, roots left aside */
/* Hands the core what it can take now, the head last. */
int vms__replica_settle(vms_replica *replica, vms_error *error);
/* ask.c: may this block be taken in now? */
uint64_t vms__replica_missing(const vms_replica *replica); /* SPARSE: the first wanted block that is not here; UINT64_MAX: none */
bool vms__replica_wants(const vms_replica *replica, uint64_t seq);
void vms__replica_again(vms_replica *replica, uint64_t seq); /* it has to be asked for (again) */
void vms__replica_grown(vms_replica *replica, uint64_t old_length);
void vms__replica_arrived(vms_replica *replica);             /* wants_done may have moved */

#endif

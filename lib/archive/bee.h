/* SPDX-License-Identifier: MIT */
/* Hyperbee's inside: blocks (bee_block.c) and those kept in memory (bee_cache.c), looking up (bee.c), walking (bee_cursor.c,
 * bee_diff.c), changing nodes (bee_write.c), blocks out of nodes (bee_batch.c). */
#ifndef VMS_ARCHIVE_BEE_H
#define VMS_ARCHIVE_BEE_H

#include "lib/ledger/internal.h"
#include "vms/archive.h"

#define VMS__BEE_KEYS_MAX 8u
#define VMS__BEE_DEPTH_MAX 32u   /* four keys at least per node: more than 2^53 blocks need */
#define VMS__BEE_LEVELS_MAX 256u /* nodes in one block: a few per level of the tree; as many fields are looked at, known or not */
#define VMS__BEE_LEVEL_LEN_MAX 1024u /* bytes of a node: 26 numbers, and what may stand beside them */
#define VMS__BEE_LARGE_LEN 65536u /* bytes of a block that is large: writers of drives have no use for them */

/* --- blocks and their cache ------------------------------------------------------------------------- */

typedef struct vms__bee_pointer { uint64_t seq, offset; } vms__bee_pointer;

typedef struct vms__bee_level {
  uint32_t key_count, child_count; /* children: none, or one more than keys */
  uint64_t keys[VMS__BEE_KEYS_MAX];
  vms__bee_pointer children[VMS__BEE_KEYS_MAX + 1];
} vms__bee_level;

/* A block kept in memory, one allocation: this, then the block's bytes, or its key alone: most blocks are only asked for that. */
typedef struct vms__bee_block {
  uint64_t seq;
  struct vms__bee_block *chain; /* the next one of the same bucket   */
  struct vms__bee_block *newer; /* the next one that may have to go  */
  uint32_t alloc_len;
  uint32_t holds;               /* who still needs its bytes                       */
  uint32_t index_at, index_len, key_at, key_len, value_at, value_len; /* in its bytes; value_at 0: no value */
  bool cached;                  /* in the cache; else it goes with the last hold   */
  bool whole;                   /* else it has its key alone                       */
  bool used, compared;          /* since it was last asked to go; its key was      */
} vms__bee_block;

static inline vms_slice vms__bee_block_key(const vms__bee_block *block) {
  return (vms_slice){ (const char *)(block + 1) + block->key_at, block->key_len };
}
static inline vms_slice vms__bee_block_index(const vms__bee_block *block) {
  return (vms_slice){ (const char *)(block + 1) + block->index_at, block->index_len };
}
static inline vms_slice vms__bee_block_value(const vms__bee_block *block) {
  return (vms_slice){ block->value_at == 0 ? NULL : (const char *)(block + 1) + block->value_at, block->value_len };
}

/* In the order in which they have to go. */
typedef struct vms__bee_queue { vms__bee_block *oldest, *newest; uint64_t bytes; } vms__bee_queue;

/* Where blocks are read from: a core, or a replica of one. */
typedef struct vms__source { vms_core *core; vms_replica *replica; } vms__source;

static inline uint64_t vms__source_length(const vms__source *source) {
  return source->core != NULL ? vms_core_length(source->core) : vms_replica_length(source->replica);
}
static inline bool vms__source_exists(const vms__source *source) { return source->core != NULL || source->replica != NULL; }
/* Of all there is. */
static inline void vms__source_tree_hash(const vms__source *source, uint8_t hash[VMS_HASH_LEN]) {
  if (source->core != NULL) vms_core_tree_hash(source->core, vms_core_length(source->core), hash);
  else vms_replica_tree_hash(source->replica, hash);
}
static inline void vms__source_key(const vms__source *source, uint8_t key[VMS_KEY_LEN]) {
  if (source->core != NULL) vms_core_key(source->core, key);
  else vms_replica_key(source->replica, key);
}
/* Appends a block. VMS_ERR_MISSING if it is not here; VMS_ERR_CORRUPT if there is no such block. */
int vms__source_read(const vms__source *source, uint64_t seq, vms_buffer *block, vms_error *error);

typedef void vms__trace_fn(void *context, uint32_t core, uint64_t from, uint64_t to);

struct vms_bee {
  vms__source source;
  const vms_env *env;
  uint64_t cache_max;              /* bytes                                              */
  vms__bee_block **buckets;        /* of the cache, by number modulo their count          */
  size_t bucket_count, block_count; /* bucket_count is a power of two                     */
  vms__bee_queue young, kept;      /* those used once; those used again, and keys alone  */
  vms__bee_block *held[2];         /* what the entries given out last point into          */
  uint64_t cuts;                   /* of the core, when the cache was last known to fit it */
  struct vms__bee_work *work;      /* what changing needs; NULL before the first change   */
  uint64_t large_read;             /* bytes of large blocks that were read so far         */
  vms__trace_fn *trace;            /* NULL: none; told of every block before it is looked for */
  void *trace_context;
};

/* For a bee inside of something else. cache_max may be set afterwards. */
int vms__bee_init(vms_bee *bee, vms__source source, const vms_env *env, vms_error *error);
void vms__bee_deinit(vms_bee *bee);

int vms__bee_corrupt(uint64_t seq, const char *what, vms_error *error);

/* Appends the header block: a drive's has an empty metadata message, a plain bee's none. */
int vms__bee_header_append(vms_core *core, bool drive, vms_error *error);
/* Reads block 0. *content_feed: 32 bytes inside `block`, or NULL. VMS_ERR_CORRUPT if it is no bee's header. */
int vms__bee_header_read(const vms__source *source, vms_buffer *block, const uint8_t **content_feed, vms_error *error);

/* Finds the parts of a block behind which its bytes stand; false if it is malformed. */
bool vms__bee_block_parse(vms_slice bytes, vms__bee_block *block);
/* A block of the tree; borrowed until the next one is loaded. */
int vms__bee_block_load(vms_bee *bee, uint64_t seq, vms__bee_block **found, vms_error *error);
/* Takes a buffer's memory, in which sizeof(vms__bee_block) bytes stand in front of block seq's, into the cache. */
int vms__bee_block_adopt(vms_bee *bee, uint64_t seq, vms_buffer *bytes, vms__bee_block **block, vms_error *error);
/* Fills `level` with a node; what it leads to is not newer than its block. */
int vms__bee_level_load(vms_bee *bee, vms__bee_pointer pointer, vms__bee_level *level, vms_error *error);
/* Whether a number stands anywhere in a block's index. */
int vms__bee_block_names(const vms__bee_block *block, uint64_t seq, bool *named, vms_error *error);
/* These blocks (or NULL) stay where they are until the next hold. */
void vms__bee_hold(vms_bee *bee, vms__bee_block *one, vms__bee_block *other);
static inline vms_bee_entry vms__bee_entry_of(const vms__bee_block *block) {
  return (vms_bee_entry){ block->seq, vms__bee_block_key(block), vms__bee_block_value(block) };
}

/* The key of a block, or of a change that is not appended yet if the number comes from `work` (else NULL: others may have appended a block of
 * that number meanwhile); borrowed until the next load. */
int vms__bee_key_load(vms_bee *bee, const struct vms__bee_work *work, uint64_t seq, vms_slice *key, vms_error *error);
/* Finds the first key of a node that is >= key; work as above. */
int vms__bee_search(vms_bee *bee, const struct vms__bee_work *work, const uint64_t *keys, uint32_t count, vms_slice key, uint32_t *at, bool *equal, vms_error *error);

static inline int vms__bytes_compare(vms_slice a, vms_slice b) {
  size_t len = VMS__MIN(a.len, b.len);
  int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
  return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* --- walking ---------------------------------------------------------------------------------------------- */

/* A node on the way: position 2i is child i, 2i+1 key i. */
typedef struct vms__bee_frame { vms__bee_level level; int32_t at; } vms__bee_frame;

/* A walk over one version. Nothing moves on before it has succeeded, so that whatever failed can be tried again. */
typedef struct vms__bee_walk {
  vms_bee *bee;
  uint64_t version, passed; /* passed: keys; a version has fewer of them than blocks */
  uint32_t flags, depth;
  bool entered, seeking;    /* the root was entered; the way still follows the bound at which the walk starts */
  bool started;             /* `last` is set */
  bool has_from, has_to;
  size_t from_len;
  vms_buffer bounds;        /* from, then to                                                                   */
  vms_buffer last;          /* the key before: keys have to ascend, so a hostile tree cannot be walked for ever */
  vms__bee_frame stack[VMS__BEE_DEPTH_MAX];
} vms__bee_walk;

enum { VMS__BEE_END, VMS__BEE_CHILD, VMS__BEE_KEY };
/* What comes next: a subtree, or a key (pointer.seq). */
typedef struct vms__bee_item { int kind; vms__bee_pointer pointer; } vms__bee_item;

/* Deinit the walk even if this fails. */
int vms__bee_walk_init(vms__bee_walk *walk, vms_bee *bee, uint64_t version, const vms_bee_range *range, vms_error *error);
void vms__bee_walk_deinit(vms__bee_walk *walk);
vms__bee_item vms__bee_walk_peek(vms__bee_walk *walk);
/* Leaves out what comes next. */
int vms__bee_walk_pass(vms__bee_walk *walk, vms_error *error);
/* Enters the subtree that comes next. */
int vms__bee_walk_enter(vms__bee_walk *walk, vms__bee_pointer pointer, vms_error *error);
/* Loads the key that comes next. VMS_ERR_NOT_FOUND if it lies behind the range: then the walk has ended. */
int vms__bee_walk_load(vms__bee_walk *walk, uint64_t seq, vms__bee_block **block, vms_error *error);
/* Goes on behind the key that was loaded. */
int vms__bee_walk_take(vms__bee_walk *walk, const vms__bee_block *block, vms_error *error);

/* Nothing comes any more. */
void vms__bee_walk_end(vms__bee_walk *walk);

struct vms_bee_cursor { vms__bee_walk walk; };
struct vms_bee_diff { vms__bee_walk older, newer; uint64_t looked; }; /* looked: newer.passed, when a shared key was last looked at */

/* --- changing --------------------------------------------------------------------------------------------- */

#define VMS__BEE_KEYS_MIN 4u /* in every node but the root */
#define VMS__BEE_CHANGED_MAX (4u * VMS__BEE_DEPTH_MAX) /* nodes that one change touches: per level the node, two siblings or a descent, a split */

typedef struct vms__bee_node vms__bee_node;

/* A child's place. It moves from node to node with the child; that it still names a block means that the block still holds
 * the child's newest state. */
typedef struct vms__bee_child { vms__bee_pointer pointer; vms__bee_node *node; } vms__bee_child;

struct vms__bee_node {
  uint32_t key_count, child_count;
  bool changed;
  uint64_t keys[VMS__BEE_KEYS_MAX + 1]; /* one too many for a moment */
  vms__bee_child *children[VMS__BEE_KEYS_MAX + 2];
};

/* A change that is not appended yet: one block to be. */
typedef struct vms__bee_change {
  vms_slice key, value;
  vms__bee_child **slots; /* its levels; slot 0 is the root */
  uint32_t slot_count;
} vms__bee_change;

typedef struct vms__bee_room { struct vms__bee_room *next; size_t len, used; } vms__bee_room;

typedef struct vms__bee_work {
  vms__bee_room *rooms;   /* memory of nodes, children, slots: given back all at once */
  vms__bee_node *root;    /* NULL: not loaded                                        */
  uint64_t base, cuts;    /* the number of the first change; UINT64_MAX: nothing is being changed */
  bool batch, touched;    /* touched: the header is due even if nothing was changed  */
  int failed;             /* why the batch cannot be ended                           */
  vms__bee_change *changes;
  size_t count, capacity;
  vms__bee_node *path[VMS__BEE_DEPTH_MAX];
  uint32_t path_count;
  vms__bee_child *order[VMS__BEE_CHANGED_MAX]; /* changed nodes in pre-order */
  uint32_t order_count;
} vms__bee_work;

/* Makes ready for changes, or gives back what they took. */
int vms__bee_work_begin(vms_bee *bee, vms_error *error);
void vms__bee_work_end(vms_bee *bee);
void vms__bee_work_free(vms_bee *bee);
/* Zeroed memory until the end of the work; NULL if there is none. */
void *vms__bee_room_take(vms_bee *bee, size_t len);
/* Carry out one change in memory. */
int vms__bee_work_put(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error);
int vms__bee_work_del(vms_bee *bee, vms_slice key, vms_error *error);
/* VMS_ERR_ARGUMENT if the core was changed since the work began, or what an earlier change failed with. */
int vms__bee_work_check(const vms_bee *bee, vms_error *error);
/* Looks a key up among the changed nodes: *seq is the block or change that put it. */
int vms__bee_work_find(vms_bee *bee, vms_slice key, uint64_t *seq, vms_error *error);
/* Notes the change that made the tree `root`. */
int vms__bee_work_note(vms_bee *bee, vms__bee_node *root, vms_slice key, vms_slice value, vms_error *error);
/* Appends all changes: all blocks or none. */
int vms__bee_work_append(vms_bee *bee, vms_error *error);

#endif

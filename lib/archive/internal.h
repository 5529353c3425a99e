/* SPDX-License-Identifier: MIT */
/* What the files of lib/archive share: bee.c (a B-tree in a core), drive.c (paths, values and blobs),
 * stage.c (changes that are not committed), archive.c, view.c (what a call sees); the calls are in files*.c. */
#ifndef VMS_ARCHIVE_INTERNAL_H
#define VMS_ARCHIVE_INTERNAL_H

#include "lib/ledger/internal.h"
#include "vms/archive.h"

/* --- Hyperbee (bee.c) -------------------------------------------------------------------------- */

#define VMS__BEE_KEYS_MAX 8u
#define VMS__BEE_DEPTH_MAX 32u   /* four keys at least per node: more than 2^53 blocks need */
#define VMS__BEE_LEVELS_MAX 256u /* nodes in one block: a few per level of the tree */
#define VMS__BEE_CACHE 4096u     /* decoded blocks kept */

typedef struct vms__bee_pointer { uint64_t seq, offset; } vms__bee_pointer;

typedef struct vms__bee_level {
  uint32_t key_count, child_count; /* children: none, or one more than keys */
  uint64_t keys[VMS__BEE_KEYS_MAX];
  vms__bee_pointer children[VMS__BEE_KEYS_MAX + 1];
} vms__bee_level;

/* A decoded block, one allocation: levels, then the block's bytes. */
typedef struct vms__bee_block {
  uint64_t seq;
  size_t alloc_len;
  uint8_t hash[VMS_HASH_LEN]; /* of the block: a core may have been rolled back and appended to since */
  vms_slice key, value;       /* value.data is NULL if there is none */
  uint32_t level_count;
  vms__bee_level levels[];
} vms__bee_block;

/* Where blocks are read from: a core, or a replica of one. */
typedef struct vms__source { vms_core *core; vms_replica *replica; } vms__source;

static inline uint64_t vms__source_length(const vms__source *source) {
  return source->core != NULL ? vms_core_length(source->core) : vms_replica_length(source->replica);
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
  vms__bee_block **cache; /* VMS__BEE_CACHE slots, by number modulo that */
  struct bee_work *work;  /* room for the nodes of one change */
  vms__trace_fn *trace;   /* NULL: none; told of every block before it is looked for */
  void *trace_context;
};

int vms__bee_init(vms_bee *bee, vms__source source, const vms_env *env, vms_error *error);
void vms__bee_deinit(vms_bee *bee);

/* A walk in key order. */
typedef struct vms__bee_cursor {
  vms_bee *bee;
  uint32_t depth;
  struct { vms__bee_level level; uint64_t seq; uint32_t at; } stack[VMS__BEE_DEPTH_MAX];
  vms_buffer last; /* the key before: keys have to ascend, so a hostile tree cannot be walked for ever */
  bool started;
} vms__bee_cursor;
/* Starts at the first key >= from. Deinit the cursor even if this fails. */
int vms__bee_seek(vms__bee_cursor *cursor, vms_bee *bee, uint64_t version, vms_slice from, vms_error *error);
/* VMS_OK with the next entry, VMS_ERR_NOT_FOUND at the end. */
int vms__bee_next(vms__bee_cursor *cursor, vms_bee_entry *entry, vms_error *error);
void vms__bee_cursor_deinit(vms__bee_cursor *cursor);

/* Appends the header block: a drive's has an empty metadata message, a plain bee's none. */
int vms__bee_header_append(vms_core *core, bool drive, vms_error *error);
/* Reads block 0. *content_feed: 32 bytes inside `block`, or NULL. VMS_ERR_CORRUPT if it is no bee's header. */
int vms__bee_header_read(vms_core *core, vms_buffer *block, const uint8_t **content_feed, vms_error *error);

/* Steps that reading and changing share: the node behind a pointer, the block of a key, the first key >= key. What is
 * found in block `holder` may only lead to blocks that are not newer. */
int vms__bee_level_load(vms_bee *bee, uint64_t holder, vms__bee_pointer pointer, vms__bee_level *level, vms_error *error);
int vms__bee_key_load(vms_bee *bee, uint64_t holder, uint64_t seq, vms_bee_entry *entry, vms_error *error);
int vms__bee_search(vms_bee *bee, uint64_t holder, const uint64_t *keys, uint32_t count, vms_slice key, uint32_t *at,
                    bool *equal, vms_error *error);

static inline int vms__bytes_compare(vms_slice a, vms_slice b) {
  size_t len = VMS__MIN(a.len, b.len);
  int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
  return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* --- Hyperdrive (drive.c) ------------------------------------------------------------------------ */

#define VMS__BLOB_BLOCK_LEN 65536u
#define VMS__FILES_PREFIX_LEN 6u /* "files" and a NUL */

/* What an entry is. */
enum { VMS__ENTRY_ABSENT = 0, VMS__ENTRY_FILE = 1, VMS__ENTRY_FOLDER = 2, VMS__ENTRY_LINK = 3 };

typedef struct vms__blob { uint64_t block_offset, byte_offset, block_count, byte_len; } vms__blob;

typedef struct vms__entry {
  int kind;
  bool mapped;    /* its blob is an index of blocks, as deduplicating writers make it: not readable here */
  bool implied;   /* a folder without an entry: it exists because something lies in it */
  vms__blob blob; /* of a file */
  uint64_t mtime; /* 0 if nobody wrote one */
} vms__entry;

/* Normalises a path as Hyperdrive does: parts between / and \, without empty ones and "."; ".." removes one.
 * `path` receives "/a/b", or "" for the root. VMS_OK, VMS_ERR_FORM or VMS_ERR_NOMEM. */
int vms__path_normalise(vms_slice text, vms_buffer *path);

/* Decodes an entry's JSON. VMS_ERR_CORRUPT if it is none. */
int vms__entry_decode(vms_slice value, vms__entry *entry);

/* How an entry is written: raw JSON for metadata (data NULL: null), a link's target (data NULL: none). */
typedef struct vms__entry_form {
  bool executable;
  vms_slice link;
  const vms__blob *blob;
  vms_slice metadata;
} vms__entry_form;

int vms__drive_put(vms_bee *bee, vms_slice path, const vms__entry_form *form, vms_error *error);
int vms__drive_del(vms_bee *bee, vms_slice path, vms_error *error);
int vms__drive_get(vms_bee *bee, uint64_t version, vms_slice path, vms__entry *entry, vms_error *error);
/* The first entry whose path is >= from; its path is valid until the next call. VMS_ERR_NOT_FOUND if there is none. */
int vms__drive_from(vms_bee *bee, uint64_t version, vms_slice from, vms_slice *path, vms__entry *entry, vms_error *error);
/* Sum of the sizes of all files. */
int vms__drive_size(vms_bee *bee, uint64_t version, uint64_t *size, vms_error *error);

int vms__blob_append(vms_core *blobs, vms_slice content, vms__blob *blob, vms_error *error);
int vms__blob_read(const vms__source *blobs, const vms__blob *blob, vms_buffer *content, vms_error *error);

/* --- staged changes (stage.c): an AA tree in an array, in the order of their first change ---------- */

typedef struct vms__change {
  vms_slice path;     /* owned */
  int kind;           /* VMS__ENTRY_... as of now */
  bool existed;       /* there was an entry at this very path before */
  bool stored;        /* the file's contents are those of `blob`, which is in the blobs core already */
  vms_buffer content; /* of a file, if not */
  vms__blob blob;     /* filled in by the commit, if not stored */
  uint32_t left, right, level; /* the tree; numbers are positions + 1, 0 is none */
} vms__change;

typedef struct vms__stage {
  const vms_env *env;
  vms__change *changes;
  size_t count, capacity;
  uint32_t root;
} vms__stage;

void vms__stage_init(vms__stage *stage, const vms_env *env);
void vms__stage_clear(vms__stage *stage);
vms__change *vms__stage_find(vms__stage *stage, vms_slice path);
/* The change with the smallest path >= from, NULL if there is none. */
vms__change *vms__stage_from(vms__stage *stage, vms_slice from);
/* Adds a change for a path that has none, as VMS__ENTRY_ABSENT; NULL if there is no memory. */
vms__change *vms__stage_add(vms__stage *stage, vms_slice path, bool existed);

/* --- the archive (archive.c, files.c) --------------------------------------------------------------- */

/* The sum of all file sizes, as of one state of the metadata core. */
typedef struct vms__total {
  bool known;
  uint64_t version, size;
  uint8_t hash[VMS_HASH_LEN];
} vms__total;

struct vms_archive {
  const vms_env *env;
  vms__source metadata, blobs; /* both cores or both replicas; of the blobs there may be none */
  vms_bee bee;
  uint64_t files_call_max, files_total_max;
  vms__total total, total_before; /* as of now, and before the last commit: that may be rolled back */
  bool staging, stage_size_known;
  uint64_t time_ms;
  uint64_t stage_used; /* of files_call_max */
  uint64_t stage_size; /* sum of the file sizes with the staged changes, once known */
  vms__stage stage;
  void *origin_context;
  int (*origin)(void *context, uint64_t version, vms_buffer *json, vms_error *error); /* see vms_archive_options; NULL: none */
};

/* The sum of the file sizes as appended so far. */
int vms__archive_size(vms_archive *archive, uint64_t *size, vms_error *error);

/* What one call sees: the archive as of a version, or as of now with the staged changes on top (view.c). Counts what it looks at:
 * entries met in a walk, staged ones that hide nothing included, and VMS__WORK_SEEK for each descent into the tree, all of it a matter of
 * the files alone. More than work_max is VMS_ERR_LIMIT. */
typedef struct vms__view {
  vms_archive *archive;
  uint64_t version;
  bool staged;
  uint64_t work, work_max; /* 0: as much as it takes */
} vms__view;

#define VMS__WORK_SEEK 1u
#define VMS__WORK_BYTES 8192u /* copied: as much as one entry looked at */

static inline int vms__view_work(vms__view *view, uint64_t work) {
  view->work += work;
  return view->work_max != 0 && view->work > view->work_max ? VMS_ERR_LIMIT : VMS_OK;
}

/* The entry at a path ("" is the root), folders that exist only because something lies in them included.
 * VMS_OK, VMS_ERR_NOT_FOUND, or why it cannot be told. */
int vms__view_find(vms__view *view, vms_slice path, vms__entry *entry, vms_error *error);
/* Appends a file's contents, or a piece: what is behind its end is left out. */
int vms__view_read(const vms__view *view, vms_slice path, const vms__entry *entry, uint64_t offset, uint64_t len, vms_buffer *content,
                   vms_error *error);

/* A walk over the paths that start with a prefix, in their order. Changes staged meanwhile are seen from where it stands on. */
typedef struct vms__walk {
  vms__view *view;
  vms_buffer prefix, from; /* where it looks next */
  vms_buffer path;         /* what it found last, and below what is there */
  vms__entry entry;
  vms__bee_cursor cursor;
  bool open, ended, ahead; /* the cursor: there is one; it is at its end; its next entry is here: */
  vms_buffer ahead_path;
  vms__entry ahead_entry;
} vms__walk;

/* At the first path >= from. Close the walk even if this fails. */
int vms__walk_open(vms__walk *walk, vms__view *view, vms_slice prefix, vms_slice from, vms_error *error);
/* VMS_OK with the next path and its entry; VMS_ERR_NOT_FOUND at the end. */
int vms__walk_next(vms__walk *walk, vms_error *error);
/* Goes on at the first path >= from, which lies ahead. */
int vms__walk_seek(vms__walk *walk, vms_slice from, vms_error *error);
void vms__walk_close(vms__walk *walk);

/* Text from bytes as JavaScript decodes UTF-8: what is malformed becomes U+FFFD. */
int vms__text_decode(vms_slice bytes, vms_buffer *text);

#endif

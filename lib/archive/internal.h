/* SPDX-License-Identifier: MIT */
/* What the files of lib/archive share: bee*.c (a B-tree in a core, see bee.h), drive.c (paths and values), blob.c (contents), stage.c
 * (changes that are not committed), view.c (both laid over each other), archive.c, read.c, writer.c; the calls are in files*.c. */
#ifndef VMS_ARCHIVE_INTERNAL_H
#define VMS_ARCHIVE_INTERNAL_H

#include "lib/archive/bee.h"

/* --- Hyperdrive (drive.c, blob.c) ------------------------------------------------------------------ */

#define VMS__BLOB_BLOCK_LEN 65536u
#define VMS__FILES_PREFIX_LEN 6u /* "files" and a NUL */

/* What an entry is. */
enum { VMS__ENTRY_ABSENT = 0, VMS__ENTRY_FILE = VMS_ENTRY_FILE, VMS__ENTRY_FOLDER = VMS_ENTRY_FOLDER, VMS__ENTRY_LINK = VMS_ENTRY_LINK };

typedef struct vms__blob { uint64_t block_offset, byte_offset, block_count, byte_len; } vms__blob;

typedef struct vms__entry {
  int kind;
  bool mapped;     /* its blob is an index of blocks, as deduplicating writers make it: not readable here */
  bool executable;
  vms__blob blob;  /* of a file */
  uint64_t mtime;  /* 0 if nobody wrote one */
  uint64_t seq;    /* the metadata block that put it; 0: a folder only because something lies in it, or staged */
  bool implied;    /* a folder without an entry: it exists because something lies in it */
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
/* Appends a link's target. VMS_ERR_ARGUMENT if it is none. */
int vms__drive_link(vms_bee *bee, uint64_t version, vms_slice path, vms_buffer *target, vms_error *error);
/* A walk from the first path >= from; the path in a key that it finds, false behind the files; what stands there. */
int vms__drive_walk(vms_bee *bee, uint64_t version, vms_slice from, vms_bee_cursor **cursor, vms_error *error);
bool vms__drive_path(vms_slice key, vms_slice *path);
int vms__drive_decode(const vms_bee_entry *found, vms__entry *entry, vms_error *error);
/* Sum of the sizes of all files. */
int vms__drive_size(vms_bee *bee, uint64_t version, uint64_t *size, vms_error *error);
/* Makes the sum at one version that of a newer one, by what changed in between. */
int vms__drive_size_since(vms_bee *bee, uint64_t older, uint64_t newer, uint64_t *size, vms_error *error);

/* Begins a blob at the end of the core; adds one block of 1..VMS__BLOB_BLOCK_LEN bytes to it. */
void vms__blob_begin(const vms_core *blobs, vms__blob *blob);
int vms__blob_add(vms_core *blobs, vms__blob *blob, const void *block, size_t len, vms_error *error);
int vms__blob_append(vms_core *blobs, vms_slice content, vms__blob *blob, vms_error *error);
/* Appends at most len bytes of a blob from `offset` on; what lies behind its end is empty. Only the blocks that are needed are read, after
 * archive->trace was told. A failure leaves `content` as it was. */
int vms__blob_read(const vms_archive *archive, const vms__blob *blob, uint64_t offset, uint64_t len, vms_buffer *content, vms_error *error);

/* --- staged changes (stage.c): an AA tree in an array, in the order of their first change ---------- */

typedef struct vms__change {
  vms_slice path;     /* owned */
  int kind;           /* VMS__ENTRY_... as of now */
  bool existed;       /* there was an entry at this very path before */
  bool executable;    /* of a file */
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
  vms__trace_fn *trace; /* NULL: none; of the metadata the bee tells it */
  void *trace_context;
  uint64_t files_call_max, files_total_max;
  void *origin_context;
  int (*origin)(void *context, uint64_t version, vms_buffer *json, vms_error *error);
  vms__total total, total_before; /* as of now, and before the last commit: that may be rolled back */
  bool staging, stage_size_known;
  uint64_t time_ms;
  uint64_t stage_used; /* of files_call_max */
  uint64_t stage_size; /* sum of the file sizes with the staged changes, once known */
  vms__stage stage;
};

/* Appends the entry of a file, or of a folder (blob NULL). */
int vms__archive_put(vms_archive *archive, vms_slice path, const vms__blob *blob, bool executable, uint64_t time_ms, vms_error *error);
/* The sum of the file sizes as appended so far. */
int vms__archive_size(vms_archive *archive, uint64_t *size, vms_error *error);
/* Remembers that sum. */
void vms__archive_size_note(vms_archive *archive, uint64_t size);

/* What one call sees: the archive as of a version, or as of now with the staged changes on top (view.c). Counts what it looks at:
 * entries met in a walk, staged ones that hide nothing included, and VMS__WORK_SEEK for each descent into the tree, all of it a matter of
 * the files alone; and in others' drives the bytes of large blocks, whenever they are read. More than work_max is VMS_ERR_LIMIT. */
typedef struct vms__view {
  vms_archive *archive;
  uint64_t version;
  bool staged;
  uint64_t work, work_max; /* 0: as much as it takes */
  uint64_t large_read;     /* of archive->bee, as far as it was counted */
} vms__view;

#define VMS__WORK_SEEK 2u
#define VMS__WORK_ORIGIN 5u   /* where a change comes from: a search through the ledger */
#define VMS__WORK_BYTES 8192u /* read or copied: as much as one entry looked at */

static inline int vms__view_work(vms__view *view, uint64_t work) {
  view->work += work + (view->archive->bee.large_read - view->large_read) / VMS__WORK_BYTES;
  view->large_read = view->archive->bee.large_read;
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
  vms_bee_cursor *cursor;
  bool ended, ahead; /* the cursor: is at its end; its next entry is here: */
  vms_buffer ahead_path;
  vms__entry ahead_entry;
} vms__walk;

/* At the first path >= from. Close the walk even if this fails. */
int vms__walk_open(vms__walk *walk, vms__view *view, vms_slice prefix, vms_slice from, vms_error *error);
/* Over what lies in a folder, behind the relative path `after`; if that is empty, all of it. */
int vms__walk_below(vms__walk *walk, vms__view *view, vms_slice folder, vms_slice after, vms_error *error);
/* VMS_OK with the next path and its entry; VMS_ERR_NOT_FOUND at the end. */
int vms__walk_next(vms__walk *walk, vms_error *error);
/* Goes on at the first path >= from, which lies ahead. */
int vms__walk_seek(vms__walk *walk, vms_slice from, vms_error *error);
void vms__walk_close(vms__walk *walk);

/* Text from bytes as JavaScript decodes UTF-8: what is malformed becomes U+FFFD. */
int vms__text_decode(vms_slice bytes, vms_buffer *text);

#endif

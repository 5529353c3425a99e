/* SPDX-License-Identifier: MIT */
/* vms/archive.h - a sorted map on one core (a Hyperbee), and a file system with history on two (a Hyperdrive): the metadata core is a
 * Hyperbee of paths, the blobs core holds the contents. File calls are those of DatArchive.
 *
 * Both keep every version: version v is the core cut to its first v blocks, and can be read for ever. Both read from a core, or from a
 * replica that holds only some blocks: what is needed and not there is VMS_ERR_MISSING, and whoever called fetches it and calls again.
 * Blocks are checked as an enemy's: depth, size and what is kept in memory are bounded, pointers lead to older blocks only.
 *
 * Changes of an archive are staged between begin and commit: seen by the file calls in between, by nobody else.
 * Commit appends them to the cores (blobs first, then one metadata block per changed path); when they
 * become durable is the journal's matter. Formats: doc/ledger-format.md, "Archive".
 *
 * Threads: an archive or bee belongs to the thread of its cores' journal.
 */
#ifndef VMS_ARCHIVE_H
#define VMS_ARCHIVE_H

#include "vms/base.h"
#include "vms/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- a sorted map: Hyperbee ---------------------------------------------------------------------- */

typedef struct vms_bee vms_bee;

typedef struct vms_bee_options {
  uint32_t size;      /* sizeof(vms_bee_options), set by _INIT                           */
  uint32_t reserved;  /* 0                                                               */
  const vms_env *env; /* borrowed, outlives the bee; NULL: malloc                        */
  uint64_t cache_max; /* bytes of decoded blocks kept in memory; 0 means 16 MiB          */
} vms_bee_options;
#define VMS_BEE_OPTIONS_INIT { sizeof(vms_bee_options), 0, NULL, 0 }

/* Opens a bee on a core (borrowed), which may be empty. Block 0 is read when it is there.
 * Returns VMS_OK and a bee to close, VMS_ERR_CORRUPT (block 0 is no Hyperbee's header), VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_bee_open(vms_bee **bee, vms_core *core, const vms_bee_options *options, vms_error *error);
/* Opens a bee on a replica (borrowed), for reading; nothing is read yet. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_bee_open_replica(vms_bee **bee, vms_replica *replica, const vms_bee_options *options, vms_error *error);
/* Accepts NULL. */
VMS_API void vms_bee_close(vms_bee *bee);

/* Blocks there are: the newest version. 0 or 1: nothing was ever put. */
VMS_API uint64_t vms_bee_version(const vms_bee *bee);

/* Something found in a bee. The slices are valid until the next call with this bee or a cursor on it. */
typedef struct vms_bee_entry {
  uint64_t seq;         /* the block that put it */
  vms_slice key, value; /* value.data NULL: none */
} vms_bee_entry;

/* Looks a key up as of a version (0: the newest; at most vms_bee_version()). Reads one block per level of the tree and those of the keys
 * that are compared: O(log n). Returns VMS_OK; VMS_ERR_NOT_FOUND; VMS_ERR_CORRUPT (error->position: the block), VMS_ERR_MISSING,
 * VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_bee_get(vms_bee *bee, uint64_t version, vms_slice key, vms_bee_entry *entry, vms_error *error);

/* Append a change to the core, one block, the same bytes as npm's hyperbee 2 (and the plain header before, if it is empty). Putting what is
 * there already appends again; deleting what is not there appends nothing. value.data NULL puts a key without value.
 * Return VMS_OK, VMS_ERR_LIMIT (key and value do not fit into a block), VMS_ERR_CORRUPT, VMS_ERR_IO, VMS_ERR_NOMEM, with the core as it was;
 * VMS_ERR_UNSUPPORTED for a bee on a replica. Algorithm: Hyperbee, doc/ledger-format.md, "Archive". */
VMS_API int vms_bee_put(vms_bee *bee, vms_slice key, vms_slice value, vms_error *error);
VMS_API int vms_bee_del(vms_bee *bee, vms_slice key, vms_error *error);

/* Between begin and end puts and deletes are gathered, seen by vms_bee_get() with version 0, and appended by end together, as npm's
 * batch().flush() does: of every block but the last only what a later one still needs is written, so that the core cut inside of a batch is
 * no version. After a failure of a put or delete in between, or of end, nothing of the batch is appended; abort drops it. A batch may not
 * be nested. If the core was changed meanwhile, end, puts, deletes, and gets with version 0 return VMS_ERR_ARGUMENT. */
VMS_API int vms_bee_batch_begin(vms_bee *bee, vms_error *error);
VMS_API int vms_bee_batch_end(vms_bee *bee, vms_error *error);
VMS_API void vms_bee_batch_abort(vms_bee *bee);

/* Which keys, and in which order. Bounds whose data is NULL are open. */
#define VMS_BEE_REVERSE 1u    /* from the last key to the first    */
#define VMS_BEE_AFTER 2u      /* `from` itself is left out (gt)    */
#define VMS_BEE_THROUGH 4u    /* `to` itself belongs to it (lte)   */
typedef struct vms_bee_range {
  uint32_t size;      /* sizeof(vms_bee_range), set by _INIT          */
  uint32_t flags;     /* VMS_BEE_...                                  */
  vms_slice from, to; /* from <= key < to, if flags say nothing else; borrowed during the call that takes it */
} vms_bee_range;
#define VMS_BEE_RANGE_INIT { sizeof(vms_bee_range), 0, { NULL, 0 }, { NULL, 0 } }

/* A walk in key order over one version; changes made meanwhile are not seen. range may be NULL: everything.
 * Open: VMS_OK or VMS_ERR_NOMEM. Next: VMS_OK with an entry, VMS_ERR_NOT_FOUND at the end; with VMS_ERR_MISSING the cursor stays where it
 * was; VMS_ERR_CORRUPT (also for keys that do not ascend), VMS_ERR_IO, VMS_ERR_NOMEM end it. A cursor is closed before its bee. */
typedef struct vms_bee_cursor vms_bee_cursor;
VMS_API int vms_bee_cursor_open(vms_bee_cursor **cursor, vms_bee *bee, uint64_t version, const vms_bee_range *range, vms_error *error);
VMS_API int vms_bee_cursor_next(vms_bee_cursor *cursor, vms_bee_entry *entry, vms_error *error);
VMS_API void vms_bee_cursor_close(vms_bee_cursor *cursor);

/* The difference between two versions, in key order: what a key was in `older` and is in `newer`; seq 0 where it is not there. Subtrees
 * that both share are not read. As the cursor otherwise; the slices of both entries are valid until the next call. */
typedef struct vms_bee_diff vms_bee_diff;
VMS_API int vms_bee_diff_open(vms_bee_diff **diff, vms_bee *bee, uint64_t older, uint64_t newer, const vms_bee_range *range, vms_error *error);
VMS_API int vms_bee_diff_next(vms_bee_diff *diff, vms_bee_entry *was, vms_bee_entry *is, vms_error *error);
VMS_API void vms_bee_diff_close(vms_bee_diff *diff);

/* The change that block seq (1..version-1) made: its key and value, *deleted 1 if it took the key away (or put it without value inside of
 * a batch: such blocks may look the same). VMS_OK, VMS_ERR_NOT_FOUND (no such block), VMS_ERR_CORRUPT, VMS_ERR_MISSING, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_bee_change(vms_bee *bee, uint64_t seq, vms_bee_entry *entry, int *deleted, vms_error *error);

/* --- a file system: Hyperdrive --------------------------------------------------------------------- */

#define VMS_PATH_LEN_MAX 1024u /* bytes of a normalised path  */
#define VMS_PATH_DEPTH_MAX 64u /* names in a normalised path  */

typedef struct vms_archive vms_archive;

typedef struct vms_archive_options {
  uint32_t size;            /* sizeof(vms_archive_options), set by _INIT                    */
  uint32_t reserved;        /* 0                                                            */
  const vms_env *env;       /* borrowed, outlives the archive; NULL: malloc                 */
  uint64_t files_call_max;  /* bytes that one call may stage; 0 means 16 MiB                */
  uint64_t files_total_max; /* bytes in all files together; 0 means 1 GiB                   */
  uint64_t cache_max;       /* as in vms_bee_options                                        */
  void *origin_context;
  /* Where a change comes from: appends JSON members, each behind a comma (`,"record":{...}`), to the history's entry of the change that
   * made `version`. VMS_OK, or a status that ends the call. NULL: nothing is appended. */
  int (*origin)(void *context, uint64_t version, vms_buffer *json, vms_error *error);
} vms_archive_options;
#define VMS_ARCHIVE_OPTIONS_INIT { sizeof(vms_archive_options), 0, NULL, 0, 0, 0, NULL, NULL }

/* What a record says about the archive. */
typedef struct vms_archive_state {
  uint64_t version;           /* length of the metadata core */
  uint64_t blobs;             /* length of the blobs core    */
  uint8_t hash[VMS_HASH_LEN]; /* BLAKE2b-256 over u64le(version), metadata tree hash, u64le(blobs), blobs tree hash */
} vms_archive_state;

/* Opens the archive on two cores of one journal (borrowed). An empty metadata core gets its header block
 * (appended, not committed). Returns VMS_OK, VMS_ERR_CORRUPT (the header is no Hyperdrive's), or a
 * status of vms_core_read() or vms_core_append(). */
VMS_API int vms_archive_open(vms_archive **archive, vms_core *metadata, vms_core *blobs,
                             const vms_archive_options *options, vms_error *error);
/* Opens an archive on replicas (borrowed), for reading: anybody's drive, whole or in part. Nothing is read yet. Without blobs (NULL) all
 * but contents can be read: those are VMS_ERR_MISSING. Returns VMS_OK, VMS_ERR_ARGUMENT (options) or VMS_ERR_NOMEM. */
VMS_API int vms_archive_open_replica(vms_archive **archive, vms_replica *metadata, vms_replica *blobs,
                                     const vms_archive_options *options, vms_error *error);
/* Releases the archive; staged changes are dropped. Accepts NULL. */
VMS_API void vms_archive_close(vms_archive *archive);

/* The key that a drive's blobs core has: what block 0 names, or derived from the metadata core's manifest. Returns VMS_OK, VMS_ERR_MISSING
 * (block 0 or the manifest is not known yet), VMS_ERR_CORRUPT (no Hyperdrive), VMS_ERR_UNSUPPORTED (no key is named, and a manifest is
 * not there to derive it from), VMS_ERR_IO, VMS_ERR_NOMEM. Source: hyperdrive 13, doc/ledger-format.md, "Archive". */
VMS_API int vms_archive_blobs_key(vms_archive *archive, uint8_t key[VMS_KEY_LEN], vms_error *error);

/* Fills in the state of the archive as appended so far; on replicas as of their newest heads, and blobs that are not there count as empty. */
VMS_API void vms_archive_state_get(const vms_archive *archive, vms_archive_state *state);

/* Begins to stage changes; time_ms becomes their `mtime`. Nothing may be staged already. */
VMS_API void vms_archive_begin(vms_archive *archive, uint64_t time_ms);
/* Appends the staged changes to the cores. Returns VMS_OK or a status of the cores, with all of this commit's
 * blocks dropped again and nothing staged. */
VMS_API int vms_archive_commit(vms_archive *archive, vms_error *error);
/* Drops the staged changes. */
VMS_API void vms_archive_abort(vms_archive *archive);

/* Carries out one file call. Between begin and commit it sees the staged changes and may change files; outside, or with
 * a version, it reads the archive as of that version (0: as appended so far) and refuses changes with ArchiveNotWritableError.
 *
 *   reply  receives what to return or throw; its body is appended to (init it before, free it after).
 *
 * A call that throws has changed nothing, but for one reason: a change that is cut off by request->work_max may be staged in part,
 * and what is staged then has to be dropped.
 *
 * Returns VMS_OK whenever there is a reply, an error to throw included. Otherwise the machinery failed
 * (VMS_ERR_NOMEM, VMS_ERR_IO, VMS_ERR_CORRUPT) and the whole call has to end without a record, or, on replicas,
 * VMS_ERR_MISSING: fetch what vms_archive_trace() told and call again. Calls: doc/ledger-format.md, "File calls". */
VMS_API int vms_archive_call(vms_archive *archive, const vms_file_request *request, vms_file_reply *reply,
                             vms_error *error);

/* From now on `trace` is told which blocks are needed, before they are read, whether they are here or not: of core 0 (metadata) or 1
 * (blobs), from..to-1, perhaps several times. NULL: no more. The function may not call this archive. */
VMS_API void vms_archive_trace(vms_archive *archive, void (*trace)(void *context, uint32_t core, uint64_t from, uint64_t to), void *context);

/* What is at a path. */
enum { VMS_ENTRY_FILE = 1, VMS_ENTRY_FOLDER = 2, VMS_ENTRY_LINK = 3 };
typedef struct vms_archive_entry {
  uint32_t kind;         /* VMS_ENTRY_...                                                                       */
  uint32_t executable;   /* 1 or 0                                                                              */
  uint64_t seq;          /* the metadata block that holds the entry; 0: a folder only because something lies in it */
  uint64_t size, mtime;  /* bytes; milliseconds, 0 if nobody wrote one                                          */
  uint64_t block_offset, block_count, byte_offset; /* where the contents lie in the blobs core                  */
} vms_archive_entry;

/* The entry at a path, as of a version (0: as appended so far); staged changes are not seen. path is normalised as a file call's.
 * Returns VMS_OK, VMS_ERR_NOT_FOUND (no such path or version), VMS_ERR_FORM (no path), VMS_ERR_CORRUPT, VMS_ERR_MISSING, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_archive_find(vms_archive *archive, uint64_t version, vms_slice path, vms_archive_entry *entry, vms_error *error);
/* Appends where a symbolic link leads to, as its writer put it: any text, of which nothing is followed. As vms_archive_find();
 * VMS_ERR_ARGUMENT (not a link). */
VMS_API int vms_archive_link(vms_archive *archive, uint64_t version, vms_slice path, vms_buffer *target, vms_error *error);
/* Appends at most len bytes of a file from `offset` on to `bytes`, fewer at its end; only the blocks that hold them are read, and no more
 * than these bytes and one block are in memory. As vms_archive_find(); VMS_ERR_ARGUMENT (not a file), VMS_ERR_UNSUPPORTED (a block map). */
VMS_API int vms_archive_read(vms_archive *archive, uint64_t version, vms_slice path, uint64_t offset, uint64_t len, vms_buffer *bytes,
                             vms_error *error);

/* Writes one file in pieces, for owners of cores (not inside of begin and commit). Whole blocks of 64 KiB are appended to the blobs core as they
 * fill, so that the file may be larger than memory if the journal is committed meanwhile; the entry follows with finish. Between open
 * and finish nothing else may be appended to the blobs core. What was written to a file that is never finished stays in the blobs
 * core, named by nothing, unless the journal is rolled back. */
typedef struct vms_archive_writer vms_archive_writer;
/* VMS_OK and a writer to close; VMS_ERR_FORM (no path), VMS_ERR_ARGUMENT (the root, a folder is there, a file or link is where a folder would
 * hold it), VMS_ERR_UNSUPPORTED (on replicas), VMS_ERR_LIMIT (adding up the sizes of others' files takes too much), VMS_ERR_CORRUPT, VMS_ERR_IO,
 * VMS_ERR_NOMEM. What lay at the path stays until finish. */
VMS_API int vms_archive_writer_open(vms_archive_writer **writer, vms_archive *archive, vms_slice path, vms_error *error);
/* VMS_OK, VMS_ERR_LIMIT (files_total_max; nothing of these bytes was taken), VMS_ERR_ARGUMENT (the blobs core was changed or rolled back
 * meanwhile), or a status of vms_core_append(), after which only close is left. */
VMS_API int vms_archive_writer_append(vms_archive_writer *writer, const void *bytes, size_t len, vms_error *error);
/* Appends what is left and the entry; time_ms is its mtime. flags: 0 or VMS_ARCHIVE_EXECUTABLE. As append; other entries may have
 * changed since open, so that here, too, a file has to be possible at the path and to fit: otherwise as open, or VMS_ERR_LIMIT. */
#define VMS_ARCHIVE_EXECUTABLE 1u
VMS_API int vms_archive_writer_finish(vms_archive_writer *writer, uint32_t flags, uint64_t time_ms, vms_error *error);
/* Accepts NULL. A writer is closed before its archive. */
VMS_API void vms_archive_writer_close(vms_archive_writer *writer);

#ifdef __cplusplus
}
#endif

#endif

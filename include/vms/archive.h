/* SPDX-License-Identifier: MIT */
/* vms/archive.h - a file system with history on two cores (a Hyperdrive): the metadata core is a
 * Hyperbee of paths, the blobs core holds the contents. File calls are those of DatArchive.
 *
 * Changes are staged between begin and commit: seen by the file calls in between, by nobody else.
 * Commit appends them to the cores (blobs first, then one metadata block per changed path); when they
 * become durable is the journal's matter. Formats: doc/ledger-format.md, "Archive".
 *
 * Threads: an archive belongs to the thread of its cores' journal.
 */
#ifndef VMS_ARCHIVE_H
#define VMS_ARCHIVE_H

#include "vms/base.h"
#include "vms/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VMS_PATH_LEN_MAX 1024u /* bytes of a normalised path  */
#define VMS_PATH_DEPTH_MAX 64u /* names in a normalised path  */

typedef struct vms_archive vms_archive;

typedef struct vms_archive_options {
  uint32_t size;            /* sizeof(vms_archive_options), set by _INIT                    */
  uint32_t reserved;        /* 0                                                            */
  const vms_env *env;       /* borrowed, outlives the archive; NULL: malloc                 */
  uint64_t files_call_max;  /* bytes that one call may stage; 0 means 16 MiB                */
  uint64_t files_total_max; /* bytes in all files together; 0 means 1 GiB                   */
} vms_archive_options;
#define VMS_ARCHIVE_OPTIONS_INIT { sizeof(vms_archive_options), 0, NULL, 0, 0 }

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
/* Releases the archive; staged changes are dropped. Accepts NULL. */
VMS_API void vms_archive_close(vms_archive *archive);

/* Fills in the state of the archive as appended so far. */
VMS_API void vms_archive_state_get(const vms_archive *archive, vms_archive_state *state);

/* Begins to stage changes; time_ms becomes their `mtime`. Nothing may be staged already. */
VMS_API void vms_archive_begin(vms_archive *archive, uint64_t time_ms);
/* Appends the staged changes to the cores. Returns VMS_OK or a status of the cores, with all of this commit's
 * blocks dropped again and nothing staged. */
VMS_API int vms_archive_commit(vms_archive *archive, vms_error *error);
/* Drops the staged changes. */
VMS_API void vms_archive_abort(vms_archive *archive);

/* Carries out one file call. Between begin and commit it sees the staged changes and may change files; outside, or with
 * request->version != 0, it reads the archive as of that version (0: as appended so far) and refuses changes with
 * NotWritableError.
 *
 *   reply  receives what to return or throw; its body is appended to (init it before, free it after).
 *
 * Returns VMS_OK whenever there is a reply, an error to throw included. Otherwise the machinery failed
 * (VMS_ERR_NOMEM, VMS_ERR_IO, VMS_ERR_CORRUPT) and the whole call has to end without a record. */
VMS_API int vms_archive_call(vms_archive *archive, const vms_file_request *request, vms_file_reply *reply,
                             vms_error *error);

#ifdef __cplusplus
}
#endif

#endif

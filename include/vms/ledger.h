/* SPDX-License-Identifier: MIT */
/* vms/ledger.h - append-only, signed logs of byte blocks (Hypercore 11), several in one journal.
 *
 * A core is one log; its signed head commits to every block before it. A journal is one append-only
 * file that holds the blocks and heads of a few cores, so that blocks appended to several cores
 * become durable together or not at all. Formats: doc/ledger-format.md.
 *
 * Threads: a journal and its cores belong to one thread at a time, but for vms_commit_write().
 */
#ifndef VMS_LEDGER_H
#define VMS_LEDGER_H

#include "vms/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VMS_HASH_LEN 32u      /* BLAKE2b-256 */
#define VMS_KEY_LEN 32u       /* core keys and Ed25519 public keys */
#define VMS_SEED_LEN 32u      /* Ed25519 seeds */
#define VMS_SIGNATURE_LEN 64u /* a bare Ed25519 signature */
#define VMS_ENVELOPE_LEN 68u  /* a one-signer signature as Hypercore stores and sends it */
#define VMS_MANIFEST_LEN 70u  /* the default one-signer manifest, version 1 */
#define VMS_BLOCK_LEN_MAX (15u << 20) /* bytes in one block; npm's writer refuses larger ones */
#define VMS_JOURNAL_CORES_MAX 8u

/* --- keys and signatures -------------------------------------------------------------------- */

/* Derives the Ed25519 public key of a seed (RFC 8032). */
VMS_API void vms_key_public(const uint8_t seed[VMS_SEED_LEN], uint8_t public_key[VMS_KEY_LEN]);
/* Derives an independent seed from a master seed: BLAKE2b-256 keyed with the seed over `purpose`
 * (NUL-terminated). */
VMS_API void vms_key_derive(const uint8_t seed[VMS_SEED_LEN], const char *purpose, uint8_t derived[VMS_SEED_LEN]);
/* Signs len bytes with Ed25519. */
VMS_API void vms_sign(const uint8_t seed[VMS_SEED_LEN], const void *bytes, size_t len,
                      uint8_t signature[VMS_SIGNATURE_LEN]);
/* Returns 1 if the signature is valid as libsodium's crypto_sign_verify_detached decides it, else 0. */
VMS_API int vms_verify(const uint8_t public_key[VMS_KEY_LEN], const void *bytes, size_t len,
                       const uint8_t signature[VMS_SIGNATURE_LEN]);

/* --- manifests and heads -------------------------------------------------------------------- */

/* Writes the default manifest of a public key (one signer, DEFAULT_NAMESPACE). */
VMS_API void vms_manifest_default(const uint8_t public_key[VMS_KEY_LEN], uint8_t manifest[VMS_MANIFEST_LEN]);
/* Writes the manifest of the blobs core that belongs to a Hyperdrive's metadata core. */
VMS_API void vms_manifest_blobs(const uint8_t metadata_manifest[VMS_MANIFEST_LEN], uint8_t manifest[VMS_MANIFEST_LEN]);
/* The core key: a hash of the manifest. */
VMS_API void vms_manifest_key(const uint8_t manifest[VMS_MANIFEST_LEN], uint8_t key[VMS_KEY_LEN]);

/* A signed head. Plain memory. */
typedef struct vms_head {
  uint64_t length;                     /* blocks */
  uint64_t fork;                       /* always 0 in what libvms writes */
  uint8_t tree_hash[VMS_HASH_LEN];
  uint8_t signature[VMS_ENVELOPE_LEN]; /* the wire envelope */
  uint8_t manifest[VMS_MANIFEST_LEN];
} vms_head;

/* Checks that the manifest is a default or blobs manifest whose hash is `key`, and that the signature is
 * the manifest's signer's over (key, tree hash, length, fork).
 * Returns VMS_OK, or VMS_ERR_FOREIGN (the manifest is not key's), VMS_ERR_FORM or VMS_ERR_SIGNATURE. */
VMS_API int vms_head_verify(const vms_head *head, const uint8_t key[VMS_KEY_LEN], vms_error *error);

/* --- a journal -------------------------------------------------------------------------------- */

typedef struct vms_journal vms_journal;
typedef struct vms_core vms_core; /* belongs to its journal */
typedef struct vms_commit vms_commit;

#define VMS_JOURNAL_READ_ONLY 1u /* never writes; a torn tail is passed over, not cut off */

typedef struct vms_journal_options {
  uint32_t size;      /* sizeof(vms_journal_options), set by _INIT */
  uint32_t flags;     /* VMS_JOURNAL_... */
  const vms_env *env; /* borrowed, outlives the journal; NULL: malloc */
} vms_journal_options;
#define VMS_JOURNAL_OPTIONS_INIT { sizeof(vms_journal_options), 0, NULL }

/* Makes a new journal with `count` (1..VMS_JOURNAL_CORES_MAX) empty cores on an empty storage.
 *
 *   storage    borrowed, outlives the journal. Written and synced before returning.
 *   manifests  count manifests, copied; the core keys follow from them.
 *
 * Returns VMS_OK and a journal to close, or VMS_ERR_EXISTS (the storage is not empty), VMS_ERR_IO,
 * VMS_ERR_FULL, VMS_ERR_NOMEM. Format: doc/ledger-format.md, "Journal". */
VMS_API int vms_journal_create(vms_journal **journal, const vms_storage *storage,
                               const uint8_t (*manifests)[VMS_MANIFEST_LEN], uint32_t count,
                               const vms_journal_options *options, vms_error *error);

/* Opens a journal: reads every frame, checks every checksum, rebuilds offsets and tree nodes.
 * A torn tail (the writer died in a write) is cut off, unless read-only. Heads are verified.
 *
 * Returns VMS_OK, or VMS_ERR_CORRUPT with error->position = the damaged byte offset (bytes that are
 * wrong and not a torn tail), VMS_ERR_UNSUPPORTED (another version), VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_journal_open(vms_journal **journal, const vms_storage *storage,
                             const vms_journal_options *options, vms_error *error);

/* Releases the journal. What was appended and not committed is dropped. A writable journal whose commits
 * all succeeded is marked as closed cleanly. Accepts NULL. */
VMS_API void vms_journal_close(vms_journal *journal);

/* Gives core number `index` the seed that signs its heads (copied). Needed before a commit that signs.
 * Returns VMS_OK or VMS_ERR_FOREIGN if the seed's public key is not the one in the core's manifest. */
VMS_API int vms_journal_signer(vms_journal *journal, uint32_t index, const uint8_t seed[VMS_SEED_LEN],
                               vms_error *error);

VMS_API uint32_t vms_journal_count(const vms_journal *journal);
/* Returns core number `index` (0..count-1). */
VMS_API vms_core *vms_journal_core(vms_journal *journal, uint32_t index);
/* Returns how many bytes behind the last whole frame were cut off or passed over when opening. */
VMS_API uint64_t vms_journal_torn(const vms_journal *journal);

/* --- a core --------------------------------------------------------------------------------- */

VMS_API void vms_core_key(const vms_core *core, uint8_t key[VMS_KEY_LEN]);
VMS_API void vms_core_manifest(const vms_core *core, uint8_t manifest[VMS_MANIFEST_LEN]);
/* Blocks, those not committed yet included. */
VMS_API uint64_t vms_core_length(const vms_core *core);
/* Sum of the sizes of the first `length` blocks. length <= vms_core_length(). */
VMS_API uint64_t vms_core_byte_length(const vms_core *core, uint64_t length);

/* Appends one block in memory; it becomes durable with the next commit.
 *   data, len  the block, copied; 0..VMS_BLOCK_LEN_MAX bytes.
 *   seq        receives its number, counted from 0; may be NULL.
 * Returns VMS_OK, or VMS_ERR_LIMIT, VMS_ERR_NOMEM, VMS_ERR_IO (an earlier commit failed, or the
 * journal is read-only) with the core unchanged. */
VMS_API int vms_core_append(vms_core *core, const void *data, size_t len, uint64_t *seq, vms_error *error);

/* Appends block number seq's bytes to `block`. Verified against its leaf hash before it is returned.
 * Returns VMS_OK, VMS_ERR_NOT_FOUND (seq >= length), VMS_ERR_CORRUPT, VMS_ERR_IO or VMS_ERR_NOMEM. */
VMS_API int vms_core_read(vms_core *core, uint64_t seq, vms_buffer *block, vms_error *error);

/* The tree hash of the first `length` blocks; length <= vms_core_length(). */
VMS_API void vms_core_tree_hash(const vms_core *core, uint64_t length, uint8_t hash[VMS_HASH_LEN]);

/* The newest durable signed head. Returns VMS_OK, or VMS_ERR_NOT_FOUND if nothing was signed yet. */
VMS_API int vms_core_head(const vms_core *core, vms_head *head, vms_error *error);

/* Takes a head signed elsewhere (a downloaded core): verifies it against this core's key and blocks.
 * Returns VMS_OK, or as vms_head_verify(), or VMS_ERR_NOT_FOUND (blocks are missing: head->length is
 * above the core's), or VMS_ERR_CORRUPT (the blocks give another tree hash). */
VMS_API int vms_core_set_head(vms_core *core, const vms_head *head, vms_error *error);

/* --- commits --------------------------------------------------------------------------------- */

/* A mark to return to: the lengths of all cores. */
typedef struct vms_journal_mark { uint64_t lengths[VMS_JOURNAL_CORES_MAX]; } vms_journal_mark;
VMS_API void vms_journal_mark_take(const vms_journal *journal, vms_journal_mark *mark);
/* Drops every block appended since the mark; none of them may be in a commit already. Cannot fail. */
VMS_API void vms_journal_rollback(vms_journal *journal, const vms_journal_mark *mark);

#define VMS_COMMIT_SIGN 1u    /* sign the heads of all cores and store them in the same frame */
#define VMS_COMMIT_NO_SYNC 2u /* write, but do not wait for the disk; not together with SIGN */

/* Packs every block appended since the last commit into one frame. One commit may be under way at a time;
 * blocks appended while it is belong to the next one and can be read meanwhile.
 *
 *   flags   VMS_COMMIT_...
 *   commit  receives the commit, or NULL if there is nothing to do.
 *
 * Returns VMS_OK; VMS_ERR_NOMEM (nothing changed); VMS_ERR_IO (an earlier commit failed). */
VMS_API int vms_journal_commit_begin(vms_journal *journal, uint32_t flags, vms_commit **commit, vms_error *error);

/* Writes the frame and, unless NO_SYNC, syncs. May run on another thread while the journal is used, since it
 * touches nothing but the commit and the storage's `write` and `sync`. Returns VMS_OK, VMS_ERR_IO, VMS_ERR_FULL. */
VMS_API int vms_commit_write(vms_commit *commit, vms_error *error);

/* Ends a commit with the status of vms_commit_write(); releases it. With VMS_OK its heads are the published
 * ones from here on. After VMS_ERR_FULL the frame is taken back off the storage and its blocks stay
 * appended: commit again when there is room, or roll back to what is durable with
 * vms_journal_drop_pending(). After any other failure what reached the disk is unknown: appends are
 * refused until the journal is opened again. */
VMS_API void vms_journal_commit_end(vms_journal *journal, vms_commit *commit, int status);

/* The three in a row. */
VMS_API int vms_journal_commit(vms_journal *journal, uint32_t flags, vms_error *error);

/* Drops all blocks that are not in a successful commit. No commit may be under way. */
VMS_API void vms_journal_drop_pending(vms_journal *journal);

#ifdef __cplusplus
}
#endif

#endif

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
/* The discovery key, which names a core on the wire without giving its key away: BLAKE2b of "hypercore" keyed with the core key.
 * `discovery` may be the key itself. */
VMS_API void vms_discovery_key(const uint8_t key[VMS_KEY_LEN], uint8_t discovery[VMS_KEY_LEN]);

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
  uint32_t size;            /* sizeof(vms_journal_options), set by _INIT */
  uint32_t flags;           /* VMS_JOURNAL_... */
  const vms_env *env;       /* borrowed, outlives the journal; NULL: malloc */
  const vms_storage *index; /* borrowed, outlives the journal; where tree nodes and offsets are kept, so that opening need not read every
                               block: derived data, never synced, rebuilt when missing, stale, damaged or another journal's; whatever
                               else lies there is overwritten. Read-only, it is used and never written. NULL: none */
} vms_journal_options;
#define VMS_JOURNAL_OPTIONS_INIT { sizeof(vms_journal_options), 0, NULL, NULL }

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

/* Opens a journal: reads every frame, checks every checksum, rebuilds offsets and tree nodes. With an index that fits only what lies
 * behind it is read; damage before that shows when a block is read. A torn tail (the writer died in a write) is cut off, unless
 * read-only. Heads are verified. Read-only, a journal may be opened while another process writes it, and so may a copy of
 * its file that was made meanwhile: it ends where the copy is not whole any more (vms_journal_torn() > 0).
 *
 * Returns VMS_OK, or VMS_ERR_CORRUPT with error->position = the damaged byte offset (bytes that are
 * wrong and not a torn tail; for writing, also a copy that is not whole), VMS_ERR_UNSUPPORTED (another version),
 * VMS_ERR_IO, VMS_ERR_NOMEM. Format: doc/ledger-format.md, "Opening", "Index", "Backup". */
VMS_API int vms_journal_open(vms_journal **journal, const vms_storage *storage,
                             const vms_journal_options *options, vms_error *error);

/* Releases the journal. What was appended and not committed is dropped. A writable journal whose commits
 * all succeeded is marked as closed cleanly and gives back the room that was made ahead. Accepts NULL. */
VMS_API void vms_journal_close(vms_journal *journal);

/* Gives core number `index` the seed that signs its heads (copied). Needed before a commit that signs.
 * Returns VMS_OK or VMS_ERR_FOREIGN if the seed's public key is not the one in the core's manifest. */
VMS_API int vms_journal_signer(vms_journal *journal, uint32_t index, const uint8_t seed[VMS_SEED_LEN],
                               vms_error *error);

VMS_API uint32_t vms_journal_count(const vms_journal *journal);
/* Returns core number `index` (0..count-1). */
VMS_API vms_core *vms_journal_core(vms_journal *journal, uint32_t index);
/* Returns how many bytes behind the last whole frame were cut off or passed over when opening. Zeros up to the end of the
 * file are room made ahead and do not count. */
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

/* The newest published head: signed and durable, or taken by vms_core_set_head(). Returns VMS_OK, or VMS_ERR_NOT_FOUND if nothing was signed yet. */
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
 * touches nothing but the commit and the storage's `write`, `truncate` and `sync`. Returns VMS_OK, VMS_ERR_IO, VMS_ERR_FULL. */
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

/* --- following a core -------------------------------------------------------------------------- */

/* Somebody who wants to know when a core's newer head was published, that is, is durable. Plain memory of the caller's. */
typedef struct vms_subscription {
  struct vms_subscription *next, **link; /* the library's */
  void *context;
  /* Runs inside vms_journal_commit_end() or vms_core_set_head(), after the head is in place; must not close the journal. */
  void (*published)(void *context, vms_core *core);
} vms_subscription;
/* From now on until vms_core_unsubscribe() or the end of the journal the function is called, once for every newer head of this core.
 *
 *   subscription  for one core, once; context and published are set; lives until then. The function may subscribe and unsubscribe whomever it likes.
 *
 * All heads of a commit are in place before anybody is told. Cannot fail. */
VMS_API void vms_core_subscribe(vms_core *core, vms_subscription *subscription);
/* Fine to call after the journal was closed, too. */
VMS_API void vms_core_unsubscribe(vms_subscription *subscription);

/* --- any Hypercore's manifests and signatures --------------------------------------------------- */

#define VMS_SIGNATURE_LEN_MAX 4096u /* bytes of an envelope with several signers */
#define VMS_MANIFEST_LEN_MAX 4096u  /* bytes of a manifest                       */

/* Reads a manifest of any version that Hypercore 11 knows (0, 1, 2; one or several signers) and gives the key that belongs to it.
 * Returns VMS_OK, VMS_ERR_FORM (no manifest; trailing bytes count) or VMS_ERR_UNSUPPORTED (a hash or signature type other than BLAKE2b
 * and Ed25519, a later version, more than 32 signers, more than VMS_MANIFEST_LEN_MAX bytes). Format: Hypercore 11, doc/replication.md,
 * "Manifests". */
VMS_API int vms_manifest_read(const void *manifest, size_t len, uint8_t key[VMS_KEY_LEN], vms_error *error);

/* Checks a signature as Hypercore stores and sends it over (length, fork, tree hash).
 *
 *   manifest, manifest_len  the core's manifest; length 0 stands for a compat core, whose key is its signer's public key.
 *
 * A core of at most its manifest's prologue needs no signature, but the prologue's length and tree hash.
 *
 * Returns VMS_OK, VMS_ERR_FOREIGN (the manifest is not key's), VMS_ERR_FORM, VMS_ERR_SIGNATURE, VMS_ERR_UNSUPPORTED (as
 * vms_manifest_read(); patches; static cores of manifest version 0). */
VMS_API int vms_signature_check(const uint8_t key[VMS_KEY_LEN], const void *manifest, size_t manifest_len,
                                const uint8_t tree_hash[VMS_HASH_LEN], uint64_t length, uint64_t fork, const void *signature,
                                size_t signature_len, vms_error *error);

/* --- the tree of a core, in parts -------------------------------------------------------------------- */

/* A node of Hypercore's flat tree: block n is the leaf 2n, a parent's number lies between those of its children. Plain memory. */
typedef struct vms_node {
  uint64_t index;
  uint64_t size;                /* bytes in the blocks below it */
  uint8_t hash[VMS_HASH_LEN];
} vms_node;

/* Gives the largest node that begins with block `from` and ends before block `to`; from < to <= vms_core_length(). Returns how many blocks
 * lie below it: the next one begins behind them. With other lengths in place of `to` a walk cuts the tree where it is wanted cut. */
VMS_API uint64_t vms_core_subtree(const vms_core *core, uint64_t from, uint64_t to, vms_node *node);

/* Gives a node below the core's length, VMS_OK, or VMS_ERR_NOT_FOUND (it reaches beyond). */
VMS_API int vms_core_node(const vms_core *core, uint64_t index, vms_node *node);

/* The leaf of a block: from 0..VMS_BLOCK_LEN_MAX bytes and its number. */
VMS_API void vms_node_leaf(uint64_t seq, const void *block, size_t len, vms_node *node);

#define VMS_COVER_LENGTH_MAX ((UINT64_C(1) << 53) - 1) /* blocks, and bytes in them */
#define VMS_COVER_ROOTS_MAX 54u

/* The tree over the blocks that the nodes pushed so far cover, left to right. Plain memory; all zero is the empty one.
 *
 * What a node hides is proved by a signed tree hash above it, with one exception: of two siblings that came as they are their parent proves
 * but the sum of the sizes. That is no matter until the tree is cut between them: see vms_cover_judge(). */
typedef struct vms_cover {
  uint64_t length;  /* blocks                                                               */
  uint64_t bytes;   /* in them, if the nodes say the truth                                  */
  uint32_t proved;  /* 1: the last root's hash proves its size                              */
  uint32_t count;   /* of roots                                                             */
  vms_node roots[VMS_COVER_ROOTS_MAX]; /* the full roots of `length` blocks, left to right  */
} vms_cover;

/* Adds the node that begins with block cover->length; hostile. `proved`: 1 if its hash is known to prove its size (vms_node_leaf()).
 * Returns VMS_OK, or VMS_ERR_FORM with the cover as it was (another place, more than VMS_COVER_LENGTH_MAX blocks or bytes, a node that no
 * tree over the blocks so far has). */
VMS_API int vms_cover_push(vms_cover *cover, const vms_node *node, int proved, vms_error *error);

/* The tree hash of the blocks covered so far. */
VMS_API void vms_cover_tree_hash(const vms_cover *cover, uint8_t hash[VMS_HASH_LEN]);

/* Whether a tree hash is that of the blocks of `cut`, a copy of a cover as it was, whose walk went on to a tree hash that is known to be right.
 *
 *   next  the node that was pushed behind the cut, NULL if there was none.
 *
 * If bytes can have been moved between the two nodes at the cut, all ways to share them out are tried.
 * Returns 1: it is, with some sizes that fit. 0: it is not, whatever the sizes are. -1: cannot tell, since there are over 16 MiB of them. */
VMS_API int vms_cover_judge(const vms_cover *cut, const vms_node *next, const uint8_t hash[VMS_HASH_LEN]);

/* --- proofs ------------------------------------------------------------------------------------------ */

/* What a proof shall hold: the numbers of Hypercore's `request` message. */
#define VMS_PROOF_BLOCK 1u    /* a block */
#define VMS_PROOF_HASH 2u     /* a tree node */
#define VMS_PROOF_SEEK 4u     /* the block that holds a byte */
#define VMS_PROOF_UPGRADE 8u  /* a longer head */
#define VMS_PROOF_MANIFEST 16u

typedef struct vms_proof_request {
  uint32_t flags;           /* VMS_PROOF_...                                                          */
  uint32_t reserved;        /* 0                                                                      */
  uint64_t id;              /* echoed in the proof                                                    */
  uint64_t fork;            /* must be the core's                                                     */
  uint64_t block_index;     /* counts blocks                                                          */
  uint64_t block_nodes;     /* how many levels above the leaf the asker knows a node; 0: the leaf     */
  uint64_t hash_index;      /* a number in the flat tree                                              */
  uint64_t hash_nodes;      /* as block_nodes                                                         */
  uint64_t seek_bytes;      /* offset in the core's bytes                                             */
  uint64_t seek_padding;    /* bytes in front of each block that do not count; 0 unless encrypted     */
  uint64_t upgrade_start;   /* the asker's length                                                     */
  uint64_t upgrade_length;  /* how many blocks further                                                */
} vms_proof_request;

/* A request as bytes (the payload of Hypercore's `request` message) and back. write: VMS_OK or VMS_ERR_NOMEM; read: VMS_OK or VMS_ERR_FORM. */
VMS_API int vms_proof_request_write(vms_buffer *bytes, const vms_proof_request *request);
VMS_API int vms_proof_request_read(const void *bytes, size_t len, vms_proof_request *request, vms_error *error);

/* Appends the proof that answers a request, as of the newest published head: the payload of Hypercore's `data` message, byte for byte
 * what npm's hypercore sends.
 * Returns VMS_OK; VMS_ERR_NOT_FOUND (no head yet, another fork, a block beyond the head); VMS_ERR_ARGUMENT (a request that has no
 * answer); VMS_ERR_CORRUPT or VMS_ERR_IO (the block cannot be read); VMS_ERR_NOMEM. Nothing is appended then. */
VMS_API int vms_core_prove(vms_core *core, const vms_proof_request *request, vms_buffer *proof, vms_error *error);

/* --- a core fed only by proofs: the downloader -------------------------------------------------------- */

/* A replica is a core of which nothing is known but its key: whatever it holds was proved to it.
 *
 * With a core, blocks are appended to that in order, and the head is given to it (vms_core_set_head()) whenever all blocks under it are
 * there; committing is the caller's business, now and then while it goes on. What lies under the core's own head is trusted, blocks
 * behind it are only once a proof has connected them to a newer head. Such a head may be shorter than what is stored: then
 * the blocks behind it wait for a longer one. A journal's cores have fork 0 and an envelope of VMS_ENVELOPE_LEN bytes: a peer that proves
 * anything else gives VMS_ERR_UNSUPPORTED. In memory the first head decides on the fork, and one of another fork gives
 * VMS_ERR_UNSUPPORTED from then on. */
typedef struct vms_replica vms_replica;

#define VMS_REPLICA_BLOCK_COST 128u /* bytes that a block counts beside its own, so that empty ones are not free */

#define VMS_REPLICA_SPARSE 1u /* hold only what vms_replica_want() names; else everything, in order */

typedef struct vms_replica_options {
  uint32_t size;          /* sizeof(vms_replica_options), set by _INIT                                                 */
  uint32_t flags;         /* VMS_REPLICA_...                                                                           */
  const vms_env *env;     /* borrowed, outlives the replica; NULL: malloc                                              */
  vms_core *core;         /* borrowed: where blocks go, in order; its key must be the replica's. It may hold blocks of an
                             earlier download: they are checked before they count. NULL: memory. Not with SPARSE         */
  const void *manifest;   /* if it is known already; copied                                                            */
  size_t manifest_len;
  uint64_t bytes_max;     /* most bytes of blocks taken, 128 more for each; 0: 16 GiB with a core, 64 MiB in memory.
                             Unless SPARSE, a head over more is refused at once                                         */
  uint64_t length_max;    /* blocks from this number on are not wanted, however long the head is; 0: all. Not with SPARSE  */
} vms_replica_options;
#define VMS_REPLICA_OPTIONS_INIT { sizeof(vms_replica_options), 0, NULL, NULL, NULL, 0, 0, 0 }

/* Returns VMS_OK and a replica to close, VMS_ERR_ARGUMENT, VMS_ERR_FOREIGN (core or manifest is another key's), VMS_ERR_NOMEM. */
VMS_API int vms_replica_open(vms_replica **replica, const uint8_t key[VMS_KEY_LEN], const vms_replica_options *options,
                             vms_error *error);
VMS_API void vms_replica_close(vms_replica *replica);

VMS_API void vms_replica_key(const vms_replica *replica, uint8_t key[VMS_KEY_LEN]);
/* Blocks under the newest proved head, its fork and its tree hash; 0 before the first. */
VMS_API uint64_t vms_replica_length(const vms_replica *replica);
VMS_API uint64_t vms_replica_fork(const vms_replica *replica);
VMS_API void vms_replica_tree_hash(const vms_replica *replica, uint8_t hash[VMS_HASH_LEN]);
/* The manifest (empty: compat, or not known yet) and the signature of the newest head, as on the wire; borrowed until the next feed. */
VMS_API vms_slice vms_replica_manifest(const vms_replica *replica);
VMS_API vms_slice vms_replica_signature(const vms_replica *replica);
/* How many blocks from the first on are here, and whether a block is. */
VMS_API uint64_t vms_replica_contiguous(const vms_replica *replica);
VMS_API int vms_replica_has(const vms_replica *replica, uint64_t seq);
/* 1 once every block under the newest head is here (or every one that is wanted: length_max, SPARSE). */
VMS_API int vms_replica_is_complete(const vms_replica *replica);
/* Appends a block's bytes. VMS_OK, VMS_ERR_NOT_FOUND (not here), VMS_ERR_CORRUPT, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_replica_read(vms_replica *replica, uint64_t seq, vms_buffer *block, vms_error *error);

/* Wants blocks from..to-1 (half open; to may lie beyond the head). Does nothing unless SPARSE. VMS_OK, VMS_ERR_LIMIT (more than 4096 ranges
 * that do not touch) or VMS_ERR_NOMEM. */
VMS_API int vms_replica_want(vms_replica *replica, uint64_t from, uint64_t to, vms_error *error);
/* on 0: asks for no longer head from now on, so that what is being fetched stays fixed; 1 (as it starts): follows. */
VMS_API void vms_replica_follow(vms_replica *replica, int on);

/* Verifies a proof (the payload of a `data` message) and takes over what it shows; changes nothing unless all of it holds.
 * Returns VMS_OK; VMS_ERR_FORM, VMS_ERR_SIGNATURE, VMS_ERR_FOREIGN, VMS_ERR_CORRUPT (a hash that does not fit): the proof is wrong or
 * cannot be judged with what is known here; VMS_ERR_EXISTS: blocks that lie in the given core are not those under the signed head;
 * VMS_ERR_LIMIT (bytes_max); VMS_ERR_UNSUPPORTED; VMS_ERR_IO, VMS_ERR_NOMEM (of the core too: what was proved may be taken already). A block
 * that is not wanted, or too far ahead to be held back, is checked and left. Verification: Hypercore 11, doc/replication.md, "Proofs". */
VMS_API int vms_replica_feed(vms_replica *replica, const void *proof, size_t len, vms_error *error);

/* --- replication: Hypercore's protocol as a sans-I/O session -------------------------------------------- */

/* One end of one connection: Noise, secretstream, protomux, hypercore/alpha. It opens no socket and reads no clock: whoever owns
 * the connection feeds what arrives and sends what comes out. Serves cores, downloads into replicas, both at once.
 * Threads: belongs to the thread of the journals that it serves. Protocol: doc/replication.md. */
typedef struct vms_replication vms_replication;

#define VMS_REPLICATION_INITIATOR 1u /* the side that connected */

typedef struct vms_replication_options {
  uint32_t size;           /* sizeof(vms_replication_options), set by _INIT                                           */
  uint32_t flags;          /* VMS_REPLICATION_...                                                                     */
  const vms_env *env;      /* memory, and entropy, which it must have; outlives the session                           */
  uint64_t output_len_max; /* above this no more input is handled; 0: 1 MiB                                           */
  uint32_t frame_len_max;  /* largest frame taken; 0: 64 KiB, and 16 MiB while something is being downloaded          */
  uint32_t channels_max;   /* cores at once; 0: 64                                                                    */
  void *context;
  /* The core with this discovery key, borrowed as long as the session lives, or NULL: the peer may learn it if it knows its key.
   * NULL: serves nothing. */
  vms_core *(*find)(void *context, const uint8_t discovery_key[VMS_KEY_LEN]);
} vms_replication_options;
#define VMS_REPLICATION_OPTIONS_INIT { sizeof(vms_replication_options), 0, NULL, 0, 0, 0, NULL, NULL }

/* Returns VMS_OK and a session to free, VMS_ERR_ARGUMENT, VMS_ERR_IO (entropy), VMS_ERR_NOMEM. */
VMS_API int vms_replication_new(vms_replication **session, const vms_replication_options *options, vms_error *error);
VMS_API void vms_replication_free(vms_replication *session);

/* Takes what arrived (copied) and handles it. Returns VMS_OK; VMS_ERR_REMOTE (the peer broke the protocol or proved something false:
 * the message says what; drop the connection once what is pending was sent); VMS_ERR_FOREIGN (the peer proved, by valid signatures, that
 * a core to be downloaded has another history than the replica's head: the signer signed both); a status of vms_replica_feed() that is
 * no fault of the peer (VMS_ERR_EXISTS, VMS_ERR_LIMIT, VMS_ERR_IO, VMS_ERR_NOMEM). After a failure every call gives it again; take still moves what
 * was to be sent before. */
VMS_API int vms_replication_feed(vms_replication *session, const void *bytes, size_t len, vms_error *error);
/* Moves what is to be sent to the end of `bytes` and goes on with input that waited for room. As vms_replication_feed(). */
VMS_API int vms_replication_take(vms_replication *session, vms_buffer *bytes, vms_error *error);
VMS_API uint64_t vms_replication_pending(const vms_replication *session); /* bytes that take would give   */
VMS_API int vms_replication_wants_read(const vms_replication *session);   /* 0: read no more for now      */
VMS_API int vms_replication_is_open(const vms_replication *session);      /* 1: the handshake is done     */
VMS_API uint32_t vms_replication_channels(const vms_replication *session); /* cores being exchanged       */

/* Begins downloading into a replica (borrowed until the session is freed or vms_replication_stop()); several at once are fine, and
 * one replica may be fed by several sessions of one thread; when one of them was freed or stopped, vms_replication_update() makes the others
 * ask for what it left open. VMS_OK, VMS_ERR_EXISTS (already), VMS_ERR_LIMIT (channels_max), VMS_ERR_NOMEM. */
VMS_API int vms_replication_download(vms_replication *session, vms_replica *replica, vms_error *error);
VMS_API void vms_replication_stop(vms_replication *session, vms_replica *replica);
/* What the peer said of a replica's core, 1 if it said anything: its length. 0: it has not opened it (or does not have it). */
VMS_API int vms_replication_peer_length(const vms_replication *session, const vms_replica *replica, uint64_t *length);

/* Tells the peer about heads published since (a live append), asks for what replicas came to want. VMS_OK, VMS_ERR_NOMEM. */
VMS_API int vms_replication_update(vms_replication *session, vms_error *error);
/* Sends an empty message, which keeps a quiet connection alive; npm does so every 5 s. VMS_OK, VMS_ERR_NOMEM. */
VMS_API int vms_replication_keepalive(vms_replication *session, vms_error *error);

#ifdef __cplusplus
}
#endif

#endif

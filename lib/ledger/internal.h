/* SPDX-License-Identifier: MIT */
/* What the files of lib/ledger share, and the cryptography that it lends upward (vms__crypto_*). */
#ifndef VMS_LEDGER_INTERNAL_H
#define VMS_LEDGER_INTERNAL_H

#include "lib/base/internal.h"
#include "vms/ledger.h"

/* --- cryptography (crypto.c; libsodium is known there and in stream.c only) ----------------------------------- */

/* BLAKE2b-256 of one, two or three pieces laid end to end. */
void vms__crypto_hash(const void *bytes, size_t len, uint8_t hash[VMS_HASH_LEN]);
void vms__crypto_hash2(const void *a, size_t a_len, const void *b, size_t b_len, uint8_t hash[VMS_HASH_LEN]);
void vms__crypto_hash3(const void *a, size_t a_len, const void *b, size_t b_len, const void *c, size_t c_len,
                       uint8_t hash[VMS_HASH_LEN]);
/* BLAKE2b-256 with a key of 16..64 bytes. */
void vms__crypto_hash_keyed(const void *key, size_t key_len, const void *bytes, size_t len,
                            uint8_t hash[VMS_HASH_LEN]);
/* True if some number from 0 to `last`, as a u64 behind these bytes, gives this hash. What stands in front is hashed once. */
bool vms__crypto_hash_end(const void *bytes, size_t len, uint64_t last, const uint8_t hash[VMS_HASH_LEN]);
/* Compares secrets: takes the same time whatever differs. */
bool vms__crypto_equal(const void *a, const void *b, size_t len);
/* A checksum of pieces laid end to end, several times as fast as a hash: Poly1305 (RFC 8439). The key is for these bytes alone. */
void vms__crypto_sum(const uint8_t key[32], const vms_slice *parts, size_t count, uint8_t sum[16]);

/* --- numbers in files: little endian ---------------------------------------------------------- */

static inline void vms__put_u32(uint8_t *p, uint32_t n) {
  for (unsigned i = 0; i < 4; i++) p[i] = (uint8_t)(n >> 8 * i);
}
static inline void vms__put_u64(uint8_t *p, uint64_t n) {
  for (unsigned i = 0; i < 8; i++) p[i] = (uint8_t)(n >> 8 * i);
}
static inline uint32_t vms__get_u32(const uint8_t *p) {
  uint32_t n = 0;
  for (unsigned i = 0; i < 4; i++) n |= (uint32_t)p[i] << 8 * i;
  return n;
}
static inline uint64_t vms__get_u64(const uint8_t *p) {
  uint64_t n = 0;
  for (unsigned i = 0; i < 8; i++) n |= (uint64_t)p[i] << 8 * i;
  return n;
}

/* --- the flat tree (tree.c): leaves have even numbers, parents sit between their children -------- */

#define VMS__ROOTS_MAX 64u /* one per one-bit of a length */

typedef vms_node vms__node;

unsigned vms__tree_depth(uint64_t index);
uint64_t vms__tree_offset(uint64_t index); /* how many nodes of its depth lie to its left */
uint64_t vms__tree_parent(uint64_t index);
uint64_t vms__tree_sibling(uint64_t index);
uint64_t vms__tree_left_child(uint64_t index);  /* depth > 0 */
uint64_t vms__tree_right_child(uint64_t index); /* depth > 0 */
uint64_t vms__tree_left_span(uint64_t index);   /* first leaf below */
uint64_t vms__tree_right_span(uint64_t index);  /* last leaf below  */
/* Block m completes its leaf and one parent for every trailing one bit of m. How many nodes `length` blocks complete, and the
 * place of a node in the order of completion: a list of nodes in that order only ever grows at its end. */
uint64_t vms__tree_count(uint64_t length);
uint64_t vms__tree_position(uint64_t index);
/* The full roots of the first `length` blocks, left to right; returns how many. */
unsigned vms__tree_roots(uint64_t length, uint64_t roots[VMS__ROOTS_MAX]);

void vms__tree_leaf(const void *block, size_t len, uint8_t hash[VMS_HASH_LEN]);
/* `hash` may be one of the children. */
void vms__tree_pair(uint64_t size, const uint8_t left[VMS_HASH_LEN], const uint8_t right[VMS_HASH_LEN],
                    uint8_t hash[VMS_HASH_LEN]);
/* What a tree hash is the hash of; returns its length. */
#define VMS__TREE_TEXT_MAX (1 + VMS__ROOTS_MAX * (VMS_HASH_LEN + 16))
size_t vms__tree_text(const vms__node *roots, unsigned count, uint8_t text[VMS__TREE_TEXT_MAX]);
void vms__tree_hash(const vms__node *roots, unsigned count, uint8_t hash[VMS_HASH_LEN]);

/* --- manifests and signatures (head.c) ----------------------------------------------------------- */

#define VMS__SIGNABLE_LEN 112u
#define VMS__NAMESPACE_LEN 32u

/* H(H(name) || id), as Hypercore and Hyperdrive make their namespaces. */
void vms__namespace(const char *name, uint8_t id, uint8_t space[VMS__NAMESPACE_LEN]);
/* What is signed under a manifest of version 1. */
void vms__head_signable(const uint8_t key[VMS_KEY_LEN], const uint8_t tree_hash[VMS_HASH_LEN], uint64_t length,
                        uint64_t fork, uint8_t signable[VMS__SIGNABLE_LEN]);
void vms__head_sign(const uint8_t secret[VMS__SECRET_LEN], const uint8_t key[VMS_KEY_LEN], vms_head *head);
/* The key of the blobs core that belongs to a Hyperdrive whose metadata core has this manifest. VMS_OK; VMS_ERR_FORM; VMS_ERR_UNSUPPORTED
 * (there is none: no manifest, len 0, or one of version 0; and as vms_manifest_read()). manifest.c */
int vms__manifest_blobs_key(vms_slice manifest, uint8_t key[VMS_KEY_LEN], vms_error *error);
/* The public key in a manifest. */
static inline const uint8_t *vms__manifest_signer(const uint8_t *manifest) {
  return manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN;
}

/* --- cores and the journal ----------------------------------------------------------------------- */

/* A core's blocks come in three ages: [0, durable) lie in the storage, [durable, flying) in the frame that is
 * being written (or that found no room), [flying, length) in the journal's buffer of pending blocks. */
struct vms_core {
  vms_journal *journal;
  uint32_t index;
  uint8_t key[VMS_KEY_LEN], manifest[VMS_MANIFEST_LEN];
  uint64_t length, flying, durable;
  uint8_t (*nodes)[VMS_HASH_LEN]; /* in the order in which they were completed: vms__tree_position() */
  uint64_t *ends;                 /* bytes in blocks 0..i                                */
  uint64_t *places;               /* where block i's bytes start: storage or buffer      */
  size_t nodes_capacity, ends_capacity, places_capacity;
  bool has_secret, has_head;
  bool head_foreign; /* came by vms_core_set_head()          */
  bool head_stored;  /* the head is in a frame in the storage */
  uint8_t secret[VMS__SECRET_LEN];
  vms_head head;         /* published, if has_head */
  vms_head stored;       /* the newest in the storage; length 0: none */
  vms_subscription *subscriptions;
  uint64_t cuts;          /* how often blocks were dropped: their numbers may stand for others now */
  uint64_t cached_length; /* UINT64_MAX: nothing cached */
  uint8_t cached_hash[VMS_HASH_LEN];
};

#define VMS__SALT_LEN 16u
#define VMS__CHECKSUM_LEN 16u
#define VMS__FRAME_HEADER_LEN 80u
#define VMS__BLOCK_PREFIX_LEN 8u /* core, length */
#define VMS__FRAME_HEAD_LEN (8u + VMS_ENVELOPE_LEN)

#define VMS__MEMO_LEN 48u

/* What is kept of the index (index.c). Its storage holds whole segments in [0, len), of which the last ends where the journal's
 * byte `covered` begins. */
typedef struct vms__index {
  const vms_storage *storage; /* NULL: there is none */
  uint64_t len, covered, number; /* number: of the next segment */
  uint64_t lengths[VMS_JOURNAL_CORES_MAX]; /* blocks of each core before `covered` */
  uint64_t step_blocks;
  uint64_t due_blocks, due_end; /* the next segment is written when there are so many blocks or the journal ends there */
  uint8_t root[VMS__CHECKSUM_LEN];  /* checksum of the journal's header                       */
  uint8_t chain[VMS__CHECKSUM_LEN]; /* header checksum of the last segment; before the first: root */
  uint8_t memo[VMS__MEMO_LEN]; /* vms__journal_memo() */
  bool trim; /* something else lies behind len */
} vms__index;

struct vms_journal {
  const vms_env *env;
  const vms_storage *storage;
  uint32_t count;
  bool read_only, broken, closed; /* closed: the last frame says so */
  uint8_t salt[VMS__SALT_LEN];
  uint64_t header_len;
  uint64_t end;       /* where the next frame goes               */
  uint64_t synced;    /* everything before it is known durable   */
  uint64_t sequence;  /* of the last frame                       */
  uint64_t room;      /* length of the storage: behind the end lie zeros */
  uint64_t room_from; /* no room is made ahead before the end is here: the disk was full */
  uint64_t torn;
  struct { /* the last data frame, which a segment of the index is bound to */
    uint64_t offset, end, sequence;
    uint8_t checksum[VMS__CHECKSUM_LEN]; /* of its header */
  } last;
  vms__index index;
  vms_buffer pending;  /* room for a frame header, then blocks; empty if there are none */
  vms_buffer returned; /* the same, of a commit that found no room                      */
  vms_buffer spare;    /* of the commit before, for the one after this                  */
  vms_commit *commit;  /* the one under way */
  vms_core cores[VMS_JOURNAL_CORES_MAX];
};

struct vms_commit {
  const vms_storage *storage;
  vms_buffer frame; /* empty: nothing to write, only to sync */
  uint64_t offset;
  uint8_t *zeros; /* to be written behind the frame, so that later syncs need not write the file's length */
  size_t zeros_len;
  bool zeros_failed;
  uint32_t flags;
  bool has_head[VMS_JOURNAL_CORES_MAX];
  vms_head heads[VMS_JOURNAL_CORES_MAX];
};

/* A frame's header as it stands in the file (journal.c). */
typedef struct vms__frame {
  uint64_t sequence, payload_len, synced;
  uint32_t kind, flags, blocks;
  uint8_t checksum[VMS__CHECKSUM_LEN];        /* of the payload and its padding */
  uint8_t header_checksum[VMS__CHECKSUM_LEN];
} vms__frame;
enum { VMS__FRAME_DATA = 1, VMS__FRAME_CLOSED = 2 };
enum { VMS__FRAME_HEADS = 1 };

static inline uint64_t vms__pad8(uint64_t len) { return (len + 7) & ~UINT64_C(7); } /* len < 2^64 - 7 */

/* Fills in the header of a frame whose payload stands behind it and pads the whole. */
int vms__frame_seal(const vms_journal *journal, vms_buffer *frame, uint32_t kind, uint32_t flags, uint32_t blocks);

/* Reads and checks the frame at `offset`, whose sequence number has to be `sequence`. Its payload replaces the contents of `payload`.
 * *whole: it is there, unharmed; else only that it is bad is known. VMS_OK, VMS_ERR_IO, VMS_ERR_NOMEM. */
int vms__frame_load(const vms_journal *journal, uint64_t offset, uint64_t file_len, uint64_t sequence, vms__frame *frame,
                    vms_buffer *payload, bool *whole, vms_error *error);
/* The first bytes of the hash keyed with the journal's salt. */
void vms__journal_checksum(const vms_journal *journal, const void *bytes, size_t len, uint8_t sum[VMS__CHECKSUM_LEN]);
/* Checksum of a payload, for which the header in front of it, up to where the checksum stands, gives the key. */
void vms__payload_checksum(const uint8_t salt[VMS__SALT_LEN], const uint8_t *header, size_t header_len, const vms_slice *parts, size_t count,
                           uint8_t sum[VMS__CHECKSUM_LEN]);
/* Remembers the data frame at `offset`, which ends at journal->end: the last one. */
void vms__journal_note(vms_journal *journal, uint64_t offset, const uint8_t checksum[VMS__CHECKSUM_LEN]);
/* A core's newest stored head as frames and the index hold it: length, envelope; zeros if there is none. */
void vms__head_pack(const vms_head *head, bool has_head, uint8_t bytes[VMS__FRAME_HEAD_LEN]);
void vms__head_unpack(vms_core *core, const uint8_t bytes[VMS__FRAME_HEAD_LEN]);
/* Calls whoever subscribed to the core. */
void vms__core_notify(vms_core *core);

/* Fills cores, end and sequence from the index, if it fits the journal; else leaves them as they were. VMS_OK or VMS_ERR_NOMEM. */
int vms__index_load(vms_journal *journal, uint64_t index_len, uint64_t file_len, vms_error *error);
/* Makes the index describe nothing. */
void vms__index_forget(vms_journal *journal);
/* Appends a segment if one is due (when closing, if it is worth it) and everything up to the last data frame is durable. Failing is
 * harmless: the next opening takes longer. */
void vms__index_save(vms_journal *journal, bool closing);

/* Adds a block's leaf and the parents that it completes; its bytes start at `place`. Returns VMS_OK or
 * VMS_ERR_NOMEM with the core unchanged. */
int vms__core_push(vms_core *core, const void *data, size_t len, uint64_t place);
/* A complete node below the current length; false if the node reaches beyond. */
bool vms__core_node(const vms_core *core, uint64_t index, vms__node *node);
/* How many bytes lie before a block, if the sizes of the nodes to its left are proved here: they are, once the block is. replica.c */
bool vms__replica_byte_offset(const vms_replica *replica, uint64_t seq, uint64_t *offset);
/* Derived data of whoever owns the cores, which finds it again when the journal is opened with its index: as it was when some segment was
 * written, perhaps of blocks that were never committed; zeros where there is none. */
static inline uint8_t *vms__journal_memo(vms_journal *journal) { return journal->index.memo; }
/* The journal that a core belongs to. */
static inline vms_journal *vms__core_journal(const vms_core *core) { return core->journal; }
/* Who keeps blocks of a core compares this with what it was. */
static inline uint64_t vms__core_cuts(const vms_core *core) { return core->cuts; }

#endif

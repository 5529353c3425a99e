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
/* Ed25519 with a key expanded once: half the work of vms_sign(). */
void vms__crypto_wipe(void *bytes, size_t len);                   /* not optimised away */

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

typedef struct vms__node {
  uint64_t index; /* in the flat tree          */
  uint64_t size;  /* bytes in the blocks below */
  uint8_t hash[VMS_HASH_LEN];
} vms__node;

unsigned vms__tree_depth(uint64_t index);
uint64_t vms__tree_offset(uint64_t index); /* how many nodes of its depth lie to its left */
uint64_t vms__tree_parent(uint64_t index);
uint64_t vms__tree_sibling(uint64_t index);
uint64_t vms__tree_left_child(uint64_t index);  /* depth > 0 */
uint64_t vms__tree_right_child(uint64_t index); /* depth > 0 */
uint64_t vms__tree_left_span(uint64_t index);   /* first leaf below */
uint64_t vms__tree_right_span(uint64_t index);  /* last leaf below  */
/* The full roots of the first `length` blocks, left to right; returns how many. */
unsigned vms__tree_roots(uint64_t length, uint64_t roots[VMS__ROOTS_MAX]);

void vms__tree_leaf(const void *block, size_t len, uint8_t hash[VMS_HASH_LEN]);
/* `hash` may be one of the children. */
void vms__tree_pair(uint64_t size, const uint8_t left[VMS_HASH_LEN], const uint8_t right[VMS_HASH_LEN],
                    uint8_t hash[VMS_HASH_LEN]);
void vms__tree_hash(const vms__node *roots, unsigned count, uint8_t hash[VMS_HASH_LEN]);

/* --- manifests and signatures (head.c) ----------------------------------------------------------- */

#define VMS__SIGNABLE_LEN 112u
#define VMS__NAMESPACE_LEN 32u

/* H(H(name) || id), as Hypercore and Hyperdrive make their namespaces. */
void vms__namespace(const char *name, uint8_t id, uint8_t space[VMS__NAMESPACE_LEN]);
/* BLAKE2b of "hypercore" keyed with the core key: names a core on the wire. */
void vms__discovery_key(const uint8_t key[VMS_KEY_LEN], uint8_t discovery[VMS_KEY_LEN]);
/* What is signed under a manifest of version 1. */
void vms__head_signable(const uint8_t key[VMS_KEY_LEN], const uint8_t tree_hash[VMS_HASH_LEN], uint64_t length,
                        uint64_t fork, uint8_t signable[VMS__SIGNABLE_LEN]);
void vms__head_sign(const uint8_t secret[VMS__SECRET_LEN], const uint8_t key[VMS_KEY_LEN], vms_head *head);
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
  uint8_t (*nodes)[VMS_HASH_LEN]; /* by flat-tree number; complete nodes only are valid */
  uint64_t *ends;                 /* bytes in blocks 0..i                                */
  uint64_t *places;               /* where block i's bytes start: storage or buffer      */
  size_t nodes_capacity, ends_capacity, places_capacity;
  bool has_secret, has_head;
  bool head_foreign; /* came by vms_core_set_head()          */
  bool head_stored;  /* the head is in a frame in the storage */
  uint8_t secret[VMS__SECRET_LEN];
  vms_head head;         /* published, if has_head */
  uint64_t cached_length; /* UINT64_MAX: nothing cached */
  uint8_t cached_hash[VMS_HASH_LEN];
};

#define VMS__SALT_LEN 16u
#define VMS__FRAME_HEADER_LEN 80u
#define VMS__BLOCK_PREFIX_LEN 8u /* core, length */
#define VMS__FRAME_HEAD_LEN (8u + VMS_ENVELOPE_LEN)

struct vms_journal {
  const vms_env *env;
  const vms_storage *storage;
  uint32_t count;
  bool read_only, broken, closed; /* closed: the last frame says so */
  uint8_t salt[VMS__SALT_LEN];
  uint64_t end;      /* where the next frame goes               */
  uint64_t synced;   /* everything before it is known durable   */
  uint64_t sequence; /* of the last frame                       */
  uint64_t torn;
  vms_buffer pending;  /* room for a frame header, then blocks; empty if there are none */
  vms_buffer returned; /* the same, of a commit that found no room                      */
  vms_commit *commit;  /* the one under way */
  vms_core cores[VMS_JOURNAL_CORES_MAX];
};

struct vms_commit {
  const vms_storage *storage;
  vms_buffer frame; /* empty: nothing to write, only to sync */
  uint64_t offset;
  uint32_t flags;
  bool has_head[VMS_JOURNAL_CORES_MAX];
  vms_head heads[VMS_JOURNAL_CORES_MAX];
};

/* A frame's header as it stands in the file (journal.c). */
typedef struct vms__frame {
  uint64_t sequence, payload_len, synced;
  uint32_t kind, flags, blocks;
  uint8_t checksum[16]; /* of the payload and its padding */
} vms__frame;
enum { VMS__FRAME_DATA = 1, VMS__FRAME_CLOSED = 2 };
enum { VMS__FRAME_HEADS = 1 };

static inline uint64_t vms__pad8(uint64_t len) { return (len + 7) & ~UINT64_C(7); } /* len < 2^64 - 7 */

/* Fills in the header of a frame whose payload stands behind it and pads the whole. */
int vms__frame_seal(const vms_journal *journal, vms_buffer *frame, uint32_t kind, uint32_t flags, uint32_t blocks);

/* Adds a block's leaf and the parents that it completes; its bytes start at `place`. Returns VMS_OK or
 * VMS_ERR_NOMEM with the core unchanged. */
int vms__core_push(vms_core *core, const void *data, size_t len, uint64_t place);
/* A complete node below the current length; false if the node reaches beyond. */
bool vms__core_node(const vms_core *core, uint64_t index, vms__node *node);
/* The journal that a core belongs to. */
static inline vms_journal *vms__core_journal(const vms_core *core) { return core->journal; }

#endif

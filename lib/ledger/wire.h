/* SPDX-License-Identifier: MIT */
/* Hypercore's bytes: compact-encoding, the messages of replication (wire.c), manifests of every version (manifest.c). */
#ifndef VMS_LEDGER_WIRE_H
#define VMS_LEDGER_WIRE_H

#include "internal.h"

/* --- compact-encoding ------------------------------------------------------------------------------ */

/* A cursor over bytes from outside. A read that does not fit sets bad and gives 0, NULL or an empty slice from then on: check once, at the end. */
typedef struct vms__reader {
  const uint8_t *at;
  size_t left;
  bool bad;
} vms__reader;

static inline vms__reader vms__reader_over(const void *bytes, size_t len) { return (vms__reader){ bytes, len, false }; }
uint64_t vms__read_uint(vms__reader *reader);                 /* above 2^53-1 is bad */
const uint8_t *vms__read_fixed(vms__reader *reader, size_t len);
vms_slice vms__read_buffer(vms__reader *reader);              /* uint length, bytes */

/* Each appends and returns VMS_OK or VMS_ERR_NOMEM. */
int vms__write_uint(vms_buffer *out, uint64_t n);             /* the shortest form */
int vms__write_buffer(vms_buffer *out, const void *bytes, size_t len);
int vms__write_node(vms_buffer *out, const vms__node *node);
size_t vms__uint_len(uint64_t n);                             /* bytes that vms__write_uint() takes */

/* --- lists of nodes: left encoded until somebody walks them ------------------------------------------- */

#define VMS__PROOF_NODES_MAX 1024u /* in one list; an honest proof needs at most some 200 */

typedef struct vms__node_list {
  vms__reader nodes; /* the first is next */
  size_t count;
} vms__node_list;
vms__node_list vms__read_nodes(vms__reader *reader);          /* array of node, every one checked; too many is bad */
bool vms__next_node(vms__node_list *list, vms__node *node);   /* false at the end */

/* --- messages of hypercore/alpha ------------------------------------------------------------------------ */

enum {
  VMS__MSG_SYNC = 0, VMS__MSG_REQUEST = 1, VMS__MSG_CANCEL = 2, VMS__MSG_DATA = 3, VMS__MSG_NO_DATA = 4, VMS__MSG_WANT = 5,
  VMS__MSG_UNWANT = 6, VMS__MSG_BITFIELD = 7, VMS__MSG_RANGE = 8, VMS__MSG_EXTENSION = 9
};
enum { VMS__SYNC_CAN_UPGRADE = 1, VMS__SYNC_UPLOADING = 2, VMS__SYNC_DOWNLOADING = 4, VMS__SYNC_HAS_MANIFEST = 8, VMS__SYNC_ALLOW_PUSH = 16 };
enum { VMS__NO_DATA_MISSING = 1, VMS__NO_DATA_INVALID = 2 };

typedef struct vms__handshake_core { bool seeks; uint8_t capability[32]; } vms__handshake_core; /* payload of a channel's open */
typedef struct vms__sync { uint32_t flags; uint64_t fork, length, remote_length; } vms__sync;
typedef struct vms__no_data { uint64_t id, reason; } vms__no_data;          /* reason 0: none given */
typedef struct vms__want { uint64_t start, length; bool any; } vms__want;
typedef struct vms__bitfield { uint64_t start; vms_slice words; } vms__bitfield; /* words: 4 bytes each, little endian, unaligned */
typedef struct vms__range { bool drop; uint64_t start, length; } vms__range;

/* A data message taken apart; slices and lists point into it. */
typedef struct vms__proof {
  uint32_t flags;             /* VMS_PROOF_... */
  uint64_t id, fork;
  uint64_t block_index;
  vms_slice block;
  vms__node_list block_nodes;
  uint64_t hash_index;
  vms__node_list hash_nodes;
  uint64_t seek_bytes;
  vms__node_list seek_nodes;
  uint64_t upgrade_start, upgrade_length;
  vms__node_list upgrade_nodes, additional_nodes;
  vms_slice signature;
  vms_slice manifest;         /* encoded, of a form that manifest.c knows */
} vms__proof;

/* Payloads without channel and type. Readers ignore trailing bytes, as they must, and return false for what does not fit. */
bool vms__handshake_core_read(vms__reader *reader, vms__handshake_core *message);
bool vms__sync_read(vms__reader *reader, vms__sync *message);
bool vms__proof_read(vms__reader *reader, vms__proof *message);
bool vms__no_data_read(vms__reader *reader, vms__no_data *message);
bool vms__want_read(vms__reader *reader, vms__want *message);
bool vms__bitfield_read(vms__reader *reader, vms__bitfield *message);
bool vms__range_read(vms__reader *reader, vms__range *message);
int vms__handshake_core_write(vms_buffer *out, const vms__handshake_core *message);
int vms__sync_write(vms_buffer *out, const vms__sync *message);
int vms__no_data_write(vms_buffer *out, const vms__no_data *message);
int vms__want_write(vms_buffer *out, const vms__want *message);
int vms__range_write(vms_buffer *out, const vms__range *message);
/* vms_proof_request_write() and _read() of vms/ledger.h are in wire.c too (request, priority skipped). proof.c writes data messages. */

/* --- manifests --------------------------------------------------------------------------------------------- */

#define VMS__SIGNERS_MAX 32u

typedef struct vms__manifest {
  uint32_t version;      /* 0, 1, 2 */
  bool is_static;        /* version 0, type 0: static_hash alone; others: signers */
  bool bare;             /* its signature is 64 bare bytes: version 0, one signer, no patch */
  bool allow_patch, has_prologue;
  const uint8_t *static_hash, *prologue_hash;
  uint64_t prologue_length, quorum;
  size_t count;          /* signers */
  struct { const uint8_t *space, *public_key; } signers[VMS__SIGNERS_MAX];
} vms__manifest;
/* Reads one manifest, pointing into the bytes; the reader stands behind it then. VMS_OK, VMS_ERR_FORM, VMS_ERR_UNSUPPORTED. */
int vms__manifest_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error);
/* H(MANIFEST || bytes). */
void vms__manifest_hash(const void *manifest, size_t len, uint8_t key[VMS_KEY_LEN]);

#endif

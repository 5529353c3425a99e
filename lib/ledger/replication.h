/* SPDX-License-Identifier: MIT */
/* What replication is made of, from the wire up: stream.c (Noise and secretstream), mux.c (protomux), proof.c, verify.c and replica.c
 * (what is exchanged), upload.c, download.c and replication.c (channels). */
#ifndef VMS_LEDGER_REPLICATION_H
#define VMS_LEDGER_REPLICATION_H

#include "wire.h"

/* --- stream.c: an encrypted stream of messages over a stream of bytes ------------------------------------ */

#define VMS__FRAME_OVERHEAD 20u         /* bytes a message takes more on the wire: length and authentication */
#define VMS__STREAM_FRAME_MAX 0xffffffu /* what three bytes of length can say */
#define VMS__MESSAGE_MAX (VMS__STREAM_FRAME_MAX - 17u)

typedef struct vms__stream vms__stream;
/* All randomness comes from env's entropy, in this order: seed of the static key (32 bytes), seed of the ephemeral key (32), header of
 * secretstream (24). VMS_OK and a stream to free; VMS_ERR_ARGUMENT (env has no entropy), VMS_ERR_IO (it failed), VMS_ERR_NOMEM. */
int vms__stream_new(vms__stream **stream, bool initiator, const vms_env *env, vms_error *error);
void vms__stream_free(vms__stream *stream);
/* Takes bytes (copied). VMS_OK, VMS_ERR_NOMEM. They are handled by vms__stream_next(). */
int vms__stream_feed(vms__stream *stream, const void *bytes, size_t len);
/* Gives the next message, valid until the next feed or next; *message.data NULL if there is none yet. Empty messages (keepalives) are swallowed.
 * Does the handshake on the way. frame_max: frames of more bytes (behind the length, 17 more than the message) are refused before they are gathered.
 * VMS_OK; VMS_ERR_REMOTE with a reason (not this protocol, a frame that does not decrypt, too long); VMS_ERR_NOMEM. After a failure only free is allowed. */
int vms__stream_next(vms__stream *stream, uint32_t frame_max, vms_slice *message, vms_error *error);
/* Encrypts and queues one message, given in two pieces that are laid end to end (of at most VMS__MESSAGE_MAX bytes together; none: a keepalive). The
 * stream must be open. VMS_OK, or VMS_ERR_NOMEM with nothing changed. */
int vms__stream_send(vms__stream *stream, vms_slice head, vms_slice body);
/* True once messages can be sent: both sides' keys are known. The peer's first message may still be on its way. */
bool vms__stream_is_open(const vms__stream *stream);
const uint8_t *vms__stream_handshake_hash(const vms__stream *stream); /* 64 bytes, once open */
vms_buffer *vms__stream_output(vms__stream *stream);                  /* what is to be sent; the owner takes it out */
size_t vms__stream_held(const vms__stream *stream);                   /* bytes of input that were not handled yet */

/* --- mux.c: protomux ---------------------------------------------------------------------------------------- */

/* Channels are counted by the sender: each side knows a channel by its own number and by the peer's. The mux keeps the pairs, unpacks batches and
 * answers opens that nobody wants with a reject; what a channel means is the owner's business. */
typedef struct vms__mux vms__mux;

typedef struct vms__mux_events {
  void *context;
  /* The peer opened (protocol, id). `local` is our own number if we had opened the same pair, else 0: then the owner may call vms__mux_open() with the same
   * pair from inside to accept, or leave it: it is rejected. handshake: the rest of the open message. */
  int (*opened)(void *context, uint32_t local, vms_slice protocol, vms_slice id, vms_slice handshake, vms_error *error);
  /* A message of an open channel, known by our number. */
  int (*message)(void *context, uint32_t local, uint64_t type, vms_slice payload, vms_error *error);
  /* The peer closed or rejected it: our number is free again. */
  int (*closed)(void *context, uint32_t local, vms_error *error);
} vms__mux_events; /* each returns VMS_OK, or a status that ends the session */

int vms__mux_new(vms__mux **mux, vms__stream *stream, const vms__mux_events *events, uint32_t channels_max, const vms_env *env, vms_error *error);
void vms__mux_free(vms__mux *mux);
/* Opens a channel; *local receives its number, 1.. VMS_OK, VMS_ERR_LIMIT, VMS_ERR_NOMEM. */
int vms__mux_open(vms__mux *mux, vms_slice protocol, vms_slice id, vms_slice handshake, uint32_t *local, vms_error *error);
/* True once both sides opened it. */
bool vms__mux_is_open(const vms__mux *mux, uint32_t local);
int vms__mux_close(vms__mux *mux, uint32_t local); /* no event follows */
/* Sends a message: type, then the payload in one or two pieces. VMS_OK, VMS_ERR_NOMEM. */
int vms__mux_send(vms__mux *mux, uint32_t local, uint64_t type, vms_slice payload);
/* Handles one message of the stream. VMS_OK, VMS_ERR_REMOTE with a reason, VMS_ERR_NOMEM, or what an event returned. */
int vms__mux_handle(vms__mux *mux, vms_slice message, vms_error *error);

/* --- proof.c and verify.c -------------------------------------------------------------------------------------- */

/* Where a proof's nodes and block come from. */
typedef struct vms__proof_source {
  void *context;
  bool (*node)(void *context, uint64_t index, vms__node *node); /* false: not here */
  int (*block)(void *context, uint64_t seq, vms_buffer *block, vms_error *error);
  uint64_t length, fork;
  vms_slice signature, manifest; /* manifest empty: a compat core */
} vms__proof_source;
/* As vms_core_prove(), over any source. */
int vms__proof_make(const vms__proof_source *source, const vms_proof_request *request, vms_buffer *proof, vms_error *error);

/* What a verifier knows. */
typedef struct vms__verifier {
  void *context;
  bool (*node)(void *context, uint64_t index, vms__node *node); /* nodes that were verified; false: not here. NULL: none */
  const uint8_t *key;
  vms_slice manifest;       /* empty: not known (yet) */
  uint64_t fork, length;
  vms__node roots[VMS__ROOTS_MAX];
  unsigned root_count;
} vms__verifier;

/* What a good proof shows. */
typedef struct vms__verified {
  vms_buffer nodes;         /* vms__node array: received and computed, all true now */
  bool upgraded;            /* the rest holds then */
  bool new_manifest;        /* the proof's manifest is the key's, and was not known */
  uint64_t length;
  vms__node roots[VMS__ROOTS_MAX];
  unsigned root_count;
  uint8_t tree_hash[VMS_HASH_LEN];
} vms__verified; /* init by vms_buffer_init(&verified.nodes, env); free that */

/* Statuses as vms_replica_feed(). Nothing of the verifier changes. */
int vms__proof_verify(const vms__verifier *verifier, const vms__proof *proof, vms__verified *verified, vms_error *error);

/* --- replica.c, as channels use it -------------------------------------------------------------------------------- */

/* Which blocks a peer says it has. */
typedef struct vms__peer_has {
  void *context;
  bool (*has)(void *context, uint64_t seq);
  uint64_t fork, length; /* by its last sync */
  bool (*lacks)(void *context, uint64_t from, uint64_t to); /* all of these for sure; NULL: nobody knows */
} vms__peer_has;
/* Fills in what to ask that peer next; false if there is nothing now. The request counts as under way (no other peer is asked the same) until
 * its proof was fed or vms__replica_lost() said that none will come. id is the caller's business. Ask again after every feed and lost, and when
 * has() or the peer's length changed. Answers may come in any order; some 64 requests under way give the shortest proofs. */
bool vms__replica_next(vms_replica *replica, const vms__peer_has *peer, vms_proof_request *request);
/* After a false: was the search given up after many blocks? Another call goes on there. */
bool vms__replica_cut(const vms_replica *replica);
/* Harmless for what arrived meanwhile: may be called after every answer, since an answer need not hold what was asked for. */
void vms__replica_lost(vms_replica *replica, const vms_proof_request *request);
/* How many bytes a block may have, by the nearest node above it that is known. seq is below the head. */
uint64_t vms__replica_block_max(const vms_replica *replica, uint64_t seq);
/* Its discovery key. */
const uint8_t *vms__replica_discovery(const vms_replica *replica);

#endif

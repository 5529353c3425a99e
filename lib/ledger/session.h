/* SPDX-License-Identifier: MIT */
/* What a replication session is made of: replication.c (the session and its channels), upload.c (answering), download.c (asking). */
#ifndef VMS_LEDGER_SESSION_H
#define VMS_LEDGER_SESSION_H

#include "replication.h"

/* --- limits ------------------------------------------------------------------------------------------------- */

#define VMS__CHANNEL_QUEUE_MAX 1024u /* unanswered requests of one core; npm's readers have at most 512 under way */
#define VMS__SESSION_QUEUE_MAX 8192u /* of all cores together */
#define VMS__ASKED_MAX 128u          /* our own requests under way, for one core */
#define VMS__ASKED_BYTES (4u << 20)  /* bytes that we expect for them, by the blocks seen so far */
#define VMS__LARGE_LEN (7u << 20)     /* a block that may have more bytes is asked for with care */
#define VMS__CAREFUL 256u            /* answers after the last such block until requests travel in batches again */
#define VMS__REFUSED_MAX 32u         /* blocks, then a peer is left alone; npm's readers do so after as many */
#define VMS__UNASKED_MAX 8u           /* proofs of a conflict that nobody asked for, in one session: each costs a look at signatures */
#define VMS__STRETCH_BITS 21u        /* npm tells of 2^21 blocks at a time what it has */
#define VMS__PAGE_BITS 15u
#define VMS__PAGE_LEN (1u << (VMS__PAGE_BITS - 3)) /* bytes */
#define VMS__PAGES (1u << (VMS__STRETCH_BITS - VMS__PAGE_BITS))
#define VMS__KEPT_LEN (256u << 10)   /* bytes; a buffer that grew beyond that is given back once it is empty */
#define VMS__OUTBOX_LEN (24u << 10)  /* bytes of messages that travel as one; below the frame that a serving peer takes */

/* --- serving -------------------------------------------------------------------------------------------------- */

/* Something to serve: a core or, in tests, whatever pretends to be one. */
typedef struct vms__served {
  void *context;
  uint8_t key[VMS_KEY_LEN];
  vms_slice manifest; /* empty: a compat core */
  uint32_t order;     /* what has a higher one is announced first */
  void (*head)(void *context, uint64_t *length, uint64_t *fork);
  int (*prove)(void *context, const vms_proof_request *request, vms_buffer *proof, vms_error *error); /* as vms_core_prove() */
  void (*tree_hash)(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]);                      /* length <= head's    */
} vms__served;
typedef bool vms__serve_fn(void *context, const uint8_t discovery[VMS_KEY_LEN], vms__served *served); /* false: not here */
/* Asks this instead of the options' find. */
void vms__replication_serve(vms_replication *session, vms__serve_fn *serve, void *context);

/* --- channels --------------------------------------------------------------------------------------------------- */

typedef struct vms__download vms__download;

/* One core on one connection. */
typedef struct vms__channel {
  vms_replication *session;
  uint32_t local; /* its number */
  uint8_t discovery[VMS_KEY_LEN];
  bool open;      /* both sides opened it, the peer's capability is right */
  bool told_any;  /* the first sync was sent */
  bool heard;     /* `peer` is filled in */
  bool due_sync, due_range, due_ask; /* to be done at the end of what is being handled */
  bool deaf;      /* a download was stopped here: late answers are passed over */
  bool serves;
  vms__served served;
  uint64_t told;         /* the length that was announced */
  uint32_t queued;       /* its requests in the session's queue */
  uint32_t cancels;      /* how many of them may still be cancelled */
  uint64_t ids;          /* of requests: so many were given out to downloads that came and went */
  vms__sync peer;        /* its latest */
  vms__download *download; /* NULL: nothing to download here */
} vms__channel;

typedef struct vms__queued {
  vms__channel *channel; /* NULL: cancelled or closed */
  vms_proof_request request;
} vms__queued;

struct vms_replication {
  vms_replication_options options;
  const vms_env *env;
  vms__stream *stream;
  vms__mux *mux;
  vms__serve_fn *serve;
  void *serve_context;
  vms__channel **channels; /* by number; NULL: none */
  size_t channel_capacity;
  uint32_t open_count;
  vms__download **downloads;
  size_t download_count, download_capacity;
  vms_buffer outbox;    /* a batch in the making */
  uint32_t outbox_last; /* the channel of its last message */
  vms_buffer scratch;   /* one message */
  vms__queued *queue;   /* [queue_first, queue_end) wait for room in the output */
  size_t queue_first, queue_end, queue_capacity;
  bool greeted;         /* the handshake was seen to be done */
  bool big_frames;      /* something was to be downloaded once: blocks may come */
  bool due;             /* some channel has something to do */
  /* npm packs its answers to requests of one frame, and what else it sends until they are all there, into one frame of its own: what is
   * there is sent once 8 MiB are, and a block more may be more than a frame can hold. So no frame of ours has two messages while a large block
   * may be under way. */
  uint32_t batched;     /* requests under way that shared a frame */
  uint32_t large;       /* requests under way that may bring a large block: while batched is 0 */
  uint32_t careful;     /* not 0: every message in a frame of its own */
  uint32_t unasked;     /* proofs of a conflict so far */
  bool wake;            /* batched became 0: somebody may have waited for that */
  vms_error failure;    /* status not VMS_OK: how the session ended */
};

/* Sends a message of a channel, in a batch with its neighbours. VMS_OK, VMS_ERR_NOMEM. */
int vms__session_send(vms__channel *channel, uint64_t type, vms_slice payload);
/* Ends the batch. */
int vms__session_flush(vms_replication *session);
/* Is there room for another answer? */
bool vms__session_has_room(const vms_replication *session);
static inline void vms__channel_due(vms__channel *channel, bool sync, bool range, bool ask) {
  channel->due_sync |= sync;
  channel->due_range |= range;
  channel->due_ask |= ask;
  channel->session->due = true;
}
int vms__session_malformed(const char *what, vms_error *error);
int vms__session_unasked(vms_error *error);
int vms__session_nomem(vms_error *error);
/* Does a validly signed head contradict one of ours of the same fork, that is, have its first upgrade_length blocks another tree hash? VMS_ERR_FOREIGN
 * if so, VMS_ERR_REMOTE with a reason if the proof is wrong; VMS_OK, VMS_ERR_NOMEM. The proof's upgrade starts at 0. (download.c) */
int vms__conflict_check(const vms_env *env, const vms__proof *proof, const uint8_t key[VMS_KEY_LEN], vms_slice manifest,
                        const uint8_t tree_hash[VMS_HASH_LEN], vms_error *error);

/* --- upload.c ------------------------------------------------------------------------------------------------------ */

/* The served core as options.find gave it. */
void vms__serve_core(vms_core *core, vms__served *served);
int vms__upload_request(vms__channel *channel, vms_slice payload, vms_error *error);
int vms__upload_cancel(vms__channel *channel, vms_slice payload, vms_error *error);
/* Answers what waits in the queue, as far as there is room. */
int vms__upload_continue(vms_replication *session, vms_error *error);
/* Forgets a channel's requests. */
void vms__upload_drop(vms__channel *channel);

/* --- download.c ---------------------------------------------------------------------------------------------------- */

struct vms__download {
  vms_replica *replica;
  const vms_env *env;
  vms__channel *channel; /* NULL: not open (yet, or the peer does not have it) */
  uint32_t asked_count;
  uint64_t ids;          /* its requests have the numbers behind this one */
  uint32_t block_len;    /* what an answer takes, by those seen so far */
  uint32_t refused_count;
  bool refused_upgrade;  /* since the peer's last news */
  uint64_t agreed;       /* our first so many blocks are the peer's too, as it proved */
  uint64_t checking;     /* a proof of that is under way for so many; 0: none */
  uint8_t checking_hash[VMS_HASH_LEN];
  /* What the peer says it has: so many from the start, and a bitmap of one stretch. */
  uint64_t contiguous, stretch, missed_ahead, missed_behind; /* missed: a stretch where knowing more would help; UINT64_MAX: none */
  bool wanted;           /* stretch was asked for */
  bool news;             /* since we last went back to an earlier stretch */
  uint8_t *pages[VMS__PAGES];
  uint8_t free_slots[VMS__ASKED_MAX]; /* the first VMS__ASKED_MAX - asked_count */
  uint64_t refused[VMS__REFUSED_MAX]; /* blocks that the peer did not give when asked: it is not asked again */
  bool used[VMS__ASKED_MAX], batched[VMS__ASKED_MAX], large[VMS__ASKED_MAX];
  vms_proof_request asked[VMS__ASKED_MAX]; /* id is ids + slot + 1 */
};

vms__download *vms__download_new(vms_replica *replica, const vms_env *env); /* NULL: no memory */
void vms__download_free(vms__download *download);
/* Ties a download to its open channel and unties it: what was under way is lost then. */
void vms__download_attach(vms__download *download, vms__channel *channel);
void vms__download_detach(vms__download *download);
void vms__download_heard(vms__download *download);                          /* a new sync is in channel->peer */
int vms__download_ask(vms__download *download, vms_error *error);
int vms__download_data(vms__download *download, vms_slice payload, vms_error *error);
int vms__download_no_data(vms__download *download, vms_slice payload, vms_error *error);
int vms__download_bitfield(vms__download *download, vms_slice payload, vms_error *error);
int vms__download_range(vms__download *download, vms_slice payload, vms_error *error);

#endif

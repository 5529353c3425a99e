/* SPDX-License-Identifier: MIT */
/* The calls of one service from when they arrive until they are durable: who may wait, whose signature is checked next, who runs next. No
 * socket, no thread, no clock.
 *
 * A call takes one of the queue's slots, and its bytes, until it is durable or refused. Nobody has more than are free: so one connection alone
 * gets half of the slots, two get a third each, and who comes new always finds room. The same holds for keys, which are counted once
 * their signatures were found to fit: nobody fills another's share. Lanes take turns, one call each. Should many lanes
 * together leave nothing, the longest one gives a slot to who has none; and who sent a signature that does not fit has one slot until one
 * fits. */
#ifndef VMS_NET_QUEUE_H
#define VMS_NET_QUEUE_H

#include "lib/base/internal.h"
#include "vms/rpc.h"

typedef struct vms__queue vms__queue;
typedef struct vms__lane vms__lane;

/* UNSURE: there was no memory to check the signature with. */
enum { VMS__CALL_WAITS, VMS__CALL_CHECKING, VMS__CALL_FITS, VMS__CALL_FORGED, VMS__CALL_BUSY, VMS__CALL_UNSURE };

/* One call, with all that its slices point at. */
typedef struct vms__call {
  struct vms__call *next;
  vms__lane *lane;
  uint64_t ticket;
  uint64_t seq;      /* of its record, once it ran */
  uint32_t state;    /* VMS__CALL_... */
  bool is_signed;
  bool counts;       /* towards its key, once the signature fits */
  bool charged;      /* and does */
  bool dropped;      /* whoever asked is gone: it ends with the check */
  uint8_t caller[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_slice request, user, method, params;
  size_t len;        /* of text */
  uint64_t held;     /* bytes of what came of it, which wait with it until its record is durable */
  char text[];
} vms__call;

/* What one connection has in a queue. */
struct vms__lane {
  vms__queue *queue;
  vms_rpc_session *session;     /* NULL: it is gone, nobody waits for answers */
  void *owner;                  /* whose lane it is, for the queue's owner; NULL: likewise */
  vms__lane *next[2];           /* in the rings */
  bool in[2];
  vms__call *first, **end;      /* what waits, in the order in which it came */
  vms__call *unchecked;         /* the first of it whose signature nobody looks at yet */
  uint32_t slots;
  uint64_t bytes;
  bool forged;                  /* the last signature did not fit */
};

typedef struct vms__ring { vms__lane *first, **end; } vms__ring;

/* Bytes of calls, and of what came of those that ran and are not durable yet; of all queues of a host together. */
typedef struct vms__call_bytes { uint64_t used, max, held, held_max; } vms__call_bytes;

struct vms__queue {
  const vms_env *env;
  vms__call_bytes *bytes;
  uint32_t slots, slots_max;
  uint32_t waiting;             /* calls in lanes */
  uint32_t unchecked;           /* of them, those whose signature nobody looks at yet, */
  uint32_t checking;            /* and those whose signature somebody looks at; calls of lanes that are gone included */
  vms__ring rings[2];           /* lanes with signatures to check, and those whose first call can run */
  vms__call *ran, **ran_end;    /* not durable yet, in the order of their records */
  struct vms__key_count **keys; /* a table of lists */
  size_t key_lists;             /* a power of two */
  uint64_t hash_seed;
};

/* seed: unpredictable. VMS_OK or VMS_ERR_NOMEM; after either deinit is fine, once all lanes are dropped and nothing is being checked. */
int vms__queue_init(vms__queue *queue, uint32_t slots_max, vms__call_bytes *bytes, uint64_t seed, const vms_env *env);
void vms__queue_deinit(vms__queue *queue);

vms__lane *vms__lane_new(vms__queue *queue, vms_rpc_session *session, void *owner); /* NULL: no memory */
/* Its connection is gone, and what it asked for but did not run never will. Accepts NULL. */
void vms__lane_drop(vms__lane *lane);
/* Its connection ended in good order, or goes on elsewhere: what it asked for runs, and is answered to nobody. Accepts NULL. */
void vms__lane_leave(vms__lane *lane);

/* Takes a call, copied. counts: it is to have a record under its caller's key, so it counts towards that.
 * VMS_OK, VMS_ERR_LIMIT (busy), VMS_ERR_NOMEM. */
int vms__queue_add(vms__lane *lane, const vms_rpc_call *call, bool counts);
/* Up to max calls whose signatures are to be checked next; each comes back by vms__queue_checked(). */
size_t vms__queue_take(vms__queue *queue, vms__call **calls, size_t max);
/* fits: 1 or 0; -1: there was no memory to find out. */
void vms__queue_checked(vms__queue *queue, vms__call *call, int fits);
/* The call that runs next, or NULL. It comes back by vms__queue_ran(). state: FITS, or why it is refused: FORGED, BUSY, UNSURE. */
vms__call *vms__queue_next(vms__queue *queue);
bool vms__queue_can_run(const vms__queue *queue);
/* recorded: it takes its slot, and call->held bytes, until record `seq`, its own, is durable. */
void vms__queue_ran(vms__queue *queue, vms__call *call, bool recorded, uint64_t seq);
void vms__queue_durable(vms__queue *queue, uint64_t durable);
/* The queue is full and this lane has nothing in it: the newest call that waits in the longest lane, which is to be refused instead, or NULL. As
 * vms__queue_next(). */
vms__call *vms__queue_displace(const vms__lane *lane);
/* Any call that waits, but for those that are being checked; or NULL. As vms__queue_next(). */
vms__call *vms__queue_drain(vms__queue *queue);

#endif

/* SPDX-License-Identifier: MIT */
/* What the files of the host share: mounts, connections, the loop. */
#ifndef VMS_NET_HOST_H
#define VMS_NET_HOST_H

#include <uv.h>

#include "internal.h"
#include "queue.h"

typedef struct vms__mount {
  vms_host *host;
  char *path, *url;
  vms__deployed deployed;
  vms_rpc_service table;   /* what sessions see */
  vms__queue queue;        /* calls that did not run yet, or are not durable */
  uv_work_t work;          /* the commit under way, on the thread pool */
  vms_commit *commit;
  int write_status;
  vms_error write_error;
  uint64_t sign_after_ms;  /* durability os: sign then, if unsigned */
  bool in_flight;          /* work is queued */
  bool unsigned_records;   /* durability os: written, but under no head yet */
  bool full;               /* the last commit found no room: retried once a second */
  bool broken;             /* a commit failed for good: nothing more is accepted */
  bool finished;           /* stopping: the last commit is done */
} vms__mount;

/* TCP or a Unix socket. */
typedef union vms__stream {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
} vms__stream;

/* A connection speaks JSON-RPC or replicates, over WebSocket; or it replicates over plain TCP. */
typedef struct vms__connection {
  struct vms__connection *next, **link;
  vms_host *host;
  const struct vms__listener *listener; /* where it came in */
  vms_rpc_session *session;     /* NULL: plain TCP */
  vms_replication *replication; /* NULL: it does not replicate (yet, or any more) */
  vms__mount *mount;            /* whose cores are replicated; NULL: those of all */
  vms__stream wire;
  uv_timer_t timer;        /* for the handshake, for writes that stall, for silence */
  uv_write_t write;
  uv_shutdown_t shutdown;
  vms_buffer input;        /* plain TCP: what arrived and waits for its turn */
  vms_buffer output;       /* being written */
  vms__tls *tls;           /* NULL: none */
  vms_buffer sealed;       /* TLS: a part of output as it goes over the wire, being written */
  size_t sealed_at;        /* ... so much of output is done */
  bool unread;             /* TLS: the session wanted no more of what has come */
  bool failed, goodbye;    /* TLS: nothing more can be understood; the end was announced */
  size_t left;             /* of it, when somebody last looked whether it gets on */
  uint32_t open_handles;
  bool writing, reading, ending, closing, greeted;
  bool quiet;              /* replicates and has nothing to say: the timer is for keepalives */
  bool peer;               /* counts among the host's peers */
  bool leaving;            /* nothing more is read */
  bool over;               /* the other side has sent all that it will, and may wait for answers */
  uint64_t over_ms;        /* since then */
  bool queued;             /* waits for its turn   */
  struct vms__connection *next_turn;
  vms__lane *lane;         /* its calls; NULL: none yet */
  struct vms__address *address; /* counts there; NULL: it did not come in, or left */
  uint64_t came_ms, heard_ms; /* when it came; when something came from it last, */
  uint64_t done_ms;        /* and when that was the end of something */
  uint64_t begun, begun_ms; /* bytes of a message that is not all there, and when it began */
  uint64_t waiting, taken_ms; /* bytes that wait for it, and when it last took some */
  bool earned;             /* a call of its ran */
  bool spoke, pinged;      /* since it was greeted; and since it was last heard */
  bool answered;           /* there is something new for it */
  struct vms__connection *next_answered;
} vms__connection;

/* One core that is replicated. */
typedef struct vms__shared {
  uint8_t discovery[VMS_KEY_LEN]; /* what the wire calls it */
  vms_core *core;
  vms__mount *mount;
} vms__shared;

typedef struct vms__listener {
  struct vms__listener *next;
  vms_host *host;
  vms__stream wire;
  void (*accept)(struct vms__listener *listener);
  char *path;     /* of a Unix socket; NULL: TCP */
  dev_t device;   /* ... and which file that was */
  ino_t inode;
  bool loopback;  /* TCP: nobody but this machine gets there */
  bool tls;
  bool waiting; /* somebody is at the door for whom there was no memory: libuv listens again once they are let in */
} vms__listener;

/* Signatures that are checked on the thread pool. Commits need its threads too: so there are few of these at a time, and each is a matter
 * of one or two milliseconds. libuv has four threads if nobody says otherwise. */
#define VMS__CHECKS 2u
#define VMS__CHECK_CALLS 32u
typedef struct vms__check {
  uv_work_t work;
  vms_host *host;
  vms__mount *mount; /* NULL: it is free */
  size_t count;
  vms__call *calls[VMS__CHECK_CALLS];
  int fits[VMS__CHECK_CALLS]; /* as vms__queue_checked() wants it */
} vms__check;

/* How long connections may take, in milliseconds; tests have less patience, or more. */
typedef struct vms__times {
  uint32_t handshake; /* to finish the upgrade, and what a stream begins with */
  uint32_t stall;   /* for a write to get on */
  uint32_t quiet;   /* a peer that replicates hears from us at least this often, as from npm */
  uint32_t sweep;   /* so often somebody looks */
  uint32_t message; /* for a message that has begun, and one more for each 32 bytes of it */
  uint32_t ping;    /* a WebSocket that is quiet for so long is asked whether it is still there, */
  uint32_t dead;    /* and dropped if it said nothing, not even that, for so long */
  uint32_t over;    /* for what was asked before the other side ended to be answered */
  uint32_t window;  /* while calls wait, what only reads has half of this */
} vms__times;

struct vms_host {
  vms_host_options options;
  vms__times times;
  const vms_env *env;
  uv_loop_t loop;
  vms_folder *folder;
  vms__mount **mounts;
  size_t mount_count, mount_capacity;
  vms__shared *shared;     /* in the order of their discovery keys */
  size_t shared_count, shared_capacity;
  vms__connection *connections;
  uint32_t connection_count, peer_count; /* peers: those that replicate */
  uint32_t inside;              /* connections, but for those that are being closed */
  uint64_t waiting, begun;      /* bytes, of all connections */
  uint64_t window_at_ns, read_ns, read_at_ns; /* what reading took since then, and when the last request of that kind began */
  struct vms__address **addresses;
  uv_timer_t sweep;
  uint32_t complaints;          /* about peers in this minute */
  uint64_t complaints_until_ms; /* when it ends               */
  vms__connection *turns, **turns_end;   /* peers with something to do, in the order in which they came */
  uv_check_t turn_check;   /* after each round of input: as many turns as there is time for */
  uv_idle_t turn_idle;     /* active while some are left: the next round does not wait for input */
  vms__listener *listeners;
  vms_buffer base;         /* "ws://127.0.0.1:5555", of the first listener */
  vms__tls_context *tls;   /* for those who connect from now on; NULL: none was needed yet */
  uv_async_t wake;         /* vms_host_stop() */
  uv_async_t reload;       /* vms_host_reload() */
  uv_check_t check;        /* after each round of input: run and commit what came in */
  uv_idle_t calls_idle;    /* active while there is more of that: the next round does not wait for input */
  vms__check checks[VMS__CHECKS];
  size_t check_turn, run_turn; /* mounts take turns */
  vms__call_bytes call_bytes;
  vms_outcome outcome;     /* of the call that runs */
  vms__connection *answered; /* those to whom something is to be sent */
  uv_timer_t tick;         /* retries, delayed heads, the end's deadline */
  uv_signal_t signals[3];
  char input[65536];
  bool stopping, leaving;
  uint64_t leave_by_ms;
  int result;              /* of vms_host_run() */
  vms_error result_error;
};

/* log.c */
void vms__host_log(vms_host *host, uint32_t level, const char *mount, const char *format, ...) __attribute__((format(printf, 4, 5)));
void vms__mount_console(void *context, const char *level, vms_slice text);
bool vms__host_may_complain(vms_host *host); /* strangers shall not fill the disk that the log is on. False: enough was said in this minute */
/* Appends a text in which nothing can fool a terminal or end a line. VMS_OK or VMS_ERR_NOMEM. */
int vms__log_escape(vms_slice text, vms_buffer *out);
void vms__host_tick_in(vms_host *host, uint64_t ms); /* at the latest */

/* mount.c: one service: what its sessions may do, group commit, storage failures */
void vms__mount_init_table(vms__mount *mount);
void vms__mount_kick(vms__mount *mount, bool retry); /* begins a commit if there is something to commit */
bool vms__mount_finish(vms__mount *mount);           /* stopping: true once everything is committed or lost */

/* calls.c: what becomes of a call */
int vms__calls_init(vms_host *host, vms__mount *mount);
int vms__calls_take(vms__mount *mount, const vms_rpc_call *call, vms_outcome *outcome); /* as vms_rpc_service.call */
void vms__calls_turn(vms_host *host);    /* after each round of input */
void vms__calls_drain(vms__mount *mount); /* stopping: refuses what did not run, but for what is being checked */

/* listener.c: where it listens */
void vms__listener_close(vms__listener *listener); /* the socket's file goes too */
void vms__listeners_free(vms_host *host);          /* once the loop has let go of them */
void vms__listeners_reload(vms_host *host);        /* reads the certificate again */

/* crowd.c: who may stay */
int vms__crowd_init(vms_host *host);   /* VMS_OK or VMS_ERR_NOMEM; after either deinit is due, with the timer closed */
void vms__crowd_begin(vms_host *host); /* the loop is about to run: looks after connections from now on */
void vms__crowd_deinit(vms_host *host);
bool vms__crowd_make_room(vms_host *host); /* for one more, for whom somebody else may have to go; false: nobody can right now */
bool vms__crowd_make_room_for_peer(const vms__connection *connection); /* as one more that replicates, for whom one of a larger crowd from one address goes */
bool vms__crowd_enter(vms__connection *connection); /* false: no memory */
void vms__crowd_leave(vms__connection *connection);
void vms__crowd_account(vms__connection *connection); /* more waits for it now, or less */
void vms__crowd_heard(vms__connection *connection, uint64_t came, uint64_t begun); /* so many bytes came; so much of a message that is not all there */
void vms__crowd_caught_up(vms__connection *connection, uint64_t begun); /* what had come and was held back may have been handled */
bool vms__crowd_room(vms_host *host, uint64_t len); /* for an answer of so many bytes */

/* connection.c: one connection */
void vms__connection_accept(vms__listener *listener); /* a caller, or who upgrades to a stream */
void vms__connection_accept_peer(vms__listener *listener); /* replication over plain TCP */
uint64_t vms__connection_waiting(const vms__connection *connection); /* bytes that it has yet to take */
void vms__connection_pump(vms__connection *connection);
void vms__connection_turn(vms__connection *connection); /* does what a peer's pump put off */
void vms__connection_leave(vms__connection *connection); /* says goodbye, closes once that is sent */
void vms__connection_close(vms__connection *connection);

/* replicate.c: what connections that replicate do */
void vms__replicate_init(vms_host *host);                        /* once the loop is there */
void vms__replicate_deinit(vms_host *host);
void vms__replicate_queue(vms__connection *connection);          /* it has something to do: it will have a turn */
int vms__replicate_share(vms_host *host, vms__mount *mount);     /* makes its cores known; VMS_OK or VMS_ERR_NOMEM */
int vms__replicate_begin(vms__connection *connection);           /* VMS_OK, VMS_ERR_LIMIT (too many peers), VMS_ERR_NOMEM, VMS_ERR_IO */
void vms__replicate_end(vms__connection *connection);
/* The reason why a peer goes, for the log. */
void vms__replicate_complain(const vms__connection *connection, const char *reason);
/* Between a WebSocket session and its replication: moves what there is and has room. A peer that breaks the protocol is said goodbye to. */
void vms__replicate_exchange(vms__connection *connection);
void vms__replicate_published(vms__mount *mount);                /* new heads: tells those who follow */

/* host.c */
void vms__host_stop_step(vms_host *host);

#endif

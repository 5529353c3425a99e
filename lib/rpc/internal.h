/* SPDX-License-Identifier: MIT */
/* What the files of lib/rpc share. */
#ifndef VMS_RPC_INTERNAL_H
#define VMS_RPC_INTERNAL_H

#include <http_parser.h>
#include <stddef.h>

#include "lib/base/internal.h"
#include "vms/rpc.h"

/* A params array 64 deep inside a request inside a batch. */
#define VMS__RPC_DEPTH_MAX (VMS__JSON_DEPTH_MAX + 2)

/* --- handshake.c: the HTTP/1.1 upgrade, both ends ------------------------------------------------ */

#define VMS__ACCEPT_LEN 28u                  /* base64 of a SHA-1 */
#define VMS__HTTP_HEADER_LEN_MAX (16u << 10) /* bytes of request or status line and headers */

/* Sec-WebSocket-Accept for a Sec-WebSocket-Key. */
void vms__handshake_accept(vms_slice key, char accept[VMS__ACCEPT_LEN + 1]);

typedef struct vms__handshake {
  const vms_env *env;
  http_parser parser;
  vms_buffer url;          /* as in the request line                  */
  vms_buffer name, value;  /* the header being read                   */
  vms_buffer key;          /* Sec-WebSocket-Key or -Accept            */
  size_t seen;             /* bytes taken so far                      */
  uint32_t have;           /* which headers said what they have to    */
  bool in_value, done, too_long, failed, nomem;
} vms__handshake;
void vms__handshake_init(vms__handshake *handshake, bool server, const vms_env *env);
void vms__handshake_free(vms__handshake *handshake);
/* Takes bytes up to the end of the headers; *used may be less than len then, and handshake->done is set.
 * Whatever is wrong sets done and makes judge say so. */
void vms__handshake_feed(vms__handshake *handshake, const void *bytes, size_t len, size_t *used);
/* HTTP status to answer a finished request with: 101 if it is a good upgrade. *reason: a sentence for people. */
unsigned vms__handshake_judge(const vms__handshake *handshake, const char **reason);
/* The path and query of the request; borrowed from handshake. False if the URL is none. */
bool vms__handshake_target(const vms__handshake *handshake, vms_slice *path, vms_slice *query);
/* True if the subprotocol "hypercore" is among those that the request offers. */
bool vms__handshake_offers_stream(const vms__handshake *handshake);
/* Appends the answer that upgrades, with the subprotocol or without. */
int vms__handshake_switch(const vms__handshake *handshake, bool stream, vms_buffer *out);
/* Appends an answer that refuses. */
int vms__handshake_answer(unsigned http_status, vms_slice body, const char *type, vms_buffer *out);
/* Client: appends the request / checks the answer to it. */
int vms__handshake_request(vms_slice host, vms_slice target, const char *key, bool stream, vms_buffer *out);
int vms__handshake_check(const vms__handshake *handshake, const char *key, bool stream, vms_error *error);

/* --- frame.c: WebSocket over byte buffers (wslay): text messages, or a stream in binary ones ---------- */

struct wslay_event_context;
typedef struct vms__ws_message vms__ws_message;
typedef struct vms__ws {
  const vms_env *env;
  struct wslay_event_context *wslay;
  vms_buffer input;              /* not yet taken by wslay                           */
  size_t input_at;
  vms_buffer output;
  vms__ws_message *first, **end; /* whole messages, oldest first                     */
  vms_buffer arrived;            /* of a stream                                      */
  uint64_t skip;                 /* payload bytes left in the frame that wslay reads  */
  uint8_t head[14], head_len;    /* the frame header that wslay reads                */
  const char *malformed;         /* what is wrong with the frame behind those that wslay saw, or NULL */
  bool frame_done;               /* wslay saw a whole frame: that is enough for one round */
  bool server, stream, data, nomem; /* data: the frame that wslay reads carries the stream's bytes */
} vms__ws;
#define VMS__WS_SERVER 1u
#define VMS__WS_STREAM 2u /* binary messages of any length, handed on as they come; text is refused */
int vms__ws_init(vms__ws *ws, unsigned kind, uint64_t message_len_max, const vms_env *env);
void vms__ws_free(vms__ws *ws);
int vms__ws_feed(vms__ws *ws, const void *bytes, size_t len);
/* Reads frames until there is a message or no more input. VMS_OK or VMS_ERR_NOMEM. */
int vms__ws_read(vms__ws *ws);
/* Moves the oldest message's bytes into `text` (empty, of the same env); false if there is none. */
bool vms__ws_next(vms__ws *ws, vms_buffer *text);
/* One message, text or binary. */
int vms__ws_send(vms__ws *ws, vms_slice bytes);
/* Moves what came of a stream to the end of `bytes`. */
int vms__ws_stream_take(vms__ws *ws, vms_buffer *bytes);
int vms__ws_stream_send(vms__ws *ws, const void *bytes, size_t len);
int vms__ws_close(vms__ws *ws, uint16_t code, const char *reason);
bool vms__ws_close_sent(const vms__ws *ws);
bool vms__ws_close_received(const vms__ws *ws);

/* Moves a buffer's bytes to the end of another one; an empty one of the same env is swapped, not copied. */
int vms__rpc_move(vms_buffer *from, vms_buffer *to);

/* --- message.c: the JSON-RPC 2.0 envelope ----------------------------------------------------------- */

/* One request of a message; slices are borrowed. */
typedef struct vms__rpc_request {
  vms_slice id;     /* raw; data NULL for a notification */
  vms_slice method; /* raw, without the quotes           */
  vms_slice params; /* raw; data NULL if left out        */
} vms__rpc_request;
/* Reads one request object. False: not a valid request; id is still set if it can be told, else to null. */
bool vms__rpc_request_read(vms_slice text, vms__rpc_request *request);
/* True if a member's name, raw, stands for `name`, which is ASCII without quotes, backslashes and control characters. */
bool vms__rpc_name_is(vms_slice raw, const char *name);
/* Of a hex digit; else -1. */
int vms__rpc_hex_value(char c);
/* Appends a response. */
int vms__rpc_response_write(vms_buffer *text, vms_slice id, const vms_rpc_reply *reply);
/* Sets an error; never fails for want of memory: the message stays empty then. */
void vms__rpc_reply_error(vms_rpc_reply *reply, int32_t code, const char *format, ...) __attribute__((format(printf, 3, 4)));
void vms__rpc_reply_clear(vms_rpc_reply *reply);

/* --- method.c: what the methods do ------------------------------------------------------------------- */

/* One request being carried out: for whom, and what came of it beside the reply. */
typedef struct vms__rpc_task {
  const vms_rpc_service *service;
  vms_rpc_session *session;
  uint64_t ticket;  /* of the call, if it is one             */
  vms_slice user;
  bool posted;      /* over HTTP: nothing can be sent later  */
  bool later;       /* the outcome comes by vms_rpc_session_answer(); no reply yet */
  bool wrapped;     /* answer {"result"?,"seq"}; else the bare result */
  bool receipt;     /* is wanted, and there will be one      */
  bool follows;     /* vms.subscribe, from `seq`             */
  uint64_t seq;     /* of the call's record                  */
  uint64_t needs;   /* how many records must be durable before the reply may be shown; 0: none */
  uint64_t effort;  /* what it took beyond writing the reply, as the bytes that take as long   */
} vms__rpc_task;

/* True if a service has one of the functions that may be left out. */
#define VMS__RPC_HAS(service, member) \
  ((service)->size >= offsetof(vms_rpc_service, member) + sizeof (service)->member && (service)->member != NULL)

/* Carries out one request; a notification that would only read is left alone. The task's first members are set, the others zero.
 * Returns VMS_OK with a reply, or VMS_ERR_NOMEM. */
int vms__rpc_dispatch(vms__rpc_task *task, const vms__rpc_request *request, vms_rpc_reply *reply);

/* Turns the outcome of the task's call into a reply. */
int vms__rpc_outcome(vms__rpc_task *task, const vms_outcome *outcome, vms_rpc_reply *reply);

/* What it shares with files.c: appends `,"name":"text"` (no comma behind an opening brace); turns a failure of a reading function
 * into an error reply; says that there is no such method. */
int vms__rpc_text_member(vms_buffer *json, const char *name, vms_slice text);
int vms__rpc_read_reply(int status, const vms_error *error, vms_rpc_reply *reply);
int vms__rpc_no_method(vms_slice method, vms_rpc_reply *reply);

/* --- files.c: clients' file calls ----------------------------------------------------------------------- */

/* Carries out a file call of a client, or says that `method` is none. As vms__rpc_dispatch(). */
int vms__rpc_file(vms__rpc_task *task, vms_slice method, vms_slice params, vms_rpc_reply *reply);

/* --- discover.c ---------------------------------------------------------------------------------------- */

/* Appends an OpenRPC document; methods: JSON array of the contract's method names. */
int vms__rpc_discover(vms_slice methods, vms_buffer *json);

/* --- session.c and answer.c: one connection ------------------------------------------------------------ */

/* The answer to one request of a message. */
typedef struct vms__answer {
  vms_buffer id;    /* raw */
  vms_buffer text;  /* the whole response; empty for a notification */
  uint64_t ticket;  /* of the call whose outcome it waits for; 0: none */
  uint64_t needs;   /* records that must be durable first */
  uint64_t seq;     /* its record, if a receipt is to be written into it; what a subscriber begins with */
  uint64_t effort;  /* what it took beyond its text, as bytes */
  uint64_t extra;   /* what it holds elsewhere while it waits, as bytes */
  bool wrapped, receipt, follows, fails;
} vms__answer;

/* The answers to one message; they go out together. */
typedef struct vms__group {
  struct vms__group *next, **link; /* of those that wait */
  vms__answer *answers;
  size_t count, capacity;
  size_t pending;     /* outcomes that it waits for                   */
  uint64_t needs;     /* records that must be durable, of all answers */
  uint64_t published; /* and published, for their receipts            */
  uint64_t weight;    /* what it counts for among what is held        */
  bool batch, waits;
} vms__group;

/* Where the outcome of a call goes. */
typedef struct vms__ticket {
  uint64_t number;
  vms__group *group; /* NULL: it is there */
  size_t index;
} vms__ticket;

struct vms_rpc_session {
  vms_rpc_options options;
  const vms_env *env;
  const vms_rpc_service *service; /* NULL before the upgrade */
  vms__handshake handshake;
  vms__ws ws;
  vms_buffer early;  /* the answer to the upgrade request, before ws has output */
  vms_buffer user;   /* "debug:<name>" from the URL, or empty */
  vms__group *first, **end; /* held, in the order of the messages */
  uint64_t held;       /* how many */
  uint64_t held_len;   /* and their bytes */
  uint64_t effort;     /* of answers since the owner's last turn, as bytes */
  uint64_t ticket;     /* the newest one that was given out */
  vms__ticket *tickets; /* ascending; those before `tickets_at` are done */
  size_t ticket_count, ticket_capacity, tickets_at;
  uint64_t next_seq;   /* what a subscriber is told next */
  bool open, refused, closing, stream, follows;
};

/* Sends the text of a message's answers, or that there are none (session.c). */
int vms__rpc_session_send(vms_rpc_session *session, vms_slice text);

/* Ends the conversation: more answers wait than are kept for one connection. */
int vms__rpc_session_overflow(vms_rpc_session *session);

/* answer.c: reads a message, carries out its requests, and answers them or holds the answers. */
int vms__rpc_session_message(vms_rpc_session *session, vms_slice text);
/* As the public functions, but for the notifications of a subscriber. */
int vms__rpc_session_release(vms_rpc_session *session, uint64_t durable);
int vms__rpc_session_answer(vms_rpc_session *session, uint64_t ticket, const vms_outcome *outcome);
int vms__rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message);
/* Drops what is held. */
void vms__rpc_session_drop(vms_rpc_session *session);

#endif

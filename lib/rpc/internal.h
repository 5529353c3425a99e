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

/* --- http.c: HTTP/1.1, both ends ------------------------------------------------------------------ */

#define VMS__HTTP_HEADER_LEN_MAX (16u << 10) /* bytes of request or status line and headers */
#define VMS__STREAM_PROTOCOL "hypercore"

/* Headers seen, as bits. */
enum {
  VMS__HTTP_HOST = 1,
  VMS__HTTP_UPGRADE = 2,
  VMS__HTTP_CONNECTION = 4,
  VMS__HTTP_VERSION = 8,
  VMS__HTTP_KEY = 16,
  VMS__HTTP_TWICE = 32,       /* what there may be one of, more than once: somebody smuggles */
  VMS__HTTP_OLD_VERSION = 64,
  VMS__HTTP_EXTENSION = 128,  /* a server that answers with what nobody asked for */
  VMS__HTTP_LENGTH = 256,     /* of a body, ...          */
  VMS__HTTP_PROTOCOL = 512,   /* any subprotocol, ...    */
  VMS__HTTP_STREAM = 1024,    /* ... and ours            */
  VMS__HTTP_CHUNKS = 2048,    /* ... or chunks           */
  VMS__HTTP_ORIGIN = 4096,
  VMS__HTTP_ENCODED = 8192,   /* a body that has to be unpacked      */
  VMS__HTTP_EXPECT = 16384,   /* 100-continue, ...                   */
  VMS__HTTP_EXPECT_OTHER = 32768, /* ... or what nobody knows        */
  VMS__HTTP_PRIVATE = 65536   /* a browser asks whether a page may reach into a private network */
};

typedef struct vms__http {
  const vms_env *env;
  http_parser parser;
  vms_buffer url;          /* as in the request line                  */
  vms_buffer name, value;  /* the header being read                   */
  vms_buffer key;          /* Sec-WebSocket-Key or -Accept            */
  vms_buffer host, origin;
  vms_buffer body;         /* what came of it                         */
  uint64_t left;           /* bytes of the body, or of its chunk, that are still to come */
  uint64_t body_len_max;
  size_t seen;             /* bytes of the head taken so far          */
  size_t line;             /* bytes of the line between chunks        */
  uint32_t have;           /* which headers said what they have to    */
  uint8_t chunk;           /* what comes next in a body in chunks     */
  char last;               /* byte of the head                        */
  bool in_header, in_value, digits, done, too_long, too_large, failed, nomem, whole;
} vms__http;
void vms__http_init(vms__http *http, bool server, const vms_env *env);
void vms__http_free(vms__http *http);
/* Takes bytes up to the end of the headers; *used may be less than len then, and http->done is set. Whatever is wrong sets done too. */
void vms__http_feed(vms__http *http, const void *bytes, size_t len, size_t *used);
/* Where the request goes; host is that of a whole URL, or empty. Borrowed from http. False if the URL is none. */
bool vms__http_target(const vms__http *http, vms_slice *path, vms_slice *query, vms_slice *host);
bool vms__http_keeps(const vms__http *http); /* the connection may be used again */
/* Once the head is there: begins with the body / takes what comes of it, until http->whole. Return 0 or the status to refuse with. */
unsigned vms__http_body_begin(vms__http *http, uint64_t len_max);
unsigned vms__http_body_feed(vms__http *http, const char *bytes, size_t len, size_t *used);

typedef struct vms__http_reply {
  unsigned status;
  vms_slice body;
  const char *type;
  vms_slice origin; /* of a web page that may read the answer, or empty */
  bool keep, preflight;
} vms__http_reply;
/* Appends an answer to the request that was read. */
int vms__http_answer(const vms__http *http, const vms__http_reply *reply, vms_buffer *out);

bool vms__http_text_is(vms_slice text, const char *word); /* whatever the case of letters */
vms_slice vms__http_trim(vms_slice text);
/* True if a comma-separated list has the word; subprotocols differ by the case of letters, other words do not. */
bool vms__http_list_has(vms_slice list, const char *word, bool exactly);

/* --- origin.c: which web pages, and under which names ------------------------------------------------ */

bool vms__origin_is_allowed(const char *const *origins, vms_slice origin);
/* 0: the host goes by the name in a Host header; 403: it does not; 400: that is none. The name loses its port. */
unsigned vms__origin_judge_host(const vms_rpc_options *options, vms_slice *host);

/* --- handshake.c: the upgrade to WebSocket, both ends ------------------------------------------------ */

#define VMS__ACCEPT_LEN 28u                  /* base64 of a SHA-1 */

/* Sec-WebSocket-Accept for a Sec-WebSocket-Key. */
void vms__handshake_accept(vms_slice key, char accept[VMS__ACCEPT_LEN + 1]);
/* HTTP status to answer a good GET with: 101 if it is a good upgrade. *reason: a sentence for people. */
unsigned vms__handshake_judge(const vms__http *http, const char **reason);
/* Appends the answer that upgrades, with the subprotocol or without. */
int vms__handshake_switch(const vms__http *http, bool stream, vms_buffer *out);
/* Client: appends the request / checks the answer to it. */
int vms__handshake_request(vms_slice host, vms_slice target, const char *key, bool stream, vms_buffer *out);
int vms__handshake_check(const vms__http *http, const char *key, bool stream, vms_error *error);

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
  vms_buffer arrived;            /* of a stream, or of the message under way         */
  uint64_t skip;                 /* payload bytes left in the frame that wslay reads  */
  uint8_t head[14], head_len;    /* the frame header that wslay reads                */
  const char *malformed;         /* what is wrong with the frame behind those that wslay saw, or NULL */
  uint64_t gathered;             /* bytes of that message, or of the last one        */
  bool in_data;                  /* the frame that wslay reads, or read last, is one of a message's */
  uint16_t malformed_code;       /* and how to say so */
  uint64_t message_len, message_len_max; /* of the message under way; what it may be */
  bool in_pieces;                /* a message has begun and goes on behind the frames so far */
  bool frame_done;               /* wslay saw a whole frame: that is enough for one round */
  bool patient;                  /* a close frame is left where it is for now: there are answers to come before ours */
  bool close_received;           /* with a code that wslay does not know */
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
int vms__ws_ping(vms__ws *ws);
/* Bytes of a message, or a frame, that has begun and is not all there; 0: nothing has. */
uint64_t vms__ws_begun(const vms__ws *ws);
bool vms__ws_close_sent(const vms__ws *ws);
bool vms__ws_close_received(const vms__ws *ws);
bool vms__ws_waits_to_close(const vms__ws *ws); /* a close frame is next, but for `patient` */

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
/* Control characters, which may be for the terminals of others, become question marks. Well-formed UTF-8 remains. */
void vms__rpc_disarm(char *text, size_t len);
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
  bool wish;        /* a receipt is wanted, ...              */
  bool receipt;     /* ... and there will be one             */
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
  uint64_t beside;    /* bytes of what was read beside calls          */
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
  vms__http http;    /* the request being read, or answered   */
  vms__ws ws;
  vms_buffer input;  /* HTTP: what was not looked at yet, ... */
  size_t input_at;   /* ... from here on                      */
  vms_buffer plain;  /* output of HTTP, before that of ws     */
  vms_buffer user;   /* "debug:<name>" from the URL, or empty */
  vms__group *first, **end; /* held, in the order of the messages */
  uint64_t held;       /* how many */
  uint64_t held_len;   /* and their bytes */
  uint64_t beside;     /* of them, those of what was read beside calls */
  uint64_t effort;     /* of answers since the owner's last turn, as bytes */
  uint64_t ticket;     /* the newest one that was given out */
  vms__ticket *tickets; /* ascending; those before `tickets_at` are done */
  size_t ticket_count, ticket_capacity, tickets_at;
  uint64_t next_seq;   /* what a subscriber is told next */
  bool open;     /* the upgrade is done                                  */
  bool posting;  /* a body is on its way, ...                            */
  bool waiting;  /* ... or the answer to what was in it is               */
  bool keep;     /* the connection goes on behind the answer             */
  bool greeted;  /* upgraded, or there was a whole POST                  */
  bool refused;  /* HTTP: nothing more is read                           */
  bool closing, stream, follows;
};

/* Sends the text of a message's answers, or that there are none (session.c). */
int vms__rpc_session_send(vms_rpc_session *session, vms_slice text);

/* Ends the conversation: more answers wait than are kept for one connection. */
int vms__rpc_session_overflow(vms_rpc_session *session);

/* post.c: handles what came by HTTP, as far as there is room for the answers. */
int vms__rpc_session_http(vms_rpc_session *session);
/* Answers the POST under way; an empty text is no answer. */
int vms__rpc_session_post_answer(vms_rpc_session *session, unsigned status, vms_slice text);
bool vms__rpc_session_is_full(const vms_rpc_session *session);

/* answer.c: reads a message, carries out its requests, and answers them or holds the answers. */
int vms__rpc_session_message(vms_rpc_session *session, vms_slice text);
/* As the public functions, but for the notifications of a subscriber. */
int vms__rpc_session_release(vms_rpc_session *session, uint64_t durable);
int vms__rpc_session_answer(vms_rpc_session *session, uint64_t ticket, const vms_outcome *outcome);
int vms__rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message);
/* Drops what is held. */
void vms__rpc_session_drop(vms_rpc_session *session);

#endif

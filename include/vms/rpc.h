/* SPDX-License-Identifier: MIT */
/* vms/rpc.h - JSON-RPC 2.0 over WebSocket as sans-I/O sessions: bytes in, bytes out.
 *
 * A server session speaks for one connection: HTTP/1.1 upgrade, WebSocket frames, JSON-RPC, the methods of
 * doc/protocol.md. It opens no socket and reads no clock: whoever owns the connection feeds what arrives and
 * sends what comes out. A client session is the other end. Protocol: doc/protocol.md.
 *
 * Threads: a session belongs to one thread at a time; two sessions share nothing.
 */
#ifndef VMS_RPC_H
#define VMS_RPC_H

#include "vms/base.h"
#include "vms/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- replies ------------------------------------------------------------------------------------ */

/* The answer to one request. Init before, free after. */
typedef struct vms_rpc_reply {
  int32_t code;       /* 0: a result; else the JSON-RPC error code */
  uint32_t reserved;  /* 0 */
  vms_buffer result;  /* JSON text; empty if undefined or an error */
  vms_buffer message; /* error message, UTF-8 */
  vms_buffer data;    /* error data, JSON text, may be empty */
} vms_rpc_reply;
VMS_API void vms_rpc_reply_init(vms_rpc_reply *reply, const vms_env *env);
VMS_API void vms_rpc_reply_free(vms_rpc_reply *reply);

/* Reads one response text strictly. reply's buffers are cleared first; id is what stood there if it is a number
 * this library's client uses, else 0 (an error that the server could tie to no request).
 * Returns VMS_OK, VMS_ERR_FORM or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_reply_read(vms_slice text, uint64_t *id, vms_rpc_reply *reply, vms_error *error);

/* Turns the reply to a vms.call into the call's own: the result is taken out of {"result"?,"seq"}.
 * seq may be NULL. Returns VMS_OK, VMS_ERR_FORM or VMS_ERR_NOMEM; leaves error replies as they are. */
VMS_API int vms_rpc_reply_unwrap(vms_rpc_reply *reply, uint64_t *seq, vms_error *error);

/* Appends the error's name (data.name, unescaped) of an error reply, or nothing. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_reply_name(const vms_rpc_reply *reply, vms_buffer *name);

/* Appends the bytes that a result {"base64":"..."} stands for. VMS_OK, VMS_ERR_FORM (it is no such result) or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_reply_bytes(const vms_rpc_reply *reply, vms_buffer *bytes);

/* The receipt in the reply to a vms.call, an error's included: borrowed from the reply; data NULL if there is none. */
VMS_API vms_slice vms_rpc_reply_receipt(const vms_rpc_reply *reply);
/* Takes the outcome of a vms.call out of its reply (not yet unwrapped), as vms_receipt_matches() wants it: kind, code, seq, result, name, message.
 * Refusals are VMS_OUTCOME_REFUSED. VMS_OK, VMS_ERR_FORM or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_reply_outcome(const vms_rpc_reply *reply, vms_outcome *outcome, vms_error *error);

/* Reads a notification {"jsonrpc":"2.0","method":…,"params":…}: both borrowed, method without quotes. VMS_OK or VMS_ERR_FORM (it is none). */
VMS_API int vms_rpc_notification_read(vms_slice text, vms_slice *method, vms_slice *params);

/* Appends a request text with a number as id. params: JSON text; empty leaves it out. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_request_write(vms_buffer *text, uint64_t id, vms_slice method, vms_slice params);

/* --- file calls of clients -------------------------------------------------------------------------- */

/* Appends the parameters of a file call with `version` and `"proof":true` in its options, where they replace what stood there.
 *
 *   method   "files.readFile" and so on.
 *   params   JSON array, by position.
 *   version  0: what the options say.
 *   prove    0, or 1: the answer shall come with its proof.
 *
 * Returns VMS_OK, VMS_ERR_ARGUMENT (no call that reads files, or none that can be proved; params that are no array, or options that are no
 * object) or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_file_params(vms_slice method, vms_slice params, uint64_t version, int prove, vms_buffer *out, vms_error *error);

/* Judges the answer to a file call that was sent with `"proof":true`: the reply becomes what the proof says, as the answer would be without
 * proof, if the host said the same.
 *
 *   ledger          the key that the ledger must have.
 *   method, params  as they were sent.
 *   reply           hostile; emptied unless VMS_OK is returned.
 *   proven          as vms_file_verify(); may be NULL.
 *
 * Returns VMS_OK (an error of the file call included), VMS_ERR_SIGNATURE (it is not proved; error->message says why), VMS_ERR_ARGUMENT (no call
 * that reads files) or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_file_verify(const uint8_t ledger[VMS_KEY_LEN], vms_slice method, vms_slice params, vms_rpc_reply *reply,
                                vms_file_proven *proven, vms_error *error);

/* --- JSON text for tools ------------------------------------------------------------------------- */

/* Appends `text` without white space outside strings. Returns VMS_OK, VMS_ERR_FORM (not one JSON value, or deeper than
 * 64) or VMS_ERR_NOMEM. */
VMS_API int vms_json_compact(vms_slice text, vms_buffer *out);
/* Appends UTF-8 as a JSON string with quotes; bytes that are no UTF-8 give VMS_ERR_FORM. */
VMS_API int vms_json_quote(vms_slice utf8, vms_buffer *out);
/* Appends what a JSON string stands for. VMS_ERR_FORM if `text` is no JSON string. */
VMS_API int vms_json_unquote(vms_slice text, vms_buffer *out);
/* Finds a member of a JSON object. Returns VMS_OK, VMS_ERR_NOT_FOUND or VMS_ERR_FORM (no JSON). */
VMS_API int vms_json_member(vms_slice object, const char *name, vms_slice *value);
/* Finds an element of a JSON array. Returns as vms_json_member(). */
VMS_API int vms_json_element(vms_slice array, size_t index, vms_slice *value);

/* --- what a server session serves ------------------------------------------------------------------ */

typedef struct vms_rpc_session vms_rpc_session;

/* A call as it arrived. Everything is borrowed until the function that gets it returns. */
typedef struct vms_rpc_call {
  vms_rpc_session *session; /* who asks; vms_rpc_session_owner() */
  uint64_t ticket;          /* names the call for vms_rpc_session_answer() */
  uint32_t is_signed;       /* 1: request, caller and signature count; 0: user, method and params */
  vms_slice request;        /* signed text */
  const uint8_t *caller;    /* VMS_KEY_LEN bytes */
  const uint8_t *signature; /* VMS_SIGNATURE_LEN bytes */
  vms_slice user;           /* "debug:<name>", or data NULL */
  vms_slice method, params;
} vms_rpc_call;
/* What vms_rpc_service.call returns if the outcome is to come by vms_rpc_session_answer(). */
#define VMS_RPC_LATER (-1)

/* One service as a session sees it: a table of functions, so that the owner can refuse, count and schedule (and a test can
 * pretend). The functions are those of vms/service.h without the handle. */
typedef struct vms_rpc_service {
  uint32_t size;  /* sizeof(vms_rpc_service) */
  uint32_t flags; /* VMS_RPC_... */
  void *context;  /* passed to every function below */
  /* Runs a call, or takes it for later: VMS_OK with an outcome, VMS_RPC_LATER, or VMS_ERR_NOMEM. */
  int (*call)(void *context, const vms_rpc_call *call, vms_outcome *outcome);
  uint64_t (*length)(void *context);
  uint64_t (*durable)(void *context);
  uint64_t (*published)(void *context);
  int (*info)(void *context, vms_buffer *json, vms_error *error);
  int (*head)(void *context, int core, vms_buffer *json, vms_error *error);
  int (*blocks)(void *context, int core, uint64_t from, uint64_t to, vms_buffer *json, vms_error *error);
  int (*methods)(void *context, vms_buffer *json, vms_error *error);
  int (*file)(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error);
  /* NULL: answers are not proved. */
  int (*file_prove)(void *context, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error);
  int (*record)(void *context, uint64_t seq, vms_buffer *text, vms_error *error);
  int (*receipt)(void *context, uint64_t seq, vms_buffer *json, vms_error *error); /* NULL: no receipts */
  int (*proof)(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error);
  /* 1 if an answer of this many bytes may be made now; 0: what only reads is answered with -32004. NULL: always. */
  int (*room)(void *context, uint64_t len);
} vms_rpc_service;
#define VMS_RPC_DEBUG 1u  /* unsigned calls come from debug:<name> when the URL says ?user=<name> */
#define VMS_RPC_STREAM 2u /* the owner of the sessions replicates: the subprotocol "hypercore" is agreed to */

/* --- server session --------------------------------------------------------------------------------- */

/* A session speaks WebSocket, or answers HTTP requests one after the other: POST with a JSON-RPC text as its body. */
typedef struct vms_rpc_options {
  uint32_t size;            /* sizeof(vms_rpc_options), set by _INIT                                       */
  uint32_t flags;           /* VMS_RPC_LOOPBACK                                                            */
  const vms_env *env;       /* memory, outlives the session; NULL: malloc                                  */
  uint64_t message_len_max; /* bytes in one message; 0 means 2 MiB                                         */
  uint64_t output_len_max;  /* above this, held answers included, or above 256 KiB that take would give, no more input is handled;
                               above 16 times as much of answers that wait the connection is ended; 0 means 4 MiB */
  void *context;
  /* The service at a path ("/", "/bob/party"), borrowed until the session is freed, or NULL.  */
  const vms_rpc_service *(*find)(void *context, vms_slice path);
  void *owner;              /* what vms_rpc_session_owner() gives                                          */
  const char *const *origins; /* web pages that may talk to this host: values of the Origin header, "*" for all, then NULL; borrowed.
                               NULL: none. Who sends no Origin is no web page and always may.              */
  const char *const *hosts; /* names that the Host header may have, without port, then NULL; borrowed. NULL: any, but with VMS_RPC_LOOPBACK
                               those of loopback addresses alone, so that no page reaches a host on loopback by a name of its own */
} vms_rpc_options;
#define VMS_RPC_OPTIONS_INIT { sizeof(vms_rpc_options), 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL }
#define VMS_RPC_LOOPBACK 1u /* vms_rpc_options.flags: listens on a loopback address */

/* Returns VMS_OK and a session to free, VMS_ERR_ARGUMENT or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_new(vms_rpc_session **session, const vms_rpc_options *options, vms_error *error);
VMS_API void vms_rpc_session_free(vms_rpc_session *session);

/* Takes what arrived (copied) and handles it: calls are applied before this returns. Bytes behind the end of the
 * conversation are ignored. Returns VMS_OK, or VMS_ERR_NOMEM, after which the connection is to be dropped. */
VMS_API int vms_rpc_session_feed(vms_rpc_session *session, const void *bytes, size_t len, vms_error *error);

/* Moves what is to be sent to the end of `bytes` (an empty buffer is swapped, not copied) and goes on with input that
 * waited for room. Returns VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_take(vms_rpc_session *session, vms_buffer *bytes, vms_error *error);

VMS_API uint64_t vms_rpc_session_pending(const vms_rpc_session *session); /* bytes that take would give  */
VMS_API int vms_rpc_session_wants_read(const vms_rpc_session *session);   /* 0: read no more for now     */
VMS_API int vms_rpc_session_wants_close(const vms_rpc_session *session);  /* 1: close once all is sent   */
VMS_API int vms_rpc_session_is_open(const vms_rpc_session *session);      /* 1: the upgrade is done, or a whole request came by POST */
/* Bytes of a request's head and body, or of a message, that has begun and is not all there; 0: nothing has. Who takes long over it may be given up. */
VMS_API uint64_t vms_rpc_session_begun(const vms_rpc_session *session);
/* 1 once the upgrade is done; 0: it may speak HTTP. */
VMS_API int vms_rpc_session_is_websocket(const vms_rpc_session *session);
/* Asks a WebSocket peer whether it is still there: a ping, whose answer is input like any other. Before the upgrade, nothing.
 * VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_ping(vms_rpc_session *session, vms_error *error);
VMS_API uint64_t vms_rpc_session_held(const vms_rpc_session *session);    /* messages whose answers wait */
/* The service that the session talks to, or NULL before the upgrade. */
VMS_API const vms_rpc_service *vms_rpc_session_service(const vms_rpc_session *session);

/* What vms_rpc_options.owner was. */
VMS_API void *vms_rpc_session_owner(const vms_rpc_session *session);

/* Gives the outcome of a call that was taken for later; a reading method's or another call's answer need not wait for it. The ticket of a
 * session that was freed must not be used. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_answer(vms_rpc_session *session, uint64_t ticket, const vms_outcome *outcome, vms_error *error);

/* 1 if the session follows the ledger (vms.subscribe): vms_rpc_session_release() is to be called whenever something was published. */
VMS_API int vms_rpc_session_follows(const vms_rpc_session *session);

/* Lets out the replies whose records are durable now: those with a seq below `durable`, receipts only once they are published; tells a
 * subscriber about records published since, as far as there is room. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_release(vms_rpc_session *session, uint64_t durable, vms_error *error);
/* Answers what is still held with an error instead. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message, vms_error *error);
/* Begins the closing handshake with an RFC 6455 code (1001: going away); nothing more is read. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_close(vms_rpc_session *session, uint16_t code, const char *reason, vms_error *error);

/* 1 once the peer asked for the subprotocol "hypercore" of a service with VMS_RPC_STREAM: from the upgrade on the session carries a
 * stream of bytes, the payloads of binary messages one after the other, and no JSON-RPC. What arrived is there after feed(), whole
 * messages or not; while much of it is not taken, wants_read() is 0. A text message ends it with code 1003. */
VMS_API int vms_rpc_session_is_stream(const vms_rpc_session *session);
/* Moves what arrived of the stream to the end of `bytes` (an empty buffer is swapped, not copied). VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_stream_take(vms_rpc_session *session, vms_buffer *bytes, vms_error *error);
/* Queues bytes of the stream, in binary messages of at most 64 KiB; after the end of the conversation they are dropped.
 * Only for a session that is a stream. VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_session_stream_send(vms_rpc_session *session, const void *bytes, size_t len, vms_error *error);

/* --- client session ----------------------------------------------------------------------------------- */

typedef struct vms_rpc_client vms_rpc_client;

typedef struct vms_rpc_client_options {
  uint32_t size;            /* sizeof(vms_rpc_client_options), set by _INIT                        */
  uint32_t reserved;        /* 0                                                                   */
  const vms_env *env;       /* memory and entropy (for keys and masks), outlives the client        */
  uint64_t message_len_max; /* bytes in one message; 0 means 64 MiB                                */
  const char *protocol;     /* NULL: JSON-RPC. "hypercore": a stream of bytes, see below           */
} vms_rpc_client_options;
#define VMS_RPC_CLIENT_OPTIONS_INIT { sizeof(vms_rpc_client_options), 0, NULL, 0, NULL }

/* host: "127.0.0.1:5555", for the Host header; target: "/path?query". Neither may hold control characters or blanks.
 * The upgrade request is the first output. Returns VMS_OK, VMS_ERR_ARGUMENT, VMS_ERR_NOMEM, VMS_ERR_IO (entropy). */
VMS_API int vms_rpc_client_new(vms_rpc_client **client, vms_slice host, vms_slice target,
                               const vms_rpc_client_options *options, vms_error *error);
VMS_API void vms_rpc_client_free(vms_rpc_client *client);
/* Takes what arrived. Returns VMS_OK, VMS_ERR_REMOTE (it answers, but is no vms service: the message says what it said),
 * VMS_ERR_NOMEM. */
VMS_API int vms_rpc_client_feed(vms_rpc_client *client, const void *bytes, size_t len, vms_error *error);
VMS_API int vms_rpc_client_take(vms_rpc_client *client, vms_buffer *bytes, vms_error *error);
VMS_API int vms_rpc_client_is_open(const vms_rpc_client *client);
/* 1 if no further message will come; also once a server asked for more pongs than it takes (1 MiB since the last take). */
VMS_API int vms_rpc_client_is_closed(const vms_rpc_client *client);
/* Queues one text message. VMS_OK, VMS_ERR_CLOSED, VMS_ERR_NOMEM. */
VMS_API int vms_rpc_client_send(vms_rpc_client *client, vms_slice text, vms_error *error);
/* Appends the oldest message not fetched yet. VMS_OK, VMS_ERR_NOT_FOUND (none), VMS_ERR_NOMEM. */
VMS_API int vms_rpc_client_next(vms_rpc_client *client, vms_buffer *text, vms_error *error);
/* Begins the closing handshake. */
VMS_API int vms_rpc_client_close(vms_rpc_client *client, uint16_t code, vms_error *error);

/* With the protocol "hypercore", instead of messages: bytes to send (in binary messages of at most 64 KiB), and what arrived, moved to
 * the end of `bytes`, even before the message that it is part of is whole. A server that does not agree to the protocol is
 * VMS_ERR_REMOTE of vms_rpc_client_feed(). send: VMS_OK, VMS_ERR_CLOSED (also before the upgrade is done), VMS_ERR_NOMEM;
 * take: VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_rpc_client_stream_send(vms_rpc_client *client, const void *bytes, size_t len, vms_error *error);
VMS_API int vms_rpc_client_stream_take(vms_rpc_client *client, vms_buffer *bytes, vms_error *error);

#ifdef __cplusplus
}
#endif

#endif

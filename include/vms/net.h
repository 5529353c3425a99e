/* SPDX-License-Identifier: MIT */
/* vms/net.h - the shell around the library: the system's clock, entropy and files, the host server and the
 * blocking client. What the tools and bindings use. */
#ifndef VMS_NET_H
#define VMS_NET_H

#include "vms/base.h"
#include "vms/rpc.h"
#include "vms/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- the system --------------------------------------------------------------------------------- */

/* The system's memory, clock and entropy; a static constant. */
VMS_API const vms_env *vms_env_system(void);

#define VMS_FILE_READ_ONLY 1u
#define VMS_FILE_CREATE 2u    /* make it if it is not there, mode 0600 */
#define VMS_FILE_TEMPORARY 4u /* path is a folder (NULL: the system's); the file has no name and dies with the process */

/* Opens a file as a storage. VMS_ERR_NOT_FOUND, VMS_ERR_IO with the path in the message. */
VMS_API int vms_file_open(vms_storage *storage, const char *path, uint32_t flags, vms_error *error);
VMS_API void vms_file_close(vms_storage *storage);

/* Appends a whole file that is at most `limit` bytes long. VMS_ERR_NOT_FOUND, VMS_ERR_LIMIT, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_file_read(const char *path, size_t limit, vms_buffer *bytes, vms_error *error);

/* Reads a key file: the seed as 64 hex digits and a newline, which nobody but its owner may read. A new key is made, mode 0600, where
 * there is no file.
 *
 *   path  NULL for the user's own, ${XDG_CONFIG_HOME:-~/.config}/vms/key.
 *
 * Returns VMS_OK, VMS_ERR_FORM (not a key), VMS_ERR_SIGNATURE (others may read it), VMS_ERR_IO. */
VMS_API int vms_key_load(const char *path, uint8_t seed[VMS_SEED_LEN], vms_error *error);

/* --- the data folder ----------------------------------------------------------------------------- */

typedef struct vms_folder vms_folder;
#define VMS_FOLDER_READ_ONLY 1u /* no lock, nothing written; DIR may also be one service's own folder */

/* One service of a data folder; strings are borrowed from the folder. */
typedef struct vms_folder_entry {
  const char *mount;    /* "/", "/bob/party"; "" if the folder is one service's own */
  const char *key;      /* ledger key, 64 hex digits */
  const char *journal;  /* path of the journal file  */
} vms_folder_entry;

/* Opens (and, unless read-only, makes and locks) a data folder: DIR/lock, DIR/services.json,
 * DIR/services/<ledger key>/{journal,secret}. VMS_ERR_LOCKED if another process serves it, VMS_ERR_NOT_FOUND,
 * VMS_ERR_CORRUPT (services.json), VMS_ERR_IO. */
VMS_API int vms_folder_open(vms_folder **folder, const char *dir, uint32_t flags, vms_error *error);
VMS_API void vms_folder_close(vms_folder *folder);
VMS_API size_t vms_folder_count(const vms_folder *folder);
VMS_API vms_folder_entry vms_folder_at(const vms_folder *folder, size_t index);

/* --- what a user keeps about services ---------------------------------------------------------------- */

/* Ledger keys by URL (pins), the newest head of every ledger, receipts, evidence: so that a host that goes back on its word is found out. Several
 * processes may have the same one open. Belongs to one thread at a time. Files: doc/protocol.md, "What callers keep". */
typedef struct vms_keep vms_keep;

/* Opens a folder, which the first thing that is kept makes: nothing is written by looking. dir NULL: the user's own,
 * ${XDG_DATA_HOME:-~/.local/share}/vms.
 * Returns VMS_OK, VMS_ERR_NOT_FOUND (neither variable is set), VMS_ERR_NOMEM. */
VMS_API int vms_keep_open(vms_keep **keep, const char *dir, vms_error *error);
VMS_API void vms_keep_close(vms_keep *keep);

/* The ledger that a URL stood for when it was met first; query and #KEY do not count, nor does how scheme, host and port are spelled.
 * VMS_OK, VMS_ERR_NOT_FOUND, VMS_ERR_ARGUMENT (no such URL), VMS_ERR_CORRUPT (with the file's path), VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_keep_pin(vms_keep *keep, const char *url, uint8_t ledger[VMS_KEY_LEN], vms_error *error);
/* Pins a URL, in place of what was pinned. As vms_keep_pin(), and VMS_ERR_FULL, VMS_ERR_LOCKED (another process does not let go). */
VMS_API int vms_keep_set_pin(vms_keep *keep, const char *url, const uint8_t ledger[VMS_KEY_LEN], vms_error *error);
/* Takes the pin of a URL away: it is met anew the next time. As vms_keep_set_pin(), VMS_ERR_NOT_FOUND (there is none). */
VMS_API int vms_keep_forget(vms_keep *keep, const char *url, vms_error *error);
/* The newest head kept of a ledger; it is verified. As vms_keep_pin(). */
VMS_API int vms_keep_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_head *head, vms_error *error);
/* Keeps a head if none that is as long is kept. As vms_keep_set_pin() and vms_head_verify(). */
VMS_API int vms_keep_set_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *head, vms_error *error);
/* Adds a receipt: one line in the ledger's file of receipts. Not synced: what a crash of the machine takes away is a memory, no money. Of a
 * busy ledger the newest ones are kept, at least 64 MiB of them. As vms_keep_set_pin(), VMS_ERR_FORM (no JSON), VMS_ERR_LIMIT. */
VMS_API int vms_keep_receipt(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice receipt, vms_error *error);
/* Appends the receipts kept of a ledger, one a line; nothing if there are none. VMS_OK, VMS_ERR_CORRUPT, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_keep_receipts(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_buffer *lines, vms_error *error);
/* Writes evidence to a new file, if it is not in one already, and appends its path. As vms_keep_set_pin(). */
VMS_API int vms_keep_evidence(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice evidence, vms_buffer *path, vms_error *error);

/* --- the client ----------------------------------------------------------------------------------- */

/* A connection to one service that outlives sockets: it connects again when one is lost, and sends what was not answered again, the same
 * bytes, so that a signed call runs once however often that happens. Belongs to one thread at a time. */
typedef struct vms_client vms_client;

typedef struct vms_client_options {
  uint32_t size;       /* sizeof(vms_client_options), set by _INIT */
  uint32_t timeout_ms; /* for connecting, and for each answer, connecting again included; 0 means 30,000 */
  const vms_env *env;  /* NULL: the system's */
  uint32_t flags;      /* VMS_CLIENT_NO_RECEIPT, VMS_CLIENT_NO_RETRY */
  uint32_t reserved;   /* 0 */
  vms_keep *keep;      /* borrowed; NULL: nothing is kept, and what the host told before this connection is not known */
  const char *ca;      /* file with certificates (PEM) to trust instead of the system's; NULL: those */
} vms_client_options;
#define VMS_CLIENT_OPTIONS_INIT { sizeof(vms_client_options), 0, NULL, 0, 0, NULL, NULL }
#define VMS_CLIENT_NO_RECEIPT 2u /* ask for no receipts */
#define VMS_CLIENT_NO_RETRY 4u   /* a connection that is lost is VMS_ERR_CLOSED, for good */

/* Connects to ws://, wss://HOST[:PORT]/PATH or ws+unix:SOCKET:/PATH, with #<ledger key> behind it or not. Blocking. With a `keep` a URL whose
 * ledger is another one than when it was met first is refused, once vms_client_ledger() or a call asks.
 * Returns VMS_OK, VMS_ERR_ARGUMENT (no such URL), VMS_ERR_IO, VMS_ERR_TIMEOUT, VMS_ERR_SIGNATURE (the certificate is not trusted), VMS_ERR_REMOTE (it
 * answers, but is no vms service). */
VMS_API int vms_client_open(vms_client **client, const char *url, const vms_client_options *options, vms_error *error);
VMS_API void vms_client_close(vms_client *client);

/* Sends one request without waiting; params is JSON text. id receives its number. While earlier requests are not answered, what is
 * small is gathered: it goes out with the next vms_client_receive(), or once there is enough of it. */
VMS_API int vms_client_send(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error);
/* Waits for the next answer, whichever request it belongs to; id is 0 for an error about a request that was not understood.
 * reply's buffers are cleared first. The receipt of a signed call was checked, kept and is still in the reply. While a connection is lost it is
 * made again; what was refused for now (-32004, -32005) is tried again, as long as its time-out lasts (doc/client.md).
 * VMS_ERR_TIMEOUT: try again, or give up. VMS_ERR_CLOSED: with id other than 0 that request, an unsigned call, was under way when a connection was
 * lost, and whether it ran is not known; with id 0 there is no connection, and the rest waits for one. VMS_ERR_ARGUMENT: nothing is under
 * way. VMS_ERR_REMOTE: what comes is no answer, or its receipt does not hold. VMS_ERR_FOREIGN: another ledger answers there now.
 * VMS_ERR_CONFLICT: the host signed what contradicts something else that it signed (vms_client_evidence() names the file that proves it, if there is a
 * keep), or does not answer for what it showed before: it shows less, proves no growth, or gives a receipt for something else, which may also be
 * the work of somebody on the way. The reply is what was answered, and from then on every function says the same. */
VMS_API int vms_client_receive(vms_client *client, uint64_t *id, vms_rpc_reply *reply, vms_error *error);
/* Sends one request and waits for its answer; answers to others that come first are kept for vms_client_receive(). */
VMS_API int vms_client_request(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply,
                               vms_error *error);

/* Signs a call and sends it without waiting. Its nonce is about the time in microseconds, above all earlier ones and above
 * `last` of a refused nonce (-32002); it is signed anew, with the same id, where the first text never ran and never will. The first call on a client
 * asks for vms.info, vms.head and, if something was kept, for a proof (and waits for them); params is a JSON array. The answer's reply is that of
 * vms.call: see vms_rpc_reply_unwrap(). -32002 is answered only if nobody knows whether the call ran ("executed":null), if the nonce is too far ahead
 * for the host's clock, or after many tries.
 *
 * Returns VMS_OK, VMS_ERR_FORM (method or params cannot be signed), VMS_ERR_FOREIGN (another ledger than the URL's #KEY or the pin),
 * VMS_ERR_CORRUPT (the file with the pins or the head is damaged, error->message names it), VMS_ERR_CONFLICT (as vms_client_receive()),
 * VMS_ERR_REMOTE (no answer to vms.info that makes sense), or a status of vms_client_request(). */
VMS_API int vms_client_call_send(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                                 uint64_t *id, vms_error *error);
/* The same, waits for the answer and unwraps it. receipt receives the text of the receipt, nothing if there is none; may be NULL. After
 * VMS_ERR_TIMEOUT or VMS_ERR_CLOSED whether the call ran is not known, and it is not sent again. */
VMS_API int vms_client_call(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                            vms_rpc_reply *reply, vms_buffer *receipt, vms_error *error);
/* Sends an unsigned call without waiting; its answer is that of vms.call too. */
VMS_API int vms_client_call_send_unsigned(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error);

/* Asks for all records from number `from` on, those to come included (vms.subscribe). Connecting again goes on where it was. */
VMS_API int vms_client_subscribe(vms_client *client, uint64_t from, vms_error *error);
/* Waits up to timeout_ms for the next record (0: looks whether one came), appends its text. While the connection is lost, an attempt to make it
 * again may take a second. VMS_OK, VMS_ERR_NOT_FOUND (none in that time), or as vms_client_receive(). */
VMS_API int vms_client_next(vms_client *client, uint32_t timeout_ms, uint64_t *seq, vms_buffer *record, vms_error *error);
/* What could not be kept since this was asked last: a full disk, a folder that cannot be read or written. Calls go on without. VMS_OK if all was
 * kept, else the status, with what to tell the user in error. */
VMS_API int vms_client_warning(vms_client *client, vms_error *error);
/* After VMS_ERR_CONFLICT: path of the file with evidence that convicts the host before anybody (vms_evidence_check(), vms-audit --check). NULL if there
 * is none: nothing is kept, it could not be written (vms_client_warning()), or nothing is proved. Borrowed from the client. */
VMS_API const char *vms_client_evidence(const vms_client *client);
/* Asks for files: one file call (doc/protocol.md, "files.*").
 *
 *   method   "files.readFile" and so on.
 *   params   JSON array, by position, as the method has them.
 *   version  as of this version of the archive, put into the call's options; 0: as last made durable, or as the options say.
 *   flags    0, or VMS_CLIENT_VERIFY: the host has to prove its answer, and the reply is what the proof says. The ledger key is the URL's
 *            #KEY, or else the one that the host itself tells: then only what it told before and after can be compared.
 *   proven   receives what was proved; may be NULL, and must be without VMS_CLIENT_VERIFY.
 *
 * Returns VMS_OK with a reply (an error of the file call included); VMS_ERR_ARGUMENT (no file call, or params that are no array), VMS_ERR_SIGNATURE (the
 * answer is not proved, error->message says why), or as vms_client_call_send(). */
#define VMS_CLIENT_VERIFY 1u
VMS_API int vms_client_file(vms_client *client, const char *method, vms_slice params, uint64_t version, uint32_t flags,
                            vms_rpc_reply *reply, vms_file_proven *proven, vms_error *error);
/* The ledger key that answers at the other end, asked for on first use. As vms_client_call_send(). */
VMS_API int vms_client_ledger(vms_client *client, uint8_t ledger[VMS_KEY_LEN], vms_error *error);

/* --- the client for other languages: handles, numbers and JSON text ---------------------------------------- */

/* Texts are NUL-terminated UTF-8; those given back are freed with vms_text_free(). Every function gives back one JSON object:
 *
 *   {"result":…}, or {} for undefined
 *   {"error":{"code":N,"message":"…","data":…}}                 an answer that is an error (VMS_OK is returned)
 *   {"error":{"status":"VMS_ERR_…","message":"…","hint":"…"}}   no answer; the status is returned as well. With "evidence":"PATH" in it
 *                                                                where there is a file that proves it (vms_client_evidence())
 *
 * and beside it "warning":"…" if something could not be kept (vms_client_warning()).
 *
 * *text is NULL only if memory lacked. Threads as vms_client. */

/* options: NULL, or {"key":"FILE","timeout":SECONDS,"ca":"FILE","keep":"DIR"|false,"anonymous":true,"receipts":false,"retry":false}; all may
 * be left out, and what is not known is VMS_ERR_ARGUMENT. The key is read when it is needed first. result: {"ledger":"…","methods":[…]}. */
VMS_API int vms_client_connect(vms_client **client, const char *url, const char *options, char **text);
/* A contract's method (signed, unless the client is anonymous), or a name with a dot: "files.readFile", "vms.info". params: JSON array, or an object
 * for vms.*. A call's object has "seq" and, if there is one, "receipt" beside its result. */
VMS_API int vms_client_call_text(vms_client *client, const char *method, const char *params, char **text);
/* vms.info. */
VMS_API int vms_client_info_text(vms_client *client, char **text);
/* Records from number `from` on, then one for each poll: {"result":{"seq":N,"record":{…}}}; {} if none came in timeout_ms. */
VMS_API int vms_client_subscribe_text(vms_client *client, uint64_t from, char **text);
VMS_API int vms_client_poll_text(vms_client *client, uint32_t timeout_ms, char **text);
VMS_API void vms_text_free(char *text); /* accepts NULL */

/* What to do about a failure of a client, one sentence for people, "" if nothing comes to mind. A static constant. */
VMS_API const char *vms_client_hint(const vms_error *error);
/* The name of an error code: "Busy" for -32004, "" for those of contracts. A static constant. */
VMS_API const char *vms_code_name(int32_t code);

/* --- copies: what is to be audited -------------------------------------------------------------------- */

/* The journal of a service as an auditor holds it, and the files that it lies in. Belongs to one thread at a time. */
typedef struct vms_copy vms_copy;

/* Opens the journal file of a service for reading, also while a host writes to it. Everything is read and checked, whatever index lies
 * beside it. A frame that is being written is waited for; see vms_copy_torn().
 * Returns VMS_OK and a copy to close, or as vms_file_open() and vms_journal_open(). */
VMS_API int vms_copy_open(vms_copy **copy, const char *path, vms_error *error);
/* Closes what was opened or downloaded. Accepts NULL. */
VMS_API void vms_copy_close(vms_copy *copy);
/* Borrowed from the copy. */
VMS_API vms_journal *vms_copy_journal(const vms_copy *copy);
/* Bytes behind the last whole frame that stayed there and were passed over: the writer died, or the file was cut. */
VMS_API uint64_t vms_copy_torn(const vms_copy *copy);

typedef struct vms_download_options {
  uint32_t size;       /* sizeof(vms_download_options), set by _INIT                                      */
  uint32_t timeout_ms; /* how long it may go on without a new block; 0 means 30,000                       */
  vms_folder *store;   /* borrowed, open for writing: where the copy is kept and taken up again the next time;
                          NULL: a temporary file without a name                                           */
  void *context;
  /* After each step: how many of the blocks that have to travel are here. May be NULL. */
  void (*progress)(void *context, uint64_t done, uint64_t total);
} vms_download_options;
#define VMS_DOWNLOAD_OPTIONS_INIT { sizeof(vms_download_options), 0, NULL, NULL, NULL }

/* Downloads a live service's three cores: the heads by vms.head, the blocks by replication, on a second connection to the same URL.
 * In a store lies what came earlier, whole or not: it is checked against what the host signs now, and only what is missing travels.
 *
 *   copy     receives a copy to close, with the heads in place; NULL if the verdict is decided.
 *   audit    ledger and max_bytes count here; archive_before and blobs_before are filled in.
 *   verdict  decided (vms_verdict_set) if what the host sends contradicts its own signed heads or those in the store
 *            (verdict->conflict), or if it withholds something.
 *
 * Returns VMS_OK, or why it could not be fetched: VMS_ERR_IO, VMS_ERR_TIMEOUT, VMS_ERR_CLOSED, VMS_ERR_REMOTE, VMS_ERR_UNSUPPORTED (the
 * host does not replicate), VMS_ERR_CORRUPT (the store is damaged), VMS_ERR_EXISTS (in the store lies a host's own service, with its
 * secret), VMS_ERR_FULL, VMS_ERR_NOMEM. What came until then stays in the store.
 * Protocol: doc/protocol.md, "Auditing a live service". */
VMS_API int vms_download(vms_copy **copy, vms_client *client, const vms_download_options *options, vms_audit_options *audit,
                         vms_verdict *verdict, vms_error *error);

/* --- the host ------------------------------------------------------------------------------------- */

/* A host serves the services of one data folder. It belongs to one thread, but for vms_host_stop(). */
typedef struct vms_host vms_host;

#define VMS_HOST_ANONYMOUS 1u   /* newly deployed services allow unsigned calls          */
#define VMS_HOST_DEBUG_USERS 2u /* ... and callers debug:<name>; loopback addresses only */
#define VMS_HOST_NO_SYNC 4u     /* answer before the disk has it (--durability os)       */
#define VMS_HOST_SIGNALS 8u     /* SIGTERM and SIGINT stop it, once vms_host_add_rest() is done; SIGPIPE and SIGXFSZ are ignored */

enum { VMS_LOG_DEBUG = 0, VMS_LOG_INFO = 1, VMS_LOG_WARN = 2, VMS_LOG_ERROR = 3 };

typedef struct vms_host_options {
  uint32_t size;        /* sizeof(vms_host_options), set by _INIT                               */
  uint32_t flags;       /* VMS_HOST_...                                                         */
  const vms_env *env;   /* NULL: the system's                                                   */
  vms_limits limits;    /* for newly deployed services, and checked against those that are there */
  uint64_t epoch;       /* the same                                                             */
  uint32_t max_queue;   /* calls of one service that are not durable yet; 0 means 1,000. Nobody gets more than there are free
                           slots left: neither a connection nor a key                           */
  uint32_t connections; /* at once; 0 means 1,000. Half of them, at most, replicate. Above it the one that has been silent longest goes */
  vms_slice title;      /* of newly deployed services                                           */
  void *log_context;
  /* Each event worth a line; mount is the service's path or "". From the host's thread. May be NULL. */
  void (*log)(void *context, uint32_t level, const char *mount, const char *message);
  uint64_t max_output;  /* bytes of answers that wait for all connections to take them; 0 means 256 MiB */
  const char *const *origins; /* as vms_rpc_options; borrowed                                   */
  const char *const *hosts;
  const char *tls_cert; /* files (PEM): the chain and the key of addresses that speak TLS, all of them then but unix: and --replicate.
                           Read again on SIGHUP (VMS_HOST_SIGNALS) and by vms_host_reload(). NULL: no TLS */
  const char *tls_key;
} vms_host_options;
#define VMS_HOST_OPTIONS_INIT \
  { sizeof(vms_host_options), 0, NULL, { 0, 0, 0, 0, 0, 0 }, 0, 0, 0, { NULL, 0 }, NULL, NULL, 0, NULL, NULL, NULL, NULL }

/* Opens and locks a data folder. As vms_folder_open(). */
VMS_API int vms_host_new(vms_host **host, const char *dir, const vms_host_options *options, vms_error *error);
/* Listens on [ADDR:]PORT ("5555", "127.0.0.1:0", "[::1]:5555") or unix:PATH; several are fine. Connections wait until vms_host_run().
 * A socket that nobody listens on any more is taken over. VMS_ERR_ARGUMENT, VMS_ERR_EXISTS (port or socket in use), VMS_ERR_SIGNATURE (no
 * certificate that can be used), VMS_ERR_IO. */
VMS_API int vms_host_listen(vms_host *host, const char *address, vms_error *error);
/* Listens on [ADDR:]PORT for plain TCP connections that replicate (doc/protocol.md, "Replication: where it is served"): any Hypercore
 * peer may follow the ledger, archive and blobs cores of every service. Where it listens is logged: "replicating on ADDR:PORT".
 * The same is served on every service's path, for its own cores, as WebSocket subprotocol "hypercore", with or without this.
 * Several addresses are fine. As vms_host_listen(). */
VMS_API int vms_host_replicate(vms_host *host, const char *address, vms_error *error);
/* Serves a script at a mount ("/", "/bob/party"): opens the service that is there, or deploys it. diagnostic receives what to
 * print about a script that does not parse or throws; may be NULL. As vms_service_open() and vms_service_deploy(); VMS_ERR_FOREIGN
 * if another script is there; VMS_ERR_ARGUMENT (mount), VMS_ERR_EXISTS (added already). */
VMS_API int vms_host_add(vms_host *host, const char *mount, vms_slice code, vms_buffer *diagnostic, vms_error *error);
/* Serves everything else that is in the folder. A service without `secret` there is a copy, such as vms-audit keeps: it is served as
 * a mirror, for reading and replication; one that cannot be is logged and passed over. As vms_service_open(). */
VMS_API int vms_host_add_rest(vms_host *host, vms_error *error);

/* One service of a host; strings are borrowed until the host is freed. */
typedef struct vms_host_entry {
  const char *mount;
  const char *url;     /* "ws://127.0.0.1:5555/", of the first address listened on; "" before */
  const char *ledger;  /* keys, 64 hex digits */
  const char *archive;
} vms_host_entry;
VMS_API size_t vms_host_count(const vms_host *host);
VMS_API vms_host_entry vms_host_at(const vms_host *host, size_t index);

/* Serves until vms_host_stop() or a signal; then finishes what runs, commits, says goodbye.
 * Returns VMS_OK, or VMS_ERR_FULL, VMS_ERR_IO if the last commit failed. */
VMS_API int vms_host_run(vms_host *host, vms_error *error);
/* Makes vms_host_run() return. May be called from any thread while it runs, and from a signal handler. */
VMS_API void vms_host_stop(vms_host *host);
/* Reads certificate and key again: new connections get them; where they cannot be used the old ones stay and the log says why. As vms_host_stop(). */
VMS_API void vms_host_reload(vms_host *host);
/* Closes everything and unlocks the folder. Accepts NULL. */
VMS_API void vms_host_free(vms_host *host);

#ifdef __cplusplus
}
#endif

#endif

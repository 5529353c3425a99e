/* SPDX-License-Identifier: MIT */
/* What the files of lib/net share. */
#ifndef VMS_NET_INTERNAL_H
#define VMS_NET_INTERNAL_H

#include "lib/base/internal.h"
#include "lib/os/internal.h"
#include "vms/net.h"

/* --- url.c -------------------------------------------------------------------------------------- */

/* A URL taken apart: ws://, wss:// (http:// and https:// mean the same) or ws+unix:SOCKET:/PATH. */
typedef struct vms__url {
  bool tls, local;     /* wss; ws+unix               */
  char socket[108];    /* local: its path, else ""   */
  char host[256];      /* without brackets; local: "" */
  char port[8];
  char authority[272]; /* as in the Host header      */
  char target[1024];   /* path and query             */
  uint8_t ledger[VMS_KEY_LEN];
  bool pinned;         /* #<ledger key> was given    */
} vms__url;
/* VMS_OK or VMS_ERR_ARGUMENT. */
int vms__url_read(const char *text, vms__url *url, vms_error *error);
/* Appends what two URLs of one service have in common, for pins: "ws://host/path" with the host in lower case, without #KEY, query (which
 * names a user, not a service) and default port. The path of a socket is made absolute. VMS_OK or VMS_ERR_NOMEM. */
int vms__url_name(const vms__url *url, vms_buffer *out);
/* Appends "ws+unix:PATH:", to which the path of a service is added. VMS_OK or VMS_ERR_NOMEM. */
int vms__url_socket_write(vms_buffer *out, const char *path);

/* [ADDR:]PORT; host is 127.0.0.1 if left out. */
int vms__address_read(const char *text, char host[64], uint16_t *port, vms_error *error);

/* --- tls.c -------------------------------------------------------------------------------------- */

/* Certificates and settings, shared by connections, each of which keeps what it began with: OpenSSL's SSL_CTX, which counts them. */
typedef struct ssl_ctx_st vms__tls_context;
/* For clients. ca: file (PEM) with the certificates that are trusted, the server's own among them if need be; NULL: the system's. VMS_OK,
 * VMS_ERR_ARGUMENT (the file), VMS_ERR_NOMEM. */
int vms__tls_client(vms__tls_context **context, const char *ca, vms_error *error);
/* For servers. chain: file (PEM) with the server's certificate, then those between it and one that callers trust. key: file (PEM) with its
 * private key; NULL: the same file. VMS_OK, VMS_ERR_SIGNATURE (they cannot be used, the message says which and why), VMS_ERR_NOMEM. */
int vms__tls_server(vms__tls_context **context, const char *chain, const char *key, vms_error *error);
void vms__tls_context_free(vms__tls_context *context); /* accepts NULL */
/* The day on which a server's certificate expires; true if it has passed. */
bool vms__tls_expiry(const vms__tls_context *context, char date[24]);

/* One end of a TLS connection, 1.2 or later, without a socket. */
typedef struct vms__tls vms__tls;
/* host: a client, which wants a certificate for this name or address; NULL: a server. VMS_OK, VMS_ERR_NOMEM, VMS_ERR_ARGUMENT (host). */
int vms__tls_new(vms__tls **tls, vms__tls_context *context, const char *host, const vms_env *env, vms_error *error);
void vms__tls_free(vms__tls *tls); /* accepts NULL */
/* Takes what came from the wire; handshake or receive looks at it. VMS_OK or VMS_ERR_NOMEM. */
int vms__tls_feed(vms__tls *tls, const void *wire, size_t len, vms_error *error);
/* Goes on with the handshake; a client's begins with this. VMS_OK, also if more is needed from the wire; VMS_ERR_SIGNATURE (the certificate
 * is not trusted, and why), VMS_ERR_REMOTE (no TLS, or no agreement), VMS_ERR_NOMEM. What there is to take then still goes to the other side. */
int vms__tls_handshake(vms__tls *tls, vms_error *error);
bool vms__tls_is_open(const vms__tls *tls);   /* the handshake is done, nothing has failed */
/* Gives plain bytes; fewer than len: nothing is left of what came. VMS_OK, VMS_ERR_CLOSED (the other side said that this is the end),
 * VMS_ERR_CORRUPT (the bytes from the wire were changed, or break the protocol), or as handshake. */
int vms__tls_receive(vms__tls *tls, void *plain, size_t len, size_t *got, vms_error *error);
/* True once the other side said that no more will come. A wire that ends before was cut off. */
bool vms__tls_has_ended(const vms__tls *tls);
/* Appends plain bytes, encrypted, to `wire`. Only if open. VMS_OK, VMS_ERR_CORRUPT, VMS_ERR_NOMEM. */
int vms__tls_send(vms__tls *tls, const void *plain, size_t len, vms_buffer *wire, vms_error *error);
/* What the protocol itself has to say: bytes of it, and moving them to the end of `wire`. VMS_OK or VMS_ERR_NOMEM. */
size_t vms__tls_pending(const vms__tls *tls);
int vms__tls_take(vms__tls *tls, vms_buffer *wire, vms_error *error);
/* Says that this is the end: something to take. Nothing can be sent after it. */
void vms__tls_close(vms__tls *tls);

/* --- socket.c ----------------------------------------------------------------------------------- */

/* The client's end of a connection: TCP, TLS or a Unix socket, as the URL says. Nothing but open and wait blocks. */
typedef struct vms__socket vms__socket;
/* Connects by the deadline (vms__os_monotonic_ms()), the handshake of TLS included. url: borrowed until the socket is closed. ca: file with
 * certificates to trust, NULL: the system's. VMS_OK, VMS_ERR_IO (nobody answers), VMS_ERR_TIMEOUT, VMS_ERR_SIGNATURE (the certificate is
 * not trusted), VMS_ERR_REMOTE (no TLS there), VMS_ERR_ARGUMENT (ca), VMS_ERR_NOMEM. */
int vms__socket_open(vms__socket **opened, const vms__url *url, const char *ca, const vms_env *env, uint64_t deadline, vms_error *error);
void vms__socket_close(vms__socket *opened); /* accepts NULL */
/* Takes as much as there is room for, which may be nothing. VMS_OK, VMS_ERR_CLOSED, VMS_ERR_NOMEM. */
int vms__socket_send(vms__socket *opened, const void *bytes, size_t len, size_t *sent, vms_error *error);
/* Gives what has arrived; *got is 0 if that is nothing yet. VMS_OK, VMS_ERR_CLOSED (the end, in order or not), VMS_ERR_NOMEM. */
int vms__socket_receive(vms__socket *opened, void *bytes, size_t len, size_t *got, vms_error *error);
/* Waits until receive, or with `sending` send, may get on: only trying tells. VMS_OK, VMS_ERR_TIMEOUT (the deadline passed), VMS_ERR_IO. */
int vms__socket_wait(vms__socket *opened, bool sending, uint64_t deadline, vms_error *error);

/* --- client.c ----------------------------------------------------------------------------------- */

/* The ledger key behind # in the client's URL, or NULL. */
const uint8_t *vms__client_pin(const vms_client *client);
/* The path in the client's URL. */
vms_slice vms__client_path(const vms_client *client);

/* Opens a second connection to the same URL, with the subprotocol "hypercore": a stream of bytes. To be closed as a client.
 * As vms_client_open(); VMS_ERR_REMOTE if the host does not agree to the subprotocol. */
int vms__client_stream(vms_client **stream, const vms_client *client, vms_error *error);
/* Sends what is in `out`, which is empty then, waits until the deadline for something to arrive and appends it to `in`.
 * VMS_ERR_TIMEOUT, VMS_ERR_CLOSED, VMS_ERR_REMOTE, VMS_ERR_NOMEM. */
int vms__client_stream_step(vms_client *stream, vms_buffer *out, vms_buffer *in, uint64_t deadline, vms_error *error);

/* --- keep.c --------------------------------------------------------------------------------------- */

/* As vms_keep_open(), on another file system than the system's (borrowed). */
int vms__keep_open_on(const vms__os_fs *fs, vms_keep **keep, const char *dir, vms_error *error);
/* Pins a URL if it is not pinned yet; `pinned` receives what it is pinned to now. As vms_keep_set_pin(). */
int vms__keep_first_pin(vms_keep *keep, const char *url, const uint8_t ledger[VMS_KEY_LEN], uint8_t pinned[VMS_KEY_LEN], vms_error *error);
/* Keeps a head in place of *from (NULL: where there is none): nobody else may have put another one there since, of whose history nobody
 * knows yet whether this one is. VMS_ERR_EXISTS and *kept if somebody has; else as vms_keep_set_head(). */
int vms__keep_move_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *from, const vms_head *head, vms_head *kept, vms_error *error);

/* --- copy.c --------------------------------------------------------------------------------------- */

/* A new journal in a file without a name. As vms_journal_create(). */
int vms__copy_temporary(vms_copy **copy, const uint8_t (*manifests)[VMS_MANIFEST_LEN], uint32_t count, const vms_env *env, vms_error *error);
/* The journal of the ledger with this key (64 digits) in a folder that is open for writing: opened, or made and entered in
 * services.json, under `mount` if that is free. As vms_journal_create() and vms_journal_open(); VMS_ERR_EXISTS if there is a secret. */
int vms__copy_store(vms_copy **copy, vms_folder *folder, const char *mount, const char *key, const uint8_t (*manifests)[VMS_MANIFEST_LEN],
                    uint32_t count, const vms_env *env, vms_error *error);

/* --- folder.c ------------------------------------------------------------------------------------- */

/* As vms_folder_open(), on another file system than the system's (borrowed). */
int vms__folder_open_on(const vms__os_fs *fs, vms_folder **folder, const char *dir, uint32_t flags, vms_error *error);
const vms__os_fs *vms__folder_fs(const vms_folder *folder);
/* True if the folder was made by vms_folder_open() and holds no service yet. */
bool vms__folder_is_new(const vms_folder *folder);
/* Finds a mount; SIZE_MAX if there is none. */
size_t vms__folder_find(const vms_folder *folder, const char *mount);
/* Path of a file of the service with this key, in place of what `path` holds. VMS_OK or VMS_ERR_NOMEM. */
int vms__folder_path(const vms_folder *folder, const char *key, const char *name, vms_buffer *path, vms_error *error);
/* Makes the folder of a service with this key, and in it the mark of one that is being made. To be followed by vms__folder_settle(). */
int vms__folder_begin(const vms_folder *folder, const char *key, vms_error *error);
/* Adds a service to services.json, durably. */
int vms__folder_add(vms_folder *folder, const char *mount, const char *key, vms_error *error);
/* Tidies up after the making of the service with this key: it is there, or goes as a whole; if services.json may name it after
 * a crash although vms__folder_add() failed, all stays as it is until the next vms_folder_open(). */
void vms__folder_settle(const vms_folder *folder, const char *key);
/* True if it may be a mount: "/" or "/a/b" of letters, digits and -._~ , no empty, "." or ".." part. */
bool vms__mount_valid(vms_slice mount);

/* --- deploy.c --------------------------------------------------------------------------------------- */

/* An open service and what it stands on. */
typedef struct vms__deployed {
  vms_service *service;
  vms_storage storage, index, callers; /* the journal and what is derived from it; index.context NULL: none */
  char ledger[2 * VMS_KEY_LEN + 1], archive[2 * VMS_KEY_LEN + 1];
} vms__deployed;
/* Opens the service at entry `index`; code may be NULL. */
int vms__deployed_open(vms__deployed *deployed, const vms_folder *folder, size_t index, const vms_slice *code,
                       const vms_service_options *options, vms_error *error);
/* True if the service at entry `index` has no secret here: a copy, to be read only. */
bool vms__deployed_is_mirror(const vms_folder *folder, size_t index);
/* Opens such a copy. As vms_service_mirror(); VMS_ERR_FOREIGN also if it is another ledger's. All of it is read, whatever index lies
 * beside it. */
int vms__deployed_mirror(vms__deployed *deployed, const vms_folder *folder, size_t index, const vms_service_options *options,
                         vms_error *error);
/* Makes a new service at a mount. When it fails it leaves nothing behind; if it cannot tell whether it failed (the disk did), what
 * the next vms_folder_open() keeps or removes as a whole. */
int vms__deployed_make(vms__deployed *deployed, vms_folder *folder, const char *mount, vms_slice code,
                       const vms_service_options *options, vms_buffer *diagnostic, vms_error *error);
void vms__deployed_close(vms__deployed *deployed);

/* --- two histories (fork.c) -------------------------------------------------------------------------- */

/* True if a text proves to anybody that the host of this ledger, and no other's, broke its word: nothing else is called evidence. */
bool vms__evidence_convicts(vms_slice evidence, const uint8_t ledger[VMS_KEY_LEN], const vms_env *env);

/* Appends evidence if two of these heads of one ledger contradict each other and that can be shown: by the blocks in `core` (NULL: none), or by what the host
 * answers to vms.proof. */
void vms__fork_prove(vms_client *client, const vms_head *heads, size_t count, const vms_core *core, vms_buffer *evidence);

#endif

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

/* --- the client ----------------------------------------------------------------------------------- */

typedef struct vms_client vms_client;

typedef struct vms_client_options {
  uint32_t size;       /* sizeof(vms_client_options), set by _INIT */
  uint32_t timeout_ms; /* for connecting and for each answer; 0 means 30,000 */
  const vms_env *env;  /* NULL: the system's */
} vms_client_options;
#define VMS_CLIENT_OPTIONS_INIT { sizeof(vms_client_options), 0, NULL }

/* Connects to ws://HOST[:PORT]/PATH. Blocking. VMS_ERR_ARGUMENT (no such URL), VMS_ERR_IO, VMS_ERR_TIMEOUT,
 * VMS_ERR_REMOTE (it answers, but is no vms service). */
VMS_API int vms_client_open(vms_client **client, const char *url, const vms_client_options *options, vms_error *error);
VMS_API void vms_client_close(vms_client *client);

/* Sends one request without waiting; params is JSON text. id receives its number. */
VMS_API int vms_client_send(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error);
/* Waits for the next answer, whichever request it belongs to. reply's buffers are cleared first. */
VMS_API int vms_client_receive(vms_client *client, uint64_t *id, vms_rpc_reply *reply, vms_error *error);
/* Sends one request and waits for its answer. */
VMS_API int vms_client_request(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply,
                               vms_error *error);

/* --- fetching what is to be audited ---------------------------------------------------------------- */

/* Downloads a live service's three cores and heads into a new journal on an empty storage (borrowed).
 *
 *   options  archive_before and blobs_before are filled in.
 *   verdict  decided (vms_verdict_set) if what the host sends contradicts its own signed heads, or if it withholds
 *            something; the journal is NULL then.
 *
 * Returns VMS_OK, or why it could not be fetched: VMS_ERR_IO, VMS_ERR_TIMEOUT, VMS_ERR_REMOTE, VMS_ERR_NOMEM, VMS_ERR_FULL. */
VMS_API int vms_download(vms_client *client, const vms_storage *storage, vms_audit_options *options, vms_journal **journal,
                         vms_verdict *verdict, vms_error *error);

/* Opens the journal of a data folder's service for an audit, also while a host writes to it. A torn tail that stays is
 * VMS_ERR_CORRUPT: starting the host once recovers it. Otherwise as vms_journal_open(). */
VMS_API int vms_folder_journal(const char *path, vms_storage *storage, vms_journal **journal, vms_error *error);

/* --- the host ------------------------------------------------------------------------------------- */

typedef struct vms_host vms_host;

#ifdef __cplusplus
}
#endif

#endif

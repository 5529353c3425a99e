/* SPDX-License-Identifier: MIT */
/* vms/base.h - what every part of libvms shares: status and error, text slices,
 * growing buffers, and the two doors to the outside world (environment and storage).
 *
 * Threads: nothing here has state; an object may be used by one thread at a time.
 */
#ifndef VMS_BASE_H
#define VMS_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define VMS_API __attribute__((visibility("default")))
#else
#define VMS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define VMS_VERSION "0.1.0"

/* Status of a call. The numbers are ABI: new ones are appended, none is ever renumbered.
 * VMS_ERR_* means "could not do it" or "could not tell"; that a host lied is never an error
 * but a finding (vms/service.h). */
enum {
  VMS_OK = 0,
  VMS_ERR_NOMEM = 1,       /* out of memory, or over a memory limit of the caller       */
  VMS_ERR_ARGUMENT = 2,    /* an argument value that the header rules out               */
  VMS_ERR_LIMIT = 3,       /* larger than a documented limit                            */
  VMS_ERR_IO = 4,          /* the storage or the network failed                         */
  VMS_ERR_CORRUPT = 5,     /* bytes are not what their checksum, hash or format demands */
  VMS_ERR_NOT_FOUND = 6,   /* no such block, file, service or method                    */
  VMS_ERR_EXISTS = 7,      /* it is there already                                       */
  VMS_ERR_LOCKED = 8,      /* another process holds it                                  */
  VMS_ERR_FORM = 9,        /* text that is not of the form it has to have               */
  VMS_ERR_SYNTAX = 10,     /* a script that does not parse                              */
  VMS_ERR_SCRIPT = 11,     /* a script that threw or met a limit                        */
  VMS_ERR_SIGNATURE = 12,  /* a signature or key that does not fit                      */
  VMS_ERR_FOREIGN = 13,    /* it belongs to another script, ledger or key               */
  VMS_ERR_FULL = 14,       /* no room left on the storage                               */
  VMS_ERR_TIMEOUT = 15,    /* not within the time granted                               */
  VMS_ERR_CLOSED = 16,     /* the other side is gone, or the object was shut down       */
  VMS_ERR_REMOTE = 17,     /* the other side answered with an error                     */
  VMS_ERR_UNSUPPORTED = 18, /* a version or feature that is not built in                */
  VMS_ERR_MISSING = 19,    /* a block that is needed is not here (yet), or not proved   */
  VMS_ERR_CONFLICT = 20    /* the host signed what contradicts something else it signed */
};

/* What went wrong, in plain memory: nothing to free, no global, no thread-local.
 * Every function that takes one accepts NULL, fills it only on failure, and returns its status. */
typedef struct vms_error {
  int32_t status;     /* VMS_ERR_...                                             */
  int32_t reserved;   /* 0                                                       */
  uint64_t position;  /* byte offset, record number or line, 0 if meaningless    */
  char message[112];  /* NUL-terminated UTF-8, lower case, no full stop          */
} vms_error;

/* Returns the name of a status ("VMS_ERR_IO"), or "VMS_ERR_?" for a number it does not know. */
VMS_API const char *vms_status_name(int status);

/* Returns the library's version as "MAJOR.MINOR.PATCH". */
VMS_API const char *vms_version(void);

/* Borrowed bytes; not NUL-terminated. data may be NULL only if len is 0. */
typedef struct vms_slice {
  const char *data;
  size_t len; /* bytes */
} vms_slice;

/* The environment: memory, time and entropy. Starts with its size so that it can grow at the end.
 * Wherever a `const vms_env *` may be NULL, NULL means malloc, no clock and no entropy. */
typedef struct vms_env {
  uint32_t size;     /* sizeof(vms_env) */
  uint32_t reserved; /* 0 */
  void *context;     /* passed to every function below */
  /* Resizes `memory` from old_len to new_len bytes; old_len 0 with NULL allocates, new_len 0 frees
   * and returns NULL. Returns NULL when there is no memory, leaving the old block as it was. */
  void *(*resize)(void *context, void *memory, size_t old_len, size_t new_len);
  uint64_t (*now_ms)(void *context);                     /* milliseconds since 1970-01-01 UTC; may be NULL */
  int (*entropy)(void *context, void *bytes, size_t len); /* fills with random bytes, returns VMS_OK; may be NULL */
} vms_env;

/* Storage: one file-like object. Offsets and lengths are bytes. Each function returns VMS_OK,
 * VMS_ERR_IO or (write, truncate) VMS_ERR_FULL, and fills `error`.
 * Threads: `write`, `truncate` and `sync` may be called from another thread than the rest, one call at a time. */
typedef struct vms_storage {
  uint32_t size;     /* sizeof(vms_storage) */
  uint32_t reserved; /* 0 */
  void *context;     /* passed to every function below */
  /* Reads up to len bytes at offset; *got < len only at the end of the storage. */
  int (*read)(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error);
  /* Writes all len bytes at offset, growing the storage when needed. */
  int (*write)(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error);
  /* Returns once everything written before is durable. */
  int (*sync)(void *context, vms_error *error);
  int (*length)(void *context, uint64_t *len, vms_error *error);
  int (*truncate)(void *context, uint64_t len, vms_error *error);
} vms_storage;

/* Makes a storage in memory, empty; writes never fail but for VMS_ERR_FULL when there is no memory. Close it when
 * nothing uses it any more. Returns VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_memory_open(vms_storage *storage, const vms_env *env, vms_error *error);
VMS_API void vms_memory_close(vms_storage *storage);

/* A growing byte buffer. Functions with a `vms_buffer *` output append to it; data is NUL-terminated
 * (the NUL is not counted) once anything was appended. */
typedef struct vms_buffer {
  char *data;         /* owned; NULL while nothing was appended */
  size_t len;         /* bytes in use            */
  size_t capacity;    /* bytes allocated         */
  const vms_env *env; /* borrowed; NULL: malloc  */
} vms_buffer;
#define VMS_BUFFER_INIT { NULL, 0, 0, NULL }

/* Prepares an empty buffer that takes memory from `env` (borrowed, outlives the buffer; NULL: malloc). */
VMS_API void vms_buffer_init(vms_buffer *buffer, const vms_env *env);
/* Releases the buffer's memory; it is empty and usable afterwards. Accepts NULL. */
VMS_API void vms_buffer_free(vms_buffer *buffer);
/* Appends len bytes (copied). Returns VMS_OK, or VMS_ERR_NOMEM with the buffer unchanged. */
VMS_API int vms_buffer_append(vms_buffer *buffer, const void *bytes, size_t len);

/* A file call: the door between scripts or clients and an archive. The method names, parameters,
 * results and errors are those of DatArchive (doc/ledger-format.md, "File calls"). */
typedef struct vms_file_request {
  vms_slice method;  /* "readFile", without a prefix                                           */
  vms_slice params;  /* JSON array; where `data` stands for a parameter, null is in its place  */
  vms_slice data;    /* bytes of the file to write; data.data NULL if none                     */
  uint64_t version;  /* read as of this archive version; 0: the newest, or as the options say   */
  uint64_t answer_max; /* bytes in the answer, above which the call throws RangeError; 0: no limit */
  uint64_t work_max; /* likewise for vms_file_reply.work; 0: no limit                          */
} vms_file_request;

/* Kinds of reply to a file call. */
enum {
  VMS_FILE_UNDEFINED = 0, /* nothing to return                                            */
  VMS_FILE_JSON = 1,      /* body is JSON text                                            */
  VMS_FILE_TEXT = 2,      /* body is the returned string, UTF-8                           */
  VMS_FILE_BYTES = 3,     /* body is the returned bytes                                   */
  VMS_FILE_ERROR = 4,     /* error_name and body (UTF-8 message) describe what to throw   */
  VMS_FILE_ABORT = 5      /* the call's file limit is used up: the script must not go on  */
};

typedef struct vms_file_reply {
  uint32_t kind;       /* VMS_FILE_... */
  uint32_t reserved;   /* 0 */
  char error_name[48]; /* NUL-terminated, for VMS_FILE_ERROR: "NotFoundError" */
  vms_buffer body;     /* owned by whoever made the reply struct */
  uint64_t work;       /* entries looked up, passed by or changed: what the answer cost beside its length. It depends on the files and
                          the call alone, never on what is in a cache */
} vms_file_reply;

#ifdef __cplusplus
}
#endif

#endif

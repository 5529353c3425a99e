/* SPDX-License-Identifier: MIT */
/* vms/sandbox.h - runs one contract: code, method and JSON text in; outcome, steps and peak bytes out.
 *
 * Whatever a script can observe is the same on every machine: time, caller, files and limits come in
 * as parameters. Limits are counted, never timed, and end a call in a way the script cannot catch.
 * The sandbox knows neither ledgers nor archives; files and console are functions of the caller.
 *
 * Threads: a sandbox belongs to one thread at a time; two sandboxes share nothing.
 */
#ifndef VMS_SANDBOX_H
#define VMS_SANDBOX_H

#include "vms/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The engine's semantic version: Duktape, configuration, lowering, built-ins and step accounting. */
#define VMS_ENGINE "vms-js/0"

typedef struct vms_sandbox vms_sandbox;

/* What the sandbox asks its owner. Functions that are NULL are absent: the script gets an error that says so. */
typedef struct vms_sandbox_host {
  uint32_t size;     /* sizeof(vms_sandbox_host) */
  uint32_t reserved; /* 0 */
  void *context;     /* passed to every function below */
  /* Carries out System.files.<method>(); see vms_archive_call(). A status other than VMS_OK ends the whole call
   * with that status (the machinery failed: nothing is recorded).
   *
   * The request is in normal form: params is a JSON array of paths, what comes with them, and one object of options if there are any,
   * all of it checked to be of the right type: [] for getInfo; [path] for stat, readFile, mkdir, unlink and rmdir; [path or null] for
   * readdir and history; [path,null] for writeFile; [path,path] for copy and rename; then {"after":"text","encoding":"text",
   * "end":N,"length":N,"limit":N,"offset":N,"recursive":true,"reverse":true,"start":N,"stat":true,"version":N}, in this order (in which
   * the script's object was looked at), of which only those stand there that the call has and the script gave; true is left out
   * where it is not meant, N is a whole number from 0 to 2^53-1. What writeFile shall write is always in data, as the bytes of the
   * file: nothing of it is in params. data is borrowed, perhaps from the script's heap, until the function returns. Paths, the names of
   * encodings and everything about the archive are for the host to check. Bytes in the reply become a Buffer.
   *
   * work_max is what the steps that are left are enough for; reply->work is charged, 100 steps for each. */
  int (*files)(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error);
  /* One line of console: level is "log", "info", "warn", "error" or "debug"; text is UTF-8 without a newline, of at most
   * 256 KiB and a few bytes. The script sees neither the text nor whether anyone asked for it. */
  void (*console)(void *context, const char *level, vms_slice text);
  /* The 32 bytes that Math.random() of the running call grows from (xoshiro256**, Blackman and Vigna 2018; the bytes are
   * its four words, little-endian). Asked when a call first draws, so that the others need none. */
  int (*seed)(void *context, uint8_t seed[32], vms_error *error);
  /* Answers System.<object>.<method>(...). name is one of `oracles`; params is the JSON array of its arguments. */
  int (*oracle)(void *context, vms_slice name, vms_slice params, vms_file_reply *reply, vms_error *error);
  const char *const *oracles; /* "object.method", at most 64, the last one followed by NULL; NULL: none. Needed only by
                                 vms_sandbox_new */
} vms_sandbox_host;
#define VMS_SANDBOX_HOST_INIT { sizeof(vms_sandbox_host), 0, NULL, NULL, NULL, NULL, NULL, NULL }

typedef struct vms_sandbox_options {
  uint32_t size;       /* sizeof(vms_sandbox_options), set by _INIT                          */
  uint32_t reserved;   /* 0                                                                  */
  const vms_env *env;  /* memory for everything outside the script's heap; NULL: malloc      */
  uint64_t memory_max; /* bytes that the script's heap may hold; 0 means 64 MiB              */
} vms_sandbox_options;
#define VMS_SANDBOX_OPTIONS_INIT { sizeof(vms_sandbox_options), 0, NULL, 0 }

/* vms_sandbox_start runs a script that is no contract: files and timers work at its top level, its timers are run to the
 * end, `this` is the global object at its top level, and `print` is console.log. For developers' tools and tests. */
#define VMS_SANDBOX_SCRIPT 1u

/* One call, or the run of the top level (method and params unused). */
typedef struct vms_sandbox_call {
  uint32_t size;       /* sizeof(vms_sandbox_call), set by _INIT                                       */
  uint32_t flags;      /* 0, or VMS_SANDBOX_SCRIPT                                                     */
  uint64_t time_ms;    /* what Date.now() starts at                                                    */
  uint64_t steps_max;  /* 0 means 10,000,000                                                           */
  uint64_t result_max; /* bytes of the result's JSON text; 0 means 1 MiB                               */
  vms_slice caller;    /* System.caller.id, UTF-8; data NULL: null                                     */
  vms_slice method;    /* name of an exported function                                                 */
  vms_slice params;    /* JSON array text (RFC 8259), checked by whoever calls                         */
  vms_buffer *stack;   /* receives where an uncaught error was made, lines "\n    at f (contract.js:LINE:COLUMN)", for
                          the script's author; NULL: not wanted                                        */
} vms_sandbox_call;
#define VMS_SANDBOX_CALL_INIT { sizeof(vms_sandbox_call), 0, 0, 0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL }

/* How a call ended. */
enum {
  VMS_SANDBOX_RESULT = 0,    /* result holds the JSON text, or is empty for undefined              */
  VMS_SANDBOX_ERROR = 1,     /* threw or rejected: name and message                                */
  VMS_SANDBOX_ABORTED = 2    /* met a limit: name is "steps", "memory", "result" or "files"        */
};

typedef struct vms_sandbox_outcome {
  uint32_t kind;        /* VMS_SANDBOX_... */
  uint32_t reserved;    /* 0 */
  uint64_t steps;       /* steps used, equal on every machine */
  uint64_t peak_bytes;  /* most bytes the heap held during the call */
  vms_buffer result;    /* the caller's buffers: init before, free after; appended to */
  vms_buffer name;
  vms_buffer message;
} vms_sandbox_outcome;

/* Checks a script's syntax without running it.
 *
 *   code        UTF-8 source; file name in messages is "contract.js".
 *   diagnostic  receives "contract.js:LINE:COLUMN: SyntaxError: ..." and the source line with a caret, lines
 *               separated by \n, no trailing one; may be NULL.
 *
 * Returns VMS_OK, VMS_ERR_SYNTAX (error->position is the line), VMS_ERR_NOMEM. */
VMS_API int vms_sandbox_check(vms_slice code, vms_buffer *diagnostic, const vms_env *env, vms_error *error);

/* Makes a fresh VM: globals ready, no contract yet. host is copied, its context borrowed.
 * Returns VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_sandbox_new(vms_sandbox **sandbox, const vms_sandbox_options *options, const vms_sandbox_host *host,
                            vms_error *error);
/* Accepts NULL. */
VMS_API void vms_sandbox_free(vms_sandbox *sandbox);

/* Lowers, compiles and runs a contract's top level, drains its jobs and collects its exported methods. Once per
 * sandbox. Files, timers and randomness throw here. A failure of the script (syntax, throw, limit) is an
 * outcome, not a status: SyntaxErrors have name "SyntaxError" and the diagnostic's first line as message.
 *
 * Returns VMS_OK with *outcome filled in, else the machinery failed (VMS_ERR_NOMEM, VMS_ERR_IO, ...). */
VMS_API int vms_sandbox_start(vms_sandbox *sandbox, vms_slice code, const vms_sandbox_call *call,
                              vms_sandbox_outcome *outcome, vms_error *error);

/* Appends a JSON array of the callable methods' names, in the order of the exports object. Valid once start gave a
 * result. `init`, `handshake` and names with a dot are left out. */
VMS_API int vms_sandbox_methods(vms_sandbox *sandbox, vms_buffer *json);

/* Returns 1 if `method` is an exported own data property that is a function (init and the like included), else 0. */
VMS_API int vms_sandbox_exports(vms_sandbox *sandbox, vms_slice method);

/* Calls an exported function and runs until its promise settled and no job or timeout is left. After an outcome
 * VMS_SANDBOX_ABORTED, or a status other than VMS_OK, the sandbox may only be freed.
 *
 * Returns VMS_OK with *outcome filled in, VMS_ERR_NOT_FOUND (no such export, nothing ran), or the status with which
 * host->files failed, VMS_ERR_NOMEM. */
VMS_API int vms_sandbox_call_method(vms_sandbox *sandbox, const vms_sandbox_call *call, vms_sandbox_outcome *outcome,
                                    vms_error *error);

#ifdef __cplusplus
}
#endif

#endif

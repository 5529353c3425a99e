/* SPDX-License-Identifier: MIT */
/* What the parts of vms-call share: arguments, one request and its answer, the ways to run them. */
#ifndef VMS_CLI_CALL_H
#define VMS_CLI_CALL_H

#include <string.h>

#include "cli/common.h"
#include "vms/net.h"

#define INPUT_LEN_MAX ((size_t)16 << 20)
#define VERSION_MAX 9007199254740991u /* 2^53-1 */
#define WHOLE_FILE "--raw with the encoding binary prints a file of any size"

typedef struct arguments {
  const char *url, *method, *params, *key, *ca, *keep, *receipt;
  char **args;
  int arg_count, raw, verify, anonymous, no_receipt;
  int whoami, head, forget; /* what is done instead of a call */
  uint32_t timeout_ms;
  uint64_t at;    /* 0: as of now */
  uint64_t count; /* of records to follow; 0: all */
  uint8_t seed[VMS_SEED_LEN];
  struct call_receipts *receipts; /* where --receipt says; NULL: nowhere */
} arguments;

/* A connection, and what is kept about services. */
typedef struct call_session {
  vms_client *client;
  vms_keep *keep;
} call_session;

/* A request as it is answered. */
typedef struct call_answer {
  int status; /* VMS_OK: there is a reply */
  vms_rpc_reply reply;
  vms_buffer receipt; /* empty if there is none */
  vms_error error;
  vms_buffer evidence; /* path of a file that proves the error, of a connection that is closed already */
} call_answer;

static inline vms_slice slice_of(const char *text) { return (vms_slice){ text, strlen(text) }; }
static inline vms_slice view(const vms_buffer *buffer) { return (vms_slice){ buffer->data, buffer->len }; }
static inline int append(vms_buffer *buffer, const char *text) { return vms_buffer_append(buffer, text, strlen(text)); }

/* files.*, vms.* and rpc.* are plain requests; a contract's methods have no dot. */
static inline int is_plain(const char *method) { return strchr(method, '.') != NULL; }
/* Files can be read as of a version. */
static inline int is_file(const char *method) { return strncmp(method, "files.", 6) == 0; }

/* --- failure.c: what went wrong, for people, and the exit status that it is --------------------------------------- */

/* From now on messages are those of a prompt: they name no tool, and hints tell what helps there. */
void call_at_prompt(void);
/* A failure without an answer. evidence: path of a file that proves it, or NULL. */
int call_fail(const vms_error *error, const char *evidence);
/* The path for it; client may be NULL. */
const char *call_evidence(const vms_client *client);
/* An answer that is an error. */
int call_fail_reply(const arguments *args, const char *method, const vms_rpc_reply *reply);
/* A message; returns `result`. */
int call_error(int result, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A mistake of the user's; returns CLI_USAGE. */
int call_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
int call_out_of_memory(void);

/* --- params.c: parameters as JSON ------------------------------------------------------------------------------------ */

/* Appends one ARG: JSON if it parses, else a string; @FILE is the file's content as a string. An exit status, as all of these. */
int call_append_arg(vms_buffer *json, const char *arg);
/* From --params or from the ARGs; a contract's methods take an array only. */
int call_params(const arguments *args, vms_buffer *json);

/* --- line.c: what is typed at the prompt ----------------------------------------------------------------------------- */

/* Appends the method's name and its parameters as a JSON array. An exit status; mistakes are told. */
int call_read_line(const char *line, vms_buffer *method, vms_buffer *params);

/* --- session.c: connections, and what is kept ----------------------------------------------------------------------------- */

/* Connects, and sees to it that it is the ledger that it was before, or has to be. */
int call_connect(call_session *session, const arguments *args, vms_error *error);
/* Closes everything; it can connect again. */
void call_disconnect(call_session *session);
/* Says so once if nothing can be kept about services. */
void call_check_keep(const arguments *args);
/* --head: prints the newest head kept as LENGTH:HASH. --forget: what was pinned is met anew. An exit status. */
int call_head(const arguments *args);
int call_forget(const arguments *args);

/* --- receipts.c: the file that --receipt names ------------------------------------------------------------------------------- */

typedef struct call_receipts call_receipts;
/* Opens the file before anything is called; what is in it stays until the first receipt comes. An exit status. */
int call_receipts_open(call_receipts **receipts, const char *path);
/* Writes one receipt and a newline; remembers a failure, and that one was missing (empty). */
void call_receipts_write(call_receipts *receipts, vms_slice receipt);
/* Accepts NULL. CLI_FINE, or CLI_UNKNOWN if one is missing or could not be written, which is told. */
int call_receipts_close(call_receipts *receipts);

/* --- ask.c: one request ----------------------------------------------------------------------------------------------- */

void call_answer_init(call_answer *answer);
void call_answer_free(call_answer *answer);
/* Sends a request: signed if it is a call and not to be anonymous. */
int call_send(vms_client *client, const arguments *args, const char *method, vms_slice params, uint64_t *id, vms_error *error);
/* Takes the receipt, and what the contract answered, out of the answer to a call. receipt may be NULL. */
int call_unwrap(int plain, vms_rpc_reply *reply, vms_buffer *receipt, vms_error *error);
/* 1 if an outcome stands in a record, and a receipt can be expected. */
int call_is_recorded(int plain, const vms_rpc_reply *reply);
/* An answer to a request that is answered already: VMS_ERR_REMOTE. */
int call_stray(vms_error *error);
/* What is left to tell after an answer: that something could not be kept. */
void call_print_warning(vms_client *client);
/* Sends a request and waits for its outcome; --at and --verify count for what reads files. Returns answer->status. */
int call_ask(vms_client *client, const arguments *args, const char *method, vms_slice params, call_answer *answer);
/* Reads files, as of `version` if it is not 0; with --verify what comes back is proved. */
int call_ask_file(vms_client *client, const arguments *args, const char *method, vms_slice params, uint64_t version, vms_rpc_reply *reply,
                  vms_error *error);

/* --- file.c: a file's bytes ---------------------------------------------------------------------------------------------- */

/* A file that is read as binary and to be printed as it is. */
typedef struct call_file {
  const arguments *args;
  vms_client *client;
  const char *method;
  vms_slice path; /* JSON */
  uint64_t version, at;
  int part;       /* offset or length were given: there is one answer */
} call_file;
/* 1 if that is what the parameters ask for. */
int call_find_file(call_file *wanted, vms_slice params);
/* Prints the file piece by piece, all of one version. */
int call_print_file(call_file *from);
/* Appends the bytes of a file that was read as binary. */
int call_take_bytes(const vms_rpc_reply *reply, vms_buffer *bytes, vms_error *error);
void call_print_bytes(const vms_buffer *bytes);

/* --- show.c: JSON for people and for programs -------------------------------------------------------------------------------- */

/* 1 if colours are wanted on stdout: a terminal that has them, and no NO_COLOR. */
int call_colours(void);
/* Prints a JSON text and a newline on stdout. On a terminal: indented, coloured, nothing that it would interpret, and of strings at most
 * what somebody reads; else as one line without white space. --raw prints a string bare. */
void call_show(const arguments *args, vms_slice json);
/* The same as one line, also on a terminal. */
void call_show_line(vms_slice json);
/* 1 if stdout took everything. */
int call_flushed(void);

/* --- follow.c: vms.subscribe -------------------------------------------------------------------------------------------------------- */

int call_is_follow(const char *method);
/* What is wrong with the parameters; an exit status. */
int call_follow_check(vms_slice params);
/* Begins, and waits a second for a record: answer->status is VMS_ERR_NOT_FOUND if none came. */
void call_follow_begin(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer);
void call_follow_next(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer);
/* Prints a record a line, --count of them or for ever. */
int call_follow(const arguments *args, call_session *session, vms_slice params);

/* --- the ways to run -------------------------------------------------------------------------------------------------------------- */

int call_once(const arguments *args, call_session *session, vms_slice params); /* once.c: one call */
int call_many(const arguments *args, vms_client *client);                   /* batch.c: a line, a call */
int call_prompt(const arguments *args, call_session *session);              /* prompt.c: whatever somebody types */

#endif

/* SPDX-License-Identifier: MIT */
/* A plain map of paths that answers file calls as an archive must: what each call gives, which error it throws, how the files were at
 * every version. It is written from doc/ledger-format.md, "File calls", and shares no code with lib/archive. */
#ifndef VMS_TEST_FILE_MODEL_H
#define VMS_TEST_FILE_MODEL_H

#include "lib/base/internal.h"

#define FM_NAMES 5u /* names per folder, three levels deep */
#define FM_PLACES (FM_NAMES + FM_NAMES * FM_NAMES + FM_NAMES * FM_NAMES * FM_NAMES)
#define FM_ROOT (-1)
#define FM_PATH_LEN 400u

enum { FM_NOTHING, FM_FILE, FM_FOLDER };

/* What a file holds: bytes that follow from these two. */
typedef struct fm_content { uint32_t seed, len; } fm_content;
enum { FM_TEXT, FM_JSON, FM_BYTES, FM_UTF8, FM_CONTENTS }; /* what seed modulo FM_CONTENTS makes them */

typedef struct fm_entry { int kind; fm_content content; uint64_t mtime; } fm_entry;
typedef struct fm_tree { fm_entry at[FM_PLACES]; } fm_tree;
typedef struct fm_change { int place; fm_entry entry; } fm_change; /* FM_NOTHING: deleted */

typedef struct file_model {
  fm_tree now;       /* staged changes included */
  fm_tree committed;
  fm_change *log;    /* change n made version n + 2; version 1 is empty */
  size_t log_count, log_capacity;
  fm_tree *checkpoints;
  size_t checkpoint_count;
  int touched[FM_PLACES]; /* by the running call, in the order of their first change */
  size_t touched_count;
  bool written[FM_PLACES]; /* it holds contents that the running call wrote, or copied from such: they count again when they are copied */
  uint64_t time_ms, used, files_call, files_total;
} file_model;

void fm_init(file_model *m, uint64_t files_call, uint64_t files_total);
void fm_deinit(file_model *m);

/* A place's path, from the root on with a slash; "" is the root. Parents have lower numbers than their children. */
const char *fm_path(int place);
int fm_parent(int place);
/* The place with a name in a folder, -2 if that is too deep. */
int fm_child(int folder, unsigned name);
/* A file, a folder (also one that is there only because something lies in it), or nothing. */
int fm_kind(const fm_tree *tree, int place);

uint8_t fm_byte(fm_content content, uint32_t at);
uint64_t fm_size(const fm_tree *tree);

/* A call that changes files, its end, and going back to how the files were with `changes` of them in the log. */
void fm_begin(file_model *m, uint64_t time_ms);
void fm_commit(file_model *m);
void fm_abort(file_model *m);
void fm_rollback(file_model *m, size_t changes);

/* The files at a version that exists. */
void fm_at(file_model *m, uint64_t version, fm_tree *tree);
static inline uint64_t fm_version(const file_model *m) { return m->log_count + 1; }

/* Changes. They return "", the name of the error to throw, or FM_ABORT. */
#define FM_ABORT "(abort)"
const char *fm_write(file_model *m, int place, fm_content content);
const char *fm_mkdir(file_model *m, int place);
const char *fm_unlink(file_model *m, int place);
const char *fm_rmdir(file_model *m, int place, bool recursive);
/* copy, and rename if it moves. Only for what finds room in three levels. */
const char *fm_copy(file_model *m, int from, int to, bool moves);
bool fm_copy_fits(const file_model *m, int from, int to);

/* Reads. They return "" with the answer in `body`, or the name of the error. */
typedef struct fm_list { bool recursive, stat; const char *after; uint64_t limit; } fm_list; /* after NULL, limit UINT64_MAX: all */
const char *fm_read(const fm_tree *tree, int place, const char *encoding, uint64_t offset, uint64_t length, vms_buffer *body);
const char *fm_stat(const fm_tree *tree, int place, vms_buffer *body);
const char *fm_readdir(const fm_tree *tree, int place, const fm_list *list, vms_buffer *body);

typedef struct fm_changes { uint64_t version, start, end, limit; bool reverse; } fm_changes; /* end and limit UINT64_MAX: all */
void fm_history(const file_model *m, int place, const fm_changes *which, vms_buffer *body);

/* Appends text as a JSON string; it holds neither backslashes nor control characters. */
void fm_quote(vms_buffer *json, const char *text);

#endif

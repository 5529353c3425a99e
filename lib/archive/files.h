/* SPDX-License-Identifier: MIT */
/* What the files of the file calls share: files.c (the door, parameters, errors), files_read.c, files_list.c (lists, history),
 * files_change.c and files_move.c (copy, rename). */
#ifndef VMS_ARCHIVE_FILES_H
#define VMS_ARCHIVE_FILES_H

#include "internal.h"

/* "There is a reply": travels as a status through the steps of a call and becomes VMS_OK at the door. */
#define VMS__REPLIED (-1)

enum { VMS__ENCODING_TEXT, VMS__ENCODING_BASE64, VMS__ENCODING_HEX, VMS__ENCODING_JSON, VMS__ENCODING_BINARY };

/* The options of a call; what it does not take stays as it is here at the beginning. */
typedef struct vms__files_options {
  int encoding;
  bool recursive, stat, reverse;
  uint64_t version, offset, start;
  uint64_t length, limit, end; /* UINT64_MAX: not given */
  vms_slice after;             /* in `text`; data NULL: not given */
  vms_buffer text;
} vms__files_options;

/* One file call. */
typedef struct vms__files {
  vms_archive *archive;
  vms__view view;
  const vms_file_request *request;
  vms_slice params;  /* the request's, without space before */
  vms_buffer path;   /* params[0], normalised; "" is the root */
  bool path_slash;   /* it was written with a separator at its end */
  vms__files_options options;
  const char *smaller; /* how to ask for less */
  vms_file_reply *reply;
  vms_error *error;
} vms__files;

int vms__files_no_memory(vms__files *c);
/* Replies with an error to throw; VMS__REPLIED or VMS_ERR_NOMEM. */
int vms__files_throw(vms__files *c, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Likewise, with a path behind the message. */
int vms__files_throw_path(vms__files *c, const char *name, const char *what, vms_slice path);
/* VMS_OK, or an error to throw if `len` bytes are too long for an answer. */
int vms__files_answer_check(vms__files *c, uint64_t len);

/* Parameter i; null and missing ones are alike. */
bool vms__files_param(const vms__files *c, size_t i, vms_slice *value);
bool vms__files_is_string(vms_slice json);
/* Takes a path from params[i]; `slash`: it was written with a separator at its end. */
int vms__files_path(vms__files *c, size_t i, vms_buffer *path, bool *slash);
/* Takes options from params[i]: those that stand in `known`, a list of their names with a space behind each. With "version " the call
 * reads as of that one from now on. */
int vms__files_options_take(vms__files *c, size_t i, const char *known);

/* What is at a path, the call's own, or any; NotFoundError if nothing is. */
int vms__files_find(vms__files *c, vms_slice path, vms__entry *entry);

int vms__files_stat_write(const vms__entry *entry, vms_buffer *json);
/* The sum of the file sizes that the call sees. */
int vms__files_size(vms__files *c, uint64_t *size);

/* --- lists (files_list.c) ------------------------------------------------------------------------------ */

typedef struct vms__name {
  size_t start, len;  /* in the list's text */
  size_t found;       /* how many were found before it */
} vms__name;

/* What lies in a folder, in the order of the names' bytes. */
typedef struct vms__names {
  vms_buffer text;
  vms__name *items;
  size_t count, capacity;
  vms__entry *entries; /* in the order in which they were found; none if nobody asked for them */
  size_t entries_capacity;
} vms__names;

static inline vms_slice vms__names_at(const vms__names *list, size_t i) {
  return (vms_slice){ list->text.data + list->items[i].start, list->items[i].len };
}
static inline const vms__entry *vms__names_entry(const vms__names *list, size_t i) { return &list->entries[list->items[i].found]; }
void vms__names_init(vms__names *list, const vms_env *env);
void vms__names_free(vms__names *list);

/* Which of them. */
typedef struct vms__names_wish {
  bool recursive;
  bool entries;        /* what is there, too */
  vms_slice after;     /* data NULL: from the first one on */
  uint64_t limit;      /* at most so many */
  /* VMS_OK to go on; asked for each name as it is found, before it is kept. */
  int (*admit)(void *context, vms_slice name, const vms__entry *entry);
  void *context;
} vms__names_wish;

int vms__names_collect(vms__files *c, vms_slice folder, const vms__names_wish *wish, vms__names *list);

/* --- changes (files_change.c) -------------------------------------------------------------------------- */

/* VMS_OK, or the end of the call if so many bytes are more than it may stage; charges nothing. */
int vms__files_afford(vms__files *c, uint64_t len);
/* Charges bytes to the call, or ends it. */
int vms__files_charge(vms__files *c, uint64_t len);
/* VMS_OK with the sum of all sizes without a file of `before` bytes; QuotaExceededError if `more` is too much then. */
int vms__files_quota(vms__files *c, uint64_t before, uint64_t more, uint64_t *others);
/* The staged change of a path, made if there is none yet; `own`: an entry of its own is there now. */
int vms__files_change(vms__files *c, vms_slice path, bool own, vms__change **change);
/* Stages that a path becomes a folder, or nothing. `before` is what it was. */
int vms__files_stage(vms__files *c, vms_slice path, const vms__entry *before, int kind);
/* Throws unless the path's parent is a folder. */
int vms__files_parent_check(vms__files *c, vms_slice path);

/* --- the calls ------------------------------------------------------------------------------------------- */

int vms__files_get_info(vms__files *c);
int vms__files_call_stat(vms__files *c);
int vms__files_read_file(vms__files *c);
int vms__files_readdir(vms__files *c);
int vms__files_history(vms__files *c);
int vms__files_write_file(vms__files *c);
int vms__files_mkdir(vms__files *c);
int vms__files_unlink(vms__files *c);
int vms__files_rmdir(vms__files *c);
int vms__files_copy(vms__files *c);
int vms__files_rename(vms__files *c);

#endif

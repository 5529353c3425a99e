/* SPDX-License-Identifier: MIT */
/* The file calls, named and failing as DatArchive's (doc/ledger-format.md, "File calls"). What a script can bring about is
 * a reply; a status is only for what ends the whole call. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct call {
  vms_archive *archive;
  vms__view view;
  vms_slice params;
  vms_slice data;   /* data NULL: none */
  vms_buffer path;  /* params[0], normalised; "" is the root */
  bool path_slash;  /* it was written with a separator at its end */
  vms_file_reply *reply;
  vms_error *error;
} call;

static int no_memory(call *c) { return vms__fail(c->error, VMS_ERR_NOMEM, 0, "out of memory in a file call"); }

/* Replies with an error to throw. */
static int throw_error(call *c, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int throw_error(call *c, const char *name, const char *format, ...) {
  char text[256];
  va_list args;
  vms_error cut;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  vms__fail(&cut, VMS_ERR_FORM, 0, "%s", text); /* not in the middle of a character */
  vms__buf_clear(&c->reply->body);
  c->reply->kind = VMS_FILE_ERROR;
  snprintf(c->reply->error_name, sizeof c->reply->error_name, "%s", name);
  return vms__buf_text(&c->reply->body, cut.message) == VMS_OK ? VMS_OK : no_memory(c);
}

static int throw_path(call *c, const char *name, const char *what) {
  return throw_error(c, name, "%s: %s", what, c->path.len == 0 ? "/" : c->path.data);
}

/* VMS_OK stays; a missing entry becomes an error to throw. Returns true if the call is over, with *status. */
static bool missing(call *c, int *status) {
  if (*status == VMS_ERR_NOT_FOUND) {
    *status = throw_path(c, "NotFoundError", "No such file or folder");
    return true;
  }
  return *status != VMS_OK;
}

/* --- parameters ------------------------------------------------------------------------------------------ */

/* Parameter i; null and missing ones are alike. */
static bool param(const call *c, size_t i, vms_slice *value) {
  return vms__json_element(c->params, i, value) && !vms__slice_is(*value, "null");
}

static bool is_string(vms_slice json) { return json.len >= 2 && json.data[0] == '"'; }

static int unquote(vms_slice json, vms_buffer *text) {
  if (vms_buffer_append(text, "", 0) != VMS_OK) return VMS_ERR_NOMEM;
  return vms__json_unescape((vms_slice){ json.data + 1, json.len - 2 }, text);
}

/* Takes the path from params[0]; *over: there is a reply already. */
static int path_take(call *c, bool optional, bool *over) {
  vms_buffer text;
  vms_slice json;
  int status;
  *over = false;
  if (!param(c, 0, &json)) {
    if (optional) return vms_buffer_append(&c->path, "", 0) == VMS_OK ? VMS_OK : no_memory(c);
    json = VMS__TEXT("null");
  }
  *over = true;
  if (!is_string(json)) return throw_error(c, "TypeError", "The path must be a string");
  vms_buffer_init(&text, c->archive->env);
  status = unquote(json, &text);
  if (status == VMS_OK) status = vms__path_normalise(vms__buf_view(&text), &c->path);
  c->path_slash = text.len > 0 && (text.data[text.len - 1] == '/' || text.data[text.len - 1] == '\\');
  vms_buffer_free(&text);
  if (status == VMS_ERR_NOMEM) return no_memory(c);
  if (status != VMS_OK)
    return throw_error(c, "InvalidPathError", "The path has control characters, leaves the root, or is too long or deep");
  *over = false;
  return VMS_OK;
}

enum { ENCODING_TEXT, ENCODING_BASE64, ENCODING_HEX, ENCODING_JSON, ENCODING_BINARY };

/* Takes the encoding from params[i]: a string, or an object's member. */
static int encoding_take(call *c, size_t i, int *encoding, bool *over) {
  static const struct { const char *name; int encoding; } names[] = {
    { "utf8", ENCODING_TEXT }, { "utf-8", ENCODING_TEXT }, { "base64", ENCODING_BASE64 }, { "hex", ENCODING_HEX },
    { "json", ENCODING_JSON }, { "binary", ENCODING_BINARY },
  };
  vms_slice json;
  *encoding = ENCODING_TEXT;
  *over = false;
  if (!param(c, i, &json)) return VMS_OK;
  if (json.data[0] == '{' && (!vms__json_member(json, "encoding", &json) || vms__slice_is(json, "null"))) return VMS_OK;
  *over = true;
  if (!is_string(json)) return throw_error(c, "TypeError", "The encoding must be a string");
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
    if (vms__slice_is((vms_slice){ json.data + 1, json.len - 2 }, names[n].name)) {
      *encoding = names[n].encoding;
      *over = false;
      return VMS_OK;
    }
  return throw_error(c, "InvalidEncodingError", "The encoding must be utf8, base64, hex, json or binary");
}

/* A member of the options object in params[1] that JavaScript would take for true. */
static int option_take(call *c, const char *name, bool *wanted, bool *over) {
  vms_slice json, value;
  *wanted = *over = false;
  if (!param(c, 1, &json)) return VMS_OK;
  if (json.data[0] != '{') {
    *over = true;
    return throw_error(c, "TypeError", "The options must be an object");
  }
  *wanted = vms__json_member(json, name, &value) && !vms__slice_is(value, "false") && !vms__slice_is(value, "null") &&
            !vms__slice_is(value, "0") && !vms__slice_is(value, "\"\"");
  return VMS_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

static int stat_write(const vms__entry *entry, vms_buffer *json) {
  static const char *const types[] = { "", "file", "directory", "symlink" };
  return vms__buf_format(json,
                         "{\"type\":\"%s\",\"size\":%llu,\"blocks\":%llu,\"mtime\":%llu,\"isFile\":%s,\"isDirectory\":%s}",
                         types[entry->kind], (unsigned long long)entry->blob.byte_len,
                         (unsigned long long)entry->blob.block_count, (unsigned long long)entry->mtime,
                         entry->kind == VMS__ENTRY_FILE ? "true" : "false",
                         entry->kind == VMS__ENTRY_FOLDER ? "true" : "false");
}

/* Takes the path and finds what is there; over: an error was thrown. */
static int entry_take(call *c, vms__entry *entry, bool *over) {
  int status = path_take(c, false, over);
  if (status != VMS_OK || *over) return status;
  status = vms__view_find(&c->view, vms__buf_view(&c->path), entry, c->error);
  *over = missing(c, &status);
  return status;
}

static int call_stat(call *c) {
  vms__entry entry;
  bool over;
  int status = entry_take(c, &entry, &over);
  if (status != VMS_OK || over) return status;
  c->reply->kind = VMS_FILE_JSON;
  return stat_write(&entry, &c->reply->body) == VMS_OK ? VMS_OK : no_memory(c);
}

static int size_take(call *c, uint64_t *size) {
  vms_archive *archive = c->archive;
  int status;
  if (!c->view.staged)
    return c->view.version == vms__source_length(&archive->metadata)
               ? vms__archive_size(archive, size, c->error)
               : vms__drive_size(&archive->bee, c->view.version, size, c->error);
  if (!archive->stage_size_known) {
    status = vms__archive_size(archive, &archive->stage_size, c->error);
    if (status != VMS_OK) return status;
    archive->stage_size_known = true;
  }
  *size = archive->stage_size;
  return VMS_OK;
}

static int call_get_info(call *c) {
  uint8_t key[VMS_KEY_LEN];
  vms_buffer *json = &c->reply->body;
  uint64_t size;
  int status = size_take(c, &size);
  if (status != VMS_OK) return status;
  vms__source_key(&c->archive->metadata, key);
  c->reply->kind = VMS_FILE_JSON;
  status = vms__buf_text(json, "{\"key\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, key, sizeof key);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"url\":\"hyper://");
  if (status == VMS_OK) status = vms__buf_hex(json, key, sizeof key);
  if (status == VMS_OK)
    status = vms__buf_format(json, "/\",\"version\":%llu,\"writable\":%s,\"size\":%llu}",
                             (unsigned long long)c->view.version, c->view.staged ? "true" : "false", (unsigned long long)size);
  return status == VMS_OK ? VMS_OK : no_memory(c);
}

/* Turns a file's bytes into the reply that the encoding asks for. */
static int reply_encode(call *c, vms_buffer *content, int encoding) {
  vms_file_reply *reply = c->reply;
  vms_slice bytes = vms__buf_view(content);
  int status;
  reply->kind = encoding == ENCODING_JSON ? VMS_FILE_JSON : encoding == ENCODING_BINARY ? VMS_FILE_BYTES : VMS_FILE_TEXT;
  if (encoding == ENCODING_JSON && !vms__json_valid(bytes, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY))
    return throw_path(c, "SyntaxError", "The file is not JSON");
  if (encoding == ENCODING_TEXT) status = vms__text_decode(bytes, &reply->body);
  else if (encoding == ENCODING_BASE64) status = vms__buf_base64(&reply->body, bytes.data, bytes.len);
  else if (encoding == ENCODING_HEX) status = vms__buf_hex(&reply->body, bytes.data, bytes.len);
  else status = vms_buffer_append(&reply->body, bytes.len == 0 ? "" : bytes.data, bytes.len);
  return status == VMS_OK ? VMS_OK : no_memory(c);
}

static int call_read_file(call *c) {
  vms__entry entry;
  vms_buffer content;
  bool over;
  int encoding, status = path_take(c, false, &over);
  if (status == VMS_OK && !over) status = encoding_take(c, 1, &encoding, &over);
  if (status != VMS_OK || over) return status;
  status = vms__view_find(&c->view, vms__buf_view(&c->path), &entry, c->error);
  if (missing(c, &status)) return status;
  if (entry.kind != VMS__ENTRY_FILE) return throw_path(c, "NotAFileError", "Not a file");
  if (entry.mapped) return throw_path(c, "NotSupportedError", "The file is stored in a way that is not supported");
  vms_buffer_init(&content, c->archive->env);
  status = vms__view_read(&c->view, vms__buf_view(&c->path), &entry, 0, UINT64_MAX, &content, c->error);
  if (status == VMS_OK) status = reply_encode(c, &content, encoding);
  vms_buffer_free(&content);
  return status;
}

/* --- listing --------------------------------------------------------------------------------------------------- */

typedef struct names {
  vms_buffer text;  /* names end to end */
  size_t *ends;
  size_t count, capacity;
} names;

static int names_add(names *list, vms_slice name) {
  if (vms__grow(list->text.env, &list->ends, &list->capacity, list->count, 1, sizeof *list->ends) != VMS_OK ||
      vms__buf_slice(&list->text, name) != VMS_OK)
    return VMS_ERR_NOMEM;
  list->ends[list->count++] = list->text.len;
  return VMS_OK;
}

static int compare_slices(const void *a, const void *b) {
  return vms__bytes_compare(*(const vms_slice *)a, *(const vms_slice *)b);
}

static void names_free(names *list) {
  vms__free(list->text.env, list->ends, list->capacity * sizeof *list->ends);
  vms_buffer_free(&list->text);
}

/* A walk over the paths below c->path. */
typedef struct walk {
  vms_buffer prefix, from, found; /* c->path and a slash; where to look next; the path met last */
  vms__entry entry;               /* what is there */
} walk;

static int walk_begin(call *c, walk *w) {
  vms_buffer_init(&w->prefix, c->archive->env);
  vms_buffer_init(&w->from, c->archive->env);
  vms_buffer_init(&w->found, c->archive->env);
  if (vms__buf_slice(&w->prefix, vms__buf_view(&c->path)) != VMS_OK || vms__buf_byte(&w->prefix, '/') != VMS_OK ||
      vms__buf_slice(&w->from, vms__buf_view(&w->prefix)) != VMS_OK)
    return no_memory(c);
  return VMS_OK;
}

/* The first path at or behind w->from; VMS_ERR_NOT_FOUND behind the last. */
static int walk_next(call *c, walk *w) {
  return vms__view_from(&c->view, vms__buf_view(&w->from), vms__buf_view(&w->prefix), &w->found, &w->entry, c->error);
}

/* Returns what the whole walk comes to. */
static int walk_end(walk *w, int status) {
  vms_buffer_free(&w->prefix);
  vms_buffer_free(&w->from);
  vms_buffer_free(&w->found);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

/* Collects what lies in c->path. A name may come twice: as an entry, and because something lies in it. */
static int names_collect(call *c, bool recursive, names *list) {
  walk w;
  int status = walk_begin(c, &w);
  while (status == VMS_OK && (status = walk_next(c, &w)) == VMS_OK) {
    vms_slice rest = { w.found.data + w.prefix.len, w.found.len - w.prefix.len };
    size_t len = 0;
    vms__buf_clear(&w.from);
    /* Every folder on the way is an entry of the list; without `recursive` only the first, and what is in it is skipped. */
    for (; len <= rest.len && status == VMS_OK; len++) {
      if (len < rest.len && rest.data[len] != '/') continue;
      status = names_add(list, (vms_slice){ rest.data, len });
      if (!recursive) break;
    }
    if (status == VMS_OK) status = vms_buffer_append(&w.from, w.found.data, recursive ? w.found.len : w.prefix.len + len);
    if (status == VMS_OK) status = vms__buf_byte(&w.from, recursive || len == rest.len ? 0 : '/' + 1);
    if (status != VMS_OK) status = no_memory(c);
  }
  return walk_end(&w, status);
}

/* Writes `"name"`, or `{"name":"name","stat":{...}}`. */
static int name_write(call *c, vms_slice name, bool with_stat) {
  vms_buffer *json = &c->reply->body, path;
  vms__entry entry;
  int status;
  if (!with_stat) return vms__buf_json_string(json, name.data, name.len) == VMS_OK ? VMS_OK : no_memory(c);
  vms_buffer_init(&path, c->archive->env);
  status = vms__buf_slice(&path, vms__buf_view(&c->path));
  if (status == VMS_OK) status = vms__buf_byte(&path, '/');
  if (status == VMS_OK) status = vms__buf_slice(&path, name);
  if (status != VMS_OK) status = no_memory(c);
  else status = vms__view_find(&c->view, vms__buf_view(&path), &entry, c->error);
  vms_buffer_free(&path);
  if (status != VMS_OK) return status;
  status = vms__buf_text(json, "{\"name\":");
  if (status == VMS_OK) status = vms__buf_json_string(json, name.data, name.len);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"stat\":");
  if (status == VMS_OK) status = stat_write(&entry, json);
  if (status == VMS_OK) status = vms__buf_byte(json, '}');
  return status == VMS_OK ? VMS_OK : no_memory(c);
}

static int names_write(call *c, const names *list, bool with_stat) {
  vms_buffer *json = &c->reply->body;
  size_t len = list->count * sizeof(vms_slice);
  vms_slice *sorted = list->count == 0 ? NULL : vms__alloc(c->archive->env, len);
  int status = VMS_OK;
  if (list->count > 0 && sorted == NULL) return no_memory(c);
  for (size_t i = 0; i < list->count; i++) {
    size_t start = i == 0 ? 0 : list->ends[i - 1];
    sorted[i] = (vms_slice){ list->text.data + start, list->ends[i] - start };
  }
  if (list->count > 1) qsort(sorted, list->count, sizeof *sorted, compare_slices);
  c->reply->kind = VMS_FILE_JSON;
  if (vms__buf_byte(json, '[') != VMS_OK) status = no_memory(c);
  for (size_t i = 0; i < list->count && status == VMS_OK; i++) {
    if (i > 0 && vms__slice_equal(sorted[i], sorted[i - 1])) continue;
    if (i > 0 && vms__buf_byte(json, ',') != VMS_OK) status = no_memory(c);
    if (status == VMS_OK) status = name_write(c, sorted[i], with_stat);
  }
  if (status == VMS_OK && vms__buf_byte(json, ']') != VMS_OK) status = no_memory(c);
  vms__free(c->archive->env, sorted, len);
  return status;
}

static int call_readdir(call *c) {
  bool recursive, with_stat, over;
  names list = { { NULL, 0, 0, c->archive->env }, NULL, 0, 0 };
  vms__entry entry;
  int status = path_take(c, true, &over);
  if (status == VMS_OK && !over) status = option_take(c, "recursive", &recursive, &over);
  if (status == VMS_OK && !over) status = option_take(c, "stat", &with_stat, &over);
  if (status != VMS_OK || over) return status;
  status = vms__view_find(&c->view, vms__buf_view(&c->path), &entry, c->error);
  if (missing(c, &status)) return status;
  if (entry.kind != VMS__ENTRY_FOLDER) return throw_path(c, "NotAFolderError", "Not a folder");
  status = names_collect(c, recursive, &list);
  if (status == VMS_OK) status = names_write(c, &list, with_stat);
  names_free(&list);
  return status;
}

/* --- changing ------------------------------------------------------------------------------------------------ */

/* Charges bytes to the call; false if its limit is used up: then the reply says so. */
static bool charge(call *c, uint64_t len) {
  vms_archive *archive = c->archive;
  if (len > archive->files_call_max - archive->stage_used) {
    vms__buf_clear(&c->reply->body);
    c->reply->kind = VMS_FILE_ABORT;
    return false;
  }
  archive->stage_used += len;
  return true;
}

/* The staged change of a path, made if there is none yet. */
static int change_take(call *c, vms_slice path, vms__change **change) {
  vms_archive *archive = c->archive;
  vms__entry entry;
  int status;
  *change = vms__stage_find(&archive->stage, path);
  if (*change != NULL) return VMS_OK;
  status = vms__drive_get(&archive->bee, c->view.version, path, &entry, c->error);
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) return status;
  *change = vms__stage_add(&archive->stage, path, status == VMS_OK);
  return *change == NULL ? no_memory(c) : VMS_OK;
}

/* Stages that a path becomes a folder, or nothing. `entry` is what it was. */
static int stage_kind(call *c, vms_slice path, const vms__entry *entry, int kind) {
  vms__change *change;
  uint64_t size;
  int status = size_take(c, &size);
  if (status == VMS_OK) status = change_take(c, path, &change);
  if (status != VMS_OK) return status;
  c->archive->stage_size -= VMS__MIN(size, entry->blob.byte_len); /* a hostile sum may have been cut off */
  vms_buffer_free(&change->content);
  change->kind = kind;
  return VMS_OK;
}

/* Throws unless the path's parent is a folder. */
static int parent_check(call *c, bool *over) {
  vms_slice parent = vms__buf_view(&c->path);
  vms__entry entry;
  int status;
  do parent.len--;
  while (parent.data[parent.len] != '/');
  status = vms__view_find(&c->view, parent, &entry, c->error);
  *over = status == VMS_ERR_NOT_FOUND || (status == VMS_OK && entry.kind != VMS__ENTRY_FOLDER);
  return *over ? throw_path(c, "ParentFolderDoesntExistError", "The folder that would hold it does not exist") : status;
}

static int hex_append(vms_slice hex, vms_buffer *content) {
  if (hex.len % 2 != 0) return VMS_ERR_FORM;
  if (vms__buf_reserve(content, hex.len / 2) != VMS_OK) return VMS_ERR_NOMEM;
  for (size_t i = 0; i < hex.len; i += 2) {
    char pair[2];
    uint8_t byte;
    for (size_t n = 0; n < 2; n++) {
      char c = hex.data[i + n];
      pair[n] = (char)(c >= 'A' && c <= 'F' ? c | 32 : c);
    }
    if (!vms__hex_decode((vms_slice){ pair, 2 }, &byte, 1)) return VMS_ERR_FORM;
    vms_buffer_append(content, &byte, 1);
  }
  return VMS_OK;
}

/* What writeFile shall write: params[1] as the encoding has it; nothing is taken if there is request->data. */
static int content_take(call *c, vms_buffer *content, bool *over) {
  vms_slice json;
  vms_buffer text;
  int encoding, status = encoding_take(c, 2, &encoding, over);
  if (status != VMS_OK || *over) return status;
  if (c->data.data != NULL) return VMS_OK;
  if (!vms__json_element(c->params, 1, &json)) json = VMS__TEXT("null");
  if (encoding == ENCODING_JSON) return vms__buf_slice(content, json) == VMS_OK ? VMS_OK : no_memory(c);
  *over = true;
  if (!is_string(json)) return throw_error(c, "TypeError", "The data must be a string or bytes");
  if (encoding == ENCODING_BINARY) return throw_error(c, "TypeError", "With encoding binary the data must be bytes");
  vms_buffer_init(&text, c->archive->env);
  status = unquote(json, encoding == ENCODING_TEXT ? content : &text);
  if (status == VMS_OK && encoding == ENCODING_BASE64) status = vms__base64_decode(vms__buf_view(&text), content);
  if (status == VMS_OK && encoding == ENCODING_HEX) status = hex_append(vms__buf_view(&text), content);
  vms_buffer_free(&text);
  if (status == VMS_ERR_NOMEM) return no_memory(c);
  if (status != VMS_OK)
    return throw_error(c, "InvalidEncodingError", "The data is not %s", encoding == ENCODING_HEX ? "hex" : "base64");
  *over = false;
  return VMS_OK;
}

/* Stages a file whose path has been checked; takes over `content` if it succeeds. Bytes in request->data are copied only when
 * the limits allow them. */
static int file_stage(call *c, const vms__entry *before, vms_buffer *content) {
  vms_archive *archive = c->archive;
  vms__change *change;
  uint64_t size, now;
  size_t len = c->data.data != NULL ? c->data.len : content->len;
  int status = size_take(c, &size);
  if (status != VMS_OK) return status;
  now = size - VMS__MIN(size, before->blob.byte_len);
  if (now > archive->files_total_max || len > archive->files_total_max - now)
    return throw_error(c, "QuotaExceededError", "The files together would exceed %llu bytes",
                       (unsigned long long)archive->files_total_max);
  if (!charge(c, c->path.len + len)) return VMS_OK;
  if (c->data.data != NULL && vms__buf_slice(content, c->data) != VMS_OK) return no_memory(c);
  status = change_take(c, vms__buf_view(&c->path), &change);
  if (status != VMS_OK) return status;
  archive->stage_size = now + len;
  vms_buffer_free(&change->content);
  change->content = *content;
  change->kind = VMS__ENTRY_FILE;
  vms_buffer_init(content, archive->env);
  return VMS_OK;
}

static int call_write_file(call *c) {
  vms__entry before = { 0 };
  vms_buffer content;
  bool over;
  int status = path_take(c, false, &over);
  if (status != VMS_OK || over) return status;
  vms_buffer_init(&content, c->archive->env);
  status = content_take(c, &content, &over);
  if (status == VMS_OK && !over && (c->path.len == 0 || c->path_slash)) {
    over = true;
    status = throw_path(c, "InvalidPathError", "A file's path cannot end in a slash");
  }
  if (status == VMS_OK && !over) {
    status = vms__view_find(&c->view, vms__buf_view(&c->path), &before, c->error);
    if (status == VMS_ERR_NOT_FOUND) {
      memset(&before, 0, sizeof before);
      status = parent_check(c, &over);
    } else if (status == VMS_OK && before.kind != VMS__ENTRY_FILE) {
      over = true;
      status = throw_path(c, "EntryAlreadyExistsError", "Only files can be overwritten");
    }
  }
  if (status == VMS_OK && !over) status = file_stage(c, &before, &content);
  vms_buffer_free(&content);
  return status;
}

static int call_mkdir(call *c) {
  vms__entry none = { 0 }, entry;
  bool over;
  int status = path_take(c, false, &over);
  if (status != VMS_OK || over) return status;
  status = vms__view_find(&c->view, vms__buf_view(&c->path), &entry, c->error);
  if (status == VMS_OK) return throw_path(c, "EntryAlreadyExistsError", "It exists already");
  if (status != VMS_ERR_NOT_FOUND) return status;
  status = parent_check(c, &over);
  if (status != VMS_OK || over || !charge(c, c->path.len)) return status;
  return stage_kind(c, vms__buf_view(&c->path), &none, VMS__ENTRY_FOLDER);
}

static int call_unlink(call *c) {
  vms__entry entry;
  bool over;
  int status = entry_take(c, &entry, &over);
  if (status != VMS_OK || over) return status;
  if (entry.kind == VMS__ENTRY_FOLDER) return throw_path(c, "NotAFileError", "Folders cannot be unlinked");
  if (!charge(c, c->path.len)) return VMS_OK;
  return stage_kind(c, vms__buf_view(&c->path), &entry, VMS__ENTRY_ABSENT);
}

/* Removes what lies in c->path, in the order of paths. */
static int remove_below(call *c, bool recursive, bool *over) {
  walk w;
  int status = walk_begin(c, &w);
  *over = false;
  while (status == VMS_OK && !*over && (status = walk_next(c, &w)) == VMS_OK) {
    if (!recursive) {
      *over = true;
      status = throw_path(c, "DestDirectoryNotEmpty", "The folder is not empty");
    } else if (!charge(c, w.found.len)) {
      *over = true;
    } else {
      status = stage_kind(c, vms__buf_view(&w.found), &w.entry, VMS__ENTRY_ABSENT);
      vms__buf_clear(&w.from);
      if (status == VMS_OK && vms__buf_slice(&w.from, vms__buf_view(&w.found)) != VMS_OK) status = no_memory(c);
    }
  }
  return walk_end(&w, status);
}

static int call_rmdir(call *c) {
  vms__entry entry;
  bool recursive, over;
  int status = path_take(c, false, &over);
  if (status == VMS_OK && !over) status = option_take(c, "recursive", &recursive, &over);
  if (status != VMS_OK || over) return status;
  if (c->path.len == 0) return throw_error(c, "InvalidPathError", "The root cannot be removed");
  status = vms__view_find(&c->view, vms__buf_view(&c->path), &entry, c->error);
  if (missing(c, &status)) return status;
  if (entry.kind != VMS__ENTRY_FOLDER) return throw_path(c, "NotAFolderError", "Not a folder");
  status = remove_below(c, recursive, &over);
  if (status != VMS_OK || over || !charge(c, c->path.len)) return status;
  return stage_kind(c, vms__buf_view(&c->path), &entry, VMS__ENTRY_ABSENT);
}

/* --- the door ------------------------------------------------------------------------------------------------- */

static const struct { const char *name; bool changes; int (*run)(call *c); } methods[] = {
  { "getInfo", false, call_get_info }, { "stat", false, call_stat },
  { "readFile", false, call_read_file }, { "readdir", false, call_readdir },
  { "writeFile", true, call_write_file }, { "mkdir", true, call_mkdir },
  { "unlink", true, call_unlink }, { "rmdir", true, call_rmdir },
};

int vms_archive_call(vms_archive *archive, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  call c;
  size_t i = 0;
  int status;
  assert(archive != NULL && request != NULL && reply != NULL);
  c = (call){ archive, { archive, vms__source_length(&archive->metadata), false }, request->params, request->data,
              { NULL, 0, 0, archive->env }, false, reply, error };
  reply->kind = VMS_FILE_UNDEFINED;
  reply->error_name[0] = 0;
  while (i < sizeof methods / sizeof methods[0] && !vms__slice_is(request->method, methods[i].name)) i++;
  if (i == sizeof methods / sizeof methods[0])
    return throw_error(&c, "NotSupportedError", "There is no such file call");
  if (!vms__json_valid(c.params, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY))
    return throw_error(&c, "TypeError", "The parameters must be a JSON array");
  while (strchr(" \t\r\n", c.params.data[0]) != NULL) c.params = (vms_slice){ c.params.data + 1, c.params.len - 1 };
  if (c.params.data[0] != '[') return throw_error(&c, "TypeError", "The parameters must be a JSON array");
  if (request->version > c.view.version)
    return throw_error(&c, "NotFoundError", "There is no version %llu yet", (unsigned long long)request->version);
  c.view.staged = archive->staging && request->version == 0;
  if (request->version != 0) c.view.version = request->version;
  if (methods[i].changes && !c.view.staged) return throw_error(&c, "NotWritableError", "The files can only be read here");
  status = methods[i].run(&c);
  vms_buffer_free(&c.path);
  return status;
}

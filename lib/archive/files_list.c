/* SPDX-License-Identifier: MIT */
/* File calls that list: readdir, history. */
#include "files.h"

#include <stdlib.h>

void vms__names_init(vms__names *list, const vms_env *env) {
  memset(list, 0, sizeof *list);
  vms_buffer_init(&list->text, env);
}

void vms__names_free(vms__names *list) {
  vms__free(list->text.env, list->items, list->capacity * sizeof *list->items);
  vms__free(list->text.env, list->entries, list->entries_capacity * sizeof *list->entries);
  vms_buffer_free(&list->text);
}

/* --- collecting names ----------------------------------------------------------------------------------------
 *
 * The tree is in the order of whole paths, a list in that of its names: they differ only for folders without an entry of their own, which
 * are met at the first path in them, "dir/x", behind "dir-x" and "dir.x". So a page is what the walk meets, and in the end those
 * folders are looked for whose names are a beginning of the last one met. */

typedef struct collector {
  vms__files *c;
  const vms__names_wish *wish;
  vms__names *list;
  vms__walk walk;
  vms_buffer last;                              /* the path met before, relative */
  uint8_t named[VMS_PATH_LEN_MAX / 8 + 1]; /* bit n: its first n bytes are a name of the list or one before `after` */
  bool sorted;
} collector;

enum { NAMED_BITS = sizeof ((collector *)0)->named * 8 };

/* Longer ones than any path may be here, in others' drives, are listed at their ends only. */
static bool is_named(const collector *k, size_t len) { return len >= NAMED_BITS || (k->named[len / 8] >> len % 8 & 1) != 0; }

/* Adds a name, the first `len` bytes of `name`, if it is not there and belongs to the page. */
static int collect(collector *k, vms_slice name, size_t len, const vms__entry *entry) {
  vms__names *list = k->list;
  int status;
  if (is_named(k, len) && (len < NAMED_BITS || len < name.len)) return VMS_OK;
  if (len < NAMED_BITS) k->named[len / 8] = (uint8_t)(k->named[len / 8] | 1 << len % 8);
  if (len < name.len && (status = vms__view_work(&k->c->view, 1)) != VMS_OK) return status;
  name.len = len;
  if (k->wish->after.data != NULL && vms__bytes_compare(name, k->wish->after) <= 0) return VMS_OK;
  if (k->wish->admit != NULL) {
    status = k->wish->admit(k->wish->context, name, entry);
    if (status != VMS_OK) return status;
  }
  if (list->count > 0 && vms__bytes_compare(vms__names_at(list, list->count - 1), name) > 0) k->sorted = false;
  if (vms__grow(list->text.env, &list->items, &list->capacity, list->count, 1, sizeof *list->items) != VMS_OK ||
      (k->wish->entries &&
       vms__grow(list->text.env, &list->entries, &list->entries_capacity, list->count, 1, sizeof *list->entries) != VMS_OK))
    return vms__files_no_memory(k->c);
  if (k->wish->entries) list->entries[list->count] = *entry;
  list->items[list->count] = (vms__name){ list->text.len, len, list->count };
  if (vms__buf_slice(&list->text, name) != VMS_OK) return vms__files_no_memory(k->c);
  list->count++;
  return VMS_OK;
}

/* Names that begin the path before, but not this one, are of no use any more. */
static int path_enter(collector *k, vms_slice path) {
  size_t same = 0, max = VMS__MIN(path.len, k->last.len);
  while (same < max && path.data[same] == k->last.data[same]) same++;
  for (size_t len = same + 1; len <= k->last.len && len < NAMED_BITS; len++)
    k->named[len / 8] = (uint8_t)(k->named[len / 8] & ~(1 << len % 8));
  vms__buf_clear(&k->last);
  return vms__buf_slice(&k->last, path) == VMS_OK ? VMS_OK : vms__files_no_memory(k->c);
}

/* The names on the way to the path that the walk has come to; without `recursive` the first, and what is in it is skipped. */
static int names_of_path(collector *k, vms_slice path) {
  static const vms__entry folder = { .kind = VMS__ENTRY_FOLDER, .implied = true };
  int status = VMS_OK;
  for (size_t len = 0; len <= path.len && status == VMS_OK; len++) {
    if (len < path.len && path.data[len] != '/') continue;
    status = collect(k, path, len, len == path.len ? &k->walk.entry : &folder);
    if (status != VMS_OK || k->wish->recursive || len == path.len) continue;
    vms_buffer behind;
    vms_buffer_init(&behind, k->c->archive->env);
    status = vms_buffer_append(&behind, k->walk.path.data, k->walk.prefix.len + len);
    if (status == VMS_OK) status = vms__buf_byte(&behind, '/' + 1);
    status = status == VMS_OK ? vms__walk_seek(&k->walk, vms__buf_view(&behind), k->c->error) : vms__files_no_memory(k->c);
    vms_buffer_free(&behind);
    break;
  }
  return status;
}

/* Adds the folder whose name is the first `len` bytes of the last path, if something lies in it. */
static int folder_probe(collector *k, vms_slice prefix, size_t len) {
  vms_slice last = vms__buf_view(&k->last);
  vms_buffer path;
  vms__entry entry;
  int status;
  if (is_named(k, len) || (k->wish->after.data != NULL && vms__bytes_compare((vms_slice){ last.data, len }, k->wish->after) <= 0)) return VMS_OK;
  vms_buffer_init(&path, k->c->archive->env);
  status = vms__buf_slice(&path, prefix);
  if (status == VMS_OK) status = vms_buffer_append(&path, last.data, len);
  if (status != VMS_OK) status = vms__files_no_memory(k->c);
  else status = vms__view_find(&k->c->view, vms__buf_view(&path), &entry, k->c->error);
  vms_buffer_free(&path);
  return status == VMS_OK ? collect(k, last, len, &entry) : status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

/* The page is full: what follows the walk may still belong before its last name. */
static int folders_missed(collector *k) {
  int status = VMS_OK;
  for (size_t len = 1; len < k->last.len && status == VMS_OK; len++) {
    if (!k->wish->recursive && k->last.data[len - 1] == '/') break;
    if ((uint8_t)k->last.data[len] < '/' && k->last.data[len - 1] != '/')
      status = folder_probe(k, vms__buf_view(&k->walk.prefix), len);
  }
  return status;
}

static int names_walk(collector *k) {
  int status = VMS_OK;
  while (status == VMS_OK && k->list->count < k->wish->limit) {
    vms_slice path;
    status = vms__walk_next(&k->walk, k->c->error);
    if (status != VMS_OK) return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
    path = (vms_slice){ k->walk.path.data + k->walk.prefix.len, k->walk.path.len - k->walk.prefix.len };
    status = path_enter(k, path);
    if (status == VMS_OK) status = names_of_path(k, path);
  }
  return status == VMS_OK ? folders_missed(k) : status;
}

typedef struct sortable { vms_slice name; vms__name item; } sortable;

static int compare_names(const void *a, const void *b) {
  return vms__bytes_compare(((const sortable *)a)->name, ((const sortable *)b)->name);
}

static int names_sort(vms__files *c, vms__names *list) {
  size_t len = list->count * sizeof(sortable);
  sortable *all = vms__alloc(c->archive->env, len);
  if (all == NULL) return vms__files_no_memory(c);
  for (size_t i = 0; i < list->count; i++) all[i] = (sortable){ vms__names_at(list, i), list->items[i] };
  qsort(all, list->count, sizeof *all, compare_names);
  for (size_t i = 0; i < list->count; i++) list->items[i] = all[i].item;
  vms__free(c->archive->env, all, len);
  return VMS_OK;
}

int vms__names_collect(vms__files *c, vms_slice folder, const vms__names_wish *wish, vms__names *list) {
  collector k;
  int status;
  memset(&k, 0, sizeof k);
  k.c = c;
  k.wish = wish;
  k.list = list;
  k.sorted = true;
  vms_buffer_init(&k.last, c->archive->env);
  status = vms__walk_below(&k.walk, &c->view, folder, wish->after, c->error);
  if (status == VMS_OK) status = names_walk(&k);
  vms__walk_close(&k.walk);
  vms_buffer_free(&k.last);
  if (status == VMS_OK && !k.sorted) status = names_sort(c, list);
  if (status == VMS_OK) list->count = (size_t)VMS__MIN(list->count, wish->limit);
  return status;
}

/* --- readdir ------------------------------------------------------------------------------------------------ */

/* A path or name as a JSON string: other writers' need not be UTF-8. */
static int text_write(vms_slice text, vms_buffer *json) {
  vms_buffer decoded;
  int status;
  if (vms__utf8_valid(text.data, text.len)) return vms__buf_json_string(json, text.data, text.len);
  vms_buffer_init(&decoded, json->env);
  status = vms__text_decode(text, &decoded);
  if (status == VMS_OK) status = vms__buf_json_string(json, decoded.data, decoded.len);
  vms_buffer_free(&decoded);
  return status;
}

/* Writes `"name"`, or `{"name":"name","stat":{...}}`. */
static int name_write(vms__files *c, vms_slice name, const vms__entry *entry) {
  vms_buffer *json = &c->reply->body;
  int status;
  if (entry == NULL) return text_write(name, json);
  status = vms__buf_text(json, "{\"name\":");
  if (status == VMS_OK) status = text_write(name, json);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"stat\":");
  if (status == VMS_OK) status = vms__files_stat_write(entry, json);
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

static int names_write(vms__files *c, const vms__names *list) {
  vms_buffer *json = &c->reply->body;
  int status = vms__buf_byte(json, '[');
  c->reply->kind = VMS_FILE_JSON;
  for (size_t i = 0; i < list->count && status == VMS_OK; i++) {
    if (i > 0) status = vms__buf_byte(json, ',');
    if (status == VMS_OK) status = name_write(c, vms__names_at(list, i), c->options.stat ? vms__names_entry(list, i) : NULL);
  }
  return status == VMS_OK && vms__buf_byte(json, ']') == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

typedef struct answer_size { vms__files *c; uint64_t len; } answer_size;

/* What the answer will be at least: so that nobody makes a list that cannot be given. */
static int answer_grows(void *context, vms_slice name, const vms__entry *entry) {
  answer_size *size = context;
  (void)entry;
  size->len += name.len + sizeof "\"\"," - 1;
  if (size->c->options.stat)
    size->len += sizeof "{\"name\":,\"stat\":{\"type\":\"file\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":true,\"isDirectory\":false}}" - 1;
  return vms__files_answer_check(size->c, size->len);
}

int vms__files_readdir(vms__files *c) {
  answer_size size = { c, 0 };
  vms__names_wish wish = { false, false, { NULL, 0 }, 0, answer_grows, &size };
  vms__names list;
  vms_slice json;
  vms__entry entry;
  int status = VMS_OK;
  if (vms__files_param(c, 0, &json)) status = vms__files_path(c, 0, &c->path, &c->path_slash);
  if (status == VMS_OK) status = vms__files_options_take(c, 1, "after limit recursive stat version ");
  if (status == VMS_OK) status = vms__files_find(c, vms__buf_view(&c->path), &entry);
  if (status != VMS_OK) return status;
  if (entry.kind != VMS__ENTRY_FOLDER) return vms__files_throw_path(c, "NotAFolderError", "Not a folder", vms__buf_view(&c->path));
  wish.recursive = c->options.recursive;
  wish.entries = c->options.stat;
  wish.after = c->options.after;
  wish.limit = c->options.limit;
  vms__names_init(&list, c->archive->env);
  status = vms__names_collect(c, vms__buf_view(&c->path), &wish, &list);
  if (status == VMS_OK) status = names_write(c, &list);
  vms__names_free(&list);
  return status;
}

/* --- history ------------------------------------------------------------------------------------------------ */

/* The path in a key, if it is c->path or below. */
static bool is_about(const vms__files *c, vms_slice key, vms_slice *path) {
  size_t len = c->path.len;
  if (!vms__drive_path(key, path)) return false;
  if (len == 0) return true;
  return path->len >= len && memcmp(path->data, c->path.data, len) == 0 && (path->len == len || path->data[len] == '/');
}

static int change_write(vms__files *c, uint64_t version, vms_slice path, const vms__entry *entry) {
  vms_archive *archive = c->archive;
  vms_buffer *json = &c->reply->body;
  int status = json->len > 1 ? vms__buf_byte(json, ',') : VMS_OK;
  if (status == VMS_OK)
    status = vms__buf_format(json, "{\"version\":%llu,\"type\":\"%s\",\"path\":", (unsigned long long)version, entry == NULL ? "del" : "put");
  if (status == VMS_OK) status = text_write(path, json);
  if (status == VMS_OK && entry != NULL)
    status = vms__buf_format(json, ",\"isDirectory\":%s,\"size\":%llu", entry->kind == VMS__ENTRY_FOLDER ? "true" : "false",
                             (unsigned long long)entry->blob.byte_len);
  if (status != VMS_OK) return vms__files_no_memory(c);
  if (archive->origin != NULL) status = vms__view_work(&c->view, VMS__WORK_ORIGIN);
  if (status == VMS_OK && archive->origin != NULL) status = archive->origin(archive->origin_context, version, json, c->error);
  if (status != VMS_OK) return status;
  return vms__buf_byte(json, '}') == VMS_OK ? vms__files_answer_check(c, json->len + 1) : vms__files_no_memory(c);
}

/* The change that made a version; *count says how many were told. */
static int change_tell(vms__files *c, uint64_t version, uint64_t *count) {
  vms_bee_entry change;
  vms__entry entry;
  vms_slice path;
  int deleted, status = vms__view_work(&c->view, 1);
  if (status == VMS_OK) status = vms_bee_change(&c->archive->bee, version - 1, &change, &deleted, c->error);
  if (status != VMS_OK || !is_about(c, change.key, &path)) return status;
  (*count)++;
  if (deleted) return change_write(c, version, path, NULL);
  status = vms__drive_decode(&change, &entry, c->error);
  return status == VMS_OK ? change_write(c, version, path, &entry) : status;
}

int vms__files_history(vms__files *c) {
  vms__files_options *options = &c->options;
  vms_buffer *json = &c->reply->body;
  vms_slice first;
  uint64_t count = 0, from, to;
  bool given = vms__files_param(c, 0, &first), alone = given && first.data[0] == '{';
  int status = given && !alone ? vms__files_path(c, 0, &c->path, &c->path_slash) : VMS_OK;
  if (status == VMS_OK) status = vms__files_options_take(c, alone ? 0 : 1, "end limit reverse start version ");
  if (status != VMS_OK) return status;
  from = VMS__MAX(options->start, 2); /* version 1 is an empty drive: nothing made it but its header */
  to = VMS__MIN(options->end, c->view.version + 1);
  c->reply->kind = VMS_FILE_JSON;
  if (vms__buf_byte(json, '[') != VMS_OK) return vms__files_no_memory(c);
  for (uint64_t n = 0; from < to && n < to - from && count < options->limit && status == VMS_OK; n++)
    status = change_tell(c, options->reverse ? to - 1 - n : from + n, &count);
  if (status != VMS_OK) return status;
  return vms__buf_byte(json, ']') == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

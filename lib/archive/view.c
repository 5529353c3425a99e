/* SPDX-License-Identifier: MIT */
/* What a file call sees: the archive as of a version, or with the staged changes laid over it. */
#include "internal.h"

static void entry_of_change(const vms__view *view, const vms__change *change, vms__entry *entry) {
  memset(entry, 0, sizeof *entry);
  entry->kind = change->kind;
  entry->mtime = view->archive->time_ms;
  entry->executable = change->executable;
  if (change->stored) entry->blob = change->blob;
  else {
    entry->blob.byte_len = change->content.len;
    entry->blob.block_count = (change->content.len + VMS__BLOB_BLOCK_LEN - 1) / VMS__BLOB_BLOCK_LEN;
  }
}

/* --- walks ---------------------------------------------------------------------------------------------- */

static int no_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a path"); }

static bool starts_with(vms_slice path, vms_slice prefix) {
  return path.len >= prefix.len && (prefix.len == 0 || memcmp(path.data, prefix.data, prefix.len) == 0);
}

int vms__walk_seek(vms__walk *walk, vms_slice from, vms_error *error) {
  int status;
  assert(from.len > 0);
  if (from.data != walk->from.data) {
    vms__buf_clear(&walk->from);
    if (vms__buf_slice(&walk->from, from) != VMS_OK) return no_memory(error);
  }
  if (walk->ended || (walk->ahead && vms__bytes_compare(vms__buf_view(&walk->ahead_path), from) >= 0)) return VMS_OK;
  walk->ahead = false;
  vms_bee_cursor_close(walk->cursor);
  walk->cursor = NULL;
  status = vms__view_work(walk->view, VMS__WORK_SEEK);
  if (status != VMS_OK) return status;
  return vms__drive_walk(&walk->view->archive->bee, walk->view->version, vms__buf_view(&walk->from), &walk->cursor, error);
}

int vms__walk_open(vms__walk *walk, vms__view *view, vms_slice prefix, vms_slice from, vms_error *error) {
  const vms_env *env = view->archive->env;
  memset(walk, 0, sizeof *walk);
  walk->view = view;
  vms_buffer_init(&walk->prefix, env);
  vms_buffer_init(&walk->from, env);
  vms_buffer_init(&walk->path, env);
  vms_buffer_init(&walk->ahead_path, env);
  if (vms__buf_slice(&walk->prefix, prefix) != VMS_OK) return no_memory(error);
  return vms__walk_seek(walk, from, error);
}

int vms__walk_below(vms__walk *walk, vms__view *view, vms_slice folder, vms_slice after, vms_error *error) {
  vms_buffer prefix, from;
  int status;
  memset(walk, 0, sizeof *walk); /* may be closed whatever happens */
  vms_buffer_init(&prefix, view->archive->env);
  vms_buffer_init(&from, view->archive->env);
  status = vms__buf_slice(&prefix, folder);
  if (status == VMS_OK) status = vms__buf_byte(&prefix, '/');
  if (status == VMS_OK) status = vms__buf_slice(&from, vms__buf_view(&prefix));
  if (status == VMS_OK && after.len > 0) status = vms__buf_slice(&from, after);
  if (status == VMS_OK && after.len > 0) status = vms__buf_byte(&from, 0);
  if (status != VMS_OK) status = no_memory(error);
  else status = vms__walk_open(walk, view, vms__buf_view(&prefix), vms__buf_view(&from), error);
  vms_buffer_free(&prefix);
  vms_buffer_free(&from);
  return status;
}

/* Has the cursor's next entry at hand, or its end. */
static int look_ahead(vms__walk *walk, vms_error *error) {
  vms_bee_entry found;
  vms_slice path;
  int status;
  if (walk->ahead || walk->ended) return VMS_OK;
  status = vms__view_work(walk->view, 1);
  if (status == VMS_OK) status = vms_bee_cursor_next(walk->cursor, &found, error);
  if (status == VMS_ERR_NOT_FOUND) walk->ended = true;
  if (status != VMS_OK) return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
  if (!vms__drive_path(found.key, &path) || !starts_with(path, vms__buf_view(&walk->prefix))) {
    walk->ended = true;
    return VMS_OK;
  }
  vms__buf_clear(&walk->ahead_path);
  if (vms__buf_slice(&walk->ahead_path, path) != VMS_OK) return no_memory(error);
  status = vms__drive_decode(&found, &walk->ahead_entry, error);
  walk->ahead = status == VMS_OK;
  return status;
}

/* The walk has come to a path: it goes on behind it. */
static int arrive(vms__walk *walk, vms_slice path, vms_error *error) {
  vms__buf_clear(&walk->path);
  vms__buf_clear(&walk->from);
  return vms__buf_slice(&walk->path, path) == VMS_OK && vms__buf_slice(&walk->from, path) == VMS_OK && vms__buf_byte(&walk->from, 0) == VMS_OK
             ? VMS_OK : no_memory(error);
}

int vms__walk_next(vms__walk *walk, vms_error *error) {
  vms__stage *stage = &walk->view->archive->stage;
  for (;;) {
    vms__change *change = walk->view->staged ? vms__stage_from(stage, vms__buf_view(&walk->from)) : NULL;
    int order = -1, status = look_ahead(walk, error);
    if (status != VMS_OK) return status;
    if (change != NULL && !starts_with(change->path, vms__buf_view(&walk->prefix))) change = NULL;
    if (change == NULL && !walk->ahead) return VMS_ERR_NOT_FOUND;
    if (walk->ahead) order = change == NULL ? 1 : vms__bytes_compare(change->path, vms__buf_view(&walk->ahead_path));
    if (order >= 0) walk->ahead = false; /* what is staged hides what was there */
    if (order > 0) {
      walk->entry = walk->ahead_entry;
      return arrive(walk, vms__buf_view(&walk->ahead_path), error);
    }
    status = vms__view_work(walk->view, 1);
    if (status == VMS_OK) status = arrive(walk, change->path, error);
    if (status != VMS_OK) return status;
    if (change->kind == VMS__ENTRY_ABSENT) continue;
    entry_of_change(walk->view, change, &walk->entry);
    return VMS_OK;
  }
}

void vms__walk_close(vms__walk *walk) {
  vms_bee_cursor_close(walk->cursor);
  vms_buffer_free(&walk->prefix);
  vms_buffer_free(&walk->from);
  vms_buffer_free(&walk->path);
  vms_buffer_free(&walk->ahead_path);
}

/* --- single entries -------------------------------------------------------------------------------------- */

/* No entry of its own: VMS_OK if something lies in it. */
static int find_below(vms__view *view, vms_slice path, vms_error *error) {
  vms__walk walk;
  int status = vms__walk_below(&walk, view, path, VMS__TEXT(""), error);
  if (status == VMS_OK) status = vms__walk_next(&walk, error);
  vms__walk_close(&walk);
  return status;
}

int vms__view_find(vms__view *view, vms_slice path, vms__entry *entry, vms_error *error) {
  vms_archive *archive = view->archive;
  vms__change *change;
  int status = vms__view_work(view, VMS__WORK_SEEK);
  memset(entry, 0, sizeof *entry);
  entry->kind = VMS__ENTRY_FOLDER;
  entry->implied = true;
  if (status != VMS_OK || path.len == 0) return status; /* the root always exists */
  change = view->staged ? vms__stage_find(&archive->stage, path) : NULL;
  if (change != NULL && change->kind != VMS__ENTRY_ABSENT) {
    entry_of_change(view, change, entry);
    return VMS_OK;
  }
  if (change == NULL) {
    vms__entry own;
    status = vms__drive_get(&archive->bee, view->version, path, &own, error);
    if (status == VMS_OK) *entry = own;
    if (status != VMS_ERR_NOT_FOUND) return status;
  }
  return find_below(view, path, error);
}

int vms__view_read(const vms__view *view, vms_slice path, const vms__entry *entry, uint64_t offset, uint64_t len, vms_buffer *content,
                   vms_error *error) {
  const vms__change *change = view->staged ? vms__stage_find(&view->archive->stage, path) : NULL;
  if (change == NULL || change->stored) return vms__blob_read(view->archive, &entry->blob, offset, len, content, error);
  if (offset >= change->content.len || len == 0) return VMS_OK;
  len = VMS__MIN(len, change->content.len - offset);
  if (vms_buffer_append(content, change->content.data + offset, (size_t)len) == VMS_OK) return VMS_OK;
  return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for %llu bytes of a file", (unsigned long long)len);
}

/* How many bytes at p form a character, or the longest start of one; *whole says which (Unicode 15, table 3-7, and
 * "maximal subparts", as the Encoding Standard has it). */
static size_t character(const uint8_t *p, size_t left, bool *whole) {
  uint8_t lead = p[0], low = 0x80, high = 0xbf;
  size_t have = 1, len = 0; /* 0: nothing starts so */
  if (lead < 0x80) len = 1;
  else if (lead >= 0xc2 && lead <= 0xdf) len = 2;
  else if ((lead & 0xf0) == 0xe0) len = 3;
  else if (lead >= 0xf0 && lead <= 0xf4) len = 4;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  for (; have < len && have < left && p[have] >= low && p[have] <= high; have++) {
    low = 0x80;
    high = 0xbf;
  }
  *whole = have == len;
  return have;
}

int vms__text_decode(vms_slice bytes, vms_buffer *text) {
  const uint8_t *p = (const uint8_t *)bytes.data;
  int status = vms_buffer_append(text, "", 0);
  if (vms__utf8_valid(bytes.data, bytes.len)) return bytes.len == 0 ? status : vms__buf_slice(text, bytes);
  for (size_t i = 0; i < bytes.len && status == VMS_OK;) {
    bool whole;
    size_t len = character(p + i, bytes.len - i, &whole);
    status = whole ? vms_buffer_append(text, p + i, len) : vms_buffer_append(text, "\xef\xbf\xbd", 3);
    i += len;
  }
  return status;
}

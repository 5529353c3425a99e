/* SPDX-License-Identifier: MIT */
/* Hyperdrive on a Hyperbee: paths, the JSON of an entry (doc/ledger-format.md, "Archive"). */
#include "internal.h"

#define FILES_PREFIX "files\0"
#define FILES_BEHIND "files\1" /* the first key behind them */
#define LARGE_READ_MAX (UINT64_C(256) << 20) /* bytes of large blocks that a sum of sizes may take */
static_assert(sizeof FILES_PREFIX - 1 == VMS__FILES_PREFIX_LEN, "keys of files");

/* --- paths ------------------------------------------------------------------------------------------ */

static bool is_separator(char c) { return c == '/' || c == '\\'; }

/* C0, DEL and C1 (U+0080..U+009F, c2 80 to c2 9f in UTF-8). */
static bool has_control(vms_slice text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = (uint8_t)text.data[i], next = i + 1 < text.len ? (uint8_t)text.data[i + 1] : 0;
    if (c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0)) return true;
  }
  return false;
}

int vms__path_normalise(vms_slice text, vms_buffer *path) {
  unsigned depth = 0;
  vms__buf_clear(path);
  if (!vms__utf8_valid(text.data, text.len) || has_control(text)) return VMS_ERR_FORM;
  if (vms_buffer_append(path, "", 0) != VMS_OK) return VMS_ERR_NOMEM;
  for (size_t i = 0; i < text.len;) {
    vms_slice part = { text.data + i, 0 };
    while (i < text.len && !is_separator(text.data[i])) i++;
    part.len = (size_t)(text.data + i - part.data);
    i++; /* the separator */
    if (part.len == 0 || vms__slice_is(part, ".")) continue;
    if (vms__slice_is(part, "..")) {
      if (depth == 0) return VMS_ERR_FORM;
      depth--;
      do path->len--;
      while (path->data[path->len] != '/');
      continue;
    }
    depth++;
    if (part.len > VMS_PATH_LEN_MAX || path->len + 1 + part.len > 2 * VMS_PATH_LEN_MAX) return VMS_ERR_FORM;
    if (vms__buf_byte(path, '/') != VMS_OK || vms__buf_slice(path, part) != VMS_OK) return VMS_ERR_NOMEM;
  }
  path->data[path->len] = 0;
  return depth > VMS_PATH_DEPTH_MAX || path->len > VMS_PATH_LEN_MAX ? VMS_ERR_FORM : VMS_OK;
}

static int key_of(vms_slice path, vms_buffer *key) {
  if (vms_buffer_append(key, FILES_PREFIX, VMS__FILES_PREFIX_LEN) != VMS_OK) return VMS_ERR_NOMEM;
  return vms_buffer_append(key, path.len == 0 ? "" : path.data, path.len);
}

/* --- entries ----------------------------------------------------------------------------------------- */

static bool member_uint(vms_slice object, const char *name, uint64_t *number) {
  vms_slice value;
  return vms__json_member(object, name, &value) && vms__uint_decode(value, number);
}

static bool blob_decode(vms_slice json, vms__entry *entry) {
  vms_slice mapped;
  entry->mapped = vms__json_member(json, "blockMap", &mapped) && vms__slice_is(mapped, "true");
  return member_uint(json, "blockOffset", &entry->blob.block_offset) &&
         member_uint(json, "byteOffset", &entry->blob.byte_offset) &&
         member_uint(json, "blockLength", &entry->blob.block_count) &&
         member_uint(json, "byteLength", &entry->blob.byte_len);
}

static bool plain_blob(vms__json *json, vms__blob *blob) {
  return vms__json_literal(json, "{\"blockOffset\":") && vms__json_uint(json, &blob->block_offset) &&
         vms__json_literal(json, ",\"byteOffset\":") && vms__json_uint(json, &blob->byte_offset) &&
         vms__json_literal(json, ",\"blockLength\":") && vms__json_uint(json, &blob->block_count) &&
         vms__json_literal(json, ",\"byteLength\":") && vms__json_uint(json, &blob->byte_len) && vms__json_literal(json, "}");
}

static bool plain_metadata(vms__json *json, uint64_t *mtime, bool *folder) {
  if (vms__json_literal(json, "null")) return true;
  if (!vms__json_literal(json, "{\"mtime\":") || !vms__json_uint(json, mtime)) return false;
  *folder = vms__json_literal(json, ",\"folder\":true");
  return vms__json_literal(json, "}");
}

/* Nearly every entry is written like this, and is read so in a twentieth of the time. False says nothing about it. */
static bool plain_decode(vms_slice value, vms__entry *entry) {
  vms__json json = vms__json_over(value, VMS__JSON_COMPACT);
  vms__entry made;
  bool no_blob, folder = false;
  memset(&made, 0, sizeof made);
  if (!vms__json_literal(&json, "{\"executable\":false,\"linkname\":null,\"blob\":")) return false;
  no_blob = vms__json_literal(&json, "null");
  if ((!no_blob && !plain_blob(&json, &made.blob)) || !vms__json_literal(&json, ",\"metadata\":") ||
      !plain_metadata(&json, &made.mtime, &folder) || !vms__json_literal(&json, "}") || !vms__json_end(&json))
    return false;
  made.kind = no_blob && folder ? VMS__ENTRY_FOLDER : VMS__ENTRY_FILE;
  *entry = made;
  return true;
}

int vms__entry_decode(vms_slice value, vms__entry *entry) {
  vms_slice link, blob, metadata, folder, executable;
  memset(entry, 0, sizeof *entry);
  if (plain_decode(value, entry)) return VMS_OK;
  while (value.len > 0 && value.data[0] != 0 && strchr(" \t\r\n", value.data[0]) != NULL) value = (vms_slice){ value.data + 1, value.len - 1 };
  if (value.len == 0 || value.data[0] != '{' || !vms__json_valid(value, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY))
    return VMS_ERR_CORRUPT;
  entry->executable = vms__json_member(value, "executable", &executable) && vms__slice_is(executable, "true");
  if (vms__json_member(value, "metadata", &metadata)) {
    member_uint(metadata, "mtime", &entry->mtime);
    if (vms__json_member(metadata, "folder", &folder) && vms__slice_is(folder, "true")) entry->kind = VMS__ENTRY_FOLDER;
  }
  if (vms__json_member(value, "blob", &blob) && !vms__slice_is(blob, "null")) {
    entry->kind = VMS__ENTRY_FILE;
    return blob_decode(blob, entry) ? VMS_OK : VMS_ERR_CORRUPT;
  }
  if (entry->kind == VMS__ENTRY_FOLDER) return VMS_OK;
  if (vms__json_member(value, "linkname", &link) && link.data[0] == '"') entry->kind = VMS__ENTRY_LINK;
  else entry->kind = VMS__ENTRY_FILE; /* neither contents nor target: an empty file */
  return VMS_OK;
}

static int entry_encode(const vms__entry_form *form, vms_buffer *json) {
  int status = vms__buf_format(json, "{\"executable\":%s,\"linkname\":", form->executable ? "true" : "false");
  if (status == VMS_OK)
    status = form->link.data == NULL ? vms__buf_text(json, "null")
                                     : vms__buf_json_string(json, form->link.data, form->link.len);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"blob\":");
  if (status == VMS_OK && form->blob == NULL) status = vms__buf_text(json, "null");
  if (status == VMS_OK && form->blob != NULL)
    status = vms__buf_format(json, "{\"blockOffset\":%llu,\"byteOffset\":%llu,\"blockLength\":%llu,\"byteLength\":%llu}",
                             (unsigned long long)form->blob->block_offset, (unsigned long long)form->blob->byte_offset,
                             (unsigned long long)form->blob->block_count, (unsigned long long)form->blob->byte_len);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"metadata\":");
  if (status == VMS_OK)
    status = form->metadata.data == NULL ? vms__buf_text(json, "null") : vms__buf_slice(json, form->metadata);
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

int vms__drive_put(vms_bee *bee, vms_slice path, const vms__entry_form *form, vms_error *error) {
  vms_buffer key, value;
  int status;
  assert(path.len > 0 && path.data[0] == '/');
  vms_buffer_init(&key, bee->env);
  vms_buffer_init(&value, bee->env);
  if (key_of(path, &key) != VMS_OK || entry_encode(form, &value) != VMS_OK)
    status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an entry");
  else status = vms_bee_put(bee, vms__buf_view(&key), vms__buf_view(&value), error);
  vms_buffer_free(&key);
  vms_buffer_free(&value);
  return status;
}

int vms__drive_del(vms_bee *bee, vms_slice path, vms_error *error) {
  vms_buffer key;
  int status;
  vms_buffer_init(&key, bee->env);
  if (key_of(path, &key) != VMS_OK) status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a path");
  else status = vms_bee_del(bee, vms__buf_view(&key), error);
  vms_buffer_free(&key);
  return status;
}

int vms__drive_decode(const vms_bee_entry *found, vms__entry *entry, vms_error *error) {
  int status = vms__entry_decode(found->value, entry);
  entry->seq = found->seq;
  if (status == VMS_OK) return VMS_OK;
  return vms__fail(error, VMS_ERR_CORRUPT, found->seq, "archive entry %llu is malformed",
                   (unsigned long long)found->seq);
}

/* A replica that was told of no head yet: whether anything is there cannot be said. */
static int head_check(const vms_bee *bee, vms_error *error) {
  if (vms__source_length(&bee->source) > 0 || bee->source.core != NULL) return VMS_OK;
  return vms__fail(error, VMS_ERR_MISSING, 0, "no head of the archive is here");
}

/* The value at a path; valid until the next call. */
static int look_up(vms_bee *bee, uint64_t version, vms_slice path, vms_bee_entry *found, vms_error *error) {
  vms_buffer key;
  int status = head_check(bee, error);
  if (status != VMS_OK) return status;
  vms_buffer_init(&key, bee->env);
  if (key_of(path, &key) != VMS_OK) status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a path");
  else status = vms_bee_get(bee, version, vms__buf_view(&key), found, error);
  vms_buffer_free(&key);
  return status;
}

int vms__drive_get(vms_bee *bee, uint64_t version, vms_slice path, vms__entry *entry, vms_error *error) {
  vms_bee_entry found;
  int status = look_up(bee, version, path, &found, error);
  return status == VMS_OK ? vms__drive_decode(&found, entry, error) : status;
}

int vms__drive_link(vms_bee *bee, uint64_t version, vms_slice path, vms_buffer *target, vms_error *error) {
  vms_bee_entry found;
  vms__entry entry;
  vms_slice link;
  size_t before = target->len;
  int status = look_up(bee, version, path, &found, error);
  if (status == VMS_OK) status = vms__drive_decode(&found, &entry, error);
  if (status != VMS_OK) return status;
  if (entry.kind != VMS__ENTRY_LINK || !vms__json_member(found.value, "linkname", &link)) return vms__fail(error, VMS_ERR_ARGUMENT, found.seq, "not a link");
  if (vms__json_unescape((vms_slice){ link.data + 1, link.len - 2 }, target) == VMS_OK) return VMS_OK;
  target->len = before;
  return vms__fail(error, VMS_ERR_NOMEM, found.seq, "out of memory for a link");
}

/* The path in a key; false behind the files. */
bool vms__drive_path(vms_slice key, vms_slice *path) {
  if (key.len < VMS__FILES_PREFIX_LEN || memcmp(key.data, FILES_PREFIX, VMS__FILES_PREFIX_LEN) != 0) return false;
  *path = (vms_slice){ key.data + VMS__FILES_PREFIX_LEN, key.len - VMS__FILES_PREFIX_LEN };
  return true;
}

int vms__drive_walk(vms_bee *bee, uint64_t version, vms_slice from, vms_bee_cursor **cursor, vms_error *error) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  vms_buffer key;
  int status = head_check(bee, error);
  *cursor = NULL;
  if (status != VMS_OK) return status;
  vms_buffer_init(&key, bee->env);
  if (key_of(from, &key) != VMS_OK) {
    status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a path");
  } else {
    range.from = vms__buf_view(&key);
    status = vms_bee_cursor_open(cursor, bee, version, &range, error);
  }
  vms_buffer_free(&key);
  return status;
}

/* The sum may be asked for by anybody and is not counted as work: it goes through any number of entries, but not through any number of bytes. */
static int large_check(const vms_bee *bee, uint64_t before, vms_error *error) {
  if (bee->large_read - before <= LARGE_READ_MAX) return VMS_OK;
  return vms__fail(error, VMS_ERR_LIMIT, 0, "the drive's metadata has too many large blocks to add all sizes up");
}

int vms__drive_size(vms_bee *bee, uint64_t version, uint64_t *size, vms_error *error) {
  vms_bee_cursor *cursor;
  vms_bee_entry found;
  uint64_t before = bee->large_read;
  int status = vms__drive_walk(bee, version, VMS__TEXT(""), &cursor, error);
  *size = 0;
  while (status == VMS_OK) {
    vms__entry entry;
    vms_slice path;
    status = vms_bee_cursor_next(cursor, &found, error);
    if (status != VMS_OK || !vms__drive_path(found.key, &path)) break;
    status = vms__drive_decode(&found, &entry, error);
    if (status == VMS_OK) *size = VMS__MIN(*size + entry.blob.byte_len, VMS__JSON_INT_MAX); /* both below 2^53 */
    if (status == VMS_OK) status = large_check(bee, before, error);
  }
  vms_bee_cursor_close(cursor);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

int vms__drive_size_since(vms_bee *bee, uint64_t older, uint64_t newer, uint64_t *size, vms_error *error) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  vms_bee_entry found[2];
  vms_bee_diff *diff;
  uint64_t before = bee->large_read;
  int status;
  range.from = (vms_slice){ FILES_PREFIX, VMS__FILES_PREFIX_LEN };
  range.to = (vms_slice){ FILES_BEHIND, VMS__FILES_PREFIX_LEN };
  status = vms_bee_diff_open(&diff, bee, older, newer, &range, error);
  while (status == VMS_OK && (status = vms_bee_diff_next(diff, &found[0], &found[1], error)) == VMS_OK) {
    vms__entry was = { 0 }, is = { 0 };
    if (found[0].seq != 0) status = vms__drive_decode(&found[0], &was, error);
    if (found[1].seq != 0 && status == VMS_OK) status = vms__drive_decode(&found[1], &is, error);
    *size = VMS__MIN(*size - VMS__MIN(*size, was.blob.byte_len) + is.blob.byte_len, VMS__JSON_INT_MAX);
    if (status == VMS_OK) status = large_check(bee, before, error);
  }
  vms_bee_diff_close(diff);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

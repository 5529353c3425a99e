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

int vms__view_from(const vms__view *view, vms_slice from, vms_slice prefix, vms_buffer *found, vms__entry *entry,
                   vms_error *error) {
  vms_archive *archive = view->archive;
  vms_buffer start;
  int status;
  vms_buffer_init(&start, archive->env);
  vms__buf_clear(found);
  status = vms__buf_slice(&start, from);
  while (status == VMS_OK) {
    vms_slice path = { NULL, 0 };
    vms__change *change = view->staged ? vms__stage_from(&archive->stage, vms__buf_view(&start)) : NULL;
    status = vms__drive_from(&archive->bee, view->version, vms__buf_view(&start), &path, entry, error);
    if (status != VMS_OK && (status != VMS_ERR_NOT_FOUND || change == NULL)) goto done;
    if (change != NULL && (status == VMS_ERR_NOT_FOUND || vms__bytes_compare(change->path, path) <= 0)) {
      path = change->path; /* what is staged hides what was there */
      if (change->kind == VMS__ENTRY_ABSENT) {
        vms__buf_clear(&start);
        status = vms__buf_slice(&start, path);
        if (status == VMS_OK) status = vms__buf_byte(&start, 0); /* the next path in order */
        continue;
      }
      entry_of_change(view, change, entry);
    }
    if (path.len < prefix.len || (prefix.len > 0 && memcmp(path.data, prefix.data, prefix.len) != 0)) {
      status = VMS_ERR_NOT_FOUND;
      goto done;
    }
    status = vms__buf_slice(found, path);
    if (status == VMS_OK) goto done;
  }
  vms__fail(error, status, 0, "out of memory for a path");
done:
  vms_buffer_free(&start);
  return status;
}

int vms__view_find(const vms__view *view, vms_slice path, vms__entry *entry, vms_error *error) {
  vms_archive *archive = view->archive;
  vms__change *change;
  vms_buffer below, found;
  int status = VMS_ERR_NOT_FOUND;
  memset(entry, 0, sizeof *entry);
  entry->kind = VMS__ENTRY_FOLDER;
  if (path.len == 0) return VMS_OK; /* the root always exists */
  change = view->staged ? vms__stage_find(&archive->stage, path) : NULL;
  if (change != NULL && change->kind != VMS__ENTRY_ABSENT) {
    entry_of_change(view, change, entry);
    return VMS_OK;
  }
  if (change == NULL) status = vms__drive_get(&archive->bee, view->version, path, entry, error);
  if (status != VMS_ERR_NOT_FOUND) return status;
  /* No entry of its own: a folder if something lies in it. */
  vms_buffer_init(&below, archive->env);
  vms_buffer_init(&found, archive->env);
  if (vms__buf_slice(&below, path) != VMS_OK || vms__buf_byte(&below, '/') != VMS_OK)
    status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a path");
  else status = vms__view_from(view, vms__buf_view(&below), vms__buf_view(&below), &found, entry, error);
  memset(entry, 0, sizeof *entry);
  entry->kind = VMS__ENTRY_FOLDER;
  vms_buffer_free(&below);
  vms_buffer_free(&found);
  return status;
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

/* SPDX-License-Identifier: MIT */
/* File calls that look at one thing: getInfo, stat, readFile. */
#include "files.h"

int vms__files_stat_write(const vms__entry *entry, vms_buffer *json) {
  static const char *const types[] = { "", "file", "directory", "symlink" };
  return vms__buf_format(json,
                         "{\"type\":\"%s\",\"size\":%llu,\"blocks\":%llu,\"mtime\":%llu,\"isFile\":%s,\"isDirectory\":%s}",
                         types[entry->kind], (unsigned long long)entry->blob.byte_len,
                         (unsigned long long)entry->blob.block_count, (unsigned long long)entry->mtime,
                         entry->kind == VMS__ENTRY_FILE ? "true" : "false",
                         entry->kind == VMS__ENTRY_FOLDER ? "true" : "false");
}

int vms__files_call_stat(vms__files *c) {
  vms__entry entry;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  if (status == VMS_OK) status = vms__files_options_take(c, 1, "version ");
  if (status == VMS_OK) status = vms__files_find(c, vms__buf_view(&c->path), &entry);
  if (status != VMS_OK) return status;
  c->reply->kind = VMS_FILE_JSON;
  return vms__files_stat_write(&entry, &c->reply->body) == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

/* The sum at a version that a call's options name: counted as what it is, a walk over everything. */
static int size_walk(vms__files *c, uint64_t *size) {
  vms__walk walk;
  int status = vms__walk_open(&walk, &c->view, VMS__TEXT(""), VMS__TEXT("/"), c->error);
  *size = 0;
  while (status == VMS_OK && (status = vms__walk_next(&walk, c->error)) == VMS_OK)
    *size = VMS__MIN(*size + walk.entry.blob.byte_len, VMS__JSON_INT_MAX); /* both below 2^53 */
  vms__walk_close(&walk);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

int vms__files_size(vms__files *c, uint64_t *size) {
  vms_archive *archive = c->archive;
  uint64_t newest = vms__source_length(&archive->metadata);
  int status;
  if (!c->view.staged && c->view.version != newest && c->options.version != 0) return size_walk(c, size);
  if (!c->view.staged) { /* what the owner shows may be a few changes older than what is known */
    status = vms__archive_size(archive, size, c->error);
    if (status != VMS_OK || c->view.version == newest) return status;
    return vms__drive_size_since(&archive->bee, newest, c->view.version, size, c->error);
  }
  if (!archive->stage_size_known) {
    status = vms__archive_size(archive, &archive->stage_size, c->error);
    if (status != VMS_OK) return status;
    archive->stage_size_known = true;
  }
  *size = archive->stage_size;
  return VMS_OK;
}

int vms__files_get_info(vms__files *c) {
  uint8_t key[VMS_KEY_LEN];
  vms_buffer *json = &c->reply->body;
  uint64_t size;
  int status = vms__files_options_take(c, 0, "version ");
  if (status == VMS_OK) status = vms__view_work(&c->view, 1);
  if (status == VMS_OK) status = vms__files_size(c, &size);
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
  return status == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

/* Turns a file's bytes into the reply that the encoding asks for. */
static int reply_encode(vms__files *c, const vms_buffer *content) {
  vms_file_reply *reply = c->reply;
  vms_slice bytes = vms__buf_view(content);
  int status, encoding = c->options.encoding;
  if (encoding == VMS__ENCODING_JSON && !vms__json_valid(bytes, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY))
    return vms__files_throw_path(c, "SyntaxError", "The file is not JSON", vms__buf_view(&c->path));
  reply->kind = encoding == VMS__ENCODING_JSON ? VMS_FILE_JSON : encoding == VMS__ENCODING_BINARY ? VMS_FILE_BYTES : VMS_FILE_TEXT;
  if (encoding == VMS__ENCODING_TEXT) status = vms__text_decode(bytes, &reply->body);
  else if (encoding == VMS__ENCODING_BASE64) status = vms__buf_base64(&reply->body, bytes.data, bytes.len);
  else if (encoding == VMS__ENCODING_HEX) status = vms__buf_hex(&reply->body, bytes.data, bytes.len);
  else status = vms_buffer_append(&reply->body, bytes.len == 0 ? "" : bytes.data, bytes.len);
  return status == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

/* How long the answer is at least, for `len` bytes of a file (below 2^53). */
static uint64_t encoded_len(int encoding, uint64_t len) {
  if (encoding == VMS__ENCODING_HEX) return 2 * len;
  return encoding == VMS__ENCODING_BASE64 ? (len + 2) / 3 * 4 : len;
}

/* What it takes to look at a piece, in whole blocks, whether an answer comes of it or not. Blocks of other sizes than ours, as others' drives may
 * have them, are read from the first one on, and may be empty. */
static uint64_t read_work(const vms__entry *entry, uint64_t offset, uint64_t len) {
  const vms__blob *blob = &entry->blob;
  uint64_t from = offset - offset % VMS__BLOB_BLOCK_LEN, to = offset + len + VMS__BLOB_BLOCK_LEN - 1; /* all below 2^54 */
  if (len == 0) return 0;
  if (blob->block_count != (blob->byte_len - 1) / VMS__BLOB_BLOCK_LEN + 1) return blob->block_count + (offset + len) / VMS__WORK_BYTES;
  return (VMS__MIN(to - to % VMS__BLOB_BLOCK_LEN, blob->byte_len) - from) / VMS__WORK_BYTES;
}

int vms__files_read_file(vms__files *c) {
  vms__entry entry;
  vms_buffer content;
  vms_slice path;
  uint64_t offset, len;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  if (status == VMS_OK) status = vms__files_options_take(c, 1, "encoding length offset version ");
  path = vms__buf_view(&c->path);
  if (status == VMS_OK) status = vms__files_find(c, path, &entry);
  if (status != VMS_OK) return status;
  if (entry.kind != VMS__ENTRY_FILE) return vms__files_throw_path(c, "NotAFileError", "Not a file", path);
  if (entry.mapped) return vms__files_throw_path(c, "NotSupportedError", "The file is stored in a way that is not supported", path);
  offset = VMS__MIN(c->options.offset, entry.blob.byte_len);
  len = VMS__MIN(c->options.length, entry.blob.byte_len - offset);
  status = vms__files_answer_check(c, encoded_len(c->options.encoding, len));
  if (status == VMS_OK) status = vms__view_work(&c->view, read_work(&entry, offset, len));
  if (status != VMS_OK) return status;
  vms_buffer_init(&content, c->archive->env);
  status = vms__view_read(&c->view, path, &entry, offset, len, &content, c->error);
  if (status == VMS_OK) status = reply_encode(c, &content);
  vms_buffer_free(&content);
  return status;
}

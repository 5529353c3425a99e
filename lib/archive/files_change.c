/* SPDX-License-Identifier: MIT */
/* File calls that change one thing: writeFile, mkdir, unlink, rmdir. What they change is staged. */
#include "files.h"

int vms__files_afford(vms__files *c, uint64_t len) {
  if (len <= c->archive->files_call_max - c->archive->stage_used) return VMS_OK;
  vms__buf_clear(&c->reply->body);
  c->reply->kind = VMS_FILE_ABORT;
  return VMS__REPLIED;
}

int vms__files_charge(vms__files *c, uint64_t len) {
  int status = vms__files_afford(c, len);
  if (status == VMS_OK) c->archive->stage_used += len;
  return status;
}

int vms__files_quota(vms__files *c, uint64_t before, uint64_t more, uint64_t *others) {
  uint64_t size, max = c->archive->files_total_max;
  int status = vms__files_size(c, &size);
  if (status != VMS_OK) return status;
  *others = size - VMS__MIN(size, before); /* a hostile sum may have been cut off */
  if (*others <= max && more <= max - *others) return VMS_OK;
  return vms__files_throw(c, "QuotaExceededError", "The files together would exceed %llu bytes", (unsigned long long)max);
}

int vms__files_change(vms__files *c, vms_slice path, bool own, vms__change **change) {
  vms__stage *stage = &c->archive->stage;
  int status = vms__view_work(&c->view, 1);
  if (status != VMS_OK) return status;
  *change = vms__stage_find(stage, path);
  if (*change == NULL) *change = vms__stage_add(stage, path, own);
  return *change == NULL ? vms__files_no_memory(c) : VMS_OK;
}

int vms__files_stage(vms__files *c, vms_slice path, const vms__entry *before, int kind) {
  vms__change *change;
  uint64_t size;
  int status = vms__files_size(c, &size);
  if (status == VMS_OK) status = vms__files_change(c, path, before->kind != VMS__ENTRY_ABSENT && !before->implied, &change);
  if (status != VMS_OK) return status;
  c->archive->stage_size -= VMS__MIN(size, before->blob.byte_len);
  vms_buffer_free(&change->content);
  change->stored = change->executable = false;
  change->kind = kind;
  return VMS_OK;
}

int vms__files_parent_check(vms__files *c, vms_slice path) {
  vms__entry entry;
  int status;
  assert(path.len > 0 && path.data[0] == '/');
  do path.len--;
  while (path.data[path.len] != '/');
  status = vms__view_find(&c->view, path, &entry, c->error);
  if (status != VMS_ERR_NOT_FOUND && (status != VMS_OK || entry.kind == VMS__ENTRY_FOLDER)) return status;
  return vms__files_throw_path(c, "ParentFolderDoesntExistError", "There is no such folder to hold it", path);
}

/* --- writeFile ------------------------------------------------------------------------------------------------- */

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
static int content_take(vms__files *c, vms_buffer *content) {
  vms_slice json, text;
  vms_buffer encoded;
  int encoding, status = vms__files_options_take(c, 2, "encoding ");
  if (status != VMS_OK || c->request->data.data != NULL) return status;
  encoding = c->options.encoding;
  if (!vms__json_element(c->params, 1, &json)) json = VMS__TEXT("null");
  if (encoding == VMS__ENCODING_JSON) return vms__buf_slice(content, json) == VMS_OK ? VMS_OK : vms__files_no_memory(c);
  if (!vms__files_is_string(json)) return vms__files_throw(c, "TypeError", "The data must be a string or bytes");
  if (encoding == VMS__ENCODING_BINARY) return vms__files_throw(c, "TypeError", "With encoding binary the data must be bytes");
  text = (vms_slice){ json.data + 1, json.len - 2 };
  vms_buffer_init(&encoded, c->archive->env);
  status = vms__json_unescape(text, encoding == VMS__ENCODING_TEXT ? content : &encoded);
  if (status == VMS_OK && encoding == VMS__ENCODING_BASE64) status = vms__base64_decode(vms__buf_view(&encoded), content);
  if (status == VMS_OK && encoding == VMS__ENCODING_HEX) status = hex_append(vms__buf_view(&encoded), content);
  vms_buffer_free(&encoded);
  if (status == VMS_ERR_NOMEM) return vms__files_no_memory(c);
  if (status == VMS_OK) return VMS_OK;
  return vms__files_throw(c, "InvalidEncodingError", "The data is not %s", encoding == VMS__ENCODING_HEX ? "hex" : "base64");
}

/* Stages a file whose path has been checked; takes over `content` if it succeeds. Bytes in request->data are copied only when
 * the limits allow them. */
static int file_stage(vms__files *c, const vms__entry *before, vms_buffer *content) {
  vms_archive *archive = c->archive;
  vms_slice path = vms__buf_view(&c->path), data = c->request->data;
  vms__change *change;
  uint64_t others;
  size_t len = data.data != NULL ? data.len : content->len;
  int status = vms__files_quota(c, before->blob.byte_len, len, &others);
  if (status == VMS_OK) status = vms__files_charge(c, path.len + len);
  if (status != VMS_OK) return status;
  if (data.data != NULL && vms__buf_slice(content, data) != VMS_OK) return vms__files_no_memory(c);
  status = vms__files_change(c, path, before->kind == VMS__ENTRY_FILE, &change);
  if (status != VMS_OK) return status;
  archive->stage_size = others + len;
  vms_buffer_free(&change->content);
  change->content = *content;
  change->stored = change->executable = false;
  change->kind = VMS__ENTRY_FILE;
  vms_buffer_init(content, archive->env);
  return VMS_OK;
}

/* What is where a file shall be: a file, or nothing (kind ABSENT) in a folder. */
static int place_find(vms__files *c, vms__entry *before) {
  vms_slice path = vms__buf_view(&c->path);
  int status;
  if (path.len == 0 || c->path_slash) return vms__files_throw_path(c, "InvalidPathError", "A file's path cannot end in a slash", path);
  status = vms__view_find(&c->view, path, before, c->error);
  if (status == VMS_ERR_NOT_FOUND) {
    memset(before, 0, sizeof *before);
    return vms__files_parent_check(c, path);
  }
  if (status != VMS_OK || before->kind == VMS__ENTRY_FILE) return status;
  return vms__files_throw_path(c, "EntryAlreadyExistsError", "Only files can be overwritten", path);
}

int vms__files_write_file(vms__files *c) {
  vms__entry before;
  vms_buffer content;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  vms_buffer_init(&content, c->archive->env);
  if (status == VMS_OK) status = content_take(c, &content);
  if (status == VMS_OK) status = place_find(c, &before);
  if (status == VMS_OK) status = file_stage(c, &before, &content);
  vms_buffer_free(&content);
  return status;
}

/* --- mkdir, unlink, rmdir ------------------------------------------------------------------------------------ */

int vms__files_mkdir(vms__files *c) {
  vms__entry none = { 0 }, entry;
  vms_slice path;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  if (status != VMS_OK) return status;
  path = vms__buf_view(&c->path);
  status = vms__view_find(&c->view, path, &entry, c->error);
  if (status == VMS_OK) return vms__files_throw_path(c, "EntryAlreadyExistsError", "It exists already", path);
  if (status == VMS_ERR_NOT_FOUND) status = vms__files_parent_check(c, path);
  if (status == VMS_OK) status = vms__files_charge(c, path.len);
  return status == VMS_OK ? vms__files_stage(c, path, &none, VMS__ENTRY_FOLDER) : status;
}

int vms__files_unlink(vms__files *c) {
  vms__entry entry;
  vms_slice path;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  path = vms__buf_view(&c->path);
  if (status == VMS_OK) status = vms__files_find(c, path, &entry);
  if (status != VMS_OK) return status;
  if (entry.kind == VMS__ENTRY_FOLDER) return vms__files_throw_path(c, "NotAFileError", "Folders cannot be unlinked", path);
  status = vms__files_charge(c, path.len);
  return status == VMS_OK ? vms__files_stage(c, path, &entry, VMS__ENTRY_ABSENT) : status;
}

/* Removes what lies in c->path, in the order of paths. */
static int remove_below(vms__files *c) {
  vms__walk walk;
  int status = vms__walk_below(&walk, &c->view, vms__buf_view(&c->path), VMS__TEXT(""), c->error);
  while (status == VMS_OK && (status = vms__walk_next(&walk, c->error)) == VMS_OK) {
    if (!c->options.recursive)
      status = vms__files_throw_path(c, "DestDirectoryNotEmpty", "The folder is not empty", vms__buf_view(&c->path));
    else status = vms__files_charge(c, walk.path.len);
    if (status == VMS_OK) status = vms__files_stage(c, vms__buf_view(&walk.path), &walk.entry, VMS__ENTRY_ABSENT);
  }
  vms__walk_close(&walk);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

int vms__files_rmdir(vms__files *c) {
  vms__entry entry;
  vms_slice path;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  if (status == VMS_OK) status = vms__files_options_take(c, 1, "recursive ");
  if (status != VMS_OK) return status;
  path = vms__buf_view(&c->path);
  if (path.len == 0) return vms__files_throw(c, "InvalidPathError", "The root cannot be removed");
  status = vms__files_find(c, path, &entry);
  if (status != VMS_OK) return status;
  if (entry.kind != VMS__ENTRY_FOLDER) return vms__files_throw_path(c, "NotAFolderError", "Not a folder", path);
  status = remove_below(c);
  if (status == VMS_OK) status = vms__files_charge(c, path.len);
  return status == VMS_OK ? vms__files_stage(c, path, &entry, VMS__ENTRY_ABSENT) : status;
}

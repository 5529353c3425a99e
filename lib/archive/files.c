/* SPDX-License-Identifier: MIT */
/* The door of the file calls, named and failing as DatArchive's (doc/ledger-format.md, "File calls"): parameters, options, errors. What
 * a script can bring about is a reply; a status is only for what ends the whole call. */
#include "files.h"

#include <stdarg.h>
#include <stdio.h>

/* --- replies ------------------------------------------------------------------------------------------------ */

int vms__files_no_memory(vms__files *c) { return vms__fail(c->error, VMS_ERR_NOMEM, 0, "out of memory in a file call"); }

static int throw_text(vms__files *c, const char *name, vms_slice text) {
  vms__buf_clear(&c->reply->body);
  c->reply->kind = VMS_FILE_ERROR;
  snprintf(c->reply->error_name, sizeof c->reply->error_name, "%s", name);
  return vms__buf_slice(&c->reply->body, text) == VMS_OK ? VMS__REPLIED : vms__files_no_memory(c);
}

int vms__files_throw(vms__files *c, const char *name, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return throw_text(c, name, vms__slice_of(text));
}

int vms__files_throw_path(vms__files *c, const char *name, const char *what, vms_slice path) {
  vms_error cut; /* not in the middle of a character */
  vms__fail(&cut, VMS_ERR_FORM, 0, "%s: %.*s", what, path.len == 0 ? 1 : (int)path.len, path.len == 0 ? "/" : path.data);
  return throw_text(c, name, vms__slice_of(cut.message));
}

int vms__files_answer_check(vms__files *c, uint64_t len) {
  uint64_t max = c->request->answer_max;
  if (max == 0 || len <= max) return VMS_OK;
  return vms__files_throw(c, "RangeError", "The answer would be longer than %llu bytes: %s", (unsigned long long)max, c->smaller);
}

/* --- parameters ------------------------------------------------------------------------------------------ */

bool vms__files_param(const vms__files *c, size_t i, vms_slice *value) {
  return vms__json_element(c->params, i, value) && !vms__slice_is(*value, "null");
}

bool vms__files_is_string(vms_slice json) { return json.len >= 2 && json.data[0] == '"'; }

int vms__files_path(vms__files *c, size_t i, vms_buffer *path, bool *slash) {
  vms_buffer text;
  vms_slice json;
  int status;
  if (!vms__files_param(c, i, &json) || !vms__files_is_string(json))
    return vms__files_throw(c, "TypeError", "The %s must be a string", i == 0 ? "path" : "destination");
  vms_buffer_init(&text, c->archive->env);
  status = vms__json_unescape((vms_slice){ json.data + 1, json.len - 2 }, &text);
  if (status == VMS_OK) status = vms_buffer_append(&text, "", 0);
  if (status == VMS_OK) status = vms__path_normalise(vms__buf_view(&text), path);
  *slash = text.len > 0 && (text.data[text.len - 1] == '/' || text.data[text.len - 1] == '\\');
  vms_buffer_free(&text);
  if (status == VMS_ERR_NOMEM) return vms__files_no_memory(c);
  if (status == VMS_OK) return VMS_OK;
  return vms__files_throw(c, "InvalidPathError", "The path has control characters, leaves the root, or is too long or deep");
}

/* --- options ----------------------------------------------------------------------------------------------- */

/* A member of the options; null and missing ones are alike. */
static bool member(vms_slice options, const char *known, const char *name, vms_slice *value) {
  char word[16];
  snprintf(word, sizeof word, "%s ", name);
  return strstr(known, word) != NULL && vms__json_member(options, name, value) && !vms__slice_is(*value, "null");
}

static int take_encoding(vms__files *c, vms_slice json) {
  static const struct { const char *name; int encoding; } names[] = {
    { "utf8", VMS__ENCODING_TEXT }, { "utf-8", VMS__ENCODING_TEXT }, { "base64", VMS__ENCODING_BASE64 },
    { "hex", VMS__ENCODING_HEX },   { "json", VMS__ENCODING_JSON },  { "binary", VMS__ENCODING_BINARY },
  };
  if (!vms__files_is_string(json)) return vms__files_throw(c, "TypeError", "The encoding must be a string");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (vms__slice_is((vms_slice){ json.data + 1, json.len - 2 }, names[i].name)) {
      c->options.encoding = names[i].encoding;
      return VMS_OK;
    }
  return vms__files_throw(c, "InvalidEncodingError", "The encoding must be utf8, base64, hex, json or binary");
}

/* What JavaScript would take for true. */
static bool truthy(vms_slice json) {
  return !vms__slice_is(json, "false") && !vms__slice_is(json, "0") && !vms__slice_is(json, "\"\"");
}

static int take_number(vms__files *c, const char *name, vms_slice json, uint64_t *number) {
  if (vms__uint_decode(json, number)) return VMS_OK;
  return vms__files_throw(c, "TypeError", "The option %s must be a whole number from 0 to 2^53-1", name);
}

static int take_after(vms__files *c, vms_slice json) {
  vms__files_options *options = &c->options;
  int status;
  if (!vms__files_is_string(json)) return vms__files_throw(c, "TypeError", "The option after must be a string");
  status = vms__json_unescape((vms_slice){ json.data + 1, json.len - 2 }, &options->text);
  if (status == VMS_OK) status = vms_buffer_append(&options->text, "", 0);
  options->after = vms__buf_view(&options->text);
  return status == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

/* From now on the call reads as of options.version. */
static int version_choose(vms__files *c) {
  if (c->options.version == 0) return VMS_OK;
  if (c->options.version > c->view.version)
    return vms__files_throw(c, "NotFoundError", "There is no version %llu yet", (unsigned long long)c->options.version);
  c->view.version = c->options.version;
  c->view.staged = false;
  return VMS_OK;
}

int vms__files_options_take(vms__files *c, size_t i, const char *known) {
  vms__files_options *options = &c->options;
  const struct { const char *name; bool *flag; } flags[] = {
    { "recursive", &options->recursive }, { "reverse", &options->reverse }, { "stat", &options->stat },
  };
  const struct { const char *name; uint64_t *number; } numbers[] = {
    { "end", &options->end },       { "length", &options->length }, { "limit", &options->limit },
    { "offset", &options->offset }, { "start", &options->start },   { "version", &options->version },
  };
  vms_slice json, value;
  int status = VMS_OK;
  if (!vms__files_param(c, i, &json)) return VMS_OK;
  if (vms__files_is_string(json) && strncmp(known, "encoding ", 9) == 0) return take_encoding(c, json);
  if (json.data[0] != '{') return vms__files_throw(c, "TypeError", "The options must be an object");
  if (member(json, known, "encoding", &value)) status = take_encoding(c, value);
  for (size_t n = 0; n < sizeof flags / sizeof flags[0]; n++)
    if (member(json, known, flags[n].name, &value)) *flags[n].flag = truthy(value);
  for (size_t n = 0; n < sizeof numbers / sizeof numbers[0] && status == VMS_OK; n++)
    if (member(json, known, numbers[n].name, &value)) status = take_number(c, numbers[n].name, value, numbers[n].number);
  if (status == VMS_OK && member(json, known, "after", &value)) status = take_after(c, value);
  return status == VMS_OK ? version_choose(c) : status;
}

/* --- looking ------------------------------------------------------------------------------------------------ */

int vms__files_find(vms__files *c, vms_slice path, vms__entry *entry) {
  int status = vms__view_find(&c->view, path, entry, c->error);
  return status == VMS_ERR_NOT_FOUND ? vms__files_throw_path(c, "NotFoundError", "No such file or folder", path) : status;
}

/* --- the door ------------------------------------------------------------------------------------------------- */

#define PARTS "do it in parts"

static const struct { const char *name; bool changes; int (*run)(vms__files *c); const char *smaller; } methods[] = {
  { "getInfo", false, vms__files_get_info, "ask for the newest version" },
  { "stat", false, vms__files_call_stat, PARTS },
  { "readFile", false, vms__files_read_file, "use offset and length" },
  { "readdir", false, vms__files_readdir, "use after and limit" },
  { "history", false, vms__files_history, "use start and end" },
  { "writeFile", true, vms__files_write_file, PARTS },
  { "mkdir", true, vms__files_mkdir, PARTS },
  { "unlink", true, vms__files_unlink, PARTS },
  { "rmdir", true, vms__files_rmdir, PARTS },
  { "copy", true, vms__files_copy, PARTS },
  { "rename", true, vms__files_rename, PARTS },
};
enum { METHODS = sizeof methods / sizeof methods[0] };

static int params_take(vms__files *c) {
  vms_slice params = c->request->params;
  if (vms__json_valid(params, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY)) {
    while (strchr(" \t\r\n", params.data[0]) != NULL) params = (vms_slice){ params.data + 1, params.len - 1 };
    c->params = params;
    if (params.data[0] == '[') return VMS_OK;
  }
  return vms__files_throw(c, "TypeError", "The parameters must be a JSON array");
}

static int dispatch(vms__files *c) {
  const vms_file_request *request = c->request;
  size_t i = 0;
  int status;
  while (i < METHODS && !vms__slice_is(request->method, methods[i].name)) i++;
  if (i == METHODS) return vms__files_throw(c, "NotSupportedError", "There is no such file call");
  c->smaller = methods[i].smaller;
  status = params_take(c);
  if (status != VMS_OK) return status;
  if (c->view.version == 0 && c->archive->metadata.core == NULL)
    return vms__fail(c->error, VMS_ERR_MISSING, 0, "no head of the archive is here");
  if (request->version > c->view.version)
    return vms__files_throw(c, "NotFoundError", "There is no version %llu yet", (unsigned long long)request->version);
  c->view.staged = c->archive->staging && request->version == 0;
  if (request->version != 0) c->view.version = request->version;
  if (methods[i].changes && !c->view.staged)
    return vms__files_throw(c, "ArchiveNotWritableError", "The files can only be read here");
  status = methods[i].run(c);
  if (status == VMS_ERR_LIMIT)
    return vms__files_throw(c, "RangeError", "The answer would take more than %llu steps of work: %s",
                            (unsigned long long)request->work_max, c->smaller);
  return status == VMS_OK ? vms__files_answer_check(c, c->reply->body.len) : status;
}

int vms_archive_call(vms_archive *archive, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  vms__files c;
  int status;
  assert(archive != NULL && request != NULL && reply != NULL);
  memset(&c, 0, sizeof c);
  c.archive = archive;
  c.view = (vms__view){ archive, vms__source_length(&archive->metadata), false, 0, request->work_max, archive->bee.large_read };
  c.request = request;
  c.options.length = c.options.limit = c.options.end = UINT64_MAX;
  c.reply = reply;
  c.error = error;
  vms_buffer_init(&c.path, archive->env);
  vms_buffer_init(&c.options.text, archive->env);
  reply->kind = VMS_FILE_UNDEFINED;
  reply->error_name[0] = 0;
  status = dispatch(&c);
  reply->work = c.view.work;
  vms_buffer_free(&c.path);
  vms_buffer_free(&c.options.text);
  return status == VMS__REPLIED ? VMS_OK : status;
}

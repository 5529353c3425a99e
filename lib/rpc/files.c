/* SPDX-License-Identifier: MIT */
/* Clients' file calls, at both ends: the options that JSON-RPC knows, bounded answers, and answers with their proof. What the host says and
 * what a proof says become a reply in one place, so that they can be compared as text. Protocol: doc/protocol.md, "files.*". */
#include "internal.h"

#include <stdio.h>

#define ANSWER_LEN_MAX ((uint64_t)16 << 20) /* bytes of what a file call gives                                            */
#define WORK_MAX 100000u                    /* entries that one answer may cost                                           */
#define TEXT_LEN_MAX ((size_t)48 << 20)     /* bytes of result and proof as JSON text: clients take messages up to 64 MiB  */
#define WORK_EFFORT 16u                     /* an entry looked at takes as long as so many bytes of an answer           */
#define WHOLE_EFFORT ((uint64_t)4 << 20)    /* a file or a proof of full size that is not given in the end              */
#define PREFIX "files."

typedef struct file_read {
  const char *name;
  size_t options;       /* which parameter they are            */
  const char *narrower; /* which of them make an answer shorter */
} file_read;

static const file_read reads[] = {
  { "getInfo", 0, "nothing" },
  { "stat", 1, "nothing" },
  { "readFile", 1, "offset and length" },
  { "readdir", 1, "after and limit" },
  { "history", 1, "limit, or start and end" },
};

static const file_read *read_find(vms_slice name) {
  for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
    if (vms__slice_is(name, reads[i].name)) return &reads[i];
  return NULL;
}

/* What stands behind the prefix; nothing if it is another one. */
static vms_slice name_of(vms_slice method) {
  size_t len = strlen(PREFIX);
  if (method.len < len || memcmp(method.data, PREFIX, len) != 0) return VMS__TEXT("");
  return (vms_slice){ method.data + len, method.len - len };
}

static bool is_change(vms_slice name) {
  static const char *const changes[] = { "writeFile", "mkdir", "unlink", "rmdir", "copy", "rename" };
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
    if (vms__slice_is(name, changes[i])) return true;
  return false;
}

/* Where a call's options are; value->data is NULL if they are left out. History has a form without a path. */
static size_t options_find(const file_read *read, vms_slice params, vms_slice *value) {
  size_t at = read->options;
  vms_slice first;
  if (at == 1 && vms__slice_is(vms__slice_of(read->name), "history") && vms__json_element(params, 0, &first) && first.data[0] == '{') at = 0;
  if (!vms__json_element(params, at, value)) *value = (vms_slice){ NULL, 0 };
  return at;
}

static vms_file_request request_of(vms_slice name, vms_slice params) {
  return (vms_file_request){ name, params, { NULL, 0 }, 0, ANSWER_LEN_MAX, WORK_MAX };
}

/* --- replies ------------------------------------------------------------------------------------------------- */

static int error_write(const vms_file_reply *file, vms_slice proof, vms_rpc_reply *reply) {
  /* A read has no limit to use up. */
  const char *name = file->kind == VMS_FILE_ERROR ? file->error_name : "QuotaExceededError";
  vms_buffer *data = &reply->data;
  int status = vms__buf_byte(data, '{');
  reply->code = VMS_CODE_CONTRACT;
  if (status == VMS_OK) status = vms__buf_slice(&reply->message, vms__buf_view(&file->body));
  if (status == VMS_OK) status = vms__rpc_text_member(data, "name", vms__slice_of(name));
  if (status == VMS_OK) status = vms__rpc_text_member(data, "message", vms__buf_view(&file->body));
  if (status == VMS_OK && proof.len > 0) status = vms__buf_text(data, ",\"proof\":");
  if (status == VMS_OK) status = vms__buf_slice(data, proof);
  return status == VMS_OK ? vms__buf_byte(data, '}') : status;
}

static int value_write(const vms_file_reply *file, vms_buffer *json) {
  vms_slice body = vms__buf_view(&file->body);
  int status;
  switch (file->kind) {
    case VMS_FILE_JSON: return vms__buf_slice(json, vms__json_trim(body)); /* whoever takes the answer apart does not get the space round it */
    case VMS_FILE_TEXT: return vms__buf_json_string(json, body.data, body.len);
    case VMS_FILE_BYTES:
      status = vms__buf_text(json, "{\"base64\":\"");
      if (status == VMS_OK) status = vms__buf_base64(json, body.data, body.len);
      return status == VMS_OK ? vms__buf_text(json, "\"}") : status;
    default: return vms__buf_text(json, "null");
  }
}

/* Turns what a file call gave into a reply, with its proof if there is one. reply is empty. */
static int reply_write(const vms_file_reply *file, vms_slice proof, vms_rpc_reply *reply) {
  int status;
  if (file->kind == VMS_FILE_ERROR || file->kind == VMS_FILE_ABORT) return error_write(file, proof, reply);
  if (proof.len == 0) return value_write(file, &reply->result);
  status = vms__buf_text(&reply->result, "{\"result\":");
  if (status == VMS_OK) status = value_write(file, &reply->result);
  if (status == VMS_OK) status = vms__buf_text(&reply->result, ",\"proof\":");
  if (status == VMS_OK) status = vms__buf_slice(&reply->result, proof);
  return status == VMS_OK ? vms__buf_byte(&reply->result, '}') : status;
}

/* Replies with an error of our own. */
static int throw_error(vms_rpc_reply *reply, const char *name, const char *message) {
  vms__rpc_reply_error(reply, VMS_CODE_CONTRACT, "%s", message);
  int status = vms__buf_byte(&reply->data, '{');
  if (status == VMS_OK) status = vms__rpc_text_member(&reply->data, "name", vms__slice_of(name));
  if (status == VMS_OK) status = vms__rpc_text_member(&reply->data, "message", vms__slice_of(message));
  return status == VMS_OK ? vms__buf_byte(&reply->data, '}') : status;
}

/* --- the host's end --------------------------------------------------------------------------------------------- */

/* What a call took beyond making its answer. Most can be had for a short error. */
static uint64_t effort_of(const vms_file_reply *file, bool proved) {
  uint64_t effort = file->work * WORK_EFFORT;
  bool too_much = file->kind == VMS_FILE_ERROR && strcmp(file->error_name, "RangeError") == 0;
  if (too_much && proved) return effort + WHOLE_EFFORT; /* half a proof was made */
  if (too_much || (file->kind == VMS_FILE_ERROR && strcmp(file->error_name, "SyntaxError") == 0)) return effort + WHOLE_EFFORT / 8; /* all of a file may have been read */
  return effort;
}

static int too_long(const file_read *read, vms_rpc_reply *reply) {
  char text[112];
  snprintf(text, sizeof text, "The answer is longer than %zu bytes of JSON: use %s", TEXT_LEN_MAX, read->narrower);
  return throw_error(reply, "RangeError", text);
}

/* proof is empty without `proved`. */
static int answer(const vms_rpc_service *service, const file_read *read, vms_slice params, bool proved, vms_buffer *proof,
                  vms_rpc_reply *reply, uint64_t *effort) {
  vms_file_request request = request_of(vms__slice_of(read->name), params);
  vms_file_reply file;
  vms_error error;
  int status;
  memset(&file, 0, sizeof file);
  memset(&error, 0, sizeof error);
  vms_buffer_init(&file.body, reply->result.env);
  status = proved ? service->file_prove(service->context, &request, &file, proof, &error)
                  : service->file(service->context, &request, &file, &error);
  *effort = effort_of(&file, proved);
  if (status != VMS_OK) status = vms__rpc_read_reply(status, &error, reply);
  else status = reply_write(&file, vms__buf_view(proof), reply);
  vms_buffer_free(&file.body);
  if (status == VMS_OK && reply->result.len + reply->data.len > TEXT_LEN_MAX) {
    *effort += WHOLE_EFFORT;
    status = too_long(read, reply);
  }
  return status;
}

/* Parameters by name become those by position; what is left out becomes null, which counts as left out. False with an error in reply, or out of
 * memory. */
static bool by_position(const file_read *read, vms_slice params, vms_buffer *out, int *status, vms_rpc_reply *reply) {
  const char *iterator = NULL;
  vms_slice name = { NULL, 0 }, value, path = VMS__TEXT("null"), options = VMS__TEXT("null");
  while (vms__json_next(params, &iterator, &name, &value)) {
    if (vms__rpc_name_is(name, "options")) options = value;
    else if (read->options == 1 && vms__rpc_name_is(name, "path")) path = value;
    else {
      vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "unknown parameter %.*s", (int)VMS__MIN(name.len, 64u), name.data);
      return false;
    }
  }
  *status = vms__buf_byte(out, '[');
  if (*status == VMS_OK && read->options == 1) *status = vms__buf_slice(out, path);
  if (*status == VMS_OK && read->options == 1) *status = vms__buf_byte(out, ',');
  if (*status == VMS_OK) *status = vms__buf_slice(out, options);
  if (*status == VMS_OK) *status = vms__buf_byte(out, ']');
  return *status == VMS_OK;
}

/* The call of a method that there is, with parameters by position. */
static int read_files(vms__rpc_task *task, const file_read *read, vms_slice params, vms_rpc_reply *reply) {
  vms_slice options, wish;
  vms_buffer proof;
  int status;
  (void)options_find(read, params, &options);
  bool proved = options.data != NULL && options.data[0] == '{' && vms__json_member(options, "proof", &wish) && vms__slice_is(wish, "true");
  if (proved && !VMS__RPC_HAS(task->service, file_prove))
    return throw_error(reply, "NotSupportedError", "This host does not prove its answers");
  vms_buffer_init(&proof, reply->result.env);
  status = answer(task->service, read, params, proved, &proof, reply, &task->effort);
  vms_buffer_free(&proof);
  return status;
}

int vms__rpc_file(vms__rpc_task *task, vms_slice method, vms_slice params, vms_rpc_reply *reply) {
  vms_slice name = name_of(method);
  const file_read *read = read_find(name);
  vms_buffer positions;
  int status = VMS_OK;
  if (read == NULL && is_change(name))
    return throw_error(reply, "ArchiveNotWritableError", "Only the contract can change files: call one of its methods");
  if (read == NULL) return vms__rpc_no_method(method, reply);
  if (params.data == NULL) params = VMS__TEXT("[]");
  if (params.data[0] == '[') return read_files(task, read, params, reply);
  vms_buffer_init(&positions, reply->result.env);
  if (by_position(read, params, &positions, &status, reply)) status = read_files(task, read, vms__buf_view(&positions), reply);
  vms_buffer_free(&positions);
  return status;
}

/* --- the client's end ---------------------------------------------------------------------------------------------- */

static int no_read(vms_slice method, vms_error *error) {
  return vms__fail(error, VMS_ERR_ARGUMENT, 0, "%.*s is no call that reads files", (int)VMS__MIN(method.len, (size_t)64), method.data);
}

static int member_write(vms_buffer *out, vms_slice name, vms_slice value) {
  int status = vms__buf_text(out, out->data[out->len - 1] == '{' ? "\"" : ",\"");
  if (status == VMS_OK) status = vms__buf_slice(out, name);
  if (status == VMS_OK) status = vms__buf_text(out, "\":");
  return status == VMS_OK ? vms__buf_slice(out, value) : status;
}

/* Appends the options: those given, but for the ones that are replaced, then ours. */
static int options_write(vms_slice given, uint64_t version, bool prove, vms_buffer *out) {
  const char *iterator = NULL;
  char number[24];
  vms_slice name = { NULL, 0 }, value;
  int status = vms__buf_byte(out, '{');
  if (status == VMS_OK && given.data[0] == '"') status = member_write(out, VMS__TEXT("encoding"), given);
  while (status == VMS_OK && given.data[0] == '{' && vms__json_next(given, &iterator, &name, &value)) {
    bool replaced = (version != 0 && vms__slice_is(name, "version")) || (prove && vms__slice_is(name, "proof"));
    if (!replaced) status = member_write(out, name, value);
  }
  snprintf(number, sizeof number, "%llu", (unsigned long long)version);
  if (status == VMS_OK && version != 0) status = member_write(out, VMS__TEXT("version"), vms__slice_of(number));
  if (status == VMS_OK && prove) status = member_write(out, VMS__TEXT("proof"), VMS__TEXT("true"));
  return status == VMS_OK ? vms__buf_byte(out, '}') : status;
}

/* Copies the parameters with other options; what is missing before these becomes null. */
static int params_write(vms_slice params, size_t at, vms_slice options, uint64_t version, bool prove, vms_buffer *out) {
  const char *iterator = NULL;
  vms_slice name, value;
  bool more = vms__json_next(params, &iterator, &name, &value);
  int status = vms__buf_byte(out, '[');
  for (size_t i = 0; status == VMS_OK && (more || i <= at); i++) {
    if (i > 0) status = vms__buf_byte(out, ',');
    if (status == VMS_OK && i != at) status = vms__buf_slice(out, more ? value : VMS__TEXT("null"));
    if (status == VMS_OK && i == at) status = options_write(options, version, prove, out);
    more = more && vms__json_next(params, &iterator, &name, &value);
  }
  return status == VMS_OK ? vms__buf_byte(out, ']') : status;
}

int vms_rpc_file_params(vms_slice method, vms_slice params, uint64_t version, int prove, vms_buffer *out, vms_error *error) {
  const file_read *read = read_find(name_of(method));
  vms__json json = vms__json_over(params, VMS__JSON_ANY);
  vms_slice options;
  size_t at, before = out->len;
  int status;
  if (read == NULL) return no_read(method, error);
  if (!vms__json_value(&json, &params) || !vms__json_end(&json) || params.data[0] != '[')
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the parameters of " PREFIX "%s have to be a JSON array", read->name);
  if (version > VMS__JSON_INT_MAX) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a version is below 2^53");
  if (prove != 0 && read->options == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, PREFIX "%s cannot be proved", read->name);
  at = options_find(read, params, &options);
  if (options.data == NULL) options = VMS__TEXT("null");
  if (version == 0 && prove == 0) status = vms__buf_slice(out, params);
  else if (options.data[0] != '{' && options.data[0] != 'n' && (options.data[0] != '"' || !vms__slice_is(vms__slice_of(read->name), "readFile")))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the options of " PREFIX "%s have to be an object", read->name);
  else status = params_write(params, at, options, version, prove != 0, out);
  if (status == VMS_OK) return VMS_OK;
  out->len = before;
  return vms__fail(error, status, 0, "out of memory");
}

/* An answer without proof says nothing about files, whatever it says. */
static int not_proved(const vms_rpc_reply *reply, vms_error *error) {
  vms_buffer name;
  vms_buffer_init(&name, reply->result.env);
  if (reply->code == 0) vms__fail(error, VMS_ERR_SIGNATURE, 0, "the host answers without a proof");
  else if (vms_rpc_reply_name(reply, &name) != VMS_OK || name.len == 0)
    vms__fail(error, VMS_ERR_SIGNATURE, 0, "not proved: error %d: %s", (int)reply->code, reply->message.len == 0 ? "" : reply->message.data);
  else vms__fail(error, VMS_ERR_SIGNATURE, 0, "not proved: %s: %s", name.data, reply->message.len == 0 ? "" : reply->message.data);
  vms_buffer_free(&name);
  return VMS_ERR_SIGNATURE;
}

/* True if the host's reply is `proved` and a proof. */
static bool is_same(const vms_rpc_reply *said, const vms_rpc_reply *proved) {
  vms_slice a, b;
  if (said->code != proved->code) return false;
  if (said->code == 0) return vms__json_member(vms__buf_view(&said->result), "result", &a) && vms__slice_equal(a, vms__buf_view(&proved->result));
  return vms__slice_equal(vms__buf_view(&said->message), vms__buf_view(&proved->message)) &&
         vms__json_member(vms__buf_view(&said->data), "name", &a) && vms__json_member(vms__buf_view(&proved->data), "name", &b) && vms__slice_equal(a, b);
}

static int prove(const uint8_t ledger[VMS_KEY_LEN], const vms_file_request *request, vms_slice proof, vms_rpc_reply *proved,
                 vms_file_proven *proven, vms_error *error) {
  vms_error reason = { 0, 0, 0, "" };
  vms_file_reply file;
  memset(&file, 0, sizeof file);
  vms_buffer_init(&file.body, proved->result.env);
  int status = vms_file_verify(ledger, request, proof, proved->result.env, &file, proven, &reason);
  if (status == VMS_OK && reply_write(&file, (vms_slice){ NULL, 0 }, proved) != VMS_OK) status = VMS_ERR_NOMEM;
  vms_buffer_free(&file.body);
  if (status == VMS_OK) return VMS_OK;
  if (status == VMS_ERR_NOMEM) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  return vms__fail(error, VMS_ERR_SIGNATURE, reason.position, "the proof does not hold: %s", reason.message);
}

int vms_rpc_file_verify(const uint8_t ledger[VMS_KEY_LEN], vms_slice method, vms_slice params, vms_rpc_reply *reply,
                        vms_file_proven *proven, vms_error *error) {
  vms_file_request request = request_of(name_of(method), params);
  vms_rpc_reply proved;
  vms_slice proof;
  int status = VMS_OK;
  assert(ledger != NULL && reply != NULL);
  vms_rpc_reply_init(&proved, reply->result.env);
  if (read_find(request.method) == NULL) status = no_read(method, error);
  else if (!vms__json_member(vms__buf_view(reply->code == 0 ? &reply->result : &reply->data), "proof", &proof)) status = not_proved(reply, error);
  else status = prove(ledger, &request, proof, &proved, proven, error);
  if (status == VMS_OK && !is_same(reply, &proved))
    status = vms__fail(error, VMS_ERR_SIGNATURE, 0, "the host says something else than its proof");
  if (status == VMS_OK) {
    vms_rpc_reply_free(reply);
    *reply = proved;
  } else {
    vms__rpc_reply_clear(reply);
    vms_rpc_reply_free(&proved);
  }
  return status;
}

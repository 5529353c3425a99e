/* SPDX-License-Identifier: MIT */
/* System: the doors of a contract. */
#include "lib/sandbox/buffer.h"

/* What the arguments of a file call are: p a path, P one that may be missing, q where to, d what to write. Then come the options; each
 * letter is one of `options` below. More arguments are not looked at. */
static const struct { const char *name, *arguments, *options; } file_methods[] = {
  { "getInfo", "", "v" },     { "stat", "p", "v" },   { "readFile", "p", "clov" }, { "readdir", "P", "amrtv" }, { "writeFile", "pd", "c" },
  { "mkdir", "p", "" },       { "unlink", "p", "" },  { "rmdir", "p", "r" },       { "copy", "pq", "" },        { "rename", "pq", "" },
  { "history", "P", "emRsv" },
};
enum { FILE_METHODS = sizeof file_methods / sizeof file_methods[0] };

enum { OPTION_TEXT, OPTION_FLAG, OPTION_NUMBER };

/* In the order in which they are looked at: the names', as Web IDL has it. */
static const struct option { char letter; int type; const char *name; } options[] = {
  { 'a', OPTION_TEXT, "after" },   { 'c', OPTION_TEXT, "encoding" },  { 'e', OPTION_NUMBER, "end" },    { 'l', OPTION_NUMBER, "length" },
  { 'm', OPTION_NUMBER, "limit" }, { 'o', OPTION_NUMBER, "offset" },  { 'r', OPTION_FLAG, "recursive" }, { 'R', OPTION_FLAG, "reverse" },
  { 's', OPTION_NUMBER, "start" }, { 't', OPTION_FLAG, "stat" },      { 'v', OPTION_NUMBER, "version" },
};
enum { OPTIONS = sizeof options / sizeof options[0] };

/* Where arguments stand while they are converted: three of the script's, then the name of the encoding, or undefined. */
enum { ARGUMENTS_MAX = 3, AT_ENCODING = ARGUMENTS_MAX };

#define STEPS_PER_WORK 100u /* for each entry that the host looked at: 13 us where a step takes 130 ns */

/* --- System.files: arguments --------------------------------------------------------------------- */

static bool is_text(duk_context *duk, duk_idx_t idx) { return duk_is_string(duk, idx) && !duk_is_symbol(duk, idx); }

static void param_text(vms_sandbox *sandbox, const char *json) {
  if (vms__buf_text(&sandbox->params, json) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
}

/* Adds the string at idx to the parameters, as JSON. */
static void param_string(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx) {
  duk_dup(duk, idx);
  duk_json_encode(duk, -1); /* of a string: runs no toJSON */
  vms__charge(&sandbox->meter, duk_get_length(duk, -1) / 64);
  vms__take_utf8(sandbox, duk, -1, &sandbox->params);
  duk_pop(duk);
}

/* The path at idx becomes a string or undefined. */
static void take_path(duk_context *duk, duk_idx_t idx, char kind) {
  if (kind == 'P' && duk_is_null_or_undefined(duk, idx)) {
    duk_push_undefined(duk);
    duk_replace(duk, idx);
  } else if (!is_text(duk, idx)) {
    (void)duk_type_error(duk, "%s must be a string", kind == 'q' ? "dstPath" : "path");
  }
}

#define WHOLE_MAX 9007199254740991.0

/* The option on top, of the type that it has to have; false if it is not given, and gone. */
static bool option_check(duk_context *duk, const struct option *option) {
  if (duk_is_null_or_undefined(duk, -1)) {
    duk_pop(duk);
    return false;
  }
  if (option->type == OPTION_FLAG && !duk_to_boolean(duk, -1)) {
    duk_pop(duk);
    return false;
  }
  if (option->type == OPTION_TEXT && !is_text(duk, -1)) (void)duk_type_error(duk, "options.%s must be a string", option->name);
  if (option->type == OPTION_NUMBER) {
    double number = duk_is_number(duk, -1) ? duk_get_number(duk, -1) : -1;
    if (!(number >= 0 && number <= WHOLE_MAX) || (double)(uint64_t)number != number)
      (void)duk_type_error(duk, "options.%s must be a whole number from 0 to 2^53-1", option->name);
  }
  return true;
}

/* The options at idx become an array of what is given: a number of `options`, then its value; or undefined. */
static void take_options(duk_context *duk, duk_idx_t idx, const char *letters) {
  bool has_encoding = strchr(letters, 'c') != NULL, is_encoding = has_encoding && is_text(duk, idx);
  duk_uarridx_t count = 0;
  if (duk_is_null_or_undefined(duk, idx)) return;
  if (!is_encoding && (!duk_is_object(duk, idx) || duk_is_callable(duk, idx)))
    (void)duk_type_error(duk, has_encoding ? "options must be an object or the name of an encoding" : "options must be an object");
  duk_push_bare_array(duk);
  for (duk_uint_t i = 0; i < OPTIONS; i++) {
    if (strchr(letters, options[i].letter) == NULL || (is_encoding && options[i].letter != 'c')) continue;
    if (is_encoding) duk_dup(duk, idx);
    else duk_get_prop_string(duk, idx, options[i].name);
    if (!option_check(duk, &options[i])) continue;
    if (options[i].letter == 'c') {
      duk_dup_top(duk);
      duk_replace(duk, AT_ENCODING);
    }
    duk_push_uint(duk, i);
    vms__fresh_put(duk, -3, count++);
    vms__fresh_put(duk, -2, count++);
  }
  duk_replace(duk, idx);
}

static bool names(duk_context *duk, duk_idx_t idx, const char *encoding) {
  return is_text(duk, idx) && strcmp(duk_get_string(duk, idx), encoding) == 0;
}

static void throw_encoding(duk_context *duk, const char *encoding) {
  duk_push_error_object(duk, DUK_ERR_ERROR, "data is not %s", encoding);
  duk_push_literal(duk, "InvalidEncodingError");
  vms__define(duk, -2, "name");
  (void)duk_throw(duk);
}

/* Text to write becomes bytes in sandbox->data. */
static void encode_text(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, duk_idx_t encoding) {
  duk_size_t len;
  const char *text = duk_get_lstring(duk, idx, &len);
  vms__charge(&sandbox->meter, len / 16);
  if (names(duk, encoding, "binary")) (void)duk_type_error(duk, "data must be bytes, as the encoding is binary");
  if (names(duk, encoding, "base64")) {
    int status = vms__base64_decode((vms_slice){ text, len }, &sandbox->data);
    if (status == VMS_ERR_NOMEM) vms__leave_status(sandbox, status);
    if (status != VMS_OK) throw_encoding(duk, "base64");
  } else if (names(duk, encoding, "hex")) {
    size_t count = vms__encode(duk, idx, VMS__HEX, NULL, SIZE_MAX);
    if (count * 2 != len) throw_encoding(duk, "hex");
    if (vms__buf_reserve(&sandbox->data, count + 1) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
    sandbox->data.len = vms__encode(duk, idx, VMS__HEX, (uint8_t *)sandbox->data.data, count);
  } else {
    vms__take_utf8(sandbox, duk, idx, &sandbox->data); /* of unknown encodings, too: the host refuses them */
  }
}

/* What shall be written: bytes stay where they are, in the script's heap, until the call is over. */
static vms_slice take_data(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, duk_idx_t encoding) {
  vms__bytes bytes;
  if (vms__bytes_of(duk, idx, &bytes)) return (vms_slice){ (const char *)bytes.at, bytes.len };
  if (names(duk, encoding, "json")) {
    vms__charge(&sandbox->meter, duk_get_length(duk, idx) / 64);
    vms__take_utf8(sandbox, duk, idx, &sandbox->data);
  } else if (is_text(duk, idx)) {
    encode_text(sandbox, duk, idx, encoding);
  } else {
    (void)duk_type_error(duk, "data must be a string, Buffer, typed array, DataView or ArrayBuffer");
  }
  return sandbox->data.data == NULL ? VMS__TEXT("") : vms__buf_view(&sandbox->data);
}

typedef struct call_arguments {
  vms_file_request request;
  const char *arguments, *options; /* as in file_methods */
} call_arguments;

/* history has DatArchive's form, too: options alone. */
static void history_shift(duk_context *duk) {
  if (!duk_is_object(duk, 0) || duk_is_callable(duk, 0)) return;
  duk_push_undefined(duk);
  duk_insert(duk, 0);
  duk_remove(duk, ARGUMENTS_MAX);
}

/* What may run code of the script, which may call System.files itself, comes before anything is put into the sandbox's buffers: first
 * options, then the data's JSON text. Each argument is looked at once; what is wrong with one is thrown. */
static void convert_arguments(duk_context *duk, const call_arguments *call) {
  vms__bytes bytes;
  duk_idx_t count = (duk_idx_t)strlen(call->arguments);
  if (strchr(call->options, 'R') != NULL) history_shift(duk);
  for (duk_idx_t i = 0; i < count; i++)
    if (call->arguments[i] != 'd') take_path(duk, i, call->arguments[i]);
  if (call->options[0] != 0) take_options(duk, count, call->options);
  if (strchr(call->arguments, 'd') == NULL || !names(duk, AT_ENCODING, "json") || vms__bytes_of(duk, 1, &bytes)) return;
  duk_json_encode(duk, 1); /* here toJSON and getters are meant to run */
  if (!is_text(duk, 1)) (void)duk_type_error(duk, "data has no JSON text");
}

/* Adds the options that are given, as an object. */
static void param_options(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, const char *before) {
  duk_uarridx_t count = duk_is_null_or_undefined(duk, idx) ? 0 : (duk_uarridx_t)duk_get_length(duk, idx);
  for (duk_uarridx_t i = 0; i < count; i += 2) {
    duk_get_prop_index(duk, idx, i);
    const struct option *option = &options[duk_get_uint(duk, -1)];
    duk_get_prop_index(duk, idx, i + 1);
    param_text(sandbox, i == 0 ? before : ",");
    param_text(sandbox, i == 0 ? "{\"" : "\"");
    param_text(sandbox, option->name);
    param_text(sandbox, "\":");
    if (option->type == OPTION_TEXT) param_string(sandbox, duk, -1);
    else if (option->type == OPTION_FLAG) param_text(sandbox, "true");
    else if (vms__buf_uint(&sandbox->params, (uint64_t)duk_get_number(duk, -1)) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
    duk_pop_2(duk);
  }
  if (count > 0) param_text(sandbox, "}");
}

/* The arguments at 0 to 2 as parameters and data. */
static duk_ret_t take_arguments(duk_context *duk, void *udata) {
  call_arguments *call = udata;
  vms_sandbox *sandbox = vms__of(duk);
  duk_idx_t i = 0;
  convert_arguments(duk, call);
  vms__buf_clear(&sandbox->params);
  vms__buf_clear(&sandbox->data);
  param_text(sandbox, "[");
  for (; call->arguments[i] != 0; i++) {
    if (i > 0) param_text(sandbox, ",");
    if (call->arguments[i] == 'd') call->request.data = take_data(sandbox, duk, i, AT_ENCODING);
    if (call->arguments[i] == 'd' || duk_is_undefined(duk, i)) param_text(sandbox, "null");
    else param_string(sandbox, duk, i);
  }
  if (call->options[0] != 0) param_options(sandbox, duk, i, i > 0 ? "," : "");
  param_text(sandbox, "]");
  return 0;
}

/* --- System.files: calls ------------------------------------------------------------------------- */

/* Pushes the value or error that the reply stands for; returns the promise's state. */
static int push_reply(vms_sandbox *sandbox, duk_context *duk) {
  vms_file_reply *reply = &sandbox->reply;
  vms_slice body = vms__buf_view(&reply->body);
  if (body.data == NULL) body = VMS__TEXT("");
  vms__charge(&sandbox->meter, body.len / 64);
  switch (reply->kind) {
    case VMS_FILE_UNDEFINED: duk_push_undefined(duk); return VMS__FULFILLED;
    case VMS_FILE_JSON:
      vms__push_utf8(sandbox, duk, body);
      duk_json_decode(duk, -1);
      return VMS__FULFILLED;
    case VMS_FILE_TEXT: vms__push_utf8(sandbox, duk, body); return VMS__FULFILLED;
    case VMS_FILE_BYTES: {
      uint8_t *bytes = vms__push_buffer(duk, body.len);
      if (body.len > 0) memcpy(bytes, body.data, body.len);
      return VMS__FULFILLED;
    }
    case VMS_FILE_ERROR: {
      reply->error_name[sizeof reply->error_name - 1] = 0;
      duk_push_error_object(duk, DUK_ERR_ERROR, "%s", "");
      vms__push_utf8(sandbox, duk, body);
      vms__define(duk, -2, "message");
      vms__push_utf8(sandbox, duk, vms__slice_of(reply->error_name));
      vms__define(duk, -2, "name");
      return VMS__REJECTED;
    }
    default: vms__leave(sandbox, VMS__LEFT_FILES);
  }
}

static void begin_reply(vms_sandbox *sandbox) {
  sandbox->reply.kind = VMS_FILE_UNDEFINED;
  sandbox->reply.work = 0;
  memset(sandbox->reply.error_name, 0, sizeof sandbox->reply.error_name);
  vms__buf_clear(&sandbox->reply.body);
}

/* Pushes the promise of what the host has answered. */
static duk_ret_t end_request(vms_sandbox *sandbox, duk_context *duk, int status) {
  if (status != VMS_OK) vms__leave_status(sandbox, status);
  vms__promise_push_new(sandbox, duk);
  if (push_reply(sandbox, duk) == VMS__FULFILLED) vms__promise_resolve(sandbox, duk);
  else vms__promise_reject(sandbox, duk);
  vms_buffer_free(&sandbox->reply.body);
  return 1;
}

static duk_ret_t files_call(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  int method = duk_get_current_magic(duk);
  call_arguments call = { { vms__slice_of(file_methods[method].name), { NULL, 0 }, { NULL, 0 }, 0, 0, 0 }, file_methods[method].arguments,
                          file_methods[method].options };
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "System.files cannot be used while the script loads");
  if (sandbox->host.files == NULL) return duk_generic_error(duk, "System.files is not available here");
  duk_set_top(duk, ARGUMENTS_MAX); /* they stay there: bytes among them are not copied */
  duk_push_undefined(duk);
  if (duk_safe_call(duk, take_arguments, &call, 0, 1) != DUK_EXEC_SUCCESS) {
    vms__promise_push_new(sandbox, duk);
    duk_insert(duk, -2);
    vms__promise_reject(sandbox, duk);
    return 1;
  }
  call.request.params = vms__buf_view(&sandbox->params);
  vms__charge(&sandbox->meter, (call.request.params.len + call.request.data.len) / 64);
  /* More work than there are steps for is not begun: the call ends with what has been done. */
  call.request.work_max = (uint64_t)sandbox->meter.left / STEPS_PER_WORK + 1;
  begin_reply(sandbox);
  int status = sandbox->host.files(sandbox->host.context, &call.request, &sandbox->reply, sandbox->error);
  vms_buffer_free(&sandbox->data);
  if (status == VMS_OK) vms__charge(&sandbox->meter, sandbox->reply.work * STEPS_PER_WORK);
  return end_request(sandbox, duk, status);
}

/* --- oracles: System.<object>.<method> --------------------------------------------------------- */

#define ORACLES_MAX 64

static duk_ret_t oracle_call(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  duk_idx_t count = duk_get_top(duk);
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "oracles cannot be asked while the script loads");
  duk_push_array(duk);
  for (duk_idx_t i = 0; i < count; i++) {
    duk_dup(duk, i);
    vms__fresh_put(duk, -2, (duk_uarridx_t)i);
  }
  duk_json_encode(duk, -1);
  vms__buf_clear(&sandbox->params);
  vms__take_utf8(sandbox, duk, -1, &sandbox->params);
  vms__charge(&sandbox->meter, sandbox->params.len / 64);
  begin_reply(sandbox);
  vms_slice params = vms__buf_view(&sandbox->params);
  duk_push_current_function(duk);
  duk_get_prop_literal(duk, -1, DUK_HIDDEN_SYMBOL("oracle"));
  vms_slice name = { duk_get_string(duk, -1), duk_get_length(duk, -1) };
  return end_request(sandbox, duk, sandbox->host.oracle(sandbox->host.context, name, params, &sandbox->reply, sandbox->error));
}

static bool is_word(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) return false;
  }
  return len > 0 && len <= 64;
}

/* [ System ]: adds the object of the name, if it is not there yet, and the method to it. */
static void oracle_add(duk_context *duk, const char *name, size_t object_len) {
  duk_push_lstring(duk, name, object_len); /* ASCII */
  duk_dup_top(duk);
  if (!duk_get_prop(duk, -3)) {
    duk_pop(duk);
    duk_push_object(duk);
    duk_dup(duk, -2);
    duk_dup(duk, -2);
    duk_put_prop(duk, -5);
  }
  vms__define_function(duk, -1, name + object_len + 1, oracle_call, DUK_VARARGS, 0);
  duk_get_prop_string(duk, -1, name + object_len + 1);
  duk_push_string(duk, name);
  duk_put_prop_literal(duk, -2, DUK_HIDDEN_SYMBOL("oracle"));
  duk_pop_3(duk);
}

static void oracles_open(vms_sandbox *sandbox, duk_context *duk) {
  const char *const *names = sandbox->host.oracles;
  sandbox->host.oracles = NULL; /* borrowed until here */
  for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
    size_t len = strcspn(names[i], "."), rest = names[i][len] == '.' ? strlen(names[i] + len + 1) : 0;
    vms_slice object = { names[i], len };
    if (i == ORACLES_MAX || sandbox->host.oracle == NULL || !is_word(names[i], len) || !is_word(names[i] + len + 1, rest) ||
        vms__slice_is(object, "files") || vms__slice_is(object, "caller") || vms__slice_is(object, "vms")) {
      vms__fail(sandbox->error, VMS_ERR_ARGUMENT, i, "oracle %zu: at most %d names object.method of letters and digits", i, ORACLES_MAX);
      vms__leave_status(sandbox, VMS_ERR_ARGUMENT);
    }
    oracle_add(duk, names[i], len);
  }
  for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
    duk_get_prop_lstring(duk, -1, names[i], strcspn(names[i], "."));
    duk_freeze(duk, -1);
    duk_pop(duk);
  }
}

/* --- System.caller ----------------------------------------------------------------------------- */

void vms__system_caller(vms_sandbox *sandbox, duk_context *duk, vms_slice id) {
  duk_push_object(duk);
  if (id.data == NULL) duk_push_null(duk);
  else vms__push_utf8(sandbox, duk, id);
  duk_put_prop_literal(duk, -2, "id");
  duk_freeze(duk, -1);
  vms__ref_set(sandbox, duk, VMS__REF_CALLER);
}

static duk_ret_t get_caller(duk_context *duk) {
  vms__ref_push(vms__of(duk), duk, VMS__REF_CALLER);
  return 1;
}

void vms__system_open(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_object(duk); /* System */
  duk_push_literal(duk, "caller");
  duk_push_c_function(duk, get_caller, 0);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_SET_ENUMERABLE);
  duk_push_object(duk);
  for (int i = 0; i < FILE_METHODS; i++) {
    vms__define_function(duk, -1, file_methods[i].name, files_call, DUK_VARARGS, i);
    duk_get_prop_string(duk, -1, file_methods[i].name);
    duk_freeze(duk, -1);
    duk_pop(duk);
  }
  duk_freeze(duk, -1);
  duk_put_prop_literal(duk, -2, "files");
  oracles_open(sandbox, duk);
  duk_freeze(duk, -1);
  vms__ref_set(sandbox, duk, VMS__REF_SYSTEM);
  vms__system_caller(sandbox, duk, (vms_slice){ NULL, 0 });
}

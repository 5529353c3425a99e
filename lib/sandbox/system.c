/* SPDX-License-Identifier: MIT */
/* System: the doors of a contract. */
#include "lib/sandbox/internal.h"

static const char *const file_methods[] = { "getInfo", "stat",  "readFile", "readdir", "writeFile", "mkdir",
                                            "unlink",  "rmdir", "copy",     "rename",  "history" };
enum { FILE_METHODS = sizeof file_methods / sizeof file_methods[0] };

/* --- System.files ------------------------------------------------------------------------------ */

/* Sets the request's data to the bytes of the buffer at idx, if there is one, and puts null in its place. */
static void take_data(duk_context *duk, duk_idx_t idx, vms_file_request *request) {
  duk_size_t len = 0;
  const void *bytes;
  if (!duk_is_buffer_data(duk, idx)) return;
  bytes = duk_get_buffer_data(duk, idx, &len);
  request->data = (vms_slice){ bytes == NULL ? "" : bytes, bytes == NULL ? 0 : len };
  duk_dup(duk, idx); /* the value stack keeps the bytes alive */
  duk_insert(duk, 0);
  duk_push_null(duk);
  duk_replace(duk, idx + 1);
}

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
      void *bytes = duk_push_fixed_buffer(duk, body.len);
      if (body.len > 0) memcpy(bytes, body.data, body.len);
      duk_push_buffer_object(duk, -1, 0, body.len, DUK_BUFOBJ_UINT8ARRAY);
      duk_remove(duk, -2);
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

/* The arguments, the last `count` on the stack, as a JSON array; empties the reply. */
static vms_slice begin_request(vms_sandbox *sandbox, duk_context *duk, duk_idx_t count) {
  duk_idx_t first = duk_get_top(duk) - count;
  duk_push_array(duk);
  for (duk_idx_t i = 0; i < count; i++) {
    duk_dup(duk, first + i);
    duk_put_prop_index(duk, -2, (duk_uarridx_t)i);
  }
  duk_json_encode(duk, -1);
  vms__buf_clear(&sandbox->scratch);
  vms__take_utf8(sandbox, duk, -1, &sandbox->scratch);
  sandbox->reply.kind = VMS_FILE_UNDEFINED;
  memset(sandbox->reply.error_name, 0, sizeof sandbox->reply.error_name);
  vms__buf_clear(&sandbox->reply.body);
  vms__charge(&sandbox->meter, sandbox->scratch.len / 64);
  return vms__buf_view(&sandbox->scratch);
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
  const char *method = file_methods[duk_get_current_magic(duk)];
  vms_file_request request = { vms__slice_of(method), { NULL, 0 }, { NULL, 0 }, 0 };
  duk_idx_t count = duk_get_top(duk);
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "System.files cannot be used while the script loads");
  if (sandbox->host.files == NULL) return duk_generic_error(duk, "System.files is not available here");
  if (strcmp(method, "writeFile") == 0 && count > 1) take_data(duk, 1, &request);
  request.params = begin_request(sandbox, duk, count);
  vms__charge(&sandbox->meter, request.data.len / 64);
  return end_request(sandbox, duk, sandbox->host.files(sandbox->host.context, &request, &sandbox->reply, sandbox->error));
}

/* --- oracles: System.<object>.<method> --------------------------------------------------------- */

#define ORACLES_MAX 64

static duk_ret_t oracle_call(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  duk_idx_t count = duk_get_top(duk);
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "oracles cannot be asked while the script loads");
  vms_slice params = begin_request(sandbox, duk, count);
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
    vms__define_function(duk, -1, file_methods[i], files_call, DUK_VARARGS, i);
    duk_get_prop_string(duk, -1, file_methods[i]);
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

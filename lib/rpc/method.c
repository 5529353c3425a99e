/* SPDX-License-Identifier: MIT */
/* The methods of doc/protocol.md: parameters in, a service's answer out. */
#include "internal.h"

#define PARAMS_MAX 4u
#define NAME_LEN_MAX 256u /* of a method that can be recorded */

/* --- parameters ------------------------------------------------------------------------------------------ */

/* Takes apart params given by position or by name; what is left out has data NULL. False with an error in reply. */
static bool params_read(vms_slice params, const char *const *names, size_t count, vms_slice *values, vms_rpc_reply *reply) {
  const char *iterator = NULL;
  vms_slice name = { NULL, 0 }, value;
  size_t at = 0;
  memset(values, 0, count * sizeof *values);
  if (params.data == NULL) return true;
  while (vms__json_next(params, &iterator, &name, &value)) {
    if (params.data[0] == '{')
      for (at = 0; at < count && !vms__rpc_name_is(name, names[at]);) at++;
    if (at >= count) {
      if (params.data[0] == '{') vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "unknown parameter %.*s", (int)VMS__MIN(name.len, 64u), name.data);
      else vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "at most %zu parameters are expected", count);
      return false;
    }
    values[at++] = value;
  }
  return true;
}

static bool param_string(vms_slice raw, const char *name, vms_slice *text, vms_rpc_reply *reply) {
  if (raw.data == NULL || raw.data[0] != '"') {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "%s has to be a string", name);
    return false;
  }
  *text = (vms_slice){ raw.data + 1, raw.len - 2 };
  return true;
}

static bool param_hex(vms_slice raw, const char *name, void *bytes, size_t len, vms_rpc_reply *reply) {
  vms_slice text;
  if (!param_string(raw, name, &text, reply)) return false;
  if (vms__hex_decode(text, bytes, len)) return true;
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "%s has to be %zu lower-case hex digits", name, 2 * len);
  return false;
}

static bool param_uint(vms_slice raw, const char *name, uint64_t *number, vms_rpc_reply *reply) {
  if (raw.data != NULL && vms__uint_decode(raw, number)) return true;
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "%s has to be a whole number, 0 or more", name);
  return false;
}

/* true or false; left out it is false. */
static bool param_flag(vms_slice raw, const char *name, bool *flag, vms_rpc_reply *reply) {
  *flag = raw.data != NULL && vms__slice_is(raw, "true");
  if (raw.data == NULL || *flag || vms__slice_is(raw, "false")) return true;
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "%s has to be true or false", name);
  return false;
}

static bool param_core(vms_slice raw, int *core, vms_rpc_reply *reply) {
  static const char *const names[VMS_CORE_COUNT] = { "\"ledger\"", "\"archive\"", "\"blobs\"" };
  *core = VMS_CORE_LEDGER;
  if (raw.data == NULL) return true;
  for (int i = 0; i < VMS_CORE_COUNT; i++)
    if (vms__slice_is(raw, names[i])) {
      *core = i;
      return true;
    }
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "core has to be \"ledger\", \"archive\" or \"blobs\"");
  return false;
}

/* --- outcomes of calls -------------------------------------------------------------------------------------- */

int vms__rpc_text_member(vms_buffer *json, const char *name, vms_slice text) {
  if (!vms__utf8_valid(text.data, text.len)) text = VMS__TEXT("(not UTF-8)");
  int status = vms__buf_format(json, "%s\"%s\":", json->data[json->len - 1] == '{' ? "" : ",", name);
  return status == VMS_OK ? vms__buf_json_string(json, text.data, text.len) : status;
}

static int outcome_error(const vms_outcome *outcome, vms_rpc_reply *reply) {
  vms_buffer *data = &reply->data;
  bool recorded = outcome->kind != VMS_OUTCOME_REFUSED;
  int status = vms__buf_byte(data, '{');
  reply->code = outcome->code != 0 ? outcome->code : VMS_CODE_INTERNAL;
  if (status == VMS_OK) status = vms__buf_slice(&reply->message, vms__buf_view(&outcome->message));
  if (!recorded) vms__rpc_disarm(reply->message.data, reply->message.len); /* what was recorded stays as it is: receipts say so too */
  if (status == VMS_OK && (recorded || outcome->name.len > 0)) status = vms__rpc_text_member(data, "name", vms__buf_view(&outcome->name));
  if (status == VMS_OK) status = vms__rpc_text_member(data, "message", vms__buf_view(&reply->message));
  if (status == VMS_OK && recorded) status = vms__buf_format(data, ",\"seq\":%llu", (unsigned long long)outcome->seq);
  if (status == VMS_OK && outcome->data.len > 0) status = vms__buf_byte(data, ',');
  if (status == VMS_OK && outcome->data.len > 0) status = vms__buf_slice(data, vms__buf_view(&outcome->data));
  return status == VMS_OK ? vms__buf_byte(data, '}') : status;
}

int vms__rpc_outcome(vms__rpc_task *task, const vms_outcome *outcome, vms_rpc_reply *reply) {
  bool recorded = outcome->kind != VMS_OUTCOME_REFUSED, has_result = outcome->result.len > 0;
  int status = VMS_OK;
  task->seq = outcome->seq;
  task->receipt = task->wish && recorded && VMS__RPC_HAS(task->service, receipt);
  task->needs = recorded ? outcome->seq + 1 : 0;
  /* A refused nonce tells of calls that may not be durable yet. */
  if (!recorded && outcome->code == VMS_CODE_NONCE) task->needs = task->service->length(task->service->context);
  if (outcome->kind != VMS_OUTCOME_RESULT) return outcome_error(outcome, reply);
  if (!task->wrapped) return vms__buf_slice(&reply->result, vms__buf_view(&outcome->result));
  status = vms__buf_text(&reply->result, has_result ? "{\"result\":" : "{");
  if (status == VMS_OK) status = vms__buf_slice(&reply->result, vms__buf_view(&outcome->result));
  if (status == VMS_OK)
    status = vms__buf_format(&reply->result, "%s\"seq\":%llu}", has_result ? "," : "", (unsigned long long)outcome->seq);
  return status;
}

/* Hands a call to the service. */
static int call_service(vms__rpc_task *task, vms_rpc_call *call, vms_rpc_reply *reply) {
  vms_outcome outcome;
  int status;
  call->session = task->session;
  call->ticket = task->ticket;
  vms_outcome_init(&outcome, reply->result.env);
  status = task->service->call(task->service->context, call, &outcome);
  task->later = status == VMS_RPC_LATER;
  if (status == VMS_OK) status = vms__rpc_outcome(task, &outcome, reply);
  vms_outcome_free(&outcome);
  return task->later ? VMS_OK : status;
}

static int call_unsigned(vms__rpc_task *task, vms_slice method, vms_slice params, vms_rpc_reply *reply) {
  bool named = (task->service->flags & VMS_RPC_DEBUG) != 0;
  vms_rpc_call call = { .user = named ? task->user : (vms_slice){ NULL, 0 }, .method = method, .params = params };
  return call_service(task, &call, reply);
}

/* {"method":"name","params":[…]}, the request text of an unsigned call. */
static int call_unsigned_text(vms__rpc_task *task, vms_slice text, vms_rpc_reply *reply) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms_slice method, params;
  if (vms__json_literal(&json, "{\"method\":") && vms__json_string(&json, &method) && memchr(method.data, '\\', method.len) == NULL &&
      vms__json_literal(&json, ",\"params\":") && json.at < json.end && *json.at == '[' && vms__json_value(&json, &params) &&
      vms__json_literal(&json, "}") && vms__json_end(&json))
    return call_unsigned(task, method, params, reply);
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "without caller and signature, request has to be {\"method\":…,\"params\":[…]}");
  return VMS_OK;
}

static int method_call(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  static const char *const names[] = { "request", "caller", "signature", "receipt" };
  uint8_t caller[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_slice values[PARAMS_MAX], raw;
  vms_buffer text;
  int status;
  if (!params_read(params, names, 4, values, reply) || !param_string(values[0], "request", &raw, reply) ||
      !param_flag(values[3], "receipt", &task->wish, reply)) return VMS_OK;
  bool is_signed = values[1].data != NULL || values[2].data != NULL;
  if (is_signed && (!param_hex(values[1], "caller", caller, sizeof caller, reply) ||
                    !param_hex(values[2], "signature", signature, sizeof signature, reply))) return VMS_OK;
  task->wrapped = true;
  vms_buffer_init(&text, reply->result.env);
  status = vms__json_unescape(raw, &text);
  if (status == VMS_OK && !is_signed) status = call_unsigned_text(task, vms__buf_view(&text), reply);
  else if (status == VMS_OK) {
    vms_rpc_call call = { .is_signed = 1, .request = vms__buf_view(&text), .caller = caller, .signature = signature };
    status = call_service(task, &call, reply);
  }
  vms_buffer_free(&text);
  return status;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

int vms__rpc_read_reply(int status, const vms_error *error, vms_rpc_reply *reply) {
  if (status == VMS_OK || status == VMS_ERR_NOMEM) return status;
  vms__rpc_reply_error(reply, status == VMS_ERR_NOT_FOUND ? VMS_CODE_PARAMS : VMS_CODE_STORAGE, "%s", error->message);
  return VMS_OK;
}

static int method_info(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  vms_error error;
  vms_slice none[1];
  memset(&error, 0, sizeof error);
  if (!params_read(params, NULL, 0, none, reply)) return VMS_OK;
  return vms__rpc_read_reply(task->service->info(task->service->context, &reply->result, &error), &error, reply);
}

/* Of what the original NodeVMS answers, from what vms.info says; its clients build their methods from the names. */
static int handshake_write(vms_slice info, vms_buffer *json) {
  vms_slice methods, ledger, archive;
  if (!vms__json_member(info, "methods", &methods) || !vms__json_member(info, "ledger", &ledger) ||
      !vms__json_member(info, "archive", &archive) || ledger.len < 2 || archive.len < 2) return VMS_ERR_CORRUPT;
  int status = vms__buf_text(json, "{\"methods\":");
  if (status == VMS_OK) status = vms__buf_slice(json, methods);
  if (status == VMS_OK)
    status = vms__buf_format(json, ",\"callLogUrl\":\"hyper://%.*s/\",\"filesArchiveUrl\":\"hyper://%.*s/\"}", (int)(ledger.len - 2),
                             ledger.data + 1, (int)(archive.len - 2), archive.data + 1);
  return status;
}

static int method_handshake(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  vms_buffer info;
  vms_error error;
  vms_slice none[1];
  int status;
  memset(&error, 0, sizeof error);
  if (!params_read(params, NULL, 0, none, reply)) return VMS_OK;
  vms_buffer_init(&info, reply->result.env);
  status = task->service->info(task->service->context, &info, &error);
  if (status == VMS_OK) status = handshake_write(vms__buf_view(&info), &reply->result);
  vms_buffer_free(&info);
  return vms__rpc_read_reply(status, &error, reply);
}

static int method_head(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  static const char *const names[] = { "core" };
  vms_slice values[1];
  vms_error error;
  int core;
  memset(&error, 0, sizeof error);
  if (!params_read(params, names, 1, values, reply) || !param_core(values[0], &core, reply)) return VMS_OK;
  return vms__rpc_read_reply(task->service->head(task->service->context, core, &reply->result, &error), &error, reply);
}

static int method_blocks(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  static const char *const names[] = { "core", "from", "to" };
  vms_slice values[PARAMS_MAX];
  vms_error error;
  uint64_t from, to;
  int core;
  memset(&error, 0, sizeof error);
  if (!params_read(params, names, 3, values, reply) || !param_core(values[0], &core, reply) ||
      !param_uint(values[1], "from", &from, reply) || !param_uint(values[2], "to", &to, reply)) return VMS_OK;
  if (from > to) {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "from is beyond to");
    return VMS_OK;
  }
  return vms__rpc_read_reply(task->service->blocks(task->service->context, core, from, to, &reply->result, &error), &error, reply);
}

static int method_discover(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  vms_slice none[1];
  vms_buffer methods;
  vms_error error;
  int status;
  memset(&error, 0, sizeof error);
  if (!params_read(params, NULL, 0, none, reply)) return VMS_OK;
  vms_buffer_init(&methods, reply->result.env);
  status = task->service->methods(task->service->context, &methods, &error);
  if (status == VMS_OK) status = vms__rpc_discover(vms__buf_view(&methods), &reply->result);
  vms_buffer_free(&methods);
  return vms__rpc_read_reply(status, &error, reply);
}

static int method_proof(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  static const char *const names[] = { "seq", "from", "length" };
  vms_slice values[PARAMS_MAX];
  vms_error error;
  uint64_t seq = UINT64_MAX, from = 0, length = 0;
  memset(&error, 0, sizeof error);
  if (!params_read(params, names, 3, values, reply) || (values[0].data != NULL && !param_uint(values[0], "seq", &seq, reply)) ||
      (values[1].data != NULL && !param_uint(values[1], "from", &from, reply)) ||
      (values[2].data != NULL && !param_uint(values[2], "length", &length, reply))) return VMS_OK;
  if (!VMS__RPC_HAS(task->service, proof)) return vms__rpc_no_method(VMS__TEXT("vms.proof"), reply);
  if (values[2].data != NULL && length == 0) {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "length is at least 1");
    return VMS_OK;
  }
  return vms__rpc_read_reply(task->service->proof(task->service->context, seq, from, length, &reply->result, &error), &error, reply);
}

static int method_subscribe(vms__rpc_task *task, vms_slice params, vms_rpc_reply *reply) {
  static const char *const names[] = { "from" };
  uint64_t length = task->service->published(task->service->context), all = task->service->length(task->service->context);
  vms_slice values[1];
  task->seq = length;
  if (!params_read(params, names, 1, values, reply) || (values[0].data != NULL && !param_uint(values[0], "from", &task->seq, reply)))
    return VMS_OK;
  if (!VMS__RPC_HAS(task->service, record)) return vms__rpc_no_method(VMS__TEXT("vms.subscribe"), reply);
  if (task->posted)
    vms__rpc_reply_error(reply, VMS_CODE_NO_METHOD, "vms.subscribe needs WebSocket: nothing can be sent behind the answer to an HTTP request");
  else if (task->seq > all)
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "from is beyond the ledger's %llu records", (unsigned long long)all);
  task->follows = reply->code == 0;
  return !task->follows ? VMS_OK : vms__buf_format(&reply->result, "{\"from\":%llu,\"length\":%llu}", (unsigned long long)task->seq,
                                                  (unsigned long long)length);
}

/* --- dispatch -------------------------------------------------------------------------------------------------- */

/* True if a request can name such a method at all (doc/ledger-format.md, "Signed requests"). */
static bool can_be_called(vms_slice method) {
  for (size_t i = 0; i < method.len; i++)
    if ((uint8_t)method.data[i] < 0x20 || method.data[i] == '"' || method.data[i] == '\\') return false;
  return method.len > 0 && method.len <= NAME_LEN_MAX;
}

/* A call of an exported method by its own name. */
static int method_direct(vms__rpc_task *task, vms_slice method, vms_slice params, vms_rpc_reply *reply) {
  vms_buffer compact;
  int status = VMS_OK;
  vms_buffer_init(&compact, reply->result.env);
  if (params.data == NULL) params = VMS__TEXT("[]");
  if (!can_be_called(method)) (void)vms__rpc_no_method(method, reply);
  else if (params.data[0] != '[') vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "the parameters of a contract's methods go by position");
  else if ((status = vms_json_compact(params, &compact)) == VMS_ERR_FORM) {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "params are nested deeper than %u", VMS__JSON_DEPTH_MAX);
    status = VMS_OK;
  } else if (status == VMS_OK) {
    status = call_unsigned(task, method, vms__buf_view(&compact), reply);
  }
  vms_buffer_free(&compact);
  return status;
}

typedef int method_fn(vms__rpc_task *, vms_slice params, vms_rpc_reply *);

/* What it takes: a call runs even if nobody wants the answer; what every caller needs before its first call is so little that nobody is refused it. */
enum { READS, READS_LITTLE, CALLS };

static const struct {
  const char *name;
  method_fn *function;
  int kind;
} methods[] = {
  { "vms.call", method_call, CALLS },             { "vms.info", method_info, READS_LITTLE },   { "vms.head", method_head, READS_LITTLE },
  { "vms.blocks", method_blocks, READS },         { "vms.proof", method_proof, READS },        { "vms.subscribe", method_subscribe, READS_LITTLE },
  { "handshake", method_handshake, READS_LITTLE }, { "rpc.discover", method_discover, READS },
};

int vms__rpc_no_method(vms_slice method, vms_rpc_reply *reply) {
  char shown[101];
  size_t len = VMS__MIN(method.len, sizeof shown - 1);
  memcpy(shown, method.len == 0 ? "" : method.data, len);
  shown[len] = 0;
  vms__rpc_disarm(shown, len); /* a NUL would end it, and it would look like another one */
  vms__rpc_reply_error(reply, VMS_CODE_NO_METHOD, "no method %s", shown);
  return VMS_OK;
}

/* Reading can be had again later, a call that ran cannot be taken back: where memory is short the former is refused. */
static bool has_room(const vms__rpc_task *task, uint64_t len, vms_rpc_reply *reply) {
  if (!VMS__RPC_HAS(task->service, room) || task->service->room(task->service->context, len) != 0) return true;
  vms__rpc_reply_error(reply, VMS_CODE_BUSY, "busy: too many answers wait to be taken, try again later");
  return false;
}

static int read_only(vms__rpc_task *task, vms_slice method, method_fn *function, vms_slice params, vms_rpc_reply *reply) {
  int status;
  if (!has_room(task, 0, reply)) return VMS_OK;
  status = function != NULL ? function(task, params, reply) : vms__rpc_file(task, method, params, reply);
  if (status == VMS_OK) (void)has_room(task, VMS__MAX(reply->result.len + reply->data.len, 1u), reply);
  return status;
}

static int dispatch(vms__rpc_task *task, vms_slice method, bool answered, vms_slice params, vms_rpc_reply *reply) {
  size_t i = 0, count = sizeof methods / sizeof *methods;
  while (i < count && !vms__slice_is(method, methods[i].name)) i++;
  if (i < count && (methods[i].kind == CALLS || (methods[i].kind == READS_LITTLE && answered))) return methods[i].function(task, params, reply);
  if (i == count && method.len > 0 && memchr(method.data, '.', method.len) == NULL) return method_direct(task, method, params, reply);
  return answered ? read_only(task, method, i < count ? methods[i].function : NULL, params, reply) : VMS_OK; /* nobody sees what a notification reads */
}

int vms__rpc_dispatch(vms__rpc_task *task, const vms__rpc_request *request, vms_rpc_reply *reply) {
  vms_buffer name;
  int status;
  vms_buffer_init(&name, reply->result.env);
  status = vms__json_unescape(request->method, &name);
  if (status == VMS_OK) status = dispatch(task, vms__buf_view(&name), request->id.data != NULL, request->params, reply);
  vms_buffer_free(&name);
  return status;
}

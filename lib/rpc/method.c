/* SPDX-License-Identifier: MIT */
/* The methods of doc/protocol.md: parameters in, a service's answer out. */
#include "internal.h"

#define PARAMS_MAX 3u

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
      for (at = 0; at < count && !vms__slice_is(name, names[at]);) at++;
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
  if (status == VMS_OK && (recorded || outcome->name.len > 0)) status = vms__rpc_text_member(data, "name", vms__buf_view(&outcome->name));
  if (status == VMS_OK) status = vms__rpc_text_member(data, "message", vms__buf_view(&outcome->message));
  if (status == VMS_OK && recorded) status = vms__buf_format(data, ",\"seq\":%llu", (unsigned long long)outcome->seq);
  if (status == VMS_OK && outcome->data.len > 0) status = vms__buf_byte(data, ',');
  if (status == VMS_OK && outcome->data.len > 0) status = vms__buf_slice(data, vms__buf_view(&outcome->data));
  return status == VMS_OK ? vms__buf_byte(data, '}') : status;
}

/* wrapped: answer {"result"?,"seq"}; else the bare result. */
static int outcome_reply(const vms_rpc_service *service, const vms_outcome *outcome, bool wrapped, vms_rpc_reply *reply,
                         uint64_t *needs) {
  int status = VMS_OK;
  *needs = outcome->kind == VMS_OUTCOME_REFUSED ? 0 : outcome->seq + 1;
  /* A refused nonce tells of calls that may not be durable yet. */
  if (outcome->kind == VMS_OUTCOME_REFUSED && outcome->code == VMS_CODE_NONCE) *needs = service->length(service->context);
  if (outcome->kind != VMS_OUTCOME_RESULT) return outcome_error(outcome, reply);
  if (wrapped) status = vms__buf_byte(&reply->result, '{');
  if (wrapped && status == VMS_OK && outcome->result.len > 0) status = vms__buf_text(&reply->result, "\"result\":");
  if (status == VMS_OK) status = vms__buf_slice(&reply->result, vms__buf_view(&outcome->result));
  if (wrapped && status == VMS_OK)
    status = vms__buf_format(&reply->result, "%s\"seq\":%llu}", outcome->result.len > 0 ? "," : "", (unsigned long long)outcome->seq);
  return status;
}

static int call_unsigned(const vms_rpc_service *service, vms_slice user, vms_slice method, vms_slice params, bool wrapped,
                         vms_rpc_reply *reply, uint64_t *needs) {
  vms_rpc_call call = { .user = (service->flags & VMS_RPC_DEBUG) != 0 ? user : (vms_slice){ NULL, 0 }, .method = method, .params = params };
  vms_outcome outcome;
  int status;
  vms_outcome_init(&outcome, reply->result.env);
  status = service->call(service->context, &call, &outcome);
  if (status == VMS_OK) status = outcome_reply(service, &outcome, wrapped, reply, needs);
  vms_outcome_free(&outcome);
  return status;
}

/* {"method":"name","params":[…]}, the request text of an unsigned call. */
static int call_unsigned_text(const vms_rpc_service *service, vms_slice user, vms_slice text, vms_rpc_reply *reply, uint64_t *needs) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms_slice method, params;
  if (vms__json_literal(&json, "{\"method\":") && vms__json_string(&json, &method) && memchr(method.data, '\\', method.len) == NULL &&
      vms__json_literal(&json, ",\"params\":") && json.at < json.end && *json.at == '[' && vms__json_value(&json, &params) &&
      vms__json_literal(&json, "}") && vms__json_end(&json))
    return call_unsigned(service, user, method, params, true, reply, needs);
  vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "without caller and signature, request has to be {\"method\":…,\"params\":[…]}");
  return VMS_OK;
}

static int method_call(const vms_rpc_service *service, vms_slice user, vms_slice params, vms_rpc_reply *reply, uint64_t *needs) {
  static const char *const names[] = { "request", "caller", "signature" };
  uint8_t caller[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_slice values[PARAMS_MAX], raw;
  vms_buffer text;
  vms_outcome outcome;
  int status;
  if (!params_read(params, names, 3, values, reply) || !param_string(values[0], "request", &raw, reply)) return VMS_OK;
  bool is_signed = values[1].data != NULL || values[2].data != NULL;
  if (is_signed && (!param_hex(values[1], "caller", caller, sizeof caller, reply) ||
                    !param_hex(values[2], "signature", signature, sizeof signature, reply))) return VMS_OK;
  vms_buffer_init(&text, reply->result.env);
  vms_outcome_init(&outcome, reply->result.env);
  status = vms__json_unescape(raw, &text);
  if (status == VMS_OK && !is_signed) status = call_unsigned_text(service, user, vms__buf_view(&text), reply, needs);
  else if (status == VMS_OK) {
    vms_rpc_call call = { .is_signed = 1, .request = vms__buf_view(&text), .caller = caller, .signature = signature };
    status = service->call(service->context, &call, &outcome);
    if (status == VMS_OK) status = outcome_reply(service, &outcome, true, reply, needs);
  }
  vms_outcome_free(&outcome);
  vms_buffer_free(&text);
  return status;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

int vms__rpc_read_reply(int status, const vms_error *error, vms_rpc_reply *reply) {
  if (status == VMS_OK || status == VMS_ERR_NOMEM) return status;
  vms__rpc_reply_error(reply, status == VMS_ERR_NOT_FOUND ? VMS_CODE_PARAMS : VMS_CODE_STORAGE, "%s", error->message);
  return VMS_OK;
}

static int method_info(const vms_rpc_service *service, vms_slice user, vms_slice params, vms_rpc_reply *reply, uint64_t *needs) {
  vms_error error;
  vms_slice none[1];
  (void)user, (void)needs;
  memset(&error, 0, sizeof error);
  if (!params_read(params, NULL, 0, none, reply)) return VMS_OK;
  return vms__rpc_read_reply(service->info(service->context, &reply->result, &error), &error, reply);
}

static int method_head(const vms_rpc_service *service, vms_slice user, vms_slice params, vms_rpc_reply *reply, uint64_t *needs) {
  static const char *const names[] = { "core" };
  vms_slice values[1];
  vms_error error;
  int core;
  (void)user, (void)needs;
  memset(&error, 0, sizeof error);
  if (!params_read(params, names, 1, values, reply) || !param_core(values[0], &core, reply)) return VMS_OK;
  return vms__rpc_read_reply(service->head(service->context, core, &reply->result, &error), &error, reply);
}

static int method_blocks(const vms_rpc_service *service, vms_slice user, vms_slice params, vms_rpc_reply *reply, uint64_t *needs) {
  static const char *const names[] = { "core", "from", "to" };
  vms_slice values[PARAMS_MAX];
  vms_error error;
  uint64_t from, to;
  int core;
  (void)user, (void)needs;
  memset(&error, 0, sizeof error);
  if (!params_read(params, names, 3, values, reply) || !param_core(values[0], &core, reply) ||
      !param_uint(values[1], "from", &from, reply) || !param_uint(values[2], "to", &to, reply)) return VMS_OK;
  if (from > to) {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "from is beyond to");
    return VMS_OK;
  }
  return vms__rpc_read_reply(service->blocks(service->context, core, from, to, &reply->result, &error), &error, reply);
}

static int method_discover(const vms_rpc_service *service, vms_slice user, vms_slice params, vms_rpc_reply *reply, uint64_t *needs) {
  vms_slice none[1];
  vms_buffer methods;
  vms_error error;
  int status;
  (void)user, (void)needs;
  memset(&error, 0, sizeof error);
  if (!params_read(params, NULL, 0, none, reply)) return VMS_OK;
  vms_buffer_init(&methods, reply->result.env);
  status = service->methods(service->context, &methods, &error);
  if (status == VMS_OK) status = vms__rpc_discover(vms__buf_view(&methods), &reply->result);
  vms_buffer_free(&methods);
  return vms__rpc_read_reply(status, &error, reply);
}

/* --- dispatch -------------------------------------------------------------------------------------------------- */

/* A call of an exported method by its own name. */
static int method_direct(const vms_rpc_service *service, vms_slice user, vms_slice method, vms_slice params, vms_rpc_reply *reply,
                         uint64_t *needs) {
  vms_buffer compact;
  int status = VMS_OK;
  vms_buffer_init(&compact, reply->result.env);
  if (params.data == NULL) params = VMS__TEXT("[]");
  if (params.data[0] != '[') vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "the parameters of a contract's methods go by position");
  else if ((status = vms_json_compact(params, &compact)) == VMS_ERR_FORM) {
    vms__rpc_reply_error(reply, VMS_CODE_PARAMS, "params are nested deeper than %u", VMS__JSON_DEPTH_MAX);
    status = VMS_OK;
  } else if (status == VMS_OK) {
    status = call_unsigned(service, user, method, vms__buf_view(&compact), false, reply, needs);
  }
  vms_buffer_free(&compact);
  return status;
}

typedef int method_fn(const vms_rpc_service *, vms_slice user, vms_slice params, vms_rpc_reply *, uint64_t *needs);

static const struct {
  const char *name;
  method_fn *function;
} methods[] = {
  { "vms.call", method_call },     { "vms.info", method_info },         { "vms.head", method_head },
  { "vms.blocks", method_blocks }, { "rpc.discover", method_discover },
};

int vms__rpc_no_method(vms_slice method, vms_rpc_reply *reply) {
  vms__rpc_reply_error(reply, VMS_CODE_NO_METHOD, "no method %.*s", (int)VMS__MIN(method.len, 100u), method.data);
  return VMS_OK;
}

static int dispatch(const vms_rpc_service *service, vms_slice user, vms_slice method, vms_slice params, vms_rpc_reply *reply,
                    uint64_t *needs, uint64_t *effort) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (vms__slice_is(method, methods[i].name)) return methods[i].function(service, user, params, reply, needs);
  if (method.len > 0 && memchr(method.data, '.', method.len) == NULL)
    return method_direct(service, user, method, params, reply, needs);
  return vms__rpc_file(service, method, params, reply, effort);
}

static bool only_reads(vms_slice method) { return memchr(method.data, '.', method.len) != NULL && !vms__slice_is(method, "vms.call"); }

int vms__rpc_dispatch(const vms_rpc_service *service, vms_slice user, const vms__rpc_request *request, vms_rpc_reply *reply,
                      uint64_t *needs, uint64_t *effort) {
  vms_buffer name;
  int status;
  *needs = *effort = 0;
  vms_buffer_init(&name, reply->result.env);
  status = vms__json_unescape(request->method, &name);
  if (status == VMS_OK && (request->id.data != NULL || name.len == 0 || !only_reads(vms__buf_view(&name)))) /* nobody sees what a notification reads */
    status = dispatch(service, user, vms__buf_view(&name), request->params, reply, needs, effort);
  vms_buffer_free(&name);
  return status;
}

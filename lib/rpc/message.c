/* SPDX-License-Identifier: MIT */
/* The JSON-RPC 2.0 envelope and JSON text for tools. Ids, params and results travel as raw text. */
#include "internal.h"

#include <stdio.h>

/* --- replies ------------------------------------------------------------------------------------------- */

void vms_rpc_reply_init(vms_rpc_reply *reply, const vms_env *env) {
  memset(reply, 0, sizeof *reply);
  vms_buffer_init(&reply->result, env);
  vms_buffer_init(&reply->message, env);
  vms_buffer_init(&reply->data, env);
}

void vms_rpc_reply_free(vms_rpc_reply *reply) {
  if (reply == NULL) return;
  vms_buffer_free(&reply->result);
  vms_buffer_free(&reply->message);
  vms_buffer_free(&reply->data);
}

void vms__rpc_reply_clear(vms_rpc_reply *reply) {
  reply->code = 0;
  vms__buf_clear(&reply->result);
  vms__buf_clear(&reply->message);
  vms__buf_clear(&reply->data);
}

void vms__rpc_disarm(char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if ((uint8_t)text[i] < 0x20 || text[i] == 0x7f) text[i] = '?';
    else if (i > 0 && (uint8_t)text[i - 1] == 0xc2 && (uint8_t)text[i] < 0xa0) text[i] = (char)0xbf; /* U+0080..U+009F become U+00BF */
}

void vms__rpc_reply_error(vms_rpc_reply *reply, int32_t code, const char *format, ...) {
  char text[256];
  va_list list;
  va_start(list, format);
  int len = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  vms__rpc_reply_clear(reply);
  reply->code = code;
  size_t kept = len < 0 ? 0 : VMS__MIN((size_t)len, sizeof text - 1);
  vms__rpc_disarm(text, kept);
  while (kept > 0 && !vms__utf8_valid(text, kept)) kept--; /* cut in the middle of a character */
  (void)vms_buffer_append(&reply->message, text, kept);
}

static bool id_is_good(vms_slice id) {
  char c = id.len == 0 ? 0 : id.data[0];
  return c == '"' || c == '-' || (c >= '0' && c <= '9') || vms__slice_is(id, "null");
}

int vms__rpc_hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 32);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool vms__rpc_name_is(vms_slice raw, const char *name) {
  const char *at = raw.data, *end = raw.len == 0 ? at : at + raw.len;
  for (; at < end && *name != 0; name++) {
    unsigned c = (uint8_t)*at++;
    if (c == '\\' && (end - at < 5 || *at != 'u' || at[1] != '0' || at[2] != '0')) return false; /* names of ours are ASCII letters and the like */
    if (c == '\\') c = (unsigned)(vms__rpc_hex_value(at[3]) << 4 | vms__rpc_hex_value(at[4])), at += 5;
    if (c != (uint8_t)*name) return false;
  }
  return at == end && *name == 0;
}

/* The members of a message that count, in one pass; of members with the same name the last one. data is NULL where there is none. */
typedef struct envelope {
  vms_slice version, id, method, params, result, error;
} envelope;

static void envelope_read(vms_slice text, envelope *found) {
  const struct { const char *name; vms_slice *value; } members[] = {
    { "jsonrpc", &found->version }, { "id", &found->id },         { "method", &found->method },
    { "params", &found->params },   { "result", &found->result }, { "error", &found->error },
  };
  const char *iterator = NULL;
  vms_slice name = { NULL, 0 }, value;
  memset(found, 0, sizeof *found);
  while (text.len > 0 && strchr(" \t\r\n", text.data[0]) != NULL) text.data++, text.len--;
  if (text.len == 0 || text.data[0] != '{') return;
  while (vms__json_next(text, &iterator, &name, &value))
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
      if (vms__rpc_name_is(name, members[i].name)) *members[i].value = value;
}

bool vms__rpc_request_read(vms_slice text, vms__rpc_request *request) {
  envelope found;
  *request = (vms__rpc_request){ VMS__TEXT("null"), { NULL, 0 }, { NULL, 0 } };
  envelope_read(text, &found);
  if (found.id.data != NULL && !id_is_good(found.id)) return false;
  if (found.id.data != NULL) request->id = found.id;
  if (found.version.data == NULL || !vms__slice_is(found.version, "\"2.0\"")) return false;
  if (found.method.data == NULL || found.method.data[0] != '"') return false;
  /* rpc-websockets, with which clients of the original NodeVMS call, says null where there are none. */
  if (found.params.data != NULL && vms__slice_is(found.params, "null")) found.params.data = NULL;
  if (found.params.data != NULL && found.params.data[0] != '[' && found.params.data[0] != '{') return false;
  request->method = (vms_slice){ found.method.data + 1, found.method.len - 2 };
  if (found.params.data != NULL) request->params = found.params;
  if (found.id.data == NULL) request->id = (vms_slice){ NULL, 0 };
  return true;
}

static int write_error(vms_buffer *text, const vms_rpc_reply *reply) {
  vms_slice message = vms__buf_view(&reply->message);
  int status = vms__buf_format(text, "\"error\":{\"code\":%d,\"message\":", (int)reply->code);
  if (!vms__utf8_valid(message.data, message.len)) message = VMS__TEXT("(a message that is not UTF-8)");
  if (status == VMS_OK) status = vms__buf_json_string(text, message.data, message.len);
  if (status == VMS_OK && reply->data.len > 0) status = vms__buf_text(text, ",\"data\":");
  if (status == VMS_OK && reply->data.len > 0) status = vms__buf_slice(text, vms__buf_view(&reply->data));
  return status == VMS_OK ? vms__buf_byte(text, '}') : status;
}

int vms__rpc_response_write(vms_buffer *text, vms_slice id, const vms_rpc_reply *reply) {
  int status = vms__buf_text(text, "{\"jsonrpc\":\"2.0\",\"id\":");
  if (status == VMS_OK) status = vms__buf_slice(text, id);
  if (status == VMS_OK) status = vms__buf_byte(text, ',');
  if (status == VMS_OK && reply->code != 0) status = write_error(text, reply);
  if (status == VMS_OK && reply->code == 0) status = vms__buf_text(text, "\"result\":");
  if (status == VMS_OK && reply->code == 0)
    status = reply->result.len == 0 ? vms__buf_text(text, "null") : vms__buf_slice(text, vms__buf_view(&reply->result));
  return status == VMS_OK ? vms__buf_byte(text, '}') : status;
}

static int read_error(vms_slice object, vms_rpc_reply *reply, vms_error *error) {
  vms_slice code, message, data;
  uint64_t number;
  bool negative;
  if (object.data[0] != '{' || !vms__json_member(object, "code", &code) || !vms__json_member(object, "message", &message) ||
      message.data[0] != '"')
    return vms__fail(error, VMS_ERR_FORM, 0, "a response's error has no code or message");
  negative = code.data[0] == '-';
  if (negative) code.data++, code.len--;
  if (!vms__uint_decode(code, &number) || number == 0 || number > INT32_MAX)
    return vms__fail(error, VMS_ERR_FORM, 0, "a response's error code is no error code");
  reply->code = negative ? -(int32_t)number : (int32_t)number;
  if (vms__json_unescape((vms_slice){ message.data + 1, message.len - 2 }, &reply->message) != VMS_OK ||
      (vms__json_member(object, "data", &data) && vms__buf_slice(&reply->data, data) != VMS_OK))
    return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  return VMS_OK;
}

int vms_rpc_reply_read(vms_slice text, uint64_t *id, vms_rpc_reply *reply, vms_error *error) {
  envelope found;
  vms__rpc_reply_clear(reply);
  *id = 0;
  memset(&found, 0, sizeof found);
  if (vms__json_valid(text, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) envelope_read(text, &found);
  if (found.version.data == NULL || !vms__slice_is(found.version, "\"2.0\"") || found.id.data == NULL)
    return vms__fail(error, VMS_ERR_FORM, 0, "what came back is no JSON-RPC 2.0 response");
  if (!vms__uint_decode(found.id, id)) *id = 0;
  if (found.error.data != NULL) return read_error(found.error, reply, error);
  if (found.result.data == NULL) return vms__fail(error, VMS_ERR_FORM, 0, "a response has neither result nor error");
  return vms__buf_slice(&reply->result, found.result) == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

int vms_rpc_reply_unwrap(vms_rpc_reply *reply, uint64_t *seq, vms_error *error) {
  vms_slice value, result;
  uint64_t number;
  if (reply->code != 0) return VMS_OK;
  if (!vms__json_member(vms__buf_view(&reply->result), "seq", &value) || !vms__uint_decode(value, &number))
    return vms__fail(error, VMS_ERR_FORM, 0, "the answer to a call has no seq");
  if (seq != NULL) *seq = number;
  if (!vms__json_member(vms__buf_view(&reply->result), "result", &result)) {
    vms__buf_clear(&reply->result);
    reply->result.data[0] = 0;
    return VMS_OK;
  }
  memmove(reply->result.data, result.data, result.len);
  reply->result.len = result.len;
  reply->result.data[result.len] = 0;
  return VMS_OK;
}

int vms_rpc_reply_name(const vms_rpc_reply *reply, vms_buffer *name) {
  vms_slice value;
  if (!vms__json_member(vms__buf_view(&reply->data), "name", &value) || value.data[0] != '"') return VMS_OK;
  return vms__json_unescape((vms_slice){ value.data + 1, value.len - 2 }, name);
}

vms_slice vms_rpc_reply_receipt(const vms_rpc_reply *reply) {
  vms_slice receipt;
  bool found = vms__json_member(vms__buf_view(reply->code == 0 ? &reply->result : &reply->data), "receipt", &receipt);
  return found ? receipt : (vms_slice){ NULL, 0 };
}

/* What a JSON string stands for; nothing if it is none. */
static int take_text(vms_slice raw, vms_buffer *text) {
  return raw.len < 2 || raw.data[0] != '"' ? VMS_OK : vms__json_unescape((vms_slice){ raw.data + 1, raw.len - 2 }, text);
}

static uint32_t outcome_kind(int32_t code, bool recorded) {
  if (code == 0) return VMS_OUTCOME_RESULT;
  if (!recorded) return VMS_OUTCOME_REFUSED;
  return code == VMS_CODE_CONTRACT ? VMS_OUTCOME_ERROR : code == VMS_CODE_ABORTED ? VMS_OUTCOME_ABORTED : VMS_OUTCOME_REFUSED;
}

int vms_rpc_reply_outcome(const vms_rpc_reply *reply, vms_outcome *outcome, vms_error *error) {
  vms_slice from = vms__buf_view(reply->code == 0 ? &reply->result : &reply->data), value = { NULL, 0 };
  uint64_t seq = 0;
  bool recorded = vms__json_member(from, "seq", &value);
  int status = VMS_OK;
  if ((recorded && !vms__uint_decode(value, &seq)) || (reply->code == 0 && !recorded))
    return vms__fail(error, VMS_ERR_FORM, 0, "the answer to a call has no seq");
  outcome->kind = outcome_kind(reply->code, recorded);
  outcome->code = reply->code;
  outcome->seq = outcome->kind == VMS_OUTCOME_REFUSED ? 0 : seq;
  vms__buf_clear(&outcome->result);
  vms__buf_clear(&outcome->name);
  vms__buf_clear(&outcome->data);
  vms__buf_clear(&outcome->message);
  if (reply->code == 0 && vms__json_member(from, "result", &value)) status = vms__buf_slice(&outcome->result, value);
  if (reply->code != 0) status = vms__buf_slice(&outcome->message, vms__buf_view(&reply->message));
  if (reply->code != 0 && status == VMS_OK && vms__json_member(from, "name", &value)) status = take_text(value, &outcome->name);
  return status == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

int vms_rpc_notification_read(vms_slice text, vms_slice *method, vms_slice *params) {
  envelope found;
  memset(&found, 0, sizeof found);
  if (vms__json_valid(text, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) envelope_read(text, &found);
  if (found.version.data == NULL || !vms__slice_is(found.version, "\"2.0\"") || found.id.data != NULL || found.method.data == NULL ||
      found.method.data[0] != '"') return VMS_ERR_FORM;
  *method = (vms_slice){ found.method.data + 1, found.method.len - 2 };
  *params = found.params;
  return VMS_OK;
}

int vms_rpc_reply_bytes(const vms_rpc_reply *reply, vms_buffer *bytes) {
  vms__json json = vms__json_over(vms__buf_view(&reply->result), VMS__JSON_COMPACT);
  vms_slice text;
  if (reply->code != 0 || !vms__json_literal(&json, "{\"base64\":") || !vms__json_string(&json, &text) || !vms__json_literal(&json, "}") ||
      !vms__json_end(&json)) return VMS_ERR_FORM;
  return vms__base64_decode(text, bytes);
}

int vms_rpc_request_write(vms_buffer *text, uint64_t id, vms_slice method, vms_slice params) {
  int status = vms__buf_format(text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"method\":", (unsigned long long)id);
  if (status == VMS_OK) status = vms__buf_json_string(text, method.data, method.len);
  if (status == VMS_OK && params.len > 0) status = vms__buf_text(text, ",\"params\":");
  if (status == VMS_OK && params.len > 0) status = vms__buf_slice(text, params);
  return status == VMS_OK ? vms__buf_byte(text, '}') : status;
}

/* --- JSON text for tools ------------------------------------------------------------------------------- */

int vms_json_compact(vms_slice text, vms_buffer *out) {
  const char *at = text.data, *end = text.len == 0 ? at : at + text.len;
  bool in_string = false;
  if (!vms__json_valid(text, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY)) return VMS_ERR_FORM;
  if (vms__buf_reserve(out, text.len) != VMS_OK) return VMS_ERR_NOMEM;
  for (; at < end; at++) {
    char c = *at;
    if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    if (c == '"') in_string = !in_string;
    out->data[out->len++] = c;
    if (in_string && c == '\\') out->data[out->len++] = *++at; /* valid text: there is a next one */
  }
  out->data[out->len] = 0;
  return VMS_OK;
}

int vms_json_quote(vms_slice utf8, vms_buffer *out) {
  if (!vms__utf8_valid(utf8.data, utf8.len)) return VMS_ERR_FORM;
  return vms__buf_json_string(out, utf8.data, utf8.len);
}

int vms_json_unquote(vms_slice text, vms_buffer *out) {
  vms__json json = vms__json_over(text, VMS__JSON_ANY);
  vms_slice raw;
  if (!vms__json_string(&json, &raw) || !vms__json_end(&json)) return VMS_ERR_FORM;
  return vms__json_unescape(raw, out);
}

int vms_json_member(vms_slice object, const char *name, vms_slice *value) {
  if (!vms__json_valid(object, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) return VMS_ERR_FORM;
  return vms__json_member(object, name, value) ? VMS_OK : VMS_ERR_NOT_FOUND;
}

int vms_json_element(vms_slice array, size_t index, vms_slice *value) {
  if (!vms__json_valid(array, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) return VMS_ERR_FORM;
  return vms__json_element(array, index, value) ? VMS_OK : VMS_ERR_NOT_FOUND;
}

/* SPDX-License-Identifier: MIT */
/* The text that callers sign, and what an unsigned call has instead. Format: doc/ledger-format.md. */
#include "internal.h"

#define SIGNING_PREFIX "vms-call-1\n"
#define METHOD_LEN_MAX 256u

static bool method_valid(vms_slice method) {
  if (method.len == 0 || method.len > METHOD_LEN_MAX || !vms__utf8_valid(method.data, method.len)) return false;
  for (size_t i = 0; i < method.len; i++)
    if ((uint8_t)method.data[i] < 0x20 || method.data[i] == '"' || method.data[i] == '\\') return false;
  return true;
}

static bool params_valid(vms_slice params) {
  return params.len >= 2 && params.data[0] == '[' && vms__json_valid(params, VMS__JSON_DEPTH_MAX, VMS__JSON_COMPACT);
}

static int check_parts(vms_slice method, vms_slice params, vms_error *error) {
  if (!method_valid(method))
    return vms__fail(error, VMS_ERR_FORM, 0, "a method is a name of 1 to %u bytes without escapes", METHOD_LEN_MAX);
  if (!params_valid(params))
    return vms__fail(error, VMS_ERR_FORM, 0, "params must be a JSON array without white space, at most %u deep",
                     VMS__JSON_DEPTH_MAX);
  return VMS_OK;
}

static int append_parts(vms_buffer *text, vms_slice method, vms_slice params) {
  int status = vms__buf_text(text, "\"method\":\"");
  if (status == VMS_OK) status = vms__buf_slice(text, method);
  if (status == VMS_OK) status = vms__buf_text(text, "\",\"params\":");
  if (status == VMS_OK) status = vms__buf_slice(text, params);
  return status == VMS_OK ? vms__buf_byte(text, '}') : status;
}

static bool read_parts(vms__json *json, vms_slice *method, vms_slice *params) {
  return vms__json_literal(json, "\"method\":") && vms__json_string(json, method) && method_valid(*method) &&
         vms__json_literal(json, ",\"params\":") && vms__json_value(json, params) && params_valid(*params) &&
         vms__json_literal(json, "}") && vms__json_end(json);
}

int vms_request_write(vms_buffer *text, const vms_request *request, vms_error *error) {
  int status = check_parts(request->method, request->params, error);
  if (status != VMS_OK) return status;
  if (request->nonce == 0 || request->nonce > VMS__JSON_INT_MAX || request->until_ms > VMS__JSON_INT_MAX ||
      request->seen_length == 0 || request->seen_length > VMS__JSON_INT_MAX)
    return vms__fail(error, VMS_ERR_FORM, 0, "nonce, until and seen.length must be whole numbers from 1 to 2^53-1");
  status = vms__buf_text(text, "{\"ledger\":\"");
  if (status == VMS_OK) status = vms__buf_hex(text, request->ledger, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(text, "\",\"nonce\":");
  if (status == VMS_OK) status = vms__buf_uint(text, request->nonce);
  if (status == VMS_OK) status = vms__buf_text(text, ",\"until\":");
  if (status == VMS_OK) status = vms__buf_uint(text, request->until_ms);
  if (status == VMS_OK) status = vms__buf_text(text, ",\"seen\":{\"length\":");
  if (status == VMS_OK) status = vms__buf_uint(text, request->seen_length);
  if (status == VMS_OK) status = vms__buf_text(text, ",\"hash\":\"");
  if (status == VMS_OK) status = vms__buf_hex(text, request->seen_hash, VMS_HASH_LEN);
  if (status == VMS_OK) status = vms__buf_text(text, "\"},");
  if (status == VMS_OK) status = append_parts(text, request->method, request->params);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a request");
}

int vms_request_read(vms_slice text, vms_request *request, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  bool fine = vms__json_literal(&json, "{\"ledger\":") && vms__json_hex(&json, request->ledger, VMS_KEY_LEN) &&
              vms__json_literal(&json, ",\"nonce\":") && vms__json_uint(&json, &request->nonce) && request->nonce > 0 &&
              vms__json_literal(&json, ",\"until\":") && vms__json_uint(&json, &request->until_ms) &&
              vms__json_literal(&json, ",\"seen\":{\"length\":") && vms__json_uint(&json, &request->seen_length) && request->seen_length > 0 &&
              vms__json_literal(&json, ",\"hash\":") && vms__json_hex(&json, request->seen_hash, VMS_HASH_LEN) &&
              vms__json_literal(&json, "},") && read_parts(&json, &request->method, &request->params);
  if (!fine)
    return vms__fail(error, VMS_ERR_FORM, text.len == 0 ? 0 : (uint64_t)(json.at - text.data),
                     "not a signed request: {\"ledger\",\"nonce\",\"until\",\"seen\",\"method\",\"params\"} without white space");
  return VMS_OK;
}

int vms__unsigned_write(vms_buffer *text, vms_slice method, vms_slice params, vms_error *error) {
  int status = check_parts(method, params, error);
  if (status != VMS_OK) return status;
  status = vms__buf_byte(text, '{');
  if (status == VMS_OK) status = append_parts(text, method, params);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a request");
}

bool vms__unsigned_read(vms_slice text, vms_slice *method, vms_slice *params) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  return vms__json_literal(&json, "{") && read_parts(&json, method, params);
}

vms_slice vms__request_method(vms_slice text) {
  vms_request request;
  vms_slice method, params;
  if (vms_request_read(text, &request, NULL) == VMS_OK) return request.method;
  return vms__unsigned_read(text, &method, &params) ? method : (vms_slice){ NULL, 0 };
}

bool vms__caller_name_valid(vms_slice name) {
  if (name.len < 7 || name.len > 70 || memcmp(name.data, "debug:", 6) != 0) return false;
  for (size_t i = 6; i < name.len; i++) {
    char c = name.data[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
      return false;
  }
  return true;
}

/* prefix || text in one piece, as Ed25519 wants it. */
static int signed_bytes(vms_slice text, vms_buffer *bytes) {
  int status = vms_buffer_append(bytes, SIGNING_PREFIX, sizeof SIGNING_PREFIX - 1);
  return status == VMS_OK ? vms__buf_slice(bytes, text) : status;
}

int vms__request_sign(vms_slice text, const uint8_t secret[VMS__SECRET_LEN], uint8_t signature[VMS_SIGNATURE_LEN]) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  int status = signed_bytes(text, &bytes);
  if (status == VMS_OK) vms__crypto_sign(secret, bytes.data, bytes.len, signature);
  vms_buffer_free(&bytes);
  return status;
}

int vms_request_sign(vms_slice text, const uint8_t seed[VMS_SEED_LEN], uint8_t signature[VMS_SIGNATURE_LEN]) {
  uint8_t secret[VMS__SECRET_LEN];
  vms__crypto_expand(seed, secret);
  int status = vms__request_sign(text, secret, signature);
  vms__crypto_wipe(secret, sizeof secret);
  return status;
}

int vms__request_check(vms_buffer *scratch, vms_slice text, const uint8_t caller[VMS_KEY_LEN],
                       const uint8_t signature[VMS_SIGNATURE_LEN], bool *valid) {
  vms__buf_clear(scratch);
  int status = signed_bytes(text, scratch);
  *valid = status == VMS_OK && vms_verify(caller, scratch->data, scratch->len, signature);
  return status;
}

int vms_request_check(vms_slice text, const uint8_t caller[VMS_KEY_LEN], const uint8_t signature[VMS_SIGNATURE_LEN]) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  bool valid;
  (void)vms__request_check(&bytes, text, caller, signature, &valid);
  vms_buffer_free(&bytes);
  return valid;
}

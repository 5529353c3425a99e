/* SPDX-License-Identifier: MIT */
/* The client for other languages: JSON text in, JSON text out. And what failures mean, for people. */
#include "client.h"

#define INPUT_LEN_MAX ((size_t)16 << 20)
#define TIMEOUT_S_MAX 86400u

/* --- what failures mean ------------------------------------------------------------------------------------------- */

const char *vms_client_hint(const vms_error *error) {
  switch (error->status) {
    case VMS_ERR_NOMEM: return "memory lacks here, or the host sends more than anybody should take";
    case VMS_ERR_ARGUMENT: return "a URL looks like ws://127.0.0.1:5555/, wss://example.org/party or ws+unix:/run/vms.sock:/";
    case VMS_ERR_LIMIT: return "send less at once: a request has at most 2 MiB, and a service may allow less";
    case VMS_ERR_IO:
      if (strncmp(error->message, "no address", strlen("no address")) == 0) return "is the host's name spelled right, and does this machine reach a name server?";
      return "is vms-host running there? it prints its URLs when it starts";
    case VMS_ERR_CORRUPT: return "look at the file; without it this service is met as if for the first time";
    case VMS_ERR_NOT_FOUND: return "nothing is there yet";
    case VMS_ERR_LOCKED: return "another program holds it and does not let go";
    case VMS_ERR_FORM: return "vms.info lists the methods that there are; parameters are a JSON array";
    case VMS_ERR_SIGNATURE:
      if (strstr(error->message, "certificate") != NULL) return "if you know whose certificate it is, name a file with it (--ca FILE)";
      if (strstr(error->message, "secret") != NULL) return "let nobody but yourself read the key file (chmod 600)";
      return "what is not proved is the host's word alone";
    case VMS_ERR_FOREIGN: return "somebody else answers, or the service was made anew; if you know why, URL#KEY takes the new one";
    case VMS_ERR_FULL: return "make room, or name another folder";
    case VMS_ERR_TIMEOUT: return "a longer time-out waits longer; a call may still run until then, ask the service before you repeat it";
    case VMS_ERR_CLOSED: return "whether calls that were under way ran is not known; ask the service before you repeat them";
    case VMS_ERR_REMOTE:
      if (strstr(error->message, "not speak TLS") != NULL) return "a host without a certificate has ws:// URLs: compare yours with the one that vms-host printed";
      if (strstr(error->message, "receipt") != NULL) return "the call may have run: ask the service before you repeat it; is something in between that changes what is said?";
      return "compare the URL with the one that vms-host printed: what answers there is no such service";
    case VMS_ERR_UNSUPPORTED: return "give a URL as vms-host printed it";
    case VMS_ERR_MISSING:
      if (strstr(error->message, "mirror") != NULL) return "ask the original host, or wait until somebody brings the copy up to date (vms-audit --store)";
      return "the host leaves out what it should show";
    case VMS_ERR_CONFLICT:
      if (strstr(error->message, "the host signed") != NULL || strstr(error->message, "nobody signed") != NULL)
        return "do not rely on this service; keep the evidence, vms-audit --check FILE judges it";
      return "ask its owner whether a copy was put back, or who is on the way to it (wss:// shuts others out); vms-audit URL judges it";
    default: return "";
  }
}

const char *vms_code_name(int32_t code) {
  switch (code) {
    case VMS_CODE_PARSE: return "ParseError";
    case VMS_CODE_INVALID_REQUEST: return "InvalidRequest";
    case VMS_CODE_NO_METHOD: return "MethodNotFound";
    case VMS_CODE_PARAMS: return "InvalidParams";
    case VMS_CODE_INTERNAL: return "InternalError";
    case VMS_CODE_ABORTED: return "Aborted";
    case VMS_CODE_SIGNATURE: return "BadSignature";
    case VMS_CODE_NONCE: return "BadNonce";
    case VMS_CODE_NOT_ALLOWED: return "NotAllowed";
    case VMS_CODE_BUSY: return "Busy";
    case VMS_CODE_SHUTDOWN: return "ShuttingDown";
    case VMS_CODE_NO_SERVICE: return "NoService";
    case VMS_CODE_STORAGE: return "StorageFailed";
    case VMS_CODE_SEEN: return "UnknownHead";
    case VMS_CODE_EXPIRED: return "Expired";
    default: return "";
  }
}

/* --- texts ---------------------------------------------------------------------------------------------------------- */

void vms_text_free(char *text) {
  if (text != NULL) vms__free(NULL, text, strlen(text) + 1);
}

static int string(vms_buffer *json, const char *text) {
  vms_slice shown = vms__slice_of(text);
  if (!vms__utf8_valid(shown.data, shown.len)) shown = VMS__TEXT("(a message that is not UTF-8)");
  return vms__buf_json_string(json, shown.data, shown.len);
}

/* What is written so far is the inside of an object: closes it, says what could not be kept, gives it away. */
static int give(vms_client *client, vms_buffer *json, int written, int status, char **text) {
  vms_error warning = { 0, 0, 0, "" };
  if (written == VMS_OK && client != NULL && vms_client_warning(client, &warning) != VMS_OK) {
    written = vms__buf_text(json, json->len > 1 ? ",\"warning\":" : "\"warning\":");
    if (written == VMS_OK) written = string(json, warning.message);
  }
  if (written == VMS_OK) written = vms__buf_byte(json, '}');
  if (written != VMS_OK) {
    vms_buffer_free(json);
    return status == VMS_OK ? VMS_ERR_NOMEM : status;
  }
  *text = json->data;
  return status;
}

/* No answer. */
static int give_failure(vms_client *client, int status, const vms_error *error, char **text) {
  const char *evidence = client == NULL || status != VMS_ERR_CONFLICT ? NULL : vms_client_evidence(client);
  vms_buffer json = VMS_BUFFER_INIT;
  int written = vms__buf_format(&json, "{\"error\":{\"status\":\"%s\",\"message\":", vms_status_name(status));
  if (written == VMS_OK) written = string(&json, error->message);
  if (written == VMS_OK) written = vms__buf_text(&json, ",\"hint\":");
  if (written == VMS_OK) written = string(&json, vms_client_hint(error));
  if (written == VMS_OK && evidence != NULL) written = vms__buf_text(&json, ",\"evidence\":");
  if (written == VMS_OK && evidence != NULL) written = string(&json, evidence);
  if (written == VMS_OK) written = vms__buf_byte(&json, '}');
  return give(client, &json, written, status, text);
}

static int member(vms_buffer *json, const char *name, vms_slice value) {
  int status = vms__buf_format(json, "%s\"%s\":", json->len > 1 ? "," : "", name);
  return status == VMS_OK ? vms__buf_slice(json, value) : status;
}

static int error_object(vms_buffer *json, const vms_rpc_reply *reply) {
  int status = vms__buf_format(json, "\"error\":{\"code\":%d,\"message\":", (int)reply->code);
  if (status == VMS_OK) status = vms__buf_json_string(json, reply->message.data == NULL ? "" : reply->message.data, reply->message.len);
  if (status == VMS_OK && reply->data.len > 0) status = vms__buf_text(json, ",\"data\":");
  if (status == VMS_OK && reply->data.len > 0) status = vms__buf_slice(json, vms__buf_view(&reply->data));
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

/* An answer. call: it is that of vms.call. */
static int give_reply(vms_client *client, const vms_rpc_reply *reply, bool call, char **text) {
  static const char *const names[] = { "result", "seq", "receipt" };
  vms_buffer json = VMS_BUFFER_INIT;
  vms_slice value;
  int written = vms__buf_byte(&json, '{');
  if (written == VMS_OK && reply->code != 0) written = error_object(&json, reply);
  else if (!call && written == VMS_OK) written = member(&json, "result", vms__buf_view(&reply->result));
  for (size_t i = 0; call && reply->code == 0 && written == VMS_OK && i < sizeof names / sizeof names[0]; i++)
    if (vms__json_member(vms__buf_view(&reply->result), names[i], &value)) written = member(&json, names[i], value);
  return give(client, &json, written, VMS_OK, text);
}

/* --- options ----------------------------------------------------------------------------------------------------------- */

/* Seconds, with at most three digits behind the point. */
static bool read_seconds(vms_slice text, uint32_t *ms) {
  const char *point = memchr(text.data, '.', text.len);
  vms_slice whole = { text.data, point == NULL ? text.len : (size_t)(point - text.data) };
  uint64_t number, scale = 1000;
  if (!vms__uint_decode(whole, &number) || number > TIMEOUT_S_MAX) return false;
  number *= 1000;
  for (size_t i = whole.len + 1; i < text.len; i++) {
    if (text.data[i] < '0' || text.data[i] > '9' || scale == 1) return false;
    scale /= 10;
    number += (uint64_t)(text.data[i] - '0') * scale;
  }
  *ms = (uint32_t)number;
  return number > 0;
}

static bool read_string(vms_slice json, vms_buffer *text) {
  return json.data[0] == '"' && vms_json_unquote(json, text) == VMS_OK && text->len > 0 && memchr(text->data, 0, text->len) == NULL;
}

static bool read_flag(vms_slice json, bool *flag) {
  *flag = vms__slice_is(json, "true");
  return *flag || vms__slice_is(json, "false");
}

/* What vms_client_connect() was told. */
typedef struct wishes {
  vms_client_options options;
  vms_buffer key, ca, keep;
  bool keeps, anonymous;
} wishes;

static bool read_wish(wishes *wanted, vms_slice name, vms_slice value) {
  bool flag = true;
  if (vms__slice_is(name, "key")) return read_string(value, &wanted->key);
  if (vms__slice_is(name, "timeout")) return read_seconds(value, &wanted->options.timeout_ms);
  if (vms__slice_is(name, "ca")) return read_string(value, &wanted->ca);
  if (vms__slice_is(name, "keep") && value.data[0] == '"') return read_string(value, &wanted->keep);
  if (vms__slice_is(name, "keep")) return read_flag(value, &wanted->keeps);
  if (vms__slice_is(name, "anonymous")) return read_flag(value, &wanted->anonymous);
  if (vms__slice_is(name, "receipts") && read_flag(value, &flag)) {
    if (!flag) wanted->options.flags |= VMS_CLIENT_NO_RECEIPT;
    return true;
  }
  if (vms__slice_is(name, "retry") && read_flag(value, &flag)) {
    if (!flag) wanted->options.flags |= VMS_CLIENT_NO_RETRY;
    return true;
  }
  return false;
}

static int read_wishes(wishes *wanted, const char *options, vms_error *error) {
  const char *iterator = NULL;
  vms_buffer text = VMS_BUFFER_INIT;
  vms_slice name, value;
  int status = VMS_OK;
  wanted->options = (vms_client_options)VMS_CLIENT_OPTIONS_INIT;
  wanted->keeps = true;
  if (options == NULL) return VMS_OK;
  status = vms_json_compact(vms__slice_of(options), &text);
  if (status == VMS_ERR_NOMEM) vms__client_out_of_memory(error);
  else if (status != VMS_OK || text.data[0] != '{') status = vms__fail(error, VMS_ERR_ARGUMENT, 0, "the options are no JSON object");
  while (status == VMS_OK && vms__json_next(vms__buf_view(&text), &iterator, &name, &value))
    if (!read_wish(wanted, name, value)) status = vms__fail(error, VMS_ERR_ARGUMENT, 0, "there is no option \"%.*s\", or not with this value", (int)VMS__MIN(name.len, 40u), name.data);
  vms_buffer_free(&text);
  return status;
}

/* --- the client ------------------------------------------------------------------------------------------------------------ */

static int open_client(vms_client **client, const char *url, wishes *wanted, vms_error *error) {
  vms_keep *keep = NULL;
  vms_error unkept = { 0, 0, 0, "" };
  int status;
  if (wanted->keeps && vms_keep_open(&keep, wanted->keep.data, &unkept) != VMS_OK) keep = NULL; /* a warning, as when it is full */
  wanted->options.keep = keep;
  wanted->options.ca = wanted->ca.data;
  status = vms_client_open(client, url, &wanted->options, error);
  if (status != VMS_OK) {
    vms_keep_close(keep);
    return status;
  }
  (*client)->own_keep = keep;
  (*client)->anonymous = wanted->anonymous;
  (*client)->key = wanted->key;
  wanted->key = (vms_buffer)VMS_BUFFER_INIT;
  if (unkept.status != VMS_OK) (*client)->warning = unkept;
  return VMS_OK;
}

/* Who is there, and what can be called. */
static int introduce(vms_client *client, vms_buffer *json, vms_error *error) {
  vms_rpc_reply reply;
  vms_slice methods;
  uint8_t ledger[VMS_KEY_LEN];
  int status = vms_client_ledger(client, ledger, error), written;
  vms_rpc_reply_init(&reply, NULL);
  if (status == VMS_OK) status = vms_client_request(client, "vms.info", (vms_slice){ NULL, 0 }, &reply, error);
  if (status == VMS_OK && (reply.code != 0 || !vms__json_member(vms__buf_view(&reply.result), "methods", &methods)))
    status = vms__fail(error, VMS_ERR_REMOTE, 0, "vms.info does not tell the methods");
  if (status == VMS_OK) {
    written = vms__buf_text(json, "{\"result\":{\"ledger\":\"");
    if (written == VMS_OK) written = vms__buf_hex(json, ledger, sizeof ledger);
    if (written == VMS_OK) written = vms__buf_text(json, "\",\"methods\":");
    if (written == VMS_OK) written = vms__buf_slice(json, methods);
    if (written == VMS_OK) written = vms__buf_byte(json, '}');
    if (written != VMS_OK) status = vms__client_out_of_memory(error);
  }
  vms_rpc_reply_free(&reply);
  return status;
}

int vms_client_connect(vms_client **client, const char *url, const char *options, char **text) {
  wishes wanted;
  vms_buffer json = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int status;
  *client = NULL;
  *text = NULL;
  memset(&wanted, 0, sizeof wanted);
  status = read_wishes(&wanted, options, &error);
  if (status == VMS_OK) status = open_client(client, url, &wanted, &error);
  if (status == VMS_OK) status = introduce(*client, &json, &error);
  vms_buffer_free(&wanted.key);
  vms_buffer_free(&wanted.ca);
  vms_buffer_free(&wanted.keep);
  if (status == VMS_OK) return give(*client, &json, VMS_OK, VMS_OK, text);
  vms_buffer_free(&json);
  status = give_failure(*client, status, &error, text);
  vms_client_close(*client);
  *client = NULL;
  return status;
}

static int use_seed(vms_client *client, vms_error *error) {
  if (client->has_seed) return VMS_OK;
  int status = vms_key_load(client->key.data, client->seed, error);
  client->has_seed = status == VMS_OK;
  return status;
}

static int call(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_error *error) {
  uint64_t id;
  int status = VMS_OK;
  if (client->anonymous) status = vms_client_call_send_unsigned(client, method, params, &id, error);
  else if ((status = use_seed(client, error)) == VMS_OK) status = vms_client_call_send(client, client->seed, method, params, &id, error);
  if (status == VMS_OK) status = vms__ask_wait(client, id, vms__client_deadline(client), reply, error);
  return status == VMS_OK ? vms__ask_settle(client, error) : status;
}

int vms_client_call_text(vms_client *client, const char *method, const char *params, char **text) {
  bool plain = strchr(method, '.') != NULL;
  vms_buffer given = VMS_BUFFER_INIT;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  int status;
  *text = NULL;
  vms_rpc_reply_init(&reply, NULL);
  if (params != NULL && strlen(params) > INPUT_LEN_MAX) status = vms__fail(&error, VMS_ERR_LIMIT, 0, "the parameters are longer than any host takes");
  else if ((status = vms_json_compact(vms__slice_of(params == NULL ? "[]" : params), &given)) == VMS_ERR_NOMEM) vms__client_out_of_memory(&error);
  else if (status != VMS_OK || (given.data[0] != '[' && !(plain && given.data[0] == '{')))
    status = vms__fail(&error, VMS_ERR_FORM, 0, "the parameters are no JSON array");
  else if (plain) status = vms_client_request(client, method, vms__buf_view(&given), &reply, &error);
  else status = call(client, method, vms__buf_view(&given), &reply, &error);
  status = status == VMS_OK ? give_reply(client, &reply, !plain, text) : give_failure(client, status, &error, text);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&given);
  return status;
}

int vms_client_info_text(vms_client *client, char **text) { return vms_client_call_text(client, "vms.info", NULL, text); }

int vms_client_subscribe_text(vms_client *client, uint64_t from, char **text) {
  vms_buffer json = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int status = vms_client_subscribe(client, from, &error);
  *text = NULL;
  if (status != VMS_OK) return give_failure(client, status, &error, text);
  return give(client, &json, vms__buf_byte(&json, '{'), VMS_OK, text);
}

int vms_client_poll_text(vms_client *client, uint32_t timeout_ms, char **text) {
  vms_buffer json = VMS_BUFFER_INIT, record = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  uint64_t seq = 0;
  int status = vms_client_next(client, timeout_ms, &seq, &record, &error), written = vms__buf_byte(&json, '{');
  *text = NULL;
  if (status == VMS_OK && !vms__json_valid(vms__buf_view(&record), VMS__JSON_DEPTH_MAX, VMS__JSON_ANY))
    status = vms__fail(&error, VMS_ERR_REMOTE, seq, "record %llu is no JSON text", (unsigned long long)seq);
  if (status == VMS_OK && written == VMS_OK) {
    written = vms__buf_format(&json, "\"result\":{\"seq\":%llu,\"record\":", (unsigned long long)seq);
    if (written == VMS_OK) written = vms__buf_slice(&json, vms__buf_view(&record));
    if (written == VMS_OK) written = vms__buf_byte(&json, '}');
  }
  vms_buffer_free(&record);
  if (status == VMS_OK || status == VMS_ERR_NOT_FOUND) return give(client, &json, written, VMS_OK, text);
  vms_buffer_free(&json);
  return give_failure(client, status, &error, text);
}

/* SPDX-License-Identifier: MIT */
/* A connection as long as it speaks HTTP: who may ask, the upgrade to WebSocket, and JSON-RPC by POST, one request after the other. */
#include "internal.h"

#define USER_LEN_MAX 64u
#define NAME_LEN_MAX 100u /* of what somebody sent, as it is shown */
#define TYPE_JSON "application/json"
#define TYPE_TEXT "text/plain; charset=utf-8"

/* Takes user=<name> out of a query, as "debug:<name>"; a name that cannot be gives "debug:", which the service refuses. */
static int read_user(vms_slice query, vms_buffer *user) {
  const char *at = query.data, *end = query.len == 0 ? at : at + query.len;
  char name[USER_LEN_MAX];
  size_t len = 0;
  while (at < end && ((size_t)(end - at) < 5 || memcmp(at, "user=", 5) != 0)) {
    while (at < end && *at != '&') at++;
    if (at < end) at++;
  }
  if (at == end) return VMS_OK;
  for (at += 5; at < end && *at != '&'; at++) {
    int high = *at == '%' && end - at > 2 ? vms__rpc_hex_value(at[1]) : -1, low = high >= 0 ? vms__rpc_hex_value(at[2]) : -1;
    if (len == USER_LEN_MAX || (*at == '%' && low < 0)) return vms__buf_text(user, "debug:");
    name[len++] = low >= 0 ? (char)(high << 4 | low) : *at;
    if (low >= 0) at += 2;
  }
  int status = vms__buf_text(user, "debug:");
  return status == VMS_OK ? vms_buffer_append(user, name, len) : status;
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

/* The page that may read the answer, or none. */
static vms_slice allowed_origin(const vms_rpc_session *session) {
  vms_slice origin = vms__buf_view(&session->http.origin);
  return vms__origin_is_allowed(session->options.origins, origin) ? origin : (vms_slice){ NULL, 0 };
}

static int refuse_with(vms_rpc_session *session, unsigned status, vms_slice body, const char *type) {
  vms__http_reply reply = { .status = status, .body = body, .type = type, .origin = allowed_origin(session) };
  session->service = NULL;
  session->refused = true;
  session->posting = session->waiting = false;
  return vms__http_answer(&session->http, &reply, &session->plain);
}

/* Answers with a line of text and reads no more. */
static int refuse(vms_rpc_session *session, unsigned status, const char *reason) {
  vms_buffer body;
  vms_buffer_init(&body, session->env);
  int outcome = vms__buf_format(&body, "%s\n", reason);
  if (outcome == VMS_OK) outcome = refuse_with(session, status, vms__buf_view(&body), TYPE_TEXT);
  vms_buffer_free(&body);
  return outcome;
}

static bool is_shown(vms_slice name) {
  for (size_t i = 0; i < name.len; i++)
    if (name.data[i] <= ' ' || name.data[i] >= 0x7f || strchr("<>&\"'", name.data[i]) != NULL) return false;
  return name.len > 0 && name.len <= NAME_LEN_MAX;
}

/* The same, naming what somebody sent as far as it can be shown, and the option that would let it in. */
static int refuse_named(vms_rpc_session *session, const char *format, vms_slice name, const char *instead) {
  vms_buffer reason;
  int status;
  char shown[NAME_LEN_MAX + 1];
  if (!is_shown(name)) name = vms__slice_of(instead);
  memcpy(shown, name.data, name.len);
  shown[name.len] = 0;
  vms_buffer_init(&reason, session->env);
  status = vms__buf_text(&reason, format);
  if (status == VMS_OK) status = vms__buf_text(&reason, shown);
  if (status == VMS_OK) status = refuse(session, 403, reason.data);
  vms_buffer_free(&reason);
  return status;
}

static int refuse_path(vms_rpc_session *session, vms_slice path) {
  vms_rpc_reply reply;
  vms_buffer body;
  int status;
  vms_buffer_init(&body, session->env);
  vms_rpc_reply_init(&reply, session->env);
  vms__rpc_reply_error(&reply, VMS_CODE_NO_SERVICE, "no service at %.*s", is_shown(path) ? (int)path.len : 9, is_shown(path) ? path.data : "this path");
  status = vms__rpc_response_write(&body, VMS__TEXT("null"), &reply);
  if (status == VMS_OK) status = vms__buf_byte(&body, '\n');
  if (status == VMS_OK) status = refuse_with(session, 404, vms__buf_view(&body), TYPE_JSON);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&body);
  return status;
}

/* --- the head of a request ------------------------------------------------------------------------------------------ */

/* What is wrong with the request whoever sent it; 0 if nothing. */
static unsigned judge_form(const vms__http *http, const char **reason) {
  bool has_body = (http->have & VMS__HTTP_CHUNKS) != 0 || http->parser.content_length - 1 < UINT64_MAX - 1; /* UINT64_MAX: no length */
#define ANSWER(status, text) return *reason = text, status
  if (http->too_long) ANSWER(431, "the headers are longer than 16 KiB");
  if (http->too_large) ANSWER(413, "the body is too long");
  if (http->failed || http->nomem) ANSWER(400, "this is no HTTP/1.1 request");
  if (http->parser.http_major != 1 || http->parser.http_minor < 1) ANSWER(400, "HTTP/1.1 is needed");
  if ((http->have & VMS__HTTP_HOST) == 0 || (http->have & VMS__HTTP_TWICE) != 0) ANSWER(400, "exactly one Host header is needed, and at most one Origin and key");
  if (has_body && (http->parser.method == HTTP_GET || http->parser.method == HTTP_HEAD)) ANSWER(400, "a GET has no body");
  if ((http->have & VMS__HTTP_ENCODED) != 0) ANSWER(415, "the body has to be sent as it is, not packed");
  if ((http->have & VMS__HTTP_EXPECT_OTHER) != 0) ANSWER(417, "nothing but 100-continue can be expected");
#undef ANSWER
  return 0;
}

/* Answers a GET, by the upgrade if it is one. */
static int upgrade(vms_rpc_session *session) {
  const char *reason = "";
  unsigned http_status = vms__handshake_judge(&session->http, &reason);
  if (http_status != 101) return refuse(session, http_status, reason);
  session->stream = (session->service->flags & VMS_RPC_STREAM) != 0 && (session->http.have & VMS__HTTP_STREAM) != 0;
  int status = vms__handshake_switch(&session->http, session->stream, &session->plain);
  if (status == VMS_OK)
    status = vms__ws_init(&session->ws, VMS__WS_SERVER | (session->stream ? VMS__WS_STREAM : 0), session->options.message_len_max, session->env);
  if (status == VMS_OK) status = vms__ws_feed(&session->ws, session->input.data + session->input_at, session->input.len - session->input_at);
  vms_buffer_free(&session->input);
  session->input_at = 0;
  session->open = session->greeted = status == VMS_OK;
  return status;
}

/* The next request may come, on the same connection. */
static void next_request(vms_rpc_session *session) {
  vms__http_free(&session->http);
  vms__http_init(&session->http, true, session->env);
  session->posting = session->waiting = false;
}

/* What a page's browser asks first, or somebody who is curious. */
static int answer_options(vms_rpc_session *session) {
  vms__http_reply reply = { .status = 204, .origin = allowed_origin(session), .keep = vms__http_keeps(&session->http), .preflight = true };
  unsigned refusal = vms__http_body_begin(&session->http, 0);
  if (refusal != 0 || !session->http.whole) return refuse(session, 400, "an OPTIONS request has no body");
  int status = vms__http_answer(&session->http, &reply, &session->plain);
  session->refused = !reply.keep;
  if (reply.keep) next_request(session);
  return status;
}

static int begin_post(vms_rpc_session *session) {
  unsigned refusal = vms__http_body_begin(&session->http, session->options.message_len_max);
  bool waits = (session->http.have & VMS__HTTP_EXPECT) != 0 && !session->http.whole && session->input_at == session->input.len;
  if (refusal != 0) return refuse(session, refusal, "the body is too long");
  session->posting = true;
  session->keep = vms__http_keeps(&session->http);
  return waits ? vms__buf_text(&session->plain, "HTTP/1.1 100 Continue\r\n\r\n") : VMS_OK;
}

/* A head is there: is it from somebody who may ask, for something that there is? */
static int begin_request(vms_rpc_session *session) {
  const vms__http *http = &session->http;
  const char *reason = "";
  vms_slice path, query, host, name = vms__buf_view(&http->host), origin = vms__buf_view(&http->origin);
  unsigned refusal = judge_form(http, &reason), method = http->parser.method;
  bool all = method == HTTP_OPTIONS && vms__slice_is(vms__buf_view(&http->url), "*");
  if (refusal != 0) return refuse(session, refusal, reason);
  if (!vms__http_target(http, &path, &query, &host) && !all) return refuse(session, 400, "the path of the request is malformed");
  refusal = vms__origin_judge_host(&session->options, &name);
  if (refusal == 0 && !all && host.len > 0) {
    name = host;
    refusal = vms__origin_judge_host(&session->options, &name);
  }
  if (refusal == 400) return refuse(session, 400, "the Host header is malformed");
  if (refusal != 0) return refuse_named(session, "this host does not go by that name: start it with vms-host --allow-host ", name, "NAME");
  if ((http->have & VMS__HTTP_ORIGIN) != 0 && allowed_origin(session).len == 0)
    return refuse_named(session, "this web page may not talk to the host: start it with vms-host --allow-origin ", origin, "ORIGIN");
  if (method == HTTP_OPTIONS) return answer_options(session);
  if (method != HTTP_GET && method != HTTP_HEAD && method != HTTP_POST)
    return refuse(session, 405, "only POST, and GET to upgrade to WebSocket, are answered here");
  session->service = session->options.find(session->options.context, path);
  if (session->service == NULL) return refuse_path(session, path);
  vms_buffer_free(&session->user);
  int status = read_user(query, &session->user);
  if (status != VMS_OK) return status;
  return method == HTTP_POST ? begin_post(session) : upgrade(session);
}

/* --- bodies and answers ------------------------------------------------------------------------------------------------ */

/* The whole body is there. */
static int run_post(vms_rpc_session *session) {
  vms_buffer body = session->http.body;
  vms_buffer_init(&session->http.body, session->env);
  session->posting = false;
  session->waiting = session->greeted = true;
  int status = vms__rpc_session_message(session, vms__buf_view(&body));
  vms_buffer_free(&body);
  return status;
}

int vms__rpc_session_post_answer(vms_rpc_session *session, unsigned status, vms_slice text) {
  bool keep = session->keep && !session->closing;
  vms__http_reply reply = { .status = status, .body = text, .type = status == 503 ? TYPE_TEXT : TYPE_JSON, .origin = allowed_origin(session), .keep = keep };
  if (!session->waiting) return VMS_OK;
  int outcome = vms__http_answer(&session->http, &reply, &session->plain);
  session->refused = !keep;
  next_request(session);
  return outcome;
}

static int read_body(vms_rpc_session *session) {
  size_t used = 0;
  unsigned refusal = vms__http_body_feed(&session->http, session->input.data + session->input_at, session->input.len - session->input_at, &used);
  session->input_at += used;
  if (session->http.nomem) return VMS_ERR_NOMEM;
  if (refusal == 413) return refuse(session, 413, "the body is too long");
  return refusal == 0 ? VMS_OK : refuse(session, refusal, "the body's chunks are malformed");
}

static int read_head(vms_rpc_session *session) {
  size_t used = 0;
  vms__http_feed(&session->http, session->input.data + session->input_at, session->input.len - session->input_at, &used);
  session->input_at += used;
  if (session->http.nomem) return VMS_ERR_NOMEM;
  return session->http.done ? begin_request(session) : VMS_OK;
}

int vms__rpc_session_http(vms_rpc_session *session) {
  int status = VMS_OK;
  while (status == VMS_OK && !session->open && !session->refused && !session->waiting && !session->closing && !vms__rpc_session_is_full(session)) {
    if (session->posting && session->http.whole) status = run_post(session);
    else if (session->input_at == session->input.len) break;
    else status = session->posting ? read_body(session) : read_head(session);
  }
  if (session->input_at == session->input.len || session->refused) session->input_at = session->input.len = 0;
  return status;
}

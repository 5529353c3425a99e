/* SPDX-License-Identifier: MIT */
/* The server's end of one connection: upgrade, messages, batches, and replies held until they are durable; or,
 * with the subprotocol, a stream of bytes that the owner makes sense of. */
#include "internal.h"

#define MESSAGE_LEN_MAX ((uint64_t)2 << 20)
#define OUTPUT_LEN_MAX ((uint64_t)4 << 20)
#define BATCH_COUNT_MAX 1000u
#define USER_LEN_MAX 64u
#define ARRIVED_LEN_MAX ((size_t)256 << 10) /* of a stream that nobody takes */

/* The answer to one request of a message. */
typedef struct answer {
  vms_buffer id;    /* raw */
  vms_buffer text;  /* the whole response; empty for a notification */
  uint64_t needs;   /* records that must be durable first */
  uint64_t effort;  /* what it took beyond its text, as bytes */
} answer;

/* The answers to one message; they go out together. */
typedef struct group {
  struct group *next;
  answer *answers;
  size_t count, capacity;
  uint64_t needs; /* of all */
  bool batch;
} group;

struct vms_rpc_session {
  vms_rpc_options options;
  const vms_env *env;
  const vms_rpc_service *service; /* NULL before the upgrade */
  vms__handshake handshake;
  vms__ws ws;
  vms_buffer early;  /* the answer to the upgrade request, before ws has output */
  vms_buffer user;   /* "debug:<name>" from the URL, or empty */
  group *first, **end; /* held, in the order of the messages */
  uint64_t held;       /* how many */
  uint64_t held_len;   /* and their bytes */
  uint64_t effort;     /* of answers since the owner's last turn, as bytes */
  bool open, refused, closing, stream;
};

static bool is_full(const vms_rpc_session *session) {
  return session->ws.output.len + session->held_len + session->effort > session->options.output_len_max;
}

/* --- groups of answers ------------------------------------------------------------------------------------------ */

static void group_free(vms_rpc_session *session, group *held) {
  if (held == NULL) return;
  for (size_t i = 0; i < held->count; i++) {
    vms_buffer_free(&held->answers[i].id);
    vms_buffer_free(&held->answers[i].text);
  }
  vms__free(session->env, held->answers, held->capacity * sizeof *held->answers);
  vms__free(session->env, held, sizeof *held);
}

static answer *group_add(vms_rpc_session *session, group *held) {
  if (vms__grow(session->env, &held->answers, &held->capacity, held->count, 1, sizeof *held->answers) != VMS_OK) return NULL;
  answer *added = &held->answers[held->count++];
  added->needs = added->effort = 0;
  vms_buffer_init(&added->id, session->env);
  vms_buffer_init(&added->text, session->env);
  return added;
}

static uint64_t group_len(const group *held) {
  uint64_t len = 0;
  for (size_t i = 0; i < held->count; i++) len += held->answers[i].text.len;
  return len;
}

static int group_send(vms_rpc_session *session, const group *held) {
  vms_buffer text;
  size_t shown = 0;
  int status = VMS_OK;
  if (!held->batch) return held->answers[0].text.len == 0 ? VMS_OK : vms__ws_send(&session->ws, vms__buf_view(&held->answers[0].text));
  vms_buffer_init(&text, session->env);
  for (size_t i = 0; i < held->count && status == VMS_OK; i++) {
    if (held->answers[i].text.len == 0) continue;
    status = vms__buf_byte(&text, shown++ == 0 ? '[' : ',');
    if (status == VMS_OK) status = vms__buf_slice(&text, vms__buf_view(&held->answers[i].text));
  }
  if (status == VMS_OK && shown > 0) status = vms__buf_byte(&text, ']');
  if (status == VMS_OK && shown > 0) status = vms__ws_send(&session->ws, vms__buf_view(&text));
  vms_buffer_free(&text);
  return status;
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static int answer_error(vms_rpc_session *session, answer *out, vms_slice id, int32_t code, const char *message) {
  vms_rpc_reply reply;
  int status;
  vms_rpc_reply_init(&reply, session->env);
  vms__rpc_reply_error(&reply, code, "%s", message);
  vms__buf_clear(&out->text);
  status = vms__rpc_response_write(&out->text, id, &reply);
  vms_rpc_reply_free(&reply);
  return status;
}

/* Carries out one request of a message. */
static int answer_request(vms_rpc_session *session, group *held, vms_slice text, bool too_much) {
  answer *out = group_add(session, held);
  vms__rpc_request request;
  vms_rpc_reply reply;
  bool valid = vms__rpc_request_read(text, &request);
  int status;
  if (out == NULL) return VMS_ERR_NOMEM;
  if (!valid) return answer_error(session, out, request.id, VMS_CODE_INVALID_REQUEST, "this is no JSON-RPC 2.0 request");
  if (too_much && request.id.data == NULL) return VMS_OK;
  if (too_much) return answer_error(session, out, request.id, VMS_CODE_BUSY, "this batch is too much for one answer: ask in smaller batches");
  if (request.id.data != NULL && (status = vms__buf_slice(&out->id, request.id)) != VMS_OK) return status;
  vms_rpc_reply_init(&reply, session->env);
  status = vms__rpc_dispatch(session->service, vms__buf_view(&session->user), &request, &reply, &out->needs, &out->effort);
  if (status == VMS_OK && request.id.data != NULL) status = vms__rpc_response_write(&out->text, request.id, &reply);
  if (out->text.len == 0) out->needs = 0;
  else session->effort += out->effort; /* so whoever has to wait has an answer to take */
  held->needs = VMS__MAX(held->needs, out->needs);
  vms_rpc_reply_free(&reply);
  return status;
}

static int answer_batch(vms_rpc_session *session, group *held, vms_slice text) {
  const char *iterator = NULL;
  vms_slice name, each;
  size_t count = 0;
  uint64_t len = 0;
  int status = VMS_OK;
  while (vms__json_next(text, &iterator, &name, &each)) count++;
  if (count == 0 || count > BATCH_COUNT_MAX) {
    answer *out = group_add(session, held);
    return out == NULL ? VMS_ERR_NOMEM
                       : answer_error(session, out, VMS__TEXT("null"), VMS_CODE_INVALID_REQUEST,
                                      count == 0 ? "an empty batch" : "a batch holds at most 1000 requests");
  }
  held->batch = true;
  for (iterator = NULL; status == VMS_OK && vms__json_next(text, &iterator, &name, &each);) {
    status = answer_request(session, held, each, len > session->options.output_len_max);
    if (status == VMS_OK) len += held->answers[held->count - 1].text.len + held->answers[held->count - 1].effort;
  }
  return status;
}

static int handle_message(vms_rpc_session *session, vms_slice text) {
  group *held = vms__alloc(session->env, sizeof *held);
  const char *at = text.data, *end = text.len == 0 ? at : at + text.len;
  int status;
  if (held == NULL) return VMS_ERR_NOMEM;
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  text = (vms_slice){ at, (size_t)(end - at) };
  if (!vms__json_valid(text, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) {
    answer *out = group_add(session, held);
    status = out == NULL ? VMS_ERR_NOMEM : answer_error(session, out, VMS__TEXT("null"), VMS_CODE_PARSE, "this is no JSON text");
  } else {
    status = *at == '[' ? answer_batch(session, held, text) : answer_request(session, held, text, false);
  }
  if (status == VMS_OK && held->needs > session->service->durable(session->service->context)) {
    *session->end = held;
    session->end = &held->next;
    session->held++;
    session->held_len += group_len(held);
    return VMS_OK;
  }
  if (status == VMS_OK) status = group_send(session, held);
  group_free(session, held);
  return status;
}

/* Handles messages as long as there is room for their answers. */
static int pump(vms_rpc_session *session) {
  vms_buffer text;
  int status = VMS_OK;
  vms_buffer_init(&text, session->env);
  while (status == VMS_OK && session->open && !session->closing && !is_full(session)) {
    vms_buffer_free(&text);
    status = vms__ws_read(&session->ws);
    if (status != VMS_OK || !vms__ws_next(&session->ws, &text)) break;
    status = handle_message(session, vms__buf_view(&text));
  }
  vms_buffer_free(&text);
  return status;
}

/* --- the upgrade ---------------------------------------------------------------------------------------------------- */

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 32);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

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
    int high = *at == '%' && end - at > 2 ? hex_value(at[1]) : -1, low = high >= 0 ? hex_value(at[2]) : -1;
    if (len == USER_LEN_MAX || (*at == '%' && low < 0)) return vms__buf_text(user, "debug:");
    name[len++] = low >= 0 ? (char)(high << 4 | low) : *at;
    if (low >= 0) at += 2;
  }
  int status = vms__buf_text(user, "debug:");
  return status == VMS_OK ? vms_buffer_append(user, name, len) : status;
}

static int refuse(vms_rpc_session *session, unsigned http_status, vms_slice path, const char *reason) {
  vms_buffer body;
  int status;
  vms_buffer_init(&body, session->env);
  session->refused = true;
  if (http_status == 404) {
    vms_rpc_reply reply;
    bool shown = vms__utf8_valid(path.data, path.len) && path.len <= 128;
    vms_rpc_reply_init(&reply, session->env);
    vms__rpc_reply_error(&reply, VMS_CODE_NO_SERVICE, "no service at %.*s", shown ? (int)path.len : 9, shown ? path.data : "this path");
    status = vms__rpc_response_write(&body, VMS__TEXT("null"), &reply);
    vms_rpc_reply_free(&reply);
  } else {
    status = vms__buf_text(&body, reason);
  }
  if (status == VMS_OK) status = vms__buf_byte(&body, '\n');
  if (status == VMS_OK)
    status = vms__handshake_answer(http_status, vms__buf_view(&body),
                                   http_status == 404 ? "application/json" : "text/plain; charset=utf-8", &session->early);
  vms_buffer_free(&body);
  return status;
}

static int upgrade(vms_rpc_session *session) {
  const char *reason = "";
  vms_slice path = { NULL, 0 }, query = { NULL, 0 };
  unsigned http_status = vms__handshake_judge(&session->handshake, &reason);
  int status;
  bool known = session->handshake.nomem || session->handshake.failed || session->handshake.too_long;
  if (!known && (http_status == 101 || http_status == 426) && vms__handshake_target(&session->handshake, &path, &query)) {
    session->service = session->options.find(session->options.context, path);
    if (session->service == NULL) http_status = 404;
  }
  if (http_status != 101) {
    session->service = NULL;
    return refuse(session, http_status, path, reason);
  }
  status = read_user(query, &session->user);
  session->stream = (session->service->flags & VMS_RPC_STREAM) != 0 && vms__handshake_offers_stream(&session->handshake);
  if (status == VMS_OK) status = vms__handshake_switch(&session->handshake, session->stream, &session->early);
  if (status == VMS_OK)
    status = vms__ws_init(&session->ws, VMS__WS_SERVER | (session->stream ? VMS__WS_STREAM : 0), session->options.message_len_max, session->env);
  session->open = status == VMS_OK;
  return status;
}

/* --- public ----------------------------------------------------------------------------------------------------------- */

int vms_rpc_session_new(vms_rpc_session **session, const vms_rpc_options *options, vms_error *error) {
  vms_rpc_options known = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *made;
  int status = vms__options_load(&known, sizeof known, options, error);
  assert(session != NULL);
  *session = NULL;
  if (status != VMS_OK) return status;
  if (known.find == NULL) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a session needs a function to find services");
  if (known.message_len_max == 0) known.message_len_max = MESSAGE_LEN_MAX;
  if (known.output_len_max == 0) known.output_len_max = OUTPUT_LEN_MAX;
  made = vms__alloc(known.env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  made->options = known;
  made->env = known.env;
  made->end = &made->first;
  vms__handshake_init(&made->handshake, true, known.env);
  vms_buffer_init(&made->early, known.env);
  vms_buffer_init(&made->user, known.env);
  *session = made;
  return VMS_OK;
}

void vms_rpc_session_free(vms_rpc_session *session) {
  if (session == NULL) return;
  while (session->first != NULL) {
    group *held = session->first;
    session->first = held->next;
    group_free(session, held);
  }
  vms__ws_free(&session->ws);
  vms__handshake_free(&session->handshake);
  vms_buffer_free(&session->early);
  vms_buffer_free(&session->user);
  vms__free(session->env, session, sizeof *session);
}

static int finish(int status, vms_error *error) {
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a connection");
}

int vms_rpc_session_feed(vms_rpc_session *session, const void *bytes, size_t len, vms_error *error) {
  int status = VMS_OK;
  assert(session != NULL && (bytes != NULL || len == 0));
  if (len == 0 || session->refused || session->closing) return VMS_OK;
  if (!session->open) {
    size_t used;
    vms__handshake_feed(&session->handshake, bytes, len, &used);
    if (!session->handshake.done) return VMS_OK;
    status = upgrade(session);
    bytes = (const char *)bytes + used;
    len -= used;
  }
  if (status == VMS_OK && session->open) status = vms__ws_feed(&session->ws, bytes, len);
  if (status == VMS_OK) status = pump(session);
  return finish(status, error);
}

int vms_rpc_session_take(vms_rpc_session *session, vms_buffer *bytes, vms_error *error) {
  int status = vms__rpc_move(&session->early, bytes);
  if (status == VMS_OK) status = vms__rpc_move(&session->ws.output, bytes);
  session->effort = 0;
  if (status == VMS_OK) status = pump(session);
  return finish(status, error);
}

uint64_t vms_rpc_session_pending(const vms_rpc_session *session) { return session->early.len + session->ws.output.len; }

int vms_rpc_session_wants_read(const vms_rpc_session *session) {
  if (session->refused || session->closing) return 0;
  return !session->open ||
         (!is_full(session) && session->ws.arrived.len < ARRIVED_LEN_MAX && !vms__ws_close_sent(&session->ws));
}

int vms_rpc_session_wants_close(const vms_rpc_session *session) {
  return session->refused || (session->open && vms__ws_close_sent(&session->ws));
}

int vms_rpc_session_is_open(const vms_rpc_session *session) { return session->open; }
int vms_rpc_session_is_stream(const vms_rpc_session *session) { return session->stream; }
uint64_t vms_rpc_session_held(const vms_rpc_session *session) { return session->held; }
const vms_rpc_service *vms_rpc_session_service(const vms_rpc_session *session) { return session->service; }

/* Sends the held groups that `durable` lets out; not in order only where a reading request waits for less. */
int vms_rpc_session_release(vms_rpc_session *session, uint64_t durable, vms_error *error) {
  int status = VMS_OK;
  for (group **at = &session->first; *at != NULL && status == VMS_OK;) {
    group *held = *at;
    if (held->needs > durable) {
      at = &held->next;
      continue;
    }
    status = group_send(session, held);
    if (session->end == &held->next) session->end = at;
    *at = held->next;
    session->held--;
    session->held_len -= group_len(held);
    group_free(session, held);
  }
  return finish(status, error);
}

int vms_rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message, vms_error *error) {
  int status = VMS_OK;
  uint64_t durable = session->service == NULL ? 0 : session->service->durable(session->service->context);
  for (group *held = session->first; held != NULL; held = held->next)
    for (size_t i = 0; i < held->count && status == VMS_OK; i++)
      if (held->answers[i].needs > durable) {
        session->held_len -= held->answers[i].text.len;
        status = answer_error(session, &held->answers[i], vms__buf_view(&held->answers[i].id), code, message);
        session->held_len += held->answers[i].text.len;
      }
  return status == VMS_OK ? vms_rpc_session_release(session, UINT64_MAX, error) : finish(status, error);
}

int vms_rpc_session_close(vms_rpc_session *session, uint16_t code, const char *reason, vms_error *error) {
  int status = VMS_OK;
  session->closing = true;
  if (session->open) status = vms__ws_close(&session->ws, code, reason);
  else session->refused = true;
  return finish(status, error);
}

int vms_rpc_session_stream_take(vms_rpc_session *session, vms_buffer *bytes, vms_error *error) {
  assert(session != NULL && bytes != NULL);
  return session->stream ? finish(vms__ws_stream_take(&session->ws, bytes), error) : VMS_OK;
}

int vms_rpc_session_stream_send(vms_rpc_session *session, const void *bytes, size_t len, vms_error *error) {
  assert(session != NULL && session->stream && (bytes != NULL || len == 0));
  return finish(vms__ws_stream_send(&session->ws, bytes, len), error);
}

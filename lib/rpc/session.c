/* SPDX-License-Identifier: MIT */
/* The server's end of one connection: upgrade, messages, batches, and replies held until they are durable; or,
 * with the subprotocol, a stream of bytes that the owner makes sense of. */
#include "internal.h"

#define MESSAGE_LEN_MAX ((uint64_t)2 << 20)
#define OUTPUT_LEN_MAX ((uint64_t)4 << 20)
#define AHEAD_LEN ((size_t)256 << 10)        /* of answers that are made before the first one is taken: it is time that others wait for */
#define FOLLOW_LEN ((size_t)32 << 10)       /* of notifications that are made ahead of who takes them */
#define ARRIVED_LEN_MAX ((size_t)256 << 10) /* of a stream that nobody takes */

bool vms__rpc_session_is_full(const vms_rpc_session *session) {
  if (session->plain.len + session->ws.output.len > AHEAD_LEN) return true; /* held answers do not count: more calls may be under way */
  return session->plain.len + session->ws.output.len + session->held_len + session->effort > session->options.output_len_max;
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

int vms__rpc_session_send(vms_rpc_session *session, vms_slice text) {
  if (!session->open) return vms__rpc_session_post_answer(session, text.len == 0 ? 204 : 200, text);
  return text.len == 0 ? VMS_OK : vms__ws_send(&session->ws, text);
}

int vms__rpc_session_overflow(vms_rpc_session *session) {
  static const char reason[] = "too many answers wait at once: send the same requests again, a few at a time";
  if (!session->open) {
    session->keep = false;
    return vms__rpc_session_post_answer(session, 503, vms__slice_of(reason));
  }
  session->closing = true;
  return vms__ws_close(&session->ws, 1013, reason);
}

/* Tells a subscriber about a record. */
static int tell(vms_rpc_session *session, uint64_t seq, vms_buffer *record, vms_buffer *text) {
  vms_error error;
  int status = session->service->record(session->service->context, seq, record, &error);
  if (status == VMS_ERR_NOMEM) return status;
  if (status != VMS_OK) {
    session->closing = true;
    return vms__ws_close(&session->ws, 1011, "a record cannot be read");
  }
  status = vms__buf_format(text, "{\"jsonrpc\":\"2.0\",\"method\":\"vms.appended\",\"params\":{\"seq\":%llu,\"record\":", (unsigned long long)seq);
  if (status == VMS_OK) status = vms__buf_json_string(text, record->data, record->len);
  if (status == VMS_OK) status = vms__buf_text(text, "}}");
  return status == VMS_OK ? vms__rpc_session_send(session, vms__buf_view(text)) : status;
}

/* Tells a subscriber about what was published, as far as there is room: a record is read when it can be sent. */
static int follow(vms_rpc_session *session) {
  vms_buffer record, text;
  int status = VMS_OK;
  if (!session->follows || session->closing) return VMS_OK;
  vms_buffer_init(&record, session->env);
  vms_buffer_init(&text, session->env);
  while (status == VMS_OK && !session->closing && !vms__ws_close_sent(&session->ws) && session->ws.output.len < FOLLOW_LEN &&
         session->next_seq < session->service->published(session->service->context)) {
    vms__buf_clear(&record);
    vms__buf_clear(&text);
    status = tell(session, session->next_seq++, &record, &text);
  }
  vms_buffer_free(&record);
  vms_buffer_free(&text);
  return status;
}

/* Handles what came as long as there is room for the answers. */
static int pump(vms_rpc_session *session) {
  vms_buffer text;
  int status = session->open ? VMS_OK : vms__rpc_session_http(session);
  vms_buffer_init(&text, session->env);
  while (status == VMS_OK && session->open && !session->closing && !vms__rpc_session_is_full(session)) {
    vms_buffer_free(&text);
    session->ws.patient = session->held > 0; /* whoever says goodbye has the answers to what they asked before */
    status = vms__ws_read(&session->ws);
    if (status != VMS_OK || !vms__ws_next(&session->ws, &text)) break;
    status = vms__rpc_session_message(session, vms__buf_view(&text));
  }
  vms_buffer_free(&text);
  return status == VMS_OK ? follow(session) : status;
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
  vms__http_init(&made->http, true, known.env);
  vms_buffer_init(&made->input, known.env);
  vms_buffer_init(&made->plain, known.env);
  vms_buffer_init(&made->user, known.env);
  *session = made;
  return VMS_OK;
}

void vms_rpc_session_free(vms_rpc_session *session) {
  if (session == NULL) return;
  vms__rpc_session_drop(session);
  vms__ws_free(&session->ws);
  vms__http_free(&session->http);
  vms_buffer_free(&session->input);
  vms_buffer_free(&session->plain);
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
  status = session->open ? vms__ws_feed(&session->ws, bytes, len) : vms_buffer_append(&session->input, bytes, len);
  if (status == VMS_OK) status = pump(session);
  return finish(status, error);
}

int vms_rpc_session_take(vms_rpc_session *session, vms_buffer *bytes, vms_error *error) {
  int status = vms__rpc_move(&session->plain, bytes);
  if (status == VMS_OK) status = vms__rpc_move(&session->ws.output, bytes);
  session->effort = 0;
  if (status == VMS_OK) status = pump(session);
  return finish(status, error);
}

uint64_t vms_rpc_session_pending(const vms_rpc_session *session) { return session->plain.len + session->ws.output.len; }

int vms_rpc_session_wants_read(const vms_rpc_session *session) {
  if (session->refused || session->closing || vms__rpc_session_is_full(session)) return 0;
  if (!session->open) return !session->waiting || session->input.len == session->input_at;
  return (!session->stream || session->ws.arrived.len < ARRIVED_LEN_MAX) && !vms__ws_close_sent(&session->ws);
}

int vms_rpc_session_wants_close(const vms_rpc_session *session) {
  return session->refused || (session->open && vms__ws_close_sent(&session->ws));
}

uint64_t vms_rpc_session_begun(const vms_rpc_session *session) {
  if (session->open) return vms__ws_begun(&session->ws);
  return session->refused || session->waiting ? 0 : session->http.seen + session->http.body.len;
}

int vms_rpc_session_is_websocket(const vms_rpc_session *session) { return session->open; }

int vms_rpc_session_ping(vms_rpc_session *session, vms_error *error) {
  return session->open && !session->closing ? finish(vms__ws_ping(&session->ws), error) : VMS_OK;
}

int vms_rpc_session_is_open(const vms_rpc_session *session) { return session->greeted; }
int vms_rpc_session_is_stream(const vms_rpc_session *session) { return session->stream; }
uint64_t vms_rpc_session_held(const vms_rpc_session *session) { return session->held; }
const vms_rpc_service *vms_rpc_session_service(const vms_rpc_session *session) { return session->service; }

void *vms_rpc_session_owner(const vms_rpc_session *session) { return session->options.owner; }
int vms_rpc_session_follows(const vms_rpc_session *session) { return session->follows && !session->closing; }

int vms_rpc_session_answer(vms_rpc_session *session, uint64_t ticket, const vms_outcome *outcome, vms_error *error) {
  assert(session != NULL && outcome != NULL);
  return finish(vms__rpc_session_answer(session, ticket, outcome), error);
}

int vms_rpc_session_release(vms_rpc_session *session, uint64_t durable, vms_error *error) {
  int status = vms__rpc_session_release(session, durable);
  return finish(status == VMS_OK ? follow(session) : status, error);
}

int vms_rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message, vms_error *error) {
  return finish(vms__rpc_session_fail(session, code, message), error);
}

int vms_rpc_session_close(vms_rpc_session *session, uint16_t code, const char *reason, vms_error *error) {
  int status = VMS_OK;
  session->closing = true;
  if (session->open) status = vms__ws_close(&session->ws, code, reason);
  else if (!session->waiting) session->refused = true;
  session->keep = false;
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

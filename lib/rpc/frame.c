/* SPDX-License-Identifier: MIT */
/* WebSocket frames (RFC 6455, sections 5 to 7): wslay's event interface over byte buffers. */
#include "internal.h"

#include <wslay/wslay.h>

struct vms__ws_message {
  vms__ws_message *next;
  vms_buffer text;
};

/* Input that wslay took is dropped in one go once it is this much. */
#define COMPACT_LEN ((size_t)64 << 10)

#define CLOSE_FRAME_LEN 131u /* at most: head, mask, code, reason */

/* A stream goes out in messages of at most this: whoever gathers whole messages shall not need much memory. */
#define STREAM_MESSAGE_LEN ((size_t)64 << 10)

static void refuse_frame(vms__ws *ws, uint16_t code, const char *reason) {
  ws->malformed = reason;
  ws->malformed_code = code;
}

/* A data frame's header is there: what it announces is refused before it comes. Frames that break the order of fragments or use what is
 * reserved are left to wslay. */
static void judge_data(vms__ws *ws, uint64_t payload) {
  unsigned opcode = ws->head[0] & 15;
  if ((ws->head[0] & 0x70) != 0 || (opcode == WSLAY_CONTINUATION_FRAME) != ws->in_pieces || opcode > WSLAY_BINARY_FRAME) return;
  ws->message_len = opcode == WSLAY_CONTINUATION_FRAME ? ws->message_len + payload : payload; /* below 2^63 each, and bounded before */
  ws->in_pieces = ws->head[0] < 0x80;
  if (ws->stream) return;
  if (opcode == WSLAY_BINARY_FRAME) refuse_frame(ws, WSLAY_CODE_UNSUPPORTED_DATA, "text only");
  else if (ws->message_len > ws->message_len_max) refuse_frame(ws, WSLAY_CODE_MESSAGE_TOO_BIG, "the message is too long");
}

/* Looks at the frames that wslay is about to see, for two reasons. wslay does not check that frames are masked as the
 * RFC demands, and closes without a code for headers that cannot be; and it shall see one frame at a time, so that a message is answered before the next frame has
 * any effect, however the bytes were cut. Returns how many of the bytes belong to this frame and may be shown. */
static size_t frame_step(vms__ws *ws, const uint8_t *bytes, size_t len) {
  size_t at = 0;
  while (at < len && ws->skip == 0) {
    ws->head[ws->head_len++] = bytes[at++];
    if (ws->head_len < 2) continue;
    bool masked = ws->head[1] >> 7 != 0;
    unsigned small = ws->head[1] & 127, more = small == 126 ? 2 : small == 127 ? 8 : 0;
    if (masked != ws->server) refuse_frame(ws, WSLAY_CODE_PROTOCOL_ERROR, ws->server ? "a frame without mask" : "a masked frame");
    if ((ws->head[0] & 8) != 0 && (ws->head[0] < 0x80 || small > 125)) refuse_frame(ws, WSLAY_CODE_PROTOCOL_ERROR, "a control frame too long or in pieces");
    if ((ws->head[0] & 15) == 8 && small == 1) refuse_frame(ws, WSLAY_CODE_PROTOCOL_ERROR, "half a close code");
    uint64_t payload = more == 0 ? small : 0;
    for (unsigned i = 0; i < more; i++) payload = payload << 8 | ws->head[2 + i];
    if (ws->head_len >= 2 + more && ((more == 2 && payload < 126) || (more == 8 && (payload < 65536 || payload > INT64_MAX))))
      refuse_frame(ws, WSLAY_CODE_PROTOCOL_ERROR, "a length that is not in its shortest form");
    if (ws->malformed != NULL) return 0;
    if (ws->head_len < 2 + more + (masked ? 4 : 0)) continue;
    if ((ws->head[0] & 8) == 0) judge_data(ws, payload);
    if (ws->malformed != NULL) return 0;
    ws->head_len = 0;
    ws->skip = payload;
    ws->in_data = (ws->head[0] & 8) == 0;
    if (ws->in_data && (ws->head[0] & 15) != 0) ws->gathered = 0;
    if (ws->skip == 0) return at;
  }
  size_t body = (size_t)VMS__MIN(ws->skip, (uint64_t)(len - at));
  ws->skip -= body;
  if (ws->in_data) ws->gathered += body;
  return at + body;
}

/* True if a control frame has begun that is not there as a whole. wslay checks the reason of a close frame piece by piece,
 * but takes the first two bytes of each piece for the code. */
static bool half_a_control_frame(const vms__ws *ws, const uint8_t *bytes, size_t len) {
  if (ws->head_len > 0 || ws->skip > 0 || (bytes[0] & 8) == 0) return false;
  if (len < 2) return true;
  unsigned small = bytes[1] & 127;
  bool masked = bytes[1] >> 7 != 0;
  return small <= 125 && masked == ws->server && len < (size_t)2 + (masked ? 4 : 0) + small;
}

static ssize_t on_recv(wslay_event_context_ptr wslay, uint8_t *bytes, size_t len, int flags, void *user) {
  vms__ws *ws = user;
  size_t left = ws->input.len - ws->input_at;
  uint8_t *input = left == 0 ? NULL : (uint8_t *)ws->input.data + ws->input_at;
  (void)flags;
  if (left == 0 || ws->frame_done || ws->malformed != NULL || half_a_control_frame(ws, input, left)) len = 0;
  else len = frame_step(ws, input, VMS__MIN(len, left));
  if (len == 0) {
    wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(bytes, ws->input.data + ws->input_at, len);
  ws->input_at += len;
  ws->frame_done = ws->skip == 0 && ws->head_len == 0;
  return (ssize_t)len;
}

static ssize_t on_send(wslay_event_context_ptr wslay, const uint8_t *bytes, size_t len, int flags, void *user) {
  vms__ws *ws = user;
  (void)flags;
  if (vms_buffer_append(&ws->output, bytes, len) == VMS_OK) return (ssize_t)len;
  ws->nomem = true;
  wslay_event_set_error(wslay, WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static int on_mask(wslay_event_context_ptr wslay, uint8_t *bytes, size_t len, void *user) {
  vms__ws *ws = user;
  if (ws->env->entropy(ws->env->context, bytes, len) == VMS_OK) return 0;
  wslay_event_set_error(wslay, WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static void refuse_data(wslay_event_context_ptr wslay, const char *reason) {
  wslay_event_queue_close(wslay, WSLAY_CODE_UNSUPPORTED_DATA, (const uint8_t *)reason, strlen(reason));
  wslay_event_shutdown_read(wslay);
}

/* Control frames may come between the frames of a message; a message's first frame names its kind. */
static void on_frame(wslay_event_context_ptr wslay, const struct wslay_event_on_frame_recv_start_arg *arg, void *user) {
  vms__ws *ws = user;
  if (ws->stream && arg->opcode == WSLAY_TEXT_FRAME) refuse_data(wslay, "binary only");
  ws->data = arg->opcode == WSLAY_CONTINUATION_FRAME || arg->opcode == (ws->stream ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME);
}

static void on_chunk(wslay_event_context_ptr wslay, const struct wslay_event_on_frame_recv_chunk_arg *arg, void *user) {
  vms__ws *ws = user;
  (void)wslay;
  if (ws->data && vms_buffer_append(&ws->arrived, arg->data, arg->data_length) != VMS_OK) ws->nomem = true;
}

static void on_message(wslay_event_context_ptr wslay, const struct wslay_event_on_msg_recv_arg *arg, void *user) {
  vms__ws *ws = user;
  vms__ws_message *message;
  (void)wslay;
  if (ws->stream || arg->opcode != WSLAY_TEXT_FRAME || ws->nomem) return;
  message = vms__alloc(ws->env, sizeof *message);
  if (message == NULL) {
    ws->nomem = true;
    return;
  }
  message->text = ws->arrived;
  vms_buffer_init(&ws->arrived, ws->env);
  *ws->end = message;
  ws->end = &message->next;
}

int vms__rpc_move(vms_buffer *from, vms_buffer *to) {
  int status = VMS_OK;
  if (from->len == 0) return VMS_OK;
  if (to->len == 0 && to->env == from->env) {
    vms_buffer swap = *to;
    *to = *from;
    *from = swap;
  } else {
    status = vms_buffer_append(to, from->data, from->len);
  }
  if (status == VMS_OK) from->len = 0;
  return status;
}

int vms__ws_init(vms__ws *ws, unsigned kind, uint64_t message_len_max, const vms_env *env) {
  static const struct wslay_event_callbacks callbacks = { on_recv, on_send, on_mask, on_frame, on_chunk, NULL, on_message };
  int failed;
  memset(ws, 0, sizeof *ws);
  ws->env = env;
  ws->server = (kind & VMS__WS_SERVER) != 0;
  ws->stream = (kind & VMS__WS_STREAM) != 0;
  ws->message_len_max = message_len_max;
  assert(ws->server || (env != NULL && env->entropy != NULL));
  ws->end = &ws->first;
  vms_buffer_init(&ws->input, env);
  vms_buffer_init(&ws->output, env);
  vms_buffer_init(&ws->arrived, env);
  failed = ws->server ? wslay_event_context_server_init(&ws->wslay, &callbacks, ws) : wslay_event_context_client_init(&ws->wslay, &callbacks, ws);
  if (failed != 0) return VMS_ERR_NOMEM;
  wslay_event_config_set_no_buffering(ws->wslay, 1); /* it would take 32 bytes for each fragment of one */
  wslay_event_config_set_max_recv_msg_length(ws->wslay, ws->stream ? INT64_MAX : message_len_max);
  return VMS_OK;
}

void vms__ws_free(vms__ws *ws) {
  vms_buffer text;
  if (ws->wslay == NULL) return;
  vms_buffer_init(&text, ws->env);
  while (vms__ws_next(ws, &text)) vms_buffer_free(&text);
  wslay_event_context_free(ws->wslay);
  vms_buffer_free(&ws->input);
  vms_buffer_free(&ws->output);
  vms_buffer_free(&ws->arrived);
  ws->wslay = NULL;
}

int vms__ws_feed(vms__ws *ws, const void *bytes, size_t len) {
  if (ws->malformed != NULL || len == 0) return VMS_OK;
  if (vms__ws_waits_to_close(ws) && ws->input.len - ws->input_at >= CLOSE_FRAME_LEN) return VMS_OK; /* behind that frame nothing counts */
  if (ws->input_at == ws->input.len || ws->input_at >= COMPACT_LEN) {
    size_t left = ws->input.len - ws->input_at;
    if (left > 0) memmove(ws->input.data, ws->input.data + ws->input_at, left);
    ws->input.len = left;
    ws->input_at = 0;
  }
  return vms_buffer_append(&ws->input, bytes, len);
}

bool vms__ws_close_sent(const vms__ws *ws) { return wslay_event_get_close_sent(ws->wslay) != 0; }
bool vms__ws_close_received(const vms__ws *ws) { return ws->close_received || wslay_event_get_close_received(ws->wslay) != 0; }

static int flush(vms__ws *ws) {
  while (wslay_event_want_write(ws->wslay))
    if (wslay_event_send(ws->wslay) != 0) return VMS_ERR_NOMEM;
  return ws->nomem ? VMS_ERR_NOMEM : VMS_OK;
}

static int close_with(vms__ws *ws, uint16_t code, vms_slice reason) {
  int failed = wslay_event_queue_close(ws->wslay, code, (const uint8_t *)reason.data, reason.len);
  wslay_event_shutdown_read(ws->wslay);
  if (failed == WSLAY_ERR_NO_MORE_MSG) return flush(ws);
  return failed != 0 ? VMS_ERR_NOMEM : flush(ws);
}

int vms__ws_close(vms__ws *ws, uint16_t code, const char *reason) { return close_with(ws, code, vms__slice_of(reason)); }

int vms__ws_ping(vms__ws *ws) {
  struct wslay_event_msg ping = { WSLAY_PING, NULL, 0 };
  int failed = wslay_event_queue_msg(ws->wslay, &ping);
  if (failed == WSLAY_ERR_NO_MORE_MSG) return VMS_OK;
  return failed != 0 ? VMS_ERR_NOMEM : flush(ws);
}

uint64_t vms__ws_begun(const vms__ws *ws) {
  uint64_t message = ws->in_pieces || (ws->in_data && ws->skip > 0) ? ws->gathered : 0;
  return message + (ws->head_len > 0 || ws->skip > 0 || ws->in_pieces);
}

bool vms__ws_waits_to_close(const vms__ws *ws) {
  return ws->patient && ws->head_len == 0 && ws->skip == 0 && ws->input_at < ws->input.len && ((uint8_t)ws->input.data[ws->input_at] & 15) == WSLAY_CONNECTION_CLOSE;
}

/* wslay knows the close codes of the RFC. Those that were registered since (1012 to 1014) are answered here: true, with *code and what follows
 * it in `reason`, if a whole frame with one of them is next. */
static bool next_is_new_close(const vms__ws *ws, uint16_t *code, vms_slice *reason, char text[126]) {
  size_t left = ws->input.len - ws->input_at, mask = ws->server ? 4 : 0;
  const uint8_t *frame = left == 0 ? NULL : (const uint8_t *)ws->input.data + ws->input_at;
  if (ws->head_len > 0 || ws->skip > 0 || left < 2 + mask + 2 || frame[0] != (0x80 | WSLAY_CONNECTION_CLOSE)) return false;
  size_t len = frame[1] & 127;
  if (frame[1] >> 7 != ws->server || len < 2 || len > 125 || left < 2 + mask + len) return false;
  for (size_t i = 0; i < len; i++) text[i] = (char)(frame[2 + mask + i] ^ (ws->server ? frame[2 + i % 4] : 0));
  text[len] = 0;
  *code = (uint16_t)((uint8_t)text[0] << 8 | (uint8_t)text[1]);
  *reason = (vms_slice){ text + 2, len - 2 };
  return *code >= 1012 && *code <= 1014;
}

static int read_new_close(vms__ws *ws, uint16_t code, vms_slice reason) {
  if (!vms__utf8_valid(reason.data, reason.len)) return close_with(ws, WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, (vms_slice){ "", 0 });
  ws->close_received = true;
  return close_with(ws, code, reason);
}

/* Shows wslay one frame, or what there is of it. */
static int read_frame(vms__ws *ws) {
  char text[126];
  vms_slice reason;
  uint16_t code;
  int failed;
  ws->frame_done = false;
  if (ws->malformed == NULL && wslay_event_want_read(ws->wslay) && next_is_new_close(ws, &code, &reason, text)) return read_new_close(ws, code, reason);
  failed = wslay_event_want_read(ws->wslay) ? wslay_event_recv(ws->wslay) : 0;
  if (failed == WSLAY_ERR_NOMEM || ws->nomem) return VMS_ERR_NOMEM;
  if (failed != 0) return vms__ws_close(ws, WSLAY_CODE_PROTOCOL_ERROR, "malformed frame");
  if (ws->malformed != NULL && ws->first == NULL && wslay_event_want_read(ws->wslay))
    return vms__ws_close(ws, ws->malformed_code, ws->malformed);
  return flush(ws);
}

int vms__ws_read(vms__ws *ws) {
  int status = VMS_OK;
  /* Behind a close frame of ours nothing counts any more, though wslay would go on reading. */
  while (status == VMS_OK && ws->first == NULL && !vms__ws_close_sent(ws) && !vms__ws_waits_to_close(ws)) {
    status = read_frame(ws);
    if (!ws->frame_done) break;
  }
  return status;
}

bool vms__ws_next(vms__ws *ws, vms_buffer *text) {
  vms__ws_message *message = ws->first;
  if (message == NULL) return false;
  ws->first = message->next;
  if (ws->first == NULL) ws->end = &ws->first;
  vms_buffer_free(text);
  *text = message->text;
  vms__free(ws->env, message, sizeof *message);
  return true;
}

/* A whole frame, unmasked as a server's are, behind what was sent: wslay would copy it twice. */
static int send_whole(vms__ws *ws, uint8_t opcode, vms_slice bytes) {
  uint8_t head[10] = { 0x80 | opcode };
  size_t len = 2;
  if (bytes.len < 126) head[1] = (uint8_t)bytes.len;
  else {
    head[1] = bytes.len < 65536 ? 126 : 127;
    for (int shift = bytes.len < 65536 ? 8 : 56; shift >= 0; shift -= 8) head[len++] = (uint8_t)((uint64_t)bytes.len >> shift);
  }
  if (vms__buf_reserve(&ws->output, len + bytes.len) != VMS_OK) return VMS_ERR_NOMEM;
  (void)vms_buffer_append(&ws->output, head, len);
  return vms_buffer_append(&ws->output, bytes.data, bytes.len);
}

int vms__ws_send(vms__ws *ws, vms_slice bytes) {
  struct wslay_event_msg message = { ws->stream ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME, (const uint8_t *)bytes.data, bytes.len };
  if (ws->server && wslay_event_get_queued_msg_count(ws->wslay) == 0 && wslay_event_get_write_enabled(ws->wslay) && !vms__ws_close_sent(ws))
    return send_whole(ws, message.opcode, bytes);
  int failed = wslay_event_queue_msg(ws->wslay, &message);
  if (failed == WSLAY_ERR_NO_MORE_MSG) return VMS_OK; /* the other side has closed: nobody waits for it */
  return failed != 0 ? VMS_ERR_NOMEM : flush(ws);
}

int vms__ws_stream_send(vms__ws *ws, const void *bytes, size_t len) {
  const char *at = bytes;
  int status = VMS_OK;
  assert(ws->stream);
  for (size_t some; len > 0 && status == VMS_OK; at += some, len -= some) {
    some = VMS__MIN(len, STREAM_MESSAGE_LEN);
    status = vms__ws_send(ws, (vms_slice){ at, some });
  }
  return status;
}

int vms__ws_stream_take(vms__ws *ws, vms_buffer *bytes) { return vms__rpc_move(&ws->arrived, bytes); }

/* SPDX-License-Identifier: MIT */
/* A server session with a fake service behind it, and the peer's end of the connection, for tests of sessions. */
#ifndef VMS_TEST_RPC_LINE_H
#define VMS_TEST_RPC_LINE_H

#include "test/support/test.h"

#include "test/support/fake_rpc.h"
#include "test/support/ws_frame.h"

#define UPGRADE "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

typedef struct line {
  fake_rpc fake;
  vms_rpc_session *session;
  vms_buffer out; /* what came, without the answer to the upgrade */
  size_t at;      /* read up to here */
} line;

static inline void take(line *l) {
  while (vms_rpc_session_pending(l->session) > 0) assert_ok(vms_rpc_session_take(l->session, &l->out, NULL));
}

static inline void connect_with(line *l, const char *upgrade, uint64_t output_len_max) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  memset(l, 0, sizeof *l);
  fake_rpc_init(&l->fake);
  options.context = &l->fake;
  options.find = fake_find;
  options.output_len_max = output_len_max;
  assert_ok(vms_rpc_session_new(&l->session, &options, NULL));
  assert_ok(vms_rpc_session_feed(l->session, upgrade, strlen(upgrade), NULL));
  take(l);
  l->out.len = 0;
}

static inline void connect_line(line *l) { connect_with(l, UPGRADE, 0); }

static inline void hang_up(line *l) {
  vms_rpc_session_free(l->session);
  vms_buffer_free(&l->out);
}

static inline void feed_frame(line *l, uint8_t first, const void *payload, size_t len) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  frame(&bytes, first, payload, len, true);
  assert_ok(vms_rpc_session_feed(l->session, bytes.data, bytes.len, NULL));
  vms_buffer_free(&bytes);
}

/* The next frame that came, opcode first; false if there is none. Text is NUL-terminated in a static buffer. */
static inline bool next_frame(line *l, uint8_t *opcode, const char **text, size_t *text_len) {
  static char buffer[70000];
  const uint8_t *p;
  size_t len, head = 2;
  take(l);
  if (l->out.len - l->at < 2) return false;
  p = (const uint8_t *)l->out.data + l->at;
  assert_int_equal(p[1] & 0x80, 0); /* servers do not mask */
  len = p[1];
  if (len == 126) len = (size_t)p[2] << 8 | p[3], head = 4;
  assert_true(len < sizeof buffer && l->out.len - l->at >= head + len);
  memcpy(buffer, p + head, len);
  buffer[len] = 0;
  *opcode = p[0] & 15;
  *text = buffer;
  *text_len = len;
  l->at += head + len;
  return true;
}

static inline void assert_silent(line *l) {
  uint8_t opcode;
  const char *text;
  size_t len;
  if (next_frame(l, &opcode, &text, &len)) fail_msg("unexpected frame: %s", text);
}

static inline void assert_frame(line *l, const char *expected) {
  uint8_t opcode;
  const char *text;
  size_t len;
  if (!next_frame(l, &opcode, &text, &len)) fail_msg("no answer, expected %s", expected);
  assert_int_equal(opcode, 1);
  assert_string_equal(text, expected);
}

static inline void say(line *l, const char *text) { feed_frame(l, 0x81, text, strlen(text)); }

static inline void ask(const char *question, const char *answer) {
  line l;
  connect_line(&l);
  say(&l, question);
  if (answer != NULL) assert_frame(&l, answer);
  assert_silent(&l);
  hang_up(&l);
}

static inline void assert_closed(line *l, unsigned code) {
  uint8_t opcode;
  const char *text;
  size_t len;
  if (!next_frame(l, &opcode, &text, &len)) fail_msg("no close frame, expected %u", code);
  assert_int_equal(opcode, 8);
  assert_true(len >= 2);
  assert_int_equal((uint8_t)text[0] << 8 | (uint8_t)text[1], code);
  assert_int_equal(vms_rpc_session_wants_close(l->session), 1);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Question: does any stream of bytes make an HTTP session run a call that another reader of HTTP/1.1 would not see there? The bytes are read a
 * second time by the short reader below, which knows nothing of the library; each body that it finds is posted on a connection of its own.
 * What the session ran has to be where those begin. The first byte says how the bytes are cut. */
#include <stdio.h>
#include <stdlib.h>

#include "test/support/fake_rpc.h"

static void check(int good) {
  if (!good) abort();
}

/* The calls that ran, one after the other. */
static vms_buffer *ran;

static int note(void *context, const vms_rpc_call *call, vms_outcome *outcome) {
  check(vms__buf_format(ran, "%zu:", call->method.len) == VMS_OK && vms__buf_slice(ran, call->method) == VMS_OK);
  check(vms__buf_format(ran, "%zu:", call->params.len) == VMS_OK && vms__buf_slice(ran, call->params) == VMS_OK);
  check(vms__buf_format(ran, "%zu:", call->request.len) == VMS_OK && vms__buf_slice(ran, call->request) == VMS_OK);
  return fake_call(context, call, outcome);
}

static vms_rpc_session *open_session(fake_rpc *fake) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  fake_rpc_init(fake);
  fake->table.call = note;
  options.context = fake;
  options.find = fake_find;
  options.message_len_max = 1000;
  check(vms_rpc_session_new(&session, &options, NULL) == VMS_OK);
  return session;
}

/* Feeds a session and throws away what it says. */
static void feed(vms_rpc_session *session, const char *bytes, size_t len) {
  vms_buffer out = VMS_BUFFER_INIT;
  check(vms_rpc_session_feed(session, bytes, len, NULL) == VMS_OK);
  while (vms_rpc_session_pending(session) > 0) check(vms_rpc_session_take(session, &out, NULL) == VMS_OK), out.len = 0;
  vms_buffer_free(&out);
}

/* --- the other reader ------------------------------------------------------------------------------------------------- */

typedef struct reader {
  const char *at, *end;
} reader;

/* A line that ends with CR LF, without them. */
static int line_of(reader *in, vms_slice *line) {
  for (const char *p = in->at; p + 1 < in->end; p++)
    if (p[0] == '\r' && p[1] == '\n') {
      *line = (vms_slice){ in->at, (size_t)(p - in->at) };
      in->at = p + 2;
      return 1;
    }
  return 0;
}

static int is_named(vms_slice line, const char *name) {
  for (size_t i = 0; name[i] != 0; i++)
    if (i >= line.len || (line.data[i] | 32) != name[i]) return 0;
  return 1;
}

/* The digits behind the colon, or in front of a chunk. */
static uint64_t number_of(vms_slice line, size_t at, unsigned base) {
  uint64_t number = 0;
  while (at < line.len && (line.data[at] == ' ' || line.data[at] == '\t')) at++;
  for (; at < line.len && number < UINT64_C(1) << 40; at++) {
    char c = line.data[at];
    int digit = c >= '0' && c <= '9' ? c - '0' : base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    if (digit < 0) break;
    number = number * base + (unsigned)digit;
  }
  return number;
}

static int take(reader *in, uint64_t len, vms_buffer *body) {
  if (len > (uint64_t)(in->end - in->at)) return 0;
  check(vms_buffer_append(body, in->at, (size_t)len) == VMS_OK);
  in->at += len;
  return 1;
}

static int take_chunks(reader *in, vms_buffer *body) {
  vms_slice line;
  uint64_t len;
  do {
    if (!line_of(in, &line)) return 0;
    len = number_of(line, 0, 16);
    if (len > 0 && (!take(in, len, body) || !line_of(in, &line) || line.len != 0)) return 0;
  } while (len > 0);
  do /* trailers */
    if (!line_of(in, &line)) return 0;
  while (line.len > 0);
  return 1;
}

/* The next request. 1: it has a whole body; 0: there is no further one, or none that is whole. */
static int next_body(reader *in, vms_buffer *body) {
  vms_slice line;
  uint64_t len = 0;
  int chunked = 0;
  do
    if (!line_of(in, &line)) return 0;
  while (line.len == 0);
  for (;;) {
    if (!line_of(in, &line)) return 0;
    if (line.len == 0) break;
    if (is_named(line, "content-length:")) len = number_of(line, 15, 10);
    if (is_named(line, "transfer-encoding:")) chunked = 1;
  }
  return chunked ? take_chunks(in, body) : take(in, len, body);
}

static void post(vms_slice body) {
  vms_buffer request = VMS_BUFFER_INIT;
  fake_rpc fake;
  vms_rpc_session *session = open_session(&fake);
  check(vms__buf_format(&request, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", body.len) == VMS_OK);
  check(vms__buf_slice(&request, body) == VMS_OK);
  feed(session, request.data, request.len);
  vms_rpc_session_free(session);
  vms_buffer_free(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer seen = VMS_BUFFER_INIT, expected = VMS_BUFFER_INIT, body = VMS_BUFFER_INIT;
  fake_rpc fake;
  if (size < 2) return 0;
  const char *bytes = (const char *)data + 1;
  size_t len = size - 1, step = data[0] == 0 ? len : data[0];
  vms_rpc_session *session = open_session(&fake);
  ran = &seen;
  for (size_t at = 0; at < len; at += step) feed(session, bytes + at, VMS__MIN(step, len - at));
  int upgraded = vms_rpc_session_is_websocket(session); /* what frames ask is another target's question */
  vms_rpc_session_free(session);
  ran = &expected;
  reader in = { bytes, bytes + len };
  while (!upgraded && expected.len < seen.len && next_body(&in, &body)) {
    post(vms__buf_view(&body));
    body.len = 0;
  }
  if (!upgraded) check(seen.len <= expected.len && (seen.len == 0 || memcmp(seen.data, expected.data, seen.len) == 0));
  vms_buffer_free(&seen);
  vms_buffer_free(&expected);
  vms_buffer_free(&body);
  return 0;
}

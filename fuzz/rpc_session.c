/* SPDX-License-Identifier: MIT */
/* A server session fed with anything, HTTP or WebSocket: it neither breaks nor answers differently when the bytes are cut differently, and
 * a stream brings the same bytes. The first byte says whether the upgrade is done already (odd), how calls become durable (2),
 * whether it was for a stream (8), and whether calls are answered later (16): then they run once all has come, every third one before those
 * that came before it. Records are published at the very end, when receipts and what is followed come. */
#include <stdio.h>
#include <stdlib.h>

#include "test/support/fake_rpc.h"

static const char upgrade[] = "GET /?user=x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                  stream[] = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: hypercore\r\n"
                             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

static void check(int good) {
  if (!good) abort();
}

/* As many calls as the fake can keep are answered later. */
static int call(void *context, const vms_rpc_call *asked, vms_outcome *outcome) {
  fake_rpc *fake = context;
  int later = fake->later, status;
  if (fake->taken_count == sizeof fake->taken / sizeof fake->taken[0]) fake->later = 0;
  status = fake_call(context, asked, outcome);
  fake->later = later;
  return status;
}

static void take(vms_rpc_session *session, vms_buffer *out) {
  while (vms_rpc_session_pending(session) > 0) {
    vms_buffer some = VMS_BUFFER_INIT;
    check(vms_rpc_session_take(session, &some, NULL) == VMS_OK && vms__buf_slice(out, vms__buf_view(&some)) == VMS_OK);
    vms_buffer_free(&some);
  }
}

static void finish(vms_rpc_session *session, fake_rpc *fake, vms_buffer *out) {
  fake->later = 0;
  for (size_t i = 0; i < fake->taken_count; i += 3) check(fake_run(fake, i) == VMS_OK);
  for (size_t i = 0; i < fake->taken_count; i++) check(fake_run(fake, i) == VMS_OK); /* some for the second time: nobody waits any more */
  take(session, out);
  fake->published = fake->durable;
  check(vms_rpc_session_release(session, fake->durable, NULL) == VMS_OK);
  take(session, out);
}

/* Whether somebody is told to go on depends on what has come by then. */
static void drop_go_on(vms_buffer *out) {
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  size_t len = sizeof go_on - 1, kept = 0;
  for (size_t at = 0; at < out->len;) {
    if (out->len - at >= len && memcmp(out->data + at, go_on, len) == 0) at += len;
    else out->data[kept++] = out->data[at++];
  }
  out->len = kept;
}

/* A stream is an echo here. */
static void play(const uint8_t *data, size_t size, int flags, size_t step, vms_buffer *out, vms_buffer *arrived) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  fake_rpc fake;
  fake_rpc_init(&fake);
  fake.immediately = (flags & 2) == 0;
  fake.later = (flags & 16) != 0;
  fake.published_late = 1;
  fake.table.call = call;
  fake.table.flags = ((flags & 4) != 0 ? VMS_RPC_DEBUG : 0) | VMS_RPC_STREAM;
  options.context = &fake;
  options.find = fake_find;
  check(vms_rpc_session_new(&session, &options, NULL) == VMS_OK);
  if ((flags & 9) == 1) check(vms_rpc_session_feed(session, upgrade, sizeof upgrade - 1, NULL) == VMS_OK);
  if ((flags & 9) == 9) check(vms_rpc_session_feed(session, stream, sizeof stream - 1, NULL) == VMS_OK);
  for (size_t at = 0; at < size; at += step) {
    check(vms_rpc_session_feed(session, data + at, step < size - at ? step : size - at, NULL) == VMS_OK);
    check(vms_rpc_session_stream_take(session, arrived, NULL) == VMS_OK);
    take(session, out);
  }
  finish(session, &fake, out);
  if (vms_rpc_session_is_stream(session) && arrived->len > 0)
    check(vms_rpc_session_stream_send(session, arrived->data, arrived->len, NULL) == VMS_OK);
  check(vms_rpc_session_fail(session, VMS_CODE_STORAGE, "gone", NULL) == VMS_OK);
  check(vms_rpc_session_held(session) == 0);
  check(vms_rpc_session_take(session, out, NULL) == VMS_OK);
  drop_go_on(out);
  vms_rpc_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer whole = VMS_BUFFER_INIT, cut = VMS_BUFFER_INIT, arrived = VMS_BUFFER_INIT, also = VMS_BUFFER_INIT;
  if (size == 0) return 0;
  play(data + 1, size - 1, data[0], size, &whole, &arrived);
  play(data + 1, size - 1, data[0], 1 + data[0] / 8, &cut, &also);
  check(whole.len == cut.len && (whole.len == 0 || memcmp(whole.data, cut.data, whole.len) == 0));
  check(arrived.len == also.len && (arrived.len == 0 || memcmp(arrived.data, also.data, arrived.len) == 0));
  vms_buffer_free(&whole);
  vms_buffer_free(&cut);
  vms_buffer_free(&arrived);
  vms_buffer_free(&also);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Goal: wherever memory runs out, a session says so, can still be freed, and leaks nothing.
 * Method: conversations of every kind over a memory whose n-th allocation fails, n = 1, 2, 3… until none does. */
#include "test/support/test.h"

#include "test/support/rpc_line.h"
#include "test/support/storage.h"

#define HEX64 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
#define SIGNED(method) "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"vms.call\",\"params\":{\"request\":\"{\\\"method\\\":\\\"" method "\\\",\\\"params\\\":[1]}\"," \
                       "\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\",\"receipt\":true}}"
#define ASK(method, params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":" params "}"
#define POST "POST /?user=bob HTTP/1.1\r\nHost: localhost:5\r\nOrigin: http://a\r\n"

static const char *const messages[] = {
  SIGNED("echo"), SIGNED("boom"), "[" SIGNED("none") "," ASK("echo", "[2]") ",{\"jsonrpc\":\"2.0\",\"method\":\"echo\"},5]", ASK("vms.subscribe", "[0]"),
  ASK("vms.proof", "[1]"), ASK("handshake", "[]"), ASK("files.readdir", "{\"path\":\"/\",\"options\":{\"proof\":true}}"), ASK("x.y", "[]"), "{",
};

static int take_all(vms_rpc_session *session) {
  int status = VMS_OK;
  while (status == VMS_OK && vms_rpc_session_pending(session) > 0) {
    vms_buffer some = VMS_BUFFER_INIT;
    status = vms_rpc_session_take(session, &some, NULL);
    vms_buffer_free(&some);
  }
  return status;
}

static int talk(vms_rpc_session *session, fake_rpc *fake, const vms_buffer *bytes) {
  int status = vms_rpc_session_feed(session, bytes->data, bytes->len, NULL);
  for (size_t i = 0; i < fake->taken_count && i < 64 && status == VMS_OK; i++) status = fake_run(fake, fake->taken_count - 1 - i);
  fake->durable = fake->length;
  if (status == VMS_OK) status = vms_rpc_session_release(session, fake->durable, NULL);
  if (status == VMS_OK) status = take_all(session);
  if (status == VMS_OK) status = vms_rpc_session_fail(session, VMS_CODE_STORAGE, "gone", NULL);
  return status == VMS_OK ? vms_rpc_session_close(session, 1001, "bye", NULL) : status;
}

static int converse(const vms_env *env, const vms_buffer *bytes) {
  static const char *const origins[] = { "http://a", NULL };
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  fake_rpc fake;
  int status;
  fake_rpc_init(&fake);
  fake.later = 1;
  fake.immediately = 0;
  options.context = &fake;
  options.find = fake_find;
  options.env = env;
  options.origins = origins;
  status = vms_rpc_session_new(&session, &options, NULL);
  if (status == VMS_OK) status = talk(session, &fake, bytes);
  vms_rpc_session_free(session);
  return status;
}

static void survive(const vms_buffer *bytes) {
  sim_memory memory;
  uint64_t n = 0;
  do {
    sim_memory_init(&memory);
    memory.fail_at = ++n;
    int status = converse(&memory.env, bytes);
    if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
    if (memory.calls < n) assert_ok(status);
    assert_int_equal(memory.live, 0);
    assert_true(n < 3000);
  } while (memory.calls >= n);
}

static void websocket_survives_every_allocation_failure(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms__buf_text(&bytes, UPGRADE));
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) frame(&bytes, 0x81, messages[i], strlen(messages[i]), true);
  survive(&bytes);
  vms_buffer_free(&bytes);
}

static void http_survives_every_allocation_failure(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
    bytes.len = 0;
    assert_ok(vms__buf_format(&bytes, POST "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n", strlen(messages[i]), messages[i]));
    assert_ok(vms__buf_format(&bytes, POST "Content-Length: %zu\r\n\r\n%s", strlen(messages[i]), messages[i]));
    survive(&bytes);
  }
  bytes.len = 0;
  assert_ok(vms__buf_text(&bytes, "OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"));
  survive(&bytes);
  vms_buffer_free(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(websocket_survives_every_allocation_failure),
    cmocka_unit_test(http_survives_every_allocation_failure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

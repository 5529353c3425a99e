/* SPDX-License-Identifier: MIT */
/* Goal: the upgrade is what RFC 6455 says, and everything else is refused with the right status.
 * Method: the example of the RFC; a table of requests that differ from a good one in one place. */
#include "test/support/test.h"

#include "lib/rpc/internal.h"
#include "test/support/fake_rpc.h"

#define GOOD_HEADERS "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static void accept_key_is_that_of_the_rfc(void **state) {
  char accept[VMS__ACCEPT_LEN + 1];
  (void)state;
  vms__handshake_accept(SLICE("dGhlIHNhbXBsZSBub25jZQ=="), accept);
  assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

/* Sends a request in pieces of `step` bytes and appends all that comes back. */
static void talk(const char *request, size_t len, size_t step, vms_buffer *out) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  vms_buffer more;
  fake_rpc fake;
  fake_rpc_init(&fake);
  options.context = &fake;
  options.find = fake_find;
  assert_ok(vms_rpc_session_new(&session, &options, NULL));
  for (size_t at = 0; at < len; at += step) assert_ok(vms_rpc_session_feed(session, request + at, VMS__MIN(step, len - at), NULL));
  vms_buffer_init(&more, NULL);
  assert_ok(vms_rpc_session_take(session, &more, NULL));
  assert_ok(vms__buf_slice(out, vms__buf_view(&more)));
  vms_buffer_free(&more);
  vms_rpc_session_free(session);
}

static void each_request_gets_its_status(void **state) {
  static const struct { const char *request, *status; } cases[] = {
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "101" },
    { "GET /b/p?user=x HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "101" },
    { "GET / HTTP/1.1\r\nhost: x\r\nupgrade: h2c, WebSocket\r\nconnection: keep-alive, upgrade\r\nsec-websocket-version: 13\r\n" KEY "\r\n", "101" },
    { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426" },
    { "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n", "404" },
    { "GET /b HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "404" },
    { "POST / HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "200" },
    { "HEAD / HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "426" },
    { "PUT / HTTP/1.1\r\n" GOOD_HEADERS KEY "\r\n", "405" },
    { "GET / HTTP/1.0\r\n" GOOD_HEADERS KEY "\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS "\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS "Sec-WebSocket-Key: abc\r\n\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS "Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ==\r\n\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS KEY KEY "\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS KEY "Host: y\r\n\r\n", "400" },
    { "GET / HTTP/1.1\r\n" GOOD_HEADERS KEY "Content-Length: 3\r\n\r\nabc", "400" },
    { "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" KEY "\r\n", "400" },
    { "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n" KEY "\r\n", "426" },
    { "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" KEY "\r\n", "400" },
    { "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400" },
    { "GARBAGE\r\n\r\n", "400" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vms_buffer whole = VMS_BUFFER_INIT, drip = VMS_BUFFER_INIT;
    talk(cases[i].request, strlen(cases[i].request), SIZE_MAX / 2, &whole);
    talk(cases[i].request, strlen(cases[i].request), 1, &drip);
    assert_true(whole.len > 12);
    assert_memory_equal(whole.data, "HTTP/1.1 ", 9);
    if (memcmp(whole.data + 9, cases[i].status, 3) != 0) fail_msg("request %zu: wanted %s, got %.80s", i, cases[i].status, whole.data);
    assert_string_equal(whole.data, drip.data);
    vms_buffer_free(&whole);
    vms_buffer_free(&drip);
  }
}

static void unknown_paths_say_which_error_it_is(void **state) {
  static const char request[] = "GET /no HTTP/1.1\r\nHost: x\r\n\r\n";
  vms_buffer out = VMS_BUFFER_INIT;
  (void)state;
  talk(request, strlen(request), 1000, &out);
  assert_non_null(strstr(out.data, "\"code\":-32006"));
  assert_non_null(strstr(out.data, "no service at /no"));
  vms_buffer_free(&out);
}

static void headers_end_at_sixteen_kibibytes(void **state) {
  vms_buffer request = VMS_BUFFER_INIT, out = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms__buf_text(&request, "GET / HTTP/1.1\r\nX: "));
  while (request.len < 40000) assert_ok(vms__buf_byte(&request, 'a'));
  talk(request.data, request.len, 777, &out);
  assert_memory_equal(out.data, "HTTP/1.1 431", 12);
  vms_buffer_free(&request);
  vms_buffer_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(accept_key_is_that_of_the_rfc),
    cmocka_unit_test(each_request_gets_its_status),
    cmocka_unit_test(unknown_paths_say_which_error_it_is),
    cmocka_unit_test(headers_end_at_sixteen_kibibytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

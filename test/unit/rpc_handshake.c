/* SPDX-License-Identifier: MIT */
/* Goal: the upgrade is what RFC 6455 says, and everything else is refused with the right status, at both ends.
 * Method: the example of the RFC; a table of requests that differ from a good one in one place. */
#include "test/support/test.h"

#include "lib/rpc/internal.h"
#include "test/support/entropy.h"
#include "test/support/fake_rpc.h"
#include "test/support/ws_frame.h"

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

/* --- the client's end ----------------------------------------------------------------------------------------------- */

static void client_begin(sim_entropy *entropy, vms_rpc_client **client) {
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  sim_entropy_init(entropy, 1);
  memcpy(entropy->given, "the sample nonce", entropy->len = 16); /* the key of the RFC's example */
  options.env = &entropy->memory.env;
  assert_ok(vms_rpc_client_new(client, SLICE("x"), SLICE("/"), &options, NULL));
}

static void a_client_is_told_why_it_may_not(void **state) {
  static const struct { unsigned status; const char *headers, *part; } cases[] = {
    { 400, "", "is the URL right, with ws:// or wss://?" },
    { 401, "", "no vms service (HTTP status 401)" },
    { 403, "Content-Length: 3\r\n", "--allow-host" },
    { 404, "Content-Type: application/json\r\n", "no service at this path" },
    { 426, "", "does not know WebSocket" },
    { 302, "Location: http://elsewhere/\r\n", "sends elsewhere" },
    { 502, "", "proxy" },
    { 503, "Retry-After: 5\r\nConnection: close\r\n", "try again later" },
    { 200, "", "no vms service (HTTP status 200)" },
    { 101, "", "does not speak WebSocket" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t step = 1; step < 1000; step += 998) {
      char text[256];
      vms_error error = { 0, 0, 0, "" };
      vms_rpc_client *client;
      sim_entropy entropy;
      int status = VMS_OK;
      client_begin(&entropy, &client);
      int len = snprintf(text, sizeof text, "HTTP/1.1 %u Whatever\r\n%s\r\nno", cases[i].status, cases[i].headers);
      for (size_t at = 0; at < (size_t)len && status == VMS_OK; at += step)
        status = vms_rpc_client_feed(client, text + at, VMS__MIN(step, (size_t)len - at), &error);
      assert_int_equal(status, VMS_ERR_REMOTE);
      assert_int_equal(error.position, cases[i].status);
      if (strstr(error.message, cases[i].part) == NULL) fail_msg("status %u: %s", cases[i].status, error.message);
      assert_int_equal(vms_rpc_client_is_closed(client), 1);
      vms_rpc_client_free(client);
    }
}

#define AGREED "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

/* Pongs that a server asks for and does not take gather in the client's memory: it gives up. Whoever takes them may ask as often as they like. */
static void a_client_gives_up_on_who_takes_no_pongs(void **state) {
  vms_buffer pings = VMS_BUFFER_INIT, out = VMS_BUFFER_INIT;
  (void)state;
  for (int i = 0; i < 1000; i++) frame(&pings, 0x89, "", 0, false);
  for (int takes = 0; takes < 2; takes++) {
    vms_rpc_client *client;
    sim_entropy entropy;
    client_begin(&entropy, &client);
    assert_ok(vms_rpc_client_feed(client, AGREED, strlen(AGREED), NULL));
    for (int i = 0; i < 1000; i++) {
      assert_ok(vms_rpc_client_feed(client, pings.data, pings.len, NULL));
      if (takes) assert_ok(vms_rpc_client_take(client, &out, NULL));
      out.len = 0;
    }
    assert_int_equal(vms_rpc_client_is_closed(client), !takes);
    assert_ok(vms_rpc_client_take(client, &out, NULL));
    assert_true(out.len < (size_t)2 << 20);
    out.len = 0;
    assert_int_equal(vms_rpc_client_next(client, &out, NULL), VMS_ERR_NOT_FOUND);
    vms_rpc_client_free(client);
  }
  vms_buffer_free(&pings);
  vms_buffer_free(&out);
}

/* What comes unasked is a message like any other; pings are answered beside it. */
static void a_client_takes_what_comes_unasked(void **state) {
  static const char told[] = "{\"jsonrpc\":\"2.0\",\"method\":\"vms.appended\",\"params\":{\"seq\":5,\"record\":\"x\"}}", answer[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}";
  vms_buffer bytes = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT;
  vms_rpc_client *client;
  sim_entropy entropy;
  vms_slice method, params;
  (void)state;
  client_begin(&entropy, &client);
  assert_ok(vms_rpc_client_take(client, &bytes, NULL));
  bytes.len = 0;
  assert_ok(vms__buf_text(&bytes, AGREED));
  frame(&bytes, 0x81, told, strlen(told), false);
  frame(&bytes, 0x89, "hey", 3, false);
  frame(&bytes, 0x81, answer, strlen(answer), false);
  assert_ok(vms_rpc_client_feed(client, bytes.data, bytes.len, NULL));
  assert_int_equal(vms_rpc_client_is_open(client), 1);
  assert_ok(vms_rpc_client_next(client, &text, NULL));
  assert_ok(vms_rpc_notification_read(vms__buf_view(&text), &method, &params));
  assert_true(vms__slice_is(method, "vms.appended"));
  text.len = 0;
  assert_ok(vms_rpc_client_next(client, &text, NULL));
  assert_text(text, answer);
  assert_int_equal(vms_rpc_client_next(client, &text, NULL), VMS_ERR_NOT_FOUND);
  bytes.len = 0;
  assert_ok(vms_rpc_client_take(client, &bytes, NULL));
  assert_int_equal(bytes.len, 2 + 4 + 3); /* a masked pong */
  assert_int_equal((uint8_t)bytes.data[0], 0x8a);
  vms_rpc_client_free(client);
  vms_buffer_free(&bytes);
  vms_buffer_free(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(accept_key_is_that_of_the_rfc),
    cmocka_unit_test(each_request_gets_its_status),
    cmocka_unit_test(unknown_paths_say_which_error_it_is),
    cmocka_unit_test(headers_end_at_sixteen_kibibytes),
    cmocka_unit_test(a_client_is_told_why_it_may_not),
    cmocka_unit_test(a_client_gives_up_on_who_takes_no_pongs),
    cmocka_unit_test(a_client_takes_what_comes_unasked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

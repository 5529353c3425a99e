/* SPDX-License-Identifier: MIT */
/* Goal: a POST is answered as RFC 9112 and JSON-RPC have it, one after the other on a connection; what two readers could understand differently is
 * refused; web pages get in only where the host says so, under no name but the host's.
 * Method: requests as bytes, whole and byte by byte; a fake service in memory that answers at once or later. */
#include "test/support/test.h"

#include "test/support/rpc_line.h"

#define CALL "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[7]}"
#define ANSWER "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[7]}"
#define HEAD_OF(status) "HTTP/1.1 " status "\r\n"
#define JSON_HEADERS(len) "Vary: Origin\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Type: application/json\r\nContent-Length: " #len "\r\n\r\n"
#define ANSWERED HEAD_OF("200 OK") JSON_HEADERS(37) ANSWER

/* What the options of a session are beside the service. */
typedef struct how {
  const char *const *origins, *const *hosts;
  uint32_t flags;
} how;

static void dial(line *l, how with) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  memset(l, 0, sizeof *l);
  fake_rpc_init(&l->fake);
  options.context = &l->fake;
  options.find = fake_find;
  options.origins = with.origins;
  options.hosts = with.hosts;
  options.flags = with.flags;
  assert_ok(vms_rpc_session_new(&l->session, &options, NULL));
}

static void send(line *l, const char *bytes, size_t len, size_t step) {
  for (size_t at = 0; at < len; at += step) {
    assert_ok(vms_rpc_session_feed(l->session, bytes + at, VMS__MIN(step, len - at), NULL));
    take(l);
  }
}

static void send_text(line *l, const char *text) { send(l, text, strlen(text), SIZE_MAX / 2); }

static void post(line *l, const char *headers, const char *body) {
  char text[4096];
  snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", headers, strlen(body), body);
  send_text(l, text);
}

/* What came since the last time. */
static void assert_said(line *l, const char *expected) {
  take(l);
  assert_ok(vms__buf_byte(&l->out, 0));
  l->out.len--;
  assert_string_equal(l->out.data + l->at, expected);
  l->at = l->out.len;
}

static bool has_said(line *l, const char *part) {
  take(l);
  assert_ok(vms__buf_byte(&l->out, 0));
  l->out.len--;
  return strstr(l->out.data + l->at, part) != NULL;
}

/* --- answers -------------------------------------------------------------------------------------------------------- */

static void a_post_is_answered(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  assert_int_equal(vms_rpc_session_is_open(l.session), 0);
  post(&l, "Content-Type: application/x-www-form-urlencoded\r\n", CALL);
  assert_said(&l, ANSWERED);
  assert_int_equal(vms_rpc_session_is_open(l.session), 1);
  assert_int_equal(vms_rpc_session_wants_close(l.session), 0);
  assert_int_equal(vms_rpc_session_begun(l.session), 0);
  post(&l, "", "{");
  assert_said(&l, HEAD_OF("200 OK") JSON_HEADERS(84) "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"this is no JSON text\"}}");
  hang_up(&l);
}

static void posts_go_on_one_after_the_other(void **state) {
  static const char two[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\n\r\n" CALL "\r\n\r\nPOST /b/p?user=bob HTTP/1.1\r\nhost: x\r\ncontent-length:53\r\n\r\n" CALL;
  line l;
  (void)state;
  assert_int_equal(strlen(CALL), 53);
  for (size_t step = 1; step < 400; step += 7) {
    dial(&l, (how){ 0 });
    l.fake.table.flags = VMS_RPC_DEBUG;
    send(&l, two, sizeof two - 1, step);
    assert_said(&l, ANSWERED ANSWERED);
    assert_string_equal(l.fake.caller, "debug:bob");
    post(&l, "", CALL);
    assert_said(&l, ANSWERED);
    assert_string_equal(l.fake.caller, "null"); /* it is the request that says who */
    hang_up(&l);
  }
}

static void an_answer_that_comes_later_keeps_its_turn(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  l.fake.later = 1;
  post(&l, "", CALL);
  post(&l, "", "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"vms.head\"}");
  post(&l, "", CALL);
  assert_said(&l, "");
  assert_int_equal(vms_rpc_session_held(l.session), 1);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 0);
  assert_int_equal(vms_rpc_session_begun(l.session), 0);
  assert_int_equal(l.fake.taken_count, 1);
  assert_ok(fake_run(&l.fake, 0));
  assert_said(&l, ANSWERED HEAD_OF("200 OK") JSON_HEADERS(44) "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"core\":0}}");
  assert_int_equal(l.fake.taken_count, 2);
  assert_ok(fake_run(&l.fake, 1));
  assert_said(&l, ANSWERED);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  hang_up(&l);
}

static void answers_by_post_wait_until_they_are_durable(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  l.fake.immediately = 0;
  post(&l, "", CALL);
  assert_said(&l, "");
  assert_ok(vms_rpc_session_release(l.session, 1, NULL));
  assert_said(&l, ANSWERED);
  post(&l, "", CALL);
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_STORAGE, "gone", NULL));
  assert_true(has_said(&l, "\"code\":-32007"));
  hang_up(&l);
}

/* Who got the 204 may hang up, and what was not run by then never is. */
static void notifications_by_post_are_answered_once_they_ran(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  l.fake.later = 1;
  l.fake.immediately = 0;
  post(&l, "", "[{\"jsonrpc\":\"2.0\",\"method\":\"echo\"},{\"jsonrpc\":\"2.0\",\"method\":\"gone\"}]");
  assert_int_equal(l.fake.taken_count, 2);
  assert_said(&l, "");
  assert_ok(fake_run(&l.fake, 0));
  assert_ok(fake_run(&l.fake, 1));
  assert_said(&l, "");
  assert_ok(vms_rpc_session_release(l.session, 1, NULL));
  assert_said(&l, HEAD_OF("204 No Content") "Vary: Origin\r\n\r\n");
  post(&l, "", "{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}");
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_STORAGE, "gone", NULL));
  assert_said(&l, HEAD_OF("204 No Content") "Vary: Origin\r\n\r\n");
  l.fake.later = 0;
  l.fake.immediately = 1;
  post(&l, "", CALL);
  assert_said(&l, ANSWERED);
  hang_up(&l);
}

static void a_connection_that_is_to_end_ends_behind_the_answer(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  send_text(&l, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 53\r\n\r\n" CALL "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\n\r\n" CALL);
  assert_said(&l, HEAD_OF("200 OK") "Connection: close\r\n" JSON_HEADERS(37) ANSWER);
  assert_int_equal(l.fake.calls, 1);
  assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
  hang_up(&l);
  dial(&l, (how){ 0 }); /* the host says goodbye while an answer is under way */
  l.fake.later = 1;
  post(&l, "", CALL);
  assert_ok(vms_rpc_session_close(l.session, 1001, "bye", NULL));
  assert_int_equal(vms_rpc_session_wants_close(l.session), 0);
  assert_ok(fake_run(&l.fake, 0));
  assert_said(&l, HEAD_OF("200 OK") "Connection: close\r\n" JSON_HEADERS(37) ANSWER);
  assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
  hang_up(&l);
  dial(&l, (how){ 0 }); /* or while none is */
  post(&l, "", CALL);
  assert_ok(vms_rpc_session_close(l.session, 1001, "bye", NULL));
  assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
  hang_up(&l);
}

static void a_connection_may_be_upgraded_after_posts(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  post(&l, "", CALL);
  assert_said(&l, ANSWERED);
  send_text(&l, UPGRADE);
  assert_true(has_said(&l, "HTTP/1.1 101 "));
  l.at = l.out.len;
  say(&l, CALL);
  assert_frame(&l, ANSWER);
  hang_up(&l);
}

static void nothing_is_followed_by_post(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  post(&l, "", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.subscribe\"}");
  assert_true(has_said(&l, "\"code\":-32601,\"message\":\"vms.subscribe needs WebSocket: nothing can be sent behind the answer to an HTTP request\""));
  assert_int_equal(vms_rpc_session_follows(l.session), 0);
  hang_up(&l);
}

static void answers_that_outgrow_all_bounds_are_503(void **state) {
  vms_outcome outcome;
  line l;
  (void)state;
  connect_with(&l, "", 1000);
  l.fake.later = 1;
  post(&l, "", "[" CALL "," CALL "]");
  vms_outcome_init(&outcome, NULL);
  for (int i = 0; i < 20000; i++) assert_ok(vms__buf_byte(&outcome.result, '1'));
  assert_ok(vms_rpc_session_answer(l.session, l.fake.taken[0].ticket, &outcome, NULL));
  assert_true(has_said(&l, HEAD_OF("503 Service Unavailable")));
  assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
  assert_ok(vms_rpc_session_answer(l.session, l.fake.taken[1].ticket, &outcome, NULL));
  vms_outcome_free(&outcome);
  hang_up(&l);
}

/* --- bodies --------------------------------------------------------------------------------------------------------------- */

#define CHUNKED "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

static void bodies_may_come_in_chunks(void **state) {
  static const char *const good[] = {
    CHUNKED "35\r\n" CALL "\r\n0\r\n\r\n",
    CHUNKED "1\r\n{\r\n34\r\n\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[7]}\r\n0\r\n\r\n",
    CHUNKED "00035;a=b;c=\"d e\"\r\n" CALL "\r\n000;x\r\nX-Trailer: y\r\nContent-Length: 3\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\ntransfer-encoding:  CHUNKED \r\n\r\n35\r\n" CALL "\r\n0\r\n\r\n",
  };
  line l;
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    for (size_t step = 1; step < 200; step += 6) {
      dial(&l, (how){ 0 });
      send(&l, good[i], strlen(good[i]), step);
      send(&l, good[0], strlen(good[0]), step);
      assert_said(&l, ANSWERED ANSWERED);
      hang_up(&l);
    }
}

static void curl_is_told_to_go_on(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  send_text(&l, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\nExpect: 100-continue\r\n\r\n");
  assert_said(&l, "HTTP/1.1 100 Continue\r\n\r\n");
  assert_int_not_equal(vms_rpc_session_begun(l.session), 0);
  send_text(&l, CALL);
  assert_said(&l, ANSWERED);
  send_text(&l, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\nExpect: 100-Continue\r\n\r\n" CALL); /* who did not wait needs no word */
  assert_said(&l, ANSWERED);
  send_text(&l, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2097153\r\nExpect: 100-continue\r\n\r\n");
  assert_true(has_said(&l, HEAD_OF("413 Content Too Large") "Connection: close\r\n") && !has_said(&l, "100 Continue"));
  assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
  hang_up(&l);
}

static void bodies_end_at_two_mebibytes(void **state) {
  vms_buffer text = VMS_BUFFER_INIT;
  line l;
  (void)state;
  assert_ok(vms__buf_text(&text, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n" CALL));
  while (text.len < strlen("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n") + 2097152) assert_ok(vms__buf_byte(&text, ' '));
  dial(&l, (how){ 0 });
  send(&l, text.data, text.len, 65536);
  assert_said(&l, ANSWERED);
  hang_up(&l);
  text.len = 0;
  assert_ok(vms__buf_text(&text, CHUNKED));
  for (int i = 0; i < 33; i++) {
    assert_ok(vms__buf_text(&text, "10000\r\n"));
    for (int j = 0; j < 65536; j++) assert_ok(vms__buf_byte(&text, ' '));
    assert_ok(vms__buf_text(&text, "\r\n"));
  }
  dial(&l, (how){ 0 });
  send(&l, text.data, text.len, 65536);
  assert_true(has_said(&l, HEAD_OF("413 Content Too Large")));
  hang_up(&l);
  vms_buffer_free(&text);
}

/* --- refusals --------------------------------------------------------------------------------------------------------------- */

#define TO_POST "POST / HTTP/1.1\r\nHost: x\r\n"

static void what_could_be_read_in_two_ways_is_refused(void **state) {
  static const struct { const char *request, *status; } cases[] = {
    { TO_POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", "400" },
    { TO_POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "400" },
    { TO_POST "Content-Length: 5, 5\r\n\r\n", "400" },
    { TO_POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: gzip, chunked\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: chunked, identity\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: \"chunked\"\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding: \x0b" "chunked\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding : chunked\r\n\r\n", "400" },
    { TO_POST "Transfer-Encoding:\r\n chunked\r\n\r\n", "400" },
    { TO_POST "X: a\r\n b\r\n\r\n", "400" },
    { TO_POST " X: a\r\n\r\n", "400" },
    { TO_POST "X Y: a\r\n\r\n", "400" },
    { TO_POST ": a\r\n\r\n", "400" },
    { TO_POST "X: a\rb\r\n\r\n", "400" },
    { TO_POST "X: a\n\r\n", "400" },
    { "POST / HTTP/1.1\nHost: x\n\n", "400" },
    { TO_POST "Content-Length: -1\r\n\r\n", "400" },
    { TO_POST "Content-Length: +5\r\n\r\n", "400" },
    { TO_POST "Content-Length: 0x5\r\n\r\n", "400" },
    { TO_POST "Content-Length: 5 5\r\n\r\n", "400" },
    { TO_POST "Content-Length: \r\n\r\n", "400" },
    { TO_POST "Content-Length: 2097153\r\n\r\n", "413" },
    { TO_POST "Content-Length: 18446744073709551615\r\n\r\n", "413" },
    { TO_POST "Content-Length: 99999999999999999999999999\r\n\r\n", "413" },
    { TO_POST "Host: x\r\n\r\n", "400" },
    { TO_POST "Origin: http://a\r\nOrigin: http://b\r\n\r\n", "400" },
    { "POST / HTTP/1.1\r\n\r\n", "400" },
    { "POST / HTTP/1.0\r\nHost: x\r\n\r\n", "400" },
    { "POST x HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
    { "POST http://u@x/ HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
    { "POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\n\r\n" CALL, "404" },
    { TO_POST "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", "415" },
    { TO_POST "Expect: a-miracle\r\n\r\n", "417" },
    { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", "400" },
    { "OPTIONS / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", "400" },
    { "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "405" },
    { CHUNKED "g\r\n", "400" },
    { CHUNKED "-1\r\n", "400" },
    { CHUNKED "0x1\r\n", "400" },
    { CHUNKED "\r\n", "400" },
    { CHUNKED " 1\r\n", "400" },
    { CHUNKED "1 \r\n", "400" },
    { CHUNKED ";a\r\n", "400" },
    { CHUNKED "1\n{", "400" },
    { CHUNKED "1\r{", "400" },
    { CHUNKED "1\r\n{}\r\n", "400" },
    { CHUNKED "1\r\n{\n", "400" },
    { CHUNKED "1\r\n{x\n0\r\n\r\n", "400" },
    { CHUNKED "1\r\n{\rx", "400" },
    { CHUNKED "1;\x01\r\n", "400" },
    { CHUNKED "00000000000000001\r\n", "400" },
    { CHUNKED "0\r\n folded\r\n\r\n", "400" },
    { CHUNKED "0\r\nA: \x01\r\n\r\n", "400" },
    { CHUNKED "0\r\nA: b\rc", "400" },
    { CHUNKED "0\r\n\rx", "400" },
    { CHUNKED "200001\r\n", "413" },
    { CHUNKED "ffffffffffffffff\r\n", "413" },
  };
  line l;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t step = 1; step < 1000; step += 998) {
      dial(&l, (how){ 0 });
      send(&l, cases[i].request, strlen(cases[i].request), step);
      post(&l, "", CALL); /* nothing behind it counts */
      take(&l);
      if (l.out.len < 12 || memcmp(l.out.data + 9, cases[i].status, 3) != 0 || has_said(&l, "HTTP/1.1 200"))
        fail_msg("request %zu: wanted %s, got %s", i, cases[i].status, l.out.len == 0 ? "nothing" : l.out.data);
      assert_true(has_said(&l, "Connection: close\r\n"));
      assert_int_equal(vms_rpc_session_wants_close(l.session), 1);
      assert_int_equal(l.fake.calls, 0);
      hang_up(&l);
    }
}

static void endless_lines_between_chunks_are_cut_off(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  send_text(&l, CHUNKED "1;");
  for (int i = 0; i < 300; i++) send_text(&l, "x");
  assert_true(has_said(&l, "HTTP/1.1 400 "));
  hang_up(&l);
  dial(&l, (how){ 0 });
  send_text(&l, CHUNKED "0\r\n");
  for (int i = 0; i < 3000; i++) send_text(&l, "A: b\r\n\0");
  assert_true(has_said(&l, "HTTP/1.1 431 "));
  hang_up(&l);
}

static void other_methods_are_told_what_there_is(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ 0 });
  send_text(&l, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_said(&l, HEAD_OF("204 No Content") "Allow: GET, HEAD, OPTIONS, POST\r\nVary: Origin\r\n\r\n");
  send_text(&l, "OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_said(&l, HEAD_OF("204 No Content") "Allow: GET, HEAD, OPTIONS, POST\r\nVary: Origin\r\n\r\n");
  send_text(&l, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_true(has_said(&l, "HTTP/1.1 426 ") && has_said(&l, "Upgrade: websocket\r\n"));
  assert_string_equal(l.out.data + l.out.len - 4, "\r\n\r\n");
  hang_up(&l);
  dial(&l, (how){ 0 });
  send_text(&l, "PATCH / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert_true(has_said(&l, "Allow: GET, HEAD, OPTIONS, POST\r\n"));
  hang_up(&l);
}

/* --- web pages ------------------------------------------------------------------------------------------------------------------- */

/* The status of a POST with these headers; 0 if nothing came. */
static int status_of(how with, const char *host, const char *origin, char *said, size_t said_len) {
  char text[1024];
  int status;
  line l;
  dial(&l, with);
  snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: %s\r\n%s%s%sContent-Length: 53\r\n\r\n" CALL, host, origin == NULL ? "" : "Origin: ",
           origin == NULL ? "" : origin, origin == NULL ? "" : "\r\n");
  send_text(&l, text);
  take(&l);
  status = l.out.len < 12 ? 0 : atoi(l.out.data + 9);
  assert_int_equal(l.fake.calls, status == 200);
  assert_int_equal(has_said(&l, "Access-Control-Allow-Origin"), status == 200 && origin != NULL);
  if (said != NULL) snprintf(said, said_len, "%s", strstr(l.out.data, "\r\n\r\n") + 4);
  hang_up(&l);
  return status;
}

static void web_pages_get_in_where_the_host_says_so(void **state) {
  static const char *const some[] = { "https://app.example", "http://localhost:3000", "http://[::1]:80", "https://Trailing.example/", NULL };
  static const char *const all[] = { "*", NULL }, *const nobody[] = { "null", NULL };
  static const struct { const char *origin; int some, all; } cases[] = {
    { NULL, 200, 200 },
    { "https://app.example", 200, 200 },
    { "https://APP.example", 200, 200 },
    { "https://app.example:443", 200, 200 },
    { "https://app.example.", 200, 200 },
    { "http://localhost:3000", 200, 200 },
    { "http://[::1]", 200, 200 },
    { "https://trailing.example", 200, 200 },
    { "http://app.example", 403, 200 },
    { "https://app.example:444", 403, 200 },
    { "https://app.example.evil.example", 403, 200 },
    { "https://evil.example?https://app.example", 403, 200 },
    { "https://app.example/", 403, 200 },
    { "https://app.example https://evil.example", 403, 200 },
    { "http://localhost", 403, 200 },
    { "http://localhost:03000x", 403, 200 },
    { "http://localhost:99999999999", 403, 200 },
    { "null", 403, 200 },
    { "file://", 403, 200 },
    { "", 403, 403 },
  };
  char said[256];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(status_of((how){ 0 }, "x", cases[i].origin, NULL, 0), cases[i].origin == NULL ? 200 : 403);
    assert_int_equal(status_of((how){ some, NULL, 0 }, "x", cases[i].origin, NULL, 0), cases[i].some);
    assert_int_equal(status_of((how){ all, NULL, 0 }, "x", cases[i].origin, NULL, 0), cases[i].all);
  }
  assert_int_equal(status_of((how){ nobody, NULL, 0 }, "x", "null", NULL, 0), 200);
  assert_int_equal(status_of((how){ 0 }, "x", "https://app.example:8443", said, sizeof said), 403);
  assert_string_equal(said, "this web page may not talk to the host: start it with vms-host --allow-origin https://app.example:8443\n");
  assert_int_equal(status_of((how){ 0 }, "x", "http://<script>", said, sizeof said), 403);
  assert_string_equal(said, "this web page may not talk to the host: start it with vms-host --allow-origin ORIGIN\n");
}

static void pages_that_may_are_told_so(void **state) {
  static const char *const origins[] = { "https://app.example", NULL };
  line l;
  (void)state;
  dial(&l, (how){ origins, NULL, 0 });
  send_text(&l, "OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true\r\n\r\n");
  assert_said(&l, HEAD_OF("204 No Content") "Allow: GET, HEAD, OPTIONS, POST\r\nVary: Origin\r\nAccess-Control-Allow-Origin: https://app.example\r\n"
                  "Access-Control-Allow-Methods: POST\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 600\r\nAccess-Control-Allow-Private-Network: true\r\n\r\n");
  post(&l, "Origin: https://app.example\r\n", CALL);
  assert_true(has_said(&l, "\r\nAccess-Control-Allow-Origin: https://app.example\r\n") && has_said(&l, ANSWER));
  hang_up(&l);
  dial(&l, (how){ origins, NULL, 0 }); /* a preflight of another page */
  send_text(&l, "OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  assert_true(has_said(&l, "HTTP/1.1 403 ") && !has_said(&l, "Access-Control"));
  hang_up(&l);
  dial(&l, (how){ 0 }); /* WebSocket is no exception */
  send_text(&l, "GET / HTTP/1.1\r\nOrigin: https://evil.example\r\n" "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  assert_true(has_said(&l, "HTTP/1.1 403 "));
  hang_up(&l);
}

static void a_host_on_loopback_goes_by_no_other_name(void **state) {
  static const char *const names[] = { "party.example", "[2001:db8::1]", NULL };
  static const struct { const char *host; int any, loopback, named, both; } cases[] = {
    { "localhost", 200, 200, 403, 200 },
    { "LocalHost:5555", 200, 200, 403, 200 },
    { "localhost.", 200, 200, 403, 200 },
    { "my.localhost:1", 200, 200, 403, 200 },
    { "127.0.0.1", 200, 200, 403, 200 },
    { "127.255.3.4:5555", 200, 200, 403, 200 },
    { "[::1]", 200, 200, 403, 200 },
    { "[::1]:5555", 200, 200, 403, 200 },
    { "[::ffff:127.0.0.1]:5555", 200, 200, 403, 200 },
    { "party.example", 200, 403, 200, 200 },
    { "PARTY.example.:80", 200, 403, 200, 200 },
    { "[2001:DB8::1]:80", 200, 403, 200, 200 },
    { "evil.example", 200, 403, 403, 403 },
    { "localhost.evil.example", 200, 403, 403, 403 },
    { "evillocalhost", 200, 403, 403, 403 },
    { "127.0.0.1.evil.example", 200, 403, 403, 403 },
    { "127.0.0.1.nip.io", 200, 403, 403, 403 },
    { "127.1", 200, 403, 403, 403 },
    { "127.0.0.256", 200, 403, 403, 403 },
    { "127.0.0.0001", 200, 403, 403, 403 },
    { "0.0.0.0", 200, 403, 403, 403 },
    { "2130706433", 200, 403, 403, 403 },
    { "[::2]", 200, 403, 403, 403 },
    { "", 400, 400, 400, 400 },
    { ".", 400, 400, 400, 400 },
    { "a b", 400, 400, 400, 400 },
    { "localhost/", 400, 400, 400, 400 },
    { "user@localhost", 400, 400, 400, 400 },
    { "localhost:x", 400, 400, 400, 400 },
    { "localhost:65536", 400, 400, 400, 400 },
    { "[::1", 400, 400, 400, 400 },
    { "[::1]x", 400, 400, 400, 400 },
    { "[]", 400, 400, 400, 400 },
    { "[evil]", 400, 400, 400, 400 },
    { "http://localhost", 400, 400, 400, 400 },
  };
  char said[256];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(status_of((how){ 0 }, cases[i].host, NULL, NULL, 0), cases[i].any);
    assert_int_equal(status_of((how){ NULL, NULL, VMS_RPC_LOOPBACK }, cases[i].host, NULL, NULL, 0), cases[i].loopback);
    assert_int_equal(status_of((how){ NULL, names, 0 }, cases[i].host, NULL, NULL, 0), cases[i].named);
    assert_int_equal(status_of((how){ NULL, names, VMS_RPC_LOOPBACK }, cases[i].host, NULL, NULL, 0), cases[i].both);
  }
  assert_int_equal(status_of((how){ NULL, NULL, VMS_RPC_LOOPBACK }, "evil.example:5555", NULL, said, sizeof said), 403);
  assert_string_equal(said, "this host does not go by that name: start it with vms-host --allow-host evil.example\n");
}

static void a_whole_url_names_the_host_too(void **state) {
  line l;
  (void)state;
  dial(&l, (how){ NULL, NULL, VMS_RPC_LOOPBACK });
  send_text(&l, "POST http://localhost:5555/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 53\r\n\r\n" CALL);
  assert_said(&l, ANSWERED);
  send_text(&l, "POST http://[::1]:5555/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 53\r\n\r\n" CALL);
  assert_said(&l, ANSWERED);
  send_text(&l, "POST http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 53\r\n\r\n" CALL);
  assert_true(has_said(&l, "HTTP/1.1 403 ") && has_said(&l, "--allow-host evil.example\n"));
  assert_int_equal(l.fake.calls, 2);
  hang_up(&l);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_post_is_answered),
    cmocka_unit_test(posts_go_on_one_after_the_other),
    cmocka_unit_test(an_answer_that_comes_later_keeps_its_turn),
    cmocka_unit_test(answers_by_post_wait_until_they_are_durable),
    cmocka_unit_test(notifications_by_post_are_answered_once_they_ran),
    cmocka_unit_test(a_connection_that_is_to_end_ends_behind_the_answer),
    cmocka_unit_test(a_connection_may_be_upgraded_after_posts),
    cmocka_unit_test(nothing_is_followed_by_post),
    cmocka_unit_test(answers_that_outgrow_all_bounds_are_503),
    cmocka_unit_test(bodies_may_come_in_chunks),
    cmocka_unit_test(curl_is_told_to_go_on),
    cmocka_unit_test(bodies_end_at_two_mebibytes),
    cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
    cmocka_unit_test(endless_lines_between_chunks_are_cut_off),
    cmocka_unit_test(other_methods_are_told_what_there_is),
    cmocka_unit_test(web_pages_get_in_where_the_host_says_so),
    cmocka_unit_test(pages_that_may_are_told_so),
    cmocka_unit_test(a_host_on_loopback_goes_by_no_other_name),
    cmocka_unit_test(a_whole_url_names_the_host_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

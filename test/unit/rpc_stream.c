/* SPDX-License-Identifier: MIT */
/* Goal: with the subprotocol "hypercore" a WebSocket connection is a stream of bytes in both directions, whatever messages they
 * travel in, and without it nothing changes. Method: sessions in memory, frames made by hand, whole and byte by byte with equal
 * results; client and server joined, in pieces of random sizes from a printed seed; every allocation failing once. */
#include "test/support/test.h"

#include "lib/rpc/internal.h"
#include "test/support/fake_rpc.h"
#include "test/support/storage.h"
#include "test/support/ws_frame.h"

#define REQUEST "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define ANSWER "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
#define PROTOCOL "Sec-WebSocket-Protocol: hypercore\r\n"

typedef struct line {
  fake_rpc fake;
  vms_rpc_session *session;
  vms_buffer out;     /* what goes to the peer, without the answer to the upgrade */
  vms_buffer arrived; /* the stream */
} line;

static void take(line *l) {
  while (vms_rpc_session_pending(l->session) > 0) assert_ok(vms_rpc_session_take(l->session, &l->out, NULL));
}

static void connect_with(line *l, const char *headers, uint32_t flags) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  memset(l, 0, sizeof *l);
  fake_rpc_init(&l->fake);
  l->fake.table.flags = flags;
  options.context = &l->fake;
  options.find = fake_find;
  assert_ok(vms_rpc_session_new(&l->session, &options, NULL));
  assert_ok(vms_rpc_session_feed(l->session, REQUEST, strlen(REQUEST), NULL));
  assert_ok(vms_rpc_session_feed(l->session, headers, strlen(headers), NULL));
  assert_ok(vms_rpc_session_feed(l->session, "\r\n", 2, NULL));
  take(l);
}

static void connect_line(line *l) {
  connect_with(l, PROTOCOL, VMS_RPC_STREAM);
  assert_int_equal(vms_rpc_session_is_stream(l->session), 1);
  l->out.len = 0;
}

static void hang_up(line *l) {
  vms_rpc_session_free(l->session);
  vms_buffer_free(&l->out);
  vms_buffer_free(&l->arrived);
}

static void feed(line *l, const vms_buffer *bytes, size_t step) {
  for (size_t at = 0; at < bytes->len; at += step) {
    assert_ok(vms_rpc_session_feed(l->session, bytes->data + at, VMS__MIN(step, bytes->len - at), NULL));
    assert_ok(vms_rpc_session_stream_take(l->session, &l->arrived, NULL));
    take(l);
  }
}

static void feed_frame(line *l, uint8_t first, const void *payload, size_t len) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  frame(&bytes, first, payload, len, true);
  feed(l, &bytes, SIZE_MAX / 2);
  vms_buffer_free(&bytes);
}

static void assert_closed(const line *l, unsigned code) {
  assert_true(l->out.len >= 4);
  assert_int_equal((uint8_t)l->out.data[0], 0x88);
  assert_int_equal((uint8_t)l->out.data[2] << 8 | (uint8_t)l->out.data[3], code);
  assert_int_equal(vms_rpc_session_wants_close(l->session), 1);
}

/* --- the upgrade ------------------------------------------------------------------------------------------- */

static void the_subprotocol_is_agreed_to_where_it_is_offered(void **state) {
  static const struct { const char *headers; uint32_t flags; int stream; } cases[] = {
    { PROTOCOL, VMS_RPC_STREAM, 1 },
    { "sec-websocket-protocol: chat ,hypercore, chat2\r\n", VMS_RPC_STREAM, 1 },
    { "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: hypercore\r\n", VMS_RPC_STREAM, 1 },
    { "Sec-WebSocket-Protocol: hypercore\r\nSec-WebSocket-Protocol: chat\r\n", VMS_RPC_STREAM, 1 },
    { PROTOCOL, 0, 0 },                                   /* the owner does not replicate */
    { "", VMS_RPC_STREAM, 0 },
    { "Sec-WebSocket-Protocol: chat\r\n", VMS_RPC_STREAM, 0 },
    { "Sec-WebSocket-Protocol:\r\n", VMS_RPC_STREAM, 0 },
    { "Sec-WebSocket-Protocol: Hypercore\r\n", VMS_RPC_STREAM, 0 },
    { "Sec-WebSocket-Protocol: hypercore2, xhypercore, hyper core\r\n", VMS_RPC_STREAM, 0 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    line l;
    connect_with(&l, cases[i].headers, cases[i].flags);
    assert_text(l.out, cases[i].stream ? ANSWER PROTOCOL "\r\n" : ANSWER "\r\n");
    assert_int_equal(vms_rpc_session_is_stream(l.session), cases[i].stream);
    hang_up(&l);
  }
}

static void other_sessions_speak_json_still(void **state) {
  static const char question[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}", answer[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}";
  line l;
  (void)state;
  connect_with(&l, "Sec-WebSocket-Protocol: chat\r\n", VMS_RPC_STREAM);
  l.out.len = 0;
  feed_frame(&l, 0x81, question, strlen(question));
  assert_memory_equal(l.out.data + 2, answer, strlen(answer));
  l.out.len = 0;
  feed_frame(&l, 0x82, "x", 1);
  assert_closed(&l, 1003);
  assert_int_equal(l.arrived.len, 0);
  hang_up(&l);
}

/* --- frames -------------------------------------------------------------------------------------------------- */

static void payloads_are_one_stream_however_they_are_packed(void **state) {
  static const char big[70000] = { 'b', 'i', 'g' };
  vms_buffer bytes = VMS_BUFFER_INIT, expected = VMS_BUFFER_INIT;
  (void)state;
  frame(&bytes, 0x82, "one", 3, true);
  frame(&bytes, 0x82, "", 0, true);
  frame(&bytes, 0x02, "tw", 2, true);
  frame(&bytes, 0x89, "there?", 6, true);
  frame(&bytes, 0x00, "", 0, true);
  frame(&bytes, 0x8a, "unasked", 7, true);
  frame(&bytes, 0x80, "o", 1, true);
  frame(&bytes, 0x82, big, sizeof big, true);
  assert_ok(vms__buf_text(&expected, "onetwo"));
  assert_ok(vms_buffer_append(&expected, big, sizeof big));
  for (size_t step = 1; step < 100000; step = step * 7 + 1) {
    line l;
    connect_line(&l);
    feed(&l, &bytes, step);
    assert_int_equal(l.arrived.len, expected.len);
    assert_memory_equal(l.arrived.data, expected.data, expected.len);
    assert_int_equal(l.out.len, 8);
    assert_memory_equal(l.out.data, "\x8a\x06there?", 8);
    hang_up(&l);
  }
  vms_buffer_free(&bytes);
  vms_buffer_free(&expected);
}

static void bytes_are_there_before_their_message_ends(void **state) {
  /* A message that says it is 2^62 bytes long costs what has come of it. */
  static const char head[] = "\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00\0\0\0\0";
  line l;
  (void)state;
  connect_line(&l);
  assert_ok(vms_rpc_session_feed(l.session, head, sizeof head - 1, NULL));
  for (size_t i = 1; i <= 1000; i++) {
    assert_ok(vms_rpc_session_feed(l.session, "0123456789", 10, NULL));
    assert_ok(vms_rpc_session_stream_take(l.session, &l.arrived, NULL));
    assert_int_equal(l.arrived.len, i * 10);
  }
  assert_int_equal(vms_rpc_session_wants_close(l.session), 0);
  hang_up(&l);
}

static void what_is_no_stream_ends_the_connection_with_the_right_code(void **state) {
  static const struct { const char *bytes; size_t len; unsigned code; } cases[] = {
    { "\x81\x81\0\0\0\0x", 7, 1003 },               /* text */
    { "\x01\x80\0\0\0\0\x80\x81\0\0\0\0x", 13, 1003 }, /* text that begins empty */
    { "\x81\x82\0\0\0\0\xc3\x28", 8, 1003 },        /* text that is none: refused before it is read */
    { "\x82\x01x", 3, 1002 },                       /* no mask */
    { "\xc2\x81\0\0\0\0x", 7, 1002 },               /* a reserved bit */
    { "\x83\x81\0\0\0\0x", 7, 1002 },               /* an opcode that is none */
    { "\x80\x81\0\0\0\0x", 7, 1002 },               /* a continuation of nothing */
    { "\x02\x80\0\0\0\0\x82\x81\0\0\0\0x", 13, 1002 }, /* a message inside a message */
    { "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0x", 15, 1002 }, /* more than a length may be */
    { "\x88\x82\0\0\0\0\x03\xe8", 8, 1000 },        /* goodbye */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t step = 1; step <= 64; step += 63) {
      vms_buffer bytes = VMS_BUFFER_INIT;
      line l;
      connect_line(&l);
      assert_ok(vms_buffer_append(&bytes, cases[i].bytes, cases[i].len));
      feed(&l, &bytes, step);
      assert_closed(&l, cases[i].code);
      feed_frame(&l, 0x82, "late", 4);
      assert_int_equal(l.arrived.len, 0);
      assert_ok(vms_rpc_session_stream_send(l.session, "late", 4, NULL)); /* nobody waits for it */
      assert_int_equal(vms_rpc_session_pending(l.session), 0);
      vms_buffer_free(&bytes);
      hang_up(&l);
    }
}

static void input_waits_while_nobody_takes(void **state) {
  static const char some[60000] = { 0 };
  vms_buffer bytes = VMS_BUFFER_INIT;
  line l;
  size_t fed = 0;
  (void)state;
  connect_line(&l);
  frame(&bytes, 0x82, some, sizeof some, true);
  for (; vms_rpc_session_wants_read(l.session) && fed < 100; fed++)
    assert_ok(vms_rpc_session_feed(l.session, bytes.data, bytes.len, NULL));
  assert_in_range(fed, 2, 10);
  assert_ok(vms_rpc_session_stream_take(l.session, &l.arrived, NULL));
  assert_int_equal(l.arrived.len, fed * sizeof some);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  vms_buffer_free(&bytes);
  hang_up(&l);
}

static void reading_pauses_while_output_is_not_taken(void **state) {
  static const char some[60000] = { 0 };
  line l;
  (void)state;
  connect_line(&l);
  for (int i = 0; i < 80; i++) assert_ok(vms_rpc_session_stream_send(l.session, some, sizeof some, NULL));
  assert_int_equal(vms_rpc_session_wants_read(l.session), 0);
  take(&l);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  assert_true(l.out.len > 80 * sizeof some);
  hang_up(&l);
}

static void a_host_says_goodbye(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  assert_ok(vms_rpc_session_stream_send(l.session, "last", 4, NULL));
  assert_ok(vms_rpc_session_close(l.session, 1001, "bye", NULL));
  take(&l);
  assert_memory_equal(l.out.data, "\x82\x04last\x88\x05\x03\xe9" "bye", 13);
  hang_up(&l);
}

/* --- both ends -------------------------------------------------------------------------------------------------- */

/* The client's key is that of RFC 6455's example, so that its server can be played by hand. */
static int entropy(void *context, void *bytes, size_t len) {
  (void)context;
  memcpy(bytes, "the sample nonce", VMS__MIN(len, 16u));
  return VMS_OK;
}

static vms_env env_of_tests(void) {
  vms_env env = { sizeof env, 0, NULL, NULL, NULL, entropy };
  return env;
}

static void a_client_takes_no_other_answer(void **state) {
  static const struct { const char *protocol, *headers; int status; } cases[] = {
    { "hypercore", PROTOCOL, VMS_OK },
    { "hypercore", "", VMS_ERR_REMOTE },
    { "hypercore", "Sec-WebSocket-Protocol: chat\r\n", VMS_ERR_REMOTE },
    { "hypercore", "Sec-WebSocket-Protocol: hypercore, chat\r\n", VMS_ERR_REMOTE },
    { "hypercore", PROTOCOL PROTOCOL, VMS_ERR_REMOTE },
    { NULL, "", VMS_OK },
    { NULL, PROTOCOL, VMS_ERR_REMOTE },
  };
  vms_env env = env_of_tests();
  vms_rpc_client *client;
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  (void)state;
  options.env = &env;
  options.protocol = "chat";
  assert_int_equal(vms_rpc_client_new(&client, SLICE("x"), SLICE("/"), &options, NULL), VMS_ERR_ARGUMENT);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vms_buffer request = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
    options.protocol = cases[i].protocol;
    assert_ok(vms_rpc_client_new(&client, SLICE("x"), SLICE("/"), &options, NULL));
    assert_ok(vms_rpc_client_take(client, &request, NULL));
    assert_int_equal(strstr(request.data, PROTOCOL) != NULL, cases[i].protocol != NULL);
    assert_ok(vms__buf_format(&answer, ANSWER "%s\r\n", cases[i].headers));
    assert_int_equal(vms_rpc_client_feed(client, answer.data, answer.len, NULL), cases[i].status);
    assert_int_equal(vms_rpc_client_is_open(client), cases[i].status == VMS_OK);
    vms_buffer_free(&request);
    vms_buffer_free(&answer);
    vms_rpc_client_free(client);
  }
}

static void a_client_is_open_until_the_stream_was_taken(void **state) {
  vms_env env = env_of_tests();
  vms_rpc_client *client;
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  vms_buffer bytes = VMS_BUFFER_INIT, got = VMS_BUFFER_INIT;
  (void)state;
  options.env = &env;
  options.protocol = "hypercore";
  assert_ok(vms_rpc_client_new(&client, SLICE("x"), SLICE("/"), &options, NULL));
  assert_int_equal(vms_rpc_client_stream_send(client, "x", 1, NULL), VMS_ERR_CLOSED);
  assert_ok(vms__buf_text(&bytes, ANSWER PROTOCOL "\r\n"));
  frame(&bytes, 0x82, "last words", 10, false);
  frame(&bytes, 0x88, "\x03\xe9", 2, false);
  assert_ok(vms_rpc_client_feed(client, bytes.data, bytes.len, NULL));
  assert_int_equal(vms_rpc_client_is_closed(client), 0);
  assert_ok(vms_rpc_client_stream_take(client, &got, NULL));
  assert_text(got, "last words");
  assert_int_equal(vms_rpc_client_is_closed(client), 1);
  assert_int_equal(vms_rpc_client_stream_send(client, "x", 1, NULL), VMS_ERR_CLOSED);
  vms_buffer_free(&bytes);
  vms_buffer_free(&got);
  vms_rpc_client_free(client);
}

/* What one end says and what the other one heard. */
typedef struct direction {
  vms_buffer wire, heard;
  size_t at; /* of wire */
  uint64_t said;
} direction;

static uint8_t byte_at(uint64_t position, int which) { return (uint8_t)(position * 31 + position / 251 + (uint64_t)which); }

static void assert_heard(const direction *d, int which) {
  assert_int_equal(d->heard.len, d->said);
  for (size_t i = 0; i < d->heard.len; i++) assert_int_equal((uint8_t)d->heard.data[i], byte_at(i, which));
}

static size_t some_words(direction *d, int which, uint64_t *random, uint8_t words[150000]) {
  size_t len = sim_random(random) % (sim_random(random) % 20 == 0 ? 150000 : 500);
  for (size_t i = 0; i < len; i++) words[i] = byte_at(d->said + i, which);
  d->said += len;
  return len;
}

static size_t some_wire(const direction *d, uint64_t *random, bool all) {
  size_t left = d->wire.len - d->at, some = (size_t)(sim_random(random) % 30000);
  return all || some > left ? left : some;
}

static void both_ends_hear_what_the_other_said(void **state) {
  static uint8_t words[150000];
  vms_env env = env_of_tests();
  vms_rpc_client *client;
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  direction up = { VMS_BUFFER_INIT, VMS_BUFFER_INIT, 0, 0 }, down = up;
  uint64_t random = sim_seed();
  line l;
  (void)state;
  connect_line(&l);
  options.env = &env;
  options.protocol = "hypercore";
  assert_ok(vms_rpc_client_new(&client, SLICE("x"), SLICE("/"), &options, NULL));
  assert_ok(vms_rpc_client_feed(client, ANSWER PROTOCOL "\r\n", strlen(ANSWER PROTOCOL "\r\n"), NULL));
  assert_ok(vms_rpc_client_take(client, &up.wire, NULL)); /* the request, which was played above */
  up.wire.len = 0;
  for (int round = 0; round < 2000; round++) {
    if (round < 1900 && sim_random(&random) % 4 == 0) {
      size_t len = some_words(&up, 1, &random, words);
      assert_ok(vms_rpc_client_stream_send(client, words, len, NULL));
      len = some_words(&down, 2, &random, words);
      assert_ok(vms_rpc_session_stream_send(l.session, words, len, NULL));
    }
    assert_ok(vms_rpc_client_take(client, &up.wire, NULL));
    assert_ok(vms_rpc_session_take(l.session, &down.wire, NULL));
    size_t len = some_wire(&up, &random, round == 1999);
    assert_ok(vms_rpc_session_feed(l.session, up.wire.data == NULL ? "" : up.wire.data + up.at, len, NULL));
    up.at += len;
    len = some_wire(&down, &random, round == 1999);
    assert_ok(vms_rpc_client_feed(client, down.wire.data == NULL ? "" : down.wire.data + down.at, len, NULL));
    down.at += len;
    assert_ok(vms_rpc_session_stream_take(l.session, &up.heard, NULL));
    assert_ok(vms_rpc_client_stream_take(client, &down.heard, NULL));
  }
  assert_heard(&up, 1);
  assert_heard(&down, 2);
  assert_true(up.said > 100000 && down.said > 100000);
  for (int i = 0; i < 2; i++) {
    vms_buffer_free(i == 0 ? &up.wire : &down.wire);
    vms_buffer_free(i == 0 ? &up.heard : &down.heard);
  }
  vms_rpc_client_free(client);
  hang_up(&l);
}

/* --- no memory ------------------------------------------------------------------------------------------------------ */

typedef struct scarce {
  uint64_t left, live; /* allocations until one fails; bytes not given back */
} scarce;

static void *scarce_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  scarce *s = context;
  void *made;
  if (new_len > old_len && s->left-- == 0) return NULL;
  s->live += new_len - old_len;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  made = realloc(memory, new_len);
  assert_non_null(made);
  return made;
}

/* True if it went through. */
static bool try_stream(const vms_env *env, const vms_buffer *bytes) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  vms_buffer got;
  fake_rpc fake;
  int status;
  fake_rpc_init(&fake);
  fake.table.flags = VMS_RPC_STREAM;
  options.env = env;
  options.context = &fake;
  options.find = fake_find;
  vms_buffer_init(&got, env);
  status = vms_rpc_session_new(&session, &options, NULL);
  if (status == VMS_OK) status = vms_rpc_session_feed(session, REQUEST PROTOCOL "\r\n", strlen(REQUEST PROTOCOL "\r\n"), NULL);
  if (status == VMS_OK && !vms_rpc_session_is_stream(session)) status = VMS_ERR_NOMEM; /* refused for want of memory */
  if (status == VMS_OK) status = vms_rpc_session_feed(session, bytes->data, bytes->len, NULL);
  if (status == VMS_OK) status = vms_rpc_session_stream_take(session, &got, NULL);
  if (status == VMS_OK) assert_int_equal(got.len, 5003);
  if (status == VMS_OK) status = vms_rpc_session_stream_send(session, got.data, got.len, NULL);
  vms_rpc_session_free(session);
  vms_buffer_free(&got);
  if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
  return status == VMS_OK;
}

static void every_allocation_may_fail(void **state) {
  static const char some[5000] = { 0 };
  vms_buffer bytes = VMS_BUFFER_INIT;
  scarce s = { 0, 0 };
  vms_env env = { sizeof env, 0, &s, scarce_resize, NULL, NULL };
  uint64_t n = 0;
  (void)state;
  frame(&bytes, 0x02, "abc", 3, true);
  frame(&bytes, 0x80, some, sizeof some, true);
  do s = (scarce){ n++, 0 };
  while (!try_stream(&env, &bytes) && n < 1000);
  assert_in_range(n, 5, 999);
  assert_int_equal(s.live, 0);
  vms_buffer_free(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_subprotocol_is_agreed_to_where_it_is_offered),
    cmocka_unit_test(other_sessions_speak_json_still),
    cmocka_unit_test(payloads_are_one_stream_however_they_are_packed),
    cmocka_unit_test(bytes_are_there_before_their_message_ends),
    cmocka_unit_test(what_is_no_stream_ends_the_connection_with_the_right_code),
    cmocka_unit_test(input_waits_while_nobody_takes),
    cmocka_unit_test(reading_pauses_while_output_is_not_taken),
    cmocka_unit_test(a_host_says_goodbye),
    cmocka_unit_test(a_client_takes_no_other_answer),
    cmocka_unit_test(a_client_is_open_until_the_stream_was_taken),
    cmocka_unit_test(both_ends_hear_what_the_other_said),
    cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

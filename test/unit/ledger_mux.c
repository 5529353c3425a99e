/* SPDX-License-Identifier: MIT */
/* Channels on one stream: two ends in one process that agree on what is open whatever crosses on the way, and hand-made messages
 * that no honest peer sends. */
#include "test/support/entropy.h"
#include "test/support/test.h"
#include "lib/ledger/replication.h"

#define CHANNELS_MAX 4u
#define FRAME_MAX VMS__STREAM_FRAME_MAX

typedef struct end {
  sim_entropy entropy;
  vms__stream *stream;
  vms__mux *mux;
  bool accepts;         /* what the peer opens */
  int answer;           /* of every event: a status */
  uint32_t accepted;    /* the number that the last accepted one got */
  uint32_t of_pair[8];  /* by the id's first byte: our number, 0: not open or opening */
  size_t opens, closes, messages;
  vms_buffer log;       /* what happened, as text */
} end;

static vms_slice id_of(unsigned pair) {
  static const char names[] = "abcdefgh";
  return (vms_slice){ names + pair, 1 };
}

static int on_opened(void *context, uint32_t local, vms_slice protocol, vms_slice id, vms_slice handshake, vms_error *error) {
  end *one = context;
  one->opens++;
  assert_ok(vms__buf_format(&one->log, "opened %u %.*s/%.*s %.*s;", (unsigned)local, (int)protocol.len, protocol.data, (int)id.len, id.data,
                            (int)handshake.len, handshake.data));
  if (one->answer != VMS_OK) return vms__fail(error, one->answer, 0, "as told");
  if (local != 0 || !one->accepts) return VMS_OK;
  int status = vms__mux_open(one->mux, protocol, id, SLICE("yes"), &one->accepted, error);
  if (status == VMS_OK && id.len == 1) one->of_pair[id.data[0] - 'a'] = one->accepted;
  return status;
}

static int on_message(void *context, uint32_t local, uint64_t type, vms_slice payload, vms_error *error) {
  end *one = context;
  one->messages++;
  assert_ok(vms__buf_format(&one->log, "message %u %llu %.*s;", (unsigned)local, (unsigned long long)type, (int)payload.len, payload.data));
  return one->answer == VMS_OK ? VMS_OK : vms__fail(error, one->answer, 0, "as told");
}

static int on_closed(void *context, uint32_t local, vms_error *error) {
  end *one = context;
  one->closes++;
  for (unsigned i = 0; i < 8; i++)
    if (one->of_pair[i] == local) one->of_pair[i] = 0;
  assert_ok(vms__buf_format(&one->log, "closed %u;", (unsigned)local));
  return one->answer == VMS_OK ? VMS_OK : vms__fail(error, one->answer, 0, "as told");
}

static void end_init(end *one, bool initiator, bool accepts) {
  memset(one, 0, sizeof *one);
  sim_entropy_init(&one->entropy, initiator ? 1 : 2);
  assert_ok(vms__stream_new(&one->stream, initiator, &one->entropy.memory.env, NULL));
  assert_ok(vms__mux_new(&one->mux, one->stream, &(vms__mux_events){ one, on_opened, on_message, on_closed }, CHANNELS_MAX, &one->entropy.memory.env, NULL));
  one->accepts = accepts;
}

static void end_deinit(end *one) {
  vms__mux_free(one->mux);
  vms__stream_free(one->stream);
  vms_buffer_free(&one->log);
  assert_int_equal(one->entropy.memory.live, 0);
}

/* Hands over what one has sent; the first failure comes back. */
static int deliver(end *from, end *to, vms_error *error) {
  vms_buffer *output = vms__stream_output(from->stream);
  vms_slice message = { NULL, 0 };
  int status = vms__stream_feed(to->stream, output->data, output->len);
  vms__buf_clear(output);
  while (status == VMS_OK) {
    status = vms__stream_next(to->stream, FRAME_MAX, &message, error);
    if (status != VMS_OK || message.data == NULL) break;
    status = vms__mux_handle(to->mux, message, error);
  }
  return status;
}

static void settle(end *a, end *b) {
  while (vms__stream_output(a->stream)->len > 0 || vms__stream_output(b->stream)->len > 0) {
    assert_ok(deliver(a, b, NULL));
    assert_ok(deliver(b, a, NULL));
  }
}

static void pair_init(end *a, end *b) {
  end_init(a, true, true);
  end_init(b, false, true);
  settle(a, b);
}

static void pair_deinit(end *a, end *b) {
  end_deinit(a);
  end_deinit(b);
}

static void expect_log(end *one, const char *text) {
  assert_text(one->log, text);
  vms_buffer_free(&one->log);
}

static uint32_t open_pair(end *one, unsigned pair) {
  uint32_t local = 0;
  assert_ok(vms__mux_open(one->mux, SLICE("p"), id_of(pair), SLICE("hi"), &local, NULL));
  one->of_pair[pair] = local;
  return local;
}

static void close_pair(end *one, unsigned pair) {
  assert_ok(vms__mux_close(one->mux, one->of_pair[pair]));
  one->of_pair[pair] = 0;
}

static void a_channel_opens_carries_closes_and_opens_again(void **state) {
  end a, b;
  (void)state;
  pair_init(&a, &b);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(open_pair(&a, 0), 1);
    assert_false(vms__mux_is_open(a.mux, 1));
    settle(&a, &b);
    assert_true(vms__mux_is_open(a.mux, 1));
    assert_true(vms__mux_is_open(b.mux, b.accepted));
    assert_ok(vms__mux_send(a.mux, 1, 7, SLICE("ping")));
    assert_ok(vms__mux_send(b.mux, b.accepted, 300, SLICE("")));
    settle(&a, &b);
    if (i == 1) close_pair(&b, 0);
    else close_pair(&a, 0);
    settle(&a, &b);
    expect_log(&a, i == 1 ? "opened 1 p/a yes;message 1 300 ;closed 1;" : "opened 1 p/a yes;message 1 300 ;");
    expect_log(&b, i == 1 ? "opened 0 p/a hi;message 1 7 ping;" : "opened 0 p/a hi;message 1 7 ping;closed 1;");
  }
  pair_deinit(&a, &b);
}

static void what_nobody_wants_is_rejected_and_its_number_is_free_again(void **state) {
  end a, b;
  (void)state;
  pair_init(&a, &b);
  b.accepts = false;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(open_pair(&a, 0), 1);
    settle(&a, &b);
    expect_log(&a, "closed 1;");
    expect_log(&b, "opened 0 p/a hi;");
  }
  pair_deinit(&a, &b);
}

static void both_may_open_at_once(void **state) {
  end a, b;
  (void)state;
  pair_init(&a, &b);
  open_pair(&a, 5); /* so that the numbers differ */
  settle(&a, &b);
  close_pair(&b, 5);
  open_pair(&a, 1);
  open_pair(&a, 0);
  open_pair(&b, 0);
  settle(&a, &b);
  assert_true(vms__mux_is_open(a.mux, a.of_pair[0]));
  assert_true(vms__mux_is_open(b.mux, b.of_pair[0]));
  vms_buffer_free(&b.log);
  assert_ok(vms__mux_send(a.mux, a.of_pair[0], 1, SLICE("x")));
  settle(&a, &b);
  assert_true(a.of_pair[0] != b.of_pair[0]);
  expect_log(&b, b.of_pair[0] == 1 ? "message 1 1 x;" : "message 2 1 x;");
  pair_deinit(&a, &b);
}

static void a_number_closed_unanswered_stays_taken_until_the_answer(void **state) {
  (void)state;
  for (int wanted = 0; wanted < 2; wanted++) {
    end a, b;
    pair_init(&a, &b);
    b.accepts = wanted;
    assert_int_equal(open_pair(&a, 0), 1);
    close_pair(&a, 0);
    assert_int_equal(open_pair(&a, 0), 2);
    settle(&a, &b);
    expect_log(&a, wanted ? "opened 2 p/a yes;" : "closed 2;");
    expect_log(&b, wanted ? "opened 0 p/a hi;closed 1;opened 0 p/a hi;" : "opened 0 p/a hi;opened 0 p/a hi;");
    assert_int_equal(open_pair(&a, 1), 1);
    pair_deinit(&a, &b);
  }
}

static void there_are_no_more_channels_than_allowed(void **state) {
  uint32_t local;
  end a, b;
  (void)state;
  pair_init(&a, &b);
  for (unsigned i = 0; i < CHANNELS_MAX; i++) open_pair(&a, i);
  assert_int_equal(vms__mux_open(a.mux, SLICE("p"), id_of(7), SLICE(""), &local, NULL), VMS_ERR_LIMIT);
  settle(&a, &b);
  assert_int_equal(b.opens, CHANNELS_MAX);
  close_pair(&a, 2);
  /* b has not heard of the close: a's fifth comes when b's table has no room. */
  assert_ok(deliver(&a, &b, NULL));
  open_pair(&b, 6);
  open_pair(&a, 7);
  assert_ok(deliver(&a, &b, NULL));
  assert_int_equal(b.opens, CHANNELS_MAX); /* nobody was asked */
  vms_buffer_free(&a.log);
  assert_ok(deliver(&b, &a, NULL)); /* b's open finds no room either, then the reject arrives */
  expect_log(&a, "closed 3;");
  settle(&a, &b);
  assert_int_equal(a.of_pair[7], 0);
  assert_int_equal(b.of_pair[6], 0);
  assert_int_equal(open_pair(&a, 7), 3);
  settle(&a, &b);
  assert_true(vms__mux_is_open(a.mux, 3));
  pair_deinit(&a, &b);
}

/* --- hand-made messages: hex, spaces ignored ---------------------------------------------------------------------------- */

static size_t bytes_of(const char *hex, uint8_t bytes[512]) {
  size_t len = 0;
  for (const char *p = hex; *p != 0; p += *p == ' ' ? 1 : 2)
    if (*p != ' ') assert_true(vms__hex_decode((vms_slice){ p, 2 }, &bytes[len++], 1));
  return len;
}

static int handle(end *one, const char *hex, vms_error *error) {
  uint8_t bytes[512];
  size_t len = bytes_of(hex, bytes);
  char *exact = malloc(len + (len == 0)); /* so that a sanitizer sees a read past the end */
  int status;
  memcpy(exact, bytes, len);
  status = vms__mux_handle(one->mux, (vms_slice){ exact, len }, error);
  free(exact);
  return status;
}

/* What one sent since, message by message. */
static void expect_sent(end *one, end *to, const char *hex) {
  vms_buffer *output = vms__stream_output(one->stream), sent = VMS_BUFFER_INIT;
  uint8_t wanted[512];
  vms_slice message;
  assert_ok(vms__stream_feed(to->stream, output->data, output->len));
  vms__buf_clear(output);
  while (vms__stream_next(to->stream, FRAME_MAX, &message, NULL) == VMS_OK && message.data != NULL) assert_ok(vms__buf_slice(&sent, message));
  assert_int_equal(sent.len, bytes_of(hex, wanted));
  if (sent.len > 0) assert_memory_equal(sent.data, wanted, sent.len);
  vms_buffer_free(&sent);
}

static void batches_are_taken_apart(void **state) {
  end a, b;
  (void)state;
  pair_init(&a, &b);
  /* open 1 p/a "hi", message 1 of 1, message 2 of 1, now 2 which nobody knows: ignored, control again: open 2 p/b, close 1 */
  assert_ok(handle(&b, "00 00 00 08 01 01 01 70 01 61 68 69 00 01 03 01 7879 01 02 00 02 02 0107 00 00 06 01 02 01 70 01 62 02 03 01", NULL));
  expect_log(&b, "opened 0 p/a hi;message 1 1 xy;message 1 2 ;opened 0 p/b ;closed 1;");
  expect_sent(&b, &a, "00 01 01 01 70 01 61 796573 00 01 02 01 70 01 62 796573");
  /* The same as one message after the other, and a batch of nothing. */
  assert_ok(handle(&b, "00 01 01 01 70 01 61", NULL));
  assert_ok(handle(&b, "01 05 7a", NULL));
  assert_ok(handle(&b, "00 00 00", NULL));
  expect_log(&b, "opened 0 p/a ;message 1 5 z;");
  pair_deinit(&a, &b);
}

static void what_may_cross_on_the_way_is_ignored(void **state) {
  static const char *const cases[] = {
    "07 01 78",              /* a message of a channel that is not open */
    "ff ffffffffffff1f00 00",
    "00 03 07",              /* close of what is not open */
    "00 03 00",
    "00 04 01 02",           /* a kind of control message of a later version */
    "00 fd ffff",
    "00 00 09 01 00 00 08 01 00", /* a batch of messages of unknown channels */
  };
  end a, b;
  (void)state;
  pair_init(&a, &b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) assert_ok(handle(&b, cases[i], NULL));
  assert_text(b.log, "");
  expect_sent(&b, &a, "");
  pair_deinit(&a, &b);
}

static void what_no_honest_peer_sends_ends_the_session(void **state) {
  static const char *const cases[] = {
    "00",                             /* no type */
    "fd01",
    "ff ffffffffffffffff 00",         /* beyond 2^53 */
    "00 00",                          /* a batch of no channel */
    "00 00 00 05 0101",               /* an item longer than the batch */
    "00 00 00 ff ffffffffffff1f00 01",
    "00 00 00 fe ffffffff 01",
    "00 00 01 00",                    /* another channel, but which? */
    "00 00 00 02 00 00",              /* a batch in a batch */
    "00 00 00 06 00 00 04 00 00 02 00",
    "00 00 00 01 fd",                 /* an item without a type */
    "00 01",                          /* opens: no number */
    "00 01 01",
    "00 01 01 05 70",                 /* a protocol that is cut off */
    "00 01 01 01 70 20 61",           /* an id that is cut off */
    "00 01 00 01 70 01 61",           /* number 0 is control's */
    "00 01 03 01 70 01 61",           /* one number left out */
    "00 01 01 01 70 01 62",           /* a number in use */
    "00 02",                          /* rejects: of nothing, of control, of no channel, of an open one */
    "00 02 00",
    "00 02 09",
    "00 02 01",
    "00 03",                          /* a close of nothing */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_error error = { 0 };
    end a, b;
    pair_init(&a, &b);
    assert_ok(handle(&b, "00 01 01 01 70 01 61", NULL));
    vms_buffer_free(&b.log);
    if (handle(&b, cases[i], &error) != VMS_ERR_REMOTE) fail_msg("taken: %s", cases[i]);
    assert_true(strncmp(error.message, "not how channels are used: ", 27) == 0);
    assert_text(b.log, "");
    pair_deinit(&a, &b);
  }
  end a, b;
  pair_init(&a, &b);
  assert_int_equal(handle(&b, "", NULL), VMS_ERR_REMOTE);
  pair_deinit(&a, &b);
}

static void names_that_are_too_long_are_rejected_unasked(void **state) {
  char open[160] = "0001 01 41";
  end a, b;
  (void)state;
  pair_init(&a, &b);
  for (int i = 0; i < 65; i++) strcat(open, "70");
  strcat(open, "00");
  assert_ok(handle(&b, open, NULL));
  strcpy(open, "0001 01 01 70 41");
  for (int i = 0; i < 65; i++) strcat(open, "61");
  assert_ok(handle(&b, open, NULL));
  assert_text(b.log, "");
  expect_sent(&b, &a, "000201 000201");
  strcpy(open, "0001 01 01 70 40"); /* 64 is not too long, and none is fine as well */
  for (int i = 0; i < 64; i++) strcat(open, "61");
  assert_ok(handle(&b, open, NULL));
  assert_ok(handle(&b, "0001 02 00 00", NULL));
  assert_int_equal(b.opens, 2);
  assert_true(vms__mux_is_open(b.mux, 2));
  pair_deinit(&a, &b);
}

static void a_pair_opens_once(void **state) {
  end a, b;
  (void)state;
  pair_init(&a, &b);
  assert_ok(handle(&b, "0001 01 01 70 01 61", NULL));
  assert_ok(handle(&b, "0001 02 01 70 01 61", NULL));
  expect_log(&b, "opened 0 p/a ;");
  expect_sent(&b, &a, "0001 01 01 70 01 61 796573 000202");
  assert_ok(handle(&b, "0001 02 01 71 01 61", NULL)); /* the number was freed by the reject */
  assert_ok(handle(&b, "0003 01", NULL));
  assert_ok(handle(&b, "0001 01 01 70 01 61", NULL));
  expect_log(&b, "opened 0 q/a ;closed 1;opened 0 p/a ;");
  pair_deinit(&a, &b);
}

static void an_events_status_ends_the_handling(void **state) {
  static const char *const cases[] = { "0001 02 01 70 01 62", "0001 02 01 70 01 63", "01 00", "0003 01", "0000 01 01 00 01 01", "0002 02" };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_error error = { 0 };
    end a, b;
    pair_init(&a, &b);
    assert_ok(handle(&b, "0001 01 01 70 01 61", NULL));
    open_pair(&b, 1);
    b.answer = VMS_ERR_IO;
    b.opens = b.closes = b.messages = 0;
    assert_int_equal(handle(&b, cases[i], &error), VMS_ERR_IO);
    assert_string_equal(error.message, "as told");
    assert_int_equal(b.opens + b.closes + b.messages, 1);
    pair_deinit(&a, &b);
  }
}

/* --- laws ----------------------------------------------------------------------------------------------------------------- */

static bool with_allocation_failing(uint64_t n) {
  uint32_t local;
  int status;
  end a, b;
  pair_init(&a, &b);
  b.entropy.memory.fail_at = b.entropy.memory.calls + n;
  status = vms__mux_open(b.mux, SLICE("p"), id_of(0), SLICE("hi"), &local, NULL);
  if (status == VMS_OK) status = vms__mux_send(b.mux, local, 1, SLICE("payload"));
  for (unsigned i = 1; i <= CHANNELS_MAX && status == VMS_OK; i++) {
    char open[] = { 0, 1, (char)i, 1, 'p', 1, (char)('a' + i) };
    status = vms__mux_handle(b.mux, (vms_slice){ open, sizeof open }, NULL);
  }
  if (status == VMS_OK) status = vms__mux_close(b.mux, local);
  assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
  pair_deinit(&a, &b);
  return status == VMS_ERR_NOMEM;
}

static void every_failing_allocation_is_survived(void **state) {
  uint64_t n = 1;
  (void)state;
  while (with_allocation_failing(n)) n++;
  assert_true(n > 3);
}

/* One random deed of one end. */
static void act(end *one, uint64_t *random) {
  unsigned pair = (unsigned)(sim_random(random) % 3);
  uint32_t local = one->of_pair[pair];
  one->accepts = sim_random(random) % 3 != 0;
  if (local == 0) {
    int status = vms__mux_open(one->mux, SLICE("p"), id_of(pair), SLICE("hi"), &local, NULL);
    assert_true(status == VMS_OK || status == VMS_ERR_LIMIT);
    if (status == VMS_OK) one->of_pair[pair] = local;
  } else if (sim_random(random) % 2 == 0)
    close_pair(one, pair);
  else {
    char text[] = { 'a', 0 };
    text[0] = (char)('a' + pair);
    assert_ok(vms__mux_send(one->mux, local, 0, SLICE(text)));
  }
}

static void both_ends_agree_whatever_crosses(void **state) {
  uint64_t random = sim_seed();
  size_t opened = 0;
  (void)state;
  for (int round = 0; round < 400; round++) {
    vms_error error = { 0 };
    end a, b;
    pair_init(&a, &b);
    for (int i = 0; i < 60; i++) {
      uint64_t what = sim_random(&random) % 4;
      if (what < 2) act(what == 0 ? &a : &b, &random);
      else if (deliver(what == 2 ? &a : &b, what == 2 ? &b : &a, &error) != VMS_OK) fail_msg("round %d: %s", round, error.message);
    }
    settle(&a, &b);
    for (unsigned pair = 0; pair < 3; pair++) {
      assert_int_equal(a.of_pair[pair] != 0, b.of_pair[pair] != 0);
      if (a.of_pair[pair] == 0) continue;
      assert_true(vms__mux_is_open(a.mux, a.of_pair[pair]));
      assert_true(vms__mux_is_open(b.mux, b.of_pair[pair]));
      /* And each knows the other's number. */
      vms_buffer_free(&b.log);
      assert_ok(vms__mux_send(a.mux, a.of_pair[pair], 9, SLICE("here")));
      settle(&a, &b);
      char wanted[32];
      snprintf(wanted, sizeof wanted, "message %u 9 here;", (unsigned)b.of_pair[pair]);
      assert_text(b.log, wanted);
      opened++;
    }
    pair_deinit(&a, &b);
  }
  assert_true(opened > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_channel_opens_carries_closes_and_opens_again),
    cmocka_unit_test(what_nobody_wants_is_rejected_and_its_number_is_free_again),
    cmocka_unit_test(both_may_open_at_once),
    cmocka_unit_test(a_number_closed_unanswered_stays_taken_until_the_answer),
    cmocka_unit_test(there_are_no_more_channels_than_allowed),
    cmocka_unit_test(batches_are_taken_apart),
    cmocka_unit_test(what_may_cross_on_the_way_is_ignored),
    cmocka_unit_test(what_no_honest_peer_sends_ends_the_session),
    cmocka_unit_test(names_that_are_too_long_are_rejected_unasked),
    cmocka_unit_test(a_pair_opens_once),
    cmocka_unit_test(an_events_status_ends_the_handling),
    cmocka_unit_test(every_failing_allocation_is_survived),
    cmocka_unit_test(both_ends_agree_whatever_crosses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

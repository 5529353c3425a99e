/* SPDX-License-Identifier: MIT */
/* The encrypted stream of replication: two ends in one process, whose entropy is known, so that one exchange can be had again and
 * again with something broken in it. That the bytes are npm's is shown by test/vectors/ledger_transcript.c. */
#include "test/support/entropy.h"
#include "test/support/test.h"
#include "lib/ledger/replication.h"

#define FRAME_MAX 70000u
#define MESSAGES 4u
static const size_t message_lens[MESSAGES] = { 1, 300, 0, 66000 }; /* the third is a keepalive */

typedef struct end {
  sim_entropy entropy;
  vms__stream *stream;
  vms_buffer received; /* what came out of messages, end to end */
  size_t messages;
  int status;
} end;

static void end_init(end *one, bool initiator, uint64_t seed) {
  memset(one, 0, sizeof *one);
  sim_entropy_init(&one->entropy, seed);
  assert_ok(vms__stream_new(&one->stream, initiator, &one->entropy.memory.env, NULL));
}

static void end_deinit(end *one) {
  vms__stream_free(one->stream);
  vms_buffer_free(&one->received);
  assert_int_equal(one->entropy.memory.live, 0);
}

static uint8_t message_byte(size_t message, size_t at) { return (uint8_t)(message * 31 + at * 7 + at / 251); }

static int send_all(end *one) {
  int status = VMS_OK;
  for (size_t i = 0; i < MESSAGES && status == VMS_OK; i++) {
    size_t len = message_lens[i], half = len / 3;
    char *bytes = malloc(len + 1);
    for (size_t at = 0; at < len; at++) bytes[at] = (char)message_byte(i, at);
    status = vms__stream_send(one->stream, (vms_slice){ bytes, half }, (vms_slice){ bytes + half, len - half });
    free(bytes);
  }
  return status;
}

/* Everything that all messages hold, in order. */
static void expect_all(const end *one) {
  size_t at = 0;
  assert_int_equal(one->messages, MESSAGES - 1);
  for (size_t i = 0; i < MESSAGES; i++)
    for (size_t j = 0; j < message_lens[i]; j++) assert_int_equal((uint8_t)one->received.data[at++], message_byte(i, j));
  assert_int_equal(at, one->received.len);
}

static void receive(end *one, const void *bytes, size_t len, vms_error *error) {
  vms_slice message;
  if (one->status == VMS_OK) one->status = vms__stream_feed(one->stream, bytes, len);
  while (one->status == VMS_OK) {
    one->status = vms__stream_next(one->stream, FRAME_MAX, &message, error);
    if (one->status != VMS_OK || message.data == NULL) return;
    assert_ok(vms__buf_slice(&one->received, message));
    one->messages++;
  }
}

/* Moves what is pending; a break in the exchange happens when `at` bytes of this direction passed. */
typedef struct wire {
  size_t step;    /* bytes at a time; 0: all */
  size_t passed;
  size_t flip_at; /* SIZE_MAX: nowhere */
  uint8_t flip;
} wire;

static void carry(end *from, end *to, wire *how, vms_error *error) {
  vms_buffer bytes = *vms__stream_output(from->stream);
  vms_buffer_init(vms__stream_output(from->stream), &from->entropy.memory.env);
  for (size_t at = 0, part; at < bytes.len; at += part) {
    part = how->step == 0 ? bytes.len - at : VMS__MIN(how->step, bytes.len - at);
    if (how->flip_at >= how->passed && how->flip_at < how->passed + part) bytes.data[at + how->flip_at - how->passed] ^= (char)how->flip;
    receive(to, bytes.data + at, part, error);
    how->passed += part;
  }
  vms_buffer_free(&bytes);
}

static void shake_hands(end *a, end *b, wire *ab, wire *ba, vms_error *error) {
  for (int i = 0; i < 3; i++) {
    carry(a, b, ab, error);
    carry(b, a, ba, error);
  }
}

/* The whole exchange with a break in it, or none; returns how many bytes went from the initiator. */
static size_t exchange(end *a, end *b, wire ab, wire ba, vms_error *error) {
  shake_hands(a, b, &ab, &ba, error);
  if (vms__stream_is_open(a->stream)) assert_ok(send_all(a));
  if (vms__stream_is_open(b->stream)) assert_ok(send_all(b));
  carry(a, b, &ab, error);
  carry(b, a, &ba, error);
  return ab.passed;
}

static const wire good = { 0, 0, SIZE_MAX, 0 };

static void both_ends_agree_and_messages_go_both_ways(void **state) {
  end a, b;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  assert_false(vms__stream_is_open(a.stream));
  exchange(&a, &b, good, good, NULL);
  assert_memory_equal(vms__stream_handshake_hash(a.stream), vms__stream_handshake_hash(b.stream), 64);
  expect_all(&a);
  expect_all(&b);
  assert_int_equal(vms__stream_held(a.stream), 0);
  end_deinit(&a);
  end_deinit(&b);
}

static void the_longest_message_goes_through(void **state) {
  char *bytes = calloc(1, VMS__MESSAGE_MAX);
  vms_slice message;
  end a, b;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  shake_hands(&a, &b, &(wire){ 0, 0, SIZE_MAX, 0 }, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  bytes[VMS__MESSAGE_MAX - 1] = 'x';
  assert_ok(vms__stream_send(a.stream, (vms_slice){ bytes, 1 }, (vms_slice){ bytes + 1, VMS__MESSAGE_MAX - 1 }));
  assert_ok(vms__stream_feed(b.stream, vms__stream_output(a.stream)->data, vms__stream_output(a.stream)->len));
  assert_ok(vms__stream_next(b.stream, VMS__STREAM_FRAME_MAX, &message, NULL));
  assert_int_equal(message.len, VMS__MESSAGE_MAX);
  assert_memory_equal(message.data, bytes, VMS__MESSAGE_MAX);
  free(bytes);
  end_deinit(&a);
  end_deinit(&b);
}

static void it_does_not_matter_how_the_bytes_are_cut(void **state) {
  static const size_t steps[] = { 1, 2, 3, 7, 65537 };
  (void)state;
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    wire cut = { steps[i], 0, SIZE_MAX, 0 };
    end a, b;
    end_init(&a, true, 1);
    end_init(&b, false, 2);
    exchange(&a, &b, cut, cut, NULL);
    assert_ok(a.status);
    assert_ok(b.status);
    expect_all(&a);
    expect_all(&b);
    end_deinit(&a);
    end_deinit(&b);
  }
}

static void a_stream_that_ends_early_is_no_error_and_gives_nothing_half(void **state) {
  vms_buffer bytes;
  end a, b;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  shake_hands(&a, &b, &(wire){ 0, 0, SIZE_MAX, 0 }, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  assert_ok(vms__stream_send(a.stream, SLICE("hello"), SLICE(", you")));
  bytes = *vms__stream_output(a.stream);
  for (size_t i = 0; i + 1 < bytes.len; i++) {
    receive(&b, bytes.data + i, 1, NULL);
    assert_ok(b.status);
    assert_int_equal(b.messages, 0);
    assert_int_equal(vms__stream_held(b.stream), i + 1);
  }
  receive(&b, bytes.data + bytes.len - 1, 1, NULL);
  assert_int_equal(b.messages, 1);
  assert_text(b.received, "hello, you");
  end_deinit(&a);
  end_deinit(&b);
}

static void a_quiet_stream_keeps_no_large_buffers(void **state) {
  end a, b;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  exchange(&a, &b, good, good, NULL);
  expect_all(&b);
  assert_true(a.entropy.memory.live < 32 << 10);
  assert_true(b.entropy.memory.live < 32 << 10);
  end_deinit(&a);
  end_deinit(&b);
}

/* After a bit was flipped, what arrived is a prefix of what was sent, and somebody noticed or still waits. */
static void expect_prefix(const end *one) {
  size_t at = 0;
  for (size_t i = 0; i < MESSAGES && at < one->received.len; i++)
    for (size_t j = 0; j < message_lens[i]; j++) assert_int_equal((uint8_t)one->received.data[at++], message_byte(i, j));
  assert_int_equal(at, one->received.len);
  assert_true(one->status == VMS_OK || one->status == VMS_ERR_REMOTE);
}

static void flipped(size_t at, uint8_t flip, bool by_initiator) {
  wire broken = { 0, 0, at, flip };
  vms_error error = { 0 };
  end a, b;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  exchange(&a, &b, by_initiator ? broken : good, by_initiator ? good : broken, &error);
  expect_prefix(&a);
  expect_prefix(&b);
  assert_true(by_initiator ? b.messages < MESSAGES - 1 : a.messages < MESSAGES - 1);
  /* Nothing but a length, made longer, can leave it unnoticed for now: then the rest is awaited. */
  if (a.status == VMS_OK && b.status == VMS_OK) assert_true(vms__stream_held(by_initiator ? b.stream : a.stream) > 0);
  else assert_true(error.message[0] != 0);
  end_deinit(&a);
  end_deinit(&b);
}

static void every_flipped_bit_is_noticed(void **state) {
  end a, b;
  size_t len;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  len = exchange(&a, &b, good, good, NULL);
  end_deinit(&a);
  end_deinit(&b);
  for (size_t at = 0; at < len; at += at < 600 ? 1 : 6553) /* the handshake and three messages whole, then here and there */
    for (int i = 0; i < 2; i++) {
      flipped(at, (uint8_t)(1u << at % 8), i == 0);
      if (at < 40) flipped(at, 0x80, i == 0); /* the sign of a point among them */
    }
}

static void messages_of_another_session_do_not_decrypt(void **state) {
  vms_error error;
  end a, b, c, d;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, false, 2);
  end_init(&c, true, 3); /* another key pair */
  end_init(&d, false, 2);
  shake_hands(&a, &b, &(wire){ 0, 0, SIZE_MAX, 0 }, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  shake_hands(&c, &d, &(wire){ 0, 0, SIZE_MAX, 0 }, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  assert_memory_not_equal(vms__stream_handshake_hash(a.stream), vms__stream_handshake_hash(c.stream), 64);
  assert_ok(vms__stream_send(a.stream, SLICE("hello"), SLICE("")));
  receive(&d, vms__stream_output(a.stream)->data, vms__stream_output(a.stream)->len, &error);
  assert_int_equal(d.status, VMS_ERR_REMOTE);
  assert_string_equal(error.message, "a frame that does not decrypt");
  /* Nor does a message come twice, or one's own come back. */
  receive(&b, vms__stream_output(a.stream)->data, vms__stream_output(a.stream)->len, NULL);
  assert_ok(b.status);
  receive(&b, vms__stream_output(a.stream)->data, vms__stream_output(a.stream)->len, NULL);
  assert_int_equal(b.status, VMS_ERR_REMOTE);
  receive(&a, vms__stream_output(a.stream)->data, vms__stream_output(a.stream)->len, NULL);
  assert_int_equal(a.status, VMS_ERR_REMOTE);
  end_deinit(&a);
  end_deinit(&b);
  end_deinit(&c);
  end_deinit(&d);
}

static void keys_that_are_no_points_end_the_handshake(void **state) {
  /* Not on the curve, zero, and the two of order 1 and 2. */
  static const uint8_t points[][2] = { { 2, 0 }, { 0, 0 }, { 1, 0 }, { 0xec, 0xff } };
  (void)state;
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    uint8_t hello[35] = { 32, 0, 0, points[i][0] };
    vms_error error;
    end b;
    memset(hello + 4, points[i][1], 31);
    if (points[i][1] != 0) hello[34] = 0x7f;
    end_init(&b, false, 2);
    receive(&b, hello, sizeof hello, &error);
    assert_int_equal(b.status, VMS_ERR_REMOTE);
    assert_string_equal(error.message, "the handshake failed: no good ephemeral key");
    assert_int_equal(vms__stream_output(b.stream)->len, 0);
    end_deinit(&b);
  }
}

static void two_of_the_same_side_do_not_fit(void **state) {
  end a, b;
  (void)state;
  end_init(&a, true, 1);
  end_init(&b, true, 2);
  carry(&a, &b, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  assert_int_equal(b.status, VMS_ERR_REMOTE);
  end_deinit(&a);
  end_deinit(&b);
}

static void a_frame_is_refused_by_its_length_alone(void **state) {
  static const struct {
    const char *bytes;
    const char *why;
  } cases[] = {
    { "\x10\x00\x00", "a frame of 16 bytes is too short" },
    { "\x71\x11\x01", "a frame of 70001 bytes, the limit is 70000" },
    { "\xff\xff\xff", "a frame of 16777215 bytes, the limit is 70000" },
  };
  vms_error error;
  end a, b;
  (void)state;
  end_init(&b, false, 2);
  receive(&b, "GET", 3, &error); /* a browser, say */
  assert_int_equal(b.status, VMS_ERR_REMOTE);
  assert_string_equal(error.message, "not a Hypercore peer: a frame of 5522759 bytes where the handshake has 32");
  end_deinit(&b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    end_init(&a, true, 1);
    end_init(&b, false, 2);
    shake_hands(&a, &b, &(wire){ 0, 0, SIZE_MAX, 0 }, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
    receive(&b, cases[i].bytes, 3, &error);
    assert_int_equal(b.status, VMS_ERR_REMOTE);
    assert_string_equal(error.message, cases[i].why);
    end_deinit(&a);
    end_deinit(&b);
  }
}

static void without_entropy_there_is_no_stream(void **state) {
  sim_entropy entropy;
  vms__stream *stream;
  (void)state;
  sim_entropy_init(&entropy, 1);
  entropy.fail = true;
  assert_int_equal(vms__stream_new(&stream, true, &entropy.memory.env, NULL), VMS_ERR_IO);
  entropy.memory.env.entropy = NULL;
  assert_int_equal(vms__stream_new(&stream, true, &entropy.memory.env, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms__stream_new(&stream, true, NULL, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(entropy.memory.live, 0);
}

/* One end with little memory: whatever fails says so, and a failed send leaves the stream as it was. */
static bool with_allocation_failing(uint64_t n, bool initiator) {
  end tight, other;
  int status;
  memset(&tight, 0, sizeof tight);
  sim_entropy_init(&tight.entropy, 1);
  tight.entropy.memory.fail_at = n;
  status = vms__stream_new(&tight.stream, initiator, &tight.entropy.memory.env, NULL);
  if (status != VMS_OK) {
    assert_int_equal(status, VMS_ERR_NOMEM);
    assert_int_equal(tight.entropy.memory.live, 0);
    return true;
  }
  end_init(&other, !initiator, 2);
  for (int i = 0; i < 3 && tight.status == VMS_OK; i++) {
    carry(initiator ? &tight : &other, initiator ? &other : &tight, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
    carry(initiator ? &other : &tight, initiator ? &tight : &other, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
  }
  if (tight.status == VMS_OK) {
    status = send_all(&tight);
    if (status != VMS_OK) {
      assert_int_equal(status, VMS_ERR_NOMEM);
      tight.entropy.memory.fail_at = 0;
      assert_ok(vms__stream_send(tight.stream, SLICE("again"), SLICE("")));
      carry(&tight, &other, &(wire){ 0, 0, SIZE_MAX, 0 }, NULL);
      assert_ok(other.status); /* the other still reads it */
      assert_true(other.messages > 0);
      tight.status = VMS_ERR_NOMEM;
    }
  }
  status = tight.status;
  assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
  end_deinit(&tight);
  end_deinit(&other);
  return status == VMS_ERR_NOMEM;
}

static void every_failing_allocation_is_survived(void **state) {
  (void)state;
  for (int i = 0; i < 2; i++) {
    uint64_t n = 1;
    while (with_allocation_failing(n, i == 0)) n++;
    assert_true(n > 5);
  }
}

static struct {
  uint8_t secret[24];
  size_t found;
  void *(*resize)(void *context, void *memory, size_t old_len, size_t new_len);
} watch;

static void *watching_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  if (new_len == 0)
    for (size_t i = 0; i + sizeof watch.secret <= old_len; i++)
      if (memcmp((char *)memory + i, watch.secret, sizeof watch.secret) == 0) watch.found++;
  return watch.resize(context, memory, old_len, new_len);
}

static void a_freed_stream_is_wiped(void **state) {
  vms__stream *stream;
  sim_entropy entropy;
  (void)state;
  sim_entropy_init(&entropy, 1);
  entropy.len = 88;
  for (size_t i = 0; i < 88; i++) entropy.given[i] = (uint8_t)(i + 1);
  memcpy(watch.secret, entropy.given + 64, sizeof watch.secret);
  watch.resize = entropy.memory.env.resize;
  entropy.memory.env.resize = watching_resize;
  assert_ok(vms__stream_new(&stream, true, &entropy.memory.env, NULL));
  vms__stream_free(stream);
  assert_int_equal(watch.found, 0);
  assert_int_equal(entropy.memory.live, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(both_ends_agree_and_messages_go_both_ways),
    cmocka_unit_test(the_longest_message_goes_through),
    cmocka_unit_test(it_does_not_matter_how_the_bytes_are_cut),
    cmocka_unit_test(a_stream_that_ends_early_is_no_error_and_gives_nothing_half),
    cmocka_unit_test(a_quiet_stream_keeps_no_large_buffers),
    cmocka_unit_test(every_flipped_bit_is_noticed),
    cmocka_unit_test(messages_of_another_session_do_not_decrypt),
    cmocka_unit_test(keys_that_are_no_points_end_the_handshake),
    cmocka_unit_test(two_of_the_same_side_do_not_fit),
    cmocka_unit_test(a_frame_is_refused_by_its_length_alone),
    cmocka_unit_test(without_entropy_there_is_no_stream),
    cmocka_unit_test(every_failing_allocation_is_survived),
    cmocka_unit_test(a_freed_stream_is_wiped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

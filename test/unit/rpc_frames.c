/* SPDX-License-Identifier: MIT */
/* Goal: RFC 6455's sections 5 to 8, clause by clause, at both ends: what is well formed arrives whatever its pieces, what is not ends the connection
 * with the right code at once, and the closing handshake is in order.
 * Method: the frame reader as server and as client, frames made by hand, each case whole and byte by byte. */
#include "test/support/test.h"

#include <malloc.h>

#include "lib/rpc/internal.h"
#include "test/support/entropy.h"
#include "test/support/ws_frame.h"

#define MESSAGE_MAX 100000u

typedef struct end {
  vms__ws ws;
  sim_entropy entropy;
  bool server;
  vms_buffer out, message; /* sent, and the newest message that came */
  size_t at;               /* read of what was sent */
  unsigned messages;
} end;

static void open_end(end *e, bool server) {
  memset(e, 0, sizeof *e);
  sim_entropy_init(&e->entropy, 5);
  e->server = server;
  vms_buffer_init(&e->message, &e->entropy.memory.env);
  assert_ok(vms__ws_init(&e->ws, server ? VMS__WS_SERVER : 0, MESSAGE_MAX, &e->entropy.memory.env));
}

static void shut(end *e) {
  vms__ws_free(&e->ws);
  vms_buffer_free(&e->out);
  vms_buffer_free(&e->message);
}

static void feed(end *e, const vms_buffer *bytes, size_t step) {
  for (size_t at = 0; at < bytes->len; at += step) {
    assert_ok(vms__ws_feed(&e->ws, bytes->data + at, VMS__MIN(step, bytes->len - at)));
    do {
      assert_ok(vms__ws_read(&e->ws));
      if (!vms__ws_next(&e->ws, &e->message)) break;
      e->messages++;
    } while (true);
    assert_ok(vms__rpc_move(&e->ws.output, &e->out));
  }
}

/* Gives the end one frame of its peer. */
static void give(end *e, uint8_t first, const void *payload, size_t len) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  frame(&bytes, first, payload, len, e->server);
  feed(e, &bytes, SIZE_MAX / 2);
  vms_buffer_free(&bytes);
}

/* The next frame that the end sent, its payload in a static buffer; -1: none. */
static int sent(end *e, uint8_t payload[128], size_t *len) {
  const uint8_t *p = (const uint8_t *)e->out.data + e->at;
  if (e->out.len == e->at) return -1;
  assert_true(e->out.len - e->at >= 2 && (p[1] & 127) < 126);
  assert_int_equal(p[1] >> 7, !e->server); /* clients mask, servers do not */
  *len = p[1] & 127;
  size_t head = e->server ? 2 : 6;
  assert_true(e->out.len - e->at >= head + *len);
  for (size_t i = 0; i < *len; i++) payload[i] = p[head + i] ^ (e->server ? 0 : p[2 + i % 4]);
  e->at += head + *len;
  return p[0];
}

static void assert_sent(end *e, int first, const void *expected, size_t expected_len) {
  uint8_t payload[128];
  size_t len = 0;
  assert_int_equal(sent(e, payload, &len), first);
  assert_int_equal(len, expected_len);
  assert_memory_equal(payload, expected, len);
}

/* The end says goodbye with a code, and says nothing more. */
static void assert_code(end *e, unsigned code) {
  uint8_t payload[128];
  size_t len = 0;
  assert_int_equal(sent(e, payload, &len), 0x88);
  if (code == 0) assert_int_equal(len, 0);
  else assert_int_equal(len < 2 ? 0 : payload[0] << 8 | payload[1], code);
  assert_int_equal(sent(e, payload, &len), -1);
  assert_true(vms__ws_close_sent(&e->ws));
}

/* Frames of a peer, whole and byte by byte, at both ends; ends with this code. */
static void ends_with(const vms_buffer *bytes, bool server, unsigned code) {
  for (size_t step = 1; step < 2000; step += 1998) {
    end e;
    open_end(&e, server);
    feed(&e, bytes, step);
    assert_code(&e, code);
    assert_int_equal(e.messages, 0);
    give(&e, 0x81, "x", 1); /* nothing counts behind it */
    give(&e, 0x89, "x", 1);
    assert_int_equal(e.messages, 0);
    assert_int_equal(e.out.len, e.at);
    shut(&e);
  }
}

static void one_ends_with(uint8_t first, const void *payload, size_t len, unsigned code) {
  for (int server = 0; server < 2; server++) {
    vms_buffer bytes = VMS_BUFFER_INIT;
    frame(&bytes, first, payload, len, server);
    ends_with(&bytes, server, code);
    vms_buffer_free(&bytes);
  }
}

/* --- 5.1 to 5.2: headers ------------------------------------------------------------------------------------------------- */

static void masks_are_as_they_have_to_be(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  for (int server = 0; server < 2; server++)
    for (size_t len = 0; len < 200; len += 66) {
      static const char text[200];
      bytes.len = 0;
      frame(&bytes, 0x89, text, len > 125 ? 125 : len, !server);
      ends_with(&bytes, server, 1002);
    }
  vms_buffer_free(&bytes);
}

static void reserved_bits_and_opcodes_are_refused(void **state) {
  (void)state;
  for (unsigned bits = 1; bits < 8; bits++) {
    one_ends_with((uint8_t)(0x81 | bits << 4), "x", 1, 1002);
    one_ends_with((uint8_t)(0x89 | bits << 4), "x", 1, 1002);
    one_ends_with((uint8_t)(0x88 | bits << 4), "\x03\xe8", 2, 1002);
    one_ends_with((uint8_t)(0x82 | bits << 4), "x", 1, 1002);
  }
  for (unsigned opcode = 3; opcode < 16; opcode++) {
    if (opcode >= 8 && opcode <= 10) continue;
    one_ends_with((uint8_t)(0x80 | opcode), "x", 1, 1002);
    one_ends_with((uint8_t)opcode, "", 0, 1002);
  }
}

static void lengths_are_in_their_shortest_form(void **state) {
  static const struct { uint8_t bytes[10]; size_t len; } bad[] = {
    { { 0x81, 126, 0, 0 }, 4 }, { { 0x81, 126, 0, 125 }, 4 }, { { 0x81, 127, 0, 0, 0, 0, 0, 0, 0, 1 }, 10 },
    { { 0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 10 }, { { 0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0 }, 10 },
    { { 0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 10 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (int server = 0; server < 2; server++) {
      vms_buffer bytes = VMS_BUFFER_INIT;
      assert_ok(vms_buffer_append(&bytes, bad[i].bytes, bad[i].len));
      if (server) bytes.data[1] = (char)(bytes.data[1] | (char)0x80);
      ends_with(&bytes, server, 1002);
      vms_buffer_free(&bytes);
    }
}

static void messages_of_every_length_form_arrive(void **state) {
  static const size_t lens[] = { 0, 1, 125, 126, 127, 65535, 65536, MESSAGE_MAX };
  static char text[MESSAGE_MAX];
  (void)state;
  memset(text, 'a', sizeof text);
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++)
    for (int server = 0; server < 2; server++) {
      end e;
      open_end(&e, server);
      give(&e, 0x81, text, lens[i]);
      assert_int_equal(e.messages, 1);
      assert_int_equal(e.message.len, lens[i]);
      assert_int_equal(e.out.len, 0);
      shut(&e);
    }
}

/* --- 5.4: fragments -------------------------------------------------------------------------------------------------------- */

static void fragments_join_whatever_is_between_them(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    end e;
    open_end(&e, server);
    give(&e, 0x01, "", 0);
    give(&e, 0x89, "one", 3);
    give(&e, 0x00, "ab", 2);
    give(&e, 0x8a, "unasked", 7);
    give(&e, 0x00, "", 0);
    assert_int_not_equal(vms__ws_begun(&e.ws), 0);
    give(&e, 0x89, "", 0);
    give(&e, 0x80, "c", 1);
    assert_int_equal(vms__ws_begun(&e.ws), 0);
    assert_int_equal(e.messages, 1);
    assert_true(vms__slice_is(vms__buf_view(&e.message), "abc"));
    assert_sent(&e, 0x8a, "one", 3); /* 5.5.3: the ping's own bytes */
    assert_sent(&e, 0x8a, "", 0);
    give(&e, 0x81, "d", 1);
    assert_int_equal(e.messages, 2);
    shut(&e);
  }
}

/* Whoever sends a message byte by byte pays for it: it takes no more memory here than in one piece. */
static void fragments_cost_no_more_than_their_bytes(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    end e;
    open_end(&e, server);
    size_t before = mallinfo2().uordblks;
    give(&e, 0x01, "0", 1);
    for (unsigned i = 1; i < MESSAGE_MAX; i++) give(&e, 0x00, "1", 1);
    assert_true(mallinfo2().uordblks < before + 8 * MESSAGE_MAX);
    give(&e, 0x80, "", 0);
    assert_int_equal(e.messages, 1);
    assert_int_equal(e.message.len, MESSAGE_MAX);
    assert_memory_equal(e.message.data, "0111", 4);
    shut(&e);
  }
}

static void fragments_out_of_order_are_refused(void **state) {
  static const struct { size_t count; uint8_t first[3]; } orders[] = {
    { 1, { 0x80 } }, { 1, { 0x00 } }, { 2, { 0x01, 0x81 } }, { 2, { 0x01, 0x01 } }, { 3, { 0x01, 0x00, 0x81 } }, { 2, { 0x81, 0x80 } }, { 2, { 0x01, 0x82 } },
  };
  (void)state;
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
    for (int server = 0; server < 2; server++) {
      end e;
      open_end(&e, server);
      for (size_t j = 0; j < orders[i].count; j++) give(&e, orders[i].first[j], "x", 1);
      assert_code(&e, 1002);
      assert_int_equal(e.messages, orders[i].first[0] == 0x81);
      shut(&e);
    }
}

static void what_is_too_much_is_refused_before_it_comes(void **state) {
  static char text[MESSAGE_MAX];
  static const uint8_t huge[] = { 0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 }, /* 2^63-1 bytes */
                       more[] = { 0x80, 0x81, 1, 2, 3, 4 }, binary[] = { 0x82, 0xfe, 0x10, 0x00, 1, 2, 3, 4 };
  vms_buffer bytes = VMS_BUFFER_INIT;
  end e;
  (void)state;
  memset(text, 'a', sizeof text);
  assert_ok(vms_buffer_append(&bytes, huge, sizeof huge));
  ends_with(&bytes, true, 1009);
  bytes.len = 0;
  assert_ok(vms_buffer_append(&bytes, binary, sizeof binary));
  ends_with(&bytes, true, 1003);
  open_end(&e, true); /* in fragments */
  give(&e, 0x01, text, MESSAGE_MAX - 10);
  give(&e, 0x00, text, 10);
  assert_int_equal(e.out.len, 0);
  bytes.len = 0;
  assert_ok(vms_buffer_append(&bytes, more, sizeof more));
  feed(&e, &bytes, 1);
  assert_code(&e, 1009);
  shut(&e);
  vms_buffer_free(&bytes);
}

/* --- 5.5: control frames ------------------------------------------------------------------------------------------------------ */

static void control_frames_are_short_and_whole(void **state) {
  static const char text[126];
  (void)state;
  for (unsigned opcode = 8; opcode <= 10; opcode++) {
    one_ends_with((uint8_t)(0x80 | opcode), text, 126, 1002);
    one_ends_with((uint8_t)opcode, "", 0, 1002);
  }
  for (int server = 0; server < 2; server++) {
    end e;
    open_end(&e, server);
    give(&e, 0x89, text, 125);
    assert_sent(&e, 0x8a, text, 125);
    give(&e, 0x8a, text, 125);
    assert_int_equal(e.out.len, e.at);
    shut(&e);
  }
}

static void our_own_pings_are_pings(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    end e;
    open_end(&e, server);
    assert_ok(vms__ws_ping(&e.ws));
    assert_ok(vms__rpc_move(&e.ws.output, &e.out));
    assert_sent(&e, 0x89, "", 0);
    assert_ok(vms__ws_close(&e.ws, 1000, ""));
    assert_ok(vms__ws_ping(&e.ws)); /* too late, and no harm */
    shut(&e);
  }
}

/* --- 5.5.1 and 7: closing --------------------------------------------------------------------------------------------------------- */

static bool may_be_sent(unsigned code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999); /* 1012 to 1014 came behind the RFC */
}

static void each_close_code_is_echoed_or_refused(void **state) {
  (void)state;
  for (unsigned code = 0; code <= 65535; code += code < 5100 ? 1 : 997) {
    uint8_t payload[2] = { (uint8_t)(code >> 8), (uint8_t)code };
    for (int server = 0; server < 2; server++) {
      end e;
      open_end(&e, server);
      give(&e, 0x88, payload, 2);
      assert_code(&e, may_be_sent(code) ? code : 1002);
      assert_int_equal(vms__ws_close_received(&e.ws), may_be_sent(code));
      shut(&e);
    }
  }
}

static void closing_is_answered_once(void **state) {
  static char longest[125];
  (void)state;
  memset(longest, 'r', sizeof longest);
  longest[0] = 0x03, longest[1] = (char)0xe8;
  one_ends_with(0x88, "", 0, 0);
  one_ends_with(0x88, "\x03", 1, 1002);
  one_ends_with(0x88, longest, 125, 1000);
  one_ends_with(0x88, "\x0f\xa0" "gr\xc3\xbc\xc3\x9f", 8, 4000);
  one_ends_with(0x88, "\x03\xe8\xff", 3, 1007);
  one_ends_with(0x88, "\x03\xe8" "abc\xe2\x82", 7, 1007);
  one_ends_with(0x88, "\x03\xe8\xed\xa0\x80", 5, 1007);
  longest[1] = (char)0xf5;
  one_ends_with(0x88, longest, 125, 1013);
  one_ends_with(0x88, "\x03\xf5" "gr\xc3\xbc\xc3\x9f", 8, 1013);
  one_ends_with(0x88, "\x03\xf5\xff", 3, 1007);
  one_ends_with(0x88, "\x03\xf5" "abc\xe2\x82", 7, 1007);
  one_ends_with(0xc8, "\x03\xf5", 2, 1002); /* with a reserved bit */
}

static void a_new_close_code_may_stand_between_fragments(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    vms_buffer bytes = VMS_BUFFER_INIT;
    frame(&bytes, 0x01, "abc", 3, server);
    frame(&bytes, 0x88, "\x03\xf4" "again", 7, server);
    frame(&bytes, 0x80, "def", 3, server);
    ends_with(&bytes, server, 1012);
    vms_buffer_free(&bytes);
  }
}

static void who_closed_first_says_nothing_more(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    end e;
    open_end(&e, server);
    assert_ok(vms__ws_close(&e.ws, 1001, "bye"));
    assert_ok(vms__rpc_move(&e.ws.output, &e.out));
    assert_sent(&e, 0x88, "\x03\xe9" "bye", 5);
    assert_ok(vms__ws_send(&e.ws, VMS__TEXT("late"))); /* dropped */
    assert_ok(vms__ws_close(&e.ws, 1002, "again"));
    give(&e, 0x81, "x", 1);
    give(&e, 0x88, "\x03\xe9", 2);
    assert_ok(vms__rpc_move(&e.ws.output, &e.out));
    assert_int_equal(e.out.len, e.at);
    assert_int_equal(e.messages, 0);
    shut(&e);
  }
}

/* --- 8.1: UTF-8 --------------------------------------------------------------------------------------------------------------------- */

static void text_is_utf8_in_any_pieces(void **state) {
  static const char text[] = "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80 \xef\xbf\xbf \xf4\x8f\xbf\xbf";
  size_t len = sizeof text - 1;
  (void)state;
  for (size_t cut = 0; cut <= len; cut++)
    for (int server = 0; server < 2; server++) {
      end e;
      open_end(&e, server);
      give(&e, 0x01, text, cut);
      give(&e, 0x89, "", 0);
      give(&e, 0x80, text + cut, len - cut);
      assert_int_equal(e.messages, 1);
      assert_true(vms__slice_is(vms__buf_view(&e.message), text));
      shut(&e);
    }
}

static void text_that_is_no_utf8_ends_at_once(void **state) {
  static const char *const bad[] = { "\xff", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x28", "\xc3\xc3" };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (int server = 0; server < 2; server++) {
      end e;
      open_end(&e, server);
      give(&e, 0x01, "good \xc3\xa9", 7);
      give(&e, 0x00, bad[i], strlen(bad[i])); /* not the last one: it is told before the message is whole */
      assert_code(&e, 1007);
      shut(&e);
    }
  one_ends_with(0x81, "abc\xe2\x82", 5, 1007); /* ends within a character */
}

static void a_bad_byte_is_told_before_its_frame_is_whole(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  end e;
  (void)state;
  frame(&bytes, 0x81, "ab\xff" "a long rest that never comes", 30, true);
  for (size_t cut = 0; cut < 20; cut++) {
    open_end(&e, true);
    bytes.len = 9 + cut; /* header, mask and three bytes */
    feed(&e, &bytes, SIZE_MAX / 2);
    assert_code(&e, 1007);
    shut(&e);
  }
  vms_buffer_free(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(masks_are_as_they_have_to_be),
    cmocka_unit_test(reserved_bits_and_opcodes_are_refused),
    cmocka_unit_test(lengths_are_in_their_shortest_form),
    cmocka_unit_test(messages_of_every_length_form_arrive),
    cmocka_unit_test(fragments_join_whatever_is_between_them),
    cmocka_unit_test(fragments_cost_no_more_than_their_bytes),
    cmocka_unit_test(fragments_out_of_order_are_refused),
    cmocka_unit_test(what_is_too_much_is_refused_before_it_comes),
    cmocka_unit_test(control_frames_are_short_and_whole),
    cmocka_unit_test(our_own_pings_are_pings),
    cmocka_unit_test(each_close_code_is_echoed_or_refused),
    cmocka_unit_test(closing_is_answered_once),
    cmocka_unit_test(a_new_close_code_may_stand_between_fragments),
    cmocka_unit_test(who_closed_first_says_nothing_more),
    cmocka_unit_test(text_is_utf8_in_any_pieces),
    cmocka_unit_test(text_that_is_no_utf8_ends_at_once),
    cmocka_unit_test(a_bad_byte_is_told_before_its_frame_is_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

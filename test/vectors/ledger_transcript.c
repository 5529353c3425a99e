/* SPDX-License-Identifier: MIT */
/* Recorded sessions of two npm peers, replayed: given what they drew at random, our initiator and our responder write the
 * same handshake, read every frame of the other side, and make the same frames of the same messages. */
#include "test/support/entropy.h"
#include "test/support/test.h"
#include "lib/ledger/replication.h"
#include "json.h"

#define FRAME_ROOM 1024u

typedef struct peer {
  const char *name;
  sim_entropy entropy;
  vms__stream *stream;
} peer;

static cJSON *root;

static int load(void **state) {
  (void)state;
  root = vector_load("test/vectors/transcript.json");
  return 0;
}

static int unload(void **state) {
  (void)state;
  cJSON_Delete(root);
  return 0;
}

/* Its static seed, then its draws: the initiator's come first of each kind. */
static void side_open(peer *side, const cJSON *session, bool initiator) {
  const cJSON *noise = vector_get(session, "noise"), *drawn = vector_get(noise, "randomInOrderOfUse");
  int first = initiator ? 0 : 1;
  side->name = initiator ? "initiator" : "responder";
  sim_entropy_init(&side->entropy, 1);
  vector_bytes(vector_get(noise, side->name), "staticSeed", side->entropy.given, 32);
  vector_bytes(cJSON_GetArrayItem(drawn, first), "seed", side->entropy.given + 32, 32);
  vector_bytes(cJSON_GetArrayItem(drawn, first + 2), "header", side->entropy.given + 64, 24);
  side->entropy.len = 88;
  assert_ok(vms__stream_new(&side->stream, initiator, &side->entropy.memory.env, NULL));
}

static void side_close(peer *side) {
  vms__stream_free(side->stream);
  assert_int_equal(side->entropy.memory.live, 0);
}

/* What the side has to send begins with this frame, and nothing else is taken out. */
static void expect_sent(peer *side, const uint8_t *frame, size_t len) {
  vms_buffer *output = vms__stream_output(side->stream);
  assert_true(output->len >= len);
  assert_memory_equal(output->data, frame, len);
  memmove(output->data, output->data + len, output->len - len);
  output->len -= len;
}

static void every_frame_is_made_and_read_as_it_was(void **state) {
  const cJSON *session, *each;
  size_t messages = 0;
  (void)state;
  cJSON_ArrayForEach(session, vector_get(root, "sessions")) {
    peer sides[2];
    side_open(&sides[0], session, true);
    side_open(&sides[1], session, false);
    cJSON_ArrayForEach(each, vector_get(session, "frames")) {
      uint8_t frame[FRAME_ROOM], plain[FRAME_ROOM];
      size_t len, plain_len = 0;
      vms_slice message;
      if (cJSON_GetObjectItemCaseSensitive(each, "frame") == NULL) continue; /* a note */
      bool by_initiator = strcmp(vector_string(each, "from"), "initiator") == 0;
      peer *from = &sides[by_initiator ? 0 : 1], *to = &sides[by_initiator ? 1 : 0];
      len = vector_hex(vector_string(each, "frame"), frame, sizeof frame);
      if (strcmp(vector_string(each, "kind"), "message") == 0) {
        plain_len = vector_hex(vector_string(each, "plain"), plain, sizeof plain);
        size_t half = plain_len / 2;
        assert_ok(vms__stream_send(from->stream, (vms_slice){ (char *)plain, half }, (vms_slice){ (char *)plain + half, plain_len - half }));
        messages++;
      }
      expect_sent(from, frame, len);
      assert_ok(vms__stream_feed(to->stream, frame, len));
      assert_ok(vms__stream_next(to->stream, VMS__STREAM_FRAME_MAX, &message, NULL));
      assert_int_equal(message.len, plain_len);
      if (plain_len > 0) assert_memory_equal(message.data, plain, plain_len);
    }
    for (int i = 0; i < 2; i++) {
      assert_true(vms__stream_is_open(sides[i].stream));
      vector_expect(vector_get(session, "noise"), "handshakeHash", vms__stream_handshake_hash(sides[i].stream), 64);
      assert_int_equal(vms__stream_output(sides[i].stream)->len, 0);
      assert_int_equal(vms__stream_held(sides[i].stream), 0);
      side_close(&sides[i]);
    }
  }
  assert_true(messages > 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_frame_is_made_and_read_as_it_was),
  };
  return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: MIT */
/* Recorded sessions of two npm peers, replayed: given what they drew at random, our initiator and our responder write the
 * same handshake, read every frame of the other side, and make the same frames of the same messages. Behind that the channels:
 * ours open, send and close as theirs did (batches apart, which we never make), and take every message apart as recorded. */
#include "test/support/entropy.h"
#include "test/support/test.h"
#include "lib/ledger/replication.h"
#include "json.h"

#define FRAME_ROOM 1024u

enum { OPENED, MESSAGE, CLOSED };

/* What a mux reported. */
typedef struct event {
  int kind;
  uint32_t local;
  uint64_t type;
  vms_slice protocol, id, payload; /* payload: of a message, or an open's handshake */
} event;

typedef struct peer {
  const char *name;
  sim_entropy entropy;
  vms__stream *stream;
  vms__mux *mux;
  uint32_t local; /* its channel */
  const cJSON *own_open; /* the recorded message */
  event events[8];
  size_t event_count;
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

/* --- channels ------------------------------------------------------------------------------------------------- */

static const char *plain_of(const cJSON *frame) {
  const cJSON *plain = cJSON_GetObjectItemCaseSensitive(frame, "plain");
  return plain == NULL ? "" : plain->valuestring;
}

/* Opens the channel as the recorded peer did. */
static void open_as_recorded(peer *side) {
  uint8_t plain[FRAME_ROOM];
  size_t len = vector_hex(plain_of(side->own_open), plain, sizeof plain);
  vms__reader reader = vms__reader_over(plain + 3, len - 3);
  vms_slice protocol = vms__read_buffer(&reader), id = vms__read_buffer(&reader);
  assert_false(reader.bad);
  assert_ok(vms__mux_open(side->mux, protocol, id, (vms_slice){ (const char *)reader.at, reader.left }, &side->local, NULL));
}

static void remember(peer *side, event happened) {
  assert_true(side->event_count < sizeof side->events / sizeof side->events[0]);
  side->events[side->event_count++] = happened;
}

static int on_opened(void *context, uint32_t local, vms_slice protocol, vms_slice id, vms_slice handshake, vms_error *error) {
  peer *side = context;
  (void)error;
  remember(side, (event){ OPENED, local, 0, protocol, id, handshake });
  if (local == 0) open_as_recorded(side);
  return VMS_OK;
}

static int on_message(void *context, uint32_t local, uint64_t type, vms_slice payload, vms_error *error) {
  (void)error;
  remember(context, (event){ MESSAGE, local, type, { NULL, 0 }, { NULL, 0 }, payload });
  return VMS_OK;
}

static int on_closed(void *context, uint32_t local, vms_error *error) {
  (void)error;
  remember(context, (event){ CLOSED, local, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } });
  return VMS_OK;
}

static void expect_sync(const cJSON *value, vms_slice payload) {
  static const char *const names[] = { "canUpgrade", "uploading", "downloading", "hasManifest", "allowPush" };
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__sync sync;
  assert_true(vms__sync_read(&reader, &sync));
  assert_int_equal(sync.fork, vector_number(value, "fork"));
  assert_int_equal(sync.length, vector_number(value, "length"));
  assert_int_equal(sync.remote_length, vector_number(value, "remoteLength"));
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
    assert_int_equal(sync.flags >> i & 1, cJSON_IsTrue(vector_get(value, names[i])));
}

static void expect_range(const cJSON *value, vms_slice payload) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__range range;
  assert_true(vms__range_read(&reader, &range));
  assert_int_equal(range.drop, cJSON_IsTrue(vector_get(value, "drop")));
  assert_int_equal(range.start, vector_number(value, "start"));
  assert_int_equal(range.length, vector_number(value, "length"));
}

static void expect_request(const cJSON *value, vms_slice payload) {
  const cJSON *block = vector_get(value, "block");
  vms_proof_request request;
  assert_ok(vms_proof_request_read(payload.data, payload.len, &request, NULL));
  assert_int_equal(request.id, vector_number(value, "id"));
  assert_int_equal((request.flags & VMS_PROOF_BLOCK) != 0, cJSON_IsObject(block));
  if (cJSON_IsObject(block)) assert_int_equal(request.block_index, vector_number(block, "index"));
}

static void expect_data(const cJSON *value, vms_slice payload) {
  const cJSON *block = vector_get(value, "block");
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__proof proof;
  assert_true(vms__proof_read(&reader, &proof));
  assert_int_equal(proof.id, vector_number(value, "request"));
  assert_int_equal((proof.flags & VMS_PROOF_BLOCK) != 0, cJSON_IsObject(block));
  if (cJSON_IsObject(block)) vector_expect(block, "value", proof.block.data, proof.block.len);
}

static void expect_message(const cJSON *decoded, const event *happened) {
  static const struct {
    const char *name;
    uint64_t type;
    void (*expect)(const cJSON *value, vms_slice payload);
  } kinds[] = { { "sync", VMS__MSG_SYNC, expect_sync }, { "range", VMS__MSG_RANGE, expect_range },
                { "request", VMS__MSG_REQUEST, expect_request }, { "data", VMS__MSG_DATA, expect_data } };
  size_t i = 0;
  assert_int_equal(happened->kind, MESSAGE);
  assert_int_equal(happened->type, vector_number(decoded, "type"));
  while (i < 4 && strcmp(kinds[i].name, vector_string(decoded, "message")) != 0) i++;
  assert_true(i < 4);
  assert_int_equal(kinds[i].type, happened->type);
  kinds[i].expect(vector_get(decoded, "value"), happened->payload);
}

/* What is to be seen of a message in the recorded view, one event after the other. */
static void expect_events(const cJSON *frame, const peer *side) {
  const cJSON *decoded = cJSON_GetArrayItem(vector_get(frame, "decoded"), 0), *item;
  const cJSON *control = cJSON_GetObjectItemCaseSensitive(decoded, "control");
  const char *kind = control == NULL ? "" : control->valuestring;
  size_t at = 0;
  if (strcmp(kind, "open") == 0) {
    assert_int_equal(side->events[0].kind, OPENED);
    assert_true(vms__slice_is(side->events[0].protocol, vector_string(decoded, "protocol")));
    vector_expect(decoded, "id", side->events[0].id.data, side->events[0].id.len);
    vector_expect(vector_get(decoded, "handshake"), "capability", side->events[0].payload.data + 1, side->events[0].payload.len - 1);
    at = 1;
  } else if (strcmp(kind, "close") == 0) {
    assert_int_equal(side->events[0].kind, CLOSED);
    at = 1;
  } else if (strcmp(kind, "batch") == 0) {
    cJSON_ArrayForEach(item, vector_get(decoded, "items")) expect_message(item, &side->events[at++]);
  } else
    expect_message(decoded, &side->events[at++]);
  assert_int_equal(at, side->event_count);
}

/* The side sends what it sent then. */
static void send_as_recorded(peer *side, const cJSON *frame) {
  uint8_t plain[FRAME_ROOM];
  size_t len = vector_hex(plain_of(frame), plain, sizeof plain);
  if (frame == side->own_open) {
    if (side->local == 0) open_as_recorded(side); /* else it answered the other's at once */
  } else if (plain[0] == 0 && plain[1] == 3)
    assert_ok(vms__mux_close(side->mux, side->local));
  else if (plain[0] == 0)
    assert_ok(vms__stream_send(side->stream, (vms_slice){ (char *)plain, len }, (vms_slice){ NULL, 0 }));
  else
    assert_ok(vms__mux_send(side->mux, side->local, plain[1], (vms_slice){ (char *)plain + 2, len - 2 }));
}

static const cJSON *find_open(const cJSON *session, const char *name) {
  const cJSON *each;
  cJSON_ArrayForEach(each, vector_get(session, "frames"))
    if (strncmp(plain_of(each), "0001", 4) == 0 && strcmp(vector_string(each, "from"), name) == 0) return each;
  fail();
  return NULL;
}

static void every_message_is_sent_and_taken_apart_as_it_was(void **state) {
  const vms__mux_events events = { NULL, on_opened, on_message, on_closed };
  const cJSON *session, *each;
  (void)state;
  cJSON_ArrayForEach(session, vector_get(root, "sessions")) {
    peer sides[2] = { 0 };
    for (int i = 0; i < 2; i++) {
      vms__mux_events mine = events;
      mine.context = &sides[i];
      side_open(&sides[i], session, i == 0);
      sides[i].own_open = find_open(session, sides[i].name);
      assert_ok(vms__mux_new(&sides[i].mux, sides[i].stream, &mine, 64, &sides[i].entropy.memory.env, NULL));
    }
    cJSON_ArrayForEach(each, vector_get(session, "frames")) {
      uint8_t frame[FRAME_ROOM];
      size_t len;
      vms_slice message;
      if (cJSON_GetObjectItemCaseSensitive(each, "frame") == NULL) continue;
      bool by_initiator = strcmp(vector_string(each, "from"), "initiator") == 0;
      peer *from = &sides[by_initiator ? 0 : 1], *to = &sides[by_initiator ? 1 : 0];
      len = vector_hex(vector_string(each, "frame"), frame, sizeof frame);
      if (plain_of(each)[0] != 0) send_as_recorded(from, each);
      expect_sent(from, frame, len);
      assert_ok(vms__stream_feed(to->stream, frame, len));
      assert_ok(vms__stream_next(to->stream, VMS__STREAM_FRAME_MAX, &message, NULL));
      to->event_count = 0;
      if (message.data == NULL) continue;
      assert_ok(vms__mux_handle(to->mux, message, NULL));
      expect_events(each, to);
    }
    for (int i = 0; i < 2; i++) {
      assert_int_equal(vms__stream_output(sides[i].stream)->len, 0);
      vms__mux_free(sides[i].mux);
      side_close(&sides[i]);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_frame_is_made_and_read_as_it_was),
    cmocka_unit_test(every_message_is_sent_and_taken_apart_as_it_was),
  };
  return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: MIT */
/* Goal: whatever a peer says, a session ends with a reason in words or goes on as if it had not been said, and takes little memory.
 * Method: an actor that has the stream and the channels of an honest peer, knows the key or not, and sends what a test makes up. */
#include "test/support/sessions.h"

#define TYPES 10u
#define SERVING_MEMORY (512u << 10)      /* bytes that a reader can make a session take, limits as they are by default */
#define DOWNLOADING_MEMORY (1024u << 10) /* bytes that a server can, beside the frames that it sends */

typedef struct actor {
  sim_entropy entropy;
  vms__stream *stream;
  vms__mux *mux;
  bool initiator, accepts;
  uint8_t key[VMS_KEY_LEN], discovery[VMS_KEY_LEN];
  uint8_t spoil;        /* laid over its capability */
  uint32_t local;       /* its channel; 0: none */
  uint64_t seen[TYPES]; /* messages by type */
  vms_buffer last[TYPES];
  vms_buffer requests;  /* vms_proof_request array */
  uint64_t closed;
} actor;

static void actor_capability(actor *self, uint8_t capability[VMS_HASH_LEN]) {
  uint8_t bytes[64];
  vms__namespace("hypercore", self->initiator ? 1 : 2, bytes);
  memcpy(bytes + 32, self->key, 32);
  vms__crypto_hash_keyed(vms__stream_handshake_hash(self->stream), 64, bytes, sizeof bytes, capability);
  capability[31] ^= self->spoil;
}

static void actor_open_channel(actor *self) {
  vms__handshake_core handshake = { true, { 0 } };
  vms_buffer payload = VMS_BUFFER_INIT;
  actor_capability(self, handshake.capability);
  assert_ok(vms__handshake_core_write(&payload, &handshake));
  assert_ok(vms__mux_open(self->mux, SLICE("hypercore/alpha"), (vms_slice){ (const char *)self->discovery, VMS_KEY_LEN }, vms__buf_view(&payload),
                          &self->local, NULL));
  vms_buffer_free(&payload);
}

static int on_opened(void *context, uint32_t local, vms_slice protocol, vms_slice id, vms_slice handshake, vms_error *error) {
  actor *self = context;
  (void)protocol, (void)handshake, (void)error;
  if (local != 0 || !self->accepts || id.len != VMS_KEY_LEN || memcmp(id.data, self->discovery, VMS_KEY_LEN) != 0) return VMS_OK;
  actor_open_channel(self);
  return VMS_OK;
}

static int on_message(void *context, uint32_t local, uint64_t type, vms_slice payload, vms_error *error) {
  actor *self = context;
  vms_proof_request request;
  (void)local, (void)error;
  assert_true(type < TYPES);
  self->seen[type]++;
  vms__buf_clear(&self->last[type]);
  assert_ok(vms__buf_slice(&self->last[type], payload));
  if (type != VMS__MSG_REQUEST) return VMS_OK;
  assert_ok(vms_proof_request_read(payload.data, payload.len, &request, NULL));
  return vms_buffer_append(&self->requests, &request, sizeof request);
}

static int on_closed(void *context, uint32_t local, vms_error *error) {
  actor *self = context;
  (void)local, (void)error;
  self->closed++;
  self->local = 0;
  return VMS_OK;
}

static void actor_init(actor *self, bool initiator, const served_journal *served) {
  memset(self, 0, sizeof *self);
  sim_entropy_init(&self->entropy, 77);
  self->initiator = initiator;
  self->accepts = true;
  vms_core_key(served_core(served, 0), self->key);
  vms_discovery_key(self->key, self->discovery);
  assert_ok(vms__stream_new(&self->stream, initiator, &self->entropy.memory.env, NULL));
  assert_ok(vms__mux_new(&self->mux, self->stream, &(vms__mux_events){ self, on_opened, on_message, on_closed }, 100000, &self->entropy.memory.env, NULL));
}

static void actor_deinit(actor *self) {
  vms__mux_free(self->mux);
  vms__stream_free(self->stream);
  for (unsigned i = 0; i < TYPES; i++) vms_buffer_free(&self->last[i]);
  vms_buffer_free(&self->requests);
}

/* What the session has to say goes to the actor. */
static bool listen_to(actor *self, session_end *end) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_slice message = { NULL, 0 };
  bool any;
  (void)vms_replication_take(end->session, &bytes, &end->error);
  any = bytes.len > 0;
  if (any) assert_ok(vms__stream_feed(self->stream, bytes.data, bytes.len));
  vms_buffer_free(&bytes);
  for (;;) {
    assert_ok(vms__stream_next(self->stream, VMS__STREAM_FRAME_MAX, &message, NULL));
    if (message.data == NULL) return any;
    assert_ok(vms__mux_handle(self->mux, message, NULL));
  }
}

static bool speak_to(actor *self, session_end *end) {
  vms_buffer *output = vms__stream_output(self->stream);
  bool any = output->len > 0;
  if (any && end->error.status == VMS_OK) (void)vms_replication_feed(end->session, output->data, output->len, &end->error);
  vms__buf_clear(output);
  return any;
}

static void talk(actor *self, session_end *end) {
  bool moved = true;
  while (moved) {
    moved = speak_to(self, end);
    moved = listen_to(self, end) || moved;
  }
}

static void expect_well(const session_end *end) { assert_string_equal(end->error.message, ""); }

static void expect_end(const session_end *end, const char *words) {
  if (strstr(end->error.message, words) == NULL) fail_msg("\"%s\" instead of something with \"%s\"", end->error.message, words);
  assert_int_equal(end->error.status, VMS_ERR_REMOTE);
  assert_int_equal(vms_replication_feed(end->session, "x", 1, NULL), VMS_ERR_REMOTE); /* for good */
  assert_int_equal(vms_replication_wants_read(end->session), 0);
}

static void say(actor *self, uint64_t type, vms_slice payload) { assert_ok(vms__mux_send(self->mux, self->local, type, payload)); }

static void say_sync(actor *self, uint32_t flags, uint64_t fork, uint64_t length, uint64_t remote_length) {
  vms__sync sync = { flags, fork, length, remote_length };
  vms_buffer payload = VMS_BUFFER_INIT;
  assert_ok(vms__sync_write(&payload, &sync));
  say(self, VMS__MSG_SYNC, vms__buf_view(&payload));
  vms_buffer_free(&payload);
}

static void say_range(actor *self, bool drop, uint64_t start, uint64_t length) {
  vms__range range = { drop, start, length };
  vms_buffer payload = VMS_BUFFER_INIT;
  assert_ok(vms__range_write(&payload, &range));
  say(self, VMS__MSG_RANGE, vms__buf_view(&payload));
  vms_buffer_free(&payload);
}

static void say_request(actor *self, const vms_proof_request *request) {
  vms_buffer payload = VMS_BUFFER_INIT;
  assert_ok(vms_proof_request_write(&payload, request));
  say(self, VMS__MSG_REQUEST, vms__buf_view(&payload));
  vms_buffer_free(&payload);
}

/* Many messages in one frame. */
static void batch_begin(actor *self, vms_buffer *batch) {
  assert_ok(vms_buffer_append(batch, "\0", 2));
  assert_ok(vms__write_uint(batch, self->local));
}

static void batch_add(vms_buffer *batch, uint64_t type, vms_slice payload) {
  assert_ok(vms__write_uint(batch, vms__uint_len(type) + payload.len));
  assert_ok(vms__write_uint(batch, type));
  assert_ok(vms__buf_slice(batch, payload));
}

static void batch_end(actor *self, vms_buffer *batch) {
  assert_ok(vms__stream_send(self->stream, vms__buf_view(batch), (vms_slice){ NULL, 0 }));
  vms_buffer_free(batch);
}

/* --- readers ----------------------------------------------------------------------------------------------- */

typedef struct reading {
  served_journal served;
  session_end server;
  actor reader;
} reading;

/* A server of one core of 20 blocks whose channel the actor has opened. */
static void reading_begin(reading *r, uint64_t output_len_max) {
  served_init(&r->served, 1, 1, 0, 20);
  end_open(&r->server, false, &r->served, output_len_max);
  actor_init(&r->reader, true, &r->served);
  talk(&r->reader, &r->server);
  assert_true(vms__stream_is_open(r->reader.stream));
  actor_open_channel(&r->reader);
  talk(&r->reader, &r->server);
  expect_well(&r->server);
}

static void reading_end(reading *r) {
  actor_deinit(&r->reader);
  end_close(&r->server);
  served_deinit(&r->served);
}

/* The session still serves. */
static void expect_service(reading *r) {
  vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = 4711, .block_index = 3, .block_nodes = 2 };
  vms__proof proof;
  say_request(&r->reader, &request);
  talk(&r->reader, &r->server);
  expect_well(&r->server);
  vms__reader bytes = vms__reader_over(r->reader.last[VMS__MSG_DATA].data, r->reader.last[VMS__MSG_DATA].len);
  assert_true(r->reader.last[VMS__MSG_DATA].len > 0 && vms__proof_read(&bytes, &proof));
  assert_int_equal(proof.id, 4711);
}

static void a_reader_is_told_what_is_there(void **state) {
  reading r;
  vms__sync sync;
  (void)state;
  reading_begin(&r, 0);
  assert_int_equal(r.reader.seen[VMS__MSG_SYNC], 1);
  assert_int_equal(r.reader.seen[VMS__MSG_RANGE], 1);
  vms__reader bytes = vms__reader_over(r.reader.last[VMS__MSG_SYNC].data, r.reader.last[VMS__MSG_SYNC].len);
  assert_true(vms__sync_read(&bytes, &sync));
  assert_int_equal(sync.flags, VMS__SYNC_CAN_UPGRADE | VMS__SYNC_UPLOADING | VMS__SYNC_HAS_MANIFEST);
  assert_int_equal(sync.length, 20);
  /* A reader asks for what is longer only when it was told its own length; nothing else is answered. */
  say_sync(&r.reader, VMS__SYNC_DOWNLOADING, 0, 7, 20);
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.seen[VMS__MSG_SYNC], 2);
  bytes = vms__reader_over(r.reader.last[VMS__MSG_SYNC].data, r.reader.last[VMS__MSG_SYNC].len);
  assert_true(vms__sync_read(&bytes, &sync));
  assert_int_equal(sync.remote_length, 7);
  say_sync(&r.reader, VMS__SYNC_DOWNLOADING, 0, 20, 20);
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.seen[VMS__MSG_SYNC], 2);
  expect_service(&r);
  reading_end(&r);
}

static void who_does_not_know_the_key_is_shown_out(void **state) {
  reading r;
  (void)state;
  served_init(&r.served, 1, 1, 0, 20);
  for (unsigned bit = 0; bit < 8; bit++) {
    end_open(&r.server, false, &r.served, 0);
    actor_init(&r.reader, true, &r.served);
    r.reader.spoil = (uint8_t)(1u << bit);
    talk(&r.reader, &r.server);
    actor_open_channel(&r.reader);
    talk(&r.reader, &r.server);
    expect_end(&r.server, "does not know the key");
    assert_int_equal(r.reader.seen[VMS__MSG_SYNC] + r.reader.seen[VMS__MSG_RANGE], 0);
    actor_deinit(&r.reader);
    end_close(&r.server);
  }
  served_deinit(&r.served);
}

static void malformed_messages_are_named(void **state) {
  static const struct { uint64_t type; const char *words; } cases[] = {
    { VMS__MSG_SYNC, "malformed sync" }, { VMS__MSG_REQUEST, "malformed request" }, { VMS__MSG_CANCEL, "malformed cancel" },
    { VMS__MSG_DATA, "malformed data" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    reading r;
    reading_begin(&r, 0);
    say(&r.reader, cases[i].type, SLICE("\xfd"));
    talk(&r.reader, &r.server);
    expect_end(&r.server, cases[i].words);
    reading_end(&r);
  }
}

static void what_is_of_no_use_is_passed_over(void **state) {
  reading r;
  uint32_t other = 0;
  (void)state;
  reading_begin(&r, 0);
  for (uint64_t type = VMS__MSG_NO_DATA; type < 20; type++) say(&r.reader, type, SLICE("\xfd"));
  say(&r.reader, UINT64_C(1) << 50, SLICE(""));
  assert_ok(vms__mux_open(r.reader.mux, SLICE("other/protocol"), SLICE("abc"), SLICE(""), &other, NULL));
  assert_ok(vms__mux_open(r.reader.mux, SLICE("hypercore/alpha"), SLICE("too short"), SLICE(""), &other, NULL));
  assert_ok(vms__mux_open(r.reader.mux, SLICE("hypercore/alpha"), SLICE("0123456789abcdef0123456789abcdef"), SLICE(""), &other, NULL));
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.closed, 3);
  r.reader.local = 1;
  expect_service(&r);
  reading_end(&r);
}

/* Questions without an answer get noData, whatever numbers they hold. */
static void silly_requests_are_answered_with_nothing(void **state) {
  static const uint64_t numbers[] = { 0, 1, 19, 20, 21, 39, 40, UINT32_MAX, (UINT64_C(1) << 53) - 2, (UINT64_C(1) << 53) - 1 };
  const size_t count = sizeof numbers / sizeof *numbers;
  reading r;
  (void)state;
  reading_begin(&r, 0);
  for (uint32_t flags = 0; flags < 32; flags++)
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; j < count; j++) {
        vms_proof_request request = { flags, 0, numbers[j], i == 3 ? 1 : 0, numbers[i], numbers[j], numbers[j], numbers[i], numbers[i], j == 2, numbers[i], numbers[j] };
        uint64_t before = r.reader.seen[VMS__MSG_DATA] + r.reader.seen[VMS__MSG_NO_DATA];
        say_request(&r.reader, &request);
        talk(&r.reader, &r.server);
        expect_well(&r.server);
        assert_int_equal(r.reader.seen[VMS__MSG_DATA] + r.reader.seen[VMS__MSG_NO_DATA], before + 1);
      }
  assert_true(r.server.entropy.memory.live < SERVING_MEMORY);
  expect_service(&r);
  reading_end(&r);
}

static vms_slice request_bytes(vms_buffer *bytes, uint64_t id) {
  vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = id, .block_index = id % 20, .block_nodes = 1 };
  vms__buf_clear(bytes);
  assert_ok(vms_proof_request_write(bytes, &request));
  return vms__buf_view(bytes);
}

static void requests_wait_while_nothing_is_read(void **state) {
  reading r;
  vms_buffer batch = VMS_BUFFER_INIT, bytes = VMS_BUFFER_INIT;
  (void)state;
  reading_begin(&r, 500);
  batch_begin(&r.reader, &batch);
  for (uint64_t id = 0; id < 1000; id++) batch_add(&batch, VMS__MSG_REQUEST, request_bytes(&bytes, id));
  for (uint64_t id = 900; id < 1000; id++) { /* late thoughts; each is heard once */
    vms__buf_clear(&bytes);
    assert_ok(vms__write_uint(&bytes, id));
    batch_add(&batch, VMS__MSG_CANCEL, vms__buf_view(&bytes));
    batch_add(&batch, VMS__MSG_CANCEL, vms__buf_view(&bytes));
  }
  batch_end(&r.reader, &batch);
  speak_to(&r.reader, &r.server);
  expect_well(&r.server);
  assert_int_equal(vms_replication_wants_read(r.server.session), 0);
  assert_true(vms_replication_pending(r.server.session) < 1200);
  assert_true(r.server.entropy.memory.live < SERVING_MEMORY);
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.seen[VMS__MSG_DATA], 900);
  assert_true(r.server.entropy.memory.live < SERVING_MEMORY / 4); /* what waited is given back */
  assert_int_equal(vms_replication_wants_read(r.server.session), 1);
  expect_service(&r);
  vms_buffer_free(&bytes);
  reading_end(&r);
}

static void a_flood_of_requests_ends_the_session(void **state) {
  reading r;
  vms_buffer batch = VMS_BUFFER_INIT, bytes = VMS_BUFFER_INIT;
  (void)state;
  reading_begin(&r, 500);
  batch_begin(&r.reader, &batch);
  for (uint64_t id = 0; id < 3000; id++) batch_add(&batch, VMS__MSG_REQUEST, request_bytes(&bytes, id));
  batch_end(&r.reader, &batch);
  speak_to(&r.reader, &r.server);
  expect_end(&r.server, "more than 1024 unanswered requests");
  assert_true(r.server.entropy.memory.live < SERVING_MEMORY);
  vms_buffer_free(&bytes);
  reading_end(&r);
}

static void requests_of_a_closed_channel_are_forgotten(void **state) {
  reading r;
  vms_buffer batch = VMS_BUFFER_INIT, bytes = VMS_BUFFER_INIT;
  (void)state;
  reading_begin(&r, 500);
  batch_begin(&r.reader, &batch);
  for (uint64_t id = 0; id < 600; id++) batch_add(&batch, VMS__MSG_REQUEST, request_bytes(&bytes, id));
  assert_ok(vms_buffer_append(&batch, "\0\0", 2)); /* what follows is for channel 0: */
  batch_add(&batch, 3, (vms_slice){ "\1", 1 });    /* close 1 */
  batch_end(&r.reader, &batch);
  speak_to(&r.reader, &r.server);
  talk(&r.reader, &r.server);
  expect_well(&r.server);
  assert_true(r.reader.seen[VMS__MSG_DATA] < 20);
  assert_int_equal(vms_replication_wants_read(r.server.session), 1);
  assert_int_equal(vms_replication_channels(r.server.session), 0);
  assert_ok(vms__mux_close(r.reader.mux, r.reader.local)); /* the actor's own side of it */
  actor_open_channel(&r.reader);
  talk(&r.reader, &r.server);
  expect_service(&r);
  vms_buffer_free(&bytes);
  reading_end(&r);
}

/* Frame by frame they wait where they are: nobody has to answer for more than one frame. */
static void requests_in_frames_of_their_own_wait_as_input(void **state) {
  reading r;
  (void)state;
  reading_begin(&r, 500);
  for (uint64_t id = 0; id < 3000; id++) {
    vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = id, .block_index = id % 20, .block_nodes = 1 };
    say_request(&r.reader, &request);
  }
  speak_to(&r.reader, &r.server);
  expect_well(&r.server);
  assert_int_equal(vms_replication_wants_read(r.server.session), 0);
  assert_true(vms_replication_pending(r.server.session) < 1200);
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.seen[VMS__MSG_DATA], 3000);
  expect_service(&r);
  reading_end(&r);
}

/* Thousands of questions of a kind that the answer to the last one answers. */
static void repetition_is_answered_once(void **state) {
  reading r;
  vms_buffer batch = VMS_BUFFER_INIT, sync = VMS_BUFFER_INIT, want = VMS_BUFFER_INIT;
  (void)state;
  reading_begin(&r, 0);
  assert_ok(vms__sync_write(&sync, &(vms__sync){ VMS__SYNC_DOWNLOADING, 0, 3, 0 }));
  assert_ok(vms__want_write(&want, &(vms__want){ 0, 1 << 21, false }));
  batch_begin(&r.reader, &batch);
  for (int i = 0; i < 4000; i++) {
    batch_add(&batch, VMS__MSG_SYNC, vms__buf_view(&sync));
    batch_add(&batch, VMS__MSG_WANT, vms__buf_view(&want));
  }
  batch_end(&r.reader, &batch);
  talk(&r.reader, &r.server);
  assert_int_equal(r.reader.seen[VMS__MSG_SYNC], 2);
  assert_int_equal(r.reader.seen[VMS__MSG_RANGE], 2);
  expect_service(&r);
  vms_buffer_free(&sync);
  vms_buffer_free(&want);
  reading_end(&r);
}

static void thousands_of_opens_open_nothing(void **state) {
  reading r;
  uint64_t memory = 0;
  (void)state;
  reading_begin(&r, 0);
  for (uint64_t i = 0; i < 5000; i++) {
    uint8_t id[VMS_KEY_LEN] = { 0 };
    uint32_t local = 0;
    vms__put_u64(id, i);
    assert_ok(vms__mux_open(r.reader.mux, SLICE("hypercore/alpha"), (vms_slice){ (const char *)id, sizeof id }, SLICE("what ever"), &local, NULL));
    if (i % 1000 == 999) talk(&r.reader, &r.server);
    memory = VMS__MAX(memory, r.server.entropy.memory.live);
  }
  assert_int_equal(r.reader.closed, 5000);
  assert_int_equal(vms_replication_channels(r.server.session), 1);
  assert_true(memory < SERVING_MEMORY);
  r.reader.local = 1;
  expect_service(&r);
  reading_end(&r);
}

/* A server's frames may be long: what they make us send stays small all the same. */
static void a_frame_full_of_opens_ends_it(void **state) {
  static const uint8_t start[] = { 0, 0, 0 }, open[] = { 4, 1, 2, 0, 0 };
  (void)state;
  for (int i = 0; i < 2; i++) {
    session_end client;
    served_journal served;
    actor server;
    vms_replica *replica;
    vms_buffer batch = VMS_BUFFER_INIT;
    served_init(&served, 1, 1, 0, 20);
    end_open(&client, true, NULL, 0);
    actor_init(&server, false, &served);
    replica = replica_of(&served, 0, NULL);
    assert_ok(vms_replication_download(client.session, replica, NULL));
    talk(&server, &client);
    assert_ok(vms_buffer_append(&batch, start, sizeof start));
    for (unsigned n = 0; n < (i == 0 ? 60000 : 1000000); n++) assert_ok(vms_buffer_append(&batch, open, sizeof open));
    batch_end(&server, &batch);
    speak_to(&server, &client);
    if (i == 0) expect_well(&client);
    else expect_end(&client, "too many opens at once");
    assert_true(vms_replication_pending(client.session) < 2 << 20);
    end_close(&client);
    actor_deinit(&server);
    vms_replica_close(replica);
    served_deinit(&served);
  }
}

static void channels_come_and_go(void **state) {
  reading r;
  uint64_t memory;
  (void)state;
  reading_begin(&r, 0);
  memory = r.server.entropy.memory.live;
  for (int i = 0; i < 200; i++) {
    expect_service(&r);
    if (i % 2 == 0) assert_ok(vms__mux_close(r.reader.mux, r.reader.local));
    else { /* with requests on the way */
      vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = 1, .block_index = 3, .block_nodes = 2 };
      for (int n = 0; n < 10; n++) say_request(&r.reader, &request);
      assert_ok(vms__mux_close(r.reader.mux, r.reader.local));
    }
    if (i % 3 != 0) talk(&r.reader, &r.server);
    actor_open_channel(&r.reader);
    talk(&r.reader, &r.server);
    assert_int_equal(vms_replication_channels(r.server.session), 1);
  }
  assert_true(r.server.entropy.memory.live < memory + (64 << 10));
  reading_end(&r);
}

static void readers_frames_are_limited(void **state) {
  reading r;
  char *bytes = calloc(1, 65 << 10);
  (void)state;
  assert_non_null(bytes);
  reading_begin(&r, 0);
  say(&r.reader, 1000, (vms_slice){ bytes, 65000 });
  talk(&r.reader, &r.server);
  expect_well(&r.server);
  say(&r.reader, 1000, (vms_slice){ bytes, 65 << 10 });
  talk(&r.reader, &r.server);
  expect_end(&r.server, "the limit is 65536");
  reading_end(&r);
  free(bytes);
}

static void answers_to_a_server_that_asked_nothing(void **state) {
  reading r;
  vms_buffer proof = VMS_BUFFER_INIT;
  vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = 1, .block_index = 3, .block_nodes = 2 };
  (void)state;
  reading_begin(&r, 0);
  assert_ok(vms_core_prove(served_core(&r.served, 0), &request, &proof, NULL));
  say(&r.reader, VMS__MSG_DATA, vms__buf_view(&proof));
  talk(&r.reader, &r.server);
  expect_end(&r.server, "nobody asked for");
  vms_buffer_free(&proof);
  reading_end(&r);
}

/* Each one costs a look at a signature: opening the channel anew does not give more of them. */
static void unasked_proofs_are_counted_by_session(void **state) {
  reading r;
  vms_buffer proof = VMS_BUFFER_INIT;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE, .upgrade_length = 15 };
  (void)state;
  reading_begin(&r, 0);
  assert_ok(vms_core_prove(served_core(&r.served, 0), &request, &proof, NULL));
  for (unsigned i = 0; i < VMS__UNASKED_MAX; i++) {
    say(&r.reader, VMS__MSG_DATA, vms__buf_view(&proof));
    assert_ok(vms__mux_close(r.reader.mux, r.reader.local));
    talk(&r.reader, &r.server);
    actor_open_channel(&r.reader);
    talk(&r.reader, &r.server);
    expect_well(&r.server);
  }
  say(&r.reader, VMS__MSG_DATA, vms__buf_view(&proof));
  talk(&r.reader, &r.server);
  expect_end(&r.server, "nobody asked for");
  vms_buffer_free(&proof);
  reading_end(&r);
}

static void a_readers_head_does_not_go_back(void **state) {
  for (int i = 0; i < 2; i++) {
    reading r;
    (void)state;
    reading_begin(&r, 0);
    say_sync(&r.reader, VMS__SYNC_DOWNLOADING, 1, 7, 20);
    say_sync(&r.reader, VMS__SYNC_DOWNLOADING, i == 0 ? 1 : 0, i == 0 ? 6 : 9, 20);
    talk(&r.reader, &r.server);
    expect_end(&r.server, "head went back");
    reading_end(&r);
  }
}

/* npm's readers send the other head when they saw two. */
static void a_second_head_under_our_own_key_is_reported(void **state) {
  reading r;
  served_journal twin;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE, .upgrade_length = 15 };
  vms_buffer proof = VMS_BUFFER_INIT;
  (void)state;
  reading_begin(&r, 0);
  assert_ok(vms_core_prove(served_core(&r.served, 0), &request, &proof, NULL));
  say(&r.reader, VMS__MSG_DATA, vms__buf_view(&proof)); /* our own is fine */
  talk(&r.reader, &r.server);
  expect_service(&r);
  served_init(&twin, 1, 1, 99, 33);
  vms__buf_clear(&proof);
  assert_ok(vms_core_prove(served_core(&twin, 0), &request, &proof, NULL));
  say(&r.reader, VMS__MSG_DATA, vms__buf_view(&proof));
  talk(&r.reader, &r.server);
  expect_end(&r.server, "two signed heads contradict each other");
  vms_buffer_free(&proof);
  served_deinit(&twin);
  reading_end(&r);
}

/* Blobs before the metadata that speaks of them, before the ledger that speaks of both. */
static void the_last_core_of_a_journal_is_announced_first(void **state) {
  served_journal served;
  session_end server;
  actor reader;
  uint32_t locals[SERVED_MAX];
  (void)state;
  served_init(&served, SERVED_MAX, 1, 0, 2);
  end_open(&server, false, &served, 0);
  actor_init(&reader, true, &served);
  talk(&reader, &server);
  for (uint32_t i = 0; i < SERVED_MAX; i++) {
    vms_core_key(served_core(&served, i), reader.key);
    memcpy(reader.discovery, served.discovery[i], VMS_KEY_LEN);
    actor_open_channel(&reader);
    locals[i] = reader.local;
  }
  talk(&reader, &server);
  for (uint32_t i = 0; i < SERVED_MAX; i++) served_append(&served, i, i + 1);
  served_commit(&served);
  assert_ok(vms_replication_update(server.session, NULL));
  listen_to(&reader, &server);
  /* The last range heard is the first core's, 3 blocks long; the others were longer. */
  vms__range range;
  vms__reader bytes = vms__reader_over(reader.last[VMS__MSG_RANGE].data, reader.last[VMS__MSG_RANGE].len);
  assert_true(vms__range_read(&bytes, &range));
  assert_int_equal(range.length, 3);
  assert_int_equal(reader.seen[VMS__MSG_RANGE], 2 * SERVED_MAX);
  (void)locals;
  actor_deinit(&reader);
  end_close(&server);
  served_deinit(&served);
}

/* --- servers -------------------------------------------------------------------------------------------------- */

typedef struct writing {
  served_journal served;
  session_end client;
  vms_replica *replica;
  actor server;
  vms_buffer answer;
} writing;

static void writing_begin(writing *w, uint64_t blocks) {
  memset(&w->answer, 0, sizeof w->answer);
  served_init(&w->served, 1, 1, 0, blocks);
  end_open(&w->client, true, NULL, 0);
  actor_init(&w->server, false, &w->served);
  w->replica = replica_of(&w->served, 0, NULL);
  assert_ok(vms_replication_download(w->client.session, w->replica, NULL));
  talk(&w->server, &w->client);
  assert_int_not_equal(w->server.local, 0);
}

static void writing_end(writing *w) {
  vms_replication_stop(w->client.session, w->replica); /* fine at any time */
  if (w->client.error.status != VMS_OK) assert_int_equal(vms_replication_download(w->client.session, w->replica, NULL), w->client.error.status);
  end_close(&w->client);
  actor_deinit(&w->server);
  vms_replica_close(w->replica);
  vms_buffer_free(&w->answer);
  served_deinit(&w->served);
}

static const uint32_t GIVES = VMS__SYNC_CAN_UPGRADE | VMS__SYNC_UPLOADING | VMS__SYNC_HAS_MANIFEST;

/* The oldest request that was not answered; false if there is none. */
static bool next_request(writing *w, vms_proof_request *request) {
  vms_buffer *requests = &w->server.requests;
  if (requests->len == 0) return false;
  memcpy(request, requests->data, sizeof *request);
  requests->len -= sizeof *request;
  memmove(requests->data, requests->data + sizeof *request, requests->len);
  return true;
}

static void prove(writing *w, const vms_proof_request *request) {
  vms__buf_clear(&w->answer);
  assert_ok(vms_core_prove(served_core(&w->served, 0), request, &w->answer, NULL));
}

static void say_answer(writing *w) {
  say(&w->server, VMS__MSG_DATA, vms__buf_view(&w->answer));
  talk(&w->server, &w->client);
}

static void say_no_data(writing *w, uint64_t id, uint64_t reason) {
  vms__no_data no_data = { id, reason };
  vms__buf_clear(&w->answer);
  assert_ok(vms__no_data_write(&w->answer, &no_data));
  say(&w->server, VMS__MSG_NO_DATA, vms__buf_view(&w->answer));
  talk(&w->server, &w->client);
}

static void announce(writing *w, uint64_t length) {
  say_sync(&w->server, GIVES, 0, length, 0);
  if (length > 0) say_range(&w->server, false, 0, length);
  talk(&w->server, &w->client);
}

static void answer_all(writing *w) {
  vms_proof_request request;
  while (w->client.error.status == VMS_OK && next_request(w, &request)) {
    prove(w, &request);
    say_answer(w);
  }
}

/* Every byte of every answer, one at a time, each in two ways; and every answer cut short. What comes of it is the core or a reason. */
static void no_tampered_answer_is_believed(void **state) {
  size_t spoiled = 0;
  bool more = true;
  (void)state;
  for (size_t message = 0; more; message++) {
    more = false;
    for (size_t at = 0, len = 1; at < 2 * len + len; at++) {
      writing w;
      vms_proof_request request;
      writing_begin(&w, 5);
      announce(&w, 5);
      for (size_t i = 0; w.client.error.status == VMS_OK && next_request(&w, &request); i++) {
        prove(&w, &request);
        if (i == message) {
          more = true;
          len = w.answer.len;
          if (at < 2 * len) w.answer.data[at / 2] = (char)(w.answer.data[at / 2] ^ (at % 2 == 0 ? 1 : 0x80));
          else w.answer.len = at - 2 * len;
          spoiled++;
        }
        say_answer(&w);
      }
      if (w.client.error.status == VMS_OK) {
        if (vms_replica_is_complete(w.replica)) expect_same(&w.served, 0, w.replica);
        else assert_true(!more || vms_replica_length(w.replica) == 0 || vms_replica_length(w.replica) == 5);
      } else assert_int_equal(w.client.error.status, VMS_ERR_REMOTE);
      writing_end(&w);
    }
  }
  assert_true(spoiled > 1000);
}

static void nobody_answers_what_was_not_asked(void **state) {
  (void)state;
  for (int kind = 0; kind < 7; kind++) {
    writing w;
    vms_proof_request request;
    writing_begin(&w, 20);
    announce(&w, 20);
    assert_true(next_request(&w, &request));
    prove(&w, &request);
    if (kind > 1) say_answer(&w); /* the upgrade; blocks are asked for then */
    if (kind > 1) assert_true(next_request(&w, &request));
    if (kind == 0 || kind == 2) request.id = 100; /* nothing has this number */
    if (kind == 1) request.upgrade_start = 3, request.upgrade_length = 17;
    if (kind == 3) request.block_index ^= 1;
    if (kind == 4) request.flags |= VMS_PROOF_UPGRADE, request.upgrade_length = 20;
    if (kind == 5) request.flags = VMS_PROOF_HASH, request.hash_index = 2 * request.block_index;
    prove(&w, &request);
    say_answer(&w);
    if (kind == 6) say_answer(&w); /* twice */
    expect_end(&w.client, kind == 0 || kind == 2 || kind == 6 ? "nobody asked for" : "answered another question");
    writing_end(&w);
  }
}

static void a_servers_head_does_not_go_back(void **state) {
  writing w;
  (void)state;
  writing_begin(&w, 20);
  announce(&w, 20);
  answer_all(&w);
  expect_well(&w.client);
  expect_same(&w.served, 0, w.replica);
  say_sync(&w.server, GIVES, 0, 19, 20);
  talk(&w.server, &w.client);
  expect_end(&w.client, "head went back from fork 0, length 20 to fork 0, length 19");
  writing_end(&w);
}

/* A server may prove less than it promised; it is not asked for the rest for ever. */
static void a_promise_of_more_is_not_more(void **state) {
  writing w;
  vms_proof_request request;
  (void)state;
  writing_begin(&w, 20);
  announce(&w, 100);
  assert_true(next_request(&w, &request));
  assert_int_equal(request.upgrade_length, 100);
  say_no_data(&w, request.id, VMS__NO_DATA_INVALID);
  assert_false(next_request(&w, &request)); /* not again, until there is news */
  expect_well(&w.client);
  announce(&w, 100);
  assert_true(next_request(&w, &request));
  request.upgrade_length = 20;
  prove(&w, &request);
  say_answer(&w);
  assert_int_equal(vms_replica_length(w.replica), 20);
  for (unsigned asked = 0; next_request(&w, &request); asked++) {
    assert_true(asked < 30);
    if ((request.flags & VMS_PROOF_UPGRADE) != 0) say_no_data(&w, request.id, VMS__NO_DATA_INVALID);
    else {
      prove(&w, &request);
      say_answer(&w);
    }
  }
  expect_same(&w.served, 0, w.replica);
  expect_well(&w.client);
  writing_end(&w);
}

static void a_server_that_gives_nothing_is_left_alone(void **state) {
  writing w;
  vms_proof_request request;
  unsigned asked = 0;
  (void)state;
  writing_begin(&w, 400);
  announce(&w, 400);
  assert_true(next_request(&w, &request));
  prove(&w, &request);
  say_answer(&w);
  for (; next_request(&w, &request); asked++) say_no_data(&w, request.id, asked % 3);
  assert_true(asked >= VMS__REFUSED_MAX && asked <= VMS__REFUSED_MAX + VMS__ASKED_MAX);
  expect_well(&w.client);
  announce(&w, 400);
  assert_false(next_request(&w, &request));
  writing_end(&w);
}

/* A server with holes says so when it is asked; what it gets later it says at once. */
static void holes_are_asked_about_and_filled_later(void **state) {
  writing w;
  vms_proof_request request;
  uint8_t bits[3 + 3 * 4] = { 0, 3 }; /* start, words; blocks 0 to 19 and 30 to 69 */
  (void)state;
  for (unsigned i = 0; i < 70; i++)
    if (i < 20 || i >= 30) bits[2 + i / 8] |= (uint8_t)(1u << i % 8);
  writing_begin(&w, 70);
  say_sync(&w.server, GIVES, 0, 70, 0);
  say_range(&w.server, false, 0, 20);
  talk(&w.server, &w.client);
  answer_all(&w);
  assert_int_equal(vms_replica_contiguous(w.replica), 20);
  assert_int_equal(w.server.seen[VMS__MSG_WANT], 1);
  say(&w.server, VMS__MSG_BITFIELD, (vms_slice){ (const char *)bits, 2 + 12 });
  talk(&w.server, &w.client);
  answer_all(&w);
  for (uint64_t i = 0; i < 70; i++) assert_int_equal(vms_replica_has(w.replica, i), i < 20 || i >= 30);
  say_range(&w.server, false, 25, 1);
  talk(&w.server, &w.client);
  assert_true(next_request(&w, &request));
  assert_int_equal(request.block_index, 25);
  say_no_data(&w, request.id, VMS__NO_DATA_MISSING);
  assert_false(next_request(&w, &request));
  say_range(&w.server, false, 25, 1); /* now it is there */
  say_range(&w.server, false, 20, 8);
  say_range(&w.server, true, 22, 2);
  talk(&w.server, &w.client);
  answer_all(&w);
  for (uint64_t i = 20; i < 30; i++) assert_int_equal(vms_replica_has(w.replica, i), i != 22 && i != 23 && i < 28);
  say_range(&w.server, false, 0, 70);
  talk(&w.server, &w.client);
  answer_all(&w);
  expect_same(&w.served, 0, w.replica);
  expect_well(&w.client);
  writing_end(&w);
}

/* Nobody says another word when a peer's only blocks are far behind many that it lacks. */
static void a_block_far_behind_a_hole_is_found(void **state) {
  writing w;
  vms_proof_request request;
  (void)state;
  writing_begin(&w, 300000);
  say_sync(&w.server, GIVES, 0, 300000, 0);
  talk(&w.server, &w.client);
  answer_all(&w);
  assert_int_equal(w.server.seen[VMS__MSG_WANT], 1);
  say_range(&w.server, false, 299000, 5);
  talk(&w.server, &w.client);
  for (int i = 0; i < 5; i++) {
    assert_true(next_request(&w, &request));
    assert_in_range(request.block_index, 299000, 299004);
  }
  expect_well(&w.client);
  writing_end(&w);
}

/* Ranges that come and go, beside the same in an array. */
static void ranges_are_kept_bit_by_bit(void **state) {
  writing w;
  vms_proof_request request;
  uint64_t random = sim_seed();
  static bool there[100000], asked[100000];
  uint8_t none[6] = { 0, 1 };
  (void)state;
  writing_begin(&w, 70);
  say_sync(&w.server, GIVES, 0, 70, 0);
  talk(&w.server, &w.client);
  while (next_request(&w, &request)) { /* the head; then it wants to know about the first stretch */
    prove(&w, &request);
    say_answer(&w);
  }
  assert_int_equal(w.server.seen[VMS__MSG_WANT], 1);
  say(&w.server, VMS__MSG_BITFIELD, (vms_slice){ (const char *)none, sizeof none });
  const vms__download *download = ((const vms_replication *)w.client.session)->downloads[0];
  for (int i = 0; i < 3000; i++) {
    bool drop = sim_random(&random) % 2 == 0;
    uint64_t start = 100 + sim_random(&random) % 99000, length = 1 + sim_random(&random) % (i % 2 == 0 ? 30 : 900);
    length = VMS__MIN(length, 100000 - start);
    say_range(&w.server, drop, start, length);
    for (uint64_t n = start; n < start + length; n++) there[n] = !drop;
  }
  talk(&w.server, &w.client);
  expect_well(&w.client);
  for (uint64_t n = 100; n < 100000; n++) {
    const uint8_t *page = download->pages[n >> VMS__PAGE_BITS];
    uint64_t bit = n & ((1u << VMS__PAGE_BITS) - 1);
    asked[n] = page != NULL && (page[bit / 8] >> bit % 8 & 1) != 0;
  }
  assert_memory_equal(there + 100, asked + 100, sizeof there - 100);
  writing_end(&w);
}

/* What a server dropped is not asked for, what lies behind it only once it said that it has that. */
static void what_was_dropped_is_not_asked_for(void **state) {
  writing w;
  vms_proof_request request;
  uint8_t bits[3 + 52] = { 0, 13 }; /* start, words: 416 blocks */
  bool told = false, asked[400] = { false };
  (void)state;
  for (unsigned i = 0; i < 400; i++)
    if (i < 180 || i >= 250) bits[2 + i / 8] |= (uint8_t)(1u << i % 8);
  writing_begin(&w, 400);
  announce(&w, 400);
  assert_true(next_request(&w, &request));
  prove(&w, &request);
  say_answer(&w);
  for (size_t i = 0; i < w.server.requests.len / sizeof request; i++) {
    memcpy(&request, w.server.requests.data + i * sizeof request, sizeof request);
    asked[request.block_index] = true; /* before it knew */
  }
  say_range(&w.server, true, 200, 50);
  talk(&w.server, &w.client);
  while (next_request(&w, &request)) {
    uint64_t seq = request.block_index;
    assert_true(asked[seq] || seq < 200 || (told && (seq < 180 || seq >= 250)));
    prove(&w, &request);
    say_answer(&w);
    if (told || w.server.seen[VMS__MSG_WANT] == 0) continue;
    told = true;
    say(&w.server, VMS__MSG_BITFIELD, (vms_slice){ (const char *)bits, 2 + 52 });
    talk(&w.server, &w.client);
  }
  assert_true(told);
  for (uint64_t i = 0; i < 400; i++) assert_true(vms_replica_has(w.replica, i) || (i >= 180 && i < 250));
  expect_well(&w.client);
  writing_end(&w);
}

/* Numbers at the end of what can be said, and bitmaps of everything. */
static void claims_take_little_memory(void **state) {
  const uint64_t top = (UINT64_C(1) << 53) - 1;
  const size_t words_len = 4 << 20;
  writing w;
  vms_buffer bitfield = VMS_BUFFER_INIT;
  char *ones = malloc(words_len);
  uint64_t memory = 0;
  (void)state;
  assert_non_null(ones);
  memset(ones, 0xff, words_len);
  writing_begin(&w, 70);
  say_sync(&w.server, GIVES, 0, 70, 0);
  say_range(&w.server, false, 0, 20);
  talk(&w.server, &w.client);
  answer_all(&w);
  assert_int_equal(w.server.seen[VMS__MSG_WANT], 1);
  memory = w.client.entropy.memory.live;
  for (int i = 0; i < 6; i++) {
    static const uint64_t starts[] = { 0, 64, 1 << 20, UINT64_C(1) << 40, (UINT64_C(1) << 53) - 32, 2097152 };
    vms__buf_clear(&bitfield);
    assert_ok(vms__write_uint(&bitfield, starts[i]));
    assert_ok(vms__write_uint(&bitfield, words_len / 4));
    assert_ok(vms_buffer_append(&bitfield, ones, words_len));
    say(&w.server, VMS__MSG_BITFIELD, vms__buf_view(&bitfield));
    talk(&w.server, &w.client);
    expect_well(&w.client);
  }
  say_range(&w.server, false, top, top);
  say_range(&w.server, false, 1, top);
  say_range(&w.server, true, top, 1);
  say_range(&w.server, true, 30, top);
  say_range(&w.server, false, top - 1, 1);
  talk(&w.server, &w.client);
  expect_well(&w.client);
  /* What the longest frame took in the buffers stays; the claims themselves are 256 KiB. */
  assert_true(w.client.entropy.memory.live < memory + 3 * words_len);
  free(ones);
  vms_buffer_free(&bitfield);
  writing_end(&w);

  writing_begin(&w, 70);
  say_sync(&w.server, GIVES, 0, 70, 0);
  talk(&w.server, &w.client);
  for (uint64_t i = 0; i < 3000; i++) {
    say_range(&w.server, i % 7 == 3, i * 997, 1 + i % 31 * 1000);
    talk(&w.server, &w.client);
    memory = VMS__MAX(i == 0 ? 0 : memory, w.client.entropy.memory.live);
  }
  assert_true(memory < DOWNLOADING_MEMORY);
  expect_well(&w.client);
  say(&w.server, VMS__MSG_BITFIELD, (vms_slice){ "\1\1aaaa", 6 });
  talk(&w.server, &w.client);
  expect_end(&w.client, "malformed bitfield");
  writing_end(&w);
}

static void malformed_answers_are_named(void **state) {
  static const struct { uint64_t type; const char *words; } cases[] = {
    { VMS__MSG_DATA, "malformed data" }, { VMS__MSG_NO_DATA, "malformed noData" }, { VMS__MSG_BITFIELD, "malformed bitfield" },
    { VMS__MSG_RANGE, "malformed range" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    writing w;
    writing_begin(&w, 5);
    say(&w.server, cases[i].type, SLICE("\xfd"));
    talk(&w.server, &w.client);
    expect_end(&w.client, cases[i].words);
    writing_end(&w);
  }
}

/* The second server has the first one's key and signed other blocks. */
static void two_signed_heads_are_named_what_they_are(void **state) {
  static const uint64_t lengths[] = { 20, 50, 20, 12 };
  (void)state;
  for (int i = 0; i < 4; i++) {
    served_journal honest, twin;
    session_end servers[2], clients[2];
    served_init(&honest, 1, 1, 0, 20);
    served_init(&twin, 1, 1, i == 2 ? 0 : 99, lengths[i]);
    vms_replica *replica = replica_of(&honest, 0, NULL);
    for (int n = 0; n < 2; n++) {
      end_open(&servers[n], false, n == 0 ? &honest : &twin, 0);
      end_open(&clients[n], true, NULL, 0);
      assert_ok(vms_replication_download(clients[n].session, replica, NULL));
      settle_by(&servers[n], &clients[n], 0);
    }
    expect_same(&honest, 0, replica);
    assert_string_equal(clients[0].error.message, "");
    if (i < 2) assert_string_equal(clients[1].error.message, "two signed heads contradict each other: fork 0, the first 20 blocks");
    else assert_string_equal(clients[1].error.message, ""); /* the same head; a shorter one, which nobody needs to see */
    for (int n = 0; n < 2; n++) {
      end_close(&clients[n]);
      end_close(&servers[n]);
    }
    vms_replica_close(replica);
    served_deinit(&honest);
    served_deinit(&twin);
  }
}

static void bytes_that_are_no_stream_end_it(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed < 200; seed++) {
    served_journal served;
    session_end server;
    uint64_t random = seed;
    uint8_t bytes[600];
    served_init(&served, 1, 1, 0, 3);
    end_open(&server, false, &served, 0);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)sim_random(&random);
    if (seed % 2 == 0) memcpy(bytes, "\x20\0\0", 3);
    assert_int_equal(vms_replication_feed(server.session, bytes, sizeof bytes, &server.error), VMS_ERR_REMOTE);
    end_close(&server);
    served_deinit(&served);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_reader_is_told_what_is_there),
    cmocka_unit_test(who_does_not_know_the_key_is_shown_out),
    cmocka_unit_test(malformed_messages_are_named),
    cmocka_unit_test(what_is_of_no_use_is_passed_over),
    cmocka_unit_test(silly_requests_are_answered_with_nothing),
    cmocka_unit_test(requests_wait_while_nothing_is_read),
    cmocka_unit_test(a_flood_of_requests_ends_the_session),
    cmocka_unit_test(requests_of_a_closed_channel_are_forgotten),
    cmocka_unit_test(requests_in_frames_of_their_own_wait_as_input),
    cmocka_unit_test(repetition_is_answered_once),
    cmocka_unit_test(thousands_of_opens_open_nothing),
    cmocka_unit_test(a_frame_full_of_opens_ends_it),
    cmocka_unit_test(channels_come_and_go),
    cmocka_unit_test(readers_frames_are_limited),
    cmocka_unit_test(answers_to_a_server_that_asked_nothing),
    cmocka_unit_test(unasked_proofs_are_counted_by_session),
    cmocka_unit_test(a_readers_head_does_not_go_back),
    cmocka_unit_test(a_second_head_under_our_own_key_is_reported),
    cmocka_unit_test(the_last_core_of_a_journal_is_announced_first),
    cmocka_unit_test(no_tampered_answer_is_believed),
    cmocka_unit_test(nobody_answers_what_was_not_asked),
    cmocka_unit_test(a_servers_head_does_not_go_back),
    cmocka_unit_test(a_promise_of_more_is_not_more),
    cmocka_unit_test(a_server_that_gives_nothing_is_left_alone),
    cmocka_unit_test(holes_are_asked_about_and_filled_later),
    cmocka_unit_test(a_block_far_behind_a_hole_is_found),
    cmocka_unit_test(ranges_are_kept_bit_by_bit),
    cmocka_unit_test(what_was_dropped_is_not_asked_for),
    cmocka_unit_test(claims_take_little_memory),
    cmocka_unit_test(malformed_answers_are_named),
    cmocka_unit_test(two_signed_heads_are_named_what_they_are),
    cmocka_unit_test(bytes_that_are_no_stream_end_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: honest sessions bring each other whole, current copies of cores, however the bytes are cut, and say so in every status.
 * Method: two ends in one process; journals on simulated disks; memory that can run out. ledger_replication_hostile.c has the others. */
#include "test/support/sessions.h"

/* A server of one core with so many blocks, a client, and a replica of that core. */
static vms_replica *two_ends(served_journal *served, session_end *server, session_end *client, uint64_t blocks) {
  served_init(served, 1, 1, 0, blocks);
  end_open(server, false, served, 0);
  end_open(client, true, NULL, 0);
  return replica_of(served, 0, NULL);
}

static void all_closed(served_journal *served, session_end *server, session_end *client, vms_replica *replica) {
  end_close(client);
  end_close(server);
  vms_replica_close(replica);
  served_deinit(served);
}

static void a_core_is_downloaded_whole(void **state) {
  static const uint64_t lengths[] = { 1, 2, 3, 11, 500, 1300 };
  (void)state;
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    served_journal served;
    session_end server, client;
    uint64_t length = 0;
    vms_replica *replica = two_ends(&served, &server, &client, lengths[i]);
    assert_false(vms_replication_is_open(client.session));
    assert_int_equal(vms_replication_peer_length(client.session, replica, &length), 0);
    assert_ok(vms_replication_download(client.session, replica, NULL));
    settle(&server, &client);
    expect_same(&served, 0, replica);
    assert_true(vms_replication_is_open(client.session) && vms_replication_is_open(server.session));
    assert_int_equal(vms_replication_channels(client.session), 1);
    assert_int_equal(vms_replication_channels(server.session), 1);
    assert_int_equal(vms_replication_peer_length(client.session, replica, &length), 1);
    assert_int_equal(length, lengths[i]);
    all_closed(&served, &server, &client, replica);
  }
}

static void one_byte_at_a_time_is_enough(void **state) {
  served_journal served;
  session_end server, client;
  (void)state;
  vms_replica *replica = two_ends(&served, &server, &client, 60);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  settle_by(&server, &client, 1);
  expect_same(&served, 0, replica);
  all_closed(&served, &server, &client, replica);
}

static void appends_arrive_while_the_connection_lasts(void **state) {
  served_journal served;
  session_end server, client;
  (void)state;
  served_init(&served, 1, 1, 0, 0);
  end_open(&server, true, &served, 0);
  end_open(&client, false, NULL, 0);
  vms_replica *replica = replica_of(&served, 0, NULL);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  settle(&server, &client);
  assert_int_equal(vms_replica_length(replica), 0);
  for (int i = 0; i < 40; i++) {
    served_append(&served, 0, i % 3 == 0 ? 1 : 7);
    served_commit(&served);
    assert_ok(vms_replication_update(server.session, NULL));
    settle(&server, &client);
    expect_same(&served, 0, replica);
  }
  /* Nothing new: nothing is said. */
  assert_ok(vms_replication_update(server.session, NULL));
  assert_int_equal(vms_replication_pending(server.session), 0);
  assert_ok(vms_replication_keepalive(server.session, NULL));
  assert_int_equal(vms_replication_pending(server.session), VMS__FRAME_OVERHEAD);
  settle(&server, &client);
  all_closed(&served, &server, &client, replica);
}

static void several_cores_share_a_stream(void **state) {
  served_journal served;
  session_end server, client;
  vms_replica *replicas[SERVED_MAX];
  (void)state;
  served_init(&served, SERVED_MAX, 1, 0, 0);
  end_open(&server, false, &served, 0);
  end_open(&client, true, NULL, 0);
  for (uint32_t i = 0; i < SERVED_MAX; i++) {
    served_append(&served, i, 200 * i + 5);
    replicas[i] = replica_of(&served, i, NULL);
    if (i < 2) assert_ok(vms_replication_download(client.session, replicas[i], NULL));
  }
  served_commit(&served);
  settle(&server, &client);
  assert_ok(vms_replication_download(client.session, replicas[2], NULL)); /* later than the handshake */
  assert_int_equal(vms_replication_download(client.session, replicas[2], NULL), VMS_ERR_EXISTS);
  settle(&server, &client);
  assert_int_equal(vms_replication_channels(server.session), SERVED_MAX);
  for (uint32_t i = 0; i < SERVED_MAX; i++) expect_same(&served, i, replicas[i]);
  for (uint32_t i = 0; i < SERVED_MAX; i++) served_append(&served, i, 10);
  served_commit(&served);
  assert_ok(vms_replication_update(server.session, NULL));
  settle(&server, &client);
  for (uint32_t i = 0; i < SERVED_MAX; i++) expect_same(&served, i, replicas[i]);
  end_close(&client);
  end_close(&server);
  for (uint32_t i = 0; i < SERVED_MAX; i++) vms_replica_close(replicas[i]);
  served_deinit(&served);
}

/* Both are asked; neither is needed for all of it. */
static void two_servers_feed_one_replica(void **state) {
  served_journal served;
  session_end servers[2], clients[2];
  uint64_t answered[2] = { 0, 0 };
  bool moved = true;
  (void)state;
  served_init(&served, 1, 1, 0, 1500);
  vms_replica *replica = replica_of(&served, 0, NULL);
  for (int i = 0; i < 2; i++) {
    end_open(&servers[i], false, &served, 0);
    end_open(&clients[i], true, NULL, 0);
    assert_ok(vms_replication_download(clients[i].session, replica, NULL));
  }
  while (moved) {
    moved = false;
    for (int i = 0; i < 2; i++) {
      assert_ok(vms_replication_update(clients[i].session, NULL));
      moved = carry(&clients[i], &servers[i], 0) || moved;
      answered[i] += vms_replication_pending(servers[i].session);
      moved = carry(&servers[i], &clients[i], 0) || moved;
    }
  }
  expect_same(&served, 0, replica);
  assert_true(answered[0] > 20000 && answered[1] > 20000);
  for (int i = 0; i < 2; i++) {
    assert_string_equal(clients[i].error.message, "");
    end_close(&clients[i]);
    end_close(&servers[i]);
  }
  vms_replica_close(replica);
  served_deinit(&served);
}

/* What was asked of a session that is gone is asked of the other one. */
static void one_of_two_servers_leaves(void **state) {
  served_journal served;
  session_end servers[2], clients[2];
  (void)state;
  served_init(&served, 1, 1, 0, 1500);
  for (int turns = 1; turns < 12; turns++) {
    vms_replica *replica = replica_of(&served, 0, NULL);
    for (int i = 0; i < 2; i++) {
      end_open(&servers[i], false, &served, 0);
      end_open(&clients[i], true, NULL, 0);
      assert_ok(vms_replication_download(clients[i].session, replica, NULL));
    }
    for (int n = 0; n < turns; n++) /* the first one asks; the other one does what it can meanwhile */
      carry(n % 2 == 0 ? &clients[0] : &servers[0], n % 2 == 0 ? &servers[0] : &clients[0], 0);
    settle(&clients[1], &servers[1]);
    end_close(&clients[0]);
    end_close(&servers[0]);
    assert_ok(vms_replication_update(clients[1].session, NULL));
    settle(&clients[1], &servers[1]);
    expect_same(&served, 0, replica);
    end_close(&clients[1]);
    end_close(&servers[1]);
    vms_replica_close(replica);
  }
  served_deinit(&served);
}

static void a_download_goes_on_where_the_last_connection_broke(void **state) {
  served_journal served;
  session_end server, client;
  uint64_t got = 0;
  (void)state;
  served_init(&served, 1, 1, 0, 1000);
  vms_replica *replica = replica_of(&served, 0, NULL);
  for (int round = 0; round < 100 && !vms_replica_is_complete(replica); round++) {
    end_open(&server, false, &served, 0);
    end_open(&client, true, NULL, 0);
    assert_ok(vms_replication_download(client.session, replica, NULL));
    for (int i = 0; i < 6; i++) {
      carry(&client, &server, 0);
      carry(&server, &client, 0);
    }
    assert_string_equal(client.error.message, "");
    end_close(&client); /* with requests under way */
    end_close(&server);
    assert_true(vms_replica_is_complete(replica) || vms_replica_contiguous(replica) >= got);
    got = vms_replica_contiguous(replica);
  }
  expect_same(&served, 0, replica);
  vms_replica_close(replica);
  served_deinit(&served);
}

/* What was downloaded into a journal is served onwards on the same stream from which the rest of it comes. */
static void both_directions_use_one_channel(void **state) {
  served_journal left, right;
  session_end a, b;
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_replica *replica, *other;
  (void)state;
  served_init(&left, 2, 1, 0, 30);
  served_init(&right, 2, 1, 0, 0);
  right.count = 1; /* it serves what it downloads, and does not have the other core */
  end_open(&a, true, &left, 0);
  end_open(&b, false, &right, 0);
  vms_core_key(served_core(&right, 0), key);
  options.core = served_core(&right, 0);
  assert_ok(vms_replica_open(&replica, key, &options, NULL));
  other = replica_of(&left, 0, NULL);
  assert_ok(vms_replication_download(b.session, replica, NULL));
  assert_ok(vms_replication_download(a.session, other, NULL)); /* of the core that it has itself */
  settle(&a, &b);
  expect_same(&left, 0, replica);
  assert_ok(vms_replication_update(b.session, NULL));
  settle(&a, &b);
  expect_same(&left, 0, other);
  assert_int_equal(vms_replication_channels(a.session), 1);
  end_close(&a);
  end_close(&b);
  vms_replica_close(replica);
  vms_replica_close(other);
  served_deinit(&left);
  served_deinit(&right);
}

static void what_nobody_has_is_left_alone(void **state) {
  served_journal served, elsewhere;
  session_end server, client;
  uint64_t length;
  (void)state;
  served_init(&served, 1, 1, 0, 5);
  served_init(&elsewhere, 1, 9, 0, 5);
  end_open(&server, false, &served, 0);
  end_open(&client, true, NULL, 0);
  vms_replica *here = replica_of(&served, 0, NULL), *there = replica_of(&elsewhere, 0, NULL);
  assert_ok(vms_replication_download(client.session, there, NULL));
  assert_ok(vms_replication_download(client.session, here, NULL));
  settle(&server, &client);
  expect_same(&served, 0, here);
  assert_int_equal(vms_replica_length(there), 0);
  assert_int_equal(vms_replication_peer_length(client.session, there, &length), 0);
  assert_int_equal(vms_replication_channels(client.session), 1);
  end_close(&client);
  end_close(&server);
  vms_replica_close(here);
  vms_replica_close(there);
  served_deinit(&served);
  served_deinit(&elsewhere);
}

static void a_download_can_be_stopped_and_begun_again(void **state) {
  served_journal served;
  session_end server, client;
  (void)state;
  served_init(&served, 1, 1, 0, 1000);
  end_open(&server, false, &served, 0);
  end_open(&client, true, NULL, 0);
  for (int i = 0; i < 12; i++) {
    vms_replica *replica = replica_of(&served, 0, NULL);
    assert_ok(vms_replication_download(client.session, replica, NULL));
    for (int steps = 0; steps < i; steps++) carry(steps % 2 == 0 ? &client : &server, steps % 2 == 0 ? &server : &client, 0);
    vms_replication_stop(client.session, replica);
    vms_replication_stop(client.session, replica); /* it is none any more */
    vms_replica_close(replica);
  }
  vms_replica *replica = replica_of(&served, 0, NULL);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  settle(&server, &client);
  expect_same(&served, 0, replica);
  assert_int_equal(vms_replication_channels(client.session), 1);
  all_closed(&served, &server, &client, replica);
}

/* The channel stays: what is served on it goes on, late answers are passed over, and the download can begin again. */
static void a_stopped_download_leaves_what_is_served(void **state) {
  served_journal left, right;
  session_end a, b;
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_replica *replica, *other;
  (void)state;
  served_init(&left, 1, 1, 0, 900);
  served_init(&right, 1, 1, 0, 0);
  end_open(&a, true, &left, 0);
  end_open(&b, false, &right, 0);
  vms_core_key(served_core(&right, 0), key);
  options.core = served_core(&right, 0);
  assert_ok(vms_replica_open(&replica, key, &options, NULL));
  assert_ok(vms_replication_download(b.session, replica, NULL));
  while (vms_replica_contiguous(replica) < 100) {
    carry(&a, &b, 0);
    carry(&b, &a, 0);
  }
  vms_replication_stop(b.session, replica);
  settle(&a, &b);
  assert_in_range(vms_replica_contiguous(replica), 100, 800);
  assert_ok(vms_replication_download(b.session, replica, NULL));
  settle(&a, &b);
  expect_same(&left, 0, replica);
  vms_replication_stop(b.session, replica);
  other = replica_of(&left, 0, NULL);
  assert_ok(vms_replication_download(a.session, other, NULL));
  assert_ok(vms_replication_update(b.session, NULL));
  settle(&a, &b);
  expect_same(&right, 0, other);
  end_close(&a);
  end_close(&b);
  vms_replica_close(replica);
  vms_replica_close(other);
  served_deinit(&left);
  served_deinit(&right);
}

/* What was asked before the stop is answered behind what is asked after it: that must not be mixed up. */
static void answers_to_a_stopped_download_are_passed_over(void **state) {
  served_journal left, right;
  session_end a, b;
  vms_replica *replica[2];
  (void)state;
  served_init(&left, 1, 1, 0, 900);
  served_init(&right, 1, 1, 0, 0);
  for (int turns = 1; turns < 12; turns++) {
    end_open(&a, true, &left, 0);
    end_open(&b, false, &right, 0);
    replica[0] = replica_of(&left, 0, NULL);
    replica[1] = replica_of(&left, 0, NULL);
    assert_ok(vms_replication_download(b.session, replica[0], NULL));
    for (int i = 0; i < turns; i++) carry(i % 2 == 0 ? &a : &b, i % 2 == 0 ? &b : &a, 0);
    vms_replication_stop(b.session, replica[0]);
    assert_ok(vms_replication_download(b.session, replica[1], NULL));
    settle(&a, &b);
    expect_same(&left, 0, replica[1]);
    end_close(&a);
    end_close(&b);
    vms_replica_close(replica[0]);
    vms_replica_close(replica[1]);
  }
  served_deinit(&left);
  served_deinit(&right);
}

/* A reader that asks and does not read makes the server stop listening, not grow. */
static void a_full_output_stops_the_input(void **state) {
  const uint64_t limit = 4096;
  served_journal served;
  session_end server, client;
  uint64_t most = 0, memory = 0;
  bool refused = false;
  (void)state;
  served_init(&served, 1, 1, 0, 3000);
  end_open(&server, false, &served, limit);
  end_open(&client, true, NULL, 0);
  vms_replica *replica = replica_of(&served, 0, NULL);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  for (bool moved = true; moved;) {
    vms_buffer bytes = VMS_BUFFER_INIT;
    moved = carry(&client, &server, 0);
    most = VMS__MAX(most, vms_replication_pending(server.session));
    memory = VMS__MAX(memory, server.entropy.memory.live);
    if (!vms_replication_wants_read(server.session)) {
      refused = true;
      assert_true(vms_replication_pending(server.session) > 0); /* or it would wait for ever */
    }
    /* Take goes on with what waited: what it made is pending for the next one. */
    assert_ok(vms_replication_take(server.session, &bytes, NULL));
    moved = bytes.len > 0 || moved;
    if (bytes.len > 0) assert_ok(vms_replication_feed(client.session, bytes.data, bytes.len, NULL));
    vms_buffer_free(&bytes);
  }
  assert_true(refused);
  assert_true(most < limit + VMS__OUTBOX_LEN);
  assert_true(memory < 256 << 10);
  expect_same(&served, 0, replica);
  all_closed(&served, &server, &client, replica);
}

/* News for a peer that does not read is kept as news, not as bytes. */
static void appends_do_not_pile_up_before_a_slow_reader(void **state) {
  const uint64_t limit = 2000;
  served_journal served;
  session_end server, client;
  (void)state;
  served_init(&served, 1, 1, 0, 3);
  end_open(&server, false, &served, limit);
  end_open(&client, true, NULL, 0);
  vms_replica *replica = replica_of(&served, 0, NULL);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  settle(&server, &client);
  for (int i = 0; i < 500; i++) {
    served_append(&served, 0, 1);
    served_commit(&served);
    assert_ok(vms_replication_update(server.session, NULL));
    assert_ok(vms_replication_keepalive(server.session, NULL));
    assert_true(vms_replication_pending(server.session) < limit + 200);
  }
  settle(&server, &client);
  expect_same(&served, 0, replica);
  all_closed(&served, &server, &client, replica);
}

/* Two that both only download have nothing to ask each other. */
static void downloaders_leave_each_other_alone(void **state) {
  served_journal served;
  session_end server, first, left, right;
  (void)state;
  served_init(&served, 1, 1, 0, 30);
  vms_replica *full = replica_of(&served, 0, NULL), *empty = replica_of(&served, 0, NULL);
  end_open(&server, false, &served, 0);
  end_open(&first, true, NULL, 0);
  assert_ok(vms_replication_download(first.session, full, NULL));
  settle(&server, &first);
  end_open(&left, true, NULL, 0);
  end_open(&right, false, NULL, 0);
  assert_ok(vms_replication_download(left.session, full, NULL));
  assert_ok(vms_replication_download(right.session, empty, NULL));
  settle(&left, &right);
  assert_int_equal(vms_replica_length(empty), 0);
  assert_int_equal(vms_replication_channels(right.session), 1);
  end_close(&server);
  end_close(&first);
  end_close(&left);
  end_close(&right);
  vms_replica_close(full);
  vms_replica_close(empty);
  served_deinit(&served);
}

static void large_blocks_pass_though_readers_frames_are_small(void **state) {
  served_journal served;
  session_end server, client;
  (void)state;
  served_init(&served, 1, 1, 0, 0);
  char *block = calloc(1, 3 << 20);
  assert_non_null(block);
  for (int i = 0; i < 6; i++) assert_ok(vms_core_append(served_core(&served, 0), block, (size_t)i * (512 << 10), NULL, NULL));
  served_commit(&served);
  end_open(&server, false, &served, 0);
  end_open(&client, true, NULL, 0);
  vms_replica *replica = replica_of(&served, 0, NULL);
  assert_ok(vms_replication_download(client.session, replica, NULL));
  settle(&server, &client);
  expect_same(&served, 0, replica);
  all_closed(&served, &server, &client, replica);
  free(block);
}

/* The n-th allocation of one end and all behind it fail: a status, nothing lost, nothing leaked. */
static void out_of_memory_is_only_a_status(void **state) {
  served_journal served;
  (void)state;
  served_init(&served, 2, 1, 0, 40);
  for (int side = 0; side < 2; side++) {
    bool done = false;
    for (uint64_t fail_at = 1; !done; fail_at++) {
      session_end ends[2]; /* server, client */
      vms_replica *replicas[2];
      int status;
      end_open(&ends[0], false, &served, 0);
      end_open(&ends[1], true, NULL, 0);
      for (uint32_t i = 0; i < 2; i++) replicas[i] = replica_of(&served, i, NULL);
      ends[side].entropy.memory.fail_at = ends[side].entropy.memory.calls + fail_at;
      for (uint32_t i = 0; i < 2; i++) {
        status = vms_replication_download(ends[1].session, replicas[i], &ends[1].error);
        assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
        if (status != VMS_OK) break;
      }
      settle_by(&ends[0], &ends[1], 0);
      done = ends[0].error.status == VMS_OK && ends[1].error.status == VMS_OK;
      if (done) for (uint32_t i = 0; i < 2; i++) expect_same(&served, i, replicas[i]);
      else assert_int_equal(ends[side].error.status, VMS_ERR_NOMEM);
      assert_true(fail_at < 1000);
      for (int i = 0; i < 2; i++) end_close(&ends[i]);
      for (uint32_t i = 0; i < 2; i++) vms_replica_close(replicas[i]);
    }
  }
  served_deinit(&served);
}

static void sessions_say_what_they_need(void **state) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  vms_replication *session = NULL;
  sim_entropy entropy;
  (void)state;
  assert_int_equal(vms_replication_new(&session, &options, NULL), VMS_ERR_ARGUMENT);
  sim_entropy_init(&entropy, 1);
  options.env = &entropy.memory.env;
  options.flags = 2;
  assert_int_equal(vms_replication_new(&session, &options, NULL), VMS_ERR_ARGUMENT);
  options.flags = 0;
  entropy.fail = true;
  assert_int_equal(vms_replication_new(&session, &options, NULL), VMS_ERR_IO);
  entropy.fail = false;
  for (uint64_t i = 1; session == NULL; i++) {
    entropy.memory.fail_at = entropy.memory.calls + i;
    int status = vms_replication_new(&session, &options, NULL);
    assert_true(status == VMS_ERR_NOMEM || session != NULL);
    if (session == NULL) assert_int_equal(entropy.memory.live, 0);
  }
  vms_replication_free(session);
  vms_replication_free(NULL);
  assert_int_equal(entropy.memory.live, 0);
}

static void no_more_cores_at_once_than_allowed(void **state) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  served_journal served;
  session_end server, client;
  (void)state;
  served_init(&served, 3, 1, 0, 5);
  end_open(&client, true, NULL, 0);
  memset(&server, 0, sizeof server);
  sim_entropy_init(&server.entropy, 3);
  options.env = &server.entropy.memory.env;
  options.context = &served;
  options.find = served_find;
  options.channels_max = 2;
  assert_ok(vms_replication_new(&server.session, &options, NULL));
  vms_replica *replicas[3], *extra[3];
  for (uint32_t i = 0; i < 3; i++) {
    replicas[i] = replica_of(&served, i, NULL);
    extra[i] = replica_of(&served, i, NULL);
    assert_ok(vms_replication_download(client.session, replicas[i], NULL));
    assert_int_equal(vms_replication_download(server.session, extra[i], NULL), i < 2 ? VMS_OK : VMS_ERR_LIMIT);
  }
  settle(&server, &client);
  assert_int_equal(vms_replication_channels(server.session), 2);
  expect_same(&served, 0, replicas[0]);
  expect_same(&served, 1, replicas[1]);
  assert_int_equal(vms_replica_length(replicas[2]), 0);
  end_close(&client);
  end_close(&server);
  for (uint32_t i = 0; i < 3; i++) {
    vms_replica_close(replicas[i]);
    vms_replica_close(extra[i]);
  }
  served_deinit(&served);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_core_is_downloaded_whole),
    cmocka_unit_test(one_byte_at_a_time_is_enough),
    cmocka_unit_test(appends_arrive_while_the_connection_lasts),
    cmocka_unit_test(several_cores_share_a_stream),
    cmocka_unit_test(two_servers_feed_one_replica),
    cmocka_unit_test(one_of_two_servers_leaves),
    cmocka_unit_test(a_download_goes_on_where_the_last_connection_broke),
    cmocka_unit_test(both_directions_use_one_channel),
    cmocka_unit_test(what_nobody_has_is_left_alone),
    cmocka_unit_test(a_download_can_be_stopped_and_begun_again),
    cmocka_unit_test(a_stopped_download_leaves_what_is_served),
    cmocka_unit_test(answers_to_a_stopped_download_are_passed_over),
    cmocka_unit_test(a_full_output_stops_the_input),
    cmocka_unit_test(appends_do_not_pile_up_before_a_slow_reader),
    cmocka_unit_test(downloaders_leave_each_other_alone),
    cmocka_unit_test(large_blocks_pass_though_readers_frames_are_small),
    cmocka_unit_test(out_of_memory_is_only_a_status),
    cmocka_unit_test(sessions_say_what_they_need),
    cmocka_unit_test(no_more_cores_at_once_than_allowed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: however many connections there are and whatever they do not do, callers are served and memory is bounded.
 * Method: a host with room for few connections or few bytes, raw sockets that are silent or take nothing, and clients beside them. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <arpa/inet.h>
#include <signal.h>

#include "lib/net/host.h"
#include "test/support/raw.h"

#define SCRIPT "exports.echo = x => x\n" \
  "exports.init = async () => { await System.files.writeFile('/big', 'x'.repeat(500000)) }"
#define ROOM 8u

/* Who is closed does not connect again. */
static vms_client *connect_once(const running *r) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  options.flags = VMS_CLIENT_NO_RETRY;
  options.timeout_ms = PATIENCE_MS;
  return client_of(r, &options);
}

static void close_all(const int *fds, size_t count) {
  for (size_t i = 0; i < count; i++) close(fds[i]);
}

static void the_silent_make_room_for_callers(void **state) {
  running r;
  vms_client *client;
  int fds[4 * ROOM];
  (void)state;
  start(&r, "silent", SCRIPT, 0, ROOM);
  for (size_t i = 0; i < 2 * ROOM; i++) fds[i] = knock(&r);
  for (size_t i = 2 * ROOM; i < 4 * ROOM; i++) fds[i] = upgraded(&r);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "echo", "[1]", 0, "1");
  for (size_t i = 0; i < 2 * ROOM; i++) assert_true(is_closed(fds[i], PATIENCE_MS)); /* those who never said anything went first */
  call(client, "echo", "[2]", 0, "2");
  vms_client_close(client);
  close_all(fds, 4 * ROOM);
  stop(&r);
}

static void who_talked_or_follows_outlasts_the_silent(void **state) {
  running r;
  vms_client *client, *late;
  vms_buffer answer = VMS_BUFFER_INIT;
  int fds[3 * ROOM], follower;
  (void)state;
  start(&r, "follow", SCRIPT, 0, ROOM);
  client = connect_once(&r);
  call(client, "echo", "[1]", 0, "1");
  follower = upgraded(&r);
  say_message(follower, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.subscribe\",\"params\":[]}");
  assert_int_equal(hear(follower, &answer), 1);
  for (size_t i = 0; i < 3 * ROOM; i++) fds[i] = i % 2 == 0 ? knock(&r) : upgraded(&r);
  late = connect_once(&r);
  call(late, "echo", "[2]", 0, "2");
  call(client, "echo", "[3]", 0, "3"); /* the same connection still */
  assert_false(is_closed(follower, 200));
  close_all(fds, 3 * ROOM);
  close(follower);
  vms_buffer_free(&answer);
  vms_client_close(client);
  vms_client_close(late);
  stop(&r);
}

static void answers_that_nobody_takes_are_bounded(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  int fds[20];
  (void)state;
  host_max_output = 4 << 20;
  start(&r, "output", SCRIPT, 0, 0);
  host_max_output = 0;
  for (size_t i = 0; i < 20; i++) {
    fds[i] = upgraded(&r);
    for (int n = 0; n < 20; n++) say_message(fds[i], "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.readFile\",\"params\":[\"/big\"]}");
  }
  client = connect_once(&r); /* who takes nothing has to go, not who reads */
  for (int i = 0; i < 10; i++) call(client, "echo", "[1]", 0, "1");
  vms_rpc_reply_init(&reply, NULL);
  do { /* refused requests are made again: a second or so, until somebody has taken nothing for long enough */
    assert_ok(vms_client_request(client, "files.readFile", SLICE("[\"/big\"]"), &reply, NULL));
    assert_int_equal(reply.code, 0);
    assert_int_equal(reply.result.len, 500002);
  } while (r.warnings == 0);
  vms_rpc_reply_free(&reply);
  assert_in_range(r.warnings, 1, 20);
  vms_client_close(client);
  close_all(fds, 20);
  stop(&r);
}

static void messages_that_never_end_are_bounded(void **state) {
  static char piece[200000];
  running r;
  vms_client *client;
  int fds[20];
  const uint8_t head[14] = { 0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0x1f, 0, 0 }; /* 2,031,616 bytes are to come */
  (void)state;
  host_max_output = 2 << 20;
  start(&r, "input", SCRIPT, 0, 0);
  host_max_output = 0;
  memset(piece, 'x', sizeof piece);
  for (size_t i = 0; i < 20; i++) {
    fds[i] = upgraded(&r);
    (void)!send(fds[i], head, sizeof head, MSG_NOSIGNAL);
    (void)!send(fds[i], piece, sizeof piece, MSG_NOSIGNAL);
  }
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  for (int i = 0; i < 10; i++) call(client, "echo", "[1]", 0, "1");
  assert_true(is_closed(fds[0], PATIENCE_MS)); /* the one that is oldest */
  vms_client_close(client);
  close_all(fds, 20);
  stop(&r);
}

/* Asks for a stream, from another address of this machine. Whether there is a place for it: a ping is answered then, and else it has the host's
 * goodbye already. */
static bool may_replicate(const running *r, const char *from, int *fd) {
  static const char upgrade[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: hypercore\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  static const uint8_t ping[] = { 0x89, 0x80, 0, 0, 0, 0 };
  struct sockaddr_in own = { .sin_family = AF_INET }, address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(r->port) };
  vms_buffer payload = VMS_BUFFER_INIT;
  char text[512];
  size_t len = 0;
  *fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
  assert_int_equal(bind(*fd, (struct sockaddr *)&own, sizeof own), 0);
  assert_int_equal(connect(*fd, (struct sockaddr *)&address, sizeof address), 0);
  say(*fd, upgrade);
  while (len < 4 || memcmp(text + len - 4, "\r\n\r\n", 4) != 0) {
    assert_true(len < sizeof text);
    assert_int_equal(recv(*fd, text + len++, 1, 0), 1);
  }
  (void)!send(*fd, ping, sizeof ping, MSG_NOSIGNAL);
  int opcode = hear(*fd, &payload);
  vms_buffer_free(&payload);
  return opcode == 10;
}

static void a_crowd_that_replicates_keeps_nobody_else_from_it(void **state) {
  running r;
  int fds[ROOM], other[2], late;
  size_t gone = 0;
  (void)state;
  start(&r, "peers", SCRIPT, 0, 2 * ROOM);
  for (size_t i = 0; i < ROOM; i++) assert_true(may_replicate(&r, "127.0.0.1", &fds[i])); /* and say no more */
  bool more = may_replicate(&r, "127.0.0.1", &late);
  close(late);
  for (size_t i = 0; i < 2; i++) assert_true(may_replicate(&r, "127.0.0.2", &other[i]));
  for (size_t i = 0; i < ROOM; i++) gone += is_closed(fds[i], 100);
  assert_int_equal(gone, 2);
  assert_false(more);
  close_all(fds, ROOM);
  close_all(other, 2);
  stop(&r);
}

/* --- how long: the host has little patience here, for one thing at a time ------------------------------------- */

/* Asks often, and still waits for answers. */
static void be_curious(vms_host *host) {
  host->times.sweep = 10;
  host->times.ping = 50;
}

static void the_quiet_are_asked_and_the_dead_are_dropped(void **state) {
  static const uint8_t pong[6] = { 0x8a, 0x80 };
  running r;
  vms_buffer payload = VMS_BUFFER_INIT;
  (void)state;
  host_prepare = be_curious;
  start(&r, "ping", SCRIPT, 0, 0);
  int fd = upgraded(&r);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(hear(fd, &payload), 9);
    assert_int_equal(send(fd, pong, sizeof pong, MSG_NOSIGNAL), sizeof pong);
  }
  assert_int_equal(hear(fd, &payload), 9);
  assert_true(r.host->connections->heard_ms >= r.host->connections->came_ms + 150); /* an answer is a sign of life */
  assert_int_equal(poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 200), 0); /* who does not answer is asked once */
  r.host->times.dead = 400;
  assert_true(is_closed(fd, PATIENCE_MS));
  close(fd);
  uint64_t since = vms__os_monotonic_ms();
  fd = upgraded(&r);
  assert_true(is_closed(fd, PATIENCE_MS));
  assert_true(vms__os_monotonic_ms() - since >= 300);
  close(fd);
  stop(&r);
  host_prepare = NULL;
  vms_buffer_free(&payload);
}

static void be_quick_about_messages(vms_host *host) {
  host->times.sweep = 10;
  host->times.message = 300;
}

static void a_message_that_takes_too_long_is_given_up(void **state) {
  static const uint8_t head[8] = { 0x81, 0x80 | 126, 0xff, 0xff };
  running r;
  bool closed = false;
  (void)state;
  host_prepare = be_quick_about_messages;
  start(&r, "drops", SCRIPT, 0, 0);
  int fd = upgraded(&r);
  (void)!send(fd, head, sizeof head, MSG_NOSIGNAL);
  for (int i = 0; i < PATIENCE_MS / 20 && !closed; i++) { /* never quiet, never done */
    say(fd, "x");
    closed = is_closed(fd, 20);
  }
  assert_true(closed);
  close(fd);
  stop(&r);
  host_prepare = NULL;
}

/* What comes between the pieces of a message, or in the lines before its chunks, is none of it. */
static void pings_do_not_make_a_message_young(void **state) {
  static const uint8_t ping[] = { 0x89, 0x80, 0, 0, 0, 0 };
  static const char head[] = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n", behind[] = "\r\n1;";
  uint8_t begins[8 + 5000] = { 0x01, 0x80 | 126, 5000 >> 8, 5000 & 255 };
  running r;
  char answer[4096];
  (void)state;
  host_prepare = be_quick_about_messages;
  start(&r, "young", SCRIPT, 0, 0);
  memset(begins + 8, 'x', 5000);
  for (int http = 0; http < 2; http++) {
    bool closed = false;
    int fd = http ? knock(&r) : upgraded(&r);
    if (http) {
      say(fd, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n1");
      (void)!recv(fd, answer, sizeof answer, 0);
      say(fd, head);
      (void)!send(fd, begins + 8, 5000, MSG_NOSIGNAL);
      say(fd, behind);
    } else {
      (void)!send(fd, begins, sizeof begins, MSG_NOSIGNAL);
    }
    for (int i = 0; i < 3000 && !closed; i++) { /* never quiet */
      if (http) say(fd, i % 200 == 199 ? "\r\nx\r\n1;" : "a");
      else (void)!send(fd, ping, sizeof ping, MSG_NOSIGNAL);
      closed = is_closed(fd, 20);
    }
    assert_true(closed);
    close(fd);
  }
  stop(&r);
  host_prepare = NULL;
}

/* Calls arrive and none runs. */
static void be_stuck(vms_host *host) {
  host->times.sweep = 10;
  host->times.over = 300;
  host->call_bytes.held_max = 0;
}

static void who_has_ended_waits_for_a_time_and_who_has_not_waits_on(void **state) {
  static const char body[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}";
  running r;
  char text[300];
  (void)state;
  host_prepare = be_stuck;
  start(&r, "stuck", SCRIPT, VMS_HOST_ANONYMOUS, 0);
  int ended = upgraded(&r), waits = knock(&r);
  snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
  say(waits, text);
  say_message(ended, body);
  WAIT_FOR(r.host->mounts[0]->queue.slots == 2);
  uint64_t since = vms__os_monotonic_ms();
  assert_int_equal(shutdown(ended, SHUT_WR), 0);
  assert_true(is_closed(ended, PATIENCE_MS));
  assert_true(vms__os_monotonic_ms() - since >= 290);
  r.host->times.dead = 400;
  assert_false(is_closed(waits, 1000)); /* HTTP has no pings: who waits for an answer has nothing to say */
  close(ended);
  close(waits);
  stop(&r);
  host_prepare = NULL;
}

/* One answer after the other. */
static void be_slow_to_answer(vms_host *host) {
  host->times.sweep = 10;
  host->call_bytes.held_max = 1;
}

static void no_time_runs_while_the_host_does_not_read(void **state) {
  static const uint8_t half[7] = { 0x81, 0x80 | 2, 0, 0, 0, 0, '[' };
  static const char big[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\",\"params\":[]}";
  running r;
  vms_buffer payload = VMS_BUFFER_INIT;
  (void)state;
  host_prepare = be_slow_to_answer;
  start(&r, "unread", "exports.big = () => 'x'.repeat(1000000)", VMS_HOST_ANONYMOUS, 0);
  int fd = upgraded(&r);
  for (int i = 0; i < 9; i++) frame_add(&payload, 1, big); /* the later answers wait behind what is being written */
  assert_ok(vms_buffer_append(&payload, half, sizeof half));
  say_bytes(fd, &payload);
  for (int calm = 0; calm < 100; calm++) { /* until the sockets between hold no more */
    uint64_t waiting = r.host->waiting;
    usleep(5000);
    if (waiting == 0 || waiting != r.host->waiting || r.host->connections->reading || r.host->connections->begun == 0) calm = 0;
  }
  r.host->times.message = 300; /* from here on, and as long as it cannot read */
  usleep(1000000);
  assert_non_null(r.host->connections);
  assert_false(r.host->connections->reading);
  assert_true(r.host->connections->begun > 0);
  r.host->times.message = PATIENCE_MS;
  for (int i = 0; i < 9; i++) assert_int_equal(hear(fd, &payload), 1);
  say(fd, "]");
  assert_int_equal(hear(fd, &payload), 1);
  assert_non_null(strstr(payload.data, "an empty batch"));
  vms_buffer_free(&payload);
  close(fd);
  stop(&r);
  host_prepare = NULL;
}

/* --- half of the time ----------------------------------------------------------------------------------------------- */

static void who_only_reads_has_half_of_the_time_while_calls_wait(void **state) {
  vms_host *host = calloc(1, sizeof *host);
  vms__mount *mount = calloc(1, sizeof *mount), *mounts[1] = { mount };
  (void)state;
  host->mounts = mounts;
  host->mount_count = 1;
  host->options.max_output = 1000;
  host->times.window = 3600000; /* an hour: no machine is as slow as that */
  mount->queue.slots = 1;
  for (int minutes = 0; minutes < 30; minutes += 10) { /* requests that took ten minutes each */
    assert_true(vms__crowd_room(host, 0));
    host->read_at_ns -= UINT64_C(600000000000);
    assert_true(vms__crowd_room(host, 1));
  }
  assert_false(vms__crowd_room(host, 0));
  mount->queue.slots = 0; /* nobody waits */
  assert_true(vms__crowd_room(host, 0));
  mount->queue.slots = 1;
  host->window_at_ns -= UINT64_C(3700000000000);
  assert_true(vms__crowd_room(host, 0)); /* an hour later */
  assert_false(vms__crowd_room(host, 1001));
  free(mount);
  free(host);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_silent_make_room_for_callers),
    cmocka_unit_test(who_talked_or_follows_outlasts_the_silent),
    cmocka_unit_test(answers_that_nobody_takes_are_bounded),
    cmocka_unit_test(messages_that_never_end_are_bounded),
    cmocka_unit_test(a_crowd_that_replicates_keeps_nobody_else_from_it),
    cmocka_unit_test(the_quiet_are_asked_and_the_dead_are_dropped),
    cmocka_unit_test(a_message_that_takes_too_long_is_given_up),
    cmocka_unit_test(pings_do_not_make_a_message_young),
    cmocka_unit_test(who_has_ended_waits_for_a_time_and_who_has_not_waits_on),
    cmocka_unit_test(no_time_runs_while_the_host_does_not_read),
    cmocka_unit_test(who_only_reads_has_half_of_the_time_while_calls_wait),
  };
  signal(SIGPIPE, SIG_IGN); /* as programs do that run a host */
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: MIT */
/* Goal: however many connections there are and whatever they do not do, callers are served and memory is bounded.
 * Method: a host with room for few connections or few bytes, raw sockets that are silent or take nothing, and clients beside them. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/host.h"

#define SCRIPT "exports.echo = x => x\n" \
  "exports.init = async () => { await System.files.writeFile('/big', 'x'.repeat(500000)) }"
#define ROOM 8u
#define UPGRADE "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

static int knock(const running *r) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(r->port) };
  int fd = socket(AF_INET, SOCK_STREAM, 0), small = 4096;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static void say(int fd, const char *text) { (void)!send(fd, text, strlen(text), MSG_NOSIGNAL); }

/* One text frame, masked with zeros. */
static void say_message(int fd, const char *text) {
  size_t len = strlen(text);
  uint8_t frame[256] = { 0x81, (uint8_t)(0x80 | len) };
  assert_true(len < 126);
  memcpy(frame + 6, text, len);
  (void)!send(fd, frame, len + 6, MSG_NOSIGNAL);
}

/* A WebSocket that the host has agreed to. */
static int upgraded(const running *r) {
  char text[512];
  size_t len = 0;
  int fd = knock(r);
  say(fd, UPGRADE);
  while (len < 4 || memcmp(text + len - 4, "\r\n\r\n", 4) != 0) {
    assert_true(len < sizeof text);
    assert_int_equal(recv(fd, text + len++, 1, 0), 1);
  }
  return fd;
}

/* Whether the host has closed it, in so many milliseconds. */
static bool is_closed(int fd, int ms) {
  char bytes[4096];
  struct pollfd wait = { fd, POLLIN, 0 };
  while (poll(&wait, 1, ms) > 0)
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) return true;
  return false;
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
  for (size_t i = 0; i < 2 * ROOM; i++) assert_true(is_closed(fds[i], 2000)); /* those who never said anything went first */
  call(client, "echo", "[2]", 0, "2");
  vms_client_close(client);
  close_all(fds, 4 * ROOM);
  stop(&r);
}

static void who_talked_or_follows_outlasts_the_silent(void **state) {
  running r;
  vms_client *client, *late;
  int fds[3 * ROOM], follower;
  (void)state;
  start(&r, "follow", SCRIPT, 0, ROOM);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "echo", "[1]", 0, "1");
  follower = upgraded(&r);
  say_message(follower, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.subscribe\",\"params\":[]}");
  assert_false(is_closed(follower, 200));
  for (size_t i = 0; i < 3 * ROOM; i++) fds[i] = i % 2 == 0 ? knock(&r) : upgraded(&r);
  assert_ok(vms_client_open(&late, r.url, NULL, NULL));
  call(late, "echo", "[2]", 0, "2");
  call(client, "echo", "[3]", 0, "3"); /* the same connection still */
  assert_false(is_closed(follower, 200));
  close_all(fds, 3 * ROOM);
  close(follower);
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
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  for (int i = 0; i < 10; i++) call(client, "echo", "[1]", 0, "1");
  sleep(2);
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "files.readFile", SLICE("[\"/big\"]"), &reply, NULL));
  assert_int_equal(reply.code, 0);
  assert_int_equal(reply.result.len, 500002);
  vms_rpc_reply_free(&reply);
  assert_in_range(r.warnings, 1, 19); /* who takes nothing has to go, not who reads */
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
  assert_true(is_closed(fds[0], 2000)); /* the one that is oldest */
  vms_client_close(client);
  close_all(fds, 20);
  stop(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_silent_make_room_for_callers),
    cmocka_unit_test(who_talked_or_follows_outlasts_the_silent),
    cmocka_unit_test(answers_that_nobody_takes_are_bounded),
    cmocka_unit_test(messages_that_never_end_are_bounded),
  };
  signal(SIGPIPE, SIG_IGN); /* as programs do that run a host */
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: MIT */
/* A socket to a host of test/support/host.h, without the library's client: what is sent is exactly this, and nothing is sent again. */
#ifndef VMS_TEST_RAW_H
#define VMS_TEST_RAW_H

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/host.h"

#define UPGRADE "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

/* room: of the receive buffer; 0: as the system has it. */
static inline int knock_with(const running *r, int room) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(r->port) };
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (room > 0) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static inline int knock(const running *r) { return knock_with(r, 4096); }

static inline void say(int fd, const char *text) { (void)!send(fd, text, strlen(text), MSG_NOSIGNAL); }

/* Appends a frame, masked with zeros. opcode: 1 text, 8 close. */
static inline void frame_add(vms_buffer *bytes, uint8_t opcode, const char *text) {
  size_t len = strlen(text);
  uint8_t head[8] = { (uint8_t)(0x80 | opcode), (uint8_t)(0x80 | (len < 126 ? len : 126)), (uint8_t)(len < 126 ? 0 : len >> 8), (uint8_t)(len < 126 ? 0 : len) };
  assert_true(len < 65536);
  assert_ok(vms_buffer_append(bytes, head, len < 126 ? 6 : 8));
  assert_ok(vms_buffer_append(bytes, text, len));
}

static inline void say_bytes(int fd, vms_buffer *bytes) {
  assert_int_equal(send(fd, bytes->data, bytes->len, MSG_NOSIGNAL), bytes->len);
  vms_buffer_free(bytes);
}

static inline void say_message(int fd, const char *text) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  frame_add(&bytes, 1, text);
  (void)!send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
  vms_buffer_free(&bytes);
}

static inline int upgraded_with(const running *r, int room) {
  char text[512];
  size_t len = 0;
  int fd = knock_with(r, room);
  say(fd, UPGRADE);
  while (len < 4 || memcmp(text + len - 4, "\r\n\r\n", 4) != 0) {
    assert_true(len < sizeof text);
    assert_int_equal(recv(fd, text + len++, 1, 0), 1);
  }
  return fd;
}

/* A WebSocket that the host has agreed to. */
static inline int upgraded(const running *r) { return upgraded_with(r, 4096); }

/* The next frame from the host: its opcode, its payload with a NUL behind; -1: the end. */
static inline int hear(int fd, vms_buffer *payload) {
  uint8_t head[10];
  uint64_t len;
  size_t more;
  vms__buf_clear(payload);
  if (recv(fd, head, 2, MSG_WAITALL) != 2) return -1;
  more = head[1] == 126 ? 2 : head[1] == 127 ? 8 : 0;
  if (more > 0 && recv(fd, head + 2, more, MSG_WAITALL) != (ssize_t)more) return -1;
  len = more == 0 ? head[1] : 0;
  for (size_t i = 0; i < more; i++) len = len << 8 | head[2 + i];
  assert_ok(vms__buf_reserve(payload, len + 1));
  if (len > 0 && recv(fd, payload->data, len, MSG_WAITALL) != (ssize_t)len) return -1;
  payload->data[len] = 0;
  payload->len = len;
  return head[0] & 15;
}

/* Whether the host has closed it, in so many milliseconds. What came meanwhile is gone. */
static inline bool is_closed(int fd, int ms) {
  char bytes[4096];
  struct pollfd wait = { fd, POLLIN, 0 };
  while (poll(&wait, 1, ms) > 0)
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) return true;
  return false;
}

#endif

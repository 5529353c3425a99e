/* SPDX-License-Identifier: MIT */
/* What the tools that speak Hypercore over TCP share: their connections, and how they fail. Before it is included, TOOL is defined as the
 * tool's name. */
#ifndef VMS_TEST_PEERS_H
#define VMS_TEST_PEERS_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/ledger/session.h"
#include "vms/net.h"

static void session_made(vms_replication *session); /* the tool's: gives a new connection's session what it shall do */

#define PEERS_MAX 64
#define READ_LEN (256u << 10)

typedef struct peer {
  int fd; /* -1: gone */
  vms_replication *session;
  vms_buffer out;
  size_t sent;
} peer;

static struct {
  peer peers[PEERS_MAX];
  size_t peer_count;
  int listener;
  uint64_t received; /* bytes, of all connections */
  vms_core *(*find)(void *context, const uint8_t discovery[VMS_KEY_LEN]); /* NULL: nothing is served */
} net = { .listener = -1 };

/* --- small things ----------------------------------------------------------------------------------------- */

static inline _Noreturn void die(const char *what) {
  fprintf(stderr, TOOL ": %s\n", what);
  exit(1);
}

static inline void must(int status, const vms_error *error) {
  if (status != VMS_OK) die(error->message);
}

static inline int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline uint64_t number(const char *text) {
  uint64_t n = 0;
  if (text == NULL || !vms__uint_decode(vms__slice_of(text), &n)) die("a number is missing or wrong");
  return n;
}

static inline void hex_of(const uint8_t *bytes, size_t len, FILE *to) {
  for (size_t i = 0; i < len; i++) fprintf(to, "%02x", bytes[i]);
}

static inline struct sockaddr_in address(const char *text) {
  struct sockaddr_in to = { 0 };
  char host[64];
  const char *colon = strrchr(text, ':');
  if (colon == NULL || (size_t)(colon - text) >= sizeof host) die("HOST:PORT is missing or wrong");
  memcpy(host, text, (size_t)(colon - text));
  host[colon - text] = 0;
  to.sin_family = AF_INET;
  to.sin_port = htons((uint16_t)number(colon + 1));
  if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &to.sin_addr) != 1) die("HOST has to be an IPv4 address");
  return to;
}

/* --- connections ---------------------------------------------------------------------------------------------------- */

static inline void peer_add(int fd, bool initiator) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  peer *p = &net.peers[0];
  vms_error error;
  int on = 1;
  while (p < net.peers + net.peer_count && p->fd >= 0) p++;
  if (p == net.peers + PEERS_MAX) {
    close(fd);
    return;
  }
  if (p == net.peers + net.peer_count) net.peer_count++;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  *p = (peer){ .fd = fd };
  options.env = vms_env_system();
  options.flags = initiator ? VMS_REPLICATION_INITIATOR : 0;
  options.find = net.find;
  must(vms_replication_new(&p->session, &options, &error), &error);
  session_made(p->session);
}

static inline void peer_connect(const char *text) {
  struct sockaddr_in to = address(text);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) die(strerror(errno));
  peer_add(fd, true);
}

static inline void peer_end(peer *p, const char *why) {
  if (why != NULL) fprintf(stderr, TOOL ": %s\n", why);
  vms_replication_free(p->session);
  vms_buffer_free(&p->out);
  close(p->fd);
  *p = (peer){ .fd = -1 };
}

static inline void peer_write(peer *p) {
  vms_error error;
  while (p->fd >= 0) {
    ssize_t n;
    if (p->sent == p->out.len) {
      vms__buf_clear(&p->out);
      p->sent = 0;
      if (vms_replication_pending(p->session) == 0) return;
      if (vms_replication_take(p->session, &p->out, &error) != VMS_OK) {
        peer_end(p, error.message);
        return;
      }
    }
    n = send(p->fd, p->out.data + p->sent, p->out.len - p->sent, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) peer_end(p, strerror(errno));
    else p->sent += (size_t)n;
  }
}

static inline void peer_read(peer *p) {
  static uint8_t bytes[READ_LEN];
  vms_error error;
  ssize_t n = recv(p->fd, bytes, sizeof bytes, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n > 0) net.received += (uint64_t)n;
  if (n <= 0) peer_end(p, net.listener >= 0 ? NULL : "the peer closed the connection");
  else if (vms_replication_feed(p->session, bytes, (size_t)n, &error) != VMS_OK) {
    peer_write(p);
    if (p->fd >= 0) peer_end(p, error.message);
  }
}

static inline void update_all(void) {
  vms_error error;
  for (size_t i = 0; i < net.peer_count; i++)
    if (net.peers[i].fd >= 0 && vms_replication_update(net.peers[i].session, &error) != VMS_OK) peer_end(&net.peers[i], error.message);
}

static inline bool any_peer(void) {
  for (size_t i = 0; i < net.peer_count; i++)
    if (net.peers[i].fd >= 0) return true;
  return false;
}

static inline void peers_end(void) {
  for (size_t i = 0; i < net.peer_count; i++)
    if (net.peers[i].fd >= 0) peer_end(&net.peers[i], NULL);
  if (net.listener >= 0) close(net.listener);
}

/* Prints the port. */
static inline void listen_on(uint16_t port) {
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof at;
  int on = 1;
  net.listener = socket(AF_INET, SOCK_STREAM, 0);
  if (net.listener < 0) die(strerror(errno));
  setsockopt(net.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(net.listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(net.listener, 64) != 0 ||
      getsockname(net.listener, (struct sockaddr *)&at, &len) != 0)
    die(strerror(errno));
  printf("%u ", (unsigned)ntohs(at.sin_port));
}

/* --- the loop ---------------------------------------------------------------------------------------------------------------- */

/* Waits until something can be done, and reads and accepts what came. True if standard input, when that counts, has something. */
static inline bool peers_wait(bool input, int wait_ms) {
  struct pollfd polls[PEERS_MAX + 2];
  size_t count = 2;
  polls[0] = (struct pollfd){ input ? STDIN_FILENO : -1, POLLIN, 0 };
  polls[1] = (struct pollfd){ net.listener, POLLIN, 0 };
  for (size_t i = 0; i < net.peer_count; i++, count++) {
    const peer *p = &net.peers[i];
    bool writes = p->fd >= 0 && (p->out.len > p->sent || vms_replication_pending(p->session) > 0);
    bool reads = p->fd >= 0 && vms_replication_wants_read(p->session);
    polls[count] = (struct pollfd){ p->fd, (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0 };
  }
  if (poll(polls, count, wait_ms) < 0 && errno != EINTR) die(strerror(errno));
  for (size_t i = 2; i < count; i++) {
    peer *p = &net.peers[i - 2];
    if (p->fd >= 0 && (polls[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) peer_read(p);
  }
  if (polls[1].revents != 0) {
    int fd = accept(net.listener, NULL, NULL);
    if (fd >= 0) peer_add(fd, false);
  }
  return polls[0].revents != 0;
}

static inline void peers_write(void) {
  for (size_t i = 0; i < net.peer_count; i++)
    if (net.peers[i].fd >= 0) peer_write(&net.peers[i]);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Callers that cost as little as they can: their requests are signed and framed before the clock starts, one thread serves all of them, and
 * of an answer no more is looked at than whether it is a result. Each caller has a key and a connection of its own and one call under way. */
#ifndef VMS_TEST_CALLERS_H
#define VMS_TEST_CALLERS_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/internal.h"
#include "vms.h"

typedef struct caller {
  int fd;
  vms_buffer frames;     /* one after the other */
  size_t frame_at, next, count;
  size_t *ends;          /* of frames */
  vms_buffer in;
  double since;          /* the call under way was sent */
} caller;

typedef struct load {
  caller *callers;
  size_t count;
  double *latencies;     /* seconds, of all calls that were answered with a result */
  size_t answered, errors;
  double seconds;
  char error[200];       /* the first one */
} load;

static inline void load_die(const char *what) {
  fprintf(stderr, "callers: %s: %s\n", what, strerror(errno));
  exit(1);
}

static inline double load_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void load_must(int status) {
  if (status != VMS_OK) load_die("out of memory");
}

/* A masked text frame whose mask is zero: the payload is its own masked self. */
static inline void load_frame(vms_buffer *out, vms_slice text) {
  uint8_t head[14] = { 0x81 };
  size_t len = 2;
  if (text.len < 126) head[1] = (uint8_t)(0x80 | text.len);
  else if (text.len < 65536) {
    head[1] = 0x80 | 126;
    head[len++] = (uint8_t)(text.len >> 8);
    head[len++] = (uint8_t)text.len;
  } else {
    head[1] = 0x80 | 127;
    for (int shift = 56; shift >= 0; shift -= 8) head[len++] = (uint8_t)(text.len >> shift);
  }
  load_must(vms_buffer_append(out, head, len + 4));
  load_must(vms_buffer_append(out, text.data, text.len));
}

static inline void load_sign(vms_buffer *out, vms_request *request, uint64_t id, const uint8_t secret[VMS__SECRET_LEN], const char *key, bool receipt) {
  vms_buffer text = VMS_BUFFER_INIT, message = VMS_BUFFER_INIT;
  uint8_t signature[VMS_SIGNATURE_LEN];
  load_must(vms_request_write(&text, request, NULL));
  load_must(vms__request_sign(vms__buf_view(&text), secret, signature));
  load_must(vms__buf_format(&message, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"method\":\"vms.call\",\"params\":{\"request\":", (unsigned long long)id));
  load_must(vms__buf_json_string(&message, text.data, text.len));
  load_must(vms__buf_format(&message, ",\"caller\":\"%s\",\"signature\":\"", key));
  load_must(vms__buf_hex(&message, signature, sizeof signature));
  load_must(vms__buf_text(&message, receipt ? "\",\"receipt\":true}}" : "\"}}"));
  load_frame(out, vms__buf_view(&message));
  vms_buffer_free(&message);
  vms_buffer_free(&text);
}

/* number: no two callers of a ledger have the same one. */
static inline void load_caller(caller *c, size_t number, size_t calls, const vms_head *seen, const char *method, const char *params, bool receipt) {
  vms_request request = { .until_ms = vms_env_system()->now_ms(NULL) + 3600000, .seen_length = seen->length };
  uint8_t seed[VMS_SEED_LEN] = { 0xca, 0x11 }, secret[VMS__SECRET_LEN];
  vms_buffer key = VMS_BUFFER_INIT;
  memcpy(seed + 8, &number, sizeof number);
  vms__crypto_expand(seed, secret);
  load_must(vms__buf_hex(&key, secret + VMS_SEED_LEN, VMS_KEY_LEN));
  vms_manifest_key(seen->manifest, request.ledger);
  memcpy(request.seen_hash, seen->tree_hash, VMS_HASH_LEN);
  request.nonce = (request.until_ms - 3600000) * 1000;
  request.method = vms__slice_of(method);
  request.params = vms__slice_of(params);
  vms_buffer_init(&c->frames, NULL);
  vms_buffer_init(&c->in, NULL);
  c->ends = calloc(calls, sizeof *c->ends);
  c->count = calls;
  for (size_t i = 0; i < calls; i++) {
    request.nonce++;
    load_sign(&c->frames, &request, i + 1, secret, key.data, receipt);
    c->ends[i] = c->frames.len;
  }
  vms_buffer_free(&key);
}

static inline void load_send(caller *c, const void *bytes, size_t len) {
  if (send(c->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len) load_die("send"); /* one small request under way: there is room */
}

static inline void load_connect(caller *c, uint16_t port, const char *path) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  char text[512];
  size_t len = 0;
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0) load_die("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port);
  load_send(c, text, strlen(text));
  while (len < 4 || memcmp(text + len - 4, "\r\n\r\n", 4) != 0) /* the host says nothing unasked behind it */
    if (len == sizeof text || recv(c->fd, text + len++, 1, 0) != 1) load_die("upgrade");
  if (memcmp(text, "HTTP/1.1 101", 12) != 0) load_die("no upgrade");
}

/* The length of the whole frame at the beginning of `in`, and its payload; 0: not all of it is there. */
static inline size_t load_frame_len(const vms_buffer *in, vms_slice *payload) {
  const uint8_t *head = (const uint8_t *)in->data;
  size_t at = 2;
  uint64_t len;
  if (in->len < 2) return 0;
  len = head[1] & 127;
  if (in->len < (len == 126 ? 4u : len == 127 ? 10u : 2u)) return 0;
  if (len == 126) len = (uint64_t)head[2] << 8 | head[3], at = 4;
  else if (len == 127) {
    for (len = 0; at < 10; at++) len = len << 8 | head[at];
  }
  if (in->len < at + len) return 0;
  *payload = (vms_slice){ in->data + at, (size_t)len };
  return at + (size_t)len;
}

/* {"jsonrpc":"2.0","id":N,"result":… */
static inline bool load_is_result(vms_slice text) {
  static const char start[] = "{\"jsonrpc\":\"2.0\",\"id\":", result[] = ",\"result\":";
  size_t at = sizeof start - 1;
  while (at < text.len && text.data[at] >= '0' && text.data[at] <= '9') at++;
  return text.len > at + sizeof result && memcmp(text.data + at, result, sizeof result - 1) == 0;
}

static inline void load_next(caller *c) {
  if (c->next == c->count) return;
  c->since = load_now();
  load_send(c, c->frames.data + c->frame_at, c->ends[c->next] - c->frame_at);
  c->frame_at = c->ends[c->next++];
}

static inline void load_drop(caller *c, size_t len) {
  memmove(c->in.data, c->in.data + len, c->in.len - len);
  c->in.len -= len;
}

/* True once a whole answer came. */
static inline bool load_receive(load *l, caller *c) {
  static const uint8_t pong[6] = { 0x8a, 0x80 };
  vms_slice payload;
  if (vms__buf_reserve(&c->in, 65536) != VMS_OK) load_die("out of memory");
  ssize_t got = recv(c->fd, c->in.data + c->in.len, 65536, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return false;
  if (got <= 0) load_die("the host closed a connection");
  c->in.len += (size_t)got;
  size_t len = load_frame_len(&c->in, &payload);
  if (len > 0 && c->in.data[0] == (char)0x89) { /* it was quiet for so long that the host asks */
    load_send(c, pong, sizeof pong);
    load_drop(c, len);
    len = load_frame_len(&c->in, &payload);
  }
  if (len == 0) return false;
  if (c->in.data[0] != (char)0x81) load_die("not a text frame");
  if (load_is_result(payload)) l->latencies[l->answered++] = load_now() - c->since;
  else if (l->errors++ == 0) snprintf(l->error, sizeof l->error, "%.*s", (int)VMS__MIN(payload.len, sizeof l->error - 1), payload.data);
  load_drop(c, len);
  return true;
}

static inline int load_compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

/* Prepares `count` callers with `calls` requests each, and connects them. `first` is the number of the first one. */
static inline void load_begin(load *l, uint16_t port, const char *path, const vms_head *seen, size_t first, size_t count, size_t calls,
                              const char *method, const char *params, bool receipt) {
  memset(l, 0, sizeof *l);
  l->callers = calloc(count, sizeof *l->callers);
  l->latencies = calloc(count * calls, sizeof *l->latencies);
  l->count = count;
  for (size_t i = 0; i < count; i++) load_caller(&l->callers[i], first + i, calls, seen, method, params, receipt);
  for (size_t i = 0; i < count; i++) load_connect(&l->callers[i], port, path);
}

/* Calls for so many seconds or until all requests are answered. */
static inline void load_run(load *l, double seconds) {
  struct epoll_event events[256];
  int poll = epoll_create1(EPOLL_CLOEXEC);
  size_t under_way = l->count;
  for (size_t i = 0; i < l->count; i++) {
    struct epoll_event event = { .events = EPOLLIN, .data = { .ptr = &l->callers[i] } };
    if (epoll_ctl(poll, EPOLL_CTL_ADD, l->callers[i].fd, &event) != 0) load_die("epoll");
  }
  double start = load_now();
  for (size_t i = 0; i < l->count; i++) load_next(&l->callers[i]);
  while (under_way > 0) {
    int ready = epoll_wait(poll, events, 256, 120000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) load_die("no answer in two minutes");
    bool more = load_now() - start < seconds;
    for (int i = 0; i < ready; i++) {
      caller *c = events[i].data.ptr;
      if (!load_receive(l, c)) continue;
      if (more && c->next < c->count) load_next(c);
      else under_way--;
    }
  }
  l->seconds = load_now() - start;
  close(poll);
  qsort(l->latencies, l->answered, sizeof *l->latencies, load_compare);
}

/* In milliseconds. */
static inline double load_percentile(const load *l, double part) {
  return l->answered == 0 ? 0 : 1000 * l->latencies[VMS__MIN((size_t)((double)l->answered * part), l->answered - 1)];
}

static inline void load_end(load *l) {
  for (size_t i = 0; i < l->count; i++) {
    close(l->callers[i].fd);
    vms_buffer_free(&l->callers[i].frames);
    vms_buffer_free(&l->callers[i].in);
    free(l->callers[i].ends);
  }
  free(l->callers);
  free(l->latencies);
}

/* The newest signed head of the service at a URL. */
static inline void load_head(const char *url, vms_head *head) {
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  vms_rpc_reply_init(&reply, NULL);
  if (vms_client_open(&client, url, NULL, &error) != VMS_OK ||
      vms_client_request(client, "vms.head", (vms_slice){ "[]", 2 }, &reply, &error) != VMS_OK || reply.code != 0 ||
      vms_head_read(vms__buf_view(&reply.result), head, &error) != VMS_OK) {
    fprintf(stderr, "callers: no head: %s\n", error.message);
    exit(1);
  }
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

#endif

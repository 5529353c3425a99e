/* SPDX-License-Identifier: MIT */
/* crowd URL GUESTS SECONDS: a crowd at the door of a host, and honest callers among it.
 *
 * GUESTS connections of eleven kinds, none of which keeps to what it should: silent ones, half requests, garbage, frames that announce
 * too much, messages and bodies that never end, answers that nobody takes, records that nobody reads, forged calls by the hundred. Who is
 * dropped comes again. Meanwhile 16 honest callers call, one call after the other, and one that is new each time. Prints one line: calls
 * answered, milliseconds to an answer (p50, p99, the longest), newcomers served and the longest that one took, guests dropped. Exit status 0
 * if every honest call was answered with a result. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "test/support/callers.h"

#define CALLERS 16u
#define CALLS 3000u /* each, at most */
#define TICK_MS 50

enum { SILENT, HALF_A_HEAD, GARBAGE, IDLE, GIANT, ENDLESS, GREEDY, FOLLOWER, FORGER, SLOW_BODY, PINGER, KINDS };

typedef struct guest {
  int fd, kind;
  size_t steps; /* since it came */
} guest;

static uint16_t port;
static vms_head head;
static uint64_t dropped;

static void say(const guest *g, const void *bytes, size_t len) { (void)!send(g->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT); }
static void say_text(const guest *g, const char *text) { say(g, text, strlen(text)); }

static void say_message(const guest *g, const char *text) {
  vms_buffer frame = VMS_BUFFER_INIT;
  load_frame(&frame, vms__slice_of(text));
  say(g, frame.data, frame.len);
  vms_buffer_free(&frame);
}

/* A call of the right form whose signature is none. */
static void forge(const guest *g) {
  static uint64_t number;
  vms_request request = { .nonce = vms_env_system()->now_ms(NULL) * 1000 + ++number % 1000, .until_ms = vms_env_system()->now_ms(NULL) + 60000,
                          .seen_length = head.length, .method = vms__slice_of("hello"), .params = vms__slice_of("[\"forged\"]") };
  uint8_t secret[VMS__SECRET_LEN] = { 1 };
  vms_buffer frame = VMS_BUFFER_INIT;
  vms_manifest_key(head.manifest, request.ledger);
  memcpy(request.seen_hash, head.tree_hash, VMS_HASH_LEN);
  load_sign(&frame, &request, number, secret, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", false);
  say(g, frame.data, frame.len);
  vms_buffer_free(&frame);
}

static bool upgrades(int kind) { return kind == IDLE || (kind >= GIANT && kind <= FORGER) || kind == PINGER; }

static void begin(const guest *g) {
  char text[200];
  if (g->kind == SILENT) return;
  if (g->kind == SLOW_BODY) say_text(g, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
  else if (g->kind == HALF_A_HEAD) say_text(g, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
  else if (!upgrades(g->kind)) return;
  else {
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", port);
    say_text(g, text);
  }
}

/* What it does each tick. */
static void misbehave(guest *g) {
  static const uint8_t giant[14] = { 0x81, 0xff, 0, 0, 1 }, endless[14] = { 0x01, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0 }, ping[6] = { 0x89, 0x80 };
  uint8_t noise[400];
  switch (g->kind) {
    case HALF_A_HEAD: say_text(g, "x"); break;
    case GARBAGE:
      for (size_t i = 0; i < sizeof noise; i++) noise[i] = (uint8_t)rand();
      say(g, noise, sizeof noise);
      break;
    case GIANT: say(g, giant, sizeof giant); break;
    case ENDLESS:
      memset(noise, 'x', sizeof noise);
      if (g->steps == 0) say(g, endless, sizeof endless);
      say(g, noise, sizeof noise);
      break;
    case GREEDY: say_message(g, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.blocks\",\"params\":{\"core\":\"ledger\",\"from\":0,\"to\":4000}}"); break;
    case FOLLOWER: if (g->steps == 0) say_message(g, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.subscribe\",\"params\":[0]}"); break;
    case FORGER: for (int i = 0; i < 4; i++) forge(g); break;
    case SLOW_BODY: say_text(g, "[1,2,3,4,5,"); break;
    case PINGER: for (int i = 0; i < 20; i++) say(g, ping, sizeof ping); break;
    default: break;
  }
  g->steps++;
}

/* Those who take nothing leave all in their socket; the others read what there is, to see whether they were dropped. */
static bool is_gone(const guest *g) {
  char bytes[4096];
  bool reads = g->kind != GREEDY && g->kind != FOLLOWER;
  ssize_t got = recv(g->fd, bytes, sizeof bytes, MSG_DONTWAIT | (reads ? 0 : MSG_PEEK));
  if (got > 0 || (got < 0 && errno == EAGAIN)) return false;
  return true;
}

static void come(guest *g) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  int small = 4096;
  g->steps = 0;
  g->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (g->fd < 0) load_die("socket");
  setsockopt(g->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (connect(g->fd, (struct sockaddr *)&address, sizeof address) != 0) load_die("connect");
  begin(g);
}

static volatile sig_atomic_t enough;
static void on_enough(int number) {
  (void)number;
  enough = 1;
}

/* In a process of its own; says on `out` how many times somebody was dropped. */
static void be_a_crowd(size_t count, int ready, int out) {
  guest *guests = calloc(count, sizeof *guests);
  for (size_t i = 0; i < count; i++) {
    guests[i].kind = (int)(i % KINDS);
    come(&guests[i]);
  }
  (void)!write(ready, "", 1);
  while (!enough) {
    for (size_t i = 0; i < count && !enough; i++) {
      misbehave(&guests[i]);
      if (!is_gone(&guests[i])) continue;
      dropped++;
      close(guests[i].fd);
      come(&guests[i]);
    }
    usleep(TICK_MS * 1000);
  }
  (void)!write(out, &dropped, sizeof dropped);
  _exit(0);
}

/* In a process of its own: one caller after the other, each on a connection of its own, as vms-call would: who is turned away tries again. */
static void be_new(const char *url, int out) {
  double most = 0;
  size_t served = 0;
  while (!enough) {
    uint8_t seed[VMS_SEED_LEN] = { 0xfe, (uint8_t)served, (uint8_t)(served >> 8) };
    vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
    vms_client *client = NULL;
    vms_rpc_reply reply;
    vms_error error = { 0, 0, 0, "" };
    double since = load_now();
    int status;
    options.timeout_ms = 60000;
    vms_rpc_reply_init(&reply, NULL);
    do status = vms_client_open(&client, url, &options, &error);
    while (status != VMS_OK && load_now() - since < 60);
    if (status == VMS_OK) status = vms_client_call(client, seed, "hello", vms__slice_of("[\"new\"]"), &reply, NULL, &error);
    if (status != VMS_OK || reply.code != 0) {
      fprintf(stderr, "crowd: a newcomer: %s\n", status != VMS_OK ? error.message : reply.message.data);
      _exit(1);
    }
    vms_rpc_reply_free(&reply);
    vms_client_close(client);
    served++;
    most = VMS__MAX(most, load_now() - since);
    usleep(20000);
  }
  (void)!write(out, &served, sizeof served);
  (void)!write(out, &most, sizeof most);
  _exit(0);
}

static void must_read(int fd, void *bytes, size_t len) {
  if (read(fd, bytes, len) != (ssize_t)len) load_die("a process ended early");
}

int main(int argc, char **argv) {
  int ready[2], crowd[2], fresh[2], status;
  size_t served = 0;
  double most = 0;
  char one;
  load l;
  if (argc != 4 || pipe(ready) != 0 || pipe(crowd) != 0 || pipe(fresh) != 0) load_die("usage: crowd URL GUESTS SECONDS");
  port = (uint16_t)atoi(strrchr(argv[1], ':') + 1);
  load_head(argv[1], &head);
  signal(SIGUSR1, on_enough);
  load_begin(&l, port, "/", &head, 1, CALLERS, CALLS, "hello", "[\"honest\"]", true);
  load_run(&l, 0); /* once, before the crowd comes: the host knows them */
  pid_t crowd_pid = fork();
  if (crowd_pid == 0) prctl(PR_SET_PDEATHSIG, SIGKILL), be_a_crowd((size_t)atoi(argv[2]), ready[1], crowd[1]);
  must_read(ready[0], &one, 1);
  pid_t fresh_pid = fork();
  if (fresh_pid == 0) prctl(PR_SET_PDEATHSIG, SIGKILL), be_new(argv[1], fresh[1]);
  load_run(&l, atof(argv[3]));
  kill(fresh_pid, SIGUSR1);
  if (waitpid(fresh_pid, &status, 0) != fresh_pid || status != 0) return 1;
  kill(crowd_pid, SIGUSR1);
  must_read(fresh[0], &served, sizeof served);
  must_read(fresh[0], &most, sizeof most);
  must_read(crowd[0], &dropped, sizeof dropped);
  waitpid(crowd_pid, &status, 0);
  if (l.errors > 0) fprintf(stderr, "crowd: an honest caller: %s\n", l.error);
  printf("%zu calls in %.1f s, ms: p50 %.1f p99 %.1f most %.1f; %zu newcomers, the slowest %.1f ms; %llu times a guest was dropped\n", l.answered, l.seconds,
         load_percentile(&l, .5), load_percentile(&l, .99), load_percentile(&l, 1), served, 1000 * most, (unsigned long long)dropped);
  status = l.errors > 0 || l.answered == 0;
  load_end(&l);
  return status;
}

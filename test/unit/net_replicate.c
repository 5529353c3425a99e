/* SPDX-License-Identifier: MIT */
/* Goal: Hypercore peers follow a host's cores, over TCP and over WebSocket, see every call that was answered, and cannot harm anybody
 * else, whatever they send. Method: the host runs in a thread on loopback port 0; a peer here is a socket with the library's own
 * replication session at its end, or no session at all; what a peer holds in the end is compared with the signed head that vms.head shows. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/host.h"

#define SCRIPT "exports.put = async (name, text) => { await System.files.writeFile(name, text) }\nexports.echo = x => x"

/* --- a peer ------------------------------------------------------------------------------------------------------ */

typedef struct peer {
  int fd;
  vms_rpc_client *web; /* NULL: plain TCP */
  vms_replication *session;
  vms_replica *replicas[VMS_CORE_COUNT];
} peer;

static int dial(uint16_t port) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

/* Sends what there is. False: the other side is gone. */
static bool peer_send(peer *p) {
  vms_buffer bytes = VMS_BUFFER_INIT, packed = VMS_BUFFER_INIT;
  vms_buffer *out = &bytes;
  bool fine = vms_replication_pending(p->session) == 0 || vms_replication_take(p->session, &bytes, NULL) == VMS_OK;
  if (p->web != NULL) {
    out = &packed;
    if (fine && bytes.len > 0) fine = vms_rpc_client_stream_send(p->web, bytes.data, bytes.len, NULL) == VMS_OK;
    if (fine) fine = vms_rpc_client_take(p->web, &packed, NULL) == VMS_OK;
  }
  if (fine && out->len > 0) fine = send(p->fd, out->data, out->len, MSG_NOSIGNAL) == (ssize_t)out->len;
  vms_buffer_free(&bytes);
  vms_buffer_free(&packed);
  return fine;
}

/* Waits for bytes and handles them. False: the connection ended. */
static bool peer_receive(peer *p, int timeout_ms) {
  static char bytes[65536];
  struct pollfd wait = { p->fd, POLLIN, 0 };
  vms_buffer arrived = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  ssize_t len;
  int status = VMS_OK;
  if (poll(&wait, 1, timeout_ms) == 0) return true;
  len = recv(p->fd, bytes, sizeof bytes, 0);
  if (len <= 0) return false;
  if (p->web == NULL) status = vms_replication_feed(p->session, bytes, (size_t)len, &error);
  else if (vms_rpc_client_feed(p->web, bytes, (size_t)len, NULL) != VMS_OK || vms_rpc_client_stream_take(p->web, &arrived, NULL) != VMS_OK) return false;
  else if (arrived.len > 0) status = vms_replication_feed(p->session, arrived.data, arrived.len, &error);
  if (status != VMS_OK) print_message("the host broke the protocol: %s\n", error.message);
  vms_buffer_free(&arrived);
  return status == VMS_OK && (p->web == NULL || !vms_rpc_client_is_closed(p->web));
}

/* Connects over TCP, or with a path over WebSocket. False if that was refused. */
static bool peer_open(peer *p, const running *r, const char *path) {
  vms_rpc_client_options options = VMS_RPC_CLIENT_OPTIONS_INIT;
  vms_replication_options replication = VMS_REPLICATION_OPTIONS_INIT;
  memset(p, 0, sizeof *p);
  replication.env = options.env = vms_env_system();
  replication.flags = VMS_REPLICATION_INITIATOR;
  options.protocol = "hypercore";
  p->fd = dial(path == NULL ? r->replicate_port : r->port);
  assert_ok(vms_replication_new(&p->session, &replication, NULL));
  if (path == NULL) return true;
  assert_ok(vms_rpc_client_new(&p->web, SLICE("127.0.0.1"), vms__slice_of(path), &options, NULL));
  vms_buffer request = VMS_BUFFER_INIT;
  assert_ok(vms_rpc_client_take(p->web, &request, NULL));
  assert_int_equal(send(p->fd, request.data, request.len, MSG_NOSIGNAL), request.len);
  vms_buffer_free(&request);
  while (!vms_rpc_client_is_open(p->web))
    if (!peer_receive(p, PATIENCE_MS)) return false;
  return true;
}

static void peer_close(peer *p) {
  vms_replication_free(p->session);
  vms_rpc_client_free(p->web);
  for (int core = 0; core < VMS_CORE_COUNT; core++) vms_replica_close(p->replicas[core]);
  close(p->fd);
}

static void peer_want(peer *p, int core, const uint8_t key[VMS_KEY_LEN]) {
  assert_ok(vms_replica_open(&p->replicas[core], key, NULL, NULL));
  assert_ok(vms_replication_download(p->session, p->replicas[core], NULL));
}

/* One round. */
static bool peer_step(peer *p, int timeout_ms) { return peer_send(p) && peer_receive(p, timeout_ms) && peer_send(p); }

/* Goes on until the core has this head. */
static bool peer_reaches(peer *p, int core, const vms_head *head) {
  uint8_t hash[VMS_HASH_LEN];
  for (uint64_t end = vms__os_monotonic_ms() + PATIENCE_MS; vms__os_monotonic_ms() < end;) {
    if (vms_replica_length(p->replicas[core]) >= head->length && vms_replica_is_complete(p->replicas[core])) {
      vms_replica_tree_hash(p->replicas[core], hash);
      return vms_replica_length(p->replicas[core]) == head->length && memcmp(hash, head->tree_hash, VMS_HASH_LEN) == 0;
    }
    if (!peer_step(p, 100)) return false;
  }
  return false;
}

/* --- what the host says of itself ---------------------------------------------------------------------------------- */

static void head_of(vms_client *client, int core, vms_head *head, uint8_t key[VMS_KEY_LEN]) {
  static const char *const params[] = { "[\"ledger\"]", "[\"archive\"]", "[\"blobs\"]" };
  vms_rpc_reply reply;
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "vms.head", SLICE(params[core]), &reply, NULL));
  assert_int_equal(reply.code, 0);
  assert_ok(vms_head_read(vms__buf_view(&reply.result), head, NULL));
  vms_manifest_key(head->manifest, key);
  vms_rpc_reply_free(&reply);
}

static void heads_of(vms_client *client, vms_head heads[VMS_CORE_COUNT], uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN]) {
  for (int core = 0; core < VMS_CORE_COUNT; core++) head_of(client, core, &heads[core], keys[core]);
}

/* --- tests ------------------------------------------------------------------------------------------------------------ */

static void peers_follow_all_cores_while_calls_are_made(void **state) {
  static const char *const paths[] = { NULL, "/" };
  running r;
  vms_client *client;
  vms_head heads[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN];
  char params[64];
  (void)state;
  start(&r, "follow", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(client, heads, keys);
  for (size_t i = 0; i < 2; i++) {
    peer p;
    assert_true(peer_open(&p, &r, paths[i]));
    for (int core = 0; core < VMS_CORE_COUNT; core++) peer_want(&p, core, keys[core]);
    for (int round = 0; round < 20; round++) {
      snprintf(params, sizeof params, "[\"/%d\",\"text %d\"]", round % 3, round);
      call(client, "put", params, 0, "");
      heads_of(client, heads, keys);
      for (int core = 0; core < VMS_CORE_COUNT; core++) assert_true(peer_reaches(&p, core, &heads[core]));
    }
    peer_close(&p);
  }
  vms_client_close(client);
  stop(&r);
}

static void heads_follow_where_answers_do_not_wait_for_the_disk(void **state) {
  running r;
  peer p;
  vms_client *client;
  vms_head before, head;
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  start(&r, "os", SCRIPT, VMS_HOST_NO_SYNC, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "echo", "[1]", 0, "1");
  do head_of(client, VMS_CORE_LEDGER, &before, key); /* it is signed later */
  while (before.length < 3);
  assert_true(peer_open(&p, &r, NULL));
  peer_want(&p, VMS_CORE_LEDGER, key);
  assert_true(peer_reaches(&p, VMS_CORE_LEDGER, &before));
  call(client, "echo", "[2]", 0, "2");
  do head_of(client, VMS_CORE_LEDGER, &head, key);
  while (head.length == before.length);
  assert_true(peer_reaches(&p, VMS_CORE_LEDGER, &head));
  peer_close(&p);
  vms_client_close(client);
  stop(&r);
}

/* True if the host has nothing of this core for the peer. */
static bool has_nothing(peer *p, int core) {
  uint64_t length;
  for (int i = 0; i < 10; i++)
    if (!peer_step(p, 30)) break;
  return !vms_replication_peer_length(p->session, p->replicas[core], &length) && vms_replica_length(p->replicas[core]) == 0;
}

static void a_path_gives_its_own_cores_and_tcp_all(void **state) {
  running r;
  peer p;
  vms_client *client;
  vms_head heads[VMS_CORE_COUNT], other_heads[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN], other[VMS_CORE_COUNT][VMS_KEY_LEN], unknown[VMS_KEY_LEN] = { 1 };
  char url[160];
  (void)state;
  start(&r, "paths", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(client, heads, keys);
  vms_client_close(client);
  snprintf(url, sizeof url, "%sother", r.url);
  assert_ok(vms_client_open(&client, url, NULL, NULL));
  call(client, "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(client, other_heads, other);
  vms_client_close(client);

  assert_true(peer_open(&p, &r, "/other"));
  peer_want(&p, 0, keys[VMS_CORE_LEDGER]);
  peer_want(&p, 1, other[VMS_CORE_LEDGER]);
  assert_true(peer_reaches(&p, 1, &other_heads[VMS_CORE_LEDGER]));
  assert_true(has_nothing(&p, 0));
  peer_close(&p);

  assert_true(peer_open(&p, &r, NULL));
  peer_want(&p, 0, keys[VMS_CORE_ARCHIVE]);
  peer_want(&p, 1, other[VMS_CORE_BLOBS]);
  peer_want(&p, 2, unknown);
  assert_true(peer_reaches(&p, 0, &heads[VMS_CORE_ARCHIVE]));
  assert_true(peer_reaches(&p, 1, &other_heads[VMS_CORE_BLOBS]));
  assert_true(has_nothing(&p, 2));
  peer_close(&p);

  assert_false(peer_open(&p, &r, "/nowhere"));
  peer_close(&p);
  stop(&r);
}

/* Reads until the host closes; false if it does not within the time. */
static bool is_closed(int fd, int timeout_ms) {
  char bytes[4096];
  struct pollfd wait = { fd, POLLIN, 0 };
  ssize_t len;
  do {
    if (poll(&wait, 1, timeout_ms) == 0) return false;
    len = recv(fd, bytes, sizeof bytes, 0);
  } while (len > 0);
  return true;
}

static void half_of_the_connections_are_for_callers(void **state) {
  running r;
  peer peers[2], late;
  vms_client *clients[3];
  vms_head heads[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN];
  (void)state;
  start(&r, "limit", SCRIPT, 0, 5); /* connections: two replicate at most */
  assert_true(peer_open(&peers[0], &r, NULL));
  assert_true(peer_open(&peers[1], &r, "/"));
  assert_true(peer_open(&late, &r, NULL));
  assert_true(is_closed(late.fd, PATIENCE_MS));
  peer_close(&late);
  if (peer_open(&late, &r, "/")) assert_true(is_closed(late.fd, PATIENCE_MS)); /* the upgrade was fine, the goodbye may come with it */
  peer_close(&late);
  for (size_t i = 0; i < 3; i++) assert_ok(vms_client_open(&clients[i], r.url, NULL, NULL));
  call(clients[2], "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(clients[0], heads, keys);
  for (size_t i = 0; i < 2; i++) {
    peer_want(&peers[i], VMS_CORE_LEDGER, keys[VMS_CORE_LEDGER]);
    assert_true(peer_reaches(&peers[i], VMS_CORE_LEDGER, &heads[VMS_CORE_LEDGER]));
  }
  peer_close(&peers[0]);
  for (int tries = 0;; tries++) { /* its place is free once the host noticed */
    assert_true(tries < PATIENCE_MS / 20);
    assert_true(peer_open(&late, &r, NULL));
    peer_want(&late, VMS_CORE_LEDGER, keys[VMS_CORE_LEDGER]);
    if (peer_reaches(&late, VMS_CORE_LEDGER, &heads[VMS_CORE_LEDGER])) break;
    peer_close(&late);
    usleep(20000);
  }
  peer_close(&late);
  peer_close(&peers[1]);
  for (size_t i = 0; i < 3; i++) vms_client_close(clients[i]);
  stop(&r);
}

static void garbage_ends_one_connection_with_a_reason(void **state) {
  static const char *const openings[] = { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x01\xfc\x03\x03 a browser", "\xff\xff\xff\x1b[31m garbage",
                                          " 0123456789012345678901234567890123456789" };
  running r;
  vms_client *client;
  peer p;
  (void)state;
  start(&r, "garbage", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
    int fd = dial(r.replicate_port);
    assert_int_equal(send(fd, openings[i], strlen(openings[i]), MSG_NOSIGNAL), strlen(openings[i]));
    shutdown(fd, SHUT_WR); /* too little of it is no message yet */
    assert_true(is_closed(fd, PATIENCE_MS));
    close(fd);
    call(client, "echo", "[1]", 0, "1");
  }
  assert_true(peer_open(&p, &r, "/"));
  assert_ok(vms_rpc_client_stream_send(p.web, openings[2], strlen(openings[2]), NULL));
  vms_buffer bytes = VMS_BUFFER_INIT;
  assert_ok(vms_rpc_client_take(p.web, &bytes, NULL));
  assert_int_equal(send(p.fd, bytes.data, bytes.len, MSG_NOSIGNAL), bytes.len);
  vms_buffer_free(&bytes);
  assert_true(is_closed(p.fd, PATIENCE_MS));
  peer_close(&p);
  call(client, "echo", "[2]", 0, "2");
  vms_client_close(client);
  stop(&r);
  assert_true(r.warnings >= 2);
  for (size_t i = 0; i < strlen(r.warning); i++) assert_true((uint8_t)r.warning[i] >= ' ');
  assert_non_null(strstr(r.warning, "peer 127.0.0.1 was dropped: "));
}

/* A peer that asks for everything and reads nothing costs the host a bounded amount, and others nothing. */
static void strangers_do_not_fill_the_log(void **state) {
  static const char opening[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  running r;
  uint64_t before = vms__os_monotonic_ms();
  (void)state;
  start(&r, "strangers", SCRIPT, 0, 0);
  for (int i = 0; i < 150; i++) {
    int fd = dial(r.replicate_port);
    assert_int_equal(send(fd, opening, strlen(opening), MSG_NOSIGNAL), strlen(opening));
    assert_true(is_closed(fd, PATIENCE_MS));
    close(fd);
  }
  stop(&r);
  assert_in_range(r.warnings, 100, vms__os_monotonic_ms() - before < 60000 ? 100 : 149); /* in a minute */
}

static void a_peer_that_reads_nothing_blocks_nobody(void **state) {
  enum { FILE_LEN = 200000, FILES = 40 };
  running r;
  peer lazy[2], busy; /* over TCP, and over WebSocket */
  vms_client *client;
  vms_head heads[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN];
  char *params = malloc(FILE_LEN + 64);
  (void)state;
  start(&r, "lazy", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  for (int i = 0; i < FILES; i++) {
    int len = snprintf(params, 32, "[\"/%d\",\"", i);
    memset(params + len, 'x', FILE_LEN);
    snprintf(params + len + FILE_LEN, 32, "\"]");
    call(client, "put", params, 0, "");
  }
  heads_of(client, heads, keys);
  for (size_t i = 0; i < 2; i++) {
    assert_true(peer_open(&lazy[i], &r, i == 0 ? NULL : "/"));
    peer_want(&lazy[i], VMS_CORE_BLOBS, keys[VMS_CORE_BLOBS]);
    while (vms_replica_length(lazy[i].replicas[VMS_CORE_BLOBS]) == 0) assert_true(peer_step(&lazy[i], 100)); /* asks for blocks from now on */
  }
  for (int i = 0; i < 50; i++) call(client, "echo", "[1]", 0, "1");
  assert_true(peer_open(&busy, &r, "/"));
  peer_want(&busy, VMS_CORE_BLOBS, keys[VMS_CORE_BLOBS]);
  assert_true(peer_reaches(&busy, VMS_CORE_BLOBS, &heads[VMS_CORE_BLOBS]));
  for (size_t i = 0; i < 2; i++) {
    assert_true(peer_reaches(&lazy[i], VMS_CORE_BLOBS, &heads[VMS_CORE_BLOBS])); /* and is served once it reads */
    peer_close(&lazy[i]);
  }
  peer_close(&busy);
  vms_client_close(client);
  stop(&r);
  free(params);
}

/* Memory of the host, counted. */
static _Atomic uint64_t in_use;

static void *counted_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  void *made = vms_env_system()->resize(vms_env_system()->context, memory, old_len, new_len);
  (void)context;
  if (made != NULL || new_len == 0) in_use += new_len - old_len;
  return made;
}

static void a_peer_that_reads_nothing_costs_three_blocks_at_most(void **state) {
  enum { RECORD_LEN = 1000000, RECORDS = 25 };
  running r;
  peer lazy;
  vms_client *client;
  vms_head head;
  uint8_t key[VMS_KEY_LEN];
  vms_env env = *vms_env_system();
  char *params = malloc(RECORD_LEN + 8);
  (void)state;
  env.resize = counted_resize;
  host_env = &env;
  start(&r, "blocks", "exports.take = x => 1", 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  memset(params, 'x', RECORD_LEN);
  memcpy(params, "[\"", 2);
  memcpy(params + RECORD_LEN, "\"]", 3);
  for (int i = 0; i < RECORDS; i++) call(client, "take", params, 0, "1");
  head_of(client, VMS_CORE_LEDGER, &head, key);
  for (size_t i = 0; i < 2; i++) {
    uint64_t before = in_use;
    assert_true(peer_open(&lazy, &r, i == 0 ? NULL : "/"));
    peer_want(&lazy, VMS_CORE_LEDGER, key);
    while (vms_replica_length(lazy.replicas[VMS_CORE_LEDGER]) == 0) assert_true(peer_step(&lazy, 100));
    for (int more = 0; more < 20; more++) assert_true(peer_step(&lazy, 20)); /* it asks for much */
    for (int wait = 0; wait < 10; wait++) {
      usleep(50000);
      call(client, "take", "[1]", 0, "1"); /* the host goes on, with or without it */
    }
    /* Two wait for it; a third one's room may be kept for the next. */
    uint64_t bound = before + 3 * RECORD_LEN + (600 << 10);
    assert_in_range(in_use, 0, bound);
    peer_close(&lazy);
  }
  vms_client_close(client);
  stop(&r);
  host_env = NULL;
  free(params);
}

static void be_talkative(vms_host *host) { host->times.quiet = 200; }

static void a_quiet_connection_is_kept_alive(void **state) {
  running r;
  peer p;
  (void)state;
  host_prepare = be_talkative;
  start(&r, "quiet", SCRIPT, 0, 0);
  uint64_t since = vms__os_monotonic_ms();
  assert_true(peer_open(&p, &r, NULL));
  while (!vms_replication_is_open(p.session)) assert_true(peer_step(&p, 100));
  for (int i = 0; i < 8; i++) {
    assert_int_equal(poll(&(struct pollfd){ p.fd, POLLIN, 0 }, 1, PATIENCE_MS), 1);
    assert_true(peer_receive(&p, 0));
  }
  assert_true(vms__os_monotonic_ms() - since >= 5 * 200); /* some of it may have been what a connection begins with */
  peer_close(&p);
  stop(&r);
  host_prepare = NULL;
}

static void peers_hear_of_the_last_calls_before_the_host_leaves(void **state) {
  running r;
  peer p, web;
  vms_client *client;
  vms_head heads[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN];
  (void)state;
  start(&r, "leave", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(client, heads, keys);
  assert_true(peer_open(&p, &r, NULL));
  assert_true(peer_open(&web, &r, "/"));
  peer_want(&p, VMS_CORE_LEDGER, keys[VMS_CORE_LEDGER]);
  peer_want(&web, VMS_CORE_LEDGER, keys[VMS_CORE_LEDGER]);
  assert_true(peer_reaches(&p, VMS_CORE_LEDGER, &heads[VMS_CORE_LEDGER]));
  assert_true(peer_reaches(&web, VMS_CORE_LEDGER, &heads[VMS_CORE_LEDGER]));
  stop(&r);
  assert_true(is_closed(p.fd, PATIENCE_MS));
  assert_true(is_closed(web.fd, PATIENCE_MS));
  peer_close(&p);
  peer_close(&web);
  vms_client_close(client);
}

/* --- mirrors ------------------------------------------------------------------------------------------------------------ */

static void shell(const char *format, ...) {
  char command[512];
  va_list list;
  va_start(list, format);
  vsnprintf(command, sizeof command, format, list);
  va_end(list);
  assert_int_equal(system(command), 0);
}

static void a_copy_without_secret_is_served_as_a_mirror(void **state) {
  running r;
  peer p;
  vms_client *client;
  vms_head heads[VMS_CORE_COUNT], copied[VMS_CORE_COUNT];
  uint8_t keys[VMS_CORE_COUNT][VMS_KEY_LEN];
  vms_rpc_reply reply;
  (void)state;
  start(&r, "original", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "put", "[\"/0\",\"text\"]", 0, "");
  heads_of(client, heads, keys);
  vms_client_close(client);
  stop(&r);
  shell("cd %s && cp -r original copy && rm copy/lock copy/services/*/secret", folder);

  start(&r, "copy", NULL, 0, 0);
  assert_int_equal(vms_host_count(r.host), 2);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  heads_of(client, copied, keys);
  assert_memory_equal(copied, heads, sizeof heads);
  call(client, "echo", "[1]", VMS_CODE_NOT_ALLOWED, "");
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "files.readFile", SLICE("[\"/0\"]"), &reply, NULL));
  assert_text(reply.result, "\"text\"");
  vms_rpc_reply_free(&reply);
  for (int web = 0; web < 2; web++) {
    assert_true(peer_open(&p, &r, web ? "/" : NULL));
    for (int core = 0; core < VMS_CORE_COUNT; core++) peer_want(&p, core, keys[core]);
    for (int core = 0; core < VMS_CORE_COUNT; core++) assert_true(peer_reaches(&p, core, &heads[core]));
    peer_close(&p);
  }
  vms_client_close(client);
  stop(&r);
}

static void folders_may_be_mixed_and_what_is_unfinished_is_passed_over(void **state) {
  running r;
  vms_client *client;
  vms_error error;
  vms_host *host;
  char dir[128], url[160];
  (void)state;
  start(&r, "mixed", SCRIPT, 0, 0);
  stop(&r);
  /* "/other" becomes a copy whose journal holds no frame, and later one of a copy that is damaged */
  shell("cd %s/mixed && key=$(sed 's/.*\"\\/other\":\"\\([0-9a-f]*\\)\".*/\\1/' services.json) && cd services/$key && rm secret && truncate -s 264 journal", folder);
  start(&r, "mixed", NULL, 0, 0);
  assert_int_equal(vms_host_count(r.host), 1);
  assert_int_equal(r.warnings, 1);
  assert_non_null(strstr(r.warning, "this copy is passed over: the copy is not finished"));
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "echo", "[1]", 0, "1");
  vms_client_close(client);
  snprintf(url, sizeof url, "%sother", r.url);
  assert_int_equal(vms_client_open(&client, url, NULL, &error), VMS_ERR_REMOTE);
  stop(&r);
  snprintf(dir, sizeof dir, "%s/mixed", folder);
  assert_ok(vms_host_new(&host, dir, NULL, &error));
  assert_int_equal(vms_host_add(host, "/other", SLICE(SCRIPT), NULL, &error), VMS_ERR_FOREIGN);
  assert_non_null(strstr(error.message, "the copy of somebody's service"));
  vms_host_free(host);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(peers_follow_all_cores_while_calls_are_made),
    cmocka_unit_test(heads_follow_where_answers_do_not_wait_for_the_disk),
    cmocka_unit_test(a_path_gives_its_own_cores_and_tcp_all),
    cmocka_unit_test(half_of_the_connections_are_for_callers),
    cmocka_unit_test(garbage_ends_one_connection_with_a_reason),
    cmocka_unit_test(strangers_do_not_fill_the_log),
    cmocka_unit_test(a_peer_that_reads_nothing_blocks_nobody),
    cmocka_unit_test(a_peer_that_reads_nothing_costs_three_blocks_at_most),
    cmocka_unit_test(a_quiet_connection_is_kept_alive),
    cmocka_unit_test(peers_hear_of_the_last_calls_before_the_host_leaves),
    cmocka_unit_test(a_copy_without_secret_is_served_as_a_mirror),
    cmocka_unit_test(folders_may_be_mixed_and_what_is_unfinished_is_passed_over),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

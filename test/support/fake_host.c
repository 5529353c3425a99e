/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/support/fake_host.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/ledger/session.h"
#include "vms/net.h"

typedef struct guest {
  fake_host *host;
  int fd;
} guest;

/* A core as it is served, and who may change what is said of it. */
typedef struct source {
  fake_host *host;
  vms__served served;
} source;

typedef struct connection {
  fake_host *host;
  int fd;
  vms_rpc_session *session;
  vms_replication *replication;
  vms_buffer in, out;
  uint64_t sent; /* of the stream */
  bool noisy, over;
  source cores[VMS_CORE_COUNT];
} connection;

/* --- JSON-RPC --------------------------------------------------------------------------------------------- */

static int serve_head(void *context, int core, vms_buffer *json, vms_error *error) {
  fake_host *host = context;
  vms_head head;
  unsigned number = ++host->heads_asked;
  int status = vms_core_head(vms_journal_core(host->heads, (uint32_t)core), &head, error);
  if (status == VMS_OK && host->bend != NULL) status = host->bend(host->context, number, core, &head, json, error);
  return status == VMS_OK && json->len == 0 ? vms_head_write(json, &head) : status;
}

static int serve_info(void *context, vms_buffer *json, vms_error *error) {
  uint8_t key[VMS_KEY_LEN];
  int status;
  (void)error;
  vms_core_key(vms_journal_core(((fake_host *)context)->heads, VMS_CORE_LEDGER), key);
  status = vms__buf_text(json, "{\"ledger\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, key, sizeof key);
  return status == VMS_OK ? vms__buf_text(json, "\"}") : status;
}

static int serve_file(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  fake_host *host = context;
  return host->file(host->context, request, reply, NULL, error);
}

static int serve_file_prove(void *context, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  fake_host *host = context;
  return host->file(host->context, request, reply, proof, error);
}

static uint64_t serve_length(void *context) { return vms_core_length(vms_journal_core(((fake_host *)context)->heads, VMS_CORE_LEDGER)); }

static int serve_proof(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  fake_host *host = context;
  return host->proof(host->context, seq, from, length, json, error);
}

static const vms_rpc_service *serve_find(void *context, vms_slice path) {
  (void)path;
  return &((fake_host *)context)->table;
}

static void flood(int fd) {
  static const char text[] = "{\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":1}";
  char frame[64] = { (char)0x81, sizeof text - 1 };
  memcpy(frame + 2, text, sizeof text - 1);
  while (send(fd, frame, sizeof text + 1, MSG_NOSIGNAL) > 0) usleep(1000);
}

/* --- replication --------------------------------------------------------------------------------------------- */

static void head_of(void *context, uint64_t *length, uint64_t *fork) {
  const vms__served *served = &((source *)context)->served;
  served->head(served->context, length, fork);
}

static void tree_hash_of(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]) {
  const vms__served *served = &((source *)context)->served;
  served->tree_hash(served->context, length, hash);
}

static int prove(void *context, const vms_proof_request *request, vms_buffer *proof, vms_error *error) {
  const source *s = context;
  size_t before = proof->len;
  int status;
  if (s->host->manners == FAKE_NO_DATA) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "not here");
  status = s->served.prove(s->served.context, request, proof, error);
  if (status != VMS_OK) return status;
  if ((request->flags & VMS_PROOF_BLOCK) != 0) s->host->blocks_sent++;
  if (s->host->manners == FAKE_TAMPERS) proof->data[before + s->host->tamper_at % (proof->len - before)] ^= 1;
  return VMS_OK;
}

static bool find_core(void *context, const uint8_t discovery[VMS_KEY_LEN], vms__served *served) {
  connection *c = context;
  for (uint32_t i = 0; i < vms_journal_count(c->host->blocks) && c->host->manners != FAKE_NO_CORES; i++) {
    vms_core *core = vms_journal_core(c->host->blocks, i);
    uint8_t key[VMS_KEY_LEN], name[VMS_KEY_LEN];
    source *s = &c->cores[i];
    vms_core_key(core, key);
    vms_discovery_key(key, name);
    if (memcmp(name, discovery, sizeof name) != 0) continue;
    s->host = c->host;
    vms__serve_core(core, &s->served);
    *served = s->served;
    served->context = s;
    served->head = head_of;
    served->prove = prove;
    served->tree_hash = tree_hash_of;
    return true;
  }
  return false;
}

static int begin_stream(connection *c) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  int status;
  c->host->streams++;
  options.env = vms_env_system();
  status = vms_replication_new(&c->replication, &options, NULL);
  if (status == VMS_OK) vms__replication_serve(c->replication, find_core, c);
  return status;
}

static int send_stream(connection *c, const void *bytes, size_t len) {
  c->sent += len;
  if (c->host->manners == FAKE_CLOSES && c->sent > c->host->close_after) c->over = true;
  return vms_rpc_session_stream_send(c->session, bytes, len, NULL);
}

/* Says something that has a message's length, but is none; once. */
static int say_noise(connection *c) {
  char noise[3 + 96] = { 96 };
  bool first = !c->noisy;
  c->noisy = true;
  memset(noise + 3, 'x', 96);
  return first ? send_stream(c, noise, sizeof noise) : VMS_OK;
}

static int run_stream(connection *c) {
  int status = vms_rpc_session_stream_take(c->session, &c->in, NULL);
  if (status != VMS_OK || c->host->manners == FAKE_SILENT) return status;
  if (c->host->manners == FAKE_GARBAGE) return say_noise(c);
  if (vms_replication_is_open(c->replication) && c->host->manners == FAKE_GARBAGE_LATER) return say_noise(c);
  if (vms_replication_is_open(c->replication) && c->host->manners == FAKE_MUTE) status = vms_replication_keepalive(c->replication, NULL);
  else if (c->in.len > 0) status = vms_replication_feed(c->replication, c->in.data, c->in.len, NULL);
  vms__buf_clear(&c->in);
  if (status == VMS_OK) status = vms_replication_take(c->replication, &c->out, NULL);
  if (status == VMS_OK && c->out.len > 0) status = send_stream(c, c->out.data, c->out.len);
  vms__buf_clear(&c->out);
  return status;
}

/* --- connections ------------------------------------------------------------------------------------------------ */

static bool send_all(connection *c) {
  ssize_t n;
  if (vms_rpc_session_take(c->session, &c->out, NULL) != VMS_OK) return false;
  for (size_t at = 0; at < c->out.len; at += (size_t)n)
    if ((n = send(c->fd, c->out.data + at, c->out.len - at, MSG_NOSIGNAL)) <= 0) return false;
  vms__buf_clear(&c->out);
  return !c->over && !vms_rpc_session_wants_close(c->session);
}

static void *serve(void *context) {
  guest *given = context;
  connection c = { .host = given->host, .fd = given->fd };
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  struct timeval pause = { 0, 20000 };
  char bytes[65536];
  ssize_t n;
  int status;
  free(given);
  options.context = c.host;
  options.find = serve_find;
  (void)setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
  status = vms_rpc_session_new(&c.session, &options, NULL);
  while (status == VMS_OK && ((n = recv(c.fd, bytes, sizeof bytes, 0)) > 0 || (n < 0 && c.host->listener >= 0))) {
    if (n > 0 && c.host->manners == FAKE_FLOOD && vms_rpc_session_is_open(c.session)) {
      flood(c.fd);
      break;
    }
    if (n > 0) status = vms_rpc_session_feed(c.session, bytes, (size_t)n, NULL);
    if (status == VMS_OK && c.replication == NULL && vms_rpc_session_is_open(c.session) && vms_rpc_session_is_stream(c.session)) status = begin_stream(&c);
    if (status == VMS_OK && c.replication != NULL) status = run_stream(&c);
    if (!send_all(&c)) break;
  }
  close(c.fd);
  vms_replication_free(c.replication);
  vms_rpc_session_free(c.session);
  vms_buffer_free(&c.in);
  vms_buffer_free(&c.out);
  return NULL;
}

static void *accept_all(void *context) {
  fake_host *host = context;
  int fd;
  while ((fd = accept(host->listener, NULL, NULL)) >= 0) {
    guest *given = malloc(sizeof *given);
    *given = (guest){ host, fd };
    if (host->handler_count == sizeof host->handlers / sizeof host->handlers[0]) abort();
    host->table.flags = host->manners == FAKE_NO_STREAM ? 0 : VMS_RPC_STREAM;
    if (pthread_create(&host->handlers[host->handler_count], NULL, serve, given) != 0) abort();
    host->handler_count++;
  }
  return NULL;
}

int fake_host_start(fake_host *host) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  host->table = (vms_rpc_service){ .size = sizeof host->table, .context = host, .length = serve_length, .durable = serve_length, .info = serve_info,
                                   .head = serve_head, .file = serve_file, .file_prove = serve_file_prove,
                                   .proof = host->proof == NULL ? NULL : serve_proof };
  host->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(host->listener, (struct sockaddr *)&address, len) != 0 || getsockname(host->listener, (struct sockaddr *)&address, &len) != 0 ||
      listen(host->listener, 16) != 0)
    return -1;
  snprintf(host->url, sizeof host->url, "ws://127.0.0.1:%u/", ntohs(address.sin_port));
  return pthread_create(&host->acceptor, NULL, accept_all, host);
}

void fake_host_stop(fake_host *host) {
  int listener = host->listener;
  shutdown(listener, SHUT_RDWR);
  pthread_join(host->acceptor, NULL);
  host->listener = -1; /* whoever is in a pause ends now */
  for (size_t i = 0; i < host->handler_count; i++) pthread_join(host->handlers[i], NULL);
  close(listener);
}

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "test/support/two_faced.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/internal.h"

#define DEPLOYED_MS UINT64_C(1500000000000)

static _Thread_local bool cut; /* this connection ends now */

static bool check(int status) {
  if (status == VMS_OK) return true;
  fprintf(stderr, "two_faced: status %d\n", status);
  abort();
}

static vms_service *shown(two_faced *host) { return host->services[host->face]; }

static uint64_t now_ms(void *context) {
  two_faced *host = context;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + (uint64_t)host->ahead_ms;
  return host->frozen_ms != 0 ? host->frozen_ms : ms;
}

static bool due(_Atomic int *count) {
  if (*count <= 0) return false;
  --*count;
  return true;
}

/* Another digit in the first hash. */
static void garble(const vms_buffer *json, size_t start) {
  char *hash = strstr(json->data + start, "\"hash\":\"");
  if (hash != NULL) hash[8] = hash[8] == '0' ? '1' : '0';
}

static int refuse(vms_outcome *outcome, const two_faced_fate *fate) {
  outcome->kind = VMS_OUTCOME_REFUSED;
  outcome->code = fate->code;
  if (fate->data != NULL) (void)vms__buf_text(&outcome->data, fate->data);
  return vms__buf_text(&outcome->message, "refused");
}

/* True if a message is not to be answered now. */
static bool fated(two_faced_fate *fate) {
  if (due(&fate->pass)) return false;
  if (due(&fate->cut_before)) return cut = true;
  return due(&fate->stall);
}

static int serve_call(void *context, const vms_rpc_call *call, vms_outcome *outcome) {
  two_faced *host = context;
  bool after = false;
  int status;
  if (cut) return VMS_RPC_LATER; /* what came behind the cut never came */
  host->calls_seen++;
  if (host->calls.pass > 0) host->calls.pass--;
  else if (due(&host->calls.cut_before)) {
    cut = true;
    return VMS_RPC_LATER;
  } else if (due(&host->calls.stall)) return VMS_RPC_LATER; /* for ever */
  else if (due(&host->calls.refuse)) return refuse(outcome, &host->calls);
  else after = due(&host->calls.cut_after);
  pthread_mutex_lock(&host->lock);
  if (call->is_signed) status = vms_service_call(shown(host), call->request, call->caller, call->signature, outcome);
  else status = vms_service_call_unsigned(shown(host), call->user, call->method, call->params, outcome);
  if (status == VMS_OK) check(vms_service_commit(shown(host), VMS_COMMIT_SIGN, NULL));
  pthread_mutex_unlock(&host->lock);
  if ((host->other_result || due(&host->garbled_results)) && outcome->kind == VMS_OUTCOME_RESULT) {
    vms__buf_clear(&outcome->result);
    check(vms__buf_text(&outcome->result, host->other_result == 2 ? "1,\"receipt\":{\"ledger\":\"a lie\"}" : "\"a lie\""));
  }
  cut = cut || after;
  return status;
}

static uint64_t serve_length(void *context) { return vms_service_length(shown(context)); }
static uint64_t serve_published(void *context) { return vms_service_published(shown(context)); }

static int serve_info(void *context, vms_buffer *json, vms_error *error) {
  two_faced *host = context;
  host->infos_asked++;
  pthread_mutex_lock(&host->lock);
  int status = vms_service_info(shown(host), json, error);
  pthread_mutex_unlock(&host->lock);
  return status;
}

static int serve_head(void *context, int core, vms_buffer *json, vms_error *error) {
  two_faced *host = context;
  host->heads_asked++;
  if (host->old_head) return vms_head_write(json, &host->head);
  pthread_mutex_lock(&host->lock);
  int status = vms_service_head(shown(host), core, json, error);
  pthread_mutex_unlock(&host->lock);
  return status;
}

static int serve_record(void *context, uint64_t seq, vms_buffer *text, vms_error *error) {
  two_faced *host = context;
  pthread_mutex_lock(&host->lock);
  int status = vms_service_record(shown(host), seq, text, error);
  pthread_mutex_unlock(&host->lock);
  return status;
}

static int serve_receipt(void *context, uint64_t seq, vms_buffer *json, vms_error *error) {
  two_faced *host = context;
  size_t start = json->len;
  pthread_mutex_lock(&host->lock);
  int status = vms_service_receipt(shown(host), host->other_receipt != 0 ? (uint64_t)host->other_receipt : seq, json, error);
  pthread_mutex_unlock(&host->lock);
  if (status == VMS_OK && due(&host->garbled_receipts)) garble(json, start);
  host->receipts_given++;
  return status;
}

/* Adds to the size of the leaf of block `seq`, which has to be a node of its own. */
static void alter_size(vms_buffer *json, uint64_t seq, int more) {
  char wanted[64], number[24], *rest;
  snprintf(wanted, sizeof wanted, "{\"index\":%llu,\"size\":", (unsigned long long)(2 * seq));
  char *at = strstr(json->data, wanted);
  if (at == NULL) abort();
  at += strlen(wanted);
  int len = snprintf(number, sizeof number, "%llu", strtoull(at, &rest, 10) + (unsigned long long)more);
  if (rest - at != len) abort(); /* as many digits as before */
  memcpy(at, number, (size_t)len);
}

/* What anybody between host and caller can do. from is odd, so that the cut lies between two leaves of one node. */
static void alter(two_faced *host, uint64_t from, vms_buffer *json) {
  char *hash = strstr(json->data, "\"hash\":\"");
  if (host->altered == 1) {
    alter_size(json, from - 1, 1);
    alter_size(json, from, -1);
  } else if (host->altered == 2 && hash != NULL) hash[8] = hash[8] == '0' ? '1' : '0';
}

static int serve_proof(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  two_faced *host = context;
  size_t start = json->len;
  host->proofs_asked++;
  if (fated(&host->reads)) return vms__fail(error, VMS_ERR_IO, 0, "not now");
  if (host->garbage) return vms__buf_text(json, "{\"length\":1,\"nodes\":[]}");
  pthread_mutex_lock(&host->lock);
  int status = vms_service_proof(shown(host), seq, from, length, json, error);
  pthread_mutex_unlock(&host->lock);
  if (status == VMS_OK) alter(host, from, json);
  if (status == VMS_OK && due(&host->garbled_proofs)) garble(json, start);
  return status;
}

static int serve_methods(void *context, vms_buffer *json, vms_error *error) {
  (void)context, (void)error;
  return vms__buf_text(json, "[]");
}

static const vms_rpc_service *serve_find(void *context, vms_slice path) {
  two_faced *host = context;
  (void)path;
  host->table.receipt = host->no_receipts || host->old ? NULL : serve_receipt;
  host->table.proof = host->old ? NULL : serve_proof;
  return &host->table;
}

/* --- connections -------------------------------------------------------------------------------------------------- */

typedef struct guest {
  two_faced *host;
  int fd;
} guest;

static bool send_all(int fd, vms_rpc_session *session, vms_buffer *out) {
  ssize_t n;
  vms__buf_clear(out);
  if (vms_rpc_session_take(session, out, NULL) != VMS_OK) return false;
  for (size_t at = 0; at < out->len; at += (size_t)n)
    if ((n = send(fd, out->data + at, out->len - at, MSG_NOSIGNAL)) <= 0) return false;
  return !vms_rpc_session_wants_close(session);
}

static void *serve(void *context) {
  guest given = *(guest *)context;
  two_faced *host = given.host;
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session = NULL;
  vms_buffer out = VMS_BUFFER_INIT;
  struct timeval pause = { 0, 10000 };
  char bytes[65536];
  ssize_t n;
  int status;
  free(context);
  cut = false;
  options.context = host;
  options.find = serve_find;
  (void)setsockopt(given.fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
  status = vms_rpc_session_new(&session, &options, NULL);
  while (status == VMS_OK && !host->refuse_connections && ((n = recv(given.fd, bytes, sizeof bytes, 0)) > 0 || (n < 0 && host->listener >= 0))) {
    if (n > 0) status = vms_rpc_session_feed(session, bytes, (size_t)n, NULL);
    if (cut) break;
    if (status == VMS_OK && vms_rpc_session_is_open(session)) status = vms_rpc_session_release(session, vms_service_durable(shown(host)), NULL);
    if (host->together && host->infos_asked != host->heads_asked) continue;
    if (!send_all(given.fd, session, &out)) break;
  }
  close(given.fd);
  vms_rpc_session_free(session);
  vms_buffer_free(&out);
  return NULL;
}

static void *accept_all(void *context) {
  two_faced *host = context;
  int fd;
  while ((fd = accept(host->listener, NULL, NULL)) >= 0) {
    guest *given = malloc(sizeof *given);
    *given = (guest){ host, fd };
    if (host->handler_count == sizeof host->handlers / sizeof host->handlers[0]) abort();
    host->connections++;
    if (pthread_create(&host->handlers[host->handler_count], NULL, serve, given) != 0) abort();
    host->handler_count++;
  }
  return NULL;
}

void two_faced_resume(two_faced *host) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(host->port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, len) != 0 || getsockname(fd, (struct sockaddr *)&address, &len) != 0 || listen(fd, 64) != 0) abort();
  host->listener = fd;
  host->port = ntohs(address.sin_port);
  snprintf(host->url, sizeof host->url, "ws://127.0.0.1:%u/", host->port);
  if (pthread_create(&host->acceptor, NULL, accept_all, host) != 0) abort();
}

void two_faced_pause(two_faced *host) {
  int listener = host->listener;
  shutdown(listener, SHUT_RDWR);
  pthread_join(host->acceptor, NULL);
  host->listener = -1; /* whoever is in a pause ends now */
  for (size_t i = 0; i < host->handler_count; i++) pthread_join(host->handlers[i], NULL);
  host->handler_count = 0;
  close(listener);
}

void two_faced_start(two_faced *host, const char *code) { two_faced_start_on(host, code, 5, 0); }

void two_faced_start_on(two_faced *host, const char *code, uint8_t number, uint16_t port) {
  const uint8_t secret[VMS_SEED_LEN] = { number };
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  memset(host, 0, sizeof *host);
  pthread_mutex_init(&host->lock, NULL);
  host->port = port;
  host->env = *vms_env_system();
  host->env.context = host;
  host->env.now_ms = now_ms;
  host->frozen_ms = DEPLOYED_MS;
  options.env = &host->env;
  options.flags = VMS_SERVICE_ANONYMOUS;
  for (int i = 0; i < 2; i++) {
    check(vms_memory_open(&host->storages[i], NULL, NULL));
    check(vms_service_deploy(&host->services[i], &host->storages[i], secret, vms__slice_of(code), &options, NULL, NULL));
    check(vms_service_commit(host->services[i], VMS_COMMIT_SIGN, NULL));
  }
  host->frozen_ms = 0;
  host->table = (vms_rpc_service){ .size = sizeof host->table, .context = host, .call = serve_call, .length = serve_length, .durable = serve_published,
                                   .published = serve_published, .info = serve_info, .head = serve_head, .methods = serve_methods, .record = serve_record };
  two_faced_resume(host);
}

void two_faced_stop(two_faced *host) {
  two_faced_pause(host);
  for (int i = 0; i < 2; i++) {
    vms_service_close(host->services[i]);
    vms_memory_close(&host->storages[i]);
  }
  pthread_mutex_destroy(&host->lock);
}

void two_faced_call(two_faced *host, int face, const char *method, const char *params) {
  vms_outcome outcome;
  vms_outcome_init(&outcome, NULL);
  pthread_mutex_lock(&host->lock);
  check(vms_service_call_unsigned(host->services[face], (vms_slice){ NULL, 0 }, vms__slice_of(method), vms__slice_of(params), &outcome));
  if (outcome.kind != VMS_OUTCOME_RESULT) check(VMS_ERR_SCRIPT);
  check(vms_service_commit(host->services[face], VMS_COMMIT_SIGN, NULL));
  pthread_mutex_unlock(&host->lock);
  vms_outcome_free(&outcome);
}

uint64_t two_faced_length(two_faced *host, int face) { return vms_service_length(host->services[face]); }

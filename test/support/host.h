/* SPDX-License-Identifier: MIT */
/* A host in a thread, with a script at "/" and the same at "/other", on loopback and ports that it picks itself. */
#ifndef VMS_TEST_HOST_H
#define VMS_TEST_HOST_H

#include <pthread.h>
#include <stdatomic.h>

#include "lib/net/host.h"
#include "test/support/folder.h"
#include "test/support/patience.h"
#include "test/support/test.h"
#include "vms/net.h"

static const uint8_t seed[VMS_SEED_LEN] = { 7 };

static const vms_env *host_env; /* of hosts that start; NULL: the system's */
static const char *host_address = "127.0.0.1:0", *host_certificate, *host_key; /* likewise; NULL: no TLS */
static uint64_t host_max_output; /* of hosts that start; 0: the default */
static void (*host_prepare)(vms_host *host); /* before they run; NULL: nothing */

typedef struct running {
  vms_host *host;
  pthread_t thread;
  char url[128];
  uint16_t port, replicate_port;
  int status;
  _Atomic uint32_t warnings;
  char warning[256]; /* the last one */
} running;

static inline void *run_host(void *context) {
  running *r = context;
  r->status = vms_host_run(r->host, NULL);
  return NULL;
}

static inline void on_log(void *context, uint32_t level, const char *mount, const char *message) {
  static const char where[] = "replicating on 127.0.0.1:";
  running *r = context;
  (void)mount;
  if (strncmp(message, where, strlen(where)) == 0) r->replicate_port = (uint16_t)atoi(message + strlen(where));
  if (level != VMS_LOG_WARN) return;
  r->warnings++;
  snprintf(r->warning, sizeof r->warning, "%s", message);
}

/* A client of it. options NULL: the usual ones. */
static inline vms_client *client_of(const running *r, const vms_client_options *options) {
  vms_client *client;
  vms_error error;
  if (vms_client_open(&client, r->url, options, &error) != VMS_OK) fail_msg("%s: %s", r->url, error.message);
  return client;
}

/* A host gives up on whoever is slow: in a test that is nobody's fault, unless it is what it tests. */
static inline void be_patient(vms_host *host) {
  vms__times *times = &host->times;
  times->handshake = times->stall = times->message = times->ping = times->dead = times->over = PATIENCE_MS;
}

/* script NULL: what the folder has. connections: 0 for the default. */
static inline void start(running *r, const char *name, const char *script, uint32_t flags, uint32_t connections) {
  vms_host_options options = VMS_HOST_OPTIONS_INIT;
  vms_error error = { 0, 0, 0, "" };
  char dir[128];
  memset(r, 0, sizeof *r);
  snprintf(dir, sizeof dir, "%s/%s", folder, name);
  options.env = host_env;
  options.flags = flags;
  options.connections = connections;
  options.tls_cert = host_certificate;
  options.tls_key = host_key;
  options.max_output = host_max_output;
  options.log_context = r;
  options.log = on_log;
  if (vms_host_new(&r->host, dir, &options, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_ok(vms_host_listen(r->host, host_address, &error));
  assert_ok(vms_host_replicate(r->host, "0", &error));
  if (script != NULL && (vms_host_add(r->host, "/", SLICE(script), NULL, &error) != VMS_OK ||
                         vms_host_add(r->host, "/other", SLICE(script), NULL, &error) != VMS_OK))
    fail_msg("%s", error.message);
  assert_ok(vms_host_add_rest(r->host, &error));
  snprintf(r->url, sizeof r->url, "%s", vms_host_at(r->host, 0).url);
  r->port = (uint16_t)atoi(strrchr(r->url, ':') + 1);
  be_patient(r->host);
  if (host_prepare != NULL) host_prepare(r->host);
  assert_int_equal(pthread_create(&r->thread, NULL, run_host, r), 0);
}

static inline void stop(running *r) {
  vms_host_stop(r->host);
  pthread_join(r->thread, NULL);
  assert_int_equal(r->status, VMS_OK);
  vms_host_free(r->host);
}

static inline void call(vms_client *client, const char *method, const char *params, int32_t code, const char *result) {
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  vms_rpc_reply_init(&reply, NULL);
  if (vms_client_call(client, seed, method, SLICE(params), &reply, NULL, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_int_equal(reply.code, code);
  assert_text(reply.result, result);
  vms_rpc_reply_free(&reply);
}

#endif

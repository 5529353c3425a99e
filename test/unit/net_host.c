/* SPDX-License-Identifier: MIT */
/* Goal: a host and its clients over real sockets: calls, refusals, stopping, opening again; and a client whose server is hostile.
 * Method: the host runs in a thread on loopback port 0; hostile servers are a socket that sends a fixed text. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/host.h"

#define SCRIPT "exports.echo = function (x) { return x }\nexports.boom = function () { throw new Error('no') }"

static void calls_are_answered_and_survive_a_restart(void **state) {
  running r;
  vms_client *client;
  uint8_t first[VMS_KEY_LEN], second[VMS_KEY_LEN];
  (void)state;
  for (uint32_t flags = 0; flags <= VMS_HOST_NO_SYNC; flags += VMS_HOST_NO_SYNC) {
    const char *name = flags == 0 ? "sync" : "os";
    start(&r, name, SCRIPT, flags, 0);
    assert_ok(vms_client_open(&client, r.url, NULL, NULL));
    call(client, "echo", "[{\"a\":[1,null,\"x\"]}]", 0, "{\"a\":[1,null,\"x\"]}");
    call(client, "echo", "[]", 0, "");
    call(client, "boom", "[]", VMS_CODE_CONTRACT, "");
    call(client, "nope", "[]", VMS_CODE_NO_METHOD, "");
    assert_ok(vms_client_ledger(client, first, NULL));
    vms_client_close(client);
    stop(&r);
    start(&r, name, SCRIPT, flags, 0);
    assert_ok(vms_client_open(&client, r.url, NULL, NULL));
    call(client, "echo", "[5]", 0, "5");
    assert_ok(vms_client_ledger(client, second, NULL));
    assert_memory_equal(first, second, VMS_KEY_LEN);
    vms_client_close(client);
    stop(&r);
  }
}

/* Memory that runs out when it is told to. */
static _Atomic bool short_of_memory;
static _Atomic unsigned refused;

static void *short_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  if (short_of_memory && new_len > old_len) {
    refused++;
    return NULL;
  }
  return vms_env_system()->resize(vms_env_system()->context, memory, old_len, new_len);
}

static void a_moment_without_memory_ends_no_listening(void **state) {
  running r;
  vms_client *client;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_env env = *vms_env_system();
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  (void)state;
  env.resize = short_resize;
  host_env = &env;
  options.timeout_ms = PATIENCE_MS;
  start(&r, "short", SCRIPT, 0, 0);
  address.sin_port = htons(r.port);
  short_of_memory = true;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  WAIT_FOR(refused > 0);
  short_of_memory = false;
  assert_ok(vms_client_open(&client, r.url, &options, NULL));
  call(client, "echo", "[1]", 0, "1");
  vms_client_close(client);
  close(fd);
  stop(&r);
  host_env = NULL;
}

static void many_calls_under_way_are_committed_in_groups(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  uint64_t ids[200], id;
  (void)state;
  start(&r, "groups", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  vms_rpc_reply_init(&reply, NULL);
  for (size_t i = 0; i < 200; i++) assert_ok(vms_client_call_send(client, seed, "echo", SLICE("[1]"), &ids[i], NULL));
  for (size_t i = 0; i < 200; i++) {
    uint64_t seq = 0;
    assert_ok(vms_client_receive(client, &id, &reply, NULL));
    assert_int_equal(id, ids[i]);
    assert_ok(vms_rpc_reply_unwrap(&reply, &seq, NULL));
    assert_int_equal(reply.code, 0);
    assert_int_equal(seq, i + 2); /* behind block 0 and the start */
  }
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
  stop(&r);
}

static void a_pinned_ledger_has_to_be_the_one(void **state) {
  running r;
  vms_client *client;
  vms_error error;
  char url[256];
  uint64_t id;
  (void)state;
  start(&r, "pin", SCRIPT, 0, 0);
  snprintf(url, sizeof url, "%s#%064d", r.url, 0);
  assert_ok(vms_client_open(&client, url, NULL, &error));
  assert_int_equal(vms_client_call_send(client, seed, "echo", SLICE("[]"), &id, &error), VMS_ERR_FOREIGN);
  vms_client_close(client);
  stop(&r);
}

static void the_same_port_and_another_script_are_refused(void **state) {
  running r;
  vms_host *other;
  vms_error error;
  char dir[128];
  (void)state;
  start(&r, "mine", SCRIPT, 0, 0);
  snprintf(dir, sizeof dir, "%s/theirs", folder);
  assert_ok(vms_host_new(&other, dir, NULL, &error));
  char *port = strrchr(r.url, ':') + 1;
  port[strlen(port) - 1] = 0;
  assert_int_equal(vms_host_listen(other, port, &error), VMS_ERR_EXISTS);
  vms_host_free(other);
  stop(&r);
  snprintf(dir, sizeof dir, "%s/mine", folder);
  assert_ok(vms_host_new(&other, dir, NULL, &error));
  assert_int_equal(vms_host_add(other, "/", SLICE("exports.x = 1"), NULL, &error), VMS_ERR_FOREIGN);
  vms_host_free(other);
}

/* --- hostile servers ------------------------------------------------------------------------------------------ */

typedef struct scripted {
  int listener;
  const char *answer;
  pthread_t thread;
  char url[64];
} scripted;

static void *answer_once(void *context) {
  scripted *s = context;
  char bytes[4096];
  int fd = accept(s->listener, NULL, NULL);
  if (recv(fd, bytes, sizeof bytes, 0) > 0 && s->answer != NULL) (void)!send(fd, s->answer, strlen(s->answer), MSG_NOSIGNAL);
  if (s->answer == NULL) (void)!recv(fd, bytes, sizeof bytes, 0); /* silent until the client gives up */
  close(fd);
  return NULL;
}

static int open_against(const char *answer) {
  scripted s = { socket(AF_INET, SOCK_STREAM, 0), answer, 0, "" };
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_client *client;
  int status;
  options.timeout_ms = answer == NULL ? 300 : PATIENCE_MS;
  assert_int_equal(bind(s.listener, (struct sockaddr *)&address, len), 0);
  assert_int_equal(getsockname(s.listener, (struct sockaddr *)&address, &len), 0);
  assert_int_equal(listen(s.listener, 1), 0);
  snprintf(s.url, sizeof s.url, "ws://127.0.0.1:%u/", ntohs(address.sin_port));
  assert_int_equal(pthread_create(&s.thread, NULL, answer_once, &s), 0);
  status = vms_client_open(&client, s.url, &options, NULL);
  vms_client_close(client);
  pthread_join(s.thread, NULL);
  close(s.listener);
  return status;
}

static void a_client_is_not_fooled(void **state) {
  (void)state;
  assert_int_equal(open_against(NULL), VMS_ERR_TIMEOUT);
  assert_int_equal(open_against(""), VMS_ERR_REMOTE);
  assert_int_equal(open_against("SSH-2.0-OpenSSH_9.2\r\n"), VMS_ERR_REMOTE);
  assert_int_equal(open_against("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), VMS_ERR_REMOTE);
  assert_int_equal(open_against("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), VMS_ERR_REMOTE);
  assert_int_equal(open_against("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"), VMS_ERR_REMOTE);
}

static void nobody_there_is_an_io_error(void **state) {
  vms_client *client;
  vms_error error;
  (void)state;
  assert_int_equal(vms_client_open(&client, "ws://127.0.0.1:1/", NULL, &error), VMS_ERR_IO);
  assert_non_null(strstr(error.message, "nobody answers at 127.0.0.1:1"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(calls_are_answered_and_survive_a_restart),
    cmocka_unit_test(many_calls_under_way_are_committed_in_groups),
    cmocka_unit_test(a_moment_without_memory_ends_no_listening),
    cmocka_unit_test(a_pinned_ledger_has_to_be_the_one),
    cmocka_unit_test(the_same_port_and_another_script_are_refused),
    cmocka_unit_test(a_client_is_not_fooled),
    cmocka_unit_test(nobody_there_is_an_io_error),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: MIT */
/* Goal: what a host says is the same over TCP, TLS and a Unix socket, and none of them can be used to make it stumble.
 * Method: a host in a thread; its own client; sockets that say half of what they should, or something else. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/certificates.h"
#include "test/support/folder.h"
#include "test/support/host.h"
#include "test/support/storage.h"

#define SCRIPT "exports.echo = function (x) { return x }\nexports.many = function (n) { return 'x'.repeat(n) }\n" \
               "exports.keep = async function (n) { await System.files.writeFile('/f', 'y'.repeat(n)) }"

static identity first, second;
static char chain_file[256], trust_file[256], socket_address[256];

static void path_in(char path[256], const char *name) { snprintf(path, 256, "%s/%s", folder, name); }

static void use_tls(void) {
  identity_write(chain_file, first.certificate, NULL, first.key);
  identity_write(trust_file, first.certificate, second.certificate, NULL);
  host_address = "127.0.0.1:0";
  host_certificate = chain_file;
}

static void use_socket(void) {
  host_address = socket_address;
  host_certificate = NULL;
}

static vms_client *open_client(const running *r) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  options.ca = trust_file;
  options.timeout_ms = PATIENCE_MS;
  return client_of(r, &options);
}

/* Calls under way by the dozen, answers of every size. */
static void talk(vms_client *client) {
  static const size_t sizes[] = { 0, 1, 100, 16383, 16384, 16385, 65536, 131072, 900000 };
  vms_rpc_reply reply;
  char params[32];
  uint64_t id, last = 0;
  vms_rpc_reply_init(&reply, NULL);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    snprintf(params, sizeof params, "[%zu]", sizes[i]);
    if (vms_client_call(client, seed, "many", SLICE(params), &reply, NULL, NULL) != VMS_OK) fail_msg("%s", params);
    assert_int_equal(reply.code, 0);
    assert_int_equal(reply.result.len, sizes[i] + 2);
  }
  for (int i = 0; i < 24; i++) assert_ok(vms_client_call_send(client, seed, "many", SLICE("[400000]"), &last, NULL));
  for (int i = 0; i < 24; i++) {
    assert_ok(vms_client_receive(client, &id, &reply, NULL));
    assert_int_equal(reply.code, 0);
    assert_true(reply.result.len > 400000);
  }
  vms_rpc_reply_free(&reply);
}

static void copy_it(vms_client *client) {
  vms_download_options options = VMS_DOWNLOAD_OPTIONS_INIT;
  vms_audit_options audit = VMS_AUDIT_OPTIONS_INIT;
  vms_verdict verdict;
  vms_error error;
  vms_copy *copy;
  vms_verdict_init(&verdict, NULL);
  if (vms_download(&copy, client, &options, &audit, &verdict, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_non_null(copy);
  vms_copy_close(copy);
  vms_verdict_free(&verdict);
}

static void everything_goes_over(const char *name, const char *scheme) {
  running r;
  vms_client *client;
  start(&r, name, SCRIPT, 0, 0);
  assert_memory_equal(r.url, scheme, strlen(scheme));
  client = open_client(&r);
  call(client, "echo", "[{\"a\":[1,null,\"x\"]}]", 0, "{\"a\":[1,null,\"x\"]}");
  call(client, "keep", "[700000]", 0, "");
  talk(client);
  copy_it(client);
  vms_client_close(client);
  stop(&r);
}

static void calls_and_copies_go_over_tls(void **state) {
  (void)state;
  use_tls();
  everything_goes_over("tls", "wss://127.0.0.1:");
}

static void calls_and_copies_go_over_a_unix_socket(void **state) {
  (void)state;
  use_socket();
  everything_goes_over("local", "ws+unix:/");
  assert_int_not_equal(access(socket_address + strlen("unix:"), F_OK), 0);
}

static void a_host_whose_certificate_is_not_trusted_is_not_talked_to(void **state) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_client *client;
  vms_error error;
  running r;
  char url[160];
  (void)state;
  use_tls();
  start(&r, "untrusted", SCRIPT, 0, 0);
  assert_int_equal(vms_client_open(&client, r.url, NULL, &error), VMS_ERR_SIGNATURE);
  assert_non_null(strstr(error.message, "self-signed"));
  options.ca = trust_file;
  snprintf(url, sizeof url, "ws://127.0.0.1:%u/", (unsigned)r.port);
  assert_int_equal(vms_client_open(&client, url, &options, &error), VMS_ERR_REMOTE);
  options.ca = "/no/such/file";
  assert_int_equal(vms_client_open(&client, r.url, &options, &error), VMS_ERR_ARGUMENT);
  assert_non_null(strstr(error.message, "/no/such/file"));
  stop(&r);
}

static void a_new_certificate_is_for_new_connections(void **state) {
  running r;
  vms_client *old, *fresh = NULL;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  char only_second[256];
  (void)state;
  use_tls();
  path_in(only_second, "second.pem");
  identity_write(only_second, second.certificate, NULL, NULL);
  options.ca = only_second;
  start(&r, "renewed", SCRIPT, 0, 0);
  old = open_client(&r);
  assert_int_equal(vms_client_open(&fresh, r.url, &options, NULL), VMS_ERR_SIGNATURE);
  identity_write(chain_file, second.certificate, NULL, first.key); /* they do not fit: nothing changes */
  vms_host_reload(r.host);
  call(old, "echo", "[1]", 0, "1");
  assert_int_equal(vms_client_open(&fresh, r.url, &options, NULL), VMS_ERR_SIGNATURE);
  identity_write(chain_file, second.certificate, NULL, second.key);
  vms_host_reload(r.host);
  WAIT_FOR(vms_client_open(&fresh, r.url, &options, NULL) == VMS_OK);
  call(fresh, "echo", "[2]", 0, "2");
  call(old, "echo", "[3]", 0, "3");
  vms_client_close(fresh);
  vms_client_close(old);
  stop(&r);
}

/* A host reads no more from who does not take answers, and goes on where it was once they are taken. */
static void who_asks_first_and_reads_later_gets_every_answer(void **state) {
  enum { QUESTIONS = 12000 };
  running r;
  (void)state;
  for (int tls = 0; tls < 2; tls++) {
    vms_client *client;
    vms_rpc_reply reply;
    vms_error error;
    uint64_t id, sum = 0, bytes = 0;
    if (tls) use_tls();
    else use_socket();
    start(&r, tls ? "later-tls" : "later", SCRIPT, 0, 0);
    client = open_client(&r);
    vms_rpc_reply_init(&reply, NULL);
    for (int i = 0; i < QUESTIONS; i++) {
      if (vms_client_send(client, "rpc.discover", (vms_slice){ NULL, 0 }, &id, &error) != VMS_OK) fail_msg("%s", error.message);
      sum += id;
    }
    for (int i = 0; i < QUESTIONS; i++) {
      if (vms_client_receive(client, &id, &reply, &error) != VMS_OK) fail_msg("answer %d: %s", i, error.message);
      assert_int_equal(reply.code, 0);
      bytes += reply.result.len;
      sum -= id;
    }
    assert_int_equal(sum, 0);
    assert_true(bytes > (UINT64_C(10) << 20)); /* more than a session and the system's buffers hold */
    vms_rpc_reply_free(&reply);
    vms_client_close(client);
    stop(&r);
  }
}

/* --- a wire that damages and breaks ------------------------------------------------------------------------------------ */

/* Carries bytes between one caller at a time and the host, some thousands of them; then it flips a bit, or hangs up. */
typedef struct bad_wire {
  int fd;
  uint16_t port, host_port;
  uint64_t random;
  _Atomic uint32_t flipped, cut;
  atomic_bool over;
  pthread_t thread;
} bad_wire;

static int connect_port(uint16_t port) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(port) };
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

/* Moves what there is; false: the end. */
static bool carry_once(bad_wire *wire, int from, int to, int64_t *budget) {
  char bytes[16384];
  ssize_t n = recv(from, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  *budget -= n;
  if (*budget <= 0 && sim_random(&wire->random) % 2 == 0) {
    wire->cut++;
    return false;
  }
  if (*budget <= 0) {
    bytes[sim_random(&wire->random) % (uint64_t)n] ^= 16;
    wire->flipped++;
    *budget = INT32_MAX;
  }
  return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void *run_wire(void *context) {
  bad_wire *wire = context;
  for (;;) {
    int caller = accept(wire->fd, NULL, NULL), host;
    int64_t budget = (int64_t)(sim_random(&wire->random) % 40000);
    bool open = caller >= 0 && !wire->over;
    if (!open) {
      if (caller >= 0) close(caller);
      return NULL;
    }
    host = connect_port(wire->host_port);
    while (open) {
      struct pollfd ends[2] = { { caller, POLLIN, 0 }, { host, POLLIN, 0 } };
      if (poll(ends, 2, PATIENCE_MS) <= 0) break;
      if (ends[0].revents != 0) open = carry_once(wire, caller, host, &budget);
      if (open && ends[1].revents != 0) open = carry_once(wire, host, caller, &budget);
    }
    close(host);
    close(caller);
  }
}

static void wire_begin(bad_wire *wire, uint16_t host_port) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  const char *given = getenv("SEED");
  memset(wire, 0, sizeof *wire);
  wire->random = given == NULL ? 1 : strtoull(given, NULL, 10);
  wire->host_port = host_port;
  wire->fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(wire->fd, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(wire->fd, 8), 0);
  assert_int_equal(getsockname(wire->fd, (struct sockaddr *)&address, &len), 0);
  wire->port = ntohs(address.sin_port);
  assert_int_equal(pthread_create(&wire->thread, NULL, run_wire, wire), 0);
}

static void wire_end(bad_wire *wire) {
  wire->over = true;
  close(connect_port(wire->port));
  pthread_join(wire->thread, NULL);
  close(wire->fd);
}

/* TLS turns a changed byte into a lost connection; calls outlive those, and run once. */
static void bytes_that_change_on_the_way_cost_a_connection_and_no_call(void **state) {
  enum { CALLS = 200 };
  running r;
  bad_wire wire;
  vms_client *client = NULL;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  char url[64], wanted[16];
  (void)state;
  use_tls();
  start(&r, "damaged", "let n = 0\nexports.next = function () { return ++n }", 0, 0);
  wire_begin(&wire, r.port);
  snprintf(url, sizeof url, "wss://127.0.0.1:%u/", (unsigned)wire.port);
  options.ca = trust_file;
  options.timeout_ms = PATIENCE_MS;
  for (int i = 0; i < 50 && client == NULL; i++) (void)vms_client_open(&client, url, &options, NULL); /* the first one is not tried again */
  assert_non_null(client);
  for (int i = 1; i <= CALLS || wire.cut + wire.flipped < 5 || wire.flipped == 0 || wire.cut == 0; i++) { /* how much one reading takes is chance */
    snprintf(wanted, sizeof wanted, "%d", i);
    call(client, "next", "[]", 0, wanted);
  }
  vms_client_close(client);
  wire_end(&wire);
  stop(&r);
}

/* --- peers that misbehave -------------------------------------------------------------------------------------------- */

/* The first bytes of a handshake, up to `cut`, then silence, a reset, or garbage. */
static int half_a_handshake(const running *r, size_t cut, const char *then) {
  vms__tls_context *context;
  vms__tls *tls;
  vms_buffer wire = VMS_BUFFER_INIT;
  int fd = connect_port(r->port);
  assert_ok(vms__tls_client(&context, trust_file, NULL));
  assert_ok(vms__tls_new(&tls, context, "127.0.0.1", NULL, NULL));
  assert_ok(vms__tls_handshake(tls, NULL));
  assert_ok(vms__tls_take(tls, &wire, NULL));
  size_t len = VMS__MIN(cut, wire.len);
  assert_int_equal(send(fd, wire.data, len, MSG_NOSIGNAL), len);
  if (then != NULL) (void)send(fd, then, strlen(then), MSG_NOSIGNAL);
  vms_buffer_free(&wire);
  vms__tls_free(tls);
  vms__tls_context_free(context);
  return fd;
}

static void half_handshakes_garbage_and_resets_harm_nobody(void **state) {
  static const char garbage[] = "\x17\x03\x03\x00\x20no such record, no such record!!";
  static const size_t cuts[] = { 0, 1, 4, 5, 6, 100, 10000 };
  struct linger reset = { 1, 0 };
  int silent[sizeof cuts / sizeof *cuts];
  running r;
  vms_client *client;
  (void)state;
  use_tls();
  start(&r, "hostile", SCRIPT, 0, 0);
  client = open_client(&r);
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    char bytes[65536];
    ssize_t n;
    silent[i] = half_a_handshake(&r, cuts[i], NULL);
    int noisy = half_a_handshake(&r, cuts[i], garbage);
    shutdown(noisy, SHUT_WR);
    while ((n = recv(noisy, bytes, sizeof bytes, 0)) > 0) {} /* it is hung up on, not left waiting */
    assert_true(n == 0 || errno == ECONNRESET);
    close(noisy);
    int gone = half_a_handshake(&r, cuts[i], NULL);
    assert_int_equal(setsockopt(gone, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    close(gone);
    call(client, "echo", "[1]", 0, "1");
  }
  int speaker = connect_port(r.port); /* HTTP in the clear is answered */
  char text[512] = { 0 };
  assert_true(send(speaker, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, MSG_NOSIGNAL) == 27);
  assert_true(recv(speaker, text, sizeof text - 1, MSG_WAITALL) > 0);
  assert_memory_equal(text, "HTTP/1.1 400 ", 13);
  close(speaker);
  vms_client_close(client);
  stop(&r); /* with handshakes that never went on */
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) close(silent[i]);
}

/* A server that answers every connection with the same bytes and hangs up. */
typedef struct fixed {
  int fd;
  const char *bytes;
  uint16_t port;
  pthread_t thread;
} fixed;

static void *answer_fixed(void *context) {
  fixed *f = context;
  char bytes[4096];
  int fd = accept(f->fd, NULL, NULL);
  (void)recv(fd, bytes, sizeof bytes, 0);
  (void)send(fd, f->bytes, strlen(f->bytes), MSG_NOSIGNAL);
  shutdown(fd, SHUT_WR);
  while (recv(fd, bytes, sizeof bytes, 0) > 0) {}
  close(fd);
  return NULL;
}

static void a_client_is_not_fooled_by_who_speaks_no_tls(void **state) {
  static const char *const answers[] = { "", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "\x15\x03\x03", "\x16\x03\x03\x40\x00", "SSH-2.0-x\r\n" };
  (void)state;
  use_tls();
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof address;
    fixed f = { socket(AF_INET, SOCK_STREAM, 0), answers[i], 0, 0 };
    vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
    vms_client *client;
    vms_error error;
    char url[64];
    assert_int_equal(bind(f.fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(f.fd, 1), 0);
    assert_int_equal(getsockname(f.fd, (struct sockaddr *)&address, &len), 0);
    snprintf(url, sizeof url, "wss://127.0.0.1:%u/", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&f.thread, NULL, answer_fixed, &f), 0);
    options.ca = trust_file;
    options.timeout_ms = PATIENCE_MS;
    assert_int_equal(vms_client_open(&client, url, &options, &error), VMS_ERR_REMOTE);
    pthread_join(f.thread, NULL);
    close(f.fd);
  }
}

/* Who is at the other end goes away without a word: the client has lost a connection, no more. */
static void a_host_that_stops_is_a_connection_that_was_closed(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error;
  (void)state;
  for (int tls = 0; tls < 2; tls++) {
    if (tls) use_tls();
    else use_socket();
    start(&r, tls ? "stopping-tls" : "stopping", SCRIPT, 0, 0);
    vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
    options.ca = trust_file;
    options.flags = VMS_CLIENT_NO_RETRY;
    assert_ok(vms_client_open(&client, r.url, &options, &error));
    vms_rpc_reply_init(&reply, NULL);
    assert_ok(vms_client_request(client, "vms.head", (vms_slice){ NULL, 0 }, &reply, &error));
    stop(&r);
    assert_int_equal(vms_client_request(client, "vms.head", (vms_slice){ NULL, 0 }, &reply, &error), VMS_ERR_CLOSED);
    vms_rpc_reply_free(&reply);
    vms_client_close(client);
  }
}

static int make_all(void **state) {
  int status = make_folder(state);
  first = identity_make((identity_options){ "first", "DNS:localhost,IP:127.0.0.1", NULL, 0, 0, 0 });
  second = identity_make((identity_options){ "second", "IP:127.0.0.1", NULL, 0, 0, 0 });
  path_in(chain_file, "host.pem");
  path_in(trust_file, "trust.pem");
  snprintf(socket_address, sizeof socket_address, "unix:%s/socket", folder);
  return status;
}

static int free_all(void **state) {
  identity_free(&first);
  identity_free(&second);
  return remove_folder(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(calls_and_copies_go_over_tls),
    cmocka_unit_test(calls_and_copies_go_over_a_unix_socket),
    cmocka_unit_test(a_host_whose_certificate_is_not_trusted_is_not_talked_to),
    cmocka_unit_test(a_new_certificate_is_for_new_connections),
    cmocka_unit_test(who_asks_first_and_reads_later_gets_every_answer),
    cmocka_unit_test(bytes_that_change_on_the_way_cost_a_connection_and_no_call),
    cmocka_unit_test(half_handshakes_garbage_and_resets_harm_nobody),
    cmocka_unit_test(a_client_is_not_fooled_by_who_speaks_no_tls),
    cmocka_unit_test(a_host_that_stops_is_a_connection_that_was_closed),
  };
  return cmocka_run_group_tests(tests, make_all, free_all);
}

/* SPDX-License-Identifier: MIT */
/* Goal: calls that wait on a host are fair to others, keep it responsive, and end well when it stops.
 * Method: a host in a thread; one client that sends hundreds of slow calls at once, and others beside it. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "lib/net/host.h"
#include "test/support/raw.h"

#define SCRIPT "let n = 0\nexports.add = () => ++n\nexports.slow = () => { for (let i = 0; i < 20000; i++); return ++n }"
#define RAW_SCRIPT SCRIPT "\nexports.big = () => 'x'.repeat(1000000)\n" \
  "exports.init = async () => { await System.files.writeFile('/big', 'x'.repeat(1000000)) }"
#define FLOOD 300u
#define HELD 100u /* as many as a connection may have under way at once, and not many more */

static void flood(vms_client *client, uint8_t key, size_t count) {
  uint8_t own[VMS_SEED_LEN] = { key };
  uint64_t id;
  for (size_t i = 0; i < count; i++) assert_ok(vms_client_call_send(client, own, "slow", SLICE("[]"), &id, NULL));
}

/* Waits for an answer; gives its code, and the number of its record. */
static int32_t next_answer(vms_client *client, uint64_t *seq) {
  vms_rpc_reply reply;
  uint64_t id;
  *seq = 0;
  vms_rpc_reply_init(&reply, NULL);
  int status = vms_client_receive(client, &id, &reply, NULL);
  if (status == VMS_OK) assert_ok(vms_rpc_reply_unwrap(&reply, seq, NULL));
  int32_t code = status == VMS_OK ? reply.code : 99;
  vms_rpc_reply_free(&reply);
  return code;
}

static void be_watchful(vms_host *host) { host->times.sweep = 10; }

static void start_watchful(running *r, const char *name, const char *script, uint32_t flags) {
  host_prepare = be_watchful;
  start(r, name, script, flags, 0);
  host_prepare = NULL;
}

/* Calls arrive and none runs, until a watchful host is told what it may hold. */
static uint64_t hold(running *r) {
  uint64_t max = r->host->call_bytes.held_max;
  r->host->call_bytes.held_max = 0;
  return max;
}

static size_t waiting_calls(const running *r) { return r->host->mounts[0]->queue.slots; }

/* All that was sent before has been read once there is an answer. */
static void look_up(vms_client *client) {
  vms_rpc_reply reply;
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "vms.info", SLICE("[]"), &reply, NULL));
  vms_rpc_reply_free(&reply);
}

static void a_flood_keeps_nobody_waiting(void **state) {
  running r;
  vms_client *flooder, *other;
  uint64_t id, seq;
  uint8_t own[VMS_SEED_LEN] = { 2 };
  (void)state;
  start_watchful(&r, "flood", SCRIPT, 0);
  flooder = client_of(&r, NULL);
  other = client_of(&r, NULL);
  call(other, "add", "[]", 0, "1"); /* it knows the ledger now */
  uint64_t max = hold(&r);
  flood(flooder, 1, HELD);
  look_up(flooder);
  assert_ok(vms_client_call_send(other, own, "add", SLICE("[]"), &id, NULL));
  WAIT_FOR(waiting_calls(&r) == HELD + 1);
  r.host->call_bytes.held_max = max;
  assert_int_equal(next_answer(other, &seq), 0);
  assert_in_range(seq, 1, HELD / 2); /* not behind all of them */
  for (size_t i = 0; i < HELD; i++) assert_int_equal(next_answer(flooder, &seq), 0);
  assert_int_equal(seq, HELD + 3); /* block 0, the start, two of the other's before */
  vms_client_close(flooder);
  vms_client_close(other);
  stop(&r);
}

static void write_params(vms_buffer *params, const vms_buffer *text, const uint8_t key[VMS_KEY_LEN], const uint8_t signature[VMS_SIGNATURE_LEN]) {
  vms__buf_clear(params);
  assert_ok(vms__buf_text(params, "{\"request\":"));
  assert_ok(vms__buf_json_string(params, text->data, text->len));
  assert_ok(vms__buf_text(params, ",\"caller\":\""));
  assert_ok(vms__buf_hex(params, key, VMS_KEY_LEN));
  assert_ok(vms__buf_text(params, "\",\"signature\":\""));
  assert_ok(vms__buf_hex(params, signature, VMS_SIGNATURE_LEN));
  assert_ok(vms__buf_text(params, "\"}"));
}

/* Calls whose signatures do not fit, on a connection of their own. */
static void who_forged_is_told_why_only_one_call_is_taken(const running *r, const vms_buffer *params) {
  vms_buffer call = VMS_BUFFER_INIT, bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  int fd = upgraded_with(r, 0);
  bool told = false;
  assert_ok(vms__buf_format(&call, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":%.*s}", (int)params->len, params->data));
  say_message(fd, call.data);
  assert_int_equal(hear(fd, &answer), 1);
  assert_non_null(strstr(answer.data, "-32001"));
  for (int i = 0; i < 3; i++) frame_add(&bytes, 1, call.data);
  say_bytes(fd, &bytes);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(hear(fd, &answer), 1);
    told = told || strstr(answer.data, "-32004,\"message\":\"busy: the last signature from here did not fit") != NULL;
  }
  assert_true(told);
  close(fd);
  vms_buffer_free(&call);
  vms_buffer_free(&answer);
}

/* Signs a call of "add"; appends the text, and gives key and signature. */
static void sign_add(vms_client *client, vms_buffer *text, uint8_t key[VMS_KEY_LEN], uint8_t signature[VMS_SIGNATURE_LEN]) {
  vms_request request = { .nonce = 5, .method = SLICE("add"), .params = SLICE("[]") };
  vms_rpc_reply reply;
  vms_head head;
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "vms.head", SLICE("[]"), &reply, NULL));
  assert_ok(vms_head_read(vms__buf_view(&reply.result), &head, NULL));
  assert_ok(vms_client_ledger(client, request.ledger, NULL));
  request.until_ms = vms_env_system()->now_ms(NULL) + 3600000;
  request.seen_length = head.length;
  memcpy(request.seen_hash, head.tree_hash, VMS_HASH_LEN);
  assert_ok(vms_request_write(text, &request, NULL));
  assert_ok(vms_request_sign(vms__buf_view(text), seed, signature));
  vms_key_public(seed, key);
  vms_rpc_reply_free(&reply);
}

static void a_bad_signature_is_refused_and_runs_nothing(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  vms_buffer text = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT;
  uint8_t signature[VMS_SIGNATURE_LEN], key[VMS_KEY_LEN];
  (void)state;
  start(&r, "forged", SCRIPT, 0, 0);
  client = client_of(&r, NULL);
  vms_rpc_reply_init(&reply, NULL);
  sign_add(client, &text, key, signature);
  for (int bad = 1; bad >= 0; bad--) {
    signature[7] ^= (uint8_t)bad;
    write_params(&params, &text, key, signature);
    assert_ok(vms_client_request(client, "vms.call", vms__buf_view(&params), &reply, NULL));
    assert_int_equal(reply.code, bad ? VMS_CODE_SIGNATURE : 0);
    if (bad) who_forged_is_told_why_only_one_call_is_taken(&r, &params);
    signature[7] ^= (uint8_t)bad;
  }
  assert_ok(vms_rpc_reply_unwrap(&reply, NULL, NULL));
  assert_text(reply.result, "1"); /* it is the first that ran */
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&text);
  vms_buffer_free(&params);
  vms_client_close(client);
  stop(&r);
}

static void who_hangs_up_harms_nobody(void **state) {
  running r;
  vms_client *client;
  uint64_t seq;
  (void)state;
  start(&r, "gone", SCRIPT, 0, 0);
  for (uint8_t i = 0; i < 5; i++) {
    client = client_of(&r, NULL);
    flood(client, (uint8_t)(i + 10), FLOOD);
    assert_int_equal(next_answer(client, &seq), 0);
    vms_client_close(client);
  }
  client = client_of(&r, NULL);
  flood(client, 1, 1);
  assert_int_equal(next_answer(client, &seq), 0);
  assert_in_range(seq, 2 + 5, 2 + 5 * FLOOD); /* how much of it never ran is chance; who_is_cut_off_calls_no_more has none run */
  vms_client_close(client);
  stop(&r);
}

static running *stopping;
static _Atomic unsigned calls_left;

/* The time is asked for when a call runs: with the last one the host is told to stop, in the middle of what it does. */
static uint64_t stop_with_the_last(void *context) {
  if (stopping != NULL && calls_left > 0 && --calls_left == 0) vms_host_stop(stopping->host);
  return vms_env_system()->now_ms(context);
}

static void start_to_stop(running *r, const char *name, const char *script, uint32_t flags, vms_env *env) {
  *env = *vms_env_system();
  env->now_ms = stop_with_the_last;
  host_env = env;
  start_watchful(r, name, script, flags);
  host_env = NULL;
  stopping = r;
}

/* Of those that were held; then the host stops, however fast it is. */
static void run_some(running *r, uint64_t max) {
  calls_left = HELD / 2;
  r->host->call_bytes.held_max = max;
}

static void stopping_runs_nothing_more_and_keeps_what_was_answered(void **state) {
  running r;
  vms_client *client;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_env env;
  uint64_t seq, newest = 0;
  size_t done = 0;
  (void)state;
  options.flags = VMS_CLIENT_NO_RETRY;
  start_to_stop(&r, "stop", SCRIPT, 0, &env);
  assert_ok(vms_client_open(&client, r.url, &options, NULL));
  uint64_t max = hold(&r);
  flood(client, 1, HELD);
  look_up(client);
  run_some(&r, max);
  while (next_answer(client, &seq) == 0) { /* what is refused the client keeps for another host, until the connection ends */
    newest = VMS__MAX(newest, seq);
    done++;
  }
  assert_in_range(done, 1, HELD - 1);
  vms_client_close(client);
  pthread_join(r.thread, NULL);
  assert_ok(r.status);
  vms_host_free(r.host);
  stopping = NULL;
  start(&r, "stop", SCRIPT, 0, 0);
  client = client_of(&r, NULL);
  flood(client, 2, 1);
  assert_int_equal(next_answer(client, &seq), 0);
  assert_in_range(seq, newest + 2, HELD + 1); /* what was answered stands, a start behind it; most of the others never ran */
  vms_client_close(client);
  stop(&r);
}

/* --- without the library's client: what is sent once counts once ---------------------------------------------------- */

/* Appends a call of an anonymous caller as a frame. id 0: a notification. */
static void call_add(vms_buffer *bytes, const char *method, unsigned id) {
  char text[100];
  if (id == 0) snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":[]}", method);
  else snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":[]}", id, method);
  frame_add(bytes, 1, text);
}

/* What a fresh caller's "add" gives: one more than the calls that ran. */
static unsigned added(const running *r) {
  vms_buffer bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  int fd = upgraded(r);
  call_add(&bytes, "add", 1);
  say_bytes(fd, &bytes);
  assert_int_equal(hear(fd, &answer), 1);
  const char *result = strstr(answer.data, "\"result\":");
  if (result == NULL) fail_msg("%s", answer.data);
  unsigned number = (unsigned)atoi(result + 9);
  vms_buffer_free(&answer);
  close(fd);
  return number;
}

/* Which answer this is: 0 if it is a result, else the code of its error. */
static int judge_answer(const vms_buffer *answer, unsigned *id) {
  const char *code = strstr(answer->data, "\"code\":"), *number = strstr(answer->data, "\"id\":");
  assert_non_null(number);
  *id = (unsigned)atoi(number + 5);
  return code == NULL ? 0 : atoi(code + 7);
}

static void what_ran_is_answered_and_what_is_refused_did_not_run(void **state) {
  running r;
  vms_env env;
  vms_buffer bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  bool answered[HELD + 1] = { false };
  unsigned id, ran = 0, refused = 0;
  int opcode;
  (void)state;
  start_to_stop(&r, "strict", RAW_SCRIPT, VMS_HOST_ANONYMOUS, &env);
  uint64_t before = vms_service_length(r.host->mounts[0]->deployed.service);
  int fd = upgraded_with(&r, 0);
  uint64_t max = hold(&r);
  for (id = 1; id <= HELD; id++) call_add(&bytes, "slow", id);
  say_bytes(fd, &bytes);
  WAIT_FOR(waiting_calls(&r) == HELD);
  run_some(&r, max);
  while ((opcode = hear(fd, &answer)) == 1) {
    int code = judge_answer(&answer, &id);
    assert_in_range(id, 1, HELD);
    assert_false(answered[id]);
    answered[id] = true;
    assert_true(code == 0 || code == VMS_CODE_SHUTDOWN);
    ran += code == 0;
    refused += code != 0;
  }
  assert_int_equal(opcode, 8); /* it says goodbye when all is said */
  assert_true(ran > 0 && refused > 0);
  assert_int_equal(ran + refused, HELD);
  close(fd);
  pthread_join(r.thread, NULL);
  assert_ok(r.status);
  stopping = NULL;
  assert_int_equal(vms_service_length(r.host->mounts[0]->deployed.service), before + ran);
  assert_int_equal(vms_service_durable(r.host->mounts[0]->deployed.service), before + ran);
  vms_host_free(r.host);
  vms_buffer_free(&answer);
}

static void who_says_goodbye_has_the_answers_first(void **state) {
  running r;
  vms_buffer bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  unsigned id;
  (void)state;
  start(&r, "goodbye", RAW_SCRIPT, VMS_HOST_ANONYMOUS, 0);
  for (int ends = 0; ends < 2; ends++) { /* a close frame, then the same with the end of what the socket sends */
    int fd = upgraded(&r);
    for (id = 1; id <= 5; id++) call_add(&bytes, "slow", id);
    call_add(&bytes, "slow", 0);
    frame_add(&bytes, 8, "\x03\xe8");
    for (int i = 0; i < 50; i++) frame_add(&bytes, 1, "behind it nothing counts");
    say_bytes(fd, &bytes);
    if (ends) assert_int_equal(shutdown(fd, SHUT_WR), 0);
    for (unsigned i = 1; i <= 5; i++) {
      assert_int_equal(hear(fd, &answer), 1);
      assert_int_equal(judge_answer(&answer, &id), 0);
      assert_int_equal(id, i);
    }
    assert_int_equal(hear(fd, &answer), 8);
    assert_int_equal(hear(fd, &answer), -1);
    close(fd);
  }
  WAIT_FOR(waiting_calls(&r) == 0);
  assert_int_equal(added(&r), 13);
  stop(&r);
  vms_buffer_free(&answer);
}

static void post(int fd, const char *path, const char *keep, unsigned id, const char *method) {
  char body[100], text[400];
  if (id == 0) snprintf(body, sizeof body, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":[]}", method);
  else snprintf(body, sizeof body, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":[]}", id, method);
  snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: %s\r\nContent-Length: %zu\r\n\r\n%s",
           path, keep, strlen(body), body);
  say(fd, text);
}

static void who_sends_no_more_has_the_answer_to_what_was_sent(void **state) {
  running r;
  char text[2000] = "";
  ssize_t got = 0, some;
  (void)state;
  start(&r, "half", RAW_SCRIPT, VMS_HOST_ANONYMOUS, 0);
  int fd = knock(&r);
  post(fd, "/", "keep-alive", 0, "slow");
  post(fd, "/other", "keep-alive", 0, "slow"); /* does not take the first one's place */
  post(fd, "/", "keep-alive", 2, "slow");
  assert_int_equal(shutdown(fd, SHUT_WR), 0);
  while (got < (ssize_t)sizeof text - 1 && (some = recv(fd, text + got, sizeof text - 1 - (size_t)got, 0)) > 0) got += some;
  assert_non_null(strstr(text, "\"result\":"));
  close(fd);
  fd = knock(&r);
  post(fd, "/", "close", 0, "slow");
  assert_true(recv(fd, text, sizeof text, 0) > 0);
  close(fd);
  WAIT_FOR(waiting_calls(&r) == 0);
  assert_int_equal(added(&r), 4);
  stop(&r);
}

static void who_is_cut_off_calls_no_more(void **state) {
  const struct linger reset = { 1, 0 };
  running r;
  vms_buffer bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  (void)state;
  start_watchful(&r, "cut", RAW_SCRIPT, VMS_HOST_ANONYMOUS);
  int fd = upgraded(&r);
  call_add(&bytes, "slow", 1);
  say_bytes(fd, &bytes);
  assert_int_equal(hear(fd, &answer), 1);
  uint64_t max = hold(&r);
  for (unsigned id = 1; id <= HELD; id++) call_add(&bytes, "slow", id);
  say_bytes(fd, &bytes);
  WAIT_FOR(waiting_calls(&r) == HELD);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close(fd);
  WAIT_FOR(r.host->connection_count == 0);
  r.host->call_bytes.held_max = max;
  assert_int_equal(added(&r), 2);
  stop(&r);
  vms_buffer_free(&answer);
}

/* Two requests come at once; the first one is what the connection goes for: the second one must not have a place in the queue. */
static void who_is_dropped_calls_no_more(void **state) {
  static const char read[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.readFile\",\"params\":[\"/big\"]}";
  running r;
  vms_buffer bytes = VMS_BUFFER_INIT;
  char batch[500];
  (void)state;
  start(&r, "dropped", RAW_SCRIPT, VMS_HOST_ANONYMOUS, 0);
  int fd = upgraded(&r);
  snprintf(batch, sizeof batch, "[%s,%s,%s,%s,%s]", read, read, read, read, read);
  say_message(fd, batch); /* more than the sockets between hold */
  WAIT_FOR(r.host->waiting > 0);
  const vms__connection *connection = r.host->connections;
  do { /* until the sockets take no more, the host has noticed, and that is a while ago */
    frame_add(&bytes, 10, "");
    say_bytes(fd, &bytes);
    usleep(1200000);
  } while (vms__connection_waiting(connection) != connection->waiting || vms__os_monotonic_ms() < connection->taken_ms + 1100);
  r.host->options.max_output = r.host->waiting + 1; /* there is no room for another answer, and who takes nothing has to go */
  frame_add(&bytes, 1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.info\"}");
  call_add(&bytes, "slow", 7);
  say_bytes(fd, &bytes);
  WAIT_FOR(r.host->connection_count == 0);
  r.host->options.max_output = 100000000;
  assert_int_equal(added(&r), 1);
  close(fd);
  stop(&r);
}

/* The files of this process cannot grow beyond so many bytes. */
static void limit_files(rlim_t len) {
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = VMS__MIN(len, limit.rlim_max);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The disk is full, a call that ran waits for room; its caller's connection is lost, say, and the same request comes again. */
static void who_asks_again_on_a_full_disk_is_not_told_that_nothing_was_done(void **state) {
  running r;
  vms_client *client;
  vms_buffer text = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT, same = VMS_BUFFER_INIT, bytes = VMS_BUFFER_INIT, first = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  uint8_t signature[VMS_SIGNATURE_LEN], key[VMS_KEY_LEN];
  unsigned id;
  (void)state;
  start(&r, "full", SCRIPT, VMS_HOST_ANONYMOUS, 0);
  client = client_of(&r, NULL);
  sign_add(client, &text, key, signature);
  write_params(&params, &text, key, signature);
  assert_ok(vms__buf_format(&same, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":%.*s}", (int)params.len, params.data));
  int fd = upgraded_with(&r, 0), again = upgraded_with(&r, 0);
  limit_files(1);
  say_message(fd, same.data);
  for (int i = 0; i < 6000 && !r.host->mounts[0]->full; i++) usleep(10000);
  assert_true(r.host->mounts[0]->full);
  frame_add(&bytes, 1, same.data);
  call_add(&bytes, "add", 2);
  say_bytes(again, &bytes);
  assert_int_equal(hear(again, &answer), 1);
  assert_int_equal(judge_answer(&answer, &id), VMS_CODE_STORAGE);
  assert_int_equal(id, 2); /* a new one, of which it is true */
  limit_files(RLIM_INFINITY);
  assert_int_equal(hear(again, &answer), 1);
  assert_int_equal(judge_answer(&answer, &id), 0);
  assert_int_equal(hear(fd, &first), 1);
  assert_string_equal(answer.data, first.data);
  assert_int_equal(added(&r), 2);
  close(fd);
  close(again);
  vms_client_close(client);
  stop(&r);
  vms_buffer_free(&text);
  vms_buffer_free(&params);
  vms_buffer_free(&same);
  vms_buffer_free(&first);
  vms_buffer_free(&answer);
}

static _Atomic bool starves;

static void *starve_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  return starves && new_len > old_len ? NULL : vms_env_system()->resize(vms_env_system()->context, memory, old_len, new_len);
}

/* What ran and was not written yet is not committed at the end: that is no good end. */
static void a_last_commit_without_memory_is_a_failure(void **state) {
  running r;
  vms_env env = *vms_env_system();
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  env.resize = starve_resize;
  host_env = &env;
  start(&r, "starved", SCRIPT, VMS_HOST_ANONYMOUS, 0);
  assert_int_equal(added(&r), 1);
  int fd = upgraded_with(&r, 0);
  limit_files(1);
  call_add(&bytes, "add", 1);
  say_bytes(fd, &bytes);
  for (int i = 0; i < 6000 && !r.host->mounts[0]->full; i++) usleep(10000);
  starves = true;
  limit_files(RLIM_INFINITY);
  vms_host_stop(r.host);
  pthread_join(r.thread, NULL);
  starves = false;
  const vms_service *service = r.host->mounts[0]->deployed.service;
  if (vms_service_durable(service) < vms_service_length(service)) assert_int_equal(r.status, VMS_ERR_NOMEM);
  close(fd);
  vms_host_free(r.host);
  host_env = NULL;
}

static const vms_host *watched;
static _Atomic uint64_t most;

/* Whenever something takes memory, as each answer does, it is noted how much waits for a commit. */
static void *watch_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  if (watched != NULL && watched->call_bytes.held > most) most = watched->call_bytes.held;
  return vms_env_system()->resize(vms_env_system()->context, memory, old_len, new_len);
}

static void hold_little(vms_host *host) {
  host->call_bytes.held_max = 3000000;
  watched = host;
}

static void hold_nothing(vms_host *host) {
  host->call_bytes.held_max = 1; /* one answer alone is more */
  watched = host;
}

static void outcomes_that_wait_for_a_commit_are_bounded(void **state) {
  running r;
  vms_env env = *vms_env_system();
  vms_buffer bytes = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  unsigned id;
  (void)state;
  env.resize = watch_resize;
  host_env = &env;
  for (int little = 0; little < 2; little++) {
    host_prepare = little ? hold_little : hold_nothing;
    start(&r, little ? "little" : "nothing", RAW_SCRIPT, VMS_HOST_ANONYMOUS, 0);
    most = 0;
    int fd = upgraded_with(&r, 0);
    for (id = 1; id <= 50; id++) call_add(&bytes, "big", id);
    say_bytes(fd, &bytes);
    for (unsigned n = 0; n < 50; n++) {
      assert_int_equal(hear(fd, &answer), 1);
      assert_int_equal(judge_answer(&answer, &id), 0);
    }
    close(fd);
    watched = NULL;
    stop(&r);
    assert_in_range(most, 1000000, little ? 4100000 : 1100000);
  }
  host_prepare = NULL;
  host_env = NULL;
  vms_buffer_free(&answer);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN); /* as programs do that run a host */
  signal(SIGXFSZ, SIG_IGN);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_flood_keeps_nobody_waiting),
    cmocka_unit_test(a_bad_signature_is_refused_and_runs_nothing),
    cmocka_unit_test(who_hangs_up_harms_nobody),
    cmocka_unit_test(stopping_runs_nothing_more_and_keeps_what_was_answered),
    cmocka_unit_test(what_ran_is_answered_and_what_is_refused_did_not_run),
    cmocka_unit_test(who_says_goodbye_has_the_answers_first),
    cmocka_unit_test(who_sends_no_more_has_the_answer_to_what_was_sent),
    cmocka_unit_test(who_is_cut_off_calls_no_more),
    cmocka_unit_test(who_is_dropped_calls_no_more),
    cmocka_unit_test(who_asks_again_on_a_full_disk_is_not_told_that_nothing_was_done),
    cmocka_unit_test(a_last_commit_without_memory_is_a_failure),
    cmocka_unit_test(outcomes_that_wait_for_a_commit_are_bounded),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

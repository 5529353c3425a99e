/* SPDX-License-Identifier: MIT */
/* Goal: signed calls run exactly once and reads are answered, whatever happens to connections; unsigned calls never run twice; what is
 * unknown is said to be. Method: a host that cuts, stalls and refuses as the test says, and a counter that tells what ran. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <unistd.h>

#include "lib/net/client.h"
#include "test/support/patience.h"
#include "test/support/two_faced.h"

static const char counter[] = "let n = 0; exports.add = x => n += x; exports.get = () => n; exports.fail = () => { throw new RangeError('no') }";
static const uint8_t seed[VMS_SEED_LEN] = { 7 }, other_seed[VMS_SEED_LEN] = { 8 };
static two_faced host;

static int begin(void **state) {
  (void)state;
  two_faced_start(&host, counter);
  return 0;
}

static int end(void **state) {
  (void)state;
  two_faced_stop(&host);
  return 0;
}

static vms_client *open_with(uint32_t timeout_ms, uint32_t flags, const vms_env *env) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_client *client;
  vms_error error;
  options.timeout_ms = timeout_ms == 0 ? PATIENCE_MS : timeout_ms;
  options.flags = flags;
  options.env = env;
  if (vms_client_open(&client, host.url, &options, &error) != VMS_OK) fail_msg("%s", error.message);
  return client;
}

static int try_call(vms_client *client, const char *method, const char *params, int32_t *code, char result[64]) {
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  vms_rpc_reply_init(&reply, NULL);
  int status = vms_client_call(client, seed, method, SLICE(params), &reply, NULL, &error);
  *code = reply.code;
  snprintf(result, 64, "%.63s", status != VMS_OK ? error.message : reply.code != 0 ? reply.message.data : reply.result.data == NULL ? "" : reply.result.data);
  vms_rpc_reply_free(&reply);
  return status;
}

static void assert_call(vms_client *client, const char *method, const char *params, int32_t code, const char *result) {
  char text[64];
  int32_t got;
  if (try_call(client, method, params, &got, text) != VMS_OK) fail_msg("%s", text);
  assert_int_equal(got, code);
  if (result != NULL) assert_string_equal(text, result);
}

/* A call for which there is little time, and no answer. How it ends depends on what the client waited for when its time was up: it is made
 * again until this is how. */
static void assert_given_up(vms_client *client, int status, int32_t code, const char *words) {
  char text[64];
  int32_t got;
  client->options.timeout_ms = 1200;
  for (int tries = 0;; tries++) {
    int ended = try_call(client, "add", "[1]", &got, text);
    if (ended == status && got == code && strstr(text, words) != NULL) break;
    if (ended == VMS_OK && got == 0) fail_msg("it was answered");
    if (tries == 20) fail_msg("status %d, code %d: %s", ended, (int)got, text);
  }
  client->options.timeout_ms = PATIENCE_MS;
}

static uint64_t length(void) { return two_faced_length(&host, host.face); }

static void *resume_soon(void *context) {
  (void)context;
  usleep(300000);
  two_faced_resume(&host);
  return NULL;
}

/* --- connections that are lost --------------------------------------------------------------------------------------- */

static void a_call_whose_connection_is_cut_runs_once(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  host.calls.cut_before = 1;
  assert_call(client, "add", "[1]", 0, "2");
  host.calls.cut_after = 1;
  assert_call(client, "add", "[1]", 0, "3");
  host.calls.cut_before = 2;
  host.calls.cut_after = 2;
  assert_call(client, "add", "[1]", 0, "4");
  host.calls.cut_after = 1;
  assert_call(client, "fail", "[]", VMS_CODE_CONTRACT, "no");
  assert_call(client, "get", "[]", 0, "4");
  assert_int_equal(length(), 3 + 6 - 1);
  vms_client_close(client);
}

static void many_calls_at_once_run_once_each_and_in_order_under_cuts(void **state) {
  enum { CALLS = 400, WINDOW = 24 };
  vms_client *client = open_with(0, 0, NULL);
  uint64_t ids[CALLS], sent = 0, id;
  vms_rpc_reply reply;
  vms_error error;
  unsigned random = 1;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  for (uint64_t done = 0; done < CALLS; done++) {
    while (sent < CALLS && sent - done < WINDOW) {
      assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), &ids[sent], NULL));
      sent++;
    }
    random = random * 1103515245 + 12345;
    if (random >> 16 & 1) {
      host.calls.pass = (int)(random >> 18 & 31);
      if (random >> 17 & 1) host.calls.cut_before = 1;
      else host.calls.cut_after = 1;
    }
    if (vms_client_receive(client, &id, &reply, &error) != VMS_OK) fail_msg("%s", error.message);
    assert_ok(vms_rpc_reply_unwrap(&reply, NULL, NULL));
    assert_int_equal(reply.code, 0);
    assert_int_equal(id, ids[strtoull(reply.result.data, NULL, 10) - 1]);
  }
  host.calls.pass = host.calls.cut_after = host.calls.cut_before = 0;
  assert_call(client, "get", "[]", 0, "400");
  assert_true(host.connections > 1); /* how many of the cuts meet a call is chance */
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

static void reads_are_asked_again_and_unsigned_calls_are_not(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  uint64_t unsigned_id, read_id, signed_id, id;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  assert_call(client, "add", "[1]", 0, "1");
  host.calls.cut_after = 1;
  assert_ok(vms_client_call_send_unsigned(client, "add", SLICE("[1]"), &unsigned_id, NULL));
  assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), &signed_id, NULL));
  assert_ok(vms_client_send(client, "vms.info", (vms_slice){ NULL, 0 }, &read_id, NULL));
  assert_int_equal(vms_client_receive(client, &id, &reply, &error), VMS_ERR_CLOSED);
  assert_int_equal(id, unsigned_id);
  assert_non_null(strstr(error.message, "not known"));
  for (int i = 0; i < 2; i++) {
    assert_ok(vms_client_receive(client, &id, &reply, NULL));
    assert_int_equal(reply.code, 0);
    assert_true(id == signed_id || id == read_id);
  }
  assert_call(client, "get", "[]", 0, "3"); /* it ran, as it happens, and once */
  assert_int_equal(vms_client_receive(client, &id, &reply, &error), VMS_ERR_ARGUMENT);
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

static void a_host_that_is_restarted_is_waited_for(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  pthread_t thread;
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  two_faced_pause(&host);
  assert_int_equal(pthread_create(&thread, NULL, resume_soon, NULL), 0);
  assert_call(client, "add", "[1]", 0, "2");
  pthread_join(thread, NULL);
  vms_client_close(client);
}

static void a_host_that_answers_is_not_waited_for_longer_and_longer(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  uint64_t start = vms__os_monotonic_ms();
  host.calls.cut_before = 8; /* each time it tells its head, and then is gone */
  assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), NULL, NULL));
  while (client->done == NULL) {
    assert_ok(vms__client_pump(client, start + PATIENCE_MS, NULL));
    assert_in_range(client->failures, 0, 2); /* pauses grow with these */
  }
  assert_true(vms__os_monotonic_ms() - start > 7 * 25); /* nor is it called without a pause */
  assert_int_equal(host.calls.cut_before, 0);
  vms_client_close(client);
}

static void a_host_that_does_not_come_back_is_given_up_and_the_client_is_not(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  two_faced_pause(&host);
  assert_given_up(client, VMS_ERR_CLOSED, 0, "closed the connection, again and again"); /* not: refused */
  two_faced_resume(&host);
  assert_call(client, "get", "[]", 0, "1"); /* what was given up is not sent later */
  host.refuse_connections = 1;
  host.calls.cut_before = 1;
  assert_given_up(client, VMS_ERR_CLOSED, 0, "");
  host.refuse_connections = 0;
  assert_call(client, "add", "[1]", 0, "2");
  vms_client_close(client);
}

static void a_silent_host_is_a_time_out_and_its_late_answer_nobodys(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  host.calls.stall = 1;
  assert_given_up(client, VMS_ERR_TIMEOUT, 0, "");
  assert_call(client, "add", "[1]", 0, "2");
  vms_client_close(client);
}

static void who_wants_no_retries_gets_none(void **state) {
  vms_client *client = open_with(0, VMS_CLIENT_NO_RETRY, NULL);
  char text[64];
  int32_t code;
  (void)state;
  assert_call(client, "add", "[1]", 0, "1");
  host.calls.cut_before = 1;
  assert_int_equal(try_call(client, "add", "[1]", &code, text), VMS_ERR_CLOSED);
  assert_int_equal(try_call(client, "add", "[1]", &code, text), VMS_ERR_CLOSED);
  vms_client_close(client);
}

static void nobody_there_is_said_at_once(void **state) {
  vms_client *client;
  vms_error error;
  (void)state;
  two_faced_pause(&host);
  assert_int_equal(vms_client_open(&client, host.url, NULL, &error), VMS_ERR_IO);
  two_faced_resume(&host);
}

/* --- refusals -------------------------------------------------------------------------------------------------------- */

static void a_busy_host_is_asked_again(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  vms_rpc_reply reply;
  uint64_t id;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  host.calls.code = VMS_CODE_BUSY;
  host.calls.refuse = 4;
  assert_call(client, "add", "[1]", 0, "1");
  assert_int_equal(host.calls_seen, 5);
  host.calls.code = VMS_CODE_SHUTDOWN;
  host.calls.refuse = 1;
  assert_call(client, "add", "[1]", 0, "2");
  host.calls.refuse = 2;
  assert_ok(vms_client_call_send_unsigned(client, "add", SLICE("[1]"), &id, NULL)); /* nothing was done: this may be sent again */
  assert_ok(vms_client_receive(client, NULL, &reply, NULL));
  assert_int_equal(reply.code, 0);
  assert_call(client, "get", "[]", 0, "3");
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

static void a_host_that_stays_busy_says_so_in_the_end(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  host.calls.code = VMS_CODE_BUSY;
  host.calls.refuse = 100000;
  assert_given_up(client, VMS_OK, VMS_CODE_BUSY, "refused");
  host.calls.refuse = 0;
  assert_call(client, "add", "[1]", 0, "1");
  vms_client_close(client);
}

/* The first time it ran, and its answer was lost; the host that takes nothing now does not know that. */
static void who_is_refused_after_a_connection_was_lost_is_not_told_that_nothing_was_done(void **state) {
  static const int32_t codes[] = { VMS_CODE_STORAGE, VMS_CODE_BUSY, VMS_CODE_SHUTDOWN };
  (void)state;
  for (int i = 0; i < 3; i++) {
    vms_client *client = open_with(5000, 0, NULL);
    vms_rpc_reply reply;
    vms_error error = { 0, 0, 0, "" };
    uint64_t id, seen = host.calls_seen, before;
    vms_rpc_reply_init(&reply, NULL);
    assert_call(client, "get", "[]", 0, NULL);
    before = length();
    host.calls.cut_after = 1;
    assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), &id, NULL));
    for (int left = 60000; (host.calls_seen < seen + 2 || host.calls.cut_after > 0 || length() == before) && left > 0; left--) usleep(1000);
    assert_int_equal(length(), before + 1);
    host.calls.code = codes[i];
    host.calls.refuse = 1000000;
    if (vms_client_receive(client, &id, &reply, &error) == VMS_OK) {
      assert_int_equal(reply.code, codes[i]);
      assert_string_equal(reply.message.data, "refused (it was sent before, and whether it ran then is not known)");
    } else assert_true(codes[i] != VMS_CODE_STORAGE && (error.status == VMS_ERR_TIMEOUT || error.status == VMS_ERR_CLOSED)); /* that says as much */
    host.calls.refuse = 0;
    vms_rpc_reply_free(&reply);
    vms_client_close(client);
  }
}

static void a_text_that_can_never_run_is_signed_anew(void **state) {
  static const char *const voids[] = { "\"last\":%llu,\"executed\":false", "\"last\":%llu,\"executed\":true" };
  vms_client *client = open_with(0, 0, NULL);
  char data[96], expected[8];
  (void)state;
  for (int i = 0; i < 2; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(data, sizeof data, voids[i], (unsigned long long)vms__os_now_us() + 1000000);
#pragma GCC diagnostic pop
    host.calls.code = VMS_CODE_NONCE;
    host.calls.data = data;
    host.calls.refuse = 1;
    host.calls_seen = 0;
    snprintf(expected, sizeof expected, "%d", i + 1);
    assert_call(client, "add", "[1]", 0, expected);
    assert_int_equal(host.calls_seen, 2);
  }
  vms_client_close(client);
}

static void a_text_that_may_have_run_or_may_run_yet_is_not_signed_anew(void **state) {
  static const struct { int32_t code; const char *data; } refusals[] = {
    { VMS_CODE_NONCE, "\"last\":9000000000000000,\"executed\":null" },   /* forgotten */
    { VMS_CODE_NONCE, "\"last\":9000000000000000,\"executed\":false" },  /* no honest host got there */
    { VMS_CODE_NONCE, "\"last\":5,\"executed\":false" },                 /* too far ahead: it may have its day */
    { VMS_CODE_NONCE, NULL },
    { VMS_CODE_EXPIRED, NULL },                                         /* by the host's clock alone */
    { VMS_CODE_STORAGE, NULL },
    { VMS_CODE_SIGNATURE, NULL },
  };
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    host.calls.code = refusals[i].code;
    host.calls.data = refusals[i].data;
    host.calls.refuse = 1;
    host.calls_seen = 0;
    assert_call(client, "add", "[1]", refusals[i].code, "refused");
    assert_int_equal(host.calls_seen, 1);
  }
  assert_call(client, "get", "[]", 0, "0");
  vms_client_close(client);
}

static uint64_t ahead_ms;
static uint64_t own_clock(void *context) {
  (void)context;
  return vms__os_now_us() / 1000 + ahead_ms;
}

static void a_text_that_expired_by_both_clocks_is_signed_anew(void **state) {
  vms_env env = *vms_env_system();
  vms_client *client;
  vms_rpc_reply reply;
  uint64_t id;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  ahead_ms = 0;
  env.now_ms = own_clock;
  client = open_with(0, 0, &env);
  host.calls.stall = 1;
  assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), &id, NULL));
  WAIT_FOR(host.calls.stall == 0); /* it went out, to a host that does not answer; an hour passes, and the connection is lost */
  host.ahead_ms = (int64_t)(ahead_ms = 3600000);
  two_faced_pause(&host);
  two_faced_resume(&host);
  assert_ok(vms_client_receive(client, NULL, &reply, NULL));
  assert_int_equal(reply.code, 0);
  assert_call(client, "get", "[]", 0, "1");
  /* a host whose clock is ahead alone would refuse the next text as well */
  host.ahead_ms += 3600000;
  host.calls_seen = 0;
  assert_call(client, "add", "[1]", VMS_CODE_EXPIRED, NULL);
  assert_int_equal(host.calls_seen, 1);
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

static void two_clients_with_one_key_get_out_of_each_others_way(void **state) {
  vms_client *one = open_with(0, 0, NULL), *two = open_with(0, 0, NULL);
  vms_rpc_reply reply;
  uint64_t id;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 3; i++) {
      assert_ok(vms_client_call_send(one, seed, "add", SLICE("[1]"), &id, NULL));
      assert_ok(vms_client_call_send(two, seed, "add", SLICE("[1]"), &id, NULL));
    }
    for (int i = 0; i < 3; i++) {
      assert_ok(vms_client_receive(two, &id, &reply, NULL));
      assert_int_equal(reply.code, 0);
    }
    for (int i = 0; i < 3; i++) {
      assert_ok(vms_client_receive(one, &id, &reply, NULL));
      assert_int_equal(reply.code, 0);
    }
  }
  assert_call(one, "get", "[]", 0, "120");
  vms_rpc_reply_free(&reply);
  vms_client_close(one);
  vms_client_close(two);
}

static void a_host_that_knows_no_receipts_is_called_without(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  (void)state;
  host.old = 1;
  host.calls.code = VMS_CODE_PARAMS;
  host.calls.data = NULL;
  host.calls.refuse = 1;
  assert_call(client, "add", "[1]", 0, "1");
  assert_int_equal(host.calls_seen, 2);
  assert_call(client, "add", "[1]", 0, "2");
  assert_int_equal(host.calls_seen, 3);
  vms_client_close(client);
}

static void several_keys_may_sign_on_one_client(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  vms_rpc_reply reply;
  uint64_t id;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  host.calls.cut_before = 1;
  for (int i = 0; i < 10; i++) assert_ok(vms_client_call_send(client, i % 2 == 0 ? seed : other_seed, "add", SLICE("[1]"), &id, NULL));
  for (int i = 0; i < 10; i++) {
    assert_ok(vms_client_receive(client, &id, &reply, NULL));
    assert_int_equal(reply.code, 0);
  }
  assert_call(client, "get", "[]", 0, "10");
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

/* --- records as they come ------------------------------------------------------------------------------------------------ */

static void assert_next(vms_client *client, uint64_t wanted) {
  vms_buffer record = VMS_BUFFER_INIT;
  vms_error error;
  uint64_t seq;
  if (vms_client_next(client, PATIENCE_MS, &seq, &record, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_int_equal(seq, wanted);
  assert_true(record.len > 0 && record.data[0] == '{');
  vms_buffer_free(&record);
}

static void a_subscription_outlives_connections(void **state) {
  vms_client *client = open_with(0, 0, NULL);
  vms_buffer record = VMS_BUFFER_INIT;
  uint64_t at = 0;
  (void)state;
  assert_int_equal(vms_client_next(client, 0, &at, &record, NULL), VMS_ERR_ARGUMENT);
  assert_ok(vms_client_subscribe(client, 0, NULL));
  for (uint64_t length_now = length(); at < length_now; at++) assert_next(client, at);
  assert_int_equal(vms_client_next(client, 0, NULL, &record, NULL), VMS_ERR_NOT_FOUND);
  for (int i = 0; i < 20; i++) two_faced_call(&host, 0, "add", "[1]");
  for (int i = 0; i < 10; i++) assert_next(client, at++);
  two_faced_pause(&host);
  two_faced_resume(&host);
  for (int i = 0; i < 20; i++) two_faced_call(&host, 0, "add", "[1]");
  for (int i = 0; i < 15; i++) assert_next(client, at++);
  host.calls.cut_after = 1;
  assert_call(client, "add", "[1]", 0, "41");
  for (int i = 0; i < 16; i++) assert_next(client, at++);
  assert_int_equal(vms_client_next(client, 50, NULL, &record, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_client_subscribe(client, 5, NULL));
  assert_next(client, 5);
  vms_buffer_free(&record);
  vms_client_close(client);
}

/* --- memory ---------------------------------------------------------------------------------------------------------------- */

typedef struct scarce {
  uint64_t used, fail_at;
} scarce;

static void *scarce_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  scarce *left = context;
  if (new_len > old_len && ++left->used == left->fail_at) return NULL;
  return vms_env_system()->resize(NULL, memory, old_len, new_len);
}

static void memory_that_lacks_is_said_to(void **state) {
  scarce left = { 0, 0 };
  vms_env env = *vms_env_system();
  bool met = true;
  (void)state;
  env.context = &left;
  env.resize = scarce_resize;
  for (uint64_t at = 1; met; at++) {
    vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
    vms_client *client = NULL;
    vms_rpc_reply reply;
    vms_rpc_reply_init(&reply, &env);
    left = (scarce){ 0, at };
    options.env = &env;
    options.timeout_ms = PATIENCE_MS;
    if (at % 3 == 0) host.calls.cut_after = 1;
    int status = vms_client_open(&client, host.url, &options, NULL);
    if (status == VMS_OK) status = vms_client_call(client, seed, "add", SLICE("[1]"), &reply, NULL, NULL);
    if (status != VMS_OK && status != VMS_ERR_NOMEM) fail_msg("allocation %d: status %d", (int)at, status);
    met = left.used >= at;
    vms_client_close(client);
    vms_rpc_reply_free(&reply);
    host.calls.cut_after = 0;
    if (at > 1000) fail_msg("no end of allocations");
  }
}

static void a_call_that_could_not_be_sent_for_want_of_memory_never_runs(void **state) {
  scarce left = { 0, 0 };
  vms_env env = *vms_env_system();
  vms_rpc_reply reply;
  char wanted[24];
  bool met = true;
  unsigned refused = 0, ran = 0;
  (void)state;
  env.context = &left;
  env.resize = scarce_resize;
  vms_rpc_reply_init(&reply, NULL);
  for (uint64_t at = 1; met; at++) {
    vms_client *client = open_with(0, 0, &env);
    assert_int_equal(vms_client_ledger(client, (uint8_t[VMS_KEY_LEN]){ 0 }, NULL), VMS_OK);
    left = (scarce){ 0, at };
    int status = vms_client_call_send(client, seed, "add", SLICE("[1]"), NULL, NULL);
    met = left.used >= at;
    left.fail_at = 0;
    if (status == VMS_OK) assert_ok(vms_client_receive(client, NULL, &reply, NULL));
    else assert_int_equal(status, VMS_ERR_NOMEM);
    if (status == VMS_OK) ran++;
    else refused++;
    snprintf(wanted, sizeof wanted, "%u", ran);
    for (int i = 0; i < 2; i++) assert_call(client, "get", "[]", 0, wanted);
    vms_client_close(client);
  }
  assert_true(refused > 3);
  vms_rpc_reply_free(&reply);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_call_whose_connection_is_cut_runs_once, begin, end),
    cmocka_unit_test_setup_teardown(many_calls_at_once_run_once_each_and_in_order_under_cuts, begin, end),
    cmocka_unit_test_setup_teardown(reads_are_asked_again_and_unsigned_calls_are_not, begin, end),
    cmocka_unit_test_setup_teardown(a_host_that_is_restarted_is_waited_for, begin, end),
    cmocka_unit_test_setup_teardown(a_host_that_answers_is_not_waited_for_longer_and_longer, begin, end),
    cmocka_unit_test_setup_teardown(a_host_that_does_not_come_back_is_given_up_and_the_client_is_not, begin, end),
    cmocka_unit_test_setup_teardown(a_silent_host_is_a_time_out_and_its_late_answer_nobodys, begin, end),
    cmocka_unit_test_setup_teardown(who_wants_no_retries_gets_none, begin, end),
    cmocka_unit_test_setup_teardown(nobody_there_is_said_at_once, begin, end),
    cmocka_unit_test_setup_teardown(a_busy_host_is_asked_again, begin, end),
    cmocka_unit_test_setup_teardown(a_host_that_stays_busy_says_so_in_the_end, begin, end),
    cmocka_unit_test_setup_teardown(who_is_refused_after_a_connection_was_lost_is_not_told_that_nothing_was_done, begin, end),
    cmocka_unit_test_setup_teardown(a_text_that_can_never_run_is_signed_anew, begin, end),
    cmocka_unit_test_setup_teardown(a_text_that_may_have_run_or_may_run_yet_is_not_signed_anew, begin, end),
    cmocka_unit_test_setup_teardown(a_text_that_expired_by_both_clocks_is_signed_anew, begin, end),
    cmocka_unit_test_setup_teardown(two_clients_with_one_key_get_out_of_each_others_way, begin, end),
    cmocka_unit_test_setup_teardown(a_host_that_knows_no_receipts_is_called_without, begin, end),
    cmocka_unit_test_setup_teardown(several_keys_may_sign_on_one_client, begin, end),
    cmocka_unit_test_setup_teardown(a_subscription_outlives_connections, begin, end),
    cmocka_unit_test_setup_teardown(memory_that_lacks_is_said_to, begin, end),
    cmocka_unit_test_setup_teardown(a_call_that_could_not_be_sent_for_want_of_memory_never_runs, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

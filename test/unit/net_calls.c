/* SPDX-License-Identifier: MIT */
/* Goal: calls that wait on a host are fair to others, keep it responsive, and end well when it stops.
 * Method: a host in a thread; one client that sends hundreds of slow calls at once, and others beside it. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <pthread.h>
#include <signal.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/host.h"

#define SCRIPT "let n = 0\nexports.add = () => ++n\nexports.slow = () => { for (let i = 0; i < 20000; i++); return ++n }"
#define FLOOD 300u

static vms_client *connect_to(const running *r) {
  vms_client *client;
  vms_error error;
  if (vms_client_open(&client, r->url, NULL, &error) != VMS_OK) fail_msg("%s", error.message);
  return client;
}

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

static void a_flood_keeps_nobody_waiting(void **state) {
  running r;
  vms_client *flooder, *other;
  vms_rpc_reply reply;
  uint64_t id, seq;
  uint8_t own[VMS_SEED_LEN] = { 2 };
  (void)state;
  start(&r, "flood", SCRIPT, 0, 0);
  flooder = connect_to(&r);
  other = connect_to(&r);
  call(other, "add", "[]", 0, "1"); /* it knows the ledger now */
  flood(flooder, 1, FLOOD);
  assert_int_equal(next_answer(flooder, &seq), 0); /* the others wait by now, most of them */
  assert_ok(vms_client_call_send(other, own, "add", SLICE("[]"), &id, NULL));
  assert_int_equal(next_answer(other, &seq), 0);
  assert_in_range(seq, 1, FLOOD / 2); /* not behind all of them */
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(other, "vms.info", SLICE("[]"), &reply, NULL));
  vms_rpc_reply_free(&reply);
  for (size_t i = 1; i < FLOOD; i++) assert_int_equal(next_answer(flooder, &seq), 0);
  assert_int_equal(seq, FLOOD + 3); /* block 0, the start, two of the other's before */
  vms_client_close(flooder);
  vms_client_close(other);
  stop(&r);
}

static void a_bad_signature_is_refused_and_runs_nothing(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  vms_head head;
  vms_buffer text = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT;
  vms_request request = { .nonce = 5, .seen_length = 1, .method = SLICE("add"), .params = SLICE("[]") };
  uint8_t signature[VMS_SIGNATURE_LEN], key[VMS_KEY_LEN];
  (void)state;
  start(&r, "forged", SCRIPT, 0, 0);
  client = connect_to(&r);
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_request(client, "vms.head", SLICE("[]"), &reply, NULL));
  assert_ok(vms_head_read(vms__buf_view(&reply.result), &head, NULL));
  assert_ok(vms_client_ledger(client, request.ledger, NULL));
  request.until_ms = vms_env_system()->now_ms(NULL) + 60000;
  request.seen_length = head.length;
  memcpy(request.seen_hash, head.tree_hash, VMS_HASH_LEN);
  assert_ok(vms_request_write(&text, &request, NULL));
  assert_ok(vms_request_sign(vms__buf_view(&text), seed, signature));
  vms_key_public(seed, key);
  for (int bad = 1; bad >= 0; bad--) {
    signature[7] ^= (uint8_t)bad;
    vms__buf_clear(&params);
    assert_ok(vms__buf_text(&params, "{\"request\":"));
    assert_ok(vms__buf_json_string(&params, text.data, text.len));
    assert_ok(vms__buf_text(&params, ",\"caller\":\""));
    assert_ok(vms__buf_hex(&params, key, sizeof key));
    assert_ok(vms__buf_text(&params, "\",\"signature\":\""));
    assert_ok(vms__buf_hex(&params, signature, sizeof signature));
    assert_ok(vms__buf_text(&params, "\"}"));
    assert_ok(vms_client_request(client, "vms.call", vms__buf_view(&params), &reply, NULL));
    assert_int_equal(reply.code, bad ? VMS_CODE_SIGNATURE : 0);
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

static void who_hangs_up_calls_no_more(void **state) {
  running r;
  vms_client *client;
  uint64_t seq;
  (void)state;
  start(&r, "gone", SCRIPT, 0, 0);
  for (uint8_t i = 0; i < 5; i++) {
    client = connect_to(&r);
    flood(client, (uint8_t)(i + 10), FLOOD);
    assert_int_equal(next_answer(client, &seq), 0);
    vms_client_close(client);
  }
  client = connect_to(&r);
  flood(client, 1, 1);
  assert_int_equal(next_answer(client, &seq), 0);
  assert_in_range(seq, 2, 4 * FLOOD); /* much of it never ran */
  vms_client_close(client);
  stop(&r);
}

static void *stop_soon(void *context) {
  running *r = context;
  vms_host_stop(r->host);
  return NULL;
}

static void stopping_runs_nothing_more_and_keeps_what_was_answered(void **state) {
  running r;
  vms_client *client;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  pthread_t stopper;
  uint64_t seq, newest = 0;
  size_t done = 0;
  (void)state;
  options.flags = VMS_CLIENT_NO_RETRY;
  start(&r, "stop", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, &options, NULL));
  flood(client, 1, FLOOD);
  while (next_answer(client, &seq) == 0) { /* what is refused the client keeps for another host, until the connection ends */
    newest = VMS__MAX(newest, seq);
    if (++done == 5) assert_int_equal(pthread_create(&stopper, NULL, stop_soon, &r), 0);
  }
  assert_in_range(done, 5, FLOOD - 1);
  vms_client_close(client);
  pthread_join(stopper, NULL);
  pthread_join(r.thread, NULL);
  assert_ok(r.status);
  vms_host_free(r.host);
  start(&r, "stop", SCRIPT, 0, 0);
  client = connect_to(&r);
  flood(client, 2, 1);
  assert_int_equal(next_answer(client, &seq), 0);
  assert_in_range(seq, newest + 2, FLOOD); /* what was answered stands, a start behind it; most of the others never ran */
  vms_client_close(client);
  stop(&r);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN); /* as programs do that run a host */
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_flood_keeps_nobody_waiting),
    cmocka_unit_test(a_bad_signature_is_refused_and_runs_nothing),
    cmocka_unit_test(who_hangs_up_calls_no_more),
    cmocka_unit_test(stopping_runs_nothing_more_and_keeps_what_was_answered),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: MIT */
/* Goal: a host that shows two histories, takes records back or gives false receipts is found out by the next call, with evidence where one
 * text can prove it; an honest one never is, whatever happens to connections. Method: a host with two histories of one ledger. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/patience.h"
#include "test/support/two_faced.h"

static const char counter[] = "let n = 0; exports.add = x => n += x; exports.get = () => n; exports.fail = () => { throw new RangeError('no') }";
static const uint8_t seed[VMS_SEED_LEN] = { 7 };
static two_faced host;
static vms_keep *keep;
static char dir[160];
static unsigned number;

static int begin(void **state) {
  (void)state;
  two_faced_start(&host, counter);
  snprintf(dir, sizeof dir, "%s/keep%u", folder, ++number);
  return vms_keep_open(&keep, dir, NULL);
}

static int end(void **state) {
  (void)state;
  two_faced_stop(&host);
  vms_keep_close(keep);
  return 0;
}

static vms_client *open_url(const char *url, vms_keep *kept) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_client *client;
  vms_error error;
  options.keep = kept;
  options.timeout_ms = PATIENCE_MS;
  if (vms_client_open(&client, url, &options, &error) != VMS_OK) fail_msg("%s", error.message);
  return client;
}

static vms_client *open_client(void) { return open_url(host.url, keep); }

static int try_call(vms_client *client, const char *method, const char *params, vms_buffer *receipt, vms_error *error) {
  vms_rpc_reply reply;
  vms_rpc_reply_init(&reply, NULL);
  int status = vms_client_call(client, seed, method, SLICE(params), &reply, receipt, error);
  vms_rpc_reply_free(&reply);
  return status;
}

static void call(vms_client *client) {
  vms_error error;
  if (try_call(client, "add", "[1]", NULL, &error) != VMS_OK) fail_msg("%s", error.message);
}

static void key_of(uint8_t key[VMS_KEY_LEN]) { vms_service_key(host.services[0], VMS_CORE_LEDGER, key); }

static uint64_t kept_length(void) {
  uint8_t key[VMS_KEY_LEN];
  vms_head head;
  key_of(key);
  int status = vms_keep_head(keep, key, &head, NULL);
  if (status == VMS_ERR_NOT_FOUND) return 0;
  assert_ok(status);
  return head.length;
}

static size_t kept_receipts(void) {
  vms_buffer lines = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  size_t count = 0;
  key_of(key);
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  for (size_t i = 0; i < lines.len; i++) count += lines.data[i] == '\n';
  vms_buffer_free(&lines);
  return count;
}

static void assert_convicts(const char *path, const char *kind) {
  const uint8_t other[VMS_KEY_LEN] = { 1 };
  uint8_t key[VMS_KEY_LEN];
  vms_buffer text = VMS_BUFFER_INIT;
  vms_verdict verdict;
  vms_error why;
  vms_verdict_init(&verdict, NULL);
  assert_ok(vms_file_read(path, 1 << 20, &text, NULL));
  if (vms_evidence_check((vms_slice){ text.data, text.len }, NULL, &verdict, &why) != VMS_OK) fail_msg("%s", why.message);
  assert_string_equal(verdict.kind.data, kind);
  key_of(key);
  assert_true(vms__evidence_convicts((vms_slice){ text.data, text.len }, key, NULL));
  assert_false(vms__evidence_convicts((vms_slice){ text.data, text.len }, other, NULL)); /* nobody else */
  vms_verdict_free(&verdict);
  vms_buffer_free(&text);
}

/* There is a file that proves the conflict to anybody; wanted NULL: there is none, and nobody is accused. */
static void assert_evidence(const vms_client *client, const vms_error *error, const char *kind) {
  char evidence[200];
  assert_int_equal(error->status, VMS_ERR_CONFLICT);
  if (kind != NULL) {
    assert_non_null(vms_client_evidence(client));
    assert_convicts(vms_client_evidence(client), kind);
    assert_non_null(strstr(vms_client_hint(error), "--check"));
    return;
  }
  assert_null(vms_client_evidence(client));
  snprintf(evidence, sizeof evidence, "%s/evidence", dir);
  assert_int_not_equal(access(evidence, F_OK), 0);
  if (strstr(error->message, "the host signed") != NULL || strstr(error->message, "took") != NULL) fail_msg("%s", error->message);
  assert_null(strstr(vms_client_hint(error), "evidence"));
}

/* --- honest hosts -------------------------------------------------------------------------------------------------------- */

static void what_an_honest_host_says_is_kept(void **state) {
  vms_client *client = open_client();
  vms_buffer receipt = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN], pinned[VMS_KEY_LEN];
  vms_receipt read;
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  assert_ok(try_call(client, "add", "[1]", &receipt, &error));
  assert_ok(vms_receipt_read((vms_slice){ receipt.data, receipt.len }, &scratch, &read, &error));
  assert_int_equal(read.seq, two_faced_length(&host, 0) - 1);
  assert_ok(try_call(client, "fail", "[]", NULL, &error));
  for (int i = 0; i < 5; i++) call(client);
  assert_int_equal(host.proofs_asked, 0); /* receipts tell */
  vms_client_close(client);
  assert_int_equal(kept_length(), two_faced_length(&host, 0));
  assert_int_equal(kept_receipts(), 7);
  key_of(key);
  assert_ok(vms_keep_pin(keep, host.url, pinned, NULL));
  assert_memory_equal(pinned, key, sizeof key);
  two_faced_call(&host, 0, "add", "[1]");
  client = open_client();
  call(client);
  assert_int_equal(host.proofs_asked, 1); /* from what was kept */
  assert_int_equal(vms_client_warning(client, NULL), VMS_OK);
  vms_client_close(client);
  vms_buffer_free(&receipt);
  vms_buffer_free(&scratch);
}

static void calls_at_once_are_all_in_one_line(void **state) {
  enum { CALLS = 300 };
  vms_client *client = open_client();
  vms_rpc_reply reply;
  vms_error error;
  uint64_t sent = 0;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  for (uint64_t done = 0; done < CALLS; done++) {
    while (sent < CALLS && sent - done < 32) {
      assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), NULL, NULL));
      if (++sent % 50 == 0) host.calls.cut_after = 1;
    }
    if (vms_client_receive(client, NULL, &reply, &error) != VMS_OK) fail_msg("%s", error.message);
    assert_int_equal(reply.code, 0);
  }
  vms_client_close(client);
  assert_int_equal(kept_length(), two_faced_length(&host, 0));
  assert_int_equal(kept_receipts(), CALLS);
  vms_rpc_reply_free(&reply);
}

static void clients_that_share_what_is_kept_agree(void **state) {
  vms_client *clients[3];
  (void)state;
  for (int i = 0; i < 3; i++) clients[i] = open_client();
  for (int round = 0; round < 10; round++)
    for (int i = 0; i < 3; i++) call(clients[i]);
  for (int i = 0; i < 3; i++) vms_client_close(clients[i]);
  assert_true(kept_length() > 20);
  clients[0] = open_client();
  call(clients[0]);
  vms_client_close(clients[0]);
  assert_int_equal(kept_length(), two_faced_length(&host, 0));
}

static void a_host_without_receipts_is_held_to_its_heads(void **state) {
  vms_client *client;
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  host.no_receipts = 1;
  client = open_client();
  for (int i = 0; i < 3; i++) call(client);
  vms_client_close(client);
  client = open_client();
  call(client);
  vms_client_close(client);
  assert_true(kept_length() >= 5);
  assert_int_equal(kept_receipts(), 0);
  for (int i = 0; i < 20; i++) two_faced_call(&host, 1, "add", "[3]");
  host.face = 1;
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_evidence(client, &error, "fork");
  vms_client_close(client);
}

static void an_old_host_is_called_as_ever(void **state) {
  vms_client *client;
  (void)state;
  host.old = 1;
  for (int i = 0; i < 3; i++) {
    client = open_client();
    call(client);
    vms_client_close(client);
  }
}

static void trouble_on_the_way_is_no_conflict(void **state) {
  vms_client *client = open_client();
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  call(client);
  vms_client_close(client);
  for (int trouble = 0; trouble < 6; trouble++) {
    two_faced_call(&host, 0, "add", "[1]");
    if (trouble == 0) host.garbage = 1;
    if (trouble == 1) host.reads.stall = 1; /* storage */
    if (trouble == 2) host.reads.cut_before = 1;
    if (trouble == 3) host.garbled_proofs = 1;
    if (trouble == 4) host.garbled_receipts = 1;
    if (trouble == 5) host.garbled_results = 1;
    client = open_client();
    if (try_call(client, "add", "[1]", NULL, &error) != VMS_OK) fail_msg("trouble %d: %s", trouble, error.message);
    vms_client_close(client);
    host.garbage = 0;
    host.reads.stall = host.reads.cut_before = 0;
    assert_int_equal(host.garbled_proofs + host.garbled_receipts + host.garbled_results, 0);
  }
  two_faced_call(&host, 0, "add", "[1]");
  host.garbled_proofs = 2; /* always: no proof of what was signed is to be had */
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_non_null(strstr(error.message, "does not show that its"));
  vms_client_close(client);
}

/* --- lies -------------------------------------------------------------------------------------------------------------------- */

static void another_history_is_caught_by_the_next_caller(void **state) {
  vms_client *client = open_client();
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (int i = 0; i < 4; i++) call(client);
  vms_client_close(client);
  for (int i = 0; i < 12; i++) two_faced_call(&host, 1, "add", "[2]");
  host.face = 1;
  for (int again = 0; again < 2; again++) {
    client = open_client();
    assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
    assert_evidence(client, &error, "fork");
    assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT); /* for good */
    assert_evidence(client, &error, "fork");
    vms_client_close(client);
  }
  assert_int_equal(kept_length(), 6);
  assert_int_equal(host.calls_seen, 4);
}

static void another_history_of_the_same_length_is_caught(void **state) {
  vms_client *client = open_client();
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (int i = 0; i < 4; i++) call(client);
  vms_client_close(client);
  for (int i = 0; i < 4; i++) two_faced_call(&host, 1, "add", "[2]");
  host.face = 1;
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_evidence(client, &error, "fork");
  vms_client_close(client);
}

static void another_history_is_caught_on_the_way_and_after_a_reconnection(void **state) {
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (int i = 0; i < 12; i++) two_faced_call(&host, 1, "add", "[2]");
  for (int reconnect = 0; reconnect < 2; reconnect++) {
    host.face = 0;
    vms_client *client = open_client();
    for (int i = 0; i < 2; i++) call(client);
    host.face = 1;
    if (reconnect) two_faced_pause(&host), two_faced_resume(&host);
    assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
    assert_evidence(client, &error, "fork");
    vms_client_close(client);
  }
}

/* Three calls, so that what is kept ends in a leaf, then `more` on a face that is shown from then on. */
static vms_client *come_back(int face, int more) {
  vms_client *client = open_client();
  for (int i = 0; i < 3; i++) call(client);
  vms_client_close(client);
  assert_int_equal(kept_length(), 5);
  for (int i = 0; i < more; i++) two_faced_call(&host, face, "add", "[2]");
  host.face = face;
  return open_client();
}

static void who_alters_sizes_on_the_way_gets_nobody_accused(void **state) {
  (void)state;
  host.altered = 1;
  vms_client *client = come_back(0, 2);
  call(client);
  assert_int_equal(host.proofs_asked, 2); /* once more, lest it was garbled */
  vms_client_close(client);
  assert_int_equal(kept_length(), two_faced_length(&host, 0));
}

static void who_alters_sizes_on_the_way_saves_no_liar(void **state) {
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  host.altered = 1;
  vms_client *client = come_back(1, 6);
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_evidence(client, &error, "fork");
  vms_client_close(client);
}

static void what_proves_nothing_is_no_evidence(void **state) {
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  host.altered = 2;
  vms_client *client = come_back(0, 2);
  for (int again = 0; again < 2; again++) {
    assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
    assert_string_equal(error.message, "the host does not show that its 7 records go on from 5 that it had signed");
    assert_evidence(client, &error, NULL);
  }
  vms_client_close(client);
  host.altered = 0;
  client = open_client(); /* without those on the way all is well */
  call(client);
  vms_client_close(client);
}

static void the_first_questions_go_out_together(void **state) {
  vms_client *client = open_client();
  (void)state;
  host.together = 1;
  call(client);
  assert_int_equal(host.infos_asked, 1);
  assert_int_equal(host.heads_asked, 1);
  vms_client_close(client);
}

static void calls_under_way_at_once_that_are_told_two_histories_find_out(void **state) {
  vms_client *client = open_client();
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  for (int i = 0; i < 6; i++) two_faced_call(&host, 1, "add", "[2]");
  assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), NULL, NULL));
  WAIT_FOR(host.receipts_given == 1); /* it is on the way, and goes on from what the next call has seen as well */
  host.face = 1;
  assert_ok(vms_client_call_send(client, seed, "add", SLICE("[1]"), NULL, NULL));
  assert_ok(vms_client_receive(client, NULL, &reply, &error));
  assert_int_equal(vms_client_receive(client, NULL, &reply, &error), VMS_ERR_CONFLICT);
  assert_evidence(client, &error, "fork");
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

static void records_that_are_taken_back_are_missed(void **state) {
  vms_client *client = open_client();
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (int i = 0; i < 4; i++) call(client);
  vms_client_close(client);
  host.face = 1; /* nothing was called there */
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_string_equal(error.message, "the host shows 2 records and had signed 6: an old copy, or it hides some");
  assert_evidence(client, &error, NULL);
  vms_client_close(client);
}

static void a_receipt_has_to_be_of_this_call_and_this_answer(void **state) {
  vms_client *client;
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  client = open_client();
  call(client);
  call(client);
  host.other_receipt = 3; /* the second call's */
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  assert_evidence(client, &error, NULL);
  vms_client_close(client);
  host.other_receipt = 0;
  host.other_result = 1;
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CONFLICT);
  vms_client_close(client);
  host.other_result = 0;
  client = open_client();
  call(client);
  vms_client_close(client);
}

/* A host that says that it knows no receipts is asked for none; what it gives then is handed out all the same. */
static void a_receipt_that_nobody_asked_for_has_to_hold_as_well(void **state) {
  vms_client *client;
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  vms_buffer receipt = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (int way = 0; way < 3; way++) {
    bool flagged = way == 1, refused = way == 2;
    options.flags = flagged ? VMS_CLIENT_NO_RECEIPT : 0;
    options.keep = keep;
    assert_ok(vms_client_open(&client, host.url, &options, &error));
    host.calls.code = refused ? VMS_CODE_NOT_ALLOWED : VMS_CODE_PARAMS;
    host.calls.data = refused ? "\"receipt\":{\"ledger\":\"a lie\"}" : NULL;
    host.calls.refuse = refused ? 2 : flagged ? 0 : 1; /* what does not hold is asked for once more */
    host.other_result = 2;
    assert_int_equal(try_call(client, "add", "[1]", &receipt, &error), VMS_ERR_REMOTE);
    assert_non_null(strstr(error.message, "receipt does not hold"));
    assert_int_equal(receipt.len, 0);
    host.other_result = 0;
    assert_ok(try_call(client, "add", "[1]", &receipt, &error));
    assert_int_equal(receipt.len > 0, refused);
    vms_client_close(client);
  }
  assert_int_equal(kept_receipts(), 1);
  vms_buffer_free(&receipt);
}

static void two_clients_that_are_told_two_histories_find_out(void **state) {
  vms_client *one = open_client(), *two;
  vms_error error = { 0, 0, 0, "" };
  int status = VMS_OK;
  (void)state;
  assert_ok(vms_client_ledger(one, (uint8_t[VMS_KEY_LEN]){ 0 }, NULL));
  two = open_client();
  assert_ok(vms_client_ledger(two, (uint8_t[VMS_KEY_LEN]){ 0 }, NULL));
  usleep(1100000); /* heads are written down once a second */
  call(one);
  host.face = 1;
  for (int i = 0; i < 20 && status == VMS_OK; i++) {
    status = try_call(two, "add", "[2]", NULL, &error);
    usleep(300000);
  }
  assert_int_equal(status, VMS_ERR_CONFLICT);
  assert_evidence(two, &error, "fork");
  vms_client_close(one);
  vms_client_close(two);
}

/* --- pins -------------------------------------------------------------------------------------------------------------------- */

static void another_ledger_at_a_url_is_refused_until_it_is_pinned(void **state) {
  vms_client *client;
  uint8_t key[VMS_KEY_LEN], found[VMS_KEY_LEN];
  vms_error error = { 0, 0, 0, "" };
  char url[256], digits[20];
  size_t at;
  (void)state;
  assert_ok(vms_keep_set_pin(keep, host.url, (const uint8_t[VMS_KEY_LEN]){ 0xab, 0xcd }, NULL));
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_FOREIGN);
  key_of(key);
  snprintf(digits, sizeof digits, "%02x%02x%02x%02x", key[0], key[1], key[2], key[3]);
  assert_non_null(strstr(error.message, digits));
  assert_non_null(strstr(error.message, "abcd0000"));
  assert_int_equal(vms_client_ledger(client, found, NULL), VMS_ERR_FOREIGN);
  vms_client_close(client);
  assert_int_equal(kept_length(), 0);
  at = (size_t)snprintf(url, sizeof url, "%s#", host.url);
  for (size_t i = 0; i < VMS_KEY_LEN; i++) at += (size_t)snprintf(url + at, sizeof url - at, "%02x", key[i]);
  client = open_url(url, keep);
  call(client);
  vms_client_close(client);
  client = open_client(); /* now that one is pinned */
  call(client);
  vms_client_close(client);
  url[at - 1] = url[at - 1] == '0' ? '1' : '0';
  client = open_url(url, keep);
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_FOREIGN);
  vms_client_close(client);
}

static void another_ledger_that_takes_over_the_port_is_refused(void **state) {
  static two_faced other;
  vms_client *client = open_url(host.url, NULL);
  vms_error error = { 0, 0, 0, "" };
  uint64_t id;
  vms_rpc_reply reply;
  (void)state;
  vms_rpc_reply_init(&reply, NULL);
  call(client);
  two_faced_pause(&host);
  two_faced_start_on(&other, counter, 6, host.port);
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_FOREIGN);
  assert_ok(vms_client_send(client, "vms.info", (vms_slice){ NULL, 0 }, &id, NULL)); /* nor is it read */
  assert_int_equal(vms_client_receive(client, NULL, &reply, &error), VMS_ERR_FOREIGN);
  two_faced_stop(&other);
  two_faced_resume(&host);
  assert_ok(vms_client_receive(client, NULL, &reply, &error)); /* the right one is back */
  assert_int_equal(reply.code, 0);
  call(client);
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
}

/* Between the first two answers the port changes hands. */
static void what_was_believed_of_another_ledger_is_not_held_against_this_one(void **state) {
  static two_faced other;
  uint8_t key[VMS_KEY_LEN], found[VMS_KEY_LEN];
  vms_error error = { 0, 0, 0, "" };
  vms_buffer json = VMS_BUFFER_INIT;
  vms_head head;
  (void)state;
  vms_client *client = open_client();
  for (int i = 0; i < 4; i++) call(client);
  vms_client_close(client); /* six records of this one are kept */
  assert_ok(vms_keep_forget(keep, host.url, NULL));
  two_faced_start_on(&other, counter, 6, 0);
  assert_ok(vms_service_head(other.services[0], VMS_CORE_LEDGER, &json, NULL));
  assert_ok(vms_head_read((vms_slice){ json.data, json.len }, &head, NULL));
  vms_buffer_free(&json);
  host.head = head;
  host.old_head = 1;
  client = open_client();
  assert_int_equal(vms_client_ledger(client, found, &error), VMS_ERR_FOREIGN); /* vms.info of the one, vms.head of the other */
  two_faced_pause(&host);
  uint16_t port = host.port;
  two_faced_pause(&other);
  other.port = port;
  two_faced_resume(&other);
  if (vms_client_ledger(client, found, &error) != VMS_OK) fail_msg("%s", error.message);
  vms_service_key(other.services[0], VMS_CORE_LEDGER, key);
  assert_memory_equal(found, key, sizeof key);
  vms_client_close(client);
  two_faced_stop(&other);
  two_faced_resume(&host);
}

/* --- folders ------------------------------------------------------------------------------------------------------------------ */

static void put(const char *name, const char *text) {
  char command[512];
  snprintf(command, sizeof command, "mkdir -p $(dirname '%s/%s') && printf '%s' > '%s/%s'", dir, name, text, dir, name);
  assert_int_equal(system(command), 0);
}

static void damaged_files_stop_calls_and_files_that_cannot_be_written_do_not(void **state) {
  vms_client *client;
  vms_error error = { 0, 0, 0, "" };
  uint8_t key[VMS_KEY_LEN];
  char name[128] = "ledgers/";
  (void)state;
  put("pins", "what is this\\n");
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CORRUPT);
  assert_non_null(strstr(error.message, "/pins"));
  vms_client_close(client);
  put("pins", "");
  key_of(key);
  for (size_t i = 0; i < VMS_KEY_LEN; i++) snprintf(name + 8 + 2 * i, 3, "%02x", key[i]);
  strcat(name, "/head");
  put(name, "{}");
  client = open_client();
  assert_int_equal(try_call(client, "add", "[1]", NULL, &error), VMS_ERR_CORRUPT);
  assert_non_null(strstr(error.message, "/head"));
  vms_client_close(client);
  vms_keep_close(keep);
  assert_ok(vms_keep_open(&keep, "/dev/null/vms", NULL)); /* nothing can be made there, whoever tries */
  client = open_client();
  call(client);
  call(client);
  assert_int_not_equal(vms_client_warning(client, &error), VMS_OK);
  assert_non_null(strstr(error.message, "/dev/null"));
  vms_client_close(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(what_an_honest_host_says_is_kept, begin, end),
    cmocka_unit_test_setup_teardown(calls_at_once_are_all_in_one_line, begin, end),
    cmocka_unit_test_setup_teardown(clients_that_share_what_is_kept_agree, begin, end),
    cmocka_unit_test_setup_teardown(a_host_without_receipts_is_held_to_its_heads, begin, end),
    cmocka_unit_test_setup_teardown(an_old_host_is_called_as_ever, begin, end),
    cmocka_unit_test_setup_teardown(trouble_on_the_way_is_no_conflict, begin, end),
    cmocka_unit_test_setup_teardown(another_history_is_caught_by_the_next_caller, begin, end),
    cmocka_unit_test_setup_teardown(another_history_of_the_same_length_is_caught, begin, end),
    cmocka_unit_test_setup_teardown(another_history_is_caught_on_the_way_and_after_a_reconnection, begin, end),
    cmocka_unit_test_setup_teardown(who_alters_sizes_on_the_way_gets_nobody_accused, begin, end),
    cmocka_unit_test_setup_teardown(who_alters_sizes_on_the_way_saves_no_liar, begin, end),
    cmocka_unit_test_setup_teardown(what_proves_nothing_is_no_evidence, begin, end),
    cmocka_unit_test_setup_teardown(the_first_questions_go_out_together, begin, end),
    cmocka_unit_test_setup_teardown(calls_under_way_at_once_that_are_told_two_histories_find_out, begin, end),
    cmocka_unit_test_setup_teardown(records_that_are_taken_back_are_missed, begin, end),
    cmocka_unit_test_setup_teardown(a_receipt_has_to_be_of_this_call_and_this_answer, begin, end),
    cmocka_unit_test_setup_teardown(a_receipt_that_nobody_asked_for_has_to_hold_as_well, begin, end),
    cmocka_unit_test_setup_teardown(two_clients_that_are_told_two_histories_find_out, begin, end),
    cmocka_unit_test_setup_teardown(another_ledger_at_a_url_is_refused_until_it_is_pinned, begin, end),
    cmocka_unit_test_setup_teardown(another_ledger_that_takes_over_the_port_is_refused, begin, end),
    cmocka_unit_test_setup_teardown(what_was_believed_of_another_ledger_is_not_held_against_this_one, begin, end),
    cmocka_unit_test_setup_teardown(damaged_files_stop_calls_and_files_that_cannot_be_written_do_not, begin, end),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: MIT */
/* Goal: what the host appends is what the auditor computes, and admission keeps out what may not stand in a ledger.
 * Method: host, callers and auditor in one process; every test ends with an audit of what is on the storage. */
#include "test/support/world.h"

static const char rsvp[] =
  "exports.init = async () => {\n  await System.files.mkdir('/rsvps')\n}\n"
  "exports.RSVP = async (isAttending, reason) => {\n"
  "  await System.files.writeFile(`/rsvps/${System.caller.id}.json`, JSON.stringify({ who: System.caller.id, isAttending, reason }))\n}\n"
  "exports.who = async () => System.files.readdir('/rsvps')\n";

static void assert_honest(world *w) {
  const char *kind = world_audit(w, NULL);
  if (w->verdict.verdict != VMS_VERDICT_OK)
    fail_msg("%s at record %llu: %s (expected %s, found %s)", kind, (unsigned long long)w->verdict.seq, w->verdict.message.data,
             w->verdict.expected.len ? w->verdict.expected.data : "-", w->verdict.found.len ? w->verdict.found.data : "-");
  assert_int_equal(w->verdict.records, w->verdict.length);
}

static void calls_are_recorded_and_audited(void **state) {
  world *w = *state;
  uint8_t key[VMS_KEY_LEN];
  vms_buffer hex = VMS_BUFFER_INIT;
  world_deploy(w, rsvp);
  assert_int_equal(vms_service_length(w->service), 3); /* init block, first start, call of init */
  world_call(w, 1, "RSVP", "[true,\"see you\"]");
  assert_string_equal(world_outcome(w), "undefined");
  assert_int_equal(w->outcome.seq, 3);
  assert_int_equal(vms_service_durable(w->service), 3);
  world_commit(w);
  assert_int_equal(vms_service_durable(w->service), 4);
  world_call(w, 2, "who", "[]");
  world_key(1, key);
  assert_ok(vms__buf_hex(&hex, key, sizeof key));
  assert_non_null(strstr(world_outcome(w), hex.data));
  assert_honest(w);
  assert_int_equal(w->verdict.calls, 3);
  assert_int_equal(w->verdict.signatures, 2);
  assert_int_equal(w->verdict.starts, 1);
  vms_buffer_free(&hex);
}

static void a_throw_leaves_no_files_and_is_recorded(void **state) {
  world *w = *state;
  world_deploy(w, "exports.f = async () => { await System.files.writeFile('/a', 'x'); throw new TypeError('no way') }\n"
                  "exports.g = async () => System.files.readdir('/')\n");
  world_call(w, 1, "f", "[]");
  assert_string_equal(world_outcome(w), "1 TypeError: no way");
  world_call(w, 1, "g", "[]");
  assert_string_equal(world_outcome(w), "[]");
  assert_honest(w);
}

static void a_limit_ends_the_vm_and_the_next_start_says_so(void **state) {
  world *w = *state;
  w->options.limits.steps = 100000;
  world_deploy(w, "let n = 0\nexports.count = () => ++n\nexports.spin = () => { for (;;) try { n++ } catch (e) { } finally { n++ } }\n");
  world_call(w, 1, "count", "[]");
  assert_string_equal(world_outcome(w), "1");
  world_call(w, 1, "spin", "[]");
  assert_int_equal(w->outcome.code, VMS_CODE_ABORTED);
  assert_text(w->outcome.name, "steps");
  world_call(w, 1, "count", "[]");
  assert_string_equal(world_outcome(w), "1"); /* memory is only a cache */
  assert_honest(w);
  assert_int_equal(w->verdict.starts, 2);
}

static void epochs_rotate_after_their_calls(void **state) {
  world *w = *state;
  w->options.epoch = 3;
  world_deploy(w, "let n = 0\nexports.count = () => ++n\n");
  for (int i = 0; i < 10; i++) {
    char expected[8];
    snprintf(expected, sizeof expected, "%d", i % 3 + 1);
    world_call(w, 1, "count", "[]");
    assert_string_equal(world_outcome(w), expected);
  }
  assert_honest(w);
  assert_int_equal(w->verdict.starts, 4);
}

static void restarts_keep_everything_durable_and_pass_the_audit(void **state) {
  world *w = *state;
  world_deploy(w, rsvp);
  for (int i = 0; i < 5; i++) {
    world_call(w, i, "RSVP", "[true]");
    world_commit(w);
    world_restart(w);
    assert_int_equal(vms_service_length(w->service), 4 + 2 * i);
  }
  world_call(w, 9, "RSVP", "[false]"); /* not committed: gone */
  world_restart(w);
  world_call(w, 2, "who", "[]");
  assert_null(strstr(world_outcome(w), "null"));
  assert_honest(w);
  assert_int_equal(w->verdict.calls, 7);
}

static void a_request_runs_once_however_often_it_is_sent(void **state) {
  world *w = *state;
  world_deploy(w, "exports.roll = async () => { const n = Number(await System.files.readFile('/n').catch(() => '0')) + 1\n"
                  "await System.files.writeFile('/n', String(n)); return n }\n");
  world_call(w, 1, "roll", "[]");
  assert_string_equal(world_outcome(w), "1");
  world_resend(w, 1);
  assert_string_equal(world_outcome(w), "1");
  assert_int_equal(w->outcome.seq, 2);
  world_commit(w);
  world_restart(w);
  w->now_ms += 3600000; /* long expired: what stands in the ledger is answered all the same */
  world_resend(w, 1);
  assert_string_equal(world_outcome(w), "1");
  world_call(w, 1, "roll", "[]");
  assert_string_equal(world_outcome(w), "2");
  assert_honest(w);
}

/* Applies a request that is right but for one change. */
static void tampered(world *w, const vms_request *change, uint8_t flip, int code) {
  vms_request request = *change;
  uint8_t seed[VMS_SEED_LEN] = { 1 }, key[VMS_KEY_LEN];
  uint64_t length = vms_service_length(w->service);
  vms__buf_clear(&w->request);
  assert_ok(vms_request_write(&w->request, &request, &w->error));
  assert_ok(vms_request_sign(vms__buf_view(&w->request), seed, w->signature));
  w->signature[3] ^= flip;
  vms_key_public(seed, key);
  assert_ok(vms_service_call(w->service, vms__buf_view(&w->request), key, w->signature, &w->outcome));
  assert_int_equal(w->outcome.kind, VMS_OUTCOME_REFUSED);
  assert_int_equal(w->outcome.code, code);
  assert_true(w->outcome.message.len > 0);
  assert_int_equal(vms_service_length(w->service), length);
}

static void what_may_not_stand_in_the_ledger_is_refused(void **state) {
  world *w = *state;
  vms_request right, request;
  world_deploy(w, "exports.init = () => {}\nexports.f = x => x\nexports['a.b'] = () => 1\nexports.handshake = () => 1\nexports.value = 1\n");
  world_call(w, 1, "f", "[1]");
  assert_string_equal(world_outcome(w), "1");
  assert_ok(vms_request_read(vms__buf_view(&w->request), &right, NULL));
  vms_buffer kept = VMS_BUFFER_INIT;
  assert_ok(vms__buf_slice(&kept, vms__buf_view(&w->request)));
  assert_ok(vms_request_read(vms__buf_view(&kept), &right, NULL));
  uint64_t used = right.nonce;
  right.nonce = used + 1;

  tampered(w, &right, 1, VMS_CODE_SIGNATURE);
  request = right; request.ledger[0] ^= 1; tampered(w, &request, 0, VMS_CODE_SIGNATURE);
  request = right; request.nonce = used; request.params = SLICE("[2]"); tampered(w, &request, 0, VMS_CODE_NONCE);
  assert_non_null(strstr(w->outcome.data.data, "\"executed\":true"));
  request = right; request.nonce = used - 1; tampered(w, &request, 0, VMS_CODE_NONCE);
  assert_non_null(strstr(w->outcome.data.data, "\"executed\":false"));
  request = right; request.nonce = (w->now_ms + 86400001) * 1000; tampered(w, &request, 0, VMS_CODE_NONCE);
  request = right; request.until_ms = w->now_ms - 1; tampered(w, &request, 0, VMS_CODE_EXPIRED);
  request = right; request.seen_hash[5] ^= 1; tampered(w, &request, 0, VMS_CODE_SEEN);
  request = right; request.seen_length = 99; tampered(w, &request, 0, VMS_CODE_SEEN);
  request = right; request.method = SLICE("g"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  request = right; request.method = SLICE("init"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  request = right; request.method = SLICE("a.b"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  request = right; request.method = SLICE("handshake"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  request = right; request.method = SLICE("value"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  request = right; request.method = SLICE("toString"); tampered(w, &request, 0, VMS_CODE_NO_METHOD);
  assert_ok(vms_service_call_unsigned(w->service, (vms_slice){ NULL, 0 }, SLICE("f"), SLICE("[1]"), &w->outcome));
  assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  assert_ok(vms_service_call_unsigned(w->service, SLICE("debug:bob"), SLICE("f"), SLICE("[1]"), &w->outcome));
  assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  world_call(w, 1, "f", "[2]");
  assert_string_equal(world_outcome(w), "2");
  assert_honest(w);
  vms_buffer_free(&kept);
}

static void unsigned_calls_are_counted_where_block_0_allows_them(void **state) {
  world *w = *state;
  w->options.flags = VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG;
  world_deploy(w, "exports.me = () => System.caller.id\n");
  assert_ok(vms_service_call_unsigned(w->service, (vms_slice){ NULL, 0 }, SLICE("me"), SLICE("[]"), &w->outcome));
  assert_string_equal(world_outcome(w), "null");
  assert_ok(vms_service_call_unsigned(w->service, SLICE("debug:bob"), SLICE("me"), SLICE("[]"), &w->outcome));
  assert_string_equal(world_outcome(w), "\"debug:bob\"");
  assert_ok(vms_service_call_unsigned(w->service, SLICE("debug:b b"), SLICE("me"), SLICE("[]"), &w->outcome));
  assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  assert_ok(vms_service_call_unsigned(w->service, SLICE("debug:bob"), SLICE("me"), SLICE("[ ]"), &w->outcome));
  assert_int_equal(w->outcome.code, VMS_CODE_PARAMS);
  assert_honest(w);
  assert_int_equal(w->verdict.unsigned_calls, 2);
}

static void a_clock_that_runs_backwards_does_not_show(void **state) {
  world *w = *state;
  world_deploy(w, "exports.now = () => Date.now()\n");
  w->now_ms += 5000;
  world_call(w, 1, "now", "[]");
  assert_string_equal(world_outcome(w), "1700000005000");
  w->now_ms -= 4000;
  world_call(w, 2, "now", "[]");
  assert_string_equal(world_outcome(w), "1700000005000");
  assert_honest(w);
}

static void a_script_that_cannot_be_deployed_says_why(void **state) {
  world *w = *state;
  static const struct { const char *code; int status; const char *says; } bad[] = {
    { "exports.f = async () => { await\n}}\n", VMS_ERR_SYNTAX, "contract.js:2:" },
    { "exports.f = 1\nthrow new RangeError('not today')\n", VMS_ERR_SCRIPT, "RangeError: not today" },
    { "exports.init = async () => { throw new Error('no init') }\n", VMS_ERR_SCRIPT, "no init" },
    { "for (;;) { }\n", VMS_ERR_SCRIPT, "contract.js: the script met the limit of steps" },
    { "exports.init = () => System.nothing.at.all\n", VMS_ERR_SCRIPT, "TypeError" },
  };
  w->options.limits.steps = 100000;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    vms_buffer diagnostic = VMS_BUFFER_INIT;
    vms_storage storage;
    assert_ok(vms_memory_open(&storage, NULL, NULL));
    assert_int_equal(vms_service_deploy(&w->service, &storage, w->secret, SLICE(bad[i].code), &w->options, &diagnostic, &w->error), bad[i].status);
    assert_null(w->service);
    if (diagnostic.len == 0 || strstr(diagnostic.data, bad[i].says) == NULL || strstr(diagnostic.data, "stepsthe") != NULL) fail_msg("%s: %s", bad[i].code, diagnostic.len ? diagnostic.data : "");
    vms_buffer_free(&diagnostic);
    vms_memory_close(&storage);
  }
}

static void another_script_secret_or_limit_is_refused(void **state) {
  world *w = *state;
  vms_slice other = SLICE("exports.f = () => 2\n"), same = SLICE("exports.f = () => 1\n");
  world_deploy(w, same.data);
  vms_service_close(w->service);
  w->service = NULL;
  assert_int_equal(vms_service_open(&w->service, &w->storage, w->secret, &other, &w->options, &w->error), VMS_ERR_FOREIGN);
  w->options.limits.steps = 5;
  assert_int_equal(vms_service_open(&w->service, &w->storage, w->secret, &same, &w->options, &w->error), VMS_ERR_FOREIGN);
  w->options.limits.steps = 0;
  w->secret[0] ^= 1;
  assert_int_equal(vms_service_open(&w->service, &w->storage, w->secret, &same, &w->options, &w->error), VMS_ERR_FOREIGN);
  w->secret[0] ^= 1;
  assert_ok(vms_service_open(&w->service, &w->storage, w->secret, &same, &w->options, &w->error));
  assert_honest(w);
}

static void pins_of_the_user_are_checked(void **state) {
  world *w = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN], hash[VMS_HASH_LEN];
  world_deploy(w, "exports.f = () => 1\n");
  world_call(w, 1, "f", "[]");
  assert_honest(w);
  memcpy(key, w->verdict.ledger, sizeof key);
  memcpy(hash, w->verdict.tree_hash, sizeof hash);
  options.ledger = key;
  options.seen_length = w->verdict.length;
  options.seen_hash = hash;
  options.code = SLICE("exports.f = () => 1\n");
  world_call(w, 1, "f", "[]");
  assert_string_equal(world_audit(w, &options), "");
  options.code = SLICE("exports.f = () => 2\n");
  assert_string_equal(world_audit(w, &options), "ledger");
  assert_int_equal(w->verdict.conflict, 1);
  options.code.data = NULL;
  hash[0] ^= 1;
  assert_string_equal(world_audit(w, &options), "fork");
  assert_int_equal(w->verdict.conflict, 1);
  options.seen_length = 99;
  assert_string_equal(world_audit(w, &options), "fork");
  options.seen_length = 0;
  key[0] ^= 1;
  assert_string_equal(world_audit(w, &options), "ledger");
  options.ledger = NULL;
  options.min_length = 100;
  assert_string_equal(world_audit(w, &options), "short");
  assert_int_equal(w->verdict.verdict, VMS_VERDICT_INCOMPLETE);
  options.min_length = 0;
  options.max_steps = 1000;
  assert_string_equal(world_audit(w, &options), "budget");
  options.max_steps = 0;
  options.level = VMS_AUDIT_CHAIN;
  assert_string_equal(world_audit(w, &options), "");
}

static void blocks_come_in_pages_and_only_when_signed(void **state) {
  world *w = *state;
  vms_buffer json = VMS_BUFFER_INIT;
  vms_slice member;
  world_deploy(w, rsvp);
  world_call(w, 1, "RSVP", "[true]");
  assert_ok(vms_service_blocks(w->service, VMS_CORE_LEDGER, 0, 100, &json, &w->error));
  assert_true(vms__json_valid(vms__buf_view(&json), 64, VMS__JSON_COMPACT));
  assert_true(vms__json_member(vms__buf_view(&json), "to", &member) && vms__slice_is(member, "3")); /* the call is not durable yet */
  vms__buf_clear(&json);
  assert_int_equal(vms_service_blocks(w->service, VMS_CORE_LEDGER, 4, 5, &json, &w->error), VMS_ERR_NOT_FOUND);
  world_commit(w);
  assert_ok(vms_service_blocks(w->service, VMS_CORE_LEDGER, 3, 5, &json, &w->error));
  assert_true(vms__json_member(vms__buf_view(&json), "to", &member) && vms__slice_is(member, "4"));
  vms__buf_clear(&json);
  assert_ok(vms_service_info(w->service, &json, &w->error));
  assert_true(vms__json_member(vms__buf_view(&json), "methods", &member));
  assert_true(vms__slice_is(member, "[\"RSVP\",\"who\"]"));
  vms_buffer_free(&json);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
  const struct CMUnitTest tests[] = {
    TEST(calls_are_recorded_and_audited), TEST(a_throw_leaves_no_files_and_is_recorded), TEST(a_limit_ends_the_vm_and_the_next_start_says_so),
    TEST(epochs_rotate_after_their_calls), TEST(restarts_keep_everything_durable_and_pass_the_audit), TEST(a_request_runs_once_however_often_it_is_sent),
    TEST(what_may_not_stand_in_the_ledger_is_refused), TEST(unsigned_calls_are_counted_where_block_0_allows_them),
    TEST(a_clock_that_runs_backwards_does_not_show), TEST(a_script_that_cannot_be_deployed_says_why), TEST(another_script_secret_or_limit_is_refused),
    TEST(pins_of_the_user_are_checked), TEST(blocks_come_in_pages_and_only_when_signed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

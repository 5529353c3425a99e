/* SPDX-License-Identifier: MIT */
#include "world.h"

static uint64_t world_now(void *context) { return ((world *)context)->now_ms; }

void world_init(world *w) {
  memset(w, 0, sizeof *w);
  w->env = (vms_env){ sizeof w->env, 0, w, NULL, world_now, NULL };
  w->now_ms = UINT64_C(1700000000000);
  w->nonce = w->now_ms * 1000;
  memset(w->secret, 9, sizeof w->secret);
  w->options = (vms_service_options)VMS_SERVICE_OPTIONS_INIT;
  w->options.env = &w->env;
  assert_ok(vms_memory_open(&w->storage, NULL, NULL));
  vms_outcome_init(&w->outcome, NULL);
  vms_verdict_init(&w->verdict, NULL);
}

void world_deinit(world *w) {
  vms_service_close(w->service);
  vms_memory_close(&w->storage);
  vms_outcome_free(&w->outcome);
  vms_verdict_free(&w->verdict);
  vms_buffer_free(&w->request);
}

void world_deploy(world *w, const char *code) {
  vms_buffer diagnostic = VMS_BUFFER_INIT;
  if (vms_service_deploy(&w->service, &w->storage, w->secret, SLICE(code), &w->options, &diagnostic, &w->error) != VMS_OK)
    fail_msg("%s\n%s", w->error.message, diagnostic.len > 0 ? diagnostic.data : "");
  vms_buffer_free(&diagnostic);
}

void world_restart(world *w) {
  vms_service_close(w->service);
  w->service = NULL;
  if (vms_service_open(&w->service, &w->storage, w->secret, NULL, &w->options, &w->error) != VMS_OK) fail_msg("%s", w->error.message);
}

static void world_seed(int who, uint8_t seed[VMS_SEED_LEN]) {
  memset(seed, 0, VMS_SEED_LEN);
  memcpy(seed, &who, sizeof who);
}

void world_key(int who, uint8_t key[VMS_KEY_LEN]) {
  uint8_t seed[VMS_SEED_LEN];
  world_seed(who, seed);
  vms_key_public(seed, key);
}

void world_resend(world *w, int who) {
  uint8_t key[VMS_KEY_LEN];
  world_key(who, key);
  assert_ok(vms_service_call(w->service, vms__buf_view(&w->request), key, w->signature, &w->outcome));
}

void world_call(world *w, int who, const char *method, const char *params) {
  world_sign(w, who, method, params);
  world_resend(w, who);
}

void world_sign(world *w, int who, const char *method, const char *params) {
  vms_request request = { .nonce = ++w->nonce, .until_ms = w->now_ms + 60000, .method = SLICE(method), .params = SLICE(params) };
  vms_buffer json = VMS_BUFFER_INIT;
  vms_head head;
  uint8_t seed[VMS_SEED_LEN];
  vms_service_key(w->service, VMS_CORE_LEDGER, request.ledger);
  assert_ok(vms_service_head(w->service, VMS_CORE_LEDGER, &json, &w->error));
  assert_ok(vms_head_read(vms__buf_view(&json), &head, &w->error));
  vms_buffer_free(&json);
  request.seen_length = head.length;
  memcpy(request.seen_hash, head.tree_hash, VMS_HASH_LEN);
  vms__buf_clear(&w->request);
  assert_ok(vms_request_write(&w->request, &request, &w->error));
  world_seed(who, seed);
  assert_ok(vms_request_sign(vms__buf_view(&w->request), seed, w->signature));
}

void world_commit(world *w) { assert_ok(vms_service_commit(w->service, VMS_COMMIT_SIGN, &w->error)); }

const char *world_audit(world *w, const vms_audit_options *options) {
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  if (w->service != NULL) world_commit(w);
  journal_options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&journal, &w->storage, &journal_options, &w->error));
  vms_verdict_free(&w->verdict);
  vms_verdict_init(&w->verdict, NULL);
  if (vms_audit(journal, options, &w->verdict, &w->error) != VMS_OK) fail_msg("%s", w->error.message);
  vms_journal_close(journal);
  return w->verdict.kind.len == 0 ? "" : w->verdict.kind.data;
}

const char *world_outcome(world *w) {
  static char text[1024];
  const vms_outcome *o = &w->outcome;
  if (o->kind == VMS_OUTCOME_RESULT) return o->result.len == 0 ? "undefined" : o->result.data;
  snprintf(text, sizeof text, "%d %s: %s", o->code, o->name.len == 0 ? "" : o->name.data, o->message.len == 0 ? "" : o->message.data);
  return text;
}

int world_setup(void **state) {
  static world w;
  world_init(&w);
  *state = &w;
  return 0;
}

int world_teardown(void **state) {
  world_deinit(*state);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Goal: a copy of a service is read like the service itself, and nothing can be done to it. Method: a service in memory and a mirror
 * of the same bytes; copies that are not finished; an author whose script would keep its mirrors busy. */
#include "test/support/world.h"

/* The answers of one service to what can be read of it. */
static void read_all(vms_service *service, vms_buffer *json) {
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS; core++) {
    assert_ok(vms_service_head(service, core, json, NULL));
    assert_ok(vms_service_blocks(service, core, 0, 100, json, NULL));
  }
  assert_ok(vms_service_methods(service, json, NULL));
}

static void a_mirror_answers_what_the_service_answers(void **state) {
  world *w = *state;
  vms_service *mirror;
  vms_buffer original = VMS_BUFFER_INIT, copy = VMS_BUFFER_INIT;
  vms_file_request request = { .method = SLICE("readFile"), .params = SLICE("[\"/a\"]") };
  vms_file_reply reply;
  world_deploy(w, "exports.put = async x => { await System.files.writeFile('/a', x) }\n");
  world_call(w, 1, "put", "[\"first\"]");
  world_call(w, 1, "put", "[\"second\"]");
  world_commit(w);
  assert_ok(vms_service_mirror(&mirror, &w->storage, &w->options, NULL));
  read_all(w->service, &original);
  read_all(mirror, &copy);
  assert_string_equal(original.data, copy.data);
  assert_int_equal(vms_service_length(mirror), vms_service_length(w->service));
  assert_int_equal(vms_service_durable(mirror), vms_service_length(mirror));
  assert_int_equal(vms_core_length(vms_service_core(mirror, VMS_CORE_LEDGER)), vms_service_length(mirror));
  memset(&reply, 0, sizeof reply);
  vms_buffer_init(&reply.body, NULL);
  assert_ok(vms_service_file(mirror, &request, &reply, NULL));
  assert_text(reply.body, "second");
  vms__buf_clear(&copy);
  assert_ok(vms_service_info(mirror, &copy, NULL));
  assert_non_null(strstr(copy.data, "\"methods\":[\"put\"]"));
  assert_non_null(strstr(copy.data, "\"mirror\":true,\"head\":{"));
  vms__buf_clear(&copy);
  assert_ok(vms_service_info(w->service, &copy, NULL));
  assert_null(strstr(copy.data, "mirror"));
  vms_buffer_free(&reply.body);
  vms_buffer_free(&original);
  vms_buffer_free(&copy);
  vms_service_close(mirror);
}

static void a_mirror_takes_no_calls_and_writes_nothing(void **state) {
  world *w = *state;
  vms_service *mirror, *service;
  vms_commit *commit;
  uint64_t before, after;
  world_deploy(w, "exports.f = () => 1\n");
  assert_ok(w->storage.length(w->storage.context, &before, NULL));
  assert_ok(vms_service_mirror(&mirror, &w->storage, &w->options, NULL));
  service = w->service;
  w->service = mirror;
  world_sign(w, 1, "f", "[]");
  world_resend(w, 1);
  assert_int_equal(w->outcome.kind, VMS_OUTCOME_REFUSED);
  assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  assert_text(w->outcome.message, "this is a mirror: it has no key to sign with; call the original host");
  assert_ok(vms_service_call_unsigned(mirror, (vms_slice){ NULL, 0 }, SLICE("f"), SLICE("[]"), &w->outcome));
  assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  assert_ok(vms_service_commit_begin(mirror, VMS_COMMIT_SIGN, &commit, NULL));
  assert_null(commit);
  w->service = service;
  vms_service_close(mirror);
  assert_ok(w->storage.length(w->storage.context, &after, NULL));
  assert_int_equal(before, after);
}

static void blocks_behind_the_head_do_not_show(void **state) {
  world *w = *state;
  vms_service *mirror;
  vms_buffer json = VMS_BUFFER_INIT;
  uint64_t signed_length;
  world_deploy(w, "exports.f = () => 1\n");
  signed_length = vms_service_length(w->service);
  world_call(w, 1, "f", "[]");
  assert_ok(vms_service_commit(w->service, VMS_COMMIT_NO_SYNC, NULL)); /* as in the middle of a download */
  assert_ok(vms_service_mirror(&mirror, &w->storage, &w->options, NULL));
  assert_int_equal(vms_service_length(mirror), signed_length);
  assert_ok(vms_service_blocks(mirror, VMS_CORE_LEDGER, 0, 100, &json, NULL));
  assert_non_null(strstr(json.data, "\"from\":0,\"to\":2,"));
  vms_buffer_free(&json);
  vms_service_close(mirror);
}

static void what_is_no_finished_copy_is_refused(void **state) {
  static const uint8_t key[VMS_KEY_LEN] = { 9 };
  world *w = *state;
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN];
  vms_journal *journal;
  vms_service *mirror;
  vms_manifest_default(key, manifests[0]);
  vms_manifest_default(key, manifests[1]);
  vms_manifest_blobs(manifests[1], manifests[2]);
  assert_ok(vms_journal_create(&journal, &w->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, VMS_CORE_COUNT, NULL, NULL));
  assert_int_equal(vms_service_mirror(&mirror, &w->storage, &w->options, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_core_append(vms_journal_core(journal, 0), "{}", 2, NULL, NULL));
  assert_ok(vms_journal_commit(journal, VMS_COMMIT_NO_SYNC, NULL));
  assert_int_equal(vms_service_mirror(&mirror, &w->storage, &w->options, NULL), VMS_ERR_CORRUPT);
  assert_null(mirror);
  vms_journal_close(journal);
}

static void a_script_gets_no_more_than_the_default_limits(void **state) {
  world *w = *state;
  vms_service *mirror;
  vms_buffer json = VMS_BUFFER_INIT;
  w->options.limits.steps = UINT64_C(1) << 40;
  world_deploy(w, "let n = 0; for (let i = 0; i < 4e6; i++) n += i\nexports.f = () => n\n");
  assert_ok(vms_service_mirror(&mirror, &w->storage, &w->options, NULL));
  for (int i = 0; i < 100; i++) { /* what it cost is spent once */
    vms__buf_clear(&json);
    assert_ok(vms_service_methods(mirror, &json, NULL));
    assert_text(json, "[]");
  }
  vms_buffer_free(&json);
  vms_service_close(mirror);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(a_mirror_answers_what_the_service_answers),
    TEST(a_mirror_takes_no_calls_and_writes_nothing),
    TEST(blocks_behind_the_head_do_not_show),
    TEST(what_is_no_finished_copy_is_refused),
    TEST(a_script_gets_no_more_than_the_default_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

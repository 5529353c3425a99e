/* SPDX-License-Identifier: MIT */
/* Goal: a record has one text. Method: what the writer makes is read back equal; every text that differs in one
 * place (a member more, less, twice, in another order, spelled otherwise) is refused. */
#include "test/support/test.h"

#include "lib/service/internal.h"

#define KEY "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
#define HASH "bb30a42c1e62f0afda5f0a4e8a562f7a13a24cea00ee81917b86b89e801314aa"
#define SIG KEY HASH
#define PROOF SIG "bb30a42c1e62f0afda5f0a4e8a562f7a"
#define FILES ",\"files\":{\"version\":2,\"blobs\":1,\"hash\":\"" HASH "\"}}"
#define CALL(outcome) "{\"type\":\"call\",\"time\":5,\"caller\":\"" KEY "\",\"request\":\"{\\\"a\\\":1}\",\"signature\":\"" SIG "\",\"oracles\":[]" outcome ",\"steps\":7" FILES

static const char *const good[] = {
  "{\"type\":\"start\",\"time\":1,\"reason\":\"boot\",\"build\":\"" HASH "\",\"steps\":3" FILES,
  "{\"type\":\"start\",\"time\":1,\"reason\":\"failed\",\"build\":\"" HASH "\",\"error\":{\"name\":\"Error\",\"message\":\"no\"},\"steps\":3" FILES,
  "{\"type\":\"start\",\"time\":1,\"reason\":\"rotated\",\"build\":\"" HASH "\",\"aborted\":\"memory\",\"steps\":3" FILES,
  CALL(""), CALL(",\"result\":null"), CALL(",\"result\":{\"b\":[1,2.5e3,\"\\ud800\"]}"), CALL(",\"error\":{\"name\":\"E\",\"message\":\"\\u0001\\n\xc3\xa9\"}"),
  CALL(",\"aborted\":\"steps\""), CALL(",\"aborted\":\"files\""),
  "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"oracles\":[],\"steps\":0" FILES,
  "{\"type\":\"call\",\"time\":5,\"caller\":\"debug:bob\",\"request\":\"x\",\"oracles\":[],\"steps\":0" FILES,
  "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"vrf\":\"" PROOF "\",\"oracles\":[],\"steps\":0" FILES,
  "{\"type\":\"call\",\"time\":5,\"caller\":\"" KEY "\",\"request\":\"x\",\"signature\":\"" SIG "\",\"vrf\":\"" PROOF "\",\"oracles\":[],\"aborted\":\"steps\",\"steps\":0" FILES,
};

static int read_text(vms_slice text) {
  vms_buffer scratch = VMS_BUFFER_INIT;
  vms__record record;
  int status = vms__record_read(text, &scratch, &record, NULL);
  vms_buffer_free(&scratch);
  return status;
}

static void what_is_written_is_read(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) assert_ok(read_text(SLICE(good[i])));
}

static void every_other_text_is_refused(void **state) {
  static const char *const bad[] = {
    "", "{}", "null", CALL(",\"result\":undefined"), CALL(",\"result\": 1"), CALL(",\"result\":1,\"result\":1"), CALL(",\"note\":1"),
    CALL(",\"error\":{\"message\":\"no\",\"name\":\"E\"}"), CALL(",\"error\":{\"name\":\"E\"}"), CALL(",\"error\":{\"name\":\"E\",\"message\":\"\",\"stack\":\"\"}"),
    CALL(",\"error\":{\"name\":\"\\u0045\",\"message\":\"no\"}"), CALL(",\"error\":{\"name\":\"E\",\"message\":\"\\/\"}"),
    CALL(",\"error\":{\"name\":\"E\",\"message\":\"\\u000A\"}"), CALL(",\"aborted\":\"boredom\""), CALL(",\"aborted\":\"steps\",\"result\":1"),
    "{\"type\":\"start\",\"time\":1,\"reason\":\"boot\",\"build\":\"" HASH "\",\"result\":1,\"steps\":3" FILES,
    "{\"type\":\"start\",\"time\":1,\"reason\":\"boot\",\"build\":\"" HASH "\",\"aborted\":\"files\",\"steps\":3" FILES,
    "{\"type\":\"start\",\"time\":1,\"reason\":\"bored\",\"build\":\"" HASH "\",\"steps\":3" FILES,
    "{\"type\":\"start\",\"time\":01,\"reason\":\"boot\",\"build\":\"" HASH "\",\"steps\":3" FILES,
    "{\"type\":\"start\",\"time\":1,\"reason\":\"boot\",\"build\":\"BB30a42c1e62f0afda5f0a4e8a562f7a13a24cea00ee81917b86b89e801314aa\",\"steps\":3" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":\"bob\",\"request\":\"x\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":\"debug:\",\"request\":\"x\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":\"debug:b\\u006fb\",\"request\":\"x\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"\\u0078\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"oracles\":[1],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"signature\":null,\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"\xff\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"vrf\":\"" SIG "\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"vrf\":\"" PROOF "00\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"vrf\":null,\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":null,\"request\":\"x\",\"oracles\":[],\"vrf\":\"" PROOF "\",\"steps\":0" FILES,
    "{\"type\":\"call\",\"time\":5,\"caller\":\"" KEY "\",\"request\":\"x\",\"vrf\":\"" PROOF "\",\"signature\":\"" SIG "\",\"oracles\":[],\"steps\":0" FILES,
    "{\"type\":\"move\",\"time\":5,\"steps\":0" FILES,
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (read_text(SLICE(bad[i])) != VMS_ERR_FORM) fail_msg("accepted: %s", bad[i]);
  }
}

static void every_cut_and_every_addition_is_refused(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    size_t len = strlen(good[i]);
    for (size_t cut = 0; cut < len; cut++) {
      char *exact = malloc(cut + 1);
      memcpy(exact, good[i], cut);
      assert_int_equal(read_text((vms_slice){ exact, cut }), VMS_ERR_FORM);
      free(exact);
    }
    for (size_t at = 0; at <= len; at++) {
      char *more = malloc(len + 1);
      memcpy(more, good[i], at);
      more[at] = ' ';
      memcpy(more + at + 1, good[i] + at, len - at);
      int status = read_text((vms_slice){ more, len + 1 });
      if (status == VMS_OK) { /* inside a string that may hold anything it is another, good record: nowhere else */
        unsigned quotes = 0;
        for (size_t k = 0; k < at; k++) quotes += good[i][k] == '"' && (k == 0 || good[i][k - 1] != '\\');
        assert_int_equal(quotes % 2, 1);
      }
      free(more);
    }
  }
}

static const vms__genesis sample = {
  .engine = { VMS_ENGINE, sizeof VMS_ENGINE - 1 }, .code = { "exports.f = () => \"\\n\"\n", 23 }, .title = { "p\xc3\xa4rty", 6 },
  .limits = { 1, 2, 3, 4, 5, 6 }, .epoch = 10, .time_ms = 99, .anonymous = true, .debug = false,
};

static void block_0_is_read_as_it_was_written(void **state) {
  vms_buffer text = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms__genesis read;
  (void)state;
  assert_ok(vms__genesis_write(&text, &sample));
  assert_ok(vms__genesis_read(vms__buf_view(&text), &scratch, &read, NULL));
  assert_true(vms__slice_equal(read.code, sample.code) && vms__slice_equal(read.title, sample.title));
  assert_int_equal(read.limits.files_total, 6);
  assert_true(read.anonymous && !read.debug);
  for (size_t cut = 0; cut < text.len; cut++)
    assert_int_not_equal(vms__genesis_read((vms_slice){ text.data, cut }, &scratch, &read, NULL), VMS_OK);
  vms_buffer_free(&text);
  vms_buffer_free(&scratch);
}

/* Reads the sample after one replacement in its text. */
static int read_edited(const char *from, const char *to) {
  vms_buffer text = VMS_BUFFER_INIT, edited = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms__genesis read;
  assert_ok(vms__genesis_write(&text, &sample));
  const char *at = strstr(text.data, from);
  assert_non_null(at);
  assert_ok(vms_buffer_append(&edited, text.data, (size_t)(at - text.data)));
  assert_ok(vms__buf_text(&edited, to));
  assert_ok(vms__buf_text(&edited, at + strlen(from)));
  int status = vms__genesis_read(vms__buf_view(&edited), &scratch, &read, NULL);
  vms_buffer_free(&text);
  vms_buffer_free(&edited);
  vms_buffer_free(&scratch);
  return status;
}

static void another_version_is_not_judged_and_another_form_is_refused(void **state) {
  (void)state;
  assert_ok(read_edited("\"epoch\":10", "\"epoch\":11"));
  assert_int_equal(read_edited("\"v\":1", "\"v\":2"), VMS_ERR_UNSUPPORTED);
  assert_int_equal(read_edited("vms-js/0", "vms-js/9"), VMS_ERR_UNSUPPORTED);
  assert_int_equal(read_edited("\"oracles\":[]", "\"oracles\":[\"a.b\"]"), VMS_ERR_UNSUPPORTED);
  assert_int_equal(read_edited("\"owner\":null", "\"owner\":{}"), VMS_ERR_UNSUPPORTED);
  assert_int_equal(read_edited("\"epoch\":10", "\"epoch\":0"), VMS_ERR_FORM);
  assert_int_equal(read_edited("\"debug\":false", "\"debug\":0"), VMS_ERR_FORM);
  assert_int_equal(read_edited("\"time\":99", "\"time\":99,\"x\":1"), VMS_ERR_FORM);
  assert_int_equal(read_edited("\"title\"", "\"t\\u0069tle\""), VMS_ERR_FORM);
  assert_int_equal(read_edited("p\xc3\xa4rty", "p\\u00e4rty"), VMS_ERR_FORM);
}

static void a_request_is_read_as_it_was_written(void **state) {
  static const uint8_t seed[VMS_SEED_LEN] = { 1 };
  vms_request request = { .nonce = 5, .until_ms = 6, .seen_length = 7, .method = { "RSVP", 4 }, .params = { "[true,\"see you\"]", 16 } }, read;
  vms_buffer text = VMS_BUFFER_INIT;
  uint8_t signature[VMS_SIGNATURE_LEN], key[VMS_KEY_LEN];
  (void)state;
  assert_ok(vms_request_write(&text, &request, NULL));
  assert_ok(vms_request_read(vms__buf_view(&text), &read, NULL));
  assert_true(read.nonce == 5 && read.until_ms == 6 && read.seen_length == 7);
  assert_true(vms__slice_equal(read.method, request.method) && vms__slice_equal(read.params, request.params));
  assert_ok(vms_request_sign(vms__buf_view(&text), seed, signature));
  vms_key_public(seed, key);
  assert_true(vms_request_check(vms__buf_view(&text), key, signature));
  text.data[text.len - 4] ^= 1;
  assert_false(vms_request_check(vms__buf_view(&text), key, signature));
  vms_buffer_free(&text);
}

static void requests_of_another_form_are_refused(void **state) {
#define HEAD "{\"ledger\":\"" KEY "\",\"nonce\":"
#define TAIL ",\"until\":6,\"seen\":{\"length\":7,\"hash\":\"" HASH "\"},\"method\":\"f\",\"params\":"
  static const char *const bad[] = {
    HEAD "0" TAIL "[]}", HEAD "05" TAIL "[]}", HEAD "9007199254740992" TAIL "[]}", HEAD "5" TAIL "{}}", HEAD "5" TAIL "[ ]}", HEAD "5" TAIL "[]} ",
    HEAD "5" TAIL "[],\"x\":1}", HEAD "5" TAIL "[1,]}", HEAD "\"5\"" TAIL "[]}", " " HEAD "5" TAIL "[]}", HEAD "5" TAIL "null}", HEAD "5" TAIL "[\"\\ud800\"]",
  };
  vms_request request;
  (void)state;
  assert_ok(vms_request_read(SLICE(HEAD "5" TAIL "[]}"), &request, NULL));
  assert_ok(vms_request_read(SLICE(HEAD "5" TAIL "[1e400,-0,\"\\ud800\"]}"), &request, NULL));
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_int_equal(vms_request_read(SLICE(bad[i]), &request, NULL), VMS_ERR_FORM);
}

static void callers_remember_their_newest_calls(void **state) {
  vms__callers *callers = vms__callers_new(NULL);
  uint8_t key[VMS_KEY_LEN] = { 0 };
  uint64_t seq;
  (void)state;
  for (uint32_t who = 0; who < 300; who++) {
    memcpy(key, &who, sizeof who);
    for (uint64_t n = 1; n <= (who == 7 ? 5000u : 3u); n++) {
      assert_ok(vms__callers_prepare(callers, key));
      vms__callers_note(callers, key, 2 * n, 100 * who + n);
    }
  }
  for (uint32_t who = 0; who < 300; who++) {
    memcpy(key, &who, sizeof who);
    assert_int_equal(vms__callers_last(callers, key), who == 7 ? 10000 : 6);
    assert_int_equal(vms__callers_find(callers, key, who == 7 ? 9000 : 4, &seq), VMS__NONCE_USED);
    assert_int_equal(seq, 100 * who + (who == 7 ? 4500 : 2));
    assert_int_equal(vms__callers_find(callers, key, who == 7 ? 9001 : 5, &seq), VMS__NONCE_UNUSED);
    assert_int_equal(vms__callers_find(callers, key, 1, &seq), who == 7 ? VMS__NONCE_FORGOTTEN : VMS__NONCE_UNUSED);
  }
  uint32_t seven = 7;
  memcpy(key, &seven, sizeof seven);
  for (uint64_t back = 0; back < VMS__CALLER_HISTORY; back++)
    assert_int_equal(vms__callers_find(callers, key, 2 * (5000 - back), &seq), VMS__NONCE_USED);
  vms__callers_free(callers);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_written_is_read), cmocka_unit_test(every_other_text_is_refused),
    cmocka_unit_test(every_cut_and_every_addition_is_refused), cmocka_unit_test(block_0_is_read_as_it_was_written),
    cmocka_unit_test(another_version_is_not_judged_and_another_form_is_refused), cmocka_unit_test(a_request_is_read_as_it_was_written),
    cmocka_unit_test(requests_of_another_form_are_refused), cmocka_unit_test(callers_remember_their_newest_calls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

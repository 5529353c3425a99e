/* SPDX-License-Identifier: MIT */
/* Goal: buffers, hex, base64, errors and options do what lib/base/internal.h says, also when memory fails. */
#include "test/support/test.h"

static void hex_is_lower_case_and_exact(void **state) {
  uint8_t bytes[3];
  vms_buffer out = VMS_BUFFER_INIT;
  (void)state;
  assert_true(vms__hex_decode(SLICE("00ff7e"), bytes, 3));
  assert_memory_equal(bytes, "\x00\xff\x7e", 3);
  static const char *const bad[] = { "", "00ff7", "00ff7e0", "00FF7E", "00fg7e", "00 f7e" };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(vms__hex_decode(SLICE(bad[i]), bytes, 3));
  assert_ok(vms__buf_hex(&out, bytes, 3));
  assert_text(out, "00ff7e");
  vms_buffer_free(&out);
}

static void base64_has_one_text_per_bytes(void **state) { /* RFC 4648 section 10 */
  static const struct { const char *bytes, *text; } cases[] = {
    { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
  };
  static const char *const bad[] = { "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "====", "Z===", "Zm-v", "Zm9v=" };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_buffer out = VMS_BUFFER_INIT;
    assert_ok(vms__buf_base64(&out, cases[i].bytes, strlen(cases[i].bytes)));
    assert_text(out, cases[i].text);
    vms__buf_clear(&out);
    assert_ok(vms__base64_decode(SLICE(cases[i].text), &out));
    assert_text(out, cases[i].bytes);
    vms_buffer_free(&out);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    vms_buffer out = VMS_BUFFER_INIT;
    assert_int_equal(vms__base64_decode(SLICE(bad[i]), &out), VMS_ERR_FORM);
    assert_int_equal(out.len, 0);
    vms_buffer_free(&out);
  }
}

static void messages_are_cut_between_characters(void **state) {
  vms_error error;
  char long_text[400];
  (void)state;
  for (size_t lead = 0; lead < 4; lead++) {
    memset(long_text, 'x', lead);
    for (size_t i = lead; i + 3 < sizeof long_text; i += 3) memcpy(long_text + i, "\xe2\x82\xac", 4);
    assert_int_equal(vms__fail(&error, VMS_ERR_IO, 7, "%s", long_text), VMS_ERR_IO);
    assert_true(vms__utf8_valid(error.message, strlen(error.message)));
    assert_true(strlen(error.message) > sizeof error.message - 5);
    assert_int_equal(error.position, 7);
  }
  assert_int_equal(vms__fail(NULL, VMS_ERR_IO, 0, "x"), VMS_ERR_IO);
  assert_string_equal(vms_status_name(VMS_ERR_UNSUPPORTED), "VMS_ERR_UNSUPPORTED");
  assert_string_equal(vms_status_name(-1), "VMS_ERR_?");
}

typedef struct options { uint32_t size, a, b; } options;
typedef struct newer { uint32_t size, a, b, c; } newer;

static void options_of_other_versions_load_or_are_refused(void **state) {
  options known = { sizeof known, 1, 2 };
  struct { uint32_t size, a; } older = { 8, 5 };
  newer wish = { sizeof wish, 7, 8, 0 };
  vms_error error;
  (void)state;
  assert_ok(vms__options_load(&known, sizeof known, NULL, &error));
  assert_ok(vms__options_load(&known, sizeof known, &older, &error));
  assert_int_equal(known.a, 5);
  assert_int_equal(known.b, 2);
  assert_ok(vms__options_load(&known, sizeof known, &wish, &error));
  assert_int_equal(known.b, 8);
  wish.c = 1;
  assert_int_equal(vms__options_load(&known, sizeof known, &wish, &error), VMS_ERR_ARGUMENT);
  wish.size = 0;
  assert_int_equal(vms__options_load(&known, sizeof known, &wish, &error), VMS_ERR_ARGUMENT);
}

static void *no_memory(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context; (void)memory; (void)old_len; (void)new_len;
  return NULL;
}

static void failed_appends_leave_a_buffer_as_it_was(void **state) {
  static const vms_env poor = { sizeof poor, 0, NULL, no_memory, NULL, NULL };
  vms_buffer out;
  (void)state;
  vms_buffer_init(&out, &poor);
  assert_int_equal(vms_buffer_append(&out, "x", 1), VMS_ERR_NOMEM);
  assert_int_equal(vms__buf_json_string(&out, "x", 1), VMS_ERR_NOMEM);
  assert_int_equal(vms__buf_format(&out, "%d", 1), VMS_ERR_NOMEM);
  assert_int_equal(out.len, 0);
  assert_null(out.data);
  vms_buffer_free(&out);
}

static void memory_storage_reads_what_was_written(void **state) {
  vms_storage storage;
  char bytes[8];
  size_t got;
  uint64_t len;
  (void)state;
  assert_ok(vms_memory_open(&storage, NULL, NULL));
  assert_ok(storage.write(storage.context, 4, "abcd", 4, NULL));
  assert_ok(storage.length(storage.context, &len, NULL));
  assert_int_equal(len, 8);
  assert_ok(storage.read(storage.context, 2, bytes, sizeof bytes, &got, NULL));
  assert_int_equal(got, 6);
  assert_memory_equal(bytes, "\0\0abcd", 6);
  assert_ok(storage.truncate(storage.context, 5, NULL));
  assert_ok(storage.read(storage.context, 5, bytes, 1, &got, NULL));
  assert_int_equal(got, 0);
  assert_int_equal(storage.write(storage.context, UINT64_MAX - 1, "x", 1, NULL), VMS_ERR_FULL);
  vms_memory_close(&storage);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(hex_is_lower_case_and_exact), cmocka_unit_test(base64_has_one_text_per_bytes),
    cmocka_unit_test(messages_are_cut_between_characters), cmocka_unit_test(options_of_other_versions_load_or_are_refused),
    cmocka_unit_test(failed_appends_leave_a_buffer_as_it_was), cmocka_unit_test(memory_storage_reads_what_was_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

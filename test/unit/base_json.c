/* SPDX-License-Identifier: MIT */
/* Goal: the scanner accepts exactly RFC 8259 and yields the bytes that were there; the writer makes what
 * JSON.stringify makes. Method: tables of good and bad texts, each cut at every length as well. */
#include "test/support/test.h"

static void good_texts_are_valid(void **state) {
  static const char *const texts[] = {
    "0", "-0", "12", "1.5", "1e9", "1E-2", "-1.25e+10", "true", "false", "null", "\"\"", "\"a\"", "\"\\u00e9\\n\\\"\\\\\\/\"",
    "[]", "{}", "[1,2,[3]]", "{\"a\":1,\"b\":[{}]}", "\"\xf0\x9f\x8e\x89\"", "\"\\ud800\"", "[[[[]]]]", "{\"a\":{\"a\":{}},\"a\":[]}",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_true(vms__json_valid(SLICE(texts[i]), 64, VMS__JSON_COMPACT));
    assert_true(vms__json_valid(SLICE(texts[i]), 64, VMS__JSON_ANY));
  }
}

static void bad_texts_are_refused(void **state) {
  static const char *const texts[] = {
    "", " ", "01", "+1", "1.", ".5", "1e", "- 1", "tru", "nul", "True", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "\"\x01\"", "[1,]", "[,1]",
    "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[", "]", "{", "}", "[}", "{]", "1 2", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
    "\"\xf5\x80\x80\x80\"", "'a'", "NaN", "Infinity", "[1]]", "{\"a\":1}}", "\"\\", "\"\\u12\"", "{\"a\":1 \"b\":2}", "//", "-",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_false(vms__json_valid(SLICE(texts[i]), 64, VMS__JSON_COMPACT));
    assert_false(vms__json_valid(SLICE(texts[i]), 64, VMS__JSON_ANY));
  }
  assert_false(vms__json_valid((vms_slice){ "1\0", 2 }, 64, VMS__JSON_ANY));
  assert_false(vms__json_valid((vms_slice){ "\"\0\"", 3 }, 64, VMS__JSON_ANY));
}

static void every_prefix_of_a_value_is_refused(void **state) {
  static const char text[] = "{\"a\":[1,true,{\"b\\u0041\":\"x\\n\"}],\"c\":null}";
  (void)state;
  assert_true(vms__json_valid(SLICE(text), 64, VMS__JSON_COMPACT));
  for (size_t len = 0; len < sizeof text - 1; len++) {
    char *exact = malloc(len + 1); /* so that a sanitizer sees a read behind the end */
    memcpy(exact, text, len);
    assert_false(vms__json_valid((vms_slice){ exact, len }, 64, VMS__JSON_COMPACT));
    free(exact);
  }
}

static void white_space_is_a_matter_of_mode(void **state) {
  (void)state;
  assert_true(vms__json_valid(SLICE(" { \"a\" : [ 1 , 2 ] } \n"), 64, VMS__JSON_ANY));
  static const char *const spaced[] = { " 1", "1 ", "[ 1]", "[1 ]", "[1, 2]", "{ \"a\":1}", "{\"a\" :1}", "{\"a\": 1}", "[\t]", "{\n}" };
  for (size_t i = 0; i < sizeof spaced / sizeof spaced[0]; i++) {
    assert_true(vms__json_valid(SLICE(spaced[i]), 64, VMS__JSON_ANY));
    assert_false(vms__json_valid(SLICE(spaced[i]), 64, VMS__JSON_COMPACT));
  }
}

static void depth_is_counted(void **state) {
  char text[4000];
  (void)state;
  for (unsigned depth = 1; depth < 1023; depth += 73) {
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    assert_true(vms__json_valid((vms_slice){ text, 2 * depth }, depth, VMS__JSON_COMPACT));
    assert_false(vms__json_valid((vms_slice){ text, 2 * depth }, depth - 1, VMS__JSON_COMPACT));
  }
}

static void members_are_found_raw_and_the_last_wins(void **state) {
  vms_slice value;
  (void)state;
  vms_slice object = SLICE("{\"a\":1,\"b\":{\"a\":[2 ,3]},\"a\":\"\\u0041\",\"\":0}");
  assert_true(vms__json_member(object, "a", &value));
  assert_true(vms__slice_is(value, "\"\\u0041\""));
  assert_true(vms__json_member(object, "b", &value));
  assert_true(vms__slice_is(value, "{\"a\":[2 ,3]}"));
  assert_true(vms__json_member(object, "", &value));
  assert_false(vms__json_member(object, "c", &value));
  assert_false(vms__json_member(SLICE("[\"a\",1]"), "a", &value));
  assert_true(vms__json_element(SLICE("[1,[2],\"3\"]"), 1, &value));
  assert_true(vms__slice_is(value, "[2]"));
  assert_false(vms__json_element(SLICE("[1]"), 1, &value));
  assert_false(vms__json_element(SLICE("{\"0\":1}"), 0, &value));
}

static void strings_are_written_as_stringify_does(void **state) {
  vms_buffer out = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms__buf_json_string(&out, "a\"\\\b\t\n\f\r\x01\x1f\x7f/\xc3\xa9", 14));
  assert_text(out, "\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/\xc3\xa9\"");
  vms_buffer_free(&out);
  assert_ok(vms__buf_json_string(&out, "\0", 1));
  assert_text(out, "\"\\u0000\"");
  vms_buffer_free(&out);
}

static void unescaping_gives_utf8(void **state) {
  static const struct { const char *raw, *utf8; } cases[] = {
    { "abc", "abc" }, { "\\u0041\\u00e9\\u20ac", "A\xc3\xa9\xe2\x82\xac" }, { "\\ud83c\\udf89", "\xf0\x9f\x8e\x89" },
    { "\\ud83c", "\xef\xbf\xbd" }, { "\\udf89x", "\xef\xbf\xbdx" }, { "\\ud83c\\u0041", "\xef\xbf\xbd" "A" },
    { "\\b\\f\\n\\r\\t\\\"\\\\\\/", "\b\f\n\r\t\"\\/" }, { "", "" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_buffer out = VMS_BUFFER_INIT;
    assert_ok(vms__json_unescape(SLICE(cases[i].raw), &out));
    assert_text(out, cases[i].utf8);
    vms_buffer_free(&out);
  }
}

static void numbers_have_one_spelling(void **state) {
  uint64_t n;
  (void)state;
  assert_true(vms__uint_decode(SLICE("0"), &n) && n == 0);
  assert_true(vms__uint_decode(SLICE("9007199254740991"), &n) && n == VMS__JSON_INT_MAX);
  static const char *const bad[] = { "", "00", "01", "-1", "+1", "1.0", "1e3", "9007199254740992", "99999999999999999999", " 1", "1 ", "0x1" };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(vms__uint_decode(SLICE(bad[i]), &n));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(good_texts_are_valid), cmocka_unit_test(bad_texts_are_refused),
    cmocka_unit_test(every_prefix_of_a_value_is_refused), cmocka_unit_test(white_space_is_a_matter_of_mode),
    cmocka_unit_test(depth_is_counted), cmocka_unit_test(members_are_found_raw_and_the_last_wins),
    cmocka_unit_test(strings_are_written_as_stringify_does), cmocka_unit_test(unescaping_gives_utf8),
    cmocka_unit_test(numbers_have_one_spelling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

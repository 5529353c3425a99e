/* SPDX-License-Identifier: MIT */
/* Goal: lib/sandbox/regexp.h keeps its word. Method: a table of what Node answers; places of errors by hand; hostile patterns
 * and texts under limits, which end by a jump out of the callbacks, as in the sandbox. Every row runs in memory that was
 * filled with different bytes: program, captures and steps must not notice. */
#include "test/support/test.h"

#include "lib/sandbox/re_internal.h"
#include "lib/sandbox/unicode.h"
#include "test/support/regexp_host.h"

#define TEXT(literal) { "" literal, sizeof(literal) - 1 }

typedef struct row {
  vms_slice pattern, flags, text;
  uint32_t start;
  const char *expected;
} row;

static const row rows[] = {
#include "sandbox_regexp_table.h"
};

static void print(const host *h, const uint32_t *captures, char *out, size_t len) {
  size_t used = 0;
  uint32_t i, groups = vms__re_groups(h->memory[VMS__RE_PROGRAM]);
  if (captures == NULL) used += (size_t)snprintf(out, len, "none ");
  for (i = 0; captures != NULL && i < groups && used + 32 < len; i++) {
    if (captures[2 * i] == VMS__RE_UNSET) used += (size_t)snprintf(out + used, len - used, "- ");
    else used += (size_t)snprintf(out + used, len - used, "%u,%u ", captures[2 * i], captures[2 * i + 1]);
    assert_int_equal(captures[2 * i] == VMS__RE_UNSET, captures[2 * i + 1] == VMS__RE_UNSET);
  }
  out[used - 1] = 0;
}

static void answer(host *h, const row *r, char *out, size_t len) {
  uint32_t flags;
  size_t at;
  vms__re_error error = { 0, NULL };
  h->steps = 0;
  (void)snprintf(out, len, "error");
  if (!vms__re_flags(r->flags, &flags, &at)) {
    assert_true(at < r->flags.len);
    return;
  }
  if (vms__re_compile(&h->re, r->pattern, flags, &error) == 0) {
    assert_non_null(error.message);
    assert_true(error.at <= r->pattern.len);
    return;
  }
  assert_true(h->steps >= r->pattern.len);
  print(h, vms__re_match(&h->re, h->memory[VMS__RE_PROGRAM], r->text, r->start, (flags & VMS__RE_STICKY) != 0), out, len);
}

static void answers_are_those_of_node(void **state) {
  int wrong = 0;
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    host first, second;
    char got[512], again[512];
    host_init(&first, 0xaa);
    host_init(&second, 0x5c);
    answer(&first, &rows[i], got, sizeof got);
    answer(&second, &rows[i], again, sizeof again);
    if (strcmp(got, rows[i].expected) != 0) {
      print_message("/%.*s/%.*s on \"%.*s\": %s, wanted %s\n", (int)rows[i].pattern.len, rows[i].pattern.data, (int)rows[i].flags.len,
                    rows[i].flags.data, (int)rows[i].text.len, rows[i].text.data, got, rows[i].expected);
      wrong++;
    }
    assert_string_equal(got, again);
    assert_true(first.steps == second.steps);
    if (strcmp(got, "error") != 0) {
      size_t len = ((uint32_t *)first.memory[VMS__RE_PROGRAM])[RE_P_LEN];
      assert_memory_equal(first.memory[VMS__RE_PROGRAM], second.memory[VMS__RE_PROGRAM], len);
    }
    host_deinit(&first);
    host_deinit(&second);
  }
  assert_int_equal(wrong, 0);
}

static void errors_have_a_place(void **state) {
  static const struct {
    const char *pattern, *flags;
    size_t at;
    const char *message;
  } errors[] = {
    { "ab**", "", 3, "nothing to repeat" }, { "a|*", "", 2, "nothing to repeat" }, { "x{3,1}", "", 1, "numbers out of order" },
    { "a{099999999999999999999,99999999999999999998}", "", 1, "numbers out of order" },
    { "a(b", "", 1, "( without )" }, { "ab)", "", 2, ") without (" }, { "a[b", "", 1, "[ without ]" }, { "ab]", "u", 2, "] without [" },
    { "ab}", "u", 2, "} without {" }, { "ab{", "u", 2, "a { that is not complete" }, { "a[xz-y]", "", 3, "range out of order" },
    { "a(?<b", "", 4, "a name without >" }, { "a(?<>.)", "", 4, "a name is missing" }, { "a(?<1>.)", "", 4, "invalid name" },
    { "(?<a>.)(?<a>.)", "", 10, "a second group of this name" }, { "(?<a>.)\\k<b>", "", 10, "no group has this name" },
    { "(?<a>.)\\k", "", 7, "\\k without a name" }, { "a(?x)", "", 1, "invalid group" }, { "a\\", "", 1, "\\ at the end" },
    { "a\\p{Foo}", "u", 1, "no such property of characters" }, { "a\\p", "u", 1, "\\p without {" }, { "a\\1", "u", 1, "a reference to a group that does not exist" },
    { "a\\z", "u", 1, "invalid escape" }, { "a\\xg", "u", 1, "an escape that is not complete" }, { "a\\c", "u", 1, "\\c without a letter" },
    { "a[b\\w-c]", "u", 3, "a set as the end of a range" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    host h;
    vms__re_error error;
    uint32_t flags;
    size_t at;
    host_init(&h, 0);
    assert_true(vms__re_flags(SLICE(errors[i].flags), &flags, &at));
    assert_true(vms__re_compile(&h.re, SLICE(errors[i].pattern), flags, &error) == 0);
    assert_string_equal(error.message, errors[i].message);
    assert_int_equal(error.at, errors[i].at);
    host_deinit(&h);
  }
}

static void names_are_listed_in_the_order_of_the_pattern(void **state) {
  host h;
  vms__re_error error;
  vms_slice name;
  uint32_t group;
  (void)state;
  host_init(&h, 0x77);
  assert_true(vms__re_compile(&h.re, SLICE("(.)(?<z>.)(?:(?<\\u0061b>.)(.))(?<m\xc3\xa9>.)"), 0, &error) > 0);
  assert_int_equal(vms__re_groups(h.memory[0]), 6);
  assert_true(vms__re_name(h.memory[0], 0, &name, &group) && group == 2 && vms__slice_is(name, "z"));
  assert_true(vms__re_name(h.memory[0], 1, &name, &group) && group == 3 && vms__slice_is(name, "ab"));
  assert_true(vms__re_name(h.memory[0], 2, &name, &group) && group == 5 && vms__slice_is(name, "m\xc3\xa9"));
  assert_false(vms__re_name(h.memory[0], 3, &name, &group));
  host_deinit(&h);
}

/* UTF-8 of four bytes is what two encoded surrogates are. */
static void patterns_may_be_utf8(void **state) {
  static const char text[] = "x\xed\xa0\xbd\xed\xb8\x80";
  static const struct {
    const char *pattern;
    uint32_t flags, from, to;
  } patterns[] = { { "\xf0\x9f\x98\x80", 0, 1, 7 }, { "\xf0\x9f\x98\x80", VMS__RE_UNICODE, 1, 7 }, { "[\xf0\x9f\x98\x80]", 0, 1, 4 }, { "[\xf0\x9f\x98\x80]", VMS__RE_UNICODE, 1, 7 },
                   { "(?<\xf0\x9d\x93\x90>x)", 0, 0, 1 } };
  (void)state;
  for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
    host h;
    vms__re_error error;
    const uint32_t *captures;
    host_init(&h, 0);
    assert_true(vms__re_compile(&h.re, SLICE(patterns[i].pattern), patterns[i].flags, &error) > 0);
    captures = vms__re_match(&h.re, h.memory[0], SLICE(text), 0, false);
    assert_non_null(captures);
    assert_int_equal(captures[0], patterns[i].from);
    assert_int_equal(captures[1], patterns[i].to);
    host_deinit(&h);
  }
}

static void from_the_middle_of_a_pair_it_steps_back(void **state) {
  host h;
  vms__re_error error;
  const uint32_t *captures;
  vms_slice text = SLICE("\xed\xa0\xbd\xed\xb8\x80");
  (void)state;
  host_init(&h, 0);
  assert_true(vms__re_compile(&h.re, SLICE("."), VMS__RE_UNICODE, &error) > 0);
  captures = vms__re_match(&h.re, h.memory[0], text, 3, true);
  assert_true(captures != NULL && captures[0] == 0 && captures[1] == 6);
  assert_true(vms__re_compile(&h.re, SLICE("."), 0, &error) > 0);
  captures = vms__re_match(&h.re, h.memory[0], text, 3, true);
  assert_true(captures != NULL && captures[0] == 3 && captures[1] == 6);
  host_deinit(&h);
}

/* Repeats a part so often that the whole has about this length. */
static vms_slice repeated(const char *before, const char *part, size_t count, const char *after) {
  static char text[1 << 22];
  size_t len = strlen(before), i;
  assert_true(len + count * strlen(part) + strlen(after) < sizeof text);
  memcpy(text, before, len);
  for (i = 0; i < count; i++, len += strlen(part)) memcpy(text + len, part, strlen(part));
  memcpy(text + len, after, strlen(after));
  return (vms_slice){ text, len + strlen(after) };
}

static vms_slice nested(const char *open, size_t count, const char *close) {
  static char text[1 << 12];
  size_t len = 0, i;
  for (i = 0; i < count; i++) len += (size_t)snprintf(text + len, sizeof text - len, "%s", open);
  for (i = 0; i < count; i++) len += (size_t)snprintf(text + len, sizeof text - len, "%s", close);
  assert_true(len < sizeof text);
  return (vms_slice){ text, len };
}

static const char *refusal(vms_slice pattern, uint32_t flags) {
  host h;
  vms__re_error error = { 0, NULL };
  const char *message;
  host_init(&h, 0);
  message = vms__re_compile(&h.re, pattern, flags, &error) > 0 ? NULL : error.message;
  host_deinit(&h);
  return message;
}

static void patterns_of_any_size_are_compiled_or_refused(void **state) {
  (void)state;
  assert_string_equal(refusal(repeated("", "(?:", 100000, ""), 0), "nested too deeply");
  assert_string_equal(refusal(repeated("", "(?:", 251, "a"), 0), "nested too deeply");
  assert_null(refusal(nested("(", 250, ")"), 0));
  assert_string_equal(refusal(nested("(", 251, ")"), 0), "nested too deeply");
  assert_null(refusal(nested("(b|a", 95, ")*"), 0));
  assert_string_equal(refusal(nested("(b|a", 105, ")*"), 0), "nested too deeply");
  assert_string_equal(refusal(repeated("", "()", 65535, ""), 0), "too many groups");
  assert_null(refusal(repeated("", "()", 65534, ""), 0));
  assert_string_equal(refusal(repeated("", "a", 4000000, ""), 0), "too large");
  assert_string_equal(refusal(repeated("", "\\p{L}", 100000, ""), VMS__RE_UNICODE), "too large");
  assert_null(refusal(repeated("", "a|", 100000, ""), 0));
  assert_null(refusal(repeated("", "a?", 100000, ""), 0));
  assert_null(refusal(repeated("[", "a-z", 100000, "]"), VMS__RE_IGNORE_CASE));
  assert_null(refusal(repeated("(?<", "a", 1000000, ">.)"), 0));
}

enum { DONE, STEPS, MEMORY };

/* How a search under limits ends. */
static int bounded(vms_slice pattern, uint32_t flags, vms_slice text, uint64_t steps_max, size_t len_max, uint64_t *most) {
  host h;
  vms__re_error error;
  int end;
  host_init(&h, 0);
  h.steps_max = steps_max;
  h.len_max = len_max;
  end = setjmp(h.limit);
  if (end == 0) {
    assert_true(vms__re_compile(&h.re, pattern, flags, &error) > 0);
    h.most = 0;
    (void)vms__re_match(&h.re, h.memory[0], text, 0, false);
  }
  *most = h.most;
  host_deinit(&h);
  return end;
}

static void hostile_searches_end_at_the_limits(void **state) {
  static const struct {
    const char *pattern;
    uint32_t flags;
    const char *part;
    int end;
  } searches[] = {
    { "(a+)+b", 0, "a", STEPS }, { "(?:a|aa)*b", 0, "a", STEPS }, { "(?:a{1000}){1000}b", 0, "a", DONE }, { "(?:a{100}){100}b", 0, "a", STEPS }, { "((a*)*)*b", 0, "a", STEPS }, { ".*.*.*.*b", 0, "a", STEPS },
    { "(?:){9007199254740991}", 0, "a", DONE }, { "(?:a?){9007199254740991}", 0, "a", STEPS }, { "(.*)\\1b", 0, "a", STEPS }, { "(?<=(a+)+b)c", 0, "a", DONE },
    { "(?<=b(a+)+)a", 0, "a", STEPS }, { "\\w+\\d", 0, "a", DONE }, { "a\\w+\\d", 0, "a", STEPS }, { "(\xc3\xa9+)+b", VMS__RE_IGNORE_CASE, "\xc3\x89", STEPS }, { "(?:(?=(a*))a)*b", 0, "a", STEPS }, { "(?:(a)|b)*$", 0, "ab", DONE },
    { "x*", 0, "a", DONE }, { "[^]*?b", 0, "a", DONE }, { "a[^]*?b", 0, "a", STEPS }, { "(?:[^]*?b)?$", 0, "a", STEPS }, { "aaaaaaab", 0, "a", DONE },
  };
  uint64_t most;
  vms_slice text;
  int end;
  (void)state;
  for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
    text = repeated("", searches[i].part, 100000, "");
    end = bounded(SLICE(searches[i].pattern), searches[i].flags, text, 20000000, (size_t)64 << 20, &most);
    if (end != searches[i].end) fail_msg("%s ended with %d", searches[i].pattern, end);
    assert_true(most <= 4096);
  }
  assert_int_equal(bounded(SLICE("(?:(a)|b)*c"), 0, repeated("", "ab", 1000000, ""), 1000000000, (size_t)8 << 20, &most), MEMORY);
}

/* What a set is closed under case by looks at these spans alone. */
static void nothing_outside_of_the_spans_has_a_case(void **state) {
  (void)state;
  for (uint32_t c = 0x80, span = 2; c <= 0x10ffff; c++) {
    while (span < vms__re_case_span_count && c > vms__re_case_spans[span][1]) span++;
    if (span < vms__re_case_span_count && c >= vms__re_case_spans[span][0]) continue;
    if (vms__unicode_fold(c) != c || vms__unicode_canonicalize(c) != c) fail_msg("U+%04X has a case", (unsigned)c);
  }
  for (uint32_t span = 0; span < vms__re_case_span_count; span++) {
    if (span > 0) assert_true(vms__re_case_spans[span][0] > vms__re_case_spans[span - 1][1]);
    for (uint32_t c = vms__re_case_spans[span][0]; c <= vms__re_case_spans[span][1]; c++)
      for (int unicode = 0; unicode < 2; unicode++) {
        uint32_t form = unicode != 0 ? vms__unicode_fold(c) : vms__unicode_canonicalize(c), i;
        for (i = 0; i < vms__re_case_span_count && (form < vms__re_case_spans[i][0] || form > vms__re_case_spans[i][1]); i++) {}
        if (i == vms__re_case_span_count) fail_msg("U+%04X has the form U+%04X", (unsigned)c, (unsigned)form);
      }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(answers_are_those_of_node),
    cmocka_unit_test(errors_have_a_place),
    cmocka_unit_test(names_are_listed_in_the_order_of_the_pattern),
    cmocka_unit_test(patterns_may_be_utf8),
    cmocka_unit_test(from_the_middle_of_a_pair_it_steps_back),
    cmocka_unit_test(patterns_of_any_size_are_compiled_or_refused),
    cmocka_unit_test(hostile_searches_end_at_the_limits),
    cmocka_unit_test(nothing_outside_of_the_spans_has_a_case),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

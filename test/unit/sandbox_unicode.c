/* SPDX-License-Identifier: MIT */
/* Goal: unicode.h tells of each character what Unicode 15.0 says. Method: for properties and case, sums over all code points that
 * test/vectors/unicode_sums.mjs got from a Node with the same Unicode, which made its tables of other files by other means; for
 * normal forms the NormalizationTest.txt of the package that the tables are made of, through String.prototype.normalize. */
#define _POSIX_C_SOURCE 200809L /* popen */
#include "test/support/test.h"

#include "lib/sandbox/unicode.h"
#include "sandbox_support.h"
#include "test/vectors/unicode_sums.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define CODES 0x110000u
#define SUM_START 0x811c9dc5u

static uint32_t add(uint32_t sum, uint32_t number) { return (sum ^ number) * 0x01000193u; }

/* --- properties -------------------------------------------------------------------------------- */

/* False if it means nothing. Ranges ascend and do not touch. */
static bool property_sum_of(const char *name, const char *value, uint32_t *sum) {
  vms__unicode_set set;
  uint32_t first, last, next = 0;
  if (!vms__unicode_property(SLICE(name), value == NULL ? (vms_slice){ NULL, 0 } : SLICE(value), &set)) return false;
  *sum = SUM_START;
  while (vms__unicode_range(&set, &first, &last)) {
    assert_true(first <= last && last < CODES && (next == 0 || first > next));
    next = last + 1;
    *sum = add(add(*sum, first), last);
  }
  return true;
}

static void expect_sum(const char *name, const char *value, uint32_t expected) {
  uint32_t sum = 0;
  if (!property_sum_of(name, value, &sum)) fail_msg("%s=%s means nothing", name, value == NULL ? "" : value);
  if (sum != expected) fail_msg("%s=%s has other characters", name, value == NULL ? "" : value);
}

static bool listed(const property_sum *sums, size_t count, const char *name) {
  size_t len = strlen(name);
  for (size_t i = 0; i < count; i++)
    for (const char *at = sums[i].names; (at = strstr(at, name)) != NULL; at += len)
      if ((at == sums[i].names || at[-1] == ' ') && (at[len] == 0 || at[len] == ' ')) return true;
  return false;
}

/* Other spellings, which Unicode would allow and ECMAScript does not. */
static void expect_strict(const property_sum *sums, size_t count, const char *property, const char *name) {
  char other[64];
  uint32_t sum;
  for (int kind = 0; kind < 6; kind++) {
    size_t len = 0;
    if (kind == 3) other[len++] = ' ';
    if (kind == 4) len = (size_t)snprintf(other, sizeof other, "Is");
    for (const char *p = name; *p != 0; p++) {
      char c = *p;
      if (kind == 0 && c >= 'A' && c <= 'Z') c = (char)(c + 32);
      if (kind == 1 && c >= 'a' && c <= 'z') c = (char)(c - 32);
      if (kind == 2 && c == '_') continue;
      if (kind == 5 && c == '_') c = ' ';
      other[len++] = c;
    }
    other[len] = 0;
    if (listed(sums, count, other) || (property == NULL && listed(category_sums, COUNT(category_sums), other))) continue;
    if (property == NULL ? property_sum_of(other, NULL, &sum) : property_sum_of(property, other, &sum))
      fail_msg("%s means something for %s", other, property == NULL ? "nothing" : property);
  }
}

static const char *next_name(const char *at, char name[64]) {
  size_t len = strcspn(at, " ");
  memcpy(name, at, len);
  name[len] = 0;
  return at[len] == 0 ? NULL : at + len + 1;
}

static void every_property_has_the_characters_that_node_gives_it(void **state) {
  char name[64];
  (void)state;
  for (size_t i = 0; i < COUNT(binary_sums); i++)
    for (const char *at = binary_sums[i].names; at != NULL;) {
      at = next_name(at, name);
      expect_sum(name, NULL, binary_sums[i].sum);
      expect_strict(binary_sums, COUNT(binary_sums), NULL, name);
    }
  for (size_t i = 0; i < COUNT(category_sums); i++)
    for (const char *at = category_sums[i].names; at != NULL;) {
      at = next_name(at, name);
      expect_sum(name, NULL, category_sums[i].sum);
      expect_sum("General_Category", name, category_sums[i].sum);
      expect_sum("gc", name, category_sums[i].sum);
      expect_strict(category_sums, COUNT(category_sums), "gc", name);
    }
  for (size_t i = 0; i < COUNT(script_sums); i++)
    for (const char *at = script_sums[i].names; at != NULL;) {
      at = next_name(at, name);
      expect_sum("Script", name, script_sums[i].sum);
      expect_sum("sc", name, script_sums[i].sum);
      expect_sum("Script_Extensions", name, script_sums[i].extensions);
      expect_sum("scx", name, script_sums[i].extensions);
      expect_strict(script_sums, COUNT(script_sums), "sc", name);
      expect_strict(script_sums, COUNT(script_sums), "scx", name);
    }
}

static void what_is_no_property_means_nothing(void **state) {
  static const char *const alone[] = { "", "Latin", "Script", "gc", "General_Category", "Block", "Age", "Other_Alphabetic", "Hyphen",
                                       "Composition_Exclusion", "Expands_On_NFC", "Grapheme_Link", "Line_Break", "InLatin1",
                                       "Prepended_Concatenation_Mark", "Full_Composition_Exclusion", "RGI_Emoji", "Basic_Emoji",
                                       "NFC_QC", "Lu ", "L&", "Anyx", "An", "IDS_Unary_Operator", "ID_Compat_Math_Start" };
  static const char *const pairs[][2] = { { "gc", "" }, { "", "Lu" }, { "sc", "" }, { "GC", "Lu" }, { "Sc", "Latn" }, { "script", "Latn" },
                                          { "General_Category", "ASCII" }, { "gc", "Alphabetic" }, { "Alphabetic", "Y" }, { "ASCII", "Yes" },
                                          { "sc", "Lu" }, { "gc", "Latn" }, { "sc", "Hrkt" }, { "sc", "Katakana_Or_Hiragana" },
                                          { "blk", "ASCII" }, { "age", "5.0" }, { "lb", "AL" }, { "gcx", "Lu" }, { "scxx", "Latn" } };
  uint32_t sum;
  (void)state;
  for (size_t i = 0; i < COUNT(alone); i++)
    if (property_sum_of(alone[i], NULL, &sum)) fail_msg("%s means something", alone[i]);
  for (size_t i = 0; i < COUNT(pairs); i++)
    if (property_sum_of(pairs[i][0], pairs[i][1], &sum)) fail_msg("%s=%s means something", pairs[i][0], pairs[i][1]);
}

static void expect_members(const char *property, bool (*has)(uint32_t)) {
  vms__unicode_set set;
  uint32_t next = 0, first, last;
  assert_true(vms__unicode_property(SLICE(property), (vms_slice){ NULL, 0 }, &set));
  while (vms__unicode_range(&set, &first, &last)) {
    for (; next < first; next++)
      if (has(next)) fail_msg("U+%04X has %s", (unsigned)next, property);
    for (; next <= last; next++)
      if (!has(next)) fail_msg("U+%04X lacks %s", (unsigned)next, property);
  }
  for (; next < CODES + 1000; next++) assert_false(has(next));
  assert_false(has(UINT32_MAX) || has(1u << 28 | 'a'));
}

static void single_characters_have_what_their_sets_say(void **state) {
  (void)state;
  expect_members("ID_Start", vms__unicode_id_start);
  expect_members("ID_Continue", vms__unicode_id_continue);
  expect_members("Cased", vms__unicode_cased);
  expect_members("Case_Ignorable", vms__unicode_case_ignorable);
}

/* --- case -------------------------------------------------------------------------------------- */

static void case_mapping_is_that_of_node(void **state) {
  uint32_t upper = SUM_START, lower = SUM_START, to[3];
  (void)state;
  for (uint32_t c = 0; c < CODES; c++) {
    unsigned count = vms__unicode_upper(c, to);
    upper = add(upper, count);
    for (unsigned i = 0; i < count; i++) upper = add(upper, to[i]);
    count = vms__unicode_lower(c, to);
    lower = add(lower, count);
    for (unsigned i = 0; i < count; i++) lower = add(lower, to[i]);
  }
  assert_int_equal(upper, upper_sum);
  assert_int_equal(lower, lower_sum);
  assert_int_equal(vms__unicode_upper(UINT32_MAX, to), 1);
  assert_int_equal(to[0], UINT32_MAX);
}

/* Characters that become the same match; each is told by the first of those. */
static void ignoring_case_joins_what_node_joins(void **state) {
  static uint32_t first_of[CODES];
  vms__unicode_set set;
  uint32_t sum = SUM_START, first, last;
  (void)state;
  memset(first_of, 0xff, sizeof first_of);
  for (uint32_t c = 0; c < 0x10000; c++) {
    uint32_t *same = &first_of[vms__unicode_canonicalize(c)];
    if (*same == UINT32_MAX) *same = c;
    sum = add(add(sum, c), *same);
  }
  assert_int_equal(sum, canonicalize_sum);
  for (uint32_t c = 0x10000; c < CODES; c++) assert_int_equal(vms__unicode_canonicalize(c), c);

  memset(first_of, 0xff, sizeof first_of);
  sum = SUM_START;
  assert_true(vms__unicode_property(VMS__TEXT("Changes_When_Casemapped"), (vms_slice){ NULL, 0 }, &set));
  for (uint32_t c = 0; vms__unicode_range(&set, &first, &last); c = last + 1) {
    for (; c < first; c++) assert_int_equal(vms__unicode_fold(c), c);
    for (; c <= last; c++) {
      if (c == 0x390 || c == 0x1fd3 || c == 0x3b0 || c == 0x1fe3 || c == 0xfb05 || c == 0xfb06) {
        assert_int_equal(vms__unicode_fold(c), c);
        continue;
      }
      uint32_t *same = &first_of[vms__unicode_fold(c)];
      if (*same == UINT32_MAX) *same = c;
      sum = add(add(sum, c), *same);
    }
  }
  assert_int_equal(sum, fold_sum);
}

/* --- normal forms ------------------------------------------------------------------------------ */

static void normal_forms_pass_the_test_of_unicode(void **state) {
  static const char code[] =
      "exports.check=function(rows){rows.forEach(function(r){var s=r[0],c=r[1],d=r[2],kc=r[3],kd=r[4];"
      "[s,c,d,kc,kd].forEach(function(x,i){"
      "if(x.normalize()!==(i<3?c:kc)||x.normalize('NFC')!==(i<3?c:kc)||x.normalize('NFD')!==(i<3?d:kd)||"
      "x.normalize('NFKC')!==kc||x.normalize('NFKD')!==kd)throw new Error(escape(s)+' column '+(i+1))})});"
      "return rows.length}";
  static char params[1 << 20], line[1024];
  static bool changes[CODES];
  uint32_t out[18];
  size_t rows = 0, all = 0, at = 0;
  int part = -1;
  bench b;
  FILE *file = popen("bzip2 -dc build/deps/unicode-15.0.0/NormalizationTest.txt.bz2", "r");
  (void)state;
  assert_non_null(file);
  bench_init(&b);
  b.call.steps_max = 1000000000;
  bench_started(&b, code);
  for (bool more = true; more;) {
    more = fgets(line, sizeof line, file) != NULL;
    if (more && line[0] == '@') part = atoi(line + 5);
    if (more && strchr("0123456789ABCDEF", line[0]) == NULL) continue;
    if (rows == 0) at = (size_t)snprintf(params, sizeof params, "[[");
    if (more) {
      char *p = line;
      uint32_t first = 0;
      at += (size_t)snprintf(params + at, sizeof params - at, "%s[", rows == 0 ? "" : ",");
      for (int column = 0; column < 5; column++) {
        at += (size_t)snprintf(params + at, sizeof params - at, "%s\"", column == 0 ? "" : ",");
        for (; *p != ';'; p += *p == ' ') {
          uint32_t c = (uint32_t)strtoul(p, &p, 16);
          if (column == 0 && first == 0) first = c;
          if (c > 0xffff)
            at += (size_t)snprintf(params + at, sizeof params - at, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                                   (unsigned)(0xdc00 + (c & 0x3ff)));
          else at += (size_t)snprintf(params + at, sizeof params - at, "\\u%04x", (unsigned)c);
        }
        p++;
        params[at++] = '"';
      }
      params[at++] = ']';
      if (part == 1) changes[first] = true;
      rows++;
    }
    if (rows == 1000 || (!more && rows > 0)) {
      char expected[32];
      snprintf(params + at, sizeof params - at, "]]");
      bench_call(&b, "check", params);
      snprintf(expected, sizeof expected, "%zu", rows);
      expect_result(&b, expected);
      all += rows;
      rows = 0;
    }
  }
  assert_int_equal(pclose(file), 0);
  assert_int_equal(all, 19074);
  bench_free(&b);
  /* Whoever has no row in part 1 is the same in all forms. */
  for (uint32_t c = 0; c < CODES; c++)
    if ((vms__unicode_decompose(c, true, out) != 0) != changes[c]) fail_msg("U+%04X", (unsigned)c);
}

static void pairs_compose_to_what_decomposes_to_them(void **state) {
  uint32_t out[18], composed = 0;
  (void)state;
  for (uint32_t c = 0; c < CODES; c++) {
    unsigned count = vms__unicode_decompose(c, false, out);
    if (count == 0) continue;
    assert_true(count <= 2 && c >= 0xc0);
    if (count == 1) continue;
    uint32_t back = vms__unicode_compose(out[0], out[1]);
    assert_true(back == c || back == 0);
    composed += back != 0;
  }
  assert_int_equal(composed, 11172 + 941); /* Hangul, and the primary composites of Unicode 15.0 */
  assert_int_equal(vms__unicode_compose('a', 0xffff), 0);
  assert_int_equal(vms__unicode_compose(UINT32_MAX, UINT32_MAX), 0);
  assert_int_equal(vms__unicode_compose(0xac00, 0x11a7), 0);
  assert_int_equal(vms__unicode_decompose(UINT32_MAX, true, out), 0);
  assert_int_equal(vms__unicode_decompose(0xfdfa, true, out), 18);
  assert_int_equal(vms__unicode_combining_class(0x301), 230);
  assert_int_equal(vms__unicode_combining_class(UINT32_MAX), 0);
}

/* --- through the engine ------------------------------------------------------------------------ */

/* However text is made up, no step takes long: what a native does is paid for character by character. */
static void long_texts_end_by_their_steps(void **state) {
  static const char *const bodies[] = {
    "var s='\\u0301\\u0316'.repeat(1e6);for(;;)s.normalize()", "var s='\\ufdfa'.repeat(1e5);for(;;)s.normalize('NFKD')",
    "var s='\\u03a3'.repeat(1e6);for(;;)s.toLowerCase()",      "var s=(\"a\\u03a3\"+\"'\".repeat(20)).repeat(1e5);for(;;)s.toLowerCase()",
    "var s='\\u0390'.repeat(1e6);for(;;)s.toUpperCase()",      "var s='a\\u0301'.repeat(1e6);for(;;)s.normalize()",
    "var s=\"a\"+\"'\".repeat(1e6)+\"\\u03a3\";for(;;)s.toLowerCase()",
  };
  bench b;
  (void)state;
  bench_init(&b);
  b.call.steps_max = 3000000;
  for (size_t i = 0; i < COUNT(bodies); i++) {
    run_f(&b, bodies[i], "[]");
    expect_abort(&b, "steps");
  }
  bench_free(&b);
}

static void a_text_too_large_ends_by_memory(void **state) {
  bench b;
  (void)state;
  bench_init(&b);
  b.options.memory_max = 4 << 20;
  run_f(&b, "return '\\ufdfa'.repeat(2e5).normalize('NFKC').length", "[]");
  expect_abort(&b, "memory");
  bench_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_property_has_the_characters_that_node_gives_it),
    cmocka_unit_test(what_is_no_property_means_nothing),
    cmocka_unit_test(single_characters_have_what_their_sets_say),
    cmocka_unit_test(case_mapping_is_that_of_node),
    cmocka_unit_test(ignoring_case_joins_what_node_joins),
    cmocka_unit_test(normal_forms_pass_the_test_of_unicode),
    cmocka_unit_test(pairs_compose_to_what_decomposes_to_them),
    cmocka_unit_test(long_texts_end_by_their_steps),
    cmocka_unit_test(a_text_too_large_ends_by_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

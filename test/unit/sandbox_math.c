/* SPDX-License-Identifier: MIT */
/* Goal: the functions of lib/sandbox/dmath.h have the special values of ECMA-262, and the same bits in every build. Method: a
 * table of special values; a hash of many results, pinned. Whether the results are right is for
 * test/vectors/sandbox_math.c. SHOW_HASHES=1 prints the hashes. */
#include "test/support/test.h"

#include "sandbox_support.h"
#include "test/support/numbers.h"

#define INF ((double)INFINITY)
#define NOT ((double)NAN)

typedef struct row {
  const char *name;
  double x, y, result;
} row;

static const row rows[] = {
  { "exp", NOT, 0, NOT }, { "exp", 0.0, 0, 1 }, { "exp", -0.0, 0, 1 }, { "exp", INF, 0, INF }, { "exp", -INF, 0, 0.0 },
  { "exp", 0x1.62e42fefa39efp+9, 0, 0x1.fffffffffff2ap+1023 }, { "exp", 0x1.62e42fefa39fp+9, 0, INF },
  { "exp", -0x1.74910d52d3051p+9, 0, 0x1p-1074 }, { "exp", -0x1.74910d52d3052p+9, 0, 0 }, { "exp", 1, 0, 0x1.5bf0a8b145769p+1 },
  { "exp", 0x1p-53, 0, 0x1.0000000000001p+0 }, { "exp", 0x1p-54, 0, 1 }, { "exp", -0x1p-54, 0, 1 },
  { "expm1", NOT, 0, NOT }, { "expm1", 0.0, 0, 0.0 }, { "expm1", -0.0, 0, -0.0 }, { "expm1", INF, 0, INF }, { "expm1", -INF, 0, -1 },
  { "expm1", 0x1p-1074, 0, 0x1p-1074 }, { "expm1", 709.9, 0, INF }, { "expm1", -1e300, 0, -1 },
  { "log", NOT, 0, NOT }, { "log", -1, 0, NOT }, { "log", -0x1p-1074, 0, NOT }, { "log", 0.0, 0, -INF }, { "log", -0.0, 0, -INF },
  { "log", 1, 0, 0.0 }, { "log", INF, 0, INF }, { "log", -INF, 0, NOT }, { "log", 0x1p-1074, 0, -0x1.74385446d71c3p+9 },
  { "log1p", NOT, 0, NOT }, { "log1p", -2, 0, NOT }, { "log1p", -1, 0, -INF }, { "log1p", 0.0, 0, 0.0 }, { "log1p", -0.0, 0, -0.0 },
  { "log1p", INF, 0, INF }, { "log1p", -INF, 0, NOT }, { "log1p", 0x1p-1074, 0, 0x1p-1074 },
  { "log2", NOT, 0, NOT }, { "log2", -1, 0, NOT }, { "log2", 0.0, 0, -INF }, { "log2", -0.0, 0, -INF }, { "log2", 1, 0, 0.0 },
  { "log2", INF, 0, INF }, { "log2", 8, 0, 3 }, { "log2", 0x1p-1074, 0, -1074 }, { "log2", 0x1p+1023, 0, 1023 },
  { "log10", NOT, 0, NOT }, { "log10", -1, 0, NOT }, { "log10", 0.0, 0, -INF }, { "log10", -0.0, 0, -INF }, { "log10", 1, 0, 0.0 },
  { "log10", INF, 0, INF }, { "log10", 1000, 0, 3 }, { "log10", 1e22, 0, 22 }, { "log10", 0.001, 0, -3 },
  { "pow", NOT, 0.0, 1 }, { "pow", NOT, -0.0, 1 }, { "pow", INF, 0, 1 }, { "pow", NOT, 1, NOT }, { "pow", 1, NOT, NOT },
  { "pow", 1, INF, NOT }, { "pow", 1, -INF, NOT }, { "pow", -1, INF, NOT }, { "pow", -1, -INF, NOT }, { "pow", 2, INF, INF },
  { "pow", 2, -INF, 0.0 }, { "pow", 0.5, INF, 0.0 }, { "pow", 0.5, -INF, INF }, { "pow", -2, INF, INF }, { "pow", -0.5, INF, 0.0 },
  { "pow", INF, 1, INF }, { "pow", INF, -1, 0.0 }, { "pow", INF, 0.5, INF }, { "pow", -INF, 3, -INF }, { "pow", -INF, 2, INF },
  { "pow", -INF, 0.5, INF }, { "pow", -INF, -3, -0.0 }, { "pow", -INF, -2, 0.0 }, { "pow", -INF, -0.5, 0.0 }, { "pow", 0.0, 2, 0.0 },
  { "pow", 0.0, -1, INF }, { "pow", -0.0, 3, -0.0 }, { "pow", -0.0, 2, 0.0 }, { "pow", -0.0, 0.5, 0.0 }, { "pow", -0.0, -3, -INF },
  { "pow", -0.0, -1, -INF }, { "pow", -0.0, -2, INF }, { "pow", -0.0, -0.5, INF }, { "pow", -0.0, INF, 0.0 }, { "pow", -0.0, -INF, INF },
  { "pow", -8, 1.0 / 3, NOT }, { "pow", -2, 3, -8 }, { "pow", -2, 2, 4 }, { "pow", -2, 0x1p+53, INF }, { "pow", -1, 0x1.fffffffffffffp+52, -1 },
  { "pow", 2, 1023, 0x1p+1023 }, { "pow", 2, 1024, INF }, { "pow", -2, 1025, -INF }, { "pow", 2, -1074, 0x1p-1074 }, { "pow", 2, -1075, 0.0 },
  { "pow", -2, -1075, -0.0 }, { "pow", 2, -1076, 0.0 }, { "pow", 8, -358, 0x1p-1074 }, { "pow", 3, 34, 16677181699666569.0 },
  { "pow", 10, 22, 1e22 }, { "pow", 10, 308, 1e308 }, { "pow", 10, -5, 1e-5 }, { "pow", 10, -323, 1e-323 }, { "pow", 10, 23, 1e23 },
  { "pow", 134217729, 3, 0x1.0000006000001p+81 }, { "pow", 6553601, 2.5, 0x1.86a009c40012cp+56 }, { "pow", 0x1p-1074, 0.5, 0x1p-537 },
  { "pow", 0x1p-1074, -1, INF }, { "pow", 0x1p-1023, -1, 0x1p+1023 }, { "pow", 0x1.0000000000001p+0, 0x1p+62, INF },
  { "pow", 0x1.fffffffffffffp-1, 1e308, 0.0 }, { "pow", 5e-324, 1e-320, 1 },
  { "sin", NOT, 0, NOT }, { "sin", 0.0, 0, 0.0 }, { "sin", -0.0, 0, -0.0 }, { "sin", INF, 0, NOT }, { "sin", -INF, 0, NOT },
  { "sin", 0x1p-1074, 0, 0x1p-1074 }, { "sin", 0x1.921fb54442d18p+1, 0, 0x1.1a62633145c07p-53 }, { "sin", 1e22, 0, -0x1.b453ab76bf397p-1 },
  { "cos", NOT, 0, NOT }, { "cos", 0.0, 0, 1 }, { "cos", -0.0, 0, 1 }, { "cos", INF, 0, NOT }, { "cos", 0x1p-1074, 0, 1 },
  { "cos", 0x1.921fb54442d18p+1, 0, -1 }, { "cos", 0x1.6ac5b262ca1ffp+849, 0, -0x1.14ae72e6ba22fp-61 },
  { "tan", NOT, 0, NOT }, { "tan", 0.0, 0, 0.0 }, { "tan", -0.0, 0, -0.0 }, { "tan", INF, 0, NOT }, { "tan", 0x1p-1074, 0, 0x1p-1074 },
  { "asin", NOT, 0, NOT }, { "asin", 1.0000000000000002, 0, NOT }, { "asin", 0.0, 0, 0.0 }, { "asin", -0.0, 0, -0.0 },
  { "asin", 1, 0, 0x1.921fb54442d18p+0 }, { "asin", -1, 0, -0x1.921fb54442d18p+0 }, { "asin", 0.5, 0, 0x1.0c152382d7366p-1 },
  { "acos", NOT, 0, NOT }, { "acos", -1.0000000000000002, 0, NOT }, { "acos", 1, 0, 0.0 }, { "acos", 0.0, 0, 0x1.921fb54442d18p+0 },
  { "acos", -1, 0, 0x1.921fb54442d18p+1 }, { "acos", 0.5, 0, 0x1.0c152382d7366p+0 },
  { "atan", NOT, 0, NOT }, { "atan", 0.0, 0, 0.0 }, { "atan", -0.0, 0, -0.0 }, { "atan", INF, 0, 0x1.921fb54442d18p+0 },
  { "atan", -INF, 0, -0x1.921fb54442d18p+0 }, { "atan", 1, 0, 0x1.921fb54442d18p-1 }, { "atan", 0x1p-1074, 0, 0x1p-1074 },
  { "atan2", NOT, 1, NOT }, { "atan2", 1, NOT, NOT }, { "atan2", 1, 0.0, 0x1.921fb54442d18p+0 }, { "atan2", 1, -0.0, 0x1.921fb54442d18p+0 },
  { "atan2", 0.0, 1, 0.0 }, { "atan2", 0.0, 0.0, 0.0 }, { "atan2", 0.0, -0.0, 0x1.921fb54442d18p+1 }, { "atan2", 0.0, -1, 0x1.921fb54442d18p+1 },
  { "atan2", -0.0, 1, -0.0 }, { "atan2", -0.0, 0.0, -0.0 }, { "atan2", -0.0, -0.0, -0x1.921fb54442d18p+1 },
  { "atan2", -0.0, -1, -0x1.921fb54442d18p+1 }, { "atan2", -1, 0.0, -0x1.921fb54442d18p+0 }, { "atan2", 1, INF, 0.0 },
  { "atan2", 1, -INF, 0x1.921fb54442d18p+1 }, { "atan2", -1, INF, -0.0 }, { "atan2", -1, -INF, -0x1.921fb54442d18p+1 },
  { "atan2", INF, 1, 0x1.921fb54442d18p+0 }, { "atan2", -INF, -1, -0x1.921fb54442d18p+0 }, { "atan2", INF, INF, 0x1.921fb54442d18p-1 },
  { "atan2", INF, -INF, 0x1.2d97c7f3321d2p+1 }, { "atan2", -INF, INF, -0x1.921fb54442d18p-1 }, { "atan2", -INF, -INF, -0x1.2d97c7f3321d2p+1 },
  { "atan2", 0x1p-1074, 2, 0.0 }, { "atan2", 0x1.8p-1073, 2, 0x1p-1074 }, { "atan2", -0x1p-1074, 0x1p+1023, -0.0 },
  { "atan2", 0x1p-1074, -2, 0x1.921fb54442d18p+1 },
  { "sinh", NOT, 0, NOT }, { "sinh", 0.0, 0, 0.0 }, { "sinh", -0.0, 0, -0.0 }, { "sinh", INF, 0, INF }, { "sinh", -INF, 0, -INF },
  { "sinh", 0x1.633ce8fb9f87dp+9, 0, 0x1.ffffffffffd3bp+1023 }, { "sinh", 0x1.633ce8fb9f87ep+9, 0, INF },
  { "cosh", NOT, 0, NOT }, { "cosh", 0.0, 0, 1 }, { "cosh", -0.0, 0, 1 }, { "cosh", INF, 0, INF }, { "cosh", -INF, 0, INF },
  { "tanh", NOT, 0, NOT }, { "tanh", 0.0, 0, 0.0 }, { "tanh", -0.0, 0, -0.0 }, { "tanh", INF, 0, 1 }, { "tanh", -INF, 0, -1 },
  { "tanh", 19.0625, 0, 1 }, { "asinh", NOT, 0, NOT }, { "asinh", 0.0, 0, 0.0 }, { "asinh", -0.0, 0, -0.0 }, { "asinh", INF, 0, INF },
  { "asinh", -INF, 0, -INF }, { "acosh", NOT, 0, NOT }, { "acosh", 0.99, 0, NOT }, { "acosh", -INF, 0, NOT }, { "acosh", 1, 0, 0.0 },
  { "acosh", INF, 0, INF }, { "atanh", NOT, 0, NOT }, { "atanh", 1.5, 0, NOT }, { "atanh", 1, 0, INF }, { "atanh", -1, 0, -INF },
  { "atanh", 0.0, 0, 0.0 }, { "atanh", -0.0, 0, -0.0 }, { "cbrt", NOT, 0, NOT }, { "cbrt", 0.0, 0, 0.0 }, { "cbrt", -0.0, 0, -0.0 },
  { "cbrt", INF, 0, INF }, { "cbrt", -INF, 0, -INF }, { "cbrt", 27, 0, 3 }, { "cbrt", -1e-300, 0, -1e-100 }, { "cbrt", 0x1p-1074, 0, 0x1p-358 },
  { "hypot", NOT, INF, INF }, { "hypot", -INF, NOT, INF }, { "hypot", NOT, 1, NOT }, { "hypot", -0.0, -0.0, 0.0 }, { "hypot", 3, -4, 5 },
  { "hypot", 3 * 0x1p+600, 0x1p+602, 5 * 0x1p+600 }, { "hypot", 0x1.8p-1073, 0x1p-1072, 0x1.4p-1072 }, { "hypot", 0x1p+1023, 0x1.fffffffffffffp+1023, INF },
  { "hypot", 0x1p-1074, 0x1p+1023, 0x1p+1023 },
  /* Midway between two doubles: to the even one, once up and once down. */
  { "pow", 43291876489.0, 1.5, 9007610865436764.0 }, { "pow", 43291044225.0, 1.5, 9007351116674624.0 },
  { "hypot", 2458956368464563.0, 16516260701069040.0, 16698303326017588.0 }, { "hypot", 757628659405499.0, 11424931477192020.0, 11450024473514700.0 },
};

static const number_function *function_of(const char *name) {
  for (int i = 0; i < NUMBER_FUNCTIONS; i++) {
    if (strcmp(number_functions[i].name, name) == 0) return &number_functions[i];
  }
  fail();
  return NULL;
}

static void special_values_are_those_of_the_standard(void **state) {
  int wrong = 0;
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const number_function *f = function_of(rows[i].name);
    double got = numbers_result(f, rows[i].x, rows[i].y), wanted = rows[i].result;
    if (vms__bits_of(got) == vms__bits_of(wanted) || (got != got && wanted != wanted)) continue;
    print_message("%s(%a, %a) = %a, wanted %a\n", f->name, rows[i].x, rows[i].y, got, wanted);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void hypot_takes_any_number_of_values(void **state) {
  unsigned steps = 0;
  static double many[3000];
  double none[1] = { 0 }, five[5] = { 2, -4, 5, 6, 12 }, tiny[3] = { 0x1p-1074, 0x1p-1073, 0x1p-1073 };
  double even[4] = { 757628659405499.0, 0, 11424931477192020.0, 0 }, above[4] = { 757628659405499.0, 0x1p-500, 11424931477192020.0, 0x1p-1074 };
  double tie[4] = { 0x1.0000000000001p+53, 0x1p-500, 0, 0x1p-1074 };
  (void)state;
  assert_true(vms__hypot(none, 0, &steps) == 0 && vms__hypot(none, 1, &steps) == 0);
  assert_true(vms__hypot(five, 5, &steps) == 15);
  assert_true(vms__hypot(tiny, 3, &steps) == 0x1.8p-1073);
  assert_true(vms__hypot(tie, 4, &steps) == 0x1.0000000000001p+53);
  assert_true(vms__hypot(even, 4, &steps) == 11450024473514700.0);
  assert_true(vms__hypot(above, 4, &steps) == 11450024473514702.0); /* no longer midway */
  for (int i = 0; i < 3000; i++) many[i] = 0x1p+1010;
  assert_true(vms__hypot(many, 2500, &steps) == 50 * 0x1p+1010);
}

/* 64 bits of FNV-1a over the bits of 100,000 results each, a NaN counted as one and the same. */
static const uint64_t pinned[NUMBER_FUNCTIONS] = {
  0x850324d0fb0f479bu, /* exp */
  0x1444e20dde2c36dbu, /* expm1 */
  0xfe347ce654dc6b8au, /* log */
  0x0cb608da26fd5e57u, /* log1p */
  0x2941ddd74b43d255u, /* log2 */
  0x30389e301f20b00du, /* log10 */
  0xb9c623e348fbdc2du, /* pow */
  0x5077e507d5209716u, /* sin */
  0x4f6fd7b8125d1634u, /* cos */
  0xdb49aa5a3d3033d7u, /* tan */
  0x30b877c2ea3185deu, /* asin */
  0x86e24bd802906b71u, /* acos */
  0xaa319a7a76431083u, /* atan */
  0x0afd6235ff1ea0bdu, /* atan2 */
  0x0ef961e9c56a78d0u, /* sinh */
  0xd3ab3c771724f32du, /* cosh */
  0x33c13f93c6360951u, /* tanh */
  0x26e053d9f9ef4c2fu, /* asinh */
  0x72e44f974cff6521u, /* acosh */
  0x5a2b11b394f54e24u, /* atanh */
  0x49e1d132d8058be4u, /* cbrt */
  0x98b80891e35cea97u, /* hypot */
};

static void results_are_the_same_in_every_build(void **state) {
  bool show = getenv("SHOW_HASHES") != NULL;
  int wrong = 0;
  (void)state;
  for (int at = 0; at < NUMBER_FUNCTIONS; at++) {
    const number_function *f = &number_functions[at];
    uint64_t seed = 20260101, hash = 0xcbf29ce484222325u;
    for (int i = 0; i < 100000; i++) {
      double x = numbers_argument(f, &seed), result = numbers_result(f, x, f->two == NULL ? 0 : numbers_second(f, x, &seed));
      uint64_t bits = result != result ? 0 : vms__bits_of(result);
      for (int j = 0; j < 8; j++, bits >>= 8) hash = (hash ^ (bits & 0xff)) * 0x100000001b3u;
    }
    if (show) print_message("  0x%016llx, /* %s */\n", (unsigned long long)hash, f->name);
    if (hash != pinned[at]) {
      if (!show) print_message("%s: hash %016llx\n", f->name, (unsigned long long)hash);
      wrong++;
    }
  }
  if (!show) assert_int_equal(wrong, 0);
}

/* The first phase takes none; steps are added to those that are there. */
static void a_second_phase_is_counted(void **state) {
  unsigned steps = 7;
  (void)state;
  assert_true(vms__exp(1, &steps) > 2 && vms__pow(2, 10, &steps) == 1024 && steps == 7);
  assert_true(vms__exp(0x1p-53, &steps) > 1 && steps == 407);
  assert_true(vms__pow(43291044225.0, 1.5, &steps) > 1 && steps == 807);
}

static uint64_t steps_of(bench *b, const char *params) {
  bench_call(b, "f", params);
  assert_int_equal(b->outcome.kind, VMS_SANDBOX_RESULT);
  return b->outcome.steps;
}

/* exp(2^-53) lies just above the middle between two doubles, 208065^3 of 54 bits exactly there. */
static void what_takes_long_takes_steps(void **state) {
  static const char *const powers[] = { "x*x;var z=Math.pow(x,y)", "x*x;var z=x**y" };
  bench b;
  uint64_t easy, hard;
  (void)state;
  bench_init(&b);
  bench_started(&b, "exports.f=function(x){return Math.exp(x)}");
  easy = steps_of(&b, "[1]");
  hard = steps_of(&b, "[1.1102230246251565e-16]");
  assert_in_range(hard - easy, 390, 410); /* texts of numbers are charged, too */
  assert_int_equal(steps_of(&b, "[1]"), easy);
  bench_free(&b);
  for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++) {
    char code[200];
    /* folded when it is read: for nobody to pay */
    snprintf(code, sizeof code, "var folded=43291044225**1.5;exports.f=function(x,y){var w=%s;return z}", powers[i]);
    bench_init(&b);
    bench_started(&b, code);
    easy = steps_of(&b, "[43291044226,1.5]");
    hard = steps_of(&b, "[43291044225,1.5]");
    assert_in_range(hard - easy, 390, 410); /* texts of numbers are charged, too */
    assert_int_equal(steps_of(&b, "[43291044226,1.5]"), easy);
    bench_free(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(special_values_are_those_of_the_standard),
    cmocka_unit_test(hypot_takes_any_number_of_values),
    cmocka_unit_test(results_are_the_same_in_every_build),
    cmocka_unit_test(a_second_phase_is_counted),
    cmocka_unit_test(what_takes_long_takes_steps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

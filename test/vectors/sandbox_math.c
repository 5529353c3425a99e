/* SPDX-License-Identifier: MIT */
/* Goal: every result of lib/sandbox/dmath.h is the correctly rounded one. Method: GNU MPFR computes the same from many
 * arguments, random and hard; both phases are compared, and no difference is allowed. SEED repeats a run;
 * MATH_ARGUMENTS is how many arguments a function gets, MATH_FUNCTION tests one alone. */
#include "test/support/test.h"

#include <mpfr.h>

#include "lib/sandbox/dmath_big.h"
#include "test/support/numbers.h"

typedef struct oracle {
  const char *name;
  int (*one)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  int (*two)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
} oracle;

static const oracle oracles[NUMBER_FUNCTIONS] = {
  { "exp", mpfr_exp, NULL },     { "expm1", mpfr_expm1, NULL }, { "log", mpfr_log, NULL },     { "log1p", mpfr_log1p, NULL },
  { "log2", mpfr_log2, NULL },   { "log10", mpfr_log10, NULL }, { "pow", NULL, mpfr_pow },     { "sin", mpfr_sin, NULL },
  { "cos", mpfr_cos, NULL },     { "tan", mpfr_tan, NULL },     { "asin", mpfr_asin, NULL },   { "acos", mpfr_acos, NULL },
  { "atan", mpfr_atan, NULL },   { "atan2", NULL, mpfr_atan2 }, { "sinh", mpfr_sinh, NULL },   { "cosh", mpfr_cosh, NULL },
  { "tanh", mpfr_tanh, NULL },   { "asinh", mpfr_asinh, NULL }, { "acosh", mpfr_acosh, NULL }, { "atanh", mpfr_atanh, NULL },
  { "cbrt", mpfr_cbrt, NULL },   { "hypot", NULL, mpfr_hypot },
};

static mpfr_t first, second, answer;

static double asked(int at, double x, double y) {
  int inexact;
  mpfr_set_d(first, x, MPFR_RNDN);
  if (oracles[at].one != NULL) {
    inexact = oracles[at].one(answer, first, MPFR_RNDN);
  } else {
    mpfr_set_d(second, y, MPFR_RNDN);
    inexact = oracles[at].two(answer, first, second, MPFR_RNDN);
  }
  mpfr_subnormalize(answer, inexact, MPFR_RNDN);
  return mpfr_get_d(answer, MPFR_RNDN);
}

static bool same(double a, double b) { return vms__bits_of(a) == vms__bits_of(b) || (a != a && b != b); }

static double log_of(double x) {
  unsigned steps = 0;
  return vms__log(x, &steps);
}

/* What the second phase alone says; `usual` where it is not asked such a thing. */
static double second_phase(const char *name, double x, double y, double usual) {
  double a = fabs(x), values[2] = { x, y };
  if (usual - usual != 0 || x - x != 0 || y - y != 0 || x == 0 || usual == 0) return usual;
  if (strcmp(name, "exp") == 0) return vms__big_exp(x);
  if (strcmp(name, "expm1") == 0) return x > -40 ? vms__big_expm1(x) : usual;
  if (strcmp(name, "log") == 0) return vms__big_log(x, usual);
  if (strcmp(name, "log1p") == 0) return vms__big_log1p(x, usual);
  if (strcmp(name, "log2") == 0) return vms__big_log2(x, log_of(x));
  if (strcmp(name, "log10") == 0) return vms__big_log10(x, log_of(x));
  if (strcmp(name, "pow") == 0) return x > 0 && fabs(y * log_of(x)) < 1000 ? vms__big_pow(x, y, log_of(x)) : usual;
  if (strcmp(name, "sin") == 0) return vms__big_sin(x);
  if (strcmp(name, "cos") == 0) return vms__big_cos(x);
  if (strcmp(name, "tan") == 0) return vms__big_tan(x);
  if (strcmp(name, "asin") == 0) return vms__big_asin(x, usual);
  if (strcmp(name, "acos") == 0) return vms__big_acos(x, usual);
  if (strcmp(name, "atan") == 0) return vms__big_atan2(x, 1, usual);
  if (strcmp(name, "atan2") == 0) return y != 0 ? vms__big_atan2(x, y, usual) : usual;
  if (strcmp(name, "sinh") == 0) return a < 700 && a > 0x1p-100 ? vms__big_sinh(x) : usual;
  if (strcmp(name, "cosh") == 0) return a < 700 ? vms__big_cosh(x) : usual;
  if (strcmp(name, "tanh") == 0) return a < 20 && a > 0x1p-100 ? vms__big_tanh(x) : usual;
  if (strcmp(name, "asinh") == 0) return a > 0x1p-100 ? vms__big_asinh(x, usual) : usual;
  if (strcmp(name, "acosh") == 0) return vms__big_acosh(x, usual);
  if (strcmp(name, "atanh") == 0) return a > 0x1p-100 ? vms__big_atanh(x, usual) : usual;
  if (strcmp(name, "cbrt") == 0) return vms__big_cbrt(x, usual);
  return vms__big_hypot(values, 2);
}

static bool circular(const char *name) { return strcmp(name, "sin") == 0 || strcmp(name, "cos") == 0 || strcmp(name, "tan") == 0; }

/* The double nearest to a random multiple of pi/2, anywhere. */
static double near_multiple(uint64_t *seed) {
  static mpfr_t wide;
  uint64_t r = numbers_next(seed);
  if (wide->_mpfr_d == NULL) mpfr_init2(wide, 1200);
  mpfr_const_pi(wide, MPFR_RNDN);
  mpfr_mul_d(wide, wide, (double)(r >> 11 >> (r & 31)), MPFR_RNDN);
  mpfr_mul_2si(wide, wide, (long)(numbers_next(seed) % 970) * (long)(r >> 5 & 1) - 1, MPFR_RNDN);
  return mpfr_get_d(wide, MPFR_RNDN);
}

static uint64_t number_of(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text == NULL || *text == 0 ? otherwise : strtoull(text, NULL, 10);
}

static bool wanted(const char *name) {
  const char *only = getenv("MATH_FUNCTION");
  return only == NULL || *only == 0 || strcmp(only, name) == 0;
}

static uint64_t compare(int at, double x, double y, bool both) {
  const number_function *f = &number_functions[at];
  double got = numbers_result(f, x, y), right = asked(at, x, y), big = got;
  if (f->two == vms__pow && ((fabs(x) == 1 && y - y != 0) || y != y)) right = (double)NAN;
  if (both) big = second_phase(f->name, x, y, got);
  if (same(got, right) && same(big, right)) return 0;
  print_message("%s(%a, %a) = %a, second phase %a, wanted %a\n", f->name, x, y, got, big, right);
  return 1;
}

static void results_are_correctly_rounded(void **state) {
  int at = *(int *)*state;
  const number_function *f = &number_functions[at];
  /* The double nearest to a multiple of pi/2 of all, ends of the ranges, and where a series gives way to another. */
  static const double chosen[] = {
    0, 1, 2, 0.5, 0x1.6ac5b262ca1ffp+849, 0x1.fffffffffffffp+1023, 0x1p-1022, 0x0.fffffffffffffp-1022, 0x1p-1074, 0x1p-27, 0x1p-28,
    0x1p-54, 0x1p-55, 0x1.9p-7, 0x1p-8, 0x1p-5, 0x1p-4, 0.75, 20, 40, 0x1p+60, 0x1p+100, 0x1p+120, 0x1.62e42fefa39efp+9,
    0x1.62e42fefa39fp+9, 0x1.633ce8fb9f87dp+9, 0x1.633ce8fb9f87ep+9, 0x1.74910d52d3051p+9, 0x1.74910d52d3052p+9, 0x1.74385446d71c3p+9,
    0x1.921fb54442d18p+0, 0x1.921fb54442d18p+1, 0x1.6a09e667f3bcdp+0, 0x1.6a09e667f3bccp-1, 710, 711, 745, 746, 0x1p+53, 0x1p+1023,
  };
  enum { CHOSEN = sizeof chosen / sizeof chosen[0] };
  uint64_t seed = number_of("SEED", 1), count = number_of("MATH_ARGUMENTS", 4000), differences = 0, made = 0;
  assert_string_equal(f->name, oracles[at].name);
  if (!wanted(f->name)) return;
  for (int i = 0; i < 4 * CHOSEN; i++) {
    double x = (i & 1 ? -1 : 1) * chosen[i / 4] * (i & 2 ? 1 - 0x1p-53 : 1);
    for (int j = 0; j < (f->two == NULL ? 1 : 2 * CHOSEN); j++, made++) {
      differences += compare(at, x, (j & 1 ? -1 : 1) * chosen[j / 2], true);
    }
  }
  for (uint64_t i = 0; i < count; i++, made++) {
    double x = numbers_argument(f, &seed), y = f->two == NULL ? 0 : numbers_second(f, x, &seed);
    if (circular(f->name) && i % 4 == 0) x = near_multiple(&seed);
    differences += compare(at, x, y, i % 16 == 0);
    if (differences > 20) break;
  }
  print_message("%-6s %llu arguments, %llu differences\n", f->name, (unsigned long long)made, (unsigned long long)differences);
  assert_int_equal(differences, 0);
}

/* More than two arguments: MPFR has a correctly rounded sum of products only by way of enough bits. */
static void hypot_of_many_is_correctly_rounded(void **state) {
  uint64_t seed = number_of("SEED", 1), count = number_of("MATH_ARGUMENTS", 4000) / 4, differences = 0;
  mpfr_t sum, square;
  (void)state;
  if (!wanted("hypot")) return;
  mpfr_init2(sum, 4400);
  mpfr_init2(square, 4400);
  for (uint64_t i = 0; i < count && differences < 20; i++) {
    double values[6];
    size_t used = 1 + numbers_next(&seed) % 6;
    unsigned steps = 0;
    int inexact;
    mpfr_set_emin(-10000), mpfr_set_emax(10000);
    mpfr_set_ui(sum, 0, MPFR_RNDN);
    for (size_t j = 0; j < used; j++) {
      values[j] = numbers_argument(&number_functions[NUMBER_FUNCTIONS - 1], &seed);
      if (i % 3 == 0) values[j] = (double)(int)(values[j] * (values[j] < 1000 && values[j] > -1000 ? 0x1p+10 : 0));
      if (i % 7 == 0) values[j] *= 0x1p-1070;
      mpfr_set_d(square, values[j], MPFR_RNDN);
      mpfr_sqr(square, square, MPFR_RNDN);
      mpfr_add(sum, sum, square, MPFR_RNDN);
    }
    mpfr_set_emin(-1073), mpfr_set_emax(1024);
    inexact = mpfr_sqrt(answer, sum, MPFR_RNDN);
    mpfr_subnormalize(answer, inexact, MPFR_RNDN);
    if (same(mpfr_get_d(answer, MPFR_RNDN), vms__hypot(values, used, &steps)) &&
        same(mpfr_get_d(answer, MPFR_RNDN), i % 16 == 0 && mpfr_number_p(answer) ? vms__big_hypot(values, used) : vms__hypot(values, used, &steps))) continue;
    differences++;
    print_message("hypot of %zu from %a, %a, ...: %a\n", used, values[0], values[1], vms__hypot(values, used, &steps));
  }
  print_message("hypot of 1 to 6: %llu arguments, %llu differences\n", (unsigned long long)count, (unsigned long long)differences);
  mpfr_clears(sum, square, (mpfr_ptr)NULL);
  assert_int_equal(differences, 0);
}

int main(void) {
  static int index[NUMBER_FUNCTIONS];
  struct CMUnitTest tests[NUMBER_FUNCTIONS + 1];
  int status;
  mpfr_inits2(53, first, second, answer, (mpfr_ptr)NULL);
  mpfr_set_emin(-1073), mpfr_set_emax(1024);
  for (int i = 0; i < NUMBER_FUNCTIONS; i++) {
    index[i] = i;
    tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(results_are_correctly_rounded, &index[i]);
    tests[i].name = number_functions[i].name;
  }
  tests[NUMBER_FUNCTIONS] = (struct CMUnitTest)cmocka_unit_test(hypot_of_many_is_correctly_rounded);
  status = cmocka_run_group_tests(tests, NULL, NULL);
  mpfr_clears(first, second, answer, (mpfr_ptr)NULL);
  mpfr_free_cache();
  return status;
}

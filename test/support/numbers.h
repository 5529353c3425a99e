/* SPDX-License-Identifier: MIT */
/* The functions of lib/sandbox/dmath.h in a table, and arguments for them: random ones, and such as are hard. */
#ifndef VMS_TEST_NUMBERS_H
#define VMS_TEST_NUMBERS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "lib/sandbox/bits.h"
#include "lib/sandbox/dmath.h"

typedef struct number_function {
  const char *name;
  double (*one)(double, unsigned *);
  double (*two)(double, double, unsigned *);
  double low, high; /* where the function has most to say */
} number_function;

static double numbers_hypot(double x, double y, unsigned *steps) {
  double values[2] = { x, y };
  return vms__hypot(values, 2, steps);
}

static const number_function number_functions[] = {
  { "exp", vms__exp, NULL, -746, 711 },     { "expm1", vms__expm1, NULL, -40, 711 },  { "log", vms__log, NULL, 0, 4 },
  { "log1p", vms__log1p, NULL, -1, 4 },     { "log2", vms__log2, NULL, 0, 4 },        { "log10", vms__log10, NULL, 0, 1000 },
  { "pow", NULL, vms__pow, 0, 30 },         { "sin", vms__sin, NULL, -10, 10 },       { "cos", vms__cos, NULL, -10, 10 },
  { "tan", vms__tan, NULL, -10, 10 },       { "asin", vms__asin, NULL, -1, 1 },       { "acos", vms__acos, NULL, -1, 1 },
  { "atan", vms__atan, NULL, -5, 5 },       { "atan2", NULL, vms__atan2, -5, 5 },     { "sinh", vms__sinh, NULL, -20, 20 },
  { "cosh", vms__cosh, NULL, -20, 20 },     { "tanh", vms__tanh, NULL, -21, 21 },     { "asinh", vms__asinh, NULL, -5, 5 },
  { "acosh", vms__acosh, NULL, 1, 10 },     { "atanh", vms__atanh, NULL, -1, 1 },     { "cbrt", vms__cbrt, NULL, -8, 8 },
  { "hypot", NULL, numbers_hypot, -5, 5 },
};
enum { NUMBER_FUNCTIONS = sizeof number_functions / sizeof number_functions[0] };

static uint64_t numbers_next(uint64_t *seed) {
  uint64_t x = (*seed += 0x9e3779b97f4a7c15u);
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* What the function gives, whatever it takes. */
static double numbers_result(const number_function *f, double x, double y) {
  unsigned steps = 0;
  return f->one != NULL ? f->one(x, &steps) : f->two(x, y, &steps);
}

static double numbers_log2(double x) {
  unsigned steps = 0;
  return vms__log2(x, &steps);
}

static double numbers_power_of_2(int k) { return vms__double_of((uint64_t)(k + 1023) << 52); }

static double numbers_unit(uint64_t *seed) { return (double)(numbers_next(seed) >> 11) * 0x1p-53; }

/* One of eight kinds, at random; exact in plain arithmetic, so equal everywhere. */
static double numbers_argument(const number_function *f, uint64_t *seed) {
  uint64_t r = numbers_next(seed);
  int s = (int)(r >> 8 & 63);
  double sign = r & 64 ? -1 : 1, x;
  switch (r & 7) {
    case 0: /* any bits */
      x = vms__double_of(numbers_next(seed));
      return x - x == 0 ? x : sign;
    case 1: /* close to 0 */
      return sign * (1 + numbers_unit(seed)) * numbers_power_of_2(-s);
    case 2: /* close to 1 */
      return 1 + sign * numbers_unit(seed) * numbers_power_of_2(-s);
    case 3: /* few bits, small or large */
      return sign * (double)(numbers_next(seed) >> 44 >> (s & 15)) * numbers_power_of_2(s - 56);
    case 4: /* a neighbour of a power of two */
      return sign * vms__double_of(((uint64_t)(1023 - 40 + s) << 52) + (numbers_next(seed) & 7) - 3);
    default:
      return f->low + (f->high - f->low) * numbers_unit(seed);
  }
}

/* The second argument for x: now and then such that pow is exact, subnormal or huge, and a ratio extreme. */
static double numbers_second(const number_function *f, double x, uint64_t *seed) {
  uint64_t r = numbers_next(seed);
  double l;
  if (strcmp(f->name, "pow") != 0) {
    if ((r & 7) == 0) return x * numbers_power_of_2((int)(r >> 8 & 127) - 64);
    return numbers_argument(f, seed);
  }
  switch (r & 7) {
    case 0: return (double)(int)(r >> 8 & 63) - 16;
    case 1: return ((double)(int)(r >> 8 & 63) - 16) / 4;
    case 2:
    case 3:
      l = numbers_log2(fabs(x));
      return l == 0 || l - l != 0 ? 1 : ((r & 8 ? -1022 : -1) - 54 * numbers_unit(seed)) / l;
    case 4:
      l = numbers_log2(fabs(x));
      return l == 0 || l - l != 0 ? 1 : 1024 * numbers_unit(seed) / l;
    default: return numbers_argument(f, seed);
  }
}

#endif

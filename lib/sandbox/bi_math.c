/* SPDX-License-Identifier: MIT */
/* The functions of Math that dmath.c computes, Math.fround, and Math.round, which Duktape has wrong. */
#include "lib/sandbox/builtins.h"

#include <math.h>

#include "lib/sandbox/dmath.h"

typedef double (*one_fn)(double, unsigned *);
typedef double (*two_fn)(double, double, unsigned *);

/* Not floor(x + 0.5): the sum may have to be rounded. */
static double to_nearest(double x, unsigned *steps) {
  double below = floor(x);
  (void)steps;
  return copysign(x - below >= 0.5 ? below + 1 : below, x);
}

static double to_float(double x, unsigned *steps) {
  (void)steps;
  return (double)(float)x;
}

static const one_fn ones[] = { vms__acos, vms__acosh, vms__asin, vms__asinh, vms__atan,  vms__atanh, vms__cbrt,
                               vms__cos,  vms__cosh,  vms__exp,  vms__expm1, vms__log,   vms__log1p, vms__log2,
                               vms__log10, vms__sin,  vms__sinh, vms__tan,   vms__tanh,  to_nearest, to_float };
static const two_fn twos[] = { vms__atan2, vms__pow };

static duk_ret_t end(duk_context *duk, double result, unsigned steps) {
  vms__charge(&vms__of(duk)->meter, steps);
  duk_push_number(duk, result);
  return 1;
}

static duk_ret_t math_one(duk_context *duk) {
  double x = duk_to_number(duk, 0);
  unsigned steps = 0;
  x = ones[duk_get_current_magic(duk)](x, &steps);
  return end(duk, x, steps);
}

static duk_ret_t math_two(duk_context *duk) {
  double first = duk_to_number(duk, 0), second = duk_to_number(duk, 1);
  unsigned steps = 0;
  first = twos[duk_get_current_magic(duk)](first, second, &steps);
  return end(duk, first, steps);
}

static duk_ret_t math_hypot(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  double few[8], *values = few, length;
  unsigned steps = 0;
  vms__charge(&vms__of(duk)->meter, (uint64_t)count);
  if ((size_t)count > sizeof few / sizeof few[0]) values = duk_push_fixed_buffer(duk, (size_t)count * sizeof few[0]);
  for (duk_idx_t i = 0; i < count; i++) values[i] = duk_to_number(duk, i);
  length = vms__hypot(values, (size_t)count, &steps);
  return end(duk, length, steps);
}

void vms__math_open(duk_context *duk) {
  static const vms__method methods[] = {
    { "acos", math_one, 1, 1, 0 },   { "acosh", math_one, 1, 1, 1 },  { "asin", math_one, 1, 1, 2 },
    { "asinh", math_one, 1, 1, 3 },  { "atan", math_one, 1, 1, 4 },   { "atanh", math_one, 1, 1, 5 },
    { "cbrt", math_one, 1, 1, 6 },   { "cos", math_one, 1, 1, 7 },    { "cosh", math_one, 1, 1, 8 },
    { "exp", math_one, 1, 1, 9 },    { "expm1", math_one, 1, 1, 10 }, { "log", math_one, 1, 1, 11 },
    { "log1p", math_one, 1, 1, 12 }, { "log2", math_one, 1, 1, 13 },  { "log10", math_one, 1, 1, 14 },
    { "sin", math_one, 1, 1, 15 },   { "sinh", math_one, 1, 1, 16 },  { "tan", math_one, 1, 1, 17 },
    { "tanh", math_one, 1, 1, 18 },  { "round", math_one, 1, 1, 19 }, { "fround", math_one, 1, 1, 20 }, { "atan2", math_two, 2, 2, 0 },
    { "pow", math_two, 2, 2, 1 },    { "hypot", math_hypot, DUK_VARARGS, 2, 0 },
  };
  duk_get_global_literal(duk, "Math");
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  duk_pop(duk);
}

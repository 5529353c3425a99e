/* SPDX-License-Identifier: MIT */
/* toFixed, toExponential and toPrecision: rounded from the exact decimal value of a double, ties away from zero. Math.cbrt. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LIMB 1000000000u
#define LIMBS_MAX 90 /* the longest: 5e-324 times 2^52, 767 digits */
#define DIGITS_MAX (9 * LIMBS_MAX + 2)

typedef struct decimal {
  char digits[DIGITS_MAX]; /* ASCII, the first is not '0' unless the value is 0 */
  int count, point;        /* the value is 0.DIGITS * 10^point */
} decimal;

static int multiply(uint32_t *limbs, int count, uint32_t factor) {
  uint64_t carry = 0;
  for (int i = 0; i < count; i++) {
    carry += (uint64_t)limbs[i] * factor;
    limbs[i] = (uint32_t)(carry % LIMB);
    carry /= LIMB;
  }
  if (carry > 0) limbs[count++] = (uint32_t)carry;
  return count;
}

/* The exact value of x, finite and not negative. */
static void expand(double x, decimal *it) {
  uint32_t limbs[LIMBS_MAX] = { 0 };
  int exponent = 0, count = 0, scale = 0;
  uint64_t mantissa = (uint64_t)ldexp(frexp(x, &exponent), 53);
  for (exponent -= 53; mantissa != 0 && mantissa % 2 == 0; mantissa /= 2) exponent++;
  for (; mantissa > 0; mantissa /= LIMB) limbs[count++] = (uint32_t)(mantissa % LIMB);
  if (exponent < 0) scale = -exponent; /* m / 2^k = m * 5^k / 10^k */
  for (int left = exponent; left > 0; left -= 29) count = multiply(limbs, count, 1u << (left < 29 ? left : 29));
  for (int left = scale; left > 0; left--) {
    uint32_t factor = 5;
    for (; left > 1 && factor < 244140625; left--) factor *= 5;
    count = multiply(limbs, count, factor);
  }
  it->count = 0;
  for (int i = count; i-- > 0;) it->count += snprintf(it->digits + it->count, 10, i == count - 1 ? "%u" : "%09u", (unsigned)limbs[i]);
  it->point = it->count - scale;
  if (it->count == 0) {
    it->digits[it->count++] = '0';
    it->point = 1;
  }
}

/* Leaves `count` digits, more zeros if there are not as many; 0 and less leave one or none. */
static void round_to(decimal *it, int count) {
  bool up = count >= 0 && count < it->count && it->digits[count] >= '5';
  if (count < 0) count = 0;
  while (it->count < count) it->digits[it->count++] = '0';
  it->count = count;
  if (!up) return;
  while (count > 0 && it->digits[count - 1] == '9') it->digits[--count] = '0';
  if (count > 0) {
    it->digits[count - 1]++;
    return;
  }
  memmove(it->digits + 1, it->digits, (size_t)it->count);
  it->digits[0] = '1';
  it->point++;
  it->count++; /* one digit more: for a fixed number of digits, the caller takes the last zero off */
}

static duk_ret_t push(duk_context *duk, double x, const char *text, size_t len) {
  duk_push_literal(duk, "-");
  duk_push_lstring(duk, text, len);
  if (x < 0) duk_concat(duk, 2);
  return 1;
}

/* Appends the digits from..to of the number, '0' where it has none. */
static size_t append(char *out, size_t len, const decimal *it, int from, int to) {
  for (; from < to; from++) out[len++] = from >= 0 && from < it->count ? it->digits[from] : '0';
  return len;
}

duk_ret_t vms__number_fixed(duk_context *duk, double x, int fraction) {
  char out[21 + 1 + 100 + 1];
  decimal it;
  size_t len = 0;
  vms__charge(&vms__of(duk)->meter, 100);
  expand(fabs(x), &it);
  round_to(&it, it.point + fraction);
  if (it.point <= 0) out[len++] = '0';
  else len = append(out, len, &it, 0, it.point);
  if (fraction > 0) {
    out[len++] = '.';
    len = append(out, len, &it, it.point, it.point + fraction);
  }
  return push(duk, x, out, len);
}

/* d.ddde+x with `count` digits, which the number has been rounded to. */
static duk_ret_t exponential(duk_context *duk, double x, const decimal *it, int count) {
  char out[1 + 1 + 100 + 8];
  size_t len = append(out, 0, it, 0, 1);
  if (count > 1) {
    out[len++] = '.';
    len = append(out, len, it, 1, count);
  }
  len += (size_t)snprintf(out + len, 8, "e%+d", x == 0 ? 0 : it->point - 1);
  return push(duk, x, out, len);
}

duk_ret_t vms__number_exponential(duk_context *duk, double x, int fraction) {
  decimal it;
  vms__charge(&vms__of(duk)->meter, 100);
  expand(fabs(x), &it);
  round_to(&it, fraction + 1);
  return exponential(duk, x, &it, fraction + 1);
}

duk_ret_t vms__number_precision(duk_context *duk, double x, int count) {
  char out[1 + 1 + 6 + 100 + 2];
  decimal it;
  size_t len = 0;
  vms__charge(&vms__of(duk)->meter, 100);
  expand(fabs(x), &it);
  round_to(&it, count);
  if (x != 0 && (it.point - 1 < -6 || it.point > count)) return exponential(duk, x, &it, count);
  if (it.point <= 0) out[len++] = '0';
  else len = append(out, len, &it, 0, it.point);
  if (it.point < count) {
    out[len++] = '.';
    len = append(out, len, &it, it.point < 0 ? it.point : it.point > 0 ? it.point : 0, count);
  }
  return push(duk, x, out, len);
}

/* --- Math.cbrt ---------------------------------------------------------------------------------------- */

/* a * b is *high + *low, exactly (Dekker). */
static void multiply_exactly(double a, double b, double *high, double *low) {
  double t = 134217729 * a, a_high = t - (t - a), a_low = a - a_high;
  t = 134217729 * b;
  double b_high = t - (t - b), b_low = b - b_high;
  *high = a * b;
  *low = ((a_high * b_high - *high) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/* How far the cube of `root` is from x. */
static double cube_error(double root, double x) {
  double square, square_low, cube, cube_low;
  multiply_exactly(root, root, &square, &square_low);
  multiply_exactly(square, root, &cube, &cube_low);
  return fabs((cube - x) + (cube_low + square_low * root));
}

/* The C library's is not exact even for cubes. */
static duk_ret_t math_cbrt(duk_context *duk) {
  double x = duk_to_number(duk, 0), scaled, root, best;
  int exponent;
  if (x == 0 || x != x || x - x != 0) return 1;
  scaled = frexp(fabs(x), &exponent);
  for (; exponent % 3 != 0; exponent++) scaled /= 2; /* 1/8 <= scaled < 1, times 8^n */
  root = 0.5 + scaled / 2;
  for (int i = 0; i < 8; i++) root -= (root * root * root - scaled) / (3 * root * root);
  best = root;
  for (int up = 0; up < 2; up++) {
    double other = nextafter(root, up ? 2 : 0);
    if (cube_error(other, scaled) < cube_error(best, scaled)) best = other;
  }
  duk_push_number(duk, copysign(ldexp(best, exponent / 3), x));
  return 1;
}

void vms__number_open(duk_context *duk) {
  static const vms__method cbrt_method = { "cbrt", math_cbrt, 1, 1, 0 };
  duk_get_global_literal(duk, "Math");
  vms__define_methods(duk, -1, &cbrt_method, 1);
  duk_pop(duk);
}

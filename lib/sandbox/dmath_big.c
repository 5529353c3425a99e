/* SPDX-License-Identifier: MIT */
/* Numbers of 256 bits in integer arithmetic, and the functions of dmath.h by them.
 *
 * A result is cut, not rounded, after 256 bits: an operation is wrong by less than 2^-254 of its result, an addition of its
 * larger operand. Series are summed to the end. What the functions lose by cancellation stays below 60 bits, so that about
 * 190 are right. A random argument needs more than n bits past a double's 53 with probability 2^-n: 2^64 arguments of a
 * function need about 64, the pairs of pow about 126. */
#include "lib/sandbox/dmath_big.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lib/sandbox/bits.h"

__extension__ typedef unsigned __int128 u128;

/* sign * 0.limbs * 2^exponent; the top bit of limb[3] is set. Zero has sign 0. */
typedef struct vms__big {
  int sign;
  int64_t exponent;
  uint64_t limb[4];
} vms__big;
typedef vms__big big;

#include "lib/sandbox/dmath_tables.h"

static const big zero = { 0, 0, { 0, 0, 0, 0 } };

/* --- arithmetic ---------------------------------------------------------------------------------- */

static big normal(big a) {
  int left = 0;
  while (left < 4 && a.limb[3] == 0) {
    memmove(a.limb + 1, a.limb, 3 * sizeof a.limb[0]);
    a.limb[0] = 0;
    left++;
  }
  if (left == 4 || a.sign == 0) return zero;
  a.exponent -= 64 * left;
  left = __builtin_clzll(a.limb[3]);
  if (left == 0) return a;
  for (int i = 3; i > 0; i--) a.limb[i] = a.limb[i] << left | a.limb[i - 1] >> (64 - left);
  a.limb[0] <<= left;
  a.exponent -= left;
  return a;
}

static big of_integer(uint64_t n, int sign, int64_t exponent) {
  big a = { sign, exponent + 64, { 0, 0, 0, n } };
  return normal(a);
}

static big of_double(double x) {
  uint64_t bits = vms__bits_of(x), fraction = bits & (((uint64_t)1 << 52) - 1);
  int power = (int)(bits >> 52 & 0x7ff);
  assert(power != 0x7ff);
  if (power == 0) power = 1;
  else fraction |= (uint64_t)1 << 52;
  return of_integer(fraction, bits >> 63 ? -1 : 1, power - 1075);
}

static big negated(big a) {
  a.sign = -a.sign;
  return a;
}

static big shifted(big a, int64_t by) {
  a.exponent += by;
  return a;
}

static int compare_limbs(const uint64_t *a, const uint64_t *b) {
  for (int i = 3; i >= 0; i--) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

static big add(big a, big b) {
  uint64_t moved[4] = { 0, 0, 0, 0 };
  int64_t shift;
  int limbs, bits;
  if (a.sign == 0) return b;
  if (b.sign == 0) return a;
  if (a.exponent < b.exponent || (a.exponent == b.exponent && compare_limbs(a.limb, b.limb) < 0)) {
    big swap = a;
    a = b;
    b = swap;
  }
  shift = a.exponent - b.exponent;
  if (shift >= 256) return a;
  limbs = (int)(shift / 64), bits = (int)(shift % 64);
  for (int i = 0; i + limbs < 4; i++) {
    moved[i] = b.limb[i + limbs] >> bits;
    if (bits > 0 && i + limbs + 1 < 4) moved[i] |= b.limb[i + limbs + 1] << (64 - bits);
  }
  if (a.sign == b.sign) {
    u128 carry = 0;
    for (int i = 0; i < 4; i++) {
      carry += (u128)a.limb[i] + moved[i];
      a.limb[i] = (uint64_t)carry;
      carry >>= 64;
    }
    if (carry != 0) {
      for (int i = 0; i < 3; i++) a.limb[i] = a.limb[i] >> 1 | a.limb[i + 1] << 63;
      a.limb[3] = a.limb[3] >> 1 | (uint64_t)1 << 63;
      a.exponent++;
    }
    return a;
  }
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) {
    u128 difference = (u128)a.limb[i] - moved[i] - borrow;
    a.limb[i] = (uint64_t)difference;
    borrow = (uint64_t)(difference >> 64) & 1;
  }
  return normal(a);
}

static big sub(big a, big b) { return add(a, negated(b)); }

static big mul(big a, big b) {
  uint64_t product[8] = { 0 };
  big c = { a.sign * b.sign, a.exponent + b.exponent, { 0, 0, 0, 0 } };
  if (c.sign == 0) return zero;
  for (int i = 0; i < 4; i++) {
    u128 carry = 0;
    for (int j = 0; j < 4; j++) {
      carry += (u128)a.limb[i] * b.limb[j] + product[i + j];
      product[i + j] = (uint64_t)carry;
      carry >>= 64;
    }
    product[i + 4] = (uint64_t)carry;
  }
  if (product[7] >> 63 == 0) { /* both are at least 1/2: one place at most */
    for (int i = 7; i > 2; i--) product[i] = product[i] << 1 | product[i - 1] >> 63;
    c.exponent--;
  }
  memcpy(c.limb, product + 4, sizeof c.limb);
  return c;
}

/* n is below 2^32. */
static big div_small(big a, uint64_t n) {
  uint64_t rest = 0;
  for (int i = 3; i >= 0; i--) {
    uint64_t high = rest << 32 | a.limb[i] >> 32, low;
    rest = high % n;
    low = rest << 32 | (a.limb[i] & 0xffffffffu);
    rest = low % n;
    a.limb[i] = (high / n) << 32 | low / n;
  }
  return normal(a);
}

/* The leading bits, in [1/2, 1]. */
static double leading(big a) { return (double)(a.limb[3] >> 11) * 0x1p-53; }

/* Newton's steps double what is right: 52 bits, 104, 208, all. */
static big inverse(big a) {
  int64_t exponent = a.exponent;
  int sign = a.sign;
  big guess, one = of_integer(1, 1, 0);
  assert(sign != 0);
  a.exponent = 0, a.sign = 1;
  guess = of_double(1 / leading(a));
  for (int i = 0; i < 3; i++) guess = add(guess, mul(guess, sub(one, mul(a, guess))));
  guess.exponent -= exponent;
  guess.sign = sign;
  return guess;
}

static big divide(big a, big b) { return a.sign == 0 ? zero : mul(a, inverse(b)); }

static big square_root(big a) {
  int64_t odd, half;
  big guess, one = of_integer(1, 1, 0);
  assert(a.sign >= 0);
  if (a.sign == 0) return zero;
  odd = a.exponent & 1;
  half = (a.exponent - odd) / 2;
  a.exponent = odd;
  guess = of_double(1 / sqrt(odd ? 2 * leading(a) : leading(a)));
  for (int i = 0; i < 3; i++) guess = add(guess, shifted(mul(guess, sub(one, mul(a, mul(guess, guess)))), -1));
  return shifted(mul(a, guess), half);
}

/* Rounds to the nearest double, ties to even: the end of each function below. */
static double to_double(big a) {
  int64_t power = a.exponent - 1; /* of the leading bit */
  int keep = 53;
  uint64_t kept, rest;
  bool sticky, up;
  if (a.sign == 0) return 0;
  if (power > 1023) return a.sign * (double)INFINITY;
  if (power < -1022) keep = power < -1075 ? -1 : (int)(53 + 1022 + power);
  if (keep < 0) return a.sign * 0.0;
  kept = keep == 0 ? 0 : a.limb[3] >> (64 - keep);
  rest = a.limb[3] << keep;
  sticky = (a.limb[0] | a.limb[1] | a.limb[2] | rest << 1) != 0;
  up = rest >> 63 && (sticky || (kept & 1));
  kept += up; /* may become 2^53, or 2^52 for a subnormal: the sum below carries into the exponent as it should */
  kept += keep < 53 ? 0 : (uint64_t)(power + 1022) << 52;
  return vms__double_of(kept | (a.sign < 0 ? (uint64_t)1 << 63 : 0));
}

/* To 180 bits: a value within 2^-180 of one with few bits is that one. */
static big snapped(big a) {
  big half = { a.sign, a.exponent - 180, { 0, 0, 0, (uint64_t)1 << 63 } };
  if (a.sign == 0) return a;
  a = add(a, half);
  a.limb[0] = 0;
  a.limb[1] &= ~(uint64_t)0 << 12; /* 64 + 64 + 52 stay */
  return a;
}

static bool negligible(big term, big sum) { return term.sign == 0 || term.exponent < sum.exponent - 260; }

/* --- exponential and logarithm --------------------------------------------------------------------- */

/* x + x^2/2! + x^3/3! + ..., or every second term of it, with signs that alternate or not. */
static big exp_series(big x, uint64_t first, uint64_t step, bool alternate) {
  big factor = step == 1 ? x : mul(x, x), term = first == 0 ? of_integer(1, 1, 0) : x, sum = term;
  if (alternate) factor = negated(factor);
  for (uint64_t n = first + step;; n += step) {
    term = div_small(mul(term, factor), step == 1 ? n : n * (n - 1));
    if (negligible(term, sum)) return sum;
    sum = add(sum, term);
  }
}

static double approximate(big a) {
  assert(a.exponent > -1000 && a.exponent < 1000);
  return a.sign * leading(a) * vms__double_of((uint64_t)(a.exponent + 1023) << 52);
}

/* |x| < 2^12 */
static big exponential(big x) {
  big one = of_integer(1, 1, 0), r;
  double times;
  if (x.exponent < -300) return add(one, x);
  times = floor(approximate(x) * 0x1.71547652b82fep+0 + 0.5);
  r = sub(x, mul(of_double(times), big_ln2));
  return shifted(add(one, r.sign == 0 ? zero : exp_series(r, 1, 1, false)), (int64_t)times);
}

/* exp(x) - 1, not cancelled */
static big exponential_m1(big x) {
  if (x.exponent < -1) return exp_series(x, 1, 1, false);
  return sub(exponential(x), of_integer(1, 1, 0));
}

/* log(1+x) for |x| < 2^-10 */
static big log1p_series(big x) {
  big power = x, sum = x;
  if (x.sign == 0) return zero;
  for (uint64_t n = 2;; n++) {
    big term;
    power = negated(mul(power, x));
    term = div_small(power, n);
    if (negligible(term, sum)) return sum;
    sum = add(sum, term);
  }
}

/* log(x) = near + log(x / exp(near)) */
static big logarithm(big x, double near) {
  big guess = of_double(near), one = of_integer(1, 1, 0);
  return add(guess, log1p_series(sub(mul(x, exponential(negated(guess))), one)));
}

static big logarithm_1p(big x, double near) {
  return x.exponent < -20 ? log1p_series(x) : logarithm(add(of_integer(1, 1, 0), x), near);
}

double vms__big_exp(double x) { return to_double(exponential(of_double(x))); }
double vms__big_expm1(double x) { return to_double(exponential_m1(of_double(x))); }
double vms__big_log(double x, double near) { return to_double(logarithm(of_double(x), near)); }
double vms__big_log1p(double x, double near) { return to_double(logarithm_1p(of_double(x), near)); }
double vms__big_log2(double x, double near_log) { return to_double(mul(logarithm(of_double(x), near_log), big_inv_ln2)); }
double vms__big_log10(double x, double near_log) { return to_double(mul(logarithm(of_double(x), near_log), big_inv_ln10)); }

/* A power may lie exactly between two doubles; none that does not is known to come nearer than 2^-130. */
double vms__big_pow(double x, double y, double near_log) {
  return to_double(snapped(exponential(mul(of_double(y), logarithm(of_double(x), near_log)))));
}

/* --- circle ---------------------------------------------------------------------------------------- */

/* Payne and Hanek: with x = m * 2^e, those bits of 2/pi count whose product with m * 2^e lies below the period and not far
 * below the point. Six limbs of them leave 2^-313, and multiples of pi/2 come no nearer to a double than about 2^-62. */
unsigned vms__reduce_angle(double x, unsigned fold, int *sign, uint64_t fraction[VMS__FRACTION_LIMBS]) {
  uint64_t bits = vms__bits_of(x), m = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52, q[8] = { 0 }, n;
  int e = (int)(bits >> 52 & 0x7ff) - 1075, first = e < 2 ? 0 : (e - 2) / 64;
  /* q * 2^(e + 6 - 64 (first + 6)) is the product with 128/pi; its point is moved to 8 bits below the top */
  int left = 440 - (64 * (first + 6) - e - 6), limbs = left / 64, shift = left % 64;
  u128 carry = 0;
  assert(e >= -59 && left > 0 && left < 128);
  for (int i = 0; i < 6; i++) {
    carry += (u128)m * two_over_pi[first + 5 - i];
    q[i] = (uint64_t)carry;
    carry >>= 64;
  }
  q[6] = (uint64_t)carry;
  for (int i = 6; i >= 0; i--) {
    uint64_t high = i >= limbs ? q[i - limbs] : 0, low = i >= limbs + 1 ? q[i - limbs - 1] : 0;
    fraction[i] = shift == 0 ? high : high << shift | low >> (64 - shift);
  }
  n = fraction[6] >> (62 - fold); /* the integer part has 2 + fold bits; away with it */
  for (int i = 6; i >= 0; i--) fraction[i] = fraction[i] << (2 + fold) | (i > 0 ? fraction[i - 1] >> (62 - fold) : 0);
  *sign = 1;
  if (fraction[6] >> 63) { /* nearer to the next */
    n++;
    *sign = -1;
    for (int i = 0; i < 7; i++) fraction[i] = ~fraction[i]; /* one unit of 2^-448 off */
  }
  return (unsigned)n & ((1u << (2 + fold)) - 1);
}

/* The angle in [-pi/4, pi/4] and the quadrant. */
static unsigned reduce(double x, big *angle) {
  uint64_t fraction[VMS__FRACTION_LIMBS];
  int sign, top = 6;
  unsigned quadrant;
  if (fabs(x) < 0.75) {
    *angle = of_double(fabs(x));
    return 0;
  }
  quadrant = vms__reduce_angle(x, 0, &sign, fraction);
  while (fraction[top] == 0 && top > 3) top--;
  *angle = (big){ sign, 64 * (top - 6), { fraction[top - 3], fraction[top - 2], fraction[top - 1], fraction[top] } };
  if (top > 3) { /* the bits that normal() would fill with zeros */
    int left = __builtin_clzll(fraction[top]);
    if (left > 0) {
      for (int i = 3; i >= 0; i--) angle->limb[i] = fraction[top - 3 + i] << left | fraction[top - 4 + i] >> (64 - left);
    }
    angle->exponent -= left;
  }
  *angle = shifted(mul(normal(*angle), big_pi), -1);
  return quadrant;
}

static big sine(big x) { return x.sign == 0 ? zero : exp_series(x, 1, 2, true); }
static big cosine(big x) { return x.sign == 0 ? of_integer(1, 1, 0) : exp_series(x, 0, 2, true); }

double vms__big_sin(double x) {
  big angle;
  unsigned quadrant = reduce(x, &angle);
  double y = to_double(quadrant & 1 ? cosine(angle) : sine(angle));
  return (quadrant >= 2) != (x < 0) ? -y : y;
}

double vms__big_cos(double x) {
  big angle;
  unsigned quadrant = reduce(x, &angle);
  double y = to_double(quadrant & 1 ? sine(angle) : cosine(angle));
  return quadrant == 1 || quadrant == 2 ? -y : y;
}

double vms__big_tan(double x) {
  big angle;
  unsigned quadrant = reduce(x, &angle);
  big s = sine(angle), c = cosine(angle);
  double y = to_double(quadrant & 1 ? negated(divide(c, s)) : divide(s, c));
  return x < 0 ? -y : y;
}

/* near + atan(t) for small t */
static big atan_series(big near, big t) {
  big square = negated(mul(t, t)), power = t, sum = t;
  if (t.sign == 0) return near;
  for (uint64_t n = 3;; n += 2) {
    big term;
    power = mul(power, square);
    term = div_small(power, n);
    if (negligible(term, sum)) break;
    sum = add(sum, term);
  }
  return add(near, sum);
}

/* The angle of (x, y): turned back by `near`, the vector points nearly along the axis. */
static big angle_of(big y, big x, double near) {
  big turn = of_double(near), c = cosine(turn), s = sine(turn);
  return atan_series(turn, divide(sub(mul(y, c), mul(x, s)), add(mul(x, c), mul(y, s))));
}

double vms__big_atan2(double y, double x, double near) {
  big a = of_double(y), b = of_double(x);
  if (x > 0 && a.exponent < b.exponent - 20) {
    /* atan(t) lies a little nearer to zero than t, which may be midway between two subnormals or be one */
    big t = snapped(divide(a, b)), nudge = { -t.sign, t.exponent - 250, { 0, 0, 0, (uint64_t)1 << 63 } };
    return to_double(t.exponent < -100 ? add(t, nudge) : atan_series(zero, divide(a, b)));
  }
  return to_double(angle_of(a, b, near));
}

/* sqrt(1 - x^2) */
static big other_leg(big x) {
  big one = of_integer(1, 1, 0);
  return square_root(mul(sub(one, x), add(one, x)));
}

double vms__big_asin(double x, double near) {
  big a = of_double(x);
  return to_double(a.exponent < -20 ? atan_series(zero, divide(a, other_leg(a))) : angle_of(a, other_leg(a), near));
}

double vms__big_acos(double x, double near) {
  big a = of_double(x);
  return to_double(angle_of(other_leg(a), a, near));
}

/* --- hyperbola --------------------------------------------------------------------------------------- */

double vms__big_sinh(double x) {
  big a = of_double(x), e;
  if (a.exponent < -1) return to_double(exp_series(a, 1, 2, false));
  e = exponential(a);
  return to_double(shifted(sub(e, inverse(e)), -1));
}

double vms__big_cosh(double x) {
  big e = exponential(of_double(x));
  return to_double(shifted(add(e, inverse(e)), -1));
}

double vms__big_tanh(double x) {
  big e = exponential_m1(shifted(of_double(x), 1));
  return to_double(divide(e, add(e, of_integer(2, 1, 0))));
}

double vms__big_asinh(double x, double near) {
  big a = of_double(fabs(x)), one = of_integer(1, 1, 0), square = mul(a, a);
  big t = add(a, divide(square, add(one, square_root(add(one, square)))));
  double y = to_double(logarithm_1p(t, fabs(near)));
  return x < 0 ? -y : y;
}

double vms__big_acosh(double x, double near) {
  big a = of_double(x), one = of_integer(1, 1, 0), t = sub(a, one);
  return to_double(logarithm_1p(add(t, square_root(mul(t, add(a, one)))), near));
}

double vms__big_atanh(double x, double near) {
  big a = of_double(fabs(x)), one = of_integer(1, 1, 0);
  double y = to_double(shifted(logarithm_1p(divide(shifted(a, 1), sub(one, a)), 2 * fabs(near)), -1));
  return x < 0 ? -y : y;
}

/* --- roots --------------------------------------------------------------------------------------------- */

double vms__big_cbrt(double x, double near) {
  big a = of_double(x), guess = of_double(near);
  for (int i = 0; i < 2; i++) {
    big square = mul(guess, guess), over = sub(mul(square, guess), a);
    if (over.sign != 0) guess = sub(guess, divide(over, mul(square, of_integer(3, 1, 0))));
  }
  return to_double(guess);
}

/* Squares of doubles are multiples of 2^-2148 below 2^2048: their sum is kept exactly. */
enum { SUM_LIMBS = 67, SUM_LOW = 2148 };

static void sum_add(uint64_t sum[SUM_LIMBS], u128 value, int at) {
  uint64_t limb[3] = { (uint64_t)value << at % 64, 0, 0 };
  u128 carry = 0;
  limb[1] = at % 64 == 0 ? (uint64_t)(value >> 64) : (uint64_t)(value >> (64 - at % 64));
  limb[2] = at % 64 == 0 ? 0 : (uint64_t)(value >> 64) >> (64 - at % 64);
  for (int i = 0; at / 64 + i < SUM_LIMBS && (i < 3 || carry != 0); i++) {
    carry += (u128)sum[at / 64 + i] + (i < 3 ? limb[i] : 0);
    sum[at / 64 + i] = (uint64_t)carry;
    carry >>= 64;
  }
}

double vms__big_hypot(const double *values, size_t count) {
  uint64_t sum[SUM_LIMBS] = { 0 };
  int top = SUM_LIMBS - 1, order;
  bool more = false;
  big leading_part, root, shorter;
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = vms__bits_of(values[i]), fraction = bits & (((uint64_t)1 << 52) - 1);
    int power = (int)(bits >> 52 & 0x7ff);
    if (power == 0) power = 1;
    else fraction |= (uint64_t)1 << 52;
    sum_add(sum, (u128)fraction * fraction, 2 * (power - 1075) + SUM_LOW);
  }
  while (top > 3 && sum[top] == 0) top--;
  for (int i = 0; i < top - 3; i++) more = more || sum[i] != 0;
  leading_part = normal((big){ 1, 64 * (top + 1) - SUM_LOW, { sum[top - 3], sum[top - 2], sum[top - 1], sum[top] } });
  root = square_root(leading_part);
  shorter = snapped(root);
  if (shorter.limb[0] != 0 || shorter.limb[1] != 0 || shorter.limb[2] != 0 || shorter.limb[3] << 54 != 0) return to_double(root);
  /* The root seems to be a double or midway between two: its square, of 108 bits, tells exactly. */
  order = sub(leading_part, mul(shorter, shorter)).sign;
  if (order == 0 && more) order = 1;
  return to_double(add(shorter, (big){ order, shorter.exponent - 250, { 0, 0, 0, (uint64_t)1 << 63 } }));
}

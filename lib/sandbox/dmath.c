/* SPDX-License-Identifier: MIT */
/* Elementary functions, correctly rounded. The first phase computes the result as the sum of two doubles, wrong by less
 * than 2^-75 of it as measured, and is believed only if a double can be told from it with 2^-66; else (once in some
 * thousand arguments) dmath_big.c decides with 256 bits. So what is returned depends on the true value alone, and
 * neither on the compiler's order of operations nor on these tables.
 *
 * Sources: T. J. Dekker, "A floating-point technique for extending the available precision", 1971; A. Ziv, "Fast evaluation
 * of elementary mathematical functions with correctly rounded last bit", 1991; P. T. P. Tang, "Table-driven implementation of
 * the exponential function", 1989, and of the logarithm, 1990; M. H. Payne, R. N. Hanek, "Radian reduction for trigonometric
 * functions", 1983; J.-M. Muller, "Elementary Functions", 2016. Series are those of Taylor: arguments are made small enough.
 *
 * Without fused multiply-add and in the rounding to nearest: see DETERMINISM in the Makefile. */
#include "lib/sandbox/dmath.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/sandbox/bits.h"
#include "lib/sandbox/dmath_big.h"

#if FLT_EVAL_METHOD != 0
#error "double arithmetic must be that of doubles"
#endif

/* h is the double nearest to h + l, or nearly so. */
typedef struct vms__dd {
  double h, l;
} vms__dd;
typedef vms__dd dd;

#define VMS__DMATH_FAST
#include "lib/sandbox/dmath_tables.h"

/* What is believed of a first phase, in relation to its result. */
static const double DOUBT = 0x1p-66;

enum { HARD_STEPS = 400 }; /* take about as long as the second phase: 5 to 10 us */

static double hard(unsigned *steps, double result) {
  *steps += HARD_STEPS;
  return result;
}

/* --- two doubles --------------------------------------------------------------------------------- */

static double not_a_number(void) { return vms__double_of((uint64_t)0x7ff8 << 48); }

/* -1022 <= k <= 1023 */
static double power_of_2(int k) { return vms__double_of((uint64_t)(k + 1023) << 52); }

/* a + b, exactly */
static dd two_sum(double a, double b) {
  double s = a + b, t = s - a;
  return (dd){ s, (a - (s - t)) + (b - t) };
}

/* The same, |a| >= |b| or a is 0. */
static dd fast_two_sum(double a, double b) {
  double s = a + b;
  return (dd){ s, b - (s - a) };
}

/* a * b, exactly; |a|, |b| < 2^990 and |a * b| > 2^-960 or 0, else l is not exact */
static dd two_product(double a, double b) {
  double p = a * b, t = a * 0x1.0000002p+27, u = b * 0x1.0000002p+27;
  double ah = t - (t - a), bh = u - (u - b), al = a - ah, bl = b - bh;
  return (dd){ p, ((ah * bh - p) + ah * bl + al * bh) + al * bl };
}

static dd add(dd a, dd b) {
  dd s = two_sum(a.h, b.h), t = two_sum(a.l, b.l);
  s = fast_two_sum(s.h, s.l + t.h);
  return fast_two_sum(s.h, s.l + t.l);
}

static dd add_double(dd a, double b) {
  dd s = two_sum(a.h, b);
  return fast_two_sum(s.h, s.l + a.l);
}

static dd negated(dd a) { return (dd){ -a.h, -a.l }; }

static dd scaled(dd a, double power) { return (dd){ a.h * power, a.l * power }; }

static dd mul(dd a, dd b) {
  dd p = two_product(a.h, b.h);
  return fast_two_sum(p.h, p.l + (a.h * b.l + a.l * b.h));
}

static dd mul_double(dd a, double b) {
  dd p = two_product(a.h, b);
  return fast_two_sum(p.h, p.l + a.l * b);
}

static dd divide(dd a, dd b) {
  double q = a.h / b.h;
  dd p = two_product(q, b.h);
  double rest = ((a.h - p.h) - p.l) + (a.l - q * b.l);
  return fast_two_sum(q, rest / b.h);
}

static dd square_root(dd a) {
  double s = sqrt(a.h);
  dd p = two_product(s, s);
  return fast_two_sum(s, (((a.h - p.h) - p.l) + a.l) / (2 * s));
}

/* --- rounding -------------------------------------------------------------------------------------- */

/* Rounds a if it can be told how: a double, normal, in the middle range of exponents. */
static bool settle(dd a, double *result) {
  double doubt = fabs(a.h) * DOUBT, low = a.h + (a.l - doubt), high = a.h + (a.l + doubt);
  *result = low;
  return low == high;
}

/* Rounds a * 2^k, 1/4 < |a| < 4: to infinity, to a subnormal or to zero where that is due. */
static bool settle_scaled(dd a, int k, double *result) {
  double doubt, low, high, grid = 0;
  int half;
  a = fast_two_sum(a.h, a.l);
  doubt = fabs(a.h) * DOUBT;
  if (k < -1200) k = -1200;
  if (k > 1200) k = 1200;
  if (k + (int)(vms__bits_of(a.h) >> 52 & 0x7ff) - 1023 < -1022) { /* a unit of `grid` is worth 2^-1074 */
    dd s;
    grid = copysign(power_of_2(-1022 - k), a.h);
    s = two_sum(grid, a.h);
    doubt += fabs(s.l) * 0x1p-50;
    a = (dd){ s.h, s.l + a.l };
  }
  low = a.h + (a.l - doubt), high = a.h + (a.l + doubt);
  half = k / 2;
  *result = copysign(low - grid, a.h) * power_of_2(half) * power_of_2(k - half);
  return low == high;
}

/* x = the result * 2^k, the result in [1, 2); x is positive and finite. */
static double split(double x, int *k) {
  uint64_t bits = vms__bits_of(x);
  *k = (int)(bits >> 52) - 1023;
  if (bits >> 52 == 0) {
    bits = vms__bits_of(x * 0x1p+54);
    *k = (int)(bits >> 52) - 1023 - 54;
  }
  return vms__double_of((bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1023 << 52);
}

/* --- exponential and logarithm ----------------------------------------------------------------------- */

/* exp(x) = the result * 2^k, the result near [1, 2); |x| < 800. With n the integer nearest to 128 x/log(2) and r what is left,
 * exp(x) = 2^(n/128) * (1 + r + r^2/2 + ...), |r| < 2^-8.5. */
static dd exp_kernel(dd x, int *k) {
  double n = x.h * inv_ln2_128 + 0x1.8p+52 - 0x1.8p+52; /* to an integer */
  dd r = two_sum(x.h - n * ln2_128_parts[0], -n * ln2_128_parts[1]), r2, p, t, m;
  int at = (int)n;
  double q;
  r = two_sum(r.h, r.l + (x.l - n * ln2_128_parts[2]));
  r2 = mul(r, r);
  q = r.h * r2.h * (1.0 / 6 + r.h * (1.0 / 24 + r.h * (1.0 / 120 + r.h * (1.0 / 720 + r.h * (1.0 / 5040 + r.h * (1.0 / 40320))))));
  p = fast_two_sum(r.h, r2.h * 0.5);
  p = fast_two_sum(p.h, p.l + (r.l + r2.l * 0.5 + q));
  t = exp2_table[at & 127];
  m = mul(t, p);
  *k = (at - (at & 127)) / 128;
  p = fast_two_sum(t.h, m.h);
  return fast_two_sum(p.h, p.l + (t.l + m.l));
}

/* exp(x) - 1 for |x| < 1/16 */
static dd expm1_small(dd x) {
  double q = 1.0 / 120 + x.h * (1.0 / 720 + x.h * (1.0 / 5040 + x.h * (1.0 / 40320 + x.h * (1.0 / 362880 + x.h * (1.0 / 3628800 +
             x.h * (1.0 / 39916800 + x.h * (1.0 / 479001600 + x.h * (1.0 / 6227020800))))))));
  dd p = add_double(dd_1_24, x.h * q);
  p = add(dd_1_6, mul(x, p));
  p = add((dd){ 0.5, 0 }, mul(x, p));
  return add(x, mul(mul(x, x), p));
}

/* log(1+r) for |r| < 2^-7 */
static dd log1p_small(dd r) {
  double x = r.h;
  double q = -1.0 / 6 + x * (1.0 / 7 + x * (-1.0 / 8 + x * (1.0 / 9 + x * (-1.0 / 10 + x * (1.0 / 11 + x * (-1.0 / 12 + x * (1.0 / 13)))))));
  dd p = add_double(dd_1_5, x * q);
  p = add((dd){ -0.25, 0 }, mul(r, p));
  p = add(dd_1_3, mul(r, p));
  p = add((dd){ -0.5, 0 }, mul(r, p));
  return add(r, mul(mul(r, r), p));
}

/* log(2^k * m), m.h in [1, 2): with a c of few bits near 1/m, log(m) = -log(c) + log(1 + (c m - 1)). */
static dd log_kernel(dd m, int k) {
  double c, z;
  dd r, sum;
  int at;
  if (m.h > 0x1.6a09e667f3bcdp+0) {
    m = scaled(m, 0.5);
    k++;
  }
  at = (int)(m.h * 128 + 0.5) - 90;
  c = inverse_table[at];
  r = two_product(m.h, c);
  z = r.h - 1;
  r = two_sum(z, r.l + m.l * c);
  r = log1p_small(r);
  if (at == 128 - 90 && k == 0) return r;
  sum = two_sum(k * ln2_parts[0], k * ln2_parts[1]);
  sum.l += k * ln2_parts[2];
  return add(add(sum, log_table[at]), r);
}

static dd log_of(double x) {
  int k;
  dd m = { split(x, &k), 0 };
  return log_kernel(m, k);
}

/* log(1+x) for x > -1, x not above 2^1000 */
static dd log1p_of(dd x) {
  dd m;
  int k;
  double power;
  if (fabs(x.h) < 0x1p-8) return log1p_small(x);
  m = two_sum(1, x.h);
  m = fast_two_sum(m.h, m.l + x.l);
  power = split(m.h, &k);
  m = (dd){ power, m.l * power_of_2(-k) };
  return log_kernel(m, k);
}

double vms__exp(double x, unsigned *steps) {
  double result;
  int k;
  dd e;
  if (!(fabs(x) < 746)) return x != x ? not_a_number() : x > 0 ? (double)INFINITY : 0;
  if (fabs(x) < 0x1p-55) return 1;
  e = exp_kernel((dd){ x, 0 }, &k);
  return settle_scaled(e, k, &result) ? result : hard(steps, vms__big_exp(x));
}

double vms__expm1(double x, unsigned *steps) {
  double result;
  dd e;
  int k;
  if (x != x) return not_a_number();
  if (x > 710) return (double)INFINITY;
  if (x < -40) return -1;
  if (fabs(x) < 0x1p-54) return x;
  if (fabs(x) < 0x1p-4) return settle(expm1_small((dd){ x, 0 }), &result) ? result : hard(steps, vms__big_expm1(x));
  e = exp_kernel((dd){ x, 0 }, &k);
  if (k < 100) e = add_double(scaled(e, power_of_2(k)), -1), k = 0;
  else if (k < 110) e = add_double(e, -power_of_2(-k)); /* beyond, 1 is less than what is known */
  if (k == 0) return settle(e, &result) ? result : hard(steps, vms__big_expm1(x));
  return settle_scaled(e, k, &result) ? result : hard(steps, vms__big_expm1(x));
}

/* Of the logarithms that want a positive, finite argument: true with the result if x is another. */
static bool log_special(double x, double *result) {
  if (x > 0 && x < (double)INFINITY) return false;
  *result = x == 0 ? -(double)INFINITY : x > 0 ? x : not_a_number();
  return true;
}

double vms__log(double x, unsigned *steps) {
  double result;
  dd l;
  if (log_special(x, &result)) return result;
  if (x == 1) return 0;
  l = log_of(x);
  return settle(l, &result) ? result : hard(steps, vms__big_log(x, l.h));
}

double vms__log2(double x, unsigned *steps) {
  double result;
  dd l;
  int k;
  if (log_special(x, &result)) return result;
  if (split(x, &k) == 1) return k;
  l = log_of(x);
  return settle(mul(l, dd_inv_ln2), &result) ? result : hard(steps, vms__big_log2(x, l.h));
}

double vms__log10(double x, unsigned *steps) {
  double result;
  dd l;
  if (log_special(x, &result)) return result;
  if (x == 1) return 0;
  l = log_of(x); /* of 10^n, n is what comes out: it is far from being midway between two doubles */
  return settle(mul(l, dd_inv_ln10), &result) ? result : hard(steps, vms__big_log10(x, l.h));
}

double vms__log1p(double x, unsigned *steps) {
  double result;
  dd l;
  if (!(x > -1 && x < (double)INFINITY)) return x == -1 ? -(double)INFINITY : x > 0 ? x : not_a_number();
  if (fabs(x) < 0x1p-54) return x;
  l = x > 0x1p+120 ? log_of(x) : log1p_of((dd){ x, 0 });
  return settle(l, &result) ? result : hard(steps, vms__big_log1p(x, l.h));
}

/* --- power --------------------------------------------------------------------------------------------- */

/* 0: not an integer, 1: odd, 2: even */
static int parity(double y) {
  double a = fabs(y);
  if (a >= 0x1p+53) return 2;
  if (a != floor(a)) return 0;
  return (uint64_t)a % 2 == 1 ? 1 : 2;
}

/* x^y where that is an integer below 2^64 times a power of two: often exactly midway between two doubles. */
static bool power_exact(double x, double y, double *result) {
  int k, zeros;
  uint64_t m = (vms__bits_of(split(x, &k)) & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52, power = 1;
  if (!(y >= 1 && y <= 64 && y == floor(y))) return false;
  zeros = __builtin_ctzll(m);
  m >>= zeros;
  k = (k - 52 + zeros) * (int)y;
  if (k < -1000 || k > 900 || (64 - __builtin_clzll(m)) * (int)y > 64) return false;
  for (int i = 0; i < (int)y; i++) power *= m;
  *result = (double)power * power_of_2(k);
  return true;
}

/* x > 0, both finite */
static double power_positive(double x, double y, unsigned *steps) {
  double t, result;
  dd l, e;
  int k;
  if (x == 1) return 1;
  l = log_of(x);
  t = l.h * y;
  if (t > 710) return (double)INFINITY;
  if (t < -746) return 0;
  if (fabs(t) < 0x1p-55) return 1;
  e = exp_kernel(mul_double(l, y), &k);
  if (settle_scaled(e, k, &result) || power_exact(x, y, &result)) return result;
  return hard(steps, vms__big_pow(x, y, l.h));
}

double vms__pow(double x, double y, unsigned *steps) {
  double a = fabs(x), result;
  int odd;
  if (y == 0) return 1;
  if (x != x || y != y) return not_a_number();
  if (fabs(y) == (double)INFINITY) return a == 1 ? not_a_number() : (a > 1) == (y > 0) ? (double)INFINITY : 0;
  if (y == 2) return x * x;
  if (y == 1) return x;
  odd = parity(y);
  if (a == 0 || a == (double)INFINITY) {
    result = (a == 0) == (y > 0) ? 0 : (double)INFINITY;
    return x > 0 || odd != 1 ? result : copysign(result, x);
  }
  if (x < 0 && odd == 0) return not_a_number();
  if (y == -1) return 1 / x;
  if (y == 0.5) return sqrt(x);
  result = power_positive(a, y, steps);
  return x < 0 && odd == 1 ? -result : result;
}

/* --- circle ------------------------------------------------------------------------------------------------ */

/* |x| = n pi/128 + t, |t| <= pi/256 or a little more, n modulo 256. */
static unsigned reduce(double x, dd *t) {
  uint64_t fraction[VMS__FRACTION_LIMBS], high, low;
  int sign, top = VMS__FRACTION_LIMBS - 1, left;
  unsigned n;
  dd f;
  if (fabs(x) < 0x1.9p-7) {
    *t = (dd){ fabs(x), 0 };
    return 0;
  }
  n = vms__reduce_angle(x, 6, &sign, fraction);
  while (fraction[top] == 0 && top > 2) top--;
  left = fraction[top] == 0 ? 0 : __builtin_clzll(fraction[top]);
  high = fraction[top], low = fraction[top - 1];
  if (left > 0) {
    high = high << left | low >> (64 - left);
    low = low << left | fraction[top - 2] >> (64 - left);
  }
  f.h = (double)(int64_t)(high >> 11) * 0x1p-53;
  f.l = (double)(int64_t)((high & 0x7ff) << 52 | low >> 12) * 0x1p-116;
  *t = mul(scaled(fast_two_sum(f.h, f.l), sign * power_of_2(64 * (top - 6) - left)), dd_pi_128);
  return n;
}

/* sin(t) and cos(t) for |t| < 2^-6 */
static dd sin_small(dd t, dd t2) {
  double x = t2.h;
  double q = 1.0 / 120 + x * (-1.0 / 5040 + x * (1.0 / 362880 + x * (-1.0 / 39916800)));
  return add(t, mul(mul(t, t2), add_double(negated(dd_1_6), x * q)));
}

static dd cos_small(dd t2) {
  double x = t2.h;
  double q = x * x * (1.0 / 24 + x * (-1.0 / 720 + x * (1.0 / 40320 + x * (-1.0 / 3628800))));
  return add(add_double(scaled(t2, -0.5), q), (dd){ 1, 0 });
}

/* The sine and the cosine of an angle in the first quadrant, or a little outside: j pi/128 + t. */
static void sin_cos(unsigned j, dd t, dd *s, dd *c) {
  dd t2 = mul(t, t), st = sin_small(t, t2), ct = cos_small(t2), a = sin_table[j], b = sin_table[64 - j];
  if (s != NULL) *s = j == 0 ? st : add(mul(a, ct), mul(b, st));
  if (c != NULL) *c = j == 0 ? ct : add(mul(b, ct), negated(mul(a, st)));
}

double vms__sin(double x, unsigned *steps) {
  double result;
  unsigned n;
  dd t, y;
  if (!(fabs(x) < (double)INFINITY)) return not_a_number();
  if (fabs(x) < 0x1p-27) return x;
  n = reduce(x, &t);
  sin_cos(n & 63, t, n & 64 ? NULL : &y, n & 64 ? &y : NULL);
  if (!settle(y, &result)) return hard(steps, vms__big_sin(x));
  return (n >= 128) != (x < 0) ? -result : result;
}

double vms__cos(double x, unsigned *steps) {
  double result;
  unsigned n;
  dd t, y;
  if (!(fabs(x) < (double)INFINITY)) return not_a_number();
  if (fabs(x) < 0x1p-28) return 1;
  n = reduce(x, &t);
  sin_cos(n & 63, t, n & 64 ? &y : NULL, n & 64 ? NULL : &y);
  if (!settle(y, &result)) return hard(steps, vms__big_cos(x));
  return n >= 64 && n < 192 ? -result : result;
}

double vms__tan(double x, unsigned *steps) {
  double result;
  unsigned n;
  dd t, s, c;
  if (!(fabs(x) < (double)INFINITY)) return not_a_number();
  if (fabs(x) < 0x1p-27) return x;
  n = reduce(x, &t);
  sin_cos(n & 63, t, &s, &c);
  if (!settle(n & 64 ? negated(divide(c, s)) : divide(s, c), &result)) return hard(steps, vms__big_tan(x));
  return x < 0 ? -result : result;
}

/* atan(a/b), 0 <= a <= b or a little more; b between 1/4 and 4 or so, a no less than 2^-400 of it. With c = j/64 near a/b,
 * atan(a/b) = atan(c) + atan((a - b c) / (b + a c)). */
static dd atan_ratio(dd a, dd b) {
  int j = (int)(a.h / b.h * 64 + 0.5);
  double c = j / 64.0, q;
  dd t, t2, p;
  if (j > 0) {
    t = add(a, negated(mul_double(b, c)));
    t = divide(t, add(b, mul_double(a, c)));
  } else {
    t = divide(a, b);
  }
  t2 = mul(t, t);
  q = 1.0 / 5 + t2.h * (-1.0 / 7 + t2.h * (1.0 / 9 + t2.h * (-1.0 / 11 + t2.h * (1.0 / 13))));
  p = add_double(negated(dd_1_3), t2.h * q);
  t = add(t, mul(mul(t, t2), p));
  return j > 0 ? add(atan_table[j], t) : t;
}

/* The angle in [0, pi/2] of (b, a), both at least 0. */
static dd angle(dd a, dd b) {
  return a.h <= b.h ? atan_ratio(a, b) : add(dd_pi_2, negated(atan_ratio(b, a)));
}

static double sign_of(double result, double x) { return x < 0 ? -result : result; }

double vms__atan(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd r;
  if (x != x) return not_a_number();
  if (a < 0x1p-27) return x;
  if (a > 0x1p+100) r = dd_pi_2;
  else r = a <= 1 ? atan_ratio((dd){ a, 0 }, (dd){ 1, 0 }) : add(dd_pi_2, negated(atan_ratio((dd){ 1, 0 }, (dd){ a, 0 })));
  if (!settle(r, &result)) return hard(steps, vms__big_atan2(x, 1, sign_of(r.h, x)));
  return sign_of(result, x);
}

double vms__atan2(double y, double x, unsigned *steps) {
  double a = fabs(y), b = fabs(x), result;
  int i, j;
  dd r;
  if (y != y || x != x) return not_a_number();
  if (a == 0 || b == (double)INFINITY || b == 0 || a == (double)INFINITY) {
    if (a == 0) r = signbit(x) ? dd_pi : (dd){ 0, 0 };
    else if (a < (double)INFINITY && b > 0) r = x < 0 ? dd_pi : (dd){ 0, 0 };
    else if (a < (double)INFINITY || b < (double)INFINITY) r = dd_pi_2;
    else r = x < 0 ? mul_double(scaled(dd_pi, 0.25), 3) : scaled(dd_pi, 0.25);
    return copysign(r.h, y);
  }
  a = split(a, &i), b = split(b, &j);
  i -= j; /* the ratio is a / b * 2^i */
  if (i < -90 && x > 0) { /* the angle is the ratio */
    r = divide((dd){ a, 0 }, (dd){ b, 0 });
    if (settle_scaled(r, i, &result)) return copysign(result, y);
    return hard(steps, vms__big_atan2(y, x, 0));
  }
  if (i < -130) r = (dd){ 0, 0 };
  else if (i > 130) r = dd_pi_2;
  else if (i > 0 || (i == 0 && a > b)) r = add(dd_pi_2, negated(atan_ratio((dd){ b * power_of_2(-i), 0 }, (dd){ a, 0 })));
  else r = atan_ratio((dd){ a * power_of_2(i), 0 }, (dd){ b, 0 });
  if (x < 0) r = add(dd_pi, negated(r));
  if (!settle(r, &result)) return hard(steps, vms__big_atan2(y, x, sign_of(r.h, y)));
  return copysign(result, y);
}

/* sqrt(1 - x^2) */
static dd other_leg(double x) { return square_root(mul(two_sum(1, -x), two_sum(1, x))); }

double vms__asin(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd r;
  if (!(a <= 1)) return not_a_number();
  if (a < 0x1p-27) return x;
  r = a == 1 ? dd_pi_2 : angle((dd){ a, 0 }, other_leg(a));
  if (!settle(r, &result)) return hard(steps, vms__big_asin(x, sign_of(r.h, x)));
  return sign_of(result, x);
}

double vms__acos(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd r;
  if (!(a <= 1)) return not_a_number();
  if (x == 1) return 0;
  if (a < 0x1p-100) r = dd_pi_2;
  else r = a == 1 ? (dd){ 0, 0 } : angle(other_leg(a), (dd){ a, 0 });
  if (x < 0 && a >= 0x1p-100) r = add(dd_pi, negated(r));
  return settle(r, &result) ? result : hard(steps, vms__big_acos(x, r.h));
}

/* --- hyperbola ------------------------------------------------------------------------------------------------ */

/* exp(x) / 2 and exp(-x) / 2, both divided by 2^k; x > 0 */
static void exp_halves(double x, dd *up, dd *down, int *k) {
  dd e = exp_kernel((dd){ x, 0 }, k);
  *up = scaled(e, 0.5);
  *down = *k > 60 ? (dd){ 0, 0 } : scaled(divide((dd){ 1, 0 }, e), 0.5 * power_of_2(-2 * *k));
}

double vms__sinh(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd up, down;
  int k;
  if (x != x) return not_a_number();
  if (a < 0x1p-27) return x;
  if (a > 711) return copysign((double)INFINITY, x);
  if (a < 0x1p-4) {
    dd t = { x, 0 }, t2 = mul(t, t);
    double q = 1.0 / 120 + t2.h * (1.0 / 5040 + t2.h * (1.0 / 362880 + t2.h * (1.0 / 39916800 + t2.h * (1.0 / 6227020800))));
    t = add(t, mul(mul(t, t2), add_double(dd_1_6, t2.h * q)));
    return settle(t, &result) ? result : hard(steps, vms__big_sinh(x));
  }
  exp_halves(a, &up, &down, &k);
  up = add(up, negated(down));
  if (k == 0 ? !settle(up, &result) : !settle_scaled(up, k, &result)) return hard(steps, vms__big_sinh(x));
  return sign_of(result, x);
}

double vms__cosh(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd up, down;
  int k;
  if (x != x) return not_a_number();
  if (a < 0x1p-28) return 1;
  if (a > 711) return (double)INFINITY;
  exp_halves(a, &up, &down, &k);
  return settle_scaled(add(up, down), k, &result) ? result : hard(steps, vms__big_cosh(x));
}

double vms__tanh(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd e;
  int k;
  if (x != x) return not_a_number();
  if (a < 0x1p-27) return x;
  if (a > 20) return copysign(1, x);
  if (a < 0x1p-5) e = expm1_small((dd){ 2 * a, 0 });
  else {
    e = exp_kernel((dd){ 2 * a, 0 }, &k);
    e = add_double(scaled(e, power_of_2(k)), -1);
  }
  if (!settle(divide(e, add_double(e, 2)), &result)) return hard(steps, vms__big_tanh(x));
  return sign_of(result, x);
}

double vms__asinh(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd r;
  if (x != x) return not_a_number();
  if (a < 0x1p-27 || a == (double)INFINITY) return x;
  if (a > 0x1p+60) r = add(log_of(a), dd_ln2);
  else {
    dd square = two_product(a, a), one = { 1, 0 };
    r = log1p_of(add_double(divide(square, add(one, square_root(add(one, square)))), a));
  }
  if (!settle(r, &result)) return hard(steps, vms__big_asinh(x, r.h));
  return sign_of(result, x);
}

double vms__acosh(double x, unsigned *steps) {
  double result;
  dd r;
  if (!(x >= 1)) return not_a_number();
  if (x == 1) return 0;
  if (x == (double)INFINITY) return x;
  if (x > 0x1p+60) r = add(log_of(x), dd_ln2);
  else {
    dd t = two_sum(x, -1);
    r = log1p_of(add(t, square_root(mul(t, two_sum(x, 1)))));
  }
  return settle(r, &result) ? result : hard(steps, vms__big_acosh(x, r.h));
}

double vms__atanh(double x, unsigned *steps) {
  double a = fabs(x), result;
  dd r;
  if (!(a <= 1)) return not_a_number();
  if (a < 0x1p-27) return x;
  if (a == 1) return copysign((double)INFINITY, x);
  r = scaled(log1p_of(divide((dd){ 2 * a, 0 }, two_sum(1, -a))), 0.5);
  if (!settle(r, &result)) return hard(steps, vms__big_atanh(x, r.h));
  return sign_of(result, x);
}

/* --- roots -------------------------------------------------------------------------------------------------------- */

double vms__cbrt(double x, unsigned *steps) {
  double m, y, result;
  dd cube;
  int k, third;
  if (x == 0 || x == (double)INFINITY || x == -(double)INFINITY) return x;
  if (x != x) return not_a_number();
  m = split(fabs(x), &k);
  third = (k + 1200) / 3 - 400; /* the root of m in [1, 8) times 2^third is looked for */
  m *= power_of_2(k - 3 * third);
  y = vms__double_of(vms__bits_of(m) / 3 + ((uint64_t)0x2aa << 52)); /* a third of the exponent, to a few per cent */
  for (int i = 0; i < 4; i++) y -= (y * y * y - m) / (3 * y * y);
  cube = mul_double(two_product(y, y), y);
  cube = fast_two_sum(y, ((m - cube.h) - cube.l) / (3 * y * y));
  result = 0;
  if (!settle(cube, &result)) return hard(steps, vms__big_cbrt(x, sign_of(y * power_of_2(third), x)));
  return sign_of(result * power_of_2(third), x);
}

double vms__hypot(const double *values, size_t count, unsigned *steps) {
  double most = 0, power, result;
  bool none = false;
  dd sum = { 0, 0 };
  int k;
  for (size_t i = 0; i < count; i++) {
    double a = fabs(values[i]);
    if (a == (double)INFINITY) return a;
    if (a != a) none = true;
    if (a > most) most = a;
  }
  if (none) return not_a_number();
  if (most == 0) return 0;
  split(most, &k);
  if (k < -1000 || k > 1000 || count > 1000) return hard(steps, vms__big_hypot(values, count));
  power = power_of_2(-k);
  for (size_t i = 0; i < count; i++) {
    double a = values[i] * power; /* what is lost of the tiny is tiny */
    if (fabs(a) > 0x1p-100) sum = add(sum, two_product(a, a));
  }
  if (!settle(square_root(sum), &result)) return hard(steps, vms__big_hypot(values, count));
  return result * power_of_2(k);
}

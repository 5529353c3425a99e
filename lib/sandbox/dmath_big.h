/* SPDX-License-Identifier: MIT */
/* The second phase of dmath.c, for arguments at which two doubles do not tell how to round: numbers of 256 bits in integer
 * arithmetic, with errors below 2^-190 of the result. No double known is harder than 2^-128. Some microseconds each. */
#ifndef VMS_SANDBOX_DMATH_BIG_H
#define VMS_SANDBOX_DMATH_BIG_H

#include <stddef.h>
#include <stdint.h>

/* Arguments are finite, in the domain, and not among the special cases. `near` is the result to about 2^-50. */
double vms__big_exp(double x);
double vms__big_expm1(double x);
double vms__big_log(double x, double near);
double vms__big_log1p(double x, double near);
double vms__big_log2(double x, double near_log);  /* near log(x) */
double vms__big_log10(double x, double near_log); /* near log(x) */
double vms__big_pow(double x, double y, double near_log); /* x > 0; near log(x) */
double vms__big_sin(double x);
double vms__big_cos(double x);
double vms__big_tan(double x);
double vms__big_asin(double x, double near);
double vms__big_acos(double x, double near);
double vms__big_atan2(double y, double x, double near); /* of atan: x = 1 */
double vms__big_sinh(double x);
double vms__big_cosh(double x);
double vms__big_tanh(double x);
double vms__big_asinh(double x, double near);
double vms__big_acosh(double x, double near);
double vms__big_atanh(double x, double near);
double vms__big_cbrt(double x, double near);
double vms__big_hypot(const double *values, size_t count);

/* |x| as a multiple of pi / 2^(fold+1): the integer nearest to it modulo 2^(fold+2) is returned, what is left, at most 1/2 in
 * magnitude, is given as its sign and a fraction of 448 bits, least limb first. fold is 0 or 6; |x| >= 2^-7. */
#define VMS__FRACTION_LIMBS 7
unsigned vms__reduce_angle(double x, unsigned fold, int *sign, uint64_t fraction[VMS__FRACTION_LIMBS]);

#endif

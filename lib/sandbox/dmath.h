/* SPDX-License-Identifier: MIT */
/* Mathematics that gives the same bits everywhere: each result is the double nearest to the true value, ties to even, with
 * the special cases of ECMA-262. Included by Duktape's configuration, so it knows nothing but standard types. */
#ifndef VMS_SANDBOX_DMATH_H
#define VMS_SANDBOX_DMATH_H

#include <stddef.h>

double vms__exp(double x);
double vms__expm1(double x);
double vms__log(double x);
double vms__log1p(double x);
double vms__log2(double x);
double vms__log10(double x);
double vms__pow(double x, double y); /* as `**`: NaN if y is NaN, or if |x| is 1 and y infinite */
double vms__sin(double x);
double vms__cos(double x);
double vms__tan(double x);
double vms__asin(double x);
double vms__acos(double x);
double vms__atan(double x);
double vms__atan2(double y, double x);
double vms__sinh(double x);
double vms__cosh(double x);
double vms__tanh(double x);
double vms__asinh(double x);
double vms__acosh(double x);
double vms__atanh(double x);
double vms__cbrt(double x);
double vms__hypot(const double *values, size_t count);

/* What this thread's calls since the last question took beyond the ordinary, in steps: few arguments need more than 0.2 us,
 * but those that do are easily written down, and take up to 10 us. The same in every build. */
unsigned vms__math_steps(void);

#endif

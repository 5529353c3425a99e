/* SPDX-License-Identifier: MIT */
/* Mathematics that gives the same bits everywhere: each result is the double nearest to the true value, ties to even, with
 * the special cases of ECMA-262. Included by Duktape's configuration, so it knows nothing but standard types. */
#ifndef VMS_SANDBOX_DMATH_H
#define VMS_SANDBOX_DMATH_H

#include <stddef.h>

/* *steps grows by what the call takes beyond the ordinary: few arguments need more than 0.2 us, but those that do are easily
 * written down, and take up to 10 us. The same in every build. */
double vms__exp(double x, unsigned *steps);
double vms__expm1(double x, unsigned *steps);
double vms__log(double x, unsigned *steps);
double vms__log1p(double x, unsigned *steps);
double vms__log2(double x, unsigned *steps);
double vms__log10(double x, unsigned *steps);
double vms__pow(double x, double y, unsigned *steps); /* as `**`: NaN if y is NaN, or if |x| is 1 and y infinite */
double vms__sin(double x, unsigned *steps);
double vms__cos(double x, unsigned *steps);
double vms__tan(double x, unsigned *steps);
double vms__asin(double x, unsigned *steps);
double vms__acos(double x, unsigned *steps);
double vms__atan(double x, unsigned *steps);
double vms__atan2(double y, double x, unsigned *steps);
double vms__sinh(double x, unsigned *steps);
double vms__cosh(double x, unsigned *steps);
double vms__tanh(double x, unsigned *steps);
double vms__asinh(double x, unsigned *steps);
double vms__acosh(double x, unsigned *steps);
double vms__atanh(double x, unsigned *steps);
double vms__cbrt(double x, unsigned *steps);
double vms__hypot(const double *values, size_t count, unsigned *steps);

#endif

/* SPDX-License-Identifier: MIT */
/* Text to number, and text to date, for the patched Duktape: knows nothing but standard types. */
#ifndef VMS_SANDBOX_NUMBER_H
#define VMS_SANDBOX_NUMBER_H

#include <stdint.h>

/* The double nearest to digits in radix 10, 2, 4, 8, 16 or 32, ties to even.
 *
 *   text      `whole` digits, then, if `fraction` >= 0, a point and so many more; letters count from 10.
 *   exponent  of ten, only with radix 10.
 *
 * Returns 1, or 0 if the radix is another. */
int vms__parse_digits(const char *text, int radix, int whole, int fraction, long exponent, double *result);

/* Milliseconds since 1970 of a date's text, NaN if it is none: see date.c. */
double vms__parse_date(const char *text);

/* Days from 1970-01-01 to a day of the Gregorian calendar; month and day from 1. */
int64_t vms__days_from(int64_t year, int month, int day);

#endif

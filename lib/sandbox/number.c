/* SPDX-License-Identifier: MIT */
/* Text to number, rounded right (ECMA-262, StringToNumber and the numeric literals). */
#include "lib/sandbox/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 780 /* more than any halfway case of a double has; of what follows only counts whether it is zero */

/* strtod rounds correctly. It is given no point, which depends on the locale of the process. */
static double parse_decimal(const char *text, int whole, int fraction, long exponent) {
  char digits[DIGITS_MAX + 32];
  int count = 0, length = whole + (fraction < 0 ? 0 : fraction + 1);
  long dropped = 0;
  for (int i = 0; i < length; i++) {
    if (text[i] == '.' || (count == 0 && text[i] == '0')) continue;
    if (count < DIGITS_MAX) digits[count++] = text[i];
    else {
      dropped++;
      if (text[i] != '0' && digits[DIGITS_MAX - 1] == '0') digits[DIGITS_MAX - 1] = '1';
    }
  }
  if (count == 0) return 0;
  exponent += dropped - (fraction < 0 ? 0 : fraction);
  (void)snprintf(digits + count, sizeof digits - (size_t)count, "e%ld", exponent);
  return strtod(digits, NULL);
}

static unsigned digit_value(char c) {
  return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* 64 bits, the lowest of them set if anything was lost behind them: the conversion to double rounds that as it should. */
static double parse_bits(const char *text, int length, unsigned bits) {
  uint64_t value = 0;
  int shift = 0;
  for (int i = 0; i < length; i++) {
    if (value >> 63 != 0) { /* full before this digit: there may be millions more */
      value |= text[i] != '0';
      shift += (int)bits;
      continue;
    }
    for (unsigned bit = bits; bit-- > 0;) {
      unsigned one = digit_value(text[i]) >> bit & 1;
      if (value >> 63 == 0) value = value << 1 | one;
      else {
        value |= one;
        shift++;
      }
    }
  }
  return ldexp((double)value, shift);
}

int vms__parse_digits(const char *text, int radix, int whole, int fraction, long exponent, double *result) {
  switch (radix) {
    case 10: *result = parse_decimal(text, whole, fraction, exponent); return 1;
    case 2: *result = parse_bits(text, whole, 1); return 1;
    case 4: *result = parse_bits(text, whole, 2); return 1;
    case 8: *result = parse_bits(text, whole, 3); return 1;
    case 16: *result = parse_bits(text, whole, 4); return 1;
    case 32: *result = parse_bits(text, whole, 5); return 1;
    default: return 0;
  }
}

/* SPDX-License-Identifier: MIT */
/* toFixed, toExponential and toPrecision: rounded from the exact decimal value of a double, ties away from zero. toLocaleString:
 * American English, rounded from the shortest text as Node does it; also the check of locales that dates have. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

/* --- text for people ------------------------------------------------------------------------------------ */

static bool is_text(duk_context *duk, duk_idx_t idx, const char *wanted) {
  duk_size_t len;
  const char *text = duk_is_string(duk, idx) ? duk_get_lstring(duk, idx, &len) : NULL;
  return text != NULL && len == strlen(wanted) && memcmp(text, wanted, len) == 0;
}

static bool is_english(duk_context *duk, duk_idx_t idx) { return is_text(duk, idx, "en-US") || is_text(duk, idx, "en"); }

/* Whether the locales, a string or a list of such, name none but American English. */
static bool are_english(duk_context *duk, duk_idx_t locales) {
  double count;
  if (duk_is_undefined(duk, locales) || is_english(duk, locales)) return true;
  if (duk_is_string(duk, locales)) return false;
  if (!duk_is_object(duk, locales)) (void)duk_type_error(duk, "locales must be a string or a list of strings");
  count = vms__length_of(duk, locales);
  for (double i = 0; i < count; i++) {
    vms__get_at(duk, locales, i);
    if (!duk_is_string(duk, -1)) (void)duk_type_error(duk, "a locale must be a string");
    if (!is_english(duk, -1)) return false;
    duk_pop(duk);
  }
  return true;
}

static bool are_empty(duk_context *duk, duk_idx_t options) {
  duk_idx_t names = duk_get_top(duk);
  duk_uarridx_t count;
  if (duk_is_undefined(duk, options)) return true;
  if (!duk_is_object(duk, options)) (void)duk_type_error(duk, "options must be an object");
  duk_dup(duk, options);
  vms__enumerable_names(duk, 0);
  count = (duk_uarridx_t)duk_get_length(duk, names);
  for (duk_uarridx_t i = 0; i < count; i++) {
    duk_get_prop_index(duk, names, i);
    duk_dup_top(duk);
    duk_get_prop(duk, options);
    if (!duk_is_undefined(duk, -1) && !(is_text(duk, names + 1, "timeZone") && is_text(duk, names + 2, "UTC"))) return false;
    duk_set_top(duk, names + 1);
  }
  return true;
}

void vms__check_locale(duk_context *duk, duk_idx_t locales) {
  if (!are_english(duk, locales)) (void)duk_range_error(duk, "no locale but en-US is supported");
  if (!are_empty(duk, locales + 1)) (void)duk_range_error(duk, "no option but timeZone 'UTC' is supported");
}

/* The number of JavaScript's text of it, which has the fewest digits that tell it from others. */
static void read_digits(const char *text, decimal *it) {
  int exponent = 0;
  bool fraction = false;
  it->count = it->point = 0;
  for (; *text != 0; text++) {
    if (*text == '.') fraction = true;
    else if (*text == 'e') {
      exponent = atoi(text + 1);
      break;
    } else if (*text != '-' && (it->count > 0 || *text != '0')) {
      it->digits[it->count++] = *text;
      it->point += !fraction;
    } else if (*text == '0' && fraction) {
      it->point--;
    }
  }
  it->point += exponent;
}

/* 1,234,567.891: at most three digits behind the point, ties away from zero. `text` is that of x, which is finite. */
static void push_grouped(duk_context *duk, double x, const char *text) {
  char out[310 + 103 + 4 + 1];
  decimal it;
  size_t len = 0;
  int whole;
  read_digits(text, &it);
  round_to(&it, it.point + 3);
  whole = it.point > 0 ? it.point : 1;
  if (signbit(x)) out[len++] = '-';
  for (int i = 0; i < whole; i++) {
    if (i > 0 && (whole - i) % 3 == 0) out[len++] = ',';
    len = append(out, len, &it, it.point - whole + i, it.point - whole + i + 1);
  }
  out[len++] = '.';
  len = append(out, len, &it, it.point, it.point + 3);
  while (out[len - 1] == '0') len--;
  if (out[len - 1] == '.') len--;
  duk_push_lstring(duk, out, len);
}

/* Number.prototype.toLocaleString(locales, options) */
static duk_ret_t number_locale(duk_context *duk) {
  double x;
  vms__push_this_number(duk);
  x = duk_get_number(duk, -1);
  vms__check_locale(duk, 0);
  vms__charge(&vms__of(duk)->meter, 100);
  if (x != x) duk_push_literal(duk, "NaN");
  else if (x - x != 0) duk_push_string(duk, x < 0 ? "-\xe2\x88\x9e" : "\xe2\x88\x9e");
  else push_grouped(duk, x, duk_to_string(duk, 2));
  return 1;
}

void vms__number_open(duk_context *duk) {
  static const vms__method locale_method = { "toLocaleString", number_locale, 2, 0, 0 };
  duk_get_global_literal(duk, "Number");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, &locale_method, 1);
  duk_pop_2(duk);
}

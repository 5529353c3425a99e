/* SPDX-License-Identifier: MIT */
/* Date: what sets parts and what makes text, by section 21.4 of ECMA-262; the rest is Duktape's. Local time is UTC. The texts for
 * people, which the standard leaves open, are those of American English: what Node gives by default with TZ=UTC, but that a plain
 * space stands in front of AM and PM. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/sandbox/number.h"

#define DAY_MS 86400000.0
#define TIME_MAX 8.64e15
#define TEXT_MAX 80 /* "Tue Apr 20 -271821 00:00:00 GMT+0000 (Coordinated Universal Time)" */

/* Steps of making a text, which takes up to a microsecond. */
enum { TEXT_STEPS = 8 };

/* Numbers that Duktape gives its methods. */
enum { TO_STRING = 0, TO_DATE, TO_TIME, TO_LOCALE, TO_LOCALE_DATE, TO_LOCALE_TIME, TO_UTC, TO_ISO, FIRST_SETTER = 24 };

typedef struct parts {
  int64_t year;
  int month, day, weekday, hour, minute, second, ms; /* month from 0 */
} parts;

/* --- arithmetic: |time| is at most TIME_MAX, or time is NaN ------------------------------------------------ */

static double clip(double time) { return fabs(time) <= TIME_MAX ? trunc(time) + 0.0 : (double)NAN; }

static double make_time(double hour, double minute, double second, double ms) {
  return ((trunc(hour) * 3600000.0 + trunc(minute) * 60000.0) + trunc(second) * 1000.0) + trunc(ms);
}

/* The bounds are those of V8; no date that a day can bring back lies beyond. */
double vms__make_day(double year, double month, double day) {
  int64_t months, years;
  if (!(fabs(year) <= 1e6 && fabs(month) <= 1e7 && fabs(day) < (double)INFINITY)) return (double)NAN;
  months = (int64_t)month;
  years = months / 12 - (months % 12 < 0);
  return (double)vms__days_from((int64_t)year + years, (int)(months - 12 * years) + 1, 1) + trunc(day) - 1;
}

static double make_date(const double f[7]) {
  double day = vms__make_day(f[0], f[1], f[2]), time = make_time(f[3], f[4], f[5], f[6]);
  return clip(day * DAY_MS + time);
}

/* H. Hinnant, "chrono-compatible low-level date algorithms". */
static parts parts_of(double time) {
  int64_t days = (int64_t)floor(time / DAY_MS), ms = (int64_t)(time - (double)days * DAY_MS);
  int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097, of_era = shifted - era * 146097;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153; /* from March */
  parts p;
  p.day = (int)(of_year - (153 * month + 2) / 5 + 1);
  p.month = (int)(month < 10 ? month + 2 : month - 10);
  p.year = year + era * 400 + (p.month < 2);
  p.weekday = (int)(((days + 4) % 7 + 7) % 7);
  p.hour = (int)(ms / 3600000);
  p.minute = (int)(ms / 60000 % 60);
  p.second = (int)(ms / 1000 % 60);
  p.ms = (int)(ms % 1000);
  return p;
}

/* --- methods ------------------------------------------------------------------------------------------------- */

/* Pushes `this`, which has to be a date. */
static double push_this_time(duk_context *duk) {
  const double *time;
  duk_push_this(duk);
  time = vms__date_time(duk, -1);
  if (time == NULL) (void)duk_type_error(duk, "this is not a Date");
  return *time;
}

/* All setters of parts but setTime. What converting arguments does to the date does not count, except that it is lost. */
duk_ret_t vms__date_set(duk_context *duk) {
  /* setMilliseconds, setSeconds, setMinutes, setHours, setDate, setMonth, setFullYear, setYear: first part, most arguments */
  static const struct { int first, count; } kinds[] = { { 6, 1 }, { 5, 2 }, { 4, 3 }, { 3, 4 }, { 2, 1 }, { 1, 2 }, { 0, 3 }, { 0, 1 } };
  enum { SET_FULL_YEAR = 6, SET_YEAR };
  int kind = (duk_get_current_magic(duk) - FIRST_SETTER) / 2, count = kinds[kind].count;
  duk_idx_t given = duk_get_top(duk);
  double time = push_this_time(duk), values[4] = { (double)NAN, 0, 0, 0 };
  if (given < count) count = given == 0 ? 1 : (int)given;
  for (int i = 0; i < count && i < given; i++) values[i] = duk_to_number(duk, i);
  if (time != time && kind >= SET_FULL_YEAR) time = 0;
  if (time == time) {
    parts p = parts_of(time);
    double f[7] = { (double)p.year, p.month, p.day, p.hour, p.minute, p.second, p.ms };
    if (kind == SET_YEAR && trunc(values[0]) >= 0 && trunc(values[0]) <= 99) values[0] = 1900 + trunc(values[0]);
    for (int i = 0; i < count; i++) f[kinds[kind].first + i] = values[i];
    time = make_date(f);
    *vms__date_time(duk, given) = time;
  }
  duk_push_number(duk, time);
  return 1;
}

static size_t write_text(char out[TEXT_MAX], double time, int kind) {
  static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  parts p = parts_of(time);
  const char *day = days + 3 * p.weekday, *month = months + 3 * p.month, *sign = p.year < 0 ? "-" : "";
  long year = (long)(p.year < 0 ? -p.year : p.year);
  size_t len = 0;
  if (kind == TO_ISO) {
    bool wide = p.year < 0 || p.year > 9999;
    return (size_t)snprintf(out, TEXT_MAX, "%s%0*ld-%02d-%02dT%02d:%02d:%02d.%03dZ", !wide ? "" : p.year < 0 ? "-" : "+", wide ? 6 : 4,
                            year, p.month + 1, p.day, p.hour, p.minute, p.second, p.ms);
  }
  if (kind == TO_UTC)
    return (size_t)snprintf(out, TEXT_MAX, "%.3s, %02d %.3s %s%04ld %02d:%02d:%02d GMT", day, p.day, month, sign, year, p.hour, p.minute,
                            p.second);
  if (kind == TO_LOCALE || kind == TO_LOCALE_DATE) /* years before 1 are counted backwards from 1 */
    len = (size_t)snprintf(out, TEXT_MAX, "%d/%d/%ld", p.month + 1, p.day, p.year > 0 ? year : year + 1);
  if (kind == TO_LOCALE) len += (size_t)snprintf(out + len, TEXT_MAX - len, ", ");
  if (kind == TO_LOCALE || kind == TO_LOCALE_TIME)
    return len + (size_t)snprintf(out + len, TEXT_MAX - len, "%d:%02d:%02d %s", (p.hour + 11) % 12 + 1, p.minute, p.second,
                                  p.hour < 12 ? "AM" : "PM");
  if (kind == TO_STRING || kind == TO_DATE)
    len = (size_t)snprintf(out, TEXT_MAX, "%.3s %.3s %02d %s%04ld", day, month, p.day, sign, year);
  if (kind == TO_STRING || kind == TO_TIME)
    len += (size_t)snprintf(out + len, TEXT_MAX - len, "%s%02d:%02d:%02d GMT+0000 (Coordinated Universal Time)", len > 0 ? " " : "",
                            p.hour, p.minute, p.second);
  return len;
}

static duk_ret_t push_text(duk_context *duk, double time, int kind) {
  char text[TEXT_MAX];
  vms__charge(&vms__of(duk)->meter, TEXT_STEPS);
  if (time == time) duk_push_lstring(duk, text, write_text(text, time, kind));
  else if (kind == TO_ISO) return duk_range_error(duk, "Invalid time value");
  else duk_push_literal(duk, "Invalid Date");
  return 1;
}

duk_ret_t vms__date_text(duk_context *duk) { return push_text(duk, push_this_time(duk), duk_get_current_magic(duk)); }

/* Date() without new. */
duk_ret_t vms__date_now_text(duk_context *duk) { return push_text(duk, clip(vms__of(duk)->meter.now_ms), TO_STRING); }

/* toLocaleString and the like: (locales, options) */
static duk_ret_t date_locale(duk_context *duk) {
  double time = push_this_time(duk);
  vms__check_locale(duk, 0);
  return push_text(duk, time, duk_get_current_magic(duk));
}

void vms__date_open(duk_context *duk) {
  static const vms__method methods[] = { { "toLocaleString", date_locale, 2, 0, TO_LOCALE },
                                         { "toLocaleDateString", date_locale, 2, 0, TO_LOCALE_DATE },
                                         { "toLocaleTimeString", date_locale, 2, 0, TO_LOCALE_TIME } };
  duk_get_global_literal(duk, "Date");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  duk_get_prop_literal(duk, -1, "toUTCString");
  vms__define(duk, -2, "toGMTString"); /* the same function: annex B */
  duk_pop_2(duk);
}

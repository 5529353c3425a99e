/* SPDX-License-Identifier: MIT */
/* Date.parse. First the date time string format of ECMA-262 (section 21.4.1.32), strictly; then what people and servers
 * write: RFC 2822 ("Sat, 29 Feb 2020 12:34:56 +0100"), Date's own toString and toUTCString, "Feb 29, 2020", "2/29/2020".
 * Without an offset, text is in UTC. */
#include "lib/sandbox/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DAY_MS 86400000.0
#define TIME_MAX 8.64e15

typedef struct moment {
  int64_t year;
  int month, day, hour, minute, second; /* month and day from 1 */
  double ms;
  int offset; /* minutes east of UTC */
} moment;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Exactly `count` digits. */
static bool take_digits(const char **at, int count, int *value) {
  *value = 0;
  for (int i = 0; i < count; i++, (*at)++) {
    if (!is_digit(**at)) return false;
    *value = *value * 10 + (**at - '0');
  }
  return true;
}

static bool take(const char **at, char c) {
  if (**at != c) return false;
  (*at)++;
  return true;
}

/* H. Hinnant, "chrono-compatible low-level date algorithms". */
int64_t vms__days_from(int64_t year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
  int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in(int64_t year, int month) {
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

static double finish(const moment *m) {
  double time;
  bool midnight = m->hour == 24 && m->minute == 0 && m->second == 0 && m->ms == 0;
  if (m->month < 1 || m->month > 12 || m->day < 1 || m->day > days_in(m->year, m->month)) return NAN;
  if ((m->hour > 23 && !midnight) || m->minute > 59 || m->second > 59) return NAN;
  time = (double)vms__days_from(m->year, m->month, m->day) * DAY_MS + m->hour * 3600000.0 + m->minute * 60000.0 + m->second * 1000.0 +
         m->ms - m->offset * 60000.0;
  return fabs(time) <= TIME_MAX ? time : NAN;
}

/* .123456: what lies behind milliseconds does not count. */
static bool take_fraction(const char **at, double *ms) {
  double unit = 100;
  if (!take(at, '.')) return true;
  if (!is_digit(**at)) return false;
  for (*ms = 0; is_digit(**at); (*at)++, unit = unit > 1 ? unit / 10 : 0) *ms += (**at - '0') * unit;
  return true;
}

static bool take_offset(const char **at, bool strict, int *offset) {
  int sign = **at == '-' ? -1 : 1, hours, minutes;
  if (!take(at, '+') && !take(at, '-')) return false;
  if (!take_digits(at, 2, &hours)) return false;
  if (!take(at, ':') && strict) return false;
  if (!take_digits(at, 2, &minutes) || hours > 23 || minutes > 59) return false;
  *offset = sign * (hours * 60 + minutes);
  return true;
}

static bool parse_iso(const char *at, moment *m) {
  int year;
  if (*at == '+' || *at == '-') {
    bool negative = *at++ == '-';
    if (!take_digits(&at, 6, &year) || (negative && year == 0)) return false;
    m->year = negative ? -year : year;
  } else {
    if (!take_digits(&at, 4, &year)) return false;
    m->year = year;
  }
  if (take(&at, '-')) {
    if (!take_digits(&at, 2, &m->month)) return false;
    if (take(&at, '-') && !take_digits(&at, 2, &m->day)) return false;
  }
  if (take(&at, 'T')) {
    if (!take_digits(&at, 2, &m->hour) || !take(&at, ':') || !take_digits(&at, 2, &m->minute)) return false;
    if (take(&at, ':') && (!take_digits(&at, 2, &m->second) || !take_fraction(&at, &m->ms))) return false;
    if (!take(&at, 'Z') && *at != 0 && !take_offset(&at, true, &m->offset)) return false;
  }
  return *at == 0;
}

/* --- what people write ------------------------------------------------------------------------- */

/* Index of the first three letters in a list of such; -1: none of them. */
static int word_index(const char *word, size_t len, const char *list) {
  char small[3];
  if (len < 3) return -1;
  for (int i = 0; i < 3; i++) small[i] = (char)(word[i] | 0x20);
  for (int i = 0; list[3 * i] != 0; i++)
    if (memcmp(list + 3 * i, small, 3) == 0) return i;
  return -1;
}

static bool is_word(const char *word, size_t len, const char *wanted) {
  if (strlen(wanted) != len) return false;
  for (size_t i = 0; i < len; i++)
    if ((word[i] | 0x20) != wanted[i]) return false;
  return true;
}

typedef struct loose {
  moment m;
  int numbers[3], lens[3], count; /* day and year, in whatever order */
  bool has_month, has_time, afternoon, morning;
} loose;

static bool take_word(const char **at, loose *l) {
  const char *word = *at;
  size_t len = 0;
  int index;
  while ((word[len] | 0x20) >= 'a' && (word[len] | 0x20) <= 'z') len++;
  *at += len;
  if ((index = word_index(word, len, "janfebmaraprmayjunjulaugsepoctnovdec")) >= 0) {
    if (l->has_month) return false;
    l->has_month = true;
    l->m.month = index + 1;
    return true;
  }
  if (word_index(word, len, "sunmontuewedthufrisat") >= 0) return true;
  if (is_word(word, len, "am")) return l->has_time && (l->morning = true);
  if (is_word(word, len, "pm")) return l->has_time && (l->afternoon = true);
  return is_word(word, len, "z") || is_word(word, len, "utc") || is_word(word, len, "gmt") || is_word(word, len, "ut");
}

static bool take_time(const char **at, moment *m) {
  if (!take_digits(at, 2, &m->minute)) return false;
  return !take(at, ':') || (take_digits(at, 2, &m->second) && take_fraction(at, &m->ms));
}

static bool take_number(const char **at, loose *l) {
  int value = 0, len = 0;
  for (; is_digit(**at) && len < 7; (*at)++, len++) value = value * 10 + (**at - '0');
  if (is_digit(**at)) return false;
  if (take(at, ':')) {
    if (l->has_time) return false;
    l->has_time = true;
    l->m.hour = value;
    return take_time(at, &l->m);
  }
  if (l->count == 3) return false;
  l->numbers[l->count] = value;
  l->lens[l->count++] = len;
  return true;
}

static int full_year(int value, int len) { return len > 2 ? value : value + (value < 50 ? 2000 : 1900); }

static bool arrange(loose *l) {
  int *n = l->numbers, *len = l->lens;
  if (l->has_month && l->count == 2) { /* Feb 29 2020, 29 Feb 2020 */
    l->m.day = n[0];
    l->m.year = full_year(n[1], len[1]);
  } else if (!l->has_month && l->count == 3 && len[0] > 2) { /* 2020/2/29 */
    l->m.year = n[0];
    l->m.month = n[1];
    l->m.day = n[2];
  } else if (!l->has_month && l->count == 3) { /* 2/29/2020 */
    l->m.month = n[0];
    l->m.day = n[1];
    l->m.year = full_year(n[2], len[2]);
  } else {
    return false;
  }
  if (l->afternoon || l->morning) {
    if (l->m.hour < 1 || l->m.hour > 12) return false;
    l->m.hour = l->m.hour % 12 + (l->afternoon ? 12 : 0);
  }
  return true;
}

static bool parse_loose(const char *at, loose *l) {
  while (*at != 0) {
    if (is_digit(*at)) {
      if (!take_number(&at, l)) return false;
    } else if ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') {
      if (!take_word(&at, l)) return false;
    } else if ((*at == '+' || *at == '-') && l->has_time) {
      if (!take_offset(&at, false, &l->m.offset)) return false;
    } else if (*at == '(') { /* a comment, the name of a time zone */
      at += strcspn(at, ")");
      if (!take(&at, ')')) return false;
    } else if (*at == ' ' || *at == ',' || *at == '/' || *at == '-') {
      at++;
    } else {
      return false;
    }
  }
  return arrange(l);
}

double vms__parse_date(const char *text) {
  static const moment first = { 0, 1, 1, 0, 0, 0, 0, 0 };
  moment m = first;
  loose l = { .m = first };
  size_t len = strlen(text);
  if (len == 0 || len > 200) return NAN;
  if (parse_iso(text, &m)) return finish(&m);
  return parse_loose(text, &l) ? finish(&l.m) : NAN;
}

/* SPDX-License-Identifier: MIT */
/* Sets of characters: sorted ranges, and bits for the first byte of a character, which decide nearly always. */
#include "lib/sandbox/re_internal.h"

#include "lib/sandbox/unicode.h"

/* Spans of whole blocks that have pairs of cases in Unicode 15.0: with them a set is closed under case by looking at a few
 * thousand characters instead of all. test/unit/sandbox_regexp.c checks that nothing else has a case. */
const uint32_t vms__re_case_spans[][2] = {
  { 0x41, 0x5a },       { 0x61, 0x7a },       { 0xb5, 0xb5 },       { 0xc0, 0x24f },      { 0x250, 0x2af },     { 0x345, 0x345 },
  { 0x370, 0x587 },     { 0x10a0, 0x10ff },   { 0x13a0, 0x13ff },   { 0x1c80, 0x1cbf },   { 0x1d79, 0x1d8e },   { 0x1e00, 0x1fff },
  { 0x2126, 0x2132 },   { 0x214e, 0x214e },   { 0x2160, 0x2188 },   { 0x24b6, 0x24e9 },   { 0x2c00, 0x2d2d },   { 0xa640, 0xa69b },
  { 0xa722, 0xa7ff },   { 0xab53, 0xabbf },   { 0xfb00, 0xfb06 },   { 0xff21, 0xff5a },   { 0x10400, 0x104ff }, { 0x10570, 0x105bf },
  { 0x10c80, 0x10cff }, { 0x118a0, 0x118df }, { 0x16e40, 0x16e7f }, { 0x1e900, 0x1e943 },
};
#define SPANS (sizeof vms__re_case_spans / sizeof vms__re_case_spans[0])
const uint32_t vms__re_case_span_count = SPANS;
#define CASED_MAX 5120u /* more than all spans together: checked where it is used */

bool re_is_fold(const re_builder *b, uint32_t c) {
  if ((b->flags & VMS__RE_IGNORE_CASE) == 0 || c < 0x80) return false;
  for (uint32_t i = 0; i < SPANS && c >= vms__re_case_spans[i][0]; i++)
    if (c <= vms__re_case_spans[i][1]) return true;
  return false;
}

uint32_t re_canonical(const re_builder *b, uint32_t c) {
  return (b->flags & VMS__RE_UNICODE) != 0 ? vms__unicode_fold(c) : vms__unicode_canonicalize(c);
}

/* --- gathering ------------------------------------------------------------------------------- */

void re_range(re_builder *b, uint32_t first, uint32_t last) {
  uint32_t at = re_work_take(b, 2);
  b->work[at] = first;
  b->work[at + 1] = last;
}

static const uint32_t digits[][2] = { { '0', '9' } };
static const uint32_t spaces[][2] = { { 9, 13 },          { 32, 32 },         { 0xa0, 0xa0 },     { 0x1680, 0x1680 }, { 0x2000, 0x200a },
                                      { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };
static const uint32_t words[][2] = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0x17f, 0x17f }, { 0x212a, 0x212a } };
static const uint32_t lines[][2] = { { 10, 10 }, { 13, 13 }, { 0x2028, 0x2029 } };

static void table(re_builder *b, const uint32_t (*ranges)[2], uint32_t count, bool negative) {
  uint32_t next = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!negative) re_range(b, ranges[i][0], ranges[i][1]);
    else if (ranges[i][0] > next) re_range(b, next, ranges[i][0] - 1);
    next = ranges[i][1] + 1;
  }
  if (negative) re_range(b, next, RE_CHAR_MAX);
}

void re_ranges_class(re_builder *b, char letter) {
  /* With both flags, two letters more are words, since they are s and k but for case. */
  uint32_t word_count = (b->flags & VMS__RE_UNICODE) != 0 && (b->flags & VMS__RE_IGNORE_CASE) != 0 ? 6 : 4;
  switch (letter) {
    case 'd': case 'D': table(b, digits, 1, letter == 'D'); break;
    case 's': case 'S': table(b, spaces, sizeof spaces / sizeof spaces[0], letter == 'S'); break;
    case 'w': case 'W': table(b, words, word_count, letter == 'W'); break;
    default:
      if ((b->flags & VMS__RE_DOT_ALL) != 0) re_range(b, 0, RE_CHAR_MAX);
      else table(b, lines, sizeof lines / sizeof lines[0], true);
  }
}

void re_ranges_property(re_builder *b, vms_slice name, vms_slice value, bool negative, uint32_t at) {
  vms__unicode_set set;
  uint32_t first, last, next = 0;
  if (!vms__unicode_property(name, value, &set)) re_fail(b, at, "no such property of characters");
  while (vms__unicode_range(&set, &first, &last)) {
    if (!negative) re_range(b, first, last);
    else if (first > next) re_range(b, next, first - 1);
    next = last + 1;
    b->host->charge(b->host->context, 1);
  }
  if (negative && next <= RE_CHAR_MAX) re_range(b, next, RE_CHAR_MAX);
}

/* --- sorting ------------------------------------------------------------------------------- */

static void sift(uint32_t (*ranges)[2], uint32_t at, uint32_t count) {
  uint32_t first = ranges[at][0], last = ranges[at][1];
  for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && ranges[child + 1][0] > ranges[child][0]) child++;
    if (ranges[child][0] <= first) break;
    memcpy(ranges[at], ranges[child], sizeof ranges[at]);
  }
  ranges[at][0] = first;
  ranges[at][1] = last;
}

/* Sorts what was gathered from `mark` on and joins what touches. Returns how many ranges are left. */
static uint32_t normalize(re_builder *b, uint32_t mark) {
  uint32_t(*ranges)[2] = (uint32_t(*)[2])(void *)(b->work + mark), count = (b->work_used - mark) / 2, kept = 0, i, depth = 1;
  bool sorted = true;
  for (i = 1; i < count; i++) sorted &= ranges[i - 1][0] <= ranges[i][0];
  if (!sorted) {
    for (i = count; i > 1; i /= 2) depth++;
    for (i = count / 2; i-- > 0;) {
      if (i % 64 == 0) b->host->charge(b->host->context, 16 * depth); /* in pieces: a class may have a million ranges */
      sift(ranges, i, count);
    }
    for (i = count; i-- > 1;) {
      if (i % 64 == 0) b->host->charge(b->host->context, 16 * depth);
      uint32_t first = ranges[i][0], last = ranges[i][1];
      memcpy(ranges[i], ranges[0], sizeof ranges[i]);
      ranges[0][0] = first;
      ranges[0][1] = last;
      sift(ranges, 0, i);
    }
  }
  for (i = 0; i < count; i++) {
    if (kept > 0 && ranges[i][0] <= ranges[kept - 1][1] + 1) {
      if (ranges[i][1] > ranges[kept - 1][1]) ranges[kept - 1][1] = ranges[i][1];
    } else {
      memmove(ranges[kept++], ranges[i], sizeof ranges[i]);
    }
  }
  b->work_used = mark + 2 * kept;
  return kept;
}

/* --- case ---------------------------------------------------------------------------------- */

static uint32_t span_index(uint32_t c) {
  uint32_t base = 0;
  for (uint32_t i = 0; i < SPANS; i++) {
    if (c >= vms__re_case_spans[i][0] && c <= vms__re_case_spans[i][1]) return base + c - vms__re_case_spans[i][0];
    base += vms__re_case_spans[i][1] - vms__re_case_spans[i][0] + 1;
  }
  return UINT32_MAX;
}

/* Adds every character that is the same as a member but for case. The ranges are sorted. */
static void close_under_case(re_builder *b, uint32_t mark, uint32_t count) {
  uint32_t canonical[CASED_MAX / 32] = { 0 }, i, span, c, first, last, index, looked = 0;
  bool unicode = (b->flags & VMS__RE_UNICODE) != 0, any = false;
  if (count == 1 && b->work[mark] == 0 && b->work[mark + 1] == RE_CHAR_MAX) return;
  for (i = 0; i < count; i++) { /* in ASCII the cases are 32 apart, and two letters have a third */
    first = b->work[mark + 2 * i];
    last = b->work[mark + 2 * i + 1];
    if (first <= 'z' && last >= 'a') re_range(b, VMS__MAX(first, 'a') - 32, VMS__MIN(last, 'z') - 32);
    if (first <= 'Z' && last >= 'A') re_range(b, VMS__MAX(first, 'A') + 32, VMS__MIN(last, 'Z') + 32);
    if (unicode && ((first <= 'k' && last >= 'k') || (first <= 'K' && last >= 'K'))) re_range(b, 0x212a, 0x212a);
    if (unicode && ((first <= 's' && last >= 's') || (first <= 'S' && last >= 'S'))) re_range(b, 0x17f, 0x17f);
  }
  for (i = 0, span = 2; i < count && span < SPANS;) {
    first = VMS__MAX(b->work[mark + 2 * i], vms__re_case_spans[span][0]);
    last = VMS__MIN(b->work[mark + 2 * i + 1], vms__re_case_spans[span][1]);
    for (c = first; c <= last; c++, looked++) {
      index = span_index(re_canonical(b, c));
      if (index >= CASED_MAX) continue;
      canonical[index >> 5] |= 1u << (index & 31);
      any = true;
    }
    if (b->work[mark + 2 * i + 1] < vms__re_case_spans[span][1]) i++;
    else span++;
  }
  b->host->charge(b->host->context, 1 + looked / 2);
  if (!any) return;
  looked = 0;
  for (span = 0; span < SPANS; span++)
    for (c = vms__re_case_spans[span][0]; c <= vms__re_case_spans[span][1]; c++, looked++) {
      index = span_index(re_canonical(b, c));
      if (index < CASED_MAX && re_bit(canonical, index)) re_range(b, c, c);
    }
  b->host->charge(b->host->context, looked / 2);
}

/* --- the set ------------------------------------------------------------------------------- */

static void mark_bytes(uint32_t *bits, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i <= to; i++) bits[i >> 5] |= 1u << (i & 31);
}

/* The bytes that characters first to last begin with, if these have `shift` bits behind the first byte. */
static void mark_leads(uint32_t *set, uint32_t first, uint32_t last, uint32_t low, uint32_t high, unsigned shift, uint32_t lead) {
  uint32_t span = (1u << shift) - 1;
  if (first > high || last < low) return;
  first = VMS__MAX(first, low);
  last = VMS__MIN(last, high);
  mark_bytes(set + RE_S_SOME, lead | first >> shift, lead | last >> shift);
  for (uint32_t i = first >> shift; i <= last >> shift; i++)
    if (first <= VMS__MAX(i << shift, low) && last >= (i << shift | span)) mark_bytes(set + RE_S_ALL, lead | i, lead | i);
}

static void mark_range(uint32_t *set, uint32_t first, uint32_t last) {
  mark_leads(set, first, last, 0, 0x7f, 0, 0);
  mark_leads(set, first, last, 0x80, 0x7ff, 6, 0xc0);
  mark_leads(set, first, last, 0x800, 0xffff, 12, 0xe0);
  if (last >= 0x10000) {
    mark_bytes(set + RE_S_SOME, 0xed, 0xed);
    mark_bytes(set + RE_S_SOME, 0xf0, 0xff);
  }
}

static void invert(re_builder *b, uint32_t mark, uint32_t count) {
  uint32_t next = 0, i, to = mark, first, last;
  bool ends = false;
  re_range(b, 0, 0); /* there may be one range more; written at most one behind what was read */
  for (i = 0; i < count; i++) {
    first = b->work[mark + 2 * i];
    last = b->work[mark + 2 * i + 1];
    if (first > next) {
      b->work[to] = next;
      b->work[to + 1] = first - 1;
      to += 2;
    }
    next = last + 1;
    ends = last >= RE_CHAR_MAX;
  }
  if (!ends) {
    b->work[to] = next;
    b->work[to + 1] = RE_CHAR_MAX;
    to += 2;
  }
  b->work_used = to;
}

static uint32_t set_make(re_builder *b, uint32_t mark, bool negative) {
  uint32_t count = normalize(b, mark), at, i;
  if (negative) invert(b, mark, count);
  count = (b->work_used - mark) / 2;
  b->host->charge(b->host->context, count);
  at = re_program_take(b, RE_S_RANGES + 2 * count);
  memset(b->program + at, 0, RE_S_RANGES * sizeof(uint32_t));
  b->program[at + RE_S_COUNT] = count;
  memcpy(b->program + at + RE_S_RANGES, b->work + mark, 2 * count * sizeof(uint32_t));
  for (i = 0; i < count; i++) mark_range(b->program + at, b->work[mark + 2 * i], b->work[mark + 2 * i + 1]);
  if ((b->flags & VMS__RE_UNICODE) != 0) b->program[at + RE_S_ALL + (0xed >> 5)] &= ~(1u << (0xed & 31)); /* a surrogate may be half of something else */
  b->work_used = mark;
  return at;
}

uint32_t re_set_make(re_builder *b, uint32_t mark, bool negative) {
  if ((b->flags & VMS__RE_IGNORE_CASE) != 0) close_under_case(b, mark, normalize(b, mark));
  return set_make(b, mark, negative);
}

void re_ranges_set(re_builder *b, uint32_t set) {
  for (uint32_t i = 0; i < b->program[set + RE_S_COUNT]; i++)
    re_range(b, b->program[set + RE_S_RANGES + 2 * i], b->program[set + RE_S_RANGES + 2 * i + 1]);
}

uint32_t re_set_join(re_builder *b, uint32_t mark) { return set_make(b, mark, false); }

uint32_t re_set_shared(re_builder *b, char letter) {
  uint32_t *known, mark = b->work_used, made;
  switch (letter) {
    case 'd': known = &b->digit; break;
    case 'D': known = &b->no_digit; break;
    case 's': known = &b->space; break;
    case 'S': known = &b->no_space; break;
    case 'w': known = &b->word; break;
    case 'W': known = &b->no_word; break;
    default: known = &b->dot;
  }
  if (*known != 0) return *known;
  re_ranges_class(b, letter);
  made = set_make(b, mark, false); /* closed under case already */
  return *known = made;
}

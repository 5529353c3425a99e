/* SPDX-License-Identifier: MIT */
/* Looks characters up in the tables that unicode/make_tables.c made; the layout of each is told there. */
#include "lib/sandbox/unicode.h"

#include "unicode_tables.h" /* generated */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define CODES 0x110000u

/* --- single characters ----------------------------------------------------------------------- */

/* The index of the last of the words that, shifted, is not above c; the first one is not. */
static size_t last_run(const uint32_t *words, size_t count, unsigned shift, uint32_t c) {
  size_t low = 0, high = count; /* words[low] <= c < words[high] */
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (words[middle] >> shift <= c) low = middle;
    else high = middle;
  }
  return low;
}

enum { ID_START = 1, ID_CONTINUE = 2, CASED = 4, CASE_IGNORABLE = 8 };

static bool text_has(uint32_t c, uint32_t property) {
  return c < CODES && (text_runs[last_run(text_runs, COUNT(text_runs), 4, c)] & property) != 0;
}

static bool ascii_letter(uint32_t c) { return (c | 32) - 'a' < 26; }

bool vms__unicode_id_start(uint32_t c) { return c < 0x80 ? ascii_letter(c) : text_has(c, ID_START); }

bool vms__unicode_id_continue(uint32_t c) {
  return c < 0x80 ? ascii_letter(c) || c - '0' < 10 || c == '_' : text_has(c, ID_CONTINUE);
}

bool vms__unicode_cased(uint32_t c) { return c < 0x80 ? ascii_letter(c) : text_has(c, CASED); }
bool vms__unicode_case_ignorable(uint32_t c) { return text_has(c, CASE_IGNORABLE); }

/* --- letters --------------------------------------------------------------------------------- */

/* What the runs, pairs of words, make of c. */
static uint32_t map(const uint32_t *runs, size_t count, uint32_t c) {
  size_t low = 0, high = count / 2;
  while (low < high) { /* ends behind the run that c may lie in */
    size_t middle = (low + high) / 2;
    if ((runs[2 * middle] & 0x1fffff) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return c;
  uint32_t head = runs[2 * low - 2], offset = c - (head & 0x1fffff), step = (head >> 21 & 1) + 1;
  return offset <= (head >> 22) * step && offset % step == 0 ? c + runs[2 * low - 1] : c;
}

/* The characters that c becomes, up to three and then zeros, if it becomes more than one. */
static const uint16_t *special(const uint16_t *rows, size_t count, uint32_t c) {
  size_t low = 0, high = count / 4;
  if (c < rows[0] || c > rows[count - 4]) return NULL;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (rows[4 * middle] == c) return rows + 4 * middle + 1;
    if (rows[4 * middle] < c) low = middle + 1;
    else high = middle;
  }
  return NULL;
}

static unsigned take_special(const uint16_t *row, uint32_t out[3]) {
  unsigned count = 0;
  while (count < 3 && row[count] != 0) {
    out[count] = row[count];
    count++;
  }
  return count;
}

unsigned vms__unicode_upper(uint32_t c, uint32_t out[3]) {
  if (c < 0x80) return out[0] = c - 'a' < 26 ? c - 32 : c, 1;
  const uint16_t *row = special(upper_special, COUNT(upper_special), c);
  if (row != NULL) return take_special(row, out);
  return out[0] = map(upper_runs, COUNT(upper_runs), c), 1;
}

unsigned vms__unicode_lower(uint32_t c, uint32_t out[3]) {
  if (c < 0x80) return out[0] = c - 'A' < 26 ? c + 32 : c, 1;
  const uint16_t *row = special(lower_special, COUNT(lower_special), c);
  if (row != NULL) return take_special(row, out);
  return out[0] = map(lower_runs, COUNT(lower_runs), c), 1;
}

uint32_t vms__unicode_fold(uint32_t c) {
  if (c < 0x80) return c - 'A' < 26 ? c + 32 : c;
  return map(fold_runs, COUNT(fold_runs), c);
}

uint32_t vms__unicode_canonicalize(uint32_t c) {
  if (c < 0x80) return c - 'a' < 26 ? c - 32 : c;
  if (c > 0xffff || special(upper_special, COUNT(upper_special), c) != NULL) return c;
  uint32_t to = map(upper_runs, COUNT(upper_runs), c);
  return to < 0x80 || to > 0xffff ? c : to;
}

/* --- properties ------------------------------------------------------------------------------ */

/* What flags of a set hold: the kind in the upper two bits, below them what is wanted of it. */
#define KIND(flags) ((flags) >> 30)
#define WANTED(flags) ((flags) & 0x3fffffffu)
enum { CATEGORIES, SCRIPT, SCRIPT_EXTENSIONS, BINARY };
#define UNASSIGNED (1u << 29) /* Cn, the last category */
#define ASSIGNED 255

/* Names are rows of: what is meant, length, name. Returns what is meant, or -1. */
static int find_name(const uint8_t *names, size_t len, vms_slice name) {
  for (size_t at = 0; at < len; at += 2u + names[at + 1])
    if (names[at + 1] == name.len && memcmp(names + at + 2, name.data, name.len) == 0) return names[at];
  return -1;
}

static void make_set(vms__unicode_set *set, const uint8_t *at, size_t len, uint32_t kind, uint32_t wanted) {
  *set = (vms__unicode_set){ at, at + len, 0, kind << 30 | wanted };
}

static bool category_set(vms_slice value, vms__unicode_set *set) {
  int i = find_name(category_names, sizeof category_names, value);
  if (i < 0) return false;
  make_set(set, category_runs, sizeof category_runs, CATEGORIES, category_masks[i]);
  return true;
}

bool vms__unicode_property(vms_slice name, vms_slice value, vms__unicode_set *set) {
  int i;
  if (name.len == 0) return false;
  if (value.data == NULL) {
    i = find_name(binary_names, sizeof binary_names, name);
    if (i < 0) return category_set(name, set);
    if (i == ASSIGNED) make_set(set, category_runs, sizeof category_runs, CATEGORIES, UNASSIGNED - 1);
    else make_set(set, binary_runs + binary_at[i], (size_t)(binary_at[i + 1] - binary_at[i]), BINARY, 0);
    return true;
  }
  if (value.len == 0) return false;
  if (vms__slice_is(name, "General_Category") || vms__slice_is(name, "gc")) return category_set(value, set);
  bool extensions = vms__slice_is(name, "Script_Extensions") || vms__slice_is(name, "scx");
  if (!extensions && !vms__slice_is(name, "Script") && !vms__slice_is(name, "sc")) return false;
  i = find_name(script_names, sizeof script_names, value);
  if (i < 0) return false;
  make_set(set, script_runs, sizeof script_runs, extensions ? SCRIPT_EXTENSIONS : SCRIPT, (uint32_t)i);
  return true;
}

static uint32_t number(const uint8_t **at) {
  uint32_t value = 0, shift = 0;
  for (; **at >= 128; shift += 7) value |= (uint32_t)(*(*at)++ & 127) << shift;
  return value | (uint32_t)*(*at)++ << shift;
}

static bool class_has(uint32_t class, uint32_t script, bool extensions) {
  const uint8_t *row = script_classes + script_class_at[class];
  if (!extensions) return row[0] == script;
  return memchr(row + 2, (int)script, row[1]) != NULL;
}

/* The next run of a table of categories or scripts, which cover all code points; true if it belongs to the set. */
static bool next_run(vms__unicode_set *set, uint32_t *len) {
  if (KIND(set->flags) == CATEGORIES) {
    uint8_t head = *set->at++;
    *len = (head >> 5) + 1u;
    if (*len == 8) *len += number(&set->at);
    return (WANTED(set->flags) >> (head & 31) & 1) != 0;
  }
  uint32_t class = number(&set->at);
  *len = number(&set->at) + 1;
  return class_has(class, WANTED(set->flags), KIND(set->flags) == SCRIPT_EXTENSIONS);
}

bool vms__unicode_range(vms__unicode_set *set, uint32_t *first, uint32_t *last) {
  uint32_t len = 0;
  if (KIND(set->flags) == BINARY) {
    if (set->at == set->end) return false;
    uint8_t head = *set->at++;
    uint32_t gap = head >> 4, more = head & 15;
    if (gap == 15) gap += number(&set->at);
    if (more == 15) more += number(&set->at);
    *first = set->next + gap;
    *last = *first + more;
    set->next = *last + 1;
    return true;
  }
  bool found = false;
  while (set->at != set->end) {
    const uint8_t *before = set->at;
    bool belongs = next_run(set, &len);
    if (found && !belongs) { /* asked for again next time */
      set->at = before;
      break;
    }
    if (belongs && !found) *first = set->next;
    found = found || belongs;
    set->next += len;
  }
  if (found) *last = set->next - 1;
  return found;
}

/* --- normal forms ---------------------------------------------------------------------------- */

enum { S_BASE = 0xac00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11a7, L_COUNT = 19, V_COUNT = 21, T_COUNT = 28,
       S_COUNT = L_COUNT * V_COUNT * T_COUNT };

unsigned vms__unicode_decompose(uint32_t c, bool compatible, uint32_t out[18]) {
  if (c < 0xa0) return 0;
  if (c - S_BASE < S_COUNT) {
    uint32_t s = c - S_BASE, t = s % T_COUNT;
    if (t != 0) return out[0] = c - t, out[1] = T_BASE + t, 2;
    return out[0] = L_BASE + s / (V_COUNT * T_COUNT), out[1] = V_BASE + s / T_COUNT % V_COUNT, 2;
  }
  size_t low = 0, high = COUNT(decomposition_runs) / 2 - 1; /* the last run is an end */
  while (low < high) {
    size_t middle = (low + high) / 2;
    if ((decomposition_runs[2 * middle] & 0x1fffff) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return 0;
  const uint32_t *run = decomposition_runs + 2 * (low - 1);
  uint32_t offset = c - (run[0] & 0x1fffff);
  if (offset >= run[3] - run[1] || (!compatible && run[0] >> 21 != 0)) return 0;
  unsigned len = decomposition_refs[run[1] + offset] & 7u, count = 0;
  const uint16_t *from = decomposition_units + (decomposition_refs[run[1] + offset] >> 3), *end;
  if (len == 7) len = *from++;
  for (end = from + len; from < end && count < 18; count++) {
    out[count] = *from++;
    if (out[count] >> 10 == 0xd800 >> 10) out[count] = 0x10000 + ((out[count] & 0x3ff) << 10) + (*from++ & 0x3ffu);
  }
  return count;
}

uint32_t vms__unicode_compose(uint32_t first, uint32_t second) {
  if (first < 0x80 && second < 0x300) return 0;
  if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
    return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
  if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 && second - T_BASE - 1 < T_COUNT - 1)
    return first + (second - T_BASE);
  if (first > 0xffff || second >= 0xffff) { /* 0xffff is the end of the table */
    for (size_t i = 0; i < COUNT(composition_large); i += 3)
      if (composition_large[i] == second && composition_large[i + 1] == first) return composition_large[i + 2];
    return 0;
  }
  size_t low = 0, high = COUNT(composition_seconds) / 2 - 1; /* the last one is an end */
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (composition_seconds[2 * middle] < second) low = middle + 1;
    else high = middle;
  }
  if (composition_seconds[2 * low] != second) return 0;
  size_t end = composition_seconds[2 * low + 3];
  for (low = composition_seconds[2 * low + 1], high = end; low < high;) {
    size_t middle = (low + high) / 2;
    if (composition_firsts[2 * middle] < first) low = middle + 1;
    else high = middle;
  }
  return low < end && composition_firsts[2 * low] == first ? composition_firsts[2 * low + 1] : 0;
}

uint8_t vms__unicode_combining_class(uint32_t c) {
  if (c < 0x300 || c >= CODES) return 0;
  return (uint8_t)combining_runs[last_run(combining_runs, COUNT(combining_runs), 8, c)];
}

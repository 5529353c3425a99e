/* SPDX-License-Identifier: MIT */
/* Matching by backtracking, with a stack of its own in the work area: captures, registers, then entries of three words. Every
 * change of a capture or register leaves its old value there, so going back is taking entries off. */
#include "lib/sandbox/re_internal.h"

#include "lib/sandbox/unicode.h"

#define BATCH 1024         /* steps that are charged at once */
#define SCAN_MAX 16384u    /* bytes looked over between two looks at the steps */
#define BYTES_PER_STEP 8u  /* where a byte costs a nanosecond or two */

/* The first word of an entry: an instruction, or a slot, shifted, and one of these. */
enum {
  BACK_CHOICE,     /* instruction; place in the text                              */
  BACK_OLD,        /* slot; its value before                                      */
  BACK_GREEDY,     /* loop; least end of the run, its end                         */
  BACK_LAZY,       /* loop; end of the run, how many more it may take             */
  BACK_LOOK,       /* a look-around whose inside fails: fails as well             */
  BACK_LOOK_NOT,   /* instruction behind it; place: the same, but there it goes on */
  BACK_KINDS = 8
};
#define ENTRY 3u

typedef struct matcher {
  const vms__re_host *host;
  const uint32_t *program;
  const uint8_t *text;
  uint32_t len, flags, slots;
  uint32_t *work;       /* slots, then entries */
  size_t top, capacity; /* words               */
  int32_t left;         /* of the batch        */
} matcher;

static void charge(matcher *m) {
  m->host->charge(m->host->context, (uint64_t)((int64_t)BATCH - m->left));
  m->left = BATCH;
}

static inline void step(matcher *m, uint32_t steps) {
  if ((m->left -= (int32_t)steps) <= 0) charge(m); /* steps: at most those of SCAN_MAX bytes */
}

static void grow(matcher *m) {
  m->capacity *= 2;
  m->work = m->host->grow(m->host->context, VMS__RE_WORK, m->capacity * sizeof(uint32_t));
}

static inline void push(matcher *m, uint32_t a, uint32_t b, uint32_t c) {
  uint32_t *entry;
  if (m->top + ENTRY > m->capacity) grow(m);
  entry = m->work + m->top;
  entry[0] = a;
  entry[1] = b;
  entry[2] = c;
  m->top += ENTRY;
}

static inline void set_slot(matcher *m, uint32_t slot, uint32_t value) {
  uint32_t old = m->work[slot];
  if (old == value) return;
  push(m, slot * BACK_KINDS + BACK_OLD, old, 0);
  m->work[slot] = value;
}

/* --- characters ------------------------------------------------------------------------------ */

static inline bool is_unicode(const matcher *m) { return (m->flags & VMS__RE_UNICODE) != 0; }

/* Where the encoded character before `at` begins; at > 0. */
static uint32_t unit_before(const matcher *m, uint32_t at) {
  uint32_t i = at - 1;
  while (i > 0 && at - i < 4 && (m->text[i] & 0xc0) == 0x80) i--;
  return at - i == re_lead_len(m->text[i]) ? i : at - 1;
}

/* Whether `at` is between the two halves of a character. */
static bool inside_pair(const matcher *m, uint32_t at) {
  uint32_t len;
  if (at < 3 || m->len - at < 3 || m->text[at] != 0xed || m->text[at - 3] != 0xed) return false;
  return re_is_high(re_unit(m->text + at - 3, m->text + at, &len)) && re_is_low(re_unit(m->text + at, m->text + m->len, &len));
}

static uint32_t char_at(const matcher *m, uint32_t at, uint32_t *next) {
  uint32_t len, c = is_unicode(m) ? re_point(m->text + at, m->text + m->len, &len) : re_unit(m->text + at, m->text + m->len, &len);
  *next = at + len;
  return c;
}

static uint32_t char_before(const matcher *m, uint32_t at, uint32_t *next) {
  uint32_t len, i = unit_before(m, at);
  if (is_unicode(m) && inside_pair(m, i)) i -= 3;
  *next = i;
  return is_unicode(m) ? re_point(m->text + i, m->text + at, &len) : re_unit(m->text + i, m->text + at, &len);
}

static bool in_ranges(const uint32_t *set, uint32_t c) {
  const uint32_t *ranges = set + RE_S_RANGES;
  uint32_t low = 0, high = set[RE_S_COUNT], middle;
  while (low < high) {
    middle = (low + high) / 2;
    if (c > ranges[2 * middle + 1]) low = middle + 1;
    else high = middle;
  }
  return low < set[RE_S_COUNT] && c >= ranges[2 * low];
}

/* If the character at `at` is a member: where the next one begins, else `at` itself. */
static inline uint32_t set_at(const matcher *m, const uint32_t *set, uint32_t at) {
  uint32_t next, lead;
  if (at >= m->len) return at;
  lead = m->text[at];
  if (lead < 0x80) return at + (re_bit(set + RE_S_ALL, lead) ? 1u : 0u);
  if (!re_bit(set + RE_S_SOME, lead)) return at;
  if (re_bit(set + RE_S_ALL, lead)) return VMS__MIN(at + re_lead_len((uint8_t)lead), m->len);
  return in_ranges(set, char_at(m, at, &next)) ? next : at;
}

static uint32_t set_before(const matcher *m, const uint32_t *set, uint32_t at) {
  uint32_t next;
  if (at == 0) return at;
  return in_ranges(set, char_before(m, at, &next)) ? next : at;
}

static inline uint32_t set_take(const matcher *m, const uint32_t *set, uint32_t at, uint32_t back) {
  return back != 0 ? set_before(m, set, at) : set_at(m, set, at);
}

static bool is_word(uint32_t c, bool folded) {
  if (c < 0x80) return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
  return folded && (c == 0x17f || c == 0x212a);
}

static bool word_edge(const matcher *m, uint32_t at, bool folded) {
  uint32_t next;
  bool before = at > 0 && is_word(char_before(m, at, &next), folded);
  bool behind = at < m->len && is_word(char_at(m, at, &next), folded);
  return before != behind;
}

static bool is_line_end(uint32_t c) { return c == 10 || c == 13 || c == 0x2028 || c == 0x2029; }
static bool line_start(const matcher *m, uint32_t at) {
  uint32_t next;
  return at == 0 || is_line_end(char_before(m, at, &next));
}
static bool line_end(const matcher *m, uint32_t at) {
  uint32_t next;
  return at >= m->len || is_line_end(char_at(m, at, &next));
}

static uint32_t canonical(const matcher *m, uint32_t c) { return is_unicode(m) ? vms__unicode_fold(c) : vms__unicode_canonicalize(c); }

/* --- the larger instructions ------------------------------------------------------------------ */

/* Where a back reference ends, or VMS__RE_UNSET if the text is another. */
static uint32_t reference(matcher *m, uint32_t operation, uint32_t group, uint32_t at) {
  uint32_t start = m->work[2 * group], end = m->work[2 * group + 1], back = operation & RE_BACK, len, i;
  if (start == VMS__RE_UNSET || end == VMS__RE_UNSET || start == end) return at;
  len = end - start;
  if ((operation & RE_CASE) == 0) {
    if (len > (back != 0 ? at : m->len - at)) return VMS__RE_UNSET;
    for (i = 0; i < len; i += SCAN_MAX) {
      uint32_t part = VMS__MIN(len - i, SCAN_MAX);
      step(m, part / 64 + 1);
      if (memcmp(m->text + start + i, m->text + (back != 0 ? at - len : at) + i, part) != 0) return VMS__RE_UNSET;
    }
    at = back != 0 ? at - len : at + len;
    return is_unicode(m) && inside_pair(m, at) ? VMS__RE_UNSET : at;
  }
  for (i = back != 0 ? end : start; back != 0 ? i > start : i < end;) {
    uint32_t wanted, found;
    step(m, 1);
    if (at == (back != 0 ? 0 : m->len)) return VMS__RE_UNSET;
    wanted = back != 0 ? char_before(m, i, &i) : char_at(m, i, &i);
    found = back != 0 ? char_before(m, at, &at) : char_at(m, at, &at);
    if (wanted != found && canonical(m, wanted) != canonical(m, found)) return VMS__RE_UNSET;
  }
  return at;
}

/* Takes members from `at` on, at most `max` of them. Returns the end of the run; *count: how many it took, if max is finite. */
static uint32_t run_of(matcher *m, const uint32_t *set, uint32_t at, uint32_t max, uint32_t back, uint32_t *count) {
  uint32_t next, from = at, taken = 0;
  if (back != 0 || max != RE_INFINITE) {
    for (; taken < max; taken++, at = next) {
      next = set_take(m, set, at, back);
      if (next == at) break;
      if ((taken & 1) != 0) step(m, 1);
    }
    *count = taken;
    return at;
  }
  for (;;) {
    const uint8_t *text = m->text;
    uint32_t stop = m->len - at > SCAN_MAX ? at + SCAN_MAX : m->len;
    while (at < stop && text[at] < 0x80 && re_bit(set + RE_S_ALL, text[at])) at++;
    if (at < stop) {
      next = set_at(m, set, at);
      if (next == at) break;
      at = next;
    }
    if (at - from >= SCAN_MAX / 4) {
      step(m, (at - from) / BYTES_PER_STEP);
      from = at;
    }
    if (at >= m->len) break;
  }
  step(m, (at - from) / BYTES_PER_STEP);
  return at;
}

/* The inside of a look-around has matched: whatever it could have done otherwise is forgotten, what it changed is not. */
static void look_keep(matcher *m, size_t marker) {
  size_t from, to = marker;
  for (from = marker + ENTRY; from < m->top; from += ENTRY) {
    if ((m->work[from] & (BACK_KINDS - 1)) != BACK_OLD) continue;
    memcpy(m->work + to, m->work + from, ENTRY * sizeof(uint32_t));
    to += ENTRY;
    step(m, 1);
  }
  m->top = to;
}

static void look_drop(matcher *m, size_t marker) {
  while (m->top > marker) {
    uint32_t *entry = m->work + (m->top -= ENTRY);
    if ((entry[0] & (BACK_KINDS - 1)) == BACK_OLD) m->work[entry[0] / BACK_KINDS] = entry[1];
    step(m, 1);
  }
}

/* --- the machine ----------------------------------------------------------------------------- */

/* Where the match that begins at `at` ends, or VMS__RE_UNSET with every slot as it was. */
static uint32_t run(matcher *m, uint32_t at) {
  const uint32_t *const program = m->program;
  const uint8_t *const text = m->text;
  const uint32_t len = m->len;
  const size_t bottom = m->top;
  uint32_t pc = program[RE_P_CODE], word, next, count;
  for (;;) {
    const uint32_t *p = program + pc;
    step(m, 1);
    word = p[0];
    switch (word & 0xff) {
      case RE_MATCH: return at;
      case RE_BYTE:
        if (at >= len || text[at] != p[1]) goto fail;
        at++;
        pc += 2;
        continue;
      case RE_STRING:
        pc += 2 + (p[1] + 3) / 4;
        if ((word & RE_BACK) != 0) {
          if (at < p[1] || memcmp(text + at - p[1], p + 2, p[1]) != 0) goto fail;
          at -= p[1];
        } else {
          if (len - at < p[1] || memcmp(text + at, p + 2, p[1]) != 0) goto fail;
          at += p[1];
        }
        continue;
      case RE_STRING_CASE: {
        const uint8_t *bytes = (const uint8_t *)(p + 2), *bits = bytes + (p[1] + 3) / 4 * 4;
        uint32_t i, from = at;
        pc += 2 + (p[1] + 3) / 4 * 2;
        if ((word & RE_BACK) != 0 ? at < p[1] : len - at < p[1]) goto fail;
        if ((word & RE_BACK) != 0) from = at -= p[1];
        else at += p[1];
        for (i = 0; i < p[1]; i++)
          if ((text[from + i] | bits[i]) != bytes[i]) goto fail;
        continue;
      }
      case RE_FOLD:
        if (at == ((word & RE_BACK) != 0 ? 0 : len)) goto fail;
        if (canonical(m, (word & RE_BACK) != 0 ? char_before(m, at, &at) : char_at(m, at, &at)) != p[1]) goto fail;
        pc += 2;
        continue;
      case RE_SET:
        next = set_take(m, program + p[1], at, word & RE_BACK);
        if (next == at) goto fail;
        at = next;
        pc += 2;
        continue;
      case RE_LOOP_SET: {
        const uint32_t *set = program + p[1];
        if (p[2] > 0) {
          at = run_of(m, set, at, p[2], word & RE_BACK, &count);
          if (count < p[2]) goto fail;
        }
        pc += 12;
        if (p[2] >= p[3]) continue;
        if ((word & RE_LAZY) != 0) {
          push(m, (pc - 12) * BACK_KINDS + BACK_LAZY, at, p[3] == RE_INFINITE ? RE_INFINITE : p[3] - p[2]);
          continue;
        }
        next = run_of(m, set, at, p[3] == RE_INFINITE ? RE_INFINITE : p[3] - p[2], word & RE_BACK, &count);
        if (next != at && (word & RE_ONLY) == 0) push(m, (pc - 12) * BACK_KINDS + BACK_GREEDY, at, next);
        at = next;
        continue;
      }
      case RE_SPLIT:
        push(m, p[1] * BACK_KINDS + BACK_CHOICE, at, 0);
        pc += 2;
        continue;
      case RE_SPLIT_OTHER:
        push(m, (pc + 2) * BACK_KINDS + BACK_CHOICE, at, 0);
        pc = p[1];
        continue;
      case RE_SPLIT_FIRST:
        if (at >= len || !re_bit(p + 2, text[at])) {
          pc = p[1];
          continue;
        }
        if (re_bit(p + 10, text[at])) push(m, p[1] * BACK_KINDS + BACK_CHOICE, at, 0);
        pc += 18;
        continue;
      case RE_JUMP: pc = p[1]; continue;
      case RE_SAVE:
        set_slot(m, p[1], at);
        pc += 2;
        continue;
      case RE_RESET:
        for (next = p[1]; next < p[2]; next++) {
          set_slot(m, next, VMS__RE_UNSET);
          if ((next & 7) == 7) step(m, 1);
        }
        pc += 3;
        continue;
      case RE_START:
        if (at != 0) goto fail;
        pc++;
        continue;
      case RE_END:
        if (at != len) goto fail;
        pc++;
        continue;
      case RE_LINE_START:
        if (!line_start(m, at)) goto fail;
        pc++;
        continue;
      case RE_LINE_END:
        if (!line_end(m, at)) goto fail;
        pc++;
        continue;
      case RE_WORD_EDGE:
        if (!word_edge(m, at, (word & RE_CASE) != 0)) goto fail;
        pc++;
        continue;
      case RE_NO_WORD_EDGE:
        if (word_edge(m, at, (word & RE_CASE) != 0)) goto fail;
        pc++;
        continue;
      case RE_BACK_REFERENCE:
        next = reference(m, word, p[1], at);
        if (next == VMS__RE_UNSET) goto fail;
        at = next;
        pc += 2;
        continue;
      case RE_LOOK:
        m->work[p[1]] = (uint32_t)((m->top - m->slots) / ENTRY);
        push(m, p[2] * BACK_KINDS + ((word & RE_NOT) != 0 ? BACK_LOOK_NOT : BACK_LOOK), at, 0);
        pc += 3;
        continue;
      case RE_LOOK_DONE: {
        size_t marker = m->slots + (size_t)m->work[p[1]] * ENTRY;
        at = m->work[marker + 1];
        if ((word & RE_NOT) != 0) {
          look_drop(m, marker);
          goto fail;
        }
        look_keep(m, marker);
        pc = p[2];
        continue;
      }
      case RE_NUMBER:
        set_slot(m, p[1], p[2]);
        pc += 3;
        continue;
      case RE_HERE:
        set_slot(m, p[1], at);
        pc += 2;
        continue;
      case RE_MOVED:
        if (m->work[p[1]] == at) goto fail;
        pc += 2;
        continue;
      case RE_COUNT:
        count = m->work[p[2]];
        pc += 5;
        if (count < p[3]) continue;
        if (count >= p[4]) {
          pc = p[1];
        } else if ((word & RE_LAZY) != 0) {
          push(m, pc * BACK_KINDS + BACK_CHOICE, at, 0);
          pc = p[1];
        } else {
          push(m, p[1] * BACK_KINDS + BACK_CHOICE, at, 0);
        }
        continue;
      case RE_COUNTED:
        set_slot(m, p[1], m->work[p[1]] + 1);
        pc += 2;
        continue;
      case RE_COUNTED_HERE:
        set_slot(m, p[3], m->work[p[1]] >= p[2] ? at : VMS__RE_UNSET);
        set_slot(m, p[1], m->work[p[1]] + 1);
        pc += 4;
        continue;
      default: assert(false);
    }
  fail:
    for (;;) {
      uint32_t *entry;
      if (m->top == bottom) return VMS__RE_UNSET;
      step(m, 1);
      entry = m->work + m->top - ENTRY;
      pc = entry[0] / BACK_KINDS;
      switch (entry[0] & (BACK_KINDS - 1)) {
        case BACK_OLD:
          m->work[pc] = entry[1];
          m->top -= ENTRY;
          continue;
        case BACK_LOOK: m->top -= ENTRY; continue;
        case BACK_GREEDY: {
          const uint32_t *loop = program + pc;
          at = entry[2];
          if ((loop[0] & RE_BACK) != 0) {
            (void)char_at(m, at, &at);
            at = VMS__MIN(at, entry[1]); /* in what is no text, there and back are not the same */
          } else { /* back to where what follows can begin */
            for (count = 1; --at > entry[1]; count++) {
              if (count % BYTES_PER_STEP == 0) step(m, 1);
              if (re_is_more(text[at]) || !re_bit(loop + 4, text[at])) continue;
              if (text[at] != 0xed || !is_unicode(m) || !inside_pair(m, at)) break;
            }
          }
          if (at == entry[1]) m->top -= ENTRY;
          else entry[2] = at;
          pc += 12;
          break;
        }
        case BACK_LAZY: {
          const uint32_t *loop = program + pc;
          for (count = 0, at = entry[1];; count++) { /* on to where what follows can begin */
            next = set_take(m, program + loop[1], at, loop[0] & RE_BACK);
            if (next == at) {
              next = VMS__RE_UNSET; /* no more */
              break;
            }
            at = next;
            if (entry[2] != RE_INFINITE && --entry[2] == 0) break;
            if ((loop[0] & RE_BACK) != 0 || at >= len || re_bit(loop + 4, text[at])) break;
            if ((count & 1) != 0) step(m, 1); /* of characters, not bytes: those may all be at even places */
          }
          if (next != at || entry[2] == 0) m->top -= ENTRY;
          else entry[1] = at;
          if (next != at) continue;
          pc += 12;
          break;
        }
        default: /* BACK_CHOICE, BACK_LOOK_NOT */
          at = entry[1];
          m->top -= ENTRY;
      }
      break;
    }
  }
}

/* --- the search ------------------------------------------------------------------------------ */

/* The next start of a line from `at` on, or the end of the text. */
static uint32_t next_line(matcher *m, uint32_t at) {
  uint32_t from = at, c;
  if (line_start(m, at)) return at;
  while (at < m->len) {
    uint8_t byte = m->text[at];
    if (byte != '\n' && byte != '\r' && byte != 0xe2) { /* what ends a line begins with one of them */
      at++;
    } else {
      c = char_at(m, at, &at);
      if (is_line_end(c)) break;
    }
    if (at - from >= SCAN_MAX / 2) {
      step(m, (at - from) / BYTES_PER_STEP);
      from = at;
    }
  }
  step(m, (at - from) / BYTES_PER_STEP + 1);
  return at;
}

/* The next place from `at` on where a match can begin; more than the text's length: none. */
static uint32_t candidate(matcher *m, uint32_t at) {
  const uint32_t *p = m->program;
  const uint8_t *text = m->text;
  uint32_t last, stop;
  if (p[RE_P_LEN_MIN] > m->len || at > m->len - p[RE_P_LEN_MIN]) return VMS__RE_UNSET;
  if (p[RE_P_ANCHORED] == RE_AT_START) return at == 0 ? 0 : VMS__RE_UNSET;
  if (p[RE_P_ANCHORED] == RE_AT_LINE) return next_line(m, at);
  last = m->len - p[RE_P_LEN_MIN];
  if (p[RE_P_PREFIX] > 0) {
    const uint8_t *prefix = (const uint8_t *)(p + RE_P_PREFIX_TEXT), *found;
    if (p[RE_P_PREFIX] > m->len) return VMS__RE_UNSET;
    while (at <= last) {
      stop = VMS__MIN(last - at, SCAN_MAX - 1) + at + 1;
      found = memchr(text + at, prefix[0], stop - at);
      step(m, (found == NULL ? stop - at : (uint32_t)(found - (text + at))) / 64 + 1);
      if (found == NULL) {
        at = stop;
        continue;
      }
      at = (uint32_t)(found - text);
      if (m->len - at >= p[RE_P_PREFIX] && memcmp(found, prefix, p[RE_P_PREFIX]) == 0) return at;
      at++;
    }
    return VMS__RE_UNSET;
  }
  if (p[RE_P_FILTER] == 0) return at;
  while (at <= last && at < m->len) {
    uint32_t from = at;
    stop = VMS__MIN(last - at, SCAN_MAX - 1) + at + 1;
    if (stop > m->len) stop = m->len;
    while (at < stop && !re_bit(p + RE_P_FIRST, text[at])) at++;
    step(m, (at - from) / BYTES_PER_STEP + 1);
    if (at < stop) {
      if (text[at] != 0xed || !is_unicode(m) || !inside_pair(m, at)) return at;
      at++;
    }
  }
  return VMS__RE_UNSET;
}

const uint32_t *vms__re_match(const vms__re_host *host, const void *program, vms_slice text, size_t at, bool sticky) {
  matcher m = { 0 };
  uint32_t start, end, next, i;
  assert(text.len < UINT32_MAX / 2 && at <= text.len);
  m.host = host;
  m.program = program;
  m.text = (const uint8_t *)text.data;
  m.len = (uint32_t)text.len;
  m.flags = m.program[RE_P_FLAGS];
  m.slots = 2 * m.program[RE_P_GROUPS] + m.program[RE_P_REGISTERS];
  m.left = BATCH;
  m.top = m.slots;
  m.capacity = (size_t)m.slots + 64 * ENTRY;
  m.work = host->grow(host->context, VMS__RE_WORK, m.capacity * sizeof(uint32_t));
  for (i = 0; i < m.slots; i++) m.work[i] = VMS__RE_UNSET;
  host->charge(host->context, 1 + m.slots / 16);
  start = (uint32_t)at;
  if (is_unicode(&m) && inside_pair(&m, start)) start -= 3;
  end = VMS__RE_UNSET;
  if (sticky) {
    end = run(&m, start);
  } else {
    while ((start = candidate(&m, start)) <= m.len) {
      end = run(&m, start);
      if (end != VMS__RE_UNSET || start == m.len) break;
      next = m.program[RE_P_SKIP] != 0 ? run_of(&m, m.program + m.program[RE_P_SKIP], start, RE_INFINITE, 0, &i) : start;
      if (next == start) (void)char_at(&m, start, &next);
      start = next;
    }
  }
  if (m.left < BATCH) charge(&m);
  if (end == VMS__RE_UNSET) return NULL;
  m.work[0] = start;
  m.work[1] = end;
  return m.work;
}

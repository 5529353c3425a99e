/* SPDX-License-Identifier: MIT */
/* Patterns: section 21.2.1 of the standard, and annex B.1.4 without the flag u. Text becomes a tree in the work area. */
#include "lib/sandbox/re_internal.h"

#include "lib/sandbox/unicode.h"

#define END 0xffffffffu /* no character */
#define SET 0xfffffffeu /* not one character but ranges that were gathered */

static bool has(const re_builder *b, uint32_t flag) { return (b->flags & flag) != 0; }
static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(uint32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool is_hex(uint32_t c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }
static bool is_syntax(uint32_t c) { return c != 0 && c < 0x80 && strchr("^$\\.*+?()[]{}|/", (int)c) != NULL; }

/* The byte there; 0 behind the end, or if half a character is still to be read. A NUL in the pattern means nothing special. */
static uint32_t peek(const re_builder *b, uint32_t ahead) {
  return b->pending == 0 && b->at + ahead < b->len ? b->text[b->at + ahead] : 0;
}
static bool take(re_builder *b, uint32_t c) {
  if (peek(b, 0) != c) return false;
  b->at++;
  return true;
}
static bool at_end(const re_builder *b) { return b->pending == 0 && b->at >= b->len; }

/* The next character: with the flag u a code point, else a code unit. */
static uint32_t next(re_builder *b) {
  uint32_t len, c = b->pending;
  if (c != 0) {
    b->pending = 0;
    return c;
  }
  if (b->at >= b->len) return END;
  if (has(b, VMS__RE_UNICODE)) {
    c = re_point(b->text + b->at, b->text + b->len, &len);
    b->at += len;
    return c;
  }
  c = re_unit(b->text + b->at, b->text + b->len, &len);
  b->at += len;
  if (c < 0x10000) return c;
  b->pending = 0xdc00 + (c & 0x3ff);
  return 0xd800 + ((c - 0x10000) >> 10);
}

/* --- nodes --------------------------------------------------------------------------------- */

static uint32_t node_new(re_builder *b, uint32_t type, uint32_t a) {
  uint32_t node = re_work_take(b, RE_NODE_WORDS);
  memset(re_at(b, node), 0, sizeof(re_node));
  re_at(b, node)->type = type;
  re_at(b, node)->a = a;
  re_at(b, node)->height = 1;
  return node;
}

static uint32_t add_len(uint32_t a, uint32_t b) { return a + b < 0x40000000u ? a + b : 0x40000000u; } /* neither is more */

static uint32_t char_node(re_builder *b, uint32_t c) {
  uint32_t node, mark = b->work_used;
  uint8_t bytes[6];
  bool surrogate = c >= 0xd800 && c <= 0xdfff;
  if (has(b, VMS__RE_UNICODE) && surrogate) { /* matches no half of a pair: to be read as a character */
    re_range(b, c, c);
    node = node_new(b, RE_T_SET, re_set_make(b, mark, false));
  } else if (has(b, VMS__RE_UNICODE) && has(b, VMS__RE_IGNORE_CASE) && c < 0x80 && strchr("kKsS", (int)c) != NULL && c != 0) {
    re_range(b, c, c); /* has a third case */
    node = node_new(b, RE_T_SET, re_set_make(b, mark, false));
  } else {
    node = node_new(b, RE_T_CHAR, c);
  }
  re_at(b, node)->len_min = has(b, VMS__RE_IGNORE_CASE) || re_at(b, node)->type == RE_T_SET ? 1 : re_encode(bytes, c);
  return node;
}

static uint32_t set_node(re_builder *b, uint32_t set) {
  uint32_t node = node_new(b, RE_T_SET, set);
  re_at(b, node)->len_min = 1;
  return node;
}

/* What was made of the text from `at` on is as high as its parts, and one more. */
static void set_height(re_builder *b, uint32_t node, uint32_t height, uint32_t at) {
  if (height >= RE_HEIGHT_MAX) re_fail(b, at, "nested too deeply");
  re_at(b, node)->height = height + 1;
}

static bool is_one(re_builder *b, uint32_t node) {
  const re_node *n = re_at(b, node);
  return n->type == RE_T_SET || (n->type == RE_T_CHAR && !re_is_fold(b, n->a));
}

/* One set of what a list of sets and characters matches. */
static uint32_t joined(re_builder *b, uint32_t first) {
  uint32_t mark = b->work_used, node, set;
  for (node = first; node != 0; node = re_at(b, node)->next)
    if (re_at(b, node)->type == RE_T_CHAR) re_range(b, re_at(b, node)->a, re_at(b, node)->a);
  set = re_set_make(b, mark, false);
  if (re_at(b, first)->next == 0) return set;
  re_ranges_set(b, set);
  for (node = first; node != 0; node = re_at(b, node)->next)
    if (re_at(b, node)->type == RE_T_SET) re_ranges_set(b, re_at(b, node)->a);
  return re_set_join(b, mark);
}

static uint32_t assertion_node(re_builder *b, uint32_t what) {
  uint32_t node = node_new(b, RE_T_ASSERTION, what);
  re_at(b, node)->empty = 1;
  return node;
}

/* --- names --------------------------------------------------------------------------------- */

static uint32_t hex_value(uint32_t c) { return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10; }

/* So many hexadecimal digits; END, and nothing read, if there are fewer. */
static uint32_t hex(re_builder *b, uint32_t count) {
  uint32_t value = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!is_hex(peek(b, i))) return END;
    value = value << 4 | hex_value(peek(b, i));
  }
  b->at += count;
  return value;
}

/* Behind \u, in the grammar of the flag u: a code point; END, and nothing read, if it is none. */
static uint32_t unicode_escape(re_builder *b) {
  uint32_t at = b->at, value = 0, low;
  if (peek(b, 0) != '{') {
    value = hex(b, 4);
    if (value == END || !re_is_high(value) || peek(b, 0) != '\\' || peek(b, 1) != 'u') return value;
    at = b->at;
    b->at += 2;
    low = hex(b, 4);
    if (low != END && re_is_low(low)) return re_join(value, low);
    b->at = at;
    return value;
  }
  b->at++;
  while (is_hex(peek(b, 0)) && value <= RE_CHAR_MAX) value = value << 4 | hex_value(b->text[b->at++]);
  if (b->at > at + 1 && value <= RE_CHAR_MAX && take(b, '}')) return value;
  b->at = at;
  return END;
}

/* A name up to its >, as a record on top of the work area. */
static uint32_t group_name(re_builder *b) {
  uint32_t opened = b->at, at, c, len, record = re_work_take(b, RE_N_TEXT + 1), total = 0, words;
  uint8_t bytes[6];
  while (!take(b, '>')) {
    at = b->at;
    if (at_end(b)) re_fail(b, opened, "a name without >");
    c = re_point(b->text + b->at, b->text + b->len, &len); /* whatever the flags say */
    b->at += len;
    if (c == '\\') c = take(b, 'u') ? unicode_escape(b) : END;
    if (c > RE_CHAR_MAX || !(c == '$' || c == '_' || vms__unicode_id_start(c) ||
                             (total > 0 && (c == 0x200c || c == 0x200d || vms__unicode_id_continue(c)))))
      re_fail(b, at, "invalid name");
    len = re_encode(bytes, c);
    words = RE_N_TEXT + 1 + (total + len) / 4;
    if (b->work_used - record < words) (void)re_work_take(b, words - (b->work_used - record));
    memcpy((uint8_t *)(b->work + record + RE_N_TEXT) + total, bytes, len);
    total += len;
  }
  if (total == 0) re_fail(b, opened, "a name is missing");
  b->work[record + RE_N_AT] = opened;
  b->work[record + RE_N_LEN] = total;
  return record;
}

/* How many groups there are, and whether any has a name: what \1 and \k mean depends on what follows. */
static void count_groups(re_builder *b) {
  uint32_t i;
  bool in_class = false;
  b->group_count = 1;
  for (i = 0; i < b->len; i++) {
    switch (b->text[i]) {
      case '\\': i++; break;
      case '[': in_class = true; break;
      case ']': in_class = false; break;
      case '(':
        if (in_class) break;
        if (i + 1 < b->len && b->text[i + 1] == '?') {
          if (i + 3 >= b->len || b->text[i + 2] != '<' || b->text[i + 3] == '=' || b->text[i + 3] == '!') break;
          b->has_names = true;
        }
        if (++b->group_count > RE_GROUPS_MAX) re_fail(b, i, "too many groups");
        break;
      default: break;
    }
  }
}

/* --- escapes ------------------------------------------------------------------------------- */

static void property(re_builder *b, bool negative, uint32_t at) {
  vms_slice name = { NULL, 0 }, value = { NULL, 0 };
  uint32_t start;
  if (!take(b, '{')) re_fail(b, at, "\\p without {");
  start = b->at;
  while (is_letter(peek(b, 0)) || is_digit(peek(b, 0)) || peek(b, 0) == '_') b->at++;
  name = (vms_slice){ (const char *)b->text + start, b->at - start };
  if (take(b, '=')) {
    start = b->at;
    while (is_letter(peek(b, 0)) || is_digit(peek(b, 0)) || peek(b, 0) == '_') b->at++;
    value = (vms_slice){ (const char *)b->text + start, b->at - start };
    if (value.len == 0) re_fail(b, at, "no such property of characters");
  }
  if (!take(b, '}') || name.len == 0) re_fail(b, at, "no such property of characters");
  re_ranges_property(b, name, value, negative, at);
}

static uint32_t octal(re_builder *b) { /* annex B: up to 0377 */
  uint32_t value = 0, i;
  for (i = 0; i < 3 && peek(b, 0) >= '0' && peek(b, 0) <= '7' && value * 8 < 256; i++) value = value * 8 + (b->text[b->at++] - '0');
  return value;
}

/* Behind a backslash, what is the same in a class and outside. Returns a character, or SET with ranges gathered. */
static uint32_t character_escape(re_builder *b, bool in_class) {
  static const char controls[] = "t\tn\nv\vf\fr\r";
  uint32_t at = b->at - 1, c = peek(b, 0), value, i;
  bool unicode = has(b, VMS__RE_UNICODE);
  if (at_end(b)) re_fail(b, at, "\\ at the end");
  for (i = 0; i + 1 < sizeof controls; i += 2)
    if (c == (uint8_t)controls[i]) return b->at++, (uint8_t)controls[i + 1];
  switch (c) {
    case 'd': case 'D': case 's': case 'S': case 'w': case 'W':
      b->at++;
      re_ranges_class(b, (char)c);
      return SET;
    case 'p': case 'P':
      if (!unicode) break;
      b->at++;
      property(b, c == 'P', at);
      return SET;
    case 'c':
      value = peek(b, 1);
      if (is_letter(value) || (!unicode && in_class && (is_digit(value) || value == '_'))) {
        b->at += 2;
        return value & 31;
      }
      if (unicode) re_fail(b, at, "\\c without a letter");
      return '\\'; /* and the c is read again */
    case 'x':
      b->at++;
      value = hex(b, 2);
      if (value == END && unicode) re_fail(b, at, "an escape that is not complete");
      return value == END ? 'x' : value;
    case 'u':
      b->at++;
      value = unicode ? unicode_escape(b) : hex(b, 4);
      if (value == END && unicode) re_fail(b, at, "an escape that is not complete");
      return value == END ? 'u' : value;
    case 'k':
      if (b->has_names) re_fail(b, at, "invalid escape");
      break;
    case '0':
      if (is_digit(peek(b, 1))) break;
      b->at++;
      return 0;
    default: break;
  }
  if (is_digit(c)) {
    if (unicode) re_fail(b, at, "invalid escape");
    if (c < '8') return octal(b);
  }
  if (unicode && !is_syntax(c) && !(in_class && c == '-')) re_fail(b, at, "invalid escape");
  return next(b);
}

/* --- classes ------------------------------------------------------------------------------- */

static uint32_t class_atom(re_builder *b) {
  uint32_t c;
  if (peek(b, 0) != '\\') return next(b);
  b->at++;
  c = peek(b, 0);
  if (c == 'b') return b->at++, '\b';
  return character_escape(b, true);
}

static uint32_t class(re_builder *b) {
  uint32_t opened = b->at++, mark = b->work_used, from, to, at, node, set;
  bool negative = take(b, '^');
  while (!take(b, ']')) {
    at = b->at;
    from = class_atom(b);
    if (from == END) re_fail(b, opened, "[ without ]");
    if (peek(b, 0) != '-' || b->at + 1 >= b->len || peek(b, 1) == ']') {
      if (from != SET) re_range(b, from, from);
      continue;
    }
    b->at++;
    to = class_atom(b);
    if (from == SET || to == SET) { /* annex B: the - is one more character */
      if (has(b, VMS__RE_UNICODE)) re_fail(b, at, "a set as the end of a range");
      if (from != SET) re_range(b, from, from);
      if (to != SET) re_range(b, to, to);
      re_range(b, '-', '-');
      continue;
    }
    if (from > to) re_fail(b, at, "range out of order");
    re_range(b, from, to);
  }
  set = re_set_make(b, mark, negative);
  node = set_node(b, set);
  return node;
}

/* --- terms --------------------------------------------------------------------------------- */

/* Digits, clamped. */
static uint32_t number(re_builder *b) {
  uint64_t value = 0;
  for (; is_digit(peek(b, 0)); b->at++) {
    value = value * 10 + (peek(b, 0) - '0');
    if (value >= RE_INFINITE) value = RE_INFINITE - 1;
  }
  return (uint32_t)value;
}

/* Whether the first number is the larger one, however many digits they have. */
static bool out_of_order(const re_builder *b, uint32_t first, uint32_t first_end, uint32_t second, uint32_t second_end) {
  while (first < first_end && b->text[first] == '0') first++;
  while (second < second_end && b->text[second] == '0') second++;
  if (first_end - first != second_end - second) return first_end - first > second_end - second;
  return memcmp(b->text + first, b->text + second, first_end - first) > 0;
}

/* {n} {n,} {n,m}; false, and nothing read, if it is none. */
static bool braces(re_builder *b, uint32_t *min, uint32_t *max) {
  uint32_t opened = b->at, first, first_end, second, second_end;
  if (!take(b, '{')) return false;
  first = b->at;
  *min = *max = number(b);
  first_end = second = second_end = b->at;
  if (first_end > first && take(b, ',')) {
    second = b->at;
    *max = number(b);
    second_end = b->at;
    if (second_end == second) *max = RE_INFINITE;
  }
  if (first_end == first || !take(b, '}')) {
    b->at = opened;
    return false;
  }
  if (second_end > second && out_of_order(b, first, first_end, second, second_end)) re_fail(b, opened, "numbers out of order");
  return true;
}

/* The atom with the quantifier that follows it, if one does. */
static uint32_t quantified(re_builder *b, uint32_t atom, uint32_t from, bool allowed) {
  uint32_t at = b->at, min = 0, max = RE_INFINITE, node;
  re_node *n;
  switch (peek(b, 0)) {
    case '*': b->at++; break;
    case '+': b->at++; min = 1; break;
    case '?': b->at++; max = 1; break;
    case '{':
      if (braces(b, &min, &max)) break;
      if (has(b, VMS__RE_UNICODE)) re_fail(b, at, "a { that is not complete");
      return atom;
    default: return atom;
  }
  if (!allowed) re_fail(b, at, "nothing to repeat");
  if (re_at(b, atom)->type == RE_T_CHAR && is_one(b, atom)) { /* so that the loop is one over a set */
    uint32_t set = joined(b, atom);
    re_at(b, atom)->type = RE_T_SET;
    re_at(b, atom)->a = set;
  }
  node = node_new(b, RE_T_REPEAT, atom);
  n = re_at(b, node);
  n->b = min;
  n->c = max;
  n->d = take(b, '?');
  n->from = from;
  n->to = b->group_next;
  n->empty = re_at(b, atom)->empty | (max == 0);
  n->len_min = (uint32_t)VMS__MIN((uint64_t)re_at(b, atom)->len_min * min, 0x40000000u);
  set_height(b, node, re_at(b, atom)->height, at);
  return node;
}

/* The name behind (?<, which becomes a record in the program. */
static void named(re_builder *b, uint32_t group) {
  uint32_t record = group_name(b), words = RE_N_TEXT + (b->work[record + RE_N_LEN] + 3) / 4, place = re_program_take(b, words);
  memcpy(b->program + place, b->work + record, words * sizeof(uint32_t));
  b->program[place + RE_N_GROUP] = group;
  b->program[place + RE_N_NEXT] = b->last_name;
  b->last_name = place;
  b->name_count++;
  b->work_used = record;
}

static uint32_t choice(re_builder *b);

static uint32_t group(re_builder *b) {
  uint32_t opened = b->at++, from = b->group_next, inside, node, flags = 0, group_of = 0;
  bool look = false;
  if (++b->depth > RE_DEPTH_MAX) re_fail(b, opened, "nested too deeply");
  if (!take(b, '?')) {
    group_of = b->group_next++;
  } else if (!take(b, ':')) {
    look = true;
    if (peek(b, 0) == '<' && (peek(b, 1) == '=' || peek(b, 1) == '!')) {
      flags = RE_BACK;
      b->at++;
    }
    if (take(b, '!')) {
      flags |= RE_NOT;
    } else if (!take(b, '=')) {
      if (!take(b, '<')) re_fail(b, opened, "invalid group");
      look = false;
      group_of = b->group_next++;
      named(b, group_of);
    }
  }
  inside = choice(b);
  if (!take(b, ')')) re_fail(b, opened, "( without )");
  b->depth--;
  if (!look && group_of == 0) return quantified(b, inside, from, true);
  node = node_new(b, look ? RE_T_LOOK : RE_T_GROUP, inside);
  re_at(b, node)->b = look ? flags : group_of;
  re_at(b, node)->len_min = look ? 0 : re_at(b, inside)->len_min;
  re_at(b, node)->empty = look ? 1 : re_at(b, inside)->empty;
  set_height(b, node, re_at(b, inside)->height, opened);
  return quantified(b, node, from, !look || (!has(b, VMS__RE_UNICODE) && (flags & RE_BACK) == 0));
}

/* Outside of classes. */
static uint32_t escape(re_builder *b, bool *repeatable) {
  uint32_t at = b->at++, c = peek(b, 0), value, node, mark = b->work_used;
  if (c == 'b' || c == 'B') {
    b->at++;
    *repeatable = false;
    return assertion_node(b, c == 'b' ? RE_WORD_EDGE : RE_NO_WORD_EDGE);
  }
  if (c >= '1' && c <= '9') {
    value = number(b);
    if (value < b->group_count) {
      b->has_references = true;
      return node_new(b, RE_T_REFERENCE, value);
    }
    if (has(b, VMS__RE_UNICODE)) re_fail(b, at, "a reference to a group that does not exist");
    b->at = at + 1;
  } else if (c == 'k' && (has(b, VMS__RE_UNICODE) || b->has_names)) {
    b->at++;
    if (!take(b, '<')) re_fail(b, at, "\\k without a name");
    value = group_name(b);
    node = node_new(b, RE_T_REFERENCE, 0);
    b->has_references = true;
    re_at(b, node)->b = value;
    re_at(b, node)->c = b->last_reference;
    return b->last_reference = node;
  } else if (c != 0 && strchr("dDsSwW", (int)c) != NULL) {
    b->at++;
    return set_node(b, re_set_shared(b, (char)c));
  }
  value = character_escape(b, false);
  if (value == SET) return set_node(b, re_set_make(b, mark, false));
  return char_node(b, value);
}

static uint32_t term(re_builder *b) {
  uint32_t at = b->at, c = peek(b, 0), from = b->group_next, min, max, atom;
  bool repeatable = true;
  switch (c) {
    case '^': b->at++; return assertion_node(b, has(b, VMS__RE_MULTILINE) ? RE_LINE_START : RE_START);
    case '$': b->at++; return assertion_node(b, has(b, VMS__RE_MULTILINE) ? RE_LINE_END : RE_END);
    case '(': return group(b);
    case '[': atom = class(b); break;
    case '.': b->at++; atom = set_node(b, re_set_shared(b, '.')); break;
    case '\\': atom = escape(b, &repeatable); break;
    case '*': case '+': case '?': re_fail(b, at, "nothing to repeat");
    case '{':
      if (has(b, VMS__RE_UNICODE) || braces(b, &min, &max)) re_fail(b, at, "nothing to repeat");
      atom = char_node(b, next(b));
      break;
    case ']': case '}':
      if (has(b, VMS__RE_UNICODE)) re_fail(b, at, c == ']' ? "] without [" : "} without {");
      atom = char_node(b, next(b));
      break;
    default: atom = char_node(b, next(b));
  }
  return repeatable ? quantified(b, atom, from, true) : atom;
}

static uint32_t sequence(re_builder *b) {
  uint32_t at = b->at, first = 0, last = 0, len_min = 0, empty = 1, height = 0, node;
  while (!at_end(b) && peek(b, 0) != '|' && peek(b, 0) != ')') {
    node = term(b);
    if (last == 0) first = node;
    else re_at(b, last)->next = node;
    last = node;
    len_min = add_len(len_min, re_at(b, node)->len_min);
    empty &= re_at(b, node)->empty;
    height = VMS__MAX(height, re_at(b, node)->height);
  }
  if (first != 0 && first == last) return first;
  node = node_new(b, first == 0 ? RE_T_EMPTY : RE_T_SEQUENCE, first);
  re_at(b, node)->len_min = len_min;
  re_at(b, node)->empty = empty;
  set_height(b, node, height, at);
  return node;
}

static uint32_t choice(re_builder *b) {
  uint32_t at = b->at, first = sequence(b), last = first, node, len_min = re_at(b, first)->len_min, empty = re_at(b, first)->empty, height = re_at(b, first)->height;
  bool ones = is_one(b, first);
  if (peek(b, 0) != '|') return first;
  while (take(b, '|')) {
    node = sequence(b);
    re_at(b, last)->next = node;
    last = node;
    len_min = VMS__MIN(len_min, re_at(b, node)->len_min);
    empty &= re_at(b, node)->empty;
    height = VMS__MAX(height, re_at(b, node)->height);
    ones &= is_one(b, node);
  }
  if (ones) return set_node(b, joined(b, first)); /* (a|b|\d) is [ab\d] */
  node = node_new(b, RE_T_CHOICE, first);
  re_at(b, node)->len_min = len_min;
  re_at(b, node)->empty = empty;
  set_height(b, node, height, at);
  return node;
}

/* --- names that are looked for ------------------------------------------------------------- */

static int compare(const uint32_t *a, const uint32_t *b) {
  int order = memcmp(a + RE_N_TEXT, b + RE_N_TEXT, VMS__MIN(a[RE_N_LEN], b[RE_N_LEN]));
  if (order != 0) return order;
  return a[RE_N_LEN] < b[RE_N_LEN] ? -1 : a[RE_N_LEN] > b[RE_N_LEN];
}

/* By name, then by place. */
static bool before(const re_builder *b, uint32_t left, uint32_t right) {
  int order = compare(b->program + left, b->program + right);
  return order < 0 || (order == 0 && left < right);
}

static void sift(const re_builder *b, uint32_t *names, uint32_t at, uint32_t count) {
  uint32_t name = names[at];
  for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && before(b, names[child], names[child + 1])) child++;
    if (!before(b, name, names[child])) break;
    names[at] = names[child];
  }
  names[at] = name;
}

/* Names and \k find each other: the table of names in the program, the numbers in the nodes. */
static void resolve(re_builder *b) {
  uint32_t count = b->name_count, mark = re_work_take(b, count), i, name, node, low, high, middle, wrong = UINT32_MAX, *names;
  b->program[RE_P_NAMES] = count;
  i = re_program_take(b, count);
  b->program[RE_P_TABLE] = i;
  names = b->work + mark;
  for (i = count, name = b->last_name; i-- > 0; name = b->program[name + RE_N_NEXT]) names[i] = b->program[b->program[RE_P_TABLE] + i] = name;
  b->host->charge(b->host->context, (uint64_t)count * 8);
  for (i = count / 2; i-- > 0;) sift(b, names, i, count);
  for (i = count; i-- > 1;) {
    name = names[i];
    names[i] = names[0];
    names[0] = name;
    sift(b, names, 0, i);
  }
  for (i = 1; i < count; i++)
    if (compare(b->program + names[i - 1], b->program + names[i]) == 0) wrong = VMS__MIN(wrong, b->program[names[i] + RE_N_AT]);
  if (wrong != UINT32_MAX) re_fail(b, wrong, "a second group of this name");
  for (node = b->last_reference; node != 0; node = re_at(b, node)->c) {
    const uint32_t *wanted = b->work + re_at(b, node)->b;
    for (low = 0, high = count; low < high;) {
      middle = (low + high) / 2;
      if (compare(b->program + names[middle], wanted) < 0) low = middle + 1;
      else high = middle;
    }
    if (low == count || compare(b->program + names[low], wanted) != 0) re_fail(b, wanted[RE_N_AT], "no group has this name");
    re_at(b, node)->a = b->program[names[low] + RE_N_GROUP];
  }
}

uint32_t re_parse(re_builder *b) {
  uint32_t tree;
  count_groups(b);
  b->group_next = 1;
  tree = choice(b);
  if (!at_end(b)) re_fail(b, b->at, ") without (");
  assert(b->group_next == b->group_count);
  b->program[RE_P_GROUPS] = b->group_count;
  resolve(b);
  return tree;
}

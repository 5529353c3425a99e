/* SPDX-License-Identifier: MIT */
/* Checks a regular expression literal when the contract is deployed: what is wrong, and what the engine would read otherwise
 * than the standard, is refused with its place. Stricter than the standard's annex B: a { or an escape without a meaning
 * of its own must be written as the grammar proper has it. */
#include "lib/sandbox/js_ast.h"

#define GROUPS_NESTED_MAX 100u
#define REPEAT_MAX 1000000u

typedef struct regexp {
  js *p;
  const char *text; /* NUL-terminated, as all atoms */
  uint32_t at, len, start, depth, groups, backreference_max, backreference_at;
} regexp;

static _Noreturn void wrong(const regexp *r, uint32_t at, const char *what) { js_error(r->p, r->start + at, "%s in a regular expression", what); }
static _Noreturn void not_yet(const regexp *r, uint32_t at, const char *what) {
  js_error(r->p, r->start + at, "%s in a regular expression is not supported yet", what);
}

static char peek(const regexp *r, uint32_t ahead) { return r->at + ahead < r->len ? r->text[r->at + ahead] : 0; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static uint32_t hex(regexp *r, unsigned count, uint32_t at) {
  uint32_t value = 0;
  for (; count > 0; count--, r->at++) {
    char c = peek(r, 0);
    if (!is_hex(c)) not_yet(r, at, "an escape that is not complete");
    value = value * 16 + (uint32_t)(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
  }
  return value;
}

/* What stands behind a backslash, for a class and outside of one: its code unit, or a set. */
#define SET UINT32_MAX

static uint32_t escape(regexp *r, bool in_class) {
  static const char controls[] = "t\tn\nv\vf\fr\r";
  uint32_t at = r->at - 1, i;
  char c = peek(r, 0);
  r->at++;
  if (memchr("dDsSwW", c, 6) != NULL && c != 0) return SET;
  if (in_class && c == 'b') return '\b';
  for (i = 0; i + 1 < sizeof controls; i += 2)
    if (c == controls[i]) return (uint32_t)controls[i + 1];
  if (c == 'x') return hex(r, 2, at);
  if (c == 'u') return hex(r, 4, at);
  if (c == 'c' && is_letter(peek(r, 0))) return (uint32_t)(r->text[r->at++] & 31);
  if (c == '0' && !is_digit(peek(r, 0))) return 0;
  if (is_digit(c) || is_letter(c) || c == '_') not_yet(r, at, "this escape");
  if ((uint8_t)c >= 0x80) not_yet(r, at, "an escaped character outside of ASCII");
  return (uint8_t)c;
}

static uint32_t class_part(regexp *r) {
  uint32_t first = (uint8_t)peek(r, 0), value;
  if (first < 0x80) {
    r->at++;
    return first == '\\' ? escape(r, true) : first;
  }
  value = first >= 0xf0 ? first & 7 : first >= 0xe0 ? first & 15 : first & 31;
  for (r->at++; ((uint8_t)peek(r, 0) & 0xc0) == 0x80; r->at++) value = value << 6 | ((uint8_t)peek(r, 0) & 63);
  return value;
}

static void class(regexp *r) {
  uint32_t opened = r->at++, at, from, to;
  if (peek(r, 0) == '^') r->at++;
  while (peek(r, 0) != ']') {
    if (r->at >= r->len) wrong(r, opened, "[ without ]");
    at = r->at;
    from = class_part(r);
    if (peek(r, 0) != '-' || peek(r, 1) == ']' || r->at + 1 >= r->len) {
      if (from != SET && from > 0xffff) not_yet(r, at, "a character above U+FFFF in a class");
      continue;
    }
    r->at++;
    to = class_part(r);
    if (from == SET || to == SET) not_yet(r, at, "a set as the end of a range");
    if (from > 0xffff || to > 0xffff) not_yet(r, at, "a character above U+FFFF in a class");
    if (from > to) wrong(r, at, "range out of order");
  }
  r->at++;
}

static uint32_t number(regexp *r) {
  uint32_t value = 0;
  for (; is_digit(peek(r, 0)); r->at++) {
    value = value * 10 + (uint32_t)(peek(r, 0) - '0');
    if (value > REPEAT_MAX) not_yet(r, r->at, "so large a number");
  }
  return value;
}

/* A quantifier, if there is one. Returns whether the term may match nothing with it. */
static bool quantifier(regexp *r, bool empty, bool assertion) {
  uint32_t at = r->at, low = 0, high = UINT32_MAX;
  switch (peek(r, 0)) {
    case '*': r->at++; break;
    case '+': r->at++; low = 1; break;
    case '?': r->at++; high = 1; break;
    case '{':
      r->at++;
      if (!is_digit(peek(r, 0))) not_yet(r, at, "a { that is not escaped");
      low = high = number(r);
      if (peek(r, 0) == ',') {
        r->at++;
        high = is_digit(peek(r, 0)) ? number(r) : UINT32_MAX;
      }
      if (peek(r, 0) != '}') not_yet(r, at, "a { that is not escaped");
      r->at++;
      if (low > high) wrong(r, at, "numbers out of order");
      break;
    default: return empty;
  }
  if (peek(r, 0) == '?') r->at++;
  if (assertion) not_yet(r, at, "a repeated assertion");
  if (empty) not_yet(r, at, "repeating what may match nothing");
  return low == 0;
}

static bool alternatives(regexp *r);

static bool group(regexp *r, bool *assertion) {
  uint32_t at = r->at++;
  bool empty;
  if (++r->depth > GROUPS_NESTED_MAX) wrong(r, at, "groups nested too deeply");
  if (peek(r, 0) == '?') {
    char c = peek(r, 1);
    if (c == '<') not_yet(r, at, "a named group or look-behind");
    if (c != ':' && c != '=' && c != '!') wrong(r, at, "invalid group");
    *assertion = c != ':';
    r->at += 2;
  } else {
    r->groups++;
  }
  empty = alternatives(r);
  if (peek(r, 0) != ')') wrong(r, at, "( without )");
  r->at++;
  r->depth--;
  return empty || *assertion;
}

static bool term(regexp *r) {
  uint32_t at = r->at;
  bool empty = false, assertion = false;
  char c = peek(r, 0);
  switch (c) {
    case '^': case '$': r->at++; empty = assertion = true; break;
    case '(': empty = group(r, &assertion); break;
    case '[': class(r); break;
    case '*': case '+': case '?': wrong(r, at, "nothing to repeat");
    case '{': not_yet(r, at, "a { that is not escaped");
    case '}': not_yet(r, at, "a } that is not escaped");
    case ']': not_yet(r, at, "a ] that is not escaped");
    case '\\':
      r->at++;
      c = peek(r, 0);
      if (c == 'b' || c == 'B') {
        r->at++;
        empty = assertion = true;
      } else if (c >= '1' && c <= '9') {
        uint32_t reference = number(r);
        if (reference > r->backreference_max) r->backreference_max = reference, r->backreference_at = at;
        empty = true; /* of a group that has not matched */
      } else {
        escape(r, false);
      }
      break;
    default: /* all bytes of a character */
      for (r->at++; ((uint8_t)peek(r, 0) & 0xc0) == 0x80; r->at++) {}
      if ((uint8_t)c >= 0xf0 && peek(r, 0) != 0 && memchr("*+?{", peek(r, 0), 4) != NULL) not_yet(r, at, "repeating a character above U+FFFF");
  }
  return quantifier(r, empty, assertion);
}

/* Everything up to the end or a ). Returns whether it may match nothing. */
static bool alternatives(regexp *r) {
  bool any_empty = false, empty = true;
  for (;;) {
    if (r->at >= r->len || peek(r, 0) == ')') return any_empty || empty;
    if (peek(r, 0) == '|') {
      any_empty |= empty;
      empty = true;
      r->at++;
    } else {
      empty &= term(r);
    }
  }
}

static void check_flags(js *p, const js_atom *flags, uint32_t at) {
  uint32_t i;
  for (i = 0; i < flags->len; i++)
    if (memchr("gimsuy", flags->text[i], 6) == NULL || memchr(flags->text, flags->text[i], i) != NULL)
      js_error(p, at + i, "invalid regular expression flags");
  for (i = 0; i < flags->len; i++)
    if (memchr("suy", flags->text[i], 3) != NULL)
      js_error(p, at + i, "the regular expression flag '%c' is not supported yet", flags->text[i]);
}

/* `start` is where the body starts, behind the slash. */
void js_check_regexp(js *p, const js_atom *body, const js_atom *flags, uint32_t start) {
  regexp r = { p, body->text, 0, body->len, start, 0, 0, 0, 0 };
  check_flags(p, flags, start + body->len + 1);
  alternatives(&r);
  if (r.at < r.len) wrong(&r, r.at, ") without (");
  if (r.backreference_max > r.groups) not_yet(&r, r.backreference_at, "a reference to a group that does not exist");
}

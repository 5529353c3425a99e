/* SPDX-License-Identifier: MIT */
/* Tokens. The parser asks again (js_regexp, js_template) where the grammar decides what a character is. */
#include "lib/sandbox/js_ast.h"

#include <stdio.h>

#include "lib/sandbox/unicode.h"

/* --- characters --------------------------------------------------------------------------- */

#define END_OF_TEXT UINT32_MAX

/* The character at `at` of valid UTF-8 and its length. */
static uint32_t decode(const js *p, uint32_t at, uint32_t *len) {
  const uint8_t *s = (const uint8_t *)p->text + at;
  *len = 0;
  if (at >= p->len) return END_OF_TEXT;
  if (s[0] < 0x80) return *len = 1, s[0];
  if (s[0] < 0xe0) return *len = 2, (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3fu);
  if (s[0] < 0xf0) return *len = 3, (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3fu);
  return *len = 4, (uint32_t)(s[0] & 7) << 18 | (uint32_t)(s[1] & 0x3f) << 12 | (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3fu);
}

static bool is_line_end(uint32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

static bool is_space(uint32_t c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == 0xa0 || c == 0xfeff || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

static bool is_letter(uint32_t c) {
  if (c < 0x80) return (c | 32) - 'a' < 26 || c == '$' || c == '_';
  return vms__unicode_id_start(c);
}

static bool is_name_part(uint32_t c) {
  if (c < 0x80) return is_letter(c) || is_digit(c);
  return vms__unicode_id_continue(c) || c == 0x200c || c == 0x200d;
}

static int hex_value(uint32_t c) {
  if (is_digit(c)) return (int)(c - '0');
  if ((c | 32) >= 'a' && (c | 32) <= 'f' && c < 0x80) return (int)((c | 32) - 'a' + 10);
  return -1;
}

bool js_text_is_name(const char *text, size_t len) {
  size_t i;
  for (i = 0; i < len; i++)
    if ((uint8_t)text[i] >= 0x80 || !is_name_part((uint8_t)text[i]) || (i == 0 && is_digit((uint8_t)text[i]))) return false;
  return len > 0;
}

/* A scratch text of at most `max` bytes, in the arena. A cooked text is never longer than its source
 * (\u{1} is five bytes of source for one). */
typedef struct cooked { char *text; uint32_t len; } cooked;

static void cook(cooked *c, uint32_t code) {
  char *t = c->text + c->len;
  if (code < 0x80) { t[0] = (char)code; c->len += 1; }
  else if (code < 0x800) { t[0] = (char)(0xc0 | code >> 6); t[1] = (char)(0x80 | (code & 0x3f)); c->len += 2; }
  else if (code < 0x10000) {
    t[0] = (char)(0xe0 | code >> 12); t[1] = (char)(0x80 | (code >> 6 & 0x3f)); t[2] = (char)(0x80 | (code & 0x3f));
    c->len += 3;
  } else {
    t[0] = (char)(0xf0 | code >> 18); t[1] = (char)(0x80 | (code >> 12 & 0x3f));
    t[2] = (char)(0x80 | (code >> 6 & 0x3f)); t[3] = (char)(0x80 | (code & 0x3f));
    c->len += 4;
  }
}

/* --- white space -------------------------------------------------------------------------- */

static void skip_space(js *p, js_token *t) {
  for (;;) {
    uint32_t len, c = decode(p, p->at, &len);
    if (is_line_end(c)) {
      p->at += len;
      if (c == '\r' && p->at < p->len && p->text[p->at] == '\n') p->at++;
      p->line++;
      t->newline = true;
    } else if (c != END_OF_TEXT && is_space(c)) {
      p->at += len;
    } else if (c == '/' && p->at + 1 < p->len && p->text[p->at + 1] == '/') {
      while (c = decode(p, p->at, &len), c != END_OF_TEXT && !is_line_end(c)) p->at += len;
    } else if (c == '/' && p->at + 1 < p->len && p->text[p->at + 1] == '*') {
      uint32_t start = p->at;
      p->at += 2;
      for (;;) {
        c = decode(p, p->at, &len);
        if (c == END_OF_TEXT) js_error(p, start, "unterminated comment");
        p->at += len;
        if (c == '*' && p->at < p->len && p->text[p->at] == '/') break;
        if (is_line_end(c)) {
          if (c == '\r' && p->at < p->len && p->text[p->at] == '\n') p->at++;
          p->line++;
          t->newline = true;
        }
      }
      p->at++;
    } else {
      return;
    }
  }
}

/* --- escapes ------------------------------------------------------------------------------ */

/* Reads XX, XXXX or {X...} behind \x or \u at *at. Returns END_OF_TEXT if it is none. */
static uint32_t read_escape(const js *p, uint32_t *at, bool unicode) {
  uint32_t value = 0, digits = 0, want = unicode ? 4 : 2;
  if (unicode && *at < p->len && p->text[*at] == '{') {
    uint32_t i = *at + 1;
    for (; i < p->len && hex_value((uint8_t)p->text[i]) >= 0; i++, digits++) {
      value = value * 16 + (uint32_t)hex_value((uint8_t)p->text[i]);
      if (value > 0x10ffff) return END_OF_TEXT;
    }
    if (digits == 0 || i >= p->len || p->text[i] != '}') return END_OF_TEXT;
    *at = i + 1;
    return value;
  }
  for (; digits < want; digits++) {
    int digit = *at + digits < p->len ? hex_value((uint8_t)p->text[*at + digits]) : -1;
    if (digit < 0) return END_OF_TEXT;
    value = value * 16 + (uint32_t)digit;
  }
  *at += want;
  return value;
}

/* --- names -------------------------------------------------------------------------------- */

static void scan_name(js *p, js_token *t) {
  uint32_t at = p->at, len, c, run = 0;
  cooked name = { NULL, 0 };
  while (at < p->len && (uint8_t)p->text[at] < 0x80 && is_name_part((uint8_t)p->text[at])) at++;
  c = decode(p, at, &len);
  if (c != '\\' && (c == END_OF_TEXT || c < 0x80 || !is_name_part(c))) { /* plain ASCII: the usual case */
    t->atom = js_intern(p, p->text + p->at, at - p->at);
  } else {
    uint32_t end = at;
    while (c = decode(p, end, &len), c == '\\' || (c != END_OF_TEXT && (is_name_part(c) || c == '{' || c == '}'))) end += len;
    name.text = js_alloc(p, end - p->at + 8);
    at = p->at;
    for (;;) {
      uint32_t here = at;
      c = decode(p, at, &len);
      if (c == '\\') {
        if (at + 1 >= p->len || p->text[at + 1] != 'u') js_error(p, at, "invalid escape in a name");
        at += 2;
        c = read_escape(p, &at, true);
        if (c == END_OF_TEXT || !(name.len == 0 ? is_letter(c) : is_name_part(c)))
          js_error(p, here, "invalid escape in a name");
        t->escaped = true;
      } else if (c != END_OF_TEXT && (name.len == 0 ? is_letter(c) : is_name_part(c))) {
        at += len;
      } else {
        break;
      }
      cook(&name, c);
    }
    t->atom = js_intern(p, name.text, name.len);
  }
  p->at = at;
  if (!t->atom->identifier) {
    uint32_t i;
    for (i = 0; i < t->atom->len; i++) {
      run = t->atom->text[i] == '$' ? run + 1 : 0;
      p->dollars = VMS__MAX(p->dollars, run);
    }
    t->atom->identifier = true;
  }
  t->keyword = t->escaped ? 0 : t->atom->keyword;
}

/* --- numbers ------------------------------------------------------------------------------ */

/* Reads digits of a base with single separators between them; returns how many. */
static uint32_t scan_digits(js *p, unsigned base) {
  uint32_t count = 0;
  while (p->at < p->len) {
    char c = p->text[p->at];
    int digit = hex_value((uint8_t)c);
    if (c == '_') {
      int after = p->at + 1 < p->len ? hex_value((uint8_t)p->text[p->at + 1]) : -1;
      if (count == 0 || p->text[p->at - 1] == '_' || after < 0 || after >= (int)base)
        js_error(p, p->at, "a numeric separator must stand between digits");
    } else if (digit < 0 || digit >= (int)base) {
      break;
    } else {
      count++;
    }
    p->at++;
  }
  return count;
}

static void scan_number(js *p, js_token *t) {
  uint32_t start = p->at, len, c, i, end;
  char first = p->text[p->at], second = p->at + 1 < p->len ? p->text[p->at + 1] : 0;
  cooked text = { NULL, 0 };
  bool integer = true;
  if (first == '0' && ((second | 32) == 'x' || (second | 32) == 'o' || (second | 32) == 'b')) {
    p->at += 2;
    if (scan_digits(p, (second | 32) == 'x' ? 16 : (second | 32) == 'o' ? 8 : 2) == 0) js_error(p, start, "a number without digits");
  } else {
    if (first == '0' && (is_digit((uint8_t)second) || second == '_'))
      js_error(p, start, second == '_' ? "a numeric separator cannot follow a leading 0" : "numbers with a leading 0 are not allowed in strict code");
    scan_digits(p, 10);
    if (p->at < p->len && p->text[p->at] == '.') {
      p->at++;
      integer = false;
      if (p->at < p->len && p->text[p->at] == '_') js_error(p, p->at, "a numeric separator must stand between digits");
      scan_digits(p, 10);
    }
    if (p->at < p->len && (p->text[p->at] | 32) == 'e') {
      p->at++;
      integer = false;
      if (p->at < p->len && (p->text[p->at] == '+' || p->text[p->at] == '-')) p->at++;
      if (scan_digits(p, 10) == 0) js_error(p, start, "a number without digits in its exponent");
    }
  }
  end = p->at;
  if (integer && p->at < p->len && p->text[p->at] == 'n') t->big = true, p->at++;
  c = decode(p, p->at, &len);
  if (c != END_OF_TEXT && (c == '\\' || is_name_part(c))) js_error(p, p->at, "a name or digit directly after a number");
  text.text = js_alloc(p, end - start + 1);
  for (i = start; i < end; i++)
    if (p->text[i] != '_') text.text[text.len++] = p->text[i];
  t->type = T_NUMBER;
  t->atom = js_intern(p, text.text, text.len);
}

/* The decimal text of a BigInt literal: what a property with such a key is called. */
js_atom *js_big_text(js *p, const js_atom *digits) {
  enum { PARTS_MAX = 512 }; /* of nine decimal digits each: a longer key serves nobody, and takes quadratic time */
  uint32_t parts[PARTS_MAX], count = 1, i, k;
  unsigned base = digits->len < 2 || is_digit((uint8_t)digits->text[1]) ? 10 : (digits->text[1] | 32) == 'x' ? 16 : (digits->text[1] | 32) == 'o' ? 8 : 2;
  char *text;
  if (base == 10) return (js_atom *)js_intern(p, digits->text, digits->len);
  parts[0] = 0;
  for (i = 2; i < digits->len; i++) {
    uint64_t carry = (uint64_t)hex_value((uint8_t)digits->text[i]);
    for (k = 0; k < count; k++) {
      carry += (uint64_t)parts[k] * base;
      parts[k] = (uint32_t)(carry % 1000000000u);
      carry /= 1000000000u;
    }
    if (carry == 0) continue;
    if (count == PARTS_MAX) js_error(p, p->tok.start, "a BigInt as a key is too long");
    parts[count++] = (uint32_t)carry;
  }
  text = js_alloc(p, (size_t)count * 9 + 2);
  for (k = (uint32_t)snprintf(text, 11, "%u", (unsigned)parts[count - 1]), i = count - 1; i-- > 0; k += 9)
    (void)snprintf(text + k, 10, "%09u", (unsigned)parts[i]);
  return js_intern(p, text, k);
}

/* --- strings and templates ---------------------------------------------------------------- */

static void bad_escape(js_token *t, uint32_t at, bool octal) {
  if (octal) t->octal = true;
  else t->bad_escape = true;
  if (t->bad_at == JS_NONE) t->bad_at = at;
}

/* One escape behind the backslash at p->at - 1; adds what it stands for. */
static void scan_escape(js *p, js_token *t, cooked *out) {
  uint32_t len, start = p->at - 1, c = decode(p, p->at, &len), code;
  static const char from[] = "nrtbvf", to[] = "\n\r\t\b\v\f";
  const char *simple;
  t->escaped = true;
  if (c == END_OF_TEXT) return; /* the caller finds the end */
  p->at += len;
  if (is_line_end(c)) {
    if (c == '\r' && p->at < p->len && p->text[p->at] == '\n') p->at++;
    p->line++;
    return;
  }
  simple = c < 0x80 && c != 0 ? strchr(from, (int)c) : NULL;
  if (simple != NULL) { cook(out, (uint8_t)to[simple - from]); return; }
  if (c == 'x' || c == 'u') {
    code = read_escape(p, &p->at, c == 'u');
    if (code == END_OF_TEXT) { bad_escape(t, start, false); return; }
    /* \ud83d\ude00 is one character: joined here, so that names and strings compare alike */
    if (code >= 0xd800 && code < 0xdc00 && p->at + 1 < p->len && p->text[p->at] == '\\' && p->text[p->at + 1] == 'u') {
      uint32_t after = p->at + 2, low = read_escape(p, &after, true);
      if (low != END_OF_TEXT && low >= 0xdc00 && low < 0xe000) {
        p->at = after;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    cook(out, code);
    return;
  }
  if (is_digit(c)) {
    if (c == '0' && !(p->at < p->len && is_digit((uint8_t)p->text[p->at]))) { cook(out, 0); return; }
    bad_escape(t, start, true);
    return;
  }
  cook(out, c);
}

static void scan_string(js *p, js_token *t) {
  uint32_t start = p->at, end = start + 1, len, c;
  char quote = p->text[start];
  cooked out = { NULL, 0 };
  while (end < p->len && p->text[end] != quote && p->text[end] != '\\' && p->text[end] != '\n' && p->text[end] != '\r') end++;
  t->type = T_STRING;
  if (end < p->len && p->text[end] == quote) { /* no escapes: the usual case */
    t->atom = js_intern(p, p->text + start + 1, end - start - 1);
    p->at = end + 1;
    return;
  }
  while (end < p->len && p->text[end] != quote && p->text[end] != '\n' && p->text[end] != '\r')
    end += p->text[end] == '\\' ? (end + 2 < p->len && p->text[end + 1] == '\r' && p->text[end + 2] == '\n' ? 3 : 2) : 1;
  if (end >= p->len) js_error(p, start, "unterminated string");
  out.text = js_alloc(p, end - start + 8);
  p->at = start + 1;
  for (;;) {
    c = decode(p, p->at, &len);
    if (c == END_OF_TEXT || c == '\n' || c == '\r') js_error(p, start, "unterminated string");
    p->at += len;
    if (c == (uint8_t)quote) break;
    if (c == '\\') scan_escape(p, t, &out);
    else cook(&out, c);
  }
  if (t->bad_escape || t->octal)
    js_error(p, t->bad_at, t->octal ? "octal escapes are not allowed in strict code" : "invalid escape in a string");
  t->atom = js_intern(p, out.text, out.len);
}

/* A template part, from behind ` or } up to ${ or `. */
static void scan_template(js *p, js_token *t) {
  uint32_t start = p->at, end, len, c;
  cooked out = { NULL, 0 }, raw = { NULL, 0 };
  for (end = start; end < p->len && p->text[end] != '`' && !(p->text[end] == '$' && end + 1 < p->len && p->text[end + 1] == '{'); end++)
    if (p->text[end] == '\\') end++;
  if (end >= p->len) js_error(p, t->start, "unterminated template");
  out.text = js_alloc(p, end - start + 8);
  raw.text = js_alloc(p, end - start + 8);
  while (p->at < end) {
    uint32_t from = p->at;
    c = decode(p, p->at, &len);
    p->at += len;
    if (c == '\\') {
      scan_escape(p, t, &out);
      for (; from < p->at; from++) { /* raw: as written, but \r\n and \r are \n */
        if (p->text[from] != '\r') raw.text[raw.len++] = p->text[from];
        else if (from + 1 >= p->at || p->text[from + 1] != '\n') raw.text[raw.len++] = '\n';
      }
      continue;
    }
    if (is_line_end(c)) {
      if (c == '\r' && p->at < end && p->text[p->at] == '\n') p->at++;
      if (c == '\r') c = '\n';
      p->line++;
    }
    cook(&out, c);
    cook(&raw, c);
  }
  t->type = T_TEMPLATE;
  t->tail = p->text[p->at] == '`';
  p->at += t->tail ? 1 : 2;
  if (t->octal) t->bad_escape = true;
  t->atom = js_intern(p, out.text, out.len);
  t->raw = js_intern(p, raw.text, raw.len);
}

/* --- punctuators -------------------------------------------------------------------------- */

static const char *const token_texts[T_COUNT] = {
  "the end of the program", "a name", "a private name", "a number", "a string", "a template", "a regular expression",
  "{", "}", "(", ")", "[", "]", ".", "...", ";", ",", ":", "?", "?.", "=>", "~", "!", "++", "--",
  "??", "||", "&&", "|", "^", "&", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "<<", ">>", ">>>", "+", "-", "*", "/", "%", "**",
  "=", ("?" "?="), "||=", "&&=", "|=", "^=", "&=", "<<=", ">>=", ">>>=", "+=", "-=", "*=", "/=", "%=", "**=",
  "in", "instanceof", "typeof", "void", "delete"
};

const char *js_token_text(js *p, const js_token *token) {
  if (token->type == T_NAME) return js_format(p, "'%.*s'", js_shown(token->atom), token->atom->text);
  if (token->type == T_EOF || (token->type >= T_PRIVATE && token->type <= T_REGEXP)) return token_texts[token->type];
  return js_format(p, "'%s'", token_texts[token->type]);
}

/* The longest punctuator at p->at, at most four characters. */
static void scan_punctuator(js *p, js_token *t) {
  uint32_t best = 0, left = p->len - p->at, i;
  for (i = T_LBRACE; i <= T_A_POW; i++) {
    uint32_t len;
    if (token_texts[i][0] != p->text[p->at]) continue;
    len = (uint32_t)strlen(token_texts[i]);
    if (len > best && len <= left && memcmp(token_texts[i], p->text + p->at, len) == 0) {
      best = len;
      t->type = (uint8_t)i;
    }
  }
  if (t->type == T_CHAIN && left > 2 && is_digit((uint8_t)p->text[p->at + 2])) { /* a?.5:b */
    t->type = T_QUESTION;
    best = 1;
  }
  if (best == 0) {
    uint32_t len, c = decode(p, p->at, &len);
    if (c >= 0x20 && c < 0x7f) js_error(p, p->at, "unexpected character '%c'", (int)c);
    js_error(p, p->at, "unexpected character U+%04X", (unsigned)c);
  }
  p->at += best;
}

/* --- public ------------------------------------------------------------------------------- */

static void scan(js *p, js_token *t) {
  uint32_t len, c;
  memset(t, 0, sizeof *t);
  t->bad_at = JS_NONE;
  skip_space(p, t);
  t->start = p->at;
  t->line = p->line;
  c = decode(p, p->at, &len);
  if (c == END_OF_TEXT) {
    t->type = T_EOF;
  } else if (is_letter(c) || c == '\\') {
    t->type = T_NAME;
    scan_name(p, t);
  } else if (is_digit(c) || (c == '.' && p->at + 1 < p->len && is_digit((uint8_t)p->text[p->at + 1]))) {
    scan_number(p, t);
  } else if (c == '"' || c == '\'') {
    scan_string(p, t);
  } else if (c == '`') {
    p->at++;
    scan_template(p, t);
  } else if (c == '#') {
    uint32_t after;
    p->at++;
    c = decode(p, p->at, &after);
    if (c == END_OF_TEXT || (c != '\\' && !is_letter(c))) js_error(p, t->start, "unexpected character '#'");
    t->type = T_PRIVATE;
    scan_name(p, t);
    t->keyword = 0;
  } else {
    scan_punctuator(p, t);
  }
  t->end = p->at;
}

void js_next(js *p) {
  p->last_end = p->tok.end;
  p->last_line = p->line;
  scan(p, &p->tok);
}

js_token js_peek(js *p) {
  js_token token;
  uint32_t at = p->at, line = p->line;
  scan(p, &token);
  p->at = at;
  p->line = line;
  return token;
}

void js_template(js *p) {
  js_token *t = &p->tok;
  assert(t->type == T_RBRACE);
  p->at = t->end;
  p->line = t->line;
  t->escaped = t->octal = t->bad_escape = false;
  t->bad_at = JS_NONE;
  scan_template(p, t);
  t->end = p->at;
}

void js_regexp(js *p) {
  js_token *t = &p->tok;
  uint32_t at = t->start + 1, len, c;
  bool in_class = false;
  assert(t->type == T_DIV || t->type == T_A_DIV);
  for (;; at += len) {
    c = decode(p, at, &len);
    if (c == END_OF_TEXT || is_line_end(c)) js_error(p, t->start, "unterminated regular expression");
    if (c == '\\') {
      at += len;
      c = decode(p, at, &len);
      if (c == END_OF_TEXT || is_line_end(c)) js_error(p, t->start, "unterminated regular expression");
    } else if (c == '[') {
      in_class = true;
    } else if (c == ']') {
      in_class = false;
    } else if (c == '/' && !in_class) {
      break;
    }
  }
  t->type = T_REGEXP;
  t->raw = js_intern(p, p->text + t->start + 1, at - t->start - 1);
  p->at = ++at;
  while (c = decode(p, p->at, &len), c != END_OF_TEXT && is_name_part(c)) p->at += len;
  if (c == '\\') js_error(p, p->at, "invalid regular expression flags");
  t->atom = js_intern(p, p->text + at, p->at - at);
  t->end = p->at;
}

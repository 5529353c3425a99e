/* SPDX-License-Identifier: MIT */
/* Memory, names, errors and the door of the JavaScript front end. */
#include "lib/sandbox/js_ast.h"

#include <stdio.h>

#define BLOCK_LEN ((size_t)256 << 10)

/* --- errors ------------------------------------------------------------------------------- */

void js_error(js *p, uint32_t at, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(p->message, sizeof p->message, format, arguments);
  va_end(arguments);
  p->status = VMS_ERR_SYNTAX;
  p->error_at = at;
  longjmp(p->escape, 1);
}

void js_no_memory(js *p) {
  p->status = VMS_ERR_NOMEM;
  longjmp(p->escape, 1);
}

void js_unsupported(js *p, uint32_t at, const char *what) { js_error(p, at, "%s not supported yet", what); }

/* --- memory ------------------------------------------------------------------------------- */

void *js_alloc(js *p, size_t len) {
  void *memory;
  len = (len + 15) & ~(size_t)15; /* cannot wrap: callers ask for less than the source's length times eight */
  if ((size_t)(p->arena_end - p->arena_at) < len) {
    size_t block_len = sizeof(js_arena_block) + 16 + VMS__MAX(len, BLOCK_LEN);
    js_arena_block *block;
    if (block_len > JS_ARENA_MAX - p->arena_len) js_error(p, p->tok.start, "the program is too large");
    block = vms__alloc(p->env, block_len);
    if (block == NULL) js_no_memory(p);
    block->next = p->blocks;
    block->len = block_len;
    p->blocks = block;
    p->arena_len += block_len;
    p->arena_at = (char *)(block + 1);
    p->arena_end = (char *)block + block_len;
  }
  memory = p->arena_at;
  p->arena_at += len;
  return memory;
}

const char *js_format(js *p, const char *format, ...) {
  char *text;
  va_list arguments;
  int len;
  va_start(arguments, format);
  len = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (len < 0) js_no_memory(p);
  text = js_alloc(p, (size_t)len + 1);
  va_start(arguments, format);
  (void)vsnprintf(text, (size_t)len + 1, format, arguments);
  va_end(arguments);
  return text;
}

/* --- names -------------------------------------------------------------------------------- */

static uint32_t hash_of(const char *text, size_t len) {
  uint32_t hash = 2166136261u;
  size_t i;
  for (i = 0; i < len; i++) hash = (hash ^ (uint8_t)text[i]) * 16777619u;
  return hash;
}

static void atoms_grow(js *p) {
  size_t buckets = p->atom_buckets == 0 ? 1024 : p->atom_buckets * 4, i;
  js_atom **table = js_alloc(p, buckets * sizeof *table);
  for (i = 0; i < p->atom_buckets; i++)
    while (p->atoms[i] != NULL) {
      js_atom *atom = p->atoms[i];
      p->atoms[i] = atom->next;
      atom->next = table[atom->hash & (buckets - 1)];
      table[atom->hash & (buckets - 1)] = atom;
    }
  p->atoms = table;
  p->atom_buckets = buckets;
}

js_atom *js_intern(js *p, const char *text, size_t len) {
  uint32_t hash = hash_of(text, len);
  js_atom *atom;
  char *copy;
  if (p->atom_count >= p->atom_buckets) atoms_grow(p);
  for (atom = p->atoms[hash & (p->atom_buckets - 1)]; atom != NULL; atom = atom->next)
    if (atom->hash == hash && atom->len == len && (len == 0 || memcmp(atom->text, text, len) == 0)) return atom;
  atom = js_alloc(p, sizeof *atom);
  copy = js_alloc(p, len + 1);
  if (len > 0) memcpy(copy, text, len);
  atom->text = copy;
  atom->len = (uint32_t)len;
  atom->hash = hash;
  atom->next = p->atoms[hash & (p->atom_buckets - 1)];
  p->atoms[hash & (p->atom_buckets - 1)] = atom;
  p->atom_count++;
  return atom;
}

/* At most 60, and no half character. */
int js_shown(const js_atom *atom) {
  uint32_t len = VMS__MIN(atom->len, 60u);
  while (len > 0 && len < atom->len && ((uint8_t)atom->text[len] & 0xc0) == 0x80) len--;
  return (int)len;
}

static void intern_words(js *p) {
  static const char *const words[K_COUNT] = {
    "", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else",
    "enum", "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "new",
    "null", "return", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
    "yield", "implements", "interface", "let", "package", "private", "protected", "public", "static",
    "async", "of", "get", "set", "eval", "arguments", "target", "meta", "constructor", "prototype", "__proto__",
    "use strict", "$vms"
  };
  unsigned i;
  for (i = 1; i < K_COUNT; i++) {
    p->words[i] = js_intern(p, words[i], strlen(words[i]));
    p->words[i]->keyword = (uint8_t)i;
  }
}

/* --- the door ----------------------------------------------------------------------------- */

/* Length of the line break at `at`, 0 if there is none. */
static uint32_t line_break(vms_slice source, size_t at) {
  const uint8_t *s = (const uint8_t *)source.data;
  if (s[at] == '\n') return 1;
  if (s[at] == '\r') return at + 1 < source.len && s[at + 1] == '\n' ? 2 : 1;
  return at + 2 < source.len && s[at] == 0xe2 && s[at + 1] == 0x80 && (s[at + 2] == 0xa8 || s[at + 2] == 0xa9) ? 3 : 0;
}

size_t vms__js_place(vms_slice source, size_t at, size_t *line, size_t *column) {
  size_t start = 0, i = 0;
  *line = *column = 1;
  at = VMS__MIN(at, source.len);
  while (i < at) {
    uint32_t len = line_break(source, i);
    if (len > 0 && i + len > at) break; /* inside a line break: still the line it ends */
    i += len > 0 ? len : 1;
    if (len > 0) *line += 1, start = i;
  }
  for (i = start; i < at; i++) *column += ((uint8_t)source.data[i] & 0xc0) != 0x80;
  return start;
}

/* Fills in where `at` is and writes the diagnostic. */
static int report(vms_slice source, size_t at, const char *message, vms_buffer *diagnostic, vms_error *error) {
  size_t line, column, start = vms__js_place(source, at, &line, &column), end = start, i;
  while (end < source.len && line_break(source, end) == 0) end++;
  if (diagnostic != NULL) {
    size_t shown = VMS__MIN(end - start, (size_t)200);
    int failed = vms__buf_format(diagnostic, "contract.js:%zu:%zu: SyntaxError: %s\n", line, column, message);
    while (shown > 0 && start + shown < end && ((uint8_t)source.data[start + shown] & 0xc0) == 0x80) shown--;
    if (vms__utf8_valid(source.data + start, shown) && memchr(source.data + start, 0, shown) == NULL)
      failed |= shown == 0 ? 0 : vms_buffer_append(diagnostic, source.data + start, shown);
    failed |= vms__buf_byte(diagnostic, '\n');
    for (i = 1; i < column && i <= shown; i++) failed |= vms__buf_byte(diagnostic, ' ');
    failed |= vms__buf_byte(diagnostic, '^');
    if (failed) return vms__fail(error, VMS_ERR_NOMEM, line, "out of memory for a diagnostic");
  }
  return vms__fail(error, VMS_ERR_SYNTAX, line, "contract.js:%zu:%zu: SyntaxError: %s", line, column, message);
}

/* Where UTF-8 stops being valid: the longest valid prefix, found by halving. */
static size_t valid_prefix(vms_slice source) {
  const uint8_t *s = (const uint8_t *)source.data;
  size_t i = 0;
  while (i < source.len) {
    size_t len = s[i] < 0x80 ? 1 : s[i] < 0xe0 ? 2 : s[i] < 0xf0 ? 3 : 4;
    if (len > source.len - i || !vms__utf8_valid(source.data + i, len)) return i;
    i += len;
  }
  return i;
}

/* The part that js_error leaves: apart, so that no local of the caller can be clobbered. */
static int run(js *p) {
  if (setjmp(p->escape) != 0) return p->status;
  intern_words(p);
  js_lower_program(p, js_parse_program(p));
  return p->status;
}

int vms__js_lower(vms_slice source, const vms_env *env, vms_buffer *lowered, vms_buffer *diagnostic, vms_error *error) {
  return vms__js_lower_mapped(source, env, lowered, NULL, diagnostic, error);
}

int vms__js_lower_mapped(vms_slice source, const vms_env *env, vms_buffer *lowered, vms__js_map *map, vms_buffer *diagnostic,
                         vms_error *error) {
  js *p;
  int status;
  if (source.len > VMS__JS_SOURCE_LEN_MAX)
    return report((vms_slice){ "", 0 }, 0, "the program is longer than 4 MiB", diagnostic, error);
  if (source.len > 0 && !vms__utf8_valid(source.data, source.len))
    return report(source, valid_prefix(source), "the program is not valid UTF-8", diagnostic, error);
  p = vms__alloc(env, sizeof *p);
  if (p == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a parser");
  p->env = env;
  p->map = map;
  p->text = source.data == NULL ? "" : source.data;
  p->len = (uint32_t)source.len;
  p->line = 1;
  p->cover = JS_NONE;
  vms_buffer_init(&p->out, env);
  for (int i = 0; i < 2; i++) vms_buffer_init(&p->regexp[i], env);
  status = run(p);
  if (status == VMS_OK && vms_buffer_append(lowered, p->out.data, p->out.len) != VMS_OK) status = VMS_ERR_NOMEM;
  if (status == VMS_ERR_SYNTAX) status = report(source, p->error_at, p->message, diagnostic, error);
  else if (status != VMS_OK) vms__fail(error, status, 0, "out of memory for a program of %zu bytes", source.len);
  vms_buffer_free(&p->out);
  for (int i = 0; i < 2; i++) vms_buffer_free(&p->regexp[i]);
  while (p->blocks != NULL) {
    js_arena_block *block = p->blocks;
    p->blocks = block->next;
    vms__free(env, block, block->len);
  }
  vms__free(env, p, sizeof *p);
  return status;
}

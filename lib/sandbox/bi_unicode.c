/* SPDX-License-Identifier: MIT */
/* What String does by the tables of Unicode: case conversion and normal forms. No language and no locale counts. */
#include "lib/sandbox/builtins.h"
#include "lib/sandbox/unicode.h"

/* --- text -------------------------------------------------------------------------------------- */

#define HIGH(c) ((c) >> 10 == 0xd800 >> 10)
#define LOW(c) ((c) >> 10 == 0xdc00 >> 10)

/* One code unit of CESU-8, at p < end. What is none is taken as U+FFFD, byte by byte. */
static uint32_t next_unit(const uint8_t **at, const uint8_t *end) {
  const uint8_t *p = *at;
  if (p[0] < 0x80) return *at = p + 1, p[0];
  if (p[0] >= 0xc2 && p[0] < 0xe0 && end - p >= 2) return *at = p + 2, (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
  if (p[0] >= 0xe0 && p[0] < 0xf0 && end - p >= 3)
    return *at = p + 3, (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
  return *at = p + 1, 0xfffd;
}

/* One character: two surrogates that belong together are one. */
static uint32_t next_character(const uint8_t **at, const uint8_t *end) {
  uint32_t c = next_unit(at, end);
  if (HIGH(c) && *at < end) {
    const uint8_t *look = *at;
    uint32_t low = next_unit(&look, end);
    if (LOW(low)) {
      *at = look;
      return 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
    }
  }
  return c;
}

#define UNIT_MAX 3u
#define CHARACTER_MAX (2 * UNIT_MAX)

static uint8_t *put_character(uint8_t *out, uint32_t c) {
  if (c < 0x80) {
    *out++ = (uint8_t)c;
    return out;
  }
  if (c >= 0x10000) {
    out = put_character(out, 0xd800 + ((c - 0x10000) >> 10));
    c = 0xdc00 + (c & 0x3ff);
  }
  if (c < 0x800) {
    *out++ = (uint8_t)(0xc0 | c >> 6);
  } else {
    *out++ = (uint8_t)(0xe0 | c >> 12);
    *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
  }
  *out++ = (uint8_t)(0x80 | (c & 0x3f));
  return out;
}

/* How many bytes in front are below `limit`, which is at least 0x80. */
static size_t plain_len(const uint8_t *text, size_t len, uint8_t limit) {
  size_t i = 0;
  for (uint64_t eight; i + 8 <= len; i += 8) {
    memcpy(&eight, text + i, 8);
    if (eight & UINT64_C(0x8080808080808080)) break;
  }
  while (i < len && text[i] < limit) i++;
  return i;
}

/* A buffer on the value stack that grows. */
typedef struct output {
  duk_context *duk;
  duk_idx_t at;
  uint8_t *data;
  size_t len, capacity;
} output;

static void output_init(output *out, duk_context *duk, size_t capacity) {
  duk_idx_t at = duk_get_top(duk); /* not in the list, which has no order */
  *out = (output){ duk, at, duk_push_dynamic_buffer(duk, capacity), 0, capacity };
}

static inline void output_reserve(output *out, size_t more) {
  if (out->capacity - out->len >= more) return;
  out->capacity += out->capacity / 2 + more; /* no wrap: memory_max ends it long before */
  out->data = duk_resize_buffer(out->duk, out->at, out->capacity);
}

static inline void output_put(output *out, uint32_t c) {
  output_reserve(out, CHARACTER_MAX);
  out->len = (size_t)(put_character(out->data + out->len, c) - out->data);
}

/* --- case -------------------------------------------------------------------------------------- */

/* The character that ends at *at, above start. */
static uint32_t previous_unit(const uint8_t **at, const uint8_t *start) {
  const uint8_t *p = *at - 1, *end = *at;
  while (p > start && end - p < (ptrdiff_t)UNIT_MAX && (*p & 0xc0) == 0x80) p--;
  *at = p;
  return next_unit(&p, end);
}

static uint32_t previous_character(const uint8_t **at, const uint8_t *start) {
  uint32_t c = previous_unit(at, start);
  if (LOW(c) && *at > start) {
    const uint8_t *look = *at;
    uint32_t high = previous_unit(&look, start);
    if (HIGH(high)) {
      *at = look;
      return 0x10000 + ((high & 0x3ff) << 10) + (c & 0x3ff);
    }
  }
  return c;
}

/* Whether a sigma between both ends a word: a cased letter comes before it, none behind it; signs that a word may hold are
 * passed over. No sign lies between a sigma and more than one other, so that all this looking about is no more than the text. */
static bool ends_word(vms__meter *meter, const uint8_t *start, const uint8_t *before, const uint8_t *behind, const uint8_t *end) {
  uint32_t c = 0;
  bool cased;
  do {
    vms__charge(meter, 1);
    if (before == start) return false;
    c = previous_character(&before, start);
  } while (vms__unicode_case_ignorable(c));
  cased = vms__unicode_cased(c);
  while (cased && behind < end) {
    vms__charge(meter, 1);
    c = next_character(&behind, end);
    if (!vms__unicode_case_ignorable(c)) return !vms__unicode_cased(c);
  }
  return cased;
}

void vms__convert_case(duk_context *duk, int upper) {
  vms__meter *meter = &vms__of(duk)->meter;
  duk_size_t len;
  const uint8_t *text = (const uint8_t *)duk_require_lstring(duk, -1, &len), *p = text, *end = text + len;
  output out;
  vms__charge(meter, len / 16);
  output_init(&out, duk, len + CHARACTER_MAX);
  while (p < end) {
    const uint8_t *from = p;
    uint32_t c = *p, to[3];
    if (c < 0x80) {
      output_reserve(&out, 1);
      out.data[out.len++] = (uint8_t)(c - (upper ? 'a' : 'A') < 26 ? c ^ 32 : c);
      p++;
      continue;
    }
    vms__charge(meter, 1);
    c = next_character(&p, end);
    if (c == 0x3a3 && !upper) {
      output_put(&out, ends_word(meter, text, from, p, end) ? 0x3c2 : 0x3c3);
      continue;
    }
    unsigned count = upper ? vms__unicode_upper(c, to) : vms__unicode_lower(c, to);
    for (unsigned i = 0; i < count; i++) output_put(&out, to[i]);
  }
  duk_push_lstring(duk, (const char *)out.data, out.len);
  duk_replace(duk, -3);
  duk_pop(duk);
}

/* --- normal forms ------------------------------------------------------------------------------ */

/* What may still change: a character of class 0, but for the start of the text, and what follows it with other classes. */
typedef struct pieces {
  duk_context *duk;
  vms__meter *meter;
  duk_idx_t at;
  uint32_t *characters; /* behind them as many for sorting */
  size_t len, capacity;
  bool compatible, compose;
  output out;
} pieces;

static void piece_add(pieces *piece, uint32_t c) {
  if (piece->len == piece->capacity) {
    piece->capacity *= 2;
    piece->characters = duk_resize_buffer(piece->duk, piece->at, piece->capacity * 2 * sizeof(uint32_t));
  }
  piece->characters[piece->len++] = c;
}

/* Sorts by class, equal ones as they were. A text may consist of nothing but marks: in linear time. */
static void sort_by_class(pieces *piece, uint32_t *characters, size_t count) {
  enum { FEW = 16 };
  if (count <= FEW) {
    uint8_t classes[FEW];
    for (size_t i = 0; i < count; i++) {
      uint32_t c = characters[i];
      uint8_t class = vms__unicode_combining_class(c);
      size_t to = i;
      for (; to > 0 && classes[to - 1] > class; to--) {
        characters[to] = characters[to - 1];
        classes[to] = classes[to - 1];
      }
      characters[to] = c;
      classes[to] = class;
    }
    return;
  }
  uint32_t *sorted = piece->characters + piece->capacity;
  size_t places[257] = { 0 };
  vms__charge(piece->meter, count + 16);
  for (size_t i = 0; i < count; i++) places[vms__unicode_combining_class(characters[i]) + 1]++;
  for (size_t class = 1; class < 257; class++) places[class] += places[class - 1];
  for (size_t i = 0; i < count; i++) sorted[places[vms__unicode_combining_class(characters[i])]++] = characters[i];
  memcpy(characters, sorted, count * sizeof *sorted);
}

/* Joins what follows the first character, of class 0, with it; returns how many characters are left. */
static size_t compose(uint32_t *characters, size_t count) {
  size_t kept = 1;
  int last = 0; /* class of the one before, if that is still there */
  for (size_t i = 1; i < count; i++) {
    uint32_t c = characters[i], joined = 0;
    int class = vms__unicode_combining_class(c);
    if (class > last) joined = vms__unicode_compose(characters[0], c);
    if (joined != 0) {
      characters[0] = joined;
    } else {
      characters[kept++] = c;
      last = class;
    }
  }
  return kept;
}

/* Sorts and composes what is there. */
static void piece_settle(pieces *piece) {
  size_t first = piece->len > 0 && vms__unicode_combining_class(piece->characters[0]) == 0 ? 1 : 0;
  if (piece->len > first + 1) sort_by_class(piece, piece->characters + first, piece->len - first);
  if (piece->compose && first == 1 && piece->len > 1) piece->len = compose(piece->characters, piece->len);
}

static void piece_write(pieces *piece) {
  output_reserve(&piece->out, piece->len * CHARACTER_MAX);
  for (size_t i = 0; i < piece->len; i++) output_put(&piece->out, piece->characters[i]);
  piece->len = 0;
}

/* Adds a character that is decomposed no further. */
static void add_decomposed(pieces *piece, uint32_t c) {
  if (vms__unicode_combining_class(c) == 0 && piece->len > 0) {
    piece_settle(piece);
    if (piece->compose && piece->len == 1) {
      uint32_t joined = vms__unicode_compose(piece->characters[0], c);
      if (joined != 0) {
        piece->characters[0] = joined;
        return;
      }
    }
    piece_write(piece);
  }
  piece_add(piece, c);
}

static void add_character(pieces *piece, uint32_t c) { /* decompositions are four deep at most */
  uint32_t parts[18];
  unsigned count = vms__unicode_decompose(c, piece->compatible, parts);
  vms__charge(piece->meter, 1);
  if (count == 0) add_decomposed(piece, c);
  else for (unsigned i = 0; i < count; i++) add_character(piece, parts[i]);
}

static const char *const forms[] = { "NFC", "NFD", "NFKC", "NFKD" };

static duk_ret_t string_normalize(duk_context *duk) {
  int form = 0;
  duk_size_t len;
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) return duk_type_error(duk, "this is null or undefined");
  const uint8_t *text = (const uint8_t *)duk_to_lstring(duk, 1, &len), *p = text, *end = text + len;
  if (!duk_is_undefined(duk, 0)) {
    const char *name = duk_to_string(duk, 0);
    while (form < 4 && strcmp(name, forms[form]) != 0) form++;
    if (form == 4 || duk_get_length(duk, 0) != strlen(name))
      return duk_range_error(duk, "the normalization form should be one of NFC, NFD, NFKC, NFKD");
  }
  /* No character below `limit` changes, nor do they among each other; nor, in forms that compose, one before another. */
  static const uint32_t limits[] = { 0x300, 0xc0, 0xa0, 0xa0 };
  static const uint8_t first_bytes[] = { 0xcc, 0xc3, 0xc2, 0xc2 }; /* of the characters that may change: 0xa0 is in the block of 0x80 */
  uint32_t limit = limits[form];
  vms__meter *meter = &vms__of(duk)->meter;
  vms__charge(meter, len / 32);
  size_t same = plain_len(text, len, first_bytes[form]);
  if (same == len) return 1;
  pieces piece = { .duk = duk, .meter = meter, .capacity = 32, .compatible = form >= 2, .compose = form % 2 == 0 };
  output_init(&piece.out, duk, len + len / 4 + CHARACTER_MAX);
  piece.at = duk_get_top(duk);
  piece.characters = duk_push_dynamic_buffer(duk, piece.capacity * 2 * sizeof(uint32_t));
  while (p < end) {
    uint32_t c = next_character(&p, end);
    if (c < limit) {
      const uint8_t *look = p;
      if (!piece.compose || p == end || next_unit(&look, end) < limit) {
        vms__charge(meter, 1);
        piece_settle(&piece);
        piece_write(&piece);
        output_put(&piece.out, c);
        continue;
      }
    }
    add_character(&piece, c);
  }
  piece_settle(&piece);
  piece_write(&piece);
  duk_push_lstring(duk, (const char *)piece.out.data, piece.out.len);
  return 1;
}

void vms__unicode_open(duk_context *duk) {
  static const vms__method normalize = { "normalize", string_normalize, 1, 0, 0 };
  duk_get_global_literal(duk, "String");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, &normalize, 1);
  duk_pop_2(duk);
}

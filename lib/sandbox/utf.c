/* SPDX-License-Identifier: MIT */
/* The one door for text. Duktape keeps strings as CESU-8 (a character beyond U+FFFF as two encoded surrogates), and takes
 * a string that begins with certain bytes for a Symbol: nothing else may push bytes from outside. */
#include "lib/sandbox/internal.h"

#define REPLACEMENT 0xfffdu
#define PIECE 65536u /* bytes between two charges */

/* Reads one character of UTF-8 (RFC 3629) at p < end; a maximal wrong start counts as one U+FFFD. */
static uint32_t utf8_next(const uint8_t **at, const uint8_t *end) {
  const uint8_t *p = *at;
  uint8_t first = *p++, low = 0x80, high = 0xbf;
  uint32_t c;
  int more;
  if (first < 0x80) {
    *at = p;
    return first;
  }
  if (first >= 0xc2 && first <= 0xdf) more = 1, c = first & 0x1fu;
  else if (first >= 0xe0 && first <= 0xef) more = 2, c = first & 0x0fu;
  else if (first >= 0xf0 && first <= 0xf4) more = 3, c = first & 0x07u;
  else {
    *at = p;
    return REPLACEMENT;
  }
  if (first == 0xe0) low = 0xa0; /* shortest form only */
  if (first == 0xed) high = 0x9f; /* no surrogates */
  if (first == 0xf0) low = 0x90;
  if (first == 0xf4) high = 0x8f; /* up to U+10FFFF */
  for (; more > 0; more--) {
    if (p >= end || *p < low || *p > high) {
      *at = p;
      return REPLACEMENT;
    }
    c = c << 6 | (*p++ & 0x3fu);
    low = 0x80;
    high = 0xbf;
  }
  *at = p;
  return c;
}

static size_t encode(uint8_t *out, uint32_t c) {
  size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  if (len == 1) {
    out[0] = (uint8_t)c;
    return 1;
  }
  for (size_t i = len - 1; i > 0; i--, c >>= 6) out[i] = (uint8_t)(0x80 | (c & 63));
  out[0] = (uint8_t)((len == 2 ? 0xc0 : len == 3 ? 0xe0 : 0xf0) | c);
  return len;
}

size_t vms__cesu_put(uint8_t out[6], uint32_t c) {
  if (c < 0x10000) return encode(out, c);
  size_t len = encode(out, 0xd800 + ((c - 0x10000) >> 10));
  return len + encode(out + len, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

static size_t ascii_len(const char *text, size_t len) {
  size_t i = 0;
  while (i < len && (uint8_t)text[i] < 0x80) i++;
  return i;
}

void vms__push_utf8(vms_sandbox *sandbox, duk_context *duk, vms_slice text) {
  size_t plain = ascii_len(text.data, text.len);
  if (plain == text.len) {
    duk_push_lstring(duk, text.len == 0 ? "" : text.data, text.len);
    return;
  }
  vms_buffer *out = &sandbox->scratch;
  vms__buf_clear(out);
  /* At worst each byte becomes the three of U+FFFD. */
  if (text.len > SIZE_MAX / 8 || vms__buf_reserve(out, text.len * 3) != VMS_OK)
    vms__leave_status(sandbox, VMS_ERR_NOMEM);
  memcpy(out->data, text.data, plain);
  uint8_t *to = (uint8_t *)out->data + plain;
  const uint8_t *p = (const uint8_t *)text.data + plain, *end = (const uint8_t *)text.data + text.len;
  while (p < end) {
    to += vms__cesu_put(to, utf8_next(&p, end));
  }
  out->len = (size_t)(to - (uint8_t *)out->data);
  duk_push_lstring(duk, out->data, out->len);
}

static bool is_high(uint32_t c) { return c >= 0xd800 && c <= 0xdbff; }
static bool is_low(uint32_t c) { return c >= 0xdc00 && c <= 0xdfff; }

/* Reads one UTF-16 unit of CESU-8. */
static uint32_t cesu_next(const uint8_t **at, const uint8_t *end) {
  const uint8_t *p = *at;
  if (p[0] >= 0xe0 && p[0] <= 0xef && end - p >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
    uint32_t c = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    if (c >= 0x800) {
      *at = p + 3;
      return c;
    }
  }
  return utf8_next(at, end);
}

uint32_t vms__unit_next(const uint8_t **at, const uint8_t *end) { return cesu_next(at, end); }

static bool goes_on(uint8_t c) { return (c & 0xc0) == 0x80; }

size_t vms__cesu_step(const uint8_t **at, const uint8_t *end, uint8_t out[4], int *units) {
  const uint8_t *p = *at;
  if (p[0] >= 0xc2 && p[0] <= 0xdf && end - p >= 2 && goes_on(p[1])) { /* the same in both, and common */
    out[0] = p[0];
    out[1] = p[1];
    *at = p + 2;
    *units = 1;
    return 2;
  }
  uint32_t c = cesu_next(at, end);
  *units = 1;
  if (is_high(c) && *at < end) {
    const uint8_t *look = *at;
    uint32_t low = cesu_next(&look, end);
    if (is_low(low)) {
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      *at = look;
      *units = 2;
    }
  }
  return encode(out, is_high(c) || is_low(c) ? REPLACEMENT : c);
}

size_t vms__utf8_write(const char *cesu, size_t len, uint8_t *out, size_t max) {
  size_t plain = VMS__MIN(ascii_len(cesu, len), max), made = plain;
  if (out != NULL) memcpy(out, cesu, plain);
  const uint8_t *p = (const uint8_t *)cesu + plain, *end = (const uint8_t *)cesu + len;
  while (p < end) {
    uint8_t bytes[4];
    int units;
    size_t step = vms__cesu_step(&p, end, bytes, &units);
    if (step > max - made) break;
    if (out != NULL) memcpy(out + made, bytes, step);
    made += step;
  }
  return made;
}

void vms__cesu_to_utf8(vms_sandbox *sandbox, const char *cesu, size_t len, size_t max, vms_buffer *out) {
  if (len > SIZE_MAX / 8 || vms__buf_reserve(out, VMS__MIN(len * 3, max) + 4) != VMS_OK)
    vms__leave_status(sandbox, VMS_ERR_NOMEM);
  out->len += vms__utf8_write(cesu, len, (uint8_t *)out->data + out->len, max);
  out->data[out->len] = 0;
}

char *vms__text_room(vms_sandbox *sandbox, size_t len) {
  vms__buf_clear(&sandbox->scratch);
  if (len > sandbox->meter.cap - VMS__MIN(sandbox->meter.used, sandbox->meter.cap)) vms__meter_out_of_memory(&sandbox->meter);
  if (vms__buf_reserve(&sandbox->scratch, len + 1) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
  return sandbox->scratch.data;
}

void vms__push_latin1(vms_sandbox *sandbox, duk_context *duk, const uint8_t *bytes, size_t len, uint8_t mask) {
  size_t more = 0;
  for (size_t i = 0; i < len; i++) more += (bytes[i] & mask) >> 7;
  uint8_t *start = (uint8_t *)vms__text_room(sandbox, len + more), *to = start;
  for (size_t i = 0; i < len; i++) {
    uint8_t c = bytes[i] & mask;
    if (i % PIECE == 0) vms__charge(&sandbox->meter, VMS__MIN(len - i, PIECE) / 16);
    if (c >= 0x80) *to++ = (uint8_t)(0xc0 | c >> 6);
    *to++ = c < 0x80 ? c : (uint8_t)(0x80 | (c & 0x3f));
  }
  duk_push_lstring(duk, (const char *)start, (size_t)(to - start));
}

static uint32_t unit_at(const uint8_t *bytes) { return bytes[0] | (uint32_t)bytes[1] << 8; }

void vms__push_utf16le(vms_sandbox *sandbox, duk_context *duk, const uint8_t *bytes, size_t len) {
  size_t room = 0;
  for (size_t i = 0; i + 1 < len; i += 2) room += unit_at(bytes + i) < 0x80 ? 1 : unit_at(bytes + i) < 0x800 ? 2 : 3;
  uint8_t *start = (uint8_t *)vms__text_room(sandbox, room), *to = start;
  for (size_t i = 0; i + 1 < len; i += 2) {
    if (i % PIECE == 0) vms__charge(&sandbox->meter, VMS__MIN(len - i, PIECE) / 16);
    to += encode(to, unit_at(bytes + i));
  }
  duk_push_lstring(duk, (const char *)start, (size_t)(to - start));
}

void vms__take_utf8_max(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, size_t max, vms_buffer *out) {
  duk_size_t len = 0;
  const char *text = duk_get_lstring(duk, idx, &len);
  if (text == NULL) text = "";
  vms__cesu_to_utf8(sandbox, text, len, max, out);
}

void vms__take_utf8(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, vms_buffer *out) {
  vms__take_utf8_max(sandbox, duk, idx, SIZE_MAX / 2, out);
}

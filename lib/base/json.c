/* SPDX-License-Identifier: MIT */
/* A strict JSON scanner (RFC 8259) that yields raw slices, and the string writer. It builds no tree
 * and never changes a byte, so what it read is what was written. No recursion: depth is a bit stack. */
#include "internal.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

vms_slice vms__json_trim(vms_slice text) {
  while (text.len > 0 && is_space(text.data[0])) text = (vms_slice){ text.data + 1, text.len - 1 };
  while (text.len > 0 && is_space(text.data[text.len - 1])) text.len--;
  return text;
}

static void skip_space(vms__json *json) {
  if (json->mode == VMS__JSON_COMPACT) return;
  while (json->at < json->end && is_space(*json->at)) json->at++;
}

static bool scan_hex4(const char *p, const char *end) {
  if (end - p < 4) return false;
  for (int i = 0; i < 4; i++) {
    char c = p[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
  }
  return true;
}

#define EACH_BYTE UINT64_C(0x0101010101010101)
/* A high bit is set where a byte is zero; also, at most, in bytes behind one. */
static uint64_t zero_bytes(uint64_t x) { return (x - EACH_BYTE) & ~x & (EACH_BYTE << 7); }

/* True if none of eight bytes is a quote, a backslash or a control character. */
static bool is_plain(const char *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
  return (zero_bytes(x ^ EACH_BYTE * '"') | zero_bytes(x ^ EACH_BYTE * '\\') | ((x - EACH_BYTE * 0x20) & ~x & (EACH_BYTE << 7))) == 0;
}

/* p stands on the opening quote; returns the place behind the closing one, NULL if malformed. */
static const char *scan_string(const char *p, const char *end) {
  const char *run = ++p;
  while (p < end) {
    if (end - p >= 8 && is_plain(p)) {
      p += 8;
      continue;
    }
    uint8_t c = (uint8_t)*p;
    if (c == '"') return vms__utf8_valid(run, (size_t)(p - run)) ? p + 1 : NULL;
    if (c < 0x20) return NULL;
    if (c != '\\') {
      p++;
      continue;
    }
    if (end - p < 2) return NULL;
    if (p[1] == 'u') {
      if (!scan_hex4(p + 2, end)) return NULL;
      p += 6;
    } else {
      if (p[1] == 0 || strchr("\"\\/bfnrt", p[1]) == NULL) return NULL;
      p += 2;
    }
  }
  return NULL;
}

static const char *scan_digits(const char *p, const char *end) {
  const char *start = p;
  while (p < end && *p >= '0' && *p <= '9') p++;
  return p == start ? NULL : p;
}

static const char *scan_number(const char *p, const char *end) {
  if (p < end && *p == '-') p++;
  if (p >= end) return NULL;
  p = *p == '0' ? p + 1 : scan_digits(p, end);
  if (p != NULL && p < end && *p == '.') p = scan_digits(p + 1, end);
  if (p != NULL && p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (p < end && (*p == '+' || *p == '-')) p++;
    p = scan_digits(p, end);
  }
  return p;
}

static const char *scan_word(const char *p, const char *end, const char *word) {
  size_t len = strlen(word);
  return (size_t)(end - p) >= len && memcmp(p, word, len) == 0 ? p + len : NULL;
}

static const char *scan_scalar(const char *p, const char *end) {
  switch (*p) {
    case '"': return scan_string(p, end);
    case 't': return scan_word(p, end, "true");
    case 'f': return scan_word(p, end, "false");
    case 'n': return scan_word(p, end, "null");
    default: return scan_number(p, end);
  }
}

/* Scans an object member's name and colon. */
static bool scan_name(vms__json *json, vms_slice *raw) {
  return vms__json_string(json, raw) && (skip_space(json), vms__json_literal(json, ":"));
}

/* Which bracket is open at each depth: a set bit is an object. */
typedef struct { uint8_t bits[128]; } nesting;
#define NESTING_MAX (8u * sizeof(nesting))

bool vms__json_value(vms__json *given, vms_slice *raw) {
  vms__json json = *given;
  nesting open = { { 0 } };
  unsigned depth = 0;
  const char *start;
  skip_space(&json);
  start = json.at;
  assert(json.depth_max < NESTING_MAX);
  for (;;) {
    /* a value is due */
    skip_space(&json);
    if (json.at >= json.end) return false;
    char c = *json.at;
    if (c == '[' || c == '{') {
      bool object = c == '{';
      if (depth >= json.depth_max) return false;
      depth++;
      if (object) open.bits[depth / 8] |= (uint8_t)(1u << depth % 8);
      else open.bits[depth / 8] &= (uint8_t)~(1u << depth % 8);
      json.at++;
      skip_space(&json);
      if (!vms__json_literal(&json, object ? "}" : "]")) {
        if (object && !scan_name(&json, NULL)) return false;
        continue;
      }
      depth--;
    } else {
      json.at = scan_scalar(json.at, json.end);
      if (json.at == NULL) return false;
    }
    /* a value is complete: close what ends here, or go on behind a comma */
    for (;;) {
      if (depth == 0) {
        if (raw != NULL) *raw = (vms_slice){ start, (size_t)(json.at - start) };
        given->at = json.at;
        return true;
      }
      bool object = (open.bits[depth / 8] >> depth % 8 & 1) != 0;
      skip_space(&json);
      if (vms__json_literal(&json, ",")) {
        if (object && !scan_name(&json, NULL)) return false;
        break;
      }
      if (!vms__json_literal(&json, object ? "}" : "]")) return false;
      depth--;
    }
  }
}

vms__json vms__json_over(vms_slice text, int mode) {
  return (vms__json){ text.data, text.len == 0 ? text.data : text.data + text.len, VMS__JSON_DEPTH_MAX, mode };
}

bool vms__json_valid(vms_slice text, unsigned depth_max, int mode) {
  vms__json json = vms__json_over(text, mode);
  json.depth_max = depth_max;
  return vms__json_value(&json, NULL) && vms__json_end(&json);
}

bool vms__json_literal(vms__json *json, const char *text) {
  const char *behind = json->at == json->end ? NULL : scan_word(json->at, json->end, text);
  if (behind == NULL) return false;
  json->at = behind;
  return true;
}

bool vms__json_string(vms__json *json, vms_slice *raw) {
  const char *behind;
  skip_space(json);
  if (json->at >= json->end || *json->at != '"') return false;
  behind = scan_string(json->at, json->end);
  if (behind == NULL) return false;
  if (raw != NULL) *raw = (vms_slice){ json->at + 1, (size_t)(behind - json->at) - 2 };
  json->at = behind;
  return true;
}

bool vms__json_uint(vms__json *json, uint64_t *number) {
  const char *behind;
  skip_space(json);
  behind = scan_digits(json->at, json->end);
  if (behind == NULL || !vms__uint_decode((vms_slice){ json->at, (size_t)(behind - json->at) }, number)) return false;
  json->at = behind;
  return true;
}

bool vms__json_hex(vms__json *json, void *bytes, size_t len) {
  vms__json look = *json;
  vms_slice raw;
  if (!vms__json_string(&look, &raw) || !vms__hex_decode(raw, bytes, len)) return false;
  *json = look;
  return true;
}

bool vms__json_end(vms__json *json) {
  skip_space(json);
  return json->at == json->end;
}

static unsigned hex4(const char *p) {
  unsigned n = 0;
  for (int i = 0; i < 4; i++) n = n << 4 | (unsigned)(p[i] <= '9' ? p[i] - '0' : (p[i] | 32) - 'a' + 10);
  return n;
}

/* Writes a character; returns the place behind it. */
static char *write_character(char *to, unsigned c) {
  size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = len - 1; i > 0; i--, c >>= 6) to[i] = (char)(0x80 | (c & 63));
  to[0] = (char)((len == 1 ? 0 : len == 2 ? 0xc0 : len == 3 ? 0xe0 : 0xf0) | c);
  return to + len;
}

int vms__json_unescape(vms_slice raw, vms_buffer *out) {
  static const char escapes[] = "b\bf\fn\nr\rt\t";
  const char *p = raw.data, *end = raw.len == 0 ? p : p + raw.len;
  if (vms__buf_reserve(out, raw.len) != VMS_OK) return VMS_ERR_NOMEM; /* no escape is shorter than what it stands for */
  char *to = out->data + out->len;
  while (p < end) {
    const char *escape = memchr(p, '\\', (size_t)(end - p)), *run = p;
    p = escape == NULL ? end : escape;
    memcpy(to, run, (size_t)(p - run));
    to += p - run;
    if (p == end) break;
    if (end - p < 2 || (p[1] == 'u' && !scan_hex4(p + 2, end))) {
      out->data[out->len] = 0;
      return VMS_ERR_FORM;
    }
    if (p[1] == 'u') {
      unsigned c = hex4(p + 2);
      p += 6;
      if (c >= 0xd800 && c <= 0xdbff && end - p >= 6 && p[0] == '\\' && p[1] == 'u' && scan_hex4(p + 2, end)) {
        unsigned low = hex4(p + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
          p += 6;
        }
      }
      to = write_character(to, c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
    } else {
      const char *found = p[1] == '"' ? NULL : strchr(escapes, p[1]);
      *to++ = found != NULL ? found[1] : p[1];
      p += 2;
    }
  }
  *to = 0;
  out->len = (size_t)(to - out->data);
  return VMS_OK;
}

bool vms__json_next(vms_slice container, const char **iterator, vms_slice *name, vms_slice *value) {
  vms__json json = vms__json_over(container, VMS__JSON_ANY);
  bool object, first = *iterator == NULL;
  json.depth_max = NESTING_MAX - 1;
  skip_space(&json);
  if (json.at >= json.end || (*json.at != '{' && *json.at != '[')) return false;
  object = *json.at == '{';
  json.at = first ? json.at + 1 : *iterator;
  skip_space(&json);
  if (!first && !vms__json_literal(&json, ",")) return false;
  skip_space(&json);
  if (object && !scan_name(&json, name)) return false;
  if (!vms__json_value(&json, value)) return false;
  *iterator = json.at;
  return true;
}

bool vms__json_member(vms_slice object, const char *name, vms_slice *value) {
  const char *iterator = NULL;
  vms_slice raw = { NULL, 0 }, each;
  bool found = false;
  while (vms__json_next(object, &iterator, &raw, &each))
    if (raw.data != NULL && vms__slice_is(raw, name)) {
      *value = each;
      found = true;
    }
  return found;
}

bool vms__json_element(vms_slice array, size_t index, vms_slice *value) {
  const char *iterator = NULL;
  vms_slice raw = { NULL, 0 }, each;
  for (size_t i = 0; vms__json_next(array, &iterator, &raw, &each); i++)
    if (i == index && raw.data == NULL) {
      *value = each;
      return true;
    }
  return false;
}

int vms__buf_json_string(vms_buffer *buffer, const void *utf8, size_t len) {
  static const char hex[] = "0123456789abcdef";
  const char *p = utf8, *end = len == 0 ? p : p + len;
  size_t start = buffer->len, room = len + len / 8 + 2; /* texts of ours hold so many quotes and such */
  if (len > SIZE_MAX / 8 || vms__buf_reserve(buffer, room) != VMS_OK) return VMS_ERR_NOMEM;
  buffer->data[buffer->len++] = '"';
  while (p < end) {
    const char *run = p;
    while (end - p >= 8 && is_plain(p)) p += 8;
    while (p < end && (uint8_t)*p >= 0x20 && *p != '"' && *p != '\\') p++;
    if (vms__buf_reserve(buffer, (size_t)(end - run) + 7) != VMS_OK) {
      buffer->len = start;
      buffer->data[start] = 0;
      return VMS_ERR_NOMEM;
    }
    memcpy(buffer->data + buffer->len, run, (size_t)(p - run));
    buffer->len += (size_t)(p - run);
    if (p == end) break;
    const char *found = *p == 0 ? NULL : strchr("\"\"\\\\\bb\tt\nn\ff\rr", *p);
    char escape[6] = { '\\', found != NULL ? found[1] : 'u', '0', '0', hex[(uint8_t)*p >> 4], hex[*p & 15] };
    size_t escape_len = found != NULL ? 2 : 6;
    memcpy(buffer->data + buffer->len, escape, escape_len);
    buffer->len += escape_len;
    p++;
  }
  return vms__buf_byte(buffer, '"'); /* there is room */
}

/* SPDX-License-Identifier: MIT */
/* Text to bytes and back in the encodings of Node's Buffer; btoa and atob. As lenient as Node: hex ends at the first pair that is
 * none; base64 takes both alphabets, skips what belongs to neither and ends at the first "=". */
#include "lib/sandbox/buffer.h"

#include <stdarg.h>

#define PIECE ((size_t)3 << 16) /* bytes between two charges: whole groups of base64 */

duk_ret_t vms__throw_code(duk_context *duk, duk_errcode_t kind, const char *code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  duk_push_error_object_va(duk, kind, format, args);
  va_end(args);
  duk_push_literal(duk, "code");
  duk_push_string(duk, code);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_SET_ENUMERABLE |
                            DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  (void)duk_throw(duk);
  __builtin_unreachable();
}

duk_ret_t vms__throw_type(duk_context *duk, const char *name, const char *wanted) {
  vms__throw_code(duk, DUK_ERR_TYPE_ERROR, "ERR_INVALID_ARG_TYPE", "The \"%s\" argument must be %s", name, wanted);
}

/* --- names --------------------------------------------------------------------------------------- */

int vms__encoding_find(duk_context *duk, duk_idx_t idx) {
  static const struct { const char *name; int encoding; } names[] = {
    { "utf8", VMS__UTF8 },     { "utf-8", VMS__UTF8 },     { "hex", VMS__HEX },         { "base64", VMS__BASE64 },
    { "base64url", VMS__BASE64URL }, { "ascii", VMS__ASCII }, { "latin1", VMS__LATIN1 }, { "binary", VMS__LATIN1 },
    { "ucs2", VMS__UTF16LE },  { "ucs-2", VMS__UTF16LE },  { "utf16le", VMS__UTF16LE }, { "utf-16le", VMS__UTF16LE },
  };
  char lower[12];
  duk_size_t len = 0;
  const char *given = duk_get_lstring(duk, idx, &len);
  if (given == NULL || len >= sizeof lower) return -1;
  for (size_t i = 0; i < len; i++) lower[i] = (char)(given[i] >= 'A' && given[i] <= 'Z' ? given[i] | 32 : given[i]);
  lower[len] = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i].name, lower) == 0) return names[i].encoding;
  return -1;
}

int vms__encoding_take(duk_context *duk, duk_idx_t idx) {
  if (duk_is_undefined(duk, idx)) return VMS__UTF8;
  duk_to_string(duk, idx);
  int encoding = vms__encoding_find(duk, idx);
  if (encoding < 0)
    vms__throw_code(duk, DUK_ERR_TYPE_ERROR, "ERR_UNKNOWN_ENCODING", "Unknown encoding: %s", duk_get_length(duk, idx) > 64 ? "..." : duk_get_string(duk, idx));
  return encoding;
}

/* --- text to bytes ------------------------------------------------------------------------------- */

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static size_t hex_encode(const char *text, size_t len, uint8_t *out, size_t max) {
  size_t made = 0;
  for (; made < max && made * 2 + 1 < len; made++) {
    int high = hex_digit(text[made * 2]), low = hex_digit(text[made * 2 + 1]);
    if (high < 0 || low < 0) break;
    if (out != NULL) out[made] = (uint8_t)(high << 4 | low);
  }
  return made;
}

static int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static size_t base64_encode(const char *text, size_t len, uint8_t *out, size_t max) {
  size_t made = 0;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < len && text[i] != '=' && made < max; i++) {
    int digit = base64_digit(text[i]);
    if (digit < 0) continue;
    bits = bits << 6 | (uint32_t)digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (out != NULL) out[made] = (uint8_t)(bits >> count);
    made++;
  }
  return made;
}

static size_t units_encode(const char *text, size_t len, size_t width, uint8_t *out, size_t max) {
  const uint8_t *p = (const uint8_t *)text, *end = p + len;
  size_t made = 0;
  while (p < end && max - made >= width) {
    uint32_t unit = vms__unit_next(&p, end);
    if (out != NULL) {
      out[made] = (uint8_t)unit;
      if (width == 2) out[made + 1] = (uint8_t)(unit >> 8);
    }
    made += width;
  }
  return made;
}

size_t vms__encode(duk_context *duk, duk_idx_t idx, int encoding, uint8_t *out, size_t max) {
  duk_size_t len = 0;
  const char *text = duk_get_lstring(duk, idx, &len);
  if (text == NULL) return 0;
  vms__charge(&vms__of(duk)->meter, 1 + len / 16);
  switch (encoding) {
    case VMS__HEX: return hex_encode(text, len, out, max);
    case VMS__BASE64:
    case VMS__BASE64URL: return base64_encode(text, len, out, max);
    case VMS__ASCII:
    case VMS__LATIN1: return units_encode(text, len, 1, out, max);
    case VMS__UTF16LE: return units_encode(text, len, 2, out, max);
    default: return vms__utf8_write(text, len, out, max);
  }
}

/* --- bytes to text ------------------------------------------------------------------------------- */

/* Charges the next piece of `len` bytes where one begins. */
static void pace(duk_context *duk, size_t i, size_t len) {
  if (i % PIECE == 0) vms__charge(&vms__of(duk)->meter, VMS__MIN(len - i, PIECE) / 16);
}

static void push_hex(duk_context *duk, vms__bytes bytes) {
  static const char digits[] = "0123456789abcdef";
  char *out = vms__text_room(vms__of(duk), bytes.len * 2);
  for (size_t i = 0; i < bytes.len; i++) {
    pace(duk, i, bytes.len);
    out[i * 2] = digits[bytes.at[i] >> 4];
    out[i * 2 + 1] = digits[bytes.at[i] & 15];
  }
  duk_push_lstring(duk, out, bytes.len * 2);
}

static void push_base64(duk_context *duk, vms__bytes bytes, bool url) {
  static const char common[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  char digits[64];
  char *out = vms__text_room(vms__of(duk), bytes.len / 3 * 4 + 4), *to = out;
  memcpy(digits, common, 62);
  digits[62] = url ? '-' : '+';
  digits[63] = url ? '_' : '/';
  for (size_t i = 0; i < bytes.len; i += 3) {
    pace(duk, i, bytes.len);
    size_t left = VMS__MIN(bytes.len - i, 3);
    uint32_t bits = (uint32_t)bytes.at[i] << 16;
    if (left > 1) bits |= (uint32_t)bytes.at[i + 1] << 8;
    if (left > 2) bits |= bytes.at[i + 2];
    for (size_t n = 0; n < 4; n++) {
      if (n <= left) *to++ = digits[bits >> (18 - 6 * n) & 63];
      else if (!url) *to++ = '=';
    }
  }
  duk_push_lstring(duk, out, (size_t)(to - out));
}

void vms__push_decoded(duk_context *duk, vms__bytes bytes, int encoding) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__charge(&sandbox->meter, 1 + (encoding == VMS__UTF8 ? bytes.len / 16 : 0)); /* the others pay piece by piece */
  switch (encoding) {
    case VMS__HEX: push_hex(duk, bytes); break;
    case VMS__BASE64:
    case VMS__BASE64URL: push_base64(duk, bytes, encoding == VMS__BASE64URL); break;
    case VMS__ASCII: vms__push_latin1(sandbox, duk, bytes.at, bytes.len, 0x7f); break;
    case VMS__LATIN1: vms__push_latin1(sandbox, duk, bytes.at, bytes.len, 0xff); break;
    case VMS__UTF16LE: vms__push_utf16le(sandbox, duk, bytes.at, bytes.len); break;
    default: vms__push_utf8(sandbox, duk, (vms_slice){ (const char *)bytes.at, bytes.len });
  }
}

/* --- btoa and atob: https://html.spec.whatwg.org/#atob ---------------------------------------------- */

static duk_ret_t invalid_character(duk_context *duk, const char *message) {
  duk_push_error_object(duk, DUK_ERR_ERROR, "%s", message);
  duk_push_literal(duk, "InvalidCharacterError");
  vms__define(duk, -2, "name");
  duk_push_int(duk, 5);
  vms__define(duk, -2, "code");
  return duk_throw(duk);
}

static void push_text_argument(duk_context *duk, const char *name) {
  if (duk_get_top(duk) == 0)
    vms__throw_code(duk, DUK_ERR_TYPE_ERROR, "ERR_MISSING_ARGS", "The \"%s\" argument must be specified", name);
  duk_set_top(duk, 1);
  duk_to_string(duk, 0);
}

static duk_ret_t global_btoa(duk_context *duk) {
  push_text_argument(duk, "input");
  duk_size_t len;
  const uint8_t *p = (const uint8_t *)duk_get_lstring(duk, 0, &len), *end = p + len;
  size_t count = duk_get_length(duk, 0);
  vms__charge(&vms__of(duk)->meter, len / 16);
  for (size_t i = 0; i < len; i++)
    if (p[i] > 0xc3) return invalid_character(duk, "a character is beyond U+00FF");
  uint8_t *out = duk_push_fixed_buffer(duk, count);
  for (size_t i = 0; p < end; i++) out[i] = (uint8_t)vms__unit_next(&p, end);
  vms__push_decoded(duk, (vms__bytes){ out, count }, VMS__BASE64);
  return 1;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

static duk_ret_t global_atob(duk_context *duk) {
  push_text_argument(duk, "input");
  duk_size_t len;
  const char *text = duk_get_lstring(duk, 0, &len);
  size_t digits = 0, marks = 0, room = len / 4 * 3 + 3;
  vms__charge(&vms__of(duk)->meter, len / 16);
  for (size_t i = 0; i < len; i++) {
    if (is_space(text[i])) continue;
    if (text[i] == '=') marks++;
    else if (marks > 0 || text[i] == '-' || text[i] == '_' || base64_digit(text[i]) < 0)
      return invalid_character(duk, "the text is not base64");
    else digits++;
  }
  if (marks > 2 || (marks > 0 && (digits + marks) % 4 != 0) || digits % 4 == 1)
    return invalid_character(duk, "the text is not base64");
  uint8_t *out = duk_push_fixed_buffer(duk, room);
  vms__push_decoded(duk, (vms__bytes){ out, vms__encode(duk, 0, VMS__BASE64, out, room) }, VMS__LATIN1);
  return 1;
}

void vms__buffer_text_open(duk_context *duk) {
  static const vms__method methods[] = { { "atob", global_atob, DUK_VARARGS, 1, 0 }, { "btoa", global_btoa, DUK_VARARGS, 1, 0 } };
  duk_push_global_object(duk);
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  duk_pop(duk);
}

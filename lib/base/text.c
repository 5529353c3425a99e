/* SPDX-License-Identifier: MIT */
/* UTF-8, hex, base64 (RFC 4648 section 4), decimal numbers. */
#include "internal.h"

/* Length of the UTF-8 character at p (RFC 3629), 0 if there is none. */
static size_t utf8_len(const uint8_t *p, size_t left) {
  uint8_t a = p[0], low = 0x80, high = 0xbf;
  size_t len;
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) len = 2;
  else if (a >= 0xe0 && a <= 0xef) len = 3;
  else if (a >= 0xf0 && a <= 0xf4) len = 4;
  else return 0;
  if (left < len) return 0;
  if (a == 0xe0) low = 0xa0; /* shortest form only */
  if (a == 0xed) high = 0x9f; /* no surrogates */
  if (a == 0xf0) low = 0x90;
  if (a == 0xf4) high = 0x8f; /* up to U+10FFFF */
  if (p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < len; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  return len;
}

bool vms__utf8_valid(const void *bytes, size_t len) {
  const uint8_t *p = bytes;
  for (size_t i = 0; i < len;) {
    uint64_t eight;
    if (len - i >= sizeof eight && (memcpy(&eight, p + i, sizeof eight), (eight & UINT64_C(0x8080808080808080)) == 0)) {
      i += sizeof eight; /* ASCII, as most text is */
      continue;
    }
    size_t step = utf8_len(p + i, len - i);
    if (step == 0) return false;
    i += step;
  }
  return true;
}

/* One more than what a lower-case digit stands for; 0: it is none. */
static const uint8_t hex_digits[256] = {
  ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
  ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

bool vms__hex_decode(vms_slice hex, void *bytes, size_t len) {
  if (hex.len != 2 * len) return false;
  const uint8_t *from = (const uint8_t *)hex.data;
  uint8_t *to = bytes;
  for (size_t i = 0; i < len; i++) {
    uint8_t high = hex_digits[from[2 * i]], low = hex_digits[from[2 * i + 1]];
    if (high == 0 || low == 0) return false;
    to[i] = (uint8_t)((high - 1) << 4 | (low - 1));
  }
  return true;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int vms__buf_base64(vms_buffer *buffer, const void *bytes, size_t len) {
  const uint8_t *p = bytes;
  if (len > SIZE_MAX / 8 || vms__buf_reserve(buffer, (len + 2) / 3 * 4) != VMS_OK) return VMS_ERR_NOMEM;
  for (size_t i = 0; i < len; i += 3) {
    size_t left = len - i;
    uint32_t group = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0u);
    char *out = buffer->data + buffer->len;
    out[0] = base64_digits[group >> 18];
    out[1] = base64_digits[group >> 12 & 63];
    out[2] = left > 1 ? base64_digits[group >> 6 & 63] : '=';
    out[3] = left > 2 ? base64_digits[group & 63] : '=';
    buffer->len += 4;
  }
  buffer->data[buffer->len] = 0;
  return VMS_OK;
}

static int base64_digit(char c) {
  const char *at = c == 0 ? NULL : strchr(base64_digits, c);
  return at == NULL ? -1 : (int)(at - base64_digits);
}

int vms__base64_decode(vms_slice text, vms_buffer *out) {
  size_t start = out->len, pad = 0;
  if (text.len % 4 != 0) return VMS_ERR_FORM;
  if (text.len > 0 && text.data[text.len - 1] == '=') pad = text.data[text.len - 2] == '=' ? 2 : 1;
  if (vms__buf_reserve(out, text.len / 4 * 3) != VMS_OK) return VMS_ERR_NOMEM;
  for (size_t i = 0; i < text.len; i += 4) {
    size_t digits = i + 4 == text.len ? 4 - pad : 4;
    uint32_t group = 0;
    for (size_t k = 0; k < 4; k++) {
      int digit = k < digits ? base64_digit(text.data[i + k]) : 0;
      if (digit < 0) goto bad;
      group = group << 6 | (uint32_t)digit;
    }
    uint32_t unused = digits == 4 ? 0 : digits == 3 ? 0xff : 0xffff;
    if ((group & unused) != 0) goto bad; /* one text per byte string */
    out->data[out->len++] = (char)(group >> 16);
    if (digits > 2) out->data[out->len++] = (char)(group >> 8 & 255);
    if (digits > 3) out->data[out->len++] = (char)(group & 255);
  }
  out->data[out->len] = 0;
  return VMS_OK;
bad:
  out->len = start;
  return VMS_ERR_FORM;
}

bool vms__uint_decode(vms_slice text, uint64_t *number) {
  uint64_t n = 0;
  if (text.len == 0 || text.len > 16 || (text.len > 1 && text.data[0] == '0')) return false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return false;
    n = n * 10 + (uint64_t)(text.data[i] - '0'); /* 16 digits: below 10^16, cannot wrap */
  }
  if (n > VMS__JSON_INT_MAX) return false;
  *number = n;
  return true;
}

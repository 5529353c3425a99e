/* SPDX-License-Identifier: MIT */
/* The HTTP/1.1 upgrade to WebSocket (RFC 6455, section 4), request and answer. */
#include "internal.h"

/* --- SHA-1 (FIPS 180-4); RFC 6455 wants it, as a check against confused peers and no more ---------- */

static uint32_t rotate_left(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

static void sha1_block(uint32_t h[5], const uint8_t block[64]) {
  uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
  for (unsigned i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (unsigned i = 16; i < 80; i++) w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  for (unsigned i = 0; i < 80; i++) {
    uint32_t f, k;
    if (i < 20) f = (b & c) | (~b & d), k = 0x5a827999;
    else if (i < 40) f = b ^ c ^ d, k = 0x6ed9eba1;
    else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
    else f = b ^ c ^ d, k = 0xca62c1d6;
    uint32_t next = rotate_left(a, 5) + f + e + k + w[i];
    e = d, d = c, c = rotate_left(b, 30), b = a, a = next;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/* For the one thing that is hashed here: less than two blocks. */
static void sha1(const uint8_t *bytes, size_t len, uint8_t digest[20]) {
  uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
  uint8_t padded[128] = { 0 };
  size_t total = len < 56 ? 64 : 128;
  assert(len <= 119);
  memcpy(padded, bytes, len);
  padded[len] = 0x80;
  padded[total - 2] = (uint8_t)(len >> 5);
  padded[total - 1] = (uint8_t)(len << 3);
  for (size_t at = 0; at < total; at += 64) sha1_block(h, padded + at);
  for (unsigned i = 0; i < 20; i++) digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void vms__handshake_accept(vms_slice key, char accept[VMS__ACCEPT_LEN + 1]) {
  static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t text[64], digest[21] = { 0 };
  assert(key.len == 24);
  memcpy(text, key.data, 24);
  memcpy(text + 24, magic, 36);
  sha1(text, 60, digest);
  for (unsigned i = 0; i < 7; i++) {
    uint32_t group = (uint32_t)digest[3 * i] << 16 | (uint32_t)digest[3 * i + 1] << 8 | digest[3 * i + 2];
    for (unsigned j = 0; j < 4; j++) accept[4 * i + j] = digits[group >> (18 - 6 * j) & 63];
  }
  accept[27] = '='; /* 20 bytes leave the last group one short */
  accept[28] = 0;
}

/* --- server -------------------------------------------------------------------------------------------- */

static bool key_is_good(const vms__http *http) {
  vms_buffer bytes;
  bool good;
  if (http->key.len != 24) return false;
  vms_buffer_init(&bytes, http->env);
  good = vms__base64_decode(vms__buf_view(&http->key), &bytes) == VMS_OK && bytes.len == 16;
  vms_buffer_free(&bytes);
  return good;
}

unsigned vms__handshake_judge(const vms__http *http, const char **reason) {
  uint32_t have = http->have;
#define ANSWER(status, text) return *reason = text, status
  if ((have & VMS__HTTP_UPGRADE) == 0 || http->parser.method != HTTP_GET)
    ANSWER(426, "this is a vms service: speak JSON-RPC 2.0 here, by WebSocket or by POST, with vms-call for example");
  if ((have & VMS__HTTP_CONNECTION) == 0) ANSWER(400, "Connection: Upgrade is missing");
  if ((have & VMS__HTTP_VERSION) == 0 || (have & VMS__HTTP_OLD_VERSION) != 0) ANSWER(426, "version 13 of WebSocket is needed");
  if ((have & VMS__HTTP_KEY) == 0 || !key_is_good(http)) ANSWER(400, "Sec-WebSocket-Key is not 16 bytes in base64");
  ANSWER(101, "");
#undef ANSWER
}

#define PROTOCOL_HEADER(stream) ((stream) ? "Sec-WebSocket-Protocol: " VMS__STREAM_PROTOCOL "\r\n" : "")

int vms__handshake_switch(const vms__http *http, bool stream, vms_buffer *out) {
  char accept[VMS__ACCEPT_LEN + 1];
  vms__handshake_accept(vms__buf_view(&http->key), accept);
  return vms__buf_format(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: %s\r\n%s\r\n", accept, PROTOCOL_HEADER(stream));
}

/* --- client -------------------------------------------------------------------------------------------- */

int vms__handshake_request(vms_slice host, vms_slice target, const char *key, bool stream, vms_buffer *out) {
  int status = vms__buf_text(out, "GET ");
  if (status == VMS_OK) status = vms__buf_slice(out, target);
  if (status == VMS_OK) status = vms__buf_text(out, " HTTP/1.1\r\nHost: ");
  if (status == VMS_OK) status = vms__buf_slice(out, host);
  if (status == VMS_OK)
    status = vms__buf_format(out, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                                  "Sec-WebSocket-Version: 13\r\n%s\r\n", key, PROTOCOL_HEADER(stream));
  return status;
}

/* Why a status is not the one that was hoped for; NULL: it says nothing that people know. */
static const char *status_meaning(unsigned status) {
  switch (status) {
    case 400: return "the host does not understand the request (HTTP status 400): is the URL right, with ws:// or wss://?";
    case 403: return "the host does not go by this name (HTTP status 403): it has to be started with --allow-host NAME";
    case 404: return "no service at this path";
    case 426: return "the host wants another protocol (HTTP status 426): is a proxy between that does not know WebSocket?";
    case 429: case 503: return "the host takes no more connections for now: try again later";
    case 502: case 504: return "a proxy answers, and no host behind it: try again later";
    default: return NULL;
  }
}

int vms__handshake_check(const vms__http *http, const char *key, bool stream, vms_error *error) {
  char accept[VMS__ACCEPT_LEN + 1];
  unsigned status = http->parser.status_code;
  const char *meaning = status_meaning(status);
  assert(http->done);
  if (http->nomem) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (http->failed || http->too_long) return vms__fail(error, VMS_ERR_REMOTE, 0, "what answers there does not speak HTTP");
  if (meaning != NULL) return vms__fail(error, VMS_ERR_REMOTE, status, "%s", meaning);
  if (status >= 300 && status < 400)
    return vms__fail(error, VMS_ERR_REMOTE, status, "what answers there sends elsewhere (HTTP status %u): use that URL", status);
  if (status != 101)
    return vms__fail(error, VMS_ERR_REMOTE, status, "what answers there is no vms service (HTTP status %u)", status);
  vms__handshake_accept(vms__slice_of(key), accept);
  if ((http->have & (VMS__HTTP_UPGRADE | VMS__HTTP_CONNECTION)) != (VMS__HTTP_UPGRADE | VMS__HTTP_CONNECTION) ||
      (http->have & (VMS__HTTP_TWICE | VMS__HTTP_EXTENSION)) != 0 || !vms__slice_is(vms__buf_view(&http->key), accept))
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there does not speak WebSocket");
  if (stream && (http->have & VMS__HTTP_PROTOCOL) == 0)
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there does not replicate over WebSocket");
  if ((http->have & VMS__HTTP_PROTOCOL) != 0 && (!stream || (http->have & VMS__HTTP_STREAM) == 0))
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there chose a subprotocol that nobody offered");
  return VMS_OK;
}

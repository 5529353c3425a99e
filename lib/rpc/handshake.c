/* SPDX-License-Identifier: MIT */
/* The HTTP/1.1 upgrade to WebSocket (RFC 6455, section 4), request and answer. */
#include "internal.h"

#include <strings.h>

/* Headers seen, as bits. */
enum {
  HAVE_HOST = 1,
  HAVE_UPGRADE = 2,
  HAVE_CONNECTION = 4,
  HAVE_VERSION = 8,
  HAVE_KEY = 16,
  HAVE_TWICE = 32,      /* host or key more than once: somebody smuggles */
  HAVE_OLD_VERSION = 64,
  HAVE_EXTENSION = 128, /* a server that answers with what nobody asked for */
  HAVE_BODY = 256,
  HAVE_PROTOCOL = 512,  /* any subprotocol, ... */
  HAVE_STREAM = 1024    /* ... and ours         */
};

#define STREAM_PROTOCOL "hypercore"

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

/* --- headers ------------------------------------------------------------------------------------------ */

static bool text_is(vms_slice text, const char *word) {
  return text.len == strlen(word) && strncasecmp(text.data, word, text.len) == 0;
}

static vms_slice trim(vms_slice text) {
  while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) text.data++, text.len--;
  while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t')) text.len--;
  return text;
}

/* True if a comma-separated list has the word; subprotocols differ by the case of letters, other words do not. */
static bool list_has(vms_slice list, const char *word, bool exactly) {
  while (list.len > 0) {
    const char *comma = memchr(list.data, ',', list.len);
    size_t len = comma == NULL ? list.len : (size_t)(comma - list.data);
    vms_slice item = trim((vms_slice){ list.data, len });
    if (exactly ? vms__slice_is(item, word) : text_is(item, word)) return true;
    if (comma == NULL) break;
    list.data += len + 1;
    list.len -= len + 1;
  }
  return false;
}

static void header_key(vms__handshake *handshake, vms_slice value) {
  if ((handshake->have & HAVE_KEY) != 0) handshake->have |= HAVE_TWICE;
  handshake->have |= HAVE_KEY;
  vms__buf_clear(&handshake->key);
  if (vms__buf_slice(&handshake->key, value) != VMS_OK) handshake->nomem = true;
}

/* A request may offer several, in one header or more; an answer chooses one. */
static void header_protocol(vms__handshake *handshake, vms_slice value, bool server) {
  if (!server && (handshake->have & HAVE_PROTOCOL) != 0) handshake->have |= HAVE_TWICE;
  handshake->have |= HAVE_PROTOCOL;
  if (server ? list_has(value, STREAM_PROTOCOL, true) : vms__slice_is(value, STREAM_PROTOCOL)) handshake->have |= HAVE_STREAM;
}

static void header_end(vms__handshake *handshake) {
  vms_slice name = vms__buf_view(&handshake->name), value = trim(vms__buf_view(&handshake->value));
  bool server = handshake->parser.type == HTTP_REQUEST;
  if (name.len == 0) return;
  if (text_is(name, "host")) handshake->have |= (handshake->have & HAVE_HOST) != 0 ? HAVE_TWICE : HAVE_HOST;
  else if (text_is(name, "upgrade") && list_has(value, "websocket", false)) handshake->have |= HAVE_UPGRADE;
  else if (text_is(name, "connection") && list_has(value, "upgrade", false)) handshake->have |= HAVE_CONNECTION;
  else if (text_is(name, "sec-websocket-version")) handshake->have |= text_is(value, "13") ? HAVE_VERSION : HAVE_OLD_VERSION;
  else if (text_is(name, server ? "sec-websocket-key" : "sec-websocket-accept")) header_key(handshake, value);
  else if (text_is(name, "sec-websocket-extensions")) handshake->have |= HAVE_EXTENSION;
  else if (text_is(name, "sec-websocket-protocol")) header_protocol(handshake, value, server);
  vms__buf_clear(&handshake->name);
  vms__buf_clear(&handshake->value);
}

static int on_url(http_parser *parser, const char *at, size_t len) {
  vms__handshake *handshake = parser->data;
  if (vms_buffer_append(&handshake->url, at, len) != VMS_OK) handshake->nomem = true;
  return 0;
}

static int on_field(http_parser *parser, const char *at, size_t len) {
  vms__handshake *handshake = parser->data;
  if (handshake->in_value) header_end(handshake);
  handshake->in_value = false;
  if (vms_buffer_append(&handshake->name, at, len) != VMS_OK) handshake->nomem = true;
  return 0;
}

static int on_value(http_parser *parser, const char *at, size_t len) {
  vms__handshake *handshake = parser->data;
  handshake->in_value = true;
  if (vms_buffer_append(&handshake->value, at, len) != VMS_OK) handshake->nomem = true;
  return 0;
}

static int on_headers_complete(http_parser *parser) {
  vms__handshake *handshake = parser->data;
  header_end(handshake);
  if ((parser->flags & F_CHUNKED) != 0 || (parser->content_length != 0 && parser->content_length != UINT64_MAX))
    handshake->have |= HAVE_BODY;
  handshake->done = true;
  return 2; /* no body is read: what follows belongs to somebody else */
}

static const http_parser_settings settings = { .on_url = on_url,
                                               .on_header_field = on_field,
                                               .on_header_value = on_value,
                                               .on_headers_complete = on_headers_complete };

void vms__handshake_init(vms__handshake *handshake, bool server, const vms_env *env) {
  memset(handshake, 0, sizeof *handshake);
  handshake->env = env;
  vms_buffer_init(&handshake->url, env);
  vms_buffer_init(&handshake->name, env);
  vms_buffer_init(&handshake->value, env);
  vms_buffer_init(&handshake->key, env);
  http_parser_init(&handshake->parser, server ? HTTP_REQUEST : HTTP_RESPONSE);
}

void vms__handshake_free(vms__handshake *handshake) {
  vms_buffer_free(&handshake->url);
  vms_buffer_free(&handshake->name);
  vms_buffer_free(&handshake->value);
  vms_buffer_free(&handshake->key);
}

void vms__handshake_feed(vms__handshake *handshake, const void *bytes, size_t len, size_t *used) {
  size_t room = VMS__HTTP_HEADER_LEN_MAX - handshake->seen, give = VMS__MIN(len, room);
  assert(!handshake->done);
  handshake->parser.data = handshake; /* the struct may have moved since init */
  *used = http_parser_execute(&handshake->parser, &settings, bytes, give);
  handshake->seen += *used;
  if (handshake->done && HTTP_PARSER_ERRNO(&handshake->parser) == HPE_OK) return;
  handshake->failed = HTTP_PARSER_ERRNO(&handshake->parser) != HPE_OK;
  handshake->too_long = !handshake->failed && handshake->seen >= VMS__HTTP_HEADER_LEN_MAX;
  handshake->done = handshake->failed || handshake->too_long || handshake->nomem;
}

/* --- server -------------------------------------------------------------------------------------------- */

static bool key_is_good(const vms__handshake *handshake) {
  vms_buffer bytes;
  bool good;
  if (handshake->key.len != 24) return false;
  vms_buffer_init(&bytes, handshake->env);
  good = vms__base64_decode(vms__buf_view(&handshake->key), &bytes) == VMS_OK && bytes.len == 16;
  vms_buffer_free(&bytes);
  return good;
}

unsigned vms__handshake_judge(const vms__handshake *handshake, const char **reason) {
  uint32_t have = handshake->have;
  vms_slice path, query;
  assert(handshake->done);
#define ANSWER(status, text) return *reason = text, status
  if (handshake->too_long) ANSWER(431, "the headers are longer than 16 KiB");
  if (handshake->failed || handshake->nomem) ANSWER(400, "this is no HTTP/1.1 request");
  if (handshake->parser.method != HTTP_GET) ANSWER(405, "only GET, to upgrade to WebSocket, is answered here");
  if (handshake->parser.http_major != 1 || handshake->parser.http_minor < 1) ANSWER(400, "HTTP/1.1 is needed");
  if ((have & HAVE_HOST) == 0 || (have & (HAVE_TWICE | HAVE_BODY)) != 0) ANSWER(400, "exactly one Host header and no body are needed");
  if (!vms__handshake_target(handshake, &path, &query)) ANSWER(400, "the path of the request is malformed");
  if ((have & HAVE_UPGRADE) == 0) ANSWER(426, "this is a vms service: speak JSON-RPC 2.0 over WebSocket here, with vms-call for example");
  if ((have & HAVE_CONNECTION) == 0) ANSWER(400, "Connection: Upgrade is missing");
  if ((have & HAVE_VERSION) == 0 || (have & HAVE_OLD_VERSION) != 0) ANSWER(426, "version 13 of WebSocket is needed");
  if ((have & HAVE_KEY) == 0 || !key_is_good(handshake)) ANSWER(400, "Sec-WebSocket-Key is not 16 bytes in base64");
  ANSWER(101, "");
#undef ANSWER
}

bool vms__handshake_target(const vms__handshake *handshake, vms_slice *path, vms_slice *query) {
  struct http_parser_url parts;
  const char *url = handshake->url.data;
  http_parser_url_init(&parts);
  if (handshake->url.len == 0 || http_parser_parse_url(url, handshake->url.len, 0, &parts) != 0) return false;
  if ((parts.field_set & (1 << UF_PATH)) == 0) return false;
  *path = (vms_slice){ url + parts.field_data[UF_PATH].off, parts.field_data[UF_PATH].len };
  *query = (vms_slice){ url, 0 };
  if ((parts.field_set & (1 << UF_QUERY)) != 0)
    *query = (vms_slice){ url + parts.field_data[UF_QUERY].off, parts.field_data[UF_QUERY].len };
  return true;
}

static const char *status_phrase(unsigned http_status) {
  switch (http_status) {
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 426: return "Upgrade Required";
    case 431: return "Request Header Fields Too Large";
    default: return "Bad Request";
  }
}

bool vms__handshake_offers_stream(const vms__handshake *handshake) { return (handshake->have & HAVE_STREAM) != 0; }

#define PROTOCOL_HEADER(stream) ((stream) ? "Sec-WebSocket-Protocol: " STREAM_PROTOCOL "\r\n" : "")

int vms__handshake_switch(const vms__handshake *handshake, bool stream, vms_buffer *out) {
  char accept[VMS__ACCEPT_LEN + 1];
  vms__handshake_accept(vms__buf_view(&handshake->key), accept);
  return vms__buf_format(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: %s\r\n%s\r\n", accept, PROTOCOL_HEADER(stream));
}

int vms__handshake_answer(unsigned http_status, vms_slice body, const char *type, vms_buffer *out) {
  int status = vms__buf_format(out, "HTTP/1.1 %u %s\r\n%s%sConnection: close\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                               http_status, status_phrase(http_status), http_status == 405 ? "Allow: GET\r\n" : "",
                               http_status == 426 ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "", type, body.len);
  return status == VMS_OK ? vms__buf_slice(out, body) : status;
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

int vms__handshake_check(const vms__handshake *handshake, const char *key, bool stream, vms_error *error) {
  char accept[VMS__ACCEPT_LEN + 1];
  unsigned http_status = handshake->parser.status_code;
  assert(handshake->done);
  if (handshake->nomem) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (handshake->failed || handshake->too_long) return vms__fail(error, VMS_ERR_REMOTE, 0, "what answers there does not speak HTTP");
  if (http_status == 404) return vms__fail(error, VMS_ERR_REMOTE, 404, "no service at this path");
  if (http_status != 101)
    return vms__fail(error, VMS_ERR_REMOTE, http_status, "what answers there is no vms service (HTTP status %u)", http_status);
  vms__handshake_accept(vms__slice_of(key), accept);
  if ((handshake->have & (HAVE_UPGRADE | HAVE_CONNECTION)) != (HAVE_UPGRADE | HAVE_CONNECTION) ||
      (handshake->have & (HAVE_TWICE | HAVE_EXTENSION)) != 0 || !vms__slice_is(vms__buf_view(&handshake->key), accept))
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there does not speak WebSocket");
  if (stream && (handshake->have & HAVE_PROTOCOL) == 0)
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there does not replicate over WebSocket");
  if ((handshake->have & HAVE_PROTOCOL) != 0 && (!stream || (handshake->have & HAVE_STREAM) == 0))
    return vms__fail(error, VMS_ERR_REMOTE, 101, "what answers there chose a subprotocol that nobody offered");
  return VMS_OK;
}

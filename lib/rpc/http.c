/* SPDX-License-Identifier: MIT */
/* HTTP/1.1 (RFC 9112) as far as it is spoken here: the head of a message by http-parser, stricter where two readers might understand it
 * differently; the body of a request, by its length or in chunks; short answers. */
#include "internal.h"

#include <strings.h>

#define CHUNK_LINE_LEN_MAX 256u            /* size and extensions */
#define TRAILER_LEN_MAX VMS__HTTP_HEADER_LEN_MAX

/* --- words of headers ------------------------------------------------------------------------------------ */

bool vms__http_text_is(vms_slice text, const char *word) {
  return text.len == strlen(word) && strncasecmp(text.data, word, text.len) == 0;
}

vms_slice vms__http_trim(vms_slice text) {
  while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) text.data++, text.len--;
  while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t')) text.len--;
  return text;
}

bool vms__http_list_has(vms_slice list, const char *word, bool exactly) {
  while (list.len > 0) {
    const char *comma = memchr(list.data, ',', list.len);
    size_t len = comma == NULL ? list.len : (size_t)(comma - list.data);
    vms_slice item = vms__http_trim((vms_slice){ list.data, len });
    if (exactly ? vms__slice_is(item, word) : vms__http_text_is(item, word)) return true;
    if (comma == NULL) break;
    list.data += len + 1;
    list.len -= len + 1;
  }
  return false;
}

/* --- the head ---------------------------------------------------------------------------------------------- */

static bool is_token(vms_slice text) {
  for (size_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL))) return false;
  }
  return text.len > 0;
}

/* A header of which there may be one: kept. */
static void header_keep(vms__http *http, uint32_t have, vms_buffer *to, vms_slice value) {
  if ((http->have & have) != 0) http->have |= VMS__HTTP_TWICE;
  http->have |= have;
  vms__buf_clear(to);
  if (vms__buf_slice(to, value) != VMS_OK) http->nomem = true;
}

/* The length of a body is said once and in one way: what reads it otherwise may sit before us. */
static void header_body(vms__http *http, bool chunked, vms_slice value) {
  uint32_t have = chunked ? VMS__HTTP_CHUNKS : VMS__HTTP_LENGTH;
  if ((http->have & (VMS__HTTP_CHUNKS | VMS__HTTP_LENGTH)) != 0 || (chunked && !vms__http_text_is(value, "chunked"))) http->failed = true;
  for (size_t i = 0; i < value.len && !chunked; i++)
    if (value.data[i] < '0' || value.data[i] > '9') http->failed = true;
  if (!chunked && value.len == 0) http->failed = true;
  http->have |= have;
}

/* A request may offer several, in one header or more; an answer chooses one. */
static void header_protocol(vms__http *http, vms_slice value, bool server) {
  if (!server && (http->have & VMS__HTTP_PROTOCOL) != 0) http->have |= VMS__HTTP_TWICE;
  http->have |= VMS__HTTP_PROTOCOL;
  if (server ? vms__http_list_has(value, VMS__STREAM_PROTOCOL, true) : vms__slice_is(value, VMS__STREAM_PROTOCOL)) http->have |= VMS__HTTP_STREAM;
}

static void header_end(vms__http *http) {
  vms_slice name = vms__buf_view(&http->name), value = vms__http_trim(vms__buf_view(&http->value));
  bool server = http->parser.type == HTTP_REQUEST;
  if (!is_token(name)) http->failed = true;
  else if (vms__http_text_is(name, "host")) header_keep(http, VMS__HTTP_HOST, &http->host, value);
  else if (vms__http_text_is(name, "origin")) header_keep(http, VMS__HTTP_ORIGIN, &http->origin, value);
  else if (vms__http_text_is(name, "content-length")) header_body(http, false, value);
  else if (vms__http_text_is(name, "transfer-encoding")) header_body(http, true, value);
  else if (vms__http_text_is(name, "content-encoding")) http->have |= vms__http_text_is(value, "identity") ? 0 : VMS__HTTP_ENCODED;
  else if (vms__http_text_is(name, "expect")) http->have |= vms__http_text_is(value, "100-continue") ? VMS__HTTP_EXPECT : VMS__HTTP_EXPECT_OTHER;
  else if (vms__http_text_is(name, "access-control-request-private-network")) http->have |= VMS__HTTP_PRIVATE;
  else if (vms__http_text_is(name, "upgrade")) http->have |= vms__http_list_has(value, "websocket", false) ? VMS__HTTP_UPGRADE : 0;
  else if (vms__http_text_is(name, "connection")) http->have |= vms__http_list_has(value, "upgrade", false) ? VMS__HTTP_CONNECTION : 0;
  else if (vms__http_text_is(name, "sec-websocket-version")) http->have |= vms__http_text_is(value, "13") ? VMS__HTTP_VERSION : VMS__HTTP_OLD_VERSION;
  else if (vms__http_text_is(name, server ? "sec-websocket-key" : "sec-websocket-accept")) header_keep(http, VMS__HTTP_KEY, &http->key, value);
  else if (vms__http_text_is(name, "sec-websocket-extensions")) http->have |= VMS__HTTP_EXTENSION;
  else if (vms__http_text_is(name, "sec-websocket-protocol")) header_protocol(http, value, server);
  vms__buf_clear(&http->name);
  vms__buf_clear(&http->value);
  http->in_header = http->in_value = false;
}

static int on_url(http_parser *parser, const char *at, size_t len) {
  vms__http *http = parser->data;
  if (vms_buffer_append(&http->url, at, len) != VMS_OK) http->nomem = true;
  return 0;
}

static int on_field(http_parser *parser, const char *at, size_t len) {
  vms__http *http = parser->data;
  if (http->in_value) header_end(http);
  http->in_header = true;
  if (vms_buffer_append(&http->name, at, len) != VMS_OK) http->nomem = true;
  return 0;
}

static int on_value(http_parser *parser, const char *at, size_t len) {
  vms__http *http = parser->data;
  http->in_header = http->in_value = true;
  if (vms_buffer_append(&http->value, at, len) != VMS_OK) http->nomem = true;
  return 0;
}

static int on_headers_complete(http_parser *parser) {
  vms__http *http = parser->data;
  if (http->in_header) header_end(http);
  http->done = true;
  return 2; /* its reading ends here: what follows is read below, or belongs to somebody else */
}

static const http_parser_settings settings = { .on_url = on_url,
                                               .on_header_field = on_field,
                                               .on_header_value = on_value,
                                               .on_headers_complete = on_headers_complete };

void vms__http_init(vms__http *http, bool server, const vms_env *env) {
  vms_buffer *const buffers[] = { &http->url, &http->name, &http->value, &http->key, &http->host, &http->origin, &http->body };
  memset(http, 0, sizeof *http);
  http->env = env;
  for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) vms_buffer_init(buffers[i], env);
  http_parser_init(&http->parser, server ? HTTP_REQUEST : HTTP_RESPONSE);
}

void vms__http_free(vms__http *http) {
  vms_buffer *const buffers[] = { &http->url, &http->name, &http->value, &http->key, &http->host, &http->origin, &http->body };
  for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) vms_buffer_free(buffers[i]);
}

/* http-parser takes what the RFC leaves to whoever reads: lines that end without a carriage return, values that go on in the next line. */
static bool is_plain(vms__http *http, const char *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) {
    char c = bytes[i], before = http->last;
    http->last = c;
    if ((c == '\n') != (before == '\r')) return false;
    if (before == '\n' && (c == ' ' || c == '\t')) return false;
  }
  return true;
}

void vms__http_feed(vms__http *http, const void *bytes, size_t len, size_t *used) {
  size_t room = VMS__HTTP_HEADER_LEN_MAX - http->seen, give = VMS__MIN(len, room);
  assert(!http->done);
  http->parser.data = http; /* the struct may have moved since init */
  *used = http_parser_execute(&http->parser, &settings, bytes, give);
  http->seen += *used;
  if (!is_plain(http, bytes, *used)) http->failed = true;
  /* A length that does not fit 64 bits is a length all the same. */
  if (!http->failed && HTTP_PARSER_ERRNO(&http->parser) == HPE_INVALID_CONTENT_LENGTH && http->parser.content_length > UINT64_MAX / 16 &&
      http->parser.content_length != UINT64_MAX) http->too_large = true;
  if (HTTP_PARSER_ERRNO(&http->parser) != HPE_OK) http->failed = true;
  http->too_long = !http->failed && !http->done && http->seen >= VMS__HTTP_HEADER_LEN_MAX;
  http->done = http->done || http->failed || http->too_long || http->nomem;
}

bool vms__http_target(const vms__http *http, vms_slice *path, vms_slice *query, vms_slice *host) {
  struct http_parser_url parts;
  const char *url = http->url.data;
  http_parser_url_init(&parts);
  if (http->url.len == 0 || http_parser_parse_url(url, http->url.len, 0, &parts) != 0) return false;
  if ((parts.field_set & (1 << UF_PATH)) == 0 || (parts.field_set & (1 << UF_USERINFO)) != 0) return false;
  *path = (vms_slice){ url + parts.field_data[UF_PATH].off, parts.field_data[UF_PATH].len };
  *query = *host = (vms_slice){ url, 0 };
  if ((parts.field_set & (1 << UF_QUERY)) != 0)
    *query = (vms_slice){ url + parts.field_data[UF_QUERY].off, parts.field_data[UF_QUERY].len };
  if ((parts.field_set & (1 << UF_HOST)) != 0)
    *host = (vms_slice){ url + parts.field_data[UF_HOST].off, parts.field_data[UF_HOST].len };
  if (host->len > 0 && host->data[-1] == '[') *host = (vms_slice){ host->data - 1, host->len + 2 }; /* a URL's host begins behind "://" */
  return true;
}

bool vms__http_keeps(const vms__http *http) { return http_should_keep_alive(&http->parser) != 0; }

/* --- the body of a request ------------------------------------------------------------------------------------ */

enum { CHUNK_SIZE = 0, CHUNK_EXTENSION, CHUNK_LINE_END, CHUNK_DATA, CHUNK_DATA_CR, CHUNK_DATA_LF, TRAILER_START, TRAILER, TRAILER_LF, LAST_LF };

unsigned vms__http_body_begin(vms__http *http, uint64_t len_max) {
  bool chunked = (http->have & VMS__HTTP_CHUNKS) != 0, has_length = (http->have & VMS__HTTP_LENGTH) != 0;
  http->body_len_max = len_max;
  http->left = has_length ? http->parser.content_length : 0;
  http->whole = !chunked && http->left == 0;
  return http->left > len_max ? 413 : 0;
}

static bool body_append(vms__http *http, const char *bytes, size_t len) {
  http->left -= len;
  if (vms_buffer_append(&http->body, bytes, len) != VMS_OK) http->nomem = true;
  return !http->nomem;
}

/* A digit of a chunk's size, or what ends it. */
static unsigned chunk_size(vms__http *http, char c) {
  int digit = vms__rpc_hex_value(c);
  if (digit >= 0 && http->line <= 16) {
    http->left = http->left << 4 | (unsigned)digit; /* at most 16 digits: nothing is lost */
    http->digits = true;
    return 0;
  }
  if (digit >= 0 || !http->digits || (c != '\r' && c != ';')) return 400;
  http->chunk = c == '\r' ? CHUNK_LINE_END : CHUNK_EXTENSION;
  return 0;
}

static unsigned chunk_line_end(vms__http *http) {
  http->chunk = http->left == 0 ? TRAILER_START : CHUNK_DATA;
  http->line = 0;
  http->digits = false;
  return http->left > http->body_len_max - http->body.len ? 413 : 0;
}

static bool is_text(char c) { return ((uint8_t)c >= ' ' && c != 0x7f) || c == '\t'; }

/* Moves on by a byte that is none of the data. Returns 0 or the status to refuse with. */
static unsigned chunk_step(vms__http *http, char c) {
  bool trailer = http->chunk >= TRAILER_START;
  if (++http->line > (trailer ? TRAILER_LEN_MAX : CHUNK_LINE_LEN_MAX)) return trailer ? 431 : 400;
  switch (http->chunk) {
    case CHUNK_SIZE: return chunk_size(http, c);
    case CHUNK_EXTENSION:
      if (c == '\r') http->chunk = CHUNK_LINE_END;
      return c == '\r' || is_text(c) ? 0 : 400;
    case CHUNK_LINE_END: return c == '\n' ? chunk_line_end(http) : 400;
    case CHUNK_DATA_CR: return http->chunk = CHUNK_DATA_LF, c == '\r' ? 0 : 400;
    case CHUNK_DATA_LF: return http->chunk = CHUNK_SIZE, http->line = 0, c == '\n' ? 0 : 400;
    case TRAILER_START:
      http->chunk = c == '\r' ? LAST_LF : TRAILER;
      return c == '\r' || (is_text(c) && c != ' ' && c != '\t') ? 0 : 400;
    case TRAILER:
      if (c == '\r') http->chunk = TRAILER_LF;
      return c == '\r' || is_text(c) ? 0 : 400;
    case TRAILER_LF: return http->chunk = TRAILER_START, c == '\n' ? 0 : 400;
    default: return http->whole = true, c == '\n' ? 0 : 400;
  }
}

unsigned vms__http_body_feed(vms__http *http, const char *bytes, size_t len, size_t *used) {
  bool chunked = (http->have & VMS__HTTP_CHUNKS) != 0;
  unsigned refusal = 0;
  assert(http->done && !http->whole);
  *used = 0;
  while (*used < len && !http->whole && refusal == 0) {
    if (chunked && http->chunk != CHUNK_DATA) {
      refusal = chunk_step(http, bytes[(*used)++]);
      continue;
    }
    size_t some = (size_t)VMS__MIN((uint64_t)(len - *used), http->left);
    if (!body_append(http, bytes + *used, some)) return 0;
    *used += some;
    if (http->left > 0) continue;
    if (chunked) http->chunk = CHUNK_DATA_CR;
    else http->whole = true;
  }
  return refusal;
}

/* --- answers ---------------------------------------------------------------------------------------------------- */

static const char *status_phrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 426: return "Upgrade Required";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: return "Bad Request";
  }
}

/* What lets a web page read the answer. `origin` is that of a page that may, or empty. */
static int write_allowance(const vms__http *http, vms_slice origin, bool preflight, vms_buffer *out) {
  int status = vms__buf_text(out, "Vary: Origin\r\n");
  if (origin.len == 0 || status != VMS_OK) return status;
  status = vms__buf_text(out, "Access-Control-Allow-Origin: ");
  if (status == VMS_OK) status = vms__buf_slice(out, origin);
  if (status == VMS_OK) status = vms__buf_text(out, "\r\n");
  if (status == VMS_OK && preflight)
    status = vms__buf_text(out, "Access-Control-Allow-Methods: POST\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 600\r\n");
  if (status == VMS_OK && preflight && (http->have & VMS__HTTP_PRIVATE) != 0)
    status = vms__buf_text(out, "Access-Control-Allow-Private-Network: true\r\n");
  return status;
}

int vms__http_answer(const vms__http *http, const vms__http_reply *reply, vms_buffer *out) {
  bool bare = reply->status == 204, head = http->parser.method == HTTP_HEAD && http->done && !http->failed;
  int status = vms__buf_format(out, "HTTP/1.1 %u %s\r\n%s%s%s", reply->status, status_phrase(reply->status),
                               reply->status == 405 || reply->preflight ? "Allow: GET, HEAD, OPTIONS, POST\r\n" : "",
                               reply->status == 426 ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "",
                               reply->keep ? "" : "Connection: close\r\n");
  if (status == VMS_OK) status = write_allowance(http, reply->origin, reply->preflight, out);
  if (status == VMS_OK && !bare)
    status = vms__buf_format(out, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", reply->type, reply->body.len);
  if (status == VMS_OK) status = vms__buf_text(out, "\r\n");
  return status == VMS_OK && !bare && !head ? vms__buf_slice(out, reply->body) : status;
}

/* SPDX-License-Identifier: MIT */
/* URLs of services and addresses to listen on. */
#define _GNU_SOURCE
#include "internal.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

static bool starts(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

static bool port_valid(vms_slice text) {
  uint64_t number;
  return text.len <= 5 && vms__uint_decode(text, &number) && number <= 65535;
}

static bool is_plain(char c) { return (uint8_t)c > ' ' && (uint8_t)c < 0x7f; }

/* Copies a slice if it fits with its NUL and holds nothing but printing ASCII. */
static bool copy(char *to, size_t room, vms_slice from) {
  if (from.len >= room) return false;
  for (size_t i = 0; i < from.len; i++)
    if (!is_plain(from.data[i])) return false;
  if (from.len > 0) memcpy(to, from.data, from.len);
  to[from.len] = 0;
  return true;
}

static int malformed(vms_error *error, const char *message) { return vms__fail(error, VMS_ERR_ARGUMENT, 0, "%s", message); }

/* --- HOST, HOST:PORT, [HOST]:PORT ------------------------------------------------------------------------------------ */

/* What stands in brackets has to be an address: no name is looked up for it. */
static int host_in_brackets(vms_slice text, vms__url *url, vms_error *error) {
  struct in6_addr address;
  if (memchr(text.data, '%', text.len) != NULL) return malformed(error, "an IPv6 address with a zone (%) cannot stand in a URL");
  if (!copy(url->host, sizeof url->host, text) || inet_pton(AF_INET6, url->host, &address) != 1)
    return malformed(error, "what stands in brackets in a URL is an IPv6 address, such as [::1]");
  return VMS_OK;
}

static int host_named(vms_slice text, vms__url *url, vms_error *error) {
  for (size_t i = 0; i < text.len; i++)
    if (strchr("[]\\\"<>^`{|}%", text.data[i]) != NULL || (text.data[i] == '.' && (i == 0 || text.data[i - 1] == '.')))
      return malformed(error, "the URL's host is malformed");
  if (text.len == 0 || !copy(url->host, sizeof url->host, text)) return malformed(error, "the URL's host is missing or malformed");
  return VMS_OK;
}

static int authority_read(vms_slice text, vms__url *url, vms_error *error) {
  vms_slice host = text, rest, port = vms__slice_of(url->tls ? "443" : "80");
  bool brackets = text.len > 0 && text.data[0] == '[';
  const char *end = text.len == 0 ? NULL : memchr(text.data, brackets ? ']' : ':', text.len);
  int status;
  if (text.len > 0 && memchr(text.data, '@', text.len) != NULL) return malformed(error, "a URL has no user name here: requests are signed with a key");
  if (brackets && end == NULL) return malformed(error, "the URL's ] is missing");
  if (end != NULL) host.len = (size_t)(end - text.data);
  rest = (vms_slice){ text.data + host.len, text.len - host.len };
  if (brackets) host.data++, host.len--, rest.data++, rest.len--;
  if (!brackets && rest.len > 0 && memchr(rest.data + 1, ':', rest.len - 1) != NULL)
    return malformed(error, "an IPv6 address goes in brackets: ws://[::1]:5555/");
  status = brackets ? host_in_brackets(host, url, error) : host_named(host, url, error);
  if (status != VMS_OK) return status;
  if (rest.len > 0) port = (vms_slice){ rest.data + 1, rest.len - 1 };
  if ((rest.len > 0 && rest.data[0] != ':') || !port_valid(port) || vms__slice_is(port, "0") || !copy(url->port, sizeof url->port, port))
    return malformed(error, "the URL's port is no number from 1 to 65535");
  return copy(url->authority, sizeof url->authority, text) ? VMS_OK : malformed(error, "the URL's host is too long");
}

/* --- the socket's path ------------------------------------------------------------------------------------------------- */

static int hex_digit(char c) {
  const char *digits = "0123456789abcdef", *found = c == 0 ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
  return found == NULL ? -1 : (int)(found - digits);
}

/* What a URL cannot hold stands there as %XX. */
static int socket_read(vms_slice text, vms__url *url, vms_error *error) {
  size_t len = 0;
  if (text.len == 0) return malformed(error, "ws+unix: needs the path of a socket: ws+unix:SOCKET:/PATH");
  for (size_t i = 0; i < text.len; i++, len++) {
    int high = text.data[i] == '%' && i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(text.data[i + 2]);
    if (!is_plain(text.data[i]) || (text.data[i] == '%' && (low < 0 || high + low == 0))) return malformed(error, "the path of the URL's socket is malformed");
    if (len + 1 >= sizeof url->socket) return malformed(error, "the path of the URL's socket is too long: at most 107 bytes are");
    url->socket[len] = low < 0 ? text.data[i] : (char)(16 * high + low);
    if (low >= 0) i += 2;
  }
  url->socket[len] = 0;
  (void)copy(url->authority, sizeof url->authority, VMS__TEXT("localhost")); /* there is no other name that a Host header could have */
  return VMS_OK;
}

/* SOCKET:/PATH, cut at the last ":/" before the query; without one all of it is the socket. */
static int unix_read(vms_slice text, vms__url *url, size_t *target_at, vms_error *error) {
  size_t end = 0, at;
  while (end < text.len && text.data[end] != '?' && text.data[end] != '#') end++;
  at = end;
  for (size_t i = 0; i + 1 < end; i++)
    if (text.data[i] == ':' && text.data[i + 1] == '/') at = i;
  *target_at = at < end ? at + 1 : end;
  return socket_read((vms_slice){ text.data, at }, url, error);
}

/* --- URLs ------------------------------------------------------------------------------------------------------------------ */

static const struct scheme {
  const char *text;
  bool tls, local;
} schemes[] = { { "ws://", false, false },   { "wss://", true, false }, { "ws+unix:", false, true },
                { "http://", false, false }, { "https://", true, false } }; /* who pastes from a browser means the same */

static const struct scheme *scheme_of(const char *text) {
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
    if (strncasecmp(text, schemes[i].text, strlen(schemes[i].text)) == 0) return &schemes[i];
  return NULL;
}

static int target_read(vms_slice text, vms__url *url, vms_error *error) {
  size_t slash = text.len == 0 || text.data[0] != '/' ? 1 : 0; /* ws://host and ws://host?x */
  url->target[0] = '/';
  if (!copy(url->target + slash, sizeof url->target - slash, text)) return malformed(error, "the URL's path is too long or malformed");
  return VMS_OK;
}

int vms__url_read(const char *text, vms__url *url, vms_error *error) {
  const struct scheme *scheme = scheme_of(text);
  const char *hash;
  size_t len, at;
  int status;
  memset(url, 0, sizeof *url);
  if (scheme == NULL) return malformed(error, "a URL has the form ws://HOST:PORT/PATH, wss://HOST/PATH or ws+unix:SOCKET:/PATH");
  url->tls = scheme->tls;
  url->local = scheme->local;
  text += strlen(scheme->text);
  hash = strchr(text, '#');
  len = hash == NULL ? strlen(text) : (size_t)(hash - text);
  at = strcspn(text, "/?#");
  status = url->local ? unix_read((vms_slice){ text, len }, url, &at, error) : authority_read((vms_slice){ text, at }, url, error);
  if (status == VMS_OK) status = target_read((vms_slice){ text + at, len - at }, url, error);
  if (status != VMS_OK || hash == NULL) return status;
  url->pinned = vms__hex_decode(vms__slice_of(hash + 1), url->ledger, VMS_KEY_LEN);
  return url->pinned ? VMS_OK : malformed(error, "what stands behind # in a URL is a ledger key, 64 hex digits");
}

int vms__url_socket_write(vms_buffer *out, const char *path) {
  int status = vms__buf_text(out, "ws+unix:");
  for (; *path != 0 && status == VMS_OK; path++)
    status = is_plain(*path) && strchr("%?#", *path) == NULL ? vms__buf_byte(out, (uint8_t)*path) : vms__buf_format(out, "%%%02X", (uint8_t)*path);
  return status == VMS_OK ? vms__buf_byte(out, ':') : status;
}

static int authority_write(const vms__url *url, vms_buffer *out) {
  struct in6_addr address;
  char host[sizeof url->host];
  size_t len = strlen(url->host);
  if (inet_pton(AF_INET6, url->host, &address) == 1) {
    char text[INET6_ADDRSTRLEN];
    snprintf(host, sizeof host, "[%s]", inet_ntop(AF_INET6, &address, text, sizeof text));
  } else {
    for (size_t i = 0; i <= len; i++) host[i] = (char)(url->host[i] >= 'A' && url->host[i] <= 'Z' ? url->host[i] + 32 : url->host[i]);
    if (len > 1 && host[len - 1] == '.') host[len - 1] = 0; /* an absolute name is the same host */
  }
  if (strcmp(url->port, url->tls ? "443" : "80") == 0) return vms__buf_format(out, "%s://%s", url->tls ? "wss" : "ws", host);
  return vms__buf_format(out, "%s://%s:%s", url->tls ? "wss" : "ws", host, url->port);
}

/* A relative path is another socket in another folder: the name has it in full. */
static int socket_name(const char *path, vms_buffer *out) {
  char folder[PATH_MAX];
  vms_buffer whole = { NULL, 0, 0, out->env };
  int status;
  if (path[0] == '/' || getcwd(folder, sizeof folder) == NULL) return vms__url_socket_write(out, path);
  while (path[0] == '.' && path[1] == '/') path += 1 + strspn(path + 1, "/");
  status = vms__buf_format(&whole, "%s/%s", folder[1] == 0 ? "" : folder, path);
  if (status == VMS_OK) status = vms__url_socket_write(out, whole.data);
  vms_buffer_free(&whole);
  return status;
}

int vms__url_name(const vms__url *url, vms_buffer *out) {
  int status = url->local ? socket_name(url->socket, out) : authority_write(url, out);
  return status == VMS_OK ? vms__buf_slice(out, (vms_slice){ url->target, strcspn(url->target, "?") }) : status;
}

/* --- addresses --------------------------------------------------------------------------------------------------------------- */

int vms__address_read(const char *text, char host[64], uint16_t *port, vms_error *error) {
  vms_slice address = VMS__TEXT("127.0.0.1");
  const char *colon = strrchr(text, ':'), *digits = colon == NULL ? text : colon + 1;
  uint64_t number;
  if (starts(text, "unix:")) return malformed(error, "a Unix socket cannot be used here, only [ADDR:]PORT");
  if (colon != NULL) address = (vms_slice){ text, (size_t)(colon - text) };
  if (address.len > 2 && address.data[0] == '[' && address.data[address.len - 1] == ']') {
    address.data++;
    address.len -= 2;
  } else if (memchr(address.data, ':', address.len) != NULL) {
    return malformed(error, "an IPv6 address goes in brackets: [::1]:5555");
  }
  if (memchr(address.data, '%', address.len) != NULL) return malformed(error, "an IPv6 address with a zone (%) cannot be listened on");
  if (!port_valid(vms__slice_of(digits)) || address.len == 0 || !copy(host, 64, address))
    return malformed(error, "an address has the form [ADDR:]PORT, such as 127.0.0.1:5555");
  (void)vms__uint_decode(vms__slice_of(digits), &number);
  *port = (uint16_t)number;
  return VMS_OK;
}

/* SPDX-License-Identifier: MIT */
/* Who may talk to a host: web pages of the origins that it names, under the names that it goes by. A browser sends what any page tells it to
 * send, also to hosts that nobody else can reach; the headers Origin and Host are what tells. */
#include "internal.h"

#include <strings.h>

/* The parts of an origin, or of a Host header (no scheme). */
typedef struct authority {
  vms_slice scheme, host;
  uint32_t port; /* 0: none, or the scheme's own */
} authority;

static bool same(vms_slice a, vms_slice b) { return a.len == b.len && (a.len == 0 || strncasecmp(a.data, b.data, a.len) == 0); }

/* A trailing dot says that a name is a whole one; it names the same. */
static vms_slice without_dot(vms_slice host) {
  if (host.len > 1 && host.data[host.len - 1] == '.') host.len--;
  return host;
}

static bool is_name(vms_slice host) {
  for (size_t i = 0; i < host.len; i++) {
    char c = host.data[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || (c & 0x80) != 0)) return false;
  }
  return host.len > 0 && host.data[0] != '.';
}

static bool is_literal(vms_slice host) {
  for (size_t i = 1; i + 1 < host.len; i++)
    if (vms__rpc_hex_value(host.data[i]) < 0 && host.data[i] != ':' && host.data[i] != '.') return false;
  return host.len >= 4 && host.data[host.len - 1] == ']';
}

/* Reads "name:port", "[::1]:port", or either without a port. */
static bool read_host(vms_slice text, authority *found) {
  const char *end = text.data + text.len, *colon = NULL;
  bool literal = text.len > 0 && text.data[0] == '[';
  if (literal) colon = memchr(text.data, ']', text.len);
  if (literal && colon == NULL) return false;
  colon = literal ? colon + 1 : text.len == 0 ? end : memchr(text.data, ':', text.len);
  if (colon == NULL) colon = end;
  found->host = (vms_slice){ text.data, (size_t)(colon - text.data) };
  found->port = 0;
  if (colon < end && *colon != ':') return false;
  for (const char *at = colon < end ? colon + 1 : end; at < end; at++) {
    if (*at < '0' || *at > '9') return false;
    found->port = found->port * 10 + (uint32_t)(*at - '0');
    if (found->port > 65535) return false;
  }
  if (!(literal ? is_literal(found->host) : is_name(found->host))) return false;
  found->host = without_dot(found->host);
  return true;
}

/* Reads "scheme://host:port". */
static bool read_origin(vms_slice text, authority *found) {
  static const struct { const char *scheme; uint32_t port; } known[] = { { "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 } };
  const char *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
  if (colon == NULL || text.data + text.len - colon < 3 || memcmp(colon, "://", 3) != 0) return false;
  found->scheme = (vms_slice){ text.data, (size_t)(colon - text.data) };
  if (!read_host((vms_slice){ colon + 3, (size_t)(text.data + text.len - colon) - 3 }, found)) return false;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (same(found->scheme, vms__slice_of(known[i].scheme)) && found->port == known[i].port) found->port = 0;
  return true;
}

static bool is_same_origin(vms_slice a, vms_slice b) {
  authority one, other;
  if (vms__slice_equal(a, b)) return true;
  return read_origin(a, &one) && read_origin(b, &other) && same(one.scheme, other.scheme) && same(one.host, other.host) && one.port == other.port;
}

bool vms__origin_is_allowed(const char *const *origins, vms_slice origin) {
  for (; origins != NULL && *origins != NULL; origins++) {
    vms_slice known = vms__slice_of(*origins);
    if (known.len > 0 && known.data[known.len - 1] == '/') known.len--; /* as people copy them out of an address bar */
    if (origin.len > 0 && (vms__slice_is(known, "*") || is_same_origin(known, origin))) return true;
  }
  return false;
}

/* 127.0.0.0/8, in the usual form alone: another one could be a name to somebody. */
static bool is_loopback_v4(vms_slice host) {
  unsigned parts = 0, value = 0, digits = 0;
  for (size_t i = 0; i <= host.len; i++) {
    char c = i < host.len ? host.data[i] : '.';
    if (c == '.') {
      if (digits == 0 || (parts == 0 && value != 127)) return false;
      parts++, value = digits = 0;
    } else if (c < '0' || c > '9' || ++digits > 3 || (value = value * 10 + (unsigned)(c - '0')) > 255) {
      return false;
    }
  }
  return parts == 4;
}

static bool ends_in_localhost(vms_slice host) {
  static const char name[] = ".localhost"; /* RFC 6761: all of it is loopback, and browsers ask no resolver */
  size_t len = sizeof name - 1;
  return host.len > len && strncasecmp(host.data + host.len - len, name, len) == 0;
}

static bool is_loopback(vms_slice host) {
  static const char mapped[] = "[::ffff:";
  size_t len = sizeof mapped - 1;
  if (same(host, VMS__TEXT("localhost")) || ends_in_localhost(host) || same(host, VMS__TEXT("[::1]")) || is_loopback_v4(host)) return true;
  return host.len > len + 1 && strncasecmp(host.data, mapped, len) == 0 && is_loopback_v4((vms_slice){ host.data + len, host.len - len - 1 });
}

static bool is_named(const char *const *hosts, vms_slice host) {
  authority known;
  for (; hosts != NULL && *hosts != NULL; hosts++)
    if (read_host(vms__slice_of(*hosts), &known) && same(known.host, host)) return true;
  return false;
}

unsigned vms__origin_judge_host(const vms_rpc_options *options, vms_slice *host) {
  bool loopback = (options->flags & VMS_RPC_LOOPBACK) != 0;
  authority found;
  if (!read_host(*host, &found)) return 400;
  *host = found.host;
  if (options->hosts == NULL && !loopback) return 0;
  return (loopback && is_loopback(found.host)) || is_named(options->hosts, found.host) ? 0 : 403;
}

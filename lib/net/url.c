/* SPDX-License-Identifier: MIT */
/* URLs of services and addresses to listen on. */
#include "internal.h"

#include <stdio.h>

static bool starts(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

static bool port_valid(vms_slice text) {
  uint64_t number;
  return text.len <= 5 && vms__uint_decode(text, &number) && number <= 65535;
}

/* Copies a slice if it fits with its NUL and holds nothing but printing ASCII. */
static bool copy(char *to, size_t room, vms_slice from) {
  if (from.len >= room) return false;
  for (size_t i = 0; i < from.len; i++)
    if ((uint8_t)from.data[i] <= ' ' || (uint8_t)from.data[i] >= 0x7f) return false;
  if (from.len > 0) memcpy(to, from.data, from.len);
  to[from.len] = 0;
  return true;
}

/* HOST, HOST:PORT, [HOST]:PORT */
static bool authority_read(vms_slice text, vms__url *url) {
  vms_slice host = text, port = VMS__TEXT("80");
  const char *colon;
  if (!copy(url->authority, sizeof url->authority, text)) return false;
  if (text.len > 0 && text.data[0] == '[') {
    const char *close = memchr(text.data, ']', text.len);
    if (close == NULL) return false;
    host = (vms_slice){ text.data + 1, (size_t)(close - text.data) - 1 };
    text = (vms_slice){ close + 1, text.len - host.len - 2 };
    if (text.len > 0 && text.data[0] != ':') return false;
    colon = text.len > 0 ? text.data : NULL;
  } else {
    colon = memchr(text.data, ':', text.len);
    if (colon != NULL) host.len = (size_t)(colon - text.data);
    for (size_t i = 0; i < host.len; i++)
      if (strchr("@[]\\\"<>", host.data[i]) != NULL) return false;
  }
  if (colon != NULL) port = (vms_slice){ colon + 1, (size_t)(text.data + text.len - colon) - 1 };
  return host.len > 0 && port_valid(port) && copy(url->host, sizeof url->host, host) && copy(url->port, sizeof url->port, port);
}

int vms__url_read(const char *text, vms__url *url, vms_error *error) {
  memset(url, 0, sizeof *url);
  if (starts(text, "wss://")) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "wss:// is not built in yet, only ws://");
  if (starts(text, "ws+unix:")) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "ws+unix: is not built in yet, only ws://");
  if (!starts(text, "ws://")) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a URL has the form ws://HOST:PORT/PATH");
  text += 5;
  size_t authority_len = strcspn(text, "/?#");
  const char *target = text + authority_len, *hash = strchr(target, '#');
  size_t target_len = hash == NULL ? strlen(target) : (size_t)(hash - target);
  if (!authority_read((vms_slice){ text, authority_len }, url))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the URL's host or port is malformed");
  size_t slash = target_len == 0 || target[0] != '/' ? 1 : 0; /* ws://host and ws://host?x */
  url->target[0] = '/';
  if (!copy(url->target + slash, sizeof url->target - slash, (vms_slice){ target, target_len }))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the URL's path is too long or malformed");
  if (hash == NULL) return VMS_OK;
  url->pinned = vms__hex_decode(vms__slice_of(hash + 1), url->ledger, VMS_KEY_LEN);
  return url->pinned ? VMS_OK : vms__fail(error, VMS_ERR_ARGUMENT, 0, "what stands behind # in a URL is a ledger key, 64 hex digits");
}

int vms__address_read(const char *text, char host[64], uint16_t *port, vms_error *error) {
  vms_slice address = VMS__TEXT("127.0.0.1");
  const char *colon = strrchr(text, ':'), *digits = colon == NULL ? text : colon + 1;
  uint64_t number;
  if (starts(text, "unix:")) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "unix: sockets are not built in yet");
  if (colon != NULL) address = (vms_slice){ text, (size_t)(colon - text) };
  if (address.len > 2 && address.data[0] == '[' && address.data[address.len - 1] == ']') {
    address.data++;
    address.len -= 2;
  } else if (memchr(address.data, ':', address.len) != NULL) {
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "an IPv6 address goes in brackets: [::1]:5555");
  }
  if (!port_valid(vms__slice_of(digits)) || address.len == 0 || !copy(host, 64, address))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "an address has the form [ADDR:]PORT, such as 127.0.0.1:5555");
  (void)vms__uint_decode(vms__slice_of(digits), &number);
  *port = (uint16_t)number;
  return VMS_OK;
}

/* SPDX-License-Identifier: MIT */
/* The host's log: one line an event. What strangers and scripts wrote gets there with what could fool a terminal, or end the line, escaped:
 * U+202E as \u202e, a byte that is no UTF-8 as \xff. */
#define _GNU_SOURCE
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

#define CONSOLE_LEN_MAX ((size_t)64 << 10)
/* So many peers in this time are logged when they are dropped, the others are counted. */
#define COMPLAINTS_MAX 100u
#define COMPLAINTS_MS 60000u

/* The character at the beginning of `bytes`, and how many of them it takes; 0: it is no UTF-8. */
static size_t first_character(const uint8_t *bytes, size_t left, uint32_t *character) {
  size_t len = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
  if (left < len || !vms__utf8_valid(bytes, len)) return 0;
  *character = len == 1 ? bytes[0] : bytes[0] & (0x7fu >> len);
  for (size_t i = 1; i < len; i++) *character = *character << 6 | (bytes[i] & 63);
  return len;
}

/* Control characters, and what changes the direction of text or cannot be seen. */
static bool is_dangerous(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

int vms__log_escape(vms_slice text, vms_buffer *out) {
  const uint8_t *bytes = (const uint8_t *)text.data;
  int status = vms__buf_reserve(out, text.len);
  for (size_t at = 0, step; at < text.len && status == VMS_OK; at += VMS__MAX(step, 1u)) {
    uint32_t c = 0;
    step = first_character(bytes + at, text.len - at, &c);
    if (step == 0) status = vms__buf_format(out, "\\x%02x", bytes[at]);
    else if (!is_dangerous(c)) status = vms_buffer_append(out, bytes + at, step);
    else if (c > 0xffff) status = vms__buf_format(out, "\\u%04x\\u%04x", 0xd800 + ((unsigned)(c - 0x10000) >> 10), 0xdc00 + ((unsigned)(c - 0x10000) & 0x3ff));
    else status = vms__buf_format(out, "\\u%04x", (unsigned)c);
  }
  return status;
}

static void log_text(vms_host *host, uint32_t level, const char *mount, const char *prefix, vms_slice text) {
  vms_buffer line;
  vms_buffer_init(&line, host->env);
  if (vms__buf_text(&line, prefix) == VMS_OK && vms__log_escape(text, &line) == VMS_OK)
    host->options.log(host->options.log_context, level, mount, line.data);
  vms_buffer_free(&line);
}

void vms__host_log(vms_host *host, uint32_t level, const char *mount, const char *format, ...) {
  char *text = NULL;
  va_list list;
  if (host->options.log == NULL) return;
  va_start(list, format);
  int len = vasprintf(&text, format, list);
  va_end(list);
  if (len < 0) return;
  log_text(host, level, mount, "", (vms_slice){ text, (size_t)len });
  free(text);
}

bool vms__host_may_complain(vms_host *host) {
  uint64_t now = uv_now(&host->loop);
  if (now >= host->complaints_until_ms) {
    if (host->complaints > COMPLAINTS_MAX)
      vms__host_log(host, VMS_LOG_WARN, "", "%u more peers were dropped", (unsigned)(host->complaints - COMPLAINTS_MAX));
    host->complaints = 0;
    host->complaints_until_ms = now + COMPLAINTS_MS;
  }
  return ++host->complaints <= COMPLAINTS_MAX;
}

void vms__mount_console(void *context, const char *level, vms_slice text) {
  vms__mount *mount = context;
  uint32_t number = strcmp(level, "error") == 0 ? VMS_LOG_ERROR : strcmp(level, "warn") == 0 ? VMS_LOG_WARN
                  : strcmp(level, "debug") == 0 ? VMS_LOG_DEBUG : VMS_LOG_INFO;
  if (mount->host->options.log == NULL) return;
  text.len = VMS__MIN(text.len, CONSOLE_LEN_MAX);
  log_text(mount->host, number, mount->path, "console: ", text);
}

/* SPDX-License-Identifier: MIT */
/* Files of texts, one a line, and exit statuses added up. */
#include "cli/audit/audit.h"

#include <string.h>

static int read_stdin(const char *option, vms_buffer *bytes) {
  char piece[65536];
  size_t got;
  while ((got = fread(piece, 1, sizeof piece, stdin)) > 0) {
    if (bytes->len + got > TEXT_LEN_MAX) return cli_usage("vms-audit", "%s -: more than 1 GiB", option);
    if (vms_buffer_append(bytes, piece, got) != VMS_OK) return audit_fail(CLI_UNKNOWN, "out of memory", NULL);
  }
  return CLI_FINE;
}

int audit_read(const char *option, const char *path, vms_buffer *bytes) {
  vms_error error;
  if (strcmp(path, "-") == 0) return read_stdin(option, bytes);
  if (vms_file_read(path, TEXT_LEN_MAX, bytes, &error) == VMS_OK) return CLI_FINE;
  return cli_usage("vms-audit", "%s: %s", option, error.message);
}

bool audit_line(vms_slice *rest, vms_slice *line) {
  while (rest->len > 0) {
    const char *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data), whole = end == NULL ? len : len + 1;
    *line = (vms_slice){ rest->data, len };
    *rest = (vms_slice){ rest->data + whole, rest->len - whole };
    if (line->len > 0 && line->data[line->len - 1] == '\r') line->len--;
    if (line->len > 0) return true;
  }
  return false;
}

int audit_worse(int a, int b) {
  static const int rank[] = { 0, 2, 1, 1, 3 };
  return rank[a] >= rank[b] ? a : b;
}

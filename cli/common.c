/* SPDX-License-Identifier: MIT */
/* What the three tools share. */
#include "cli/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LEN_MAX (64u << 20) /* bytes read from one file given on the command line */

cli_args cli_args_init(const char *unit, int argc, char **argv, const cli_option *options) {
  return (cli_args){ unit, argc, argv, options, 1 };
}

/* Edits between two short words: insert, delete or change one letter each. */
static size_t distance(const char *a, const char *b) {
  size_t row[64], len = strlen(b);
  if (len >= sizeof row / sizeof row[0]) return 99;
  for (size_t j = 0; j <= len; j++) row[j] = j;
  for (size_t i = 1; a[i - 1] != 0; i++) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= len; j++) {
      size_t above = row[j], best = corner + (a[i - 1] != b[j - 1]);
      if (above + 1 < best) best = above + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      corner = above;
      row[j] = best;
    }
  }
  return row[len];
}

static int unknown(const cli_args *args, const char *name) {
  const char *near = NULL;
  size_t least = 4;
  char message[160], hint[160];
  for (const cli_option *o = args->options; o->name != NULL; o++) {
    size_t away = distance(name, o->name);
    if (away < least) {
      least = away;
      near = o->name;
    }
  }
  snprintf(message, sizeof message, "unknown option --%.80s", name);
  if (near != NULL) snprintf(hint, sizeof hint, "did you mean --%s? %s --help lists the options", near, args->unit);
  else snprintf(hint, sizeof hint, "%s --help lists the options", args->unit);
  cli_fail(args->unit, 2, message, hint);
  return CLI_BAD;
}

int cli_next(cli_args *args, const char **value) {
  const char *arg = args->at < args->argc ? args->argv[args->at] : NULL;
  char name[64], message[128];
  *value = NULL;
  if (arg == NULL || arg[0] != '-' || arg[1] == 0) return CLI_END;
  if (strcmp(arg, "-h") == 0) arg = "--help";
  if (arg[1] != '-') {
    snprintf(message, sizeof message, "unknown option %.80s", arg);
    cli_fail(args->unit, 2, message, "options are spelled out: --name VALUE");
    return CLI_BAD;
  }
  args->at++;
  if (arg[2] == 0) return CLI_END; /* -- */
  const char *equals = strchr(arg, '=');
  size_t len = equals != NULL ? (size_t)(equals - arg) - 2 : strlen(arg) - 2;
  if (len >= sizeof name) return unknown(args, arg + 2);
  memcpy(name, arg + 2, len);
  name[len] = 0;
  for (const cli_option *o = args->options; o->name != NULL; o++) {
    if (strcmp(o->name, name) != 0) continue;
    if (equals != NULL && !o->value) {
      snprintf(message, sizeof message, "--%s takes no value", name);
      cli_fail(args->unit, 2, message, NULL);
      return CLI_BAD;
    }
    if (!o->value) return o->id;
    *value = equals != NULL ? equals + 1 : args->at < args->argc ? args->argv[args->at++] : NULL;
    if (*value != NULL) return o->id;
    snprintf(message, sizeof message, "--%s needs a value", name);
    cli_fail(args->unit, 2, message, NULL);
    return CLI_BAD;
  }
  return unknown(args, name);
}

int cli_fail(const char *unit, int status, const char *message, const char *hint) {
  fflush(stdout);
  fprintf(stderr, "%s: ", unit);
  cli_print_safe(stderr, message, strlen(message));
  fputc('\n', stderr);
  if (hint != NULL) {
    fprintf(stderr, "hint: ");
    cli_print_safe(stderr, hint, strlen(hint));
    fputc('\n', stderr);
  }
  return status;
}

int cli_fail_net(const char *unit, const char *url, const vms_error *error) {
  char message[400];
  const char *hint = NULL;
  if (error->status == VMS_ERR_ARGUMENT) hint = "a service's URL is ws://HOST[:PORT]/PATH, as vms-host prints it";
  if (error->status == VMS_ERR_IO) hint = "is vms-host running there? it prints the URL that it serves";
  if (error->status == VMS_ERR_TIMEOUT) hint = "the host may be busy or unreachable: try again, or raise --timeout";
  if (error->status == VMS_ERR_CLOSED) hint = "the host went away: try again; a call that was not answered can be sent again safely";
  snprintf(message, sizeof message, "%.200s: %s", url, error->message);
  return cli_fail(unit, error->status == VMS_ERR_ARGUMENT ? 2 : 3, message, hint);
}

/* Bytes of the UTF-8 character at p and its number; 0 if there is none. */
static size_t character(const unsigned char *p, size_t left, unsigned *code) {
  size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
  if (len == 0 || len > left) return 0;
  *code = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));
  for (size_t i = 1; i < len; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0;
    *code = *code << 6 | (p[i] & 0x3fu);
  }
  return len;
}

static bool harmless(unsigned code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;                   /* C0, DEL, C1 */
  if (code >= 0x200b && code <= 0x200f) return false;                               /* zero width, direction marks */
  if ((code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f)) return false; /* separators, bidi */
  return code != 0x061c && code != 0xfeff && !(code >= 0xfff9 && code <= 0xfffb) && !(code >= 0xe0000 && code <= 0xe007f);
}

void cli_print_safe(FILE *file, const char *text, size_t len) {
  const unsigned char *p = (const unsigned char *)text;
  for (size_t i = 0; i < len;) {
    unsigned code = 0;
    size_t step = character(p + i, len - i, &code);
    if (step == 0) {
      fprintf(file, "\\x%02x", p[i]);
      step = 1;
    } else if (harmless(code)) {
      fwrite(p + i, 1, step, file);
    } else {
      fprintf(file, "\\u{%x}", code);
    }
    i += step;
  }
}

bool cli_number(const char *text, uint64_t least, uint64_t most, uint64_t *number) {
  uint64_t n = 0;
  if (*text == 0) return false;
  for (; *text != 0; text++) {
    if (*text < '0' || *text > '9' || n > (UINT64_MAX - 9) / 10) return false;
    n = n * 10 + (uint64_t)(*text - '0');
  }
  if (n < least || n > most) return false;
  *number = n;
  return true;
}

bool cli_hex(const char *text, uint8_t *bytes, size_t len) {
  if (strlen(text) != 2 * len || strspn(text, "0123456789abcdefABCDEF") != 2 * len) return false;
  for (size_t i = 0; i < len; i++) {
    const char pair[3] = { text[2 * i], text[2 * i + 1], 0 };
    bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return true;
}

int cli_read_file(const char *unit, const char *path, vms_slice *content) {
  FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
  vms_buffer bytes = VMS_BUFFER_INIT;
  char part[65536], message[512];
  size_t got;
  const char *why = NULL;
  if (file == NULL) why = strerror(errno);
  while (why == NULL && (got = fread(part, 1, sizeof part, file)) > 0) {
    if (bytes.len + got > FILE_LEN_MAX) why = "longer than 64 MiB";
    else if (vms_buffer_append(&bytes, part, got) != VMS_OK) why = "out of memory";
  }
  if (why == NULL && ferror(file)) why = strerror(errno);
  if (file != NULL && file != stdin) fclose(file);
  if (why != NULL) {
    snprintf(message, sizeof message, "cannot read %.300s: %s", path, why);
    return cli_fail(unit, 2, message, NULL);
  }
  *content = (vms_slice){ bytes.data == NULL ? "" : bytes.data, bytes.len };
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* What the tools share: options from a table, messages, text that is safe on a terminal. */
#define _GNU_SOURCE
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- text ------------------------------------------------------------------------------------------------ */

/* Reads one UTF-8 character; returns its length, 0 if there is none. */
static size_t character_at(const uint8_t *p, size_t left, uint32_t *character) {
  size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : 0;
  static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
  uint32_t c;
  if (len == 0 || len > left) return 0;
  c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
  for (size_t i = 1; i < len; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0;
    c = c << 6 | (p[i] & 0x3fu);
  }
  if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return 0;
  *character = c;
  return len;
}

/* 1 if a terminal may interpret the character. */
static int is_dangerous(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void cli_print(FILE *out, const char *text, size_t len, int lines) {
  const uint8_t *p = (const uint8_t *)text;
  for (size_t at = 0; at < len;) {
    uint32_t c = 0;
    size_t step = character_at(p + at, len - at, &c);
    if (step == 0) fprintf(out, "\\x%02x", p[at++]);
    else if (!is_dangerous(c) || (lines && (c == '\n' || c == '\t'))) fwrite(p + at, 1, step, out);
    else if (c > 0xffff) fprintf(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    else fprintf(out, "\\u%04x", c);
    at += step;
  }
}

int cli_is_safe(const char *text, size_t len) {
  for (size_t at = 0, step; at < len; at += step) {
    uint32_t c = 0;
    step = character_at((const uint8_t *)text + at, len - at, &c);
    if (step == 0 || is_dangerous(c)) return 0;
  }
  return 1;
}

size_t cli_cut(const char *text, size_t len, size_t most) {
  if (len <= most) return len;
  while (most > 0 && ((uint8_t)text[most] & 0xc0) == 0x80) most--;
  return most;
}

int cli_number(const char *text, uint64_t low, uint64_t high, uint64_t *number) {
  uint64_t n = 0;
  if (*text == 0 || strlen(text) > 19) return 0;
  for (; *text != 0; text++) {
    if (*text < '0' || *text > '9') return 0;
    n = n * 10 + (uint64_t)(*text - '0');
  }
  *number = n;
  return n >= low && n <= high;
}

/* --- messages ---------------------------------------------------------------------------------------------- */

static void print_message(const char *prefix, const char *format, va_list list) {
  char *text = NULL;
  int len = vasprintf(&text, format, list);
  fprintf(stderr, "%s: ", prefix);
  if (len >= 0) cli_print(stderr, text, (size_t)len, 0);
  fputc('\n', stderr);
  if (len >= 0) free(text);
}

void cli_error(const char *tool, const char *format, ...) {
  va_list list;
  va_start(list, format);
  print_message(tool, format, list);
  va_end(list);
}

void cli_hint(const char *format, ...) {
  va_list list;
  va_start(list, format);
  print_message("hint", format, list);
  va_end(list);
}

int cli_usage(const char *tool, const char *format, ...) {
  va_list list;
  va_start(list, format);
  print_message(tool, format, list);
  va_end(list);
  cli_hint("%s --help lists the options", tool);
  return CLI_USAGE;
}

/* --- options ------------------------------------------------------------------------------------------------- */

/* A file or socket that is opened later must not become what messages are written to. */
static void take_standard_files(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) < 0) _exit(CLI_UNKNOWN);
}

cli cli_begin(const char *tool, const char *usage, const char *summary, const cli_option *options, int argc, char **argv) {
  take_standard_files();
  return (cli){ tool, usage, summary, options, argc, argv, 1, 0, NULL };
}

#define NAME_LEN_MAX 31u

/* Levenshtein distance; names are short. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len) {
  unsigned row[NAME_LEN_MAX + 1];
  if (a_len > NAME_LEN_MAX || b_len > NAME_LEN_MAX) return NAME_LEN_MAX;
  for (unsigned j = 0; j <= b_len; j++) row[j] = j;
  for (unsigned i = 1; i <= a_len; i++) {
    unsigned corner = row[0];
    row[0] = i;
    for (unsigned j = 1; j <= b_len; j++) {
      unsigned change = corner + (a[i - 1] != b[j - 1]), least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
      corner = row[j];
      row[j] = change < least ? change : least;
    }
  }
  return row[b_len];
}

static int unknown_option(const cli *parser, const char *name, size_t len) {
  const char *best = NULL;
  unsigned least = 4;
  for (const cli_option *each = parser->options; each->name != NULL; each++) {
    unsigned d = distance(name, len, each->name, strlen(each->name));
    if (d < least) least = d, best = each->name;
  }
  cli_error(parser->tool, "unknown option %.*s", (int)len, name);
  if (best != NULL) cli_hint("did you mean %s?", best);
  else cli_hint("%s --help lists the options", parser->tool);
  return CLI_BAD;
}

int cli_next(cli *parser) {
  const char *argument, *equals;
  size_t len;
  int index = 0;
  if (parser->at >= parser->argc) return CLI_END;
  argument = parser->argv[parser->at++];
  if (!parser->only_operands && strcmp(argument, "--") == 0) {
    parser->only_operands = 1;
    return cli_next(parser);
  }
  parser->value = argument;
  if (parser->only_operands || argument[0] != '-' || argument[1] == 0) return CLI_OPERAND;
  if (strcmp(argument, "-h") == 0) argument = "--help"; /* the one short option that people try without asking */
  equals = strchr(argument, '=');
  len = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
  while (parser->options[index].name != NULL && (strlen(parser->options[index].name) != len || memcmp(argument, parser->options[index].name, len) != 0))
    index++;
  if (parser->options[index].name == NULL) return unknown_option(parser, argument, len);
  parser->value = equals == NULL ? NULL : equals + 1;
  if (parser->options[index].value == NULL && equals != NULL) {
    cli_usage(parser->tool, "%.*s takes no value", (int)len, argument);
    return CLI_BAD;
  }
  if (parser->options[index].value != NULL && equals == NULL) {
    if (parser->at >= parser->argc) {
      cli_usage(parser->tool, "%s needs a value: %s", argument, parser->options[index].value);
      return CLI_BAD;
    }
    parser->value = parser->argv[parser->at++];
  }
  return index;
}

void cli_help(const cli *parser) {
  printf("usage: %s %s\n\n%s\n\n", parser->tool, parser->usage, parser->summary);
  for (const cli_option *each = parser->options; each->name != NULL; each++) {
    int len = printf("  %s%s%s", each->name, each->value == NULL ? "" : " ", each->value == NULL ? "" : each->value);
    printf("%*s%s\n", len < 26 ? 26 - len : 1, "", each->help);
  }
}

void cli_version(const cli *parser) { printf("%s %s\n", parser->tool, vms_version()); }

int cli_timeout(const char *text, uint32_t *timeout_ms) {
  char *end;
  double seconds = strtod(text, &end);
  if (end == text || *end != 0 || !(seconds >= 0.001 && seconds <= 86400)) return 0;
  *timeout_ms = (uint32_t)(seconds * 1000);
  return 1;
}

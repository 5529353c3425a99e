/* SPDX-License-Identifier: MIT */
/* What the three tools share: options, errors with hints, safe printing. */
#ifndef VMS_CLI_COMMON_H
#define VMS_CLI_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vms/base.h"

/* One long option; a table ends with a NULL name. */
typedef struct cli_option {
  const char *name;  /* without the dashes */
  int id;            /* 0 or more          */
  bool value;        /* takes one          */
} cli_option;

typedef struct cli_args {
  const char *unit;  /* the tool's name, for messages */
  int argc;
  char **argv;
  const cli_option *options;
  int at;            /* index of the first argument that was not taken */
} cli_args;

enum { CLI_END = -1, CLI_BAD = -2 };

cli_args cli_args_init(const char *unit, int argc, char **argv, const cli_option *options);

/* Takes the next option (`--name value`, `--name=value`, `-h` for help) and returns its id; CLI_END at the first argument that is none
 * (`--` is passed over); CLI_BAD after it printed what is wrong, with the option that was probably meant. */
int cli_next(cli_args *args, const char **value);

/* Prints `UNIT: message` and, if it is not NULL, `hint: hint` on stderr, made safe for a terminal. Returns status. */
int cli_fail(const char *unit, int status, const char *message, const char *hint);

/* The same for a failed connection to url: picks the hint, returns the exit status (2 for a bad URL, else 3). */
int cli_fail_net(const char *unit, const char *url, const vms_error *error);

/* Prints UTF-8 text from a stranger: control characters, bidirectional overrides and invalid bytes become \u{...} or \x... */
void cli_print_safe(FILE *file, const char *text, size_t len);

/* A whole number of plain decimal digits between least and most. */
bool cli_number(const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* Exactly 2*len hex digits, either case. */
bool cli_hex(const char *text, uint8_t *bytes, size_t len);

/* Reads a whole file ("-": stdin) into memory that lives until the process ends. Returns 0, or 2 after it printed why not. */
int cli_read_file(const char *unit, const char *path, vms_slice *content);

#endif

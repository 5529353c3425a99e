/* SPDX-License-Identifier: MIT */
/* What the tools share: options from a table, messages, text that is safe on a terminal. */
#ifndef VMS_CLI_COMMON_H
#define VMS_CLI_COMMON_H

#include <stdint.h>
#include <stdio.h>

#include "vms/base.h"

/* Exit statuses of all tools. */
enum { CLI_FINE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_UNKNOWN = 3, CLI_BROKEN_WORD = 4 };

typedef struct cli_option {
  const char *name;  /* "--dir"                          */
  const char *value; /* "DIR"; NULL if it takes none     */
  const char *help;  /* one line                         */
} cli_option;

typedef struct cli {
  const char *tool;
  const char *usage;         /* "[OPTION…] URL METHOD [ARG…]" */
  const char *summary;       /* what it does, for --help      */
  const cli_option *options; /* ends with a NULL name         */
  int argc;
  char **argv;
  int at;                    /* the next argument             */
  int only_operands;         /* behind "--"                   */
  const char *value;         /* of the option just returned   */
} cli;

enum { CLI_OPERAND = -1, CLI_END = -2, CLI_BAD = -3 };

cli cli_begin(const char *tool, const char *usage, const char *summary, const cli_option *options, int argc, char **argv);
/* Returns the index of the next option in the table, its value in parser->value ("--name=value" or "--name value");
 * CLI_OPERAND with the operand in parser->value; CLI_END; or CLI_BAD, after saying what is wrong. */
int cli_next(cli *parser);
/* Prints usage, summary and options on stdout. */
void cli_help(const cli *parser);
/* Prints "TOOL VERSION" on stdout. */
void cli_version(const cli *parser);

/* Prints "TOOL: MESSAGE" and a newline on stderr; the message is escaped for a terminal. */
void cli_error(const char *tool, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints "hint: MESSAGE" on stderr. */
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A usage error: the message, then where help is to be found. Returns CLI_USAGE. */
int cli_usage(const char *tool, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints text with control characters, bidirectional overrides and what is no UTF-8 escaped: \n as it is if lines is set,
 * U+202E as \u202e, bytes as \xff. Inside JSON strings that is JSON still. */
void cli_print(FILE *out, const char *text, size_t len, int lines);
/* 1 if cli_print() changes nothing of it. */
int cli_is_safe(const char *text, size_t len);
/* The length of what is left of a text of at most `most` bytes, without half a character at its end. */
size_t cli_cut(const char *text, size_t len, size_t most);

/* Reads a whole number in [low, high] without sign or space; 0 if it is none. */
int cli_number(const char *text, uint64_t low, uint64_t high, uint64_t *number);
/* Reads seconds, 0.001 to 86400, fractions too; 0 if it is none. */
int cli_timeout(const char *text, uint32_t *timeout_ms);

#endif

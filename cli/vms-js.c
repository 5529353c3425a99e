/* SPDX-License-Identifier: MIT */
/* vms-js - runs scripts in the contract engine, for developers of contracts and of the engine itself. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vms/sandbox.h"

static const char usage[] =
    "usage: vms-js [--steps N] [--memory N] [--seed N] [--json] [--cases] FILE...\n"
    "Runs each FILE in a fresh sandbox, timers and promises included.\n"
    "  --steps N    steps that a FILE may take (default 1000000000)\n"
    "  --memory N   bytes that its heap may hold (default 67108864)\n"
    "  --seed N     of the hashes of strings, below 2^32; no script can tell which it is (default 1)\n"
    "  --json       print how each run ended as one line of JSON on stderr\n"
    "  --cases      each FILE holds many programs, each after a line \"//// name\"; print the name, what it\n"
    "               prints, how it ended and, with --json, its steps and peak bytes\n";

typedef struct settings {
  uint64_t steps, memory, seed;
  int json, cases;
} settings;

/* The sandbox draws its hash seed from the environment: hosts give it random bytes, developers the same ones again. */
static int seed_entropy(void *context, void *bytes, size_t len) {
  uint32_t seed = (uint32_t)((const settings *)context)->seed;
  for (size_t i = 0; i < len; i++) ((unsigned char *)bytes)[i] = (unsigned char)(seed >> i % 4 * 8);
  return VMS_OK;
}

static void print_line(void *context, const char *level, vms_slice text) {
  FILE *to = strcmp(level, "warn") == 0 || strcmp(level, "error") == 0 ? stderr : stdout;
  (void)context;
  fwrite(text.data, 1, text.len, to);
  fputc('\n', to);
}

/* The same numbers in every run. */
static int fixed_seed(void *context, uint8_t seed[32], vms_error *error) {
  (void)context, (void)error;
  for (uint8_t i = 0; i < 32; i++) seed[i] = i;
  return VMS_OK;
}

static void print_all(void *context, const char *level, vms_slice text) {
  (void)level;
  print_line(context, "log", text);
}

static int read_file(const char *path, vms_buffer *text) {
  char part[16384];
  size_t got;
  int status = VMS_OK;
  FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
  if (file == NULL) return VMS_ERR_IO;
  while (status == VMS_OK && (got = fread(part, 1, sizeof part, file)) > 0) status = vms_buffer_append(text, part, got);
  if (ferror(file)) status = VMS_ERR_IO;
  if (file != stdin) fclose(file);
  return status;
}

/* How a program ended, for a person: an uncaught error, or the limit it met. */
static void print_error(const vms_sandbox_outcome *outcome, const vms_buffer *stack) {
  fprintf(stderr, "%s: %s%s\n", outcome->name.data == NULL ? "" : outcome->name.data,
          outcome->message.data == NULL ? "" : outcome->message.data, stack->data == NULL ? "" : stack->data);
}

/* What is wrong with a script that cannot be read, under its message: the line, and a caret. */
static void print_source_line(vms_slice code) {
  vms_buffer diagnostic = VMS_BUFFER_INIT;
  const char *line = NULL;
  if (vms_sandbox_check(code, &diagnostic, NULL, NULL) == VMS_ERR_SYNTAX && diagnostic.data != NULL) line = strchr(diagnostic.data, '\n');
  if (line != NULL) fprintf(stderr, "%s\n", line + 1);
  vms_buffer_free(&diagnostic);
}

/* The same for a corpus: messages are the engine's own, so only the place of a syntax error and the name count. */
static void print_ending(const vms_sandbox_outcome *outcome, int json) {
  unsigned line, column;
  if (outcome->kind == VMS_SANDBOX_ABORTED) printf("! aborted: %s\n", outcome->name.data);
  else if (outcome->kind == VMS_SANDBOX_ERROR) {
    printf("! %s", outcome->name.data == NULL ? "" : outcome->name.data);
    if (outcome->message.data != NULL && sscanf(outcome->message.data, "contract.js:%u:%u: ", &line, &column) == 2)
      printf(" %u:%u", line, column);
    printf("\n");
  }
  if (json) printf("= %" PRIu64 " %" PRIu64 "\n", outcome->steps, outcome->peak_bytes);
}

static int run_program(vms_slice code, settings *set) {
  static const char *const kinds[] = { "result", "error", "aborted" };
  vms_env env = { sizeof env, 0, set, NULL, NULL, seed_entropy };
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_host host = VMS_SANDBOX_HOST_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox *sandbox = NULL;
  vms_buffer stack = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int failed = 1;
  options.env = &env;
  options.memory_max = set->memory;
  host.console = set->cases ? print_all : print_line;
  host.seed = fixed_seed;
  call.flags = VMS_SANDBOX_SCRIPT;
  call.stack = &stack;
  call.time_ms = UINT64_C(1577836800000); /* 2020-01-01 */
  call.steps_max = set->steps;
  int status = vms_sandbox_new(&sandbox, &options, &host, &error);
  if (status == VMS_OK) status = vms_sandbox_start(sandbox, code, &call, &outcome, &error);
  fflush(stdout);
  if (status != VMS_OK) {
    fprintf(stderr, "vms-js: %s: %s\n", vms_status_name(status), error.message);
  } else if (set->cases) {
    print_ending(&outcome, set->json);
    failed = 0;
  } else {
    failed = outcome.kind != VMS_SANDBOX_RESULT;
    if (failed) print_error(&outcome, &stack);
    if (failed) print_source_line(code);
    if (set->json)
      fprintf(stderr, "{\"kind\":\"%s\",\"steps\":%" PRIu64 ",\"peak\":%" PRIu64 "}\n", kinds[outcome.kind],
              outcome.steps, outcome.peak_bytes);
  }
  vms_sandbox_free(sandbox);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
  vms_buffer_free(&stack);
  return failed;
}

/* Runs the programs of a corpus file one by one; each begins after a line "//// name". */
static int run_cases(vms_slice text, settings *set) {
  static const char mark[] = "//// ";
  const char *at = text.data, *end = text.data + text.len;
  int failed = 0;
  while (at < end) {
    const char *code = memchr(at, '\n', (size_t)(end - at)), *next;
    code = code == NULL ? end : code + 1;
    if ((size_t)(end - at) < sizeof mark - 1 || memcmp(at, mark, sizeof mark - 1) != 0) {
      at = code; /* a comment before the first program */
      continue;
    }
    fwrite(at, 1, (size_t)(code - at), stdout);
    for (next = code; next < end; next++)
      if (next[-1] == '\n' && (size_t)(end - next) >= sizeof mark - 1 && memcmp(next, mark, sizeof mark - 1) == 0) break;
    failed |= run_program((vms_slice){ code, (size_t)(next - code) }, set);
    at = next;
  }
  return failed;
}

static int run_file(const char *path, settings *set) {
  vms_buffer text = VMS_BUFFER_INIT;
  int failed = 1;
  if (read_file(path, &text) != VMS_OK) fprintf(stderr, "vms-js: cannot read %s\n", path);
  else {
    vms_slice code = { text.data == NULL ? "" : text.data, text.len };
    failed = set->cases ? run_cases(code, set) : run_program(code, set);
  }
  vms_buffer_free(&text);
  return failed;
}

static int number(const char *text, uint64_t *into) {
  char *end;
  if (text == NULL || *text < '0' || *text > '9') return 0;
  *into = strtoull(text, &end, 10);
  return *end == 0;
}

int main(int argc, char **argv) {
  settings set = { 1000000000, 0, 1, 0, 0 };
  int failed = 0, at = 1;
  for (; at < argc && argv[at][0] == '-' && argv[at][1] != 0; at++) {
    if (strcmp(argv[at], "--json") == 0) set.json = 1;
    else if (strcmp(argv[at], "--cases") == 0) set.cases = 1;
    else if (strcmp(argv[at], "--steps") == 0 && number(argv[at + 1], &set.steps)) at++;
    else if (strcmp(argv[at], "--seed") == 0 && number(argv[at + 1], &set.seed)) at++;
    else if (strcmp(argv[at], "--memory") == 0 && number(argv[at + 1], &set.memory)) at++;
    else if (strcmp(argv[at], "--help") == 0) {
      fputs(usage, stdout);
      return 0;
    } else {
      fputs(usage, stderr);
      return 2;
    }
  }
  if (at >= argc) {
    fputs(usage, stderr);
    return 2;
  }
  for (; at < argc; at++) failed |= run_file(argv[at], &set);
  return failed;
}

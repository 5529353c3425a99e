/* SPDX-License-Identifier: MIT */
/* vms-js - runs scripts in the contract engine, for developers of contracts and of the engine itself. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vms/sandbox.h"

static const char usage[] =
    "usage: vms-js [--steps N] [--memory N] [--json] FILE...\n"
    "Runs each FILE in a fresh sandbox, timers and promises included.\n"
    "  --steps N    steps that a FILE may take (default 1000000000)\n"
    "  --memory N   bytes that its heap may hold (default 67108864)\n"
    "  --json       print how each run ended as one line of JSON on stderr\n";

static void print_line(void *context, const char *level, vms_slice text) {
  FILE *to = strcmp(level, "warn") == 0 || strcmp(level, "error") == 0 ? stderr : stdout;
  (void)context;
  fwrite(text.data, 1, text.len, to);
  fputc('\n', to);
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

static void print_error(const vms_sandbox_outcome *outcome) {
  fprintf(stderr, "%s: %s\n", outcome->name.data == NULL ? "" : outcome->name.data,
          outcome->message.data == NULL ? "" : outcome->message.data);
}

/* Both halves of a run: the top level only defines `main`, so that timers and files are allowed in the text. */
static int run_text(vms_sandbox *sandbox, vms_slice code, uint64_t steps, vms_sandbox_outcome *outcome, vms_error *error) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  call.time_ms = UINT64_C(1577836800000); /* 2020-01-01 */
  call.steps_max = steps;
  int status = vms_sandbox_start(sandbox, code, &call, outcome, error);
  if (status != VMS_OK || outcome->kind != VMS_SANDBOX_RESULT) return status;
  uint64_t before = outcome->steps, peak = outcome->peak_bytes;
  call.method = (vms_slice){ "main", 4 };
  call.params = (vms_slice){ "[]", 2 };
  status = vms_sandbox_call_method(sandbox, &call, outcome, error);
  outcome->steps += before;
  if (peak > outcome->peak_bytes) outcome->peak_bytes = peak;
  return status;
}

static int run_file(const char *path, uint64_t steps, uint64_t memory, int json) {
  static const char *const kinds[] = { "result", "error", "aborted" };
  static const char head[] = "exports.main=async function(){", tail[] = "\n};";
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_host host = { sizeof host, 0, NULL, NULL, print_line };
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_sandbox *sandbox = NULL;
  vms_buffer text = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int failed = 1, status;
  options.memory_max = memory;
  status = vms_buffer_append(&text, head, sizeof head - 1);
  if (status == VMS_OK) status = read_file(path, &text);
  if (status == VMS_OK) status = vms_buffer_append(&text, tail, sizeof tail - 1);
  if (status != VMS_OK) {
    fprintf(stderr, "vms-js: cannot read %s\n", path);
    goto done;
  }
  status = vms_sandbox_new(&sandbox, &options, &host, &error);
  if (status == VMS_OK)
    status = run_text(sandbox, (vms_slice){ text.data, text.len }, steps, &outcome, &error);
  if (status != VMS_OK) {
    fprintf(stderr, "vms-js: %s: %s\n", vms_status_name(status), error.message);
    goto done;
  }
  fflush(stdout);
  failed = outcome.kind != VMS_SANDBOX_RESULT;
  if (failed) print_error(&outcome);
  if (json)
    fprintf(stderr, "{\"kind\":\"%s\",\"steps\":%" PRIu64 ",\"peak\":%" PRIu64 "}\n", kinds[outcome.kind], outcome.steps,
            outcome.peak_bytes);
done:
  vms_sandbox_free(sandbox);
  vms_buffer_free(&text);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
  return failed;
}

static int number(const char *text, uint64_t *into) {
  char *end;
  if (text == NULL || *text < '0' || *text > '9') return 0;
  *into = strtoull(text, &end, 10);
  return *end == 0;
}

int main(int argc, char **argv) {
  uint64_t steps = 1000000000, memory = 0;
  int json = 0, failed = 0, at = 1;
  for (; at < argc && argv[at][0] == '-' && argv[at][1] != 0; at++) {
    if (strcmp(argv[at], "--json") == 0) json = 1;
    else if (strcmp(argv[at], "--steps") == 0 && number(argv[at + 1], &steps)) at++;
    else if (strcmp(argv[at], "--memory") == 0 && number(argv[at + 1], &memory)) at++;
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
  for (; at < argc; at++) failed |= run_file(argv[at], steps, memory, json);
  return failed;
}

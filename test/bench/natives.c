/* SPDX-License-Identifier: MIT */
/* What a step costs at worst, and how long the engine runs between two checks of the steps: programs that make one built-in after
 * the other work on as much data as the usual 64 MiB hold, and the bombs, each under the usual limits of memory and
 * steps. Prints the slowest programs by time per step and by pause; budgets that are missed are marked and no failure.
 * Arguments: files of programs to run instead, all of whose figures are printed. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sandbox/internal.h"
#include "test/support/pauses.h"

#define STEPS_MAX 10000000u
#define STEP_NS_MUST 300.0 /* of steps that were charged rather than taken */
#define PAUSE_MS_MUST 50.0
#define FLOOR_MS 20.0 /* of shorter runs the time per step says nothing */
#define SHOWN 12

typedef struct result {
  char name[88];
  double ms, step_ns, pause_ms;
  uint64_t steps, peak;
  char how[24];
} result;

static result *results;
static size_t result_count;

static void measure(vms_slice name, vms_slice code) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_sandbox *sandbox;
  if (vms_sandbox_new(&sandbox, &options, NULL, NULL) != VMS_OK) exit(1);
  call.flags = VMS_SANDBOX_SCRIPT;
  call.steps_max = getenv("STEPS") != NULL ? strtoull(getenv("STEPS"), NULL, 10) : STEPS_MAX;
  pauses_begin(&sandbox->meter.left);
  double from = thread_us();
  int status = vms_sandbox_start(sandbox, code, &call, &outcome, NULL);
  double took = thread_us() - from;
  result *r = &results[result_count++];
  r->pause_ms = pauses_end() / 1e3;
  r->ms = took / 1e3;
  r->step_ns = took * 1e3 / (double)VMS__MAX(outcome.steps, (uint64_t)1);
  r->steps = outcome.steps;
  r->peak = outcome.peak_bytes;
  snprintf(r->name, sizeof r->name, "%.*s", (int)VMS__MIN(name.len, sizeof r->name - 1), name.data);
  snprintf(r->how, sizeof r->how, "%s", status != VMS_OK ? "status" : outcome.name.len > 0 ? outcome.name.data : "");
  vms_sandbox_free(sandbox);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
}

/* Runs the programs of a file, each behind a line "//// name". */
static void measure_file(const char *path, int loud) {
  vms_buffer text = VMS_BUFFER_INIT;
  char part[4096];
  size_t got;
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "%s: cannot open\n", path);
    exit(1);
  }
  while ((got = fread(part, 1, sizeof part, file)) > 0) vms_buffer_append(&text, part, got);
  fclose(file);
  for (const char *at = text.data == NULL ? NULL : strstr(text.data, "//// "), *next; at != NULL; at = next) {
    const char *code = strchr(at, '\n');
    next = strstr(at + 1, "\n//// ");
    const char *end = next == NULL ? text.data + text.len : next + 1;
    results = vms__resize(NULL, results, result_count * sizeof *results, (result_count + 1) * sizeof *results);
    if (results == NULL || code == NULL) exit(1);
    measure((vms_slice){ at + 5, (size_t)(code - at) - 5 }, (vms_slice){ code, (size_t)(end - code) });
    if (next != NULL) next++;
    if (loud) {
      const result *r = &results[result_count - 1];
      printf("%8.1f ms %11llu steps %8.1f ns/step  pause %7.2f ms  peak %6.1f MiB  %-7s %s\n", r->ms, (unsigned long long)r->steps, r->step_ns,
             r->pause_ms, (double)r->peak / 1048576, r->how, r->name);
      fflush(stdout);
    }
  }
  vms_buffer_free(&text);
}

static int by_step(const void *a, const void *b) {
  double x = ((const result *)a)->step_ns, y = ((const result *)b)->step_ns;
  return (x < y) - (x > y);
}
static int by_pause(const void *a, const void *b) {
  double x = ((const result *)a)->pause_ms, y = ((const result *)b)->pause_ms;
  return (x < y) - (x > y);
}

int main(int argc, char **argv) {
  static const char *const files[] = { "charging", "charging_more", "charging_late", "growth", "handlers", "iterators", "loops", "natives",
    "natives_more", "promises", "recursion" };
  char path[128];
  for (int i = 1; i < argc; i++) measure_file(argv[i], 1);
  if (argc > 1) return 0;
  measure_file("test/bench/natives.js", 0);
  size_t own = result_count;
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    snprintf(path, sizeof path, "test/language/bombs/%s.js", files[i]);
    measure_file(path, 0);
  }
  printf("%zu programs that work on much data, %zu bombs; at most %u steps, 64 MiB\n", own, result_count - own, STEPS_MAX);
  printf("longest times between two checks of the steps, ms (must: %.0f)\n", PAUSE_MS_MUST);
  qsort(results, result_count, sizeof *results, by_pause);
  for (size_t i = 0; i < SHOWN && i < result_count; i++)
    printf("  %8.2f  %s%s\n", results[i].pause_ms, results[i].name, results[i].pause_ms > PAUSE_MS_MUST ? "  OVER" : "");
  printf("most expensive steps, ns (must: %.0f), in runs of %.0f ms or more\n", STEP_NS_MUST, FLOOR_MS);
  qsort(results, result_count, sizeof *results, by_step);
  for (size_t i = 0, shown = 0; shown < SHOWN && i < result_count; i++) {
    if (results[i].ms < FLOOR_MS) continue;
    printf("  %8.1f  %s%s\n", results[i].step_ns, results[i].name, results[i].step_ns > STEP_NS_MUST ? "  OVER" : "");
    shown++;
  }
  vms__free(NULL, results, result_count * sizeof *results);
  return 0;
}

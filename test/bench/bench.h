/* SPDX-License-Identifier: MIT */
/* What the programs share that measure us beside npm: a clock, and figures by name that a child process writes as lines
 * "name per-second per-second-of-processor-time". */
#ifndef VMS_TEST_BENCH_H
#define VMS_TEST_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/ledger/internal.h"
#include "vms/net.h"

static inline double seconds_of(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double now(void) { return seconds_of(CLOCK_MONOTONIC); }
static inline double processor(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); } /* of the whole process */

static inline void die(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static inline void must(int status, const vms_error *error) {
  if (status != VMS_OK) die(error->message);
}

/* Rates are taken by the clock and by the processor time of the whole process, which other work on the machine disturbs less. */
typedef struct rate { double clock, processor; } rate;

/* A measurement under way. */
typedef struct watch { double clock, processor; } watch;

static inline watch watch_start(void) { return (watch){ now(), processor() }; }

static inline rate watch_stop(watch since, uint64_t count) {
  return (rate){ (double)count / (now() - since.clock), (double)count / (processor() - since.processor) };
}

/* --- figures: ours, npm's by the same name --------------------------------------------------------------- */

static struct figure {
  char name[48];
  rate ours, npm;
} figures[256];
static size_t figure_count;

static inline struct figure *figure(const char *name) {
  for (size_t i = 0; i < figure_count; i++)
    if (strcmp(figures[i].name, name) == 0) return &figures[i];
  if (figure_count == sizeof figures / sizeof figures[0]) die("too many figures");
  snprintf(figures[figure_count].name, sizeof figures[0].name, "%s", name);
  return &figures[figure_count++];
}

/* Of rates the highest counts, of all else the lowest; the beginning of its name tells. */
static inline void better(const char *name, double *so_far, double value) {
  static const char *const less_is_better[] = { "open", "unit", "memory", "bytes" };
  bool low = false;
  for (size_t i = 0; i < sizeof less_is_better / sizeof less_is_better[0]; i++)
    if (strncmp(name, less_is_better[i], strlen(less_is_better[i])) == 0) low = true;
  if (*so_far == 0 || (low ? value < *so_far : value > *so_far)) *so_far = value;
}

static inline void figure_note(const char *name, bool npm, rate value) {
  rate *side = npm ? &figure(name)->npm : &figure(name)->ours;
  better(name, &side->clock, value.clock);
  better(name, &side->processor, value.processor);
}

/* Runs a command that writes figures; what it measured at `suffix` is kept apart from the same at another. */
static inline void figures_ask(const char *command, const char *suffix, bool npm) {
  char name[32], whole[48];
  rate value;
  FILE *lines = popen(command, "r");
  if (lines == NULL) die("cannot start a process");
  while (fscanf(lines, "%31s %lf %lf", name, &value.clock, &value.processor) == 3) {
    snprintf(whole, sizeof whole, "%s%.15s", name, suffix);
    figure_note(whole, npm, value);
  }
  if (pclose(lines) != 0) die(command);
}

/* --- a journal in files ------------------------------------------------------------------------------------- */

typedef struct book {
  vms_storage file, index, lazy; /* lazy: the file, never synced */
  bool has_index;
  vms_journal *journal;
  vms_core *core; /* the first */
} book;

static inline int never_sync(void *context, vms_error *error) {
  (void)context;
  (void)error;
  return VMS_OK;
}

static inline void book_files(book *b, const char *path, bool with_index) {
  char index[400];
  vms_error error;
  must(vms_file_open(&b->file, path, VMS_FILE_CREATE, &error), &error);
  b->lazy = b->file;
  b->lazy.sync = never_sync;
  b->has_index = with_index;
  if (!with_index) return;
  snprintf(index, sizeof index, "%s.index", path);
  must(vms_file_open(&b->index, index, VMS_FILE_CREATE, &error), &error);
}

static inline void book_signers(book *b, const uint8_t seed[VMS_SEED_LEN]) {
  vms_error error;
  for (uint32_t i = 0; i < vms_journal_count(b->journal); i++) must(vms_journal_signer(b->journal, i, seed, &error), &error);
}

/* The second core, if one is wanted, is the blobs core of the first. */
static inline void book_make(book *b, const char *path, const uint8_t seed[VMS_SEED_LEN], uint32_t cores, bool synced, bool with_index) {
  uint8_t public_key[VMS_KEY_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_error error;
  book_files(b, path, with_index);
  if (with_index) options.index = &b->index;
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
  must(vms_journal_create(&b->journal, synced ? &b->file : &b->lazy, (const uint8_t (*)[VMS_MANIFEST_LEN])manifests, cores, &options, &error), &error);
  b->core = vms_journal_core(b->journal, 0);
  book_signers(b, seed);
}

static inline void book_open(book *b, const char *path, bool with_index) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_error error;
  book_files(b, path, with_index);
  if (with_index) options.index = &b->index;
  must(vms_journal_open(&b->journal, &b->lazy, &options, &error), &error);
  b->core = vms_journal_core(b->journal, 0);
}

static inline void book_commit(book *b, uint32_t flags) {
  vms_error error;
  must(vms_journal_commit(b->journal, flags, &error), &error);
}

static inline void book_close(book *b) {
  vms_journal_close(b->journal);
  vms_file_close(&b->file);
  if (b->has_index) vms_file_close(&b->index);
}

#endif

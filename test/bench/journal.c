/* SPDX-License-Identifier: MIT */
/* How fast is a journal? Appends per second, 1 and 1000 blocks per commit, synced and signed or neither; then how long opening takes
 * at 10^3 to 10^6 blocks, with and without an index, and what a block costs in memory. Files lie under BUILD; ROUNDS (default 3)
 * is how often everything is measured: shown are the median and the extremes. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "counted.h"
#include "vms.h"

#define BLOCK_LEN 100u
#define ROUNDS_MAX 15u

static char folder[512];
static unsigned rounds = 3;

static void must(int status, const vms_error *error) {
  if (status == VMS_OK) return;
  fprintf(stderr, "bench: %s\n", error->message);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void show(const char *what, const char *unit, double *values) {
  qsort(values, rounds, sizeof *values, ascending);
  printf("%-44s %12.*f %s (%.*f to %.*f)\n", what, values[0] < 100 ? 2 : 0, values[rounds / 2], unit, values[0] < 100 ? 2 : 0, values[0],
         values[0] < 100 ? 2 : 0, values[rounds - 1]);
}

/* --- memory that is counted -------------------------------------------------------------------------- */

static size_t live;

static int entropy(void *context, void *bytes, size_t len) {
  (void)context;
  return vms_env_system()->entropy(vms_env_system()->context, bytes, len);
}

static const vms_env counted = { sizeof(vms_env), 0, &live, counted_resize, NULL, entropy };

/* --- a journal in files -------------------------------------------------------------------------------- */

typedef struct files { vms_storage journal, index; char journal_path[600], index_path[600]; } files;

static void files_open(files *f) {
  vms_error error;
  snprintf(f->journal_path, sizeof f->journal_path, "%s/journal", folder);
  snprintf(f->index_path, sizeof f->index_path, "%s/index", folder);
  must(vms_file_open(&f->journal, f->journal_path, VMS_FILE_CREATE, &error), &error);
  must(vms_file_open(&f->index, f->index_path, VMS_FILE_CREATE, &error), &error);
}

static void files_close(files *f, int remove_them) {
  vms_file_close(&f->journal);
  vms_file_close(&f->index);
  if (!remove_them) return;
  unlink(f->journal_path);
  unlink(f->index_path);
}

static vms_journal *create(files *f, int with_index) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  uint8_t seed[VMS_SEED_LEN] = { 1 }, key[VMS_KEY_LEN], manifest[1][VMS_MANIFEST_LEN];
  vms_journal *journal;
  vms_error error;
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
  options.env = &counted;
  options.index = with_index ? &f->index : NULL;
  must(vms_journal_create(&journal, &f->journal, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, &options, &error), &error);
  must(vms_journal_signer(journal, 0, seed, &error), &error);
  return journal;
}

static void append(vms_journal *journal, unsigned count, unsigned per_commit, uint32_t flags) {
  uint8_t block[BLOCK_LEN] = { 0 };
  vms_error error;
  for (unsigned i = 0; i < count; i++) {
    memcpy(block, &i, sizeof i);
    must(vms_core_append(vms_journal_core(journal, 0), block, sizeof block, NULL, &error), &error);
    if ((i + 1) % per_commit == 0) must(vms_journal_commit(journal, flags, &error), &error);
  }
}

static double append_rate(unsigned count, unsigned per_commit, uint32_t flags) {
  files f;
  files_open(&f);
  vms_journal *journal = create(&f, 1);
  double start = now();
  append(journal, count, per_commit, flags);
  double rate = count / (now() - start);
  vms_journal_close(journal);
  files_close(&f, 1);
  return rate;
}

static void appends(const char *what, unsigned count, unsigned per_commit, uint32_t flags) {
  double rates[ROUNDS_MAX];
  for (unsigned i = 0; i < rounds; i++) rates[i] = append_rate(count, per_commit, flags);
  show(what, "appends/s", rates);
}

static void opening(unsigned count) {
  double seconds[ROUNDS_MAX];
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  vms_error error;
  files f;
  files_open(&f);
  journal = create(&f, 1);
  append(journal, count, count < 1000 ? 1 : 10, VMS_COMMIT_NO_SYNC);
  must(vms_journal_commit(journal, VMS_COMMIT_SIGN, &error), &error);
  vms_journal_close(journal);
  options.env = &counted;
  options.flags = VMS_JOURNAL_READ_ONLY;
  for (int with_index = 0; with_index < 2; with_index++) {
    char what[80];
    size_t held = 0;
    options.index = with_index ? &f.index : NULL;
    for (unsigned i = 0; i < rounds; i++) {
      double start = now();
      must(vms_journal_open(&journal, &f.journal, &options, &error), &error);
      seconds[i] = (now() - start) * 1000;
      held = live;
      if (vms_core_length(vms_journal_core(journal, 0)) != count) must(VMS_ERR_CORRUPT, &(vms_error){ .message = "blocks are missing" });
      vms_journal_close(journal);
    }
    snprintf(what, sizeof what, "opening %u blocks %s", count, with_index ? "with an index" : "without");
    show(what, "ms", seconds);
    printf("%-44s %12.1f bytes of memory for each block\n", "", (double)held / count);
  }
  files_close(&f, 1);
}

int main(void) {
  const char *build = getenv("BUILD"), *wanted = getenv("ROUNDS");
  snprintf(folder, sizeof folder, "%s/bench-journal-XXXXXX", build == NULL ? "build" : build);
  if (mkdtemp(folder) == NULL) must(VMS_ERR_IO, &(vms_error){ .message = "cannot make a folder" });
  if (wanted != NULL && atoi(wanted) > 0 && atoi(wanted) <= (int)ROUNDS_MAX) rounds = (unsigned)atoi(wanted);
  printf("blocks of %u bytes, %u rounds: median (smallest to largest)\n", BLOCK_LEN, rounds);
  appends("1 per commit, synced and signed", 4000, 1, VMS_COMMIT_SIGN);
  appends("1000 per commit, synced and signed", 400000, 1000, VMS_COMMIT_SIGN);
  appends("1 per commit, neither", 100000, 1, VMS_COMMIT_NO_SYNC);
  appends("1000 per commit, neither", 400000, 1000, VMS_COMMIT_NO_SYNC);
  for (unsigned count = 1000; count <= 1000000; count *= 10) opening(count);
  rmdir(folder);
  return 0;
}

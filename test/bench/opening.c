/* SPDX-License-Identifier: MIT */
/* How long does a service of many calls take to open, with and without what is derived from its journal, and how much memory do its callers take?
 * RECORDS (default 100,000) calls, of 1,000 callers and then each of a caller of its own, are put into a ledger as a host would have written them
 * but for the signatures, which opening does not look at. Files lie in BENCH_FOLDER (default /tmp). ROUNDS (default 3): the best counts. */
#define _GNU_SOURCE
#include <unistd.h>

#include "bench.h"
#include "counted.h"
#include "lib/service/internal.h"

static char paths[3][300]; /* journal, its index, the index of callers */
static vms_storage files[3];
static const uint8_t secret[VMS_SEED_LEN] = { 5 };
static uint64_t records = 100000;
static unsigned rounds = 3;

static size_t live;

static uint64_t fixed_now(void *context) {
  (void)context;
  return UINT64_C(1700000000000);
}
static const vms_env env = { sizeof env, 0, &live, counted_resize, fixed_now, NULL };

static void files_open(vms_service_options *options, bool index, bool callers) {
  vms_error error;
  for (size_t i = 0; i < 3; i++) must(vms_file_open(&files[i], paths[i], VMS_FILE_CREATE, &error), &error);
  *options = (vms_service_options)VMS_SERVICE_OPTIONS_INIT;
  options->env = &env;
  options->index = index ? &files[1] : NULL;
  options->callers_index = callers ? &files[2] : NULL;
}

static void files_close(void) {
  for (size_t i = 0; i < 3; i++) vms_file_close(&files[i]);
}

/* What a host writes for a small call. */
static void write_call(vms_service *service, uint64_t i, uint64_t callers, vms_buffer *text, vms_buffer *request_text) {
  vms__record record = { .type = VMS__RECORD_CALL, .time_ms = fixed_now(NULL), .caller_kind = VMS__CALLER_KEY, .has_signature = true, .steps = 40 };
  vms_request request = { .nonce = i + 1, .until_ms = fixed_now(NULL) + 60000, .seen_length = 1, .method = vms__slice_of("count"), .params = vms__slice_of("[7]") };
  uint64_t who = i % callers;
  vms_error error;
  vms_service_key(service, VMS_CORE_LEDGER, request.ledger);
  vms__buf_clear(request_text);
  must(vms_request_write(request_text, &request, &error), &error);
  memcpy(record.caller, &who, sizeof who);
  record.request = vms__buf_view(request_text);
  record.result = vms__slice_of("7");
  vms__buf_clear(text);
  if (vms__record_write(text, &record) != VMS_OK) die("out of memory");
  must(vms_core_append(vms_service_core(service, VMS_CORE_LEDGER), text->data, text->len, NULL, &error), &error);
}

static void build(uint64_t callers) {
  vms_service_options options;
  vms_service *service;
  vms_buffer text = VMS_BUFFER_INIT, request = VMS_BUFFER_INIT;
  vms_error error;
  for (size_t i = 0; i < 3; i++) unlink(paths[i]);
  files_open(&options, true, false);
  must(vms_service_deploy(&service, &files[0], secret, vms__slice_of("exports.count = x => x"), &options, NULL, &error), &error);
  for (uint64_t i = 0; i < records; i++) {
    write_call(service, i, callers, &text, &request);
    if (i % 1000 == 999) must(vms_service_commit(service, VMS_COMMIT_NO_SYNC, &error), &error);
  }
  must(vms_service_commit(service, VMS_COMMIT_SIGN, &error), &error);
  vms_service_close(service);
  vms_buffer_free(&text);
  vms_buffer_free(&request);
  files_close();
}

/* Seconds to open it, and bytes that it holds then. */
static double open_once(bool index, bool callers, size_t *bytes) {
  vms_service_options options;
  vms_service *service;
  vms_error error;
  files_open(&options, index, callers);
  double since = now();
  must(vms_service_open(&service, &files[0], secret, NULL, &options, &error), &error);
  double took = now() - since;
  *bytes = live;
  vms_service_close(service);
  files_close();
  return took;
}

static void measure(const char *what, bool index, bool callers) {
  double best = 1e9;
  size_t bytes = 0;
  for (unsigned i = 0; i < rounds; i++) best = VMS__MIN(best, open_once(index, callers, &bytes));
  printf("  %-44s %9.3f s, %6.1f MiB of memory\n", what, best, (double)bytes / (1 << 20));
}

int main(void) {
  static const char *const names[] = { "journal", "index", "callers" };
  const char *folder = getenv("BENCH_FOLDER");
  if (getenv("RECORDS") != NULL) records = strtoull(getenv("RECORDS"), NULL, 10);
  if (getenv("ROUNDS") != NULL) rounds = (unsigned)strtoul(getenv("ROUNDS"), NULL, 10);
  if (records == 0 || rounds == 0) die("RECORDS and ROUNDS are numbers above 0");
  for (size_t i = 0; i < 3; i++) snprintf(paths[i], sizeof paths[i], "%s/opening-%ld-%s", folder == NULL ? "/tmp" : folder, (long)getpid(), names[i]);
  const uint64_t callers[] = { VMS__MIN(records, 1000), records };
  for (size_t i = 0; i < 2; i++) {
    size_t bytes;
    build(callers[i]);
    printf("opening a service of %llu calls by %llu callers\n", (unsigned long long)records, (unsigned long long)callers[i]);
    measure("the journal alone", false, false);
    measure("with its index", true, false);
    (void)open_once(true, true, &bytes); /* writes the index of callers */
    measure("with its index and that of callers", true, true);
  }
  for (size_t i = 0; i < 3; i++) unlink(paths[i]);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Can a script harm the process, or take other steps the second time? Small limits, no front-end tricks: the text runs as
 * the body of a method. A VM takes long to make, so text that does not lower makes none, and only one text in eight, chosen
 * by its bytes, runs a second time. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vms/sandbox.h"

static int answer_files(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  (void)context, (void)error;
  reply->kind = (uint32_t)(request->params.len % 6);
  if (reply->kind == VMS_FILE_JSON) return vms_buffer_append(&reply->body, request->params.data, request->params.len);
  memcpy(reply->error_name, "NotFoundError", 14);
  return vms_buffer_append(&reply->body, request->data.data, request->data.len);
}

static const char head[] = "exports.f=function(a){", tail[] = "\n};exports.g=async function(a){await a;return exports.f(a)};";

static bool lowers(const uint8_t *data, size_t size) {
  vms_buffer code = VMS_BUFFER_INIT;
  if (vms_buffer_append(&code, head, sizeof head - 1) != VMS_OK || vms_buffer_append(&code, data, size) != VMS_OK ||
      vms_buffer_append(&code, tail, sizeof tail - 1) != VMS_OK)
    abort();
  int status = vms_sandbox_check((vms_slice){ code.data, code.len }, NULL, NULL, NULL);
  vms_buffer_free(&code);
  return status == VMS_OK;
}

static void run_once(const uint8_t *data, size_t size, uint64_t *steps, uint64_t *peak) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_host host = VMS_SANDBOX_HOST_INIT;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_buffer code = VMS_BUFFER_INIT;
  vms_sandbox *sandbox = NULL;
  options.memory_max = 1 << 20;
  host.files = answer_files;
  call.steps_max = 20000;
  call.params = (vms_slice){ "[{\"x\":[1,\"\xc3\xa9\"]}]", 15 };
  if (vms_buffer_append(&code, head, sizeof head - 1) != VMS_OK || vms_buffer_append(&code, data, size) != VMS_OK ||
      vms_buffer_append(&code, tail, sizeof tail - 1) != VMS_OK || vms_sandbox_new(&sandbox, &options, &host, NULL) != VMS_OK)
    abort();
  int status = vms_sandbox_start(sandbox, (vms_slice){ code.data, code.len }, &call, &outcome, NULL);
  *steps = outcome.steps;
  *peak = outcome.peak_bytes;
  for (int i = 0; i < 2 && status == VMS_OK && outcome.kind == VMS_SANDBOX_RESULT; i++) {
    call.method = (vms_slice){ i == 0 ? "f" : "g", 1 };
    status = vms_sandbox_call_method(sandbox, &call, &outcome, NULL);
    if (status == VMS_ERR_NOT_FOUND) break;
    *steps += outcome.steps;
    *peak += outcome.peak_bytes;
    if (outcome.kind == VMS_SANDBOX_ERROR) outcome.kind = VMS_SANDBOX_RESULT;
  }
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) abort();
  vms_sandbox_free(sandbox);
  vms_buffer_free(&code);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
}

/* Where memory was taken is told by a second run with other options: finding out takes as long as the script. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "malloc_context_size=1:quarantine_size_mb=16"; }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint64_t steps[2], peak[2];
  uint32_t hash = 0;
  if (size > 2048 || !lowers(data, size)) return 0;
  for (size_t i = 0; i < size; i++) hash = hash * 31 + data[i];
  run_once(data, size, &steps[0], &peak[0]);
  if (hash % 8 != 0) return 0;
  run_once(data, size, &steps[1], &peak[1]);
  if (steps[0] != steps[1] || peak[0] != peak[1]) abort();
  return 0;
}

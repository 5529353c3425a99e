/* SPDX-License-Identifier: MIT */
/* A sandbox with a recording host, for the tests of the engine. Contracts here are mostly ES5: they test the
 * engine and not the front end. */
#ifndef SANDBOX_SUPPORT_H
#define SANDBOX_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vms/sandbox.h"

typedef struct bench {
  vms_sandbox *sandbox;
  vms_sandbox_options options;
  vms_sandbox_host host;
  vms_sandbox_call call;
  vms_sandbox_outcome outcome;
  vms_error error;
  int status;
  char console[4096];
} bench;

static inline void bench_console(void *context, const char *level, vms_slice text) {
  bench *b = context;
  size_t len = strlen(b->console);
  snprintf(b->console + len, sizeof b->console - len, "%s: %.*s\n", level, (int)text.len, text.data);
}

static inline void bench_init(bench *b) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  memset(b, 0, sizeof *b);
  b->options = options;
  b->host = (vms_sandbox_host)VMS_SANDBOX_HOST_INIT;
  b->host.context = b;
  b->host.console = bench_console;
  b->call = call;
  b->call.time_ms = 1000000;
}

static inline void bench_clear(bench *b) {
  vms_buffer_free(&b->outcome.result);
  vms_buffer_free(&b->outcome.name);
  vms_buffer_free(&b->outcome.message);
  memset(&b->outcome, 0, sizeof b->outcome);
}

static inline void bench_free(bench *b) {
  vms_sandbox_free(b->sandbox);
  b->sandbox = NULL;
  bench_clear(b);
}

static inline void bench_start(bench *b, const char *code) {
  if (b->sandbox == NULL) assert_int_equal(vms_sandbox_new(&b->sandbox, &b->options, &b->host, &b->error), VMS_OK);
  bench_clear(b);
  b->status = vms_sandbox_start(b->sandbox, (vms_slice){ code, strlen(code) }, &b->call, &b->outcome, &b->error);
}

static inline void bench_started(bench *b, const char *code) {
  bench_start(b, code);
  if (b->status != VMS_OK || b->outcome.kind != VMS_SANDBOX_RESULT)
    fail_msg("start: status %d kind %u %s: %s", b->status, b->outcome.kind, b->outcome.name.data, b->outcome.message.data);
}

static inline void bench_call(bench *b, const char *method, const char *params) {
  bench_clear(b);
  b->call.method = (vms_slice){ method, strlen(method) };
  b->call.params = (vms_slice){ params, strlen(params) };
  b->status = vms_sandbox_call_method(b->sandbox, &b->call, &b->outcome, &b->error);
}

static inline const char *text_of(const vms_buffer *buffer) { return buffer->data == NULL ? "" : buffer->data; }

static inline void expect_result(bench *b, const char *json) {
  if (b->status != VMS_OK || b->outcome.kind != VMS_SANDBOX_RESULT)
    fail_msg("status %d kind %u %s: %s", b->status, b->outcome.kind, text_of(&b->outcome.name), text_of(&b->outcome.message));
  assert_string_equal(text_of(&b->outcome.result), json);
}

static inline void expect_error(bench *b, const char *name, const char *message) {
  assert_int_equal(b->status, VMS_OK);
  assert_int_equal(b->outcome.kind, VMS_SANDBOX_ERROR);
  assert_string_equal(text_of(&b->outcome.name), name);
  assert_string_equal(text_of(&b->outcome.message), message);
  assert_int_equal(b->outcome.result.len, 0);
}

static inline void expect_abort(bench *b, const char *limit) {
  assert_int_equal(b->status, VMS_OK);
  if (b->outcome.kind != VMS_SANDBOX_ABORTED)
    fail_msg("not aborted: kind %u %s %s: %s", b->outcome.kind, text_of(&b->outcome.result), text_of(&b->outcome.name),
             text_of(&b->outcome.message));
  assert_string_equal(text_of(&b->outcome.name), limit);
  assert_int_equal(b->outcome.result.len, 0);
}

/* A fresh sandbox, one contract with one method `f`, one call. */
static inline void run_f(bench *b, const char *body, const char *params) {
  size_t len = strlen(body) + 64;
  char *code = malloc(len);
  assert_non_null(code);
  snprintf(code, len, "exports.f=function(a,b,c){%s\n};", body);
  bench_free(b);
  bench_started(b, code);
  free(code);
  bench_call(b, "f", params);
}

#endif

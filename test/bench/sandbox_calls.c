/* SPDX-License-Identifier: MIT */
/* What a call and a sandbox cost: best of several rounds, in microseconds. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "vms/sandbox.h"

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const char code[] =
    "exports.hello=function(n){return 'hello '+n};exports.plain=async function(n){return n};"
    "exports.await1=async function(n){return await n};exports.await3=async function(n){await 1;await 2;return await n};"
    "exports.then=function(n){return new Promise(function(r){r(n)}).then(function(x){return x})};"
    "exports.loop=function(n){var s=0;for(var i=0;i<n;i++)s+=i;return s};"
    "exports.fib=function f(n){return n<2?n:f(n-1)+f(n-2)};"
    "exports.map=function(n){var m=new Map();for(var i=0;i<n;i++)m.set(i,i);var s=0;for(i=0;i<n;i++)s+=m.get(i);return s}";

static void measure(vms_sandbox *sandbox, const char *method, const char *params, int count) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  double best = 1e18;
  call.steps_max = 1000000000;
  call.method = (vms_slice){ method, strlen(method) };
  call.params = (vms_slice){ params, strlen(params) };
  for (int round = 0; round < 5; round++) {
    double start = now_us();
    for (int i = 0; i < count; i++) {
      outcome.result.len = outcome.name.len = outcome.message.len = 0;
      vms_sandbox_call_method(sandbox, &call, &outcome, NULL);
    }
    double each = (now_us() - start) / count;
    if (each < best) best = each;
  }
  printf("%-8s %10.2f us, %8lu steps, %.0f million steps/s\n", method, best, (unsigned long)outcome.steps,
         (double)outcome.steps / best);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
}

int main(void) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_sandbox *sandbox = NULL;
  double best = 1e18;
  for (int i = 0; i < 20; i++) {
    double start = now_us();
    vms_sandbox_free(sandbox);
    if (vms_sandbox_new(&sandbox, NULL, NULL, NULL) != VMS_OK) return 1;
    if (now_us() - start < best) best = now_us() - start;
  }
  printf("new      %10.2f us\n", best);
  if (vms_sandbox_start(sandbox, (vms_slice){ code, sizeof code - 1 }, &call, &outcome, NULL) != VMS_OK) return 1;
  measure(sandbox, "hello", "[\"bob\"]", 20000);
  measure(sandbox, "plain", "[1]", 20000);
  measure(sandbox, "await1", "[1]", 5000);
  measure(sandbox, "await3", "[1]", 5000);
  measure(sandbox, "then", "[1]", 5000);
  measure(sandbox, "loop", "[1000000]", 2);
  measure(sandbox, "fib", "[22]", 3);
  measure(sandbox, "map", "[10000]", 3);
  vms_sandbox_free(sandbox);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* The system's memory, clock and entropy as an environment. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static void *system_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context, (void)old_len;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  return realloc(memory, new_len);
}

static uint64_t clock_us(clockid_t id) {
  struct timespec now;
  int failed = clock_gettime(id, &now);
  assert(failed == 0);
  (void)failed;
  return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

uint64_t vms__os_now_us(void) { return clock_us(CLOCK_REALTIME); }
uint64_t vms__os_monotonic_ms(void) { return clock_us(CLOCK_MONOTONIC) / 1000; }

void vms__os_sleep_ms(uint32_t ms) {
  struct timespec pause = { ms / 1000, (long)(ms % 1000) * 1000000 };
  (void)nanosleep(&pause, NULL);
}

static uint64_t system_now_ms(void *context) {
  (void)context;
  return vms__os_now_us() / 1000;
}

int vms__os_entropy(void *bytes, size_t len) {
  uint8_t *at = bytes;
  while (len > 0) {
    ssize_t got = getrandom(at, len, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return VMS_ERR_IO;
    at += got;
    len -= (size_t)got;
  }
  return VMS_OK;
}

static int system_entropy(void *context, void *bytes, size_t len) {
  (void)context;
  return vms__os_entropy(bytes, len);
}

static const vms_env system_env = { sizeof(vms_env), 0, NULL, system_resize, system_now_ms, system_entropy };

const vms_env *vms__os_env(void) { return &system_env; }

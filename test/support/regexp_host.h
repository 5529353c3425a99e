/* SPDX-License-Identifier: MIT */
/* An owner of regular expressions that is as unkind as it may be: areas always move when they grow, nothing behind the length
 * asked for exists, new memory is full of `fill`, and limits leave by a jump. Initialise, setjmp(host.limit), use, deinit. */
#ifndef VMS_TEST_REGEXP_HOST_H
#define VMS_TEST_REGEXP_HOST_H

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sandbox/regexp.h"

typedef struct host {
  vms__re_host re;
  void *memory[2];
  size_t len[2], len_max;
  uint64_t steps, steps_max, most; /* most: in one charge */
  int fill;
  jmp_buf limit; /* 1: steps_max, 2: len_max */
} host;

static void *host_grow(void *context, int area, size_t len) {
  host *h = context;
  char *moved;
  if (len <= h->len[area]) return h->memory[area];
  if (len > h->len_max) longjmp(h->limit, 2);
  moved = malloc(len);
  if (moved == NULL) abort();
  memset(moved, h->fill, len);
  if (h->len[area] > 0) memcpy(moved, h->memory[area], h->len[area]);
  free(h->memory[area]);
  h->memory[area] = moved;
  h->len[area] = len;
  return moved;
}

static void host_charge(void *context, uint64_t steps) {
  host *h = context;
  h->steps += steps;
  h->most = VMS__MAX(h->most, steps);
  if (h->steps > h->steps_max) longjmp(h->limit, 1);
}

static void host_init(host *h, int fill) {
  memset(h, 0, sizeof *h);
  h->re = (vms__re_host){ h, host_grow, host_charge };
  h->len_max = (size_t)1 << 30;
  h->steps_max = UINT64_MAX;
  h->fill = fill;
}

static void host_deinit(host *h) {
  free(h->memory[0]);
  free(h->memory[1]);
}

#endif

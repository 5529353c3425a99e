/* SPDX-License-Identifier: MIT */
/* Tests wait for what has to come and not for a time: a machine may be slow, or stand still for seconds. Define _GNU_SOURCE before anything
 * is included. */
#ifndef VMS_TEST_PATIENCE_H
#define VMS_TEST_PATIENCE_H

#include <unistd.h>

#include "test/support/test.h"

/* An upper bound for what must come: it costs nothing where all is well. */
#define PATIENCE_MS 120000
#define WAIT_FOR(condition) \
  do { \
    for (int waited_ = 0; !(condition); waited_++) { \
      if (waited_ == PATIENCE_MS / 5) fail_msg("in vain: %s", #condition); \
      usleep(5000); \
    } \
  } while (0)

#endif

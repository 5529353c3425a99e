/* SPDX-License-Identifier: MIT */
/* An environment whose entropy is known: bytes laid down beforehand, then a generator's. Two runs with the same are the same. */
#ifndef VMS_TEST_ENTROPY_H
#define VMS_TEST_ENTROPY_H

#include "storage.h"

typedef struct sim_entropy {
  sim_memory memory; /* memory.env: hand this to the library */
  uint8_t given[256];
  size_t len, at;
  uint64_t random;
  bool fail;
} sim_entropy;

static inline int sim_entropy_fill(void *context, void *bytes, size_t len) {
  /* The memory stands first, and its env's context is the memory. */
  sim_entropy *entropy = context;
  if (entropy->fail) return VMS_ERR_IO;
  for (size_t i = 0; i < len; i++)
    ((uint8_t *)bytes)[i] = entropy->at < entropy->len ? entropy->given[entropy->at++] : (uint8_t)sim_random(&entropy->random);
  return VMS_OK;
}

static inline void sim_entropy_init(sim_entropy *entropy, uint64_t seed) {
  sim_memory_init(&entropy->memory);
  entropy->memory.env.entropy = sim_entropy_fill;
  entropy->len = entropy->at = 0;
  entropy->random = seed;
  entropy->fail = false;
}

#endif

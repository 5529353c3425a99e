/* SPDX-License-Identifier: MIT */
/* The 64 bits of a double, as an integer and back. */
#ifndef VMS_SANDBOX_BITS_H
#define VMS_SANDBOX_BITS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t vms__bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double vms__double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#endif

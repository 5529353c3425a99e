/* SPDX-License-Identifier: MIT */
/* The hash of interned texts. A polynomial over 56-bit words modulo the prime 2^61 - 1, at a place drawn from the seed: for any
 * two different texts only a few places of 2^61 make them collide, so whoever does not know the seed cannot choose texts that do
 * (J. L. Carter, M. N. Wegman, "Universal classes of hash functions"). Every byte counts. No clock is within reach of a script
 * and steps go by length alone, so the seed stays unknown. */
#include "lib/sandbox/internal.h"

#define PRIME ((UINT64_C(1) << 61) - 1)

__extension__ typedef unsigned __int128 wide;

/* D. Lea, G. Steele, "splitmix": its last mixing step is a permutation of all 64-bit numbers. */
static uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static uint64_t times(uint64_t a, uint64_t b) {
  wide product = (wide)a * b;
  uint64_t sum = ((uint64_t)product & PRIME) + (uint64_t)(product >> 61);
  return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t word_at(const unsigned char *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word & ((UINT64_C(1) << 56) - 1);
}

uint32_t vms__hash_bytes(const vms__meter *meter, const void *bytes, size_t len) {
  const unsigned char *p = bytes;
  const uint64_t place = mix(meter->hash_seed + 0x9e3779b97f4a7c15u) >> 4 | 1; /* below 2^60 */
  uint64_t sum = times(len + 1, place), last = 0;
  for (; len >= 8; len -= 7, p += 7) sum = times(sum + word_at(p), place); /* 8 are read, 7 taken */
  memcpy(&last, p, len);
  return (uint32_t)mix(times(sum + last, place));
}

/* SPDX-License-Identifier: MIT */
/* The hash of interned texts. Blocks are cut down by sums of products of words and secret keys ("NH": J. Black and others, "UMAC:
 * fast and secure message authentication"); what comes out, and what is left, are terms of a polynomial modulo the prime 2^61 - 1,
 * taken at a secret place (J. L. Carter, M. N. Wegman, "Universal classes of hash functions"). For any two different texts but few
 * keys and places make them collide, so whoever does not know the seed cannot choose texts that do. Every byte counts. No clock is
 * within reach of a script and steps go by length alone, so the seed stays unknown. */
#include "lib/sandbox/meter.h"

#include <string.h>

#define PRIME ((UINT64_C(1) << 61) - 1)
#define LOW_56 ((UINT64_C(1) << 56) - 1)
#define BLOCK_LEN (VMS__HASH_KEYS * sizeof(uint64_t))

__extension__ typedef unsigned __int128 wide;

/* The last step of "splitmix" (G. Steele, D. Lea, C. Flood): a permutation of all 64-bit numbers. */
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
  return word;
}

static uint64_t half_at(const unsigned char *p) {
  uint32_t half;
  memcpy(&half, p, sizeof half);
  return half;
}

static wide block(const uint64_t *keys, const unsigned char *p) {
  wide sum = 0;
  for (unsigned i = 0; i < VMS__HASH_KEYS; i += 2)
    sum += (wide)(word_at(p + 8 * i) + keys[i]) * (word_at(p + 8 * i + 8) + keys[i + 1]);
  return sum;
}

void vms__hash_seed(vms__meter *meter, uint32_t seed) {
  uint64_t at = seed;
  meter->hash_seed = seed;
  meter->hash_place = mix(at += 0x9e3779b97f4a7c15u) >> 4 | 1; /* below 2^60 */
  for (unsigned i = 0; i < VMS__HASH_KEYS; i++) meter->hash_keys[i] = mix(at += 0x9e3779b97f4a7c15u);
}

uint32_t vms__hash_bytes(const vms__meter *meter, const void *bytes, size_t len) {
  const unsigned char *p = bytes;
  const uint64_t place = meter->hash_place;
  uint64_t sum = 1, last = 0; /* 1: words of zero count too */
  for (; len >= BLOCK_LEN; len -= BLOCK_LEN, p += BLOCK_LEN) {
    wide of_block = block(meter->hash_keys, p);
    sum = times(sum + ((uint64_t)of_block & LOW_56), place);
    sum = times(sum + ((uint64_t)(of_block >> 56) & LOW_56), place);
    sum = times(sum + (uint64_t)(of_block >> 112), place);
  }
  for (; len >= 8; len -= 7, p += 7) sum = times(sum + (word_at(p) & LOW_56), place); /* 8 are read, 7 taken */
  if (len >= 4) last = half_at(p) | half_at(p + len - 4) << (len - 4) * 8; /* where both overlap they are equal */
  else if (len > 0) last = p[0] | (uint64_t)p[len / 2] << len / 2 * 8 | (uint64_t)p[len - 1] << (len - 1) * 8;
  return (uint32_t)mix(times(sum + (last | (uint64_t)len << 56), place));
}

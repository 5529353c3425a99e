/* SPDX-License-Identifier: MIT */
/* The verifiable random function ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381: who holds the secret can compute it, everybody can
 * check that what came out is what it gives, and nobody can choose it. */
#include "internal.h"

#define POINT_LEN 32u
#define SCALAR_LEN 32u
#define CHALLENGE_LEN 16u /* cLen */

static_assert(VMS__VRF_PROOF_LEN == POINT_LEN + CHALLENGE_LEN + SCALAR_LEN, "RFC 9381, section 5.1: Gamma, c, s");

/* suite_string, then the separators of section 5.4. */
static const char encode_front[] = "\x03\x01", challenge_front[] = "\x03\x02", hash_front[] = "\x03\x03", back[] = "";

static vms_slice bytes(const void *data, size_t len) { return (vms_slice){ data, len }; }

/* 5.4.1.1, encode_to_curve by try and increment, salted with the public key. False: 256 tries failed, which nobody will ever see. */
static bool encode(const uint8_t key[VMS_KEY_LEN], const vms_slice *alpha, uint8_t point[POINT_LEN]) {
  const vms_slice input[] = { bytes(encode_front, 2), bytes(key, VMS_KEY_LEN), alpha[0], alpha[1] };
  vms__sha512 first; /* a caller may look for a long request that takes many tries: it is hashed once */
  uint8_t hash[64];
  vms__crypto_sha512_begin(&first, input, sizeof input / sizeof input[0]);
  for (unsigned tried = 0; tried < 256; tried++) {
    const uint8_t end[2] = { (uint8_t)tried, 0 };
    const vms_slice last = bytes(end, sizeof end);
    vms__crypto_sha512_end(&first, &last, 1, hash);
    if (!vms__crypto_point_valid(hash)) continue;
    vms__crypto_point_clear(hash, point);
    if (!vms__crypto_point_is_zero(point)) return true;
  }
  return false;
}

/* 5.4.3: of Y, H, Gamma, U, V; as a scalar. */
static void challenge(const uint8_t *const points[5], uint8_t c[SCALAR_LEN]) {
  uint8_t hash[64];
  const vms_slice parts[] = { bytes(challenge_front, 2), bytes(points[0], POINT_LEN), bytes(points[1], POINT_LEN), bytes(points[2], POINT_LEN),
                              bytes(points[3], POINT_LEN), bytes(points[4], POINT_LEN), bytes(back, 1) };
  vms__crypto_sha512(parts, sizeof parts / sizeof parts[0], hash);
  memset(c, 0, SCALAR_LEN);
  memcpy(c, hash, CHALLENGE_LEN);
}

/* 5.4.2.2, as RFC 8032 does it: the second half of the secret's hash makes it unguessable, the point makes it of this input alone. */
static void nonce(const uint8_t half[32], const uint8_t point[POINT_LEN], uint8_t k[SCALAR_LEN]) {
  const vms_slice parts[] = { bytes(half, 32), bytes(point, POINT_LEN) };
  uint8_t hash[64];
  vms__crypto_sha512(parts, 2, hash);
  vms__crypto_scalar_reduce(hash, k);
  vms__crypto_wipe(hash, sizeof hash);
}

bool vms__vrf_prove(const uint8_t seed[VMS_SEED_LEN], const vms_slice alpha[2], uint8_t proof[VMS__VRF_PROOF_LEN]) {
  const vms_slice secret = bytes(seed, VMS_SEED_LEN);
  uint8_t hash[64], key[VMS_KEY_LEN], h[POINT_LEN], u[POINT_LEN], v[POINT_LEN], k[SCALAR_LEN], c[SCALAR_LEN], x[SCALAR_LEN];
  uint8_t *gamma = proof;
  vms_key_public(seed, key);
  if (!encode(key, alpha, h)) return false;
  vms__crypto_sha512(&secret, 1, hash);
  hash[0] &= 0xf8; /* RFC 8032, 5.1.5 */
  hash[31] = (uint8_t)((hash[31] & 0x7f) | 0x40);
  vms__crypto_point_mul(hash, h, gamma);
  nonce(hash + 32, h, k);
  vms__crypto_base_mul(k, u);
  vms__crypto_point_mul(k, h, v);
  challenge((const uint8_t *const[]){ key, h, gamma, u, v }, c);
  memset(hash + 32, 0, 32); /* x may be above the order */
  vms__crypto_scalar_reduce(hash, x);
  vms__crypto_scalar_mul_add(c, x, k, proof + POINT_LEN + CHALLENGE_LEN);
  memcpy(proof + POINT_LEN, c, CHALLENGE_LEN);
  vms__crypto_wipe(hash, sizeof hash);
  vms__crypto_wipe(k, sizeof k);
  vms__crypto_wipe(x, sizeof x);
  return true;
}

bool vms__vrf_hash(const uint8_t proof[VMS__VRF_PROOF_LEN], uint8_t hash[VMS__VRF_HASH_LEN]) {
  uint8_t cleared[POINT_LEN];
  if (!vms__crypto_point_valid(proof) || !vms__crypto_scalar_valid(proof + POINT_LEN + CHALLENGE_LEN)) return false;
  vms__crypto_point_clear(proof, cleared);
  const vms_slice parts[] = { bytes(hash_front, 2), bytes(cleared, POINT_LEN), bytes(back, 1) };
  vms__crypto_sha512(parts, sizeof parts / sizeof parts[0], hash);
  return true;
}

/* 5.4.5: a key of small order would leave the holder several answers. */
static bool key_valid(const uint8_t key[VMS_KEY_LEN]) {
  uint8_t cleared[POINT_LEN];
  if (!vms__crypto_point_valid(key)) return false;
  vms__crypto_point_clear(key, cleared);
  return !vms__crypto_point_is_zero(cleared);
}

/* s * base - c * other */
static void combine(const uint8_t base_product[POINT_LEN], const uint8_t c[SCALAR_LEN], const uint8_t other[POINT_LEN], uint8_t result[POINT_LEN]) {
  uint8_t product[POINT_LEN];
  vms__crypto_point_mul(c, other, product);
  vms__crypto_point_sub(base_product, product, result);
}

bool vms__vrf_verify(const uint8_t key[VMS_KEY_LEN], const vms_slice alpha[2], const uint8_t proof[VMS__VRF_PROOF_LEN],
                     uint8_t hash[VMS__VRF_HASH_LEN]) {
  const uint8_t *gamma = proof, *s = proof + POINT_LEN + CHALLENGE_LEN;
  uint8_t h[POINT_LEN], u[POINT_LEN], v[POINT_LEN], c[SCALAR_LEN] = { 0 }, wanted[SCALAR_LEN];
  if (!key_valid(key) || !vms__crypto_point_valid(gamma) || !vms__crypto_scalar_valid(s) || !encode(key, alpha, h)) return false;
  memcpy(c, proof + POINT_LEN, CHALLENGE_LEN);
  vms__crypto_base_mul(s, u);
  combine(u, c, key, u);
  vms__crypto_point_mul(s, h, v);
  combine(v, c, gamma, v);
  challenge((const uint8_t *const[]){ key, h, gamma, u, v }, wanted);
  return memcmp(wanted, c, sizeof c) == 0 && vms__vrf_hash(proof, hash);
}

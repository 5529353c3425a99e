/* SPDX-License-Identifier: MIT */
/* The cryptography of libvms. Beside this file stream.c alone knows libsodium: what it uses (Noise and secretstream) nobody else does. */
#include "internal.h"

#include <sodium.h>
#include <stdlib.h>

static_assert(VMS_SIGNATURE_LEN == crypto_sign_BYTES, "Ed25519 signatures");
static_assert(VMS__SECRET_LEN == crypto_sign_SECRETKEYBYTES, "Ed25519 secret keys");
static_assert(VMS_SEED_LEN == crypto_sign_SEEDBYTES, "Ed25519 seeds");

/* libsodium picks its implementations in sodium_init(), which may be called often and by several threads;
 * a later call costs an uncontended lock. So every path calls it and we keep no flag of our own. */
static void ready(void) {
  if (sodium_init() < 0) abort(); /* no source of randomness at all: nothing that follows would be safe */
}

void vms__crypto_hash(const void *bytes, size_t len, uint8_t hash[VMS_HASH_LEN]) {
  ready();
  crypto_generichash(hash, VMS_HASH_LEN, bytes, len, NULL, 0);
}

void vms__crypto_hash_parts(const void *key, size_t key_len, const vms_slice *parts, size_t count, uint8_t hash[VMS_HASH_LEN]) {
  crypto_generichash_state state;
  ready();
  crypto_generichash_init(&state, key, key_len, VMS_HASH_LEN);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len > 0) crypto_generichash_update(&state, (const unsigned char *)parts[i].data, parts[i].len);
  crypto_generichash_final(&state, hash, VMS_HASH_LEN);
}

void vms__crypto_sum(const uint8_t key[32], const vms_slice *parts, size_t count, uint8_t sum[16]) {
  crypto_onetimeauth_state state;
  ready();
  crypto_onetimeauth_init(&state, key);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len > 0) crypto_onetimeauth_update(&state, (const unsigned char *)parts[i].data, parts[i].len);
  crypto_onetimeauth_final(&state, sum);
}

void vms__crypto_hash3(const void *a, size_t a_len, const void *b, size_t b_len, const void *c, size_t c_len,
                       uint8_t hash[VMS_HASH_LEN]) {
  const vms_slice parts[3] = { { a, a_len }, { b, b_len }, { c, c_len } };
  vms__crypto_hash_parts(NULL, 0, parts, 3, hash);
}

void vms__crypto_hash2(const void *a, size_t a_len, const void *b, size_t b_len, uint8_t hash[VMS_HASH_LEN]) {
  vms__crypto_hash3(a, a_len, b, b_len, NULL, 0, hash);
}

void vms__crypto_hash_keyed(const void *key, size_t key_len, const void *bytes, size_t len,
                            uint8_t hash[VMS_HASH_LEN]) {
  assert(key_len >= crypto_generichash_KEYBYTES_MIN && key_len <= crypto_generichash_KEYBYTES_MAX);
  ready();
  crypto_generichash(hash, VMS_HASH_LEN, bytes, len, key, key_len);
}

bool vms__crypto_hash_end(const void *bytes, size_t len, uint64_t last, const uint8_t hash[VMS_HASH_LEN]) {
  crypto_generichash_state front, state;
  uint8_t number[8], own[VMS_HASH_LEN];
  ready();
  crypto_generichash_init(&front, NULL, 0, VMS_HASH_LEN);
  crypto_generichash_update(&front, bytes, len);
  for (uint64_t n = 0; n <= last; n++) {
    state = front;
    vms__put_u64(number, n);
    crypto_generichash_update(&state, number, sizeof number);
    crypto_generichash_final(&state, own, sizeof own);
    if (memcmp(own, hash, sizeof own) == 0) return true;
  }
  return false;
}

void vms__crypto_expand(const uint8_t seed[VMS_SEED_LEN], uint8_t secret[VMS__SECRET_LEN]) {
  uint8_t public_key[VMS_KEY_LEN];
  ready();
  crypto_sign_seed_keypair(public_key, secret, seed);
}

void vms__crypto_sign(const uint8_t secret[VMS__SECRET_LEN], const void *bytes, size_t len,
                      uint8_t signature[VMS_SIGNATURE_LEN]) {
  ready();
  crypto_sign_detached(signature, NULL, bytes, len, secret);
}

bool vms__crypto_equal(const void *a, const void *b, size_t len) { return sodium_memcmp(a, b, len) == 0; }
void vms__crypto_wipe(void *bytes, size_t len) { sodium_memzero(bytes, len); }

void vms_key_public(const uint8_t seed[VMS_SEED_LEN], uint8_t public_key[VMS_KEY_LEN]) {
  uint8_t secret[VMS__SECRET_LEN];
  assert(seed != NULL && public_key != NULL);
  vms__crypto_expand(seed, secret);
  memcpy(public_key, secret + VMS_SEED_LEN, VMS_KEY_LEN);
  vms__crypto_wipe(secret, sizeof secret);
}

void vms_key_derive(const uint8_t seed[VMS_SEED_LEN], const char *purpose, uint8_t derived[VMS_SEED_LEN]) {
  assert(seed != NULL && purpose != NULL && derived != NULL);
  vms__crypto_hash_keyed(seed, VMS_SEED_LEN, purpose, strlen(purpose), derived);
}

void vms_sign(const uint8_t seed[VMS_SEED_LEN], const void *bytes, size_t len, uint8_t signature[VMS_SIGNATURE_LEN]) {
  uint8_t secret[VMS__SECRET_LEN];
  assert(seed != NULL && (bytes != NULL || len == 0) && signature != NULL);
  vms__crypto_expand(seed, secret);
  vms__crypto_sign(secret, bytes, len, signature);
  vms__crypto_wipe(secret, sizeof secret);
}

int vms_verify(const uint8_t public_key[VMS_KEY_LEN], const void *bytes, size_t len,
               const uint8_t signature[VMS_SIGNATURE_LEN]) {
  assert(public_key != NULL && (bytes != NULL || len == 0) && signature != NULL);
  ready();
  return crypto_sign_verify_detached(signature, bytes, len, public_key) == 0;
}

/* --- edwards25519, lent to the VRF ------------------------------------------------------------------------ */

#define POINT_LEN crypto_core_ed25519_BYTES

static_assert(POINT_LEN == 32 && crypto_core_ed25519_SCALARBYTES == 32 && crypto_hash_sha512_BYTES == 64, "RFC 8032");

static const uint8_t neutral[POINT_LEN] = { 1 };

static void sha512_add(crypto_hash_sha512_state *state, const vms_slice *parts, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (parts[i].len > 0) crypto_hash_sha512_update(state, (const unsigned char *)parts[i].data, parts[i].len);
}

void vms__crypto_sha512_begin(vms__sha512 *first, const vms_slice *parts, size_t count) {
  crypto_hash_sha512_state state;
  static_assert(sizeof state <= sizeof *first, "libsodium's state fits");
  ready();
  crypto_hash_sha512_init(&state);
  sha512_add(&state, parts, count);
  memcpy(first, &state, sizeof state);
  sodium_memzero(&state, sizeof state);
}

void vms__crypto_sha512_end(const vms__sha512 *first, const vms_slice *parts, size_t count, uint8_t hash[64]) {
  crypto_hash_sha512_state state;
  memcpy(&state, first, sizeof state);
  sha512_add(&state, parts, count);
  crypto_hash_sha512_final(&state, hash);
  sodium_memzero(&state, sizeof state);
}

void vms__crypto_sha512(const vms_slice *parts, size_t count, uint8_t hash[64]) {
  vms__sha512 all;
  vms__crypto_sha512_begin(&all, parts, count);
  vms__crypto_sha512_end(&all, NULL, 0, hash);
  sodium_memzero(&all, sizeof all);
}

/* Little-endian a < b; not for secrets. */
static bool below(const uint8_t a[32], const uint8_t b[32]) {
  for (size_t i = 32; i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i];
  return false;
}

/* libsodium decodes leniently where it adds points: y may be above p there, and zero have a sign. */
bool vms__crypto_point_valid(const uint8_t point[32]) {
  static const uint8_t p[32] = { 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f };
  static const uint8_t minus_one[32] = { 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f };
  uint8_t y[POINT_LEN], sum[POINT_LEN];
  memcpy(y, point, sizeof y);
  y[31] &= 0x7f;
  if (!below(y, p)) return false;
  if ((point[31] & 0x80) != 0 && (memcmp(y, neutral, sizeof y) == 0 || memcmp(y, minus_one, sizeof y) == 0)) return false; /* x is 0 there */
  ready();
  return crypto_core_ed25519_add(sum, point, neutral) == 0;
}

bool vms__crypto_point_is_zero(const uint8_t point[32]) { return memcmp(point, neutral, sizeof neutral) == 0; }

static void add(const uint8_t a[32], const uint8_t b[32], uint8_t sum[32]) {
  int failed = crypto_core_ed25519_add(sum, a, b);
  assert(failed == 0);
  (void)failed;
}

void vms__crypto_point_sub(const uint8_t a[32], const uint8_t b[32], uint8_t difference[32]) {
  ready();
  int failed = crypto_core_ed25519_sub(difference, a, b);
  assert(failed == 0);
  (void)failed;
}

void vms__crypto_point_clear(const uint8_t point[32], uint8_t cleared[32]) {
  ready();
  memmove(cleared, point, POINT_LEN);
  for (int i = 0; i < 3; i++) add(cleared, cleared, cleared);
}

/* Bit by bit, for what libsodium refuses: points that are not of prime order, and zero. Only strangers make such. */
static void mul_slowly(const uint8_t scalar[32], const uint8_t point[32], uint8_t product[32]) {
  uint8_t sum[POINT_LEN];
  memcpy(sum, neutral, sizeof sum);
  for (int bit = 254; bit >= 0; bit--) {
    if (!vms__crypto_point_is_zero(sum)) add(sum, sum, sum);
    if ((scalar[bit / 8] >> bit % 8 & 1) != 0) add(sum, point, sum);
  }
  memcpy(product, sum, sizeof sum);
}

void vms__crypto_point_mul(const uint8_t scalar[32], const uint8_t point[32], uint8_t product[32]) {
  uint8_t fast[POINT_LEN];
  ready();
  if (crypto_scalarmult_ed25519_noclamp(fast, scalar, point) != 0) mul_slowly(scalar, point, product);
  else memcpy(product, fast, sizeof fast);
}

void vms__crypto_base_mul(const uint8_t scalar[32], uint8_t product[32]) {
  ready();
  if (crypto_scalarmult_ed25519_base_noclamp(product, scalar) != 0) memcpy(product, neutral, POINT_LEN); /* the scalar is 0 */
}

bool vms__crypto_scalar_valid(const uint8_t scalar[32]) {
  static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
  return below(scalar, order);
}

void vms__crypto_scalar_reduce(const uint8_t wide[64], uint8_t scalar[32]) {
  ready();
  crypto_core_ed25519_scalar_reduce(scalar, wide);
}

void vms__crypto_scalar_mul_add(const uint8_t a[32], const uint8_t b[32], const uint8_t c[32], uint8_t result[32]) {
  uint8_t product[32];
  ready();
  crypto_core_ed25519_scalar_mul(product, a, b);
  crypto_core_ed25519_scalar_add(result, product, c);
  sodium_memzero(product, sizeof product);
}

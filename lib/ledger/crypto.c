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

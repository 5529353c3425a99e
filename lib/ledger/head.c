/* SPDX-License-Identifier: MIT */
/* Our own manifests, namespaces, the text that a head signs, and its envelope (doc/ledger-format.md, "Core"). */
#include "wire.h"

/* Version 1, no flags, BLAKE2b, quorum 1, one signer, Ed25519. Then its namespace and its public key. */
static const uint8_t manifest_start[6] = { 1, 0, 0, 1, 1, 0 };
static_assert(sizeof manifest_start + VMS__NAMESPACE_LEN + VMS_KEY_LEN == VMS_MANIFEST_LEN, "default manifest");

/* H(H("hypercore") || 0) and 4; H(H("hyperdrive") || 0). The vectors test checks them. */
static const uint8_t space_tree[VMS__NAMESPACE_LEN] = {
  0x9f, 0xac, 0x70, 0xb5, 0x0c, 0xa1, 0x4e, 0xfc, 0x4e, 0x91, 0xc8, 0x33, 0xb2, 0x04, 0xe7, 0x5b,
  0x8b, 0x5a, 0xad, 0x8b, 0x58, 0x81, 0xbf, 0xc0, 0xad, 0xb5, 0xef, 0x38, 0xa3, 0x27, 0x5b, 0x9c,
};
static const uint8_t space_default[VMS__NAMESPACE_LEN] = {
  0x41, 0x44, 0xee, 0xa5, 0x31, 0xe4, 0x83, 0xd5, 0x4e, 0x0c, 0x14, 0xf4, 0xca, 0x68, 0xe0, 0x64,
  0x4f, 0x35, 0x53, 0x43, 0xff, 0x6f, 0xcb, 0x0f, 0x00, 0x52, 0x00, 0xe1, 0x2c, 0xd7, 0x47, 0xcb,
};
static const uint8_t space_blobs[VMS__NAMESPACE_LEN] = {
  0xf2, 0x17, 0xb7, 0x47, 0x16, 0x17, 0x84, 0xb4, 0x95, 0xce, 0xee, 0x3c, 0x42, 0x16, 0x3b, 0x07,
  0xdd, 0x62, 0xcb, 0x06, 0xdf, 0x26, 0xe2, 0x0e, 0x95, 0xba, 0x4d, 0x43, 0x81, 0x23, 0xae, 0xeb,
};

void vms__namespace(const char *name, uint8_t id, uint8_t space[VMS__NAMESPACE_LEN]) {
  uint8_t hash[VMS_HASH_LEN];
  vms__crypto_hash(name, strlen(name), hash);
  vms__crypto_hash2(hash, sizeof hash, &id, 1, space);
}

static void manifest_write(const uint8_t space[VMS__NAMESPACE_LEN], const uint8_t public_key[VMS_KEY_LEN],
                           uint8_t manifest[VMS_MANIFEST_LEN]) {
  memcpy(manifest, manifest_start, sizeof manifest_start);
  memcpy(manifest + sizeof manifest_start, space, VMS__NAMESPACE_LEN);
  memcpy(manifest + sizeof manifest_start + VMS__NAMESPACE_LEN, public_key, VMS_KEY_LEN);
}

void vms_manifest_default(const uint8_t public_key[VMS_KEY_LEN], uint8_t manifest[VMS_MANIFEST_LEN]) {
  assert(public_key != NULL && manifest != NULL);
  manifest_write(space_default, public_key, manifest);
}

void vms_manifest_blobs(const uint8_t metadata_manifest[VMS_MANIFEST_LEN], uint8_t manifest[VMS_MANIFEST_LEN]) {
  uint8_t drive_key[VMS_KEY_LEN], space[VMS__NAMESPACE_LEN];
  assert(metadata_manifest != NULL && manifest != NULL);
  vms_manifest_key(metadata_manifest, drive_key);
  vms__crypto_hash3(space_blobs, sizeof space_blobs, drive_key, sizeof drive_key,
                    metadata_manifest + sizeof manifest_start, VMS__NAMESPACE_LEN, space);
  manifest_write(space, vms__manifest_signer(metadata_manifest), manifest);
}

void vms_manifest_key(const uint8_t manifest[VMS_MANIFEST_LEN], uint8_t key[VMS_KEY_LEN]) {
  assert(manifest != NULL && key != NULL);
  vms__manifest_hash(manifest, VMS_MANIFEST_LEN, key);
}

void vms_discovery_key(const uint8_t key[VMS_KEY_LEN], uint8_t discovery[VMS_KEY_LEN]) {
  assert(key != NULL && discovery != NULL);
  vms__crypto_hash_keyed(key, VMS_KEY_LEN, "hypercore", 9, discovery);
}

/* A default manifest, or the blobs manifest of the default manifest with the same signer. */
static bool manifest_known(const uint8_t manifest[VMS_MANIFEST_LEN]) {
  uint8_t plain[VMS_MANIFEST_LEN], blobs[VMS_MANIFEST_LEN];
  vms_manifest_default(vms__manifest_signer(manifest), plain);
  if (memcmp(manifest, plain, sizeof plain) == 0) return true;
  vms_manifest_blobs(plain, blobs);
  return memcmp(manifest, blobs, sizeof blobs) == 0;
}

void vms__head_signable(const uint8_t key[VMS_KEY_LEN], const uint8_t tree_hash[VMS_HASH_LEN], uint64_t length,
                        uint64_t fork, uint8_t signable[VMS__SIGNABLE_LEN]) {
  memcpy(signable, space_tree, 32);
  memcpy(signable + 32, key, 32);
  memcpy(signable + 64, tree_hash, 32);
  vms__put_u64(signable + 96, length);
  vms__put_u64(signable + 104, fork);
}

void vms__head_sign(const uint8_t secret[VMS__SECRET_LEN], const uint8_t key[VMS_KEY_LEN], vms_head *head) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  vms__head_signable(key, head->tree_hash, head->length, head->fork, signable);
  memset(head->signature, 0, sizeof head->signature);
  head->signature[0] = 1; /* one proof, by signer 0; behind it no patch and no patch nodes */
  vms__crypto_sign(secret, signable, sizeof signable, head->signature + 2);
}

int vms_head_verify(const vms_head *head, const uint8_t key[VMS_KEY_LEN], vms_error *error) {
  uint8_t own_key[VMS_KEY_LEN], signable[VMS__SIGNABLE_LEN];
  const uint8_t *envelope;
  assert(head != NULL && key != NULL);
  envelope = head->signature;
  vms_manifest_key(head->manifest, own_key);
  if (memcmp(own_key, key, sizeof own_key) != 0)
    return vms__fail(error, VMS_ERR_FOREIGN, head->length, "the manifest belongs to another core key");
  if (!manifest_known(head->manifest))
    return vms__fail(error, VMS_ERR_FORM, head->length, "the manifest is neither a default nor a blobs manifest");
  if (envelope[0] != 1 || envelope[1] != 0 || envelope[66] != 0 || envelope[67] != 0)
    return vms__fail(error, VMS_ERR_FORM, head->length, "the signature is not an envelope with one signer");
  vms__head_signable(key, head->tree_hash, head->length, head->fork, signable);
  if (!vms_verify(vms__manifest_signer(head->manifest), signable, sizeof signable, envelope + 2))
    return vms__fail(error, VMS_ERR_SIGNATURE, head->length, "the signature of the head at length %llu is wrong",
                     (unsigned long long)head->length);
  return VMS_OK;
}

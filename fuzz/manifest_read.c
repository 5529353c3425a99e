/* SPDX-License-Identifier: MIT */
/* Question: can any manifest or signature break reading or checking it; does a signature count that nobody made?
 * Input: two bytes of the manifest's length (little endian), the manifest, the signature. The head checked is always the same one. */
#include <stdlib.h>

#include "lib/ledger/wire.h"

#define LENGTH 300u

static const uint8_t tree_hash[VMS_HASH_LEN] = { 1, 2, 3 };

static void check(bool holds) {
  if (!holds) abort();
}

/* What was read lies inside the manifest, and the limits hold that the checks rely on. */
static void look(const uint8_t *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__manifest manifest;
  if (vms__manifest_parse(&reader, &manifest, NULL) != VMS_OK) return;
  check(manifest.version <= 2 && manifest.count <= VMS__SIGNERS_MAX && manifest.quorum <= manifest.count);
  check(!manifest.bare || (manifest.version == 0 && manifest.count == 1 && !manifest.allow_patch));
  check(manifest.is_static == (manifest.static_hash != NULL) && manifest.has_prologue == (manifest.prologue_hash != NULL));
  for (size_t i = 0; i < manifest.count; i++) {
    check(manifest.signers[i].space > bytes && manifest.signers[i].public_key == manifest.signers[i].space + VMS__NAMESPACE_LEN);
    check(manifest.signers[i].public_key + VMS_KEY_LEN <= bytes + len);
  }
}

/* Nobody but the prologue's maker can have this head accepted: all known secrets signed another one (the corpus has those signatures). */
static bool may_hold(const uint8_t *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__manifest manifest;
  check(vms__manifest_parse(&reader, &manifest, NULL) == VMS_OK);
  return manifest.has_prologue && manifest.prologue_length == LENGTH + 1 && memcmp(manifest.prologue_hash, tree_hash, VMS_HASH_LEN) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t key[VMS_KEY_LEN], again[VMS_KEY_LEN];
  size_t len;
  int status;
  if (size < 2) return 0;
  len = VMS__MIN((size_t)data[0] | (size_t)data[1] << 8, size - 2);
  data += 2;
  size -= 2;
  look(data, len);
  status = vms_manifest_read(data, len, key, NULL);
  check(status == VMS_OK || status == VMS_ERR_FORM || status == VMS_ERR_UNSUPPORTED);
  (void)vms_signature_check(tree_hash, NULL, 0, tree_hash, LENGTH, 0, data + len, size - len, NULL);
  if (status != VMS_OK) return 0;
  check(vms_manifest_read(data, len, again, NULL) == VMS_OK && memcmp(key, again, sizeof key) == 0);
  check(vms_signature_check(tree_hash, data, len, tree_hash, LENGTH, 0, data + len, size - len, NULL) == VMS_ERR_FOREIGN);
  (void)vms_signature_check(key, data, len, tree_hash, LENGTH, 0, data + len, size - len, NULL);
  status = vms_signature_check(key, data, len, tree_hash, LENGTH + 1, 0, data + len, size - len, NULL);
  check(status != VMS_OK || may_hold(data, len));
  return 0;
}

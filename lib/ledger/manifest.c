/* SPDX-License-Identifier: MIT */
/* Who may sign a core, and whether they did: Hypercore's manifests of every version and their signatures (doc/replication.md, "Manifests"). */
#include "wire.h"

#define HASH_BLAKE2B 0u
#define SIGNER_ED25519 0u
#define SIGNER_LEN (1u + VMS__NAMESPACE_LEN + VMS_KEY_LEN)
#define PROOF_LEN_MIN (2u + VMS_SIGNATURE_LEN) /* of one signer, in either form of envelope */
#define COMPAT_SIGNABLE_LEN 80u

enum { MANIFEST_PATCH = 1, MANIFEST_PROLOGUE = 2, MANIFEST_LINKED = 4, MANIFEST_USER_DATA = 8 };
enum { TYPE_STATIC = 0, TYPE_SIGNER = 1, TYPE_SIGNERS = 2 }; /* of version 0 */

/* H(H("hypercore") || 3). The vectors test checks it. */
static const uint8_t space_manifest[VMS__NAMESPACE_LEN] = {
  0xe6, 0x4b, 0x71, 0x08, 0xea, 0xcc, 0xe4, 0x7c, 0xfc, 0x61, 0xac, 0x85, 0x05, 0x68, 0xf5, 0x5f,
  0x8b, 0x15, 0xb8, 0x2e, 0xc5, 0xed, 0x78, 0xc4, 0xec, 0x59, 0x7b, 0x03, 0x6e, 0x2a, 0x14, 0x98,
};

/* --- parsing ---------------------------------------------------------------------------------------- */

static int not_a_manifest(vms_error *error, const char *why) {
  return vms__fail(error, VMS_ERR_FORM, 0, "not a manifest: %s", why);
}

/* npm hashes what it read, encoded anew: bytes that it would write otherwise have another key there than here. */
static uint64_t read_shortest(vms__reader *reader) {
  size_t before = reader->left;
  uint64_t n = vms__read_uint(reader);
  if (before - reader->left != vms__uint_len(n)) reader->bad = true;
  return n;
}

static int hash_parse(vms__reader *reader, vms_error *error) {
  uint64_t hash = read_shortest(reader);
  if (hash != HASH_BLAKE2B) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "a manifest with hash function %llu", (unsigned long long)hash);
  return VMS_OK;
}

static int signer_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  uint64_t type = read_shortest(reader);
  if (type != SIGNER_ED25519) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "a manifest with signature type %llu", (unsigned long long)type);
  manifest->signers[manifest->count].space = vms__read_fixed(reader, VMS__NAMESPACE_LEN);
  manifest->signers[manifest->count].public_key = vms__read_fixed(reader, VMS_KEY_LEN);
  manifest->count++;
  return VMS_OK;
}

/* A quorum and the signers it is of. */
static int signers_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  uint64_t count;
  manifest->quorum = read_shortest(reader);
  count = read_shortest(reader);
  if (reader->bad || count > reader->left / SIGNER_LEN) return not_a_manifest(error, "it ends within its signers");
  if (manifest->quorum > count) return not_a_manifest(error, "its quorum is larger than the number of signers");
  if (count > VMS__SIGNERS_MAX)
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "a manifest with %llu signers, at most %u are supported", (unsigned long long)count, VMS__SIGNERS_MAX);
  while (manifest->count < count) {
    int status = signer_parse(reader, manifest, error);
    if (status != VMS_OK) return status;
  }
  return VMS_OK;
}

static int type_signers_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  uint64_t flags = read_shortest(reader);
  int status;
  if (flags > MANIFEST_PATCH) return not_a_manifest(error, "it has unknown flags");
  manifest->allow_patch = flags != 0;
  status = signers_parse(reader, manifest, error);
  if (status != VMS_OK) return status;
  manifest->bare = manifest->count == 1 && !manifest->allow_patch;
  if (manifest->bare && manifest->quorum == 1) return not_a_manifest(error, "a single signer has a shorter form");
  return VMS_OK;
}

static int version0_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  int status = hash_parse(reader, error);
  uint64_t type;
  if (status != VMS_OK) return status;
  type = read_shortest(reader);
  if (type == TYPE_SIGNERS) return type_signers_parse(reader, manifest, error);
  if (type == TYPE_STATIC) {
    manifest->is_static = true;
    manifest->static_hash = vms__read_fixed(reader, VMS_HASH_LEN);
    return VMS_OK;
  }
  if (type != TYPE_SIGNER) return not_a_manifest(error, "its type is unknown");
  manifest->bare = true;
  manifest->quorum = 1;
  return signer_parse(reader, manifest, error);
}

/* What libvms has no use for: keys of other cores and whatever the owner wanted to keep. */
static void extras_skip(vms__reader *reader, uint64_t flags) {
  uint64_t count;
  if (flags & MANIFEST_LINKED) {
    count = read_shortest(reader);
    if (count > reader->left / VMS_KEY_LEN) reader->bad = true;
    else (void)vms__read_fixed(reader, (size_t)count * VMS_KEY_LEN);
  }
  if (flags & MANIFEST_USER_DATA) {
    count = read_shortest(reader);
    (void)vms__read_fixed(reader, (size_t)count);
  }
}

static int version1_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  uint64_t flags = read_shortest(reader);
  int status = hash_parse(reader, error);
  if (status != VMS_OK) return status;
  if (flags >= (manifest->version == 1 ? MANIFEST_LINKED : 2 * MANIFEST_USER_DATA)) return not_a_manifest(error, "it has unknown flags");
  status = signers_parse(reader, manifest, error);
  if (status != VMS_OK) return status;
  manifest->allow_patch = (flags & MANIFEST_PATCH) != 0;
  manifest->has_prologue = (flags & MANIFEST_PROLOGUE) != 0;
  if (manifest->has_prologue) {
    manifest->prologue_hash = vms__read_fixed(reader, VMS_HASH_LEN);
    manifest->prologue_length = read_shortest(reader);
  }
  extras_skip(reader, flags);
  return VMS_OK;
}

int vms__manifest_parse(vms__reader *reader, vms__manifest *manifest, vms_error *error) {
  uint64_t version = read_shortest(reader);
  int status;
  memset(manifest, 0, sizeof *manifest);
  if (reader->bad) return not_a_manifest(error, "it is empty");
  if (version > 2) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "a manifest of version %llu", (unsigned long long)version);
  manifest->version = (uint32_t)version;
  status = version == 0 ? version0_parse(reader, manifest, error) : version1_parse(reader, manifest, error);
  if (status == VMS_OK && reader->bad) return not_a_manifest(error, "it is cut off or not in its shortest form");
  return status;
}

void vms__manifest_hash(const void *manifest, size_t len, uint8_t key[VMS_KEY_LEN]) {
  vms__crypto_hash2(space_manifest, sizeof space_manifest, manifest, len, key);
}

/* One manifest and nothing behind it. */
static int manifest_only(const void *bytes, size_t len, vms__manifest *manifest, vms_error *error) {
  vms__reader reader = vms__reader_over(bytes, len);
  int status;
  if (len > VMS_MANIFEST_LEN_MAX) return vms__fail(error, VMS_ERR_UNSUPPORTED, len, "a manifest of %zu bytes, at most %u are supported", len, VMS_MANIFEST_LEN_MAX);
  status = vms__manifest_parse(&reader, manifest, error);
  if (status == VMS_OK && reader.left > 0) return not_a_manifest(error, "it goes on behind its end");
  return status;
}

int vms_manifest_read(const void *manifest, size_t len, uint8_t key[VMS_KEY_LEN], vms_error *error) {
  vms__manifest parsed;
  int status;
  assert((manifest != NULL || len == 0) && key != NULL);
  status = manifest_only(manifest, len, &parsed, error);
  if (status == VMS_OK) vms__manifest_hash(manifest, len, key);
  return status;
}

/* --- the blobs core of a drive -------------------------------------------------------------------------- */

/* The drive's manifest with every signer in a namespace of its own, without prologue and what else it may hold: as Hyperdrive 13 writes it. */
int vms__manifest_blobs_key(vms_slice bytes, uint8_t key[VMS_KEY_LEN], vms_error *error) {
  enum { START_LEN = 5 }; /* version, flags, hash, quorum, signers: each below 253, one byte */
  uint8_t made[START_LEN + VMS__SIGNERS_MAX * SIGNER_LEN], *p = made + START_LEN, space[VMS__NAMESPACE_LEN];
  vms__manifest manifest;
  int status;
  if (bytes.len == 0) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "without a manifest the blobs core has to be named");
  status = manifest_only(bytes.data, bytes.len, &manifest, error);
  if (status != VMS_OK) return status;
  if (manifest.version == 0) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "with a manifest of version 0 the blobs core has to be named");
  vms__manifest_hash(bytes.data, bytes.len, key);
  vms__namespace("hyperdrive", 0, space);
  made[0] = (uint8_t)manifest.version;
  made[1] = manifest.allow_patch ? MANIFEST_PATCH : 0;
  made[2] = HASH_BLAKE2B;
  made[3] = (uint8_t)manifest.quorum;
  made[4] = (uint8_t)manifest.count;
  for (size_t i = 0; i < manifest.count; i++, p += SIGNER_LEN) {
    p[0] = SIGNER_ED25519;
    vms__crypto_hash3(space, sizeof space, key, VMS_KEY_LEN, manifest.signers[i].space, VMS__NAMESPACE_LEN, p + 1);
    memcpy(p + 1 + VMS__NAMESPACE_LEN, manifest.signers[i].public_key, VMS_KEY_LEN);
  }
  vms__manifest_hash(made, (size_t)(p - made), key);
  return VMS_OK;
}

/* --- checking signatures ------------------------------------------------------------------------------ */

/* What is claimed to be signed. */
typedef struct claim {
  const uint8_t *key, *tree_hash;
  uint64_t length, fork;
  vms_slice signature;
} claim;

static int wrong_signature(const claim *of, vms_error *error, const char *why) {
  return vms__fail(error, VMS_ERR_SIGNATURE, of->length, "the signature at length %llu is wrong: %s", (unsigned long long)of->length, why);
}

static int bare_check(const claim *of, const uint8_t public_key[VMS_KEY_LEN], const void *signable, size_t len, vms_error *error) {
  if (of->signature.len != VMS_SIGNATURE_LEN)
    return vms__fail(error, VMS_ERR_FORM, of->length, "a signature of %zu bytes instead of %u", of->signature.len, VMS_SIGNATURE_LEN);
  if (!vms_verify(public_key, signable, len, (const uint8_t *)of->signature.data)) return wrong_signature(of, error, "not made by the core's key");
  return VMS_OK;
}

/* The key signs; nothing but the tree is named, since the key is in the signature's making already. */
static int compat_check(const claim *of, vms_error *error) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  vms__head_signable(of->key, of->tree_hash, of->length, of->fork, signable);
  memmove(signable + 32, signable + 64, COMPAT_SIGNABLE_LEN - 32); /* as others, but without the core's key */
  return bare_check(of, of->key, signable, COMPAT_SIGNABLE_LEN, error);
}

/* One signer's part of an envelope. */
typedef struct signer_proof {
  uint64_t signer, patch; /* patch: how many blocks longer than this head what they signed was */
  const uint8_t *signature;
} signer_proof;

/* Version 1 and 2: signer, signature, patch. Version 0: flags, signer, signature and, by a flag, the patch: where it starts, its length, and
 * which of the nodes it needs. */
static signer_proof proof_read(vms__reader *reader, uint32_t version) {
  signer_proof proof = { 0, 0, NULL };
  uint64_t flags = version == 0 ? vms__read_uint(reader) : 0, nodes;
  proof.signer = vms__read_uint(reader);
  proof.signature = vms__read_fixed(reader, VMS_SIGNATURE_LEN);
  if (version > 0) proof.patch = vms__read_uint(reader);
  if (flags & 1) {
    (void)vms__read_uint(reader);
    proof.patch = vms__read_uint(reader);
    nodes = vms__read_uint(reader);
    for (uint64_t i = 0; i < nodes && !reader->bad; i++) (void)vms__read_uint(reader);
  }
  return proof;
}

/* Gives the first `quorum` proofs of an envelope: the others do not count. */
static int envelope_read(const claim *of, const vms__manifest *manifest, signer_proof proofs[VMS__SIGNERS_MAX], vms_error *error) {
  vms__reader reader = vms__reader_over(of->signature.data, of->signature.len);
  uint64_t count = vms__read_uint(&reader);
  if (count > reader.left / PROOF_LEN_MIN) reader.bad = true;
  for (uint64_t i = 0; i < count && !reader.bad; i++) {
    signer_proof proof = proof_read(&reader, manifest->version);
    if (i < manifest->quorum) proofs[i] = proof;
  }
  (void)vms__read_nodes(&reader);
  if (reader.bad || reader.left > 0) return vms__fail(error, VMS_ERR_FORM, of->length, "the signature is not an envelope of signatures");
  if (count < manifest->quorum) return wrong_signature(of, error, "fewer signers than the manifest's quorum");
  return VMS_OK;
}

static int signer_check(const claim *of, const vms__manifest *manifest, const signer_proof *proof, bool tried[VMS__SIGNERS_MAX], vms_error *error) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  if (proof->patch > 0 && manifest->allow_patch)
    return vms__fail(error, VMS_ERR_UNSUPPORTED, of->length, "a signature over a longer core, with a patch");
  if (proof->signer >= manifest->count) return wrong_signature(of, error, "it names a signer that does not exist");
  if (tried[proof->signer]) return wrong_signature(of, error, "it names a signer twice");
  tried[proof->signer] = true;
  vms__head_signable(manifest->version == 0 ? manifest->signers[proof->signer].space : of->key, of->tree_hash, of->length, of->fork, signable);
  if (!vms_verify(manifest->signers[proof->signer].public_key, signable, sizeof signable, proof->signature))
    return wrong_signature(of, error, "not made by the signer that it names");
  return VMS_OK;
}

static int envelope_check(const claim *of, const vms__manifest *manifest, vms_error *error) {
  signer_proof proofs[VMS__SIGNERS_MAX];
  bool tried[VMS__SIGNERS_MAX] = { false };
  int status;
  if (manifest->quorum == 0) return wrong_signature(of, error, "the manifest lets nobody sign");
  status = envelope_read(of, manifest, proofs, error);
  for (size_t i = 0; i < manifest->quorum && status == VMS_OK; i++) status = signer_check(of, manifest, &proofs[i], tried, error);
  return status;
}

static int manifest_check(const claim *of, const vms__manifest *manifest, vms_error *error) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  if (manifest->is_static) /* npm reads such manifests, but accepts no head under them */
    return vms__fail(error, VMS_ERR_UNSUPPORTED, of->length, "a static core of manifest version 0");
  if (manifest->has_prologue && of->length <= manifest->prologue_length) {
    if (of->length == manifest->prologue_length && memcmp(of->tree_hash, manifest->prologue_hash, VMS_HASH_LEN) == 0) return VMS_OK;
    return wrong_signature(of, error, "not the prologue that the manifest names");
  }
  if (!manifest->bare) return envelope_check(of, manifest, error);
  vms__head_signable(manifest->signers[0].space, of->tree_hash, of->length, of->fork, signable);
  return bare_check(of, manifest->signers[0].public_key, signable, sizeof signable, error);
}

int vms_signature_check(const uint8_t key[VMS_KEY_LEN], const void *manifest, size_t manifest_len,
                        const uint8_t tree_hash[VMS_HASH_LEN], uint64_t length, uint64_t fork, const void *signature,
                        size_t signature_len, vms_error *error) {
  claim of = { key, tree_hash, length, fork, { signature, signature_len } };
  vms__manifest parsed;
  uint8_t own_key[VMS_KEY_LEN];
  int status;
  assert(key != NULL && tree_hash != NULL);
  assert((manifest != NULL || manifest_len == 0) && (signature != NULL || signature_len == 0));
  if (signature_len > VMS_SIGNATURE_LEN_MAX)
    return vms__fail(error, VMS_ERR_FORM, length, "a signature of %zu bytes, at most %u are supported", signature_len, VMS_SIGNATURE_LEN_MAX);
  if (manifest_len == 0) return compat_check(&of, error);
  status = manifest_only(manifest, manifest_len, &parsed, error);
  if (status != VMS_OK) return status;
  vms__manifest_hash(manifest, manifest_len, own_key);
  if (memcmp(own_key, key, sizeof own_key) != 0)
    return vms__fail(error, VMS_ERR_FOREIGN, length, "the manifest belongs to another core key");
  return manifest_check(&of, &parsed, error);
}

/* SPDX-License-Identifier: MIT */
/* Goal: keys, manifests, hashes, trees and signatures are those of Hypercore 11, byte for byte.
 * Method: recompute everything of crypto.json: what libvms writes is written, what it only reads is read and checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "lib/ledger/wire.h"
#include "test/support/storage.h"

static cJSON *vectors;

/* The rule for numbered test blocks in the vectors' description. */
static size_t test_block(uint64_t i, uint8_t block[32]) {
  size_t len = (size_t)(7 * i % 23) + 1;
  for (size_t j = 0; j < len; j++) block[j] = (uint8_t)(31 * i + 17 * j + 7);
  return len;
}

static void namespaces_are_those_of_hypercore(void **state) {
  static const struct { const char *member, *name; uint8_t id; } spaces[] = {
    { "hypercore.TREE", "hypercore", 0 },
    { "hypercore.MANIFEST", "hypercore", 3 },
    { "hypercore.DEFAULT_NAMESPACE", "hypercore", 4 },
    { "hypercore.DEFAULT_ENCRYPTION", "hypercore", 5 },
    { "hypercore.REPLICATE_INITIATOR", "hypercore", 1 },
    { "hypercore.REPLICATE_RESPONDER", "hypercore", 2 },
    { "secret-stream.INITIATOR", "hyperswarm/secret-stream", 0 },
    { "secret-stream.RESPONDER", "hyperswarm/secret-stream", 1 },
    { "secret-stream.SEND", "hyperswarm/secret-stream", 2 },
    { "hyperdrive.BLOBS", "hyperdrive", 0 },
    { "corestore.NS", "corestore", 0 },
  };
  const cJSON *constants = vector_get(vectors, "constants");
  (void)state;
  assert_int_equal(cJSON_GetArraySize(constants), sizeof spaces / sizeof spaces[0]);
  for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
    uint8_t space[VMS__NAMESPACE_LEN];
    vms__namespace(spaces[i].name, spaces[i].id, space);
    vector_expect(constants, spaces[i].member, space, sizeof space);
  }
}

static void seeds_give_their_public_keys(void **state) {
  const cJSON *pair;
  (void)state;
  cJSON_ArrayForEach(pair, vector_get(vectors, "keyPairs")) {
    uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], secret[VMS__SECRET_LEN];
    vector_bytes(pair, "seed", seed, sizeof seed);
    vms_key_public(seed, key);
    vector_expect(pair, "publicKey", key, sizeof key);
    vms__crypto_expand(seed, secret);
    vector_expect(pair, "secretKey", secret, sizeof secret);
  }
}

static void default_and_blobs_manifests_give_their_keys(void **state) {
  const cJSON *plain = cJSON_GetArrayItem(vector_get(vectors, "manifests"), 0), *blobs = vector_get(vectors, "hyperdriveBlobs");
  uint8_t public_key[VMS_KEY_LEN], manifest[VMS_MANIFEST_LEN], key[VMS_KEY_LEN], derived[VMS_MANIFEST_LEN];
  (void)state;
  assert_string_equal(vector_string(plain, "name"), "v1-default-single-signer");
  vector_bytes(cJSON_GetArrayItem(vector_get(plain, "signers"), 0), "publicKey", public_key, sizeof public_key);
  vms_manifest_default(public_key, manifest);
  vector_expect(plain, "encoded", manifest, sizeof manifest);
  vms_manifest_key(manifest, key);
  vector_expect(plain, "key", key, sizeof key);
  vector_expect(blobs, "driveKey", key, sizeof key);
  vms_discovery_key(key, key);
  vector_expect(plain, "discoveryKey", key, sizeof key);
  vms_manifest_blobs(manifest, derived);
  vector_expect(blobs, "blobsManifest", derived, sizeof derived);
  vector_expect(blobs, "blobsNamespace", derived + 6, VMS__NAMESPACE_LEN);
  vms_manifest_key(derived, key);
  vector_expect(blobs, "blobsKey", key, sizeof key);
  vms_discovery_key(key, key);
  vector_expect(blobs, "blobsDiscoveryKey", key, sizeof key);
}

static void leaves_hash_alike(void **state) {
  static uint8_t block[1 << 20];
  const cJSON *leaf;
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(leaf, vector_get(vectors, "leaves")) {
    uint8_t hash[VMS_HASH_LEN];
    size_t len;
    if (cJSON_HasObjectItem(leaf, "block")) len = vector_hex(vector_string(leaf, "block"), block, sizeof block);
    else {
      len = (size_t)vector_number(leaf, "blockSize");
      assert_true(len <= sizeof block);
      memset(block, (int)vector_number(leaf, "fill"), len);
    }
    vms__tree_leaf(block, len, hash);
    vector_expect(leaf, "hash", hash, sizeof hash);
    count++;
  }
  assert_true(count > 5);
}

static void flat_tree_is_numbered_alike(void **state) {
  const cJSON *row, *children, *root;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "flatTree")) {
    uint64_t index = vector_number(row, "index");
    assert_int_equal(vms__tree_depth(index), vector_number(row, "depth"));
    assert_int_equal(vms__tree_offset(index), vector_number(row, "offset"));
    assert_int_equal(vms__tree_parent(index), vector_number(row, "parent"));
    assert_int_equal(vms__tree_sibling(index), vector_number(row, "sibling"));
    assert_int_equal(vms__tree_left_span(index), vector_number(row, "leftSpan"));
    assert_int_equal(vms__tree_right_span(index), vector_number(row, "rightSpan"));
    children = vector_get(row, "children");
    if (cJSON_IsNull(children)) continue;
    assert_int_equal(vms__tree_left_child(index), cJSON_GetArrayItem(children, 0)->valuedouble);
    assert_int_equal(vms__tree_right_child(index), cJSON_GetArrayItem(children, 1)->valuedouble);
  }
  cJSON_ArrayForEach(row, vector_get(vectors, "fullRoots")) {
    uint64_t roots[VMS__ROOTS_MAX];
    unsigned count = vms__tree_roots(vector_number(row, "length"), roots), i = 0;
    assert_int_equal(count, cJSON_GetArraySize(vector_get(row, "roots")));
    cJSON_ArrayForEach(root, vector_get(row, "roots")) assert_int_equal(roots[i++], root->valuedouble);
  }
}

/* A core of the vectors' signer with `length` test blocks. */
static vms_journal *signer_core(sim_disk *disk, uint64_t length) {
  uint8_t manifest[1][VMS_MANIFEST_LEN], seed[VMS_SEED_LEN], key[VMS_KEY_LEN], block[32];
  vms_journal *journal;
  memset(seed, 1, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
  sim_disk_init(disk);
  assert_int_equal(vms_journal_create(&journal, &disk->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_signer(journal, 0, seed, NULL), VMS_OK);
  for (uint64_t i = 0; i < length; i++) {
    size_t len = test_block(i, block);
    assert_int_equal(vms_core_append(vms_journal_core(journal, 0), block, len, NULL, NULL), VMS_OK);
  }
  return journal;
}

static void a_core_has_the_nodes_of_hypercore(void **state) {
  sim_disk disk;
  vms_journal *journal = signer_core(&disk, 20);
  vms_core *core = vms_journal_core(journal, 0);
  const cJSON *row;
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "nodes20")) {
    vms__node node;
    assert_true(vms__core_node(core, vector_number(row, "index"), &node));
    assert_int_equal(node.size, vector_number(row, "size"));
    vector_expect(row, "hash", node.hash, sizeof node.hash);
    count++;
  }
  assert_int_equal(count, 38);
  assert_false(vms__core_node(core, 31, &(vms__node){ 0 }));
  assert_false(vms__core_node(core, 40, &(vms__node){ 0 }));
  vms_journal_close(journal);
  sim_disk_deinit(&disk);
}

/* The manifest with this name in the vectors; returns how long it is. */
static size_t manifest_named(const char *name, uint8_t manifest[512], uint8_t key[VMS_KEY_LEN]) {
  const cJSON *row;
  cJSON_ArrayForEach(row, vector_get(vectors, "manifests")) {
    if (strcmp(vector_string(row, "name"), name) != 0) continue;
    vector_bytes(row, "key", key, VMS_KEY_LEN);
    return vector_hex(vector_string(row, "encoded"), manifest, 512);
  }
  fail_msg("no manifest %s", name);
  return 0;
}

/* The signature is that of exactly this head. */
static void check_signature(const uint8_t key[VMS_KEY_LEN], const void *manifest, size_t manifest_len, const vms_head *head,
                            const uint8_t *signature, size_t len) {
  uint8_t wrong[256];
  assert_int_equal(vms_signature_check(key, manifest, manifest_len, head->tree_hash, head->length, head->fork, signature, len, NULL), VMS_OK);
  assert_int_equal(vms_signature_check(key, manifest, manifest_len, head->tree_hash, head->length + 1, head->fork, signature, len, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_signature_check(key, manifest, manifest_len, head->tree_hash, head->length, head->fork + 1, signature, len, NULL), VMS_ERR_SIGNATURE);
  memcpy(wrong, signature, len);
  wrong[len / 2] ^= 1;
  assert_int_equal(vms_signature_check(key, manifest, manifest_len, head->tree_hash, head->length, head->fork, wrong, len, NULL), VMS_ERR_SIGNATURE);
  memcpy(wrong, head->tree_hash, VMS_HASH_LEN);
  wrong[31] ^= 0x80;
  assert_int_equal(vms_signature_check(key, manifest, manifest_len, wrong, head->length, head->fork, signature, len, NULL), VMS_ERR_SIGNATURE);
}

/* The signer's own signature over the signable of the vectors is the one there. */
static void check_made(const cJSON *form, const uint8_t secret[VMS__SECRET_LEN], uint8_t signature[VMS_SIGNATURE_LEN]) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  size_t len = vector_hex(vector_string(form, "signable"), signable, sizeof signable);
  vms__crypto_sign(secret, signable, len, signature);
  vector_expect(form, "signature", signature, VMS_SIGNATURE_LEN);
}

static void check_signed(const cJSON *row, const vms_core *core, uint64_t length, uint64_t fork) {
  const cJSON *form = vector_get(row, "v1");
  uint8_t seed[VMS_SEED_LEN], secret[VMS__SECRET_LEN], signable[VMS__SIGNABLE_LEN], signature[VMS_SIGNATURE_LEN];
  uint8_t manifest[512], key[VMS_KEY_LEN];
  size_t manifest_len;
  vms_head head = { 0 };
  memset(seed, 1, sizeof seed);
  vms__crypto_expand(seed, secret);
  head.length = length;
  head.fork = fork;
  vms_core_manifest(core, head.manifest);
  vms_core_tree_hash(core, length, head.tree_hash);
  vms__head_signable(core->key, head.tree_hash, length, fork, signable);
  vector_expect(form, "signable", signable, sizeof signable);
  vms__head_sign(secret, core->key, &head);
  vector_expect(form, "signature", head.signature + 2, VMS_SIGNATURE_LEN);
  vector_expect(form, "envelope", head.signature, VMS_ENVELOPE_LEN);
  assert_int_equal(vms_head_verify(&head, core->key, NULL), VMS_OK);
  check_signature(core->key, head.manifest, sizeof head.manifest, &head, head.signature, sizeof head.signature);
  check_made(vector_get(row, "v0"), secret, signature);
  manifest_len = manifest_named("v0-single-signer", manifest, key);
  check_signature(key, manifest, manifest_len, &head, signature, sizeof signature);
  check_made(vector_get(row, "compat"), secret, signature);
  vms_key_public(seed, key);
  check_signature(key, NULL, 0, &head, signature, sizeof signature);
  head.fork++;
  assert_int_equal(vms_head_verify(&head, core->key, NULL), VMS_ERR_SIGNATURE);
}

static void trees_of_every_length_hash_and_sign_alike(void **state) {
  sim_disk disk;
  vms_journal *journal = signer_core(&disk, 1000);
  vms_core *core = vms_journal_core(journal, 0);
  const cJSON *row, *root, *made;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "trees")) {
    uint64_t length = vector_number(row, "length"), indices[VMS__ROOTS_MAX];
    uint8_t hash[VMS_HASH_LEN];
    unsigned count = vms__tree_roots(length, indices), i = 0;
    vms_core_tree_hash(core, length, hash);
    vector_expect(row, "treeHash", hash, sizeof hash);
    assert_int_equal(vms_core_byte_length(core, length), vector_number(row, "byteLength"));
    assert_int_equal(count, cJSON_GetArraySize(vector_get(row, "roots")));
    cJSON_ArrayForEach(root, vector_get(row, "roots")) {
      vms__node node;
      assert_true(vms__core_node(core, indices[i], &node));
      assert_int_equal(node.index, vector_number(root, "index"));
      assert_int_equal(node.size, vector_number(root, "size"));
      vector_expect(root, "hash", node.hash, sizeof node.hash);
      i++;
    }
    cJSON_ArrayForEach(made, vector_get(row, "signed")) check_signed(made, core, length, vector_number(made, "fork"));
  }
  vms_journal_close(journal);
  sim_disk_deinit(&disk);
}

static void other_manifests_are_refused(void **state) {
  const cJSON *row;
  size_t refused = 0;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "manifests")) {
    uint8_t encoded[512], key[VMS_KEY_LEN];
    size_t len = vector_hex(vector_string(row, "encoded"), encoded, sizeof encoded);
    vms_head head = { 0 };
    if (len != VMS_MANIFEST_LEN || strcmp(vector_string(row, "name"), "v1-default-single-signer") == 0) continue;
    memcpy(head.manifest, encoded, len);
    vms_manifest_key(head.manifest, key);
    assert_int_equal(vms_head_verify(&head, key, NULL), VMS_ERR_FORM);
    refused++;
  }
  assert_true(refused > 0);
}

static bool member_is_set(const cJSON *row, const char *name) { return !cJSON_IsNull(vector_get(row, name)); }

static void check_manifest(const cJSON *row, const uint8_t *encoded, size_t len) {
  vms__reader reader = vms__reader_over(encoded, len);
  const cJSON *signer, *prologue = vector_get(row, "prologue");
  vms__manifest manifest;
  size_t count = 0;
  assert_int_equal(vms__manifest_parse(&reader, &manifest, NULL), VMS_OK);
  assert_int_equal(reader.left, 0);
  assert_int_equal(manifest.version, vector_number(row, "version"));
  assert_int_equal(manifest.quorum, vector_number(row, "quorum"));
  assert_int_equal(manifest.allow_patch, cJSON_IsTrue(vector_get(row, "allowPatch")));
  assert_int_equal(manifest.bare, strcmp(vector_string(row, "name"), "v0-single-signer") == 0);
  assert_false(manifest.is_static);
  cJSON_ArrayForEach(signer, vector_get(row, "signers")) {
    vector_expect(signer, "namespace", manifest.signers[count].space, VMS__NAMESPACE_LEN);
    vector_expect(signer, "publicKey", manifest.signers[count++].public_key, VMS_KEY_LEN);
  }
  assert_int_equal(manifest.count, count);
  assert_int_equal(manifest.has_prologue, member_is_set(row, "prologue"));
  if (!manifest.has_prologue) return;
  vector_expect(prologue, "hash", manifest.prologue_hash, VMS_HASH_LEN);
  assert_int_equal(manifest.prologue_length, vector_number(prologue, "length"));
}

static void every_manifest_is_read_and_hashes_to_its_key(void **state) {
  const cJSON *row;
  uint8_t space[VMS__NAMESPACE_LEN];
  size_t count = 0;
  (void)state;
  vms__namespace("hypercore", 3, space);
  cJSON_ArrayForEach(row, vector_get(vectors, "manifests")) {
    uint8_t encoded[512], key[VMS_KEY_LEN];
    size_t len = vector_hex(vector_string(row, "encoded"), encoded, sizeof encoded);
    check_manifest(row, encoded, len);
    assert_int_equal(vms_manifest_read(encoded, len, key, NULL), VMS_OK);
    vector_expect(row, "key", key, sizeof key);
    vms__crypto_hash2(space, sizeof space, encoded, len, key);
    vector_expect(row, "key", key, sizeof key);
    vms_discovery_key(key, key);
    vector_expect(row, "discoveryKey", key, sizeof key);
    count++;
  }
  assert_int_equal(count, 9);
}

static void a_compat_core_is_named_by_its_public_key(void **state) {
  const cJSON *compat = vector_get(vectors, "compat");
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN];
  (void)state;
  memset(seed, 1, sizeof seed);
  vms_key_public(seed, key);
  vector_expect(compat, "key", key, sizeof key);
  vms_discovery_key(key, key);
  vector_expect(compat, "discoveryKey", key, sizeof key);
}

static void the_signer_of_the_trees_is_the_first_one(void **state) {
  const cJSON *signer = vector_get(vectors, "signer");
  uint8_t manifest[512], key[VMS_KEY_LEN];
  (void)state;
  assert_int_equal(vector_number(signer, "keyPair"), 0);
  assert_int_equal(manifest_named(vector_string(signer, "manifest"), manifest, key), VMS_MANIFEST_LEN);
  vector_expect(signer, "key", key, sizeof key);
}

static void a_quorum_of_signers_is_needed_each_counted_once(void **state) {
  const cJSON *multi = vector_get(vectors, "multi"), *row;
  uint64_t length = vector_number(multi, "length"), fork = vector_number(multi, "fork");
  uint8_t manifest[512], key[VMS_KEY_LEN], tree_hash[VMS_HASH_LEN], signable[VMS__SIGNABLE_LEN];
  size_t manifest_len = manifest_named(vector_string(multi, "manifest"), manifest, key), accepted = 0;
  (void)state;
  row = cJSON_GetArrayItem(vector_get(vectors, "trees"), (int)length);
  assert_int_equal(vector_number(row, "length"), length);
  vector_bytes(row, "treeHash", tree_hash, sizeof tree_hash);
  vms__head_signable(key, tree_hash, length, fork, signable);
  vector_expect(multi, "signable", signable, sizeof signable);
  cJSON_ArrayForEach(row, vector_get(multi, "cases")) {
    uint8_t envelope[256];
    size_t len = vector_hex(vector_string(row, "envelope"), envelope, sizeof envelope);
    bool good = cJSON_IsTrue(vector_get(row, "accepted"));
    assert_int_equal(vms_signature_check(key, manifest, manifest_len, tree_hash, length, fork, envelope, len, NULL), good ? VMS_OK : VMS_ERR_SIGNATURE);
    accepted += good;
  }
  assert_int_equal(accepted, 1);
}

/* What the two sides of a connection show each other, by a fixed hash of their handshake. */
static void capabilities_and_stream_ids_are_those_of_hypercore(void **state) {
  static const struct { const char *member, *name; uint8_t id; bool of_core; } rows[] = {
    { "capabilityInitiator", "hypercore", 1, true },
    { "capabilityResponder", "hypercore", 2, true },
    { "streamIdInitiator", "hyperswarm/secret-stream", 0, false },
    { "streamIdResponder", "hyperswarm/secret-stream", 1, false },
  };
  const cJSON *replication = vector_get(vectors, "replication");
  uint8_t handshake[64], text[VMS__NAMESPACE_LEN + VMS_KEY_LEN], hash[VMS_HASH_LEN];
  (void)state;
  vector_bytes(replication, "handshakeHash", handshake, sizeof handshake);
  vector_bytes(replication, "key", text + VMS__NAMESPACE_LEN, VMS_KEY_LEN);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    vms__namespace(rows[i].name, rows[i].id, text);
    vms__crypto_hash_keyed(handshake, sizeof handshake, text, rows[i].of_core ? sizeof text : VMS__NAMESPACE_LEN, hash);
    vector_expect(replication, rows[i].member, hash, sizeof hash);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(namespaces_are_those_of_hypercore),
    cmocka_unit_test(seeds_give_their_public_keys),
    cmocka_unit_test(default_and_blobs_manifests_give_their_keys),
    cmocka_unit_test(leaves_hash_alike),
    cmocka_unit_test(flat_tree_is_numbered_alike),
    cmocka_unit_test(a_core_has_the_nodes_of_hypercore),
    cmocka_unit_test(trees_of_every_length_hash_and_sign_alike),
    cmocka_unit_test(other_manifests_are_refused),
    cmocka_unit_test(every_manifest_is_read_and_hashes_to_its_key),
    cmocka_unit_test(a_compat_core_is_named_by_its_public_key),
    cmocka_unit_test(the_signer_of_the_trees_is_the_first_one),
    cmocka_unit_test(a_quorum_of_signers_is_needed_each_counted_once),
    cmocka_unit_test(capabilities_and_stream_ids_are_those_of_hypercore),
  };
  int failed;
  vectors = vector_load("test/vectors/crypto.json");
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  cJSON_Delete(vectors);
  return failed;
}

/* SPDX-License-Identifier: MIT */
/* Goal: keys, manifests, hashes, trees and signatures are those of Hypercore 11, byte for byte.
 * Method: recompute everything of crypto.json that concerns manifests of the forms that libvms writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "lib/ledger/internal.h"
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
    { "hypercore.REPLICATE_INITIATOR", "hypercore", 1 },
    { "hypercore.REPLICATE_RESPONDER", "hypercore", 2 },
    { "secret-stream.INITIATOR", "hyperswarm/secret-stream", 0 },
    { "secret-stream.RESPONDER", "hyperswarm/secret-stream", 1 },
    { "hyperdrive.BLOBS", "hyperdrive", 0 },
    { "corestore.NS", "corestore", 0 },
  };
  const cJSON *constants = vector_get(vectors, "constants");
  (void)state;
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
    uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN];
    vector_bytes(pair, "seed", seed, sizeof seed);
    vms_key_public(seed, key);
    vector_expect(pair, "publicKey", key, sizeof key);
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
  vms__discovery_key(key, key);
  vector_expect(plain, "discoveryKey", key, sizeof key);
  vms_manifest_blobs(manifest, derived);
  vector_expect(blobs, "blobsManifest", derived, sizeof derived);
  vms_manifest_key(derived, key);
  vector_expect(blobs, "blobsKey", key, sizeof key);
  vms__discovery_key(key, key);
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

static void check_signed(const cJSON *row, const vms_core *core, uint64_t length, uint64_t fork) {
  const cJSON *form = vector_get(row, "v1");
  uint8_t seed[VMS_SEED_LEN], secret[VMS__SECRET_LEN], signable[VMS__SIGNABLE_LEN];
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

static void every_manifest_hashes_to_its_key(void **state) {
  const cJSON *row;
  uint8_t space[VMS__NAMESPACE_LEN];
  size_t count = 0;
  (void)state;
  vms__namespace("hypercore", 3, space);
  cJSON_ArrayForEach(row, vector_get(vectors, "manifests")) {
    uint8_t encoded[512], key[VMS_KEY_LEN];
    size_t len = vector_hex(vector_string(row, "encoded"), encoded, sizeof encoded);
    vms__crypto_hash2(space, sizeof space, encoded, len, key);
    vector_expect(row, "key", key, sizeof key);
    vms__discovery_key(key, key);
    vector_expect(row, "discoveryKey", key, sizeof key);
    count++;
  }
  assert_int_equal(count, 9);
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
    cmocka_unit_test(every_manifest_hashes_to_its_key),
  };
  int failed;
  vectors = vector_load("test/vectors/crypto.json");
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  cJSON_Delete(vectors);
  return failed;
}

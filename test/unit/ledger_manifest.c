/* SPDX-License-Identifier: MIT */
/* Goal: manifests of every version are read as Hypercore reads them, and a signature counts only if those that the manifest names made it.
 * Method: manifests and envelopes written here byte by byte, signed by the real signers and then by the wrong ones; every truncation, every
 * changed byte, in memory of exactly their length. That npm writes the same bytes is shown by test/vectors/ledger_crypto.c. */
#include "test/support/test.h"

#include "lib/ledger/wire.h"

#define SIGNERS 3u
#define LENGTH 300u
#define FORK 2u

/* --- writing what a test needs ------------------------------------------------------------------------------ */

static uint8_t secrets[SIGNERS][VMS__SECRET_LEN], keys[SIGNERS][VMS_KEY_LEN];
static const uint8_t tree_hash[VMS_HASH_LEN] = { 1, 2, 3 };

static int make_keys(void **state) {
  (void)state;
  for (unsigned i = 0; i < SIGNERS; i++) {
    uint8_t seed[VMS_SEED_LEN];
    memset(seed, (int)i + 1, sizeof seed);
    vms_key_public(seed, keys[i]);
    vms__crypto_expand(seed, secrets[i]);
  }
  return 0;
}

typedef struct text {
  uint8_t bytes[8192];
  size_t len;
} text;

static void put(text *to, const void *bytes, size_t len) {
  assert_true(to->len + len <= sizeof to->bytes);
  memcpy(to->bytes + to->len, bytes, len);
  to->len += len;
}

static void put_uint(text *to, uint64_t n) {
  vms_buffer out = VMS_BUFFER_INIT;
  assert_ok(vms__write_uint(&out, n));
  put(to, out.data, out.len);
  vms_buffer_free(&out);
}

static void put_byte(text *to, uint8_t byte) { put(to, &byte, 1); }
static void put_fill(text *to, uint8_t byte, size_t len) {
  for (size_t i = 0; i < len; i++) put_byte(to, byte);
}

/* Signers with the namespaces 16, 17... */
static void put_signers(text *to, uint64_t quorum, unsigned count) {
  put_uint(to, quorum);
  put_uint(to, count);
  for (unsigned i = 0; i < count; i++) {
    put_byte(to, 0);
    put_fill(to, (uint8_t)(16 + i), VMS__NAMESPACE_LEN);
    put(to, keys[i % SIGNERS], VMS_KEY_LEN);
  }
}

static text manifest1(uint8_t version, uint8_t flags, uint64_t quorum, unsigned count) {
  text all = { { version, flags, 0 }, 3 };
  put_signers(&all, quorum, count);
  return all;
}

static text manifest0(uint8_t flags, uint64_t quorum, unsigned count) {
  text all = { { 0, 0, 2, flags }, 4 };
  put_signers(&all, quorum, count);
  return all;
}

static text manifest_single(void) {
  text all = { { 0, 0, 1, 0 }, 4 };
  put_fill(&all, 16, VMS__NAMESPACE_LEN);
  put(&all, keys[0], VMS_KEY_LEN);
  return all;
}

static void sign(unsigned signer, const uint8_t context[32], uint8_t signature[VMS_SIGNATURE_LEN]) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  vms__head_signable(context, tree_hash, LENGTH, FORK, signable);
  vms__crypto_sign(secrets[signer % SIGNERS], signable, sizeof signable, signature);
}

/* One signer's proof; under version 0 it is over the signer's namespace, else over the core's key. */
static void put_proof(text *to, unsigned version, const uint8_t key[VMS_KEY_LEN], unsigned signer, uint64_t patch) {
  uint8_t signature[VMS_SIGNATURE_LEN], space[VMS__NAMESPACE_LEN];
  memset(space, (int)(16 + signer), sizeof space);
  sign(signer, version == 0 ? space : key, signature);
  if (version == 0) put_uint(to, patch > 0 ? 1 : 0);
  put_uint(to, signer);
  put(to, signature, sizeof signature);
  if (version > 0) put_uint(to, patch);
  else if (patch > 0) {
    put_uint(to, LENGTH - patch);
    put_uint(to, patch);
    put_uint(to, 1);
    put_uint(to, 0);
  }
}

/* An envelope of these signers ("02": the first and the third). */
static text envelope(unsigned version, const uint8_t key[VMS_KEY_LEN], const char *signers) {
  text all = { { 0 }, 0 };
  put_uint(&all, strlen(signers));
  for (; *signers != 0; signers++) put_proof(&all, version, key, (unsigned)(*signers - '0'), 0);
  put_uint(&all, 0);
  return all;
}

/* Both read in memory of exactly their length. */
static int check(const uint8_t key[VMS_KEY_LEN], const text *manifest, const text *signature) {
  uint8_t *alone[2] = { malloc(manifest->len + 1), malloc(signature->len + 1) };
  int status;
  assert_true(alone[0] != NULL && alone[1] != NULL);
  alone[0] = realloc(alone[0], manifest->len == 0 ? 1 : manifest->len);
  alone[1] = realloc(alone[1], signature->len == 0 ? 1 : signature->len);
  memcpy(alone[0], manifest->bytes, manifest->len);
  memcpy(alone[1], signature->bytes, signature->len);
  status = vms_signature_check(key, alone[0], manifest->len, tree_hash, LENGTH, FORK, alone[1], signature->len, NULL);
  free(alone[0]);
  free(alone[1]);
  return status;
}

static int read_alone(const text *manifest, uint8_t key[VMS_KEY_LEN]) {
  uint8_t *alone = malloc(manifest->len == 0 ? 1 : manifest->len);
  int status;
  assert_non_null(alone);
  memcpy(alone, manifest->bytes, manifest->len);
  status = vms_manifest_read(alone, manifest->len, key, NULL);
  free(alone);
  return status;
}

static void key_of(const text *manifest, uint8_t key[VMS_KEY_LEN]) { assert_ok(vms_manifest_read(manifest->bytes, manifest->len, key, NULL)); }

/* --- what is a manifest ----------------------------------------------------------------------------------------- */

/* Everything that a manifest of version 2 can hold. */
static text manifest_full(void) {
  text all = manifest1(2, 15, 2, 3);
  put_fill(&all, 5, VMS_HASH_LEN);
  put_uint(&all, 300);
  put_uint(&all, 2);
  put_fill(&all, 6, 2 * VMS_KEY_LEN);
  put_uint(&all, 5);
  put(&all, "hello", 5);
  return all;
}

static text manifest_static(void) {
  text all = { { 0, 0, 0 }, 3 };
  put_fill(&all, 5, VMS_HASH_LEN);
  return all;
}

static void a_manifest_cut_anywhere_or_followed_by_more_is_refused(void **state) {
  text kinds[] = { manifest_full(), manifest1(1, 0, 1, 1), manifest0(1, 2, 3), manifest_single(), manifest_static() };
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    size_t whole = kinds[i].len;
    for (kinds[i].len = 0; kinds[i].len < whole; kinds[i].len++) assert_int_equal(read_alone(&kinds[i], key), VMS_ERR_FORM);
    assert_ok(read_alone(&kinds[i], key));
    put_byte(&kinds[i], 0);
    assert_int_equal(read_alone(&kinds[i], key), VMS_ERR_FORM);
  }
}

static void any_byte_of_a_manifest_may_be_anything(void **state) {
  text kinds[] = { manifest_full(), manifest0(1, 2, 3), manifest_single(), manifest_static() };
  uint8_t key[VMS_KEY_LEN], other[VMS_KEY_LEN];
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    key_of(&kinds[i], key);
    for (size_t at = 0; at < kinds[i].len; at++) {
      uint8_t original = kinds[i].bytes[at];
      for (unsigned value = 0; value < 256; value++) {
        kinds[i].bytes[at] = (uint8_t)value;
        if (value != original && read_alone(&kinds[i], other) == VMS_OK) assert_memory_not_equal(other, key, sizeof key);
      }
      kinds[i].bytes[at] = original;
    }
  }
}

static int status_of(text manifest) {
  uint8_t key[VMS_KEY_LEN];
  return read_alone(&manifest, key);
}

static text with_byte(text manifest, size_t at, uint8_t value) {
  manifest.bytes[at] = value;
  return manifest;
}

static void what_is_not_known_is_told_from_what_is_wrong(void **state) {
  text longer = { { 0xfd, 1, 0, 0, 0 }, 5 };
  (void)state;
  assert_int_equal(status_of(with_byte(manifest1(1, 0, 1, 1), 0, 3)), VMS_ERR_UNSUPPORTED); /* version */
  assert_int_equal(status_of(with_byte(manifest1(1, 0, 1, 1), 2, 1)), VMS_ERR_UNSUPPORTED); /* hash */
  assert_int_equal(status_of(with_byte(manifest1(1, 0, 1, 1), 5, 1)), VMS_ERR_UNSUPPORTED); /* signature */
  assert_int_equal(status_of(with_byte(manifest_single(), 1, 1)), VMS_ERR_UNSUPPORTED);
  assert_int_equal(status_of(with_byte(manifest_single(), 3, 1)), VMS_ERR_UNSUPPORTED);
  assert_int_equal(status_of(with_byte(manifest_single(), 2, 3)), VMS_ERR_FORM); /* type */
  assert_int_equal(status_of(manifest1(1, 0, 2, 1)), VMS_ERR_FORM);              /* quorum */
  assert_int_equal(status_of(manifest0(0, 4, 3)), VMS_ERR_FORM);
  assert_int_equal(status_of(manifest0(2, 2, 3)), VMS_ERR_FORM);  /* flags */
  assert_int_equal(status_of(manifest1(2, 16, 1, 1)), VMS_ERR_FORM);
  assert_int_equal(status_of(manifest0(0, 1, 1)), VMS_ERR_FORM); /* one signer has a shorter form */
  assert_int_equal(status_of(manifest1(1, 0, 1, VMS__SIGNERS_MAX)), VMS_OK);
  assert_int_equal(status_of(manifest1(1, 0, 1, VMS__SIGNERS_MAX + 1)), VMS_ERR_UNSUPPORTED);
  assert_int_equal(status_of(with_byte(manifest1(1, 0, 1, 1), 4, 200)), VMS_ERR_FORM); /* signers that are not there */
  put_signers(&longer, 1, 1); /* version 1 in three bytes: npm would hash another text */
  assert_int_equal(status_of(longer), VMS_ERR_FORM);
}

static void version_1_has_no_links_and_no_user_data(void **state) {
  text linked = manifest1(1, 4, 1, 1), data = manifest1(1, 8, 1, 1), linked2 = manifest1(2, 4, 1, 1), data2 = manifest1(2, 8, 1, 1);
  (void)state;
  put_uint(&linked, 0);
  put_uint(&data, 0);
  put_uint(&linked2, 0);
  put_uint(&data2, 0);
  assert_int_equal(status_of(linked), VMS_ERR_FORM);
  assert_int_equal(status_of(data), VMS_ERR_FORM);
  assert_ok(status_of(linked2));
  assert_ok(status_of(data2));
}

static void a_manifest_may_be_no_longer_than_the_limit(void **state) {
  text data = manifest1(2, 8, 1, 1), more = data;
  (void)state;
  put_uint(&data, VMS_MANIFEST_LEN_MAX - 73);
  put_fill(&data, 7, VMS_MANIFEST_LEN_MAX - 73);
  assert_int_equal(data.len, VMS_MANIFEST_LEN_MAX);
  assert_ok(status_of(data));
  put_uint(&more, VMS_MANIFEST_LEN_MAX - 72);
  put_fill(&more, 7, VMS_MANIFEST_LEN_MAX - 72);
  assert_int_equal(status_of(more), VMS_ERR_UNSUPPORTED);
}

/* --- one signer ------------------------------------------------------------------------------------------------- */

static void a_compat_core_is_signed_by_its_key(void **state) {
  uint8_t signable[VMS__SIGNABLE_LEN];
  text none = { { 0 }, 0 }, signature = { { 0 }, VMS_SIGNATURE_LEN };
  (void)state;
  vms__head_signable(keys[0], tree_hash, LENGTH, FORK, signable);
  memmove(signable + 32, signable + 64, 48);
  vms__crypto_sign(secrets[0], signable, 80, signature.bytes);
  assert_ok(check(keys[0], &none, &signature));
  assert_int_equal(check(keys[1], &none, &signature), VMS_ERR_SIGNATURE);
  signature.len--;
  assert_int_equal(check(keys[0], &none, &signature), VMS_ERR_FORM);
  signature.len += 2;
  assert_int_equal(check(keys[0], &none, &signature), VMS_ERR_FORM);
  signature.len = 0;
  assert_int_equal(check(keys[0], &none, &signature), VMS_ERR_FORM);
}

static void the_default_manifest_wants_an_envelope(void **state) {
  text manifest = { { 0 }, VMS_MANIFEST_LEN }, signature, bare = { { 0 }, VMS_SIGNATURE_LEN };
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  vms_manifest_default(keys[0], manifest.bytes);
  key_of(&manifest, key);
  signature = envelope(1, key, "0");
  assert_int_equal(signature.len, VMS_ENVELOPE_LEN);
  assert_ok(check(key, &manifest, &signature));
  assert_int_equal(check(keys[0], &manifest, &signature), VMS_ERR_FOREIGN);
  sign(0, key, bare.bytes);
  assert_int_equal(check(key, &manifest, &bare), VMS_ERR_FORM);
}

static void a_single_signer_of_version_0_signs_bare(void **state) {
  text manifest = manifest_single(), bare = { { 0 }, VMS_SIGNATURE_LEN }, wrapped;
  uint8_t key[VMS_KEY_LEN], space[VMS__NAMESPACE_LEN];
  (void)state;
  memset(space, 16, sizeof space);
  key_of(&manifest, key);
  sign(0, space, bare.bytes);
  assert_ok(check(key, &manifest, &bare));
  wrapped = envelope(0, key, "0");
  assert_int_equal(check(key, &manifest, &wrapped), VMS_ERR_FORM);
  sign(0, key, bare.bytes); /* as under version 1 */
  assert_int_equal(check(key, &manifest, &bare), VMS_ERR_SIGNATURE);
}

/* --- several signers ---------------------------------------------------------------------------------------------- */

static void a_quorum_of_distinct_signers_is_wanted(void **state) {
  static const struct { const char *signers; int status; } rows[] = {
    { "02", VMS_OK },  { "20", VMS_OK },  { "012", VMS_OK },           { "12", VMS_OK },
    { "0", VMS_ERR_SIGNATURE },           { "", VMS_ERR_SIGNATURE },   { "00", VMS_ERR_SIGNATURE },
    { "03", VMS_ERR_SIGNATURE },          { "30", VMS_ERR_SIGNATURE }, { "011", VMS_OK }, /* what is behind the quorum does not count */
    { "013", VMS_OK },                    { "001", VMS_ERR_SIGNATURE },
  };
  (void)state;
  for (unsigned version = 0; version < 3; version++) {
    text manifest = version == 0 ? manifest0(0, 2, SIGNERS) : manifest1((uint8_t)version, 0, 2, SIGNERS);
    uint8_t key[VMS_KEY_LEN];
    key_of(&manifest, key);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
      text signature = envelope(version, key, rows[i].signers);
      int status = check(key, &manifest, &signature);
      if (status != rows[i].status) fail_msg("version %u, signers %s: %s", version, rows[i].signers, vms_status_name(status));
    }
  }
}

static void an_envelope_may_have_more_signatures_than_there_can_be_signers(void **state) {
  text manifest = manifest1(1, 0, 2, SIGNERS), signature;
  char signers[62] = "0121212121212121212121212121212121212121212121212121212121212";
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  key_of(&manifest, key);
  signature = envelope(1, key, signers);
  assert_true(strlen(signers) > VMS__SIGNERS_MAX && signature.len <= VMS_SIGNATURE_LEN_MAX);
  assert_ok(check(key, &manifest, &signature));
  signers[1] = '0';
  signature = envelope(1, key, signers);
  assert_int_equal(check(key, &manifest, &signature), VMS_ERR_SIGNATURE);
}

static void a_signature_of_another_signer_or_head_is_wrong(void **state) {
  text manifest = manifest1(1, 0, 2, SIGNERS), signature;
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  key_of(&manifest, key);
  signature = envelope(1, key, "01");
  signature.bytes[1] = 2; /* signer 0's signature under the name of signer 2 */
  assert_int_equal(check(key, &manifest, &signature), VMS_ERR_SIGNATURE);
  signature.bytes[1] = 0;
  assert_int_equal(vms_signature_check(key, manifest.bytes, manifest.len, tree_hash, LENGTH + 1, FORK, signature.bytes, signature.len, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_signature_check(key, manifest.bytes, manifest.len, tree_hash, LENGTH, FORK + 1, signature.bytes, signature.len, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_signature_check(key, manifest.bytes, manifest.len, keys[0], LENGTH, FORK, signature.bytes, signature.len, NULL), VMS_ERR_SIGNATURE);
}

static void an_envelope_cut_or_changed_anywhere_is_refused(void **state) {
  (void)state;
  for (unsigned version = 0; version < 2; version++) {
    text manifest = version == 0 ? manifest0(0, 2, SIGNERS) : manifest1(1, 0, 2, SIGNERS), signature;
    uint8_t key[VMS_KEY_LEN];
    size_t whole;
    key_of(&manifest, key);
    signature = envelope(version, key, "20");
    whole = signature.len;
    for (signature.len = 0; signature.len < whole; signature.len++) assert_int_equal(check(key, &manifest, &signature), VMS_ERR_FORM);
    for (size_t at = 0; at < whole; at++) {
      int status;
      /* The patch of a core without patches is not looked at, as in npm, nor are flags of version 0 that have no meaning. */
      bool idle = version == 1 ? at == 66 || at == 132 : at == 1 || at == 67;
      signature.bytes[at] ^= 2;
      status = check(key, &manifest, &signature);
      if (idle != (status == VMS_OK)) fail_msg("version %u, byte %zu of %zu: %s", version, at, whole, vms_status_name(status));
      signature.bytes[at] ^= 2;
    }
    put_byte(&signature, 0);
    assert_int_equal(check(key, &manifest, &signature), VMS_ERR_FORM);
    put_fill(&signature, 0, VMS_SIGNATURE_LEN_MAX);
    assert_int_equal(check(key, &manifest, &signature), VMS_ERR_FORM);
  }
}

static void nobody_can_sign_when_no_signer_is_needed(void **state) {
  text kinds[] = { manifest1(1, 0, 0, 0), manifest1(1, 0, 0, 3), manifest0(0, 0, 3) };
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    text none = envelope(i < 2, keys[0], "");
    key_of(&kinds[i], key);
    assert_int_equal(check(key, &kinds[i], &none), VMS_ERR_SIGNATURE);
  }
}

/* --- patches, prologues, static cores ------------------------------------------------------------------------------- */

static void patches_are_refused_where_they_would_count(void **state) {
  (void)state;
  for (unsigned version = 0; version < 2; version++) {
    for (uint8_t allowed = 0; allowed < 2; allowed++) {
      text manifest = version == 0 ? manifest0(allowed, 2, SIGNERS) : manifest1(1, allowed, 2, SIGNERS), signature = { { 2 }, 1 };
      uint8_t key[VMS_KEY_LEN];
      key_of(&manifest, key);
      put_proof(&signature, version, key, 0, 0);
      put_proof(&signature, version, key, 1, 10);
      put_byte(&signature, 1); /* the patch's node */
      put_uint(&signature, 4);
      put_uint(&signature, 7);
      put_fill(&signature, 1, VMS_HASH_LEN);
      assert_int_equal(check(key, &manifest, &signature), allowed ? VMS_ERR_UNSUPPORTED : VMS_OK);
      signature = envelope(version, key, "01");
      assert_ok(check(key, &manifest, &signature));
    }
  }
}

static text manifest_prologue(uint64_t length, uint64_t quorum, unsigned count) {
  text all = manifest1(1, 2, quorum, count);
  put(&all, tree_hash, sizeof tree_hash);
  put_uint(&all, length);
  return all;
}

static void a_prologue_needs_no_signature_but_its_tree(void **state) {
  text exact = manifest_prologue(LENGTH, 0, 0), longer = manifest_prologue(LENGTH + 1, 1, 1), none = { { 0 }, 0 }, signature;
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  key_of(&exact, key);
  assert_ok(check(key, &exact, &none));
  assert_int_equal(vms_signature_check(key, exact.bytes, exact.len, keys[0], LENGTH, FORK, NULL, 0, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_signature_check(key, exact.bytes, exact.len, tree_hash, LENGTH - 1, FORK, NULL, 0, NULL), VMS_ERR_SIGNATURE);
  assert_int_equal(vms_signature_check(key, exact.bytes, exact.len, tree_hash, LENGTH + 1, FORK, "\0", 2, NULL), VMS_ERR_SIGNATURE);
  key_of(&longer, key);
  signature = envelope(1, key, "0");
  assert_int_equal(check(key, &longer, &signature), VMS_ERR_SIGNATURE); /* a signed head below the prologue */
}

static void behind_a_prologue_the_signers_sign(void **state) {
  text manifest = manifest_prologue(LENGTH - 1, 1, 2), signature;
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  key_of(&manifest, key);
  signature = envelope(1, key, "1");
  assert_ok(check(key, &manifest, &signature));
  signature.bytes[20] ^= 1;
  assert_int_equal(check(key, &manifest, &signature), VMS_ERR_SIGNATURE);
}

static void a_static_core_of_version_0_is_not_supported(void **state) {
  text manifest = { { 0, 0, 0 }, 3 }, none = { { 0 }, 0 };
  uint8_t key[VMS_KEY_LEN];
  (void)state;
  put(&manifest, tree_hash, sizeof tree_hash);
  key_of(&manifest, key);
  assert_int_equal(check(key, &manifest, &none), VMS_ERR_UNSUPPORTED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_manifest_cut_anywhere_or_followed_by_more_is_refused),
    cmocka_unit_test(any_byte_of_a_manifest_may_be_anything),
    cmocka_unit_test(what_is_not_known_is_told_from_what_is_wrong),
    cmocka_unit_test(version_1_has_no_links_and_no_user_data),
    cmocka_unit_test(a_manifest_may_be_no_longer_than_the_limit),
    cmocka_unit_test(a_compat_core_is_signed_by_its_key),
    cmocka_unit_test(the_default_manifest_wants_an_envelope),
    cmocka_unit_test(a_single_signer_of_version_0_signs_bare),
    cmocka_unit_test(a_quorum_of_distinct_signers_is_wanted),
    cmocka_unit_test(an_envelope_may_have_more_signatures_than_there_can_be_signers),
    cmocka_unit_test(a_signature_of_another_signer_or_head_is_wrong),
    cmocka_unit_test(an_envelope_cut_or_changed_anywhere_is_refused),
    cmocka_unit_test(nobody_can_sign_when_no_signer_is_needed),
    cmocka_unit_test(patches_are_refused_where_they_would_count),
    cmocka_unit_test(a_prologue_needs_no_signature_but_its_tree),
    cmocka_unit_test(behind_a_prologue_the_signers_sign),
    cmocka_unit_test(a_static_core_of_version_0_is_not_supported),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: the randomness of contracts is ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381, to the byte and to the refusal.
 * Method: the examples of its appendix B.3; proofs with parts of small order, made by a computation on plain integers that shares nothing
 * with the library; every bit of a proof turned; every encoding that RFC 8032 does not know. */
#include "lib/service/internal.h"
#include "test/support/test.h"

typedef struct example { const char *secret, *key, *alpha, *proof, *hash; } example;

static const example examples[] = { /* B.3, examples 16 to 18 */
  { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97"
    "27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805",
    "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae" },
  { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465"
    "301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02",
    "eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031" },
  { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0"
    "e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e",
    "645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c452118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f" },
};
#define EXAMPLES (sizeof examples / sizeof examples[0])

typedef struct decoded {
  uint8_t secret[VMS_SEED_LEN], key[VMS_KEY_LEN], proof[VMS__VRF_PROOF_LEN], hash[VMS__VRF_HASH_LEN];
  char alpha[8];
  vms_slice input[2];
} decoded;

static void hex(const char *text, void *bytes, size_t len) { assert_true(vms__hex_decode(SLICE(text), bytes, len)); }

static void decode(const example *given, decoded *d) {
  size_t len = strlen(given->alpha) / 2;
  hex(given->secret, d->secret, sizeof d->secret);
  hex(given->key, d->key, sizeof d->key);
  hex(given->alpha, d->alpha, len);
  hex(given->proof, d->proof, sizeof d->proof);
  hex(given->hash, d->hash, sizeof d->hash);
  d->input[0] = (vms_slice){ d->alpha, len / 2 };
  d->input[1] = (vms_slice){ d->alpha + len / 2, len - len / 2 };
}

static bool verifies(const decoded *d) {
  uint8_t hash[VMS__VRF_HASH_LEN];
  return vms__vrf_verify(d->key, d->input, d->proof, hash);
}

static void the_examples_of_the_rfc_come_out(void **state) {
  (void)state;
  for (size_t i = 0; i < EXAMPLES; i++) {
    uint8_t key[VMS_KEY_LEN], proof[VMS__VRF_PROOF_LEN], hash[VMS__VRF_HASH_LEN];
    decoded d;
    decode(&examples[i], &d);
    vms_key_public(d.secret, key);
    assert_memory_equal(key, d.key, sizeof key);
    assert_true(vms__vrf_prove(d.secret, d.input, proof));
    assert_memory_equal(proof, d.proof, sizeof proof);
    assert_true(vms__vrf_hash(d.proof, hash));
    assert_memory_equal(hash, d.hash, sizeof hash);
    memset(hash, 0, sizeof hash);
    assert_true(vms__vrf_verify(d.key, d.input, d.proof, hash));
    assert_memory_equal(hash, d.hash, sizeof hash);
  }
}

static void a_proof_with_one_bit_turned_is_none(void **state) {
  decoded d;
  (void)state;
  decode(&examples[1], &d);
  for (size_t bit = 0; bit < 8 * sizeof d.proof; bit++) {
    d.proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
    if (verifies(&d)) fail_msg("bit %zu of a proof does not count", bit);
    d.proof[bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
  assert_true(verifies(&d));
}

static void a_proof_is_of_one_key_and_one_input(void **state) {
  decoded d, other;
  (void)state;
  decode(&examples[1], &d);
  decode(&examples[2], &other);
  d.alpha[0] ^= 1;
  assert_false(verifies(&d));
  d.alpha[0] ^= 1;
  d.input[1].len = 0;
  assert_false(verifies(&d));
  d.input[1].len = 1;
  memcpy(d.key, other.key, sizeof d.key);
  assert_false(verifies(&d));
}

static void a_key_of_small_order_is_refused(void **state) {
  static const char *const keys[] = { /* all eight */
    "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  };
  (void)state;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    decoded d;
    decode(&examples[0], &d);
    hex(keys[i], d.key, sizeof d.key);
    assert_true(vms__crypto_point_valid(d.key));
    memcpy(d.proof, d.key, sizeof d.key); /* the worst that its holder could try: Gamma of small order, c and s zero */
    memset(d.proof + 32, 0, sizeof d.proof - 32);
    assert_false(verifies(&d));
  }
}

static void only_the_one_encoding_of_a_point_is_read(void **state) {
  static const char *const none[] = {
    "0100000000000000000000000000000000000000000000000000000000000080", /* zero, with a sign   */
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", /* y = -1, with a sign */
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p               */
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p + 1           */
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p + 3, which has a point */
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0200000000000000000000000000000000000000000000000000000000000000", /* not on the curve    */
  };
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    decoded d;
    decode(&examples[0], &d);
    hex(none[i], d.proof, 32);
    assert_false(vms__crypto_point_valid(d.proof));
    assert_false(vms__vrf_hash(d.proof, d.hash));
    assert_false(verifies(&d));
    decode(&examples[0], &d);
    hex(none[i], d.key, sizeof d.key);
    assert_false(verifies(&d));
  }
}

static void a_scalar_is_below_the_order(void **state) {
  static const char *const last = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
  uint8_t scalar[32];
  decoded d;
  (void)state;
  hex(last, scalar, sizeof scalar);
  assert_true(vms__crypto_scalar_valid(scalar));
  scalar[0]++;
  assert_false(vms__crypto_scalar_valid(scalar));
  memset(scalar, 0xff, sizeof scalar);
  assert_false(vms__crypto_scalar_valid(scalar));
  /* a true proof whose s has the order added: the same modulo the order, and another text */
  decode(&examples[0], &d);
  memcpy(d.alpha, "torsion", 7);
  d.input[0] = SLICE("torsion");
  hex("3cf09028605fd9e7d8a4749d358ba6d9a2a5b1a0fd3d672dc51fcb3d9d9ac2d445738f91414b1bbcbc0a506e2505f8f4"
      "ef14d1155686acef80b9afb5e8cb1bae9e2cef4d65ad6b7b98b6c6383c56fd1b", d.proof, sizeof d.proof);
  assert_false(verifies(&d));
  assert_false(vms__vrf_hash(d.proof, d.hash));
  for (unsigned i = 0, borrow = 0; i < 32; i++) { /* and without it */
    static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
    unsigned difference = 256u + d.proof[48 + i] - order[i] - borrow;
    d.proof[48 + i] = (uint8_t)difference;
    borrow = difference < 256;
  }
  assert_true(verifies(&d));
}

/* Key and Gamma may have a part of small order, as the RFC has it: it goes away in what comes out, and proofs fit where c is a multiple of 8. */
static void parts_of_small_order_count_as_in_the_rfc(void **state) {
  static const struct { const char *key, *proof, *hash; } made[] = {
    { "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "c79394e7c286aeebc679e7adc97a9f04943634d60ea7dcc867d2c2561b79f169189e107c83097e4fd111ada51aba0b38"
      "8440d3cc2377300da4263128d202dd2a9123321eb70e0ebe47edb3780edb3203",
      "befd4f602496995b61640da5c2eeba6783f2f2cad6d01ed22d1de9dc7d6f6a8b4f323917b6c50ba0af4b68f40f8d3221b05c981cd1a7542553ff46c24902f0d9" },
    { "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "c79394e7c286aeebc679e7adc97a9f04943634d60ea7dcc867d2c2561b79f1690ad2eec3a24dd95c3c913b38eab664da"
      "6adc06838b75502dd01a8768d26a8e9c9f3e9818f77331bb4acacad3d242960d", NULL },
    { "3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d",
      "6d0641282dad085b029a86975401a9385f0bcfc245ffa955d9595a8aa4cb5849505ae318fdd95fb3c62b0c58d15f7d77"
      "4f5057236f8587fae523b9dbfacb6fbdeee9536ff3a762317c91e4e007998e03",
      "82bc486d91afc77855038482b06c8b4e0d9fc0c588962285db10b95f3d32721b9bfa1c7f8d4909188ec389df3e3ea880432d3b62e508c715672fe6f2c672e964" },
    { "3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d",
      "6d0641282dad085b029a86975401a9385f0bcfc245ffa955d9595a8aa4cb5849be11236406ac6374aadfc13a1d039ca4"
      "43defb6d134d19336f182f993b93d03c706044887fffe5f8b6d3398664705c06", NULL },
  };
  const vms_slice input[2] = { SLICE("tor"), SLICE("sion") };
  (void)state;
  for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
    uint8_t key[VMS_KEY_LEN], proof[VMS__VRF_PROOF_LEN], hash[VMS__VRF_HASH_LEN], wanted[VMS__VRF_HASH_LEN];
    hex(made[i].key, key, sizeof key);
    hex(made[i].proof, proof, sizeof proof);
    assert_int_equal(vms__vrf_verify(key, input, proof, hash), made[i].hash != NULL);
    if (made[i].hash == NULL) continue;
    hex(made[i].hash, wanted, sizeof wanted);
    assert_memory_equal(hash, wanted, sizeof hash);
  }
}

/* Proofs that are all zeros, all ones and the like neither verify nor stop anything. */
static void degenerate_proofs_are_refused(void **state) {
  (void)state;
  for (size_t i = 0; i < EXAMPLES; i++) {
    decoded d;
    decode(&examples[i], &d);
    memset(d.proof + 32, 0, 48);
    assert_false(verifies(&d));
    memset(d.proof, 0, sizeof d.proof);
    assert_false(verifies(&d));
    d.proof[0] = 1;
    assert_false(verifies(&d));
    memset(d.proof, 0xff, sizeof d.proof);
    assert_false(verifies(&d));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_examples_of_the_rfc_come_out),
    cmocka_unit_test(a_proof_with_one_bit_turned_is_none),
    cmocka_unit_test(a_proof_is_of_one_key_and_one_input),
    cmocka_unit_test(a_key_of_small_order_is_refused),
    cmocka_unit_test(only_the_one_encoding_of_a_point_is_read),
    cmocka_unit_test(a_scalar_is_below_the_order),
    cmocka_unit_test(parts_of_small_order_count_as_in_the_rfc),
    cmocka_unit_test(degenerate_proofs_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

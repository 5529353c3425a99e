/* SPDX-License-Identifier: MIT */
/* Goal: a core whose manifest names a prologue is what it names up to there, whoever signs what follows.
 * Method: proofs of tables whose manifest names their beginning, or another one, fed to a replica that knows the key alone. */
#include "test/support/test.h"

#include "test/support/proofs.h"

#define PROLOGUE 30u
#define LENGTH 37u

/* A core of `length` blocks that begin with `first`, and a manifest that names the tree of PROLOGUE blocks that begin with `named`. */
static void make(table_core *table, uint64_t length, char first, char named) {
  table_core other;
  uint8_t *p = table->manifest;
  table_init(&other, PROLOGUE);
  for (unsigned i = 0; i < PROLOGUE; i++) table_append(&other, (char[]){ i == 0 ? named : 'x', (char)i }, 2);
  table_init(table, LENGTH);
  for (unsigned i = 0; i < length; i++) table_append(table, (char[]){ i == 0 ? first : 'x', (char)i }, 2);
  table_manifest(table, TABLE_DEFAULT, 1);
  p = table->manifest;
  p[1] = 2; /* it has a prologue */
  table_tree_hash(&other, p + VMS_MANIFEST_LEN);
  p[VMS_MANIFEST_LEN + VMS_HASH_LEN] = PROLOGUE;
  table->manifest_len = VMS_MANIFEST_LEN + VMS_HASH_LEN + 1;
  vms__manifest_hash(table->manifest, table->manifest_len, table->key);
  table_sign(table);
  table_deinit(&other);
}

/* What a replica with the key says of the answer to one upgrade request. */
static int feed(vms_replica *replica, const table_core *table, uint64_t start, uint64_t count, vms_error *error) {
  vms_proof_request request = { VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, 0, 1, 0, 0, 0, 0, 0, 0, 0, start, count };
  vms_buffer proof = VMS_BUFFER_INIT;
  int status;
  assert_ok(vms__proof_make(&table->source, &request, &proof, NULL));
  status = vms_replica_feed(replica, proof.data, proof.len, error);
  vms_buffer_free(&proof);
  return status;
}

static vms_replica *replica_of(const table_core *table) {
  vms_replica *replica;
  assert_ok(vms_replica_open(&replica, table->key, NULL, NULL));
  return replica;
}

static void a_core_that_is_its_prologue_needs_no_signature(void **state) {
  table_core table;
  vms_replica *replica;
  (void)state;
  make(&table, PROLOGUE, 'a', 'a');
  table.source.signature.len = 0;
  replica = replica_of(&table);
  assert_ok(feed(replica, &table, 0, PROLOGUE, NULL));
  assert_int_equal(vms_replica_length(replica), PROLOGUE);
  vms_replica_close(replica);
  table_deinit(&table);
}

static void what_follows_comes_with_it_or_later(void **state) {
  table_core table;
  vms_replica *replica;
  (void)state;
  make(&table, LENGTH, 'a', 'a');
  replica = replica_of(&table);
  assert_ok(feed(replica, &table, 0, PROLOGUE, NULL)); /* additional nodes lead to all of it */
  assert_int_equal(vms_replica_length(replica), LENGTH);
  vms_replica_close(replica);
  table_deinit(&table);
  make(&table, PROLOGUE, 'a', 'a');
  replica = replica_of(&table);
  assert_ok(feed(replica, &table, 0, PROLOGUE, NULL));
  while (table.length < LENGTH) table_append(&table, "more", 4);
  table_sign(&table);
  assert_ok(feed(replica, &table, PROLOGUE, LENGTH - PROLOGUE, NULL));
  assert_int_equal(vms_replica_length(replica), LENGTH);
  vms_replica_close(replica);
  table_deinit(&table);
}

static void a_first_upgrade_that_passes_or_misses_the_prologue_is_refused(void **state) {
  static const uint64_t counts[] = { 1, PROLOGUE - 1, PROLOGUE + 1, LENGTH };
  table_core table;
  vms_error error;
  (void)state;
  make(&table, LENGTH, 'a', 'a');
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    vms_replica *replica = replica_of(&table);
    assert_int_equal(feed(replica, &table, 0, counts[i], &error), VMS_ERR_CORRUPT);
    assert_non_null(strstr(error.message, "not the prologue"));
    assert_int_equal(vms_replica_length(replica), 0);
    vms_replica_close(replica);
  }
  table_deinit(&table);
}

static void a_signed_core_with_another_beginning_is_refused(void **state) {
  table_core table;
  vms_replica *replica;
  (void)state;
  make(&table, LENGTH, 'b', 'a');
  replica = replica_of(&table);
  assert_int_equal(feed(replica, &table, 0, PROLOGUE, NULL), VMS_ERR_CORRUPT);
  assert_int_equal(feed(replica, &table, 0, LENGTH, NULL), VMS_ERR_CORRUPT);
  assert_int_equal(vms_replica_length(replica), 0);
  vms_replica_close(replica);
  table_deinit(&table);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_core_that_is_its_prologue_needs_no_signature),
    cmocka_unit_test(what_follows_comes_with_it_or_later),
    cmocka_unit_test(a_first_upgrade_that_passes_or_misses_the_prologue_is_refused),
    cmocka_unit_test(a_signed_core_with_another_beginning_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: proofs are those of Hypercore 11 byte for byte, and what its verifier refuses is refused here.
 * Method: every case and every tampered answer of proofs.json, from tables of nodes and, for the journal's kind of core, from a journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "test/support/proofs.h"
#include "test/support/storage.h"

#define MESSAGE_MAX 4096u
#define LENGTH_MAX 20u

static cJSON *vectors;

static size_t test_block(uint64_t i, uint8_t block[32]) {
  size_t len = (size_t)(7 * i % 23) + 1;
  for (size_t j = 0; j < len; j++) block[j] = (uint8_t)(31 * i + 17 * j + 7);
  return len;
}

static int kind_of(const cJSON *row) { return strcmp(vector_string(row, "core"), "compat") == 0 ? TABLE_COMPAT : TABLE_DEFAULT; }

static void expect_message(const vms_buffer *made, const cJSON *row) {
  uint8_t wanted[MESSAGE_MAX];
  size_t len = vector_hex(vector_string(row, "response"), wanted, sizeof wanted);
  if (made->len != len || memcmp(made->data, wanted, len) != 0) print_error("%s, length %d\n", vector_string(row, "note"), (int)vector_number(row, "length"));
  assert_int_equal(made->len, len);
  assert_memory_equal(made->data, wanted, len);
}

static vms_proof_request request_of(const cJSON *row) {
  uint8_t bytes[256];
  vms_proof_request request;
  size_t len = vector_hex(vector_string(row, "request"), bytes, sizeof bytes);
  assert_int_equal(vms_proof_request_read(bytes, len, &request, NULL), VMS_OK);
  return request;
}

static void tables_give_the_proofs_of_npm(void **state) {
  const cJSON *row;
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "cases")) {
    vms_proof_request request = request_of(row);
    vms_buffer made = VMS_BUFFER_INIT;
    table_core table;
    uint8_t block[32];
    table_init(&table, LENGTH_MAX);
    table_manifest(&table, kind_of(row), 1);
    for (uint64_t i = 0; i < vector_number(row, "length"); i++) table_append(&table, block, test_block(i, block));
    table_sign(&table);
    assert_int_equal(vms__proof_make(&table.source, &request, &made, NULL), VMS_OK);
    expect_message(&made, row);
    vms_buffer_free(&made);
    table_deinit(&table);
    count++;
  }
  assert_int_equal(count, 232);
}

/* The newest head decides, whatever was appended behind it. */
static void a_journals_core_gives_the_proofs_of_npm(void **state) {
  uint8_t manifest[1][VMS_MANIFEST_LEN], seed[VMS_SEED_LEN], key[VMS_KEY_LEN], block[32];
  vms_journal *journal;
  vms_core *core;
  sim_disk disk;
  const cJSON *row;
  uint64_t length = 0;
  (void)state;
  memset(seed, 1, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
  sim_disk_init(&disk);
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL), VMS_OK);
  assert_int_equal(vms_journal_signer(journal, 0, seed, NULL), VMS_OK);
  core = vms_journal_core(journal, 0);
  assert_int_equal(vms_core_prove(core, &(vms_proof_request){ .flags = VMS_PROOF_UPGRADE, .upgrade_length = 1 }, &(vms_buffer){ 0 }, NULL), VMS_ERR_NOT_FOUND);
  cJSON_ArrayForEach(row, vector_get(vectors, "cases")) {
    vms_proof_request request = request_of(row);
    vms_buffer made = VMS_BUFFER_INIT;
    if (kind_of(row) == TABLE_COMPAT) break;
    assert_true(length <= vector_number(row, "length"));
    while (length < vector_number(row, "length") || vms_core_length(core) == length) {
      if (vms_core_length(core) == vector_number(row, "length")) {
        length = vms_core_length(core);
        assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
      }
      assert_int_equal(vms_core_append(core, block, test_block(vms_core_length(core), block), NULL, NULL), VMS_OK);
    }
    assert_int_equal(vms_core_length(core), length + 1);
    assert_int_equal(vms_core_prove(core, &request, &made, NULL), VMS_OK);
    expect_message(&made, row);
    vms_buffer_free(&made);
  }
  vms_journal_close(journal);
  sim_disk_deinit(&disk);
}

/* --- a verifier that remembers ------------------------------------------------------------------------ */

typedef struct memory {
  vms__verifier verifier;
  vms__node nodes[2 * LENGTH_MAX + 64];
  size_t count;
  uint8_t key[VMS_KEY_LEN], manifest[VMS_MANIFEST_LEN];
} memory;

static bool memory_node(void *context, uint64_t index, vms__node *node) {
  memory *m = context;
  for (size_t i = 0; i < m->count; i++)
    if (m->nodes[i].index == index) {
      *node = m->nodes[i];
      return true;
    }
  return false;
}

static void remember(memory *m, const vms__verified *verified, const vms__proof *proof) {
  const vms__node *nodes = (const vms__node *)(const void *)verified->nodes.data;
  for (size_t i = 0; i < verified->nodes.len / sizeof *nodes; i++) {
    vms__node known;
    if (memory_node(m, nodes[i].index, &known)) continue;
    assert_true(m->count < sizeof m->nodes / sizeof m->nodes[0]);
    m->nodes[m->count++] = nodes[i];
  }
  if (verified->new_manifest) {
    memcpy(m->manifest, proof->manifest.data, sizeof m->manifest);
    m->verifier.manifest = (vms_slice){ (const char *)m->manifest, sizeof m->manifest };
  }
  if (!verified->upgraded) return;
  m->verifier.length = verified->length;
  m->verifier.root_count = verified->root_count;
  memcpy(m->verifier.roots, verified->roots, sizeof verified->roots);
}

static int apply(memory *m, const char *hex) {
  uint8_t bytes[MESSAGE_MAX];
  vms__reader reader = vms__reader_over(bytes, vector_hex(hex, bytes, sizeof bytes));
  vms__proof proof;
  vms__verified verified = { .nodes = VMS_BUFFER_INIT };
  int status = VMS_ERR_FORM;
  if (vms__proof_read(&reader, &proof)) status = vms__proof_verify(&m->verifier, &proof, &verified, NULL);
  if (status == VMS_OK) remember(m, &verified, &proof);
  else assert_int_equal(verified.nodes.len, 0);
  vms_buffer_free(&verified.nodes);
  return status;
}

static int verdict(const cJSON *row) {
  const cJSON *core = cJSON_GetArrayItem(vector_get(vectors, "cores"), kind_of(row) == TABLE_COMPAT ? 1 : 0), *setup;
  memory m = { 0 };
  vector_bytes(core, "key", m.key, sizeof m.key);
  m.verifier.context = &m;
  m.verifier.node = memory_node;
  m.verifier.key = m.key;
  cJSON_ArrayForEach(setup, vector_get(vector_get(row, "local"), "setup"))
    assert_int_equal(apply(&m, setup->valuestring), VMS_OK);
  return apply(&m, vector_string(row, "response"));
}

static void verdicts_are_those_of_npm(void **state) {
  const cJSON *row;
  size_t accepted = 0, refused = 0;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "cases")) {
    bool wanted = cJSON_IsTrue(vector_get(row, "accepted"));
    if ((verdict(row) == VMS_OK) != wanted) print_error("%s, length %d\n", vector_string(row, "note"), (int)vector_number(row, "length"));
    assert_int_equal(verdict(row) == VMS_OK, wanted);
    if (wanted) accepted++;
    else refused++;
  }
  assert_int_equal(accepted, 226);
  assert_int_equal(refused, 6);
}

static void every_tampered_answer_is_refused(void **state) {
  const cJSON *row;
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(row, vector_get(vectors, "tampered")) {
    int status = verdict(row);
    if (status == VMS_OK) print_error("%s: %s\n", vector_string(row, "base"), vector_string(row, "what"));
    assert_true(status == VMS_ERR_FORM || status == VMS_ERR_CORRUPT || status == VMS_ERR_SIGNATURE || status == VMS_ERR_FOREIGN);
    count++;
  }
  assert_int_equal(count, 65);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tables_give_the_proofs_of_npm),
    cmocka_unit_test(a_journals_core_gives_the_proofs_of_npm),
    cmocka_unit_test(verdicts_are_those_of_npm),
    cmocka_unit_test(every_tampered_answer_is_refused),
  };
  int failed;
  vectors = vector_load("test/vectors/proofs.json");
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  cJSON_Delete(vectors);
  return failed;
}

/* SPDX-License-Identifier: MIT */
/* Goal: our drive is npm's Hyperdrive: both cores bit-identical, keys and signatures included.
 * Method: carry out the operations of hyperdrive.json with the recorded seed and compare all blocks, hashes, signatures
 * and the listing; then read the same drive through the file calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "lib/archive/internal.h"
#include "test/support/storage.h"

static cJSON *vectors;
static sim_disk disk;
static vms_journal *journal;
static vms_archive *archive;

static int open_drive(void **state) {
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], manifests[2][VMS_MANIFEST_LEN];
  (void)state;
  vectors = vector_load("test/vectors/hyperdrive.json");
  vector_bytes(vector_get(vectors, "db"), "secretSeed", seed, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
  sim_disk_init(&disk);
  assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, NULL, NULL), VMS_OK);
  for (uint32_t i = 0; i < 2; i++) assert_int_equal(vms_journal_signer(journal, i, seed, NULL), VMS_OK);
  assert_int_equal(vms_archive_open(&archive, vms_journal_core(journal, 0), vms_journal_core(journal, 1), NULL, NULL), VMS_OK);
  return 0;
}

static int close_drive(void **state) {
  (void)state;
  vms_archive_close(archive);
  vms_journal_close(journal);
  sim_disk_deinit(&disk);
  cJSON_Delete(vectors);
  return 0;
}

/* What an operation writes; free() it. */
static uint8_t *content_of(const cJSON *op, size_t *len) {
  uint8_t *bytes;
  *len = (size_t)vector_number(op, "size");
  bytes = malloc(*len + 1);
  assert_non_null(bytes);
  if (cJSON_HasObjectItem(op, "hex")) assert_int_equal(vector_hex(vector_string(op, "hex"), bytes, *len), *len);
  else {
    size_t seed = (size_t)vector_number(op, "fillSeed");
    for (size_t i = 0; i < *len; i++) bytes[i] = (uint8_t)(13 * i + 7 * (i >> 8) + seed);
  }
  return bytes;
}

static void carry_out(const cJSON *op) {
  const char *name = vector_string(op, "op");
  vms_buffer path = VMS_BUFFER_INIT;
  assert_int_equal(vms__path_normalise(vms__slice_of(vector_string(op, "path")), &path), VMS_OK);
  if (strcmp(name, "put") == 0) {
    size_t len;
    uint8_t *content = content_of(op, &len);
    vms__blob blob;
    vms__entry_form form = { false, { NULL, 0 }, &blob, { NULL, 0 } };
    const cJSON *opts = cJSON_GetObjectItem(op, "opts");
    char *metadata = NULL;
    if (opts != NULL && cJSON_HasObjectItem(opts, "metadata")) {
      metadata = cJSON_PrintUnformatted(vector_get(opts, "metadata"));
      form.metadata = vms__slice_of(metadata);
    }
    form.executable = opts != NULL && cJSON_IsTrue(cJSON_GetObjectItem(opts, "executable"));
    assert_int_equal(vms__blob_append(archive->blobs.core, (vms_slice){ (char *)content, len }, &blob, NULL), VMS_OK);
    assert_int_equal(vms__drive_put(&archive->bee, vms__buf_view(&path), &form, NULL), VMS_OK);
    cJSON_free(metadata);
    free(content);
  } else if (strcmp(name, "symlink") == 0) {
    vms__entry_form form = { false, vms__slice_of(vector_string(op, "target")), NULL, { NULL, 0 } };
    assert_int_equal(vms__drive_put(&archive->bee, vms__buf_view(&path), &form, NULL), VMS_OK);
  } else assert_int_equal(vms__drive_del(&archive->bee, vms__buf_view(&path), NULL), VMS_OK);
  vms_buffer_free(&path);
}

static void expect_core(const cJSON *wanted, uint32_t index) {
  vms_core *core = vms_journal_core(journal, index);
  uint8_t bytes[VMS_MANIFEST_LEN];
  const cJSON *row;
  vms_head head;
  uint64_t seq = 0;
  vms_core_key(core, bytes);
  vector_expect(wanted, "key", bytes, VMS_KEY_LEN);
  vms_discovery_key(bytes, bytes);
  vector_expect(wanted, "discoveryKey", bytes, VMS_KEY_LEN);
  vms_core_manifest(core, bytes);
  vector_expect(wanted, "manifest", bytes, VMS_MANIFEST_LEN);
  assert_int_equal(vms_core_length(core), vector_number(wanted, "length"));
  assert_int_equal(vms_core_byte_length(core, vms_core_length(core)), vector_number(wanted, "byteLength"));
  cJSON_ArrayForEach(row, vector_get(wanted, "blocks")) {
    vms_buffer block = VMS_BUFFER_INIT, hex = VMS_BUFFER_INIT;
    assert_int_equal(vms_core_read(core, seq++, &block, NULL), VMS_OK);
    if (cJSON_IsString(row)) {
      assert_int_equal(vms__buf_hex(&hex, block.data, block.len), VMS_OK);
      assert_string_equal(hex.data, row->valuestring);
    } else {
      assert_int_equal(block.len, vector_number(row, "size"));
      vms__crypto_hash(block.data, block.len, bytes);
      vector_expect(row, "blake2b", bytes, VMS_HASH_LEN);
    }
    vms_buffer_free(&block);
    vms_buffer_free(&hex);
  }
  assert_int_equal(vms_core_head(core, &head, NULL), VMS_OK);
  vector_expect(wanted, "treeHash", head.tree_hash, VMS_HASH_LEN);
  vector_expect(wanted, "signature", head.signature, VMS_ENVELOPE_LEN);
}

static void operations_give_the_cores_of_npm(void **state) {
  const cJSON *op;
  (void)state;
  cJSON_ArrayForEach(op, vector_get(vectors, "ops")) carry_out(op);
  assert_int_equal(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
  expect_core(vector_get(vectors, "db"), 0);
  expect_core(vector_get(vectors, "blobs"), 1);
}

/* Makes a file call; the reply's body is NUL-terminated. */
static vms_file_reply ask(const char *method, const char *params) {
  vms_file_request request = { vms__slice_of(method), vms__slice_of(params), { NULL, 0 }, 0, 0, 0 };
  vms_file_reply reply;
  memset(&reply, 0, sizeof reply);
  vms_buffer_init(&reply.body, NULL);
  assert_int_equal(vms_archive_call(archive, &request, &reply, NULL), VMS_OK);
  return reply;
}

static void the_listing_is_that_of_npm(void **state) {
  const cJSON *row;
  vms_bee_cursor *cursor;
  vms_bee_entry found;
  (void)state;
  assert_int_equal(vms_bee_cursor_open(&cursor, &archive->bee, 0, NULL, NULL), VMS_OK);
  cJSON_ArrayForEach(row, vector_get(vectors, "list")) {
    char *value = cJSON_PrintUnformatted(vector_get(row, "value"));
    assert_int_equal(vms_bee_cursor_next(cursor, &found, NULL), VMS_OK);
    assert_int_equal(found.seq, vector_number(row, "seq"));
    assert_memory_equal(found.key.data, "files", VMS__FILES_PREFIX_LEN);
    assert_true(vms__slice_is((vms_slice){ found.key.data + VMS__FILES_PREFIX_LEN, found.key.len - VMS__FILES_PREFIX_LEN }, vector_string(row, "key")));
    assert_true(vms__slice_is(found.value, value));
    cJSON_free(value);
  }
  assert_int_equal(vms_bee_cursor_next(cursor, &found, NULL), VMS_ERR_NOT_FOUND);
  vms_bee_cursor_close(cursor);
}

static void drives_of_npm_are_read_through_file_calls(void **state) {
  vms_file_reply reply = ask("readdir", "[\"/\"]");
  char *names = cJSON_PrintUnformatted(vector_get(vectors, "readdirRoot"));
  (void)state;
  assert_int_equal(reply.kind, VMS_FILE_JSON);
  assert_string_equal(reply.body.data, names);
  cJSON_free(names);
  vms_buffer_free(&reply.body);
  reply = ask("readFile", "[\"hello.txt\"]");
  assert_string_equal(reply.body.data, "hello again");
  vms_buffer_free(&reply.body);
  reply = ask("stat", "[\"/a/b\"]"); /* nobody wrote an entry for this folder */
  assert_string_equal(reply.body.data, "{\"type\":\"directory\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":false,\"isDirectory\":true}");
  vms_buffer_free(&reply.body);
  reply = ask("stat", "[\"link\"]");
  assert_non_null(strstr(reply.body.data, "\"symlink\""));
  vms_buffer_free(&reply.body);
  reply = ask("readdir", "[\"/a\",{\"recursive\":true}]");
  assert_string_equal(reply.body.data, "[\"b\",\"b/c\",\"b/c/deep.txt\"]");
  vms_buffer_free(&reply.body);
  reply = ask("readFile", "[\"big.bin\",\"binary\"]");
  assert_int_equal(reply.kind, VMS_FILE_BYTES);
  assert_int_equal(reply.body.len, 150000);
  vms_buffer_free(&reply.body);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(operations_give_the_cores_of_npm),
    cmocka_unit_test(the_listing_is_that_of_npm),
    cmocka_unit_test(drives_of_npm_are_read_through_file_calls),
  };
  return cmocka_run_group_tests(tests, open_drive, close_drive);
}

/* SPDX-License-Identifier: MIT */
/* Goal: our drive is npm's Hyperdrive: both cores bit-identical, keys and signatures included.
 * Method: carry out the operations of hyperdrive.json with the recorded seed and compare all blocks, hashes, signatures
 * and the listing; then read the same drive through the file calls, and every version of it from the cores and from sparse replicas. */
#include "test/support/drives.h"
#include "json.h"

#define OPS_MAX 256u

static cJSON *vectors;
static drive d;
static uint64_t versions[OPS_MAX]; /* after each operation */

static int open_drive(void **state) {
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], manifests[2][VMS_MANIFEST_LEN];
  (void)state;
  vectors = vector_load("test/vectors/hyperdrive.json");
  vector_bytes(vector_get(vectors, "db"), "secretSeed", seed, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
  assert_ok(vms_memory_open(&d.storage, NULL, NULL));
  assert_ok(vms_journal_create(&d.journal, &d.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, NULL, NULL));
  for (uint32_t i = 0; i < 2; i++) {
    assert_ok(vms_journal_signer(d.journal, i, seed, NULL));
    d.cores[i] = vms_journal_core(d.journal, i);
  }
  assert_ok(vms_archive_open(&d.archive, d.cores[0], d.cores[1], NULL, NULL));
  return 0;
}

static int close_drive(void **state) {
  (void)state;
  drive_close(&d);
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
    assert_int_equal(vms__blob_append(d.cores[1], (vms_slice){ (char *)content, len }, &blob, NULL), VMS_OK);
    assert_int_equal(vms__drive_put(&d.archive->bee, vms__buf_view(&path), &form, NULL), VMS_OK);
    cJSON_free(metadata);
    free(content);
  } else if (strcmp(name, "symlink") == 0) {
    vms__entry_form form = { false, vms__slice_of(vector_string(op, "target")), NULL, { NULL, 0 } };
    assert_int_equal(vms__drive_put(&d.archive->bee, vms__buf_view(&path), &form, NULL), VMS_OK);
  } else assert_int_equal(vms__drive_del(&d.archive->bee, vms__buf_view(&path), NULL), VMS_OK);
  vms_buffer_free(&path);
}

static void expect_core(const cJSON *wanted, uint32_t index) {
  vms_core *core = d.cores[index];
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
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(op, vector_get(vectors, "ops")) {
    carry_out(op);
    assert_true(count < OPS_MAX);
    versions[count++] = vms_core_length(d.cores[0]);
  }
  drive_sign(&d);
  expect_core(vector_get(vectors, "db"), 0);
  expect_core(vector_get(vectors, "blobs"), 1);
}

static vms_file_reply ask(const char *method, const char *params) {
  vms_file_reply reply;
  assert_ok(drive_call(d.archive, 0, method, params, &reply));
  return reply;
}

static void the_listing_is_that_of_npm(void **state) {
  const cJSON *row;
  vms_bee_cursor *cursor;
  vms_bee_entry found;
  (void)state;
  assert_int_equal(vms_bee_cursor_open(&cursor, &d.archive->bee, 0, NULL, NULL), VMS_OK);
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

/* Reads from the copy if there is one. */
static int read_some(drive_copy *copy, uint64_t version, vms_slice path, uint64_t offset, uint64_t len, vms_buffer *bytes) {
  int status;
  if (copy == NULL) return vms_archive_read(d.archive, version, path, offset, len, bytes, NULL);
  COPY_UNTIL(copy, status, vms_archive_read(copy->archive, version, path, offset, len, bytes, NULL));
  return status;
}

static void expect_content(const cJSON *op, uint64_t version, drive_copy *copy) {
  static const uint64_t steps[] = { UINT64_MAX, 65536, 4099 };
  vms_slice path = vms__slice_of(vector_string(op, "path"));
  size_t len;
  uint8_t *content = content_of(op, &len);
  for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
    vms_buffer bytes = VMS_BUFFER_INIT;
    do assert_ok(read_some(copy, version, path, bytes.len, steps[s], &bytes));
    while (bytes.len < len);
    assert_int_equal(bytes.len, len);
    if (len > 0) assert_memory_equal(bytes.data, content, len);
    vms_buffer_free(&bytes);
  }
  free(content);
}

static void expect_after(const cJSON *op, uint64_t version, drive_copy *copy) {
  vms_slice path = vms__slice_of(vector_string(op, "path"));
  const char *name = vector_string(op, "op");
  vms_archive_entry entry;
  int status;
  if (copy == NULL) status = vms_archive_find(d.archive, version, path, &entry, NULL);
  else COPY_UNTIL(copy, status, vms_archive_find(copy->archive, version, path, &entry, NULL));
  if (strcmp(name, "del") == 0) {
    assert_int_equal(status, VMS_ERR_NOT_FOUND);
    return;
  }
  assert_int_equal(status, VMS_OK);
  assert_int_equal(entry.seq, version - 1);
  assert_int_equal(entry.kind, strcmp(name, "put") == 0 ? VMS_ENTRY_FILE : VMS_ENTRY_LINK);
  if (entry.kind == VMS_ENTRY_LINK) {
    vms_buffer target = VMS_BUFFER_INIT;
    assert_ok(vms_archive_link(copy == NULL ? d.archive : copy->archive, version, path, &target, NULL));
    assert_text(target, vector_string(op, "target"));
    vms_buffer_free(&target);
    return;
  }
  assert_int_equal(entry.size, vector_number(op, "size"));
  assert_int_equal(entry.executable, cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetObjectItem(op, "opts"), "executable")));
  expect_content(op, version, copy);
}

static void every_version_is_read_from_cores_and_replicas(void **state) {
  const cJSON *op;
  uint8_t key[VMS_KEY_LEN];
  size_t count = 0;
  (void)state;
  cJSON_ArrayForEach(op, vector_get(vectors, "ops")) {
    drive_copy copy;
    copy_open(&copy, &d, NULL);
    expect_after(op, versions[count], NULL);
    expect_after(op, versions[count++], &copy);
    copy_close(&copy);
  }
  assert_ok(vms_archive_blobs_key(d.archive, key, NULL));
  vector_expect(vector_get(vectors, "blobs"), "key", key, sizeof key);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(operations_give_the_cores_of_npm),
    cmocka_unit_test(the_listing_is_that_of_npm),
    cmocka_unit_test(drives_of_npm_are_read_through_file_calls),
    cmocka_unit_test(every_version_is_read_from_cores_and_replicas),
  };
  return cmocka_run_group_tests(tests, open_drive, close_drive);
}

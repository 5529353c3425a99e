/* SPDX-License-Identifier: MIT */
/* Goal: compact-encoding and every message of replication have the bytes that Hypercore 11 gives them.
 * Method: each value of encoding.json is written and its bytes are read back; every row has to be met by a case here. */
#include "test/support/test.h"

#include "json.h"
#include "lib/ledger/wire.h"

#define ROW_LEN_MAX 1024u

static cJSON *vectors;

/* --- bytes and values ---------------------------------------------------------------------------------- */

typedef struct row_bytes {
  uint8_t bytes[ROW_LEN_MAX];
  size_t len;
} row_bytes;

static row_bytes hex_of(const cJSON *row) {
  row_bytes all = { { 0 }, 0 };
  all.len = vector_hex(vector_string(row, "hex"), all.bytes, sizeof all.bytes);
  return all;
}

static void expect_written(vms_buffer *out, const cJSON *row) {
  row_bytes wanted = hex_of(row);
  assert_int_equal(out->len, wanted.len);
  if (wanted.len > 0) assert_memory_equal(out->data, wanted.bytes, wanted.len);
  vms_buffer_free(out);
}

static void expect_slice(vms_slice slice, const char *hex) {
  uint8_t wanted[ROW_LEN_MAX];
  size_t len = vector_hex(hex, wanted, sizeof wanted);
  assert_int_equal(slice.len, len);
  if (len > 0) assert_memory_equal(slice.data, wanted, len);
}

static void expect_end(const vms__reader *reader) {
  assert_false(reader->bad);
  assert_int_equal(reader->left, 0);
}

static const cJSON *rows_of(const char *name, int count) {
  const cJSON *rows = vector_get(vectors, name);
  assert_int_equal(cJSON_GetArraySize(rows), count);
  return rows;
}

static uint32_t flag(const cJSON *value, const char *name, uint32_t bit) { return cJSON_IsTrue(vector_get(value, name)) ? bit : 0; }

/* --- primitives ------------------------------------------------------------------------------------------ */

static void numbers_are_written_and_read(void **state) {
  const cJSON *row;
  (void)state;
  cJSON_ArrayForEach(row, rows_of("uint", 12)) {
    row_bytes all = hex_of(row);
    vms__reader reader = vms__reader_over(all.bytes, all.len);
    vms_buffer out = VMS_BUFFER_INIT;
    assert_int_equal(vms__read_uint(&reader), vector_number(row, "value"));
    expect_end(&reader);
    assert_int_equal(vms__uint_len(vector_number(row, "value")), all.len);
    assert_ok(vms__write_uint(&out, vector_number(row, "value")));
    expect_written(&out, row);
  }
  cJSON_ArrayForEach(row, rows_of("uint64", 12)) {
    uint8_t bytes[8];
    vms__put_u64(bytes, vector_number(row, "value"));
    vector_expect(row, "hex", bytes, sizeof bytes);
  }
  cJSON_ArrayForEach(row, rows_of("int", 7)) { /* zigzag over uint; no message has one */
    row_bytes all = hex_of(row);
    vms__reader reader = vms__reader_over(all.bytes, all.len);
    uint64_t n = vms__read_uint(&reader);
    assert_true(vector_get(row, "value")->valuedouble == (n & 1 ? -(double)((n + 1) / 2) : (double)(n / 2)));
    expect_end(&reader);
  }
}

static void check_buffer(const cJSON *row, const void *value, size_t len) {
  row_bytes all = hex_of(row);
  vms__reader reader = vms__reader_over(all.bytes, all.len);
  vms_buffer out = VMS_BUFFER_INIT;
  vms_slice read = vms__read_buffer(&reader);
  expect_end(&reader);
  assert_int_equal(read.len, len);
  if (len > 0) assert_memory_equal(read.data, value, len);
  assert_ok(vms__write_buffer(&out, value, len));
  expect_written(&out, row);
}

static void buffers_and_strings_are_written_and_read(void **state) {
  static const char *kinds[] = { "buffer", "optionalBuffer" };
  const cJSON *row;
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    cJSON_ArrayForEach(row, rows_of(kinds[i], i == 0 ? 3 : 2)) {
      uint8_t value[ROW_LEN_MAX];
      const cJSON *hex = vector_get(row, "value");
      check_buffer(row, value, cJSON_IsNull(hex) ? 0 : vector_hex(hex->valuestring, value, sizeof value));
    }
  }
  cJSON_ArrayForEach(row, rows_of("string", 4)) check_buffer(row, vector_string(row, "value"), strlen(vector_string(row, "value")));
}

static void fixed_bytes_are_read(void **state) {
  const cJSON *row, *each;
  (void)state;
  cJSON_ArrayForEach(row, rows_of("fixed32", 1)) {
    row_bytes all = hex_of(row);
    vms__reader reader = vms__reader_over(all.bytes, all.len);
    vector_expect(row, "value", vms__read_fixed(&reader, 32), 32);
    expect_end(&reader);
  }
  cJSON_ArrayForEach(row, rows_of("fixed32Array", 1)) {
    row_bytes all = hex_of(row);
    vms__reader reader = vms__reader_over(all.bytes, all.len);
    assert_int_equal(vms__read_uint(&reader), cJSON_GetArraySize(vector_get(row, "value")));
    cJSON_ArrayForEach(each, vector_get(row, "value")) expect_slice((vms_slice){ (const char *)vms__read_fixed(&reader, 32), 32 }, each->valuestring);
    expect_end(&reader);
  }
}

static void expect_words(vms_slice words, const cJSON *numbers) {
  const cJSON *number;
  size_t i = 0;
  assert_int_equal(words.len, 4 * (size_t)cJSON_GetArraySize(numbers));
  cJSON_ArrayForEach(number, numbers) assert_int_equal(vms__get_u32((const uint8_t *)words.data + 4 * i++), (uint64_t)number->valuedouble);
}

static void words_are_read_as_in_a_bitfield(void **state) {
  const cJSON *row;
  (void)state;
  cJSON_ArrayForEach(row, rows_of("uint32array", 3)) {
    row_bytes all = hex_of(row), message = { { 9 }, 0 }; /* behind a start of 9 */
    vms__bitfield bitfield;
    memcpy(message.bytes + 1, all.bytes, all.len);
    vms__reader reader = vms__reader_over(message.bytes, 1 + all.len);
    assert_true(vms__bitfield_read(&reader, &bitfield));
    expect_end(&reader);
    assert_int_equal(bitfield.start, 9);
    expect_words(bitfield.words, vector_get(row, "value"));
  }
}

/* --- messages: each reads the row and writes it where libvms does ---------------------------------------- */

typedef void message_fn(const cJSON *value, vms__reader *reader, vms_buffer *out);

static void check_handshake(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__handshake_core message;
  assert_true(vms__handshake_core_read(reader, &message));
  assert_int_equal(message.seeks, flag(value, "seeks", 1));
  vector_expect(value, "capability", message.capability, sizeof message.capability);
  assert_ok(vms__handshake_core_write(out, &message));
}

static void check_sync(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__sync message;
  assert_true(vms__sync_read(reader, &message));
  assert_int_equal(message.flags, flag(value, "canUpgrade", VMS__SYNC_CAN_UPGRADE) | flag(value, "uploading", VMS__SYNC_UPLOADING) |
                                      flag(value, "downloading", VMS__SYNC_DOWNLOADING) | flag(value, "hasManifest", VMS__SYNC_HAS_MANIFEST) |
                                      flag(value, "allowPush", VMS__SYNC_ALLOW_PUSH));
  assert_int_equal(message.fork, vector_number(value, "fork"));
  assert_int_equal(message.length, vector_number(value, "length"));
  assert_int_equal(message.remote_length, vector_number(value, "remoteLength"));
  assert_ok(vms__sync_write(out, &message));
}

/* A part of a request: two numbers, there or null. */
static void expect_part(const cJSON *value, const char *part, const char *first, uint64_t a, const char *second, uint64_t b, bool there) {
  const cJSON *object = vector_get(value, part);
  assert_int_equal(there, cJSON_IsObject(object));
  assert_int_equal(a, there ? vector_number(object, first) : 0);
  assert_int_equal(b, there ? vector_number(object, second) : 0);
}

static void check_request(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  uint64_t priority = vector_number(value, "priority");
  vms_proof_request message;
  assert_ok(vms_proof_request_read(reader->at, reader->left, &message, NULL));
  assert_int_equal(message.id, vector_number(value, "id"));
  assert_int_equal(message.fork, vector_number(value, "fork"));
  expect_part(value, "block", "index", message.block_index, "nodes", message.block_nodes, message.flags & VMS_PROOF_BLOCK);
  expect_part(value, "hash", "index", message.hash_index, "nodes", message.hash_nodes, message.flags & VMS_PROOF_HASH);
  expect_part(value, "seek", "bytes", message.seek_bytes, "padding", message.seek_padding, message.flags & VMS_PROOF_SEEK);
  expect_part(value, "upgrade", "start", message.upgrade_start, "length", message.upgrade_length, message.flags & VMS_PROOF_UPGRADE);
  assert_int_equal(message.flags & VMS_PROOF_MANIFEST, flag(value, "manifest", VMS_PROOF_MANIFEST));
  assert_int_equal(message.flags & 32, 0);
  assert_ok(vms_proof_request_write(out, &message));
  if (priority != 0) { /* we never send one: a flag and a number behind the rest */
    out->data[0] |= 32;
    assert_ok(vms__write_uint(out, priority));
  }
  reader->left = 0;
}

static void check_cancel(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  uint64_t id = vms__read_uint(reader);
  assert_int_equal(id, vector_number(value, "request"));
  assert_ok(vms__write_uint(out, id));
}

/* What is in a list of nodes and in the vectors, written again. */
static void check_nodes(vms__node_list list, const cJSON *nodes, vms_buffer *out) {
  const cJSON *each;
  vms__node node;
  assert_int_equal(list.count, cJSON_GetArraySize(nodes));
  assert_ok(vms__write_uint(out, list.count));
  cJSON_ArrayForEach(each, nodes) {
    assert_true(vms__next_node(&list, &node));
    assert_int_equal(node.index, vector_number(each, "index"));
    assert_int_equal(node.size, vector_number(each, "size"));
    vector_expect(each, "hash", node.hash, sizeof node.hash);
    assert_ok(vms__write_node(out, &node));
  }
  assert_false(vms__next_node(&list, &node));
}

static const cJSON *data_part(const cJSON *value, const char *name, bool there) {
  const cJSON *part = vector_get(value, name);
  assert_int_equal(there, cJSON_IsObject(part));
  return there ? part : NULL;
}

/* A number of a part, in the message as in the vectors. */
static void check_number(const cJSON *part, const char *name, uint64_t n, vms_buffer *out) {
  assert_int_equal(n, vector_number(part, name));
  assert_ok(vms__write_uint(out, n));
}

static void check_data(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  const cJSON *part;
  vms__proof message;
  assert_true(vms__proof_read(reader, &message));
  assert_ok(vms__write_uint(out, message.flags));
  check_number(value, "request", message.id, out);
  check_number(value, "fork", message.fork, out);
  if ((part = data_part(value, "block", message.flags & VMS_PROOF_BLOCK)) != NULL) {
    check_number(part, "index", message.block_index, out);
    expect_slice(message.block, vector_string(part, "value"));
    assert_ok(vms__write_buffer(out, message.block.data, message.block.len));
    check_nodes(message.block_nodes, vector_get(part, "nodes"), out);
  }
  if ((part = data_part(value, "hash", message.flags & VMS_PROOF_HASH)) != NULL) {
    check_number(part, "index", message.hash_index, out);
    check_nodes(message.hash_nodes, vector_get(part, "nodes"), out);
  }
  if ((part = data_part(value, "seek", message.flags & VMS_PROOF_SEEK)) != NULL) {
    check_number(part, "bytes", message.seek_bytes, out);
    check_nodes(message.seek_nodes, vector_get(part, "nodes"), out);
  }
  if ((part = data_part(value, "upgrade", message.flags & VMS_PROOF_UPGRADE)) != NULL) {
    check_number(part, "start", message.upgrade_start, out);
    check_number(part, "length", message.upgrade_length, out);
    check_nodes(message.upgrade_nodes, vector_get(part, "nodes"), out);
    check_nodes(message.additional_nodes, vector_get(part, "additionalNodes"), out);
    expect_slice(message.signature, vector_string(part, "signature"));
    assert_ok(vms__write_buffer(out, message.signature.data, message.signature.len));
  }
  assert_false(message.flags & VMS_PROOF_MANIFEST);
  assert_true(cJSON_IsNull(vector_get(value, "manifest")));
}

static void check_no_data(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__no_data message;
  assert_true(vms__no_data_read(reader, &message));
  assert_int_equal(message.id, vector_number(value, "request"));
  assert_int_equal(message.reason, vector_number(value, "reason"));
  assert_ok(vms__no_data_write(out, &message));
}

static void check_want(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__want message;
  assert_true(vms__want_read(reader, &message));
  assert_int_equal(message.start, vector_number(value, "start"));
  assert_int_equal(message.length, vector_number(value, "length"));
  assert_int_equal(message.any, flag(value, "any", 1));
  assert_ok(vms__want_write(out, &message));
}

static void check_bitfield(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__bitfield message;
  assert_true(vms__bitfield_read(reader, &message));
  check_number(value, "start", message.start, out);
  expect_words(message.words, vector_get(value, "bitfield"));
  assert_ok(vms__write_uint(out, message.words.len / 4));
  assert_ok(vms__buf_slice(out, message.words));
}

static void check_range(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms__range message;
  assert_true(vms__range_read(reader, &message));
  assert_int_equal(message.drop, flag(value, "drop", 1));
  assert_int_equal(message.start, vector_number(value, "start"));
  assert_int_equal(message.length, vector_number(value, "length"));
  assert_ok(vms__range_write(out, &message));
}

static void check_extension(const cJSON *value, vms__reader *reader, vms_buffer *out) {
  vms_slice name = vms__read_buffer(reader), rest = { (const char *)reader->at, reader->left };
  assert_true(vms__slice_is(name, vector_string(value, "name")));
  expect_slice(rest, vector_string(value, "message"));
  assert_ok(vms__write_buffer(out, name.data, name.len));
  assert_ok(vms__buf_slice(out, rest));
  reader->left = 0;
}

static void every_message_is_read_and_written(void **state) {
  static const struct { const char *type; message_fn *check; int rows; } kinds[] = {
    { "handshake", check_handshake, 1 }, { "sync", check_sync, 2 }, { "request", check_request, 4 }, { "cancel", check_cancel, 1 },
    { "data", check_data, 3 }, { "noData", check_no_data, 2 }, { "want", check_want, 2 }, { "unwant", check_want, 1 },
    { "bitfield", check_bitfield, 1 }, { "range", check_range, 3 }, { "extension", check_extension, 1 },
  };
  const cJSON *rows = rows_of("wire", 21), *row;
  int met = 0;
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    int before = met;
    cJSON_ArrayForEach(row, rows) {
      row_bytes all = hex_of(row);
      vms__reader reader = vms__reader_over(all.bytes, all.len);
      vms_buffer out = VMS_BUFFER_INIT;
      if (strcmp(vector_string(row, "type"), kinds[i].type) != 0) continue;
      kinds[i].check(vector_get(row, "value"), &reader, &out);
      expect_end(&reader);
      expect_written(&out, row);
      met++;
    }
    assert_int_equal(met - before, kinds[i].rows);
  }
  assert_int_equal(met, cJSON_GetArraySize(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_are_written_and_read),
    cmocka_unit_test(buffers_and_strings_are_written_and_read),
    cmocka_unit_test(fixed_bytes_are_read),
    cmocka_unit_test(words_are_read_as_in_a_bitfield),
    cmocka_unit_test(every_message_is_read_and_written),
  };
  int failed;
  vectors = vector_load("test/vectors/encoding.json");
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  cJSON_Delete(vectors);
  return failed;
}

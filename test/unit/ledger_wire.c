/* SPDX-License-Identifier: MIT */
/* Goal: bytes from a peer are read inside their bounds or refused; what libvms writes is read back; out of memory, nothing is written.
 * Method: every truncation and every changed byte of messages that hold everything, in memory of exactly their length, so that a sanitizer
 * sees a read beyond; numbers at the edges; a memory that runs out. */
#include "test/support/test.h"

#include "lib/ledger/wire.h"

#define SAFE_MAX UINT64_C(9007199254740991)

/* --- numbers and buffers ---------------------------------------------------------------------------------- */

static void numbers_take_their_shortest_form(void **state) {
  static const struct { uint64_t n; size_t len; } rows[] = {
    { 0, 1 }, { 0xfc, 1 }, { 0xfd, 3 }, { 0xffff, 3 }, { 0x10000, 5 }, { 0xffffffff, 5 }, { 0x100000000, 9 }, { SAFE_MAX, 9 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    vms_buffer out = VMS_BUFFER_INIT;
    assert_ok(vms__write_uint(&out, rows[i].n));
    assert_int_equal(out.len, rows[i].len);
    assert_int_equal(vms__uint_len(rows[i].n), rows[i].len);
    vms__reader reader = vms__reader_over(out.data, out.len);
    assert_int_equal(vms__read_uint(&reader), rows[i].n);
    assert_false(reader.bad);
    assert_int_equal(reader.left, 0);
    vms_buffer_free(&out);
  }
}

static void longer_forms_are_read_and_larger_numbers_are_not(void **state) {
  static const uint8_t long_one[] = { 0xff, 1, 0, 0, 0, 0, 0, 0, 0 }, safe[] = { 0xff, 255, 255, 255, 255, 255, 255, 0x1f, 0 },
                       unsafe[] = { 0xff, 0, 0, 0, 0, 0, 0, 0x20, 0 }, huge[] = { 0xff, 255, 255, 255, 255, 255, 255, 255, 255 };
  vms__reader reader = vms__reader_over(long_one, sizeof long_one);
  (void)state;
  assert_int_equal(vms__read_uint(&reader), 1);
  assert_false(reader.bad);
  reader = vms__reader_over(safe, sizeof safe);
  assert_true(vms__read_uint(&reader) == SAFE_MAX);
  assert_false(reader.bad);
  reader = vms__reader_over(unsafe, sizeof unsafe);
  assert_int_equal(vms__read_uint(&reader), 0);
  assert_true(reader.bad);
  reader = vms__reader_over(huge, sizeof huge);
  assert_int_equal(vms__read_uint(&reader), 0);
  assert_true(reader.bad);
}

static void a_reader_that_ran_out_gives_nothing_more(void **state) {
  static const uint8_t bytes[] = { 5, 'a', 'b', 1, 2, 3 };
  vms__reader reader = vms__reader_over(bytes, 3);
  vms_slice slice;
  (void)state;
  slice = vms__read_buffer(&reader);
  assert_true(reader.bad);
  assert_null(slice.data);
  assert_int_equal(slice.len, 0);
  assert_int_equal(vms__read_uint(&reader), 0);
  assert_null(vms__read_fixed(&reader, 1));
  assert_null(vms__read_fixed(&reader, 0));
  assert_int_equal(vms__read_nodes(&reader).count, 0);
  reader = vms__reader_over(NULL, 0);
  assert_int_equal(vms__read_uint(&reader), 0);
  assert_true(reader.bad);
}

static void an_empty_buffer_is_no_error(void **state) {
  static const uint8_t bytes[] = { 0, 7 };
  vms__reader reader = vms__reader_over(bytes, sizeof bytes);
  (void)state;
  assert_int_equal(vms__read_buffer(&reader).len, 0);
  assert_int_equal(vms__read_uint(&reader), 7);
  assert_false(reader.bad);
}

/* --- lists of nodes ------------------------------------------------------------------------------------------ */

static void write_nodes(vms_buffer *out, size_t count) {
  assert_ok(vms__write_uint(out, count));
  for (size_t i = 0; i < count; i++) {
    vms__node node = { 2 * i, 300 * i, { (uint8_t)i } };
    assert_ok(vms__write_node(out, &node));
  }
}

static void a_list_gives_its_nodes_in_order(void **state) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms__node node;
  size_t i = 0;
  (void)state;
  write_nodes(&out, VMS__PROOF_NODES_MAX);
  vms__reader reader = vms__reader_over(out.data, out.len);
  vms__node_list list = vms__read_nodes(&reader), again = list;
  assert_int_equal(list.count, VMS__PROOF_NODES_MAX);
  assert_int_equal(reader.left, 0);
  for (; vms__next_node(&list, &node); i++) {
    assert_int_equal(node.index, 2 * i);
    assert_int_equal(node.size, 300 * i);
    assert_int_equal(node.hash[0], i & 255);
  }
  assert_int_equal(i, VMS__PROOF_NODES_MAX);
  assert_true(vms__next_node(&again, &node));
  assert_int_equal(node.index, 0);
  vms_buffer_free(&out);
}

static void too_many_nodes_are_refused_before_they_are_read(void **state) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms__reader reader;
  (void)state;
  write_nodes(&out, VMS__PROOF_NODES_MAX + 1);
  reader = vms__reader_over(out.data, out.len);
  assert_int_equal(vms__read_nodes(&reader).count, 0);
  assert_true(reader.bad);
  assert_true(reader.left > VMS__PROOF_NODES_MAX * 34);
  out.len = 0;
  assert_ok(vms__write_uint(&out, SAFE_MAX)); /* a count that no message could hold */
  reader = vms__reader_over(out.data, out.len);
  (void)vms__read_nodes(&reader);
  assert_true(reader.bad);
  vms_buffer_free(&out);
}

/* --- messages that hold everything ---------------------------------------------------------------------------- */

static void write_manifest(vms_buffer *out) {
  uint8_t public_key[VMS_KEY_LEN] = { 3 }, manifest[VMS_MANIFEST_LEN];
  vms_manifest_default(public_key, manifest);
  assert_ok(vms_buffer_append(out, manifest, sizeof manifest));
}

static void write_proof(vms_buffer *out) {
  static const uint64_t head[] = { 31, 300, 2, 5 }; /* flags, id, fork, index of the block */
  for (size_t i = 0; i < 4; i++) assert_ok(vms__write_uint(out, head[i]));
  assert_ok(vms__write_buffer(out, "block", 5));
  write_nodes(out, 2);
  assert_ok(vms__write_uint(out, 7));
  write_nodes(out, 1);
  assert_ok(vms__write_uint(out, 70000));
  write_nodes(out, 3);
  assert_ok(vms__write_uint(out, 4));
  assert_ok(vms__write_uint(out, 9));
  write_nodes(out, 1);
  write_nodes(out, 0);
  assert_ok(vms__write_buffer(out, "signature", 9));
  write_manifest(out);
}

static void write_all_of_request(vms_buffer *out) {
  vms_proof_request all = { 31, 0, 300, 2, 5, 1, 7, 2, 70000, 8, 4, 9 };
  assert_ok(vms_proof_request_write(out, &all));
}

static void write_words(vms_buffer *out) {
  assert_ok(vms__write_uint(out, 64));
  assert_ok(vms__write_uint(out, 2));
  assert_ok(vms_buffer_append(out, "12345678", 8));
}

static void write_capability(vms_buffer *out) { assert_ok(vms__handshake_core_write(out, &(vms__handshake_core){ true, { 1, 2, 3 } })); }
static void write_sync(vms_buffer *out) { assert_ok(vms__sync_write(out, &(vms__sync){ 31, 1, 300, 70000 })); }
static void write_no_data(vms_buffer *out) { assert_ok(vms__no_data_write(out, &(vms__no_data){ 300, 2 })); }
static void write_want(vms_buffer *out) { assert_ok(vms__want_write(out, &(vms__want){ 4096, 300, true })); }
static void write_range(vms_buffer *out) { assert_ok(vms__range_write(out, &(vms__range){ true, 300, 70000 })); }

static bool read_proof(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__proof proof;
  return vms__proof_read(&reader, &proof);
}
static bool read_request(const void *bytes, size_t len) {
  vms_proof_request request;
  return vms_proof_request_read(bytes, len, &request, NULL) == VMS_OK;
}
static bool read_words(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__bitfield bitfield;
  return vms__bitfield_read(&reader, &bitfield);
}
static bool read_capability(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__handshake_core handshake;
  return vms__handshake_core_read(&reader, &handshake);
}
static bool read_sync(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__sync sync;
  return vms__sync_read(&reader, &sync);
}
static bool read_no_data(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__no_data no_data;
  return vms__no_data_read(&reader, &no_data);
}
static bool read_want(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__want want;
  return vms__want_read(&reader, &want);
}
static bool read_range(const void *bytes, size_t len) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms__range range;
  return vms__range_read(&reader, &range);
}

static const struct {
  const char *name;
  void (*write)(vms_buffer *out);
  bool (*read)(const void *bytes, size_t len);
  size_t whole_at; /* it is whole with so many bytes fewer: optional ones at the end */
} kinds[] = {
  { "data", write_proof, read_proof, 0 },          { "request", write_all_of_request, read_request, 0 },
  { "bitfield", write_words, read_words, 0 },      { "handshake", write_capability, read_capability, 0 },
  { "sync", write_sync, read_sync, 0 },            { "no data", write_no_data, read_no_data, 2 },
  { "want", write_want, read_want, 1 },            { "range", write_range, read_range, 0 },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* Reads exactly these bytes, in memory of their own. */
static bool read_alone(size_t kind, const void *bytes, size_t len) {
  void *alone = malloc(len == 0 ? 1 : len);
  bool whole;
  assert_non_null(alone);
  if (len > 0) memcpy(alone, bytes, len);
  whole = kinds[kind].read(alone, len);
  free(alone);
  return whole;
}

static void a_message_cut_anywhere_is_refused(void **state) {
  (void)state;
  for (size_t kind = 0; kind < KINDS; kind++) {
    vms_buffer out = VMS_BUFFER_INIT;
    kinds[kind].write(&out);
    for (size_t len = 0; len <= out.len; len++) {
      bool wanted = len == out.len || (kinds[kind].whole_at > 0 && len == out.len - kinds[kind].whole_at);
      if (read_alone(kind, out.data, len) != wanted) fail_msg("%s of %zu bytes of %zu", kinds[kind].name, len, out.len);
    }
    vms_buffer_free(&out);
  }
}

static void bytes_behind_a_message_are_ignored(void **state) {
  (void)state;
  for (size_t kind = 0; kind < KINDS; kind++) {
    vms_buffer out = VMS_BUFFER_INIT;
    kinds[kind].write(&out);
    assert_ok(vms_buffer_append(&out, "\xff\xff later", 8));
    assert_true(read_alone(kind, out.data, out.len));
    vms_buffer_free(&out);
  }
}

static void any_byte_may_be_anything(void **state) {
  (void)state;
  for (size_t kind = 0; kind < KINDS; kind++) {
    vms_buffer out = VMS_BUFFER_INIT;
    kinds[kind].write(&out);
    for (size_t at = 0; at < out.len; at++) {
      char original = out.data[at];
      for (unsigned value = 0; value < 256; value++) {
        out.data[at] = (char)value;
        (void)read_alone(kind, out.data, out.len); /* no read beyond its end; whether it is whole depends on the byte */
      }
      out.data[at] = original;
    }
    assert_true(read_alone(kind, out.data, out.len));
    vms_buffer_free(&out);
  }
}

static void a_request_is_read_back_as_it_was_written(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 32; flags++) {
    vms_proof_request all = { flags, 0, 300, 2, 5, 1, 7, 2, 70000, 8, 4, SAFE_MAX }, read;
    vms_buffer out = VMS_BUFFER_INIT;
    if (!(flags & VMS_PROOF_BLOCK)) all.block_index = all.block_nodes = 0;
    if (!(flags & VMS_PROOF_HASH)) all.hash_index = all.hash_nodes = 0;
    if (!(flags & VMS_PROOF_SEEK)) all.seek_bytes = all.seek_padding = 0;
    if (!(flags & VMS_PROOF_UPGRADE)) all.upgrade_start = all.upgrade_length = 0;
    assert_ok(vms_proof_request_write(&out, &all));
    assert_ok(vms_proof_request_read(out.data, out.len, &read, NULL));
    assert_memory_equal(&read, &all, sizeof all);
    vms_buffer_free(&out);
  }
}

static void a_request_that_is_none_says_so_and_changes_nothing(void **state) {
  vms_proof_request request = { 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, before = request;
  vms_error error;
  (void)state;
  assert_int_equal(vms_proof_request_read("\x01\x02", 2, &request, &error), VMS_ERR_FORM);
  assert_int_equal(error.status, VMS_ERR_FORM);
  assert_string_equal(error.message, "not a request of Hypercore's protocol");
  assert_memory_equal(&request, &before, sizeof before);
  assert_int_equal(vms_proof_request_read(NULL, 0, &request, NULL), VMS_ERR_FORM);
  assert_int_equal(vms_proof_request_read("\x20\x01\x02", 3, &request, NULL), VMS_ERR_FORM); /* a priority that is not there */
  assert_ok(vms_proof_request_read("\x20\x01\x02\x03", 4, &request, NULL));
}

static void the_parts_of_a_proof_are_found(void **state) {
  vms_buffer out = VMS_BUFFER_INIT, manifest = VMS_BUFFER_INIT;
  vms__proof proof;
  (void)state;
  write_proof(&out);
  write_manifest(&manifest);
  vms__reader reader = vms__reader_over(out.data, out.len);
  assert_true(vms__proof_read(&reader, &proof));
  assert_int_equal(proof.flags, 31);
  assert_int_equal(proof.id, 300);
  assert_int_equal(proof.fork, 2);
  assert_int_equal(proof.block_index, 5);
  assert_true(vms__slice_is(proof.block, "block"));
  assert_int_equal(proof.block_nodes.count, 2);
  assert_int_equal(proof.hash_index, 7);
  assert_int_equal(proof.hash_nodes.count, 1);
  assert_int_equal(proof.seek_bytes, 70000);
  assert_int_equal(proof.seek_nodes.count, 3);
  assert_int_equal(proof.upgrade_start, 4);
  assert_int_equal(proof.upgrade_length, 9);
  assert_int_equal(proof.upgrade_nodes.count, 1);
  assert_int_equal(proof.additional_nodes.count, 0);
  assert_true(vms__slice_is(proof.signature, "signature"));
  assert_true(vms__slice_equal(proof.manifest, vms__buf_view(&manifest)));
  vms_buffer_free(&out);
  vms_buffer_free(&manifest);
}

static void a_range_of_one_block_is_shorter(void **state) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms__range range;
  (void)state;
  assert_ok(vms__range_write(&out, &(vms__range){ false, 9, 1 }));
  assert_int_equal(out.len, 2);
  vms__reader reader = vms__reader_over(out.data, out.len);
  assert_true(vms__range_read(&reader, &range));
  assert_int_equal(range.length, 1);
  vms_buffer_free(&out);
}

/* --- memory that runs out ------------------------------------------------------------------------------------- */

static void *no_memory(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context;
  (void)memory;
  (void)old_len;
  (void)new_len;
  return NULL;
}

static void without_memory_nothing_is_written(void **state) {
  static const vms_env env = { sizeof env, 0, NULL, no_memory, NULL, NULL };
  const vms__node node = { 1, 2, { 3 } };
  vms_proof_request request = { 0 };
  vms_buffer out;
  (void)state;
  vms_buffer_init(&out, &env);
  assert_int_equal(vms__write_uint(&out, 1), VMS_ERR_NOMEM);
  assert_int_equal(vms__write_buffer(&out, "a", 1), VMS_ERR_NOMEM);
  assert_int_equal(vms__write_node(&out, &node), VMS_ERR_NOMEM);
  assert_int_equal(vms_proof_request_write(&out, &request), VMS_ERR_NOMEM);
  assert_int_equal(vms__handshake_core_write(&out, &(vms__handshake_core){ 0 }), VMS_ERR_NOMEM);
  assert_int_equal(vms__sync_write(&out, &(vms__sync){ 0 }), VMS_ERR_NOMEM);
  assert_int_equal(vms__no_data_write(&out, &(vms__no_data){ 0 }), VMS_ERR_NOMEM);
  assert_int_equal(vms__want_write(&out, &(vms__want){ 0 }), VMS_ERR_NOMEM);
  assert_int_equal(vms__range_write(&out, &(vms__range){ 0 }), VMS_ERR_NOMEM);
  assert_int_equal(out.len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_take_their_shortest_form),
    cmocka_unit_test(longer_forms_are_read_and_larger_numbers_are_not),
    cmocka_unit_test(a_reader_that_ran_out_gives_nothing_more),
    cmocka_unit_test(an_empty_buffer_is_no_error),
    cmocka_unit_test(a_list_gives_its_nodes_in_order),
    cmocka_unit_test(too_many_nodes_are_refused_before_they_are_read),
    cmocka_unit_test(a_message_cut_anywhere_is_refused),
    cmocka_unit_test(bytes_behind_a_message_are_ignored),
    cmocka_unit_test(any_byte_may_be_anything),
    cmocka_unit_test(a_request_is_read_back_as_it_was_written),
    cmocka_unit_test(a_request_that_is_none_says_so_and_changes_nothing),
    cmocka_unit_test(the_parts_of_a_proof_are_found),
    cmocka_unit_test(a_range_of_one_block_is_shorter),
    cmocka_unit_test(a_range_of_one_block_is_shorter),
    cmocka_unit_test(without_memory_nothing_is_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Goal: whatever a drive of others says, reading it ends, stays in bounds and tells no lie: a clear status, or what npm's reader gives.
 * Method: keys and values as only a raw bee could put them, read from the core and from replicas; random ones beside a plain check. */
#include "test/support/drives.h"

#define BLOCK VMS__BLOB_BLOCK_LEN

static void put_raw(drive *d, const char *key, size_t key_len, const char *value) {
  assert_ok(vms_bee_put(&d->archive->bee, (vms_slice){ key, key_len }, SLICE(value), NULL));
}

#define PUT(d, path, value) put_raw(d, "files\0" path, sizeof("files\0" path) - 1, value)

#define BLOB(offset, bytes, count, len) \
  "{\"executable\":false,\"linkname\":null,\"blob\":{\"blockOffset\":" #offset ",\"byteOffset\":" #bytes ",\"blockLength\":" #count ",\"byteLength\":" #len "},\"metadata\":null}"

/* What find and read give on the core; on a replica read may be MISSING instead of CORRUPT, where no head reaches so far. */
static const struct { const char *value; int find, read; bool behind; } entries[] = {
  /* no entries */
  { "", VMS_ERR_CORRUPT, 0, false }, { "null", VMS_ERR_CORRUPT, 0, false }, { "[]", VMS_ERR_CORRUPT, 0, false },
  { "{", VMS_ERR_CORRUPT, 0, false }, { "\"{}\"", VMS_ERR_CORRUPT, 0, false }, { "{\"blob\":{}} ", VMS_ERR_CORRUPT, 0, false },
  { "{\"blob\":7}", VMS_ERR_CORRUPT, 0, false }, { "{\"blob\":[0,0,1,5]}", VMS_ERR_CORRUPT, 0, false }, { "{\"blob\":\"x\"}", VMS_ERR_CORRUPT, 0, false },
  { BLOB(-1, 0, 1, 5), VMS_ERR_CORRUPT, 0, false }, { BLOB(0, 0, 1, 5.0), VMS_ERR_CORRUPT, 0, false },
  { BLOB(0, 0, 1, 1e3), VMS_ERR_CORRUPT, 0, false }, { BLOB(0, 0, 1, 9007199254740992), VMS_ERR_CORRUPT, 0, false },
  { BLOB(0, 0, 18446744073709551616, 5), VMS_ERR_CORRUPT, 0, false }, { BLOB(null, 0, 1, 5), VMS_ERR_CORRUPT, 0, false },
  { "{\"blob\":{\"blockOffset\":0,\"blockLength\":1,\"byteLength\":5}}", VMS_ERR_CORRUPT, 0, false },
  /* entries of nothing */
  { "{}", VMS_OK, VMS_OK, false }, { " { } ", VMS_OK, VMS_OK, false }, { "{\"blob\":null,\"linkname\":null,\"metadata\":[1]}", VMS_OK, VMS_OK, false },
  { "{\"linkname\":\"/x\"}", VMS_OK, VMS_ERR_ARGUMENT, false }, { "{\"linkname\":7}", VMS_OK, VMS_OK, false },
  { "{\"metadata\":{\"folder\":true}}", VMS_OK, VMS_ERR_ARGUMENT, false }, { "{\"metadata\":{\"folder\":1,\"mtime\":-5}}", VMS_OK, VMS_OK, false },
  { BLOB(0, 0, 0, 0), VMS_OK, VMS_OK, false }, { BLOB(9007199254740991, 9007199254740991, 9007199254740991, 0), VMS_OK, VMS_OK, false },
  /* contents elsewhere, or of another size */
  { BLOB(0, 0, 1, 5), VMS_OK, VMS_OK, false }, { BLOB(0, 0, 2, 65541), VMS_OK, VMS_OK, false },
  { BLOB(0, 0, 1, 6), VMS_OK, VMS_ERR_CORRUPT, false }, { BLOB(0, 0, 1, 4), VMS_OK, VMS_ERR_CORRUPT, false },
  { BLOB(0, 1, 1, 5), VMS_OK, VMS_ERR_CORRUPT, false }, { BLOB(1, 4, 1, 65536), VMS_OK, VMS_ERR_CORRUPT, false },
  { BLOB(0, 0, 0, 5), VMS_OK, VMS_ERR_CORRUPT, false }, { BLOB(0, 0, 2, 5), VMS_OK, VMS_ERR_CORRUPT, false },
  { BLOB(3, 0, 1, 5), VMS_OK, VMS_ERR_CORRUPT, true }, { BLOB(2, 65541, 2, 5), VMS_OK, VMS_ERR_CORRUPT, true },
  { BLOB(0, 0, 9007199254740991, 5), VMS_OK, VMS_ERR_CORRUPT, true }, { BLOB(9007199254740991, 0, 1, 5), VMS_OK, VMS_ERR_CORRUPT, true },
  { BLOB(9007199254740991, 0, 9007199254740991, 9007199254740991), VMS_OK, VMS_ERR_CORRUPT, true },
  { BLOB(0, 0, 3, 9007199254740991), VMS_OK, VMS_ERR_CORRUPT, false }, { BLOB(0, 0, 3, 47185921), VMS_OK, VMS_ERR_CORRUPT, false },
  { BLOB(0, 9007199254740991, 1, 5), VMS_OK, VMS_ERR_CORRUPT, false },
  { "{\"blob\":{\"blockOffset\":0,\"byteOffset\":0,\"blockLength\":1,\"byteLength\":5,\"blockMap\":true}}", VMS_OK, VMS_ERR_UNSUPPORTED, false },
  { "{\"blob\":{\"blockOffset\":0,\"byteOffset\":0,\"blockLength\":1,\"byteLength\":5,\"blockMap\":false}}", VMS_OK, VMS_OK, false },
  /* the last of equal names counts, as JSON.parse has it */
  { "{\"blob\":7,\"blob\":{\"blockOffset\":9,\"blockOffset\":0,\"byteOffset\":0,\"blockLength\":1,\"byteLength\":5}}", VMS_OK, VMS_OK, false },
};

/* Blobs of 5, 65536 and 5 bytes, then one entry after the other at /f: version i + 2 holds the i-th. */
static void hostile_drive(drive *d) {
  uint8_t *bytes = malloc(BLOCK);
  assert_non_null(bytes);
  for (size_t i = 0; i < BLOCK; i++) bytes[i] = drive_byte(i);
  drive_open(d);
  assert_ok(vms_core_append(d->cores[1], bytes, 5, NULL, NULL));
  assert_ok(vms_core_append(d->cores[1], bytes, BLOCK, NULL, NULL));
  assert_ok(vms_core_append(d->cores[1], bytes, 5, NULL, NULL));
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) PUT(d, "/f", entries[i].value);
  drive_sign(d);
  free(bytes);
}

static void expect_status(size_t i, const char *what, int got, int wanted) {
  if (got != wanted) fail_msg("%s of %s: %s, not %s", what, entries[i].value, vms_status_name(got), vms_status_name(wanted));
}

static void hostile_entries_have_a_clear_status(void **state) {
  static const uint64_t offsets[] = { 0, 1, 4, BLOCK, UINT64_MAX };
  static const uint64_t lens[] = { 1, 5, BLOCK, UINT64_MAX };
  drive d;
  (void)state;
  hostile_drive(&d);
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    vms_archive_entry entry;
    drive_copy copy;
    int status;
    copy_open(&copy, &d, NULL);
    COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, i + 2, SLICE("/f"), &entry, NULL));
    expect_status(i, "find on a replica", status, entries[i].find);
    expect_status(i, "find", vms_archive_find(d.archive, i + 2, SLICE("/f"), &entry, NULL), entries[i].find);
    for (size_t o = 0; o < 5 && entries[i].find == VMS_OK; o++)
      for (size_t l = 0; l < 4; l++) {
        vms_buffer bytes = VMS_BUFFER_INIT;
        bool empty = offsets[o] >= entry.size && entries[i].read == VMS_ERR_CORRUPT; /* nothing is looked at */
        expect_status(i, "read", vms_archive_read(d.archive, i + 2, SLICE("/f"), offsets[o], lens[l], &bytes, NULL), empty ? VMS_OK : entries[i].read);
        if (entries[i].read != VMS_OK) assert_int_equal(bytes.len, 0);
        vms_buffer_free(&bytes);
      }
    copy_close(&copy);
  }
  drive_close(&d);
}

/* A replica cannot know what the whole of a blob comes to before it is here, but never gives other bytes than the core has. */
static void replicas_of_hostile_drives_tell_no_lies(void **state) {
  drive d;
  (void)state;
  hostile_drive(&d);
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    vms_buffer bytes = VMS_BUFFER_INIT;
    drive_copy copy;
    int status = VMS_ERR_MISSING;
    if (entries[i].find != VMS_OK) continue;
    copy_open(&copy, &d, NULL);
    for (int round = 0; round < 60 && status == VMS_ERR_MISSING; round++) {
      copy_fetch(&copy);
      status = vms_archive_read(copy.archive, i + 2, SLICE("/f"), 0, UINT64_MAX, &bytes, NULL);
    }
    expect_status(i, "read on a replica", status, entries[i].behind ? VMS_ERR_MISSING : entries[i].read);
    if (status != VMS_OK) assert_int_equal(bytes.len, 0);
    vms_buffer_free(&bytes);
    copy_close(&copy);
  }
  drive_close(&d);
}

/* --- random blobs ---------------------------------------------------------------------------------------------- */

/* Entries that point anywhere near: the bytes are those of the core, or there is a status. */
static void random_blobs_are_read_right_or_not_at_all(void **state) {
  uint64_t seed = sim_seed(), right = 0;
  uint8_t *all;
  drive d;
  drive_copy copy;
  (void)state;
  drive_open(&d);
  all = calloc(1, 64 * BLOCK);
  assert_non_null(all);
  for (uint64_t at = 0, i = 0; i < 40; i++) { /* mostly full blocks, some short */
    size_t len = sim_random(&seed) % 4 == 0 ? (size_t)(sim_random(&seed) % 100) : BLOCK;
    for (size_t n = 0; n < len; n++) all[at + n] = drive_byte(at + n);
    assert_ok(vms_core_append(d.cores[1], all + at, len, NULL, NULL));
    at += len;
  }
  for (int i = 0; i < 400; i++) {
    uint64_t first = sim_random(&seed) % 42, count = sim_random(&seed) % 6, end = VMS__MIN(first + count, 40), start = VMS__MIN(first, 40);
    uint64_t byte = vms_core_byte_length(d.cores[1], start), len = vms_core_byte_length(d.cores[1], end) - byte;
    vms__blob blob;
    vms__entry_form form = { false, { NULL, 0 }, &blob, { NULL, 0 } };
    if (sim_random(&seed) % 8 == 0) len += sim_random(&seed) % 3 - 1;
    if (sim_random(&seed) % 8 == 0) byte += sim_random(&seed) % 3 - 1;
    if (sim_random(&seed) % 16 == 0) len = (count - 1) * BLOCK + sim_random(&seed) % BLOCK;
    blob = (vms__blob){ first, byte & VMS__JSON_INT_MAX, count, len & VMS__JSON_INT_MAX };
    assert_ok(vms__drive_put(&d.archive->bee, VMS__TEXT("/f"), &form, NULL));
  }
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  copy_fetch(&copy);
  for (uint64_t version = 2; version < 402; version++) {
    vms_archive_entry entry;
    assert_ok(vms_archive_find(d.archive, version, SLICE("/f"), &entry, NULL));
    for (int i = 0; i < 6; i++) {
      uint64_t offset = sim_random(&seed) % (entry.size + 2), len = i == 0 ? UINT64_MAX : sim_random(&seed) % (2 * BLOCK);
      vms_buffer here = VMS_BUFFER_INIT, there = VMS_BUFFER_INIT;
      int status, other = VMS_ERR_MISSING;
      if (i == 0) offset = 0;
      status = vms_archive_read(d.archive, version, SLICE("/f"), offset, len, &here, NULL);
      for (int round = 0; round < 12 && other == VMS_ERR_MISSING; round++) {
        other = vms_archive_read(copy.archive, version, SLICE("/f"), offset, len, &there, NULL);
        if (other == VMS_ERR_MISSING) copy_fetch(&copy);
      }
      if (status == VMS_OK && here.len > 0) {
        right++;
        assert_int_equal(other, VMS_OK);
        assert_int_equal(here.len, VMS__MIN(len, entry.size - offset));
        assert_memory_equal(here.data, all + entry.byte_offset + offset, here.len);
      } else if (status != VMS_OK) assert_int_equal(status, VMS_ERR_CORRUPT);
      if (other == VMS_OK && there.len > 0) {
        assert_int_equal(there.len, VMS__MIN(len, entry.size - offset));
        assert_memory_equal(there.data, all + entry.byte_offset + offset, there.len);
      }
      vms_buffer_free(&here);
      vms_buffer_free(&there);
    }
  }
  assert_true(right > 300);
  free(all);
  copy_close(&copy);
  drive_close(&d);
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

static void expect_call(drive *d, const char *method, const char *params, const char *text) {
  vms_file_reply reply;
  assert_ok(drive_call(d->archive, 0, method, params, &reply));
  assert_string_equal(reply.kind == VMS_FILE_ERROR ? reply.error_name : reply.body.data, text);
  vms_buffer_free(&reply.body);
}

#define FILE_ENTRY BLOB(0, 0, 0, 0)

static void files_and_folders_at_one_path_are_both_there(void **state) {
  drive d;
  vms_archive_entry entry;
  (void)state;
  drive_open(&d);
  PUT(&d, "/a", FILE_ENTRY);
  PUT(&d, "/a/b", FILE_ENTRY);
  PUT(&d, "/a/b/c", "{\"linkname\":\"/a\"}");
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_FILE); /* its own entry counts */
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a/b"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_FILE);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a/b/c"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_LINK);
  expect_call(&d, "readdir", "[\"/\"]", "[\"a\"]");
  expect_call(&d, "readdir", "[\"/a\"]", "NotAFolderError");
  expect_call(&d, "readdir", "[\"/\",{\"recursive\":true}]", "[\"a\",\"a/b\",\"a/b/c\"]");
  expect_call(&d, "readFile", "[\"/a\"]", "");
  drive_close(&d);
}

/* npm's hyperdrive normalises what it is asked for, too: such keys are only met in lists. */
static void keys_that_are_no_paths_are_only_listed(void **state) {
  drive d;
  vms_archive_entry entry;
  char *huge = malloc(70000);
  (void)state;
  assert_non_null(huge);
  memcpy(huge, "files\0/h/", 9);
  memset(huge + 9, 'h', 70000 - 9);
  drive_open(&d);
  put_raw(&d, huge, 70000, FILE_ENTRY);
  PUT(&d, "", FILE_ENTRY);
  PUT(&d, "/", FILE_ENTRY);
  PUT(&d, "//", FILE_ENTRY);
  PUT(&d, "noslash", FILE_ENTRY);
  PUT(&d, "/a/../b", FILE_ENTRY);
  PUT(&d, "/a//c", FILE_ENTRY);
  PUT(&d, "/a/", FILE_ENTRY);
  PUT(&d, "/x\0y", FILE_ENTRY);
  PUT(&d, "/\xff\xfe", FILE_ENTRY);
  put_raw(&d, "", 0, FILE_ENTRY);
  put_raw(&d, "file", 4, FILE_ENTRY);
  put_raw(&d, "files", 5, FILE_ENTRY);
  put_raw(&d, "files\1/z", 8, FILE_ENTRY);
  put_raw(&d, "zzz", 3, "not JSON");
  drive_sign(&d);
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE("/b"), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE("/a/../b"), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE("/noslash"), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE("/z"), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_find(d.archive, 0, (vms_slice){ "/x\0y", 4 }, &entry, NULL), VMS_ERR_FORM);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a"), &entry, NULL)); /* something lies below */
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  for (int recursive = 0; recursive < 2; recursive++) {
    vms_file_reply reply;
    assert_ok(drive_call(d.archive, 0, "readdir", recursive ? "[\"/\",{\"recursive\":true}]" : "[\"/\"]", &reply));
    assert_int_equal(reply.kind, VMS_FILE_JSON);
    vms_buffer_free(&reply.body);
    assert_ok(drive_call(d.archive, 0, "readdir", recursive ? "[\"/a\",{\"recursive\":true}]" : "[\"/a\"]", &reply));
    assert_int_equal(reply.kind, VMS_FILE_JSON);
    vms_buffer_free(&reply.body);
  }
  expect_call(&d, "stat", "[\"/b\"]", "NotFoundError");
  free(huge);
  drive_close(&d);
}

/* Sums of sizes stop at 2^53 - 1. */
static void sizes_do_not_wrap(void **state) {
  drive d;
  uint64_t size;
  (void)state;
  drive_open(&d);
  PUT(&d, "/a", BLOB(0, 0, 1, 9007199254740991));
  PUT(&d, "/b", BLOB(0, 0, 1, 9007199254740991));
  PUT(&d, "/c", BLOB(0, 0, 1, 9007199254740991));
  assert_ok(vms__archive_size(d.archive, &size, NULL));
  assert_int_equal(size, VMS__JSON_INT_MAX);
  {
    vms_archive_writer *writer;
    assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/d"), NULL));
    assert_int_equal(vms_archive_writer_append(writer, "x", 1, NULL), VMS_ERR_LIMIT);
    vms_archive_writer_close(writer);
  }
  drive_close(&d);
}

/* --- large blocks ---------------------------------------------------------------------------------------------- */

#define LARGE 100000u

/* Entries that do not fit into the cache together are read again and again. */
static void reading_large_blocks_is_work(void **state) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_file_request request = { .method = VMS__TEXT("readdir"), .params = VMS__TEXT("[]") };
  vms_file_reply reply;
  char *value = malloc(LARGE), path[16];
  drive d;
  (void)state;
  assert_non_null(value);
  memset(value, ' ', LARGE);
  memcpy(value, "{\"blob\":null", 12);
  memcpy(value + LARGE - 2, "}", 2);
  options.cache_max = LARGE;
  assert_ok(drive_try(&d, NULL, &options));
  for (int i = 0; i < 30; i++) {
    memcpy(path, "files\0", 6);
    snprintf(path + 6, sizeof path - 6, "/%02d", i);
    put_raw(&d, path, 9, value);
  }
  memset(&reply, 0, sizeof reply);
  assert_ok(vms_archive_call(d.archive, &request, &reply, NULL));
  assert_int_equal(reply.kind, VMS_FILE_JSON);
  assert_in_range(reply.work, 30 * (LARGE / 8192), 200 * (LARGE / 8192)); /* each once or more often */
  vms_buffer_free(&reply.body);
  request.work_max = 100;
  assert_ok(vms_archive_call(d.archive, &request, &reply, NULL));
  assert_int_equal(reply.kind, VMS_FILE_ERROR);
  assert_string_equal(reply.error_name, "RangeError");
  assert_in_range(reply.work, 101, 100 + 4 * (LARGE / 8192 + 1)); /* it ends where it is noticed */
  vms_buffer_free(&reply.body);
  free(value);
  drive_close(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(hostile_entries_have_a_clear_status),
    cmocka_unit_test(replicas_of_hostile_drives_tell_no_lies),
    cmocka_unit_test(random_blobs_are_read_right_or_not_at_all),
    cmocka_unit_test(files_and_folders_at_one_path_are_both_there),
    cmocka_unit_test(keys_that_are_no_paths_are_only_listed),
    cmocka_unit_test(sizes_do_not_wrap),
    cmocka_unit_test(reading_large_blocks_is_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

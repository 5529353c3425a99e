/* SPDX-License-Identifier: MIT */
/* Goal: drives do what vms/archive.h says: found and read from cores, and from replicas that hold only what was asked for; written in pieces.
 * Method: a drive in a journal, proved block by block into sparse replicas by what the archive's trace tells; one expectation per line. */
#include "test/support/drives.h"

static void expect_piece(vms_archive *archive, drive_copy *copy, const char *path, uint64_t size, uint64_t offset, uint64_t len) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  uint64_t wanted = offset >= size ? 0 : VMS__MIN(len, size - offset);
  int status;
  assert_ok(vms_buffer_append(&bytes, "kept", 4)); /* it appends */
  if (copy != NULL) COPY_UNTIL(copy, status, vms_archive_read(archive, 0, SLICE(path), offset, len, &bytes, NULL));
  else status = vms_archive_read(archive, 0, SLICE(path), offset, len, &bytes, NULL);
  assert_int_equal(status, VMS_OK);
  assert_int_equal(bytes.len, 4 + wanted);
  assert_memory_equal(bytes.data, "kept", 4);
  for (uint64_t i = 0; i < wanted; i++)
    if ((uint8_t)bytes.data[4 + i] != drive_byte(offset + i)) fail_msg("%s: byte %llu of the piece at %llu", path, (unsigned long long)i, (unsigned long long)offset);
  vms_buffer_free(&bytes);
}

static void replicas_fetch_only_what_an_answer_needs(void **state) {
  drive d;
  drive_copy copy;
  vms_archive_entry entry;
  int status;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/big", 10 * VMS__BLOB_BLOCK_LEN + 17);
  drive_write(&d, "/dir/small", 5);
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  assert_int_equal(vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL), VMS_ERR_MISSING); /* not even a head */
  copy_fetch(&copy);
  assert_int_equal(vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL), VMS_ERR_MISSING);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL));
  assert_int_equal(status, VMS_OK);
  assert_int_equal(entry.kind, VMS_ENTRY_FILE);
  assert_int_equal(entry.size, 10 * VMS__BLOB_BLOCK_LEN + 17);
  assert_int_equal(entry.block_count, 11);
  assert_int_equal(entry.mtime, 1000);
  assert_int_equal(entry.seq, 1);
  assert_int_equal(copy.fetched[1], 0);
  expect_piece(copy.archive, &copy, "big", entry.size, 3 * VMS__BLOB_BLOCK_LEN - 1, 2);
  assert_int_equal(copy.fetched[1], 2);
  expect_piece(copy.archive, &copy, "big", entry.size, 0, UINT64_MAX);
  assert_int_equal(copy.fetched[1], 11);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/dir"), &entry, NULL));
  assert_int_equal(status, VMS_OK);
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  assert_int_equal(entry.seq, 0);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/dir/none"), &entry, NULL));
  assert_int_equal(status, VMS_ERR_NOT_FOUND);
  copy_close(&copy);
  drive_close(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replicas_fetch_only_what_an_answer_needs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

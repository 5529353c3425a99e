/* SPDX-License-Identifier: MIT */
/* Entries as they are usually written are read by a way of their own. Goal: it tells the same as the general one, which a space behind
 * the first brace enforces. */

#include "lib/archive/internal.h"
#include "test/support/test.h"

#define CHECK_SAME(text) check_same(text, sizeof(text) - 1)

static void check_same(const char *text, size_t len) {
  char spaced[600];
  vms__entry plain, general;
  assert_true(len < sizeof spaced - 1);
  int written = snprintf(spaced, sizeof spaced, "%.*s %.*s", len == 0 ? 0 : 1, text, len == 0 ? 0 : (int)len - 1, len == 0 ? text : text + 1);
  memset(&plain, 1, sizeof plain);
  memset(&general, 2, sizeof general);
  int status = vms__entry_decode((vms_slice){ text, len }, &plain);
  assert_int_equal(status, vms__entry_decode((vms_slice){ spaced, (size_t)written }, &general));
  if (status == VMS_OK) assert_memory_equal(&plain, &general, sizeof plain);
}

#define HEAD "{\"executable\":false,\"linkname\":null,\"blob\":"
#define BLOB "{\"blockOffset\":1,\"byteOffset\":2,\"blockLength\":3,\"byteLength\":4}"

static void an_entry_is_read_the_same_both_ways(void **state) {
  (void)state;
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1700000000000}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":null}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":5,\"folder\":true}}");
  CHECK_SAME(HEAD "null,\"metadata\":{\"mtime\":5,\"folder\":true}}");
  CHECK_SAME(HEAD "null,\"metadata\":{\"mtime\":5}}");
  CHECK_SAME(HEAD "null,\"metadata\":null}");
  CHECK_SAME("{\"executable\":true,\"linkname\":null,\"blob\":" BLOB ",\"metadata\":null}");
  CHECK_SAME("{\"executable\":false,\"linkname\":\"/a\",\"blob\":null,\"metadata\":null}");
}

static void what_is_written_otherwise_is_left_to_the_general_way(void **state) {
  (void)state;
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1.5}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":-1}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":9007199254740991}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":9007199254740992}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":01}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1,\"folder\":false}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"folder\":true,\"mtime\":1}}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1},\"blob\":null}");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1}} ");
  CHECK_SAME(HEAD BLOB ",\"metadata\":{\"mtime\":1}}}");
  CHECK_SAME(HEAD "{\"blockOffset\":1,\"byteOffset\":2,\"blockLength\":3,\"byteLength\":4,\"blockMap\":true},\"metadata\":null}");
  CHECK_SAME(HEAD "{\"blockOffset\":1,\"byteOffset\":2,\"blockLength\":3,\"byteLength\":9007199254740992},\"metadata\":null}");
  CHECK_SAME(HEAD "{\"blockOffset\":1,\"byteOffset\":2,\"blockLength\":3,\"byteLength\":1e3},\"metadata\":null}");
  CHECK_SAME(HEAD "{},\"metadata\":null}");
  CHECK_SAME("");
}

static void an_entry_that_is_cut_off_is_refused(void **state) {
  static const char text[] = HEAD BLOB ",\"metadata\":{\"mtime\":1700000000000,\"folder\":true}}";
  (void)state;
  for (size_t len = 0; len < sizeof text - 1; len++) {
    vms__entry entry;
    assert_int_equal(vms__entry_decode((vms_slice){ text, len }, &entry), VMS_ERR_CORRUPT);
    check_same(text, len);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_entry_is_read_the_same_both_ways),
    cmocka_unit_test(what_is_written_otherwise_is_left_to_the_general_way),
    cmocka_unit_test(an_entry_that_is_cut_off_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

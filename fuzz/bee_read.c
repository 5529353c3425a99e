/* SPDX-License-Identifier: MIT */
/* Question: can any blocks in a metadata core break reading it, walking it either way, comparing its versions or changing it, or make
 * that endless?
 * Input: blocks, each behind two bytes of length (little endian). */
#include <stdlib.h>

#include "lib/archive/internal.h"

static int no_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  (void)context;
  (void)bytes;
  (void)len;
  *got = 0;
  return vms__fail(error, VMS_ERR_IO, offset, "nothing was written");
}
static int no_write(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error) {
  (void)context;
  (void)offset;
  (void)bytes;
  (void)len;
  (void)error;
  return VMS_OK;
}
static int no_sync(void *context, vms_error *error) {
  (void)context;
  (void)error;
  return VMS_OK;
}
static int no_length(void *context, uint64_t *len, vms_error *error) {
  (void)context;
  (void)error;
  *len = 0;
  return VMS_OK;
}
static int no_truncate(void *context, uint64_t len, vms_error *error) {
  (void)context;
  (void)len;
  (void)error;
  return VMS_OK;
}

static void ask(vms_archive *archive, const char *method, const char *params) {
  vms_file_request request = { vms__slice_of(method), vms__slice_of(params), { NULL, 0 }, 0, 0, 0 };
  vms_file_reply reply;
  memset(&reply, 0, sizeof reply);
  vms_buffer_init(&reply.body, NULL);
  vms_archive_call(archive, &request, &reply, NULL);
  vms_buffer_free(&reply.body);
}

/* Keys ascend, so there are no more of them than blocks. */
static void walk(vms_bee *bee, uint64_t version, const vms_bee_range *range) {
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  uint64_t found = 0;
  if (vms_bee_cursor_open(&cursor, bee, version, range, NULL) != VMS_OK) abort();
  while (vms_bee_cursor_next(cursor, &entry, NULL) == VMS_OK)
    if (found++ > vms_bee_version(bee)) abort();
  vms_bee_cursor_close(cursor);
}

static void differ(vms_bee *bee, uint64_t older, uint64_t newer, const vms_bee_range *range) {
  vms_bee_entry was, is;
  vms_bee_diff *diff;
  uint64_t found = 0;
  if (vms_bee_diff_open(&diff, bee, older, newer, range, NULL) != VMS_OK) abort();
  while (vms_bee_diff_next(diff, &was, &is, NULL) == VMS_OK) {
    if (found++ > 2 * vms_bee_version(bee)) abort();
    if (was.seq == is.seq) abort();
  }
  vms_bee_diff_close(diff);
}

static void read_all(vms_bee *bee) {
  static const char *const bounds[] = { NULL, "", "a", "files", "m" };
  uint64_t version = vms_bee_version(bee);
  for (unsigned i = 0; i < 20; i++) {
    vms_bee_range range = VMS_BEE_RANGE_INIT;
    vms_bee_entry entry;
    const char *from = bounds[i % 5], *to = bounds[i / 2 % 5];
    int deleted;
    range.flags = i % 8;
    if (from != NULL) range.from = vms__slice_of(from);
    if (to != NULL) range.to = vms__slice_of(to);
    walk(bee, version - VMS__MIN(version, i), &range);
    differ(bee, VMS__MIN(version, i / 2 + 1), version, &range);
    differ(bee, version, version - VMS__MIN(version, i), &range);
    vms_bee_change(bee, i, &entry, &deleted, NULL);
    if (from != NULL) vms_bee_get(bee, version, range.from, &entry, NULL);
  }
}

/* A change appends one block or none; all of a batch or nothing. */
static void change(vms_bee *bee) {
  static const char *const keys[] = { "", "a", "b", "files", "m", "n", "o", "p", "q", "zz" };
  for (unsigned i = 0; i < 20; i++) {
    uint64_t before = vms_bee_version(bee), grown;
    vms_slice key = vms__slice_of(keys[i / 2]);
    int status = i % 2 == 0 ? vms_bee_del(bee, key, NULL) : vms_bee_put(bee, key, VMS__TEXT("1"), NULL);
    grown = vms_bee_version(bee) - before;
    if (grown > 1 || (status != VMS_OK && grown != 0)) abort();
  }
  if (vms_bee_batch_begin(bee, NULL) != VMS_OK) abort();
  uint64_t before = vms_bee_version(bee);
  for (unsigned i = 0; i < 30; i++) {
    vms_slice key = vms__slice_of(keys[i * 7 % 10]);
    if (i % 3 == 0) vms_bee_del(bee, key, NULL);
    else vms_bee_put(bee, key, key, NULL);
  }
  if (vms_bee_batch_end(bee, NULL) != VMS_OK && vms_bee_version(bee) != before) abort();
}

static void use(vms_archive *archive) {
  if (vms_bee_version(&archive->bee) % 2 == 0) archive->bee.cache_max = 500; /* blocks come and go */
  read_all(&archive->bee);
  ask(archive, "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]");
  ask(archive, "readdir", "[\"/a\"]");
  ask(archive, "readFile", "[\"/a\"]");
  ask(archive, "readFile", "[\"/a\",{\"offset\":1,\"length\":70000}]");
  ask(archive, "getInfo", "[]");
  ask(archive, "getInfo", "[{\"version\":2}]");
  ask(archive, "readdir", "[null,{\"recursive\":true,\"after\":\"a\",\"limit\":2}]");
  ask(archive, "history", "[{\"reverse\":true}]");
  ask(archive, "history", "[\"/a\"]");
  vms_archive_begin(archive, 1);
  ask(archive, "copy", "[\"/a\",\"/d\"]");
  ask(archive, "rename", "[\"/d\",\"/e\"]");
  ask(archive, "unlink", "[\"/a\"]");
  ask(archive, "rmdir", "[\"/b\",{\"recursive\":true}]");
  ask(archive, "writeFile", "[\"/c\",\"x\"]");
  vms_archive_commit(archive, NULL);
  change(&archive->bee);
  read_all(&archive->bee);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_storage storage = { sizeof storage, 0, NULL, no_read, no_write, no_sync, no_length, no_truncate };
  uint8_t manifests[2][VMS_MANIFEST_LEN] = { { 1 }, { 2 } };
  vms_journal *journal;
  vms_archive *archive;
  if (size > 65536) return 0;
  if (vms_journal_create(&journal, &storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, NULL, NULL) != VMS_OK) abort();
  for (size_t at = 0; at + 2 <= size;) {
    size_t len = VMS__MIN((size_t)data[at] | (size_t)data[at + 1] << 8, size - at - 2);
    if (vms_core_append(vms_journal_core(journal, 0), data + at + 2, len, NULL, NULL) != VMS_OK) abort();
    at += 2 + len;
  }
  if (vms_core_append(vms_journal_core(journal, 1), "blob", 4, NULL, NULL) != VMS_OK) abort();
  if (vms_archive_open(&archive, vms_journal_core(journal, 0), vms_journal_core(journal, 1), NULL, NULL) == VMS_OK) {
    use(archive);
    vms_archive_close(archive);
  }
  vms_journal_close(journal);
  return 0;
}

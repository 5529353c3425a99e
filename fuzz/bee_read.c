/* SPDX-License-Identifier: MIT */
/* Question: can any blocks in a metadata core break reading it, walking it or changing it, or make that endless?
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

static void use(vms_archive *archive) {
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  uint64_t version = vms_core_length(archive->metadata.core), found = 0;
  int status = vms_bee_cursor_open(&cursor, &archive->bee, version, NULL, NULL);
  while (status == VMS_OK) {
    status = vms_bee_cursor_next(cursor, &entry, NULL);
    if (found++ > version) abort(); /* keys ascend, so there are no more than blocks */
  }
  vms_bee_cursor_close(cursor);
  ask(archive, "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]");
  ask(archive, "readdir", "[\"/a\"]");
  ask(archive, "readFile", "[\"/a\"]");
  ask(archive, "getInfo", "[]");
  vms_archive_begin(archive, 1);
  ask(archive, "unlink", "[\"/a\"]");
  ask(archive, "rmdir", "[\"/b\",{\"recursive\":true}]");
  ask(archive, "writeFile", "[\"/c\",\"x\"]");
  vms_archive_commit(archive, NULL);
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

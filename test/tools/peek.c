/* SPDX-License-Identifier: MIT */
/* Opens a journal as a reader, without an index, reads every block of every core, and prints for each core the length of its newest
 * head, then how many bytes behind the last whole frame were passed over: HEAD... TORN. */
#include <stdio.h>

#include "vms.h"

static int read_all(vms_core *core, vms_error *error) {
  int status = VMS_OK;
  for (uint64_t seq = 0; seq < vms_core_length(core) && status == VMS_OK; seq++) {
    vms_buffer block = VMS_BUFFER_INIT;
    status = vms_core_read(core, seq, &block, error);
    vms_buffer_free(&block);
  }
  return status;
}

int main(int argc, char **argv) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal = NULL;
  vms_storage storage = { 0 };
  vms_error error;
  if (argc != 2) return 2;
  options.flags = VMS_JOURNAL_READ_ONLY;
  int status = vms_file_open(&storage, argv[1], VMS_FILE_READ_ONLY, &error);
  if (status == VMS_OK) status = vms_journal_open(&journal, &storage, &options, &error);
  for (uint32_t i = 0; status == VMS_OK && i < vms_journal_count(journal); i++) {
    vms_head head;
    status = read_all(vms_journal_core(journal, i), &error);
    printf("%llu ", vms_core_head(vms_journal_core(journal, i), &head, NULL) == VMS_OK ? (unsigned long long)head.length : 0);
  }
  if (status == VMS_OK) printf("%llu\n", (unsigned long long)vms_journal_torn(journal));
  else fprintf(stderr, "peek: %s\n", error.message);
  vms_journal_close(journal);
  vms_file_close(&storage);
  return status == VMS_OK ? 0 : 1;
}

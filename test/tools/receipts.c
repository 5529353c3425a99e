/* SPDX-License-Identifier: MIT */
/* What a caller who was there would have kept: receipts of a service's folder as it is now, one a line.
 *
 *   receipts FOLDER [FROM [TO]]    of records FROM to TO-1 that are calls; FOLDER holds `journal`
 */
#include "lib/base/internal.h"
#include "vms/net.h"

#include <stdio.h>
#include <stdlib.h>

static int die(const char *what) {
  fprintf(stderr, "receipts: %s\n", what);
  return 2;
}

int main(int argc, char **argv) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_service *service;
  vms_storage storage;
  vms_error error;
  vms_buffer text = VMS_BUFFER_INIT;
  char path[4096];
  if (argc < 2 || argc > 4) return die("FOLDER [FROM [TO]]");
  options.env = vms_env_system();
  snprintf(path, sizeof path, "%s/journal", argv[1]);
  if (vms_file_open(&storage, path, VMS_FILE_READ_ONLY, &error) != VMS_OK || vms_service_mirror(&service, &storage, &options, &error) != VMS_OK)
    return die(error.message);
  uint64_t from = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, to = argc > 3 ? strtoull(argv[3], NULL, 10) : UINT64_MAX;
  for (uint64_t seq = from; seq < VMS__MIN(to, vms_service_length(service)); seq++) {
    text.len = 0;
    if (vms_service_record(service, seq, &text, &error) != VMS_OK) return die(error.message);
    if (strncmp(text.data, "{\"type\":\"call\"", 14) != 0) continue;
    text.len = 0;
    if (vms_service_receipt(service, seq, &text, &error) != VMS_OK) return die(error.message);
    puts(text.data);
  }
  vms_buffer_free(&text);
  vms_service_close(service);
  vms_file_close(&storage);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Question: is there a text of a block or a request that is accepted and would be written in another way? Then two readers could
 * judge one ledger differently. Whatever is read is written again and has to give the same bytes. */
#include <stdlib.h>

#include "lib/service/internal.h"

static void same(vms_slice text, const vms_buffer *written, int status) {
  if (status != VMS_OK || !vms__slice_equal(text, vms__buf_view(written))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_slice text = { (const char *)data, size }, method, params;
  vms_buffer scratch = VMS_BUFFER_INIT, written = VMS_BUFFER_INIT;
  vms__genesis genesis;
  vms__record record;
  vms_request request;
  vms_head head;
  vms_error error;
  if (vms__genesis_read(text, &scratch, &genesis, &error) == VMS_OK) same(text, &written, vms__genesis_write(&written, &genesis));
  vms__buf_clear(&written);
  if (vms__record_read(text, &scratch, &record, &error) == VMS_OK) {
    same(text, &written, vms__record_write(&written, &record));
    vms__buf_clear(&written);
    if (vms_request_read(record.request, &request, NULL) == VMS_OK) same(record.request, &written, vms_request_write(&written, &request, NULL));
  }
  vms__buf_clear(&written);
  if (vms_request_read(text, &request, &error) == VMS_OK) same(text, &written, vms_request_write(&written, &request, NULL));
  vms__buf_clear(&written);
  if (vms__unsigned_read(text, &method, &params)) same(text, &written, vms__unsigned_write(&written, method, params, NULL));
  (void)vms_head_read(text, &head, NULL);
  vms_buffer_free(&scratch);
  vms_buffer_free(&written);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Can any text break the front end? Lowered twice, it must give the same answer twice, and pure ASCII. */
#include "lib/sandbox/js.h"

#include <stdlib.h>

#include "lib/base/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer first = VMS_BUFFER_INIT, second = VMS_BUFFER_INIT;
  vms_slice source = { (const char *)data, size };
  int status = vms__js_lower(source, NULL, &first, NULL, NULL);
  size_t i;
  if (vms__js_lower(source, NULL, &second, NULL, NULL) != status) abort();
  if (!vms__slice_equal(vms__buf_view(&first), vms__buf_view(&second))) abort();
  if (status != VMS_OK && first.len != 0) abort();
  for (i = 0; i < first.len; i++)
    if ((uint8_t)first.data[i] >= 0x80) abort();
  vms_buffer_free(&first);
  vms_buffer_free(&second);
  return 0;
}

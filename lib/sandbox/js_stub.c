/* SPDX-License-Identifier: MIT */
/* Stands in for the front end until it is there. */
#include "lib/sandbox/js.h"
#include "lib/base/internal.h"
__attribute__((weak)) int vms__js_lower(vms_slice source, const vms_env *env, vms_buffer *lowered,
                                        vms_buffer *diagnostic, vms_error *error) {
  (void)env, (void)diagnostic, (void)error;
  if (vms__buf_text(lowered, "(function(exports,module,System,console,Buffer,$vms){") != VMS_OK ||
      vms__buf_slice(lowered, source) != VMS_OK || vms__buf_text(lowered, "\n})") != VMS_OK)
    return VMS_ERR_NOMEM;
  return VMS_OK;
}

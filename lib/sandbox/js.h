/* SPDX-License-Identifier: MIT */
#ifndef VMS_SANDBOX_JS_H
#define VMS_SANDBOX_JS_H
#include "vms/base.h"
int vms__js_lower(vms_slice source, const vms_env *env, vms_buffer *lowered, vms_buffer *diagnostic, vms_error *error);
#endif

/* SPDX-License-Identifier: MIT */
/* What Duktape's errors lack: `cause`, and AggregateError. */
#include "lib/sandbox/builtins.h"

/* InstallErrorCause of ECMAScript 2022. */
void vms__error_cause(duk_context *duk, duk_idx_t error, duk_idx_t options) {
  if (!duk_is_object(duk, options) || !duk_has_prop_literal(duk, options, "cause")) return;
  duk_get_prop_literal(duk, options, "cause");
  vms__define(duk, error, "cause");
}

/* [ ... list ... value ] */
static duk_ret_t list_step(duk_context *duk, void *list) {
  duk_idx_t at = *(duk_idx_t *)list;
  vms__fresh_put(duk, at, (duk_uarridx_t)duk_get_length(duk, at));
  return 0;
}

/* AggregateError(errors, message, options) */
static duk_ret_t aggregate_error(duk_context *duk) {
  duk_idx_t error = 3, list = 4;
  vms__ref_push(vms__of(duk), duk, VMS__REF_ERROR);
  if (!duk_is_undefined(duk, 1)) duk_dup(duk, 1);
  duk_new(duk, duk_is_undefined(duk, 1) ? 0 : 1);
  if (duk_is_constructor_call(duk)) {
    duk_push_this(duk);
    duk_get_prototype(duk, -1);
    duk_remove(duk, -2);
  } else {
    vms__ref_push(vms__of(duk), duk, VMS__REF_AGGREGATE_PROTO);
  }
  duk_set_prototype(duk, error);
  vms__error_cause(duk, error, 2);
  duk_push_array(duk);
  if (duk_is_null_or_undefined(duk, 0)) return duk_type_error(duk, "object is not iterable");
  vms__iterate(duk, 0, list_step, &list);
  vms__define(duk, error, "errors");
  duk_set_top(duk, error + 1);
  return 1;
}

void vms__error_open(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_global_object(duk);
  duk_get_prop_literal(duk, -1, "Error");
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_ERROR);
  vms__push_constructor(duk, "AggregateError", aggregate_error, 3, 2); /* [ global Error AggregateError ] */
  duk_dup(duk, -2);
  duk_set_prototype(duk, -2);
  duk_push_object(duk);
  duk_get_prop_literal(duk, -3, "prototype");
  duk_set_prototype(duk, -2);
  duk_dup(duk, -2);
  vms__define(duk, -2, "constructor");
  duk_push_literal(duk, "AggregateError");
  vms__define(duk, -2, "name");
  duk_push_literal(duk, "");
  vms__define(duk, -2, "message");
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_AGGREGATE_PROTO);
  duk_push_literal(duk, "prototype");
  duk_insert(duk, -2);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  vms__define(duk, -3, "AggregateError");
  duk_pop_2(duk);
}

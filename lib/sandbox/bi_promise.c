/* SPDX-License-Identifier: MIT */
/* The functions of Promise but then. A capability is a bare array [promise, resolve, reject]. */
#include "lib/sandbox/builtins.h"

enum { CAPABILITY_PROMISE = 0, CAPABILITY_RESOLVE, CAPABILITY_REJECT };

/* Gives the function on top the hidden value below it, which is popped. */
static void bind_hidden(duk_context *duk) {
  vms__ref_push(vms__of(duk), duk, VMS__REF_BOX);
  duk_dup(duk, -3);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_remove(duk, -2);
}

/* Pushes what the running function was bound to. */
static void push_hidden(duk_context *duk) {
  duk_push_current_function(duk);
  vms__own_value(duk, duk_get_heapptr(duk, -1), vms__of(duk)->refs[VMS__REF_BOX]);
  duk_remove(duk, -2);
}

static duk_ret_t executor(duk_context *duk) {
  push_hidden(duk); /* [ resolve reject capability ] */
  for (duk_uarridx_t i = CAPABILITY_RESOLVE; i <= CAPABILITY_REJECT; i++) {
    duk_get_prop_index(duk, 2, i);
    if (!duk_is_undefined(duk, -1)) return duk_type_error(duk, "executor called twice");
  }
  duk_dup(duk, 0);
  duk_put_prop_index(duk, 2, CAPABILITY_RESOLVE);
  duk_dup(duk, 1);
  duk_put_prop_index(duk, 2, CAPABILITY_REJECT);
  return 0;
}

void vms__promise_capability(duk_context *duk, duk_idx_t constructor) {
  vms_sandbox *sandbox = vms__of(duk);
  constructor = duk_normalize_index(duk, constructor);
  duk_push_bare_array(duk);
  if (duk_get_heapptr(duk, constructor) == sandbox->refs[VMS__REF_PROMISE]) {
    vms__promise_push_new(sandbox, duk);
    vms__promise_push_resolving(sandbox, duk); /* [ ... capability promise resolve reject ] */
    duk_put_prop_index(duk, -4, CAPABILITY_REJECT);
    duk_put_prop_index(duk, -3, CAPABILITY_RESOLVE);
    duk_put_prop_index(duk, -2, CAPABILITY_PROMISE);
    return;
  }
  if (!duk_is_constructable(duk, constructor)) (void)duk_type_error(duk, "not a constructor");
  for (duk_uarridx_t i = 0; i < 3; i++) {
    duk_push_undefined(duk);
    duk_put_prop_index(duk, -2, i);
  }
  duk_dup(duk, constructor);
  duk_dup(duk, -2);
  vms__push_function(duk, "", executor, 2, 2, 0);
  bind_hidden(duk);
  duk_new(duk, 1);
  duk_put_prop_index(duk, -2, CAPABILITY_PROMISE);
  for (duk_uarridx_t i = CAPABILITY_RESOLVE; i <= CAPABILITY_REJECT; i++) {
    duk_get_prop_index(duk, -1, i);
    vms__require_callable(duk, -1);
    duk_pop(duk);
  }
}

/* [ ... value ] -> [ ... ]: calls resolve or reject of the capability. */
static void capability_call(duk_context *duk, duk_idx_t capability, duk_uarridx_t which) {
  duk_get_prop_index(duk, capability, which);
  duk_insert(duk, -2);
  duk_call(duk, 1);
  duk_pop(duk);
}

/* [ ... value ] -> [ ... promise ]: PromiseResolve */
static void promise_resolve_with(duk_context *duk, duk_idx_t constructor) {
  vms_sandbox *sandbox = vms__of(duk);
  constructor = duk_normalize_index(duk, constructor);
  if (vms__promise_record(sandbox, duk, -1)) {
    duk_pop(duk);
    duk_get_prop_literal(duk, -1, "constructor");
    bool same = duk_samevalue(duk, -1, constructor) != 0;
    duk_pop(duk);
    if (same) return;
  }
  vms__promise_capability(duk, constructor);
  duk_insert(duk, -2);
  capability_call(duk, duk_get_top(duk) - 2, CAPABILITY_RESOLVE);
  duk_get_prop_index(duk, -1, CAPABILITY_PROMISE);
  duk_remove(duk, -2);
}

static duk_ret_t promise_resolve(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  duk_push_this(duk);
  if (!duk_is_object(duk, 1)) return duk_type_error(duk, "this is not a constructor");
  if (duk_get_heapptr(duk, 1) == sandbox->refs[VMS__REF_PROMISE] && !duk_is_object(duk, 0)) {
    vms__promise_push_new(sandbox, duk);
    duk_dup(duk, 0);
    vms__promise_resolve(sandbox, duk);
    return 1;
  }
  duk_dup(duk, 0);
  promise_resolve_with(duk, 1);
  return 1;
}

static duk_ret_t promise_reject(duk_context *duk) {
  duk_push_this(duk);
  vms__promise_capability(duk, 1);
  duk_dup(duk, 0);
  capability_call(duk, 2, CAPABILITY_REJECT);
  duk_get_prop_index(duk, 2, CAPABILITY_PROMISE);
  return 1;
}

/* --- all, allSettled, any, race ------------------------------------------------------------------------ */

enum { ALL = 0, ALL_SETTLED, ANY, RACE };
enum { ELEMENT_VALUE = 0, ELEMENT_FULFILLED, ELEMENT_REJECTED, ELEMENT_ERROR };
/* What the elements of one call share, and what each has. */
enum { SHARED_VALUES = 0, SHARED_CAPABILITY, SHARED_LEFT, SHARED_KIND };
enum { ELEMENT_CALLED = 0, ELEMENT_INDEX, ELEMENT_SHARED };

/* Pushes an AggregateError with the errors at idx. */
static void push_aggregate(duk_context *duk, duk_idx_t errors) {
  vms_sandbox *sandbox = vms__of(duk);
  errors = duk_normalize_index(duk, errors);
  vms__ref_push(sandbox, duk, VMS__REF_ERROR);
  duk_push_literal(duk, "All promises were rejected");
  duk_new(duk, 1);
  vms__ref_push(sandbox, duk, VMS__REF_AGGREGATE_PROTO);
  duk_set_prototype(duk, -2);
  duk_dup(duk, errors);
  vms__define(duk, -2, "errors");
}

/* One element less is waited for: true if it was the last. */
static bool count_down(duk_context *duk, duk_idx_t shared) {
  duk_get_prop_index(duk, shared, SHARED_LEFT);
  double left = duk_get_number(duk, -1) - 1;
  duk_pop(duk);
  duk_push_number(duk, left);
  duk_put_prop_index(duk, shared, SHARED_LEFT);
  return left == 0;
}

static void finish(duk_context *duk, duk_idx_t shared) {
  duk_idx_t base = duk_get_top(duk);
  duk_get_prop_index(duk, shared, SHARED_CAPABILITY);
  duk_get_prop_index(duk, shared, SHARED_VALUES);
  duk_get_prop_index(duk, shared, SHARED_KIND);
  int kind = duk_get_int(duk, -1);
  duk_pop(duk);
  if (kind == ANY) push_aggregate(duk, -1);
  capability_call(duk, base, kind == ANY ? CAPABILITY_REJECT : CAPABILITY_RESOLVE);
  duk_set_top(duk, base);
}

static duk_ret_t element(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  push_hidden(duk); /* [ value element ] */
  duk_get_prop_index(duk, 1, ELEMENT_CALLED);
  if (duk_get_boolean(duk, -1)) return 0;
  duk_push_true(duk);
  duk_put_prop_index(duk, 1, ELEMENT_CALLED);
  duk_get_prop_index(duk, 1, ELEMENT_INDEX);
  duk_uarridx_t index = (duk_uarridx_t)duk_get_uint(duk, -1);
  duk_get_prop_index(duk, 1, ELEMENT_SHARED);
  duk_idx_t shared = duk_get_top_index(duk);
  duk_get_prop_index(duk, shared, SHARED_VALUES);
  if (what == ELEMENT_FULFILLED || what == ELEMENT_REJECTED) {
    duk_push_object(duk);
    duk_push_literal(duk, "status");
    duk_push_string(duk, what == ELEMENT_FULFILLED ? "fulfilled" : "rejected");
    vms__fresh_define(duk, -3);
    duk_push_string(duk, what == ELEMENT_FULFILLED ? "value" : "reason");
    duk_dup(duk, 0);
    vms__fresh_define(duk, -3);
  } else {
    duk_dup(duk, 0);
  }
  vms__fresh_put(duk, -2, index);
  if (count_down(duk, shared)) finish(duk, shared);
  return 0;
}

/* [ iterable C capability shared resolve values ... value ] */
enum { AT_C = 1, AT_CAPABILITY, AT_SHARED, AT_RESOLVE, AT_VALUES };

static void push_element(duk_context *duk, duk_idx_t record, int what) {
  duk_dup(duk, record);
  vms__push_function(duk, "", element, 1, 1, what);
  bind_hidden(duk);
}

static duk_ret_t combine_step(duk_context *duk, void *udata) {
  static const int first[] = { ELEMENT_VALUE, ELEMENT_FULFILLED, -1, -1 }, second[] = { -1, ELEMENT_REJECTED, ELEMENT_ERROR, -1 };
  int kind = *(int *)udata;
  duk_idx_t promise = duk_get_top_index(duk), record = promise + 1;
  duk_uarridx_t index = (duk_uarridx_t)duk_get_length(duk, AT_VALUES);
  duk_dup(duk, AT_RESOLVE);
  duk_dup(duk, AT_C);
  duk_dup(duk, promise);
  duk_call_method(duk, 1);
  duk_replace(duk, promise);
  duk_push_bare_array(duk);
  if (kind != RACE) {
    duk_push_undefined(duk);
    vms__fresh_put(duk, AT_VALUES, index);
    duk_get_prop_index(duk, AT_SHARED, SHARED_LEFT);
    duk_push_number(duk, duk_get_number(duk, -1) + 1);
    duk_put_prop_index(duk, AT_SHARED, SHARED_LEFT);
    duk_pop(duk);
    duk_push_false(duk);
    duk_put_prop_index(duk, record, ELEMENT_CALLED);
    duk_push_uint(duk, index);
    duk_put_prop_index(duk, record, ELEMENT_INDEX);
    duk_dup(duk, AT_SHARED);
    duk_put_prop_index(duk, record, ELEMENT_SHARED);
  }
  duk_push_literal(duk, "then");
  if (first[kind] >= 0) push_element(duk, record, first[kind]);
  else duk_get_prop_index(duk, AT_CAPABILITY, CAPABILITY_RESOLVE);
  if (second[kind] >= 0) push_element(duk, record, second[kind]);
  else duk_get_prop_index(duk, AT_CAPABILITY, CAPABILITY_REJECT);
  duk_get_prop_literal(duk, promise, "then");
  vms__require_callable(duk, -1);
  duk_replace(duk, -4);
  duk_dup(duk, promise);
  duk_insert(duk, -3);
  duk_call_method(duk, 2);
  return 0;
}

static duk_ret_t combine_all(duk_context *duk, void *udata) {
  duk_get_prop_literal(duk, AT_C, "resolve");
  vms__require_callable(duk, -1);
  duk_replace(duk, AT_RESOLVE);
  vms__iterate(duk, 0, combine_step, udata);
  if (*(int *)udata != RACE && count_down(duk, AT_SHARED)) finish(duk, AT_SHARED);
  return 0;
}

static duk_ret_t promise_combine(duk_context *duk) {
  int kind = duk_get_current_magic(duk);
  duk_push_this(duk);
  vms__promise_capability(duk, AT_C);
  duk_push_bare_array(duk);
  duk_push_undefined(duk);
  duk_push_array(duk); /* [ iterable C capability shared resolve values ] */
  duk_dup(duk, AT_VALUES);
  duk_put_prop_index(duk, AT_SHARED, SHARED_VALUES);
  duk_dup(duk, AT_CAPABILITY);
  duk_put_prop_index(duk, AT_SHARED, SHARED_CAPABILITY);
  duk_push_int(duk, 1);
  duk_put_prop_index(duk, AT_SHARED, SHARED_LEFT);
  duk_push_int(duk, kind);
  duk_put_prop_index(duk, AT_SHARED, SHARED_KIND);
  if (duk_safe_call(duk, combine_all, &kind, 0, 1) != DUK_EXEC_SUCCESS) capability_call(duk, AT_CAPABILITY, CAPABILITY_REJECT);
  duk_get_prop_index(duk, AT_CAPABILITY, CAPABILITY_PROMISE);
  return 1;
}

/* --- catch, finally --------------------------------------------------------------------------------------- */

/* [ ... object a b ] -> [ ... result ]: object.then(a, b) */
static void invoke_then(duk_context *duk, duk_idx_t count) {
  duk_idx_t object = duk_get_top(duk) - 1 - count;
  duk_get_prop_literal(duk, object, "then");
  vms__require_callable(duk, -1);
  duk_insert(duk, object);
  duk_call_method(duk, count);
}

static duk_ret_t promise_catch(duk_context *duk) {
  duk_push_this(duk);
  duk_push_undefined(duk);
  duk_dup(duk, 0);
  invoke_then(duk, 2);
  return 1;
}

/* magic 0: gives the value on, 1: throws it */
static duk_ret_t finally_thunk(duk_context *duk) {
  int throws = duk_get_current_magic(duk);
  push_hidden(duk);
  duk_get_prop_index(duk, -1, 0);
  return throws ? duk_throw(duk) : 1;
}

/* then-finally and catch-finally: [ value ], bound to [onFinally, C] */
static duk_ret_t finally_function(duk_context *duk) {
  int throws = duk_get_current_magic(duk);
  push_hidden(duk);
  duk_get_prop_index(duk, 1, 1); /* [ value bound C ] */
  duk_get_prop_index(duk, 1, 0);
  duk_call(duk, 0);
  promise_resolve_with(duk, 2);
  duk_push_bare_array(duk);
  duk_dup(duk, 0);
  duk_put_prop_index(duk, -2, 0);
  vms__push_function(duk, "", finally_thunk, 0, 0, throws);
  bind_hidden(duk);
  invoke_then(duk, 1);
  return 1;
}

static duk_ret_t promise_finally(duk_context *duk) {
  duk_push_this(duk);
  if (!duk_is_object(duk, 1)) return duk_type_error(duk, "this is not an object");
  vms__push_species_constructor(duk, 1, VMS__REF_PROMISE); /* [ onFinally this C ] */
  duk_dup(duk, 1);
  if (!duk_is_callable(duk, 0)) {
    duk_dup(duk, 0);
    duk_dup(duk, 0);
  } else {
    for (int throws = 0; throws < 2; throws++) {
      duk_push_bare_array(duk);
      duk_dup(duk, 0);
      duk_put_prop_index(duk, -2, 0);
      duk_dup(duk, 2);
      duk_put_prop_index(duk, -2, 1);
      vms__push_function(duk, "", finally_function, 1, 1, throws);
      bind_hidden(duk);
    }
  }
  invoke_then(duk, 2);
  return 1;
}

void vms__push_species_constructor(duk_context *duk, duk_idx_t obj, int otherwise) {
  duk_get_prop_literal(duk, obj, "constructor");
  if (!duk_is_undefined(duk, -1)) {
    if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "constructor is not an object");
    duk_get_prop_literal(duk, -1, DUK_WELLKNOWN_SYMBOL("Symbol.species"));
    duk_remove(duk, -2);
  }
  if (duk_is_null_or_undefined(duk, -1)) {
    duk_pop(duk);
    vms__ref_push(vms__of(duk), duk, otherwise);
    return;
  }
  if (!duk_is_constructable(duk, -1)) (void)duk_type_error(duk, "not a constructor");
}

static duk_ret_t return_this(duk_context *duk) {
  duk_push_this(duk);
  return 1;
}

void vms__define_species(duk_context *duk, duk_idx_t constructor) {
  constructor = duk_normalize_index(duk, constructor);
  duk_push_literal(duk, DUK_WELLKNOWN_SYMBOL("Symbol.species"));
  vms__define_getter(duk, constructor, "get [Symbol.species]", return_this, 0);
}

void vms__promise_library(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method of_constructor[] = {
    { "all", promise_combine, 1, 1, ALL }, { "allSettled", promise_combine, 1, 1, ALL_SETTLED },
    { "any", promise_combine, 1, 1, ANY }, { "race", promise_combine, 1, 1, RACE },
    { "reject", promise_reject, 1, 1, 0 }, { "resolve", promise_resolve, 1, 1, 0 },
  };
  static const vms__method of_prototype[] = { { "catch", promise_catch, 1, 1, 0 }, { "finally", promise_finally, 1, 1, 0 } };
  vms__ref_push(sandbox, duk, VMS__REF_PROMISE);
  vms__define_methods(duk, -1, of_constructor, sizeof of_constructor / sizeof of_constructor[0]);
  vms__define_species(duk, -1);
  vms__ref_push(sandbox, duk, VMS__REF_PROMISE_PROTO);
  vms__define_methods(duk, -1, of_prototype, sizeof of_prototype / sizeof of_prototype[0]);
  vms__define_tag(duk, -1, "Promise");
  duk_pop_2(duk);
}

/* SPDX-License-Identifier: MIT */
/* Promises and the queue of jobs (microtasks), in the order that ECMAScript prescribes.
 *
 * A promise is an object with a hidden property: its record, a bare array [state, value, handled, reactions...] that no
 * script can reach, so that freezing or proxying the object changes nothing. A reaction is four slots, a job five. */
#include "lib/sandbox/builtins.h"

/* What a reaction or job does with its outcome. */
enum {
  JOB_THEN = 1,   /* x: derived promise; handlers                              */
  JOB_AWAIT,      /* x: coroutine's box                                        */
  JOB_CAPABILITY, /* x: {promise, resolve, reject}; handlers                   */
  JOB_PASS,       /* x: promise that takes over the outcome                    */
  JOB_THENABLE,   /* x: promise, handler: its `then`, value: the thenable      */
  JOB_CALL        /* handler: function without arguments                       */
};
enum { REACTION_SLOTS = 4, JOB_SLOTS = 5 };
#define QUEUE_COMPACT 4096u /* consumed slots that are worth moving the rest */

/* --- the queue ------------------------------------------------------------------------------- */

/* [ ... tag x handler state value ] -> [ ... ] */
static void job_push(vms_sandbox *sandbox, duk_context *duk) {
  vms__ref_push(sandbox, duk, VMS__REF_QUEUE);
  duk_insert(duk, -(JOB_SLOTS + 1));
  for (int i = JOB_SLOTS; i > 0; i--)
    duk_put_prop_index(duk, -(i + 1), sandbox->queue_tail + (duk_uarridx_t)i - 1);
  sandbox->queue_tail += JOB_SLOTS;
  duk_pop(duk);
}

void vms__job_push_function(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_int(duk, JOB_CALL);
  duk_push_undefined(duk);
  duk_dup(duk, -3);
  duk_push_undefined(duk);
  duk_push_undefined(duk);
  job_push(sandbox, duk);
  duk_pop(duk);
}

/* --- records --------------------------------------------------------------------------------- */

bool vms__promise_record(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx) {
  return duk_is_object(duk, idx) && vms__own_value(duk, duk_get_heapptr(duk, idx), sandbox->refs[VMS__REF_SLOT]);
}

/* Gives the object on top a fresh record. */
static void record_attach(vms_sandbox *sandbox, duk_context *duk) {
  vms__ref_push(sandbox, duk, VMS__REF_SLOT);
  duk_push_bare_array(duk);
  duk_push_int(duk, VMS__PENDING);
  duk_put_prop_index(duk, -2, VMS__PROMISE_STATE);
  duk_push_undefined(duk);
  duk_put_prop_index(duk, -2, VMS__PROMISE_VALUE);
  duk_push_int(duk, 0);
  duk_put_prop_index(duk, -2, VMS__PROMISE_HANDLED);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
}

void vms__promise_push_new(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_object(duk);
  vms__ref_push(sandbox, duk, VMS__REF_PROMISE_PROTO);
  duk_set_prototype(duk, -2);
  record_attach(sandbox, duk);
}

static int record_int(duk_context *duk, duk_idx_t record, int slot) {
  duk_get_prop_index(duk, record, (duk_uarridx_t)slot);
  int value = duk_get_int(duk, -1);
  duk_pop(duk);
  return value;
}

static void record_put_int(duk_context *duk, duk_idx_t record, int slot, int value) {
  record = duk_normalize_index(duk, record);
  duk_push_int(duk, value);
  duk_put_prop_index(duk, record, (duk_uarridx_t)slot);
}

/* [ ... record value ] -> [ ... ]: settles a pending record and turns its reactions into jobs. */
static void record_settle(vms_sandbox *sandbox, duk_context *duk, int state) {
  duk_idx_t record = duk_get_top_index(duk) - 1, value = record + 1;
  duk_uarridx_t len = (duk_uarridx_t)duk_get_length(duk, record);
  record_put_int(duk, record, VMS__PROMISE_STATE, state);
  duk_dup(duk, value);
  duk_put_prop_index(duk, record, VMS__PROMISE_VALUE);
  for (duk_uarridx_t i = VMS__PROMISE_REACTIONS; i + REACTION_SLOTS <= len; i += REACTION_SLOTS) {
    duk_get_prop_index(duk, record, i);
    duk_get_prop_index(duk, record, i + 1);
    duk_get_prop_index(duk, record, i + (state == VMS__FULFILLED ? 2 : 3));
    duk_push_int(duk, state);
    duk_dup(duk, value);
    job_push(sandbox, duk);
  }
  if (len > VMS__PROMISE_REACTIONS) duk_set_length(duk, record, VMS__PROMISE_REACTIONS);
  if (state == VMS__REJECTED && record_int(duk, record, VMS__PROMISE_HANDLED) == 0) {
    vms__ref_push(sandbox, duk, VMS__REF_UNHANDLED);
    duk_dup(duk, record);
    duk_put_prop_index(duk, -2, sandbox->unhandled_count++);
    duk_pop(duk);
  }
  duk_pop_2(duk);
}

/* [ ... record tag x onFulfilled onRejected ] -> [ ... ]: a reaction, or at once its job. */
static void record_react(vms_sandbox *sandbox, duk_context *duk) {
  duk_idx_t record = duk_get_top(duk) - 5;
  int state = record_int(duk, record, VMS__PROMISE_STATE);
  record_put_int(duk, record, VMS__PROMISE_HANDLED, 1);
  if (state == VMS__PENDING) {
    duk_uarridx_t len = (duk_uarridx_t)duk_get_length(duk, record);
    for (duk_uarridx_t i = REACTION_SLOTS; i > 0; i--) duk_put_prop_index(duk, record, len + i - 1);
    duk_pop(duk);
    return;
  }
  if (state == VMS__FULFILLED) duk_pop(duk);
  else duk_remove(duk, -2);
  duk_push_int(duk, state);
  duk_get_prop_index(duk, record, VMS__PROMISE_VALUE);
  job_push(sandbox, duk);
  duk_pop(duk);
}

/* --- resolving ------------------------------------------------------------------------------- */

/* [ ... promise value ] -> [ ... promise ] */
static void settle(vms_sandbox *sandbox, duk_context *duk, int state) {
  if (!vms__promise_record(sandbox, duk, -2)) {
    duk_pop(duk);
    return;
  }
  if (record_int(duk, -1, VMS__PROMISE_STATE) != VMS__PENDING) {
    duk_pop_2(duk);
    return;
  }
  duk_insert(duk, -2);
  record_settle(sandbox, duk, state);
}

void vms__promise_reject(vms_sandbox *sandbox, duk_context *duk) { settle(sandbox, duk, VMS__REJECTED); }

static duk_ret_t get_then(duk_context *duk, void *unused) {
  (void)unused;
  duk_get_prop_literal(duk, -1, "then");
  return 1;
}

void vms__promise_resolve(vms_sandbox *sandbox, duk_context *duk) {
  if (!duk_is_object(duk, -1)) {
    settle(sandbox, duk, VMS__FULFILLED);
    return;
  }
  if (duk_strict_equals(duk, -1, -2)) {
    duk_pop(duk);
    duk_push_error_object(duk, DUK_ERR_TYPE_ERROR, "chaining cycle detected for promise");
    settle(sandbox, duk, VMS__REJECTED);
    return;
  }
  duk_dup_top(duk);
  if (duk_safe_call(duk, get_then, NULL, 1, 1) != DUK_EXEC_SUCCESS) {
    duk_remove(duk, -2);
    settle(sandbox, duk, VMS__REJECTED);
    return;
  }
  if (!duk_is_callable(duk, -1)) {
    duk_pop(duk);
    settle(sandbox, duk, VMS__FULFILLED);
    return;
  }
  /* [ ... promise thenable then ] */
  duk_push_int(duk, JOB_THENABLE);
  duk_dup(duk, -4);
  duk_dup(duk, -3);
  duk_push_int(duk, VMS__FULFILLED);
  duk_dup(duk, -6);
  job_push(sandbox, duk);
  duk_pop_2(duk);
}

/* A resolving function: this pair's promise is in its hidden slot until either was called. */
static duk_ret_t resolving(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  int state = duk_get_current_magic(duk);
  duk_push_current_function(duk);
  duk_get_prop_heapptr(duk, -1, sandbox->refs[VMS__REF_SHARED]); /* [promise] shared by the pair */
  duk_get_prop_index(duk, -1, 0);
  if (!duk_is_object(duk, -1)) return 0;
  duk_push_undefined(duk);
  duk_put_prop_index(duk, -3, 0);
  duk_dup(duk, 0);
  if (state == VMS__FULFILLED) vms__promise_resolve(sandbox, duk);
  else vms__promise_reject(sandbox, duk);
  return 0;
}

/* [ ... promise ] -> [ ... promise resolve reject ] */
void vms__promise_push_resolving(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_bare_array(duk);
  duk_dup(duk, -2);
  duk_put_prop_index(duk, -2, 0);
  for (int state = VMS__FULFILLED; state <= VMS__REJECTED; state++) {
    vms__push_function(duk, "", resolving, 1, 1, state);
    vms__ref_push(sandbox, duk, VMS__REF_SHARED);
    duk_dup(duk, -2 - state);
    duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  }
  duk_remove(duk, -3);
}

/* True if the value at idx is a promise whose constructor is still the intrinsic one. Reading it may throw. */
static bool is_plain_promise(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx) {
  if (!vms__promise_record(sandbox, duk, idx)) return false;
  duk_pop(duk);
  idx = duk_normalize_index(duk, idx);
  duk_get_prop_literal(duk, idx, "constructor");
  bool plain = duk_get_heapptr(duk, -1) == sandbox->refs[VMS__REF_PROMISE];
  duk_pop(duk);
  return plain;
}

/* --- jobs ------------------------------------------------------------------------------------ */

void vms__fail_with_top(vms_sandbox *sandbox, duk_context *duk) {
  if (!sandbox->failed) {
    sandbox->failed = true;
    vms__ref_push(sandbox, duk, VMS__REF_FAILURE);
    duk_insert(duk, -2);
    duk_put_prop_index(duk, -2, 0);
  }
  duk_pop(duk);
}

/* True if the object's constructor is that of Promise.prototype: then nobody sees which promises `then` makes. */
static bool inherits_constructor(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx) {
  duk_get_prototype(duk, idx);
  duk_push_literal(duk, "constructor");
  bool plain = duk_get_heapptr(duk, -2) == sandbox->refs[VMS__REF_PROMISE_PROTO] && vms__own_enumerable(duk, idx, -1) < 0;
  duk_pop_2(duk);
  return plain;
}

/* [ ... promise then thenable ]: calls then with the pair of resolving functions. */
static void run_thenable(vms_sandbox *sandbox, duk_context *duk) {
  duk_idx_t base = duk_get_top(duk) - 3;
  bool ours = duk_get_heapptr(duk, base + 1) == sandbox->refs[VMS__REF_THEN] && inherits_constructor(sandbox, duk, base + 2);
  if (ours && vms__promise_record(sandbox, duk, base + 2)) { /* what `then` would do, without its unused promise */
    duk_push_int(duk, JOB_PASS);
    duk_dup(duk, base);
    duk_push_undefined(duk);
    duk_push_undefined(duk);
    record_react(sandbox, duk);
    return;
  }
  duk_dup(duk, base);
  vms__promise_push_resolving(sandbox, duk); /* [ promise then thenable promise resolve reject ] */
  duk_dup(duk, base + 1);
  duk_dup(duk, base + 2);
  duk_dup(duk, base + 4);
  duk_dup(duk, base + 5);
  if (duk_pcall_method(duk, 2) != DUK_EXEC_SUCCESS) {
    duk_dup(duk, base + 5);
    duk_insert(duk, -2);
    duk_call(duk, 1);
  }
}

/* [ ... tag x handler state value ] */
static duk_ret_t run_job(duk_context *duk, void *udata) {
  vms_sandbox *sandbox = udata;
  duk_idx_t base = duk_get_top(duk) - JOB_SLOTS; /* a safe call has no stack frame of its own */
  int tag = duk_get_int(duk, base), state = duk_get_int(duk, base + 3);
  duk_require_stack(duk, 8);
  switch (tag) {
    case JOB_AWAIT:
      vms__ref_push(sandbox, duk, VMS__REF_DRIVE);
      duk_dup(duk, base + 1);
      duk_dup(duk, base + 4);
      duk_push_boolean(duk, state == VMS__REJECTED);
      duk_call(duk, 3);
      return 0;
    case JOB_CALL:
      duk_dup(duk, base + 2);
      duk_call(duk, 0);
      return 0;
    case JOB_PASS:
      duk_dup(duk, base + 1);
      duk_dup(duk, base + 4);
      if (state == VMS__FULFILLED) vms__promise_resolve(sandbox, duk);
      else vms__promise_reject(sandbox, duk);
      return 0;
    case JOB_THENABLE:
      duk_remove(duk, base + 3);
      duk_remove(duk, base);
      run_thenable(sandbox, duk);
      return 0;
    default: break;
  }
  if (duk_is_callable(duk, base + 2)) {
    duk_dup(duk, base + 2);
    duk_dup(duk, base + 4);
    state = duk_pcall(duk, 1) == DUK_EXEC_SUCCESS ? VMS__FULFILLED : VMS__REJECTED;
  } else {
    duk_dup(duk, base + 4);
  }
  /* [ tag x handler state value outcome ] */
  if (tag == JOB_THEN) {
    duk_dup(duk, base + 1);
    duk_insert(duk, -2);
    if (state == VMS__FULFILLED) vms__promise_resolve(sandbox, duk);
    else vms__promise_reject(sandbox, duk);
  } else {
    duk_get_prop_index(duk, base + 1, state == VMS__FULFILLED ? 1 : 2);
    duk_insert(duk, -2);
    duk_call(duk, 1);
  }
  return 0;
}

void vms__jobs_run(vms_sandbox *sandbox, duk_context *duk) {
  while (sandbox->queue_head < sandbox->queue_tail) {
    vms__ref_push(sandbox, duk, VMS__REF_QUEUE);
    duk_idx_t queue = duk_get_top_index(duk);
    for (duk_uarridx_t i = 0; i < JOB_SLOTS; i++) {
      duk_get_prop_index(duk, queue, sandbox->queue_head + i);
      duk_push_undefined(duk);
      duk_put_prop_index(duk, queue, sandbox->queue_head + i);
    }
    sandbox->queue_head += JOB_SLOTS;
    if (sandbox->queue_head == sandbox->queue_tail) {
      sandbox->queue_head = sandbox->queue_tail = 0;
    } else if (sandbox->queue_head >= QUEUE_COMPACT && sandbox->queue_head >= sandbox->queue_tail / 2) {
      uint32_t left = sandbox->queue_tail - sandbox->queue_head;
      for (uint32_t i = 0; i < left; i++) {
        duk_get_prop_index(duk, queue, sandbox->queue_head + i);
        duk_put_prop_index(duk, queue, i);
      }
      duk_set_length(duk, queue, left);
      sandbox->queue_head = 0;
      sandbox->queue_tail = left;
    }
    duk_remove(duk, queue);
    if (duk_safe_call(duk, run_job, sandbox, JOB_SLOTS, 1) != DUK_EXEC_SUCCESS) vms__fail_with_top(sandbox, duk);
    else duk_pop(duk);
  }
}

void vms__jobs_finish(vms_sandbox *sandbox, duk_context *duk) {
  vms__ref_push(sandbox, duk, VMS__REF_UNHANDLED);
  for (uint32_t i = 0; i < sandbox->unhandled_count; i++) {
    duk_get_prop_index(duk, -1, i);
    if (record_int(duk, -1, VMS__PROMISE_HANDLED) == 0) {
      duk_get_prop_index(duk, -1, VMS__PROMISE_VALUE);
      vms__fail_with_top(sandbox, duk);
    }
    duk_pop(duk);
  }
  duk_set_length(duk, -1, 0);
  sandbox->unhandled_count = 0;
  vms__ref_push(sandbox, duk, VMS__REF_QUEUE);
  duk_set_length(duk, -1, 0);
  sandbox->queue_head = sandbox->queue_tail = 0;
  duk_pop_2(duk);
}

/* --- what scripts see -------------------------------------------------------------------------- */

static duk_ret_t promise_constructor(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "Promise must be called with new");
  if (!duk_is_callable(duk, 0)) return duk_type_error(duk, "Promise resolver is not a function");
  duk_push_this(duk);
  record_attach(sandbox, duk);
  vms__promise_push_resolving(sandbox, duk); /* [ executor this resolve reject ] */
  duk_dup(duk, 0);
  duk_dup(duk, 2);
  duk_dup(duk, 3);
  if (duk_pcall(duk, 2) != DUK_EXEC_SUCCESS) {
    duk_dup(duk, 3);
    duk_insert(duk, -2);
    duk_call(duk, 1);
  }
  duk_dup(duk, 1);
  return 1;
}

/* [ onFulfilled onRejected promise ] */
static duk_ret_t then(vms_sandbox *sandbox, duk_context *duk, bool with_species) {
  int tag = JOB_THEN;
  if (!vms__promise_record(sandbox, duk, 2)) return duk_type_error(duk, "not a promise");
  if (with_species) vms__push_species_constructor(duk, 2, VMS__REF_PROMISE);
  else vms__ref_push(sandbox, duk, VMS__REF_PROMISE); /* [ onFulfilled onRejected promise record species ] */
  if (duk_get_heapptr(duk, 4) == sandbox->refs[VMS__REF_PROMISE]) {
    vms__promise_push_new(sandbox, duk);
  } else {
    tag = JOB_CAPABILITY;
    vms__promise_capability(duk, 4);
  }
  duk_dup(duk, 3);
  duk_push_int(duk, tag);
  duk_dup(duk, 5);
  duk_dup(duk, 0);
  duk_dup(duk, 1);
  record_react(sandbox, duk);
  if (tag == JOB_CAPABILITY) duk_get_prop_index(duk, 5, 0);
  return 1;
}

static duk_ret_t promise_then(duk_context *duk) {
  duk_push_this(duk);
  return then(vms__of(duk), duk, true);
}

/* --- for the prelude ----------------------------------------------------------------------------- */

static duk_ret_t native_new(duk_context *duk) {
  vms__promise_push_new(vms__of(duk), duk);
  return 1;
}

/* resolve(promise, value), reject(promise, reason) */
static duk_ret_t native_settle(duk_context *duk) {
  if (duk_get_current_magic(duk) == VMS__FULFILLED) vms__promise_resolve(vms__of(duk), duk);
  else vms__promise_reject(vms__of(duk), duk);
  return 0;
}

/* settled(value), failed(reason): a promise that is settled from the start. */
static duk_ret_t native_settled(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__promise_push_new(sandbox, duk);
  duk_insert(duk, 0);
  if (duk_get_current_magic(duk) == VMS__FULFILLED) vms__promise_resolve(sandbox, duk);
  else vms__promise_reject(sandbox, duk);
  return 1;
}

/* awaitOn(box, value): the coroutine in the box goes on when the value is settled. */
static duk_ret_t native_await_on(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (!duk_is_object(duk, 1)) { /* a promise would be fulfilled at once, and its reaction a job at once */
    duk_push_int(duk, JOB_AWAIT);
    duk_dup(duk, 0);
    duk_push_undefined(duk);
    duk_push_int(duk, VMS__FULFILLED);
    duk_dup(duk, 1);
    job_push(sandbox, duk);
    return 0;
  }
  if (!is_plain_promise(sandbox, duk, 1)) {
    vms__promise_push_new(sandbox, duk);
    duk_insert(duk, 1);
    vms__promise_resolve(sandbox, duk);
  }
  vms__promise_record(sandbox, duk, 1);
  duk_push_int(duk, JOB_AWAIT);
  duk_dup(duk, 0);
  duk_push_undefined(duk);
  duk_push_undefined(duk);
  record_react(sandbox, duk);
  return 0;
}

/* promiseOf(value): PromiseResolve(%Promise%, value) */
static duk_ret_t native_promise_of(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (is_plain_promise(sandbox, duk, 0)) return 1;
  vms__promise_push_new(sandbox, duk);
  duk_insert(duk, 0);
  vms__promise_resolve(sandbox, duk);
  return 1;
}

/* then(promise, onFulfilled, onRejected): an intrinsic promise, whatever the script made of `then` and species */
static duk_ret_t native_then(duk_context *duk) {
  duk_dup(duk, 0);
  duk_remove(duk, 0);
  return then(vms__of(duk), duk, false);
}

static duk_ret_t native_queue(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (!duk_is_callable(duk, 0)) return duk_type_error(duk, "callback is not a function");
  vms__job_push_function(sandbox, duk);
  return 0;
}

/* [ ... value ] -> [ ... promise ] */
void vms__promise_of(vms_sandbox *sandbox, duk_context *duk) {
  if (!is_plain_promise(sandbox, duk, -1)) {
    vms__promise_push_new(sandbox, duk);
    duk_insert(duk, -2);
    vms__promise_resolve(sandbox, duk);
  }
  vms__promise_record(sandbox, duk, -1);
  record_put_int(duk, -1, VMS__PROMISE_HANDLED, 1);
  duk_pop(duk);
}

void vms__promise_open(vms_sandbox *sandbox, duk_context *duk, duk_idx_t native) {
  duk_push_literal(duk, DUK_HIDDEN_SYMBOL("promise"));
  vms__ref_set(sandbox, duk, VMS__REF_SLOT);
  duk_push_literal(duk, DUK_HIDDEN_SYMBOL("shared"));
  vms__ref_set(sandbox, duk, VMS__REF_SHARED);
  duk_push_bare_array(duk);
  vms__ref_set(sandbox, duk, VMS__REF_QUEUE);
  duk_push_bare_array(duk);
  vms__ref_set(sandbox, duk, VMS__REF_UNHANDLED);
  duk_push_bare_array(duk);
  vms__ref_set(sandbox, duk, VMS__REF_FAILURE);

  vms__push_constructor(duk, "Promise", promise_constructor, 1, 1);
  duk_push_object(duk); /* Promise.prototype */
  duk_dup(duk, -2);
  vms__define(duk, -2, "constructor");
  vms__define_function(duk, -1, "then", promise_then, 2, 0);
  duk_get_prop_literal(duk, -1, "then");
  vms__ref_set(sandbox, duk, VMS__REF_THEN);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_PROMISE_PROTO);
  duk_push_literal(duk, "prototype");
  duk_insert(duk, -2);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_PROMISE);
  duk_push_global_object(duk);
  duk_insert(duk, -2);
  vms__define(duk, -2, "Promise");
  vms__define_function(duk, -1, "queueMicrotask", native_queue, 1, 0);
  duk_pop(duk);

  vms__define_function(duk, native, "promiseNew", native_new, 0, 0);
  vms__define_function(duk, native, "resolve", native_settle, 2, VMS__FULFILLED);
  vms__define_function(duk, native, "reject", native_settle, 2, VMS__REJECTED);
  vms__define_function(duk, native, "settled", native_settled, 1, VMS__FULFILLED);
  vms__define_function(duk, native, "failed", native_settled, 1, VMS__REJECTED);
  vms__define_function(duk, native, "promiseOf", native_promise_of, 1, 0);
  vms__define_function(duk, native, "then", native_then, 3, 0);
  vms__define_function(duk, native, "awaitOn", native_await_on, 2, 0);
}

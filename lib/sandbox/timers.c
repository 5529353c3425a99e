/* SPDX-License-Identifier: MIT */
/* Timers on virtual time: nothing ever waits. When no job is left, the clock of the call jumps to the timer that is due
 * next. The functions live in the script's heap, the order here. */
#include "lib/sandbox/internal.h"

#define DELAY_MAX 2147483647.0 /* as in browsers and Node: what is longer counts as 1 */

enum { KIND_TIMEOUT, KIND_INTERVAL, KIND_IMMEDIATE };

/* set…(function, delay, arguments...) */
static duk_ret_t timer_set(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  int kind = duk_get_current_magic(duk);
  duk_idx_t count = duk_get_top(duk), skip = kind == KIND_IMMEDIATE ? 1 : 2;
  double delay = 0;
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "timers cannot be used while the script loads");
  if (!duk_is_callable(duk, 0)) return duk_type_error(duk, "callback is not a function");
  if (kind != KIND_IMMEDIATE) {
    delay = count > 1 ? duk_to_number(duk, 1) : 1;
    delay = delay >= 1 && delay <= DELAY_MAX ? (double)(int64_t)delay : 1;
  }
  vms__ref_push(sandbox, duk, VMS__REF_TIMERS);
  duk_push_bare_array(duk);
  duk_dup(duk, 0);
  duk_put_prop_index(duk, -2, 0);
  for (duk_idx_t i = skip; i < count; i++) {
    duk_dup(duk, i);
    duk_put_prop_index(duk, -2, (duk_uarridx_t)(i - skip + 1));
  }
  if (vms__grow(sandbox->env, &sandbox->timers, &sandbox->timer_capacity, sandbox->timer_count, 1,
                sizeof *sandbox->timers) != VMS_OK)
    vms__leave_status(sandbox, VMS_ERR_NOMEM);
  uint32_t id = ++sandbox->timer_id;
  vms__charge(&sandbox->meter, 8);
  duk_put_prop_index(duk, -2, id);
  sandbox->timers[sandbox->timer_count++] =
      (vms__timer){ sandbox->meter.now_ms + delay, sandbox->timer_order++, kind == KIND_INTERVAL ? delay : 0, id, 0 };
  if (kind != KIND_INTERVAL) sandbox->timeout_count++;
  duk_push_uint(duk, id);
  return 1;
}

static void timer_remove(vms_sandbox *sandbox, duk_context *duk, size_t at) {
  if (sandbox->timers[at].period == 0) sandbox->timeout_count--;
  vms__ref_push(sandbox, duk, VMS__REF_TIMERS);
  duk_del_prop_index(duk, -1, sandbox->timers[at].id);
  duk_pop(duk);
  sandbox->timers[at] = sandbox->timers[--sandbox->timer_count];
}

static duk_ret_t timer_clear(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (!duk_is_number(duk, 0)) return 0;
  double id = duk_get_number(duk, 0);
  vms__charge(&sandbox->meter, sandbox->timer_count / 8);
  for (size_t i = 0; i < sandbox->timer_count; i++)
    if (sandbox->timers[i].id == id) {
      timer_remove(sandbox, duk, i);
      break;
    }
  return 0;
}

static bool is_before(const vms__timer *a, const vms__timer *b) {
  return a->due != b->due ? a->due < b->due : a->order < b->order;
}

/* [ ... [function, arguments...] ] */
static duk_ret_t timer_call(duk_context *duk, void *unused) {
  duk_idx_t list = duk_get_top_index(duk);
  duk_uarridx_t count = (duk_uarridx_t)duk_get_length(duk, list);
  (void)unused;
  duk_require_stack(duk, (duk_idx_t)count + 1);
  for (duk_uarridx_t i = 0; i < count; i++) duk_get_prop_index(duk, list, i);
  duk_call(duk, (duk_idx_t)count - 1);
  return 0;
}

bool vms__timers_run_next(vms_sandbox *sandbox, duk_context *duk) {
  size_t next = 0;
  if (sandbox->timer_count == 0) return false;
  vms__charge(&sandbox->meter, sandbox->timer_count / 8);
  for (size_t i = 1; i < sandbox->timer_count; i++)
    if (is_before(&sandbox->timers[i], &sandbox->timers[next])) next = i;
  vms__timer *timer = &sandbox->timers[next];
  if (timer->due > sandbox->meter.now_ms) sandbox->meter.now_ms = timer->due;
  vms__ref_push(sandbox, duk, VMS__REF_TIMERS);
  duk_get_prop_index(duk, -1, timer->id);
  duk_remove(duk, -2);
  if (timer->period == 0) {
    timer_remove(sandbox, duk, next);
  } else {
    timer->due = sandbox->meter.now_ms + timer->period;
    timer->order = sandbox->timer_order++;
  }
  if (duk_safe_call(duk, timer_call, NULL, 1, 1) != DUK_EXEC_SUCCESS) vms__fail_with_top(sandbox, duk);
  else duk_pop(duk);
  vms__jobs_run(sandbox, duk);
  return true;
}

void vms__timers_clear(vms_sandbox *sandbox, duk_context *duk) {
  while (sandbox->timer_count > 0) timer_remove(sandbox, duk, sandbox->timer_count - 1);
  assert(sandbox->timeout_count == 0);
}

void vms__timers_open(vms_sandbox *sandbox, duk_context *duk) {
  duk_push_bare_object(duk);
  vms__ref_set(sandbox, duk, VMS__REF_TIMERS);
  duk_push_global_object(duk);
  vms__define_function(duk, -1, "setTimeout", timer_set, DUK_VARARGS, KIND_TIMEOUT);
  vms__define_function(duk, -1, "setInterval", timer_set, DUK_VARARGS, KIND_INTERVAL);
  vms__define_function(duk, -1, "setImmediate", timer_set, DUK_VARARGS, KIND_IMMEDIATE);
  vms__define_function(duk, -1, "clearTimeout", timer_clear, 1, 0);
  vms__define_function(duk, -1, "clearInterval", timer_clear, 1, 0);
  vms__define_function(duk, -1, "clearImmediate", timer_clear, 1, 0);
  duk_pop(duk);
}

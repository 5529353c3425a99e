/* SPDX-License-Identifier: MIT */
/* A sandbox's life: boot, the top level, calls, outcomes. */
#include "lib/sandbox/builtins.h"
#include "lib/sandbox/js.h"

#define MEMORY_MAX (UINT64_C(64) << 20)
#define MEMORY_CEILING (UINT64_C(2) << 30) /* lengths inside Duktape are 32 bits */
#define STEPS_MAX UINT64_C(10000000)
#define STEPS_CEILING ((uint64_t)INT64_MAX / 2)
#define RESULT_MAX (UINT64_C(1) << 20)
#define ERROR_TEXT_MAX ((size_t)4096) /* bytes of an error's name, and of its message */
#define NEVER "the call can never finish: its promise is still pending and nothing is left to run"

void vms__ref_set(vms_sandbox *sandbox, duk_context *duk, int ref) {
  sandbox->refs[ref] = duk_get_heapptr(duk, -1);
  duk_push_heap_stash(duk);
  duk_insert(duk, -2);
  duk_put_prop_index(duk, -2, (duk_uarridx_t)ref);
  duk_pop(duk);
}

/* [ ... value ] -> [ ... ] */
static void define_as(duk_context *duk, duk_idx_t obj, const char *name, duk_uint_t enumerable) {
  obj = duk_normalize_index(duk, obj);
  duk_push_string(duk, name);
  duk_insert(duk, -2);
  duk_def_prop(duk, obj, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE | enumerable);
}

void vms__define(duk_context *duk, duk_idx_t obj, const char *name) { define_as(duk, obj, name, DUK_DEFPROP_CLEAR_ENUMERABLE); }
void vms__define_shown(duk_context *duk, duk_idx_t obj, const char *name) { define_as(duk, obj, name, DUK_DEFPROP_SET_ENUMERABLE); }

static void push_named(duk_context *duk, const char *name, duk_c_function function, int nargs, int length, int constructor) {
  vms__push_native(duk, function, nargs, constructor);
  duk_push_literal(duk, "length");
  duk_push_int(duk, length);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  duk_push_literal(duk, "name");
  duk_push_string(duk, name);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
}

void vms__push_function(duk_context *duk, const char *name, duk_c_function function, int nargs, int length, int magic) {
  push_named(duk, name, function, nargs, length, 0);
  duk_set_magic(duk, -1, magic);
}

void vms__push_constructor(duk_context *duk, const char *name, duk_c_function function, int nargs, int length) {
  push_named(duk, name, function, nargs, length, 1);
}

void vms__define_function(duk_context *duk, duk_idx_t obj, const char *name, duk_c_function function, duk_idx_t nargs,
                          int magic) {
  obj = duk_normalize_index(duk, obj);
  vms__push_function(duk, name, function, nargs, nargs > 0 ? nargs : 0, magic);
  vms__define(duk, obj, name);
}

void vms__define_methods(duk_context *duk, duk_idx_t obj, const vms__method *methods, size_t count) {
  obj = duk_normalize_index(duk, obj);
  for (size_t i = 0; i < count; i++) {
    vms__push_function(duk, methods[i].name, methods[i].function, methods[i].nargs, methods[i].length, methods[i].magic);
    vms__define(duk, obj, methods[i].name);
  }
}

void vms__define_tag(duk_context *duk, duk_idx_t obj, const char *tag) {
  obj = duk_normalize_index(duk, obj);
  duk_push_literal(duk, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"));
  duk_push_string(duk, tag);
  duk_def_prop(duk, obj, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
}

void vms__define_getter(duk_context *duk, duk_idx_t obj, const char *name, duk_c_function function, int magic) {
  obj = duk_normalize_index(duk, obj);
  vms__push_function(duk, name, function, 0, 0, magic);
  duk_def_prop(duk, obj, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_CLEAR_ENUMERABLE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
}

/* --- boot -------------------------------------------------------------------------------------- */

static void engine_fatal(void *udata, const char *message) {
  vms_sandbox *sandbox = udata;
  vms__fail(sandbox->error, VMS_ERR_CORRUPT, 0, "the engine failed: %s", message == NULL ? "?" : message);
  vms__leave_status(sandbox, VMS_ERR_CORRUPT);
}

static duk_ret_t boot_safely(duk_context *duk, void *udata) {
  vms__globals_open(udata, duk);
  return 0;
}

static void work_boot(vms_sandbox *sandbox) {
  sandbox->duk = duk_create_heap(vms__heap_alloc, vms__heap_realloc, vms__heap_free, sandbox, engine_fatal);
  if (sandbox->duk == NULL) vms__leave(sandbox, VMS__LEFT_MEMORY);
  if (duk_safe_call(sandbox->duk, boot_safely, sandbox, 0, 1) != DUK_EXEC_SUCCESS)
    engine_fatal(sandbox, duk_safe_to_string(sandbox->duk, -1));
  duk_pop(sandbox->duk);
}

static uint32_t random_seed(const vms_env *env) {
  uint32_t seed = 0x9e3779b9u;
  if (env != NULL && env->entropy != NULL && env->entropy(env->context, &seed, sizeof seed) != VMS_OK) seed = 1;
  return seed;
}

int vms_sandbox_new(vms_sandbox **made, const vms_sandbox_options *options, const vms_sandbox_host *host,
                    vms_error *error) {
  vms_sandbox_options known = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox *sandbox;
  assert(made != NULL);
  *made = NULL;
  int status = vms__options_load(&known, sizeof known, options, error);
  if (status != VMS_OK) return status;
  sandbox = vms__alloc(known.env, sizeof *sandbox);
  if (sandbox == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a sandbox");
  sandbox->env = known.env;
  sandbox->host = (vms_sandbox_host)VMS_SANDBOX_HOST_INIT;
  status = vms__options_load(&sandbox->host, sizeof sandbox->host, host, error);
  if (status != VMS_OK) {
    vms__free(known.env, sandbox, sizeof *sandbox);
    return status;
  }
  sandbox->meter.left = INT64_MAX;
  sandbox->meter.cap = VMS__MIN(known.memory_max == 0 ? MEMORY_MAX : known.memory_max, MEMORY_CEILING);
  vms__hash_seed(&sandbox->meter, random_seed(known.env));
  sandbox->error = error;
  vms_buffer_init(&sandbox->names, known.env);
  vms_buffer_init(&sandbox->exports, known.env);
  vms_buffer_init(&sandbox->scratch, known.env);
  vms_buffer_init(&sandbox->console, known.env);
  vms_buffer_init(&sandbox->console_marks, known.env);
  vms_buffer_init(&sandbox->params, known.env);
  vms_buffer_init(&sandbox->data, known.env);
  vms_buffer_init(&sandbox->source, known.env);
  vms__js_map_init(&sandbox->map, known.env);
  vms_buffer_init(&sandbox->lowered, known.env);
  vms_buffer_init(&sandbox->diagnostic, known.env);
  vms_buffer_init(&sandbox->reply.body, known.env);
  status = vms__stack_open(sandbox);
  if (status != VMS_OK) {
    vms__fail(error, status, 0, "no memory for the engine's stack");
    goto done;
  }
  switch (vms__enter(sandbox, work_boot)) {
    case VMS__LEFT_DONE: break;
    case VMS__LEFT_STATUS:
      status = sandbox->status;
      if (status == VMS_ERR_NOMEM) vms__fail(error, status, 0, "out of memory for a sandbox");
      goto done;
    default:
      status = vms__fail(error, VMS_ERR_NOMEM, 0, "memory_max is too small for an empty sandbox");
      goto done;
  }
  sandbox->state = VMS__IDLE;
  sandbox->error = NULL;
  *made = sandbox;
done:
  if (status != VMS_OK) vms_sandbox_free(sandbox);
  return status;
}

void vms_sandbox_free(vms_sandbox *sandbox) {
  if (sandbox == NULL) return;
  vms__heap_release(sandbox); /* without running anything: the heap may have been left in the middle of it */
  vms__stack_close(sandbox);
  vms__free(sandbox->env, sandbox->timers, sandbox->timer_capacity * sizeof *sandbox->timers);
  vms_buffer_free(&sandbox->names);
  vms_buffer_free(&sandbox->exports);
  vms_buffer_free(&sandbox->scratch);
  vms_buffer_free(&sandbox->console);
  vms_buffer_free(&sandbox->console_marks);
  vms_buffer_free(&sandbox->params);
  vms_buffer_free(&sandbox->data);
  vms_buffer_free(&sandbox->source);
  vms__js_map_free(&sandbox->map);
  vms_buffer_free(&sandbox->lowered);
  vms_buffer_free(&sandbox->diagnostic);
  vms_buffer_free(&sandbox->reply.body);
  vms__free(sandbox->env, sandbox, sizeof *sandbox);
}

/* --- outcomes ------------------------------------------------------------------------------------ */

static void append_or_leave(vms_sandbox *sandbox, vms_buffer *buffer, vms_slice text) {
  if (vms__buf_slice(buffer, text) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
}

/* [ error "name" or "message" ] -> text */
static duk_ret_t error_member(duk_context *duk, void *unused) {
  (void)unused;
  duk_get_prop(duk, -2);
  if (duk_is_undefined(duk, -1)) return 0;
  duk_safe_to_string(duk, -1);
  return 1;
}

static duk_ret_t value_text(duk_context *duk, void *unused) {
  (void)unused;
  if (duk_is_symbol(duk, -1)) duk_push_literal(duk, "a symbol");
  duk_safe_to_string(duk, -1);
  return 1;
}

static void take_member(vms_sandbox *sandbox, duk_context *duk, const char *name, const char *otherwise, vms_buffer *out) {
  duk_dup_top(duk);
  duk_push_string(duk, name);
  int failed = duk_safe_call(duk, error_member, NULL, 2, 1);
  if (failed || !duk_is_string(duk, -1) || duk_is_symbol(duk, -1))
    append_or_leave(sandbox, out, vms__slice_of(otherwise));
  else vms__take_utf8_max(sandbox, duk, -1, ERROR_TEXT_MAX, out);
  duk_pop(duk);
}

static void report_error(vms_sandbox *sandbox, duk_context *duk) {
  vms_sandbox_outcome *outcome = sandbox->outcome;
  outcome->kind = VMS_SANDBOX_ERROR;
  vms__ref_push(sandbox, duk, VMS__REF_FAILURE);
  duk_get_prop_index(duk, -1, 0);
  if (duk_is_error(duk, -1)) {
    take_member(sandbox, duk, "name", "Error", &outcome->name);
    take_member(sandbox, duk, "message", "", &outcome->message);
    if (sandbox->call->stack != NULL) { /* for people: whether they ask for it must not be seen in the steps */
      int64_t left = sandbox->meter.left;
      sandbox->meter.left = INT64_MAX;
      vms__trace_frames(sandbox, duk, NULL, sandbox->call->stack);
      sandbox->meter.left = left;
    }
  } else {
    append_or_leave(sandbox, &outcome->name, VMS__TEXT("Error"));
    if (duk_safe_call(duk, value_text, NULL, 1, 1) == DUK_EXEC_SUCCESS && duk_is_string(duk, -1))
      vms__take_utf8_max(sandbox, duk, -1, ERROR_TEXT_MAX, &outcome->message);
  }
  duk_set_top(duk, 0);
  vms__ref_push(sandbox, duk, VMS__REF_FAILURE);
  duk_set_length(duk, -1, 0);
  duk_pop(duk);
}

/* Appends a name to a list of texts with their lengths. */
static void list_add(vms_sandbox *sandbox, vms_buffer *list, vms_slice name) {
  uint32_t len = (uint32_t)name.len;
  append_or_leave(sandbox, list, (vms_slice){ (const char *)&len, sizeof len });
  append_or_leave(sandbox, list, name);
}

static bool list_has(const vms_buffer *list, vms_slice name) {
  for (size_t at = 0; at < list->len;) {
    uint32_t len;
    memcpy(&len, list->data + at, sizeof len);
    at += sizeof len;
    if (vms__slice_equal((vms_slice){ list->data + at, len }, name)) return true;
    at += len;
  }
  return false;
}

/* Fills in what every outcome has, and what a limit says. Returns the status of the call. */
static int finish(vms_sandbox *sandbox, int left, uint64_t steps_max, vms_sandbox_outcome *outcome, vms_error *error) {
  int64_t unused = sandbox->meter.left;
  const char *name = NULL;
  sandbox->call = NULL;
  sandbox->outcome = NULL;
  sandbox->error = NULL;
  outcome->steps = unused < 0 ? steps_max : steps_max - (uint64_t)unused;
  outcome->peak_bytes = sandbox->meter.peak;
  sandbox->meter.left = INT64_MAX;
  switch (left) {
    case VMS__LEFT_DONE: return VMS_OK;
    case VMS__LEFT_STEPS: name = "steps"; break;
    case VMS__LEFT_MEMORY: name = "memory"; break;
    case VMS__LEFT_RESULT: name = "result"; break;
    case VMS__LEFT_FILES: name = "files"; break;
    default:
      if (sandbox->status == VMS_ERR_NOMEM) vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for the script");
      return sandbox->status;
  }
  outcome->kind = VMS_SANDBOX_ABORTED;
  if (vms__buf_text(&outcome->name, name) != VMS_OK ||
      vms__buf_format(&outcome->message, "the call met its limit of %s", name) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for the outcome");
  return VMS_OK;
}

/* Runs one piece of work under the limits of the call. */
static int run(vms_sandbox *sandbox, const vms_sandbox_call *given, int state, void (*work)(vms_sandbox *sandbox),
               vms_sandbox_outcome *outcome, vms_error *error) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  size_t lens[3] = { outcome->result.len, outcome->name.len, outcome->message.len };
  int status = vms__options_load(&call, sizeof call, given, error);
  if (status != VMS_OK) return status;
  uint64_t steps_max = VMS__MIN(call.steps_max == 0 ? STEPS_MAX : call.steps_max, STEPS_CEILING);
  sandbox->result_max = call.result_max == 0 ? RESULT_MAX : call.result_max;
  sandbox->meter.left = (int64_t)steps_max;
  sandbox->meter.peak = sandbox->meter.used;
  sandbox->meter.now_ms = (double)call.time_ms;
  sandbox->call = &call;
  sandbox->outcome = outcome;
  sandbox->error = error;
  sandbox->failed = false;
  sandbox->seeded = false;
  sandbox->console_indent = 0;
  sandbox->state = state;
  outcome->kind = VMS_SANDBOX_RESULT;
  outcome->reserved = 0;
  int left = vms__enter(sandbox, work);
  if (left != VMS__LEFT_DONE) { /* nothing half written remains */
    outcome->result.len = lens[0];
    outcome->name.len = lens[1];
    outcome->message.len = lens[2];
  } else {
    sandbox->state = VMS__IDLE;
  }
  return finish(sandbox, left, steps_max, outcome, error);
}

/* --- what a run leaves to do --------------------------------------------------------------------- */

static int promise_state(vms_sandbox *sandbox, duk_context *duk) {
  vms__promise_record(sandbox, duk, 0);
  duk_get_prop_index(duk, -1, VMS__PROMISE_STATE);
  int state = duk_get_int(duk, -1);
  duk_pop_2(duk);
  return state;
}

/* Runs jobs and timers until nothing but intervals is left, and those until the promise at 0 settled. */
static void drain(vms_sandbox *sandbox, duk_context *duk) {
  vms__jobs_run(sandbox, duk);
  while (sandbox->timeout_count > 0 || (sandbox->timer_count > 0 && !sandbox->failed && sandbox->waiting &&
                                        promise_state(sandbox, duk) == VMS__PENDING))
    vms__timers_run_next(sandbox, duk);
  vms__timers_clear(sandbox, duk);
}

/* --- the top level --------------------------------------------------------------------------------- */

static duk_ret_t compile_and_run(duk_context *duk, void *udata) {
  vms_sandbox *sandbox = udata;
  vms__push_utf8(sandbox, duk, vms__buf_view(&sandbox->lowered));
  duk_push_literal(duk, "contract.js");
  duk_compile(duk, DUK_COMPILE_EVAL);
  vms_buffer_free(&sandbox->lowered);
  duk_call(duk, 0); /* [ wrapper ] */
  duk_push_object(duk);
  duk_push_object(duk);
  duk_dup_top(duk);
  duk_put_prop_literal(duk, 1, "exports"); /* [ wrapper module exports ] */
  duk_insert(duk, 1);
  duk_dup(duk, 0);
  if (sandbox->call->flags & VMS_SANDBOX_SCRIPT) duk_push_global_object(duk);
  else duk_dup(duk, 1);
  duk_dup(duk, 1);
  duk_dup(duk, 2);
  vms__ref_push(sandbox, duk, VMS__REF_SYSTEM);
  vms__ref_push(sandbox, duk, VMS__REF_CONSOLE);
  vms__ref_push(sandbox, duk, VMS__REF_VMS);
  duk_call_method(duk, 5);
  duk_set_top(duk, 3);
  return 1; /* module */
}

static bool is_callable_name(vms_slice name) {
  return !vms__slice_is(name, "init") && !vms__slice_is(name, "handshake") &&
         (name.len == 0 || memchr(name.data, '.', name.len) == NULL);
}

/* [ methods name ]: adds the name to the lists. */
static void method_add(vms_sandbox *sandbox, duk_context *duk) {
  vms_buffer *out = &sandbox->scratch;
  vms__buf_clear(out);
  vms__take_utf8(sandbox, duk, -1, out);
  vms_slice name = out->data == NULL ? VMS__TEXT("") : vms__buf_view(out);
  list_add(sandbox, &sandbox->exports, name);
  if (!is_callable_name(name)) return;
  if (sandbox->names.len > 1) append_or_leave(sandbox, &sandbox->names, VMS__TEXT(","));
  if (vms__buf_json_string(&sandbox->names, name.data, name.len) != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
}

/* [ module ], at the bottom: takes the exported functions, once and for all. */
static duk_ret_t collect_exports(duk_context *duk, void *udata) {
  vms_sandbox *sandbox = udata;
  append_or_leave(sandbox, &sandbox->names, VMS__TEXT("["));
  duk_push_bare_object(duk);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_METHODS);
  duk_get_prop_literal(duk, 0, "exports");
  if (duk_is_object(duk, 2)) {
    duk_dup(duk, 2);
    vms__ref_set(sandbox, duk, VMS__REF_EXPORTS);
    duk_enum(duk, 2, DUK_ENUM_OWN_PROPERTIES_ONLY);
    while (duk_next(duk, 3, 0)) {
      duk_dup_top(duk);
      duk_get_prop_desc(duk, 2, 0);
      if (duk_is_object(duk, -1) && duk_get_prop_literal(duk, -1, "value") && duk_is_callable(duk, -1)) {
        duk_dup(duk, 4);
        duk_insert(duk, -2);
        duk_put_prop(duk, 1);
        duk_set_top(duk, 5);
        method_add(sandbox, duk);
      }
      duk_set_top(duk, 4);
    }
  }
  append_or_leave(sandbox, &sandbox->names, VMS__TEXT("]"));
  return 0;
}

static void report_syntax(vms_sandbox *sandbox) {
  vms_slice text = vms__buf_view(&sandbox->diagnostic);
  const char *end = text.len == 0 ? NULL : memchr(text.data, '\n', text.len);
  if (end != NULL) text.len = (size_t)(end - text.data);
  text.len = VMS__MIN(text.len, ERROR_TEXT_MAX);
  while (text.len > 0 && !vms__utf8_valid(text.data, text.len)) text.len--;
  sandbox->outcome->kind = VMS_SANDBOX_ERROR;
  append_or_leave(sandbox, &sandbox->outcome->name, VMS__TEXT("SyntaxError"));
  append_or_leave(sandbox, &sandbox->outcome->message, text);
}

static void work_start(vms_sandbox *sandbox) {
  duk_context *duk = sandbox->duk;
  vms__charge(&sandbox->meter, sandbox->code.len); /* a tenth of a microsecond for a byte, at worst */
  append_or_leave(sandbox, &sandbox->source, sandbox->code); /* Function#toString and stack traces need it later */
  int status = vms__js_lower_mapped(sandbox->code, sandbox->env, &sandbox->lowered, &sandbox->map, &sandbox->diagnostic,
                                    sandbox->error);
  if (status == VMS_ERR_SYNTAX) {
    report_syntax(sandbox);
    return;
  }
  if (status != VMS_OK) vms__leave_status(sandbox, status);
  vms__system_caller(sandbox, duk, sandbox->call->caller);
  sandbox->waiting = false;
  if (sandbox->call->flags & VMS_SANDBOX_SCRIPT) vms__console_print(duk);
  if (duk_safe_call(duk, compile_and_run, sandbox, 0, 1) != DUK_EXEC_SUCCESS) vms__fail_with_top(sandbox, duk);
  drain(sandbox, duk);
  vms__jobs_finish(sandbox, duk);
  if (!sandbox->failed && duk_safe_call(duk, collect_exports, sandbox, 1, 1) != DUK_EXEC_SUCCESS)
    vms__fail_with_top(sandbox, duk);
  if (sandbox->failed) report_error(sandbox, duk);
  else sandbox->started = true;
  duk_set_top(duk, 0);
}

int vms_sandbox_start(vms_sandbox *sandbox, vms_slice code, const vms_sandbox_call *call, vms_sandbox_outcome *outcome,
                      vms_error *error) {
  assert(sandbox != NULL && outcome != NULL && (code.data != NULL || code.len == 0));
  assert(sandbox->state == VMS__IDLE && sandbox->code.data == NULL); /* once per sandbox */
  sandbox->code = code.data == NULL ? VMS__TEXT("") : code;
  int state = call != NULL && call->flags & VMS_SANDBOX_SCRIPT ? VMS__CALLING : VMS__STARTING;
  int status = run(sandbox, call, state, work_start, outcome, error);
  vms_buffer_free(&sandbox->lowered);
  vms_buffer_free(&sandbox->diagnostic);
  sandbox->code = VMS__TEXT("");
  return status;
}

int vms_sandbox_methods(vms_sandbox *sandbox, vms_buffer *json) {
  assert(sandbox != NULL && sandbox->started && json != NULL);
  return vms__buf_slice(json, vms__buf_view(&sandbox->names));
}

int vms_sandbox_exports(vms_sandbox *sandbox, vms_slice method) {
  assert(sandbox != NULL);
  return sandbox->started && list_has(&sandbox->exports, method);
}

int vms_sandbox_check(vms_slice code, vms_buffer *diagnostic, const vms_env *env, vms_error *error) {
  vms_buffer lowered, text;
  vms_buffer_init(&lowered, env);
  vms_buffer_init(&text, env);
  int status = vms__js_lower(code.data == NULL ? VMS__TEXT("") : code, env, &lowered, &text, error);
  if (status == VMS_ERR_SYNTAX && diagnostic != NULL && vms__buf_slice(diagnostic, vms__buf_view(&text)) != VMS_OK)
    status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a diagnostic");
  vms_buffer_free(&lowered);
  vms_buffer_free(&text);
  return status;
}

/* --- calls ----------------------------------------------------------------------------------------- */

/* [], at the bottom -> result: a promise if it has to be waited for (*udata then is set) */
static duk_ret_t call_export(duk_context *duk, void *udata) {
  vms_sandbox *sandbox = udata;
  const vms_sandbox_call *call = sandbox->call;
  vms__ref_push(sandbox, duk, VMS__REF_METHODS);
  vms__push_utf8(sandbox, duk, call->method);
  duk_get_prop(duk, 0);
  vms__ref_push(sandbox, duk, VMS__REF_EXPORTS); /* [ methods function exports ] */
  vms__push_utf8(sandbox, duk, call->params);
  duk_json_decode(duk, 3);
  duk_size_t count = duk_is_array(duk, 3) ? duk_get_length(duk, 3) : 0;
  if (count > 100000) return duk_range_error(duk, "too many arguments");
  duk_require_stack(duk, (duk_idx_t)count + 8);
  for (duk_uarridx_t i = 0; i < count; i++) duk_get_prop_index(duk, 3, i);
  duk_remove(duk, 3);
  duk_call_method(duk, (duk_idx_t)count);
  sandbox->waiting = false;
  if (!duk_is_object(duk, -1)) return 1;
  if (!vms__promise_record(sandbox, duk, -1)) {
    duk_get_prop_literal(duk, -1, "then");
    if (!duk_is_callable(duk, -1)) {
      duk_pop(duk);
      return 1;
    }
  }
  duk_pop(duk);
  vms__promise_of(sandbox, duk);
  sandbox->waiting = true;
  return 1;
}

/* [ promise ] -> [ value ], or a failure */
static void unwrap(vms_sandbox *sandbox, duk_context *duk) {
  int state = promise_state(sandbox, duk);
  if (state == VMS__PENDING) {
    duk_push_error_object(duk, DUK_ERR_ERROR, NEVER);
    vms__fail_with_top(sandbox, duk);
    return;
  }
  vms__promise_record(sandbox, duk, 0);
  duk_get_prop_index(duk, -1, VMS__PROMISE_VALUE);
  duk_replace(duk, 0);
  duk_set_top(duk, 1);
  if (state == VMS__REJECTED) {
    duk_dup_top(duk);
    vms__fail_with_top(sandbox, duk);
  }
}

/* [ value ] -> [ text or undefined ] */
static duk_ret_t to_json(duk_context *duk, void *unused) {
  (void)unused;
  duk_json_encode(duk, -1);
  return 1;
}

static void report_result(vms_sandbox *sandbox, duk_context *duk) {
  vms_buffer *out = &sandbox->outcome->result;
  size_t start = out->len;
  if (!duk_is_string(duk, -1)) return;
  size_t max = sandbox->result_max < SIZE_MAX / 4 ? (size_t)sandbox->result_max : SIZE_MAX / 4;
  vms__charge(&sandbox->meter, duk_get_length(duk, -1) / 64);
  vms__take_utf8_max(sandbox, duk, -1, max + 4, out);
  if (out->len - start > max) vms__leave(sandbox, VMS__LEFT_RESULT);
}

static void work_call(vms_sandbox *sandbox) {
  duk_context *duk = sandbox->duk;
  sandbox->waiting = false;
  vms__system_caller(sandbox, duk, sandbox->call->caller);
  if (duk_safe_call(duk, call_export, sandbox, 0, 1) != DUK_EXEC_SUCCESS) {
    duk_dup_top(duk);
    vms__fail_with_top(sandbox, duk);
  }
  drain(sandbox, duk);
  if (sandbox->waiting) unwrap(sandbox, duk);
  vms__jobs_finish(sandbox, duk);
  if (!sandbox->failed && !duk_is_undefined(duk, 0)) {
    sandbox->waiting = false;
    if (duk_safe_call(duk, to_json, NULL, 1, 1) != DUK_EXEC_SUCCESS) {
      duk_dup_top(duk);
      vms__fail_with_top(sandbox, duk);
    }
    drain(sandbox, duk); /* toJSON may have left something to do */
    vms__jobs_finish(sandbox, duk);
  }
  if (sandbox->failed) report_error(sandbox, duk);
  else report_result(sandbox, duk);
  duk_set_top(duk, 0);
}

int vms_sandbox_call_method(vms_sandbox *sandbox, const vms_sandbox_call *call, vms_sandbox_outcome *outcome,
                            vms_error *error) {
  assert(sandbox != NULL && call != NULL && outcome != NULL);
  assert(sandbox->state == VMS__IDLE);
  if (!vms_sandbox_exports(sandbox, call->method))
    return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no exported function of that name");
  return run(sandbox, call, VMS__CALLING, work_call, outcome, error);
}

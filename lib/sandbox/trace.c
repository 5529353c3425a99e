/* SPDX-License-Identifier: MIT */
/* What a script sees of its own text: stack traces and Function#toString, both in the author's coordinates. */
#include "lib/sandbox/builtins.h"

#define FRAMES_MAX 10

static const vms__js_function *function_at(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx) {
  void *function = duk_get_heapptr(duk, idx);
  return function == NULL ? NULL : vms__js_map_function(&sandbox->map, vms__function_place(function));
}

/* Appends "\n    at name (contract.js:LINE:COLUMN)" for the function on top. */
static void add_frame(vms_sandbox *sandbox, duk_context *duk, const vms__js_function *function, uint32_t pc, vms_buffer *out) {
  uint32_t lowered = vms__instruction_place(duk, -1, pc);
  const char *name = sandbox->map.names.data + function->name;
  vms_slice source = vms__buf_view(&sandbox->source);
  size_t line, column;
  int status;
  if (lowered < function->lowered) lowered = function->lowered;
  uint32_t at = vms__js_map_source(&sandbox->map, lowered);
  vms__charge(&sandbox->meter, 8 + at / 32);
  vms__js_place(source, at, &line, &column);
  if (function->name_len == 0) status = vms__buf_format(out, "\n    at contract.js:%zu:%zu", line, column);
  else status = vms__buf_format(out, "\n    at %.*s (contract.js:%zu:%zu)", (int)VMS__MIN(function->name_len, 100u), name, line, column);
  if (status != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
}

/* [ ... error ]: appends its frames, if it is an error that was made with some. Calls nothing of the script's. */
void vms__trace_frames(vms_sandbox *sandbox, duk_context *duk, void *from, vms_buffer *out) {
  duk_idx_t top = duk_get_top(duk);
  duk_uarridx_t length, shown = 0;
  duk_push_literal(duk, "\x82" "Tracedata");
  if (!vms__own_value(duk, duk_get_heapptr(duk, -2), duk_get_heapptr(duk, -1)) || !duk_is_array(duk, -1)) {
    duk_set_top(duk, top);
    return;
  }
  length = (duk_uarridx_t)duk_get_length(duk, -1);
  for (duk_uarridx_t i = 0; i + 1 < length && shown < FRAMES_MAX; i += 2) { /* function, flags * 2^32 + pc */
    duk_get_prop_index(duk, top + 1, i + 1);
    uint32_t pc = (uint32_t)(uint64_t)duk_get_number(duk, -1);
    duk_get_prop_index(duk, top + 1, i);
    const vms__js_function *function = from == NULL ? function_at(sandbox, duk, -1) : NULL;
    if (from != NULL && duk_get_heapptr(duk, -1) == from) from = NULL;
    if (function != NULL) {
      add_frame(sandbox, duk, function, pc, out);
      shown++;
    }
    duk_pop_2(duk);
  }
  duk_set_top(duk, top);
}

/* Pushes "Name: message" of the object and the frames of the error, those below the function `from` if it is not NULL. */
static void push_stack(duk_context *duk, duk_idx_t object, duk_idx_t error, void *from) {
  vms_sandbox *sandbox = vms__of(duk);
  vms_buffer *out = &sandbox->scratch;
  vms__ref_push(sandbox, duk, VMS__REF_ERROR_TEXT);
  duk_dup(duk, object);
  duk_call_method(duk, 0);
  duk_to_string(duk, -1);
  duk_dup(duk, error);
  vms__buf_clear(out);
  vms__trace_frames(sandbox, duk, from, out);
  duk_pop(duk);
  vms__push_utf8(sandbox, duk, out->data == NULL ? VMS__TEXT("") : vms__buf_view(out));
  duk_concat(duk, 2);
}

/* get Error.prototype.stack */
static duk_ret_t get_stack(duk_context *duk) {
  duk_push_this(duk);
  if (!duk_is_object(duk, 0)) return duk_type_error(duk, "not an object");
  if (!duk_get_prop_literal(duk, 0, "\x82" "Tracedata")) return 0; /* made otherwise than by a constructor of errors */
  push_stack(duk, 0, 0, NULL);
  return 1;
}

/* [ object ... value ]: a property of its own, as Node has it from the start. */
static void define_stack(duk_context *duk) {
  static const char *const fields[] = { "writable", "enumerable", "configurable" };
  duk_push_bare_object(duk);
  duk_insert(duk, -2);
  duk_put_prop_literal(duk, -2, "value");
  for (int i = 0; i < 3; i++) {
    duk_push_boolean(duk, i != 1);
    duk_put_prop_string(duk, -2, fields[i]);
  }
  duk_push_literal(duk, "stack");
  if (!vms__define_own(duk, 0, duk_get_top_index(duk), duk_get_top(duk) - 2)) (void)duk_type_error(duk, "cannot define property stack");
}

/* set Error.prototype.stack */
static duk_ret_t set_stack(duk_context *duk) {
  duk_push_this(duk);
  duk_insert(duk, 0);
  if (!duk_is_object(duk, 0)) return duk_type_error(duk, "not an object");
  define_stack(duk);
  return 0;
}

/* Error.captureStackTrace(object, function): of V8, called by many libraries. */
static duk_ret_t capture_stack(duk_context *duk) {
  if (!duk_is_object(duk, 0)) return duk_type_error(duk, "not an object");
  duk_push_error_object(duk, DUK_ERR_ERROR, "%s", "");
  push_stack(duk, 0, 2, duk_is_function(duk, 1) ? duk_get_heapptr(duk, 1) : NULL);
  define_stack(duk);
  return 0;
}

bool vms__function_source(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, vms_slice *source) {
  const vms__js_function *function = function_at(sandbox, duk, idx);
  if (function == NULL) return false;
  *source = (vms_slice){ sandbox->source.data + function->start, function->end - function->start };
  return true;
}

/* Whether `function NAME() {` would be what the standard calls the text of a native function. */
static bool is_native_name(const char *name, size_t len) {
  size_t at = len > 4 && (memcmp(name, "get ", 4) == 0 || memcmp(name, "set ", 4) == 0) ? 4 : 0;
  if (at < len && name[at] == '[') return name[len - 1] == ']' && memcmp(name + at, "[Symbol.", 8) == 0;
  for (size_t i = at; i < len; i++) {
    char c = name[i];
    if (!(c == '$' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (i > at && c >= '0' && c <= '9'))) return false;
  }
  return len > 0;
}

/* Function.prototype.toString */
static duk_ret_t function_text(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  const vms__js_function *function;
  duk_size_t len = 0;
  const char *name = "";
  duk_push_this(duk);
  if (!duk_is_callable(duk, 0)) return duk_type_error(duk, "Function.prototype.toString needs a function");
  function = function_at(sandbox, duk, 0);
  if (function != NULL) {
    vms__charge(&sandbox->meter, (function->end - function->start) / 8);
    vms__push_utf8(sandbox, duk, (vms_slice){ sandbox->source.data + function->start, function->end - function->start });
    return 1;
  }
  duk_push_literal(duk, "name");
  if (vms__own_value(duk, duk_get_heapptr(duk, 0), duk_get_heapptr(duk, 1)) && duk_is_string(duk, -1) && !duk_is_symbol(duk, -1)) {
    name = duk_get_lstring(duk, -1, &len);
    if (!is_native_name(name, len)) name = "";
  }
  duk_push_sprintf(duk, "function %s() { [native code] }", name);
  return 1;
}

void vms__trace_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method capture = { "captureStackTrace", capture_stack, 2, 2, 0 };
  duk_get_global_literal(duk, "Error");
  vms__define_methods(duk, -1, &capture, 1);
  duk_get_prop_literal(duk, -1, "prototype");
  duk_get_prop_literal(duk, -1, "toString");
  vms__ref_set(sandbox, duk, VMS__REF_ERROR_TEXT);
  duk_push_literal(duk, "stack");
  vms__push_function(duk, "get stack", get_stack, 0, 0, 0);
  vms__push_function(duk, "set stack", set_stack, 1, 1, 0);
  duk_def_prop(duk, -4, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_HAVE_SETTER | DUK_DEFPROP_FORCE);
  duk_pop_2(duk);
  duk_get_global_literal(duk, "Function");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_function(duk, -1, "toString", function_text, 0, 0);
  duk_pop_2(duk);
}

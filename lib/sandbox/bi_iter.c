/* SPDX-License-Identifier: MIT */
/* Iteration: how built-ins walk what a script gives them, and the iterators of arrays and strings. The state of such an iterator
 * is a bare array behind its hidden key: [kind, what it walks (undefined: it has ended), place, what it gives]. */
#include "lib/sandbox/builtins.h"

enum { STATE_KIND = 0, STATE_SOURCE, STATE_AT, STATE_WHAT };
enum { KIND_ARRAY = 1, KIND_STRING };
enum { GIVE_KEY = 0, GIVE_VALUE, GIVE_BOTH, OF_TYPED = 4 };

void vms__get_method(duk_context *duk, duk_idx_t obj, const char *key) {
  obj = duk_normalize_index(duk, obj);
  if (duk_is_null_or_undefined(duk, obj)) (void)duk_type_error(duk, "%s is not an object", duk_is_null(duk, obj) ? "null" : "undefined");
  duk_get_prop_string(duk, obj, key);
  if (duk_is_null(duk, -1)) {
    duk_pop(duk);
    duk_push_undefined(duk);
  }
  if (!duk_is_undefined(duk, -1)) vms__require_callable(duk, -1);
}

void vms__to_result(duk_context *duk, bool done) {
  duk_push_object(duk);
  duk_push_literal(duk, "value");
  duk_dup(duk, -3);
  vms__fresh_define(duk, -3);
  duk_push_literal(duk, "done");
  duk_push_boolean(duk, done);
  vms__fresh_define(duk, -3);
  duk_remove(duk, -2);
}

static duk_ret_t close_iterator(duk_context *duk, void *iterator) {
  duk_push_heapptr(duk, iterator);
  vms__get_method(duk, -1, "return");
  if (duk_is_undefined(duk, -1)) return 0;
  duk_insert(duk, -2);
  duk_call_method(duk, 0);
  return 0;
}

void vms__iterate(duk_context *duk, duk_idx_t iterable, duk_safe_call_function step, void *udata) {
  iterable = duk_normalize_index(duk, iterable);
  vms__get_method(duk, iterable, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  if (duk_is_undefined(duk, -1)) (void)duk_type_error(duk, "object is not iterable");
  vms__iterate_by(duk, iterable, step, udata);
}

void vms__iterate_by(duk_context *duk, duk_idx_t iterable, duk_safe_call_function step, void *udata) {
  duk_dup(duk, iterable);
  duk_call_method(duk, 0);
  if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "iterator is not an object");
  duk_get_prop_literal(duk, -1, "next"); /* [ ... iterator next ] */
  for (;;) {
    duk_dup_top(duk);
    duk_dup(duk, -3);
    duk_call_method(duk, 0);
    if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "iterator result is not an object");
    duk_get_prop_literal(duk, -1, "done");
    bool done = duk_to_boolean(duk, -1) != 0;
    duk_pop(duk);
    if (done) break;
    duk_get_prop_literal(duk, -1, "value");
    duk_remove(duk, -2);
    if (duk_safe_call(duk, step, udata, 1, 1) != DUK_EXEC_SUCCESS) { /* [ ... iterator next error ] */
      (void)duk_safe_call(duk, close_iterator, duk_get_heapptr(duk, -3), 0, 1);
      duk_pop(duk);
      (void)duk_throw(duk);
    }
    duk_pop(duk);
  }
  duk_pop_3(duk);
}

/* --- iterators ------------------------------------------------------------------------------------ */

/* [ ... source ] -> [ ... iterator ] */
static void make_iterator(duk_context *duk, int prototype, int kind, int what) {
  vms_sandbox *sandbox = vms__of(duk);
  duk_push_bare_array(duk);
  duk_push_int(duk, kind);
  duk_put_prop_index(duk, -2, STATE_KIND);
  duk_insert(duk, -2);
  duk_put_prop_index(duk, -2, STATE_SOURCE);
  duk_push_int(duk, 0);
  duk_put_prop_index(duk, -2, STATE_AT);
  duk_push_int(duk, what);
  duk_put_prop_index(duk, -2, STATE_WHAT);
  duk_push_object(duk);
  vms__ref_push(sandbox, duk, prototype);
  duk_set_prototype(duk, -2);
  vms__ref_push(sandbox, duk, VMS__REF_BOX);
  duk_dup(duk, -3);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_remove(duk, -2);
}

/* Pushes this, its state and what it walks. */
static void push_state(duk_context *duk, int kind) {
  duk_push_this(duk);
  if (duk_is_object(duk, -1) && vms__own_value(duk, duk_get_heapptr(duk, -1), vms__of(duk)->refs[VMS__REF_BOX])) {
    if (duk_is_array(duk, -1)) {
      duk_get_prop_index(duk, -1, STATE_KIND);
      if (duk_get_int(duk, -1) == kind) {
        duk_pop(duk);
        duk_get_prop_index(duk, -1, STATE_SOURCE);
        return;
      }
    }
  }
  (void)duk_type_error(duk, "not an iterator of this kind");
}

static duk_ret_t array_iterator(duk_context *duk) {
  vms__view view;
  int what = duk_get_current_magic(duk);
  vms__push_this_object(duk);
  if (what >= OF_TYPED && vms__view_of(duk_get_heapptr(duk, -1), &view) != VMS__TYPED_ARRAY) return duk_type_error(duk, "not a typed array");
  make_iterator(duk, VMS__REF_ARRAY_ITERATOR, KIND_ARRAY, what % OF_TYPED);
  return 1;
}

static duk_ret_t end(duk_context *duk) {
  duk_push_undefined(duk);
  duk_put_prop_index(duk, 1, STATE_SOURCE);
  duk_push_undefined(duk);
  vms__to_result(duk, true);
  return 1;
}

static duk_ret_t array_iterator_next(duk_context *duk) {
  vms__view view;
  push_state(duk, KIND_ARRAY); /* [ this state source ] */
  if (duk_is_undefined(duk, 2)) return end(duk);
  duk_get_prop_index(duk, 1, STATE_AT);
  double at = duk_get_number(duk, -1);
  duk_get_prop_index(duk, 1, STATE_WHAT);
  int what = duk_get_int(duk, -1);
  duk_pop_2(duk);
  bool typed = vms__view_of(duk_get_heapptr(duk, 2), &view) == VMS__TYPED_ARRAY;
  if (at >= (typed ? vms__view_count(&view) : vms__length_of(duk, 2))) return end(duk);
  duk_push_number(duk, at + 1);
  duk_put_prop_index(duk, 1, STATE_AT);
  if (what == GIVE_BOTH) duk_push_array(duk);
  if (what != GIVE_VALUE) duk_push_number(duk, at);
  if (what == GIVE_BOTH) vms__fresh_put(duk, -2, 0);
  if (what != GIVE_KEY && typed) duk_push_number(duk, vms__element(&view, (size_t)at));
  else if (what != GIVE_KEY) vms__get_at(duk, 2, at);
  if (what == GIVE_BOTH) vms__fresh_put(duk, -2, 1);
  vms__to_result(duk, false);
  return 1;
}

bool vms__plain_iteration(duk_context *duk, duk_idx_t method, bool typed) {
  vms_sandbox *sandbox = vms__of(duk);
  bool plain = duk_get_c_function(duk, method) == array_iterator;
  if (!plain || duk_get_magic(duk, method) != (typed ? GIVE_VALUE + OF_TYPED : GIVE_VALUE) ||
      !vms__own_value(duk, sandbox->refs[VMS__REF_ARRAY_ITERATOR], sandbox->refs[VMS__REF_NEXT])) return false;
  plain = duk_get_c_function(duk, -1) == array_iterator_next;
  duk_pop(duk);
  return plain;
}

void vms__typed_iterators(duk_context *duk, duk_idx_t prototype) {
  static const vms__method methods[] = { { "keys", array_iterator, 0, 0, GIVE_KEY + OF_TYPED },
                                         { "values", array_iterator, 0, 0, GIVE_VALUE + OF_TYPED },
                                         { "entries", array_iterator, 0, 0, GIVE_BOTH + OF_TYPED } };
  prototype = duk_normalize_index(duk, prototype);
  vms__define_methods(duk, prototype, methods, 3);
  duk_get_prop_literal(duk, prototype, "values");
  vms__define(duk, prototype, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
}

static duk_ret_t string_iterator(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) return duk_type_error(duk, "this is null or undefined");
  duk_to_string(duk, -1);
  make_iterator(duk, VMS__REF_STRING_ITERATOR, KIND_STRING, 0);
  return 1;
}

static duk_ret_t string_iterator_next(duk_context *duk) {
  push_state(duk, KIND_STRING);
  if (duk_is_undefined(duk, 2)) return end(duk);
  duk_get_prop_index(duk, 1, STATE_AT);
  duk_size_t at = duk_get_uint(duk, -1), len = duk_get_length(duk, 2), count = 1;
  duk_pop(duk);
  if (at >= len) return end(duk);
  duk_codepoint_t unit = duk_char_code_at(duk, 2, at);
  if (unit >= 0xd800 && unit <= 0xdbff && at + 1 < len) {
    unit = duk_char_code_at(duk, 2, at + 1);
    if (unit >= 0xdc00 && unit <= 0xdfff) count = 2;
  }
  duk_push_uint(duk, (duk_uint_t)(at + count));
  duk_put_prop_index(duk, 1, STATE_AT);
  duk_substring(duk, 2, at, at + count);
  vms__to_result(duk, false);
  return 1;
}

static duk_ret_t return_this(duk_context *duk) {
  duk_push_this(duk);
  return 1;
}

/* Pushes a prototype that inherits from the one below it, with a `next` and a tag. */
static void push_prototype(vms_sandbox *sandbox, duk_context *duk, int ref, duk_c_function next, const char *tag) {
  const vms__method method = { "next", next, 0, 0, 0 };
  duk_push_object(duk);
  duk_dup(duk, -2);
  duk_set_prototype(duk, -2);
  vms__define_methods(duk, -1, &method, 1);
  vms__define_tag(duk, -1, tag);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, ref);
}

void vms__iter_open(vms_sandbox *sandbox, duk_context *duk, duk_idx_t native) {
  static const vms__method of_array[] = { { "keys", array_iterator, 0, 0, GIVE_KEY },
                                          { "values", array_iterator, 0, 0, GIVE_VALUE },
                                          { "entries", array_iterator, 0, 0, GIVE_BOTH } };
  const char *const symbol = DUK_WELLKNOWN_SYMBOL("Symbol.iterator");
  duk_push_literal(duk, "next");
  vms__ref_set(sandbox, duk, VMS__REF_NEXT);
  native = duk_normalize_index(duk, native);
  duk_push_object(duk); /* %IteratorPrototype% */
  vms__push_function(duk, "[Symbol.iterator]", return_this, 0, 0, 0);
  vms__define(duk, -2, symbol);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_ITERATOR);
  push_prototype(sandbox, duk, VMS__REF_ARRAY_ITERATOR, array_iterator_next, "Array Iterator");
  duk_put_prop_literal(duk, native, "ArrayIteratorPrototype");
  push_prototype(sandbox, duk, VMS__REF_STRING_ITERATOR, string_iterator_next, "String Iterator");
  duk_pop(duk);
  duk_put_prop_literal(duk, native, "IteratorPrototype");

  duk_get_global_literal(duk, "Array");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, of_array, 3);
  duk_get_prop_literal(duk, -1, "values");
  vms__define(duk, -2, symbol);
  duk_get_global_literal(duk, "String");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__push_function(duk, "[Symbol.iterator]", string_iterator, 0, 0, 0);
  vms__define(duk, -2, symbol);
  duk_pop_n(duk, 4);
}

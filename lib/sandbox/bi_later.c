/* SPDX-License-Identifier: MIT */
/* What ECMAScript 2022 to 2024 added and libraries have begun to expect: Object.hasOwn, the methods of arrays that leave them as
 * they are, well-formed strings, Promise.withResolvers. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <string.h>

/* --- Object, Promise ------------------------------------------------------------------------------- */

static duk_ret_t object_has_own(duk_context *duk) {
  duk_to_object(duk, 0);
  vms__to_key(duk, 1);
  if (vms__is_proxy(duk, 0)) {
    vms__get_own(duk, 0, 1);
    duk_push_boolean(duk, !duk_is_undefined(duk, -1));
  } else {
    duk_push_boolean(duk, vms__own_enumerable(duk, 0, 1) >= 0);
  }
  return 1;
}

static duk_ret_t promise_with_resolvers(duk_context *duk) {
  static const char *const names[] = { "promise", "resolve", "reject" };
  duk_push_this(duk);
  vms__promise_capability(duk, 0);
  duk_push_object(duk); /* [ constructor capability made ] */
  for (duk_uarridx_t i = 0; i < 3; i++) {
    duk_push_string(duk, names[i]);
    duk_get_prop_index(duk, 1, i);
    vms__fresh_define(duk, 2);
  }
  return 1;
}

/* --- arrays: what is made is an ordinary array without holes ---------------------------------------- */

/* Pushes the array for `len` elements, which are appended. */
static void push_list(duk_context *duk, double len) {
  if (len > VMS__INDEX_MAX) (void)duk_range_error(duk, "invalid array length");
  duk_push_array(duk);
}

/* Appends the elements from..to of the object at `obj` to the array on top. */
static void append(duk_context *duk, duk_idx_t obj, double from, double to) {
  duk_idx_t list = duk_get_top_index(duk);
  for (duk_uarridx_t at = (duk_uarridx_t)duk_get_length(duk, list); from < to; from++, at++) {
    vms__get_at(duk, obj, from);
    vms__fresh_put(duk, list, at);
  }
}

static duk_ret_t array_to_reversed(duk_context *duk) {
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 0);
  push_list(duk, len);
  for (duk_uarridx_t at = 0; at < len; at++) {
    vms__get_at(duk, 0, len - 1 - at);
    vms__fresh_put(duk, 1, at);
  }
  return 1;
}

static duk_ret_t array_to_sorted(duk_context *duk) {
  if (!duk_is_undefined(duk, 0)) vms__require_callable(duk, 0);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 1);
  push_list(duk, len);
  append(duk, 1, 0, len);
  duk_replace(duk, 1);
  return vms__sort(duk);
}

static duk_ret_t array_to_spliced(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk), added = given > 2 ? given - 2 : 0;
  vms__push_this_object(duk);
  double len = vms__length_of(duk, given), from = given > 0 ? vms__relative(duk, 0, len, 0) : 0, gone = 0;
  if (given == 1) gone = len - from;
  else if (given > 1) gone = fmin(fmax(vms__to_integer(duk, 1), 0), len - from);
  if (len + added - gone > VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
  push_list(duk, len + added - gone);
  append(duk, given, 0, from);
  for (duk_idx_t i = 0; i < added; i++) {
    duk_dup(duk, 2 + i);
    vms__fresh_put(duk, given + 1, (duk_uarridx_t)from + (duk_uarridx_t)i);
  }
  append(duk, given, from + gone, len);
  return 1;
}

static duk_ret_t array_with(duk_context *duk) {
  vms__push_this_object(duk); /* [ index value object ] */
  double len = vms__length_of(duk, 2), at = vms__to_integer(duk, 0);
  if (at < 0) at += len;
  if (!(at >= 0 && at < len)) return duk_range_error(duk, "invalid index");
  push_list(duk, len);
  append(duk, 2, 0, at);
  duk_dup(duk, 1);
  vms__fresh_put(duk, 3, (duk_uarridx_t)at);
  append(duk, 2, at + 1, len);
  return 1;
}

/* --- strings: a surrogate is ED A0..AF xx, its other half ED B0..BF xx ------------------------------- */

/* The place of the first half of a pair that has no other from `at` on; `len` if there is none. */
static size_t find_lone(const unsigned char *text, size_t at, size_t len) {
  for (; at + 2 < len; at++) {
    if (text[at] != 0xed || text[at + 1] < 0xa0) continue;
    if (text[at + 1] >= 0xb0 || at + 5 >= len || text[at + 3] != 0xed || text[at + 4] < 0xb0) return at;
    at += 5;
  }
  return len;
}

/* isWellFormed: magic 0, toWellFormed: 1 */
static duk_ret_t string_well_formed(duk_context *duk) {
  duk_size_t len;
  const char *text;
  unsigned char *copy;
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, 0)) return duk_type_error(duk, "this is null or undefined");
  duk_to_string(duk, 0);
  text = duk_get_lstring(duk, 0, &len);
  vms__charge(&vms__of(duk)->meter, len / 32);
  size_t at = find_lone((const unsigned char *)text, 0, len);
  if (duk_get_current_magic(duk) == 0) {
    duk_push_boolean(duk, at == len);
  } else if (at < len) {
    copy = duk_push_fixed_buffer(duk, len);
    memcpy(copy, text, len);
    for (; at < len; at = find_lone(copy, at + 3, len)) memcpy(copy + at, "\xef\xbf\xbd", 3); /* U+FFFD is as long */
    duk_push_lstring(duk, (const char *)copy, len);
  }
  return 1;
}

static void define(duk_context *duk, const char *global, bool prototype, const vms__method *methods, size_t count) {
  duk_get_global_string(duk, global);
  if (prototype) {
    duk_get_prop_literal(duk, -1, "prototype");
    duk_remove(duk, -2);
  }
  vms__define_methods(duk, -1, methods, count);
  duk_pop(duk);
}

void vms__later_open(duk_context *duk) {
  static const vms__method of_object = { "hasOwn", object_has_own, 2, 2, 0 };
  static const vms__method of_promise = { "withResolvers", promise_with_resolvers, 0, 0, 0 };
  static const vms__method of_arrays[] = { { "toReversed", array_to_reversed, 0, 0, 0 },
                                           { "toSorted", array_to_sorted, 1, 1, 0 },
                                           { "toSpliced", array_to_spliced, DUK_VARARGS, 2, 0 },
                                           { "with", array_with, 2, 2, 0 } };
  static const vms__method of_strings[] = { { "isWellFormed", string_well_formed, 0, 0, 0 },
                                            { "toWellFormed", string_well_formed, 0, 0, 1 } };
  define(duk, "Object", false, &of_object, 1);
  define(duk, "Promise", false, &of_promise, 1);
  define(duk, "Array", true, of_arrays, sizeof of_arrays / sizeof of_arrays[0]);
  define(duk, "String", true, of_strings, sizeof of_strings / sizeof of_strings[0]);
}

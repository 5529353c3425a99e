/* SPDX-License-Identifier: MIT */
/* What String and Symbol have since ECMAScript 2015 and the engine has not. */
#include "lib/sandbox/bi_regexp.h"

#include <math.h>

#define STRING_MAX 536870911.0

/* Pushes ToString(this). */
static void push_text(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) (void)duk_type_error(duk, "this is null or undefined");
  duk_to_string(duk, -1);
}

bool vms__acts_as_regexp(duk_context *duk, duk_idx_t idx) {
  if (!duk_is_object(duk, idx)) return false;
  duk_get_prop_literal(duk, idx, DUK_WELLKNOWN_SYMBOL("Symbol.match"));
  bool is = duk_is_undefined(duk, -1) ? vms__is_regexp(duk_get_heapptr(duk, idx)) != 0 : duk_to_boolean(duk, -1) != 0;
  duk_pop(duk);
  return is;
}

void vms__refuse_regexp(duk_context *duk, duk_idx_t idx) {
  if (vms__acts_as_regexp(duk, idx)) (void)duk_type_error(duk, "argument is a regular expression");
}

static duk_ret_t string_includes(duk_context *duk) {
  push_text(duk); /* [ wanted position text ] */
  vms__refuse_regexp(duk, 0);
  duk_to_string(duk, 0);
  vms__ref_push(vms__of(duk), duk, VMS__REF_INDEX_OF);
  duk_dup(duk, 2);
  duk_dup(duk, 0);
  duk_dup(duk, 1);
  duk_call_method(duk, 2);
  duk_push_boolean(duk, duk_get_number(duk, -1) >= 0);
  return 1;
}

/* padStart: magic 0, padEnd: 1 */
static duk_ret_t string_pad(duk_context *duk) {
  bool end = duk_get_current_magic(duk) != 0;
  push_text(duk); /* [ len filler text ] */
  double len = fmin(vms__to_integer(duk, 0), VMS__LENGTH_MAX) - (double)duk_get_length(duk, 2);
  if (len <= 0) return 1;
  if (duk_is_undefined(duk, 1)) {
    duk_push_literal(duk, " ");
    duk_replace(duk, 1);
  }
  duk_to_string(duk, 1);
  double unit = (double)duk_get_length(duk, 1);
  if (unit == 0) return 1;
  if (len > STRING_MAX) return duk_range_error(duk, "invalid string length");
  duk_dup(duk, 1);
  while ((double)duk_get_length(duk, -1) < len) { /* doubled: as many steps as the bytes that are made */
    duk_dup_top(duk);
    duk_concat(duk, 2);
  }
  duk_substring(duk, -1, 0, (duk_size_t)len); /* [ len filler text padding ] */
  if (!end) duk_swap_top(duk, -2);
  duk_concat(duk, 2);
  return 1;
}

/* trimStart: magic 0, trimEnd: 1 */
static duk_ret_t string_trim(duk_context *duk) {
  bool end = duk_get_current_magic(duk) != 0;
  push_text(duk);
  duk_push_literal(duk, "x"); /* is no white space: keeps the other side */
  if (end) duk_swap_top(duk, 0);
  duk_concat(duk, 2);
  duk_trim(duk, 0);
  duk_size_t len = duk_get_length(duk, 0);
  duk_substring(duk, 0, end ? 1 : 0, end ? len : len - 1);
  return 1;
}

static duk_ret_t string_at(duk_context *duk) {
  push_text(duk);
  double len = (double)duk_get_length(duk, 1), i = vms__to_integer(duk, 0);
  if (i < 0) i += len;
  if (i < 0 || i >= len) return 0;
  duk_substring(duk, 1, (duk_size_t)i, (duk_size_t)i + 1);
  return 1;
}

static duk_ret_t string_raw(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk), raw = given;
  if (given == 0) return duk_type_error(duk, "cannot convert undefined to an object");
  duk_to_object(duk, 0);
  duk_get_prop_literal(duk, 0, "raw");
  duk_to_object(duk, raw);
  double len = vms__length_of(duk, raw);
  duk_push_literal(duk, "");
  for (double i = 0; i < len; i++) {
    vms__get_at(duk, raw, i);
    duk_to_string(duk, -1);
    if (i + 1 < len && i + 1 < given) {
      duk_dup(duk, (duk_idx_t)i + 1);
      duk_to_string(duk, -1);
      duk_concat(duk, 3);
    } else {
      duk_concat(duk, 2);
    }
  }
  return 1;
}

/* Annex B: texts as elements of HTML. */
static const struct {
  const char *method, *tag, *attribute; /* the latter may be NULL */
} html[] = {
  { "anchor", "a", "name" }, { "big", "big", NULL }, { "blink", "blink", NULL }, { "bold", "b", NULL },
  { "fixed", "tt", NULL }, { "fontcolor", "font", "color" }, { "fontsize", "font", "size" }, { "italics", "i", NULL },
  { "link", "a", "href" }, { "small", "small", NULL }, { "strike", "strike", NULL }, { "sub", "sub", NULL }, { "sup", "sup", NULL },
};

static duk_ret_t string_html(duk_context *duk) {
  int which = duk_get_current_magic(duk);
  duk_set_top(duk, 1);
  push_text(duk);
  vms_slice text = vms__slice_at(duk, 1), value = VMS__TEXT("");
  if (html[which].attribute != NULL) {
    duk_to_string(duk, 0);
    value = vms__slice_at(duk, 0);
  }
  vms__output out;
  vms__output_open(&out, duk, text.len + value.len + 48);
  vms__output_add(&out, "<", 1);
  vms__output_add(&out, html[which].tag, strlen(html[which].tag));
  if (html[which].attribute != NULL) {
    vms__output_add(&out, " ", 1);
    vms__output_add(&out, html[which].attribute, strlen(html[which].attribute));
    vms__output_add(&out, "=\"", 2);
    vms__charge(&vms__of(duk)->meter, value.len / 2);
    for (size_t i = 0; i < value.len; i++) {
      if (value.data[i] == '"') vms__output_add(&out, "&quot;", 6);
      else vms__output_add(&out, value.data + i, 1);
    }
    vms__output_add(&out, "\"", 1);
  }
  vms__output_add(&out, ">", 1);
  vms__output_add(&out, text.data, text.len);
  vms__output_add(&out, "</", 2);
  vms__output_add(&out, html[which].tag, strlen(html[which].tag));
  vms__output_add(&out, ">", 1);
  duk_push_lstring(duk, out.data, out.len);
  return 1;
}

static duk_ret_t symbol_description(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_object(duk, 0)) {
    vms__ref_push(vms__of(duk), duk, VMS__REF_SYMBOL_VALUE);
    duk_insert(duk, 0);
    duk_call_method(duk, 0);
  }
  if (!duk_is_symbol(duk, 0)) return duk_type_error(duk, "not a symbol");
  return (duk_ret_t)vms__symbol_description(duk);
}

void vms__string_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method methods[] = {
    { "includes", string_includes, 2, 1, 0 },
    { "padStart", string_pad, 2, 1, 0 },      { "padEnd", string_pad, 2, 1, 1 },          { "trimStart", string_trim, 0, 0, 0 },
    { "trimEnd", string_trim, 0, 0, 1 },      { "at", string_at, 1, 1, 0 },
  };
  static const vms__method raw = { "raw", string_raw, DUK_VARARGS, 1, 0 };
  duk_get_global_literal(duk, "String");
  vms__define_methods(duk, -1, &raw, 1);
  duk_get_prop_literal(duk, -1, "prototype");
  duk_get_prop_literal(duk, -1, "indexOf");
  vms__ref_set(sandbox, duk, VMS__REF_INDEX_OF);
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  for (int i = 0; i < (int)(sizeof html / sizeof html[0]); i++) {
    int nargs = html[i].attribute != NULL ? 1 : 0;
    const vms__method method = { html[i].method, string_html, nargs, nargs, i };
    vms__define_methods(duk, -1, &method, 1);
  }
  for (int i = 0; i < 2; i++) { /* annex B: the same functions */
    duk_get_prop_string(duk, -1, i == 0 ? "trimStart" : "trimEnd");
    vms__define(duk, -2, i == 0 ? "trimLeft" : "trimRight");
  }
  duk_pop_2(duk);
  duk_get_global_literal(duk, "Symbol");
  duk_get_prop_literal(duk, -1, "prototype");
  duk_get_prop_literal(duk, -1, "valueOf");
  vms__ref_set(sandbox, duk, VMS__REF_SYMBOL_VALUE);
  duk_push_literal(duk, "description");
  vms__define_getter(duk, -2, "get description", symbol_description, 0);
  duk_pop_2(duk);
}

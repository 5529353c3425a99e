/* SPDX-License-Identifier: MIT */
/* The global object: takes away what a contract must not have, adds what Duktape lacks. */
#include "lib/sandbox/builtins.h"

#ifdef VMS_NO_SCRIPTS /* the tool that compiles them: see duktape/compile_scripts.c */
static const unsigned char prelude_code[1], lower_runtime_code[1];
#else
#include "scripts.h" /* generated */
#endif

/* --- helpers of the prelude ---------------------------------------------------------------------- */

#define BOX_KEY DUK_HIDDEN_SYMBOL("box")

static duk_ret_t native_set_hidden(duk_context *duk) {
  duk_push_literal(duk, BOX_KEY);
  duk_insert(duk, 1);
  duk_def_prop(duk, 0, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_FORCE);
  return 0;
}

/* Only what lies on the object itself: one that inherits from it, or a proxy in front of it, is another. */
static duk_ret_t native_get_hidden(duk_context *duk) {
  if (!duk_is_object(duk, 0)) return 0;
  return vms__own_value(duk, duk_get_heapptr(duk, 0), vms__of(duk)->refs[VMS__REF_BOX]);
}

/* A key that reflection does not see, different from every other. */
static duk_ret_t native_hidden_key(duk_context *duk) {
  duk_push_sprintf(duk, DUK_HIDDEN_SYMBOL("private%lu"), (unsigned long)++vms__of(duk)->object_id);
  return 1;
}

/* hiddenSet(object, key, value): also on an object that is frozen. */
static duk_ret_t native_hidden_set(duk_context *duk) {
  duk_def_prop(duk, 0, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  return 0;
}

/* hiddenGet(object, key): undefined if the object itself has none. */
static duk_ret_t native_hidden_get(duk_context *duk) {
  if (!duk_is_object(duk, 0)) return 0;
  return vms__own_value(duk, duk_get_heapptr(duk, 0), duk_get_heapptr(duk, 1));
}

/* define(object, key, value), also of a proxy. */
static duk_ret_t native_define(duk_context *duk) {
  vms__create_data(duk, 0);
  return 0;
}

/* The same of an ordinary object with other attributes, the magic: a descriptor would inherit what a script puts on
 * Object.prototype. Gives the object. */
static duk_ret_t native_define_as(duk_context *duk) {
  duk_def_prop(duk, 0, (duk_uint_t)duk_get_current_magic(duk));
  return 1;
}

static duk_ret_t native_key(duk_context *duk) {
  vms__to_key(duk, 0);
  return 1;
}

/* What the lowered text and its runtime define properties with. */
static void define_definers(duk_context *duk, duk_idx_t vms) {
  enum { VALUE = DUK_DEFPROP_HAVE_VALUE, HIDDEN = DUK_DEFPROP_CLEAR_ENUMERABLE | DUK_DEFPROP_SET_CONFIGURABLE,
         SHOWN = DUK_DEFPROP_SET_ENUMERABLE | DUK_DEFPROP_SET_CONFIGURABLE };
  static const struct { const char *name; int flags; } definers[] = {
    { "defineMethod", VALUE | DUK_DEFPROP_SET_WRITABLE | HIDDEN },
    { "defineName", VALUE | DUK_DEFPROP_CLEAR_WRITABLE | HIDDEN },
    { "defineInstances", VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_CLEAR_ENUMERABLE | DUK_DEFPROP_CLEAR_CONFIGURABLE },
    { "fix", VALUE | DUK_DEFPROP_CLEAR_WRITABLE },
    { "defineGetter", DUK_DEFPROP_HAVE_GETTER | HIDDEN },
    { "defineSetter", DUK_DEFPROP_HAVE_SETTER | HIDDEN },
    { "showGetter", DUK_DEFPROP_HAVE_GETTER | SHOWN },
    { "showSetter", DUK_DEFPROP_HAVE_SETTER | SHOWN },
  };
  vms = duk_normalize_index(duk, vms);
  vms__define_function(duk, vms, "define", native_define, 3, 0);
  vms__define_function(duk, vms, "toKey", native_key, 1, 0);
  for (size_t i = 0; i < sizeof definers / sizeof definers[0]; i++)
    vms__define_function(duk, vms, definers[i].name, native_define_as, 3, definers[i].flags);
}

/* The well-known symbols that Duktape does not have. */
static void add_symbols(duk_context *duk) {
  static const char *const names[] = { "asyncIterator", "match", "matchAll", "replace", "search", "species", "split",
                                       "unscopables" };
  static const char *const symbols[] = {
    DUK_WELLKNOWN_SYMBOL("Symbol.asyncIterator"), DUK_WELLKNOWN_SYMBOL("Symbol.match"),
    DUK_WELLKNOWN_SYMBOL("Symbol.matchAll"),      DUK_WELLKNOWN_SYMBOL("Symbol.replace"),
    DUK_WELLKNOWN_SYMBOL("Symbol.search"),        DUK_WELLKNOWN_SYMBOL("Symbol.species"),
    DUK_WELLKNOWN_SYMBOL("Symbol.split"),         DUK_WELLKNOWN_SYMBOL("Symbol.unscopables")
  };
  duk_get_global_literal(duk, "Symbol");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    duk_push_string(duk, names[i]);
    duk_push_string(duk, symbols[i]);
    duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  }
  duk_pop(duk);
}

/* --- replaced -------------------------------------------------------------------------------- */

static duk_ret_t no_code(duk_context *duk) {
  return duk_error(duk, DUK_ERR_EVAL_ERROR, "code cannot be made from text in a contract");
}

static void remove_of(duk_context *duk, const char *object, const char *const *names) {
  duk_push_global_object(duk);
  if (object != NULL) {
    duk_get_prop_string(duk, -1, object);
    duk_remove(duk, -2);
  }
  for (; *names != NULL; names++) duk_del_prop_string(duk, -1, *names);
  duk_pop(duk);
}

static bool is_one_of(char c, const char *set) { return c != 0 && strchr(set, c) != NULL; }

/* Whether the text at idx is "return this". */
static bool returns_this(duk_context *duk, duk_idx_t idx) {
  static const char space[] = " \t\r\n";
  duk_size_t len;
  const char *text = duk_is_string(duk, idx) ? duk_get_lstring(duk, idx, &len) : NULL;
  if (text == NULL || len > 64 || strlen(text) != len) return false;
  text += strspn(text, space);
  if (strncmp(text, "return", 6) != 0 || !is_one_of(text[6], " \t")) return false;
  text += 6 + strspn(text + 6, " \t"); /* a line break would end the statement */
  if (strncmp(text, "this", 4) != 0) return false;
  text += 4 + strspn(text + 4, space);
  if (*text == ';') text += 1 + strspn(text + 1, space);
  return *text == 0;
}

static duk_ret_t global_this(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) duk_push_global_object(duk);
  duk_to_object(duk, -1);
  return 1;
}

/* Function(...): a constructor for `instanceof Function`. The one text that is taken is how libraries older than globalThis look
 * for the global object. */
static duk_ret_t function_from_text(duk_context *duk) {
  if (duk_get_top(duk) != 1 || !returns_this(duk, 0)) return no_code(duk);
  vms__push_function(duk, "anonymous", global_this, 0, 0, 0);
  return 1;
}

static void replace_function_constructor(duk_context *duk) {
  duk_push_global_object(duk);
  vms__push_constructor(duk, "Function", function_from_text, DUK_VARARGS, 1);
  duk_push_literal(duk, "prototype");
  duk_get_prop_literal(duk, -3, "Function");
  duk_get_prop_literal(duk, -1, "prototype");
  duk_remove(duk, -2);
  duk_dup(duk, -3);
  vms__define(duk, -2, "constructor");
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  vms__define(duk, -2, "Function");
  vms__define_function(duk, -1, "eval", no_code, 1, 0);
  duk_pop(duk);
}

/* --- scripts ----------------------------------------------------------------------------------- */

/* Pushes the function that a script, compiled when the library was built, consists of. */
static void push_script(duk_context *duk, const unsigned char *code, size_t len) {
  duk_push_external_buffer(duk);
  duk_config_buffer(duk, -1, (void *)(uintptr_t)code, len); /* only read from */
  duk_load_function(duk);
  duk_call(duk, 0);
}

void vms__globals_open(vms_sandbox *sandbox, duk_context *duk) {
  static const char *const globals[] = { "Duktape", "CBOR", "performance", NULL };
  static const char *const of_string[] = { "fromBuffer", "fromBufferRaw", NULL };
  static const char *const of_uint8array[] = { "allocPlain", "plainOf", NULL };

  duk_push_literal(duk, BOX_KEY);
  vms__ref_set(sandbox, duk, VMS__REF_BOX);
  duk_push_object(duk);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_VMS);
  define_definers(duk, -1);
  duk_push_object(duk); /* [ $vms native ] */
  vms__define_function(duk, -1, "setHidden", native_set_hidden, 2, 0);
  vms__define_function(duk, -1, "getHidden", native_get_hidden, 1, 0);
  vms__define_function(duk, -1, "hiddenKey", native_hidden_key, 0, 0);
  vms__define_function(duk, -1, "hiddenGet", native_hidden_get, 2, 0);
  vms__define_function(duk, -1, "typedCount", vms__typed_count, 2, 0);
  vms__define_function(duk, -1, "hiddenSet", native_hidden_set, 3, 0);
  add_symbols(duk);
  vms__object_open(duk);
  vms__array_open(sandbox, duk);
  vms__iter_open(sandbox, duk, -1);
  vms__typed_open(sandbox, duk);
  vms__dataview_open(sandbox, duk);
  vms__proxy_open(sandbox, duk);
  vms__string_open(sandbox, duk);
  vms__unicode_open(duk);
  vms__regexp_open(sandbox, duk);
  vms__number_open(duk);
  vms__date_open(duk);
  vms__collection_open(sandbox, duk);
  vms__promise_open(sandbox, duk, duk_get_top_index(duk));
  vms__promise_library(sandbox, duk);
  vms__error_open(sandbox, duk);
  vms__later_open(duk);
  vms__timers_open(sandbox, duk);
  vms__random_open(duk);
  vms__math_open(duk);
  replace_function_constructor(duk);

  push_script(duk, prelude_code, sizeof prelude_code);
  duk_dup(duk, -3);
  duk_dup(duk, -3);
  duk_push_global_object(duk);
  duk_call(duk, 3);
  duk_pop(duk);
  duk_get_prop_literal(duk, -1, "drive");
  vms__ref_set(sandbox, duk, VMS__REF_DRIVE);
  vms__buffer_open(sandbox, duk);
  vms__trace_open(sandbox, duk);
  vms__system_open(sandbox, duk);
  vms__console_open(sandbox, duk);

  remove_of(duk, NULL, globals);
  remove_of(duk, "String", of_string);
  remove_of(duk, "Uint8Array", of_uint8array);
  duk_get_global_literal(duk, "Error");
  duk_get_prop_literal(duk, -1, "prototype");
  duk_del_prop_literal(duk, -1, "fileName");
  duk_del_prop_literal(duk, -1, "lineNumber");
  duk_pop_2(duk);

  push_script(duk, lower_runtime_code, sizeof lower_runtime_code);
  duk_dup(duk, -3);
  duk_call(duk, 1);
  duk_pop(duk);
  duk_freeze(duk, -2);
  duk_pop_2(duk);
}

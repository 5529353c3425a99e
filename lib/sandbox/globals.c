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

/* A property key that stands for a value in Map and Set: equal for SameValueZero, different otherwise. An object is
 * known by its address, since none moves and the collection keeps it alive; all such keys are equally long, and
 * neither they nor their hashes can be observed. */
static duk_ret_t native_key_of(duk_context *duk) {
  char name[2 + 2 * sizeof(void *)] = { (char)0xff, 'o' }; /* a hidden symbol */
  uintptr_t address;
  switch (duk_get_type(duk, 0)) {
    case DUK_TYPE_STRING:
      if (duk_is_symbol(duk, 0)) return 1;
      duk_push_literal(duk, "s");
      break;
    case DUK_TYPE_NUMBER:
      if (duk_get_number(duk, 0) == 0) {
        duk_push_int(duk, 0); /* -0 is 0 */
        duk_replace(duk, 0);
      }
      duk_push_literal(duk, "n");
      break;
    case DUK_TYPE_OBJECT:
      address = (uintptr_t)duk_get_heapptr(duk, 0);
      for (size_t i = 2; i < sizeof name; i++, address >>= 4) name[i] = "0123456789abcdef"[address & 15];
      duk_push_lstring(duk, name, sizeof name);
      return 1;
    default:
      duk_push_literal(duk, "v");
      break;
  }
  duk_insert(duk, 0);
  duk_to_string(duk, 1);
  duk_concat(duk, 2);
  return 1;
}

/* constructorOf(name, fill): a constructor whose body is fill(this, argument). */
static duk_ret_t construct_filled(duk_context *duk) {
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "constructor must be called with new");
  duk_push_current_function(duk);
  duk_get_prop_literal(duk, -1, BOX_KEY);
  duk_push_this(duk);
  duk_dup(duk, 0);
  duk_call(duk, 2);
  return 0;
}

static duk_ret_t native_constructor_of(duk_context *duk) {
  vms__push_constructor(duk, duk_require_string(duk, 0), construct_filled, 1, 0);
  duk_push_literal(duk, BOX_KEY);
  duk_dup(duk, 1);
  duk_def_prop(duk, 2, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_push_literal(duk, "prototype");
  duk_push_object(duk);
  duk_dup(duk, 2);
  vms__define(duk, -2, "constructor");
  duk_def_prop(duk, 2, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_dup(duk, 2);
  return 1;
}

/* --- weak collections: [id key value] with the value hidden on the key ------------------------------ */

static duk_ret_t native_weak_new(duk_context *duk) {
  duk_push_number(duk, (double)++vms__of(duk)->object_id);
  return 1;
}

/* Pushes the hidden name under which the collection keeps its value. */
static void push_weak_name(duk_context *duk) {
  duk_push_sprintf(duk, DUK_HIDDEN_SYMBOL("weak%lu"), (unsigned long)duk_get_number(duk, 0));
}

/* Pushes the value; false, and nothing pushed, if the key has none. */
static bool weak_value(duk_context *duk) {
  if (!duk_is_object(duk, 1)) return false;
  push_weak_name(duk);
  bool has = vms__own_value(duk, duk_get_heapptr(duk, 1), duk_get_heapptr(duk, -1)) != 0;
  duk_remove(duk, has ? -2 : -1);
  return has;
}

static duk_ret_t native_weak_get(duk_context *duk) { return weak_value(duk); }

static duk_ret_t native_weak_has(duk_context *duk) {
  duk_push_boolean(duk, weak_value(duk));
  return 1;
}

static duk_ret_t native_weak_set(duk_context *duk) {
  push_weak_name(duk);
  duk_dup(duk, 2);
  duk_def_prop(duk, 1, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  return 0;
}

static duk_ret_t native_weak_delete(duk_context *duk) {
  bool has = weak_value(duk);
  if (has) {
    push_weak_name(duk);
    duk_del_prop(duk, 1);
  }
  duk_push_boolean(duk, has);
  return 1;
}

static duk_ret_t native_char_code(duk_context *duk) {
  duk_push_int(duk, duk_char_code_at(duk, 0, (duk_size_t)duk_get_uint(duk, 1)));
  return 1;
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

/* A constructor in name only, for `instanceof Function`. */
static void replace_function_constructor(duk_context *duk) {
  duk_push_global_object(duk);
  vms__push_constructor(duk, "Function", no_code, 1, 1);
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
  static const char *const globals[] = { "Duktape", "Buffer", "CBOR", "performance", NULL };
  static const char *const of_string[] = { "fromBuffer", "fromBufferRaw", NULL };
  static const char *const of_uint8array[] = { "allocPlain", "plainOf", NULL };

  duk_push_literal(duk, BOX_KEY);
  vms__ref_set(sandbox, duk, VMS__REF_BOX);
  duk_push_object(duk);
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_VMS);
  duk_push_object(duk); /* [ $vms native ] */
  vms__define_function(duk, -1, "setHidden", native_set_hidden, 2, 0);
  vms__define_function(duk, -1, "getHidden", native_get_hidden, 1, 0);
  vms__define_function(duk, -1, "hiddenKey", native_hidden_key, 0, 0);
  vms__define_function(duk, -1, "hiddenGet", native_hidden_get, 2, 0);
  vms__define_function(duk, -1, "hiddenSet", native_hidden_set, 3, 0);
  vms__define_function(duk, -1, "keyOf", native_key_of, 1, 0);
  vms__define_function(duk, -1, "charCode", native_char_code, 2, 0);
  vms__define_function(duk, -1, "constructorOf", native_constructor_of, 2, 0);
  vms__define_function(duk, -1, "weakNew", native_weak_new, 0, 0);
  vms__define_function(duk, -1, "weakGet", native_weak_get, 2, 0);
  vms__define_function(duk, -1, "weakHas", native_weak_has, 2, 0);
  vms__define_function(duk, -1, "weakSet", native_weak_set, 3, 0);
  vms__define_function(duk, -1, "weakDelete", native_weak_delete, 2, 0);
  add_symbols(duk);
  vms__object_open(duk);
  vms__array_open(sandbox, duk);
  vms__iter_open(sandbox, duk, -1);
  vms__proxy_open(sandbox, duk);
  vms__string_open(sandbox, duk);
  vms__promise_open(sandbox, duk, duk_get_top_index(duk));
  vms__promise_library(sandbox, duk);
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
  duk_get_prop_literal(duk, -1, "format");
  vms__ref_set(sandbox, duk, VMS__REF_FORMAT);
  vms__trace_open(sandbox, duk);
  vms__system_open(sandbox, duk);

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

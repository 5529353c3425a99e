/* SPDX-License-Identifier: MIT */
/* What the files bi_*.c share: the standard's abstract operations over Duktape's stack. Indexes of lists are doubles, since
 * they may be as large as 2^53 - 1. Whatever fails throws into the script. */
#ifndef VMS_SANDBOX_BUILTINS_H
#define VMS_SANDBOX_BUILTINS_H

#include "lib/sandbox/internal.h"
#include "lib/sandbox/view.h"

#define VMS__LENGTH_MAX 9007199254740991.0
#define VMS__INDEX_MAX 4294967295.0 /* below: an index of an array */

typedef struct vms__method {
  const char *name;
  duk_c_function function;
  int nargs, length, magic;
} vms__method;

/* Defines the methods, which have a name and a length and are no constructors. */
void vms__define_methods(duk_context *duk, duk_idx_t obj, const vms__method *methods, size_t count);
/* Pushes such a function; the second: a constructor whose `prototype` is still to come. */
void vms__push_function(duk_context *duk, const char *name, duk_c_function function, int nargs, int length, int magic);
void vms__push_constructor(duk_context *duk, const char *name, duk_c_function function, int nargs, int length);
void vms__define_tag(duk_context *duk, duk_idx_t obj, const char *tag); /* Symbol.toStringTag */
/* A getter: `name` is what it is called, the key is on top (popped). */
void vms__define_getter(duk_context *duk, duk_idx_t obj, const char *name, duk_c_function function, int magic);

/* --- in the patched engine ------------------------------------------------------------------- */
/* Pushes a function that has no properties yet. */
void vms__push_native(duk_context *duk, duk_c_function function, duk_int_t nargs, int constructor);
int vms__is_regexp(void *object);
/* Pushes an element of a dense array that no script can reach. */
void vms__push_element(duk_context *duk, duk_idx_t array, duk_uarridx_t index);
/* The time value of the date at idx, valid until the date is changed or the engine runs; NULL if it is none. */
double *vms__date_time(duk_context *duk, duk_idx_t idx);
/* Pushes the number that `this` is or wraps; throws if it is none. */
void vms__push_this_number(duk_context *duk);
/* What kind of object it is by nature: the numbers are Duktape's. */
int vms__class_of(void *object);
enum { VMS__CLASS_OBJECT = 1, VMS__CLASS_ARRAY, VMS__CLASS_FUNCTION, VMS__CLASS_ARGUMENTS, VMS__CLASS_BOOLEAN, VMS__CLASS_DATE,
       VMS__CLASS_ERROR, VMS__CLASS_NUMBER = 10, VMS__CLASS_REGEXP, VMS__CLASS_STRING, VMS__CLASS_SYMBOL = 14,
       VMS__CLASS_ARRAYBUFFER = 19, VMS__CLASS_DATAVIEW, VMS__CLASS_INT8ARRAY, VMS__CLASS_UINT8ARRAY, VMS__CLASS_FLOAT64ARRAY = 29 };
/* [ ... object ] -> [ ... object keys ]: names and symbols of its own that are no indexes, in the order they were added. */
void vms__named_keys(duk_context *duk);
/* [ ... key ] -> [ ... ]: a hidden property of the object itself, whatever it is. */
void vms__hidden_delete(duk_context *duk, duk_idx_t obj);
/* [ ... symbol ] -> [ ... symbol description ]; 0, and nothing pushed, if it has none. */
int vms__symbol_description(duk_context *duk);
/* The target and handler of a proxy; 0 if the object is none. Both are borrowed. */
int vms__proxy_parts(void *object, void **target, void **handler);
/* [ ... value ] -> [ ... ]: an element of an array that no script has seen yet. */
void vms__fresh_put(duk_context *duk, duk_idx_t array, duk_uarridx_t index);
/* [ ... key value ] -> [ ... ]: a property of an ordinary object that no script has seen yet. */
void vms__fresh_define(duk_context *duk, duk_idx_t object);

/* [[DefineOwnProperty]] of an ordinary object with the flags of duk_def_prop. */
int vms__try_define(duk_context *duk, duk_idx_t obj, duk_idx_t key, duk_uint_t flags, duk_idx_t value, void *get, void *set);
int vms__try_delete(duk_context *duk, duk_idx_t obj, duk_idx_t key);
int vms__extensible(void *object);
void vms__close_object(duk_context *duk, duk_idx_t obj); /* not extensible any more */
/* 1 if the ordinary object has the property of its own and it is enumerable, 0 if it is not, -1 if there is none. */
int vms__own_enumerable(duk_context *duk, duk_idx_t obj, duk_idx_t key);
/* [ ... object ] -> [ ... keys ]: names and symbols, in the order of the standard. */
void vms__ordinary_keys(duk_context *duk);
/* [ ... handler ] -> [ ... ] */
void vms__set_handler(duk_context *duk, duk_idx_t proxy);
/* 1 if the property key stands for an element of the typed array, whether it has one of that number (`has`) or not. */
int vms__element_key(duk_context *duk, duk_idx_t obj, duk_idx_t key, int *has);
void vms__push_array_buffer(duk_context *duk, duk_idx_t view); /* of a typed array or DataView */
/* Gets an element of the array that is a number and no accessor's, if it is at hand. */
int vms__dense_number(void *array, duk_uarridx_t index, double *number);
/* Turns the elements start..end-1 of the array, none of them missing, so that number start + by comes first. 0: not such an array,
 * nothing was done. Takes time for end - start elements, which the caller charges. */
int vms__dense_turn(void *array, duk_uarridx_t start, duk_uarridx_t end, duk_uarridx_t by);

static inline bool vms__is_proxy(duk_context *duk, duk_idx_t idx) {
  void *target, *handler, *object = duk_get_heapptr(duk, idx);
  return duk_is_object(duk, idx) && vms__proxy_parts(object, &target, &handler) != 0;
}

/* --- bi_array.c -------------------------------------------------------------------------------- */
double vms__to_integer(duk_context *duk, duk_idx_t idx);
double vms__length_of(duk_context *duk, duk_idx_t obj);
/* At the bottom of the stack: [ compare object ] -> [ ... object ], sorted. */
duk_ret_t vms__sort(duk_context *duk);
/* An index that may count from the end, clamped to 0..len. */
double vms__relative(duk_context *duk, duk_idx_t idx, double len, double otherwise);
/* [ callback self obj ... value ] -> [ callback self obj ... value result ] */
void vms__call_back(duk_context *duk, double index);
/* Pushes ToObject(this). */
void vms__push_this_object(duk_context *duk);
void vms__require_callable(duk_context *duk, duk_idx_t idx);
/* IsArray: also behind proxies. */
bool vms__is_array(duk_context *duk, duk_idx_t idx);
void vms__get_at(duk_context *duk, duk_idx_t obj, double index);
/* [ ... key value ] -> [ ... ]: CreateDataPropertyOrThrow. */
void vms__create_data(duk_context *duk, duk_idx_t obj);
/* Pushes an object's method, or undefined if it has none. */
void vms__get_method(duk_context *duk, duk_idx_t obj, const char *key);
/* [ ... value ] -> [ ... {value, done} ] */
void vms__to_result(duk_context *duk, bool done);
/* Calls step, a safe call with the value on top (popped by it), for each value of the iterable; what it throws closes the iterator. */
void vms__iterate(duk_context *duk, duk_idx_t iterable, duk_safe_call_function step, void *udata);
/* [ ... method ] -> [ ... ]: the same with the method that makes the iterator. */
void vms__iterate_by(duk_context *duk, duk_idx_t iterable, duk_safe_call_function step, void *udata);
/* Whether this method is that of arrays (or typed arrays), and their iterators do what they did at first. */
bool vms__plain_iteration(duk_context *duk, duk_idx_t method, bool typed);
void vms__typed_iterators(duk_context *duk, duk_idx_t prototype);
/* --- bi_proxy.c: the internal methods of any object --------------------------------------------- */
/* [ ... key value ] -> [ ... ]: CreateDataProperty. */
bool vms__try_create(duk_context *duk, duk_idx_t obj);
void vms__enumerable_names(duk_context *duk, int own_only);
void vms__to_key(duk_context *duk, duk_idx_t idx); /* ToPropertyKey */
/* A descriptor is a bare object with the fields that it has. In place; the other way: for scripts, undefined stays. */
void vms__to_descriptor(duk_context *duk, duk_idx_t idx);
void vms__from_descriptor(duk_context *duk);
void vms__get_own(duk_context *duk, duk_idx_t obj, duk_idx_t key); /* pushes a descriptor or undefined */
bool vms__define_own(duk_context *duk, duk_idx_t obj, duk_idx_t key, duk_idx_t desc);
bool vms__is_extensible(duk_context *duk, duk_idx_t obj);
bool vms__prevent_extensions(duk_context *duk, duk_idx_t obj);
void vms__push_prototype_of(duk_context *duk, duk_idx_t obj);
bool vms__set_prototype_of(duk_context *duk, duk_idx_t obj, duk_idx_t prototype);
void vms__own_keys(duk_context *duk, duk_idx_t obj); /* pushes an array */
/* [ ... object key receiver ] -> [ ... value ]: [[Get]] */
void vms__proxy_get(duk_context *duk);
/* [ ... object key value receiver ] -> [ ... ]: [[Set]] */
bool vms__proxy_set(duk_context *duk);
/* [ ... object key ] -> [ ... ] */
bool vms__proxy_has(duk_context *duk);
bool vms__proxy_delete(duk_context *duk);
void vms__proxy_open(vms_sandbox *sandbox, duk_context *duk);

/* --- bi_promise.c ------------------------------------------------------------------------------ */
void vms__promise_capability(duk_context *duk, duk_idx_t constructor); /* pushes [promise, resolve, reject] */
void vms__promise_push_resolving(vms_sandbox *sandbox, duk_context *duk); /* [ ... promise ] -> [ ... promise resolve reject ] */
void vms__push_species_constructor(duk_context *duk, duk_idx_t obj, int otherwise); /* the latter: VMS__REF_... */
void vms__define_species(duk_context *duk, duk_idx_t constructor);
void vms__promise_library(vms_sandbox *sandbox, duk_context *duk);

/* --- bi_error.c -------------------------------------------------------------------------------- */
/* Gives a new error the cause that the options name, if they do. */
void vms__error_cause(duk_context *duk, duk_idx_t error, duk_idx_t options);
void vms__error_open(vms_sandbox *sandbox, duk_context *duk);

/* --- bi_number.c, bi_date.c ---------------------------------------------------------------------- */
void vms__number_open(duk_context *duk);
/* Throws unless the arguments `locales` and `options` (the next) ask for what there is: American English in UTC. */
void vms__check_locale(duk_context *duk, duk_idx_t locales);
/* Days from 1970; NaN if there is no such day. Parts that are no integers are cut. */
double vms__make_day(double year, double month, double day);
void vms__date_open(duk_context *duk);

/* --- bi_unicode.c ------------------------------------------------------------------------------ */
void vms__convert_case(duk_context *duk, int upper); /* [ ... text ] -> [ ... text ] */
void vms__unicode_open(duk_context *duk);

/* --- bi_typed.c, bi_dataview.c ------------------------------------------------------------------- */
double vms__to_index(duk_context *duk, duk_idx_t idx); /* ToIndex */
/* Pushes so many zero bytes for a buffer object. */
void vms__push_bytes(duk_context *duk, double length);
/* memmove, charged. */
void vms__move_bytes(duk_context *duk, unsigned char *to, const unsigned char *from, size_t length);
duk_ret_t vms__typed_count(duk_context *duk); /* (value, method): what it would give, if a typed array is iterated as at first; else -1 */
void vms__typed_open(vms_sandbox *sandbox, duk_context *duk);
void vms__dataview_open(vms_sandbox *sandbox, duk_context *duk);

/* --- bi_buffer.c, bi_buffer_text.c ----------------------------------------------------------------- */
void vms__buffer_text_open(duk_context *duk);
void vms__buffer_open(vms_sandbox *sandbox, duk_context *duk); /* after typed arrays */

/* --- bi_collection.c --------------------------------------------------------------------------- */
/* What collection an object is; pushes its state unless it is none. `live`: entries of a Map or Set. */
enum { VMS__IS_NONE = 0, VMS__IS_MAP, VMS__IS_SET, VMS__IS_WEAK_MAP, VMS__IS_WEAK_SET };
int vms__collection_look(duk_context *duk, duk_idx_t obj, uint32_t *live);
/* Pushes key and value of the first entry at *place or behind; false: there is none. */
bool vms__collection_next(duk_context *duk, duk_idx_t state, uint32_t *place);
void vms__collection_open(vms_sandbox *sandbox, duk_context *duk);
bool vms__acts_as_regexp(duk_context *duk, duk_idx_t idx); /* IsRegExp */
void vms__regexp_open(vms_sandbox *sandbox, duk_context *duk);
void vms__refuse_regexp(duk_context *duk, duk_idx_t idx); /* throws if the argument is a regular expression */
void vms__string_open(vms_sandbox *sandbox, duk_context *duk);
void vms__object_open(duk_context *duk);
void vms__iter_open(vms_sandbox *sandbox, duk_context *duk, duk_idx_t native);
void vms__array_open(vms_sandbox *sandbox, duk_context *duk);
void vms__later_open(duk_context *duk);

#endif

/* SPDX-License-Identifier: MIT */
/* Array: the methods of ECMAScript 2020, and at, findLast and findLastIndex. The engine's own table of built-ins names those
 * that it had before; its fast paths of push and pop stand in front of ours. Each element that is looked at, also a missing
 * one, costs at least the step that the engine takes for a property. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <string.h>

/* Elements moved at once: so few are moved one by one; and a step, of 16 bytes each, as for other copies. */
enum { TURN_MIN = 8, TURN_PER_STEP = 4 };

/* --- operations of the standard ---------------------------------------------------------------- */

double vms__to_integer(duk_context *duk, duk_idx_t idx) {
  double it = duk_to_number(duk, idx);
  return it != it ? 0 : trunc(it) + 0.0; /* no -0 */
}

static double to_length(double it) { return it <= 0 ? 0 : it < VMS__LENGTH_MAX ? it : VMS__LENGTH_MAX; }

double vms__length_of(duk_context *duk, duk_idx_t obj) {
  duk_get_prop_literal(duk, obj, "length");
  double len = to_length(vms__to_integer(duk, -1));
  duk_pop(duk);
  return len;
}

double vms__relative(duk_context *duk, duk_idx_t idx, double len, double otherwise) {
  if (duk_is_undefined(duk, idx)) return otherwise;
  double it = vms__to_integer(duk, idx);
  return it < 0 ? fmax(len + it, 0) : fmin(it, len);
}

void vms__push_this_object(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) (void)duk_type_error(duk, "this is null or undefined");
  duk_to_object(duk, -1);
}

void vms__require_callable(duk_context *duk, duk_idx_t idx) {
  if (!duk_is_callable(duk, idx)) (void)duk_type_error(duk, "not a function");
}

bool vms__is_array(duk_context *duk, duk_idx_t idx) {
  void *object = duk_get_heapptr(duk, idx), *target, *handler;
  if (!duk_is_object(duk, idx)) return false;
  if (!vms__proxy_parts(object, &target, &handler)) return duk_is_array(duk, idx) != 0;
  do {
    if (handler == vms__of(duk)->refs[VMS__REF_REVOKED]) (void)duk_type_error(duk, "proxy is revoked");
    object = target;
    vms__charge(&vms__of(duk)->meter, 1);
  } while (vms__proxy_parts(object, &target, &handler));
  duk_push_heapptr(duk, object);
  bool is = duk_is_array(duk, -1) != 0;
  duk_pop(duk);
  return is;
}

void vms__get_at(duk_context *duk, duk_idx_t obj, double index) {
  if (index < VMS__INDEX_MAX) {
    duk_get_prop_index(duk, obj, (duk_uarridx_t)index);
    return;
  }
  obj = duk_normalize_index(duk, obj);
  duk_push_number(duk, index);
  duk_get_prop(duk, obj);
}

/* Pushes the element if there is one. */
static bool present(duk_context *duk, duk_idx_t obj, double index, bool proxy) {
  bool has;
  if (proxy || index >= VMS__INDEX_MAX) {
    duk_push_number(duk, index);
    if (!duk_has_prop(duk, obj)) return false;
    vms__get_at(duk, obj, index);
    return true;
  }
  has = duk_get_prop_index(duk, obj, (duk_uarridx_t)index) != 0;
  if (!has) duk_pop(duk);
  return has;
}

/* [ ... value ] -> [ ... ] */
static void put_at(duk_context *duk, duk_idx_t obj, double index) {
  if (index < VMS__INDEX_MAX) {
    duk_put_prop_index(duk, obj, (duk_uarridx_t)index);
    return;
  }
  duk_push_number(duk, index);
  duk_insert(duk, -2);
  duk_put_prop(duk, obj);
}

static void delete_at(duk_context *duk, duk_idx_t obj, double index) {
  duk_push_number(duk, index);
  duk_del_prop(duk, obj);
}

static void put_length(duk_context *duk, duk_idx_t obj, double len) {
  duk_push_number(duk, len);
  duk_put_prop_literal(duk, obj, "length");
}

/* obj[to] = obj[from], or neither exists. */
static void move_element(duk_context *duk, duk_idx_t obj, double from, double to, bool proxy) {
  if (present(duk, obj, from, proxy)) put_at(duk, obj, to);
  else delete_at(duk, obj, to);
}

/* Moves memory where elements need not move one by one: those of start..end-1 are turned so that number start + by comes first.
 * False: one of them is missing, or it is no ordinary array; nothing was done. */
static bool turn(duk_context *duk, duk_idx_t obj, double start, double end, double by) {
  if (!(end - start >= TURN_MIN) || end >= VMS__INDEX_MAX || !duk_is_array(duk, obj)) return false;
  vms__charge(&vms__of(duk)->meter, (uint64_t)(end - start) / TURN_PER_STEP);
  return vms__dense_turn(duk_get_heapptr(duk, obj), (duk_uarridx_t)start, (duk_uarridx_t)end, (duk_uarridx_t)by) != 0;
}

/* Makes room for `more` elements at `at`, by appending that many and turning. */
static bool open_gap(duk_context *duk, duk_idx_t obj, double at, double len, double more) {
  if (!turn(duk, obj, at, len, 0)) return false;
  for (double k = 0; k < more; k++) {
    duk_push_undefined(duk);
    put_at(duk, obj, len + k);
  }
  return turn(duk, obj, at, len + more, len - at);
}

/* [ ... value ] -> [ ... ]: CreateDataPropertyOrThrow; `fresh`: an array of ours. */
static void create_at(duk_context *duk, duk_idx_t obj, double index, bool fresh) {
  if (fresh && index < VMS__INDEX_MAX) {
    vms__fresh_put(duk, obj, (duk_uarridx_t)index);
    return;
  }
  duk_push_number(duk, index);
  duk_insert(duk, -2);
  vms__create_data(duk, obj);
}

static void push_array(duk_context *duk, double len) {
  if (len > VMS__INDEX_MAX) (void)duk_range_error(duk, "invalid array length");
  duk_push_array(duk);
  if (len > 0) duk_set_length(duk, -1, (duk_size_t)len);
}

/* ArraySpeciesCreate: pushes what is to hold `len` results of the object's; true if it is an ordinary new array. */
static bool push_species(duk_context *duk, duk_idx_t obj, double len) {
  vms_sandbox *sandbox = vms__of(duk);
  if (vms__is_array(duk, obj)) {
    duk_get_prop_literal(duk, obj, "constructor");
    if (duk_is_object(duk, -1)) {
      duk_get_prop_literal(duk, -1, DUK_WELLKNOWN_SYMBOL("Symbol.species"));
      duk_remove(duk, -2);
      if (duk_is_null(duk, -1)) {
        duk_pop(duk);
        duk_push_undefined(duk);
      }
    }
    if (!duk_is_undefined(duk, -1) && duk_get_heapptr(duk, -1) != sandbox->refs[VMS__REF_ARRAY]) {
      if (!duk_is_constructable(duk, -1)) (void)duk_type_error(duk, "not a constructor");
      duk_push_number(duk, len);
      duk_new(duk, 1);
      return false;
    }
    duk_pop(duk);
  }
  push_array(duk, len);
  return true;
}

/* --- adding and taking away --------------------------------------------------------------------- */

duk_ret_t vms__array_concat(duk_context *duk) {
  vms__push_this_object(duk);
  duk_insert(duk, 0);
  duk_idx_t count = duk_get_top(duk);
  bool fresh = push_species(duk, 0, 0);
  double at = 0;
  for (duk_idx_t i = 0; i < count; i++) {
    bool spread = false;
    if (duk_is_object(duk, i)) {
      duk_get_prop_literal(duk, i, DUK_WELLKNOWN_SYMBOL("Symbol.isConcatSpreadable"));
      spread = duk_is_undefined(duk, -1) ? vms__is_array(duk, i) : duk_to_boolean(duk, -1) != 0;
      duk_pop(duk);
    }
    if (!spread) {
      if (at >= VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
      duk_dup(duk, i);
      create_at(duk, count, at++, fresh);
      continue;
    }
    bool proxy = vms__is_proxy(duk, i);
    double len = vms__length_of(duk, i);
    if (at + len > VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
    for (double k = 0; k < len; k++, at++)
      if (present(duk, i, k, proxy)) create_at(duk, count, at, fresh);
  }
  put_length(duk, count, at);
  return 1;
}

duk_ret_t vms__array_push(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, count);
  if (len + count > VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
  for (duk_idx_t i = 0; i < count; i++) {
    duk_dup(duk, i);
    put_at(duk, count, len++);
  }
  put_length(duk, count, len);
  duk_push_number(duk, len);
  return 1;
}

duk_ret_t vms__array_pop(duk_context *duk) {
  duk_set_top(duk, 0);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 0);
  if (len == 0) {
    put_length(duk, 0, 0);
    return 0;
  }
  vms__get_at(duk, 0, len - 1);
  delete_at(duk, 0, len - 1);
  put_length(duk, 0, len - 1);
  return 1;
}

duk_ret_t vms__array_shift(duk_context *duk) {
  duk_set_top(duk, 0);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 0);
  double len = vms__length_of(duk, 0);
  if (len == 0) {
    put_length(duk, 0, 0);
    return 0;
  }
  vms__get_at(duk, 0, 0);
  if (proxy || !turn(duk, 0, 0, len, 1))
    for (double k = 1; k < len; k++) move_element(duk, 0, k, k - 1, proxy);
  delete_at(duk, 0, len - 1);
  put_length(duk, 0, len - 1);
  return 1;
}

duk_ret_t vms__array_unshift(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, count);
  double len = vms__length_of(duk, count);
  if (count > 0) {
    if (len + count > VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
    if (proxy || !open_gap(duk, count, 0, len, count))
      for (double k = len; k > 0; k--) move_element(duk, count, k - 1, k - 1 + count, proxy);
    for (duk_idx_t i = 0; i < count; i++) {
      duk_dup(duk, i);
      put_at(duk, count, i);
    }
  }
  put_length(duk, count, len + count);
  duk_push_number(duk, len + count);
  return 1;
}

duk_ret_t vms__array_slice(duk_context *duk) {
  duk_set_top(duk, 2);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 2);
  double len = vms__length_of(duk, 2), from = vms__relative(duk, 0, len, 0), to = vms__relative(duk, 1, len, len), at = 0;
  bool fresh = push_species(duk, 2, fmax(to - from, 0));
  for (; from < to; from++, at++)
    if (present(duk, 2, from, proxy)) create_at(duk, 3, at, fresh);
  put_length(duk, 3, at);
  return 1;
}

duk_ret_t vms__array_splice(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk), added = given > 2 ? given - 2 : 0, obj = given, made = given + 1;
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, obj);
  double len = vms__length_of(duk, obj), from = given > 0 ? vms__relative(duk, 0, len, 0) : 0, gone = 0, k;
  if (given == 1) gone = len - from;
  else if (given > 1) gone = fmin(fmax(vms__to_integer(duk, 1), 0), len - from);
  if (len + added - gone > VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
  bool fresh = push_species(duk, obj, gone);
  for (k = 0; k < gone; k++)
    if (present(duk, obj, from + k, proxy)) create_at(duk, made, k, fresh);
  put_length(duk, made, gone);
  if (added < gone) {
    if (proxy || !turn(duk, obj, from + added, len, gone - added))
      for (k = from; k < len - gone; k++) move_element(duk, obj, k + gone, k + added, proxy);
    for (k = len; k > len - gone + added; k--) delete_at(duk, obj, k - 1);
  } else if (added > gone) {
    if (proxy || !open_gap(duk, obj, from + gone, len, added - gone))
      for (k = len - gone; k > from; k--) move_element(duk, obj, k + gone - 1, k + added - 1, proxy);
  }
  for (duk_idx_t i = 0; i < added; i++) {
    duk_dup(duk, 2 + i);
    put_at(duk, obj, from + i);
  }
  put_length(duk, obj, len - gone + added);
  return 1;
}

duk_ret_t vms__array_reverse(duk_context *duk) {
  duk_set_top(duk, 0);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 0);
  double len = vms__length_of(duk, 0), middle = floor(len / 2);
  for (double low = 0; low < middle; low++) {
    double high = len - 1 - low;
    bool has_low = present(duk, 0, low, proxy), has_high = present(duk, 0, high, proxy); /* [ obj low? high? ] */
    if (has_high) put_at(duk, 0, low);
    else if (has_low) delete_at(duk, 0, low);
    if (has_low) put_at(duk, 0, high);
    else if (has_high) delete_at(duk, 0, high);
  }
  return 1;
}

static duk_ret_t array_fill(duk_context *duk) {
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 3), i = vms__relative(duk, 1, len, 0), end = vms__relative(duk, 2, len, len);
  for (; i < end; i++) {
    duk_dup(duk, 0);
    put_at(duk, 3, i);
  }
  return 1;
}

static duk_ret_t array_copy_within(duk_context *duk) {
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 3);
  double len = vms__length_of(duk, 3), to = vms__relative(duk, 0, len, 0), from = vms__relative(duk, 1, len, 0);
  double count = fmin(vms__relative(duk, 2, len, len) - from, len - to), step = 1;
  if (from < to && to < from + count) {
    step = -1;
    from += count - 1;
    to += count - 1;
  }
  for (; count > 0; count--, from += step, to += step) move_element(duk, 3, from, to, proxy);
  return 1;
}

/* --- with a callback ---------------------------------------------------------------------------- */

enum { EVERY = 0, SOME, FOR_EACH, MAP, FILTER, FIND, FIND_INDEX, FIND_LAST, FIND_LAST_INDEX };

void vms__call_back(duk_context *duk, double index) {
  duk_dup(duk, 0);
  duk_dup(duk, 1);
  duk_dup(duk, -3);
  duk_push_number(duk, index);
  duk_dup(duk, 2);
  duk_call_method(duk, 3);
}

duk_ret_t vms__array_each(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  duk_set_top(duk, 2);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 2), fresh = false, yes;
  double len = vms__length_of(duk, 2), kept = 0;
  vms__require_callable(duk, 0);
  if (what == MAP) fresh = push_species(duk, 2, len);
  else if (what == FILTER) fresh = push_species(duk, 2, 0);
  else duk_push_undefined(duk);
  for (double i = 0; i < len; i++) {
    if (!present(duk, 2, i, proxy)) continue;
    vms__call_back(duk, i); /* [ callback self obj made value result ] */
    if (what == MAP) {
      create_at(duk, 3, i, fresh);
    } else if (what != FOR_EACH) {
      yes = duk_to_boolean(duk, -1) != 0;
      if (what == EVERY ? !yes : what == SOME && yes) return 1;
      duk_pop(duk);
      if (what == FILTER && yes) {
        create_at(duk, 3, kept++, fresh);
        continue;
      }
    } else {
      duk_pop(duk);
    }
    duk_pop(duk);
  }
  if (what == EVERY || what == SOME) duk_push_boolean(duk, what == EVERY);
  return 1;
}

static duk_ret_t array_find(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 2);
  bool last = what == FIND_LAST || what == FIND_LAST_INDEX, value = what == FIND || what == FIND_LAST;
  vms__require_callable(duk, 0);
  for (double i = last ? len - 1 : 0; last ? i >= 0 : i < len; last ? i-- : i++) {
    vms__get_at(duk, 2, i);
    vms__call_back(duk, i);
    bool yes = duk_to_boolean(duk, -1) != 0;
    duk_pop(duk);
    if (yes && !value) duk_push_number(duk, i);
    if (yes) return 1;
    duk_pop(duk);
  }
  if (!value) duk_push_int(duk, -1);
  return !value;
}

duk_ret_t vms__array_reduce(duk_context *duk) {
  int step = duk_get_current_magic(duk); /* 1: reduce, -1: reduceRight */
  bool has = duk_get_top(duk) > 1;
  duk_set_top(duk, 2);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 2);
  double len = vms__length_of(duk, 2);
  vms__require_callable(duk, 0);
  for (double i = step > 0 ? 0 : len - 1; i >= 0 && i < len; i += step) {
    if (!present(duk, 2, i, proxy)) continue;
    if (has) {
      duk_dup(duk, 0);
      duk_insert(duk, -2);
      duk_dup(duk, 1);
      duk_insert(duk, -2); /* [ callback so_far obj callback so_far value ] */
      duk_push_number(duk, i);
      duk_dup(duk, 2);
      duk_call(duk, 4);
    }
    has = true;
    duk_replace(duk, 1);
  }
  if (!has) return duk_type_error(duk, "reduce of an empty array with no initial value");
  duk_dup(duk, 1);
  return 1;
}

/* --- searching ------------------------------------------------------------------------------------ */

duk_ret_t vms__array_index_of(duk_context *duk) {
  int step = duk_get_current_magic(duk); /* 1: indexOf, -1: lastIndexOf */
  duk_idx_t given = duk_get_top(duk);
  double i;
  duk_set_top(duk, 2);
  vms__push_this_object(duk);
  bool proxy = vms__is_proxy(duk, 2);
  double len = vms__length_of(duk, 2);
  if (len > 0) {
    if (step > 0) {
      i = vms__relative(duk, 1, len, 0);
    } else {
      i = given > 1 ? vms__to_integer(duk, 1) : len - 1;
      i = i < 0 ? len + i : fmin(i, len - 1);
    }
    for (; i >= 0 && i < len; i += step) {
      if (!present(duk, 2, i, proxy)) continue;
      if (duk_strict_equals(duk, -1, 0)) {
        duk_push_number(duk, i);
        return 1;
      }
      duk_pop(duk);
    }
  }
  duk_push_int(duk, -1);
  return 1;
}

static duk_ret_t array_includes(duk_context *duk) {
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 2), i = len > 0 ? vms__relative(duk, 1, len, 0) : 0;
  bool nan = duk_is_nan(duk, 0) != 0, found = false;
  for (; i < len && !found; i++) {
    vms__get_at(duk, 2, i);
    found = nan ? duk_is_nan(duk, -1) != 0 : duk_strict_equals(duk, -1, 0) != 0;
    duk_pop(duk);
  }
  duk_push_boolean(duk, found);
  return 1;
}

static duk_ret_t array_at(duk_context *duk) {
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 1), i = vms__to_integer(duk, 0);
  if (i < 0) i += len;
  if (i < 0 || i >= len) return 0;
  vms__get_at(duk, 1, i);
  return 1;
}

/* --- flat, flatMap --------------------------------------------------------------------------------- */

#define FLAT_DEPTH_MAX 1000

/* Appends the elements of the object on top, flattened, to what is at index 3. */
static void flatten(duk_context *duk, double len, double *at, bool fresh, double deep, int level, bool map) {
  duk_idx_t obj = duk_get_top_index(duk);
  bool proxy = vms__is_proxy(duk, obj);
  if (level > FLAT_DEPTH_MAX) (void)duk_range_error(duk, "array is nested too deeply");
  duk_require_stack(duk, 12);
  for (double i = 0; i < len; i++) {
    if (!present(duk, obj, i, proxy)) continue;
    if (map) {
      vms__call_back(duk, i);
      duk_remove(duk, -2);
    }
    if (deep >= 1 && vms__is_array(duk, -1)) {
      flatten(duk, vms__length_of(duk, -1), at, fresh, deep - 1, level + 1, false);
      duk_pop(duk);
      continue;
    }
    if (*at >= VMS__LENGTH_MAX) (void)duk_type_error(duk, "array is too long");
    create_at(duk, 3, (*at)++, fresh);
  }
}

/* flat: magic 0, flatMap: 1 */
static duk_ret_t array_flat(duk_context *duk) {
  bool map = duk_get_current_magic(duk) != 0, fresh;
  double at = 0, deep = 1;
  duk_set_top(duk, 2);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 2);
  if (map) vms__require_callable(duk, 0);
  else if (!duk_is_undefined(duk, 0)) deep = vms__to_integer(duk, 0);
  fresh = push_species(duk, 2, 0);
  duk_dup(duk, 2);
  flatten(duk, len, &at, fresh, deep, 0, map);
  duk_pop(duk);
  return 1;
}

/* --- text ------------------------------------------------------------------------------------------- */

duk_ret_t vms__array_to_locale_string(duk_context *duk) {
  duk_set_top(duk, 0);
  vms__push_this_object(duk);
  double len = vms__length_of(duk, 0);
  duk_push_literal(duk, "");
  for (double i = 0; i < len; i++) {
    if (i > 0) duk_push_literal(duk, ",");
    vms__get_at(duk, 0, i);
    if (duk_is_null_or_undefined(duk, -1)) {
      duk_pop(duk);
      duk_push_literal(duk, "");
    } else {
      duk_get_prop_literal(duk, -1, "toLocaleString");
      duk_insert(duk, -2);
      duk_call_method(duk, 0);
      duk_to_string(duk, -1);
    }
    duk_concat(duk, i > 0 ? 3 : 2);
  }
  return 1;
}

/* --- sort ---------------------------------------------------------------------------------------------- */

/* [ compare obj list keys scratch scratch_keys ]: lists are bare arrays; keys only without a function. */
enum { AT_COMPARE = 0, AT_OBJECT, AT_LIST, AT_KEYS, AT_SCRATCH, AT_SCRATCH_KEYS };

/* Compares the values (or keys) on top and pops them: > 0 if the first comes after the second. */
static double sort_compare(duk_context *duk, bool by_text) {
  if (by_text) {
    duk_size_t a_len, b_len, len;
    const char *a = duk_get_lstring(duk, -2, &a_len), *b = duk_get_lstring(duk, -1, &b_len);
    len = a_len < b_len ? a_len : b_len;
    vms__charge(&vms__of(duk)->meter, 1 + len / 64);
    int order = memcmp(a, b, len); /* CESU-8 sorts as its code units do */
    duk_pop_2(duk);
    return order != 0 ? order : a_len > b_len ? 1 : a_len < b_len ? -1 : 0;
  }
  duk_dup(duk, AT_COMPARE);
  duk_insert(duk, -3);
  duk_call(duk, 2);
  double order = duk_to_number(duk, -1);
  duk_pop(duk);
  return order;
}

static void copy(duk_context *duk, duk_idx_t from, duk_uarridx_t i, duk_idx_t to, duk_uarridx_t j) {
  duk_get_prop_index(duk, from, i);
  duk_put_prop_index(duk, to, j);
}

/* Copies an entry: its value and, if there are keys, its key. `up`: from the lists to the scratch lists. */
static void sort_copy(duk_context *duk, bool by_text, int from, duk_uarridx_t i, int to, duk_uarridx_t j) {
  copy(duk, AT_LIST + from, i, AT_LIST + to, j);
  if (by_text) copy(duk, AT_KEYS + from, i, AT_KEYS + to, j);
}

static void sort_insert(duk_context *duk, bool by_text, duk_uarridx_t low, duk_uarridx_t high) {
  duk_idx_t compared = by_text ? AT_KEYS : AT_LIST;
  for (duk_uarridx_t i = low + 1; i < high; i++) {
    duk_uarridx_t j = i;
    duk_get_prop_index(duk, AT_LIST, i);
    duk_get_prop_index(duk, AT_KEYS, i); /* [ ... value key ] */
    for (; j > low; j--) {
      duk_get_prop_index(duk, compared, j - 1);
      duk_dup(duk, by_text ? -2 : -3);
      if (!(sort_compare(duk, by_text) > 0)) break;
      sort_copy(duk, by_text, 0, j - 1, 0, j);
    }
    if (by_text) duk_put_prop_index(duk, AT_KEYS, j);
    else duk_pop(duk);
    duk_put_prop_index(duk, AT_LIST, j);
  }
}

/* Stable; the scratch lists are as long as they have to be. */
static void sort_merge(duk_context *duk, bool by_text, duk_uarridx_t low, duk_uarridx_t high) {
  duk_idx_t compared = by_text ? AT_KEYS : AT_LIST;
  duk_uarridx_t middle, i, j, k;
  if (high - low < 8) {
    sort_insert(duk, by_text, low, high);
    return;
  }
  middle = low + (high - low) / 2;
  sort_merge(duk, by_text, low, middle);
  sort_merge(duk, by_text, middle, high);
  duk_get_prop_index(duk, compared, middle - 1);
  duk_get_prop_index(duk, compared, middle);
  if (!(sort_compare(duk, by_text) > 0)) return;
  for (i = low; i < middle; i++) sort_copy(duk, by_text, 0, i, 2, i - low);
  for (i = low, j = middle, k = low; i < middle; k++) {
    bool right = false;
    if (j < high) {
      duk_get_prop_index(duk, compared + 2, i - low);
      duk_get_prop_index(duk, compared, j);
      right = sort_compare(duk, by_text) > 0;
    }
    if (right) sort_copy(duk, by_text, 0, j++, 0, k);
    else sort_copy(duk, by_text, 2, i++ - low, 0, k);
  }
}

duk_ret_t vms__sort(duk_context *duk) {
  duk_uarridx_t count = 0, undefineds = 0, i;
  bool by_text = duk_is_undefined(duk, AT_COMPARE) != 0; /* each element's text is made once, before anything is compared */
  for (i = 0; i < 4; i++) duk_push_bare_array(duk);
  bool proxy = vms__is_proxy(duk, AT_OBJECT);
  double len = vms__length_of(duk, AT_OBJECT), k;
  for (k = 0; k < len; k++) {
    if (!present(duk, AT_OBJECT, k, proxy)) continue;
    if (!duk_is_undefined(duk, -1)) duk_put_prop_index(duk, AT_LIST, count++);
    else {
      undefineds++;
      duk_pop(duk);
    }
  }
  for (i = 0; by_text && count > 1 && i < count; i++) {
    duk_get_prop_index(duk, AT_LIST, i);
    duk_to_string(duk, -1);
    duk_put_prop_index(duk, AT_KEYS, i);
  }
  sort_merge(duk, by_text, 0, count);
  for (k = 0; k < count; k++) {
    duk_get_prop_index(duk, AT_LIST, (duk_uarridx_t)k);
    put_at(duk, AT_OBJECT, k);
  }
  for (; undefineds > 0; undefineds--, k++) {
    duk_push_undefined(duk);
    put_at(duk, AT_OBJECT, k);
  }
  for (; k < len; k++) {
    duk_push_number(duk, k);
    if (duk_has_prop(duk, AT_OBJECT)) delete_at(duk, AT_OBJECT, k);
  }
  duk_dup(duk, AT_OBJECT);
  return 1;
}

duk_ret_t vms__array_sort(duk_context *duk) {
  duk_set_top(duk, 1);
  if (!duk_is_undefined(duk, AT_COMPARE)) vms__require_callable(duk, AT_COMPARE);
  vms__push_this_object(duk);
  return vms__sort(duk);
}

/* --- Array.from, Array.of ------------------------------------------------------------------------------- */

typedef struct from_state {
  double at;
  bool map, fresh;
} from_state;

/* [ items fn self made ... value ] */
static duk_ret_t from_step(duk_context *duk, void *udata) {
  from_state *state = udata;
  if (state->at >= VMS__LENGTH_MAX) return duk_type_error(duk, "array is too long");
  if (state->map) {
    duk_dup(duk, 1);
    duk_insert(duk, -2);
    duk_dup(duk, 2);
    duk_insert(duk, -2);
    duk_push_number(duk, state->at);
    duk_call_method(duk, 2);
  }
  create_at(duk, 3, state->at++, state->fresh);
  return 0;
}

/* Pushes new this(len) or, if `this` is no constructor, an array; true: the latter. `len` < 0: without an argument. */
static bool push_made(duk_context *duk, double len) {
  duk_push_this(duk);
  if (!duk_is_constructable(duk, -1) || duk_get_heapptr(duk, -1) == vms__of(duk)->refs[VMS__REF_ARRAY]) {
    duk_pop(duk);
    push_array(duk, fmax(len, 0));
    return true;
  }
  if (len >= 0) duk_push_number(duk, len);
  duk_new(duk, len >= 0);
  return false;
}

static duk_ret_t array_from(duk_context *duk) {
  from_state state = { 0, !duk_is_undefined(duk, 1), false };
  if (state.map) vms__require_callable(duk, 1);
  vms__get_method(duk, 0, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  bool iterable = !duk_is_undefined(duk, 3);
  duk_pop(duk);
  if (iterable) {
    state.fresh = push_made(duk, -1);
    vms__iterate(duk, 0, from_step, &state);
  } else {
    duk_to_object(duk, 0);
    double len = vms__length_of(duk, 0);
    state.fresh = push_made(duk, len);
    while (state.at < len) {
      vms__get_at(duk, 0, state.at);
      from_step(duk, &state);
    }
  }
  put_length(duk, 3, state.at);
  duk_dup(duk, 3);
  return 1;
}

static duk_ret_t array_of(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  bool fresh = push_made(duk, count);
  for (duk_idx_t i = 0; i < count; i++) {
    duk_dup(duk, i);
    create_at(duk, count, i, fresh);
  }
  put_length(duk, count, count);
  return 1;
}

/* [ result list from holes ] -> result: what lowered code spreads, passes on or gathers. Adds the elements of an array, or of arguments, to
 * an array of ours; one that is missing is undefined, or with `holes` missing again. A getter among them may change the list. */
static duk_ret_t append(duk_context *duk) {
  double at = (double)duk_get_length(duk, 0), k = duk_get_number(duk, 2);
  bool holes = duk_get_boolean(duk, 3) != 0;
  duk_set_top(duk, 2);
  for (; k < (double)duk_get_length(duk, 1); k++, at++) {
    vms__charge(&vms__of(duk)->meter, 1);
    if (at >= VMS__INDEX_MAX) return duk_range_error(duk, "invalid array length");
    if (duk_get_prop_index(duk, 1, (duk_uarridx_t)k) || !holes) vms__fresh_put(duk, 0, (duk_uarridx_t)at);
    else duk_pop(duk);
  }
  duk_set_length(duk, 0, (duk_size_t)at);
  duk_set_top(duk, 1);
  return 1;
}

void vms__array_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method of_constructor[] = { { "from", array_from, 3, 1, 0 }, { "of", array_of, DUK_VARARGS, 0, 0 } };
  static const vms__method of_prototype[] = {
    { "find", array_find, 2, 1, FIND },
    { "findIndex", array_find, 2, 1, FIND_INDEX },
    { "findLast", array_find, 2, 1, FIND_LAST },
    { "findLastIndex", array_find, 2, 1, FIND_LAST_INDEX },
    { "includes", array_includes, 2, 1, 0 },
    { "fill", array_fill, 3, 1, 0 },
    { "copyWithin", array_copy_within, 3, 2, 0 },
    { "flat", array_flat, 1, 0, 0 },
    { "flatMap", array_flat, 2, 1, 1 },
    { "at", array_at, 1, 1, 0 },
  };
  static const char *const unscopables[] = { "at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast",
                                             "findLastIndex", "flat", "flatMap", "includes", "keys", "toReversed", "toSorted", "toSpliced",
                                             "values" };
  vms__ref_push(sandbox, duk, VMS__REF_VMS);
  vms__define_function(duk, -1, "append", append, 4, 0);
  duk_pop(duk);
  duk_get_global_literal(duk, "Array");
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_ARRAY);
  vms__define_methods(duk, -1, of_constructor, sizeof of_constructor / sizeof of_constructor[0]);
  vms__define_species(duk, -1);
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, of_prototype, sizeof of_prototype / sizeof of_prototype[0]);
  duk_push_literal(duk, DUK_WELLKNOWN_SYMBOL("Symbol.unscopables"));
  duk_push_bare_object(duk);
  for (size_t i = 0; i < sizeof unscopables / sizeof unscopables[0]; i++) {
    duk_push_true(duk);
    duk_put_prop_string(duk, -2, unscopables[i]);
  }
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  duk_pop_2(duk);
}
